"""What answers /mcp: nothing of the protocol is loaded before somebody speaks it."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import anyio

from shutten.web.api.desk import Desk
from shutten.web.api.problems import RefusedError

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
    from starlette.types import Receive, Scope, Send

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Run:
    """One run of the application: the first who asks has the tools loaded."""

    asked: anyio.Event = field(default_factory=anyio.Event)
    ready: anyio.Event = field(default_factory=anyio.Event)
    manager: StreamableHTTPSessionManager | None = None


class ToolsEndpoint:
    """An ASGI application that offers the tools while the one around it runs."""

    def __init__(self, desk: Desk, *, max_bytes: int) -> None:
        self._desk = desk
        self._max_bytes = max_bytes
        self._run: _Run | None = None

    @contextlib.asynccontextmanager
    async def running(self, app: object) -> AsyncIterator[None]:  # noqa: ARG002 - a lifespan's signature
        """Be there from start to end of the application."""
        async with anyio.create_task_group() as group:
            self._run = _Run()
            group.start_soon(self._serve_once_asked, self._run)
            try:
                yield
            finally:
                self._run = None
                group.cancel_scope.cancel()

    async def _serve_once_asked(self, run: _Run) -> None:
        await run.asked.wait()
        try:
            manager = await anyio.to_thread.run_sync(self._load)
        except Exception:
            logger.exception("the tools cannot be loaded")
            run.ready.set()
            return
        async with manager.run():
            run.manager = manager
            run.ready.set()
            await anyio.sleep_forever()

    def _load(self) -> StreamableHTTPSessionManager:
        from shutten.web.api.tools import session_manager

        return session_manager(self._desk, max_bytes=self._max_bytes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; raises RefusedError where the application does not run."""
        run = self._run
        if run is None:
            raise RefusedError("busy")
        run.asked.set()
        await run.ready.wait()
        if run.manager is None:
            raise RefusedError("internal")
        await run.manager.handle_request(scope, receive, send)
