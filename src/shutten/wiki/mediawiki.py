"""What a MediaWiki's dump and its API agree on: the site, its pages, and how they are named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import quote

from shutten.sentences import detect_language
from shutten.types import Article, Origin
from shutten.wiki.mediawiki_markup import LinkNames, read_mediawiki
from shutten.wiki.source import CLEANING, Page


@dataclass(frozen=True, slots=True)
class WikiDescription:
    """A wiki as its `siteinfo` describes it: `base` is the address of its main page.

    `namespaces` are their names by number.
    """

    wiki_id: str
    base: str
    namespaces: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    @property
    def front(self) -> str:
        """What stands before a title in the address of a page."""
        return self.base[: max(self.base.rfind("/"), self.base.rfind("=")) + 1]

    def address(self, title: str) -> str:
        """Return the address of a page."""
        return self.front + quote(title.replace(" ", "_"), safe=";@$!*(),/~:")


@dataclass(frozen=True, slots=True)
class WikiPage:
    """One revision of a page; `markup` is its wikitext."""

    number: int
    title: str
    revision: int
    markup: str


@dataclass(frozen=True, slots=True)
class Naming:
    """How the pages of a site are called in the index, whichever way they come.

    The id is the page's number, which a renamed page keeps: `jawiki:123`, or `LABEL/123`. A dump
    and the API of one wiki are one source, so that the one can go on where the other has ended.
    """

    site: WikiDescription
    label: str | None = None

    @property
    def source(self) -> str:
        """The name of the source; a wiki that is read by http and by https is the same."""
        return f"the MediaWiki {self.label or self.site.front.partition('://')[2]}"

    def article_id(self, number: int) -> str:
        """Return the id of the article that a page is."""
        return f"{self.label}/{number}" if self.label else f"{self.site.wiki_id}:{number}"

    def number_of(self, article_id: str) -> int:
        """Return the page that an article of this source is."""
        return int(article_id.removeprefix(self.article_id(0)[:-1]))

    def version(self, revision: int, title: str) -> str:
        """Return what changes when a page's article does."""
        return f"{revision} {CLEANING} {title}"

    def page(self, page: WikiPage) -> Page:
        """Return a page as the synchroniser takes it."""
        version = self.version(page.revision, page.title)
        return Page(self.article_id(page.number), version, partial(self._article, page, version))

    def _article(self, page: WikiPage, version: str) -> Article:
        names = LinkNames(self.site.namespaces)
        text, sections = read_mediawiki(page.markup, page.title, names)
        return Article(
            self.article_id(page.number),
            page.title,
            text,
            url=self.site.address(page.title),
            language=detect_language(text),
            revision=str(page.revision),
            origin=Origin(self.source, version, sections),
        )


def revision_of(version: str) -> int:
    """Return the number of the revision that a version was made of."""
    return int(version.split(" ", 1)[0])


def title_of(version: str) -> str:
    """Return the title that the page had in a version."""
    return version.split(" ", 2)[2]
