"""A language model into memory: what it needs is asked before, where it runs is chosen.

torch and transformers are imported when a model is loaded.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import math
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shutten.errors import ModelError, ModelMemoryError
from shutten.memory import available_memory, shown_size
from shutten.model_files import ModelFiles, find_model, is_whole
from shutten.writing.gguf_header import read_gguf_header

if TYPE_CHECKING:
    import torch

logger = logging.getLogger(__name__)

_WORKING_MEMORY = 400_000_000
"""Bytes for torch's libraries, the prompt's keys and values, and what a pass needs."""
_BYTES_OF_A_STORED_NUMBER = 2
"""In the older format, whose files do not say: most models are stored in 16 bits."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a model runs ("cpu", "cuda", "mps"), and its precision ("float32", "bfloat16")."""

    device: str
    precision: str

    @property
    def width(self) -> int:
        """Bytes of a number."""
        return 4 if self.precision == "float32" else 2


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """A loaded model with its tokenizer, both from transformers."""

    name: str
    network: Any
    tokenizer: Any

    @property
    def parameters(self) -> int:
        """How many weights it has; those that two layers share count once."""
        return int(self.network.num_parameters())

    @property
    def context(self) -> int | None:
        """How many tokens prompt and answer may have together, None where nobody says."""
        config = self.network.config.get_text_config(decoder=True)
        limit = getattr(config, "max_position_embeddings", None)
        return int(limit) if limit else None


def load_language_model(name: str, *, threads: int | None = None) -> LanguageModel:
    """Load any causal language model that transformers knows: hub name, folder, or GGUF file.

    Raises ModelError where it is not here, does not fit into memory, or cannot be read.
    """
    files = find_model(name)
    if not is_whole(files) or (files.file is None and not (files.folder / "config.json").is_file()):
        message = (
            f"the folder {files.folder} holds no whole language model: name one with config.json"
            " and its weights, or a .gguf file"
        )
        raise ModelError(message)
    parameters = count_parameters(files)
    import torch

    if threads is not None:
        torch.set_num_threads(threads)
    placement = fitting_placement(name, parameters)
    check_memory(name, needed_memory(parameters, placement, quantised=files.file is not None))
    with _quiet():
        return _load(name, files, placement)


def count_parameters(files: ModelFiles) -> int:
    """Return how many weights the files hold, from their headers; raises ModelError."""
    try:
        if files.file:
            return read_gguf_header(files.folder / files.file).parameters
        return sum(_stored_numbers(path) for path in files.weights)
    except OSError as error:
        message = (
            f"{error.filename or files.folder} cannot be read ({error.strerror or error}):"
            " check its permissions and its disk, or choose another model (`shutten models list`)"
        )
        raise ModelError(message) from error


def _stored_numbers(path: Path) -> int:
    if path.suffix != ".safetensors":
        return path.stat().st_size // _BYTES_OF_A_STORED_NUMBER
    try:
        with path.open("rb") as stream:
            (length,) = struct.unpack("<Q", stream.read(8))
            header = json.loads(stream.read(min(length, path.stat().st_size)))
        tensors = [entry for key, entry in header.items() if key != "__metadata__"]
        end = max((entry["data_offsets"][1] for entry in tensors), default=0)
        if 8 + length + end > path.stat().st_size:
            message = "it ends too early"
            raise ValueError(message)
        return sum(math.prod(entry["shape"]) for entry in tensors)
    except (ValueError, KeyError, TypeError, struct.error) as error:
        message = f"{path} is not a whole safetensors file ({error}): download the model again"
        raise ModelError(message) from error


def choose_placement() -> Placement:
    """Return the graphics card where there is one, else the processor.

    16 bits on a processor only where it computes in them: elsewhere they cost two to four times the
    time of 32 bits (docs/log.md, 2026-11-27).
    """
    import torch

    if torch.cuda.is_available():
        return Placement("cuda", "bfloat16" if torch.cuda.is_bf16_supported() else "float16")
    if torch.backends.mps.is_available():
        return Placement("mps", "float16")
    return _on_processor()


def fitting_placement(name: str, parameters: int) -> Placement:
    """Return the graphics card where it has room for the model, else the processor.

    Others may be using the card, so its free memory counts; of what does not fit, a line is logged.
    """
    chosen = choose_placement()
    if chosen.device != "cuda":
        return chosen
    import torch

    free, _ = torch.cuda.mem_get_info()
    # A GGUF file is unpacked beside the card: only the narrow copy goes there.
    needed = needed_memory(parameters, chosen, quantised=False)
    if needed <= free:
        return chosen
    logger.warning(
        "the language model %s needs %s of graphics memory and %s are free:"
        " it runs on the processor, more slowly",
        *(name, shown_size(needed), shown_size(free)),
    )
    return _on_processor()


def _on_processor() -> Placement:
    import torch

    asked = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    questions: list[Callable[[], bool]] = [
        question for each in asked if (question := getattr(torch.cpu, each, None)) is not None
    ]
    able = any(question() for question in questions)
    return Placement("cpu", "bfloat16" if able else "float32")


def needed_memory(parameters: int, placement: Placement, *, quantised: bool) -> int:
    """Return the bytes that loading takes at its highest.

    A GGUF file is unpacked to 32 bits first, which a narrower copy joins for a moment.
    """
    weights = parameters * placement.width
    if quantised and placement.precision != "float32":
        weights += parameters * 4
    return weights + _WORKING_MEMORY


def check_memory(name: str, needed: int) -> None:
    """Raise ModelMemoryError where the machine has less memory than a model takes."""
    free = available_memory()
    if free is not None and needed > free:
        message = (
            f"the language model {name} needs {shown_size(needed)} of memory and"
            f" {shown_size(free)} are free: close other programs, choose a smaller model"
            " (`shutten models list`), or ask a server with SHUTTEN_ANSWERER=server"
        )
        raise ModelMemoryError(message, needed=needed, free=free)


@contextlib.contextmanager
def _quiet() -> Any:  # noqa: ANN401
    """Keep the library's bars and advice off the terminal."""
    from transformers.utils import logging as transformers_logging

    level = transformers_logging.get_verbosity()
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            yield
    finally:
        transformers_logging.set_verbosity(level)


def _load(name: str, files: ModelFiles, placement: Placement) -> LanguageModel:
    import torch
    from safetensors import SafetensorError
    from transformers import AutoModelForCausalLM, AutoTokenizer

    dtype: torch.dtype = getattr(torch, placement.precision)
    source: dict[str, Any] = {"local_files_only": True}
    if files.file:
        source["gguf_file"] = files.file
    folder = str(files.folder)
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, **source)
        network: Any = AutoModelForCausalLM.from_pretrained(folder, dtype=dtype, **source)
        network = network.to(placement.device).eval()
    except (
        *(OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError, ImportError),
        *(SafetensorError, IndexError, MemoryError),
    ) as error:
        raise ModelError(_complaint(name, files, error)) from error
    return LanguageModel(name, network, tokenizer)


def _complaint(name: str, files: ModelFiles, error: BaseException) -> str:
    reason = " ".join(str(error).split())[:200] or type(error).__name__
    cure = (
        "name a folder or hub model instead, or serve the file with llama.cpp and set"
        " SHUTTEN_ANSWERER=server"
        if files.file
        else "download it again, or choose another one (`shutten models list`)"
    )
    return f"the language model {name} cannot be loaded ({reason}): {cure}"
