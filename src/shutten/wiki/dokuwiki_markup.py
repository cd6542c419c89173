"""DokuWiki's markup to text: what its reader sees, without plugins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shutten.documents import LINE_BREAK
from shutten.types import Section
from shutten.wiki.anchors import DOKUWIKI, Anchors
from shutten.wiki.text import PageText

_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
"""Around the number of a part that is read already; no text holds these two noncharacters."""

_MARK = re.compile(
    r"""
      ^[ \t]*(?P<heading>={2,}+(?=[^\n]*==[ \t]*$)[^\n]++)$
    | <(?P<code>code|file)\b(?!@)[^<>\n]*>
    | <(?P<raw>html|php)>
    | (?P<nowiki><nowiki>)
    | (?P<verbatim>%%)
    | (?P<note>\(\()
    | (?P<link>\[\[)
    | (?P<media>\{\{)
    | (?P<address>\b(?:https?|ftp)://[^\s<>|^\[\]{}\x7f-\U0010ffff]+)
    | <(?P<mail>[\w.+-]+@[\w-][\w.-]*)>
    | (?P<break>\\\\(?:[ \t]|(?=\n)|\Z))
    | (?P<switch>~~[A-Za-z][^~\n]*~~)
    | (?P<box></?(?:wrap|block|div|span|inline|hidden|note)\b[^<>\n]*>)
    """,
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)
"""What holds no further markup: a whole part, or the mark that opens one."""
_CLOSING = {"nowiki": "</nowiki>", "verbatim": "%%", "note": "))", "link": "]]", "media": "}}"}
_FORMATS = (
    re.compile(r"\*\*(?=\S)(.+?)\*\*", re.DOTALL),
    re.compile(r"(?<!:)//(?=\S)(.+?)(?<!:)//", re.DOTALL),
    re.compile(r"__(?=\S)(.+?)__", re.DOTALL),
    re.compile(r"''(?=\S)(.+?)''", re.DOTALL),
)
_TAGS = (
    (re.compile(r"<su[bp]>(.*?)</su[bp]>", re.DOTALL), ("</sub>", "</sup>")),
    (re.compile(r"<del>(.*?)</del>", re.DOTALL), ("</del>",)),
)
_KEPT = re.compile(rf"{_OPEN}(\d+){_CLOSE}")
_ITEM = re.compile(r"(?: {2,}|\t[ \t]*)[*-](?P<text>.*)")
_QUOTED = re.compile(r">+ ?")
_RULE = re.compile(r"-{4,}\s*$")
_INDENTED = re.compile(r"(?: {2}|\t)(?P<text>.*\S.*)")
_SPANNED = re.compile(r":{3,}")
_SHOWN_MEDIA = re.compile(
    r"\.(?:png|jpe?g|gif|svg|webp|avif|ico|mp[34]|webm|og[gva]|wav|swf)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Heading:
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class _Code:
    text: str


@dataclass(frozen=True, slots=True)
class _Part:
    """A part without further markup: its kind, what it holds, and where it ends on the page."""

    kind: str
    text: str
    end: int


class _Closings:
    """The marks that close a part. They are asked for from left to right.

    Where one comes next is remembered, so that a page of marks that are never closed is looked
    through once for each kind and not once for each mark.
    """

    def __init__(self, markup: str) -> None:
        self._markup = markup
        self._next: dict[str, int] = {}

    def after(self, mark: str, start: int) -> int | None:
        """Return where a mark comes at or behind `start`, None where it does not."""
        known = self._next.get(mark, -1)
        if known < start:
            found = re.compile(re.escape(mark), re.IGNORECASE).search(self._markup, start)
            known = self._next[mark] = found.start() if found else len(self._markup)
        return known if known < len(self._markup) else None

    def part(self, mark: re.Match[str]) -> _Part | None:
        """Return the part that a mark opens or is, None where it is never closed."""
        kind, start = str(mark.lastgroup), mark.end()
        closing = f"</{mark[kind]}>" if kind in ("code", "raw") else _CLOSING.get(kind)
        if closing is None:
            return _Part(kind, mark[kind], start)
        end = self.after(closing, start)
        if end is None or not self._may_close(kind, start, end):
            return None
        if kind == "link" and self._markup.startswith("]]]", end):
            end += 1  # the first bracket is the last letter of the link
        return _Part(kind, self._markup[start:end], end + len(closing))

    def _may_close(self, kind: str, start: int, end: int) -> bool:
        if kind == "link":
            line_end = self.after("\n", start)
            return line_end is None or end < line_end
        return kind != "media" or start < end == self.after("}", start)


def read_dokuwiki(markup: str) -> tuple[str, tuple[Section, ...], str | None]:
    """Return a page's text, its sections, and its title: the first heading, None without one."""
    return _Reader().read(markup.replace("\r\n", "\n"))


class _Reader:
    """Reads one page. Parts that hold no further markup are set aside first, then line by line."""

    def __init__(self) -> None:
        self._page = PageText(Anchors(DOKUWIKI))
        self._kept: list[str | _Heading | _Code] = []
        self._notes: dict[str, int] = {}
        self._noted = 0
        self._paragraph: list[str] = []
        self._indented: list[str] = []
        self._title: str | None = None

    def read(self, markup: str) -> tuple[str, tuple[Section, ...], str | None]:
        cleaned = markup.replace(_OPEN, "").replace(_CLOSE, "")
        for line in self._set_aside(cleaned).split("\n"):
            self._take(line)
        self._flush()
        for note, number in self._notes.items():
            self._page.item(note, anchor=f"fn__{number}")
        return (*self._page.written(), self._title)

    def _set_aside(self, markup: str) -> str:
        pieces, done, position = [], 0, 0
        closings = _Closings(markup)
        while mark := _MARK.search(markup, position):
            part = closings.part(mark)
            position = part.end if part else mark.start() + 1
            if part:
                pieces += [markup[done : mark.start()], self._keep(part)]
                done = position
        return "".join([*pieces, markup[done:]])

    def _keep(self, part: _Part) -> str:
        if part.kind == "heading":
            return self._block(_heading(part.text))
        if part.kind == "code":
            return self._block(_Code(part.text))
        if part.kind == "note":
            self._note(self._inline(self._set_aside(part.text)))
            return ""
        return self._aside(_inline_text(part))

    def _aside(self, value: str | _Heading | _Code) -> str:
        self._kept.append(value)
        return f"{_OPEN}{len(self._kept) - 1}{_CLOSE}"

    def _block(self, value: _Heading | _Code) -> str:
        return f"\n{self._aside(value)}\n"

    def _note(self, text: str) -> None:
        # The same note twice stands once at the foot of the page, under both its numbers.
        self._noted += 1
        self._notes.setdefault(text, self._noted)

    def _take(self, line: str) -> None:
        block = _KEPT.fullmatch(line.strip())
        value = self._kept[int(block[1])] if block else line
        if not isinstance(value, str):
            self._flush()
            self._take_block(value)
        elif (found := _INDENTED.match(line)) and (self._indented or not _ITEM.match(line)):
            if self._paragraph:
                self._flush()
            self._indented.append(found["text"])
        elif found := _ITEM.match(line):
            self._flush()
            self._page.item(self._inline(found["text"]))
        elif line.startswith(("|", "^")):
            self._flush()
            cells = [self._inline(cell) for cell in _cells(line)]
            self._page.row(cells, head=set(_bars(line)) == {"^"})
        elif not value.strip(" \t") or _RULE.match(line):
            self._flush()
        else:
            self._take_prose(line)

    def _take_block(self, value: _Heading | _Code) -> None:
        if isinstance(value, _Code):
            self._page.code(value.text)
        else:
            self._title = self._title or value.text or None
            self._page.heading(value.level, value.text)

    def _take_prose(self, line: str) -> None:
        if self._indented:
            self._flush()
        quoted = _QUOTED.match(line)
        self._paragraph.append(line[quoted.end() :] + LINE_BREAK if quoted else line)

    def _flush(self) -> None:
        paragraph, self._paragraph = self._paragraph, []
        indented, self._indented = self._indented, []
        self._page.code(self._restored("\n".join(indented)))
        self._page.paragraph(self._inline("\n".join(paragraph)))

    def _inline(self, text: str) -> str:
        for form in _FORMATS:
            text = form.sub(r"\1", text)
        return self._restored(_untagged(text))

    def _restored(self, text: str) -> str:
        def value(match: re.Match[str]) -> str:
            kept = self._kept[int(match[1])]
            return kept if isinstance(kept, str) else kept.text

        return _KEPT.sub(value, text)


def _untagged(text: str) -> str:
    for form, closings in _TAGS:
        # Behind the last closing tag no opening one is looked at: it would look for nothing.
        end = max(text.rfind(each) + len(each) for each in closings)
        text = form.sub(r"\1", text[:end]) + text[end:]
    return text


def _heading(marked: str) -> _Heading:
    opening = len(marked) - len(marked.lstrip("="))
    return _Heading(min(max(7 - opening, 1), 6), marked.strip().strip("=").strip())


def _inline_text(part: _Part) -> str:
    if part.kind == "link":
        return _link_text(part.text)
    if part.kind == "media":
        return _media_text(part.text)
    if part.kind == "break":
        return LINE_BREAK
    return part.text if part.kind in ("nowiki", "verbatim", "address", "mail") else ""


def _link_text(link: str) -> str:
    target, _, label = (part.strip() for part in link.partition("|"))
    if label:
        return re.sub(r"\{\{[^{}]*\}\}", "", label).strip()
    if "://" in target or target.startswith("\\\\"):
        return target
    if ">" in target:
        return target.split(">", 1)[1]
    name, _, section = target.split("?")[0].partition("#")
    return section or _page_name(name)


def _page_name(name: str) -> str:
    parts = [part for part in re.split("[:;]", name) if part.strip(".")]
    if len(parts) > 1 and parts[-1] == "start":
        return parts[-2]
    return parts[-1] if parts else ""


def _media_text(media: str) -> str:
    target, _, label = (part.strip() for part in media.partition("|"))
    name = target.split("?")[0].strip()
    if ">" in name or _SHOWN_MEDIA.search(name):
        return ""
    return label or re.split("[:/]", name)[-1]


def _cells(line: str) -> Iterator[str]:
    """The cells of a row; one over several columns or rows goes on in empty ones."""
    for cell in re.split(r"[|^]", line.rstrip())[1:-1]:
        yield "" if _SPANNED.fullmatch(cell.strip()) else cell


def _bars(line: str) -> list[str]:
    """The signs before the cells of a row: ^ before those of a head."""
    return re.findall(r"[|^](?=[^|^]*[|^])", line)
