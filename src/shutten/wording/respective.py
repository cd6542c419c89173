"""Values that a sentence gives in turn for things it names before: それぞれ, respectively."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shutten.remembering import remembered
from shutten.wording.alignment import folded_in_place
from shutten.wording.siblings import Place, named_in, topics_of

_NUMBER = (
    r"(?:約|およそ|平均|計)?(?:[0-9][0-9,.]*[十百千万億兆]*"
    r"(?:[%℃]|[ァ-ヶー]{2,}|k?[a-z]{1,2}(?![a-z])|[一-龥]{1,2})?)+"
)
_NOUN = r"[一-龥々ァ-ヶーa-z0-9・「」『』]{1,16}"
_LINK = r"(?:、|と|、?および|、?及び)"
_VALUES_JA = tuple(
    re.compile(rf"それぞれ(?:が|は|に|、)?(?P<row>{each}(?:{_LINK}{each})+)(?=[^、と0-9]|$)")
    for each in (_NUMBER, _NOUN)
)
_ITEMS_JA = re.compile(_LINK)
_NAME = r"[^\s、。とやはがもをにでへ()]{1,20}"
_NAMES_JA = re.compile(rf"{_NAME}(?:(?:{_LINK}|や){_NAME})+")
_KANA_AT_END = re.compile(r"[ぁ-ん]$")
_LINKS_JA = re.compile(rf"{_LINK}|や")
_VALUE_EN = (
    r"(?:[$£€¥]?\d[\d,.]*\d|[$£€¥]?\d)(?: (?:million|billion|thousand|per))?"
    r"(?: (?!and\b|respectively\b)[a-z%]+)?"
    r"|(?!The )[A-Z][\w'’-]*(?: (?:of )?[A-Z][\w'’-]*){0,4}"
)
_VALUES_EN = re.compile(
    rf"(?P<row>(?:{_VALUE_EN})(?:, (?:{_VALUE_EN}))*,? and (?:{_VALUE_EN}))"
    r"(?: [a-z]+)?,? respectively\b"
)
_ITEMS_EN = re.compile(r",? and |, ")
_NAME_EN = r"\b(?:(?!and |the )[\w'’.-]+ ){0,3}?[\w'’-]+"
_NAMES_EN = re.compile(rf"{_NAME_EN}(?:, (?:the )?{_NAME_EN})*,? and (?:the )?{_NAME_EN}(?=[ ,;])")
_ASKS_FOR_EACH = re.compile(r"それぞれ|各|両|ともに|\b(?:each|both|respectively)\b")


@dataclass(frozen=True, slots=True)
class InTurn:
    """The values of a sentence in turn; `asked` is the one asked for, None where that is open."""

    start: int
    end: int
    asked: Place | None


def in_turn(question: str, text: str) -> InTurn | None:
    """Return the values in turn of a sentence; None where it has none or all are asked for."""
    asked = folded_in_place(question)
    rows = _rows(text)
    if rows is None or _ASKS_FOR_EACH.search(asked):
        return None
    names, values = rows
    named = named_in(asked, names)
    place = values[named[0]] if len(named) == 1 else None
    return InTurn(values[0][0], values[-1][1], place)


@remembered(maxsize=32)  # asked for once for each reading of a sentence
def _rows(text: str) -> tuple[tuple[str, ...], tuple[Place, ...]] | None:
    """The names and the values, in turn; None where a sentence has no two rows of one length."""
    folded = folded_in_place(text)
    for form, items, names, links in (
        *((each, _ITEMS_JA, _NAMES_JA, _LINKS_JA) for each in _VALUES_JA),
        (_VALUES_EN, _ITEMS_EN, _NAMES_EN, _ITEMS_EN),
    ):
        found = form.search(text if form is _VALUES_EN else folded)
        if found is None:
            continue
        values = _places(found["row"], found.start("row"), items)
        ahead = [links.split(row[0]) for row in names.finditer(folded, 0, found.start())]
        ahead = [[each for each in row if not _KANA_AT_END.search(each)] for row in ahead]
        fitting = [row for row in ahead if len(row) == len(values) and _is_of_one_kind(row)]
        if not fitting:
            fitting = _topics(folded[: found.start()], len(values))
        if fitting:
            return _bare(fitting[-1]), values
    return None


def _topics(ahead: str, number: int) -> list[list[str]]:
    """So many names that clauses tell of; what stands right before それぞれ is none of them."""
    clauses = ahead[: ahead.rfind("、") + 1]
    found = [topics_of(clauses, counted=counted) for counted in (False, True)]
    return [topics for topics in found if len(topics) == number]


def _bare(row: Sequence[str]) -> tuple[str, ...]:
    """The names of a row without what is told of all behind the last one: 本館、別館|の定員."""
    *others, last = row
    return (*others, last if any("の" in each for each in others) else last.partition("の")[0])


def _is_of_one_kind(row: Sequence[str]) -> bool:
    """Whether all of a row begin with a number, or none: 「5時58分、終電」 are not two names."""
    return len({each[:1].isdigit() for each in row}) == 1


def _places(row: str, start: int, link: re.Pattern[str]) -> tuple[Place, ...]:
    places, first = [], 0
    for each in link.finditer(row):
        places.append((start + first, start + each.start()))
        first = each.end()
    return (*places, (start + first, start + len(row)))
