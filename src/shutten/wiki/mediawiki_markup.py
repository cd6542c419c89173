"""MediaWiki's markup to text: what its reader sees, without what templates would draw."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from shutten.documents import LINE_BREAK
from shutten.types import Section
from shutten.wiki.anchors import MEDIAWIKI, Anchors
from shutten.wiki.text import PageText

FILE, CATEGORY = 6, 14
"""MediaWiki's own numbers of these namespaces."""

_ALWAYS = {
    FILE: ("file", "image", "ファイル", "画像", "media"),
    CATEGORY: ("category", "カテゴリ"),
}

_QUOTES = re.compile("'{2,}")
_SWITCHES = re.compile("__(?:[A-Z]+|[ぁ-ヿ一-鿿]+)__")
_OTHER_LANGUAGE = re.compile(r"(?:[a-z]{2,3}(?:-[a-z]+)*|simple)$")
_FILE_OPTION = re.compile(
    r"(?:thumb(?:nail)?|frame(?:d|less)?|border|left|right|center|none|baseline|middle|sub|super"
    r"|top|bottom|text-top|text-bottom|サムネイル|フレーム(?:なし)?|左|右|中央|なし|upright.*"
    r"|(?:\d*+x)?\d++ ?(?:px|ピクセル)|(?:alt|link|page|lang|class|代替文)=.*)$",
    re.DOTALL,
)
_REDIRECT = re.compile(r"\s*#(?:redirect|転送|リダイレクト)\s*:?\s*\[\[", re.IGNORECASE)

_SHOWN_PARAMETER: Mapping[str, int] = {
    **dict.fromkeys(
        ("nowrap", "仮リンク", "ill", "ill2", "interlanguage link", "ruby", "読み仮名", "ふりがな",
         "small", "big", "quote", "quotation", "blockquote", "cquote", "abbr", "要出典範囲", "code",
         "kbd", "mono", "val", "em", "strong", "補助漢字フォント", "jis2004フォント"),
        1,
    ),
    **dict.fromkeys(("lang", "color", "transl"), 2),
}  # fmt: skip
"""Templates that show one of their parameters, and which."""
_SIGNS = {"!": "|", "=": "=", "ndash": "–", "mdash": "—", "nbsp": " ", "spaces": " ", "snd": " – "}
_NOTES = frozenset({"efn", "refn", "efn2", "注釈", "#tag:ref"})
_NOTE_LISTS = frozenset(
    {"reflist", "references", "notelist", "notelist2", "脚注リスト", "reflist2"}
)
_FORMULAS = frozenset({"math", "chem", "ce"})
_LEFT_OUT = frozenset(
    {
        "style", "templatestyles", "score", "timeline", "graph", "hiero", "imagemap", "mapframe",
        "maplink", "includeonly", "indicator", "inputbox", "rt", "rp", "script", "categorytree",
    }
)  # fmt: skip
_CODE = frozenset({"pre", "syntaxhighlight", "source"})
_BLOCKS = frozenset(
    {"div", "p", "center", "blockquote", "section", "noinclude", "onlyinclude", "ul", "ol", "dl"}
)
_LINES = frozenset({"dt", "dd"})


@dataclass(frozen=True, slots=True)
class LinkNames:
    """How a wiki names the namespaces whose links are no prose, besides their common names."""

    names: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    def is_of(self, namespace: int, prefix: str) -> bool:
        """Tell whether a link that begins with this prefix leads into a namespace."""
        known = (*_ALWAYS[namespace], *self.names.get(namespace, ()))
        return _folded(prefix) in {_folded(each) for each in known}


def is_redirect(markup: str) -> bool:
    """Tell whether a page only sends its reader to another one."""
    return _REDIRECT.match(markup) is not None


def read_mediawiki(
    markup: str, title: str, names: LinkNames | None = None
) -> tuple[str, tuple[Section, ...]]:
    """Return a page's text and its sections; the title of the page is not part of its text."""
    from mwparserfromhell import parse

    blocks = _Blocks(_Inline(title, names or LinkNames()))
    blocks.take_all(parse(markup, skip_style_tags=True).nodes)
    return blocks.finish()


def _folded(name: str) -> str:
    return " ".join(name.replace("_", " ").split()).casefold()


class _Inline:
    """Nodes to the words that stand in a line; notes and captions are set aside meanwhile."""

    def __init__(self, title: str, names: LinkNames) -> None:
        self._title = title
        self._names = names
        self.notes: dict[str, None] = {}
        self.captions: list[str] = []

    def words(self, code: Any) -> str:  # noqa: ANN401 -- the parser's nodes have no types
        """Return the words of some nodes."""
        return "".join(self.of(node) for node in _nodes(code))

    def of(self, node: Any) -> str:  # noqa: ANN401
        """Return the words of one node."""
        reader = _READERS.get(type(node).__name__)
        return reader(self, node) if reader else ""

    def _text(self, node: Any) -> str:  # noqa: ANN401
        return _SWITCHES.sub("", _QUOTES.sub("", str(node.value)))

    def _entity(self, node: Any) -> str:  # noqa: ANN401
        return unescape(str(node))

    def _heading(self, node: Any) -> str:  # noqa: ANN401
        return self.words(node.title)

    def _argument(self, node: Any) -> str:  # noqa: ANN401
        return self.words(node.default)

    def _external(self, node: Any) -> str:  # noqa: ANN401
        return self.words(node.title) if node.brackets else self.words(node.url)

    def _link(self, node: Any) -> str:  # noqa: ANN401
        target = self.words(node.title).strip()
        prefix, colon, _ = target.partition(":")
        if colon and self._names.is_of(FILE, prefix):
            self.captions += _last(self._captions(node))
            return ""
        if colon and (self._names.is_of(CATEGORY, prefix) or _OTHER_LANGUAGE.match(prefix)):
            return ""
        return self.words(node.text).strip("\n") or target.removeprefix(":")

    def _captions(self, node: Any) -> Iterator[str]:  # noqa: ANN401
        for part in self.words(node.text).split("|"):
            if part.strip() and not _FILE_OPTION.match(part.strip()):
                yield part

    def _template(self, node: Any) -> str:  # noqa: ANN401
        name = _folded(str(node.name))
        if name in ("pagename", "fullpagename"):
            return self._title
        if name in _NOTES:
            self.note(self._parameter(node, 1))
        elif name.startswith(("formatnum:", "lc:", "uc:")):
            return name.partition(":")[2]
        elif name in _SHOWN_PARAMETER:
            return self._parameter(node, _SHOWN_PARAMETER[name])
        return _SIGNS.get(name, "")

    def _parameter(self, node: Any, number: int) -> str:  # noqa: ANN401
        if not node.has(str(number)):
            return ""
        return self.words(node.get(str(number)).value)

    def _tag(self, node: Any) -> str:  # noqa: ANN401
        name = _tag_name(node)
        if name == "ref":
            self.note(self.words(node.contents))
        elif name == "br":
            return LINE_BREAK
        elif name == "nowiki" or name in _FORMULAS:
            return unescape(str(node.contents or "")).strip("\n")
        elif name in ("table", "tr"):
            return " ".join(self.of(cell) for cell in _nodes(node.contents))
        elif name not in _LEFT_OUT and name != "references":
            return self.words(node.contents)
        return ""

    def note(self, text: str) -> None:
        """Set a note aside until the page shows its notes."""
        if text.strip():
            self.notes.setdefault(text.strip())


_READERS = {
    "Text": _Inline._text,
    "HTMLEntity": _Inline._entity,
    "Heading": _Inline._heading,
    "Argument": _Inline._argument,
    "ExternalLink": _Inline._external,
    "Wikilink": _Inline._link,
    "Template": _Inline._template,
    "Tag": _Inline._tag,
}  # fmt: skip
"""By the name of the parser's class; what is not here, such as a comment, is not shown."""


class _Blocks:
    """The nodes of a page to headings, paragraphs, items, rows and code."""

    def __init__(self, inline: _Inline) -> None:
        self._inline = inline
        self._page = PageText(Anchors(MEDIAWIKI))
        self._words: list[str] = []
        self._line = ""
        self._role = "paragraph"

    def take_all(self, nodes: Iterable[Any]) -> None:
        """Take nodes in their order."""
        for node in nodes:
            self._take(node)

    def finish(self) -> tuple[str, tuple[Section, ...]]:
        """Show the notes that no list has shown, and return text and sections."""
        self._flush()
        self._show_notes()
        return self._page.written()

    def _take(self, node: Any) -> None:  # noqa: ANN401
        kind = type(node).__name__
        if kind == "Heading":
            self._take_heading(node.level, node.title)
        elif kind == "Template" and _folded(str(node.name)) in _NOTE_LISTS:
            self._flush()
            self._show_notes()
        elif kind != "Tag" or not self._took_tag(_tag_name(node), node):
            self._add(self._inline.of(node))

    def _take_heading(self, level: int, title: Any) -> None:  # noqa: ANN401
        self._flush()
        self._page.heading(level, self._inline.words(title).strip())

    def _took_tag(self, name: str, node: Any) -> bool:  # noqa: ANN401
        """Take a tag that stands as a block, and tell whether it does."""
        if name == "li" or name in _LINES:
            self._begin_line(name, node)
        elif name in _CODE and not node.has("inline"):
            self._flush()
            self._page.code(unescape(str(node.contents or "")))
        elif name == "table":
            self._flush()
            self._take_table(node)
        elif name in _BLOCKS or name == "hr":
            self._flush()
            self.take_all(_nodes(node.contents))
            self._flush()
        elif re.fullmatch("h[1-6]", name):
            self._take_heading(int(name[1]), node.contents)
        elif name in ("gallery", "poem", "references"):
            self._flush()
            self._take_extension(name, node)
        else:
            return False
        return True

    def _begin_line(self, name: str, node: Any) -> None:  # noqa: ANN401
        self._flush()
        self._role = "item" if name == "li" else "line"
        if node.contents:
            self._add(self._inline.words(node.contents).strip().replace("\n", " "))
            self._flush()

    def _take_extension(self, name: str, node: Any) -> None:  # noqa: ANN401
        if name == "references":
            self._inline.words(node.contents)  # notes may be written in the list itself
            self._show_notes()
        elif name == "poem":
            self._page.paragraph(self._inline.words(node.contents).replace("\n", LINE_BREAK))
        else:
            for line in self._inline.words(node.contents).splitlines():
                self._page.paragraph(line.partition("|")[2])

    def _take_table(self, table: Any) -> None:  # noqa: ANN401
        cells: list[str] = []
        names: set[str] = set()
        for node in _nodes(table.contents):
            name = _tag_name(node)
            if name in ("tr", "tbody", "thead", "tfoot"):
                self._end_row(cells, head=names == {"th"})
                cells, names = [], set()
                self._take_table(node)
            elif name in ("td", "th", "caption"):
                found = self._cell(node)
                cells += found
                names |= {name} if found else set()
        self._end_row(cells, head=names == {"th"})

    def _cell(self, node: Any) -> list[str]:  # noqa: ANN401
        words = self._inline.words(node.contents).strip()
        # The parser takes a caption, |+, for a cell.
        if str(node.wiki_markup) == "|" and words.startswith("+"):
            self._page.paragraph(words[1:])
            return []
        return [words]

    def _end_row(self, cells: list[str], *, head: bool) -> None:
        self._page.row(cells, head=head)
        self._show_captions()

    def _add(self, text: str) -> None:
        first, *others = text.split("\n")
        self._line += first
        for line in others:
            self._end_line()
            self._line = line

    def _end_line(self) -> None:
        line, self._line = self._line, ""
        self._words.append(line)
        if self._role != "paragraph" or not line.strip(" \t"):
            self._flush()

    def _flush(self) -> None:
        text = "\n".join([*self._words, self._line])
        self._words, self._line = [], ""
        self._show_captions()
        if self._role == "item":
            self._page.item(text)
        else:
            self._page.paragraph(text)
        self._role = "paragraph"

    def _show_captions(self) -> None:
        captions, self._inline.captions = self._inline.captions, []
        for caption in captions:
            self._page.paragraph(caption)

    def _show_notes(self) -> None:
        notes, self._inline.notes = self._inline.notes, {}
        for note in notes:
            self._page.item(note)


def _tag_name(node: Any) -> str:  # noqa: ANN401
    return str(node.tag).strip().lower() if type(node).__name__ == "Tag" else ""


def _nodes(code: Any) -> Sequence[Any]:  # noqa: ANN401
    return code.nodes if code is not None else ()


def _last(words: Iterable[str]) -> list[str]:
    return list(words)[-1:]
