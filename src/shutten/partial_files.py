"""Files of a model that go on where a stopped download left them, even by another process.

huggingface_hub takes a broken connection up again, but begins a file anew where its process was
ended. What has come of a large file stays here beside the finished ones, under the content that it
will have, and the library finds the whole one.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from shutten.errors import ModelError

LARGE = 10_000_000
"""Bytes from which on a file is worth going on with."""

_ENDING = ".part"


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file of a hub's repository at one commit."""

    repository: str
    path: str
    commit: str


def kept_bytes(blobs: Path) -> int:
    """Return how much of unfinished files is in the folder of a repository's contents."""
    return sum(part.stat().st_size for part in blobs.glob(f"*{_ENDING}"))


def fetch(file: RemoteFile, blobs: Path) -> None:
    """Bring a file into the folder of contents, from where an earlier download of it ended.

    The content is not looked at. Raises ModelError where another process fetches it, and what
    huggingface_hub raises.
    """
    from huggingface_hub import get_hf_file_metadata, hf_hub_url
    from huggingface_hub.file_download import http_get
    from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]  # documented

    url = hf_hub_url(file.repository, file.path, revision=file.commit)
    there = get_hf_file_metadata(url)
    if not there.etag or not there.size or (blobs / there.etag).exists():
        return
    with _opened(blobs / f"{there.etag}{_ENDING}", file) as part:
        http_get(
            url,
            part,
            resume_size=_begun(part, there.size),
            headers=build_hf_headers(),
            expected_size=there.size,
            displayed_filename=file.path,
        )
        Path(part.name).rename(blobs / there.etag)


@contextmanager
def _opened(path: Path, file: RemoteFile) -> Iterator[BinaryIO]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as part:
        try:
            fcntl.flock(part, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = (
                f"another process is downloading {file.path} of {file.repository}: wait until it"
                " has finished"
            )
            raise ModelError(message) from error
        yield part


def _begun(part: BinaryIO, size: int) -> int:
    """Return how much has come; of more than there is to come, nothing is kept."""
    if part.tell() > size:
        part.truncate(0)
    return part.seek(0, 2)
