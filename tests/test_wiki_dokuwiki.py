"""DokuWiki: markup to exactly the text that a reader sees, and a data directory as a source."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shutten.errors import WikiError
from shutten.types import Article, Section
from shutten.wiki.dokuwiki import DokuWikiFolder
from shutten.wiki.dokuwiki_markup import read_dokuwiki

JAPANESE = """\
====== 大坂城 ======

**大坂城**(おおさかじょう)は、[[city:osaka|大阪市]]にある//城//である((築城は1583年。))。
別名は''錦城''という。{{ :castle.jpg?200|写真 }}[[history:start]]と[[doku>links]]、[[#構造]]も見よ。

===== 歴史 =====

  * 1583年、[[豊臣秀吉]]が築いた。
  * 1615年、落城した((築城は1583年。))。
    - 焼けた((天守が焼けた。))。

^ 年 ^ 出来事 ^
| 1583 | [[a|築]]城 |
| ::: | %%着工|%% |

<code bash>
# 見出しではない
ls | wc
</code>
<WRAP round>
包まれた文だ。
</WRAP>
==== 歴史 ====
<nowiki>[[そのまま]]</nowiki>と%%**そのまま**%%。~~NOTOC~~{{doc:報告.pdf}}
"""

JAPANESE_TEXT = """\
# 大坂城

大坂城(おおさかじょう)は、大阪市にある城である。別名は錦城という。historyとlinks、構造も見よ。

## 歴史

- 1583年、豊臣秀吉が築いた。
- 1615年、落城した。
- 焼けた。

| 年 | 出来事 |
|---|---|
| 1583 | 築城 |
|  | 着工| |

```
# 見出しではない
ls | wc
```

包まれた文だ。

### 歴史

[[そのまま]]と**そのまま**。報告.pdf

- 築城は1583年。
- 天守が焼けた。"""

ENGLISH = """\
===== Getting started =====
Install it with ''make'' (see [[https://example.org/a//b|the manual]]
or <admin@example.org>).\\\\ Then **//run//** it.

  make install
    --quiet

> Quoted words.

----
H<sub>2</sub>O is __wet__. Call http://example.org/x__y__z now.
==== 1. Setup & more ====
{{http://example.org/logo.png}}
"""

ENGLISH_TEXT = """\
## Getting started

Install it with make (see the manual or admin@example.org).
Then run it.

```
make install
  --quiet
```

Quoted words.

H2O is wet. Call http://example.org/x__y__z now.

### 1. Setup & more"""


@pytest.mark.parametrize(
    ("markup", "text", "title", "anchors"),
    [
        (
            JAPANESE, JAPANESE_TEXT, "大坂城",
            {"# 大坂城": "大坂城", "## 歴史": "歴史", "### 歴史": "歴史1",
             "- 築城は1583年。": "fn__1", "- 天守が焼けた。": "fn__3"},
        ),
        (
            ENGLISH, ENGLISH_TEXT, "Getting started",
            {"## Getting started": "getting_started", "### 1. Setup & more": "setup_more"},
        ),
    ],
    ids=["ja", "en"],
)  # fmt: skip
def test_a_page_becomes_the_text_that_its_reader_sees(
    markup: str, text: str, title: str, anchors: dict[str, str]
) -> None:
    found, sections, found_title = read_dokuwiki(markup)
    assert found == text
    assert found_title == title
    lines = {found[each.start :].split("\n")[0]: each.anchor for each in sections}
    assert lines == anchors


MARKS = st.sampled_from(
    ["**", "//", "__", "''", "[[", "]]", "{{", "}}", "((", "))", "|", "^", "%%", "<nowiki>",
     "</nowiki>", "<code>", "</code>", "\\\\", "\n", "\n\n", "  * ", "===== ", " =====", "> ",
     "\ufdd0", "\ufdd10", "0", "```", "---", "http://a.example/", "文だ。", "Words. "]
)  # fmt: skip


@given(st.lists(MARKS | st.text(max_size=3), max_size=40).map("".join))
def test_any_text_is_read_and_its_sections_are_places_in_it(markup: str) -> None:
    text, sections, _ = read_dokuwiki(markup)
    starts = [section.start for section in sections]
    assert starts == sorted(set(starts))
    assert all(re.match(r"#{1,6} \S|- \S", text[start:]) for start in starts)
    assert len({section.anchor for section in sections}) == len(sections)
    assert "\ufdd0" not in text


@pytest.mark.parametrize(
    "mark",
    ["((", "[[", "[[a\n", "{{", "[[a|{{b", "%% ((", "<nowiki>", "<code>", "<code ", "<file x>",
     "<html>", "<sub>", "<del>", "<wrap ", "~~A", "** ", "//", "== ", "<a@b ", "> ", "\\\\", "http://"],
)  # fmt: skip
def test_marks_that_are_never_closed_are_read_in_one_pass(mark: str) -> None:
    text, sections, _ = read_dokuwiki(mark * 60_000 + "終わりだ")
    assert text.rstrip("|> `\n").endswith("終わりだ")
    assert sections == ()


# --- a data directory -------------------------------------------------------------------------


def put(data: Path, pages: dict[str, str]) -> Path:
    for name, text in pages.items():
        path = data / "pages" / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return data


def articles(source: DokuWikiFolder) -> dict[str, Article]:
    return {page.id: page.read() for page in source.visit({}, None).pages}


def test_pages_have_their_names_addresses_and_revisions(tmp_path: Path) -> None:
    put(tmp_path, {"start": "==== 入口 ====\n文だ。", "wiki/%E5%9F%8E": "城は古い。"})
    for path in (tmp_path / "pages").rglob("*.txt"):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    found = articles(DokuWikiFolder(tmp_path, url="https://w.example/doku.php?id="))
    assert list(found) == ["start", "wiki:城"]
    assert (found["start"].title, found["wiki:城"].title) == ("入口", "城")
    castle = found["wiki:城"]
    assert castle.url == "https://w.example/doku.php?id=wiki:%E5%9F%8E"
    assert (castle.revision, castle.language, castle.text) == ("1700000000", "ja", "城は古い。")
    assert found["start"].origin is not None
    assert found["start"].origin.sections == (Section(0, "入口"),)


@pytest.mark.parametrize(
    ("given_url", "address"),
    [
        ("https://w.example/doku.php?id=", "https://w.example/doku.php?id=ns:a"),
        ("https://w.example/doku.php", "https://w.example/doku.php?id=ns:a"),
        ("https://w.example/wiki/", "https://w.example/wiki/ns:a"),
        ("https://w.example", "https://w.example/ns:a"),
        (None, None),
    ],
)
def test_an_address_is_made_of_what_stands_before_the_name(
    tmp_path: Path, given_url: str | None, address: str | None
) -> None:
    put(tmp_path, {"ns/a": "文だ。"})
    assert articles(DokuWikiFolder(tmp_path, url=given_url))["ns:a"].url == address


def test_hidden_and_emptied_pages_are_no_pages_and_namespaces_choose(tmp_path: Path) -> None:
    data = put(
        tmp_path / "data",
        {
            "a": "文だ。",
            "b": "",
            "_template": "@NS@",
            "ns/c": "文だ。",
            "nsx/d": "文だ。",
            "ns/in/e": "文だ。",
        },
    )
    assert list(articles(DokuWikiFolder(tmp_path))) == ["a", "ns:c", "ns:in:e", "nsx:d"]
    some = DokuWikiFolder(data, namespaces=["NS"], label="研究")
    assert list(articles(some)) == ["研究/ns:c", "研究/ns:in:e"]


def test_a_page_is_new_when_its_time_or_size_is(tmp_path: Path) -> None:
    put(tmp_path, {"a": "文だ。"})
    source = DokuWikiFolder(tmp_path)
    (before,) = source.visit({}, None).pages
    (again,) = source.visit({}, None).pages
    os.utime(tmp_path / "pages" / "a.txt", (1, 1))
    (after,) = source.visit({}, None).pages
    assert before.version == again.version != after.version


def test_a_directory_that_is_not_dokuwikis_is_named_with_the_cure(tmp_path: Path) -> None:
    with pytest.raises(WikiError, match=r"is not a DokuWiki data directory.*savedir"):
        DokuWikiFolder(tmp_path)


@pytest.mark.parametrize(
    ("name", "is_there"),
    [("山" * 80, True), ("山" * 300, False), ("ns:" + "a" * 300, False)],
    ids=["escaped", "japanese", "ascii"],
)
def test_a_page_with_a_long_name_is_looked_at(tmp_path: Path, name: str, *, is_there: bool) -> None:
    put(tmp_path, {"山" * 80: "文だ。"})
    glance = DokuWikiFolder(tmp_path).glance(name, {})
    assert [page.id for page in glance.pages] == ([name] if is_there else [])
    assert glance.gone == (() if is_there else (name,))


DOKUWIKI = Path("/usr/share/dokuwiki")


@pytest.mark.skipif(
    not (shutil.which("php") and DOKUWIKI.is_dir()),
    reason="needs php and DokuWiki (Debian: apt-get install dokuwiki php-cli php-xml)",
)
@pytest.mark.parametrize("markup", [JAPANESE, ENGLISH], ids=["ja", "en"])
def test_a_real_dokuwiki_shows_the_same_headings_and_words(markup: str) -> None:
    code = (
        f"define('DOKU_INC', '{DOKUWIKI}/'); define('NOSESSION', 1);"
        "require DOKU_INC . 'inc/init.php'; $ID = 'page';"
        "echo p_render('xhtml', p_get_instructions(stream_get_contents(STDIN)), $info);"
    )
    markup = re.sub(r"</?WRAP[^>]*>\n|~~NOTOC~~", "", markup)  # a plugin's, and a setting
    html = subprocess.run(
        ["php", "-d", "error_reporting=0", "-r", code], input=markup, capture_output=True,
        encoding="utf-8", check=True,
    ).stdout  # fmt: skip
    text, sections, _ = read_dokuwiki(markup)
    ids = re.findall(r'<h\d[^>]* id="([^"]+)"|<div class="fn">\s*<sup><a [^>]*id="(fn__\d+)"', html)
    assert [heading or note for heading, note in ids] == [each.anchor for each in sections]
    shown = re.sub(r'<a [^>]*class="fn_\w+">\d+\)</a>|<sup>.*?</sup>', "", html)
    shown = unescape(re.sub(r"<[^>]+>", "", shown))
    ours, theirs = (re.sub(r"[\s#|`,-]", "", each) for each in (text, shown))  # our layout's marks
    assert ours == theirs
