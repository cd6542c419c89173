"""Lists of sources inside a text: a title in quotation marks, then who published it and when."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import groupby, pairwise

BEFORE_TITLE = 60
"""Characters before a title: an outlet, an author."""
BEHIND_TITLE = 20
LONGEST = 200

_MARK = re.compile(r"^\s*(?:[-*+•・※]\s*|\(?\d{1,3}[.)]\s*)")
_LINK = re.compile(r"\[([^\[\]]{1,200})\]\([^()\s]{1,300}\)")
_TAG = re.compile("<[^<>]{1,40}>")
_QUOTED = re.compile("[『「\"“'].+[』」\"”']", re.DOTALL)
"""From the first quotation mark to the last: titles quote others."""
_TITLE_ENDS = re.compile(r"[』」\"”]\s*[。.]?\s*$")
_STATES = re.compile("[ぁ-ん「」]")
"""Japanese without any hiragana states nothing."""
_LATIN_NAMES = re.compile(r"(?:[A-Z][\w.&'’-]*+[,:]?\s*+|(?:and|of|the|et|al\.)\s++)*+$")
_PUBLISHER = re.compile(
    r"(?:新聞|日報|新報|時報|タイムス|タイムズ|放送|通信|テレビ|ラジオ|ニュース|[社局庁省会紙])$"
)
"""Ends a publisher's name that has hiragana in it."""
_MONTHS = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sep(?:t(?:ember)?)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DAY = (
    r"(?:(?:(?:(?:19|20)\d\d|平成\d{1,2}|令和[\d元]{1,2}|昭和\d{1,2})年\s?)?\d{1,2}月"
    r"|(?:19|20)\d\d(?P<sign>[-/.])\d{1,2}(?P=sign)\d{1,2}"
    rf"|(?:\d{{1,2}}\s)?{_MONTHS}\s(?:\d{{1,2}},?\s)?(?:19|20)\d\d)"
)
_PUBLISHED = re.compile(
    r"[『「\"“]?(?P<who>[^、,『』「」\"“”()]{1,40})[』」\"”]?[、,]\s*"
    rf"(?:$|(?P<when>(?P<day>{_DAY})?(?:(?:19|20)\d\d年)?[^『\"“]{{0,60}}?)(?:[『\"“]|$))"
)
_DATE = re.compile(rf"\d{{1,2}}月\d{{1,2}}日|(?:19|20)\d\d[-/.]\d{{1,2}}[-/.]\d|{_MONTHS} \d")
_PAPER = re.compile(
    r"新聞|日報|新報|時報|タイムス|タイムズ|通信|ニュース|\b(?:News|Times|Post|Herald)\b"
)
_SEEN = re.compile(r"に?閲覧|付け?")


def reference_flags(sentences: Sequence[str]) -> list[bool]:
    """Return of each sentence in a row whether it belongs to a list of sources.

    A title alone may be a work that is listed, with its publisher and year too, and a publisher and
    a date alone an event: a title must stand before who published it in which month.
    """
    plain = list(map(_plain, sentences))
    titles, published = list(map(_is_title, plain)), list(map(_published, plain))
    dated = [found is not None and found["day"] is not None for found in published]
    either = [one or other is not None for one, other in zip(titles, published, strict=True)]
    flags: list[bool] = []
    for is_run, numbers in groupby(range(len(sentences)), key=either.__getitem__):
        run = list(numbers)
        # The first title may hang at the end of prose that was not parted from it.
        above = _TITLE_ENDS.search(plain[run[0] - 1]) if run[0] else None
        found = any(titles[one] and dated[two] for one, two in pairwise(run))
        flags += [is_run and (found or (above is not None and dated[run[0]]))] * len(run)
    return [flag or _is_entry(each) for flag, each in zip(flags, plain, strict=True)]


def _plain(sentence: str) -> str:
    """A sentence without a list's mark, links, tags and its full stop."""
    text = unicodedata.normalize("NFKC", sentence[: 2 * LONGEST])
    return _MARK.sub("", _LINK.sub(r"\1", _TAG.sub("", text))).strip().rstrip("。.")


def _is_title(text: str) -> bool:
    """Whether a text is a quoted title, perhaps with an outlet or an author before it."""
    around = _around_title(text)
    if around is None:
        return False
    before, behind = around
    fits = len(before) <= BEFORE_TITLE and len(behind) <= BEHIND_TITLE
    return fits and _is_names(before) and _is_names(behind)


def _is_entry(text: str) -> bool:
    """Whether title, newspaper and day stand in one text: 湾岸日報「灯台を公開」(2009年8月3日)."""
    parts = _around_title(text)
    around = _SEEN.sub("", " ".join(parts or ()))
    named = _PAPER.search(around) is not None and _DATE.search(around) is not None
    return named and not _STATES.search(around) and not around.isascii()


def _around_title(text: str) -> tuple[str, str] | None:
    """What stands before and behind quotation marks; None where there are none."""
    quoted = _QUOTED.search(text) if len(text) <= LONGEST else None
    return None if quoted is None else (text[: quoted.start()], text[quoted.end() :])


def _published(text: str) -> re.Match[str] | None:
    """A publisher and a date, if a text is that; the next title may follow unparted."""
    found = _PUBLISHED.match(text)
    if found is None or not (_is_names(found["who"]) or _PUBLISHER.search(found["who"])):
        return None
    when = found["when"]
    fits = when is None or (re.search(r"\d", when) and not _STATES.search(_SEEN.sub("", when)))
    return found if fits else None


def _is_names(text: str) -> bool:
    if _STATES.search(text):
        return False
    return not text.isascii() or _LATIN_NAMES.match(text.strip()) is not None
