"""The SQLite file: what is put in comes out, and what is wrong with it is said in one line."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from shutten.database import STORE_NAME, Database
from shutten.embedding import HashEmbedder
from shutten.errors import (
    IndexDamagedError,
    IndexNotFoundError,
    IndexWriteError,
    UnknownArticleError,
)
from shutten.index import Index, IndexWriter
from shutten.store import Store
from shutten.types import Article

EMBEDDER = HashEmbedder(32)
ODD = Article(
    id="フォルダ/a'b\"c%.txt",
    title="見出し「😀」",
    text="😀で始まる。\r\n二行目。\0 零文字。\n\n",
    url="https://例え.jp/?q=1&r=2",
    language="ja",
    revision="r\n2",
    encoding="cp932",
    sample=True,
)


def store_of(*articles: Article, directory: Path | None = None) -> Store:
    """A store filled by the writer, opened for reading; in memory without a folder."""
    if directory is None:
        return Index.in_memory(articles, EMBEDDER)._store
    with IndexWriter.open(directory) as writer:
        writer.add(articles, EMBEDDER)
    return Store(Database.for_reading(directory))


def test_an_article_comes_out_as_it_was_given(tmp_path: Path) -> None:
    store = store_of(ODD, directory=tmp_path)
    assert store.article(ODD.id) == ODD
    assert list(store.each_article()) == [ODD]


def test_sentences_tile_the_text_and_stored_ones_are_trimmed() -> None:
    store = store_of(ODD)
    sentences = store.sentences(ODD.id)
    assert "".join(ODD.text[each.start : each.end] for each in sentences) == ODD.text
    stored = store.stored(store.searchable_keys().tolist())
    assert stored
    for each in stored:
        assert ODD.text[each.start : each.end] == each.text == each.text.strip()
        assert (each.article_id, each.title, each.url) == (ODD.id, ODD.title, ODD.url)


def test_the_list_of_articles_counts_sentences_and_characters() -> None:
    short = Article("b", "題", "一文。二文。三文。", language="ja")
    entries = store_of(ODD, short).entries()
    assert [entry.id for entry in entries] == [ODD.id, "b"]
    assert (entries[1].sentences, entries[1].characters, entries[1].sample) == (3, 9, False)
    assert entries[0].sample is True


def test_stored_sentences_come_in_the_order_of_the_keys_and_missing_ones_are_left_out() -> None:
    store = store_of(Article("a", "題", "一文だ。二文だ。三文だ。"))
    first, second, third = store.searchable_keys().tolist()
    found = store.stored([third, 999, first, third])
    assert [each.text for each in found] == ["三文だ。", "一文だ。", "三文だ。"]
    assert second not in {each.key for each in found}


def test_neighbours_stay_within_the_article_and_in_text_order() -> None:
    store = store_of(
        Article("a", "題", "一文だ。二文だ。三文だ。四文だ。"), Article("b", "題", "別の文だ。")
    )
    _, second, _, fourth, other = store.searchable_keys().tolist()

    def around(key: int, before: int, after: int) -> tuple[list[str], list[str]]:
        found = store.neighbours([key, fourth, other], before=before, after=after)[key]
        assert found == store.neighbours([key], before=before, after=after)[key]
        return [each.text for each in found.before], [each.text for each in found.after]

    assert around(second, 1, 1) == (["一文だ。"], ["三文だ。"])
    assert around(second, 5, 2) == (["一文だ。"], ["三文だ。", "四文だ。"])
    assert around(fourth, 0, 3) == ([], [])
    assert around(other, 1, 1) == ([], [])
    assert store.neighbours([12345], before=1, after=1) == {}


def test_vectors_are_the_embedders_own_numbers() -> None:
    store = store_of(Article("a", "題", "一文だ。二文だ。"))
    ((keys, matrix),) = store.vectors()
    expected = EMBEDDER.embed_documents(["題\n一文だ。", "題\n二文だ。"])
    assert keys.tolist() == store.searchable_keys().tolist()
    np.testing.assert_array_equal(matrix, expected)


def test_an_unknown_article_is_named_with_the_command_that_lists_them() -> None:
    store = store_of(ODD)
    for ask in (store.article, store.sentences, lambda one: store.article_numbers([ODD.id, one])):
        with pytest.raises(UnknownArticleError, match=r"'nowhere'.*shutten list"):
            ask("nowhere")


def test_changes_since_a_commit_are_what_came_and_what_left(tmp_path: Path) -> None:
    first = Article("a", "題", "一文だ。二文だ。")
    store = store_of(first, directory=tmp_path)
    before, old_keys = store.sequence(), store.searchable_keys().tolist()
    with IndexWriter.open(tmp_path) as writer:
        writer.add([Article("a", "題", "一文だ。新しい文だ。")], EMBEDDER)
    changes = store.changes_since(before)
    assert changes is not None
    assert changes.removed.tolist() == old_keys[1:]
    assert changes.added.tolist() == [key for key in store.searchable_keys() if key not in old_keys]
    assert store.sequence() > before


def test_changes_since_a_commit_of_another_history_are_not_known(tmp_path: Path) -> None:
    store = store_of(ODD, directory=tmp_path)
    assert store.changes_since(store.sequence() - 1) is None


def test_an_error_in_a_transaction_leaves_the_store_as_it_was() -> None:
    store = store_of(ODD)

    def spoil() -> None:
        with store.database.transaction():
            store.delete_articles(store.article_numbers([ODD.id]))
            assert store.entries() == []
            message = "in the middle"
            raise LookupError(message)

    with pytest.raises(LookupError):
        spoil()
    assert [entry.id for entry in store.entries()] == [ODD.id]


# --- a file that cannot be used ---------------------------------------------------------------


def cut(part: float) -> Callable[[Path], None]:
    return lambda path: os.truncate(path, int(path.stat().st_size * part))


def garbage(path: Path) -> None:
    path.write_bytes(b"\xde\xad\xbe\xef" * 4096)


def other_database(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE notes (text)")
    connection.close()


def newer_format(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 3")
    connection.close()


DAMAGES = {
    "empty": cut(0.0),
    "cut in the header": cut(0.0005),
    "cut in the middle": cut(0.5),
    "garbage": garbage,
    "another database": other_database,
}


@pytest.mark.parametrize("spoil", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_store_names_the_cure(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    store_of(ODD, directory=tmp_path).database.close()
    spoil(tmp_path / STORE_NAME)
    cure = "restore a backup, or delete the folder and run `shutten index PATH`"
    with pytest.raises(IndexDamagedError, match=cure):
        read_everything(tmp_path)
    with pytest.raises(IndexDamagedError, match=cure), IndexWriter.open(tmp_path) as writer:
        writer.add([Article("b", "題", "一文だ。")], EMBEDDER)


def read_everything(directory: Path) -> None:
    with Index.open(directory) as index:
        for entry in index.articles():
            index.sentences(entry.id)
        index.search_dense(EMBEDDER.embed_queries(["x"])[0], 5)


def test_a_store_of_a_newer_format_names_the_cure(tmp_path: Path) -> None:
    store_of(ODD, directory=tmp_path).database.close()
    newer_format(tmp_path / STORE_NAME)
    with pytest.raises(IndexDamagedError, match=r"format 3, .* reads up to 2.*version that"):
        Index.open(tmp_path)


def test_a_folder_in_place_of_the_store_is_no_index(tmp_path: Path) -> None:
    (tmp_path / STORE_NAME).mkdir()
    with pytest.raises(IndexNotFoundError, match="shutten index PATH"):
        Index.open(tmp_path)


def test_a_file_in_place_of_the_folder_cannot_be_written(tmp_path: Path) -> None:
    path = tmp_path / "index"
    path.write_text("not a folder", encoding="utf-8")
    with pytest.raises(IndexWriteError, match="cannot be written"):
        IndexWriter.open(path)


# --- a full disk ------------------------------------------------------------------------------

FILLING = """
import resource, sys
from pathlib import Path
from shutten.embedding import HashEmbedder
from shutten.errors import IndexWriteError
from shutten.index import IndexWriter
from shutten.types import Article
import faiss, tantivy
directory, limit, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
text = "".join(f"文{number}だ。" for number in range(50))
articles = [Article(f"n{number}", f"題{number}", text) for number in range(count)]
try:
    with IndexWriter.open(directory) as writer:
        writer.add(articles, HashEmbedder(32))
except IndexWriteError as error:
    print(error)
"""
"""A file-size limit acts as a full disk: writing beyond it fails."""


def filled(directory: Path, *, limit: int, articles: int) -> str:
    done = subprocess.run(
        [sys.executable, "-c", FILLING, str(directory), str(limit), str(articles)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.mark.parametrize("limit", [20_000, 60_000, 150_000, 300_000, 500_000])
def test_a_full_disk_is_one_line_and_nothing_is_lost(tmp_path: Path, limit: int) -> None:
    store_of(ODD, directory=tmp_path).database.close()
    said = filled(tmp_path, limit=limit, articles=40)
    assert len(said.splitlines()) == 1
    assert "cannot be written" in said
    assert "free some space" in said
    with Index.open(tmp_path) as index:
        assert [entry.id for entry in index.articles()] == [ODD.id]
        assert index.article(ODD.id) == ODD
        assert len(index.search_dense(EMBEDDER.embed_queries(["x"])[0], 9999)) == len(
            index.search_keyword("始 二行目 零文字", 9999)
        )
    with IndexWriter.open(tmp_path) as writer:
        assert writer.add([Article("n0", "題", "一文だ。")], EMBEDDER).added == 1


def test_below_the_limit_nothing_is_said(tmp_path: Path) -> None:
    assert filled(tmp_path, limit=100_000_000, articles=2) == ""
