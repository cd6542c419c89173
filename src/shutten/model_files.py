"""Where a model's files are on this machine: a folder, a GGUF file, or the local hub cache.

Nothing here goes to the network.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from shutten.errors import ModelError

DEFINITIONS = ("*.json", "*.txt", "*.model", "*.jinja")
"""Files of a hub repository that say what a model is, tokenizer included."""
SAFE_WEIGHTS = "*.safetensors"
OLD_WEIGHTS = "*.bin"
LEFT_OUT = (
    *("onnx/*", "openvino/*", "gguf/*", "original/*", "coreml/*", "*.onnx*"),
    *("training_args.bin", "optimizer.bin", "scheduler.bin"),
)
"""The same model once more for other programs, and what training left behind."""
GGUF = ".gguf"
_PARTS_OF_A_HUB_FILE = 3


@dataclass(frozen=True, slots=True)
class HubName:
    """A repository of the hub, "owner/name", and a GGUF file in it or None."""

    repository: str
    file: str | None = None

    @property
    def shown(self) -> str:
        """The name as it is typed."""
        return f"{self.repository}/{self.file}" if self.file else self.repository


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A folder, and the GGUF file in it where the model is one."""

    folder: Path
    file: str | None = None

    @property
    def weights(self) -> list[Path]:
        """The files that hold the weights, safetensors before the older format."""
        if self.file:
            return [self.folder / self.file]
        for pattern in (SAFE_WEIGHTS, OLD_WEIGHTS):
            found = sorted(path for path in self.folder.glob(pattern) if path.name not in LEFT_OUT)
            if found:
                return found
        return []


def hub_name(name: str) -> HubName:
    """Take "owner/name" or "owner/name/file.gguf" apart."""
    parts = name.split("/")
    if name.casefold().endswith(GGUF) and len(parts) >= _PARTS_OF_A_HUB_FILE:
        return HubName("/".join(parts[:2]), "/".join(parts[2:]))
    return HubName(name)


def find_model(name: str, *, gguf: bool = True) -> ModelFiles:
    """Return the files of a model named by folder, GGUF file or hub name.

    Without `gguf` it is of a kind that no GGUF file holds. Raises ModelError where they are not
    here, or not all of them.
    """
    or_file = ", or a .gguf file" if gguf else ""
    path = Path(name).expanduser()
    if path.is_dir():
        return ModelFiles(path)
    if path.is_file():
        if not gguf or path.suffix.casefold() != GGUF:
            message = f"{path} is no model: name a folder with config.json{or_file}"
            raise ModelError(message)
        return ModelFiles(path.parent, path.name)
    if path.is_absolute() or name.startswith((".", "~")):
        message = f"there is no model in {name}: name a folder with config.json{or_file}"
        raise ModelError(message)
    wanted = hub_name(name)
    snapshot = cached_snapshot(wanted)
    if snapshot is None:
        message = (
            f"the model {name} is not on this machine, or its download is not finished:"
            f" run `shutten models pull {name}`, or name a model's folder"
            f"{' or .gguf file' if gguf else ''}"
        )
        raise ModelError(message)
    return ModelFiles(snapshot, wanted.file)


def patterns(wanted: HubName, weights: str = SAFE_WEIGHTS) -> list[str]:
    """Return which files of a repository are needed, as glob patterns."""
    return [wanted.file] if wanted.file else [*DEFINITIONS, weights]


def cached_snapshot(wanted: HubName) -> Path | None:
    """Return the folder of a whole download in the hub cache, None where there is none."""
    for weights in (SAFE_WEIGHTS, OLD_WEIGHTS):
        folder = _snapshot(wanted, weights)
        if folder is not None and is_whole(ModelFiles(folder, wanted.file)):
            return folder
    return None


def _snapshot(wanted: HubName, weights: str) -> Path | None:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        found = snapshot_download(
            wanted.repository,
            local_files_only=True,
            allow_patterns=patterns(wanted, weights),
            ignore_patterns=None if wanted.file else list(LEFT_OUT),
        )
    except (LocalEntryNotFoundError, HFValidationError):
        return None
    return Path(found)


def is_whole(files: ModelFiles) -> bool:
    """Tell whether all weights are there; of a model in several files, an index names them.

    A model of sentence-transformers may keep its weights in a folder inside.
    """
    if files.file:
        return (files.folder / files.file).is_file()
    for index in files.folder.glob("*.index.json"):
        try:
            named = set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values())
        except (ValueError, KeyError, AttributeError, OSError):
            return False
        if any(files.folder.joinpath(name).is_file() for name in named):
            return all(files.folder.joinpath(name).is_file() for name in named)
    return any(True for pattern in (SAFE_WEIGHTS, OLD_WEIGHTS) for _ in files.folder.rglob(pattern))


def architectures(folder: Path) -> str:
    """Return the classes that a model's config.json names, "" where it names none.

    Raises OSError or ValueError where that is no readable JSON object.
    """
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    named = config.get("architectures") if isinstance(config, dict) else None
    if not isinstance(config, dict) or not isinstance(named, list | None):
        message = "config.json says nothing of a model"
        raise ValueError(message)
    return " ".join(map(str, named or ()))


def is_cross_encoder(architectures: str) -> bool:
    """Tell it by the classes that a model's config.json names."""
    return "SequenceClassification" in architectures


@contextmanager
def loading_from_files(name: str, threads: int | None) -> Iterator[None]:
    """Prepare torch for a model of sentence-transformers, and tell why it cannot be loaded.

    `threads` is how many compute, None as many as torch chooses. Raises ModelError.
    """
    import torch
    from safetensors import SafetensorError
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    if threads is not None:
        torch.set_num_threads(threads)
    try:
        yield
    except (OSError, ValueError, KeyError, RuntimeError, ImportError, SafetensorError) as error:
        reason = " ".join(str(error).split())[:200]
        message = f"the model {name} cannot be loaded ({reason}); download it again or name another"
        raise ModelError(message) from error
