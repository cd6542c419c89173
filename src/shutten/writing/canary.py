"""A canary for language models: a plain fact of a passage must come back when it is asked for.

The facts are made up, so that no model knows them. A model that fails here will have most of what
it writes removed; it is not refused, as nothing it writes is believed unchecked.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from shutten.canary import CanaryResult
from shutten.types import Hit, Language, Passage, Writer, WritingRequest


@dataclass(frozen=True, slots=True)
class Fact:
    """A made-up fact, a question for it, and what an answer holds in small letters."""

    title: str
    sentence: str
    question: str
    answer: str


FACTS: dict[Language, tuple[Fact, ...]] = {
    "ja": (
        Fact(
            "水上橋",
            "水上橋は2011年に完成し、長さは480メートルである。",
            "水上橋はいつ完成しましたか",
            "2011",
        ),
        Fact(
            "青葉資料館",
            "青葉資料館の館長は森田ゆりで、休館日は水曜日である。",
            "青葉資料館の館長は誰ですか",
            "森田",
        ),
        Fact(
            "ひばり線",
            "ひばり線の終点は鳴沢駅で、全線に14の駅がある。",
            "ひばり線にはいくつの駅がありますか",
            "14",
        ),
    ),
    "en": (
        Fact(
            "Larkwell Bridge",
            "Larkwell Bridge was completed in 2011 and is 480 metres long.",
            "When was Larkwell Bridge completed?",
            "2011",
        ),
        Fact(
            "Aldersea Museum",
            "The director of Aldersea Museum is Marta Quill; it is closed on Wednesdays.",
            "Who is the director of Aldersea Museum?",
            "quill",
        ),
        Fact(
            "Heron Line",
            "The Heron Line ends at Saltmarsh and has 14 stations.",
            "How many stations does the Heron Line have?",
            "14",
        ),
    ),
}


def try_writer(writer: Writer) -> list[CanaryResult]:
    """Ask for all facts; `right` counts the answers that hold them. Raises WriterError."""
    return [
        CanaryResult(language, sum(_knows(writer, fact, language) for fact in facts), len(facts))
        for language, facts in FACTS.items()
    ]


def _knows(writer: Writer, fact: Fact, language: Language) -> bool:
    hit = Hit("canary", fact.title, None, 1, 0, len(fact.sentence), fact.sentence, 1.0)
    request = WritingRequest(fact.question, (Passage(hit, language=language),), language)
    text = "".join(writer.write(request))
    return fact.answer in unicodedata.normalize("NFKC", text).casefold()
