"""Store a trained reader as the package carries it: matrices as int8 with a scale for each row.

    python training/pack.py --reader WORK/last --to src/shutten/models/reader
    python training/pack.py --reader WORK/second --update-of src/shutten/models/reader --to FILE
    python training/pack.py --unpack src/shutten/models/reader --to FOLDER

The second stores only how a network that was trained on from a packed reader differs from it, each
matrix by two factors of a low rank. With the first the configuration is written too, beside which
the tokenizer lies already; calibration and answering words are fitted after. The third writes a
packed reader's network as `transformers.BertModel.from_pretrained` reads it, without its two heads.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from transformers import CONFIG_NAME

from shutten.reader_model import (
    LEFT,
    PACKED_FILE,
    RIGHT,
    WEIGHTS_FILE,
    WORDS,
    unpacked,
    weights_file,
)
from shutten.whole_numbers import LEAST, MOST, SCALE

TRUNK = "bert."
"""Begins the names of what is no head."""

TOKENIZER_FILE, TOKENIZER_CONFIG = "tokenizer.json", {"tokenizer_class": "PreTrainedTokenizerFast"}
"""Without its class, a tokenizer beside a BERT is taken for one of word pieces, which it is not."""

SMALL = 20_000
"""Matrices with fewer numbers stay as they are: the token types, the two heads."""


RANK = 128
"""Of what is added to a matrix."""

SHARE = 0.4
"""Of the earlier run. With 0, 0.3, 0.5 and 1 the words are exact in 0.717, 0.725, 0.733, 0.723 of
600 held-out JaQuAD questions, in 0.542, 0.544, 0.547, 0.534 of 800 of our own, and another thing of
the kind is shown for 0.226, 0.248, 0.259, 0.308 of 464 contrasts."""


def in_whole_numbers(name: str, matrix: Tensor) -> dict[str, Tensor]:
    scale = (matrix.abs().amax(1, keepdim=True) / MOST).clamp(min=LEAST)
    return {name: (matrix / scale).round().to(torch.int8), name + SCALE: scale}


def packed(
    state: dict[str, Tensor],
    shrunk: Callable[[str, Tensor], dict[str, Tensor]] = in_whole_numbers,
) -> dict[str, Tensor]:
    """Store each matrix as `shrunk` does, else with its rows rounded to 127th parts of the largest.

    The head that judges claims is left out.
    """
    kept = {}
    for name, tensor in state.items():
        if name.startswith("supports."):
            continue
        if tensor.ndim != 2 or tensor.numel() < SMALL:
            kept[name] = tensor.half()
            continue
        kept |= shrunk(name, tensor.float())
    return kept


def update_of(base: dict[str, Tensor], state: dict[str, Tensor], rank: int) -> dict[str, Tensor]:
    """How a network differs from another one, as `reader_model.updated` reads it.

    The word vectors must be the same.
    """

    def added(name: str, matrix: Tensor) -> dict[str, Tensor]:
        left, right = factors(matrix - base[name].float(), rank)
        return in_whole_numbers(name + LEFT, left) | in_whole_numbers(name + RIGHT, right)

    return packed({name: each for name, each in state.items() if name != WORDS}, added)


def mean_of(
    state: dict[str, Tensor], earlier: dict[str, Tensor], share: float
) -> dict[str, Tensor]:
    """The weights between those of two runs (Wortsman et al. 2022, arXiv 2203.05482)."""
    return {
        name: (1 - share) * each.float() + share * earlier[name].float()
        for name, each in state.items()
    }


def factors(matrix: Tensor, rank: int) -> tuple[Tensor, Tensor]:
    """Two matrices whose product is nearest to one, by its greatest singular values."""
    left, values, right = torch.linalg.svd(matrix, full_matrices=False)
    shared = values[:rank].sqrt()
    return (left[:, :rank] * shared).contiguous(), (shared[:, None] * right[:rank]).contiguous()


def write_config(source: Path, to: Path, **changed: object) -> None:
    config = json.loads((source / CONFIG_NAME).read_text(encoding="utf-8")) | changed
    text = json.dumps(config, indent=2, sort_keys=True) + "\n"
    (to / CONFIG_NAME).write_text(text, encoding="utf-8")


def unpack(folder: Path, to: Path) -> Path:
    """Write the network of a packed reader in float32, its configuration and its tokenizer."""
    to.mkdir(parents=True, exist_ok=True)
    state = unpacked(load_file(weights_file(folder)))
    trunk = {
        name.removeprefix(TRUNK): each.float()
        for name, each in state.items()
        if name.startswith(TRUNK)
    }
    # Without this mark older versions of transformers refuse the file.
    save_file(trunk, to / WEIGHTS_FILE, metadata={"format": "pt"})
    write_config(folder, to, architectures=["BertModel"], dtype="float32")
    shutil.copyfile(folder / TOKENIZER_FILE, to / TOKENIZER_FILE)
    (to / "tokenizer_config.json").write_text(json.dumps(TOKENIZER_CONFIG), encoding="utf-8")
    return to / WEIGHTS_FILE


def pack(folder: Path, state: dict[str, Tensor], to: Path) -> Path:
    """Write a reader's weights as the package carries them, and its configuration."""
    to.mkdir(parents=True, exist_ok=True)
    save_file(packed(state), to / PACKED_FILE)
    write_config(folder, to, architectures=["ReaderModel"])
    return to / PACKED_FILE


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    given = parser.add_mutually_exclusive_group(required=True)
    given.add_argument("--reader", type=Path, help="the folder of a trained reader")
    given.add_argument("--unpack", type=Path, help="the folder of a packed reader")
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--update-of", type=Path, help="the packed reader that it was trained from")
    parser.add_argument("--rank", type=int, default=RANK)
    parser.add_argument("--mean-with", type=Path, help="a reader of an earlier run")
    parser.add_argument("--share", type=float, default=SHARE, help="of the earlier one")
    options = parser.parse_args()
    written = unpack(options.unpack, options.to) if options.unpack else written_by(options)
    print(written.stat().st_size, "bytes")


def written_by(options: argparse.Namespace) -> Path:
    """Write a trained reader, whole or as the update of another one."""
    state = load_file(options.reader / WEIGHTS_FILE)
    if options.mean_with:
        state = mean_of(state, load_file(options.mean_with / WEIGHTS_FILE), options.share)
    if not options.update_of:
        return pack(options.reader, state, options.to)
    base = unpacked(load_file(weights_file(options.update_of)))
    save_file(update_of(base, state, options.rank), options.to)
    return Path(options.to)


if __name__ == "__main__":
    main()
