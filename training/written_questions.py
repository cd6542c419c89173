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
        return Text.of(raw["title"], raw["paragraphs"])
    if raw["source"] == "news":
        found = news[raw["id"]]
        return Text.of(found.headline, [found.sentences])
    article, language = kyoto[raw["id"]], raw["language"]
    paragraphs = (
        [getattr(sentence, language) for sentence in paragraph.sentences]
        for paragraph in article.paragraphs
    )
    kept = [[sentence for sentence in each if sentence] for each in paragraphs]
    return Text.of(getattr(article.title, language), kept)


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


def is_held_out(number: int) -> bool:
    """Whether the article in this line of the file, counted from 1, is."""
    return number % HELD_OUT_ARTICLES == 0


def held_out(articles: Sequence[Written]) -> list[Written]:
    return [each for number, each in enumerate(articles, start=1) if is_held_out(number)]


def written_split(articles: Sequence[Written]) -> Split:
    split = Split([], [])
    for number, each in enumerate(articles, start=1):
        (split.held_out if is_held_out(number) else split.train).extend(each.examples)
    return split
