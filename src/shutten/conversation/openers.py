"""How somebody goes on: by the way, ところで, ちなみに. None of it is searched for."""

from __future__ import annotations

import re
from dataclasses import dataclass

_GAP = r"[、,，。.:：…\s]"
_BUT = r"(?:が|けど|けれども?)"
_CHANGING = (
    rf"(?:(?:ところで|それはそうと|それはさておき){_BUT}?{_GAP}*|(?:余談(?:です|だ)){_BUT}{_GAP}*"
    rf"|ときに、|さて(?:{_GAP}+|(?=[^\u3041-\u3096]))"
    r"|(?:全然|全く|まったく|ちょっと|少し)?(?:別|違う|ほか|他)の?(?:件|話|こと|質問)"
    rf"(?:(?:なの)?です|だ|になり?ます|になる){_BUT}{_GAP}*"
    r"|話題?[はがを]?(?:全然|全く|まったく|がらりと|ちょっと|少し)?(?:変わ|変え|かわ|かえ|飛び?)"
    rf"(?:(?:り?ます|る){_BUT}|る?と、|っ?て、){_GAP}*)"
)
_ADDING = (
    rf"(?:ちなみに{_GAP}*|ついで(?:に|です?が){_GAP}*"
    r"|(?:あと(?:は|もう(?:一つ|ひとつ))?|それと|また|そして|さらに|そういえば|加えて|もう(?:一つ|ひとつ)"
    rf"|えっ?と|えー?と|あのー?|ねえ|すみません(?:が)?|すいません(?:が)?){_GAP}+(?![\d０-９何]))"
)
_DENYING = (
    rf"(?:(?:いやいや|いや|いえ|いいえ|違うよ?|違います|ちがうよ?|ううん){_GAP}+)?"
    rf"(?:(?:そう|それ|そっち|そういう(?:こと|意味))(?:じゃ|では)なく(?:て)?{_GAP}*)?"
)
"""いや、そうじゃなくて…: what follows was meant instead."""
_JAPANESE = re.compile(rf"^{_DENYING}(?:{_ADDING})*(?P<changing>{_CHANGING})?(?:{_ADDING})*")

_ASKED_NEXT = (
    r"(?=(?:what|which|who|whom|whose|when|where|why|how|is|are|was|were|do|does|did|has|have|had"
    r"|can|could|will|would|in|on|at|tell|and)\b)"
)
_CHANGING_ENGLISH = (
    r"by the way|btw|anyway|anyhow|on (?:a|an)(?:other|(?: (?:completely|totally))? (?:different"
    r"|unrelated|side|separate))? (?:note|topic|subject)"
    r"|(?:to change|changing) (?:the )?(?:subjects?|topics?)|(?:leaving|putting) that aside"
    r"|that aside|moving on|incidentally|on another (?:note|topic|subject)"
)
_ADDING_ENGLISH = (
    r"also|plus|additionally|in addition|besides|furthermore|moreover|one more (?:thing|question)"
    r"|another (?:thing|question)|out of (?:curiosity|interest)|just curious|while we are at it"
)
_DENIED = re.compile(
    r"^(?:(?:no|nope|sorry|wait)[,.!]\s+)?(?:not that[,.]?\s+)?"
    r"(?:i (?:meant|was asking (?:about|for)|am asking about)\b,?\s*)?",
    re.IGNORECASE,
)
"""No, I meant …"""
_ENGLISH = re.compile(
    r"^(?:(?:oh|ok(?:ay)?|and|but|so|well|now|hm+|um+|er+),?\s+)*"
    rf"(?:(?:(?P<changing>{_CHANGING_ENGLISH})|{_ADDING_ENGLISH})"
    rf"(?:\s*[,:;…–—-]+\s*|[.]+\s+|\s+{_ASKED_NEXT}))+(?=\S)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A question without what opens it, and whether that says that the topic changes."""

    question: str
    changes_topic: bool = False


def opened(question: str) -> Opened:
    """Take off what opens a question; the question stays as it is where nothing else is left."""
    denied = _DENIED.match(question)
    if denied and denied.end() and re.search(r"[^\W_]", question[denied.end() :]):
        return opened(question[denied.end() :])
    for pattern in (_JAPANESE, _ENGLISH):
        found = pattern.match(question)
        rest = question[found.end() :] if found else ""
        if found and found.end() and re.search(r"[^\W_]", rest):
            kept = rest if pattern is _JAPANESE else f"{rest[:1].upper()}{rest[1:]}"
            return Opened(kept, found["changing"] is not None)
    return Opened(question)
