"""Lines to paragraphs: which lines go on with the sentence that the line above began.

Text arrives in three habits, and all must work without being told which: a paragraph per line, a
sentence per line, and lines wrapped at a fixed width. Blocks tile the text without loss.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from shutten.abbreviations import leads_on
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
    lines_of,
)
from shutten.types import SentenceKind

WRAP_COLUMNS = range(20, 161)
"""Widths at which people and programs wrap lines; outside, a line is a paragraph or a label."""

_WIDE_END = re.compile(r"[\u2e80-\ua4cf\uac00-\ud7a3\uff00-\uff60]$")
_JOINS_AFTER = re.compile(r"[\-–—]\s*$|(?:[をがは]|(?<!も)の)\s*$")
_JOINS_PROSE_AFTER = re.compile(r".{4}[にでとて]\s*$")
_MAY_JOIN_AFTER = re.compile(r"[にでとてへもやしりくれ]\s*$")
_QUOTE_ENDS = ("」", "』", "”", '"')
_ENGLISH_JOINS_AFTER = re.compile(
    r"\b(?:a|an|the|of|in|on|to|for|and|or|but|with|by|at|from|as|that|which|is|are|was|were|has"
    r"|have|had|will|would|its|their|his|her|our|this|these|than)\s*$"
)
_FIRST_WORD = re.compile(r"\s*([^\W\d_]+)")
_DOTTED = re.compile(r"[.;；]\s*$")
_QUOTED = re.compile(r"\s*(?:>[ \t]?)+")
_NO_START = re.compile(r"\s*[、。，．,.」』｣）)】〕］〉》”]")
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
    groups = list(_group_lines(lines_of(text, title=title, markdown=markdown)))
    habit = _habit_of(groups)
    blocks = [block for group in groups for block in _blocks_of_group(group, habit)]
    return _tile(blocks, len(text))


def find_title(text: str, *, markdown: bool) -> str | None:
    """Return the first line without its heading marks if it is a title, else None.

    It is one if it is a heading, or a short line without 。 that the next line does not continue.
    """
    lines = lines_of(text, title=None, markdown=markdown)
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
    """How the lines of a text are written.

    `by_line`: a sentence per line. `widest` and `longest`: the columns and the characters that nine
    in ten lines keep within, as programs wrap by either. Of one paragraph, `prose`: its end is a
    sentence's, so it is no list of words; `labelled`: its first line may be a label above one line.
    """

    by_line: bool
    widest: int
    longest: int
    prose: bool = True
    labelled: bool = False


def _habit_of(groups: Sequence[Sequence[Line]]) -> _Habit:
    texts = [line.text.rstrip() for group in groups for line in group if line.role == "prose"]
    return _Habit(
        _is_line_by_line(groups),
        widest=_most(map(display_columns, texts)),
        longest=_most(map(len, texts)),
    )


def _most(lengths: Iterable[int]) -> int:
    ordered = sorted(lengths)
    return ordered[len(ordered) * 9 // 10] if ordered else 0


def _runs_on(lines: Sequence[Line]) -> bool:
    """Tell whether the first of some lines is the first line of a wrapped paragraph."""
    groups = list(_group_lines(lines))
    first, *others = groups[0]
    # Of two lines alone, the first is as likely a title above a short sentence.
    if not others or not _is_prose(groups[0]):
        return False
    if _goes_on_small(first.text, others[0].text):
        return True
    habit = _habit_of(groups)
    wrapped = not habit.by_line and not ends_closed(others[0].text) and others[1:] != []
    return wrapped and _is_full(first.text.rstrip(), others[0].text, habit)


def _is_prose(group: Sequence[Line]) -> bool:
    """Tell prose from a list of words: its last line ends a sentence or a quotation."""
    last = group[-1].text
    return ends_sentence(last) or last.rstrip().endswith(_QUOTE_ENDS)


def _is_labelled(group: Sequence[Line]) -> bool:
    if len(group) != 2:  # noqa: PLR2004
        return False
    label, line = (display_columns(each.text.rstrip()) for each in group)
    # The last line of a paragraph is hardly longer than a full one.
    return line > label + 4


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


def _blocks_of_group(group: Sequence[Line], habit: _Habit) -> Iterator[Block]:
    habit = replace(habit, prose=_is_prose(group), labelled=_is_labelled(group))
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
    if _QUOTED.match(upper):
        lower = _QUOTED.sub("", lower)
    if _NO_START.match(lower) or leads_on(upper):
        return True
    if habit.prose and _goes_on_small(upper, lower):
        return not (habit.by_line and ends_sentence(upper))
    if habit.by_line or (ends_sentence(upper) and not _STARTS_LATE.match(lower)):
        return upper.rstrip().endswith(COMMAS)
    return _is_wrapped(upper.rstrip(), lower, habit)


def _goes_on_small(upper: str, lower: str) -> bool:
    """Tell whether a line begins with a small Latin letter, behind Latin text without a clear end.

    In wrapped text a dot before a small letter is an abbreviation's.
    """
    word = _FIRST_WORD.match(lower)
    small = word is not None and word.group(1).islower() and not _WIDE_END.search(upper.rstrip())
    return small and (not ends_sentence(upper) or _DOTTED.search(upper) is not None)


def _stands_apart(above: Line, line: Line) -> bool:
    """Tell whether layout alone parts two lines: a list item, an indented start, a hard break."""
    behind_item = above.role == "item" and not line.text[:1].isspace()
    return behind_item or line.text.startswith("　") or above.text.endswith(("  ", "\\"))


def _is_wrapped(upper: str, lower: str, habit: _Habit) -> bool:
    if upper.endswith(COMMAS) or _STARTS_LATE.match(lower):
        return True
    if _JOINS_AFTER.search(upper) or _ENGLISH_JOINS_AFTER.search(upper):
        return True
    if _MAY_JOIN_AFTER.search(upper) and _HIRAGANA.match(lower):
        return True
    if habit.labelled or not habit.prose:
        return False
    return _JOINS_PROSE_AFTER.search(upper) is not None or _is_full(upper, lower, habit)


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
        "head": "head",
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
