from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from tests.web.making import make_assistant

from shutten.articles import read_articles
from shutten.assistant import Assistant
from shutten.embedding import HashEmbedder
from shutten.index import Index, IndexWriter
from shutten.reader import OverlapReader
from shutten.retrieval import HybridRetriever
from shutten.settings import samples_folder
from shutten.types import Article
from shutten.web.examples import SAMPLE_EXAMPLES, SHOWN, ExampleQuestions


def samples() -> list[Article]:
    return [replace(article, sample=True) for article in read_articles([samples_folder()])]


def test_the_words_of_every_example_stand_in_its_sample_article() -> None:
    texts = {article.id: article.text for article in samples()}
    for by_article in SAMPLE_EXAMPLES.values():
        for article_id, examples in by_article.items():
            assert all(example.words in texts[article_id] for example in examples)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_examples_of_the_samples_are_answered_rightly(language: str) -> None:
    assistant = make_assistant(samples())
    chosen = ExampleQuestions(assistant).questions("ja" if language == "ja" else "en")
    words = {
        example.question: example.words
        for by_article in SAMPLE_EXAMPLES.values()
        for examples in by_article.values()
        for example in examples
    }
    assert 0 < len(chosen) <= SHOWN
    for question in chosen:
        assert words[question] in assistant.ask(question).citations[0].quote


def test_own_articles_are_asked_about_by_their_titles_where_they_say_so() -> None:
    told = Article("a.txt", "青葉山観測所", "青葉山観測所とは、空を観る所です。")
    untold = Article("b.txt", "白山", "別の話をしています。")
    long = Article("c.txt", "とても長くて質問の形にはならない題名をもつ記事の名前", "文です。")
    assistant = make_assistant([told, untold, long])
    assert ExampleQuestions(assistant).questions("ja") == ["青葉山観測所とは何ですか"]


def test_questions_go_with_the_text_that_they_were_tried_on(tmp_path: Path) -> None:
    embedder, title = HashEmbedder(), "青葉山観測所"
    with IndexWriter.open(tmp_path) as writer, ExitStack() as opened:
        writer.add([Article("a.txt", title, f"{title}とは、空を観る所です。")], embedder)
        index = opened.enter_context(Index.open(tmp_path))
        retriever = HybridRetriever(index, embedder)
        examples = ExampleQuestions(Assistant(index, retriever, OverlapReader(), embedder))
        assert examples.questions("ja") == ["青葉山観測所とは何ですか"]
        before = index.articles()
        writer.add([Article("a.txt", title, "きのうの噂話とは、空を観る所です。")], embedder)
        assert index.articles() == before  # nothing but the text has changed
        assert examples.questions("ja") == []


def test_without_articles_there_are_no_examples() -> None:
    assert ExampleQuestions(make_assistant([])).questions("en") == []
