"""Bring a wiki's pages into the index: what is new is read, what is gone is removed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path

from shutten.articles import OnError
from shutten.errors import ArticleError, WikiError
from shutten.index import IndexReport, IndexWriter
from shutten.store import KnownPlace
from shutten.types import Article, Embedder, Progress
from shutten.wiki.place import Place
from shutten.wiki.source import Page, Source

PAGES_AT_ONCE = 1000
"""Changed pages in one transaction: so many at most are read again after an interruption."""


class Synchroniser:
    """Keeps one index up with wikis. The index is locked only while something is written."""

    def __init__(
        self,
        directory: Path,
        load_embedder: Callable[[], Embedder],
        *,
        pages_at_once: int = PAGES_AT_ONCE,
    ) -> None:
        self._directory = directory
        self._load_embedder = load_embedder
        self._pages_at_once = pages_at_once

    def bring_up(
        self,
        source: Source,
        *,
        place: Place | None = None,
        groups: Sequence[str] | None = None,
        progress: Progress | None = None,
        on_error: OnError | None = None,
    ) -> IndexReport:
        """Take over what changed since the last time and return what was done.

        A page that cannot be read is told to `on_error` and stays as it was; without it the error
        is raised. What was read before an error is kept, and nothing is removed then. `place` is
        remembered, so that single pages can be read again later. `groups` are those that may see
        the wiki's pages, from the first on; None leaves that as it is. Raises WikiError, and the
        errors of IndexWriter.
        """
        started = time.perf_counter()
        with IndexWriter.open(self._directory) as writer:
            known, memory = writer.versions(source.name), writer.memory(source.name)
            _remember(writer, source.name, place, groups)
        visit = source.visit(known, memory)
        intake = _Batches(partial(self._commit, source.name), self._pages_at_once)
        seen: set[str] = set()
        try:
            for page in visit.pages:
                seen.add(page.id)
                if known.get(page.id) == page.version:
                    intake.unchanged += 1
                else:
                    intake.read(page, on_error)
                if progress:
                    progress(len(seen), visit.total)
        finally:
            intake.commit()
        if not seen:
            message = f"{source.name} has no pages: check what was named; nothing was removed"
            raise WikiError(message)
        with IndexWriter.open(self._directory) as writer:
            intake.add(writer.settle(source.name, sorted(known.keys() - seen), visit.memory))
        return replace(intake.report, seconds=time.perf_counter() - started)

    @cached_property
    def _embedder(self) -> Embedder:
        return self._load_embedder()

    def _commit(self, source: str, articles: list[Article]) -> IndexReport:
        with IndexWriter.open(self._directory) as writer:
            return writer.add(articles, self._embedder, source=source)


def _remember(
    writer: IndexWriter, source: str, place: Place | None, groups: Sequence[str] | None
) -> None:
    """Keep where a wiki lies and who may see it, before a page of it is read.

    Groups that are given are set on every article of the wiki, also where they are its own already.
    """
    before = writer.place(source) or KnownPlace(source, None, "", ())
    after = before if groups is None else replace(before, groups=tuple(groups))
    if place is not None:
        after = replace(after, label=place.label, place=place.as_json())
    if after != before or groups is not None:
        writer.put_place(after)


class _Batches:
    """Changed pages on their way into the index, some at a time."""

    def __init__(self, store: Callable[[list[Article]], IndexReport], size: int) -> None:
        self._store = store
        self._size = size
        self._waiting: list[Article] = []
        self.unchanged = 0
        self._report = IndexReport(0, 0, 0, 0, 0, 0.0)

    @property
    def report(self) -> IndexReport:
        """What was done so far."""
        skipped = IndexReport(0, 0, self.unchanged, 0, 0, 0.0)
        return _sum(self._report, skipped)

    def read(self, page: Page, on_error: OnError | None) -> None:
        """Read a page; store it with the others when there are enough."""
        try:
            self._waiting.append(page.read())
        except ArticleError as error:
            if on_error is None:
                raise
            on_error(error)
        if len(self._waiting) >= self._size:
            self.commit()

    def commit(self) -> None:
        """Store what is waiting."""
        waiting, self._waiting = self._waiting, []
        if waiting:
            self.add(self._store(waiting))

    def add(self, report: IndexReport) -> None:
        """Count in what one transaction did."""
        self._report = _sum(self._report, report)


def _sum(one: IndexReport, other: IndexReport) -> IndexReport:
    return IndexReport(
        added=one.added + other.added,
        updated=one.updated + other.updated,
        unchanged=one.unchanged + other.unchanged,
        removed=one.removed + other.removed,
        sentences_embedded=one.sentences_embedded + other.sentences_embedded,
        seconds=one.seconds + other.seconds,
    )
