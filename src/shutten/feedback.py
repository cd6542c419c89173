"""What people say of answers, kept in an SQLite file beside the index. Nothing says whose it is.

The file is opened for each vote and closed again, so that several processes can share it.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal, get_args

from shutten.decoding import whole_characters
from shutten.errors import FeedbackError
from shutten.settings import Settings
from shutten.types import Answer, Citation

logger = logging.getLogger(__name__)

Rating = Literal["up", "down"]
Reason = Literal["incorrect", "incomplete", "wrong_source", "refused", "other"]

RATINGS: Final[tuple[Rating, ...]] = get_args(Rating)
REASONS: Final[tuple[Reason, ...]] = get_args(Reason)

ENDING: Final = ".feedback.sqlite"
"""Of the file beside an index, behind the name of the index."""

LONGEST_ANSWER: Final = 20_000
LONGEST_QUESTION: Final = 2_000
LONGEST_QUOTE: Final = 2_000
LONGEST_NAME: Final = 1_000
MOST_CITATIONS: Final = 50
"""What is kept of an answer, in characters; what is longer is cut. Titles and addresses are names,
as ids are."""

OWNER_ALONE: Final = 0o600
PATIENCE_SECONDS: Final = 10.0
"""How long a vote waits while other processes write theirs."""

_APPLICATION = 0x53466264
_FORMAT = 1
_HEADER = b"SQLite format 3\0"
_LOOKED_AT = 1 << 18
"""Bytes at the beginning of a file among which there must be an opinion, if it is one of lines."""
_LINE_ENDINGS = (".jsonl", ".ndjson", ".json", ".txt", ".log")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS feedback (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    vote TEXT UNIQUE,
    time TEXT NOT NULL,
    rating TEXT NOT NULL,
    reason TEXT,
    comment TEXT,
    private INTEGER NOT NULL,
    answer_id TEXT,
    question TEXT,
    standalone_question TEXT,
    answer TEXT,
    status TEXT,
    citations TEXT NOT NULL,
    answerer TEXT,
    model TEXT,
    index_version TEXT,
    article_ids TEXT
);
CREATE TABLE IF NOT EXISTS taken_over (path TEXT PRIMARY KEY, bytes INTEGER NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """A sentence that an answer cited, as it was then."""

    article_id: str
    title: str
    url: str | None
    revision: str | None
    sentence: int
    quote: str


@dataclass(frozen=True, slots=True)
class Feedback:
    """One opinion of one answer.

    `vote` is a random name that only the page knows which shows the answer: a later opinion under
    the same name takes the place of the former. `time` is UTC in ISO 8601, set when it is kept.
    `article_ids` are the articles that were asked, None: all. Of a `private` answer, which may
    rest on a visitor's own files, neither the question nor the answer is kept.
    """

    rating: Rating
    reason: Reason | None = None
    comment: str | None = None
    vote: str | None = None
    time: str = ""
    private: bool = False
    answer_id: str | None = None
    question: str | None = None
    standalone_question: str | None = None
    answer: str | None = None
    status: str | None = None
    citations: tuple[CitedSentence, ...] = ()
    answerer: str | None = None
    model: str | None = None
    index_version: str | None = None
    article_ids: tuple[str, ...] | None = None


_COLUMNS: Final = tuple(field.name for field in fields(Feedback))


def about(feedback: Feedback, answer: Answer) -> Feedback:
    """Return an opinion with what is kept of the answer it is about."""
    return replace(
        feedback,
        answer_id=_name(feedback.answer_id or answer.id or None),
        question=answer.question[:LONGEST_QUESTION],
        standalone_question=answer.standalone_question[:LONGEST_QUESTION],
        answer=answer.text[:LONGEST_ANSWER],
        status=answer.status,
        citations=tuple(map(_cited, answer.citations[:MOST_CITATIONS])),
        answerer=_name(answer.answerer),
        model=_name(answer.model),
    )


def _cited(citation: Citation) -> CitedSentence:
    return CitedSentence(
        citation.article_id[:LONGEST_NAME],
        citation.title[:LONGEST_NAME],
        _name(citation.url),
        _name(citation.revision),
        citation.sentence,
        citation.quote[:LONGEST_QUOTE],
    )


def _name(text: str | None) -> str | None:
    return None if text is None else text[:LONGEST_NAME]


def without_content(feedback: Feedback) -> Feedback:
    """Return an opinion without any word of the question, the answer and its articles."""
    kept = ("rating", "reason", "comment", "vote", "time", "status", "answerer", "model")
    return Feedback(**{name: getattr(feedback, name) for name in kept}, private=True)


# ── where it is kept ─────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class FeedbackPlace:
    """The SQLite file, and an earlier version's file of JSON lines that it takes over."""

    database: Path
    lines: Path | None = None


def feedback_place(settings: Settings) -> FeedbackPlace:
    """Return where feedback is kept: beside the index, or where the setting says.

    A file of JSON lines that the setting names stays as it is; the SQLite file is beside it.
    """
    named = settings.feedback_file
    if named is None:
        index = settings.index.absolute()
        return FeedbackPlace(index.with_name(index.name + ENDING))
    if _holds_lines(named):
        return FeedbackPlace(named.with_name(named.name + ".sqlite"), named)
    return FeedbackPlace(named)


def _holds_lines(path: Path) -> bool:
    """Whether a file is one of JSON lines, or is to become one; raises FeedbackError for others."""
    try:
        with path.open("rb") as file:
            beginning = file.read(_LOOKED_AT)
    except FileNotFoundError:
        beginning = b""
    except OSError as error:
        raise FeedbackError(_complaint(path, error)) from error
    if beginning.startswith(_HEADER):
        return False
    if not beginning.strip():
        return path.suffix.lower() in _LINE_ENDINGS
    if not any(map(_from_line, beginning.split(b"\n"))):
        raise FeedbackError(_something_else(path))
    return True


def store_of(settings: Settings) -> FeedbackStore | None:
    """Return the store of the settings, None where ratings are only to be counted.

    Raises FeedbackError where the file holds something else, which stays as it is. They are only
    counted too, with one line in the log, where no setting names a file and the folder of the
    index cannot be written.
    """
    if not settings.keep_feedback:
        return None
    place = feedback_place(settings)
    folder = place.database.parent
    if settings.feedback_file is None and folder.is_dir() and not os.access(folder, os.W_OK):
        logger.warning(
            "%s cannot be written: ratings are counted and not kept; name a file in"
            " SHUTTEN_FEEDBACK_FILE",
            folder,
        )
        return None
    store = FeedbackStore(place)
    store.check()
    return store


class FeedbackStore:
    """Opinions in an SQLite file that its owner alone can read; it is made with the first of them.

    May be shared by threads and by processes. Everything raises FeedbackError where the file
    cannot be used.
    """

    def __init__(self, place: FeedbackPlace) -> None:
        self._place = place

    def check(self) -> None:
        """Raise FeedbackError where the file is there and holds something else; changes nothing."""
        path = self._place.database
        try:
            if not path.exists() or path.stat().st_size == 0:
                return
            address = f"{path.absolute().as_uri()}?mode=ro"
            with contextlib.closing(sqlite3.connect(address, uri=True)) as connection:
                _is_prepared(connection, path)
        except (sqlite3.Error, OSError) as error:
            raise FeedbackError(_complaint(path, error)) from error

    def keep(self, feedback: Feedback) -> None:
        """Write an opinion down, in the place of one under the same `vote` where there is one."""
        timed = replace(feedback, time=feedback.time or _now())
        with self._writing() as connection:
            _put(connection, without_content(timed) if timed.private else timed)

    def withdraw(self, vote: str) -> None:
        """Forget the opinion under this name, if there is one."""
        with self._writing() as connection:
            connection.execute("DELETE FROM feedback WHERE vote = ?", (whole_characters(vote),))

    def opinions(self, *, rating: Rating | None = None, last: int | None = None) -> list[Feedback]:
        """Return all opinions, or the `last` ones, in the order in which they came."""
        if not self._place.database.exists() and self._lines_to_read() is None:
            return []
        with self._writing() as connection:
            rows = connection.execute(
                f"SELECT {', '.join(_COLUMNS)} FROM feedback"  # noqa: S608 - names of our own
                " WHERE ?1 IS NULL OR rating = ?1 ORDER BY number DESC LIMIT ?2",
                (rating, -1 if last is None else last),
            ).fetchall()
        return [_read(row) for row in reversed(rows)]

    def _lines_to_read(self) -> Path | None:
        lines = self._place.lines
        return lines if lines is not None and lines.is_file() else None

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Open the file for one transaction; what earlier versions have written is taken over."""
        path = self._place.database
        self.check()
        try:
            with contextlib.closing(_open(path)) as connection:
                connection.execute("BEGIN IMMEDIATE")
                _prepare(connection, path)
                lines = self._lines_to_read()
                if lines is not None:
                    _take_over(connection, lines)
                yield connection
                connection.execute("COMMIT")
        except (sqlite3.Error, OSError) as error:
            raise FeedbackError(_complaint(path, error)) from error


def _open(path: Path) -> sqlite3.Connection:
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ALONE))
    connection = sqlite3.connect(path, timeout=PATIENCE_SECONDS, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


_STATE = (
    "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_master)"
    " FROM pragma_application_id, pragma_user_version"
)
"""One statement, so that what another process is writing is there whole or not at all."""


def _is_prepared(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether the tables are there; raises FeedbackError for a file of something else."""
    application, version, tables = connection.execute(_STATE).fetchone()
    if (application, version) == (_APPLICATION, _FORMAT):
        return True
    if application or version or tables:
        raise FeedbackError(_something_else(path))
    return False


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Make the tables in a new file; raises FeedbackError for a file of something else."""
    if _is_prepared(connection, path):
        return
    for statement in _SCHEMA.split(";"):
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {_APPLICATION}")
    connection.execute(f"PRAGMA user_version = {_FORMAT}")


def _something_else(path: Path) -> str:
    return (
        f"{path} holds something else than feedback, and stays as it is:"
        " name another SHUTTEN_FEEDBACK_FILE"
    )


def _complaint(path: Path, error: Exception) -> str:
    why = (isinstance(error, OSError) and error.strerror) or str(error)
    return (
        f"the feedback in {path} cannot be kept or read ({why}): check its folder and permissions,"
        " or name another SHUTTEN_FEEDBACK_FILE"
    )


# ── rows ─────────────────────────────────────────────────────────────────────────────────────


def _put(connection: sqlite3.Connection, feedback: Feedback) -> None:
    values = [_as_stored(getattr(feedback, name)) for name in _COLUMNS]
    changed = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS if name != "vote")
    connection.execute(
        f"INSERT INTO feedback ({', '.join(_COLUMNS)})"  # noqa: S608 - names of our own
        f" VALUES ({', '.join('?' * len(_COLUMNS))}) ON CONFLICT (vote) DO UPDATE SET {changed}",
        values,
    )


def _as_stored(value: object) -> object:
    if isinstance(value, tuple):
        plain = [asdict(each) if isinstance(each, CitedSentence) else each for each in value]
        return json.dumps(plain, ensure_ascii=True)
    return whole_characters(value) if isinstance(value, str) else value


def _read(row: Sequence[Any]) -> Feedback:
    record = dict(zip(_COLUMNS, row, strict=True))
    record["private"] = bool(record["private"])
    record["citations"] = tuple(CitedSentence(**each) for each in json.loads(record["citations"]))
    if record["article_ids"] is not None:
        record["article_ids"] = tuple(json.loads(record["article_ids"]))
    return Feedback(**record)


def feedback_as_dict(feedback: Feedback) -> dict[str, Any]:
    """Return an opinion's JSON object; the name of the vote, which is a key to it, stays here."""
    record = asdict(feedback)
    del record["vote"]
    record["citations"] = list(record["citations"])
    if feedback.article_ids is not None:
        record["article_ids"] = list(feedback.article_ids)
    return record


# ── what earlier versions have written ───────────────────────────────────────────────────────


def _take_over(connection: sqlite3.Connection, path: Path) -> None:
    """Read the lines that are new since the last time; the file stays as it is."""
    name = str(path.absolute())
    row = connection.execute("SELECT bytes FROM taken_over WHERE path = ?", (name,)).fetchone()
    begin = row[0] if row else 0
    if path.stat().st_size <= begin:
        return
    with path.open("rb") as file:
        file.seek(begin)
        whole, newline, _ = file.read().rpartition(b"\n")
    unread = 0
    for line in whole.split(b"\n"):
        opinion = _from_line(line)
        if opinion is not None:
            _put(connection, opinion)
        elif line.strip():
            unread += 1
    end = begin + len(whole) + len(newline)
    connection.execute("INSERT OR REPLACE INTO taken_over VALUES (?, ?)", (name, end))
    if unread:
        logger.warning("%s: %d lines hold no feedback and are left there", path, unread)


def _from_line(line: bytes) -> Feedback | None:
    try:
        record = json.loads(line)
        texts = {
            name: None if record.get(name) is None else str(record[name])
            for name in ("comment", "answer_id", "question")
        }
        rating, reason, time = record["rating"], record.get("reason"), str(record["time"])
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    if rating not in RATINGS or reason not in (None, *REASONS):
        return None
    return Feedback(
        rating,
        reason,
        texts["comment"],
        time=time,
        answer_id=texts["answer_id"],
        question=texts["question"],
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
