"""A language model makes a follow-up stand alone.

What it writes is held against the conversation: it may add no word that nobody has said, and may
not lose one that was asked. Else it is not taken, and what the rules have made of it stands.
"""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Generator, Sequence
from functools import lru_cache

from shutten.errors import ModelError, WriterError
from shutten.sentences import detect_language
from shutten.terms import Term, folded, terms_of
from shutten.types import Turn, Writer, WritingRequest

SECONDS = 10.0
"""After these nothing of it is taken: an answer is what people wait for."""

LONGEST = 300
"""Characters of a question that a model writes."""

_LABEL = re.compile(
    r"^(?:[-*•\s]|(?:書き直した|最後の)?質問\s*[::]|(?:rewritten |last )?question\s*:)+",
    re.IGNORECASE,
)
_QUOTES = re.compile(r"^[「『“\"'](?P<inside>[^「」『』“”\"]+)[」』”\"']$")
_ASKED_WITH = re.compile(
    r"何|誰|いつ|どこ|どの|どれ|どちら|どう|なぜ|いく[つら]|\b(?:what|who|when|where|why|how|which)\b"
)
_QUESTION_WORDS = frozenset(
    re.findall(r"\w+", "tell explain describe give name list mean please about talk say said")
)
"""What a question may be asked with, whoever said it."""


def restated(
    writer: Writer, question: str, turns: Sequence[Turn], *, seconds: float = SECONDS
) -> Generator[None, None, str | None]:
    """Return the question as a language model makes it stand alone; None where it does not.

    Yields while the model writes, so that the work can be ended there.
    """
    deadline = time.monotonic() + seconds
    request = WritingRequest(question, (), detect_language(question), turns=tuple(turns))
    text = ""
    try:
        with contextlib.closing(writer.write(request)) as pieces:
            for piece in pieces:
                text += piece
                yield
                if "\n" in text.strip() or len(text) > LONGEST:
                    break
                if time.monotonic() > deadline:  # a question cut short may be another one
                    return None
    except (WriterError, ModelError):  # that the model fails is told with the answer
        return None
    return accepted(text, question, turns)


def accepted(text: str, question: str, turns: Sequence[Turn]) -> str | None:
    """Return the first line of what a model wrote if it says more than the question and may."""
    line = (text.strip().splitlines() or [""])[0]
    line = _LABEL.sub("", line).strip()
    inside = _QUOTES.match(line)
    line = inside["inside"].strip() if inside else line
    if not line or len(line) > LONGEST or detect_language(line) != detect_language(question):
        return None
    if set(terms_of(line)) <= set(terms_of(question)):  # nothing was put in
        return None
    return line if _keeps(line, question) and _adds_nothing(line, question, turns) else None


def _keeps(line: str, question: str) -> bool:
    """Whether all that was asked is asked still."""
    written = folded(line)
    asked_with = set(_ASKED_WITH.findall(folded(question)))
    return asked_with <= set(_ASKED_WITH.findall(written)) and all(
        _stands_in(term, written) for term in terms_of(question)
    )


def _adds_nothing(line: str, question: str, turns: Sequence[Turn]) -> bool:
    """Whether all that it names was named in the conversation."""
    said = folded("\n".join([question, *(f"{turn.question}\n{turn.answer}" for turn in turns)]))
    return all(term.text in _QUESTION_WORDS or _stands_in(term, said) for term in terms_of(line))


def _stands_in(term: Term, text: str) -> bool:
    if term.script == "latin":
        return _word(term.text).search(text) is not None
    return term.held_by(text) == 1


@lru_cache(maxsize=1024)
def _word(stem: str) -> re.Pattern[str]:
    """A word that begins with a stem."""
    return re.compile(rf"(?<![a-z0-9]){re.escape(stem)}")
