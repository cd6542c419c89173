"""What of a table a question names: its columns, and the rows by what stands in their cells."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from shutten.cells.rows import Row, Table, says_something
from shutten.conversation import PRICE_COLUMN, Asked
from shutten.terms import Term, terms_of
from shutten.types import Language

MARK: dict[Language, str] = {"ja": "、", "en": ", "}
"""Between several cells that answer."""
MOST_ROWS = 10
"""Of more rows that have the same, the first ones are quoted."""

_SHORTEST_CELL = 2
_LIST = re.compile(r"[・／/、,]")
_ENDING = re.compile(r"(?<=[一-龥]{2})(?:者|日|数|名|額|率|年月|年|月)$")
"""担当者 is named by 担当, 導入年月 by 導入."""
_NUMBERED = re.compile(r"\d+(?:\.\d+)?\s?[^\W\d_]?")
_SINGLE = re.compile(r"(?<![一-龥々])[一-龥](?![一-龥々])")
_SIDE_BY_SIDE = re.compile(r"\b[a-z]{4,} [a-z]{4,}\b")
_COUNTED = re.compile(r"何(?:点|本|個|件|台|人|名|枚|匹|頭|羽|冊|回|棟|戸)")
"""Asks how many, whatever kanji stands behind: 何点見つかった."""
_NOTHING = re.compile(r"(?!)")
_SPANS_OF_TIME = frozenset("年月日")
"""What is asked for with these must be a column: a title has them in its own date."""
_WORDS_THAT_SAY_LITTLE = (
    "人 者 物 方 品 中 表 内 数 何 誰 度 教 言 行 思 知 見 挙 答 調 何年 何月 何日 何曜 "
    "何曜日 何位 何着 何人 何円 何台 何件 何個 何点 何本 何名 場合 結果 全体 "
    "table list row among all each have had has got get record cost weigh receiv show measur "
    "number tell me pleas take reach becom go goe kept stor"
)
SAYS_LITTLE = frozenset(_WORDS_THAT_SAY_LITTLE.split())
"""Words of a question, their endings taken off, that a table need not have."""


COLUMNS: dict[Asked, re.Pattern[str]] = {
    "person": re.compile(
        r"担当|責任|氏名|名前|代表|[者人員師長]$|person|name|who\b|\bby\b|respons|owner"
        r"|^(?:keeper|contact|staff|lead(?:er)?|head|manager|curator|caretaker|operator|supervisor"
        r"|author|teacher|tutor|chair|member|assignee|maintainer)s?$"
    ),
    "place": re.compile(
        r"場所|所在|設置|保管|会場|[地室先所棚]$|place|location|room|where|site|city"
        r"|^(?:shelf|rack|drawer|cupboard|cabinet)$"
    ),
    "time": re.compile(
        r"[年月日]|時期|期限|締切|納期|date|year|month|day|when|built|bought|founded|opened|due|deadline"
    ),
    "value": re.compile(PRICE_COLUMN),
}
"""How columns are called that tell who, where, when and how much."""

_MEASURED = (
    (
        r"いくら|何円|\bhow (?:much|expensive)\b|\bwhat (?:do|does|did)\b.* cost\b",
        COLUMNS["value"].pattern,
        r"円|[$£€¥]|\b(?:yen|dollars?|euros?|pounds?|pence)\b|無料|free",
    ),
    (
        r"\bhow long\b|何(?:時間|分|か月|ヶ月|日間|年間)",
        r"長さ|全長|時間|期間|length|duration|time|term|stay",
        r"\d ?(?:m|cm|mm|km|時間|分|秒|日|週|か月|ヶ月|年)|minute|hour|day|week|month|year"
        r"|metre|meter|feet|foot|inch|mile",
    ),
    (
        r"\bhow heavy\b|\bweigh|何(?:キロ(?!メ)|グラム|kg|トン)",
        r"重|質量|weight|mass|load",
        r"\d ?(?:k?g|mg|t)\b|グラム|キロ|トン|ton|gram|kilo|pound|lb|ounce",
    ),
    (
        r"\bhow old\b|何歳|何才",
        r"年齢|歳|築|age\b|year|built|born|founded|since",
        r"歳|才|years? old",
    ),
    (
        r"\bhow (?:tall|high|deep|wide|far|broad|thick)\b|何(?:メートル|センチ|ミリ|m|cm|mm|km)",
        r"高さ|標高|深さ|水深|幅|距離|長さ|厚さ|height|elevation|altitude|depth|width|distance"
        r"|thick|size|length",
        r"\d ?(?:m|cm|mm|km|ft)\b|メートル|センチ|metre|meter|feet|foot|inch|mile",
    ),
    (
        r"\bhow (?:hot|warm|cold)\b|何度(?!も|目)",
        r"温度|気温|水温|temperature|heat",
        r"\d ?(?:°|度)|degree",
    ),
    (r"\bhow (?:fast|quick)\b", r"速|speed|pace|^time$", r"/h|km|mph|knot|分|秒"),
)
"""How much is asked for, how columns are called that tell it, and what stands in their cells."""


@dataclass(frozen=True, slots=True)
class Found:
    """Rows that answer; `target` is the column of the answering words, None where none are.

    `part` is what answers of that cell, where not all of it does.
    """

    rows: Sequence[Row]
    target: int | None
    short: str
    told: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class Meant:
    """The rows that a question means; `told` are the columns of the cells by which it names them.

    `rest` is the folded question without these cells.
    """

    rows: tuple[Row, ...]
    told: frozenset[int]
    rest: str


def meant(question: str, table: Table, columns: Collection[int]) -> Meant | None:
    """Return the rows that a question means; None where it says what the table does not know.

    What stands in cells restricts the rows; what the title, the heading or the names of `columns`,
    those that are asked for or compared, say does not; nothing else may be in the question, which
    is folded.
    """
    rows, told, rest = list(table.rows), set(), question
    rest = _without_title(rest, table)
    for cell in _cells_in(question, table):
        if cell in rest:
            here = {at for row in rows for at, words in enumerate(row.words) if words == cell}
            rows = [row for row in rows if cell in row.words]
            told |= here
            rest = rest.replace(cell, " ")
    named = "\n".join(table.names[at] for at in columns)
    others = {*columns, *told, *_columns_of_terms(rest, rows)}
    for held in _unexplained(rest, table, others, named):
        found = [row for row in rows if held.search(row.folded)]
        if len(found) < len(rows):
            told |= {at for row in found for at, cell in enumerate(row.words) if held.search(cell)}
        rows = found
    return Meant(tuple(rows), frozenset(told), rest) if rows else None


def _without_title(question: str, table: Table) -> str:
    """A question without two or more words that stand side by side in the title or heading.

    One of them alone may be a cell: the Harrow Moor race, and a club called Moor.
    """
    for found in _SIDE_BY_SIDE.finditer(question):
        if re.search(rf"\b{found.group()}\b", table.about):
            question = question.replace(found.group(), " ", 1)
    return question


def without_cells(question: str, table: Table) -> str:
    """A folded question without what stands in it as a whole cell."""
    for cell in _cells_in(question, table):
        question = question.replace(cell, " ")
    return question


def named_columns(text: str, table: Table) -> list[int]:
    """The columns that a folded text names, in its order."""
    found = {
        at: max(*(text.rfind(each) for each in _said_as(name)), _place_of_words(name, text))
        for at, name in _columns(table)
    }
    return sorted((at for at, place in found.items() if place >= 0), key=lambda at: found[at])


def _place_of_words(name: str, text: str) -> int:
    """Where an English text has the words of a name, in whatever order; -1 where it lacks one."""
    words = [each for each in terms_of(name) if each.text != "per"] if name.isascii() else []
    places = [re.search(rf"\b{re.escape(each.text)}", text) for each in words]
    found = [each.start() for each in places if each is not None]
    return max(found) if len(found) == len(words) > 1 else -1


def without_words_of(column: int, rest: str, noun: str, table: Table) -> str:
    """The rest of a question without the words of an English column's name, if it has them all.

    With the noun that it measures: "the most teeth on its main wheel" is a column of its own.
    """
    name = table.names[column]
    if _place_of_words(name, f"{rest} {noun}") < 0:
        return rest
    stems = "|".join(re.escape(each.text) for each in terms_of(name))
    return re.sub(rf"\b(?:{stems})\w*", " ", rest)


def measured_in(asked: str) -> tuple[re.Pattern[str], re.Pattern[str]] | None:
    """Patterns of columns, and of cells, that tell how much a folded question asks for."""
    found = ((name, cell) for said, name, cell in _MEASURED if re.search(said, asked))
    return next(((re.compile(name), re.compile(cell)) for name, cell in found), None)


def _columns(table: Table) -> Iterator[tuple[int, str]]:
    return ((at, name) for at, name in enumerate(table.names) if name)


def _said_as(name: str) -> list[str]:
    """How a question may say the name of a column: whole, one of several, without its ending."""
    parts = [each.strip() for each in (name, *_LIST.split(name)) if each.strip()]
    return list(dict.fromkeys((*parts, *(_ENDING.sub("", each) for each in parts))))


def _cells_in(question: str, table: Table) -> list[str]:
    """The whole cells that stand in a question, the longest first.

    What the title says too is a cell only where it names a row: the Kestrel 40, beside a Lite.
    """
    cells = {cell for row in table.rows for cell in row.words}
    keys = {row.words[table.key] for row in table.rows}
    found = (
        cell
        for cell in cells
        if len(cell) >= _SHORTEST_CELL
        and cell in question
        and (cell not in table.about or (len(keys) > 1 and cell in keys))
        and _stands_in(cell, question)
    )
    return sorted(found, key=lambda cell: (-len(cell), cell))


def _stands_in(cell: str, question: str) -> bool:
    if not says_something(cell):
        return False
    return re.search(rf"(?<![0-9a-z.,]){re.escape(cell)}(?![0-9a-z])", question) is not None


def _columns_of_terms(rest: str, rows: Sequence[Row]) -> set[int]:
    """The columns in whose cells a word of the question stands: whose 担当 is 三津谷."""
    terms = terms_of(rest)
    return {
        at
        for row in rows
        for at, cell in enumerate(row.words)
        if any(term.held_by(cell) == 1 for term in terms)
    }


def _unexplained(
    rest: str, table: Table, columns: Collection[int], named: str
) -> Iterator[re.Pattern[str]]:
    """What neither the table as a whole nor these columns say of a question: patterns for rows.

    `named` are the names of those that are asked for or compared.
    """
    own = {*columns, table.key}
    said = "\n".join(table.names[at] for at in own if _place_of_words(table.names[at], rest) >= 0)
    rest = _COUNTED.sub(" ", rest)
    names = {each for at, name in _columns(table) if at in own for each in _said_as(name)}
    for each in sorted((each for each in names if len(each) > 1), key=lambda name: -len(name)):
        rest = rest.replace(each, " ")
    called = "\n".join(table.columns[at] for at in own).casefold()
    known = f"{table.about}\n{called}"
    for number in (each.strip() for each in _NUMBERED.findall(rest)):
        if number not in known:
            yield re.compile(rf"(?<![\d.]){re.escape(number)}")
    for term in terms_of(rest):
        is_in_rows = any(_holds(term, row) for row in table.rows)
        is_known = term.text in SAYS_LITTLE or 2 * term.held_by(table.about) >= 1
        is_known = is_known or (term.script == "latin" and term.held_by(said) == 1)
        is_known = is_known or term.held_by(named) == 1
        if term.script != "number" and (is_in_rows or not is_known):
            yield re.compile(re.escape(term.text))
    for word in _SINGLE.findall(rest):
        if word in _SPANS_OF_TIME and word not in called:
            yield _NOTHING
        elif word not in SAYS_LITTLE and word not in known:
            yield re.compile(word)


def _holds(term: Term, row: Row) -> bool:
    return term.held_by(row.folded) == 1


def only(columns: Sequence[int]) -> int | None:
    """The column, where it is one."""
    return columns[0] if len(columns) == 1 else None
