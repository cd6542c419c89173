"""Rerankers: any cross-encoder of sentence-transformers orders the passages that were found.

A cross-encoder reads question and sentence together, so it judges better than two vectors do, and
costs a pass through a network for every pair. Nothing here goes to the network.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from shutten.canary import CanaryResult, check_results, passed_before, try_pairs
from shutten.embedding import document_text, model_revision
from shutten.errors import ModelError
from shutten.known_models import KNOWN_RERANKERS
from shutten.model_files import (
    architectures,
    find_model,
    is_cross_encoder,
    is_whole,
    loading_from_files,
)
from shutten.retrieval import IndexRetriever, left_behind, scored
from shutten.types import Passage, Reranker

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

    from shutten.index import Index

logger = logging.getLogger(__name__)

DEPTH: Final = 20
"""How many passages are ordered: more find little and cost as much each."""

MOST_TOKENS: Final = 512
"""Of question and sentence together; what is longer is cut."""

_BATCH: Final = 16


def load_reranker(
    name: str, *, threads: int | None = None, cache: Path | None = None
) -> CrossEncoderReranker:
    """Load a cross-encoder by hub name or folder.

    It must pass the canary once per revision; that is remembered in `cache`, None being the
    user's own cache folder. Raises ModelError.
    """
    reranker = CrossEncoderReranker(name, threads=threads)
    from shutten.settings import cache_folder

    identity = f"reranker {reranker.name}@{reranker.revision}"
    with passed_before(cache or cache_folder(), identity) as is_known:
        if not is_known:
            check_reranker(reranker)
    return reranker


def check_reranker(reranker: Reranker) -> list[CanaryResult]:
    """Raise ModelError unless the model puts simple sentences first in its languages."""
    results = try_pairs(reranker.score)
    known = KNOWN_RERANKERS.get(reranker.name)
    check_results(reranker.name, results, known.languages if known else None)
    return results


class CrossEncoderReranker:
    """A stock cross-encoder of sentence-transformers. Thread-safe: one batch is read at a time.

    Raises ModelError where the model cannot be loaded, or is none with one score for a pair.
    """

    def __init__(self, name: str, *, threads: int | None = None) -> None:
        files = find_model(name, gguf=False)
        if files.file or not is_whole(files):
            message = f"the model {name} is not whole: download it again, or name another folder"
            raise ModelError(message)
        _check_kind(name, files.folder)
        self._model = _load(name, files.folder, threads)
        self._lock = threading.Lock()
        self.name = name
        self.revision = model_revision(files.folder)

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return one score per text, from 0 to 1, in their order."""
        if not texts:
            return []
        from torch.nn import Sigmoid

        with self._lock:  # the tokenizer is not thread-safe
            scores = self._model.predict(
                [(question, text) for text in texts],
                batch_size=_BATCH,
                show_progress_bar=False,
                activation_fn=Sigmoid(),
            )
        found = [float(score) for score in scores]
        if not all(0.0 <= score <= 1.0 for score in found):  # NaN is not
            message = f"the model {self.name} gives scores that are not numbers; use another"
            raise ModelError(message)
        return found


def _check_kind(name: str, folder: Path) -> None:
    """Refuse what is no cross-encoder: loaded as one it would get a head of random numbers."""
    try:
        made = architectures(folder)
    except (OSError, ValueError) as error:
        message = f"the folder {folder} holds no cross-encoder: it has no readable config.json"
        raise ModelError(message) from error
    if not is_cross_encoder(made):
        message = (
            f"the model {name} is no cross-encoder ({made or 'of unknown kind'}):"
            " name one of `shutten models list`"
        )
        raise ModelError(message)


def _load(name: str, folder: Path, threads: int | None) -> CrossEncoder:
    from sentence_transformers import CrossEncoder

    with loading_from_files(name, threads):
        model = CrossEncoder(str(folder), local_files_only=True, max_length=MOST_TOKENS)
    if model.num_labels != 1:
        message = (
            f"the model {name} gives {model.num_labels} scores for a pair, not one:"
            " name a cross-encoder for ranking"
        )
        raise ModelError(message)
    return model.float().eval()


class RerankedRetriever:
    """Another retriever's passages in a reranker's order; `score` is what it gave.

    Where the reranker fails, one line is logged and the passages stay as they were found.
    """

    def __init__(self, retriever: IndexRetriever, reranker: Reranker) -> None:
        self._retriever = retriever
        self._reranker = reranker

    def over(self, index: Index) -> RerankedRetriever:
        """Return the same retriever over another index of the same embedder."""
        return RerankedRetriever(self._retriever.over(index), self._reranker)

    def retrieve(
        self, question: str, *, k: int, article_ids: Sequence[str] | None = None
    ) -> list[Passage]:
        """Return up to k passages, best first; those beyond DEPTH stand behind as found."""
        found = self._retriever.retrieve(question, k=max(k, DEPTH), article_ids=article_ids)
        return self.order(question, found)[:k]

    @property
    def unordered(self) -> IndexRetriever:
        """The retriever whose passages are ordered, for several searches that are ordered once."""
        return self._retriever

    def order(self, question: str, found: Sequence[Passage]) -> list[Passage]:
        """Return passages in the reranker's order; those beyond DEPTH stand behind as they came."""
        foremost = found[:DEPTH]
        try:
            scores = self._reranker.score(
                question, [document_text(each.hit.title, each.hit.text) for each in foremost]
            )
        except (ModelError, RuntimeError) as error:
            logger.warning("the reranker failed (%s): passages stay as they were found", error)
            return list(found)
        return [*_ordered(foremost, scores), *left_behind(found[DEPTH:], scores)]


def _ordered(passages: Sequence[Passage], scores: Sequence[float]) -> list[Passage]:
    rated = [scored(passage, score) for passage, score in zip(passages, scores, strict=True)]
    return sorted(rated, key=lambda each: -each.hit.score)  # equal ones stay as found
