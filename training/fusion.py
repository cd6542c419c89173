"""Choose how the two legs of the retrieval are fused, on held-out JaQuAD questions.

    python training/fusion.py --data DIR

The sentences of the held-out articles, and of as many others as `--others` says, are pooled; a hit
is a sentence of the right paragraph that holds the answer. Prints R@1 and R@5 for a grid.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reading_examples import split_articles
from shutten.embedding import load_embedder
from shutten.index import Index
from shutten.retrieval import Fusion, HybridRetriever, fuse
from shutten.types import Article
from shutten.views import Found

DENSE_WEIGHTS = (0.0, 0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 1.0)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the keys of the sentences that answer it."""

    text: str
    gold: frozenset[int]


def pool(data: Path, others: int) -> tuple[list[Article], list[tuple[str, str, list[str]]]]:
    """Paragraphs as articles, and (question, article id, answers) of the held-out ones."""
    trained, held = (
        [paragraph for article in part for paragraph in article]
        for part in split_articles(data / "qa/jaquad-train.json.zst")
    )
    kept = [*held, *trained[:others]]
    articles = [Article(str(n), p.title, p.context) for n, p in enumerate(kept)]
    questions = [
        (question.text, str(n), [answer.text for answer in question.answers])
        for n, p in enumerate(held)
        for question in p.questions
    ]
    return articles, questions


def recall(rankings: Sequence[Sequence[Found]], asked: Sequence[Asked], k: int) -> float:
    found = sum(
        any(hit.key in each.gold for hit in ranking[:k])
        for ranking, each in zip(rankings, asked, strict=True)
    )
    return found / len(asked)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--embedder", default="bundled")
    parser.add_argument("--others", type=int, default=1000)
    options = parser.parse_args()
    articles, questions = pool(options.data, options.others)
    embedder = load_embedder(options.embedder)
    with Index.in_memory(articles, embedder) as index:
        report(index, HybridRetriever(index, embedder), questions)


def report(
    index: Index, retriever: HybridRetriever, questions: Sequence[tuple[str, str, list[str]]]
) -> None:
    stored = index.stored(range(1, 3 * index.sentence_count))
    asked = [
        Asked(
            text,
            frozenset(
                s.key
                for s in stored
                if s.article_id == here and s.kind == "body" and any(a in s.text for a in answers)
            ),
        )
        for text, here, answers in questions
    ]
    asked = [each for each in asked if each.gold]
    print(len(asked), "questions,", index.sentence_count, "sentences")
    depth = Fusion().depth
    dense = [retriever.dense(each.text, depth) for each in asked]
    keyword = [index.search_keyword(each.text, depth) for each in asked]
    for weight in DENSE_WEIGHTS:
        fused = [fuse(d, k, weight) for d, k in zip(dense, keyword, strict=True)]
        scores = [f"{recall(fused, asked, k):.4f}" for k in (1, 5, 10)]
        print("dense", weight, "R@1/5/10", *scores, flush=True)


if __name__ == "__main__":
    main()
