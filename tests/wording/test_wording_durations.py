from __future__ import annotations

import pytest

from shutten.spans import Span, distinct
from shutten.wording.durations import asks_how_long, may_tell_how_long


@pytest.mark.parametrize(
    "question",
    [
        "橋の建設には何年かかりましたか",
        "修理は何か月続いたの",
        "調査はどのくらいの期間続きましたか",
        "港まで何分かかる？",
        "How long did the repair take?",
        "How many years did she work there?",
    ],
)
def test_a_stretch_of_time_is_asked_for(question: str) -> None:
    assert asks_how_long(question)


@pytest.mark.parametrize(
    "question",
    ["橋ができたのは何年ですか", "橋の長さは何メートルですか", "How many years ago was it built?"],
)
def test_when_and_how_far_are_other_questions(question: str) -> None:
    assert not asks_how_long(question)


@pytest.mark.parametrize(
    "sentence",
    [
        "工事は７年を要した。",
        "半年で直った。",
        "1964年から1971年にかけて建てられた。",
        "1971年まで続いた。",
        "1,500年以上にわたって使われた。",
        "It took three and a half years.",
        "It was rebuilt from 1964 to 1971.",
        "The work lasted until March 1971.",
    ],
)
def test_stretches_and_ends_of_time_tell_how_long(sentence: str) -> None:
    assert may_tell_how_long(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "本工事に入ったのは1971年である。",
        "1985年3月10日に貫通した。",
        "橋は全長53.85キロメートルである。",
        "Work began in 1971.",
    ],
)
def test_a_date_or_another_measure_does_not(sentence: str) -> None:
    assert not may_tell_how_long(sentence)


@pytest.mark.parametrize(
    ("text", "words", "left"),
    [
        ("始まったのは1971年である。", "1971年である", "1971年"),
        ("館長は田中さんでした。", "田中さんでした", "田中さん"),
        ("理由は古いからです。", "古いからです。", "古いから"),
        ("名物はですよ饅頭だ。", "ですよ饅頭", "ですよ饅頭"),
    ],
)
def test_the_copula_is_no_part_of_an_answer(text: str, words: str, left: str) -> None:
    start = text.index(words)
    (span,) = distinct(text, [Span(start, start + len(words), -0.1)])
    assert text[span.start : span.end] == left
