"""What stands before the interface for programs: keys, rates, sizes, and the last resort."""

from __future__ import annotations

import hmac
import logging
import math
import threading
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
from shutten.web.visitors import Visitor, visitor_of

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
class Access:
    """Who may ask programs' questions.

    Without `keys` none is asked for. Pages of allowed `origins` need none: a browser would show
    it to every visitor. The `token` opens everything and is not counted.
    """

    keys: tuple[str, ...]
    origins: Origins
    token: str | None = None


class RateLimit:
    """So many requests a minute from each address, a whole minute's worth of them at once.

    `per_minute` 0 is no limit. Who has no address, such as the holder of a key, may stand in its
    place under a name. May be shared by threads.
    """

    def __init__(self, per_minute: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = per_minute
        self._clock = clock
        self._left: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def wait(self, address: str) -> int:
        """Return the whole seconds until the address may ask again; 0 lets this request through."""
        if not self._most:
            return 0
        with self._lock:
            return self._wait(neighbourhood(address), self._clock())

    def _wait(self, who: str, now: float) -> int:
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


@dataclass(frozen=True, slots=True)
class Rates:
    """The limits of those who ask: each visitor, each key, and each visitor of an allowed site."""

    visitors: RateLimit
    keys: RateLimit
    widget: RateLimit

    @classmethod
    def of(cls, visitors: int, keys: int | None, widget: int | None) -> Rates:
        """Return limits of so many requests a minute; one that is None is that of visitors.

        Without a limit of their own, the visitors of allowed sites are counted with the others.
        """
        everybody = RateLimit(visitors)
        return cls(
            everybody,
            RateLimit(visitors if keys is None else keys),
            everybody if widget is None else RateLimit(widget),
        )


class Gate:
    """Lets requests under /api and /mcp through that keep to the limits, and counts them all."""

    def __init__(self, app: ASGIApp, *, access: Access, rates: Rates, metrics: Metrics) -> None:
        self._app = app
        self._access = access
        self._rates = rates
        self._metrics = metrics
        self._loopback = Origins(LOOPBACK)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; answers one that is not let through."""
        path = own_path(scope)
        if scope["type"] != "http" or not is_under(path, GUARDED):
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
        request = Request(scope)
        try:
            self._check(request, path)
        except RefusedError as refused:
            await refusal_response(refused, request)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _check(self, request: Request, path: str) -> None:
        headers, access = request.headers, self._access
        given = headers.get("authorization")
        if not (access.token and holds_key(given, [access.token])):
            from_site = access.origins.allow(headers.get("origin"))
            key = key_held(given, access.keys)
            check_rate(*self._counted(key, visitor_of(request), from_site=from_site))
            if access.keys and key is None and not from_site:
                raise unauthorized()
        if path == MCP_PATH:
            self._check_page(headers.get("origin"))

    def _counted(
        self, key: int | None, visitor: Visitor, *, from_site: bool
    ) -> tuple[RateLimit, str]:
        if key is not None:
            return self._rates.keys, f"key {key}"
        return self._rates.widget if from_site else self._rates.visitors, visitor.counted_as

    def _check_page(self, origin: str | None) -> None:
        """A page that only pretends to be on this machine must not reach the tools (rebinding)."""
        allowed = (self._access.origins, self._loopback)
        if origin is not None and not any(each.allow(origin) for each in allowed):
            raise RefusedError("forbidden")


def check_rate(rate: RateLimit, who: str) -> None:
    """Count one request; raises RefusedError where it is one too many."""
    seconds = rate.wait(who)
    if seconds:
        header = {"Retry-After": str(seconds)}
        raise RefusedError("too_many_requests", headers=header, seconds=seconds)


def check_length(request: Request, *, megabytes: int) -> None:
    """Raise RefusedError where a body does not say how long it is, or is too long."""
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > megabytes * BYTES_PER_MEGABYTE:
        raise RefusedError("too_large", megabytes=megabytes)


class BodyLimit:
    """Refuses bodies that are too large, as stated or, without a length, as they come in.

    `megabytes` tells the most that a path takes.
    """

    def __init__(self, app: ASGIApp, *, megabytes: Callable[[str], int]) -> None:
        self._app = app
        self._megabytes = megabytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = _Body(receive, send, self._megabytes(own_path(scope)))
        try:
            body.check_stated(Headers(scope=scope).get("content-length", ""))
            await self._app(scope, body.receive, body.send)
        except (RefusedError, RuntimeError):
            # Below, what the error was answered with may have been dropped: that is an error too.
            if body.refused is None:
                raise
        if body.refused and not body.answered:
            await refusal_response(body.refused, Request(scope))(scope, receive, send)


class _Body:
    """One request's body as it comes in. Once too large, what the application says is dropped."""

    def __init__(self, receive: Receive, send: Send, megabytes: int) -> None:
        self._receive = receive
        self._send = send
        self._megabytes = megabytes
        self._received = 0
        self.refused: RefusedError | None = None
        self.answered = False

    def check_stated(self, length: str) -> None:
        """Raise RefusedError where the Content-Length alone is too large."""
        if length.isdecimal():
            self._check(int(length))

    async def receive(self) -> Message:
        """Return the next part; raises RefusedError where all together are too large."""
        message = await self._receive()
        self._received += len(message.get("body", b""))
        self._check(self._received)
        return message

    async def send(self, message: Message) -> None:
        """Pass on what the application answers, unless its request has been refused before."""
        if self.refused is None or self.answered:
            self.answered = True
            await self._send(message)

    def _check(self, count: int) -> None:
        if count > self._megabytes * BYTES_PER_MEGABYTE:
            self.refused = RefusedError("too_large", megabytes=self._megabytes)
            raise self.refused


def key_held(authorization: str | None, keys: Sequence[str]) -> int | None:
    """Return which of the keys the header carries, None for none of them."""
    found = [number for number, key in enumerate(keys) if holds_key(authorization, [key])]
    return found[0] if found else None


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
        except Exception:  # nobody above would answer, and a traceback is not for the client
            logger.exception("a request failed")
            refused = RefusedError("internal")
        else:
            return
        if not started:
            await refusal_response(refused, Request(scope))(scope, receive, send)


def own_path(scope: Scope) -> str:
    """Return a request's path within this application."""
    return str(scope.get("path", "")).removeprefix(scope.get("root_path", ""))


def is_under(path: str, roots: Sequence[str]) -> bool:
    """Whether a path is one of these or below one."""
    return any(path == root or path.startswith(f"{root}/") for root in roots)
