"""Words of a question that one passage leaves out and another one has."""

from __future__ import annotations

import pytest

from shutten.terms import Elsewhere, elsewhere, terms_of


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("東の案の最大水深は何メートル？", ["最大水深", "メートル"]),
        ("イーライ・ホイットニーは1793年に", ["イーライ・ホイットニー", "1793"]),
        ("Ｒ２の公開予定は", ["r2", "公開予定"]),
        ("How many teeth does the largest gear have?", ["teeth", "largest", "gear"]),
        ("When was it?", []),
    ],
)
def test_the_content_words_of_a_question(question: str, expected: list[str]) -> None:
    assert [term.text for term in terms_of(question)] == expected


@pytest.mark.parametrize(
    ("question", "text", "share"),
    [
        ("最大水深", "水深は140メートル、最大で。", 2 / 3),
        ("1793", "in 11793", 0.0),
        ("1793", "in 1793.", 1.0),
        ("ホイットニー・イーライ", "イーライは", 1.0),
        ("Where were they studied?", "he studies law", 1.0),
    ],
)
def test_how_much_of_a_word_a_text_has(question: str, text: str, share: float) -> None:
    (term,) = terms_of(question)
    assert term.held_by(text) == pytest.approx(share)


def test_what_another_text_has_of_the_question_is_lacking() -> None:
    texts = ["西の案の水深は140メートル。", "東の案は下北半島を通る。"]
    one, other = elsewhere("下北半島の水深", texts, [])
    assert (one.terms, other.terms) == (0.5, 0.5)
    assert one.tokens > other.tokens > 0.0
    assert one.nowhere == other.nowhere == 0.0


def test_what_no_text_has_is_lacking_nowhere() -> None:
    first, second = elsewhere("費用と水深", ["水深は140メートル。", "雨。"], [""])
    assert (first.terms, first.tokens, first.nowhere) == (0.0, 0.0, 0.5)
    assert (second.terms, second.nowhere) == (0.5, 0.5)


def test_words_beside_a_passage_count_as_words_elsewhere() -> None:
    assert elsewhere("水深", ["雨が降る。"], ["水深が測られた。"]) == [Elsewhere(1.0, 1.0, 0.0)]


def test_a_question_without_words_lacks_none() -> None:
    assert elsewhere("？", ["雨。"], ["雪。"]) == [Elsewhere(0.0, 0.0, 0.0)]
