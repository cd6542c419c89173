"""The one tokeniser of the keyword search: the same tokens for sentences and for questions.

Japanese is written without spaces, so a run of kanji and kana becomes its overlapping character
pairs; Latin words and numbers stay whole. Folding happens here and never in the stored text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain

from shutten.remembering import remembered

HAN = r"\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
KANA = r"\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"
_LETTER = rf"(?![{HAN}{KANA}])[^\W\d_]"
_TOKEN = re.compile(
    rf"(?P<run>[{HAN}{KANA}]+)"
    rf"|(?P<number>\d+(?:[.,]\d+)++|\d++(?!{_LETTER}))"
    rf"|(?P<word>(?:\d|{_LETTER})+)"
)
_RUN = re.compile(rf"[{HAN}{KANA}]")
_STEM = 5
_ALONE = re.compile(rf"[{HAN}]")
_PARTS = re.compile(r"\d+|[^\W\d_]+")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]")
"""What does not show: soft hyphens, what joins or parts characters, what chooses their variants."""
_POSSESSIVE = re.compile(r"(?<=[a-z0-9])['\u2019]s(?![^\W_])")
_LATIN_ACCENT = re.compile("(?<=[a-z])[\u0300-\u036f]+")


def tokenise(text: str) -> list[str]:
    """Return the tokens of a text in reading order, repeated as often as they occur.

    - Width, case, invisible characters and Latin accents are folded (ｶﾞ is ガ, Ｒ２ is r2).
    - A run of kanji and kana yields its character pairs, every kanji as well, and itself where it
      is a single character. No pair crosses a space, a mark, or the edge to Latin and digits.
    - A number is one token, without its thousands separators: 1,200 is 1200, 3.5 stays.
    - A word of letters and digits is one token, and so are its parts from two characters on:
      100km yields 100km, 100 and km; R2 yields r2 alone.
    - A word of letters also yields its stem, its first five letters and a star, so that an
      announcement is found when something was announced.
    """
    tokens: list[str] = []
    for match in _TOKEN.finditer(_fold(text)):
        is_run = match.lastgroup == "run"
        tokens += _run_tokens(match.group()) if is_run else _apart(match)
    return tokens


@remembered(maxsize=32)  # a question and its passages are compared in several ways
def token_set(text: str) -> frozenset[str]:
    """Return the tokens of a text, each once."""
    return frozenset(tokenise(text))


class SoughtTokens:
    """Tells which of some tokens a text has, without taking all of it apart.

    A pair of kanji or kana is looked for as it is: contrary to `tokenise`, a single kana counts
    also within a longer run.
    """

    def __init__(self, tokens: Iterable[str]) -> None:
        kinds = {token: _RUN.match(token) is not None for token in tokens}
        self._pairs = [token for token, is_run in kinds.items() if is_run]
        self._words = frozenset(token for token, is_run in kinds.items() if not is_run)

    def held_by(self, text: str) -> set[str]:
        """Return those that stand in a text."""
        if not text:
            return set()
        folded = _fold(text)
        held = {token for token in self._pairs if token in folded}
        if self._words:
            found = (each for each in _TOKEN.finditer(folded) if each.lastgroup != "run")
            held |= self._words.intersection(chain.from_iterable(map(_apart, found)))
        return held


def _apart(match: re.Match[str]) -> list[str]:
    token = match.group()
    return _number_tokens(token) if match.lastgroup == "number" else _word_tokens(token)


def _fold(text: str) -> str:
    folded = unicodedata.normalize("NFKC", INVISIBLE.sub("", text)).casefold()
    if folded.isascii():
        return _POSSESSIVE.sub("", folded)
    return _POSSESSIVE.sub("", unicodedata.normalize("NFC", _without_accents(folded)))


def _without_accents(text: str) -> str:
    # Only marks on Latin letters go: the dots of が are letters of their own.
    return _LATIN_ACCENT.sub("", unicodedata.normalize("NFD", text))


def _run_tokens(run: str) -> list[str]:
    if len(run) == 1:
        return [run]
    tokens: list[str] = []
    for here, behind in zip(run, [*run[1:], ""], strict=True):
        if _stands_alone(here):
            tokens.append(here)
        if behind:
            tokens.append(here + behind)
    return tokens


@lru_cache(maxsize=4096)
def _stands_alone(character: str) -> bool:
    return _ALONE.match(character) is not None


def _number_tokens(number: str) -> list[str]:
    if "," not in number or _THOUSANDS.fullmatch(number):
        return [number.replace(",", "")]
    return number.split(",")


def _word_tokens(word: str) -> list[str]:
    if word.isalpha():
        return [word, f"{word[:_STEM]}*"] if len(word) >= _STEM else [word]
    parts = _PARTS.findall(word)
    if len(parts) == 1:
        return [word]
    return [word, *(part for part in parts if len(part) > 1)]
