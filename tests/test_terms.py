"""Words of a question that one passage leaves out and another one has."""

from __future__ import annotations

import pytest

from shutten.terms import Elsewhere, elsewhere, lacks_number, terms_of


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("東の案の最大水深は何メートル？", ["最大水深", "メートル"]),
        ("イーライ・ホイットニーは1793年に", ["イーライ・ホイットニー", "1793"]),
        ("Ｒ２の公開予定は", ["r2", "公開予定"]),
        ("How many teeth does the largest gear have?", ["teeth", "largest", "gear"]),
        ("When was it?", []),
        ("What is the weather in Osaka today?", ["weather", "osaka"]),
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


def test_what_few_others_have_and_a_text_lacks_counts_most() -> None:
    texts = ["西の案の水深は140メートル。", "東の案は下北半島を通る。", "下北半島は雪。"]
    first, second, third = elsewhere("下北半島の水深", texts, [])
    assert first.terms == pytest.approx(0.0)  # all others have 下北半島: what the article is about
    assert second.terms == third.terms == pytest.approx(0.25)
    assert first.nowhere == 0.0


def test_what_no_text_has_is_lacking_nowhere() -> None:
    first, second = elsewhere("費用と水深", ["水深は140メートル。", "雨。"], [""])
    assert (first.terms, first.tokens, first.nowhere) == (0.0, 0.0, 0.5)
    assert (second.terms, second.nowhere) == (0.0, 0.5)


def test_words_beside_a_passage_count_as_words_elsewhere() -> None:
    one, other = elsewhere("水深", ["雨が降る。", "雪。"], ["", "水深が測られた。"])
    assert one == other == Elsewhere(1.0, 1.0, 0.0)


@pytest.mark.parametrize(("question", "texts"), [("？", ["雨。", "雪。"]), ("水深", ["雨。"])])
def test_a_question_without_words_and_a_single_text_lack_none(
    question: str, texts: list[str]
) -> None:
    assert {each.terms for each in elsewhere(question, texts, [""])} == {0.0}


@pytest.mark.parametrize(
    ("question", "text", "lacks"),
    [
        ("2023年の利回りは", "2020年に再び投資した。", True),
        ("2023年の利回りは", "２０２３年の利回り。", False),
        ("Did 1,200 people come?", "1200 came", False),
        ("Did 1200 people come?", "1,200 came", False),
        ("Did 120 people come?", "1,200 came", True),
        ("R2はいつ", "雨。", False),
    ],
)
def test_a_number_of_the_question_is_in_a_text_or_not(
    question: str, text: str, *, lacks: bool
) -> None:
    assert lacks_number(question, text) is lacks
