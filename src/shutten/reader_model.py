"""The network of the bundled reader, and how a question and a passage become its input.

Imports torch: loaded by `reader` when a model is first needed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any, TypeVar, cast

import torch
from safetensors import safe_open
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertConfig, BertModel, BertPreTrainedModel
from transformers.models.bert.modeling_bert import BertSelfAttention

from shutten.whole_numbers import SCALE, WholeLinear, joined, keep_whole, reduce_whole

PAD, UNKNOWN, CLS, SEP = range(4)

QUESTION, CONTEXT, CONTEXT_SHARED, SENTENCE, SENTENCE_SHARED, SENTENCE_KIN = range(6)
"""Token types. Shared: the token stands in the question as well. Kin: it only has a kanji,
katakana, letter or digit in common with the question. Marking overlap spares a small model from
learning to compare tokens through attention."""

TOKEN_TYPES = 6


@dataclass(frozen=True, slots=True)
class Limits:
    """Tokens at most; what is longer is cut behind, a context sentence in front."""

    question: int = 48
    title: int = 16
    sentence: int = 128
    context: int = 32


@dataclass(frozen=True, slots=True)
class Piece:
    """One sentence as tokens; `offsets` are the code points of each within `text`."""

    text: str
    ids: list[int]
    offsets: list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sentence's tokens stand in the input: `[first, mark)`; `mark` is the [SEP] behind."""

    first: int
    mark: int


@dataclass(frozen=True, slots=True)
class EncodedWindow:
    """Ids and token types of `[CLS] question [SEP] title [SEP] sentence [SEP] sentence [SEP] …`.

    There is one place per sentence, in order; the last sentence is the one to be judged.
    """

    ids: list[int]
    types: list[int]
    pieces: tuple[Piece, ...]
    places: tuple[Place, ...]

    def judged(self) -> list[int]:
        """Where [CLS] stands, and the last sentence with its mark."""
        return [0, *range(self.places[-1].first, self.places[-1].mark + 1)]


class WindowEncoder:
    """Turns a question and neighbouring sentences into model input."""

    def __init__(self, tokenizer: Tokenizer, limits: Limits | None = None) -> None:
        self._tokenizer = tokenizer
        self._limits = limits or Limits()
        # The windows of a question share it, and mostly their title.
        self._ids = lru_cache(maxsize=32)(self._all_ids)

    def sentence(self, text: str) -> Piece:
        """Return a sentence to be judged: of a long one, the beginning."""
        read = self._tokenizer.encode(text)
        most = self._limits.sentence
        return Piece(text, read.ids[:most], list(read.offsets[:most]))

    def context(self, text: str) -> Piece:
        """Return a sentence that only stands before others: of a long one, the end."""
        read = self._tokenizer.encode(text)
        first = max(0, len(read.ids) - self._limits.context)
        return Piece(text, read.ids[first:], list(read.offsets[first:]))

    def window(
        self, question: str, title: str, pieces: Sequence[Piece], *, marked: bool = True
    ) -> EncodedWindow:
        """Return one window; the title may be empty. `marked` tells tokens of the question."""
        asked = self._ids(question)[: self._limits.question]
        heading = self._ids(title)[: self._limits.title]
        known = set(asked) if marked else set()
        kin = kin_characters(question) if marked else frozenset()
        ids = [CLS, *asked, SEP, *heading, SEP]
        types = [QUESTION] * (len(asked) + 2)
        types += [CONTEXT_SHARED if token in known else CONTEXT for token in heading] + [CONTEXT]
        places = []
        for piece in pieces:
            places.append(Place(len(ids), len(ids) + len(piece.ids)))
            ids += [*piece.ids, SEP]
            types += [*sentence_types(piece, known, kin), SENTENCE]
        return EncodedWindow(ids, types, tuple(pieces), tuple(places))

    def _all_ids(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text).ids
        return ids


@lru_cache(maxsize=4096)
def kin_characters(text: str) -> frozenset[str]:
    """The characters of a text that carry meaning on their own: all letters but hiragana."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return frozenset(x for x in folded if x.isalnum() and not "\u3040" <= x <= "\u309f")


def sentence_types(piece: Piece, known: set[int], kin: frozenset[str]) -> list[int]:
    """One token type for each of a sentence's tokens.

    `known` are the question's token ids, `kin` its characters as `kin_characters` tells them.
    """
    types = []
    for token, (start, end) in zip(piece.ids, piece.offsets, strict=True):
        if token in known and token != UNKNOWN:
            types.append(SENTENCE_SHARED)
        else:
            types.append(SENTENCE_KIN if kin & kin_characters(piece.text[start:end]) else SENTENCE)
    return types


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded windows: tensors of shape (windows, tokens).

    `spanned` marks where a span may lie: the sentences' tokens, and [CLS] for no span at all.
    """

    ids: Tensor
    types: Tensor
    mask: Tensor
    spanned: Tensor


def collate(windows: Sequence[EncodedWindow]) -> Batch:
    """Pad windows to one width."""
    width = max(len(window.ids) for window in windows)
    ids = torch.tensor([window.ids + [PAD] * (width - len(window.ids)) for window in windows])
    types = torch.tensor([window.types + [0] * (width - len(window.types)) for window in windows])
    spanned = torch.zeros(len(windows), width, dtype=torch.bool)
    spanned[:, 0] = True
    for row, window in enumerate(windows):
        for place in window.places:
            spanned[row, place.first : place.mark] = True
    return Batch(ids, types, (ids != PAD).long(), spanned)


@dataclass(frozen=True, slots=True)
class Outputs:
    """Logits of a batch, each of shape (windows, tokens), or of one window, (tokens,).

    `answers`, read at a sentence's mark: that the sentence answers. `starts` and `ends`: that a
    token is the first or last one of the answer; at [CLS], that the window holds none; very low
    where no span may lie. `mark` is the last layer's vector at the last sentence's mark, of shape
    (width,), where a single window was read.
    """

    answers: Tensor
    starts: Tensor
    ends: Tensor
    mark: Tensor | None = None


ROW, SHORT_ROW = 64, 32
"""A row of tokens is filled up to a multiple of the first; of the second up to twice the first.
oneDNN keeps what it has compiled for every length that it meets: 300 questions grew the process by
500 MB, and grow it by 20 with this."""


class ReaderModel(BertPreTrainedModel):
    """A small BERT with two heads: which sentence answers, and with which words.

    The second is trained as in Devlin et al. 2018 (arXiv 1810.04805, section 4.3): a window
    without an answer has its span at [CLS].
    """

    def __init__(self, config: BertConfig) -> None:
        super().__init__(config)
        self.bert = BertModel(config, add_pooling_layer=False)
        self.answers = nn.Linear(config.hidden_size, 1)
        self.span = nn.Linear(config.hidden_size, 2)
        self.post_init()  # type: ignore[no-untyped-call]

    def forward(self, batch: Batch) -> Outputs:
        """Return logits of shape (windows, tokens), in float32 whatever the network computes in.

        What `answers` has at the padding means nothing.
        """
        hidden = self.hidden(batch)
        span = self.span(hidden).float().masked_fill(~batch.spanned[..., None], -1e4)
        answers = self.answers(hidden).float().squeeze(-1)
        return Outputs(answers, span[..., 0], span[..., 1])

    def hidden(self, batch: Batch) -> Tensor:
        """Return the last layer's vectors, of shape (windows, tokens, width)."""
        vectors: Tensor = self.bert(
            input_ids=batch.ids, token_type_ids=batch.types, attention_mask=batch.mask
        ).last_hidden_state
        return vectors

    def read(self, windows: Sequence[EncodedWindow]) -> list[Outputs]:
        """Return the logits of each window, of shape (tokens,), without padding.

        NaN but at [CLS], the last sentence and its mark: of the other tokens the last layer needs
        keys and values alone. As `forward` for the rest, but the windows stand behind each other in
        one row of tokens, and attention alone is taken window by window: a question's windows
        differ much in length, and padding them costs a quarter of the time. Nothing is masked. The
        row is filled up as `ROW` says.
        """
        sizes = [len(window.ids) for window in windows]
        judged = [torch.tensor(window.judged()) for window in windows]
        rows = torch.cat([at + start for at, start in zip(judged, _starts(sizes), strict=True)])
        hidden = _filled([self._embedded(windows)])
        *layers, last = cast("Iterable[Any]", self.bert.encoder.layer)
        for layer in layers:
            hidden = _layered(layer, _attended(layer.attention.self, hidden, sizes), hidden)
        attended = _attended(last.attention.self, hidden, sizes, judged)
        read = _layered(last, attended, _filled([hidden[rows]]))[: len(rows)]
        logits = torch.full((sum(sizes), 3), torch.nan)
        logits[rows] = torch.cat([self.answers(read), self.span(read)], dim=-1).float()
        marks = [each[-1] for each in read.split([len(at) for at in judged])]
        said = zip(logits.split(sizes), marks, strict=True)
        return [Outputs(each[:, 0], each[:, 1], each[:, 2], mark) for each, mark in said]

    def _embedded(self, windows: Sequence[EncodedWindow]) -> Tensor:
        parts: Any = self.bert.embeddings
        ids = torch.tensor([token for window in windows for token in window.ids])
        types = torch.tensor([each for window in windows for each in window.types])
        places = torch.cat([torch.arange(len(window.ids)) for window in windows])
        total = parts.word_embeddings(ids).add_(parts.token_type_embeddings(types))
        embedded: Tensor = parts.LayerNorm(total.add_(parts.position_embeddings(places)))
        return embedded


PACKED_FILE = "packed.safetensors"
"""Weights whose matrices may be int8 with a scale: half the size of float16. What reads them must
know of the scales, hence not the name under which transformers looks."""

WEIGHTS_FILE = "model.safetensors"

WORDS = "bert.embeddings.word_embeddings.weight"
"""Which networks that are made of one have in common."""

LEFT, RIGHT = ".left", ".right"
"""End the names of two factors whose product is added to a matrix (Hu et al. 2021, arXiv
2106.09685)."""


def weights_file(folder: Path) -> Path:
    """Return the file that holds a reader's weights, packed or not; it need not exist."""
    packed = folder / PACKED_FILE
    return packed if packed.is_file() else folder / WEIGHTS_FILE


Model = TypeVar("Model", bound=ReaderModel)


def load_model(
    kind: type[Model],
    folder: Path,
    dtype: torch.dtype,
    *,
    update: Path | None = None,
    dropout: float = 0.0,
) -> Model:
    """Load a reader's network, or one that another file makes of it, as `updated` says.

    The latter has no word vectors of its own: they are to be shared (`share_words`). Raises
    OSError, ValueError, RuntimeError or SafetensorError where a file is not what it should be.
    """
    config = BertConfig.from_pretrained(folder, local_files_only=True)
    config.hidden_dropout_prob, config.attention_probs_dropout_prob = dropout, 0.0
    kept = load_file(weights_file(folder))
    if update is None:
        state = unpacked(kept)
    else:
        config.vocab_size = 1
        rest = {name: tensor for name, tensor in kept.items() if not name.startswith(WORDS)}
        state = updated(unpacked(rest), load_file(update))
        state[WORDS] = torch.zeros(1, config.hidden_size)
    model: Model = kind.from_pretrained(None, config=config, state_dict=state, dtype=dtype)
    return model


def unpacked(kept: dict[str, Tensor]) -> dict[str, Tensor]:
    """Multiply what is int8 by its scale; the rest stays as it is."""
    return {
        name: tensor.float() * kept[name + SCALE].float() if tensor.dtype == torch.int8 else tensor
        for name, tensor in kept.items()
        if not name.endswith(SCALE)
    }


def updated(state: dict[str, Tensor], update: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return the weights of another network, told by how it differs from one that is given.

    What an update names takes the place of what has the name; to a matrix it may add a product of
    two factors instead, which may be packed. Raises ValueError where it is of another network.
    """
    parts, made = unpacked(update), dict(state)
    for name, tensor in parts.items():
        matrix = name.removesuffix(LEFT).removesuffix(RIGHT)
        if matrix not in state:
            raise ValueError(f"{matrix} is no weight of this network")
        if matrix == name:
            made[name] = tensor
            continue
        if not {matrix + LEFT, matrix + RIGHT} <= parts.keys():
            raise ValueError(f"{matrix} lacks one of its two factors")
        if name.endswith(LEFT):
            made[matrix] = state[matrix].float() + tensor @ parts[matrix + RIGHT]
    return made


def load_whole_model(
    kind: type[Model], folder: Path, *, update: Path | None = None, reduced: bool = False
) -> Model:
    """Load a reader's network; what its file holds as int8 becomes so, the rest float32.

    `update` as in `load_model`, which raises the same. `reduced` as `ReducedLinear` says. Cannot be
    trained.
    """
    model = load_model(kind, folder, torch.float32, update=update)
    keep_whole(model, int8_names(folder))
    for layer in cast("Iterable[Any]", model.bert.encoder.layer):
        layer.output.dense.spends = layer.attention.output.dense.spends = True
        attention = layer.attention.self
        parts = [attention.query, attention.key, attention.value]
        if all(isinstance(part, WholeLinear) for part in parts):
            attention.joined = joined(parts)
    if reduced:
        reduce_whole(model)
    return model


def share_words(first: ReaderModel, other: ReaderModel) -> None:
    """Have another network use the word vectors of the first one, so that they are held once."""
    other.bert.embeddings.word_embeddings = first.bert.embeddings.word_embeddings


def int8_names(folder: Path) -> frozenset[str]:
    """The weights of a reader that its file holds as int8; none where it is not packed.

    Only the head of the file is read. Raises as `load_model` does.
    """
    with safe_open(weights_file(folder), framework="pt") as kept:
        names = list(kept.keys())
        return frozenset(name for name in names if kept.get_slice(name).get_dtype() == "I8")


def _starts(sizes: Sequence[int]) -> list[int]:
    """Where each of the windows behind each other begins."""
    return [end - size for end, size in zip(accumulate(sizes), sizes, strict=True)]


def _filled(rows: Sequence[Tensor]) -> Tensor:
    """Tokens behind each other in one row, and zeros behind them, as `ROW` says."""
    total = sum(len(each) for each in rows)
    filling = -total % (ROW if total > 2 * ROW else SHORT_ROW)
    return torch.cat([*rows, rows[0].new_zeros(filling, rows[0].shape[-1])])


def _attended(
    attention: BertSelfAttention,
    hidden: Tensor,
    sizes: Sequence[int],
    judged: Sequence[Tensor] | None = None,
) -> Tensor:
    """Self-attention within each window, for its `judged` tokens or for all; filled up with zeros.

    `hidden` has shape (tokens of all windows, width).
    """
    parts = _heads(attention, hidden)[:, :, : sum(sizes)].split(sizes, dim=2)
    attended = []
    for number, part in enumerate(parts):
        queries, keys, values = part.unsqueeze(1)
        if judged is not None:
            queries = queries[:, :, judged[number]]
        attended.append(functional.scaled_dot_product_attention(queries, keys, values))
    return _filled([each[0].transpose(0, 1).flatten(1) for each in attended])


def _layered(layer: Any, attended: Tensor, hidden: Tensor) -> Tensor:  # noqa: ANN401
    """What a layer makes of tokens behind its attention."""
    between = _added(layer.attention.output, attended, hidden)
    return _added(layer.output, layer.intermediate(between), between)


def _added(part: Any, rows: Tensor, beside: Tensor) -> Tensor:  # noqa: ANN401
    """As a part of a layer adds what it makes of rows to others, with no matrix for the sum."""
    added: Tensor = part.LayerNorm(part.dense(rows).add_(beside))
    return added


def _heads(attention: BertSelfAttention, hidden: Tensor) -> Tensor:
    """Queries, keys and values, of shape (3, heads, tokens, size of a head)."""
    whole: nn.Module | None = getattr(attention, "joined", None)
    if whole is None:
        parts = (attention.query, attention.key, attention.value)
        projected = torch.cat([part(hidden) for part in parts], dim=-1)
    else:
        projected = whole(hidden)
    shape = (-1, 3, attention.num_attention_heads, attention.attention_head_size)
    return projected.view(shape).permute(1, 2, 0, 3)


@dataclass(frozen=True, slots=True)
class BestSpan:
    """Token positions within the sentence, both inclusive.

    `score` is the span's log probability among those of the sentence, `logit` the sum of its two
    logits.
    """

    first: int
    last: int
    score: float
    logit: float


def likely_spans(starts: Tensor, ends: Tensor, most: int, longest: int = 30) -> list[BestSpan]:
    """Return the likeliest spans of one sentence, best first."""
    count = len(starts)
    sums = starts[:, None] + ends[None, :]
    forbidden, allowed = _no_spans(count, longest)
    best = sums.masked_fill(forbidden, -1e9).flatten().topk(min(most, allowed))
    whole = float(starts.logsumexp(0) + ends.logsumexp(0))
    return [
        BestSpan(flat // count, flat % count, logit - whole, logit)
        for flat, logit in zip(best.indices.tolist(), best.values.tolist(), strict=True)
    ]


@lru_cache(maxsize=256)
def _no_spans(count: int, longest: int) -> tuple[Tensor, int]:
    """Where first and last token are none of a span, and how many spans there are."""
    allowed = torch.ones(count, count, dtype=torch.bool).triu().tril(longest - 1)
    return ~allowed, int(allowed.sum())
