"""Questions of our own writing about articles of the data sets, answered there and not answered.

`written_questions.jsonl` holds an article a line: which one, how many of its sentences the writer
had, and the questions. The sentences themselves are read from the data sets, but for articles of
our own writing, which stand in the file. A question comes with the numbers, from 1, of the
sentences that answer it, best first, and with where in the first of them the answering words stand
(an empty list: nowhere in particular); or with the negative number of the sentence that tempts
most to be taken for an answer, where the article holds none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data import NewsArticle, ParallelArticle, read_jsonl, read_kyoto, read_wikinews
from reading_examples import Example, Gold, NearMisses, Split, Text

WRITTEN = Path(__file__).with_suffix(".jsonl")

HELD_OUT_ARTICLES = 8
"""Every eighth article is held out: it calibrates, and is not trained on."""


@dataclass(frozen=True, slots=True)
class Written:
    """One article with its questions."""

    text: Text
    language: str
    examples: tuple[Example, ...]


def written_articles(data: Path, path: Path = WRITTEN) -> Iterator[Written]:
    """All of them, in the order of the file."""
    kyoto = {each.id: each for each in read_kyoto(data / "pairs/kyoto-wiki.ja-en.docs.jsonl.zst")}
    news = {each.id: each for each in read_wikinews(data / "articles/wikinews-ja.jsonl.zst")}
    for raw in read_jsonl(path):
        text = shortened(_text_of(raw, kyoto, news), raw["sentences"])
        misses = NearMisses(text)
        examples = tuple(_example(text, misses, *asked) for asked in raw["asked"])
        yield Written(text, raw["language"], examples)


def _text_of(
    raw: Mapping[str, Any], kyoto: Mapping[str, ParallelArticle], news: Mapping[str, NewsArticle]
) -> Text:
    if raw["source"] == "own":
        return numbered(raw["title"], raw["paragraphs"])
    if raw["source"] == "news":
        found = news[raw["id"]]
        return Text(found.headline, found.sentences, (0,) * len(found.sentences))
    article, language = kyoto[raw["id"]], raw["language"]
    paragraphs = (
        [getattr(sentence, language) for sentence in paragraph.sentences]
        for paragraph in article.paragraphs
    )
    kept = [[sentence for sentence in each if sentence] for each in paragraphs]
    return numbered(getattr(article.title, language), kept)


def numbered(title: str, paragraphs: Sequence[Sequence[str]]) -> Text:
    """The sentences of all paragraphs, each with its paragraph's number."""
    rows = [(sentence, number) for number, each in enumerate(paragraphs) for sentence in each]
    return Text(title, tuple(s for s, _ in rows), tuple(n for _, n in rows))


def shortened(text: Text, count: int) -> Text:
    """The beginning of an article: nobody looked whether the rest answers."""
    return Text(text.title, text.sentences[:count], text.paragraphs[:count])


def _example(
    text: Text, misses: NearMisses, question: str, numbers: list[int], span: list[int]
) -> Example:
    if numbers[0] < 0:
        tempting = -numbers[0] - 1
        rest = misses.of(question, (i for i in range(len(text.sentences)) if i != tempting))
        return Example(question, text, (), (tempting, *rest))
    words = text.sentences[numbers[0] - 1][slice(*span)] if span else ""
    gold = (_gold(text, number - 1, words) for number in numbers)
    answering = {number - 1 for number in numbers}
    allowed = (
        i
        for i, sentence in enumerate(text.sentences)
        if i not in answering and not (words and words in sentence)
    )
    return Example(question, text, tuple(gold), misses.of(question, allowed))


def _gold(text: Text, sentence: int, words: str) -> Gold:
    start = text.sentences[sentence].find(words) if words else -1
    return Gold(sentence, start, start + len(words)) if start >= 0 else Gold(sentence, None, None)


def held_out(articles: list[Written]) -> list[Written]:
    return articles[HELD_OUT_ARTICLES - 1 :: HELD_OUT_ARTICLES]


def written_split(data: Path, path: Path = WRITTEN) -> Split:
    articles = list(written_articles(data, path))
    held = held_out(articles)
    kept = [each for each in articles if each not in held]
    return Split(*([e for each in part for e in each.examples] for part in (kept, held)))
