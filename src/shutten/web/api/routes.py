"""The addresses under /api, and /metrics."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import anyio
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from shutten.types import Answer
from shutten.web.api.desk import Desk
from shutten.web.api.feedback import Ballot
from shutten.web.api.metrics import CONTENT_TYPE, Metrics
from shutten.web.api.problems import JsonResponse, language_of
from shutten.web.api.requests import accepts, asked_in, read_record, top_in, while_listening
from shutten.web.api.shapes import (
    Articles,
    ArticleText,
    AskBody,
    ExportBody,
    Exported,
    FeedbackBody,
    Hits,
    Kept,
    SearchBody,
    accepted,
    answered,
)
from shutten.web.api.stream import MEDIA_TYPE, EventResponse, events
from shutten.web.exports import exported
from shutten.web.visitors import visitor_of

if TYPE_CHECKING:
    from shutten.index import Index

BODY_PROBLEMS = (400, 401, 413, 415, 422, 503)


class Api:
    """What the addresses do."""

    def __init__(self, desk: Desk, index: Index, metrics: Metrics, ballot: Ballot) -> None:
        self._desk = desk
        self._index = index
        self._metrics = metrics
        self._ballot = ballot

    def routes(self) -> APIRouter:
        """Return the addresses with their descriptions."""
        router = APIRouter()
        router.add_api_route(
            "/api/ask",
            self.ask,
            methods=["POST"],
            tags=["questions"],
            summary="Ask the articles",
            openapi_extra=accepted(AskBody),
            responses=answered(Answer, 200, *BODY_PROBLEMS, 404),
        )
        router.add_api_route(
            "/api/search",
            self.search,
            methods=["POST"],
            tags=["questions"],
            summary="Find the nearest sentences",
            openapi_extra=accepted(SearchBody),
            responses=answered(Hits, 200, *BODY_PROBLEMS, 404),
        )
        router.add_api_route(
            "/api/export",
            self.export,
            methods=["POST"],
            tags=["questions"],
            summary="Write answers in another format",
            openapi_extra=accepted(ExportBody),
            responses=answered(Exported, 200, *BODY_PROBLEMS),
        )
        router.add_api_route(
            "/api/feedback",
            self.feedback,
            methods=["POST"],
            tags=["questions"],
            summary="Rate an answer",
            openapi_extra=accepted(FeedbackBody),
            responses=answered(Kept, 200, *BODY_PROBLEMS),
        )
        router.add_api_route(
            "/api/articles",
            self.articles,
            methods=["GET"],
            tags=["articles"],
            summary="List the articles",
            responses=answered(Articles, 200, 401, 503),
        )
        router.add_api_route(
            "/api/articles/{article_id:path}",
            self.article,
            methods=["GET"],
            tags=["articles"],
            summary="Read an article",
            responses=answered(ArticleText, 200, 401, 404, 422, 503),
        )
        router.add_api_route("/metrics", self.metrics, methods=["GET"], include_in_schema=False)
        return router

    async def ask(self, request: Request) -> Response:
        """Answer a question with checked citations; a refusal is an answer too.

        With `Accept: text/event-stream` the answer comes as it grows: `hits` (a list), `claim`
        (`n`, `state` pending, supported or removed, and `text`; a later one with the same `n`
        replaces it), `delta` (a piece of the text of claim `n`), and at last `done` (the Answer,
        which alone counts) or `error`. With `"suggest": true` behind it `suggestions`:
        `suggestions` (questions to ask next) and `timings_ms`; to close the stream before is fine.
        """
        asked = asked_in(await read_record(request))
        groups = visitor_of(request).groups
        if not accepts(request, MEDIA_TYPE):
            answer = await while_listening(request, self._desk.ask(asked, groups))
            return Response() if answer is None else JsonResponse(answer)
        growing = self._desk.growing(asked, groups)
        # What is wrong with the question shows in the first step and is told by the status.
        first = await anext(growing)
        language = asked.language or language_of(request)

        async def suggesting(answer: Answer) -> Answer:
            return await self._desk.with_suggestions(answer, asked, groups)

        told = events(first, growing, language, suggesting=suggesting if asked.suggest else None)
        return EventResponse(told, growing)

    async def search(self, request: Request) -> Response:
        """Return the sentences nearest to a question, best first, with their scores."""
        record = await read_record(request)
        asked, groups = asked_in(record), visitor_of(request).groups
        finding = self._desk.search(asked, groups, k=top_in(record))
        found = await while_listening(request, finding)
        return Response() if found is None else JsonResponse(found)

    async def export(self, request: Request) -> Response:
        """Return answers with their footnotes as text, Markdown, HTML, DokuWiki or MediaWiki."""
        made = await anyio.to_thread.run_sync(exported, await read_record(request))
        return JsonResponse(asdict(made))

    async def feedback(self, request: Request) -> Response:
        """Take a rating. It is counted, and kept beside the index unless the operator says no.

        Another one with the same `vote`, a random string, takes its place; a rating of null takes
        it back.
        """
        return JsonResponse({"kept": await self._ballot.take(await read_record(request))})

    def articles(self, request: Request) -> Response:
        """List the articles in the order in which they first came."""
        entries = self._seen_by(request).articles()
        return JsonResponse({"articles": [asdict(entry) for entry in entries]})

    def _seen_by(self, request: Request) -> Index:
        return self._index.seen_by(visitor_of(request).groups)

    def article(self, request: Request, article_id: str) -> Response:
        """Return an article's text and where its sentences lie in it (Unicode code points)."""
        article, sentences = self._seen_by(request).article_with_sentences(article_id)
        return JsonResponse(
            {
                "id": article.id,
                "title": article.title,
                "url": article.url,
                "language": article.language,
                "revision": article.revision,
                "characters": len(article.text),
                "sample": article.sample,
                "encoding": article.encoding,
                "text": article.text,
                "sentences": [
                    {"n": each.number, "start": each.start, "end": each.end, "kind": each.kind}
                    for each in sentences
                ],
            }
        )

    def metrics(self, request: Request) -> Response:
        """Return the counters for Prometheus; of the articles, those that who asks may see."""
        index = self._seen_by(request)
        gauges = {"articles": index.article_count, "sentences": index.sentence_count}
        return Response(self._metrics.text(gauges), media_type=CONTENT_TYPE)
