"""Files, folders, bulk files and URLs to articles.

Stored text is the decoded file without its byte order mark; nothing else is changed, but for pages
and tables, of which what a reader sees is written as lines.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePath
from urllib.parse import unquote, urlsplit

from shutten import delimited
from shutten.bulk import read_bulk
from shutten.decoding import MAX_BYTES, check_size, decode, half_character, printable
from shutten.documents import Page, Paged, read_page, read_pdf
from shutten.errors import ArticleError, DuplicateArticleError
from shutten.layout import MARKDOWN_ENDINGS, front_matter
from shutten.paragraphs import find_title
from shutten.sentences import detect_language
from shutten.types import Article, Progress

__all__ = [
    "ENDINGS",
    "MARKDOWN_ENDINGS",
    "MAX_BYTES",
    "article_from_bytes",
    "decode",
    "files_in",
    "read_article",
    "read_articles",
    "read_bytes",
]

PAGE_ENDINGS = (".html", ".htm", ".xhtml")
ENDINGS = (".txt", ".text", *MARKDOWN_ENDINGS, *PAGE_ENDINGS, *delimited.ENDINGS, ".pdf", ".jsonl")
"""What is read in a folder; a file that is named by itself may end otherwise if it is text."""

_ADDRESS = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]+):/")

OnError = Callable[[ArticleError], None]


def read_articles(
    paths: Sequence[Path | str],
    *,
    progress: Progress | None = None,
    on_error: OnError | None = None,
    private_hosts: Sequence[str] = (),
) -> Iterator[Article]:
    """Yield the articles of files, folders, `.jsonl` files and http(s) addresses, in order.

    A file's id is its POSIX path relative to the given folder (its name if it was given itself),
    a page's id its address, a bulk article's id its own. `progress` is told the sources read so
    far and their number. A page may redirect to the private network only to `private_hosts`.

    Raises ArticleError for the first source that cannot be read; with `on_error`, a bad file or
    line inside a folder is reported there and left out, and a source named by itself still raises.
    Raises DuplicateArticleError where two sources claim one id.
    """
    sources = _gather(paths, on_error)
    claims = _Claims()
    reading = _Reading(claims, private_hosts)
    for source in sources:
        if not source.is_bulk:
            claims.claim(source.id, source.place)
    empty = True
    for number, source in enumerate(sources, start=1):
        for article in _read_source(source, reading, on_error if source.in_folder else None):
            empty = False
            yield article
        if progress:
            progress(number, len(sources))
    if sources and empty:
        message = f"none of the {len(sources)} files could be read: mend those named above"
        raise ArticleError(message)


def read_article(path: Path, *, article_id: str | None = None) -> Article:
    """Return one file as an article; its id is the file's name unless another is given.

    Raises ArticleError for a file that is missing, not a file, not permitted, or unreadable.
    """
    article = _article(path.name, read_bytes(path), str(path))
    return article if article_id is None else replace(article, id=_valid_id(article_id, path))


def article_from_bytes(name: str, data: bytes) -> Article:
    """Return the article in a file's bytes; `name` is its id, and its ending says what it is.

    Raises ArticleError as `read_article` does.
    """
    return _article(name, data, name)


def _article(name: str, data: bytes, shown: str, *, charset: str | None = None) -> Article:
    check_size(len(data), shown)
    identity = _valid_id(name, shown)
    stem, ending = PurePath(identity).stem, PurePath(identity).suffix.lower()
    if ending == ".jsonl":
        message = f"{printable(shown)} holds many articles: add it with `shutten index`"
        raise ArticleError(message)
    if ending in PAGE_ENDINGS:
        return _article_from_page(identity, stem, read_page(data, shown, charset=charset))
    if ending == ".pdf":
        return _article_from_pdf(identity, stem, read_pdf(data, shown))
    text, encoding = decode(data, shown)
    table = delimited.as_table(text, ending) if ending in delimited.ENDINGS else None
    if table is not None:
        return Article(identity, stem, table, language=detect_language(table), encoding=encoding)
    title = _title(text, markdown=ending in MARKDOWN_ENDINGS) or stem
    return Article(identity, title, text, language=detect_language(text), encoding=encoding)


def _article_from_pdf(identity: str, stem: str, paged: Paged) -> Article:
    title = _title(paged.text, markdown=False) or stem
    language = detect_language(paged.text)
    return Article(identity, title, paged.text, language=language, pages=paged.pages)


def _article_from_page(identity: str, stem: str, page: Page) -> Article:
    return Article(
        identity,
        page.title or _title(page.text, markdown=False) or stem,
        page.text,
        url=page.url,
        language=detect_language(page.text),
        encoding=page.encoding,
    )


def _article_from_address(address: str, private_hosts: Sequence[str]) -> Article:
    from shutten.fetching import fetch

    fetched = fetch(address, private_hosts=private_hosts)
    name = PurePath(unquote(urlsplit(address).path)).stem or urlsplit(address).netloc
    article = _article(name + fetched.ending, fetched.data, address, charset=fetched.charset)
    return replace(article, id=address, url=address)


def _valid_id(name: str, shown: object) -> str:
    identity = unicodedata.normalize("NFC", name)
    if half_character(identity):
        message = f"{printable(shown)} has a name that is not UTF-8: rename the file"
        raise ArticleError(message)
    return identity


def published_on(article: Article) -> date | None:
    """Return the day that a Markdown file's front matter gives, as in `date: 2025-03-01`.

    Nothing else tells it: a revision, a file's time or a wiki's last edit are other days.
    """
    is_markdown = article.id.lower().endswith(MARKDOWN_ENDINGS)
    front = front_matter(article.text) if is_markdown else None
    return front.day if front else None


def _title(text: str, *, markdown: bool) -> str | None:
    front = front_matter(text) if markdown else None
    return (front.title if front else None) or find_title(text, markdown=markdown)


@dataclass(frozen=True, slots=True)
class _Source:
    """One file or address that is to be read; `in_folder` if a folder was named and not it."""

    id: str
    place: Path | str
    in_folder: bool

    @property
    def is_bulk(self) -> bool:
        """Whether it holds one article a line."""
        return isinstance(self.place, Path) and self.place.suffix.lower() == ".jsonl"


class _Claims:
    """Which source claimed which id."""

    def __init__(self) -> None:
        self._places: dict[str, str] = {}

    def claim(self, article_id: str, place: object) -> None:
        """Note whose id it is; raises DuplicateArticleError where another place has it."""
        other = self._places.setdefault(article_id, printable(place))
        if other != printable(place):
            message = (
                f"two sources claim the id {printable(article_id)!r}: {other} and"
                f" {printable(place)}; rename one, or index the folder that holds both"
            )
            raise DuplicateArticleError(message)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the sources of one call share."""

    claims: _Claims
    private_hosts: Sequence[str]


def _gather(paths: Sequence[Path | str], on_error: OnError | None) -> list[_Source]:
    """Return every source once: the same file named twice is one source."""
    found: dict[object, _Source] = {}
    for path in paths:
        for source in _sources(path, on_error):
            found.setdefault(_identity(source.place), source)
    return list(found.values())


def _identity(place: Path | str) -> object:
    return place if isinstance(place, str) else os.path.realpath(place)


def _sources(path: Path | str, on_error: OnError | None) -> Iterator[_Source]:
    address = _as_address(path)
    if address:
        yield _Source(address, address, in_folder=False)
        return
    here = Path(path)
    if not stat.S_ISDIR(_status(here).st_mode):
        yield _Source(_file_id(PurePath(here.name or str(here))), here, in_folder=False)
        return
    files = sorted(files_in(here, on_error))
    if not files:
        endings = ", ".join(ENDINGS)
        message = f"no articles in the folder {printable(here)}: files ending in {endings} are read"
        raise ArticleError(message)
    for relative in files:
        yield _Source(_file_id(relative), here / relative, in_folder=True)


def check_there(path: Path | str) -> None:
    """Raise ArticleError where a named file or folder is not there; of an address, its scheme."""
    if not _as_address(path):
        _status(Path(path))


def _as_address(path: Path | str) -> str | None:
    match = _ADDRESS.match(str(path))
    if not match:
        return None
    scheme = match.group("scheme").lower()
    if scheme not in ("http", "https"):
        message = (
            f"{printable(path)}: only http and https addresses are read: save the page to a file"
        )
        raise ArticleError(message)
    # A Path has folded the two slashes into one.
    return f"{scheme}://{str(path)[match.end() :].lstrip('/')}"


def _file_id(relative: PurePath) -> str:
    return unicodedata.normalize("NFC", relative.as_posix())


def files_in(folder: Path, on_error: OnError | None = None) -> Iterator[PurePath]:
    """Yield the readable files under a folder; linked folders come last, and each folder once.

    Raises ArticleError for a folder that cannot be read, or tells `on_error` and goes on.
    """
    waiting, linked, seen = [PurePath()], list[PurePath](), set[str]()
    while waiting or linked:
        relative = waiting.pop() if waiting else linked.pop(0)
        real = os.path.realpath(folder / relative)
        if real in seen:
            continue
        seen.add(real)
        for entry in _entries(folder / relative, on_error):
            if not _is_folder(entry):
                if os.path.splitext(entry.name)[1].lower() in ENDINGS:  # noqa: PTH122 -- often
                    yield relative / entry.name
            elif entry.is_symlink():
                linked.append(relative / entry.name)
            else:
                waiting.append(relative / entry.name)


def _is_folder(entry: os.DirEntry[str] | Path) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False  # a link in a circle, or in a folder that may not be entered


def _entries(folder: Path, on_error: OnError | None) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            shown = [entry for entry in entries if not entry.name.startswith(".")]
        return sorted(shown, key=lambda entry: entry.name)
    except OSError as error:
        problem = _unreadable(folder, error)
    if on_error is None:
        raise problem
    on_error(problem)
    return []


def _read_source(source: _Source, reading: _Reading, on_error: OnError | None) -> Iterator[Article]:
    for outcome in _outcomes(source, reading):
        if isinstance(outcome, Article):
            yield outcome
        elif on_error is None or isinstance(outcome, DuplicateArticleError):
            raise outcome
        else:
            on_error(outcome)


def _outcomes(source: _Source, reading: _Reading) -> Iterator[Article | ArticleError]:
    try:
        if not source.is_bulk:
            yield _read_one(source, reading.private_hosts)
            return
        for number, outcome in read_bulk(Path(source.place)):
            if isinstance(outcome, Article):
                reading.claims.claim(outcome.id, f"{source.place}, line {number}")
            yield outcome
    except ArticleError as error:
        yield error


def _read_one(source: _Source, private_hosts: Sequence[str]) -> Article:
    if isinstance(source.place, str):
        return _article_from_address(source.place, private_hosts)
    article = read_article(source.place, article_id=source.id)
    return replace(article, place=printable(os.path.realpath(source.place)))


def _status(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error


def _is_closed(folder: Path) -> bool:
    """Whether a folder may not be entered."""
    return _is_folder(folder) and not os.access(folder, os.X_OK)


def _unreadable(path: Path, error: OSError | ValueError) -> ArticleError:
    if isinstance(error, FileNotFoundError):
        return ArticleError(f"{printable(path)} does not exist: check the path")
    if isinstance(error, PermissionError):
        # Below a folder that may not be entered nothing can be looked at.
        closed = next((each for each in reversed(path.parents) if _is_closed(each)), None)
        which, mode = (closed or path), "+rx" if closed or _is_folder(path) else "+r"
        return ArticleError(
            f"{printable(which)} may not be read: give yourself permission (chmod {mode})"
        )
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return ArticleError(f"{printable(path)} cannot be read ({reason}): check the path")


def read_bytes(path: Path) -> bytes:
    """Return what a file holds; raises ArticleError where it is no file, not permitted or large."""
    status = _status(path)
    if stat.S_ISDIR(status.st_mode):
        message = f"{printable(path)} is a folder: name a file in it"
        raise ArticleError(message)
    if not stat.S_ISREG(status.st_mode):
        message = f"{printable(path)} is not a regular file: save its text to a file first"
        raise ArticleError(message)
    check_size(status.st_size, str(path))
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error
