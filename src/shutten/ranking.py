"""Put the sentences that both legs of the retrieval bring into one order.

A linear model over what a sentence, its title and its neighbours share with the question, in words
and in meaning; fitted by `training/ranking.py` so that of the sentences found for a question the
one that answers comes first (listwise, ListNet, Cao et al. 2007).
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from shutten.associations import Associations
from shutten.calibration import sigmoid
from shutten.errors import ModelError
from shutten.questions import LANGUAGES
from shutten.sentences import detect_language
from shutten.terms import Term, folded, terms_of
from shutten.tokens import SoughtTokens, token_set, tokenise
from shutten.types import Language
from shutten.wording.expressions import Kind, asked_kind, holds_kind

FOLDER = Path(__file__).parent / "models" / "ranking"

KINDS: tuple[Kind, ...] = ("date", "money", "count", "person", "place", "reason")

_PLAIN = (
    "cosine",
    "article_cosine",
    "tokens",
    "tokens_before",
    "tokens_after",
    "tokens_around",
    "terms",
    "associated",
    *KINDS,
    "length",
    "first",
)
_ACROSS = ("cosine", "article_cosine", "tokens", "associated", "terms", "length", "first")
"""What tells other things where question and sentence are in different languages."""

FEATURES = (*_PLAIN, "foreign", *(f"{name}_foreign" for name in _ACROSS))

_UNKNOWN_COSINE = -2.0
_COMMON_LENGTH = 5.0

Matrix: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that one leg has found, with what stands around it; `cosine` None if unknown."""

    article_id: str
    number: int
    title: str
    text: str
    before: str = ""
    after: str = ""
    cosine: float | None = None


@dataclass(frozen=True, slots=True)
class Rarity:
    """In how many of the `size` sentences of an index each of a question's tokens stands."""

    frequencies: Mapping[str, int]
    size: int

    def weight(self, token: str) -> float:
        """The inverse document frequency, as BM25 has it (Robertson and Zaragoza 2009)."""
        held = min(self.frequencies.get(token, 0), self.size)
        return math.log(1 + (self.size - held + 0.5) / (held + 0.5))


@dataclass(frozen=True, slots=True)
class Weights:
    """A linear model: a weight for each of `FEATURES`, in their order, and a constant."""

    values: Matrix
    bias: float

    @classmethod
    def of(cls, known: Mapping[str, Any]) -> Weights:
        """Take them from JSON; raises KeyError, TypeError and ValueError."""
        weights = known["weights"]
        return cls(np.array([float(weights[name]) for name in FEATURES]), float(known["bias"]))


class Ranking:
    """Orders candidates by how likely they answer, as far as their words tell."""

    def __init__(self, models: Mapping[Language, Weights], associations: Associations) -> None:
        """`models` holds one model for the questions of each language."""
        self._models = dict(models)
        self._associations = associations

    @classmethod
    def load(cls, folder: Path) -> Ranking:
        """Read a model from its folder; raises ModelError."""
        try:
            known: dict[str, Any] = json.loads((folder / "ranking.json").read_text("utf-8"))
            models = {name: Weights.of(known[name]) for name in LANGUAGES}
        except (OSError, ValueError, KeyError, TypeError) as error:
            message = f"the ranking model in {folder} cannot be read ({error}): install it again"
            raise ModelError(message) from error
        return cls(models, Associations.load(folder / "associations.safetensors"))

    def scores(self, question: str, candidates: Sequence[Candidate], rarity: Rarity) -> list[float]:
        """Return from 0 to 1 how likely each answers, in the order given.

        A difference of logits says how much likelier one is than another for the same question;
        between questions they compare roughly.
        """
        if not candidates:
            return []
        model = self._models[detect_language(question)]
        values = features(question, candidates, rarity, self._associations)
        return [sigmoid(float(logit)) for logit in values @ model.values + model.bias]


@lru_cache(maxsize=1)
def bundled_ranking() -> Ranking:
    """Return the model that comes with the package; raises ModelError where it is missing."""
    return Ranking.load(FOLDER)


Stands: TypeAlias = Mapping[str, Sequence[tuple[str, float]]]
"""For a token of articles, the tokens of the question in whose place it stands, and the weights."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question taken apart: its tokens with their weights, which sum to 1, and its words."""

    weights: Mapping[str, float]
    sought: SoughtTokens
    stands: Stands
    terms: Sequence[Term]
    kind: Kind
    language: str

    @classmethod
    def of(cls, question: str, rarity: Rarity, associations: Associations) -> _Asked:
        rare = {token: rarity.weight(token) for token in token_set(question)}
        total = sum(rare.values()) or 1.0
        stands: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
        for token, rarity_of_it in rare.items():
            for said, weight in associations.of(token):
                stands[said].append((token, weight * rarity_of_it / total))
        return cls(
            {token: weight / total for token, weight in rare.items()},
            SoughtTokens(rare),
            stands,
            terms_of(question),
            asked_kind(question),
            detect_language(question),
        )

    def share(self, tokens: Collection[str]) -> float:
        return sum(self.weights[token] for token in tokens)

    def associated(self, tokens: Collection[str]) -> float:
        """What a sentence with these tokens has in the place of those that it has not."""
        strongest: dict[str, float] = {}
        for said in self.stands.keys() & tokens:
            for token, weight in self.stands[said]:
                if token not in tokens and weight > strongest.get(token, 0.0):
                    strongest[token] = weight
        return sum(strongest.values())

    def terms_in(self, text: str) -> float:
        return sum(term.held_by(text) for term in self.terms) / (len(self.terms) or 1)


def features(
    question: str, candidates: Sequence[Candidate], rarity: Rarity, associations: Associations
) -> Matrix:
    """Return a row for each candidate with the values of `FEATURES`."""
    asked = _Asked.of(question, rarity, associations)
    cosines = _standardised(candidates)
    nearest: dict[str, float] = {}
    for each, cosine in zip(candidates, cosines, strict=True):
        nearest[each.article_id] = max(cosine, nearest.get(each.article_id, cosine))
    held = {text: asked.sought.held_by(text) for text in _texts_around(candidates)}
    return np.array(
        [
            _row(asked, each, held, cosine, nearest[each.article_id])
            for each, cosine in zip(candidates, cosines, strict=True)
        ]
    )


def _texts_around(candidates: Sequence[Candidate]) -> set[str]:
    return {text for each in candidates for text in (each.title, each.before, each.after)}


def _standardised(candidates: Sequence[Candidate]) -> list[float]:
    """Cosines in standard deviations from their mean: embedders differ in where theirs lie."""
    known = np.array([each.cosine for each in candidates if each.cosine is not None] or [0.0])
    mean, deviation = float(known.mean()), float(known.std()) + 1e-3
    return [
        _UNKNOWN_COSINE if each.cosine is None else (each.cosine - mean) / deviation
        for each in candidates
    ]


def _row(
    asked: _Asked,
    candidate: Candidate,
    held: Mapping[str, set[str]],
    cosine: float,
    nearest: float,
) -> list[float]:
    own = frozenset(tokenise(candidate.text))
    here = (asked.weights.keys() & own) | held[candidate.title]
    before, after = held[candidate.before], held[candidate.after]
    read = folded(f"{candidate.title}\n{candidate.before}\n{candidate.text}")
    fits = asked.kind in KINDS and holds_kind(candidate.text, asked.kind)
    plain: dict[str, float] = {
        "cosine": cosine,
        "article_cosine": nearest,
        "tokens": asked.share(here),
        "tokens_before": asked.share(here | before),
        "tokens_after": asked.share(here | after),
        "tokens_around": asked.share(here | before | after),
        "terms": asked.terms_in(read),
        "associated": asked.associated(own),
        **{str(kind): float(fits and kind == asked.kind) for kind in KINDS},
        "length": math.log1p(len(candidate.text)) / _COMMON_LENGTH,
        "first": 1 / candidate.number,
    }
    foreign = float(detect_language(candidate.text) != asked.language)
    values = [plain[name] for name in _PLAIN]
    return [*values, foreign, *(plain[name] * foreign for name in _ACROSS)]
