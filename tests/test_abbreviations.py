from __future__ import annotations

import pytest

from shutten.abbreviations import leads_on, only_shortens
from shutten.checking.splitting import split_claims
from shutten.sentences import split_sentences

ALWAYS_INSIDE = (
    *("Mr", "Mrs", "Ms", "Mx", "Dr", "Prof", "St", "Mt", "Gen", "Sen", "Rep", "Gov", "Lt", "Col"),
    *("Capt", "Sgt", "Rev", "Hon", "Fig", "Figs", "Eq", "Vol", "pp", "al", "cf", "vs", "approx"),
    *("ca", "e.g", "i.e"),
)
LAST_OR_NOT = (
    *("No", "Jr", "Sr", "Inc", "Ltd", "Co", "Corp", "Jan", "Feb", "Mar", "Apr", "Jun", "Jul"),
    *("Aug", "Sep", "Sept", "Oct", "Nov", "Dec", "etc", "a.m", "p.m", "U.S", "U.S.A"),
)
EVERY = (*ALWAYS_INSIDE, *LAST_OR_NOT, "C")
FOLLOWING = ("Tuesday came", "5 men came", "The house was built", "It was built", "as was known")


def pieces_of_an_article(text: str) -> list[str]:
    return [text[each.start : each.end].strip() for each in split_sentences(text)]


def pieces_of_an_answer(text: str) -> list[str]:
    return [piece.text for piece in split_claims(text)]


@pytest.mark.parametrize("following", FOLLOWING)
@pytest.mark.parametrize("short", EVERY)
def test_articles_and_answers_end_their_sentences_alike(short: str, following: str) -> None:
    text = f"They saw that at {short}. {following} then. Later it rained."
    assert pieces_of_an_answer(text) == pieces_of_an_article(text)


@pytest.mark.parametrize("short", [*LAST_OR_NOT, "Building C"])
def test_a_sentence_may_end_behind_it(short: str) -> None:
    text = f"They saw that at {short}. The house was built then."
    expected = [f"They saw that at {short}.", "The house was built then."]
    assert pieces_of_an_article(text) == expected
    assert pieces_of_an_answer(text) == expected


@pytest.mark.parametrize("short", ALWAYS_INSIDE)
def test_no_sentence_ends_behind_it(short: str) -> None:
    assert only_shortens(f"at {short}.", "The house was built.")
    assert pieces_of_an_answer(f"It is at {short}. The was.") == [f"It is at {short}. The was."]


@pytest.mark.parametrize(
    "of_it", ["Tuesday", "May 3", "JST", "Eastern", "Japan Time", "Central Standard Time"]
)
def test_an_hour_goes_on_with_its_day_or_its_zone(of_it: str) -> None:
    text = f"He came at 9 a.m. {of_it}. It rained."
    assert pieces_of_an_article(text) == [f"He came at 9 a.m. {of_it}.", "It rained."]


@pytest.mark.parametrize("head", ["Admission is free.", "Children pay half.", "Maya shuts it."])
def test_a_sentence_begins_behind_an_hour(head: str) -> None:
    text = f"It is open from 11 a.m. to 4 p.m. {head}"
    assert pieces_of_an_article(text) == ["It is open from 11 a.m. to 4 p.m.", head]
    assert pieces_of_an_answer(text) == pieces_of_an_article(text)


@pytest.mark.parametrize("line", ["as told by Dr.", "as shown in Fig.", "signed by John F."])
def test_a_line_that_ends_in_it_goes_on_below(line: str) -> None:
    assert leads_on(line)


@pytest.mark.parametrize("line", ["He met Smith et al.", "it is Acme Ltd.", "It rained."])
def test_a_line_that_may_be_whole_does_not(line: str) -> None:
    assert not leads_on(line)
