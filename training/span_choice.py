"""Fit how the answering words of a Japanese sentence are chosen among the network's likely spans.

    python training/span_choice.py --data DIR --reader READER

Every held-out JaQuAD question is asked of its own paragraph; in the sentence that the reader likes
best, the given answer is to stand out among the likely spans. The articles are cut into two halves:
each is scored with weights of the other, which gives the numbers of the model card and the temper;
the weights that are written come from both.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from data import Paragraph
from data import Question as SquadQuestion
from reading_examples import split_articles
from shutten.assistant import Models
from shutten.embedding import load_embedder
from shutten.evaluation.metrics import character_f1, exact_match
from shutten.evaluation.subject import Subject, subject_over
from shutten.grounding import SURE_OF_WORDS
from shutten.reader import WORDS_FILE, AskedQuestion, BertReader
from shutten.settings import Settings
from shutten.spans import Question, SpanChooser, distinct, features
from shutten.types import Article

RARE = 40
"""Features seen on fewer spans get no weight."""

PULL = 50.0
"""How hard weights are pulled to where they start: the network's own probability alone."""

FORMER_EXACT = 0.717
"""Of the words shown by the network's own probability from SURE_OF_WORDS on, as many are exact."""

CANDIDATES = 10


@dataclass(frozen=True, slots=True)
class Case:
    """The spans of one sentence: their features, how right each is, and what all have together."""

    found: tuple[Mapping[str, float], ...]
    exact: tuple[float, ...]
    f1: tuple[float, ...]
    mass: float
    refused: bool


def cases(paragraphs: Sequence[Paragraph], reader: BertReader, models: Models) -> list[Case]:
    articles = [
        Article(f"p{number}", each.title, each.context) for number, each in enumerate(paragraphs)
    ]
    subject = subject_over(articles, models, Settings())
    return [
        made
        for number, paragraph in enumerate(paragraphs)
        for question in paragraph.questions
        if question.answers
        for made in [case(question, number, subject, reader)]
        if made is not None
    ]


def case(asking: SquadQuestion, number: int, subject: Subject, reader: BertReader) -> Case | None:
    question, accepted = asking.text, [answer.text for answer in asking.answers]
    passages = subject.legs.retrieve(question, k=CANDIDATES, article_ids=[f"p{number}"])
    readings = reader.read(question, passages)
    if not readings:
        return None
    best = max(range(len(readings)), key=lambda each: readings[each].relevance)
    text = passages[best].hit.text
    spans = distinct(text, reader.observe(AskedQuestion.of(question), passages)[best].spans)
    words = [text[span.start : span.end] for span in spans]
    asked = Question.of(question)
    return Case(
        tuple(features(asked, text, span, rank) for rank, span in enumerate(spans)),
        tuple(float(exact_match(each, accepted)) for each in words),
        tuple(character_f1(each, accepted) for each in words),
        min(1.0, sum(float(np.exp(span.log_probability)) for span in spans)),
        readings[best].confidence < reader.threshold,
    )


def wanted(each: Case) -> list[float]:
    """The exact spans share the probability; where there is none, the nearly exact ones."""
    chosen = each.exact if any(each.exact) else [value**4 for value in each.f1]
    return [value / sum(chosen) for value in chosen]


@dataclass(frozen=True, slots=True)
class Padded:
    """Features (cases, spans, names), what is wanted of each span, and -1e9 where there is none."""

    features: Tensor
    wanted: Tensor
    absent: Tensor


def padded(known: Sequence[Case], names: Sequence[str]) -> Padded:
    usable = [each for each in known if any(each.f1)]
    width = max(len(each.found) for each in usable)
    made = torch.zeros(len(usable), width, len(names))
    goal, absent = torch.zeros(len(usable), width), torch.full((len(usable), width), -1e9)
    for row, each in enumerate(usable):
        goal[row, : len(each.found)] = torch.tensor(wanted(each))
        absent[row, : len(each.found)] = 0
        for column, found in enumerate(each.found):
            made[row, column] = torch.tensor([found.get(name, 0.0) for name in names])
    return Padded(made, goal, absent)


def fit(known: Sequence[Case]) -> dict[str, float]:
    seen = Counter(name for each in known for found in each.found for name in found)
    names = sorted(name for name, count in seen.items() if count >= RARE)
    rows = padded(known, names)
    start = torch.tensor([float(name == "log_probability") for name in names])
    weights = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([weights], max_iter=300, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        optimizer.zero_grad()
        likely = torch.log_softmax(rows.features @ weights + rows.absent, dim=1)
        value = -(rows.wanted * likely.clamp(min=-50)).sum() + PULL * ((weights - start) ** 2).sum()
        value.backward()
        return value

    optimizer.step(loss)
    return {name: round(float(w), 4) for name, w in zip(names, weights.detach(), strict=True)}


@dataclass(frozen=True, slots=True)
class Outcome:
    """The chosen span of one case: how probable, and how right."""

    probability: float
    exact: float
    f1: float


def outcomes(known: Sequence[Case], weights: Mapping[str, float]) -> list[Outcome]:
    chooser = SpanChooser(weights, 1.0)
    made = []
    for each in known:
        scores = np.array([chooser.score(found) for found in each.found])
        best = int(scores.argmax())
        share = float(1 / np.exp(scores - scores[best]).sum())
        made.append(Outcome(share * each.mass, each.exact[best], each.f1[best]))
    return made


def temper_of(found: Sequence[Outcome]) -> tuple[float, float]:
    """The power that makes of the least probability with FORMER_EXACT the threshold of the words.

    Also that probability.
    """
    falling = sorted(found, key=lambda each: -each.probability)
    exact = np.cumsum([each.exact for each in falling]) / np.arange(1, len(falling) + 1)
    last = int(np.flatnonzero(exact >= FORMER_EXACT)[-1])
    least = falling[last].probability
    return round(float(np.log(SURE_OF_WORDS) / np.log(least)), 4), round(least, 4)


def table(found: Sequence[Outcome]) -> dict[str, float]:
    return {
        "exact": round(float(np.mean([each.exact for each in found])), 4),
        "F1": round(float(np.mean([each.f1 for each in found])), 4),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--reader", type=Path, required=True)
    options = parser.parse_args()
    reader = BertReader(options.reader)
    models = Models(load_embedder("bundled"), reader)
    articles = split_articles(options.data / "qa/jaquad-train.json.zst")[1]
    half = len(articles) // 2
    parts = [
        cases([p for article in part for p in article], reader, models)
        for part in (articles[:half], articles[half:])
    ]
    across = [outcomes(parts[1 - side], fit(parts[side])) for side in (0, 1)]
    alone = [outcomes(part, {"log_probability": 1.0}) for part in parts]
    answered = [
        outcome
        for side in (0, 1)
        for outcome, each in zip(across[side], parts[1 - side], strict=True)
        if not each.refused
    ]
    temper, least = temper_of(answered)
    written = {"weights": fit([*parts[0], *parts[1]]), "temper": temper}
    path = options.reader / WORDS_FILE
    path.write_text(json.dumps(written, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    shown = [each for each in answered if each.probability >= least]
    print("the network alone", table([*alone[0], *alone[1]]))
    print("with weights of the other half", table([*across[0], *across[1]]))
    print("shown", round(len(shown) / len(answered), 4), table(shown), "temper", temper)


if __name__ == "__main__":
    main()
