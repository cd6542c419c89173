"""Questions from a file or from stdin, one a line, plain or as JSON."""

from __future__ import annotations

import contextlib
import json
import math
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TypeGuard, get_args

from shutten.errors import UsageError
from shutten.types import Language, Turn

STDIN = "-"
LANGUAGES: tuple[Language, ...] = get_args(Language)
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class BatchQuestion:
    """One line; `id` is the JSON value that was given, else the line's number as a string."""

    id: object
    question: str
    article_ids: tuple[str, ...] | None = None
    history: tuple[Turn, ...] = ()
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that cannot be asked, and why."""

    id: object
    error: str


@contextlib.contextmanager
def open_batch(name: str) -> Iterator[Iterable[bytes]]:
    """Open a file, or stdin for "-", as lines of bytes; raises UsageError."""
    if name == STDIN:
        yield sys.stdin.buffer
        return
    try:
        stream = Path(name).open("rb")  # noqa: SIM115 - closed below, once the opening is sure
    except OSError as error:
        message = f"--batch {name} cannot be read ({error.strerror}): name a file, or - for stdin"
        raise UsageError(message) from error
    with stream:
        yield stream


def read_batch(lines: Iterable[bytes]) -> Iterator[BatchQuestion | BadLine]:
    """Yield what each line that is not blank asks, as soon as it has come."""
    for number, raw in enumerate(lines, start=1):
        line = raw.removeprefix(BYTE_ORDER_MARK) if number == 1 else raw
        try:
            text = line.decode("utf-8").strip()
        except UnicodeDecodeError:
            yield BadLine(str(number), f"line {number} is not UTF-8: save the file as UTF-8")
            continue
        if text.startswith("{"):
            yield read_json_line(text, number)
        elif text:
            yield BatchQuestion(str(number), text)


def read_json_line(text: str, number: int) -> BatchQuestion | BadLine:
    """Read a JSON line; the id comes back in any case where it can be read."""
    try:
        record = json.loads(text, parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        return BadLine(str(number), f"line {number} is not JSON ({reason})")
    identifier = record.get("id", str(number))
    try:
        return BatchQuestion(
            id=identifier,
            question=_question(record.get("question")),
            article_ids=_article_ids(record.get("article_ids")),
            history=_history(record.get("history")),
            language=_language(record.get("lang")),
        )
    except ValueError as error:
        return BadLine(identifier, f"line {number}: {error}")


def _refuse(name: str) -> NoReturn:
    message = f"{name} is not a JSON number"
    raise ValueError(message)


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        _refuse(digits)
    return value


def _question(value: object) -> str:
    if not isinstance(value, str):
        message = '"question" must be a string'
        raise ValueError(message)
    return value


def _article_ids(value: object) -> tuple[str, ...] | None:
    if value is None:
        return None
    if not _is_list_of(value, str):
        message = '"article_ids" must be a list of strings'
        raise ValueError(message)
    return tuple(value)


def _history(value: object) -> tuple[Turn, ...]:
    if value is None:
        return ()
    if not _is_list_of(value, dict) or not all(_is_turn(each) for each in value):
        message = '"history" must be a list of {"question": "…", "answer": "…"}, oldest first'
        raise ValueError(message)
    return tuple(Turn(each["question"], each["answer"]) for each in value)


def _is_turn(record: dict[str, Any]) -> bool:
    return all(isinstance(record.get(name), str) for name in ("question", "answer"))


def _language(value: object) -> Language | None:
    if value is None:
        return None
    for language in LANGUAGES:
        if value == language:
            return language
    message = f'"lang" must be one of {", ".join(LANGUAGES)}'
    raise ValueError(message)


def _is_list_of(value: object, kind: type) -> TypeGuard[list[Any]]:
    return isinstance(value, list) and all(isinstance(each, kind) for each in value)
