"""Resident memory of the web app with the sample articles: after start, after questions.

Beside it a process that has only imported the libraries. Reads /proc, so Linux alone.
"""

from __future__ import annotations

import contextlib
import json
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx

from latency import QUESTIONS
from measuring import Benchmark, child_environment, parameters_of, parser_for

START_LIMIT = 180.0
"""Seconds until the web app must answer."""

ASK_LIMIT = 60.0
"""Seconds that one question may take."""

LIBRARIES = "sentence_transformers, gradio, faiss"
BARE = "import {libraries}, sys; print('ready', flush=True); sys.stdin.read()"


def memory_of(process_id: int) -> dict[str, float]:
    """Return resident megabytes (10^6 bytes) now, of them those no file backs, and the highest."""
    status = Path(f"/proc/{process_id}/status").read_text(encoding="utf-8")
    kilobytes = {name: int(size) for name, size in re.findall(r"(\w+):\s+(\d+) kB", status)}
    return {
        "resident MB": round(kilobytes["VmRSS"] * 1024 / 1e6),
        "of it anonymous": round(kilobytes["RssAnon"] * 1024 / 1e6),
        "highest MB": round(kilobytes["VmHWM"] * 1024 / 1e6),
    }


@contextlib.contextmanager
def running(command: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    """Start a process and end it, whatever happens."""
    process = subprocess.Popen(
        command,
        env=child_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate()


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_healthy(process: subprocess.Popen[bytes], address: str) -> None:
    """Return when the web app answers."""
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{address}/healthz").is_success:
                return
        time.sleep(0.2)
    sys.exit("the web app did not start: run `shutten serve` to see why")


def bare_memory(libraries: str) -> dict[str, float]:
    """Return the memory of the imports alone; `libraries` are names with commas between them."""
    with running((sys.executable, "-c", BARE.format(libraries=libraries))) as process:
        if process.stdout is None or process.stdout.readline() != b"ready\n":
            sys.exit(f"not all of {libraries} can be imported")
        return memory_of(process.pid)


class Visitor:
    """Asks on the page as a browser does: the send button's event, through Gradio's queue."""

    def __init__(self, address: str) -> None:
        self._client = httpx.Client(base_url=f"{address}/ui/", timeout=ASK_LIMIT)
        self._session = secrets.token_hex(8)
        self._client.get("").raise_for_status()
        config = self._client.get("config").raise_for_status().json()
        self._event, self._button = sending(config)

    def ask(self, question: str) -> None:
        """Send one question and wait for the last word of its answer."""
        join = {
            "data": [question, [], "", [], self._session, None, question],
            "fn_index": self._event,
            "trigger_id": self._button,
            "session_hash": self._session,
        }
        self._client.post("gradio_api/queue/join", json=join).raise_for_status()
        address = f"gradio_api/queue/data?session_hash={self._session}"
        with self._client.stream("GET", address) as answer:
            for line in answer.iter_lines():
                told = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
                if told.get("msg") == "process_completed":
                    if not told.get("success"):
                        sys.exit(f"the page could not answer {question}")
                    return
        sys.exit(f"the page never finished answering {question}")


def sending(config: Mapping[str, Any]) -> tuple[int, int]:
    """Return the event that the send button starts, and the button, as Gradio numbers them."""
    named = {part["props"].get("elem_id"): int(part["id"]) for part in config["components"]}
    button = named["send"]
    for event in config["dependencies"]:
        if any(tuple(target) == (button, "click") for target in event["targets"]):
            return int(event["id"]), button
    sys.exit("the page has no button that sends a question")


def web_memory(folder: Path, questions: int) -> dict[str, dict[str, float]]:
    """Return the web app's memory after start and after so many questions."""
    port = free_port()
    place = ("--index", str(folder / "index"), "--host", "127.0.0.1", "--port", str(port))
    address = f"http://127.0.0.1:{port}"
    with running((sys.executable, "-m", "shutten", "serve", *place)) as process:
        wait_until_healthy(process, address)
        rows = {"after start": memory_of(process.pid)}
        visitor = Visitor(address)
        for number in range(questions):
            visitor.ask(QUESTIONS[number % len(QUESTIONS)])
        rows[f"after {questions} questions"] = memory_of(process.pid)
    return rows


def main() -> None:
    """Start, ask, look."""
    parser = parser_for("memory", __doc__)
    parser.add_argument("--questions", type=int, default=20)
    parser.add_argument("--libraries", default=LIBRARIES, help="what is imported alone")
    options = parser.parse_args()
    benchmark = Benchmark("memory", parameters_of(options))
    with tempfile.TemporaryDirectory() as folder:
        rows = {
            "imports alone": bare_memory(options.libraries),
            **web_memory(Path(folder), options.questions),
        }
    benchmark.conclude("Memory of the web app", rows, options.report)


if __name__ == "__main__":
    main()
