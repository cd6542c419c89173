"""Processes that begin with everything imported: each is forked from one that has done so.

Most of the time that a command takes is Python's, importing what the command is made of. Here that
is done once, in a process that runs nothing itself: each of its children takes on the folder, the
environment, the streams and the arguments that it is given, and is the command from there on, with
its own exit status and its own signals. Nothing that one does reaches another one or the tests.

What a library reads of the environment while it is imported is not read again: a command that is to
see other folders of the hub, another locale or other variables of Python starts anew.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).parents[1]
COMMANDS = (
    *("shutten.__main__", "shutten.assistant", "shutten.bulk", "shutten.exporting"),
    *("shutten.cli.batch", "shutten.cli.checks", "shutten.cli.conversation"),
    *("shutten.cli.feedback", "shutten.cli.models", "shutten.cli.rendering"),
    *("shutten.cli.syncing", "shutten.downloading", "shutten.filling"),
    *("shutten.evaluation", "shutten.settings", "shutten.suggesting"),
    *("shutten.wiki.dokuwiki", "shutten.wiki.folder"),
)
"""What the commands import that load no model and serve nothing."""
MODELS = ("torch", "transformers", "sentence_transformers")
SERVING = ("uvicorn", "gradio", "shutten.web.app")
ALONE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""Threads that a library starts while it is imported would be missing in a child."""
STREAMS = 3
LARGEST_REQUEST = 1 << 20
SMALLEST_PIPE = 1 << 16
"""What one holds before anybody reads it (pipe(7))."""


@dataclass(frozen=True)
class Child:
    """A command that runs, as far as a test asks after it."""

    pid: int
    _ended: socket.socket

    def poll(self) -> int | None:
        """Return how it ended as `subprocess` does, None while it runs."""
        readable, _, _ = select.select([self._ended], [], [], 0)
        return self.wait() if readable else None

    def wait(self, timeout: float | None = None) -> int:
        """Return how it ended; raises TimeoutError."""
        self._ended.settimeout(timeout)
        return int(self._ended.recv(64, socket.MSG_PEEK))

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


class Nursery:
    """A process that has imported the modules, and whose children are the commands."""

    def __init__(self, *modules: str, environment: Mapping[str, str] = os.environ) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        kept = {k: v for k, v in environment.items() if not k.startswith("PYTHON")}
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, __file__, str(theirs.fileno()), *modules],
                env={**kept, **ALONE, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._requests = ours

    @contextlib.contextmanager
    def started(
        self,
        *arguments: str,
        cwd: Path,
        environment: Mapping[str, str],
        streams: Sequence[int],
        script: Path | None = None,
    ) -> Iterator[Child]:
        """Run `shutten` with the arguments, or a script; one that still runs then is killed.

        `streams` are the descriptors of its standard input, output and error.
        """
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                told = {
                    "arguments": arguments,
                    "cwd": str(cwd),
                    "environment": dict(environment),
                    "script": script and str(script),
                }
                descriptors = [theirs.fileno(), *streams]
                socket.send_fds(self._requests, [json.dumps(told).encode()], descriptors)
            pid = int.from_bytes(ours.recv(8))
            assert pid, "the process that commands are forked from has ended"
            child = Child(pid, ours)
            try:
                yield child
            finally:
                child.send_signal(signal.SIGKILL)
                child.wait()

    def run(
        self,
        *arguments: str,
        cwd: Path,
        environment: Mapping[str, str],
        stdin: bytes = b"",
        script: Path | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run `shutten` with the arguments, or a script, to its end, as `subprocess.run` does."""
        with (
            piped(stdin) as typed,
            tempfile.TemporaryFile() as output,
            tempfile.TemporaryFile() as errors,
        ):
            streams = [typed, output.fileno(), errors.fileno()]
            with self.started(
                *arguments, cwd=cwd, environment=environment, streams=streams, script=script
            ) as child:
                status = child.wait()
            output.seek(0)
            errors.seek(0)
            command = [str(script or "shutten"), *arguments]
            return subprocess.CompletedProcess(
                command, status, output.read().decode(), errors.read().decode()
            )

    def close(self) -> None:
        self._requests.close()
        self._process.wait()


@contextlib.contextmanager
def piped(data: bytes) -> Iterator[int]:
    """The reading end of a pipe that holds the data and nothing after it."""
    assert len(data) <= SMALLEST_PIPE
    reading, writing = os.pipe()
    try:
        with os.fdopen(writing, "wb") as filled:
            filled.write(data)
        yield reading
    finally:
        os.close(reading)


def serve(requests: socket.socket, modules: Sequence[str]) -> None:
    """Import the modules, and be the father of every command that is asked for."""
    for name in modules:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # a child that looks at nothing of this copies nothing of it
    threads = len(list(Path("/proc/self/task").iterdir()))
    assert threads == 1, "what is imported has started threads, which no child has"
    while True:
        told, descriptors, _, _ = socket.recv_fds(requests, LARGEST_REQUEST, 1 + STREAMS)
        if not told:
            break
        if os.fork() == 0:
            requests.close()
            ended, *streams = descriptors
            attend(json.loads(told), socket.socket(fileno=ended), streams)
            return
        for each in descriptors:
            os.close(each)
        reap()
    # Whoever asked has gone; what still runs, as its tests were broken off, is to go as well.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()


def reap() -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def attend(request: Mapping[str, Any], ended: socket.socket, streams: Sequence[int]) -> None:
    """Run the command in a child, tell its id and how it ended, and leave."""
    pid = os.fork()
    if pid == 0:
        ended.close()
        become(request, streams)
        return
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for each in streams:
        os.close(each)
    ended.send(pid.to_bytes(8))
    _, status = os.waitpid(pid, 0)
    with contextlib.suppress(BrokenPipeError):
        ended.send(str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def become(request: Mapping[str, Any], streams: Sequence[int]) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number, descriptor in enumerate(streams):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["cwd"])
    script = Path(request["script"]) if request["script"] else None
    sys.argv = [str(script or "shutten"), *request["arguments"]]
    try:
        run_named(script)
    except SystemExit as ended:
        leave(ended.code)
    except KeyboardInterrupt:
        sys.excepthook(*sys.exc_info())
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    except BaseException:  # noqa: BLE001 - as Python itself ends what nobody has caught
        sys.excepthook(*sys.exc_info())
        leave(1)
    leave(0)


def run_named(script: Path | None) -> None:
    if script is None:
        from shutten.cli import main

        main()
    else:
        sys.path.insert(0, str(script.parent))
        runpy.run_path(str(script), run_name="__main__")


def leave(status: object) -> NoReturn:
    """End as Python does, but leave what was imported as it is: to take it apart takes longest."""
    if status is not None and not isinstance(status, int):
        sys.stderr.write(f"{status}\n")
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(status if isinstance(status, int) else 0 if status is None else 1)


if __name__ == "__main__":
    descriptor, *named = sys.argv[1:]
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # at the terminal it is for the tests
    serve(socket.socket(fileno=int(descriptor)), named)
