"""How much memory and disk there is, asked before something large is loaded or fetched."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
from pathlib import Path

_MEMORY_FACTS = Path("/proc/meminfo")
_GROUP = Path("/sys/fs/cgroup")


def available_memory() -> int | None:
    """Return how many bytes can be used without swapping, None where the system does not say.

    Inside a container its limit counts, which /proc/meminfo does not know.
    """
    known = [each for each in (_available_in_machine(), _available_in_group()) if each is not None]
    return min(known) if known else None


def _available_in_machine() -> int | None:
    try:
        lines = _MEMORY_FACTS.read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    kilobytes = [line.split()[1] for line in lines if line.startswith("MemAvailable:")]
    return int(kilobytes[0]) * 1024 if kilobytes else None


def _available_in_group() -> int | None:
    """Return what the limit leaves; cached files in the group's use can be given up for it."""
    try:
        limit = (_GROUP / "memory.max").read_text(encoding="ascii").strip()
        used = int((_GROUP / "memory.current").read_text(encoding="ascii"))
        facts = (_GROUP / "memory.stat").read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return None
    if not limit.isdigit():
        return None
    cached = int(facts[facts.index("inactive_file") + 1]) if "inactive_file" in facts else 0
    return max(0, int(limit) - used + cached)


def free_disk(folder: Path) -> int:
    """Return the free bytes where a folder is or will be."""
    existing = next(each for each in (folder, *folder.absolute().parents) if each.is_dir())
    return shutil.disk_usage(existing).free


def folder_size(folder: Path) -> int:
    """Return the bytes of all files in a folder; what links point to counts, once."""
    files = {Path(os.path.realpath(path)) for path in folder.rglob("*") if path.is_file()}
    return sum(path.stat().st_size for path in files)


def shown_size(count: float) -> str:
    """Return bytes as people read them: "98 MB", "1.6 GB"."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"  # noqa: PLR2004


def give_back_freed() -> None:
    """Hand memory that was freed back to the system; elsewhere than with glibc do nothing.

    glibc keeps freed blocks of up to 32 MB for itself (malloc_trim(3)), of a language model most.
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)
