"""How many there are of something, where a table lists them and nothing else is asked.

No sentence says the number: the rows are counted, and the answer says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shutten.cells.rows import Table, says_something
from shutten.cells.words import MOST_ROWS, Found
from shutten.checking.numerals import ENGLISH
from shutten.tables import Tables
from shutten.terms import folded
from shutten.types import Language, Passage

_COUNTER = r"人|名|台|件|個|点|本|冊|匹|頭|羽|社|軒|戸|室|棟|種類|種|か所|箇所|つ|校|館|隻|橋|曲|品"
_ASKS_JA = re.compile(
    rf"^(?:(?P<of>.{{1,40}}?)(?:の|には|にある|にいる|にはある))?(?P<noun>[^のにはがをで、]{{1,12}})は、?"
    rf"(?:全部で|全部|合わせて|合計で?|みんなで)?、?(?:何(?P<counter>{_COUNTER})|いくつ)"
    r"(?:あり|い|ある|いる|の)?(?:ます|です)?か?\W*$"
)
_ASKS_EN = re.compile(
    r"^how many (?P<noun>[a-z]+(?: [a-z]+)?)"
    r" (?:are there|does (?:the )?(?P<owner>.{2,40}?) have)"
    r"(?: (?:altogether|in total|in all|all together))?"
    r"(?: (?:in|at|of|on|for) (?:the )?(?P<of>.{2,60}?))?(?: (?:altogether|in total|in all))?\W*$"
)
_SOME = re.compile(
    r"主な|主要|一部|抜粋|例|代表的|おもな|など|新(?:着|規)|今[年月]|\b(?:main|some|select|sample|example"
    r"|notable|excerpt|recent|new|top)"
)
"""A table below such a heading does not list them all."""
_NUMERAL = re.compile(rf"\d|[一二三四五六七八九十百]+(?:{_COUNTER})|{ENGLISH}")
_PERSON = re.compile(r"氏名|名前|^name$")
_COUNTED: dict[Language, str] = {
    "ja": "表「{column}」の{count}行を数えました",
    "en": "Counted: {count} rows of the table of {column}",
}


@dataclass(frozen=True, slots=True)
class Count:
    """What is to be counted, and of what; folded, `of` and `counter` empty where not said."""

    noun: str
    of: str
    counter: str


def count_in(question: str) -> Count | None:
    """Return what a whole question asks the number of; None where it asks anything more."""
    text = folded(question)
    if found := _ASKS_JA.match(text):
        return Count(found["noun"], found["of"] or "", found["counter"] or "")
    if found := _ASKS_EN.match(text):
        return Count(found["noun"], found["owner"] or found["of"] or "", "")
    return None


def counted(asked: Count, language: Language, table: Table) -> Found | None:
    """The number of rows of a table of such things, the only one of its article."""
    if not _lists(asked, table) or not _is_whole(table):
        return None
    count = len(table.rows)
    told = _COUNTED[language].format(column=table.columns[table.key].strip(), count=count)
    return Found(table.rows[:MOST_ROWS], None, f"{count}{asked.counter}", told)


def _lists(asked: Count, table: Table) -> bool:
    """Whether the rows of a table are these things, and its title or heading names the rest."""
    name = table.names[table.key]
    is_noun = name and asked.noun in (
        name,
        name.removesuffix("名"),
        f"{name}s",
        f"{name}es",
        f"{name[:-1]}ies",
    )
    ends = (re.sub(r"\s*\(.*", "", line).strip() for line in table.about.split("\n"))
    titled = re.compile(rf"(?:の|^|[一-龥]{{2}}){re.escape(asked.noun)}$")
    is_titled = _PERSON.search(name) and any(map(titled.search, ends))
    return bool(is_noun or is_titled) and len(asked.of) > 1 and asked.of in table.about


def is_told(asked: Count, table: Table, passages: Sequence[Passage]) -> bool:
    """Whether a sentence of the article has a number of such things, right or not."""
    own = (each for each in passages if each.hit.article_id == table.article.id)
    texts = (folded(each.hit.text) for each in own if not each.columns)
    return any(asked.noun in text and _NUMERAL.search(text) for text in texts)


def _is_whole(table: Table) -> bool:
    """Whether every row is one thing, and none is left out or stands twice."""
    names = [row.words[table.key] for row in table.rows]
    groups = any(sum(map(says_something, row.words)) <= 1 < len(row.words) for row in table.rows)
    is_some = _SOME.search(table.about) is not None
    name = table.columns[table.key]
    others = [head for head in Tables(table.article.text).heads if name in head.columns]
    return (
        table.is_whole
        and len(names) > 1
        and len(set(names)) == len(names)
        and all(map(says_something, names))
        and not groups
        and not is_some
        and len(others) == 1
    )
