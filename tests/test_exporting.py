"""What an export says, in each format, and that Markdown and HTML show texts as they stand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt
from tests.payloads import bare
from tests.test_exporting_wikis import MARKUP, TEXTS, answer_of, written

from shutten.exporting import FORMATS, Format, export_answer, export_conversation, markdown
from shutten.exporting.addresses import link_address, permanent_address, web_address
from shutten.exporting.document import showable_line
from shutten.types import Answer, Citation, Claim, Hit

QUOTE = "当初の計画では公開は5月上旬だったが、早めたいという。"
CITATION = Citation(
    marker=1,
    article_id="wiki:7",
    title="R2を急ぐ",
    url="https://wiki.example.org/wiki/R2",
    sentence=5,
    start=10,
    end=10 + len(QUOTE),
    quote=QUOTE,
    support=0.9,
    anchor="計画",
    revision="812",
)
OTHER = replace(
    CITATION,
    marker=2,
    article_id="notes.pdf",
    title="覚え書き",
    url=None,
    sentence=2,
    quote="価格は未定だ。",
    anchor=None,
    revision=None,
    page=4,
)
QUOTED = Answer(
    id="1",
    question="R2はいつ公開ですか",
    standalone_question="R2はいつ公開ですか",
    language="ja",
    text=f"5月上旬[1]\n\n{QUOTE}[1]",
    status="quoted",
    refused=False,
    short_answer="5月上旬",
    claims=(Claim("5月上旬", 0, 4, supported=True, citations=(1,)),),
    citations=(CITATION,),
)
WRITTEN = replace(
    QUOTED,
    question="When, and for how much?",
    standalone_question="When, and for how much?",
    language="en",
    status="written",
    text="In early May.[1] The price is open.[2]\n\nNothing else is known.",
    short_answer=None,
    citations=(CITATION, OTHER),
)
REFUSED = replace(
    QUOTED,
    question="天気は？",
    standalone_question="天気は？",
    text="記事には、この質問の答えは書かれていません。",
    status="refused",
    refused=True,
    refusal_reason="not_answered",
    short_answer=None,
    claims=(),
    citations=(),
    hits=tuple(
        Hit("wiki:8", "天気", "https://wiki.example.org/wiki/W", n, 0, 4, f"近い文{n}。", 0.2)
        for n in range(1, 6)
    ),
)
PAGE = "https://wiki.example.org/wiki/R2#%E8%A8%88%E7%94%BB"
REVISION = "https://wiki.example.org/wiki/R2?oldid=812#%E8%A8%88%E7%94%BB"


def test_plain_text_has_its_footnotes_below() -> None:
    assert export_answer(QUOTED, "text") == (
        f"5月上旬[1]\n\n[1] 「{QUOTE}」——R2を急ぐ、文5、版 812 {PAGE}\n"
    )


def test_a_footnote_names_the_section_behind_the_title() -> None:
    placed = replace(QUOTED, citations=(replace(CITATION, heading="計画"),))
    assert "——R2を急ぐ › 計画、文5" in export_answer(placed, "text")


def test_markdown_has_footnotes_with_page_and_revision() -> None:
    assert export_answer(QUOTED, "markdown") == (
        f"5月上旬[^1]\n\n\n[^1]: 「{QUOTE}」——R2を急ぐ、[文5]({PAGE})、[版 812]({REVISION})\n"
    )


def test_dokuwiki_text_carries_the_footnote_where_it_belongs() -> None:
    assert export_answer(QUOTED, "dokuwiki") == (
        f"5月上旬((「{QUOTE}」——R2を急ぐ、[[{PAGE}|文5]]、[[{REVISION}|版 812]]))\n"
    )


def test_mediawiki_text_carries_the_footnote_where_it_belongs() -> None:
    assert export_answer(QUOTED, "mediawiki") == (
        f"5月上旬<ref>「{QUOTE}」——R2を急ぐ、[{PAGE} 文5]、[{REVISION} 版 812]</ref>\n\n"
        "<references />\n"
    )


def test_html_is_a_page_that_loads_and_runs_nothing_or_a_part_of_one() -> None:
    part = export_answer(QUOTED, "html", part=True)
    assert part == (
        '<p>5月上旬<sup><a href="#shutten-1">[1]</a></sup></p>\n<ol class="notes">\n'
        f'<li id="shutten-1">「{QUOTE}」——R2を急ぐ、<a href="{PAGE}">文5</a>、'
        f'<a href="{REVISION}">版 812</a></li>\n</ol>\n'
    )
    page = export_answer(QUOTED, "html")
    assert part in page
    tree = html.document_fromstring(page)
    assert tree.get("lang") == "ja"
    assert tree.xpath("//title/text()") == tree.xpath("//h1/text()") == ["R2はいつ公開ですか"]
    assert tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content") == [
        "default-src 'none'; style-src 'unsafe-inline'"
    ]
    assert not tree.xpath("//script | //*[@src] | //link")


UNDERSTOOD = "解釈した質問：R2の価格はいくらですか"


@pytest.mark.parametrize("form", FORMATS)
def test_how_a_follow_up_was_understood_stands_before_its_answer(form: Format) -> None:
    asked = replace(QUOTED, question="価格は？", standalone_question="R2の価格はいくらですか")
    for text in (export_answer(asked, form), export_conversation([asked], form)):
        assert text.count(UNDERSTOOD) == 1
        assert text.index(UNDERSTOOD) < text.index("5月上旬")
    assert "解釈した質問" not in export_answer(QUOTED, form)


@pytest.mark.parametrize("form", ["markdown", "dokuwiki", "mediawiki", "text"])
def test_a_blank_line_ends_the_list_of_a_refusal(form: Format) -> None:
    lines = export_conversation([REFUSED, QUOTED], form).split("\n")
    heading = next(number for number, line in enumerate(lines) if "R2はいつ公開ですか" in line)
    assert lines[heading - 1] == ""
    assert "近い文3。" in lines[heading - 2]
    nearest = [line for line in lines if "近い文" in line and "。" in line]
    first = lines.index(nearest[0])
    assert lines[first : first + 3] == nearest[:3]


def test_a_conversation_has_questions_as_headings_and_each_source_once() -> None:
    english = replace(QUOTED, language="en")
    assert export_conversation([english, WRITTEN], "markdown") == (
        "# Questions and answers\n\n## R2はいつ公開ですか\n\n5月上旬[^1]\n\n"
        "## When, and for how much?\n\nIn early May.[^1] The price is open.[^2]\n\n"
        "Nothing else is known.\n\n\n"
        f"[^1]: “{QUOTE}” — R2を急ぐ, [sentence 5]({PAGE}), [revision 812]({REVISION})\n\n"
        "[^2]: “価格は未定だ。” — 覚え書き, page 4, sentence 2\n"
    )


def test_in_plain_text_a_conversation_numbers_its_sources_through() -> None:
    lines = export_conversation([replace(QUOTED, language="en"), WRITTEN], "text").splitlines()
    assert lines[:6] == [
        "■ R2はいつ公開ですか",
        "",
        "5月上旬[1]",
        "",
        "■ When, and for how much?",
        "",
    ]
    assert [line[:4] for line in lines[-2:]] == ["[1] ", "[2] "]


def test_in_mediawiki_a_conversation_names_what_it_cites_again() -> None:
    text = export_conversation([replace(QUOTED, language="en"), WRITTEN], "mediawiki")
    names = html.fragments_fromstring(text.split("\n\n", 1)[1])
    found = [each.get("name") for each in names if getattr(each, "tag", "") == "ref"]
    assert text.count("<ref name=") == 2
    assert text.count(" />") == 2
    assert len(set(filter(None, found))) == 1


@pytest.mark.parametrize("form", FORMATS)
def test_a_refusal_shows_the_three_nearest_sentences(form: Format) -> None:
    text = export_answer(REFUSED, form, part=True)
    assert REFUSED.text in text
    assert "近い文（答えではありません）" in text
    assert [n for n in range(1, 6) if f"「近い文{n}。」——天気、" in text] == [1, 2, 3]
    assert "<ref" not in text
    assert "((" not in text


@pytest.mark.parametrize("form", FORMATS)
def test_no_citation_is_lost_where_the_text_has_no_marker_for_it(form: Format) -> None:
    unmarked = replace(WRITTEN, text="In early May.[1]\n\n[9] is no marker.")
    text = export_answer(unmarked, form, part=True)
    assert text.count("価格は未定だ。") == 1
    assert "9" in text


@pytest.mark.parametrize("form", FORMATS)
def test_an_answer_without_anything_is_still_a_text(form: Format) -> None:
    empty = replace(QUOTED, text="", status="written", short_answer=None, citations=())
    assert "None" not in export_answer(empty, form)
    assert export_conversation([], form).endswith("\n")


# ── texts come out as they went in ───────────────────────────────────────────────────────────

COMMONMARK = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def shown(markdown_text: str) -> Any:  # noqa: ANN401 - lxml has no types
    return html.fragment_fromstring(COMMONMARK.render(markdown_text), create_parent="div")


@pytest.mark.parametrize("text", TEXTS)
def test_markdown_shows_every_text_as_it_stands(text: str) -> None:
    tree = shown(export_conversation([answer_of(text)], "markdown"))
    assert bare(tree.xpath("./h2")[0].text_content()) == bare(showable_line(text))
    first, second, note = (bare(each.text_content()) for each in tree.xpath("./p"))
    assert first == written(text) + "[^1]"
    assert second == bare(showable_line(text))
    assert note == bare(f"[^1]:「{written(text)}」——{text}、文3、版123")
    assert len(tree.xpath(".//a")) == 2
    assert {each.tag for each in tree.iter()} == {"div", "h1", "h2", "p", "a"}


@given(MARKUP.filter(str.strip))
def test_any_heap_of_markup_comes_out_of_markdown_as_it_went_in(text: str) -> None:
    line = showable_line(text)
    tree = shown(f"{markdown.escaped(line)}\n\n前{markdown.escaped(line)}後")
    assert bare(tree.text_content()) == bare(f"{line}前{line}後")


@given(st.text(max_size=60))
def test_any_text_comes_out_of_html_as_it_went_in(text: str) -> None:
    tree = html.document_fromstring(export_answer(answer_of(text), "html"))
    assert bare(tree.xpath("//h1")[0].text_content()) == bare(showable_line(text))
    assert {each.tag for each in tree.xpath("//main//*")} <= {"h1", "p", "sup", "a", "ol", "li"}


# ── addresses ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("url", "article_id", "revision", "permanent"),
    [
        ("https://w.example/wiki/A", "w:1", "9", "https://w.example/wiki/A?oldid=9#s"),
        ("https://w.example/w/index.php?title=A", "w:1", "9",
         "https://w.example/w/index.php?title=A&oldid=9#s"),
        ("https://w.example/index.php/A", "w:1", "9", "https://w.example/index.php/A?oldid=9#s"),
        ("https://w.example/?curid=4", "w:1", "9", "https://w.example/?curid=4&oldid=9#s"),
        ("https://d.example/doku.php?id=a:b", "a:b", "1700000000",
         "https://d.example/doku.php?id=a:b&rev=1700000000#s"),
        ("https://d.example/a:b", "a:b", "1700000000", "https://d.example/a:b?rev=1700000000#s"),
        ("https://d.example/wiki/a/b", "d/a:b", "1700000000",
         "https://d.example/wiki/a/b?rev=1700000000#s"),
        ("https://docs.example/a/", "a.md", "12", None),
        ("https://docs.example/wiki/a", "a.md", "0f3c", None),
        ("https://docs.example/a", "a", None, None),
        (None, "w:1", "9", None),
        ("javascript:alert(1)//wiki/", "w:1", "9", None),
    ],
)  # fmt: skip
def test_the_address_of_a_revision_is_made_as_its_wiki_makes_it(
    url: str | None, article_id: str, revision: str | None, permanent: str | None
) -> None:
    source = replace(CITATION, url=url, article_id=article_id, revision=revision, anchor="s")
    assert permanent_address(source) == permanent


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://w.example/あ?a=1&b=%E3%81%82#x", "https://w.example/%E3%81%82?a=1&b=%E3%81%82#x"),
        ("https://w.example/青い (色)[1]{2}|3'4\"<5>~~__TOC__%zz*", (
            "https://w.example/%E9%9D%92%E3%81%84%20%28%E8%89%B2%29%5B1%5D%7B2%7D%7C3%274%22%3C5%3E"
            "%7E%7E_%5FTOC_%5F%25zz%2A"
        )),
        ("javascript:alert(1)", ""),
        ("https:alert(1)", ""),
        ("http://[::1]/", ""),
        ("http://[::1", ""),
        ("//w.example", ""),
        (None, ""),
    ],
)  # fmt: skip
def test_an_address_in_a_text_is_plain_or_none(url: str | None, address: str) -> None:
    assert (link_address(url) or "") == address


def test_an_address_that_cannot_be_read_is_no_address() -> None:
    assert web_address("http://[::1") is None
    assert web_address("http://[::1]/x") == "http://[::1]/x"


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    "sign", ["(", "[", "*", " ", "\u3000", "'", "|", "~", "<", "://", "_ ", "="]
)
def test_a_heap_of_signs_is_exported_in_one_pass(form: Format, sign: str) -> None:
    quote = f"始め{sign * 40_000}終わり"
    citation = replace(CITATION, quote=quote, end=CITATION.start + len(quote))
    answer = replace(WRITTEN, text="始め[1]", claims=(), citations=(citation,))
    text = export_answer(answer, form)
    assert "終わり" in text
