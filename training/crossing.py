"""Fit how far a sentence in another language than the question is trusted to be about the same.

    python training/crossing.py --data DIR

The held-out articles of our own questions, in both languages, make one index. Each question is
asked of all of them; of the passages in the other language that the reader thinks possible, a
logistic model tells those that answer from those of other articles, over `crossing.FEATURES` and
the reader's own logit. All numbers told are of articles that the model was not fitted on. Writes
`crossing.json` beside the reader.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from shutten.assistant import assemble
from shutten.calibration import logit, sigmoid
from shutten.crossing import CROSSING_FILE, FEATURES, Affinity, affinities
from shutten.embedding import load_embedder
from shutten.index import Index
from shutten.loaded_models import Models
from shutten.ranking import bundled_ranking
from shutten.reader import BUNDLED, load_reader
from shutten.sentences import detect_language
from shutten.types import Article, Embedder, Reading
from written_questions import Written, written_articles

ARTICLES = 360
ASKED = 200
"""So many questions of each kind and language are asked."""
PARTS = 4
POSSIBLE = 0.1
"""The confidence from which on a passage counts for the fit."""
SHARE = 0.5
"""How much of the model's log odds is taken off. Of 1,200 questions 91 are answered from an article
in another language that has nothing to do with them without it, 44 with it; of the 400 whose
article is in another language 205 and 196 from the right sentence, of 400 in that of their article
287 and 288. Steeper ones (1, or a square) lose about as many right answers as they save."""
SEED = 5


@dataclass(frozen=True, slots=True)
class Seen:
    """A passage that was read: `right` where it answers, `own` where its article was asked about.

    `features` are None where it is in the question's language.
    """

    right: bool
    own: bool
    relevance: float
    confidence: float
    features: dict[str, float] | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and what was read for it; `kind` is "same", "crossed" or "near" (no answer)."""

    kind: str
    language: str
    article: str
    seen: tuple[Seen, ...]


def text_of(written: Written) -> tuple[str, list[tuple[int, int]]]:
    """The article's text, and where each of its sentences stands in it."""
    text, places, before = f"{written.text.title}\n\n", [], None
    space = " " if written.language == "en" else ""
    for sentence, paragraph in zip(written.text.sentences, written.text.paragraphs, strict=True):
        text += "\n\n" if before not in (None, paragraph) else ""
        places.append((len(text), len(text) + len(sentence)))
        text, before = text + sentence + space, paragraph
    return text, places


def ask_all(written: Sequence[Written], embedder: Embedder) -> list[Asked]:
    """Ask some questions of each kind of all the articles."""
    texts = [text_of(each) for each in written]
    articles = [
        Article(f"{number}.txt", each.text.title, text, language=each.language)
        for number, (each, (text, _)) in enumerate(zip(written, texts, strict=True))
    ]
    models = Models(embedder, load_reader("bundled"), ranking=bundled_ranking())
    lookup = assemble(
        Index.in_memory(articles, embedder), models, max_question_characters=2000
    ).lookup
    groups: dict[tuple[str, str], list[tuple[str, int, set[int]]]] = {}
    for number, each in enumerate(written):
        for example in each.examples:
            gold = {one.sentence for one in example.gold}
            language = detect_language(example.question)
            kind = "near" if not gold else "same" if language == each.language else "crossed"
            groups.setdefault((kind, language), []).append((example.question, number, gold))
    chance, asked = random.Random(SEED), []
    for (kind, spoken), questions in groups.items():
        for question, number, gold in chance.sample(questions, min(ASKED, len(questions))):
            readings = lookup.read(question, lookup.retriever.retrieve(question, k=10))
            right = [texts[number][1][one] for one in gold]
            seen = see(question, readings, articles[number].id, right, embedder)
            asked.append(Asked(kind, spoken, articles[number].id, tuple(seen)))
    return asked


def see(
    question: str,
    readings: Sequence[Reading],
    article: str,
    right: Sequence[tuple[int, int]],
    embedder: Embedder,
) -> Iterable[Seen]:
    """What was made of each passage, with its affinity where it is in another language."""
    language = detect_language(question)
    for each in readings:
        hit = each.passage.hit
        own = hit.article_id == article
        crossed = detect_language(hit.text) != language
        yield Seen(
            own and any(hit.start < end and start < hit.end for start, end in right),
            own,
            each.relevance,
            each.confidence,
            affinities(question, [each.passage], embedder)[0] if crossed else None,
        )


def fitted(asked: Iterable[Asked]) -> Affinity:
    """Fit the model on what answers and what is of other articles."""
    kept = [
        one
        for each in asked
        for one in each.seen
        if one.features is not None and one.confidence >= POSSIBLE and (one.right or not one.own)
    ]
    rows = [
        [logit(one.confidence), *(one.features[name] for name in FEATURES)]
        for one in kept
        if one.features is not None
    ]
    model = LogisticRegression(C=10.0, max_iter=1000).fit(rows, [one.right for one in kept])
    weights = dict(zip(FEATURES, map(float, model.coef_[0][1:]), strict=True))
    return Affinity(weights, float(model.intercept_[0]), SHARE)


def outcome(asked: Asked, affinity: Affinity | None, threshold: float) -> str:
    """What is quoted: the right sentence, its article, another one here or across; or nothing."""
    losses = [
        0.0 if affinity is None or each.features is None else affinity.loss(each.features)
        for each in asked.seen
    ]
    order = [each.relevance - loss for each, loss in zip(asked.seen, losses, strict=True)]
    if not order:
        return "refused"
    best = int(np.argmax(order))
    quoted = asked.seen[best]
    if sigmoid(logit(quoted.confidence) - losses[best]) < threshold:
        return "refused"
    if quoted.right:
        return "right"
    if quoted.own:
        return "its article"
    return "another" if quoted.features is None else "another across"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--reader", type=Path, default=BUNDLED)
    options = parser.parse_args()
    written = [each for each in written_articles(options.data) if each.held_out]
    random.Random(SEED).shuffle(written)
    asked = ask_all(written[:ARTICLES], load_embedder())
    names = sorted({each.article for each in asked})
    part = {name: number % PARTS for number, name in enumerate(names)}
    models = [fitted(each for each in asked if part[each.article] != n) for n in range(PARTS)]
    threshold = load_reader("bundled").threshold
    for name, chosen in (("without", [None] * PARTS), ("with", models)):
        told = Counter(
            (each.kind, each.language, outcome(each, chosen[part[each.article]], threshold))
            for each in asked
        )
        print(
            name, *(f"{' '.join(key)} {count}" for key, count in sorted(told.items())), sep="\n  "
        )
    final = fitted(asked)
    content = {"weights": final.weights, "bias": final.bias, "share": final.share}
    (options.reader / CROSSING_FILE).write_text(json.dumps(content, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
