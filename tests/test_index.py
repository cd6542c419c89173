"""Index and IndexWriter as others use them."""

from __future__ import annotations

from pathlib import Path

import pytest

from shutten.embedding import HashEmbedder
from shutten.errors import IndexNotFoundError, UnknownArticleError
from shutten.index import Index, IndexWriter
from shutten.types import Article

EMBEDDER = HashEmbedder()
TOWERS = Article("towers", "塔と城", "東京タワーは高い。大阪城は古い。富士山は日本一の山だ。")
CATS = Article(
    "cats", "Pets", "The cat sat on the mat. The dog ran away.\nIt rained.", language="en"
)


def texts_found(index: Index, question: str, k: int = 10) -> list[str]:
    found = index.search_keyword(question, k)
    return [sentence.text for sentence in index.stored([each.key for each in found])]


def test_an_index_in_memory_finds_a_sentence_by_both_legs() -> None:
    index = Index.in_memory([TOWERS, CATS], EMBEDDER)
    vector = EMBEDDER.embed_queries(["塔と城\n大阪城は古い。"])[0]
    dense = index.stored([each.key for each in index.search_dense(vector, 1)])
    assert [sentence.text for sentence in dense] == ["大阪城は古い。"]
    assert texts_found(index, "大阪城", k=1) == ["大阪城は古い。"]


def test_an_edited_article_embeds_only_its_new_sentences(tmp_path: Path) -> None:
    with IndexWriter.open(tmp_path) as writer:
        writer.add([TOWERS, CATS], EMBEDDER)
        edited = Article("towers", "塔と城", f"新しい文。{TOWERS.text}")
        report = writer.add([edited, CATS], EMBEDDER)
    assert (report.updated, report.unchanged, report.sentences_embedded) == (1, 1, 1)


def test_an_open_index_follows_another_writer(tmp_path: Path) -> None:
    with IndexWriter.open(tmp_path) as writer:
        writer.add([TOWERS], EMBEDDER)
    with Index.open(tmp_path) as index:
        assert texts_found(index, "cat") == []
        with IndexWriter.open(tmp_path) as writer:
            writer.add([CATS], EMBEDDER)
        assert texts_found(index, "cat") == ["The cat sat on the mat."]
        with IndexWriter.open(tmp_path) as writer:
            writer.remove(["cats"])
        assert texts_found(index, "cat") == []


def test_a_folder_without_an_index_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(IndexNotFoundError, match="shutten index PATH"):
        Index.open(tmp_path)


def test_an_unknown_article_is_named() -> None:
    index = Index.in_memory([TOWERS], EMBEDDER)
    with pytest.raises(UnknownArticleError, match="'dogs'"):
        index.article("dogs")
