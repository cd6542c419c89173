"""How the words that may answer stand to those of the question within their sentence.

A sentence may hold several things of one kind: who designed it, who built it and who paid. What the
question says stands in the clause of the one that it asks for, and what is denied or was merely
planned is seldom asked for.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache

from shutten.remembering import remembered

NEAR = 12.0
"""Characters in which what a word of the question tells of its neighbours falls to a third."""

NAMES = (
    "own clause", "other clause", "ahead", "behind", "near",
    "denied", "denied asked", "late asked", "early asked", "place",
)  # fmt: skip
"""Of the features, all from 0 to 1."""

CLAUSE_ENDS = r"[、。;:]|,(?!\d)|\b(?:and|but|while|whereas)\b"
"""In folded text."""

_BETWEEN = re.compile(rf"{CLAUSE_ENDS}|[()]|\b(?:though|although)\b")
_TOKEN = re.compile(r"[一-龥々〆ヶ]|[ァ-ヺー]{2}|[a-zà-ÿ]{3,}|\d+")
_STEM = 5
"""Letters of a Latin word that count."""
_UNTOLD = frozenset(
    re.findall(
        r"\S+",
        "what which who whom whose when where why how many much long old did does was were the and "
        "for from with that this has have had are any not you one its his her their there into "
        "than then them they been being about 何 誰 年 人 者 名 日 月 所",
    )
)

_ASKS_DENIED = re.compile(
    r"予定|計画|当初|誤[っりま解認]|間違|信じられ|思われ|候補|はず|見込"
    r"|\b(?:plan(?:s|ned)?|originally|suppos\w+|believ\w+|intend\w+|mistak\w+|wrong\w*"
    r"|first thought|candidates?|expected)\b"
)
_DENIED_BEHIND = re.compile(
    r".{0,6}?(?:で[はも]?な[くい]|というより|じゃな|と(?:思われ|信じ|紹介|語ら|見込|され|誤|考え|勘違)"
    r"|の(?:予定|計画|はず|見込|案|つもり)|に(?:する|なる)?(?:予定|計画|はず)"
    r"|[をにかで][^、。]{0,8}(?:予定|計画|はず|見込|目指|案)(?:だ|で|し|が|も)"
    r"|が(?:有力|候補)|も(?:候補|検討)|をやめ|に代[えわ]|を除)"
    r"|,? ?(?:\w+ ){0,2}(?:was|were|had been|is) (?:planned|considered|rejected|dropped"
    r"|long believed|often|wrongly|originally)|,? as (?:is|was) (?:widely|often|long|commonly)"
)
_DENIED_BEFORE = re.compile(
    r"(?:\b(?:not|rather than|instead of|contrary to|unlike|except(?: for)?|apart from"
    r"|planned (?:in|for|as|to be|at)|to have been(?: \w+)?|mistaken for|credited to"
    r"|(?:believed|supposed) to be|replac(?:ed|ing)|no longer|once))(?: \w+){0,3} ?"
    r"(?:the |an? |by |in |to |at |from |after )?$"
)
_ASKS_LATE = re.compile(
    r"今(?![井村田野川])|現在|いま|最新|(?<!午)(?<!前)後(?!継|藤|半)|新(?:し|型|館|版)|最終|結局|実際|本当に"
    r"|二代|第二|\b(?:now|today|current(?:ly)?|(?<!named )after|later|finally?|actual(?:ly)?"
    r"|eventual(?:ly)?|end(?:ed)? up|really|latest|presently?|successor|newer|new one)\b"
)
_ASKS_EARLY = re.compile(
    r"最初|当初|もともと|元々|昔|初め|初代|(?<![名午戦])前(?![後橋田川野])|旧(?:型|館|版)|以前|かつて|計画|予定"
    r"|\b(?:first|original(?:ly)?|older|before|former(?:ly)?|initial(?:ly)?|early|earlier|plan(?:ned)?"
    r"|predecessor|used to|old one)\b"
)
_BEFORE, _BEHIND = 40, 40
"""Characters beside the words that are looked at for a denial."""


@dataclass(frozen=True)
class _Sentence:
    """A sentence in clauses, and where the words of a question stand in it."""

    asked: str
    text: str

    @cached_property
    def clauses(self) -> list[tuple[int, int]]:
        found, start = [], 0
        for end, following in [
            *(each.span() for each in _BETWEEN.finditer(self.text)),
            (len(self.text), len(self.text)),
        ]:
            if end > start:
                found.append((start, end))
            start = following
        return found

    @cached_property
    def shared(self) -> list[tuple[int, int, str]]:
        """Where a word of the question stands, and which."""
        asked = {token for _, _, token in _tokens(self.asked)}
        return [each for each in _tokens(self.text) if each[2] in asked]

    @cached_property
    def weights(self) -> dict[str, float]:
        """How much a shared word tells of clauses: less the more of them have it."""
        held = defaultdict(set)
        for number, (start, end) in enumerate(self.clauses):
            for first, _, token in self.shared:
                if start <= first < end:
                    held[token].add(number)
        return {each: math.log((len(self.clauses) + 1) / len(some)) for each, some in held.items()}

    @cached_property
    def total(self) -> float:
        return sum(self.weights.values()) or 1.0

    @cached_property
    def wanted(self) -> tuple[bool, bool, bool]:
        """Whether the question asks for what is so now, for what was before, for what is denied."""
        late, early, denied = (
            pattern.search(self.asked) is not None
            for pattern in (_ASKS_LATE, _ASKS_EARLY, _ASKS_DENIED)
        )
        return late, early, denied

    def told_in(self, clause: tuple[int, int], without: tuple[int, int]) -> float:
        """The weight of the question's words in a clause, those in the answer left out."""
        start, end = clause
        tokens = {
            token
            for first, last, token in self.shared
            if start <= first < end and not _overlap((first, last), without)
        }
        return sum(self.weights.get(token, 0.0) for token in tokens)

    def near(self, span: tuple[int, int]) -> float:
        """The weight of the question's words around the answer, less the farther away."""
        start, end = span
        return sum(
            self.weights.get(token, 0.0) * math.exp(-max(first - end, start - last) / NEAR)
            for first, last, token in self.shared
            if not _overlap((first, last), span)
        )

    def denies(self, span: tuple[int, int]) -> bool:
        """Whether the words are what is not so, or was merely believed or planned."""
        start, end = span
        behind, before = self.text[end : end + _BEHIND], self.text[max(0, start - _BEFORE) : start]
        return bool(_DENIED_BEHIND.match(behind) or _DENIED_BEFORE.search(before))


def alignment(asked: str, text: str, start: int, end: int) -> dict[str, float]:
    """Return how `text[start:end]` stands to a question, by the names in `NAMES`."""
    sentence, span = _sentence(asked, text), (start, end)
    own, other = (
        max(
            (
                sentence.told_in(clause, span)
                for clause in sentence.clauses
                if _overlap(clause, span) == inside
            ),
            default=0.0,
        )
        for inside in (True, False)
    )
    place, denied = start / max(1, len(text)), sentence.denies(span)
    late, early, plan = sentence.wanted
    return {
        "own clause": own / sentence.total,
        "other clause": other / sentence.total,
        "ahead": float(own > other),
        "behind": float(other > own),
        "near": min(1.0, sentence.near(span) / sentence.total),
        "denied": float(denied and not plan),
        "denied asked": float(denied and plan),
        "late asked": place * (late and not early),
        "early asked": place * (early and not late),
        "place": place,
    }


@remembered(maxsize=32)  # many spans of one sentence are looked at
def _sentence(asked: str, text: str) -> _Sentence:
    return _Sentence(folded_in_place(asked), folded_in_place(text))


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _tokens(text: str) -> list[tuple[int, int, str]]:
    found = (each for each in _TOKEN.finditer(text) if each.group() not in _UNTOLD)
    return [(*each.span(), _stemmed(each.group())) for each in found]


def _stemmed(token: str) -> str:
    return token[:_STEM] if token[0].isalpha() and token[0] < "ÿ" else token


def folded_in_place(text: str) -> str:
    """Alike in width and case, character by character, so that places stay."""
    return "".join(map(_folded_character, text))


@lru_cache(maxsize=4096)
def _folded_character(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character).casefold()
    return folded if len(folded) == 1 else character
