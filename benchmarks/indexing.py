"""Sentences per second from a .jsonl file to a committed index with both its views.

Beside it, in the same run: reading and splitting alone, embedding alone, and the bare peer, which
is the same model's vectors put into a FAISS index with no store, no keywords and no offsets.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import synthetic
from measuring import Benchmark, median, parameters_of, parser_for
from shutten.articles import read_articles
from shutten.embedding import document_text, load_embedder
from shutten.evaluation.datasets import read_packed
from shutten.index import IndexWriter
from shutten.sentences import split_sentences, trimmed
from shutten.settings import Settings
from shutten.types import Article, Embedder

WIKINEWS = Path("articles") / "wikinews-ja.jsonl.zst"


def wikinews(data: Path) -> Iterable[Article]:
    """Yield the news articles of a data folder."""
    for line in read_packed(data / WIKINEWS).decode().splitlines():
        raw = json.loads(line)
        text = "\n".join(raw["sentences"])
        yield Article(id=f"wikinews/{raw['id']}", title=str(raw["headline"]), text=text)


def write_jsonl(articles: Iterable[Article], path: Path) -> None:
    """Write articles for bulk import."""
    with path.open("w", encoding="utf-8") as file:
        for article in articles:
            kept = {k: v for k, v in asdict(article).items() if k in ("id", "title", "text")}
            file.write(json.dumps(kept, ensure_ascii=False) + "\n")


def documents(articles: Iterable[Article]) -> list[str]:
    """Return what is embedded for the sentences of the articles."""
    return [
        document_text(article.title, article.text[slice(*trimmed(article.text, sentence))])
        for article in articles
        for sentence in split_sentences(article.text, title=article.title)
        if sentence.kind == "body"
    ]


def end_to_end(source: Path, folder: Path, embedder: Embedder) -> tuple[int, float]:
    """Return how many sentences were indexed and the seconds it took."""
    started = time.perf_counter()
    with IndexWriter.open(folder) as writer:
        report = writer.add(read_articles([source]), embedder)
    return report.sentences_embedded, time.perf_counter() - started


def split_alone(source: Path) -> tuple[int, float]:
    """Read and split, nothing else."""
    started = time.perf_counter()
    return len(documents(read_articles([source]))), time.perf_counter() - started


def embed_alone(texts: Sequence[str], embedder: Embedder) -> tuple[int, float]:
    """Embed, nothing else."""
    started = time.perf_counter()
    embedder.embed_documents(texts)
    return len(texts), time.perf_counter() - started


def bare_peer(texts: Sequence[str], embedder: Embedder) -> tuple[int, float]:
    """Embed into a flat FAISS index in memory."""
    import faiss

    started = time.perf_counter()
    vectors = embedder.embed_documents(texts)
    faiss.IndexFlatIP(vectors.shape[1]).add(vectors)
    return len(texts), time.perf_counter() - started


def measure(source: Path, work: Path, embedder: Embedder, repeats: int) -> dict[str, Any]:
    """Return rows of medians; the ways take turns."""
    texts = documents(read_articles([source]))
    timed: dict[str, list[tuple[int, float]]] = {}
    for turn in range(repeats):
        timings = {
            "end to end": end_to_end(source, work / f"index{turn}", embedder),
            "read and split alone": split_alone(source),
            "embed alone": embed_alone(texts, embedder),
            "peer: embed + FAISS": bare_peer(texts, embedder),
            "again, nothing changed": (
                len(texts),
                end_to_end(source, work / "index0", embedder)[1],
            ),
        }
        for name, timing in timings.items():
            timed.setdefault(name, []).append(timing)
    return {
        name: {
            "sentences": runs[0][0],
            "seconds": median([took for _, took in runs]),
            "sentences/s": round(median([count / took for count, took in runs])),
        }
        for name, runs in timed.items()
    }


def main() -> None:
    """Make or read the articles, then index them a few times."""
    parser = parser_for("indexing", __doc__)
    parser.add_argument("--sentences", type=int, default=50_000, help="of made-up articles")
    parser.add_argument("--data", type=Path, help="index the Wikinews articles of this folder")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    benchmark = Benchmark("indexing", parameters_of(options))
    embedder = load_embedder(Settings().embedder)
    chosen = wikinews(options.data) if options.data else synthetic.articles(options.sentences)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "articles.jsonl"
        write_jsonl(chosen, source)
        embedder.embed_documents(["温まる"])
        rows = measure(source, Path(folder), embedder, options.repeats)
    benchmark.conclude("Indexing", rows, options.report)


if __name__ == "__main__":
    main()
