"""Teach the encoder to read: hidden tokens, in running text and across translations.

Masked language modelling (Devlin et al. 2018, arXiv 1810.04805) of spans (Joshi et al. 2020, arXiv
1907.10529), over running Japanese and English and over passages with their translation behind
them (Lample and Conneau 2019, arXiv 1901.07291), which ties the two languages together. It starts
from the four-layer reader that `reader.py` has made, with two of the teacher's layers put between.

    python training/pretraining.py deepen --start READER --work WORK
    python training/pretraining.py train --data DIR --work WORK --minutes 5

`kyoto` and `running` in place of `train` only make that part of the text ready.

The learning rate falls with the time that is used up (Izsak et al. 2021, arXiv 2104.07705): five
minutes are meant for a large GPU, two cores want days. A run that was stopped goes on where it was.
"""

from __future__ import annotations

import argparse
import itertools
import os
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AutoModel

from data import read_documents, read_kyoto
from encoder import load_state, save_state, short_floats, teacher_folder
from shutten.reader_model import CLS, QUESTION, SENTENCE, SEP, UNKNOWN, ReaderModel, load_model

BLOCK = 256
"""Tokens of a row; longer than any window that is read in use."""

MOST_CHARACTERS = {
    "kyoto-wiki": 0,
    "aozora": 14_000_000,
    "law": 1_500_000,
    "sql-docs": 1_000_000,
    "dotnet-docs": 1_000_000,
    "php-doc": 1_000_000,
    "cpprefjp": 500_000,
}
"""How much is taken of a source: Kyoto's articles come with their translations, and manuals and
statutes repeat themselves. News is taken whole."""

HIDDEN = -100


@dataclass(frozen=True, slots=True)
class Recipe:
    """What can be turned. No bundled weights come from here yet."""

    between: tuple[tuple[int, int], ...] = ((1, 1), (4, 4))
    """The place of each layer that is put between, and which of the teacher's it is."""
    rows: int = 256
    peak: float = 8e-4
    warm_up: float = 0.03
    """A share of the run."""
    hidden: float = 0.2
    longest: int = 5
    """Tokens of a hidden span at most; lengths fall off as in SpanBERT (p = 0.3)."""
    seed: int = 0


# ── depth ────────────────────────────────────────────────────────────────────────────────────


def deepen(reader: ReaderModel, recipe: Recipe) -> None:
    """Put layers of the teacher between those of the reader, which came from it as well."""
    layers = list(reader.bert.encoder.layer)
    teacher = AutoModel.from_pretrained(teacher_folder()).encoder.layer
    for place, number in recipe.between:
        layers.insert(place, teacher[number])
    reader.bert.encoder.layer = nn.ModuleList(layers)
    reader.config.num_hidden_layers = len(layers)


# ── text ─────────────────────────────────────────────────────────────────────────────────────


def marked(text: str) -> str:
    """A [SEP] behind each sentence, as the reader will see it."""
    return re.sub(r"(?:(?<=[。！？])(?![」』）)])\s*|\s*\n\s*)+", "[SEP]", text.strip()) + "[SEP]"


def running_texts(data: Path) -> Iterator[str]:
    """The running text in pieces of some thousand characters, so that threads share the work."""
    taken: Counter[str] = Counter()
    for path in sorted((data / "text").glob("*.jsonl.zst")):
        for document in read_documents(path):
            most = MOST_CHARACTERS.get(document.source)
            if most is not None and taken[document.source] >= most:
                continue
            taken[document.source] += len(document.text)
            lines = marked(document.text).split("[SEP]")
            for first in range(0, len(lines), 50):
                yield "[SEP]".join(lines[first : first + 50])


def token_ids(tokenizer: Tokenizer, texts: Iterable[str]) -> Iterator[list[int]]:
    while some := list(itertools.islice(texts, 20_000)):
        yield from (each.ids for each in tokenizer.encode_batch_fast(some))


def packed(rows: Iterable[Sequence[int]]) -> np.ndarray:
    """All tokens behind each other, cut into rows that begin with [CLS]."""
    flat = np.fromiter(itertools.chain.from_iterable(rows), dtype=np.uint16)
    count = len(flat) // (BLOCK - 1)
    body = flat[: count * (BLOCK - 1)].reshape(count, BLOCK - 1)
    return np.concatenate([np.full((count, 1), CLS, np.uint16), body], axis=1)


@dataclass(frozen=True, slots=True)
class Blocks:
    """Token ids and token types, both of shape (rows, BLOCK)."""

    ids: np.ndarray
    types: np.ndarray

    @classmethod
    def of(cls, ids: np.ndarray) -> Blocks:
        """One language: the type of a sentence throughout."""
        return cls(ids, np.full(ids.shape, SENTENCE, np.uint8))

    @classmethod
    def joined(cls, parts: Sequence[Blocks]) -> Blocks:
        """All rows."""
        return cls(
            np.concatenate([each.ids for each in parts]),
            np.concatenate([each.types for each in parts]),
        )


def translated(pairs: Sequence[tuple[list[int], list[int]]]) -> Blocks:
    """Passages with their translation behind them; every other one begins with Japanese.

    The first language has the type of a question, the second that of a sentence.
    """
    ids, types = [], []
    for number, (one, other) in enumerate(passages(pairs)):
        first, second = (one, other) if number % 2 else (other, one)
        row = [CLS, *first, *second][:BLOCK]
        kinds = ([QUESTION] * (len(first) + 1) + [SENTENCE] * len(second))[:BLOCK]
        ids.append(row + [SEP] * (BLOCK - len(row)))
        types.append(kinds + [SENTENCE] * (BLOCK - len(row)))
    return Blocks(np.array(ids, np.uint16), np.array(types, np.uint8))


def passages(
    pairs: Iterable[tuple[list[int], list[int]]],
) -> Iterator[tuple[list[int], list[int]]]:
    """Neighbouring sentence pairs, as many as a row holds."""
    one: list[int] = []
    other: list[int] = []
    for ja, en in pairs:
        if one and len(one) + len(other) + len(ja) + len(en) + 3 > BLOCK:
            yield one, other
            one, other = [], []
        one, other = [*one, *ja, SEP], [*other, *en, SEP]
    if one:
        yield one, other


def kyoto_blocks(data: Path, tokenizer: Tokenizer) -> Blocks:
    """Kyoto's articles: each language alone, and passages with their translation."""
    kyoto = [
        (sentence.ja, sentence.en)
        for article in read_kyoto(data / "pairs/kyoto-wiki.ja-en.docs.jsonl.zst")
        for paragraph in article.paragraphs
        for sentence in paragraph.sentences
        if sentence.en
    ]
    ja, en = (list(token_ids(tokenizer, iter(side))) for side in zip(*kyoto, strict=True))
    alone = [Blocks.of(packed([*ids, SEP] for ids in side)) for side in (ja, en)]
    return Blocks.joined([*alone, translated(list(zip(ja, en, strict=True)))])


def running_blocks(data: Path, tokenizer: Tokenizer) -> Blocks:
    """The running Japanese text."""
    return Blocks.of(packed(token_ids(tokenizer, running_texts(data))))


PARTS = {"kyoto": kyoto_blocks, "running": running_blocks}


def stage_blocks(part: str, data: Path, work: Path) -> Blocks:
    """One part of the text as tokens, made once and kept in the work folder."""
    path = work / f"{part}.npz"
    if not path.exists():
        made = PARTS[part](data, Tokenizer.from_file(str(work / "tokenizer.json")))
        np.savez(path.with_suffix(".new.npz"), ids=made.ids, types=made.types)
        path.with_suffix(".new.npz").replace(path)
    kept = np.load(path)
    return Blocks(kept["ids"], kept["types"])


# ── model ────────────────────────────────────────────────────────────────────────────────────


class MaskedModel(nn.Module):
    """The reader's body with a head that guesses hidden tokens; thrown away afterwards."""

    def __init__(self, reader: ReaderModel) -> None:
        super().__init__()
        width = reader.config.hidden_size
        self.bert = reader.bert
        self.transform = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.LayerNorm(width))
        self.bias = nn.Parameter(torch.zeros(reader.config.vocab_size))

    def forward(self, ids: Tensor, types: Tensor, wanted: Tensor) -> Tensor:
        """The mean loss over hidden tokens; `wanted` is HIDDEN where nothing is asked."""
        hidden = self.bert(input_ids=ids, token_type_ids=types).last_hidden_state
        asked = wanted != HIDDEN
        words = self.bert.embeddings.word_embeddings.weight
        logits = self.transform(hidden[asked]) @ words.T + self.bias
        return F.cross_entropy(logits.float(), wanted[asked])


def hide(ids: Tensor, recipe: Recipe, vocabulary: int) -> tuple[Tensor, Tensor]:
    """Hide spans: of their tokens 80 % unknown, 10 % another, 10 % left, as in BERT."""
    lengths = torch.distributions.Geometric(0.3).sample(ids.shape).to(ids.device)
    lengths = lengths.clamp(0, recipe.longest - 1) + 1
    begins = torch.rand(ids.shape, device=ids.device) < recipe.hidden / 2.6
    reach = torch.where(begins, lengths, torch.zeros_like(lengths))
    inside = reach > 0
    for step in range(1, recipe.longest):
        inside[:, step:] |= reach[:, :-step] > step
    inside &= ids > SEP
    wanted = torch.where(inside, ids, torch.full_like(ids, HIDDEN))
    drawn = torch.rand(ids.shape, device=ids.device)
    other = torch.randint(SEP + 1, vocabulary, ids.shape, device=ids.device)
    seen = torch.where(inside & (drawn < 0.8), torch.full_like(ids, UNKNOWN), ids)
    return torch.where(inside & (drawn > 0.9), other, seen), wanted


def budgeted_rate(share: float, warm_up: float) -> float:
    """From the share of the run that is over to the share of the peak rate."""
    return min(1.0, share / warm_up) * max(0.0, 1 - share)


def train(model: MaskedModel, blocks: Blocks, recipe: Recipe, seconds: float, path: Path) -> None:
    device = next(model.parameters()).device
    ids, types = (
        torch.from_numpy(each.astype(np.int32)).to(device) for each in (blocks.ids, blocks.types)
    )
    optimizer = torch.optim.AdamW(model.parameters(), weight_decay=0.01, fused=True)
    used = before = float(load_state(path, model, optimizer))
    began, done = time.time(), 0
    while used < seconds:
        for group in optimizer.param_groups:
            group["lr"] = recipe.peak * budgeted_rate(used / seconds, recipe.warm_up)
        rows = torch.randint(len(ids), (recipe.rows,), device=device)
        loss = step(model, optimizer, (ids[rows].long(), types[rows].long()), recipe)
        done += 1
        used = before + time.time() - began
        if done % 200 == 1:
            print(f"[{used:.0f}s]", done, round(loss.item(), 4), flush=True)
        if done % 5000 == 0:
            # What counts as done here is time.
            save_state(path, int(used), model, optimizer)


def step(
    model: MaskedModel,
    optimizer: torch.optim.Optimizer,
    rows: tuple[Tensor, Tensor],
    recipe: Recipe,
) -> Tensor:
    ids, types = rows
    seen, wanted = hide(ids, recipe, len(model.bias))
    with short_floats(ids.device):
        loss: Tensor = model(seen, types, wanted)
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return loss


def best_device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stage", choices=("deepen", *PARTS, "train"))
    parser.add_argument("--data", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="deepen: the reader of four layers")
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--rows", type=int, default=Recipe().rows, help="rows of a step")
    options = parser.parse_args()
    recipe = Recipe(rows=options.rows)
    torch.manual_seed(recipe.seed)
    options.work.mkdir(parents=True, exist_ok=True)
    if options.stage == "deepen":
        reader = load_model(ReaderModel, options.start, torch.float32)
        deepen(reader, recipe)
        reader.half().save_pretrained(options.work / "deepened")  # type: ignore[no-untyped-call]
        return
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    if options.stage in PARTS:
        stage_blocks(options.stage, options.data, options.work)
        return
    blocks = Blocks.joined([stage_blocks(each, options.data, options.work) for each in PARTS])
    print(blocks.ids.shape, "rows of tokens", flush=True)
    pretrain(blocks, recipe, options.minutes * 60, options.work)


def pretrain(blocks: Blocks, recipe: Recipe, seconds: float, work: Path) -> None:
    reader = load_model(ReaderModel, work / "deepened", torch.float32)
    model = MaskedModel(reader).to(best_device()).train()
    train(model, blocks, recipe, seconds, work / "pretraining.ckpt")
    reader.cpu().save_pretrained(work / "pretrained")


if __name__ == "__main__":
    main()
