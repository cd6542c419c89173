"""How often a statement is negated."""

from __future__ import annotations

from dataclasses import dataclass

from shutten.checking.alignment import LIKELY
from shutten.checking.analysis import Analysis
from shutten.checking.case import Case
from shutten.checking.frames import Frame
from shutten.checking.polarity import Negator, negators

_REACH = 4
"""Content words behind "not" or "never" that it can be about."""
_NEXT = frozenset({"no", "without", "none", "neither", "nor"})
"""What these negate is the word right behind them."""


@dataclass(frozen=True, slots=True)
class Negation:
    """`hard` counts the negations that touch shared words, `present` all; `soft` for 未, fail …."""

    hard: int
    present: int
    soft: bool


def negation(case: Case, text: Analysis, frame: Frame, *, of_claim: bool) -> Negation:
    """Count a frame's negations.

    A negation in a part of the sentence that the claim leaves out says nothing about the claim.
    """
    inside = [n for n in negators(text.text) if frame.holds(n.start)]
    hard = [n for n in inside if not n.soft]
    touching = [n for n in hard if of_claim or _touches(case, text, frame, n)]
    return Negation(len(touching), len(hard), any(n.soft for n in inside))


def _touches(case: Case, text: Analysis, frame: Frame, negator: Negator) -> bool:
    number = next(n for n, each in enumerate(case.evidence) if each is text)
    places = {(m.start, m.end) for m in case.matches if m.text == number and m.strength >= LIKELY}
    words = [word for word in text.words if frame.holds(word.start)]
    if text.language == "ja":
        before = [word for word in words if word.start < negator.start][-1:]
        last = not any(word.start > negator.start for word in words)
        return last or any(s < w.end and w.start < e for w in before for s, e in places)
    reach = 1 if text.text[negator.start : negator.end] in _NEXT else _REACH
    after = [word for word in words if word.start >= negator.end][:reach]
    return any(s < w.end and w.start < e for w in after for s, e in places)
