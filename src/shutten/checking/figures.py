"""Numbers, units, dates and times of a claim, each held against its sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from shutten.checking.analysis import Analysis
from shutten.checking.case import Case
from shutten.checking.dates import ClockTime, Moment
from shutten.checking.quantities import Quantity, units_agree
from shutten.checking.verdicts import Problem


def check_numbers(case: Case) -> Iterator[Problem]:
    """Each number of the claim stands in a cited sentence, with its unit and its bound."""
    for mine in case.claim.quantities:
        same = [
            (number, theirs)
            for number, text in enumerate(case.evidence)
            for theirs in text.quantities
            if mine.equals(theirs)
        ]
        shown = case.shown(mine.start, mine.end)
        fitting = [(n, theirs) for n, theirs in same if units_agree(mine, theirs)]
        if not fitting:
            if not _written_as_word(case, mine):
                yield Problem("unit" if same or _same_digits(case, mine) else "number", shown)
        elif all(_bounds_clash(mine, theirs) for _, theirs in fitting):
            yield Problem("comparative", shown)
        elif _turned(case, mine, [(case.evidence[n], q) for n, q in fitting]):
            yield Problem("number", shown)
        elif all(_is_difference(case.evidence[n], q) for n, q in fitting) and not (
            _tells_change(case.claim)
        ):
            yield Problem("comparative", shown)
        elif _per(case.claim, mine) and not any(
            _per(case.evidence[n], q) in ("", _per(case.claim, mine)) for n, q in fitting
        ):
            yield Problem("unit", shown)


Figure = Quantity | Moment | ClockTime

_FROM = re.compile(r"\bfrom\s+(?:about\s+|around\s+|[$£€¥]\s*)?$")
_TO = re.compile(r"\b(?:to|until|till|by)\s+(?:about\s+|around\s+|[$£€¥]\s*)?$")
_DIFFERENCE_EN = re.compile(
    r"^\W*(?:\w+ )?(?:more|less|fewer|higher|lower|lighter|heavier|longer|shorter|better|worse|older|younger)\b"
)
_CHANGE = re.compile(
    r"差|より|多|少|高|低|軽|重|長|短|増|減|上回|下回|上が|下が|伸|落|延|縮|引き|"
    r"\bby\b|\bmore\b|\bless\b|\bfewer\b|\b\w+er\b|margin|difference|ris|rose|fall|fell|increas|decreas|drop|up\b|down\b|cut|extend|grew|grow|points?"
)
_PER = re.compile(
    r"^(?: \w+){0,2} (?:an?|per|each|every) (second|minute|hour|day|week|month|year)\b"
)


def _turned(case: Case, mine: Figure, theirs: Sequence[tuple[Analysis, Figure]]) -> bool:
    """From where the sentence says to, or the other way."""
    ours = _direction(case.claim, mine)
    other = {_direction(text, each) for text, each in theirs}
    return bool(ours) and len(other) == 1 and {ours, *other} == {"from", "to"}


def _direction(text: Analysis, figure: Figure) -> str:
    before, after = text.text[max(0, figure.start - 24) : figure.start], text.text[figure.end :]
    if text.language == "ja":
        ends = ("に", "へ", "まで") if isinstance(figure, Quantity) else ("まで",)
        return "from" if after.startswith("から") else ("to" if after.startswith(ends) else "")
    if _FROM.search(before):
        return "from"
    return "to" if _TO.search(before) else ""


def _is_difference(text: Analysis, figure: Quantity) -> bool:
    """Whether a number tells by how much: 1254票差, 300 grams less."""
    after, before = text.text[figure.end :], text.text[: figure.start]
    if text.language == "ja":
        return after.startswith("差") or before.endswith("より")
    return bool(re.search(r"\bby\s+(?:[$£€¥])?$", before) or _DIFFERENCE_EN.match(after))


def _tells_change(claim: Analysis) -> bool:
    return _CHANGE.search(claim.text) is not None


def _per(text: Analysis, figure: Quantity) -> str:
    """The span of time that a number is for: 50 millilitres a day."""
    found = _PER.match(text.text[figure.end :])
    return found[1] if found else ""


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
    """A small number as part of a word or a name that the sentence has: 三角, 二条.

    It must be grown together with what follows: the "3 " of "3 names" is the end of 1833 too.
    """
    written = case.claim.text[mine.start : mine.end + 1]
    grown = mine.unit == "" and case.claim.text[mine.end : mine.end + 1].isalpha()
    if grown and any(re.search(rf"(?<!\d){re.escape(written)}", t.text) for t in case.texts):
        return True
    return mine.unit == "ordinal" and any(
        case.claim.text[mine.start : mine.end] in text.text for text in case.texts
    )


def _bounds_clash(mine: Quantity, theirs: Quantity) -> bool:
    """More than against less than, and a bound where the other one gives the number itself.

    About a number is not the number: what a sentence leaves open, its claim leaves open too.
    """
    up, down = {"over", "least"}, {"under", "most"}
    if (mine.bound in up and theirs.bound in down) or (mine.bound in down and theirs.bound in up):
        return True
    if mine.bound == "exact":
        return theirs.bound != "exact"
    return (mine.bound in up | down) is not (theirs.bound in up | down)


def check_dates(case: Case) -> Iterator[Problem]:
    """Each date of the claim is told by a date of a cited sentence, or of one before it.

    A sentence with a date of its own takes none from the one before it.
    """
    told = dict(enumerate(case.told_dates))
    own = any(each.tag is None for text in case.evidence for each in text.moments)
    context = [m for text in (case.titles if own else case.context) for m in text.moments]
    for mine in case.claimed_dates():
        homes = [
            (case.evidence[n], m) for n, each in told.items() for m in each if mine.is_told_by(m)
        ]
        shown = case.shown(mine.start, mine.end)
        if not homes:
            if mine.tag is not None and shown and any(shown in t.source for t in case.texts):
                continue
            if not any(mine.is_told_by(m) for m in context):
                yield Problem("date", shown)
        elif _turned(case, mine, homes):
            yield Problem("date", shown)


def check_times(case: Case) -> Iterator[Problem]:
    """Each time of day of the claim is one of a cited sentence."""
    for mine in case.claim.times:
        theirs = [
            (text, each) for text in case.evidence for each in text.times if mine.is_told_by(each)
        ]
        if not theirs or _turned(case, mine, theirs):
            yield Problem("time", case.shown(mine.start, mine.end))
