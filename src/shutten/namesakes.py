"""Sentences about the person an article is about, where a question names a relative of theirs.

「片岡直輝はいつ生まれた」 asks about the brother whom the article on 片岡直温 names once: its
sentences leave out whose birth they tell. The names of two houses (二条家, 近衛家) are told apart
alike.
"""

from __future__ import annotations

import re
import unicodedata

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
    Of 21,764 right answers of JaQuAD and our own about such a title 14 are so; of 9,527 near misses
    431 have sentences that are.
    """
    named = re.sub(r"\s*[(（].*", "", unicodedata.normalize("NFKC", title)).replace(" ", "")
    asked = unicodedata.normalize("NFKC", question)
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
