"""The models that are known, which of them are here, and whether one works."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from shutten.assistant import assemble
from shutten.canary import CanaryResult, check_canary
from shutten.downloading import Plan
from shutten.embedding import (
    BUNDLED,
    SentenceTransformerEmbedder,
    bundled_folder,
)
from shutten.errors import ModelError
from shutten.index import Index
from shutten.known_models import (
    BUNDLED_MODELS,
    KNOWN_LANGUAGE_MODELS,
    KNOWN_MODELS,
    KNOWN_RERANKERS,
    BundledModel,
    KnownLanguageModel,
    KnownModel,
    KnownReranker,
    known_model,
)
from shutten.loaded_models import Models, load_models
from shutten.memory import available_memory, folder_size, shown_size
from shutten.model_files import (
    HubName,
    ModelFiles,
    architectures,
    cached_snapshot,
    find_model,
    is_cross_encoder,
)
from shutten.reranking import CrossEncoderReranker, check_reranker
from shutten.settings import Settings
from shutten.types import Article, Language
from shutten.writing import DEFAULT_MODEL
from shutten.writing.canary import FACTS, Fact, try_writer
from shutten.writing.loading import Placement, choose_placement, needed_memory
from shutten.writing.local import load_local
from shutten.writing.prompts import Budget

Kind = Literal["bundled", "embedding", "ranking", "reader", "reranker", "language"]
"""What a model is for; "bundled" are the three together that ship with the package."""

_BYTES = {"embedding": 4, "reranker": 4, "language": 2}
"""Of a parameter, as such models are mostly stored."""
_CHECK_TOKENS = 60


@dataclass(frozen=True, slots=True)
class Entry:
    """A known model, in megabytes on disk and in memory; None is unknown.

    On disk they are about right until it is here.
    """

    name: str
    kind: Kind
    licence: str
    languages: tuple[str, ...]
    megabytes: int | None
    memory: int | None
    installed: bool
    default: bool
    note: str


@dataclass(frozen=True, slots=True)
class Check:
    """What a model's canary said, language by language, and those it is too weak in."""

    name: str
    kind: Kind
    results: tuple[CanaryResult, ...]
    weak: tuple[str, ...] = ()


def entries() -> Iterator[Entry]:
    """Yield the known models: the bundled ones, embedding models, rerankers, language models."""
    for bundled in BUNDLED_MODELS:
        yield _bundled_entry(bundled)
    for known in KNOWN_MODELS.values():
        yield _entry(known, "embedding")
    for reranker in KNOWN_RERANKERS.values():
        yield _entry(reranker, "reranker")
    for model in KNOWN_LANGUAGE_MODELS.values():
        yield _entry(model, "language")


def _bundled_entry(model: BundledModel) -> Entry:
    folder = bundled_folder().parent / model.folder
    return Entry(
        name=BUNDLED,
        kind=model.kind,
        licence=model.licence,
        languages=model.languages,
        megabytes=round(folder_size(folder) / 1e6),
        memory=None,
        installed=folder.is_dir(),
        default=True,
        note=model.note,
    )


def _entry(model: KnownModel | KnownReranker | KnownLanguageModel, kind: Kind) -> Entry:
    folder = cached_snapshot(HubName(model.name))
    size = None if model.parameters is None else model.parameters * _BYTES[kind]
    return Entry(
        name=model.name,
        kind=kind,
        licence=model.licence,
        languages=model.languages,
        megabytes=size if folder is None else round(folder_size(folder) / 1e6),
        memory=_memory(model.parameters, kind),
        installed=folder is not None,
        default=model.name == DEFAULT_MODEL,
        note=model.note,
    )


def _memory(parameters: int | None, kind: Kind) -> int | None:
    """Return the megabytes that loading takes at its highest, on this machine."""
    if parameters is None:
        return None
    placement = choose_placement() if kind == "language" else Placement("cpu", "float32")
    return round(needed_memory(parameters * 1_000_000, placement, quantised=False) / 1e6)


def memory_as_text() -> str | None:
    """Return how much memory is free, None where the system does not say."""
    free = available_memory()
    return None if free is None else f"{shown_size(free)} of memory are free on this machine"


def entry_as_text(entry: Entry) -> str:
    """Return two lines: the name and its facts, and what to expect."""
    size = "size unknown" if entry.megabytes is None else shown_size(entry.megabytes * 1e6)
    languages = ", ".join(entry.languages)
    here = "installed" if entry.installed else "not installed"
    about = "" if entry.installed or entry.megabytes is None else "about "
    memory = "" if entry.memory is None else f", needs {shown_size(entry.memory * 1e6)} of memory"
    facts = f"{entry.kind}, {entry.licence}, {languages}, {about}{size} on disk{memory}, {here}"
    return f"{entry.name}  ({facts})\n    {entry.note}"


def plan_as_text(plan: Plan) -> str:
    """Return what will be fetched."""
    if not plan.missing:
        return f"{plan.wanted.shown} is here already ({shown_size(plan.size)})"
    return f"downloading {plan.wanted.shown}: {shown_size(plan.missing)}"


def check(name: str, settings: Settings) -> Check:
    """Try a model that is here; raises ModelError where it is broken."""
    kind = kind_of(name)
    if kind == "bundled":
        return Check(name, kind, tuple(_try_bundled(settings)))
    if kind == "reranker":
        reranker = CrossEncoderReranker(name, threads=settings.threads)
        return Check(name, kind, tuple(check_reranker(reranker)))
    if kind == "embedding":
        embedder = SentenceTransformerEmbedder(name, threads=settings.threads)
        return Check(name, "embedding", tuple(check_canary(embedder, known_model(name))))
    budget = Budget(answer_tokens=_CHECK_TOKENS, answer_seconds=settings.answer_seconds)
    results = tuple(try_writer(load_local(name, budget, threads=settings.threads)))
    known = KNOWN_LANGUAGE_MODELS.get(name)
    expected = known.languages if known else ("many",)
    weak = [r.language for r in results if not r.passed and _covers(expected, r.language)]
    return Check(name, "language", results, tuple(weak))


def _try_bundled(settings: Settings) -> list[CanaryResult]:
    """Ask the bundled models together for plain facts; raises ModelError where one is missing."""
    alone = {"embedder": BUNDLED, "reader": BUNDLED, "reranker": "", "answerer": "reader"}
    models = load_models(settings.model_copy(update=alone))
    results = [_asked_for(facts, language, models) for language, facts in FACTS.items()]
    failed = [each for each in results if not each.passed]
    if failed:
        counts = ", ".join(f"{each.right} of {each.total} ({each.language})" for each in failed)
        message = f"the bundled models find only {counts} plain facts: install Shutten again"
        raise ModelError(message)
    return results


def _asked_for(facts: Sequence[Fact], language: Language, models: Models) -> CanaryResult:
    articles = [Article(each.title, each.title, each.sentence, language=language) for each in facts]
    with Index.in_memory(articles, models.embedder) as index:
        assistant = assemble(index, models, max_question_characters=200)
        answers = [assistant.ask(each.question).text for each in facts]
    right = sum(each.answer in text.casefold() for each, text in zip(facts, answers, strict=True))
    return CanaryResult(language, right, len(facts))


def _covers(languages: tuple[str, ...], language: str) -> bool:
    return language in languages or "many" in languages


def kind_of(name: str) -> Kind:
    """Tell what a model is by what is known of it, else by its files; raises ModelError."""
    if name == BUNDLED:
        return "bundled"
    if name in KNOWN_LANGUAGE_MODELS:
        return "language"
    if name in KNOWN_MODELS:
        return "embedding"
    if name in KNOWN_RERANKERS:
        return "reranker"
    return _kind_by_files(find_model(name))


def _kind_by_files(files: ModelFiles) -> Kind:
    if files.file:
        return "language"
    try:
        made = architectures(files.folder)
    except (OSError, ValueError):
        return "embedding"
    if is_cross_encoder(made):
        return "reranker"
    if (files.folder / "modules.json").is_file():
        return "embedding"
    return "language" if "CausalLM" in made or "LMHead" in made else "embedding"


def check_as_text(outcome: Check) -> str:
    """Return one line with what was right."""
    counts = ", ".join(f"{each.language} {each.right} of {each.total}" for each in outcome.results)
    if outcome.kind == "bundled":
        return f"the bundled models (embedding, ranking and reader) work: {counts}"
    return f"{outcome.name} ({outcome.kind} model) works: {counts}"


def weakness(outcome: Check) -> str | None:
    """Return a line of warning for a model that is too weak, None where it is not."""
    if not outcome.weak:
        return None
    return (
        f"{outcome.name} does not find simple facts in {' and '.join(outcome.weak)}: expect most of"
        " what it writes to be removed; choose another with `shutten models list`"
    )
