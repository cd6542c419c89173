"""What a claim says to be one and the same: "the surgeon, Ann Lee", "the fire was 3 million dollars".

Both sides can stand in the sentences, each beside something else: a surgeon without a name and a
lake in the title, the fire and the damage of so many dollars. The sentences must put the two sides
together as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shutten.checking.alignment import SOUND, Match
from shutten.checking.analysis import Analysis
from shutten.checking.binding import told
from shutten.checking.case import Case
from shutten.checking.frames import Frame, frames_of
from shutten.checking.quantities import Quantity
from shutten.checking.roles import verb_like
from shutten.checking.verdicts import Problem
from shutten.checking.words import LIGHT, Word, stem

_NAME = r"[A-Z][\w.'’-]*(?:\s(?:of\s)?[A-Z][\w.'’-]*)*"
_OTHER = r"(?!(?:the|an?|of|in|at|on|to|by|for|from|with|and|or|who|which|that|as|after|is|was)\b)"
_BEFORE_NOUN = rf"(?:{_OTHER}[a-z-]+\s)"
"""A word in front of a noun that belongs to it; none that another noun may follow."""
_NOUN = rf"{_BEFORE_NOUN}*?{_OTHER}(?P<noun>[a-z-]{{3,}})"
_END = r"(?=\s*(?:[,;.!?]|$))"
_EQUATIONS_EN = (
    re.compile(rf"\b(?P<noun>[a-z-]{{3,}}),\s(?P<name>{_NAME}){_END}"),
    re.compile(rf"(?P<name>{_NAME}),\s(?:the|an?)\s{_NOUN}(?:\s(?:of|from|in|at)\s[^,]+)?{_END}"),
    re.compile(rf"\b[Tt]he\s{_NOUN}\s(?P<name>{_NAME})"),
    re.compile(
        rf"(?P<name>{_NAME})\s(?:is|was)\s(?:the|an?)\s{_NOUN}(?=\s(?:of|from|in|at|who|and)\b|[,;.!?]|$)"
    ),
)
_FRONTED = re.compile(r"^(?:In|On|At|By|From|After|Before|During|For|With|Since|Near|Under)\b")
_BESIDE_AFTER = re.compile(rf"(?:\s|,\s(?=[^,.]*[,.]))(?P<name>{_NAME})")
_BESIDE_BEFORE = re.compile(rf"(?P<name>{_NAME}),\s(?:the|an?)\s{_BEFORE_NOUN}*$")
_PERSON_JA = re.compile(r"[家者員師士手官医長]$|教授|監督|選手|女優|俳優")
_JOINT_JA = re.compile(r"の|、|・|である|だった|でもある")
_COPULA_JA = re.compile(r"(?:だ|です|である|でした|であった)")


@dataclass(frozen=True, slots=True)
class Equation:
    """A name and a noun that a claim takes for one, each as it was found in the sentences."""

    name: Match
    noun: Match


def check_equations(case: Case) -> Iterator[Problem]:
    """What a claim takes for one stands together in a sentence, too."""
    if case.claim.language != case.evidence[0].language:
        return
    for each in _equations(case):
        places = list(_places(case, each.noun))
        if places and not any(_stands_with(case, each, n, word) for n, word in places):
            yield Problem("subject", case.shown(each.name.word.start, each.name.word.end))
    yield from _measured(case)


# ── a name and a noun ────────────────────────────────────────────────────────────────────────


def _equations(case: Case) -> Iterator[Equation]:
    pairs = _pairs_ja(case.claim) if case.claim.language == "ja" else _pairs_en(case.claim)
    found = {match.word.start: match for match in case.matches if match.strength >= SOUND}
    for name, noun in pairs:
        if name in found and noun in found:
            yield Equation(found[name], found[noun])


def _pairs_en(claim: Analysis) -> Iterator[tuple[int, int]]:
    """Where the last word of a name and the noun begin."""
    for number, pattern in enumerate(_EQUATIONS_EN):
        for match in pattern.finditer(claim.source):
            if number <= 1 and _FRONTED.match(claim.source[: match.start("name")]):
                continue
            name = _last_in(claim, *match.span("name"))
            noun = _last_in(claim, *match.span("noun"))
            if name is not None and noun is not None and noun.key not in LIGHT:
                yield name.start, noun.start


def _last_in(text: Analysis, start: int, end: int) -> Word | None:
    inside = [word for word in text.words if start <= text.folded.origin[word.start] < end]
    return inside[-1] if inside else None


def _pairs_ja(claim: Analysis) -> Iterator[tuple[int, int]]:
    """画家の森, 画家、森, 画家である森 and 森は画家である: only of people, as の joins anything."""
    for noun, name in zip(claim.words, claim.words[1:], strict=False):
        gap = claim.text[noun.end : name.start]
        if _PERSON_JA.search(noun.key) and _JOINT_JA.fullmatch(gap):
            yield name.start, noun.start
    topic = next((word for word in claim.words if word.tail.startswith("は")), None)
    last = claim.words[-1] if claim.words else None
    if topic and last and _PERSON_JA.search(last.key) and _COPULA_JA.match(last.tail):
        yield topic.start, last.start


def _places(case: Case, noun: Match) -> Iterator[tuple[int, Word]]:
    """Where the sentences have a noun."""
    text = case.texts[noun.text]
    keys = {w.key for w in text.words if w.start < noun.end and noun.start < w.end}
    for number, each in enumerate(case.texts):
        for word in each.words:
            if word.key in {*keys, noun.word.key}:
                yield number, word


def _stands_with(case: Case, equation: Equation, number: int, noun: Word) -> bool:
    """Whether a noun of a sentence can be what the name is; a name beside it must be that one."""
    text = case.texts[number]
    if text in case.titles:
        return True
    beside = _beside_ja(text, noun) if text.language == "ja" else _beside_en(text, noun)
    named = equation.name
    if beside:
        claimed = {word.key for word in case.claim.words}
        return any(word.key in claimed for word in beside)
    if any(word.key == named.word.key for word in text.words) or named.text == number:
        return True
    frame = next((each for each in frames_of(text.source) if each.holds(noun.start)), None)
    return frame is None or frame.pronoun or bool(_is_predicate(text, frame, noun))


def _is_predicate(text: Analysis, frame: Frame, noun: Word) -> bool:
    """Whether a sentence says itself that something is the noun: the artist was a painter."""
    before = text.text[frame.start : noun.start]
    behind = text.text[noun.end : noun.end + 3]
    return bool(
        re.search(rf"\b(?:is|was|are|were)\s(?:the|an?)\s{_BEFORE_NOUN}*$", before)
        or behind.startswith(("であ", "だ", "です", "でし"))
    )


def _beside_en(text: Analysis, noun: Word) -> list[Word]:
    """The words of a name that a noun stands directly beside."""
    start, end = text.folded.span(noun.start, noun.end)
    found = _BESIDE_AFTER.match(text.source, end) or _BESIDE_BEFORE.search(text.source[:start])
    if found is None:
        return []
    first, last = found.span("name")
    return [word for word in text.words if first <= text.folded.origin[word.start] < last]


def _beside_ja(text: Analysis, noun: Word) -> list[Word]:
    following = next((word for word in text.words if word.start >= noun.end), None)
    if following is None or not _JOINT_JA.fullmatch(text.text[noun.end : following.start]):
        return []
    return [following]


# ── a thing and a number ─────────────────────────────────────────────────────────────────────

_IS_NUMBER = re.compile(r"\b(?:is|was|are|were)\s+(?:about |around |roughly |over |[$£€])?$")
_ALONE_EN = re.compile(r"\s*+(?:(?:in total|altogether)\s*+)?[.!?]?$")
_ALONE_JA = re.compile(r"(?:である|であった|だった|だ|です|でした)?[。]?$")
_OF_EN = re.compile(r"\s(?:in|of|worth of)\s(?:the\s)?")
_SIZES_EN = frozenset(
    stem(word)
    for word in (
        "length height width depth weight price cost fee charge distance area size capacity "
        "population age duration speed temperature altitude elevation budget salary wage"
    ).split()
)
_SIZES_JA = re.compile(r"(?:[長高幅深重積径料費価齢口数]|標高|海抜|速度|温度|予算|距離|人口)$")


def _measured(case: Case) -> Iterator[Problem]:
    """X was 3 million dollars: no number that the sentence gives for what X only caused."""
    for statement in told(case):
        for mine in case.claim.quantities:
            if not statement.frame.holds(mine.start) or not _is_whole_predicate(case.claim, mine):
                continue
            homes = [
                _counted_noun(text, theirs)
                for text in case.evidence
                for theirs in text.quantities
                if mine.equals(theirs)
            ]
            if homes and all(noun and not _is_in_claim(case, noun) for noun in homes):
                yield Problem("subject", case.shown(mine.start, mine.end))


def _is_whole_predicate(claim: Analysis, mine: Quantity) -> bool:
    before, after = claim.text[: mine.start], claim.text[mine.end :]
    if claim.language == "ja":
        topic = re.search(r"は(?:約|およそ)?$", before)
        return topic is not None and _ALONE_JA.match(after) is not None
    return bool(_IS_NUMBER.search(before) and _ALONE_EN.fullmatch(after))


def _counted_noun(text: Analysis, theirs: Quantity) -> Word | None:
    """What a sentence gives a number of, where that is not just a size or a price."""
    behind = next((word for word in text.words if word.start >= theirs.end), None)
    ahead = [word for word in text.words if word.end <= theirs.start]
    if text.language == "ja":
        if behind and text.text[theirs.end : behind.start] == "の":
            return None if _SIZES_JA.search(behind.key) else behind
        gap = text.text[ahead[-1].end : theirs.start] if ahead else "-"
        beside = re.fullmatch(r"(?:は|が|を|額は|総額は?)?(?:約|およそ)?", gap)
        return ahead[-1] if beside and not _SIZES_JA.search(ahead[-1].key) else None
    if behind and _OF_EN.fullmatch(text.text[theirs.end : behind.start]):
        return behind
    nouns = [word for word in ahead if not verb_like(text, word)]
    frame = next((each for each in frames_of(text.source) if each.holds(theirs.start)), None)
    if not nouns or frame is None or not frame.holds(nouns[-1].start):
        return None
    return None if nouns[-1].key in _SIZES_EN | LIGHT else nouns[-1]


def _is_in_claim(case: Case, noun: Word) -> bool:
    return any(
        match.word.key == noun.key or (match.start < noun.end and noun.start < match.end)
        for match in case.matches
        if match.strength >= SOUND
    )
