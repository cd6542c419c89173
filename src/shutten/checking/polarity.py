"""Negation, modality and quantity words of a clause, by lists of expressions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from shutten.types import Language

Modality = Literal["fact", "planned", "possible"]
Quantifier = Literal["all", "most", "some", "only"]

_NO_NEGATION = re.compile(
    r"(?:だけ|のみ|ばかり)で(?:は)?な(?:く|い)|のみならず|に限らず|(?:にも)?かかわらず|を問わず|[間まも]もなく|まもなく"
    r"|かもしれ(?:ない|ません)|かね(?:ない|ません|なかった)|しか[^、。]{1,14}?(?:ない|なかった|ません|なく|ず)|に違いな(?:い|く)|なければなら(?:ない|なかった|ず)|なくてはなら(?:ない|なかった)|ざるを得(?:ない|なかった|ず)"
    r"|しか(?:な(?:い|かった))?|に(?:過|す)ぎ(?:ない|なかった|ず)|やむなく|少なくな(?:い|かった)|少なくとも|必ず|まず|わずか|はず|思わず|みずから|いずれ|ずつ|ずれ|ずら|ずっ"
    r"|\bnot (?:only|just|merely)\b|\bno (?:later|fewer|less|more|sooner) than\b|\bno doubt\b|\bnot least\b|\bno\.(?= ?\d)|欠かせない|絶え間な"
)
_NEGATION = re.compile(
    r"(?:[かさたらわまばがなえけせてねべめれいきしちにびみりでじはもく])ない(?!し)|なかっ|なく(?!な[っるりれ])|ません|(?<=[らかさたわまばがなえけせてねべめれいきしちにびみりじこ])ず(?=に|、|$|。|と|じ)|ぬまま"
    r"|(?:\bnot\b|n't\b|\bnever\b|\bno\b|\bnone\b|\bnobody\b|\bnothing\b|\bneither\b|\bnor\b|\bcannot\b|\bwithout\b|\bno longer\b)"
)
_SOFT = re.compile(
    r"未(?!満|来|明)|非(?!常)|不(?!動)|無(?!線|視|事)|否定|否認|拒|断[っり]|失敗|禁[じ止]|まれ|欠[けい]|免れ|却下|否決|見送|逃し|困難|難し|定休|休む|休み|変わら"
    r"|\b(?:fail\w*|den(?:y|ied|ies)|refus\w+|reject\w*|lack\w*|hardly|rarely|seldom|unchanged|unknown|un(?:able|paid|decided|clear|likely|solved|finished|settled|certain)"
    r"|free|absent|absence|trace|impossible|turned|cancel\w*|ban\w*|avoid\w*|remain\w*|prevent\w*|stop\w*|called|missing|difficult\w*|hard)\b|無料|無償"
)
_PLANNED = re.compile(
    r"予定|計画|見込|見通し|方針|目指|つもり|検討|意向|構想|ことになる|ことになって|提案|だろう|であろう|目標|めど|したい|出したい|つもり|ことを決め|と決め"
    r"|\bplan(?:s|ned|ning)?\b|\bwill\b|\bwould\b|\bshall\b|\b(?:expected|scheduled|due|set|supposed|going|slated) to\b|\bshould\b|\b(?:is|are) to (?:be )?[a-z]{3,}|\bintend\w*\b|\baim(?:s|ed|ing)?\b|\bpropos\w+\b|\bhop(?:e|es|ed|ing)\b|\bwants? to\b|\bconsidering\b"
)
_POSSIBLE = re.compile(
    r"可能性|かもしれ|おそれが|恐れが|とみられ|と見られ|と思われ|と考えられ|らしい|ようだ|推定|推測|疑い|とも(?:言|い)われ|うる(?=$|。|と)|とされ|噂"
    r"|\bmay\b(?!\s+\d)|\bmight\b|\bcould\b|\bpossib\w+\b|\bperhaps\b|\bprobabl\w+\b|\b(?:un)?likely\b|疑いは(?:低|高)|\b(?:thought|believed|said|estimated) to\b|\bseems?\b|\bappears? to\b|\bsuspected\b|\balleged\w*\b|\bapparently\b|\bsuggest\w*\b|\bmaybe\b"
)
_MAY_MONTH = re.compile(
    r"\b(?:in|of|since|until|by|from|to|early|late|mid|\d{1,2}(?:st|nd|rd|th)?)[ -]may\b|\bmay(?=\s+\d)"
)
_PAST = re.compile(
    r"(?:た|だった|[てで]い(?:る|た))(?=[。、」]|$|と|が|の|こと)|\b(?:was|were|had|has|have)\b|[a-z]ed\b|\b(?:built|fell|rose|won|"
    r"bought|sold|grew|held|made|took|gave|wrote|led|left|lost|found|began|became|came|went|ran|saw|said|told|brought|kept|met|paid|"
    r"sent|spent|stood|chose|broke|drew|flew|sank|beat|cost|cut)\b"
)

_QUANTIFIERS: tuple[tuple[Quantifier, re.Pattern[str]], ...] = (
    ("all", re.compile(r"すべて|全て|全員|全部|全体|全額|全域|全国(?:の|民)|あらゆる|いずれも|みな(?=が|、|で)|皆(?=が|、|で)|\ball\b(?! over| the more| day)|\bevery (?!year|day|week|month|spring|summer|autumn|winter|morning|evening|night|hour|two|three|four|five|other|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\w+|\beverybody\b|\beveryone\b|\bentire(?:ly)?\b|\bwhole\b|\bcompletely\b|\bboth\b(?! (?:of )?(?:\w+ ){0,3}and)|[一二三四五\d]+[頭人つ件社]とも|どちらも|双方とも|誰でも|誰もが|毎日")),
    ("most", re.compile(r"ほとんど|大半|大部分|大多数|の多く|多くの(?!場合)|過半数|\bmost of\b|\bmost (?!recent|important|of\b|[a-z]+(?:ed|ive|ous|ful|al|ant|ent|ic)\b)\w+s\b|\bmajority\b|\bmostly\b|\bnearly all\b|\bmany\b")),
    ("some", re.compile(r"一部(?!始終)|いくつか|何人か|の中には|\bsome (?!\d)|\bseveral\b|\ba few\b|\bpart of\b|\bpartly\b")),
    ("only", re.compile(r"だけ(?!で(?:は)?な)|のみ(?!なら)|しか|に限[らっり]|唯一|\bonly\b(?!$)|\bsolely\b|\bexclusively\b|\bsole\b")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Negator:
    """Where a negation stands in a text; `soft` for a word that only implies one."""

    start: int
    end: int
    soft: bool


def negators(folded: str) -> list[Negator]:
    """Return the negations of a folded text in order; fixed phrases that look like one are none."""
    plain = _NO_NEGATION.sub(lambda match: "\0" * len(match.group()), folded)
    hard = [Negator(m.start(), m.end(), soft=False) for m in _NEGATION.finditer(plain)]
    soft = [Negator(m.start(), m.end(), soft=True) for m in _SOFT.finditer(plain)]
    return sorted([*hard, *soft], key=lambda each: each.start)


def modality(folded: str) -> Modality:
    """Whether a clause tells a fact, a plan or a possibility; a plan where it tells both."""
    plain = _MAY_MONTH.sub(" ", folded)
    if _POSSIBLE.search(plain):
        return "possible"
    return "planned" if _PLANNED.search(plain) else "fact"


def is_past(folded: str) -> bool:
    """Whether a clause tells of something done or lasting."""
    return _PAST.search(folded) is not None


def quantifiers(folded: str) -> set[Quantifier]:
    """The words of amount in a text, by class."""
    return {name for name, pattern in _QUANTIFIERS if pattern.search(folded)}


_PASSIVE_JA = re.compile(r"(?:され|られ|(?<=[かさたなまらわばが])れ)(?:た|て|る|、|ます|まし|な)")
_PASSIVE_EN = re.compile(
    r"\b(?:is|are|was|were|be|been|being|get|got)\s+(?:\w+ly\s+|not\s+|never\s+)?(?:\w+ed|built|won|bought|sold|held|made|taken|given|written|led|lost|found|brought|kept|met|paid|sent|chosen|broken|drawn|seen|beaten|struck|known|taught|caught|driven|eaten|stolen|torn|worn|shot|cut|set|put|hit|born|ridden|hidden|bitten|forgotten|\w{3,}en)\b"
)


def is_passive(folded: str, language: Language) -> bool:
    """Whether a clause is in the passive voice."""
    return (_PASSIVE_JA if language == "ja" else _PASSIVE_EN).search(folded) is not None
