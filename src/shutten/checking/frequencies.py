"""How often something is so: "every day", 毎日, "each winter".

Such words are no content words, so that they could be put into a claim freely. A sentence must tell
the same round of time, in whatever words: "daily", 日に2度, "a day".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from shutten.checking.case import Case
from shutten.checking.verdicts import Problem

_COUNT = r"(?: (?:single|other|second|third|few|\d+|two|three|four|five|six|ten))?"
_EACH = rf"\b(?:every|each){_COUNT} "
_PER = rf"\b(?:every|each|per|an?|all){_COUNT} "
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b"

_ROUNDS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(claimed), re.compile(told))
    for claimed, told in (
        (
            rf"{_EACH}hours?\b|\bhourly\b|毎時(?!間)",
            rf"{_PER}hours?\b|hourly|毎時|時間(?:おき|ごと|毎|に)",
        ),
        (
            rf"{_EACH}days?\b|\bdaily\b|\b(?:365 days|all year|year[- ]round)|毎日|連日|日々|日ごと|年中無休|一年中|1年中|通年|365日",
            rf"{_PER}days?\b|daily|365|all year|throughout the year|year[- ]round|never closes|毎日|連日|日々|日(?:おき|ごと|毎)|[1-9一二三]日(?:に|あたり|当たり)|年中|通年|無休|休みなく|日課",
        ),
        (
            rf"{_EACH}(?:nights?|evenings?)\b|\bnightly\b|毎[晩夜夕]|夜ごと|夜な夜な",
            rf"{_PER}(?:nights?|evenings?)\b|nightly|\b(?:at night|nights|evenings)\b|毎[晩夜夕日]|夜(?:ごと|な夜な|は|に)|daily|every day",
        ),
        (
            rf"{_EACH}mornings?\b|毎朝",
            rf"{_PER}mornings?\b|\bmornings\b|daily|every day|毎[朝日]|朝は",
        ),
        (
            rf"{_EACH}weeks?\b|\bweekly\b|毎週|週ごと",
            rf"{_PER}weeks?\b|weekly|{_PER}{_WEEKDAY}|\bon \w+days\b|毎[週日]|週(?:おき|ごと|に|[一二三1-7])|daily",
        ),
        (rf"{_EACH}weekends?\b|毎週末|週末ごと", r"weekends?\b|週末|土日|saturdays"),
        (rf"{_EACH}{_WEEKDAY}|毎週[月火水木金土日]曜", rf"{_WEEKDAY}|曜"),
        (
            rf"{_EACH}months?\b|\bmonthly\b|毎月|月ごと",
            rf"{_PER}months?\b|monthly|毎[月週日]|(?:か月|ヶ月|カ月)(?:おき|ごと|毎|に)|月(?:ごと|[一二三1-9]回)|daily|weekly",
        ),
        (
            rf"{_EACH}(?:years?|summers?|winters?|springs?|autumns?)\b|\b(?:yearly|annual(?:ly)?)\b|毎[年春夏秋冬]|例年|年々|年ごと",
            rf"{_PER}(?:years?|summers?|winters?|springs?|autumns?)\b|yearly|annual|\b(?:in|during) (?:the )?(?:summer|winter|spring|autumn)\b|毎[年春夏秋冬月週日]|例年|恒例|年々|年(?:おき|ごと|毎|に[一二三1-9]|[一二三1-9]回|間)|年[^、。]{{0,6}}月には|daily|monthly|weekly",
        ),
    )
)
"""What a claim says, and what of a sentence bears it out; a shorter round bears a longer one out."""


def check_frequencies(case: Case) -> Iterator[Problem]:
    """A round of time stands in a cited sentence too."""
    for claimed, told in _ROUNDS:
        found = claimed.search(case.claim.text)
        if found and not any(told.search(text.text) for text in case.evidence):
            yield Problem("quantifier", case.shown(*found.span()))
