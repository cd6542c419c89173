"""The network of the learned support score: a small head on the frozen trunk of the reader.

Imports torch: loaded by `support` when it is first needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from shutten.reader_model import PAD, UNKNOWN, EncodedWindow, Piece, ReaderModel, WindowEncoder

CLAIM, AROUND, SENTENCE = range(3)
"""What a token belongs to: the claim, title or sentence before, a cited sentence."""

ROW = 32
"""Windows are padded to a multiple of this; see `reader_model.ROW`."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The head's sizes; `layers` are the trunk's hidden states that it reads (0: embeddings)."""

    layers: tuple[int, ...] = (2, 4)
    trunk: int = 384
    width: int = 160
    heads: int = 4
    inner: int = 320
    depth: int = 1


@dataclass(frozen=True, slots=True)
class ClaimWindow:
    """`[CLS] claim [SEP] title [SEP] sentence [SEP] …` as input of trunk and head.

    `parts` and `found` have one entry per token: what it belongs to, and for a token of the claim
    whether the same stands outside of it. `claim` is the number of claim tokens, which start at 1.
    """

    window: EncodedWindow
    parts: list[int]
    found: list[int]
    claim: int


def encode(
    encoder: WindowEncoder, claim: Piece, title: str, before: str, sentences: Sequence[str]
) -> ClaimWindow:
    """Lay a claim beside its sentences; `before` may be empty."""
    context = [encoder.context(before)] if before else []
    pieces = [*context, *(encoder.sentence(text) for text in sentences)]
    window = encoder.window(claim.text, title, pieces)
    second = window.ids.index(3, 1)
    first = window.places[len(context)].first
    parts = [CLAIM] * (second + 1) + [AROUND] * (first - second - 1)
    parts += [SENTENCE] * (len(window.ids) - first)
    outside = set(window.ids[second + 1 :]) - {UNKNOWN}
    found = [int(place < second and token in outside) for place, token in enumerate(window.ids)]
    return ClaimWindow(window, parts, found, second - 1)


@dataclass(frozen=True, slots=True)
class Inputs:
    """Padded windows: tensors of shape (windows, tokens)."""

    ids: Tensor
    types: Tensor
    mask: Tensor
    parts: Tensor
    found: Tensor


def collate(windows: Sequence[ClaimWindow]) -> Inputs:
    """Pad windows to one width."""
    longest = max(len(each.parts) for each in windows)
    width = -(-longest // ROW) * ROW

    def padded(rows: Sequence[Sequence[int]], filling: int) -> Tensor:
        return torch.tensor([[*row, *[filling] * (width - len(row))] for row in rows])

    ids = padded([each.window.ids for each in windows], PAD)
    types = padded([each.window.types for each in windows], 0)
    parts = padded([each.parts for each in windows], AROUND)
    found = padded([each.found for each in windows], 0)
    return Inputs(ids, types, (ids != PAD).long(), parts, found)


class SupportHead(nn.Module):
    """Reads the trunk's hidden states and says what of a claim the sentences bear out.

    Two outputs: a logit per window that the whole claim is borne out, read at [CLS]; and a logit
    per token that this token of the claim is.
    """

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.norm = nn.LayerNorm(shape.trunk * len(shape.layers))
        self.narrow = nn.Linear(shape.trunk * len(shape.layers), shape.width)
        self.parts = nn.Embedding(3, shape.width)
        self.found = nn.Embedding(2, shape.width)
        layer = nn.TransformerEncoderLayer(
            shape.width, shape.heads, shape.inner, dropout=0.1, batch_first=True, norm_first=True
        )
        self.encoder = nn.TransformerEncoder(layer, shape.depth, enable_nested_tensor=False)
        self.last = nn.LayerNorm(shape.width)
        self.whole = nn.Linear(shape.width, 1)
        self.token = nn.Linear(shape.width, 1)

    def forward(self, hidden: Tensor, inputs: Inputs) -> tuple[Tensor, Tensor]:
        """Return logits of shape (windows,) and (windows, tokens)."""
        narrow = self.narrow(self.norm(hidden))
        joined = narrow + self.parts(inputs.parts) + self.found(inputs.found)
        read = self.last(self.encoder(joined, src_key_padding_mask=inputs.mask == 0))
        return self.whole(read[:, 0]).squeeze(-1), self.token(read).squeeze(-1)


def trunk_states(model: ReaderModel, inputs: Inputs, layers: Sequence[int]) -> Tensor:
    """Return the trunk's hidden states side by side, shape (windows, tokens, layers × width)."""
    with torch.no_grad():
        states = model.bert(
            input_ids=inputs.ids,
            token_type_ids=inputs.types,
            attention_mask=inputs.mask,
            output_hidden_states=True,
        ).hidden_states
    return torch.cat([states[layer].float() for layer in layers], dim=-1)
