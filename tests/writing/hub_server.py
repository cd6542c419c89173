"""A hub for models on 127.0.0.1: one repository, whole or with a fault."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from tests.loopback import served

COMMIT = "1" * 40


@dataclass
class Hub:
    """Files by path, what was asked, and what goes wrong."""

    name: str
    files: dict[str, bytes]
    asked: list[tuple[str, str, str | None]] = field(default_factory=list)
    """Method, path, and Range of each request."""
    breaks_after: dict[str, int] = field(default_factory=dict)
    """Files whose connection breaks once after so many bytes."""
    stalls_after: dict[str, int] = field(default_factory=dict)
    """Files of which once no more than so many bytes come, and the connection stays open."""
    let_go: threading.Event = field(default_factory=threading.Event)
    """Set, and a connection that stalls ends."""
    altered: dict[str, bytes] = field(default_factory=dict)
    """Files that come with another content than the list of files says."""
    status: int = 200
    claimed_size: dict[str, int] = field(default_factory=dict)
    address: str = ""

    def entry(self, path: str) -> dict[str, Any]:
        data = self.files[path]
        size = self.claimed_size.get(path, len(data))
        entry: dict[str, Any] = {"type": "file", "path": path, "size": size, "oid": git_hash(data)}
        if path.endswith((".safetensors", ".gguf", ".bin")):
            entry["lfs"] = {"oid": sha256(data), "size": size, "pointerSize": 130}
        return entry


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def git_hash(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()  # noqa: S324 - git's own


class Handler(BaseHTTPRequestHandler):
    hub: Hub
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self.answer()

    def do_GET(self) -> None:
        self.answer()

    def answer(self) -> None:
        path = urlsplit(self.path).path
        self.hub.asked.append((self.command, path, self.headers.get("range")))
        repository = f"/api/models/{self.hub.name}"
        if self.hub.status != 200:
            self.send(self.hub.status, b"{}")
        elif path in (repository, f"{repository}/revision/main"):
            self.send_json({"id": self.hub.name, "sha": COMMIT, "siblings": [], "tags": []})
        elif path.startswith(f"{repository}/tree/"):
            self.send_json([self.hub.entry(each) for each in self.hub.files])
        elif path.startswith(f"/{self.hub.name}/resolve/"):
            self.send_file(path.split("/resolve/")[1].partition("/")[2])
        else:
            self.send(404, b"{}", {"X-Error-Code": "RepoNotFound"})

    def send_json(self, record: object) -> None:
        self.send(200, json.dumps(record).encode(), {"Content-Type": "application/json"})

    def send_file(self, path: str) -> None:
        if path not in self.hub.files:
            self.send(404, b"", {"X-Error-Code": "EntryNotFound"})
            return
        entry = self.hub.entry(path)
        tag = entry.get("lfs", entry)["oid"]
        data = self.hub.altered.get(path, self.hub.files[path])
        headers = {"ETag": f'"{tag}"', "X-Repo-Commit": COMMIT, "Accept-Ranges": "bytes"}
        headers["X-Linked-Size"] = str(entry["size"])
        first = int((self.headers.get("range") or "bytes=0-").removeprefix("bytes=").split("-")[0])
        if first:
            headers["Content-Range"] = f"bytes {first}-{len(data) - 1}/{len(data)}"
        got = self.command == "GET"
        most = self.hub.breaks_after.pop(path, None) if got else None
        stalls = self.hub.stalls_after.pop(path, None) if got else None
        self.send(206 if first else 200, data[first:], headers, most if stalls is None else stalls)
        if stalls is not None:
            self.wfile.flush()
            self.hub.let_go.wait()

    def send(
        self,
        status: int,
        data: bytes,
        headers: Mapping[str, str] = MappingProxyType({}),
        most: int | None = None,
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        self.wfile.write(data[:most])
        if most is not None:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Be silent."""


@contextmanager
def running(name: str, folder: Path) -> Iterator[Hub]:
    """Serve the files of a folder as a repository until the end of the block."""
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    hub = Hub(name, files)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"hub": hub}))
    server.daemon_threads = True
    hub.address = f"http://127.0.0.1:{server.server_address[1]}"
    with served(server):
        try:
            yield hub
        finally:
            hub.let_go.set()
