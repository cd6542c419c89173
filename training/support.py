"""Train a support checker: whether sentences bear out what is claimed of them.

    python training/support.py --data DIR --work DIR --recipe before --to before
    python training/support.py --data DIR --work DIR --start DIR/before

Starts from the bundled reader, whose word vectors it keeps as they are, or from the run before.
The work folder gets the network, as `--to` names it. A run that was stopped goes on where it was.
On a GPU if there is one. No bundled weights come from here: what two cores train in two hours tells
less of other writers' claims than the exact checks do (docs/log.md).
"""

from __future__ import annotations

import argparse
import itertools
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from encoder import load_state, rate, save_state, short_floats
from pretraining import best_device
from reader import (
    at_last_marks,
    attention,
    claim_loss,
    claim_window,
    collated_on,
    separation,
    with_hidden,
)
from shutten.reader import BUNDLED
from shutten.reader_model import (
    EncodedWindow,
    Limits,
    ReaderModel,
    WindowEncoder,
    load_model,
)
from written_claims import (
    Claim,
    Claims,
    caption_claims,
    translated_claims,
    written_claims,
)
from written_questions import written_articles

LIMITS = Limits(question=72, title=12, sentence=96, context=32)

EVERY = 200
"""Steps between two checkpoints."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What can be turned."""

    steps: int = 1000
    claims: int = 40
    """In a batch, of like length."""
    first: float = 0.2
    """How much of it are the claims that were written first, which are easier."""
    further: float = 0.2
    """How much are those written after."""
    near: float = 0.5
    """How much are those in the sentence's own words; the rest are captions and translations, in
    halves."""
    translations: int = 9000
    pool: int = 10
    """Batches that are drawn together."""
    peak: float = 2e-4
    warm_up: int = 100
    hidden: float = 0.02
    """How many tokens are hidden, against learning by heart."""
    seed: int = 4


BEFORE = Recipe(steps=2200, first=0.32, further=0.44, near=0.0, peak=2.5e-4, seed=3)
"""The run before, without claims in the sentence's own words, which were not written yet."""

RECIPES = {"before": BEFORE, "near": Recipe()}


@dataclass(frozen=True, slots=True)
class Material:
    """What is drawn from."""

    first: list[Claim]
    further: list[Claim]
    near: list[Claim]
    captions: list[Claim]
    translations: list[Claim]

    def batches(self, recipe: Recipe) -> Iterator[list[Claim]]:
        """Batches of claims of like length, for ever."""
        chance = random.Random(recipe.seed)
        size = recipe.claims * recipe.pool
        while True:
            drawn = [
                each
                for part, share in (
                    (self.first, recipe.first),
                    (self.further, recipe.further),
                    (self.near, recipe.near),
                )
                for each in chance.sample(part, round(size * share))
            ]
            drawn += chance.sample(self.captions, (size - len(drawn)) // 2)
            drawn += chance.sample(self.translations, size - len(drawn))
            drawn.sort(key=lambda each: _length(each) + chance.random() * recipe.claims)
            cuts = range(0, size, recipe.claims)
            batches = [drawn[start : start + recipe.claims] for start in cuts]
            chance.shuffle(batches)
            yield from batches


def _length(claim: Claim) -> int:
    return len(claim.statement.claim) + sum(map(len, claim.statement.sentences))


def logits_of(model: ReaderModel, windows: Sequence[EncodedWindow]) -> Tensor:
    """One logit a window, read at the mark of its last sentence."""
    device = next(model.parameters()).device
    with short_floats(device):
        answers = model(collated_on(device, windows)).answers
    return at_last_marks(answers, windows)


def judged(model: ReaderModel, encoder: WindowEncoder, claims: Sequence[Claim]) -> np.ndarray:
    """One logit a claim, in order."""
    model.train(mode=False)
    order = sorted(range(len(claims)), key=lambda number: _length(claims[number]))
    found = np.zeros(len(claims))
    with torch.no_grad():
        for start in range(0, len(order), 48):
            numbers = order[start : start + 48]
            windows = [claim_window(encoder, claims[number]) for number in numbers]
            found[numbers] = logits_of(model, windows).cpu().numpy()
    model.train()
    return found


def measure(
    model: ReaderModel, encoder: WindowEncoder, claims: Sequence[Claim]
) -> dict[str, float]:
    """As `separation` says."""
    return separation(judged(model, encoder, claims), claims)


def train(
    model: ReaderModel,
    encoder: WindowEncoder,
    material: Material,
    recipe: Recipe,
    checkpoint: Path,
) -> None:
    """One run; how the claims of a step are drawn depends on its number alone."""
    weights = [each for each in model.parameters() if each.requires_grad]
    optimizer = torch.optim.AdamW(weights, weight_decay=0.01, fused=True)
    done = load_state(checkpoint, model, optimizer)
    chance, started, shown = random.Random(recipe.seed), time.time(), 0.7
    drawn = itertools.islice(material.batches(recipe), done, recipe.steps)
    for step, claims in enumerate(drawn, start=done):
        for group in optimizer.param_groups:
            group["lr"] = recipe.peak * rate(step, recipe.steps, recipe.warm_up)
        windows = [claim_window(encoder, each) for each in claims]
        logits = logits_of(model, [with_hidden(each, recipe.hidden, chance) for each in windows])
        loss = claim_loss(logits, claims)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        shown = shown * 0.98 + float(loss.detach()) * 0.02
        if step % EVERY == EVERY - 1:
            print(f"[{time.time() - started:.0f}s]", step + 1, round(shown, 4), flush=True)
            save_state(checkpoint, step + 1, model, optimizer)


def start_model(folder: Path | None) -> ReaderModel:
    """A network of a run before, or the bundled reader with a new head for claims."""
    model = load_model(ReaderModel, folder or BUNDLED, torch.float32)
    model.set_attn_implementation(attention())
    if folder is None:
        model.answers.reset_parameters()
    model.bert.embeddings.word_embeddings.requires_grad_(requires_grad=False)
    return model


def material_of(data: Path, claims: Claims, recipe: Recipe) -> Material:
    """What a run draws from."""
    further = [each for each in claims.train if each.writer and not each.is_near]
    near = [each for each in claims.train if each.is_near]
    translations = translated_claims(data, recipe.translations, recipe.seed)
    return Material(claims.first(), further, near, list(caption_claims(data)), translations)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--recipe", choices=RECIPES, default="near")
    parser.add_argument("--steps", type=int)
    parser.add_argument("--start", type=Path, help="the network of the run before")
    parser.add_argument("--to", default="support", help="the folder to write in the work folder")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    recipe = RECIPES[options.recipe]
    recipe = replace(recipe, steps=options.steps or recipe.steps)
    torch.manual_seed(recipe.seed)
    claims = written_claims(list(written_articles(options.data)))
    encoder = WindowEncoder(Tokenizer.from_file(str(BUNDLED / "tokenizer.json")), LIMITS)
    model = start_model(options.start).train().to(best_device())
    checkpoint = options.work / "support.ckpt"
    train(model, encoder, material_of(options.data, claims, recipe), recipe, checkpoint)
    checkpoint.unlink(missing_ok=True)
    near = [each for each in claims.held_out if each.is_near]
    parts = {"held out": claims.held_out, "near": near, "another writer": claims.apart}
    for name, part in parts.items():
        print(name, len(part), measure(model, encoder, part), flush=True)
    model.cpu().half().save_pretrained(options.work / options.to)


if __name__ == "__main__":
    main()
