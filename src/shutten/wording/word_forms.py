"""Where a word ends that a span cuts: verbs with their endings, negations, names with numbers.

Rules over the letters, with neither analyser nor dictionary; a span is only ever widened.
"""

from __future__ import annotations

import re

from shutten.remembering import remembered
from shutten.wording.counters import COUNTER

_KANJI = "一-龥々"
_NOUN = rf"{_KANJI}\u30a1-\u30faーA-Za-z"

_NEGATION = re.compile(
    r"\b(?:not(?!\s+only\b)|never|no|without|cannot|[A-Za-z]+n['’]t)"
    r"(?:\s+(?:yet|been|be|being|a|an|the|any|to))*\s+$",
    re.IGNORECASE,
)
_NEGATED = r"(?:な(?:かった|い|く|ければ)|ません(?:でした)?|ず(?!っと|つ|れ|ら)に?)"
_STEM = rf"[{_KANJI}][\u3041-\u3093]{{0,3}}$"
_ONE_KANJI = rf"(?<![{_KANJI}])[{_KANJI}]$"

_TAILS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(before), re.compile(behind))
    for before, behind in (
        # 認められて|いない, 認め|られない, 許可|されていない, 利用|できない; but 12席|しかない
        (
            rf"[{_NOUN}\u3041-\u3093](?<![はがをにのへも])$",
            r"(?!しか)(?:さ|し|でき|出来)?(?:ら?れ|せ)?(?:て(?:い|おら|お|き)?|で(?:い|おら)|い|おら)?"
            rf"{_NEGATED}",
        ),
        # 飲|まない, 知|らず
        (rf"[{_KANJI}]$", rf"[かさたばまらわ]{_NEGATED}"),
        # 撮影|禁止
        (rf"[{_NOUN}]$", r"(?:禁止|厳禁)"),
        # 延ば|した, 動か|す
        (
            rf"[{_KANJI}][\u3041-\u3093]?[かさたばまやら](?<![誰何静豊確明僅]か)$",
            r"(?:し[てた]|す(?![るで])|せ[るたて])",
        ),
        # 消|した, 消|された; 寄付|した is whole without it
        (_ONE_KANJI, r"(?:し[てた]|され?[たてる])(?![ちい])"),
        # 集|めた
        (_ONE_KANJI, r"[えけげせねべめれきぎちびみり][たてる](?![ちめ])"),
        # 行|った, 飲|んだ, 書|いて, 見|た, 延ばし|た
        (_STEM, r"(?:っ[たて]|ん[だで]|い[たて])"),
        (
            rf"[{_KANJI}]$|[{_KANJI}][\u3041-\u3093]?"
            r"[しきぎちにびみりいえけげせねべめれっく](?<!に)$",
            r"(?:た|て)(?![ちめびだぶくいん])",
        ),
        (rf"[{_KANJI}][\u3041-\u3093]?ん$", r"[だで](?![すあ])"),
        # 呼|ばれる, 使わ|れた, 建て|られた
        (_STEM, r"(?:[かたなばまらわ]れ|ら?れ|せ)[るたて]"),
        # 集め|る, 書|く, 二|つ; 新し|い
        (
            rf"[{_KANJI}][\u3041-\u3093]{{0,2}}(?<![はがをにのへも])$",
            rf"[うくぐすつぬぶむる](?=[、。！？」）はがをにのと{_KANJI}]|$)",
        ),
        (rf"[{_KANJI}]し?$", rf"い(?=[、。！？」）はがをにのと{_KANJI}]|$)"),
        # 値上|げ, 日付|け
        (
            rf"[{_KANJI}]$",
            r"(?:がり|[げりみきけえめれべせちしぎじび])(?=[、。」）がをはにのでとやも]|$)",
        ),
        # すれ違うと|き
        (r"[うくぐすつぬぶむるたい]と$", r"き(?=[、。はもにの]|で)"),
    )
)
"""What stands at the end of a span, and what behind it then belongs to the same word."""

_NAME_AT_END = re.compile(r"(?<![A-Za-z])[A-Z][\w'’&-]*$")
_NAME_GOES_ON = re.compile(r"(?: (?:(?:of|de|del|du|la|van|von)(?: the)? )?[A-Z][\w'’&-]*)+")
_DAY_OR_MONTH = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day$|(?:January|February|March|April|May|June|July"
    r"|August|September|October|November|December)$"
)
"""No name goes on behind them."""

_AT_MOST = 4
"""How many endings follow one another: 認め|られて|いなかっ|た."""

_NUMBERED = re.compile(
    rf"[{_NOUN}・]{{1,12}}[-‐–]?[0-9０-９]+"
    rf"(?:号(?:機|線|車|室|館|墳)?|型|系|式|(?![0-9０-９.,，．%％]|\s?(?:{COUNTER.pattern}|[A-Za-z])))"
)
_NO_DIGITS = re.compile(r"[^0-9０-９]+")
_COUNTED_AT_END = re.compile(rf"[0-9０-９〇一二三四五六七八九十百千数](?:{COUNTER.pattern})$")
_NUMBER_AT_END = re.compile(r"[0-9０-９十百千万億兆]$")


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a span over what belongs to its first and last word, and over its negation."""
    start, end = _whole_number(text, start, end)
    for _ in range(_AT_MOST):
        longer = _longer(text, start, end)
        if longer == end:
            break
        end = longer
    end = _whole_latin_name(text, start, end)
    negated = _NEGATION.search(text[max(0, start - 40) : start])
    if negated:
        start -= len(negated.group())
    return start, end


def _longer(text: str, start: int, end: int) -> int:
    words = text[max(start, end - 8) : end]
    if _COUNTED_AT_END.search(words):  # 7人|いる: two words
        return end
    for before, behind in _TAILS:
        found = behind.match(text, end) if before.search(words) else None
        if found:
            return found.end()
    return end


@remembered(maxsize=32)  # many spans of one sentence are widened
def _numbered_names(text: str) -> tuple[tuple[int, int, int], ...]:
    """Where names with a number begin, where their number does, and where they end."""
    found = []
    for name in _NUMBERED.finditer(text):
        before = _NO_DIGITS.match(name.group())
        number = name.start() + (len(before.group()) if before else 0)
        found.append((name.start(), number, name.end()))
    return tuple(found)


def _whole_number(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen over the number of a name (山本12345号) and over the counter of a number (12席)."""
    for first, number, last in _numbered_names(text):
        if start < number < last and number <= end < last:
            end = last
        elif number <= start < last <= end:
            start = first
    counter = COUNTER.match(text, end) if _NUMBER_AT_END.search(text[start:end]) else None
    return start, counter.end() if counter else end


def _whole_latin_name(text: str, start: int, end: int) -> int:
    """Go on to the end of a name in capitals (University College| London, Bank| of England)."""
    words = text[start:end]
    if not _NAME_AT_END.search(words) or _DAY_OR_MONTH.search(words):
        return end
    behind = _NAME_GOES_ON.match(text, end)
    return behind.end() if behind else end
