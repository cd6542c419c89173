"""Rows by where they stand: who came third, and which event comes after another one."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from shutten.cells.rows import Table, says_something
from shutten.cells.values import has_dates, is_in_order_of_time, rank_in
from shutten.cells.words import (
    COLUMNS,
    MARK,
    MOST_ROWS,
    Found,
    meant,
    named_columns,
    only,
    without_cells,
)
from shutten.checking.numerals import ORDINALS, japanese_value
from shutten.conversation import asked_of
from shutten.terms import folded
from shutten.types import Language

_NUMERAL_JA = r"(?<![\d一二三四五六七八九十])(?:\d{1,3}|[一二三四五六七八九十]{1,3})"
_RANK_JA = re.compile(rf"(?:第)?(?P<rank>{_NUMERAL_JA})[位着](?!以|まで|から|より|内|決定)")
_NTH = rf"(?:{'|'.join(ORDINALS)}|\d{{1,3}}(?:st|nd|rd|th))"
_RANK_EN = re.compile(
    r"\b(?:came|come|comes|finish(?:ed|es)?|placed|ranked|ranks|ended up|was|is|took|in|got)"
    rf" (?:in )?(?:the )?(?P<rank>{_NTH})(?: place)?(?=\W*$|,| (?:in|at|of) (?!the end|last))"
)
_ASKS_RANK = re.compile(r"何[位着]|\b(?:what|which) (?:place|position|rank)\b")
_SEVERAL = re.compile(
    r"上位|下位|トップ|以[内上下]|から|[^何]年連続|前回|\b(?:top|from|or|last|first time)\b"
)
_RANK_COLUMN = re.compile(r"^(?:順位|位|着順|rank(?:ing)?|place|position|pos\.?)$")
_NUMBERING = re.compile(r"^(?:番号|通番|項番|回|no\.?|#|id|step)$")
_NUMBERED = re.compile(r"(?:第|no\.? ?|#)?(\d{1,4})(?:回|番|[.)])?")
_BESIDE_JA = re.compile(
    r"^(?P<of>.{2,40}?)の(?:すぐ|一つ|ひとつ)?(?P<way>前|次|後)(?:に(?:来る|ある|行われる|行われた))?"
    r"(?:の(?P<noun>[^のはがを、]{1,10}))?(?:は|って)?(?:何|なに|どれ|いつ|誰|だれ)?(?:です|でした)?か?\W*$"
)
_BESIDE_EN = re.compile(
    r"^(?:what|which|who)(?P<noun> [a-z]+)? (?:comes|came|is|was|follows) "
    r"(?:right |directly |just )?(?P<way>after|before) (?:the )?(?P<of>[^?]{2,40}?)\W*$"
)


@dataclass(frozen=True, slots=True)
class Ranked:
    """The place that a question asks for; `rest` is the folded question without it."""

    rank: int
    rest: str


@dataclass(frozen=True, slots=True)
class Beside:
    """The row before or after that of a thing; `noun` is what the question calls it, if anything.

    `of` and `noun` are folded.
    """

    of: str
    is_after: bool
    noun: str


def ranked_in(question: str) -> Ranked | None:
    """Return the place in an order of merit that a question names; None where it names none."""
    text = folded(question)
    found = None if _SEVERAL.search(text) else _RANK_JA.search(text) or _RANK_EN.search(text)
    if found is None:
        return None
    said = found["rank"]
    digits = re.match(r"\d+", said)
    rank = int(digits[0]) if digits else ORDINALS.get(said) or int(japanese_value(said))
    return Ranked(rank, f"{text[: found.start()]} {text[found.end() :]}")


def asks_for_rank(asked: str) -> bool:
    """Whether a folded question asks for the place of something."""
    return _ASKS_RANK.search(asked) is not None


def rank_column(table: Table) -> int | None:
    """The column that tells places in an order of merit."""
    return only([at for at in table.called(_RANK_COLUMN) if _are_ranks(table.cells(at))])


def with_rank(asked: Ranked, language: Language, table: Table) -> Found | None:
    """The row that a column of ranks gives that place; of several, only where they share it."""
    column = rank_column(table)
    target = None if column is None else _asked_for(asked, table, column)
    if column is None or target is None:
        return None
    known = meant(asked.rest, table, {column, target})
    if known is None:
        return None
    ranks = [rank_in(row[column]) for row in table.rows]
    places = [
        at for at, row in enumerate(table.rows) if row in known.rows and ranks[at] == asked.rank
    ]
    shared = list(range(places[0], places[-1] + 1)) if places else []
    rows = [table.rows[at] for at in places]
    if not rows or places != shared or not all(says_something(row[target]) for row in rows):
        return None
    cells = dict.fromkeys(row[target] for row in rows[:MOST_ROWS])
    return Found(rows[:MOST_ROWS], target, MARK[language].join(cells))


def _asked_for(asked: Ranked, table: Table, column: int) -> int | None:
    """The column of what is asked for: one that is named, else what the rows are of."""
    named = named_columns(without_cells(asked.rest, table), table)
    others = [at for at in named if at not in (column, table.key)]
    kind = asked_of(asked.rest)
    if others:
        return others[-1]
    if table.key in named:
        return table.key
    persons = table.called(COLUMNS["person"]) if kind == "person" else []
    if kind in ("time", "value") or (persons and table.key not in persons):
        return None
    return table.key


def _are_ranks(cells: Sequence[str]) -> bool:
    told = [cell for cell in cells if says_something(cell)]
    return bool(told) and all(rank_in(cell) is not None for cell in told)


# ── the row before, and the one after ────────────────────────────────────────────────────────


def beside(question: str) -> Beside | None:
    """Return what a whole question asks for the next one of; None where it asks something else."""
    text = folded(question)
    found = _BESIDE_JA.match(text) or _BESIDE_EN.match(text)
    if found is None:
        return None
    noun = (found["noun"] or "").strip()
    return Beside(found["of"].strip('「」『』"“” '), found["way"] not in ("前", "before"), noun)


def next_to(asked: Beside, table: Table) -> Found | None:
    """The row beside that of a thing, in a table whose rows stand in the order of their dates."""
    forwards = _stands_in_order(table)
    known = None if forwards is None else meant(asked.of, table, ())
    if known is None or len(known.rows) != 1 or not known.told:
        return None
    target = _named_by(asked.noun, table) if asked.noun else only([*known.told])
    if target is None:
        return None
    place = table.rows.index(known.rows[0]) + (1 if asked.is_after == forwards else -1)
    row = table.rows[place] if 0 <= place < len(table.rows) else None
    if row is None or not says_something(row[target]):
        return None
    return Found((row,), target, row[target])


def _named_by(noun: str, table: Table) -> int | None:
    """The column that a noun names: 船 names 船名."""
    return only(
        [
            at
            for at, name in enumerate(table.names)
            if name and noun in (name, f"{name}s", name.removesuffix("名"))
        ]
    )


def _stands_in_order(table: Table) -> bool | None:
    """True where the rows go on in time or in number, False where they go back, None in neither.

    Where there are dates, all of them tell, and numbers only where there are none.
    """
    columns = [table.cells(at) for at in range(len(table.columns))]
    ways = {is_in_order_of_time(cells) for cells in columns if has_dates(cells)}
    ways = ways or {_goes_on(table.cells(at)) for at in table.called(_NUMBERING)}
    return ways.pop() if len(ways) == 1 else None


def _goes_on(cells: Sequence[str]) -> bool | None:
    """Whether cells count from one number to the next, without a gap."""
    found = [_NUMBERED.fullmatch(folded(cell).strip()) for cell in cells]
    numbers = [int(each[1]) for each in found if each]
    if len(numbers) < len(cells):
        return None
    steps = {two - one for one, two in itertools.pairwise(numbers)}
    return {1: True, -1: False}.get(steps.pop()) if len(steps) == 1 else None
