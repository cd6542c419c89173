"""Take articles into the store: only sentences whose embedded text is new reach the embedder."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from shutten.embedding import document_text
from shutten.errors import ArticleError, DuplicateArticleError, ModelError
from shutten.faq import sought
from shutten.layout import MARKDOWN_ENDINGS
from shutten.sentences import split_sentences, trimmed
from shutten.store import ArticleRow, SentenceRow, Store
from shutten.tables import Tables
from shutten.types import Article, Embedder, Matrix, Sentence

_TEXTS_AT_ONCE = 2048


@dataclass(frozen=True, slots=True)
class Replaced:
    """An article whose text came from one file before, and from another one now."""

    article_id: str
    before: str
    now: str


@dataclass(slots=True)
class Tally:
    """What one transaction has done so far; `keys` came or went."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    sentences_embedded: int = 0
    keys: list[int] = field(default_factory=list)
    regrouped: bool = False
    """Whether others may see an article than before."""
    replaced: list[Replaced] = field(default_factory=list)


class Intake:
    """Articles into the store, inside one transaction; `finish` embeds what is still waiting."""

    def __init__(self, store: Store, embedder: Embedder, tally: Tally) -> None:
        self._store = store
        self._embedder = embedder
        self._tally = tally
        self._next_key = store.next_key()
        self._seen: set[str] = set()
        self._rows: list[SentenceRow] = []
        self._keys: list[int] = []
        self._texts: list[str] = []

    def take(self, article: Article) -> None:
        """Add or update one article; raises DuplicateArticleError where an id comes twice."""
        fingerprint = _article_print(article)
        if article.id in self._seen:
            message = f"two sources claim the article id {article.id!r}: rename one of them"
            raise DuplicateArticleError(message)
        self._seen.add(article.id)
        known = self._store.article_row(article.id)
        if known:
            _check_keeper(article, known.source)
        regrouped = self._regrouped(article, known)
        if known and known.fingerprint == fingerprint and not regrouped:
            self._tally.unchanged += 1
            return
        if known and known.place and article.place and known.place != article.place:
            self._tally.replaced.append(Replaced(article.id, known.place, article.place))
        number = self._store.put_article(article, fingerprint)
        if regrouped:
            self._store.put_groups(number, article.groups)
            self._tally.regrouped = True
        self._tally.added += known is None
        self._tally.updated += known is not None
        self._take_sentences(number, article, self._store.fingerprints(number) if known else [])

    def embed_again(self, article: Article) -> None:
        """Split and embed an article of the store as if it had never been there."""
        number = self._store.article_numbers([article.id])[0]
        keys = [key for key, _ in self._store.fingerprints(number)]
        self._remove(keys)
        self._take_sentences(number, article, [])
        self._tally.updated += 1

    def finish(self) -> None:
        """Store the sentences and vectors that are still waiting."""
        if self._rows:
            self._store.insert_sentences(self._rows)
        if self._texts:
            matrix = checked(self._embedder.embed_documents(self._texts), self._embedder)
            self._store.insert_vectors(self._keys, matrix)
        self._tally.sentences_embedded += len(self._texts)
        self._tally.keys += self._keys
        self._rows, self._keys, self._texts = [], [], []

    def _regrouped(self, article: Article, known: ArticleRow | None) -> bool:
        before = self._store.groups_of(known.number) if known else ()
        return set(before) != set(article.groups)

    def _take_sentences(
        self, number: int, article: Article, known: Sequence[tuple[int, bytes]]
    ) -> None:
        spare: defaultdict[bytes, list[int]] = defaultdict(list)
        for key, fingerprint in reversed(known):
            spare[fingerprint].append(key)
        moved, tables = [], Tables(article.text)
        for sentence in _split(article):
            text = _embedded(article, sentence, tables)
            fingerprint = _sentence_print(sentence, text)
            keys = spare.get(fingerprint)
            if keys:
                moved.append((keys.pop(), sentence))
            else:
                self._wait(number, sentence, text, fingerprint)
        self._store.move_sentences(moved)
        self._remove([key for keys in spare.values() for key in keys])
        if len(self._texts) >= _TEXTS_AT_ONCE:
            self.finish()

    def _wait(self, number: int, sentence: Sentence, text: str, fingerprint: bytes) -> None:
        key, self._next_key = self._next_key, self._next_key + 1
        self._rows.append(SentenceRow(key, number, sentence, bool(text), fingerprint))
        if text:
            self._keys.append(key)
            self._texts.append(text)

    def _remove(self, keys: Sequence[int]) -> None:
        self._store.delete_sentences(keys)
        self._tally.keys += keys


def _split(article: Article) -> Iterable[Sentence]:
    markdown = article.origin is not None or article.id.lower().endswith(MARKDOWN_ENDINGS)
    return split_sentences(article.text, title=article.title, markdown=markdown)


def _embedded(article: Article, sentence: Sentence, tables: Tables) -> str:
    """Return what is embedded for a sentence, nothing for one that is no answer by itself."""
    if sentence.kind != "body":
        return ""
    start, end = trimmed(article.text, sentence)
    if end == start:
        return ""
    return document_text(article.title, sought(article.text, tables, start, end))


def _sentence_print(sentence: Sentence, text: str) -> bytes:
    return hashlib.blake2b(f"{sentence.kind}\n{text}".encode(), digest_size=16).digest()


def _article_print(article: Article) -> bytes:
    """Hash all that was given for an article; raises ArticleError where it is not Unicode."""
    given = (article.id, article.title, article.text, article.url, article.language)
    more: list[object] = [article.revision, article.encoding, article.sample]
    if article.origin:
        more.append(article.origin)
    if article.pages:
        more.append(article.pages)
    joined = "\0".join(map(repr, more)) + "\0".join(f"{len(each or '')} {each}" for each in given)
    try:
        return hashlib.blake2b(joined.encode(), digest_size=16).digest()
    except UnicodeEncodeError as error:
        message = (
            f"the article {article.id!r} holds half a surrogate pair, which is no text:"
            " save it again as UTF-8"
        )
        raise ArticleError(message) from error


def _check_keeper(article: Article, keeper: str | None) -> None:
    """Raise DuplicateArticleError where another source than this one has the article's id."""
    source = article.origin.source if article.origin else None
    if source != keeper:
        message = (
            f"the article id {article.id!r} belongs to {keeper or 'an article that was indexed'},"
            " which stays as it is: sync with --name NAME to put a name before the new ids,"
            " or `shutten remove` the old article"
        )
        raise DuplicateArticleError(message)


def checked(matrix: Matrix, embedder: Embedder) -> Matrix:
    """Return the vectors as stored; raises ModelError where they are not what the facts say."""
    if matrix.ndim != 2 or matrix.shape[1] != embedder.facts.dimension:  # noqa: PLR2004
        message = f"the model {embedder.facts.name} gives vectors of shape {matrix.shape}"
        raise ModelError(message)
    if not np.isfinite(matrix).all():
        message = f"the model {embedder.facts.name} gives vectors that are not numbers"
        raise ModelError(message)
    return np.ascontiguousarray(matrix, dtype=np.float32)
