from __future__ import annotations

import pytest

from shutten.assistant import Assistant, load_models
from shutten.comparing import concluded, is_about, told_by_comparing, with_own_value
from shutten.conversation import Comparison, compares, comparison_in
from shutten.conversation.comparisons import LONGEST
from shutten.grounding import answering_words, short_answers, unanswered_notice
from shutten.index import Index
from shutten.retrieval import HybridRetriever
from shutten.settings import Settings
from shutten.types import Article, Hit, Passage, Reading


@pytest.mark.parametrize(
    ("question", "asked", "greater"),
    [
        ("月見橋と柳橋ではどちらが長いですか", "柳橋の長さは？", True),
        ("月見橋と柳橋はどっちの方が幅が狭い？", "柳橋の幅は？", False),
        ("鳴瀬市と白川市ではどちらの人口が多いですか", "白川市の人口は？", True),
        ("鳴瀬市と白川市を比べるとどちらが人口が少ないの", "白川市の人口は？", False),
        ("月見橋と柳橋のどちらが先に架けられましたか", "柳橋はいつ架けられましたか", False),
        ("月見橋と柳橋ではどちらが後に完成した？", "柳橋はいつ完成したのですか", True),
        ("先に開通したのは月見橋と柳橋のどちらですか", "柳橋はいつ開通したのですか", False),
        ("高いのは東塔か西塔かどちらですか", "西塔の高さは？", True),
        ("先進導坑と本坑、先に貫通したのはどっち？", "本坑はいつ貫通したのですか", False),
        ("A型とB型って、重かったのはどっちだっけ", "B型の重さは？", True),
        ("星野さんと岸田さんでは、どっちが年上なんですか", "岸田さんはいつ生まれましたか", False),
        ("東館のほうが西館より広いんでしょうか", "西館の広さは？", True),
        ("Which dial covered more months, A or B?", "How many months covered B?", True),
        ("What came out earlier, the book or the film?", "When the film came out?", False),
        ("Who was older, Ada or Karl?", "When was Karl born?", False),
        ("月見橋と柳橋はどちらが古いですか", "柳橋はいつできましたか", False),
        ("月見橋は柳橋より長いですか", "柳橋の長さは？", True),
        (
            "Which is longer, the Karl tunnel or the Ada tunnel?",
            "How long is the Ada tunnel?",
            True,
        ),
        ("Which tunnel was opened first: Karl or Ada?", "When was Ada opened?", False),
        ("Who was born later, Karl or Ada?", "When was Ada born?", True),
        ("Is the Karl tunnel deeper than the lake?", "How deep is the lake?", True),
    ],
)
def test_each_of_two_things_is_asked_for_its_value(
    question: str, asked: str, *, greater: bool
) -> None:
    comparison = comparison_in(question)
    assert comparison is not None
    assert comparison.questions[1] == asked
    assert comparison.greater is greater
    assert comparison.claims == ("より" in question or "than" in question)
    assert all(side in question for side in comparison.sides)


@pytest.mark.parametrize(
    "question",
    [
        "月見橋の長さは何メートルですか",
        "白露の搬入はなぜ予定より遅くなったのですか",
        "この島は何より広いですか",
        "月見橋と柳橋のどちらを村が架けましたか",
        "月見橋と月見橋ではどちらが長いですか",
        "Which bridge is the longest of all?",
        "How much longer is it, and why?",
        "月見橋と柳橋ではどちらが" + "長" * LONGEST + "いですか",
    ],
)
def test_other_questions_compare_nothing(question: str) -> None:
    assert comparison_in(question) is None


def reading(text: str, words: str, title: str = "橋") -> Reading:
    hit = Hit("a", title, None, 1, 0, len(text), text, 1.0)
    return Reading(Passage(hit), 1.0, 0.9, text.index(words), text.index(words) + len(words))


LONGER = Comparison(("月見橋", "柳橋"), ("", ""), greater=True)


@pytest.mark.parametrize(
    ("mine", "its", "winner"),
    [
        ("58メートル", "74メートル", "柳橋"),
        ("１．２キロメートル", "74メートル", "月見橋"),
        ("五十八メートル", "12メートル", "月見橋"),
        ("58メートル", "58メートル", "同じ"),
        ("58メートル", "74人", None),
        ("1931年", "昭和33年", "柳橋"),
        ("1931年4月", "1931年2月", "月見橋"),
        ("1931年4月", "1931年", None),
        ("58メートルから60メートル", "74メートル", None),
        ("長い", "74メートル", None),
    ],
)
def test_only_like_values_are_compared(mine: str, its: str, winner: str | None) -> None:
    found = concluded(LONGER, [reading(f"{mine}ある。", mine), reading(f"{its}ある。", its)], "ja")
    assert (found.short if found else None) == winner
    if found:
        assert found.told == f"比べると：{winner}（月見橋 {mine}、柳橋 {its}）"


def test_whether_it_is_so_is_told_by_yes_or_no() -> None:
    pair = [
        reading("It is 58 metres long.", "58 metres"),
        reading("It has 74 metres.", "74 metres"),
    ]
    claim = Comparison(("A", "B"), ("", ""), greater=False, claims=True)
    found = concluded(claim, pair, "en")
    assert found is not None
    assert found.told == "Compared: yes (A 58 metres, B 74 metres)"
    assert concluded(claim, pair[:1], "en") is None


def test_a_sentence_is_about_what_it_names_or_stands_under() -> None:
    assert is_about("the Karl Tunnel", reading("The ＫＡＲＬ tunnel is old.", "old"))
    assert is_about("月見橋", reading("1931年に架けられた。", "1931年", title="月見橋"))
    assert not is_about("柳橋", reading("1931年に架けられた。", "1931年", title="月見橋"))


@pytest.mark.parametrize(
    ("side", "other", "value"),
    [
        ("先進導坑", "本坑", "1983年1月27日"),
        ("本坑", "先進導坑", "1985年3月10日"),
        ("本坑", "新坑", "貫通"),
    ],
)
def test_in_a_sentence_with_both_the_value_behind_a_side_is_its_own(
    side: str, other: str, value: str
) -> None:
    found = reading("先進導坑は1983年1月27日に、本坑は1985年3月10日に貫通した。", "貫通")
    assert answering_words(with_own_value(side, other, found)) == value


def test_where_a_side_has_two_values_none_is_chosen() -> None:
    found = reading("東塔は1907年に12メートルで、西塔は9メートルで建った。", "9メートル")
    assert with_own_value("東塔", "西塔", found) is found


@pytest.mark.parametrize(
    ("question", "compared"),
    [
        ("雨量が多かったのは礼文町と稚内市のどちらですか", True),
        ("R1とR2では、より多くのお金がかかったのはどちらですか", True),
        ("Which of the two had more teeth, the large or the small gear?", True),
        ("架けたのは村と国のどちらですか", False),
        ("柳橋の長さは？", False),
    ],
)
def test_a_question_that_compares_is_known(question: str, *, compared: bool) -> None:
    assert compares(question) is compared


def test_nothing_named_in_the_question_wins_by_a_sentence_that_does_not_compare() -> None:
    question = "雨量が多かったのは礼文町と稚内市のどちらですか"
    plain = reading("礼文町では雨が123ミリ降った。", "礼文町")
    comparing = reading("礼文町の雨量のほうが多かった。", "礼文町")
    found = told_by_comparing(question, [plain, comparing])
    assert [answering_words(each) for each in found] == [None, "礼文町"]
    other = reading("礼文町では雨が123ミリ降った。", "123ミリ")
    assert told_by_comparing(question, [other]) == [other]


TEXT = (
    "# 市の橋\n\n## 月見橋\n\n"
    "月見橋は1931年に架けられた石橋で、全長58メートル、幅9メートルである。\n\n"
    "## 柳橋\n\n柳橋は1958年に架けられた鋼橋で、長さ74メートル、幅11メートルである。"
    "塗り直しの費用は300万円だった。"
)
TUNNEL = (
    "# Tunnels\n\nThe Karl tunnel was opened in 1907 and is 1,240 metres long. "
    "The Ada tunnel was opened in 1911 and is 890 metres long."
)


@pytest.fixture(scope="module")
def assistant() -> Assistant:
    models = load_models(Settings())
    articles = [
        Article("bridges.md", "市の橋", TEXT),
        Article("tunnels.md", "Tunnels", TUNNEL, language="en"),
    ]
    index = Index.in_memory(articles, models.embedder)
    return Assistant(index, HybridRetriever(index, models.embedder), models.reader, models.embedder)


def test_both_are_quoted_and_what_follows_is_said(assistant: Assistant) -> None:
    answer = assistant.ask("月見橋と柳橋ではどちらが長いですか")
    assert answer.short_answer == "柳橋"
    assert short_answers(answer) == [("58メートル", 1), ("74メートル", 2)]
    assert answer.notices[0] == "比べると：柳橋（月見橋 58メートル、柳橋 74メートル）"
    assert [each.quote[:3] for each in answer.citations] == ["月見橋", "柳橋は"]
    assert [each.full_title for each in answer.citations] == ["市の橋 › 月見橋", "市の橋 › 柳橋"]
    assert all(claim.supported and claim.citations for claim in answer.claims)


def test_dates_are_compared_too(assistant: Assistant) -> None:
    answer = assistant.ask("月見橋と柳橋のどちらが先に架けられましたか")
    assert answer.short_answer == "月見橋"
    assert assistant.ask("月見橋は柳橋より先に架けられましたか").short_answer == "はい"


def test_english_ones_are_compared_too(assistant: Assistant) -> None:
    answer = assistant.ask("Which is longer, the Karl tunnel or the Ada tunnel?")
    assert answer.short_answer == "the Karl tunnel"
    assert answer.notices[0].startswith("Compared: the Karl tunnel (the Karl tunnel 1,240 metres")


def test_where_one_is_not_told_the_other_one_does_not_win(assistant: Assistant) -> None:
    answer = assistant.ask("月見橋と青葉橋ではどちらが長いですか")
    assert short_answers(answer) == [("58メートル", 1)]
    assert answer.notices == (unanswered_notice("青葉橋の長さは？", "ja"),)
    refused = assistant.ask("青葉橋と緑橋ではどちらが重いですか")
    assert refused.short_answer is None
