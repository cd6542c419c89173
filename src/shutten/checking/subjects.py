"""Who does what to whom, and what is compared with what."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shutten.checking.alignment import LIKELY, SYNONYM
from shutten.checking.analysis import Analysis
from shutten.checking.binding import Home, Item, Told, best_homes, is_claimed, told
from shutten.checking.case import Case
from shutten.checking.frames import logical_roles
from shutten.checking.identities import is_turned_round
from shutten.checking.verdicts import Problem
from shutten.checking.words import Word, stem
from shutten.remembering import remembered

_AWAY = frozenset({"object", "から", "に", "from", "to", "by", "with", "of", "on", "than"})


def check_exchanged(case: Case) -> Iterator[Problem]:
    """Who does something in the claim is not who has it done in the sentence."""
    if is_exchanged(case) and not _converse(case) and not is_turned_round(case):
        yield Problem("subject", _subject_of(case))


@remembered(maxsize=64)
def is_exchanged(case: Case) -> bool:
    """Whether subject and another part have changed places, the voice taken into account."""
    if case.claim.language != case.evidence[0].language:
        return False
    return any(_gave_up(case, statement, home) for statement, home in best_homes(case))


def _gave_up(case: Case, statement: Told, home: Home) -> bool:
    """The claim's subject is no subject in its home, whose own subject the claim puts elsewhere."""
    mine = logical_roles(case.claim.source, statement.frame)
    theirs = logical_roles(case.evidence[home.text].source, home.frame)
    pairs = [
        (mine.get(item.start, ""), role)
        for item in home.held
        for role in _roles(home, item, theirs)
    ]
    down = [role for role in pairs if role[0] == "subject"]
    gave_up = bool(down) and all(role in _AWAY for _, role in down)
    took_over = any(my_role in _AWAY and role == "subject" for my_role, role in pairs)
    return gave_up and (took_over or _has_another(case, statement, home, theirs))


def _has_another(case: Case, statement: Told, home: Home, theirs: dict[int, str]) -> bool:
    """Whether somebody else does in the home what the claim's subject is said to do."""
    text = case.evidence[home.text]
    does = any(item.role == "verb" for item in home.held)
    own = [w for w in text.words if home.frame.holds(w.start) and theirs.get(w.start) == "subject"]
    return does and bool(own) and not any(is_claimed(case, statement, home.text, w) for w in own)


def _roles(home: Home, item: Item, theirs: dict[int, str]) -> list[str]:
    spots = [s for n, (s, e) in item.places if n == home.text]
    return [role for start, role in theirs.items() if start in spots and role]


def _converse(case: Case, compared: tuple[str, ...] = ()) -> bool:
    """Whether the predicates are converse (beat, lost to): then it is the same told.

    `compared` are words that are no predicates.
    """
    texts = (case.evidence[home.text] for _, home in best_homes(case))
    rows = {(m.row, m.column) for text in texts for m in text.contrasts}
    return any(
        (row, column)
        for row, column in rows
        for m in case.claim.contrasts
        if m.row == row
        and m.column != column
        and stem(case.claim.text[m.start : m.end]) not in compared
    )


def _subject_of(case: Case) -> str:
    for statement in told(case):
        for item in statement.items:
            if item.role == "subject":
                return case.shown(item.start, item.end)
    return ""


def check_comparisons(case: Case) -> Iterator[Problem]:
    """A is more than B, against B is more than A."""
    turned = turned_comparison(case)
    if turned is not None and not _converse(case, turned[1:]):
        yield Problem("subject", turned[0])


@remembered(maxsize=64)
def turned_comparison(case: Case) -> tuple[str, str, str] | None:
    """The words that the claim compares with, and its key and the sentence's; None if the same."""
    text = case.evidence[0]
    ours, theirs = _compared(case.claim), _compared(text)
    if case.claim.language != text.language or ours is None or theirs is None:
        return None
    mine = next((m for m in case.matches if m.word.start == ours.start and m.text == 0), None)
    found = [match for match in case.matches if match.text == 0 and match.strength >= LIKELY]
    other = any(m.start < theirs.end and theirs.start < m.end for m in found)
    if mine is None or mine.strength < SYNONYM or mine.word.key == theirs.key or not other:
        return None
    return case.shown(ours.start, ours.end), ours.key, theirs.key


def _compared(text: Analysis) -> Word | None:
    """The word that something is compared with."""
    if text.language == "ja":
        return next((word for word in text.words if word.tail.startswith("より")), None)
    than = re.search(r"\bthan\b", text.text)
    return next((word for word in text.words if than and word.start > than.end()), None)
