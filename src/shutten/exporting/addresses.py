"""Addresses that can stand in any markup: of a page, down to a heading, and of one revision."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import SplitResult, parse_qs, quote, urlsplit

from shutten.types import Citation, Hit

_PLAIN: Final = ":/?#@&=+,%"
"""What stays as it is. All else is percent-encoded, although an address may hold more: brackets,
quotes, stars and tildes are markup somewhere."""

_LONE_PERCENT: Final = re.compile("%(?![0-9A-Fa-f]{2})")

_UNIX_SECONDS: Final = range(9, 11)
"""Digits of a DokuWiki revision, which is the time of the edit."""


def web_address(url: str | None) -> str | None:
    """Return the address of a page, None unless a browser may safely open it."""
    parts = _split(url or "")
    return url if parts and parts.scheme in ("http", "https") and parts.netloc else None


def link_address(url: str | None) -> str | None:
    """Return an address in ASCII that no markup mistakes for its own, None where it is no page's.

    An address with an IP of version 6 has brackets that cannot be encoded, and is none either.
    """
    address = web_address(url)
    if address is None or "[" in urlsplit(address).netloc:
        return None
    encoded = quote(_LONE_PERCENT.sub("%25", address), safe=_PLAIN, errors="replace")
    # Twice the underscore begins a switch in MediaWiki; what `quote` never encodes is done here.
    return encoded.replace("__", "_%5F").replace("~", "%7E")


def permanent_address(source: Citation | Hit) -> str | None:
    """Return the address of the very revision that was read, None where it cannot be told.

    MediaWiki shows it with `oldid`, DokuWiki with `rev`. Which of them a page belongs to shows in
    its address, and for DokuWiki's short addresses in that they end with the article's id.
    """
    url, revision = web_address(source.url), source.revision or ""
    if url is None or not (revision.isascii() and revision.isdigit()):
        return None
    plain, _, fragment = url.partition("#")
    parameter = _revision_parameter(urlsplit(plain), source.article_id, revision)
    if parameter is None:
        return None
    anchor = quote(source.anchor, safe="") if source.anchor else fragment
    address = f"{plain}{'&' if '?' in plain else '?'}{parameter}={revision}"
    return f"{address}#{anchor}" if anchor else address


def _revision_parameter(url: SplitResult, article_id: str, revision: str) -> str | None:
    if _is_dokuwiki(url, article_id, revision):
        return "rev"
    query = parse_qs(url.query)
    is_mediawiki = "/wiki/" in url.path or re.search(r"/index\.php(/|$)", url.path)
    return "oldid" if is_mediawiki or "curid" in query else None


def _is_dokuwiki(url: SplitResult, article_id: str, revision: str) -> bool:
    if re.search(r"/doku\.php(/|$)", url.path):
        return True
    name = quote(article_id.rpartition("/")[2], safe=":")
    paths = (url.path.rpartition("/")[2], url.path.lstrip("/").replace("/", ":"))
    return len(revision) in _UNIX_SECONDS and any(path.endswith(name) for path in paths)


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:  # such as a bracket that nothing closes
        return None
