"""What `shutten sync` does for every kind of wiki: once, or again and again until Ctrl-C."""

from __future__ import annotations

import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from shutten.cli.console import answers, progress, say
from shutten.errors import ArticleError, ShuttenError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from shutten.index import IndexReport
    from shutten.settings import Settings
    from shutten.wiki.place import Place
    from shutten.wiki.source import Source
    from shutten.wiki.sync import Synchroniser


def keep_current(
    source: Source,
    settings: Settings,
    *,
    place: Place | None,
    every: int | None,
    groups: Sequence[str] | None,
    tell: Callable[[IndexReport], None],
) -> bool:
    """Bring the index up to the wiki, again `every` so many seconds if given, until Ctrl-C.

    `place` is remembered for single pages. `groups` may see the pages; None leaves that as it is.

    Returns whether all pages could be read. Raises what the first time raises; a later time that
    fails is told in one line, and the next one tries again.
    """
    from shutten.embedding import load_embedder
    from shutten.wiki.sync import Synchroniser

    synchroniser = Synchroniser(
        settings.index, lambda: load_embedder(settings.embedder, threads=settings.threads)
    )
    with answers():
        whole = _bring_up(synchroniser, source, tell, place, groups)
        try:
            while every is not None:
                time.sleep(every)
                whole = _bring_up_again(synchroniser, source, tell)
        except KeyboardInterrupt:
            say("stopped; the index is as current as the line above says")
    return whole


@contextmanager
def mediawiki(
    place: str,
    namespaces: Sequence[int],
    categories: Sequence[str],
    *,
    label: str | None,
    settings: Settings,
) -> Iterator[tuple[Source, Place | None]]:
    """Open a MediaWiki by the address of one of its pages, or by a dump's path.

    Of a dump, which is of one day, no page is ever read again: it has no place.
    """
    if not place.startswith(("http://", "https://")):
        from shutten.wiki.mediawiki_dump import MediaWikiDump

        if categories:
            raise UsageError("--category needs the wiki's address: a dump is chosen by --namespace")
        yield MediaWikiDump(Path(place), namespaces=namespaces, label=label), None
        return
    from shutten.outbound import Reach
    from shutten.wiki.mediawiki_api import MediaWikiApi, find_api, new_client
    from shutten.wiki.mediawiki_site import MediaWikiSite, Scope

    with new_client(Reach([place], settings.private_hosts)) as client:
        api = MediaWikiApi(find_api(place, client), client)
        if settings.wiki_user:
            password = settings.wiki_password.get_secret_value()
            api.sign_in(settings.wiki_user, password, named=place)
        scope = Scope(tuple(namespaces), tuple(categories))
        site = MediaWikiSite(api, scope, label=label, typed=place)
        yield site, site.place


def _bring_up(
    synchroniser: Synchroniser,
    source: Source,
    tell: Callable[[IndexReport], None],
    place: Place | None = None,
    groups: Sequence[str] | None = None,
) -> bool:
    unread: list[ArticleError] = []
    with progress("syncing") as bar:
        report = synchroniser.bring_up(
            source, place=place, groups=groups, progress=bar, on_error=unread.append
        )
    tell(report)
    for error in unread:
        say(f"shutten: {error}; it stays as it was")
    return not unread


def _bring_up_again(
    synchroniser: Synchroniser, source: Source, tell: Callable[[IndexReport], None]
) -> bool:
    def tell_changes(report: IndexReport) -> None:
        if report.added or report.updated or report.removed:
            tell(report)

    try:
        return _bring_up(synchroniser, source, tell_changes)
    except ShuttenError as error:
        say(f"shutten: {' '.join(str(error).split())}")
        return False
