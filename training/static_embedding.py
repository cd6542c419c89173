"""Train the bilingual static sentence embedding: a token table, averaged, in a few minutes.

    python training/static_embedding.py --data DIR --work DIR --out DIR

A static embedding is a mean of token vectors, without attention: some ten thousand sentences a
second on one core. The recipe follows Tom Aarsen's static embeddings (random start, multiple
negatives ranking inside Matryoshka, batch 2048, learning rate 0.2, one epoch;
https://huggingface.co/blog/static-embeddings, 2025-01-15) with an own tokenizer and own pairs.

Each stage leaves a file in `--work` and is skipped where that file lies already: the tokenizer,
the pairs, the trained table. Remove a file to run its stage again. The model goes to `--out`.
What it needs besides is in requirements-training.txt.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import logging
import random
import re
import shutil
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from datasets import Dataset, DatasetDict, disable_progress_bars
from safetensors.torch import save_file
from sentence_transformers import (
    SentenceTransformer,
    SentenceTransformerTrainer,
    SentenceTransformerTrainingArguments,
)
from sentence_transformers.sentence_transformer.losses import (
    MatryoshkaLoss,
    MultipleNegativesRankingLoss,
)
from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

from data import read_documents, read_jsonl, read_wikinews
from static_pairs import Row, english_paragraphs, make_pairs, training_articles, training_paragraphs

logger = logging.getLogger("static_embedding")

PAD, UNKNOWN = "[PAD]", "[UNK]"
WORDS = (
    r"\p{Han}+|\p{Hiragana}+|[\p{Katakana}ー]+|\p{Latin}[\p{Latin}\p{M}]*|\p{N}{1,4}"
    r"|[\p{L}&&[^\p{Han}\p{Hiragana}\p{Katakana}\p{Latin}]]+|[\p{S}%&#]"
)
"""What a token may span: one script, at most four digits (a year stays whole), one symbol.

Stems and endings part where kanji meet kana, as in 行|った. Punctuation and white space are
dropped: in a mean of vectors they would only add noise.
"""


ROUGH_WORDS = re.compile(
    r"[\u3400-\u9fff々]+|[\u3041-\u309f]+|[\u30a1-\u30ff]+|[a-z\u00df-\u024f]+|[0-9]{1,4}|[^\W\d_]"
)
"""WORDS once more for the standard library, which knows no scripts: near enough to count by."""
LEAST_COUNT = 4

READABLE = 0o644

LAST_YEAR = 2039
NUMBER_SCORE = -8.0
"""A log probability above that of any two pieces together, so that a number is not cut."""

MOST_ROWS = {
    "kyoto-ja-en": 120_000,
    "kyoto-en-ja": 200_000,
    "kyoto-keywords": 150_000,
    "kyoto-title": 60_000,
}
"""A set's rows beyond these are left out: Kyoto's articles would drown all else, and cost time."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that changes the trained table. The defaults are what the bundled weights have.

    They were taken from the recipe above and from what two processor cores allow, and checked on
    held-out data; other sizes and rates were not compared.
    """

    vocabulary: int = 40_000
    dimension: int = 512
    epochs: int = 1
    batch: int = 1024
    learning_rate: float = 0.2
    question_rounds: int = 3
    neighbours: int = 50_000
    scale: float = 20.0
    share: float = 1.0
    """Train on this share of every set: for tries that compare recipes."""
    seed: int = 20261124


DEFAULTS = Recipe()


def main() -> None:
    arguments = parse_arguments()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    recipe = Recipe(
        vocabulary=arguments.vocabulary,
        dimension=arguments.dimension,
        epochs=arguments.epochs,
        batch=arguments.batch,
        learning_rate=arguments.learning_rate,
        scale=arguments.scale,
        share=arguments.share,
        seed=arguments.seed,
    )
    torch.set_num_threads(arguments.threads)
    arguments.work.mkdir(parents=True, exist_ok=True)
    data, work = arguments.data, arguments.work
    tokenizer = tokenizer_stage(data, work, recipe)
    pairs = pairs_stage(data, work, recipe)
    table = training_stage(tokenizer, pairs, work, recipe)
    export(table, tokenizer, arguments.out)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True, help="the folder of data sets")
    parser.add_argument("--work", type=Path, required=True, help="keeps what each stage made")
    parser.add_argument("--out", type=Path, required=True, help="the model's folder, replaced")
    parser.add_argument("--vocabulary", type=int, default=DEFAULTS.vocabulary)
    parser.add_argument("--dimension", type=int, default=DEFAULTS.dimension)
    parser.add_argument("--epochs", type=int, default=DEFAULTS.epochs)
    parser.add_argument("--learning-rate", type=float, default=DEFAULTS.learning_rate)
    parser.add_argument("--batch", type=int, default=DEFAULTS.batch)
    parser.add_argument("--scale", type=float, default=DEFAULTS.scale)
    parser.add_argument(
        "--share", type=float, default=DEFAULTS.share, help="of the pairs, for tries"
    )
    parser.add_argument("--seed", type=int, default=DEFAULTS.seed)
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


# --- Stage 1: the tokenizer -------------------------------------------------------------------


def tokenizer_stage(data: Path, work: Path, recipe: Recipe) -> Tokenizer:
    path = work / f"tokenizer-{recipe.vocabulary}.json"
    if not path.exists():
        logger.info("training a tokenizer of %d pieces", recipe.vocabulary)
        texts = tokenizer_texts(data, recipe.seed)
        trained = train_tokenizer(frequent_words(texts), recipe.vocabulary)
        with_numbers(trained).save(str(path))
    return Tokenizer.from_file(str(path))


def train_tokenizer(texts: Iterable[str], size: int) -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(WORDS), behavior="removed", invert=True)
    trainer = trainers.UnigramTrainer(
        vocab_size=size,
        special_tokens=[PAD, UNKNOWN],
        unk_token=UNKNOWN,
        max_piece_length=16,
        shrinking_factor=0.5,
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def with_numbers(tokenizer: Tokenizer) -> Tokenizer:
    """Give every number up to the years of this century a piece of its own.

    Training had kept 1985 as 198|5; a year says little in two halves, least of all in a mean.
    """
    state = json.loads(tokenizer.to_str())
    vocabulary = state["model"]["vocab"]
    known = {piece for piece, _ in vocabulary}
    numbers = (str(number) for number in range(LAST_YEAR + 1))
    vocabulary += [[number, NUMBER_SCORE] for number in numbers if number not in known]
    return Tokenizer.from_str(json.dumps(state))


def frequent_words(texts: Sequence[str]) -> Iterator[str]:
    """The texts without the words that recur less than a few times.

    Unigram training weighs every distinct word at every step: the whole texts kept it busy for
    minutes without an end in sight, nearly all of it for words that are seen once.
    """
    words = [ROUGH_WORDS.findall(unicodedata.normalize("NFKC", text).lower()) for text in texts]
    counts = Counter(itertools.chain.from_iterable(words))
    for row in words:
        yield " ".join(word for word in row if counts[word] >= LEAST_COUNT)


def tokenizer_texts(data: Path, seed: int) -> list[str]:
    """Both languages in like amounts, and prose from outside of Kyoto for the rarer kanji."""
    kyoto = list(training_articles(data))
    pairs = [pair for article in kyoto for part in article.paragraphs for pair in part.sentences]
    pairs = random.Random(seed).sample(pairs, 120_000)
    squad = [*training_paragraphs(data), *english_paragraphs(data)]
    news = read_wikinews(data / "articles/wikinews-ja.jsonl.zst")
    return [
        *(pair.ja for pair in pairs),
        *(pair.en for pair in pairs),
        *(text for article in kyoto for text in (article.title.ja, article.title.en)),
        *(text for part in squad for text in (part.context, *(q.text for q in part.questions))),
        *(" ".join(article.sentences) for article in news),
        *other_prose(data),
    ]


def other_prose(data: Path) -> Iterator[str]:
    """The first part of each running text that the pairs do not cover already."""
    for document in read_documents(data / "text/ja-text.jsonl.zst"):
        if document.source not in ("kyoto-wiki", "wikinews"):
            yield document.text[:600]


# --- Stage 2: the pairs -----------------------------------------------------------------------


def pairs_stage(data: Path, work: Path, recipe: Recipe) -> dict[str, list[Row]]:
    folder = work / "pairs"
    if not folder.exists():
        logger.info("making pairs")
        pairs = make_pairs(
            data,
            rounds=recipe.question_rounds,
            neighbours=recipe.neighbours,
            seed=recipe.seed,
        )
        write_pairs(pairs, folder)
    return {path.stem: read_pairs(path, recipe) for path in sorted(folder.glob("*.jsonl"))}


def read_pairs(path: Path, recipe: Recipe) -> list[Row]:
    rows: list[Row] = [tuple(row["texts"]) for row in read_jsonl(path)]
    most = MOST_ROWS.get(path.stem, len(rows))
    share = min(1.0, most / len(rows)) * recipe.share
    source = random.Random(f"{recipe.seed} {path.stem}")
    return source.sample(rows, max(1, round(len(rows) * share)))


def write_pairs(pairs: dict[str, list[Row]], folder: Path) -> None:
    """All sets or none: the folder gets its name once it is complete."""
    unfinished = folder.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    for name, rows in pairs.items():
        logger.info("%8d pairs %s", len(rows), name)
        lines = (json.dumps({"texts": row}, ensure_ascii=False) + "\n" for row in rows)
        (unfinished / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
    unfinished.replace(folder)


# --- Stage 3: the training --------------------------------------------------------------------


def training_stage(
    tokenizer: Tokenizer, pairs: dict[str, list[Row]], work: Path, recipe: Recipe
) -> torch.Tensor:
    folder = work / f"table-{recipe_name(recipe)}"
    if not folder.exists():
        model = train(tokenizer, pairs, work / "trainer", recipe)
        model.save(str(folder), create_model_card=False)
    model = SentenceTransformer(str(folder), device="cpu")
    weight = model[0].embedding.weight
    return torch.as_tensor(weight).detach()


def recipe_name(recipe: Recipe) -> str:
    """Tables of different recipes lie side by side."""
    settings = json.dumps(asdict(recipe), sort_keys=True)
    digest = hashlib.blake2b(settings.encode(), digest_size=4).hexdigest()
    return f"{recipe.vocabulary}x{recipe.dimension}-{digest}"


def train(
    tokenizer: Tokenizer, pairs: dict[str, list[Row]], folder: Path, recipe: Recipe
) -> SentenceTransformer:
    torch.manual_seed(recipe.seed)
    static = StaticEmbedding(tokenizer, embedding_dim=recipe.dimension)
    model = SentenceTransformer(modules=[static, Normalize()], device="cpu")
    ranking = MultipleNegativesRankingLoss(model, scale=recipe.scale)
    sizes = [recipe.dimension, recipe.dimension // 2, recipe.dimension // 4]
    trainer = SentenceTransformerTrainer(
        model=model,
        args=training_arguments(folder, recipe),
        train_dataset=DatasetDict({name: as_dataset(rows) for name, rows in pairs.items()}),
        loss=MatryoshkaLoss(model, ranking, matryoshka_dims=sizes),
    )
    trainer.train()
    return model


def training_arguments(folder: Path, recipe: Recipe) -> SentenceTransformerTrainingArguments:
    return SentenceTransformerTrainingArguments(
        output_dir=str(folder),
        num_train_epochs=recipe.epochs,
        per_device_train_batch_size=recipe.batch,
        learning_rate=recipe.learning_rate,
        warmup_steps=0.1,
        seed=recipe.seed,
        use_cpu=True,
        optim="adamw_torch_fused",
        save_strategy="no",
        logging_steps=50,
        report_to=[],
        dataloader_drop_last=False,
    )


def as_dataset(rows: Sequence[Row]) -> Dataset:
    names = ("anchor", "positive", "negative")[: len(rows[0])]
    return Dataset.from_dict({name: [row[n] for row in rows] for n, name in enumerate(names)})


# --- The model's folder -----------------------------------------------------------------------


def export(table: torch.Tensor, tokenizer: Tokenizer, out: Path) -> None:
    """Write the folder that `SentenceTransformer(out)` reads, complete or not at all.

    Rows are stored as int8 with a scale each, under the names that model2vec uses and that
    `StaticEmbedding.load` multiplies out (seen in sentence-transformers 6.2): a quarter of
    float32's size, for 0.002 of held-out R@1.
    """
    unfinished = out.with_name(f"{out.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    static = StaticEmbedding(tokenizer, embedding_weights=table)
    model = SentenceTransformer(modules=[static, Normalize()], device="cpu")
    model.save(str(unfinished), create_model_card=False)
    weights = next(unfinished.rglob("model.safetensors"))
    save_file(quantise(table), str(weights))
    weights.chmod(READABLE)  # safetensors writes files that only their owner can read
    shutil.rmtree(out, ignore_errors=True)
    unfinished.replace(out)
    logger.info("%s: %.1f MB", out, folder_size(out) / 1e6)


def quantise(table: torch.Tensor) -> dict[str, torch.Tensor]:
    scales = table.abs().amax(dim=1).clamp(min=1e-12) / 127
    rows = (table / scales[:, None]).round().to(torch.int8)
    return {"embeddings": rows.contiguous(), "weights": scales.to(torch.float32)}


def folder_size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    disable_progress_bars()
    main()
