from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from tests.bundled import bundled_assistant

from shutten.assistant import Assistant
from shutten.choosing import read_choice
from shutten.conversation import Choice, choice_in
from shutten.conversation.compounds import LONGEST
from shutten.grounding import answering_words
from shutten.types import Article, Hit, Passage, Reading


@pytest.mark.parametrize(
    ("question", "options", "form"),
    [
        (
            "月見橋を架けたのは村ですか、それとも国ですか？",
            ("村", "国"),
            "月見橋を架けたのは？",
        ),
        ("月見橋は木造でしたか、石造でしたか", ("木造", "石造"), "月見橋は？"),
        ("月見橋は木造か石造か", ("木造", "石造"), "月見橋は？"),
        ("稗田阿礼は男性ですか女性ですか", ("男性", "女性"), "稗田阿礼は？"),
        ("巣を作るのは雄と雌のどちら？", ("雄", "雌"), "巣を作るのは？"),
        ("主役は星野と岸田のうち、どちらでしたか。", ("星野", "岸田"), "主役は？"),
        ("議決に賛成したのは主に男、女どっち？", ("男", "女"), "議決に賛成したのは？"),
        (
            "鳥は木の上と地面のどちらで餌をとる？",
            ("木の上", "地面"),
            "鳥はどちらで餌をとる",
        ),
        ("東組と西組のどちらが塔を建てましたか", ("東組", "西組"), "どちらが塔を建てましたか"),
        ("Who designed it, Ada Palmer or Voss?", ("Ada Palmer", "Voss"), "Who designed it?"),
        ("Who built the tower, Palmer or Voss?", ("Palmer", "Voss"), "Who built the tower?"),
        ("Was it the mayor or a priest who came?", ("mayor", "priest"), "Who came?"),
        ("彼の妻は京都と大阪のどちらの出身ですか", ("京都", "大阪"), "彼の妻の出身は？"),
        ("開通したのって6月だっけ、7月だっけ。", ("6月", "7月"), "開通したのはいつですか"),
        ("亡くなったのは三人ですか、五人ですか", ("三人", "五人"), "亡くなったのは何人ですか"),
        ("Was it found in 1900 or in 1901?", ("1900", "1901"), "When was it found?"),
        ("Is it kept in London or Athens today?", ("London", "Athens"), "Where is it kept today?"),
        ("Did he study physics or law?", ("physics", "law"), "What did he study?"),
        ("Was it drawn by Ada or by Karl Voss?", ("Ada", "Karl Voss"), "What was it drawn by?"),
        ("Was it in 1907 or in 1911 that it opened?", ("1907", "1911"), "When it opened?"),
    ],
)  # fmt: skip
def test_what_there_is_to_choose_from_is_told_by_the_form(
    question: str, options: tuple[str, str], form: str
) -> None:
    choice = choice_in(question)
    assert choice is not None
    assert choice.options == options
    assert choice.open_questions[0] == form


@pytest.mark.parametrize(
    "question",
    [
        "月見橋を架けたのは誰ですか",
        "月見橋と青葉橋ではどちらが長いですか",
        "月見橋と青葉橋のどちらが先に架けられましたか",
        "新しく選ばれたのは何か所ですか",
        "彼は亡くなりましたか、それとも生きていますか",
        "捕虜になった後、日本に帰れたのですか",
        "早実と鹿児島工の試合はどっちが勝った？",
        "「A」はAですか、それともAですか",
        "Which bridge is longer, the old or the new one?",
        "How are they laid out, evenly or not?",
        "Was it lost, or what happened to it?",
        "Is it longer or shorter than the old one?",
        "Who designed the bridge?",
        "月見橋は村ですか、" + "国" * LONGEST + "ですか",
    ],
)
def test_other_questions_give_nothing_to_choose_from(question: str) -> None:
    assert choice_in(question) is None


def reading(text: str, words: str | None, *, confidence: float = 0.9) -> Reading:
    hit = Hit("a", "t", None, 1, 0, len(text), text, 1.0)
    start = None if words is None else text.index(words)
    end = None if start is None or words is None else start + len(words)
    return Reading(Passage(hit), confidence, confidence, start, end)


CHOICE = Choice(("村", "国"), ("誰？", "何？"))
SENTENCE = "橋を架けたのは国で、村は道をつけた。"


def shown(readings: Sequence[Reading]) -> list[str | None]:
    return [answering_words(each) for each in readings]


def test_the_first_open_form_that_finds_one_of_them_decides() -> None:
    asked = [reading(SENTENCE, "村")]
    forms = {"誰？": [reading(SENTENCE, "道")], "何？": [reading(SENTENCE, "国で、")]}
    assert shown(read_choice(CHOICE, asked, forms.__getitem__, 0.5)) == ["国"]


def test_words_that_are_neither_are_not_shown() -> None:
    asked = [reading(SENTENCE, "橋")]
    assert shown(read_choice(CHOICE, asked, lambda _: [reading(SENTENCE, "道")], 0.5)) == [None]
    assert shown(read_choice(CHOICE, asked, lambda _: asked, 0.95)) == [None]


def test_where_no_form_has_words_the_sentence_with_one_of_them_has_it() -> None:
    unread = [reading(SENTENCE, None)]
    only = [reading("橋は国が架けた。", "橋")]
    assert shown(read_choice(CHOICE, only, lambda _: unread, 0.5)) == ["国"]
    assert shown(read_choice(CHOICE, only, lambda _: [reading(SENTENCE, "道")], 0.5)) == [None]
    years = Choice(("1907年", "1911年"), ("いつ？",))
    dated = [reading("橋は1911年に村が架けた。", "橋")]
    assert shown(read_choice(years, dated, lambda _: [reading(SENTENCE, "道")], 0.5)) == ["1911年"]
    assert shown(read_choice(CHOICE, [reading(SENTENCE, "橋")], lambda _: unread, 0.5)) == [None]


def test_what_a_sentence_denies_is_not_the_answer() -> None:
    people = Choice(("Grey", "Short"), ("Who owns it?",))
    found = [reading("It is owned not by Grey but by Short.", "Grey")]
    assert shown(read_choice(people, found, lambda _: found, 0.5)) == [None]
    denied = [reading("橋を架けたのは村ではなく国である。", "村")]
    assert shown(read_choice(CHOICE, denied, lambda _: denied, 0.5)) == [None]


def test_of_what_is_not_so_no_words_are_shown() -> None:
    choice = Choice(("村", "国"), ("架けなかったのは？",))
    found = [reading("橋は国が架けた。", "国")]
    assert shown(read_choice(choice, found, lambda _: found, 0.5)) == [None]


def test_part_of_a_name_is_that_name() -> None:
    choice = Choice(("橋本氏", "高村氏"), ("誰？",))
    found = [reading("首相は橋本である。", "橋本")]
    assert shown(read_choice(choice, found, lambda _: found, 0.5)) == ["橋本"]


def test_other_readings_keep_their_places_without_words() -> None:
    best, other = reading(SENTENCE, "国"), reading(SENTENCE, "村", confidence=0.6)
    other = replace(other, passage=replace(other.passage, before="前"))
    found = read_choice(CHOICE, [best, other], lambda _: [best, other], 0.5)
    assert [each.passage for each in found] == [best.passage, other.passage]
    assert shown(found) == ["国", None]


BRIDGE = Article(
    "bridge.md",
    "柳橋",
    "# 柳橋\n\n柳橋は1958年に完成した鋼橋である。"
    "設計は東京の丸井設計事務所が担当し、施工は鳴瀬建設が行った。"
    "橋の袂には1971年に記念碑が建てられた。",
)


@pytest.fixture(scope="module")
def assistant() -> Assistant:
    return bundled_assistant(BRIDGE)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("柳橋を施工したのは丸井設計事務所ですか、それとも鳴瀬建設ですか", "鳴瀬建設"),
        ("記念碑が建てられたのは1958年と1971年のどちらですか", "1971年"),
        ("柳橋が完成したのは1971年ですか、1958年ですか", "1958年"),
    ],
)
def test_the_one_that_answers_is_shown_and_cited(
    assistant: Assistant, question: str, words: str
) -> None:
    answer = assistant.ask(question)
    assert answer.short_answer == words
    assert answer.standalone_question == question
    assert words in answer.citations[0].quote


@pytest.mark.parametrize(
    ("options", "words", "named", "place"),
    [
        (("円形", "楕円形"), "長径4.1 mの楕円形", "楕円形", 8),
        (("円形", "楕円形"), "径5.2 mの円形", "円形", 7),
        (("円形", "楕円形"), "円形と楕円形", None, -1),
        (("雨", "大雨"), "翌日は大雨", "大雨", 3),
        (("木造", "非木造"), "非木造の倉庫", "非木造", 0),
        (("会員", "非会員"), "会員に限る", "会員", 0),
        (("校長", "副校長"), "副校長の岡田", "副校長", 0),
        (("黒", "黒褐色"), "背は黒褐色", "黒褐色", 2),
        (("male", "female"), "a female of three years", "female", 2),
        (("male", "female"), "the male", "male", 4),
        (("man", "woman"), "a woman from Leeds", "woman", 2),
        (("steel", "stainless steel"), "made of stainless steel", "stainless steel", 8),
    ],
)
def test_one_option_is_not_named_inside_of_the_other(
    options: tuple[str, str], words: str, named: str | None, place: int
) -> None:
    choice = Choice(options, ())
    assert choice.named_in(words) == named
    assert choice.only_in(words) == named
    if named is not None:
        assert choice.place_of(named, words) == place
