"""The application that programs talk to, and the guards before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI, Security
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.params import Depends as DependsParameter
from fastapi.security import HTTPBearer
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shutten import __version__
from shutten.errors import ShuttenError
from shutten.web.api.admin import Admin
from shutten.web.api.desk import Desk
from shutten.web.api.endpoint import ToolsEndpoint
from shutten.web.api.feedback import FeedbackFile
from shutten.web.api.guard import BYTES_PER_MEGABYTE, MCP_PATH, Gate, LastResort, Limits, RateLimit
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
    from shutten.assistant import Assistant
    from shutten.settings import Settings


def create_service(assistant: Assistant, settings: Settings) -> FastAPI:
    """Return an application with /api and /mcp, and what stands before every request to it.

    What is added to it afterwards stands behind the same guards.
    """
    metrics = Metrics()
    desk = Desk(assistant, metrics)
    tools = ToolsEndpoint(desk, max_bytes=settings.request_max_megabytes * BYTES_PER_MEGABYTE)
    app = FastAPI(
        title="Shutten",
        version=__version__,
        description="Questions about articles, answered with citations down to the sentence.",
        docs_url=None,
        redoc_url=None,
        lifespan=tools.running,
    )
    api = Api(desk, assistant.index, metrics, FeedbackFile(settings.feedback_file))
    app.include_router(api.routes(), dependencies=_described_keys(settings))
    if settings.admin_token is not None:
        token = settings.admin_token.get_secret_value()
        app.include_router(Admin(settings.index, assistant.embedder, token).routes())
    app.router.routes.append(Route(MCP_PATH, tools, include_in_schema=False))
    _tell_errors(app, megabytes=settings.request_max_megabytes)
    _add_guards(app, settings, metrics)
    return app


def _add_guards(app: FastAPI, settings: Settings, metrics: Metrics) -> None:
    """Put the guards before the application; the last to be added is the first to be met."""
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
