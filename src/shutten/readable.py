"""Markdown links and pictures in running text, for those who show the text to people.

Articles and quotations keep every character. Where one is shown, a link is its words alone.
"""

from __future__ import annotations

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
