"""The bundled reader: which passage answers, with what confidence, and with which words."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from shutten.aliases import Alias, aliases_in, renamed, strangers
from shutten.calibration import Calibration, Evidence, Vector, logit, sigmoid
from shutten.errors import ModelError
from shutten.memory import give_back_freed
from shutten.model_files import SAFE_WEIGHTS
from shutten.names import heard_in
from shutten.namesakes import is_of_namesake, names_heard
from shutten.numbered import is_of_another_number
from shutten.opposites import tells_the_opposite
from shutten.processor import Products, fastest_products
from shutten.sentences import detect_language
from shutten.spans import LIKELY, Chosen, Question, Span, SpanChooser
from shutten.tables import Told
from shutten.terms import (
    LACKING_NOTHING,
    Elsewhere,
    elsewhere,
    folded,
    lacks_number,
    terms_of,
)
from shutten.tokens import token_set
from shutten.types import Language, Passage, Reader, Reading
from shutten.wording.denial import affirms, denies
from shutten.wording.durations import may_tell_how_long
from shutten.wording.expressions import holds_kind

if TYPE_CHECKING:
    from shutten.reader_model import EncodedWindow, Outputs, ReaderModel, WindowEncoder

logger = logging.getLogger(__name__)

BUNDLED = Path(__file__).parent / "models" / "reader"

CALIBRATION_FILE = "reader.json"

SECOND_FILE = "second.safetensors"
"""Beside the network: what makes a second one of it (`reader_model.updated`); may be absent."""

OVERLAP = "overlap"
"""The name of the reader that reads nothing: no bundled models are needed with it."""

WORDS_FILE = "words.json"
"""Beside the network: how the answering words are chosen (`spans.SpanChooser`); may be absent."""


ESTRANGED = 6.0
"""What it takes off the logit that nothing read has a proper name of the question. Such a name is
looked up by keywords: where any sentence has it, it is read. Of 1,538 answerable held-out JaQuAD
questions 6 have one, misspelt ones among them, of 1,456 of our own none."""


SECOND_WEIGHT = 2 / 3
"""What the second network counts where the answering words are. Of held-out JaQuAD and of our own
Japanese and English questions these are exact in 0.710, 0.563 and 0.471 of the cases without it, in
0.726, 0.588 and 0.493 with a half, in 0.727, 0.588 and 0.500 with two thirds, and in 0.727, 0.581
and 0.493 by the second one alone."""

NEXT_TO_ALL = 0.9
"""Of a question's content words: a pair of kanji is found by chance."""


OF_ANOTHER = 4.0
"""What it takes off the logit of a sentence that it stands under the heading of another thing than
the question names, where both headings end alike (大手橋, 柳橋) and no more of it is said; that it
is about another one of a series (第14回 for 第13回), or tells the opposite of what is asked for."""

DENIED = 8.0
"""What it takes off that a sentence denies what is asked for, tells it as refuted, or affirms what
is asked for as denied. Of the sentences in which 31,701 questions of JaQuAD and 79,747 of our own
have their answer, 15 seem to."""

WITHOUT_DURATION = 4.0
"""What it takes off that a question asks how long and the sentence has neither a stretch of time
nor where one ends. Of 605 answering sentences of JaQuAD and our own 6 have neither, of
592 tempting ones of near misses 399."""

OF_ANOTHER_KIND = 4.0
"""How much of the logit a sentence loses whose likeliest words cannot be what is asked for: a count
for who, a person for where. Of 300 answering sentences none is such, of 200 tempting ones for near
misses one."""

ESTRANGED_ACROSS = 3.0
"""The same where an article in another language than the question has not the name, which it may
write in its own way, and another article has it. No held-out answer has to go without its own."""


def load_reader(name: str) -> Reader:
    """Load `bundled`, `overlap`, or a folder that `training/reader.py` has written.

    Raises ModelError.
    """
    if name == OVERLAP:
        return OverlapReader()
    return BertReader(_folder_of(name))


def check_reader(name: str) -> None:
    """Raise ModelError where a reader's files are not there; loads nothing."""
    if name != OVERLAP:
        _check_folder(_folder_of(name))


def _folder_of(name: str) -> Path:
    return BUNDLED if name == "bundled" else Path(name)


def _check_folder(folder: Path) -> None:
    if not any(folder.glob(SAFE_WEIGHTS)):
        raise ModelError(f"there is no reader in {folder}: name a folder with model.safetensors")


class OverlapReader:
    """Confidence is the share of the question's tokens that the sentence or its title holds.

    Reads nothing else and knows no answering words: the fake for tests, and a baseline.
    """

    name = OVERLAP
    threshold = 0.5

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """Return one reading per passage, in order."""
        return [self._reading(token_set(question), passage) for passage in passages]

    def _reading(self, asked: AbstractSet[str], passage: Passage) -> Reading:
        share = covered(asked, f"{passage.under}\n{passage.hit.text}")
        return Reading(passage, relevance=logit(share), confidence=share)


def covered(asked: AbstractSet[str], text: str) -> float:
    """The share of the question's tokens that a text holds; 0 for a question without tokens."""
    return len(asked & token_set(text)) / len(asked) if asked else 0.0


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
    mark: Vector | None = field(default=None, repr=False, compare=False)
    """The network's last vector at the sentence's mark, of shape (width,)."""
    again: Observation | None = None
    """What the second network said of it, where it was asked; then the spans are of both."""


class BertReader:
    """A small two-headed BERT with a calibration, from a folder.

    A second one, where the folder has it, reads the foremost passage too.

    `products` as in `load_network`. Raises ModelError where a file is missing or cannot be read.
    """

    def __init__(self, folder: Path, *, products: Products | None = None) -> None:
        _check_folder(folder)
        self._calibration = Calibration.load(folder / CALIBRATION_FILE)
        self._encoder, self._model = load_network(folder, products=products)
        self._second = _second_of(folder, self._model, products=products)
        give_back_freed()  # matrices of floats that became whole numbers
        if not self._is_calibrated():
            raise ModelError(f"the calibration in {folder} is another reader's: install it again")
        words = folder / WORDS_FILE
        self._chooser = SpanChooser.load(words) if words.is_file() else SpanChooser({})
        self.name = f"{folder.name}@{_revision(folder)}"

    def _is_calibrated(self) -> bool:
        """Whether the calibration is for networks of this width, and for as many as there are."""
        width, known = self._model.config.hidden_size, self._calibration
        wanted = [(known.verdict, width)] + ([(known.again, 2 * width)] if known.again else [])
        return (known.again is None or self._second is not None) and all(
            model.mark is None or model.mark.shape == (size,) for model, size in wanted
        )

    @property
    def threshold(self) -> float:
        """The calibrated confidence below which the best passage does not answer."""
        return self._calibration.threshold

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """Return one reading per passage, in order; the foremost one is read by both networks.

        A row of a table is read in words.
        """
        told = [Told.of(each) for each in passages]
        readings = self._read(question, [each.passage for each in told])
        return [
            each.as_quoted(reading, question) for each, reading in zip(told, readings, strict=True)
        ]

    def _read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        if not passages:
            return []
        asked = AskedQuestion.of(question, passages)
        told = self._told(asked, passages)
        readings = [
            self._reading(asked, number, observation(*each, place=-1))
            for number, each in enumerate(told)
        ]
        if self._calibration.again is not None:
            first = max(range(len(readings)), key=lambda n: readings[n].relevance)
            surer = self._reading(asked, first, self._twice(*told[first]))
            readings[first] = replace(surer, relevance=readings[first].relevance)
        return readings

    def evidence(self, question: str, passages: Sequence[Passage]) -> list[Evidence]:
        """Return what the confidence in each passage rests on, in order."""
        asked = AskedQuestion.of(question, passages)
        seen = enumerate(self.observe(asked, passages))
        return [self._gathered(asked, *each)[0] for each in seen]

    def evidence_twice(self, question: str, passages: Sequence[Passage], number: int) -> Evidence:
        """Return what the confidence in one of the passages rests on once both have read it."""
        asked = AskedQuestion.of(question, passages)
        return self._gathered(asked, number, self.observe_twice(asked, passages[number]))[0]

    def _gathered(
        self, asked: AskedQuestion, number: int, seen: Observation
    ) -> tuple[Evidence, Chosen | None]:
        """The evidence in the passage of this number, and its answering words."""
        passage = asked.passages[number]
        words = self._words(asked, passage, seen)
        return gather(asked, passage, seen, words, asked.elsewhere[number]), words

    def _reading(self, asked: AskedQuestion, number: int, seen: Observation) -> Reading:
        passage, known = asked.passages[number], self._calibration
        evidence, words = self._gathered(asked, number, seen)
        strangeness = asked.estrangement(passage, crossed=bool(evidence.crossed))
        if words is not None and asked.form.wanted.misses(passage.hit.text, words.start, words.end):
            strangeness = max(strangeness, OF_ANOTHER_KIND)
        order = known.order.logit(evidence) - strangeness
        verdict = known.verdict if seen.again is None or known.again is None else known.again
        return Reading(
            passage,
            relevance=order + known.retrieval * logit(passage.hit.score),
            confidence=sigmoid(verdict.logit(evidence) - strangeness),
            start=None if words is None else words.start,
            end=None if words is None else words.end,
            # What the question says itself is no answer, however likely.
            span_confidence=0.0 if words is None or evidence.repeats else words.confidence,
        )

    def _words(self, asked: AskedQuestion, passage: Passage, seen: Observation) -> Chosen | None:
        """The answering words; None where the sentence has none."""
        text = passage.hit.text
        return self._chooser.choose(
            asked.form, text, seen.spans, detect_language(text), before=passage.before
        )

    def observe(self, asked: AskedQuestion, passages: Sequence[Passage]) -> list[Observation]:
        """Run the network over passages in one batch; returns what it saw of each, in order."""
        return [observation(*each, place=-1) for each in self._told(asked, passages)]

    def observe_twice(self, asked: AskedQuestion, passage: Passage) -> Observation:
        """Run both networks over one passage, or the first alone where there is no second."""
        (told,) = self._told(asked, [passage])
        return self._twice(*told)

    def _told(
        self, asked: AskedQuestion, passages: Sequence[Passage]
    ) -> list[tuple[Outputs, EncodedWindow]]:
        """What the first network says of each passage, with the window that it read."""
        windows = [window_of(asked, passage, self._encoder) for passage in passages]
        return list(zip(_run(self._model, windows), windows, strict=True))

    def _twice(self, told: Outputs, window: EncodedWindow) -> Observation:
        """Have the second network read what the first one has read, and join what both saw."""
        if self._second is None:
            return observation(told, window, place=-1)
        (again,) = _run(self._second, [window])
        return observed_twice(told, again, window)


def _second_of(
    folder: Path, first: ReaderModel, *, products: Products | None
) -> ReaderModel | None:
    """The second network over the word vectors of the first one; None where there is none."""
    from shutten.reader_model import share_words

    update = folder / SECOND_FILE
    if not update.is_file():
        return None
    with _as_model_error(folder):
        second = _network(folder, update, products=products)
    share_words(first, second)
    return second


def _run(network: ReaderModel, windows: Sequence[EncodedWindow]) -> list[Outputs]:
    import torch

    with torch.inference_mode():
        return network.read(windows)


# ── windows ──────────────────────────────────────────────────────────────────────────────────


def window_of(asked: AskedQuestion, passage: Passage, encoder: WindowEncoder) -> EncodedWindow:
    """Lay the sentence behind the end of the one before it; its place is the last one.

    Each has a window of its own. Neighbouring hits in one window are cheaper to read, and put fewer
    right sentences first: 0.79 instead of 0.82 on held-out JaQuAD.
    """
    question = asked.for_text(f"{passage.before}\n{passage.hit.text}")
    before = [encoder.context(passage.before)] if passage.before else []
    return encoder.window(
        question, asked.title_of(passage), [*before, encoder.sentence(passage.hit.text)]
    )


def observation(outputs: Outputs, window: EncodedWindow, place: int) -> Observation:
    """What the network says of one sentence of a window; without tokens there is no span.

    The vector is the last sentence's: outputs hold no other.
    """
    from shutten.reader_model import likely_spans

    at, piece = window.places[place], window.pieces[place]
    answers = float(outputs.answers[at.mark])
    mark = None if outputs.mark is None else outputs.mark.float().numpy()
    if not piece.offsets:
        return Observation(answers, span=-20.0, margin=-20.0, start=None, end=None, mark=mark)
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
        mark=mark,
    )


def observed_twice(first: Outputs, second: Outputs, window: EncodedWindow) -> Observation:
    """What two networks say of the last sentence of a window.

    The spans are those that both hold for likely, by a mean of their logits; the vectors are
    concatenated, the first network's first.
    """
    from shutten.reader_model import Outputs

    starts = (1 - SECOND_WEIGHT) * first.starts + SECOND_WEIGHT * second.starts
    ends = (1 - SECOND_WEIGHT) * first.ends + SECOND_WEIGHT * second.ends
    both = observation(Outputs(first.answers, starts, ends), window, place=-1)
    once, again = (observation(each, window, place=-1) for each in (first, second))
    marks = None if once.mark is None or again.mark is None else (once.mark, again.mark)
    return replace(
        once,
        start=both.start,
        end=both.end,
        spans=both.spans,
        mark=None if marks is None else np.concatenate(marks),
        again=again,
    )


# ── evidence ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """What plain rules can tell of a question, once for all of its passages.

    `aliases` are the names that the passages have for those of the question, `strangers` those of
    its names that none of them has; `foreign` are the articles of which no passage has some name
    that others have; `elsewhere` goes with the passages; `heard` are names that some of them have
    in katakana.
    """

    text: str
    form: Question
    language: Language
    passages: tuple[Passage, ...] = ()
    aliases: tuple[Alias, ...] = ()
    strangers: tuple[str, ...] = ()
    foreign: frozenset[str] = frozenset()
    elsewhere: tuple[Elsewhere, ...] = ()
    headings: tuple[str, ...] = ()
    heard: tuple[str, ...] = ()

    @classmethod
    def of(cls, question: str, passages: Sequence[Passage] = ()) -> AskedQuestion:
        """Look at a question."""
        read: dict[str, list[str]] = {}
        for each in passages:
            known = (each.under, each.before, each.hit.text, each.after)
            read.setdefault(each.hit.article_id, []).extend(known)
        texts = [text for some in read.values() for text in some]
        aliases = aliases_in(question, texts)
        strange = strangers(question, texts, aliases)
        foreign = frozenset(
            article for article, some in read.items() if strangers(question, some, aliases)
        )
        return cls(
            question,
            Question.of(question, [alias.written for alias in aliases]),
            detect_language(question),
            tuple(passages),
            aliases,
            strange,
            frozenset() if strange else foreign,
            _elsewhere(question, passages, aliases),
            _named(question, passages),
            names_heard(question, texts),
        )

    def estrangement(self, passage: Passage, *, crossed: bool) -> float:
        """What a passage loses that is about somebody else, or says what is not so."""
        if self.strangers:
            return 0.0 if crossed else ESTRANGED
        if passage.hit.article_id in self.foreign:
            return ESTRANGED_ACROSS if crossed else ESTRANGED
        if denies(self.text, passage.hit.text) or affirms(self.text, passage.hit.text):
            return DENIED
        if self._tells_of_something_else(passage):
            return OF_ANOTHER
        if self.form.wanted.how_long and not may_tell_how_long(passage.hit.text):
            return WITHOUT_DURATION
        return OF_ANOTHER if self._is_of_another(passage) else 0.0

    def _tells_of_something_else(self, passage: Passage) -> bool:
        """Whether it tells the opposite, or of another one of a series, a family or a name."""
        read = (passage.hit.text, passage.before, passage.under)
        return (
            tells_the_opposite(self.text, passage.hit.text)
            or is_of_another_number(self.text, read)
            or self._is_of_namesake(passage)
            or self._lacks_what_is_heard(passage)
        )

    def _lacks_what_is_heard(self, passage: Passage) -> bool:
        """Whether it has no name of the question that others have in katakana: Gotthard."""
        read = f"{passage.under}\n{passage.before}\n{passage.hit.text}"
        return passage.language == "ja" and any(not heard_in(each, read) for each in self.heard)

    def _is_of_namesake(self, passage: Passage) -> bool:
        known = f"{passage.before}\n{passage.hit.text}\n{passage.heading}"
        asked = self.for_text(known)
        return is_of_namesake(asked, passage.hit.title, known)

    def title_of(self, passage: Passage) -> str:
        """What a passage is read under; its heading is left out where it has no word asked for."""
        heading = folded(passage.heading)
        is_asked_for = (
            any(term.held_by(heading) for term in terms_of(self.text)) if heading else False
        )
        return passage.under if is_asked_for else passage.hit.title

    def _is_of_another(self, passage: Passage) -> bool:
        """Whether it stands under the name of one thing, and another of its kind is asked about."""
        heading, text = passage.heading, f"{passage.before}\n{passage.hit.text}"
        if not heading or heading in self.headings:
            return False
        return any(_are_alike(each, heading) and each not in text for each in self.headings)

    def for_text(self, text: str) -> str:
        """The question with the names that a text has."""
        return renamed(self.text, text, self.aliases)


def _named(question: str, passages: Sequence[Passage]) -> tuple[str, ...]:
    """The headings of the passages that a question names."""
    asked = folded(question)
    headings = dict.fromkeys(each.heading for each in passages if len(each.heading) > 1)
    return tuple(heading for heading in headings if folded(heading) in asked)


_LAST_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+$|[\u30a1-\u30fa\u30fc一-龥]$")


def _are_alike(one: str, other: str) -> bool:
    """Whether two headings end alike, as names of things of one kind do: 大手橋, 柳橋."""
    ends = [_LAST_WORD.search(folded(heading)) for heading in (one, other)]
    return ends[0] is not None and ends[1] is not None and ends[0][0] == ends[1][0]


def _elsewhere(
    question: str, passages: Sequence[Passage], aliases: Sequence[Alias]
) -> tuple[Elsewhere, ...]:
    """What each passage lacks; a text that has another name of something has that thing."""
    texts = []
    for each in passages:
        text = read_text(each)
        texts.append("\n".join([text, *(alias.said for alias in aliases if alias.written in text)]))
    return tuple(elsewhere(question, texts, [each.after for each in passages]))


def read_text(passage: Passage) -> str:
    """What is read of a passage, without the heading above it."""
    return f"{passage.hit.title}\n{passage.before}\n{passage.hit.text}"


def gather(
    asked: AskedQuestion,
    passage: Passage,
    seen: Observation,
    words: Chosen | None,
    absent: Elsewhere = LACKING_NOTHING,
) -> Evidence:
    """Join what the network saw with what plain rules can tell."""
    hit = passage.hit
    said = "" if words is None else hit.text[words.start : words.end]
    language = detect_language(hit.text)
    read = read_text(passage)
    return Evidence(
        answers=seen.answers,
        span=seen.span,
        margin=seen.margin,
        kind_absent=float(not holds_kind(hit.text, asked.form.kind)),
        unfit=float(bool(said) and asked.form.wants_other_than(said)),
        overlap=covered(token_set(asked.for_text(read)), read),
        crossed=float(asked.language != language),
        english=float(asked.language == language == "en"),
        dense=hit.dense or 0.0,
        repeats=float(bool(said) and asked.form.repeats(said)),
        terms_elsewhere=absent.terms,
        tokens_elsewhere=absent.tokens,
        number_missing=float(lacks_number(asked.text, read)),
        unheard_of=float(absent.nowhere > NEXT_TO_ALL),
        answers_again=seen.again.answers if seen.again else 0.0,
        span_again=seen.again.span if seen.again else 0.0,
        margin_again=seen.again.margin if seen.again else 0.0,
        mark=seen.mark,
    )


def load_network(
    folder: Path,
    *,
    update: Path | None = None,
    products: Products | None = None,
) -> tuple[WindowEncoder, ReaderModel]:
    """Load tokenizer and network, or the one that an update makes of it; raises ModelError.

    `products`: what its matrices are multiplied in. None: what the processor is fastest with.
    """
    from tokenizers import Tokenizer

    from shutten.reader_model import WindowEncoder

    with _as_model_error(folder):
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        model = _network(folder, update, products=products)
    return WindowEncoder(tokenizer), model


@contextmanager
def _as_model_error(folder: Path) -> Iterator[None]:
    """What is wrong with a network's files is one error."""
    from safetensors import SafetensorError

    try:
        yield
    except (OSError, ValueError, RuntimeError, SafetensorError) as error:
        raise ModelError(f"the reader in {folder} cannot be loaded: install it again") from error


def _network(folder: Path, update: Path | None, *, products: Products | None) -> ReaderModel:
    """Load a network; what nothing of it is kept in int8 for is float32."""
    import torch

    from shutten.reader_model import ReaderModel, int8_names, load_model, load_whole_model

    products = products or fastest_products()
    if products.startswith("int") and int8_names(folder):
        reduced = products == "int7"
        model = load_whole_model(ReaderModel, folder, update=update, reduced=reduced)
    else:
        dtype = torch.bfloat16 if products == "bfloat16" else torch.float32
        model = load_model(ReaderModel, folder, dtype, update=update)
    model.train(mode=False)
    return model


def _revision(folder: Path) -> str:
    digest = hashlib.blake2b(digest_size=6)
    named = [folder / CALIBRATION_FILE, folder / WORDS_FILE]
    for path in (*sorted(folder.glob(SAFE_WEIGHTS)), *named):
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()
