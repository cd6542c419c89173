"""What stands before the interface for programs: keys, rates, sizes, and the last resort."""

from __future__ import annotations

import hmac
import logging
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shutten.errors import ShuttenError
from shutten.web.api.metrics import Metrics
from shutten.web.api.origins import Origins
from shutten.web.api.problems import RefusedError, as_refused, refusal_response, unauthorized

logger = logging.getLogger(__name__)

MCP_PATH: Final = "/mcp"
GUARDED: Final = ("/api", MCP_PATH)

BYTES_PER_MEGABYTE: Final = 1024 * 1024

ADDRESSES: Final = 10_000
"""How many addresses the rate limit remembers."""

SECONDS_PER_MINUTE: Final = 60

NETWORK_BITS: Final = 64
"""Of an IPv6 address: what is behind it, its holder chooses at will."""

LOOPBACK: Final = ("http://localhost:*", "http://127.0.0.1:*", "http://[::1]:*")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a request to the interface must keep to.

    Without `keys` none is asked for. Pages of allowed `origins` need none: a browser would show
    it to every visitor.
    """

    keys: tuple[str, ...]
    origins: Origins
    megabytes: int


class RateLimit:
    """So many requests a minute from each address, a whole minute's worth of them at once.

    `per_minute` 0 is no limit. For use by one thread.
    """

    def __init__(self, per_minute: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = per_minute
        self._clock = clock
        self._left: dict[str, tuple[float, float]] = {}

    def wait(self, address: str) -> int:
        """Return the whole seconds until the address may ask again; 0 lets this request through."""
        if not self._most:
            return 0
        now, who = self._clock(), neighbourhood(address)
        left = self._refilled(who, now)
        if left < 1:
            return math.ceil((1 - left) * SECONDS_PER_MINUTE / self._most)
        self._left.pop(who, None)  # so that those who asked long ago stand first
        self._left[who] = (left - 1, now)
        if len(self._left) > ADDRESSES:
            del self._left[next(iter(self._left))]
        return 0

    def _refilled(self, who: str, now: float) -> float:
        left, since = self._left.get(who, (self._most, now))
        return min(self._most, left + (now - since) * self._most / SECONDS_PER_MINUTE)


def neighbourhood(address: str) -> str:
    """Return what of an address counts as one asker: an IPv6 network, else the address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    network = IPv6Address(int(parsed) >> NETWORK_BITS << NETWORK_BITS)
    return str(parsed.ipv4_mapped or network)


class Gate:
    """Lets requests under /api and /mcp through that keep to the limits, and counts them all."""

    def __init__(self, app: ASGIApp, *, limits: Limits, rate: RateLimit, metrics: Metrics) -> None:
        self._app = app
        self._limits = limits
        self._rate = rate
        self._metrics = metrics
        self._loopback = Origins(LOOPBACK)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; raises RefusedError for one that is not let through."""
        path = _own_path(scope)
        if scope["type"] != "http" or not _is_under(path, GUARDED):
            await self._app(scope, receive, send)
            return
        status = 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._guarded(scope, receive, watched, path)
        finally:
            self._metrics.count_request(scope["method"], path, status)

    async def _guarded(self, scope: Scope, receive: Receive, send: Send, path: str) -> None:
        try:
            self._check(Headers(scope=scope), scope, path)
        except RefusedError as refused:
            await refusal_response(refused, Request(scope))(scope, receive, send)
            return
        await self._app(scope, self._measured(receive), send)

    def _check(self, headers: Headers, scope: Scope, path: str) -> None:
        client = scope.get("client")
        seconds = self._rate.wait(client[0] if client else "")
        if seconds:
            header = {"Retry-After": str(seconds)}
            raise RefusedError("too_many_requests", headers=header, seconds=seconds)
        self._check_key(headers)
        if path == MCP_PATH:
            self._check_page(headers.get("origin"))
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length) > self._bytes:
            raise self._too_large()

    def _check_key(self, headers: Headers) -> None:
        keys = self._limits.keys
        if not keys or self._limits.origins.allow(headers.get("origin")):
            return
        if not holds_key(headers.get("authorization"), keys):
            raise unauthorized()

    def _check_page(self, origin: str | None) -> None:
        """A page that only pretends to be on this machine must not reach the tools (rebinding)."""
        allowed = (self._limits.origins, self._loopback)
        if origin is not None and not any(each.allow(origin) for each in allowed):
            raise RefusedError("forbidden")

    @property
    def _bytes(self) -> int:
        return self._limits.megabytes * BYTES_PER_MEGABYTE

    def _too_large(self) -> RefusedError:
        return RefusedError("too_large", megabytes=self._limits.megabytes)

    def _measured(self, receive: Receive) -> Receive:
        """Return a `receive` that raises once a body without a stated length grows too large."""
        received = 0

        async def measured() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._bytes:
                raise self._too_large()
            return message

        return measured


def holds_key(authorization: str | None, keys: Sequence[str]) -> bool:
    """Whether the header carries one of the keys; takes as long for a wrong one as for a right."""
    scheme, _, given = (authorization or "").partition(" ")
    offered = given.strip().encode("utf-8", "surrogateescape")
    equal = [hmac.compare_digest(offered, key.encode()) for key in keys]
    return scheme.lower() == "bearer" and any(equal)


class LastResort:
    """Answers a request that failed inside with one line; the traceback is for the log alone."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except ShuttenError as error:
            refused = as_refused(error)
        except Exception:
            logger.exception("a request failed")
            refused = RefusedError("internal")
        else:
            return
        if not started:
            await refusal_response(refused, Request(scope))(scope, receive, send)


def _own_path(scope: Scope) -> str:
    return str(scope.get("path", "")).removeprefix(scope.get("root_path", ""))


def _is_under(path: str, roots: Sequence[str]) -> bool:
    return any(path == root or path.startswith(f"{root}/") for root in roots)
