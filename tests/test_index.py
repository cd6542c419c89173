"""Index and IndexWriter as others use them."""

from __future__ import annotations

import logging
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from shutten import writer_lock
from shutten.database import STORE_NAME
from shutten.embedding import HashEmbedder
from shutten.errors import (
    ArticleError,
    DuplicateArticleError,
    IndexBusyError,
    IndexMismatchError,
    IndexNotFoundError,
    IndexWriteError,
    ModelError,
    UnknownArticleError,
)
from shutten.index import Index, IndexWriter
from shutten.types import Article, Embedder, EmbedderFacts, Matrix

EMBEDDER = HashEmbedder(64)
OTHER = HashEmbedder(32)
TOWERS = Article("towers", "名所", "東京タワーは赤い。大阪城は古い。富士山は日本一の山だ。")
CATS = Article(
    "cats", "Pets", "The cat sat on the mat. The dog ran away.\nIt rained.", language="en"
)
SAMPLE = Article("sample", "見本", "これは見本だ。", sample=True)


class CountingEmbedder:
    """An embedder that remembers which texts reached it."""

    def __init__(self, embedder: Embedder = EMBEDDER) -> None:
        self._embedder = embedder
        self.texts: list[str] = []

    @property
    def facts(self) -> EmbedderFacts:
        return self._embedder.facts

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        return self._embedder.embed_queries(texts)

    def embed_documents(self, texts: Sequence[str]) -> Matrix:
        self.texts += texts
        return self._embedder.embed_documents(texts)


def write(
    directory: Path, *articles: Article, embedder: Embedder = EMBEDDER
) -> tuple[int, int, int, int, int]:
    with IndexWriter.open(directory) as writer:
        report = writer.add(articles, embedder)
    counts = (report.added, report.updated, report.unchanged, report.removed)
    return (*counts, report.sentences_embedded)


def remove(directory: Path, *article_ids: str) -> None:
    with IndexWriter.open(directory) as writer:
        writer.remove(article_ids)


def by_keyword(
    index: Index, question: str, k: int = 10, article_ids: Sequence[str] | None = None
) -> list[str]:
    found = index.search_keyword(question, k, article_ids=article_ids)
    return [each.text for each in index.stored([each.key for each in found])]


def by_dense(
    index: Index,
    text: str,
    k: int = 1,
    article_ids: Sequence[str] | None = None,
    embedder: Embedder = EMBEDDER,
) -> list[str]:
    vector = embedder.embed_queries([text])[0]
    found = index.search_dense(vector, k, article_ids=article_ids)
    return [each.text for each in index.stored([each.key for each in found])]


def ids(index: Index) -> list[str]:
    return [entry.id for entry in index.articles()]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def filled(directory: Path) -> Path:
    write(directory, TOWERS, CATS)
    return directory


def delete_folder(folder: Path) -> None:
    """Delete a folder also while tantivy takes its lock there, a moment after it was opened."""
    gone = folder.rename(folder.with_name(f"{folder.name}-gone"))
    shutil.rmtree(gone, ignore_errors=True)


# --- searching --------------------------------------------------------------------------------


@pytest.fixture(params=["in memory", "on disk"])
def index(request: pytest.FixtureRequest, directory: Path) -> Iterator[Index]:
    if request.param == "in memory":
        opened = Index.in_memory([TOWERS, CATS], EMBEDDER)
    else:
        write(directory, TOWERS, CATS)
        opened = Index.open(directory)
    with opened:
        yield opened


def test_both_legs_find_the_sentence(index: Index) -> None:
    assert by_dense(index, "名所\n大阪城は古い。") == ["大阪城は古い。"]
    assert by_keyword(index, "大阪城はいつ") == ["大阪城は古い。"]


def test_articles_restrict_before_the_ranking(index: Index) -> None:
    assert by_dense(index, "大阪城", article_ids=["cats"])[0] in CATS.text
    assert by_keyword(index, "大阪城 cat", article_ids=["cats"]) == ["The cat sat on the mat."]
    assert len(by_dense(index, "大阪城", k=50, article_ids=["cats", "towers"])) == 6


def test_an_empty_restriction_means_no_article(index: Index) -> None:
    assert by_dense(index, "大阪城", k=9, article_ids=[]) == []
    assert by_keyword(index, "大阪城", k=9, article_ids=[]) == []


def test_an_unknown_article_is_an_error_in_every_call(index: Index) -> None:
    calls: list[Callable[[], object]] = [
        lambda: by_dense(index, "x", article_ids=["cats", "dogs"]),
        lambda: by_keyword(index, "x", article_ids=["cats", "dogs"]),
        lambda: index.article("dogs"),
        lambda: index.sentences("dogs"),
    ]
    for call in calls:
        with pytest.raises(UnknownArticleError, match="'dogs'"):
            call()


def test_k_beyond_the_size_or_zero_is_no_error(index: Index) -> None:
    assert len(by_dense(index, "x", k=10_000)) == 6
    assert by_dense(index, "x", k=0) == []
    assert by_keyword(index, "cat", k=0) == []


@pytest.mark.parametrize("question", ["", " ", '"', "a:b", "\0", "😀", "cat" * 4000, "(cat OR"])
def test_whatever_is_typed_is_only_text(index: Index, question: str) -> None:
    expected = ["The cat sat on the mat."] if question == "(cat OR" else []
    assert by_keyword(index, question) == expected


def test_titles_and_headings_are_stored_and_not_found() -> None:
    text = "猫の話\n\n猫は眠る。\n"
    index = Index.in_memory([Article("a", "猫の話", text)], EMBEDDER)
    kinds = [sentence.kind for sentence in index.sentences("a")]
    assert kinds == ["title", "body"]
    assert by_keyword(index, "猫の話") == ["猫は眠る。"]
    assert by_dense(index, "猫の話", k=9) == ["猫は眠る。"]


def test_an_index_of_nothing_finds_nothing() -> None:
    index = Index.in_memory([], EMBEDDER)
    assert (index.articles(), index.sentence_count, index.only_samples) == ([], 0, False)
    assert (by_dense(index, "x", k=5), by_keyword(index, "x")) == ([], [])


@pytest.mark.parametrize("text", ["", " \n\t", "\u3000", "😀", "\r\n\r\n"])
def test_an_article_without_a_sentence_is_kept_as_it_is(directory: Path, text: str) -> None:
    write(directory, Article("a", "空", text), CATS)
    with Index.open(directory) as index:
        assert index.article("a").text == text
        assert by_keyword(index, "cat") == ["The cat sat on the mat."]


def test_threads_share_an_index(index: Index) -> None:
    def ask(number: int) -> tuple[list[str], list[str], int]:
        question = ("大阪城", "cat")[number % 2]
        return by_keyword(index, question), by_dense(index, question), len(index.articles())

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(200)))
    assert answers == [ask(0), ask(1)] * 100


def test_threads_follow_while_another_writes(filled: Path) -> None:
    stop = threading.Event()
    with Index.open(filled) as index:

        def ask() -> set[int]:
            seen = set()
            while not stop.is_set():
                assert by_keyword(index, "大阪城") == ["大阪城は古い。"]
                seen.add(len(by_dense(index, "x", k=100)))
            return seen

        with ThreadPoolExecutor(3) as pool:
            asking = [pool.submit(ask) for _ in range(3)]
            for number in range(5):
                write(filled, Article(f"more{number}", "題", f"{number}番目の文だ。"))
            stop.set()
            assert set.union(*(each.result() for each in asking)) <= set(range(6, 12))
        assert len(by_dense(index, "x", k=100)) == 11


# --- adding, updating, removing ---------------------------------------------------------------


def test_the_report_counts_what_was_done(directory: Path) -> None:
    assert write(directory, TOWERS, CATS) == (2, 0, 0, 0, 6)
    assert write(directory, TOWERS, CATS) == (0, 0, 2, 0, 0)
    with IndexWriter.open(directory) as writer:
        report = writer.remove(["cats"])
    assert (report.removed, report.added, report.sentences_embedded) == (1, 0, 0)
    assert report.seconds > 0


def test_only_new_sentences_reach_the_embedder(directory: Path) -> None:
    write(directory, TOWERS, CATS)
    embedder = CountingEmbedder()
    edited = Article(
        "towers", "名所", "新しい文だ。富士山は日本一の山だ。東京タワーは赤い。また新しい文だ。"
    )
    assert write(directory, edited, CATS, embedder=embedder) == (0, 1, 1, 0, 2)
    assert embedder.texts == ["名所\n新しい文だ。", "名所\nまた新しい文だ。"]
    with Index.open(directory) as index:
        texts = [
            index.article("towers").text[each.start : each.end]
            for each in index.sentences("towers")
        ]
        assert "".join(texts) == edited.text
        for text in texts:
            assert by_dense(index, f"名所\n{text}") == [text]
        assert by_keyword(index, "大阪城") == []
        assert len(by_dense(index, "x", k=99)) == 7


def test_a_new_title_embeds_the_article_again(directory: Path) -> None:
    write(directory, TOWERS)
    renamed = Article("towers", "建物", TOWERS.text)
    assert write(directory, renamed) == (0, 1, 0, 0, 3)


def test_a_new_revision_or_address_is_kept_without_embedding(directory: Path) -> None:
    write(directory, TOWERS)
    revised = Article("towers", TOWERS.title, TOWERS.text, url="https://x/", revision="2")
    assert write(directory, revised) == (0, 1, 0, 0, 0)
    with Index.open(directory) as index:
        assert index.article("towers") == revised


def test_equal_sentences_keep_a_vector_each(directory: Path) -> None:
    write(directory, Article("a", "題", "同じ文だ。同じ文だ。違う文だ。"))
    report = write(directory, Article("a", "題", "同じ文だ。違う文だ。同じ文だ。同じ文だ。"))
    assert report == (0, 1, 0, 0, 1)
    with Index.open(directory) as index:
        assert by_keyword(index, "同じ") == ["同じ文だ。"] * 3
        stored = index.stored([each.key for each in index.search_keyword("同じ", 9)])
        assert sorted(each.number for each in stored) == [1, 3, 4]


def test_a_key_is_never_used_twice(directory: Path) -> None:
    write(directory, TOWERS)
    with Index.open(directory) as index:
        before = {each.key for each in index.search_keyword("東京 大阪 富士山", 9)}
    remove(directory, "towers")
    write(directory, TOWERS)
    with Index.open(directory) as index:
        after = {each.key for each in index.search_keyword("東京 大阪 富士山", 9)}
    assert len(before) == len(after) == 3
    assert not before & after


def test_many_articles_go_through_in_batches(directory: Path) -> None:
    articles = [
        Article(f"a{number}", "題", "".join(f"{number}章{each}節だ。" for each in range(50)))
        for number in range(90)
    ]
    calls: list[tuple[int, int | None]] = []
    with IndexWriter.open(directory) as writer:
        report = writer.add(
            articles, EMBEDDER, progress=lambda done, total: calls.append((done, total))
        )
    assert report.sentences_embedded == 4500
    assert calls == [(done, 90) for done in range(1, 91)]
    with Index.open(directory) as index:
        assert len(by_dense(index, "x", k=9999)) == len(by_keyword(index, "節", k=9999)) == 4500
        assert by_dense(index, "題\n47章11節だ。") == ["47章11節だ。"]


def test_progress_of_a_stream_has_no_total(directory: Path) -> None:
    calls: list[tuple[int, int | None]] = []
    with IndexWriter.open(directory) as writer:
        writer.add(iter([TOWERS]), EMBEDDER, progress=lambda *call: calls.append(call))
    assert calls == [(1, None)]


def unreadable() -> Iterator[Article]:
    yield Article("new", "題", "新しい文だ。")
    message = "the second file cannot be read"
    raise ArticleError(message)


def test_an_error_among_the_articles_leaves_the_old_state(filled: Path) -> None:
    with (
        IndexWriter.open(filled) as writer,
        pytest.raises(ArticleError, match="the second file"),
    ):
        writer.add(unreadable(), EMBEDDER)
    with Index.open(filled) as index:
        assert ids(index) == ["towers", "cats"]
        assert by_keyword(index, "新しい文") == []
    assert write(filled, Article("new", "題", "新しい文だ。")) == (1, 0, 0, 0, 1)


def test_two_sources_with_one_id_are_an_error(filled: Path) -> None:
    with pytest.raises(DuplicateArticleError, match="'x'"):
        write(filled, Article("x", "題", "一文だ。"), Article("x", "題", "二文だ。"))
    with Index.open(filled) as index:
        assert ids(index) == ["towers", "cats"]


def test_half_a_surrogate_pair_is_an_error_that_names_the_article(filled: Path) -> None:
    with pytest.raises(ArticleError, match=r"'broken'.*save it again as UTF-8"):
        write(filled, Article("broken", "題", "壊れた\ud800文だ。"))


def test_removing_an_unknown_article_removes_nothing(filled: Path) -> None:
    with IndexWriter.open(filled) as writer, pytest.raises(UnknownArticleError, match="'dogs'"):
        writer.remove(["cats", "dogs"])
    with Index.open(filled) as index:
        assert ids(index) == ["towers", "cats"]


class BrokenEmbedder(CountingEmbedder):
    """A model that gives vectors which are no numbers."""

    def embed_documents(self, texts: Sequence[str]) -> Matrix:
        return np.full_like(super().embed_documents(texts), np.nan)


def test_vectors_that_are_no_numbers_are_refused(filled: Path) -> None:
    with pytest.raises(ModelError, match="not numbers"):
        write(filled, Article("new", "題", "新しい文だ。"), embedder=BrokenEmbedder())
    with Index.open(filled) as index:
        assert ids(index) == ["towers", "cats"]


# --- models and samples -----------------------------------------------------------------------


def test_another_model_is_refused_with_both_names_and_the_command(filled: Path) -> None:
    expected = r"hash \(revision 1, 64 dimensions.*hash .*32 dimensions.*`shutten index --rebuild`"
    with pytest.raises(IndexMismatchError, match=expected):
        write(filled, TOWERS, embedder=OTHER)
    with Index.open(filled) as index:
        index.check(EMBEDDER.facts)
        with pytest.raises(IndexMismatchError, match=expected):
            index.check(OTHER.facts)


def test_a_rebuild_embeds_everything_with_the_other_model(filled: Path) -> None:
    embedder = CountingEmbedder(OTHER)
    with IndexWriter.open(filled) as writer:
        report = writer.rebuild(embedder)
    assert (report.updated, report.sentences_embedded) == (2, 6)
    assert len(embedder.texts) == 6
    with Index.open(filled) as index:
        index.check(OTHER.facts)
        assert by_dense(index, "名所\n大阪城は古い。", embedder=OTHER) == ["大阪城は古い。"]
        assert by_keyword(index, "大阪城") == ["大阪城は古い。"]
        assert index.article("cats") == CATS
        assert index.info()["views"] == {"dense": "ok", "keyword": "ok"}


def test_an_open_index_follows_a_rebuild(filled: Path) -> None:
    with Index.open(filled) as index:
        assert by_dense(index, "名所\n大阪城は古い。") == ["大阪城は古い。"]
        with IndexWriter.open(filled) as writer:
            writer.rebuild(OTHER)
        assert by_dense(index, "名所\n大阪城は古い。", embedder=OTHER) == ["大阪城は古い。"]


def test_a_search_after_a_check_notices_another_model(filled: Path) -> None:
    with Index.open(filled) as index:
        index.check(EMBEDDER.facts)
        assert by_dense(index, "名所\n大阪城は古い。") == ["大阪城は古い。"]
        with IndexWriter.open(filled) as writer:
            writer.rebuild(OTHER)
        with pytest.raises(IndexMismatchError, match="32 dimensions"):
            by_dense(index, "名所\n大阪城は古い。")


def test_samples_leave_with_the_first_article_of_ones_own(directory: Path) -> None:
    assert write(directory, SAMPLE) == (1, 0, 0, 0, 1)
    with Index.open(directory) as index:
        assert [index.only_samples] == [True]
        assert by_keyword(index, "見本") == ["これは見本だ。"]
        assert write(directory, CATS) == (1, 0, 0, 1, 3)
        assert [index.only_samples] == [False]
        assert ids(index) == ["cats"]
        assert by_keyword(index, "見本") == []
        assert len(by_dense(index, "見本", k=99)) == 3


def test_a_sample_that_is_given_as_ones_own_stays(directory: Path) -> None:
    write(directory, SAMPLE)
    own = Article(SAMPLE.id, SAMPLE.title, SAMPLE.text)
    assert write(directory, own) == (0, 1, 0, 0, 0)
    with Index.open(directory) as index:
        assert (ids(index), index.only_samples) == (["sample"], False)


def test_an_index_of_samples_takes_another_model_with_one_line(
    directory: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(directory, SAMPLE)
    with caplog.at_level(logging.WARNING):
        assert write(directory, SAMPLE, embedder=OTHER) == (0, 0, 1, 0, 1)
    assert [record.message for record in caplog.records] == [
        "the samples were indexed with another model: indexing them again"
    ]
    with Index.open(directory) as index:
        index.check(OTHER.facts)
        assert by_dense(index, "見本", embedder=OTHER) == ["これは見本だ。"]


def test_an_index_of_samples_is_made_anew_for_another_model_and_no_other_index_is(
    directory: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(directory, SAMPLE)
    with caplog.at_level(logging.WARNING), IndexWriter.open(directory) as writer:
        writer.use(OTHER)
        writer.use(OTHER)
    assert [record.message for record in caplog.records] == [
        "the samples were indexed with another model: indexing them again"
    ]
    with Index.open(directory) as index:
        index.check(OTHER.facts)
        assert by_dense(index, "見本", embedder=OTHER) == ["これは見本だ。"]
    write(directory, CATS, embedder=OTHER)
    with IndexWriter.open(directory) as writer, pytest.raises(IndexMismatchError):
        writer.use(HashEmbedder())


def test_an_emptied_index_takes_another_model(filled: Path) -> None:
    remove(filled, "towers", "cats")
    assert write(filled, CATS, embedder=OTHER) == (1, 0, 0, 0, 3)
    with Index.open(filled) as index:
        assert by_dense(index, "Pets\nIt rained.", embedder=OTHER) == ["It rained."]


# --- several processes ------------------------------------------------------------------------


def test_a_second_writer_is_told_to_wait(filled: Path) -> None:
    with (
        IndexWriter.open(filled),
        pytest.raises(IndexBusyError, match="wait until it has finished"),
    ):
        IndexWriter.open(filled)
    write(filled, TOWERS)


HOLDING = """
import sys
from pathlib import Path
from shutten.index import IndexWriter
with IndexWriter.open(Path(sys.argv[1])):
    print("open", flush=True)
    sys.stdin.readline()
"""


def python(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_writer_in_another_process_keeps_this_one_out_until_it_ends(filled: Path) -> None:
    with python(HOLDING, str(filled)) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(IndexBusyError, match="another process is writing"):
            write(filled, TOWERS)
        with Index.open(filled) as index:
            assert by_keyword(index, "cat") == ["The cat sat on the mat."]
        holder.kill()
    assert write(filled, TOWERS) == (0, 0, 1, 0, 0)


ADDING = """
import sys
from pathlib import Path
from shutten.embedding import HashEmbedder
from shutten.index import IndexWriter
from shutten.types import Article
with IndexWriter.open(Path(sys.argv[1])) as writer:
    writer.add([Article("added", "題", "別の過程の文だ。")], HashEmbedder(64))
    writer.remove(["cats"])
"""


def test_an_open_index_follows_another_process(filled: Path) -> None:
    with Index.open(filled) as index:
        assert by_keyword(index, "過程") == []
        with python(ADDING, str(filled)) as process:
            assert process.wait() == 0
        assert ids(index) == ["towers", "added"]
        assert by_keyword(index, "過程") == ["別の過程の文だ。"]
        assert by_dense(index, "題\n別の過程の文だ。") == ["別の過程の文だ。"]
        assert by_keyword(index, "cat") == []
        assert len(by_dense(index, "x", k=99)) == 4


def test_an_open_index_follows_when_the_folder_is_made_anew(filled: Path) -> None:
    with Index.open(filled) as index:
        assert by_keyword(index, "cat") == ["The cat sat on the mat."]
        delete_folder(filled)
        assert ids(index) == ["towers", "cats"]
        write(filled, Article("new", "題", "新しい文だ。"))
        assert ids(index) == ["new"]
        assert by_keyword(index, "新しい文 cat") == ["新しい文だ。"]
        assert len(by_dense(index, "x", k=99)) == 1


# --- a small change lies over the vectors on disk ----------------------------------------------


def many(directory: Path) -> Path:
    text = "".join(f"{number}番の塔は{number * 7}メートルである。\n" for number in range(200))
    write(directory, Article("many", "塔の一覧", text))
    return directory


def dense_files(directory: Path) -> list[str]:
    return [path.name for path in directory.glob("dense-*")]


def health(index: Index) -> str:
    return str(index.info()["views"]["dense"])


def test_after_a_small_change_the_vectors_stay_as_they_are(
    directory: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = dense_files(many(directory))
    with Index.open(directory) as followed:
        assert "猫がいる。" not in by_dense(followed, "題\n猫がいる。")
        write(directory, Article("cat", "題", "猫がいる。"))
        assert dense_files(directory) == before
        with Index.open(directory) as opened:
            for index in (followed, opened):
                assert by_dense(index, "題\n猫がいる。", k=1) == ["猫がいる。"]
                assert len(by_dense(index, "x", k=999)) == 201
                assert health(index) == "ok"
        remove(directory, "cat")
        assert "猫がいる。" not in by_dense(followed, "題\n猫がいる。", k=999)
        assert len(by_dense(followed, "x", k=999)) == 200
    assert dense_files(directory) == before
    assert caplog.messages == []


def test_the_vectors_are_written_again_before_their_changes_are_forgotten(
    directory: Path, caplog: pytest.LogCaptureFixture
) -> None:
    seen = set(dense_files(many(directory)))
    with Index.open(directory) as followed:
        for number in range(40):
            write(directory, Article("cat", "題", f"猫が{number}匹いる。"))
            seen |= set(dense_files(directory))
            assert by_dense(followed, f"題\n猫が{number}匹いる。", k=1) == [f"猫が{number}匹いる。"]
            assert len(by_dense(followed, "x", k=999)) == 201
    assert len(dense_files(directory)) == 1
    assert 2 < len(seen) < 6
    assert caplog.messages == []


def test_a_large_change_is_written_at_once(directory: Path) -> None:
    before = dense_files(many(directory))
    write(directory, Article("cats", "題", "".join(f"猫{n}がいる。\n" for n in range(20))))
    assert dense_files(directory) != before


def test_vectors_of_another_model_are_never_laid_over(directory: Path) -> None:
    many(directory)
    write(directory, Article("cat", "題", "猫がいる。"))
    with IndexWriter.open(directory) as writer:
        writer.rebuild(OTHER)
    with Index.open(directory) as index:
        assert by_dense(index, "題\n猫がいる。", embedder=OTHER) == ["猫がいる。"]


def test_damaged_vectors_under_a_small_change_are_written_again(
    directory: Path, caplog: pytest.LogCaptureFixture
) -> None:
    many(directory)
    write(directory, Article("cat", "題", "猫がいる。"))
    spoil_dense(directory)
    with IndexWriter.open(directory):
        assert "the dense view" in caplog.text
    with Index.open(directory) as index:
        assert health(index) == "ok"
        assert by_dense(index, "題\n猫がいる。", k=1) == ["猫がいる。"]


# --- views that are not what they should be ---------------------------------------------------


def delete_dense(directory: Path) -> None:
    for path in directory.glob("dense-*"):
        path.unlink()


def spoil_dense(directory: Path) -> None:
    path = next(directory.glob("dense-*"))
    content = path.read_bytes()
    path.write_bytes(content[:200] + b"\xff" * 50 + content[250:])


def cut_dense(directory: Path) -> None:
    os.truncate(next(directory.glob("dense-*")), 100)


def delete_keyword(directory: Path) -> None:
    delete_folder(directory / "keyword")


def spoil_keyword(directory: Path) -> None:
    path = next((directory / "keyword").glob("*.term"))
    path.write_bytes(b"\xff" * path.stat().st_size)


def delete_keyword_files(directory: Path) -> None:
    for path in (directory / "keyword").iterdir():
        path.unlink()


def delete_both(directory: Path) -> None:
    delete_dense(directory)
    delete_keyword(directory)


DAMAGES = (
    (delete_dense, {"dense": "missing", "keyword": "ok"}),
    (spoil_dense, {"dense": "damaged", "keyword": "ok"}),
    (cut_dense, {"dense": "damaged", "keyword": "ok"}),
    (delete_keyword, {"dense": "ok", "keyword": "missing"}),
    (spoil_keyword, {"dense": "ok", "keyword": "damaged"}),
    (delete_keyword_files, {"dense": "ok", "keyword": "damaged"}),
    (delete_both, {"dense": "missing", "keyword": "missing"}),
)


def assert_finds_all(index: Index) -> None:
    assert by_dense(index, "名所\n大阪城は古い。") == ["大阪城は古い。"]
    assert len(by_dense(index, "x", k=99)) == 6
    assert by_keyword(index, "cat 大阪城") == ["大阪城は古い。", "The cat sat on the mat."]


def files(directory: Path) -> dict[str, bytes]:
    """The content of all files but those that SQLite's readers share."""
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file() and path.suffix not in {".sqlite-shm", ".sqlite-wal"}
    }


@pytest.mark.parametrize(("spoil", "state"), DAMAGES, ids=[each.__name__ for each, _ in DAMAGES])
def test_a_reader_makes_up_for_a_view_in_memory_and_the_next_writer_on_disk(
    filled: Path,
    spoil: Callable[[Path], None],
    state: dict[str, str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    spoil(filled)
    before = files(filled)
    with Index.open(filled) as index:
        assert index.info()["views"] == state
        assert_finds_all(index)
        assert_finds_all(index)
    assert files(filled) == before
    assert "caught up in memory, and written anew by the next `shutten index PATH`" in caplog.text
    caplog.clear()
    IndexWriter.open(filled).close()
    unsound = [name for name, each in state.items() if each != "ok"]
    assert [f"the {name} view" in caplog.text for name in unsound] == [True] * len(unsound)
    caplog.clear()
    with Index.open(filled) as index:
        assert index.info()["views"] == {"dense": "ok", "keyword": "ok"}
        assert_finds_all(index)
    assert caplog.text == ""


def test_a_reader_that_takes_its_lock_late_is_not_in_the_way_of_a_new_view(filled: Path) -> None:
    ended = threading.Event()

    def take_locks() -> None:
        while not ended.is_set():
            with suppress(FileNotFoundError):
                (filled / "keyword" / ".tantivy-meta.lock").touch()

    reader = threading.Thread(target=take_locks)
    reader.start()
    try:
        for _ in range(5):
            spoil_keyword(filled)
            IndexWriter.open(filled).close()
    finally:
        ended.set()
        reader.join()
    with Index.open(filled) as index:
        assert index.info()["views"] == {"dense": "ok", "keyword": "ok"}
        assert_finds_all(index)
    assert not list(filled.glob("keyword.*"))


OLD_TOKENISER = """
import sys
from pathlib import Path
from shutten import keyword
from shutten.index import IndexWriter
from shutten.types import Article
from shutten.embedding import HashEmbedder
keyword.tokenise = str.split
with IndexWriter.open(Path(sys.argv[1])) as writer:
    writer.add([Article("new", "題", "新しい文だ。")], HashEmbedder(64))
"""


def test_a_keyword_view_made_by_another_tokeniser_is_made_anew(filled: Path) -> None:
    with python(OLD_TOKENISER, str(filled)) as process:
        assert process.wait() == 0
    with Index.open(filled) as index:
        assert index.info()["views"] == {"dense": "ok", "keyword": "damaged"}
        assert by_keyword(index, "新しい文 cat") == ["新しい文だ。", "The cat sat on the mat."]
    IndexWriter.open(filled).close()
    with Index.open(filled) as index:
        assert index.info()["views"] == {"dense": "ok", "keyword": "ok"}


def put_back_views(kept: Path, directory: Path) -> None:
    delete_both(directory)
    shutil.copytree(kept / "keyword", directory / "keyword")
    for path in kept.glob("dense-*"):
        shutil.copy(path, directory)


def test_views_that_are_behind_are_caught_up(filled: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    shutil.copytree(filled, kept)
    write(filled, Article("new", "題", "新しい文だ。"))
    remove(filled, "cats")
    put_back_views(kept, filled)
    before = files(filled)
    for open_writer in (False, True):
        if open_writer:
            IndexWriter.open(filled).close()
        with Index.open(filled) as index:
            state = "ok" if open_writer else "behind"
            assert index.info()["views"] == {"dense": state, "keyword": state}
            assert by_keyword(index, "新しい文 cat") == ["新しい文だ。"]
            assert by_dense(index, "題\n新しい文だ。") == ["新しい文だ。"]
            assert len(by_dense(index, "x", k=99)) == 4
        assert (files(filled) == before) is not open_writer


def test_a_reader_keeps_its_view_while_a_writer_is_about_to_show_the_next(
    filled: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    shutil.copytree(filled, kept)
    with Index.open(filled) as index:
        assert by_keyword(index, "新しい文") == []
        write(filled, Article("new", "題", "新しい文だ。"))
        put_back_views(kept, filled)
        with writer_lock.take(filled):
            assert by_keyword(index, "新しい文") == []
        assert by_keyword(index, "新しい文") == ["新しい文だ。"]


def test_views_of_another_history_are_not_believed(filled: Path, tmp_path: Path) -> None:
    """A backup of the store is put back under views that have gone on without it."""
    backup = tmp_path / "backup.sqlite"
    shutil.copy(filled / STORE_NAME, backup)
    remove(filled, "cats")
    kept = tmp_path / "kept"
    shutil.copytree(filled, kept)
    shutil.copy(backup, filled / STORE_NAME)
    with Index.open(filled) as index:
        assert_finds_all(index)
    write(filled, Article("new", "題", "新しい文だ。"))
    put_back_views(kept, filled)
    with Index.open(filled) as index:
        assert len(by_dense(index, "x", k=99)) == 7
        assert by_keyword(index, "cat 新しい文") == ["新しい文だ。", "The cat sat on the mat."]


def test_leftovers_of_a_killed_writer_are_swept(filled: Path) -> None:
    (filled / "dense-99.faiss.new").write_bytes(b"half")
    (filled / "keyword.new").mkdir()
    (filled / "keyword.new" / "half").write_bytes(b"half")
    (filled / "keyword" / "orphan.50.del").write_bytes(b"half")
    write(filled, Article("new", "題", "新しい文だ。"))
    names = {path.name for path in filled.rglob("*")}
    assert not names & {"dense-99.faiss.new", "keyword.new", "orphan.50.del"}


# --- where the index is -----------------------------------------------------------------------


def test_a_folder_without_an_index_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(IndexNotFoundError, match="shutten index PATH"):
        Index.open(tmp_path)
    with pytest.raises(IndexNotFoundError, match="shutten index PATH"):
        Index.open(tmp_path / "nowhere")


def test_an_index_that_was_opened_and_never_filled_is_none(directory: Path) -> None:
    IndexWriter.open(directory).close()
    with pytest.raises(IndexNotFoundError, match="shutten index PATH"):
        Index.open(directory)


def test_an_odd_folder_name_is_no_problem(tmp_path: Path) -> None:
    directory = tmp_path / "索引 ?a=1&b#c%20" / "深い"
    write(directory, CATS)
    with Index.open(directory) as index:
        assert by_keyword(index, "cat") == ["The cat sat on the mat."]


def test_info_says_what_is_there(filled: Path) -> None:
    with Index.open(filled) as index:
        info = index.info()
        assert info["sequence"] > 0
        assert info["bytes"] >= (filled / STORE_NAME).stat().st_size
    assert {name: info[name] for name in info if name not in {"sequence", "bytes"}} == {
        "format": 1,
        "path": str(filled),
        "embedder": {
            "name": "hash",
            "revision": "1",
            "dimension": 64,
            "query_prefix": "",
            "document_prefix": "",
        },
        "articles": 2,
        "sentences": 6,
        "characters": len(TOWERS.text) + len(CATS.text),
        "samples": False,
        "views": {"dense": "ok", "keyword": "ok"},
    }


LIGHT = """
import sys
from pathlib import Path
from shutten.index import Index, IndexWriter
index = Index.open(Path(sys.argv[1]))
index.articles(), index.info(), index.article("cats")
heavy = {"torch", "transformers", "sentence_transformers", "gradio", "faiss"} & set(sys.modules)
with IndexWriter.open(Path(sys.argv[1])) as writer:
    writer.remove(["cats"])
heavier = {"torch", "transformers", "sentence_transformers", "gradio"} & set(sys.modules)
print(sorted(heavy), sorted(heavier))
"""


def test_listing_and_removing_load_no_model_library(filled: Path) -> None:
    with python(LIGHT, str(filled)) as process:
        assert process.communicate()[0] == "[] []\n"


# --- a folder that cannot be written ----------------------------------------------------------

NOBODY = 65534
READING = """
import os, sys
from pathlib import Path
from shutten.embedding import HashEmbedder
from shutten.errors import IndexWriteError
from shutten.index import Index, IndexWriter
import faiss, mmap, shutil, tantivy, tempfile  # while every file may be read
directory = Path(sys.argv[1])
if os.getuid() == 0:
    os.setgid(int(sys.argv[2]))
    os.setuid(int(sys.argv[2]))
with Index.open(directory) as index:
    print([entry.id for entry in index.articles()])
    found = index.search_keyword("cat", 5) + index.search_dense(
        HashEmbedder(64).embed_queries(["Pets\\nThe cat sat on the mat."])[0], 1
    )
    print([each.text for each in index.stored([each.key for each in found])])
    print(index.info()["views"])
    print(sys.stdin.readline().strip())
    print([entry.id for entry in index.articles()], len(index.search_keyword("新しい文", 5)))
try:
    IndexWriter.open(directory)
except IndexWriteError as error:
    print(str(error).splitlines() == [str(error)], "cannot be written" in str(error))
"""


def close_to_writing(directory: Path) -> None:
    for path in (directory, *directory.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)


def open_to_writing(directory: Path) -> None:
    for path in (directory, *directory.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that every user can reach: pytest's own are for their owner alone."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name) / "index"


@pytest.mark.parametrize("logged", [False, True], ids=["at rest", "after a kill"])
def test_an_index_that_cannot_be_written_is_read_and_followed(
    public_folder: Path, *, logged: bool
) -> None:
    write(public_folder, CATS)
    if logged:
        leave_in_log(public_folder, TOWERS)
        assert (public_folder / f"{STORE_NAME}-wal").stat().st_size > 0
    close_to_writing(public_folder)
    with python(READING, str(public_folder), str(NOBODY)) as reader:
        assert reader.stdout is not None
        assert reader.stdin is not None
        lines = [reader.stdout.readline().strip() for _ in range(3)]
        open_to_writing(public_folder)
        write(public_folder, Article("new", "題", "新しい文だ。"))
        close_to_writing(public_folder)
        rest = reader.communicate("go\n")[0].splitlines()
    open_to_writing(public_folder)
    known = ["cats", "towers"] if logged else ["cats"]
    assert lines == [
        str(known),
        "['The cat sat on the mat.', 'The cat sat on the mat.']",
        "{'dense': 'ok', 'keyword': 'ok'}",
    ]
    assert rest == ["go", f"{[*known, 'new']} 1", "True True"]


LOGGING = """
import os, signal, sys
from pathlib import Path
from shutten.embedding import HashEmbedder
from shutten.index import IndexWriter
from shutten.types import Article
writer = IndexWriter.open(Path(sys.argv[1]))
writer.add([Article(sys.argv[2], sys.argv[3], sys.argv[4])], HashEmbedder(64))
os.kill(os.getpid(), signal.SIGKILL)
"""


def leave_in_log(directory: Path, article: Article) -> None:
    """Add an article and be killed before SQLite has taken its log into the file."""
    with python(LOGGING, str(directory), article.id, article.title, article.text) as process:
        process.wait()
    (directory / f"{STORE_NAME}-shm").unlink()


def test_a_folder_that_cannot_be_made_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(IndexWriteError, match=r"cannot be written .*: check the folder"):
        IndexWriter.open(tmp_path / "file" / "index")


def test_an_article_comes_with_the_sentences_of_the_same_revision(tmp_path: Path) -> None:
    revisions = [Article("a", "題", "短い文だ。"), Article("a", "題", "長い文だ。" * 40)]
    write(tmp_path, revisions[0])
    ended = threading.Event()

    def rewrite() -> None:
        for number in range(20):
            write(tmp_path, revisions[number % 2])
        ended.set()

    with Index.open(tmp_path) as index, ThreadPoolExecutor(1) as writer:
        writing = writer.submit(rewrite)
        seen = set()
        while not ended.is_set():
            article, sentences = index.article_with_sentences("a")
            seen.add((len(article.text), sentences[-1].end))
        writing.result()
    assert seen <= {(5, 5), (200, 200)}
    assert seen


def test_an_index_is_described_while_its_files_come_and_go(directory: Path) -> None:
    with IndexWriter.open(directory) as writer:
        writer.add([Article("a", "題", "一文だ。")], HashEmbedder())
    (directory / "views").mkdir()
    done = threading.Event()

    def come_and_go() -> None:
        names = [directory / "views" / f"new{number}" for number in range(20)]
        while not done.is_set():
            for name in names:
                name.write_bytes(b"1234")
            for name in names:
                name.unlink()

    writing = threading.Thread(target=come_and_go)
    writing.start()
    try:
        with Index.open(directory) as opened:
            sizes = [opened.info()["bytes"] for _ in range(500)]
    finally:
        done.set()
        writing.join()
    assert max(sizes) - min(sizes) in range(0, 81, 4)


def test_files_of_the_keyword_view_may_be_read_by_who_may_enter_its_folder(
    directory: Path,
) -> None:
    with IndexWriter.open(directory) as writer:
        writer.add([Article("a", "題", "一文だ。")], HashEmbedder())
        (folder,) = (each.parent for each in directory.rglob("meta.json"))
        assert stat.S_IMODE((folder / "meta.json").stat().st_mode) == folder.stat().st_mode & 0o666
        folder.chmod(0o750)
        writer.add([Article("b", "題", "二文だ。")], HashEmbedder())
    assert stat.S_IMODE((folder / "meta.json").stat().st_mode) == 0o640
