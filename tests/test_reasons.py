"""The reason behind the sentence that says what a question asks the reason of."""

from __future__ import annotations

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
