"""No text runs anything: not in the page, not in the widget, not in what is exported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx
import pytest
from tests.payloads import bare, payloads
from tests.renderers import rendering
from tests.web.asking import ask
from tests.web.conftest import TIMEOUT_MILLISECONDS
from tests.web.hostile import (
    ALL_TOGETHER,
    BATCHES,
    MARKUP,
    TEXTS,
    Quoting,
    Watch,
    assert_harmless,
    legible,
    make_quoting,
    question,
    title_of,
)
from tests.web.hosting import Site, site
from tests.web.serving import Running, running

from shutten.exporting import Format, export_conversation
from shutten.settings import Settings
from shutten.web.app import create_app
from shutten.web.sources import LISTED

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser

MODES = ("quoted", "written", "refused")
OPENED_ONE_BY_ONE = range(0, len(TEXTS), 9)


@pytest.fixture(scope="module")
def assistant(browser: Browser) -> Quoting:  # noqa: ARG001 - without a browser nothing need load
    return make_quoting()


@pytest.fixture(scope="module")
def app(assistant: Quoting) -> Iterator[Running]:
    settings = Settings(
        allowed_origins=("http://localhost:*",),
        max_question_characters=100_000,
        keep_feedback=False,
    )
    with running(create_app(assistant, settings)) as served:
        yield served


@pytest.fixture(scope="module")
def host() -> Iterator[Site]:
    with site() as served:
        yield served


Visit = Callable[[str], tuple["Page", Watch]]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    contexts: list[BrowserContext] = []

    def visit_one(address: str) -> tuple[Page, Watch]:
        watch, context = Watch(), browser.new_context(locale="ja-JP")
        contexts.append(context)
        watch.over(context)
        page = context.new_page()
        page.set_default_timeout(TIMEOUT_MILLISECONDS)
        page.goto(address)
        return page, watch

    yield visit_one
    for context in contexts:
        context.close()


# ── the test can fail ────────────────────────────────────────────────────────────────────────


def test_where_nothing_is_escaped_the_watch_sees_it(visit: Visit, host: Site) -> None:
    for number, text in enumerate(TEXTS):
        host.put(f"/raw/{number}", f"<body>{text.replace(chr(0), '')}")
    frames = "".join(f'<iframe src="/raw/{n}"></iframe>' for n in range(len(TEXTS)))
    host.put("/raw", frames)
    page, watch = visit(f"{host.origin}/raw")
    page.wait_for_load_state("load")
    page.wait_for_function("() => true")
    seen = Counter(what.split()[0] for what, _ in watch.happened)
    assert set(seen) >= {"alert", "ran", "request"}
    places = {place.rpartition("/raw/")[2] for _, place in watch.happened}
    tripped = {n for n in range(len(TEXTS)) if str(n) in places}
    kinds = {payloads()[n].kind for n in tripped}
    assert len(tripped) > len(TEXTS) / 3
    assert kinds >= {"script", "event handler", "svg and mathml", "mutation", "style", "elements"}


def test_the_payloads_are_many_and_different() -> None:
    assert len(set(TEXTS)) == len(TEXTS) >= 100
    assert len({each.kind for each in payloads()}) >= 12


# ── the page ─────────────────────────────────────────────────────────────────────────────────


def test_titles_in_the_list_of_articles_are_text(visit: Visit, app: Running) -> None:
    page, watch = visit(f"{app.url}/ui/?lang=ja")
    page.wait_for_selector("#page .library")
    shown = page.locator("#page .library").text_content() or ""
    assert legible(shown, range(LISTED - 1), "題") == []
    page.click("#scope input")
    page.locator("#scope .options, .options").first.wait_for()
    assert_harmless(page, watch, "#page, #scope")
    assert page.locator(f"#page :is({MARKUP})").count() == 0


@pytest.mark.parametrize("mode", MODES)
def test_questions_answers_and_sources_are_text(visit: Visit, app: Running, mode: str) -> None:
    page, watch = visit(f"{app.url}/ui/?lang=ja")
    page.wait_for_selector("#page .library")
    for batch in BATCHES:
        ask(page, question(batch, mode))
    for batch, asked, answer in zip(
        BATCHES,
        page.locator("#chat .asked").all_text_contents(),
        page.locator("#chat .answer.final").all_text_contents(),
        strict=True,
    ):
        assert bare(asked) == bare(question(batch, mode))
        shown = range(batch.start, batch.start + 1) if mode == "refused" else batch
        assert legible(answer, shown, "題") == []
        assert legible(answer, shown, "節") == []
        assert bare(question(batch, mode)) in bare(answer)
    assert_harmless(page, watch, "#chat, #page")
    inside = page.locator(f"#chat :is({MARKUP}), #page :is({MARKUP})")
    assert inside.evaluate_all("all => all.map(each => each.outerHTML)") == []


def test_the_text_and_the_headings_of_an_article_are_text(visit: Visit, app: Running) -> None:
    page, watch = visit(f"{app.url}/ui/?lang=ja&article={ALL_TOGETHER}")
    page.wait_for_selector("#page .page")
    shown = page.evaluate(
        """() => {
            const copy = document.querySelector('#page .page-text').cloneNode(true);
            for (const number of copy.querySelectorAll('.n')) number.remove();
            return copy.textContent;
        }"""
    )
    first = int(page.locator("#page .s").count() > 0)
    assert first == 1
    last = max(n for n in range(len(TEXTS)) if f"札{n}の" in shown)
    assert last > 100
    assert legible(shown, range(last), "節") == []
    assert_harmless(page, watch, "#page")
    assert page.locator(f"#page :is({MARKUP})").count() == 0


def test_an_article_whose_every_part_is_hostile_opens_as_text(visit: Visit, app: Running) -> None:
    page, watch = visit(f"{app.url}/ui/?lang=ja")
    page.wait_for_selector("#page .library")
    for number in OPENED_ONE_BY_ONE:
        page.locator("#page .library a").nth(number + 1).click()
        page.wait_for_selector("#page .page")
        assert bare(one_title(page)) == bare(title_of(number))
        page.click("#page .to-library")
        page.wait_for_selector("#page .library")
    assert_harmless(page, watch, "#page")


def one_title(page: Page) -> str:
    return page.locator("#page .page-title").first.text_content() or ""


def test_a_question_in_the_address_is_text(visit: Visit, app: Running) -> None:
    for batch in BATCHES:
        asked = question(batch, "refused")
        more = f"article={quote(TEXTS[batch.start])}&__theme={quote(TEXTS[batch.start + 1])}"
        page, watch = visit(f"{app.url}/?lang=ja&q={quote(asked)}&{more}")
        page.wait_for_selector("#chat .answer.final")
        assert bare(page.locator("#chat .asked").text_content() or "") == bare(asked)
        assert_harmless(page, watch, "#chat")


def test_names_of_files_in_messages_are_text(visit: Visit, app: Running, tmp_path: Path) -> None:
    page, watch = visit(f"{app.url}/ui/?lang=ja")
    page.wait_for_selector("#page .library")
    whole = [text for text in TEXTS if bare(text) == "".join(text.split()) and "/" not in text]
    names = whole[::4]
    for name in names:
        (tmp_path / f"{name}.txt").write_bytes(b"")
    page.set_input_files("input[type=file]", sorted(tmp_path.iterdir()))
    told = page.locator(".toast-message-text", has_text="空のファイルです")
    page.wait_for_function(
        "([selector, n]) => document.querySelectorAll(selector).length >= n",
        arg=[".toast-message-text", len(names)],
    )
    assert_harmless(page, watch, ".toast-wrap")
    assert page.locator(f".toast-wrap :is({MARKUP})").count() == 0
    assert told.count() > 1  # Gradio takes some signs out of the names


def test_what_programs_are_told_is_json_and_never_a_page(app: Running) -> None:
    with httpx.Client(base_url=app.url) as client:
        for text in TEXTS[::5]:
            addresses = [f"/api/articles/{quote(text, safe='')}", f"/{quote(text, safe='')}"]
            answers = [
                *(client.get(address) for address in addresses),
                client.post("/api/feedback", json={"rating": text, "comment": text}),
                client.post("/api/export", json={"format": text}),
            ]
            for answer in answers:
                assert answer.headers["content-type"] == "application/json"
                assert answer.headers["x-content-type-options"] == "nosniff"


# ── the widget ───────────────────────────────────────────────────────────────────────────────


def widget_page(host: Site, app: Running, attributes: str = "") -> str:
    host.put(
        "/wiki/page",
        "<title>x</title><body><p>本文</p>"
        f'<script async src="{app.url}/widget.js" data-lang="ja" {attributes}></script>',
    )
    return f"{host.origin}/wiki/page"


@pytest.mark.parametrize("mode", MODES)
def test_the_widget_shows_questions_answers_and_sources_as_text(
    visit: Visit, app: Running, host: Site, mode: str
) -> None:
    page, watch = visit(widget_page(host, app))
    page.wait_for_function("() => 'Shutten' in window")
    for number, batch in enumerate(BATCHES):
        page.evaluate("question => Shutten.open({ question })", question(batch, mode))
        answer = page.locator(".answer:not(.growing)").nth(number)
        answer.wait_for()
        shown = range(batch.start, batch.start + 1) if mode == "refused" else batch
        assert legible(answer.text_content() or "", shown, "題") == []
        assert bare(question(batch, mode)) in bare(answer.text_content() or "")
        asked = page.locator(".asked").nth(number).text_content() or ""
        assert bare(asked) == bare(question(batch, mode))
    assert_harmless(page, watch, "shutten-widget, body")
    assert page.locator(f"shutten-widget :is({MARKUP})").count() == 0


def test_the_widget_shows_examples_and_errors_as_text(
    visit: Visit, app: Running, host: Site
) -> None:
    examples = "|".join(TEXTS).replace("&", "&amp;").replace('"', "&quot;")
    page, watch = visit(widget_page(host, app, f'data-examples="{examples}"'))
    page.wait_for_function("() => 'Shutten' in window")
    page.evaluate("Shutten.open()")
    shown = bare("".join(page.locator(".example").all_text_contents()))
    # A byte order mark at its ends is no part of an example.
    assert shown.replace("\ufeff", "") == bare("".join(TEXTS)).replace("|", "").replace(
        "\ufeff", ""
    )
    told = " ".join(TEXTS).replace("\0", "")
    page.route(
        "**/api/ask*",
        lambda route: route.fulfill(
            status=422,
            json={"error": {"code": "x", "message": told}},
            headers={"Access-Control-Allow-Origin": "*"},
        ),
    )
    page.evaluate("question => Shutten.open({ question })", "なぜ")
    error = page.locator(".turn .error")
    error.wait_for()
    assert bare(error.text_content() or "") == bare(told)
    assert_harmless(page, watch, "shutten-widget")


# ── what is exported ─────────────────────────────────────────────────────────────────────────


def rendered(form: Format, text: str, folder: Path) -> str:
    if form == "dokuwiki":
        return rendering.dokuwiki(folder).render([text])[0]
    if form == "mediawiki":
        return rendering.mediawiki(folder).render([text])[0]
    # What the page's own policy would stop is to be harmless without it.
    return text.replace("Content-Security-Policy", "X")


@pytest.mark.parametrize("form", ["html", "dokuwiki", "mediawiki"])
def test_exports_are_text_when_they_are_shown(
    visit: Visit,
    host: Site,
    assistant: Quoting,
    tmp_path: Path,
    form: Any,  # noqa: ANN401
) -> None:
    answers = [assistant.ask(question(batch, mode)) for batch in BATCHES for mode in MODES]
    host.put("/export", rendered(form, export_conversation(answers, form), tmp_path))
    page, watch = visit(f"{host.origin}/export")
    shown = page.locator("body").text_content() or ""
    assert legible(shown, range(len(TEXTS)), "題") == []
    for batch in BATCHES:
        assert bare(question(batch, "written")) in bare(shown)
    assert_harmless(page, watch, "body")
    inside = page.locator(f"body :is({MARKUP}):not([hidden])")
    assert inside.count() == 0
