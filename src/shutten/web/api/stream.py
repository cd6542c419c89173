"""An answer as it grows, in server-sent events."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from typing import Any, Final

from starlette.responses import StreamingResponse
from starlette.types import Send

from shutten.errors import ShuttenError
from shutten.grounding import answer_as_dict, hit_as_dict
from shutten.types import Answer, Claim, Language
from shutten.web.api.problems import RefusedError, as_refused, json_text

logger = logging.getLogger(__name__)

MEDIA_TYPE: Final = "text/event-stream"

Event = tuple[str, Any]
"""A name and its JSON value."""


class Telling:
    """Tells what is new in each longer answer. Claims are numbered from 1 as they come.

    One claim at most is pending, the last one; then it is either supported or removed.
    """

    def __init__(self) -> None:
        self._started = False
        self._supported = 0
        self._removed = 0
        self._number = 1
        self._pending = ""

    def news(self, answer: Answer) -> Iterator[Event]:
        """Yield the events of what has come since the answer before."""
        if not self._started and _has_looked(answer):
            self._started = True
            yield "hits", [hit_as_dict(hit) for hit in answer.hits]
        supported = [claim for claim in answer.claims if claim.supported]
        settled = [
            *((claim, "supported") for claim in supported[self._supported :]),
            *((claim, "removed") for claim in answer.removed[self._removed :]),
        ]
        settled.sort(key=lambda each: not self._pending.startswith(each[0].text))
        for claim, state in settled:
            yield from self._settled(claim, state)
        self._supported, self._removed = len(supported), len(answer.removed)
        for claim in answer.claims[len(supported) :]:
            yield from self._written(claim.text)

    def _settled(self, claim: Claim, state: str) -> Iterator[Event]:
        if not self._pending.startswith(claim.text):  # else the next claim has begun behind it
            yield from self._written(claim.text)
        yield "claim", {"n": self._number, "state": state, "text": claim.text}
        self._number += 1
        self._pending = ""

    def _written(self, text: str) -> Iterator[Event]:
        """Tell what has come to the pending claim; where it begins otherwise now, all of it."""
        if not self._pending or not text.startswith(self._pending):
            yield "claim", {"n": self._number, "state": "pending", "text": ""}
            self._pending = ""
        if text != self._pending:
            yield "delta", {"n": self._number, "text": text[len(self._pending) :]}
            self._pending = text


def _has_looked(answer: Answer) -> bool:
    """Whether the articles have been looked through; before, the question may be rewritten."""
    return bool(answer.hits or answer.text or answer.refused or answer.timings_ms.retrieve)


async def events(
    first: Answer,
    rest: AsyncGenerator[Answer],
    language: Language,
    *,
    suggesting: Callable[[Answer], Awaitable[Answer]] | None = None,
) -> AsyncGenerator[bytes]:
    """Yield the events of an answer that has begun; an error ends them, as `done` does.

    Only `suggestions` may come behind `done`: what `suggesting` adds to the answer.
    """
    telling = Telling()
    answer = first
    for event in telling.news(first):
        yield written(event)
    try:
        async with contextlib.aclosing(rest):
            async for answer in rest:
                for event in telling.news(answer):
                    yield written(event)
    except ShuttenError as error:
        yield written(("error", as_refused(error).body(language)))
    except Exception:  # the stream has begun: only an event can still say so
        logger.exception("an answer broke off")
        yield written(("error", RefusedError("internal").body(language)))
    else:
        yield written(("done", answer_as_dict(answer)))
        if suggesting is not None:
            yield written(await _suggestions(answer, suggesting))


async def _suggestions(answer: Answer, suggesting: Callable[[Answer], Awaitable[Answer]]) -> Event:
    """Return the event with the next questions; the answer has been told and stands without."""
    try:
        record = answer_as_dict(await suggesting(answer))
    except Exception:  # the answer has gone out and is complete without them
        logger.exception("next questions could not be found")
        record = answer_as_dict(answer)
    return "suggestions", {name: record[name] for name in ("suggestions", "timings_ms")}


def written(event: Event) -> bytes:
    """Return an event as it goes over the wire; its JSON is on one line."""
    name, value = event
    return f"event: {name}\ndata: {json_text(value)}\n\n".encode(errors="backslashreplace")


class EventResponse(StreamingResponse):
    """Events to one listener. When the listener leaves, so does the work behind them."""

    media_type = MEDIA_TYPE

    def __init__(self, content: AsyncGenerator[bytes], source: AsyncGenerator[Answer]) -> None:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(content, headers=headers)
        self._content = content
        self._source = source

    async def stream_response(self, send: Send) -> None:
        """Send the events, and close their source whatever happens, though none was sent."""
        async with contextlib.aclosing(self._source), contextlib.aclosing(self._content):
            await super().stream_response(send)
