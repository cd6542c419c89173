"""Train the support score: whether sentences bear a claim out, and which words they do not.

    python training/support.py --data DIR --work DIR [--write FOLDER]

A head on the frozen trunk of the bundled reader (`train`), and on examples held out from that a
logistic regression over the head's outputs and plain features, with its thresholds (`calibrate`).
A run that was stopped goes on where it was. `--write` puts the result into a folder of the package.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import Tensor

from encoder import load_state, rate, save_state
from shutten.checking.support_model import (
    ClaimWindow,
    Shape,
    SupportHead,
    collate,
    encode,
    trunk_states,
)
from shutten.reader import BUNDLED, load_network
from shutten.reader_model import ReaderModel, WindowEncoder
from support_examples import Example, all_examples


@dataclass(frozen=True, slots=True)
class Recipe:
    """What can be turned; the defaults made the bundled weights."""

    judged: int = 5_000
    made: int = 1_400
    threads: int = 2
    batch: int = 32
    peak: float = 1e-3
    warm_up: int = 30
    token_weight: float = 1.0
    save_every: int = 20
    last: int = 180
    """The step after which training ends: what fifteen minutes of a shared machine gave."""
    seed: int = 20261127


@dataclass(frozen=True, slots=True)
class Prepared:
    """An example as input; `labels` has one entry per claim token: 1, 0, or -1 for unknown."""

    window: ClaimWindow
    labels: list[int]
    example: Example


def prepare(example: Example, encoder: WindowEncoder) -> Prepared:
    claim = encoder.sentence(example.claim)
    window = encode(encoder, claim, example.title, example.before, [example.sentence])
    if example.supported:
        labels = [1] * window.claim
    elif example.wrong is None:
        labels = [-1] * window.claim
    else:
        start, end = example.wrong
        labels = [int(not (s < end and start < e)) for s, e in claim.offsets[: window.claim]]
    return Prepared(window, labels, example)


def loss_of(whole: Tensor, token: Tensor, batch: Sequence[Prepared], weight: float) -> Tensor:
    truth = torch.tensor([float(each.example.supported) for each in batch])
    loss = F.binary_cross_entropy_with_logits(whole, truth)
    width = token.shape[1]
    rows = [[-1, *each.labels, *[-1] * (width - 1 - len(each.labels))] for each in batch]
    labels = torch.tensor(rows)
    known = labels >= 0
    if known.any():
        balance = torch.where(labels[known] == 0, 3.0, 1.0)
        loss = loss + weight * F.binary_cross_entropy_with_logits(
            token[known], labels[known].float(), weight=balance
        )
    return loss


def batches(examples: Sequence[Example], size: int) -> list[list[Example]]:
    """Batches of examples of like length, in an order that repeats from run to run."""
    chance = random.Random(1)
    grouped: list[list[Example]] = []
    for start in range(0, len(examples), size * 50):
        block = sorted(
            examples[start : start + size * 50],
            key=lambda e: len(e.claim) + len(e.sentence) + len(e.before),
        )
        here = [block[n : n + size] for n in range(0, len(block), size)]
        chance.shuffle(here)
        grouped += here
    return grouped


def train(
    examples: Sequence[Example],
    encoder: WindowEncoder,
    trunk: ReaderModel,
    recipe: Recipe,
    work: Path,
) -> SupportHead:
    torch.manual_seed(recipe.seed)
    head = SupportHead(Shape())
    optimizer = torch.optim.AdamW(head.parameters(), lr=recipe.peak, weight_decay=0.01, fused=True)
    plan = batches([each for each in examples if not each.held_out], recipe.batch)
    saved = work / "support.pt"
    done = load_state(saved, head, optimizer)
    head.train()
    started, total = time.time(), 0.0
    for step, batch in enumerate(plan[done : recipe.last], done):
        for group in optimizer.param_groups:
            group["lr"] = recipe.peak * rate(step, len(plan), recipe.warm_up)
        prepared = [prepare(each, encoder) for each in batch]
        inputs = collate([each.window for each in prepared])
        whole, token = head(trunk_states(trunk, inputs, head.shape.layers), inputs)
        loss = loss_of(whole, token, prepared, recipe.token_weight)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(head.parameters(), 1.0)
        optimizer.step()
        total += float(loss.detach())
        if (step + 1) % recipe.save_every == 0:
            save_state(saved, step + 1, head, optimizer)
            mean, seconds = total / recipe.save_every, time.time() - started
            print(f"{step + 1}/{len(plan)} loss {mean:.3f} {seconds:.0f} s", flush=True)
            total = 0.0
    save_state(saved, min(recipe.last, len(plan)), head, optimizer)
    return head.eval()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument(
        "--write", type=Path, help="a folder for model.safetensors and support.json"
    )
    parser.add_argument("--made", type=int, default=Recipe().made)
    options = parser.parse_args()
    torch.set_num_threads(Recipe().threads)
    options.work.mkdir(parents=True, exist_ok=True)
    recipe = Recipe(made=options.made)
    encoder, trunk = load_network(BUNDLED)
    examples = all_examples(options.data, judged=recipe.judged, made=recipe.made, seed=recipe.seed)
    print(
        f"{len(examples)} examples, {sum(each.held_out for each in examples)} held out", flush=True
    )
    head = train(examples, encoder, trunk, recipe, options.work)
    if options.write:
        options.write.mkdir(parents=True, exist_ok=True)
        save_file(
            {k: v.half() for k, v in head.state_dict().items()}, options.write / "model.safetensors"
        )


if __name__ == "__main__":
    main()
