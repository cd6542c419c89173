"""Turn the reader's outputs into probabilities, and choose the threshold of refusal.

    python training/calibration.py --data DIR --reader FOLDER

Held-out questions of the training sets are asked the way users ask: their article is indexed, the
retriever brings sentences, the reader reads them. Each question is asked twice, of the article as
it is and of the article without the sentences that hold the answer; the second is a near miss. One
logistic regression puts the sentences in order, another maps the evidence in the foremost one to
the probability that it answers. The threshold is set where a fixed share of the answerable
questions is refused by regressions that have not seen their articles; so are all numbers made that
are told. Where the reader has a second network, it reads the foremost sentence too, and a third
regression maps what both saw. Writes `reader.json`.
"""

from __future__ import annotations

import argparse
import json
import pickle
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from contrasts import contrast_articles
from data import Paragraph, Question
from reader import Recipe
from reading_examples import Example, Text, crossed_split, foreign_split, split_articles
from shutten.calibration import Evidence, Logistic, logit, sigmoid
from shutten.embedding import document_text, load_embedder
from shutten.index import Index
from shutten.lookup import READ
from shutten.ranking import bundled_ranking
from shutten.reader import CALIBRATION_FILE, SECOND_FILE, BertReader
from shutten.retrieval import HybridRetriever
from shutten.sentences import detect_language
from shutten.types import Article, Embedder, Hit, Passage
from written_questions import Written, held_out, written_articles

REFUSED_ANSWERABLE = 0.10
"""The share of answerable held-out questions that the threshold may refuse."""

UNRELATED = 3.0
"""How much a question about something else counts for the order: such are asked more often than
held out."""

COUNTS = {"unrelated": 16.0, "written": 2.0, "ja": 0.25}
"""How much a question counts for the verdict. Near misses of our own writing were written as such,
as people meet them; in JaQuAD they are questions whose answer was taken out."""

MISTAKEN = 0.25
"""How much of that counts where a question is answerable and its foremost candidate is wrong:
neither should the verdict be that it answers, nor that the article does not."""

FREEDOM = 10.0
"""How much more freely the features may be weighed than the numbers of the vector."""

VERDICT_C = 0.003
"""How freely these are weighed (inverse of the L2 penalty)."""

PARTS = 5
"""So many parts the articles are cut into for measuring."""

RETRIEVAL = 0.7
"""The weight of the ranking's logit in the order. Asked of their own article, the right sentence
comes first for 0.843, 0.842, 0.841, 0.837 of the held-out questions of our own with 0.4, 0.6, 0.7,
1.0, for 0.856, 0.854, 0.856, 0.852 of JaQuAD's; asked among 49,202 sentences, for 0.71, 0.71, 0.72,
0.73 of those about Japanese articles."""

UNCALIBRATED = {"weights": {"answers": 1.0}, "bias": 0.0, "threshold": 0.5, "retrieval": 0.0}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One sentence that the retriever brought up for a question."""

    passage: Passage
    evidence: Evidence
    answers: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its candidates; `answerable` where one of them was left in to answer.

    `twice` is the evidence in the candidate of the number `foremost` once both networks read it.
    """

    source: str
    article: str
    question: str
    candidates: tuple[Candidate, ...]
    answerable: bool
    foremost: int = 0
    twice: Evidence | None = None

    @property
    def first(self) -> Candidate:
        """The candidate that would be quoted."""
        return self.candidates[self.foremost]


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
        retriever = HybridRetriever(index, embedder, ranking=bundled_ranking())
        for paragraph in paragraphs:
            here = str(texts.index(paragraph.context))
            for question in paragraph.questions:
                passages = retriever.retrieve(question.text, k=4 * READ)
                blank = Asked(source, paragraph.title, question.text, (), answerable=False)
                yield from both_ways(question, here, passages, reader, blank)


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
            retriever = HybridRetriever(index, embedder, ranking=bundled_ranking())
            for question in questions[number :: len(articles)]:
                passages = retriever.retrieve(question, k=READ)
                none = [False] * len(passages)
                made = tuple(candidates(question, passages, none, reader))
                yield Asked("unrelated", question, question, made, answerable=False)


def both_ways(
    question: Question, here: str, passages: Sequence[Passage], reader: BertReader, blank: Asked
) -> Iterator[Asked]:
    if question.answers:
        kept = passages[:READ]
        gold = [p.hit.article_id == here and answers_in(p.hit.text, question) for p in kept]
        made = tuple(candidates(question.text, kept, gold, reader))
        yield replace(blank, candidates=made, answerable=True)
    missing = [
        replace(p, before="") if answers_in(p.before, question) else p
        for p in passages
        if not answers_in(p.hit.text, question)
    ][:READ]
    none = [False] * len(missing)
    yield replace(blank, candidates=tuple(candidates(question.text, missing, none, reader)))


def candidates(
    question: str, passages: Sequence[Passage], gold: Sequence[bool], reader: BertReader
) -> Iterator[Candidate]:
    found = reader.evidence(question, passages) if passages else []
    for passage, evidence, answers in zip(passages, found, gold, strict=True):
        yield Candidate(passage, evidence, answers)


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
        title, question = example.text.title, example.question
        made = tuple(candidates(question, passages, right, reader))
        yield Asked("crossed", title, question, made, answerable=True)
        rest = [
            replace(p, before="") if number - 1 in gold else p
            for p, number in zip(passages, chosen, strict=True)
            if number not in gold
        ]
        wrong = [False] * len(rest)
        made = tuple(candidates(question, rest, wrong, reader))
        yield Asked("crossed", title, question, made, answerable=False)


def ask_written(
    written: Sequence[Written], embedder: Embedder, reader: BertReader, source: str = "written"
) -> Iterator[Asked]:
    """The held-out questions of our own writing; their near misses were written as such."""
    for each in written:
        article, places = laid_out(each)
        with Index.in_memory([article], embedder) as index:
            retriever = HybridRetriever(index, embedder, ranking=bundled_ranking())
            for example in each.examples:
                passages = retriever.retrieve(example.question, k=READ)
                gold = [places[answering.sentence] for answering in example.gold]
                right = [
                    any(p.hit.start < end and start < p.hit.end for start, end in gold)
                    for p in passages
                ]
                question = example.question
                made = tuple(candidates(question, passages, right, reader))
                yield Asked(source, article.title, question, made, answerable=bool(gold))


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

Vectors = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Order:
    """What puts the candidates of a question in order."""

    model: Logistic
    retrieval: float

    def foremost(self, each: Asked) -> int:
        """The number of the candidate that would be quoted."""
        scores = [
            self.model.logit(c.evidence) + self.retrieval * logit(c.passage.hit.score)
            for c in each.candidates
        ]
        return int(np.argmax(scores))

    def apply(self, each: Asked) -> Asked:
        """The question with its foremost candidate."""
        return replace(each, foremost=self.foremost(each), twice=None)


@dataclass(frozen=True, slots=True)
class Judged:
    """How sure one may be of a question's foremost candidate, by models that had not its article.

    `right` is whether that candidate does answer.
    """

    source: str
    answerable: bool
    right: bool
    logit: float

    @property
    def confidence(self) -> float:
        """The same as a probability."""
        return sigmoid(self.logit)


def matrix(rows: Sequence[Evidence]) -> Vectors:
    return np.array([list(row.features().values()) for row in rows])


def weights_by_name(
    names: Iterable[str], spreads: Sequence[float], weights: Sequence[float]
) -> dict[str, float]:
    """Those of features that are not the same in all rows: that have a spread."""
    return {n: float(w) for n, s, w in zip(names, spreads, weights, strict=True) if s > 0}


def order_of(asked: Sequence[Asked]) -> Order:
    model = fit_order(asked)
    return Order(model, RETRIEVAL)


def read_twice(asked: Sequence[Asked], reader: BertReader) -> Iterator[Asked]:
    """Have both networks read the foremost candidates."""
    for each in asked:
        passages = [c.passage for c in each.candidates]
        twice = reader.evidence_twice(each.question, passages, each.foremost)
        yield replace(each, twice=twice)


Look: TypeAlias = Callable[[Asked], Evidence]
"""What a verdict on a question is made of."""


def once(each: Asked) -> Evidence:
    """What the first network saw of the foremost candidate."""
    return each.first.evidence


def twice(each: Asked) -> Evidence:
    """What both saw of it."""
    assert each.twice is not None  # noqa: S101
    return each.twice


def fit_order(asked: Sequence[Asked]) -> Logistic:
    """Fit on all candidates of all questions."""
    rows = [c for each in asked for c in each.candidates]
    features = matrix([row.evidence for row in rows])
    weights = [
        UNRELATED if each.source == "unrelated" else 1.0 for each in asked for _ in each.candidates
    ]
    model = LogisticRegression(C=1.0, max_iter=1000)
    model.fit(features, [c.answers for c in rows], sample_weight=weights)
    names = rows[0].evidence.features()
    weighed = weights_by_name(names, features.std(axis=0), model.coef_[0])
    return Logistic(weighed, float(model.intercept_[0]))


def fit_verdict(asked: Sequence[Asked], look: Look) -> Logistic:
    """Fit on the foremost candidate of each question, with the vectors of the networks."""
    rows = [look(each) for each in asked]
    parts = matrix(rows), np.array([row.mark for row in rows], dtype=np.float64)
    means, spreads = ([of(part, axis=0) for part in parts] for of in (np.mean, np.std))
    spreads = [spread + 1e-6 for spread in spreads]
    spreads[0] /= FREEDOM
    scaled = [(x - mean) / s for x, mean, s in zip(parts, means, spreads, strict=True)]
    right = [each.first.answers for each in asked]
    weights = [
        COUNTS.get(each.source, 1.0) * (MISTAKEN if each.answerable and not answers else 1.0)
        for each, answers in zip(asked, right, strict=True)
    ]
    model = LogisticRegression(C=VERDICT_C, max_iter=5000)
    model.fit(np.hstack(scaled), right, sample_weight=weights)
    cut = len(means[0])
    plain, mark = model.coef_[0][:cut] / spreads[0], model.coef_[0][cut:] / spreads[1]
    bias = float(model.intercept_[0] - plain @ means[0] - mark @ means[1])
    weighed = weights_by_name(rows[0].features(), parts[0].std(axis=0), plain)
    return Logistic(weighed, bias, mark.astype(np.float32))


# ── measuring ────────────────────────────────────────────────────────────────────────────────


def part_of(each: Asked) -> int:
    return zlib.crc32(each.article.encode()) % PARTS


def judged_apart(asked: Sequence[Asked], look: Look) -> list[Judged]:
    """Judge the questions of each part of the articles by what is fitted on the other parts."""
    judged = []
    for part in range(PARTS):
        verdict = fit_verdict([each for each in asked if part_of(each) != part], look)
        for each in asked:
            if part_of(each) == part:
                sure = verdict.logit(look(each))
                judged.append(Judged(each.source, each.answerable, each.first.answers, sure))
    return judged


@dataclass(frozen=True, slots=True)
class Verdicts:
    """A model that is as often right as it says, and what it says of articles not fitted on."""

    model: Logistic
    judged: list[Judged]

    @classmethod
    def of(cls, asked: Sequence[Asked], look: Look) -> Verdicts:
        """Fit and judge."""
        judged = judged_apart(asked, look)
        factor, more = evened(judged)
        model = fit_verdict(asked, look).scaled(factor, more)
        return cls(model, [replace(each, logit=factor * each.logit + more) for each in judged])


def evened(judged: Sequence[Judged]) -> tuple[float, float]:
    """What to multiply the verdict's logit by and to add, so that it is as often right as it says.

    Platt 1999. Weights of questions make it too sure of itself or not sure enough.
    """
    model = LogisticRegression(C=1e6)
    model.fit([[each.logit] for each in judged], [each.right for each in judged])
    return float(model.coef_[0][0]), float(model.intercept_[0])


def threshold_of(judged: Sequence[Judged]) -> float:
    good = sorted(each.confidence for each in judged if each.answerable)
    return round(good[int(REFUSED_ANSWERABLE * len(good))], 4)


def rates(judged: Sequence[Judged], threshold: float) -> dict[str, object]:
    table: dict[str, object] = {}
    for source in sorted({each.source for each in judged}):
        mine = [each for each in judged if each.source == source]
        good = [each.confidence for each in mine if each.answerable]
        bad = [each.confidence for each in mine if not each.answerable]
        table[source] = {
            "answerable": len(good),
            "answerable refused": share_below(good, threshold),
            "near misses": len(bad),
            "near misses refused": share_below(bad, threshold),
            "first is right": share_right([each for each in mine if each.answerable]),
            "area": area([each.answerable for each in mine], mine),
            "area of right ones": area([each.right for each in mine], mine),
        }
    return table


def share_below(values: Sequence[float], threshold: float) -> float | None:
    return round(float(np.mean(np.array(values) < threshold)), 4) if values else None


def share_right(judged: Sequence[Judged]) -> float | None:
    return round(float(np.mean([each.right for each in judged])), 4) if judged else None


def area(wanted: Sequence[bool], judged: Sequence[Judged]) -> float | None:
    """The area under the ROC curve."""
    if len(set(wanted)) == 1:
        return None
    return round(float(roc_auc_score(wanted, [each.confidence for each in judged])), 4)


def reliability(judged: Sequence[Judged]) -> list[dict[str, float]]:
    """In ten bins of confidence: how often the foremost sentence did answer."""
    bins = []
    for low in np.arange(0, 1, 0.1):
        inside = [each for each in judged if low <= each.confidence < low + 0.1]
        if inside:
            bins.append(
                {
                    "confidence": round(float(np.mean([each.confidence for each in inside])), 3),
                    "answers": round(float(np.mean([each.right for each in inside])), 3),
                    "questions": len(inside),
                }
            )
    return bins


def as_json(model: Logistic) -> dict[str, object]:
    content: dict[str, object] = {
        "weights": {name: round(float(weight), 5) for name, weight in model.weights.items()},
        "bias": round(float(model.bias), 5),
    }
    if model.mark is not None:
        content["mark"] = [round(float(weight), 5) for weight in model.mark]
    return content


def ask_everything(options: argparse.Namespace) -> list[Asked]:
    """Ask what the training sets and our own questions hold out."""
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
    contrasts = held_out(contrast_articles(recipe.seed))[:: options.every]
    asked += ask_written(contrasts, embedder, reader, "contrasts")
    return [each for each in asked if each.candidates]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--reader", type=Path, required=True)
    parser.add_argument("--embedder", default="bundled")
    parser.add_argument("--keep", type=Path, help="file for what was asked; read where it exists")
    parser.add_argument("--every", type=int, default=1, help="ask about every n-th article alone")
    options = parser.parse_args()
    kept: Path | None = options.keep
    if kept is not None and kept.is_file():
        asked = pickle.loads(kept.read_bytes())  # noqa: S301 - written by this program
    else:
        asked = ask_everything(options)
        if kept is not None:
            kept.write_bytes(pickle.dumps(asked))
    order = order_of(asked)
    asked = [order.apply(each) for each in asked]
    verdict = again = Verdicts.of(asked, once)
    if (options.reader / SECOND_FILE).is_file():
        again = Verdicts.of(list(read_twice(asked, BertReader(options.reader))), twice)
    threshold = threshold_of(again.judged)
    content = as_json(order.model) | {"verdict": as_json(verdict.model)}
    if again is not verdict:
        content["again"] = as_json(again.model)
    content |= {
        "threshold": threshold,
        "retrieval": order.retrieval,
        "held out": rates(again.judged, threshold),
        "reliability": reliability(again.judged),
    }
    text = json.dumps(content, indent=1, ensure_ascii=False)
    (options.reader / CALIBRATION_FILE).write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
