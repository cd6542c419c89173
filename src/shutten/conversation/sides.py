"""Nouns that mean something only as one of something else: a mother, an owner, a cause."""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["kin", "office", "extent", "circumstance"]

_JAPANESE: dict[Kind, str] = {
    "kin": (
        r"お?(?:父|母|兄|弟|姉|妹|祖父|祖母|夫|妻|息子|娘|孫|奥|旦那|両|子)"
        r"(?:親|さん|さま|様|ども|供|達|たち)?"
    ),
    "extent": (
        r"[一-龥]{0,3}(?:[高深長重大広太厚幅]さ|大きさ|幅|費|費用|金額|総額|人数|人口|割合|[一-龥]{0,3}料金?|価格|値段"
        r"|面積|全長|全高|標高|水深|最深部|最高点|年齢|身長|体重|利益|収入|支出|損失|売上|売上高|資本金|予算|株価|速度|気温|温度|容量|件数|台数)"
    ),
    "office": (
        r"[ァ-ヴー一-龥]{0,3}[者員長主官]|監督|代表|秘書|顧問|司会|進行|書記|記録係?|幹事|担当|主任|主将|監修|[ァ-ヴー]{2,}ナー|トップ|大臣|首相|大統領|知事"
    ),
    "circumstance": (
        r"(?:本当|真|直接|主|最大|根本|一番|別|他|実際|具体的)?[のなに]?"
        r"(?:原因|理由|目的|方法|時期|場所|きっかけ|背景|結果|影響|狙い|動機|効果)"
    ),
}
_ENGLISH: dict[Kind, str] = {
    "kin": (
        r"(?:grand)?(?:father|mother|parents?|sons?|daughters?|child(?:ren)?)"
        r"|brothers?|sisters?|husband|wife|uncle|aunt"
    ),
    "office": (
        r"(?:president|chair(?:man|woman|person)?|director|manager|owner|founder|author|designer"
        r"|architect|builder|engineer|captain|leader|head|mayor|minister|editor|composer|painter"
        r"|coach|ceo|successor|predecessor|inventor|maker)s?"
    ),
    "extent": (
        r"(?:cost|price|fee|length|height|width|depth|size|weight|area|capacity|population|speed"
        r"|age|budget|number|toll|temperature|duration|distance|volume|revenue|profit|turnover)s?"
    ),
    "circumstance": (
        r"(?:cause|reason|purpose|aim|goal|motive|result|outcome|effect|consequence|background"
        r"|origin|date|time|year|place|location|name|title|address|damage|victim|survivor|casualty"
        r"|dead|injured|passenger|crew|rule|difference|advantage|meaning)s?|casualties"
    ),
}
_GENERATIONS = (
    r"father|mother|parents?",
    r"brothers?|sisters?",
    r"husband|wife",
    r"sons?|daughters?|child(?:ren)?",
)


def kind_of(noun: str) -> Kind | None:
    """Return what kind of side of something a noun names; None where it names a thing by itself."""
    for kinds in (_JAPANESE, _ENGLISH):
        for kind, pattern in kinds.items():
            if re.fullmatch(pattern, noun, re.IGNORECASE):
                return kind
    return None


def are_of_one_generation(one: str, other: str) -> bool:
    """Whether two words for kin are counterparts, as father and mother are."""
    return any(re.fullmatch(each, one) and re.fullmatch(each, other) for each in _GENERATIONS)
