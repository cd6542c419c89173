"""What is said to be something: "X is a Y", where the sentence merely has both words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shutten.checking.alignment import KIN
from shutten.checking.analysis import Analysis
from shutten.checking.case import Case
from shutten.checking.verdicts import Problem
from shutten.checking.words import LIGHT, Word, content_words

_DETERMINER = r"(?:an?|the|one|its|his|her|their)\b"
_COPULA_EN = re.compile(
    rf"\b(?:is|are|was|were)\s+(?:(?:also|still|now|once|only|just|then)\s+)*(?={_DETERMINER})"
)
_TO_BE = re.compile(r"\b(?:is|are|was|were)\s+(?=\w)")
_ORIGIN = re.compile(r"\w+(?:an|ese|ish|ic|ch|[a-z]-born)\b")
"""Austrian, Japanese, Irish: no name of what is spoken of."""
_FUNCTION_WORDS = (
    r"of|in|on|at|to|from|by|for|with|that|which|who|whose|where|when|and|or|but|as|is|are|was|were"
    r"|has|have|had|between|among|into|over|under|than|after|before|since|until|about"
)
_BEHIND_NOUN = re.compile(rf"[,;:.()]|\b(?:{_FUNCTION_WORDS})\b")
"""Ends a noun with what stands in front of it."""
_ANOTHER_WORD = re.compile(rf"[,;:.()]|\b(?:{_FUNCTION_WORDS}|\w{{3,}}ed|\w{{3,}}ing)\b")
"""The same in a sentence, where a participle may stand between two nouns."""
_LISTED = re.compile(
    rf"(?:(?:{_DETERMINER})\s+)?(?:(?!(?:{_FUNCTION_WORDS})\b)\w+\s+){{0,2}}"
    rf"(?!(?:{_FUNCTION_WORDS})\b)\w+\s*(?:,(?:\s*(?:and|or))?|\band\b|\bor\b)\s*"
)
"""A noun in front of another one of the same list: a gardener and a soldier."""
_BEING = re.compile(
    r"\b(?:is|are|was|were|be|been|being|became|become|becomes|remain\w*|as|elected|appointed)\b"
)
_OTHER_CLAUSE = re.compile(r"[;:]|\b(?:but|while|whereas|although|and (?:the|an?|his|her|its))\b")
_APPOSED = re.compile(rf"(?: of [^,;.]{{1,40}})?\W*[,(–—-]\s*(?:(?:then|also|{_DETERMINER})\s+)*")
_ITS_NOUN = re.compile(rf"{_DETERMINER}\s+$")
"""A participle behind an article belongs to the noun: the newly arrived commander."""
_DESCRIBES = re.compile(r"(?:\b\w{3,20}(?:ed|ing)\s){1,2}$")
"""A participle directly in front of a noun: a curling tournament."""
_IN_PHRASE = re.compile(
    r"\b(?:in|on|at|to|from|by|for|with|between|into|over|under|after|before|about)\s+"
    r"(?:(?:the|an?|its|his|her|their)\s+)?$"
)
"""What stands behind a preposition is not what is spoken of."""
_IN_NAMES = frozenset("al el ibn bin de da di du del der den la le van von y of".split())
_NAMED = re.compile(
    r"(?: (?:of|in|at|for|from) [^,;.]{1,40},)?\W*(?:called|named|known as|such as|like|of|or)?\W*(?:(?:the|an?)\s+)?"
)

_TOPIC_JA = re.compile(r"[^、。]{1,40}?(?:とは|は)")
_COPULA_JA = re.compile(r"(?:である|であった|だった|だ|です|でした)\W*$")
_PREDICATE_JA = re.compile(
    r"(?:[（(][^（）()]{0,40}[）)])?(?>(?:で|や|と|、|・|かつ)[^ぁ-ゖ、。]{1,12}){0,3}(?:の?(?:一つ|ひとつ|一人|一種))?(?:であ|だ|です|で[、あはもし]|となっ|とな[るり]|として|と呼ば|とさ|[、。]|$)"
)
_GLOSS = re.compile(r"^[（(][^）)]{0,120}[）)]")
_OTHER_NAME = re.compile(r"^、?(?:または|あるいは|もしくは|すなわち)[^、。はがも]{1,30}")
_OTHER_TOPIC = re.compile(r"(?<![にでとへらて])は")
_BESIDE_JA = re.compile(
    r"(?>(?:でも?あり、?|で|や|と|、|・|かつ)[^ぁ-ゖ、。]{1,12}|で(?:も?ある|も?あった|、)|だった|を務め(?:る|た|ていた)|にあた(?:る|った)|とな(?:る|った)"
    r"|として知られる|という|の?[「『][^」』。]{0,30}|[のな]|[（(、・=＝」』）)]|\s){0,5}[^ぁ-ゖ、。]{0,24}"
)
"""From a noun to the thing that it describes; names are cut where their script changes."""
_NAMED_JA = re.compile(
    r"(?>[^ぁ-ゖ、。]{0,12}(?:という|と呼ばれる|と称する|のような|など|等|といった|をはじめ)[^、。はがを]{0,12}"
    r"|[（(][^）)は。]{0,24}|[の「『、=＝」』）)]|\s){0,4}"
)


@dataclass(frozen=True, slots=True)
class Identity:
    """A thing, and the noun that a claim says it is."""

    thing: Word
    noun: Word


def check_identities(case: Case) -> Iterator[Problem]:
    """A thing is said to be what no cited sentence that has both says it is."""
    if case.claim.language != case.evidence[0].language:
        return
    identity = identity_of(case.claim)
    if identity is None or identity.thing.key == identity.noun.key:
        return
    told = [
        _is_told(text, things, nouns)
        for number, text in enumerate(case.evidence)
        if (things := _places(case, number, identity.thing))
        and (nouns := _places(case, number, identity.noun))
    ]
    if told and not any(told):
        yield Problem("subject", case.shown(identity.thing.start, identity.thing.end))


def identity_of(claim: Analysis) -> Identity | None:
    """What a claim of one statement says to be what, by its nouns; None where it says no such."""
    found = _identity_ja(claim) if claim.language == "ja" else _identity_en(claim)
    if found is None or LIGHT & {found.thing.key, found.noun.key}:
        return None
    return found


def is_turned_round(case: Case) -> bool:
    """Whether "the keeper was Brandt" is told by "Brandt was the keeper": one and the same."""
    if case.claim.language == "ja" or not case.claim.text.lstrip().startswith("the "):
        return False
    copula = _copula_of_name(case.claim)
    name = _last(case.claim, copula.end(), len(case.claim.text)) if copula else None
    if name is None:
        return False
    is_the = re.compile(rf"\b{re.escape(name.key)}\W+(?:is|was|are|were) the\b")
    return any(is_the.search(text.text) for text in case.evidence)


def _identity_ja(claim: Analysis) -> Identity | None:
    topic, copula = _TOPIC_JA.match(claim.text), _COPULA_JA.search(claim.text)
    if topic is None or copula is None:
        return None
    thing = _last(claim, 0, topic.end())
    noun = _last(claim, topic.end(), copula.start())
    if thing is not None and _is_described_ja(claim, thing, topic.end()):
        return None
    if "は" in claim.text[topic.end() :]:
        return None
    if thing is None or noun is None or claim.text[noun.end : copula.start()].strip("」』）)"):
        return None
    return Identity(thing, noun)


def _is_described_ja(claim: Analysis, thing: Word, end: int) -> bool:
    """Whether a clause stands in the topic: 橋を架けたのは, 橋を架けた人は."""
    behind, before = claim.text[thing.end : end], claim.text[: thing.start]
    return "のは" in behind or re.search(r"[たるいう]$", before) is not None


def _identity_en(claim: Analysis) -> Identity | None:
    copula = _COPULA_EN.search(claim.text) or _copula_of_name(claim)
    if copula is None:
        return None
    subject = _BEHIND_NOUN.search(claim.text)
    thing = _last(claim, 0, subject.start() if subject else copula.start())
    behind = _BEHIND_NOUN.search(claim.text, copula.end())
    noun = _last(claim, copula.end(), behind.start() if behind else len(claim.text))
    return None if thing is None or noun is None else Identity(thing, noun)


def _copula_of_name(claim: Analysis) -> re.Match[str] | None:
    """The one form of to be in front of a name: the island is Tambora."""
    found = list(_TO_BE.finditer(claim.text))
    if len(found) != 1 or _ORIGIN.match(claim.text, found[0].end()):
        return None
    first, _ = claim.folded.span(found[0].end(), found[0].end() + 1)
    return found[0] if claim.source[first : first + 1].isupper() else None


def _last(text: Analysis, start: int, end: int) -> Word | None:
    return next((w for w in reversed(text.words) if start <= w.start and w.end <= end), None)


def _places(case: Case, number: int, word: Word) -> list[tuple[int, int]]:
    """Where a cited sentence has a word of the claim."""
    text = case.evidence[number]
    found = [(w.start, w.end) for w in text.words if _is_or_ends_with(w.key, word.key)]
    found += [
        (m.start, m.end)
        for m in case.matches
        if m.word == word and m.text == number and m.strength >= KIN
    ]
    return list(dict.fromkeys(found))


def _is_or_ends_with(longer: str, key: str) -> bool:
    """Whether a word is another one, or a compound that ends with its two kanji or more."""
    return longer == key or (len(key) > 1 and not key.isascii() and longer.endswith(key))


def _is_told(text: Analysis, things: list[tuple[int, int]], nouns: list[tuple[int, int]]) -> bool:
    linked = _linked_ja if text.language == "ja" else _linked_en
    return any(linked(text, thing, noun) for thing in things for noun in nouns)


def _linked_ja(text: Analysis, thing: tuple[int, int], noun: tuple[int, int]) -> bool:
    first, second = sorted((thing, noun))
    beside = _BESIDE_JA if noun is first else _NAMED_JA
    if beside.fullmatch(text.text, first[1], second[0]):
        return True
    between = _OTHER_NAME.sub("", _GLOSS.sub("", text.text[first[1] : second[0]]))
    topic = re.match(r"[^、。]*?[はがも]", between)
    return (
        topic is not None
        and not _OTHER_TOPIC.search(between, topic.end())
        and _PREDICATE_JA.match(text.text, second[1]) is not None
    )


def _linked_en(text: Analysis, thing: tuple[int, int], noun: tuple[int, int]) -> bool:
    behind = thing[1] <= noun[0]
    if behind and _is_name(text, thing[1], noun[1]) and not _is_name(text, *thing):
        return True  # the builder John Stevens
    if _modifies(text, noun):
        return False
    if noun[1] <= thing[0]:
        between = text.text[noun[1] : thing[0]]
        rest = _NAMED.sub("", between, count=1)
        return _is_name(text, thing[0] - len(rest), thing[0]) or _says_so(between)
    between = _DESCRIBES.sub("", text.text[thing[1] : noun[0]])
    apposed = _APPOSED.match(between)
    if apposed:
        another = _BEHIND_NOUN if _ITS_NOUN.search(apposed[0]) else _ANOTHER_WORD
        if not another.search(between, apposed.end()):
            return True
    return _says_so(between) and not _IN_PHRASE.search(text.text[: thing[0]])


def _says_so(between: str) -> bool:
    """Whether a form of to be stands between two nouns, and the second belongs to it."""
    being = max(_BEING.finditer(between), key=lambda match: match.end(), default=None)
    if being is None or _OTHER_CLAUSE.search(between[: being.start()]):
        return False
    listed = _LISTED.sub("", between[being.end() :].lstrip(), count=3)
    return _ANOTHER_WORD.search(listed) is None


def _is_name(text: Analysis, start: int, end: int) -> bool:
    """Whether only capitals, as of a name's first words, stand in a place, or nothing."""
    first, last = text.folded.span(start, end) if start < end else (0, 0)
    words = re.findall(r"\w+(?:['’]s\b)?", text.source[first:last])
    return all(word[:1].isupper() or word in _IN_NAMES for word in words)


def _modifies(text: Analysis, noun: tuple[int, int]) -> bool:
    """Whether a noun only stands in front of another one: fish in fish market."""
    behind = re.match(r" (\w+)", text.text[noun[1] :])
    if behind is None or _BEHIND_NOUN.match(behind.group(1)):
        return False
    written = behind.group(1)
    first, _ = text.folded.span(noun[1] + 1, noun[1] + 2)
    if text.source[first : first + 1].isupper():
        return False
    return bool(content_words(written)) and not written.endswith(("ed", "ing", "ly"))
