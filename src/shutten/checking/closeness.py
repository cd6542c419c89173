"""Whether a claim keeps to the words of one sentence: what a very small model may say.

A model of some hundred million parameters joins the words of its passages at random, and what it
joins is often false though every word and number of it is told. The exact checks look for what is
added or changed; here nothing may be added at all, and what is left out must be whole clauses or a
word or two that describe.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from shutten.checking.analysis import Analysis, analyse
from shutten.checking.dates import ClockTime, Moment
from shutten.checking.quantities import Quantity
from shutten.checking.roles import finite_verb, is_pronoun, role_of
from shutten.checking.verdicts import ClaimsChecker, Evidence, Problem, Verdict
from shutten.checking.words import Word
from shutten.types import Passage

MOST_SKIPPED = 2
"""So many words that describe another one may be left out in one place."""

_FREE = frozenset(
    "a an the is are was were be been being am do does did has have had it its he his him she her "
    "they their them this that these those there also then which who when where".split()
)
"""Words that may come and go without changing how their neighbours are related."""
_WORD = re.compile(r"[a-z]+")
_BOUNDARY = re.compile(
    r"[,;:()]|[、。（）]|\b(?:which|who|whom|whose|that|when|where|while|because|and|but|or|so)\b"
)
_OPENING = re.compile(r"^(?:[\W_]|and\b|but\b|when\b|while\b|where\b|because\b|the\b|an?\b)*")
_NEIGHBOURS = 2
_COMPOUND = re.compile(r"[\s'’-]*")
"""Between two words of one name or noun: fish market."""

Value: TypeAlias = Word | Quantity | Moment | ClockTime


class CloseChecker:
    """Lets a claim pass that another checker lets pass, where one sentence nearly says it itself.

    Its verdict rests on that sentence alone.
    """

    def __init__(self, checker: ClaimsChecker) -> None:
        self._checker = checker

    def check_all(self, claims: Sequence[str], passages: Sequence[Passage]) -> list[Verdict]:
        """Return one verdict per claim, in order."""
        verdicts = self._checker.check_all(claims, passages)
        return [
            self._narrowed(claim, verdict, passages) if verdict.supported else verdict
            for claim, verdict in zip(claims, verdicts, strict=True)
        ]

    def _narrowed(self, claim: str, verdict: Verdict, passages: Sequence[Passage]) -> Verdict:
        for evidence in verdict.evidence:
            if keeps_to(claim, passages[evidence.passage]):
                return replace(verdict, evidence=(evidence,))
        for number, passage in enumerate(passages):
            if keeps_to(claim, passage):
                (alone,) = self._checker.check_all([claim], [passage])
                if alone.supported:
                    return replace(alone, evidence=_numbered(alone.evidence, number))
        return replace(verdict, supported=False, problems=(Problem("wording"),))


def _numbered(evidence: Sequence[Evidence], number: int) -> tuple[Evidence, ...]:
    return tuple(replace(each, passage=number) for each in evidence)


def keeps_to(claim: str, passage: Passage) -> bool:
    """Whether a claim says nothing but what the sentence says, in its words and their order.

    In place of a pronoun it may have the name that the title has.
    """
    said, told = analyse(claim), analyse(passage.hit.text)
    if said.language != told.language:
        return False
    mine, theirs = _items(said), _items(told)
    if not mine:
        return False
    ahead = _named_ahead(mine, passage)
    return any(
        _begins_well(said, mine[head], told, theirs, first)
        and _follows(said, mine[head:], told, theirs, first)
        for head in range(min(ahead, len(mine) - 1) + 1)
        for first in range(len(theirs))
        if _same(mine[head], theirs[first])
    )


# ── words and numbers in their order ─────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Item:
    """A content word or a number where it stands."""

    value: Value
    start: int
    end: int


def _items(text: Analysis) -> list[_Item]:
    values: tuple[Value, ...] = (*text.words, *text.quantities, *text.moments, *text.times)
    return sorted(
        (_Item(each, each.start, each.end) for each in values), key=lambda each: each.start
    )


def _same(mine: _Item, theirs: _Item) -> bool:
    said, told = mine.value, theirs.value
    if isinstance(said, Word) and isinstance(told, Word):
        return said.key == told.key
    if isinstance(said, Quantity) and isinstance(told, Quantity):
        return said.equals(told) and said.bound == told.bound
    if isinstance(said, Moment) and isinstance(told, Moment):
        return said.is_told_by(told)
    if isinstance(said, ClockTime) and isinstance(told, ClockTime):
        return said.is_told_by(told)
    return False


def _named_ahead(mine: Sequence[_Item], passage: Passage) -> int:
    """How many words at the claim's head are those of the title, and are spoken of just before.

    A pronoun stands for the title where the sentence before begins with it, or with a pronoun too.
    """
    title = {each.key for each in analyse(passage.hit.title).words}
    before = analyse(passage.before)
    subject = _clause_at(before, 0)
    spoken = {word.key for word in before.words if word.start < subject}
    continued = not passage.before.strip() or is_pronoun(before.text)
    count = 0
    for item in mine:
        key = item.value.key if isinstance(item.value, Word) else ""
        if key not in title or not (continued or key in spoken):
            break
        count += 1
    return count


def _clause_at(text: Analysis, place: int) -> int:
    """Where the clause that a place is in ends."""
    found = next((each for each in text.clauses if each.end > place), None)
    return found.end if found else len(text.text)


@dataclass(frozen=True, slots=True)
class _Gap:
    """What a sentence has between two words that a claim takes over.

    `ahead` and `behind` are the links in front of the words left out, and behind them.
    """

    skipped: int
    ahead: frozenset[str]
    behind: frozenset[str]
    acts: bool

    @classmethod
    def of(cls, told: Analysis, start: int, skipped: Sequence[_Item], end: int) -> _Gap:
        """Look at the text between two places, of which some words are left out."""
        if not skipped:
            return cls(0, _links(told.text[start:end], told), frozenset(), acts=False)
        ahead = _links(told.text[start : skipped[0].start], told)
        behind = _links(told.text[skipped[-1].end : end], told)
        acts = told.language == "en" and finite_verb(told.text[start:end]) is not None
        return cls(len(skipped), ahead, behind, acts)

    @property
    def is_small(self) -> bool:
        """Whether no more is left out than a word or two that describe the next one."""
        return self.skipped <= MOST_SKIPPED and not self.behind and not self.acts


# ── where it begins, how it goes on, where it ends ───────────────────────────────────────────


def _begins_well(
    said: Analysis, mine: _Item, told: Analysis, theirs: Sequence[_Item], first: int
) -> bool:
    """Whether the sentence has nothing in front of a word that the word depends on.

    Behind a name from the title it must begin its clause, with a pronoun or “the”; a claim that
    begins with a pronoun begins as the clause does.
    """
    start = max((c.start for c in told.clauses if c.start <= theirs[first].start), default=0)
    skipped = [each for each in theirs[:first] if each.start >= start]
    while skipped and isinstance(skipped[0].value, Moment):  # “In 1948 the machine was …”
        start = skipped.pop(0).end
    ahead = told.text[start : theirs[first].start]
    named = any(word.start < mine.start for word in said.words)
    if named or is_pronoun(said.text):
        return not skipped and (told.language == "ja" or _speaks_of_title(ahead))
    described = _Gap.of(told, start, skipped, theirs[first].start)
    return described.is_small and described.ahead == _links(said.text[: mine.start], said)


def _speaks_of_title(ahead: str) -> bool:
    bare = _OPENING.sub("", ahead)
    return is_pronoun(bare) or (not bare and "the" in _WORD.findall(ahead))


def _follows(
    said: Analysis, mine: Sequence[_Item], told: Analysis, theirs: Sequence[_Item], first: int
) -> bool:
    """Whether the words of a claim follow in the sentence, from the given one on.

    Kept are all places where a word may be, so that one that comes again and again takes no longer.
    """
    places = [first]
    for one, other in itertools.pairwise(mine):
        places = [
            place
            for place in range(places[0] + 1, len(theirs))
            if _same(other, theirs[place])
            and any(
                _joined(said, one, other, told, theirs[before : place + 1])
                for before in places
                if before < place
            )
        ]
        if not places:
            return False
    return any(_ends_well(told, theirs, place) for place in places)


def _joined(
    said: Analysis, one: _Item, other: _Item, told: Analysis, theirs: Sequence[_Item]
) -> bool:
    """Whether two neighbours in the claim are related as they are in the sentence."""
    between = said.text[one.end : other.start]
    if said.language == "ja":
        return len(theirs) == _NEIGHBOURS and _particle(one) == _particle(theirs[0])
    here, there = theirs[0].end, theirs[-1].start
    gap = told.text[here:there]
    if _is_aside(gap):
        return _links(between, said) == _links(gap[_last_boundary(gap) :], told)
    described = _Gap.of(told, here, theirs[1:-1], there)
    inside = theirs[1:-1] and _BOUNDARY.search(gap)
    return not inside and described.is_small and described.ahead == _links(between, said)


def _is_aside(gap: str) -> bool:
    """Whether what is left out stands between two commas or in brackets."""
    bare = gap.strip()
    return (bare[:1] in ",(" and ("," in bare[1:] or ")" in bare[1:])) if bare else False


def _last_boundary(gap: str) -> int:
    return max(gap.rfind(","), gap.rfind(")")) + 1


def _ends_well(told: Analysis, theirs: Sequence[_Item], last: int) -> bool:
    """Whether the claim's last word is no part of a longer name or noun."""
    if last + 1 == len(theirs) or told.language == "ja":
        return True
    between = told.text[theirs[last].end : theirs[last + 1].start]
    return not _COMPOUND.fullmatch(between)


def _links(text: str, within: Analysis) -> frozenset[str]:
    """The words that relate their neighbours: prepositions, negations, and, or, more, only."""
    if within.language == "ja":
        return frozenset()
    return frozenset(_WORD.findall(text)) - _FREE


def _particle(item: _Item) -> str:
    """The role that the particle behind a Japanese word gives it; the tail of a verb is none."""
    return role_of(item.value) if isinstance(item.value, Word) else "none"
