"""The views in the folder of an index: opened, caught up with the store, or made anew from it.

A view never leads: it is published after the commit that it shows. So a reader opens the view
first and looks at the store second; what the store has more is then replayed.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Literal, TypeVar

import numpy as np

from shutten import dense
from shutten.dense import DenseView
from shutten.keyword import KeywordView
from shutten.keyword_files import let_read, state_of, sweep
from shutten.store import Changes, Keys, Store
from shutten.views import ViewError

logger = logging.getLogger(__name__)

KEYWORD_FOLDER = "keyword"
_NO_KEYS: Keys = np.empty(0, dtype=np.int64)
_ATTEMPTS = 3

View = TypeVar("View")
ViewHealth = Literal["ok", "behind", "damaged", "missing"]
"""A view that is not "ok" is caught up in memory by readers and on disk by the next writer."""


@dataclass(frozen=True, slots=True)
class AtCommit(Generic[View]):
    """A view with the commit of the store that it shows."""

    sequence: int
    view: View


def dense_caught_up(store: Store, directory: Path | None) -> AtCommit[DenseView]:
    """Return the vectors of the store's latest commit; nothing is written."""
    opened = _open_dense(directory) if directory else None
    with store.database.snapshot():
        sequence = store.sequence()
        if opened and opened.sequence == sequence:
            return opened
        facts = store.facts()
        dimension = facts.dimension if facts else 1
        changes = store.changes_since(opened.sequence) if opened else None
        if opened and changes and opened.view.dimension == dimension:
            opened.view.change(changes.removed, store.vectors(changes.added))
            return AtCommit(sequence, opened.view)
        return AtCommit(sequence, DenseView.of(dimension, store.vectors()))


def keyword_caught_up(store: Store, directory: Path | None) -> AtCommit[KeywordView]:
    """Return the tokens of the store's latest commit; nothing is written."""
    opened = _open_keyword(directory) if directory else None
    with store.database.snapshot():
        sequence = store.sequence()
        if opened and opened.sequence == sequence:
            return opened
        changes = store.changes_since(opened.sequence) if opened else None
        if directory and changes:
            try:
                view = _replayed(store, directory / KEYWORD_FOLDER, changes, sequence)
                return AtCommit(sequence, view)
            except ViewError as error:
                logger.warning("%s; its content is taken from the store", error)
        view = KeywordView.in_memory()
        _fill(view, store, sequence)
        return AtCommit(sequence, view)


def _replayed(store: Store, folder: Path, changes: Changes, sequence: int) -> KeywordView:
    with KeywordView.apart(folder) as view:
        _change(view, store, changes, sequence)
        return view


def write_dense(store: Store, directory: Path) -> Path:
    """Write the vectors of the store as it is inside its transaction; `dense.publish` ends it."""
    caught_up = dense_caught_up(store, directory)
    return caught_up.view.write(directory, caught_up.sequence)


def write_keyword(store: Store, directory: Path) -> None:
    """Bring the keyword view on disk to the store's latest commit."""
    opened = _open_keyword(directory)
    sequence = store.sequence()
    if opened and opened.sequence == sequence:
        return
    changes = store.changes_since(opened.sequence) if opened else None
    if opened and changes:
        sweep(directory / KEYWORD_FOLDER)
        _change(opened.view, store, changes, sequence)
    else:
        _write_keyword_anew(store, directory, sequence)
    let_read(directory / KEYWORD_FOLDER)


def repair(store: Store, directory: Path) -> None:
    """Bring both views on disk to the store's latest commit, with a line for each that was not."""
    _sweep(directory)
    if not store.sequence():
        return
    for name, state in health(store, directory).items():
        if state != "ok":
            logger.warning("the %s view in %s was %s: written again", name, directory, state)
            _WRITE_AGAIN[name](store, directory)


def _write_dense_again(store: Store, directory: Path) -> None:
    dense.publish(write_dense(store, directory))


def _sweep(directory: Path) -> None:
    """Delete what a writer had not finished when it was stopped."""
    shutil.rmtree(directory / f"{KEYWORD_FOLDER}.new", ignore_errors=True)
    for path in dense.unfinished(directory):
        path.unlink(missing_ok=True)


def health(store: Store, directory: Path) -> dict[str, ViewHealth]:
    """Say for each view whether it shows the latest commit; FAISS is not needed for it."""
    sequence = store.sequence()
    return {
        "dense": _health(lambda: _dense_sequence(directory), sequence),
        "keyword": _health(lambda: _keyword_sequence(directory), sequence),
    }


def _health(reached: Callable[[], int | None], sequence: int) -> ViewHealth:
    try:
        at = reached()
    except ViewError:
        return "damaged"
    if at is None:
        return "missing"
    return "ok" if at == sequence else "behind"


def _dense_sequence(directory: Path) -> int | None:
    found = dense.latest(directory)
    if found is None:
        return None
    sequence, path = found
    dense.check_seal(path, sequence)
    return sequence


def _keyword_sequence(directory: Path) -> int | None:
    folder = directory / KEYWORD_FOLDER
    return KeywordView.open(folder).sequence() if folder.is_dir() else None


def _open_dense(directory: Path) -> AtCommit[DenseView] | None:
    for _ in range(_ATTEMPTS):
        found = dense.latest(directory)
        if not found:
            return None
        try:
            return AtCommit(found[0], dense.load(found[1], found[0]))
        except ViewError as error:
            if found[1].exists():
                logger.warning("%s; the vectors are taken from the store", error)
                return None
        # A writer has put a newer one in its place: look again.
    return None


def _open_keyword(directory: Path) -> AtCommit[KeywordView] | None:
    folder = directory / KEYWORD_FOLDER
    for _ in range(_ATTEMPTS):
        state = state_of(folder)
        if state is None:
            return None
        try:
            view = KeywordView.open(folder)
            return AtCommit(view.sequence(), view)
        except ViewError as error:
            if state == state_of(folder):
                logger.warning("%s; its content is taken from the store", error)
                return None
        # A writer has made a commit under our hands: look again.
    return None


def _write_keyword_anew(store: Store, directory: Path, sequence: int) -> None:
    unfinished, folder = directory / f"{KEYWORD_FOLDER}.new", directory / KEYWORD_FOLDER
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    _fill(KeywordView.create(unfinished), store, sequence)
    shutil.rmtree(folder, ignore_errors=True)
    unfinished.rename(folder)
    dense.sync_folder(directory)


def _fill(view: KeywordView, store: Store, sequence: int) -> None:
    size = store.totals().searchable
    view.change(_NO_KEYS, store.searchable(), sequence=sequence, size=size)


def _change(view: KeywordView, store: Store, changes: Changes, sequence: int) -> None:
    added, size = store.searchable(changes.added), len(changes.added)
    view.change(changes.removed, added, sequence=sequence, size=size)


_WRITE_AGAIN = {"dense": _write_dense_again, "keyword": write_keyword}
