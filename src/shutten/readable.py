"""Markdown links, pictures and rows of tables, for those who show the text to people.

Articles and quotations keep every character. Where one is shown, a link is its words alone, and the
bars of a row stand between its cells only.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Final

Span = tuple[int, int]
"""From one character to before another."""

_TARGET: Final = r"\((?:[^()\n]|\([^()\n]*\))*\)"
_IMAGE: Final = re.compile(rf"!\[(?P<label>[^\[\]\n]*)\]{_TARGET}")
_LINK: Final = re.compile(
    rf"(?<!!)\[(?P<label>(?!\d+\])(?:[^\[\]\n]|!\[[^\[\]\n]*\]{_TARGET})*)\]{_TARGET}"
)


_ROW: Final = re.compile(r"^[ \t]*\|.*\|[ \t\r]*$", re.MULTILINE)
_BAR: Final = re.compile(r"[ \t]*(?<!\\)\|[ \t]*")
_RULE: Final = re.compile(
    r"[ \t]*+(?:\|[ \t]*+)?:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*+\|?[ \t\r]*+"
)
_WORD: Final = re.compile(r"\w")


def bars(text: str) -> tuple[list[Span], list[Span]]:
    """Return the bars of the rows of tables in a text: the outer ones, and those between cells."""
    outer: list[Span] = []
    inner: list[Span] = []
    for row in _ROW.finditer(text):
        found = [bar.span() for bar in _BAR.finditer(text, row.start(), row.end())]
        if _are_of_a_row(text, found):
            outer += [found[0], found[-1]]
            inner += found[1:-1]
    return outer, inner


def is_rule(text: str) -> bool:
    """Tell whether a line is the one between the head of a table and its rows."""
    return "|" in text and _RULE.fullmatch(text) is not None


def _are_of_a_row(text: str, found: Sequence[Span]) -> bool:
    """Whether there are cells between the bars; in |x|+|y|, without any space, there are none."""
    if len(found) < 3:  # noqa: PLR2004 - before, between and behind two cells
        return False
    cells = [text[one[1] : other[0]] for one, other in itertools.pairwise(found)]
    is_spaced = all(end - start > 1 for start, end in found[1:-1])
    return is_spaced or all(_WORD.search(cell) for cell in cells)


def hidden_spans(text: str) -> list[Span]:
    """Return what of a text is a link's or a picture's own marking, in order, without overlap."""
    return _joined(sorted(_marking(text)))


def readable(text: str) -> str:
    """Return a text with its links as their words and its pictures as their description."""
    kept, position = [], 0
    for start, end in hidden_spans(text):
        kept.append(text[position:start])
        position = end
    return "".join([*kept, text[position:]])


def _marking(text: str) -> Iterator[Span]:
    for pattern in (_LINK, _IMAGE):
        for found in pattern.finditer(text):
            yield found.start(), found.start("label")
            yield found.end("label"), found.end()


def _joined(spans: Sequence[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
