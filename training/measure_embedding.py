"""Measure an embedding as the product uses it: one pool of sentences, a question, a ranking.

    python training/measure_embedding.py --data DIR --model DIR [--final]

A hit is a sentence that holds a marked answer. Three rankings are measured: BM25 over character
bigrams (tantivy, as in the product), the embedding alone, and both fused. The held-out part of
the training data serves to choose a recipe and the fusion's weight; `--final` adds JSQuAD valid,
which nothing may be chosen on.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import tantivy
from sentence_transformers import SentenceTransformer

from data import Paragraph, read_squad, split_sentences
from static_pairs import (
    cut,
    held_out_articles,
    held_out_paragraphs,
    is_usable,
    keyword_rows,
    span_at,
    translated,
)

Scores = npt.NDArray[np.float32]

DEPTHS = (1, 5, 10)
FUSION_WEIGHTS = tuple(round(0.05 * step, 2) for step in range(1, 21))
BM25_DEPTH = 200
"""Sentences below this BM25 rank count as not found by it."""
PARALLEL_POOL = 1000
SEED = 7


@dataclass(frozen=True, slots=True)
class Pool:
    """Sentences to rank, and questions with the rows of the sentences that answer them."""

    documents: tuple[str, ...]
    questions: tuple[str, ...]
    gold: tuple[frozenset[int], ...]


@dataclass(frozen=True, slots=True)
class Recall:
    """The share of questions with a gold sentence among the first 1, 5 and 10."""

    at_1: float
    at_5: float
    at_10: float


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--dimension", type=int, help="use the first so many dimensions only")
    parser.add_argument("--final", action="store_true", help="report JSQuAD valid too")
    arguments = parser.parse_args()
    model = SentenceTransformer(
        arguments.model, device="cpu", truncate_dim=arguments.dimension, local_files_only=True
    )
    say({"sentences a second": round(speed(model, arguments.data))})
    measure_languages(model, arguments.data)
    pool = make_pool(held_out_paragraphs(arguments.data))
    weight = measure_pool("JaQuAD held out", model, pool, weight=None)
    if arguments.final:
        final = make_pool(read_squad(arguments.data / "qa/jsquad-valid.json"))
        measure_pool("JSQuAD valid", model, final, weight=weight)
        english = make_pool(read_squad(arguments.data / "qa/xquad.en.json"))
        measure_pool("XQuAD en", model, english, weight=weight)


def say(record: dict[str, object]) -> None:
    print(json.dumps(record, ensure_ascii=False))
    sys.stdout.flush()


def make_pool(paragraphs: Iterable[Paragraph]) -> Pool:
    documents: list[str] = []
    asked: list[tuple[str, frozenset[int]]] = []
    for paragraph in paragraphs:
        spans = split_sentences(paragraph.context)
        for question in paragraph.questions:
            places = {spans.index(span_at(spans, answer.start)) for answer in question.answers}
            if places:
                gold = frozenset(len(documents) + place for place in places)
                asked.append((question.text, gold))
        documents += [cut(paragraph, span) for span in spans]
    questions = tuple(text for text, _ in asked)
    return Pool(tuple(documents), questions, tuple(gold for _, gold in asked))


def measure_pool(
    name: str, model: SentenceTransformer, pool: Pool, *, weight: float | None
) -> float:
    """Say each ranking's recall; choose the fusion's weight here unless it was given."""
    dense = dense_scores(model, pool.questions, pool.documents)
    bm25 = bm25_scores(pool.questions, pool.documents)
    chosen = best_weight(bm25, dense, pool.gold) if weight is None else weight
    rankings = {
        "BM25": bm25,
        "dense": dense,
        f"BM25/max + {chosen} cosine": fuse(bm25, dense, chosen),
        "reciprocal ranks": fuse_ranks(bm25, dense),
    }
    say({"pool": name, "sentences": len(pool.documents), "questions": len(pool.questions)})
    for ranking, scores in rankings.items():
        found = recall(scores, pool.gold)
        say({"ranking": ranking, "R@1": found.at_1, "R@5": found.at_5, "R@10": found.at_10})
    return chosen


def embed(model: SentenceTransformer, texts: Sequence[str]) -> Scores:
    vectors = model.encode(list(texts), batch_size=256, normalize_embeddings=True)
    return np.asarray(vectors, dtype=np.float32)


def dense_scores(
    model: SentenceTransformer, questions: Sequence[str], documents: Sequence[str]
) -> Scores:
    scores: Scores = embed(model, questions) @ embed(model, documents).T
    return scores


def bm25_scores(questions: Sequence[str], documents: Sequence[str]) -> Scores:
    index = bigram_index(documents)
    searcher = index.searcher()
    scores = np.zeros((len(questions), len(documents)), dtype=np.float32)
    for row, question in enumerate(questions):
        for score, address in searcher.search(bigram_query(question, index), BM25_DEPTH).hits:
            number = searcher.doc(address)["number"][0]
            scores[row, number] = score
    return scores


def bigram_index(documents: Sequence[str]) -> tantivy.Index:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", stored=False, tokenizer_name="bigrams", index_option="freq")
    builder.add_integer_field("number", stored=True)
    index = tantivy.Index(builder.build())
    index.register_tokenizer("bigrams", bigram_analyzer())
    writer = index.writer()
    for number, text in enumerate(documents):
        writer.add_document(tantivy.Document(text=text, number=number))
    writer.commit()
    index.reload()
    return index


def bigram_analyzer() -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.ngram(2, 2))
    return builder.filter(tantivy.Filter.lowercase()).build()


def bigram_query(question: str, index: tantivy.Index) -> tantivy.Query:
    terms = dict.fromkeys(bigram_analyzer().analyze(question))
    queries = [tantivy.Query.term_query(index.schema, "text", term) for term in terms]
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


def fuse(bm25: Scores, dense: Scores, weight: float) -> Scores:
    """A convex-like sum (Bruch et al. 2022, arXiv:2210.11934): BM25 over its best, plus cosine."""
    best = bm25.max(axis=1, keepdims=True)
    fused: Scores = bm25 / np.maximum(best, 1e-9) + weight * dense
    return fused


def best_weight(bm25: Scores, dense: Scores, gold: Sequence[frozenset[int]]) -> float:
    def quality(weight: float) -> float:
        found = recall(fuse(bm25, dense, weight), gold)
        return found.at_1 + found.at_5

    return max(FUSION_WEIGHTS, key=quality)


def fuse_ranks(bm25: Scores, dense: Scores) -> Scores:
    """Reciprocal rank fusion (Cormack et al. 2009) with its usual 60."""
    parts = [1 / (60 + ranks(scores)) for scores in (bm25, dense)]
    fused: Scores = np.asarray(parts[0] + parts[1], dtype=np.float32)
    return fused


def ranks(scores: Scores) -> npt.NDArray[np.int64]:
    order = np.argsort(-scores, axis=1, kind="stable")
    return np.argsort(order, axis=1) + 1


def recall(scores: Scores, gold: Sequence[frozenset[int]]) -> Recall:
    deepest = np.argpartition(-scores, max(DEPTHS), axis=1)[:, : max(DEPTHS)]
    hits = []
    for row, wanted in enumerate(gold):
        best = sorted(deepest[row], key=lambda column: -scores[row, column])
        hits.append([any(int(c) in wanted for c in best[:depth]) for depth in DEPTHS])
    return Recall(*(round(float(share), 4) for share in np.mean(hits, axis=0)))


def measure_languages(model: SentenceTransformer, data: Path) -> None:
    """Held-out Kyoto: an English sentence, or a few words of it, finds the Japanese one."""
    source = random.Random(SEED)
    articles = list(held_out_articles(data))
    sentences = [row for article in articles for row in translated(article, "en", source)]
    keywords = [row for article in articles for row in keyword_rows(article, source)]
    for name, rows in (("en -> ja", sentences), ("en keywords -> ja", keywords)):
        chosen = source.sample(rows, PARALLEL_POOL)
        there = dense_scores(model, [row[0] for row in chosen], [row[1] for row in chosen])
        say({"pairs": name, "of": len(chosen), "R@1": diagonal(there), "back": diagonal(there.T)})


def diagonal(scores: Scores) -> float:
    return round(float(np.mean(scores.argmax(axis=1) == np.arange(len(scores)))), 4)


def speed(model: SentenceTransformer, data: Path) -> float:
    """Sentences a second, Japanese and English ones in turn, in batches of 256."""
    pairs = [p for a in held_out_articles(data) for part in a.paragraphs for p in part.sentences]
    texts = [text for pair in pairs for text in (pair.ja, pair.en) if is_usable(text)]
    embed(model, texts[:256])
    start = time.perf_counter()
    embed(model, texts)
    return len(texts) / (time.perf_counter() - start)


if __name__ == "__main__":
    main()
