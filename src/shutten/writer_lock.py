"""The lock of an index: one process writes, and others can see that it does."""

from __future__ import annotations

import fcntl
import time
from pathlib import Path
from typing import TextIO

from shutten.errors import IndexBusyError, IndexWriteError

_NAME = "lock"
_ATTEMPTS = 5
_PAUSE_SECONDS = 0.02


def take(directory: Path, *, patience: float = 0.0) -> TextIO:
    """Take the lock, until the file is closed, of a folder that is made where there is none.

    Another's writing is waited for, so many seconds of `patience`. Raises IndexBusyError where
    another holds it, IndexWriteError where the folder is closed to us.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        file = (directory / _NAME).open("a", encoding="utf-8")
    except OSError as error:
        permissions = "check the folder's permissions, or name another with --index"
        cure = "it is a file, name a folder with --index" if directory.is_file() else permissions
        message = f"the index {directory} cannot be written ({error.strerror}): {cure}"
        raise IndexWriteError(message) from error
    # A reader that looks whether the lock is taken holds it for a moment itself.
    for _ in range(_ATTEMPTS + round(patience / _PAUSE_SECONDS)):
        if _try(file, fcntl.LOCK_EX):
            return file
        time.sleep(_PAUSE_SECONDS)
    file.close()
    message = f"another process is writing to {directory}; wait until it has finished"
    raise IndexBusyError(message)


def is_taken(directory: Path) -> bool:
    """Return whether a process is writing; False too where there is no lock to look at."""
    try:
        file = (directory / _NAME).open(encoding="utf-8")
    except OSError:
        return False
    with file:
        return not _try(file, fcntl.LOCK_SH)


def _try(file: TextIO, kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
