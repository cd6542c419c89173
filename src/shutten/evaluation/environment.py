"""What a number depends on beside the code: machine, load, versions, commit, settings."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import shutten
from shutten.settings import Settings
from shutten.types import EmbedderFacts, Reader

PACKAGES = ("torch", "faiss-cpu", "transformers", "sentence-transformers", "tantivy", "numpy")
PROCESSOR_FILE = Path("/proc/cpuinfo")
NOT_ABOUT_ANSWERS = frozenset(
    {
        *("index", "host", "port", "frame_ancestors", "upload_max_megabytes", "upload_minutes"),
        *("allowed_origins", "api_keys", "admin_token", "requests_per_minute"),
        *("request_max_megabytes", "feedback_file", "keep_feedback", "wiki_user", "wiki_password"),
        "choose_model",
        *("server_key", "server_timeout", "server_tries"),
    }
)
"""Settings that say where and how Shutten is served and where its articles come from; they do not
change what it answers."""


def load_average() -> list[float] | None:
    """Return the load over 1, 5 and 15 minutes, None where the system keeps none."""
    return [round(load, 2) for load in os.getloadavg()] if hasattr(os, "getloadavg") else None


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def is_loaded(load: list[float] | None) -> bool:
    """Tell whether the machine was so busy that timings mean little."""
    return load is not None and load[0] > 0.5 * processors()


def machine() -> dict[str, Any]:
    """Return facts that a reader of a report needs to repeat it."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "shutten": shutten.__version__,
        "commit": commit(),
        "processor": processor_name(),
        "processors": processors(),
        "threads": _threads(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "versions": {name: _version(name) for name in PACKAGES},
    }


def processor_name() -> str:
    """Return the processor's trade name where the system tells it."""
    if PROCESSOR_FILE.is_file():
        for line in PROCESSOR_FILE.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def commit() -> str | None:
    """Return the commit this package runs from ("+" after it: changed since), if it is tracked."""
    here = Path(__file__).resolve()
    if _git(here.parent, "ls-files", "--error-unmatch", here.name) is None:
        return None
    head = _git(here.parent, "rev-parse", "--short=12", "HEAD")
    changed = _git(here.parent, "status", "--porcelain", "--untracked-files=no", "--", ":/src")
    return f"{head}+" if head and changed else head


def _git(folder: Path, *words: str) -> str | None:
    program = shutil.which("git")
    if program is None:
        return None
    command = [program, "-C", str(folder), *words]
    done = subprocess.run(command, capture_output=True, check=False, text=True)  # noqa: S603
    return None if done.returncode else done.stdout.strip()


def _threads() -> int | None:
    """Threads of torch; asking must not be what loads it."""
    torch = sys.modules.get("torch")
    return None if torch is None else int(torch.get_num_threads())


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def settings_facts(settings: Settings, embedder: EmbedderFacts, reader: Reader) -> dict[str, Any]:
    """Return what the answers depend on, with a fingerprint over all of it."""
    dumped = settings.model_dump(mode="json")
    facts: dict[str, Any] = {
        "settings": {
            name: dumped[name] for name in sorted(dumped) if name not in NOT_ABOUT_ANSWERS
        },
        "embedder": asdict(embedder),
        "reader": reader.name,
        "threshold": reader.threshold,
    }
    return {"fingerprint": fingerprint(facts), **facts}


def fingerprint(facts: Mapping[str, Any]) -> str:
    """Return 16 hexadecimal digits that change with any of the facts."""
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
