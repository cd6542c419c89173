"""The exact checks: each looks for one way in which a claim can say what its sentences do not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from shutten.checking.alignment import KIN, LIKELY, SOUND, SYNONYM, Match, is_capital
from shutten.checking.analysis import Analysis, Member
from shutten.checking.case import Case, negation_parity
from shutten.checking.dates import Moment
from shutten.checking.polarity import (
    is_passive,
    is_past,
    modality,
    quantifiers,
)
from shutten.checking.quantities import MEASURES, Quantity
from shutten.checking.roles import (
    begins_with_pronoun,
    is_verb,
    parts,
    predicate_of,
    role_of,
    subject_bounds,
)
from shutten.checking.verdicts import Problem
from shutten.checking.words import LIGHT, Clause, Word

ADDED = 0.42
"""A content word whose best match is weaker says something that the sentences do not."""

ANCHORS = 2
"""Words and numbers that a sentence must share for a verb to be let pass."""
CROSSED = 0.1
"""The same for a claim in another language than its sentence, where vectors tell less."""

_HALF = 50
_GAP = 2

_KIND_ALIKE = {
    frozenset(pair)
    for pair in (
        ("time", "fold"), ("piece", "item"), ("piece", "volume"), ("piece", "person"),
        ("case", "time"), ("item", "case"), ("age", "month"), ("magnitude", "ordinal"),
        ("degree", "time"),
    )
}  # fmt: skip


def problems_of(case: Case, added: Sequence[bool]) -> list[Problem]:
    """Return what the exact checks find, without repetition.

    `added` says of each match of the case whether nothing in the sentences stands for its word.
    """
    found = [problem for check in CHECKS for problem in check(case)]
    return list(dict.fromkeys([*found, *_additions(case, added)]))


def _shown(case: Case, start: int, end: int) -> str:
    first, last = case.claim.folded.span(start, end)
    return case.claim.source[first:last]


# ── numbers, dates, times ────────────────────────────────────────────────────────────────────


def check_numbers(case: Case) -> Iterator[Problem]:
    """Each number of the claim stands in a cited sentence, with its unit and its bound."""
    for mine in case.claim.quantities:
        same = [
            (number, theirs)
            for number, text in enumerate(case.evidence)
            for theirs in text.quantities
            if mine.equals(theirs)
        ]
        shown = _shown(case, mine.start, mine.end)
        fitting = [(n, theirs) for n, theirs in same if _units_agree(mine, theirs)]
        if not fitting:
            if not _written_as_word(case, mine):
                yield Problem("unit" if same or _same_digits(case, mine) else "number", shown)
        elif _has_rival(case, mine, {n for n, _ in fitting}):
            yield Problem("number", shown)
        elif all(_bounds_clash(mine, theirs) for _, theirs in fitting):
            yield Problem("comparative", shown)


def _units_agree(mine: Quantity, theirs: Quantity) -> bool:
    units = {mine.unit, theirs.unit}
    if len(units) == 1 or "キロ" in units:
        return True
    if "" in units:
        known = next(iter(units - {""}))
        return known not in MEASURES or not (mine.noun or theirs.noun) or known == "month"
    if units & MEASURES:
        return frozenset(units) in _KIND_ALIKE
    return True


def _same_digits(case: Case, mine: Quantity) -> bool:
    """Whether a cited number is written with the same digits: then it is the unit that differs."""
    digits = _leading_digits(case.claim, mine)
    return bool(digits) and any(
        _leading_digits(text, theirs) == digits
        for text in case.evidence
        for theirs in text.quantities
    )


def _leading_digits(text: Analysis, quantity: Quantity) -> str:
    found = re.match(r"[\d.,]*", text.text[quantity.start : quantity.end])
    return found.group() if found else ""


def _written_as_word(case: Case, mine: Quantity) -> bool:
    """A small number as part of a word or a name that the sentence has: 三角, 二条."""
    written = case.claim.text[mine.start : mine.end + 1]
    if any(written in text.text for text in case.texts) and mine.unit == "":
        return True
    return mine.unit == "ordinal" and any(
        case.claim.text[mine.start : mine.end] in text.text for text in case.texts
    )


def _has_rival(case: Case, mine: Quantity, homes: set[int]) -> bool:
    """Whether the best sentence has another number of the same kind, and only others have this."""
    place = _home_of_clause(case, mine.start)
    if place is None or place in homes:
        return False
    claimed = case.claim.quantities
    return any(
        theirs.unit == mine.unit and not any(each.equals(theirs) for each in claimed)
        for theirs in case.evidence[place].quantities
    )


def _home_of_clause(case: Case, position: int) -> int | None:
    """The cited sentence that holds most words of the claim's clause at a position."""
    clause = case.claim.clauses[case.claim.clause_at(position)]
    sums: dict[int, float] = {}
    for match in case.matches_in(clause):
        if case.is_cited(match) and match.strength >= KIN:
            for number, text in enumerate(case.evidence):
                if number == match.text or _holds(text, match):
                    sums[number] = sums.get(number, 0.0) + match.strength
    return max(sums, key=lambda number: (sums[number], -number)) if sums else None


def _holds(text: Analysis, match: Match) -> bool:
    return (
        match.word.key in text.text
        if match.word.script != "latin"
        else any(word.key == match.word.key for word in text.words)
    )


def _bounds_clash(mine: Quantity, theirs: Quantity) -> bool:
    """More than against less than; and a bound where the sentence gives the number itself."""
    up, down = {"over", "least"}, {"under", "most"}
    if (mine.bound in up and theirs.bound in down) or (mine.bound in down and theirs.bound in up):
        return True
    return mine.bound in up | down and theirs.bound == "exact"


def check_dates(case: Case) -> Iterator[Problem]:
    """Each date of the claim is told by a date of a cited sentence."""
    told = {number: case.dates(number) for number in range(len(case.evidence))}
    context = [m for text in case.context for m in text.moments]
    for mine in case.claimed_dates():
        homes = {n for n, each in told.items() if any(mine.is_told_by(m) for m in each)}
        shown = _shown(case, mine.start, mine.end)
        if not homes:
            if mine.tag is not None and shown and any(shown in t.source for t in case.texts):
                continue
            if not _follows_from(mine, told) and not any(mine.is_told_by(m) for m in context):
                yield Problem("date", shown)
        elif _has_rival_date(case, mine, homes, told):
            yield Problem("date", shown)


def _follows_from(mine: Moment, told: dict[int, list[Moment]]) -> bool:
    """A relative word without a base: nothing is known against it where no date stands there."""
    return mine.tag is not None and not any(told.values())


def _has_rival_date(
    case: Case, mine: Moment, homes: set[int], told: dict[int, list[Moment]]
) -> bool:
    place = _home_of_clause(case, mine.start)
    if place is None or place in homes:
        return False
    claimed = case.claimed_dates()
    return any(
        (theirs.year is None) == (mine.year is None)
        and (theirs.month is None) == (mine.month is None)
        and not any(each.is_told_by(theirs) for each in claimed)
        for theirs in told[place]
        if theirs.end > theirs.start and theirs in case.evidence[place].moments
    )


def check_times(case: Case) -> Iterator[Problem]:
    """Each time of day of the claim is one of a cited sentence."""
    for mine in case.claim.times:
        theirs = [each for text in case.evidence for each in text.times]
        if not any(mine.is_told_by(each) for each in theirs):
            yield Problem("time", _shown(case, mine.start, mine.end))


# ── what belongs together ────────────────────────────────────────────────────────────────────


def check_pairs(case: Case) -> Iterator[Problem]:
    """A date and a number of one clause are not those of two different statements."""
    for clause in case.claim.clauses:
        dates = [m for m in case.claimed_dates() if clause.start <= m.start < clause.end]
        numbers = [q for q in case.claim.quantities if clause.start <= q.start < clause.end]
        if len(dates) != 1 or not numbers:
            continue
        for number in numbers:
            if _parted(case, dates[0], number):
                yield Problem("date", _shown(case, dates[0].start, dates[0].end))


def _parted(case: Case, mine: Moment, number: Quantity) -> bool:
    for place, text in enumerate(case.evidence):
        spots = [q.start for q in text.quantities if number.equals(q) and q.unit == number.unit]
        told = case.dates(place)
        if not spots or not any(mine.is_told_by(m) for m in told):
            continue
        return all(_other_date_governs(mine, told, spot) for spot in spots)
    return False


def _other_date_governs(mine: Moment, told: Sequence[Moment], spot: int) -> bool:
    before = [m for m in told if m.start < spot]
    if not before:
        return False
    last = max(m.start for m in before)
    near = [m for m in before if m.start == last]
    after = [m for m in told if m.start > spot]
    if after and any(mine.is_told_by(m) for m in after if m.start - spot < spot - last):
        return False
    return not any(mine.is_told_by(m) for m in near) and any(mine.is_told_by(m) for m in told)


def check_predicate_date(case: Case) -> Iterator[Problem]:
    """The date of a clause is that of its predicate: opened in one year, closed in another."""
    for clause in case.claim.clauses:
        dates = [m for m in case.claimed_dates() if clause.start <= m.start < clause.end]
        if len(dates) != 1:
            continue
        predicate = _predicate(case, clause)
        if predicate is None or not case.is_cited(predicate):
            continue
        text = case.evidence[predicate.text]
        place = text.clauses[text.clause_at(predicate.start)]
        told = case.dates(predicate.text)
        inside = [m for m in told if place.start <= m.start < place.end]
        elsewhere = any(dates[0].is_told_by(m) for m in told)
        if inside and elsewhere and not any(dates[0].is_told_by(m) for m in inside):
            yield Problem("date", _shown(case, dates[0].start, dates[0].end))


def _predicate(case: Case, clause: Clause) -> Match | None:
    word = predicate_of(case.claim, clause)
    if word is None:
        return None
    found = [m for m in case.matches_in(clause) if word.start <= m.word.start < word.end]
    return found[-1] if found and found[-1].strength >= SYNONYM else None


# ── words that exclude each other ────────────────────────────────────────────────────────────


def check_contrasts(case: Case) -> Iterator[Problem]:
    """No word of the claim is an alternative to what its sentences say."""
    exchanged = _roles_exchanged(case)
    for mine, theirs, text in _clashes(case):
        if exchanged or _negated_once(case, mine, theirs, text):
            continue
        yield Problem("contrast", _shown(case, mine.start, mine.end))


def _clashes(case: Case) -> Iterator[tuple[Member, Member, Analysis]]:
    mine = case.claim.contrasts
    for member in mine:
        own = {m.column for m in mine if m.row == member.row}
        clause = case.claim.clauses[case.claim.clause_at(member.start)]
        pair = case.counterpart(clause)
        for text, place in _where_to_look(case, pair):
            there = [m for m in text.contrasts if m.row == member.row and _inside(m, place)]
            if any(m.column == member.column for m in there) or (
                _stands_word_for_word(case, member, text, place)
            ):
                break
            others = [m for m in there if m.column not in own]
            if others:
                yield member, others[0], text
                break


def _where_to_look(
    case: Case, pair: tuple[Analysis, Clause] | None
) -> Iterator[tuple[Analysis, Clause]]:
    """The clause that the claim's goes with first, then the whole of the best sentence."""
    if pair is not None:
        yield pair
    yield case.evidence[0], Clause(0, len(case.evidence[0].text))


def _inside(member: Member, place: Clause) -> bool:
    return place.start <= member.start < place.end


def _stands_word_for_word(case: Case, member: Member, text: Analysis, place: Clause) -> bool:
    """Whether the claim's own word, under another sense, is in the clause as it is."""
    written = case.claim.text[member.start : member.end]
    if written.isascii():
        keys = {
            m.word.key for m in case.matches if m.word.start == member.start and m.strength == 1
        }
        return any(word.key in keys for word in text.words_in(place))
    return written in text.text[place.start : place.end]


def _negated_once(case: Case, mine: Member, theirs: Member, text: Analysis) -> bool:
    """Not open and closed are the same: a contrast with exactly one negation is none."""
    ours = case.claim.clauses[case.claim.clause_at(mine.start)]
    other = text.clauses[text.clause_at(theirs.start)]
    one, _, _ = negation_parity(case, case.claim, ours, of_claim=True)
    two, _, _ = negation_parity(case, text, other, of_claim=True)
    return (one + two) % 2 == 1


# ── negation, modality, quantifiers ──────────────────────────────────────────────────────────


def check_negation(case: Case) -> Iterator[Problem]:
    """A clause of the claim is negated where its counterpart is, and only there."""
    clashing = {member.start for member, _, _ in _clashes(case)}
    for clause in case.claim.clauses:
        pair = case.counterpart(clause)
        if pair is None or any(clause.start <= start < clause.end for start in clashing):
            continue
        mine, soft_mine, _ = negation_parity(case, case.claim, clause, of_claim=True)
        theirs, soft_theirs, any_theirs = negation_parity(case, *pair, of_claim=False)
        if (mine - theirs) % 2 == 0:
            continue
        excused = (soft_theirs or any_theirs) if mine > theirs else soft_mine
        if not excused:
            yield Problem("negation")


def check_modality(case: Case) -> Iterator[Problem]:
    """What was planned is not told as done, what may be not as being so, and the other way."""
    for clause in case.claim.clauses:
        pair = case.counterpart(clause)
        if pair is None:
            continue
        text, other = pair
        ours = case.claim.text[clause.start : clause.end]
        theirs = text.text[other.start : other.end]
        if _modality_clashes(ours, theirs, text.text):
            yield Problem("modality")


def _modality_clashes(ours: str, theirs: str, whole: str) -> bool:
    mine, other = modality(ours), modality(theirs)
    if mine == other:
        return False
    if mine == "fact":
        return other == "possible" or is_past(ours) or ours.isascii()
    if modality(whole) != "fact":
        return False
    return mine == "possible" or is_past(theirs)


def check_quantifiers(case: Case) -> Iterator[Problem]:
    """All, most and only stand in a cited sentence too."""
    mine = quantifiers(case.claim.text)
    theirs = {each for text in case.evidence for each in quantifiers(text.text)}
    for name in ("all", "most", "only"):
        if name in mine and name not in theirs and not _implied(name, case):
            yield Problem("quantifier")


def _implied(name: str, case: Case) -> bool:
    if name == "most":
        return any(
            q.unit == "%" and q.value > _HALF for text in case.evidence for q in text.quantities
        )
    if name == "only":
        return any("まれ" in t.text or "限" in t.text or "just" in t.text for t in case.evidence)
    return False


# ── who does what ────────────────────────────────────────────────────────────────────────────


def check_subjects(case: Case) -> Iterator[Problem]:
    """The claim says it of whom the sentence says it."""
    if case.claim.language != case.evidence[0].language:
        return
    if _roles_exchanged(case):
        # With the converse verb (beat, lost to) it says the same.
        if not any(True for _ in _clashes(case)):
            yield Problem("subject", _subject_words(case))
        return
    governed = _wrong_subject(case)
    if governed is not None:
        yield Problem("subject", governed)


def _subject_words(case: Case) -> str:
    subjects = [part.word for part in parts(case.claim) if part.role == "subject"]
    return _shown(case, subjects[0].start, subjects[0].end) if subjects else ""


def _roles_exchanged(case: Case) -> bool:
    """Whether subject and another part have changed places without a change of voice."""
    text = case.evidence[0]
    if case.claim.language != text.language:
        return False
    if _comparison_exchanged(case):
        return True
    mine = {part.word.start: part.role for part in parts(case.claim)}
    theirs = [(part.word, part.role) for part in parts(text)]
    pairs = []
    for match in case.matches:
        if match.text != 0 or match.strength < SYNONYM or match.word.start not in mine:
            continue
        role = next((r for w, r in theirs if w.start < match.end and match.start < w.end), "none")
        pairs.append((mine[match.word.start], role))
    away = {"object", "other"}
    gave_up = any(my_role == "subject" and role in away for my_role, role in pairs)
    took_over = any(my_role in away and role == "subject" for my_role, role in pairs)
    return (
        gave_up
        and took_over
        and is_passive(case.claim.text, case.claim.language) == is_passive(text.text, text.language)
    )


def _comparison_exchanged(case: Case) -> bool:
    """A is more than B, against B is more than A."""
    text = case.evidence[0]
    ours, theirs = _compared(case.claim), _compared(text)
    if ours is None or theirs is None:
        return False
    mine = next((m for m in case.matches if m.word.start == ours.start and m.text == 0), None)
    other = any(m.text == 0 and m.start < theirs.end and theirs.start < m.end for m in case.matches)
    return mine is not None and mine.strength >= SYNONYM and mine.word.key != theirs.key and other


def _compared(text: Analysis) -> Word | None:
    """The word that something is compared with."""
    if text.language == "ja":
        return next((word for word in text.words if word.tail.startswith("より")), None)
    than = re.search(r"\bthan\b", text.text)
    return next((word for word in text.words if than and word.start > than.end()), None)


def _wrong_subject(case: Case) -> str | None:
    if case.claim.language == "ja":
        return _wrong_topic(case)
    return _wrong_english_subject(case)


def _wrong_topic(case: Case) -> str | None:
    """Japanese: the topic that governs an anchor of the claim is not the claim's own."""
    for clause in case.claim.clauses:
        subjects = [
            m for m in case.matches_in(clause) if role_of(m.word) == "subject" and m.strength >= KIN
        ]
        if not subjects:
            continue
        for number, spot in _anchors(case, clause):
            if _same_voice(case, number, spot) and (
                _governed_by_other(case, number, spot, subjects)
            ):
                word = subjects[0].word
                return _shown(case, word.start, word.end)
    return None


def _anchors(case: Case, clause: Clause) -> Iterator[tuple[int, int]]:
    """Where the numbers, dates and the predicate of a clause stand in the cited sentences."""
    for mine in case.claim.quantities:
        if clause.start <= mine.start < clause.end:
            spots = [
                (n, q.start)
                for n, text in enumerate(case.evidence)
                for q in text.quantities
                if mine.equals(q) and _units_agree(mine, q)
            ]
            if len(spots) == 1:
                yield spots[0]
    predicate = _predicate(case, clause)
    if predicate is not None and case.is_cited(predicate):
        yield predicate.text, predicate.start


def _same_voice(case: Case, number: int, spot: int) -> bool:
    text = case.evidence[number]
    there = text.clauses[text.clause_at(spot)]
    return is_passive(case.claim.text, "ja") == is_passive(text.text[there.start : there.end], "ja")


def _governed_by_other(case: Case, number: int, spot: int, subjects: Sequence[Match]) -> bool:
    text = case.evidence[number]
    governor = _governor(text, spot)
    if governor is None:
        return False
    known = [(m.start, m.end) for m in case.matches if m.text == number and m.strength >= LIKELY]
    if any(s < governor.end and governor.start < e for s, e in known):
        return False
    last = subjects[-1]
    if last.text == number and last.start <= spot and _is_of(text, last, governor):
        return False
    return last.text != number or last.start < governor.start or last.start > spot


def _is_of(text: Analysis, match: Match, governor: Word) -> bool:
    """Whether a word is part of what a later one says: 駅の利用者は, 象は鼻が."""
    if match.start > governor.start:
        return True
    here = next((w for w in text.words if w.start <= match.start < w.end), None)
    between = text.text[match.start : governor.start]
    return here is None or role_of(here) != "subject" or "、" not in between


def _governor(text: Analysis, spot: int) -> Word | None:
    """The word that what stands at a position is said of: が in its clause, else the last は."""
    clause = text.clauses[text.clause_at(spot)]
    before = [w for w in text.words if role_of(w) == "subject" and w.start < spot]
    near = [w for w in before if w.start >= clause.start]
    if near:
        return near[-1]
    topics = [w for w in before if w.tail.startswith(("は", "も"))]
    return topics[-1] if topics else None


def _wrong_english_subject(case: Case) -> str | None:
    bounds = subject_bounds(case.claim)
    head = [m for m in case.matches if bounds and bounds[0][0] <= m.word.start < bounds[0][1]]
    rest = [m for m in case.matches if bounds and m.word.start >= bounds[0][1]]
    home = _home_of(case, rest)
    if home is None or all(m.strength < KIN for m in head):
        return None
    number, clause = home
    theirs = [b for b in subject_bounds(case.evidence[number]) if b[0] < clause.end]
    if theirs and _is_another_subject(case, head, number, clause, theirs[-1]):
        return _shown(case, head[0].word.start, head[-1].word.end)
    return None


def _is_another_subject(
    case: Case, head: Sequence[Match], number: int, clause: Clause, bounds: tuple[int, int]
) -> bool:
    text, (start, end) = case.evidence[number], bounds
    voices = {
        is_passive(case.claim.text, "en"),
        is_passive(text.text[clause.start : clause.end], "en"),
    }
    shared = any(m.text == number and start <= m.start < end for m in head if m.strength >= LIKELY)
    named = bool(text.words_in(Clause(start, end))) and not begins_with_pronoun(
        text.text[start:end]
    )
    return len(voices) == 1 and named and not shared


def _home_of(case: Case, matches: Sequence[Match]) -> tuple[int, Clause] | None:
    """The clause of a cited sentence that holds most of the matches, earlier words first."""
    places = [
        (m.text, case.evidence[m.text].clause_at(m.start))
        for m in matches
        if case.is_cited(m) and m.strength >= KIN
    ]
    if not places:
        return None
    number, clause = max(dict.fromkeys(places), key=places.count)
    return number, case.evidence[number].clauses[clause]


def check_substitutions(case: Case) -> Iterator[Problem]:
    """No word of another sentence stands where the best sentence has a word of its own."""
    first = case.evidence[0]
    taken = [(m.start, m.end) for m in case.matches if m.text == 0 and m.strength >= LIKELY]
    for here, there in pairwise(case.matches):
        for stranger, neighbour, before in ((here, there, True), (there, here, False)):
            if stranger.text == 0 or not case.is_cited(stranger) or neighbour.text != 0:
                continue
            if neighbour.strength < SYNONYM or _has(first, stranger):
                continue
            other = _beside(first, neighbour, before=before)
            if (
                other is not None
                and other.script == stranger.word.script
                and not any(s < other.end and other.start < e for s, e in taken)
            ):
                yield Problem("subject", _shown(case, stranger.word.start, stranger.word.end))


def _has(text: Analysis, match: Match) -> bool:
    return any(word.key == match.word.key for word in text.words)


def _beside(text: Analysis, match: Match, *, before: bool) -> Word | None:
    if before:
        words = [w for w in text.words if w.end <= match.start]
        return words[-1] if words and match.start - words[-1].end <= _GAP else None
    words = [w for w in text.words if w.start >= match.end]
    return words[0] if words and words[0].start - match.end <= _GAP else None


# ── what was added ───────────────────────────────────────────────────────────────────────────


def _additions(case: Case, added: Sequence[bool]) -> Iterator[Problem]:
    """The content words of the claim that sentences, title and neighbours do not have."""
    excused = {member.start for member, _, _ in _clashes(case)}
    for match, is_added in zip(case.matches, added, strict=True):
        word = match.word
        if is_added and word.start not in excused and not _is_harmless(case, match):
            shown = _shown(case, word.start, word.end)
            yield Problem("name" if _is_name(case, match) else "addition", shown)


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
    pair = case.counterpart(case.claim.clauses[case.claim.clause_at(word.start)])
    if pair is None:
        return False
    text, clause = pair
    number = case.evidence.index(text)
    used = [(m.start, m.end) for m in case.matches if m.text == number and m.strength >= LIKELY]
    return any(
        is_verb(text, other) and not any(s < other.end and other.start < e for s, e in used)
        for other in text.words_in(clause)
    )


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


CHECKS: tuple[Callable[[Case], Iterator[Problem]], ...] = (
    check_numbers,
    check_dates,
    check_times,
    check_pairs,
    check_predicate_date,
    check_contrasts,
    check_negation,
    check_modality,
    check_quantifiers,
    check_subjects,
    check_substitutions,
)
