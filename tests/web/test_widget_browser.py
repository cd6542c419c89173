"""The widget in pages of another site, in a real browser, with the bundled models."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest
from tests.web.conftest import TIMEOUT_MILLISECONDS
from tests.web.hosting import Site, site
from tests.web.serving import Running, running

from shutten.assistant import assistant_for_articles, assistant_for_files
from shutten.settings import Settings
from shutten.types import Article
from shutten.web.app import create_app

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Request

    from shutten.assistant import Assistant

pytestmark = pytest.mark.browser

QUESTION = "新しい連絡船はいつ就航しましたか"
SENTENCE = "新しい連絡船は2019年4月に就航した。"
LAMP_QUESTION = "灯台の光はどこまで届きますか"
LAMP_SENTENCE = (
    "岬の先に立つ白い灯台の光は、晴れた夜であれば沖合いおよそ三十二キロメートルまで届き、"
    "霧の深い日にはその半分にも届かないと記録されている。"
)
FERRY = f"島の連絡船\n\n島には港が二つある。{SENTENCE}定員は120人である。"
LAMP = f"岬の灯台\n\n灯台は1921年に建てられた。{LAMP_SENTENCE}高さは26メートルである。"
EVIL = "<img src=x onerror=window.ran=1>の山\n\n<script>window.ran=1</script>山の標高は845メートルである。"

PAGE = """<title>島の連絡船</title>
<body style="margin:13px;background:#fff;font-family:serif">
<h1>島の連絡船</h1><input id="before"><p>島には港が二つある。<em>新しい</em>連絡船は
<a href="/elsewhere">2019年</a><sup class="reference"><a href="#note-1">[1]</a></sup><b>4月に</b>就航した。定員は120人である。</p>
<div style="height:3000px"></div><p id="note-1">注</p>"""


def articles(wiki: str) -> list[Article]:
    return [
        Article("ferry", "島の連絡船", FERRY, url=f"{wiki}/wiki/harbour:ferry"),
        Article("lamp", "岬の灯台", LAMP, url=f"{wiki}/wiki/cape:lamp?lang=ja#top"),
        Article(
            "evil", "<img src=x onerror=window.ran=1>の山", EVIL, url="javascript:window.ran=1"
        ),
    ]


@pytest.fixture(scope="module")
def wiki() -> Iterator[Site]:
    with site() as served:
        yield served


@pytest.fixture(scope="module")
def assistant(wiki: Site, browser: Browser) -> Assistant:  # noqa: ARG001 - without a browser nothing need load
    return assistant_for_articles(articles(wiki.origin), like=assistant_for_files([], Settings()))


@pytest.fixture(scope="module")
def app(assistant: Assistant) -> Iterator[Running]:
    settings = Settings(allowed_origins=("http://localhost:*",))
    with running(create_app(assistant, settings)) as served:
        yield served


@dataclass
class Watched:
    """A page with a widget, and all that its browser asked for or complained of."""

    page: Page
    requests: list[Request] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def asked(self, server: str) -> list[str]:
        return [
            f"{each.method} {urlsplit(each.url).path}"
            for each in self.requests
            if each.url.startswith(server)
        ]

    def ask(self, question: str) -> None:
        before = self.page.locator(".answer:not(.growing)").count()
        self.page.get_by_role("textbox", name="質問").fill(question)
        self.page.keyboard.press("Enter")
        self.page.locator(".answer:not(.growing)").nth(before).wait_for()

    def open(self) -> None:
        self.page.get_by_role("button", name="記事に質問").click()
        self.page.get_by_role("dialog").wait_for()


Visit = Callable[..., Watched]


@pytest.fixture
def visit(browser: Browser, app: Running, wiki: Site) -> Iterator[Visit]:
    """Opens a page of the wiki with the widget in it; nothing may reach another machine."""
    contexts: list[BrowserContext] = []
    visits: list[Watched] = []

    def visit_one(
        attributes: str = "",
        *,
        body: str = PAGE,
        path: str = "/wiki/harbour:ferry",
        headers: dict[str, str] | None = None,
        origin: str | None = None,
        server: str = app.url,
        **more: Any,  # noqa: ANN401 - playwright's own options
    ) -> Watched:
        script = f'<script async src="{server}/widget.js" {attributes}></script>'
        wiki.put(path, body + script, headers)
        context = browser.new_context(locale="ja-JP", **more)
        contexts.append(context)
        watched = Watched(context.new_page())
        visits.append(watched)
        watched.page.set_default_timeout(TIMEOUT_MILLISECONDS)
        context.on("request", lambda request: watched.requests.append(request))
        watched.page.on("pageerror", lambda error: watched.complaints.append(str(error)))
        watched.page.goto(f"{origin or wiki.origin}{path}")
        watched.page.wait_for_function("'Shutten' in window")
        return watched

    yield visit_one
    for context in contexts:
        context.close()
    hosts = {urlsplit(each.url).hostname for watched in visits for each in watched.requests}
    assert hosts <= {"127.0.0.1", "localhost", None}
    assert [each for watched in visits for each in watched.complaints] == []


def highlighted(page: Page) -> str:
    return str(
        page.evaluate("[...(CSS.highlights.get('shutten') ?? [])].map(range => `${range}`).join()")
    )


def test_nothing_but_the_script_is_asked_for_before_the_first_click(
    visit: Visit, app: Running, wiki: Site
) -> None:
    visited = visit()
    visited.page.wait_for_load_state("networkidle")
    assert visited.asked(app.url) == ["GET /widget.js"]
    assert visited.asked(wiki.origin) == ["GET /wiki/harbour:ferry"]
    visited.open()
    assert visited.asked(app.url) == ["GET /widget.js"]


def test_a_question_is_answered_with_the_sentence_that_answers(visit: Visit, app: Running) -> None:
    visited = visit()
    visited.open()
    visited.ask(QUESTION)
    page = visited.page
    assert page.locator(".badge").inner_text() == "記事からの引用"
    assert page.locator(".text.short").inner_text() == "2019年4月[1]"
    assert page.locator("ol .source blockquote").first.inner_text() == SENTENCE
    assert page.locator("ol .source mark").first.inner_text() == "2019年4月"
    assert page.locator(".where").first.inner_text() == "文3"
    assert page.get_by_role("status").inner_text().startswith("答えが出ました。2019年4月")
    assert "POST /api/ask" in visited.asked(app.url)


def test_a_citation_of_this_page_highlights_its_sentence_across_markup(visit: Visit) -> None:
    visited = visit()
    page = visited.page
    before = page.locator("body").inner_html()
    page.evaluate("scrollTo(0, 2500)")
    visited.open()
    visited.ask(QUESTION)
    page.locator(".marker").first.click()
    shown = highlighted(page)
    assert "".join(shown.split()).replace("[1]", "") == SENTENCE
    assert page.locator("body").inner_html() == before
    page.wait_for_function("scrollY < 200")
    assert page.get_by_role("status").inner_text() == "根拠の文をページの中で示しました。"


def test_a_citation_of_another_page_opens_it_at_the_sentence(visit: Visit, wiki: Site) -> None:
    wiki.put(
        "/wiki/cape:lamp",
        f"<body><div style='height:3000px'></div><p>灯台は1921年に建てられた。{LAMP_SENTENCE}</p>",
    )
    visited = visit()
    visited.open()
    visited.ask(LAMP_QUESTION)
    link = visited.page.locator("a.marker").first
    address = link.get_attribute("href") or ""
    plain, _, directive = address.partition("#top:~:text=")
    assert plain == f"{wiki.origin}/wiki/cape:lamp?lang=ja"
    first, last = map(unquote, directive.split(","))
    assert LAMP_SENTENCE.startswith(first)
    assert LAMP_SENTENCE.endswith(last)
    assert min(len(first), len(last)) > 4
    with visited.page.context.expect_page() as opened:
        link.click()
    opened.value.wait_for_function("scrollY > 1000")
    assert opened.value.evaluate("opener") is None
