"""Questions with the articles that they are asked of.

A near miss is what a reader must learn to refuse: for every question, the other sentences of the
same article that share most with it, without the answer. More questions are made where there are
none: clozes (after Lewis et al. 2019, arXiv 1906.04980) from news and from translated sentences,
where question and sentence are in different languages and share no words; and questions of one
article put to another, whose subject then stands there and what is asked of it does not.
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
    read_lines,
    read_squad,
    read_wikinews,
    split_sentences,
)

HELD_OUT = 0.05
"""The last articles of each set choose hyper-parameters and thresholds and are not trained on."""

NEAR_MISSES = 6


@dataclass(frozen=True, slots=True)
class Text:
    """An article's sentences, in order; `paragraphs` holds the number of each one's paragraph."""

    title: str
    sentences: tuple[str, ...]
    paragraphs: tuple[int, ...]

    @classmethod
    def of(cls, title: str, paragraphs: Sequence[Sequence[str]]) -> Text:
        """The sentences of all paragraphs, each with its paragraph's number."""
        rows = [(sentence, number) for number, each in enumerate(paragraphs) for sentence in each]
        return cls(title, tuple(s for s, _ in rows), tuple(n for _, n in rows))

    def before(self, number: int) -> str:
        """The sentence before one in its paragraph; empty where there is none."""
        beside = number > 0 and self.paragraphs[number - 1] == self.paragraphs[number]
        return self.sentences[number - 1] if beside else ""


@dataclass(frozen=True, slots=True)
class Gold:
    """A sentence that answers; `start`/`end` are the answering words in it, or None."""

    sentence: int
    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True)
class Example:
    """A question, the sentences that answer it (none: nothing does), and its near misses.

    Both name sentences of `text`; the misses come in the order of what they share with the
    question, most first.
    """

    question: str
    text: Text
    gold: tuple[Gold, ...]
    misses: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """Examples to train on and held-out ones, from different articles."""

    train: list[Example]
    held_out: list[Example]


def bigrams(text: str) -> frozenset[str]:
    folded = text.casefold()
    return frozenset(folded[i : i + 2] for i in range(len(folded) - 1) if folded[i : i + 2].strip())


class NearMisses:
    """Finds the sentences of one article that share most with a question."""

    def __init__(self, text: Text) -> None:
        self._bigrams = [bigrams(sentence) for sentence in text.sentences]
        counted = Counter(gram for each in self._bigrams for gram in each)
        self._weights = {
            gram: math.log(1 + len(self._bigrams) / count) for gram, count in counted.items()
        }

    def of(self, question: str, allowed: Iterable[int]) -> tuple[int, ...]:
        """Rarer bigrams of the article weigh more."""
        asked = bigrams(question)

        def shared(sentence: int) -> float:
            return sum(self._weights[gram] for gram in self._bigrams[sentence] & asked)

        return tuple(sorted(allowed, key=lambda each: -shared(each))[:NEAR_MISSES])


# ── questions that people asked ──────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Located:
    """Where a sentence stands in the context of its paragraph."""

    paragraph: int
    start: int
    end: int


def locate(paragraphs: Sequence[Paragraph]) -> tuple[Text, list[Located]]:
    """Every sentence of one article, in order."""
    sentences, located = [], []
    for number, paragraph in enumerate(paragraphs):
        for span in split_sentences(paragraph.context):
            raw = paragraph.context[span.start : span.end]
            text = raw.strip()
            start = span.start + raw.index(text[0])
            sentences.append(text)
            located.append(Located(number, start, start + len(text)))
    return Text(paragraphs[0].title, tuple(sentences), tuple(x.paragraph for x in located)), located


def article_examples(paragraphs: Sequence[Paragraph]) -> Iterator[Example]:
    text, located = locate(paragraphs)
    misses = NearMisses(text)
    for number, paragraph in enumerate(paragraphs):
        for question in paragraph.questions:
            gold = tuple(find_gold(question, number, located))
            held = [answer.text for answer in question.answers]
            rest = [
                i
                for i, sentence in enumerate(text.sentences)
                if not any(answer in sentence for answer in held)
            ]
            yield Example(question.text, text, gold, misses.of(question.text, rest))


def find_gold(question: Question, paragraph: int, located: Sequence[Located]) -> Iterator[Gold]:
    """The sentences that hold an answer whole, each once, with its first answer."""
    seen: set[int] = set()
    for answer in question.answers:
        for number, each in enumerate(located):
            inside = each.start <= answer.start and answer.start + len(answer.text) <= each.end
            if each.paragraph == paragraph and inside and number not in seen:
                seen.add(number)
                start = answer.start - each.start
                yield Gold(number, start, start + len(answer.text))


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
    return [example for example in examples if example.gold or example.misses]


# ── questions put to another article ─────────────────────────────────────────────────────────


def subject_of(title: str) -> str:
    return re.sub(r"\s*[(（].*", "", title)


def transplanted(articles: Sequence[Sequence[Paragraph]], chance: random.Random) -> list[Example]:
    """Questions that name their article's subject, asked of the subject of another article.

    One whose answer stands in the other article after all is left out.
    """
    donors = [
        (question, subject_of(article[0].title))
        for article in articles
        for paragraph in article
        for question in paragraph.questions
        if len(subject_of(article[0].title)) > 1 and subject_of(article[0].title) in question.text
    ]
    made = []
    for article in articles:
        text, _ = locate(article)
        misses, subject = NearMisses(text), subject_of(text.title)
        for question, old in chance.sample(donors, len(donors) // len(articles)):
            whole = "".join(text.sentences)
            if old == subject or any(answer.text in whole for answer in question.answers):
                continue
            asked = question.text.replace(old, subject)
            made.append(Example(asked, text, (), misses.of(asked, range(len(text.sentences)))))
    return made


def foreign(questions: Path, articles: Sequence[Text], chance: random.Random) -> list[Example]:
    """Questions that people typed into a search engine, each asked of an article about anything."""
    made = []
    for line in read_lines(questions):
        question = line.rstrip("\n").split("\t")[-1]
        text = chance.choice(articles)
        misses = NearMisses(text).of(question, range(len(text.sentences)))
        made.append(Example(question, text, (), misses))
    return made


def foreign_split(data: Path, seed: int) -> Split:
    """MIRACL train questions, Japanese and English, of the articles of the question sets."""
    chance, train, held = random.Random(seed), [], []
    for language, name in (("ja", "jaquad-train.json.zst"), ("en", "squad2-cs224n-dev.json")):
        questions = data / f"unanswerable/topics.miracl-v1.0-{language}-train.tsv"
        kept, held_out = (
            [locate(article)[0] for article in part] for part in split_articles(data / "qa" / name)
        )
        made = foreign(questions, kept, chance)
        at = round(len(made) * (1 - HELD_OUT))
        train += made[:at]
        held += foreign(questions, held_out, chance)[at:]
    return Split(train, held)


def transplanted_split(path: Path, seed: int) -> Split:
    train, held = split_articles(path)
    chance = random.Random(seed)
    return Split(transplanted(train, chance), transplanted(held, chance))


# ── clozes ───────────────────────────────────────────────────────────────────────────────────

_NUMBER_EN = re.compile(r"(?<![\d,.])\d{1,4}(?![\d,.]*\d)")
_NAME_EN = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?: (?:of |no |the )?[A-Z][a-z]+){0,3}")
_BEFORE_QUESTION = ("", "", "According to the article, ")

_EXPRESSIONS_JA: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (
        re.compile(r"(?:\d+年)?\d+月\d+日(?!。)|\d+年\d+月|\d+年(?!間)|\d+日(?!間)"),
        ("いつ", "いつ", "何日"),
    ),
    (re.compile(r"\d[\d,.万億兆]*円"), ("いくら", "何円")),
    (re.compile(r"\d[\d,.万億兆]*ドル"), ("いくら", "何ドル")),
    (re.compile(r"\d[\d,.万億]*人"), ("何人",)),
    (re.compile(r"\d[\d,.万億]*歳"), ("何歳",)),
    (re.compile(r"\d[\d,.万億]*(?:%|％|パーセント)"), ("何パーセント", "どのくらい")),
    (
        re.compile(r"\d[\d,.万億]*(?:メートル|キロ|トン|時間|分間|回|件|か国|社|台|校)"),
        ("どのくらい",),
    ),
    (
        re.compile(
            r"(?<=[はがを、のに])[一-龥]{2,4}(?=(?:氏|さん|容疑者|首相|大統領|選手|教授|社長)[はがを])"
        ),
        ("誰", "どの"),
    ),
)
"""What is asked for, and the words that ask for it in its place."""


@dataclass(frozen=True, slots=True)
class Cloze:
    """A question made from one sentence; `start`/`end` are the words taken out, or None."""

    question: str
    start: int | None
    end: int | None


def cloze_in_english(english: str, passage: str, chance: random.Random) -> Cloze | None:
    """An English question about a sentence, or about its translation.

    A number, or in the same language a name, gives the answering words too.
    """
    numbers = [
        m for m in _NUMBER_EN.finditer(english) if len(_whole(m.group(), passage)) == 1
    ]  # fmt: skip
    found = numbers or list(_NAME_EN.finditer(english))
    if not found:
        return None
    match = chance.choice(found)
    word = _english_word(match.group(), is_number=bool(numbers))
    clause = english[: match.start()] + word + english[match.end() :]
    question = chance.choice(_BEFORE_QUESTION) + _clause_with(clause, word) + "?"
    places = _whole(match.group(), passage)
    return Cloze(question, *places[0]) if len(places) == 1 else Cloze(question, None, None)


def _whole(word: str, text: str) -> list[tuple[int, int]]:
    """Where a word stands that no Latin letter or digit goes on."""
    pattern = rf"(?<![\w.,]){re.escape(word)}(?![a-zA-Z\d])"
    return [m.span() for m in re.finditer(pattern, text, re.ASCII)]


def _english_word(found: str, *, is_number: bool) -> str:
    if not is_number:
        return "who" if " " in found else "what"
    return "what year" if len(found) == 4 else "how many"


def _clause_with(sentence: str, word: str) -> str:
    """The clause around the question word: whole sentences would make too easy a question."""
    clauses = re.split(r"(?<=[,;.]) ", sentence.rstrip(". "))
    return next(clause for clause in clauses if word in clause).rstrip(",;. ")


def cloze_across(pair: Translation, chance: random.Random) -> Cloze | None:
    """A Japanese question about the English sentence."""
    numbers = [
        m for m in re.finditer(r"(?<![\d,.])\d{1,4}(?![\d,.]*\d)", pair.ja)
        if len(_whole(m.group(), pair.en)) == 1
    ]  # fmt: skip
    if not numbers:
        return None
    match = chance.choice(numbers)
    text = pair.ja[: match.start()] + "何" + pair.ja[match.end() :]
    clause = next(part for part in re.split(r"(?<=[、。])", text) if "何" in part)
    ending = chance.choice(("か？", "ですか", "？"))
    return Cloze(clause.rstrip("、。") + ending, *_whole(match.group(), pair.en)[0])


def cloze_in_japanese(sentence: str, chance: random.Random) -> Cloze | None:
    """A Japanese question about a Japanese sentence: Japanese asks without moving words."""
    found = [(m, words) for pattern, words in _EXPRESSIONS_JA for m in pattern.finditer(sentence)]
    if not found:
        return None
    match, words = chance.choice(found)
    word = chance.choice(words)
    text = sentence[: match.start()] + word + sentence[match.end() :]
    clauses = [part for part in re.split(r"(?<=[、。])", text) if part]
    kept = [c for c in clauses if word in c or c is clauses[-1] or chance.random() < 0.4]
    question = "".join(kept).rstrip("、。") + chance.choice(("か？", "か", "のですか？", "？"))
    return Cloze(question, match.start(), match.end())


def with_neighbours(cloze: Cloze, text: Text, number: int, misses: NearMisses) -> Example:
    rest = (i for i in range(len(text.sentences)) if i != number)
    gold = (Gold(number, cloze.start, cloze.end),)
    return Example(cloze.question, text, gold, misses.of(cloze.question, rest))


def translated_clozes(article: ParallelArticle, chance: random.Random) -> Iterator[Example]:
    """A few clozes of one article: English on Japanese, the reverse, English on English."""
    pairs = [
        (p, number)
        for number, paragraph in enumerate(article.paragraphs)
        for p in paragraph.sentences
        if p.en and len(p.ja) > 12
    ]
    if len(pairs) < 4:
        return
    paragraphs = tuple(number for _, number in pairs)
    japanese = Text(article.title.ja, tuple(p.ja for p, _ in pairs), paragraphs)
    english = Text(article.title.en, tuple(p.en for p, _ in pairs), paragraphs)
    for _ in range(2):
        number = chance.randrange(len(pairs))
        pair = pairs[number][0]
        drawn = chance.random()
        if drawn < 0.4:
            text, cloze = japanese, cloze_in_english(pair.en, pair.ja, chance)
        elif drawn < 0.6:
            text, cloze = english, cloze_across(pair, chance)
        else:
            text, cloze = english, cloze_in_english(pair.en, pair.en, chance)
        if cloze is not None:
            yield with_neighbours(cloze, text, number, NearMisses(text))


def news_clozes(path: Path, chance: random.Random) -> Iterator[Example]:
    """At most three clozes of each Wikinews article."""
    for article in read_wikinews(path):
        sentences = tuple(article.sentences)
        if len(sentences) < 3:
            continue
        text = Text.of(article.headline, [sentences])
        misses = NearMisses(text)
        for number in chance.sample(range(len(sentences)), 3):
            cloze = cloze_in_japanese(sentences[number], chance)
            if cloze is not None and 10 <= len(cloze.question) <= 80:
                yield with_neighbours(cloze, text, number, misses)


def crossed_split(path: Path, count: int, seed: int) -> Split:
    chance = random.Random(seed)
    articles = list(read_kyoto(path))
    chance.shuffle(articles)
    clozes = (each for article in articles for each in translated_clozes(article, chance))
    return cut(list(itertools.islice(clozes, count)))


def news_split(path: Path, seed: int) -> Split:
    return cut(list(news_clozes(path, random.Random(seed))))


def cut(examples: list[Example]) -> Split:
    """The last examples are held out; no article stands on both sides but at the cut."""
    at = round(len(examples) * (1 - HELD_OUT))
    return Split(examples[:at], examples[at:])
