"""One claim beside the sentences that are to bear it out: what the checks look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from shutten.checking.alignment import LIKELY, Match
from shutten.checking.analysis import Analysis
from shutten.checking.dates import Moment, moments
from shutten.checking.polarity import negators
from shutten.checking.roles import predicate_of
from shutten.checking.words import Clause


@dataclass(frozen=True, slots=True)
class Case:
    """`evidence` are the cited sentences, the best first, `context` titles and sentences before.

    `matches` number the texts through: evidence first, then context.
    """

    claim: Analysis
    evidence: tuple[Analysis, ...]
    context: tuple[Analysis, ...]
    matches: tuple[Match, ...]
    published: date | None = None

    @property
    def texts(self) -> tuple[Analysis, ...]:
        """Evidence and context in the order in which matches number them."""
        return (*self.evidence, *self.context)

    def is_cited(self, match: Match) -> bool:
        """Whether a word was found in a cited sentence and not in the context alone."""
        return 0 <= match.text < len(self.evidence)

    def matches_in(self, clause: Clause) -> list[Match]:
        """The matches of the words of one clause of the claim."""
        return [m for m in self.matches if clause.start <= m.word.start < clause.end]

    def counterpart(self, clause: Clause) -> tuple[Analysis, Clause] | None:
        """The clause of a cited sentence that shares most with a clause of the claim."""
        shares: dict[tuple[int, int], float] = {}
        predicate = predicate_of(self.claim, clause)
        for match in self.matches_in(clause):
            if self.is_cited(match) and match.strength >= LIKELY:
                text = self.evidence[match.text]
                place = (match.text, text.clause_at(match.start))
                weight = 2.5 if match.word == predicate else 1.0
                shares[place] = shares.get(place, 0.0) + weight * match.strength
        for number, place in self._shared_numbers(clause):
            shares[place] = shares.get(place, 0.0) + number
        if not shares:
            return None
        best = max(shares, key=lambda place: (shares[place], -place[0], place[1]))
        return self.evidence[best[0]], self.evidence[best[0]].clauses[best[1]]

    def _shared_numbers(self, clause: Clause) -> list[tuple[float, tuple[int, int]]]:
        mine = [q for q in self.claim.quantities if clause.start <= q.start < clause.end]
        return [
            (1.0, (n, text.clause_at(theirs.start)))
            for n, text in enumerate(self.evidence)
            for theirs in text.quantities
            if any(q.equals(theirs) for q in mine)
        ]

    def dates(self, number: int) -> list[Moment]:
        """The dates of a cited sentence, with years that the context told before it."""
        text = self.evidence[number]
        since = self._year_before(text)
        found = moments(text.text, published=self.published, since=since)
        return _completed(found, since)

    def claimed_dates(self) -> list[Moment]:
        """The dates of the claim; a word like 翌年 counts from the year in front of it."""
        return moments(self.claim.text, published=self.published)

    def _year_before(self, text: Analysis) -> int | None:
        others = [*self.context, *(each for each in self.evidence if each is not text)]
        years = [m.year for other in others for m in other.moments if m.year is not None]
        return years[-1] if years else None


def _completed(found: Sequence[Moment], since: int | None) -> list[Moment]:
    """Add the year told last to a month that stands without one."""
    whole: list[Moment] = []
    year, month = since, None
    for each in found:
        known = each
        if each.year is None and (each.month or each.day) and year is not None:
            known = replace(each, year=year)
        if each.month is None and each.day and month is not None:
            known = replace(known, month=month)
        year = known.year if known.year is not None else year
        month = known.month if known.month is not None else month
        whole += [known, each] if known != each else [each]
    return whole


def negation_parity(
    case: Case, text: Analysis, clause: Clause, *, of_claim: bool
) -> tuple[int, bool, bool]:
    """Count a clause's negations: those that touch shared words, whether any is soft, any at all.

    A negation in a part of the sentence that the claim leaves out says nothing about the claim.
    """
    inside = [n for n in negators(text.text) if clause.start <= n.start < clause.end]
    hard = [n for n in inside if not n.soft]
    touching = [n for n in hard if of_claim or _touches(case, text, clause, n.start)]
    return len(touching), any(n.soft for n in inside), bool(hard)


def _touches(case: Case, text: Analysis, clause: Clause, position: int) -> bool:
    number = next(n for n, each in enumerate(case.evidence) if each is text)
    places = {(m.start, m.end) for m in case.matches if m.text == number and m.strength >= LIKELY}
    words = text.words_in(clause)
    if text.language == "ja":
        before = [word for word in words if word.start < position][-1:]
        last = bool(words) and not any(word.start > position for word in words)
        return last or any(s < w.end and w.start < e for w in before for s, e in places)
    after = [word for word in words if word.start > position][:4]
    return any(s < w.end and w.start < e for w in after for s, e in places)
