"""What both search views promise, and that FAISS and tantivy say what plain arithmetic says."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shutten import dense
from shutten.dense import DenseView
from shutten.embedding import HashEmbedder
from shutten.keyword import KeywordView
from shutten.store import Keys, SearchableSentence
from shutten.tokens import tokenise
from shutten.types import Matrix
from shutten.views import Found, ViewError

EMBEDDER = HashEmbedder(64)
ARTICLE_OF = {10: 1, 11: 1, 20: 2, 21: 2, 30: 3}
TEXTS = {
    10: "東京タワーは赤い塔だ。",
    11: "大阪城は豊臣秀吉が建てた。",
    20: "富士山は日本一高い山だ。",
    21: "The cat sat on the mat.",
    30: "価格は1,200円です。",
}


def keys_of(keys: Iterable[int]) -> Keys:
    return np.array(list(keys), dtype=np.int64)


def sentence(key: int, text: str, title: str = "") -> SearchableSentence:
    return SearchableSentence(key, ARTICLE_OF.get(key, key), title, text)


SOURCES = str(Path(dense.__file__).parents[1])


class SearchView(Protocol):
    """A view as the contract sees it: texts in, keys out."""

    def change(self, removed: Sequence[int], added: dict[int, str]) -> None: ...

    def search(self, text: str, k: int, articles: Sequence[int] | None = None) -> list[Found]: ...


class Dense:
    def __init__(self) -> None:
        self.view = DenseView.of(64, [])
        self.articles: dict[int, int] = {}

    def change(self, removed: Sequence[int], added: dict[int, str]) -> None:
        rows = EMBEDDER.embed_documents(list(added.values()))
        self.view.change(keys_of(removed), [(keys_of(added), rows)] if added else [])
        self.articles |= {key: ARTICLE_OF.get(key, key) for key in added}

    def search(self, text: str, k: int, articles: Sequence[int] | None = None) -> list[Found]:
        among = None
        if articles is not None:
            among = keys_of(key for key, article in self.articles.items() if article in articles)
        return self.view.search(EMBEDDER.embed_queries([text])[0], k, among=among)


class LaidOver(Dense):
    """Every change lies over a view of sentences that are gone."""

    def __init__(self) -> None:
        super().__init__()
        super().change([], {7: "何もない。", 8: "東京タワーは赤い塔だ。", 9: "猫"})
        self.late: dict[int, str] = {}
        self.gone = {7, 8, 9}
        self._lay()

    def change(self, removed: Sequence[int], added: dict[int, str]) -> None:
        self.gone |= {*removed, *added}
        self.late = {key: text for key, text in self.late.items() if key not in removed} | added
        self.articles |= {key: ARTICLE_OF.get(key, key) for key in added}
        self._lay()

    def _lay(self) -> None:
        rows = EMBEDDER.embed_documents(list(self.late.values()))
        late = [(keys_of(self.late), rows)] if self.late else []
        self.view = self.view.changed(keys_of(self.gone), late)


class Keyword:
    def __init__(self) -> None:
        self.view = KeywordView.in_memory()
        self.sequence = 0

    def change(self, removed: Sequence[int], added: dict[int, str]) -> None:
        self.sequence += 1
        sentences = [sentence(key, text) for key, text in added.items()]
        self.view.prepare(
            keys_of(removed), sentences, sequence=self.sequence, size=len(added)
        ).commit()

    def search(self, text: str, k: int, articles: Sequence[int] | None = None) -> list[Found]:
        return self.view.search(tokenise(text), k, articles=articles)


@pytest.fixture(params=[Dense, LaidOver, Keyword])
def view(request: pytest.FixtureRequest) -> SearchView:
    made: SearchView = request.param()
    return made


def found_keys(found: Iterable[Found]) -> list[int]:
    return [each.key for each in found]


# --- the contract -----------------------------------------------------------------------------


@pytest.mark.parametrize("key", TEXTS)
def test_a_sentence_finds_itself_first(view: SearchView, key: int) -> None:
    view.change([], TEXTS)
    assert view.search(TEXTS[key], 3)[0].key == key


def test_what_is_found_comes_best_first_and_once(view: SearchView) -> None:
    view.change([], TEXTS)
    found = view.search("東京タワーと富士山と大阪城は高い", 10)
    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True)
    assert len(set(found_keys(found))) == len(found) >= 3


def test_what_was_removed_is_gone_and_the_rest_stays(view: SearchView) -> None:
    view.change([], TEXTS)
    view.change([20], {})
    assert 20 not in found_keys(view.search(TEXTS[20], 10))
    assert view.search(TEXTS[10], 1)[0].key == 10


def test_a_key_that_comes_again_is_there_once_with_its_new_text(view: SearchView) -> None:
    view.change([], TEXTS)
    view.change([20], {20: "琵琶湖は広い湖だ。"})
    found = found_keys(view.search("琵琶湖は広い湖だ。", 10))
    assert found[0] == 20
    assert found.count(20) == 1


def test_k_beyond_the_size_gives_what_there_is(view: SearchView) -> None:
    view.change([], {10: TEXTS[10], 11: TEXTS[11]})
    assert set(found_keys(view.search("東京タワーと大阪城は", 1000))) == {10, 11}


@pytest.mark.parametrize("k", [0, -1])
def test_no_sentence_asked_for_is_none_found(view: SearchView, k: int) -> None:
    view.change([], TEXTS)
    assert view.search(TEXTS[10], k) == []


def test_an_empty_view_finds_nothing(view: SearchView) -> None:
    assert view.search("東京", 5) == []
    view.change([], TEXTS)
    view.change(list(TEXTS), {})
    assert view.search("東京", 5) == []


def test_a_restriction_comes_before_the_ranking(view: SearchView) -> None:
    view.change([], TEXTS)
    assert found_keys(view.search("東京タワーは高い山だ", 1, articles=[2])) == [20]
    assert set(found_keys(view.search("東京タワー は the 円です", 9, articles=[2, 3]))) <= {
        20,
        21,
        30,
    }


def test_an_empty_restriction_means_nothing(view: SearchView) -> None:
    view.change([], TEXTS)
    assert view.search(TEXTS[10], 5, articles=[]) == []


def test_the_same_search_gives_the_same_order(view: SearchView) -> None:
    view.change([], dict.fromkeys(range(1, 9), "同じ文がある。"))
    assert found_keys(view.search("同じ文", 8)) == list(range(1, 9))


# --- the vectors' view ------------------------------------------------------------------------


def random_rows(count: int, dimension: int, seed: int) -> Matrix:
    rows = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    unit: Matrix = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 60), st.integers(1, 80), st.sets(st.integers(0, 59)), st.integers(0, 1000))
def test_dense_scores_are_inner_products(count: int, k: int, among: set[int], seed: int) -> None:
    rows = random_rows(count, 16, seed)
    keys = keys_of(range(5, 5 + 3 * count, 3))
    question = random_rows(1, 16, seed + 1)[0]
    wanted = sorted(number for number in among if number < count)
    found = DenseView.of(16, [(keys, rows)]).search(question, k, among=keys[wanted])
    products = rows[wanted] @ question
    order = np.argsort(-products)[:k]
    assert found_keys(found) == keys[wanted][order].tolist()
    np.testing.assert_allclose([each.score for each in found], products[order], atol=1e-5)


@settings(max_examples=30, deadline=None)
@given(
    st.integers(1, 40), st.sets(st.integers(0, 39)), st.integers(0, 9), st.integers(1, 60),
    st.integers(0, 1000),
)  # fmt: skip
def test_a_view_that_lies_over_another_finds_what_one_view_would(
    count: int, gone: set[int], late: int, k: int, seed: int
) -> None:
    rows = random_rows(count + late, 16, seed)
    keys = keys_of(range(5, 5 + 3 * (count + late), 3))
    question = random_rows(1, 16, seed + 1)[0]
    removed = keys[sorted(number for number in gone if number < count)]
    below = DenseView.of(16, [(keys[:count], rows[:count])])
    over = below.changed(removed, [(keys[count:], rows[count:])])
    left = np.isin(keys, removed, invert=True)
    one = DenseView.of(16, [(keys[left], rows[left])])
    for among in (None, keys[::2]):
        kept = None if among is None else among[np.isin(among, removed, invert=True)]
        found, expected = over.search(question, k, among=among), one.search(question, k, among=kept)
        assert found_keys(found) == found_keys(expected)
        scores = [each.score for each in expected]
        np.testing.assert_allclose([each.score for each in found], scores, atol=1e-6)
    assert len(below.search(question, 99)) == count


def test_a_written_view_is_the_same_when_it_is_read(tmp_path: Path) -> None:
    keys, rows = keys_of([3, 9, 27]), random_rows(3, 16, 1)
    dense.publish(DenseView.of(16, [(keys, rows)]).write(tmp_path, 7))
    assert dense.latest(tmp_path) == (7, tmp_path / "dense-7.faiss")
    found = dense.load(tmp_path / "dense-7.faiss", 7).search(rows[1], 3)
    assert found[0].key == 9
    assert found[0].score == pytest.approx(1.0, abs=1e-6)


def test_the_newest_dense_file_counts_and_publishing_deletes_the_others(tmp_path: Path) -> None:
    view = DenseView.of(16, [(keys_of([1]), random_rows(1, 16, 1))])
    dense.publish(view.write(tmp_path, 7))
    written = view.write(tmp_path, 1000)
    assert dense.latest(tmp_path) == (7, tmp_path / "dense-7.faiss")
    dense.publish(written)
    assert [path.name for path in tmp_path.iterdir()] == ["dense-1000.faiss"]


def overwrite(at: float) -> Callable[[bytes], bytes]:
    def spoil(content: bytes) -> bytes:
        start = int(at * (len(content) - 4))
        return (
            content[:start]
            + bytes(each ^ 0xFF for each in content[start : start + 4])
            + (content[start + 4 :])
        )

    return spoil


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: b"",
        lambda _: b"garbage",
        lambda content: content[: len(content) // 2],
        lambda content: content[:-1],
        lambda content: content + b"more",
        *(overwrite(at) for at in (0.0, 0.3, 0.6, 0.9, 1.0)),
    ],
)
def test_a_dense_file_that_is_not_as_it_was_written_is_refused(
    tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "dense-7.faiss"
    dense.publish(DenseView.of(16, [(keys_of([1, 2]), random_rows(2, 16, 1))]).write(tmp_path, 7))
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(ViewError, match="dense-7"):
        dense.load(path, 7)


def test_a_dense_file_under_another_number_is_refused(tmp_path: Path) -> None:
    dense.publish(DenseView.of(16, []).write(tmp_path, 7))
    path = (tmp_path / "dense-7.faiss").rename(tmp_path / "dense-8.faiss")
    with pytest.raises(ViewError, match="damaged"):
        dense.load(path, 8)


# --- the keyword view -------------------------------------------------------------------------

K1, B = 1.2, 0.75
"""tantivy's constants."""
EXACT_LENGTHS = 40
"""tantivy keeps a field's length in one byte, which is exact up to forty tokens."""


def naive_bm25(texts: dict[int, str], question: str) -> dict[int, float]:
    """BM25 as the book has it; the document that carries the sequence number counts as empty."""
    documents = {key: Counter(tokenise(text)) for key, text in texts.items()}
    count = len(documents) + 1
    average = sum(each.total() for each in documents.values()) / count
    scores: defaultdict[int, float] = defaultdict(float)
    for token in set(tokenise(question)):
        having = sum(token in each for each in documents.values())
        rarity = math.log(1 + (count - having + 0.5) / (having + 0.5))
        for key, each in documents.items():
            if each[token]:
                length = K1 * (1 - B + B * each.total() / average)
                scores[key] += rarity * each[token] * (K1 + 1) / (each[token] + length)
    return scores


words = st.lists(
    st.sampled_from(["猫", "犬", "東京タワー", "cat", "dog", "1,200円", "山は高い"]), max_size=6
).map(" ".join)


@settings(max_examples=40, deadline=None)
@given(st.lists(words, min_size=1, max_size=12), words)
def test_keyword_scores_are_bm25(texts: list[str], question: str) -> None:
    by_key = dict(enumerate(texts, start=1))
    assert all(len(tokenise(text)) <= EXACT_LENGTHS for text in texts)
    view = Keyword()
    view.change([], by_key)
    found = view.search(question, len(texts))
    expected = naive_bm25(by_key, question)
    assert set(found_keys(found)) == set(expected)
    for each in found:
        assert each.score == pytest.approx(expected[each.key], rel=1e-4)


def titled_view() -> KeywordView:
    view = KeywordView.in_memory()
    sentences = [
        sentence(1, "背が高い。", title="東京タワー"),
        sentence(2, "東京タワーは背が高い。", title="旅"),
        sentence(3, "犬がいる。", title="犬"),
    ]
    view.prepare(keys_of([]), sentences, sequence=1, size=3).commit()
    return view


def test_a_title_counts_as_the_sentence_does() -> None:
    found = titled_view().search(tokenise("東京タワー"), 5)
    assert sorted(found_keys(found)) == [1, 2]


@pytest.mark.parametrize("question", ['"', "a:b", "AND", "-犬", "(", "犬*", "犬~2", "^", "\\", " "])
def test_query_syntax_is_only_text(question: str) -> None:
    found = titled_view().search(tokenise(question), 5)
    assert found_keys(found) in ([], [3])
    assert (found_keys(found) == [3]) == ("犬" in question)


def test_a_question_of_one_character_finds_it() -> None:
    assert found_keys(titled_view().search(tokenise("犬"), 5)) == [3]


def test_a_change_is_seen_after_its_commit_and_not_after_it_was_abandoned() -> None:
    view = titled_view()
    change = view.prepare(keys_of([3]), [sentence(4, "猫がいる。")], sequence=2, size=1)
    assert found_keys(view.search(["猫"], 5)) == []
    change.abandon()
    view.look_again()
    assert (found_keys(view.search(["猫"], 5)), view.sequence()) == ([], 1)
    view.prepare(keys_of([3]), [sentence(4, "猫がいる。")], sequence=2, size=1).commit()
    assert (found_keys(view.search(["猫"], 5)), view.sequence()) == ([4], 2)
    assert found_keys(view.search(["犬"], 5)) == []


def keyword_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "keyword"
    folder.mkdir()
    sentences = [sentence(key, text) for key, text in TEXTS.items()]
    KeywordView.create(folder).prepare(keys_of([]), sentences, sequence=5, size=5).commit()
    return folder


def test_a_keyword_view_on_disk_knows_its_sequence(tmp_path: Path) -> None:
    view = KeywordView.open(keyword_folder(tmp_path))
    assert view.sequence() == 5
    assert found_keys(view.search(tokenise("富士山"), 5)) == [20]


@pytest.mark.parametrize("spoil", [lambda _: b"", lambda content: content[:-9], overwrite(0.2)])
@pytest.mark.parametrize(
    "name", ["meta.json", "*.fast", "*.fieldnorm", "*.idx", "*.pos", "*.store", "*.term"]
)
def test_a_keyword_view_with_a_damaged_file_is_refused(
    tmp_path: Path, name: str, spoil: Callable[[bytes], bytes]
) -> None:
    folder = keyword_folder(tmp_path)
    path = next(folder.glob(name))
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(ViewError, match="keyword cannot be read"):
        KeywordView.open(folder)


@pytest.mark.parametrize("name", ["meta.json", "*.idx", "*.pos"])
def test_a_keyword_view_without_one_of_its_files_is_refused(tmp_path: Path, name: str) -> None:
    folder = keyword_folder(tmp_path)
    next(folder.glob(name)).unlink()
    with pytest.raises(ViewError, match="keyword cannot be read"):
        KeywordView.open(folder)


def test_a_view_opened_apart_changes_in_memory_alone(tmp_path: Path) -> None:
    folder = keyword_folder(tmp_path)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with KeywordView.apart(folder) as view:
        added = [sentence(40, "琵琶湖は広い湖だ。")]
        view.prepare(keys_of([20]), added, sequence=6, size=1).commit()
    assert found_keys(view.search(tokenise("琵琶湖"), 5))[0] == 40
    assert 20 not in found_keys(view.search(tokenise("富士山"), 5))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_search_leaves_torch_its_threads() -> None:
    # In a process of its own: which OpenMP runtime the two share depends on who came first.
    program = """
import numpy as np, torch
from shutten.dense import DenseView
row = np.eye(1, 4, dtype=np.float32)
DenseView.of(4, [(np.array([1]), row)]).search(row[0], 1)
print(torch.get_num_threads())
"""
    run = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        env={**os.environ, "OMP_NUM_THREADS": "2", "PYTHONPATH": SOURCES},
    )
    assert run.stdout == "2\n"
