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

from shutten.tokens import tokenise

_TERM = re.compile(
    r"(?P<katakana>[\u30a1-\u30faー]{2,}(?:・[\u30a1-\u30faー]+)*)|(?P<kanji>[一-龥々]{2,})"
    r"|(?P<number>\d+)|(?P<latin>[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ0-9'’-]+)"
)
_EMPTY_WORDS = (
    "the a an of in on at to for from by with and or is are was were did does do how what when "
    "where who why which much many long old far big it its this that be been has have had after "
    "before during into as than there their they he she his her you your i can could would should "
    "not no any some more most first last one two"
)
_EMPTY = frozenset(_EMPTY_WORDS.split())
"""English words that say too little to be looked for."""

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
    """The share, from 0 to 1, of a question's terms, and of its tokens, that others have alone.

    `nowhere` is the share of its terms that none of them has, the same for all; 0 without terms.
    """

    terms: float = 0.0
    tokens: float = 0.0
    nowhere: float = 0.0


LACKING_NOTHING = Elsewhere()


def elsewhere(question: str, texts: Sequence[str], beside: Sequence[str]) -> list[Elsewhere]:
    """Return for each text what others of them have of the question and it has not.

    `beside` are further texts in which words may stand, no passages themselves.
    """
    terms, tokens = terms_of(question), set(tokenise(question))
    held = [[term.held_by(text) for term in terms] for text in map(_folded, texts)]
    around = [[term.held_by(text) for term in terms] for text in map(_folded, beside)]
    kept = [tokens & set(tokenise(text)) for text in texts]
    known = set[str]().union(*(tokens & set(tokenise(text)) for text in beside))
    lacking = [
        _lacking(held[at], [*held[:at], *held[at + 1 :], *around]) / max(1, len(terms))
        for at in range(len(texts))
    ]
    untold = [
        len(known.union(*kept[:at], *kept[at + 1 :]) - kept[at]) / max(1, len(tokens))
        for at in range(len(texts))
    ]
    nowhere = _nowhere([*held, *around])
    return [Elsewhere(*each, nowhere) for each in zip(lacking, untold, strict=True)]


def _lacking(mine: Sequence[float], others: Sequence[Sequence[float]]) -> float:
    """How much more of each term the best of the others has, all terms together."""
    best = map(max, zip(mine, *others, strict=True))
    return sum(top - own for top, own in zip(best, mine, strict=True))


def _nowhere(held: Sequence[Sequence[float]]) -> float:
    best = [max(column) for column in zip(*held, strict=True)]
    return 1 - sum(best) / len(best) if best else 0.0


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
