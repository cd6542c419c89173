"""Train the bundled reader: which sentence answers a question, and with which words.

    python training/reader.py --data DIR --work DIR

Starts from the encoder that `encoder.py` left in the work folder, or from a reader; a run that was
stopped goes on where it was. On a GPU if there is one.
"""

from __future__ import annotations

import argparse
import itertools
import os
import pickle
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from sklearn.metrics import roc_auc_score
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.utils.data import DataLoader, IterableDataset, get_worker_info
from transformers import BertConfig, BertModel

from contrasts import contrast_split
from deepening import deepen
from encoder import load_state, rate, save_state, short_floats
from pretraining import best_device
from reading_examples import (
    Example,
    Gold,
    Split,
    Text,
    crossed_split,
    foreign_split,
    news_split,
    squad_split,
    transplanted_split,
)
from recurring_spans import recurring_examples
from shutten.reader import Observation, observation
from shutten.reader_model import (
    CLS,
    TOKEN_TYPES,
    UNKNOWN,
    Batch,
    EncodedWindow,
    Limits,
    Outputs,
    Piece,
    Place,
    ReaderModel,
    WindowEncoder,
    collate,
    load_model,
)
from written_claims import Claim, Claims, caption_claims, written_claims
from written_questions import Written, written_articles, written_split


@dataclass(frozen=True, slots=True)
class Recipe:
    """What can be turned; the defaults made the bundled weights (see also `DEEP`)."""

    epochs: float = 1.0
    minutes: float | None = None
    """If given, the run lasts as long, and the learning rate falls with the time used up."""
    questions: int = 14
    """Questions in a batch."""
    recurring: bool = False
    """Whether the questions made from running text are among them."""
    misses: float = 0.8
    """How often a question with an answer gets a second window that holds none."""
    hole: float = 0.3
    """How much of those are its own paragraph without the sentences that answer."""
    stray: float = 0.1
    """How much of those are of another article."""
    english: int = 2
    """How often an epoch sees the English questions, of which there are few."""
    written: int = 0
    """How often an epoch sees the questions of our own writing; the third run had 3."""
    known: int = 1680
    """So many articles of our own writing the third run had."""
    known_to_fourth: int = 3330
    """So many the fourth run had."""
    fresh: int = 0
    """How often an epoch sees the questions about those in between."""
    rest: float = 1.0
    """How much of all other questions an epoch sees; the third run had 0.2."""
    shares: Mapping[str, float] = field(default_factory=dict)
    """Instead of `english`, `written`, `fresh` and `rest`: how much of each set an epoch sees."""
    claims: int = 0
    """Claims beside the questions of a batch; the third run had 16 for 600 steps, then 8."""
    captions: float = 0.25
    """How many of them are pairs of captions."""
    crossed: int = 14_000
    limits: Limits = field(
        default_factory=lambda: Limits(question=40, title=12, sentence=96, context=48)
    )
    window: int = 112
    """Tokens of a window from which on it gets no more neighbours."""
    unmarked: float = 0.2
    """How often the tokens of the question are not marked: so that not everything rests on them."""
    drop_title: float = 0.08
    unknown: float = 0.03
    """How many tokens are hidden, against learning by heart."""
    before: tuple[int, ...] = (0, 1, 1, 2)
    """How many sentences before the one in the middle a window wants: drawn from these."""
    after: tuple[int, ...] = (0, 0, 1, 2)
    dropout: float = 0.0
    words_trained: bool = True
    """Whether the vectors of the words are."""
    peak: float = 2.5e-4
    """For the second run; the first had 4e-4, those after it 2e-4."""
    warm_up: int = 200
    level: float = 0.0
    """The share of the run before the learning rate falls."""
    list_weight: float = 0.5
    span_weight: float = 0.5
    seed: int = 0


THIRD = Recipe(
    written=3,
    rest=0.2,
    misses=1.0,
    before=(0, 1, 1, 1),
    after=(0, 0, 0, 1),
    claims=16,
    peak=2e-4,
    warm_up=100,
)
"""For the third run: mostly the written questions, in windows as they are read in use."""

FOURTH = replace(THIRD, written=1, fresh=2, rest=0.3, claims=0)
"""For the run that deepens the network: above all with new questions of our own."""

SECOND = replace(
    THIRD,
    questions=16,
    shares={
        "ja": 0.5,
        "en": 1.0,
        "crossed": 0.08,
        "news": 0.08,
        "transplanted": 0.15,
        "foreign": 0.3,
        "written": 0.5,
        "fresh": 0.5,
        "newest": 1.0,
    },
    misses=0.8,
    claims=0,
    unknown=0.04,
    drop_title=0.1,
    after=(0,),
    dropout=0.1,
    words_trained=False,
    warm_up=150,
    level=0.25,
    list_weight=0.3,
    span_weight=0.6,
)
"""For the second network, which reads one sentence behind the one before it."""

CONTRASTS = replace(
    SECOND,
    shares={
        "ja": 0.28,
        "en": 0.35,
        "crossed": 0.03,
        "news": 0.03,
        "transplanted": 0.05,
        "foreign": 0.1,
        "written": 0.32,
        "fresh": 0.32,
        "newest": 0.32,
        "contrasts": 1.0,
    },
    peak=1.6e-4,
    level=0.3,
)
"""For its second run: a third are questions about sentences with several things of one kind."""

DEEP = Recipe(
    questions=64,
    limits=Limits(),
    window=144,
    before=(0, 1, 1, 2, 3),
    after=(0, 0, 1, 2, 3),
    dropout=0.1,
    peak=4e-4,
)
"""For a large GPU, from the deeper encoder that `pretraining.py` makes; no bundled weights yet."""

RECIPES = {
    "first": Recipe(),
    "third": THIRD,
    "fourth": FOURTH,
    "second": SECOND,
    "contrasts": CONTRASTS,
    "deep": DEEP,
}


@dataclass(frozen=True, slots=True)
class Row:
    """One window to train on.

    `answers` has a label per sentence, None where nobody knows. `span` is in positions of the
    whole input, [CLS] for a window without an answer, None where the words are unknown.
    """

    window: EncodedWindow
    question: int
    answers: tuple[bool | None, ...]
    span: tuple[int, int] | None


def token_span(place: Place, piece: Piece, start: int, end: int) -> tuple[int, int] | None:
    """The tokens that cover `text[start:end]`, or None where the sentence was cut before."""
    covered = [i for i, (a, b) in enumerate(piece.offsets) if a < end and b > start]
    if not covered or piece.offsets[covered[-1]][1] < end:
        return None
    return place.first + covered[0], place.first + covered[-1]


class RowMaker:
    """Draws rows from examples; what is drawn differs from epoch to epoch."""

    def __init__(self, encoder: WindowEncoder, recipe: Recipe, chance: random.Random) -> None:
        self._encoder = encoder
        self._recipe = recipe
        self._chance = chance

    def rows(self, example: Example, number: int, stray: Text) -> Iterator[Row]:
        """The rows of one question; `stray` is another article."""
        if example.gold:
            yield self._positive(example, self._chance.choice(example.gold), number)
        if not example.gold or self._chance.random() < self._recipe.misses:
            yield self._negative(example, number, stray)

    def _positive(self, example: Example, gold: Gold, number: int) -> Row:
        chosen = self._around(example.text, gold.sentence, frozenset())
        window = self._window(example, example.text, chosen)
        at = chosen.index(gold.sentence)
        known = gold.start is not None and gold.end is not None
        span = (
            token_span(window.places[at], window.pieces[at], gold.start, gold.end)  # type: ignore[arg-type]
            if known
            else None
        )
        return Row(window, number, tuple(labels(example, gold, chosen)), span)

    def _negative(self, example: Example, number: int, stray: Text) -> Row:
        text, centre, without = self._miss(example, stray)
        chosen = self._around(text, centre, without)
        window = self._window(example, text, chosen)
        return Row(window, number, (False,) * len(chosen), (0, 0))

    def _miss(self, example: Example, stray: Text) -> tuple[Text, int, frozenset[int]]:
        """An article, the sentence in the middle, and the sentences that are taken out."""
        drawn, text = self._chance.random(), example.text
        answering = frozenset(range(len(text.sentences))) - harmless(example)
        beside = [
            i + step
            for gold in example.gold
            for i in [gold.sentence]
            for step in (-1, 1)
            if 0 <= i + step < len(text.sentences)
            and i + step not in answering
            and text.paragraphs[i + step] == text.paragraphs[i]
        ]
        if beside and drawn < self._recipe.hole:
            return text, self._chance.choice(beside), answering
        if drawn > 1 - self._recipe.stray or not example.misses:
            return stray, self._chance.randrange(len(stray.sentences)), frozenset()
        ranked = enumerate(example.misses, start=1)
        best = min(ranked, key=lambda item: item[0] * self._chance.random())
        return text, best[1], answering

    def _around(self, text: Text, centre: int, without: frozenset[int]) -> list[int]:
        """The sentence with some of its neighbours in the paragraph, as many as fit."""
        same = [
            i
            for i in range(max(0, centre - 8), min(len(text.sentences), centre + 9))
            if text.paragraphs[i] == text.paragraphs[centre] and (i == centre or i not in without)
        ]
        at = same.index(centre)
        before = self._chance.choice(self._recipe.before)
        after = self._chance.choice(self._recipe.after)
        wanted = [*reversed(same[max(0, at - before) : at]), *same[at + 1 : at + 1 + after]]
        chosen, total = [centre], len(self._encoder.sentence(text.sentences[centre]).ids)
        for number in wanted:
            total += len(self._encoder.sentence(text.sentences[number]).ids)
            if total > self._recipe.window:
                break
            chosen.append(number)
        return sorted(chosen)

    def _window(self, example: Example, text: Text, chosen: Sequence[int]) -> EncodedWindow:
        title = "" if self._chance.random() < self._recipe.drop_title else text.title
        pieces = [self._encoder.sentence(text.sentences[number]) for number in chosen]
        marked = self._chance.random() >= self._recipe.unmarked
        window = self._encoder.window(example.question, title, pieces, marked=marked)
        return self._hide(window)

    def _hide(self, window: EncodedWindow) -> EncodedWindow:
        return with_hidden(window, self._recipe.unknown, self._chance)


def with_hidden(window: EncodedWindow, share: float, chance: random.Random) -> EncodedWindow:
    """Hide some tokens of a window, never its marks."""
    ids = [
        UNKNOWN if token > CLS + 1 and chance.random() < share else token for token in window.ids
    ]
    return replace(window, ids=ids)


def harmless(example: Example) -> frozenset[int]:
    """The sentences that hold none of the answering words."""
    words = {w for gold in example.gold for w in [answering_words(example, gold)] if w}
    gold = {each.sentence for each in example.gold}
    return frozenset(
        i
        for i, sentence in enumerate(example.text.sentences)
        if i not in gold and not any(word in sentence for word in words)
    )


def answering_words(example: Example, gold: Gold) -> str | None:
    if gold.start is None or gold.end is None:
        return None
    return example.text.sentences[gold.sentence][gold.start : gold.end]


def labels(example: Example, gold: Gold, chosen: Sequence[int]) -> Iterator[bool | None]:
    """True for what answers; unknown for another sentence with the same words."""
    answering = {each.sentence for each in example.gold}
    words = answering_words(example, gold)
    for number in chosen:
        if number in answering:
            yield True
        elif words and words in example.text.sentences[number]:
            yield None
        else:
            yield False


# ── batches ──────────────────────────────────────────────────────────────────────────────────

POOL = 40
"""Batches whose questions are drawn together and sorted by length."""


class Draws:
    """The batches of a run, pool after pool.

    Each pool depends on its number alone, so that a run can be taken up at any of them.
    """

    def __init__(self, examples: Sequence[Example], encoder: WindowEncoder, recipe: Recipe) -> None:
        self._examples = examples
        self._encoder = encoder
        self._recipe = recipe

    def pool(self, number: int) -> Iterator[list[Row]]:
        """The batches of one pool, in random order."""
        chance = random.Random(f"{self._recipe.seed}:{number}")
        maker = RowMaker(self._encoder, self._recipe, chance)
        drawn = []
        for question in self._numbers(number):
            stray = self._examples[chance.randrange(len(self._examples))].text
            drawn.append(list(maker.rows(self._examples[question], question, stray)))
        drawn.sort(key=lambda rows: max(len(row.window.ids) for row in rows))
        size = self._recipe.questions
        batches = [drawn[i : i + size] for i in range(0, len(drawn), size)]
        chance.shuffle(batches)
        yield from ([row for rows in batch for row in rows] for batch in batches)

    def _numbers(self, pool: int) -> list[int]:
        """The questions of one pool: those of an epoch in an order of its own, cut into pools."""
        size = POOL * self._recipe.questions
        per_epoch = len(self._examples) // size
        epoch, place = divmod(pool, per_epoch)
        order = list(range(len(self._examples)))
        random.Random(f"{self._recipe.seed}:epoch:{epoch}").shuffle(order)
        return order[place * size : (place + 1) * size]


@dataclass(frozen=True, slots=True)
class Targets:
    """What a batch should say.

    `places` (2, sentences): row and mark of each sentence with a known label; `wanted` and
    `questions` go with them, questions numbered from 0. `spans` (3, rows with a span): row, first
    and last token.
    """

    places: Tensor
    wanted: Tensor
    questions: Tensor
    spans: Tensor

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Targets:
        """Gather them."""
        numbers = {question: i for i, question in enumerate({row.question: None for row in rows})}
        places = [
            (i, place.mark, float(answers), numbers[row.question])
            for i, row in enumerate(rows)
            for place, answers in zip(row.window.places, row.answers, strict=True)
            if answers is not None
        ]
        spans = [(i, *row.span) for i, row in enumerate(rows) if row.span is not None]
        return cls(
            torch.tensor([each[:2] for each in places]).T,
            torch.tensor([each[2] for each in places]),
            torch.tensor([each[3] for each in places]),
            torch.tensor(spans, dtype=torch.long).reshape(-1, 3).T,
        )


@dataclass(frozen=True, slots=True)
class Lesson:
    """A batch and what it should say, as arrays, which cross from process to process cheaply."""

    arrays: tuple[np.ndarray, ...]

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Lesson:
        """Pad the windows of the rows."""
        batch, targets = collate([row.window for row in rows]), Targets.of(rows)
        parts = (batch.ids, batch.types, batch.mask, batch.spanned)
        wanted = (targets.places, targets.wanted, targets.questions, targets.spans)
        return cls(tuple(each.numpy() for each in (*parts, *wanted)))

    def on(self, device: torch.device) -> tuple[Batch, Targets]:
        """Both, on a device."""
        tensors = [torch.from_numpy(each).to(device, non_blocking=True) for each in self.arrays]
        return Batch(*tensors[:4]), Targets(*tensors[4:])


class Lessons(IterableDataset[Lesson]):
    """The batches of a run from some pool on, shared out among worker processes by pools."""

    def __init__(self, draws: Draws, first: int) -> None:
        self._draws = draws
        self._first = first

    def __iter__(self) -> Iterator[Lesson]:
        """Go on for ever."""
        worker = get_worker_info()
        number, step = (worker.id, worker.num_workers) if worker else (0, 1)
        for pool in itertools.count(self._first + number, step):
            yield from (Lesson.of(rows) for rows in self._draws.pool(pool))


def loss_of(outputs: Outputs, targets: Targets, recipe: Recipe) -> Tensor:
    """Answering as yes or no, answering against the question's other sentences, and the span."""
    logits = outputs.answers[targets.places[0], targets.places[1]]
    loss = F.binary_cross_entropy_with_logits(logits, targets.wanted)
    loss = loss + recipe.list_weight * list_loss(logits, targets.wanted, targets.questions)
    row, first, last = targets.spans
    spans = F.cross_entropy(outputs.starts[row], first) + F.cross_entropy(outputs.ends[row], last)
    return loss + recipe.span_weight * spans


def list_loss(logits: Tensor, wanted: Tensor, questions: Tensor) -> Tensor:
    """How far the sentences that answer stand above all that were drawn for the question."""
    empty = torch.zeros(len(questions), device=logits.device)
    best = empty.scatter_reduce(0, questions, logits.detach(), "amax", include_self=False)
    shares = (logits - best[questions]).exp()
    whole = empty.index_add(0, questions, shares)
    right = empty.index_add(0, questions, shares * wanted)
    asked = empty.index_add(0, questions, wanted) > 0
    losses = (whole + 1e-9).log() - (right + 1e-9).log()
    return (losses * asked).sum() / asked.sum().clamp(min=1)


def start_model(work: Path) -> ClaimReader:
    """The encoder of the work folder with new heads and new token types."""
    encoder = BertModel.from_pretrained(work / "encoder")
    old = encoder.embeddings.token_type_embeddings.weight.data[:1]
    config = encoder.config
    config.type_vocab_size = TOKEN_TYPES
    encoder.embeddings.token_type_embeddings = nn.Embedding(TOKEN_TYPES, config.hidden_size)
    noise = torch.randn(TOKEN_TYPES, config.hidden_size) * 0.02
    encoder.embeddings.token_type_embeddings.weight.data = old.repeat(TOKEN_TYPES, 1) + noise
    model = ClaimReader(config)
    model.bert.load_state_dict(encoder.state_dict(), strict=False)
    return model


def collated_on(device: torch.device, windows: Sequence[EncodedWindow]) -> Batch:
    """Pad windows, on a device."""
    batch = collate(windows)
    return Batch(*(part.to(device) for part in (batch.ids, batch.types, batch.mask, batch.spanned)))


# ── claims ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class ClaimSets:
    """The claims to train on, and held-out ones."""

    written: Claims
    captions: list[Claim]

    @classmethod
    def read(cls, data: Path, articles: Sequence[Written]) -> ClaimSets:
        """Those of our own writing, which are about `articles`, and the pairs of captions."""
        return cls(written_claims(articles), list(caption_claims(data)))

    def drawn(self, recipe: Recipe, step: int) -> list[Claim]:
        """The claims of one step, which depend on its number alone."""
        chance = random.Random(f"{recipe.seed}:claims:{step}")
        few = round(recipe.claims * recipe.captions)
        own = chance.sample(self.written.first(), recipe.claims - few)
        return own + chance.sample(self.captions, few)


def claim_window(encoder: WindowEncoder, claim: Claim) -> EncodedWindow:
    """The claim in the question's place, behind it its sentences; judged at the last one's mark."""
    told = claim.statement
    before = [encoder.context(told.before)] if told.before else []
    sentences = [encoder.sentence(each) for each in told.sentences]
    return encoder.window(told.claim, told.title, [*before, *sentences])


def at_last_marks(values: Tensor, windows: Sequence[EncodedWindow]) -> Tensor:
    """Of values for each token, of shape (windows, tokens), those at the last sentences' marks."""
    marks = torch.tensor([window.places[-1].mark for window in windows], device=values.device)
    return values[torch.arange(len(windows), device=values.device), marks]


class ClaimReader(ReaderModel):
    """A reader with one head more: that a sentence bears out the claim in the question's place.

    The head is not part of the package (`pack.py` leaves it out): it does not tell enough.
    """

    def __init__(self, config: BertConfig) -> None:
        super().__init__(config)
        self.supports = nn.Linear(config.hidden_size, 1)
        self.post_init()  # type: ignore[no-untyped-call]

    def support(self, batch: Batch) -> Tensor:
        """Logits of shape (windows, tokens), to be read at a sentence's mark."""
        logits: Tensor = self.supports(self.hidden(batch)).float().squeeze(-1)
        return logits


def support_logits(model: ClaimReader, encoder: WindowEncoder, claims: Sequence[Claim]) -> Tensor:
    """One logit a claim."""
    windows = [claim_window(encoder, claim) for claim in claims]
    device = next(model.parameters()).device
    with short_floats(device):
        logits = model.support(collated_on(device, windows))
    return at_last_marks(logits, windows)


def claim_loss(logits: Tensor, claims: Sequence[Claim]) -> Tensor:
    """Borne out or not; one logit a claim."""
    wanted = torch.tensor([float(claim.borne_out) for claim in claims], device=logits.device)
    return F.binary_cross_entropy_with_logits(logits, wanted)


def measure_claims(
    model: ClaimReader, encoder: WindowEncoder, claims: Sequence[Claim]
) -> dict[str, float]:
    """As `separation` says."""
    model.train(mode=False)
    with torch.no_grad():
        cuts = range(0, len(claims), 32)
        logits = [support_logits(model, encoder, claims[i : i + 32]).cpu() for i in cuts]
    model.train()
    return separation(torch.cat(logits).numpy(), claims)


def separation(values: np.ndarray, claims: Sequence[Claim]) -> dict[str, float]:
    """The area under the ROC curve, and how many true ones stay where 0.95 of the others go."""
    right = np.array([claim.borne_out for claim in claims])
    bar = float(np.quantile(values[~right], 0.95))
    return {
        "area": round(float(roc_auc_score(right, values)), 4),
        "kept": round(float((values[right] > bar).mean()), 4),
    }


# ── measuring ────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Scores:
    """Held-out numbers.

    `first`: the answering sentence above its misses; `exact`: the span is the given one; `area`:
    under the ROC curve, the best sentence of the question's article with the answer against the
    best one without it, by `answers` and by the span against [CLS].
    """

    first: float
    exact: float
    area: float
    area_span: float


def judge(model: ReaderModel, encoder: WindowEncoder, example: Example) -> list[Observation]:
    """The first answering sentence, if there is one, and the misses, each behind its neighbour."""
    numbers = [*(gold.sentence for gold in example.gold[:1]), *example.misses]
    windows = []
    for number in numbers:
        before = example.text.before(number)
        context = [encoder.context(before)] if before else []
        pieces = [*context, encoder.sentence(example.text.sentences[number])]
        windows.append(encoder.window(example.question, example.text.title, pieces))
    device = next(model.parameters()).device
    with torch.no_grad(), short_floats(device):
        outputs = model(collated_on(device, windows))
    padded = [each.cpu() for each in (outputs.answers, outputs.starts, outputs.ends)]
    return [
        observation(Outputs(*(each[row] for each in padded)), window, place=-1)
        for row, window in enumerate(windows)
    ]


def measure(model: ReaderModel, encoder: WindowEncoder, examples: Sequence[Example]) -> Scores:
    model.train(mode=False)
    first, exact, asked = [], [], []
    for example in examples:
        seen = judge(model, encoder, example)
        if example.gold:
            gold = example.gold[0]
            first.append(seen[0].answers == max(each.answers for each in seen))
            if gold.start is not None:
                exact.append((seen[0].start, seen[0].end) == (gold.start, gold.end))
            asked.append((True, seen))
        if example.misses:
            asked.append((False, seen[len(example.gold[:1]) :]))
    model.train()
    answerable = [each for each, _ in asked]
    area, area_span = (
        roc_auc_score(answerable, [max(getattr(s, name) for s in seen) for _, seen in asked])
        for name in ("answers", "margin")
    )
    return Scores(*(round(float(x), 4) for x in (np.mean(first), np.mean(exact), area, area_span)))


# ── the whole run ────────────────────────────────────────────────────────────────────────────


def read_examples(data: Path, recipe: Recipe) -> dict[str, Split]:
    made = {
        "ja": squad_split(data / "qa/jaquad-train.json.zst"),
        "en": squad_split(data / "qa/squad2-cs224n-dev.json"),
        "crossed": crossed_split(
            data / "pairs/kyoto-wiki.ja-en.docs.jsonl.zst", recipe.crossed, recipe.seed
        ),
        "news": news_split(data / "articles/wikinews-ja.jsonl.zst", recipe.seed),
        "transplanted": transplanted_split(data / "qa/jaquad-train.json.zst", recipe.seed),
        "foreign": foreign_split(data, recipe.seed),
    }
    if recipe.recurring:
        made["recurring"] = Split(recurring_examples(data, recipe.seed), [])
    for name, split in made.items():
        print(name, len(split.train), len(split.held_out), flush=True)
    return made


def stage_examples(data: Path, work: Path, recipe: Recipe) -> dict[str, Split]:
    """The examples, made once and kept in the work folder."""
    path = work / ("examples-recurring.pickle" if recipe.recurring else "examples.pickle")
    if not path.exists():
        path.with_suffix(".new").write_bytes(pickle.dumps(read_examples(data, recipe), protocol=5))
        path.with_suffix(".new").replace(path)
    kept: dict[str, Split] = pickle.loads(path.read_bytes())  # noqa: S301  # written above
    return kept


def to_train_on(splits: dict[str, Split], recipe: Recipe) -> list[Example]:
    """The examples of an epoch; of those that are not all seen, some by chance."""
    times = recipe.shares or {
        "en": recipe.rest * recipe.english,
        "written": recipe.written,
        "fresh": recipe.fresh,
        "newest": 0.0,
        "contrasts": 0.0,
    }
    chance = random.Random(recipe.seed)
    return [
        example
        for name, split in splits.items()
        for example in several_times(split.train, times.get(name, recipe.rest), chance)
    ]


def several_times(
    examples: list[Example], times: float, chance: random.Random
) -> Iterator[Example]:
    """All examples so often, and a share of them by chance where `times` is no whole number."""
    whole = int(times)
    yield from examples * whole
    yield from chance.sample(examples, round((times - whole) * len(examples)))


def attention() -> str:
    """Eager on a processor, where torch's fused kernels are slow on the way back."""
    return "sdpa" if best_device().type == "cuda" else "eager"


def workers() -> int:
    """Processes that draw rows: they keep up with a GPU; beside a training processor, none."""
    return max(1, (os.cpu_count() or 2) - 2) if best_device().type == "cuda" else 0


def train(  # noqa: PLR0917 - all that a run is made of
    model: ClaimReader,
    encoder: WindowEncoder,
    examples: list[Example],
    claims: ClaimSets | None,
    recipe: Recipe,
    checkpoint: Path,
) -> None:
    steps = int(recipe.epochs * len(examples) / recipe.questions)
    words = model.bert.embeddings.word_embeddings.requires_grad_(recipe.words_trained)
    rest = (each for each in model.parameters() if recipe.words_trained or each is not words.weight)
    optimizer = torch.optim.AdamW(rest, weight_decay=0.01, fused=True)
    done = load_state(checkpoint, model, optimizer)
    lessons = Lessons(Draws(examples, encoder, recipe), first=done // POOL)
    loader = DataLoader(lessons, batch_size=None, num_workers=workers())
    print(len(examples), "questions, at most", steps, "steps, from", done, flush=True)
    started, device = time.time(), next(model.parameters()).device
    shown = torch.zeros((), device=device)
    for step, lesson in enumerate(loader, start=done):
        used = (time.time() - started) / 60
        share = step / steps if recipe.minutes is None else used / recipe.minutes
        if share >= 1:
            break
        for group in optimizer.param_groups:
            total = max(1, int(step / max(share, 1e-9)))
            group["lr"] = recipe.peak * rate(step, total, recipe.warm_up, recipe.level)
        drawn = claims.drawn(recipe, step) if claims else []
        aside = claim_loss(support_logits(model, encoder, drawn), drawn) if drawn else 0.0
        loss = train_step(model, optimizer, lesson.on(device), recipe, aside)
        shown = shown * 0.98 + loss * 0.02
        if step % 200 == 0:
            print(f"[{used * 60:.0f}s]", step, round(float(shown), 4), flush=True)
        if step % (POOL * 25) == POOL * 25 - 1:
            save_state(checkpoint, step + 1, model, optimizer)


def train_step(
    model: ReaderModel,
    optimizer: torch.optim.Optimizer,
    lesson: tuple[Batch, Targets],
    recipe: Recipe,
    aside: Tensor | float = 0.0,
) -> Tensor:
    """One step on a lesson and a loss besides, which is taken as it is."""
    batch, targets = lesson
    with short_floats(batch.ids.device):
        outputs = model(batch)
    loss = loss_of(outputs, targets, recipe) + aside
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return loss.detach()


def report(model: ReaderModel, encoder: WindowEncoder, splits: dict[str, Split], most: int) -> None:
    for name in ("ja", "en", "crossed", "written", "fresh"):
        print(
            "   held out", name, measure(model, encoder, splits[name].held_out[:most]), flush=True
        )


def from_reader(folder: Path, recipe: Recipe) -> ClaimReader:
    """A reader to train further; attention gets no dropout, which would take its slow path."""
    return load_model(ClaimReader, folder, torch.float32, dropout=recipe.dropout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--recipe", choices=RECIPES, default="first")
    parser.add_argument("--epochs", type=float, default=Recipe().epochs)
    parser.add_argument("--steps", type=int, help="instead of epochs")
    parser.add_argument("--minutes", type=float, help="instead of either")
    parser.add_argument("--recurring", action="store_true", help="questions from running text")
    parser.add_argument("--start", type=Path, help="a reader to train further")
    parser.add_argument("--deepen", type=int, nargs="*", help="layers to put another behind")
    parser.add_argument("--to", default="reader", help="the folder to write in the work folder")
    parser.add_argument("--peak", type=float, help="highest learning rate")
    parser.add_argument("--seed", type=int, default=Recipe().seed)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--examples-only", action="store_true", help="make the examples and stop")
    parser.add_argument("--judged", type=int, default=100_000, help="held-out questions of a set")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    chosen = RECIPES[options.recipe]
    recipe = replace(
        chosen,
        epochs=options.epochs,
        minutes=options.minutes,
        recurring=options.recurring,
        peak=options.peak or chosen.peak,
        seed=options.seed,
    )
    torch.manual_seed(recipe.seed)
    splits = stage_examples(options.data, options.work, replace(recipe, seed=0))
    if options.examples_only:
        return
    written = list(written_articles(options.data))
    splits["written"] = written_split(written[: recipe.known])
    splits["fresh"] = written_split(written[recipe.known : recipe.known_to_fourth])
    splits["newest"] = written_split(written[recipe.known_to_fourth :])
    splits["contrasts"] = contrast_split(recipe.seed)
    claims = ClaimSets.read(options.data, written) if recipe.claims else None
    encoder = WindowEncoder(
        Tokenizer.from_file(str(options.work / "tokenizer.json")), recipe.limits
    )
    model = from_reader(options.start, recipe) if options.start else start_model(options.work)
    model.set_attn_implementation(attention())
    examples = to_train_on(splits, recipe)
    if options.steps:
        recipe = replace(recipe, epochs=options.steps * recipe.questions / len(examples))
    if options.deepen:
        sample = next(iter(Lessons(Draws(examples, encoder, recipe), first=0)))
        deepen(model.train(mode=False), options.deepen, sample.on(torch.device("cpu"))[0])
    model.train().to(best_device())
    checkpoint = options.work / "reader.ckpt"
    train(model, encoder, examples, claims, recipe, checkpoint)
    checkpoint.unlink(missing_ok=True)
    report(model, encoder, splits, options.judged)
    if claims:
        held_out = [each for each in claims.written.held_out if each.writer == 0]
        print("   held out claims", measure_claims(model, encoder, held_out), flush=True)
    model.cpu().half().save_pretrained(options.work / options.to)  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
