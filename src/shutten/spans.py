"""Which words of a sentence answer, among those that the network finds likely.

The network judges the first and the last token apart from each other. How a span stands in its
sentence (does it cut a name, what comes before and behind it, is it what the question asks for)
tells more; a linear model weighs both. `training/span_choice.py` fits it on held-out questions.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import add
from pathlib import Path

import numpy as np
import numpy.typing as npt

from shutten.errors import ModelError
from shutten.wording.alignment import alignment
from shutten.wording.enumerations import asks_for_several, whole_enumeration
from shutten.wording.expressions import Kind, asked_kind, holds_kind, whole_expression
from shutten.wording.fitting import Wanted
from shutten.wording.lifetimes import one_of_lifetime
from shutten.wording.respective import in_turn
from shutten.wording.ruled_out import is_ruled_out
from shutten.wording.superseded import asks_for_superseded, is_superseded
from shutten.wording.wholes import whole_answer
from shutten.wording.word_forms import whole_words

LIKELY = 16
"""So many of the network's likeliest spans are looked at."""

_KATAKANA_NAME = re.compile(r"[\u30a1-\u30faー]+(?:[・＝=][\u30a1-\u30faー]+)*")
_UNIT = re.compile(
    r"何(人|名|社|個|本|台|件|回目|回|度|冊|枚|基|か所|カ所|箇所|ヶ所|か国|カ国|ヶ国|種類|種|分|秒|時間|"
    r"日間|年間|週間|か月|ヶ月|歳|才|位|番目|番|キロ|メートル|トン|パーセント|割|倍|%|mm|km|kg|m|g|"
    r"年|月|日|時|世紀|曜日|円|ドル|票|試合|得点|点|階|勝|敗|代目|号)"
)
_DATE = re.compile(r"\d+(?:年|月|日|時|世紀)|昭和|平成|令和|大正|明治|時代|年代|初頭|末|期|頃|ごろ")
_CHOICE = re.compile(
    r"どちら|どっち|どれ|[とか].{1,20}の(?:どこ|どの|誰|うち)|(?:です|だ|なの)?か、.{1,20}か|"
    r"それとも|または|あるいは|\bor\b|\bbetween\b",
    re.IGNORECASE,
)
_ASKS_FOR_NAME = re.compile(
    r"[名略称呼訳綴]|読み|つづり|スペル|英語|日本語|漢字|意味|とは|って(?:何|なに)|^[^のがをに]+は(?:何|なに)|"
    r"\b(?:stands?|short|name[ds]?|call(?:ed|s)?|known|mean(?:s|ing|t)?|spel[lt]\w*|abbreviat\w+|acronym|"
    r"title[ds]?|words?|terms?|translat\w+)\b|"
    r"^(?:what|who)(?:['’]s| (?:is|are|was|were)) (?:(?:the|an?) )?\S+(?: \S+)?$"
)
"""A question for what something is called or means, or for what it is and nothing more."""
_NUMERIC: tuple[Kind, ...] = ("date", "money", "count")
_LISTED: tuple[Kind, ...] = ("person", "place", "other")
_QUALIFIED = re.compile(
    r"(?:(?:主|重要|大き|直接的|根本的)な|(?:主|直接|最大|第一|一番|本当|真)の|the(?:main|chief|primary|real))"
    r"(?P<noun>原因|理由|要因|目的|課題|問題|きっかけ|役割|特徴|cause|reason|purpose|problem|role)s?"
)
_INITIAL = re.compile(r"(?:^|[\s.])[A-Z]$")
_BEHIND_INITIAL = re.compile(
    r"\.(?:\s+(?:(?:al|bin|da|de|del|den|der|di|du|la|le|van|von)\s+)*[A-Z][\w'’-]*)+"
)
_BRACKETS = (("「", "」"), ("『", "』"), ("(", ")"), ("（", "）"))
_QUOTES = (*_BRACKETS, ("【", "】"), ("“", "”"))
_QUOTE = re.compile("[{}]".format("".join(each for pair in _QUOTES for each in pair)))
_DATELINE = re.compile(r"【[^【】]{1,40}】\s*(?=\S)")
_DIGIT = re.compile(r"\d")
_SUBJECT = re.compile("[はがを]")
_SPACE = re.compile(r"\s")
_COPULA = re.compile(r"(?<=[\w)）」』])(?:である|であった|だった|です|でした)。?\Z")
_SIGNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("kanji", re.compile(r"[一-龥々〆ヶ]")),
    ("hiragana", re.compile(r"[\u3041-\u309f]")),
    ("katakana", re.compile(r"[\u30a1-\u30faー・]")),
    ("digit", re.compile(r"\d")),
    ("latin", re.compile(r"[A-Za-zÀ-ɏ]")),
    ("opening", re.compile(r"[「『（(《“]")),
    ("closing", re.compile(r"[」』）)》”]")),
    ("comma", re.compile(r"[、,，]")),
    ("stop", re.compile(r"[。.．]")),
    ("mark", re.compile(r"(?s:.)")),
)


@dataclass(frozen=True, slots=True)
class Span:
    """`text[start:end]` of a sentence, in code points.

    `log_probability` is the network's, among the spans of the sentence.
    """

    start: int
    end: int
    log_probability: float


@dataclass(frozen=True, slots=True)
class Question:
    """What can be told of a question, once for all of its sentences.

    `asked` is its text, `names` are other names of what it names, `folded` both without spaces.
    `several` is True where it asks for more than one thing, `superseded` where for what was planned
    or believed.
    """

    asked: str
    folded: str
    names: tuple[str, ...]
    kind: Kind
    unit: str | None
    is_choice: bool
    bigrams: frozenset[str]
    wanted: Wanted
    several: bool
    superseded: bool

    @classmethod
    def of(cls, text: str, names: Iterable[str] = ()) -> Question:
        """Look at a question; `names` are those that articles have for what it names."""
        unit = _UNIT.search(_folded(text))
        others = tuple(_folded(each) for each in names)
        folded = "\n".join((_folded(text), *others))
        kind = asked_kind(text)
        return cls(
            unicodedata.normalize("NFKC", text).casefold(),
            folded,
            others,
            kind,
            unit.group(1) if unit else None,
            bool(_CHOICE.search(text)),
            _bigrams(folded),
            Wanted.of(text, kind),
            kind in _LISTED and asks_for_several(text),
            asks_for_superseded(text),
        )

    def repeats(self, words: str) -> bool:
        """Whether words are no answer because the question says them itself, but to choose from.

        Another name of what it names is one only where it asks for that name (What does WHO stand
        for?), and a name that ends with one is as a rule the same: 青函トンネル, the Seikan Tunnel.
        """
        if self.is_choice:
            return False
        return self._names(_folded(words)) or _standing(words).search(self.asked) is not None

    def _names(self, words: str) -> bool:
        """Whether words are another name of what the question names, and no answer as that."""
        if self.kind not in ("other", "manner"):
            return words.endswith(self.names)
        return words in self.names and not _ASKS_FOR_NAME.search(self.asked)

    def fits(self, text: str, span: Span) -> bool:
        """Whether a span of a sentence can be put forward as the answer."""
        words = _folded(text[span.start : span.end])
        return self.wanted.fits(text, span.start, span.end) and not self._asks_for(words)

    def is_given_up(self, text: str, span: Span) -> bool:
        """Whether a sentence gives up the words of a span, which are not what is asked for."""
        return not self.superseded and is_superseded(text, span.start, span.end, self.kind)

    def is_ruled_out(self, text: str, before: str, span: Span) -> bool:
        """Whether a span stands where its sentence cannot answer: it tells of another thing."""
        if self.is_choice:
            return False
        return is_ruled_out(self.asked, self.kind, text, before, (span.start, span.end))

    def _asks_for(self, words: str) -> bool:
        """Whether words say what is asked for, and not which one it is: 主な原因."""
        found = _QUALIFIED.fullmatch(words)
        return found is not None and found["noun"] in self.folded

    def wants_other_than(self, words: str) -> bool:
        """Whether a date, an amount of money or a number is asked for and words hold none."""
        return self.kind in _NUMERIC and not holds_kind(words, self.kind)


def _folded(text: str) -> str:
    return _SPACE.sub("", unicodedata.normalize("NFKC", text)).casefold()


def _standing(words: str) -> re.Pattern[str]:
    """The words, and no part of a longer Latin word or number."""
    folded = unicodedata.normalize("NFKC", words).casefold().strip()
    return re.compile(rf"(?<![a-z0-9]){re.escape(folded)}(?![a-z0-9])")


def _bigrams(text: str) -> frozenset[str]:
    return frozenset(map(add, text, text[1:]))


@lru_cache(maxsize=4096)
def _sign(character: str) -> str:
    """The class of a character; `edge` for none, at either end of the sentence."""
    return next((name for name, pattern in _SIGNS if pattern.match(character)), "edge")


def whole_name(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a span as `whole_expression` and `whole_words` do, and where it cuts a name.

    That is a katakana name, or a Latin one that goes on behind an initial (Derek J. de Solla
    Price).
    """
    start, end = whole_words(text, *closed(text, *whole_expression(text, start, end)))
    for first, last in _katakana_names(text):
        if first < start < last:
            start = first
        if first < end < last:
            end = last
    behind = _BEHIND_INITIAL.match(text, end) if _INITIAL.search(text[start:end]) else None
    return start, behind.end() if behind else end


@lru_cache(maxsize=32)  # many spans of one sentence are widened
def _katakana_names(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(found.span() for found in _KATAKANA_NAME.finditer(text))


def closed(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out half a bracket at either end; close one inside where its other half is next.

    The place and the agency before a piece of news (【東京＝共同】) are left out as well.
    """
    if not _QUOTE.search(text, start, end):
        return start, end
    dateline = _DATELINE.match(text, start, end)
    start = dateline.end() if dateline else start
    for opening, closing in _QUOTES:
        words = text[start:end]
        if words.count(opening) > words.count(closing):
            if words.startswith(opening):
                start += 1
            elif text.startswith(closing, end):
                end += 1
        elif words.count(closing) > words.count(opening):
            if words.endswith(closing):
                end -= 1
            elif text[:start].endswith(opening):
                start -= 1
    return start, end


def features(question: Question, text: str, span: Span, rank: int) -> dict[str, float]:
    """What is weighed of a span, by name; `rank` counts the network's spans from 0."""
    words = text[span.start : span.end]
    folded = _folded(words)
    return {
        "log_probability": span.log_probability,
        "rank": math.log1p(rank),
        **_edges(text, span),
        **alignment(question.asked, text, span.start, span.end),
        **_shape(words),
        **_asked(question, words, folded),
    }


def _edges(text: str, span: Span) -> dict[str, float]:
    before, first = text[max(0, span.start - 1) : span.start], text[span.start : span.start + 1]
    last, behind = text[span.end - 1 : span.end], text[span.end : span.end + 1]
    found = {
        f"begins {_sign(before)}|{_sign(first)}": 1.0,
        f"ends {_sign(last)}|{_sign(behind)}": 1.0,
    }
    for place, character in (("before", before), ("last", last), ("behind", behind)):
        if _sign(character) == "hiragana":
            found[f"{place} {character}"] = 1.0
    in_quotes = before in ("「", "『") and behind in ("」", "』")
    return found | {"in quotes": float(in_quotes)}


def _shape(words: str) -> dict[str, float]:
    inner = words[1:-1]
    return {
        f"size {min(6, int(math.log2(len(words) + 1) * 1.5))}": 1.0,
        "length": len(words) / 30,
        "subject inside": float(bool(_SUBJECT.search(inner))),
        "place inside": float("に" in inner or "で" in inner),
        "の inside": float("の" in inner),
        "comma inside": float("、" in words),
        "half a bracket": float(any(words.count(a) != words.count(b) for a, b in _BRACKETS)),
        "quoted": float(words[:1] in ("「", "『") and words[-1:] in ("」", "』")),
    }


def _asked(question: Question, words: str, folded: str) -> dict[str, float]:
    """How it fits the question. An answer says what the question does not, but for a choice."""
    said = folded in question.folded
    pairs = _bigrams(folded)
    shared = 0.0 if question.is_choice else len(pairs & question.bigrams) / max(1, len(pairs))
    found = {
        "said in the question": float(said and not question.is_choice),
        "one of those to choose from": float(said and question.is_choice),
        "shared with the question": shared,
        f"{question.kind} digit": float(bool(_DIGIT.search(folded))),
        f"{question.kind} begins {_sign(words[:1])}": 1.0,
        f"{question.kind} ends {_sign(words[-1:])}": 1.0,
    }
    if question.kind == "date":
        found["a date"] = float(bool(_DATE.search(folded)))
    if question.unit is not None:
        found["unit inside"] = float(question.unit in folded)
        found["unit at the end"] = float(folded.endswith(question.unit))
    if question.kind in ("person", "place"):
        found[f"{question.kind} length"] = len(words) / 10
    return found


@dataclass(frozen=True, slots=True)
class Chosen:
    """The words that answer best.

    `confidence` (0 to 1) is how far they are expected to overlap the right ones: the mean of F1 in
    characters over all spans, each with the probability that it is the right one.
    """

    start: int
    end: int
    confidence: float


NETWORK_ALONE: Mapping[str, float] = {"log_probability": 1.0}

FULLNESS = 1.5
"""How much more it weighs that words of the answer are missing than that there are too many: one of
two stations is a wrong answer, a title before a name is not."""


@dataclass(frozen=True, slots=True)
class SpanChooser:
    """A linear model over `features` for each language, with a softmax over a sentence's spans.

    The span with the greatest sum of its own probability and its expected worth is taken. The first
    alone takes one word of a reason that may begin and end in several places; the second alone
    (minimum Bayes risk, Kumar and Byrne 2004) takes too many words of a name.
    """

    weights: Mapping[str, Mapping[str, float]]

    @classmethod
    def load(cls, path: Path) -> SpanChooser:
        """Read the weights; raises ModelError."""
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            return cls(
                {
                    str(language): {str(name): float(value) for name, value in weights.items()}
                    for language, weights in raw["weights"].items()
                }
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelError(f"{path} cannot be read: install the model again") from error

    def choose(
        self,
        question: Question,
        text: str,
        spans: Sequence[Span],
        language: str,
        *,
        before: str = "",
    ) -> Chosen | None:
        """Return the best span of a sentence that can be put forward; None where there is none.

        It has whole names and numbers, of a life the date that is asked for, of values in turn the
        one at the asked thing's place, and where several things are asked for, the row of them.
        Where no span can be put forward, or the best of all is of another kind than what is asked
        for or told of another thing, it has the confidence 0. `before` is the sentence ahead.
        """
        whole = distinct(text, spans)
        if not whole:
            return None
        likely = self.probabilities(question, text, whole, language)
        whole, likely = _without(
            [question.is_given_up(text, each) for each in whole], whole, likely
        )
        out = [question.is_ruled_out(text, before, each) for each in whole]
        whole, likely = _without(out, whole, likely)
        best = _best(question, text, whole, likely)
        if all(out):
            return Chosen(best.start, best.end, 0.0)
        if question.wanted.is_of_another_kind(text, best.start, best.end):
            return best
        return _widened(question, text, best)

    def probabilities(
        self, question: Question, text: str, spans: Sequence[Span], language: str
    ) -> list[float]:
        """That each is the right one. What the network gives to unlikely spans stays with them."""
        weights = self.weights.get(language, NETWORK_ALONE)
        scores = [
            weighed(weights, features(question, text, span, rank))
            for rank, span in enumerate(spans)
        ]
        highest = max(scores)
        shares = [math.exp(score - highest) for score in scores]
        mass = min(1.0, sum(math.exp(span.log_probability) for span in spans))
        whole = sum(shares)
        return [mass * share / whole for share in shares]


def _best(question: Question, text: str, spans: Sequence[Span], likely: Sequence[float]) -> Chosen:
    """The best span that can be put forward; without one the best of all, with confidence 0."""
    worth = expected_overlaps(spans, likely, FULLNESS)
    value = [likely[n] + worth[n] for n in range(len(spans))]
    best = max(range(len(spans)), key=value.__getitem__)
    if question.wanted.is_of_another_kind(text, spans[best].start, spans[best].end):
        return Chosen(spans[best].start, spans[best].end, 0.0)
    fitting = [n for n, each in enumerate(spans) if question.fits(text, each)]
    best = max(fitting or range(len(spans)), key=value.__getitem__)
    confidence = expected_overlaps(spans, likely)[best] if fitting else 0.0
    return Chosen(spans[best].start, spans[best].end, confidence)


def _widened(question: Question, text: str, best: Chosen) -> Chosen:
    """The whole of what is asked for where the best span is a part of it, or stands in a row."""
    start, end = one_of_lifetime(question.asked, question.kind, text, best.start, best.end)
    turn = in_turn(question.asked, text)
    if turn is not None and start < turn.end and turn.start < end:
        if turn.asked is None:
            return Chosen(start, end, 0.0)
        return Chosen(*turn.asked, best.confidence)
    if question.several:
        start, end = whole_enumeration(text, start, end)
    start, end = closed(text, *whole_answer(question.asked, question.kind, text, start, end))
    return Chosen(start, end, best.confidence)


def _without(
    out: Sequence[bool], spans: list[Span], likely: list[float]
) -> tuple[list[Span], list[float]]:
    """Leave out some spans, unless they are all; their probability goes to the others."""
    left = [n for n, is_out in enumerate(out) if not is_out]
    if not left or len(left) == len(spans):
        return spans, likely
    gain = sum(likely) / sum(likely[n] for n in left)
    return [spans[n] for n in left], [gain * likely[n] for n in left]


def weighed(weights: Mapping[str, float], found: Mapping[str, float]) -> float:
    """Sum the features by their weights; one without a weight counts nothing."""
    return sum(weights.get(name, 0.0) * value for name, value in found.items())


def expected_overlaps(
    spans: Sequence[Span], likely: Sequence[float], beta: float = 1.0
) -> list[float]:
    """Of each span, the mean of the overlaps with all of them, as probable as those are."""
    weighed_overlaps = overlaps(spans, beta) * np.array(likely)
    return [sum(row) for row in weighed_overlaps.tolist()]


def overlaps(spans: Sequence[Span], beta: float = 1.0) -> npt.NDArray[np.float64]:
    """F in characters of each span, the rows, were each the right one, the columns.

    By where they stand; what is missing weighs `beta` times what is too much, as van Rijsbergen
    1979 has it.
    """
    starts, ends = (np.array(each) for each in zip(*((s.start, s.end) for s in spans), strict=True))
    shared = np.minimum(ends[:, None], ends) - np.maximum(starts[:, None], starts)
    sizes, weight = ends - starts, beta * beta
    found: npt.NDArray[np.float64] = (
        (1 + weight) * shared.clip(min=0) / (weight * sizes + sizes[:, None])
    )
    return found


def distinct(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans widened to whole names and numbers, each once, blank ones left out.

    The copula at the end of a sentence is no part of an answer.
    """
    found: dict[tuple[int, int], Span] = {}
    for span in spans:
        start, end = whole_name(text, span.start, span.end)
        copula = _COPULA.search(text, start, end)
        end = copula.start() if copula else end
        if text[start:end].strip():
            found.setdefault((start, end), Span(start, end, span.log_probability))
    return list(found.values())
