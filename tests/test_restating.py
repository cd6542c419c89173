"""A language model makes a follow-up stand alone; what it adds must have been said."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from shutten.assistant import Assistant, assemble
from shutten.checking.checker import GroundingChecker
from shutten.drafting import CheckedWriter
from shutten.embedding import HashEmbedder
from shutten.errors import WriterError
from shutten.index import Index
from shutten.loaded_models import Models
from shutten.reader import OverlapReader
from shutten.restating import accepted, restated
from shutten.types import Article, Turn, Writer, WritingRequest
from shutten.web.api.stream import Telling
from shutten.writing.echo import EchoWriter

TURNS = (
    Turn("青空橋はいつ開通しましたか", "青空橋は1974年6月に開通した。[1]"),
    Turn("Who designed the Blue Bridge?", "It was designed by Aya Mori in 1970. [1]"),
)
BRIDGE = Article("bridge", "青空橋", "青空橋\n\n青空橋は1974年に開通した。青空橋の設計者は森彩だ。")


class Saying:
    """Writes one text for a question that is to stand alone, and for answers the best sentence."""

    name = "saying"

    def __init__(self, *pieces: str) -> None:
        self._pieces = pieces
        self.asked: list[WritingRequest] = []
        self.closed = 0

    def write(self, request: WritingRequest) -> Generator[str]:
        self.asked.append(request)
        try:
            yield from self._pieces if request.turns else [request.passages[0].hit.text]
        finally:
            self.closed += 1


class Failing(Saying):
    def write(self, request: WritingRequest) -> Generator[str]:
        yield from super().write(request)
        raise WriterError("the server is down: start it")


def written(writer: Writer, question: str) -> str | None:
    steps = restated(writer, question, TURNS)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            value: str | None = end.value
            return value


@pytest.mark.parametrize(
    ("text", "question", "kept"),
    [
        ("青空橋の設計者は誰ですか\n答え: 森彩", "設計者は誰ですか", "青空橋の設計者は誰ですか"),
        ("質問: 「青空橋の設計者は誰ですか」", "設計者は誰ですか", "青空橋の設計者は誰ですか"),
        ("When did Aya Mori die?", "When did she die?", "When did Aya Mori die?"),
        ("Question: When did Aya Mori die?", "When did she die?", "When did Aya Mori die?"),
        # another name, another number, a word lost, another language, an answer, the same, nothing
        ("黒川橋の設計者は誰ですか", "設計者は誰ですか", None),
        ("1975年に開通した青空橋の設計者は誰ですか", "設計者は誰ですか", None),
        ("青空橋は誰のものですか", "設計者は誰ですか", None),
        ("Who designed the Blue Bridge?", "設計者は誰ですか", None),
        ("She died in 1999 in Kyoto.", "When did she die?", None),
        ("設計者は誰でしょうか", "設計者は誰ですか", None),
        ("And Aya Mori?", "What was she?", None),
        ("  \n", "設計者は誰ですか", None),
    ],
)
def test_only_what_was_said_is_put_in_and_nothing_asked_is_lost(
    text: str, question: str, kept: str | None
) -> None:
    assert accepted(text, question, TURNS) == kept


def test_the_first_line_is_enough_and_ends_the_writing() -> None:
    writer = Saying("青空橋の設計者は", "誰ですか\n", "それは森彩です。")
    assert written(writer, "設計者は誰ですか") == "青空橋の設計者は誰ですか"
    assert writer.closed == 1
    assert writer.asked[0].turns == TURNS
    assert writer.asked[0].passages == ()


def test_of_a_model_that_fails_or_goes_on_and_on_nothing_is_taken() -> None:
    assert written(Failing("青空橋の設計者は誰ですか"), "設計者は誰ですか") is None
    endless = Saying(*["青空橋の"] * 1000)
    assert written(endless, "設計者は誰ですか") is None
    assert endless.closed == 1


def test_a_question_that_comes_too_late_is_not_taken() -> None:
    writer = Saying("青空橋の設計者は誰ですか", "")
    steps = restated(writer, "設計者は誰ですか", TURNS, seconds=0)
    assert list(steps) == [None]
    with pytest.raises(StopIteration) as late:
        next(restated(Saying(), "設計者は誰ですか", TURNS))
    assert late.value.value is None
    assert writer.closed == 1


def assistant_with(writer: Writer) -> Assistant:
    embedder = HashEmbedder()
    checked = CheckedWriter(writer, GroundingChecker(embedder), seconds=60)
    index = Index.in_memory([BRIDGE], embedder)
    models = Models(embedder, OverlapReader(), checked)
    return assemble(index, models, max_question_characters=2000)


HISTORY = [Turn("青空橋はいつ開通しましたか", "青空橋は1974年に開通した。[1]")]


def test_what_the_model_makes_of_a_follow_up_is_asked_and_shown() -> None:
    writer = Saying("1974年に開通した青空橋の設計者は誰ですか")
    answer = assistant_with(writer).ask("設計者は誰ですか", history=HISTORY)
    assert answer.standalone_question == "1974年に開通した青空橋の設計者は誰ですか"
    assert answer.citations[0].quote == "青空橋の設計者は森彩だ。"
    assert [request.question for request in writer.asked if request.turns] == ["設計者は誰ですか"]


def test_the_same_follow_up_is_not_rewritten_again() -> None:
    writer = Saying("1974年に開通した青空橋の設計者は誰ですか")
    assistant = assistant_with(writer)
    for question in ("設計者は誰ですか", "設計者は誰ですか", "設計者は何歳ですか"):
        assistant.ask(question, history=HISTORY)
    asked = [request.question for request in writer.asked if request.turns]
    assert asked == ["設計者は誰ですか", "設計者は何歳ですか"]


def test_the_rules_stand_where_the_model_puts_in_what_nobody_said() -> None:
    by_rules = assistant_with(EchoWriter()).ask("設計者は誰ですか", history=HISTORY)
    assert by_rules.standalone_question == "青空橋の設計者は誰ですか？"
    astray = assistant_with(Saying("黒川橋の設計者は誰ですか"))
    answer = astray.ask("設計者は誰ですか", history=HISTORY)
    assert answer.standalone_question == by_rules.standalone_question


@pytest.mark.parametrize(
    ("question", "history", "quoting"),
    [
        ("設計者は誰ですか", [], False),
        ("ありがとう", HISTORY, False),
        ("設計者は誰ですか", HISTORY, True),
    ],
)
def test_the_model_is_not_asked_without_need(
    question: str,
    history: list[Turn],
    quoting: bool,  # noqa: FBT001
) -> None:
    writer = Saying("青空橋の設計者は誰ですか")
    assistant_with(writer).ask(question, history=history, quoting=quoting)
    assert not [request for request in writer.asked if request.turns]


def test_whoever_stops_listening_ends_the_rewriting() -> None:
    writer = Saying(*[""] * 1000, "青空橋")
    steps = assistant_with(writer).stream("設計者は誰ですか", history=HISTORY)
    first = next(steps)
    assert (first.question, first.hits, first.text) == ("設計者は誰ですか", (), "")
    assert list(Telling().news(first)) == []
    steps.close()
    assert writer.closed == 1


def test_the_echo_writes_a_question_as_it_was_asked() -> None:
    echo = EchoWriter(lambda *_: "changed")
    request = WritingRequest("設計者は？", (), "ja", turns=TURNS)
    assert "".join(echo.write(request)) == "設計者は？"
