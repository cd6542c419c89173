"""Questions to ask next, for the page: page.js asks for them once an answer is complete."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import anyio
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shutten.errors import ShuttenError
from shutten.suggesting import Answered, Suggestion
from shutten.types import Turn
from shutten.web.api.guard import RateLimit, check_length
from shutten.web.api.problems import JsonResponse
from shutten.web.api.requests import answer_in, read_record, while_listening
from shutten.web.conversation import read_turns
from shutten.web.library import Asked, Library, Located
from shutten.web.markup import ORIGINS, Origin, Reference, references
from shutten.web.visitors import visitor_of

logger = logging.getLogger(__name__)

PATH: Final = "/suggestions"
"""Behind the page's own path; programs ask with `"suggest": true` at /api/ask."""

AT_ONCE: Final = 2
"""For how many pages questions are tried at the same time: answers go first."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer came from and which articles were asked, as the page carries it."""

    origin: Origin
    chosen: tuple[Reference, ...] = ()

    @classmethod
    def of(cls, located: Located, asked: Asked) -> Place:
        """Return where an answer came from."""
        return cls(located.origin, asked.chosen)

    @classmethod
    def read(cls, given: object) -> Place:
        """Read what `as_record` gave; of anything else, the whole index."""
        record: Mapping[str, Any] = given if isinstance(given, dict) else {}
        chosen = record.get("chosen")
        names = chosen if isinstance(chosen, list) else []
        found = references([each for each in names if isinstance(each, str)])
        return cls(ORIGINS.get(str(record.get("origin")), "index"), found)

    def as_record(self) -> dict[str, Any]:
        """Return what the page sends back with the request for questions."""
        return {"origin": self.origin, "chosen": [str(each) for each in self.chosen]}

    @property
    def article_ids(self) -> tuple[str, ...] | None:
        """The articles that were asked there; None where all were."""
        if not self.chosen:
            return None
        return tuple(each.article_id for each in self.chosen if each.origin == self.origin)


class NextQuestions:
    """Finds what a page can ask next. Holds nothing of any visitor.

    `rate` limits how often each visitor may have questions looked for.
    """

    def __init__(self, library: Library, rate: RateLimit, *, megabytes: int, most: int) -> None:
        self._library = library
        self._rate = rate
        self._megabytes = megabytes
        self._most = most
        self._places = anyio.CapacityLimiter(AT_ONCE)

    def route(self, path: str) -> Route:
        """Return the page's own address for them, which needs no key as the page needs none."""
        return Route(path + PATH, self._respond, methods=["POST"], include_in_schema=False)

    async def _respond(self, request: Request) -> Response:
        """Answer with `suggestions` and `timings_ms`; a page that leaves ends the work."""
        check_length(request, megabytes=self._megabytes)
        visitor = visitor_of(request)
        record = await read_record(request)
        library = self._library.seen_by(visitor.groups)
        answered, place, token = _read(record)
        if not self._most or self._rate.wait(visitor.counted_as):
            return _response((), 0.0)
        finding = self._find(library, answered, place, token)
        found = await while_listening(request, finding)
        return Response() if found is None else found

    async def _find(
        self, library: Library, answered: Answered, place: Place, token: str
    ) -> Response:
        started = time.perf_counter()
        found: tuple[Suggestion, ...] = ()
        try:
            suggester = library.suggester(place.origin, token, most=self._most)
            steps = suggester.steps(answered)
            while (step := await self._run(partial(next, steps, None))) is not None:
                found = step
        except ShuttenError as error:  # an article or an added file that has left meanwhile
            logger.info("no more questions are suggested: %s", error)
        questions = tuple(each.question for each in found)
        return _response(questions, (time.perf_counter() - started) * 1000)

    async def _run(self, work: partial[Any]) -> Any:  # noqa: ANN401 - what the work returns
        return await anyio.to_thread.run_sync(work, limiter=self._places)


def _read(record: Mapping[str, Any]) -> tuple[Answered, Place, str]:
    """Read what page.js sends; raises RefusedError."""
    answer = answer_in(record.get("answer"))
    read = Place.read(record.get("place"))
    turns = read_turns(str(record.get("turns", "")))
    history = _before(turns, Turn(answer.question, answer.text))
    given = record.get("suggested")
    suggested = [each for each in given if isinstance(each, str)] if isinstance(given, list) else []
    answered = Answered(answer, history, read.article_ids, tuple(suggested))
    return answered, read, str(record.get("token", ""))


def _before(turns: Sequence[Turn], last: Turn) -> tuple[Turn, ...]:
    """Return the turns before the last one, which the page may or may not count already."""
    return tuple(turns[:-1] if turns and turns[-1] == last else turns)


def _response(questions: Sequence[str], milliseconds: float) -> Response:
    return JsonResponse(
        {"suggestions": list(questions), "timings_ms": {"suggest": round(milliseconds, 2)}}
    )
