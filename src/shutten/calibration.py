"""From what was seen of a sentence to the probability that it answers: logistic models, as data."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from shutten.errors import ModelError

Vector: TypeAlias = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the confidence in one sentence rests on."""

    answers: float
    """The network's logit that the sentence answers."""
    span: float
    """The log probability of its best answering words among its own words."""
    margin: float
    """How far their logit stands above that of no answer in the whole window."""
    kind_absent: float
    """1 where the question asks for a kind of expression that the sentence does not hold."""
    unfit: float
    """1 where it asks for a date, an amount or a number and the answering words hold none."""
    overlap: float
    """The share of the question's tokens in sentence, title and preceding sentence."""
    crossed: float
    """1 where question and passage are in different languages; overlap says nothing there."""
    english: float
    """1 where both are English, which the network reads less surely."""
    dense: float
    """The cosine of question and sentence."""
    repeats: float = 0.0
    """1 where the answering words stand in the question already."""
    terms_elsewhere: float = 0.0
    """How much of the question's content words others have and this one lacks (`terms`)."""
    tokens_elsewhere: float = 0.0
    """The same of its tokens."""
    number_missing: float = 0.0
    """1 where the question has a number in digits that is not in what is read."""
    unheard_of: float = 0.0
    """1 where no passage has any of the question's content words, or next to nothing of them."""
    answers_again: float = 0.0
    """What the second network says where it has read the sentence too, as `answers` above."""
    span_again: float = 0.0
    margin_again: float = 0.0
    mark: Vector | None = field(default=None, repr=False, compare=False)
    """The network's last vector at the sentence's mark, of shape (width,); where two networks have
    read it, those of both, concatenated."""

    def features(self) -> dict[str, float]:
        """The inputs of the calibration by name."""
        return {
            "answers": self.answers,
            "span": self.span,
            "margin": self.margin,
            "kind_absent": self.kind_absent,
            "unfit": self.unfit,
            "overlap": self.overlap * (1 - self.crossed),
            "crossed": self.crossed,
            "english": self.english,
            "answers_crossed": self.answers * self.crossed,
            "margin_crossed": self.margin * self.crossed,
            "dense": self.dense,
            "dense_crossed": self.dense * self.crossed,
            "repeats": self.repeats,
            "terms_elsewhere": self.terms_elsewhere * (1 - self.crossed),
            "tokens_elsewhere": self.tokens_elsewhere * (1 - self.crossed),
            "number_missing": self.number_missing,
            "unheard_of": self.unheard_of * (1 - self.crossed),
            "answers_again": self.answers_again,
            "span_again": self.span_again,
            "margin_again": self.margin_again,
        }


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic model over the features of `Evidence`, and where `mark` has weights, its vector.

    The weights of a vector have its shape.
    """

    weights: Mapping[str, float]
    bias: float
    mark: Vector | None = None

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Logistic:
        """Read one from JSON; raises KeyError, TypeError, ValueError or AttributeError."""
        weights = {str(k): float(v) for k, v in raw["weights"].items()}
        mark = np.asarray(raw["mark"], dtype=np.float32) if "mark" in raw else None
        return cls(weights, float(raw["bias"]), mark)

    def scaled(self, factor: float, more: float) -> Logistic:
        """Return the model whose logit is that of this one times a factor, and something more."""
        weights = {name: factor * weight for name, weight in self.weights.items()}
        mark = None if self.mark is None else factor * self.mark
        return Logistic(weights, factor * self.bias + more, mark)

    def logit(self, evidence: Evidence) -> float:
        """The log odds that the sentence answers."""
        features = evidence.features()
        told = self.bias + sum(w * features[name] for name, w in self.weights.items())
        if self.mark is None or evidence.mark is None:
            return told
        return told + float(self.mark @ evidence.mark)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Logistic models, and what is chosen beside them.

    `order` tells one passage from the others. `verdict` is the probability that the foremost one
    answers: fitted on the foremost ones alone, it tells an answer from what tempts to be taken for
    one. `again` is the same where the second network has read it too; None where there is none.
    `threshold` is the verdict below which held-out training questions lose no more than the
    share of answers that the model card states. `retrieval` is what the fused retrieval score (0 to
    1) adds to the order.
    """

    order: Logistic
    verdict: Logistic
    threshold: float
    retrieval: float
    again: Logistic | None = None

    @classmethod
    def load(cls, path: Path) -> Calibration:
        """Read a calibration, which may have one model for both; raises ModelError."""
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            return cls(
                order=Logistic.of(raw),
                verdict=Logistic.of(raw.get("verdict", raw)),
                threshold=float(raw["threshold"]),
                retrieval=float(raw["retrieval"]),
                again=Logistic.of(raw["again"]) if "again" in raw else None,
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelError(f"{path} is no reader calibration: install the model again") from error


FAINTEST = 1e-6
"""No probability is held for less, nor its contrary."""


def logit(probability: float) -> float:
    """The logarithm of the odds, for probabilities from `FAINTEST` on."""
    bounded = min(max(probability, FAINTEST), 1 - FAINTEST)
    return math.log(bounded / (1 - bounded))


def sigmoid(value: float) -> float:
    """The logistic function, safe for large values of either sign."""
    if value >= 0:
        return 1 / (1 + math.exp(-value))
    return math.exp(value) / (1 + math.exp(value))
