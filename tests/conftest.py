"""Shared set-up: no setting of the developer's own shell reaches a test."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parents[1]))  # the tests find each other by `tests.`

from tests.nursery import COMMANDS, MODELS, SERVING, Nursery

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
# The threads of several processes share the cores: who waits for its turn is not to spin, and two
# processes with a thread each take four fifths of the time of two with two.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

SLOW = 20
BROWSER = 5
"""How many plain tests one of these counts for, roughly."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first: each goes to one worker, and none is to run alone in the end."""
    weights: Counter[Path] = Counter()
    for item in items:
        slow, browser = (item.get_closest_marker(name) for name in ("slow", "browser"))
        weights[item.path] += SLOW if slow else BROWSER if browser else 1
    items.sort(key=lambda item: -weights[item.path])


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("SHUTTEN_"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def commands() -> Iterator[Nursery]:
    """Runs commands that load no model of a library and serve nothing."""
    nursery = Nursery(*COMMANDS)
    yield nursery
    nursery.close()


@pytest.fixture(scope="session")
def heavy_commands(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """Runs any command, those that load models and those that serve them, with an empty hub cache.

    The hub's library takes its folder and whether it may ask from the environment it begins with.
    """
    environment = {**os.environ, "HF_HOME": str(tmp_path_factory.mktemp("hub"))}
    nursery = Nursery(*COMMANDS, *MODELS, *SERVING, environment=environment)
    yield nursery
    nursery.close()
