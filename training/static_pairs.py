"""The pairs that the static embedding learns from: a question-like text and what it should find.

Also says what is held out of them. Every set comes apart from the others, because a batch that is
drawn from one set has negatives of the same kind as its positives.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from data import (
    Paragraph,
    ParallelArticle,
    ParallelParagraph,
    Span,
    Translation,
    read_jsts,
    read_kyoto,
    read_squad,
    read_wikinews,
    split_sentences,
)

HELD_OUT_QUESTIONS = 0.05
"""The last articles of JaQuAD, by share: held out to choose the recipe, never trained on."""
HELD_OUT_EVERY = 140
"""One Kyoto article in this many is held out: 101 articles, some 3,000 sentence pairs."""

LEAST_ALIKE = 4.0
"""From this JSTS score on, of 5, two sentences count as saying the same thing."""
SHORTEST, LONGEST = 6, 400
"""Sentences outside of these lengths, in characters, make no pair: lists and debris."""

Row = tuple[str, ...]
"""A question-like text, the text that it should find, and perhaps one that it should not."""


# --- What is trained on and what is held out --------------------------------------------------


def training_paragraphs(data: Path) -> list[Paragraph]:
    return split_jaquad(data)[0]


def held_out_paragraphs(data: Path) -> list[Paragraph]:
    return split_jaquad(data)[1]


def split_jaquad(data: Path) -> tuple[list[Paragraph], list[Paragraph]]:
    """Split by article, so that no held-out sentence was seen beside a trained one."""
    paragraphs = read_squad(data / "qa/jaquad-train.json.zst")
    titles = list(dict.fromkeys(paragraph.title for paragraph in paragraphs))
    held = set(titles[-round(len(titles) * HELD_OUT_QUESTIONS) :])
    return (
        [paragraph for paragraph in paragraphs if paragraph.title not in held],
        [paragraph for paragraph in paragraphs if paragraph.title in held],
    )


def english_paragraphs(data: Path) -> list[Paragraph]:
    """The English SQuAD half without XQuAD's paragraphs: both come from SQuAD's dev set."""
    measured = {paragraph.context for paragraph in read_squad(data / "qa/xquad.en.json")}
    return [
        paragraph
        for paragraph in read_squad(data / "qa/squad2-cs224n-dev.json")
        if paragraph.context not in measured
    ]


def training_articles(data: Path) -> Iterator[ParallelArticle]:
    return (article for number, article in _numbered_kyoto(data) if number % HELD_OUT_EVERY)


def held_out_articles(data: Path) -> Iterator[ParallelArticle]:
    return (article for number, article in _numbered_kyoto(data) if not number % HELD_OUT_EVERY)


def _numbered_kyoto(data: Path) -> Iterator[tuple[int, ParallelArticle]]:
    return enumerate(read_kyoto(data / "pairs/kyoto-wiki.ja-en.docs.jsonl.zst"))


def make_pairs(data: Path, *, rounds: int, neighbours: int, seed: int) -> dict[str, list[Row]]:
    source = random.Random(seed)
    kyoto = list(training_articles(data))
    jaquad = training_paragraphs(data)
    return {
        **question_sets(jaquad, english_paragraphs(data), rounds, source),
        **kyoto_sets(kyoto, neighbours, source),
        **small_sets(data, jaquad, source),
    }


def question_sets(
    jaquad: Sequence[Paragraph], squad: Sequence[Paragraph], rounds: int, source: random.Random
) -> dict[str, list[Row]]:
    """Questions are few beside the rest, so they come again, each time with another negative."""
    return {
        **{f"jaquad-{n}": list(question_rows(jaquad, source)) for n in range(rounds)},
        **{f"squad-{n}": list(question_rows(squad, source)) for n in range(rounds)},
        "jaquad-window": list(window_rows(jaquad)),
    }


def kyoto_sets(
    kyoto: Sequence[ParallelArticle], neighbours: int, source: random.Random
) -> dict[str, list[Row]]:
    japanese = [texts for article in kyoto for texts in japanese_paragraphs(article)]
    english = [texts for article in kyoto for texts in english_side(article)]
    return {
        "kyoto-ja-en": [row for article in kyoto for row in translated(article, "ja", source)],
        "kyoto-en-ja": [row for article in kyoto for row in translated(article, "en", source)],
        "kyoto-keywords": [row for article in kyoto for row in keyword_rows(article, source)],
        "kyoto-title": [row for article in kyoto for row in title_rows(article)],
        "neighbours-ja": sample(neighbour_rows(japanese, source), neighbours, source),
        "neighbours-en": sample(neighbour_rows(english, source), neighbours, source),
    }


def small_sets(
    data: Path, jaquad: Sequence[Paragraph], source: random.Random
) -> dict[str, list[Row]]:
    news = list(read_wikinews(data / "articles/wikinews-ja.jsonl.zst"))
    scored = read_jsts(data / "pairs/jsts-train.jsonl")
    return {
        "wikinews-headline": [
            (article.headline, text) for article in news for text in article.sentences[:4]
        ],
        "jsts": [(pair.first, pair.second) for pair in scored if pair.score >= LEAST_ALIKE],
        "neighbours-news": list(neighbour_rows([(a.headline, a.sentences) for a in news], source)),
        "neighbours-jaquad": list(neighbour_rows(_split_paragraphs(jaquad), source)),
    }


def with_title(title: str, text: str) -> str:
    """The text as it is embedded at run time."""
    return f"{title}\n{text}" if title else text


def sample(rows: Iterable[Row], count: int, source: random.Random) -> list[Row]:
    kept = list(rows)
    return source.sample(kept, min(count, len(kept)))


def is_usable(text: str) -> bool:
    return SHORTEST <= len(text) <= LONGEST


def question_rows(paragraphs: Iterable[Paragraph], source: random.Random) -> Iterator[Row]:
    """Question, gold sentence, and another sentence of the paragraph: told apart by content.

    Two sentences of a paragraph share title and topic, so only a hard negative teaches which of
    them answers. Where a paragraph has no other sentence its own title stands in.
    """
    for paragraph in paragraphs:
        spans = split_sentences(paragraph.context)
        for question in paragraph.questions:
            if not question.answers:
                continue
            gold = span_at(spans, question.answers[0].start)
            others = [span for span in spans if span is not gold] or [Span(0, 0)]
            texts = [cut(paragraph, span) for span in (gold, source.choice(others))]
            yield (question.text, *texts)


def span_at(spans: Sequence[Span], position: int) -> Span:
    return next(span for span in spans if position < span.end)


def cut(paragraph: Paragraph, span: Span) -> str:
    return with_title(paragraph.title, paragraph.context[span.start : span.end].strip())


def window_rows(paragraphs: Iterable[Paragraph]) -> Iterator[Row]:
    """Question and the gold sentence between its neighbours: answers that lean on the next one."""
    for paragraph in paragraphs:
        spans = split_sentences(paragraph.context)
        for question in paragraph.questions:
            if not question.answers:
                continue
            place = spans.index(span_at(spans, question.answers[0].start))
            window = spans[max(0, place - 1) : place + 2]
            yield (question.text, cut(paragraph, Span(window[0].start, window[-1].end)))


def translated(article: ParallelArticle, given: str, source: random.Random) -> Iterator[Row]:
    """Sentence and translation; half of the translations under their title, as at run time."""
    title = article.title.en if given == "ja" else article.title.ja
    for pair in _sentences(article):
        if is_usable(pair.ja) and is_usable(pair.en):
            texts = (pair.ja, pair.en) if given == "ja" else (pair.en, pair.ja)
            yield texts[0], with_title(source.choice(("", title)), texts[1])


def keyword_rows(article: ParallelArticle, source: random.Random) -> Iterator[Row]:
    """A few English words of a sentence -> the Japanese sentence: closer to a question's length."""
    for pair in _sentences(article):
        words = pair.en.split()
        if is_usable(pair.ja) and len(words) >= 6:
            count = source.randint(3, min(10, len(words) - 1))
            places = sorted(source.sample(range(len(words)), count))
            yield " ".join(words[n] for n in places), with_title(article.title.ja, pair.ja)


def _sentences(article: ParallelArticle) -> Iterator[Translation]:
    return (pair for part in article.paragraphs for pair in part.sentences)


def title_rows(article: ParallelArticle) -> Iterator[Row]:
    """Title, and title with heading, -> the first sentence below, within and across languages."""
    ja, en = article.title.ja, article.title.en
    if ja and en:
        yield en, ja
    for part in first_under_headings(article.paragraphs):
        first = part.sentences[0]
        if is_usable(first.ja) and is_usable(first.en):
            yield f"{ja} {part.heading.ja}".strip(), first.ja
            yield f"{en} {part.heading.en}".strip(), first.ja
            yield f"{en} {part.heading.en}".strip(), first.en


def first_under_headings(parts: Sequence[ParallelParagraph]) -> list[ParallelParagraph]:
    firsts: dict[Translation, ParallelParagraph] = {}
    for part in parts:
        firsts.setdefault(part.heading, part)
    return list(firsts.values())


def japanese_paragraphs(article: ParallelArticle) -> Iterator[tuple[str, Sequence[str]]]:
    for part in article.paragraphs:
        yield article.title.ja, [pair.ja for pair in part.sentences]


def english_side(article: ParallelArticle) -> Iterator[tuple[str, Sequence[str]]]:
    for part in article.paragraphs:
        yield article.title.en, [pair.en for pair in part.sentences]


def _split_paragraphs(parts: Iterable[Paragraph]) -> Iterator[tuple[str, Sequence[str]]]:
    for part in parts:
        spans = split_sentences(part.context)
        yield part.title, [part.context[span.start : span.end].strip() for span in spans]


def neighbour_rows(
    paragraphs: Iterable[tuple[str, Sequence[str]]], source: random.Random
) -> Iterator[Row]:
    """Inverse cloze (Lee et al. 2019, arXiv:1906.00300): a sentence finds the one beside it."""
    for title, sentences in paragraphs:
        usable = [sentence for sentence in sentences if is_usable(sentence)]
        for first, second in pairwise(usable):
            query, found = source.choice(((first, second), (second, first)))
            yield query, with_title(source.choice(("", title)), found)
