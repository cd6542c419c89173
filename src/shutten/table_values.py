"""The cells of a column of a table as values that can be compared."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shutten.checking.dates import moments
from shutten.checking.folding import fold
from shutten.checking.quantities import quantities
from shutten.comparing import Value, date_of

_DAY_OF_THE_YEAR = "day of the year"
_HALF_A_YEAR = 6
_NOTHING = re.compile(
    r"[-‐–—―ー/・.…\s]*|不明|未定|未測定|未計測|なし|記録なし|欠測|n/?a|none|unknown|tbd"
)
_AHEAD = re.compile(
    r"(?:約|およそ|about|approx\.?|ca?\.|~)?\s*(?:\+|(?P<less>[-−▲△]))?\s*[$£€¥]?\s*"
)
_BEHIND = re.compile(r"[^\d()]{0,12}(?:\([^()\d]*\))?")
_SLASHED = re.compile(r"(?<!\d)(\d{4})[/.](\d{1,2})(?:[/.](\d{1,2}))?(?!\d)")


def values_of(cells: Sequence[str], *, dates: bool) -> list[Value | None] | None:
    """Return the value of each cell, None where it tells none; None where they are not all alike.

    A cell that says something else than one number, or one date, makes its column no measure.
    """
    values = [_date_in(cell) if dates else _number_in(cell) for cell in cells]
    pairs = list(zip(cells, values, strict=True))
    if any(value is None and not _NOTHING.fullmatch(fold(cell).text) for cell, value in pairs):
        return None
    known = [value for value in values if value]
    if len({unit for unit, _ in known}) != 1 or known[0][0] == "ordinal" or _spans_new_year(known):
        return None
    return values


def _spans_new_year(values: Sequence[Value]) -> bool:
    """Whether days without a year may be of two: 30 November and 10 January."""
    months = [told[0] for unit, told in values if unit == _DAY_OF_THE_YEAR]
    return bool(months) and max(months) - min(months) > _HALF_A_YEAR


def _date_in(cell: str) -> Value | None:
    text = _SLASHED.sub(_with_hyphens, fold(cell).text)
    found = moments(text)
    if len(found) != 1:
        return None
    (moment,) = found
    if moment.year is None and moment.month and moment.day and moment.tag is None:
        return _DAY_OF_THE_YEAR, (float(moment.month), float(moment.day))
    return date_of(moment)


def _with_hyphens(found: re.Match[str]) -> str:
    return "-".join(part.zfill(2) for part in found.groups() if part)


def _number_in(cell: str) -> Value | None:
    text = fold(cell).text.strip()
    found = quantities(text)
    if len(found) != 1 or found[0].bound not in ("exact", "about"):
        return None
    number = found[0]
    ahead = _AHEAD.fullmatch(text[: number.start])
    behind = text[number.end :]
    if ahead is None or not _BEHIND.fullmatch(behind):
        return None
    unit = number.unit or re.sub(r"\(.*", "", behind).strip()
    return unit, (-number.value if ahead["less"] else number.value,)
