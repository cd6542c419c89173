"""A DokuWiki and a MediaWiki as they are installed: synced, asked in their pages, edited, asked.

Every step is the README's: `shutten sync`, `shutten serve`, and the line for the wiki's own script.
"""

from __future__ import annotations

import json
import os
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest
from tests.nursery import Nursery
from tests.web.conftest import TIMEOUT_MILLISECONDS, WIKIS_REQUIRED
from tests.web.processes import command, free_port, wait_until_up
from tests.web.real_wikis import Start, Wiki, dokuwiki, mediawiki, missing
from tests.web.wiki_pages import (
    FERRY_SENTENCE,
    ISLANDS,
    LAMP_SENTENCE,
    MARKET_SENTENCE,
    MOVED_SENTENCE,
    ROPEWAY_SENTENCE,
    SIGNAL_SENTENCE,
    STATION_SENTENCE,
    Island,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
STARTERS: dict[str, Start] = {"dokuwiki": dokuwiki, "mediawiki": mediawiki}

IN_SIGHT = """(text) => {
    const blocks = [...document.querySelectorAll("p, li, td, h2, h3")];
    const box = blocks.find((each) => each.textContent.includes(text))?.getBoundingClientRect();
    return box !== undefined && box.top >= 0 && box.bottom <= innerHeight;
}"""
"""False as well while the page is still on its way."""


@dataclass(frozen=True)
class Place:
    """A wiki with pages, the index made of it, and the app that answers beside it."""

    wiki: Wiki
    island: Island
    index: Path
    app: str
    commands: Nursery

    def sync(self) -> str:
        """Bring the index up to the wiki and return what the command says of it."""
        return sync(self.wiki, self.index, self.commands)

    def articles(self) -> list[dict[str, Any]]:
        with urllib.request.urlopen(f"{self.app}/api/articles") as response:  # noqa: S310
            articles: list[dict[str, Any]] = json.load(response)["articles"]
            return articles

    def titles(self) -> set[str]:
        return {each["title"] for each in self.articles()}


def environment(index: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SHUTTEN_")}
    return {**kept, "SHUTTEN_INDEX": str(index), "PYTHONPATH": str(ROOT / "src")}


def sync(wiki: Wiki, index: Path, commands: Nursery) -> str:
    done = commands.run("sync", *wiki.sync, cwd=index.parent, environment=environment(index))
    assert done.returncode == 0, done.stderr
    return done.stderr


@pytest.fixture(scope="module", params=list(STARTERS))
def place(
    request: pytest.FixtureRequest,
    browser: Browser,  # noqa: ARG001 - without a browser nothing need start
    tmp_path_factory: pytest.TempPathFactory,
    heavy_commands: Nursery,
) -> Iterator[Place]:
    lacking = missing()
    if lacking and WIKIS_REQUIRED:
        pytest.fail(f"SHUTTEN_REQUIRE_WIKIS=1, but {lacking}")
    if lacking:
        pytest.skip(lacking)
    folder = tmp_path_factory.mktemp(request.param)
    (folder / "wiki").mkdir()
    with STARTERS[request.param](folder / "wiki") as wiki:
        island = ISLANDS[request.param]
        for page, markup in island.pages.items():
            wiki.write(page, markup)
        sync(wiki, folder / "index", heavy_commands)
        with serving(folder, wiki, heavy_commands) as app:
            wiki.carry_widget(f"{app}/widget.js?lang=ja")
            yield Place(wiki, island, folder / "index", app, heavy_commands)


@contextmanager
def serving(folder: Path, wiki: Wiki, commands: Nursery) -> Iterator[str]:
    """Serve the app with the wiki as the one site that may ask."""
    port, log = free_port(), folder / "app.txt"
    named = environment(folder / "index") | {"SHUTTEN_ALLOWED_ORIGINS": wiki.origin}
    arguments = ("serve", "--port", str(port))
    with command(*arguments, nursery=commands, log=log, environment=named, cwd=folder) as started:
        wait_until_up(f"http://127.0.0.1:{port}/healthz", started, log)
        yield f"http://127.0.0.1:{port}"


Visit = Callable[[str], "Page"]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Opens a page of a wiki; nothing may reach another machine."""
    contexts: list[BrowserContext] = []
    hosts: set[str | None] = set()

    def visit_one(address: str) -> Page:
        context = browser.new_context(locale="ja-JP")
        contexts.append(context)
        context.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
        page = context.new_page()
        page.set_default_timeout(TIMEOUT_MILLISECONDS)
        page.goto(address)
        page.wait_for_function("() => 'Shutten' in window")
        return page

    yield visit_one
    for context in contexts:
        context.close()
    assert hosts <= {"127.0.0.1", "localhost"}


def ask(page: Page, question: str) -> Locator:
    """Ask in the widget as a reader does and return the answer."""
    if not page.get_by_role("dialog").is_visible():
        page.get_by_role("button", name="記事に質問").click()
    answers = page.locator(".answer:not(.growing)")
    before = answers.count()
    page.get_by_role("textbox", name="質問").fill(question)
    page.keyboard.press("Enter")
    answers.nth(before).wait_for()
    return answers.nth(before)


def quotes(answer: Locator) -> list[str]:
    return answer.locator("ol .source blockquote").all_inner_texts()


def highlighted(page: Page) -> str:
    """What the page shows highlighted, without white space."""
    ranges = "[...(CSS.highlights.get('shutten') ?? [])].map((each) => `${each}`).join('|')"
    return "".join(str(page.evaluate(ranges)).split())


def highlight_in_sight(page: Page) -> None:
    page.wait_for_function(
        """() => {
            const [range] = CSS.highlights.get("shutten") ?? [];
            const box = range?.getBoundingClientRect();
            return box !== undefined && box.top >= 0 && box.bottom <= innerHeight;
        }"""
    )


def unmarked(text: str) -> str:
    """A text without the marks of footnotes: 1) in DokuWiki, [1] in MediaWiki."""
    return text.replace("1)", "").replace("[1]", "")


def followed(page: Page, link: Locator) -> Page:
    """Follow a link that opens another page, in a tab of its own."""
    with page.context.expect_page() as opened:
        link.click()
    return opened.value


def test_an_answer_of_this_page_is_highlighted_where_it_stands(place: Place, visit: Visit) -> None:
    page = visit(place.wiki.address(place.island.ferry))
    answer = ask(page, "新しい連絡船はいつ就航しましたか")
    assert answer.locator(".text.short").inner_text() == "2019年4月[1]"
    assert quotes(answer) == [FERRY_SENTENCE]
    assert not page.evaluate(IN_SIGHT, "連絡船は2019年")
    before = page.locator("body").inner_html()
    answer.locator(".marker").first.click()
    highlight_in_sight(page)
    shown = highlighted(page)
    assert shown != FERRY_SENTENCE
    assert unmarked(shown) == FERRY_SENTENCE
    assert page.locator("body").inner_html() == before
    assert len(page.context.pages) == 1


def test_an_answer_of_another_page_opens_it_at_the_sentence(place: Place, visit: Visit) -> None:
    page = visit(place.wiki.address(place.island.ferry))
    answer = ask(page, "灯台の光はどこまで届きますか")
    assert quotes(answer) == [LAMP_SENTENCE]
    link = answer.locator("a.marker").first
    address, _, directive = (link.get_attribute("href") or "").partition(":~:text=")
    lamp = place.wiki.address(place.island.lamp)
    assert unquote(address) == f"{unquote(lamp)}#光"
    first, last = map(unquote, directive.split(","))
    assert LAMP_SENTENCE.startswith(first)
    assert LAMP_SENTENCE.endswith(f"{last}。")
    opened = followed(page, link)
    opened.wait_for_function(IN_SIGHT, arg="霧の深い日には")
    assert not opened.evaluate(IN_SIGHT, "光")
    assert opened.evaluate("opener") is None


def test_of_a_sentence_that_stands_twice_the_cited_one_is_shown(place: Place, visit: Visit) -> None:
    lamp = place.wiki.address(place.island.lamp)
    page = visit(lamp)
    answer = ask(page, "冬の昼の合図には何色の旗を揚げますか")
    assert quotes(answer) == [SIGNAL_SENTENCE]
    link = answer.locator("a.marker").first
    address, _, directive = unquote(link.get_attribute("href") or "").partition(":~:text=")
    assert address == f"{unquote(lamp)}#冬の合図"
    assert directive.startswith("冬は雪で道が閉ざされる。-,昼の合図には青い旗を揚げる")
    link.click()
    highlight_in_sight(page)
    assert highlighted(page) == SIGNAL_SENTENCE
    assert page.evaluate(IN_SIGHT, "海の向こうから見える。")
    again = visit(place.wiki.address(place.island.ferry))
    link = ask(again, "冬の昼の合図には何色の旗を揚げますか").locator("a.marker").first
    opened = followed(again, link)
    opened.wait_for_function(IN_SIGHT, arg="海の向こうから見える。")
    assert not opened.evaluate(IN_SIGHT, "旗は岬に置いてある。")


def test_a_row_of_a_table_is_highlighted(place: Place, visit: Visit) -> None:
    page = visit(place.wiki.address(place.island.ferry))
    answer = ask(page, "小島までおとなはいくらですか")
    assert quotes(answer) == ["区間: 小島まで、おとな: 300円、こども: 150円"]
    answer.locator(".marker").first.click()
    highlight_in_sight(page)
    assert highlighted(page) == "小島まで300円150円"


def test_a_question_in_english_is_answered_in_a_page_in_english(place: Place, visit: Visit) -> None:
    page = visit(place.wiki.address(place.island.station))
    answer = ask(page, "When was the weather station built?")
    assert answer.locator(".text.short").inner_text() == "1926[1]"
    assert quotes(answer) == [STATION_SENTENCE]
    answer.locator(".marker").first.click()
    highlight_in_sight(page)
    assert unmarked(highlighted(page)) == "".join(STATION_SENTENCE.split())


def test_an_edited_page_is_cited_as_it_is_now(place: Place, visit: Visit) -> None:
    page = visit(place.wiki.address(place.island.market))
    assert quotes(ask(page, "市場はいつ開かれますか")) == [MARKET_SENTENCE]
    place.wiki.write(place.island.market, place.island.market_with(MOVED_SENTENCE))
    assert place.sync().startswith("0 added, 1 updated, ")
    answer = ask(page, "市場はいつ開かれますか")
    assert quotes(answer) == [MOVED_SENTENCE]
    answer.locator(".marker").first.click()
    assert "見つかりません" in page.locator(".foot .error").inner_text()
    page.reload()
    page.wait_for_function("() => 'Shutten' in window")
    ask(page, "市場はいつ開かれますか").locator(".marker").first.click()
    assert highlighted(page) == MOVED_SENTENCE


def test_a_deleted_page_is_cited_no_more(place: Place, visit: Visit) -> None:
    page = visit(place.wiki.address(place.island.ferry))
    question = "ロープウェイは山頂まで何分で登りますか"
    assert quotes(ask(page, question)) == [ROPEWAY_SENTENCE]
    before = place.titles()
    place.wiki.delete(place.island.ropeway)
    assert ", 1 removed; 0 sentences embedded" in place.sync()
    answer = ask(page, question)
    assert ROPEWAY_SENTENCE not in "".join(answer.all_inner_texts())
    assert before - place.titles() == {"山のロープウェイ"}


def test_the_wiki_under_another_name_may_not_ask(place: Place, visit: Visit) -> None:
    stranger = place.wiki.origin.replace("localhost", "127.0.0.1")
    address = place.wiki.address(place.island.ferry).replace(place.wiki.origin, stranger)
    page = visit(address)
    page.get_by_role("button", name="記事に質問").click()
    page.get_by_role("textbox", name="質問").fill("新しい連絡船はいつ就航しましたか")
    page.keyboard.press("Enter")
    error = page.locator(".turn .error")
    error.wait_for()
    assert f"このサイト（{stranger}）からの質問は許可されていません。" in error.inner_text()
    assert page.locator(".answer").count() == 0


def test_each_article_has_the_language_of_its_page(place: Place) -> None:
    languages = {each["title"]: each["language"] for each in place.articles()}
    assert languages["Weather station"] == "en"
    assert languages["島の連絡船"] == "ja"
