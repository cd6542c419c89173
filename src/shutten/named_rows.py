"""Rows of tables that a question names, where sentences that say more stand before them.

A row has few words: of ten articles in two languages, "How much did the pump cost?" brings every
sentence about money before the row of the pump, which is all that answers.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from shutten.store import StoredSentence
from shutten.tables import cells_of
from shutten.terms import folded, terms_of

MOST = 2
"""So many rows are brought, each of another table."""

_SHORTEST = 2
_SUPERLATIVE = re.compile(
    r"一番(?!目)|いちばん|最も|もっとも|最(?=[多少大小高低安長短古新])|\d番目に"
    r"|\b(?:most|least|fewest|first|last|\w{3,}est)\b"
)
_BARE = re.compile(r"[\d\W]+")

Key = tuple[str, tuple[str, ...]]


def named_rows(
    question: str, found: Sequence[StoredSentence], best: Collection[StoredSentence], language: str
) -> list[StoredSentence]:
    """Return the rows in `language` that a question names, in the order `found`, `MOST` of them.

    Rows of a table of which one is among the `best` are there already.
    """
    asked = folded(question)
    seen = {_table(each) for each in best if each.columns}
    named: list[StoredSentence] = []
    for each in found:
        is_new = each.columns and each.language == language and _table(each) not in seen
        if is_new and len(named) < MOST and _is_named(each, asked):
            seen.add(_table(each))
            named.append(each)
    return named


def _table(row: StoredSentence) -> Key:
    return row.article_id, row.columns


def _is_named(row: StoredSentence, asked: str) -> bool:
    """Whether a question says what a row is of; or asks for the most of what all rows are of."""
    key = next(filter(None, (each for each in _cells(row) if not _BARE.fullmatch(each))), "")
    if len(key) >= _SHORTEST and _stands_in(key, asked):
        return True
    if not _SUPERLATIVE.search(asked):
        return False
    called = folded(row.columns[0])
    return any(each.held_by(asked) == 1 for each in terms_of(called))


def _cells(row: StoredSentence) -> list[str]:
    return [folded(row.text[first:last]).strip() for first, last in cells_of(row.text)]


def _stands_in(words: str, asked: str) -> bool:
    return re.search(rf"(?<![0-9a-z]){re.escape(words)}(?![0-9a-z])", asked) is not None
