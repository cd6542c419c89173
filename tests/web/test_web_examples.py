from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from tests.bundled import bundled_assistant
from tests.web.making import make_assistant

from shutten.articles import read_articles
from shutten.assistant import Assistant
from shutten.embedding import HashEmbedder
from shutten.index import Index, IndexWriter
from shutten.loaded_models import load_models
from shutten.reader import OverlapReader
from shutten.retrieval import HybridRetriever
from shutten.settings import Settings, samples_folder
from shutten.types import Article, Passage, Reading
from shutten.web.examples import SAMPLE_EXAMPLES, SHOWN, TRIED, ExampleQuestions


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
    told = Article("a.txt", "青葉山観測所", "青葉山観測所は、空を観る施設である。")
    somebody = Article("p.txt", "鵜飼トメ", "鵜飼トメ（1882年 - 1951年）は、日本の教育者である。")
    untold = Article("b.txt", "白山", "別の話をしています。")
    long = Article("c.txt", "とても長くて質問の形にはならない題名をもつ記事の名前", "文です。")
    examples = ExampleQuestions(bundled_assistant(told, somebody, untold, long))
    assert examples.questions("ja") == [
        "青葉山観測所について教えてください",
        "鵜飼トメについて教えてください",
    ]


GATE = Article("gate.md", "Moon Gate", "The Moon Gate is an opening in a wall.", language="en")


def bridges(count: int) -> list[Article]:
    names = [f"{sign}見橋" for sign in "月星雪花山川海空日雲岩森"[:count]]
    return [Article(f"{each}.txt", each, f"{each}は、石の橋である。") for each in names]


def test_examples_in_the_pages_language_come_first() -> None:
    examples = ExampleQuestions(bundled_assistant(*bridges(2), GATE))
    japanese = ["月見橋について教えてください", "星見橋について教えてください"]
    assert examples.questions("en") == ["Tell me about Moon Gate", *japanese]
    assert examples.questions("ja") == [*japanese, "Tell me about Moon Gate"]


def test_articles_in_the_pages_language_are_tried_though_many_others_came_before() -> None:
    found = ExampleQuestions(bundled_assistant(*bridges(TRIED), GATE)).questions("en")
    assert found[0] == "Tell me about Moon Gate"
    assert len(found) == SHOWN


def test_questions_go_with_the_text_that_they_were_tried_on(tmp_path: Path) -> None:
    models, title = load_models(Settings()), "青葉山観測所"
    embedder = models.embedder
    with IndexWriter.open(tmp_path) as writer, ExitStack() as opened:
        writer.add([Article("a.txt", title, f"{title}は、空を観る施設である。")], embedder)
        index = opened.enter_context(Index.open(tmp_path))
        retriever = HybridRetriever(index, embedder)
        examples = ExampleQuestions(Assistant(index, retriever, models.reader, embedder))
        assert examples.questions("ja") == ["青葉山観測所について教えてください"]
        before = index.articles()
        writer.add([Article("a.txt", title, "きのうの噂話は、空を観る施設である。")], embedder)
        assert index.articles() == before  # nothing but the text has changed
        assert examples.questions("ja") == []


def test_without_articles_there_are_no_examples() -> None:
    assert ExampleQuestions(make_assistant([])).questions("en") == []


def test_examples_are_no_longer_than_a_question_may_be() -> None:
    short = bundled_assistant(*bridges(2), GATE)
    short.max_question_characters = len("Tell me about Moon Gate") - 1
    japanese = ["月見橋について教えてください", "星見橋について教えてください"]
    assert ExampleQuestions(short).questions("en") == japanese
    short.max_question_characters = 5
    assert ExampleQuestions(short).questions("en") == []


class PatientReader(OverlapReader):
    """Reads when it is let."""

    def __init__(self) -> None:
        self.begun, self.may_read = threading.Event(), threading.Event()

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        self.begun.set()
        assert self.may_read.wait(30)
        return super().read(question, passages)


def test_known_examples_are_shown_while_others_are_tried() -> None:
    articles, reader, embedder = bridges(2), PatientReader(), HashEmbedder()
    index = Index.in_memory(articles, embedder)
    examples = ExampleQuestions(
        Assistant(index, HybridRetriever(index, embedder), reader, embedder)
    )
    reader.may_read.set()
    known = examples.questions("ja")
    reader.begun.clear()
    reader.may_read.clear()
    with ThreadPoolExecutor(2) as threads:
        tried = threads.submit(examples.questions, "en")
        try:
            assert reader.begun.wait(30)
            assert threads.submit(examples.questions, "ja").result(30) == known
        finally:
            reader.may_read.set()
        assert sorted(tried.result(30)) == sorted(known)
