"""The cells of a column of a table as values that can be compared."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from shutten.checking.dates import moments
from shutten.checking.folding import fold
from shutten.checking.quantities import quantities
from shutten.comparing import Value, date_of, order_of
from shutten.conversation import Superlative
from shutten.terms import folded

_DAY_OF_THE_YEAR = "day of the year"
_HALF_A_YEAR = 6
_FEWEST_IN_A_CYCLE = 4
_NOTHING = re.compile(
    r"[-‐–—―ー/・.…\s]*|不明|未定|未測定|未計測|なし|記録なし|欠測|n/?a|none|unknown|tbd"
)
_AHEAD = re.compile(
    r"(?:約|およそ|about|approx\.?|ca?\.|~)?\s*(?:\+|(?P<less>[-−▲△]))?\s*[$£€¥]?\s*"
)
_BEHIND = re.compile(r"[^\d()]{0,12}(?:\([^()\d]*\))?")
_SLASHED = re.compile(r"(?<!\d)(\d{4})[/.](\d{1,2})(?:[/.](\d{1,2}))?(?!\d)")
_NO_MEASURE = re.compile(
    r"順位|番|内線|電話|^位$|位$|棚|号|\b(?:rank|place|position|rating|phone|extension|number|no|id)\b"
)
_CHANGE = re.compile(r"増減|変化|差|change|diff|delta")
_RANK = re.compile(r"(?:第|=)?(?P<rank>\d{1,3})(?:位|着|st|nd|rd|th|\.)?")
_WINNERS = {"優勝": 1, "準優勝": 2, "winner": 1, "runner-up": 2}
_FEWEST_SUMMED = 4
"""So many values there must be for one to be the sum of the others."""
_ROUNDED = 0.001


def values_of(cells: Sequence[str], *, dates: bool) -> list[Value | None] | None:
    """Return the value of each cell, None where it tells none; None where they are not all alike.

    A cell that says something else than one number, or one date, makes its column no measure.
    """
    values = _alike(cells, [_date_in(cell) if dates else _number_in(cell) for cell in cells])
    known = [value for value in values or () if value]
    return None if not known or known[0][0] == "ordinal" or _spans_new_year(known) else values


def is_in_order_of_time(cells: Sequence[str]) -> bool | None:
    """True where dates go on from row to row, False where they go back; None where in neither way.

    None too where one is missing, or there is but one. Days without a year only go on, once into
    the next year where there are four of them.
    """
    values = _alike(cells, [_date_in(cell) for cell in cells])
    known = [value for value in values or () if value]
    if len(known) < max(len(cells), 2):
        return None
    orders = [order_of(one, two) for one, two in itertools.pairwise(known)]
    if set(orders) == {-1}:
        return True
    if known[0][0] != _DAY_OF_THE_YEAR:
        return False if set(orders) == {1} else None
    is_cycle = len(known) >= _FEWEST_IN_A_CYCLE and set(orders) == {1, -1} and orders.count(1) == 1
    return True if is_cycle and order_of(known[-1], known[0]) == -1 else None


def has_dates(cells: Sequence[str]) -> bool:
    """Whether most of some cells are dates."""
    return 2 * sum(_date_in(cell) is not None for cell in cells) > len(cells)


def _alike(cells: Sequence[str], values: Sequence[Value | None]) -> list[Value | None] | None:
    """The values where they are of one unit, and every cell without one says nothing."""
    pairs = list(zip(cells, values, strict=True))
    if any(value is None and not _NOTHING.fullmatch(fold(cell).text) for cell, value in pairs):
        return None
    return list(values) if len({value[0] for value in values if value}) == 1 else None


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


def rank_in(cell: str) -> int | None:
    """The place in an order of merit that a cell tells and nothing else: 優勝, 3rd, a shared =3."""
    text = folded(cell).strip()
    found = _RANK.fullmatch(text)
    return int(found["rank"]) if found else _WINNERS.get(text)


def is_measure(name: str, values: Sequence[Value | None]) -> bool:
    """Whether more is more of what has this name: no rank, no name in digits, no ups and downs."""
    signs = {value[1][0] > 0 for value in values if value and value[1][0]}
    return not _NO_MEASURE.search(name) and (len(signs) <= 1 or not _CHANGE.search(name))


def without_sum(values: Sequence[Value]) -> list[Value]:
    """The values without one that is the sum of all others, whatever its row is called."""
    if len(values) < _FEWEST_SUMMED:
        return list(values)
    numbers = [value[1][0] for value in values]
    whole = sum(numbers)
    return [
        value
        for value, number in zip(values, numbers, strict=True)
        if abs(whole - 2 * number) > _ROUNDED * abs(number)
    ]


def at_place(values: Sequence[Value], superlative: Superlative) -> Value | None:
    """The value that so many are before; None where several of the same stand across that place."""
    left, passed = list(values), 0
    while len(values) > 1 and left and passed < superlative.place:
        best = _best(left, greatest=superlative.greatest)
        if best is None or passed == superlative.place - 1:
            return best
        passed += left.count(best)
        left = [value for value in left if value != best]
    return None


def _best(values: Sequence[Value], *, greatest: bool) -> Value | None:
    """The greatest of some values, or the least; None where two cannot be told apart."""
    best = values[0]
    for value in values[1:]:
        order = order_of(value, best)
        if order is None:
            return None
        if order == (1 if greatest else -1):
            best = value
    return best
