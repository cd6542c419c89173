"""The widget's parts one by one, in a real browser: sentences, links, addresses, events."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from tests.web.hosting import site

from shutten.readable import readable
from shutten.web.widget import SOURCES

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

PARTS = ("texts.js", "options.js", "pages.js", "sentences.js", "asking.js", "drawing.js")

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def run(browser: Browser) -> Iterator[Run]:
    """Evaluates an expression in which `given` and the names of the parts are known."""
    source = "\n".join((SOURCES / name).read_text(encoding="utf-8") for name in PARTS)
    with site() as served:
        served.put("/wiki/harbour:ferry", "<body></body>")
        page = browser.new_page()
        page.goto(f"{served.origin}/wiki/harbour:ferry?utm_source=x#top")

        def evaluate(expression: str, given: object = None) -> Any:  # noqa: ANN401 - any JSON
            return page.evaluate(f"(given) => {{ {source}\nreturn {expression}; }}", given)

        yield evaluate
        page.close()


@pytest.mark.parametrize(
    "text",
    [
        "詳しくは[案内](https://example.org/a)を見る。",
        "[赤](javascript:alert(1))と![絵](http://example.org/x.png)😀[a](b)",
        "[![印](https://example.org/b.svg)](https://example.org) です",
        "［全角］（かっこ）と[1](2)と[12](x)",
        "閉じない[a](b",
    ],
)
def test_links_are_read_as_the_page_reads_them(run: Run, text: str) -> None:
    assert run("readable(given)", text) == readable(text)


def test_the_answering_words_are_marked_beside_a_link(run: Run) -> None:
    quote = "前は[赤い](x)靴だ。"
    citation = {"quote": quote, "answer_start": 2, "answer_end": 9}
    parts = "quoteParts(given).map((part) => part.textContent ?? part)"
    assert run(parts, citation) == ["前は", "赤い", "靴だ。"]
    assert found(run, "<p>前は<a href='/x'>赤い</a>靴だ。</p>", quote) == "前は赤い靴だ。"


def found(run: Run, body: str, quote: str) -> str | None:
    text: str | None = run(
        "(document.body.innerHTML = given[0], findSentence(given[1])?.toString() ?? null)",
        [body, {"quote": quote}],
    )
    return text


@pytest.mark.parametrize(
    ("body", "quote", "text"),
    [
        ("<p>前。猫は<b>三</b><i>匹</i>いる。後。</p>", "猫は三匹いる。", "猫は三匹いる。"),
        ("<p>A cat\n  sat   here. B</p>", "A cat sat here.", "A cat\n  sat   here."),
        (
            "<p>猫は<sup><a href='#n'>1)</a></sup>三匹いる。</p>",
            "猫は三匹いる。",
            "猫は1)三匹いる。",
        ),
        ("<p>猫は三匹いる。</p>", "猫は[12]三匹いる。", "猫は三匹いる。"),
        ("<p>猫は[12]三匹いる。</p>", "猫は[12]三匹いる。", "猫は[12]三匹いる。"),
        ("<p>猫は三匹いる。次。</p>", "猫は**三匹**いる。", "猫は三匹いる。"),
        ("<p><ruby>猫<rt>ねこ</rt></ruby>は三匹いる。</p>", "猫は三匹いる。", "猫ねこは三匹いる。"),
        ("<p>🐈は３匹いる。</p>", "🐈は3匹いる。", "🐈は３匹いる。"),
        ("<script>猫は三匹いる。</script><p>犬</p>", "猫は三匹いる。", None),
        ("<p>猫は二匹いる。</p>", "猫は三匹いる。", None),
        ("<p>猫</p>", "。", None),
    ],
)
def test_a_sentence_is_found_however_the_page_writes_it(
    run: Run, body: str, quote: str, text: str | None
) -> None:
    assert found(run, body, quote) == text


TWICE = """<h2>夏</h2><p>夏は早い。旗を<b>揚</b>げる。</p>
<h2>秋</h2><p id="second">秋は<sup class="reference">[1]</sup>遅い。旗を揚げる。次に降ろす。</p>"""


@pytest.mark.parametrize(
    ("context", "second"),
    [
        ({}, False),
        ({"before": "秋は遅い。"}, True),
        ({"after": "次に**降ろす**。"}, True),
        ({"before": "夏は早い。", "after": "どこにもない。"}, False),
        ({"before": "どこにもない。"}, False),
    ],
)
def test_of_two_sentences_the_one_with_the_same_neighbours_is_found(
    run: Run, context: dict[str, str], *, second: bool
) -> None:
    found_in = run(
        """(document.body.innerHTML = given[0],
            Boolean(findSentence(given[1]).startContainer.parentElement.closest("#second")))""",
        [TWICE, {"quote": "旗を揚げる。", **context}],
    )
    assert found_in is second


def link(run: Run, **citation: object) -> str | None:
    whole = {"anchor": None, "quote": "猫がいる。", **citation}
    address: str | None = run("sentenceLink(given, 'ja')", whole)
    return address


def test_a_short_quote_is_named_whole_and_encoded(run: Run) -> None:
    address = link(run, url="https://wiki.example.org/a?b=c", quote="A-b, c&d は猫。") or ""
    plain, _, directive = address.partition("#:~:text=")
    assert plain == "https://wiki.example.org/a?b=c"
    assert directive.partition("&")[0] == "A%2Db%2C%20c%26d%20%E3%81%AF%E7%8C%AB"
    assert unquote(directive.partition("&")[0]) == "A-b, c&d は猫"


def test_an_anchor_of_the_citation_or_of_its_address_stays(run: Run) -> None:
    wiki = "https://wiki.example.org/a"
    text = ":~:text=%E7%8C%AB%E3%81%8C%E3%81%84%E3%82%8B"
    assert link(run, url=f"{wiki}#part") == f"{wiki}#part{text}"
    assert link(run, url=f"{wiki}#part", anchor="節") == f"{wiki}#%E7%AF%80{text}"
    assert link(run, url=f"{wiki}#part:~:text=old") == f"{wiki}#part{text}"


def test_a_sentence_of_a_pdf_file_is_linked_by_its_page(run: Run) -> None:
    assert link(run, url="https://example.org/a.pdf", page=3) == "https://example.org/a.pdf#page=3"


@pytest.mark.parametrize(
    "url", [None, "", "javascript:alert(1)", "data:text/html,x", "file:///etc/hosts", "http://"]
)
def test_only_addresses_of_the_web_become_links(run: Run, url: str | None) -> None:
    assert link(run, url=url) is None


@pytest.mark.parametrize(
    ("address", "same"),
    [
        ("/wiki/harbour:ferry", True),
        ("/wiki/harbour%3Aferry/", True),
        ("/wiki/harbour:ferry/#x", True),
        ("/wiki/harbour:ferry?id=1", False),
        ("/wiki/harbour:other", False),
        ("javascript:1", False),
        (None, False),
    ],
)
def test_this_page_is_known_by_its_address(run: Run, address: str | None, *, same: bool) -> None:
    assert run("isThisPage(given)", address) is same


@pytest.mark.parametrize(
    ("address", "namespace"),
    [
        ("https://w.org/wiki/Help:Page", "https://w.org/wiki/Help:"),
        ("https://w.org/doku.php?id=project%3Apage", "https://w.org/doku.php?id=project:"),
        ("https://w.org/doku.php?id=start", "https://w.org/doku.php?id="),
        ("https://w.org/docs/a.html", "https://w.org/docs/"),
    ],
)
def test_a_namespace_is_what_wikis_write_before_the_page(
    run: Run, address: str, namespace: str
) -> None:
    assert run("namespaceOf(pageKey(given))", address) == namespace


def test_offsets_are_cut_by_code_points(run: Run) -> None:
    citation = {"quote": "🐈は𠮟られた。", "answer_start": 2, "answer_end": 6}
    assert run("quoteParts(given).map(each => each.textContent ?? each)", citation) == [
        "🐈は",
        "𠮟られた",
        "。",
    ]


def test_events_are_put_together_from_any_pieces(run: Run) -> None:
    events = run(
        """(async () => {
            const bytes = new TextEncoder().encode(given);
            const stream = new ReadableStream({
                start(controller) {
                    for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
                    controller.close();
                },
            });
            const found = [];
            for await (const each of eventsOf(stream)) found.push(each);
            return found;
        })()""",
        'event: delta\ndata: {"n":1,"text":"猫🐈: [1]"}\n\nevent: done\ndata: {"id":"a"}\n\neve',
    )
    assert events == [["delta", {"n": 1, "text": "猫🐈: [1]"}], ["done", {"id": "a"}]]


GROWING = """(() => {
    const growing = new GrowingAnswer(TEXTS.ja);
    return given.map(([name, value]) => {
        growing.listen(name, value);
        return [...growing.element.querySelectorAll(".claim")]
            .map((each) => [each.className, each.textContent, each.hidden]);
    });
})()"""


def test_a_claim_is_pending_until_it_is_supported_and_goes_when_it_is_not(run: Run) -> None:
    states = run(
        GROWING,
        [
            ["claim", {"n": 1, "state": "pending", "text": ""}],
            ["delta", {"n": 1, "text": "猫がいる。"}],
            ["claim", {"n": 1, "state": "supported", "text": "猫がいる。"}],
            ["claim", {"n": 2, "state": "pending", "text": "犬"}],
            ["claim", {"n": 2, "state": "removed", "text": "犬"}],
        ],
    )
    supported = ["text claim supported", "猫がいる。", False]
    assert states == [
        [["text claim pending", "確認中", False]],
        [["text claim pending", "猫がいる。確認中", False]],
        [supported],
        [supported, ["text claim pending", "犬確認中", False]],
        [supported, ["text claim removed", "犬", True]],
    ]


def test_both_languages_say_the_same_things(run: Run) -> None:
    japanese, english = run("[TEXTS.ja, TEXTS.en].map(Object.entries)")
    fields = r"((text) => (text.match(/\{\w+\}/g) ?? []).sort())"
    assert [name for name, _ in japanese] == [name for name, _ in english]
    assert run(f"Object.values(TEXTS.ja).map({fields})") == run(
        f"Object.values(TEXTS.en).map({fields})"
    )


def test_what_was_removed_is_closed_and_tells_its_reason(run: Run) -> None:
    removed = [
        {"text": "橋は921年に完成した。", "problem": "数が違います。"},
        {"text": "It <b>floats</b>.", "problem": None},
        {"text": "橋は921年に完成した。", "problem": "数が違います。"},
    ]
    drawn = run(
        """(() => {
            const box = drawRemoved(given, TEXTS.ja);
            const items = [...box.querySelectorAll("li")].map((each) => each.innerText);
            const markup = [...box.querySelectorAll("li > *")].map((each) => each.tagName);
            return [box.open, box.querySelector("summary").textContent, items, markup];
        })()""",
        {"removed": removed},
    )
    assert drawn == [
        False,
        "確認の結果、2件の文は示していません。",
        ["橋は921年に完成した。数が違います。", "It <b>floats</b>."],
        ["DEL", "SMALL", "DEL"],
    ]
    assert run("drawRemoved({removed: []}, TEXTS.ja)") is None


def test_a_row_of_a_table_is_shown_under_the_names_of_its_columns(run: Run) -> None:
    quote, row = "| 土曜 | 18:15 |", "曜日: 土曜、最終: 18:15"
    citation = {
        "marker": 1,
        "title": "案内",
        "sentence": 3,
        "quote": quote,
        "row": row,
        "answer_start": 7,
        "answer_end": 12,
        "row_start": 11,
        "row_end": 16,
    }
    answer = {
        "text": f"{quote}[1]",
        "short_answer": None,
        "status": "quoted",
        "refused": False,
        "question": "q",
        "standalone_question": "q",
        "notices": [],
        "removed": [],
        "citations": [citation],
        "hits": [],
    }
    drawn = run(
        """(() => {
            const pointer = (_, attributes, ...children) => make("a", attributes, ...children);
            const box = drawAnswer(given, TEXTS.ja, pointer);
            const near = drawNear({ ...given.citations[0], text: "" }, TEXTS.ja, pointer);
            return [
                box.querySelector(".text").textContent, box.querySelector(".marker").title,
                box.querySelector("blockquote").textContent, box.querySelector("mark").textContent,
                near.querySelector("blockquote").textContent,
            ];
        })()""",
        answer,
    )
    assert drawn == [f"{row}[1]", row, row, "18:15", row]


def test_only_an_answer_without_sentences_and_notices_says_nothing(run: Run) -> None:
    greeting: dict[str, object] = {"refusal_reason": "not_answered", "hits": [], "notices": []}
    others: list[tuple[str, object]] = [("hits", [{}]), ("notices", ["n"])]
    others.append(("refusal_reason", "no_articles"))
    given = [greeting, *({**greeting, name: value} for name, value in others)]
    assert run("given.map(saysNothing)", given) == [True, False, False, False]
