"""Lines to blocks: which lines are headings, titles, sources or lists, and which are one paragraph.

Text arrives in three habits, and all must work without being told which: a paragraph per line, a
sentence per line, and lines wrapped at a fixed width. Blocks tile the text without loss.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from shutten.types import SentenceKind

Role = Literal[
    "blank", "prose", "item", "row", "heading", "underline", "mark", "source", "title", "code"
]

TITLE_COLUMNS = 120
"""A first line wider than this is prose. An East Asian wide character takes two columns."""
HEADING_COLUMNS = 80
SOURCE_CHARACTERS = 200
WRAP_COLUMNS = range(20, 161)
"""Widths at which people and programs wrap lines; outside, a line is a paragraph or a label."""
FRONT_MATTER_LINES = 200

_COMMAS = ("、", "，", ",")
CLOSERS = "」』｣）)】〕］\\]〉》\"'”’"
_WIDE = re.compile(
    "[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]"
)
_CJK = r"\u3005-\u3007\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
_WORD = re.compile(r"[^\W_]")
_ENDED = re.compile(rf"[。．！？!?.…‥｡:：;；][{CLOSERS}*_]*\s*$")
_CLOSED = re.compile(rf"[{CLOSERS}]\s*$")
_STOP = re.compile("[。｡]")
_ABBREVIATED = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|St|Gen|Sen|Rep|Gov|Lt|Col|No|vs|e\.g|i\.e)\.$")

_HASHES = re.compile(r"\s{0,3}(#{1,6})[ \t　]+(?P<text>.*?)[ \t　]*#*\s*$")
_BRACKETED = re.compile(
    r"\s*(?:【[^】]+】|〔[^〕]+〕|〈[^〉]+〉|《[^》]+》|≪[^≫]+≫|＜[^＞]+＞)\s*$"
)
_FLAGGED = re.compile(r"\s*(?P<flag>[■□◆◇▼▽§])\s*(?P<text>[^:：]*)$")
_CHAPTER = re.compile(
    r"\s*(?:第\s*[0-9０-９〇一二三四五六七八九十百千]+\s*[章節編部](?:[\s　:：.、・]|$)"
    r"|(?:Chapter|Section|Part|Appendix)\s+(?:\d+|[IVXLC]+|[A-Z])(?:[\s:.]|$)"
    r"|[0-9０-９]+(?:[.．][0-9０-９]+)+[.．]?[\s　]+\S)"
)
_ITEM = re.compile(
    r"\s*(?:[-*+•‣–—][ \t　]+|[・●○◯◦▪▫►▶★☆▲△◎※✓✔]\s*|\d{1,3}[.)．）、](?!\d)[ \t　]*"
    r"|[(（](?:\d{1,3}|[a-z]|[ア-ン])[)）][ \t　]*|[①-⑳⑴-⒇][ \t　]*|[a-zA-Z][.)][ \t]+(?=\S))"
)
_SETEXT = re.compile(r"\s{0,3}(?:={3,}|-{3,})\s*$")
_ROW = re.compile(r"\s*\|.*\|\s*$|[^|]*\|[^|]*\|.*$")
_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")
_REFERENCE = re.compile(r"\s{0,3}\[[^\]]+\]:\s*\S+|\s*<!--.*-->\s*$")
_SOURCE = re.compile(
    r"\s*[-・※*＊>#【（(\[〔]*\s*(?:"
    r"(?:参照元|参照|出典|出所|引用元|引用|参考|情報源|ソース|提供元|配信元|元記事|転載元)"
    r"(?:文献|資料|記事|リンク|サイト|URL|ＵＲＬ|元)?"
    r"\s*(?:[:：∶︓=＝／/】）)\]〕「『(（]|\s\S|$)"
    r"|(?:Sources?|References?|Originally published (?:at|in|by|on)|Via|Credits?|Adapted from"
    r"|Retrieved from|Read more)"
    r"\s*(?:[:：∶]|https?:|$))",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"\s*<?https?://\S+>?\s*$")

_JOINS_AFTER = re.compile(r"[、，,\-–—]\s*$|[をがはの]\s*$")
_JOINS_PROSE_AFTER = re.compile(r"[にでとて]\s*$")
_MAY_JOIN_AFTER = re.compile(r"[にでともへやてしりくれ]\s*$")
_ENGLISH_JOINS_AFTER = re.compile(
    r"\b(?:a|an|the|of|in|on|to|for|and|or|but|with|by|at|from|as|that|which|is|are|was|were|has"
    r"|have|had|will|would|its|their|his|her|our|this|these|than)\s*$"
)
_LOWER = re.compile(r"\s*[a-z]+(?:[\s,.;:'’\-)]|$)")
_STARTS_LATE = re.compile(
    rf"\s*(?:[、。，．,.{CLOSERS}]|と(?:し|い|の|語|述|話|説|指|答)|って|という|など)"
)
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


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str
    role: Role = "prose"


def read_blocks(text: str, *, title: str | None, markdown: bool) -> list[Block]:
    """Return the blocks that tile a text, in order; `title` is looked for in the first line."""
    lines = _assign_roles(_split_lines(text), title, markdown=markdown)
    groups = list(_group_lines(lines))
    by_line = _is_line_by_line(groups)
    blocks = [block for group in groups for block in _blocks_of_group(group, by_line=by_line)]
    return _tile(blocks, len(text))


def find_title(text: str, *, markdown: bool) -> str | None:
    """Return the first line without its heading marks if it is a title, else None.

    It is one if it is a heading, or a short line without 。 that the next line does not continue.
    """
    lines = _assign_roles(_split_lines(text), None, markdown=markdown)
    filled = [line for line in lines if line.role not in ("blank", "source", "mark")]
    if not filled or filled[0].role in ("row", "code"):
        return None
    first = filled[0]
    if first.role == "heading":
        return _bare(first.text) or None
    following = lines[lines.index(first) + 1 :][:1]
    if not _is_short_title(first) or any(_runs_on(line) for line in following):
        return None
    return first.text.strip()


def display_columns(text: str) -> int:
    """Return the width of a text in columns, where an East Asian wide character takes two."""
    return len(text) + len(_WIDE.findall(text))


def _split_lines(text: str) -> list[_Line]:
    lines, start = [], 0
    for raw in text.splitlines(keepends=True):
        content = raw.rstrip("\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029")
        role: Role = "prose" if content.strip() else "blank"
        lines.append(_Line(start, start + len(raw), content, role))
        start += len(raw)
    return lines


def _assign_roles(lines: list[_Line], title: str | None, *, markdown: bool) -> list[_Line]:
    roles = [line.role for line in lines]
    begin = _mark_front_matter(lines, roles) if markdown else 0
    if markdown:
        _mark_code(lines, roles, begin)
    for number in range(begin, len(lines)):
        if roles[number] == "prose":
            roles[number] = _role_of(lines[number].text, markdown=markdown)
    _mark_underlined(lines, roles)
    _unmark_repeated_flags(lines, roles)
    _mark_title(lines, roles, title)
    _mark_sources(lines, roles)
    return [replace(line, role=role) for line, role in zip(lines, roles, strict=True)]


def _mark_front_matter(lines: Sequence[_Line], roles: list[Role]) -> int:
    if not lines or lines[0].text.rstrip() not in ("---", "+++"):
        return 0
    closing = {"---": ("---", "..."), "+++": ("+++",)}[lines[0].text.rstrip()]
    for number in range(1, min(len(lines), FRONT_MATTER_LINES)):
        if lines[number].text.rstrip() in closing:
            roles[: number + 1] = ["source"] * (number + 1)
            return number + 1
    return 0


def _mark_code(lines: Sequence[_Line], roles: list[Role], begin: int) -> None:
    fence = ""
    for number in range(begin, len(lines)):
        match = _FENCE.match(lines[number].text)
        if match and not fence:
            fence, roles[number] = match.group(1), "mark"
        elif match and match.group(1).startswith(fence):
            fence, roles[number] = "", "mark"
        elif fence and roles[number] != "blank":
            roles[number] = "code"


def _role_of(text: str, *, markdown: bool) -> Role:
    if not _WORD.search(text):
        return "underline" if _SETEXT.match(text) else "mark"
    if _is_heading(text, markdown=markdown):
        return "heading"
    if markdown and _REFERENCE.match(text):
        return "source"
    if (markdown and _ROW.match(text)) or "\t" in text.strip():
        return "row"
    return "item" if _ITEM.match(text) else "prose"


def _is_heading(text: str, *, markdown: bool) -> bool:
    if markdown and _HASHES.match(text):
        return True
    if _ENDED.search(text) and not _BRACKETED.match(text):
        return False
    if _STOP.search(text) or display_columns(text) > HEADING_COLUMNS:
        return False
    return any(form.match(text) for form in (_HASHES, _BRACKETED, _FLAGGED, _CHAPTER))


def _mark_underlined(lines: Sequence[_Line], roles: list[Role]) -> None:
    for number in range(1, len(lines)):
        if roles[number] == "underline":
            above_is_alone = number == 1 or roles[number - 2] in ("blank", "source", "mark")
            fits = (
                above_is_alone
                and roles[number - 1] == "prose"
                and _is_short_title(lines[number - 1])
            )
            if fits:
                roles[number - 1] = "heading"
            else:
                roles[number] = "mark"
    if roles and roles[0] == "underline":
        roles[0] = "mark"


def _unmark_repeated_flags(lines: Sequence[_Line], roles: list[Role]) -> None:
    # ■ on neighbouring lines is a list, not a row of headings.
    flags = [_FLAGGED.match(line.text) for line in lines]
    for number in range(1, len(lines)):
        here, above = flags[number], flags[number - 1]
        if here and above and here.group("flag") == above.group("flag"):
            roles[number - 1] = roles[number] = "item"


def _mark_title(lines: Sequence[_Line], roles: list[Role], title: str | None) -> None:
    if title is None:
        return
    filled = [n for n, role in enumerate(roles) if role not in ("blank", "source", "mark")]
    # A text that is nothing but its title would otherwise have no sentence to answer with.
    if len(filled) > 1 and _bare(lines[filled[0]].text) == _bare(title):
        roles[filled[0]] = "title"


def _mark_sources(lines: Sequence[_Line], roles: list[Role]) -> None:
    filled = [n for n, role in enumerate(roles) if role not in ("blank", "mark")]
    for number in reversed(filled[1:]):
        text = lines[number].text
        if len(text) > SOURCE_CHARACTERS or not (_SOURCE.match(text) or _ADDRESS.match(text)):
            return
        roles[number] = "source"


def _bare(text: str) -> str:
    match = _HASHES.match(text)
    return (match.group("text") if match else text).strip()


def _is_short_title(line: _Line) -> bool:
    text = line.text.rstrip()
    return (
        not _STOP.search(text)
        and not text.endswith((".", ";", "；", *_COMMAS))
        and display_columns(text) <= TITLE_COLUMNS
    )


def _runs_on(line: _Line) -> bool:
    return line.role == "prose" and _LOWER.match(line.text) is not None


def _group_lines(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    """Yield runs of prose lines without a blank between them, and every other line alone."""
    group: list[_Line] = []
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


def _is_line_by_line(groups: Sequence[Sequence[_Line]]) -> bool:
    """Tell whether lines end where sentences end (more than three in five that another follows)."""
    inner = [line for group in groups for line in group[:-1] if line.role == "prose"]
    ended = sum(1 for line in inner if _ENDED.search(line.text) or _CLOSED.search(line.text))
    return ended > 0.6 * len(inner)


def _blocks_of_group(group: Sequence[_Line], *, by_line: bool) -> Iterator[Block]:
    widest = max(display_columns(line.text.rstrip()) for line in group)
    habit = _Habit(by_line, ended=_ENDED.search(group[-1].text) is not None, widest=widest)
    paragraph = [group[0]]
    for line in group[1:]:
        if not _continues(paragraph[-1], line, habit):
            yield _block(paragraph)
            paragraph = []
        paragraph.append(line)
    yield _block(paragraph)


@dataclass(frozen=True, slots=True)
class _Habit:
    """How a group of lines is written.

    `by_line`: the text has a sentence per line. `ended`: the last line ends a sentence, so this is
    prose and no list of words. `widest`: columns of the longest line.
    """

    by_line: bool
    ended: bool
    widest: int


def _continues(above: _Line, line: _Line, habit: _Habit) -> bool:
    """Tell whether a line goes on with the sentence that the line above it began."""
    upper, lower = above.text, line.text
    if _stands_apart(above, line):
        return False
    if _STARTS_LATE.match(lower) or _ABBREVIATED.search(upper):
        return True
    if _ENDED.search(upper):
        return False
    if upper.rstrip().endswith(_COMMAS) or (habit.ended and _LOWER.match(lower)):
        return True
    return not habit.by_line and _is_wrapped(upper.rstrip(), lower, habit)


def _stands_apart(above: _Line, line: _Line) -> bool:
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
    wide = _WIDE.search(upper[-1:]) is not None
    # Japanese line breaking pulls up to two characters along with the one that does not fit.
    slack = 4 if wide else 1
    needed = display_columns(unit.group(1)) if unit else 0
    return display_columns(upper) + needed + slack > habit.widest


def _block(lines: Sequence[_Line]) -> Block:
    first, last = lines[0], lines[-1]
    kinds: dict[Role, SentenceKind] = {
        "heading": "heading",
        "mark": "heading",
        "underline": "heading",
        "source": "source",
        "title": "title",
    }
    mark = _ITEM.match(first.text) if first.role == "item" else None
    inner = first.start + (mark.end() if mark else 0)
    return Block(
        first.start, inner, last.end, kinds.get(first.role, "body"), first.role in ("prose", "item")
    )


def _tile(blocks: Sequence[Block], length: int) -> list[Block]:
    starts = [0, *(block.start for block in blocks[1:]), length]
    return [
        replace(block, start=starts[number], end=starts[number + 1])
        for number, block in enumerate(blocks)
    ]
