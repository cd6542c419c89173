"""Questions that compare two things, as in: which of the two bridges is longer.

Hardly any sentence compares them; each has its own, with its number or date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 160
"""Characters of a question that is taken apart."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The two things compared, and what to ask of each.

    The one with the greater number or the later date is meant, or the other one (`greater` is
    False). `claims` is True where the question says which one it is, the first, and asks whether
    that is so.
    """

    sides: tuple[str, str]
    questions: tuple[str, str]
    greater: bool
    claims: bool = False


def comparison_in(question: str) -> Comparison | None:
    """Return what a question compares; None where it compares no two things."""
    if len(question) > LONGEST:
        return None
    found = _comparison_ja(question) or _comparison_en(question)
    return found if found is not None and len(set(found.sides)) == 2 else None  # noqa: PLR2004


def compares(question: str) -> bool:
    """Whether a question asks which of several has more of something, in whatever form."""
    return any(pattern.search(question) for pattern in _COMPARING)


# ── Japanese ─────────────────────────────────────────────────────────────────────────────────

_GREATER_JA = {
    "長": "長さ", "高": "高さ", "広": "広さ", "大き": "大きさ", "重": "重さ", "深": "深さ",
    "太": "太さ", "厚": "厚さ", "速": "速さ", "遠": "距離", "多": "",
}  # fmt: skip
_SMALLER_JA = {
    "短": "長さ", "低": "高さ", "狭": "広さ", "小さ": "大きさ", "軽": "重さ", "浅": "深さ",
    "細": "太さ", "薄": "厚さ", "近": "距離", "安": "値段", "少な": "",
}  # fmt: skip
"""Stems of adjectives, each with what it is a measure of; a number of something needs its noun."""
_EARLIER_JA = ("先に", "早く", "古く")
_LATER_JA = ("後に", "あとに", "遅く", "新しく")
_AGES_JA = {"古": "はいつできましたか", "新し": "はいつできましたか", "若": "はいつ生まれましたか"}
_AGED_JA = {"年上": False, "年下": True}

_SIDE_JA = r"(?:(?!何|誰|どこ|いつ|なぜ|より)[^、。？?はがをにと]){1,24}?(?<!で)"
_WHICH_JA = r"(?:どちら|どっち)(?:の(?:ほう|方))?"
_END_JA = r"(?:です|でした|でしょう|なの|なん|だった|だ|の|ん)*(?:か|かな|っけ)?[。？?\s]*$"
_STEMS_JA = "|".join((*_GREATER_JA, *_SMALLER_JA, *_AGES_JA))
_TIMED_JA = rf"(?:{'|'.join((*_EARLIER_JA, *_LATER_JA))})"
_ASKED_JA = (
    rf"(?:(?P<noun>[^、はが]{{1,16}})[がは])?(?:(?P<stem>{_STEMS_JA})(?:い|かった)|(?P<aged>年上|年下))"
    rf"|(?P<timed>{_TIMED_JA})(?P<verb>[^、。？?]{{2,20}}?(?:た|る|ましたか))"
)
_BOTH_JA = rf"(?P<one>{_SIDE_JA})(?:と|か)、?(?P<two>{_SIDE_JA})"
_OF_BOTH_JA = (
    r"(?:では|だと|なら|の(?:うち|中)?(?:では|で)?|は|って|を(?:比べ|くらべ)(?:ると|て|たら))?、?"
)
_BY_JA = r"(?:(?P<by>[^、はが]{1,24})(?:で(?:比べる|くらべる|いう|見る)と|(?<!で)は|では)、)?"
"""What is compared, said first: 人口は、AとBではどちらが…."""
_COMPARED_JA = (
    re.compile(rf"^{_BY_JA}{_BOTH_JA}{_OF_BOTH_JA}{_WHICH_JA}[がの]?(?:{_ASKED_JA}){_END_JA}"),
    re.compile(rf"^{_BOTH_JA}{_OF_BOTH_JA}(?:{_ASKED_JA})のは、?{_WHICH_JA}{_END_JA}"),
    re.compile(
        rf"^(?:{_ASKED_JA})のは、?{_BOTH_JA}(?:の(?:うち|どちら)?|か)?、?{_WHICH_JA}{_END_JA}"
    ),
    re.compile(
        rf"^{_BY_JA}(?P<one>{_SIDE_JA})(?:の(?:ほう|方)が|は)、?(?P<two>{_SIDE_JA})より(?P<claims>も)?、?"
        rf"(?:{_ASKED_JA}){_END_JA}"
    ),
)


def _comparison_ja(question: str) -> Comparison | None:
    for pattern in _COMPARED_JA:
        found = pattern.match(question)
        if found is not None:
            return _compared_ja(found, claims="claims" in pattern.groupindex)
    return None


def _compared_ja(found: re.Match[str], *, claims: bool) -> Comparison | None:
    sides = (found["one"], found["two"])
    asked = _timed_ja(found) if found["timed"] else _measured_ja(found)
    if asked is None:
        return None
    end, greater = asked
    return Comparison(sides, (f"{sides[0]}{end}", f"{sides[1]}{end}"), greater, claims)


def _timed_ja(found: re.Match[str]) -> tuple[str, bool]:
    verb = found["verb"]
    asked = verb if verb.endswith("か") else f"{verb}のですか"
    return f"はいつ{asked}", found["timed"] in _LATER_JA


def _measured_ja(found: re.Match[str]) -> tuple[str, bool] | None:
    stem, noun = found["stem"], found["noun"] or found.groupdict().get("by")
    if found["aged"]:
        return "はいつ生まれましたか", _AGED_JA[found["aged"]]
    if stem in _AGES_JA and not noun:
        return _AGES_JA[stem], stem != "古"
    measure = noun or {**_GREATER_JA, **_SMALLER_JA}.get(stem)
    return (f"の{measure}は？", stem in _GREATER_JA) if measure else None


# ── English ──────────────────────────────────────────────────────────────────────────────────

_MEASURES_EN = {
    "longer": ("how long is {}?", True), "shorter": ("how long is {}?", False),
    "taller": ("how tall is {}?", True), "higher": ("how high is {}?", True),
    "lower": ("how high is {}?", False), "wider": ("how wide is {}?", True),
    "narrower": ("how wide is {}?", False), "larger": ("how large is {}?", True),
    "bigger": ("how large is {}?", True), "smaller": ("how large is {}?", False),
    "heavier": ("how heavy is {}?", True), "lighter": ("how heavy is {}?", False),
    "deeper": ("how deep is {}?", True), "shallower": ("how deep is {}?", False),
    "faster": ("how fast is {}?", True), "slower": ("how fast is {}?", False),
    "older": ("how old is {}?", True), "younger": ("how old is {}?", False),
}  # fmt: skip
_MEASURE_EN = "|".join(_MEASURES_EN)
_OR_EN = r"(?P<one>[^,?]{1,50}?),? or (?P<two>[^,?]{1,50}?)"
_NUMBER_EN = {"more": True, "most": True, "fewer": False, "less": False}
_COMPARED_EN = (
    re.compile(
        rf"^(?P<which>which|who|what)(?: \w+){{0,2}} (?:is|are|was|were) (?:the )?"
        rf"(?P<measure>{_MEASURE_EN})(?: one)?[,:] ?{_OR_EN}\??$",
        re.IGNORECASE,
    ),
    re.compile(
        r"^(?:which|who|what)(?: \w+){0,2}? "
        r"(?P<verb>(?:was |were )?\w+(?: (?:out|up|in|off|down))?) "
        rf"(?P<timed>first|earlier|later|last)[,:] ?{_OR_EN}\??$",
        re.IGNORECASE,
    ),
    re.compile(
        r"^(?:which|who|what)(?: \w+){0,2}? (?P<verb>(?!is|are|was|were)\w+) "
        rf"(?P<number>{'|'.join(_NUMBER_EN)}) (?P<noun>[^,:?]{{1,30}})[,:] ?{_OR_EN}\??$",
        re.IGNORECASE,
    ),
    re.compile(
        rf"^(?:are|were) there (?P<count>{'|'.join(_NUMBER_EN)}) (?P<one>[^,?]{{1,50}}?) than "
        r"(?P<two>[^,?]{1,50}?)\??$",
        re.IGNORECASE,
    ),
    re.compile(
        rf"^(?:is|are|was|were) (?P<one>[^,?]{{1,50}}?) (?P<measure>{_MEASURE_EN}) than "
        r"(?P<two>[^,?]{1,50}?)\??$",
        re.IGNORECASE,
    ),
)


def _comparison_en(question: str) -> Comparison | None:
    for pattern in _COMPARED_EN:
        if found := pattern.match(question):
            sides = (found["one"], found["two"])
            form, greater = _asked_en(found.groupdict())
            asked = [form.format(side) for side in sides]
            one, two = (f"{each[:1].upper()}{each[1:]}" for each in asked)
            return Comparison(sides, (one, two), greater, claims="than" in pattern.pattern)
    return None


def _asked_en(found: dict[str, str]) -> tuple[str, bool]:
    if "measure" in found:
        measure = found["measure"].lower()
        if found.get("which", "").lower() == "who" and measure in ("older", "younger"):
            return "when was {} born?", measure == "younger"
        return _MEASURES_EN[measure]
    if "count" in found:
        return "how many {} are there?", _NUMBER_EN[found["count"].lower()]
    if "number" in found:
        form = f"how many {found['noun']} {found['verb']} {{}}?"
        return form, _NUMBER_EN[found["number"].lower()]
    _, was, verb = found["verb"].rpartition("was ")
    form = f"when {was}{{}} {verb}?"
    return form, found["timed"].lower() in ("later", "last")


_COMPARING = (
    re.compile(
        rf"(?:{_TIMED_JA}|より|(?:{_STEMS_JA})(?:い|かった)|年上|年下)(?!か[らも]).*(?:どちら|どっち)"
        rf"|(?:どちら|どっち).*(?:{_TIMED_JA}|より|(?:{_STEMS_JA})(?:い|かった)|年上|年下)"
    ),
    re.compile(
        rf"^(?:which|who|what)\b.*\b(?:{_MEASURE_EN}|more|less|fewer|first|earlier|later|last)\b"
        r".* or ",
        re.IGNORECASE,
    ),
)
