"""One claim beside the sentences that are to bear it out: what the checks look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from shutten.checking.alignment import Match
from shutten.checking.analysis import Analysis
from shutten.checking.dates import Moment, moments


@dataclass(frozen=True, eq=False)
class Case:
    """`evidence` are the cited sentences, the best first, `context` titles and sentences before.

    `matches` number the texts through: evidence first, then context, of which some are `titles`.
    """

    claim: Analysis
    evidence: tuple[Analysis, ...]
    context: tuple[Analysis, ...]
    matches: tuple[Match, ...]
    published: date | None = None
    titles: tuple[Analysis, ...] = ()

    @property
    def texts(self) -> tuple[Analysis, ...]:
        """Evidence and context in the order in which matches number them."""
        return (*self.evidence, *self.context)

    def is_cited(self, match: Match) -> bool:
        """Whether a word was found in a cited sentence and not in the context alone."""
        return 0 <= match.text < len(self.evidence)

    def shown(self, start: int, end: int) -> str:
        """Words of the claim as it is written, from offsets in its folded text."""
        first, last = self.claim.folded.span(start, end)
        return self.claim.source[first:last]

    def dates(self, number: int) -> list[Moment]:
        """The dates of a cited sentence, with years that the context told before it."""
        text = self.evidence[number]
        since = self._year_before(text)
        found = moments(text.text, published=self.published, since=since)
        return _completed(found, since)

    @cached_property
    def told_dates(self) -> list[list[Moment]]:
        """The dates of each cited sentence."""
        return [self.dates(number) for number in range(len(self.evidence))]

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
