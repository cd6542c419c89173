"""Web pages and PDF files to text: headings, paragraphs, list items and table rows on lines."""

from __future__ import annotations

import codecs
import io
import logging
import re
import zlib
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from shutten.decoding import decode, printable, refuse_unreadable, whole_characters
from shutten.errors import ArticleError
from shutten.tables import rule_of

PAGE_BREAK = "\f"
"""Stands between two pages of a PDF file; it ends a line, not a sentence."""

_DECLARED = re.compile(
    rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]+encoding\s*=\s*[\"']([\w.:-]+)",
    re.IGNORECASE,
)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_ALIASES = {"shift_jis": "cp932", "iso8859-1": "cp1252", "ascii": "cp1252", "euc_jp": "euc-jp"}
_PYTHONS_OWN = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined"})
"""Encodings that Python knows for purposes of its own, and no browser."""
_LEFT_OUT = (
    "head", "script", "style", "noscript", "template", "nav", "footer", "aside", "form", "button",
    "select", "svg", "iframe", "object", "audio", "video", "canvas",
)  # fmt: skip
_UNSEEN = "//template | //datalist | //dialog[not(@open)]"
"""What a browser shows nothing of, whatever is said of it."""
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_HEADINGS = {f"h{level}": "#" * level + " " for level in range(1, 7)}
_ROWS = frozenset({"tr", "row"})
_CELLS = frozenset({"td", "th", "cell"})
_ITEMS = frozenset({"li", "item"})
_VERBATIM = frozenset({"pre", "code"})
_BLOCKS = frozenset(
    {
        "address", "article", "blockquote", "body", "caption", "center", "dd", "details", "div",
        "dl", "dt", "fieldset", "figcaption", "figure", "head", "header", "hr", "html", "list",
        "main", "ol", "p", "pre", "quote", "section", "summary", "table", "tbody", "tfoot",
        "thead", "ul", *_HEADINGS, *_ROWS, *_ITEMS,
    }
)  # fmt: skip
LINE_BREAK = "\v"
"""A line break that is meant as one; `tidy` keeps it."""
_CJK = "[\u3001-\u30ff\u3400-\u9fff\uff01-\uff9f]"
_SPLIT_CJK = re.compile(f"(?<={_CJK})[ \t]*[\r\n]+[ \t]*(?={_CJK})")
_SPACES = re.compile(r"[ \t\r\n\xa0]+")
_SHORT_PAGE = 600
_PDF_FAULTS = (
    ValueError, KeyError, IndexError, TypeError, AttributeError, AssertionError, OSError,
    RecursionError, NotImplementedError, ArithmeticError, zlib.error,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Paged:
    """The text of a PDF file, and where each of its pages begins in it."""

    text: str
    pages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The readable part of a web page; `title` and `url` are None where the page names none."""

    title: str | None
    text: str
    url: str | None
    encoding: str


def read_page(data: bytes, name: str, *, charset: str | None = None) -> Page:
    """Return a page's headings (marked with #), paragraphs, list items (-) and table rows (|).

    The encoding is the byte order mark's, the `charset` that a server named, the one that the page
    names, or a guess. Raises ArticleError for a page without text or in an unknown encoding.
    """
    from trafilatura import bare_extraction

    markup, encoding = _decode_page(data, name, charset)
    tree = _parse(_DECLARATION.sub("", markup), name)
    _drop_unseen(tree)
    found = bare_extraction(tree, include_comments=False, with_metadata=True)
    text = _readable_text(tree, found)
    if not text:
        message = f"{printable(name)} has no text in its HTML: save the page's text as .txt"
        raise ArticleError(message)
    return Page(_page_title(tree, found), text, _own_address(found), encoding)


def _parse(markup: str, name: str) -> Any:  # noqa: ANN401
    from lxml.etree import ParserError
    from lxml.html import document_fromstring
    from trafilatura import load_html

    tree = load_html(markup)
    if tree is not None:
        return tree
    # A fragment without <html> is a page for a browser, though not for trafilatura.
    try:
        return document_fromstring(markup)
    except (ParserError, ValueError) as error:
        message = f"{printable(name)} is not an HTML page: save its text as .txt"
        raise ArticleError(message) from error


def _drop_unseen(tree: Any) -> None:  # noqa: ANN401
    """Take out what a browser does not show; the text behind it stays.

    A body that is hidden as a whole is shown by the page's own script, and stays as well.
    """
    styled = tree.xpath("//body//*[@hidden or @style]")
    for element in [*tree.xpath(_UNSEEN), *filter(_is_hidden, styled)]:
        if element.getparent() is not None:
            element.drop_tree()


def _is_hidden(element: Any) -> bool:  # noqa: ANN401
    styles = _styles(element.get("style", ""))
    if styles.get("display") == "none" or styles.get("visibility") in ("hidden", "collapse"):
        return True
    # A style of its own, or searching the page, shows what is `hidden`.
    hidden = element.get("hidden", "until-found").strip().lower()
    return hidden != "until-found" and "display" not in styles


def _styles(written: str) -> dict[str, str]:
    """Return the declarations of a style attribute, of which the last one holds."""
    styles: dict[str, str] = {}
    for declaration in _CSS_COMMENT.sub("", written).lower().split(";"):
        name, _, value = declaration.partition(":")
        styles[name.strip()] = value.partition("!")[0].strip()
    return styles


def _decode_page(data: bytes, name: str, charset: str | None) -> tuple[str, str]:
    if data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return decode(data, name)
    match = _DECLARED.search(data[:4096])
    in_page = (match.group(1) or match.group(2)).decode() if match else None
    for declared in (charset, in_page):
        encoding = _codec(declared)
        if encoding is None:
            continue
        try:
            text = data.decode(encoding)
        except (UnicodeError, LookupError):  # LookupError: `hex` and the like are not of text
            continue
        refuse_unreadable(text, name)
        return text, encoding
    return decode(data, name)


def _codec(declared: str | None) -> str | None:
    """Return Python's name of the encoding that browsers use for a declared one."""
    if not declared:
        return None
    try:
        found = codecs.lookup(
            declared.strip().lower().replace("windows-31j", "cp932").replace("x-sjis", "cp932")
        )
    except LookupError:
        return None
    return None if found.name in _PYTHONS_OWN else _ALIASES.get(found.name, found.name)


def _readable_text(tree: Any, found: Any) -> str:  # noqa: ANN401
    body = found.body if found is not None else None
    extracted = _Writer().write(body) if body is not None else ""
    if len(extracted) >= _SHORT_PAGE:
        return extracted
    # Of a short page trafilatura keeps the words but loses the paragraphs, or finds nothing.
    whole = _Writer().write(_main_part(tree))
    return whole if len(whole) <= 2 * _SHORT_PAGE or not extracted else extracted


def _main_part(tree: Any) -> Any:  # noqa: ANN401
    for path in ("//main", "//article", "//*[@role='main']", "//body"):
        parts = tree.xpath(path)
        if len(parts) == 1 and "".join(parts[0].itertext()).strip():
            return parts[0]
    return tree


def _page_title(tree: Any, found: Any) -> str | None:  # noqa: ANN401
    named = [found.title if found is not None else None]
    named += ["".join(part.itertext()) for path in ("//h1", "//title") for part in tree.xpath(path)]
    return next(
        (_SPACES.sub(" ", title).strip() for title in named if title and title.strip()), None
    )


def _own_address(found: Any) -> str | None:  # noqa: ANN401
    url = found.url if found is not None else None
    return url if url and url.startswith(("http://", "https://")) else None


class _Writer:
    """Writes an element tree (of HTML, or of trafilatura) as lines of text."""

    def __init__(self) -> None:
        self._lines: list[tuple[str, str]] = []
        self._buffer: list[str] = []
        self._prefix = ""
        self._in_row = 0
        self._heads: list[bool] = []
        self._verbatim = 0

    def write(self, root: Any) -> str:  # noqa: ANN401
        """Return the text under an element; blank lines part everything but items and rows."""
        from lxml.etree import iterwalk

        walk = iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if not isinstance(element.tag, str) or (
                element.tag in _LEFT_OUT and element is not root and not element.get("rend")
            ):
                if event == "start":
                    walk.skip_subtree()
                elif element is not root:
                    self._add(element.tail)
            elif event == "start":
                self._open(element)
            else:
                self._close(element, is_root=element is root)
        self._flush("p")
        return self._joined()

    def _open(self, element: Any) -> None:  # noqa: ANN401
        tag = element.tag
        if tag in ("br", "lb"):
            self._buffer.append(LINE_BREAK)
        if tag in _CELLS and self._in_row:
            self._buffer.append(" | ")
            self._heads.append(tag == "th" or element.get("role") == "head")
        if tag in _BLOCKS:
            self._break()
        if tag in _ROWS:
            self._in_row += 1
        if tag in _VERBATIM:
            self._verbatim += 1
        self._prefix = self._prefix_of(element) or self._prefix
        self._add(element.text)

    def _close(self, element: Any, *, is_root: bool) -> None:  # noqa: ANN401
        tag = element.tag
        if tag in _ROWS:
            self._in_row -= 1
            if not self._in_row:
                self._flush_row()
        elif tag in _BLOCKS:
            self._break()
        if tag in _VERBATIM:
            self._verbatim -= 1
        if self._prefix_of(element):
            self._prefix = ""
        if not is_root:
            self._add(element.tail)

    def _prefix_of(self, element: Any) -> str:  # noqa: ANN401
        if element.tag in _ITEMS:
            return "- "
        level = element.get("rend") or "h2" if element.tag == "head" else element.tag
        return _HEADINGS.get(level, "")

    def _add(self, text: str | None) -> None:
        if text:
            self._buffer.append(text.replace("\n", LINE_BREAK) if self._verbatim else text)

    def _break(self) -> None:
        if self._in_row:
            self._buffer.append(" ")
        else:
            self._flush("item" if self._prefix == "- " else "p")

    def _flush(self, kind: str) -> None:
        text = tidy("".join(self._buffer))
        self._buffer = []
        if text:
            self._lines.append((kind, self._prefix + text))
            self._prefix = ""

    def _flush_row(self) -> None:
        text = tidy("".join(self._buffer)).replace("\n", " ")
        heads, self._buffer, self._heads = self._heads, [], []
        if text.strip("| "):
            self._lines.append(("row", f"{text if text.startswith('|') else '| ' + text} |"))
            if len(heads) > 1 and all(heads):
                self._lines.append(("row", rule_of(len(heads))))

    def _joined(self) -> str:
        text = ""
        before = ""
        for kind, line in self._lines:
            between = "\n" if kind == before != "p" else "\n\n"
            text += (between if text else "") + line
            before = kind
        return text


def tidy(text: str) -> str:
    """Join the lines of a paragraph as a browser does, but for `LINE_BREAK`; spaces become one."""
    text = _SPACES.sub(" ", _SPLIT_CJK.sub("", text))
    lines = (line.strip(" ") for line in text.split(LINE_BREAK))
    return "\n".join(lines).strip()


def read_pdf(data: bytes, name: str) -> Paged:
    """Return the text of a PDF file as extracted, with `PAGE_BREAK` between its pages.

    Raises ArticleError for a file that is encrypted, damaged, or has no text in it.
    """
    from pypdf.errors import PyPdfError

    # It warns of damage without naming the file; our own line says what is wrong and with which.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        pages = _pdf_pages(data, name)
    except (PyPdfError, *_PDF_FAULTS) as error:
        message = (
            f"{printable(name)} is a damaged PDF file: save it again, or save its text as .txt"
        )
        raise ArticleError(message) from error
    pages = [page.rstrip() for page in pages]
    text = PAGE_BREAK.join(pages)
    if not text.strip():
        message = f"{printable(name)} has no text layer (scanned pages?): run OCR on it first"
        raise ArticleError(message)
    lengths = [len(page) + len(PAGE_BREAK) for page in pages]
    return Paged(text, tuple(accumulate(lengths[:-1], initial=0)))


def _pdf_pages(data: bytes, name: str) -> list[str]:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    message = f"{printable(name)} is an encrypted PDF file: remove its password first"
    try:
        reader = PdfReader(io.BytesIO(data))
        # Many files are encrypted with an empty password only to forbid printing.
        if reader.is_encrypted and not reader.decrypt(""):
            raise ArticleError(message)
        return [whole_characters(page.extract_text()) for page in reader.pages]
    except DependencyError as error:
        raise ArticleError(message) from error
