"""Numbers with their units, as values that can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from shutten.checking.numerals import (
    DIGITS,
    ENGLISH,
    KANJI,
    ORDINALS,
    SCALES,
    english_value,
    japanese_value,
)

Bound = Literal["exact", "about", "over", "under", "least", "most"]

_TABLE = """
m 1000 km キロメートル kilometre kilometres kilometer kilometers
m 1 m メートル metre metres meter meters
m 0.01 cm センチメートル センチ centimetre centimetres centimeter centimeters
m 0.001 mm ミリメートル ミリ millimetre millimetres millimeter millimeters
mile 1 マイル mile miles
foot 1 フィート feet foot ft
inch 1 インチ inch inches
キロ 1000 キロ
g 1000000 t トン tonne tonnes ton tons
g 1000 kg キログラム kilogram kilograms
g 1 グラム gram grams
pound 1 ポンド pounds pound £
l 1 リットル litre litres liter liters
ha 1 ヘクタール hectare hectares
m2 1000000 平方キロメートル 平方キロ km2
m2 1 平方メートル m2
% 1 % パーセント percent
% 10 割
% 0.1 パーミル ‰
yen 1 円 yen ¥
yuan 1 元 人民元 yuan
dollar 1 ドル 米ドル dollar dollars $
euro 1 ユーロ euro euros €
won 1 ウォン won
degree 1 度 ℃ degree degrees °c °
month 12 年 年間 year years 年ぶり
month 1 か月 ヶ月 カ月 ヵ月 箇月 か月間 ヶ月間 カ月間 month months
day 7 週間 week weeks
day 1 日間 日 day days
minute 60 時間 hour hours
minute 1 分 分間 minute minutes
second 1 秒 秒間 second seconds
age 1 歳 才
person 1 人 名 人目 people person persons
company 1 社 company companies
school 1 校 school schools
fold 1 倍 fold
time 1 回 times time 度目
ordinal 1 番目 位 代目 回目 番 号 号車 号線
piece 1 個 つ
volume 1 冊
vehicle 1 台
item 1 点
case 1 件
kind 1 種 種類
floor 1 階
vote 1 票
upper 1 強
lower 1 弱
"""
UNITS: dict[str, tuple[str, float]] = {
    word: (line.split()[0], float(line.split()[1]))
    for line in _TABLE.strip().splitlines()
    for word in line.split()[2:]
}
MEASURES = frozenset(
    "m mile foot inch g pound l ha m2 % yen yuan dollar euro won degree month day minute second age upper lower".split()
)
"""Units between which no claim may choose; a counter may change with the wording."""

_COUNTER = "|".join(
    re.escape(word) + ("(?![A-Za-z])" if word[-1:].isascii() and word[-1:].isalpha() else "")
    for word in sorted(
        (
            word
            for word in UNITS
            if not word.isascii() or word in ("km", "kg", "cm", "mm", "m", "t", "%", "km2", "m2")
        ),
        key=len,
        reverse=True,
    )
)
_OTHER_COUNTER = "食|次|人前|粒|枠|区画|種目|行|歩|票差|本|枚|匹|頭|羽|店|軒|戸|棟|基|機|隻|両|駅|町|村|市|県|国|か国|ヵ国|ヶ国|章|話|曲|組|チーム|か所|ヶ所|カ所|品|文字|両編成|世帯|議席|部|校|作"
_JAPANESE = re.compile(
    rf"(?P<down>\d+|[{KANJI[2:10]}十百]+)分の(?P<up>\d+|[{KANJI[2:10]}]+)"
    rf"|(?P<half>半分|半数|過半数)|(?P<doubled>倍増|倍(?=に(?:増|な)))"
    rf"|(?P<number>(?:{DIGITS})(?:[十百千万億兆](?:(?:{DIGITS})|[{KANJI[2:]}])*+)?|[{KANJI}]+)"
    rf"(?:\s*(?P<unit>(?:{_COUNTER}|{_OTHER_COUNTER})))?"
)
_UNIT_WORD = (
    r"(?:%|‰|°c?|(?:[ -]?(?:km2|m2|km|kg|cm|mm|ft|m|t)\b)|[ -](?:per cent|[a-z]+(?:-[a-z]+)?))"
)
_FRACTION = r"(?:thirds?|quarters?|fifths?|sixths?|eighths?|tenths?|half|halves)"
_SIZES = {"third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10, "half": 2}
_ENGLISH = re.compile(
    rf"(?P<parts>\b(?:an?|one|two|three|four|five)[ -]{_FRACTION}\b|\bhalf\b(?!-)|\bby half\b)"
    rf"|(?P<multiple>\b(?:twice|thrice|doubled?|doubling|tripled?|quadrupled?|twofold|threefold|halved)\b)"
    rf"|(?P<nth>\b(?:{'|'.join(ORDINALS)})\b|\b\d+(?:st|nd|rd|th)\b)"
    rf"|(?P<money>us\$|[$£€¥])?(?P<number>(?:(?<![\w.])(?:{DIGITS})(?!(?:st|nd|rd|th|s)\b))(?:[ -](?:{'|'.join(SCALES)})s?\b)?|{ENGLISH})(?P<unit>{_UNIT_WORD})?(?P<next> [a-z]+)?"
)
_MULTIPLES = {
    "twice": 2, "thrice": 3, "double": 2, "doubled": 2, "doubling": 2, "triple": 3, "tripled": 3,
    "quadruple": 4, "quadrupled": 4, "twofold": 2, "threefold": 3, "halved": 0.5,
}  # fmt: skip
_BOUNDS_BEFORE: tuple[tuple[Bound, str], ...] = (
    ("most", r"(?:at most|(?:no|not) (?:more|older|longer|higher|later|larger) than|up to|a maximum of|as many as|最大|最大で|最高)\s*$"),
    ("least", r"(?:at least|no (?:less|fewer) than|not less than|a minimum of|最低|少なくとも)\s*$"),
    ("over", r"(?:more than|over|above|exceed(?:s|ing|ed)?|greater than|higher than|longer than|older than|超)\s*$"),
    ("under", r"(?:less than|fewer than|under|below|lower than|younger than|shorter than)\s*$"),
    ("about", r"(?:about|around|roughly|approximately|some|nearly|almost|close to|約|およそ|おおよそ|ほぼ|ざっと|circa|just over|just under)\s*[$£€¥]?\s*$"),
)  # fmt: skip
_BOUNDS_AFTER: tuple[tuple[Bound, str], ...] = (
    ("over", r"^\s*(?:を?(?:超|越|上回)|超|余り|あまり|余)"),
    ("under", r"^\s*(?:未満|弱|を?(?:下回)|を(?:切[っりるれ]|割[っりるれ])|に満たない|足らず)"),
    ("least", r"^\s*(?:以上|or more|and over|より多)"),
    (
        "most",
        r"^\s*(?:以下|以内|まで(?!に?(?:[上下]が|増|減|落|伸|延|縮|達|回復|戻))|or less|or fewer)",
    ),
    ("about", r"^\s*(?:ほど|程度|くらい|ぐらい|前後|近く|or so)"),
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number; `unit` is a canonical name, "" where none stands there; offsets as in the text.

    `noun` holds the English words right behind the number.
    """

    start: int
    end: int
    value: float
    unit: str
    bound: Bound
    noun: tuple[str, ...] = ()

    def equals(self, other: Quantity) -> bool:
        """Whether this is the other number, or what it is rounded to where one is only about right.

        57 is about 60, and no 60 is about 57.
        """
        apart = abs(self.value - other.value)
        if apart <= EQUAL * abs(other.value):
            return True
        loose = "about" in (self.bound, other.bound)
        rounded = _digits(self.value) < _digits(other.value)
        return loose and rounded and apart <= ROUNDED * abs(other.value)


EQUAL, ROUNDED = 1e-6, 0.06
"""How far two numbers may be apart, as a share: the same ones, and one that is rounded."""


def _digits(value: float) -> int:
    """How many digits a number is written with, zeros at its ends left out."""
    return len(f"{value:.6f}".replace(".", "").strip("0"))


_KIND_ALIKE = {
    frozenset(pair)
    for pair in (
        ("time", "fold"), ("piece", "item"), ("piece", "volume"), ("piece", "person"),
        ("case", "time"), ("item", "case"), ("age", "month"), ("magnitude", "ordinal"),
        ("degree", "time"),
    )
}  # fmt: skip


_COUNTED = frozenset(
    "kind 種類 person company school 社 校 市 町 村 県 国 駅 世帯 票 vote 歩".split()
)
"""Counters that say what is counted; 個, 点, 枚, 本 and the like change with the wording."""


def units_agree(mine: Quantity, theirs: Quantity) -> bool:
    """Whether two equal numbers can be the same quantity, by their units."""
    units = {mine.unit, theirs.unit}
    if len(units) == 1 or "キロ" in units:
        return True
    if "" in units:
        known = next(iter(units - {""}))
        return known not in MEASURES or not (mine.noun or theirs.noun) or known == "month"
    if units & MEASURES:
        return frozenset(units) in _KIND_ALIKE
    return not units & _COUNTED or frozenset(units) in _KIND_ALIKE


def quantities(folded: str, taken: Sequence[tuple[int, int]] = ()) -> list[Quantity]:
    """Return the numbers of a folded text in order, those in `taken` (dates, times) left out."""
    found = [*_japanese(folded), *_english(folded)]
    free = [each for each in found if not any(s < each.end and each.start < e for s, e in taken)]
    kept: list[Quantity] = []
    for each in sorted(
        free, key=lambda quantity: (quantity.start, -quantity.end, -len(quantity.noun))
    ):
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    return kept


def _bound(folded: str, start: int, end: int) -> Bound:
    before, after = folded[max(0, start - 24) : start], folded[end : end + 12]
    for bound, pattern in _BOUNDS_AFTER:
        if re.search(pattern, after):
            return bound
    return next((b for b, pattern in _BOUNDS_BEFORE if re.search(pattern, before)), "exact")


def _japanese(folded: str) -> Iterator[Quantity]:
    for match in _JAPANESE.finditer(folded):
        start, end = match.span()
        if match["number"] is None:
            yield Quantity(start, end, *_japanese_share(match), _bound(folded, start, end))
        elif not _is_word(folded, match):
            unit = match["unit"] or ""
            name, factor = UNITS.get(unit, (unit, 1.0))
            if name == "ordinal" or folded[max(0, start - 1) : start] == "第":
                name = "ordinal"
            value = japanese_value(match["number"]) * factor
            yield Quantity(start, end, value, name, _bound(folded, start, end))


def _japanese_share(match: re.Match[str]) -> tuple[float, str]:
    if match["half"]:
        return 50.0, "%"
    if match["doubled"]:
        return 2.0, "fold"
    return 100 * japanese_value(match["up"]) / japanese_value(match["down"]), "%"


def _is_word(folded: str, match: re.Match[str]) -> bool:
    """Whether kanji that look like a number are part of a word: 一方, 十分, 千葉, 数十."""
    written, before = match["number"], folded[max(0, match.start() - 1) : match.start()]
    if before.isascii() and before.isalnum():
        return True
    if written[0].isdigit() or before == "第":
        return False
    after = folded[match.end() : match.end() + 1]
    if (before and before in "数何") or written in ("万", "千", "百"):
        return True
    if match["unit"] is None:
        return len(written) == 1 or "\u4e00" <= after <= "\u9fff"
    return folded[match.start() : match.end() + 1].startswith(
        (
            "十分",
            "一時",
            "一部",
            "一種",
            "一点",
            "一番",
            "一階級",
            "一本化",
            "一国",
            "一品",
            "一度",
            "二度と",
            "千葉",
            "一つ一つ",
        )
    ) or (match["unit"] in ("市", "町", "村", "県", "国", "部", "作") and len(written) == 1)


def _english(folded: str) -> Iterator[Quantity]:
    for match in _ENGLISH.finditer(folded):
        start, end = match.span()
        if match["parts"]:
            yield Quantity(start, end, _share(match["parts"]), "%", _bound(folded, start, end))
        elif match["multiple"]:
            value = float(_MULTIPLES[match["multiple"]])
            unit = "time" if match["multiple"] in ("twice", "thrice") else "fold"
            yield Quantity(start, end, value, unit, "exact")
        elif match["nth"]:
            if match["nth"] == "second" and folded[:start].endswith(("a ", "per ")):
                continue
            digits = re.match(r"\d+", match["nth"])
            value = float(digits.group() if digits else ORDINALS[match["nth"]])
            yield Quantity(start, end, value, "ordinal", "exact")
        elif match["number"] != "one":
            yield _english_quantity(folded, match)


def _share(words: str) -> float:
    first, _, last = words.replace("-", " ").rpartition(" ")
    size = _SIZES["half" if last.startswith("hal") else last.rstrip("s")]
    count = english_value(first) if first not in ("", "a", "an", "by") else 1.0
    return 100 * count / size


def _english_quantity(folded: str, match: re.Match[str]) -> Quantity:
    number = match["number"]
    digits = re.match(DIGITS, number)
    if digits:
        scale = number[digits.end() :].strip(" -").removesuffix("s")
        value = float(digits.group().replace(",", "")) * SCALES.get(scale, 1)
    else:
        value = english_value(number)
    word = (match["unit"] or "").strip(" -").replace("per cent", "percent")
    first = word.split("-", maxsplit=1)[0]
    name, factor = UNITS.get((match["money"] or "").removeprefix("us") or first, ("", 1.0))
    following = (match["next"] or "").strip()
    if not name and following in UNITS and not match["money"]:
        name, factor = UNITS[following]
    end = match.end("unit") if name and match["unit"] else match.end("number")
    noun = tuple(each for each in (*word.split("-"), following) if each)
    return Quantity(
        match.start(), end, value * factor, name, _bound(folded, match.start(), end), noun
    )
