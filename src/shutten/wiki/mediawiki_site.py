"""A MediaWiki over its API: all pages of some namespaces or categories, then recent changes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from shutten.errors import WikiError
from shutten.wiki.mediawiki import Naming, WikiDescription, WikiPage, title_of
from shutten.wiki.mediawiki_api import MediaWikiApi
from shutten.wiki.mediawiki_markup import is_redirect
from shutten.wiki.place import Place
from shutten.wiki.source import CLEANING, Glance, Page, Visit, unchanged

PAGES_AT_ONCE = 50
"""What the API gives in one answer to a reader without special rights."""
CHANGES_KEPT = timedelta(days=21)
"""MediaWiki forgets recent changes after 90 days, some wikis after 30: older ones are not asked."""
OVERLAP = timedelta(minutes=10)
"""Changes are asked for from a little before the last visit: some are listed late."""

_WITH_TEXT: Mapping[str, object] = {"rvprop": "ids|content", "rvslots": "main"}

Listing = dict[str, tuple[int, str]]
"""By article id: the page's number, and the version that the wiki has now."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which pages: those of the categories if any are named, else those of the namespaces."""

    namespaces: tuple[int, ...] = (0,)
    categories: tuple[str, ...] = ()


class MediaWikiSite:
    """The pages of a wiki.

    Asks the wiki what it is when it is made, unless that is known and `described`; raises
    WikiError. `typed` is the address that a person has named it by.
    """

    def __init__(
        self,
        api: MediaWikiApi,
        scope: Scope,
        *,
        label: str | None = None,
        typed: str | None = None,
        described: WikiDescription | None = None,
    ) -> None:
        self._api = api
        self._scope = scope
        self._typed = typed
        self._label = label
        self._site = described or _described(api)
        self._naming = Naming(self._site, label)

    @property
    def name(self) -> str:
        """What tells this wiki from every other source."""
        return self._naming.source

    @property
    def place(self) -> Place:
        """Where the API is, and what the wiki says of itself."""
        site = self._site
        named = {str(number): list(names) for number, names in site.namespaces.items()}
        options = {
            "namespaces": list(self._scope.namespaces),
            "categories": list(self._scope.categories),
            "described": {"wiki_id": site.wiki_id, "base": site.base, "namespaces": named},
        }
        typed = _front(without_password(self._typed)) if self._typed else None
        where = without_password(self._api.address)
        return Place("mediawiki", where, self._label, typed, options)

    def glance(self, page: str, known: Mapping[str, str]) -> Glance:
        """Ask for one page by its title, and for the page that had the title before."""
        asked = {"titles": page, **self._membership(), **_WITH_TEXT}
        answer = self._api.ask(action="query", **asked).get("query", {})
        found = list(answer.get("pages", ()))
        titles = {page.replace("_", " "), *(each["to"] for each in answer.get("normalized", ()))}
        numbers = {each.get("pageid") for each in found}
        before = {
            article_id: self._naming.number_of(article_id)
            for article_id, version in known.items()
            if title_of(version) in titles
        }
        moved = [str(number) for number in before.values() if number not in numbers]
        if moved:
            asked = {"pageids": "|".join(moved), **self._membership(), **_WITH_TEXT}
            found += self._api.ask(action="query", **asked).get("query", {}).get("pages", ())
        return self._glance(found, before, known)

    def _glance(
        self,
        found: Sequence[Mapping[str, Any]],
        before: Mapping[str, int],
        known: Mapping[str, str],
    ) -> Glance:
        wanted = [each for each in found if self._is_wanted(each) and self._is_member(each)]
        pages = tuple(page for each in wanted for page in self._with_text(each))
        taken = {page.id for page in pages}
        there = {self._naming.article_id(int(each["pageid"])) for each in found if _exists(each)}
        touched = [each for each in known if each in there or each in before]
        return Glance(pages, tuple(each for each in touched if each not in taken), bool(there))

    def _membership(self) -> dict[str, object]:
        """Return what asks whether a page is in one of the categories, where some are named."""
        if not self._scope.categories:
            return {"prop": "info|revisions"}
        chosen = "|".join(map(self._category, self._scope.categories))
        return {"prop": "info|revisions|categories", "clcategories": chosen, "cllimit": "max"}

    def _is_member(self, page: Mapping[str, Any]) -> bool:
        return not self._scope.categories or bool(page.get("categories"))

    def visit(self, known: Mapping[str, str], memory: str | None) -> Visit:
        """List the pages, or ask what changed since the last visit; new texts are fetched later."""
        now = str(self._api.ask(action="query", curtimestamp=1).get("curtimestamp", ""))
        if not now:
            raise WikiError("the wiki does not say what time it is: is its api.php whole?")
        since = self._since(memory, now)
        listing = self._changed(known, since) if since and known else self._all()
        left = json.dumps({"scope": self._scope_key(), "seen": now})
        return Visit(self._pages(listing, known), total=len(listing), memory=left)

    def _scope_key(self) -> list[object]:
        return [CLEANING, sorted(self._scope.namespaces), sorted(self._scope.categories)]

    def _since(self, memory: str | None, now: str) -> datetime | None:
        """Return from when on changes are to be asked for, None where all must be listed."""
        left = json.loads(memory) if memory else {}
        # Pages come into a category and leave it without a change of their own.
        if self._scope.categories or left.get("scope") != self._scope_key():
            return None
        seen = datetime.fromisoformat(left["seen"])
        return seen - OVERLAP if datetime.fromisoformat(now) - seen < CHANGES_KEPT else None

    def _all(self) -> Listing:
        if self._scope.categories:
            chosen = [
                {"generator": "categorymembers", "gcmtitle": self._category(each),
                 "gcmtype": "page", "gcmlimit": "max"}
                for each in self._scope.categories
            ]  # fmt: skip
        else:
            chosen = [
                {"generator": "allpages", "gapnamespace": str(each), "gaplimit": "max",
                 "gapfilterredir": "nonredirects"}
                for each in self._scope.namespaces
            ]  # fmt: skip
        listing: Listing = {}
        for parameters in chosen:
            for answer in self._api.each(prop="info", **parameters):
                listing |= self._listed(answer.get("pages", ()))
        return listing

    def _category(self, name: str) -> str:
        prefix = name.partition(":")[0].strip().casefold()
        own = {each.casefold() for each in self._site.namespaces.get(14, ())}
        return name if prefix in own | {"category"} and ":" in name else f"Category:{name}"

    def _changed(self, known: Mapping[str, str], since: datetime) -> Listing:
        """Return what is known but for what changed since, and of that what there is now."""
        titles = self._titles_changed(since)
        touched = [each for each, version in known.items() if title_of(version) in titles]
        listing: Listing = {each: (0, version) for each, version in known.items()}
        for article_id in touched:
            del listing[article_id]
        numbers = [self._naming.number_of(each) for each in touched]
        listing |= self._looked_up("pageids", map(str, numbers))
        listing |= self._looked_up("titles", sorted(titles))
        return listing

    def _titles_changed(self, since: datetime) -> set[str]:
        """Return the titles that pages had before a change, and those that moved ones have now."""
        titles: set[str] = set()
        for answer in self._api.each(
            list="recentchanges",
            rcprop="ids|title|loginfo",
            rctype="edit|new|log",
            rclimit="max",
            rcdir="newer",
            rcstart=since.strftime("%Y-%m-%dT%H:%M:%SZ"),
        ):
            for change in answer.get("recentchanges", ()):
                if change["type"] == "log" or change["ns"] in self._scope.namespaces:
                    titles.add(change.get("title", ""))
                    titles.add((change.get("logparams") or {}).get("target_title", ""))
        return titles - {""}

    def _looked_up(self, what: str, values: Iterable[str]) -> Listing:
        listing: Listing = {}
        for some in _some(values):
            for answer in self._api.each(prop="info", **{what: "|".join(some)}):
                listing |= self._listed(answer.get("pages", ()))
        return listing

    def _listed(self, pages: Iterable[Mapping[str, Any]]) -> Listing:
        listing: Listing = {}
        for page in pages:
            if self._is_wanted(page):
                number = int(page["pageid"])
                version = self._naming.version(int(page["lastrevid"]), page["title"])
                listing[self._naming.article_id(number)] = (number, version)
        return listing

    def _is_wanted(self, page: Mapping[str, Any]) -> bool:
        if page.get("missing") or page.get("redirect") or not page.get("lastrevid"):
            return False
        is_text = page.get("contentmodel", "wikitext") == "wikitext"
        return is_text and (bool(self._scope.categories) or page["ns"] in self._scope.namespaces)

    def _pages(self, listing: Listing, known: Mapping[str, str]) -> Iterator[Page]:
        new: list[str] = []
        for article_id, (number, version) in listing.items():
            if known.get(article_id) == version:
                yield unchanged(article_id, version)
            else:
                new.append(str(number))
        for some in _some(new):
            yield from self._fetched(some)

    def _fetched(self, numbers: Sequence[str]) -> Iterator[Page]:
        """Yield pages with their texts; one that has gone meanwhile is left out."""
        for answer in self._api.each(
            prop="revisions", rvprop="ids|content", rvslots="main", pageids="|".join(numbers)
        ):
            for page in answer.get("pages", ()):
                yield from self._with_text(page)

    def _with_text(self, page: Mapping[str, Any]) -> Iterator[Page]:
        for revision in page.get("revisions", ()):
            markup = revision.get("slots", {}).get("main", {}).get("content", "")
            if markup and not is_redirect(markup):
                number, title = int(page["pageid"]), str(page["title"])
                yield self._naming.page(WikiPage(number, title, int(revision["revid"]), markup))


def _exists(page: Mapping[str, Any]) -> bool:
    return not page.get("missing") and not page.get("invalid") and "pageid" in page


def without_password(address: str) -> str:
    """Return an address without the name and password that may stand in it."""
    front, separator, rest = address.partition("://")
    authority, slash, path = rest.partition("/")
    return front + separator + authority.rpartition("@")[2] + slash + path


def _front(address: str) -> str:
    """Return scheme and host of an address: whatever else was typed, such as a token, is gone."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}/"


def _described(api: MediaWikiApi) -> WikiDescription:
    asked = "general|namespaces|namespacealiases"
    query = api.ask(action="query", meta="siteinfo", siprop=asked).get("query", {})
    general = query.get("general")
    if not isinstance(general, dict) or "base" not in general:
        raise WikiError("the wiki does not say what it is: is it older than MediaWiki 1.27?")
    names: dict[int, tuple[str, ...]] = {}
    for each in query.get("namespaces", {}).values():
        names[int(each["id"])] = (each.get("name", ""), each.get("canonical", ""))
    for each in query.get("namespacealiases", ()):
        names[int(each["id"])] = (*names.get(int(each["id"]), ()), each["alias"])
    return WikiDescription(str(general.get("wikiid", "wiki")), str(general["base"]), names)


def _some(values: Iterable[str]) -> Iterator[list[str]]:
    """Yield values as many at a time as one request may name."""
    left = iter(values)
    while some := list(islice(left, PAGES_AT_ONCE)):
        yield some
