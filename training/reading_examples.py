"""Questions with the sentences that answer them and those that only look as if they did.

A near miss is what a reader must learn to refuse: for every question, the other sentences of the
same article that share most with it, without the answer. English questions about Japanese
sentences (and the reverse) are made as clozes from translated sentences, after Lewis et al. 2019
(arXiv 1906.04980).
"""

from __future__ import annotations

import itertools
import math
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from data import (
    Paragraph,
    ParallelArticle,
    Question,
    Translation,
    read_kyoto,
    read_squad,
    split_sentences,
)

HELD_OUT = 0.05
"""The last articles of each set choose hyper-parameters and thresholds and are not trained on."""

NEAR_MISSES = 6


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence with what stands before it in its article."""

    title: str
    before: str
    text: str


@dataclass(frozen=True, slots=True)
class Positive:
    """A sentence that answers; `start`/`end` are the answering words in it, or None."""

    line: Line
    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True)
class Example:
    """A question, the sentences that answer it (none: nothing does), and its near misses."""

    question: str
    positives: tuple[Positive, ...]
    misses: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """Examples to train on and held-out ones, from different articles."""

    train: list[Example]
    held_out: list[Example]


def bigrams(text: str) -> set[str]:
    folded = text.casefold()
    return {folded[i : i + 2] for i in range(len(folded) - 1) if folded[i : i + 2].strip()}


@dataclass(frozen=True, slots=True)
class Located:
    """A line and where it stands in its paragraph's context."""

    line: Line
    paragraph: int
    start: int
    end: int
    bigrams: frozenset[str]


def locate(paragraphs: Sequence[Paragraph]) -> list[Located]:
    """Every sentence of one article, in order."""
    located = []
    before = ""
    for number, paragraph in enumerate(paragraphs):
        for span in split_sentences(paragraph.context):
            raw = paragraph.context[span.start : span.end]
            text = raw.strip()
            start = span.start + raw.index(text[0])
            line = Line(paragraph.title, before, text)
            located.append(
                Located(line, number, start, start + len(text), frozenset(bigrams(text)))
            )
            before = text
    return located


def weights(located: Sequence[Located]) -> dict[str, float]:
    """Rarer bigrams of the article weigh more."""
    counted = Counter(gram for each in located for gram in each.bigrams)
    return {gram: math.log(1 + len(located) / count) for gram, count in counted.items()}


def article_examples(paragraphs: Sequence[Paragraph]) -> Iterator[Example]:
    located = locate(paragraphs)
    weight = weights(located)
    for number, paragraph in enumerate(paragraphs):
        for question in paragraph.questions:
            yield make_example(question, number, located, weight)


def make_example(
    question: Question, paragraph: int, located: Sequence[Located], weight: dict[str, float]
) -> Example:
    positives, gold = [], set()
    for answer in question.answers:
        for each in located:
            inside = each.start <= answer.start and answer.start + len(answer.text) <= each.end
            if each.paragraph == paragraph and inside and id(each) not in gold:
                gold.add(id(each))
                start = answer.start - each.start
                positives.append(Positive(each.line, start, start + len(answer.text)))
    texts = [answer.text for answer in question.answers]
    rest = [
        each
        for each in located
        if id(each) not in gold and not any(text in each.line.text for text in texts)
    ]
    asked = bigrams(question.text)
    rest.sort(key=lambda each: -sum(weight[gram] for gram in each.bigrams & asked))
    misses = tuple(each.line for each in rest[:NEAR_MISSES])
    return Example(question.text, tuple(positives), misses)


def squad_split(path: Path) -> Split:
    """JaQuAD or the English SQuAD half; a question with an answer that no sentence holds is out."""
    train, held = (
        [each for article in part for each in article_examples(article)]
        for part in split_articles(path)
    )
    return Split(_usable(train), _usable(held))


def split_articles(path: Path) -> tuple[list[list[Paragraph]], list[list[Paragraph]]]:
    """The paragraphs of each article: of those to train on, and of the held-out ones."""
    articles = [
        list(group) for _, group in itertools.groupby(read_squad(path), key=lambda p: p.title)
    ]
    cut = round(len(articles) * (1 - HELD_OUT))
    return articles[:cut], articles[cut:]


def _usable(examples: Iterable[Example]) -> list[Example]:
    return [example for example in examples if example.positives or example.misses]


# ── clozes across languages ──────────────────────────────────────────────────────────────────

_NUMBER_EN = re.compile(r"(?<![\d,.])\d{1,4}(?![\d,.]*\d)")
_NAME_EN = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?: (?:of |no |the )?[A-Z][a-z]+){0,3}")
_BEFORE_QUESTION = ("", "", "According to the article, ")


def cloze_in_english(pair: Translation, chance: random.Random) -> Example | None:
    """An English question about the Japanese sentence; numbers give the answering words too."""
    numbers = [m for m in _NUMBER_EN.finditer(pair.en) if pair.ja.count(m.group()) == 1]
    found = numbers or list(_NAME_EN.finditer(pair.en))
    if not found:
        return None
    match = chance.choice(found)
    word = _english_word(match.group(), is_number=bool(numbers))
    clause = pair.en[: match.start()] + word + pair.en[match.end() :]
    question = chance.choice(_BEFORE_QUESTION) + _clause_with(clause, word) + "?"
    if not numbers:
        return Example(question, (Positive(Line("", "", pair.ja), None, None),), ())
    start = pair.ja.index(match.group())
    span = Positive(Line("", "", pair.ja), start, start + len(match.group()))
    return Example(question, (span,), ())


def _english_word(found: str, *, is_number: bool) -> str:
    if not is_number:
        return "who" if " " in found else "what"
    return "what year" if len(found) == 4 else "how many"


def _clause_with(sentence: str, word: str) -> str:
    """The clause around the question word: whole sentences would make too easy a question."""
    clauses = re.split(r"(?<=[,;.]) ", sentence.rstrip(". "))
    return next(clause for clause in clauses if word in clause).rstrip(",;. ")


def cloze_in_japanese(pair: Translation, chance: random.Random) -> Example | None:
    """A Japanese question about the English sentence."""
    numbers = [
        m for m in re.finditer(r"(?<![\d,.])\d{1,4}(?![\d,.]*\d)", pair.ja)
        if len(re.findall(rf"\b{m.group()}\b", pair.en)) == 1
    ]  # fmt: skip
    if not numbers:
        return None
    match = chance.choice(numbers)
    text = pair.ja[: match.start()] + "何" + pair.ja[match.end() :]
    clause = next(part for part in re.split(r"(?<=[、。])", text) if "何" in part)
    end = chance.choice(("か？", "ですか", "？"))
    start = re.search(rf"\b{match.group()}\b", pair.en).start()  # type: ignore[union-attr]
    span = Positive(Line("", "", pair.en), start, start + len(match.group()))
    return Example(clause.rstrip("、。") + end, (span,), ())


def crossed(article: ParallelArticle, chance: random.Random) -> Iterator[Example]:
    """A few clozes of one article, with its other sentences as near misses."""
    pairs = [p for par in article.paragraphs for p in par.sentences if p.en and len(p.ja) > 12]
    if len(pairs) < 4:
        return
    for _ in range(2):
        pair = chance.choice(pairs)
        others = chance.sample([each for each in pairs if each is not pair], 3)
        english = chance.random() < 0.65
        example = (cloze_in_english if english else cloze_in_japanese)(pair, chance)
        if example is None:
            continue
        title = article.title.ja if english else article.title.en
        texts = [each.ja if english else each.en for each in others]
        yield Example(
            example.question,
            tuple(
                Positive(Line(title, "", p.line.text), p.start, p.end) for p in example.positives
            ),
            tuple(Line(title, "", text) for text in texts),
        )


def crossed_split(path: Path, count: int, seed: int) -> Split:
    chance = random.Random(seed)
    articles = list(read_kyoto(path))
    chance.shuffle(articles)
    made = list(itertools.islice((e for a in articles for e in crossed(a, chance)), count))
    cut = round(len(made) * (1 - HELD_OUT))
    return Split(made[:cut], made[cut:])
