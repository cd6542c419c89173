"""What fills an index: the articles of paths, the samples, and all vectors anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from shutten.articles import read_articles
from shutten.embedding import load_embedder
from shutten.errors import ArticleError, IndexNotFoundError
from shutten.index import Index, IndexReport, IndexWriter
from shutten.settings import Settings, samples_folder
from shutten.types import Article, Embedder, Progress


def index_paths(
    paths: Sequence[Path | str],
    settings: Settings,
    *,
    groups: Sequence[str] | None = None,
    progress: Progress | None = None,
    on_error: Callable[[ArticleError], None] | None = None,
) -> IndexReport:
    """Add or update articles; `on_error` hears of unreadable files inside folders.

    `groups` may see them, whatever the sources say. None leaves it to these; an article of which
    its source names no group is seen by those who saw it before, at first by everybody.
    """
    embedder = load_embedder(settings.embedder, threads=settings.threads)
    articles = read_articles(paths, on_error=on_error, private_hosts=settings.private_hosts)
    with IndexWriter.open(settings.index) as writer:
        seen_by = partial(_groups_of, given=groups, known=writer.groups())
        grouped = (replace(each, groups=seen_by(each)) for each in articles)
        return writer.add(grouped, embedder, progress=progress)


def _groups_of(
    article: Article, *, given: Sequence[str] | None, known: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...]:
    """Who may see an article: those given, or else those it comes with, or those who saw it."""
    return article.groups or known.get(article.id, ()) if given is None else tuple(given)


def rebuild_index(settings: Settings) -> IndexReport:
    """Embed every sentence of the index again with the current model."""
    embedder = load_embedder(settings.embedder, threads=settings.threads)
    with IndexWriter.open(settings.index) as writer:
        return writer.rebuild(embedder)


def ensure_samples(settings: Settings, *, embedder: Embedder | None = None) -> bool:
    """Build an index of the sample articles where there is none; say whether one was built."""
    try:
        Index.open(settings.index).close()
    except IndexNotFoundError:
        samples = (replace(article, sample=True) for article in read_articles([samples_folder()]))
        embedder = embedder or load_embedder(settings.embedder, threads=settings.threads)
        with IndexWriter.open(settings.index) as writer:
            writer.add(samples, embedder)
        return True
    return False
