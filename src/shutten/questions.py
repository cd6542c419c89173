"""What somebody asks: as it was typed, and read from JSON (a line of a batch, a request)."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, TypeGuard, TypeVar, get_args

from shutten.types import Language, Turn

LANGUAGES: tuple[Language, ...] = get_args(Language)

MEMBERS = ("id", "question", "article_ids", "history", "lang", "quoting", "suggest", "suggested")
"""The names that a question's JSON object may have."""

Choice = TypeVar("Choice")


@dataclass(frozen=True, slots=True)
class Question:
    """A question with all that it may carry; `article_ids` None means every article.

    `id` is a JSON value, which comes back with the answer.
    """

    id: object
    question: str
    article_ids: tuple[str, ...] | None = None
    history: tuple[Turn, ...] = ()
    language: Language | None = None
    quoting: bool = False
    """Whether a quotation is wanted where a language model could write."""
    suggest: bool = False
    """Whether questions to ask next are wanted with the answer."""
    suggested: tuple[str, ...] = ()
    """Those that were suggested before: none of them is again."""


_TERMINAL = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
"""A control sequence (ECMA-48, section 5.4)."""


def clean_question(question: str) -> str:
    """Take out control and format characters and lone surrogates; white space becomes one space.

    What colours a terminal's text goes as a whole.
    """
    kept = (
        " " if character.isspace() else character
        for character in _TERMINAL.sub("", question)
        if character.isspace() or unicodedata.category(character) not in ("Cc", "Cf", "Cs")
    )
    return " ".join("".join(kept).split())


def parse_json(text: str) -> Any:  # noqa: ANN401 - whatever the JSON holds
    """Return the value of a JSON text, in which every number is finite; raises ValueError.

    The message says what is wrong without repeating the text.
    """
    try:
        return json.loads(text, parse_constant=_refuse, parse_float=_finite)
    except json.JSONDecodeError as error:
        raise ValueError(error.msg) from error
    except RecursionError as error:
        raise ValueError(str(error)) from error


def read_question(record: Mapping[str, Any], identifier: object) -> Question:
    """Read a question's JSON object; null and absent mean the same, unknown names are passed over.

    `identifier` is the question's id. Raises ValueError, whose message names the member that is
    not what it must be.
    """
    return Question(
        id=identifier,
        question=_question(record.get("question")),
        article_ids=_strings("article_ids", record.get("article_ids")),
        history=_history(record.get("history")),
        language=_language(record.get("lang")),
        quoting=_flag("quoting", record.get("quoting")),
        suggest=_flag("suggest", record.get("suggest")),
        suggested=_strings("suggested", record.get("suggested")) or (),
    )


def one_of(name: str, value: object, choices: Sequence[Choice]) -> Choice:
    """Return the choice that a member's value is; raises ValueError, which names them all."""
    for choice in choices:
        if value == choice:
            return choice
    message = f'"{name}" must be one of {", ".join(map(str, choices))}'
    raise ValueError(message)


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


def _strings(name: str, value: object) -> tuple[str, ...] | None:
    if value is None:
        return None
    if not _is_list_of(value, str):
        message = f'"{name}" must be a list of strings'
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
    return None if value is None else one_of("lang", value, LANGUAGES)


def _flag(name: str, value: object) -> bool:
    if value is None or isinstance(value, bool):
        return bool(value)
    message = f'"{name}" must be true or false'
    raise ValueError(message)


def _is_list_of(value: object, kind: type) -> TypeGuard[list[Any]]:
    return isinstance(value, list) and all(isinstance(each, kind) for each in value)
