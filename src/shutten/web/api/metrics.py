"""What /metrics tells, in the text format of Prometheus. Labels come from closed sets alone."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

PATHS: Final = (
    "/api/ask", "/api/search", "/api/export", "/api/feedback", "/api/articles", "/mcp",
)  # fmt: skip
"""Requests are counted by these and, below the last two, by what begins like them."""

METHODS: Final = ("GET", "POST", "PUT", "DELETE", "OPTIONS")
OTHER: Final = "other"

SECONDS: Final = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper bounds of the histogram's buckets."""

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

Labels = tuple[tuple[str, str], ...]


def path_label(path: str) -> str:
    """Return which of the counted addresses a path is; ids of articles are no label."""
    for known in PATHS:
        if path == known or path.startswith(f"{known}/"):
            return known
    return OTHER


class Metrics:
    """Counts since the start of the process; may be shared by threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[Labels] = Counter()
        self._answers: Counter[Labels] = Counter()
        self._feedback: Counter[Labels] = Counter()
        self._buckets = [0] * (len(SECONDS) + 1)
        self._seconds = 0.0

    def count_request(self, method: str, path: str, status: int) -> None:
        """Count a request under /api or /mcp."""
        labels = (
            ("method", method if method in METHODS else OTHER),
            ("path", path_label(path)),
            ("status", str(status)),
        )
        with self._lock:
            self._requests[labels] += 1

    def count_answer(self, status: str, seconds: float) -> None:
        """Count an answer by its status, or one that failed or that nobody waited for."""
        with self._lock:
            self._answers[("status", status),] += 1
            self._buckets[bisect_left(SECONDS, seconds)] += 1
            self._seconds += seconds

    def count_feedback(self, rating: str) -> None:
        """Count a rating, whether or not it is kept."""
        with self._lock:
            self._feedback[("rating", rating),] += 1

    def text(self, gauges: Mapping[str, int]) -> str:
        """Return everything, with values of the moment by name."""
        with self._lock:
            lines = [
                *_counter("shutten_requests_total", "Requests to /api and /mcp.", self._requests),
                *_counter("shutten_answers_total", "Answers to programs.", self._answers),
                *_counter("shutten_feedback_total", "Ratings of answers.", self._feedback),
                *self._histogram("shutten_answer_seconds", "Time from question to answer."),
            ]
        for name, value in gauges.items():
            lines += [f"# TYPE shutten_{name} gauge", f"shutten_{name} {value}"]
        return "\n".join(lines) + "\n"

    def _histogram(self, name: str, meaning: str) -> Iterator[str]:
        yield from _heading(name, meaning, "histogram")
        total = 0
        for bound, count in zip((*map(str, SECONDS), "+Inf"), self._buckets, strict=True):
            total += count
            yield f'{name}_bucket{{le="{bound}"}} {total}'
        yield f"{name}_sum {self._seconds:.6f}"
        yield f"{name}_count {total}"


def _heading(name: str, meaning: str, kind: str) -> Iterator[str]:
    yield f"# HELP {name} {meaning}"
    yield f"# TYPE {name} {kind}"


def _counter(name: str, meaning: str, counts: Counter[Labels]) -> Iterator[str]:
    yield from _heading(name, meaning, "counter")
    for labels, count in sorted(counts.items()):
        written = ",".join(f'{label}="{value}"' for label, value in labels)
        yield f"{name}{{{written}}} {count}"
