"""Words that are half of an answer, and the whole of it: a range, a name, a way, a reason."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shutten.terms import folded, terms_of
from shutten.wording.counters import COUNTER, asked_counters, counted_in
from shutten.wording.definitions import whole_definition
from shutten.wording.durations import asks_how_long
from shutten.wording.enumerations import whole_closed_row
from shutten.wording.expressions import Kind

_NUMBER = (
    r"(?:約|およそ)?[0-9０-９][0-9０-９,.，．]*(?P<unit>[^\s0-9０-９年月日時分、。からまで]{0,5})"
)
_FIRST = re.compile(_NUMBER)
_DIGITS = "[0-9０-９一二三四五六七八九十百千]"
_COUNTED = re.compile(
    rf"(?:約|およそ|計|合計|延べ)?{_DIGITS}[0-9０-９,.，．一二三四五六七八九十百千万億]*\s?(?:{COUNTER.pattern})間?"
    r"(?:以上|以下|ほど|余り|前後|程度|近く)?"
)
_LASTING = re.compile(
    r"\b(?:(?:about|some|nearly|almost|over|under|around|roughly) )?(?:\d[\d,.]*|an?|half an?"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty)"
    r" (?:and a half )?(?:second|minute|hour|day|week|month|year|decade)s?\b"
)
_OTHER_NUMBER = re.compile(rf"{_DIGITS}.*(?:[でをのにはが、(（・]|, (?:which|and) [a-z ]+ )$")
"""Another number, and what parts it from the next one."""
_TO = re.compile(
    r"\s?(?:から|〜|～|~|-|–|ないし|to|or)\s?(?:約|およそ)?[0-9０-９][0-9０-９,.，．]*"
    r"(?P<unit> [a-z]+|[^\s0-9０-９年月日時分、。ぁ-ん]{1,5}?)(?!ほどに|[にへ])(?=[^\w]|[ぁ-ん]|$)"
)
_ASKS_FOR_AN_END = re.compile(
    r"から|まで|最[低高大小多少]|以[上下]|未満|少なくとも|多くて|\b(?:least|most|minimum|maximum|from|start"
    r"|begin|up to|until|end)\b"
)
_ROLE_EN = re.compile(r"(?:the |an? )?[a-z]+(?: [a-z]+){0,2}")
_NAME_EN = re.compile(r" (?:[A-Z]\.? )*[A-Z][\w'’-]+(?: (?:(?:de|van|von|of) )?[A-Z][\w'’-]+){0,3}")
_OTHER_DOING = re.compile(
    r"(?P<date>(?:[a-z]+ ){0,2}(?:\d{1,2} )?(?:[A-Z][a-z]+ (?:\d{1,2}, )?)?\d{4}),? and "
    r"(?!\d|[A-Z]|in\b|on\b|from\b|until\b|again\b|late|early|mid|spring|summer|autumn|winter|the\b)"
)
"""It ground wheat until |1938| and animal feed until 1956. Of 17,330 answers to when none is so."""
_CAPITAL = r"[A-Z](?:[\w'’-]+|\.)"
_NAMED = rf"{_CAPITAL}(?: (?:(?:de|van|von|of|du|la) )?{_CAPITAL}){{0,3}}"
_PLAYER = rf"(?:(?:the|his|her|its|an?) (?:(?!that|which|whom?\b)[a-z-]+ ){{1,4}})?{_NAMED}"
_PAIR_EN = re.compile(rf"{_PLAYER} and {_PLAYER}")
_DOING = re.compile(r" (?:(?:had|have|then|first|together|jointly) )?(?P<verb>[a-z]{4,})")
_DONE = re.compile(r"(?P<verb>[a-z]{4,}) (?:[a-z]+ly |together |in \d{4} )?by (?:both )?$")
_FOUNDING = re.compile(r"\b(?:found|establish|start|set up|creat|launch|beg[au]n)")
_PAIR_JA = re.compile(
    r"のは、?(?P<pair>[^。「」はが]{2,60}?(?:と、?|[、・])[^。「」はが]{2,40})の(?:[二三2-3２-３]人|両名|両氏)(?=で|だ|。|$)"
)
"""率いたのは、坑夫頭の弥平次と、僧侶だった了雲の二人で."""
_PRESENT = re.compile(
    r"[-*・ \u3000]*[【\[]?(?:出席|参加|メンバー|委員|構成|担当|体制|役員|編集|スタッフ)"
    r"[^：:】\]]{0,6}[：:】\]]"
)
_WITH_ROLE = re.compile(
    r"(?P<name>[^、，,：:（）()\s・】\]]{1,15})[（(](?P<role>[^（）()]{2,10})[）)]"
)
_BARE_NOUN = re.compile(r"[^をがはで、。]*[一-龥々ァ-ヶーA-Za-z]")
_WAY = re.compile(
    r"を(?:[一-龥々][ぁ-ん]{0,4}|[一-龥々]{2}し)[てで](?![いきはも])"
    r"(?:[^、。はがを]{1,12}を[^、。はがを]{1,8}[るたうくすつぶむ][一-龥々ァ-ヶー]{2,8}(?=[をでにが、]))?"
)
_REASON_AHEAD = re.compile(r"(?:の|理由|原因|要因)は、")
_REASON = re.compile(
    r"[^。「」]{2,90}?(?:(?:ため|から)(?=で|だ|と|。|$)|(?:こと|点)(?=で[あすし]|だ|によ[るり]|にあ[るりっ]))"
)
"""Behind 「これを選んだのは、」: 「音が静かで、一人でも運べるから」."""
_ASKS_WHAT = re.compile(r"何[がを](?!原因|理由)")
_FEARED = re.compile(r"を(?:(?:心配|懸念|危惧|警戒|憂慮)して|恐れて|嫌って|案じて)")
_ASKS_HOW = re.compile(r"どうやって|どのように|どうして(?:防|取|作)|方法")


def whole_answer(asked: str, kind: Kind, text: str, start: int, end: int) -> tuple[int, int]:
    """Widen words that are half of what a folded question asks for; others stay."""
    start, end = whole_definition(asked, text, start, end)
    start, end = whole_closed_row(asked, text, start, end)
    if kind in ("count", "money"):
        start, end = _counted_alone(asked, text, start, end)
        end = _whole_range(asked, text, start, end)
    if kind == "date" and (other := _OTHER_DOING.match(text[start:end])):
        end = start + len(other["date"])
    if kind == "person":
        start, end = _by_role(asked, text, start, end)
        start, end = _both(asked, text, start, _with_name(text, start, end))
    if kind == "manner" and _ASKS_HOW.search(asked) and _BARE_NOUN.fullmatch(text[start:end]):
        way = _WAY.match(text, end)
        end = way.end() if way else end
    if kind == "reason" and not _ASKS_WHAT.search(asked):
        start, end = _until_feared(text, *_whole_reason(text, start, end))
    return start, end


def _whole_reason(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen words of a reason that its sentence marks at both ends to all of its clauses."""
    ahead = max((each.end() for each in _REASON_AHEAD.finditer(text, 0, start)), default=None)
    found = _REASON.match(text, ahead) if ahead is not None else None
    if found is None or start >= found.end() or end > found.end() + len("である"):
        return start, end
    return found.start(), max(end, found.end())


def _until_feared(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out what was done in the end: 濁りを心配して|反対したが、…という条件."""
    found = _FEARED.search(text, start, end)
    goes_on = found is not None and "が、" in text[found.end() : end]
    return start, found.end() if found and goes_on else end


def _counted_alone(asked: str, text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out another number that stands before the one asked for: 500 mLで|二回.

    Of 14,540 answers to how many of something 23 have one, all but six without a word between.
    """
    counters = asked_counters(asked)
    pattern = _COUNTED if counters else _LASTING if asks_how_long(asked) else None
    found = list(pattern.finditer(text, start, end)) if pattern else []
    own = [each for each in found if not counters or counted_in(each.group()) & counters]
    if len(own) != 1 or not _OTHER_NUMBER.search(text[start : own[0].start()]):
        return start, end
    return own[0].span()


def _whole_range(asked: str, text: str, start: int, end: int) -> int:
    """Go on to the upper end of a range (60個|から110個), but where one end is asked for."""
    first = _FIRST.fullmatch(text[start:end])
    if first is None or _ASKS_FOR_AN_END.search(asked):
        return end
    found = _TO.match(text, end)
    return found.end() if found and first["unit"] in ("", found["unit"]) else end


def _by_role(asked: str, text: str, start: int, end: int) -> tuple[int, int]:
    """The one in a list of those present who is said to be what is asked for: 真鍋(記録)."""
    if not _PRESENT.match(text):
        return start, end
    found = [each for each in _WITH_ROLE.finditer(text) if each["role"] in asked]
    return found[0].span("name") if len(found) == 1 else (start, end)


def _both(asked: str, text: str, start: int, end: int) -> tuple[int, int]:
    """Widen one of two that did together what is asked to both of them.

    Not where the question tells by a word which of them it means, or has another verb.
    """
    for first, last in _pairs(asked, text):
        is_one_of_them = first <= start and end <= last
        if is_one_of_them and not any(
            term.held_by(folded(text[first:last])) for term in terms_of(asked)
        ):
            return first, last
    return start, end


def _pairs(asked: str, text: str) -> Iterator[tuple[int, int]]:
    yield from (found.span("pair") for found in _PAIR_JA.finditer(text))
    if not asked.startswith("who "):
        return
    for found in _PAIR_EN.finditer(text):
        beside = _DOING.match(text, found.end()), _DONE.search(text[: found.start()])
        if any(each and _has_verb(asked, each["verb"]) for each in beside):
            yield found.span()


def _has_verb(asked: str, verb: str) -> bool:
    """Whether a question has a verb, in another form or not: founded, founding, set up."""
    if _FOUNDING.match(verb) and _FOUNDING.search(asked):
        return True
    return re.search(rf"\b{verb[: max(4, len(verb) - 3)]}", asked) is not None


def _with_name(text: str, start: int, end: int) -> int:
    """Go on over the name behind what somebody is: the curator| Edith Sallow."""
    name = _NAME_EN.match(text, end) if _ROLE_EN.fullmatch(text[start:end]) else None
    return name.end() if name else end
