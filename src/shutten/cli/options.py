"""Options whose value is one of a few."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from shutten.errors import UsageError

Choice = TypeVar("Choice", bound=str)


def chosen(option: str, given: str, known: Sequence[Choice]) -> Choice:
    """Return which of the known values is given; raises UsageError, which names them all."""
    for each in known:
        if each == given:
            return each
    raise UsageError(f"{option} {given}: choose one of {', '.join(known)}")
