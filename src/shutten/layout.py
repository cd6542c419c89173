"""Lines and what they are: headings, titles, sources, list items, table rows, code, or prose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from shutten.readable import is_rule
from shutten.tables import is_row

Role = Literal[
    "blank", "prose", "item", "row", "head", "heading", "underline", "mark", "source", "title",
    "code",
]  # fmt: skip

TITLE_COLUMNS = 120
"""A first line wider than this is prose. An East Asian wide character takes two columns."""
HEADING_COLUMNS = 80
LONGEST_HEADING = 500
SOURCE_CHARACTERS = 200
BARE_COLUMNS = 24
"""A heading without any mark is this short in Japanese, and twice as long in English."""
FRONT_MATTER_LINES = 200
"""A head that is longer is none: it may be a whole text between two rules."""
_FRONT_CLOSINGS = {"---": ("---", "..."), "+++": ("+++",)}
MARKDOWN_ENDINGS = (".md", ".markdown", ".qmd")
"""Of the names of files, and so of the ids of articles, that are Markdown."""

COMMENT_LINES = 200

COMMAS = ("、", "，", ",")
CLOSERS = "」』｣）)】〕］\\]〉》\"'”’"
_WIDE = re.compile(
    "[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]"
)
_WORD = re.compile(r"[^\W_]")
_ENDED = re.compile(
    rf"[。．！？!?.…‥｡:：;；](?:[{CLOSERS}*_]|[\[［][^\[\]［］]{{1,30}}[\]］])*\s*$"
)
_CLOSED = re.compile(rf"[{CLOSERS}]\s*$")
_STOP = re.compile("[。｡]")
_HASHES = re.compile(r"\s{0,3}#{1,6}[ \t　]+")
_BRACKETED = re.compile(
    r"\s*(?:【[^】]+】|〔[^〕]+〕|〈[^〉]+〉|《[^》]+》|≪[^≫]+≫|＜[^＞]+＞)\s*$"
)
_FLAGGED = re.compile(r"\s*(?P<flag>[■□◆◇▼▽§])\s*(?P<text>[^:：]*)$")
_CHAPTER = re.compile(
    r"\s*(?:第\s*[0-9０-９〇一二三四五六七八九十百千]+\s*[章節編部](?:[\s　:：.、・]|$)"
    r"|(?:Chapter|Section|Part|Appendix)\s+(?:\d+|[IVXLC]+|[A-Z])(?:[\s:.]|$)"
    r"|[0-9０-９]+(?:[.．][0-9０-９]+)+[.．]?[\s　]+\S)"
)
_NUMBERED = re.compile(r"\s*[0-9０-９]+[.．]")
_ITEM = re.compile(
    r"\s*(?:[-*+•‣–—][ \t　]+|[・●○◯◦▪▫►▶★☆▲△◎※✓✔]\s*|\d{1,3}[.)．）、](?!\d)[ \t　]*"
    r"|[(（](?:\d{1,3}|[a-z]|[ア-ン])[)）][ \t　]*|[①-⑳⑴-⒇][ \t　]*|[a-zA-Z][.)][ \t]+(?=\S))"
)
_BARE_HEADING = re.compile(
    r"(?:[A-Z][A-Za-z'’ \-]+[A-Za-z?]|[^\s\d、。，．,.:：;；/／|｜はがを\"'（）()「」【】…]+)$"
)
_SETEXT = re.compile(r"\s{0,3}(?:={3,}|-{3,})\s*$")
_ROW = re.compile(r"\s*\|.*\|\s*$|[^|]*\|[^|]*\|.*$")
_WIKI_LINK = re.compile(r"!?\[\[[^\[\]]*\]\]")
_EMBEDDED = re.compile(r"\s*(?:!\[\[[^\[\]]*\]\]\s*|!\[[^\]]*\]\([^()]*\)\s*)+$")
_DIRECTIVE = re.compile(
    r"\s*(?::{3,}\s*(?:\{.*\}|[\w-]*)|(?:!!!|\?\?\?)\+?\s+[a-z][\w -]*(?:\".*\")?)\s*$"
)
"""Opens or closes a box of MkDocs or Quarto; what is in the box is text like any other."""
_COMMENT = re.compile(r"\s*(?P<mark><!--|%%)")
_COMMENT_CLOSES = {"<!--": "-->", "%%": "%%"}
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

_WEAK_ITEM = re.compile(r"\s*(?:(?P<first>[1１a])|\d{1,3}|[a-zA-Z])[.．、)）]|\s*[–—]")


_DAY = re.compile(r"[\"']?(?P<day>\d{4}-\d{2}-\d{2})(?!\d)")
_DATE_KEYS = frozenset(("date", "published", "pubdate", "publishdate"))


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the head of a Markdown file says of it; the text itself begins at `end`."""

    end: int
    title: str | None
    day: date | None


@dataclass(frozen=True, slots=True)
class Line:
    """`text` is the line without its line break; `start` and `end` include it."""

    start: int
    end: int
    text: str
    role: Role = "prose"


def lines_of(text: str, *, title: str | None, markdown: bool) -> list[Line]:
    """Return the lines that tile a text, with roles; a first line that equals `title` is it."""
    lines = _split_lines(text)
    roles = _roles(lines, title, markdown=markdown)
    return [
        Line(line.start, line.end, line.text, role) for line, role in zip(lines, roles, strict=True)
    ]


def is_short_title(line: Line) -> bool:
    """Tell whether a line can be a title: short, without 。, and not going on."""
    text = line.text.rstrip()
    return (
        not _STOP.search(text)
        and not text.endswith((".", ";", "；", *COMMAS))
        and display_columns(text) <= TITLE_COLUMNS
    )


def bare_title(text: str) -> str:
    """Return a line without the # marks of a heading."""
    mark = _HASHES.match(text)
    if not mark:
        return text.strip()
    inside = text[mark.end() :].rstrip()
    without = inside.rstrip("#")
    return (without if without.endswith((" ", "\t", "　")) else inside).strip()


def ends_sentence(text: str) -> bool:
    """Tell whether a line ends with a stop; closing brackets and notes may stand behind it."""
    return _ENDED.search(text) is not None


def ends_closed(text: str) -> bool:
    """Tell whether a line ends with a stop or with a closing bracket."""
    return (_ENDED.search(text) or _CLOSED.search(text)) is not None


def front_matter(text: str) -> FrontMatter | None:
    """Return what a Markdown text begins with in YAML or TOML, None where it has no such head."""
    if not text.startswith(tuple(_FRONT_CLOSINGS)):
        return None
    lines = _split_lines(text)
    count = _front_matter_lines(lines)
    if not count:
        return None
    values = list(_front_values(lines[1 : count - 1], "=" if text.startswith("+++") else ":"))
    title = next((value for key, value in values if key == "title"), None)
    days = (_DAY.match(value) for key, value in values if key in _DATE_KEYS)
    named = next(filter(None, days), None)
    return FrontMatter(
        lines[count - 1].end, _unquoted(title or "") or None, _day(named["day"]) if named else None
    )


def _front_values(lines: Sequence[Line], mark: str) -> Iterator[tuple[str, str]]:
    for line in lines:
        if mark == "=" and line.text.startswith("["):
            return  # a table of TOML: what follows is said of something else
        key, found, value = line.text.partition(mark)
        if found:
            yield key.rstrip().lower(), value.strip()


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1].strip() if quoted else value


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:  # such as the 30th of February
        return None


def item_mark_length(line: Line) -> int:
    """Return how many characters of a line are the mark of a list item, 0 if it is none."""
    mark = _ITEM.match(line.text) if line.role == "item" else None
    return mark.end() if mark else 0


def display_columns(text: str) -> int:
    """Return the width of a text in columns, where an East Asian wide character takes two."""
    return len(text) + len(_WIDE.findall(text))


def _split_lines(text: str) -> list[Line]:
    lines, start = [], 0
    for raw in text.splitlines(keepends=True):
        content = raw.rstrip("\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029")
        role: Role = "prose" if content.strip() else "blank"
        lines.append(Line(start, start + len(raw), content, role))
        start += len(raw)
    return lines


def _roles(lines: Sequence[Line], title: str | None, *, markdown: bool) -> list[Role]:
    roles = [line.role for line in lines]
    begin = _mark_front_matter(lines, roles) if markdown else 0
    if markdown:
        _mark_code(lines, roles, begin)
        _mark_comments(lines, roles, begin)
    for number in range(begin, len(lines)):
        if roles[number] == "prose":
            roles[number] = _role_of(lines[number].text, markdown=markdown)
    _unmark_wrapped(lines, roles)
    _mark_heads(lines, roles)
    _mark_underlined(lines, roles)
    _unmark_repeated_flags(lines, roles)
    _mark_bare_headings(lines, roles)
    _mark_title(lines, roles, title)
    _mark_sources(lines, roles)
    return roles


def _mark_front_matter(lines: Sequence[Line], roles: list[Role]) -> int:
    count = _front_matter_lines(lines)
    roles[:count] = ["source"] * count
    return count


def _front_matter_lines(lines: Sequence[Line]) -> int:
    closings = _FRONT_CLOSINGS.get(lines[0].text.rstrip(), ()) if lines else ()
    for number in range(1, min(len(lines), FRONT_MATTER_LINES)):
        if lines[number].text.rstrip() in closings:
            return number + 1
    return 0


def _mark_code(lines: Sequence[Line], roles: list[Role], begin: int) -> None:
    fence = ""
    for number in range(begin, len(lines)):
        match = _FENCE.match(lines[number].text)
        if match and not fence:
            fence, roles[number] = match.group(1), "mark"
        elif match and match.group(1).startswith(fence):
            fence, roles[number] = "", "mark"
        elif fence and roles[number] != "blank":
            roles[number] = "code"


def _mark_comments(lines: Sequence[Line], roles: list[Role], begin: int) -> None:
    """Mark comments as no prose; what is never closed is no comment."""
    reached = begin
    for number in range(begin, len(lines)):
        opens = _COMMENT.match(lines[number].text)
        if number < reached or roles[number] != "prose" or not opens:
            continue
        closes = _COMMENT_CLOSES[opens["mark"]]
        reached = _closing(lines, number, opens.end(), closes)
        for inner in range(number, reached):
            if roles[inner] == "prose":
                roles[inner] = "source"


def _closing(lines: Sequence[Line], number: int, start: int, mark: str) -> int:
    """Return the line behind the one that holds the mark, at most as far as comments go."""
    if mark in lines[number].text[start:]:
        ends = lines[number].text.rstrip().endswith(mark)
        return number + 1 if ends else number
    last = min(len(lines), number + COMMENT_LINES)
    return next((n + 1 for n in range(number + 1, last) if mark in lines[n].text), number)


def _role_of(text: str, *, markdown: bool) -> Role:
    if not _WORD.search(text):
        return "underline" if _SETEXT.match(text) else "mark"
    if _is_heading(text, markdown=markdown):
        return "heading"
    if markdown and (_DIRECTIVE.match(text) or _EMBEDDED.match(text)):
        return "mark"
    if markdown and _REFERENCE.match(text):
        return "source"
    bare = text.strip()
    if (markdown and _ROW.match(_WIKI_LINK.sub("", text))) or "\t" in bare or is_row(bare):
        return "row"
    return "item" if _ITEM.match(text) else "prose"


def _is_heading(text: str, *, markdown: bool) -> bool:
    if len(text) > LONGEST_HEADING:
        return False
    if markdown and _HASHES.match(text):
        return True
    if _ENDED.search(text) and not _BRACKETED.match(text):
        return False
    if _STOP.search(text) or display_columns(text) > HEADING_COLUMNS:
        return False
    return any(form.match(text) for form in (_HASHES, _BRACKETED, _FLAGGED, _CHAPTER))


def _unmark_wrapped(lines: Sequence[Line], roles: list[Role]) -> None:
    # A wrapped line may begin with "12. ", "– " or "3.5 km"; a list begins with its first item.
    for number in range(1, len(lines)):
        mark = _WEAK_ITEM.match(lines[number].text) if roles[number] == "item" else None
        in_prose = roles[number - 1] == "prose" and not ends_closed(lines[number - 1].text)
        goes_on = roles[number + 1 : number + 2] == ["item"]
        if mark and in_prose and not goes_on and not mark.group("first"):
            roles[number] = "prose"
        in_prose = in_prose and roles[number + 1 : number + 2] in (["prose"], ["item"])
        if in_prose and roles[number] == "heading" and _NUMBERED.match(lines[number].text):
            roles[number] = "prose"


def _mark_heads(lines: Sequence[Line], roles: list[Role]) -> None:
    """Mark the head of a table: a row above a rule, with the rows of the table below it."""
    for number in range(1, len(lines) - 1):
        around = roles[number - 1], roles[number + 1]
        if around == ("row", "row") and is_rule(lines[number].text):
            roles[number - 1] = roles[number] = "head"


def _mark_underlined(lines: Sequence[Line], roles: list[Role]) -> None:
    for number in range(1, len(lines)):
        if roles[number] == "underline":
            above_is_alone = number == 1 or roles[number - 2] in ("blank", "source", "mark")
            fits = (
                above_is_alone
                and roles[number - 1] == "prose"
                and is_short_title(lines[number - 1])
            )
            if fits:
                roles[number - 1] = "heading"
            else:
                roles[number] = "mark"
    if roles and roles[0] == "underline":
        roles[0] = "mark"


def _unmark_repeated_flags(lines: Sequence[Line], roles: list[Role]) -> None:
    # ■ on neighbouring lines is a list, not a row of headings.
    flags = [_FLAGGED.match(line.text) for line in lines]
    for number in range(1, len(lines)):
        here, above = flags[number], flags[number - 1]
        if here and above and here.group("flag") == above.group("flag"):
            roles[number - 1] = roles[number] = "item"


def _mark_bare_headings(lines: Sequence[Line], roles: list[Role]) -> None:
    """Mark a few words that stand alone between blank lines, with prose to follow, as a heading."""
    for number in range(len(lines) - 1):
        alone = roles[number] == "prose" and (number == 0 or roles[number - 1] == "blank")
        if not alone or not _BARE_HEADING.match(lines[number].text):
            continue
        wide = _WIDE.search(lines[number].text) is not None
        if display_columns(lines[number].text) > (BARE_COLUMNS if wide else 2 * BARE_COLUMNS):
            continue
        following = next((n for n in range(number + 1, len(lines)) if roles[n] != "blank"), number)
        if (
            following > number + 1
            and roles[following] == "prose"
            and _ENDED.search(lines[following].text)
        ):
            roles[number] = "heading"


def _mark_title(lines: Sequence[Line], roles: list[Role], title: str | None) -> None:
    if title is None:
        return
    filled = [n for n, role in enumerate(roles) if role not in ("blank", "source", "mark")]
    # A text that is nothing but its title would otherwise have no sentence to answer with.
    if len(filled) > 1 and bare_title(lines[filled[0]].text) == bare_title(title):
        roles[filled[0]] = "title"


def _mark_sources(lines: Sequence[Line], roles: list[Role]) -> None:
    filled = [n for n, role in enumerate(roles) if role not in ("blank", "mark")]
    for number in reversed(filled[1:]):
        text = lines[number].text
        if len(text) > SOURCE_CHARACTERS or not (_SOURCE.match(text) or _ADDRESS.match(text)):
            return
        roles[number] = "source"
