"""One page of a wiki that was synced, read again because the wiki says that it has changed."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from shutten.decoding import printable
from shutten.errors import UnknownPageError, UnknownSourceError, WikiError
from shutten.index import Index, IndexReport, IndexWriter
from shutten.outbound import Reach
from shutten.settings import Settings
from shutten.types import Embedder
from shutten.wiki.dokuwiki import DokuWikiFolder
from shutten.wiki.folder import MarkdownFolder, Site, known_kind
from shutten.wiki.mediawiki import WikiDescription
from shutten.wiki.mediawiki_api import MediaWikiApi, new_client
from shutten.wiki.mediawiki_site import MediaWikiSite, Scope
from shutten.wiki.place import Place, place_from_json
from shutten.wiki.source import Glance, PageSource

PageChangeKind = Literal["added", "updated", "unchanged", "removed", "ignored"]

SECONDS_TO_RESPOND = 10.0
"""How long a wiki may take where somebody waits for one page."""
TRIES = 2
LONGEST_PAUSE = 1.0
"""Seconds before the second try, whatever the wiki asks for."""

PATIENCE_SECONDS = 3.0
"""How long another writer of the index is waited for."""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What came of it; "ignored" is a page that the wiki has and that is none of the synced ones.

    `articles` are the ids of the articles that came, changed or went.
    """

    source: str
    page: str
    change: PageChangeKind
    articles: tuple[str, ...] = ()
    sentences_embedded: int = 0


class Refresher:
    """Brings single pages up to date; several may be asked for at once.

    Of one wiki a page is read and stored before the next is read, so that an older text never
    takes the place of a newer one.
    """

    def __init__(self, settings: Settings, embedder: Embedder) -> None:
        self._settings = settings
        self._embedder = embedder
        self._lock = threading.Lock()
        self._turns: dict[str, threading.Lock] = {}

    def refresh(self, index: Index, source: str, page: str, *, was: str | None = None) -> Refreshed:
        """Read a page again, and the one that it `was` before it was renamed.

        `source` is the label that the wiki was synced with, or its whole name. Raises
        UnknownSourceError, UnknownPageError, WikiError, ArticleError, and the errors of
        IndexWriter.
        """
        name, place = _chosen(index, source)
        with self._turn_of(name), opened(place, self._settings) as wiki:
            if wiki.name != name:
                message = f"{place.where} is now {wiki.name}, not {name}: sync it again"
                raise UnknownSourceError(message)
            known = index.versions(name)
            glances = [wiki.glance(each, known) for each in (page, was) if each]
            gone = _gone(glances, known)
            # Of a page that has both names, as it was renamed back, the articles are the same.
            articles = {each.id: each.read() for glance in glances for each in glance.pages}
            if not articles and not gone:
                if any(glance.passed_over for glance in glances):
                    return Refreshed(name, page, "ignored")
                message = (
                    f"neither {name} nor the index holds {printable(page)!r}:"
                    " give the name as the wiki writes it"
                )
                raise UnknownPageError(message)
            with IndexWriter.open(self._settings.index, patience=PATIENCE_SECONDS) as writer:
                report = writer.replace(name, [*articles.values()], gone, self._embedder)
        return Refreshed(name, page, _change(report), (*articles, *gone), report.sentences_embedded)

    @contextmanager
    def _turn_of(self, source: str) -> Iterator[None]:
        with self._lock:
            turn = self._turns.setdefault(source, threading.Lock())
        with turn:
            yield


def _chosen(index: Index, name: str) -> tuple[str, Place]:
    """Return the source that a name means: its label, or its whole name."""
    places = index.places()
    found = [each for each in places if name in (each.source, each.label)]
    if len(found) != 1 or not found[0].place:
        known = ", ".join(repr(each.label or each.source) for each in places if each.place)
        many = "means more than one of the wikis" if len(found) > 1 else "is no wiki"
        cure = f'give one of these as "source": {known}; or sync' if known else "sync"
        message = (
            f"{printable(name)!r} {many} that this index was synced with: {cure} the wiki once with"
            " `shutten sync … --name NAME` (a MediaWiki by its address) and give that NAME"
        )
        raise UnknownSourceError(message)
    return found[0].source, place_from_json(found[0].place)


def _gone(glances: Sequence[Glance], known: dict[str, str]) -> list[str]:
    there = {page.id for glance in glances for page in glance.pages}
    gone = dict.fromkeys(each for glance in glances for each in glance.gone)
    return [each for each in gone if each in known and each not in there]


def _change(report: IndexReport) -> PageChangeKind:
    if report.added:
        return "updated" if report.removed else "added"
    if report.updated:
        return "updated"
    return "removed" if report.removed else "unchanged"


@contextmanager
def opened(place: Place, settings: Settings) -> Iterator[PageSource]:
    """Open a wiki to read single pages of it; raises WikiError.

    On the network nothing private is asked but the host that a person has typed, and those of the
    settings.
    """
    options = place.options
    if place.kind == "dokuwiki":
        yield DokuWikiFolder(
            Path(place.where),
            url=options["url"],
            namespaces=options["namespaces"],
            label=place.label,
        )
    elif place.kind == "folder":
        site = Site(known_kind(options["site"]), Path(place.where), options["url"])
        if not site.root.is_dir():
            message = f"{site.root} is not there any more: sync the folder from where it is now"
            raise WikiError(message)
        yield MarkdownFolder(site, label=place.label)
    else:
        with _mediawiki(place, settings) as source:
            yield source


@contextmanager
def _mediawiki(place: Place, settings: Settings) -> Iterator[PageSource]:
    reach = Reach([place.typed] if place.typed else [], settings.private_hosts)
    with new_client(reach, timeout=SECONDS_TO_RESPOND) as client:
        api = MediaWikiApi(place.where, client, sleep=_sleep, pause=0, tries=TRIES)
        if settings.wiki_user:
            password = settings.wiki_password.get_secret_value()
            api.sign_in(settings.wiki_user, password, named=place.typed)
        site = place.options["described"]
        names = {int(number): tuple(each) for number, each in site["namespaces"].items()}
        yield MediaWikiSite(
            api,
            Scope(tuple(place.options["namespaces"]), tuple(place.options["categories"])),
            label=place.label,
            described=WikiDescription(site["wiki_id"], site["base"], names),
        )


def _sleep(seconds: float) -> None:
    time.sleep(min(seconds, LONGEST_PAUSE))
