"""Numbers as they are written in Japanese and English, as values."""

from __future__ import annotations

import re

DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
KANJI = "〇零一二三四五六七八九十百千万億兆"
_KANJI_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")}
_KANJI_DIGITS["零"] = 0
_SMALL = {"十": 10.0, "百": 100.0, "千": 1000.0}
_LARGE = {"万": 1e4, "億": 1e8, "兆": 1e12}
_PART = re.compile(rf"(?P<digits>{DIGITS})|(?P<kanji>[{KANJI}])")

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
WORDS: dict[str, int] = {
    **{word: value for value, word in enumerate(_UNITS)},
    **{word: 10 * value for value, word in enumerate(_TENS, start=2)},
}
SCALES = {
    "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12,
}  # fmt: skip
ORDINALS: dict[str, int] = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13,
    "fourteenth": 14, "fifteenth": 15, "sixteenth": 16, "seventeenth": 17, "eighteenth": 18,
    "nineteenth": 19, "twentieth": 20,
}  # fmt: skip
_WORD = "|".join(sorted((*WORDS, *SCALES), key=len, reverse=True))
ENGLISH = rf"\b(?:{_WORD})(?:(?:[ -]|\s+and\s+)(?:{_WORD}))*\b"


def japanese_value(written: str) -> float:
    """The value of digits and kanji numerals in any mixture: 1万8千, 三十四, 二〇一六, 2億3000万."""
    total = section = 0.0
    current: float | None = None
    for match in _PART.finditer(written):
        kanji = match["kanji"]
        if kanji is None:
            current = float(match["digits"].replace(",", ""))
        elif kanji in _KANJI_DIGITS:
            current = 10 * (current or 0.0) + _KANJI_DIGITS[kanji]
        elif kanji in _SMALL:
            section += (1.0 if current is None else current) * _SMALL[kanji]
            current = None
        else:
            whole = section + (current or 0.0)
            total += (whole or 1.0) * _LARGE[kanji]
            section, current = 0.0, None
    return total + section + (current or 0.0)


def english_value(written: str) -> float:
    """The value of English number words: "two hundred and five", "twenty-one"."""
    total = section = 0.0
    for word in re.split(r"[\s-]+", written.casefold()):
        if word in WORDS:
            section += WORDS[word]
        elif word == "hundred":
            section = (section or 1.0) * 100
        elif word in SCALES:
            total += (section or 1.0) * SCALES[word]
            section = 0.0
    return total + section
