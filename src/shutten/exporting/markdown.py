"""Markdown with footnotes, as GitHub, pandoc, MkDocs and Obsidian read it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from shutten.exporting.document import (
    Block,
    Document,
    Inline,
    Mark,
    Note,
    Words,
    with_ends,
)

_FRONTS: Final = {"question": "## ", "item": "- "}

_MARKUP: Final = re.compile(r"[\\`*_{}\[\]#]|[&<>|~$^@]|(?<=:)//|\bwww(?=\.)", re.IGNORECASE)
_BACKSLASHED: Final = "\\`*_{}[]#"
"""Every Markdown takes a backslash before these. Before `<` not all do: the rest are entities."""
_AT_START: Final = re.compile(
    r"(?P<before>\s*)(?P<sign>[-+:!=%?])|(?P<number>\s*\d+)(?P<end>[.)])(?=\s|$)"
)


def markdown_text(document: Document) -> str:
    """Return an export whose footnotes are `[^1]`, defined at its end."""
    body = "".join(_block(each) + "\n" * ends for each, ends in with_ends(document.blocks))
    notes = "".join(map(_note, document.notes))
    title = f"# {escaped(document.title)}\n\n" if _is_conversation(document) else ""
    return f"{title}{body}{notes}".strip("\n") + "\n"


def escaped(text: str) -> str:
    """Return text that Markdown shows character for character."""
    inside = _MARKUP.sub(lambda found: _neutral(found.group()), text)
    start = _AT_START.match(inside)
    if start is None:
        return inside
    before, sign = start["before"] or start["number"] or "", start["sign"] or start["end"]
    return f"{before}&#{ord(sign)};{inside[start.end() :]}"


def _neutral(markup: str) -> str:
    if markup in _BACKSLASHED:
        return f"\\{markup}"
    return f"&#{ord(markup[0])};{markup[1:]}"


def _is_conversation(document: Document) -> bool:
    return any(block.kind == "question" for block in document.blocks)


def _block(block: Block) -> str:
    text = _line(block.parts).strip()
    if block.kind == "caption":
        return f"**{text}**\n\n"
    return f"{_FRONTS.get(block.kind, '')}{text}\n" + ("" if block.kind == "item" else "\n")


def _note(note: Note) -> str:
    return f"\n[^{note.number}]: {_line(note.parts)}\n"


def _line(parts: Sequence[Inline]) -> str:
    return "".join(map(_part, parts))


def _part(part: Inline) -> str:
    if isinstance(part, Mark):
        return f"[^{part.note.number}]"
    if isinstance(part, Words):
        return escaped(part.text)
    return f"[{escaped(part.label)}]({part.address})"
