"""Give a trained network more layers without changing what it says.

A copy of a layer is put behind it whose two output projections are zero, so that at first only its
layer norms act; these are set to pass on what they get, as near as a layer norm can. From there on
training makes use of the new layer (function-preserving growth, Chen et al. 2015, arXiv 1511.05641,
for layers that normalise behind the sum).
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor, nn
from transformers.models.bert.modeling_bert import BertLayer

from shutten.reader_model import Batch, ReaderModel


def deepen(model: ReaderModel, after: Sequence[int], batch: Batch) -> None:
    """Put a new layer behind each of the layers `after`, counted from 0.

    `batch` is a sample of windows: how large the vectors are at each place is taken from it.
    """
    vectors = _hidden_states(model, batch)
    layers: list[BertLayer] = []
    for number, layer in enumerate(cast(list[BertLayer], model.bert.encoder.layer)):
        layers.append(layer)
        if number in after:
            layers.append(_passing_on(layer, vectors[number + 1]))
    model.bert.encoder.layer = nn.ModuleList(layers)
    model.config.num_hidden_layers = len(layers)


def _hidden_states(model: ReaderModel, batch: Batch) -> list[Tensor]:
    """What comes out of the embeddings and of each layer, of shape (tokens, width)."""
    with torch.no_grad():
        states = model.bert(
            input_ids=batch.ids,
            token_type_ids=batch.types,
            attention_mask=batch.mask,
            output_hidden_states=True,
        ).hidden_states
    return [state[batch.mask.bool()] for state in states]


def _passing_on(layer: BertLayer, vectors: Tensor) -> BertLayer:
    made = copy.deepcopy(layer)
    for part in (made.attention.output, made.output):
        nn.init.zeros_(part.dense.weight)
        nn.init.zeros_(part.dense.bias)
        part.LayerNorm.weight.data.fill_(vectors.std(dim=1, unbiased=False).mean())
        part.LayerNorm.bias.data.fill_(vectors.mean(dim=1).mean())
    return made
