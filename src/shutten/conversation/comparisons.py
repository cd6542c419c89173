"""Questions that compare two things, as in: which of the two bridges is longer.

Hardly any sentence compares them; each has its own, with its number or date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from shutten.conversation.compounds import LONGEST


@dataclass(frozen=True, slots=True)
class Comparison:
    """The two things compared, and what to ask of each.

    The one with the greater number or the later date is meant, or the other one (`greater` is
    False). `beside` is a pattern of what must stand in the clause of such a value, `dates` tells
    whether it is a date. `claims` is True where the question says which one it is, the first, and
    asks whether that is so.
    """

    sides: tuple[str, str]
    questions: tuple[str, str]
    greater: bool
    beside: str = ""
    dates: bool = False
    claims: bool = False


def comparison_in(question: str) -> Comparison | None:
    """Return what a question compares; None where it compares no two things."""
    if len(question) > LONGEST:
        return None
    found = _comparison_ja(question) or _comparison_en(question)
    if found is None or found.sides[0] == found.sides[1]:
        return None
    return None if found.claims and any(map(_NUMBER.match, found.sides)) else found


_NUMBER = re.compile(
    r"(?!\d{4}年度?$)約?(?:[\d,.]+[万億]?|[〇一二三四五六七八九十百千万億]{2,})\D{0,8}$"
)
"""No thing, as in: higher than 500 metres; a year is one."""


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
_MADE_JA = "完成|開通|建|設立|創|造|竣工|架|開業|開館|でき|発足|刊行|開設"
_PRICE_JA = "値段|価格|料金|定価|売価"
_BESIDE_JA = {
    "長さ": "長", "高さ": f"(?<!標)高|{_PRICE_JA}", "広さ": "面積|広",
    "大きさ": "大き|サイズ", "重さ": "重", "深さ": "深", "太さ": "太|直径", "厚さ": "厚",
    "速さ": "速", "距離": "距離|離れ", "値段": _PRICE_JA,
}  # fmt: skip
_SAME_JA = r"|同(?=[\d約])"
"""What a value is of is not said again in a row: A(得票率30%)、B(同24%)."""
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
        rf"^{_BY_JA}(?P<two>{_SIDE_JA})より(?P<claims>も)?、?(?P<one>{_SIDE_JA})の(?:ほう|方)が、?"
        rf"(?:{_ASKED_JA}){_END_JA}"
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
    end, greater, beside = asked
    questions = (f"{sides[0]}{end}", f"{sides[1]}{end}")
    dates = end.startswith("はいつ")
    return Comparison(sides, questions, greater, beside + _SAME_JA, dates, claims)


def _timed_ja(found: re.Match[str]) -> tuple[str, bool, str] | None:
    verb = found["verb"]
    named = re.search(r"[一-龥ァ-ヶー]+", verb)
    beside = _MADE_JA if verb.startswith("でき") else named and named.group()
    if beside is None:
        return None
    asked = verb if verb.endswith("か") else f"{verb}のですか"
    return f"はいつ{asked}", found["timed"] in _LATER_JA, beside


def _measured_ja(found: re.Match[str]) -> tuple[str, bool, str] | None:
    stem, noun = found["stem"], found["noun"] or found.groupdict().get("by")
    if found["aged"]:
        return "はいつ生まれましたか", _AGED_JA[found["aged"]], "生"
    if stem in _AGES_JA and not noun:
        return _AGES_JA[stem], stem != "古", "生" if stem == "若" else _MADE_JA
    if stem in _AGES_JA:
        return None
    measure = noun or {**_GREATER_JA, **_SMALLER_JA}.get(stem)
    if not measure:
        return None
    core = re.split(r"[のでは]", measure)[-1]
    beside = _BESIDE_JA.get(core) or re.escape(core.removesuffix("数") or core)
    return f"の{measure}は？", stem in _GREATER_JA, beside


# ── English ──────────────────────────────────────────────────────────────────────────────────

_MEASURES_EN = {
    "longer": ("how long is {}?", True, "long|length"),
    "shorter": ("how long is {}?", False, "long|length"),
    "taller": ("how tall is {}?", True, "tall|high|height"),
    "higher": ("how high is {}?", True, "tall|high|height"),
    "lower": ("how high is {}?", False, "tall|high|height"),
    "wider": ("how wide is {}?", True, "wide|width"),
    "narrower": ("how wide is {}?", False, "wide|width"),
    "larger": ("how large is {}?", True, "large|area|size"),
    "bigger": ("how large is {}?", True, "large|area|size"),
    "smaller": ("how large is {}?", False, "large|area|size"),
    "heavier": ("how heavy is {}?", True, "heav|weigh"),
    "lighter": ("how heavy is {}?", False, "heav|weigh"),
    "deeper": ("how deep is {}?", True, "deep|depth"),
    "shallower": ("how deep is {}?", False, "deep|depth"),
    "more expensive": ("how much does {} cost?", True, "cost|price|expens"),
    "cheaper": ("how much does {} cost?", False, "cost|price|cheap"),
    "faster": ("how fast is {}?", True, "fast|speed|an hour|per hour"),
    "slower": ("how fast is {}?", False, "fast|speed|an hour|per hour"),
    "older": ("when was {} built?", False, "built|open|found|complet|establish"),
    "younger": ("when was {} built?", True, "built|open|found|complet|establish"),
}
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
        rf"^(?:are|were) there (?P<count>{'|'.join(_NUMBER_EN)}) (?P<one>[^,?]{{1,50}}?) "
        r"(?P<claims>than) (?P<two>[^,?]{1,50}?)\??$",
        re.IGNORECASE,
    ),
    re.compile(
        rf"^(?:is|are|was|were) (?P<one>[^,?]{{1,50}}?) (?P<measure>{_MEASURE_EN}) "
        r"(?P<claims>than) (?P<two>[^,?]{1,50}?)\??$",
        re.IGNORECASE,
    ),
)


def _comparison_en(question: str) -> Comparison | None:
    for pattern in _COMPARED_EN:
        if found := pattern.match(question):
            sides = (found["one"], found["two"])
            form, greater, beside = _asked_en(found.groupdict())
            asked = [form.format(side) for side in sides]
            one, two = (f"{each[:1].upper()}{each[1:]}" for each in asked)
            dates, claims = form.startswith("when"), "claims" in pattern.groupindex
            return Comparison(sides, (one, two), greater, beside, dates, claims)
    return None


def _asked_en(found: dict[str, str]) -> tuple[str, bool, str]:
    if "measure" in found:
        measure = found["measure"].lower()
        if found.get("which", "").lower() == "who" and measure in ("older", "younger"):
            return "when was {} born?", measure == "younger", "born"
        return _MEASURES_EN[measure]
    if "count" in found:
        return "how many {} are there?", _NUMBER_EN[found["count"].lower()], ""
    if "number" in found:
        noun = found["noun"].split()[-1].lower().removesuffix("s")
        form = f"how many {found['noun']} {found['verb']} {{}}?"
        return form, _NUMBER_EN[found["number"].lower()], rf"\b{re.escape(noun)}"
    was, verb = re.findall(r"^((?:was|were) |)(.*)$", found["verb"].lower())[0]
    stem = verb.split()[0].lower()[:4]
    return f"when {was}{{}} {verb}?", found["timed"].lower() in ("later", "last"), rf"\b{stem}"


_MORE_JA = (
    rf"{_TIMED_JA}|より|(?:{_STEMS_JA}|早|遅|若|強|弱)(?:い|かった|く)|先(?:です|に|か|だ|$|[？?])"
    r"|長生き|年上|年下|上(?:です|だ|か|$|[？?])|[賑盛]"
)
_COMPARING = (
    re.compile(rf"(?:{_MORE_JA})(?!か[らも]).*(?:どちら|どっち)|(?:どちら|どっち).*(?:{_MORE_JA})"),
    re.compile(
        rf"^(?:which|who|what)\b.*\b(?:{_MEASURE_EN}|more|less|fewer|first|earlier|later|last)\b"
        r".* or ",
        re.IGNORECASE,
    ),
)
