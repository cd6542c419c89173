"""Claims that keep to the words of one sentence, and those that join them anew."""

from __future__ import annotations

import pytest
from tests.writing.making import passage

from shutten.checking.checker import GroundingChecker
from shutten.checking.closeness import CloseChecker, keeps_to
from shutten.checking.verdicts import Problem
from shutten.embedding import load_embedder
from shutten.types import Passage

TITLE = "Marlow Windmill"


def told(text: str, before: str = "", title: str = TITLE, language: str = "en") -> Passage:
    made = passage(text, title=title, language=language)
    return Passage(made.hit, before=before, language=language)


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        (
            "The mill was built in 1743 by Joseph Hale.",
            "The mill was built in 1743 by Joseph Hale.",
        ),
        (
            "The mill was built by Joseph Hale.",
            "The mill, which stands on a low hill, was built by Joseph Hale.",
        ),
        (
            "The miller ground barley.",
            "The miller ground barley, and his brother sold flour in Reading.",
        ),
        (
            "The cap turned with the wind.",
            "The heavy wooden cap turned with the wind.",
        ),
        (
            "A villa of bricks stood beside the mill.",
            "A villa of red bricks stood beside the mill.",
        ),
        (
            "The sails were replaced by local carpenters.",
            "In 1821 the sails were replaced by local carpenters.",
        ),
        (
            "The sails were replaced in 1821.",
            "After the storm, the sails were replaced in 1821.",
        ),
    ],
)
def test_a_sentence_may_be_shortened(claim: str, sentence: str) -> None:
    assert keeps_to(claim, told(sentence))


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        # something is added, or said in another word
        ("The mill was built of oak.", "The mill was built in 1743 by Joseph Hale."),
        ("The mill was erected by Joseph Hale.", "The mill was built by Joseph Hale."),
        # the words in another order
        ("Hale was paid by Marlow.", "Marlow was paid by Hale."),
        ("The sail is on the face of the cap.", "The cap has a face painted on the sail."),
        # one subject with another's verb
        (
            "The miller sold flour in Reading.",
            "The miller ground barley, and his brother sold flour in Reading.",
        ),
        ("The miller left.", "The miller stayed and the cook left."),
        # what a word depends on is left out
        ("Joseph Hale built the mill.", "The widow of Joseph Hale built the mill."),
        ("Hale met the king.", "Hale met the cousin of the king."),
        # a part of a longer name
        ("The mill is a fish.", "The mill is a fish market."),
        # other relations
        ("The mill was seen by Hale.", "The mill was seen with Hale."),
        ("Hale has seen the miller.", "Hale has been seen by the miller."),
        ("The mill closed in 1900.", "The mill closed before 1900."),
        ("About 30 people worked there.", "More than 30 people worked there."),
    ],
)
def test_what_is_joined_anew_is_told(claim: str, sentence: str) -> None:
    assert not keeps_to(claim, told(sentence))


def test_the_title_may_stand_for_a_pronoun_that_means_it() -> None:
    claim = "The Marlow Windmill was built in 1743."
    after = "The Marlow Windmill stands on a low hill."
    assert keeps_to(claim, told("It was built in 1743.", before=after))
    assert keeps_to(claim, told("It was built in 1743."))
    assert not keeps_to(claim, told("It was built in 1743.", before="A cottage stands beside."))
    assert not keeps_to(claim, told("The cottage was built in 1743.", before=after))


def test_a_claim_with_a_pronoun_begins_as_its_clause_does() -> None:
    assert keeps_to("It burned in 1890.", told("When it burned in 1890, nobody was hurt."))
    assert not keeps_to("It burned in 1890.", told("The cottage burned in 1890."))


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("風車は1743年に建てられた。", "風車は1743年に建てられ、今は博物館である。"),
        ("大工が帆を直した。", "大工が帆を直した。"),
    ],
)
def test_japanese_may_be_shortened(claim: str, sentence: str) -> None:
    assert keeps_to(claim, told(sentence, title="風車", language="ja"))


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("帆が大工を直した。", "大工が帆を直した。"),
        ("大工は風車を建てた。", "大工は帆を直し、石工は風車を建てた。"),
        ("風車は石造である。", "風車は木造である。"),
        ("The mill was built in 1743.", "風車は1743年に建てられた。"),
    ],
)
def test_japanese_keeps_order_and_particles(claim: str, sentence: str) -> None:
    assert not keeps_to(claim, told(sentence, title="風車", language="ja"))


def test_what_passes_rests_on_the_one_sentence() -> None:
    passages = [
        told("The mill was built by Joseph Hale."),
        told("Joseph Hale built the mill and a barn in Marlow."),
    ]
    exact = GroundingChecker(load_embedder())
    close = CloseChecker(exact)
    claims = ["Joseph Hale built the mill.", "The mill in Marlow was built by Joseph Hale."]
    assert [each.supported for each in exact.check_all(claims, passages)] == [
        True,
        True,
    ]
    near, joined = close.check_all(claims, passages)
    assert near.supported
    assert [each.passage for each in near.evidence] == [1]
    assert (joined.supported, joined.problems) == (False, (Problem("wording"),))


def test_what_the_exact_checks_take_out_stays_out() -> None:
    passages = [told("The mill was built by Joseph Hale.")]
    claim = "The mill was built by Joseph Hall."
    exact = GroundingChecker(load_embedder()).check_all([claim], passages)
    assert CloseChecker(GroundingChecker(load_embedder())).check_all([claim], passages) == exact
    assert not exact[0].supported


def test_words_that_come_again_and_again_are_followed_all_the_same() -> None:
    """Twenty of forty places are more ways than can be tried one by one."""
    sentence = f"The cat {'dog cat ' * 40}in Marlow."
    assert keeps_to(sentence, told(sentence))
    assert not keeps_to(f"The cat {'dog cat ' * 20}in Reading.", told(sentence))
