"""Sentences about the person an article is about, where a question names a relative of theirs.

「片岡直輝はいつ生まれた」 asks about the brother whom the article on 片岡直温 names once: its
sentences leave out whose birth they tell. The names of two houses (二条家, 近衛家) are told apart
alike, and English names that share their first or their last word (the Kestrel Duo, the Kestrel 1;
Shigesuke and Shigekazu Kawagoe).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher

from shutten.names import heard_in

_TITLE = re.compile(r"[一-龥々]{3,6}")
_NAME = re.compile(r"[一-龥々]{3,6}")
_HOUSE = re.compile(r"[一-龥々]{1,3}[家氏](?![一-龥々])")
_NO_NAME = re.compile(
    r"(?:容疑者|被告|選手|監督|博士|教授|大臣|[市町村社会校館院所局部課議委隊船]長|知事|議員|[騎投捕打]手|首相|総理|内閣|夫妻"
    r"|一族|本家|兄弟|親子|父子|母娘|先生|以外|同士|作品|設計|[氏様家公卿期駅線県市町村区校寺社城島川山橋府藩国年月日代版本係地学跡史法]"
    r"|時代|文庫|事件|条約|制度|自身|興業|運動|場|所|講|像)$"
)
"""Ends of what is no name of a person, though it may begin as one does."""
_KIN = re.compile(
    r"(?:夫|妻|父|母|兄|弟|姉|妹|[長次二三四]男|[長次二三四]女|息子|娘|孫|甥|姪)[はがにともの]"
)
"""Who a sentence may tell of beside the one whom its article is about."""


def is_of_namesake(question: str, title: str, known: str) -> bool:
    """Whether a question names another one of a family than an article's title, and not the title.

    `known` is what is read: where it has the other's name, or a word for kin, it may be about them.
    Of 114,268 right answers of JaQuAD, SQuAD and our own 20 are so; of the two most tempting
    sentences for 53,599 near misses 488 are.
    """
    whole = re.sub(r"\s*[(（].*", "", unicodedata.normalize("NFKC", title)).strip()
    asked, named = unicodedata.normalize("NFKC", question), whole.replace(" ", "")
    if asked.isascii():
        other = _has_other_first_name(asked, whole, known)
        return other or _has_other_last_name(asked, f"{whole}\n{known}")
    if not _TITLE.fullmatch(named) or named in asked:
        return False
    if _HOUSE.fullmatch(named):
        return any(_is_other_house(each, named, known) for each in _HOUSE.findall(asked))
    if _NO_NAME.search(named) or _KIN.search(known):
        return False
    return any(_is_other(each, named, known) for each in _NAME.findall(asked))


def _is_other(name: str, title: str, known: str) -> bool:
    """Whether a name of as many signs begins alike, and neither it nor its rest is read."""
    if len(name) != len(title) or name[:2] != title[:2] or _NO_NAME.search(name):
        return False
    return name[2:] not in known


def _is_other_house(name: str, title: str, known: str) -> bool:
    if title[-1] != "家" or name[-1] != "家":
        return False
    return not (name.endswith(title) or title.endswith(name) or name[:-1] in known)


# ── English names ────────────────────────────────────────────────────────────────────────────

_PAIR = re.compile(r"\b(?=(?P<first>[A-Z][a-z]{2,}) (?P<last>[A-Z][A-Za-z]+|\d{1,4})\b)")
_TWO_WORDS = re.compile(r"(?P<first>\S+) (?P<last>\S+)")
_COMMON = frozenset(
    re.findall(
        r"\S+",
        "the a an in on at of and or but if when where who whom whose what which why how is was "
        "did does do are were has had have can could would should for from by with it he she they "
        "this that his her its during after before since until under mr mrs dr prof sir lady lord "
        "king queen prince princess emperor empress captain professor doctor saint st mount lake "
        "river cape port fort new old north south east west upper lower northern southern eastern "
        "western central general national imperial royal world international social great grand "
        "chief crown super united year january february march april may june july august "
        "september october november december",
    )
)
"""Words with a capital that are the first of two and no name of one thing."""
_KINDS = frozenset(
    re.findall(
        r"\S+",
        "prefecture city province ward station temple shrine council government bank inc "
        "university union parliament commission minister party district street road bay island "
        "islands company army empire dynasty clan family period era act court school bridge "
        "library castle lighthouse festival engine war river line",
    )
)
"""What many things are called that share no more than this word."""
_ROMAN = re.compile(r"[IVX]+")
_TYPED_OTHERWISE = 0.6
"""So much alike are two spellings of one name: Hamza and Hamaz."""


_NAME_INSIDE = re.compile(r"(?<=\s)[A-Z][a-z]{4,}")


def names_heard(question: str, texts: Sequence[str]) -> tuple[str, ...]:
    """The names of an English question that Japanese texts write in katakana, as they sound."""
    if not question.isascii():
        return ()
    names = dict.fromkeys(_NAME_INSIDE.findall(question))
    return tuple(
        each
        for each in names
        if each.casefold() not in _COMMON and any(heard_in(each, text) for text in texts)
    )


def _has_other_first_name(asked: str, title: str, known: str) -> bool:
    """Whether a question has the title's last word behind another name than the title's first."""
    found = _TWO_WORDS.fullmatch(title)
    if found is None or found["last"].casefold() in _KINDS or _has(found["first"], asked):
        return False
    behind = re.findall(rf"\b([A-Z][\w-]{{2,}}) {re.escape(found['last'])}\b", asked, re.IGNORECASE)
    return any(
        each[0].isupper()
        and each.casefold() not in _COMMON
        and not _has(each, known)
        and not _is_the_same(each, found["first"])
        for each in behind
    )


def _has_other_last_name(asked: str, known: str) -> bool:
    """Whether a question has a name whose first word what is read has with another last one."""
    there = [match.groups() for match in _PAIR.finditer(known)]
    return any(
        first == other and _tells_apart(last, another) and not _has(another, asked)
        for first, last in (match.groups() for match in _PAIR.finditer(asked))
        if first.casefold() not in _COMMON and not _has(last, known)
        for other, another in there
    )


def _tells_apart(last: str, another: str) -> bool:
    if last.casefold() in _KINDS or another.casefold() in _KINDS or _ROMAN.fullmatch(last):
        return False
    return not _is_the_same(last, another)


def _is_the_same(one: str, other: str) -> bool:
    """Whether two words may be spellings of one, or one is the beginning of the other."""
    one, other = one.casefold(), other.casefold()
    if one.startswith(other) or other.startswith(one):
        return True
    return one[:1] == other[:1] and SequenceMatcher(None, one, other).ratio() > _TYPED_OTHERWISE


def _has(word: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE) is not None
