"""Tables whose columns are years or months: what a row had in two of them, and when it had most."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shutten.cells.rows import Row, Table, says_something
from shutten.cells.values import at_place, is_measure, values_of
from shutten.cells.words import MARK, Found, meant
from shutten.checking.dates import MONTHS
from shutten.conversation import Superlative
from shutten.readable import readable
from shutten.terms import folded
from shutten.types import Language

_MONTHS = "|".join(MONTHS)
_YEAR = r"(?:(?:令和|平成|昭和)?(?:\d{1,2}|元)年度?|\d{4}(?:年度?)?)"
_PERIOD = re.compile(rf"(?:fy ?)?{_YEAR}|\d{{1,2}}月|{_MONTHS}")
_SAID = re.compile(rf"(?<![\d.,年])(?:{_YEAR}|\d{{1,2}}月)(?![\d.,])|\b(?:{_MONTHS})\b")
_MOST_OTHERS = 3
"""So many columns may be no periods: what a row is of, its unit, a remark."""
_CHANGED = re.compile(
    r"(?:は|が)?、?(?:どう|どのように|どれ(?:くらい|ほど|だけ))(?:変|増|減|推移|違)[^、。?]{0,10}\W*$"
    r"|\bhow (?:did|has|have) (?P<changed>.+?) (?:changed?|develop(?:ed)?|grown?|rise|fall)\b"
)
_BETWEEN = re.compile(r"^\W*(?:と|から|and|to)\W*(?:the )?$")
_WHEN = re.compile(
    r"何年度?|何月|いつ|年度?(?=は\W*$)|月(?=は\W*$)"
    r"|\b(?:in )?(?:which|what) (?:year|month)\b|\bwhen\b"
)
_CONCLUDED: dict[Language, str] = {
    "ja": "「{row}」の{count}列を比べ{place}：{winner}（{value}）",
    "en": "Of {count} columns of {row}{place}: {winner} ({value})",
}
_PLACE: dict[Language, tuple[str, str]] = {
    "ja": ("ると", "て{}番目"),
    "en": ("", ", number {}"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """Two periods whose cells are asked for, folded; `rest` is the question without them."""

    periods: tuple[str, str]
    rest: str


def is_period(name: str) -> bool:
    """Whether the folded name of a column is a year or a month and nothing else."""
    return _PERIOD.fullmatch(name) is not None


def change_in(question: str) -> Change | None:
    """Return what a question asks the change of, and from when to when; None where it does not."""
    text = folded(question)
    changed = _CHANGED.search(text)
    said = list(_SAID.finditer(text))
    if changed is None or len(said) != 2:  # noqa: PLR2004
        return None
    first, second = said
    if not _BETWEEN.match(text[first.end() : second.start()]):
        return None
    told = changed.groupdict()["changed"] or ""
    rest = told or f"{text[: first.start()]} {text[second.end() : changed.start()]}"
    rest = re.sub(r"^(?:の間)?(?:で|では|にかけて|まで|とで)", " ", rest)
    return Change((first.group(), second.group()), _SAID.sub(" ", rest))


def changed(asked: Change, language: Language, table: Table) -> Found | None:
    """What a row has in two periods; nothing is said of the difference."""
    periods = _periods(table)
    columns = [at for said in asked.periods for at in periods if _is(said, table.names[at])]
    if len(columns) != 2 or columns[0] == columns[1]:  # noqa: PLR2004
        return None
    rest = re.sub(
        r"(?:の間)?(?:とで|では|で|にかけて|まで|は)|\b(?:between|from)\b", " ", asked.rest
    )
    row = _row_of(rest, table)
    if row is None or not all(says_something(row[at]) for at in columns):
        return None
    pairs = [(readable(table.columns[at]), row[at]) for at in columns]
    told = MARK[language].join(f"{period}：{cell}" for period, cell in pairs)
    told = told.replace("：", ": ") if language == "en" else told
    return Found((row,), None, MARK[language].join(cell for _, cell in pairs), told)


def asks_when(superlative: Superlative) -> bool:
    """Whether a question asks for the year or month in which something was the most."""
    return bool(superlative.noun) and _WHEN.search(superlative.rest) is not None


def foremost_period(superlative: Superlative, language: Language, table: Table) -> Found | None:
    """The year or month in which a row has the most, or the least."""
    periods = [at for at in _periods(table) if _fits(superlative.rest, table.names[at])]
    if len(periods) <= 1:
        return None
    row = _row_of(f"{superlative.noun} {_WHEN.sub(' ', superlative.rest)}", table)
    cells = [row[at] for at in periods] if row else []
    values = values_of(cells, dates=False)
    if row is None or values is None or not is_measure(folded(row[table.key]), values):
        return None
    best = at_place([value for value in values if value], superlative)
    found = [at for at, value in zip(periods, values, strict=True) if value and value == best]
    if not found:
        return None
    mark = MARK[language]
    winner = mark.join(readable(table.columns[at]) for at in found)
    first, other = _PLACE[language]
    told = _CONCLUDED[language].format(
        row=row[table.key],
        count=len([value for value in values if value]),
        place=first if superlative.place == 1 else other.format(superlative.place),
        winner=winner,
        value=row[found[0]],
    )
    return Found((row,), None, winner, told)


def _periods(table: Table) -> list[int]:
    """The columns that are periods, of a table of nearly nothing else."""
    found = [at for at, name in enumerate(table.names) if is_period(name)]
    are_few = len(found) <= 1 or len(table.names) - len(found) > _MOST_OTHERS
    return [] if are_few or table.key in found else found


def _is(said: str, name: str) -> bool:
    """Whether a column is the period that was said; 2020 may be either year 2020."""
    return said == name or (said.isdigit() and re.sub(r"^fy ?|年度?$", "", name) == said)


def _fits(rest: str, name: str) -> bool:
    """Whether a column is a year where a year is asked for, a month where a month is."""
    asks_month = re.search(r"何月|月は|month", rest) is not None
    asks_year = re.search(r"年|year", rest) is not None
    is_month = re.fullmatch(rf"\d{{1,2}}月|{_MONTHS}", name) is not None
    return (is_month or not asks_month) and not (is_month and asks_year)


def _row_of(words: str, table: Table) -> Row | None:
    """The only row that words mean by what it is of; one that they name in full goes before."""
    known = meant(words, table, ())
    if known is None or table.key not in known.told:
        return None
    if len(known.rows) == 1:
        return known.rows[0]
    said = re.sub(r"\s+|[はがをの]+$", "", words)
    full = [row for row in known.rows if row.words[table.key] in (said, f"{said}数")]
    return full[0] if len(full) == 1 else None
