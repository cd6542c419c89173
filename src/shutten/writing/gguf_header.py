"""The beginning of a GGUF file: which architecture, and how many parameters.

Read before the model is loaded, in milliseconds, where the library that loads it takes seconds.
Source: the GGUF specification of the ggml project (versions 2 and 3, little-endian).
"""

from __future__ import annotations

import math
import os
import struct
from collections.abc import Sequence
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
_ALIGNMENT = 32
"""Bytes that the weights begin at a multiple of, where the file says nothing else."""
_UNSIGNED = 4
"""The type of the value that says it."""


@dataclass(frozen=True, slots=True)
class GgufHeader:
    """The architecture as the file names it, and the number of weights."""

    architecture: str
    parameters: int


@dataclass(frozen=True, slots=True)
class _Tensor:
    """How many weights, of which type, and where they begin behind the header, in bytes."""

    count: int
    kind: int
    offset: int

    @property
    def end(self) -> int:
        """Where they end; of a type that the library does not know, where they begin."""
        from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType

        try:
            block, size = GGML_QUANT_SIZES[GGMLQuantizationType(self.kind)]
        except (ValueError, KeyError):
            return self.offset
        return self.offset + self.count // block * size


def read_gguf_header(path: Path) -> GgufHeader:
    """Return what the file says of itself; raises ModelError for one that is none, or is cut."""
    try:
        with path.open("rb") as stream:
            return _read(stream)
    except EOFError as error:
        message = (
            f"{path} is incomplete ({error}): fetch it again (`shutten models pull"
            " OWNER/NAME/FILE.gguf` compares what came with the hub's checksum)"
        )
        raise ModelError(message) from error
    except (ValueError, UnicodeDecodeError) as error:
        message = f"{path} is not a GGUF file ({error}): fetch it again, or name another model"
        raise ModelError(message) from error


def _read(stream: BinaryIO) -> GgufHeader:
    if _take(stream, 4) != _MAGIC:
        message = "it does not begin like one"
        raise ValueError(message)
    version, tensors, pairs = _numbers(stream, "<IQQ")
    if version not in _VERSIONS:
        message = f"version {version}"
        raise ValueError(message)
    architecture, alignment = "", _ALIGNMENT
    for _ in range(pairs):
        key, kind = _string(stream), _numbers(stream, "<I")[0]
        if key == "general.architecture" and kind == _STRING:
            architecture = _string(stream)
        elif key == "general.alignment" and kind == _UNSIGNED:
            (alignment,) = _numbers(stream, "<I")
        else:
            _skip(stream, kind)
    held = [_tensor(stream) for _ in range(tensors)]
    _check_length(stream, held, max(alignment, 1))
    return GgufHeader(architecture, sum(each.count for each in held))


def _tensor(stream: BinaryIO) -> _Tensor:
    """Read one tensor's entry: name, shape, type, offset."""
    _string(stream)
    (dimensions,) = _numbers(stream, "<I")
    shape = _numbers(stream, f"<{dimensions}Q")
    kind, offset = _numbers(stream, "<IQ")
    return _Tensor(math.prod(shape), kind, offset)


def _check_length(stream: BinaryIO, held: Sequence[_Tensor], alignment: int) -> None:
    """Raise EOFError where the weights go on behind the end of the file."""
    begin = -(-stream.tell() // alignment) * alignment
    whole = begin + max((each.end for each in held), default=0)
    size = os.fstat(stream.fileno()).st_size
    if size < whole:
        message = f"{size:,} of {whole:,} bytes are here"
        raise EOFError(message)


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
