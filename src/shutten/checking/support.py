"""The learned support score: how likely sentences bear a claim out, and each of its words."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from shutten.checking.alignment import KIN
from shutten.checking.case import Case
from shutten.errors import ModelError
from shutten.reader import sigmoid
from shutten.types import Embedder

if TYPE_CHECKING:
    from shutten.checking.support_model import SupportHead
    from shutten.reader_model import ReaderModel, WindowEncoder

BUNDLED = Path(__file__).resolve().parents[1] / "models" / "support"
CALIBRATION_FILE = "support.json"
_CLIP = 8.0


@dataclass(frozen=True, slots=True)
class Laid:
    """A case as the network reads it: title and sentence before of its best sentence."""

    case: Case
    title: str
    before: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What the network saw: a logit for the claim, and one for each word in order of matches."""

    whole: float
    words: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Support:
    """Probabilities, 0 to 1: of the claim, and of each word in the order of the case's matches."""

    claim: float
    words: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic model over named features."""

    weights: Mapping[str, float]
    bias: float

    def probability(self, features: Mapping[str, float]) -> float:
        """The modelled probability."""
        return sigmoid(self.bias + sum(w * features[name] for name, w in self.weights.items()))


@dataclass(frozen=True, slots=True)
class Calibration:
    """How outputs become probabilities, and from where on a claim or a word is held supported.

    Both thresholds were chosen on examples held out from training; see the model card.
    """

    claim: Logistic
    word: Logistic
    claim_threshold: float
    word_threshold: float

    @classmethod
    def load(cls, path: Path) -> Calibration:
        """Read a calibration; raises ModelError."""
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            return cls(
                _logistic(raw["claim"]),
                _logistic(raw["word"]),
                float(raw["claim_threshold"]),
                float(raw["word_threshold"]),
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelError(f"{path} is no support calibration: install Shutten again") from error


def _logistic(raw: Mapping[str, object]) -> Logistic:
    weights = {str(k): float(v) for k, v in dict(raw["weights"]).items()}  # type: ignore[call-overload]
    return Logistic(weights, float(str(raw["bias"])))


class SupportScorer(Protocol):
    """Gives cases their learned score."""

    @property
    def calibration(self) -> Calibration:
        """The thresholds that belong to the scores."""
        ...

    def score(self, cases: Sequence[Laid]) -> list[Support]:
        """Return one score per case, in order."""
        ...


class BundledScorer:
    """The head on the reader's trunk, with its calibration; may be shared by threads.

    `network` is a reader's that is loaded already. Raises ModelError where a file is missing.
    """

    def __init__(
        self,
        embedder: Embedder,
        folder: Path = BUNDLED,
        *,
        network: tuple[WindowEncoder, ReaderModel] | None = None,
    ) -> None:
        from shutten.reader import BUNDLED as READER
        from shutten.reader import load_network

        self.calibration = Calibration.load(folder / CALIBRATION_FILE)
        self._encoder, self._trunk = network or load_network(READER)
        self._head = load_head(folder / "model.safetensors")
        self._embedder = embedder

    def score(self, cases: Sequence[Laid]) -> list[Support]:
        """Return one score per case, in order, from one pass of the network."""
        if not cases:
            return []
        seen = observe(cases, self._encoder, self._trunk, self._head)
        near = cosines([laid.case for laid in cases], self._embedder)
        return [
            self._support(laid.case, each, cosine)
            for laid, each, cosine in zip(cases, seen, near, strict=True)
        ]

    def _support(self, case: Case, seen: Seen, cosine: float) -> Support:
        claim = self.calibration.claim.probability(claim_features(case, seen, cosine))
        words = [
            self.calibration.word.probability(word_features(case, number, logit))
            if case.matches[number].strength < KIN
            else 1.0
            for number, logit in enumerate(seen.words)
        ]
        return Support(claim, tuple(words))


def load_head(path: Path) -> SupportHead:
    """Load the head in float32; raises ModelError."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    from shutten.checking.support_model import Shape, SupportHead

    head = SupportHead(Shape())
    try:
        head.load_state_dict({name: part.float() for name, part in load_file(path).items()})
    except (OSError, RuntimeError, SafetensorError) as error:
        raise ModelError(f"{path} cannot be loaded: install Shutten again") from error
    return head.eval()


def observe(
    cases: Sequence[Laid], encoder: WindowEncoder, trunk: ReaderModel, head: SupportHead
) -> list[Seen]:
    """Run trunk and head over cases in one batch."""
    import torch

    from shutten.checking.support_model import collate, encode, trunk_states

    claims = [encoder.sentence(laid.case.claim.source) for laid in cases]
    windows = [
        encode(encoder, claim, laid.title, laid.before, [t.source for t in laid.case.evidence])
        for claim, laid in zip(claims, cases, strict=True)
    ]
    with torch.inference_mode():
        inputs = collate(windows)
        whole, tokens = head(trunk_states(trunk, inputs, head.shape.layers), inputs)
    seen = []
    for row, (laid, claim) in enumerate(zip(cases, claims, strict=True)):
        logits = tokens[row, 1 : 1 + windows[row].claim].tolist()
        offsets = claim.offsets[: windows[row].claim]
        seen.append(Seen(float(whole[row]), tuple(_word_logits(laid.case, offsets, logits))))
    return seen


def _word_logits(
    case: Case, offsets: Sequence[tuple[int, int]], logits: Sequence[float]
) -> list[float]:
    found = []
    for match in case.matches:
        start, end = case.claim.folded.span(match.word.start, match.word.end)
        own = [v for (s, e), v in zip(offsets, logits, strict=True) if s < end and start < e]
        found.append(sum(own) / len(own) if own else 0.0)
    return found


def cosines(cases: Sequence[Case], embedder: Embedder) -> list[float]:
    """The cosine of each claim with its sentences joined."""
    claims = embedder.embed_documents([case.claim.source for case in cases])
    joined = embedder.embed_documents(
        ["\n".join(text.source for text in case.evidence) for case in cases]
    )
    return [float(value) for value in np.einsum("ij,ij->i", claims, joined)]


def claim_features(case: Case, seen: Seen, cosine: float) -> dict[str, float]:
    """The inputs of the claim's calibration by name."""
    strengths = [match.strength for match in case.matches] or [1.0]
    open_words = [
        logit for match, logit in zip(case.matches, seen.words, strict=True) if match.strength < KIN
    ]
    return {
        "whole": _clipped(seen.whole),
        "weakest_word": _clipped(min(open_words, default=_CLIP)),
        "open_words": float(len(open_words)),
        "coverage": sum(strengths) / len(strengths),
        "weakest_match": min(strengths),
        "cosine": cosine,
        "crossed": is_crossed(case),
        "coverage_crossed": is_crossed(case) * sum(strengths) / len(strengths),
    }


def word_features(case: Case, number: int, logit: float) -> dict[str, float]:
    """The inputs of a word's calibration by name."""
    crossed = is_crossed(case)
    strength = case.matches[number].strength
    return {
        "strength": strength,
        "logit": _clipped(logit),
        "crossed": crossed,
        "strength_crossed": strength * crossed,
        "logit_crossed": _clipped(logit) * crossed,
    }


def is_crossed(case: Case) -> float:
    """1 where claim and best sentence are in different languages."""
    return float(case.claim.language != case.evidence[0].language)


def _clipped(value: float) -> float:
    return max(-_CLIP, min(_CLIP, value)) if math.isfinite(value) else 0.0
