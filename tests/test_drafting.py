"""Written answers: pending, supported, removed; another sample; the quotation in their place."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from shutten.assistant import Assistant, assemble, assistant_for_files
from shutten.checking.checker import GroundingChecker
from shutten.drafting import CheckedWriter, fallback_notice
from shutten.embedding import load_embedder
from shutten.errors import WriterError
from shutten.index import Index
from shutten.loaded_models import Models
from shutten.reader import load_reader
from shutten.settings import Settings
from shutten.types import Answer, Article, Writer, WritingRequest
from shutten.web.api.stream import Telling
from shutten.writing.echo import EchoWriter
from shutten.writing.prompts import NOT_SAID

SENTENCE = "青空橋は1974年6月に開通し、長さは912メートルである。"
OTHER = "橋の近くには小さな公園がある。"
TEXT = f"青空橋\n\n{SENTENCE}{OTHER}"
QUESTION = "青空橋が開通したのはいつですか"
EMBEDDER = load_embedder("bundled")
MODELS = Models(EMBEDDER, load_reader("bundled"))


def assistant_with(writer: Writer, *, seconds: float = 60.0) -> Assistant:
    index = Index.in_memory([Article("bridge", "青空橋", TEXT)], EMBEDDER)
    checked = CheckedWriter(writer, GroundingChecker(EMBEDDER), seconds=seconds)
    models = Models(MODELS.embedder, MODELS.reader, checked)
    return assemble(index, models, max_question_characters=2000)


def steps(writer: Writer, question: str = QUESTION) -> list[Answer]:
    return list(assistant_with(writer).stream(question))


def test_what_the_sentence_says_is_written_with_its_citation() -> None:
    answer = steps(EchoWriter())[-1]
    assert answer.text == f"{SENTENCE}[1]"
    assert answer.status == "written"
    assert answer.answerer == "echo"
    assert [(claim.text, claim.supported, claim.citations) for claim in answer.claims] == [
        (SENTENCE, True, (1,))
    ]
    assert answer.citations[0].quote == SENTENCE
    assert answer.removed == ()


@pytest.mark.parametrize(("day", "borne_out"), [("2025-03-01", True), ("2021-03-01", False)])
def test_last_year_counts_from_the_day_of_the_front_matter(day: str, borne_out: bool) -> None:  # noqa: FBT001
    text = f"---\ntitle: 青空橋\ndate: {day}\n---\n\n# 青空橋\n\n昨年6月、青空橋が開通した。"
    index = Index.in_memory([Article("bridge.md", "青空橋", text)], EMBEDDER)
    writer = EchoWriter(lambda *_: "青空橋は2024年に開通した。")
    checked = CheckedWriter(writer, GroundingChecker(EMBEDDER), seconds=60)
    models = Models(MODELS.embedder, MODELS.reader, checked)
    answer = assemble(index, models, max_question_characters=2000).ask(QUESTION)
    assert (answer.status == "written") is borne_out
    assert ("2024" in answer.text) is borne_out


def test_a_claim_is_pending_until_it_is_checked() -> None:
    growing = steps(EchoWriter())
    pending = [step.claims[-1] for step in growing if step.claims and not step.claims[-1].supported]
    assert pending
    assert all(SENTENCE.startswith(claim.text) and claim.citations == () for claim in pending)
    assert [len(claim.text) for claim in pending] == sorted(len(claim.text) for claim in pending)
    assert all(step.text[c.start : c.end] == c.text for step in growing for c in step.claims)


def test_a_false_number_is_removed_with_its_reason_and_the_rest_stays() -> None:
    answer = steps(EchoWriter(lambda text, _: text.replace("912", "921") + OTHER))[-1]
    assert answer.status == "partial"
    assert answer.text == f"{OTHER}[1]"
    assert [claim.text for claim in answer.removed] == [SENTENCE.replace("912", "921")]
    assert "921" in (answer.removed[0].problem or "")


def test_another_sample_is_asked_for_where_nothing_is_borne_out() -> None:
    def change(text: str, sample: int) -> str:
        return text.replace("1974", "1947") if sample == 0 else text

    answer = steps(EchoWriter(change))[-1]
    assert [claim.text for claim in answer.claims] == [SENTENCE]
    assert [claim.text for claim in answer.removed] == [SENTENCE.replace("1974", "1947")]
    assert answer.status == "partial"


BESIDE = "塗り替えには作業員が五人であたる。"


def steps_beside(change: Callable[[str, int], str]) -> list[Answer]:
    later = "橋は1974年10月に国道になった。1980年に橋の灯りがともった。"
    text = f"青空橋\n\n{SENTENCE}{later}{OTHER}{BESIDE}"
    index = Index.in_memory([Article("bridge", "青空橋", text)], EMBEDDER)
    checked = CheckedWriter(EchoWriter(change), GroundingChecker(EMBEDDER), seconds=60.0)
    models = Models(MODELS.embedder, MODELS.reader, checked)
    return list(assemble(index, models, max_question_characters=2000).stream(QUESTION))


def test_what_is_left_beside_the_point_is_no_answer() -> None:
    answer = steps_beside(lambda text, _: text.replace("1974", "1947") + BESIDE)[-1]
    assert answer.status == "quoted"
    assert answer.citations[0].quote == SENTENCE
    assert answer.notices == (fallback_notice("unsupported", "ja"),)
    assert {claim.text: claim.problem for claim in answer.removed}[BESIDE] == (
        "質問の答えになっていません。"
    )


def test_a_text_of_which_nothing_is_removed_stands_as_it_is() -> None:
    answer = steps_beside(lambda *_: BESIDE)[-1]
    assert (answer.status, answer.text) == ("written", f"{BESIDE}[1]")


def test_after_what_is_beside_the_point_comes_another_sample() -> None:
    def change(text: str, sample: int) -> str:
        return text.replace("1974", "1947") + BESIDE if sample == 0 else text

    answer = steps_beside(change)[-1]
    assert [claim.text for claim in answer.claims] == [SENTENCE]
    assert [claim.text for claim in answer.removed] == [SENTENCE.replace("1974", "1947"), BESIDE]


def test_without_time_no_further_sample_is_begun() -> None:
    writer = EchoWriter(lambda text, _: text.replace("1974", "1947"))
    answer = assistant_with(writer, seconds=0).ask(QUESTION)
    assert writer.closed == 1
    assert answer.status == "quoted"


def test_where_nothing_is_borne_out_the_reader_quotes_and_says_so() -> None:
    writer = EchoWriter(lambda text, sample: text.replace("1974", str(1900 + sample)))
    answer = steps(writer)[-1]
    assert writer.closed == 3
    assert answer.status == "quoted"
    assert answer.citations[0].quote == SENTENCE
    assert answer.notices == (fallback_notice("unsupported", "ja"),)
    assert len(answer.removed) == 3
    assert answer.answerer == MODELS.reader.name


def test_a_model_that_finds_no_answer_refuses() -> None:
    answer = steps(EchoWriter(lambda *_: NOT_SAID["ja"]))[-1]
    assert (answer.status, answer.refusal_reason) == ("refused", "not_answered")
    assert answer.hits[0].text == SENTENCE


class BreakingWriter:
    """Fails in the middle of a sentence, as far in as it is told."""

    name = "breaking"

    def __init__(self, after: int) -> None:
        self._after = after

    def write(self, request: WritingRequest) -> Generator[str]:
        text = request.passages[0].hit.text
        if self._after:
            yield text[: self._after]
        raise WriterError("the server broke off: ask again")


@pytest.mark.parametrize("after", [0, 7])
def test_a_writer_that_fails_is_replaced_by_the_quotation(after: int) -> None:
    answer = steps(BreakingWriter(after))[-1]
    assert answer.status == "quoted"
    assert answer.notices == ("言語モデルを使えなかったため、記事からの引用で答えました。",)
    assert answer.citations[0].quote == SENTENCE


def test_who_wants_a_quotation_gets_one() -> None:
    writer = EchoWriter()
    answer = assistant_with(writer).ask(QUESTION, quoting=True)
    assert answer.status == "quoted"
    assert writer.closed == 0


def test_closing_the_stream_ends_the_writing() -> None:
    writer = EchoWriter()
    stream = assistant_with(writer).stream(QUESTION)
    while not next(stream).claims:
        pass
    stream.close()
    assert writer.closed == 1


def test_a_reader_that_sees_no_answer_refuses_before_anything_is_written() -> None:
    writer = EchoWriter()
    index = Index.in_memory([Article("bridge", "青空橋", TEXT)], EMBEDDER)
    checked = CheckedWriter(writer, GroundingChecker(EMBEDDER), seconds=60)
    assistant = assemble(
        index, Models(EMBEDDER, MODELS.reader, checked), max_question_characters=2000
    )
    assert assistant.ask("フランスの首都はどこですか").refused
    assert writer.closed == 0


def test_events_tell_a_claim_once_and_what_became_of_it() -> None:
    telling = Telling()
    writer = EchoWriter(lambda text, _: text.replace("912", "921") + OTHER)
    told = [event for step in steps(writer) for event in telling.news(step)]
    claims = [value for name, value in told if name == "claim"]
    false = SENTENCE.replace("912", "921")
    assert [(c["n"], c["state"], c["text"]) for c in claims] == [
        (1, "pending", ""),
        (1, "removed", false),
        (2, "pending", ""),
        (2, "supported", OTHER),
    ]
    pieces = ["".join(v["text"] for n, v in told if n == "delta" and v["n"] == k) for k in (1, 2)]
    assert pieces[0].startswith(false)
    assert pieces[1].startswith(OTHER)


def test_where_the_model_cannot_be_loaded_the_reader_answers_meanwhile(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "bridge.txt").write_text(TEXT, encoding="utf-8")
    settings = Settings(answerer="local", model=str(tmp_path / "absent.gguf"))
    assistant = assistant_for_files([tmp_path / "bridge.txt"], settings)
    assert len(caplog.messages) == 1
    assert "absent.gguf" in caplog.messages[0]
    answer = assistant.ask(QUESTION)
    assert answer.citations[0].quote == SENTENCE
    assert answer.notices == ("言語モデルを使えなかったため、記事からの引用で答えました。",)
    assert len(caplog.messages) == 1
