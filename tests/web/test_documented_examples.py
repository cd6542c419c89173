"""The programs in docs/examples/, run as their first lines say."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.web.making import NEWS, make_assistant
from tests.web.serving import running

from shutten.settings import Settings
from shutten.web.app import create_app

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
QUESTION = "R2は5月上旬に公開される予定でしたか"
QUOTE = "R2は5月上旬に公開される予定でした。"
PROGRAMS = {"ask.mjs": "node", "ask.py": sys.executable}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with running(create_app(make_assistant([NEWS]), Settings())) as served:
        yield served.url


@pytest.fixture(scope="module")
def locked() -> Iterator[str]:
    with running(create_app(make_assistant([NEWS]), Settings(api_keys="right"))) as served:
        yield served.url


def run(
    name: str, *arguments: str, with_: str | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    program = with_ or PROGRAMS[name]
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    return subprocess.run(
        [program, str(EXAMPLES / name), *arguments],
        env={**os.environ, "PYTHONUTF8": "1", **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def shell(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    return run("ask.sh", *arguments, with_="sh", **environment)


@pytest.mark.parametrize("name", PROGRAMS)
def test_an_answer_is_printed_with_what_it_cites(name: str, address: str) -> None:
    ran = run(name, QUESTION, address)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == [QUOTE, f"[1] R2の公開, 3: {QUOTE}"]


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_refusal_is_an_answer(name: str, address: str) -> None:
    ran = run(name, "量子色力学とは？", address)
    assert (ran.returncode, ran.stderr, ran.stdout.count("\n")) == (0, "", 1)


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_key_is_read_from_the_environment(name: str, locked: str) -> None:
    refused = run(name, QUESTION, locked)
    assert refused.returncode == 1
    assert refused.stderr == f"{name}: A valid key is needed: send it as Authorization: Bearer.\n"
    assert run(name, QUESTION, locked, SHUTTEN_KEY="right").returncode == 0


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_goes_wrong_is_one_line(name: str) -> None:
    nobody = run(name, QUESTION, "http://127.0.0.1:9")
    assert nobody.returncode == 1
    assert nobody.stderr.startswith(f"{name}: http://127.0.0.1:9 cannot be reached")
    assert nobody.stderr.count("\n") == 1
    assert "usage" in run(name).stderr


def test_the_shell_prints_the_answer_or_its_events(address: str) -> None:
    whole = shell(QUESTION, address)
    assert json.loads(whole.stdout)["citations"][0]["quote"] == QUOTE
    events = shell("-s", QUESTION, address).stdout
    names = [line for line in events.splitlines() if line.startswith("event: ")]
    assert (names[0], names[-1]) == ("event: hits", "event: done")


@pytest.mark.parametrize("question", ['"何"\\ですか', "行\n替え\tの 'つなぎ'", "$HOME `ls` %s"])
def test_any_question_reaches_the_server_through_the_shell(question: str, address: str) -> None:
    asked = json.loads(shell(question, address).stdout)["question"]
    assert asked == question.replace("\n", " ").replace("\t", " ")


def test_the_shell_sends_a_key_and_says_why_it_was_refused(locked: str) -> None:
    refused = shell(QUESTION, locked)
    assert refused.returncode != 0
    assert json.loads(refused.stdout)["error"]["code"] == "unauthorized"
    assert json.loads(shell(QUESTION, locked, SHUTTEN_KEY="right").stdout)["status"] == "quoted"
