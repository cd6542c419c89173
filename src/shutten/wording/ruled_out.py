"""Places of a sentence that cannot answer, though they look like it.

Beside what is told of another thing than the one asked about: what is no cause where the sentence
marks one, the name of what is asked for behind its content (…という案), the name that is defined,
and a clause that leads up to what becomes of something.
"""

from __future__ import annotations

import re

from shutten.remembering import remembered
from shutten.wording.alignment import folded_in_place
from shutten.wording.definitions import defined
from shutten.wording.expressions import Kind
from shutten.wording.siblings import Place, told_of_others

_CAUSE_AHEAD = re.compile(
    r"[:;,.]? ?(?:and )?\b(?:(?:this|that|which) (?:is|was) (?:why|the reason)|hence)\b"
)
_CAUSE_BEHIND = re.compile(
    r"\b(?:trace[sd]?|attribute[sd]?|ascribe[sd]?|put (?:it |this |that )?down) "
    r"(?:it |this |that |\w+ )?(?:back )?to (?P<cause>[^,.;:]+)"
    r"|\bblame[sd]? (?:[\w'’-]+ ){0,6}?on (?P<blamed>[^,.;:]+)"
)
_ASKED_WHY = re.compile(r"\b(?:ask|wonder)(?:s|ed|ing)?(?: [\w'’]+){0,2}? why [^,.;:!?]+")
"""A question that the sentence reports, and does not answer in the same clause."""
_OTHER_MARK = re.compile(r"\b(?:because|since|due to|owing to|in order|traced back)\b")
_CONTENT = re.compile(
    r"(?:どんな|どのような|どういう)(?P<noun>案|条件|提案|方針|計画|意見|考え|約束|決まり|規則|説|話|噂"
    r"|うわさ|主張|要求|要望|理由|結論|内容|苦情|指摘|伝説|言い伝え|誓い)"
)
_ASKS_WHAT_BECOMES = re.compile(r"どう(?:なり|なる|なっ|でし)")
_ASKS_FROM = re.compile(
    r"(?:いつ|どこ|何(?:年|月|日|曜日?|時|歳|才|人|階|番))(?:頃|ごろ|くらい|ぐらい)?から(?!.*まで)"
)
_STRETCH = re.compile(r"(?:から|より|〜|～)(?P<end>[^、。;はがをから〜～]{1,20}?)(?:まで|にかけて)")
"""Of 67 right answers to such questions one begins there."""
_LEADS_UP = re.compile(
    r"(?:ため(?:に)?|ので|のに|から|[るいたう]と|れば|けれど|が|かえって|さらに|(?<!も)の)$"
)


def is_ruled_out(asked: str, kind: Kind, text: str, before: str, words: Place) -> bool:
    """Whether words, by where they begin and end in a text, cannot answer a folded question."""
    start, end = words
    if _begins_at_its_end(asked, text, start):
        return True
    if _ASKS_WHAT_BECOMES.search(asked) and _LEADS_UP.search(text[start:end]):
        return True
    return any(start < last and first < end for first, last in _places(asked, kind, text, before))


@remembered(maxsize=32)  # many spans of one sentence are looked at
def _places(asked: str, kind: Kind, text: str, before: str) -> tuple[Place, ...]:
    """Where no answer is."""
    return (
        *told_of_others(asked, text, before),
        *(_beside_cause(text) if kind == "reason" else ()),
        *(_asked_why(text) if kind == "reason" else ()),
        *_behind_content(asked, text),
        *_defined_name(asked, text),
    )


def _begins_at_its_end(asked: str, text: str, start: int) -> bool:
    """Whether words begin with the end of a stretch whose beginning is asked for: 6時から|9時."""
    if not _ASKS_FROM.search(asked):
        return False
    stretches = _STRETCH.finditer(folded_in_place(text))
    return any(each.start("end") <= start < each.end("end") for each in stretches)


def _beside_cause(text: str) -> list[Place]:
    """All but the cause, where an English sentence marks it: “which we trace to a bent shaft”."""
    folded = folded_in_place(text)
    ahead = _CAUSE_AHEAD.search(folded)
    if ahead and ahead.start() > 0:
        return [(ahead.start(), len(text))]
    behind = _CAUSE_BEHIND.search(folded)
    if behind is None or _OTHER_MARK.search(folded):
        return []
    name = "cause" if behind["cause"] else "blamed"
    return [(0, behind.start(name)), (behind.end(name), len(text))]


def _asked_why(text: str) -> list[Place]:
    """What somebody asks the reason of: “asked why there was no spare; Finch answered that …”."""
    return [found.span() for found in _ASKED_WHY.finditer(folded_in_place(text))]


def _behind_content(asked: str, text: str) -> list[Place]:
    """What a content is called that stands before it: …する、という|綿貫の案|を示した."""
    found = _CONTENT.search(asked)
    if found is None:
        return []
    named = re.compile(rf"という、?(?:[^、。をがにはでと]{{1,12}}の)?{found['noun']}")
    return [each.span() for each in named.finditer(text)]


def _defined_name(asked: str, text: str) -> list[Place]:
    """What stands before a definition, the name among it."""
    place = defined(asked, text)
    return [(0, place[0])] if place else []
