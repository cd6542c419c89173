"""The files of the keyword view: whether they are whole, and how to read them without touching."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from shutten.views import ViewError

_META = "meta.json"
_MANAGED = ".managed.json"
_PARTS = ("fast", "fieldnorm", "idx", "pos", "store", "term")
_FOOTER_MARK = (1337).to_bytes(4, "little")


def check_whole(folder: Path) -> None:
    """Raise ViewError where a file is missing or not as it was written.

    tantivy looks at its checksums only on request, and searching a damaged file is a panic.
    """
    try:
        for name in _segment_files(folder):
            _check_sum(folder / name)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ViewError(f"{folder.name} cannot be read ({error})") from error


@contextmanager
def linked(folder: Path) -> Iterator[Path]:
    """Yield a temporary folder with links to a view's files, which stay as they are.

    tantivy replaces files and never changes one; a view stays usable after its folder is gone.
    """
    try:
        with TemporaryDirectory(prefix="shutten-", ignore_cleanup_errors=True) as name:
            for file in (_META, _MANAGED, *_segment_files(folder)):
                (Path(name) / file).symlink_to((folder / file).resolve())
            yield Path(name)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ViewError(f"{folder.name} cannot be read ({error})") from error


def sweep(folder: Path) -> None:
    """Delete files that belong to no commit: a writer killed before its own left them.

    tantivy refuses to write a file of deletions that is there already.
    """
    kept = {_META, _MANAGED, *_segment_files(folder)}
    for path in folder.iterdir():
        if path.name not in kept and path.suffix != ".lock":
            path.unlink()


def is_writable(folder: Path) -> bool:
    """Return whether tantivy could take its locks in a folder: without, it opens nothing."""
    return all(os.access(path, os.W_OK) for path in (folder, *folder.glob("*.lock")))


def let_read(folder: Path) -> None:
    """Give tantivy's lists of files, which it keeps for the owner, to who may enter the folder.

    The umask cannot be looked at without setting it for all threads.
    """
    allowed = folder.stat().st_mode & 0o666
    for path in (folder / _META, folder / _MANAGED):
        path.chmod(allowed)


def state_of(folder: Path) -> tuple[int, int] | None:
    """Return what changes with every commit of a view, None where there is no view."""
    try:
        found = (folder / _META).stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def _segment_files(folder: Path) -> list[str]:
    meta = json.loads((folder / _META).read_text(encoding="utf-8"))
    names = []
    for segment in meta["segments"]:
        stem = segment["segment_id"].replace("-", "")
        names += [f"{stem}.{part}" for part in _PARTS]
        if segment["deletes"]:
            names.append(f"{stem}.{segment['deletes']['opstamp']}.del")
    return names


def _check_sum(path: Path) -> None:
    """Compare with tantivy's footer: JSON with the CRC, its length, and a mark."""
    content = path.read_bytes()
    length = int.from_bytes(content[-8:-4], "little")
    body, footer = content[: -8 - length], content[-8 - length : -8]
    if content[-4:] != _FOOTER_MARK or json.loads(footer)["crc"] != zlib.crc32(body):
        message = f"{path.name} is damaged"
        raise ValueError(message)
