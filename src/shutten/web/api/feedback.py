"""What people say of answers, as it comes over HTTP: counted, and kept where there is a store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import anyio

from shutten.errors import FeedbackError
from shutten.feedback import (
    LONGEST_NAME,
    RATINGS,
    REASONS,
    Feedback,
    FeedbackStore,
    Reason,
    about,
)
from shutten.questions import one_of
from shutten.web.api.metrics import Metrics
from shutten.web.api.problems import RefusedError
from shutten.web.api.requests import answer_in

if TYPE_CHECKING:
    from shutten.index import Index

LONGEST: Final = {
    "answer_id": 100,
    "question": 2000,
    "comment": 1000,
    "vote": 100,
    "index_version": 100,
}
"""Characters of the free texts."""

SHORTEST_VOTE: Final = 16
"""Of a name that nobody can guess, in characters."""

MOST_ARTICLES: Final = 1000


def read_feedback(record: Mapping[str, Any]) -> Feedback:
    """Read an opinion's JSON object; raises ValueError, whose message names the member at fault."""
    texts = {name: _text(name, record.get(name), most) for name, most in LONGEST.items()}
    opinion = Feedback(
        one_of("rating", record.get("rating"), RATINGS),
        _reason(record.get("reason")),
        texts["comment"],
        vote=_vote(texts["vote"]),
        private=_private(record.get("private")),
        answer_id=texts["answer_id"],
        question=texts["question"],
        index_version=texts["index_version"],
        article_ids=_article_ids(record.get("article_ids")),
    )
    given = record.get("answer")
    return opinion if given is None else about(opinion, answer_in(given))


def _reason(value: object) -> Reason | None:
    return None if value is None else one_of("reason", value, REASONS)


def _text(name: str, value: object, most: int) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > most:
        message = f'"{name}" must be a string of up to {most} characters'
        raise ValueError(message)
    return value


def _vote(name: str | None) -> str | None:
    if name is not None and len(name) < SHORTEST_VOTE:
        message = f'"vote" must be a random string of at least {SHORTEST_VOTE} characters'
        raise ValueError(message)
    return name


def _article_ids(value: object) -> tuple[str, ...] | None:
    if value is None:
        return None
    if (
        not isinstance(value, list)
        or len(value) > MOST_ARTICLES
        or not all(isinstance(each, str) for each in value)
    ):
        message = f'"article_ids" must be a list of up to {MOST_ARTICLES} strings'
        raise ValueError(message)
    return tuple(each[:LONGEST_NAME] for each in value)


def _private(value: object) -> bool:
    if not isinstance(value, bool | None):
        message = '"private" must be true or false'
        raise ValueError(message)
    return bool(value)


class Ballot:
    """Takes what people say of answers, from programs, the widget and the page alike."""

    def __init__(self, store: FeedbackStore | None, metrics: Metrics, index: Index) -> None:
        self._store = store
        self._metrics = metrics
        self._index = index

    async def take(self, record: Mapping[str, Any]) -> bool:
        """Count an opinion, and return whether it is kept; raises RefusedError.

        `{"rating": null, "vote": …}` takes one's own back.
        """
        try:
            if "rating" in record and record["rating"] is None:
                return await self._withdrawn(record)
            opinion = read_feedback(record)
        except ValueError as error:
            raise RefusedError("invalid_request", detail=error) from error
        kept = await anyio.to_thread.run_sync(self._kept, opinion)
        self._metrics.count_feedback(opinion.rating)
        return kept

    async def _withdrawn(self, record: Mapping[str, Any]) -> bool:
        vote = _vote(_text("vote", record.get("vote"), LONGEST["vote"]) or "")
        if self._store is not None and vote is not None:
            await anyio.to_thread.run_sync(self._withdraw, self._store, vote)
        return False

    def _withdraw(self, store: FeedbackStore, vote: str) -> None:
        try:
            store.withdraw(vote)
        except FeedbackError as error:
            raise RefusedError("feedback_not_kept") from error

    def _kept(self, opinion: Feedback) -> bool:
        if self._store is None:
            return False
        version = opinion.index_version or str(self._index.sequence)
        try:
            self._store.keep(replace(opinion, index_version=version))
        except FeedbackError as error:
            raise RefusedError("feedback_not_kept") from error
        return True
