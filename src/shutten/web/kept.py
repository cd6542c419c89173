"""A conversation that a browser tab has kept over a reload, as it comes back from there.

keep.js writes it. Answers come as their JSON and become HTML here once more, escaped as ever: no
HTML is ever kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from shutten.questions import parse_json
from shutten.types import Answer
from shutten.web.api.problems import RefusedError
from shutten.web.api.requests import answer_in
from shutten.web.conversation import SHOWN_MESSAGES
from shutten.web.judging import Circumstances, read_asked_again
from shutten.web.markup import Reference
from shutten.web.next_questions import Place

MOST_ANSWERS: Final = SHOWN_MESSAGES // 2

_KEY: Final = re.compile("[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """A question with its answer; None where it was stopped before anything stood.

    `key` names the answer in the page and the opinion of it.
    """

    question: str
    chosen: tuple[Reference, ...]
    answer: Answer | None
    place: Place
    about: Circumstances
    key: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What a tab has kept; `had_files` is whether files had been added under its token."""

    token: str
    turns: str
    had_files: bool
    answers: tuple[KeptAnswer, ...]


def read_kept(written: str) -> Kept | None:
    """Read what keep.js wrote, leaving out what is no answer; None where it is something else."""
    try:
        record: Any = parse_json(written or "null")
    except ValueError:
        return None
    if not isinstance(record, dict):
        return None
    entries = record.get("answers")
    found = map(_answer, entries[-MOST_ANSWERS:] if isinstance(entries, list) else ())
    return Kept(
        _text(record.get("token")),
        _text(record.get("turns")),
        record.get("files") is True,
        tuple(each for each in found if each),
    )


def _answer(entry: object) -> KeptAnswer | None:
    record: dict[str, Any] = entry if isinstance(entry, dict) else {}
    given = record.get("about")
    about: dict[str, Any] = given if isinstance(given, dict) else {}
    asked = read_asked_again(_text(about.get("again")))
    if asked is None:
        return None
    question, chosen = asked
    key, is_stopped = _text(record.get("key")), "answer" not in record
    if not is_stopped and not _KEY.fullmatch(key):
        return None
    try:
        answer = None if is_stopped else answer_in(record["answer"])
    except RefusedError:
        return None
    place = Place.read(record.get("place"))
    return KeptAnswer(question, chosen, answer, place, _circumstances(about, chosen), key)


def _circumstances(about: dict[str, Any], chosen: Sequence[Reference]) -> Circumstances:
    version = _text(about.get("index_version"))
    return Circumstances(tuple(chosen), about.get("private") is not False, version)


def _text(given: object) -> str:
    return given if isinstance(given, str) else ""
