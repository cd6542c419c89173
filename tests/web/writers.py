"""Assistants whose answers are written, and a writer that waits in the middle of its text."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from functools import cache

from shutten.assistant import Assistant, assemble
from shutten.checking.checker import GroundingChecker
from shutten.drafting import CheckedWriter
from shutten.embedding import load_embedder
from shutten.index import Index
from shutten.loaded_models import Models
from shutten.reader import load_reader
from shutten.types import Article, Writer, WritingRequest
from shutten.writing.echo import EchoWriter

SENTENCE = "青空橋は1974年6月に開通し、長さは912メートルである。"
FALSE = "青空橋は1974年6月に開通し、長さは921メートルである。"
OTHER = "橋の近くには小さな公園がある。"
QUESTION = "青空橋が開通したのはいつですか"
BRIDGE = Article("bridge", "青空橋", f"青空橋\n\n{SENTENCE}{OTHER}")


class HeldWriter(EchoWriter):
    """Writes as far as `until`, then nothing until it is let go on."""

    def __init__(
        self, until: str, change: Callable[[str, int], str] = lambda text, _: text
    ) -> None:
        super().__init__(change)
        self._until = until
        self.go_on = threading.Event()

    def write(self, request: WritingRequest) -> Generator[str]:
        if request.turns:  # a question comes at once
            yield from super().write(request)
            return
        text = self._change(request.passages[0].hit.text, request.sample)
        held = text.rindex(self._until) + len(self._until)
        try:
            yield text[:held]
            while not self.go_on.wait(0.1):
                yield ""
            yield text[held:]
        finally:
            self.closed += 1


@cache
def models() -> Models:
    return Models(load_embedder("bundled"), load_reader("bundled"))


def writing_assistant(writer: Writer) -> Assistant:
    embedder = models().embedder
    checked = CheckedWriter(writer, GroundingChecker(embedder), seconds=60)
    whole = Models(embedder, models().reader, checked)
    index = Index.in_memory([BRIDGE], embedder)
    return assemble(index, whole, max_question_characters=2000)
