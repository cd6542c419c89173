"""Questions that a text asks and answers itself, as lists of frequent questions do.

Such a question is no answer, and what answers it often shares no word with it: the two are looked
for and read together.
"""

from __future__ import annotations

import re

from shutten.tables import Tables

LONGEST_QUESTION = 160
"""Characters; a longer line that ends with a question is prose that asks something in passing."""

REACH = 1_000
"""Characters of a line that are looked at: an article may be one line of millions, and every
sentence of it is asked for its question."""

_BLANK_LINE = re.compile(r"[ \t\u3000]{0,80}\r?\n")
_MARKS = r"[\s>*_#・•●○◆◇■□▼▽-]*"
_ASKED = re.compile(
    rf"{_MARKS}(?:(?:Q|Ｑ|問い?|質問|Question)\s*[-#]?\s*\d{{0,3}}\s*(?:[.．:：、)）]|\s(?=\S)|[*_]+)|Q\d{{1,3}}\b)[\s*_]*",
    re.IGNORECASE,
)
_ANSWERED = re.compile(
    rf"{_MARKS}(?:(?:A|Ａ|答え?|回答|Answer)\s*\d{{0,3}}\s*(?:[.．:：、)）])|A\d{{1,3}}\b|答え?\s*\d{{0,3}}\s)[\s*_]*",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"(?:[?？]|(?:です|ます|でした|ました|でしょう|ません|ましょう)か[。．.]?)[\s*_」』\"”’)）]*$"
)
_ENDED = re.compile(r"[。！!]|[.](?=\s)")
_HEADING = re.compile(r"\s{0,3}#{1,6}\s")
_NEVER = re.compile(r"\s*(?:\||```|~~~)")


def asked_in(line: str) -> str:
    """Return the question that a line asks, without its marks; "" for another line.

    A line marked as a question may be none by its end: 「Q. 予約について」.
    """
    if not line.strip() or _NEVER.match(line):
        return ""
    mark = _ASKED.match(line)
    words = line[mark.end() :] if mark else line.strip(" \t\u3000#*_>-・")
    words = words.strip().rstrip("*_ \t")
    if not words or len(words) > LONGEST_QUESTION:
        return ""
    if mark and mark.group().strip(" >*_#・•-"):
        return words
    asks = _ASKS.search(words)
    return words if asks and not _ENDED.search(words[: asks.start()]) else ""


def question_above(text: str, start: int) -> str:
    """Return the question that the line with `text[start]` answers, without its marks, or "".

    It stands alone on the line before; one blank line may be between. What is marked as a question
    only, and does not end as one, is answered by a line that is marked as an answer. What stands
    farther than `REACH` into its line answers nothing.
    """
    begin = text.rfind("\n", max(0, start - REACH), start) + 1
    line = text[begin : begin + REACH].partition("\n")[0]
    if begin == 0 or not line.strip() or _NEVER.match(line) or _HEADING.match(line):
        return ""
    words = asked_in(text[_above(text, begin) : begin].strip("\n"))
    if not words or asked_in(line):
        return ""
    return words if _ASKS.search(words) or _ANSWERED.match(line) else ""


def answer_mark(text: str, start: int) -> int:
    """Return how many characters of `text[start:]` only mark it as an answer: 「A. 」."""
    mark = _ANSWERED.match(text, start)
    return mark.end() - start if mark and question_above(text, start) else 0


def is_answered_below(text: str, start: int) -> bool:
    """Whether the line with `text[start]` asks what the next one answers."""
    begin = text.rfind("\n", max(0, start - REACH), start) + 1
    end = text.find("\n", start, start + REACH)
    if end < 0:
        return False
    blank = _BLANK_LINE.match(text, end + 1)
    below = blank.end() if blank else end + 1
    return question_above(text, below) != "" and _above(text, below) == begin


def sought(text: str, tables: Tables, start: int, end: int) -> str:
    """Return `text[start:end]` as it is looked for.

    A row of a table in words, and what answers a question together with it.
    """
    question = question_above(text, start)
    words = tables.sought(start, end)
    return f"{question}\n{words}" if question else words


def _above(text: str, begin: int) -> int:
    """Where the line begins that ends before `begin`, or, where it is blank, the one above it."""
    first = text.rfind("\n", max(0, begin - 1 - REACH), begin - 1) + 1
    if first == 0 or text[first : begin - 1].strip():
        return first or max(0, begin - 1 - REACH)
    return text.rfind("\n", max(0, first - 1 - REACH), first - 1) + 1
