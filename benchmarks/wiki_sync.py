"""A DokuWiki in the index: its first sync, a sync with nothing new, and one edited page.

"edit, found" is what readers wait for: from a page that was just saved to the answer of a running
assistant that has the new sentence first. It is measured in one process with the models loaded, as
`shutten sync --watch` does it; the commands are measured from start to end.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import synthetic
from indexing import wikinews
from measuring import (
    Benchmark,
    child_environment,
    median,
    parameters_of,
    parser_for,
    percentile,
    seconds,
)
from shutten.assistant import Assistant, open_assistant
from shutten.embedding import load_embedder
from shutten.settings import Settings
from shutten.types import Article
from shutten.wiki.dokuwiki import DokuWikiFolder
from shutten.wiki.sync import Synchroniser

URL = "https://wiki.example.org/doku.php?id="
OTHER = 1
"""The seed of the facts that are written into pages: made-up articles have none of them."""

Row = dict[str, Any]


def write_wiki(articles: Iterable[Article], data: Path) -> list[Path]:
    """Write articles as pages of a DokuWiki data directory and return their files."""
    pages = []
    for number, article in enumerate(articles):
        path = data / "pages" / f"part{number % 20}" / f"page{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"====== {article.title} ======\n\n{article.text}\n", encoding="utf-8")
        pages.append(path)
    return pages


def edited(page: Path, fact: synthetic.Fact) -> None:
    """Save a page with one more sentence."""
    text = page.read_text(encoding="utf-8")
    page.write_text(f"{text}\n{fact.sentence}\n", encoding="utf-8")


def time_edit(
    page: Path, fact: synthetic.Fact, synchroniser: Synchroniser, assistant: Assistant, data: Path
) -> tuple[float, float]:
    """Return the seconds of the sync after an edit, and of the question that finds it."""
    edited(page, fact)
    started = time.perf_counter()
    report = synchroniser.bring_up(DokuWikiFolder(data, url=URL))
    synced = time.perf_counter()
    answer = assistant.ask(fact.question)
    found = time.perf_counter()
    if report.updated != 1 or answer.hits[0].text != fact.sentence:
        sys.exit(f"{fact.question}: {fact.sentence} was not found after {report}")
    return synced - started, found - synced


def row_of(values: Sequence[float]) -> Row:
    """Return what a row says of repeated timings."""
    return {
        "runs": len(values),
        "median ms": 1000 * median(values),
        "90 % below": 1000 * percentile(values, 0.9),
        "longest": 1000 * max(values),
    }


def command(data: Path, index: Path) -> None:
    """Run `shutten sync dokuwiki` to its end; a failure is shown and ends the benchmark."""
    place = ("--url", URL, "--index", str(index))
    done = subprocess.run(
        [sys.executable, "-m", "shutten", "sync", "dokuwiki", str(data), *place],
        env=child_environment(),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        sys.exit(done.stderr.decode(errors="replace"))


def time_edits(
    pages: Sequence[Path], data: Path, synchroniser: Synchroniser, settings: Settings, count: int
) -> dict[str, Row]:
    """Edit pages from all over the wiki, one after the other."""
    assistant = open_assistant(settings)
    assistant.ask("いつ建てられましたか")
    chosen = pages[:: max(1, len(pages) // count)]
    timed = [
        time_edit(page, fact, synchroniser, assistant, data)
        for page, fact in zip(chosen, synthetic.facts(count, seed=OTHER), strict=False)
    ]
    assistant.index.close()
    return {
        "edit, synced": row_of([synced for synced, _ in timed]),
        "edit, found": row_of([synced + found for synced, found in timed]),
    }


def measure(
    pages: Sequence[Path], data: Path, folder: Path, *, count: int, repeats: int
) -> dict[str, Row]:
    """Sync a wiki and return what each kind of sync takes."""
    settings = Settings(index=folder / "index")
    embedder = load_embedder(settings.embedder)
    embedder.embed_documents(["温まる"])
    synchroniser = Synchroniser(settings.index, lambda: embedder)
    source = DokuWikiFolder(data, url=URL)
    first = synchroniser.bring_up(source)
    ways: dict[str, Callable[[], object]] = {
        "nothing new": partial(synchroniser.bring_up, source),
        "nothing new, command": partial(command, data, settings.index),
    }
    again = {name: row_of([seconds(way) for _ in range(repeats)]) for name, way in ways.items()}
    return {
        "first sync": {**row_of([first.seconds]), "sentences": first.sentences_embedded},
        **again,
        **time_edits(pages, data, synchroniser, settings, count),
    }


def main() -> None:
    """Write the pages into a temporary folder, sync them, edit some and sync again."""
    parser = parser_for("wiki-sync", __doc__)
    parser.add_argument("--data", type=Path, help="sync the Wikinews articles of this folder")
    parser.add_argument("--sentences", type=int, default=50_000, help="of made-up articles")
    parser.add_argument("--edits", type=int, default=15)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    benchmark = Benchmark("wiki-sync", parameters_of(options))
    articles = wikinews(options.data) if options.data else synthetic.articles(options.sentences)
    with tempfile.TemporaryDirectory() as name:
        data = Path(name) / "data"
        pages = write_wiki(articles, data)
        rows = measure(pages, data, Path(name), count=options.edits, repeats=options.repeats)
    benchmark.conclude(f"A DokuWiki of {len(pages)} pages", rows, options.report)


if __name__ == "__main__":
    main()
