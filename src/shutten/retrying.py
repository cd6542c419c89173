"""Requests that may succeed later: how long to wait before one is made again."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx


class AgainError(Exception):
    """The same request may succeed later; whoever makes it catches this.

    `seconds` is how long the other side asks to wait, None where it does not say.
    """

    def __init__(self, reason: str, seconds: float | None = None) -> None:
        super().__init__(reason)
        self.seconds = seconds

    def wait_after(self, tries: int) -> float:
        """Seconds until the next try: as long as was asked for, else 1, 2, 4… with every try."""
        return 2.0 ** (tries - 1) if self.seconds is None else self.seconds


def seconds_asked(response: httpx.Response) -> float | None:
    """Return what Retry-After says, in seconds or as a date (RFC 9110, 10.2.3)."""
    asked = response.headers.get("retry-after", "").strip()
    try:
        return max(0.0, float(asked))
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(asked)
    except ValueError:
        return None
    return max(0.0, (moment.astimezone(UTC) - datetime.now(UTC)).total_seconds())
