"""Folders of Markdown as sources: sections, addresses, and what is read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from shutten.errors import WikiError
from shutten.sentences import split_sentences
from shutten.types import Article, Section
from shutten.wiki.anchors import GITHUB, MKDOCS
from shutten.wiki.folder import (
    MarkdownFolder,
    SiteKind,
    find_site,
    plain_heading,
    sections_of,
)

TUNNEL = """\
---
title: 青函トンネル
tags: [鉄道]
---
# 青函トンネル

海底を通る。[[津軽海峡|海峡]]の下を[[北海道|道]]へ渡る。長さは53.85キロメートルだ。

<!--
見えない。
-->

![[図.png]]

## 歴史

1988年3月13日に開業した。

!!! note "注"

    電車が走る。

```sh
# not a heading
make
```

歴史
----

もう一度。
"""


def articles(source: MarkdownFolder) -> dict[str, Article]:
    return {page.id: page.read() for page in source.visit({}, None).pages}


def put(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_sections_are_the_headings_outside_of_code() -> None:
    sections = sections_of(TUNNEL, GITHUB)
    places = [TUNNEL.index("# 青函"), TUNNEL.index("## 歴史"), TUNNEL.index("歴史\n----")]
    assert sections == (
        Section(places[0], "青函トンネル"),
        Section(places[1], "歴史"),
        Section(places[2], "歴史-1"),
    )


def test_an_id_that_a_heading_names_is_its_anchor() -> None:
    text = "# Start {#top .big}\n\n## Top\n\n## Setup ##\n\n## `top`\n"
    found = [section.anchor for section in sections_of(text, MKDOCS)]
    assert found == ["top", "top_1", "setup", "top_2"]


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("**太字**と`code`", "太字とcode"),
        ("[[頁|名]]と[鏈](https://example.org)", "名と鏈"),
        ("snake_case_name を *使う*", "snake_case_name を 使う"),
        (r"1\. 項[^1] <b>x</b> ![図](a.png)", "1. 項 x"),
    ],
)
def test_a_heading_is_read_without_its_markup(heading: str, expected: str) -> None:
    assert plain_heading(heading) == expected


def test_what_a_reader_sees_is_a_sentence_and_the_rest_is_not() -> None:
    found = split_sentences(TUNNEL, title="青函トンネル", markdown=True)
    body = [TUNNEL[each.start : each.end].strip() for each in found if each.kind == "body"]
    assert body == [
        "海底を通る。",
        "[[津軽海峡|海峡]]の下を[[北海道|道]]へ渡る。",
        "長さは53.85キロメートルだ。",
        "1988年3月13日に開業した。",
        "電車が走る。",
        "# not a heading",
        "make",
        "もう一度。",
    ]
    assert "".join(TUNNEL[each.start : each.end] for each in found) == TUNNEL


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("前の文だ。\n\n%%\n隠す。\n\n隠す。\n%%\n\n後の文だ。\n", ["前の文だ。", "後の文だ。"]),
        ("%%隠す。%%\n\n後の文だ。\n", ["後の文だ。"]),
        ("%%隠す。%% 見える文だ。\n", ["%%隠す。", "%% 見える文だ。"]),
        ("%% 閉じない。\n\n後の文だ。\n", ["%% 閉じない。", "後の文だ。"]),
        ("<!-- 閉じない。\n\n後の文だ。\n", ["<!-- 閉じない。", "後の文だ。"]),
        ("::: {.callout-note}\n箱の文だ。\n:::\n", ["箱の文だ。"]),
        ('??? tip "題"\n    箱の文だ。\n', ["箱の文だ。"]),
        ("!!! すごい文だ。\n", ["!!!", "すごい文だ。"]),
    ],
)
def test_comments_and_the_marks_of_boxes_are_no_sentences(text: str, body: list[str]) -> None:
    found = split_sentences(text, markdown=True)
    assert [text[each.start : each.end].strip() for each in found if each.kind == "body"] == body


def test_the_stored_text_is_the_decoded_file_and_the_title_comes_from_the_front_matter(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.md").write_bytes(b"\xef\xbb\xbf" + TUNNEL.replace("\n", "\r\n").encode())
    article = articles(MarkdownFolder(find_site(tmp_path)))["a.md"]
    assert article.text == TUNNEL.replace("\n", "\r\n")
    assert (article.title, article.language, article.url) == ("青函トンネル", "ja", None)
    assert article.origin is not None
    position = article.text.index("1988年")
    assert article.origin.anchor_at(position) == "歴史"
    assert article.origin.anchor_at(0) is None
    assert article.revision is not None
    assert len(article.revision) == 16


@pytest.mark.parametrize(
    ("kind", "page", "address"),
    [
        ("mkdocs", "index.md", "https://w.example/"),
        ("mkdocs", "案内/始め方.md", "https://w.example/%E6%A1%88%E5%86%85/%E5%A7%8B%E3%82%81%E6%96%B9/"),
        ("mkdocs", "guide/README.md", "https://w.example/guide/"),
        ("quarto", "guide/one.qmd", "https://w.example/guide/one.html"),
        ("obsidian", "My notes/C++ tips.md", "https://w.example/My+notes/C%2B%2B+tips"),
        ("files", "a b.markdown", "https://w.example/a%20b.markdown"),
    ],
)  # fmt: skip
def test_pages_have_the_addresses_of_the_site(
    tmp_path: Path, kind: SiteKind, page: str, address: str
) -> None:
    put(tmp_path, {page: "# 題\n\n文だ。\n"})
    site = find_site(tmp_path, kind=kind, url="https://w.example/")
    assert articles(MarkdownFolder(site))[page].url == address


def test_the_site_is_known_by_its_configuration(tmp_path: Path) -> None:
    mkdocs = put(
        tmp_path / "m",
        {"mkdocs.yml": "site_url: 'https://m.example/d/'\n", "docs/a.md": "# A\n\nText.\n"},
    )
    for folder in (mkdocs, mkdocs / "docs"):
        site = find_site(folder)
        assert (site.kind, site.root, site.url) == (
            "mkdocs", mkdocs / "docs", "https://m.example/d/"
        )  # fmt: skip
    quarto = put(tmp_path / "q", {"_quarto.yml": "website:\n  site-url: https://q.example\n"})
    assert (find_site(quarto).kind, find_site(quarto).url) == ("quarto", "https://q.example")
    (tmp_path / "o" / ".obsidian").mkdir(parents=True)
    assert find_site(tmp_path / "o").kind == "obsidian"
    assert find_site(tmp_path / "o", kind="files").kind == "files"


def test_only_markdown_is_read_and_a_label_stands_before_the_ids(tmp_path: Path) -> None:
    put(
        tmp_path,
        {"a.md": "文だ。", "b.txt": "文だ。", ".obsidian/c.md": "文だ。", "d/e.qmd": "文だ。"},
    )
    source = MarkdownFolder(find_site(tmp_path), label="ノート")
    assert list(articles(source)) == ["ノート/a.md", "ノート/d/e.qmd"]
    assert source.name == "the folder ノート"


@pytest.mark.parametrize("name", ["山" * 300, "a" * 300, "\ud800"])
def test_a_name_that_no_file_can_have_is_a_page_that_is_gone(tmp_path: Path, name: str) -> None:
    put(tmp_path, {"a.md": "文だ。"})
    glance = MarkdownFolder(find_site(tmp_path)).glance(f"{name}.md", {})
    assert (glance.pages, glance.gone) == ((), (f"{name}.md",))


@pytest.mark.skipif(os.geteuid() == 0, reason="to root every folder is open")
def test_a_page_that_cannot_be_seen_is_not_gone(tmp_path: Path) -> None:
    put(tmp_path, {"a/b.md": "文だ。"})
    (tmp_path / "a").chmod(0)
    try:
        with pytest.raises(WikiError, match=r"b\.md cannot be seen .*; nothing was removed"):
            MarkdownFolder(find_site(tmp_path)).glance("a/b.md", {})
    finally:
        (tmp_path / "a").chmod(0o700)


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(WikiError, match="absent is not a folder: name the one"):
        find_site(tmp_path / "absent")
