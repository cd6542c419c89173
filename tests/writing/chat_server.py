"""A server with OpenAI's chat interface on 127.0.0.1, whose faults a test scripts."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.loopback import served

Record = dict[str, Any]
Reply = Callable[[Record], Iterable[str]]
"""From the body of a request to the pieces of its answer."""


@dataclass
class ChatServer:
    """What is served, and what was asked. `faults` are used up first, one per request."""

    reply: Reply
    models: list[str] = field(default_factory=lambda: ["tiny"])
    faults: list[Callable[[Handler], None]] = field(default_factory=list)
    asked: list[Record] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    gone: threading.Event = field(default_factory=threading.Event)
    """Set when a client has closed its connection in the middle of an answer."""
    address: str = ""


class Handler(BaseHTTPRequestHandler):
    """One request; the class of a running server knows its ChatServer."""

    chat: ChatServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        listed = [{"id": name, "object": "model"} for name in self.chat.models]
        self.send_json(200, {"object": "list", "data": listed})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.chat.asked.append({"path": self.path, **body})
        self.chat.headers.append({key.lower(): value for key, value in self.headers.items()})
        if self.chat.faults:
            self.chat.faults.pop(0)(self)
        elif body["model"] not in self.chat.models:
            message = f"The model `{body['model']}` does not exist."
            self.send_json(404, {"error": {"message": message, "code": "model_not_found"}})
        else:
            self.send_events(map(chunk, self.chat.reply(body)), end=True)

    def send_json(self, status: int, record: object, **headers: str) -> None:
        self.send_bytes(status, "application/json", json.dumps(record).encode(), **headers)

    def send_bytes(self, status: int, kind: str, data: bytes, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def begin_events(self) -> None:
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Connection", "close")
        self.end_headers()

    def send_events(self, records: Iterable[Record | str], *, end: bool = False) -> None:
        self.begin_events()
        try:
            for record in records:
                self.send_data(record if isinstance(record, str) else json.dumps(record))
            if end:
                self.send_data(json.dumps(chunk("", finish="stop")))
                self.send_data("[DONE]")
        except (BrokenPipeError, ConnectionResetError):
            self.chat.gone.set()

    def send_data(self, data: str) -> None:
        self.wfile.write(f"data: {data}\n\n".encode())
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Be silent."""


def chunk(text: str, *, finish: str | None = None, **delta: str) -> Record:
    choice = {"index": 0, "delta": {"content": text, **delta}, "finish_reason": finish}
    return {"object": "chat.completion.chunk", "choices": [choice]}


@contextmanager
def running(reply: Reply, **kept: Any) -> Iterator[ChatServer]:  # noqa: ANN401
    """Serve on a free port until the end of the block."""
    chat = ChatServer(reply, **kept)
    handler = type("Bound", (Handler,), {"chat": chat})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    chat.address = f"http://127.0.0.1:{server.server_address[1]}"
    with served(server):
        yield chat
