"""Lines to paragraphs: which lines go on with the sentence that the line above began.

Text arrives in three habits, and all must work without being told which: a paragraph per line, a
sentence per line, and lines wrapped at a fixed width. Blocks tile the text without loss.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shutten.layout import (
    COMMAS,
    Line,
    Role,
    bare_title,
    display_columns,
    ends_closed,
    ends_sentence,
    is_short_title,
    item_mark_length,
    read_lines,
)
from shutten.types import SentenceKind

WRAP_COLUMNS = range(20, 161)
"""Widths at which people and programs wrap lines; outside, a line is a paragraph or a label."""

_WIDE_END = re.compile(r"[\u2e80-\ua4cf\uac00-\ud7a3\uff00-\uff60]$")
_ABBREVIATED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Prof|St|Gen|Sen|Rep|Gov|Lt|Col|No|vs|e\.g|i\.e|[A-Z][a-z]+ [A-Z])\.$"
)
_JOINS_AFTER = re.compile(r"[、，,\-–—]\s*$|[をがはの]\s*$")
_JOINS_PROSE_AFTER = re.compile(r"[にでとて]\s*$")
_MAY_JOIN_AFTER = re.compile(r"[にでともへやてしりくれ]\s*$")
_ENGLISH_JOINS_AFTER = re.compile(
    r"\b(?:a|an|the|of|in|on|to|for|and|or|but|with|by|at|from|as|that|which|is|are|was|were|has"
    r"|have|had|will|would|its|their|his|her|our|this|these|than)\s*$"
)
_FIRST_WORD = re.compile(r"\s*([^\W\d_]+)")
_DOTTED = re.compile(r"[.;；]\s*$")
_NO_START = re.compile(r"\s*[、。，．,.」』｣）)】〕］\]〉》”]")
_STARTS_LATE = re.compile(r"\s*(?:と(?:し|い|の|語|述|話|説|指|答)|って|という|など)")
_HIRAGANA = re.compile(r"\s*[ぁ-ゖ]")
_FIRST_UNIT = re.compile(r"\s*([!-~]+|\S)")


@dataclass(frozen=True, slots=True)
class Block:
    """`text[start:end]`, a paragraph or a line that stands for itself, with the blanks after it.

    `inner` is where its words begin (behind a list mark). A block that is not `divisible` is one
    sentence whatever it holds.
    """

    start: int
    inner: int
    end: int
    kind: SentenceKind
    divisible: bool


def read_blocks(text: str, *, title: str | None, markdown: bool) -> list[Block]:
    """Return the blocks that tile a text, in order; `title` is looked for in the first line."""
    groups = list(_group_lines(read_lines(text, title=title, markdown=markdown)))
    by_line = _is_line_by_line(groups)
    blocks = [block for group in groups for block in _blocks_of_group(group, by_line=by_line)]
    return _tile(blocks, len(text))


def find_title(text: str, *, markdown: bool) -> str | None:
    """Return the first line without its heading marks if it is a title, else None.

    It is one if it is a heading, or a short line without 。 that the next line does not continue.
    """
    lines = read_lines(text, title=None, markdown=markdown)
    filled = [line for line in lines if line.role not in ("blank", "source", "mark")]
    if not filled or filled[0].role in ("row", "code"):
        return None
    first = filled[0]
    if first.role == "heading":
        return bare_title(first.text) or None
    if not is_short_title(first) or _runs_on(lines[lines.index(first) :]):
        return None
    return first.text.strip()


@dataclass(frozen=True, slots=True)
class _Habit:
    """How a group of lines is written.

    `by_line`: the text has a sentence per line. `ended`: the last line ends a sentence, so this is
    prose and no list of words. `widest` and `longest`: the most columns and the most characters of
    a line, as programs wrap by either.
    """

    by_line: bool
    ended: bool
    widest: int
    longest: int


def _habit_of(group: Sequence[Line], *, by_line: bool) -> _Habit:
    texts = [line.text.rstrip() for line in group]
    return _Habit(
        by_line,
        ended=ends_closed(texts[-1]),
        widest=max(map(display_columns, texts)),
        longest=max(map(len, texts)),
    )


def _runs_on(lines: Sequence[Line]) -> bool:
    """Tell whether the first of some lines is the first line of a wrapped paragraph."""
    groups = list(_group_lines(lines))
    group = groups[0]
    if len(group) == 1:
        return False
    if _starts_lower(group[1].text):
        return True
    habit = _habit_of(group, by_line=_is_line_by_line(groups))
    # Of two lines alone, the first is as likely a title above a short sentence.
    wrapped = (
        habit.ended and not habit.by_line and not ends_closed(group[1].text) and group[2:] != []
    )
    return wrapped and _is_full(group[0].text.rstrip(), group[1].text, habit)


def _group_lines(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield runs of prose lines without a blank between them, and every other line alone."""
    group: list[Line] = []
    for line in lines:
        if group and line.role != "prose":
            yield group
            group = []
        if line.role in ("prose", "item"):
            group.append(line)
        elif line.role != "blank":
            yield [line]
    if group:
        yield group


def _is_line_by_line(groups: Sequence[Sequence[Line]]) -> bool:
    """Tell whether lines end where sentences end (more than three in five that another follows)."""
    inner = [line for group in groups for line in group[:-1] if line.role == "prose"]
    ended = sum(1 for line in inner if ends_closed(line.text))
    return ended > 0.6 * len(inner)


def _blocks_of_group(group: Sequence[Line], *, by_line: bool) -> Iterator[Block]:
    habit = _habit_of(group, by_line=by_line)
    paragraph = [group[0]]
    for line in group[1:]:
        if not _continues(paragraph[-1], line, habit):
            yield _block(paragraph)
            paragraph = []
        paragraph.append(line)
    yield _block(paragraph)


def _continues(above: Line, line: Line, habit: _Habit) -> bool:
    """Tell whether a line goes on with the sentence that the line above it began."""
    upper, lower = above.text, line.text
    if _stands_apart(above, line):
        return False
    if _goes_on(upper, lower, habit):
        return True
    if ends_sentence(upper):
        return False
    if upper.rstrip().endswith(COMMAS):
        return True
    return not habit.by_line and _is_wrapped(upper.rstrip(), lower, habit)


def _goes_on(upper: str, lower: str, habit: _Habit) -> bool:
    """Tell whether a line begins as no sentence does, whatever the line above ends with."""
    if _NO_START.match(lower) or _ABBREVIATED.search(upper):
        return True
    if habit.ended and _starts_lower(lower):
        return not _ends_clearly(upper, habit)
    return not habit.by_line and _STARTS_LATE.match(lower) is not None


def _starts_lower(text: str) -> bool:
    word = _FIRST_WORD.match(text)
    return word is not None and word.group(1).islower()


def _ends_clearly(upper: str, habit: _Habit) -> bool:
    # In wrapped text a dot before a small letter is an abbreviation's.
    return ends_sentence(upper) and (habit.by_line or not _DOTTED.search(upper))


def _stands_apart(above: Line, line: Line) -> bool:
    """Tell whether layout alone parts two lines: a list item, an indented start, a hard break."""
    behind_item = above.role == "item" and not line.text[:1].isspace()
    return behind_item or line.text.startswith("　") or above.text.endswith(("  ", "\\"))


def _is_wrapped(upper: str, lower: str, habit: _Habit) -> bool:
    return bool(
        _JOINS_AFTER.search(upper)
        or _ENGLISH_JOINS_AFTER.search(upper)
        or (_MAY_JOIN_AFTER.search(upper) and _HIRAGANA.match(lower))
        or (habit.ended and (_JOINS_PROSE_AFTER.search(upper) or _is_full(upper, lower, habit)))
    )


def _is_full(upper: str, lower: str, habit: _Habit) -> bool:
    """Tell whether the next line's first word would not have fitted behind this line."""
    if habit.widest not in WRAP_COLUMNS:
        return False
    unit = _FIRST_UNIT.match(lower)
    first = unit.group(1) if unit else ""
    # Japanese line breaking pulls up to two characters along with the one that does not fit.
    slack = 2 if _WIDE_END.search(upper) else 0
    return (
        display_columns(upper) + display_columns(first) + 2 * slack >= habit.widest
        or len(upper) + len(first) + slack >= habit.longest
    )


def _block(lines: Sequence[Line]) -> Block:
    first, last = lines[0], lines[-1]
    kinds: dict[Role, SentenceKind] = {
        "heading": "heading",
        "mark": "heading",
        "underline": "heading",
        "source": "source",
        "title": "title",
    }
    inner = first.start + item_mark_length(first)
    return Block(
        first.start, inner, last.end, kinds.get(first.role, "body"), first.role in ("prose", "item")
    )


def _tile(blocks: Sequence[Block], length: int) -> list[Block]:
    ends = [*(block.start for block in blocks[1:]), length]
    return [
        Block(start, block.inner, end, block.kind, block.divisible)
        for start, block, end in zip([0, *ends], blocks, ends, strict=False)
    ]
