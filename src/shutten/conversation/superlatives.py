"""Questions for what has the most or the least of something: which year had the most visitors."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from shutten.checking.numerals import ORDINALS, japanese_value
from shutten.conversation.compounds import LONGEST

Asked: TypeAlias = Literal["thing", "noun", "value", "person", "time", "place"]
"""What of the row is asked for; the noun is what stands behind the superlative."""

PRICE_IN_ANY_WORD = "価格|値段|金額|費用|料金|代金"
"""Words that people use for one another; 単価 and 予算 are something else than 価格."""
PRICE_COLUMN = rf"{PRICE_IN_ANY_WORD}|単価|予算|price|cost|fee|amount|budget"
"""How columns are called that tell how much something costs."""
_PRICE = rf"{PRICE_COLUMN}|定価|取得額|購入額"
_HEIGHT = r"高さ|標高|高度|身長|height|elevation|altitude"
_LENGTH = r"長さ|全長|延長|距離|期間|length|duration|distance"
_SIZE = r"大きさ|規模|サイズ|容量|面積|size|capacity|area"
_AREA = r"面積|広さ|area"
_WEIGHT = r"重さ|重量|質量|体重|weight|mass"
_DEPTH = r"深さ|水深|深度|depth"
_SPEED = r"速さ|速度|speed"
_AGE = r"年齢|\bage\b"
_DURATION = (
    r"期間|時間|年数|月数|日数|寿命|time|duration|term|period|age\b"
    r"|\b(?:second|minute|hour|day|week|month|year)s"
)
_DATE = r"年$|年月|年度|日付|[日期]$|時期|date|year|built|founded|opened|bought|purchased|installed"

MEASURES = (_PRICE, _HEIGHT, _LENGTH, _SIZE, _AREA, _WEIGHT, _DEPTH, _SPEED, _AGE)

_FORMS_JA: dict[str, tuple[bool, tuple[str, ...]]] = {
    "多": (True, ()), "少な": (False, ()), "高": (True, (_PRICE, _HEIGHT)),
    "低": (False, (_HEIGHT,)), "安": (False, (_PRICE,)), "大き": (True, (_SIZE,)),
    "小さ": (False, (_SIZE,)), "長": (True, (_LENGTH,)), "短": (False, (_LENGTH,)),
    "重": (True, (_WEIGHT,)), "軽": (False, (_WEIGHT,)), "広": (True, (_AREA,)),
    "狭": (False, (_AREA,)), "深": (True, (_DEPTH,)), "浅": (False, (_DEPTH,)),
    "速": (True, (_SPEED,)), "古": (False, (_DATE,)), "新し": (True, (_DATE,)),
    "早": (False, (_DATE,)), "遅": (True, (_DATE,)), "若": (False, (_AGE,)),
}  # fmt: skip
"""Stems of adjectives: whether the greatest is meant, and what columns tell how much it is."""
SHORT_JA = {
    "多": "多", "少": "少な", "高": "高", "低": "低", "安": "安", "大": "大き", "小": "小さ",
    "長": "長", "短": "短", "古": "古", "新": "新し",
}  # fmt: skip
"""最多 is what 一番多い is: the sign behind 最, and the stem of the adjective."""
_FORMS_EN: dict[str, tuple[bool, tuple[str, ...]]] = {
    "most expensive": (True, (_PRICE,)), "least expensive": (False, (_PRICE,)),
    "most recent": (True, (_DATE,)), "most": (True, ()), "fewest": (False, ()),
    "least": (False, ()), "highest": (True, (_HEIGHT,)), "lowest": (False, (_HEIGHT,)),
    "largest": (True, (_SIZE,)), "biggest": (True, (_SIZE,)), "smallest": (False, (_SIZE,)),
    "longest": (True, (_LENGTH,)), "shortest": (False, (_LENGTH,)), "oldest": (False, (_DATE,)),
    "newest": (True, (_DATE,)), "latest": (True, (_DATE,)), "earliest": (False, (_DATE,)),
    "cheapest": (False, (_PRICE,)), "heaviest": (True, (_WEIGHT,)),
    "lightest": (False, (_WEIGHT,)), "tallest": (True, (_HEIGHT,)), "deepest": (True, (_DEPTH,)),
    "shallowest": (False, (_DEPTH,)), "fastest": (True, (_SPEED,)), "slowest": (False, (_SPEED,)),
    "widest": (True, (r"幅|width",)), "youngest": (False, (_AGE,)),
}  # fmt: skip
_IN_TURN: dict[str, tuple[bool, tuple[str, ...]]] = {
    "first": (False, (_DATE,)), "last": (True, (_DATE,)),
}  # fmt: skip
"""Behind a verb: which of them was bought first."""
_DATES_OF_VERBS = {"buy": "bought", "build": "built", "found": "founded"}
"""How columns of dates are called whose verb a question has in another form."""
_MEASURED_THEMSELVES = "安|重|軽|広|狭|深|浅|速|古|新し|若"
_OF_ITS_OWN = frozenset(_MEASURED_THEMSELVES.split("|")) | frozenset(_FORMS_EN).difference(
    ("most", "fewest", "least", "highest", "lowest", "largest", "biggest", "smallest"),
    ("longest", "shortest", "latest", "earliest"),
)
"""What says itself what is measured: the heaviest machine bought is no matter of when."""
_DATED = frozenset(
    ("古", "新し", "早", "遅", "most recent", "oldest", "newest", "latest", "earliest", *_IN_TURN)
)

_MOST_JA = r"(?:一番|いちばん|最も|もっとも)"
_NOUN_JA = r"(?P<noun>[^、。はがをにで\s]{1,16})"
STEM_JA = rf"(?P<stem>{'|'.join(_FORMS_JA)})(?:い|かった|く)"
MOST_JA = rf"{_MOST_JA}、?{STEM_JA}"
"""The most or least of something, with what it is the most of left out."""
_SUPERLATIVES_JA = (
    re.compile(rf"{_MOST_JA}、?(?P<lasting>[長短])く(?=[一-龥ぁ-んか])"),
    re.compile(rf"{_NOUN_JA}が、?{_MOST_JA}、?{STEM_JA}"),
    re.compile(rf"{_MOST_JA}、?{_NOUN_JA}[がの]{STEM_JA}"),
    re.compile(MOST_JA),
    re.compile(rf"{_NOUN_JA}が最(?P<short>[{''.join(SHORT_JA)}])"),
    re.compile(rf"最(?P<short>[{''.join(SHORT_JA)}])(?=[のはだ]|$)"),
    re.compile(
        rf"{_MOST_JA}、?{_NOUN_JA}[がのを](?P<taken>かか[りるっ]|要[しすっ]|必要|取[りるっ]|使[いうっ]|費や)"
        r"(?:[たてい]|する|した|な){0,3}"
    ),
)
_FORM_EN = "|".join(sorted(_FORMS_EN, key=len, reverse=True))
SUPERLATIVE_ALONE = re.compile(rf"(?:the )?(?:{_FORM_EN})", re.IGNORECASE)
"""Says how much of something there is, and of what not."""
_SUPERLATIVES_EN = (
    re.compile(
        r"\b(?:takes?|took|lasts?|lasted|keeps?|kept|lives?|lived|stays?|stayed|runs?|ran|goes|go)"
        r" (?:for )?(?:the )?(?P<lasting>longest|shortest)\b(?: to\b)?"
    ),
    re.compile(
        r"\b(?P<noun>(?!finish)[a-z]{2,}ed|built|bought|buy|build|made|sown|born|written|dug|laid|won)"
        r" (?P<form>first|last)\W*$"
    ),
    re.compile(r"\b(?P<noun>cost|weigh)(?:s|ed)? (?:the )?(?P<form>most|least)\b"),
    re.compile(
        rf"\b(?:the|with|have|has|had) (?:the )?(?P<form>{_FORM_EN})\b"
        r"(?: (?P<noun>(?!in\b|of\b|on\b|by\b|among\b|bought\b)[a-z-]+"
        r"(?: (?!in\b|of\b|on\b|by\b|at\b|for\b|among\b)[a-z-]+)?))?"
    ),
)
_PLACES_EN = "|".join(each for each in ORDINALS if each != "first")
_PLACE = (
    re.compile(
        rf"(?P<place>\d{{1,2}}|[一二三四五六七八九十])番目に(?=[^、。?]{{0,16}}?(?:{'|'.join(_FORMS_JA)})"
        r"(?:い|かった|く))"
    ),
    re.compile(
        rf"\b(?P<place>{_PLACES_EN}|\d{{1,2}}(?=[snrt]))(?:st|nd|rd|th)?[ -](?=(?:{_FORM_EN})\b)"
    ),
)
"""Says that another one than the first is meant: 二番目に高い, the second highest."""
_OTHER = re.compile(
    r"[2-9二三四五六七八九]番目|上位|トップ\d|ワースト|以[降前後上下内来]|未満|[よりか]ら|まで|のうち|除[いくけ]|以外"
    r"|(?<!少)な(?:い|かった|く)|ません|(?<=[一-龥])ずに|ほか|他の|次に|差|合計|平均"
    r"|\b(?:second|third|top|since|before|after|until|between|under|over|below|above|except\w*|than"
    r"|not|non|never|no|without|outside|apart|other|exclud\w*|but|average|total|difference)\b|n't\b"
)
"""Asks for another row than the first one, for some of the rows, or for what is not so."""
_EXTREME = re.compile(
    rf"{_MOST_JA}|最[{''.join(SHORT_JA)}]|\b(?:{_FORM_EN}|worst|best)\b", re.IGNORECASE
)
_WHAT_IS = re.compile(r"^(?:what|which)(?:'s| is| was| are| were) $")
_ASKED: tuple[tuple[Asked, re.Pattern[str]], ...] = (
    ("time", re.compile(
        r"いつ|何(?:年|月|日|曜)|締め?切|〆切"
        r"|\bdeadline\b|\bwhen\b|\b(?:what|which) (?:year|month|day)\b"
    )),
    ("person", re.compile(r"誰|だれ|どなた|\bwho(?:se)?\b")),
    ("place", re.compile(r"どこ|何処|\bwhere\b")),
    ("value", re.compile(
        r"いくら|いくつ|何(?:円|人|名|台|件|個|点|本|キロ|メートル|グラム|kg|km|cm|mm|[gm])"
        r"|ど[れの]くらい|\bhow \w+\b|\bwhat (?:do|does|did)\b.* cost\b"
    )),
)  # fmt: skip


_WHICH = re.compile(r"ど[のれちこ]|誰|だれ|どなた|何|いつ")
"""What is asked for, not what is measured: どの装置が一番高い."""


@dataclass(frozen=True, slots=True)
class Superlative:
    """What a question asks for of all rows: that with the greatest value, or the least.

    `noun` is what is measured, in the question's words, empty where it does not say. `measures`
    are patterns of names for it, the likeliest first. `dates`: it is the latest or the first.
    `rest` is the folded question without these words, and `asked` what of the row it asks for.
    `place` is 2 for the second of all, counted from that end.
    """

    greatest: bool
    noun: str
    measures: tuple[str, ...]
    dates: bool
    rest: str
    asked: Asked
    place: int = 1


def superlative_in(question: str) -> Superlative | None:
    """Return what a question asks the greatest or least of; None where it asks for none."""
    place, folded = _placed(unicodedata.normalize("NFKC", question).casefold())
    if len(question) > LONGEST or _OTHER.search(folded):
        return None
    for pattern in (*_SUPERLATIVES_JA, *_SUPERLATIVES_EN):
        if found := pattern.search(folded):
            return replace(_superlative(found, folded), place=place)
    return None


def asks_for_most(question: str) -> bool:
    """Whether a question speaks of the most or least of something, in whatever form."""
    _, folded = _placed(unicodedata.normalize("NFKC", question).casefold())
    return _EXTREME.search(folded) is not None


def _placed(folded: str) -> tuple[int, str]:
    """The place that a question asks for, and the same question for the first."""
    japanese, english = (pattern.search(folded) for pattern in _PLACE)
    found = japanese or english
    if found is None:
        return 1, folded
    said = found["place"]
    first = "一番" if japanese else ""
    place = ORDINALS.get(said) or int(japanese_value(said))
    return place, f"{folded[: found.start()]}{first}{folded[found.end() :]}"


def asked_of(question: str) -> Asked:
    """Return what a folded question asks for, by its question word."""
    return next((kind for kind, pattern in _ASKED if pattern.search(question)), "thing")


def _short(said: dict[str, str | None]) -> str:
    """The stem of the adjective behind 最; what is taken the most of is much."""
    return SHORT_JA[said.get("short") or "多"]


def _superlative(found: re.Match[str], folded: str) -> Superlative:
    said = found.groupdict()
    noun = said.get("noun") or ""
    lasting = said.get("lasting") or ""
    form = said.get("stem") or said.get("form") or lasting or _short(said)
    greatest, measures = {**_FORMS_JA, **_FORMS_EN, **_IN_TURN}[form]
    measures = (_DURATION,) if lasting else measures
    noun = "weight" if noun == "weigh" else _DATES_OF_VERBS.get(noun, noun)
    measures = measures or tuple(each for each in MEASURES if noun and re.search(each, noun))
    rest = f"{folded[: found.start()]} {folded[found.end() :]}"
    is_thing = form in _OF_ITS_OWN and not any(re.search(each, noun) for each in measures)
    if _WHICH.match(noun) or is_thing:
        noun, rest = "", f"{noun} {rest}"
    asked = asked_of(rest)
    if noun and _WHAT_IS.match(folded[: found.start()]):
        asked = "noun"
    return Superlative(greatest, noun, measures, form in _DATED, rest, asked)
