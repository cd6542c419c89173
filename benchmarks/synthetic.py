"""Japanese articles made up from word lists: as many as wanted, the same ones every time.

Every sentence states one fact about one invented thing, so that a question about it has exactly
one right sentence.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from shutten.types import Article

SENTENCES_PER_ARTICLE = 20

PLACES = [
    "青葉",
    "白石",
    "松島",
    "大原",
    "小川",
    "北浜",
    "南沢",
    "高森",
    "東雲",
    "西条",
    "若宮",
    "中里",
    "石狩",
    "黒部",
    "朝霧",
    "夕凪",
]
THINGS = [
    "灯台",
    "水門",
    "図書館",
    "天文台",
    "吊り橋",
    "製鉄所",
    "温室",
    "時計塔",
    "博物館",
    "貯水池",
    "劇場",
    "造船所",
]
SYLLABLES = (
    "アカサタナハマヤラワイキシチニヒミリウクスツヌフムユルエケセテネヘメレオコソトノホモヨロ"
)
MAKERS = ["石工", "技師", "商人", "僧侶", "測量士", "大工", "彫刻家", "教師"]

STATEMENTS = (
    ("{thing}「{name}」は{year}年に{place}の丘に建てられた。", "「{name}」はいつ建てられましたか"),
    (
        "「{name}」の高さは{size}メートルで、{place}でいちばん高い。",
        "「{name}」の高さは何メートルですか",
    ),
    (
        "設計したのは{maker}の{person}で、「{name}」はその最後の仕事になった。",
        "「{name}」を設計したのは誰ですか",
    ),
    ("{year}年の嵐のあと、「{name}」は{place}へ移された。", "「{name}」はどこへ移されましたか"),
)
"""A sentence and the question that it alone answers."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A sentence with its question; `number` counts the article's sentences from 1."""

    article_id: str
    number: int
    sentence: str
    question: str


def facts(count: int, *, seed: int = 0) -> Iterator[Fact]:
    """Yield as many facts, twenty to an article."""
    generator = random.Random(seed)
    for position in range(count):
        article, place_in_article = divmod(position, SENTENCES_PER_ARTICLE)
        sentence, question = _statement(generator, position)
        yield Fact(f"synthetic/{article:06}", place_in_article + 1, sentence, question)


def articles(count: int, *, seed: int = 0) -> Iterator[Article]:
    """Yield articles that hold as many sentences altogether, one paragraph each."""
    collected: list[Fact] = []
    for fact in facts(count, seed=seed):
        if collected and collected[0].article_id != fact.article_id:
            yield _article(collected)
            collected = []
        collected.append(fact)
    if collected:
        yield _article(collected)


def _article(collected: list[Fact]) -> Article:
    first = collected[0].article_id
    text = "".join(fact.sentence for fact in collected)
    return Article(id=first, title=f"記録第{first.rpartition('/')[2]}号", text=text)


def _statement(generator: random.Random, position: int) -> tuple[str, str]:
    sentence, question = STATEMENTS[position % len(STATEMENTS)]
    words = {
        "name": _name(generator, 4) + str(position),
        "person": _name(generator, 3),
        "thing": generator.choice(THINGS),
        "place": generator.choice(PLACES),
        "maker": generator.choice(MAKERS),
        "year": generator.randint(1600, 2020),
        "size": generator.randint(8, 240),
    }
    return sentence.format(**words), question.format(**words)


def _name(generator: random.Random, length: int) -> str:
    return "".join(generator.choice(SYLLABLES) for _ in range(length))
