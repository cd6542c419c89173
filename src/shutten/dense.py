"""The vectors' view: exact inner products in FAISS, one file per commit of the store."""

from __future__ import annotations

import contextlib
import logging
import os
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from shutten.store import Keys
from shutten.types import Matrix
from shutten.views import Found, ViewError, best_first

logger = logging.getLogger(__name__)

_NAME = "dense-{}.faiss"
_UNFINISHED = ".new"
_SEAL = struct.Struct("<4sQQ")
_MARK = b"SHTN"


_NO_KEYS: Keys = np.empty(0, dtype=np.int64)


class DenseView:
    """Sentence keys with their vectors.

    A view may lie over another one: what is `gone` from that is passed over, what came `late` is
    searched beside it. So a small change costs little however large the view below is.
    """

    def __init__(
        self,
        index: Any,  # noqa: ANN401 -- FAISS has no types
        *,
        gone: Keys = _NO_KEYS,
        late: DenseView | None = None,
    ) -> None:
        self._index = index
        self._gone = gone
        self._late = late

    @classmethod
    def of(cls, dimension: int, vectors: Iterable[tuple[Keys, Matrix]]) -> DenseView:
        """Build from keys with their rows."""
        import faiss

        index: Any = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
        for keys, matrix in vectors:
            index.add_with_ids(matrix, keys)
        return cls(index)

    @property
    def below(self) -> DenseView:
        """The view as it was read from disk or built."""
        return DenseView(self._index)

    def changed(self, removed: Keys, added: Iterable[tuple[Keys, Matrix]]) -> DenseView:
        """Return a view over the one below, without some keys and with others."""
        late = DenseView.of(self.dimension, added)
        return DenseView(self._index, gone=np.concatenate([removed, late.keys]), late=late)

    @property
    def keys(self) -> Keys:
        """The keys of a view that lies over no other."""
        import faiss

        keys: Keys = faiss.vector_to_array(self._index.id_map)
        return keys

    def change(self, removed: Keys, added: Iterable[tuple[Keys, Matrix]]) -> None:
        """Take keys out and others in, in place; not while another thread searches."""
        if len(removed):
            self._index.remove_ids(removed)
        for keys, matrix in added:
            # FAISS does not keep ids unique: what it already has goes first.
            self._index.remove_ids(keys)
            self._index.add_with_ids(matrix, keys)

    def __len__(self) -> int:
        return int(self._index.ntotal)  # those that are gone included

    @property
    def dimension(self) -> int:
        """How many numbers each vector has; what is searched for must have as many."""
        return int(self._index.d)

    def search(self, vector: Matrix, k: int, *, among: Keys | None = None) -> list[Found]:
        """Return up to k keys by inner product, best first, `among` the given keys or all."""
        found = self._found(vector, k + len(self._gone), among)
        if self._late is not None:
            gone = set(self._gone.tolist())
            kept = [each for each in found if each.key not in gone]
            found = kept + self._late.search(vector, k, among=among)
        return best_first([each.key for each in found], [each.score for each in found])[:k]

    def _found(self, vector: Matrix, k: int, among: Keys | None) -> list[Found]:
        count = min(k, len(self) if among is None else len(among))
        if count < 1 or not len(self):
            return []
        parameters = None
        if among is not None:
            parameters = _only(among)
        question = np.ascontiguousarray(vector, dtype=np.float32).reshape(1, -1)
        with _one_thread():
            scores, keys = self._index.search(question, count, params=parameters)
        real = keys[0] >= 0  # FAISS fills up with id -1
        return [
            Found(key, score)
            for key, score in zip(keys[0][real].tolist(), scores[0][real].tolist(), strict=True)
        ]

    def write(self, directory: Path, sequence: int) -> Path:
        """Write under a temporary name, sealed and synced, and return its path.

        Raises ViewError, and leaves no file, where it cannot be written.
        """
        import faiss

        path = directory / (_NAME.format(sequence) + _UNFINISHED)
        try:
            faiss.write_index(self._index, str(path))
            _seal(path, sequence)
        except (RuntimeError, OSError) as error:  # FAISS says RuntimeError
            path.unlink(missing_ok=True)
            raise ViewError(f"no room for {path.name}") from error
        return path


def _seal(path: Path, sequence: int) -> None:
    """Append a sum over the file to it, and have it all on disk."""
    seal = _SEAL.pack(_MARK, sequence, _sum(path))
    with path.open("ab") as file:
        file.write(seal)
        file.flush()
        os.fsync(file.fileno())


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    """Let FAISS search on one thread: it parallelises over questions, and here is only one.

    The number is one of the whole OpenMP runtime, which torch shares: it is put back, or the
    reader would run on one core from the first question on.
    """
    import faiss

    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)


def _only(keys: Keys) -> Any:  # noqa: ANN401 -- FAISS search parameters
    """Restrict a search to keys: a bit for each key is ten times faster than a set of keys."""
    import faiss

    wanted = np.zeros(int(keys.max()) + 1, dtype=np.bool_)
    wanted[keys] = True
    selector: Any = faiss.IDSelectorBitmap
    parameters: Any = faiss.SearchParameters
    return parameters(sel=selector(np.packbits(wanted, bitorder="little")))


def publish(written: Path) -> None:
    """Give a written view its name and delete the others: from now on it is the one that counts."""
    directory = written.parent
    path = written.with_suffix("")
    written.replace(path)
    fsync_folder(directory)
    for other in directory.glob(_NAME.format("*") + "*"):
        if other != path:
            other.unlink(missing_ok=True)


def latest(directory: Path) -> tuple[int, Path] | None:
    """Return the newest view in a folder with its sequence number, unopened."""
    found = []
    for path in directory.glob(_NAME.format("*")):
        number = path.stem.removeprefix("dense-")
        if number.isdecimal():
            found.append((int(number), path))
    return max(found, default=None)


def unfinished(directory: Path) -> list[Path]:
    """Return the files that were written and never published."""
    return list(directory.glob(_NAME.format("*") + _UNFINISHED))


def load(path: Path, sequence: int) -> DenseView:
    """Read a view; raises ViewError where the file is not whole."""
    import faiss

    check_seal(path, sequence)
    try:
        index = faiss.read_index(str(path))
    except RuntimeError as error:
        raise ViewError(str(error)) from error
    return DenseView(index)


def check_seal(path: Path, sequence: int) -> None:
    """Raise ViewError where a file is not what was written: FAISS itself reads wrong numbers."""
    try:
        seal = _read_seal(path)
        expected = _SEAL.pack(_MARK, sequence, _sum(path, without=_SEAL.size))
    except (OSError, ValueError) as error:  # ValueError: an empty file cannot be mapped
        raise ViewError(f"{path.name} cannot be read ({error})") from error
    if seal != expected:
        message = f"{path.name} is damaged"
        raise ViewError(message)


def _read_seal(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(-min(_SEAL.size, path.stat().st_size), os.SEEK_END)
        return file.read()


def _sum(path: Path, *, without: int = 0) -> int:
    """Add up a file in words of eight bytes: as fast as memory can be read."""
    mapped = np.memmap(path, dtype=np.uint8, mode="r")
    octets = mapped[: max(len(mapped) - without, 0)]
    whole = len(octets) // 8 * 8
    words = octets[:whole].view(np.uint64)
    rest = int.from_bytes(octets[whole:].tobytes(), "little")
    return (int(words.sum(dtype=np.uint64)) + rest) % (1 << 64)


def fsync_folder(directory: Path) -> None:
    """Make a rename in a folder last through a power cut."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
