"""What people say of answers: counted, and written down only where a setting names a file."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal, get_args

from shutten.questions import one_of
from shutten.web.api.problems import RefusedError

Rating = Literal["up", "down"]
Reason = Literal["incorrect", "incomplete", "wrong_source", "refused", "other"]

RATINGS: Final[tuple[Rating, ...]] = get_args(Rating)
REASONS: Final[tuple[Reason, ...]] = get_args(Reason)

LONGEST: Final = {"answer_id": 100, "question": 2000, "comment": 1000}
"""Characters of the free texts."""

OWNER_ALONE: Final = 0o600


@dataclass(frozen=True, slots=True)
class Feedback:
    """One opinion. Nothing says whose it is."""

    rating: Rating
    reason: Reason | None = None
    answer_id: str | None = None
    question: str | None = None
    comment: str | None = None


def read_feedback(record: Mapping[str, Any]) -> Feedback:
    """Read an opinion's JSON object; raises ValueError, whose message names the member at fault."""
    texts = {name: _text(name, record.get(name), most) for name, most in LONGEST.items()}
    return Feedback(
        one_of("rating", record.get("rating"), RATINGS), _reason(record.get("reason")), **texts
    )


def _reason(value: object) -> Reason | None:
    return None if value is None else one_of("reason", value, REASONS)


def _text(name: str, value: object, most: int) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > most:
        message = f'"{name}" must be a string of up to {most} characters'
        raise ValueError(message)
    return value


class FeedbackFile:
    """A file of JSON lines, one per opinion, that its owner alone can read; None keeps nothing."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lock = threading.Lock()

    def keep(self, feedback: Feedback) -> bool:
        """Write an opinion down and return whether there is a file for it; raises RefusedError."""
        if self._path is None:
            return False
        record = {"time": datetime.now(UTC).isoformat(timespec="seconds"), **asdict(feedback)}
        line = json.dumps(record, ensure_ascii=False) + "\n"
        try:
            with self._lock, open(self._path, "ab", opener=_open_for_owner) as file:
                file.write(line.encode("utf-8", "backslashreplace"))
        except OSError as error:
            raise RefusedError("feedback_not_kept") from error
        return True


def _open_for_owner(path: str, flags: int) -> int:
    return os.open(path, flags, OWNER_ALONE)
