"""What people said of answers, for people and for programs."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final, Literal, get_args

from shutten.cli.options import chosen
from shutten.feedback import (
    RATINGS,
    Feedback,
    FeedbackStore,
    feedback_as_dict,
    feedback_place,
)
from shutten.settings import Settings

Form = Literal["jsonl", "csv"]
FORMS: Final[tuple[Form, ...]] = get_args(Form)

COLUMNS: Final = tuple(feedback_as_dict(Feedback("up")))

_SIGNS: Final = {"up": "+", "down": "-"}
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet compute a cell: anybody can write it into a comment."""
_SHOWN: Final = 100


def opinions(
    settings: Settings, *, rating: str | None = None, last: int | None = None
) -> list[Feedback]:
    """Return what is kept, oldest first; raises FeedbackError, UsageError."""
    asked = None if rating is None else chosen("--rating", rating, RATINGS)
    return FeedbackStore(feedback_place(settings)).opinions(rating=asked, last=last)


def exported(kept: Sequence[Feedback], form: Form) -> Iterator[str]:
    """Yield the lines of a file, as JSON or as CSV with a line of names at its head.

    In CSV an apostrophe stands before what a spreadsheet would compute.
    """
    if form == "jsonl":
        yield from (json.dumps(feedback_as_dict(each), ensure_ascii=False) for each in kept)
        return
    yield _csv_line(COLUMNS)
    for each in kept:
        yield _csv_line([_cell(value) for value in feedback_as_dict(each).values()])


def _csv_line(cells: Sequence[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)  # with an end, by which it knows what to quote
    return buffer.getvalue().removesuffix("\r\n")


def _cell(value: Any) -> str:  # noqa: ANN401 - what JSON can hold
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text.startswith(_FORMULA) else text


def opinion_as_text(opinion: Feedback) -> str:
    """Return one opinion on a line or two: when, what, why, and of which question."""
    facts = [opinion.time, _SIGNS[opinion.rating], *filter(None, [opinion.reason])]
    question = "(private)" if opinion.private else opinion.question or opinion.answer_id or ""
    line = "  ".join([*facts, _one_line(question)]).rstrip()
    return f"{line}\n    {_one_line(opinion.comment)}" if opinion.comment else line


def _one_line(text: str) -> str:
    joined = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return joined if len(joined) <= _SHOWN else f"{joined[: _SHOWN - 1]}…"


def counts(kept: Sequence[Feedback]) -> dict[str, Any]:
    """Return how many opinions there are, by rating, and by reason."""
    ratings = Counter(each.rating for each in kept)
    reasons = Counter(each.reason for each in kept if each.reason)
    return {
        "total": len(kept),
        "up": ratings["up"],
        "down": ratings["down"],
        "reasons": dict(reasons.most_common()),
    }


def counts_as_text(counted: dict[str, Any]) -> str:
    """Return the counts on a line."""
    reasons = ", ".join(f"{name} {number}" for name, number in counted["reasons"].items())
    ratings = "rating" if counted["total"] == 1 else "ratings"
    line = f"{counted['total']} {ratings}: {counted['up']} up, {counted['down']} down"
    return f"{line} ({reasons})" if reasons else line
