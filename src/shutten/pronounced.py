"""How a name is read aloud: what stands in kana in brackets behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from shutten.choosing import with_words
from shutten.grounding import UNSURE, in_front_of
from shutten.types import Passage, Reading

_ASKED = re.compile(
    r"^「?(?P<name>[^、。？?「」]{1,30}?)」?(?:という(?:字|名前?|言葉|漢字))?"
    r"(?:(?:って|は|を|とは)?(?:(?:何|なん)(?:て|と)|どう(?:やって)?|どのように)読(?:み|む|め)"
    r"|の(?:読み方?|読み仮名|よみ(?:かた|がな)?|ふりがな|振り仮名)(?:は|を|って|$))"
)
_KANA = r"[ぁ-んァ-ヶー][ぁ-んァ-ヶー・ \u3000]*"


def with_pronunciation(
    question: str, readings: Sequence[Reading], passages: Sequence[Passage]
) -> list[Reading]:
    """Return the readings with a sentence in front that says how the name asked about is read."""
    found = _ASKED.match(question)
    told = next(_told(found["name"], passages), None) if found else None
    if told is None:
        return list(readings)
    passage, start, end = told
    rest = [each for each in readings if each.passage.hit.place != passage.hit.place]
    reading = with_words(Reading(passage, in_front_of(readings), UNSURE), start, end)
    return [reading, *rest]


def _told(name: str, passages: Sequence[Passage]) -> Iterator[tuple[Passage, int, int]]:
    """Where passages have the name with kana behind it."""
    pattern = re.compile(rf"{re.escape(name)}[」』]?\s?[（(]\s?(?P<kana>{_KANA})(?=[）),，、:：])")
    for passage in passages:
        if found := pattern.search(passage.hit.text):
            yield passage, *found.span("kana")
