"""The keyword leg beside other BM25s, on the same sentences and questions in the same run.

With --data the sentences and questions of JSQuAD valid, else made-up ones. Peers: plain bigrams
over posting lists, plain bigrams over every document in Python (how rank-bm25 works), and bm25s
where it is installed. Each peer gets the title before the sentence.
"""

from __future__ import annotations

import importlib
import math
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import synthetic
from measuring import Benchmark, median, parameters_of, parser_for
from shutten.embedding import HashEmbedder
from shutten.evaluation.baseline import K1, B, BigramBM25, bigrams
from shutten.evaluation.datasets import every_nth, locate, read_squad
from shutten.evaluation.metrics import rank_of_first, recall_at
from shutten.evaluation.squad import Pool, SentenceId
from shutten.index import Index
from shutten.retrieval import HybridRetriever
from shutten.types import Article

Search = Callable[[str], list[SentenceId]]
DEPTH = 10


@dataclass(frozen=True, slots=True)
class Task:
    """Questions with the sentences they are after."""

    articles: tuple[Article, ...]
    questions: tuple[tuple[str, frozenset[SentenceId]], ...]


class EveryDocument:
    """BM25 that visits every document for every word of the question."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._counts = [Counter(bigrams(text)) for text in texts]
        self._lengths = [sum(count.values()) for count in self._counts]
        self._average = sum(self._lengths) / len(self._lengths)
        self._holders = Counter(term for count in self._counts for term in count)

    def search(self, question: str, k: int) -> list[int]:
        """Return the numbers of the k best documents, best first."""
        terms = bigrams(question)
        scores = [self._score(terms, row) for row in range(len(self._counts))]
        return sorted(range(len(scores)), key=lambda row: -scores[row])[:k]

    def _score(self, terms: Sequence[str], row: int) -> float:
        count = self._counts[row]
        norm = K1 * (1 - B + B * self._lengths[row] / self._average)
        return sum(
            self._rarity(term) * count[term] * (K1 + 1) / (count[term] + norm)
            for term in terms
            if term in count
        )

    def _rarity(self, term: str) -> float:
        holders = self._holders[term]
        return math.log(1 + (len(self._counts) - holders + 0.5) / (holders + 0.5))


def squad_task(data: Path, questions: int | None) -> Task:
    """Return JSQuAD valid, as many questions spread over it."""
    dataset = read_squad(locate("jsquad", data)[0])
    index = Index.in_memory(dataset.articles, HashEmbedder())
    pool = Pool(index, [article.id for article in dataset.articles])
    pairs = [(each.text, frozenset(pool.holding(each))) for each in dataset.questions]
    index.close()
    return Task(dataset.articles, tuple(every_nth([pair for pair in pairs if pair[1]], questions)))


def synthetic_task(sentences: int, questions: int | None) -> Task:
    """Return made-up articles with a question for each of some sentences."""
    facts = every_nth(list(synthetic.facts(sentences)), questions)
    pairs = [(fact.question, frozenset([(fact.article_id, fact.number)])) for fact in facts]
    return Task(tuple(synthetic.articles(sentences)), tuple(pairs))


def searches(task: Task) -> dict[str, Search]:
    """Return the ways to search, by name, each over the same sentences."""
    index = Index.in_memory(task.articles, HashEmbedder())
    legs = HybridRetriever(index, HashEmbedder())
    pool = list(Pool(index, [article.id for article in task.articles]))
    texts = [f"{sentence.title} {sentence.text}" for sentence in pool]
    ids = [sentence.id for sentence in pool]
    lists, naive = BigramBM25(texts), EveryDocument(texts)

    def keyword_leg(question: str) -> list[SentenceId]:
        stored = index.stored([found.key for found in legs.keyword(question, DEPTH)])
        return [(sentence.article_id, sentence.number) for sentence in stored]

    ways: dict[str, Search] = {
        "keyword leg": keyword_leg,
        "posting lists": lambda question: [ids[row] for row in lists.search(question, DEPTH)],
        "every document": lambda question: [ids[row] for row in naive.search(question, DEPTH)],
    }
    bm25s = bm25s_search(texts, ids)
    return {**ways, "bm25s": bm25s} if bm25s is not None else ways


def bm25s_search(texts: Sequence[str], ids: Sequence[SentenceId]) -> Search | None:
    """Return a search by bm25s over the same bigrams, None where it is not installed."""
    try:
        bm25s: Any = importlib.import_module("bm25s")
    except ImportError:
        return None
    model = bm25s.BM25(k1=K1, b=B)
    model.index([bigrams(text) for text in texts], show_progress=False)
    depth = min(DEPTH, len(texts))

    def search(question: str) -> list[SentenceId]:
        rows, _ = model.retrieve([bigrams(question)], k=depth, show_progress=False)
        return [ids[int(row)] for row in rows[0]]

    return search


def measure(task: Task) -> dict[str, dict[str, Any]]:
    """Return R@1 and median milliseconds of each way; the ways take turns question by question."""
    ways = searches(task)
    ranks: dict[str, list[int | None]] = {name: [] for name in ways}
    timed: dict[str, list[float]] = {name: [] for name in ways}
    for question, gold in task.questions:
        for name, search in ways.items():
            started = time.perf_counter()
            ranking = search(question)
            timed[name].append((time.perf_counter() - started) * 1000)
            ranks[name].append(rank_of_first(ranking, gold))
    return {
        name: {
            "questions": len(ranks[name]),
            "R@1": recall_at(ranks[name], 1),
            "R@10": recall_at(ranks[name], DEPTH),
            "median ms": median(timed[name]),
        }
        for name in ways
    }


def main() -> None:
    """Run all ways on one task."""
    parser = parser_for("keyword_peers", __doc__)
    parser.add_argument("--data", type=Path, help="folder that holds qa/jsquad-valid.json")
    parser.add_argument("--sentences", type=int, default=5_000, help="of made-up articles")
    parser.add_argument("--questions", type=int, default=500)
    options = parser.parse_args()
    benchmark = Benchmark("keyword_peers", parameters_of(options))
    task = (
        squad_task(options.data, options.questions)
        if options.data
        else synthetic_task(options.sentences, options.questions)
    )
    benchmark.conclude("BM25 over the same sentences", measure(task), options.report)


if __name__ == "__main__":
    main()
