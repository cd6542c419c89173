"""Fit how the answering words of a sentence are chosen among the network's likely spans.

    python training/span_choice.py --data DIR --reader READER

Of every held-out question whose answering words are known, the network reads the sentence that
answers. There the right words are to stand out among the likely spans. The questions are cut into
two halves: each is scored with weights of the other, which gives the numbers of the model card; the
weights that are written come from both. Japanese and English sentences have weights of their own.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from contrasts import contrast_split
from reading_examples import Example, squad_split
from shutten.evaluation.metrics import character_f1, exact_match
from shutten.grounding import SURE_OF_WORDS
from shutten.reader import WORDS_FILE, AskedQuestion, BertReader
from shutten.sentences import detect_language
from shutten.spans import Question, Span, SpanChooser, distinct, features
from shutten.types import Hit, Passage
from shutten.wording.alignment import NAMES as ALIGNMENT
from written_questions import held_out, written_articles

RARE = 40
"""Features seen on fewer spans get no weight."""

PULL, LIGHT_PULL = 50.0, 0.4
"""How hard weights are pulled to where they start: the network's own probability alone. Those of
the alignment less, which many spans have a little of."""


@dataclass(frozen=True, slots=True)
class Case:
    """The spans of one sentence, their features, and how right each is."""

    source: str
    language: str
    question: Question
    text: str
    right: str
    spans: tuple[Span, ...]
    features: tuple[dict[str, float], ...]
    exact: tuple[float, ...]
    f1: tuple[float, ...]


def cases(source: str, examples: Sequence[Example], reader: BertReader) -> Iterator[Case]:
    """What the reader sees of the answering sentences; those without likely spans are left out."""
    for example in examples:
        if not example.gold or example.gold[0].start is None:
            continue
        passage = answering_passage(example)
        asked = AskedQuestion.of(example.question, [passage])
        text = passage.hit.text
        spans = distinct(text, reader.observe_twice(asked, passage).spans)
        right = text[example.gold[0].start : example.gold[0].end]
        words = [text[span.start : span.end] for span in spans]
        question = Question.of(example.question)
        if spans:
            yield Case(
                source,
                detect_language(text),
                question,
                text,
                right,
                tuple(spans),
                tuple(features(question, text, span, rank) for rank, span in enumerate(spans)),
                tuple(float(exact_match(each, [right])) for each in words),
                tuple(character_f1(each, [right]) for each in words),
            )


def answering_passage(example: Example) -> Passage:
    """The first answering sentence as a hit, with the one before it in the paragraph."""
    number, text = example.gold[0].sentence, example.text
    sentence = text.sentences[number]
    hit = Hit("a", text.title, None, number + 1, 0, len(sentence), sentence, 1.0)
    return Passage(hit, before=text.before(number))


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
    width = max(len(each.spans) for each in usable)
    made = torch.zeros(len(usable), width, len(names))
    goal, absent = torch.zeros(len(usable), width), torch.full((len(usable), width), -1e9)
    for row, each in enumerate(usable):
        goal[row, : len(each.spans)] = torch.tensor(wanted(each))
        absent[row, : len(each.spans)] = 0
        for column, found in enumerate(each.features):
            made[row, column] = torch.tensor([found.get(name, 0.0) for name in names])
    return Padded(made, goal, absent)


def fit(known: Sequence[Case]) -> dict[str, float]:
    seen = Counter(name for each in known for found in each.features for name in found)
    names = sorted(name for name, count in seen.items() if count >= RARE)
    rows = padded(known, names)
    start = torch.tensor([float(name == "log_probability") for name in names])
    pull = torch.tensor([LIGHT_PULL if name in ALIGNMENT else PULL for name in names])
    weights = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([weights], max_iter=300, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        optimizer.zero_grad()
        likely = torch.log_softmax(rows.features @ weights + rows.absent, dim=1)
        value = -(rows.wanted * likely.clamp(min=-50)).sum() + (pull * (weights - start) ** 2).sum()
        value.backward()
        return value

    optimizer.step(loss)
    return {name: round(float(w), 4) for name, w in zip(names, weights.detach(), strict=True)}


def fit_languages(known: Sequence[Case]) -> dict[str, dict[str, float]]:
    languages = sorted({each.language for each in known})
    return {name: fit([each for each in known if each.language == name]) for name in languages}


@dataclass(frozen=True, slots=True)
class Outcome:
    """The chosen words of one case: how sure, and how right."""

    confidence: float
    exact: float
    f1: float


def outcomes(
    known: Sequence[Case], weights: Mapping[str, Mapping[str, float]]
) -> dict[str, list[Outcome]]:
    """By source and language."""
    chooser, made = SpanChooser(weights), defaultdict(list)
    for each in known:
        chosen = chooser.choose(each.question, each.text, each.spans, each.language)
        assert chosen is not None  # noqa: S101  # a case has spans
        words = each.text[chosen.start : chosen.end]  # perhaps widened once more
        exact = float(exact_match(words, [each.right]))
        outcome = Outcome(chosen.confidence, exact, character_f1(words, [each.right]))
        made[f"{each.source} {each.language}"].append(outcome)
    return made


def table(found: Sequence[Outcome]) -> dict[str, float]:
    """Of all, and of those that are shown."""
    shown = [each for each in found if each.confidence >= SURE_OF_WORDS]
    return {
        "exact": round(float(np.mean([each.exact for each in found])), 3),
        "F1": round(float(np.mean([each.f1 for each in found])), 3),
        "shown": round(len(shown) / len(found), 3),
        "exact of the shown": round(float(np.mean([each.exact for each in shown])), 3),
        "F1 of the shown": round(float(np.mean([each.f1 for each in shown])), 3),
    }


def reliability(found: Sequence[Outcome]) -> str:
    """The mean F1 in twenty bins of confidence."""
    bins = defaultdict(list)
    for each in found:
        bins[int(each.confidence * 20) / 20].append(each.f1)
    return " ".join(f"{low:.2f}:{np.mean(f1):.2f}({len(f1)})" for low, f1 in sorted(bins.items()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--reader", type=Path, required=True)
    options = parser.parse_args()
    reader = BertReader(options.reader)
    written = [each.examples for each in held_out(list(written_articles(options.data)))]
    sources = {
        "JaQuAD": squad_split(options.data / "qa/jaquad-train.json.zst").held_out,
        "SQuAD": squad_split(options.data / "qa/squad2-cs224n-dev.json").held_out,
        "written": [example for examples in written for example in examples],
        "contrasts": contrast_split(0).held_out,
    }
    halves: tuple[list[Case], list[Case]] = ([], [])
    for name, examples in sources.items():
        known = list(cases(name, examples, reader))
        halves[0].extend(known[: len(known) // 2])
        halves[1].extend(known[len(known) // 2 :])
    for title, weights in (("the network alone", [{}, {}]), ("chosen", map(fit_languages, halves))):
        one, other = (outcomes(half, w) for half, w in zip(reversed(halves), weights, strict=True))
        for name in sorted(one):
            together = [*one[name], *other[name]]
            print(title, name, len(together), table(together))
            print("   ", reliability(together))
    path = options.reader / WORDS_FILE
    found = {"weights": fit_languages([*halves[0], *halves[1]])}
    path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
