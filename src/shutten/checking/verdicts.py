"""What a check says: supported or not, on which words of which sentence, and why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from shutten.types import Language, Passage

ProblemCode = Literal[
    "no_sentence", "number", "unit", "date", "time", "name", "negation", "modality", "comparative",
    "contrast", "subject", "quantifier", "addition", "meaning", "instruction",
    "fragment", "aside", "wording",
]  # fmt: skip

_REASONS: dict[ProblemCode, dict[Language, str]] = {
    "no_sentence": {"ja": "この主張に関わる文がありません。", "en": "No sentence has to do with this."},
    "number": {"ja": "数「{0}」は引用した文にありません。", "en": "The number “{0}” is not in the cited sentence."},
    "unit": {"ja": "「{0}」の単位が引用した文と異なります。", "en": "The unit of “{0}” is another one in the cited sentence."},
    "date": {"ja": "日付「{0}」は引用した文にありません。", "en": "The date “{0}” is not in the cited sentence."},
    "time": {"ja": "時刻「{0}」は引用した文にありません。", "en": "The time “{0}” is not in the cited sentence."},
    "name": {"ja": "「{0}」という名前は引用した文にありません。", "en": "The name “{0}” is not in the cited sentence."},
    "negation": {"ja": "引用した文とは否定が逆です。", "en": "One of claim and sentence says that it is so, the other that it is not."},
    "modality": {"ja": "予定や可能性と事実が、引用した文と入れ替わっています。", "en": "Plan or possibility and fact are exchanged."},
    "comparative": {"ja": "「{0}」の以上・未満や前後が引用した文と異なります。", "en": "“{0}” is more or less, before or after, otherwise than in the cited sentence."},
    "contrast": {"ja": "「{0}」は引用した文では別の語です。", "en": "Where the claim says “{0}”, the cited sentence says something else."},
    "subject": {"ja": "「{0}」について述べた文ではありません。", "en": "The cited sentence does not say this of “{0}”."},
    "quantifier": {"ja": "すべて・一部・だけなどの範囲が引用した文と異なります。", "en": "All, some or only: the cited sentence has another scope."},
    "addition": {"ja": "「{0}」は引用した文にない内容です。", "en": "“{0}” is not in the cited sentence."},
    "meaning": {"ja": "引用した文からは言えません。", "en": "This does not follow from the cited sentence."},
    "instruction": {"ja": "読み手への指示は根拠になりません。", "en": "An instruction to the reader supports nothing."},
    "fragment": {"ja": "何も述べていない断片です。", "en": "These words state nothing."},
    "aside": {"ja": "質問の答えになっていません。", "en": "This does not answer the question."},
    "wording": {"ja": "引用した一文の言葉どおりではありません。", "en": "This does not keep to the words of one sentence."},
}  # fmt: skip

CODES: tuple[ProblemCode, ...] = tuple(_REASONS)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a claim is not supported; `words` are those of the claim that it is about, or ""."""

    code: ProblemCode
    words: str = ""

    def explain(self, language: Language) -> str:
        """Return one sentence for people."""
        return _REASONS[self.code][language].format(self.words)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that a claim rests on: the number of its passage, counted from 0.

    `start`/`end` are the supporting words as offsets in `passage.hit.text`.
    """

    passage: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """`support` is the share of the claim's words, 0 to 1, that the sentences have.

    Where an exact check fails, `problems` say which, and `supported` is False whatever `support`
    is. `evidence` is in the order of the passages; of an unsupported claim, the nearest sentences.
    """

    supported: bool
    support: float
    evidence: tuple[Evidence, ...] = ()
    problems: tuple[Problem, ...] = ()


class ClaimsChecker(Protocol):
    """Says of several claims at once whether passages bear them out."""

    def check_all(self, claims: Sequence[str], passages: Sequence[Passage]) -> list[Verdict]:
        """Return one verdict per claim, in order."""
        ...
