"""Models from the hub to this machine: asked for disk space before, checked for content after.

The only place that downloads a model. A connection that breaks is taken up where it broke; run
again, a download goes on with the files that have not come whole, the large ones from where they
ended.
"""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from shutten.errors import ModelError
from shutten.memory import free_disk, shown_size
from shutten.model_files import LEFT_OUT, OLD_WEIGHTS, SAFE_WEIGHTS, HubName, hub_name, patterns
from shutten.partial_files import LARGE, RemoteFile, fetch, kept_bytes

if TYPE_CHECKING:
    from huggingface_hub import DryRunFileInfo

_SPARE = 50_000_000
"""Bytes of disk that stay free."""
_CONTENTS = "blobs"
"""Where the hub's cache keeps the files of a repository, named by their content."""
_UNREACHABLE = (errno.ENETUNREACH, errno.EHOSTUNREACH)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a download needs: patterns of files, bytes in all, and bytes still to come."""

    wanted: HubName
    allowed: tuple[str, ...]
    size: int
    missing: int
    large: tuple[RemoteFile, ...] = ()
    """Files still to come that are fetched one by one, so that they can be gone on with."""


def download(name: str, *, tell: Callable[[Plan], None] = lambda _: None) -> Path:
    """Fetch a model ("owner/name" or "owner/name/file.gguf") into the hub cache; return its folder.

    `tell` hears what will be fetched. What is here already is not fetched again. Raises ModelError.
    """
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError

    if Path(name).expanduser().exists() or name.startswith((".", "/", "~")):
        message = (
            f"{name} is a path on this machine, and `pull` fetches from the hub: try what is there"
            f" with `shutten models check {name}`, or name a model as in `shutten models list`"
        )
        raise ModelError(message)
    wanted = hub_name(name)
    try:
        plan = _plan(wanted)
        _check_disk(plan)
        tell(plan)
        for file in plan.large:
            fetch(file, _cache(wanted) / _CONTENTS)
        folder = snapshot_download(
            wanted.repository,
            allow_patterns=list(plan.allowed),
            ignore_patterns=None if wanted.file else list(LEFT_OUT),
        )
        _check_content(wanted, Path(folder))
    except (HfHubHTTPError, HFValidationError, OSError, ValueError, RuntimeError) as error:
        _explain(name, error)
    return Path(folder)


def _plan(wanted: HubName) -> Plan:
    for weights in (SAFE_WEIGHTS, OLD_WEIGHTS):
        allowed = patterns(wanted, weights)
        files = _listed(wanted, allowed)
        if any(file.filename.endswith((weights.lstrip("*"), ".gguf")) for file in files):
            return _planned(wanted, tuple(allowed), files)
    message = f"the hub has no weights of {wanted.shown} that can be used: name another model"
    raise ModelError(message)


def _planned(wanted: HubName, allowed: tuple[str, ...], files: list[DryRunFileInfo]) -> Plan:
    from huggingface_hub.constants import MAX_HTTP_DOWNLOAD_SIZE

    sizes = {file.filename: file.file_size or 0 for file in files}
    coming = [file for file in files if file.will_download]
    here = kept_bytes(_cache(wanted) / _CONTENTS) if coming else 0
    large = tuple(
        RemoteFile(wanted.repository, file.filename, file.commit_hash)
        for file in coming
        if LARGE <= sizes[file.filename] <= MAX_HTTP_DOWNLOAD_SIZE
    )
    missing = max(0, sum(sizes[file.filename] for file in coming) - here)
    return Plan(wanted, allowed, sum(sizes.values()), missing, large)


def _listed(wanted: HubName, allowed: list[str]) -> list[DryRunFileInfo]:
    from huggingface_hub import snapshot_download

    return snapshot_download(
        wanted.repository,
        allow_patterns=allowed,
        ignore_patterns=None if wanted.file else list(LEFT_OUT),
        dry_run=True,
    )


def _cache(wanted: HubName) -> Path:
    from huggingface_hub.constants import HF_HUB_CACHE

    return Path(HF_HUB_CACHE) / f"models--{wanted.repository.replace('/', '--')}"


def _check_disk(plan: Plan) -> None:
    place = _cache(plan.wanted)
    free = free_disk(place)
    if plan.missing + _SPARE > free:
        message = (
            f"{plan.wanted.shown} needs {shown_size(plan.missing)} of disk and"
            f" {shown_size(free)} are free at {place.parent}: free some, or set HF_HOME to a"
            " folder on a larger disk"
        )
        raise ModelError(message)


def _check_content(wanted: HubName, folder: Path) -> None:
    """Compare the files with the hub's checksums; one that is wrong is removed."""
    from huggingface_hub import HfApi

    found = HfApi().verify_repo_checksums(wanted.repository, revision=folder.name)
    wrong = [each["path"] for each in found.mismatches]
    for path in wrong:
        pointer = folder / path
        pointer.resolve().unlink(missing_ok=True)
        pointer.unlink(missing_ok=True)
    if wrong:
        message = (
            f"{wrong[0]} of {wanted.shown} came with another content than the hub says, and was"
            f" removed: run `shutten models pull {wanted.shown}` again"
        )
        raise ModelError(message)


def _is_without_network(error: BaseException | None) -> bool:
    """Whether no connection came about at all, however deep the library has wrapped it."""
    while error is not None:
        if isinstance(error, ConnectionRefusedError | socket.gaierror):
            return True
        if isinstance(error, OSError) and error.errno in _UNREACHABLE:
            return True
        error = error.__cause__ or error.__context__
    return False


def _explain(name: str, error: Exception) -> NoReturn:
    from huggingface_hub.errors import (
        DryRunError,
        GatedRepoError,
        HFValidationError,
        OfflineModeIsEnabled,
        RepositoryNotFoundError,
    )

    cause = error.__cause__ if isinstance(error, DryRunError) and error.__cause__ else error
    reason = " ".join(str(cause).split())[:200] or type(cause).__name__
    elsewhere = (
        "fetch it on another machine and name its folder or .gguf file in SHUTTEN_MODEL or --model"
    )
    if isinstance(cause, GatedRepoError):
        cure = (
            f"accept its terms at the page of {name} on the hub, and sign in with `hf auth login`"
        )
    elif isinstance(cause, RepositoryNotFoundError | HFValidationError):
        reason, cure = "the hub has none of this name", "see `shutten models list`"
    elif isinstance(cause, OfflineModeIsEnabled):
        reason = "HF_HUB_OFFLINE is set"
        cure = f"unset it for the download, or {elsewhere}"
    elif _is_without_network(cause):
        reason = "the hub cannot be reached"
        cure = f"check network and proxy and run the command again, or {elsewhere}"
    else:
        cure = "check network and disk, and run the command again; files that came whole are kept"
    message = f"the model {name} cannot be downloaded ({reason}): {cure}"
    raise ModelError(message) from error
