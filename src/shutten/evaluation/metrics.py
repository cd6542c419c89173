"""Measures over rankings, answers and refusals. Pure functions; shares are 0 to 1."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass

ENGLISH_ARTICLE = re.compile(r"(?:^|(?<=\s))(?:a|an|the)\s+")
"""Only before another word: the A of ビタミンA stays, and so does an answer "A"."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether one question was refused, whether it should have been, and how sure the reader was.

    `confidence` is the reader's for its best passage; None where it read nothing.
    """

    answerable: bool
    refused: bool
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class TradeOff:
    """Both shares if every question below the threshold were refused."""

    threshold: float
    answerable_refused: float
    unanswerable_refused: float


def share(count: float, total: int) -> float | None:
    """Return count / total, None where there is nothing to share."""
    return count / total if total else None


def mean(values: Sequence[float]) -> float | None:
    """Return the mean, None of nothing."""
    return share(sum(values), len(values))


def rank_of_first(ranking: Sequence[Hashable], gold: Collection[Hashable]) -> int | None:
    """Return the rank (from 1) of the first gold item, None if none is in the ranking."""
    return next((rank for rank, key in enumerate(ranking, start=1) if key in gold), None)


def recall_at(ranks: Sequence[int | None], k: int) -> float | None:
    """Return the share of questions whose first gold key is among the best k."""
    return share(sum(rank is not None and rank <= k for rank in ranks), len(ranks))


def mean_reciprocal_rank(ranks: Sequence[int | None]) -> float | None:
    """Return the mean of 1/rank; a question without a gold key counts 0."""
    return mean([1 / rank if rank else 0.0 for rank in ranks])


def normalise(text: str) -> str:
    """Fold width and case, drop English articles, punctuation and white space, as JGLUE does."""
    folded = ENGLISH_ARTICLE.sub("", unicodedata.normalize("NFKC", text).lower())
    return "".join(
        character
        for character in folded
        if not character.isspace() and not unicodedata.category(character).startswith("P")
    )


def exact_match(predicted: str, accepted: Sequence[str]) -> float:
    """Return 1.0 if the normalised prediction is an accepted answer."""
    return float(normalise(predicted) in {normalise(answer) for answer in accepted})


def character_f1(predicted: str, accepted: Sequence[str]) -> float:
    """Return the best F1 over accepted answers, on normalised characters as a multiset."""
    return max((_pair_f1(normalise(predicted), normalise(each)) for each in accepted), default=0.0)


def _pair_f1(predicted: str, accepted: str) -> float:
    if not predicted or not accepted:
        return float(predicted == accepted)
    common = sum((Counter(predicted) & Counter(accepted)).values())
    return 2 * common / (len(predicted) + len(accepted))


def contains(text: str | None, answer: str) -> bool:
    """Tell whether the normalised answer stands in the normalised text."""
    return text is not None and normalise(answer) in normalise(text)


def area_under_curve(higher: Sequence[float], lower: Sequence[float]) -> float | None:
    """Return the chance that a value of the first kind is above one of the second (ties: half).

    It is the area under the ROC curve (Hanley and McNeil 1982); None without values of both kinds.
    """
    ordered = sorted(lower)
    above = sum(bisect_left(ordered, each) + bisect_right(ordered, each) for each in higher)
    return share(above, 2 * len(higher) * len(lower))


def trade_off(decisions: Sequence[Decision], steps: int = 100) -> list[TradeOff]:
    """Return both shares of refusal for thresholds 0, 1/steps, …, 1."""
    answerable = [level(each) for each in decisions if each.answerable]
    unanswerable = [level(each) for each in decisions if not each.answerable]
    return [
        TradeOff(step / steps, _below(answerable, step / steps), _below(unanswerable, step / steps))
        for step in range(steps + 1)
    ]


def level(decision: Decision) -> float:
    """Return the confidence; where nothing was read, one below any threshold."""
    return -1.0 if decision.confidence is None else decision.confidence


def _below(levels: Sequence[float], threshold: float) -> float:
    return share(sum(level < threshold for level in levels), len(levels)) or 0.0
