"""The page and the widget as axe-core judges them, in every state, language, scheme and width."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest
from tests.web.asking import ask
from tests.web.conftest import TIMEOUT_MILLISECONDS
from tests.web.hosting import Site, site
from tests.web.watching import OpenPage, Served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
GRAVE = ("serious", "critical")
QUESTIONS = {
    "ja": ("青函トンネルの全長は何キロメートルですか", "大阪の今日の天気はどうですか"),
    "en": ("How many gears have been identified?", "What is the weather in Osaka today?"),
}
VARIANTS = [
    ("ja", "light", 1280),
    ("ja", "dark", 420),
    ("en", "dark", 1280),
    ("en", "light", 420),
]

RUN = """async (context) => {
    const found = await axe.run(context ?? document, { resultTypes: ['violations'] });
    return found.violations.map(({ id, impact, nodes }) => ({
        id, impact, nodes: nodes.map(({ target, failureSummary }) => [target, failureSummary]),
    }));
}"""


def grave_findings(page: Page, context: object = None) -> list[Any]:
    """What axe-core finds serious or critical."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate(RUN, context)
    return [each for each in found if each["impact"] in GRAVE]


@pytest.mark.parametrize(("language", "scheme", "width"), VARIANTS)
def test_axe_finds_nothing_grave_in_the_page(
    open_page: OpenPage, language: str, scheme: str, width: int
) -> None:
    page = open_page(
        f"?lang={language}",
        locale={"ja": "ja-JP", "en": "en-US"}[language],
        width=width,
        color_scheme=scheme,
        reduced_motion="reduce",
    )
    answered, refused = QUESTIONS[language]
    page.wait_for_selector("#chat .welcome")
    assert grave_findings(page) == []
    ask(page, answered)
    page.wait_for_selector("#page .s.active")
    page.click("#chat .formats summary")
    page.click("#export summary")
    assert grave_findings(page) == []
    page.keyboard.press("Escape")
    ask(page, refused)
    page.locator("#chat .nearest a").first.click()
    page.wait_for_selector("#page .s.near")
    page.fill("#question textarea", "長" * 2001)
    page.click("#send")
    page.wait_for_selector(".toast-body")
    assert grave_findings(page) == []


def test_axe_would_find_what_is_grave(open_page: OpenPage) -> None:
    page = open_page()
    page.evaluate(
        """() => {
            document.querySelector('#reading').prepend(document.createElement('button'));
            const words = document.querySelector('#page .library-hint');
            words.style.setProperty('color', '#dddddd', 'important');
        }"""
    )
    assert {each["id"] for each in grave_findings(page)} == {"button-name", "color-contrast"}


@pytest.fixture(scope="module")
def wiki() -> Iterator[Site]:
    with site() as served:
        yield served


Widget = Callable[[str, str, int], "Page"]


@pytest.fixture
def widget(browser: Browser, served: Served, wiki: Site) -> Iterator[Widget]:
    contexts = []

    def open_one(language: str, scheme: str, width: int) -> Page:
        ground = {"light": "#ffffff", "dark": "#101418"}[scheme]
        wiki.put(
            "/page",
            f"<title>wiki</title><meta name=generator content='MediaWiki 1.39'>"
            f"<body style='background:{ground}'>"
            f'<script async src="{served.url}/widget.js" data-lang="{language}"'
            ' data-examples="一つ目の例|second example"></script>',
        )
        view: Any = {"color_scheme": scheme, "viewport": {"width": width, "height": 800}}
        context = browser.new_context(reduced_motion="reduce", **view)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(TIMEOUT_MILLISECONDS)
        page.goto(f"{wiki.origin}/page")
        page.wait_for_function("() => 'Shutten' in window")
        return page

    yield open_one
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("language", "scheme", "width"), VARIANTS)
def test_axe_finds_nothing_grave_in_the_widget(
    widget: Widget, language: str, scheme: str, width: int
) -> None:
    page = widget(language, scheme, width)
    inside = {"include": [["shutten-widget"]]}
    assert grave_findings(page, inside) == []
    page.evaluate("Shutten.open()")
    assert grave_findings(page, inside) == []
    for number, question in enumerate(QUESTIONS[language]):
        page.evaluate("question => Shutten.open({ question })", question)
        page.locator(".answer:not(.growing)").nth(number).wait_for()
        assert grave_findings(page, inside) == []
