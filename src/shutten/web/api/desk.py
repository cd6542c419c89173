"""Where questions of programs are answered: beside the event loop, a few at a time, counted."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import AsyncGenerator, Callable, Collection, Generator
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

import anyio

from shutten.errors import ShuttenError, UsageError
from shutten.grounding import answer_as_dict, hit_as_dict
from shutten.questions import Question, clean_question
from shutten.suggesting import SHOWN, Answered, Suggester, Suggestion, with_suggestions
from shutten.types import Answer
from shutten.web.answerers import OneWriter, Writers
from shutten.web.api.metrics import Metrics
from shutten.web.api.problems import RefusedError

if TYPE_CHECKING:
    from shutten.assistant import Assistant

logger = logging.getLogger(__name__)

AT_ONCE: Final = 4
"""How many questions are worked on at the same time; more would only share the same processor."""

WAITING: Final = 128
"""How many may wait behind them."""

ABANDONED: Final = "abandoned"
FAILED: Final = "failed"
REJECTED: Final = "rejected"
"""What is counted in place of an answer's status where none came of the question."""

Groups = Collection[str] | None
"""The groups of who asks; None is the keeper of the index, who sees everything."""

Result = TypeVar("Result")


class Desk:
    """Answers questions off the event loop. Holds nothing of any of them."""

    def __init__(
        self,
        assistant: Assistant,
        metrics: Metrics,
        writers: Writers | None = None,
        *,
        most_suggestions: int = SHOWN,
    ) -> None:
        self._assistant = assistant
        self._most_suggestions = most_suggestions
        self._metrics = metrics
        self._writers = writers or OneWriter(assistant.writer)
        self._places = anyio.CapacityLimiter(AT_ONCE)

    async def ask(self, asked: Question, groups: Groups) -> dict[str, Any]:
        """Return the Answer's JSON object; raises RefusedError and what `Assistant.ask` does."""
        async with contextlib.aclosing(self.growing(asked, groups)) as growing:
            answers = [answer async for answer in growing]
        if asked.suggest:
            return answer_as_dict(await self.with_suggestions(answers[-1], asked, groups))
        return answer_as_dict(answers[-1])

    async def with_suggestions(self, answer: Answer, asked: Question, groups: Groups) -> Answer:
        """Return a complete answer with questions to ask next; none where they cannot be had.

        Who stops listening ends the work before the next question is tried.
        """
        started = time.perf_counter()
        suggester = Suggester(self._assistant.seen_by(groups), most=self._most_suggestions)
        steps = suggester.steps(Answered(answer, asked.history, asked.article_ids, asked.suggested))
        found: tuple[Suggestion, ...] = ()
        try:
            while (step := await self._run(partial(next, steps, None))) is not None:
                found = step
        except ShuttenError as error:  # an article that has left meanwhile, or too many who wait
            logger.info("no more questions are suggested: %s", error)
        took = (time.perf_counter() - started) * 1000
        return with_suggestions(answer, found, milliseconds=took)

    async def growing(self, asked: Question, groups: Groups) -> AsyncGenerator[Answer]:
        """Yield ever longer answers; the last is final. Who stops listening ends the work."""
        self._check(asked.question)
        started = time.perf_counter()
        status: str = ABANDONED
        assistant = self._assistant.seen_by(groups).written_by(self._writers.current)
        steps = assistant.stream(
            asked.question,
            history=asked.history,
            article_ids=asked.article_ids,
            language=asked.language,
            answer_id=str(asked.id),
            quoting=asked.quoting,
        )
        try:
            last = None
            while (answer := await self._run(partial(next, steps, None))) is not None:
                last = answer
                yield answer
            status = last.status if last else FAILED
        except UsageError:
            status = REJECTED
            raise
        except Exception:  # whatever it was, it is counted and goes on
            status = FAILED
            raise
        finally:
            self._metrics.count_answer(status, time.perf_counter() - started)
            await _closed(steps)

    async def search(self, asked: Question, groups: Groups, *, k: int) -> dict[str, Any]:
        """Return the hits' JSON object; raises RefusedError and what `Assistant.search` does."""
        self._check(asked.question)
        search = self._assistant.seen_by(groups).search
        find = partial(search, asked.question, k=k, article_ids=asked.article_ids)
        hits = await self._run(find)
        shown = [hit_as_dict(hit) for hit in hits]
        return {"id": asked.id, "question": asked.question, "hits": shown}

    def _check(self, question: str) -> None:
        count = len(clean_question(question))
        maximum = self._assistant.max_question_characters
        if not count:
            raise RefusedError("question_empty")
        if count > maximum:
            raise RefusedError("question_too_long", count=f"{count:,}", maximum=f"{maximum:,}")

    async def _run(self, work: Callable[[], Result]) -> Result:
        if self._places.statistics().tasks_waiting >= WAITING:
            raise RefusedError("busy", headers={"Retry-After": "1"})
        return await anyio.to_thread.run_sync(work, limiter=self._places)


async def _closed(steps: Generator[Answer]) -> None:
    """End an answer whoever has gone away meanwhile: its language model stops before this returns.

    That may wait for the model, so it is done beside the event loop, and not for want of a place.
    """
    with anyio.CancelScope(shield=True):
        await anyio.to_thread.run_sync(steps.close, limiter=anyio.CapacityLimiter(1))
