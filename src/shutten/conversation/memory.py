"""What is remembered of an earlier exchange: plain words, without markers, marks or refusals."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shutten.conversation.small_talk import asks_nothing
from shutten.phrases import (
    HELPED,
    LISTED,
    NOT_SURELY,
    NOTHING_ASKED,
    REFUSALS,
    THANKED,
    WHICH_ARTICLE,
)
from shutten.tables import cells_of, is_row
from shutten.types import Turn

REMEMBERED_TURNS = 20
"""How many of the last turns are looked at: so far back a chain of follow-ups keeps its subject."""

MEANT_TURNS = 6
"""How many of these count; what lies further back is not meant by a follow-up."""

LONGEST_QUESTION, LONGEST_ANSWER, LONGEST_SHORT_ANSWER = 200, 600, 40
"""Characters that are looked at; a longer short answer is a sentence, not a name."""

KEPT_OF_QUESTION, KEPT_OF_ANSWER = 2 * LONGEST_QUESTION, 20_000
"""Characters of a turn that anything looks at; programs may send longer ones."""

_PLAIN_REPLIES = (WHICH_ARTICLE, NOTHING_ASKED, THANKED, HELPED, LISTED)
_REFUSALS = frozenset(
    [
        *(text for said in _PLAIN_REPLIES for text in said.values()),
        *(text for said in REFUSALS.values() for text in said.values()),
        *NOT_SURELY.values(),
    ]
)
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
_TAG = re.compile(r"<[/!?]?[A-Za-z][^<>]*>?|\b(?:https?|ftp)://[^\s\u3000-\u9fff]+")
"""A tag, closed or not, or an address: neither names anything."""
_MARKER = re.compile(r"\s?[\[［【〔]\s?\d{1,4}\s?[\]］】〕]")
_LINK = re.compile(r"!?\[([^\[\]]{1,200})\]\([^()\s]{0,300}\)")
_MARKUP = re.compile(r"[*_`~]{1,3}(?=\S)|(?<=\S)[*_`~]{1,3}|(?m:^[ \t]*(?:#{1,6}|>+|[-*+])[ \t]+)")
_QUOTES = "「」『』“”\"'‘’«» "
_ENDING = re.compile(r"(?:です|でした|である|だった|だ|という|[、。.,])+$")
_ASIDE = re.compile(r"[（(][^（）()]{0,40}[）)]")
_SENTENCE_END = re.compile(r"[。．！？!?]|[.](?:\s|$)")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question that stands alone, what was answered, and the words of it that answer.

    `answer` and `short_answer` are empty where nothing was found; `refused` says that this is so.
    What somebody is (a painter) is the `description` and no short answer, which names something.
    Where a row of a table was quoted first, `cells` is what stands in it.
    """

    question: str
    answer: str = ""
    short_answer: str = ""
    refused: bool = False
    description: str = ""
    cells: tuple[str, ...] = ()


def recent_turns(history: Sequence[Turn]) -> list[Turn]:
    """Return the last turns, oldest first, each cut where nothing looks at it further on."""
    return [
        Turn(turn.question[:KEPT_OF_QUESTION], turn.answer[:KEPT_OF_ANSWER])
        for turn in history[-REMEMBERED_TURNS:]
    ]


def asking_turns(history: Sequence[Turn]) -> list[Turn]:
    """Return the last turns that ask something, oldest first, their questions in plain words."""
    asked = ((_TAG.sub(" ", turn.question), turn.answer) for turn in recent_turns(history))
    turns = [Turn(plain(question, LONGEST_QUESTION), answer) for question, answer in asked]
    return [turn for turn in turns if turn.question and not asks_nothing(turn.question)]


def exchange(question: str, answer: str) -> Exchange:
    """Remember a question, made to stand alone, and the text that was shown as its answer."""
    if is_refusal(answer):
        return Exchange(question, refused=True)
    first, _, rest = plain_lines(answer).partition("\n\n")
    whole = " ".join(_ASIDE.sub("", rest or first).split())
    short = _short(first) if _is_short(first, rest) else ""
    return Exchange(question, whole, short, cells=cells_in((rest or first).partition("\n\n")[0]))


def is_refusal(answer: str) -> bool:
    """Whether the text that was shown is one of the phrases of a refusal."""
    return plain_lines(answer).partition("\n\n")[0] in _REFUSALS


def plain(text: str, longest: int) -> str:
    """Return the beginning of a text in one line, without control characters."""
    kept = _UNSEEN.sub(" ", text[: 2 * longest])
    return " ".join(kept.split())[:longest].rstrip()


def plain_lines(text: str) -> str:
    """Return the beginning of an answer without markers and markup; paragraphs stay apart."""
    paragraphs = re.split(r"\n\s*\n", text[: 2 * LONGEST_ANSWER].replace("\r\n", "\n").strip())
    bare = (
        _MARKUP.sub("", _MARKER.sub("", _LINK.sub(r"\1", paragraph))) for paragraph in paragraphs
    )
    return "\n\n".join(filter(None, (plain(each, LONGEST_ANSWER) for each in bare)))


def _is_short(first: str, rest: str) -> bool:
    """An answer is short where it stands before its sentence, or is no sentence itself."""
    if len(first) > LONGEST_SHORT_ANSWER:
        return False
    return first in rest if rest else not _SENTENCE_END.search(first)


def cells_in(quoted: str) -> tuple[str, ...]:
    """Return what stands in the cells of a row; nothing of a sentence."""
    found = cells_of(quoted) if is_row(quoted) else []
    return tuple(filter(None, (quoted[first:last].strip() for first, last in found)))


def _short(words: str) -> str:
    """Return the name or the value in a short answer."""
    bare = _ASIDE.sub("", words).strip(_QUOTES)
    return _ENDING.sub("", bare).strip(_QUOTES)
