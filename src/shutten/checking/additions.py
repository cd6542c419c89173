"""What a claim says that its sentences do not."""

from __future__ import annotations

from collections.abc import Iterator

from shutten.checking.alignment import LIKELY, SOUND, Match, is_capital
from shutten.checking.binding import told
from shutten.checking.case import Case
from shutten.checking.contrasts import clashes
from shutten.checking.frames import Frame
from shutten.checking.roles import is_verb
from shutten.checking.verdicts import Problem
from shutten.checking.words import LIGHT, Word

ADDED = 0.42
"""A content word whose best match is weaker says something that the sentences do not."""

ANCHORS = 3
"""Words and numbers that a sentence must share for a verb to be let pass."""
CROSSED = 0.1
"""The same for a claim in another language than its sentence, where vectors tell less."""


def additions(case: Case) -> Iterator[Problem]:
    """The content words of the claim that sentences, title and neighbours do not have."""
    excused = {member.start for member, *_ in clashes(case)}
    for match in case.matches:
        word = match.word
        if match.strength >= ADDED or word.start in excused or _is_harmless(case, match):
            continue
        yield Problem(
            "name" if _is_name(case, match) else "addition", case.shown(word.start, word.end)
        )


def _is_harmless(case: Case, match: Match) -> bool:
    """A word that says little, or a verb where the sentence has one that the claim does not use.

    What is done is told with another verb more often than falsely; opposites are found elsewhere.
    """
    word = match.word
    if word.key in LIGHT:
        return True
    if case.claim.language != case.evidence[0].language:
        return _is_harmless_across(case, match)
    if not is_verb(case.claim, word) or not _is_anchored(case):
        return False
    pair = _home_of(case, word)
    if pair is None:
        return False
    number, frame = pair
    text = case.evidence[number]
    used = [(m.start, m.end) for m in case.matches if m.text == number and m.strength >= LIKELY]
    return any(
        is_verb(text, other) and not any(s < other.end and other.start < e for s, e in used)
        for other in text.words
        if frame.holds(other.start)
    )


def _home_of(case: Case, word: Word) -> tuple[int, Frame] | None:
    for statement in told(case):
        if statement.frame.holds(word.start) and statement.homes:
            return statement.homes[0].text, statement.homes[0].frame
    return None


def _is_harmless_across(case: Case, match: Match) -> bool:
    """Across languages: no name, or a name that can be one of the kanji words left over."""
    if not _is_name(case, match):
        return match.strength >= CROSSED
    if match.word.script != "latin":
        return False
    text = case.evidence[0]
    used = [(m.start, m.end) for m in case.matches if m.text == 0 and m.strength >= LIKELY]
    return any(
        word.script == "kanji" and not any(s < word.end and word.start < e for s, e in used)
        for word in text.words
    )


def _is_anchored(case: Case) -> bool:
    """Whether most of a claim stands in its sentences, so that one word may be another there."""
    found = sum(match.strength >= SOUND for match in case.matches)
    numbers = len(case.claim.quantities) + len(case.claim.moments)
    return found + numbers >= ANCHORS and 2 * found >= len(case.matches)


def _is_name(case: Case, match: Match) -> bool:
    if match.word.script == "latin":
        return is_capital(case.claim, match.word)
    return match.word.script == "katakana" or match.word.tail.startswith(("さん", "氏"))
