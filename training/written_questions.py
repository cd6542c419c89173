"""Questions of our own writing about articles of the data sets, answered there and not answered.

`written_questions.jsonl` holds an article a line: which one, how many of its sentences the writer
had (`first`, counted from 0, where it was not the beginning), and the questions. The sentences
themselves are read from the data sets, but for articles of our own writing, which stand in the
file. A question comes with the numbers, from 1, of the sentences that answer it, best first, and
with where in the first of them the answering words stand (an empty list: nowhere in particular); or
with the negative number of the sentence that tempts most to be taken for an answer, where there is
none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data import NewsArticle, ParallelArticle, read_jsonl, read_kyoto, read_wikinews
from reading_examples import Example, Gold, NearMisses, Split, Text, locate, split_articles

WRITTEN = Path(__file__).with_suffix(".jsonl")

HELD_OUT_ARTICLES = 8
"""Every eighth article is held out, but for those of which other questions are trained on."""


@dataclass(frozen=True, slots=True)
class Written:
    """One article with its questions; a held-out one calibrates, and is not trained on."""

    text: Text
    language: str
    examples: tuple[Example, ...]
    held_out: bool


def written_articles(data: Path, path: Path = WRITTEN) -> Iterator[Written]:
    """All of them, in the order of the file."""
    sources = Sources.read(data)
    for number, raw in enumerate(read_jsonl(path), start=1):
        text = cut_out(sources.text_of(raw), raw.get("first", 0), raw["sentences"])
        misses = NearMisses(text)
        examples = tuple(_example(text, misses, *asked) for asked in raw["asked"])
        kept = number % HELD_OUT_ARTICLES == 0 and raw["source"] != "asked"
        yield Written(text, raw["language"], examples, kept)


@dataclass(frozen=True, slots=True)
class Sources:
    """The articles of the data sets: those of paragraphs by title, the others by id."""

    kyoto: Mapping[str, ParallelArticle]
    news: Mapping[str, NewsArticle]
    asked: Mapping[str, Text]

    @classmethod
    def read(cls, data: Path) -> Sources:
        """Read them; of the sets with questions the articles that are trained on."""
        kyoto = read_kyoto(data / "pairs/kyoto-wiki.ja-en.docs.jsonl.zst")
        asked = [
            locate(paragraphs)[0]
            for name in ("jaquad-train.json.zst", "squad2-cs224n-dev.json")
            for paragraphs in split_articles(data / "qa" / name)[0]
        ]
        return cls(
            {each.id: each for each in kyoto},
            {each.id: each for each in read_wikinews(data / "articles/wikinews-ja.jsonl.zst")},
            {each.title: each for each in asked},
        )

    def text_of(self, raw: Mapping[str, Any]) -> Text:
        """The whole article that a line is about."""
        if raw["source"] == "own":
            return Text.of(raw["title"], raw["paragraphs"])
        if raw["source"] == "asked":
            return self.asked[raw["title"]]
        if raw["source"] == "news":
            found = self.news[raw["id"]]
            return Text.of(found.headline, [found.sentences])
        article, language = self.kyoto[raw["id"]], raw["language"]
        paragraphs = (
            [getattr(sentence, language) for sentence in paragraph.sentences]
            for paragraph in article.paragraphs
        )
        kept = [[sentence for sentence in each if sentence] for each in paragraphs]
        return Text.of(getattr(article.title, language), kept)


def cut_out(text: Text, first: int, count: int) -> Text:
    """Some sentences of an article: nobody looked whether the rest answers."""
    kept = slice(first, first + count)
    return Text(text.title, text.sentences[kept], text.paragraphs[kept])


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


def held_out(articles: Sequence[Written]) -> list[Written]:
    return [each for each in articles if each.held_out]


def written_split(articles: Sequence[Written]) -> Split:
    split = Split([], [])
    for each in articles:
        (split.held_out if each.held_out else split.train).extend(each.examples)
    return split
