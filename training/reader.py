"""Train the bundled reader: does a sentence answer a question, and with which words.

    python training/reader.py --data DIR --work DIR

Starts from the encoder that `encoder.py` left in the work folder. The weights of every thousandth
step are left in `reader.ckpt`, to be looked at; a run that was stopped starts over.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertModel

from encoder import rate
from reading_examples import Example, Line, Positive, Split, crossed_split, squad_split
from shutten.reader_model import (
    TOKEN_TYPES,
    EncodedPair,
    Limits,
    Outputs,
    PairEncoder,
    ReaderModel,
    best_span,
    collate,
)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What can be turned; the defaults made the bundled weights."""

    epochs: float = 1.0
    questions: int = 14
    """Questions in a batch, each with a sentence that answers it and one or two that do not."""
    second_miss: float = 0.5
    stray: float = 0.1
    """How often a sentence from anywhere takes the place of a near miss."""
    crossed: int = 6_000
    limits: Limits = field(default_factory=lambda: Limits(question=40, title=12, sentence=100))
    peak: float = 4e-4
    warm_up: int = 150
    drop_title: float = 0.08
    list_weight: float = 0.5
    span_weight: float = 0.5
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One pair to train on. `span` is in positions of the whole input, None without one."""

    pair: EncodedPair
    question: int
    answers: bool
    span: tuple[int, int] | None


def token_span(pair: EncodedPair, start: int, end: int) -> tuple[int, int] | None:
    """The tokens that cover `sentence[start:end]`, or None where the input was cut before."""
    covered = [i for i, (a, b) in enumerate(pair.offsets) if a < end and b > start]
    if not covered or pair.offsets[covered[-1]][1] < end:
        return None
    return pair.first + covered[0], pair.first + covered[-1]


class RowMaker:
    """Draws rows from examples; what is drawn differs from epoch to epoch."""

    def __init__(self, encoder: PairEncoder, recipe: Recipe, chance: random.Random) -> None:
        self._encoder = encoder
        self._recipe = recipe
        self._chance = chance

    def rows(self, example: Example, number: int, stray: Line) -> Iterator[Row]:
        """The rows of one question; `stray` is a sentence from anywhere, a now and then miss."""
        if example.positives:
            yield self._positive(example, self._chance.choice(example.positives), number)
        second = not example.positives or self._chance.random() < self._recipe.second_miss
        for line in self._misses(example, stray, 2 if second else 1):
            yield Row(self._pair(example.question, line), number, answers=False, span=None)

    def _misses(self, example: Example, stray: Line, count: int) -> list[Line]:
        """Nearer misses more often: they come in the order of what they share."""
        ranked = sorted(
            enumerate(example.misses, start=1), key=lambda item: item[0] * self._chance.random()
        )
        drawn = [line for _, line in ranked[:count]] or [stray]
        return [stray, *drawn[1:]] if self._chance.random() < self._recipe.stray else drawn

    def _positive(self, example: Example, positive: Positive, number: int) -> Row:
        pair = self._pair(example.question, positive.line)
        known = positive.start is not None and positive.end is not None
        span = token_span(pair, positive.start, positive.end) if known else None  # type: ignore[arg-type]
        return Row(pair, number, answers=True, span=span)

    def _pair(self, question: str, line: Line) -> EncodedPair:
        title = "" if self._chance.random() < self._recipe.drop_title else line.title
        return self._encoder.encode(question, title, line.text)


def epoch_batches(
    examples: Sequence[Example], maker: RowMaker, recipe: Recipe, chance: random.Random
) -> Iterator[list[Row]]:
    """Batches of whole questions; questions of like length go together, batches at random."""
    order = list(range(len(examples)))
    chance.shuffle(order)
    pool_size = recipe.questions * 40
    for first in range(0, len(order), pool_size):
        pool = []
        for number in order[first : first + pool_size]:
            other = examples[chance.randrange(len(examples))]
            stray = other.positives[0].line if other.positives else other.misses[0]
            pool.append(list(maker.rows(examples[number], number, stray)))
        pool.sort(key=lambda rows: max(len(row.pair.ids) for row in rows))
        batches = [pool[i : i + recipe.questions] for i in range(0, len(pool), recipe.questions)]
        chance.shuffle(batches)
        yield from ([row for rows in batch for row in rows] for batch in batches)


def loss_of(outputs: Outputs, rows: Sequence[Row], recipe: Recipe) -> Tensor:
    """Answering as yes or no, answering against the question's other rows, and the span."""
    wanted = torch.tensor([float(row.answers) for row in rows])
    loss = F.binary_cross_entropy_with_logits(outputs.answers, wanted)
    loss = loss + recipe.list_weight * list_loss(outputs.answers, rows)
    spans = [(i, row.span) for i, row in enumerate(rows) if row.span is not None]
    if spans:
        at = [i for i, _ in spans]
        loss = loss + recipe.span_weight * (
            F.cross_entropy(outputs.starts[at], torch.tensor([s[0] for _, s in spans]))
            + F.cross_entropy(outputs.ends[at], torch.tensor([s[1] for _, s in spans]))
        )
    return loss


def list_loss(answers: Tensor, rows: Sequence[Row]) -> Tensor:
    groups: dict[int, list[int]] = {}
    for i, row in enumerate(rows):
        groups.setdefault(row.question, []).append(i)
    losses = [
        -answers[group].log_softmax(0)[0] for group in groups.values() if rows[group[0]].answers
    ]
    return torch.stack(losses).mean() if losses else answers.sum() * 0


def start_model(work: Path) -> ReaderModel:
    """The encoder of the work folder with new heads and new token types."""
    encoder = BertModel.from_pretrained(work / "encoder")
    old = encoder.embeddings.token_type_embeddings.weight.data[:1]
    config = encoder.config
    config.type_vocab_size = TOKEN_TYPES
    encoder.embeddings.token_type_embeddings = nn.Embedding(TOKEN_TYPES, config.hidden_size)
    noise = torch.randn(TOKEN_TYPES, config.hidden_size) * 0.02
    encoder.embeddings.token_type_embeddings.weight.data = old.repeat(TOKEN_TYPES, 1) + noise
    model = ReaderModel(config)
    model.bert.load_state_dict(encoder.state_dict(), strict=False)
    return model


# ── measuring ────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Scores:
    """Held-out numbers.

    `first`: the answering sentence above its misses; `exact`: the span is the given one;
    `refused`: near misses below the score that 0.9 of the answerable questions reach.
    """

    first: float
    exact: float
    refused: float


def run(model: ReaderModel, pairs: Sequence[EncodedPair]) -> Outputs:
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        return model(collate(pairs))  # type: ignore[no-any-return]


def measure(model: ReaderModel, encoder: PairEncoder, examples: Sequence[Example]) -> Scores:
    model.train(mode=False)
    first = exact = 0
    good, bad = [], []
    for example in examples:
        lines = [*(p.line for p in example.positives[:1]), *example.misses]
        pairs = [encoder.encode(example.question, x.title, x.text) for x in lines]
        outputs = run(model, pairs)
        scores = outputs.answers.tolist()
        if not example.positives:
            bad.append(max(scores))
            continue
        good.append(max(scores))
        if example.misses:
            first += scores[0] == max(scores)
            bad.append(max(scores[1:]))
        exact += found(outputs, pairs[0], example.positives[0])
    model.train()
    threshold = sorted(good)[len(good) // 10]
    refused = sum(score < threshold for score in bad) / len(bad)
    return Scores(first / len(good), exact / len(good), refused)


def found(outputs: Outputs, pair: EncodedPair, positive: Positive) -> bool:
    inside = slice(pair.first, pair.first + len(pair.offsets))
    span = best_span(outputs.starts[0, inside], outputs.ends[0, inside])
    return (pair.offsets[span.first][0], pair.offsets[span.last][1]) == (
        positive.start,
        positive.end,
    )


# ── the whole run ────────────────────────────────────────────────────────────────────────────


def read_examples(data: Path, recipe: Recipe) -> dict[str, Split]:
    return {
        "ja": squad_split(data / "qa/jaquad-train.json.zst"),
        "en": squad_split(data / "qa/squad2-cs224n-dev.json"),
        "crossed": crossed_split(
            data / "pairs/kyoto-wiki.ja-en.docs.jsonl.zst", recipe.crossed, recipe.seed
        ),
    }


def train(
    model: ReaderModel, encoder: PairEncoder, splits: dict[str, Split], recipe: Recipe, work: Path
) -> None:
    chance = random.Random(recipe.seed)
    examples = [example for split in splits.values() for example in split.train]
    total = int(recipe.epochs * len(examples) / recipe.questions)
    optimizer = torch.optim.AdamW(model.parameters(), weight_decay=0.01)
    maker = RowMaker(encoder, recipe, chance)
    started, step, running = time.time(), 0, 0.0
    print(len(examples), "questions,", total, "steps", flush=True)
    while step < total:
        for rows in epoch_batches(examples, maker, recipe, chance):
            if step >= total:
                break
            for group in optimizer.param_groups:
                group["lr"] = recipe.peak * rate(step, total, recipe.warm_up)
            with torch.autocast("cpu", torch.bfloat16):
                outputs = model(collate([row.pair for row in rows]))
            loss = loss_of(outputs, rows, recipe)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            step += 1
            running += float(loss)
            if step % 100 == 0:
                print(f"[{time.time() - started:.0f}s]", step, round(running / 100, 4), flush=True)
                running = 0.0
            if step % 1000 == 0:
                report(model, encoder, splits, 150)
                torch.save(model.state_dict(), work / "reader.ckpt")


def report(model: ReaderModel, encoder: PairEncoder, splits: dict[str, Split], most: int) -> None:
    for name, split in splits.items():
        print("   held out", name, measure(model, encoder, split.held_out[:most]), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--epochs", type=float, default=Recipe().epochs)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    recipe = Recipe(epochs=options.epochs)
    torch.manual_seed(recipe.seed)
    tokenizer = Tokenizer.from_file(str(options.work / "tokenizer.json"))
    encoder = PairEncoder(tokenizer, recipe.limits)
    splits = read_examples(options.data, recipe)
    model = start_model(options.work).train()
    train(model, encoder, splits, recipe, options.work)
    report(model, encoder, splits, 100_000)
    model.half().save_pretrained(options.work / "reader")


if __name__ == "__main__":
    main()
