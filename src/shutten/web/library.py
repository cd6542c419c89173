"""The articles that one visitor can ask: those of the index, and the files of their own session."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Collection, Generator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from shutten.errors import UnknownArticleError
from shutten.suggesting import Suggester
from shutten.types import Answer, Article, Sentence, Turn
from shutten.web.answerers import OneWriter, Writers
from shutten.web.markup import Origin, Reference
from shutten.web.sources import Listed, named_apart, names_apart
from shutten.web.uploads import UploadStore

if TYPE_CHECKING:
    from shutten.assistant import Assistant
    from shutten.index import Index


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its conversation, the articles chosen for it, and who asks.

    `page` names the page that waits for the answer and may stop it.
    """

    question: str
    history: tuple[Turn, ...] = ()
    chosen: tuple[Reference, ...] = ()
    token: str = ""
    quoting: bool = False
    sample: int = 0
    page: str = ""


@dataclass(frozen=True, slots=True)
class Located:
    """An answer and where its articles live."""

    answer: Answer
    origin: Origin
    names: Mapping[Reference, str] = field(default_factory=dict)
    """What tells articles from others of their titles."""

    def reference(self, article_id: str) -> Reference:
        """Return how the page refers to one of the answer's articles."""
        found = Reference(self.origin, article_id)
        return replace(found, name=self.names.get(found, ""))


@dataclass(frozen=True, slots=True)
class Opened:
    """An article ready to be shown."""

    article: Article
    sentences: tuple[Sentence, ...]


class Library:
    """Joins the index and a session's own files, so that the page need not tell them apart."""

    def __init__(
        self, assistant: Assistant, uploads: UploadStore, writers: Writers | None = None
    ) -> None:
        self.assistant = assistant
        self.uploads = uploads
        self.writers = writers or OneWriter(assistant.writer)

    def seen_by(self, groups: Collection[str]) -> Library:
        """Return the library that visitors of these groups see; whose files are whose stays."""
        return Library(self.assistant.seen_by(groups), self.uploads, self.writers)

    def listed(self, token: str) -> list[Listed]:
        """Return what can be asked, the session's own files first."""
        session = self.uploads.session(token)
        own = _listed(session.assistant.index, "own") if session else []
        return named_apart([*own, *_listed(self.assistant.index, "index")])

    def named(self, located: Located, token: str) -> Located:
        """Return an answer whose articles are named apart from others of their titles."""
        session = self.uploads.session(token)
        titles = _titles(session.assistant.index, "own") if session else {}
        titles |= _titles(self.assistant.index, "index")
        return replace(located, names=names_apart(titles))

    def holds_files(self, token: str) -> bool:
        """Whether the session has added files of its own."""
        return self.uploads.session(token) is not None

    def leaves_out(self, chosen: Collection[Reference], token: str) -> bool:
        """Whether a choice leaves out articles that could be asked; without one all are asked."""
        session = self.uploads.session(token)
        own = session.assistant.index.article_count if session else 0
        counts = Counter(each.origin for each in set(chosen))
        left_out = counts["own"] < own or counts["index"] < self.assistant.index.article_count
        return bool(chosen) and left_out

    def open(self, reference: Reference, token: str) -> Opened:
        """Return an article; raises UnknownArticleError also for another session's file."""
        index = self._assistant(reference.origin, token).index
        article = index.article(reference.article_id)
        return Opened(article, tuple(index.sentences(reference.article_id)))

    @property
    def has_writer(self) -> bool:
        """Whether answers can be written by a language model."""
        return self.writers.current is not None

    def stream(self, asked: Asked) -> Generator[Located]:
        """Yield ever longer answers, at least one; the last is final.

        Without a choice all articles are asked. Where both the index and own files are, the own
        files are asked first, and the index where they do not answer. Closing the generator ends
        the work. Raises QuestionError and UnknownArticleError.
        """
        refused = []
        for origin, article_ids in self._places(asked):
            assistant = self._assistant(origin, asked.token).written_by(self.writers.current)
            steps = assistant.stream(
                asked.question,
                history=asked.history,
                article_ids=article_ids,
                quoting=asked.quoting,
                sample=asked.sample,
            )
            with contextlib.closing(steps):
                for answer in steps:
                    located = Located(answer, origin)
                    if not answer.refused:
                        yield located
            if not located.answer.refused:
                return
            refused.append(located)
        yield max(refused, key=_nearness)

    def suggester(self, origin: Origin, token: str, *, most: int) -> Suggester:
        """Return what finds next questions where an answer is from; raises UnknownArticleError."""
        return Suggester(self._assistant(origin, token), most=most)

    def _places(self, asked: Asked) -> list[tuple[Origin, list[str] | None]]:
        """Return where to ask, in order, and which articles there (None: all of them)."""
        if not asked.chosen:
            has_own = self.uploads.session(asked.token) is not None
            return [("own", None), ("index", None)] if has_own else [("index", None)]
        origins: tuple[Origin, ...] = ("own", "index")
        chosen = {
            origin: [each.article_id for each in asked.chosen if each.origin == origin]
            for origin in origins
        }
        return [(origin, chosen[origin]) for origin in origins if chosen[origin]]

    def _assistant(self, origin: Origin, token: str) -> Assistant:
        if origin == "index":
            return self.assistant
        session = self.uploads.session(token)
        if session is None:
            raise UnknownArticleError("the added files are gone: add them again")
        return session.assistant


def _nearness(located: Located) -> float:
    """How near a refused answer's best sentence is, so that the nearer of two is shown."""
    return max((hit.score for hit in located.answer.hits), default=-1.0)


def _titles(index: Index, origin: Origin) -> dict[Reference, str]:
    return {Reference(origin, id_): title for id_, title in index.titles().items()}


def _listed(index: Index, origin: Origin) -> list[Listed]:
    return [
        Listed(
            Reference(origin, entry.id),
            entry.title,
            entry.language,
            entry.sentences,
            sample=entry.sample,
        )
        for entry in index.articles()
    ]
