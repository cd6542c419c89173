"""Which of two things has more of what a question compares, by the words that were quoted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from shutten.checking.dates import Moment, moments
from shutten.checking.folding import Folded, fold
from shutten.checking.quantities import Quantity, quantities
from shutten.choosing import with_words, without_words
from shutten.conversation import Comparison
from shutten.crossing import DOUBTED
from shutten.grounding import one_line
from shutten.types import Language, Reading
from shutten.wording.alignment import CLAUSE_ENDS

_CONCLUDED: dict[Language, str] = {
    "ja": "比べると：{winner}（{one} {mine}、{two} {its}）",
    "en": "Compared: {winner} ({one} {mine}, {two} {its})",
}
_SAME: dict[Language, str] = {"ja": "同じ", "en": "the same"}
_YES: dict[Language, tuple[str, str]] = {"ja": ("いいえ", "はい"), "en": ("no", "yes")}

COMPARED = re.compile(
    r"より|最も|もっとも|最[多少大小高低古新]|一番|ほうが|方が|上回|下回|先[にんだ立]|早く|遅れ|首位|トップ"
    r"|\b(?:than|most|more|less|fewer|first|earlier|later|before|after|\w+est)\b",
    re.IGNORECASE,
)
"""What a sentence says that compares."""

_COMMA = re.compile(r"(?<![はがでも])[、,;](?!\d)")

_UNIT = re.compile(r"[一-龥ァ-ヶー]{1,4}")
_BRACKETS = re.compile(r"\([^()]*\)|「[^」]*」|『[^』]*』")
_QUOTED = re.compile(r"[「『“\"]([^「」『』“”\"]+)[」』”\"]")
_BETWEEN_CLAUSES = re.compile(CLAUSE_ENDS)
_NOT_YET = re.compile(
    r"予定|計画|見込|はず|目標|とみられ|零下|氷点下|マイナス"
    r"|\b(?:planned|due|expected|supposed|would|minus|below zero)\b"
)
"""In a clause whose value is not that of the thing, or counts the other way round."""
_MANNER = re.compile(
    r"月額|年額|年俸|月給|日給|日当|一泊|毎[日週月年]|[一二三四六\d]+(?:か月|ヶ月|カ月|週間|日|年)(?=\d)"
    r"|平均|最大|最小|最高|最低|最も|合計|[春夏秋冬](?=に|の|は)|昼|夜|大人|子供|男性|女性"
    r"|\b(?:a|per|each|every) (?:day|week|month|year|night|hour)\b"
    r"|\b(?:average|mean|maximum|minimum|total|summer|winter|adults?|children)\b"
)
"""How a value is meant; two that are meant differently cannot be compared."""

Value: TypeAlias = tuple[str, tuple[float, ...]]
"""A unit and a number, or a date as far as it is told, the year first."""


@dataclass(frozen=True, slots=True)
class _Told:
    """A value with where it stands in a sentence, and how it is meant."""

    start: int
    end: int
    value: Value
    manner: frozenset[str]


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What follows from two quoted values: in a word, and with both of them."""

    short: str
    told: str


def is_about(side: str, reading: Reading) -> bool:
    """Whether a sentence names a side, or stands under it or behind a sentence that names it.

    The other one's number is the nearest mistake.
    """
    passage = reading.passage
    name = _named(side)
    text = f"{passage.under} {passage.before} {passage.hit.text}"
    return fold(name).text in fold(text).text


def _named(side: str) -> str:
    return re.sub(r"^(?:the|a|an) ", "", side.casefold())


def told_by_comparing(readings: Sequence[Reading]) -> list[Reading]:
    """Readings for a question that compares, without words but of a sentence that compares too.

    Whatever one of two is said to be, it does not tell which of them is more so.
    """
    return [
        each if COMPARED.search(each.passage.hit.text) else bare
        for each, bare in zip(readings, without_words(readings), strict=True)
    ]


def rows_told_by_comparing(readings: Sequence[Reading]) -> list[Reading]:
    """The same for a question for the most of something, as to rows of tables alone.

    That one row answers is not sure then, whatever the reader says.
    """
    compared = told_by_comparing(readings)
    return [
        replace(other, confidence=min(other.confidence, DOUBTED)) if each.passage.columns else each
        for each, other in zip(readings, compared, strict=True)
    ]


def with_own_value(side: str, other: str, reading: Reading) -> Reading:
    """Of a sentence that names both sides, let the value behind this one be the answering words.

    As in 本坑は1985年に、先進導坑は1983年に貫通した: a reader takes one for the other. Unchanged
    where the two are not each followed by one number or date.
    """
    folded = fold(reading.passage.hit.text)
    here, there = (folded.text.find(fold(_named(each)).text) for each in (side, other))
    if min(here, there) < 0:
        return reading
    values = _values_in(folded.text)
    own = _values_behind(folded.text, here, there, values)
    its = _values_behind(folded.text, there, here, values)
    if len(own) != 1 or len(its) != 1:
        return reading
    start, stop = folded.span(*own[0])
    return with_words(reading, start, stop)


def _values_in(folded: str) -> list[tuple[int, int]]:
    dated = [(each.start, each.end) for each in moments(folded)]
    return [*dated, *((each.start, each.end) for each in quantities(folded, dated))]


def _values_behind(
    folded: str, here: int, there: int, values: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """The values from a name to the next comma that is not its own, or to the other name."""
    comma = _COMMA.search(folded, here)
    end = min(
        len(folded) if comma is None else comma.start(), there if here < there else len(folded)
    )
    return [each for each in values if here <= each[0] < end]


def with_value(comparison: Comparison, reading: Reading) -> Reading:
    """Let the value that the question compares be the answering words, where there is one."""
    told = _told_in(comparison, reading)
    return reading if told is None else with_words(reading, told.start, told.end)


def concluded(
    comparison: Comparison, readings: Sequence[Reading], language: Language
) -> Conclusion | None:
    """Return which of the two it is; None where their values cannot be compared.

    `readings` are those that answer for each of the two. A value counts where its clause says what
    is compared, that it is so, and in the same manner as the other one.
    """
    if len(readings) != len(comparison.sides):
        return None
    first, second = (_told_in(comparison, each) for each in readings)
    if first is None or second is None or first.manner != second.manner:
        return None
    mine, its = (
        one_line(reading.passage.hit.text[each.start : each.end])
        for reading, each in zip(readings, (first, second), strict=True)
    )
    return concluded_from(comparison, (first.value, second.value), (mine, its), language)


def concluded_from(
    comparison: Comparison, values: tuple[Value, Value], said: tuple[str, str], language: Language
) -> Conclusion | None:
    """Return which of the two it is by their values, which are said in these words."""
    order = order_of(*values)
    if order is None:
        return None
    (one, two), (mine, its) = map(_unquoted, comparison.sides), said
    winner = _winner(comparison, order, language)
    told = _CONCLUDED[language].format(winner=winner, one=one, two=two, mine=mine, its=its)
    return Conclusion(winner, told)


def _winner(comparison: Comparison, order: int, language: Language) -> str:
    first_is_meant = order > 0 if comparison.greater else order < 0
    if comparison.claims:
        return _YES[language][first_is_meant]
    if order == 0:
        return _SAME[language]
    return _unquoted(comparison.sides[0 if first_is_meant else 1])


def _unquoted(name: str) -> str:
    quoted = _QUOTED.fullmatch(name)
    return quoted[1] if quoted else name


def _told_in(comparison: Comparison, reading: Reading) -> _Told | None:
    """The value in the answering words, or else the only one of the sentence that fits."""
    folded = fold(reading.passage.hit.text)
    fitting = [
        _Told(*folded.span(start, end), value, frozenset(_MANNER.findall(clause)))
        for start, end, value in _comparable(folded, dates=comparison.dates)
        for clause in [_clause(folded.text, start, end)]
        if re.search(comparison.beside, clause) and not _NOT_YET.search(clause)
    ]
    if reading.start is not None and reading.end is not None:
        start, stop = reading.start, reading.end
        within = [each for each in fitting if each.start < stop and start < each.end]
        fitting = within or fitting
    return fitting[0] if len({each.value for each in fitting}) == 1 else None


def _comparable(folded: Folded, *, dates: bool) -> list[tuple[int, int, Value]]:
    """The values of a sentence that one can compare, with where they stand in its folded text."""
    dated = moments(folded.text)
    if dates:
        known = [(each.start, each.end, date_of(each)) for each in dated]
    else:
        counted = quantities(folded.text, [(each.start, each.end) for each in dated])
        known = [(each.start, *_number(each, folded.text)) for each in counted]
    return [(start, end, value) for start, end, value in known if value is not None]


def _number(quantity: Quantity, folded: str) -> tuple[int, Value | None]:
    """Where a number ends with its unit, whatever that is, and the number if exact, or about so."""
    unknown = None if quantity.unit else _UNIT.match(folded, quantity.end)
    end = quantity.end if unknown is None else unknown.end()
    if quantity.unit == "ordinal" or quantity.bound not in ("exact", "about"):
        return end, None
    unit = quantity.unit if unknown is None else unknown.group()
    return end, (unit, (quantity.value,))


def _clause(folded: str, start: int, end: int) -> str:
    """The clause that a value stands in, without what else stands in brackets."""

    def blank(found: re.Match[str]) -> str:
        inside = found.start() < end and start < found.end()
        return found.group() if inside else " " * len(found.group())

    text = _BRACKETS.sub(blank, folded)
    ends = list(_BETWEEN_CLAUSES.finditer(text))
    opened = max((each.end() for each in ends if each.end() <= start), default=0)
    closed = min((each.start() for each in ends if each.start() >= end), default=len(text))
    return text[opened:closed]


def date_of(moment: Moment) -> Value | None:
    """Return a date as a value; None without a year, or with a part of it alone."""
    if moment.year is None or moment.part is not None:
        return None
    told = (moment.year, moment.month, moment.day)
    count = next((place for place, each in enumerate(told) if each is None), len(told))
    return "date", tuple(float(each or 0) for each in told[:count])


def order_of(one: Value, two: Value) -> int | None:
    """1 where the first is greater or later, -1 where it is less, 0 where they are the same."""
    if one[0] != two[0]:
        return None
    differing = next(((a, b) for a, b in zip(one[1], two[1], strict=False) if a != b), None)
    if differing is not None:
        return 1 if differing[0] > differing[1] else -1
    return 0 if len(one[1]) == len(two[1]) else None
