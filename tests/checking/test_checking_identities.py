"""What is said to be something, against what merely stands beside it."""

from __future__ import annotations

import pytest

from shutten.checking.analysis import analyse
from shutten.checking.checker import GroundingChecker
from shutten.checking.identities import identity_of
from shutten.embedding import load_embedder
from shutten.types import Hit, Passage

CHECKER = GroundingChecker(load_embedder())

MARKET = "In 1997 a biologist noticed a coelacanth on a cart in a fish market in Manado."
PARK = "The oldest park in the district was laid out by the gardener Jan Dobrowolski, a soldier."
STATION = "The bridge at Oldham, a railway town, is a steel arch that a local engineer designed."
NOVELIST = "山形の詩人である佐倉蓮は、画家の堀内澄子と旅をした。"
DAM = "岩瀬ダムは黒川に設けられた重力式のダムで、下流には発電所という重要な施設がある。"


def supported(claim: str, sentence: str) -> bool:
    passage = Passage(Hit("a", "T", None, 2, 0, len(sentence), sentence, 0.5))
    return CHECKER.check(claim, [passage]).supported


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("The coelacanth is a fish.", MARKET),
        ("Manado is a fish market.", MARKET),
        ("The district is the oldest park.", PARK),
        ("The park was a gardener.", PARK),
        ("Oldham is a steel arch.", STATION),
        ("The bridge is a railway town.", STATION),
        ("堀内澄子は山形の詩人である。", NOVELIST),
        ("佐倉蓮は画家である。", NOVELIST),
        ("黒川は重力式のダムである。", DAM),
        ("岩瀬ダムは発電所である。", DAM),
    ],
)
def test_two_words_of_a_sentence_are_not_one_thing(claim: str, sentence: str) -> None:
    assert not supported(claim, sentence)


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("Jan Dobrowolski was a gardener.", PARK),
        ("Jan Dobrowolski was a soldier.", PARK),
        ("Oldham is a railway town.", STATION),
        ("The bridge is a steel arch.", STATION),
        ("佐倉蓮は山形の詩人である。", NOVELIST),
        ("堀内澄子は画家である。", NOVELIST),
        ("岩瀬ダムは重力式のダムである。", DAM),
        ("発電所は重要な施設である。", DAM),
        ("Dobrowolski was a soldier.", "Dobrowolski was a gardener and a soldier."),
        (
            "Rui de Alba y Torres was a lamp maker.",
            "The lamp maker Rui de Alba y Torres came from Lund.",
        ),
        (
            "Edward Holm was the commander.",
            "The council met Edward Holm, the newly arrived commander, in May.",
        ),
        ("A tide mill is a machine.", "It needs a machine such as a tide mill."),
        ("島で最大の港は白浜である。", "島で最大の港は白浜(シラハマ)であり、船が集まった。"),
        ("白嶺は平野である。", "白嶺(しらね)、またはシラネは、二つの川にはさまれた平野である。"),
        ("この棘は防御の手段である。", "この棘は、種によっては毒を持ち、防御の手段となっている。"),
        (
            "The Lochar Open was a curling tournament.",
            "The Lochar Open was a curling tournament in 1998.",
        ),
        ("The Akita is a dog breed.", "The Akita is a breed of dog."),
        ("佐倉蓮は詩人である。", "佐倉蓮(さくられん、1901年-1980年)は、日本の詩人。"),
        ("佐倉蓮は詩人である。", "佐倉蓮は、昭和には名の知られた詩人である。"),
        ("佐倉蓮は詩人である。", "詩人で画家の佐倉蓮は京都に住んだ。"),
        ("佐倉蓮は詩人である。", "佐倉蓮は詩人や画家として知られる。"),
    ],
)
def test_what_the_sentence_says_to_be_one_thing_stays(claim: str, sentence: str) -> None:
    assert supported(claim, sentence)


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("The coelacanth is a rare fish of the deep sea.", ("coelacanth", "fish")),
        ("The bridge was opened in 1932.", None),
        ("The head of the school was her brother.", ("head", "brother")),
        ("岩瀬ダムは重力式のダムである。", ("ダム", "ダム")),
        ("橋を架けたのは大阪の会社である。", None),
        ("橋を架けた会社は大阪の企業である。", None),
        ("橋は1932年に架けられた。", None),
        ("兄は医師で、妹は詩人である。", None),
    ],
)
def test_what_is_said_to_be_what(claim: str, expected: tuple[str, str] | None) -> None:
    text = analyse(claim)
    found = identity_of(text)
    words = found and tuple(text.text[w.start : w.end] for w in (found.thing, found.noun))
    assert words == expected
