"""What a question made from a sentence is, before anybody knows whether it will be answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

Wanted = Literal["when", "count", "why", "who", "where", "said", "what", "kind", "side"]


@dataclass(frozen=True, slots=True)
class Made:
    """A question, the kind of expression that it asks for, and the words that answer it.

    `words` stand in the sentence as it was read, but for the forms of letters and digits (NFKC).
    """

    question: str
    wanted: Wanted
    words: str


Maker = Callable[[str], Iterator[Made]]
"""From a sentence to the questions that it answers; mostly to none."""
