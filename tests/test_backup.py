"""The commands of docs/deploy.md that copy an index, while another process writes to it."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.nursery import Nursery

from shutten.embedding import HashEmbedder
from shutten.index import Index, IndexWriter
from shutten.types import Article

ROOT = Path(__file__).parents[1]
FEW, MANY = 3, 400
MODELS = {"SHUTTEN_EMBEDDER": "hash", "SHUTTEN_READER": "overlap"}

BACKUPS = {
    "sqlite3": (
        "mkdir {copy}",
        "sqlite3 -cmd '.timeout 60000' index/store.sqlite \".backup '{copy}/store.sqlite'\"",
    ),
    "flock": ("flock index/lock cp -aT index {copy}",),
}


def article(number: int) -> Article:
    text = "".join(f"灯台{number}の窓{window}は{number}色だ。" for window in range(20))
    return Article(f"{number}.txt", f"灯台{number}", text)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    with IndexWriter.open(tmp_path / "index") as writer:
        writer.add([article(number) for number in range(FEW)], HashEmbedder())
    lines = [
        json.dumps({"id": each.id, "title": each.title, "text": each.text})
        for each in map(article, range(FEW, MANY))
    ]
    (tmp_path / "more.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def shutten(*arguments: str) -> Sequence[str]:
    return (sys.executable, "-m", "shutten", *arguments)


def environment() -> dict[str, str]:
    return {**os.environ, **MODELS, "PYTHONPATH": str(ROOT / "src")}


@contextmanager
def writing(place: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        shutten("index", "more.jsonl"), cwd=place, env=environment(), stderr=subprocess.PIPE
    )
    try:
        yield process
    finally:
        process.communicate(timeout=120)


def back_up(place: Path, commands: Sequence[str], copy_name: str = "copy") -> int:
    """Copy the index, and return how many articles can be found in the copy."""
    for command in commands:
        line = command.format(copy=copy_name)
        subprocess.run(line, shell=True, cwd=place, check=True)  # noqa: S602
    with Index.open(place / copy_name) as copy:
        embedding = HashEmbedder().embed_queries(["灯台1の窓7"])
        assert len(copy.search_dense(embedding, k=5)) == 5
        assert len(copy.search_keyword("灯台1の窓7", k=5)) == 5
        return copy.article_count


@pytest.mark.parametrize("tool", BACKUPS)
def test_a_copy_made_while_articles_come_holds_the_state_before_or_after(
    place: Path, tool: str
) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    # Each copy has a folder of its own: tantivy's thread looks at a folder for some time after it
    # was opened and takes a lock in it, which another copy in its place would meet.
    names = map("copy{}".format, itertools.count())
    counts = [back_up(place, BACKUPS[tool], next(names))]
    with writing(place) as writer:
        while writer.poll() is None:
            counts.append(back_up(place, BACKUPS[tool], next(names)))
    assert writer.returncode in (0, 2)  # 2: the copy had the lock when it came
    counts.append(back_up(place, BACKUPS[tool], next(names)))
    assert counts == sorted(counts)
    assert set(counts) <= {FEW, MANY}
    assert (counts[0], counts[-1]) == (FEW, FEW if writer.returncode else MANY)


@pytest.mark.parametrize("tool", BACKUPS)
def test_a_copy_takes_the_place_of_the_index_and_is_written_to_again(
    place: Path, commands: Nursery, tool: str
) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    back_up(place, BACKUPS[tool])
    shutil.rmtree(place / "index")
    (place / "copy").rename(place / "index")
    asked = ("ask", "--json", "灯台1の窓7は何色ですか")
    ran = commands.run(*asked, cwd=place, environment=environment())
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["hits"][0]["article_id"] == "1.txt"
    written = commands.run("index", "more.jsonl", cwd=place, environment=environment())
    assert written.returncode == 0, written.stderr
    with Index.open(place / "index") as index:
        assert index.article_count == MANY
        assert index.info()["views"] == {"dense": "ok", "keyword": "ok"}
