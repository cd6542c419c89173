"""On which pages of a PDF file the sentences of an answer stand."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from shutten.index import Index
from shutten.types import Answer, Citation, Hit

Pages: TypeAlias = Mapping[str, Sequence[int]]
"""By article id, where its pages begin in the text."""


def with_pages(answer: Answer, index: Index) -> Answer:
    """Return an answer whose citations and hits name their pages, where their articles have any."""
    sources: list[Citation | Hit] = [*answer.citations, *answer.hits]
    pages = _pages_of(sources, index)
    if not pages:
        return answer
    return replace(
        answer,
        citations=tuple(replace(each, page=_page_of(each, pages)) for each in answer.citations),
        hits=tuple(replace(each, page=_page_of(each, pages)) for each in answer.hits),
    )


def hits_with_pages(hits: Sequence[Hit], index: Index) -> list[Hit]:
    """Return hits that name their pages, where their articles have any."""
    pages = _pages_of(hits, index)
    return [replace(each, page=_page_of(each, pages)) for each in hits] if pages else list(hits)


def _pages_of(sources: Sequence[Citation | Hit], index: Index) -> Pages:
    ids = sorted({each.article_id for each in sources})
    return index.pages(ids) if ids else {}


def _page_of(source: Citation | Hit, pages: Pages) -> int | None:
    """The page that a sentence begins on, None in an article without pages."""
    return bisect_right(pages.get(source.article_id, ()), source.start) or None
