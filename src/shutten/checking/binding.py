"""What belongs together: each statement of a claim is told by one statement of the sentences.

The numbers, dates and words of a claim can all stand in its sentences and still be put together
falsely: "North Peak is 30 m high" from "South Peak is 30 m high and North Peak 20 m". For each
frame of the claim, the frame of the sentences that holds most of it is its home. What the home does
not hold must have no rival there: another number of the unit, another date, another subject.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from shutten.checking.alignment import KIN, SOUND, Match
from shutten.checking.analysis import Analysis
from shutten.checking.case import Case
from shutten.checking.dates import ClockTime
from shutten.checking.frames import Frame, Span, frames_of, logical_roles, subject_words
from shutten.checking.quantities import MEASURES, units_agree
from shutten.checking.verdicts import Problem, ProblemCode
from shutten.checking.words import LIGHT, Word
from shutten.remembering import remembered

Kind = Literal["word", "number", "date", "time"]
Found = TypeVar("Found")

_WEIGHTS = {"subject": 1.5, "verb": 1.5}
_NUMBER_WEIGHT = 2.0
_LAST_WEIGHT = 1.6
"""Of the last word of a claim's frame, where in Japanese the predicate stands."""
TIED = 0.05
"""Homes whose scores differ by no more are equally good."""
_RIVALS = {
    "subject", "object", "genitive", "label", "から", "に", "で", "へ", "まで", "by", "from", "to",
    "in", "as", "at", "for", "of", "between",
}  # fmt: skip
_PLACE_ROLES = frozenset({"で", "に", "へ", "in", "at", "to", "on"})
_THERE = re.compile(r"そこ(?:で|に)|\bwhere\b|\bthere\b(?! (?:is|are|was|were|will|has|have))")
LONG_NAME = 3
"""Kanji from which on a name's last one alone can stand for it: 橋 for 白石橋, not 羊 for 山羊."""
_OF_MODALITY = frozenset(
    "予定 計画 方針 見込 見通 可能性 意向 plan expect due intend schedul".split()
)
"""Words that say how sure something is, which has its own check."""
_SAME = re.compile(r"^(?:同|当|両|この|その|双方)")


@dataclass(frozen=True, slots=True)
class Item:
    """An expression of a claim's frame and every place where the sentences have it."""

    kind: Kind
    start: int
    end: int
    places: tuple[tuple[int, Span], ...]
    weight: float
    role: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Home:
    """A frame of a cited sentence, with the items of a claim's frame that it holds."""

    text: int
    frame: Frame
    held: tuple[Item, ...]
    away: tuple[Item, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Told:
    """A frame of the claim with its items and its possible homes, the best first."""

    frame: Frame
    items: tuple[Item, ...]
    homes: tuple[Home, ...]


@remembered(maxsize=64)
def told(case: Case) -> tuple[Told, ...]:
    """Return each frame of the claim with its homes; a home holds something of it."""
    found = []
    for frame in frames_of(case.claim.source):
        items = tuple(_with_weight(list(_items(case, frame))))
        homes = sorted(_homes(case, items), key=lambda home: (-home.score, home.text))
        found.append(Told(frame, items, tuple(homes)))
    return tuple(found)


def best_homes(case: Case) -> Iterator[tuple[Told, Home]]:
    """Each frame of the claim with its best home; those without any are left out."""
    for each in told(case):
        for home in each.homes[:1]:
            yield each, home


def _with_weight(items: list[Item]) -> Iterator[Item]:
    words = [item for item in items if item.kind == "word"]
    last = max(words, key=lambda item: item.start, default=None)
    for item in items:
        yield replace(item, weight=max(item.weight, _LAST_WEIGHT)) if item is last else item


# ── where the expressions of a claim stand ───────────────────────────────────────────────────


def _items(case: Case, frame: Frame) -> Iterator[Item]:
    roles = logical_roles(case.claim.source, frame)
    inherited = {word.start for word in (*frame.subjects, *frame.shared)}
    for match in case.matches:
        start = match.word.start
        if (not frame.holds(start) and start not in inherited) or match.word.key in _OF_MODALITY:
            continue
        role = roles.get(start, "")
        if match.strength >= SOUND:
            places = tuple(_places(case, match))
            weight = _WEIGHTS.get(role, 1.0) * (0.5 if match.word.key in LIGHT else 1.0)
            yield Item("word", start, match.word.end, places, weight, role, match.word.key)
    yield from _counted(case, frame)


def _places(case: Case, match: Match) -> Iterator[tuple[int, Span]]:
    """Every place of the words that a word of the claim was found as."""
    texts = case.texts
    there = texts[match.text]
    written = there.text[match.start : match.end]
    keys = {word.key for word in there.words if word.start < match.end and match.start < word.end}
    for number, text in enumerate(texts):
        if match.word.script == "latin" or written.isascii():
            wanted = {match.word.key} | keys
            for word in text.words:
                if word.key in wanted:
                    yield number, (word.start, word.end)
            continue
        for sought in {written, match.word.key}:
            for found in re.finditer(re.escape(sought), text.text):
                if len(sought) > 1 or _is_word(text, found.start(), sought):
                    yield number, found.span()


def _is_word(text: Analysis, start: int, key: str) -> bool:
    """Whether a single kanji stands for itself: 橋 alone or in 白石橋, not 羊 in 山羊."""
    return any(
        w.start <= start < w.end
        and (w.key == key or (len(w.key) >= LONG_NAME and w.key.endswith(key)))
        for w in text.words
    )


def _counted(case: Case, frame: Frame) -> Iterator[Item]:
    claim = case.claim
    dates = case.told_dates
    for quantity in claim.quantities:
        if frame.holds(quantity.start):
            places = tuple(
                (n, (q.start, q.end))
                for n, text in enumerate(case.evidence)
                for q in text.quantities
                if quantity.equals(q) and units_agree(quantity, q)
            )
            yield Item("number", quantity.start, quantity.end, places, _NUMBER_WEIGHT)
    for moment in case.claimed_dates():
        if frame.holds(moment.start):
            spots = tuple(
                (n, (m.start, m.end))
                for n, each in enumerate(dates)
                for m in each
                if moment.is_told_by(m)
            )
            yield Item("date", moment.start, moment.end, spots, _NUMBER_WEIGHT)
    for clock in claim.times:
        if frame.holds(clock.start):
            spots = tuple(
                (n, (t.start, t.end))
                for n, text in enumerate(case.evidence)
                for t in text.times
                if clock.is_told_by(t)
            )
            yield Item("time", clock.start, clock.end, spots, _NUMBER_WEIGHT)


def _homes(case: Case, items: Sequence[Item]) -> Iterator[Home]:
    for number, text in enumerate(case.evidence):
        for frame in frames_of(text.source):
            held = tuple(item for item in items if is_held(item, number, frame))
            if held:
                away = tuple(item for item in items if item.places and item not in held)
                score = sum(item.weight * _closeness(item, number, frame) for item in held)
                yield Home(number, frame, held, away, score)


def _closeness(item: Item, number: int, frame: Frame) -> float:
    """What a frame says itself counts more than what it takes over."""
    own = any(n == number and frame.holds(start) for n, (start, _) in item.places)
    return 1.0 if own else 0.9


def is_held(item: Item, number: int, frame: Frame) -> bool:
    """Whether a frame has an item, among its own words or those that it takes over."""
    taken = [(word.start, word.end) for word in (*frame.subjects, *frame.shared)]
    return any(
        n == number and (frame.holds(start) or any(start < e and s < end for s, e in taken))
        for n, (start, end) in item.places
    )


# ── rivals ───────────────────────────────────────────────────────────────────────────────────


def check_bindings(case: Case) -> Iterator[Problem]:
    """No expression is taken from one statement and put into another that has its own."""
    if case.claim.language != case.evidence[0].language:
        return
    for each in told(case):
        problems = _problem_of(case, each)
        if problems is not None:
            yield problems


def _problem_of(case: Case, statement: Told) -> Problem | None:
    """The first rival in the best home; None where one of equally good homes has none."""
    return in_every_home(statement, lambda home: next(_rivals(case, statement, home), None))


def in_every_home(statement: Told, find: Callable[[Home], Found | None]) -> Found | None:
    """What is found in the best home; None where in one of equally good homes nothing is."""
    first: Found | None = None
    for home in statement.homes:
        if home.score < statement.homes[0].score - TIED:
            break
        found = find(home)
        if found is None:
            return None
        first = first or found
    return first


_CODES: dict[Kind, ProblemCode] = {
    "word": "subject", "number": "number", "date": "date", "time": "time",
}  # fmt: skip


def _rivals(case: Case, statement: Told, home: Home) -> Iterator[Problem]:
    for item in home.away:
        if _has_rival(case, statement, home, item) or _is_of_another(case, statement, item):
            first, last = case.claim.folded.span(item.start, item.end)
            yield Problem(_CODES[item.kind], case.claim.source[first:last])


def _is_of_another(case: Case, statement: Told, item: Item) -> bool:
    """Whether a number or predicate is told of others only, wherever it stands."""
    subjects = [each for each in statement.items if each.role == "subject"]
    if not subjects or not (item.kind == "number" or item.role == "verb"):
        return False
    places = [
        (number, frame)
        for number, text in enumerate(case.evidence)
        for frame in frames_of(text.source)
        if is_held(item, number, frame)
    ]
    return bool(places) and all(
        _names_another(case, statement, number, frame) for number, frame in places
    )


def _names_another(case: Case, statement: Told, number: int, frame: Frame) -> bool:
    text = case.evidence[number]
    own = (*subject_words(text, frame), *frame.subjects)
    held = any(is_held(each, number, frame) for each in statement.items if each.role == "subject")
    return (
        not held
        and bool(own)
        and not any(is_claimed(case, statement, number, word) for word in own)
    )


def _has_rival(case: Case, statement: Told, home: Home, item: Item) -> bool:
    text = case.evidence[home.text]
    if item.kind == "number":
        return _rival_number(case, text, home, item)
    if item.kind == "date":
        return _rival_date(case, home, item)
    if item.kind == "time":
        return any(home.frame.holds(t.start) and not _claimed_time(case, t) for t in text.times)
    if item.role == "verb":
        return _rival_verb(case, statement, home)
    return item.role in _RIVALS and (
        _points_back(case, home, item)
        or any(
            not is_claimed(case, statement, home.text, word)
            for word in _same_role(case, home, item)
        )
    )


def _rival_verb(case: Case, statement: Told, home: Home) -> bool:
    """Whether the home has predicates of its own, and the claim uses none of them."""
    text = case.evidence[home.text]
    roles = logical_roles(text.source, home.frame)
    own = [w for w in text.words if home.frame.holds(w.start) and roles.get(w.start) == "verb"]
    return bool(own) and not any(is_claimed(case, statement, home.text, word) for word in own)


def _points_back(case: Case, home: Home, item: Item) -> bool:
    """There, in a home, is the place told just before it and no other."""
    text = case.evidence[home.text]
    if item.role not in _PLACE_ROLES or not _THERE.search(home.frame.text_of(text)):
        return False
    frames = frames_of(text.source)
    here = frames.index(home.frame)
    return here > 0 and not is_held(item, home.text, frames[here - 1])


def _rival_number(case: Case, text: Analysis, home: Home, item: Item) -> bool:
    mine = next(q for q in case.claim.quantities if q.start == item.start)
    return any(
        home.frame.holds(q.start)
        and (q.unit == mine.unit or (q.unit == "%" and mine.unit in MEASURES))
        and (q.unit != "" or not mine.noun or mine.noun == q.noun)
        and not any(each.equals(q) for each in case.claim.quantities)
        for q in text.quantities
    )


def _rival_date(case: Case, home: Home, item: Item) -> bool:
    claimed = case.claimed_dates()
    mine = next(m for m in claimed if m.start == item.start)
    dates = case.told_dates[home.text]
    inside = [m for m in dates if home.frame.holds(m.start)]
    if not inside and all(number != home.text for number, _ in item.places):
        inside = [m for m in dates if m.start < home.frame.start]
    return any(
        (m.year is None) <= (mine.year is None)
        and (m.month is None) <= (mine.month is None)
        and (m.day is None) <= (mine.day is None)
        and not any(each.is_told_by(m) for each in claimed)
        for m in inside
    )


def _claimed_time(case: Case, clock: ClockTime) -> bool:
    return any(each.is_told_by(clock) for each in case.claim.times)


def _same_role(case: Case, home: Home, item: Item) -> Iterator[Word]:
    """The words of a home that stand where an item stands in its claim."""
    text = case.evidence[home.text]
    roles = logical_roles(text.source, home.frame)
    own = [w for w in text.words if home.frame.holds(w.start) and roles.get(w.start) == item.role]
    if item.role in ("subject", "object"):
        yield from own
        yield from (w for w in home.frame.subjects if roles.get(w.start) == item.role)
    elif item.role == "genitive":
        own += [w for w in home.frame.subjects if roles.get(w.start) == "genitive"]
        yield from _beside_same_head(case, home, item, own)
    else:
        yield from own


def _beside_same_head(case: Case, home: Home, item: Item, own: Sequence[Word]) -> Iterator[Word]:
    """Genitives of the noun that the item is a genitive of."""
    text = case.evidence[home.text]
    head = next((w for w in case.claim.words if w.start >= item.end), None)
    for word in own:
        theirs = next((w for w in text.words if w.start >= word.end), None)
        if head and theirs and _overlaps(case, head, home.text, theirs):
            yield word


def _overlaps(case: Case, mine: Word, number: int, theirs: Word) -> bool:
    return mine.key == theirs.key or any(
        m.text == number and m.start < theirs.end and theirs.start < m.end
        for m in case.matches
        if m.word.start >= mine.start and m.word.end <= mine.end and m.strength >= KIN
    )


def is_claimed(case: Case, statement: Told, number: int, word: Word) -> bool:
    """Whether the claim's frame has a word too, in some form; what points back counts as had."""
    text = case.evidence[number]
    if (
        word.key in LIGHT
        or _SAME.match(word.key)
        or any(q.start <= word.start < q.end for q in text.quantities)
    ):
        return True
    inherited = {w.start for w in (*statement.frame.subjects, *statement.frame.shared)}
    for match in case.matches:
        mine = match.word
        if not statement.frame.holds(mine.start) and mine.start not in inherited:
            continue
        if (
            match.strength >= KIN
            and match.text == number
            and match.start < word.end
            and word.start < match.end
        ):
            return True
        if word.script != "latin" and _names_the_same(word.key, mine.key):
            return True
        if word.key == mine.key or _glossed(case, mine, word):
            return True
    return any(
        n == number and s < word.end and word.start < e
        for item in statement.items
        for n, (s, e) in item.places
    )


def _names_the_same(one: str, two: str) -> bool:
    """A longer name and its head: 白石橋 and 橋, 市民病院 and 病院."""
    short, long = sorted((one, two), key=len)
    if len(short) == 1:
        return len(long) >= LONG_NAME and long.endswith(short)
    return short in long


def _glossed(case: Case, mine: Word, word: Word) -> bool:
    return any(
        {mine.key in one, word.key in two} == {True} or {mine.key in two, word.key in one} == {True}
        for text in case.texts
        for one, two in text.glosses
    )
