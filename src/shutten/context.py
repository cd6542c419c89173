"""What tells a sentence from its likes elsewhere in an article, for links that lead to its words.

A text fragment (WICG, URL Fragment Text Directives) leads a browser to the first place where the
words stand. Where a sentence comes more than once, the words before or after it say which is meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from shutten.sentences import trimmed
from shutten.types import Article, Hit, Sentence, page_at

LONGEST_CONTEXT = 40
"""Characters on either side; a browser looks for whole words and takes fewer."""
_MARKS = re.compile(r"^\W+")
"""Marks of lists, tables and headings, which a page does not show."""


@dataclass(frozen=True, slots=True)
class Context:
    """How a quote is told from what stands above it in the article.

    `opening` is how many of its first characters stand nowhere above it, None where all of them do.
    Only then are there `before` and `after`, the text on the same line: each with the quote stands
    nowhere above; None where it does, or where there is no such text.
    """

    opening: int | None = None
    before: str | None = None
    after: str | None = None


def context_of(text: str, start: int, end: int) -> Context:
    """Return the context of `text[start:end]`, which neither begins nor ends with white space."""
    opening = _opening(text, start, end)
    if opening is not None:
        return Context(opening)
    line = text.rfind("\n", 0, start) + 1
    before = _MARKS.sub("", text[max(line, start - LONGEST_CONTEXT) : start].strip())
    after = text[end : end + LONGEST_CONTEXT].partition("\n")[0].strip()
    first = text.rfind(before, 0, start)
    last = text.find(after, end) + len(after)
    return Context(
        before=before if before and _is_first(text, first, end) else None,
        after=after if after and _is_first(text, start, last) else None,
    )


def _opening(text: str, start: int, end: int) -> int | None:
    above = 0
    for length in range(1, end - start + 1):
        above = text.find(text[start : start + length], above, start + length - 1)
        if above < 0:
            return length
    return None


def _is_first(text: str, start: int, end: int) -> bool:
    return text.find(text[start:end]) == start


def hit_at(article: Article, sentence: Sentence, heading: str | None = None) -> Hit:
    """Return a sentence that no search has found as a hit, without its context; its score is 1."""
    start, end = trimmed(article.text, sentence)
    return Hit(
        *(article.id, article.title, article.url, sentence.number, start, end),
        article.text[start:end],
        1.0,
        anchor=article.origin.anchor_at(start) if article.origin else None,
        revision=article.revision,
        heading=heading,
        page=page_at(article.pages, start),
    )


def in_context(article: Article, hit: Hit) -> Hit:
    """Return a hit with what tells it from its likes: for what is quoted, as it is looked for."""
    found = context_of(article.text, hit.start, hit.end)
    return replace(hit, opening=found.opening, before=found.before, after=found.after)
