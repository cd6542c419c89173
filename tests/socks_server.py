"""A SOCKS5 proxy on 127.0.0.1 that answers every request itself with one page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import StreamRequestHandler, ThreadingTCPServer

from tests.loopback import served

ACCEPTED = b"\x05\x00"
PAGE = b"<p>A page behind a proxy.</p>"
_NAME = 3
"""The kind of an address that is a name (RFC 1928, 5); otherwise it is four bytes here."""


@dataclass
class SocksProxy:
    """`hosts` are those that a connection was asked to; `greeting` is how the proxy begins."""

    greeting: bytes = ACCEPTED
    hosts: list[bytes] = field(default_factory=list)
    address: str = ""


@contextmanager
def proxying(greeting: bytes = ACCEPTED) -> Iterator[SocksProxy]:
    """Serve on a free port until the end of the block."""
    proxy = SocksProxy(greeting)

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            self.rfile.read(3)
            self.wfile.write(proxy.greeting)
            if proxy.greeting == ACCEPTED:
                kind = self.rfile.read(4)[3]
                proxy.hosts.append(self.rfile.read(self.rfile.read(1)[0] if kind == _NAME else 4))
                self.rfile.read(2)
                self.wfile.write(b"\x05\x00\x00\x01" + bytes(6))
                self._answer()

        def _answer(self) -> None:
            while self.rfile.readline().strip():
                pass
            head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(PAGE)}"
            self.wfile.write(f"{head}\r\nConnection: close\r\n\r\n".encode() + PAGE)

    server = ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    proxy.address = f"socks5://127.0.0.1:{server.server_address[1]}"
    with served(server):
        yield proxy
