"""Layers whose weights stay int8 in memory, and are multiplied as whole numbers.

Imports torch: loaded by `reader_model`.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

SCALE = ".scale"
"""Ends the name of the tensor that whole numbers are multiplied by, one number for each row."""

MOST = 127
"""The largest whole number of a row. -128 is left out, so that a row and its negative are alike."""

MOST_REDUCED = 63
"""The largest whole number of a weight of `ReducedLinear`: 2 · 255 · 63 is less than 2¹⁵."""

LEAST = 1e-12
"""Stands for the largest value of a row of zeros, by which nothing could be divided."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A matrix as whole numbers, int8 of shape (rows, width), times a scale of shape (rows, 1)."""

    numbers: Tensor
    scale: Tensor

    @classmethod
    def rounded(cls, matrix: Tensor, *, spent: bool = False) -> Whole:
        """Return the whole numbers nearest to a matrix; each row's largest value becomes 127.

        A matrix that is `spent` is written over.
        """
        # Two passes that keep nothing are faster than one over a copy without signs.
        high, low = matrix.amax(dim=-1, keepdim=True), matrix.amin(dim=-1, keepdim=True)
        scale = torch.maximum(high, low.neg_()).clamp_min_(LEAST).div_(MOST)
        room = matrix if spent else torch.empty_like(matrix)
        return cls(torch.mul(matrix, scale.reciprocal(), out=room).round_().to(torch.int8), scale)


class WholeLinear(nn.Module):
    """As `nn.Linear`, over float32 of shape (…, width), with the weights as whole numbers.

    Each row of the input is rounded on its own: what stands in one row changes no other.
    """

    numbers: Tensor
    scale: Tensor
    bias: Tensor
    spends = False
    """Whether nothing else reads the input, so that it may be written over."""

    def __init__(self, weight: Whole, bias: Tensor) -> None:
        super().__init__()
        self.register_buffer("numbers", weight.numbers)
        self.register_buffer("scale", weight.scale)
        self.register_buffer("bias", bias)

    def forward(self, rows: Tensor) -> Tensor:
        """Return the product; nothing is rounded but the rows."""
        given = Whole.rounded(rows.reshape(-1, rows.shape[-1]), spent=self.spends)
        # oneDNN takes the transposed view as it is, and nothing has to be packed beforehand.
        sums = torch._int_mm(given.numbers, self.numbers.t())
        # In place: a new matrix costs three times as much as the arithmetic. The sums have as many
        # bits as the floats that they become.
        product = sums.view(torch.float32).copy_(sums)
        product.mul_(self.scale.view(-1)).mul_(given.scale).add_(self.bias)
        return product.view(*rows.shape[:-1], -1)


class ReducedLinear(nn.Module):
    """As a `WholeLinear` that is given, for processors that sum products of bytes up in 16 bits.

    AVX2 alone multiplies unsigned by signed bytes and adds two products at a time with saturation.
    With weights of at most 63 no two overflow: what other libraries call a reduced range.
    """

    scale: Tensor
    bias: Tensor
    nothing: Tensor
    """Zeros: what oneDNN is to take off the weights."""

    def __init__(self, layer: WholeLinear) -> None:
        super().__init__()
        numbers = layer.numbers.float().mul_(MOST_REDUCED / MOST).round_().to(torch.int8)
        self.packed = torch.ops.onednn.qlinear_prepack(numbers, None)
        self.register_buffer("scale", layer.scale.view(-1) * (MOST / MOST_REDUCED))
        self.register_buffer("bias", layer.bias)
        self.register_buffer("nothing", torch.zeros(len(layer.bias), dtype=torch.int32))
        self.spends = layer.spends

    def forward(self, rows: Tensor) -> Tensor:
        """Return the product; nothing is rounded but the rows."""
        given = Whole.rounded(rows.reshape(-1, rows.shape[-1]), spent=self.spends)
        # Numbers from -127 to 127, and 128 more than each of them, differ in their first bit.
        raised = given.numbers.view(torch.uint8).bitwise_xor_(128)
        product: Tensor = torch.ops.onednn.qlinear_pointwise(
            raised, 1.0, 128, self.packed, self.scale, self.nothing,
            None, 1.0, 0, torch.float32, "none", [], "",
        )  # fmt: skip
        return product.mul_(given.scale).add_(self.bias).view(*rows.shape[:-1], -1)


class WholeEmbedding(nn.Module):
    """As `nn.Embedding`, with rows of whole numbers; a row that is looked up becomes float32."""

    numbers: Tensor
    scale: Tensor

    def __init__(self, table: Whole) -> None:
        super().__init__()
        self.register_buffer("numbers", table.numbers)
        self.register_buffer("scale", table.scale)

    def forward(self, places: Tensor) -> Tensor:
        """Return the rows at these places."""
        numbers, scale = (functional.embedding(places, each) for each in (self.numbers, self.scale))
        return numbers.float().mul_(scale)


def keep_whole(network: nn.Module, names: Container[str]) -> None:
    """Round the weights of a network that are named, and multiply them as whole numbers from now.

    Linear layers and tables only; what is not named stays as it is.
    """
    for name, layer in list(network.named_modules()):
        if f"{name}.weight" not in names:
            continue
        if isinstance(layer, nn.Linear):
            whole = Whole.rounded(layer.weight.detach().float())
            network.set_submodule(name, WholeLinear(whole, _bias(layer)))
        elif isinstance(layer, nn.Embedding):
            network.set_submodule(
                name, WholeEmbedding(Whole.rounded(layer.weight.detach().float()))
            )


def reduce_whole(network: nn.Module) -> None:
    """Put a `ReducedLinear` in the place of each `WholeLinear`."""
    for name, layer in list(network.named_modules()):
        if isinstance(layer, WholeLinear):
            network.set_submodule(name, ReducedLinear(layer))


def _bias(layer: nn.Linear) -> Tensor:
    held: Tensor | None = layer.bias
    return torch.zeros(layer.out_features) if held is None else held.detach().float()


def joined(layers: Sequence[WholeLinear]) -> WholeLinear:
    """Return one layer that gives what several give of the same rows, one behind the other.

    Rows are then rounded once. The layers become parts of it, so that no weight is held twice.
    """
    numbers, scale, bias = (
        torch.cat([getattr(layer, part) for layer in layers])
        for part in ("numbers", "scale", "bias")
    )
    sizes = [len(layer.bias) for layer in layers]
    parts = zip(numbers.split(sizes), scale.split(sizes), bias.split(sizes), strict=True)
    for layer, part in zip(layers, parts, strict=True):
        layer.numbers, layer.scale, layer.bias = part
    return WholeLinear(Whole(numbers, scale), bias)
