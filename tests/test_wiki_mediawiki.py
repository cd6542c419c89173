"""MediaWiki's markup to exactly the text that a reader sees, and XML dumps as sources."""

from __future__ import annotations

import bz2
import gzip
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shutten.embedding import HashEmbedder
from shutten.errors import WikiError
from shutten.index import Index
from shutten.types import Section
from shutten.wiki.mediawiki import WikiDescription
from shutten.wiki.mediawiki_dump import MediaWikiDump
from shutten.wiki.mediawiki_markup import LinkNames, is_redirect, read_mediawiki
from shutten.wiki.sync import Synchroniser

JAPANESE = """\
{{Infobox 城|名称=大坂城}}<!-- 見えない -->
'''大坂城'''({{lang|en|Osaka Castle}})は、[[大阪市|大阪]]にある''城''<ref name="a">築城は
[[1583年]]。</ref>。
別名は{{ruby|錦城|きんじょう}}だ<ref name="a" />{{efn|注だ。}}。
[[ファイル:a.jpg|thumb|200px|右|写真の[[説明]]だ。]]
* 一つ目の項目。
** 二つ目の項目。
; 語 : 説明だ。

== 歴史 ==
{| class="wikitable"
|+ 年表
! 年 !! 出来事
|-
| 1583 || [[豊臣秀吉]]が築く
|}
<syntaxhighlight lang="sh">
# 見出しではない
</syntaxhighlight>
<nowiki>[[そのまま]]''</nowiki> A&amp;B [http://a.example 名前] http://b.example/x [http://c.example]
<gallery>
File:x.jpg|絵の説明。
</gallery>

=== ''歴史'' ===
<blockquote>引用だ。</blockquote>

== 脚注 ==
{{Reflist}}
[[Category:城]] [[en:Osaka Castle]] __NOTOC__ {{#if:x|y}}
"""
JAPANESE_TEXT = """\
写真の説明だ。

大坂城(Osaka Castle)は、大阪にある城。別名は錦城だ。

- 一つ目の項目。
- 二つ目の項目。

語

説明だ。

## 歴史

年表

| 年 | 出来事 |
|---|---|
| 1583 | 豊臣秀吉が築く |

```
# 見出しではない
```

[[そのまま]]'' A&B 名前 http://b.example/x

絵の説明。

### 歴史

引用だ。

## 脚注

- 築城は 1583年。
- 注だ。"""

ENGLISH = """\
The '''mechanism''' was [[wreck|found]] in 1901<ref>Report, p. 3.</ref>,<br />off
[[:Category:Islands]].
It has {{nowrap|37 gears}} and &pi;.

Second paragraph with <code>a < b</code> and <math>E=mc^2</math>.
== Use of ''gears'' & more ==
# First.
# Second, [[Image:b.png|frame|The ''gears''.]] after.
<pre>
x = [[1]]
</pre>
<div>In a box.</div>
<references />
== use of gears & more ==
Ends here.
"""
ENGLISH_TEXT = """\
The mechanism was found in 1901,
off Category:Islands. It has 37 gears and π.

Second paragraph with a < b and E=mc^2.

## Use of gears & more

- First.

The gears.

- Second, after.

```
x = [[1]]
```

In a box.

- Report, p. 3.

## use of gears & more

Ends here."""


@pytest.mark.parametrize(
    ("markup", "text", "anchors"),
    [
        (JAPANESE, JAPANESE_TEXT, ["歴史", "歴史_2", "脚注"]),
        (ENGLISH, ENGLISH_TEXT, ["Use_of_gears_&_more", "use_of_gears_&_more_2"]),
    ],
    ids=["ja", "en"],
)
def test_a_page_becomes_the_text_that_its_reader_sees(
    markup: str, text: str, anchors: list[str]
) -> None:
    found, sections = read_mediawiki(markup, "題")
    assert found == text
    assert [section.anchor for section in sections] == anchors
    assert all(found[section.start :].startswith("##") for section in sections)


def test_the_wikis_own_names_of_files_and_categories_are_no_prose() -> None:
    names = LinkNames({6: ("Datei",), 14: ("Kategorie",)})
    markup = "Text. [[Datei:a.png|mini|Bild.]] [[Kategorie:Burg]] [[Hilfe:Seite]]"
    assert read_mediawiki(markup, "T", names)[0] == "Bild.\n\nText. Hilfe:Seite"


def test_a_page_that_sends_its_reader_on_is_known() -> None:
    assert is_redirect("#REDIRECT [[A]]")
    assert is_redirect("#転送 [[城]]")
    assert not is_redirect("# 転送 の話 [[城]]")


MARKS = st.sampled_from(
    ["[[", "]]", "{{", "}}", "|", "'''", "''", "== ", " ==", "\n", "\n\n", "* ", "# ", ": ", "{|\n",
     "|-\n", "|}\n", "! ", "<ref>", "</ref>", "<ref/>", "<nowiki>", "</nowiki>", "<pre>", "</pre>",
     "<references/>", "<!--", "-->", "&amp;", "&#x", ";", "File:", "Category:", "<br>", "<li>",
     "<gallery>", "</gallery>", "http://a.example/", "文だ。", "Words. ", "```", "---"]
)  # fmt: skip


@given(st.lists(MARKS | st.text(max_size=3), max_size=40).map("".join))
def test_any_text_is_read_and_its_sections_are_headings_in_it(markup: str) -> None:
    text, sections = read_mediawiki(markup, "題")
    starts = [section.start for section in sections]
    assert starts == sorted(set(starts))
    assert all(re.match(r"#{1,6} \S", text[start:]) for start in starts)
    assert len({section.anchor for section in sections}) == len(sections)


def test_addresses_are_made_as_the_wiki_makes_them() -> None:
    short = WikiDescription("w", "https://w.example/wiki/%E5%85%A5%E5%8F%A3")
    assert short.address("A b/城 (c)?") == "https://w.example/wiki/A_b/%E5%9F%8E_(c)%3F"
    long = WikiDescription("w", "http://w.example/index.php?title=Main_Page")
    assert long.address("Help:A") == "http://w.example/index.php?title=Help:A"


# --- dumps ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DumpPage:
    number: int
    title: str
    revisions: Sequence[tuple[int, str]]
    namespace: int = 0
    inside: str = ""
    model: str = "wikitext"

    def xml(self) -> str:
        revisions = "".join(
            f"<revision><id>{number}</id><contributor><id>9</id></contributor>"
            f"<model>{self.model}</model><text bytes='9'>{escape(text)}</text></revision>"
            for number, text in self.revisions
        )
        return (
            f"<page><title>{escape(self.title)}</title><ns>{self.namespace}</ns>"
            f"<id>{self.number}</id>{self.inside}{revisions}</page>"
        )


HEAD = (
    '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" xml:lang="ja"><siteinfo>'
    "<sitename>W</sitename><dbname>jaw</dbname>"
    "<base>https://w.example/wiki/%E5%85%A5%E5%8F%A3</base><namespaces>"
    '<namespace key="0" /><namespace key="6">絵</namespace>'
    "</namespaces></siteinfo>"
)
CASTLE = DumpPage(5, "大坂 城", [(70, "== 歴史 ==\n城は[[絵:a.png|説明。]]古い。")])
MOAT = DumpPage(
    6, "堀", [(60, "古い版だ。"), (80, "堀は深い。"), (75, "中の版だ。"), (61, "別の版だ。")]
)
PAGES = [
    CASTLE,
    MOAT,
    DumpPage(7, "利用者:A", [(1, "利用者だ。")], namespace=2),
    DumpPage(8, "転送", [(2, "#転送 [[城]]")]),
    DumpPage(9, "転送2", [(3, "x")], inside='<redirect title="城" />'),
    DumpPage(10, "A.css", [(4, "body {}")], model="css"),
]


HALF_GZIP = gzip.compress(b"<mediawiki>" * 9999, mtime=0)[:60]
"""Without the time of day, which would be part of a test's name."""


def write(path: Path, pages: Sequence[DumpPage]) -> Path:
    data = (HEAD + "".join(page.xml() for page in pages) + "</mediawiki>").encode()
    pack: dict[str, Callable[[bytes], bytes]] = {".bz2": bz2.compress, ".gz": gzip.compress}
    path.write_bytes(pack.get(path.suffix, bytes)(data))
    return path


@pytest.mark.parametrize("name", ["d.xml", "d.xml.bz2", "d.xml.gz"])
def test_a_dump_gives_its_pages_with_address_revision_and_sections(
    tmp_path: Path, name: str
) -> None:
    source = MediaWikiDump(write(tmp_path / name, PAGES))
    assert source.name == "the MediaWiki w.example/wiki/"
    castle, moat = (page.read() for page in source.visit({}, None).pages)
    assert (castle.id, castle.title, castle.revision) == ("jaw:5", "大坂 城", "70")
    assert castle.url == "https://w.example/wiki/%E5%A4%A7%E5%9D%82_%E5%9F%8E"
    assert castle.text == "## 歴史\n\n説明。\n\n城は古い。"
    assert castle.origin is not None
    assert castle.origin.sections == (Section(0, "歴史"),)
    assert (moat.id, moat.text, moat.revision) == ("jaw:6", "堀は深い。", "80")


def test_namespaces_choose_the_pages_and_a_label_names_them(tmp_path: Path) -> None:
    source = MediaWikiDump(write(tmp_path / "d.xml", PAGES), namespaces=[2], label="研究")
    assert [page.id for page in source.visit({}, None).pages] == ["研究/7"]
    assert source.name == "the MediaWiki 研究"


def sync(directory: Path, dump: Path) -> tuple[int, int, int, int]:
    synchroniser = Synchroniser(directory, lambda: HashEmbedder(32))
    report = synchroniser.bring_up(MediaWikiDump(dump))
    return report.added, report.updated, report.unchanged, report.removed


def test_a_newer_dump_updates_and_an_older_one_changes_nothing(tmp_path: Path) -> None:
    old = write(tmp_path / "old.xml", PAGES)
    newer = [
        DumpPage(5, "古城", [(90, "城は新しい。")]),
        DumpPage(11, "橋", [(95, "橋は長い。")]),
    ]
    new = write(tmp_path / "new.xml", newer)
    assert sync(tmp_path / "i", old) == (2, 0, 0, 0)
    assert sync(tmp_path / "i", old) == (0, 0, 2, 0)
    assert sync(tmp_path / "i", new) == (1, 1, 0, 1)
    assert sync(tmp_path / "i", old) == (1, 0, 2, 0)
    with Index.open(tmp_path / "i") as index:
        assert index.article("jaw:5").title == "古城"
        assert index.article("jaw:11").text == "橋は長い。"


def test_a_dump_that_breaks_off_keeps_what_was_read_and_removes_nothing(tmp_path: Path) -> None:
    sync(tmp_path / "i", write(tmp_path / "d.xml", [MOAT]))
    whole = write(
        tmp_path / "e.xml", [CASTLE, DumpPage(12, "橋", [(99, "橋は長い。")])]
    ).read_bytes()
    (tmp_path / "e.xml").write_bytes(whole[: whole.index("橋は".encode())])
    with pytest.raises(WikiError, match=r"e\.xml is not a whole MediaWiki dump \(.*download it"):
        sync(tmp_path / "i", tmp_path / "e.xml")
    with Index.open(tmp_path / "i") as index:
        assert [entry.id for entry in index.articles()] == ["jaw:6", "jaw:5"]


@pytest.mark.parametrize(
    ("name", "data", "complaint"),
    [
        ("d.xml", b"no xml", "is not a whole MediaWiki dump"),
        ("d.xml", b"<html><body/></html>", "is not a MediaWiki dump: name"),
        ("d.xml.bz2", b"BZh9nonsense", "is not a whole MediaWiki dump"),
        ("d.xml.gz", HALF_GZIP, "is not a whole MediaWiki dump"),
        ("d.xml.7z", b"7z", "unpack it first"),
        (".", b"", "cannot be read"),
        ("absent.xml", b"", "does not exist"),
    ],
)
def test_what_is_no_dump_is_named_with_the_cure(
    tmp_path: Path, name: str, data: bytes, complaint: str
) -> None:
    if data:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(WikiError, match=complaint):
        MediaWikiDump(tmp_path / name)
