"""Which checks a language model's statements go through: by its size, or as the settings say."""

from __future__ import annotations

import pytest

from shutten.assistant import assemble
from shutten.embedding import load_embedder
from shutten.index import Index
from shutten.loaded_models import SMALL, Models, checked_writer, keeps_close
from shutten.reader import load_reader
from shutten.settings import Settings, Wording
from shutten.types import Article
from shutten.writing.echo import EchoWriter

TOLD = "The mill was built in 1743 by Joseph Hale and his two sons."
JOINED = "Joseph Hale built the mill in 1743."
QUESTION = "Who built the mill?"


class SizedWriter(EchoWriter):
    """Writes one text, with a model of so many weights."""

    def __init__(self, text: str, parameters: int) -> None:
        super().__init__(lambda *_: text)
        self.parameters = parameters


@pytest.mark.parametrize(
    ("parameters", "wording", "close"),
    [
        (SMALL - 1, "auto", True),
        (SMALL, "auto", False),
        (SMALL - 1, "free", False),
        (SMALL, "close", True),
    ],
)
def test_a_small_model_keeps_close_unless_told_otherwise(
    parameters: int,
    wording: Wording,
    close: bool,  # noqa: FBT001
) -> None:
    assert keeps_close(SizedWriter("", parameters), wording) is close


def test_of_a_model_that_does_not_tell_its_size_any_wording_is_taken() -> None:
    assert not keeps_close(EchoWriter(), "auto")
    assert keeps_close(EchoWriter(), "close")


@pytest.mark.parametrize(("parameters", "status"), [(SMALL, "written"), (SMALL - 1, "quoted")])
def test_what_a_small_model_joins_anew_is_quoted_instead(parameters: int, status: str) -> None:
    embedder = load_embedder()
    index = Index.in_memory([Article("mill", "The mill", TOLD)], embedder)
    writer = checked_writer(SizedWriter(JOINED, parameters), embedder, Settings())
    answer = assemble(
        index, Models(embedder, load_reader("bundled"), writer), max_question_characters=200
    ).ask(QUESTION)
    assert answer.status == status
    if status == "quoted":
        assert {claim.text for claim in answer.removed} == {JOINED}
        assert answer.removed[0].problem == "This does not keep to the words of one sentence."


def test_a_small_model_answers_with_the_sentence_that_the_reader_puts_first() -> None:
    embedder = load_embedder()
    beside = "The mill stands on a low hill."
    index = Index.in_memory([Article("mill", "The mill", f"{TOLD} {beside}")], embedder)
    writer = checked_writer(SizedWriter(beside, SMALL - 1), embedder, Settings())
    models = Models(embedder, load_reader("bundled"), writer)
    answer = assemble(index, models, max_question_characters=200).ask(QUESTION)
    assert (answer.status, answer.citations[0].quote) == ("quoted", TOLD)
