"""The files that users add: in memory, one browser session's alone, gone after a while."""

from __future__ import annotations

import contextlib
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from shutten.errors import ArticleError
from shutten.types import Article

if TYPE_CHECKING:
    from shutten.assistant import Assistant

SUFFIXES: Final = (".txt", ".md", ".html", ".htm", ".pdf")

FILES_PER_SESSION: Final = 20

CHARACTERS_IN_ALL: Final = 50_000_000
"""What all sessions may hold together, before the oldest has to go: some 200 MB with vectors."""

TOKEN_BYTES: Final = 32


Reason = Literal["file_type", "file_size", "unreadable", "too_many", "no_session"]


class UploadRefusedError(ArticleError):
    """A file that is not taken in; `reason` says why, for the page to say it in its language."""

    def __init__(self, reason: Reason, name: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.reason = reason
        self.name = name


@dataclass(frozen=True, slots=True)
class Session:
    """What one browser session holds, until `expires` on the store's clock (seconds)."""

    articles: tuple[Article, ...]
    assistant: Assistant
    expires: float

    @property
    def characters(self) -> int:
        """How much text this session keeps in memory."""
        return sum(len(article.text) for article in self.articles)


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
        self._lock = threading.Lock()

    def new_token(self) -> str:
        """Return the name of a session that nobody can guess; it holds nothing yet."""
        return secrets.token_urlsafe(TOKEN_BYTES)

    def add(self, token: str, articles: Sequence[Article]) -> Session:
        """Add articles to a session; one of the same name is replaced.

        Raises UploadRefusedError where the session holds too many, and ArticleError.
        """
        if not token:
            raise UploadRefusedError("no_session", "")
        held = {article.id: article for article in self._articles(token)}
        joined = (*(held | {article.id: article for article in articles}).values(),)
        if len(joined) > FILES_PER_SESSION:
            raise UploadRefusedError("too_many", articles[-1].id)
        # Assembling embeds the articles and takes a while, so it stands outside the lock.
        assistant = self._assemble(joined)
        session = Session(joined, assistant, self._clock() + self._lifetime)
        with self._lock:
            self._sessions[token] = session
            self._make_room(token)
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

    def _articles(self, token: str) -> tuple[Article, ...]:
        session = self.session(token)
        return session.articles if session else ()

    def _expire(self) -> None:
        now = self._clock()
        self._sessions = {
            token: session for token, session in self._sessions.items() if session.expires > now
        }

    def _make_room(self, kept: str) -> None:
        """Drop the sessions nearest their end until what is left fits."""
        self._expire()
        by_age = sorted(self._sessions, key=lambda token: self._sessions[token].expires)
        total = sum(session.characters for session in self._sessions.values())
        for token in by_age:
            if total <= CHARACTERS_IN_ALL:
                return
            if token != kept:
                total -= self._sessions.pop(token).characters


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
    for path in folder.rglob("*"):
        if path.is_file() and path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
