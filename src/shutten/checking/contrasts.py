"""Words that exclude each other."""

from __future__ import annotations

from collections.abc import Iterator

from shutten.checking.analysis import Analysis, Member
from shutten.checking.binding import Told, told
from shutten.checking.case import Case
from shutten.checking.frames import Frame, frames_of
from shutten.checking.negation import negation
from shutten.checking.subjects import is_exchanged, turned_comparison
from shutten.checking.verdicts import Problem


def check_contrasts(case: Case) -> Iterator[Problem]:
    """No word of the claim is an alternative to what its sentences say."""
    for mine, theirs, text, frame in clashes(case):
        if (
            is_exchanged(case)
            or turned_comparison(case)
            or _negated_once(case, theirs, text, frame)
        ):
            continue
        yield Problem("contrast", case.shown(mine.start, mine.end))


def clashes(case: Case) -> Iterator[tuple[Member, Member, Analysis, Frame]]:
    """Words of the claim with an alternative in a cited sentence, and the frame of the claim."""
    for statement in told(case):
        for member in case.claim.contrasts:
            if not statement.frame.holds(member.start):
                continue
            found = _clash(case, statement.frame, member, list(_where_to_look(case, statement)))
            if found is not None:
                yield found


def _clash(
    case: Case, frame: Frame, member: Member, places: list[tuple[Analysis, Frame]]
) -> tuple[Member, Member, Analysis, Frame] | None:
    own = {m.column for m in case.claim.contrasts if m.row == member.row}
    for text, place in places:
        there = [m for m in text.contrasts if m.row == member.row and place.holds(m.start)]
        if any(m.column == member.column for m in there) or (
            _stands_word_for_word(case, member, text, place)
        ):
            return None
        others = [m for m in there if m.column not in own]
        if others:
            return member, others[0], text, frame
    return None


def _where_to_look(case: Case, statement: Told) -> Iterator[tuple[Analysis, Frame]]:
    """The home first, then the whole of its sentence."""
    for home in statement.homes[:1]:
        text = case.evidence[home.text]
        yield text, home.frame
        yield text, Frame(((0, len(text.text)),))
    if not statement.homes:
        text = case.evidence[0]
        yield text, Frame(((0, len(text.text)),))


def _stands_word_for_word(case: Case, member: Member, text: Analysis, place: Frame) -> bool:
    """Whether the claim's own word, under another sense, is in the clause as it is."""
    written = case.claim.text[member.start : member.end]
    if written.isascii():
        keys = {
            m.word.key for m in case.matches if m.word.start == member.start and m.strength == 1
        }
        return any(word.key in keys for word in text.words if place.holds(word.start))
    return any(written in text.text[start:end] for start, end in place.spans)


def _negated_once(case: Case, theirs: Member, text: Analysis, frame: Frame) -> bool:
    """Not open and closed are the same: a contrast with exactly one negation is none."""
    other = next((f for f in frames_of(text.source) if f.holds(theirs.start)), None)
    if other is None:
        return False
    one = negation(case, case.claim, frame, of_claim=True)
    two = negation(case, text, other, of_claim=True)
    return (one.hard + two.hard) % 2 == 1
