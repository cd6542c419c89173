"""The SQLite file under an index: schema, opening, transactions, and errors in our words."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from shutten.errors import (
    IndexBusyError,
    IndexDamagedError,
    IndexNotFoundError,
    IndexStoreError,
    IndexWriteError,
)

STORE_NAME = "store.sqlite"
FORMAT = 1
FORMAT_WITH_GROUPS = 2
"""From the first article on that not everybody may see: a program that does not know of groups
refuses the store, and does not show what is in it."""
_APPLICATION = 0x53687574
_PAGE_BYTES = 8192
_LOG_BYTES = 16_000_000

_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE articles (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    url TEXT,
    language TEXT NOT NULL,
    revision TEXT,
    encoding TEXT,
    sample INTEGER NOT NULL,
    characters INTEGER NOT NULL,
    fingerprint BLOB NOT NULL,
    text TEXT NOT NULL
);
CREATE TABLE sentences (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL,
    number INTEGER NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    kind TEXT NOT NULL,
    searchable INTEGER NOT NULL,
    fingerprint BLOB NOT NULL
);
CREATE INDEX sentences_of_article ON sentences (article, number, searchable);
CREATE TABLE vectors (key INTEGER PRIMARY KEY, vector BLOB NOT NULL);
CREATE TABLE commits (sequence INTEGER PRIMARY KEY);
CREATE TABLE changes (sequence INTEGER NOT NULL, key INTEGER NOT NULL);
CREATE INDEX changes_of_commit ON changes (sequence, key);
"""
_LATER_TABLES = """
CREATE TABLE IF NOT EXISTS pages (
    article INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    version TEXT NOT NULL,
    sections TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS pages_of_source ON pages (source);
CREATE TABLE IF NOT EXISTS sources (source TEXT PRIMARY KEY, memory TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS places (
    source TEXT PRIMARY KEY, label TEXT, place TEXT NOT NULL, groups TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS article_groups (
    article INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY (article, name)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (article INTEGER PRIMARY KEY, place TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS page_starts (article INTEGER PRIMARY KEY, starts TEXT NOT NULL);
"""
"""Came later than the rest: a writer adds them to a store without, a reader does without them."""


class Database:
    """One connection to the SQLite file, shared by the threads of a process.

    Raises IndexDamagedError where the file cannot be read, IndexWriteError where it cannot be
    written (the transaction is then undone), IndexBusyError where another process holds it.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path | None) -> None:
        self._connection = connection
        self._path = path
        self._lock = threading.RLock()
        self._place: tuple[object, ...] | None = None

    @classmethod
    def in_memory(cls) -> Database:
        """Return an empty database that is gone when it is closed."""
        connection = _connect(":memory:")
        _create_schema(connection)
        return cls(connection, None)

    @classmethod
    def for_reading(cls, directory: Path) -> Database:
        """Open without writing; works in a folder that cannot be written.

        Where another file takes the place of this one, the next read is from that.
        """
        path = directory / STORE_NAME
        if not path.is_file():
            raise IndexNotFoundError(not_found(directory))
        place = _place(path)
        database = cls(_checked(_connect_for_reading(path), path), path)
        database._place = place
        return database

    @classmethod
    def for_writing(cls, directory: Path) -> Database:
        """Open for one writer; the file is made where there is none."""
        path = directory / STORE_NAME
        with _index_errors(path, writing=True):
            if not path.exists():
                _create(path)
            connection = _checked(_connect(_uri(path, "mode=rw")), path, writing=True)
            # A view must never be ahead of a store that a power cut has set back.
            connection.execute("PRAGMA synchronous = FULL")
            connection.executescript(_LATER_TABLES)
            connection.execute(f"PRAGMA journal_size_limit = {_LOG_BYTES}")
        return cls(connection, path)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: an error or a crash inside leaves the store as it was."""
        with self._lock:
            self.write("BEGIN IMMEDIATE")
            try:
                yield
                self.write("COMMIT")
            finally:
                self._undo()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All reads inside see one state; inside a transaction, that of the transaction."""
        with self._lock:
            if self._connection.in_transaction:
                yield
                return
            self.rows("BEGIN")
            try:
                yield
            finally:
                self._undo()

    def close(self) -> None:
        """Close the file; waits for what another thread reads. Raises IndexStoreError."""
        with self._lock, _index_errors(self._path):
            self._connection.close()

    def _undo(self) -> None:
        # SQLite itself has already undone a transaction that ran out of disk.
        if self._connection.in_transaction:
            self.write("ROLLBACK")

    def rows(self, statement: str, *values: object) -> list[Any]:
        """Read all rows of a query."""
        with self._lock, _index_errors(self._path):
            if self._path and self._place and not self._connection.in_transaction:
                self._follow(self._path)
            return self._connection.execute(statement, values).fetchall()

    def _follow(self, path: Path) -> None:
        place = _place(path)
        if place is None or place == self._place:
            return
        connection = _checked(_connect_for_reading(path), path)
        self._connection.close()
        self._connection, self._place = connection, place

    def write(self, statement: str, *values: object) -> list[Any]:
        """Run a writing statement and return the rows it returns."""
        with self._lock, _index_errors(self._path, writing=True):
            return self._connection.execute(statement, values).fetchall()

    def many(self, statement: str, values: Iterable[Sequence[object]]) -> None:
        """Run a writing statement once per row of values."""
        with self._lock, _index_errors(self._path, writing=True):
            self._connection.executemany(statement, values)

    def value(self, statement: str, *values: object) -> Any:  # noqa: ANN401 -- a column's value
        """Read the first column of the first row."""
        return self.rows(statement, *values)[0][0]


# --- opening ----------------------------------------------------------------------------------


def _connect(uri: str) -> sqlite3.Connection:
    return sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)


def _uri(path: Path, options: str) -> str:
    return f"file:{quote(str(path.resolve()))}?{options}"


def _connect_for_reading(path: Path) -> sqlite3.Connection:
    with _index_errors(path):
        connection = _connect(_uri(path, "mode=ro"))
        try:
            _first_read(connection)
        except sqlite3.OperationalError as error:
            connection.close()
            if not _is_alone(error):
                raise
        else:
            return connection
        return _connect_alone(path)


def _connect_alone(path: Path) -> sqlite3.Connection:
    """Open where the folder cannot take the files that SQLite's readers and writers share."""
    if not _log_bytes(path):
        return _connect(_uri(path, "immutable=1"))
    # A writer was killed here: the last commits are in the log alone, and it must be read too.
    with TemporaryDirectory(prefix="shutten-") as folder:
        copy = Path(shutil.copyfile(path, Path(folder) / path.name))
        shutil.copyfile(_log(path), _log(copy))
        connection = _connect(_uri(copy, "mode=rw"))
        _first_read(connection)
        return connection


def _is_alone(error: sqlite3.Error) -> bool:
    """Return whether the file is readable and only the memory shared with writers is not."""
    name = getattr(error, "sqlite_errorname", "")
    return _code(error) in _NOT_SHARED or name.startswith("SQLITE_IOERR_SHM")


def _first_read(connection: sqlite3.Connection) -> None:
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()


def _log(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def _log_bytes(path: Path) -> int:
    return _log(path).stat().st_size if _log(path).exists() else 0


def _place(path: Path) -> tuple[object, ...] | None:
    """Return what tells one file at a path from another, None where there is none.

    In a folder that cannot be written no shared memory tells of a commit: there a changed file is
    another file.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    if os.access(path.parent, os.W_OK):
        return found.st_dev, found.st_ino
    return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size, _log_bytes(path)


def _create(path: Path) -> None:
    """Make an empty store under another name first: a half-made one is never seen."""
    unfinished = path.with_name(path.name + ".new")
    for leftover in (unfinished, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
        leftover.unlink(missing_ok=True)
    connection = _connect(_uri(unfinished, "mode=rwc"))
    try:
        connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
        connection.execute("PRAGMA journal_mode = WAL")
        _create_schema(connection)
    finally:
        connection.close()
    unfinished.replace(path)


def _create_schema(connection: sqlite3.Connection) -> None:
    connection.executescript(
        f"BEGIN; {_SCHEMA} {_LATER_TABLES}"
        f"PRAGMA application_id = {_APPLICATION}; PRAGMA user_version = {FORMAT}; COMMIT;"
    )


def _checked(
    connection: sqlite3.Connection, path: Path, *, writing: bool = False
) -> sqlite3.Connection:
    """Return the connection if it leads to a store of this format."""
    with _index_errors(path, writing=writing):
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if application != _APPLICATION or not tables:
        connection.close()
        raise IndexDamagedError(_damaged(path, "it is not a store of articles"))
    if version not in (FORMAT, FORMAT_WITH_GROUPS):
        connection.close()
        message = (
            f"{path} has format {version}, this program reads up to {FORMAT_WITH_GROUPS}:"
            f" {_CURE_FORMAT}"
        )
        raise IndexDamagedError(message)
    return connection


# --- errors -----------------------------------------------------------------------------------

_CURE_FORMAT = "use the version that wrote it, or delete the folder and run `shutten index PATH`"
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_NOT_SHARED = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}


@contextmanager
def _index_errors(path: Path | None, *, writing: bool = False) -> Iterator[None]:
    try:
        yield
    except sqlite3.ProgrammingError:
        raise  # a mistake of ours, such as a closed connection
    except sqlite3.DatabaseError as error:
        raise _as_index_error(error, path, writing=writing) from error
    except OSError as error:
        raise IndexWriteError(not_written(path, error.strerror or str(error))) from error


def _as_index_error(
    error: sqlite3.DatabaseError, path: Path | None, *, writing: bool
) -> IndexStoreError:
    code = _code(error)
    if code in _BUSY:
        return IndexBusyError(f"another process is writing to {path}; wait until it has finished")
    if code in _DAMAGED or not writing:
        return IndexDamagedError(_damaged(path, str(error)))
    return IndexWriteError(not_written(path, str(error)))


def _code(error: sqlite3.Error) -> int:
    """Return SQLite's primary result code; the higher bytes only refine it."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF


def _damaged(path: Path | None, why: str) -> str:
    return (
        f"the index {path} is damaged ({why}): restore a backup,"
        " or delete the folder and run `shutten index PATH`"
    )


def not_written(path: Path | None, why: str) -> str:
    """Return the line for a change that could not be made."""
    return (
        f"the index {path} cannot be written ({why}), nothing was changed:"
        " free some space or check the folder's permissions, then run the command again"
    )


def not_found(directory: Path) -> str:
    """Return the line for a folder without an index."""
    if directory.is_file():
        return f"{directory} is a file and no index: name a folder with --index"
    return f"there is no index in {directory}: make one with `shutten index PATH`"
