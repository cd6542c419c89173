"""Syncing: what is new is read, what is gone is removed, and nothing else is touched."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import pytest

from shutten.database import STORE_NAME
from shutten.embedding import HashEmbedder
from shutten.errors import ArticleError, DuplicateArticleError, WikiError
from shutten.index import Index, IndexReport, IndexWriter
from shutten.retrieval import HybridRetriever
from shutten.store import KnownPlace
from shutten.types import Article, Origin, Section
from shutten.wiki.folder import MarkdownFolder, find_site
from shutten.wiki.source import Page, Visit
from shutten.wiki.sync import Synchroniser

EMBEDDER = HashEmbedder(32)


@dataclass
class Wiki:
    """A wiki in memory; `fails_at` is the page at which the network goes down."""

    name: str = "the wiki W"
    texts: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    fails_at: str | None = None
    broken: set[str] = field(default_factory=set)
    read: list[str] = field(default_factory=list)
    memories: list[str | None] = field(default_factory=list)
    meanwhile: Callable[[], object] = bool
    """What happens while a page is read."""

    def visit(self, known: Mapping[str, str], memory: str | None) -> Visit:
        self.memories.append(memory)
        return Visit(self._pages(), len(self.texts), memory=f"after {len(known)}")

    def _pages(self) -> Iterator[Page]:
        for page, text in self.texts.items():
            if page == self.fails_at:
                raise WikiError("the wiki does not answer: try again")
            version = f"{self.titles.get(page, page)} {text}"
            yield Page(page, version, partial(self._read, page, version))

    def _read(self, page: str, version: str) -> Article:
        self.read.append(page)
        self.meanwhile()
        if page in self.broken:
            raise ArticleError(f"{page} is broken: mend it")
        origin = Origin(self.name, version, (Section(0, f"top-{page}"),))
        title = self.titles.get(page, page)
        return Article(page, title, self.texts[page], f"https://w.example/{page}", origin=origin)


def counts(report: IndexReport) -> tuple[int, int, int, int, int]:
    numbers = (report.added, report.updated, report.unchanged, report.removed)
    return (*numbers, report.sentences_embedded)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def synchroniser(directory: Path) -> Synchroniser:
    return Synchroniser(directory, lambda: EMBEDDER, pages_at_once=2)


def ids(directory: Path) -> list[str]:
    with Index.open(directory) as index:
        return sorted(entry.id for entry in index.articles())


def test_a_second_sync_reads_and_embeds_only_what_changed(synchroniser: Synchroniser) -> None:
    wiki = Wiki(texts={"a": "一文だ。二文だ。", "b": "三文だ。", "c": "四文だ。"})
    assert counts(synchroniser.bring_up(wiki)) == (3, 0, 0, 0, 4)
    wiki.read.clear()
    assert counts(synchroniser.bring_up(wiki)) == (0, 0, 3, 0, 0)
    wiki.texts["a"] = "一文だ。新しい文だ。"
    del wiki.texts["b"]
    wiki.texts["d"] = "五文だ。"
    assert counts(synchroniser.bring_up(wiki)) == (1, 1, 1, 1, 2)
    assert wiki.read == ["a", "d"]
    assert wiki.memories == [None, "after 0", "after 3"]


def test_nothing_is_loaded_where_nothing_changed(directory: Path) -> None:
    wiki = Wiki(texts={"a": "一文だ。"})
    Synchroniser(directory, lambda: EMBEDDER).bring_up(wiki)

    def load() -> HashEmbedder:
        pytest.fail("the embedder was loaded")

    assert counts(Synchroniser(directory, load).bring_up(wiki)) == (0, 0, 1, 0, 0)


def test_a_citation_leads_to_the_section_and_the_revision(
    directory: Path, tmp_path: Path, synchroniser: Synchroniser
) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    text = "# 題\n\n前置きだ。\n\n## 歴史\n\n城は古い。\n"
    (folder / "城.md").write_text(text, encoding="utf-8")
    synchroniser.bring_up(MarkdownFolder(find_site(folder, url="https://n.example")))
    with Index.open(directory) as index:
        (passage,) = HybridRetriever(index, EMBEDDER).retrieve("城は古いですか", k=1)
        hit = passage.hit
        assert index.article("城.md").text[hit.start : hit.end] == hit.text == "城は古い。"
        assert (hit.url, hit.anchor) == ("https://n.example/%E5%9F%8E.md", "歴史")
        assert hit.address == "https://n.example/%E5%9F%8E.md#%E6%AD%B4%E5%8F%B2"
        assert hit.revision == index.articles()[0].revision


def test_a_heading_above_moves_the_anchor_and_embeds_nothing(
    directory: Path, tmp_path: Path, synchroniser: Synchroniser
) -> None:
    (tmp_path / "n").mkdir()
    page = tmp_path / "n" / "a.md"
    source = MarkdownFolder(find_site(tmp_path / "n"))
    page.write_text("# 題\n\n## 旧名\n\n城は古い。\n", encoding="utf-8")
    synchroniser.bring_up(source)
    page.write_text("# 題\n\n## 新名\n\n城は古い。\n", encoding="utf-8")
    assert counts(synchroniser.bring_up(source)) == (0, 1, 0, 0, 0)
    with Index.open(directory) as index:
        (passage,) = HybridRetriever(index, EMBEDDER).retrieve("城", k=1)
        assert passage.hit.anchor == "新名"


def test_a_renamed_page_with_its_old_id_stays_the_same_article(
    directory: Path, synchroniser: Synchroniser
) -> None:
    wiki = Wiki(texts={"7": "城は古い。"}, titles={"7": "城"})
    synchroniser.bring_up(wiki)
    wiki.titles["7"] = "古城"
    assert counts(synchroniser.bring_up(wiki))[:4] == (0, 1, 0, 0)
    with Index.open(directory) as index:
        assert [(entry.id, entry.title) for entry in index.articles()] == [("7", "古城")]


def test_an_interrupted_sync_keeps_what_it_read_and_goes_on_there(
    directory: Path, synchroniser: Synchroniser
) -> None:
    wiki = Wiki(texts={page: f"{page}の文だ。" for page in "abcde"})
    synchroniser.bring_up(replace(wiki, texts={"z": "消える文だ。"}))
    wiki.fails_at = "d"
    with pytest.raises(WikiError, match="does not answer"):
        synchroniser.bring_up(wiki)
    assert ids(directory) == ["a", "b", "c", "z"]
    wiki.fails_at = None
    wiki.read.clear()
    assert counts(synchroniser.bring_up(wiki)) == (2, 0, 3, 1, 2)
    assert wiki.read == ["d", "e"]
    assert wiki.memories == [None, "after 0", "after 0"]
    assert ids(directory) == ["a", "b", "c", "d", "e"]


def groups(directory: Path) -> dict[str, tuple[str, ...]]:
    with Index.open(directory) as index:
        return index.groups()


def test_a_wiki_closed_while_its_pages_are_read_is_closed_with_all_of_them(
    directory: Path, synchroniser: Synchroniser
) -> None:
    wiki = Wiki(texts={"a": "一文だ。", "b": "二文だ。", "c": "三文だ。"})
    synchroniser.bring_up(wiki)

    def close() -> None:
        with IndexWriter.open(directory) as writer:
            writer.put_place(KnownPlace(wiki.name, None, "", ("staff",)))

    wiki.texts = {"a": "新しい文だ。", "d": "四文だ。"}
    wiki.meanwhile = close
    synchroniser.bring_up(wiki)
    assert groups(directory) == {"a": ("staff",), "d": ("staff",)}


def test_groups_that_are_named_again_close_an_article_that_stood_open(
    directory: Path, synchroniser: Synchroniser
) -> None:
    wiki = Wiki(texts={"a": "一文だ。", "b": "二文だ。"})
    synchroniser.bring_up(wiki, groups=["staff"])
    connection = sqlite3.connect(directory / STORE_NAME)
    with closing(connection), connection:
        connection.execute("DELETE FROM article_groups WHERE article = 1")
    assert groups(directory) == {"b": ("staff",)}
    synchroniser.bring_up(wiki, groups=["staff"])
    assert groups(directory) == {"a": ("staff",), "b": ("staff",)}


def test_a_page_that_cannot_be_read_stays_as_it_was(
    directory: Path, synchroniser: Synchroniser
) -> None:
    wiki = Wiki(texts={"a": "一文だ。", "b": "二文だ。"})
    synchroniser.bring_up(wiki)
    wiki.texts = {"a": "新しい文だ。", "b": "別の文だ。"}
    wiki.broken = {"a"}
    unread: list[ArticleError] = []
    report = synchroniser.bring_up(wiki, on_error=unread.append)
    assert counts(report)[:4] == (0, 1, 0, 0)
    assert [str(error) for error in unread] == ["a is broken: mend it"]
    with Index.open(directory) as index:
        assert index.article("a").text == "一文だ。"


def test_a_wiki_that_is_suddenly_empty_removes_nothing(
    directory: Path, synchroniser: Synchroniser
) -> None:
    wiki = Wiki(texts={"a": "一文だ。"})
    synchroniser.bring_up(wiki)
    wiki.texts.clear()
    with pytest.raises(WikiError, match=r"the wiki W has no pages.*nothing was removed"):
        synchroniser.bring_up(wiki)
    assert ids(directory) == ["a"]


def test_articles_of_another_source_are_never_touched(
    directory: Path, synchroniser: Synchroniser
) -> None:
    with IndexWriter.open(directory) as writer:
        writer.add([Article("own", "題", "自分の文だ。")], EMBEDDER)
    synchroniser.bring_up(Wiki(name="the wiki V", texts={"v": "別のウィキだ。"}))
    wiki = Wiki(texts={"a": "一文だ。"})
    synchroniser.bring_up(wiki)
    wiki.texts = {"b": "二文だ。"}
    assert counts(synchroniser.bring_up(wiki))[:4] == (1, 0, 0, 1)
    assert ids(directory) == ["b", "own", "v"]
    for claimed in ("own", "v"):
        wiki.texts = {"b": "二文だ。", claimed: "奪う文だ。"}
        with pytest.raises(DuplicateArticleError, match=f"'{claimed}' belongs to .*--name NAME"):
            synchroniser.bring_up(wiki)
    with IndexWriter.open(directory) as writer, pytest.raises(DuplicateArticleError, match="W"):
        writer.add([Article("b", "題", "奪う文だ。")], EMBEDDER)
    with Index.open(directory) as index:
        assert index.article("own").text == "自分の文だ。"
        assert index.article("v").text == "別のウィキだ。"


def test_an_article_of_a_wiki_comes_out_as_it_was_given(directory: Path) -> None:
    sections = (Section(0, "題"), Section(4, "節_2"))
    given = Article(
        "a", "題", "# 題\n\n## 節\n\n文だ。", revision="7", origin=Origin("W", "7", sections)
    )
    with IndexWriter.open(directory) as writer:
        writer.add([given], EMBEDDER)
        writer.rebuild(EMBEDDER)
    with Index.open(directory) as index:
        assert index.article("a") == given


def test_an_index_from_before_there_were_wikis_is_read_and_taken_over(directory: Path) -> None:
    with IndexWriter.open(directory) as writer:
        writer.add([Article("own", "題", "自分の文だ。")], EMBEDDER)
    connection = sqlite3.connect(directory / STORE_NAME)
    connection.executescript("DROP TABLE pages; DROP TABLE sources;")
    connection.close()
    with Index.open(directory) as index:
        (passage,) = HybridRetriever(index, EMBEDDER).retrieve("自分", k=1)
        assert (passage.hit.article_id, passage.hit.anchor) == ("own", None)
        Synchroniser(directory, lambda: EMBEDDER).bring_up(Wiki(texts={"a": "城は古い。"}))
        (passage,) = HybridRetriever(index, EMBEDDER).retrieve("城", k=1)
        assert (passage.hit.article_id, passage.hit.anchor) == ("a", "top-a")
