"""The views in the folder of an index: opened, caught up with the store, or made anew from it.

A view never leads: it is published after the commit that it shows. So a reader opens the view
first and looks at the store second; what the store has more is then replayed.

The dense view is one large file. After a small change it is left as it is, and readers lay the
change over it; it is written again before the store forgets what changed.
"""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Generic, Literal, TypeVar

import numpy as np

from shutten import dense, writer_lock
from shutten.dense import DenseView
from shutten.keyword import KeywordChange, KeywordView
from shutten.keyword_files import let_read, state_of, sweep
from shutten.store import REMEMBERED_COMMITS, Changes, Keys, Store
from shutten.views import ViewError

logger = logging.getLogger(__name__)

KEYWORD_FOLDER = "keyword"
_NO_KEYS: Keys = np.empty(0, dtype=np.int64)
_ATTEMPTS = 3
_PAUSES = 20
_PAUSE_SECONDS = 0.025
_UNFINISHED = ".new"
_REPLACED = ".old"
_FEW_COMMITS = REMEMBERED_COMMITS // 2
_FEW_KEYS = 1000
_SMALL_SHARE = 0.05
"""What may lie over the dense view on disk: so many commits, keys, and this share of all keys."""

_NOT_CURRENT = (
    "the %s view in %s is not current: caught up in memory, and written anew by the next"
    " `shutten index PATH`"
)

View = TypeVar("View")
ViewHealth = Literal["ok", "behind", "damaged", "missing"]
"""A view that is not "ok" is caught up in memory by readers and on disk by the next writer."""


@dataclass(frozen=True, slots=True)
class AtCommit(Generic[View]):
    """A view with the commit of the store that it shows; `on_disk` is that of its file, if any."""

    sequence: int
    view: View
    on_disk: int | None = None


def dense_caught_up(
    store: Store, directory: Path | None, previous: AtCommit[DenseView] | None = None
) -> AtCommit[DenseView]:
    """Return the vectors of the store's latest commit; nothing is written.

    What is in memory already is not read again. While a writer is between its commit and the view
    of it, the `previous` one stays; where there is none, the view is awaited for a moment.
    """
    opened = _opened(_open_dense_of(previous), store, directory, waits=previous is None)
    with store.database.snapshot():
        if directory and opened and (few := _few_changes(store, opened.sequence)):
            view = opened.view.changed(few.removed, store.vectors(few.added))
            return AtCommit(store.sequence(), view, opened.on_disk)
        if directory and opened and _is_current(opened, store):
            return opened
        if directory:
            if previous and writer_lock.is_taken(directory):
                return previous
            logger.warning(_NOT_CURRENT, "dense", directory)
        is_shared = previous and opened and previous.on_disk == opened.on_disk
        return _dense_at_latest(store, None if is_shared else opened)


def _few_changes(store: Store, sequence: int) -> Changes | None:
    """Return what changed since a commit, if it is little enough to lie over the view of it."""
    if sequence == store.sequence() or store.commits_since(sequence) > _FEW_COMMITS:
        return None
    changes = store.changes_since(sequence)
    if not changes:
        return None
    count = len(changes.removed) + len(changes.added)
    is_few = count <= min(_FEW_KEYS, _SMALL_SHARE * store.searchable_count())
    return changes if is_few else None


def keyword_caught_up(
    store: Store, directory: Path | None, previous: AtCommit[KeywordView] | None = None
) -> AtCommit[KeywordView]:
    """Return the tokens of the store's latest commit, as `dense_caught_up` does the vectors."""
    opened = _opened(_open_keyword, store, directory, waits=previous is None)
    with store.database.snapshot():
        if directory and not _is_current(opened, store):
            if previous and writer_lock.is_taken(directory):
                return previous
            logger.warning(_NOT_CURRENT, "keyword", directory)
        return _keyword_at_latest(store, opened, directory)


def _opened(
    open_view: Callable[[Path], AtCommit[View] | None],
    store: Store,
    directory: Path | None,
    *,
    waits: bool,
) -> AtCommit[View] | None:
    if directory is None:
        return None
    opened = open_view(directory)
    for _ in range(_PAUSES if waits else 0):
        if _is_current(opened, store) or not writer_lock.is_taken(directory):
            break
        time.sleep(_PAUSE_SECONDS)
        opened = open_view(directory)
    return opened


def _is_current(opened: AtCommit[View] | None, store: Store) -> bool:
    return opened is not None and opened.sequence == store.sequence()


def _dense_at_latest(store: Store, opened: AtCommit[DenseView] | None) -> AtCommit[DenseView]:
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


def _keyword_at_latest(
    store: Store, opened: AtCommit[KeywordView] | None, directory: Path | None
) -> AtCommit[KeywordView]:
    sequence = store.sequence()
    if opened and opened.sequence == sequence:
        return opened
    changes = store.changes_since(opened.sequence) if opened else None
    if directory and changes:
        try:
            view = _replayed(store, directory / KEYWORD_FOLDER, changes, sequence)
            return AtCommit(sequence, view)
        except ViewError as error:
            logger.warning("%s", error)
    view = KeywordView.in_memory()
    _all(view, store, sequence).commit()
    return AtCommit(sequence, view)


def _replayed(store: Store, folder: Path, changes: Changes, sequence: int) -> KeywordView:
    with KeywordView.apart(folder) as view:
        _some(view, store, changes, sequence).commit()
        return view


def _all(view: KeywordView, store: Store, sequence: int) -> KeywordChange:
    size = store.totals().searchable
    return view.prepare(_NO_KEYS, store.searchable(), sequence=sequence, size=size)


def _some(view: KeywordView, store: Store, changes: Changes, sequence: int) -> KeywordChange:
    added, size = store.searchable(changes.added), len(changes.added)
    return view.prepare(changes.removed, added, sequence=sequence, size=size)


class NextViews:
    """Both views of a commit that is not made yet: written, and seen by nobody.

    Made inside the store's transaction, so that a full disk leaves all as it was. Ends with
    `publish` after the commit, or with `abandon`. Raises ViewError, OSError.
    """

    def __init__(self, store: Store, directory: Path) -> None:
        self._dense = NextDense(store, directory)
        with ExitStack() as undo:
            undo.callback(self._dense.abandon)
            self._keyword = NextKeyword(store, directory)
            undo.pop_all()

    def publish(self) -> None:
        """Let readers see the views."""
        self._dense.publish()
        self._keyword.publish()

    def abandon(self) -> None:
        """Leave the views as they were."""
        self._dense.abandon()
        self._keyword.abandon()


class NextDense:
    """The dense view of the store's next or latest commit, unless it may lie over the one on disk.

    `always` writes it all the same.
    """

    def __init__(self, store: Store, directory: Path, *, always: bool = False) -> None:
        self._written: Path | None = None
        found = dense.latest(directory)
        if always or not found or not _few_changes(store, found[0]):
            latest = _dense_at_latest(store, _open_dense(directory))
            self._written = latest.view.write(directory, latest.sequence)

    def publish(self) -> None:
        """Let readers see it."""
        if self._written:
            dense.publish(self._written)

    def abandon(self) -> None:
        """Delete what was written; the view on disk has stayed as it was."""
        if self._written:
            self._written.unlink(missing_ok=True)


class NextKeyword:
    """The keyword view of the store's next or latest commit: the one on disk, or a new one."""

    def __init__(self, store: Store, directory: Path) -> None:
        self._folder = directory / KEYWORD_FOLDER
        self._new = self._folder.with_suffix(_UNFINISHED)
        sequence = store.sequence()
        opened = _open_keyword(directory)
        changes = store.changes_since(opened.sequence) if opened else None
        self._is_new = not opened or not changes
        if opened and changes:
            sweep(self._folder)
            self._change = _some(opened.view, store, changes, sequence)
        else:
            shutil.rmtree(self._new, ignore_errors=True)
            self._new.mkdir()
            self._change = _all(KeywordView.create(self._new), store, sequence)

    def publish(self) -> None:
        """Let readers see it."""
        self._change.commit()
        if self._is_new:
            self._take_the_place()
        let_read(self._folder)

    def _take_the_place(self) -> None:
        """Put the new folder where the old one was.

        A reader takes tantivy's lock a moment after it has opened the old one: a folder that is
        being emptied may get a file, one that was moved away does not.
        """
        replaced = self._folder.with_suffix(_REPLACED)
        with suppress(FileNotFoundError):
            self._folder.rename(replaced)
        self._new.rename(self._folder)
        dense.fsync_folder(self._folder.parent)
        shutil.rmtree(replaced, ignore_errors=True)

    def abandon(self) -> None:
        """Roll the change back; what was begun of a new view is swept away by the next writer."""
        self._change.abandon()


def repair(store: Store, directory: Path) -> None:
    """Bring both views on disk to the store's latest commit, with a line for each that was not."""
    _sweep(directory)
    if not store.sequence():
        return
    for name, state in health(store, directory).items():
        if state != "ok":
            logger.warning("the %s view in %s was %s: written again", name, directory, state)
            _NEXT[name](store, directory).publish()


def _sweep(directory: Path) -> None:
    """Delete what a writer had not finished, or not cleared away, when it was stopped."""
    for suffix in (_UNFINISHED, _REPLACED):
        shutil.rmtree(directory / f"{KEYWORD_FOLDER}{suffix}", ignore_errors=True)
    for path in dense.unfinished(directory):
        path.unlink(missing_ok=True)


def health(store: Store, directory: Path) -> dict[str, ViewHealth]:
    """Say for each view whether it shows the latest commit; FAISS is not needed for it."""
    sequence = store.sequence()
    return {
        "dense": _health(lambda: _dense_sequence(store, directory), sequence),
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


def _dense_sequence(store: Store, directory: Path) -> int | None:
    """Return the commit that the dense view shows with what may lie over it."""
    found = dense.latest(directory)
    if found is None:
        return None
    sequence, path = found
    dense.check_seal(path, sequence)
    return store.sequence() if _few_changes(store, sequence) else sequence


def _keyword_sequence(directory: Path) -> int | None:
    folder = directory / KEYWORD_FOLDER
    return KeywordView.open(folder).sequence() if folder.is_dir() else None


def _open_dense_of(
    previous: AtCommit[DenseView] | None,
) -> Callable[[Path], AtCommit[DenseView] | None]:
    """Return how to open the dense view: what was read before is taken again if it is the same."""

    def open_view(directory: Path) -> AtCommit[DenseView] | None:
        found = dense.latest(directory)
        if previous and found and previous.on_disk == found[0]:
            return AtCommit(found[0], previous.view.below, found[0])
        return _open_dense(directory)

    return open_view


def _open_dense(directory: Path) -> AtCommit[DenseView] | None:
    for _ in range(_ATTEMPTS):
        found = dense.latest(directory)
        if not found:
            return None
        try:
            return AtCommit(found[0], dense.load(found[1], found[0]), found[0])
        except ViewError as error:
            if found[1].exists():
                logger.warning("%s", error)
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
                logger.warning("%s", error)
                return None
        # A writer has made a commit under our hands: look again.
    return None


_NEXT: dict[str, Callable[[Store, Path], NextDense | NextKeyword]] = {
    "dense": partial(NextDense, always=True),
    "keyword": NextKeyword,
}
