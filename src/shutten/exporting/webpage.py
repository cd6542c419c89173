"""HTML that needs nothing else: no script, no picture, no style from elsewhere."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Final

from shutten.exporting.document import Block, Document, Inline, Mark, Note, Words

_STYLE: Final = (
    "body{margin:2rem auto;max-width:44rem;padding:0 1rem;line-height:1.8;"
    'font-family:"Hiragino Sans","Yu Gothic UI","Noto Sans CJK JP",Meiryo,system-ui,sans-serif;'
    "color:#23262d;background:#fffefb;overflow-wrap:anywhere}"
    "h1{font-size:1.5rem;line-height:1.5}h2{font-size:1.15rem;margin:2rem 0 .5rem}"
    "sup{line-height:0}a{color:#1f4f7c}ol.notes{border-top:1px solid #dedad0;padding-top:1rem;"
    "margin-top:2rem;font-size:.9rem}"
    "@media(prefers-color-scheme:dark){body{color:#e8e5dd;background:#1c1f25}a{color:#8fbce6}"
    "ol.notes{border-color:#363a43}}"
)

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
"""Should a browser ever find something to run or to load in the page, it will not."""


def html_page(document: Document) -> str:
    """Return an export as a page of its own, the title as its heading."""
    title = html.escape(document.title)
    return (
        f'<!doctype html>\n<html lang="{document.language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{title}</h1>\n{html_fragment(document)}</main>\n</body>\n</html>\n"
    )


def html_fragment(document: Document) -> str:
    """Return an export as what goes inside another page."""
    body = "".join(_blocks(document.blocks))
    notes = "".join(map(_note, document.notes))
    return body + (f'<ol class="notes">\n{notes}</ol>\n' if notes else "")


def _blocks(blocks: Sequence[Block]) -> list[str]:
    written = []
    kinds = [None, *(block.kind for block in blocks), None]
    for block, before, after in zip(blocks, kinds, kinds[2:], strict=False):
        text = _block(block)
        if block.kind == "item" and before != "item":
            text = f"<ul>\n{text}"
        if block.kind == "item" and after != "item":
            text = f"{text}</ul>\n"
        written.append(text)
    return written


def _block(block: Block) -> str:
    text = _line(block.parts)
    if block.kind == "caption":
        return f"<p><strong>{text}</strong></p>\n"
    tag = {"question": "h2", "item": "li"}.get(block.kind, "p")
    return f"<{tag}>{text}</{tag}>\n"


def _note(note: Note) -> str:
    return f'<li id="shutten-{note.number}">{_line(note.parts)}</li>\n'


def _line(parts: Sequence[Inline]) -> str:
    return "".join(map(_part, parts))


def _part(part: Inline) -> str:
    if isinstance(part, Mark):
        number = part.note.number
        return f'<sup><a href="#shutten-{number}">[{number}]</a></sup>'
    if isinstance(part, Words):
        return html.escape(part.text)
    return f'<a href="{html.escape(part.address)}">{html.escape(part.label)}</a>'
