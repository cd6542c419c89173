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


# ── Japanese ─────────────────────────────────────────────────────────────────────────────────

_GREATER_JA = {
    "長い": "長さ", "高い": "高さ", "広い": "広さ", "大きい": "大きさ", "重い": "重さ",
    "深い": "深さ", "太い": "太さ", "厚い": "厚さ", "速い": "速さ", "遠い": "距離", "多い": "",
}  # fmt: skip
_SMALLER_JA = {
    "短い": "長さ", "低い": "高さ", "狭い": "広さ", "小さい": "大きさ", "軽い": "重さ",
    "浅い": "深さ", "細い": "太さ", "薄い": "厚さ", "近い": "距離", "安い": "値段", "少ない": "",
}  # fmt: skip
_EARLIER_JA = ("先に", "早く", "古く")
_LATER_JA = ("後に", "あとに", "遅く", "新しく")
_AGE_JA = {"古い": False, "新しい": True}
"""Said of a thing without a noun: by when it was made."""

_SIDE_JA = r"(?:(?!何|誰|どこ|いつ|なぜ|より)[^、。？?はがをにと]){1,24}?(?<!で)"
_WHICH_JA = r"(?:どちら|どっち)"
_END_JA = r"(?:です|でした|なの|の|ん)*か?[。？?\s]*$"
_ADJECTIVE_JA = "|".join((*_GREATER_JA, *_SMALLER_JA, *_AGE_JA))
_TIMED_JA = rf"(?:{'|'.join((*_EARLIER_JA, *_LATER_JA))})"
_ASKED_JA = (
    rf"(?:(?P<noun>[^、はがを]{{1,16}})[がは])?(?P<adjective>{_ADJECTIVE_JA})"
    rf"|(?P<timed>{_TIMED_JA})(?P<verb>[^、。？?]{{2,20}}?(?:た|ましたか))"
)
_COMPARED_JA = (
    re.compile(
        rf"^(?P<one>{_SIDE_JA})と、?(?P<two>{_SIDE_JA})"
        rf"(?:では|だと|の(?:うち|中)?(?:では|で)?|は|を(?:比べ|くらべ)(?:ると|て|たら))、?"
        rf"{_WHICH_JA}(?:の(?:ほう|方)?)?が?(?:{_ASKED_JA}){_END_JA}"
    ),
    re.compile(
        rf"^(?:{_ASKED_JA})のは、?(?P<one>{_SIDE_JA})(?:と|か)、?(?P<two>{_SIDE_JA})"
        rf"(?:の(?:うち|どちら)?|か)?、?{_WHICH_JA}{_END_JA}"
    ),
    re.compile(
        rf"^(?P<one>{_SIDE_JA})は、?(?P<two>{_SIDE_JA})より(?P<claims>も)?、?(?:{_ASKED_JA}){_END_JA}"
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
    adjective, noun = found["adjective"], found["noun"]
    if adjective in _AGE_JA and not noun:
        return "はいつできましたか", _AGE_JA[adjective]
    measure = noun or {**_GREATER_JA, **_SMALLER_JA}.get(adjective)
    return (f"の{measure}は？", adjective in _GREATER_JA) if measure else None


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
_COMPARED_EN = (
    re.compile(
        rf"^(?:which|who)(?: \w+){{0,2}} (?:is|are|was|were) (?:the )?(?P<measure>{_MEASURE_EN})"
        rf"(?: one)?[,:] ?{_OR_EN}\??$",
        re.IGNORECASE,
    ),
    re.compile(
        rf"^(?:which|who)(?: \w+){{0,2}}? (?P<verb>(?:was |were )?\w+) "
        rf"(?P<timed>first|earlier|later|last)[,:] ?{_OR_EN}\??$",
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
        return _MEASURES_EN[found["measure"].lower()]
    was, _, verb = found["verb"].rpartition(" ")
    form = f"when {was or 'has'} {{}} {verb}?"
    return form, found["timed"].lower() in ("later", "last")
