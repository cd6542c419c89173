"""Exports as the wikis themselves render them: every text comes out as it went in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import mwparserfromhell
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.payloads import bare, payloads
from tests.renderers import rendering
from tests.renderers.rendering import Renderer, parsed

from shutten.exporting import dokuwiki, export_answer, export_conversation, mediawiki
from shutten.exporting.document import Block, Document, Mark, Note, Words, showable_line
from shutten.readable import readable
from shutten.types import Answer, Citation, Claim

HARD = [
    "''italic'' '''bold''' '''''both'''''",
    "a ''' b '' c ' d",
    "{{template|argument=1}} {{{1}}} {|class=x",
    "[[link|words]] [[File:x.png]] [https://example.org words] [x]",
    "~~~~ ~~~ ~~ ~~NOTOC~~ ~~NOCACHE~~",
    "__NOTOC__ __TOC__ __under__ //slash// **star**",
    "https://example.org/a?b=c mailto:a@b.example www.example.org //example.org",
    "<nowiki>x</nowiki> <ref>y</ref> <references /> <pre>z</pre> <!-- w -->",
    "((note)) (( )) )) [[a]] {{b}} %%c%% %%%d%%%% %",
    "<file x.txt>a</file> <code>b</code> <html>c</html> <php>d</php>",
    "== heading == ===== heading =====",
    "* item", "# item", ": item", "; item", "  * item", "  - item", "---- rule", "- - x",
    "> quotation", "^ head ^ head ^", "| cell | cell |", "\\\\ break \\\\server\\share",
    "HTML FIX" "ME LOL DELETEME :-) 8-) ^_^ ... -- --- -> <-> => >> << (c) (r) (tm)",
    "640x480 \"q\" 'q'",
    "CamelCase RFC 2616 PMID 123 ISBN 978-3-16-148410-0",
    "&amp; &lt; &#91; &nbsp; &copy &unknown;",
    "-{zh-hans:a; zh-hant:b}-",
    "#REDIRECT [[x]]", "{{#if:x|y}} {{PAGENAME}} {{subst:x}} <includeonly>x</includeonly>",
    "1. first", "=x=", "x==", "%", "%%", "a%", "<del>x</del> <sub>x</sub> <sup>x</sup>",
    "漢字「かぎ」（丸）［角］｛波｝＜山＞", "𠮷野家😀",
    "a_b_c a__b a**b a//b ''", "tag <b>x</b> <br> <br/>", "user@example.org <user@example.org>",
    "|-", "|}", "!", "{|", "{{", "}}", "]]", "[[", "<", ">", "\\", "`", "*", "_",
]  # fmt: skip
TEXTS = [*HARD, *(each.text for each in payloads())]


def answer_of(said: str, **more: Any) -> Answer:  # noqa: ANN401 - fields of an answer
    """An answer all of whose parts say this."""
    citation = Citation(
        marker=1,
        article_id=said,
        title=said,
        url="https://wiki.example.org/wiki/Page",
        sentence=3,
        start=0,
        end=len(said),
        quote=said,
        support=1.0,
        anchor=said,
        revision="123",
    )
    claim = Claim(said, 0, len(said), supported=True, citations=(1,))
    parts: dict[str, Any] = {
        "id": "1",
        "question": said,
        "standalone_question": said,
        "language": "ja",
        "text": f"{said}[1]",
        "status": "written",
        "refused": False,
        "claims": (claim,),
        "citations": (citation,),
        "notices": (said,),
    }
    return Answer(**{**parts, **more})


def shown(page: str) -> str:
    return bare(parsed(page).text_content())


def written(text: str) -> str:
    return bare(showable_line(readable(text)))


@pytest.fixture(scope="module")
def real_dokuwiki(tmp_path_factory: pytest.TempPathFactory) -> Renderer:
    return rendering.dokuwiki(tmp_path_factory.mktemp("dokuwiki"))


@pytest.fixture(scope="module")
def real_mediawiki(tmp_path_factory: pytest.TempPathFactory) -> Renderer:
    return rendering.mediawiki(tmp_path_factory.mktemp("mediawiki"))


def assert_literal(pages: list[str], *, heading: str, note: str, mark: str) -> None:
    """Each page shows its text as heading, statement, notice, quotation and title."""
    for text, page in zip(TEXTS, pages, strict=True):
        tree = parsed(page)
        assert bare(showable_line(text)) in bare("".join(tree.xpath(heading))), (text, page)
        assert len(tree.xpath(mark)) == 1, (text, page)
        for each in tree.xpath(mark):
            each.drop_tree()
        paragraphs = [bare(each.text_content()) for each in tree.xpath("./p|./div/p")]
        assert paragraphs[0] == written(text), (text, page)
        assert paragraphs[1] == bare(showable_line(text)), (text, page)
        notes = [bare(each.text_content()) for each in tree.xpath(note)]
        assert notes == [bare(f"「{written(text)}」——{text}、文3、版 123")], (text, page)
        links = tree.xpath(f"{note}//a[not(contains(@class, 'fn_'))]/@href")
        assert len(links) == 2, (text, page)
        assert links[0].startswith("https://wiki.example.org/wiki/Page#"), (text, page)
        assert links[1].startswith("https://wiki.example.org/wiki/Page?oldid=123#"), (text, page)
        assert not tree.xpath("//script|//img|//iframe|//form|//b|//table|//*[@onerror]"), page


def test_dokuwiki_shows_every_text_as_it_stands(real_dokuwiki: Renderer) -> None:
    pages = real_dokuwiki.render([export_conversation([answer_of(t)], "dokuwiki") for t in TEXTS])
    heading, note = "./h2[@class]//text()", "//div[@class='fn']/div[@class='content']"
    assert_literal(pages, heading=heading, note=note, mark="//sup[a[@class='fn_top']]")


def test_mediawiki_shows_every_text_as_it_stands(real_mediawiki: Renderer) -> None:
    pages = real_mediawiki.render([export_conversation([answer_of(t)], "mediawiki") for t in TEXTS])
    heading, note = "//*[@class='mw-headline']//text()", "//*[@class='reference-text']"
    assert_literal(pages, heading=heading, note=note, mark="//sup[@class='reference']")


def test_a_text_in_the_middle_of_a_line_stays_as_it_is_too(
    real_dokuwiki: Renderer, real_mediawiki: Renderer
) -> None:
    for render, escaped in (
        (real_dokuwiki.render, dokuwiki.escaped),
        (real_mediawiki.render, mediawiki.escaped),
    ):
        pages = render([f"前{escaped(showable_line(text))}後" for text in TEXTS])
        assert [shown(page) for page in pages] == [bare(f"前{showable_line(t)}後") for t in TEXTS]


MARKUP = st.text("{}[]|<>='~_*#:;!-+%()&/\\^\"`. \u3000あa1xA@", max_size=30)


@settings(
    max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(MARKUP.filter(str.strip), min_size=200, max_size=200))
def test_any_heap_of_markup_comes_out_of_both_wikis_as_it_went_in(
    real_dokuwiki: Renderer, real_mediawiki: Renderer, texts: list[str]
) -> None:
    lines = [showable_line(text) for text in texts]
    for render, escaped in (
        (real_dokuwiki.render, dokuwiki.escaped),
        (real_mediawiki.render, mediawiki.escaped),
    ):
        written: Callable[[str], str] = escaped
        pages = render([f"{written(line)}\n\n前{written(line)}後" for line in lines])
        assert [shown(page) for page in pages] == [bare(f"{line}前{line}後") for line in lines]


def test_a_sentence_cited_twice_is_one_footnote_in_both_wikis(
    real_dokuwiki: Renderer, real_mediawiki: Renderer
) -> None:
    twice = answer_of("青い。", text="青い。[1]\n\nとても青い。[1]", notices=())
    (page,) = real_dokuwiki.render([export_answer(twice, "dokuwiki")])
    assert len(parsed(page).xpath("//div[@class='fn']")) == 1
    assert len(parsed(page).xpath("//a[@class='fn_top']")) == 2
    (page,) = real_mediawiki.render([export_answer(twice, "mediawiki")])
    assert len(parsed(page).xpath("//*[@class='reference-text']")) == 1
    assert len(parsed(page).xpath("//sup[@class='reference']")) == 2
    assert "error" not in page


def test_two_exports_on_one_mediawiki_page_do_not_get_in_each_others_way(
    real_mediawiki: Renderer,
) -> None:
    texts = [
        export_answer(answer_of(t, text=f"{t}[1]\n\n{t}[1]"), "mediawiki") for t in ("赤。", "青。")
    ]
    (page,) = real_mediawiki.render(["\n".join(texts)])
    notes = parsed(page).xpath("//*[@class='reference-text']")
    assert [each.text_content()[:4] for each in notes] == ["「赤。」", "「青。」"]


@pytest.mark.parametrize("folder", [Path("dokuwiki"), Path("mediawiki")], ids=str)
def test_the_wikis_do_render_markup(folder: Path, tmp_path: Path) -> None:
    renderer = getattr(rendering, folder.name)(tmp_path / folder)  # what is not escaped shows
    assert "<b>" in renderer.render(["'''x''' **x**"])[0].replace("strong>", "b>")


@pytest.mark.parametrize("text", TEXTS)
def test_a_parser_of_wikitext_finds_nothing_but_footnotes_and_links(text: str) -> None:
    code = mwparserfromhell.parse(export_conversation([answer_of(text)], "mediawiki"))
    assert code.filter_templates() == code.filter_wikilinks() == code.filter_arguments() == []
    assert code.filter_comments() == []
    tags = sorted(str(tag.tag) for tag in code.filter_tags())
    assert tags == ["ref", "references"]
    assert len(code.filter_external_links()) == 2


def test_tens_of_thousands_of_footnotes_are_counted_in_one_pass() -> None:
    notes = tuple(Note(number, (Words("赤"),)) for number in range(1, 60_001))
    blocks = [Block("paragraph", tuple(map(Mark, (*notes, notes[0]))), "ja")]
    text = mediawiki.mediawiki_text(Document("題", "ja", tuple(blocks), notes))
    assert (text.count("<ref>"), text.count("<ref name=")) == (59_999, 2)
