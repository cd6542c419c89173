"""The bundled reader: which passage answers, with what confidence, and with which words."""

from __future__ import annotations

import hashlib
import json
import logging
import math
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from shutten.errors import ModelError
from shutten.expressions import Kind, asked_kind, holds_kind, whole_expression
from shutten.sentences import detect_language
from shutten.spans import LIKELY, Question, Span, SpanChooser
from shutten.tokens import tokenise
from shutten.types import Language, Passage, Reader, Reading

if TYPE_CHECKING:
    from shutten.reader_model import EncodedWindow, Outputs, Piece, ReaderModel, WindowEncoder

logger = logging.getLogger(__name__)

BUNDLED = Path(__file__).parent / "models" / "reader"

CALIBRATION_FILE = "reader.json"

WORDS_FILE = "words.json"
"""Beside the network: how the answering words are chosen (`spans.SpanChooser`); may be absent."""

WORDED = 5
"""Words are chosen for so many of the most relevant readings: no more are ever shown."""


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
    """The log probability of its best answering words among its own words."""
    margin: float
    """How far their logit stands above that of no answer in the whole window."""
    kind_absent: float
    """1 where the question asks for a kind of expression that the sentence does not hold."""
    overlap: float
    """The share of the question's tokens in sentence, title and preceding sentence."""
    crossed: float
    """1 where question and passage are in different languages; overlap says nothing there."""
    english: float
    """1 where both are English, which the network reads less surely."""
    dense: float
    """The cosine of question and sentence."""

    def features(self) -> dict[str, float]:
        """The inputs of the calibration by name."""
        return {
            "answers": self.answers,
            "span": self.span,
            "margin": self.margin,
            "kind_absent": self.kind_absent,
            "overlap": self.overlap * (1 - self.crossed),
            "crossed": self.crossed,
            "english": self.english,
            "answers_crossed": self.answers * self.crossed,
            "margin_crossed": self.margin * self.crossed,
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
    margin: float
    start: int | None
    end: int | None
    spans: tuple[Span, ...] = ()
    """The likely ones of the sentence, best first; `start` and `end` are the first one's."""


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
        words = folder / WORDS_FILE
        self._chooser = SpanChooser.load(words) if words.is_file() else None
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
        readings = [
            self._reading(asked, passage, seen)
            for passage, seen in zip(passages, observations, strict=True)
        ]
        if self._chooser is not None:
            worded = Question.of(question)
            for number in foremost(readings, WORDED):
                readings[number] = _with_words(
                    self._chooser, worded, readings[number], observations[number]
                )
        return readings

    def _reading(self, asked: AskedQuestion, passage: Passage, seen: Observation) -> Reading:
        logit = self._calibration.logit(gather(asked, passage, seen))
        start, end = seen.start, seen.end
        if start is not None and end is not None:
            start, end = whole_expression(passage.hit.text, start, end)
        return Reading(
            passage,
            relevance=logit + self._calibration.retrieval * passage.hit.score,
            confidence=sigmoid(logit),
            start=start,
            end=end,
            span_confidence=math.exp(seen.span),
        )

    def observe(self, question: str, passages: Sequence[Passage]) -> list[Observation]:
        """Run the network over passages in one batch; returns what it saw of each, in order."""
        import torch

        windows = lay_windows(passages, self._encoder)
        encoded = [window.encode(question, self._encoder) for window in windows]
        with torch.inference_mode():
            outputs = self._model.read(encoded)
        seen = {
            number: observation(outputs[row], place, encoded[row])
            for row, window in enumerate(windows)
            for place, number in enumerate(window.passages)
            if number is not None
        }
        return [seen[number] for number in range(len(passages))]


def foremost(readings: Sequence[Reading], most: int) -> list[int]:
    """The places of the most relevant readings."""
    order = sorted(range(len(readings)), key=lambda each: -readings[each].relevance)
    return order[:most]


def _with_words(
    chooser: SpanChooser, question: Question, reading: Reading, seen: Observation
) -> Reading:
    """The reading with the words that fit best; the chooser knows Japanese sentences alone."""
    text = reading.passage.hit.text
    if detect_language(text) != "ja":
        return reading
    chosen = chooser.choose(question, text, seen.spans)
    if chosen is None:
        return reading
    return replace(reading, start=chosen.start, end=chosen.end, span_confidence=chosen.confidence)


# ── windows ──────────────────────────────────────────────────────────────────────────────────

WINDOW_TOKENS = 144
"""A window takes no further sentence beyond these; attention grows with the square."""


@dataclass(frozen=True, slots=True)
class Window:
    """Neighbouring sentences of one article that are read together.

    `passages` holds the number of each sentence's passage, None for one that is only context.
    """

    title: str
    pieces: tuple[Piece, ...]
    passages: tuple[int | None, ...]

    def encode(self, question: str, encoder: WindowEncoder) -> EncodedWindow:
        """Return the window as model input."""
        return encoder.window(question, self.title, self.pieces)

    def joined(self, pieces: Sequence[Piece], passages: Sequence[int | None]) -> Window:
        """Return the window with further sentences behind its own."""
        return Window(self.title, (*self.pieces, *pieces), (*self.passages, *passages))

    @property
    def size(self) -> int:
        """The tokens of its sentences."""
        return sum(len(piece.ids) for piece in self.pieces)


def lay_windows(passages: Sequence[Passage], encoder: WindowEncoder) -> list[Window]:
    """Put each passage into one window: behind the sentence before it, with hits that follow.

    Hits that stand next to each other, or with one sentence between them, share a window.
    """
    order = sorted(
        range(len(passages)),
        key=lambda i: (passages[i].hit.article_id, passages[i].hit.sentence),
    )
    windows: list[Window] = []
    last: Passage | None = None
    for number in order:
        passage = passages[number]
        piece = encoder.sentence(passage.hit.text)
        between = _between(last, passage)
        bridge = [encoder.context(text) for text in between or ()]
        size = sum(len(each.ids) for each in (*bridge, piece))
        if between is not None and windows[-1].size + size <= WINDOW_TOKENS:
            further = (*[None] * len(bridge), number)
            windows[-1] = windows[-1].joined((*bridge, piece), further)
        else:
            before = [encoder.context(passage.before)] if passage.before else []
            windows.append(
                Window(passage.hit.title, (*before, piece), (*[None] * len(before), number))
            )
        last = passage
    return windows


def _between(last: Passage | None, passage: Passage) -> tuple[str, ...] | None:
    """The text between two hits of one article: none, one sentence; None where it is more."""
    if last is None or last.hit.article_id != passage.hit.article_id:
        return None
    missing = passage.hit.sentence - last.hit.sentence - 1
    if missing == 0:
        return ()
    return (passage.before,) if missing == 1 and passage.before else None


def observation(outputs: Outputs, place: int, window: EncodedWindow) -> Observation:
    """What the network says of one sentence of a window; without tokens there is no span."""
    from shutten.reader_model import likely_spans

    at, piece = window.places[place], window.pieces[place]
    answers = float(outputs.answers[at.mark])
    if not piece.offsets:
        return Observation(answers, span=-20.0, margin=-20.0, start=None, end=None)
    likely = likely_spans(
        outputs.starts[at.first : at.mark], outputs.ends[at.first : at.mark], LIKELY
    )
    spans = tuple(
        Span(piece.offsets[each.first][0], piece.offsets[each.last][1], each.score)
        for each in likely
    )
    return Observation(
        answers,
        span=likely[0].score,
        margin=likely[0].logit - float(outputs.starts[0] + outputs.ends[0]),
        start=spans[0].start,
        end=spans[0].end,
        spans=spans,
    )


# ── evidence ─────────────────────────────────────────────────────────────────────────────────


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
    language = detect_language(hit.text)
    return Evidence(
        answers=seen.answers,
        span=seen.span,
        margin=seen.margin,
        kind_absent=float(not holds_kind(hit.text, asked.kind)),
        overlap=covered(asked.tokens, f"{hit.title}\n{passage.before}\n{hit.text}"),
        crossed=float(asked.language != language),
        english=float(asked.language == language == "en"),
        dense=hit.dense or 0.0,
    )


def load_network(folder: Path) -> tuple[WindowEncoder, ReaderModel]:
    """Load tokenizer and network; raises ModelError.

    bfloat16 halves the time of a question where the processor multiplies in it, and is slower
    than float32 elsewhere.
    """
    import torch
    from tokenizers import Tokenizer

    from shutten.reader_model import ReaderModel, WindowEncoder

    dtype = torch.bfloat16 if multiplies_bfloat16() else torch.float32
    try:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        model = ReaderModel.from_pretrained(folder, dtype=dtype, local_files_only=True)
    except (OSError, ValueError, RuntimeError) as error:
        raise ModelError(f"the reader in {folder} cannot be loaded: install it again") from error
    model.train(mode=False)
    return WindowEncoder(tokenizer), model


def multiplies_bfloat16(cpuinfo: Path = Path("/proc/cpuinfo")) -> bool:
    """Whether the processor has instructions for bfloat16 products (AVX-512 BF16 or AMX)."""
    try:
        flags = cpuinfo.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags


def _revision(folder: Path) -> str:
    digest = hashlib.blake2b(digest_size=6)
    for name in ("model.safetensors", CALIBRATION_FILE, WORDS_FILE):
        if (folder / name).is_file():
            digest.update((folder / name).read_bytes())
    return digest.hexdigest()
