"""Questions made from running text in other words than the passage that answers them.

Where two sentences of an article hold the same name or number, one of them with a question word
in its place asks, and the other answers (Fabbri et al. 2020, arXiv 2004.11892; Ram et al. 2021,
arXiv 2101.00438): what they share is left, what they do not has to be read.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from data import read_kyoto, read_wikinews
from reading_examples import Example, Gold, NearMisses, Text, locate, split_articles

MOST_PLACES = 6
"""A name that stands in more sentences than these is what the article is about."""

LEAST_SHARED = 3
"""Words (English) or bigrams without hiragana (Japanese) that two sentences must share beside the
span, so that one can answer the other."""

SENTENCES = 14
"""Of an article, those around the answering sentence that are kept."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What is asked for, and the words that ask for it in its place or behind the clause."""

    pattern: re.Pattern[str]
    words: tuple[str, ...]


JAPANESE = (
    Kind(re.compile(r"\d{3,4}年(?:\d+月)?(?:\d+日)?(?!間)"), ("いつ", "何年", "いつ")),
    Kind(re.compile(r"\d+月\d+日"), ("いつ", "何月何日")),
    Kind(re.compile(r"\d[\d,.]*人"), ("何人",)),
    Kind(
        re.compile(r"\d[\d,.]*(?:メートル|キロ|km|m|歳|円|石|体|台|回|ヶ所|か所)"),
        ("いくつ", "どのくらい"),
    ),
    Kind(re.compile(r"(?<=「)[^「」]{2,20}(?=」)"), ("何", "何")),
    Kind(re.compile(r"[\u30a1-\u30f6ー]{3,}(?:・[\u30a1-\u30f6ー]+)*"), ("何", "誰", "どこ")),
    Kind(
        re.compile(r"[一-龥]{2,6}(?:寺|院|神社|宮|城|山|川|県|市|町|村|区|国|駅|島)(?![一-龥])"),
        ("どこ", "何"),
    ),
    Kind(re.compile(r"[一-龥]{3,5}(?=(?:は|が|を|に|の|と|ら|氏|天皇|親王))"), ("誰", "何", "誰")),
    Kind(re.compile(r"[一-龥]{2,6}(?![一-龥])"), ("何", "どの")),
)  # fmt: skip

ENGLISH = (
    Kind(re.compile(r"(?<![\d,.])1\d{3}(?![\d,.]*\d)"), ("what year", "when")),
    Kind(re.compile(r"(?<![\d,.])\d+(?:,\d{3})*(?![\d,.]*\d)"), ("how many", "what number")),
    Kind(
        re.compile(
            r"(?<=[a-z,] )(?!(?:Temple|Shrine|Prefecture|City|Ward|Province|Period|Mt|Sect)\b)"
            r"[A-Z][a-z]+(?:[- ](?:of |no |the )?[A-Za-z]*[A-Z][a-z]+){0,3}(?![-\w])"
        ),
        ("who", "what", "which", "where"),
    ),
)


def content(text: str) -> frozenset[str]:
    """What two sentences may share: English words of four letters, bigrams without hiragana."""
    words = re.findall(r"[a-z]{4,}", text.casefold())
    runs = re.findall(r"[一-龥\u30a1-\u30f6ー0-9]{2,}", text)
    return frozenset(words) | {run[i : i + 2] for run in runs for i in range(len(run) - 1)}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a span stands: in which sentence, from where to where."""

    sentence: int
    start: int
    end: int


def recurring(sentences: Sequence[str], kinds: Sequence[Kind]) -> list[tuple[Kind, list[Place]]]:
    """The spans that stand in more than one sentence; of overlapping ones the first kind's."""
    places: dict[str, list[Place]] = defaultdict(list)
    kind_of: dict[str, Kind] = {}
    for number, sentence in enumerate(sentences):
        taken = [False] * (len(sentence) + 1)
        for kind in kinds:
            for match in kind.pattern.finditer(sentence):
                if not any(taken[match.start() : match.end()]):
                    taken[match.start() : match.end()] = [True] * len(match.group())
                    places[match.group()].append(Place(number, *match.span()))
                    kind_of[match.group()] = kind
    return [
        (kind_of[span], found)
        for span, found in places.items()
        if 1 < len({each.sentence for each in found}) <= MOST_PLACES
    ]


_CLEFT = re.compile(r"(?:は|が|を|では|には|に)")


def question_ja(sentence: str, place: Place, word: str, chance: random.Random) -> str:
    """The sentence, or some of its clauses, with the question word inside or at its end."""
    head, tail = sentence[: place.start], sentence[place.end :].rstrip("。")
    before = [part for part in re.split(r"(?<=、)", head) if part]
    after = [part for part in re.split(r"(?<=、)", tail) if part]
    kept_head = before[-1:] if before and chance.random() < 0.5 else before[-2:]
    kept_tail = after if len(after) < 3 or chance.random() < 0.5 else after[:1] + after[-1:]
    left, right = "".join(kept_head), "".join(kept_tail)
    particle = _CLEFT.match(right)
    if particle and chance.random() < 0.5:
        clause = (left + right[particle.end() :]).strip("、")
        return clause + chance.choice(("のは", "ものは")) + word + chance.choice(
            ("か？", "ですか？", "？", "でしょうか？")
        )  # fmt: skip
    text = (left + word + right).strip("、")
    return text + chance.choice(("か？", "ですか？", "のですか？", "？"))


def question_en(sentence: str, place: Place, word: str, chance: random.Random) -> str:
    """The clauses around the span, or the question word in front and the rest behind it."""
    head, tail = sentence[: place.start], sentence[place.end :].rstrip(". ")
    left = re.split(r"(?<=[,;]) ", head)[-1]
    right = re.split(r"(?=[,;] )", tail)[0] if chance.random() < 0.6 else tail
    if chance.random() < 0.4:
        return f"{word.capitalize()} {left.strip()} {right.strip()}?"
    return f"{left}{word}{right}?".strip(" ,;")


def asked(text: Text, kinds: Sequence[Kind], most: int, chance: random.Random) -> Iterator[Example]:
    """At most so many examples of one article."""
    found = recurring(text.sentences, kinds)
    chance.shuffle(found)
    english = kinds is ENGLISH
    grams = [content(sentence) for sentence in text.sentences]
    made = 0
    for kind, places in found:
        if made == most:
            return
        pair = fitting(places, text, grams, chance)
        if pair is None:
            continue
        ask, answer = pair
        word = chance.choice(kind.words)
        form = question_en if english else question_ja
        question = form(text.sentences[ask.sentence], ask, word, chance)
        if (20 if english else 8) <= len(question) <= (220 if english else 90):
            made += 1
            yield example(question, text, ask, answer)


def fitting(
    places: Sequence[Place], text: Text, grams: Sequence[frozenset[str]], chance: random.Random
) -> tuple[Place, Place] | None:
    """One place to ask from and the one that shares most with it."""
    ask = chance.choice(places)
    span = content(text.sentences[ask.sentence][ask.start : ask.end])

    def shared(place: Place) -> int:
        return len((grams[ask.sentence] & grams[place.sentence]) - span)

    others = [each for each in places if each.sentence != ask.sentence]
    best = max(others, key=shared)
    alike = len(grams[ask.sentence] & grams[best.sentence]) > 0.8 * len(grams[ask.sentence])
    return (ask, best) if shared(best) >= LEAST_SHARED and not alike else None


def example(question: str, text: Text, ask: Place, answer: Place) -> Example:
    """The sentences around the answer without the one that asks."""
    half = SENTENCES // 2
    near = range(max(0, answer.sentence - half), min(len(text.sentences), answer.sentence + half))
    kept = [number for number in near if number != ask.sentence]
    local = Text(
        text.title,
        tuple(text.sentences[number] for number in kept),
        tuple(text.paragraphs[number] for number in kept),
    )
    span = text.sentences[answer.sentence][answer.start : answer.end]
    rest = [i for i, sentence in enumerate(local.sentences) if span not in sentence]
    gold = Gold(kept.index(answer.sentence), answer.start, answer.end)
    return Example(question, local, (gold,), NearMisses(local).of(question, rest))


# ── all articles ─────────────────────────────────────────────────────────────────────────────

KANA = re.compile(r"[\u3041-\u3096]")

MOST_EXAMPLES = 12
"""Of one article."""


def kyoto_texts(path: Path) -> Iterator[Text]:
    """Both sides of each article."""
    for article in read_kyoto(path):
        pairs = [
            (sentence, number)
            for number, paragraph in enumerate(article.paragraphs)
            for sentence in paragraph.sentences
            if sentence.ja and sentence.en
        ]
        numbers = tuple(number for _, number in pairs)
        yield Text(article.title.ja, tuple(each.ja for each, _ in pairs), numbers)
        yield Text(article.title.en, tuple(each.en for each, _ in pairs), numbers)


def all_texts(data: Path) -> Iterator[Text]:
    """Kyoto's articles, news, and the articles that JaQuAD and the SQuAD half train on."""
    yield from kyoto_texts(data / "pairs/kyoto-wiki.ja-en.docs.jsonl.zst")
    for article in read_wikinews(data / "articles/wikinews-ja.jsonl.zst"):
        yield Text(article.headline, article.sentences, (0,) * len(article.sentences))
    for name in ("jaquad-train.json.zst", "squad2-cs224n-dev.json"):
        yield from (locate(paragraphs)[0] for paragraphs in split_articles(data / "qa" / name)[0])


def of_texts(job: tuple[int, list[Text]]) -> list[Example]:
    """The examples of a batch of articles; the same for the same seed."""
    seed, texts = job
    chance = random.Random(seed)
    return [
        made
        for text in texts
        for made in asked(
            text,
            JAPANESE if KANA.search("".join(text.sentences[:5])) else ENGLISH,
            MOST_EXAMPLES,
            chance,
        )
    ]


def recurring_examples(data: Path, seed: int) -> list[Example]:
    """The examples of all articles, by all processors."""
    texts = iter([text for text in all_texts(data) if len(text.sentences) > 3])
    batches = iter(lambda: list(itertools.islice(texts, 200)), [])
    processes = max(1, (os.cpu_count() or 2) - 2)
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        made = pool.map(of_texts, list(enumerate(batches, start=seed * 1_000_000)), chunksize=1)
    return list(itertools.chain.from_iterable(made))
