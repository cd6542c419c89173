"""Definitions: 「Xとは、…をいう」, and the words that a question for one wants whole."""

from __future__ import annotations

import re

from shutten.remembering import remembered
from shutten.wording.alignment import folded_in_place

_ASKED = re.compile(
    r"とは(?:何|なに|どう|どん|いったい|$|[?])|って(?:何|なに|どう|どん|$|[?])|ど(?:ういう|んな|のような)(?:もの|こと|意味|施設|制度)"
    r"|の意味(?:は|です|って|$|[?])|何を(?:指|さ)|何のこと"
)
_DEFINED = re.compile(
    r"(?:「(?P<quoted>[^「」]{1,30})」|(?P<name>[^、。「」はがをに]{1,20}?))(?:\([^()]{1,40}\))?(?:とは|は)、?"
    r"(?P<said>[^。]+?)(?:のこと)?(?:を(?:いう|言う|指す|さす|意味する|指し|いい)|と定義)"
)
_AMONG = re.compile(r"のうち、")


def defined(question: str, text: str) -> tuple[int, int] | None:
    """Return where a text says what the thing is that a question asks the meaning of."""
    asked = folded_in_place(question)
    if not _ASKED.search(asked):
        return None
    return next((place for name, place in _definitions(text) if _is_asked(name, asked)), None)


def _is_asked(name: str, asked: str) -> bool:
    """Whether a folded question asks for this name, and not for a longer one or a part of it."""
    asks = rf"{re.escape(name)}[」』]?(?:とは|って|の意味|はど|は何|というのは)(?!何[一-龥])"
    return re.search(asks, asked) is not None


def whole_definition(question: str, text: str, start: int, end: int) -> tuple[int, int]:
    """Widen words of a definition to its end, and over what it is taken from (…のうち、)."""
    place = defined(question, text)
    if place is None or not place[0] <= start < place[1]:
        return start, end
    if end < place[1] and text[end] not in "(（" and "、" not in text[end : place[1]]:
        end = place[1]
    if _AMONG.search(text, place[0], start):
        start = place[0]
    return start, end


@remembered(maxsize=32)  # many spans of one sentence are looked at
def _definitions(text: str) -> tuple[tuple[str, tuple[int, int]], ...]:
    """The names that are defined in a text, and where it says what they are."""
    found, folded, place = [], folded_in_place(text), 0
    while each := _DEFINED.search(folded, place):
        name = (each["quoted"] or each["name"]).strip()
        found.append((name, each.span("said")))
        place = each.end("quoted" if each["quoted"] else "name")
    return tuple(found)
