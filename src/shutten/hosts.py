"""Names of hosts as settings list them: one rule for what is answered and for what is fetched."""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import IPv6Address, ip_address

_AUTHORITY = re.compile(r"(?P<host>\[[^\]]*\]|[^:\[\]]*)(?::(?P<port>[0-9]{1,5}))?")

ANY = "*"


def host_and_port(authority: str) -> tuple[str, int | None] | None:
    """Take `host:port` or `[::1]:port` apart, the host as `plain_host` gives it; None if neither.

    The port is None where there is none.
    """
    found = _AUTHORITY.fullmatch(authority.strip())
    if found is None or not found["host"]:
        return None
    return plain_host(found["host"]), int(found["port"]) if found["port"] else None


def plain_host(host: str) -> str:
    """Return a host's name or address in the one spelling that is compared."""
    plain = host.strip("[]").rstrip(".").lower()
    try:
        return str(ip_address(plain))
    except ValueError:
        return plain


def is_loopback(host: str) -> bool:
    """Whether a name or an address means this machine and nobody else can make it mean another."""
    plain = plain_host(host)
    if plain == "localhost" or plain.endswith(".localhost"):
        return True
    try:
        address = ip_address(plain)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


class Hosts:
    """A list of hosts: `name`, `name:port`, `*.domain` (what is below it) or `*` (any)."""

    def __init__(self, listed: Sequence[str] = ()) -> None:
        self._any = ANY in listed
        split = [each for each in map(host_and_port, listed) if each is not None]
        self._exact = {(host, port) for host, port in split if not host.startswith("*.")}
        self._below = [(host[1:], port) for host, port in split if host.startswith("*.")]

    def __bool__(self) -> bool:
        return self._any or bool(self._exact) or bool(self._below)

    def include(self, host: str, port: int | None) -> bool:
        """Whether the host is listed, without a port or with this one."""
        plain = plain_host(host)
        if self._any or not self._exact.isdisjoint({(plain, None), (plain, port)}):
            return True
        return any(plain.endswith(end) and own in (None, port) for end, own in self._below)
