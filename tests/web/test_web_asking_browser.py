"""What is typed and sent at an unlucky moment: it is asked, and the box keeps what was not sent."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import pytest
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from tests.web.asking import BOX, FINAL, ask, send
from tests.web.conftest import TIMEOUT_MILLISECONDS
from tests.web.making import DOG, NEWS, make_assistant
from tests.web.serving import PATIENCE_SECONDS, Running, running, wait_until
from tests.web.test_web_api_stream import QUESTION, WaitingReader, assistant_with

from shutten.settings import Settings
from shutten.web.app import create_app

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request

pytestmark = pytest.mark.browser

HELD_RECEIPT = """{
    const fetchNow = window.fetch;
    window.fetch = async (...request) => {
        const response = await fetchNow(...request);
        const held = /queue.join/.test(response.url) && window.holdReceipts;
        if (held) await new Promise((goOn) => (window.letReceiptGo = goOn));
        return response;
    };
}"""
"""A network on which a receipt comes late, where it is told so."""

OTHER_QUESTION = "R2は5月上旬に公開される予定でしたか"
LAST_WORD = "close_stream"
COMPLETED = "process_completed"

ARRIVING = 4
"""What a page hands in by itself: to be set up, greeted, told of models, to ask its address."""


class HeldStream:
    """Passes an app's messages to its page on; those of one kind only when they are let go."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._kind: bytes | None = None
        self._go_on = threading.Event()
        self._held = threading.Event()
        self._page = b""  # whose stream was opened last
        self._completed: Counter[bytes] = Counter()
        self._open: Counter[bytes] = Counter()

    def wait_until_arrived(self) -> None:
        """Wait until the newest page has been told all that it asks for by itself."""
        wait_until(lambda: self._completed[self._page] >= ARRIVING and not self._open[self._page])

    def hold(self, kind: str) -> None:
        self._go_on.clear()
        self._held.clear()
        self._kind = f'"msg":"{kind}"'.encode()

    def wait_until_held(self) -> None:
        assert self._held.wait(PATIENCE_SECONDS)

    def let_go(self) -> None:
        self._kind = None
        self._go_on.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].endswith("/queue/data"):
            await self._app(scope, receive, send)
            return
        page = self._page = scope["query_string"]

        async def send_when_let_go(message: Message) -> None:
            body = message.get("body", b"")
            if self._kind and self._kind in body:
                self._held.set()
                await run_in_threadpool(self._go_on.wait, PATIENCE_SECONDS)
            self._completed[page] += COMPLETED.encode() in body
            await send(message)

        self._open[page] += 1
        try:
            await self._app(scope, receive, send_when_let_go)
        finally:
            self._open[page] -= 1


class Traffic:
    """Counts what a page hands in, and the ends of its streams."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._handed_in = self._opened = self._ended = 0
        page.on("request", self._note_start)
        for event in ("requestfinished", "requestfailed"):  # the page ends its streams itself
            page.on(event, self._note_end)

    def _note_start(self, request: Request) -> None:
        self._opened += "/queue/data" in request.url

    def _note_end(self, request: Request) -> None:
        self._handed_in += "/queue/join" in request.url
        self._ended += "/queue/data" in request.url

    def wait_until_arrived(self) -> None:
        self._wait_until(lambda: self._handed_in >= ARRIVING and not self.open_streams)

    @property
    def open_streams(self) -> int:
        return self._opened - self._ended

    @contextmanager
    def end_of_stream(self) -> Iterator[None]:
        """Wait at the end of the block until another stream has ended."""
        before = self._ended
        yield
        self._wait_until(lambda: self._ended > before)

    def _wait_until(self, happened: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while not happened():
            assert time.monotonic() < end, "it did not happen"
            self._page.wait_for_timeout(20)


@pytest.fixture(scope="module")
def held() -> HeldStream:
    return HeldStream(create_app(make_assistant([NEWS, DOG]), Settings()))


@pytest.fixture(scope="module")
def app(browser: Browser, held: HeldStream) -> Iterator[Running]:  # noqa: ARG001 - without a browser nothing need start
    with running(held) as served:
        yield served


@contextmanager
def opened(browser: Browser, app: Running) -> Iterator[tuple[Page, Traffic]]:
    context = browser.new_context(locale="ja-JP")
    page = context.new_page()
    page.set_default_timeout(TIMEOUT_MILLISECONDS)
    traffic = Traffic(page)
    page.add_init_script(HELD_RECEIPT)
    page.goto(f"{app.url}/ui/")
    try:
        yield page, traffic
    finally:
        context.close()


@pytest.fixture
def page(browser: Browser, app: Running, held: HeldStream) -> Iterator[Page]:
    """A page that has arrived: its stream is closed."""
    with opened(browser, app) as (page, traffic):
        traffic.wait_until_arrived()
        held.wait_until_arrived()
        yield page
        held.let_go()


def asked(page: Page) -> Sequence[str]:
    return page.locator("#chat .asked").all_inner_texts()


def press_enter(page: Page) -> None:
    """Press Enter, and return when the page has its receipt."""
    with page.expect_request_finished(lambda request: "/queue/join" in request.url):
        page.locator(BOX).press("Enter")


def test_a_question_whose_receipt_overtakes_the_end_of_the_stream_is_asked(
    page: Page, held: HeldStream
) -> None:
    held.hold(LAST_WORD)
    ask(page, QUESTION)
    held.wait_until_held()
    page.fill(BOX, OTHER_QUESTION)
    press_enter(page)
    held.let_go()
    page.locator(FINAL).nth(1).wait_for()
    assert asked(page) == [QUESTION, OTHER_QUESTION]
    assert "5月上旬" in page.locator(FINAL).last.inner_text()


@pytest.mark.parametrize("kind", [LAST_WORD, COMPLETED])
def test_a_question_sent_while_the_page_still_arrives_is_asked(
    browser: Browser, app: Running, held: HeldStream, kind: str
) -> None:
    held.hold(kind)
    with opened(browser, app) as (page, _):
        held.wait_until_held()
        page.fill(BOX, QUESTION)
        press_enter(page)
        held.let_go()
        page.locator(FINAL).wait_for()
        page.wait_for_selector("#page .s.active")
        assert asked(page) == [QUESTION]


def test_a_question_sent_between_an_answer_and_its_end_is_asked_after_it(
    page: Page, held: HeldStream
) -> None:
    held.hold(COMPLETED)
    ask(page, QUESTION)
    held.wait_until_held()
    send(page, OTHER_QUESTION)
    held.let_go()
    page.locator(FINAL).nth(1).wait_for()
    assert asked(page) == [QUESTION, OTHER_QUESTION]


@pytest.fixture
def reader() -> Iterator[WaitingReader]:
    reader = WaitingReader()
    reader.gate.set()  # the examples are tried too
    yield reader
    reader.gate.set()


class Waiting(NamedTuple):
    page: Page
    traffic: Traffic


@pytest.fixture
def waiting(browser: Browser, reader: WaitingReader) -> Iterator[Waiting]:
    """A page whose first question was sent and waits for its answer."""
    with (
        running(create_app(assistant_with(reader), Settings())) as app,
        opened(browser, app) as (page, traffic),
    ):
        traffic.wait_until_arrived()
        reader.gate.clear()
        send(page, QUESTION)
        page.wait_for_selector("#chat .pending")
        yield Waiting(page, traffic)
        reader.gate.set()


def test_what_is_typed_while_an_answer_is_awaited_stays(
    waiting: Waiting, reader: WaitingReader
) -> None:
    waiting.page.fill(BOX, OTHER_QUESTION)
    with waiting.traffic.end_of_stream():
        reader.gate.set()
    assert waiting.page.input_value(BOX) == OTHER_QUESTION
    assert asked(waiting.page) == [QUESTION]


def test_what_is_sent_while_an_answer_is_awaited_is_asked_after_it(
    waiting: Waiting, reader: WaitingReader
) -> None:
    send(waiting.page, OTHER_QUESTION)
    assert asked(waiting.page) == [QUESTION]
    reader.gate.set()
    waiting.page.locator(FINAL).nth(1).wait_for()
    assert asked(waiting.page) == [QUESTION, OTHER_QUESTION]


def test_what_is_typed_behind_a_question_that_was_sent_too_early_stays(
    waiting: Waiting, reader: WaitingReader
) -> None:
    send(waiting.page, OTHER_QUESTION)
    waiting.page.fill(BOX, f"{OTHER_QUESTION}、それとも")
    reader.gate.set()
    waiting.page.locator(FINAL).nth(1).wait_for()
    assert asked(waiting.page) == [QUESTION, OTHER_QUESTION]
    assert waiting.page.input_value(BOX) == "、それとも"


@pytest.mark.parametrize("changed", ["それは早まりますか", ""])
def test_what_was_sent_too_early_and_changed_since_is_not_asked(
    waiting: Waiting, reader: WaitingReader, changed: str
) -> None:
    send(waiting.page, OTHER_QUESTION)
    waiting.page.fill(BOX, changed)
    with waiting.page.expect_request_finished(lambda request: "/queue/join" in request.url):
        reader.gate.set()
    assert waiting.page.input_value(BOX) == changed
    ask(waiting.page, OTHER_QUESTION)
    assert asked(waiting.page) == [QUESTION, OTHER_QUESTION]
    assert waiting.page.locator(".toast-body").count() == 0


def test_enter_in_the_empty_box_while_an_answer_is_awaited_does_nothing(
    waiting: Waiting, reader: WaitingReader
) -> None:
    waiting.page.locator(BOX).press("Enter")
    with waiting.traffic.end_of_stream():
        reader.gate.set()
    ask(waiting.page, OTHER_QUESTION)
    assert asked(waiting.page) == [QUESTION, OTHER_QUESTION]
    assert waiting.page.locator(".toast-body").count() == 0


def test_a_new_conversation_takes_back_what_was_sent(
    waiting: Waiting, reader: WaitingReader
) -> None:
    send(waiting.page, OTHER_QUESTION)
    with waiting.page.expect_request_finished(lambda request: request.url.endswith("/reset")):
        waiting.page.click("#fresh")
        waiting.page.wait_for_selector("#chat .welcome")
        reader.gate.set()
    waiting.page.locator("#page .library a").first.click()
    waiting.page.wait_for_selector("#page .page")
    assert asked(waiting.page) == []
    assert waiting.page.input_value(BOX) == ""


def test_a_receipt_that_comes_after_the_end_of_its_stream_opens_no_other(
    waiting: Waiting, reader: WaitingReader
) -> None:
    page, traffic = waiting
    page.evaluate("window.holdReceipts = true")
    page.locator("#page .library a", has_text=NEWS.title).click()
    page.wait_for_function("() => 'letReceiptGo' in window")
    with traffic.end_of_stream():
        reader.gate.set()
    page.evaluate("window.holdReceipts = false")
    page.evaluate("window.letReceiptGo()")
    page.wait_for_selector("#page .page[id$='news.txt']")
    assert traffic.open_streams == 0
    ask(page, OTHER_QUESTION)
    assert asked(page) == [QUESTION, OTHER_QUESTION]
