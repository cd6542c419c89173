"""What the processor multiplies fast: which numbers a network is to compute in."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeAlias

Products: TypeAlias = Literal["float32", "bfloat16", "int8", "int7"]
"""What the matrices of a network are multiplied in. "int7": int8 with weights of at most 63."""

CPUINFO = Path("/proc/cpuinfo")


def fastest_products(cpuinfo: Path = CPUINFO) -> Products:
    """Return what the bundled reader is fastest in.

    int8 takes seven tenths of bfloat16's time where the processor multiplies in both (AVX-512).
    bfloat16 takes six tenths of float32's where it multiplies in it, and is slower elsewhere; int7
    takes five sixths of it with AVX2 alone.
    """
    if multiplies_int8(cpuinfo):
        return "int8"
    if multiplies_bfloat16(cpuinfo):
        return "bfloat16"
    return "int7" if multiplies_int7() else "float32"


def multiplies_bfloat16(cpuinfo: Path = CPUINFO) -> bool:
    """Whether the processor has instructions for bfloat16 products (AVX-512 BF16 or AMX)."""
    return _has_any(cpuinfo, "avx512_bf16", "amx_bf16")


def multiplies_int8(cpuinfo: Path = CPUINFO) -> bool:
    """Whether the processor has instructions for int8 products that sum up in 32 bits (VNNI)."""
    return _has_any(cpuinfo, "avx512_vnni", "avx_vnni")


def multiplies_int7() -> bool:
    """Whether it multiplies bytes and sums pairs up in 16 bits (AVX2), and oneDNN is there for it.

    Imports torch, which knows it on every system.
    """
    import torch

    able = torch.backends.cpu.get_cpu_capability() in ("AVX2", "AVX512")
    return able and torch.backends.mkldnn.is_available()


def _has_any(cpuinfo: Path, *flags: str) -> bool:
    try:
        said = cpuinfo.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return any(flag in said for flag in flags)
