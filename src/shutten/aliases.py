"""What else a name of the question is called in the articles: High-Flyer and ハイフライヤー.

An article says itself that two names are one where it puts the second in brackets behind the first
(Schwartz and Hearst 2003, "A simple algorithm for identifying abbreviation definitions in
biomedical text", look in the same place); and a name in Latin letters sounds like its katakana.
`checking` reads brackets more freely: there a wrong pair only spares a claim a difference in names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from shutten.names import romanised
from shutten.remembering import remembered

_KANJI = "一-龥々〆ヶ"
_KATAKANA = "ァ-ヴー"
_LATIN = "A-Za-z\u00c0-\u024f"
_LATIN_WORD = rf"[{_LATIN}][{_LATIN}0-9.&'’-]*"

_BRACKETED = re.compile(
    r"(?P<before>[^()〔〕\[\]\n]{2,60}?) ?[(〔\[](?P<inside>[^()〔〕\[\]\n]{2,60})[)〕\]]"
)
_OPENING = re.compile(r"[(〔\[]")
_INTRODUCTION = re.compile(
    # 以下「公団」, 英: …, 英語名: …
    r"^(?:以下|略称|略して|通称|別名|英(?:語名?)?(?=[:、])|also known as|also called|or)[、,:は\s]*"
)
_JAPANESE_NAME = re.compile(rf"[{_KATAKANA}{_KANJI}{_LATIN}0-9・＝=&-]+$")
_LATIN_NAME = re.compile(rf"{_LATIN_WORD}(?: {_LATIN_WORD})*$")
_NAME = re.compile(
    rf"[{_KATAKANA}{_KANJI}]{{2,20}}(?:[・＝=][{_KATAKANA}]+)*"
    rf"|{_LATIN_WORD}(?: {_LATIN_WORD}){{0,5}}"
)
_IS_KANJI = re.compile(f"[{_KANJI}]")
_IN_KATAKANA = re.compile(rf"[{_KATAKANA}]{{3,}}")
_CAPITALISED = re.compile(rf"(?<![{_LATIN}0-9])[A-Z][{_LATIN}0-9]{{2,}}(?:-[A-Z][{_LATIN}0-9]+)*")
_IN_LATIN = re.compile(rf"(?<![{_LATIN}0-9])[{_LATIN}][{_LATIN}0-9]{{2,}}")
_KANA = re.compile("[\u3041-\u3096]")

ALIKE = 0.7
"""The share of letters from which a name and a katakana word are the same. DeepSeek has 0.86 with
ディープシーク, Tunnel 0.73 with トンネル, Berlin 0.60 with バーレーン, Please 0.55 with プラス."""

_SHORTEST = 3
"""Letters that a name has at least in either script."""

_DOUBLED = re.compile(r"([^aeiou])\1")
_SPELLINGS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"ph|f", "h"), (r"ck|q|x|c(?![eiyh])", "k"), (r"c(?=[eiy])|th|sh", "s"), (r"ch", "ti"),
        (r"r(?=[^aeiour]|$)", ""), (r"(?<=[^aeiou])le$", "ru"), (r"l", "r"), (r"v", "b"),
        (r"j", "z"), (r"ee|ea|ie(?=[^aeiou])", "i"), (r"oo|ou", "u"), (r"y(?![aeiou])", "i"),
        (_DOUBLED.pattern, r"\1"), (r"[^a-z]", ""),
    )
)  # fmt: skip
"""From English spelling to what katakana makes of the sounds, roughly and in this order."""


@dataclass(frozen=True, slots=True)
class Alias:
    """A name as the question says it, and as an article writes it."""

    said: str
    written: str


def aliases_in(question: str, texts: Iterable[str]) -> tuple[Alias, ...]:
    """Return how texts write the names of a question otherwise, each pair once.

    What an article says itself stands first, then what sounds alike, the likest first.
    """
    asked = unicodedata.normalize("NFKC", question)
    kept = [unicodedata.normalize("NFKC", text) for text in dict.fromkeys(texts)]
    pairs = dict.fromkeys(pair for text in kept for pair in glosses_of(text))
    found = [
        Alias(said, written)
        for one, other in pairs
        for said, written in ((one, other), (other, one))
        if _holds(asked, said) and not _holds(asked, written)
    ]
    return tuple(dict.fromkeys([*found, *_sounding(asked, kept)]))


def renamed(question: str, text: str, aliases: Sequence[Alias]) -> str:
    """Return the question with the names that a text writes; a name that it has stays."""
    if not aliases:
        return question
    read = unicodedata.normalize("NFKC", text)
    for alias in aliases:
        if _holds(read, alias.written) and not _holds(read, alias.said):
            question = _put(question, alias)
    return question


def all_renamed(question: str, aliases: Sequence[Alias]) -> str:
    """Return the question with every name as the articles write it; of several the first counts."""
    for alias in aliases:
        question = _put(question, alias)
    return question


def _put(question: str, alias: Alias) -> str:
    asked = unicodedata.normalize("NFKC", question)
    changed = _pattern(alias.said).sub(lambda _: alias.written, asked)
    return question if changed == asked else changed


def is_named(text: str, name: str) -> bool:
    """Tell whether a text holds a name as a word of its own: 水素 names no 水, Spain no AI.

    A single letter is no name, and a longer row of kanji is another one.
    """
    bare = unicodedata.normalize("NFKC", name).strip()
    if len(bare) <= 1 and not _IS_KANJI.match(bare):
        return False
    read = unicodedata.normalize("NFKC", text)
    found = _pattern(bare).finditer(read)
    if _IS_KANJI.match(bare[-1]):
        return any(not _IS_KANJI.match(read, each.end()) for each in found)
    return any(found)


# ── names that no article has ────────────────────────────────────────────────────────────────

_FOREIGN_PERSON = re.compile(rf"[{_KATAKANA}]+(?:[・＝=][{_KATAKANA}]+)+")
_CAPITALS = re.compile(rf"(?<![{_LATIN}0-9])[A-Z][{_LATIN}]{{2,}}(?![{_LATIN}0-9])")
_FULL_NAME = re.compile(rf"(?<![{_LATIN}0-9])[A-Z][{_LATIN}]+(?: [A-Z][{_LATIN}]+)+")


def strangers(question: str, texts: Iterable[str], aliases: Sequence[Alias]) -> tuple[str, ...]:
    """Return the proper names of a question of which texts have no part, under no alias.

    Only what is surely a proper name: katakana words joined by ・ (イーライ・ホイットニー); in a
    Japanese question Latin words with a capital (GNU, Google); in an English one several such words
    side by side.
    """
    asked = unicodedata.normalize("NFKC", question)
    latin = _CAPITALS if _KANA.search(asked) else _FULL_NAME
    found = [*_FOREIGN_PERSON.findall(asked), *latin.findall(asked)]
    if not found:
        return ()
    read = unicodedata.normalize("NFKC", "\n".join(texts)).casefold()
    known = {alias.said.casefold() for alias in aliases}
    return tuple(name for name in found if not _is_known(name.casefold(), read, known))


def _is_known(name: str, read: str, known: set[str]) -> bool:
    parts = [part for part in re.split("[・=＝ ]", name) if len(part) > 1]
    return any(
        part in read or any(part in said or said in part for said in known)
        for part in [name, *parts]
    )


# ── names in brackets ────────────────────────────────────────────────────────────────────────


def glosses_of(text: str) -> Iterator[tuple[str, str]]:
    """Yield the names that a text (NFKC) puts side by side, as in 梁文鋒(Liang Wenfeng)."""
    # Most texts have no brackets, and it takes long to look for some words before each.
    for match in _BRACKETED.finditer(text) if _OPENING.search(text) else ():
        inside = re.split("[、,;]", _INTRODUCTION.sub("", match["inside"].strip()))[0]
        inside = inside.strip('「」『』“”" ')
        if _NAME.fullmatch(inside):
            left = _name_before(match["before"].rstrip('」』”" '), inside)
            if len(left) > 1 and left != inside:
                yield left, inside


def _name_before(before: str, inside: str) -> str:
    """The name at the end of a text that can be the same as the one in brackets; else nothing."""
    latin, japanese = _LATIN_NAME.search(before), _JAPANESE_NAME.search(before)
    if latin and inside.isupper():
        return _spelt_out(latin.group(), inside)
    if japanese is None or (latin and inside[0].isascii()):
        return ""
    name = japanese.group()
    if re.fullmatch(f"[{_KANJI}]+", inside):
        return name if latin else _unshortened(name, inside)
    sounding = [each for each in _IN_KATAKANA.findall(name) if likeness(inside, each) >= ALIKE]
    return sounding[-1] if sounding else name


def _spelt_out(words: str, inside: str) -> str:
    """Of Latin words, those whose capitals an abbreviation behind them consists of."""
    split = words.split(" ")
    for first in range(len(split) - 1, -1, -1):
        if "".join(word[0] for word in split[first:] if word[0].isupper()) == inside:
            return " ".join(split[first:])
    return ""


def _unshortened(name: str, inside: str) -> str:
    """Of a name, the part that its short form is made of; nothing where it is not made of it."""
    if name.endswith(inside):
        return name
    for first in range(len(name) - 1, -1, -1):
        rest = iter(name[first:])
        if name[first] == inside[0] and all(each in rest for each in inside):
            return name[first:]
    return ""


# ── names that sound alike ───────────────────────────────────────────────────────────────────


def _sounding(question: str, texts: Sequence[str]) -> list[Alias]:
    """The names in one script that sound like a name of the question in the other."""
    latin = (_IN_LATIN if _KANA.search(question) else _CAPITALISED).findall(question)
    pairs: dict[Alias, float] = {}
    for text in texts:
        for said in latin:
            for written in set(_IN_KATAKANA.findall(text)):
                pairs[Alias(said, written)] = likeness(said, written)
        for said in _IN_KATAKANA.findall(question):
            for written in set(_CAPITALISED.findall(text)):
                pairs[Alias(said, written)] = likeness(written, said)
    alike = [alias for alias, share in pairs.items() if share >= ALIKE]
    return sorted(alike, key=lambda alias: (-pairs[alias], alias.written))


@remembered(maxsize=8192)
def likeness(latin: str, katakana: str) -> float:
    """The share of letters that a Latin name and a katakana word have in common, from 0 to 1.

    0 where they begin with different sounds.
    """
    spelt, heard = latin.casefold(), _DOUBLED.sub(r"\1", romanised(katakana))
    for pattern, sound in _SPELLINGS:
        spelt = pattern.sub(sound, spelt)
    # A letter may be said by its name first: エヌビディア for Nvidia.
    if min(len(spelt), len(heard)) < _SHORTEST or spelt[0] not in (heard[0], heard[1]):
        return 0.0
    return SequenceMatcher(None, spelt, heard, autojunk=False).ratio()


# ── where a name stands ──────────────────────────────────────────────────────────────────────


def _holds(text: str, name: str) -> bool:
    return _pattern(name).search(text) is not None


@remembered(maxsize=4096)
def _pattern(name: str) -> re.Pattern[str]:
    """A name, and no part of a longer word in its script; WHO is not who."""
    flags = re.NOFLAG if name.isupper() else re.IGNORECASE
    return re.compile(_edge(name[:1], "<!") + re.escape(name) + _edge(name[-1:], "!"), flags)


def _edge(character: str, sign: str) -> str:
    """What must not stand beside a name that begins or ends with a character.

    Kanji may follow kanji (梁文鋒氏, 国連総会), but not precede them (三百度).
    """
    if re.match(f"[{_KATAKANA}]", character):
        return f"(?{sign}[{_KATAKANA}])"
    if re.match(f"[{_KANJI}]", character):
        return f"(?{sign}[{_KANJI}])" if sign == "<!" else ""
    return f"(?{sign}[{_LATIN}0-9])"
