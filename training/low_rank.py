"""Train a reader further by matrices of low rank beside its own (Hu et al. 2021, arXiv 2106.09685).

What is small (norms, biases, token types, heads) is trained as it is. What has been learned is a
file of its own, which is added to the reader's weights when it is loaded.
"""

from __future__ import annotations

from torch import Tensor, nn

from shutten.reader_model import DOWN, UP, ReaderModel

SMALL = 20_000
"""Parameters with fewer numbers are trained as they are."""


class LowRank(nn.Module):
    """A linear layer that stays as it is, with a path of low rank beside it."""

    def __init__(self, base: nn.Linear, rank: int) -> None:
        super().__init__()
        self.base = base
        self.down = nn.Linear(base.in_features, rank, bias=False)
        self.up = nn.Linear(rank, base.out_features, bias=False)
        nn.init.normal_(self.down.weight, std=base.in_features**-0.5)
        nn.init.zeros_(self.up.weight)

    def forward(self, vectors: Tensor) -> Tensor:
        """Both paths together."""
        made: Tensor = self.base(vectors) + self.up(self.down(vectors))
        return made


def lower(model: ReaderModel, rank: int) -> None:
    """Leave large matrices as they are, and put a path of low rank beside those of the layers."""
    for parameter in model.parameters():
        parameter.requires_grad_(parameter.numel() < SMALL)
    for layer in model.bert.encoder.layer:
        for parent in list(layer.modules()):
            for name, child in list(parent.named_children()):
                if isinstance(child, nn.Linear):
                    setattr(parent, name, LowRank(child, rank))


def learned(model: ReaderModel) -> dict[str, Tensor]:
    """What was learned, under the names of the weights that it changes, as float16."""
    state: dict[str, Tensor] = {}
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        plain = name.replace(".base.", ".")
        plain = plain.replace(".down.weight", f".weight{DOWN}").replace(
            ".up.weight", f".weight{UP}"
        )
        if not plain.startswith("supports."):
            state[plain] = parameter.detach().cpu().half().contiguous()
    return state
