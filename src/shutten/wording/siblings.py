"""What a sentence tells of several things of one kind, of each in a clause of its own.

「保存瓶は赤い箱に、予備は冷凍庫に入れる」 answers where the bottles are with the box alone. The one
asked about is known where the question names it and not the other one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from shutten.remembering import remembered
from shutten.wording.alignment import folded_in_place

Place = tuple[int, int]

_TOKEN = re.compile(
    r"[0-9][0-9.,]*[一-龥ァ-ヶー%℃]*|[a-z0-9à-ÿ][a-z0-9à-ÿ'’-]*|[ァ-ヶー]+|[一-龥々〆]+"
)
_NO_NAME = frozenset(
    re.findall(r"\w+", "the a an of in at for from to and with on by its their his her")
)
_TOPIC_JA = re.compile(
    r"(?:(?<=[、。;])|^)(?P<name>(?:[一-龥々ァ-ヶー・a-z0-9%」』「『-]{1,16}の)?"
    r"[一-龥々ァ-ヶー・a-z0-9%」』「『-]{1,16})(?P<particle>(?:から|で|に)?は|が)(?![、。])"
)
_COUNTED_TOPIC = re.compile(
    r"(?:(?<=[、。;は])|^)(?P<name>[一-龥々ァ-ヶー・a-z0-9%」』「『-]{1,16})(?:が|は)(?=[^、。はが]*[0-9])"
)
_GAPPED = re.compile(
    r"(?:は|が)[^、。;]{1,30}(?<!的)(?<!特)(?:[一-龥々ァ-ヶーa-z0-9%℃」』)](?:に|を|から|まで)"
    r"|[0-9一二三四五六七八九十百千万億][^、。ぁ-ん]{0,4})、$"
)
"""How a clause ends that has its verb in the next one: 赤い箱に、, 18試合、."""
_KANJI_LAST = re.compile(r"[一-龥々]$")
_ALL = re.compile(r"双方|両|各|全|同|他|計|合計|総")
"""Names that begin so are of both, of all or of what was just named."""
_CONTRAST = re.compile(r"(?:[たるいだす]が|一方)、")
_NEW_TOPIC = re.compile(
    r"、(?=[^、。]{1,30}(?:は、|では|には|は[^、。])|これら|その|この|合わせ|いずれ)"
)
_TOPIC_EN = re.compile(
    r"(?:^|[;:.] ?|, (?:and |but |while |whereas )?|\b(?:while|whereas|but|and) )"
    r"(?:in |on |for |at )?(?:the |an? )?(?P<name>(?!the |an? )(?:[\w'’-]+ ){0,3}?[\w'’-]+),? "
    r"(?=(?:may|can|is|are|was|were|has|have|had|will|must|should|do|does|did|costs?|opens?|closes?"
    r"|lasts?|takes?|gets?|pays?|runs?|holds?|weighs?|stands?|goes|went|got|took|held|stood|ran|paid|hangs?|hung|lies|lay|sits|sat|needs?|starts?|begins?|began|ends?"
    r"|[a-z]{3,}ed|at|from|until|in|by)\b)"
)
_SHORT_NAME = r"[「『]?[^\s、。はがをにでとやも「」『』]{1,20}[」』]?"
_PAIR_JA = re.compile(
    rf"(?P<one>{_SHORT_NAME})(?:と|および|及び|や|、|または)(?P<other>{_SHORT_NAME})"
)
_PAIR_EN = re.compile(
    r"(?P<one>(?:(?!the |an? |and |or )[\w'’-]+ ){0,3}?[\w'’-]+),? (?:and|or) (?:of |in |by |to )?"
    r"(?:the |an? )?(?P<other>(?:[\w'’-]+ ){0,3}?[\w'’-]+)(?=[ ,.;:]|$)"
)
_PRONOUN = r"(?=[,.;]| (?:is|was|were|are|had|has|in|by|at|for|to|from|of|\w+ed)\b)"
_FORMER = re.compile(rf"前者|\bthe former{_PRONOUN}")
_LATTER = re.compile(rf"後者|\bthe latter{_PRONOUN}")


@dataclass(frozen=True, slots=True)
class _Told:
    """A clause of a sentence, and the name of what it tells of."""

    name: str
    start: int
    end: int
    particle: str = ""


def told_of_others(question: str, text: str, before: str = "") -> tuple[Place, ...]:
    """Where a sentence tells of another one of the things of a kind than the question names.

    `before` is the sentence ahead, which may name what 前者 and 後者 are.
    """
    asked = folded_in_place(question)
    groups = (*_referring(folded_in_place(text), folded_in_place(before)), *_groups(text))
    return tuple((each.start, each.end) for group in groups for each in _others(asked, group))


def _others(asked: str, group: Sequence[_Told]) -> list[_Told]:
    """Those of a group that a question does not name, where it names one of them."""
    named = named_in(asked, [each.name for each in group])
    if len(named) != 1:
        return []
    return [each for number, each in enumerate(group) if number not in named]


def named_in(asked: str, names: Sequence[str]) -> list[int]:
    """Which of several names a folded question holds: by what tells each from the others."""
    tokens = [_TOKEN.findall(name) for name in names]
    found = []
    for number, own in enumerate(tokens):
        others = {each for n, some in enumerate(tokens) if n != number for each in some}
        distinct = [each for each in own if each not in others and each not in _NO_NAME]
        telling = distinct[-1:] if own[-1:] == distinct[-1:] else distinct
        if any(_stands(each, asked) for each in telling):
            found.append(number)
    return found


def _stands(token: str, asked: str) -> bool:
    """Whether a token stands in a question, and not in the middle of a number or Latin word."""
    if len(token) == 1 and not token.isascii():
        return re.search(rf"(?<![一-龥々ァ-ヶー]){token}(?![一-龥々ァ-ヶー])", asked) is not None
    if not token.isascii():
        return re.search(rf"(?<![0-9.]){re.escape(token)}", asked) is not None
    return re.search(rf"(?<![a-z0-9]){re.escape(token)}(?![a-z0-9])", asked) is not None


@remembered(maxsize=32)  # many spans of one sentence are looked at
def _groups(text: str) -> tuple[tuple[_Told, ...], ...]:
    """The pairs of clauses side by side that tell of two things of one kind."""
    folded = folded_in_place(text)
    topics = list(_TOPIC_JA.finditer(folded)) or list(_TOPIC_EN.finditer(folded))
    ends = [*(each.start() for each in topics), len(folded)][1:]
    told = [_clause(folded, *each) for each in zip(topics, ends, strict=True)]
    return tuple(
        (one, other)
        for one, other in pairwise(told)
        if one.particle == other.particle
        and (_are_alike(one.name, other.name) or _GAPPED.search(folded[one.start - 1 : one.end]))
    )


def topics_of(folded: str, *, counted: bool) -> list[str]:
    """The names of which clauses of a folded Japanese text tell, or tell numbers, in order."""
    return [each["name"] for each in (_COUNTED_TOPIC if counted else _TOPIC_JA).finditer(folded)]


def _clause(text: str, topic: re.Match[str], end: int) -> _Told:
    """What is told behind a topic: up to a contrast, or to where something else is spoken of."""
    further = [form.search(text, topic.end(), end) for form in (_CONTRAST, _NEW_TOPIC)]
    last = min((each.end() for each in further if each), default=end)
    return _Told(topic["name"], topic.end(), last, topic.groupdict().get("particle", ""))


def _are_alike(one: str, other: str) -> bool:
    """Whether two names end alike and are not the same: GPU jobs and CPU jobs, 1号館 and 2号館."""
    here, there = _TOKEN.findall(one), _TOKEN.findall(other)
    if not here or not there or here == there or _ALL.match(one) or _ALL.match(other):
        return False
    if not _KANJI_LAST.search(here[-1]):
        return here[-1] == there[-1] and len(here) > 1
    return bool(here[-1][-1] == there[-1][-1])


def _referring(text: str, before: str) -> list[tuple[_Told, ...]]:
    """What 前者 and 後者 tell of, by the two names ahead of them."""
    former, latter = _FORMER.search(text), _LATTER.search(text)
    first = min((each.start() for each in (former, latter) if each), default=-1)
    if first < 0:
        return []
    ahead = f"{before}\n{text[:first]}"
    pairs = list(_PAIR_JA.finditer(ahead)) or list(_PAIR_EN.finditer(ahead))
    if not pairs:
        return []
    start = former.start() if former else 0
    middle = latter.start() if latter else len(text)
    if former and latter and middle < start:
        return []
    one = _Told(pairs[-1]["one"], start, middle if former else start)
    return [(one, _Told(pairs[-1]["other"], middle, len(text)))]
