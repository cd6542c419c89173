"""Files of values with delimiters (CSV, TSV) to a table in bars, as other tables are read."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence

from shutten.tables import rule_of

ENDINGS = (".csv", ".tsv")

_DELIMITERS = {".csv": (",", ";", "\t"), ".tsv": ("\t", ",", ";")}
_FEWEST_ROWS = 2
_LINES_ABOVE = 10
"""What is said of a table may stand above its head, on so many lines."""
_LONGEST_NAME = 100
_STOPS = ("。", ".", "!", "！", "?", "？")
_NUMBER = re.compile(r"[-+−]?\d[\d,，./:-]*+\s*[%％]?")
"""A number, a date or a time."""
_YEAR = re.compile(r"(?:1[5-9]|20|21)\d\d")
_SPACES = re.compile(r"\s+")
_BAR = re.compile(r"(?<!\\)\|")

Row = Sequence[str]


def as_table(text: str, ending: str) -> str | None:
    """Return the rows of a file in bars, a rule below the head; None where it is no table.

    It is one where at least two rows, and most of all, have as many fields as the head. Lines of
    one field above the head stay as they are.
    """
    for delimiter in _DELIMITERS[ending]:
        rows = _rows(text, delimiter)
        head = _head(rows)
        if head is not None:
            above = ["".join(row) for row in rows[:head]]
            return "\n\n".join([*above, "\n".join(_in_bars(rows[head:]))]) + "\n"
    return None


def _rows(text: str, delimiter: str) -> list[list[str]]:
    """Return the rows that say something; none where the quotes are not as they ought to be."""
    try:
        read = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        return []
    rows = ([_SPACES.sub(" ", field).strip() for field in row] for row in read)
    return [row for row in rows if any(row)]


def _head(rows: Sequence[Row]) -> int | None:
    """Which row names the columns: the first that has more than one field."""
    at = next((n for n, row in enumerate(rows[:_LINES_ABOVE]) if sum(map(bool, row)) > 1), None)
    if at is None or not _names_columns(rows[at]):
        return None
    alike = sum(len(row) == len(rows[at]) for row in rows[at + 1 :])
    return at if alike >= max(_FEWEST_ROWS, (len(rows) - at - 1) * 0.8) else None


def _names_columns(row: Row) -> bool:
    """Whether a row has a name for each column; the first, what the rows are of, may lack one."""
    names = [*row[1:], *filter(None, row[:1])]
    numbers = [name for name in names if _NUMBER.fullmatch(name)]
    return (
        all(names)
        and len(set(names)) == len(names)
        and all(len(name) <= _LONGEST_NAME and not name.endswith(_STOPS) for name in names)
        and len(numbers) < len(names)
        and all(map(_YEAR.fullmatch, numbers))
        and numbers in (sorted(numbers), sorted(numbers, reverse=True))
    )


def _in_bars(rows: Sequence[Row]) -> Iterator[str]:
    for number, row in enumerate(rows):
        yield "| " + " | ".join(_BAR.sub(r"\\|", field) for field in row) + " |"
        if number == 0:
            yield rule_of(len(row))
