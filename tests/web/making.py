"""Assistants small enough for tests of the page: real parts, no trained model."""

from __future__ import annotations

from collections.abc import Sequence

from shutten.assistant import Assistant, assistant_for_articles
from shutten.embedding import HashEmbedder
from shutten.index import Index
from shutten.reader import OverlapReader
from shutten.retrieval import HybridRetriever
from shutten.types import Article
from shutten.web.library import Library
from shutten.web.uploads import UploadStore

NEWS = Article(
    "news.txt",
    "R2の公開",
    "R2の公開\n\n会社は新しいモデルを準備している。R2は5月上旬に公開される予定でした。価格は未定だ。",
    sample=True,
)
DOG = Article("dog.txt", "私の犬", "私の犬\n\n犬の名前はポチです。犬は三歳です。")


def make_assistant(articles: Sequence[Article]) -> Assistant:
    embedder = HashEmbedder()
    index = Index.in_memory(articles, embedder)
    return Assistant(index, HybridRetriever(index, embedder), OverlapReader(), embedder)


def make_library(articles: Sequence[Article]) -> Library:
    assistant = make_assistant(articles)
    uploads = UploadStore(lambda own: assistant_for_articles(own, like=assistant), lifetime=60)
    return Library(assistant, uploads)
