"""The fake among the writers: says again what it is given, as told to change it."""

from __future__ import annotations

from collections.abc import Callable, Generator

from shutten.types import WritingRequest

PIECE = 5
"""Characters in a piece, so that every claim comes in several."""


class EchoWriter:
    """Writes the sentence of the best passage, after a change. `closed` counts ended writings.

    A question that is to stand alone it writes as it was asked. `change` takes the sentence and
    the number of the sample.
    """

    name = "echo"

    def __init__(self, change: Callable[[str, int], str] = lambda sentence, _: sentence) -> None:
        self._change = change
        self.closed = 0

    def write(self, request: WritingRequest) -> Generator[str]:
        """Yield the changed sentence piece by piece."""
        said = request.question if request.turns else request.passages[0].hit.text
        text = said if request.turns else self._change(said, request.sample)
        try:
            for start in range(0, len(text), PIECE):
                yield text[start : start + PIECE]
        finally:
            self.closed += 1
