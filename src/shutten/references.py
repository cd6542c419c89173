"""Lists of sources inside a text: a title in quotation marks, then who published it and when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby, pairwise

BEFORE_TITLE = 60
"""Characters before a title: an outlet, an author."""
BEHIND_TITLE = 20
LONGEST = 200

_QUOTED = re.compile('[『"“].+[』"”]', re.DOTALL)
"""From the first quotation mark to the last: titles quote others."""
_TAG = re.compile("<[^<>]{1,40}>")
_TITLE_ENDS = re.compile(r"[』\"”]\s*[。.]?\s*$")
_STATES = re.compile("[ぁ-ん「」]")
"""Japanese without any hiragana states nothing."""
_LATIN_NAMES = re.compile(r"(?:[A-Z][\w.&'’-]*[,:]?\s*|(?:and|of|the|et|al\.)\s+)*$")
_MONTHS = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sep(?:t(?:ember)?)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_PUBLISHED = re.compile(
    r"[『\"“]?(?P<who>[^、,『』\"“”（）()]{1,40})[』\"”]?[、,]\s*"
    r"(?:$|(?:(?:19|20)\d\d年[^『\"“]{0,60}|(?:19|20)\d\d-\d\d-\d\d"
    rf"|(?:\d{{1,2}}\s)?{_MONTHS}\s(?:\d{{1,2}},?\s)?(?:19|20)\d\d)(?:[『\"“]|$))"
)


def reference_flags(sentences: Sequence[str]) -> list[bool]:
    """Return of each sentence in a row whether it belongs to a list of sources.

    A title alone may be a work that is listed, a publisher and a date alone an event: one must
    stand before the other.
    """
    titles, published = list(map(_is_title, sentences)), list(map(_is_published, sentences))
    either = [one or other for one, other in zip(titles, published, strict=True)]
    flags: list[bool] = []
    for is_run, numbers in groupby(range(len(sentences)), key=either.__getitem__):
        run = list(numbers)
        # The first title may hang at the end of prose that was not parted from it.
        above = _TITLE_ENDS.search(sentences[run[0] - 1]) if run[0] else None
        found = any(titles[one] and published[two] for one, two in pairwise(run))
        flags += [is_run and (found or (above is not None and published[run[0]]))] * len(run)
    return flags


def _is_title(sentence: str) -> bool:
    """Whether a sentence is a quoted title, perhaps with an outlet or an author before it."""
    text = _TAG.sub("", sentence).strip().rstrip("。.")
    quoted = _QUOTED.search(text)
    if quoted is None or len(text) > LONGEST:
        return False
    before, behind = text[: quoted.start()], text[quoted.end() :]
    fits = len(before) <= BEFORE_TITLE and len(behind) <= BEHIND_TITLE
    return fits and _is_names(before) and _is_names(behind)


def _is_published(sentence: str) -> bool:
    """Whether a sentence is a publisher and a date; the next title may follow unparted."""
    found = _PUBLISHED.match(sentence.strip().rstrip("。."))
    return found is not None and _is_names(found["who"]) and not _STATES.search(found[0])


def _is_names(text: str) -> bool:
    if _STATES.search(text):
        return False
    return not text.isascii() or _LATIN_NAMES.match(text.strip()) is not None
