"""Keeps the page's framework from fetching what a visitor names.

Gradio takes an address in the place of a file: it fetches and passes on `file=https://…`, and a
"file" in a question's data whose path is one. Nothing here needs either.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shutten.web.api.guard import own_path
from shutten.web.api.problems import RefusedError, refusal_response

FETCHING: Final = re.compile(r"/ui/(?:gradio_api/)?(?:proxy=|file=\s*[A-Za-z][A-Za-z0-9+.-]*:/)")

ADDRESS: Final = re.compile(r"\s*[A-Za-z][A-Za-z0-9+.-]+:/")

READ: Final = "/ui/gradio_api/"


class NoRemoteFiles:
    """Refuses requests that would have the server fetch an address."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        path = own_path(scope)
        if scope["type"] != "http" or not path.startswith("/ui/"):
            await self._app(scope, receive, send)
            return
        refused = bool(FETCHING.match(path))
        if not refused and scope["method"] == "POST" and _is_json(scope, path):
            body = await _read(receive)
            refused = _names_an_address(body)
            receive = _replayed(body, receive)
        if refused:
            answer = refusal_response(RefusedError("remote_file"), Request(scope))
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _is_json(scope: Scope, path: str) -> bool:
    """Whether the framework may take a body for JSON: all that is no upload."""
    kind = Request(scope).headers.get("content-type", "")
    return path.startswith(READ) and not kind.lower().startswith("multipart/")


async def _read(receive: Receive) -> bytes:
    pieces = []
    while True:
        message = await receive()
        pieces.append(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body", False):
            return b"".join(pieces)


def _replayed(body: bytes, receive: Receive) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay


def _names_an_address(body: bytes) -> bool:
    try:
        record = json.loads(body)
    except (ValueError, RecursionError):
        return False  # the framework cannot read it either
    return any(ADDRESS.match(path) for path in _paths(record))


def _paths(record: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    """Yield what stands as `path` anywhere in a record."""
    waiting = [record]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            if isinstance(part.get("path"), str):
                yield part["path"]
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
