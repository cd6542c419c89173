"""MediaWiki's XML dumps, read as a stream: never more than one page is in memory."""

from __future__ import annotations

import bz2
import gzip
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BufferedIOBase
from pathlib import Path
from typing import Any

from shutten.decoding import printable
from shutten.errors import WikiError
from shutten.wiki.mediawiki import Naming, WikiDescription, WikiPage, revision_of
from shutten.wiki.mediawiki_markup import is_redirect
from shutten.wiki.source import Page, Visit, unchanged

_PACKED = (".7z", ".zip", ".zst", ".xz")
_FAULTS = (OSError, EOFError, zlib.error, ValueError)


class MediaWikiDump:
    """The pages of some namespaces in a dump (`.xml`, `.xml.bz2`, `.xml.gz`).

    Of a page with many revisions the newest counts. A page that the index knows from a later time
    than the dump's stays as it is. Raises WikiError where the file is no dump.
    """

    def __init__(
        self, path: Path, *, namespaces: Sequence[int] = (0,), label: str | None = None
    ) -> None:
        self._path = path
        self._namespaces = frozenset(namespaces)
        self._naming = Naming(self._site(), label)

    @property
    def name(self) -> str:
        """What tells this wiki from every other source."""
        return self._naming.source

    def visit(self, known: Mapping[str, str], memory: str | None) -> Visit:  # noqa: ARG002
        """Read the dump from its beginning; a page that is known is parsed no further."""
        return Visit(self._pages(known))

    def _pages(self, known: Mapping[str, str]) -> Iterator[Page]:
        latest = 0
        seen: set[str] = set()
        for element in self._elements("page"):
            latest = max(latest, _number(element, "revision/id"))
            page = self._wanted(element)
            if page is None:
                continue
            identity = self._naming.article_id(page.number)
            seen.add(identity)
            version = known.get(identity)
            if version and revision_of(version) > page.revision:
                yield unchanged(identity, version)
            else:
                yield self._naming.page(page)
        for identity, version in known.items():
            if identity not in seen and revision_of(version) > latest:
                yield unchanged(identity, version)

    def _wanted(self, element: Any) -> WikiPage | None:  # noqa: ANN401
        namespace = _number(element, "ns")
        model = _text(element, "revision/model") or "wikitext"
        markup = _text(element, "revision/text") or ""
        is_moved = element.find("{*}redirect") is not None or is_redirect(markup)
        if namespace not in self._namespaces or model != "wikitext" or is_moved:
            return None
        return WikiPage(
            _number(element, "id"),
            _text(element, "title") or "",
            _number(element, "revision/id"),
            markup,
        )

    def _site(self) -> WikiDescription:
        for element in self._elements("siteinfo"):
            names: dict[int, tuple[str, ...]] = {}
            for each in element.iterfind("{*}namespaces/{*}namespace"):
                names[int(each.get("key", 0))] = (each.text or "",)
            base = _text(element, "base") or ""
            return WikiDescription(_text(element, "dbname") or "wiki", base, names)
        message = f"{printable(self._path)} is not a MediaWiki dump: name a pages-articles XML file"
        raise WikiError(message)

    def _elements(self, name: str) -> Iterator[Any]:
        """Yield the elements of a name, each whole; what lies before them is let go."""
        from lxml.etree import XMLSyntaxError, iterparse

        tags = ("{*}page", "{*}siteinfo", "{*}revision")
        try:
            with _opened(self._path) as stream:
                walk = iterparse(
                    stream, events=("end",), tag=tags, huge_tree=True, resolve_entities=False,
                    no_network=True,
                )  # fmt: skip
                for _, element in walk:
                    kind = element.tag.rpartition("}")[2]
                    if kind == "revision":
                        _keep_newest(element)
                        continue
                    if kind == name:
                        yield element
                    element.clear()
                    while element.getprevious() is not None:
                        del element.getparent()[0]
        except (XMLSyntaxError, *_FAULTS) as error:
            raise WikiError(_broken(self._path, error)) from error


@contextmanager
def _opened(path: Path) -> Iterator[BufferedIOBase]:
    ending = path.suffix.lower()
    if ending in _PACKED:
        message = f"{printable(path)} is packed in a way that is not read: unpack it first"
        raise WikiError(message)
    if ending == ".bz2":
        with bz2.open(path) as unpacked:
            yield unpacked
    elif ending == ".gz":
        with gzip.open(path) as unzipped:
            yield unzipped
    else:
        with path.open("rb") as plain:
            yield plain


def _broken(path: Path, error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return f"{printable(path)} does not exist: check the path, or name the wiki's address"
    if isinstance(error, PermissionError | IsADirectoryError):
        return f"{printable(path)} cannot be read ({error.strerror}): name a dump that you may read"
    reason = " ".join(str(error).split())
    return (
        f"{printable(path)} is not a whole MediaWiki dump ({printable(reason)}): download it again;"
        " the pages before that are kept, and nothing was removed"
    )


def _keep_newest(revision: Any) -> None:  # noqa: ANN401
    """Of the revisions of a page that were read so far, keep the newest alone.

    The element that the parser stands at cannot leave the tree: it is emptied.
    """
    own = _number(revision, "id")
    earlier = list(revision.itersiblings("{*}revision", preceding=True))
    newer = [each for each in earlier if _number(each, "id") > own]
    if newer:
        revision.clear()
    for each in earlier:
        if each not in newer:
            each.getparent().remove(each)


def _number(element: Any, path: str) -> int:  # noqa: ANN401
    found = _text(element, path) or ""
    return int(found) if found.isdecimal() else 0


def _text(element: Any, path: str) -> str | None:  # noqa: ANN401
    found = element.find("/".join(f"{{*}}{step}" for step in path.split("/")))
    return found.text if found is not None else None
