"""Which answers are to end early: a page's stop button reaches the answer that is being written."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator


class Stops:
    """The answers on their way, by the token of the page that waits for them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[str, list[threading.Event]] = {}

    @contextlib.contextmanager
    def watched(self, token: str) -> Iterator[threading.Event]:
        """Give the event that is set once the page wants its answer to end."""
        wanted = threading.Event()
        with self._lock:
            self._waiting.setdefault(token, []).append(wanted)
        try:
            yield wanted
        finally:
            self._forget(token, wanted)

    def stop(self, token: str) -> None:
        """Have all answers end that this page waits for."""
        with self._lock:
            waiting = tuple(self._waiting.get(token, ()))
        for wanted in waiting:
            wanted.set()

    def _forget(self, token: str, wanted: threading.Event) -> None:
        with self._lock:
            left = [each for each in self._waiting[token] if each is not wanted]
            if left:
                self._waiting[token] = left
            else:
                del self._waiting[token]
