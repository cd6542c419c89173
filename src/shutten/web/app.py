"""The FastAPI application around the page, and the server that runs it."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse

from shutten.errors import ServeError, SettingsError, ShuttenError
from shutten.settings import Settings
from shutten.web.api.guard import own_path
from shutten.web.root_path import UnderRootPath, check_root_path
from shutten.web.visitors import visitor_of

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from shutten.assistant import Assistant
    from shutten.index import Index

logger = logging.getLogger(__name__)

UI_PATH: Final = "/ui"

KNOWN_PARAMETERS: Final = ("q", "lang", "article", "__theme", "from")
"""What an address of the page may carry; Gradio itself answers some others with an error."""

HEAD_PATHS: Final = ("/", "/healthz", UI_PATH, f"{UI_PATH}/")
"""Where HEAD is answered as GET is; others say what they allow."""

STATIC: Final = Path(__file__).parent / "static"

GRACE_SECONDS: Final = 2
"""How long open streams may go on after Ctrl-C."""


def create_app(assistant: Assistant, settings: Settings, *, page: bool = True) -> FastAPI:
    """Return the web application: the page at /ui/, the interface for programs, a health check.

    Without the page, which takes half a second to build, it serves programs and widgets alone.

    Raises SettingsError for sites that may not be named as frame ancestors, for a sign-in header
    that nobody is trusted to set, and for a root path at which the app itself has addresses.
    """
    check_root_path(settings.root_path)
    policy = content_security_policy((*settings.allowed_origins, *settings.frame_ancestors))
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # gradio reads it when it is imported
    from shutten.web.answerer_panel import answerer_routes
    from shutten.web.answerers import Answerers
    from shutten.web.api.service import counters_of, create_service, rates_of
    from shutten.web.exports import export_route
    from shutten.web.rating import rating_route
    from shutten.web.reception import Reception, check_sign_in
    from shutten.web.ui import mount_page
    from shutten.web.widget import widget_route

    check_sign_in(settings)
    rates = rates_of(settings)
    counters = counters_of(assistant, settings)
    answerers = Answerers(settings, assistant.embedder, assistant.writer)
    app = create_service(assistant, settings, rates, counters, answerers)
    app.router.routes.append(widget_route())
    megabytes = settings.request_max_megabytes
    app.router.routes.append(export_route(UI_PATH, rates.visitors, megabytes=megabytes))
    app.router.routes.append(rating_route(UI_PATH, counters.ballot, rates.visitors))
    app.router.routes.extend(answerer_routes(UI_PATH, answerers))
    _add_small_routes(app, assistant)
    if page:
        mount_page(app, assistant, settings, rates.visitors, answerers, path=UI_PATH)
    app.add_middleware(Reception, settings=settings)
    app.add_middleware(PageGuard, policy=policy)
    if settings.root_path:
        app.add_middleware(UnderRootPath, root_path=settings.root_path)
    return app


def content_security_policy(frame_ancestors: tuple[str, ...]) -> str:
    """Return the header that keeps the page's requests on its own origin.

    Gradio's page has inline scripts and styles. `frame_ancestors` are the sites whose pages may
    show this one in a frame.
    """
    for site in frame_ancestors:
        if not site or any(letter in site for letter in ";, \t\r\n"):
            raise SettingsError(
                f"frame_ancestors={site}: expected an origin such as https://wiki.example.org"
            )
    sites = ["'none'"] if "'none'" in frame_ancestors else ["'self'", *frame_ancestors]
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            f"frame-ancestors {' '.join(dict.fromkeys(sites))}",
        )
    )


def known_query(query: str) -> str:
    """Return a query string without the parameters that the page does not know."""
    pairs = parse_qsl(query, keep_blank_values=True, errors="replace")
    return urlencode([(name, value) for name, value in pairs if name in KNOWN_PARAMETERS])


class PageGuard:
    """Sets the security headers on every response and takes unknown parameters off the page."""

    def __init__(self, app: ASGIApp, *, policy: str) -> None:
        self._app = app
        self._headers = {
            "content-security-policy": policy,
            "x-content-type-options": "nosniff",
            "referrer-policy": "no-referrer",
            "cross-origin-opener-policy": "same-origin",
            "permissions-policy": "camera=(), geolocation=(), microphone=()",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        path = own_path(scope)
        is_head = scope["method"] == "HEAD" and path in HEAD_PATHS

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._complete(MutableHeaders(scope=message), path)
            elif is_head:
                message = {**message, "body": b""}
            await send(message)

        if is_head:
            scope = {**scope, "method": "GET"}
        cleaned = _cleaned_address(scope)
        if cleaned is not None:
            await RedirectResponse(cleaned)(scope, receive, send_with_headers)
            return
        await self._app(scope, receive, send_with_headers)

    def _complete(self, headers: MutableHeaders, path: str) -> None:
        for name, value in self._headers.items():
            headers[name] = value
        # A script for every page says so itself; what else is here no other site may embed.
        headers.setdefault("cross-origin-resource-policy", "same-origin")
        if not path.startswith(UI_PATH):
            # Who asks decides what is answered: no cache between must give it to another.
            headers.setdefault("cache-control", "no-store")


def _cleaned_address(scope: Scope) -> str | None:
    """Return where the page is without its unknown parameters, None where there are none."""
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    if path not in (UI_PATH, f"{UI_PATH}/") or scope["method"] not in ("GET", "HEAD"):
        return None
    query = scope["query_string"].decode("latin-1")
    names = {name for name, _ in parse_qsl(query, keep_blank_values=True, errors="replace")}
    if path == f"{UI_PATH}/" and names <= set(KNOWN_PARAMETERS):
        return None
    kept = known_query(query)
    return f"{scope.get('root_path', '')}{UI_PATH}/" + (f"?{kept}" if kept else "")


def _add_small_routes(app: FastAPI, assistant: Assistant) -> None:
    @app.get("/", include_in_schema=False)
    def root(request: Request) -> RedirectResponse:
        kept = known_query(request.url.query)
        address = f"{request.scope.get('root_path', '')}{UI_PATH}/"
        return RedirectResponse(f"{address}?{kept}" if kept else address)

    from shutten.web.api.shapes import HEALTH

    @app.get("/healthz", response_model=None, summary="Health", tags=["health"], responses=HEALTH)
    def healthz(request: Request) -> JSONResponse:
        """Say whether the index can be read, and how much who asks may see of it."""
        return _health(assistant.index.seen_by(visitor_of(request).groups))

    @app.get("/manifest.json", include_in_schema=False)
    def manifest(request: Request) -> JSONResponse:
        start = f"{request.scope.get('root_path', '')}{UI_PATH}/"
        return JSONResponse(
            {"name": "出典 Shutten", "short_name": "Shutten", "start_url": start, "icons": []},
            media_type="application/manifest+json",
        )

    @app.get("/favicon.ico", include_in_schema=False)
    @app.get(f"{UI_PATH}/favicon.ico", include_in_schema=False)
    def favicon() -> FileResponse:
        return FileResponse(STATIC / "icon.svg", media_type="image/svg+xml")


def _health(index: Index) -> JSONResponse:
    try:
        counts = {"articles": index.article_count, "sentences": index.sentence_count}
    except ShuttenError:
        logger.exception("the index cannot be read")
        return JSONResponse({"status": "index cannot be read"}, status_code=503)
    return JSONResponse({"status": "ok", **counts})


def check_servable(settings: Settings) -> None:
    """Raise what `serve` would for these settings, before anything is loaded or written.

    Raises SettingsError, and ServeError where the address cannot be had.
    """
    from shutten.web.reception import check_sign_in

    check_root_path(settings.root_path)
    content_security_policy((*settings.allowed_origins, *settings.frame_ancestors))
    check_sign_in(settings)
    with _listening(settings.host, settings.port):
        pass


def serve(assistant: Assistant, settings: Settings) -> None:
    """Run the web application until Ctrl-C; raises ServeError where the port cannot be had."""
    import uvicorn

    app = create_app(assistant, settings)
    with _listening(settings.host, settings.port) as listener:
        port = listener.getsockname()[1]
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,  # the reception reads them, from proxies that are trusted
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        address = address_of(settings.host, port) + (
            settings.root_path and f"{settings.root_path}/"
        )
        sys.stderr.write(f"Shutten: {address} (Ctrl-C ends it)\n")
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listener])


def address_of(host: str, port: int) -> str:
    """Return the address to open in a browser on this machine."""
    if host in ("0.0.0.0", "::", ""):  # noqa: S104 - compared with, not bound to
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextlib.contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """Bind the port before anything heavy starts, so that a taken one is told at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            raise ServeError(_cannot_listen(host, port, error)) from error
        yield listener
    finally:
        listener.close()


def _cannot_listen(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is in use: choose another one, for example --port {port + 1}"
    if error.errno == errno.EACCES:
        return f"port {port} needs more rights: choose one above 1023, for example --port 7860"
    return f"cannot listen on {host}:{port} ({error.strerror or error}): choose another --host"
