"""A wiki page as text: what its reader sees, laid out as in Markdown, with its sections."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from shutten.documents import tidy
from shutten.tables import rule_of
from shutten.types import Section
from shutten.wiki.anchors import Anchors

Kind = Literal["paragraph", "item", "row", "code", "heading"]

_TOGETHER: tuple[Kind, ...] = ("item", "row")
_RUNS = re.compile("`{3,}")
_MISREAD = re.compile(r"^(?:`{3,}|~{3,}|[-+]{3}$)", re.MULTILINE)
"""What would open a code block or front matter, though the page means the characters."""


class PageText:
    """Takes the parts of a page in their order; white space in what it is given means nothing."""

    def __init__(self, anchors: Anchors) -> None:
        self._anchors = anchors
        self._pieces: list[str] = []
        self._length = 0
        self._last: Kind = "paragraph"
        self._sections: list[Section] = []

    def heading(self, level: int, text: str, *, named: str | None = None) -> None:
        """Add a heading (level 1 to 6); its anchor comes of its text, or of what `named` says."""
        shown = tidy(text).replace("\n", " ")
        if shown:
            anchor = self._anchors.next(text if named is None else named)
            self._add("heading", f"{'#' * level} {shown}", anchor)

    def paragraph(self, text: str) -> None:
        """Add a paragraph."""
        shown = _MISREAD.sub("", tidy(text))
        if shown:
            self._add("paragraph", shown)

    def item(self, text: str, *, anchor: str | None = None) -> None:
        """Add an item of a list; with an anchor it is a section of its own."""
        shown = tidy(text)
        if shown:
            self._add("item", f"- {shown}", anchor)

    def row(self, cells: Sequence[str], *, head: bool = False) -> None:
        """Add a row of a table, empty cells too; the `head` names its columns."""
        shown = [tidy(cell).replace("\n", " ") for cell in cells]
        if any(shown):
            self._add("row", f"| {' | '.join(shown)} |")
            if head and len(shown) > 1:
                self._add("row", rule_of(len(shown)))

    def code(self, text: str) -> None:
        """Add lines that stay as they are."""
        lines = text.expandtabs().strip("\n").rstrip()
        if lines.strip():
            fence = "`" * max([3, *(len(run) + 1 for run in _RUNS.findall(lines))])
            self._add("code", f"{fence}\n{lines}\n{fence}")

    def written(self) -> tuple[str, tuple[Section, ...]]:
        """Return the text and its sections."""
        return "".join(self._pieces), tuple(self._sections)

    def _add(self, kind: Kind, text: str, anchor: str | None = None) -> None:
        if self._pieces:
            between = "\n" if kind == self._last and kind in _TOGETHER else "\n\n"
            self._pieces.append(between)
            self._length += len(between)
        if anchor is not None:
            self._sections.append(Section(self._length, anchor))
        self._pieces.append(text)
        self._length += len(text)
        self._last = kind
