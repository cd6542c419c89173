"""One question with the index open: a sample article, and a large index of made-up articles.

Between the two, the reading alone of five, ten and twenty passages of the sample article.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import synthetic
from measuring import SAMPLES, Benchmark, median, parameters_of, parser_for, percentile, seconds
from shutten.assistant import Assistant, assistant_for_files, open_assistant
from shutten.embedding import load_embedder
from shutten.index import IndexWriter
from shutten.settings import Settings

ARTICLE = SAMPLES / "deepseek-r2.txt"
QUESTIONS = (
    "R2はいつ公開される予定でしたか",
    "梁文鋒氏はどこで生まれましたか",
    "ハイフライヤーは何の会社ですか",
    "データ科学者の年収はいくらですか",
    "イタリアがアプリを締め出した理由は？",
    "国有のエネルギー会社は何社が導入しましたか",
    "李強首相と会ったのは誰ですか",
    "本社の電話番号は？",
    "Where was Liang Wenfeng born?",
    "Who is the parent company of DeepSeek?",
)
WARM_UP = 5
CANDIDATES = (5, 10, 20)
"""How many passages are read for one question: 5 as answers do, and more."""


def synthetic_questions(sentences: int, count: int) -> list[str]:
    """Return questions on facts spread over the whole index."""
    facts = list(synthetic.facts(sentences))
    return [fact.question for fact in random.Random(1).sample(facts, min(count, len(facts)))]


def large_assistant(sentences: int, settings: Settings) -> Assistant:
    """Index made-up articles on disk and open them as a user would."""
    with IndexWriter.open(settings.index) as writer:
        writer.add(synthetic.articles(sentences), load_embedder(settings.embedder))
    return open_assistant(settings)


def ask_all(assistant: Assistant, questions: Sequence[str]) -> dict[str, Any]:
    """Return median milliseconds of a question, in all and by part."""
    for question in questions[:WARM_UP]:
        assistant.ask(question)
    timed = list(_timed(assistant, questions))
    whole = [milliseconds for milliseconds, _, _ in timed]
    return {
        "sentences": assistant.index.sentence_count,
        "questions": len(timed),
        "median ms": median(whole),
        "retrieve": median([retrieve for _, retrieve, _ in timed]),
        "read": median([read for _, _, read in timed]),
        "95 % below": percentile(whole, 0.95),
    }


def _timed(assistant: Assistant, questions: Sequence[str]) -> Iterator[tuple[float, float, float]]:
    for question in questions:
        started = time.perf_counter()
        timings = assistant.ask(question).timings_ms
        yield (time.perf_counter() - started) * 1000, timings.retrieve, timings.answer


def read_all(assistant: Assistant, questions: Sequence[str], candidates: int) -> dict[str, Any]:
    """Return median milliseconds of reading so many passages of each question, found before."""
    found = [assistant.retriever.retrieve(question, k=candidates) for question in questions]
    read = assistant.reader.read
    for question, passages in zip(questions[:WARM_UP], found, strict=False):
        read(question, passages)
    timed = [
        seconds(partial(read, question, passages)) * 1000
        for question, passages in zip(questions, found, strict=True)
    ]
    return {
        "candidates": median([len(passages) for passages in found]),
        "questions": len(timed),
        "read": median(timed),
        "95 % below": percentile(timed, 0.95),
    }


def main() -> None:
    """Ask the sample article, read more of it than answers need, then ask the large index."""
    parser = parser_for("latency", __doc__)
    parser.add_argument("--sentences", type=int, default=100_000, help="size of the large index")
    parser.add_argument("--questions", type=int, default=200)
    options = parser.parse_args()
    benchmark = Benchmark("latency", parameters_of(options))
    small = assistant_for_files([ARTICLE], Settings())
    repeated = [QUESTIONS[number % len(QUESTIONS)] for number in range(options.questions)]
    rows = {"one article": ask_all(small, repeated)}
    for candidates in CANDIDATES:
        rows[f"{candidates} candidates"] = read_all(small, repeated, candidates)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(index=Path(folder) / "index")
        large = large_assistant(options.sentences, settings)
        asked = synthetic_questions(options.sentences, options.questions)
        rows["large index"] = ask_all(large, asked)
        large.index.close()
    benchmark.conclude("One question, index open", rows, options.report)


if __name__ == "__main__":
    main()
