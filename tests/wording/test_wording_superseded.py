"""What a sentence tells as given up or refuted, beside what came in its place."""

from __future__ import annotations

import math

import pytest

from shutten.spans import Question, Span, SpanChooser
from shutten.wording.superseded import asks_for_superseded, is_superseded

OPENING = "開室は当初4月2日の予定だったが、検査のため4月16日に延期した。"
CAUSE = "不漁は長くカワウの食害とされたが、のちの調査で高水温のためと判明した。"
ENGLISH = "The mill was planned for 1903 but opened in 1907."


@pytest.mark.parametrize(
    ("question", "text", "old", "new"),
    [
        ("開室はいつですか", OPENING, "4月2日", "4月16日"),
        ("開室はいつの予定ですか", OPENING, "4月2日", "4月16日"),
        ("不漁の原因は何ですか", CAUSE, "カワウの食害", "高水温"),
        ("When did the mill open?", ENGLISH, "1903", "1907"),
        ("開室は当初いつの予定でしたか", OPENING, None, "4月2日"),
        ("不漁の原因は何とされていましたか", CAUSE, None, "カワウの食害"),
        ("When was the mill first planned to open?", ENGLISH, None, "1903"),
    ],
)
def test_the_words_that_hold_are_shown_but_to_who_asks_for_the_others(
    question: str, text: str, old: str | None, new: str
) -> None:
    likely = [(new, 0.1), (old, 0.8)] if old else [(new, 0.8), (text[-4:-1], 0.1)]
    spans = [
        Span(text.find(words), text.find(words) + len(words), math.log(share))
        for words, share in likely
    ]
    chosen = SpanChooser({}).choose(Question.of(question), text, spans, "ja")
    assert chosen is not None
    assert text[chosen.start : chosen.end] == new
    assert chosen.confidence == pytest.approx(0.9 if old else 0.8, abs=0.05)


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        (OPENING, "4月2日", True),
        (OPENING, "4月16日", False),
        ("開室は当初4月2日の予定だったが、延期した。", "4月2日", False),
        ("石川が建てた駅は4月2日に開く予定だったが、5月6日になった。", "石川", False),
    ],
)
def test_a_date_is_given_up_for_another_date(text: str, words: str, *, expected: bool) -> None:
    start = text.find(words)
    assert is_superseded(text, start, start + len(words), "date") is expected


def test_what_is_planned_now_is_not_what_was_planned() -> None:
    assert not asks_for_superseded("量産はいつ始まる予定ですか")
    assert asks_for_superseded("量産が始まるのはいつの予定でしたか")
