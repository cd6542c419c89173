"""What else a name of the question is called in the articles: High-Flyer and ハイフライヤー.

An article says itself that two names are one where it puts the second in brackets behind the first
(Schwartz and Hearst 2003, "A simple algorithm for identifying abbreviation definitions in
biomedical text", go by the same place); and a name in Latin letters sounds like its katakana.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from shutten.names import distance, skeleton

_KANJI = "一-龥々〆ヶ"
_KATAKANA = "ァ-ヴー"
_LATIN_NAME = r"[A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f0-9.&'’-]*"

_BRACKETED = re.compile(r"(?P<before>[^()（）\n]{2,60}?)\s?[(（](?P<inside>[^()（）\n]{2,60})[)）]")
_INTRODUCTION = re.compile(
    r"^(?:以下|略称|略して|通称|別名|英語?名?|also known as|also called|hereafter|or)[、,:：は\s]*"
)
_LAST_NAME = re.compile(
    rf"(?:[{_KATAKANA}]+(?:[・＝=][{_KATAKANA}]+)*|[{_KANJI}]+|[A-Za-z][A-Za-z0-9.&'’ -]*)$"
)
_WHOLE_NAME = re.compile(
    rf"[{_KATAKANA}]{{2,}}(?:[・＝= ][{_KATAKANA}]+)*|[{_KANJI}]{{2,12}}"
    rf"|{_LATIN_NAME}(?: {_LATIN_NAME}){{0,5}}"
)
_CAPITALISED = re.compile(r"\b[A-Z][A-Za-z\u00c0-\u024f0-9]*(?:-[A-Z][A-Za-z\u00c0-\u024f0-9]*)*")
_IN_KATAKANA = re.compile(rf"[{_KATAKANA}]{{3,}}")

_LEAST_CONSONANTS = 3
"""Names of fewer consonants sound like too much else."""

_CONSONANTS_PER_SLIP = 6
"""One consonant may differ for every so many."""


@dataclass(frozen=True, slots=True)
class Alias:
    """A name as the question says it, and as an article writes it."""

    said: str
    written: str


def aliases_in(question: str, texts: Iterable[str]) -> tuple[Alias, ...]:
    """Return how texts write the names of a question otherwise, each pair once, as they come."""
    asked = _folded(question)
    kept = list(texts)
    pairs = [pair for text in kept for pair in glosses_of(text)]
    found = [
        Alias(said, written)
        for one, other in pairs
        for said, written in ((one, other), (other, one))
        if _holds(asked, said) and not _holds(asked, written)
    ]
    found += _sounding(question, kept)
    return tuple(dict.fromkeys(found))


def renamed(question: str, text: str, aliases: Sequence[Alias]) -> str:
    """Return the question with the names that a text writes; a name that it has stays."""
    folded = _folded(text)
    for alias in aliases:
        if _holds(folded, alias.written) and not _holds(folded, alias.said):
            question = _put(question, alias.said, alias.written)
    return question


def all_renamed(question: str, aliases: Sequence[Alias]) -> str:
    """Return the question with every name as the articles write it first."""
    for said in dict.fromkeys(alias.said for alias in aliases):
        written = next(alias.written for alias in aliases if alias.said == said)
        question = _put(question, said, written)
    return question


def _put(question: str, said: str, written: str) -> str:
    return _pattern(said).sub(lambda _: written, question)


def glosses_of(text: str) -> Iterator[tuple[str, str]]:
    """Yield the names that a text puts side by side, as in 梁文鋒(Liang Wenfeng)."""
    for match in _BRACKETED.finditer(text):
        inside = re.split("[、,;；]", _INTRODUCTION.sub("", match["inside"].strip()))[0]
        inside = inside.strip('「」『』“”" ')
        before = match["before"].rstrip('」』”"')
        name = _LAST_NAME.search(before)
        if name is None or _WHOLE_NAME.fullmatch(inside) is None:
            continue
        left = _of_abbreviation(name.group(), inside) if inside.isascii() else name.group()
        if len(left) > 1 and left != inside and _are_one(left, inside):
            yield left, inside


def _of_abbreviation(words: str, inside: str) -> str:
    """Of Latin words, those that an abbreviation behind them stands for."""
    if not words.isascii() or not inside.isupper():
        return words
    split = words.split(" ")
    for first in range(len(split) - 1, -1, -1):
        initials = "".join(word[:1] for word in split[first:] if word[:1].isupper())
        if initials.upper() == inside:
            return " ".join(split[first:])
    return ""


def _are_one(left: str, inside: str) -> bool:
    """Whether what stands in brackets can be a name: another script, or shortened kanji."""
    if re.fullmatch(f"[{_KANJI}]+", left) and re.fullmatch(f"[{_KANJI}]+", inside):
        rest = iter(left)
        return len(inside) < len(left) and all(character in rest for character in inside)
    return _script(left) != _script(inside) or (left.isascii() and inside.isupper())


def _script(name: str) -> str:
    if name[0].isascii() or "\u00c0" <= name[0] <= "\u024f":
        return "latin"
    return "katakana" if re.match(f"[{_KATAKANA}]", name) else "kanji"


def _sounding(question: str, texts: Sequence[str]) -> Iterator[Alias]:
    """Yield the names in one script that sound like a name of the question in the other."""
    latin, kana = _CAPITALISED.findall(question), _IN_KATAKANA.findall(question)
    for pattern, said in ((_IN_KATAKANA, latin), (_CAPITALISED, kana)):
        if said:
            written = dict.fromkeys(each for text in texts for each in pattern.findall(text))
            yield from (
                Alias(name, other) for name in said for other in written if _alike(name, other)
            )


def _alike(name: str, other: str) -> bool:
    one, two = skeleton(name.casefold()), skeleton(other.casefold())
    longest = max(len(one), len(two))
    if min(len(one), len(two)) < _LEAST_CONSONANTS:
        return False
    return one == two or distance(one, two) <= longest // _CONSONANTS_PER_SLIP


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _holds(folded: str, name: str) -> bool:
    return _pattern(_folded(name)).search(folded) is not None


def _pattern(name: str) -> re.Pattern[str]:
    """A name, and no part of a longer word in its script."""
    if _script(name) == "latin":
        edges = (r"(?<![A-Za-z0-9\u00c0-\u024f])", r"(?![A-Za-z0-9\u00c0-\u024f])")
    elif _script(name) == "katakana":
        edges = (f"(?<![{_KATAKANA}])", f"(?![{_KATAKANA}])")
    else:
        edges = ("", "")
    return re.compile(edges[0] + re.escape(name) + edges[1], re.IGNORECASE)
