"""Two words of a claim that rest on one and the same word of its sentences.

"A carver of wood carvings" from "a carver of wooden blocks": by their stems both are the carver,
and the carvings are nowhere. A repetition or an inflection (carve, carved) adds nothing; a person
beside what he makes does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from shutten.checking.alignment import SOUND, Match
from shutten.checking.analysis import Analysis
from shutten.checking.case import Case
from shutten.checking.verdicts import Problem
from shutten.checking.words import Word

_AGENT_EN = re.compile(r"[a-z]{2}(?:er|or)s?$")
_PRODUCT_EN = re.compile(r"[a-z]{2}(?:ings|tions?|sions?|ments?)$")
_AGENT_JA = re.compile(r"[家者員師士手屋官]$")
_SHORTEST_JA = 2


def check_shared(case: Case) -> Iterator[Problem]:
    """No word of the claim lives on another one's word of the sentences."""
    if case.claim.language != case.evidence[0].language:
        return
    for match in case.matches:
        if match.text >= 0 and match.strength >= SOUND and _is_borrowed(case, match):
            yield Problem("addition", case.shown(match.word.start, match.word.end))


def _is_borrowed(case: Case, match: Match) -> bool:
    """Whether the only words that a word was found as stand for another one of the claim."""
    if match.word.script == "latin":
        return _is_borrowed_en(case, match)
    return match.word.script == "kanji" and _is_borrowed_ja(case, match)


def _is_borrowed_en(case: Case, match: Match) -> bool:
    mine = _sort(case.claim, match.word)
    found = [
        _sort(text, word)
        for text in case.texts
        for word in text.words
        if word.key == match.word.key
    ]
    others = {
        _sort(case.claim, other)
        for other in case.claim.words
        if other.key == match.word.key and other != match.word
    }
    return (
        bool(found) and mine not in found and bool(others & set(found)) and _says_more(mine, others)
    )


def _sort(text: Analysis, word: Word) -> str:
    """Whether a word names who does something, what comes of it, or the doing itself."""
    written = text.text[word.start : word.end].removesuffix("'s").removesuffix("'")
    if _AGENT_EN.search(written):
        return "agent"
    return "product" if _PRODUCT_EN.search(written) else "deed"


def _says_more(mine: str, others: set[str]) -> bool:
    """Whether a word says more than its kin: a builder builds, and what he built is not told."""
    return mine == "product" or (mine == "agent" and "product" in others)


def _is_borrowed_ja(case: Case, match: Match) -> bool:
    """彫刻 beside 彫刻家, where the sentences have only the latter."""
    key = match.word.key
    if len(key) < _SHORTEST_JA:
        return False
    longer = {
        word.key
        for word in case.claim.words
        if word.key.startswith(key) and len(word.key) == len(key) + 1 and _AGENT_JA.search(word.key)
    }
    found = [text.text for text in case.texts if key in text.text]
    return any(
        any(each in text for text in found)
        and not any(key in text.replace(each, "") for text in found)
        for each in longer
    )
