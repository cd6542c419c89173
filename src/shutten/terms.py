"""Which words of a question one passage leaves out and another one has.

A question in other words than the article's shares little with any passage. Where it does share a
word with the article, only not with the sentence that seems to answer, that sentence tends to be
about something else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from shutten.tokens import token_set

_TERM = re.compile(
    r"(?P<katakana>[\u30a1-\u30faー]{2,}(?:・[\u30a1-\u30faー]+)*)|(?P<kanji>[一-龥々]{2,})"
    r"|(?P<number>\d+)|(?P<latin>[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ0-9'’-]+)"
)
_EMPTY_WORDS = (
    "the a an of in on at to for from by with and or is are was were did does do how what when "
    "where who why which much many long old far big it its this that be been has have had after "
    "before during into as than there their they he she his her you your i can could would should "
    "not no any some more most first last one two today now currently yesterday tomorrow tonight "
    "今日 昨日 明日 今夜 現在 最近"
)
_EMPTY = frozenset(_EMPTY_WORDS.split())
"""Words that say too little to be looked for."""

_ENDINGS = ("ing", "ied", "ies", "ed", "es", "s", "ly")
_SHORTEST = 3
"""Letters that are left of an English word at least when an ending is taken off."""


@dataclass(frozen=True, slots=True)
class Term:
    """A content word of a question, without a dictionary: a run of one script; `text` is folded."""

    text: str
    script: str

    def held_by(self, text: str) -> float:
        """How much of it a folded text has: 0 or 1, for kanji the share of its pairs."""
        if self.script == "number":
            return float(re.search(rf"(?<!\d){self.text}(?!\d)", text) is not None)
        if self.text in text:
            return 1.0
        if self.script == "kanji":
            pairs = [self.text[i : i + 2] for i in range(len(self.text) - 1)]
            return sum(pair in text for pair in pairs) / len(pairs)
        parts = self.text.split("・") if self.script == "katakana" else []
        return float(any(len(part) > 1 and part in text for part in parts))


def terms_of(question: str) -> tuple[Term, ...]:
    """The content words of a question in their order, each as often as it stands there."""
    found = _TERM.finditer(unicodedata.normalize("NFKC", question))
    terms = (Term(match.group(), str(match.lastgroup)) for match in found)
    return tuple(
        Term(_stem(each.text.casefold()), "latin") if each.script == "latin" else each
        for each in terms
        if each.text.casefold() not in _EMPTY
    )


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            return word.removesuffix(ending)
    return word


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """How much of a question's terms, and of its tokens, others have and one text lacks, 0 to 1.

    Each counts the less the more of the others have it: what the article is about need not be said
    in every sentence. `nowhere` is the share of the terms that none has, the same for all texts; 0
    without terms.
    """

    terms: float = 0.0
    tokens: float = 0.0
    nowhere: float = 0.0


LACKING_NOTHING = Elsewhere()

Held: TypeAlias = list[float]
"""How much of each word of the question a text has, from 0 to 1."""


def elsewhere(question: str, texts: Sequence[str], beside: Sequence[str]) -> list[Elsewhere]:
    """Return for each text what others of them have of the question and it has not.

    `beside` are further texts in which words may stand, no passages themselves.
    """
    terms = terms_of(question)
    in_texts, in_beside = ([_held(terms, text) for text in each] for each in (texts, beside))
    tokens = sorted(token_set(question))
    found, around = ([_kept(tokens, text) for text in each] for each in (texts, beside))
    best = [max(column) for column in zip(*in_texts, *in_beside, strict=True)]
    nowhere = 1 - sum(best) / len(best) if best else 0.0
    return [
        Elsewhere(_lacking(at, in_texts, in_beside), _lacking(at, found, around), nowhere)
        for at in range(len(texts))
    ]


def _held(terms: Sequence[Term], text: str) -> Held:
    read = folded(text)
    return [term.held_by(read) for term in terms]


def _kept(tokens: Sequence[str], text: str) -> Held:
    of_text = token_set(text)
    return [float(token in of_text) for token in tokens]


def _lacking(at: int, texts: Sequence[Held], beside: Sequence[Held]) -> float:
    """The mean of what a text lacks of each word, times the share of others that lack it too."""
    mine, others = texts[at], [*texts[:at], *texts[at + 1 :]]
    if not mine or not others:
        return 0.0
    columns = zip(*others, strict=True)
    known = zip(*beside, strict=True) if beside else ((0.0,) for _ in mine)
    total: float = sum(
        max(0.0, max(*column, *more) - own) * (1 - sum(column) / len(column))
        for own, column, more in zip(mine, columns, known, strict=True)
    )
    return total / len(mine)


def lacks_number(question: str, text: str) -> bool:
    """Whether a question has a number in digits that a text has not."""
    numbers = {term.text for term in terms_of(_ungrouped(question)) if term.script == "number"}
    read = folded(_ungrouped(text))
    return any(not Term(number, "number").held_by(read) for number in numbers)


def _ungrouped(text: str) -> str:
    """1,200 and 1200 are one number."""
    return re.sub(r"(?<=\d)[,，](?=\d{3}(?!\d))", "", text)


def folded(text: str) -> str:
    """Fold width and case."""
    return unicodedata.normalize("NFKC", text).casefold()


def folded_together(text: str) -> str:
    """Fold width and case, and leave out white space."""
    return "".join(folded(text).split())
