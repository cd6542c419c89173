"""Plain text, with the footnotes below."""

from __future__ import annotations

from collections.abc import Sequence

from shutten.exporting.document import Block, Document, Inline, Link, Mark, Note, Words

_FRONTS = {"question": "■ ", "item": "- "}


def plain_text(document: Document) -> str:
    """Return an export as lines of text; a footnote ends with the address of its page."""
    body = "\n".join(_spaced(document.blocks))
    notes = "\n".join(map(_note, document.notes))
    return "\n\n".join(part for part in (body, notes) if part) + "\n"


def _spaced(blocks: Sequence[Block]) -> list[str]:
    lines: list[str] = []
    for block in blocks:
        if lines and block.kind != "item":
            lines.append("")
        lines.append(_FRONTS.get(block.kind, "") + _line(block.parts))
    return lines


def _note(note: Note) -> str:
    return f"[{note.number}] {_line(note.parts)}"


def _line(parts: Sequence[Inline]) -> str:
    addresses = [part.address for part in parts if isinstance(part, Link)]
    return " ".join(["".join(map(_part, parts)), *addresses[:1]])


def _part(part: Inline) -> str:
    if isinstance(part, Mark):
        return f"[{part.note.number}]"
    return part.text if isinstance(part, Words) else part.label
