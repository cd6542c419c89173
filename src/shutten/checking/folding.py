"""Text as it is compared: width and case folded, invisible marks left out, offsets kept."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from shutten.tokens import INVISIBLE

MARKED = 2
"""Code points of a half-width kana with its sound mark."""
_VOICED = "\uff9e\uff9f"
_SAME = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "‐": "-", "‑": "-", "–": "-"})


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; `origin[i]` is where its character i stands in the text it was made from."""

    text: str
    origin: tuple[int, ...]
    length: int
    """Of the text it was made from."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where `text[start:end]` stands in the original; both within the text."""
        last = self.origin[end - 1]
        behind = next((place for place in self.origin[end:] if place > last), self.length)
        return self.origin[start], behind if behind - last == MARKED else last + 1


def fold(text: str) -> Folded:
    """Fold a text character by character, so that every one keeps its place."""
    kept: list[str] = []
    origin: list[int] = []
    for here, character in enumerate(text):
        if INVISIBLE.match(character) or character in _VOICED:
            continue
        marked = character + text[here + 1 : here + 2] if _is_voiced(text, here) else character
        for each in unicodedata.normalize("NFKC", marked).translate(_SAME).casefold():
            kept.append(each)
            origin.append(here)
    return Folded("".join(kept), tuple(origin), len(text))


def _is_voiced(text: str, here: int) -> bool:
    return text[here + 1 : here + 2] in (_VOICED[0], _VOICED[1])
