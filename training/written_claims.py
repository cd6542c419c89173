"""Claims about sentences of articles, borne out by them or not.

Of our own writing (`written_claims.jsonl`): a line for each article, with its place in
`written_questions.jsonl` and the number of who wrote them (0: several of us, the first ones); a
claim comes with the sentences that it is held against, by number from 1, whether they bear it out,
and what was done to it. Where a claim is in its sentence's own words and the sentence is one of a
data set, it is a list of pieces: our words, and from where to where it goes on as the sentence
does. And pairs of captions from JSICK's train and trial part (Yanaka and Mineshima 2022) and JNLI's
validation part, where only entailment counts; and sentences beside their translations, from the
Kyoto corpus.
"""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from data import ParallelArticle, Translation, read_jsonl, read_kyoto, read_lines
from reading_examples import Text
from written_questions import Written

WRITTEN_CLAIMS = Path(__file__).with_suffix(".jsonl")

HELD_OUT_WRITER = 3
"""Nothing of one writer is trained on: how somebody words things is soon learnt."""

FIRST_NEAR_WRITER = 40
"""Those from here on made true and false claims of the sentence's own words."""

MOST_SENTENCES = 3
"""Beside so many there is no room for the sentence before them."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim beside the sentences that are to bear it out, in the order of their article.

    `before` is what stands before the first of them; it may be empty, as the title.
    """

    claim: str
    sentences: tuple[str, ...]
    title: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """What is claimed, beside the sentences it is held against."""

    statement: Statement
    borne_out: bool
    kind: str
    writer: int | None = None

    @property
    def is_near(self) -> bool:
        """Whether it was written in its sentence's own words."""
        return self.writer is not None and self.writer >= FIRST_NEAR_WRITER


@dataclass(frozen=True, slots=True)
class Claims:
    """Those to train on, those about the held-out articles, and those of the held-out writer."""

    train: list[Claim]
    held_out: list[Claim]
    apart: list[Claim]

    def first(self) -> list[Claim]:
        """Those to train on that were there when the reader was trained."""
        return [each for each in self.train if each.writer == 0]


def written_claims(articles: Sequence[Written], path: Path = WRITTEN_CLAIMS) -> Claims:
    """Claims about the articles of the written questions, which are given."""
    claims = Claims([], [], [])
    for raw in read_jsonl(path):
        number, writer = raw["article"], raw.get("writer", 0)
        about = articles[number - 1]
        part = claims.held_out if about.held_out else claims.train
        part = claims.apart if writer == HELD_OUT_WRITER else part
        for told, cited, borne_out, kind in raw["claims"]:
            numbers = [cited] if isinstance(cited, int) else cited
            text = _joined(told, about.text, numbers)
            part.append(Claim(_statement(about.text, text, numbers), bool(borne_out), kind, writer))
    return claims


def _joined(told: str | list[str | list[int]], article: Text, cited: Sequence[int]) -> str:
    """A claim from its pieces, which are copied from the cited sentences and the title."""
    if isinstance(told, str):
        return told
    source = "\n".join([*(article.sentences[number - 1] for number in cited), article.title])
    return "".join(each if isinstance(each, str) else source[slice(*each)] for each in told)


def _statement(article: Text, text: str, cited: Sequence[int]) -> Statement:
    numbers = sorted(cited)[:MOST_SENTENCES]
    sentences = tuple(article.sentences[number - 1] for number in numbers)
    before = article.before(numbers[0] - 1) if len(numbers) < MOST_SENTENCES else ""
    return Statement(text, sentences, article.title, before)


# ── pairs of captions ────────────────────────────────────────────────────────────────────────


def caption_claims(data: Path) -> Iterator[Claim]:
    """Pairs of captions in which the second one follows from the first, or does not."""
    lines = read_lines(data / "pairs/jsick.tsv")
    for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
        if row["data"] != "test":
            for language in ("Ja", "En"):
                label = row[f"entailment_label_{language}"]
                yield _pair(row[f"sentence_A_{language}"], row[f"sentence_B_{language}"], label)
    for raw in read_jsonl(data / "pairs/jnli-valid.jsonl"):
        yield _pair(raw["sentence1"], raw["sentence2"], raw["label"])


def _pair(sentence: str, text: str, label: str) -> Claim:
    return Claim(Statement(text, (sentence,)), label == "entailment", label)


# ── sentences beside their translations ──────────────────────────────────────────────────────

_NUMBER = re.compile(r"\d{1,6}")
_LONGEST = {"ja": 160, "en": 350}
_EACH = 3
"""Claims of an article."""


def translated_claims(data: Path, count: int, seed: int) -> list[Claim]:
    """Translations: half of a sentence itself, a quarter with a number changed or of another."""
    chance = random.Random(seed)
    articles = list(read_kyoto(data / "pairs/kyoto-wiki.ja-en.docs.jsonl.zst"))
    chance.shuffle(articles)
    made: list[Claim] = []
    for article in articles:
        made += _translated(article, chance)
        if len(made) >= count:
            break
    return made[:count]


def _translated(article: ParallelArticle, chance: random.Random) -> list[Claim]:
    made = []
    for paragraph in article.paragraphs:
        sentences = [each for each in paragraph.sentences if each.ja and each.en]
        if len(sentences) > _EACH - 1:
            made += list(_of_paragraph(article.title, sentences, chance))
    return made[:_EACH]


def _of_paragraph(
    title: Translation, sentences: Sequence[Translation], chance: random.Random
) -> Iterator[Claim]:
    at = chance.randrange(1, len(sentences) - 1)
    claimed, told = chance.choice([("en", "ja"), ("ja", "en")])
    text = getattr(sentences[at], claimed)
    if len(text) > _LONGEST[claimed]:
        return
    around = (getattr(each, told) for each in (sentences[at], title, sentences[at - 1]))
    sentence, heading, before = around
    kind = chance.choice(["", "", "number", "beside"])
    if kind == "beside":
        text = getattr(sentences[at + chance.choice([-1, 1])], claimed)
    if kind == "number":
        text = changed_number(text, chance)
    if text:
        made = Statement(text, (sentence,), heading, before)
        yield Claim(made, not kind, f"translation {kind}".strip())


def changed_number(text: str, chance: random.Random) -> str:
    """Put another number for one of a text's; empty where it has none."""
    numbers = list(_NUMBER.finditer(text))
    if not numbers:
        return ""
    chosen = chance.choice(numbers)
    old = int(chosen.group())
    steps = (1, 2, 3, 5, 10, max(1, old // 2), old or 1)
    new = next(
        value
        for step in chance.sample(steps, len(steps))
        for value in (old + step, old - step)
        if value >= 0
    )
    return f"{text[: chosen.start()]}{new}{text[chosen.end() :]}"
