"""Changes to the index over HTTP, for who holds the admin token; without one they are not there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import anyio
from fastapi import APIRouter, Security
from fastapi.security import HTTPBearer
from starlette.requests import Request

from shutten.bulk import article_from_fields
from shutten.index import IndexReport, IndexWriter
from shutten.types import Article, Embedder
from shutten.web.api.guard import holds_key
from shutten.web.api.problems import JsonResponse, unauthorized
from shutten.web.api.requests import read_record
from shutten.web.api.shapes import ArticleBody, Change, accepted, answered

Result = TypeVar("Result")

DESCRIPTION = "The token that SHUTTEN_ADMIN_TOKEN sets."


class Admin:
    """Adds, updates and removes single articles, one change after the other."""

    def __init__(self, directory: Path, embedder: Embedder, token: str) -> None:
        self._directory = directory
        self._embedder = embedder
        self._token = token
        self._one_at_a_time = anyio.CapacityLimiter(1)

    def routes(self) -> APIRouter:
        """Return the two addresses."""
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
        return router

    async def put(self, request: Request, article_id: str) -> JsonResponse:
        """Index one article under this id. The answer comes when it can be found."""
        self._check(request)
        record = await read_record(request)
        article = article_from_fields({**record, "id": article_id}, "the body")
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
        return await anyio.to_thread.run_sync(change, limiter=self._one_at_a_time)

    def _add(self, article: Article) -> IndexReport:
        with IndexWriter.open(self._directory) as writer:
            return writer.add([article], self._embedder)

    def _remove(self, article_id: str) -> IndexReport:
        with IndexWriter.open(self._directory) as writer:
            return writer.remove([article_id])


def _changed(article_id: str, change: str, report: IndexReport) -> dict[str, Any]:
    return {"id": article_id, "change": change, "sentences_embedded": report.sentences_embedded}
