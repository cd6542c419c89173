"""The views in the folder of an index: opened, caught up with the store, or made anew from it.

A view never leads: it is published after the commit that it shows. So a reader opens the view
first and looks at the store second; what the store has more is then replayed.
"""

from __future__ import annotations

import logging
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np

from shutten import dense
from shutten.dense import DenseView
from shutten.keyword import KeywordView
from shutten.store import Keys, Store
from shutten.views import ViewError

logger = logging.getLogger(__name__)

KEYWORD_FOLDER = "keyword"
_NO_KEYS: Keys = np.empty(0, dtype=np.int64)
_ATTEMPTS = 3

View = TypeVar("View")


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
        changes = store.changes_since(opened.sequence) if opened else None
        if opened and changes:
            opened.view.change(changes.removed, store.vectors(changes.added))
            return AtCommit(sequence, opened.view)
        facts = store.facts()
        return AtCommit(sequence, DenseView.of(facts.dimension if facts else 1, store.vectors()))


def keyword_caught_up(store: Store, directory: Path | None) -> AtCommit[KeywordView]:
    """Return the tokens of the store's latest commit; nothing is written."""
    opened = _open_keyword(directory) if directory else None
    with store.database.snapshot():
        sequence = store.sequence()
        if opened and opened.sequence == sequence:
            return opened
        view = KeywordView.in_memory()
        _fill(view, store, sequence)
        return AtCommit(sequence, view)


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
        added, size = store.searchable(changes.added), len(changes.added)
        opened.view.change(changes.removed, added, sequence=sequence, size=size)
        return
    _write_keyword_anew(store, directory, sequence)


def repair(store: Store, directory: Path) -> None:
    """Bring both views on disk to the store's latest commit, with a line for each that was not."""
    sequence = store.sequence()
    if not sequence:
        return
    opened = _open_dense(directory)
    if not opened or opened.sequence != sequence:
        logger.warning("the vectors' view in %s was not current: written again", directory)
        dense.publish(write_dense(store, directory))
    keyword = _open_keyword(directory)
    if not keyword or keyword.sequence != sequence:
        logger.warning("the keyword view in %s was not current: written again", directory)
        write_keyword(store, directory)


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
    if not folder.is_dir():
        return None
    try:
        view = KeywordView.open(folder)
        return AtCommit(view.sequence(), view)
    except ViewError as error:
        logger.warning("%s; its content is taken from the store", error)
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
