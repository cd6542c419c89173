from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from shutten.articles import article_from_bytes
from shutten.sentences import split_sentences, trimmed
from shutten.types import Article, Sentence
from shutten.web.markup import Reference
from shutten.web.sources import LISTED, WINDOW, Listed, article_page, library_page
from shutten.web.texts import ENGLISH, JAPANESE, Texts


class SentenceTexts(HTMLParser):
    """Collects the text of every sentence of a page, as a browser shows it."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: dict[int, str] = {}
        self.tags: set[str] = set()
        self._number = 0
        self._path: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        given = dict(attrs)
        if tag == "br":
            return
        self._path.append(given.get("class") or "")
        if given.get("class") == "s":
            self._number = int((given["id"] or "").removeprefix("s-"))
            self.texts[self._number] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag != "br":
            self._path.pop()

    def handle_data(self, data: str) -> None:
        if "t" in self._path:
            self.texts[self._number] += data


def sentences_of(article: Article) -> list[Sentence]:
    return split_sentences(article.text, title=article.title, markdown=article.id.endswith(".md"))


def page_of(article: Article, *, focus: int = 1) -> tuple[str, SentenceTexts]:
    sentences = sentences_of(article)
    page = article_page(article, sentences, Reference("index", article.id), JAPANESE, focus=focus)
    parser = SentenceTexts()
    parser.feed(page)
    return page, parser


def test_every_sentence_of_the_page_holds_exactly_its_text() -> None:
    text = (
        "題\n\n# 見出し\n\n一文目だ。𠮷野の「<b>二文目</b>」&だ。\r\n\r\n"
        "- 三つ目の項目。\n- 四つ目の項目。\n"
    )
    article = article_from_bytes("a.md", text.encode())
    _, parser = page_of(article)
    expected = {}
    for sentence in sentences_of(article):
        start, end = trimmed(article.text, sentence)
        if start < end:
            expected[sentence.number] = article.text[start:end].replace("\r", " ")
    assert parser.texts == expected


@pytest.mark.parametrize("fence", ["---", "+++"])
def test_front_matter_is_no_part_of_what_is_read(fence: str) -> None:
    text = f"{fence}\ntitle: 港\ndate: 2025-03-01\n{fence}\n\n# 港\n\n船が着いた。\n"
    article = Article("notes/港.md", "港", text)
    sentences = split_sentences(text, title="港", markdown=True)
    page = article_page(article, sentences, Reference("index", article.id), JAPANESE)
    assert "date" not in page
    assert 'class="s" id="s-' in page
    last = next(each for each in sentences if "船" in text[each.start : each.end])
    assert f'id="s-{last.number}"' in page  # a citation leads to it by the same number
    as_text = replace(article, id="notes.txt")
    assert "date" in article_page(as_text, sentences, Reference("index", "notes.txt"), JAPANESE)


def test_a_page_is_one_line_and_runs_nothing() -> None:
    text = (
        "題\n\n<script>alert(1)</script> <img src=x onerror=alert(1)> だ。\n\n\n"
        "[x](javascript:alert(1)) だ。"
    )
    page, parser = page_of(article_from_bytes("a.txt", text.encode()))
    assert "\n" not in page
    assert parser.tags == {"div", "h2", "p", "a", "span"}
    assert re.findall(r'href="(?!#)', page) == []


def test_headings_items_and_paragraphs_stand_apart() -> None:
    text = (
        "題\n\n前の段落だ。続きだ。\n\n## 節の名前\n\n後の段落だ。\n\n"
        "- 項目の一つ目だ。\n- 項目の二つ目だ。\n"
    )
    page, _ = page_of(article_from_bytes("a.md", text.encode()))
    assert re.findall(r'<(?:h3|p) class="(heading level-2|item)"', page) == [
        "heading level-2",
        "item",
        "item",
    ]
    assert page.count("<p>") == 2


def test_a_table_shows_its_cells_under_each_other_and_keeps_its_text() -> None:
    rows = ("| 年 | 人口 |", "|----|------|", "| 2021 | [63,900人](a.md) |", "| 2022 | |")
    text = "# 人口\n\n" + "\n".join(rows) + "\n\n人口は減った。\n"
    page, parser = page_of(article_from_bytes("a.md", text.encode()))
    assert list(parser.texts.values())[1:5] == list(rows)
    (table,) = re.findall(r'<div class="table">(.*?)<p>', page)
    assert re.findall(
        r'(?:class="(head|rule)"><span class="s"|<span class="s") id="s-(\d+)"', table
    ) == [
        ("head", "2"),
        ("rule", "3"),
        ("", "4"),
        ("", "5"),
    ]
    assert '<span class="c">2021</span><span class="sign"> | </span><span class="c">' in table
    assert table.count('<span class="c">') == 6
    assert '<span class="sign">[</span>63,900人' in table
    assert "人口は減った。" not in table


def test_an_address_is_a_link_only_where_a_browser_may_open_it() -> None:
    article = Article("a", "題", "一文だ。", url="https://example.org/?a=1&b=2")
    page, _ = page_of(article)
    assert 'href="https://example.org/?a=1&amp;b=2"' in page
    page, _ = page_of(Article("a", "題", "一文だ。", url="javascript:alert(1)"))
    assert "javascript" not in page


def test_a_title_that_is_not_in_the_text_heads_the_page() -> None:
    article = Article("a", "<i>題</i>", "一文だ。二文だ。")
    page = article_page(
        article, split_sentences(article.text)[1:], Reference("index", "a"), JAPANESE
    )
    assert '<h2 class="page-title">&lt;i&gt;題&lt;/i&gt;</h2>' in page


def test_of_a_long_article_the_part_around_the_focus_is_shown() -> None:
    text = "".join(f"これは{number}番の文である。" for number in range(1, 2001))
    page, parser = page_of(Article("a", "題", text), focus=1500)
    assert len(parser.texts) == WINDOW
    assert min(parser.texts) == 1200
    assert "文1200〜1799" in page
    assert "#read/index:a/900" in page
    assert "#read/index:a/2000" in page or "#read/index:a/20" in page


def test_the_list_names_every_article_with_its_facts() -> None:
    listed = [
        Listed(Reference("own", "mine.txt"), "<b>Mine</b>", "en", 3),
        Listed(Reference("index", "a"), "見本の記事", "ja", 12, sample=True),
        Listed(Reference("index", "b"), "Note", "en", 1),
    ]
    page = library_page(listed, ENGLISH)
    assert "&lt;b&gt;Mine&lt;/b&gt;" in page
    assert "English · 3 sentences · added file (mine.txt)" in page
    assert "Japanese · 12 sentences · sample" in page
    assert "English · 1 sentence<" in page
    assert 'href="#read/own:mine.txt/0"' in page


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (JAPANESE, "文の数には題名と見出しも入ります。"),
        (ENGLISH, "Titles and headings count as sentences here."),
    ],
)
def test_the_list_says_what_counts_as_a_sentence(texts: Texts, said: str) -> None:
    assert said in library_page([Listed(Reference("index", "a"), "題", "ja", 4)], texts)


def test_a_long_list_says_how_many_articles_it_leaves_out() -> None:
    listed = [
        Listed(Reference("index", f"{number}"), "題", "ja", 1) for number in range(LISTED + 5)
    ]
    page = library_page(listed, JAPANESE)
    assert page.count("<li>") == LISTED
    assert "ほか5件" in page


def test_an_empty_list_says_what_to_do() -> None:
    assert JAPANESE.library_empty in library_page([], JAPANESE)
