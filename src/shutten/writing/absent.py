"""What stands in for a language model that could not be loaded."""

from __future__ import annotations

from collections.abc import Generator

from shutten.errors import ModelError
from shutten.types import WritingRequest


class AbsentWriter:
    """Raises, whenever it is to write, the error that said why there is no model."""

    def __init__(self, name: str, error: ModelError) -> None:
        self.name = name
        self._error = error

    def write(self, request: WritingRequest) -> Generator[str]:  # noqa: ARG002
        """Raise ModelError instead of yielding anything."""
        yield from self._nothing()

    def _nothing(self) -> Generator[str]:
        raise self._error
