"""Folders of Markdown: MkDocs, Quarto, Obsidian, or files as they are.

The stored text is the decoded file, as it is for `shutten index`; sections, addresses and revisions
come on top of it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePath
from typing import Literal, cast, get_args
from urllib.parse import quote

from shutten.articles import MARKDOWN_ENDINGS, article_from_bytes, read_bytes
from shutten.decoding import printable
from shutten.errors import ArticleError, UnknownPageError, WikiError
from shutten.layout import Line, bare_title, lines_of
from shutten.types import Article, Origin, Section
from shutten.wiki.anchors import GITHUB, MKDOCS, OBSIDIAN, QUARTO, Anchors, AnchorStyle
from shutten.wiki.place import Place
from shutten.wiki.source import Glance, Page, Visit, files_of, is_file, settings_digest

SiteKind = Literal["mkdocs", "quarto", "obsidian", "files"]

_CONFIGURATIONS: dict[SiteKind, tuple[str, ...]] = {
    "mkdocs": ("mkdocs.yml", "mkdocs.yaml"),
    "quarto": ("_quarto.yml", "_quarto.yaml"),
    "obsidian": (".obsidian",),
}
_FORMS: tuple[Literal["NFC", "NFD"], ...] = ("NFC", "NFD")
"""How a file system may spell a name; a Mac's takes letters apart."""
_SITE_URL = re.compile(r"^\s*site[-_]url:\s*[\"']?(https?://[^\s\"'#]+)", re.MULTILINE)
_DOCS_FOLDER = re.compile(r"^docs_dir:\s*[\"']?([^\"'#\n]+)", re.MULTILINE)
_HASHES = re.compile(r" {0,3}#{1,6}[ \t]")
_NAMED = re.compile(r"\s*\{:?\s*#(?P<id>[^\s}]+)[^}]*\}\s*$")
_ATTRIBUTES = re.compile(r"\s*\{[:.#][^}]*\}\s*$")
_INLINE = (
    (re.compile(r"!\[\[[^\]]*\]\]|!\[[^\]]*\]\([^)]*\)|\[\^[^\]]*\]|</?[A-Za-z][^>]*>"), ""),
    (re.compile(r"\[\[(?:[^\]|]*\|)?([^\]]*)\]\]"), r"\1"),
    (re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])"), r"\1"),
    (re.compile(r"(\*\*|__|~~|==)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<!\w)([*_])(?=\S)(.+?)(?<=\S)\1(?!\w)"), r"\2"),
    (re.compile(r"`+"), ""),
    (re.compile(r"\\([!-/:-@\[-`{-~])"), r"\1"),
)


@dataclass(frozen=True, slots=True)
class Site:
    """How a folder of Markdown becomes web pages; `url` is where they are, None if nowhere."""

    kind: SiteKind
    root: Path
    url: str | None = None


def known_kind(name: str) -> SiteKind:
    """Return the kind of that name; raises WikiError."""
    for kind in get_args(SiteKind):
        if kind == name:
            return cast("SiteKind", kind)
    message = f"--site {printable(name)} is not known: it is one of {', '.join(get_args(SiteKind))}"
    raise WikiError(message)


def find_site(folder: Path, *, kind: SiteKind | None = None, url: str | None = None) -> Site:
    """Return what the configuration in or above a folder says of it; what is given wins.

    Raises WikiError where there is no such folder.
    """
    if not folder.is_dir():
        message = f"{printable(folder)} is not a folder: name the one that holds the Markdown files"
        raise WikiError(message)
    found, configuration = _configuration(folder)
    said = ""
    if configuration and configuration.is_file():
        said = configuration.read_text(encoding="utf-8", errors="replace")
    root = folder
    if found == "mkdocs" and configuration and configuration.parent == folder:
        docs = _DOCS_FOLDER.search(said)
        inner = folder / (docs[1].strip() if docs else "docs")
        root = inner if inner.is_dir() else folder
    named = _SITE_URL.search(said)
    return Site(kind or found, root, url or (named[1] if named else None))


def _configuration(folder: Path) -> tuple[SiteKind, Path | None]:
    for place in (folder, folder.absolute().parent):
        for kind, names in _CONFIGURATIONS.items():
            for name in names:
                if (place / name).exists():
                    return kind, place / name
    return "files", None


def _clean_address(path: str) -> str:
    return quote(path, safe="/-_.!~*'()")


def _mkdocs_path(page: PurePath) -> str:
    is_index = page.stem.lower() in ("index", "readme")
    place = page.parent if is_index else page.with_suffix("")
    return "" if place == PurePath() else _clean_address(place.as_posix()) + "/"


def _quarto_path(page: PurePath) -> str:
    return _clean_address(page.with_suffix(".html").as_posix())


def _obsidian_path(page: PurePath) -> str:
    return _clean_address(page.with_suffix("").as_posix()).replace("%20", "+")


def _file_path(page: PurePath) -> str:
    return _clean_address(page.as_posix())


_PATHS: dict[SiteKind, Callable[[PurePath], str]] = {
    "mkdocs": _mkdocs_path,
    "quarto": _quarto_path,
    "obsidian": _obsidian_path,
    "files": _file_path,
}
_STYLES: dict[SiteKind, AnchorStyle] = {
    "mkdocs": MKDOCS,
    "quarto": QUARTO,
    "obsidian": OBSIDIAN,
    "files": GITHUB,
}


class MarkdownFolder:
    """The Markdown files under a folder; a page is its path, so a renamed file is another page.

    With a `label` the ids begin with it, and it is what tells the folder from others; else its
    place on the disk does.
    """

    def __init__(self, site: Site, *, label: str | None = None) -> None:
        self._site = site
        self._prefix = f"{label}/" if label else ""
        self._name = f"the folder {label or site.root.resolve()}"
        self._label = label
        self._settings = settings_digest(site.kind, site.url)

    @property
    def name(self) -> str:
        """What tells this folder from every other source."""
        return self._name

    @property
    def place(self) -> Place:
        """Where the folder is, and how its pages are called on the web."""
        options = {"site": self._site.kind, "url": self._site.url}
        return Place("folder", str(self._site.root.resolve()), self._label, options=options)

    def glance(self, page: str, known: Mapping[str, str]) -> Glance:  # noqa: ARG002
        """Read one file by its path within the folder; raises UnknownPageError for no such path."""
        path = _path_within(page)
        article_id = self._prefix + unicodedata.normalize("NFC", path.as_posix())
        spellings = [PurePath(unicodedata.normalize(form, path.as_posix())) for form in _FORMS]
        found = [each for each in (path, *spellings) if is_file(self._site.root / each)]
        return Glance(tuple(self._pages(found[:1]))) if found else Glance(gone=(article_id,))

    def visit(self, known: Mapping[str, str], memory: str | None) -> Visit:  # noqa: ARG002
        """List the files; each is read to see whether it has changed. Raises WikiError."""
        pages = [
            each for each in files_of(self._site.root) if each.suffix.lower() in MARKDOWN_ENDINGS
        ]
        return Visit(self._pages(pages), total=len(pages))

    def _pages(self, pages: Sequence[PurePath]) -> Iterator[Page]:
        for page in pages:
            identity = self._prefix + unicodedata.normalize("NFC", page.as_posix())
            try:
                data = read_bytes(self._site.root / page)
            except ArticleError as error:
                yield Page(identity, "unreadable", partial(_raise, error))
                continue
            revision = hashlib.blake2b(data, digest_size=8).hexdigest()
            version = f"{revision} {self._settings}"
            read = partial(self._article, page, identity, version, revision, data)
            yield Page(identity, version, read)

    def _article(
        self, page: PurePath, identity: str, version: str, revision: str, data: bytes
    ) -> Article:
        article = article_from_bytes(page.as_posix(), data)
        url = self._site.url
        sections = sections_of(article.text, _STYLES[self._site.kind])
        return replace(
            article,
            id=identity,
            url=f"{url.rstrip('/')}/{_PATHS[self._site.kind](page)}" if url else None,
            revision=revision,
            origin=Origin(self._name, version, sections),
        )


def _path_within(page: str) -> PurePath:
    """Return the path of a page; raises UnknownPageError for one that a visit would not list."""
    path = PurePath(page)
    hidden = any(part.startswith(".") or "\\" in part or "\0" in part for part in path.parts)
    if path.is_absolute() or hidden or path.suffix.lower() not in MARKDOWN_ENDINGS:
        endings = ", ".join(MARKDOWN_ENDINGS)
        message = (
            f"{printable(page)!r} is not the path of a page: give it as it is within the folder,"
            f" with its ending ({endings})"
        )
        raise UnknownPageError(message)
    return path


def _raise(error: ArticleError) -> Article:
    raise error


def sections_of(text: str, style: AnchorStyle) -> tuple[Section, ...]:
    """Return the headings of a Markdown text with their ids; `{#id}` behind a heading names one."""
    anchors = Anchors(style)
    return tuple(
        Section(line.start, _anchor(line, anchors))
        for line in _headings(lines_of(text, title=None, markdown=True))
    )


def _headings(lines: Sequence[Line]) -> Iterator[Line]:
    for number, line in enumerate(lines):
        if line.role != "heading":
            continue
        underlined = [each.role for each in lines[number + 1 : number + 2]] == ["underline"]
        if underlined or _HASHES.match(line.text):
            yield line


def _anchor(line: Line, anchors: Anchors) -> str:
    heading = bare_title(line.text)
    named = _NAMED.search(heading)
    if named:
        anchors.take(named["id"])
        return named["id"]
    return anchors.next(plain_heading(heading))


def plain_heading(heading: str) -> str:
    """Return a Markdown heading's text as a reader sees it."""
    text = _ATTRIBUTES.sub("", heading)
    for markup, replacement in _INLINE:
        text = markup.sub(replacement, text)
    return text.strip()
