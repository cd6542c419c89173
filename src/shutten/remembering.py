"""What is worked out of a text once and remembered, until texts are to be forgotten."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar, cast

Given = ParamSpec("Given")
Result = TypeVar("Result")

_FORGET: list[Callable[[], None]] = []


def remembered(maxsize: int) -> Callable[[Callable[Given, Result]], Callable[Given, Result]]:
    """Remember the last results of a function of texts, as `lru_cache` does."""

    def wrap(function: Callable[Given, Result]) -> Callable[Given, Result]:
        kept = lru_cache(maxsize=maxsize)(function)
        _FORGET.append(kept.cache_clear)
        return cast("Callable[Given, Result]", kept)

    return wrap


def forget_texts() -> None:
    """Drop all that is remembered: a file that a visitor takes back leaves no sentence behind."""
    for forget in _FORGET:
        forget()
