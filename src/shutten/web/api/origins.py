"""The sites whose pages may ask from a browser: one rule for CORS, for keys and for /mcp."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shutten.web.api.problems import STATUS, RefusedError, refusal_response

_REFUSED: Final = STATUS["preflight_refused"]
_OWN_HEADERS: Final = ("content-length", "content-type")


def origin_pattern(origins: Sequence[str]) -> str:
    """Return the regular expression that an Origin header of these sites matches as a whole.

    As in the header that names who may frame the page, `*.` stands for any subdomains and `:*`
    for any port. Without sites nothing matches.
    """
    return "|".join(map(_one_pattern, origins)) or r"(?!)"


def _one_pattern(origin: str) -> str:
    escaped = re.escape(origin.lower())
    return escaped.replace(r"\*\.", r"(?:[a-z0-9_-]+\.)+").replace(r":\*", r"(?::\d+)?")


class Origins:
    """Says whether the page of an origin may ask."""

    def __init__(self, origins: Sequence[str]) -> None:
        self._pattern = re.compile(origin_pattern(origins))

    def allow(self, origin: str | None) -> bool:
        """Whether this Origin header is of an allowed site; no header is not."""
        return origin is not None and self._pattern.fullmatch(origin) is not None


class Preflights:
    """Says in the one shape of errors why a browser may not send what it asks about beforehand.

    Stands before Starlette's own CORS middleware, which answers such a refusal in plain text.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] != "OPTIONS":
            await self._app(scope, receive, send)
            return
        refused: list[Headers] = []
        reason = bytearray()

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == _REFUSED:
                refused.append(Headers(raw=message["headers"]))
            elif refused and message["type"] == "http.response.body":
                reason.extend(message.get("body", b""))
            else:
                await send(message)

        await self._app(scope, receive, watched)
        if refused:
            error = RefusedError("preflight_refused", detail=reason.decode(errors="replace"))
            told = refusal_response(error, Request(scope))
            kept = {each: value for each, value in refused[0].items() if each not in _OWN_HEADERS}
            told.headers.update(kept)
            await told(scope, receive, send)
