"""Dates and times of day as they are written in Japanese and English.

Years of Japanese eras count from the first year of each: Meiji 1868, Taisho 1912, Showa 1926,
Heisei 1989, Reiwa 2019.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from shutten.checking.numerals import KANJI, japanese_value

ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_NUMBER = rf"(?:\d{{1,4}}|[{KANJI[:-3]}]+)"
_PART = r"上旬|中旬|下旬|初旬|初頭|初め|半ば|末"
_PARTS = {
    "上旬": "early", "初旬": "early", "初頭": "early", "初め": "early", "中旬": "middle",
    "半ば": "middle", "下旬": "late", "末": "late", "early": "early", "mid": "middle",
    "late": "late", "beginning": "early", "start": "early", "middle": "middle", "end": "late",
}  # fmt: skip
_NO_YEAR = (
    r"(?!間|前|後|ぶり|以上|以内|以下|未満|目|生|半|余|もの|ほど|分|あまり|連続|に一度|に1度)"
)

_JAPANESE = re.compile(
    rf"(?:(?P<era>明治|大正|昭和|平成|令和)(?P<eyear>元|{_NUMBER})年|(?P<year>\d{{3,4}}|[〇一二三四五六七八九]{{4}})年{_NO_YEAR})"
    rf"(?:の?(?P<decade>代))?(?:の?(?P<ymonth>{_NUMBER})月(?!間))?(?:(?P<yday>{_NUMBER})日(?!間|目))?(?:の?(?P<ypart>{_PART}))?"
    rf"|(?<![\dか])(?P<month>{_NUMBER})月(?!間)(?:(?P<day>{_NUMBER})日(?!間|目))?(?:の?(?P<part>{_PART}))?"
    rf"|(?<![\d数])(?P<only>{_NUMBER})日(?!間|目|分|ごと|以内|以上|ほど|本|あたり|当たり|後|前)"
    rf"|(?P<century>{_NUMBER})世紀"
)
_ENGLISH = re.compile(
    rf"(?P<iso>\b\d{{4}}-\d{{2}}(?:-\d{{2}})?\b)"
    rf"|(?:(?:\b(?P<part>early|late|mid|beginning of|start of|middle of|end of)[ -])?(?:\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+)?\b(?P<month>{_MONTH})\b\.?(?:\s+(?P<after>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d))?(?:,?\s+(?:of\s+)?(?P<year>\d{{4}})\b)?)"
    rf"|(?:\b(?P<ypart>early|late|mid)[ -]?)?(?:the )?\b(?P<decade>1\d\d0|20\d0)s\b"
    rf"|\b(?P<bc>\d{{1,4}})(?: ?(?P<bce>b\.?c\.?(?:e\.?)?))(?![a-z])"
    rf"|(?<![\d.,$£€¥])\b(?P<bare>1[0-9]\d\d|20\d\d)\b(?![,.]\d|-(?:tonne|metre|meter|year|foot|page)|\s*(?:%|percent|per cent|metres|meters|km|kilomet|feet|miles|people|patients|dollars|pounds|euros|yen|tonnes|tons|homes|vehicles|employees|workers|books|members|million|billion))"
    rf"|\b(?P<century>\d{{1,2}})(?:st|nd|rd|th)[ -]centur"
)
_RELATIVE = re.compile(
    r"(?P<same>同年|その年|同じ年|(?:the )?same year|that year)|(?P<next>翌年|その翌年|次の年|(?:the )?(?:following|next) year(?= after)|(?:the )?following year|a year later|one year later)"
    r"|(?P<before>前年(?!比|度)|(?:the )?(?:previous|preceding) year|the year before)"
    r"|(?P<this>今年|本年|this year)|(?P<last>昨年|去年|last year)|(?P<coming>来年|next year)|(?P<beforelast>一昨年|おととし)"
    r"|(?P<thismonth>今月|this month)|(?P<lastmonth>先月|last month)|(?P<nextmonth>来月|next month)"
    r"|(?P<today>今日|本日|きょう|today)|(?P<yesterday>昨日|きのう|yesterday)|(?P<tomorrow>明日|あす|tomorrow)"
)
_YEARS = {"same": 0, "next": 1, "before": -1, "this": 0, "last": -1, "coming": 1, "beforelast": -2}
_MONTHS = {"thismonth": 0, "lastmonth": -1, "nextmonth": 1}
_DAYS = {"today": 0, "yesterday": -1, "tomorrow": 1}
_NOON = 12
_ANAPHORIC = {"same", "next", "before"}

_TIME = re.compile(
    rf"(?P<half>午前|午後|朝|夜|夕方|深夜|未明)?(?P<hour>{_NUMBER})時(?!間|速|代|期)(?:(?P<minute>{_NUMBER})分|(?P<thirty>半))?"
    rf"|(?P<noon>正午|\bnoon\b|\bmidday\b)|(?P<midnight>\bmidnight\b)"
    rf"|\b(?P<ehour>\d{{1,2}})(?:[:.](?P<eminute>\d{{2}}))?\s?(?P<ehalf>a\.?m\.?|p\.?m\.?|o'clock)(?![a-z])"
    rf"|\b(?P<chour>[01]?\d|2[0-3]):(?P<cminute>[0-5]\d)\b"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as far as it is told; `start`/`end` are offsets in the folded text.

    A year before Christ is negative. `tag` names a relative date whose base is not known.
    """

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    part: str | None = None
    decade: int | None = None
    century: int | None = None
    tag: str | None = None

    def is_told_by(self, other: Moment) -> bool:
        """Whether another date tells all that this one tells."""
        return all(
            mine is None or mine == theirs
            for mine, theirs in zip(self._told(), other._told(), strict=True)
        ) and (self.tag is None or self.tag == other.tag)

    def _told(self) -> tuple[int | str | None, ...]:
        year = self.year
        decade = self.decade if self.decade is not None or year is None else year // 10 * 10
        century = self.century
        if century is None and year is not None and year > 0:
            century = (year - 1) // 100 + 1
        return (year, self.month, self.day, self.part, decade, century)


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A time of day in minutes; `exact` is False where morning and evening are not told apart."""

    start: int
    end: int
    minutes: int
    exact: bool

    def is_told_by(self, other: ClockTime) -> bool:
        """Whether the two can be the same time."""
        if self.exact and other.exact:
            return self.minutes == other.minutes
        return self.minutes % 720 == other.minutes % 720


def moments(
    folded: str, *, published: date | None = None, since: int | None = None
) -> list[Moment]:
    """Return the dates of a folded text in order.

    `published` is the day the article is of, for words like 昨年; `since` the year that was told
    last before this text, for words like 翌年 and for a month alone.
    """
    found = sorted(
        [*_japanese(folded), *_english(folded), *_relative(folded)], key=lambda each: each.start
    )
    return _in_context(_apart(found), published, since)


def _apart(found: Sequence[Moment]) -> list[Moment]:
    kept: list[Moment] = []
    for each in found:
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    return kept


def _in_context(found: Sequence[Moment], published: date | None, since: int | None) -> list[Moment]:
    resolved = []
    for each in found:
        known = _resolved(each, published, since)
        since = known.year if known.year is not None else since
        resolved.append(known)
    return resolved


def _resolved(each: Moment, published: date | None, since: int | None) -> Moment:
    if each.tag is None:
        return each
    if each.tag in _ANAPHORIC:
        return each if since is None else replace(each, year=since + _YEARS[each.tag], tag=None)
    if published is None:
        return each
    if each.tag in _YEARS:
        return replace(each, year=published.year + _YEARS[each.tag], tag=None)
    if each.tag in _MONTHS:
        months = published.year * 12 + published.month - 1 + _MONTHS[each.tag]
        return replace(each, year=months // 12, month=months % 12 + 1, tag=None)
    day = date.fromordinal(published.toordinal() + _DAYS[each.tag])
    return replace(each, year=day.year, month=day.month, day=day.day, tag=None)


def _number(written: str | None) -> int | None:
    return None if written is None else int(japanese_value(written))


def _japanese(folded: str) -> Iterator[Moment]:
    for match in _JAPANESE.finditer(folded):
        year = _number(match["year"])
        if match["era"]:
            year = ERAS[match["era"]] + (
                1 if match["eyear"] == "元" else int(_number(match["eyear"]) or 0)
            )
        part = match["ypart"] or match["part"]
        yield Moment(
            match.start(),
            match.end(),
            year=None if match["decade"] else year,
            month=_number(match["ymonth"] or match["month"]),
            day=_number(match["yday"] or match["day"] or match["only"]),
            part=_PARTS[part] if part else None,
            decade=year if match["decade"] else None,
            century=_number(match["century"]),
        )


def _english(folded: str) -> Iterator[Moment]:
    for match in _ENGLISH.finditer(folded):
        if match["month"] == "may" and not _is_month(folded, match):
            continue
        if match["month"] in ("mar", "march") and not _is_month(folded, match):
            continue
        yield _english_moment(match)


def _is_month(folded: str, match: re.Match[str]) -> bool:
    """Tell the month of May from "may", and March from a march."""
    if match["day"] or match["after"] or match["year"] or match["part"]:
        return True
    before = folded[: match.start()].rstrip()
    return bool(
        re.search(r"\b(?:in|of|since|until|till|by|from|to|during|last|next|every|and)$", before)
    )


def _english_moment(match: re.Match[str]) -> Moment:
    start, end = match.span()
    if match["iso"]:
        numbers = [int(each) for each in match["iso"].split("-")]
        day = numbers[2] if len(numbers) > 2 else None  # noqa: PLR2004  year, month, day
        return Moment(start, end, numbers[0], numbers[1], day)
    part = match["part"] or match["ypart"]
    year = match["year"] or match["bare"]
    month = match["month"]
    return Moment(
        start,
        end,
        year=-int(match["bc"]) if match["bc"] else (int(year) if year else None),
        month=_month_number(month) if month else None,
        day=_number(match["day"] or match["after"]),
        part=_PARTS[part.split()[0]] if part else None,
        decade=_number(match["decade"]),
        century=_number(match["century"]),
    )


def _month_number(name: str) -> int:
    return next(n for n, month in enumerate(MONTHS, 1) if month.startswith(name[:3]))


def _relative(folded: str) -> Iterator[Moment]:
    for match in _RELATIVE.finditer(folded):
        yield Moment(match.start(), match.end(), tag=match.lastgroup)


def clock_times(folded: str) -> list[ClockTime]:
    """Return the times of day of a folded text in order."""
    return [_clock_time(match) for match in _TIME.finditer(folded)]


def _clock_time(match: re.Match[str]) -> ClockTime:
    start, end = match.span()
    if match["noon"] or match["midnight"]:
        return ClockTime(start, end, 720 if match["noon"] else 0, exact=True)
    if match["chour"]:
        return ClockTime(start, end, int(match["chour"]) * 60 + int(match["cminute"]), exact=True)
    if match["ehour"]:
        hour, minute = int(match["ehour"]), int(match["eminute"] or 0)
        return _of_half(start, end, hour, minute, match["ehalf"].replace(".", ""))
    minute = 30 if match["thirty"] else int(_number(match["minute"]) or 0)
    return _of_half(start, end, int(_number(match["hour"]) or 0), minute, match["half"] or "")


def _of_half(start: int, end: int, hour: int, minute: int, half: str) -> ClockTime:
    afternoon = half in ("pm", "午後", "夜", "夕方") and hour < _NOON
    morning = half in ("am", "午前", "朝", "深夜", "未明")
    minutes = (hour % 24 + _NOON * afternoon) * 60 + minute
    if half == "am" and hour == _NOON:
        minutes = minute
    return ClockTime(
        start, end, minutes, exact=afternoon or morning or hour > _NOON or half == "pm"
    )
