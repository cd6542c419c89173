"""Questions made from English sentences."""

from __future__ import annotations

import pytest

from shutten.suggesting.english import made_from
from shutten.suggesting.making import Made

MADE = [
    (
        "The old lighthouse was rebuilt in 1921.",
        Made("When was the old lighthouse rebuilt?", "when", "1921"),
    ),
    (
        "In 1974, Harbour Press published a history of the ferry line.",
        Made("When did Harbour Press publish a history of the ferry line?", "when", "1974"),
    ),
    (
        "The ship's bell is kept in the Harbour Museum.",
        Made("Where is the ship's bell kept?", "where", "in the Harbour Museum"),
    ),
    (
        "The Moon does not cross the sky at a constant speed, because its orbit is an ellipse.",
        Made(
            "Why does the Moon not cross the sky at a constant speed?",
            "why",
            "its orbit is an ellipse",
        ),
    ),
    (
        "In 1902 the archaeologist Valerios Stais noticed a small gear wheel.",
        Made("Who noticed a small gear wheel?", "who", "archaeologist Valerios Stais"),
    ),
    (
        "The harbour bridge was designed by the engineer Maria Lopez.",
        Made("Who was the harbour bridge designed by?", "who", "engineer Maria Lopez"),
    ),
    (
        "About 300 fishing boats were lost in the storm.",
        Made("How many fishing boats were lost in the storm?", "count", "About 300"),
    ),
    (
        "The front dial consists of 82 fragments.",
        Made("How many fragments does the front dial consist of?", "count", "82"),
    ),
    (
        "The railway tunnel is 53.85 kilometres long.",
        Made("How long is the railway tunnel?", "count", "53.85 kilometres"),
    ),
]


@pytest.mark.parametrize(("sentence", "made"), MADE, ids=[made.question for _, made in MADE])
def test_an_expression_goes_out_and_a_question_word_comes_in(sentence: str, made: Made) -> None:
    assert made in list(made_from(sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "It was rebuilt in 1921.",
        "This lighthouse was rebuilt in 1921.",
        "Many scholars found it hard to accept.",
        "The club was relegated because of their debts.",  # no clause behind because
        'The keeper said "we were late" in 1921.',
        "A lighthouse",
        "The club has 212 members and meets on the second Thursday of each month.",
        "The club has 212 members in the town and meets on the second Thursday.",
        "The tower was built of stone and opened in 1921.",
        "The tower was built of stone but was painted red in 1921.",
        "",
        ".",
    ],
)
def test_a_sentence_that_leaves_anything_open_makes_no_question(sentence: str) -> None:
    assert list(made_from(sentence)) == []


def test_hostile_text_ends_quickly() -> None:
    for text in ("A " * 110 + ".", "The a" * 44 + ".", "1" * 219 + ".", "in 1900 " * 27 + "."):
        assert list(made_from(text)) == []
