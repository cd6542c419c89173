"""What a small model makes of a sentence that it was given: each gap with its true neighbour."""

from __future__ import annotations

import pytest

from shutten.checking.analysis import analyse
from shutten.checking.checker import GroundingChecker
from shutten.checking.fragments import states_nothing
from shutten.checking.verdicts import ProblemCode
from shutten.embedding import load_embedder
from shutten.types import Hit, Passage

CHECKER = GroundingChecker(load_embedder())


def codes(claim: str, texts: str | tuple[str, ...], title: str = "題") -> list[ProblemCode]:
    told = [texts] if isinstance(texts, str) else texts
    around = ["", *told, ""]
    passages = [
        Passage(Hit("a", title, None, n + 2, 0, len(text), text, 0.5), around[n], around[n + 2])
        for n, text in enumerate(told)
    ]
    return [each.code for each in CHECKER.check(claim, passages).problems]


# ── what states nothing ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        "Marseille!",
        "The Harbour Office in Lund.",
        "港の事務所。",
        "ストックホルム!",
        "The crew sang sang sang sang.",
        "The ferry left, the ferry left, the ferry left, the ferry left",
        "船は出た、船は出た、船は出た、船は出た。",
        'The name stands for "S" "O" "S" "O" "O" "S" "O" "S".',
        'The mast bore the letters "',
        "船の名は「",
        "The 1911 Race to the Pole",
        'A "rue de Lyon" and a song about a "rue de Lyon".',
        'The answer is not "Yes".',
        "The correct answer is no.",
        "The answer to this question is 30 metres.",
        "The answer is: The Harbour Board.",
        "The year was 1932.",
        "The door of the hut was at the door of the hut.",
    ],
)
def test_bare_names_and_text_that_runs_in_circles_state_nothing(text: str) -> None:
    assert states_nothing(analyse(text))


@pytest.mark.parametrize(
    "text",
    [
        "Parrots live here.",
        "Female otters raise the cubs.",
        "Marseille grew.",
        "In 1974.",
        "全長 53.85キロ",
        "東京で開業。",
        "港の事務所は閉まった。",
        "The letters stand for Save, Our and Souls.",
        "It cost 1,000,000,000,000 dollars.",
        "The 1911 Race to the Pole ended in January.",
        "The answer is that the tower grew.",
        "The year 1932 was warm.",
        "The door of the hut was at the back of the hut.",
        "はらはらして見ていた。",
    ],
)
def test_short_statements_do_state_something(text: str) -> None:
    assert not states_nothing(analyse(text))


def test_a_bare_name_is_refused_though_a_sentence_has_it() -> None:
    call = 'The pilot called "Marseille! Marseille!" before the line broke.'
    assert codes("Marseille!", call) == ["fragment"]
    assert codes('The pilot called "Marseille!" before the line broke.', call) == []


# ── numbers ──────────────────────────────────────────────────────────────────────────────────

SHELVES = "The archive of 1893 holds more than forty maps and about 300 letters."
BOATS = "1893年の港には40隻以上の船と約300人の船員がいた。"


@pytest.mark.parametrize(
    ("claim", "source", "code"),
    [
        ("The archive holds 3 maps.", SHELVES, "number"),
        ("The archive holds 40 maps.", SHELVES, "comparative"),
        ("The archive holds 300 letters.", SHELVES, "comparative"),
        ("The hall seats 200 people.", "The hall seats up to 200 people.", "comparative"),
        ("港には3隻の船がいた。", BOATS, "number"),
        ("港には40隻の船がいた。", BOATS, "comparative"),
        ("港には300人の船員がいた。", BOATS, "comparative"),
        ("塔は高さ90メートルである。", "塔は高さが90メートルを超える。", "comparative"),
    ],
)
def test_a_bound_is_not_the_number_itself(claim: str, source: str, code: ProblemCode) -> None:
    assert code in codes(claim, source)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("The archive holds more than forty maps.", SHELVES),
        ("The archive holds over 40 maps.", SHELVES),
        ("The archive holds around 300 letters.", SHELVES),
        ("港には40隻以上の船がいた。", BOATS),
        ("港にはおよそ300人の船員がいた。", BOATS),
        ("水位は3メートルに下がった。", "水位は3メートルまで下がった。"),
        (
            "水位が3メートルを下回った場合、水門を開ける。",
            "水位が3メートルを下回れば、水門を開ける。",
        ),
        ("3角形の塔がある。", "丘に3角形の塔がある。"),
    ],
)
def test_a_bound_in_other_words_passes(claim: str, source: str) -> None:
    assert codes(claim, source) == []


# ── how often ────────────────────────────────────────────────────────────────────────────────

LIBRARY = "The library, a gift of the mill owner, opened in 1903."
BATH = "町の温泉は1903年に開かれた。"


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("It is open every day of the year.", LIBRARY),
        ("The library opened each night.", LIBRARY),
        ("The library opened daily.", LIBRARY),
        ("The choir sings every week.", "The choir sings once a year."),
        ("温泉は毎日開かれた。", BATH),
        ("温泉は毎晩開かれた。", BATH),
        ("市は毎週開かれる。", "市は毎月開かれる。"),
    ],
)
def test_a_frequency_must_be_told(claim: str, source: str) -> None:
    assert "quantifier" in codes(claim, source)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("The choir sings every year.", "The choir sings once a year."),
        ("The tower opens every day.", "The tower opens daily."),
        ("朝市は毎年5月に開かれる。", "朝市は年に1度、5月に開かれる。"),
        ("朝市は毎日、広場で開かれる。", "朝市は毎日、駅前の広場で開かれる。"),
    ],
)
def test_a_frequency_in_other_words_passes(claim: str, source: str) -> None:
    assert codes(claim, source) == []


# ── words that say little ────────────────────────────────────────────────────────────────────

VALLEY = "The police closed the valley, but two families refused to leave."
TANI = "警察は谷を閉鎖したが、二家族は立ち退きを拒んだ。"


@pytest.mark.parametrize(
    ("claim", "source", "title"),
    [
        ("There were still people in the valley.", VALLEY, "題"),
        (
            "The police closed the valley, but there were people inside the hill.",
            VALLEY,
            "The hill of Arn",
        ),
        ("谷にはまだ人がいた。", TANI, "題"),
        ("警察は谷を閉鎖したが、山の中には人がいた。", TANI, "荒山の噴火"),
    ],
)
def test_no_statement_is_made_of_light_words_and_the_title(
    claim: str, source: str, title: str
) -> None:
    assert {"meaning", "addition"} & set(codes(claim, source, title))


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("The police closed the valley, but two families did not leave.", VALLEY),
        ("警察は谷を閉鎖したが、二家族は立ち退きを拒んだ。", TANI),
        ("負傷した人はいない。", "火は消し止められ、負傷者はいなかった。"),
        ("People in the valley keep goats.", "In the valley people keep goats and bees."),
    ],
)
def test_light_words_beside_what_is_told_pass(claim: str, source: str) -> None:
    assert codes(claim, source) == []


# ── one word of the sentence, two of the claim ───────────────────────────────────────────────

SCREENS = "He was apprenticed to a painter of folding screens."
MASON = "佐野は彫刻家に弟子入りした。"


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("He was apprenticed to a painter of paintings.", SCREENS),
        ("The builders admired buildings.", "The builders admired the coast."),
        ("A lake is fed by the river.", "A river is fed by melting snow."),
        ("佐野は彫刻家に弟子入りし、彫刻を売った。", MASON),
    ],
)
def test_a_word_of_the_sentence_stands_for_one_word_of_the_claim(claim: str, source: str) -> None:
    assert "addition" in codes(claim, source)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("He was apprenticed to a painter.", SCREENS),
        ("The painter sold paintings.", "The painter sold small paintings."),
        ("She carved a boat and kept carving.", "She carved a boat and kept carving masks."),
        ("佐野は彫刻家に弟子入りした。", MASON),
        ("彫刻家は彫刻を売った。", "彫刻家は町で彫刻を売った。"),
    ],
)
def test_repetitions_and_inflections_pass(claim: str, source: str) -> None:
    assert codes(claim, source) == []


# ── what is said to be one and the same ──────────────────────────────────────────────────────

HALL = (
    "The hall, a theatre named after the retired surgeon, opened in 1988.",
    "Lake Brannock is a lake in the north of the county.",
)
MOORE = "Edith Moore opened the hall with the painter Paul Amery in 1988."
FIRE = "The fire destroyed two barns and caused damage of 3 million dollars."
KAIKAN = (
    "会館の名は引退した外科医にちなみ、1988年に開館した。",
    "白山湖は県北部の湖である。",
)
MORI = "森明子は1988年、画家の原田進と会館を開いた。"
KAJI = "火災は納屋を2棟焼き、3000万円の損害を出した。"


@pytest.mark.parametrize(
    ("claim", "source", "title"),
    [
        ("The hall is named after the retired surgeon, Lake Brannock.", HALL, "Lake Brannock"),
        ("Edith Moore, a painter, opened the hall.", MOORE, "題"),
        ("The painter Edith Moore opened the hall.", MOORE, "題"),
        ("Edith Moore is a painter.", MOORE, "題"),
        ("The fire was 3 million dollars.", FIRE, "題"),
        ("会館の名は外科医、白山湖にちなむ。", KAIKAN, "白山湖"),
        ("会館の名は外科医の白山湖にちなむ。", KAIKAN, "白山湖"),
        ("画家の森明子が会館を開いた。", MORI, "題"),
        ("森明子は画家である。", MORI, "題"),
        ("火災は3000万円だった。", KAJI, "題"),
    ],
)
def test_what_is_taken_for_one_stands_together(
    claim: str, source: str | tuple[str, ...], title: str
) -> None:
    assert "subject" in codes(claim, source, title)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        (
            "The hall is named after the surgeon, Ann Lee.",
            "The hall is named after the surgeon Ann Lee.",
        ),
        ("Edith Moore, the surgeon, opened the hall.", "The surgeon Edith Moore opened the hall."),
        ("Edith Moore was a surgeon.", "Edith Moore, a retired surgeon, opened the hall."),
        ("Edith Moore opened the hall with the painter Paul Amery.", MOORE),
        ("The damage was 3 million dollars.", FIRE),
        ("The bridge is 812 metres.", "The bridge has a length of 812 metres."),
        ("画家の原田進が会館を開いた。", MORI),
        ("森明子は外科医である。", "外科医の森明子は会館を開いた。"),
        ("損害は3000万円だった。", KAJI),
        ("橋は812メートルである。", "橋の長さは812メートルである。"),
    ],
)
def test_what_the_sentence_puts_together_passes(claim: str, source: str) -> None:
    assert codes(claim, source) == []


# ── who is meant ─────────────────────────────────────────────────────────────────────────────


def told(claim: str, sentence: str, before: str = "", title: str = "題") -> list[ProblemCode]:
    passage = Passage(Hit("a", title, None, 2, 0, len(sentence), sentence, 0.5), before, "")
    return [each.code for each in CHECKER.check(claim, [passage]).problems]


@pytest.mark.parametrize(
    ("claim", "sentence", "codes"),
    [
        ("He moved to Oslo in 1950.", "She moved to Oslo in 1950.", ["subject"]),
        ("She moved to Oslo in 1950.", "She moved to Oslo in 1950 with a friend.", []),
        ("His boat sank off Oslo.", "Her boat sank off Oslo.", ["subject"]),
        ("He met her in Oslo.", "He met her in Oslo in 1950.", []),
        ("彼は1950年に京都へ移った。", "彼女は1950年に京都へ移った。", ["subject"]),
        ("彼らは1950年に京都へ移った。", "彼らは1950年に京都へ移り住んだ。", []),
    ],
)
def test_he_is_not_she(claim: str, sentence: str, codes: list[ProblemCode]) -> None:
    assert told(claim, sentence) == codes


def test_a_thing_from_the_sentence_before_does_not_act_in_the_place_of_a_person() -> None:
    sentence, before = "He then walked on to the hut alone.", "The storm broke his tent."
    assert told("The tent walked on to the hut alone.", sentence, before) == ["subject"]
    assert told("He walked on to the hut alone.", sentence, before) == []
    driver = "The driver had lost his tent."
    assert told("The driver walked on to the hut alone.", sentence, driver) == []


def test_nobody_does_to_himself_by_name_what_the_sentence_does_not_say() -> None:
    sentence = "In 1820 the collector Thomas Reed sold his shells for £40."
    assert told("Thomas Reed sold his shells to the collector Thomas Reed.", sentence) == [
        "subject"
    ]
    assert told("Thomas Reed, a collector, sold his shells in 1820.", sentence) == []


@pytest.mark.parametrize(
    ("claim", "sentence", "codes"),
    [
        ("The bear weighed about 60 kilograms.", "The bear weighed 57 kilograms.", []),
        ("The bear weighed about 57.5 kilograms.", "The bear weighed 57 kilograms.", ["number"]),
        ("The bear weighed 57 kilograms.", "The bear weighed about 60 kilograms.", ["number"]),
        ("熊の体重は約60キロだった。", "熊の体重は57キロだった。", []),
        ("熊の体重は約58キロだった。", "熊の体重は57キロだった。", ["number"]),
    ],
)
def test_a_number_is_rounded_and_no_rounded_one_made_exact(
    claim: str, sentence: str, codes: list[ProblemCode]
) -> None:
    assert told(claim, sentence) == codes


def test_a_sentence_with_a_date_of_its_own_takes_none_from_the_one_before_it() -> None:
    before = "The harbour mostly freezes in January."
    dated, undated = "In late 1921 the harbour froze.", "The harbour froze early that time."
    for sentence, told in ((dated, False), (undated, True)):
        passage = Passage(Hit("a", "題", None, 2, 0, len(sentence), sentence, 0.5), before)
        claim = "In January the harbour froze."
        verdict = CHECKER.check(claim, [passage])
        assert ("date" not in [each.code for each in verdict.problems]) is told


@pytest.mark.parametrize(
    ("claim", "sentence", "found"),
    [
        ("The flood began when the dam burst.", "Floods began when dams burst.", ["quantifier"]),
        ("The woman sailed to Oslo.", "Two women sailed to Oslo.", ["quantifier"]),
        ("The floods began when the dams burst.", "Floods began when dams burst.", []),
        ("The woman sailed to Oslo.", "A woman sailed to Oslo.", []),
        ("The gull is a bird of the coast.", "Gulls are birds of the coast.", []),
    ],
)
def test_one_thing_does_not_do_what_several_did(
    claim: str, sentence: str, found: list[ProblemCode]
) -> None:
    assert [each for each in codes(claim, sentence) if each == "quantifier"] == found


@pytest.mark.parametrize(
    ("claim", "sentence", "passes"),
    [
        ("The island of Olen is Skarn.", "Mount Skarn rises on the island of Olen.", False),
        ("The warden was Ole Brandt.", "Ole Brandt was the warden of the light.", True),
        ("The warden was Ole Brandt.", "The old warden Ole Brandt lit it each night.", True),
        ("The warden was Ole Brandt.", "Ole Brandt wrote to the warden of the light.", False),
        ("The painter was Austrian.", "The Austrian painter drew the light.", True),
    ],
)
def test_a_name_is_said_to_be_what_the_sentence_says_it_is(
    claim: str,
    sentence: str,
    passes: bool,  # noqa: FBT001
) -> None:
    assert (codes(claim, sentence) == []) is passes


def test_the_first_to_do_something_is_no_first_of_something_else() -> None:
    deed = "Anna Loft used glass plates to sort the shells by their colour."
    other = "She was the second keeper; the first had been Ole Brandt."
    assert "quantifier" in codes("She was the first to sort shells by colour.", (deed, other))
    told = "Anna Loft was the first to sort shells by colour."
    assert codes("She was the first to sort shells by colour.", told) == []


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        (
            "北野は灯台の研究者として知られるようになった。",
            "北野は次第に灯台の研究者として知られるようになり、のちに本も書いた。",
        ),
        (
            "本館は三階建てであったとみられる。",
            "港務局の記録によれば、本館は石造りで、三階建てであったとみられる。",
        ),
        ("白石は本堂の東隅に据えられている。", "白石は、丘の本堂の東隅に据えられた町の宝である。"),
        (
            "白波橋は青葉町と沖島の間に架かる。",
            "白波橋は青葉町と沖島の間に架かる全長90メートルの橋である。",
        ),
    ],
)
def test_what_the_sentence_says_in_passing_passes(claim: str, sentence: str) -> None:
    assert codes(claim, sentence) == []


def test_a_clause_with_a_subject_of_its_own_is_not_said_of_the_topic() -> None:
    assert codes("白波橋は測った。", "白波橋は、北野が測った橋である。") != []
