from __future__ import annotations

from dataclasses import replace

import pytest
from tests.bundled import bundled_assistant

from shutten.assistant import Assistant
from shutten.comparing import concluded, is_about, told_by_comparing, with_own_value, with_value
from shutten.conversation import Comparison, compares, comparison_in
from shutten.conversation.compounds import LONGEST
from shutten.grounding import answering_words, short_answers
from shutten.phrases import unanswered_notice
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
        ("東館と西館ではどちらが後にできましたか", "西館はいつできましたか", True),
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
        "月見橋は500メートルより長いですか",
        "How much longer is it, and why?",
        "月見橋と柳橋ではどちらが" + "長" * LONGEST + "いですか",
    ],
)
def test_other_questions_compare_nothing(question: str) -> None:
    assert comparison_in(question) is None


def reading(text: str, words: str, title: str = "橋") -> Reading:
    hit = Hit("a", title, None, 1, 0, len(text), text, 1.0)
    return Reading(Passage(hit), 1.0, 0.9, text.index(words), text.index(words) + len(words))


def unread(text: str) -> Reading:
    return replace(reading(text, text[:1]), start=None, end=None)


LONGER = Comparison(("月見橋", "柳橋"), ("", ""), greater=True, beside="長")
EARLIER = Comparison(("月見橋", "柳橋"), ("", ""), greater=False, beside="完成", dates=True)


@pytest.mark.parametrize(
    ("mine", "its", "winner"),
    [
        ("長さは58メートル。", "長さは74メートル。", "柳橋"),
        ("長さは１．２キロメートルで、幅は9メートル。", "全長74メートル。", "月見橋"),
        ("長さは五十八メートル。", "長さは12メートル。", "月見橋"),
        ("長さは58メートル。", "延長58メートル。", "同じ"),
        ("長さは約58メートル。", "長さ(推定)は74メートル。", "柳橋"),
        ("長さは58メートル。", "長さは74人。", None),
        ("長さは58尋ある。", "長さは74尋ある。", "柳橋"),
        ("長さは58尋ある。", "長さは74束ある。", None),
        ("長さは58メートル。", "幅は74メートル。", None),
        ("長さは58メートルを超える。", "長さは74メートル。", None),
        ("長さは58メートルの予定だ。", "長さは74メートル。", None),
        ("長さは平均58メートル。", "長さは最大74メートル。", None),
        ("長さは58メートル、改築後の長さは80メートル。", "長さは74メートル。", None),
        ("とても長い。", "長さは74メートル。", None),
    ],
)
def test_only_what_the_question_compares_is_compared(
    mine: str, its: str, winner: str | None
) -> None:
    found = concluded(LONGER, [unread(mine), unread(its)], "ja")
    assert (found.short if found else None) == winner


@pytest.mark.parametrize(
    ("mine", "its", "winner"),
    [
        ("1931年に完成した。", "昭和33年に完成した。", "月見橋"),
        ("1931年(昭和6年)4月に完成した。", "1931年2月に完成した。", None),
        ("1931年4月に完成した。", "1931年2月に完成した。", "柳橋"),
        ("1931年4月に完成した。", "1931年に完成した。", None),
        ("1931年に完成する予定だったが、1935年に完成した。", "1933年に完成した。", "柳橋"),
        ("1931年に着工した。", "1933年に完成した。", None),
    ],
)
def test_only_dates_of_what_is_asked_are_compared(mine: str, its: str, winner: str | None) -> None:
    found = concluded(EARLIER, [unread(mine), unread(its)], "ja")
    assert (found.short if found else None) == winner


def test_the_value_in_the_answering_words_counts_where_there_are_several() -> None:
    text = "長さは58メートル、改築後の長さは80メートル。"
    pair = [reading(text, "80メートル"), unread("長さは74メートル。")]
    found = concluded(LONGER, pair, "ja")
    assert found is not None
    assert found.told == "比べると：月見橋（月見橋 80メートル、柳橋 74メートル）"


def test_the_value_that_is_compared_becomes_the_words() -> None:
    found = with_value(LONGER, reading("長さは58メートル、幅は9メートル。", "9メートル"))
    assert answering_words(found) == "58メートル"
    other = reading("幅は9メートル。", "9メートル")
    assert with_value(LONGER, other) is other


def test_whether_it_is_so_is_told_by_yes_or_no() -> None:
    pair = [unread("It is 58 metres long."), unread("Its length is 74 metres.")]
    claim = Comparison(("A", "B"), ("", ""), greater=False, beside="long|length", claims=True)
    found = concluded(claim, pair, "en")
    assert found is not None
    assert found.told == "Compared: yes (A 58 metres, B 74 metres)"
    assert concluded(claim, pair[:1], "en") is None


def test_values_per_different_time_are_not_compared() -> None:
    pair = [unread("It makes 40 sacks a week."), unread("It makes 9 sacks a day.")]
    more = Comparison(("A", "B"), ("", ""), greater=True, beside="sack")
    assert concluded(more, pair, "en") is None


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


def test_no_words_answer_but_of_a_sentence_that_compares() -> None:
    plain = reading("礼文町では雨が123ミリ降った。", "礼文町")
    comparing = reading("礼文町の雨量のほうが多かった。", "礼文町")
    found = told_by_comparing([plain, comparing])
    assert [answering_words(each) for each in found] == [None, "礼文町"]


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
    return bundled_assistant(
        Article("bridges.md", "市の橋", TEXT),
        Article("tunnels.md", "Tunnels", TUNNEL, language="en"),
    )


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
    assert answer.notices == (unanswered_notice("青葉橋", "ja"),)
    refused = assistant.ask("青葉橋と緑橋ではどちらが重いですか")
    assert refused.short_answer is None


@pytest.mark.parametrize("was", ["was", "were", "WERE"])
def test_the_verb_of_what_is_compared_is_told_from_was_and_were(was: str) -> None:
    comparison = comparison_in(f"Which {was} built first, the piers or the walls?")
    assert comparison is not None
    assert (comparison.beside, comparison.dates) == (r"\bbuil", True)
    assert comparison.questions[0].casefold() == f"when {was.lower()} the piers built?"
