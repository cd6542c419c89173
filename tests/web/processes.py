"""Servers in processes of their own: started, awaited, and ended by their id."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.nursery import Child, Nursery

PATIENCE_SECONDS = 120


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextlib.contextmanager
def process(
    command: Sequence[str], log: Path, environment: Mapping[str, str], *, cwd: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command until the end of the context; what it says goes into `log`."""
    with log.open("w", encoding="utf-8") as output:
        started = subprocess.Popen(command, cwd=cwd, env=environment, stdout=output, stderr=output)
    try:
        yield started
    finally:
        started.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            started.wait(timeout=15)
        started.kill()
        started.wait()


def wait_until_up(address: str, started: subprocess.Popen[bytes] | Child, log: Path) -> None:
    """Return when a server answers; fails with what it said where it never does."""
    end = time.monotonic() + PATIENCE_SECONDS
    while started.poll() is None and time.monotonic() < end:
        try:
            urllib.request.urlopen(address, timeout=PATIENCE_SECONDS).close()  # noqa: S310
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"{address} did not start:\n{log.read_text(encoding='utf-8')}")


@contextlib.contextmanager
def command(
    *arguments: str,
    nursery: Nursery,
    log: Path,
    environment: Mapping[str, str],
    cwd: Path,
    script: Path | None = None,
) -> Iterator[Child]:
    """Run `shutten`, or a script, until the end of the context; what it says goes into `log`."""
    with (
        log.open("w", encoding="utf-8") as output,
        nursery.started(
            *arguments,
            cwd=cwd,
            environment=environment,
            streams=(0, output.fileno(), output.fileno()),
            script=script,
        ) as started,
    ):
        yield started
        started.send_signal(signal.SIGINT)
        with contextlib.suppress(TimeoutError):
            started.wait(timeout=15)
