"""Text to unit vectors: sentence-transformers behind one protocol, and a fake that needs no model.

Nothing here goes to the network: a model is bundled, in a folder, or in the local hub cache, and a
model that is not there is an error that prints the command which downloads it.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import unicodedata
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from shutten.canary import check_canary, remember_canary
from shutten.errors import ModelError
from shutten.known_models import KNOWN_MODELS, KnownModel, known_model
from shutten.model_files import HubName, cached_snapshot, loading_from_files
from shutten.types import EmbedderFacts, Matrix

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

__all__ = [
    "BUNDLED",
    "KNOWN_MODELS",
    "HashEmbedder",
    "KnownModel",
    "SentenceTransformerEmbedder",
    "bundled_folder",
    "check_canary",
    "document_text",
    "load_embedder",
    "model_revision",
]

logger = logging.getLogger(__name__)

BUNDLED = "bundled"
HASH = "hash"
_HASH_DIMENSION = 256
_HASH_LENGTHS = (1, 2, 3)
_BATCH = 64
_STATIC_BATCH = 1024
"""A table of token vectors has no padding to waste, only a fixed cost per batch."""
_WEIGHTS = {".safetensors", ".bin"}
_DEFINITIONS = {".json", ".txt", ".model"}
_DOCUMENT_PROMPTS = ("document", "passage", "corpus")


def document_text(title: str, sentence: str) -> str:
    """Return what is embedded for a sentence: the title says what the sentence is about."""
    return f"{title}\n{sentence}"


def bundled_folder() -> Path:
    """Return the folder of the model that ships with the package."""
    return Path(__file__).resolve().parent / "models" / "static-embedding"


def load_embedder(
    name: str = BUNDLED, *, threads: int | None = None, cache: Path | None = None
) -> SentenceTransformerEmbedder | HashEmbedder:
    """Load "bundled", "hash", or a sentence-transformers model by hub name or folder.

    A model that is not bundled must pass the canary once per revision; that is remembered in
    `cache`, None being the user's own cache folder. Raises ModelError.
    """
    if name == HASH:
        return HashEmbedder()
    if name == BUNDLED:
        return SentenceTransformerEmbedder(bundled_folder(), name=BUNDLED, threads=threads)
    embedder = SentenceTransformerEmbedder(name, threads=threads)
    from shutten.settings import cache_folder

    remember_canary(embedder, known_model(name), cache or cache_folder())
    return embedder


class HashEmbedder:
    """Hashed character n-grams: no model, the same vectors in every process and language.

    Texts that share characters are near; it knows nothing of meaning. For tests and trials.
    """

    def __init__(self, dimension: int = _HASH_DIMENSION) -> None:
        self._dimension = dimension

    @property
    def facts(self) -> EmbedderFacts:
        """Name, revision and length of vectors: an index made by others is refused."""
        return EmbedderFacts(name=HASH, revision="1", dimension=self._dimension)

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        """Return one unit row per question."""
        return self._embed(texts)

    def embed_documents(self, texts: Sequence[str]) -> Matrix:
        """Return one unit row per document text."""
        return self._embed(texts)

    def _embed(self, texts: Sequence[str]) -> Matrix:
        rows = np.zeros((len(texts), self._dimension), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            self._fill(row, text)
        return rows

    def _fill(self, row: np.ndarray[Any, np.dtype[np.float32]], text: str) -> None:
        for gram in _character_grams(text):
            code = zlib.crc32(gram.encode("utf-8", "surrogatepass"))
            # The topmost bit is the sign, so that unlike texts are near 0 instead of near 1.
            row[code % self._dimension] += 1.0 if code >> 31 else -1.0
        length = float(np.linalg.norm(row))
        if length == 0.0:
            row[0], length = 1.0, 1.0
        row /= length


def _character_grams(text: str) -> list[str]:
    folded = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return [
        folded[start : start + length]
        for length in _HASH_LENGTHS
        for start in range(len(folded) - length + 1)
    ]


class SentenceTransformerEmbedder:
    """A stock sentence-transformers model with its own query and document prefixes.

    The prefixes are the registry's for a known model, else the model's own prompts. Thread-safe:
    one text batch is encoded at a time. Raises ModelError where the model cannot be loaded.
    """

    def __init__(
        self,
        name_or_folder: str | Path,
        *,
        name: str | None = None,
        batch_size: int | None = None,
        threads: int | None = None,
    ) -> None:
        shown = name or str(name_or_folder)
        folder = _model_folder(shown, Path(name_or_folder))
        self._model = _load_model(shown, folder, threads)
        self._batch_size = batch_size or _suitable_batch(self._model)
        self._lock = threading.Lock()
        self._facts = _read_facts(shown, folder, self._model)

    @property
    def facts(self) -> EmbedderFacts:
        """The model's identity; the revision is its commit on the hub, or a hash of its files."""
        return self._facts

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        """Return one row per question; a text without any token gives a row of zeros."""
        return self._encode(self._model.encode_query, texts, self._facts.query_prefix)

    def embed_documents(self, texts: Sequence[str]) -> Matrix:
        """Return one row per document text; a text without any token gives a row of zeros."""
        return self._encode(self._model.encode_document, texts, self._facts.document_prefix)

    def _encode(self, encode: Callable[..., Any], texts: Sequence[str], prefix: str) -> Matrix:
        if not texts:
            return np.zeros((0, self._facts.dimension), dtype=np.float32)
        # The tokenizer under the model is not thread-safe: it raises "Already borrowed".
        with self._lock:
            rows = encode(
                list(texts),
                prompt=prefix,
                batch_size=self._batch_size,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
        matrix: Matrix = np.ascontiguousarray(rows, dtype=np.float32)
        if not np.isfinite(matrix).all():
            message = (
                f"the model {self._facts.name} gives vectors that are not numbers; use another"
            )
            raise ModelError(message)
        return matrix


def _model_folder(name: str, folder: Path) -> Path:
    """Return the model's files on this machine: a folder, or a snapshot in the local hub cache."""
    if folder.is_dir():
        return folder
    if name == BUNDLED or folder.is_absolute() or name.startswith((".", "~")):
        message = f"there is no model in {folder}; name a folder made by sentence-transformers"
        raise ModelError(message)
    candidates = [name] if "/" in name else [f"sentence-transformers/{name}", name]
    for candidate in candidates:
        snapshot = cached_snapshot(HubName(candidate))
        if snapshot is not None:
            return snapshot
    message = (
        f"the model {name} is not on this machine, or its download is not finished; run "
        f"`shutten models pull {candidates[0]}`, or name a model's folder"
    )
    raise ModelError(message)


def _load_model(name: str, folder: Path, threads: int | None) -> SentenceTransformer:
    if not (folder / "modules.json").is_file() and not (folder / "config.json").is_file():
        message = f"the folder {folder} holds no model; name one made by sentence-transformers"
        raise ModelError(message)
    from sentence_transformers import SentenceTransformer

    with loading_from_files(name, threads):
        model = SentenceTransformer(str(folder), local_files_only=True)
    return model.float().eval()


def _suitable_batch(model: SentenceTransformer) -> int:
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    return _STATIC_BATCH if isinstance(model[0], StaticEmbedding) else _BATCH


def _read_facts(name: str, folder: Path, model: SentenceTransformer) -> EmbedderFacts:
    known = known_model(name)
    own = {key: prompt or "" for key, prompt in model.prompts.items()}
    query = own.get("query", "")
    document = next((own[key] for key in _DOCUMENT_PROMPTS if own.get(key)), "")
    return EmbedderFacts(
        name=name,
        revision=model_revision(folder),
        dimension=int(model.get_embedding_dimension() or 0),
        query_prefix=known.query_prefix if known else query,
        document_prefix=known.document_prefix if known else document,
    )


def model_revision(folder: Path) -> str:
    """Return the commit of a hub snapshot, else a hash of the files that make the model."""
    if folder.parent.name == "snapshots":
        return folder.name
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted(folder.rglob("*")):
        if path.suffix in _WEIGHTS | _DEFINITIONS and path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode())
            with path.open("rb") as stream:
                while block := stream.read(1 << 20):
                    digest.update(block)
    return digest.hexdigest()
