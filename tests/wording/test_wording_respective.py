"""Values that a sentence gives in turn, and which of them is asked for."""

from __future__ import annotations

import math

import pytest

from shutten.spans import Question, Span, SpanChooser
from shutten.wording.respective import in_turn

RATES = "4パーセントと9パーセントの食塩水では、発芽率はそれぞれ71パーセント、18パーセントだった。"
TOWERS = "The east and west towers are 41 metres and 56 metres high respectively."


@pytest.mark.parametrize(
    ("question", "text", "value"),
    [
        ("4パーセントの発芽率は", RATES, "71パーセント"),
        ("9パーセントの食塩水では発芽率は何パーセント", RATES, "18パーセント"),
        ("丸山の得点は", "丸山と古賀の得点はそれぞれ12点と9点である。", "12点"),
        ("古賀は何点", "丸山と古賀の得点はそれぞれ12点と9点である。", "9点"),
        (
            "南館の定員は",
            "本館、南館、別館の定員はそれぞれ120人、80人、40人である。",
            "80人",
        ),
        ("別館は何人まで", "本館、南館、別館の定員はそれぞれ120人、80人、40人である。", "40人"),
        (
            "鶴号の重さは",
            "長さは亀号が6メートル、鶴号が7メートルで、重さはそれぞれ3トンと4トンである。",
            "4トン",
        ),
        (
            "二番機の馬力は",
            "一番機と二番機の出力はそれぞれ約90馬力、約110馬力だった。",
            "約110馬力",
        ),
        ("How high is the west tower?", TOWERS, "56 metres"),
        ("How high is the east tower?", TOWERS, "41 metres"),
        (
            "How much did Corby pay?",
            "Alden, Bray and Corby paid $3 million, $5 million and $7 million respectively.",
            "$7 million",
        ),
        (
            "Who led the second team?",
            "The first and second team were led by Ann Holt and Piers Oake respectively.",
            "Piers Oake",
        ),
    ],
)
def test_the_value_at_the_place_of_the_asked_one(question: str, text: str, value: str) -> None:
    turn = in_turn(question, text)
    assert turn is not None
    assert turn.asked is not None
    assert text[slice(*turn.asked)] == value


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("15パーセントの発芽率は", RATES),
        ("発芽率は何パーセントですか", RATES),
        ("How high is the tower?", TOWERS),
    ],
)
def test_it_is_open_which_is_asked_for(question: str, text: str) -> None:
    turn = in_turn(question, text)
    assert turn is not None
    assert turn.asked is None


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("発芽率はそれぞれ何パーセントですか", RATES),
        ("発芽率は", "二つの区でそれぞれ発芽率を調べた。"),
        ("大垣の終電は", "始発は大垣が5時58分、終電はそれぞれ22時31分と21時50分である。"),
        ("Which towers were built?", "The towers were built respectively by two families."),
    ],
)
def test_there_are_no_values_in_turn_or_all_are_asked_for(question: str, text: str) -> None:
    assert in_turn(question, text) is None


@pytest.mark.parametrize(
    ("question", "shown", "sure"),
    [
        ("9パーセントの食塩水では発芽率は何パーセント", "18パーセント", True),
        ("15パーセントの食塩水では発芽率は何パーセント", "71パーセント", False),
    ],
)
def test_the_first_value_is_not_shown_for_another_thing(
    question: str, shown: str, *, sure: bool
) -> None:
    start = RATES.index("71パーセント")
    spans = [Span(start, start + 7, math.log(0.7))]
    chosen = SpanChooser({}).choose(Question.of(question), RATES, spans, "ja")
    assert chosen is not None
    assert RATES[chosen.start : chosen.end] == shown
    assert (chosen.confidence > 0) == sure
