"""The beginning of a GGUF file: which architecture, and how many parameters.

Read before the model is loaded, in milliseconds, where the library that loads it takes seconds.
Source: the GGUF specification of the ggml project (versions 2 and 3, little-endian).
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from shutten.errors import ModelError

_MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_FIXED = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
"""Bytes of each value type that has a fixed size."""
_STRING, _ARRAY = 8, 9
_LONGEST = 1 << 28


@dataclass(frozen=True, slots=True)
class GgufHeader:
    """The architecture as the file names it, and the number of weights."""

    architecture: str
    parameters: int


def read_gguf_header(path: Path) -> GgufHeader:
    """Return what the file says of itself; raises ModelError for one that is none, or is cut."""
    try:
        with path.open("rb") as stream:
            return _read(stream)
    except (EOFError, ValueError, UnicodeDecodeError) as error:
        message = (
            f"{path} is not a whole GGUF file ({error}): download it again, or name another model"
        )
        raise ModelError(message) from error


def _read(stream: BinaryIO) -> GgufHeader:
    if _take(stream, 4) != _MAGIC:
        message = "it does not begin like one"
        raise ValueError(message)
    version, tensors, pairs = _numbers(stream, "<IQQ")
    if version not in _VERSIONS:
        message = f"version {version}"
        raise ValueError(message)
    architecture = ""
    for _ in range(pairs):
        key, kind = _string(stream), _numbers(stream, "<I")[0]
        if key == "general.architecture" and kind == _STRING:
            architecture = _string(stream)
        else:
            _skip(stream, kind)
    return GgufHeader(architecture, sum(_weights(stream) for _ in range(tensors)))


def _weights(stream: BinaryIO) -> int:
    """Read one tensor's entry (name, shape, type, offset) and return how many numbers it has."""
    _string(stream)
    (dimensions,) = _numbers(stream, "<I")
    shape = _numbers(stream, f"<{dimensions}Q")
    _numbers(stream, "<IQ")
    return math.prod(shape)


def _skip(stream: BinaryIO, kind: int) -> None:
    if kind == _STRING:
        _string(stream)
    elif kind == _ARRAY:
        inner, count = _numbers(stream, "<IQ")
        if inner in _FIXED:
            _take(stream, _FIXED[inner] * count)
        else:
            for _ in range(count):
                _skip(stream, inner)
    elif kind in _FIXED:
        _take(stream, _FIXED[kind])
    else:
        message = f"value type {kind}"
        raise ValueError(message)


def _string(stream: BinaryIO) -> str:
    (length,) = _numbers(stream, "<Q")
    return _take(stream, length).decode("utf-8", errors="replace")


def _numbers(stream: BinaryIO, layout: str) -> tuple[int, ...]:
    return struct.unpack(layout, _take(stream, struct.calcsize(layout)))


def _take(stream: BinaryIO, count: int) -> bytes:
    data = stream.read(count) if count <= _LONGEST else b""
    if len(data) < count:
        message = "it ends too early"
        raise EOFError(message)
    return data
