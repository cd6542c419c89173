"""MediaWiki text, its footnotes in `<ref>`."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import Final

from shutten.exporting.document import (
    Block,
    Document,
    Inline,
    Link,
    Mark,
    Note,
    Words,
    with_ends,
)

_MARKUP: Final = re.compile(
    r"[&<>\[\]{}|\x7f]|''+|~~+|__+|==+|(?<=[A-Za-z]):(?=\S)|(?<=:)//|(?<=-)-|//(?=\S)"
    r"|(?<=ISBN) |(?<=RFC) |(?<=PMID) |^[*#:;=!+~-]|(?<=[ \u3000])(?=\Z)"
)


def mediawiki_text(document: Document) -> str:
    """Return an export as MediaWiki text that ends with the list of its footnotes."""
    write = _Writer(document)
    body = "".join(write.block(each) + "\n" * ends for each, ends in with_ends(document.blocks))
    return body.strip("\n") + "\n" + ("\n<references />\n" if document.notes else "")


def escaped(text: str) -> str:
    """Return text that MediaWiki shows character for character: markup becomes entities."""
    return _MARKUP.sub(lambda found: "".join(f"&#{ord(each)};" for each in found.group()), text)


class _Writer:
    """Writes each footnote once; where it is cited again, it is called by its name."""

    def __init__(self, document: Document) -> None:
        marks = [
            part.note for block in document.blocks for part in block.parts if isinstance(part, Mark)
        ]
        self._repeated = {note for note, times in Counter(marks).items() if times > 1}
        self._written: set[Note] = set()

    def block(self, block: Block) -> str:
        """Return a block's markup; blocks must come in the order of the document."""
        text = "".join(map(self._part, block.parts)).strip()
        if block.kind == "item":
            return f"* {text}\n"
        form = {"question": "== {} ==\n\n", "caption": "'''{}'''\n\n"}.get(block.kind, "{}\n\n")
        return form.replace("{}", text)

    def _part(self, part: Inline) -> str:
        return self._ref(part.note) if isinstance(part, Mark) else _text(part)

    def _ref(self, note: Note) -> str:
        name = f' name="{_name(note)}"' if note in self._repeated else ""
        if note in self._written:
            return f"<ref{name} />"
        self._written.add(note)
        return f"<ref{name}>{''.join(map(_text, note.parts))}</ref>"


def _text(part: Words | Link) -> str:
    if isinstance(part, Words):
        return escaped(part.text)
    return f"[{part.address} {escaped(part.label)}]"


def _name(note: Note) -> str:
    """Return a name by the note's content, so that two exports can stand on one page."""
    content = "\n".join(map(_text, note.parts))
    return f"shutten-{hashlib.blake2b(content.encode(), digest_size=6).hexdigest()}"
