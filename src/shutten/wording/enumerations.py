"""Several things asked for at once, and the whole row of them in a sentence."""

from __future__ import annotations

import re
import unicodedata

_FEW = "[2-9二三四五六七八九十数]"
_COUNTED = (
    rf"{_FEW}(?:つ|人|名|社|校|か国|カ国|ヶ国|か所|カ所|種類|都市|駅|州|島|冊|曲|チーム|作品|団体|党"
    r"|県|市|町|村)"
)
_ASKS_JA = re.compile(
    r"(?:全部|すべて|全て|ぜんぶ|全員)を?(?:の名|挙げ|教え|答え|言|述べ|書)|列挙|挙げ(?:て|よ|る)"
    r"|(?:出席|参加|欠席|登壇|受賞|共著|同行)者(?:は|って)(?:誰|だれ|どなた|[?]?$)"
    r"|何と何|誰と誰|だれとだれ|どことどこ|どれとどれ|メンバーは|内訳は|顔ぶれは"
    r"|どんな\w{1,8}が(?:あ[りっる]|い[たまる])"
    rf"|{_COUNTED}(?:は|とは|って|の\w{{1,8}}は|を)"
    r"(?:\W*$|誰|だれ|どなた|何|なん|どれ|どこ(?![でにへか])|教え)"
)
_ASKS_EN = re.compile(
    r"\b(?:which|what|who|whose)\b[^?]{0,20}\b(?:two|three|four|five|six|seven|both)\b"
    r"|\b(?:list|name) (?:all|the|two|three|four|five|every)\b|\ball (?:of )?the\b"
    r"|\b(?:what|who) (?:are|were) the\b|\b(?:what|which) (?:kinds|types|sorts) of\b"
    r"|\bwhich (?:\w+ ){0,2}(?!is\b|was\b|has\b|does\b|this\b)\w+[^s\W]s"
    r" (?:are|were|do|did|have|had)\b",
    re.IGNORECASE,
)

_GLOSS = r"（[^（）]{1,20}）|\([^()]{1,20}\)"
_GLOSSES = re.compile(_GLOSS)
_NOUN = rf"(?:{_GLOSS}|「[^「」]{{1,30}}」|『[^『』]{{1,30}}』|[^\W_ぁ-ん]|[・＝=’'&.-])"
_WHOSE = rf"(?:{_NOUN}{{1,15}}の(?!{_FEW}))?"
_ITEM = rf"{_NOUN}{{1,30}}(?:さん|ちゃん|くん)?(?:{_GLOSS})?"
_FURTHER = rf"{_WHOSE}(?:[ぁ-ん]{{3,8}})?{_ITEM}"
"""The town's clerk, 大野さん（42）; a further name may begin with kana (ひまわり商船)."""
_LINK_JA = r"(?:[、，]\s?|(?:と|や|および|及び|ならびに|、そして)[、，]?)"
_LINK = re.compile(_LINK_JA)
_ROW_JA = re.compile(rf"{_WHOSE}{_ITEM}(?:{_LINK_JA}{_FURTHER})+")
_AND_JA = re.compile("と|や|および|及び|ならびに|そして")
_COUNT_BEHIND = re.compile(rf"など|ら|の{_FEW}")
_LAST_IN_KANA = re.compile(rf"[ぁ-ん]{{1,5}}(?=の{_FEW}(?:名|人))")
"""汐見千尋、椎葉あおいの2名"""
_ADVERB = re.compile(
    r"(?:.*(?:[時日年月週]|後|前|際|場合|以来|以降|頃|間|末|うち|中)|一方|今回|現在|結果|実際|同様|例|他|次)$"
)

_WORD = r"(?:[A-ZÀ-Þ][\w.’'&-]*|(?:of|de|von|van|du|la)(?= [A-ZÀ-Þ]))"
_NAME = rf"(?:(?:the|an?) (?:[a-z0-9à-ÿ-]+ ){{0,2}})?{_WORD}(?: {_WORD}){{0,5}}"
_PLAIN = r"(?:(?:the|an?) |(?!(?:the|an?) ))[a-zà-ÿ-]+(?: [a-zà-ÿ-]+){0,2}"
_LINK_EN = r"(?:, (?:and |or )?| and | or | & )"
_ROWS_EN = (
    re.compile(rf"{_NAME}(?:{_LINK_EN}{_NAME})+"),
    re.compile(rf"(?<![\w’'-]){_PLAIN}(?:, {_PLAIN})+,? (?:and|or) {_PLAIN}(?![\w’'-])"),
)
_FEW_ITEMS = 3


_CLOSED = re.compile(
    r"の(?:計|合計|合わせて)?(?P<number>[2-9二三四五六七八九])(?:つ|[かカヶケ]所|箇所|種類?|社|名|人|校|案|点|市|町|村"
    r"|県|島|駅|河川|地区|[かカヶ]国)"
)
_JOINT = re.compile(r"の(?:特定建設工事)?(?:共同企業体|共同事業体)$")
_NUMBERS = {
    **{digit: number for number, digit in enumerate("23456789", 2)},
    **{digit: number for number, digit in enumerate("二三四五六七八九", 2)},
}
_ASKS_FOR_THINGS = re.compile(
    r"(?:どんな|どのような|何の|どういう)(?:種類|もの|タイプ|型|区分|部門|部分)|に(?:分類|分け|分か|大別|区分)"
    r"|候補[^、。]{0,4}は"
)
_ASKS_FOR_FIRMS = re.compile(r"どこ|どの|何と?いう|会社|企業|誰|業者")
_ASKS_FOR_ONE = re.compile(
    r"いくつ|何[0-9a-z人名社個本台件回度種つ年月日時歳番目か箇カヶ割%]|どちら|どっち|どれ|うち|最[もも初後大小多少高低]"
    r"|一番|いちばん|以外|ほか|他|主に|目の|目は|そして|[一1]つ"
)


def asks_for_several(question: str) -> bool:
    """Whether a question says that it asks for more than one thing."""
    folded = unicodedata.normalize("NFKC", question)
    return (_ASKS_JA.search(folded) or _ASKS_EN.search(folded)) is not None


def whole_enumeration(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen words to the row of things that they stand in: A、BとC. Without one they stay."""
    for first, last in (*_rows_ja(text), *_rows_en(text)):
        if first < end and start < last and (first < start or end < last):
            return min(first, start), max(last, end)
    return start, end


def whole_closed_row(asked: str, text: str, start: int, end: int) -> tuple[int, int]:
    """Widen one thing of a row that its sentence closes: 粗氷、樹氷|の二つに, AとB|の共同企業体.

    Where a folded question names one of them, or asks for one, they stay.
    """
    kinds, firms = _ASKS_FOR_THINGS.search(asked), _ASKS_FOR_FIRMS.search(asked)
    if not (kinds or firms) or _ASKS_FOR_ONE.search(asked):
        return start, end
    for row in _ROW_JA.finditer(text):
        joint = _JOINT.search(row[0])
        last = row.start() + joint.start() if joint else row.end()
        closed = joint or _CLOSED.match(text, last)
        if closed is None or not (row.start() <= start and end <= last + len(closed[0])):
            continue
        items = [each for each in _LINK.split(text[row.start() : last]) if each]
        number = None if joint else _NUMBERS[closed["number"]]
        is_asked = firms if joint else kinds and number == len(items)
        if is_asked and not any(each.casefold() in asked for each in items):
            return row.start(), last
    return start, end


def _rows_ja(text: str) -> list[tuple[int, int]]:
    rows = []
    for row in _ROW_JA.finditer(text):
        items = [each for each in _LINK.split(row[0]) if each]
        start = row.start()
        while items and _ADVERB.match(_GLOSSES.sub("", items[0])):  # 同日、東京と大阪で
            start = text.index(items[0], start) + len(items.pop(0))
            link = _LINK.match(text, start)
            start = link.end() if link else start
        linked = _AND_JA.search(text[start : row.end()]) or _COUNT_BEHIND.match(text, row.end())
        if len(items) >= (_FEW_ITEMS if not linked else _FEW_ITEMS - 1):
            kana = _LAST_IN_KANA.match(text, row.end())
            rows.append((start, kana.end() if kana else row.end()))
    return rows


def _rows_en(text: str) -> list[tuple[int, int]]:
    found = (row for pattern in _ROWS_EN for row in pattern.finditer(text))
    return [(row.start(), row.start() + len(row[0].rstrip("., "))) for row in found]
