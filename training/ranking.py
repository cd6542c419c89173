"""Learn in what order the sentences that the retrieval finds are to be read.

    python training/ranking.py --data DIR --to src/shutten/models/ranking

First the associations: for every token of a question of our own writing that its answering sentence
lacks, the tokens that this sentence has more often than sentences in general, and than others of
the same article. Then the weights: held-out questions, and those of JaQuAD, are asked of one index
of all their articles and of others beside; of the sentences that both legs find the answering one
is to come first (listwise softmax, ListNet, Cao et al. 2007). What is printed is by weights that
were fitted on the other half of the articles; the weights that are written are fitted on all.
"""

from __future__ import annotations

import argparse
import json
import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from data import read_jsonl
from reading_examples import Example, Text, split_articles
from shutten.associations import Associations, Row, save
from shutten.embedding import load_embedder
from shutten.index import Index
from shutten.questions import LANGUAGES
from shutten.ranking import FEATURES, Candidate, Rarity, features
from shutten.retrieval import HybridRetriever
from shutten.sentences import detect_language
from shutten.tokens import token_set
from shutten.types import Article
from written_questions import WRITTEN, Sources, Written, written_articles

Matrix = npt.NDArray[np.float64]

FOUND = 100
"""Sentences that a question is asked to put in order: what both legs bring."""

BESIDE = 700
"""Further articles of the index, of which other questions are."""

LEAST_PAIRS, LEAST_LIFT, LEAST_SHARE = 4, 4.0, 0.02
"""When tokens are associated: seen together so often, so much likelier than by chance, and in so
many of the answers to questions with the first. Twice as many or half as many pairs make the right
sentence come among the first five in 0.80 of the cases as well."""

SMOOTHING = 5
SURE_SHARE = 0.25
DECAY = 1e-3


# ── associations ─────────────────────────────────────────────────────────────────────────────


@dataclass
class Counts:
    """How often tokens of questions and of sentences are seen together."""

    sentences: int
    in_sentences: Counter[str]
    asked: Counter[str]
    pairs: Counter[tuple[str, str]]
    asked_beside: Counter[str]
    pairs_beside: Counter[tuple[str, str]]

    @classmethod
    def of(cls, articles: Sequence[Written], chance: random.Random) -> Counts:
        """Count in articles and their questions."""
        counts = cls(0, Counter(), Counter(), Counter(), Counter(), Counter())
        for each in articles:
            tokens = [token_set(sentence) for sentence in each.text.sentences]
            counts.sentences += len(tokens)
            for one in tokens:
                counts.in_sentences.update(one)
            for example in filter(lambda e: e.gold, each.examples):
                counts._add(example, tokens, chance)
        return counts

    def _add(
        self, example: Example, tokens: Sequence[frozenset[str]], chance: random.Random
    ) -> None:
        asked, answering = token_set(example.question), tokens[example.gold[0].sentence]
        self.asked.update(asked - answering)
        self.pairs.update((a, b) for a in asked - answering for b in answering)
        gold = {each.sentence for each in example.gold}
        beside = [number for number in range(len(tokens)) if number not in gold]
        for number in chance.sample(beside, min(2, len(beside))):
            self.asked_beside.update(asked - tokens[number])
            lacking = asked - tokens[number]
            self.pairs_beside.update((a, b) for a in lacking for b in tokens[number])

    def lift(self, asked: str, said: str, share: float) -> float:
        """How much likelier a token is in an answer: than anywhere, and than beside it."""
        anywhere = self.in_sentences[said] / self.sentences
        beside = (self.pairs_beside[asked, said] + SMOOTHING * anywhere) / (
            self.asked_beside[asked] + SMOOTHING
        )
        return math.sqrt(share / anywhere * share / beside)


def associations(counts: Counts) -> dict[str, Row]:
    table: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
    for (asked, said), count in counts.pairs.items():
        share = (count - 1) / counts.asked[asked]
        if count < LEAST_PAIRS or share < LEAST_SHARE:
            continue
        lift = counts.lift(asked, said, share)
        if lift >= LEAST_LIFT:
            table[asked].append((said, math.log(lift) * min(1.0, share / SURE_SHARE)))
    return dict(table)


# ── what is to be put in order ───────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, its article, and what tells the sentences that answer it."""

    source: str
    question: str
    article_id: str
    paragraph: str
    answers: tuple[str, ...]

    def answered_by(self, candidate: Candidate) -> bool:
        """Whether a sentence is one of those that answer."""
        if candidate.article_id != self.article_id:
            return False
        if not self.paragraph:
            return any(a in candidate.text or candidate.text in a for a in self.answers)
        return candidate.text in self.paragraph and any(a in candidate.text for a in self.answers)


@dataclass(frozen=True, slots=True)
class Found:
    """The candidates for one question, and which of them answer."""

    asked: Asked
    values: Matrix
    right: npt.NDArray[np.bool_]
    fused: Matrix

    @property
    def language(self) -> str:
        """The question's."""
        return detect_language(self.asked.question)

    @property
    def half(self) -> int:
        """Which half of the articles it belongs to, 0 or 1."""
        return crc32(self.asked.article_id.encode()) % 2


def laid_out(text: Text) -> str:
    """The sentences of an article with a blank line between its paragraphs."""
    paragraphs: defaultdict[int, list[str]] = defaultdict(list)
    for sentence, number in zip(text.sentences, text.paragraphs, strict=True):
        paragraphs[number].append(f"{sentence} " if sentence[-1:].isascii() else sentence)
    return "\n\n".join("".join(each) for each in paragraphs.values())


def own_questions(data: Path, chance: random.Random) -> tuple[list[Article], list[Asked]]:
    """The whole articles of held-out questions, and others; the questions that are answered."""
    sources = Sources.read(data)
    articles: dict[str, Article] = {}
    asked: list[Asked] = []
    beside = []
    for raw, written in zip(read_jsonl(WRITTEN), written_articles(data), strict=True):
        name = f"{raw['source']} {raw['language']} {raw.get('id') or raw['title']}"
        whole = sources.text_of(raw)
        article = Article(name, whole.title, laid_out(whole), language=raw["language"])
        if not written.held_out:
            beside.append(article)
            continue
        articles[name] = article
        sentences = written.text.sentences
        asked += [
            Asked(f"own, {raw['language']}", e.question, name, "", _gold(sentences, e))
            for e in written.examples
            if e.gold
        ]
    for article in chance.sample(beside, BESIDE):
        articles.setdefault(article.id, article)
    return list(articles.values()), asked


def _gold(sentences: Sequence[str], example: Example) -> tuple[str, ...]:
    return tuple(sentences[each.sentence] for each in example.gold)


def jaquad_questions(data: Path) -> tuple[list[Article], list[Asked]]:
    articles, asked = [], []
    for paragraphs in split_articles(data / "qa/jaquad-train.json.zst")[1]:
        title = paragraphs[0].title
        text = "\n\n".join(dict.fromkeys(each.context for each in paragraphs))
        articles.append(Article(f"jaquad {title}", title, text))
        for paragraph in paragraphs:
            for question in paragraph.questions:
                answers = tuple(answer.text for answer in question.answers)
                here = f"jaquad {title}", paragraph.context
                asked.append(Asked("JaQuAD", question.text, *here, answers))
    return articles, asked


def look_up(
    asked: Sequence[Asked], index: Index, retriever: HybridRetriever
) -> Iterator[tuple[Asked, list[Candidate], Rarity, Matrix]]:
    """Ask every question of the index; what is found comes with the scores of the fused legs."""
    for each in asked:
        found = retriever.retrieve(each.question, k=FOUND)
        candidates = [
            Candidate(
                *(p.hit.article_id, p.hit.sentence, p.hit.title, p.hit.text, p.before, p.after),
                p.hit.dense,
            )
            for p in found
        ]
        rarity = Rarity(*index.token_frequencies(token_set(each.question)))
        yield each, candidates, rarity, np.array([p.hit.score for p in found])


def everything_found(
    data: Path, chance: random.Random, known: Associations
) -> tuple[list[Found], int]:
    """Return what is found for every question, and how many sentences it is found among."""
    articles, asked = own_questions(data, chance)
    more_articles, more_asked = jaquad_questions(data)
    embedder = load_embedder("bundled")
    found = []
    with Index.in_memory([*articles, *more_articles], embedder) as index:
        retriever = HybridRetriever(index, embedder)
        for each, candidates, rarity, fused in look_up([*asked, *more_asked], index, retriever):
            if candidates:
                values = features(each.question, candidates, rarity, known)
                right = np.array([each.answered_by(candidate) for candidate in candidates])
                found.append(Found(each, values, right, fused))
        return found, index.sentence_count


# ── fitting ──────────────────────────────────────────────────────────────────────────────────


def fit(found: Sequence[Found]) -> Matrix:
    """Return weights under which the answering sentences come first."""
    kept = [each for each in found if each.right.any() and not each.right.all()]
    values = np.concatenate([each.values for each in kept])
    mean, deviation = values.mean(axis=0), values.std(axis=0) + 1e-6
    values, right = (values - mean) / deviation, np.concatenate([each.right for each in kept])
    sizes = [len(each.right) for each in kept]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    which = np.repeat(np.arange(len(sizes)), sizes)

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        scores = values @ weights
        raised = np.exp(scores - np.maximum.reduceat(scores, starts)[which])
        total, of_right = np.add.reduceat(raised, starts), np.add.reduceat(raised * right, starts)
        gap = raised / total[which] - raised * right / of_right[which]
        value = -np.log(of_right / total).mean() + DECAY * weights @ weights
        return float(value), values.T @ gap / len(sizes) + 2 * DECAY * weights

    start = np.zeros(values.shape[1])
    fitted: Matrix = minimize(loss, start, jac=True, method="L-BFGS-B").x / deviation
    return fitted


def bias_of(found: Sequence[Found], weights: Matrix) -> float:
    """The constant that makes the mean probability of the foremost that they answer true."""
    best = np.array([(each.values @ weights).max() for each in found if len(each.right)])
    share = np.mean([each.right[(each.values @ weights).argmax()] for each in found])
    low, high = -50.0, 50.0
    for _ in range(60):
        middle = (low + high) / 2
        if (1 / (1 + np.exp(-(best + middle)))).mean() < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def place_of_right(scores: Matrix, right: npt.NDArray[np.bool_]) -> int:
    order = np.argsort(-scores, kind="stable")
    places = np.flatnonzero(right[order])
    return int(places[0]) if len(places) else FOUND


def report(found: Sequence[Found]) -> dict[str, dict[str, float]]:
    """R@1, 3, 5, 10, 20 with weights of the other half of the articles, and of the fused legs."""
    places: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for language in LANGUAGES:
        mine = [each for each in found if each.language == language]
        for half in (0, 1):
            weights = fit([each for each in mine if each.half != half])
            for each in (each for each in mine if each.half == half):
                fused = place_of_right(each.fused, each.right)
                ranked = place_of_right(each.values @ weights, each.right)
                places[each.asked.source].append((fused, ranked))
    return {source: recalls(places[source]) for source in sorted(places)}


def recalls(places: Sequence[tuple[int, int]]) -> dict[str, float]:
    table: dict[str, float] = {"questions": len(places)}
    for k in (1, 3, 5, 10, 20):
        for column, name in enumerate(("fused", "ranked")):
            table[f"R@{k} {name}"] = round(float(np.mean([p[column] < k for p in places])), 3)
    return table


def fitted(found: Sequence[Found]) -> dict[str, object]:
    """The model for the questions of one language."""
    weights = fit(found)
    return {
        "weights": {n: round(float(w), 4) for n, w in zip(FEATURES, weights, strict=True)},
        "bias": round(bias_of(found, weights), 4),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.to.mkdir(parents=True, exist_ok=True)
    chance = random.Random(options.seed)
    trained = [each for each in written_articles(options.data) if not each.held_out]
    table = associations(Counts.of(trained, chance))
    save(table, options.to / "associations.safetensors")
    known = Associations.load(options.to / "associations.safetensors")
    found, size = everything_found(options.data, chance, known)
    by_language = {name: [each for each in found if each.language == name] for name in LANGUAGES}
    model: dict[str, object] = {
        **{str(name): fitted(mine) for name, mine in by_language.items()},
        "associations": sum(len(row) for row in table.values()),
        "held out": report(found),
        "sentences": size,
    }
    written = json.dumps(model, ensure_ascii=False, indent=1)
    (options.to / "ranking.json").write_text(f"{written}\n", encoding="utf-8")
    print(written)


if __name__ == "__main__":
    main()
