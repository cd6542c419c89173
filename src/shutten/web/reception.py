"""What stands before everything: which host is asked, from where, and who has signed in.

What a proxy says in headers (`X-Forwarded-For`, `-Host`, `-Proto`, the sign-in) counts only where
the connection comes from an address that the settings trust.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from shutten.errors import SettingsError
from shutten.hosts import Hosts, host_and_port, is_loopback
from shutten.settings import Settings
from shutten.web.api.problems import RefusedError, refusal_response
from shutten.web.visitors import PERSON, Visitor, remember

FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-prefix")
"""Taken off every request once they are read. `X-Forwarded-Proto` stays: it opens nothing."""

SCHEMES: Final = ("http", "https")


class Proxies:
    """The addresses whose word is taken."""

    def __init__(self, listed: Sequence[str]) -> None:
        self._networks = [ip_network(each, strict=False) for each in listed]

    def trust(self, address: str) -> bool:
        """Whether an address is one of them; what is no address is not."""
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
        return any((mapped or parsed) in network for network in self._networks)

    def client(self, peer: str, forwarded: Sequence[str]) -> str:
        """Return the address that a request came from, by what each proxy adds at the end.

        The first that no trusted proxy has is the client's; what stands before it, anybody can
        have written.
        """
        current, left = peer, list(forwarded)
        while left and self.trust(current):
            named = _address(left.pop())
            if named is None:
                break
            current = named
        return current


def _address(written: str) -> str | None:
    """Return an address as X-Forwarded-For holds it, maybe with a port; None if it is none."""
    found = host_and_port(written)
    plain = written.strip() if found is None else found[0]
    try:
        return str(ip_address(plain))
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class SignIn:
    """The headers in which a proxy names who has signed in; an empty name is no header."""

    user: str = ""
    groups: str = ""

    def named(self, headers: Headers, *, trusted: bool) -> tuple[str | None, frozenset[str]]:
        """Return the person's name and groups; raises RefusedError for a forged header.

        A header that comes twice was written by two: the proxy must put its own in the place of
        what a client sends.
        """
        for name in filter(None, (self.user, self.groups)):
            if len(headers.getlist(name)) > (1 if trusted else 0):
                raise RefusedError("sign_in_not_trusted")
        user = _decoded(headers.get(self.user, "")) if self.user else ""
        given = _decoded(headers.get(self.groups, "")) if self.groups else ""
        if self.user and not user:
            return None, frozenset()
        groups = {each.strip() for each in given.split(",")} - {""}
        own = {f"{PERSON}{user}"} if user else set()
        return user or None, frozenset(
            own | {each for each in groups if not each.startswith(PERSON)}
        )


def _decoded(value: str) -> str:
    """Return a header's text; ASGI servers give its bytes as Latin-1."""
    raw = value.encode("latin-1")
    try:
        return raw.decode().strip()
    except UnicodeDecodeError:
        return value.strip()


@dataclass(frozen=True, slots=True)
class Names:
    """Which hosts are answered.

    A page on the web can have its own name lead to this machine or network, and then ask from
    there (DNS rebinding): on a loopback address only names that mean this machine are answered,
    and those of the setting. Elsewhere the app cannot know its names: any is answered unless the
    setting lists some. A number is nobody's name to give.
    """

    allowed: Hosts

    def check(self, host: str | None, server: str, *, trusted: bool) -> None:
        """Raise RefusedError for a host that is not answered; `server` is our own address.

        A trusted proxy answers for the names that it serves, as long as the setting lists none.
        """
        if host is None:  # a probe of old; every browser sends one
            return
        found = host_and_port(host)
        if found is None or not self._answers(*found, server, trusted=trusted):
            raise RefusedError("host_not_allowed")

    def _answers(self, host: str, port: int | None, server: str, *, trusted: bool) -> bool:
        if is_loopback(host) or self.allowed.include(host, port):
            return True
        if self.allowed:
            return not is_loopback(server) and _address(host) is not None
        return trusted or not is_loopback(server)


class Reception:
    """Lets requests in, with who asks and for which host written into their scope."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app = app
        self._proxies = Proxies(settings.trusted_proxies)
        self._names = Names(Hosts(settings.allowed_hosts))
        self._sign_in = SignIn(settings.user_header, settings.groups_header)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            let_in = self._let_in(scope)
        except RefusedError as refused:
            await refusal_response(refused, Request(scope))(scope, receive, send)
            return
        await self._app(let_in, receive, send)

    def _let_in(self, scope: Scope) -> Scope:
        headers = MutableHeaders(raw=list(scope["headers"]))
        peer = scope["client"][0] if scope.get("client") else ""
        trusted = self._proxies.trust(peer)
        server = scope["server"][0] if scope.get("server") else ""
        if trusted:
            _take_host(headers)
        self._names.check(headers.get("host"), server, trusted=trusted)
        name, groups = self._sign_in.named(headers, trusted=trusted)
        address = self._proxies.client(peer, _listed(headers, "x-forwarded-for"))
        changed = {**scope, "scheme": _scheme(scope["scheme"], headers, trusted=trusted)}
        if address != peer:
            changed["client"] = (address, 0)
        for each in FORWARDED:
            del headers[each]
        changed["headers"] = headers.raw
        remember(changed, Visitor(address, name, groups))
        return changed


def _take_host(headers: MutableHeaders) -> None:
    """Put the host that the proxy was asked for into the place of the one it asks us for."""
    forwarded = _listed(headers, "x-forwarded-host")
    if forwarded:
        headers["host"] = forwarded[-1]


def _scheme(own: str, headers: Headers, *, trusted: bool) -> str:
    named = [each.lower() for each in _listed(headers, "x-forwarded-proto")]
    return named[-1] if trusted and named and named[-1] in SCHEMES else own


def _listed(headers: Headers, name: str) -> list[str]:
    """Return what a header lists, in order, whether on one line or on several."""
    joined = ",".join(headers.getlist(name))
    return [each.strip() for each in joined.split(",") if each.strip()]


def check_sign_in(settings: Settings) -> None:
    """Raise SettingsError where a sign-in header is named and no proxy is trusted to set it."""
    if (settings.user_header or settings.groups_header) and not settings.trusted_proxies:
        message = (
            "user_header or groups_header is set, but no proxy is trusted to set it: name the"
            " proxy's address in SHUTTEN_TRUSTED_PROXIES, such as 127.0.0.1"
        )
        raise SettingsError(message)
