"""Which of two things has more of what a question compares, by the words that were quoted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from shutten.checking.dates import Moment, moments
from shutten.checking.folding import fold
from shutten.checking.quantities import quantities
from shutten.choosing import without_words
from shutten.conversation import Comparison
from shutten.grounding import answering_words, one_line
from shutten.types import Language, Reading

_CONCLUDED: dict[Language, str] = {
    "ja": "比べると：{winner}（{one} {mine}、{two} {its}）",
    "en": "Compared: {winner} ({one} {mine}, {two} {its})",
}
_SAME: dict[Language, str] = {"ja": "同じ", "en": "the same"}
_YES: dict[Language, tuple[str, str]] = {"ja": ("いいえ", "はい"), "en": ("no", "yes")}

_COMPARED = re.compile(
    r"より|最も|もっとも|最[多少大小高低古新]|一番|ほうが|方が|上回|下回|先[にんだ立]|早く|遅れ|首位|トップ"
    r"|\b(?:than|most|more|less|fewer|first|earlier|later|before|after|\w+est)\b",
    re.IGNORECASE,
)
"""What a sentence says that compares."""

_COMMA = re.compile(r"(?<![はがでも])[、,;](?!\d)")

Value: TypeAlias = tuple[str, tuple[float, ...]]
"""A unit and a number, or a date as far as it is told, the year first."""


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


def told_by_comparing(question: str, readings: Sequence[Reading]) -> list[Reading]:
    """Readings for a question that compares, without words that are the question's own.

    They would name a winner; a sentence that says more, first or the like may.
    """
    return [_told(question, each) for each in readings]


def _told(question: str, reading: Reading) -> Reading:
    words = answering_words(reading)
    if words is None or words not in question or _COMPARED.search(reading.passage.hit.text):
        return reading
    return without_words([reading])[0]


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
    return replace(reading, start=start, end=stop, span_confidence=1.0)


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


def concluded(
    comparison: Comparison, readings: Sequence[Reading], language: Language
) -> Conclusion | None:
    """Return which of the two it is; None where their words cannot be compared.

    `readings` are those that answer for each of the two.
    """
    if len(readings) != len(comparison.sides):
        return None
    words = [one_line(answering_words(each) or "") for each in readings]
    order = _order(*(_value(each) for each in words))
    if order is None:
        return None
    (one, two), (mine, its) = comparison.sides, words
    winner = _winner(comparison, order, language)
    told = _CONCLUDED[language].format(winner=winner, one=one, two=two, mine=mine, its=its)
    return Conclusion(winner, told)


def _winner(comparison: Comparison, order: int, language: Language) -> str:
    first_is_meant = order > 0 if comparison.greater else order < 0
    if comparison.claims:
        return _YES[language][first_is_meant]
    if order == 0:
        return _SAME[language]
    return comparison.sides[0 if first_is_meant else 1]


def _value(words: str) -> Value | None:
    """The one number or date of some words; None where there is none, or more than one."""
    folded = fold(words).text
    dated = moments(folded)
    counted = quantities(folded, [(each.start, each.end) for each in dated])
    if len(dated) == 1 and not counted:
        return _date(dated[0])
    if len(counted) == 1 and not dated and counted[0].unit != "ordinal":
        return counted[0].unit, (counted[0].value,)
    return None


def _date(moment: Moment) -> Value | None:
    if moment.year is None or moment.part is not None:
        return None
    told = (moment.year, moment.month, moment.day)
    count = next((place for place, each in enumerate(told) if each is None), len(told))
    return "date", tuple(float(each or 0) for each in told[:count])


def _order(one: Value | None, two: Value | None) -> int | None:
    """1 where the first is greater or later, -1 where it is less, 0 where they are the same."""
    if one is None or two is None or one[0] != two[0]:
        return None
    differing = next(((a, b) for a, b in zip(one[1], two[1], strict=False) if a != b), None)
    if differing is not None:
        return 1 if differing[0] > differing[1] else -1
    return 0 if len(one[1]) == len(two[1]) else None
