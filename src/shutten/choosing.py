"""Readings for a question that names what to choose from: only one of the two may be its answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from shutten.conversation import Choice
from shutten.grounding import answering_words, choose
from shutten.types import Reading


def read_choice(
    choice: Choice,
    asked: Sequence[Reading],
    read: Callable[[str], Sequence[Reading]],
    threshold: float,
) -> list[Reading]:
    """Return readings whose answering words are one of the two things named, or none are known.

    `asked` are those of the question as it was typed, `read` gives those of the same passages for
    one of its open forms. The first form whose answer is one of the two is taken. Where no form has
    an answer of their kind, it is what the sentence that seems to answer has, if that is only one
    of them.
    """
    if _DENIES.search(choice.open_questions[0]):
        return without_words(asked)
    others: list[str] = []
    for question in choice.open_questions:
        readings = read(question)
        best = next(iter(choose(readings, threshold)), None)
        words = answering_words(best) if best is not None else None
        if best is None or words is None:
            continue
        named = choice.named_in(words)
        if named is not None:
            text = best.passage.hit.text
            if choice.place_of(named, text) < 0:  # cut out of the other one's name
                named = choice.only_in(text) or named
            denied = _is_denied(named, text)
            return without_words(readings) if denied else _only(choice, best, named, readings)
        others += [words] if _has_number(words) == _has_number(choice.options[0]) else []
    own = next(iter(choose(asked, threshold)), None)
    named = None if own is None or others else choice.only_in(own.passage.hit.text)
    if own is not None and named is not None and not _is_denied(named, own.passage.hit.text):
        return _only(choice, own, named, asked)
    return without_words(asked)


_DENIES = re.compile(r"な(?:い|かった|く)|ません|ず(?:に|、)|\bnot\b|n't\b|\bnever\b")
"""Of two things, a reader cannot tell well which one is not so."""


def _is_denied(named: str, text: str) -> bool:
    """Whether a sentence says that it is not the one: not by Grey but by Short."""
    name = re.escape(named)
    return bool(
        re.search(rf"\b(?:not|rather than|instead of)\b(?: \w+){{0,4}} {name}", text, re.IGNORECASE)
        or re.search(rf"{name}[^、。]{{0,6}}(?:では?なく|では?ない|でなかった|じゃな)", text)
    )


def _has_number(words: str) -> bool:
    return any(character.isnumeric() for character in words)


def _only(choice: Choice, best: Reading, named: str, readings: Sequence[Reading]) -> list[Reading]:
    """The readings with the words of the best one alone: the thing named, where it stands there."""
    bare = without_words(readings)
    return [
        _narrowed(choice, each, named) if each is best else other
        for each, other in zip(readings, bare, strict=True)
    ]


def _narrowed(choice: Choice, reading: Reading, named: str) -> Reading:
    text = reading.passage.hit.text
    start = choice.place_of(named, text, reading.start or 0)
    if start < 0:
        start = choice.place_of(named, text)
    if start < 0 or len(text.casefold()) != len(text):
        return reading
    return with_words(reading, start, start + len(named))


def with_words(reading: Reading, start: int, end: int) -> Reading:
    """The reading with other answering words, which are known for sure."""
    return replace(reading, start=start, end=end, span_confidence=1.0)


def without_words(readings: Sequence[Reading]) -> list[Reading]:
    """The readings, of whose sentences no words are known to answer."""
    return [replace(each, start=None, end=None) for each in readings]
