"""What articles say where questions say something else: how long, and the full length.

A table learned from questions and the sentences that answer them, after Berger and Lafferty (1999,
"Information retrieval as statistical translation"), with lifts in the place of translation
probabilities (`training/ranking.py` has the recipe).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from shutten.errors import ModelError

STRENGTH = 32
"""In a file a weight is a whole number of this part of one, and no more than 255 of them."""

Row: TypeAlias = Sequence[tuple[str, float]]
"""Tokens of articles with their weights, greatest first."""

Arrays: TypeAlias = Mapping[str, npt.NDArray[np.uint8 | np.uint16]]


class Associations:
    """For tokens of questions, the tokens that tend to stand in their place."""

    def __init__(self, arrays: Arrays) -> None:
        self._tokens = bytes(arrays["tokens"]).decode().split("\n")
        self._said, self._weights = arrays["said"], arrays["weights"]
        ends = list(accumulate(arrays["counts"].tolist()))
        asked = (self._tokens[place] for place in arrays["asked"].tolist())
        rows = pairwise([0, *ends])
        self._rows = dict(zip(asked, rows, strict=True))

    @classmethod
    def of_table(cls, table: Mapping[str, Row]) -> Associations:
        """Take a table of at most 65,536 different tokens; see `STRENGTH`."""
        return cls(_arrays(table))

    @classmethod
    def load(cls, path: Path) -> Associations:
        """Read what `_arrays` makes; raises ModelError."""
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        try:
            return cls(load_file(path))
        except (OSError, ValueError, KeyError, IndexError, SafetensorError) as error:
            message = f"{path.name} cannot be read ({error}): install Shutten again"
            raise ModelError(message) from error

    def __len__(self) -> int:
        return len(self._rows)

    def of(self, token: str) -> Row:
        """What tends to stand where a question has this token."""
        start, end = self._rows.get(token, (0, 0))
        said, weights = self._said[start:end].tolist(), self._weights[start:end].tolist()
        return [(self._tokens[s], w / STRENGTH) for s, w in zip(said, weights, strict=True)]


def _arrays(table: Mapping[str, Row]) -> Arrays:
    tokens = sorted({*table, *(said for row in table.values() for said, _ in row)})
    place = {token: number for number, token in enumerate(tokens)}
    asked = sorted(table, key=place.__getitem__)
    flat = [pair for token in asked for pair in sorted(table[token], key=lambda pair: -pair[1])]
    return {
        "tokens": np.frombuffer("\n".join(tokens).encode(), dtype=np.uint8),
        "asked": np.array([place[token] for token in asked], dtype=np.uint16),
        "counts": np.array([len(table[token]) for token in asked], dtype=np.uint16),
        "said": np.array([place[said] for said, _ in flat], dtype=np.uint16),
        "weights": np.array([min(255, round(w * STRENGTH)) for _, w in flat], dtype=np.uint8),
    }


def save(table: Mapping[str, Row], path: Path) -> None:
    """Write a table as `Associations.load` reads it."""
    from safetensors.numpy import save_file

    save_file(dict(_arrays(table)), path)
