"""What the two search views have in common: what they find, and that they can be unfit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    """A sentence that a view found; higher is better."""

    key: int
    score: float


class ViewError(Exception):
    """A view on disk is missing, damaged or made by other code; the store can make it anew."""


def best_first(keys: list[int], scores: list[float]) -> list[Found]:
    """Order by score, equal scores by key, so that a search gives the same order every time."""
    found = [Found(key, score) for key, score in zip(keys, scores, strict=True)]
    return sorted(found, key=lambda each: (-each.score, each.key))
