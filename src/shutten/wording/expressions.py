"""What kind of expression a question asks for, and whether a sentence holds one.

Question words against kinds of expressions: いつ wants a date, いくら an amount of money, 何人 a
number of people. The rules are shallow on purpose; they feed the reader's calibration, which
learns how far to trust them.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from shutten.remembering import remembered

Kind = Literal["date", "money", "count", "person", "place", "reason", "manner", "other"]

_NUMBER = r"(?:[\d０-９]++(?:[,，.．][\d０-９]++)*+|[〇一二三四五六七八九十百千]++)"
_SCALE = r"(?:[十百千万億兆]*+)"

_QUESTIONS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "money",
        re.compile(
            r"いくら|何(?:円|ドル|元|ユーロ|ウォン|ポンド)|"
            r"(?:金額|価格|値段|料金|年収|費用|予算|売上高?)(?:は|を|$|？|\?)"
        ),
    ),
    ("date", re.compile(r"いつ|何年(?!間)|何月|何日(?!間)|何時(?!間)|何世紀|何曜日|年月日")),
    ("person", re.compile(r"誰|だれ|どなた|何者")),
    (
        "place",
        re.compile(
            r"どこ|何処|どちら|(?:出身地|所在地|場所|住所)(?:は|を|$|？|\?)|"
            r"どの(?:都市|町|街|村|市|県|州|島|地域|地方|場所|大陸|地区|港|駅)|"
            r"何(?:県|州|市|町|村|区(?!間|分)|島)|何という(?:都市|町|街|村|市|県|州|島|場所)"
        ),
    ),
    ("reason", re.compile(r"なぜ|何故|どうして|理由|原因|なんで")),
    (
        "count",
        re.compile(
            r"何(?:人|名|社|個|本|台|件|回|度|冊|枚|基|か所|カ所|箇所|ヶ所|か国|カ国|"
            r"ヶ国|種|種類|分|秒|時間|日間|年間|週間|か月|ヶ月|歳|才|位|番|キロ|"
            r"メートル|トン|パーセント|割|倍|%|％|m|km)|"
            r"いくつ|どのくらい|どれくらい|どれほど|"
            r"(?:人数|数|割合|長さ|高さ|深さ|幅|重さ|面積|人口|距離)(?:は|を|$|？|\?)"
        ),
    ),
    ("manner", re.compile(r"どのように|どうやって|どんな風|どう(?!して)")),
)

_QUESTION_WORD = re.compile(r"\b(?!WHO\b)(?i:what|which|who|whom|whose|when|where|why|how)\b")
"""The first of them asks; later ones join clauses (What is it called when two forces act?)."""

_THE = r"(?:what|which)(?:(?: is|'s|’s| was| are| were)(?: the)?)? (?:[a-z]+ )?"
"""One adjective may stand before the noun."""
_ENGLISH_QUESTIONS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("money", re.compile(rf"how much (?:money|did|does|do|is|was|were)\b|{_THE}(?:price|cost)\b")),
    ("date", re.compile(rf"when\b|{_THE}(?:year|month|day|date|century|time)\b")),
    ("person", re.compile(r"who(?:m|se)?\b")),
    (
        "place",
        re.compile(
            r"where\b|(?:what|which) (?:city|country|place|town|island|village|state|province"
            r"|county|region|district|prefecture|continent)\b"
        ),
    ),
    ("reason", re.compile(rf"why\b|{_THE}(?:reason|cause)\b")),
    (
        "count",
        re.compile(
            r"how (?:many|much|long|deep|high|tall|far|old|fast|wide|large|big|heavy|often)\b|"
            rf"{_THE}(?:percentage|share|number|length|depth|height|width|weight|speed|distance|"
            r"population)\b"
        ),
    ),
    ("manner", re.compile(r"how\b")),
)

_EXPRESSIONS: dict[Kind, re.Pattern[str]] = {
    "date": re.compile(
        rf"{_NUMBER}\s*(?:年(?!間)|月(?!間)|日(?!間)|時(?!間)|世紀)|(?:昭和|平成|令和|大正|明治)|"
        r"(?:今|昨|来|先|翌|同|当)(?:年|月|日|週|夜|朝)|[春夏秋冬](?:に|の)|"
        r"上旬|中旬|下旬|年代|時代|曜日|"
        r"\b(?:1\d{3}|20\d{2})\b|\bcentur(?:y|ies)\b|\b(?:BC|AD|BCE|CE)\b|"
        r"\b(?:january|february|march|april|may|june|july|august|september|october|november|"
        r"december)\b",
        re.IGNORECASE,
    ),
    "money": re.compile(
        rf"{_NUMBER}\s*{_SCALE}\s*(?:円|ドル|元|ユーロ|ウォン|ポンド|ルーブル|フラン|両)|[$€£¥]\s*\d|"
        r"\d[\d,.]*\s*(?:million|billion|thousand|trillion)?\s*(?:dollars?|euros?|yen|yuan|pounds?)|"
        r"無料|無償|\bfree of charge\b|分の[\d一二三四五六七八九十]",
        re.IGNORECASE,
    ),
    "count": re.compile(
        rf"{_NUMBER}\s*{_SCALE}|数[十百千万億]|半数|"
        r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|"
        r"thousands?|half|twice)\b",
        re.IGNORECASE,
    ),
    "person": re.compile(
        r"(?:氏|さん|教授|博士|大臣|首相|大統領|社長|会長|監督|選手|容疑者|議員|天皇|皇帝|国王|王|将軍|家康|創業者|研究者|作家|画家)|"
        r"[ァ-ヴー]{2,}[・＝=][ァ-ヴー]{2,}|"
        r"[一-龥]{1,3}[ \u3000]?[一-龥]{1,3}(?:が|は|に|の|と|、)|[ァ-ヴー]{2,}|"
        r"\b[A-Z][a-z]+(?: (?:de |von |van |of )?[A-Z][a-z.]+)+|\b[A-Z][a-z]{2,}",
    ),
    "place": re.compile(
        r"[都道府県市区町村郡島湾港駅国州省]|[一-龥]{2,}(?:に|で|から|へ)|"
        r"[ァ-ヴー]{2,}|大学|地方|海峡|沖|山|川|"
        r"\b(?:in|at|from|near|off|on|to) (?:the )?[A-Z][a-z]+",
    ),
    "reason": re.compile(
        r"ため|から(?:だ|で|、|。)|ので|理由|原因|により|によって|せい|懸念|目的|きっかけ|背景|"
        r"\b(?:because|since|due|owing|therefore|so that|reason|caused?|in order to|as a result|"
        r"thus|to)\b",
        re.IGNORECASE,
    ),
}


def asked_kind(question: str) -> Kind:
    """The kind of expression that would answer; the more exact kind where several words fit."""
    folded = unicodedata.normalize("NFKC", question)
    asked = next((kind for kind, pattern in _QUESTIONS if pattern.search(folded)), None)
    word = None if asked else _QUESTION_WORD.search(folded)
    if word is None:
        return asked or "other"
    rest = folded[word.start() :].casefold()
    return next((kind for kind, pattern in _ENGLISH_QUESTIONS if pattern.match(rest)), "other")


def holds_kind(text: str, kind: Kind) -> bool:
    """Whether a text holds an expression of a kind; any text does for `manner` and `other`."""
    pattern = _EXPRESSIONS.get(kind)
    return pattern is None or bool(pattern.search(unicodedata.normalize("NFKC", text)))


_DIGITS = r"[\d０-９]+(?:[,，.．][\d０-９]+)*"
_MEASURED = re.compile(
    rf"(?:(?<![A-Za-z0-9０-９])[-−－])?[$€£¥￥]?{_DIGITS}"
    r"(?:\s?(?:[%％‰°℃]+C?|(?:million|billion|trillion|thousand|percent|per cent)\b)"
    r"|(?:[a-zA-Zµ]{1,3}(?![a-zA-Z]))"
    rf"|[十百千万億兆]+(?:{_DIGITS}[十百千万億兆]+)*)?"
)
"""A number with its sign, its currency, and a scale or a unit that nothing parts from it."""

_TIME_OF_DAY = re.compile(rf"(?:午前|午後|正午){_DIGITS}時(?:{_DIGITS}分|半)?")
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_ENGLISH_DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)? (?:{MONTHS})|(?:{MONTHS}) \d{{1,2}})(?:,? \d{{4}})?\b"
)


_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+(?:['’-][A-Za-z\u00c0-\u024f]+)*")


def whole_expression(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a span that begins or ends inside a number, a time of day, a date or an English word.

    A part of a number is another number: 2.4 million is not 4 million.
    """
    for first, last in _expressions(text):
        if first < end and start < last:
            start, end = min(start, first), max(end, last)
    return start, end


@remembered(maxsize=32)  # many spans of one sentence are widened
def _expressions(text: str) -> tuple[tuple[int, int], ...]:
    patterns = (_MEASURED, _TIME_OF_DAY, _ENGLISH_DATE, _LATIN_WORD)
    return tuple(found.span() for pattern in patterns for found in pattern.finditer(text))
