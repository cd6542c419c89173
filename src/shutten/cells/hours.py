"""When something opens and closes, by tables of opening hours: the row of the day, its times."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from shutten.cells.rows import Row, Table, says_something
from shutten.cells.words import Found, meant, only
from shutten.terms import folded

Side = Literal["opens", "closes", "hours"]

_HOURS_JA = r"(?:営業|開館|開店|診療|開園|利用)"
_ASKS: tuple[tuple[Side, re.Pattern[str]], ...] = (
    ("closes", re.compile(
        r"何時(?:に|頃に)?(?:閉|終|締|クローズ)|何時まで(?:開|営業|利用|や[るっ]|入|い|で|です|に|$|\W)"
        r"|\b(?:when|what time|until when)\b.*\bcloses?\b|\bhow late\b.*\bopen\b"
        r"|\b(?:closing time|open until)\b"
    )),
    ("opens", re.compile(
        r"何時(?:に|頃に)?(?:開|始|オープン)|何時から"
        r"|\b(?:when|what time)\b.*\bopens?\b|\bopening time\b"
    )),
    ("hours", re.compile(
        rf"(?:{_HOURS_JA}|受付)時間(?:は|を|が|って)|\b(?:opening|business) hours\b"
    )),
)  # fmt: skip
_SAID = re.compile(
    r"何時(?:頃)?(?:に|から|まで)?"
    r"|(?:開い|閉[まじめ]|終わ|始ま|開き|営業し|利用でき|入れ|クローズ|オープン)[ぁ-ん]*"
    rf"|{_HOURS_JA}(?:時間)?|閉館|閉店"
    r"|\b(?:until|when|what|time|does|do|is|are|open(?:s|ing)?|clos(?:es?|ing)|how late|business"
    r"|hours)\b"
)
"""The words of a question that ask for the hours of something."""
_COLUMNS: dict[Side, re.Pattern[str]] = {
    "opens": re.compile(
        r"^(?:開館|開店|開園|開始|始業|オープン|開く?)(?:時[間刻])?$"
        r"|^open(?:s|ing)?(?: time)?$|^from$|^start$"
    ),
    "closes": re.compile(
        r"^(?:閉館|閉店|閉園|終了|終業|クローズ)(?:時[間刻])?$"
        r"|^clos(?:es?|ing)(?: time)?$|^(?:to|until|till|end)$"
    ),
    "hours": re.compile(
        rf"^(?:{_HOURS_JA}|受付)?時間帯?$|^(?:(?:opening|business) )?hours$|^open$|^time$"
    ),
}
_TIME = r"(?:午[前後])?\d{1,2}(?::\d{2}|時(?:半|\d{1,2}分)?)?(?: ?[ap]\.?m\.?)?"
_RANGE = re.compile(rf"\s*({_TIME})\s*(?:[-–—~〜～−]|から|to)\s*({_TIME})\s*(?:まで)?")
_CLOSED = re.compile(r"休|閉|なし|\bclosed\b")
_DAYS_JA = "月火水木金土日"
_DAYS_EN = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HOLIDAY, _WEEK = 7, 7
_WHOLE_EN = "|".join(f"{each}s?" for each in _DAYS_EN)
_KINDS = r"(?:public |bank )?holidays?|weekdays?|weekends?"
_DAY = (
    rf"[{_DAYS_JA}](?:曜日?)?(?![一-龥])|祝日?(?![一-龥])|平日|週末|毎日|全日|{_WHOLE_EN}|{_KINDS}"
    r"|\b(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)\b|every ?day|daily"
)
_ASKED_DAY = re.compile(rf"(?<![一-龥\d])[{_DAYS_JA}]曜日?|祝日|平日|週末|{_WHOLE_EN}|{_KINDS}")
_THROUGH = re.compile(rf"({_DAY})\s*(?:[-–—~〜～−]|から|to|through|till|until)\s*({_DAY})")
_DAYS_TOGETHER = re.compile(rf"[{_DAYS_JA}祝]+(?:曜日?)?")
_BETWEEN = re.compile(r"[・、,&／/\s]|\band\b|と|曜日?|まで")


@dataclass(frozen=True, slots=True)
class Hours:
    """What is asked of the hours of a day; `days` are the days meant, none where none is named.

    `rest` is the folded question without all of that.
    """

    side: Side
    days: frozenset[int]
    rest: str


def hours_in(question: str) -> Hours | None:
    """Return what a question asks of opening hours; None where it asks something else."""
    text = folded(question)
    side = next((side for side, pattern in _ASKS if pattern.search(text)), None)
    named = list(_ASKED_DAY.finditer(text))
    if side is None or len(named) > 1:
        return None
    days = _days_of(named[0].group()) if named else frozenset[int]()
    return Hours(side, days, _SAID.sub(" ", _ASKED_DAY.sub(" ", text)))


def told_by_hours(asked: Hours, table: Table) -> Found | None:
    """The cell of the day with the hours that are asked for, or the part of it that tells them."""
    own = only(table.called(_COLUMNS[asked.side]))
    target = only(table.called(_COLUMNS["hours"])) if own is None else own
    rows = _rows_on(asked, table)
    if target is None or rows is None or len(rows) != 1:
        return None
    (row,) = rows
    cell = row[target]
    if not says_something(cell) or not _tells_times(cell):
        return None
    part = _part(cell, asked.side) if own is None else ""
    return Found((row,), target, part or cell, part=part)


def _rows_on(asked: Hours, table: Table) -> Sequence[Row] | None:
    """The rows of the day, as far as the rest of the question means them; one by its day alone."""
    days = {row.words: _days_in(row.words) for row in table.rows} if asked.days else {}
    on = [row for row in table.rows if not asked.days or asked.days <= days[row.words]]
    if asked.days and not on:
        return None
    known = meant(asked.rest, replace(table, rows=tuple(on)), range(len(table.columns)))
    return known.rows if known and (asked.days or known.told) else None


def is_on(asked: Hours, cells: Sequence[str]) -> bool:
    """Whether the folded cells of a row name the day that is asked for, where one is."""
    return asked.days <= _days_in(cells)


def _tells_times(cell: str) -> bool:
    text = folded(cell)
    return bool(_CLOSED.search(text) or re.search(r"\d:\d\d|\d時|\d ?[ap]\.?m", text))


def _part(cell: str, side: Side) -> str:
    """The time at one end of a plain range; empty where the cell says more than a range."""
    found = _RANGE.fullmatch(cell)
    return found[1 if side == "opens" else 2].strip() if found and side != "hours" else ""


def _days_in(cells: Sequence[str]) -> frozenset[int]:
    """The days that a cell of a row names, as numbers from Monday; 7 is a holiday."""
    return next(filter(None, map(_days_of, cells)), frozenset())


def _days_of(words: str) -> frozenset[int]:
    """The days that some words name and nothing else; none where they say more than days."""
    days: set[int] = set()
    words = re.sub(r"\(.*?\)", "", words)
    for first, last in _THROUGH.findall(words):
        start, end = (min(_days_of(each) or {0}) for each in (first, last))
        days |= {each % _WEEK for each in range(start, end + (1 if end >= start else _WEEK + 1))}
    rest = _THROUGH.sub(" ", words)
    for said in re.findall(_DAY, rest):
        days |= _of_one(said)
    rest = re.sub(_DAY, " ", rest)
    for together in _DAYS_TOGETHER.findall(rest):
        days |= {
            _HOLIDAY if each == "祝" else _DAYS_JA.index(each)
            for each in together
            if each in f"{_DAYS_JA}祝"
        }
    rest = _BETWEEN.sub("", _DAYS_TOGETHER.sub(" ", rest))
    return frozenset() if rest.strip("はの") else frozenset(days)


def _of_one(said: str) -> frozenset[int]:
    if said == "平日" or said.startswith("weekday"):
        return frozenset(range(5))
    if said == "週末" or said.startswith("weekend"):
        return frozenset((5, 6))
    if said in ("毎日", "全日", "daily") or said.startswith("every"):
        return frozenset(range(_HOLIDAY + 1))
    if said.startswith("祝") or "holiday" in said:
        return frozenset((_HOLIDAY,))
    if said[0] in _DAYS_JA:
        return frozenset((_DAYS_JA.index(said[0]),))
    return frozenset(at for at, name in enumerate(_DAYS_EN) if name.startswith(said[:3]))
