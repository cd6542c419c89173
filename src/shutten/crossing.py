"""Whether a sentence in another language than the question is about the same thing at all.

Across languages no words are shared, and the reader judges by the relation alone: who designed the
barrier is answered by who designed a bridge, in the article of the other language that has a
designer. What both are about is told by the bilingual vectors of single words, title and passage.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from shutten.calibration import logit, sigmoid
from shutten.errors import ModelError
from shutten.reader import BUNDLED as READER_FOLDER
from shutten.sentences import detect_language
from shutten.terms import folded, terms_of
from shutten.types import Embedder, Matrix, Passage, Reader, Reading

CROSSING_FILE = "crossing.json"

FEATURES = ("title", "sentence", "passage", "least", "mean", "wordless")
"""The cosines of the question with title, sentence and the whole passage; of its words, each with
the nearest word of the passage, the least and the mean one; 1 where it has none."""

AHEAD = 5
"""So many passages in another language come first where none of the question's own is near it."""

ELSEWHERE = 0.75
"""A loss. Of held-out questions answered from the other language where no passage of their own is
near, 19 of 38 with a greater one are answered by the right sentence, of 154 others 118. Where some
are, none of the 71 right ones that are sure in spite of their loss has a greater one."""

DOUBTED = 0.44
"""A confidence with which a quotation is shown, and said to be unsure (`grounding.UNSURE`)."""

ABOUT = 1 / 3
"""So much of the question's words an own sentence has at least that is about what is asked."""

BEHIND = 1.0
"""So far behind such a sentence is one of the other language that is doubted: not quoted beside."""

_WORD = re.compile(r"[一-龥々]{2,}|[ァ-ヺー]{2,}|[A-Za-z]{3,}|\d+")


@dataclass(frozen=True, slots=True)
class Affinity:
    """A logistic model over `FEATURES`, whose log odds count by a `share`, and only against."""

    weights: Mapping[str, float]
    bias: float
    share: float

    @classmethod
    def load(cls, path: Path) -> Affinity:
        """Read one from JSON; raises ModelError."""
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            weights = {name: float(raw["weights"][name]) for name in FEATURES}
            return cls(weights, float(raw["bias"]), float(raw["share"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            message = f"{path} tells nothing of other languages ({error}): install it again"
            raise ModelError(message) from error

    def loss(self, features: Mapping[str, float]) -> float:
        """What a passage loses of its log odds, 0 or more."""
        told = self.bias + sum(weight * features[name] for name, weight in self.weights.items())
        return max(0.0, -self.share * told)


class CrossingReader:
    """Reads with another reader, and trusts sentences in another language by their affinity.

    `embedder` is the one whose vectors the affinity was fitted on, the bundled one.
    """

    def __init__(self, reader: Reader, embedder: Embedder, affinity: Affinity) -> None:
        self._reader = reader
        self._embedder = embedder
        self._affinity = affinity

    @property
    def name(self) -> str:
        """The name of the reader that reads."""
        return self._reader.name

    @property
    def threshold(self) -> float:
        """That of the reader that reads."""
        return self._reader.threshold

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """Return one reading per passage, in their order.

        Where no passage is in the question's language, nobody asked about another article than
        these, and a name that the vectors do not know would count against the right one. Where
        those in it stand behind `AHEAD` others, what answers is hardly among them: nothing is lost
        to them. What the vectors hold for something else (`ELSEWHERE`) is not sure either way.
        """
        readings = self._reader.read(question, passages)
        language = detect_language(question)
        is_foreign = [detect_language(each.hit.text) != language for each in passages]
        foreign = [number for number, each in enumerate(is_foreign) if each]
        if len(foreign) == len(passages):
            return readings
        is_behind = is_foreign.index(False) >= AHEAD
        told = affinities(question, [passages[number] for number in foreign], self._embedder)
        for number, features in zip(foreign, told, strict=True):
            loss = self._affinity.loss(features)
            reading = readings[number]
            less = reading if is_behind else _less_sure(reading, loss)
            readings[number] = _doubted(less, loss)
        return self._behind_own(question, readings, foreign)

    def _behind_own(
        self, question: str, readings: Sequence[Reading], foreign: Collection[int]
    ) -> list[Reading]:
        """Put what is doubted behind an own sentence that answers and is about what is asked.

        Two that hold each other in doubt are both unsure.
        """
        own = [
            each.relevance
            for number, each in enumerate(readings)
            if number not in foreign
            and each.confidence >= self.threshold
            and _share(question, each.passage.hit.text) >= ABOUT
        ]
        doubted = [number for number in foreign if readings[number].confidence == DOUBTED]
        highest = max((readings[number].relevance for number in doubted), default=-math.inf)
        if not own or max(own) > highest:
            return list(readings)
        behind = max(own) - BEHIND
        return [
            replace(each, confidence=min(each.confidence, DOUBTED))
            if number not in foreign
            else replace(each, relevance=min(each.relevance, behind))
            if number in doubted
            else each
            for number, each in enumerate(readings)
        ]


def crossing_reader(reader: Reader, embedder: Embedder) -> CrossingReader:
    """Return the bundled reader with the affinity that is bundled beside it; raises ModelError."""
    return CrossingReader(reader, embedder, Affinity.load(READER_FOLDER / CROSSING_FILE))


def affinities(
    question: str, passages: Sequence[Passage], embedder: Embedder
) -> list[dict[str, float]]:
    """Return the values of `FEATURES` for each passage."""
    if not passages:
        return []
    asked = embedder.embed_queries([question])[0]
    terms = [term.text for term in terms_of(question)]
    parts = [_parts(passage) for passage in passages]
    words = [list(dict.fromkeys(_WORD.findall(whole))) for _, _, whole in parts]
    vectors = _Vectors.of(embedder, [*terms, *(t for each in (*parts, *words) for t in each)])
    return [
        _features(asked, vectors.at(terms), vectors.at(three), vectors.at(own))
        for three, own in zip(parts, words, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Vectors:
    """The vectors of texts, each embedded once."""

    rows: Mapping[str, int]
    matrix: Matrix

    @classmethod
    def of(cls, embedder: Embedder, texts: Sequence[str]) -> _Vectors:
        distinct = list(dict.fromkeys(texts))
        rows = {text: number for number, text in enumerate(distinct)}
        return cls(rows, embedder.embed_documents(distinct))

    def at(self, texts: Sequence[str]) -> Matrix:
        return self.matrix[[self.rows[text] for text in texts]]


def _parts(passage: Passage) -> tuple[str, str, str]:
    hit = passage.hit
    whole = " ".join([hit.title, passage.heading, passage.before, hit.text, passage.after])
    return hit.title, hit.text, whole


def _features(asked: Matrix, terms: Matrix, parts: Matrix, words: Matrix) -> dict[str, float]:
    title, sentence, passage = (float(cosine) for cosine in parts @ asked)
    wordless = not len(terms) or not len(words)
    nearest = np.zeros(1) if wordless else (terms @ words.T).max(axis=1)
    least, mean = float(nearest.min()), float(nearest.mean())
    return dict(
        zip(FEATURES, (title, sentence, passage, least, mean, float(wordless)), strict=True)
    )


def _share(question: str, text: str) -> float:
    """How much of the question's words a sentence has."""
    terms, said = terms_of(question), folded(text)
    return sum(each.held_by(said) for each in terms) / len(terms) if terms else 0.0


def _doubted(reading: Reading, loss: float) -> Reading:
    if loss < ELSEWHERE:
        return reading
    return replace(reading, confidence=min(reading.confidence, DOUBTED))


def _less_sure(reading: Reading, loss: float) -> Reading:
    return replace(
        reading,
        relevance=reading.relevance - loss,
        confidence=sigmoid(logit(reading.confidence) - loss),
    )
