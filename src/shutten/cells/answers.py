"""Answers that a table gives as a whole: a cell by its row and column, and the most of something.

No row says that it has the most, or the more of two: what the rows have is compared, and those that
come first are quoted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from shutten.cells.counts import Count, count_in, counted, is_told
from shutten.cells.hours import hours_in, told_by_hours
from shutten.cells.periods import asks_when, change_in, changed, foremost_period
from shutten.cells.places import (
    asks_for_rank,
    beside,
    next_to,
    rank_column,
    ranked_in,
    with_rank,
)
from shutten.cells.rows import Row, Table, says_something, tables_of
from shutten.cells.values import at_place, is_measure, values_of, without_sum
from shutten.cells.words import (
    COLUMNS,
    MARK,
    MOST_ROWS,
    Found,
    meant,
    measured_in,
    named_columns,
    only,
    without_cells,
    without_words_of,
)
from shutten.checking.folding import fold
from shutten.comparing import concluded_from
from shutten.context import hit_at, in_context
from shutten.conversation import (
    MEASURES,
    PRICE_IN_ANY_WORD,
    Asked,
    Comparison,
    Superlative,
    asked_of,
    asks_for_most,
    comparison_in,
    superlative_in,
)
from shutten.grounding import UNSURE
from shutten.index import Index
from shutten.readable import readable
from shutten.terms import folded, terms_of
from shutten.types import Language, Passage, Reading
from shutten.wording.yes_no import asks_yes_or_no

TABLES = 3
"""So many tables are looked at, those of the foremost passages."""

_CONCLUDED: dict[Language, str] = {
    "ja": "表の{count}行を比べると：{winner}（{column}：{value}）",
    "en": "Of {count} rows of the table: {winner} ({column}: {value})",
}
_CONCLUDED_OF_PLACE: dict[Language, str] = {
    "ja": "表の{count}行を比べて{place}番目：{winner}（{column}：{value}）",
    "en": "Of {count} rows of the table, number {place}: {winner} ({column}: {value})",
}

_SAYS_THE_MOST = re.compile(
    r"最[も多少大小高低古新長短初]|もっとも|一番|いちばん|首位|トップ|初めて"
    r"|\b(?:most|least|fewest|first(?! \w+day\b)"
    r"|(?!(?:requ|inter|sugg|for|harv|mod|hon|prot|cont|inv|conqu|arr|manif|ear)est\b)\w{3,}est)\b"
)
"""What a sentence has that says itself which one has the most."""
_OF_ANOTHER_KIND = re.compile(r"\b(?:most|least) (?P<stem>[a-z]{4})[a-z]*")
"""The most of what the question does not ask for, as the most sensitive is not the dearest."""
_FIRST_OF_ALL = re.compile(r"\b(?:first|last)\b|最初|最後|初めて")
"""Says nothing of how heavy or how dear something is."""
_SAID_OTHERWISE: dict[Asked, re.Pattern[str]] = {
    "person": re.compile(
        r"担当者?|責任者|世話|管理(?=し|を|者)"
        r"|\b(?:look(?:s|ing)? after|takes? care of|in charge of|responsible for|respons\w+)\b"
    ),
    "time": re.compile(r"締め?切り?|〆切|期日|納期|期限|deadline"),
    "value": re.compile(PRICE_IN_ANY_WORD),
}
_MONEY = frozenset(["yen", "dollar", "euro", "pound", "yuan", "won"])
_QUOTES = re.compile(r"[「」『』\"“”]")
_EXPLAINS = re.compile(
    r"なぜ|どうして|理由|原因|どのように|どうやって|どんな|(?<!少)な(?:い|かった|く)(?!で|か|ん)|以外|除[いく]"
    r"|合計|平均|いくつ(?:の|[あが])"
    r"|\b(?:why|not|non|without|except\w*|other than|total|average)\b|n't\b"
    r"|\bhow (?:do|to|can|does|did)\b"
)
"""Asks for what no cell tells, or for what is not so."""
_TIMES = {
    "何年": "年", "何月": "月|date", "何日": "日|date", "何曜": "曜", "何年度": "年",
    "what year": "year", "which year": "year", "what month": "month|date",
    "which month": "month|date", "what day": r"\bday|date", "which day": r"\bday|date",
}  # fmt: skip
_NAMED_TIME = re.compile("|".join(_TIMES))
_OTHER_DATES = re.compile(
    r"次|期限|締|点検|検査|更新|予定|返却|終|廃|修|退|改|訪|最終"
    r"|last|next|due|deadline|expir|check|inspect|updat|renew|clos|end|repair|retire|visit|left"
)
"""Columns of dates that do not tell how old something is."""
_HOW_MUCH = re.compile(
    r"[\d〇一二三四五六七八九十百千万半無全]|free|none|no\b|all\b", re.IGNORECASE
)
"""What a cell has that tells how much or how many."""
_HOW = re.compile(r"\bhow (?!many\b)[a-z]+")
_HOLDS = re.compile(
    r"\b(?:carr(?:y|ies|ied)|holds?|held|g[ai]ves?|given|yield(?:s|ed)?|brings?|brought)\b"
)
"""Says no more than that a row has what a column tells."""
_WHICH_COLUMN = re.compile(r"^\W*(?:which|what) (\w+(?: \w+)?)")
_HOW_MANY = re.compile(r"\bhow (?!much\b)\w+|何人|何名|何台|何件|何個|何点|何本")
_VALUES = (
    (re.compile(r"\bweigh"), "weight|mass"),
    (re.compile(r"\bcosts?\b|いくら"), COLUMNS["value"]),
)


_DOES = re.compile(
    r"^\W*(?:which|what) (?P<column>[a-z ]+?) (?:do|does|did|can|will) (?:the )?(?P<row>.+?)"
    r"(?P<verb> [a-z]+)\W*$"
)
_WHO_DOES = re.compile(r"\bwho (?:has |have |had )?(?P<verb>[a-z]{3,})\b")
_AGENT = re.compile(r"^[a-z]{2,}(?:er|or)s?$")
_BASES = {
    "built": "build", "made": "mak", "wrote": "writ", "written": "writ", "drew": "draw",
    "drawn": "draw", "led": "lead", "won": "win", "ran": "run", "taught": "teach",
    "drove": "driv", "bought": "buy", "sold": "sell", "bred": "breed", "grew": "grow",
    "kept": "keep", "spoke": "speak", "rode": "rid", "found": "find", "held": "hold",
}  # fmt: skip
"""Verbs whose past does not begin as the noun for who does it."""


@dataclass(frozen=True, slots=True)
class TableAnswer:
    """The rows that are quoted, the first ones first; `told` says what follows, if anything."""

    readings: tuple[Reading, ...]
    short: str
    told: str = ""


def answer_of_tables(
    question: str,
    readings: Sequence[Reading],
    passages: Sequence[Passage],
    index: Index,
    language: Language,
    *,
    threshold: float,
) -> TableAnswer | None:
    """Return what the foremost table that can answer tells; None where none can.

    What the rows have is compared where the best sentence does not say itself which one has the
    most. A cell is looked up where the best sentence is a row, or does not answer, which is where
    its confidence is below the threshold.
    """
    ranked = sorted(readings, key=lambda each: -each.relevance)
    answers = _way_of_answering(question, ranked[0] if ranked else None, threshold, language)
    if answers is None:
        return None
    found_in = [*(each.passage for each in ranked), *passages]
    found_in.sort(key=lambda each: each.language != language)  # equal ones stay in their order
    tables = tables_of(found_in, index, TABLES)
    told = [(table, found) for table in tables if (found := answers(table)) is not None]
    count = count_in(question)
    if count is not None and told and _is_unsure(count, told, found_in):
        return None
    return next((_answer(table, found, ranked) for table, found in told), None)


def _is_unsure(
    count: Count, told: Sequence[tuple[Table, Found]], passages: Sequence[Passage]
) -> bool:
    """Whether two tables could be counted, or a sentence says how many there are."""
    return len(told) > 1 or is_told(count, told[0][0], passages)


def _answer(table: Table, found: Found, ranked: Sequence[Reading]) -> TableAnswer:
    return TableAnswer(tuple(_readings(table, found, ranked)), found.short, found.told)


def _way_of_answering(
    question: str, best: Reading | None, threshold: float, language: Language
) -> Callable[[Table], Found | None] | None:
    """How a table may answer a question, by its form; None where none shall."""
    is_row = best is not None and bool(best.passage.columns)
    comparison, superlative = comparison_in(question), superlative_in(question)
    if comparison is not None:
        return partial(_of_two, comparison, language)
    if superlative is not None:
        is_told = best is not None and not is_row and _says_the_most(question, superlative, best)
        return None if is_told else partial(_most, superlative, language)
    change = change_in(question)
    if change is not None and (is_row or best is None or best.confidence < threshold):
        return partial(changed, change, language)
    if best is None or is_row or best.confidence < threshold:
        return partial(_told_by_row, question, language)
    return None


def _says_the_most(question: str, superlative: Superlative, best: Reading) -> bool:
    """Whether a sentence says itself which one has the most of what is asked for."""
    asked, text = folded(question), folded(best.passage.hit.text)
    if superlative.measures:
        text = _OF_ANOTHER_KIND.sub(
            lambda found: found.group() if found["stem"] in asked else " ", text
        )
        text = text if superlative.dates else _FIRST_OF_ALL.sub(" ", text)
    return _SAYS_THE_MOST.search(text) is not None


def _told_by_row(question: str, language: Language, table: Table) -> Found | None:
    """What a row tells that the question says which it is: by its place, or by its cells."""
    rank, other, count = ranked_in(question), beside(question), count_in(question)
    by_counting = counted(count, language, table) if count else None
    if by_counting is not None:
        return by_counting
    if rank is not None:
        return with_rank(rank, language, table)
    hours = hours_in(question)
    found = told_by_hours(hours, table) if hours else next_to(other, table) if other else None
    return found or _looked_up(question, language, table)


# ── a cell by its row and column ─────────────────────────────────────────────────────────────


def _looked_up(question: str, language: Language, table: Table) -> Found | None:
    """What rows have in the column asked for, where a question says which rows it means."""
    asked = _without_verb(folded(question), table)
    if asks_yes_or_no(question) or asks_for_most(question) or _EXPLAINS.search(asked):
        return None
    target = _column_of(asked, table)
    if target is None:
        return None
    rows = meant(_without_other_names(asked, table, target), table, {target})
    if rows is None or len(rows.rows) == len(table.rows) or len(rows.rows) > MOST_ROWS:
        return None
    is_person = asked_of(asked) == "person"
    if target in rows.told and is_person:  # 藍染めの担当は誰, where 藍染め is what somebody does
        target = table.key
    cells = dict.fromkeys(row[target] for row in rows.rows)
    if target in rows.told or not all(map(says_something, cells)):
        return None
    if asked_of(asked) == "value" and not all(map(_HOW_MUCH.search, cells)):
        return None
    return Found(rows.rows, target, MARK[language].join(cells))


def _without_verb(asked: str, table: Table) -> str:
    """A question without what the row does to the cell: "what fuel does Bertha burn"."""
    found = _DOES.search(asked)
    if found is None or found["column"] not in table.names:
        return asked
    if not any(row.words[table.key] == found["row"] for row in table.rows):
        return asked
    return asked[: found.start("verb")]


def _agent_column(asked: str, table: Table) -> int | None:
    """The column of those who do what a question asks who does it: the builder, who built it."""
    found = _WHO_DOES.search(asked)
    if found is None:
        return None
    verb = _BASES.get(found["verb"], found["verb"].removesuffix("s").removesuffix("ed"))
    named = [at for at in table.called(_AGENT) if table.names[at].startswith(verb.rstrip("e"))]
    return only([at for at in named if not any(re.search(r"\d", each) for each in table.cells(at))])


def _without_other_names(asked: str, table: Table, target: int) -> str:
    """A question without words that say what a column tells, if not what it is called."""
    asked = _HOW.sub(" ", asked)
    values = values_of(table.cells(target), dates=False)
    if target in named_columns(asked, table):
        asked = _HOLDS.sub(" ", asked)
    if target == _agent_column(asked, table):
        asked = _WHO_DOES.sub(" ", asked)
    is_money = any(value is not None and value[0] in _MONEY for value in values or ())
    for kind, pattern in _SAID_OTHERWISE.items():
        is_told = kind == asked_of(asked) or target in table.called(COLUMNS[kind])
        if any(pattern.search(row.words[table.key]) for row in table.rows):
            continue  # what a row is of: 管理者
        if is_told or (kind == "value" and is_money):
            asked = pattern.sub(" ", asked)
    if target == _measure_of(asked, table):
        asked = re.sub("|".join(MEASURES), " ", asked)
    return asked


def _column_of(asked: str, table: Table) -> int | None:
    """The column that is asked for: named last, outside of the cells, or called as its kind is."""
    kind = asked_of(asked)
    if asks_for_rank(asked):
        return rank_column(table)
    named = named_columns(without_cells(asked, table), table)
    called = table.called(COLUMNS[kind]) if kind in COLUMNS else []
    fitting = [at for at in named if at in called]
    agent = _agent_column(asked, table) if kind == "person" else None
    if agent is not None:
        return agent
    if fitting or kind == "thing":
        return next(reversed(fitting or named), None if named else _measure_of(asked, table))
    if kind == "value":
        measured = measured_in(asked)
        return named[-1] if named else only(table.called(measured[0])) if measured else None
    says_it = any(COLUMNS[kind].search(row.words[table.key]) for row in table.rows)
    if not called and says_it and len(named) == 1 and named[0] != table.key:
        return named[0]  # the row says what is asked for: 「南館の管理者は誰」
    return table.key if table.key in called else only(called)


def _measure_of(asked: str, table: Table) -> int | None:
    """The only column of the same measure as a noun that is asked for: 重さ and weight."""
    found = (each for each in MEASURES if re.search(rf"(?:{each})(?:は|って|$|\W*$)", asked))
    return next((at for each in found if (at := only(table.called(each))) is not None), None)


# ── the most and the least ───────────────────────────────────────────────────────────────────


def _most(superlative: Superlative, language: Language, table: Table) -> Found | None:
    """The rows that have the most, or the year in which a row has."""
    found = foremost_period(superlative, language, table) if asks_when(superlative) else None
    return found or _foremost(superlative, language, table)


def _foremost(superlative: Superlative, language: Language, table: Table) -> Found | None:
    """The rows with the greatest value, or the least."""
    measured, rest = _measured(superlative, table)
    target = None if measured is None else _target(superlative, table, measured)
    if measured is None or target is None:
        return None
    known = meant(rest, table, {measured, target})
    if known is None:
        return None
    values = values_of([row[measured] for row in known.rows], dates=superlative.dates)
    pairs = [(row, value) for row, value in zip(known.rows, values or (), strict=False) if value]
    best = at_place(without_sum([value for _, value in pairs]), superlative)
    first = [row for row, value in pairs if value == best][:MOST_ROWS]
    if best is None or not all(
        says_something(row[at]) for row in first for at in (table.key, target)
    ):
        return None
    mark = MARK[language]
    form = _CONCLUDED if superlative.place == 1 else _CONCLUDED_OF_PLACE
    told = form[language].format(
        count=len(pairs),
        place=superlative.place,
        winner=mark.join(row[table.key] for row in first),
        column=readable(table.columns[measured]),
        value=first[0][measured],
    )
    return Found(first, target, mark.join(dict.fromkeys(row[target] for row in first)), told)


def _measured(superlative: Superlative, table: Table) -> tuple[int | None, str]:
    """The column that is compared, and the words of the question that tell something else."""
    noun, rest = superlative.noun, superlative.rest
    measures = partial(_is_measure, table, dates=superlative.dates)
    if noun:
        named, beside = _named(noun, superlative.measures, table)
        kept = list(filter(measures, named))
        if kept:
            column = only(kept)
            left = rest if column is None else without_words_of(column, rest, noun, table)
            return column, f"{_HOLDS.sub(' ', left)} {beside}"
        rest = f"{rest} {noun}"
    called = (found for pattern in superlative.measures if (found := table.called(pattern)))
    if noun or superlative.measures:
        column = only(next(called, []) or (_dated(table) if superlative.dates else []))
        return column if column is not None and measures(column) else None, rest
    return only(list(filter(measures, range(table.key + 1, len(table.columns))))), rest


def _dated(table: Table) -> list[int]:
    """The columns of dates that may tell how old something is, whatever they are called."""
    others = table.called(_OTHER_DATES)
    return [
        at
        for at in range(len(table.columns))
        if at not in others and _is_measure(table, at, dates=True)
    ]


def _is_measure(table: Table, column: int, *, dates: bool = False) -> bool:
    """Whether more is more in a column, and less is less."""
    values = values_of(table.cells(column), dates=dates)
    return values is not None and is_measure(table.names[column], values)


def _named(noun: str, measures: Sequence[str], table: Table) -> tuple[list[int], str]:
    """The columns that a noun names, or another word for the same measure; and what is left of it.

    「企業の料金」 names the column 企業, and 料金 says what it measures.
    """
    bare = noun.replace("の", "")
    exact = [at for at, name in enumerate(table.names) if name == bare]
    if exact:
        return exact, ""
    inside = {at: name for at, name in enumerate(table.names) if name and name in bare}
    if inside:
        longest = max(len(name) for name in inside.values())
        chosen = [at for at, name in inside.items() if len(name) == longest]
        left = bare.replace(inside[chosen[0]], " ")
        return chosen, re.sub("|".join(MEASURES), " ", left)
    terms = terms_of(noun)
    alike = [
        at
        for at, name in enumerate(table.names)
        if name and (bare in name or (terms and all(each.held_by(name) == 1 for each in terms)))
    ]
    if alike:
        return alike, ""
    same = (pattern for pattern in measures if re.fullmatch(pattern, bare))
    return next((called for pattern in same if (called := table.called(pattern))), []), ""


def _target(superlative: Superlative, table: Table, measured: int) -> int | None:
    """The column of what is asked for; None where no column is sure to tell that."""
    rest, asked = superlative.rest, superlative.asked
    others = [at for at in named_columns(rest, table) if at not in (measured, table.key)]
    if asked == "noun":
        named, _ = _named(superlative.noun, superlative.measures, table)
        return measured if named == [measured] else table.key
    if asked == "value":
        return _valued(f"{rest} {superlative.noun}", table, measured, others)
    if asked == "time" and superlative.dates and not _NAMED_TIME.search(rest):
        return measured
    if asked in ("time", "place"):
        return _of_kind(asked, rest, table, measured)
    if asked == "person":
        called = [at for at in table.called(COLUMNS["person"]) if at != measured]
        return called[0] if called else table.key
    which = _WHICH_COLUMN.match(rest)
    first = [at for at in others if which and table.names[at] in which[1]]
    return next(iter(first or others[-1:]), table.key)


def _valued(rest: str, table: Table, measured: int, others: Sequence[int]) -> int | None:
    """The column of a number that is asked for: the one that is named, or that is compared."""
    verb = next((pattern for verb, pattern in _VALUES if verb.search(rest)), None)
    if verb is not None:
        called = table.called(verb)
        return measured if measured in called else only(called)
    if others:
        return only(others)
    is_named = measured in named_columns(rest, table)
    return measured if is_named or not _HOW_MANY.search(rest) else None


def _of_kind(asked: Asked, rest: str, table: Table, measured: int) -> int | None:
    """The column of a time or a place; where the question names one, of that."""
    found = _NAMED_TIME.search(rest)
    pattern = _TIMES[found[0]] if found else COLUMNS[asked]
    called = [at for at in table.called(pattern) if at != measured]
    if not called and asked == "place" and table.key in named_columns(rest, table):
        return table.key
    return called[0] if called else None


# ── one of two ───────────────────────────────────────────────────────────────────────────────


def _of_two(comparison: Comparison, language: Language, table: Table) -> Found | None:
    """The rows of two things, or the row where they are columns, and which of them has more."""
    return _of_two_rows(comparison, language, table) or _of_two_columns(comparison, language, table)


def _of_two_columns(comparison: Comparison, language: Language, table: Table) -> Found | None:
    """The only row of what is compared, in a table whose columns are the things."""
    columns = [at for side in comparison.sides for at in _columns_of(side, table)]
    rows = [row for row in table.rows if re.search(comparison.beside, row.words[table.key])]
    if len(set(columns)) != len(comparison.sides) or len(rows) != 1 or not comparison.beside:
        return None
    (row,), (one, two) = rows, columns
    values = values_of([row[one], row[two]], dates=comparison.dates)
    if values is None or not is_measure(row.words[table.key], values):
        return None
    first, second = values
    if first is None or second is None:
        return None
    conclusion = concluded_from(comparison, (first, second), (row[one], row[two]), language)
    return Found((row,), None, conclusion.short, conclusion.told) if conclusion else None


def _columns_of(side: str, table: Table) -> list[int]:
    """The column of a thing: the only one that is called by its name, or has it in its own."""
    name = _QUOTES.sub("", fold(side).text).strip()
    others = [at for at in range(len(table.names)) if at != table.key and table.names[at]]
    same = [at for at in others if table.names[at] == name]
    alike = same or [at for at in others if name in table.names[at]]
    return alike if len(alike) == 1 else []


def _of_two_rows(comparison: Comparison, language: Language, table: Table) -> Found | None:
    """The rows of two things, and which of them has more."""
    time = COLUMNS["time"]
    columns = table.called(comparison.beside) or (table.called(time) if comparison.dates else [])
    rows = [row for side in comparison.sides for row in _rows_of(side, table)]
    if len(columns) != 1 or len(rows) != len(comparison.sides):
        return None
    (column,), dates = columns, comparison.dates
    cells = [row[column] for row in rows]
    first, second = values_of(cells, dates=dates) or (None, None)
    if first is None or second is None or not _is_measure(table, column, dates=dates):
        return None
    conclusion = concluded_from(comparison, (first, second), (cells[0], cells[1]), language)
    if conclusion is None:
        return None
    return Found(rows, column, conclusion.short, conclusion.told)


def _rows_of(side: str, table: Table) -> list[Row]:
    """The row of a thing: the only one with a cell that is its name, or else has it."""
    name = _QUOTES.sub("", fold(side).text).strip()
    keys = [(row, row.words[table.key]) for row in table.rows]
    same = [row for row in table.rows if name in row.words]
    alike = same or [row for row, key in keys if key and (name in key or key in name)]
    return alike if len(alike) == 1 else []


def _readings(table: Table, found: Found, readings: Sequence[Reading]) -> Iterator[Reading]:
    """The rows as readings, as sure as the surest row of the article, and sure enough.

    A reader cannot tell of a row alone that no other one has more.
    """
    sure = [
        each.confidence
        for each in readings
        if each.passage.columns and each.passage.hit.article_id == table.article.id
    ]
    confidence = max([*sure, UNSURE])
    for row in found.rows:
        start, end = _words(row, found)
        hit = in_context(table.article, hit_at(table.article, row.sentence, table.heading))
        yield Reading(Passage(hit, columns=table.columns), 0.0, confidence, start, end)


def _words(row: Row, found: Found) -> tuple[int, int] | tuple[None, None]:
    """Where the answering words stand in a row."""
    if found.target is None:
        return None, None
    start, end = row.cells[found.target]
    at = row.text.find(found.part, start, end)
    return (at, at + len(found.part)) if found.part and at >= 0 else (start, end)
