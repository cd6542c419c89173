"""What a language model writes that states nothing: bare names, and text that runs in circles."""

from __future__ import annotations

import re
from itertools import pairwise

from shutten.checking.analysis import Analysis
from shutten.checking.roles import finite_verb
from shutten.checking.words import Word

_TOKEN = re.compile(r"[^\W_]+")
_LONGEST_ROUND = 6
"""Words that are repeated together."""
_ROUNDS = 3
"""From so many times on a group of words runs in circles; a single word needs one more."""
_CIRCLE_JA = re.compile(r"([^\W\d_].{1,15}?)\1{3,}|([^\W\d_])\2{5,}")
"""Without spaces: くるくる is a word, and so may be あああ."""
_LETTERS = 8
"""So many single letters are a string of them, where most of them come again."""
_BREAKS_OFF = re.compile(r"(?:^|\s)[\"“(\[]\s*[.…]?$|[「『（]\s*。?$")
_BOUND_NOUN = re.compile(
    r"(?:^|\W)(?:the|an?|his|her|its|their|our|this|that|these|those|of|in|at|on|to|from|by|for|with"
    r"|about|and|or|du|de|la|le)\s+[\"'“‘(]?$"
)
_OF_NAMES = frozenset({"du", "de", "des", "la", "le", "el", "von", "van", "der", "den", "da", "di"})
_DETERMINED = re.compile(r"\W*(?:the|an?|his|her|its|their|this|that)\b")
_ANSWER_IS = re.compile(
    r"^\W*(?:the|my|this) (?:correct |right )?answer(?: to (?:the|this|that|your) question)?"
    r" (?:is|was|would be)\b"
)
"""Then a name alone, or yes or no, says that it is what was asked for, by a question that it does
not repeat: no sentence bears that out."""
_OF_NOTHING = re.compile(r"^\W*the (?:year|date|day|month|number) (?:is|was|were) [\w .,-]{1,30}$")
_ROUND_AND_BACK = re.compile(
    r"^\W*(?:(?:the|an?|its|his|her) )?(\w+(?: \w+)+) (?:is|was|are|were)"
    r"(?: (?:in|on|at|of|with|the|an?))* \1\W*$"
)
"""Something is said of itself: the face of the sail was on the face of the sail."""


def states_nothing(claim: Analysis) -> bool:
    """Whether a text is no claim, whatever the sentences say."""
    return (
        _is_degenerate(claim)
        or _is_bare_name(claim)
        or _is_bare_answer(claim)
        or any(each.match(claim.text) for each in (_OF_NOTHING, _ROUND_AND_BACK))
    )


# ── text that runs in circles ────────────────────────────────────────────────────────────────


def _is_degenerate(claim: Analysis) -> bool:
    """Whether words or letters are repeated over and over, or the text ends as a quote opens."""
    tokens = _TOKEN.findall(claim.text)
    return bool(
        _runs_in_circles(tokens)
        or _is_string_of_letters(tokens)
        or _CIRCLE_JA.search(claim.text)
        or _BREAKS_OFF.search(claim.text)
    )


def _runs_in_circles(tokens: list[str]) -> bool:
    if all(token.isdigit() for token in tokens):
        return False
    for size in range(1, _LONGEST_ROUND + 1):
        wanted, run = size * (_ROUNDS - 1 if size > 1 else _ROUNDS), 0
        for one, two in zip(tokens, tokens[size:], strict=False):
            run = run + 1 if one == two and not one.isdigit() else 0
            if run >= wanted:
                return True
    return False


def _is_string_of_letters(tokens: list[str]) -> bool:
    letters = [token for token in tokens if len(token) == 1 and token.isascii()]
    return len(letters) >= _LETTERS and len(set(letters)) <= len(letters) / 2


# ── names and nouns alone ────────────────────────────────────────────────────────────────────


def _is_bare_name(claim: Analysis) -> bool:
    """Whether there are only names or nouns, no number and nothing that is said of them.

    A number that belongs to a name is none: the 1925 Run to Nome.
    """
    counts = claim.quantities or claim.moments or claim.times
    named = claim.language == "en" and _DETERMINED.match(claim.text)
    if not claim.words or (counts and not named):
        return False
    return _is_bare_ja(claim) if claim.language == "ja" else _is_bare_en(claim)


def _is_bare_answer(claim: Analysis) -> bool:
    """Whether something is said to be the answer, and nothing of it."""
    said = _ANSWER_IS.match(claim.text)
    return said is not None and finite_verb(claim.text[said.end() :]) is None


def _is_bare_ja(claim: Analysis) -> bool:
    """Nouns that nothing but の, と or や joins: 白川のダム. 東京で開業 tells something."""
    ends = claim.text[claim.words[-1].end :].strip(" 。、!?…」』)") == ""
    gaps = [claim.text[one.end : two.start] for one, two in pairwise(claim.words)]
    return ends and all(re.fullmatch(r"(?:の|と|や|及び)?[・、「」『』() -]*", gap) for gap in gaps)


def _is_bare_en(claim: Analysis) -> bool:
    """Names, and nouns behind an article or a preposition; any other word may be a verb."""
    return finite_verb(claim.text) is None and all(_is_noun(claim, word) for word in claim.words)


def _is_noun(claim: Analysis, word: Word) -> bool:
    first, _ = claim.folded.span(word.start, word.end)
    alone = len(claim.words) == 1
    return (
        alone
        or word.key in _OF_NAMES
        or claim.source[first : first + 1].isupper()
        or _BOUND_NOUN.search(claim.text[: word.start]) is not None
    )
