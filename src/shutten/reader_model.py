"""The network of the bundled reader, and how a question and a passage become its input.

Imports torch: loaded by `reader` when a model is first needed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from tokenizers import Encoding, Tokenizer
from torch import Tensor, nn
from transformers import BertConfig, BertModel, BertPreTrainedModel

PAD, UNKNOWN, CLS, SEP = range(4)

QUESTION, CONTEXT, CONTEXT_SHARED, SENTENCE, SENTENCE_SHARED, SENTENCE_KIN = range(6)
"""Token types. Shared: the token stands in the question as well. Kin: it only has a kanji,
katakana, letter or digit in common with the question. Marking overlap spares a small model from
learning to compare tokens through attention."""

TOKEN_TYPES = 6


@dataclass(frozen=True, slots=True)
class Limits:
    """Tokens at most; what is longer is cut behind."""

    question: int = 48
    title: int = 16
    sentence: int = 160


@dataclass(frozen=True, slots=True)
class EncodedPair:
    """Ids and token types of `[CLS] question [SEP] title [SEP] sentence [SEP]`.

    `first` is the position of the sentence's first token; `offsets` are the code points of each
    of its tokens within the sentence.
    """

    ids: list[int]
    types: list[int]
    first: int
    offsets: list[tuple[int, int]]


class PairEncoder:
    """Turns questions and passages into model input; encodes a question once per batch."""

    def __init__(self, tokenizer: Tokenizer, limits: Limits | None = None) -> None:
        self._tokenizer = tokenizer
        self._limits = limits or Limits()

    def encode(self, question: str, title: str, sentence: str) -> EncodedPair:
        """Return one pair; the title may be empty."""
        asked = self._tokenizer.encode(question).ids[: self._limits.question]
        context = self._tokenizer.encode(title).ids[: self._limits.title]
        read = self._tokenizer.encode(sentence)
        tokens = read.ids[: self._limits.sentence]
        known, kin = set(asked), kin_characters(question)
        return EncodedPair(
            ids=[CLS, *asked, SEP, *context, SEP, *tokens, SEP],
            types=[
                *[QUESTION] * (len(asked) + 2),
                *[CONTEXT_SHARED if token in known else CONTEXT for token in context],
                CONTEXT,
                *sentence_types(read, len(tokens), sentence, known, kin),
                SENTENCE,
            ],
            first=len(asked) + len(context) + 3,
            offsets=list(read.offsets[: len(tokens)]),
        )


def kin_characters(text: str) -> set[str]:
    """The characters of a text that carry meaning on their own: all letters but hiragana."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return {each for each in folded if each.isalnum() and not "\u3040" <= each <= "\u309f"}


def sentence_types(
    read: Encoding, count: int, sentence: str, known: set[int], kin: set[str]
) -> list[int]:
    """The token types of the sentence's first `count` tokens."""
    types = []
    for token, (start, end) in zip(read.ids[:count], read.offsets[:count], strict=True):
        if token in known and token != UNKNOWN:
            types.append(SENTENCE_SHARED)
        else:
            types.append(SENTENCE_KIN if kin & kin_characters(sentence[start:end]) else SENTENCE)
    return types


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded pairs: tensors of shape (pairs, tokens); `inside` marks the sentence's tokens."""

    ids: Tensor
    types: Tensor
    mask: Tensor
    inside: Tensor


def collate(pairs: Sequence[EncodedPair]) -> Batch:
    """Pad pairs to one width."""
    width = max(len(pair.ids) for pair in pairs)
    ids = torch.tensor([pair.ids + [PAD] * (width - len(pair.ids)) for pair in pairs])
    types = torch.tensor([pair.types + [0] * (width - len(pair.types)) for pair in pairs])
    inside = torch.zeros(len(pairs), width, dtype=torch.bool)
    for row, pair in enumerate(pairs):
        inside[row, pair.first : pair.first + len(pair.offsets)] = True
    return Batch(ids, types, (ids != PAD).long(), inside)


@dataclass(frozen=True, slots=True)
class Outputs:
    """Logits of a batch.

    `answers`, shape (pairs,): that the sentence answers. `starts` and `ends`, shape (pairs,
    tokens): that a token is the first or last one of the answer, very low outside the sentence.
    """

    answers: Tensor
    starts: Tensor
    ends: Tensor


class ReaderModel(BertPreTrainedModel):
    """A small BERT with two heads: does the sentence answer, and which words do."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__(config)
        self.bert = BertModel(config, add_pooling_layer=False)
        self.answers = nn.Linear(config.hidden_size, 1)
        self.span = nn.Linear(config.hidden_size, 2)
        self.post_init()  # type: ignore[no-untyped-call]

    def forward(self, batch: Batch) -> Outputs:
        """Return the logits of a batch."""
        hidden = self.bert(
            input_ids=batch.ids, token_type_ids=batch.types, attention_mask=batch.mask
        ).last_hidden_state
        span = self.span(hidden).float().masked_fill(~batch.inside[..., None], -1e4)
        answers = self.answers(hidden[:, 0]).float().squeeze(-1)
        return Outputs(answers, span[..., 0], span[..., 1])


@dataclass(frozen=True, slots=True)
class BestSpan:
    """Token positions within the sentence, both inclusive, and the span's log probability."""

    first: int
    last: int
    score: float


def best_span(starts: Tensor, ends: Tensor, longest: int = 30) -> BestSpan:
    """Return the likeliest span of one sentence; both tensors have shape (sentence tokens,)."""
    count = len(starts)
    scores = starts.log_softmax(0)[:, None] + ends.log_softmax(0)[None, :]
    allowed = torch.ones(count, count, dtype=torch.bool).triu().tril(longest - 1)
    flat = int(scores.masked_fill(~allowed, -1e9).argmax())
    first, last = divmod(flat, count)
    return BestSpan(first, last, float(scores[first, last]))
