"""DokuWiki text, its footnotes in double parentheses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from shutten.exporting.document import Block, Document, Inline, Mark, Words, with_ends

_PERCENT_SIGNS: Final = re.compile("(%+)")

_MARKUP: Final = re.compile(r"[!-/:-@\[-`{-\x7f]|[A-Z][A-Za-z]|[0-9]x[0-9]")
"""Punctuation, and words that DokuWiki replaces: acronyms, smileys such as LOL, 640x480."""


def dokuwiki_text(document: Document) -> str:
    """Return an export as DokuWiki text. DokuWiki itself makes one of two equal footnotes."""
    body = "".join(_block(each) + "\n" * ends for each, ends in with_ends(document.blocks))
    return body.strip("\n") + "\n"


def escaped(text: str) -> str:
    """Return text that DokuWiki shows character for character.

    Inside `%%` everything is text but `%%` itself, and inside `<nowiki>` everything but its end.
    """
    if not _MARKUP.search(text):
        return text
    return "".join(
        f"<nowiki>{piece}</nowiki>" if piece.startswith("%") else f"%%{piece}%%"
        for piece in _PERCENT_SIGNS.split(text)
        if piece
    )


def _block(block: Block) -> str:
    if block.kind == "question":
        # A heading is text to DokuWiki, markup and all.
        words = "".join(part.text for part in block.parts if isinstance(part, Words))
        return f"===== {words} =====\n\n"
    text = _line(block.parts).strip()
    if block.kind == "item":
        return f"  * {text}\n"
    return f"**{text}**\n\n" if block.kind == "caption" else f"{text}\n\n"


def _line(parts: Sequence[Inline]) -> str:
    return "".join(map(_part, parts))


def _part(part: Inline) -> str:
    if isinstance(part, Mark):
        return f"(({_line(part.note.parts)}))"
    if isinstance(part, Words):
        return escaped(part.text)
    return f"[[{part.address}|{part.label}]]"
