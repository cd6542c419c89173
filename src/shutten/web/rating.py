"""The page's own address for what visitors say of answers."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shutten.web.api.feedback import Ballot
from shutten.web.api.guard import RateLimit, check_rate
from shutten.web.api.problems import JsonResponse
from shutten.web.api.requests import read_record
from shutten.web.visitors import visitor_of

PATH: Final = "/feedback"
"""Behind the page's own path; programs have the same at /api/feedback."""


def rating_route(path: str, ballot: Ballot, rate: RateLimit) -> Route:
    """Return the page's own address for ratings, which needs no key as the page needs none."""

    async def respond(request: Request) -> Response:
        check_rate(rate, visitor_of(request).counted_as)
        return JsonResponse({"kept": await ballot.take(await read_record(request))})

    return Route(path + PATH, respond, methods=["POST"], include_in_schema=False)
