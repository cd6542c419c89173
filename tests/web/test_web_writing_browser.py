"""Written answers in a real browser: pending, checked, removed, stopped, and quoted instead."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.web.asking import send
from tests.web.conftest import TIMEOUT_MILLISECONDS
from tests.web.serving import running
from tests.web.writers import FALSE, OTHER, QUESTION, SENTENCE, HeldWriter, writing_assistant

from shutten.settings import Settings
from shutten.types import WritingRequest
from shutten.web.app import create_app

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ONCE_QUIET = """() => new Promise((goOn) => {
    let waiting = setTimeout(goOn, 1000);
    new MutationObserver(() => {
        clearTimeout(waiting);
        waiting = setTimeout(goOn, 1000);
    }).observe(document.body, { childList: true, subtree: true });
})"""
"""Resolves once the page has not changed for a second."""


class BrokenWriter(HeldWriter):
    """Fails in a way that nobody foresaw, once it is let go on."""

    def write(self, request: WritingRequest) -> Generator[str]:
        yield from super().write(request)
        raise ZeroDivisionError


@contextmanager
def opened(browser: Browser, writer: HeldWriter) -> Iterator[Page]:
    """The page of an app that writes, in Japanese."""
    with running(create_app(writing_assistant(writer), Settings())) as server:
        context = browser.new_context(locale="ja-JP", viewport={"width": 1280, "height": 860})
        page = context.new_page()
        page.set_default_timeout(TIMEOUT_MILLISECONDS)
        page.goto(f"{server.url}/ui/")
        page.wait_for_selector("#question textarea")
        try:
            yield page
        finally:
            writer.go_on.set()
            context.close()


def test_a_claim_is_pending_then_checked_and_a_false_one_can_be_looked_at(browser: Browser) -> None:
    writer = HeldWriter("公園", lambda *_: FALSE + OTHER)
    with opened(browser, writer) as page:
        send(page, QUESTION)
        page.wait_for_selector("#chat .unchecked")
        assert page.locator("#chat .chip").count() == 0
        assert "確認しています" in page.locator("#chat .badge").last.inner_text()
        writer.go_on.set()
        page.wait_for_selector("#chat .answer.final")
        assert page.locator("#chat .unchecked").count() == 0
        written = page.locator("#chat .answer.final .written").inner_text()
        assert OTHER in written
        assert FALSE not in written
        assert page.locator("#chat .chip").count() >= 1
        details = page.locator("#chat details.removed")
        assert not details.locator("li").first.is_visible()
        details.locator("summary").click()
        assert FALSE in details.locator("li").first.inner_text()
        assert "921" in details.locator("li").first.inner_text()


def test_stopping_ends_the_writing_and_keeps_what_was_checked(browser: Browser) -> None:
    writer = HeldWriter("公園がある。", lambda *_: SENTENCE + OTHER + "橋は")
    with opened(browser, writer) as page:
        send(page, QUESTION)
        page.wait_for_selector("#chat .unchecked")
        page.click("#stop")
        page.get_by_text("中断しました").first.wait_for()
        page.wait_for_selector("#send:visible")
        assert page.locator("#chat .unchecked").count() == 0
        assert writer.closed == 1


def test_what_is_typed_while_an_answer_is_written_stays_in_the_box(browser: Browser) -> None:
    writer = HeldWriter("公園", lambda *_: SENTENCE + OTHER)
    with opened(browser, writer) as page:
        send(page, f"{QUESTION}\nそれはどこですか")
        page.wait_for_selector("#chat .unchecked")
        page.wait_for_function("() => document.querySelector('#question textarea')?.value === ''")
        page.focus("#question textarea")
        page.keyboard.type("次の質問は")
        writer.go_on.set()
        page.wait_for_selector("#chat .answer.final")
        assert page.input_value("#question textarea") == "次の質問は"
        page.keyboard.type("何ですか")
        page.keyboard.press("Enter")
        page.wait_for_function(
            "() => document.querySelectorAll('#chat .answer.final').length === 2"
        )
        assert page.locator("#chat .asked").all_inner_texts()[-1] == "次の質問は何ですか"
        assert page.input_value("#question textarea") == ""


def test_what_is_typed_before_the_answer_begins_stays_too(browser: Browser) -> None:
    writer = HeldWriter("公園", lambda *_: SENTENCE + OTHER)
    with opened(browser, writer) as page:
        send(page, QUESTION)
        page.keyboard.type("では")
        page.wait_for_selector("#chat .asked")
        page.wait_for_function(
            "() => document.querySelector('#question textarea')?.value === 'では'"
        )


def test_a_question_that_failed_comes_back_before_what_was_typed_since(browser: Browser) -> None:
    writer = BrokenWriter("公園", lambda *_: SENTENCE + OTHER)
    with opened(browser, writer) as page:
        send(page, QUESTION)
        page.wait_for_selector("#chat .unchecked")
        page.focus("#question textarea")
        page.keyboard.type("では")
        writer.go_on.set()
        page.wait_for_selector(".toast-body")
        page.wait_for_function(
            "asked => document.querySelector('#question textarea')?.value === asked",
            arg=f"{QUESTION}\nでは",
        )
        assert page.locator("#chat .asked").count() == 0


def test_a_question_comes_back_also_where_nothing_else_on_the_page_changes(
    browser: Browser,
) -> None:
    with opened(browser, HeldWriter("公園", lambda *_: SENTENCE)) as page:
        page.wait_for_selector("#chat .welcome")
        page.evaluate(ONCE_QUIET)
        field = page.locator("#unasked").locator("textarea, input")
        field.evaluate("(field, asked) => { field.value = asked }", QUESTION)
        page.wait_for_function(
            "asked => document.querySelector('#question textarea').value === asked", arg=QUESTION
        )


def test_the_choice_to_be_quoted_works_by_keyboard(browser: Browser) -> None:
    writer = HeldWriter("。")
    with opened(browser, writer) as page:
        page.locator("#way input:checked").focus()
        page.keyboard.press("Tab")  # in Gradio each choice is a stop of its own
        page.keyboard.press("Space")
        send(page, QUESTION)
        page.wait_for_selector("#chat .answer.final")
        assert "quoted" in (page.locator("#chat .answer.final").get_attribute("class") or "")
        assert SENTENCE in page.locator("#chat .quote").inner_text()
        assert writer.closed == 0
