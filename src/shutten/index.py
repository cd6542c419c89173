"""The index that others use: `Index` reads and searches, `IndexWriter` changes it under a lock."""

from __future__ import annotations

import copy
import logging
import os
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence, Sized
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, TextIO

from shutten import writer_lock
from shutten.database import Database, not_found
from shutten.dense import DenseView
from shutten.disk_views import (
    AtCommit,
    NextViews,
    View,
    dense_caught_up,
    health,
    keyword_caught_up,
    repair,
)
from shutten.errors import IndexMismatchError, IndexNotFoundError, IndexWriteError
from shutten.intake import Intake, Replaced, Tally
from shutten.keyword import KeywordView
from shutten.store import (
    Keys,
    KnownPlace,
    Neighbours,
    Sight,
    Store,
    StoredSentence,
    unknown_article,
)
from shutten.tokens import tokenise
from shutten.types import Article, ArticleEntry, Embedder, EmbedderFacts, Matrix, Progress, Sentence
from shutten.views import Found, ViewError

logger = logging.getLogger(__name__)

SIGHTS = 64
"""Of how many combinations of groups it is remembered what they see."""


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What one change did: numbers of articles, of sentences that were embedded, and seconds.

    `replaced` are those of the updated articles that another file had given before.
    """

    added: int
    updated: int
    unchanged: int
    removed: int
    sentences_embedded: int
    seconds: float
    replaced: tuple[Replaced, ...] = ()


class _Followed(Generic[View]):
    """A view that is taken anew when the store has moved on."""

    def __init__(self, take: Callable[[AtCommit[View] | None], AtCommit[View]]) -> None:
        self._take = take
        self._lock = threading.Lock()
        self._taken: AtCommit[View] | None = None

    def at(self, sequence: int) -> View:
        """Return the view of this commit or, where another came meanwhile, of that."""
        taken = self._taken
        if taken is None or taken.sequence != sequence:
            with self._lock:
                taken = self._taken
                if taken is None or taken.sequence != sequence:
                    taken = self._taken = self._take(taken)
        return taken.view


class _Sights:
    """Remembers what visitors of some groups see, until the store moves on."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._known: dict[frozenset[str], tuple[int, Sight | None]] = {}

    def of(self, groups: frozenset[str]) -> Sight | None:
        """Return what they see now, None for everything."""
        known = self._known.get(groups)
        if known is not None and known[0] == self._store.sequence():
            return known[1]
        with self._store.database.snapshot():
            sequence, sight = self._store.sequence(), self._store.sight(groups)
        with self._lock:
            self._known.pop(groups, None)
            self._known[groups] = (sequence, sight)
            if len(self._known) > SIGHTS:
                del self._known[next(iter(self._known))]
        return sight


class Index:
    """Articles and their sentences, and the search over them; may be shared by threads.

    Every search first looks whether another process has committed, and follows. Nothing on disk
    is written. What `seen_by` returns is the same index without the articles that others alone may
    see: these are not searched, not counted, and unknown by their ids.
    """

    def __init__(self, store: Store, directory: Path | None) -> None:
        self._store = store
        self._directory = directory
        self._expected: EmbedderFacts | None = None
        self._groups: frozenset[str] | None = None
        self._sights = _Sights(store)
        self._dense = _Followed[DenseView](partial(dense_caught_up, store, directory))
        self._keyword = _Followed[KeywordView](partial(keyword_caught_up, store, directory))

    @classmethod
    def open(cls, directory: Path) -> Index:
        """Open an index on disk; raises IndexNotFoundError, IndexDamagedError."""
        store = Store(Database.for_reading(directory))
        if store.facts() is None:
            store.database.close()
            raise IndexNotFoundError(not_found(directory))
        return cls(store, directory)

    @classmethod
    def in_memory(cls, articles: Iterable[Article], embedder: Embedder) -> Index:
        """Index articles in memory: nothing is read from disk or written to it."""
        store = Store(Database.in_memory())
        tally = Tally()
        with store.database.transaction():
            store.put_facts(embedder.facts)
            intake = Intake(store, embedder, tally)
            for article in articles:
                intake.take(article)
            intake.finish()
            store.record(tally.keys)
        return cls(store, None)

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the store's file."""
        self._store.database.close()

    def seen_by(self, groups: Collection[str] | None) -> Index:
        """Return the index as visitors of these groups see it; None sees all that this one does.

        An article that names groups is seen by who is in one of them, the others by everybody.
        """
        seen = copy.copy(self)
        if groups is not None:
            seen._groups = frozenset(groups)
        return seen

    def _sight(self) -> Sight | None:
        return None if self._groups is None else self._sights.of(self._groups)

    def _numbers_in_sight(self) -> Collection[int] | None:
        """The numbers of the articles that are seen, None for all."""
        sight = self._sight()
        return None if sight is None else sight.numbers

    def _keys_in_sight(self, keys: Sequence[int]) -> Sequence[int]:
        sight = self._sight()
        return keys if sight is None else sight.seen(keys)

    def _numbers(self, article_ids: Sequence[str]) -> list[int]:
        """Return the numbers of articles in sight; raises UnknownArticleError."""
        sight, numbers = self._sight(), self._store.article_numbers(article_ids)
        for article_id, number in zip(article_ids, numbers, strict=True):
            if sight is not None and number not in sight.numbers:
                raise unknown_article(article_id)
        return numbers

    @property
    def facts(self) -> EmbedderFacts:
        """The model that made the vectors."""
        facts = self._store.facts()
        if facts is None:
            raise IndexNotFoundError(not_found(self._directory or Path()))
        return facts

    def check(self, facts: EmbedderFacts) -> None:
        """Raise IndexMismatchError where the index was made by another model than this one.

        From then on a search by vectors raises it too, if the index is made again by another one.
        """
        self._expected = facts
        made_by = self.facts
        if facts != made_by:
            raise IndexMismatchError(_mismatch(made_by, facts))

    @property
    def sequence(self) -> int:
        """The number of the latest commit; it grows, and no two states of an index share one."""
        return self._store.sequence()

    @property
    def article_count(self) -> int:
        """All articles, samples included."""
        sight = self._sight()
        return self._store.article_count() if sight is None else len(sight.numbers)

    @property
    def sentence_count(self) -> int:
        """All sentences, titles and headings included."""
        sight = self._sight()
        return self._store.sentence_count() if sight is None else sight.sentences

    @property
    def only_samples(self) -> bool:
        """Whether there are articles and all of them came with the program."""
        return self._store.only_samples()

    def articles(self) -> list[ArticleEntry]:
        """Return all articles in the order in which they first came."""
        return self._store.entries(self._numbers_in_sight())

    def titles(self) -> dict[str, str]:
        """Return the titles of all articles by id, in the order in which they first came."""
        return self._store.titles(self._numbers_in_sight())

    def groups(self) -> dict[str, tuple[str, ...]]:
        """Return by id which groups may see an article; those that everybody may see are not in."""
        return self._store.all_groups()

    def places(self) -> list[KnownPlace]:
        """Return the wikis whose place is known."""
        return self._store.places()

    def versions(self, source: str) -> dict[str, str]:
        """Return the articles that a wiki keeps here: id and the version that was read."""
        return self._store.versions(source)

    def article(self, article_id: str) -> Article:
        """Return an article as it was given; raises UnknownArticleError."""
        with self._seeing(article_id):
            return self._store.article(article_id)

    def pages(self, article_ids: Sequence[str]) -> dict[str, tuple[int, ...]]:
        """Return by id where the pages of articles begin; those without pages are left out.

        An id that is not there, or not in sight, is left out too.
        """
        with self._store.database.snapshot():
            found = self._store.pages(article_ids)
            sight = self._sight()
            if sight is None:
                return found
            numbers = self._store.article_numbers(list(found))
            seen = zip(found.items(), numbers, strict=True)
            return {name: starts for (name, starts), number in seen if number in sight.numbers}

    def sentences(self, article_id: str) -> list[Sentence]:
        """Return an article's sentences, which tile its text; raises UnknownArticleError."""
        with self._seeing(article_id):
            return self._store.sentences(article_id)

    def article_with_sentences(self, article_id: str) -> tuple[Article, list[Sentence]]:
        """Return both of the same state of the index; raises UnknownArticleError."""
        with self._seeing(article_id):
            return self._store.article_with_sentences(article_id)

    @contextmanager
    def _seeing(self, article_id: str) -> Iterator[None]:
        """What is read inside is of one state, in which the article is in sight."""
        with self._store.database.snapshot():
            self._numbers([article_id])
            yield

    def stored(self, keys: Sequence[int]) -> list[StoredSentence]:
        """Return sentences in the order of the keys; one that has left meanwhile is left out."""
        with self._store.database.snapshot():
            return self._store.stored(self._keys_in_sight(keys))

    def neighbours(
        self, keys: Sequence[int], *, before: int = 1, after: int = 1
    ) -> dict[int, Neighbours]:
        """Return by key what stands around sentences; one that has left meanwhile is left out."""
        with self._store.database.snapshot():
            return self._store.neighbours(self._keys_in_sight(keys), before=before, after=after)

    def headings(self, keys: Sequence[int]) -> dict[int, str]:
        """Return by key the heading that a sentence stands under; those without are left out."""
        return self._store.headings(self._keys_in_sight(keys))

    def search_dense(
        self, vector: Matrix, k: int, *, article_ids: Sequence[str] | None = None
    ) -> list[Found]:
        """Return up to k sentences by inner product with a vector, best first.

        `article_ids` restricts before ranking; an empty list means no article. Raises
        UnknownArticleError, and IndexMismatchError after a `check`.
        """
        if self._expected is not None:
            self.check(self._expected)
        if article_ids is not None:
            among: Keys | None = self._store.searchable_keys(self._numbers(article_ids))
        else:
            sight = self._sight()
            among = None if sight is None else sight.keys
        return self._dense.at(self._store.sequence()).search(vector, k, among=among)

    def search_keyword(
        self,
        question: str,
        k: int,
        *,
        article_ids: Sequence[str] | None = None,
    ) -> list[Found]:
        """Return up to k sentences that share a token with the question, by BM25, best first.

        A title's tokens count as its sentences' own. `article_ids` restricts before ranking; an
        empty list means no article. Raises UnknownArticleError.
        """
        chosen = None if article_ids is None else self._numbers(article_ids)
        articles = self._numbers_in_sight() if chosen is None else chosen
        view = self._keyword.at(self._store.sequence())
        return view.search(tokenise(question), k, articles=articles)

    def token_frequencies(self, tokens: Collection[str]) -> tuple[dict[str, int], int]:
        """Return in how many sentences each token stands, and how many sentences there are.

        They are counted over all articles, whoever may see them.
        """
        view = self._keyword.at(self._store.sequence())
        return view.frequencies(tokens), len(view)

    def info(self) -> dict[str, Any]:
        """Return sizes, model and health as plain values."""
        totals = self._store.totals()
        return {
            "format": self._store.format(),
            "path": str(self._directory) if self._directory else None,
            "embedder": asdict(self.facts),
            "articles": totals.articles,
            "sentences": totals.sentences,
            "characters": totals.characters,
            "samples": self.only_samples,
            "views": health(self._store, self._directory) if self._directory else {},
            "bytes": _bytes_in(self._directory) if self._directory else 0,
            "sequence": self._store.sequence(),
        }


class IndexWriter:
    """The one process that changes an index; holds the lock until it is closed.

    Opening repairs views that a crash has left behind.
    """

    def __init__(self, store: Store, directory: Path, lock: TextIO) -> None:
        self._store = store
        self._directory = directory
        self._lock = lock

    @classmethod
    def open(cls, directory: Path, *, patience: float = 0.0) -> IndexWriter:
        """Open or make an index; raises IndexBusyError, IndexDamagedError, IndexWriteError.

        Another writer is waited for, so many seconds of `patience`.
        """
        with ExitStack() as opened:
            lock = opened.enter_context(writer_lock.take(directory, patience=patience))
            store = Store(Database.for_writing(directory))
            opened.callback(store.database.close)
            with _view_errors(directory, "nothing was changed"):
                repair(store, directory)
            opened.pop_all()
        return cls(store, directory, lock)

    def __enter__(self) -> IndexWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the store and let other processes write."""
        self._store.database.close()
        self._lock.close()

    def groups(self) -> dict[str, tuple[str, ...]]:
        """Return by id which groups may see an article; those that everybody may see are not in."""
        return self._store.all_groups()

    def add(
        self,
        articles: Iterable[Article],
        embedder: Embedder,
        *,
        source: str | None = None,
        progress: Progress | None = None,
    ) -> IndexReport:
        """Add or update articles in one transaction: all of them or, after an error, none.

        Only sentences whose text is new are embedded. With the first article that is not a sample
        all samples leave. Articles of a wiki, the `source`, get its groups. Raises
        IndexMismatchError where the index was made by another model, unless it holds only samples:
        those are then embedded again.
        """
        total = len(articles) if isinstance(articles, Sized) else None
        with self._changing() as change:
            self._use(embedder, change.tally)
            intake = Intake(self._store, embedder, change.tally)
            own = False
            if source is not None:
                articles = self._grouped(source, articles)
            for done, article in enumerate(articles, start=1):
                intake.take(article)
                own = own or not article.sample
                if progress:
                    progress(done, total)
            intake.finish()
            if own:
                self._remove(self._store.sample_numbers(), change.tally)
        return change.report()

    def remove(self, article_ids: Sequence[str]) -> IndexReport:
        """Remove articles in one transaction; raises UnknownArticleError."""
        with self._changing() as change:
            self._remove(self._store.article_numbers(article_ids), change.tally)
        return change.report()

    def versions(self, source: str) -> dict[str, str]:
        """Return the articles that a wiki keeps here: id and the version that was read."""
        return self._store.versions(source)

    def memory(self, source: str) -> str | None:
        """Return what the wiki's last complete visit left for the next one."""
        return self._store.memory(source)

    def place(self, source: str) -> KnownPlace | None:
        """Return where the wiki was synced from last."""
        return self._store.place(source)

    def put_place(self, known: KnownPlace) -> None:
        """Remember where a wiki lies; all of its articles get its groups, in one transaction."""
        with self._changing() as change:
            self._store.put_place(known)
            for article_id in self._store.versions(known.source):
                number = self._store.article_numbers([article_id])[0]
                if set(self._store.groups_of(number)) != set(known.groups):
                    self._store.put_groups(number, known.groups)
                    change.tally.regrouped = True

    def replace(
        self, source: str, articles: Sequence[Article], gone: Sequence[str], embedder: Embedder
    ) -> IndexReport:
        """Add or update some articles of a wiki and remove others of it, in one transaction.

        The articles get the wiki's groups, whatever they come with.
        """
        with self._changing() as change:
            self._use(embedder, change.tally)
            intake = Intake(self._store, embedder, change.tally)
            for article in self._grouped(source, articles):
                intake.take(article)
            intake.finish()
            self._remove_of(source, gone, change.tally)
        return change.report()

    def _grouped(self, source: str, articles: Iterable[Article]) -> Iterator[Article]:
        """Give a wiki's articles the groups that may see it by now.

        They are looked up in the transaction that stores the articles: while a page was read from
        the wiki, another process may have closed it.
        """
        known = self._store.place(source)
        groups = known.groups if known else ()
        return (replace(article, groups=groups) for article in articles)

    def settle(self, source: str, gone: Sequence[str], memory: str) -> IndexReport:
        """End a visit to a wiki in one transaction: remove what is gone, keep the memory.

        Articles that are not the wiki's are left alone, whatever `gone` says.
        """
        with self._changing() as change:
            self._remove_of(source, gone, change.tally)
            self._store.put_memory(source, memory)
        return change.report()

    def rebuild(self, embedder: Embedder) -> IndexReport:
        """Split and embed all articles again from their stored texts, in one transaction."""
        with self._changing() as change:
            self._embed_again(embedder, change.tally)
        return change.report()

    def use(self, embedder: Embedder) -> None:
        """Embed an index of samples again that another model made, in one transaction.

        Raises IndexMismatchError where there are articles of one's own.
        """
        with self._changing() as change:
            self._use(embedder, change.tally)

    def _use(self, embedder: Embedder, tally: Tally) -> None:
        """Make sure that the vectors in the store are this embedder's."""
        facts = self._store.facts()
        if facts == embedder.facts:
            return
        totals = self._store.totals()
        if facts and totals.articles and not self._store.only_samples():
            raise IndexMismatchError(_mismatch(facts, embedder.facts))
        if facts and totals.articles:
            logger.warning("the samples were indexed with another model: indexing them again")
            self._embed_again(embedder, tally)
            tally.updated = 0
        self._store.put_facts(embedder.facts)

    def _embed_again(self, embedder: Embedder, tally: Tally) -> None:
        self._store.put_facts(embedder.facts)
        intake = Intake(self._store, embedder, tally)
        for article in self._store.each_article():
            intake.embed_again(article)
        intake.finish()

    def _remove_of(self, source: str, gone: Sequence[str], tally: Tally) -> None:
        """Remove what is gone of a wiki; articles that are not the wiki's are left alone."""
        kept = self._store.versions(source)
        self._remove(self._store.article_numbers([each for each in gone if each in kept]), tally)

    def _remove(self, numbers: Sequence[int], tally: Tally) -> None:
        tally.keys += self._store.delete_articles(numbers)
        tally.removed += len(set(numbers))

    @contextmanager
    def _changing(self) -> Iterator[_Change]:
        """Run the body in one transaction, then bring the views on disk to it."""
        change = _Change()
        views = None
        with ExitStack() as undo:
            with self._store.database.transaction():
                yield change
                if change.tally.keys or change.tally.regrouped:
                    self._store.record(change.tally.keys)
                    with _view_errors(self._directory, "nothing was changed"):
                        views = NextViews(self._store, self._directory)
                    undo.callback(views.abandon)
            undo.pop_all()
        if views:
            with _view_errors(self._directory, "the articles are stored all the same"):
                views.publish()
        change.finish()


class _Change:
    """One change under way."""

    def __init__(self) -> None:
        self.tally = Tally()
        self._started = time.perf_counter()
        self._seconds = 0.0

    def finish(self) -> None:
        """Stop the clock, once the views are written too; until then the report says 0 seconds."""
        self._seconds = time.perf_counter() - self._started

    def report(self) -> IndexReport:
        """Return what was done."""
        tally = self.tally
        return IndexReport(
            added=tally.added,
            updated=tally.updated,
            unchanged=tally.unchanged,
            removed=tally.removed,
            sentences_embedded=tally.sentences_embedded,
            seconds=self._seconds,
            replaced=tuple(tally.replaced),
        )


@contextmanager
def _view_errors(directory: Path, what_stands: str) -> Iterator[None]:
    try:
        yield
    except (ViewError, OSError) as error:
        message = (
            f"the search views of the index {directory} cannot be written ({error}), {what_stands}:"
            " free some space or check the folder's permissions, then run the command again"
        )
        raise IndexWriteError(message) from error


def _mismatch(made_by: EmbedderFacts, given: EmbedderFacts) -> str:
    return (
        f"the index was made by the model {_model(made_by)}, not by {_model(given)}:"
        " run `shutten index --rebuild`, or name the first as the embedder"
    )


def _model(facts: EmbedderFacts) -> str:
    known = [f"revision {facts.revision}", f"{facts.dimension} dimensions"]
    if facts.query_prefix or facts.document_prefix:
        known.append(f"prefixes {facts.query_prefix!r} and {facts.document_prefix!r}")
    return f"{facts.name} ({', '.join(known)})"


def _bytes_in(directory: Path) -> int:
    size = 0
    for folder, _, names in os.walk(directory):
        for name in names:
            with suppress(FileNotFoundError):  # a writer has taken it away meanwhile
                size += Path(folder, name).stat().st_size
    return size
