"""Requests to the web that reach no private network, save the hosts that somebody has named.

What a page or a wiki says may lead anywhere: a redirection, a link to an API, a name whose address
is one of ours. So every address is checked after it was resolved, and the connection is made to
the very address that was checked.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.request import getproxies, proxy_bypass

import httpx
from socksio import SOCKSError

from shutten.decoding import printable
from shutten.errors import AddressRefusedError
from shutten.hosts import Hosts

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Sequence[str]]
"""A host and a port to the addresses of it, as text, best first; raises OSError."""

UNUSABLE_PROXY = "a proxy that the environment names cannot be used"
PROXY_CURE = (
    "check HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY; a proxy is an address such as"
    " http://proxy.example.org:3128 or socks5://proxy.example.org:1080"
)

_PORTS = {"http": 80, "https": 443}
_TRANSLATED = (IPv6Network("64:ff9b::/96"), IPv6Network("::/96"))
"""Networks whose addresses end in an IPv4 address (RFC 6052; RFC 4291, 2.5.5.1)."""
_LOCAL_TRANSLATED = IPv6Network("64:ff9b:1::/48")
"""Translation within one network (RFC 8215)."""
_OWN_6TO4 = 0xFFFF_FFFF
_BITS_BEHIND_6TO4 = 80


def resolve_name(host: str, port: int) -> Sequence[str]:
    """Ask the system; it also understands addresses as 127.1, 0x7f000001 or 017700000001."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def is_public(address: Address) -> bool:
    """Whether an address is one of the open internet, also by what is written inside of it."""
    if isinstance(address, IPv6Address):
        inner = _inner(address)
        if inner is not None:
            return is_public(inner)
        if address.is_site_local or address in _LOCAL_TRANSLATED:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _inner(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that an IPv6 address stands for, None where it is its own."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if any(address in network for network in _TRANSLATED):
        return IPv4Address(int(address) & _OWN_6TO4)
    if address.sixtofour is not None:
        return IPv4Address(int(address) >> _BITS_BEHIND_6TO4 & _OWN_6TO4)
    return None


class Reach:
    """What may be connected to: the open internet, and the private hosts that were named.

    `typed` are addresses as a person has given them: their hosts may be private, at the port that
    was typed (80 and 443 stand for each other). `private_hosts` are as the setting lists them.
    """

    def __init__(
        self,
        typed: Sequence[str] = (),
        private_hosts: Sequence[str] = (),
        *,
        resolve: Resolve = resolve_name,
    ) -> None:
        named = [host for address in typed for host in _named(address)]
        self._named = Hosts((*private_hosts, *named))
        self._resolve = resolve

    def addresses(self, url: httpx.URL, *, proxied: bool = False) -> list[str]:
        """Return the addresses that a request may be sent to, best first.

        Of a host that only a proxy can resolve there are none. Raises AddressRefusedError, and
        httpx.ConnectError where the name has no address.
        """
        if url.scheme in ("", *_PORTS) and not url.host:
            message = (
                "an address without a host is not fetched: write it whole, as in"
                " https://example.org/page.html"
            )
            raise AddressRefusedError(message)
        if url.scheme not in _PORTS:
            message = f"{_shown(url)} is not fetched: only http and https addresses are read"
            raise AddressRefusedError(message)
        port = url.port or _PORTS[url.scheme]
        try:
            found = list(self._resolve(url.host, port))
        except (OSError, UnicodeError) as error:
            if proxied:
                return []
            reason = f"the name {printable(url.host)} has no address"
            raise httpx.ConnectError(reason) from error
        if not self._named.include(url.host, port):
            for each in found:
                _check(url, each)
        return found


def _named(address: str) -> list[str]:
    try:
        url = httpx.URL(address)
        host = url.host  # raises UnicodeError where it only looks like a name in another script
    except (httpx.InvalidURL, UnicodeError):
        return []
    if not host or url.scheme not in _PORTS:
        return []
    port = url.port or _PORTS[url.scheme]
    ports = _PORTS.values() if port in _PORTS.values() else (port,)
    shown = f"[{host}]" if ":" in host else host
    return [f"{shown}:{each}" for each in ports]


def _check(url: httpx.URL, found: str) -> None:
    try:
        public = is_public(ip_address(found))
    except ValueError:  # with a scope, as link-local addresses have
        public = False
    if not public:
        message = (
            f"{_shown(url)} leads into a private network ({printable(found)}) and is not fetched:"
            f" if it may be read, set SHUTTEN_PRIVATE_HOSTS={printable(url.host)}"
        )
        raise AddressRefusedError(message)


def _shown(url: httpx.URL) -> str:
    """Return an address without a password in it."""
    return printable(str(url.copy_with(userinfo=b"", query=None)))


class PinnedTransport(httpx.BaseTransport):
    """Sends each request to an address that was checked, the name kept for TLS and `Host`.

    Where the environment names a proxy it makes the connection; then names are checked as this
    machine resolves them. `proxies` are by scheme, as in `urllib`.
    """

    def __init__(self, reach: Reach, *, proxies: Mapping[str, str] | None = None) -> None:
        self._reach = reach
        self._proxies = getproxies() if proxies is None else proxies
        self._transports: dict[tuple[str, str | int | None], httpx.HTTPTransport] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; raises AddressRefusedError and the errors of httpx.

        A proxy that the environment does not name by an address is httpx.InvalidURL.
        """
        proxy = self._proxy(request.url)
        addresses = self._reach.addresses(request.url, proxied=proxy is not None)
        if proxy is not None:
            return self._send_through(proxy, request)
        for address in addresses[:-1]:
            try:
                return self._send(request, address)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue  # the next address of the host may answer
        return self._send(request, addresses[-1])

    def _send_through(self, proxy: str, request: httpx.Request) -> httpx.Response:
        try:
            transport = self._transport(("proxy", proxy), proxy=proxy)
        except (httpx.InvalidURL, ValueError) as error:
            message = f"{UNUSABLE_PROXY}: {PROXY_CURE}"
            raise httpx.InvalidURL(message) from error
        try:
            return transport.handle_request(request)
        except SOCKSError as error:  # which httpx lets through
            message = f"the proxy does not speak SOCKS: {error}"
            raise httpx.ProxyError(message, request=request) from error

    def _send(self, request: httpx.Request, address: str) -> httpx.Response:
        extensions = dict(request.extensions)
        if not _is_address(request.url.host):
            extensions["sni_hostname"] = request.url.host
        pinned = httpx.Request(
            request.method,
            request.url.copy_with(host=address),
            headers=request.headers,
            stream=request.stream,
            extensions=extensions,
        )
        # One for each host: a connection that was made for one name serves no other.
        return self._transport((request.url.host, request.url.port)).handle_request(pinned)

    def _proxy(self, url: httpx.URL) -> str | None:
        proxy = self._proxies.get(url.scheme) or self._proxies.get("all")
        if not proxy or proxy_bypass(url.host):
            return None
        return proxy if "://" in proxy else f"http://{proxy}"

    def _transport(
        self, key: tuple[str, str | int | None], *, proxy: str | None = None
    ) -> httpx.HTTPTransport:
        if key not in self._transports:
            self._transports[key] = httpx.HTTPTransport(proxy=proxy, trust_env=True)
        return self._transports[key]

    def close(self) -> None:
        """Close the connections to every host, and to the proxies."""
        for transport in self._transports.values():
            transport.close()


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
