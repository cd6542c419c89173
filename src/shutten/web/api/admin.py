"""Changes to the index over HTTP, for who holds the admin token; without one they are not there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import anyio
from fastapi import APIRouter, Security
from fastapi.security import HTTPBearer
from starlette.requests import Request

from shutten.bulk import article_from_fields
from shutten.decoding import half_character
from shutten.index import IndexReport, IndexWriter
from shutten.types import Article
from shutten.web.api.guard import holds_key
from shutten.web.api.problems import JsonResponse, RefusedError, unauthorized
from shutten.web.api.requests import read_record
from shutten.web.api.shapes import ArticleBody, Change, PageBody, PageChange, accepted, answered
from shutten.wiki.refresh import PATIENCE_SECONDS, Refresher

if TYPE_CHECKING:
    from shutten.assistant import Assistant
    from shutten.settings import Settings

Result = TypeVar("Result")

LONGEST_NAME = 1000
PAGES_AT_ONCE = 4
"""How many pages are read from wikis at the same time."""

DESCRIPTION = "The token that SHUTTEN_ADMIN_TOKEN sets."


WAITING = 64
"""How many changes may wait behind the one that is made."""


class Admin:
    """Adds, updates and removes single articles, one change after the other."""

    def __init__(self, settings: Settings, assistant: Assistant, token: str) -> None:
        self._directory = settings.index
        self._index = assistant.index
        self._embedder = assistant.embedder
        self._token = token
        self._refresher = Refresher(settings, assistant.embedder)
        self._one_at_a_time = anyio.CapacityLimiter(1)
        self._pages_at_once = anyio.CapacityLimiter(PAGES_AT_ONCE)

    def routes(self) -> APIRouter:
        """Return the addresses under /api; each refuses who does not carry the token."""
        described = HTTPBearer(auto_error=False, scheme_name="admin", description=DESCRIPTION)
        router = APIRouter(tags=["administration"], dependencies=[Security(described)])
        path, problems = "/api/articles/{article_id:path}", (401, 413, 422, 503)
        router.add_api_route(
            path,
            self.put,
            methods=["PUT"],
            summary="Add or update an article",
            openapi_extra=accepted(ArticleBody),
            responses={
                **answered(Change, 200, *problems, 400, 415),
                201: {"model": Change, "description": "Added."},
            },
        )
        router.add_api_route(
            path,
            self.delete,
            methods=["DELETE"],
            summary="Remove an article",
            responses=answered(Change, 200, *problems, 404),
        )
        router.add_api_route(
            "/api/webhook",
            self.webhook,
            methods=["POST"],
            summary="Read one page of a wiki again",
            openapi_extra=accepted(PageBody),
            responses=answered(PageChange, 200, 400, 401, 404, 413, 415, 422, 502, 503),
        )
        return router

    async def webhook(self, request: Request) -> JsonResponse:
        """Take over that one page of a synced wiki was changed, renamed or deleted.

        The page is read where the wiki was synced from. The answer comes when it can be found.
        """
        self._check(request)
        source, page, was = _named_in(await read_record(request))
        refresh = partial(self._refresher.refresh, self._index, source, page, was=was)
        refreshed = await self._waited_for(self._pages_at_once, refresh)
        return JsonResponse(asdict(refreshed))

    async def put(self, request: Request, article_id: str) -> JsonResponse:
        """Index one article under this id. The answer comes when it can be found."""
        self._check(request)
        record = await read_record(request)
        article = article_from_fields({**record, "id": article_id}, "the body", alone=True)
        report = await self._change(partial(self._add, article))
        change = "added" if report.added else "updated" if report.updated else "unchanged"
        status = 201 if report.added else 200
        return JsonResponse(_changed(article_id, change, report), status_code=status)

    async def delete(self, request: Request, article_id: str) -> JsonResponse:
        """Remove one article; no search finds it any more."""
        self._check(request)
        report = await self._change(partial(self._remove, article_id))
        return JsonResponse(_changed(article_id, "removed", report))

    def _check(self, request: Request) -> None:
        if not holds_key(request.headers.get("authorization"), [self._token]):
            raise unauthorized()

    async def _change(self, change: Callable[[], Result]) -> Result:
        return await self._waited_for(self._one_at_a_time, change)

    async def _waited_for(
        self, limiter: anyio.CapacityLimiter, change: Callable[[], Result]
    ) -> Result:
        if limiter.statistics().tasks_waiting >= WAITING:
            raise RefusedError("index_busy", headers={"Retry-After": "1"})
        return await anyio.to_thread.run_sync(change, limiter=limiter)

    def _add(self, article: Article) -> IndexReport:
        with IndexWriter.open(self._directory, patience=PATIENCE_SECONDS) as writer:
            return writer.add([article], self._embedder)

    def _remove(self, article_id: str) -> IndexReport:
        with IndexWriter.open(self._directory, patience=PATIENCE_SECONDS) as writer:
            return writer.remove([article_id])


def _named_in(record: dict[str, Any]) -> tuple[str, str, str | None]:
    """Return the source, the page and its former name that a body names; raises RefusedError."""
    for name in ("source", "page", "was"):
        value = record.get(name)
        if not isinstance(value, str) and not (name == "was" and value is None):
            raise RefusedError("invalid_request", detail=f'"{name}" must be a string')
        if value is not None and not (value.strip() and len(value) <= LONGEST_NAME):
            detail = f'"{name}" must have 1 to {LONGEST_NAME} characters'
            raise RefusedError("invalid_request", detail=detail)
        if value is not None and half_character(value):
            detail = f'"{name}" holds half a surrogate pair, which is no text'
            raise RefusedError("invalid_request", detail=detail)
    return record["source"], record["page"], record.get("was")


def _changed(article_id: str, change: str, report: IndexReport) -> dict[str, Any]:
    return {"id": article_id, "change": change, "sentences_embedded": report.sentences_embedded}
