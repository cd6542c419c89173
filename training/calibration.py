"""Turn the reader's outputs into probabilities, and choose the threshold of refusal.

    python training/calibration.py --data DIR --reader FOLDER

Held-out questions of the training sets are asked the way users ask: their article is indexed, the
retriever brings sentences, the reader reads them. Each question is asked twice, of the article as
it is and of the article without the sentences that hold the answer; the second is a near miss. A
logistic regression maps the evidence to a probability, and the threshold is set where a fixed
share of the answerable questions is refused. Writes `reader.json` and a reliability diagram.
"""

from __future__ import annotations

import argparse
import json
import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from data import Paragraph, Question
from reader import Recipe
from reading_examples import Example, Text, crossed_split, foreign_split, split_articles
from shutten.assistant import READ
from shutten.embedding import document_text, load_embedder
from shutten.index import Index
from shutten.reader import CALIBRATION_FILE, BertReader, Evidence, sigmoid
from shutten.retrieval import HybridRetriever
from shutten.sentences import detect_language
from shutten.types import Article, Embedder, Hit, Passage
from written_questions import Written, held_out, written_articles

REFUSED_ANSWERABLE = 0.10
"""The share of answerable held-out questions that the threshold may refuse."""

UNRELATED = 3.0
"""How much a question about something else counts: such are asked more often than held out."""

UNCALIBRATED = {"weights": {"answers": 1.0}, "bias": 0.0, "threshold": 0.5, "retrieval": 0.0}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One sentence that the retriever brought up for a question."""

    evidence: Evidence
    retrieval: float
    answers: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its candidates; `answerable` where one of them was left in to answer."""

    source: str
    candidates: tuple[Candidate, ...]
    answerable: bool


def held_out_articles(path: Path) -> list[list[Paragraph]]:
    return split_articles(path)[1]


def answers_in(text: str, question: Question) -> bool:
    return any(answer.text in text for answer in question.answers)


def ask_article(
    paragraphs: Sequence[Paragraph], embedder: Embedder, reader: BertReader, source: str
) -> Iterator[Asked]:
    """Ask every question of one article, with and without the sentences that answer it."""
    texts = list(dict.fromkeys(paragraph.context for paragraph in paragraphs))
    articles = [Article(str(n), paragraphs[0].title, text) for n, text in enumerate(texts)]
    with Index.in_memory(articles, embedder) as index:
        retriever = HybridRetriever(index, embedder)
        for paragraph in paragraphs:
            here = str(texts.index(paragraph.context))
            for question in paragraph.questions:
                passages = retriever.retrieve(question.text, k=4 * READ)
                yield from both_ways(question, here, passages, reader, source)


def ask_unrelated(
    articles: Sequence[Sequence[Paragraph]],
    questions: Sequence[str],
    embedder: Embedder,
    reader: BertReader,
) -> Iterator[Asked]:
    """Ask held-out search questions of the articles, in turn: none of them is answered there."""
    for number, paragraphs in enumerate(articles):
        texts = dict.fromkeys(paragraph.context for paragraph in paragraphs)
        given = [Article(str(n), paragraphs[0].title, text) for n, text in enumerate(texts)]
        with Index.in_memory(given, embedder) as index:
            retriever = HybridRetriever(index, embedder)
            for question in questions[number :: len(articles)]:
                passages = retriever.retrieve(question, k=READ)
                none = [False] * len(passages)
                made = tuple(candidates(question, passages, none, reader))
                yield Asked("unrelated", made, answerable=False)


def both_ways(
    question: Question, here: str, passages: Sequence[Passage], reader: BertReader, source: str
) -> Iterator[Asked]:
    if question.answers:
        kept = passages[:READ]
        gold = [p.hit.article_id == here and answers_in(p.hit.text, question) for p in kept]
        yield Asked(source, tuple(candidates(question.text, kept, gold, reader)), answerable=True)
    missing = [
        replace(p, before="") if answers_in(p.before, question) else p
        for p in passages
        if not answers_in(p.hit.text, question)
    ][:READ]
    none = [False] * len(missing)
    yield Asked(source, tuple(candidates(question.text, missing, none, reader)), answerable=False)


def candidates(
    question: str, passages: Sequence[Passage], gold: Sequence[bool], reader: BertReader
) -> Iterator[Candidate]:
    found = reader.evidence(question, passages) if passages else []
    for passage, evidence, answers in zip(passages, found, gold, strict=True):
        yield Candidate(evidence, passage.hit.score, answers)


def ask_crossed(
    examples: Sequence[Example], embedder: Embedder, reader: BertReader
) -> Iterator[Asked]:
    """Clozes in the other language; their near misses come from the same article."""
    for example in examples:
        gold = [each.sentence for each in example.gold]
        asked = embedder.embed_queries([example.question])[0]
        chosen = sorted({*gold, *example.misses})
        passages = [passage_of(example.text, number, embedder, asked) for number in chosen]
        right = [number in gold for number in chosen]
        made = tuple(candidates(example.question, passages, right, reader))
        yield Asked("crossed", made, answerable=True)
        rest = [
            replace(p, before="") if number - 1 in gold else p
            for p, number in zip(passages, chosen, strict=True)
            if number not in gold
        ]
        wrong = [False] * len(rest)
        made = tuple(candidates(example.question, rest, wrong, reader))
        yield Asked("crossed", made, answerable=False)


def ask_written(
    written: Sequence[Written], embedder: Embedder, reader: BertReader
) -> Iterator[Asked]:
    """The held-out questions of our own writing; their near misses were written as such."""
    for each in written:
        article, places = laid_out(each)
        with Index.in_memory([article], embedder) as index:
            retriever = HybridRetriever(index, embedder)
            for example in each.examples:
                passages = retriever.retrieve(example.question, k=READ)
                gold = [places[answering.sentence] for answering in example.gold]
                right = [
                    any(p.hit.start < end and start < p.hit.end for start, end in gold)
                    for p in passages
                ]
                made = tuple(candidates(example.question, passages, right, reader))
                yield Asked("written", made, answerable=bool(gold))


def laid_out(written: Written) -> tuple[Article, list[tuple[int, int]]]:
    """The article as one text, and where in it each of its sentences stands."""
    text, places = "", []
    last = None
    for sentence, paragraph in zip(written.text.sentences, written.text.paragraphs, strict=True):
        if last is not None:
            text += "\n\n" if paragraph != last else "" if written.language == "ja" else " "
        places.append((len(text), len(text) + len(sentence)))
        text, last = text + sentence, paragraph
    return Article("a", written.text.title, text), places


def passage_of(text: Text, number: int, embedder: Embedder, asked: np.ndarray) -> Passage:
    """One sentence of an article the way a retriever hands it over, with the cosine as score."""
    sentence = text.sentences[number]
    document = embedder.embed_documents([document_text(text.title, sentence)])[0]
    cosine = float(document @ asked)
    hit = Hit("a", text.title, None, number + 1, 0, len(sentence), sentence, cosine, cosine)
    return Passage(hit, before=text.before(number))


def is_crossed(example: Example) -> bool:
    sentence = example.text.sentences[example.gold[0].sentence]
    return detect_language(example.question) != detect_language(sentence)


# ── fitting ──────────────────────────────────────────────────────────────────────────────────


def matrix(asked: Sequence[Asked]) -> tuple[np.ndarray, np.ndarray, list[str]]:
    rows = [c for each in asked for c in each.candidates]
    names = list(rows[0].evidence.features())
    features = np.array([[c.evidence.features()[n] for n in names] for c in rows])
    return features, np.array([c.answers for c in rows]), names


def fit(asked: Sequence[Asked]) -> dict[str, object]:
    features, labels, names = matrix(asked)
    weights = [
        UNRELATED if each.source == "unrelated" else 1.0 for each in asked for _ in each.candidates
    ]
    model = LogisticRegression(C=1.0, max_iter=1000).fit(features, labels, sample_weight=weights)
    return {
        "weights": {n: round(float(w), 5) for n, w in zip(names, model.coef_[0], strict=True)},
        "bias": round(float(model.intercept_[0]), 5),
    }


def logits(each: Asked, fitted: dict[str, object]) -> list[float]:
    weights: dict[str, float] = fitted["weights"]  # type: ignore[assignment]
    return [
        float(fitted["bias"])  # type: ignore[arg-type]
        + sum(weights[n] * v for n, v in c.evidence.features().items())
        for c in each.candidates
    ]


def best(each: Asked, fitted: dict[str, object]) -> float:
    return max((sigmoid(value) for value in logits(each, fitted)), default=0.0)


def choose_retrieval(asked: Sequence[Asked], fitted: dict[str, object]) -> float:
    """The weight of the retrieval score in the order: the one with the most right first places.

    The clozes are left out: their score is a plain cosine (see `passage_of`).
    """
    rows = [
        (np.array(logits(e, fitted)), np.array([c.retrieval for c in e.candidates]), e)
        for e in asked
        if e.answerable and e.candidates and e.source != "crossed"
    ]

    def right(weight: float) -> int:
        return sum(e.candidates[int((a + weight * r).argmax())].answers for a, r, e in rows)

    return max((0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0), key=right)


def rates(asked: Sequence[Asked], fitted: dict[str, object], threshold: float) -> dict[str, object]:
    table: dict[str, object] = {}
    for source in sorted({each.source for each in asked}):
        mine = [each for each in asked if each.source == source]
        good = [best(e, fitted) for e in mine if e.answerable]
        bad = [best(e, fitted) for e in mine if not e.answerable]
        table[source] = {
            "answerable": len(good),
            "answerable refused": share_below(good, threshold),
            "near misses": len(bad),
            "near misses refused": share_below(bad, threshold),
        }
    return table


def share_below(values: Sequence[float], threshold: float) -> float | None:
    return round(float(np.mean(np.array(values) < threshold)), 4) if values else None


def reliability(asked: Sequence[Asked], fitted: dict[str, object]) -> list[dict[str, float]]:
    """In ten bins of confidence: how often the sentence did answer."""
    pairs = [
        (sigmoid(value), c.answers)
        for each in asked
        for value, c in zip(logits(each, fitted), each.candidates, strict=True)
    ]
    bins = []
    for low in np.arange(0, 1, 0.1):
        inside = [(p, a) for p, a in pairs if low <= p < low + 0.1]
        if inside:
            bins.append(
                {
                    "confidence": round(float(np.mean([p for p, _ in inside])), 3),
                    "answers": round(float(np.mean([a for _, a in inside])), 3),
                    "sentences": len(inside),
                }
            )
    return bins


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--reader", type=Path, required=True)
    parser.add_argument("--embedder", default="bundled")
    parser.add_argument("--keep", type=Path, help="file for what was asked, to look into")
    parser.add_argument("--every", type=int, default=1, help="ask about every n-th article alone")
    options = parser.parse_args()
    recipe, path = Recipe(), options.reader / CALIBRATION_FILE
    path.write_text(json.dumps(UNCALIBRATED), encoding="utf-8")
    reader, embedder = BertReader(options.reader), load_embedder(options.embedder)
    asked: list[Asked] = []
    foreign = foreign_split(options.data, recipe.seed).held_out
    for source, name in (("ja", "jaquad-train.json.zst"), ("en", "squad2-cs224n-dev.json")):
        articles = held_out_articles(options.data / "qa" / name)[:: options.every]
        for paragraphs in articles:
            asked += ask_article(paragraphs, embedder, reader, source)
            print(source, paragraphs[0].title, len(asked), flush=True)
        typed = [each.question for each in foreign if detect_language(each.question) == source]
        asked += ask_unrelated(articles, typed, embedder, reader)
    kyoto = options.data / "pairs/kyoto-wiki.ja-en.docs.jsonl.zst"
    clozes = crossed_split(kyoto, recipe.crossed, recipe.seed).held_out
    clozes = [each for each in clozes if is_crossed(each)][:: options.every]
    asked += ask_crossed(clozes, embedder, reader)
    written = held_out(list(written_articles(options.data)))[:: options.every]
    asked += ask_written(written, embedder, reader)
    if options.keep is not None:
        options.keep.write_bytes(pickle.dumps(asked))
    fitted = fit(asked)
    good = sorted(best(each, fitted) for each in asked if each.answerable)
    fitted["threshold"] = round(good[int(REFUSED_ANSWERABLE * len(good))], 4)
    fitted["retrieval"] = choose_retrieval(asked, fitted)
    fitted["held out"] = rates(asked, fitted, float(fitted["threshold"]))  # type: ignore[arg-type]
    fitted["reliability"] = reliability(asked, fitted)
    path.write_text(json.dumps(fitted, indent=1, ensure_ascii=False), encoding="utf-8")
    print(json.dumps(fitted, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
