"""The bundled reader: which passage answers, with what confidence, and with which words."""

from __future__ import annotations

import hashlib
import json
import logging
import math
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from shutten.errors import ModelError
from shutten.expressions import Kind, asked_kind, holds_kind
from shutten.sentences import detect_language
from shutten.tokens import tokenise
from shutten.types import Language, Passage, Reader, Reading

if TYPE_CHECKING:
    from shutten.reader_model import EncodedPair, PairEncoder, ReaderModel

logger = logging.getLogger(__name__)

BUNDLED = Path(__file__).parent / "models" / "reader"

CALIBRATION_FILE = "reader.json"


def load_reader(name: str) -> Reader:
    """Load `bundled`, `overlap`, or a folder that `training/reader.py` has written.

    Raises ModelError.
    """
    if name == "overlap":
        return OverlapReader()
    return BertReader(BUNDLED if name == "bundled" else Path(name))


class OverlapReader:
    """Confidence is the share of the question's tokens that the sentence or its title holds.

    Reads nothing else and knows no answering words: the fake for tests, and a baseline.
    """

    name = "overlap"
    threshold = 0.5

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """Return one reading per passage, in order."""
        return [self._reading(set(tokenise(question)), passage) for passage in passages]

    def _reading(self, asked: set[str], passage: Passage) -> Reading:
        share = covered(asked, f"{passage.hit.title}\n{passage.hit.text}")
        return Reading(passage, relevance=share, confidence=share)


def covered(asked: AbstractSet[str], text: str) -> float:
    """The share of the question's tokens that a text holds; 0 for a question without tokens."""
    return len(asked & set(tokenise(text))) / len(asked) if asked else 0.0


# ── calibration ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the confidence in one sentence rests on."""

    answers: float
    """The network's logit that the sentence answers."""
    span: float
    """The log probability of its best answering words."""
    kind_absent: float
    """1 where the question asks for a kind of expression that the sentence does not hold."""
    overlap: float
    """The share of the question's tokens in sentence, title and preceding sentence."""
    crossed: float
    """1 where question and passage are in different languages; overlap says nothing there."""
    dense: float
    """The cosine of question and sentence."""

    def features(self) -> dict[str, float]:
        """The inputs of the calibration by name."""
        return {
            "answers": self.answers,
            "span": self.span,
            "kind_absent": self.kind_absent,
            "overlap": self.overlap * (1 - self.crossed),
            "crossed": self.crossed,
            "answers_crossed": self.answers * self.crossed,
            "dense": self.dense,
            "dense_crossed": self.dense * self.crossed,
        }


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic model from evidence to the probability that the sentence answers.

    `threshold` is where held-out training questions lose no more than the share of answers that
    the model card states. `retrieval` is what the fused retrieval score (0 to 1) adds to the
    order of passages.
    """

    weights: Mapping[str, float]
    bias: float
    threshold: float
    retrieval: float

    @classmethod
    def load(cls, path: Path) -> Calibration:
        """Read a calibration; raises ModelError."""
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            return cls(
                weights={str(k): float(v) for k, v in raw["weights"].items()},
                bias=float(raw["bias"]),
                threshold=float(raw["threshold"]),
                retrieval=float(raw["retrieval"]),
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelError(f"{path} is no reader calibration: install the model again") from error

    def logit(self, evidence: Evidence) -> float:
        """The log odds that the sentence answers."""
        features = evidence.features()
        return self.bias + sum(w * features[name] for name, w in self.weights.items())


def sigmoid(value: float) -> float:
    """The logistic function, safe for large values of either sign."""
    if value >= 0:
        return 1 / (1 + math.exp(-value))
    return math.exp(value) / (1 + math.exp(value))


# ── the bundled reader ───────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Observation:
    """What the network said of one passage; `start`/`end` are offsets in the sentence."""

    answers: float
    span: float
    start: int | None
    end: int | None


class BertReader:
    """A small two-headed BERT with a calibration, from a folder.

    Raises ModelError where a file is missing or cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        if not (folder / "model.safetensors").is_file():
            raise ModelError(
                f"there is no reader in {folder}: name a folder with model.safetensors"
            )
        self._calibration = Calibration.load(folder / CALIBRATION_FILE)
        self._encoder, self._model = load_network(folder)
        self.name = f"{folder.name}@{_revision(folder)}"

    @property
    def threshold(self) -> float:
        """The calibrated confidence below which the best passage does not answer."""
        return self._calibration.threshold

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """Return one reading per passage, in order."""
        if not passages:
            return []
        observations = self.observe(question, passages)
        asked = AskedQuestion.of(question)
        return [
            self._reading(asked, passage, seen)
            for passage, seen in zip(passages, observations, strict=True)
        ]

    def _reading(self, asked: AskedQuestion, passage: Passage, seen: Observation) -> Reading:
        logit = self._calibration.logit(gather(asked, passage, seen))
        return Reading(
            passage,
            relevance=logit + self._calibration.retrieval * passage.hit.score,
            confidence=sigmoid(logit),
            start=seen.start,
            end=seen.end,
            span_confidence=math.exp(seen.span),
        )

    def observe(self, question: str, passages: Sequence[Passage]) -> list[Observation]:
        """Run the network over passages in one batch."""
        import torch

        from shutten.reader_model import collate

        pairs = [self._encoder.encode(question, p.hit.title, p.hit.text) for p in passages]
        with torch.inference_mode():
            outputs = self._model(collate(pairs))
        return [
            observation(pair, float(outputs.answers[row]), outputs.starts[row], outputs.ends[row])
            for row, pair in enumerate(pairs)
        ]


def observation(pair: EncodedPair, answers: float, starts: object, ends: object) -> Observation:
    """The network's outputs for one row; without tokens in the sentence there is no span."""
    from shutten.reader_model import best_span

    inside = slice(pair.first, pair.first + len(pair.offsets))
    if not pair.offsets:
        return Observation(answers, -20.0, None, None)
    span = best_span(starts[inside], ends[inside])  # type: ignore[index]
    return Observation(answers, span.score, pair.offsets[span.first][0], pair.offsets[span.last][1])


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """What plain rules can tell of a question, once for all of its passages."""

    tokens: frozenset[str]
    kind: Kind
    language: Language

    @classmethod
    def of(cls, question: str) -> AskedQuestion:
        """Look at a question."""
        return cls(frozenset(tokenise(question)), asked_kind(question), detect_language(question))


def gather(asked: AskedQuestion, passage: Passage, seen: Observation) -> Evidence:
    """Join what the network saw with what plain rules can tell."""
    hit = passage.hit
    crossed = asked.language != detect_language(hit.text)
    return Evidence(
        answers=seen.answers,
        span=seen.span,
        kind_absent=float(not holds_kind(hit.text, asked.kind)),
        overlap=covered(asked.tokens, f"{hit.title}\n{passage.before}\n{hit.text}"),
        crossed=float(crossed),
        dense=hit.dense or 0.0,
    )


def load_network(folder: Path) -> tuple[PairEncoder, ReaderModel]:
    """Load tokenizer and network; raises ModelError.

    bfloat16 halves the time of a question where the processor multiplies in it, and is slower
    than float32 elsewhere.
    """
    import torch
    from tokenizers import Tokenizer

    from shutten.reader_model import PairEncoder, ReaderModel

    dtype = torch.bfloat16 if multiplies_bfloat16() else torch.float32
    try:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        model = ReaderModel.from_pretrained(folder, dtype=dtype, local_files_only=True)
    except (OSError, ValueError, RuntimeError) as error:
        raise ModelError(f"the reader in {folder} cannot be loaded: install it again") from error
    model.train(mode=False)
    return PairEncoder(tokenizer), model


def multiplies_bfloat16(cpuinfo: Path = Path("/proc/cpuinfo")) -> bool:
    """Whether the processor has instructions for bfloat16 products (AVX-512 BF16 or AMX)."""
    try:
        flags = cpuinfo.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags


def _revision(folder: Path) -> str:
    digest = hashlib.blake2b(digest_size=6)
    for name in ("model.safetensors", CALIBRATION_FILE):
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()
