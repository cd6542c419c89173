"""What counters count: whether a number with one can answer a question with another.

A counter of a group stands for the others of it: 何メートル may be answered in kilometres, 何人 not
with seats.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_GROUPS: Final[dict[str, str]] = {
    "percent": "% ％ パーセント 割 percent",
    "length": "キロメートル センチメートル ミリメートル メートル センチ ミリ キロ マイル フィート "
    "km cm mm m 里 metres meters kilometres kilometers miles feet",
    "weight": "キログラム グラム トン キロ ポンド kg mg g grams kilograms tonnes tons pounds",
    "area": "平方キロメートル 平方メートル 平方センチメートル 平方キロ ヘクタール エーカー アール "
    "坪 畳 km2 cm2 mm2 m2 ha",
    "volume": "立方メートル リットル ミリリットル",
    "money": "円 ドル ユーロ ポンド ウォン 元 フラン pounds dollars euros yen",
    "duration": "か月間 か月 ヶ月 カ月 週間 日間 年間 年代 時間 世紀 秒 分 時 日 月 年 "
    "years months weeks days hours minutes seconds",
    "age": "歳 才",
    "degree": "度 ℃ °C degrees",
    "rotation": "回転 rpm",
    "people": "人 名",
    "animals": "匹 頭 羽",
    "times": "回目 回 度",
    "places": "か所 カ所 箇所 ヶ所",
    "countries": "か国 カ国 ヶ国",
    "votes": "票",
    "points": "得点 点",
    "rank": "位 番目 番",
    "copies": "冊 部",
    "companies": "社",
    "seats": "席",
    "bags": "袋",
    "long things": "本",
    "machines": "台",
    "flat things": "枚",
    "matters": "件",
    "houses": "軒 戸 棟",
    "floors": "階",
    "ships": "隻 艘",
    "kinds": "種類 種",
    "things": "個 つ",
}
_GROUPS_OF: Final = {
    counter: frozenset(name for name, words in _GROUPS.items() if counter in words.split())
    for words in _GROUPS.values()
    for counter in words.split()
}
_THINGS: Final = frozenset(
    re.findall(r"\S+", "animals copies seats bags machines houses ships companies matters")
) | {"long things", "flat things"}
"""What 個 and つ may count as well."""

_MEASURES: Final = frozenset(
    re.findall(r"\S+", "percent length weight area volume money duration age degree rotation")
)
"""What is never a number of things."""


def _pattern(counter: str) -> str:
    return rf"{counter}(?![A-Za-z])" if counter.isascii() and counter != "%" else counter


_LONGEST_FIRST: Final = sorted(_GROUPS_OF, key=len, reverse=True)
COUNTER: Final = re.compile(
    "|".join(_pattern(each) for each in _LONGEST_FIRST if not re.fullmatch(r"[a-z]{4,}", each))
)
"""A counter or unit as it stands behind a number; English words for units are no part of it."""

_ASKED: Final = re.compile(
    rf"何(?P<counter>{'|'.join(each for each in _LONGEST_FIRST if not each.isascii())}"
    r"|km2|cm2|mm2|m2|ha|km|cm|mm|kg|mg|m|g|%)(?![代もか])"
)
_ASKED_SHARE: Final = re.compile(
    r"(?:割合|比率|シェア)(?:は|が|を|って|$|[?？])(?!.*(?:どちら|どれ|どの|誰|いつ|どこ))"
    r"|\b(?:what|which) (?:percentage|proportion|share|fraction)\b",
    re.IGNORECASE,
)
_MEASURED: Final[tuple[tuple[str, frozenset[str]], ...]] = (
    ("直径|半径|長さ|全長|高さ|標高|深さ|水深|距離|厚さ|身長", frozenset({"length", "duration"})),
    ("重さ|重量|体重|質量", frozenset({"weight"})),
    ("面積|広さ", frozenset({"area"})),
    ("温度|気温|水温", frozenset({"degree"})),
    ("(?<!地球の)年齢", frozenset({"age", "duration"})),
    ("(?<!高)価格|値段|費用|料金|代金|予算", frozenset({"money"})),
    ("回転数", frozenset({"rotation", "times"})),
    ("の数", frozenset(_GROUPS) - _MEASURES),
)
_ASKED_MEASURES: Final = tuple(
    (
        re.compile(
            rf"^(?!.*(?:何の|ど[このち]|どれ(?!くらい))).*(?:{nouns})(?:は|って|とは)?(?:いくら|いくつ|何|ど[れの](?:くらい|程度|ほど))?"
            r"(?:ですか|でしたか|でしょうか|だった|なの|を?教えて(?:ください)?)?[。?？]?$"
        ),
        groups,
    )
    for nouns, groups in _MEASURED
)
"""A measure that is asked for: what counts something of another kind is no answer."""
_ASKED_HOW: Final = (
    (re.compile(r"\bhow (?:hot|warm|cold)\b", re.IGNORECASE), frozenset({"degree"})),
    (re.compile(r"\bhow heavy\b|\bhow much [^?]*\bweigh", re.IGNORECASE), frozenset({"weight"})),
    (re.compile(r"\bhow (?:tall|high|wide|thick)\b", re.IGNORECASE), frozenset({"length"})),
)
_ASKED_DRAWN: Final = re.compile(
    r"ど(?:れ|の)(?:だけ|くらい|ぐらい|ほど|程度)[^。、]{0,6}?(?:汲|揚水|取水|飲[むみん]|注[ぐい])"
)
"""How much is drawn or drunk: a volume, and no distance."""
_NUMBER: Final = r"[0-9一二三四五六七八九十]+"
_SHARE: Final = re.compile(
    rf"{_NUMBER}分の{_NUMBER}|{_NUMBER}(?P<counted>[人件軒校社])に{_NUMBER}(?P=counted)"
)
"""分 of a fraction counts no minutes, and 10人に1人 is a share."""
_ENGLISH: Final = re.compile(r"\bhow many (?P<noun>[a-z]+)", re.IGNORECASE)
_PEOPLE: Final = frozenset(
    re.findall(
        r"\S+", "people persons men women children workers members visitors passengers victims"
    )
)
_THINGS_IN_ENGLISH: Final = frozenset(
    re.findall(
        r"\S+",
        "houses homes households buildings huts barns ships boats vessels books copies volumes "
        "companies firms votes seats countries nations animals horses cattle birds fish machines "
        "cars vehicles trees floors storeys times kinds species types",
    )
)
"""Nouns for what is never counted as people are."""
_COUNTED: Final = re.compile(
    r"[0-9](?:[0-9,.]*[0-9])?\s?(?:[十百千万億兆]+|(?:million|billion|thousand|trillion)\b)?\s?"
    rf"(?P<counter>{'|'.join(map(_pattern, _LONGEST_FIRST))})"
    r"|[〇一二三四五六七八九十百千万億]+(?P<kanji>[人名回年円席台枚匹頭羽歳袋票])"
)


def asked_counters(question: str) -> frozenset[str]:
    """The groups of counters that fit a question; empty where it asks with none that is known."""
    folded = unicodedata.normalize("NFKC", question)
    found = _ASKED.search(folded)
    if found:
        groups = _GROUPS_OF[found["counter"]]
        return groups | _THINGS if "things" in groups else groups | _also(groups)
    if _ASKED_SHARE.search(folded):
        return frozenset({"percent"})
    english = _ENGLISH.search(folded)
    if english is None:
        return frozenset()
    noun = english["noun"].casefold()
    if noun in _PEOPLE:
        return frozenset({"people"})
    others = _MEASURES | {"people"} if noun in _THINGS_IN_ENGLISH else _MEASURES
    return _GROUPS_OF.get(noun, frozenset(_GROUPS) - others)


def asked_measure(question: str) -> frozenset[str]:
    """The groups of units that tell the measure that a question asks for; else none.

    A Japanese one ends with it. 「直径はどれくらいですか」 is not answered in grams; it may be
    answered without a unit.
    """
    folded = unicodedata.normalize("NFKC", question)
    if _ASKED_DRAWN.search(folded):
        return frozenset({"volume", "weight", "percent"})
    asking = (*_ASKED_MEASURES, *_ASKED_HOW)
    return next((groups for asked, groups in asking if asked.search(folded)), frozenset())


def _also(groups: frozenset[str]) -> frozenset[str]:
    """何年 asks for an age as well, and 何キロ for a length or a weight."""
    return frozenset({"age"}) if "duration" in groups else frozenset()


def counted_in(words: str) -> frozenset[str]:
    """The groups of the counters that stand behind numbers in words."""
    folded = _SHARE.sub("1%", unicodedata.normalize("NFKC", words))
    found = (each["counter"] or each["kanji"] for each in _COUNTED.finditer(folded))
    return frozenset().union(*(_GROUPS_OF.get(each, frozenset()) for each in found))
