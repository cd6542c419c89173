from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from shutten.processor import (
    fastest_products,
    multiplies_bfloat16,
    multiplies_int7,
    multiplies_int8,
)

CAPABLE = torch.backends.mkldnn.is_available() and torch.backends.cpu.get_cpu_capability() in {
    "AVX2",
    "AVX512",
}


def with_flags(folder: Path, flags: str) -> Path:
    path = folder / "cpuinfo"
    path.write_text(f"flags : fpu {flags}\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("multiplies", "flags", "expected"),
    [
        (multiplies_bfloat16, "avx512_bf16", True),
        (multiplies_bfloat16, "avx2", False),
        (multiplies_int8, "avx512_vnni", True),
        (multiplies_int8, "avx_vnni", True),
        (multiplies_int8, "avx2 avx512f", False),
    ],
)
def test_a_kind_of_number_is_used_where_the_processor_multiplies_in_it(
    tmp_path: Path, multiplies: Callable[[Path], bool], flags: str, *, expected: bool
) -> None:
    assert multiplies(with_flags(tmp_path, flags)) is expected
    assert multiplies(tmp_path / "absent") is False


def test_bytes_are_multiplied_where_torch_says_that_the_processor_does() -> None:
    assert multiplies_int7() is CAPABLE


def test_the_fastest_kind_is_taken(tmp_path: Path) -> None:
    assert fastest_products(with_flags(tmp_path, "avx2 avx512_vnni avx512_bf16")) == "int8"
    assert fastest_products(with_flags(tmp_path, "avx512_bf16")) == "bfloat16"
    assert fastest_products(with_flags(tmp_path, "avx2")) == ("int7" if CAPABLE else "float32")
