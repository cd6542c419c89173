"""Lets clients that send before they listen hear why their request was refused.

Where a connection is closed with bytes of the body unread, the operating system resets it, and the
answer may be lost with it: to Python's urllib a refusal was a broken connection.
"""

from __future__ import annotations

from typing import Final

import anyio
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

DRAINED_BYTES: Final = 32 * 1024 * 1024
"""How much of a refused body is read and thrown away; who sends more may lose the answer."""

DRAINED_SECONDS: Final = 10

REFUSED: Final = 400
"""From this status on the rest of the body is read first; other answers may come while it does."""


class Draining:
    """Reads what is left of a body, within bounds, before the request is refused."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or not _has_body(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        rest = _Rest(receive)

        async def send_after_the_rest(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] >= REFUSED:
                await rest.drain()
            await send(message)

        await self._app(scope, rest.receive, send_after_the_rest)


def _has_body(headers: Headers) -> bool:
    """Whether a body is on its way; one that is only announced (`Expect`) is never asked for."""
    is_sent = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
    return is_sent and "expect" not in headers


class _Rest:
    """The body of one request, and whether it has come to its end."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._ended = False

    async def receive(self) -> Message:
        """Return the next part."""
        message = await self._receive()
        self._ended = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    async def drain(self) -> None:
        """Read on to the end, or as far as the bounds allow."""
        left = DRAINED_BYTES
        with anyio.move_on_after(DRAINED_SECONDS):
            while not self._ended and left > 0:
                left -= len((await self.receive()).get("body", b""))
