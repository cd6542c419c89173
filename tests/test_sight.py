"""An article is seen by who is in one of its groups, and no search, list or count tells of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shutten.articles import read_articles
from shutten.assistant import Assistant
from shutten.database import STORE_NAME
from shutten.embedding import HashEmbedder
from shutten.errors import ArticleError, UnknownArticleError
from shutten.filling import index_paths
from shutten.index import Index, IndexWriter
from shutten.reader import OverlapReader
from shutten.retrieval import HybridRetriever
from shutten.settings import Settings
from shutten.types import Article

EMBEDDER = HashEmbedder(64)
WORDS = ("城", "堀", "橋", "石垣", "天守", "大手門", "井戸", "蔵")
QUESTION = "城の高さは何メートルですか"
GROUPS = ("staff", "board", "guests")


def article(number: int, groups: Sequence[str] = ()) -> Article:
    words = [WORDS[(number + step) % len(WORDS)] for step in range(3)]
    text = "".join(f"{word}{number}の高さは{number + 10}メートルである。" for word in words)
    return Article(f"a/{number}", f"{words[0]}の話{number}", text, groups=tuple(sorted(groups)))


def may_see(one: Article, groups: frozenset[str]) -> bool:
    """The definition that everything is held against."""
    return not one.groups or not groups.isdisjoint(one.groups)


def assistant_over(index: Index) -> Assistant:
    return Assistant(index, HybridRetriever(index, EMBEDDER), OverlapReader(), EMBEDDER)


def ids_of(answer_or_hits: object) -> set[str]:
    return {hit.article_id for hit in answer_or_hits}  # type: ignore[attr-defined]


ARTICLES = st.lists(st.lists(st.sampled_from(GROUPS), unique=True, max_size=2), max_size=6)
VISITORS = st.frozensets(st.sampled_from((*GROUPS, "strangers")), max_size=3)


@settings(max_examples=60, deadline=None)
@given(ARTICLES, VISITORS)
def test_every_way_to_the_articles_keeps_to_the_definition(
    all_groups: list[list[str]], groups: frozenset[str]
) -> None:
    articles = [article(number, given) for number, given in enumerate(all_groups)]
    visible = [each for each in articles if may_see(each, groups)]
    seen = {each.id for each in visible}
    whole = Index.in_memory(articles, EMBEDDER)
    index = whole.seen_by(groups)

    assert [entry.id for entry in index.articles()] == [each.id for each in visible]
    assert list(index.titles().items()) == [(each.id, each.title) for each in visible]
    counts = (index.article_count, index.sentence_count)
    alone = Index.in_memory(visible, EMBEDDER)
    assert counts == (alone.article_count, alone.sentence_count)

    vector = EMBEDDER.embed_queries([QUESTION])[0]
    found = index.search_dense(vector, 100)
    assert ids_of(index.stored([each.key for each in found])) == seen
    every = [each.key for each in whole.search_dense(vector, 100)]
    assert ids_of(index.stored(every)) == seen
    assert [each.key for each in found] == [
        key for key in every if whole.stored([key])[0].article_id in seen
    ]
    words = index.search_keyword(QUESTION, 100)
    assert ids_of(index.stored([each.key for each in words])) <= seen
    for key in every:
        if whole.stored([key])[0].article_id not in seen:
            assert index.neighbours([key]) == {}

    assistant = assistant_over(whole).seen_by(groups)
    assert ids_of(assistant.search(QUESTION, k=100)) <= seen
    for question in (
        QUESTION,
        "この記事を要約して",
        *(f"{each.title}を要約して" for each in articles),
    ):
        answer = assistant.ask(question)
        assert ids_of(answer.hits) | ids_of(answer.citations) <= seen
        if not visible:
            assert answer.refusal_reason == "no_articles"


@settings(max_examples=40, deadline=None)
@given(ARTICLES, VISITORS)
def test_an_article_out_of_sight_is_as_unknown_as_one_that_never_was(
    all_groups: list[list[str]], groups: frozenset[str]
) -> None:
    articles = [article(number, given) for number, given in enumerate(all_groups)]
    assistant = assistant_over(Index.in_memory(articles, EMBEDDER)).seen_by(groups)
    index = assistant.index
    never = "a/999"
    for each in (*articles, Article(never, "", "")):
        ways = (
            lambda: index.article(each.id),  # noqa: B023 - called at once
            lambda: index.sentences(each.id),  # noqa: B023
            lambda: index.article_with_sentences(each.id),  # noqa: B023
            lambda: assistant.ask(QUESTION, article_ids=[each.id]),  # noqa: B023
            lambda: assistant.search(QUESTION, article_ids=[each.id]),  # noqa: B023
            lambda: assistant.ask("要約して", article_ids=[each.id]),  # noqa: B023
        )
        if each.id != never and may_see(each, groups):
            assert index.article(each.id) == each
            continue
        for way in ways:
            with pytest.raises(UnknownArticleError) as caught:
                way()
            assert str(caught.value).replace(each.id, never) == (
                f"the index holds no article '{never}': `shutten list` shows the ids"
            )


def test_the_keeper_sees_everything() -> None:
    index = Index.in_memory([article(1, ["staff"]), article(2)], EMBEDDER)
    assert index.article_count == index.seen_by(None).article_count == 2
    assert index.groups() == {"a/1": ("staff",)}
    assert index.seen_by(["staff"]).seen_by(None).article_count == 2
    assert index.seen_by([]).seen_by(None).article_count == 1


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "index"


def add(directory: Path, *articles: Article) -> tuple[int, int, int]:
    with IndexWriter.open(directory) as writer:
        report = writer.add(articles, EMBEDDER)
    return report.added, report.updated, report.sentences_embedded


def test_who_may_see_an_article_changes_at_once_and_embeds_nothing(directory: Path) -> None:
    assert add(directory, article(1), article(2)) == (2, 0, 6)
    with Index.open(directory) as opened:
        visitor = assistant_over(opened).seen_by([])
        assert ids_of(visitor.search(QUESTION)) == {"a/1", "a/2"}
        assert add(directory, article(1, ["staff"])) == (0, 1, 0)
        assert ids_of(visitor.search(QUESTION)) == {"a/2"}
        assert visitor.index.article_count == 1
        assert add(directory, article(1, ["staff"])) == (0, 0, 0)
        assert add(directory, article(1)) == (0, 1, 0)
        assert ids_of(visitor.search(QUESTION)) == {"a/1", "a/2"}


def test_an_article_that_comes_back_has_the_groups_it_comes_with(directory: Path) -> None:
    add(directory, article(1, ["staff"]), article(2))
    with IndexWriter.open(directory) as writer:
        writer.remove(["a/1"])
    add(directory, article(1))
    with Index.open(directory) as opened:
        assert opened.seen_by([]).article_count == 2


def test_embedding_everything_again_opens_nothing(directory: Path) -> None:
    add(directory, article(1, ["staff"]), article(2))
    with IndexWriter.open(directory) as writer:
        writer.rebuild(EMBEDDER)
    with Index.open(directory) as opened:
        assert [entry.id for entry in opened.seen_by([]).articles()] == ["a/2"]


# --- indexes of other versions ----------------------------------------------------------------


def make_old(directory: Path) -> None:
    """Take away what came later than the first format."""
    with sqlite3.connect(directory / STORE_NAME) as connection:
        for table in ("article_groups", "places"):
            connection.execute(f"DROP TABLE {table}")
    connection.close()


def test_an_index_made_before_there_were_groups_opens_and_works(directory: Path) -> None:
    add(directory, article(1))
    make_old(directory)
    with Index.open(directory) as opened:
        assert opened.seen_by(["staff"]).article_count == 1
        assert opened.article("a/1").groups == ()
        assert opened.groups() == {}
        assert ids_of(assistant_over(opened).seen_by([]).search(QUESTION)) == {"a/1"}
        assert add(directory, article(1), article(2, ["staff"])) == (1, 0, 3)
        assert ids_of(assistant_over(opened).seen_by([]).search(QUESTION)) == {"a/1"}
        assert opened.seen_by(["staff"]).article_count == 2


def test_a_program_that_knows_no_groups_refuses_an_index_with_some(directory: Path) -> None:
    def made_for() -> int:
        connection = sqlite3.connect(directory / STORE_NAME)
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        connection.close()
        return version

    add(directory, article(1))
    assert made_for() == 1
    add(directory, article(2, ["staff"]))
    assert made_for() == 2
    with Index.open(directory) as opened:
        assert opened.info()["format"] == 2


# --- where groups come from -------------------------------------------------------------------


def test_bulk_import_takes_groups(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    line = {"id": "1", "title": "題", "text": "本文。"}
    lines = [line, {**line, "id": "2", "groups": ["staff", "user:ada", "staff"]}]
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert [each.groups for each in read_articles([path])] == [(), ("staff", "user:ada")]


@pytest.mark.parametrize(
    "groups", ["staff", {"staff": 1}, ["staff", 5], [""], [" staff"], ["a,b"], ["a\nb"], [None]]
)
def test_groups_that_are_none_open_the_article_to_nobody(tmp_path: Path, groups: object) -> None:
    path = tmp_path / "a.jsonl"
    line = {"id": "1", "title": "題", "text": "本文。", "groups": groups}
    path.write_text(json.dumps(line), encoding="utf-8")
    with pytest.raises(ArticleError, match=r'"groups"|none of the') as caught:
        list(read_articles([path]))
    assert "\n" not in str(caught.value)


def test_a_search_among_half_of_the_articles_gives_the_best_of_that_half() -> None:
    articles = [article(number, ["staff"] if number % 2 else []) for number in range(40)]
    whole = Index.in_memory(articles, EMBEDDER)
    seen = whole.seen_by([])
    vector = EMBEDDER.embed_queries([QUESTION])[0]
    ranked = [
        (each.key, each.score)
        for each in whole.search_dense(vector, 200)
        if int(whole.stored([each.key])[0].article_id[2:]) % 2 == 0
    ]
    found = seen.search_dense(vector, 10)
    assert [each.key for each in found] == [key for key, _ in ranked[:10]]
    np.testing.assert_allclose([each.score for each in found], [score for _, score in ranked[:10]])


def test_indexing_again_opens_nothing_that_was_closed(tmp_path: Path) -> None:
    chosen = Settings(index=tmp_path / "index", embedder="hash", reader="overlap")
    source = tmp_path / "a.txt"
    source.write_text("灯台の窓は青い。", encoding="utf-8")

    def seen(*, groups: Sequence[str] | None) -> list[tuple[str, ...]]:
        index_paths([source], chosen, groups=groups)
        with closing(Index.open(chosen.index)) as index:
            return [index.groups().get("a.txt", ())]

    assert seen(groups=["staff"]) == [("staff",)]
    assert seen(groups=None) == [("staff",)]
    source.write_text("灯台の窓は赤い。", encoding="utf-8")
    assert seen(groups=None) == [("staff",)]
    assert seen(groups=[]) == [()]
