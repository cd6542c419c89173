"""Whether a claim says that something is so, may be so or is not so as its sentences do."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shutten.checking.analysis import Analysis
from shutten.checking.binding import Home, Told, told
from shutten.checking.case import Case
from shutten.checking.contrasts import clashes
from shutten.checking.frames import Frame, frames_of, logical_roles
from shutten.checking.negation import negation
from shutten.checking.polarity import is_past, modality, quantifiers
from shutten.checking.verdicts import Problem

_HALF = 50
_CONDITION = re.compile(
    r"(?:[れけせてめえねべげ]ば|なら(?:ば)?|たら|場合(?:は|に|、|には)|ときは|限り|次第)"
    r"|(?<!as )(?<!even )(?<!asked )(?<!see )\bif\b|\bunless\b|\bprovided (?:that)?\b|\bas long as\b|\bin case\b|^should\b"
)
_NO_CONDITION = re.compile(
    r"(?:によれ|例え|と言え|いわ|言わ|な?けれ)ば|次第に|ならでは|ならな|ならず|なら(?:び|な|ぶ|べ|っ|い|う|わ)|たら(?:し|れ|さ|ず|な)|ばかり"
)
_EXCEPTION = re.compile(r"を?除[きいく]|以外|\bexcept(?: for)?\b|\bother than\b|\bapart from\b")
_ALLOWS = re.compile(
    r"除|以外|例外|別|当てはまら|対象外|だけ|のみ|except|other than|apart|exempt|only|but\b|also"
)


def check_negation(case: Case) -> Iterator[Problem]:
    """A statement of the claim is negated where its home is, and only there."""
    clashing = {member.start for member, *_ in clashes(case)}
    for statement, home in _pairs(case):
        if any(statement.frame.holds(start) for start in clashing):
            continue
        mine = negation(case, case.claim, statement.frame, of_claim=True)
        theirs = negation(case, case.evidence[home.text], home.frame, of_claim=False)
        if (mine.hard - theirs.hard) % 2 == 0:
            continue
        excused = (theirs.soft or theirs.present) if mine.hard > theirs.hard else mine.soft
        if not excused:
            yield Problem("negation")


def check_modality(case: Case) -> Iterator[Problem]:
    """What was planned is not told as done, what may be not as being so, and the other way."""
    for statement, home in _pairs(case):
        text = case.evidence[home.text]
        ours = _with_auxiliary(case, statement)
        theirs = home.frame.text_of(text)
        if _modality_clashes(ours, theirs, text.text):
            yield Problem("modality")


def _with_auxiliary(case: Case, statement: Told) -> str:
    """A frame with what is in front of it where it takes its subject over: will open and cost."""
    claim = case.claim
    begin = 0 if claim.language == "en" and statement.frame.subjects else statement.frame.start
    end = statement.frame.spans[-1][1]
    return claim.text[begin:end] if begin == 0 else statement.frame.text_of(claim)


def _pairs(case: Case) -> Iterator[tuple[Told, Home]]:
    for statement in told(case):
        for home in statement.homes[:1]:
            yield statement, home
            last = max(statement.items, key=lambda item: item.start)
            if last in home.away:
                yield from ((statement, h) for h in statement.homes[1:] if last in h.held)


def _modality_clashes(ours: str, theirs: str, whole: str) -> bool:
    mine, other = modality(ours), modality(theirs)
    if mine == other:
        return False
    if mine == "fact":
        return other == "possible" or is_past(ours) or ours.isascii()
    if modality(whole) != "fact":
        return False
    return mine == "possible" or is_past(theirs)


_DONE = frozenset(
    "行 実施 開始 始 続 遂 果 受 重 完了 終 得 経 繰 成 mak carr hold undergo conduct take tak begin complet continu".split()
)
"""Verbs that only say that their object is done: 調査を行った is 調査した."""


def check_objects(case: Case) -> Iterator[Problem]:
    """What is discussed, decided or refused is not claimed as done: a merger, merged."""
    for statement, home in _pairs(case):
        ours = logical_roles(case.claim.source, statement.frame)
        text = case.evidence[home.text]
        theirs = logical_roles(text.source, home.frame)
        verbs = {
            w.key for w in text.words if home.frame.holds(w.start) and theirs.get(w.start) == "verb"
        }
        claimed = {item.key for item in statement.items}
        if not verbs or verbs & (_DONE | claimed):
            continue
        for item in home.held:
            spots = {s for n, (s, _) in item.places if n == home.text and home.frame.holds(s)}
            if (
                ours.get(item.start) == "verb"
                and spots
                and all(theirs.get(s) == "object" for s in spots)
            ):
                yield Problem("modality", case.shown(item.start, item.end))


def check_conditions(case: Case) -> Iterator[Problem]:
    """What is told under a condition or with an exception is not claimed without it."""
    conditional = _conditions(case.claim.text)
    for _, home in _pairs(case):
        text = case.evidence[home.text]
        if not conditional and _is_governed(text, home.frame):
            yield Problem("modality")
    yield from _excepted(case)


def _conditions(text: str) -> list[int]:
    plain = _NO_CONDITION.sub(lambda match: "\0" * len(match.group()), text)
    return [match.start() for match in _CONDITION.finditer(plain)]


def _is_governed(text: Analysis, frame: Frame) -> bool:
    """Whether a frame is a condition or what hangs on one."""
    frames = frames_of(text.source)
    here = frames.index(frame)
    for position in _conditions(text.text):
        place = next((n for n, each in enumerate(frames) if each.holds(position)), None)
        if place is not None and here in _under(text, frames, place, position):
            return True
    return False


def _under(text: Analysis, frames: tuple[Frame, ...], place: int, position: int) -> range:
    if text.language == "ja":
        end = next(
            (n for n in range(place, len(frames)) if _ends(text, frames[n])), len(frames) - 1
        )
        return range(place, end + 1)
    opens = not text.text[frames[place].start : position].strip(" ,") or re.match(
        r"\W*(?:and|but)\b\W*$", text.text[frames[place].start : position]
    )
    if opens:
        joined = place > 0 and not re.match(r"\W*(?:and|but)\b", text.text[frames[place].start :])
        return range(
            place - joined if joined and _no_comma(text, frames[place]) else place, place + 2
        )
    return range(place, place + 1)


def _no_comma(text: Analysis, frame: Frame) -> bool:
    """B if A, without a comma between: the condition stands behind."""
    return not text.text[: frame.start].rstrip().endswith((",", ".", ";", " and", " but"))


def _ends(text: Analysis, frame: Frame) -> bool:
    return bool(
        re.search(r"(?:[。!?]|[たるいだす]が、)$", text.text[: frame.spans[-1][1]].rstrip())
    )


def _excepted(case: Case) -> Iterator[Problem]:
    """A claim about what a sentence leaves out."""
    if _ALLOWS.search(case.claim.text):
        return
    for number, text in enumerate(case.evidence):
        for match in _EXCEPTION.finditer(text.text):
            near = _left_out(text, match)
            for found in case.matches:
                if found.text == number and any(s <= found.start < e for s, e in near):
                    yield Problem("quantifier", case.shown(found.word.start, found.word.end))


def _left_out(text: Analysis, match: re.Match[str]) -> list[tuple[int, int]]:
    if text.language == "ja":
        start = max(text.text.rfind(each, 0, match.start()) for each in "、。は") + 1
        return [(start, match.start())]
    end = re.compile(r"[,.;]|$").search(text.text, match.end())
    return [(match.end(), end.start() if end else len(text.text))]


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
