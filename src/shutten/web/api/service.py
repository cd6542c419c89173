"""The application that programs talk to, and the guards before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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
from shutten.feedback import store_of
from shutten.web.answerers import Answerers
from shutten.web.api.admin import Admin
from shutten.web.api.desk import Desk
from shutten.web.api.draining import Draining
from shutten.web.api.endpoint import ToolsEndpoint
from shutten.web.api.feedback import Ballot
from shutten.web.api.guard import (
    BYTES_PER_MEGABYTE,
    MCP_PATH,
    Access,
    BodyLimit,
    Gate,
    LastResort,
    Rates,
    is_under,
)
from shutten.web.api.metrics import Metrics
from shutten.web.api.origins import Origins, Preflights, origin_pattern
from shutten.web.api.problems import (
    RefusedError,
    as_refused,
    refusal_response,
    refused_by_framework,
)
from shutten.web.api.routes import Api
from shutten.web.remote_files import NoRemoteFiles
from shutten.web.uploads import FILES_PER_SESSION

KEY = "One of the keys that SHUTTEN_API_KEYS sets."

if TYPE_CHECKING:
    from shutten.assistant import Assistant
    from shutten.settings import Settings


PAGE_PATH = "/ui"
UPLOAD_PATH = "/ui/gradio_api/upload"
PAGE_FACTOR = 4
"""The page sends its conversation along: so many times a program's largest body."""


@dataclass(frozen=True, slots=True)
class Counters:
    """What the page shares with the addresses for programs."""

    metrics: Metrics
    ballot: Ballot


def counters_of(assistant: Assistant, settings: Settings) -> Counters:
    """Return the counters, and the ballot over the store that the settings name."""
    metrics = Metrics()
    return Counters(metrics, Ballot(store_of(settings), metrics, assistant.index))


def create_service(
    assistant: Assistant,
    settings: Settings,
    rates: Rates,
    counters: Counters,
    answerers: Answerers,
) -> FastAPI:
    """Return an application with /api and /mcp, and what stands before every request to it.

    What is added to it afterwards stands behind the same guards.
    """
    metrics = counters.metrics
    desk = Desk(assistant, metrics, answerers, most_suggestions=settings.suggestions)
    tools = ToolsEndpoint(desk, max_bytes=settings.request_max_megabytes * BYTES_PER_MEGABYTE)
    app = FastAPI(
        title="Shutten",
        version=__version__,
        description="Questions about articles, answered with citations down to the sentence.",
        docs_url=None,
        redoc_url=None,
        lifespan=tools.running,
    )
    api = Api(desk, assistant.index, metrics, counters.ballot)
    app.include_router(api.routes(), dependencies=_described_keys(settings))
    if settings.admin_token is not None:
        token = settings.admin_token.get_secret_value()
        app.include_router(Admin(settings, assistant, token).routes())
    app.router.routes.append(Route(MCP_PATH, tools, include_in_schema=False))
    _tell_errors(app, megabytes=settings.request_max_megabytes)
    _add_guards(app, settings, rates, metrics)
    return app


def _add_guards(app: FastAPI, settings: Settings, rates: Rates, metrics: Metrics) -> None:
    """Put the guards before the application; the last to be added is the first to be met."""
    app.add_middleware(NoRemoteFiles)
    app.add_middleware(BodyLimit, megabytes=largest_bodies(settings))
    app.add_middleware(Gate, access=_access(settings), rates=rates, metrics=metrics)
    app.add_middleware(LastResort)
    # Also without allowed sites: Gradio would else let the pages of any site read its answers. It
    # must be this very class, or Gradio adds its own.
    app.add_middleware(
        CORSMiddleware,
        allow_origin_regex=origin_pattern(settings.allowed_origins),
        allow_methods=["GET", "POST"],
        allow_headers=["Accept", "Authorization", "Content-Type"],
        expose_headers=["Retry-After"],
    )
    app.add_middleware(Preflights)
    app.add_middleware(Draining)


def rates_of(settings: Settings) -> Rates:
    """Return the limits that the settings name."""
    return Rates.of(
        settings.requests_per_minute,
        settings.key_requests_per_minute,
        settings.widget_requests_per_minute,
    )


def largest_bodies(settings: Settings) -> Callable[[str], int]:
    """Return what tells the megabytes that a body sent to a path may have."""
    most = settings.request_max_megabytes
    uploads = settings.upload_max_megabytes * FILES_PER_SESSION

    def megabytes(path: str) -> int:
        if path == UPLOAD_PATH:
            return uploads
        return most * PAGE_FACTOR if is_under(path, (PAGE_PATH,)) else most

    return megabytes


def _described_keys(settings: Settings) -> list[DependsParameter]:
    """Name the key in /openapi.json where one is needed; the gate is what asks for it."""
    if not settings.api_keys:
        return []
    return [Security(HTTPBearer(auto_error=False, scheme_name="key", description=KEY))]


def _access(settings: Settings) -> Access:
    keys = tuple(key.get_secret_value() for key in settings.api_keys)
    token = settings.admin_token
    return Access(
        keys, Origins(settings.allowed_origins), token.get_secret_value() if token else None
    )


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
