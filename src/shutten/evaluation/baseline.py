"""Plain BM25 over character bigrams: the baseline that every leg is measured against.

Written on its own, without the keyword view's tokeniser, so that the two can disagree.
"""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

K1 = 1.2
B = 0.75


def bigrams(text: str) -> list[str]:
    """Return the character bigrams of each run without white space; a lone character counts."""
    runs = unicodedata.normalize("NFKC", text).lower().split()
    return [run[i : i + 2] for run in runs for i in range(max(1, len(run) - 1))]


class BigramBM25:
    """Okapi BM25 (k1 1.2, b 0.75) over a fixed list of documents."""

    def __init__(self, documents: Sequence[str]) -> None:
        counts = [Counter(bigrams(document)) for document in documents]
        lengths = np.array([sum(count.values()) for count in counts], dtype=np.float64)
        self._size = len(counts)
        self._norms = K1 * (1 - B + B * lengths / max(1.0, float(lengths.mean()) if counts else 1))
        self._postings = {
            term: (np.array(rows), self._impacts(np.array(rows), np.array(times)))
            for term, (rows, times) in _posting_lists(counts).items()
        }

    def _impacts(
        self, rows: npt.NDArray[np.int64], times: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.float64]:
        rarity = math.log(1 + (self._size - len(rows) + 0.5) / (len(rows) + 0.5))
        impacts: npt.NDArray[np.float64] = rarity * times * (K1 + 1) / (times + self._norms[rows])
        return impacts

    def search(self, question: str, k: int) -> list[int]:
        """Return the numbers (from 0) of up to k documents that share a bigram, best first."""
        scores = np.zeros(self._size)
        for term in bigrams(question):
            if term in self._postings:
                rows, impacts = self._postings[term]
                scores[rows] += impacts
        return [int(row) for row in _best(scores, k) if scores[row] > 0]


def _posting_lists(counts: Iterable[Counter[str]]) -> dict[str, tuple[list[int], list[int]]]:
    lists: dict[str, tuple[list[int], list[int]]] = {}
    for row, count in enumerate(counts):
        for term, times in count.items():
            rows, frequencies = lists.setdefault(term, ([], []))
            rows.append(row)
            frequencies.append(times)
    return lists


def _best(scores: npt.NDArray[np.float64], k: int) -> npt.NDArray[np.intp]:
    """Ties are broken by the order of the documents."""
    return np.argsort(-scores, kind="stable")[:k]
