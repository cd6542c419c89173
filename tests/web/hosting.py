"""A site of its own beside the app: the pages that a widget is put into."""

from __future__ import annotations

import contextlib
import http.server
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

Headers = Mapping[str, str]


@dataclass
class Site:
    """Pages by path; `origin` is one that the app allows, `stranger` another name of the same."""

    port: int
    pages: dict[str, tuple[str, Headers]] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def stranger(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def put(self, path: str, body: str, headers: Headers | None = None) -> None:
        page = f'<!doctype html><html lang="ja"><link rel="icon" href="data:,">{body}</html>'
        self.pages[path] = (page, headers or {})


@contextlib.contextmanager
def site() -> Iterator[Site]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page, headers = served.pages.get(urlsplit(self.path).path, ("", {}))
            self.send_response(200 if page else 404)
            for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served = Site(server.server_port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield served
    server.shutdown()
    server.server_close()
