"""What both READMEs say of answers and of data sets, held against the code."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest

from shutten.assistant import open_assistant
from shutten.evaluation.datasets import NAMED_SETS, NEWS_ARTICLES
from shutten.filling import ensure_samples
from shutten.grounding import answer_as_dict
from shutten.settings import Settings
from shutten.types import RefusalReason, Status

ROOT = Path(__file__).parents[1]
NEAR = 0.1
"""The reader's scores differ a little between processors, and more with every reader."""

both = pytest.mark.parametrize("name", ["README.md", "README.ja.md"])


@cache
def readme(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def rows(name: str, heading: str) -> list[str]:
    """The first column of a table, without the back quotes."""
    table = readme(name).partition(f"| {heading} | |\n")[2].partition("\n\n")[0]
    return re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)


def tells_of(shown: Any, whole: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether an answer is the one shown, of which fields and what comes last may be left out."""
    if isinstance(shown, dict):
        return all(key in whole and tells_of(each, whole[key]) for key, each in shown.items())
    if isinstance(shown, list):
        return len(shown) <= len(whole) and all(map(tells_of, shown, whole))
    if isinstance(shown, float):
        return bool(abs(shown - whole) <= NEAR)
    return bool(shown == whole)


@both
def test_the_answer_shown_is_the_one_that_the_samples_give(name: str, tmp_path: Path) -> None:
    shown = json.loads("{" + readme(name).partition("```json\n{\n")[2].partition("\n```")[0])
    settings = Settings(index=tmp_path / "index")
    ensure_samples(settings)
    answer = answer_as_dict(open_assistant(settings).ask(shown["question"]))
    assert tells_of(shown, answer)
    assert not tells_of(shown | {"text": "another"}, answer)


@both
def test_every_status_and_reason_is_explained(name: str) -> None:
    assert rows(name, "`status`") == list(get_args(Status))
    assert rows(name, "`refusal_reason`") == list(get_args(RefusalReason))


@both
def test_every_data_set_has_its_place_and_name(name: str) -> None:
    listed = re.findall(r"^DIR/(\S+) +(.+)$", readme(name), re.MULTILINE)
    places = dict(listed)
    assert places.pop(NEWS_ARTICLES) == "wikinews-*, dialogues-*"
    assert places == {place: called for called, place in NAMED_SETS.items()}
