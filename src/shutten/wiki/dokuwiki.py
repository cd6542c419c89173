"""A DokuWiki, read from its data directory: the pages as they are now."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path, PurePath
from urllib.parse import quote, unquote

from shutten.articles import read_bytes
from shutten.decoding import decode, printable
from shutten.errors import WikiError
from shutten.sentences import detect_language
from shutten.types import Article, Origin
from shutten.wiki.anchors import dokuwiki_id
from shutten.wiki.dokuwiki_markup import read_dokuwiki
from shutten.wiki.place import Place
from shutten.wiki.source import Glance, Page, Visit, files_of, is_file, settings_digest


class DokuWikiFolder:
    """The pages under a data directory, or those of some namespaces.

    `url` is what stands before a page's name in its address, or the wiki's own address. The id of
    an article is the page's name, `namespace:page`; DokuWiki itself knows no renaming, so a moved
    page is another article. With a `label` the ids begin with it, and it tells the wiki from
    others; else its place on the disk does. Raises WikiError where the directory is none of
    DokuWiki's.
    """

    def __init__(
        self,
        data: Path,
        *,
        url: str | None = None,
        namespaces: Sequence[str] = (),
        label: str | None = None,
    ) -> None:
        self._pages = _pages_folder(data)
        self._url = url and _front(url)
        self._namespaces = tuple(f"{dokuwiki_id(each)}:" for each in namespaces)
        self._prefix = f"{label}/" if label else ""
        self._name = f"the DokuWiki {label or self._pages.parent.resolve()}"
        self._settings = settings_digest(url)
        self._label = label
        self._given_url = url
        self._given_namespaces = tuple(namespaces)

    @property
    def name(self) -> str:
        """What tells this wiki from every other source."""
        return self._name

    @property
    def place(self) -> Place:
        """Where the data directory is, and what of it is read."""
        where = str(self._pages.parent.resolve())
        options = {"url": self._given_url, "namespaces": list(self._given_namespaces)}
        return Place("dokuwiki", where, self._label, options=options)

    def glance(self, page: str, known: Mapping[str, str]) -> Glance:  # noqa: ARG002
        """Look at the file of one page, and at nothing else."""
        name = dokuwiki_id(page)
        article_id = self._prefix + name
        places = [each for each in _places(name) if is_file(self._pages / each)]
        found = list(self._visited([(name, places[0])])) if places and _is_page(places[0]) else []
        if not found:
            return Glance(gone=(article_id,))
        if not self._is_wanted(name):
            return Glance(passed_over=True)
        return Glance(pages=tuple(found))

    def visit(self, known: Mapping[str, str], memory: str | None) -> Visit:  # noqa: ARG002
        """List the pages; what has kept its time and size is not read. Raises WikiError."""
        pages = [(_page_name(each), each) for each in files_of(self._pages) if _is_page(each)]
        wanted = [each for each in pages if self._is_wanted(each[0])]
        return Visit(self._visited(wanted), total=len(wanted))

    def _is_wanted(self, name: str) -> bool:
        return not self._namespaces or name.startswith(self._namespaces)

    def _visited(self, pages: Sequence[tuple[str, PurePath]]) -> Iterator[Page]:
        for name, place in pages:
            try:
                status = os.stat(f"{self._pages}/{place}")  # noqa: PTH116 -- often
            except FileNotFoundError:
                continue  # deleted a moment ago
            if not status.st_size:
                continue  # a deleted page, to DokuWiki
            version = f"{status.st_mtime_ns} {status.st_size} {self._settings}"
            # DokuWiki takes the time of the file for the number of the revision.
            read = partial(self._article, name, place, version, str(int(status.st_mtime)))
            yield Page(self._prefix + name, version, read)

    def _article(self, name: str, place: PurePath, version: str, revision: str) -> Article:
        path = self._pages / place
        markup, encoding = decode(read_bytes(path), str(path))
        text, sections, title = read_dokuwiki(markup)
        return Article(
            self._prefix + name,
            title or name.rsplit(":", 1)[-1].replace("_", " "),
            text,
            url=self._url and self._url + quote(name, safe="/:"),
            language=detect_language(text),
            revision=revision,
            encoding=encoding,
            origin=Origin(self._name, version, sections),
        )


def _pages_folder(data: Path) -> Path:
    for place in (data / "pages", data / "data" / "pages"):
        if place.is_dir():
            return place
    message = (
        f"{printable(data)} is not a DokuWiki data directory (there is no folder pages in it):"
        " name the one that DokuWiki's setting savedir names, often …/dokuwiki/data"
    )
    raise WikiError(message)


def _front(url: str) -> str:
    if url.endswith(("/", "=")):
        return url
    return f"{url}?id=" if url.endswith(".php") else f"{url}/"


def _is_page(place: PurePath) -> bool:
    return place.suffix == ".txt" and not any(part.startswith("_") for part in place.parts)


def _places(name: str) -> Iterator[PurePath]:
    """Yield where a page's file may be: DokuWiki escapes names, or leaves them as they are.

    A name is made of letters, digits and `:._-` by now, so that it leads to nowhere else.
    """
    parts = name.split(":")
    if all(each.strip(".") for each in parts):
        yield PurePath(*map(quote, parts[:-1]), f"{quote(parts[-1])}.txt")
        yield PurePath(*parts[:-1], f"{parts[-1]}.txt")


def _page_name(place: PurePath) -> str:
    return unquote(place.as_posix().removesuffix(".txt").replace("/", ":"))
