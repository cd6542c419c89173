"""`shutten sync`, run as a process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.nursery import Nursery
from tests.wiki_server import ServedPage, ServedWiki, serving

ROOT = Path(__file__).parents[1]
RUNNER = [sys.executable, "-m", "shutten"]
Run = Callable[..., "subprocess.CompletedProcess[str]"]
CASTLE = "# 城\n\n## 歴史\n\n城は1583年に築かれた。\n"


def environment() -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SHUTTEN_", "PYTHON"))}
    models = {"SHUTTEN_EMBEDDER": "hash", "SHUTTEN_READER": "overlap"}
    return {**kept, **models, "PYTHONPATH": str(ROOT / "src")}


@pytest.fixture
def run(tmp_path: Path, commands: Nursery) -> Run:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return commands.run(*arguments, cwd=tmp_path, environment=environment())

    return run


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "城.md").write_text(CASTLE, encoding="utf-8")
    return tmp_path / "notes"


def test_a_synced_page_is_cited_with_address_anchor_and_revision(run: Run, notes: Path) -> None:
    assert notes.is_dir()
    synced = run("sync", "folder", "notes", "--url", "https://n.example")
    assert (synced.returncode, synced.stdout) == (0, "")
    assert synced.stderr.startswith("1 added, 0 updated, 0 unchanged, 0 removed; 1 sentence ")
    answer = json.loads(run("ask", "--json", "城は1583年に築かれたか").stdout)
    citation = answer["citations"][0]
    assert CASTLE[citation["start"] : citation["end"]] == citation["quote"]
    assert citation["url"] == "https://n.example/%E5%9F%8E.md"
    assert citation["anchor"] == answer["hits"][0]["anchor"] == "歴史"
    listed = json.loads(run("list", "--json").stdout)
    assert citation["revision"] == listed["revision"]
    shown = run("ask", "城は1583年に築かれたか").stdout
    assert shown.endswith("https://n.example/%E5%9F%8E.md#%E6%AD%B4%E5%8F%B2\n")


def test_syncing_again_tells_what_changed(run: Run, notes: Path) -> None:
    run("sync", "folder", "notes")
    again = run("sync", "folder", "notes")
    assert again.stderr.startswith("0 added, 0 updated, 1 unchanged, 0 removed; 0 sentences ")
    (notes / "庭.md").write_text("# 庭\n\n庭は広い。\n", encoding="utf-8")
    (notes / "城.md").unlink()
    third = run("sync", "folder", "notes")
    assert third.stderr.startswith("1 added, 0 updated, 0 unchanged, 1 removed; 1 sentence ")


def test_a_page_that_cannot_be_read_is_named_and_the_others_are_taken(
    run: Run, notes: Path
) -> None:
    (notes / "壊.md").write_bytes(b"\x00\x01\x02\x03")
    synced = run("sync", "folder", "notes")
    assert synced.returncode == 2
    summary, complaint = synced.stderr.splitlines()
    assert summary.startswith("1 added, ")
    assert complaint.startswith("shutten: 壊.md is a binary file: ")
    assert complaint.endswith("; it stays as it was")


def test_a_dokuwiki_is_synced_from_its_data_directory(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "data" / "pages" / "wiki" / "castle.txt"
    page.parent.mkdir(parents=True)
    page.write_text(
        "====== 城 ======\n===== 歴史 =====\n**城**は1583年に築かれた。\n", encoding="utf-8"
    )
    base = "https://w.example/doku.php?id="
    assert run("sync", "dokuwiki", "data", "--url", base).returncode == 0
    answer = json.loads(run("ask", "--json", "城は1583年に築かれたか").stdout)
    citation = answer["citations"][0]
    assert (citation["article_id"], citation["quote"]) == ("wiki:castle", "城は1583年に築かれた。")
    assert (citation["url"], citation["anchor"]) == (f"{base}wiki:castle", "歴史")
    assert citation["revision"] == str(int(page.stat().st_mtime))


def test_a_mediawiki_is_synced_over_its_api(run: Run) -> None:
    pages = {1: ServedPage("城", "== 歴史 ==\n'''城'''は1583年に築かれた。", 11)}
    with serving(ServedWiki(pages)) as wiki:
        synced = run("sync", "mediawiki", f"{wiki.address}/wiki/Main_Page")
        assert (synced.returncode, synced.stdout) == (0, "")
        again = run("sync", "mediawiki", f"{wiki.address}/api.php")
    assert synced.stderr.startswith("1 added, 0 updated, 0 unchanged, 0 removed; 1 sentence ")
    assert again.stderr.startswith("0 added, 0 updated, 1 unchanged, 0 removed; 0 sentences ")
    (citation,) = json.loads(run("ask", "--json", "城は1583年に築かれたか").stdout)["citations"]
    assert (citation["article_id"], citation["quote"]) == ("testwiki:1", "城は1583年に築かれた。")
    assert citation["url"] == f"{wiki.address}/wiki/%E5%9F%8E"
    assert (citation["anchor"], citation["revision"]) == ("歴史", "11")


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        (["folder", "absent"], "absent is not a folder: name the one that holds"),
        (["folder", "notes", "--site", "jekyll"], "--site jekyll is not known: it is one of"),
        (["folder", "notes", "--watch", "0"], "--watch"),
        (["folder"], "Missing argument"),
        (["dokuwiki", "notes"], "notes is not a DokuWiki data directory"),
        (["mediawiki", "absent.xml"], "absent.xml does not exist: check the path"),
        (["mediawiki", "notes/城.md"], "notes/城.md is not a whole MediaWiki dump"),
        (["mediawiki", "a.xml", "--category", "城"], "--category needs the wiki's address"),
        (["mediawiki", "http://127.0.0.1:9/wiki"], "check the address and the network"),
    ],
)
def test_bad_input_is_one_line_and_status_2(
    run: Run, notes: Path, command: list[str], complaint: str
) -> None:
    assert notes.is_dir()
    ran = run("sync", *command)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("shutten: ")
    assert ran.stderr.count("\n") == 1, ran.stderr
    assert complaint in ran.stderr


def test_help_names_every_kind_of_wiki_and_its_options(run: Run) -> None:
    shown = run("sync", "--help").stdout
    for kind in ("folder", "dokuwiki", "mediawiki"):
        assert f"\n  {kind} " in shown
        options = run("sync", kind, "--help").stdout
        assert all(option in options for option in ("--index", "--name", "--watch"))


def test_watching_follows_a_change_and_ends_with_ctrl_c(run: Run, notes: Path) -> None:
    with subprocess.Popen(
        [*RUNNER, "sync", "folder", "notes", "--watch", "1"], cwd=notes.parent, env=environment(),
        stderr=subprocess.PIPE, encoding="utf-8",
    ) as process:  # fmt: skip
        assert process.stderr is not None
        try:
            assert process.stderr.readline().startswith("1 added, 0 updated, ")
            (notes / "城.md").write_text(CASTLE.replace("1583", "1585"), encoding="utf-8")
            assert process.stderr.readline().startswith("0 added, 1 updated, ")
            process.send_signal(signal.SIGINT)
            assert process.stderr.readline().startswith("stopped")
            assert process.wait() == 0
        finally:
            process.kill()
    assert "1585年" in run("search", "城", "--top", "1").stdout
