"""What a wiki is to the index: a name, and pages with versions that are read only when new."""

from __future__ import annotations

import errno
import hashlib
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Protocol

from shutten.articles import files_in
from shutten.decoding import printable
from shutten.errors import ArticleError, WikiError
from shutten.types import Article

CLEANING = "1"
"""Part of every version: raised when pages give other texts, so that all are read anew."""

_NO_FILE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG)


def settings_digest(*settings: object) -> str:
    """Return the part of a version that changes with the settings that pages are read with."""
    given = " ".join(map(str, (CLEANING, *settings)))
    return hashlib.blake2b(given.encode(), digest_size=4).hexdigest()


def files_of(folder: Path) -> list[PurePath]:
    """Return the files under a wiki's folder, sorted; raises WikiError where one cannot be seen."""
    try:
        return sorted(files_in(folder))
    except ArticleError as error:
        message = f"{error}; nothing was removed"
        raise WikiError(message) from error


def is_file(path: Path) -> bool:
    """Whether there is such a file; there is none of a name that no file can have.

    Raises WikiError where that cannot be seen: a page that is only hidden is not gone.
    """
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except ValueError:
        return False
    except OSError as error:
        if error.errno in _NO_FILE:
            return False
        message = (
            f"{printable(path)} cannot be seen ({error.strerror}): mend its permissions;"
            " nothing was removed"
        )
        raise WikiError(message) from error


@dataclass(frozen=True, slots=True)
class Page:
    """A page that a wiki holds now; `read` gives its article, with this version in its origin.

    `read` raises ArticleError where the page cannot be read.
    """

    id: str
    version: str
    read: Callable[[], Article]


def unchanged(article_id: str, version: str) -> Page:
    """Return a page that is known in this version, so that nobody reads it."""

    def read() -> Article:
        message = f"{article_id} is known in this version"
        raise ArticleError(message)

    return Page(article_id, version, read)


@dataclass(frozen=True, slots=True)
class Visit:
    """All pages that a wiki holds, changed or not: a known page that is not among them is gone.

    `total` is their number where it is known. `memory` is handed to the next visit, if this one
    comes to its end.
    """

    pages: Iterator[Page]
    total: int | None = None
    memory: str = ""


@dataclass(frozen=True, slots=True)
class Glance:
    """What a wiki says of single pages: those to be taken over, and the articles that are gone.

    A page that exists and is none of those that are synced is `passed_over`.
    """

    pages: tuple[Page, ...] = ()
    gone: tuple[str, ...] = ()
    passed_over: bool = False


class PageSource(Protocol):
    """A wiki of which single pages can be read by name."""

    @property
    def name(self) -> str:
        """What tells this wiki from every other."""
        ...

    def glance(self, page: str, known: Mapping[str, str]) -> Glance:
        """Look at one page and at nothing else; `known` are the versions by article id.

        A page that was renamed may be called by either name. Raises WikiError where the wiki
        cannot be read.
        """
        ...


class Source(Protocol):
    """A wiki. Its articles bear its name, and no other source touches them."""

    @property
    def name(self) -> str:
        """What tells this wiki from every other; the same at each visit."""
        ...

    def visit(self, known: Mapping[str, str], memory: str | None) -> Visit:
        """Look at the wiki; `known` are the versions in the index by article id.

        Raises WikiError, here or while the pages are taken, where the wiki cannot be read.
        """
        ...
