"""What answers /mcp: nothing of the protocol is loaded before somebody speaks it."""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import anyio

from shutten.web.api.desk import Desk
from shutten.web.api.problems import RefusedError, json_text

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
    from starlette.types import Message, Receive, Scope, Send

logger = logging.getLogger(__name__)

BAD_REQUEST: Final = 400
INVALID_REQUEST: Final = -32600
"""JSON-RPC 2.0, 5.1: what was sent is JSON, but no request."""

NO_REQUEST: Final = (
    'this is no message of JSON-RPC 2.0: send {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}'
)


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
        except Exception:  # raised here, it would end the whole application
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
        await run.manager.handle_request(scope, receive, _InOneLine(send).send)


class _InOneLine:
    """What goes out, but for the many lines in which the protocol's library explains a mistake."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None

    async def send(self, message: Message) -> None:
        """Pass a message on; the start of a refusal waits for its body."""
        if message["type"] == "http.response.start" and message["status"] == BAD_REQUEST:
            self._start = message  # goes out with the body, whose length it states
            return
        if self._start is not None:
            start, self._start = self._start, None
            body = _in_one_line(message.get("body", b""))
            length = (b"content-length", str(len(body)).encode("ascii"))
            headers = [each for each in start["headers"] if each[0].lower() != length[0]]
            await self._send({**start, "headers": [*headers, length]})
            message = {**message, "body": body}
        await self._send(message)


def _in_one_line(body: bytes) -> bytes:
    """Return an error of JSON-RPC, of several lines in our own words, all else as it is."""
    try:
        record = json.loads(body)
        lines = str(record["error"]["message"]).splitlines()
    except (ValueError, KeyError, TypeError):
        return body
    if len(lines) <= 1:
        return body
    return json_text({**record, "error": {"code": INVALID_REQUEST, "message": NO_REQUEST}}).encode(
        "utf-8"
    )
