"""Train a support checker: whether sentences bear out what is claimed of them.

    python training/support.py --data DIR --work DIR [--steps 2100]

Starts from the bundled reader, whose word vectors it keeps as they are. `--work` gets the network,
as `WORK/support`. A run that was stopped goes on where it was. On a GPU if there is one. No bundled
weights come from here: what two cores train in an hour and a half tells less of other writers'
claims than the exact checks do (docs/log.md).
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

    steps: int = 2100
    claims: int = 40
    """In a batch, of like length."""
    first: float = 0.32
    """How much of it are the claims that were written first, which are easier."""
    further: float = 0.44
    """How much are those written after; the rest are captions and translations, in halves."""
    translations: int = 9000
    pool: int = 10
    """Batches that are drawn together."""
    peak: float = 2.5e-4
    warm_up: int = 100
    hidden: float = 0.02
    """How many tokens are hidden, against learning by heart."""
    seed: int = 3


@dataclass(frozen=True, slots=True)
class Material:
    """What is drawn from."""

    first: list[Claim]
    further: list[Claim]
    captions: list[Claim]
    translations: list[Claim]

    def batches(self, recipe: Recipe) -> Iterator[list[Claim]]:
        """Batches of claims of like length, for ever."""
        chance = random.Random(recipe.seed)
        size = recipe.claims * recipe.pool
        while True:
            first = round(size * recipe.first)
            further = round(size * recipe.further)
            captions = (size - first - further) // 2
            drawn = chance.sample(self.first, first) + chance.sample(self.further, further)
            drawn += chance.sample(self.captions, captions)
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


def start_model() -> ReaderModel:
    """The bundled reader, whose head for answers learns to judge claims."""
    model = load_model(ReaderModel, BUNDLED, torch.float32)
    model.set_attn_implementation(attention())
    model.answers.reset_parameters()
    model.bert.embeddings.word_embeddings.requires_grad_(requires_grad=False)
    return model


def material_of(data: Path, claims: Claims, recipe: Recipe) -> Material:
    """What a run draws from."""
    further = [each for each in claims.train if each.writer]
    translations = translated_claims(data, recipe.translations, recipe.seed)
    return Material(claims.first(), further, list(caption_claims(data)), translations)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=Recipe().steps)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    recipe = replace(Recipe(), steps=options.steps)
    torch.manual_seed(recipe.seed)
    claims = written_claims(list(written_articles(options.data)))
    encoder = WindowEncoder(Tokenizer.from_file(str(BUNDLED / "tokenizer.json")), LIMITS)
    model = start_model().train().to(best_device())
    checkpoint = options.work / "support.ckpt"
    train(model, encoder, material_of(options.data, claims, recipe), recipe, checkpoint)
    checkpoint.unlink(missing_ok=True)
    for name, part in (("held out", claims.held_out), ("another writer", claims.apart)):
        print(name, len(part), measure(model, encoder, part), flush=True)
    model.cpu().half().save_pretrained(options.work / "support")


if __name__ == "__main__":
    main()
