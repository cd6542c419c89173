"""The files that users add: in memory, one browser session's alone, gone after a while."""

from __future__ import annotations

import contextlib
import os
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from shutten.errors import ArticleError
from shutten.layout import MARKDOWN_ENDINGS
from shutten.remembering import forget_texts
from shutten.types import Article

if TYPE_CHECKING:
    from shutten.assistant import Assistant

SUFFIXES: Final = (".txt", ".md", ".html", ".htm", ".csv", ".tsv", ".pdf")

FILES_PER_SESSION: Final = 20

BYTES_IN_ALL: Final = 200_000_000
"""What all sessions may take of memory together; those nearest their end make room."""

SENTENCE_BYTES: Final = 6_700
CHARACTER_BYTES: Final = 14
"""About what one takes: in the store, in the view of the vectors (512 numbers) and in the words'.

Measured over sentences of 7 to 500 characters, once they have been searched.
"""

SENTENCES_IN_ALL: Final = 25_000
"""What BYTES_IN_ALL comes to in sentences of usual length, for people."""

TOKEN_BYTES: Final = 32


Reason = Literal[
    "file_type",
    "file_size",
    "empty",
    "unreadable",
    "too_many",
    "too_much",
    "forgotten",
    "no_session",
]


class UploadRefusedError(ArticleError):
    """A file that is not taken in; `reason` says why, for the page to say it in its language."""

    def __init__(self, reason: Reason, name: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.reason = reason
        self.name = name


@dataclass(frozen=True, slots=True)
class Session:
    """What one browser session holds, until `expires` on the store's clock (seconds).

    `size` is about how many bytes of memory it takes.
    """

    articles: tuple[Article, ...]
    assistant: Assistant
    expires: float
    size: int


@dataclass(frozen=True, slots=True, eq=False)
class _Addition:
    """Files on their way into a session; each is equal to itself alone."""

    token: str


class UploadStore:
    """Sessions by token. Whoever does not know the token cannot reach what it stands for.

    `assemble` makes an assistant of the articles of one session; `lifetime` counts in seconds
    from the last file that was added.
    """

    def __init__(
        self,
        assemble: Callable[[Sequence[Article]], Assistant],
        *,
        lifetime: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._assemble = assemble
        self._lifetime = lifetime
        self._clock = clock
        self._sessions: dict[str, Session] = {}
        self._additions: set[_Addition] = set()
        self._receiving: Counter[str] = Counter()
        self._lock = threading.Lock()

    def new_token(self) -> str:
        """Return the name of a session that nobody can guess; it holds nothing yet."""
        return secrets.token_urlsafe(TOKEN_BYTES)

    def add(self, token: str, articles: Sequence[Article]) -> Session:
        """Add articles to a session; one of the same name is replaced.

        Raises ArticleError, and UploadRefusedError where the session would hold too many files or
        more than all may together, or was forgotten meanwhile.
        """
        if not token:
            raise UploadRefusedError("no_session", "")
        with self._adding(token) as addition:
            while True:
                held = self.session(token)
                session = self._joined(held, articles)
                if self._put(addition, session, in_place_of=held):
                    return session

    def session(self, token: str) -> Session | None:
        """Return what the session holds, None where it holds nothing or its time is over."""
        with self._lock:
            self._expire()
            return self._sessions.get(token)

    def forget(self, token: str) -> None:
        """Drop everything that the session holds."""
        with self._lock:
            self._sessions.pop(token, None)
            self._additions = {each for each in self._additions if each.token != token}
        forget_texts()

    def remove(self, token: str, article_id: str) -> None:
        """Drop one article of a session; the others keep their time."""
        with self._adding(token) as addition:
            while True:
                held = self.session(token)
                kept = [each for each in held.articles if each.id != article_id] if held else []
                if held is None or self._is_left(addition, kept, held):
                    forget_texts()
                    return

    def _is_left(self, addition: _Addition, kept: Sequence[Article], held: Session) -> bool:
        """Leave a session with these alone, unless another one has taken its place."""
        if kept:
            session = self._assembled(kept, expires=held.expires)
            return self._put(addition, session, in_place_of=held)
        with self._lock:
            if self._sessions.get(addition.token) is held:
                del self._sessions[addition.token]
            return addition.token not in self._sessions

    @contextlib.contextmanager
    def receiving(self, token: str) -> Iterator[None]:
        """While files are read for a session, which may be several times at once."""
        with self._lock:
            self._receiving[token] += 1
        try:
            yield
        finally:
            with self._lock:
                self._receiving[token] -= 1
                self._receiving += Counter()  # those that have come to nothing leave

    def is_receiving(self, token: str) -> bool:
        """Whether files are being read for a session."""
        with self._lock:
            return token in self._receiving

    @contextlib.contextmanager
    def _adding(self, token: str) -> Iterator[_Addition]:
        """What is given stays among the additions to the end, unless its session is forgotten."""
        addition = _Addition(token)
        with self._lock:
            self._additions.add(addition)
        try:
            yield addition
        finally:
            with self._lock:
                self._additions.discard(addition)

    def _joined(self, held: Session | None, articles: Sequence[Article]) -> Session:
        """Return a session with more articles: embeds them, which takes a while."""
        before = held.articles if held else ()
        by_id = {article.id: article for article in (*before, *articles)}
        joined = tuple(by_id.values())
        if len(joined) > FILES_PER_SESSION:
            raise UploadRefusedError("too_many", articles[-1].id)
        if _is_too_much(joined):
            raise UploadRefusedError("too_much", articles[-1].id)
        session = self._assembled(joined, expires=None)
        if session.size > BYTES_IN_ALL:
            raise UploadRefusedError("too_much", articles[-1].id)
        return session

    def _assembled(self, articles: Sequence[Article], *, expires: float | None) -> Session:
        """Return a session of these, whose time begins where none is given."""
        assistant = self._assemble(articles)
        size = _size(articles, assistant.index.sentence_count)
        end = self._clock() + self._lifetime if expires is None else expires
        return Session(tuple(articles), assistant, end, size)

    def _put(self, addition: _Addition, session: Session, *, in_place_of: Session | None) -> bool:
        """Store a session and make room for it, unless another one has taken the place."""
        token = addition.token
        with self._lock:
            if addition not in self._additions:
                raise UploadRefusedError("forgotten", session.articles[-1].id)
            self._expire()
            if self._sessions.get(token) is not in_place_of:
                return False
            self._sessions[token] = session
            self._make_room(token)
            return True

    def _expire(self) -> None:
        now = self._clock()
        over = [token for token, session in self._sessions.items() if session.expires <= now]
        for token in over:
            del self._sessions[token]
        if over:
            forget_texts()

    def _make_room(self, kept: str) -> None:
        """Drop the sessions nearest their end until what is left fits."""
        by_age = sorted(self._sessions, key=lambda token: self._sessions[token].expires)
        total = sum(session.size for session in self._sessions.values())
        for token in by_age:
            if total <= BYTES_IN_ALL:
                return
            if token != kept:
                total -= self._sessions.pop(token).size
                forget_texts()


def _size(articles: Sequence[Article], sentences: int) -> int:
    """Return about how many bytes of memory articles take with so many sentences in all."""
    characters = sum(len(article.text) for article in articles)
    return sentences * SENTENCE_BYTES + characters * CHARACTER_BYTES


def _is_too_much(articles: Sequence[Article]) -> bool:
    """Whether they would not fit, found out before anything is embedded."""
    sizes = (_sentence_count(each) * SENTENCE_BYTES for each in articles)
    return any(size > BYTES_IN_ALL for size in accumulate(sizes, initial=_size(articles, 0)))


def _sentence_count(article: Article) -> int:
    from shutten.sentences import split_sentences

    markdown = article.id.lower().endswith(MARKDOWN_ENDINGS)
    return len(split_sentences(article.text, markdown=markdown))


def take_file(path: Path, name: str, *, megabytes: int) -> Article:
    """Read an uploaded file and delete it, whether it could be read or not.

    Raises UploadRefusedError.
    """
    from shutten.articles import article_from_bytes

    try:
        data = _checked_bytes(path, name, megabytes=megabytes)
    finally:
        path.unlink(missing_ok=True)
    try:
        article = article_from_bytes(name, data)
    except ArticleError as error:
        raise UploadRefusedError("unreadable", name) from error
    return replace(article, id=name)


def _checked_bytes(path: Path, name: str, *, megabytes: int) -> bytes:
    if Path(name).suffix.lower() not in SUFFIXES:
        raise UploadRefusedError("file_type", name)
    most = megabytes * 1024 * 1024
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise UploadRefusedError("unreadable", name) from error
    if len(data) > most:
        raise UploadRefusedError("file_size", name)
    if not data.strip():
        raise UploadRefusedError("empty", name)
    return data


def clear_away(files: Sequence[Path]) -> None:
    """Delete uploaded files and the folder that was made for each."""
    for path in files:
        path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # another upload of the same content is in it
            path.parent.rmdir()


def sweep(folder: Path, *, older_than: float) -> None:
    """Delete what uploads left behind in a folder, where it is older than so many seconds.

    A file that was sent but never asked for (the page was closed in between) has no owner.
    """
    limit = time.time() - older_than
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place, name)
            with contextlib.suppress(OSError):  # another upload has cleared it away meanwhile
                if path.stat().st_mtime < limit:
                    path.unlink()
