"""Who is meant: he against she, a subject from around the sentence, somebody named twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from shutten.checking.analysis import Analysis
from shutten.checking.binding import Home, Item, Told, best_homes
from shutten.checking.case import Case
from shutten.checking.frames import frames_of, logical_roles, roles_in
from shutten.checking.roles import finite_verb
from shutten.checking.verdicts import Problem

_HE = re.compile(r"\bhe\b|彼(?!女)")
_SHE = re.compile(r"\bshe\b|彼女")
_HIS = re.compile(r"\b(?:his|him|himself)\b")
_HERS = re.compile(r"\b(?:her|hers|herself)\b")
_PERSON = re.compile(r"^\W*(?:(?:and|but|so|then)\s+)?(?:he|she)\b")

_ONE = re.compile(r"^\W*(?:the|this|that) (?:\w+ )?(?P<noun>\w{3,}) $")
_PLURALS = {"man": "men", "woman": "women", "child": "children", "foot": "feet"}
_OPEN = frozenset({"can", "may", "might", "must", "will", "could", "would"})


def check_one_of_many(case: Case) -> Iterator[Problem]:
    """One thing did what the sentences say of several: the fire started, of fires that began."""
    verb = finite_verb(case.claim.text) if case.claim.language == "en" else None
    one = _ONE.match(case.claim.text[: verb.start()]) if verb else None
    if verb is None or one is None or not _has_happened(verb.group()):
        return
    noun = one["noun"]
    texts = " ".join(text.text for text in case.texts)
    if _has(noun, texts) or noun.endswith("s"):
        return
    if any(_has(each, texts) for each in _plurals(noun)):
        yield Problem("quantifier", case.shown(*one.span("noun")))


def _has_happened(verb: str) -> bool:
    """Whether a verb may tell of something done: all gulls are meant by what a gull does."""
    return verb == "was" or not (verb.endswith("s") or verb in _OPEN)


def _plurals(noun: str) -> tuple[str, ...]:
    return (f"{noun}s", f"{noun}es", f"{noun[:-1]}ies", _PLURALS.get(noun, f"{noun}s"))


def _has(word: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(word)}\b", text) is not None


def check_pronouns(case: Case) -> Iterator[Problem]:
    """The claim says he where the cited sentences only say she, or the other way.

    His and her count where the claim has neither he nor she.
    """
    mine = case.claim.text
    theirs = " ".join(text.text for text in case.evidence)
    male, female = (_HE, _SHE) if _HE.search(mine) or _SHE.search(mine) else (_HIS, _HERS)
    for one, other in ((male, female), (female, male)):
        if _has_only(one, other, mine) and _has_only(other, one, theirs):
            yield Problem("subject", _shown(case, one))


def _has_only(one: re.Pattern[str], other: re.Pattern[str], text: str) -> bool:
    return one.search(text) is not None and other.search(text) is None


def _shown(case: Case, pattern: re.Pattern[str]) -> str:
    found = pattern.search(case.claim.text)
    return case.shown(*found.span()) if found else ""


def check_borrowed_subjects(case: Case) -> Iterator[Problem]:
    """A thing that stands around the sentence does what the sentence says he or she does.

    "The sled continued to Nome" from "He continued to Nome", with the sled in the sentence before.
    """
    if case.claim.language != case.evidence[0].language:
        return
    for statement, home in best_homes(case):
        if not _PERSON.match(home.frame.text_of(case.evidence[home.text])):
            continue
        for item in statement.items:
            if item.role == "subject" and _is_thing_beside(case, item):
                yield Problem("subject", case.shown(item.start, item.end))


def _is_thing_beside(case: Case, item: Item) -> bool:
    """Whether a common noun stands in sentences before alone, and is no subject there."""
    if not item.places or _is_capital(case, item):
        return False
    if any(text < len(case.evidence) or case.texts[text] in case.titles for text, _ in item.places):
        return False
    return not any(_is_subject(case.texts[text], start) for text, (start, _) in item.places)


def _is_subject(text: Analysis, start: int) -> bool:
    return any(
        frame.holds(start) and logical_roles(text.source, frame).get(start) == "subject"
        for frame in frames_of(text.source)
    )


def check_doubled(case: Case) -> Iterator[Problem]:
    """Somebody does to himself by name what the sentence, which names him once, does not say."""
    for statement, home in best_homes(case):
        doubled = _doubled(case, statement, home)
        if doubled is not None:
            yield Problem("subject", case.shown(doubled.start, doubled.end))


def _doubled(case: Case, statement: Told, home: Home) -> Item | None:
    roles = roles_in(case.claim.source)
    there = [word.key for word in case.evidence[home.text].words]
    words = [item for item in statement.items if item.kind == "word" and _is_capital(case, item)]
    for first, second in combinations(words, 2):
        apart = roles.get(first.start) == "subject" != roles.get(second.start, "")
        if first.key == second.key and apart and there.count(first.key) == 1:
            return second
    return None


def _is_capital(case: Case, item: Item) -> bool:
    return case.shown(item.start, item.end)[:1].isupper()
