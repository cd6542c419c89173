"""Questions from a file or from stdin, one a line, plain or as JSON."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from shutten.decoding import is_plain_text, printable
from shutten.errors import UsageError
from shutten.questions import MEMBERS, Question, parse_json, read_question

STDIN = "-"
_SAMPLE_BYTES = 8192
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that cannot be asked, and why."""

    id: object
    error: str


@contextlib.contextmanager
def open_batch(name: str) -> Iterator[Iterable[bytes]]:
    """Open a file, or stdin for "-", as lines of bytes; raises UsageError.

    What is no text is refused as a whole, stdin when its first line is read.
    """
    if name == STDIN:
        yield _text_lines(sys.stdin.buffer, name)
        return
    try:
        stream = Path(name).open("rb")  # noqa: SIM115 - closed below, once the opening is sure
    except OSError as error:
        message = f"--batch {name} cannot be read ({error.strerror}): name a file, or - for stdin"
        raise UsageError(message) from error
    with stream:
        _check_text(stream, name)
        yield stream


def _text_lines(stream: BinaryIO, name: str) -> Iterator[bytes]:
    _check_text(stream, name)
    yield from stream


def _check_text(stream: BinaryIO, name: str) -> None:
    sample = stream.peek(_SAMPLE_BYTES) if isinstance(stream, io.BufferedReader) else b""
    if not is_plain_text(sample):
        message = (
            f"--batch {printable(name)} is no text in UTF-8: name a file with one question a line,"
            " saved as UTF-8"
        )
        raise UsageError(message)


def read_batch(
    lines: Iterable[bytes], *, notice: Callable[[str], None]
) -> Iterator[Question | BadLine]:
    """Yield what each line that is not blank asks, as soon as it has come.

    `notice` is told of every name that means nothing here, once: a mistyped `article_ids` would
    else ask all articles without a word.
    """
    told = set(MEMBERS)
    for number, raw in enumerate(lines, start=1):
        line = raw.removeprefix(BYTE_ORDER_MARK) if number == 1 else raw
        try:
            text = line.decode("utf-8").strip()
        except UnicodeDecodeError:
            yield BadLine(str(number), f"line {number} is not UTF-8: save the file as UTF-8")
            continue
        if text.startswith("{"):
            yield read_json_line(text, number, told, notice)
        elif _is_array(text):
            yield BadLine(
                str(number),
                f'line {number} is a JSON array: write an object, as in {{"question": "…"}},'
                " or the question as it is",
            )
        elif text:
            yield Question(str(number), text)


def read_json_line(
    text: str, number: int, told: set[str], notice: Callable[[str], None]
) -> Question | BadLine:
    """Read a JSON line; the id comes back in any case where it can be read.

    A name that is not among `told` is noticed and added there.
    """
    try:
        record = parse_json(text)
    except ValueError as error:
        return BadLine(str(number), f"line {number} is not JSON ({error})")
    _notice_unknown(record, number, told, notice)
    identifier = record.get("id", str(number))
    try:
        return read_question(record, identifier)
    except ValueError as error:
        return BadLine(identifier, f"line {number}: {error}")


def _notice_unknown(
    record: Mapping[str, object], number: int, told: set[str], notice: Callable[[str], None]
) -> None:
    for name in record:
        if name not in told:
            told.add(name)
            known = ", ".join(MEMBERS)
            notice(f'line {number}: "{printable(name)}" is passed over; known are {known}')


def _is_array(text: str) -> bool:
    """Whether a line is a JSON array; a question may begin with a bracket too."""
    if not text.startswith("["):
        return False
    try:
        parse_json(text)
    except ValueError:
        return False
    return True
