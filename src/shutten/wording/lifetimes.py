"""Dates behind a name, 「(1901年3月4日 - 1980年5月6日)」: that of birth or that of death."""

from __future__ import annotations

import re
import unicodedata

from shutten.wording.expressions import MONTHS, Kind

_YEAR = r"[12]?[0-9０-９]{3}"
_DATE = (
    rf"(?:(?:紀元前)?{_YEAR}年(?:\s?[〈<(（][^〈<()（）>〉]{{1,12}}[〉>)）])?(?:[0-9０-９]{{1,2}}月(?:[0-9０-９]{{1,2}}日)?)?"
    rf"|(?:[0-9]{{1,2}} )?(?:(?:{MONTHS}),? )(?:[0-9]{{1,2}}, )?{_YEAR}|{_YEAR}(?!年))"
)
_LIFETIME = re.compile(
    rf"[(（](?P<before>[^()（）]{{0,40}}?)(?P<birth>{_DATE})\s?[-–—−~〜～]\s?(?P<death>{_DATE})[^()（）]{{0,20}}[)）]"
)
_NO_LIFE = re.compile(r"在位|任期|在任|期間|営業|放送|施行|\b(?:reigned|in office|from|term)\b")
_BIRTH = re.compile(r"誕生|生まれ|生没?年|出生|\b(?:born|birth(?:day)?)\b", re.IGNORECASE)
_DEATH = re.compile(
    r"亡くな|死去|死ん|死亡|没年?|逝去|命日|他界|\b(?:die[ds]?|death|dead|pass(?:ed)? away)\b",
    re.IGNORECASE,
)
_DAY = re.compile(r"誕生日|命日|[年月]日|没年|生年|\b(?:birthday|date)\b", re.IGNORECASE)


def one_of_lifetime(question: str, kind: Kind, text: str, start: int, end: int) -> tuple[int, int]:
    """Narrow a span that lies on both dates of a life, or on the other one, to that asked for.

    Of 303 right answers of JaQuAD and our own that lie on such dates, one would be changed: the
    years of both.
    """
    asked = unicodedata.normalize("NFKC", question)
    wants_birth, wants_death = (each.search(asked) is not None for each in (_BIRTH, _DEATH))
    if wants_birth == wants_death or (kind != "date" and not _DAY.search(asked)):
        return start, end
    for found in _LIFETIME.finditer(text):
        is_meant = found.start("birth") < end and start < found.end("death")
        if is_meant and not _NO_LIFE.search(found["before"]):
            first, last = found.span("birth" if wants_birth else "death")
            return (start, end) if first <= start and end <= last else (first, last)
    return start, end
