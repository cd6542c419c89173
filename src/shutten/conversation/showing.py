"""Whether what a follow-up was understood as can be shown: rules paste, and may paste badly.

It is searched for all the same; what reads as nonsense only is not shown above an answer.
"""

from __future__ import annotations

import re

_MARKS = re.compile(r"[\s。．.？?！!…]+$")
_INNER_MARK = re.compile(r"[？?！!。](?=.)")
_REGARDING_SENTENCE = re.compile(
    r"(?:[？?！!。]|です|ます|でした|ました|ません|でしょう|だろう|[すただのん]か)(?:こと)?(?:について|に関して)"
)
"""Xは何年ですかについて、…"""
_OPENING = re.compile(
    r"(?:いや|いえ|いいえ|違う|では[、,]|じゃあ?|でも|で、|だから|え[っえー、]|あれ[、,]|ねえ|あの[ー、]"
    r"|そもそも|つまり|というか|そんな|こう|そう)"
)
"""What begins a sentence and stands nowhere inside it."""
_TWICE = re.compile(r"(?P<noun>[^\sはがをにでのと]{2,20})の(?P=noun)")
"""上鳴の上鳴さんの本は？"""
_REGARDING = re.compile(r"^Regarding (?P<about>[^,]+), ")
_NO_NOUN = re.compile(
    r"\b(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|must"
    r"|what|who|when|where|why|how)\b|\b(?:last|first|also|ever|still|a|an|the|of|to)$",
    re.IGNORECASE,
)
"""A noun has no auxiliary verb inside and no such word at its end: Regarding Zico should, …"""
_DENIAL = re.compile(r"\b(?:no|nope),? (?:i|not|the)\b|\bi (?:mean|meant)\b", re.IGNORECASE)


def is_readable(standalone: str, typed: str) -> bool:
    """Whether a question reads as one, as far as signs and words at the wrong place tell.

    What stands so in what was typed is the person's own.
    """
    whole, own = _MARKS.sub("", standalone), _MARKS.sub("", typed)
    if whole == own:
        return True
    if _INNER_MARK.search(whole) and not _INNER_MARK.search(own):
        return False
    before = whole.removesuffix(own) if own else whole
    if before != whole and before and _OPENING.match(own):
        return False
    about = _REGARDING.match(whole)
    if about is not None and _NO_NOUN.search(about["about"]):
        return False
    return not any(
        sign.search(whole) and not sign.search(own)
        for sign in (_REGARDING_SENTENCE, _TWICE, _DENIAL)
    )
