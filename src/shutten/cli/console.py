"""What goes where: answers to stdout, everything else to stderr."""

from __future__ import annotations

import contextlib
import ctypes
import io
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, TextIO

import typer

from shutten.errors import ModelError

if TYPE_CHECKING:
    from shutten.types import Progress

BROKEN_PIPE = 141
"""128 + SIGPIPE: what a program that does not handle the signal ends with."""

QUIET_SECONDS = 10
"""How often long work is reported where there is no terminal to draw a bar on."""

STDOUT = 1
STDERR = 2


class Answers:
    """The way to stdout while everything that libraries print there goes to stderr."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def line(self, text: str) -> None:
        """Write a line and flush it, so that a reader at the other end has it at once."""
        self._stream.write(f"{text}\n")
        self._stream.flush()

    def record(self, record: Mapping[str, object]) -> None:
        """Write one JSON object on a line of its own, characters as they are."""
        self.line(json.dumps(record, ensure_ascii=False, allow_nan=False))


@contextlib.contextmanager
def answers() -> Iterator[Answers]:
    """Take stdout for answers alone: file descriptor 1 points to stderr meanwhile.

    A reader that has gone away ends the command in silence.
    """
    sys.stdout.flush()
    kept = os.dup(STDOUT)
    os.dup2(STDERR, STDOUT)
    # A lone surrogate, which UTF-8 cannot hold, comes out as JSON's own escape for it.
    stream = io.TextIOWrapper(
        io.FileIO(kept, "w", closefd=False), encoding="utf-8", errors="backslashreplace"
    )
    try:
        with contextlib.redirect_stdout(sys.stderr):
            yield Answers(stream)
    except BrokenPipeError as error:
        raise typer.Exit(BROKEN_PIPE) from error
    finally:
        os.dup2(kept, STDOUT)
        os.close(kept)


def say(line: str) -> None:
    """Write a line for people to stderr."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


@contextlib.contextmanager
def progress(title: str) -> Iterator[Progress]:
    """Show how far work has come: a bar on a terminal, else a line now and then."""
    if not sys.stderr.isatty():
        yield _reporter(title)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextlib.contextmanager
def patience(title: str, seconds: float, *, cure: str) -> Iterator[None]:
    """Show that work goes on which says nothing itself, and end it after `seconds`: ModelError.

    A clock on a terminal, else a line at the beginning and now and then.
    """
    ended = threading.Event()
    # Taken here: while a model is loaded, what is written to sys.stderr is swallowed.
    stream = sys.stderr
    clock = threading.Thread(target=_tick, args=(title, stream, ended), daemon=True)
    clock.start()
    try:
        with _limit(seconds, f"{title} took more than {seconds:.0f} seconds: {cure}"):
            yield
    finally:
        ended.set()
        clock.join()


def _tick(title: str, stream: TextIO, ended: threading.Event) -> None:
    began = time.monotonic()
    drawn = stream.isatty()
    wait = 1 if drawn else QUIET_SECONDS
    line = f"{title}: this may take minutes"
    while True:
        stream.write(f"\r{line}" if drawn else f"{line}\n")
        stream.flush()
        if ended.wait(wait):
            break
        line = f"{title}: {time.monotonic() - began:.0f} s"
        line = line.ljust(len(f"{title}: this may take minutes")) if drawn else line
    if drawn:
        stream.write("\r" + " " * len(line) + "\r")
        stream.flush()


@contextlib.contextmanager
def _limit(seconds: float, message: str) -> Iterator[None]:
    def give_up(number: int, frame: object) -> None:  # noqa: ARG001 - as signal calls it
        raise ModelError(message)

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _reporter(title: str) -> Progress:
    last = time.monotonic()

    def report(done: int, total: int | None) -> None:
        nonlocal last
        if time.monotonic() - last >= QUIET_SECONDS:
            last = time.monotonic()
            say(f"{title}: {done}" + (f" of {total}" if total else ""))

    return report


_M_ARENA_MAX = -8


def share_allocation_arenas(most: int = 2) -> None:
    """Let glibc's threads share memory arenas, 60 MB less in the web app; elsewhere do nothing.

    Each thread that allocates gets an arena of its own by default, and what a model's loading
    leaves free in one is lost to the others (mallopt(3), M_ARENA_MAX).
    """
    try:
        mallopt = ctypes.CDLL("libc.so.6").mallopt
    except (OSError, AttributeError):  # no glibc here
        return
    mallopt(_M_ARENA_MAX, most)
