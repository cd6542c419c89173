"""Next questions: made from sentences near the cited ones, and offered once they are answered."""

from __future__ import annotations

from shutten.suggesting.suggester import (
    SHOWN,
    Answered,
    Suggester,
    Suggestion,
    with_suggestions,
)

__all__ = ["SHOWN", "Answered", "Suggester", "Suggestion", "with_suggestions"]
