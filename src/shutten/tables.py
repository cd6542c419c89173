"""Rows of tables in words: each cell behind the name of its column, as a reader needs them.

Articles, sentences and quotations keep their rows as they stand; what is found and read is the row
in words, `年: 1955年、人口: 9,640人` for `| 1955年 | 9,640人 |` under `| 年 | 人口 |`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from shutten.readable import bars, is_rule
from shutten.types import Passage, Reading
from shutten.wording.counters import COUNTER, counted_in

LONGEST_TABLE = 2_000
"""So many rows below its head know the names of their columns."""

_JAPANESE = re.compile(r"[\u3041-\u30fa\u3400-\u9fff]")
_WORD = re.compile(r"[\u3400-\u9fff]|[ァ-ヴー]{2,}|[a-z]{3,}|\d+")
"""A column is named by any kanji of it: 女性 names 女."""
_KEY_AND_VALUE = 2

_PARAGRAPH = re.compile(
    r"(?:[0-9０-９]{1,2}[ \u3000]|[一二三四五六七八九十]{1,3}\u3000"
    r"|[(（][0-9０-９一二三四五六七八九十]{1,3}[)）]\s?"
    rf"|[①-⑳]\s?)(?!{COUNTER.pattern})(?=[「『\u3041-\u30fa\u3400-\u9fff])"
)
"""The number before a paragraph of a Japanese rule: 2 会費は…, （二）. In 「3 人」 it counts."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Worded:
    """A row in words; `cells` says of each cell where it stands in them, and where in the row."""

    text: str
    cells: tuple[tuple[Span, Span], ...]

    def in_row(self, start: int, end: int) -> Span | None:
        """Where the words `text[start:end]` stand in the row: in one cell, or nowhere."""
        touched = [each for each in self.cells if start < each[0][1] and each[0][0] < end]
        if len(touched) != 1:
            return None
        (first, last), (place, _) = touched[0]
        return place + max(start, first) - first, place + min(end, last) - first

    def of_row(self, start: int, end: int) -> Span | None:
        """Where what `row[start:end]` holds of the cells stands in the words; None: in no cell."""
        touched = [each for each in self.cells if start < each[1][1] and each[1][0] < end]
        if not touched:
            return None
        (first, _), (place, _) = touched[0]
        (begin, _), (last, final) = touched[-1]
        return first + max(start, place) - place, begin + min(end, final) - last

    def meant(self, question: str, start: int, end: int) -> Span | None:
        """The words `text[start:end]`, or the cell beside them that the question means instead.

        Of cells that count the same one answers if the question has a word of its column that is
        no other's: 「大人はいくら」 asks for no one of the prices under 平日 and 休日.
        """
        counted = counted_in(self.text[start:end])
        cells = [place for place, _ in self.cells]
        own = next((each for each in cells if each[0] < end and start < each[1]), None)
        alike = [
            each
            for each in cells
            if each == own or counted & counted_in(self.text[each[0] : each[1]])
        ]
        if not counted or len(alike) <= 1:
            return start, end
        words = [_words(self._name_before(first)) for first, _ in alike]
        asked = _words(question)
        named = [
            each
            for at, each in enumerate(alike)
            if asked & words[at].difference(*words[:at], *words[at + 1 :])
        ]
        if own in named:
            return start, end
        return named[0] if len(named) == 1 else None

    def _name_before(self, start: int) -> str:
        """The name of the column whose cell begins at `start` of the words."""
        ahead = [last for (_, last), _ in self.cells if last <= start]
        return self.text[max(ahead, default=0) : start]


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


def is_row(line: str) -> bool:
    """Whether a line, without white space around it, is a row of a table in bars."""
    return line.startswith("|") and line.endswith("|") and bool(bars(line)[0])


def cells_of(row: str) -> list[Span]:
    """Return where the cells of a row stand, empty ones among them; none where it is no row."""
    outer, inner = bars(row)
    if not outer:
        return []
    between = itertools.pairwise([outer[0], *inner, outer[-1]])
    return [(one[1], max(one[1], other[0])) for one, other in between]


def rule_of(cells: int) -> str:
    """Return the rule below the head of a table with so many columns."""
    return "|" + "---|" * cells


def worded(row: str, columns: Sequence[str] = ()) -> Worded | None:
    """Put a row into words; None where it is none, or nobody says what its cells are.

    Without names of columns, of two cells the first one names the second.
    """
    cells = cells_of(row) if is_row(row) else []
    filled = [row[first:last] for first, last in cells]
    if not columns and len(cells) == _KEY_AND_VALUE and all(filled):
        return _joined(row, [(f"{filled[0]}: ", cells[1])])
    # A cell over several rows or columns moves those beside it under the wrong names.
    if not columns or len(cells) != len(columns):
        return None
    named = zip(columns, cells, filled, strict=True)
    return _joined(row, [(f"{name}: " if name else "", cell) for name, cell, text in named if text])


@dataclass(frozen=True, slots=True)
class Head:
    """The names of a table's columns; `rule` is where the line below them begins in the text."""

    rule: int
    columns: tuple[str, ...]


class Tables:
    """The tables of one text, which is looked through once, when a row of it is first asked for."""

    def __init__(self, text: str) -> None:
        self._text = text

    def columns_at(self, start: int) -> tuple[str, ...]:
        """Return the names of the columns of the row that begins at `start`; none without a head.

        The head of a table is the row above a rule (|---|---|).
        """
        head = self.head_at(start)
        return head.columns if head else ()

    def head_at(self, start: int) -> Head | None:
        """Return the head of the table whose row begins at `start`; None without one."""
        return self._heads.get(self._text.rfind("\n", 0, start) + 1)

    @property
    def heads(self) -> list[Head]:
        """The heads of all tables that have rows, from above."""
        return list(dict.fromkeys(self._heads.values()))

    def sought(self, start: int, end: int) -> str:
        """Return `text[start:end]` as it is looked for: a row of a table in words."""
        piece = self._text[start:end]
        row = piece.strip()
        told = worded(row, self.columns_at(start)) if is_row(row) else None
        return piece if told is None else told.text

    @cached_property
    def _heads(self) -> dict[int, Head]:
        """The head that a row stands under, by where the line of the row begins."""
        found: dict[int, Head] = {}
        head: Head | None = None
        below, above, start = 0, "", 0
        for line in self._text.split("\n"):
            bare = line.strip()
            below += 1
            if head is not None and is_row(bare) and below <= LONGEST_TABLE:
                found[start] = head
            if is_rule(bare):
                columns = tuple(above[first:last] for first, last in cells_of(above))
                head, below = Head(start, columns) if columns else None, 0
            elif not is_row(bare):
                head = None
            above, start = bare, start + len(line) + 1
        return found


@dataclass(frozen=True, slots=True)
class Told:
    """A passage as it is read: `passage` has a row of a table in words, without those around it.

    An answer is read behind its question, a paragraph of a rule without its number; `ahead` is how
    many characters that puts in front, less than none where it takes some away.
    """

    passage: Passage
    quoted: Passage
    row: Worded | None = None
    ahead: int = 0

    @classmethod
    def of(cls, passage: Passage) -> Told:
        """Put a passage into words, where it is a row of a table."""
        row = worded(passage.hit.text, passage.columns)
        if row is None:
            return cls._answering(passage) if passage.question else cls._unnumbered(passage)
        hit = replace(passage.hit, text=row.text)
        return cls(replace(passage, hit=hit, before="", after=""), passage, row)

    @classmethod
    def _answering(cls, passage: Passage) -> Told:
        question = f"{passage.question} "
        hit = replace(passage.hit, text=question + passage.hit.text)
        before = "" if passage.before == passage.question else passage.before
        return cls(replace(passage, hit=hit, before=before), passage, ahead=len(question))

    @classmethod
    def _unnumbered(cls, passage: Passage) -> Told:
        """Leave out the number of a paragraph: it is no answer, and sentences seldom begin so."""
        text = passage.hit.text
        number = _PARAGRAPH.match(text)
        if number is None:
            return cls(passage, passage)
        hit = replace(passage.hit, text=text[number.end() :])
        return cls(replace(passage, hit=hit), passage, ahead=-number.end())

    def as_quoted(self, reading: Reading, question: str) -> Reading:
        """Return a reading of the passage in words as one of the passage as it stands.

        No words are the answer that stand in one of several columns of which none is named.
        """
        if self.ahead:
            return self._moved(reading)
        if self.row is None:
            return reading
        meant = None
        if reading.start is not None and reading.end is not None:
            meant = self.row.meant(question, reading.start, reading.end)
        start, end = (meant and self.row.in_row(*meant)) or (None, None)
        return replace(reading, passage=self.quoted, start=start, end=end)

    def _moved(self, reading: Reading) -> Reading:
        start, end = reading.start, reading.end
        if start is None or end is None or start < self.ahead:
            return replace(reading, passage=self.quoted, start=None, end=None)
        return replace(reading, passage=self.quoted, start=start - self.ahead, end=end - self.ahead)


def _joined(row: str, named: Sequence[tuple[str, Span]]) -> Worded | None:
    if not named:
        return None
    said = "".join([row, *(name for name, _ in named)])
    mark = "、" if _JAPANESE.search(said) else "; "
    text, cells = "", []
    for name, (first, last) in named:
        text += (mark if text else "") + name
        cells.append(((len(text), len(text) + last - first), (first, last)))
        text += row[first:last]
    return Worded(text, tuple(cells))
