"""Answers that a text gives to a question of its own: quoted from their beginning.

「Q. 企業も使えますか。A. 使えます。ただし料金は四倍です。」: either sentence alone says too little.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from shutten.grounding import UNSURE, in_front_of
from shutten.opposites import tells_the_opposite
from shutten.terms import folded, terms_of
from shutten.types import Passage, Reading
from shutten.wording.expressions import asked_kind

_SIGN = re.compile(r"[\u3400-\u9fff\u30a1-\u30fa\d]")
SHORT = 12
"""An answer of no more characters is quoted with the sentence behind it: 「はい。」."""
SHORT_WORDS = 3
"""The same in words of a language with spaces between them."""


SAID = 0.5
"""So much of what the article's question has must be asked."""
ALIKE_SIGNS, ALIKE_WORDS = 5, 3
"""So much of two questions is alike, at least, where they ask the same of two things."""
DOUBTED = UNSURE - 0.01
ASKED_THERE = 0.6
"""How sure an answer is at least whose question, in the article, is the one that is asked."""


def with_whole_answer(
    question: str, readings: Sequence[Reading], passages: Sequence[Passage]
) -> list[Reading]:
    """Return the readings with the answer in front that an article gives to this very question.

    It is quoted as a whole, as any answer to a question of an article. What answers the same
    question about another thing is unsure.
    """
    doubted = [
        replace(each, confidence=min(each.confidence, DOUBTED))
        if asks_the_same_of_another(question, each.passage)
        else each
        for each in readings
    ]
    told = [each for each in passages if not tells_the_opposite(question, each.hit.text)]
    return _whole(_asked_there(question, doubted, passages), told)


def _asked_there(
    question: str, readings: Sequence[Reading], passages: Sequence[Passage]
) -> list[Reading]:
    """Return the readings with the answer in front whose question is the one that is asked."""
    known = {each.passage.hit.place for each in readings}
    unread = [Reading(each, 0.0, 0.0) for each in passages if each.hit.place not in known]
    highest = in_front_of(readings)
    same = [
        replace(each, relevance=highest, confidence=max(each.confidence, ASKED_THERE))
        for each in (*readings, *unread)
        if _begins_answer(each.passage) and is_asked_in(question, each.passage)
    ][:1]
    places = {each.passage.hit.place for each in same}
    return [*same, *(each for each in readings if each.passage.hit.place not in places)]


def is_asked_in(question: str, passage: Passage) -> bool:
    """Whether the question that a passage answers is this one, said in the same words or in more.

    What it is about may be said by the heading or the title alone.
    """
    terms = terms_of(question)
    there, around = folded(passage.question), folded(passage.under)
    held = [term for term in terms if term.held_by(there)]
    return (
        bool(held)
        and _signs(question) <= _signs(f"{there} {around}")
        and all(term in held or term.held_by(around) for term in terms)
        and not tells_the_opposite(question, passage.hit.text)
        and asked_kind(question) == asked_kind(passage.question)
        and len(held) >= SAID * len(terms_of(passage.question))
        and len(_signs(question) & _signs(there)) >= SAID * len(_signs(there))
    )


def asks_the_same_of_another(question: str, passage: Passage) -> bool:
    """Whether the question that a passage answers differs by the thing alone that it is about.

    「ラケットは必要ですか」 for 「上履きは必要ですか」: what answers one says nothing of the other.
    """
    alike = _alike(folded(question), folded(passage.question)) if passage.question else ""
    if not alike:
        return False
    said = folded(f"{passage.question} {passage.hit.text} {passage.under}")
    own = folded(question).replace(alike, " ")
    missing = _signs(own) - _signs(said)
    return bool(missing) or any(not term.held_by(said) for term in terms_of(own))


def _alike(one: str, other: str) -> str:
    """How two Japanese questions end alike, or two English ones begin; "" where it is little."""
    one, other = (text.strip(" 。.?？") for text in (one, other))
    if one.isascii():
        pairs = zip(one.split(), other.split(), strict=False)
        begun = [
            mine for mine, theirs in itertools.takewhile(lambda each: each[0] == each[1], pairs)
        ]
        return " ".join(begun) if len(begun) >= ALIKE_WORDS else ""
    backwards = zip(reversed(one), reversed(other), strict=False)
    count = sum(1 for _ in itertools.takewhile(lambda each: each[0] == each[1], backwards))
    return one[len(one) - count :] if count >= ALIKE_SIGNS else ""


def _signs(text: str) -> set[str]:
    """The kanji, katakana and digits of a text, which verbs are told by as well."""
    return set(_SIGN.findall(folded(text)))


def _whole(readings: Sequence[Reading], passages: Sequence[Passage]) -> list[Reading]:
    """Return the readings with the beginning of the answer that the best one is a part of.

    With the sentence behind it where that beginning says next to nothing. Either may have been
    found and not read; it is one of the `passages`.
    """
    best = max(readings, key=lambda each: each.relevance, default=None)
    if best is None or not best.passage.question:
        return list(readings)
    beside = _place_beside(best.passage)
    known = {each.passage.hit.place for each in readings}
    fitting = {each.hit.place for each in passages}
    raised = [
        replace(each, relevance=best.relevance, confidence=max(each.confidence, best.confidence))
        if each.passage.hit.place in fitting and _goes_with(each.passage, best.passage, beside)
        else each
        for each in readings
    ]
    unread = [
        Reading(each, best.relevance, best.confidence)
        for each in passages
        if each.hit.place not in known and _goes_with(each, best.passage, beside)
    ]
    return [*raised, *unread]


def _place_beside(passage: Passage) -> int:
    """The number of the sentence that belongs to it: the first of its answer, or the next one."""
    if not _begins_answer(passage):
        return passage.hit.sentence - 1
    is_short = (
        len(passage.hit.text.split()) <= SHORT_WORDS
        if passage.hit.text.isascii()
        else len(passage.hit.text) <= SHORT
    )
    return passage.hit.sentence + 1 if is_short else passage.hit.sentence


def _begins_answer(passage: Passage) -> bool:
    return bool(passage.question) and passage.before in ("", passage.question)


def _goes_with(passage: Passage, best: Passage, number: int) -> bool:
    return (
        passage.question == best.question
        and passage.hit.article_id == best.hit.article_id
        and passage.hit.sentence == number
    )
