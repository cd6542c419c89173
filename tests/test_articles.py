from __future__ import annotations

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import threading
import unicodedata
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.pdf_files import pdf

from shutten.articles import (
    article_from_bytes,
    decode,
    published_on,
    read_article,
    read_articles,
)
from shutten.decoding import MAX_BYTES, half_character, whole_characters
from shutten.documents import read_page
from shutten.errors import ArticleError, DuplicateArticleError
from shutten.layout import lines_of
from shutten.sentences import split_sentences
from shutten.types import Article

TEXT = "図書館が開館へ\r\n\r\n市はＡ館を来春に開く。担当者は「順調だ。」と語った。\n"


def write(path: Path, text: str = TEXT, encoding: str = "utf-8") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
    return path


def problem(*paths: Path | str) -> str:
    with pytest.raises(ArticleError) as caught:
        list(read_articles(paths))
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("cp932", "cp932"),
        ("euc-jp", "euc-jp"),
        ("iso-2022-jp", "iso2022_jp"),
    ],
)
def test_an_encoding_is_told_and_named_and_the_text_is_unchanged(written: str, read: str) -> None:
    assert decode(TEXT.encode(written), "a.txt") == (TEXT, read)


def test_big_endian_utf_16_is_read_by_its_mark() -> None:
    assert decode(b"\xfe\xff" + TEXT.encode("utf-16-be"), "a.txt") == (TEXT, "utf-16")


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "City Opens Library\n\nIt opened on Monday, à la carte.\n",
        "一一は　一一\n",
        "一覧　統一\r\n第一の一歩。“引用”――終わり。\r\n",
    ],
)
def test_utf_16_without_a_mark_is_told_by_its_zero_bytes(text: str, order: str) -> None:
    assert decode(text.encode(order), "a.txt") == (text, order)


def test_half_width_katakana_is_not_taken_for_euc() -> None:
    text = "ﾃﾞｰﾀは半角ｶﾅで書かれた。"
    assert decode(text.encode("cp932"), "a.txt") == (text, "cp932")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("ﾃﾞｰﾀは半角ｶﾅ。", "iso2022_jp_ext"), ("第①章、俱に。", "iso2022_jp_2004")],
)
def test_iso_2022_jp_is_read_with_the_signs_that_were_added_to_it(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "a.txt") == (text, encoding)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("　\n".encode("iso-2022-jp"), "is empty"),
        (b"A \x1b$B-!\x1b(B", "is ISO-2022-JP with signs that it lacks: save it as UTF-8"),
        (b"", "is empty"),
        (" \r\n　".encode(), "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "is a binary file"),
        ("It opened.\n".encode("utf-16-le") + b"!", "is a binary file"),
        (bytes(range(256)) * 4, "is a binary file"),
        (b"\x7fELF\x02\x01\x01" + b"\x00" * 9 + b"\x03\x00\x3e\x00\x01\x00" * 30, "is a binary"),
        (bytes(1000), "is a binary file"),
        (b"abcdefghijklmnopqrstuvwxyz\x00abcdefghijklmnopqrstuvwxyz!", "is a binary file"),
        (b"%PDF-1.7 ...", "is a PDF, not text"),
        (b"PK\x03\x04....", "is a ZIP or Office file"),
        (b"\xff\xfeabc", "begins like utf-16 but is damaged"),
        ("Straße à la carte, déjà vu".encode("latin-1"), "save it as UTF-8"),
        (
            "Это обычный русский текст, записанный давно и в старой кодировке.".encode("cp1251"),
            "save it as UTF-8",
        ),
        ("这是一段中文的文章，用旧的编码保存在文件里。" * 5, "save it as UTF-8"),
        ("公司由三个人创办于一九九零年，位于上海。", "save it as UTF-8"),
        ("这座桥建于一九零五年。桥的长度为九十米。", "seems to be Chinese in GB18030: save it as"),
        ("河上的桥是木匠们在去年的夏天建的，也在去年开放。", "save it as UTF-8"),
        (b"It opened. " + "\ufffd".encode() * 9, "is a binary file"),
        ("\x85\x90\x9c\x81".encode() * 5 + b"words", "is a binary file"),
        ("\u0378\u0380\U000e1234".encode() * 5 + "の".encode(), "is a binary file"),
    ],
)
def test_bytes_that_are_no_text_are_refused_with_the_cure(data: bytes | str, words: str) -> None:
    raw = data.encode("gb2312") if isinstance(data, str) else data
    with pytest.raises(ArticleError, match=words):
        decode(raw, "a.txt")


@pytest.mark.parametrize(
    "text",
    [
        "12:01 started\x1b[0m \ufffd\ufffd and went on to read the next file of the folder.\n" * 9,
        "駅は\ufffd一日に開いた。\x1a",
        "\ue0f1 外字のある名前である。",
    ],
)
def test_a_text_with_a_few_odd_characters_is_read(text: str) -> None:
    assert decode(text.encode(), "a.log") == (text, "utf-8")


def japanese_texts() -> list[str]:
    """Sentences, their kanji alone, and their kana in half width, as old files have them."""
    root = Path(__file__).parents[1]
    lines = (root / "training" / "written_questions.jsonl").read_text(encoding="utf-8")
    asked = re.findall(r'\["([^"\\]*[ぁ-ん][^"\\]*)",', lines)[::40]
    articles = [each.read_text(encoding="utf-8") for each in (root / "articles").glob("*.md")]
    kanji = ["".join(re.findall(r"[一-龥]+", each)) for each in asked]
    half = ["".join(HALF.get(each, each) for each in text) for text in asked]
    return [*asked, *filter(None, kanji), *half, *articles]


HALF = {unicodedata.normalize("NFKC", chr(n)): chr(n) for n in range(0xFF61, 0xFFA0)}
HALF |= {chr(ord(each) - 0x60): half for each, half in HALF.items() if "ァ" <= each <= "ン"}


@pytest.mark.parametrize("encoding", ["cp932", "euc-jp", "iso2022_jp"])
def test_no_japanese_text_is_taken_for_another_language(encoding: str) -> None:
    read = 0
    for text in japanese_texts():
        with contextlib.suppress(UnicodeEncodeError):
            decode(text.encode(encoding), "a.txt")
            read += 1
    assert read > 4000


def test_a_huge_file_is_refused_by_name(tmp_path: Path) -> None:
    huge = tmp_path / "huge.txt"
    with huge.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert problem(huge) == (
        f"{huge} is too large (50 MB, at most 50 MB are read): divide it into several articles"
    )


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("a.txt", TEXT, "図書館が開館へ"),
        ("a.txt", "\n\n  題名  \n本文。\n", "題名"),
        ("a.txt", "これは本文です。続きます。\n", "a"),
        ("a.txt", "なぜ空は青いのか？\n\n本文。\n", "なぜ空は青いのか？"),
        ("a.txt", "長" * 61 + "\n本文。", "a"),
        ("a.txt", "The city said on Monday that the\nlibrary would open. It will.", "a"),
        ("a.txt", "City Opens Library\n\nIt opened.", "City Opens Library"),
        (
            "a.txt",
            "新しい図書館は駅の南側に来春開\n館する予定で、市は周辺の道路も\n整備するという。",
            "a",
        ),
        ("a.txt", "It opened on Monday.\nIt is big.", "a"),
        ("a.txt", "【速報】\n本文。", "【速報】"),
        ("a.md", "# 題名 #\n\n本文。", "題名"),
        ("a.md", "題名\n====\n\n本文。", "題名"),
        ("a.md", '---\ntitle: "表の題"\ndate: 2024-01-01\n---\n# 題名\n本文。', "表の題"),
        ("a.md", "---\ndate: 2024-01-01\n---\n\n# 題名\n本文。", "題名"),
        ("b.c.md", "- 項目。\n- 項目。", "b.c"),
        ("a.md", "```\ncode\n```\n", "a"),
        ("か\u3099.txt", "本文です。", "が"),
    ],
)
def test_the_title_is_the_first_line_or_the_file_name(name: str, text: str, title: str) -> None:
    article = article_from_bytes(name, text.encode())
    assert (article.title, article.text) == (title, text)


def test_a_file_becomes_an_article_with_its_facts(tmp_path: Path) -> None:
    article = read_article(write(tmp_path / "記事.txt", encoding="cp932"))
    assert (article.id, article.title, article.text) == ("記事.txt", "図書館が開館へ", TEXT)
    assert (article.language, article.encoding, article.url) == ("ja", "cp932", None)
    assert read_article(tmp_path / "記事.txt", article_id="x/y").id == "x/y"


def test_ids_are_paths_below_the_folder_in_posix_and_nfc(tmp_path: Path) -> None:
    write(tmp_path / "b.txt")
    write(tmp_path / "部" / "か\u3099.md")
    write(tmp_path / "部" / "c.TXT")
    for ignored in (".hidden.txt", ".git/x.txt", "table.xls", "部/.x/y.txt"):
        write(tmp_path / ignored)
    assert [a.id for a in read_articles([tmp_path])] == ["b.txt", "部/c.TXT", "部/が.md"]


def test_a_single_file_is_called_by_its_name_whatever_it_ends_in(tmp_path: Path) -> None:
    path = write(tmp_path / "deep" / "notes.log")
    assert [a.id for a in read_articles([path])] == ["notes.log"]


def test_a_link_in_a_circle_does_no_harm(tmp_path: Path) -> None:
    write(tmp_path / "a" / "x.txt")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    errors: list[ArticleError] = []
    assert [a.id for a in read_articles([tmp_path], on_error=errors.append)] == ["a/x.txt"]
    assert len(errors) == 1
    assert "loop.txt" in str(errors[0])


def test_a_linked_folder_is_read(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere" / "x.txt")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path / "elsewhere")
    assert [a.id for a in read_articles([folder])] == ["link/x.txt"]


def test_one_file_named_twice_is_one_source(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt")
    assert [a.id for a in read_articles([path, str(path), tmp_path])] == ["a.txt"]


def test_two_files_of_one_name_are_an_error_that_names_both(tmp_path: Path) -> None:
    one, other = write(tmp_path / "1" / "a.txt"), write(tmp_path / "2" / "a.txt")
    with pytest.raises(DuplicateArticleError) as caught:
        next(read_articles([one, other], on_error=lambda _: None))
    assert str(one) in str(caught.value)
    assert str(other) in str(caught.value)


def test_a_bad_file_in_a_folder_does_not_lose_the_good_ones(tmp_path: Path) -> None:
    for name in ("a.txt", "c.txt"):
        write(tmp_path / name)
    (tmp_path / "b.txt").write_bytes(b"")
    errors: list[ArticleError] = []
    assert [a.id for a in read_articles([tmp_path], on_error=errors.append)] == ["a.txt", "c.txt"]
    assert [str(error) for error in errors] == [
        f"{tmp_path / 'b.txt'} is empty: put the article's text into it"
    ]
    assert "b.txt is empty" in problem(tmp_path)


def test_a_bad_file_named_by_itself_is_raised_in_spite_of_on_error(tmp_path: Path) -> None:
    bad = tmp_path / "b.txt"
    bad.write_bytes(b"")
    with pytest.raises(ArticleError, match="is empty"):
        list(read_articles([bad], on_error=lambda _: None))


def test_a_folder_of_bad_files_alone_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_bytes(b"")
    errors: list[ArticleError] = []
    with pytest.raises(ArticleError, match="none of the 1 files"):
        list(read_articles([tmp_path], on_error=errors.append))
    assert len(errors) == 1


def test_paths_that_cannot_be_read_are_one_clear_line(tmp_path: Path) -> None:
    assert problem(tmp_path / "no.txt") == f"{tmp_path / 'no.txt'} does not exist: check the path"
    assert problem(tmp_path).startswith(f"no articles in the folder {tmp_path}: files ending in")
    assert "cannot be read" in problem(tmp_path / "nul\x00.txt")
    assert "cannot be read" in problem(tmp_path / ("long" * 1000))
    os.mkfifo(tmp_path / "pipe.txt")
    assert "is not a regular file" in problem(tmp_path / "pipe.txt")
    assert problem("ftp://example.org/a").endswith("save the page to a file")


def test_a_file_name_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xe9.txt")
    write(tmp_path / name)
    assert "rename the file" in problem(tmp_path / name)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt")
    path.chmod(0)
    assert "may not be read" in problem(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
@pytest.mark.parametrize("mode", [0, 0o400])
def test_a_folder_that_may_not_be_entered_is_named_with_its_cure(tmp_path: Path, mode: int) -> None:
    folder = tmp_path / "closed"
    folder.mkdir()
    path = write(folder / "a.txt")
    folder.chmod(mode)
    told = problem(path)
    folder.chmod(0o700)
    assert told.endswith("closed may not be read: give yourself permission (chmod +rx)")


def bulk(path: Path, *lines: object) -> Path:
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    return write(path, "\n".join(texts) + "\n")


def test_a_bulk_file_yields_an_article_per_line(tmp_path: Path) -> None:
    first = {"id": "か\u3099/1", "title": "題", "text": "本文。", "url": "https://example.org/1"}
    second = {
        "id": "2",
        "title": "T",
        "text": "Body.",
        "language": "fr",
        "revision": "7",
        "more": 1,
    }
    one, two = read_articles([bulk(tmp_path / "a.jsonl", first, "", second)])
    assert (one.id, one.title, one.text, one.language) == ("か\u3099/1", "題", "本文。", "ja")
    assert (one.url, one.revision, one.encoding) == ("https://example.org/1", None, None)
    assert (two.id, two.language, two.revision) == ("2", "fr", "7")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "not a JSON object"),
        (
            '{"id": "2", "title": "t"}',
            ': "text" is missing: every line needs "id", "title" and "text"',
        ),
        ('{"id": 2, "title": "t", "text": "x"}', '"id" is not a string'),
        ('{"id": "2", "title": "t", "text": " "}', '"text" is empty'),
        ('{"id": "2", "title": "t", "text": "x", "url": 1}', '"url" is not a string'),
        ('{"id": "a\\u0000b", "title": "t", "text": "x"}', '"id" holds a NUL character'),
        ('{"id": "2", "title": "t", "text": "\\ud800"}', '"text" holds half a character'),
        ('{"id": "1", "title": "t", "text": "x"}', "two sources claim the id '1'"),
    ],
)
def test_a_bad_bulk_line_is_named_by_its_number(tmp_path: Path, line: str, words: str) -> None:
    path = bulk(tmp_path / "a.jsonl", {"id": "1", "title": "t", "text": "x"}, line)
    message = problem(path)
    assert words in message
    assert f"{path}, line 2" in message


def test_an_empty_bulk_file_is_refused(tmp_path: Path) -> None:
    assert problem(bulk(tmp_path / "a.jsonl", "")).endswith(
        "a.jsonl is empty: write one article per line as JSON"
    )


def test_a_bad_bulk_line_in_a_folder_is_left_out(tmp_path: Path) -> None:
    line = {"id": "1", "title": "t", "text": "x"}
    bulk(tmp_path / "a.jsonl", "{", line, b"\xff".decode("latin-1"), line | {"id": "2"})
    errors: list[ArticleError] = []
    assert [a.id for a in read_articles([tmp_path], on_error=errors.append)] == ["1", "2"]
    assert ["line 1" in str(errors[0]), "line 3" in str(errors[1])] == [True, True]


def test_a_file_and_a_bulk_line_may_not_share_an_id(tmp_path: Path) -> None:
    write(tmp_path / "z.txt")
    bulk(tmp_path / "a.jsonl", {"id": "z.txt", "title": "t", "text": "x"})
    assert "two sources claim the id 'z.txt'" in problem(tmp_path)


PAGE = """<!DOCTYPE html><html><head><title>開館へ | 新聞</title>
<meta charset="{charset}"><meta property="og:title" content="図書館が開館へ">
<link rel="canonical" href="https://example.org/1"></head><body><nav><a href="/">先頭</a></nav>
<article><h1>図書館が開館へ</h1><p>市は<b>新しい</b>図書館を
来春に開く。</p><h2>費用</h2><p>費用は十億円。</p><ul><li>本</li><li><p>雑誌</p></li></ul>
<table><tr><th>年</th><th>数</th></tr><tr><td>2024</td><td>3</td></tr></table>
<script>alert("悪い")</script></article><footer>会社</footer></body></html>"""


@pytest.mark.parametrize(
    ("charset", "encoding"), [("utf-8", "utf-8"), ("Shift_JIS", "cp932"), ("EUC-JP", "euc-jp")]
)
def test_a_page_keeps_its_headings_and_paragraphs(charset: str, encoding: str) -> None:
    article = article_from_bytes("p.html", PAGE.format(charset=charset).encode(encoding))
    assert article.text == (
        "# 図書館が開館へ\n\n市は新しい図書館を来春に開く。\n\n## 費用\n\n費用は十億円。\n\n"
        "- 本\n- 雑誌\n\n| 年 | 数 |\n|---|---|\n| 2024 | 3 |"
    )
    assert (article.title, article.encoding) == ("図書館が開館へ", encoding)
    assert (article.id, article.url, article.language) == ("p.html", "https://example.org/1", "ja")


@pytest.mark.parametrize("charset", ["hex", "rot13", "undefined", "unicode_escape", "idna", "x-y"])
def test_a_page_in_what_is_no_encoding_is_read_all_the_same(tmp_path: Path, charset: str) -> None:
    page = PAGE.format(charset=charset)
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    (tmp_path / "b.txt").write_text(TEXT, encoding="utf-8")
    odd, plain = read_articles([tmp_path])
    assert (odd.encoding, odd.text[:9]) == ("utf-8", "# 図書館が開館へ")
    assert plain.text == TEXT
    assert read_page(page.encode("euc-jp"), "c", charset=charset).encoding == "euc-jp"


def test_a_long_page_is_freed_of_what_is_not_the_article() -> None:
    long = "<p>" + "市は会見で、工事の進み方と費用の見通しを詳しく説明した。" * 6 + "</p>"
    page = PAGE.format(charset="utf-8").replace("<h2>", long * 5 + "<h2>")
    text = article_from_bytes("p.htm", page.encode()).text
    assert (
        "## 費用\n\n費用は十億円。\n\n- 本\n- 雑誌\n\n| 年 | 数 |\n|---|---|\n| 2024 | 3 |" in text
    )
    assert all(word not in text for word in ("先頭", "会社", "悪い"))


HIDDEN = (
    "<p hidden>ひみつ。</p>",
    '<p HIDDEN="hidden">ひみつ。</p>',
    '<p style="color:red; Display : NONE !important">ひみつ。</p>',
    '<div style="display:none"><p hidden>ひみつ。</p><p>ひみつ。</p></div>',
    '<p>休みは<span style="visibility:hidden">ひみつ</span>火曜である。</p>',
    '<p style="/* x: y; */ visibility: collapse">ひみつ。</p>',
    '<template style="display:block"><p>ひみつ。</p></template>',
    "<dialog><p>ひみつ。</p></dialog>",
)
SHOWN = (
    '<p aria-hidden="true">みえる。</p>',
    '<p style="display:none;display:block">みえる。</p>',
    '<p hidden style="display:block">みえる。</p>',
    '<p hidden="until-found">みえる。</p>',
    "<dialog open><p>みえる。</p></dialog>",
    '<p style="visibility:visible">みえる。</p>',
)


@pytest.mark.parametrize("length", [0, 40])
def test_what_a_browser_does_not_show_is_not_read(length: int) -> None:
    long = "<p>市は会見で、工事の進み方と費用の見通しを詳しく説明した。</p>" * length
    for part in HIDDEN:
        page = PAGE.format(charset="utf-8").replace("<h2>", f"{part}あとの文。{long}<h2>")
        text = article_from_bytes("p.html", page.encode()).text
        assert ("ひみつ" in text, "あとの文。" in text) == (False, True), part


@pytest.mark.parametrize("part", SHOWN)
def test_what_a_browser_shows_all_the_same_is_read(part: str) -> None:
    page = PAGE.format(charset="utf-8").replace("<h2>", f"{part}<h2>")
    assert "みえる。" in article_from_bytes("p.html", page.encode()).text


def test_a_page_that_its_script_will_show_is_read() -> None:
    page = '<html style="visibility:hidden"><body style="display:none">市の話。</body></html>'
    assert article_from_bytes("p.html", page.encode()).text == "市の話。"


def test_a_page_all_of_which_is_hidden_is_refused() -> None:
    with pytest.raises(ArticleError, match="has no text in its HTML"):
        article_from_bytes("p.html", b"<html><body><div hidden>It opened.</div></body></html>")


def test_a_fragment_of_a_page_is_read() -> None:
    article = article_from_bytes("p.html", "題名<br>一行目。<p>二つ目。</p>".encode())
    assert (article.text, article.title) == ("題名\n一行目。\n\n二つ目。", "題名")


@pytest.mark.parametrize("page", ["<html><body><script>x</script></body></html>", "<p> </p>"])
def test_a_page_without_text_is_refused(page: str) -> None:
    with pytest.raises(ArticleError, match=r"^p\.html "):
        article_from_bytes("p.html", page.encode())


def test_a_pdf_file_yields_its_text_page_by_page() -> None:
    article = article_from_bytes("p.pdf", pdf("City Opens Library", "It opened\nin May."))
    assert article.text == "City Opens Library\fIt opened\nin May."
    assert article.pages == (0, 19)
    assert (article.title, article.encoding) == ("City Opens Library", None)


def test_a_pdf_file_that_only_forbids_printing_is_read() -> None:
    assert article_from_bytes("p.pdf", pdf("Hello there", lock="")).text == "Hello there"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (pdf("secret", lock="x"), "is an encrypted PDF file: remove its password first"),
        (pdf(""), "has no text layer"),
        (b"%PDF-1.7\nbroken", "is a damaged PDF file"),
        (b"", "is a damaged PDF file"),
        (b"not a pdf at all", "is a damaged PDF file"),
        (pdf("cut")[:300], "is a damaged PDF file"),
    ],
)
def test_a_pdf_file_without_readable_text_is_refused_with_the_cure(data: bytes, words: str) -> None:
    with pytest.raises(ArticleError, match=f"^p.pdf {words}"):
        article_from_bytes("p.pdf", data)


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        kind, body = {
            "/page": ("text/html; charset=EUC-JP", PAGE.format(charset="x").encode("euc-jp")),
            "/a%20b.txt": ("text/plain", TEXT.encode()),
            "/picture": ("image/png", b"\x89PNG"),
        }.get(self.path, ("", b""))
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/page")
        else:
            self.send_response(200 if kind else 404)
            self.send_header("Content-Type", kind)
        self.send_header(
            "Content-Length", str(MAX_BYTES + 1 if self.path == "/huge" else len(body))
        )
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_an_address_is_fetched_and_is_its_own_id(site: str) -> None:
    page, text = read_articles([f"{site}/moved", f"{site}/a%20b.txt"])
    assert (page.id, page.url, page.title) == (f"{site}/moved", f"{site}/moved", "図書館が開館へ")
    assert page.encoding == "euc-jp"
    assert (text.id, text.text, text.title) == (f"{site}/a%20b.txt", TEXT, "図書館が開館へ")


def test_an_address_survives_being_made_a_path(site: str) -> None:
    (article,) = read_articles([Path(f"{site}/page")])
    assert article.id == f"{site}/page"


def test_an_address_that_cannot_be_read_is_one_clear_line(site: str) -> None:
    assert "answered 404" in problem(f"{site}/nothing")
    assert "is image/png: only HTML pages" in problem(f"{site}/picture")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        assert "cannot be fetched" in problem(f"http://127.0.0.1:{unused.getsockname()[1]}/")
    assert "cannot be fetched" in problem("http://[bad")


@pytest.mark.parametrize("typed", ["http://", "https://"])
def test_an_address_without_a_host_is_told_how_one_looks(typed: str) -> None:
    assert problem(typed) == (
        "an address without a host is not fetched: write it whole, as in"
        " https://example.org/page.html"
    )


@settings(deadline=None)
@given(
    data=st.binary() | st.text().map(str.encode),
    ending=st.sampled_from([".txt", ".md", ".html", ".pdf"]),
)
def test_any_bytes_are_an_article_or_one_clear_line(data: bytes, ending: str) -> None:
    try:
        said = article_from_bytes(f"a{ending}", data).title
    except ArticleError as error:
        said = str(error)
    assert said.strip()
    assert "\n" not in said


def test_progress_counts_the_sources(tmp_path: Path) -> None:
    for name in "abc":
        write(tmp_path / f"{name}.txt")
    seen: list[tuple[int, int | None]] = []
    list(read_articles([tmp_path], progress=lambda done, total: seen.append((done, total))))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_plain_text_needs_none_of_the_heavy_packages(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt")
    program = (
        "import sys; from shutten.articles import read_articles; list(read_articles(sys.argv[1:]));"
        "print([n for n in ('trafilatura', 'lxml', 'pypdf', 'httpx', 'torch') if n in sys.modules])"
    )
    source = str(Path(__file__).parents[1] / "src")
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)],
        env={**os.environ, "PYTHONPATH": source},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"


def test_the_pdf_library_adds_no_lines_of_its_own(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "bin.pdf").write_bytes(b"\x04\xba\x02Cp" * 40)
    assert "is a damaged PDF file" in problem(tmp_path / "bin.pdf")
    assert caplog.records == []


@pytest.mark.parametrize(
    ("name", "line", "day"),
    [
        ("a.md", "date: 2025-03-01", date(2025, 3, 1)),
        ("a.qmd", 'date: "2025-03-01T09:00:00+09:00"', date(2025, 3, 1)),
        ("a.md", "published: 2025-03-01", date(2025, 3, 1)),
        ("a.md", "date: 2025-02-30", None),
        ("a.md", "date: yesterday", None),
        ("a.md", "pubDate : 2025-03-01 09:00", date(2025, 3, 1)),
        ("a.md", "  date: 2025-03-01", None),
        ("a.txt", "date: 2025-03-01", None),
    ],
)
def test_the_day_of_an_article_is_what_its_front_matter_says(
    name: str, line: str, day: date | None
) -> None:
    text = f"---\ntitle: 港\n{line}\n---\n\n船が着いた。"
    assert published_on(Article(name, "港", text)) == day
    assert published_on(Article(name, "港", f"港\n\n{line}\n")) is None


@pytest.mark.parametrize(
    ("head", "title", "day", "is_head"),
    [
        ('+++\ntitle = "港の話"\ndate = 2024-01-02\n+++', "港の話", date(2024, 1, 2), True),
        ("+++\ndate = 2024-01-02\n[of]\ntitle = '長'\n+++", "見出し", date(2024, 1, 2), True),
        ('---\r\ntitle: "港の話"  \r\n---\r', "港の話", None, True),
        ("---\ntitle: 港の'話'\ndate: 2024-01-02\n...", "港の'話'", date(2024, 1, 2), True),
        ('---\ntitle: ""\n---', "見出し", None, True),
        ("---\ntitle: 港の話\n" + "tag: x\n" * 197 + "---", "港の話", None, True),
        ("---\ntitle: 港の話\n" + "tag: x\n" * 198 + "---", "title: 港の話", None, False),
        ("---\ntitle: 港の話\n+++", "title: 港の話", None, False),
    ],
)
def test_what_tells_title_and_day_is_the_same_head_that_is_no_part_of_the_text(
    head: str, title: str, day: date | None, *, is_head: bool
) -> None:
    article = article_from_bytes("a.md", f"{head}\n# 見出し\n\n船が着いた。\n".encode())
    assert (article.title, published_on(article)) == (title, day)
    first, *_ = lines_of(article.text, title=None, markdown=True)
    assert (first.role == "source") == is_head


def test_a_title_in_front_matter_with_many_blanks_is_read_at_once() -> None:
    title = f"a{' ' * 500_000}b"
    assert article_from_bytes("a.md", f"---\ntitle: {title}\n---\nx".encode()).title == title


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
@pytest.mark.parametrize(
    "sign", ["(", "[a](", "| ", "a ", "。 ", "<b", "<!-- ", "- ", "`", "「", "\u3000"]
)
def test_a_heap_of_signs_is_read_and_split_in_one_pass(name: str, sign: str) -> None:
    article = article_from_bytes(name, f"始め\n\n{sign * 50_000}\n\n終わり".encode())
    sentences = split_sentences(article.text, title=article.title, markdown=name == "a.md")
    assert "".join(article.text[each.start : each.end] for each in sentences) == article.text


def test_half_a_character_is_found_and_replaced() -> None:
    assert half_character("橋\U00020000\udc00は\ud800") == "\udc00"
    assert half_character("橋\U00020000は") is None
    assert whole_characters("橋\U00020000\udc00は\ud800") == "橋\U00020000\ufffdは\ufffd"
