"""Which page of a PDF file a sentence is cited from."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from tests.pdf_files import pdf

from shutten.articles import article_from_bytes
from shutten.assistant import Assistant
from shutten.database import STORE_NAME
from shutten.embedding import HashEmbedder
from shutten.index import Index, IndexWriter
from shutten.reader import OverlapReader
from shutten.retrieval import HybridRetriever
from shutten.types import Article, Citation, Hit

EMBEDDER = HashEmbedder()
REPORT = article_from_bytes(
    "report.pdf",
    pdf(
        "Report on the bridge",
        "",
        "The bridge was closed in March.\nDivers lifted the bronze gears.",
        "The engineer signed the contract.",
    ),
)
NOTES = Article("notes.txt", "Notes", "Notes\n\nThe tram was painted green.", language="en")


def asking(index: Index) -> Assistant:
    return Assistant(index, HybridRetriever(index, EMBEDDER), OverlapReader(), EMBEDDER)


def add(directory: Path, article: Article) -> tuple[int, int, int]:
    with IndexWriter.open(directory) as writer:
        report = writer.add([article], EMBEDDER)
    return report.added, report.updated, report.sentences_embedded


def cited_page(index: Index, question: str) -> int | None:
    (citation,) = asking(index).ask(question).citations
    return citation.page


def test_a_page_without_text_counts_as_a_page() -> None:
    assert REPORT.text.split("\f")[1] == ""
    assert [REPORT.text[start:].split()[:2] for start in REPORT.pages] == [
        ["Report", "on"],
        ["The", "bridge"],
        ["The", "bridge"],
        ["The", "engineer"],
    ]


@pytest.mark.parametrize(
    ("question", "page"),
    [
        ("Who lifted the bronze gears?", 3),
        ("Who signed the contract?", 4),
        ("When was the tram painted green?", None),
    ],
)
def test_a_citation_names_the_page_of_its_sentence(question: str, page: int | None) -> None:
    assert cited_page(Index.in_memory([REPORT, NOTES], EMBEDDER), question) == page


def test_hits_and_every_step_of_an_answer_name_pages_too() -> None:
    assistant = asking(Index.in_memory([REPORT], EMBEDDER))
    steps = list(assistant.stream("Who signed the contract?"))
    assert {hit.page for hit in steps[0].hits} == {3, 4}
    assert [hit.page for hit in steps[-1].hits[:1]] == [4]
    assert assistant.search("Who signed the contract?")[0].page == 4


def test_who_may_not_see_an_article_is_not_told_of_its_pages() -> None:
    kept = replace(REPORT, groups=("staff",))
    index = Index.in_memory([kept, NOTES], EMBEDDER)
    asked = [kept.id, NOTES.id, "none"]
    assert index.seen_by(()).pages(asked) == {}
    assert index.seen_by(("staff",)).pages(asked) == {kept.id: kept.pages}


def test_pages_are_kept_on_disk_and_follow_the_file(tmp_path: Path) -> None:
    assert add(tmp_path, REPORT) == (1, 0, 3)
    assert add(tmp_path, REPORT) == (0, 0, 0)
    with Index.open(tmp_path) as index:
        assert index.article(REPORT.id) == REPORT
        assert cited_page(index, "Who signed the contract?") == 4
    shifted = replace(REPORT, pages=REPORT.pages[1:])
    assert add(tmp_path, shifted) == (0, 1, 0)
    with Index.open(tmp_path) as index:
        assert cited_page(index, "Who signed the contract?") == 3
    assert add(tmp_path, replace(REPORT, pages=())) == (0, 1, 0)
    with Index.open(tmp_path) as index:
        assert cited_page(index, "Who signed the contract?") is None


def test_an_index_made_before_there_were_pages_opens_and_learns_them(tmp_path: Path) -> None:
    add(tmp_path, replace(REPORT, pages=()))
    connection = sqlite3.connect(tmp_path / STORE_NAME)
    connection.execute("DROP TABLE page_starts")
    connection.close()
    with Index.open(tmp_path) as index:
        assert cited_page(index, "Who signed the contract?") is None
        assert index.article(REPORT.id).pages == ()
    assert add(tmp_path, REPORT) == (0, 1, 0)
    with Index.open(tmp_path) as index:
        assert cited_page(index, "Who signed the contract?") == 4
    with IndexWriter.open(tmp_path) as writer:
        writer.remove([REPORT.id])
    assert sqlite3.connect(tmp_path / STORE_NAME).execute(
        "SELECT count(*) FROM page_starts"
    ).fetchone() == (0,)


@pytest.mark.parametrize(
    ("url", "anchor", "page", "address"),
    [
        ("https://example.org/a.pdf", None, 3, "https://example.org/a.pdf#page=3"),
        ("https://example.org/a.pdf#top", None, 3, "https://example.org/a.pdf#top"),
        ("https://example.org/a", "part", 3, "https://example.org/a#part"),
        ("https://example.org/a", None, None, "https://example.org/a"),
        (None, None, 3, None),
    ],
)
def test_an_address_leads_to_the_page_of_a_pdf_file(
    url: str | None, anchor: str | None, page: int | None, address: str | None
) -> None:
    citation = Citation(1, "a", "t", url, 2, 0, 9, "q", 1.0, page=page, anchor=anchor)
    hit = Hit("a", "t", url, 2, 0, 1, "q", 1.0, page=page, anchor=anchor)
    assert (citation.address, hit.address) == (address, address)
