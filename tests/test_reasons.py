"""The reason behind the sentence that says what a question asks the reason of."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.bundled import bundled_assistant

from shutten.reasons import with_reason_behind
from shutten.types import Article, Hit, Passage, Reading

STATEMENT = "前回の宿題のうち、係留索の見積もりだけが終わっていない。"
REASON = "業者からの返事が遅れているためである。"
WHY = "係留索の見積もりが終わっていないのはなぜですか"


def reading(text: str, number: int, relevance: float, confidence: float) -> Reading:
    hit = Hit("a", "議事録", None, number, 0, len(text), text, 1.0)
    return Reading(Passage(hit), relevance, confidence)


def first(question: str, readings: list[Reading], unread: tuple[Reading, ...] = ()) -> Reading:
    passages = [each.passage for each in (*readings, *unread)]
    return max(with_reason_behind(question, readings, passages), key=lambda each: each.relevance)


def test_the_reason_comes_first_and_is_sure_enough() -> None:
    found = first(WHY, [reading(STATEMENT, 4, 2.0, 0.19), reading(REASON, 5, -1.0, 0.2)])
    assert (found.passage.hit.text, found.confidence) == (REASON, 0.45)


def test_it_is_found_among_what_was_not_read() -> None:
    found = first(WHY, [reading(STATEMENT, 4, 2.0, 0.6)], (reading(REASON, 5, 0.0, 0.0),))
    assert found.passage.hit.text == REASON


@pytest.mark.parametrize(
    ("question", "best", "behind", "number"),
    [
        ("係留索の見積もりはいつ終わりますか", STATEMENT, REASON, 5),
        (WHY, "係留索の見積もりは、返事が遅いため終わっていない。", REASON, 5),
        (WHY, "会議は302室で開かれた。", REASON, 5),
        (WHY, STATEMENT, "汐見は欠席のためである。", 5),
        (WHY, STATEMENT, "返事はまだない。", 5),
        (WHY, STATEMENT, REASON, 7),
    ],
)
def test_else_the_best_sentence_stays(question: str, best: str, behind: str, number: int) -> None:
    found = first(question, [reading(best, 4, 2.0, 0.6), reading(behind, number, -1.0, 0.3)])
    assert found.passage.hit.text == best


def test_a_question_why_is_answered_by_the_next_sentence() -> None:
    text = f"議事録\n\n会議は302室で開かれた。{STATEMENT}{REASON}次回は10月に開く。"
    answer = bundled_assistant(Article("a", "議事録", text)).ask(WHY)
    assert answer.citations[0].quote == REASON


def origin_first(question: str, *texts: str) -> str:
    """What comes first of an article about the loom of 柊村, whose second sentence is the best."""
    readings = [reading(text, number, -number, 0.3) for number, text in enumerate(texts)]
    befores = ("", *texts)
    told = [
        replace(each, passage=replace(each.passage, before=before))
        for each, before in zip(readings, befores, strict=False)
    ]
    return first(question, told).passage.hit.text


FOUNDED = "昭和六十年、教員の籾山が織物の保存会を作った。"
ORIGIN = "きっかけは、蔵で見つけた一枚の布の藍の色であった。"
BEGAN = "結成の発端は、蔵で見つけた布であった。"
DYED = "保存会は胡桃で染める方法を残した。"


@pytest.mark.parametrize(
    ("question", "origin", "quoted"),
    [
        ("籾山が保存会を作ったきっかけは何ですか", ORIGIN, ORIGIN),
        ("保存会ができた発端は？", ORIGIN, ORIGIN),
        ("保存会を作る契機となった出来事は何ですか", ORIGIN, ORIGIN),
        (
            "保存会ができた発端は？",
            "結成の発端は、蔵で見つけた布であった。",
            "結成の発端は、蔵で見つけた布であった。",
        ),
        ("保存会が解散したきっかけは？", ORIGIN, DYED),
        ("保存会を作ったのは誰ですか", ORIGIN, DYED),
        ("保存会ができた発端は？", "会は布を集めた。", DYED),
    ],
)
def test_how_something_began_is_told_behind_it(question: str, origin: str, quoted: str) -> None:
    assert origin_first(question, DYED, FOUNDED, origin) == quoted


def test_since_a_year_is_no_reason() -> None:
    said = "県は令和二年から、砂を川原に置いて流させている。"
    why = "この方法が選ばれたのは、費用が三分の一で済むからである。"
    found = first(
        "砂を川原に置いて流させるのはなぜですか",
        [reading(said, 4, 2.0, 0.8), reading(why, 5, -1.0, 0.2)],
    )
    assert found.passage.hit.text == why


@pytest.mark.parametrize(
    ("question", "is_first"), [("夏がつらいのはなぜ", True), ("春が楽なのはなぜ", False)]
)
def test_a_question_of_single_signs_is_answered_by_the_next_sentence(
    question: str, *, is_first: bool
) -> None:
    said, why = "船頭は冬より夏の方がつらいと話す。", "藻が舵に絡むからである。"
    found = first(question, [reading(said, 4, 2.0, 0.8), reading(why, 5, -1.0, 0.2)])
    assert (found.passage.hit.text == why) is is_first


@pytest.mark.parametrize(
    ("question", "remedy", "is_first"),
    [
        ("溶液が茶色になったらどうすればいいですか", "その場合は洗浄を一回増やす。", True),
        ("溶液が茶色になったらどうすればいいですか", "手袋をして扱う。", False),
        ("溶液は何色ですか", "その場合は洗浄を一回増やす。", False),
        ("What should I do if the solution turns brown?", "In that case, wash it again.", True),
    ],
)
def test_what_to_do_is_told_behind_the_case(question: str, remedy: str, *, is_first: bool) -> None:
    said = "酸が残ると溶液が茶色になる。 If acid is left, the solution turns brown."
    found = first(question, [reading(said, 4, 2.0, 0.8), reading(remedy, 5, -1.0, 0.2)])
    assert (found.passage.hit.text == remedy) is is_first
