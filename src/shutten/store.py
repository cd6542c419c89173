"""The truth of an index: one SQLite file with articles, their sentences, vectors and changes.

A sentence has a key that is never used twice. What the search views hold follows from here, and
`changes` says which keys came or went since a view was written.
"""

from __future__ import annotations

import json
import time
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from shutten.context import Context, context_of
from shutten.database import FORMAT_WITH_GROUPS, Database
from shutten.errors import UnknownArticleError
from shutten.faq import question_above, sought
from shutten.sentences import heading_words, trimmed
from shutten.tables import Tables, is_row
from shutten.types import (
    Article,
    ArticleEntry,
    EmbedderFacts,
    Matrix,
    Origin,
    Section,
    Sentence,
    SentenceKind,
)

Keys: TypeAlias = npt.NDArray[np.int64]
"""Sentence keys."""

REMEMBERED_COMMITS = 32
"""Of so many commits it is known what each changed in the views."""
_VECTORS_AT_ONCE = 8192


@dataclass(frozen=True, slots=True)
class StoredSentence:
    """A sentence with its article; `start`, `end` and `text` are without surrounding white space.

    `number` counts from 1 within the article.
    """

    key: int
    article_id: str
    title: str
    url: str | None
    language: str
    number: int
    start: int
    end: int
    text: str
    kind: SentenceKind
    anchor: str | None = None
    revision: str | None = None
    article_text: str = field(default="", repr=False, compare=False)
    columns: tuple[str, ...] = ()
    """The names of the columns, where it is a row of a table that has a head."""
    question: str = ""
    """What the line above asks, where this stands in the line that answers it."""

    @property
    def context(self) -> Context:
        """What tells it from its likes: all of the article above is looked through for it."""
        return context_of(self.article_text, self.start, self.end)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The sentences before and after one, in text order, of the same article."""

    before: tuple[StoredSentence, ...] = ()
    after: tuple[StoredSentence, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchableSentence:
    """What the keyword view holds of a sentence; `article` is the article's number."""

    key: int
    article: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Changes:
    """Keys that left and keys that came, in no view twice."""

    removed: Keys
    added: Keys


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """Where an article stands in the store, the hash of all that was given, and who keeps it.

    `place` is the file that it was read from.
    """

    number: int
    fingerprint: bytes
    source: str | None
    place: str | None


@dataclass(frozen=True, slots=True)
class SentenceRow:
    """A sentence to be stored; `fingerprint` is the hash of its kind and its embedded text."""

    key: int
    article: int
    sentence: Sentence
    searchable: bool
    fingerprint: bytes

    def values(self) -> tuple[Any, ...]:
        """Its columns, in the order in which they are inserted."""
        place = (self.sentence.number, self.sentence.start, self.sentence.end)
        about = (self.sentence.kind, self.searchable, self.fingerprint)
        return (self.key, self.article, *place, *about)


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts over the whole store; `searchable` are the sentences in the views."""

    articles: int
    sentences: int
    searchable: int
    characters: int


@dataclass(frozen=True, slots=True)
class Sight:
    """What visitors of some groups see at one commit: the numbers of the articles.

    `keys` are the searchable sentences of these, and `mask` tells of each key whether it is one of
    them. `sentences` counts all of theirs.
    """

    numbers: frozenset[int]
    keys: Keys
    mask: npt.NDArray[np.bool_]
    sentences: int

    def seen(self, keys: Sequence[int]) -> list[int]:
        """Return those of the keys that are in sight, in their order."""
        return [key for key in keys if 0 <= key < len(self.mask) and self.mask[key]]


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """Where a wiki was synced from: its label if it has one, the place as JSON, its groups."""

    source: str
    label: str | None
    place: str
    groups: tuple[str, ...]


class Store:
    """What the SQLite file says, in our nouns; raises the errors of Database.

    Methods that write belong inside `database.transaction()`.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def database(self) -> Database:
        """The file below, for transactions and snapshots."""
        return self._database

    # --- what the index is --------------------------------------------------------------------

    def facts(self) -> EmbedderFacts | None:
        """Return the model that made the vectors, None in a store that was never filled."""
        rows = self._database.rows("SELECT value FROM meta WHERE name = 'embedder'")
        return EmbedderFacts(**json.loads(rows[0][0])) if rows else None

    def sequence(self) -> int:
        """Return the number of the latest commit that changed what the views hold; 0 is none.

        Numbers grow with time (microseconds), so that no two histories of a store share one.
        """
        return int(self._database.value("SELECT coalesce(max(sequence), 0) FROM commits"))

    def format(self) -> int:
        """Return the number of the file's format."""
        return int(self._database.value("PRAGMA user_version"))

    def version(self) -> int:
        """Return a number that changes when another process has committed."""
        return int(self._database.value("PRAGMA data_version"))

    def totals(self) -> Totals:
        """Count what is there."""
        with self._database.snapshot():
            articles = self._database.rows(
                "SELECT count(*), coalesce(sum(characters), 0) FROM articles"
            )[0]
            sentences = self._database.rows(
                "SELECT count(*), coalesce(sum(searchable), 0) FROM sentences"
            )[0]
        return Totals(articles[0], sentences[0], sentences[1], articles[1])

    def article_count(self) -> int:
        """Return how many articles there are."""
        return int(self._database.value("SELECT count(*) FROM articles"))

    def sentence_count(self) -> int:
        """Return how many sentences there are, titles and headings included."""
        return int(self._database.value("SELECT count(*) FROM sentences"))

    def searchable_count(self) -> int:
        """Return how many sentences the views hold."""
        return int(self._database.value("SELECT count(*) FROM sentences WHERE searchable"))

    def only_samples(self) -> bool:
        """Return whether there are articles and all of them came with the program."""
        rows = self._database.rows("SELECT count(*), coalesce(sum(sample), 0) FROM articles")
        return bool(rows[0][0]) and rows[0][0] == rows[0][1]

    # --- reading articles ---------------------------------------------------------------------

    def entries(self, among: Collection[int] | None = None) -> list[ArticleEntry]:
        """Return the articles in the order in which they first came, `among` these or all."""
        rows = self._database.rows(
            "SELECT articles.number, id, title, url, language, revision, coalesce(counted, 0),"
            " characters, sample, encoding FROM articles LEFT JOIN"
            " (SELECT article, count(*) AS counted FROM sentences GROUP BY article)"
            " ON article = articles.number ORDER BY articles.number"
        )
        return [
            replace(ArticleEntry(*row[1:]), sample=bool(row[-2]))
            for row in rows
            if among is None or row[0] in among
        ]

    def titles(self, among: Collection[int] | None = None) -> dict[str, str]:
        """Return the titles of the articles by id, in the order of `entries`, and far sooner."""
        rows = self._database.rows("SELECT number, id, title FROM articles ORDER BY number")
        return {id_: title for number, id_, title in rows if among is None or number in among}

    def article(self, article_id: str) -> Article:
        """Return an article as it was given; raises UnknownArticleError."""
        return self._article_at(self.article_numbers([article_id])[0])

    def each_article(self) -> Iterator[Article]:
        """Yield the articles in the order in which they first came."""
        numbers = [
            row[0] for row in self._database.rows("SELECT number FROM articles ORDER BY number")
        ]
        for number in numbers:
            yield self._article_at(number)

    def _article_at(self, number: int) -> Article:
        row = self._database.rows(
            "SELECT id, title, text, url, language, revision, encoding, sample"
            " FROM articles WHERE number = ?",
            number,
        )[0]
        return replace(
            Article(*row),
            sample=bool(row[-1]),
            origin=self._origin(number),
            groups=self.groups_of(number),
            pages=self.pages([row[0]]).get(row[0], ()),
        )

    def sentences(self, article_id: str) -> list[Sentence]:
        """Return an article's sentences, which tile its text; raises UnknownArticleError."""
        rows = self._database.rows(
            "SELECT number, start, end, kind FROM sentences WHERE article = ? ORDER BY number",
            self.article_numbers([article_id])[0],
        )
        return [Sentence(*row) for row in rows]

    def article_with_sentences(self, article_id: str) -> tuple[Article, list[Sentence]]:
        """Return both from one state of the store; raises UnknownArticleError."""
        with self._database.snapshot():
            return self.article(article_id), self.sentences(article_id)

    def article_numbers(self, article_ids: Sequence[str]) -> list[int]:
        """Return the articles' numbers in the given order; raises UnknownArticleError."""
        wanted = json.dumps(list(article_ids))
        numbers = dict(
            self._database.rows(
                "SELECT id, number FROM articles WHERE id IN (SELECT value FROM json_each(?))",
                wanted,
            )
        )
        for article_id in article_ids:
            if article_id not in numbers:
                raise unknown_article(article_id)
        return [numbers[article_id] for article_id in article_ids]

    def stored(self, keys: Sequence[int]) -> list[StoredSentence]:
        """Return sentences in the order of the keys; a key that is gone is left out."""
        with self._database.snapshot():
            rows = self._database.rows(
                "SELECT article, key, number, start, end, kind FROM sentences"
                " WHERE key IN (SELECT value FROM json_each(?)) ORDER BY article",
                _listed(keys),
            )
            found = {sentence.key: sentence for sentence in self._stored_in(rows)}
        return [found[key] for key in keys if key in found]

    def neighbours(self, keys: Sequence[int], *, before: int, after: int) -> dict[int, Neighbours]:
        """Return by key what stands around sentences; a key that is gone is left out."""
        with self._database.snapshot():
            rows = self._database.rows(
                "SELECT DISTINCT near.article, near.key, near.number, near.start, near.end,"
                " near.kind FROM sentences AS here JOIN sentences AS near"
                " ON near.article = here.article"
                " AND near.number BETWEEN here.number - ? AND here.number + ?"
                " WHERE here.key IN (SELECT value FROM json_each(?))"
                " ORDER BY near.article, near.number",
                *(before, after, _listed(keys)),
            )
            found = list(self._stored_in(rows))
        places = {sentence.key: place for place, sentence in enumerate(found)}
        return {key: _around(found, places[key], before, after) for key in keys if key in places}

    def headings(self, keys: Sequence[int]) -> dict[int, str]:
        """Return by key the heading that a sentence stands under, without its marks.

        A sentence without one, and a key that is gone, are left out.
        """
        with self._database.snapshot():
            here = self._database.rows(
                "SELECT key, article, number FROM sentences"
                " WHERE key IN (SELECT value FROM json_each(?))",
                _listed(keys),
            )
            known = self._headings_of(sorted({article for _, article, _ in here}))
        found = {}
        for key, article, number in here:
            headings = known.get(article, [])
            place = bisect_right(headings, number, key=lambda heading: heading[0])
            if place:
                found[key] = headings[place - 1][1]
        return found

    def _headings_of(self, articles: Sequence[int]) -> dict[int, list[tuple[int, str]]]:
        """The headings of each article that has any, with their numbers, in text order."""
        rows = self._database.rows(
            "SELECT near.article, near.number,"
            " substr(articles.text, near.start + 1, near.end - near.start)"
            " FROM sentences AS near JOIN articles ON articles.number = near.article"
            " WHERE near.article IN (SELECT value FROM json_each(?))"
            " AND near.searchable = 0 AND near.kind = 'heading'"
            " ORDER BY near.article, near.number",
            _listed(articles),
        )
        headings: dict[int, list[tuple[int, str]]] = {}
        for article, number, text in rows:
            headings.setdefault(article, []).append((number, heading_words(text)))
        return headings

    def _stored_in(self, rows: Iterable[Any]) -> Iterator[StoredSentence]:
        """Yield the sentences of rows that are sorted by article."""
        for number, group in groupby(rows, key=lambda row: row[0]):
            yield from self._stored_of(number, group)

    def _stored_of(self, article: int, rows: Iterable[Any]) -> list[StoredSentence]:
        article_id, title, url, language, text, revision = self._database.rows(
            "SELECT id, title, url, language, text, revision FROM articles WHERE number = ?",
            article,
        )[0]
        origin, tables = self._origin(article), Tables(text)
        found = []
        for _, key, number, start, end, kind in rows:
            first, last = trimmed(text, Sentence(number, start, end, kind))
            quote = text[first:last]
            found.append(
                StoredSentence(
                    *(key, article_id, title, url, language),
                    *(number, first, last, quote, kind),
                    anchor=origin.anchor_at(first) if origin else None,
                    revision=revision,
                    article_text=text,
                    columns=tables.columns_at(first) if is_row(quote) else (),
                    question=question_above(text, first),
                )
            )
        return found

    def pages(self, article_ids: Sequence[str]) -> dict[str, tuple[int, ...]]:
        """Return by id where the pages of articles begin; those without pages are left out."""
        if not self._has("page_starts"):
            return {}
        rows = self._database.rows(
            "SELECT id, starts FROM page_starts JOIN articles ON number = article"
            " WHERE id IN (SELECT value FROM json_each(?))",
            json.dumps(list(article_ids)),
        )
        return {article_id: tuple(json.loads(starts)) for article_id, starts in rows}

    # --- what wikis keep current --------------------------------------------------------------

    def versions(self, source: str) -> dict[str, str]:
        """Return the articles that a wiki keeps: id and the version that was read."""
        return dict(
            self._database.rows(
                "SELECT id, version FROM pages JOIN articles ON number = article WHERE source = ?",
                source,
            )
        )

    def memory(self, source: str) -> str | None:
        """Return what a wiki's last complete visit left for the next one."""
        rows = self._database.rows("SELECT memory FROM sources WHERE source = ?", source)
        return rows[0][0] if rows else None

    def _origin(self, article: int) -> Origin | None:
        with self._database.snapshot():
            if not self._has("pages"):
                return None
            rows = self._database.rows(
                "SELECT source, version, sections FROM pages WHERE article = ?", article
            )
        if not rows:
            return None
        source, version, sections = rows[0]
        return Origin(source, version, tuple(Section(*each) for each in json.loads(sections)))

    def place(self, source: str) -> KnownPlace | None:
        """Return where a wiki was synced from last, None where that is not known."""
        found = [each for each in self.places() if each.source == source]
        return found[0] if found else None

    def places(self) -> list[KnownPlace]:
        """Return all wikis whose place is known, by name."""
        if not self._has("places"):
            return []
        rows = self._database.rows(
            "SELECT source, label, place, groups FROM places ORDER BY source"
        )
        return [KnownPlace(row[0], row[1], row[2], tuple(json.loads(row[3]))) for row in rows]

    def put_place(self, known: KnownPlace) -> None:
        """Remember where a wiki lies."""
        groups = json.dumps(known.groups, ensure_ascii=False)
        self._database.write(
            "INSERT OR REPLACE INTO places VALUES (?, ?, ?, ?)",
            *(known.source, known.label, known.place, groups),
        )

    # --- who may see what ---------------------------------------------------------------------

    def groups_of(self, article: int) -> tuple[str, ...]:
        """Return the groups that may see an article, sorted; none where everybody may."""
        if not self._has("article_groups"):
            return ()
        rows = self._database.rows(
            "SELECT name FROM article_groups WHERE article = ? ORDER BY name", article
        )
        return tuple(row[0] for row in rows)

    def all_groups(self) -> dict[str, tuple[str, ...]]:
        """Return the groups of the articles that not everybody may see, by id."""
        if not self._has("article_groups"):
            return {}
        rows = self._database.rows(
            "SELECT id, name FROM article_groups JOIN articles ON number = article ORDER BY 1, 2"
        )
        return {
            article_id: tuple(row[1] for row in group)
            for article_id, group in groupby(rows, key=lambda row: row[0])
        }

    def sight(self, groups: Iterable[str]) -> Sight | None:
        """Return what visitors of these groups see, None where they see everything."""
        with self._database.snapshot():
            if not self._has("article_groups"):
                return None
            hidden = self._hidden_from(groups)
            if not hidden:
                return None
            every = self._database.rows("SELECT number FROM articles")
            seen = [row[0] for row in every if row[0] not in hidden]
            count = self._database.value(
                "SELECT count(*) FROM sentences WHERE article IN (SELECT value FROM json_each(?))",
                json.dumps(seen),
            )
            keys = self.searchable_keys(seen)
            mask = np.zeros(int(keys.max(initial=-1)) + 1, dtype=np.bool_)
            mask[keys] = True
            return Sight(frozenset(seen), keys, mask, int(count))

    def _hidden_from(self, groups: Iterable[str]) -> set[int]:
        """The numbers of the articles that are kept to other groups than these."""
        rows = self._database.rows(
            "SELECT DISTINCT article FROM article_groups WHERE article NOT IN"
            " (SELECT article FROM article_groups"
            " WHERE name IN (SELECT value FROM json_each(?)))",
            json.dumps(sorted(groups)),
        )
        return {row[0] for row in rows}

    def put_groups(self, article: int, groups: Sequence[str]) -> None:
        """Say who may see an article."""
        self._database.write("DELETE FROM article_groups WHERE article = ?", article)
        self._database.many(
            "INSERT INTO article_groups VALUES (?, ?)",
            [(article, name) for name in dict.fromkeys(groups)],
        )
        if groups:
            self._database.write(f"PRAGMA user_version = {FORMAT_WITH_GROUPS}")

    def _has(self, table: str) -> bool:
        """Whether the store has a table that came later than the rest."""
        return bool(self._database.rows("SELECT 1 FROM sqlite_master WHERE name = ?", table))

    # --- what the views hold ------------------------------------------------------------------

    def searchable_keys(self, articles: Sequence[int] | None = None) -> Keys:
        """Return the keys that the views hold, of the articles with the given numbers or of all."""
        if articles is None:
            rows = self._database.rows("SELECT key FROM sentences WHERE searchable ORDER BY key")
        else:
            rows = self._database.rows(
                "SELECT key FROM sentences WHERE searchable"
                " AND article IN (SELECT value FROM json_each(?))",
                json.dumps(list(articles)),
            )
        return _as_keys(rows)

    def vectors(self, keys: Keys | None = None) -> Iterator[tuple[Keys, Matrix]]:
        """Yield keys with their vectors, some thousands at a time, ascending."""
        wanted = self.searchable_keys() if keys is None else keys
        for start in range(0, len(wanted), _VECTORS_AT_ONCE):
            some = wanted[start : start + _VECTORS_AT_ONCE]
            rows = self._database.rows(
                "SELECT key, vector FROM vectors"
                " WHERE key IN (SELECT value FROM json_each(?)) ORDER BY key",
                json.dumps(some.tolist()),
            )
            joined = b"".join(row[1] for row in rows)
            matrix = np.frombuffer(joined, dtype=np.float32).reshape(len(rows), -1)
            yield _as_keys(rows), matrix

    def searchable(self, keys: Keys | None = None) -> Iterator[SearchableSentence]:
        """Yield the sentences of the keyword view, article by article."""
        wanted = self.searchable_keys() if keys is None else keys
        rows = self._database.rows(
            "SELECT article, key, start, end FROM sentences WHERE searchable"
            " AND key IN (SELECT value FROM json_each(?)) ORDER BY article, number",
            json.dumps(wanted.tolist()),
        )
        for number, group in groupby(rows, key=lambda row: row[0]):
            title, text = self._database.rows(
                "SELECT title, text FROM articles WHERE number = ?", number
            )[0]
            tables = Tables(text)
            for _, key, start, end in group:
                yield SearchableSentence(key, number, title, sought(text, tables, start, end))

    def changes_since(self, sequence: int) -> Changes | None:
        """Return what changed in the views after a commit; None where that is not known any more.

        None also for a commit of another history, as after a backup was put back.
        """
        if not self._database.rows("SELECT 1 FROM commits WHERE sequence = ?", sequence):
            return None
        rows = self._database.rows(
            "SELECT DISTINCT changes.key, sentences.key IS NOT NULL FROM changes"
            " LEFT JOIN sentences USING (key) WHERE sequence > ? ORDER BY changes.key",
            sequence,
        )
        added = _as_keys([row for row in rows if row[1]])
        return Changes(removed=_as_keys([row for row in rows if not row[1]]), added=added)

    def commits_since(self, sequence: int) -> int:
        """Count the commits after one, of those that are remembered."""
        return int(
            self._database.value("SELECT count(*) FROM commits WHERE sequence > ?", sequence)
        )

    # --- writing (inside a transaction) -------------------------------------------------------

    def put_facts(self, facts: EmbedderFacts) -> None:
        """Remember the model that makes the vectors."""
        value = json.dumps({name: getattr(facts, name) for name in facts.__slots__})
        self._database.write("INSERT OR REPLACE INTO meta VALUES ('embedder', ?)", value)

    def article_row(self, article_id: str) -> ArticleRow | None:
        """Return where an article stands, None where it is not in the store."""
        rows = self._database.rows(
            "SELECT number, fingerprint, source, place FROM articles"
            " LEFT JOIN pages ON pages.article = number"
            " LEFT JOIN files ON files.article = number WHERE id = ?",
            article_id,
        )
        return ArticleRow(*rows[0]) if rows else None

    def put_article(self, article: Article, fingerprint: bytes) -> int:
        """Insert or replace an article's own row and return its number."""
        rows = self._database.write(
            "INSERT INTO articles (id, title, text, url, language, revision, encoding, sample,"
            " characters, fingerprint)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET title = excluded.title, text = excluded.text,"
            " url = excluded.url, language = excluded.language, revision = excluded.revision,"
            " encoding = excluded.encoding, sample = excluded.sample,"
            " characters = excluded.characters, fingerprint = excluded.fingerprint"
            " RETURNING number",
            *(article.id, article.title, article.text, article.url, article.language),
            *(article.revision, article.encoding, article.sample, len(article.text), fingerprint),
        )
        number = int(rows[0][0])
        if article.origin:
            self._put_origin(number, article.origin)
        self._put_place(number, article.place)
        self._put_pages(number, article.pages)
        return number

    def _put_origin(self, article: int, origin: Origin) -> None:
        sections = [(section.start, section.anchor) for section in origin.sections]
        self._database.write(
            "INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?)",
            *(article, origin.source, origin.version, json.dumps(sections, ensure_ascii=False)),
        )

    def _put_place(self, article: int, place: str | None) -> None:
        if place is None:
            self._database.write("DELETE FROM files WHERE article = ?", article)
        else:
            self._database.write("INSERT OR REPLACE INTO files VALUES (?, ?)", article, place)

    def _put_pages(self, article: int, pages: Sequence[int]) -> None:
        if pages:
            self._database.write(
                "INSERT OR REPLACE INTO page_starts VALUES (?, ?)", article, json.dumps(pages)
            )
        else:
            self._database.write("DELETE FROM page_starts WHERE article = ?", article)

    def put_memory(self, source: str, memory: str) -> None:
        """Keep what a wiki's visit leaves for the next one."""
        self._database.write("INSERT OR REPLACE INTO sources VALUES (?, ?)", source, memory)

    def fingerprints(self, article: int) -> list[tuple[int, bytes]]:
        """Return key and hash of each sentence of an article, in text order."""
        return self._database.rows(
            "SELECT key, fingerprint FROM sentences WHERE article = ? ORDER BY number", article
        )

    def next_key(self) -> int:
        """Return the first key that was never used."""
        rows = self._database.rows("SELECT seq FROM sqlite_sequence WHERE name = 'sentences'")
        return int(rows[0][0]) + 1 if rows else 1

    def insert_sentences(self, rows: Sequence[SentenceRow]) -> None:
        """Insert new sentences."""
        self._database.many(
            "INSERT INTO sentences (key, article, number, start, end, kind, searchable,"
            " fingerprint) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [row.values() for row in rows],
        )

    def insert_vectors(self, keys: Sequence[int], matrix: Matrix) -> None:
        """Store one row per key."""
        self._database.many(
            "INSERT INTO vectors (key, vector) VALUES (?, ?)",
            [(key, row.tobytes()) for key, row in zip(keys, matrix, strict=True)],
        )

    def move_sentences(self, moved: Sequence[tuple[int, Sentence]]) -> None:
        """Give known sentences their new place in the text; their vectors stay."""
        self._database.many(
            "UPDATE sentences SET number = ?, start = ?, end = ? WHERE key = ?",
            [(at.number, at.start, at.end, key) for key, at in moved],
        )

    def delete_sentences(self, keys: Sequence[int]) -> None:
        """Delete sentences with their vectors."""
        values = [(key,) for key in keys]
        self._database.many("DELETE FROM vectors WHERE key = ?", values)
        self._database.many("DELETE FROM sentences WHERE key = ?", values)

    def delete_articles(self, articles: Sequence[int]) -> list[int]:
        """Delete articles whole and return the keys of their sentences."""
        numbers = json.dumps(list(articles))
        rows = self._database.rows(
            "SELECT key FROM sentences WHERE article IN (SELECT value FROM json_each(?))", numbers
        )
        keys = [row[0] for row in rows]
        self.delete_sentences(keys)
        self._database.write(
            "DELETE FROM articles WHERE number IN (SELECT value FROM json_each(?))", numbers
        )
        for table in ("pages", "files", "page_starts", "article_groups"):
            self._database.write(
                f"DELETE FROM {table} WHERE article IN (SELECT value FROM json_each(?))",  # noqa: S608
                numbers,
            )
        return keys

    def sample_numbers(self) -> list[int]:
        """Return the numbers of the articles that came with the program."""
        return [row[0] for row in self._database.rows("SELECT number FROM articles WHERE sample")]

    def record(self, keys: Sequence[int]) -> int:
        """Note which sentences came or went, as the next commit, and return its number."""
        sequence = max(self.sequence() + 1, time.time_ns() // 1000)
        self._database.write("INSERT INTO commits VALUES (?)", sequence)
        self._database.many("INSERT INTO changes VALUES (?, ?)", [(sequence, key) for key in keys])
        self._forget_old_changes()
        return sequence

    def _forget_old_changes(self) -> None:
        self._database.write(
            "DELETE FROM commits WHERE sequence NOT IN"
            " (SELECT sequence FROM commits ORDER BY sequence DESC LIMIT ?)",
            REMEMBERED_COMMITS,
        )
        self._database.write(
            "DELETE FROM changes WHERE sequence < (SELECT min(sequence) FROM commits)"
        )


# --- rows -------------------------------------------------------------------------------------


def _listed(keys: Sequence[int]) -> str:
    return json.dumps([int(key) for key in keys])


def _around(found: Sequence[StoredSentence], place: int, before: int, after: int) -> Neighbours:
    """Return the neighbours of one among sentences in the order of articles and texts."""
    here = found[place]
    near = [
        each
        for each in found[max(0, place - before) : place + after + 1]
        if each.article_id == here.article_id
        and here.number - before <= each.number <= here.number + after
    ]
    return Neighbours(
        tuple(each for each in near if each.number < here.number),
        tuple(each for each in near if each.number > here.number),
    )


def _as_keys(rows: Sequence[Sequence[int]]) -> Keys:
    return np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))


def unknown_article(article_id: str) -> UnknownArticleError:
    """Return the error for an id that is not there, or not for who asks: nobody can tell which."""
    message = f"the index holds no article {article_id!r}: `shutten list` shows the ids"
    return UnknownArticleError(message)
