"""Store a trained reader as the package carries it: matrices as int8 with a scale for each row.

    python training/pack.py --reader WORK/last --to src/shutten/models/reader

The configuration is written beside it, where the tokenizer lies already; calibration and answering
words are fitted after.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from shutten.reader_model import PACKED_FILE, WEIGHTS_FILE
from shutten.whole_numbers import LEAST, MOST, SCALE

SMALL = 20_000
"""Matrices with fewer numbers stay as they are: the token types, the two heads."""


def packed(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Round each row of a matrix to whole numbers of its largest value's 127th part.

    The head that judges claims is left out.
    """
    kept = {}
    for name, tensor in state.items():
        if name.startswith("supports."):
            continue
        if tensor.ndim != 2 or tensor.numel() < SMALL:
            kept[name] = tensor.half()
            continue
        scale = (tensor.float().abs().amax(1, keepdim=True) / MOST).clamp(min=LEAST)
        kept[name] = (tensor.float() / scale).round().to(torch.int8)
        kept[name + SCALE] = scale
    return kept


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reader", type=Path, required=True)
    parser.add_argument("--to", type=Path, required=True)
    options = parser.parse_args()
    options.to.mkdir(parents=True, exist_ok=True)
    save_file(packed(load_file(options.reader / WEIGHTS_FILE)), options.to / PACKED_FILE)
    config = json.loads((options.reader / "config.json").read_text(encoding="utf-8"))
    config["architectures"] = ["ReaderModel"]
    text = json.dumps(config, indent=2, sort_keys=True) + "\n"
    (options.to / "config.json").write_text(text, encoding="utf-8")
    print((options.to / PACKED_FILE).stat().st_size, "bytes")


if __name__ == "__main__":
    main()
