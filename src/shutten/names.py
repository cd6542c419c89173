"""Names across the two scripts: katakana against Latin letters, and what an article glosses."""

from __future__ import annotations

import re

from shutten.remembering import remembered

_ROMAN = dict(
    pair.split(":")
    for pair in (
        "ア:a イ:i ウ:u エ:e オ:o カ:ka キ:ki ク:ku ケ:ke コ:ko サ:sa シ:si ス:su セ:se ソ:so "
        "タ:ta チ:ti ツ:tu テ:te ト:to ナ:na ニ:ni ヌ:nu ネ:ne ノ:no ハ:ha ヒ:hi フ:hu ヘ:he ホ:ho "
        "マ:ma ミ:mi ム:mu メ:me モ:mo ヤ:ya ユ:yu ヨ:yo ラ:ra リ:ri ル:ru レ:re ロ:ro ワ:wa ヲ:o "
        "ン:n ガ:ga ギ:gi グ:gu ゲ:ge ゴ:go ザ:za ジ:zi ズ:zu ゼ:ze ゾ:zo ダ:da ヂ:zi ヅ:zu デ:de "
        "ド:do バ:ba ビ:bi ブ:bu ベ:be ボ:bo パ:pa ピ:pi プ:pu ペ:pe ポ:po ヴ:bu ァ:a ィ:i ゥ:u "
        "ェ:e ォ:o ャ:ya ュ:yu ョ:yo ッ: ー: ・:"
    ).split(" ")
)
_SMALL = "ァィゥェォャュョ"
_CLASSES = (
    (r"ph|f", "h"), (r"b|p|v", "b"), (r"tion|sion|sh|ch|tch|zh", "s"), (r"th", "s"),
    (r"ck|q|c(?![eiy])|k|x|g(?![eiy])", "k"), (r"c(?=[eiy])|z|j|g(?=[eiy])|s", "s"),
    (r"r(?![aeiouy])", ""), (r"l|r", "r"), (r"d|t", "t"), (r"n|m", "n"), (r"w|y|h|[aeiou'\-. ]", ""),
)  # fmt: skip
_KANA_CLASSES = (
    (r"h|hu", "h"), (r"[bp]", "b"), (r"ti|tu|si|zi|[sz]", "s"), (r"[kg]", "k"), (r"r", "r"),
    (r"[dt]", "t"), (r"[nm]", "n"), (r"[wyaiueo]", ""),
)  # fmt: skip
_GLOSS = re.compile(r"([^\s、。,.()「」『』]{2,24})\s*\(([^()。]{2,40})\)")
_LEAST = 2


@remembered(maxsize=4096)
def skeleton(word: str) -> str:
    """The consonant classes of a name, the same for both scripts where sounds agree."""
    if word.isascii() or re.match(r"[a-z\u00c0-\u024f]", word):
        return _mapped(word, _CLASSES)
    return _mapped("".join(_ROMAN.get(each, each) for each in word), _KANA_CLASSES)


@remembered(maxsize=4096)
def romanised(katakana: str) -> str:
    """A katakana word in Latin letters; a small vowel takes the place of the one before it."""
    letters = ""
    for each in katakana:
        small = each in _SMALL and letters[-1:] in tuple("aiueo")
        letters = (letters[:-1] if small else letters) + _ROMAN.get(each, "")
    return letters


def _mapped(letters: str, classes: tuple[tuple[str, str], ...]) -> str:
    pattern = "|".join(f"({each})" for each, _ in classes)
    mapped = re.sub(pattern, lambda match: classes[(match.lastindex or 1) - 1][1].upper(), letters)
    joined = re.sub(r"[^A-Z]", "", mapped)
    return re.sub(r"(.)\1+", r"\1", joined)


def sounds_alike(first: str, second: str) -> bool:
    """Whether a katakana and a Latin word can be the same name.

    Consonants decide, in classes that Japanese does not tell apart; one may differ in a long name.
    """
    one, two = skeleton(first), skeleton(second)
    if min(len(one), len(two)) < _LEAST:
        return bool(one) and one == two and abs(len(first) - len(second)) <= _LEAST + 1
    return _distance(one.replace("H", ""), two.replace("H", "")) <= max(len(one), len(two)) // 4


_KATAKANA = re.compile("[ァ-ヴー]{4,}")
_TELLING = 4
"""So many consonants a name has at least that is told from others by them."""


def heard_in(name: str, text: str) -> bool:
    """Whether a katakana word of a text begins as a Latin name sounds: Gotthard, ゴッタルドベース.

    Of four consonants and more one may differ, behind the first two.
    """
    spelt = skeleton(name.casefold()).replace("H", "")
    if len(spelt) < _TELLING:
        return False
    words = _KATAKANA.findall(text)
    heard = (skeleton(each[:n]).replace("H", "") for each in words for n in _lengths(each, name))
    return any(
        len(each) >= _TELLING and each[:2] == spelt[:2] and _distance(each, spelt) <= 1
        for each in heard
    )


def _lengths(katakana: str, name: str) -> range:
    return range(_TELLING, min(len(katakana), len(name) + _LEAST) + 1)


def _distance(one: str, two: str) -> int:
    row = list(range(len(two) + 1))
    for i, a in enumerate(one, 1):
        previous, row[0] = row[0], i
        for j, b in enumerate(two, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (a != b))
    return row[-1]


def loose_glosses(folded: str) -> list[tuple[str, str]]:
    """Return all pairs of words and brackets behind them, as in 梁文鋒(liang wenfeng).

    `aliases.glosses_of` holds them for names of one thing; these may be anything.
    """
    return [(match[1], match[2]) for match in _GLOSS.finditer(folded)] if "(" in folded else []
