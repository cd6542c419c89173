"""The models that settings name, loaded once and shared by every index that they serve."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from shutten.checking.checker import GroundingChecker
from shutten.checking.closeness import CloseChecker
from shutten.crossing import crossing_reader
from shutten.drafting import CheckedWriter
from shutten.embedding import BUNDLED, load_embedder
from shutten.errors import ModelError
from shutten.ranking import Ranking, bundled_ranking
from shutten.reader import OVERLAP, check_reader, load_reader
from shutten.reranking import load_reranker
from shutten.settings import Settings, Wording
from shutten.types import Embedder, Measured, Reader, Reranker, Writer
from shutten.writing import DEFAULT_MODEL, load_writer
from shutten.writing.absent import AbsentWriter

logger = logging.getLogger(__name__)

SMALL = 300_000_000
"""A model of fewer weights joins what it has read at random: SmolLM2-135M's statements that the
exact checks alone let through were false in 26 of 72 (docs/log.md, 2026-11-30)."""


@dataclass(frozen=True, slots=True)
class Models:
    """The loaded models, shared by every index that they serve.

    `writer` is None where the reader answers alone, `reranker` where passages are read in the
    order of the `ranking`, and that where they are read as the two legs are fused.
    """

    embedder: Embedder
    reader: Reader
    writer: CheckedWriter | None = None
    reranker: Reranker | None = None
    ranking: Ranking | None = None


def names_in_use(settings: Settings) -> dict[str, str | None]:
    """Return the models that the settings name, None for a part that goes without; loads nothing.

    A server that is told no name writes with the model that it has: that has no name here.
    """
    default = DEFAULT_MODEL if settings.answerer == "local" else None
    return {
        "embedder": settings.embedder,
        "ranking": None if settings.reader == OVERLAP else "bundled",
        "reader": settings.reader,
        "reranker": settings.reranker or None,
        "answerer": settings.answerer,
        "language_model": None if settings.answerer == "reader" else settings.model or default,
    }


def load_models(settings: Settings) -> Models:
    """Load the models that the settings name; raises ModelError.

    Where the language model or the reranker cannot be loaded, one line is logged, and it goes
    without.
    """
    check_reader(settings.reader)
    embedder = load_embedder(settings.embedder, threads=settings.threads)
    models = Models(
        embedder,
        _load_reader(settings, embedder),
        ranking=None if settings.reader == OVERLAP else bundled_ranking(),
    )
    if settings.reranker:
        models = replace(models, reranker=_load_reranker_or_tell(settings))
    if settings.answerer == "reader":
        return models
    return replace(models, writer=_load_checked_writer(settings, models))


def _load_reader(settings: Settings, embedder: Embedder) -> Reader:
    """Return the reader, with the affinity across languages where both models are the bundled."""
    reader = load_reader(settings.reader)
    if (settings.reader, settings.embedder) != (BUNDLED, BUNDLED):
        return reader
    return crossing_reader(reader, embedder)


def _load_reranker_or_tell(settings: Settings) -> Reranker | None:
    """Return the reranker; None, and one line is logged, where it cannot be loaded."""
    try:
        return load_reranker(settings.reranker, threads=settings.threads)
    except ModelError as error:
        logger.warning("%s; until then passages are read as they are found", error)
        return None


def _load_checked_writer(settings: Settings, models: Models) -> CheckedWriter | None:
    """Return the writer; of one that cannot be loaded, one line is logged."""
    try:
        writer = load_writer(settings)
    except ModelError as error:
        logger.warning("%s; until then the reader answers", error)
        return stand_in(settings.model or DEFAULT_MODEL, error, models.embedder)
    if writer is None:
        return None
    return checked_writer(writer, models.embedder, settings)


def checked_writer(writer: Writer, embedder: Embedder, settings: Settings) -> CheckedWriter:
    """Return a writer whose claims are checked, as closely as the settings say."""
    checker = GroundingChecker(embedder)
    if not keeps_close(writer, settings.wording):
        return CheckedWriter(writer, checker, seconds=settings.answer_seconds)
    close = CloseChecker(checker)
    return CheckedWriter(writer, close, seconds=settings.answer_seconds, foremost=1)


def keeps_close(writer: Writer, wording: Wording) -> bool:
    """Whether a writer's claims must keep to the words of one sentence."""
    if wording != "auto":
        return wording == "close"
    return isinstance(writer, Measured) and writer.parameters < SMALL


def stand_in(name: str, problem: ModelError, embedder: Embedder) -> CheckedWriter:
    """Return what stands in for a language model that is not there, or not yet."""
    checker = GroundingChecker(embedder)
    return CheckedWriter(AbsentWriter(name, problem), checker, seconds=0, problem=problem)
