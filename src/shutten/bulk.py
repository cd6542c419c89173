"""Bulk import: a `.jsonl` file with one article per line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shutten.decoding import MAX_BYTES, half_character, printable
from shutten.errors import ArticleError
from shutten.sentences import detect_language
from shutten.types import Article

_OPTIONAL = ("url", "language", "revision")


def read_bulk(path: Path) -> Iterator[tuple[int, Article | ArticleError]]:
    """Yield each line's number (from 1) and its article, or the error that says what is wrong.

    Ids are kept as given, and titles are not part of the text. Blank lines are skipped.
    Raises ArticleError where the file itself cannot be read.
    """
    empty = True
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if line.strip(b"\xef\xbb\xbf \t\r\n"):
                    empty = False
                    yield number, _read_line(line, f"{printable(path)}, line {number}")
    except OSError as error:
        message = f"{printable(path)} cannot be read: {error.strerror}"
        raise ArticleError(message) from error
    if empty:
        message = f"{printable(path)} is empty: write one article per line as JSON"
        raise ArticleError(message)


def _read_line(line: bytes, where: str) -> Article | ArticleError:
    try:
        return article_from_fields(_parse(line, where), where)
    except ArticleError as error:
        return error


def _parse(line: bytes, where: str) -> Any:  # noqa: ANN401
    if len(line) > MAX_BYTES:
        message = f"{where}: too long (at most {MAX_BYTES / 1e6:.0f} MB): divide the article"
        raise ArticleError(message)
    try:
        return json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        message = f"{where}: not UTF-8 (byte {error.start + 1}): save the file as UTF-8"
        raise ArticleError(message) from error
    except (ValueError, RecursionError) as error:
        message = (
            f'{where}: not JSON ({error}): write {{"id": …, "title": …, "text": …}} on one line'
        )
        raise ArticleError(message) from error


def article_from_fields(fields: object, where: str, *, alone: bool = False) -> Article:
    """Return the article that a JSON object describes; `where` begins the message of an error.

    One that comes `alone`, and not in a line, has its id from elsewhere.
    """
    if not isinstance(fields, dict):
        message = f'{where}: not a JSON object: write {{"id": …, "title": …, "text": …}}'
        raise ArticleError(message)
    for name in ("id", "title", "text"):
        _check_required(fields, name, where, alone=alone)
    for name in _OPTIONAL:
        if fields.get(name) is not None:
            _check_string(fields, name, where)
    if "\0" in fields["id"]:
        message = f'{where}: "id" holds a NUL character (\\u0000): leave it out'
        raise ArticleError(message)
    groups = _groups(fields, where)
    return Article(
        id=fields["id"],
        title=fields["title"],
        text=fields["text"],
        url=fields.get("url"),
        language=fields.get("language") or detect_language(fields["text"]),
        revision=fields.get("revision"),
        groups=groups,
    )


def _groups(fields: dict[str, Any], where: str) -> tuple[str, ...]:
    """Return who may see an article; a mistake here must not open it to everybody."""
    given = fields.get("groups")
    if given is None:
        return ()
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        message = f'{where}: "groups" is not a list of strings: write ["name", …]'
        raise ArticleError(message)
    for name in given:
        check_group(name, f'{where}: "groups"')
    return tuple(dict.fromkeys(given))


def check_group(name: str, where: str) -> None:
    """Raise ArticleError for a name that no sign-in header could carry."""
    if not name.strip() or name != name.strip() or "," in name or not name.isprintable():
        message = (
            f"{where}: {printable(name)!r} is not the name of a group: one has no comma and no"
            " white space around it"
        )
        raise ArticleError(message)


def _check_required(fields: dict[str, Any], name: str, where: str, *, alone: bool) -> None:
    if name not in fields:
        needed = 'an article needs "title"' if alone else 'every line needs "id", "title"'
        message = f'{where}: "{name}" is missing: {needed} and "text"'
        raise ArticleError(message)
    _check_string(fields, name, where)
    if not fields[name].strip():
        cure = "fill it" if alone else "fill it, or leave the line out"
        message = f'{where}: "{name}" is empty: {cure}'
        raise ArticleError(message)


def _check_string(fields: dict[str, Any], name: str, where: str) -> None:
    if not isinstance(fields[name], str):
        message = f'{where}: "{name}" is not a string: put it in quotation marks'
        raise ArticleError(message)
    if half := half_character(fields[name]):
        message = (
            f'{where}: "{name}" holds half a character (\\u{ord(half):04x}):'
            " write surrogates in pairs, or the character itself"
        )
        raise ArticleError(message)
