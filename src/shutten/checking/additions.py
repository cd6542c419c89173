"""What a claim says that its sentences do not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shutten.checking.alignment import LIKELY, Match, is_capital
from shutten.checking.binding import told
from shutten.checking.case import Case
from shutten.checking.contrasts import clashes
from shutten.checking.verdicts import Problem
from shutten.checking.words import LIGHT

_NAMESAKE = re.compile(r"\b(?:named|called) (?:after|for|in honou?r of)\b")
_NAMING = re.compile(r"\b(?:nam(?:e|ed|es|ing)|call(?:ed|s)?|honou?r)\b|[名称呼]|ちなん")

ADDED = 0.42
"""A content word whose best match is weaker says something that the sentences do not."""

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
    yield from _namesakes(case)


def _namesakes(case: Case) -> Iterator[Problem]:
    """“Named after”: both names are often told, and that one comes from the other is not."""
    claimed = _NAMESAKE.search(case.claim.folded.text)
    if claimed and not any(_NAMING.search(text.folded.text) for text in case.evidence):
        yield Problem("addition", case.shown(claimed.start(), claimed.end()))


def _is_harmless(case: Case, match: Match) -> bool:
    """A word that says little; between two languages also one that may be told there.

    A verb is no exception: a paraphrase that is taken out costs a quotation, an invented deed trust.
    """
    across = case.claim.language != case.evidence[0].language
    light = match.word.key in LIGHT
    if light and (across or match.word.key in _SURE or not _carries(case, match)):
        return True
    return across and _is_harmless_across(case, match)


_SURE = frozenset({"probab", "actual", "fact"})
"""What these add has its own check, that of modality."""
_ENOUGH = 2
"""Words and numbers beside which a word that says little adds nothing."""


def _carries(case: Case, light: Match) -> bool:
    """Whether a word that says little carries a statement: "there were people in the area"."""
    for statement in told(case):
        frame = statement.frame
        if not frame.holds(light.word.start):
            continue
        beside = [
            match
            for match in case.matches
            if match.word.key not in LIGHT and frame.holds(match.word.start)
        ]
        figures = [item for item in statement.items if item.kind != "word"]
        inherited = len(frame.subjects) + len(frame.shared)
        return len(beside) + len(figures) + inherited < _ENOUGH
    return False


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


def _is_name(case: Case, match: Match) -> bool:
    if match.word.script == "latin":
        return is_capital(case.claim, match.word)
    return match.word.script == "katakana" or match.word.tail.startswith(("さん", "氏"))
