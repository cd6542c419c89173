"""Whether the words that a reader takes from a row of a table can be what a question asks for.

A row has many cells, and those beside it look alike: it is not enough that one of them reads well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from shutten.cells.hours import hours_in, is_on
from shutten.cells.periods import is_period
from shutten.cells.places import beside, ranked_in
from shutten.cells.values import rank_in
from shutten.cells.words import COLUMNS, SAYS_LITTLE, measured_in
from shutten.checking.dates import MONTHS
from shutten.choosing import without_words
from shutten.conversation import asked_of
from shutten.crossing import DOUBTED
from shutten.sentences import detect_language
from shutten.tables import cells_of
from shutten.terms import folded, terms_of
from shutten.types import Passage, Reading

_HALF = 0.5
_LITTLE = frozenset(["全部", "合計", "一番", "最後", "最初"])
_TIME = re.compile(
    r"\d|[月火水木金土日]曜|休|閉|未定|毎|中|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day|closed|daily"
    rf"|{'|'.join(MONTHS)}"
)
_CLOCK = re.compile(r"\d ?[:時]|\d ?[ap]\.?m|休|閉|終日|closed|noon|midnight")
_ASKS_CLOCK = re.compile(r"何時(?!間|代|期|点)|\bwhat time\b")
_BARE = re.compile(r"\W*[\d,.]+\W*")
_COUNTED_JA = re.compile(r"何(?P<unit>人|名|台|件|個|点|本|回|枚|冊|匹|頭|羽|社|軒|戸|室|席|棟|種)")
_COUNTED_EN = re.compile(r"\bhow many (?P<noun>[a-z]+(?: [a-z]+)?)")
_HIRAGANA_NAME = re.compile(
    r"^(?:では)?(?!(?:[こそあど]|いつ|だれ|なぜ|なに|いく|もっと|ほか))([ぁ-ん]{2,10}?)(?:の|は|が)"
)
_PER_HEAD = {"名": "人"}


def without_misfits(question: str, readings: Sequence[Reading]) -> list[Reading]:
    """The readings, without words where they stand in a wrong cell or a row that is not meant.

    That such a row answers is not sure then, whatever the reader says.
    """
    bare = without_words(readings)
    asked = folded(question)
    return [
        replace(other, confidence=min(other.confidence, DOUBTED)) if _misfits(asked, each) else each
        for each, other in zip(readings, bare, strict=True)
    ]


def _misfits(asked: str, reading: Reading) -> bool:
    passage, start, end = reading.passage, reading.start, reading.end
    spans = cells_of(passage.hit.text) if passage.columns else []
    if start is None or end is None or len(spans) != len(passage.columns):
        return False
    at = next((at for at, (first, last) in enumerate(spans) if first <= start < last), None)
    if at is None or detect_language(asked) != passage.language:
        return False
    cells = [folded(passage.hit.text[first:last]).strip() for first, last in spans]
    return not _is_meant(asked, passage, cells) or not _can_answer(asked, passage, cells, at)


def _is_meant(asked: str, passage: Passage, cells: Sequence[str]) -> bool:
    """Whether a row says anything of what a question has beside the title and the columns."""
    if beside(asked) and not any("次" in name or "前" in name for name in passage.columns):
        return False
    row = "\n".join(cells)
    known = folded("\n".join([passage.hit.title, passage.under, *passage.columns]))
    rank, hours = ranked_in(asked), hours_in(asked)
    if rank and not any(rank_in(cell) == rank.rank for cell in cells):
        return False
    said = rank.rest if rank else hours.rest if hours else asked
    others = [
        term
        for term in terms_of(said)
        if term.text not in SAYS_LITTLE | _LITTLE and term.held_by(known) < _HALF
    ]
    held = [term.held_by(row) > _HALF for term in others]
    if hours and not (all(held) and is_on(hours, cells)):
        return False
    name = _HIRAGANA_NAME.match(asked)
    if name and name[1] not in row and name[1] not in known:
        return False
    named = any(len(cell) > 1 and cell in said for cell in cells)
    return named or not others or any(held)


def _can_answer(asked: str, passage: Passage, cells: Sequence[str], at: int) -> bool:
    """Whether a cell is of the kind that is asked for, and in the column where others are."""
    names = [folded(each) for each in passage.columns]
    cell, name, kind = cells[at], names[at], asked_of(asked)
    named = [each for each in names if len(each) > 1 and _is_asked_for(each, asked)]
    if named and name not in named:
        return False
    periods = [each for each in names if is_period(each)]
    meant = [each for each in periods if re.search(rf"(?<![\da-z]){each}(?![\da-z])", asked)]
    if meant and name in periods and name not in meant:
        return False
    pattern = COLUMNS.get(kind)
    called = [each for each in names if pattern and pattern.search(each)]
    if _ASKS_CLOCK.search(asked):
        return _CLOCK.search(cell) is not None
    if kind == "person":
        return name in called or at == 0 if called else re.search(r"\d", cell) is None
    if kind == "time":
        return _TIME.search(cell) is not None and (not called or name in called or at == 0)
    return kind not in ("value", "thing") or _can_measure(asked, name, cells, at)


def _is_asked_for(name: str, asked: str) -> bool:
    """Whether a question asks for what a column has: 八木沢徹の内線は？ what is the saw's price."""
    said = re.escape(name)
    return bool(
        re.search(
            rf"の{said}(?:の[^のはがを]{{1,8}})?(?:は|って|を)?(?:何時|何|いくら|いつ|どこ|誰)?[ぁ-ん]*\W*$",
            asked,
        )
        or re.search(rf"^what(?:'s| is| was) the {said} of |'s {said}\W*$", asked)
    )


def _can_measure(asked: str, name: str, cells: Sequence[str], at: int) -> bool:
    """Whether a cell tells as much as is asked for: no price for a length, no room for a number."""
    cell = cells[at]
    measured = measured_in(asked)
    if measured is not None:
        columns, units = measured
        return bool(columns.search(name)) or (
            units.search(cell) is not None and not COLUMNS["value"].search(name)
        )
    counted = _COUNTED_JA.search(asked)
    if counted and _BARE.fullmatch(cell):
        unit = counted["unit"]
        return re.search(rf"{unit}|{_PER_HEAD.get(unit, unit)}|数|者|計", name) is not None
    nouns = _COUNTED_EN.search(asked)
    if nouns and _BARE.fullmatch(cell):
        said = f"{name}\n{cells[0]}"
        return any(term.held_by(said) == 1 for term in terms_of(nouns["noun"])) or "number" in name
    return True
