"""What came in: a JSON object, and what the headers ask for."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Mapping
from difflib import get_close_matches
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, TypeVar

import anyio
from starlette.requests import Request

from shutten.questions import (
    LANGUAGES,
    MEMBERS,
    Question,
    clean_question,
    parse_json,
    read_question,
)
from shutten.types import Answer
from shutten.web.api.problems import RefusedError

if TYPE_CHECKING:
    from pydantic import TypeAdapter

JSON_MEDIA_TYPE: Final = "application/json"

MOST_HITS: Final = 100

NAMES: Final = (*MEMBERS, "top")
"""What the body of a question may hold."""

TELLING: Final = tuple(name for name in NAMES if len(name) > len("lang"))
"""Those of them that others' names are not like by chance, as "stop" is like "top"."""

NEARNESS: Final = 0.8
"""From which likeness on (difflib's ratio) an unknown name is taken for a mistyped one."""

LONGEST_NAME: Final = 40
MOST_UNKNOWN: Final = 50
"""How many unknown names are looked at, and how much of each."""

Result = TypeVar("Result")


async def read_record(request: Request) -> dict[str, Any]:
    """Return the body's JSON object and remember its `lang`; raises RefusedError.

    A page of another site can send a form without asking first, but not this content type.
    """
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != JSON_MEDIA_TYPE:
        raise RefusedError("unsupported_media_type")
    body = await request.body()
    try:
        record = parse_json(body.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise RefusedError("invalid_json", detail="UTF-8") from error
    except ValueError as error:
        raise RefusedError("invalid_json", detail=error) from error
    if not isinstance(record, dict):
        raise RefusedError("invalid_request", detail='{"…": …}')
    if record.get("lang") in LANGUAGES:
        request.state.lang = record["lang"]
    return record


def answer_in(record: object) -> Answer:
    """Return an answer from its JSON object; raises RefusedError."""
    (answer,) = answers_in([record])
    return answer


def answers_in(records: object) -> tuple[Answer, ...]:
    """Return answers from a list of their JSON objects; raises RefusedError."""
    from pydantic import ValidationError

    try:
        return _answers_shape().validate_python(records)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        detail = f'"answers": {place}: {first["msg"]}' if place else '"answers"'
        raise RefusedError("invalid_request", detail=detail) from error


@cache
def _answers_shape() -> TypeAdapter[tuple[Answer, ...]]:
    from pydantic import TypeAdapter

    return TypeAdapter(tuple[Answer, ...])


def asked_in(record: dict[str, Any]) -> Question:
    """Return the question that a body asks, with an id of its own; raises RefusedError."""
    _check_names(record)
    try:
        return read_question(record, uuid.uuid4().hex)
    except ValueError as error:
        raise RefusedError("invalid_request", detail=error) from error


def _check_names(record: Mapping[str, Any]) -> None:
    """Refuse a mistyped name: without its articles, a question would be asked of all.

    What is like no name of ours is passed over, as others may send more than we read.
    """
    for name in islice((each for each in record if each not in NAMES), MOST_UNKNOWN):
        near = get_close_matches(name[:LONGEST_NAME], TELLING, n=1, cutoff=NEARNESS)
        if near:
            shown = clean_question(name[:LONGEST_NAME])
            detail = f'"{shown}" is unknown: is "{near[0]}" meant?'
            raise RefusedError("invalid_request", detail=detail)


def top_in(record: dict[str, Any]) -> int:
    """Return how many hits a body asks for; raises RefusedError."""
    top = record.get("top", 10)
    if isinstance(top, bool) or not isinstance(top, int) or not 1 <= top <= MOST_HITS:
        detail = f'"top" must be a whole number from 1 to {MOST_HITS}'
        raise RefusedError("invalid_request", detail=detail)
    return top


def accepts(request: Request, media_type: str) -> bool:
    """Whether the Accept header names this very type."""
    named = request.headers.get("accept", "").split(",")
    return media_type in {each.partition(";")[0].strip().lower() for each in named}


async def while_listening(request: Request, work: Awaitable[Result]) -> Result | None:
    """Return what comes of the work, None where the client has hung up before it was done.

    The work is then cancelled: it ends before its next step. The body must have been read.
    """
    done: list[Result] = []

    async def end_when_gone() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        group.cancel_scope.cancel()

    # The error of the work itself, and not the group of errors that a task group makes of it.
    failed: list[Exception] = []

    async def finish() -> None:
        try:
            done.append(await work)
        except Exception as error:  # noqa: BLE001 - raised again below
            failed.append(error)
        group.cancel_scope.cancel()

    async with anyio.create_task_group() as group:
        group.start_soon(end_when_gone)
        group.start_soon(finish)
    if failed:
        raise failed[0]
    return done[0] if done else None
