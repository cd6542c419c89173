"""A reload in a real browser: the conversation of the tab stays."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.web.asking import FINAL, ask
from tests.web.watching import OpenPage

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

QUESTION = "青函トンネルの全長は何キロメートルですか"
ANSWERS = """() => [...document.querySelectorAll('#chat .answer')].map((answer) => {
    const copy = answer.cloneNode(true);
    for (const each of copy.querySelectorAll('.following')) each.remove();
    return copy.innerText;
})"""


def reloaded(page: Page) -> None:
    page.reload()
    page.wait_for_selector("#page .library, #page .page")
    page.wait_for_function("() => document.querySelector('#token textarea')?.value")


def test_a_reload_keeps_the_conversation_and_its_citations_open_again(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, QUESTION)
    ask(page, "<img src=x onerror=alert(1)>はどこにありますか")
    page.fill("#question textarea", "まだ聞いていない")
    before, turns = page.evaluate(ANSWERS), page.input_value("#turns textarea")
    reloaded(page)
    page.locator(FINAL).nth(1).wait_for()
    assert page.evaluate(ANSWERS) == before
    assert page.input_value("#turns textarea") == turns
    assert page.input_value("#question textarea") == "まだ聞いていない"
    assert page.locator("#chat .asked").all_inner_texts()[0] == QUESTION
    assert page.locator("#chat img").count() == 0
    page.locator("#chat a.chip").first.click()
    page.wait_for_selector("#page .s.active mark")


def test_a_new_conversation_leaves_nothing_to_come_back(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, QUESTION)
    page.click("#fresh")
    page.wait_for_selector("#chat .welcome")
    reloaded(page)
    page.wait_for_selector("#chat .welcome a.example")
    assert page.evaluate("sessionStorage.length") == 0
    assert page.locator("#chat .asked").count() == 0


def test_what_the_address_asked_is_not_asked_again(open_page: OpenPage) -> None:
    page = open_page(f"?lang=ja&q={QUESTION}")
    page.locator(FINAL).wait_for()
    identity = page.locator(FINAL).get_attribute("id")
    assert page.evaluate("location.search") == "?lang=ja"
    reloaded(page)
    page.locator(FINAL).wait_for()
    assert page.locator(FINAL).get_attribute("id") == identity


def test_added_files_are_still_asked_after_a_reload(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page()
    path = tmp_path / "犬.txt"
    path.write_text("私の犬\n\n犬の名前はポチです。犬は三歳です。\n", encoding="utf-8")
    page.set_input_files("input[type=file]", path)
    page.wait_for_selector("#forget")
    reloaded(page)
    page.wait_for_selector("#forget")
    answer = ask(page, "犬の名前は何ですか")
    assert "ポチ" in answer.locator(".quote").first.inner_text()
