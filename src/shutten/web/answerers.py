"""Which language model writes the answers of this process, and what else could.

One language model at most is in memory. Whoever may choose chooses for everybody: two people who
want different models would else load both, and the last choice counts.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, Protocol

from shutten.errors import ModelError, ModelLoadingError, ModelMemoryError, UsageError
from shutten.hosts import is_loopback
from shutten.known_models import KNOWN_LANGUAGE_MODELS, KnownLanguageModel
from shutten.memory import available_memory, folder_size
from shutten.model_files import HubName, ModelFiles, cached_snapshot, find_model
from shutten.settings import Settings
from shutten.types import Embedder, Language, Writer
from shutten.writing import DEFAULT_MODEL, load_writer

if TYPE_CHECKING:
    from shutten.drafting import CheckedWriter

logger = logging.getLogger(__name__)

READER: Final = ""
"""The name under which the bundled reader is chosen."""

_MILLION: Final = 1_000_000
_STORED_BYTES: Final = 2
"""Of a parameter in a download."""

Kind = Literal["reader", "local", "server"]


class Writers(Protocol):
    """Says what writes."""

    @property
    def current(self) -> CheckedWriter | None:
        """The writer of the next answer, None where the reader quotes."""
        ...


@dataclass(frozen=True, slots=True)
class OneWriter:
    """What writes where there is nothing to choose."""

    current: CheckedWriter | None


@dataclass(frozen=True, slots=True)
class Offer:
    """One that can answer; `name` is what a choice of it says.

    `download` and `memory` are bytes, None where nothing is known of them or nothing is needed.
    """

    name: str
    kind: Kind
    licence: str | None = None
    languages: tuple[str, ...] = ()
    download: int | None = None
    memory: int | None = None
    installed: bool = True
    known: KnownLanguageModel | None = None

    @property
    def shown(self) -> str:
        """The name for people: of a path, which is nobody's business, the last part."""
        is_path = self.kind == "local" and self.known is None
        return Path(self.name).name if is_path else self.name

    def note(self, language: Language) -> str:
        """What to expect of a known model, in this language; empty of others."""
        if self.known is None:
            return ""
        return self.known.note_ja if language == "ja" else self.known.note


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a model does not write; `needed` and `free` are bytes where there is too little memory.

    `kept` is whether the one before it goes on writing.
    """

    offer: Offer
    needed: int | None = None
    free: int = 0
    kept: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """What is chosen, whether it is still on its way into memory, and what is wrong."""

    chosen: Offer
    loading: bool
    problem: Problem | None


class Answerers:
    """What can answer, and what does. May be shared by threads.

    A chosen model is loaded beside everything else; until it is there the reader quotes, and says
    why. The one before it first ends the answers that it has begun, and leaves memory.
    """

    def __init__(
        self,
        settings: Settings,
        embedder: Embedder,
        writer: CheckedWriter | None,
        *,
        load: Callable[[Settings], Writer | None] = load_writer,
    ) -> None:
        self._settings = settings
        self._embedder = embedder
        self._load = load
        self._configured = _configured(settings, writer)
        self._writer = writer
        self._chosen = self._configured if writer and self._configured else _READER
        self._problem = Problem(self._chosen) if writer and writer.problem else None
        self._loading = False
        self._changes = 0
        self._lock = threading.Lock()
        self._loader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="shutten-loader")

    @property
    def current(self) -> CheckedWriter | None:
        """The writer of the next answer; while a model is loaded, one that says so."""
        return self._writer

    @property
    def may_choose(self) -> bool:
        """Whether visitors may choose.

        Where no setting says it: only where none but this machine's own people come, as the app is
        bound to a loopback address and there is no word of a proxy before it or of other names.
        """
        settings = self._settings
        if settings.choose_model is not None:
            return settings.choose_model
        fronted = settings.trusted_proxies or settings.allowed_hosts or settings.allowed_origins
        return is_loopback(settings.host) and not fronted

    @property
    def state(self) -> State:
        """What stands now."""
        with self._lock:
            return State(self._chosen, self._loading, self._problem)

    def offers(self) -> list[Offer]:
        """Return all that could answer: the reader, what the settings name, the known models."""
        own = self._configured
        known = [_known_offer(each) for each in KNOWN_LANGUAGE_MODELS.values()]
        first = [] if own is None or own.known else [_measured(own)]
        return [_READER, *first, *known]

    def choose(self, name: str) -> State:
        """Have another one answer from the next question on; returns what stands then.

        Raises UsageError for what is not offered, or not on this machine. Where memory is short
        already, nothing changes but the problem that is told.
        """
        offer = next((each for each in self.offers() if each.name == name), None)
        if offer is None or not offer.installed:
            message = f"{name} cannot be chosen: run `shutten models pull NAME` first"
            raise UsageError(message)
        with self._lock:
            if offer.name == self._chosen.name and self._problem is None:
                return State(self._chosen, self._loading, None)
            self._problem = self._shortage(offer)
            if self._problem is None:
                self._change(offer)
            return State(self._chosen, self._loading, self._problem)

    def _shortage(self, offer: Offer) -> Problem | None:
        """Return what keeps a model out of memory, though the present one left it."""
        free = available_memory()
        if offer.memory is None or free is None:
            return None
        holds = self._writer is not None and self._writer.problem is None
        free += (_measured(self._chosen).memory or 0) if holds else 0
        if offer.memory <= free:
            return None
        kept = self._problem is None or self._problem.kept
        return Problem(offer, offer.memory, free, kept=kept)

    def _change(self, offer: Offer) -> None:
        """Put a stand-in into the writer's place, and have the rest done in the background."""
        former, self._chosen = self._writer, offer
        self._changes += 1
        self._loading = offer.kind != "reader"
        self._writer = self._waiting_for(offer) if self._loading else None
        # Two tasks: what the first one holds is let go of before the second one begins.
        if former is not None:
            self._loader.submit(former.close)
        if self._loading:
            self._loader.submit(self._bring, offer, self._changes)

    def _waiting_for(self, offer: Offer) -> CheckedWriter:
        from shutten.loaded_models import stand_in

        waiting = ModelLoadingError(f"the language model {offer.name} is being loaded: ask again")
        return stand_in(offer.name, waiting, self._embedder)

    def _bring(self, offer: Offer, change: int) -> None:
        """Load a model, unless another choice has been made meanwhile."""
        if self._changes != change:
            return
        writer, problem = self._loaded(offer)
        with self._lock:
            if self._changes == change:
                self._writer, self._problem, self._loading = writer, problem, False
                return
        writer.close()

    def _loaded(self, offer: Offer) -> tuple[CheckedWriter, Problem | None]:
        from shutten.loaded_models import checked_writer, stand_in

        settings = self._settings_for(offer)
        try:
            writer = self._load(settings)
            if writer is None:
                message = f"nothing writes under the name {offer.name}: choose another model"
                raise ModelError(message)
        except ModelError as error:
            logger.warning("%s; until then the reader answers", error)
            return stand_in(offer.name, error, self._embedder), _problem_of(offer, error)
        return checked_writer(writer, self._embedder, settings), None

    def _settings_for(self, offer: Offer) -> Settings:
        model = offer.name if offer.kind == "local" else self._settings.model
        return self._settings.model_copy(update={"answerer": offer.kind, "model": model})


def _problem_of(offer: Offer, error: ModelError) -> Problem:
    if isinstance(error, ModelMemoryError):
        return Problem(offer, error.needed, error.free)
    return Problem(offer)


# ── what there is to choose ──────────────────────────────────────────────────────────────────

_READER = Offer(READER, "reader")


def _configured(settings: Settings, writer: CheckedWriter | None) -> Offer | None:
    """Return the model that the settings name, None where they name none."""
    if settings.answerer == "server":
        return Offer(settings.model, "server") if settings.model else Offer("server", "server")
    name = settings.model or (DEFAULT_MODEL if settings.answerer == "local" else "")
    if not name:
        return None if writer is None else Offer(writer.name, "local")
    known = KNOWN_LANGUAGE_MODELS.get(name)
    return Offer(name, "local") if known is None else _known_offer(known)


def _known_offer(model: KnownLanguageModel) -> Offer:
    folder = cached_snapshot(HubName(model.name))
    parameters = model.parameters * _MILLION
    return Offer(
        model.name,
        "local",
        model.licence,
        model.languages,
        parameters * _STORED_BYTES if folder is None else folder_size(folder),
        _memory_for(parameters, quantised=False),
        folder is not None,
        model,
    )


def _measured(offer: Offer) -> Offer:
    """Return a model that nobody knows with what its files say; a known one as it is."""
    from shutten.writing.loading import count_parameters

    if offer.kind != "local" or offer.known is not None:
        return offer
    try:
        files = find_model(offer.name)
        memory = _memory_for(count_parameters(files), quantised=files.file is not None)
    except (ModelError, OSError):
        return Offer(offer.name, "local", installed=False)
    return Offer(offer.name, "local", download=_size_of(files), memory=memory)


def _size_of(files: ModelFiles) -> int:
    return sum(path.stat().st_size for path in files.weights)


def _memory_for(parameters: int, *, quantised: bool) -> int:
    from shutten.writing.loading import choose_placement, needed_memory

    return needed_memory(parameters, choose_placement(), quantised=quantised)
