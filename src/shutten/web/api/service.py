"""Puts the interface for programs into the web application, and its guards before all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import Security
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.params import Depends as DependsParameter
from fastapi.security import HTTPBearer
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from shutten.errors import ShuttenError
from shutten.web.api.admin import Admin
from shutten.web.api.desk import Desk
from shutten.web.api.feedback import FeedbackFile
from shutten.web.api.guard import Gate, LastResort, Limits, RateLimit
from shutten.web.api.metrics import Metrics
from shutten.web.api.origins import Origins, origin_pattern
from shutten.web.api.problems import (
    RefusedError,
    as_refused,
    refusal_response,
    refused_by_framework,
)
from shutten.web.api.routes import Api

KEY = "One of the keys that SHUTTEN_API_KEYS sets."

if TYPE_CHECKING:
    from fastapi import FastAPI

    from shutten.assistant import Assistant
    from shutten.settings import Settings


def mount_api(app: FastAPI, assistant: Assistant, settings: Settings) -> None:
    """Add the addresses under /api, what answers errors, and what stands before every request."""
    metrics = Metrics()
    api = Api(
        Desk(assistant, metrics), assistant.index, metrics, FeedbackFile(settings.feedback_file)
    )
    app.include_router(api.routes(), dependencies=_described_keys(settings))
    if settings.admin_token is not None:
        token = settings.admin_token.get_secret_value()
        app.include_router(Admin(settings.index, assistant.embedder, token).routes())
    _tell_errors(app, megabytes=settings.request_max_megabytes)
    rate = RateLimit(settings.requests_per_minute)
    app.add_middleware(Gate, limits=_limits(settings), rate=rate, metrics=metrics)
    app.add_middleware(LastResort)
    # Also without allowed sites: Gradio would else let the pages of any site read its answers.
    app.add_middleware(
        CORSMiddleware,
        allow_origin_regex=origin_pattern(settings.allowed_origins),
        allow_methods=["GET", "POST"],
        allow_headers=["Accept", "Authorization", "Content-Type"],
        expose_headers=["Retry-After"],
    )


def _described_keys(settings: Settings) -> list[DependsParameter]:
    """Name the key in /openapi.json where one is needed; the gate is what asks for it."""
    if not settings.api_keys:
        return []
    return [Security(HTTPBearer(auto_error=False, scheme_name="key", description=KEY))]


def _limits(settings: Settings) -> Limits:
    keys = [key.get_secret_value() for key in settings.api_keys]
    if keys and settings.admin_token is not None:
        keys.append(settings.admin_token.get_secret_value())
    return Limits(tuple(keys), Origins(settings.allowed_origins), settings.request_max_megabytes)


def _tell_errors(app: FastAPI, *, megabytes: int) -> None:
    """Answer every error in the one shape that errors have."""

    @app.exception_handler(ShuttenError)
    async def ours(request: Request, error: ShuttenError) -> Response:
        return refusal_response(as_refused(error), request)

    @app.exception_handler(HTTPException)
    async def of_the_framework(request: Request, error: HTTPException) -> Response:
        return refusal_response(refused_by_framework(error, megabytes=megabytes), request)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        detail = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        return refusal_response(RefusedError("invalid_request", detail=detail), request)
