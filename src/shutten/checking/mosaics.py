"""Claims that are pieced together: each word is told, but not by the sentence that tells the rest.

"Swept away by the storm, killing King Louis XIV" from a sentence about the storm and another about
the king. What a statement of a claim says has to stand in one sentence. Only what it is said of may
come from around it, as a sentence that begins with "it" takes that from the one before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from shutten.checking.alignment import LIKELY, Match
from shutten.checking.binding import Told, in_every_home, told
from shutten.checking.case import Case
from shutten.checking.frames import logical_roles
from shutten.checking.verdicts import Problem
from shutten.checking.words import LIGHT

_TOPIC = re.compile(r"[^、。，．]{1,40}?[はがも]")
_FIRSTS = (
    (re.compile(r"\bthe (first|only|last)\b"), re.compile(r"\b(?:first|only|last|sole|final)\b")),
    (re.compile(r"(最初|初めて|唯一|最後)"), re.compile(r"最初|初|唯一|最後|だけ")),
)
_AGENT = re.compile(r"\bby (?:the |an? )?$")


def check_mosaics(case: Case) -> Iterator[Problem]:
    """A statement whose words stand in different sentences, though none of them tells it."""
    if case.claim.language != case.evidence[0].language:
        return
    for statement in told(case):
        if _is_untold(case, statement):
            yield Problem("meaning")
            continue
        strange = _strange(case, statement)
        if strange is not None:
            yield Problem("subject", case.shown(strange.word.start, strange.word.end))


def check_firsts(case: Case) -> Iterator[Problem]:
    """The first or the only one to do something, by a sentence that calls something else that."""
    for mine, theirs in _FIRSTS:
        found = mine.search(case.claim.text)
        if found is None:
            continue
        homes = [n for n, text in enumerate(case.evidence) if theirs.search(text.text)]
        said = [m for m in case.matches if _tells(case, m) and m.word.start != found.start(1)]
        if homes and said and not any(m.text in homes for m in said):
            yield Problem("quantifier", case.shown(*found.span(1)))


def _tells(case: Case, match: Match) -> bool:
    """Whether a word is in a cited sentence, and neither light nor a name."""
    is_name = case.shown(match.word.start, match.word.end)[:1].isupper()
    return case.is_cited(match) and not is_name and match.word.key not in LIGHT


def _is_untold(case: Case, statement: Told) -> bool:
    """Whether nothing that a statement says itself stands in a cited sentence.

    Titles and sentences before may help to say of what something is told, not what is told.
    """
    own = [match for match in case.matches if statement.frame.holds(match.word.start)]
    figures = [item for item in statement.items if item.kind != "word"]
    if any(statement.frame.holds(item.start) for item in figures):
        return False
    return bool(own) and not any(
        case.is_cited(match) and match.strength >= LIKELY and match.word.key not in LIGHT
        for match in own
    )


def _strange(case: Case, statement: Told) -> Match | None:
    """The first word from elsewhere; None where a home needs none."""
    return in_every_home(statement, lambda home: next(_elsewhere(case, statement, home.text), None))


def _elsewhere(case: Case, statement: Told, number: int) -> Iterator[Match]:
    """The words of a statement that its home does not have and that it may not take over."""
    places = {item.start: {text for text, _ in item.places} for item in statement.items}
    for match in case.matches:
        start = match.word.start
        if not statement.frame.holds(start) or match.word.key in LIGHT or match.text < 0:
            continue
        texts = places.get(start, set()) | {match.text}
        around = {n for n in texts if n >= len(case.evidence)}
        if number in texts or any(case.texts[n] in case.titles for n in around):
            continue
        if not (around and _is_of_subject(case, statement, match)):
            yield match


def _is_of_subject(case: Case, statement: Told, match: Match) -> bool:
    """Whether a word is what is spoken of, or directly in front of it: the first of two names."""
    word, text = match.word, case.claim.text
    if case.claim.language == "ja":
        topic = _TOPIC.match(text, min(start for start, _ in statement.frame.spans))
        return topic is not None and word.start < topic.end()
    roles = logical_roles(case.claim.source, statement.frame)
    ahead = [spot for spot, role in roles.items() if role == "subject" and spot >= word.start]
    if not ahead or _AGENT.search(text[: word.start]):
        return False
    return not text[word.end : max(word.end, min(ahead))].strip(" -")
