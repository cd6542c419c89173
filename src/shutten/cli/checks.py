"""What can be seen to be wrong before the models and their libraries, which take seconds."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

from shutten.database import Database
from shutten.errors import ArticleError, IndexNotFoundError, IndexWriteError


def check_index(directory: Path) -> None:
    """Raise IndexNotFoundError or IndexDamagedError where the folder holds no index."""
    Database.for_reading(directory).close()


def check_index_if_there(directory: Path) -> None:
    """Raise what `check_index` does, and of a file `check_place`; an index may be made yet."""
    check_place(directory)
    with contextlib.suppress(IndexNotFoundError):
        check_index(directory)


def check_place(directory: Path) -> None:
    """Raise IndexWriteError where no index can be made as a file is there."""
    if directory.is_file():
        message = f"no index can be made in {directory}: it is a file, name a folder with --index"
        raise IndexWriteError(message)


def check_sources(paths: Sequence[str], *, outcome: str = "") -> None:
    """Raise ArticleError for the first file or folder that is not there or may not be read.

    `outcome` is what the line ends with.
    """
    from shutten.articles import check_there

    for path in paths:
        try:
            check_there(path)
        except ArticleError as error:
            raise ArticleError(f"{error}{outcome}") from error
