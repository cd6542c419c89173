"""What is typed and sent at an unlucky moment: it is asked, and the box keeps what was not sent."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from tests.web.asking import BOX, FINAL, ask, send
from tests.web.conftest import TIMEOUT_MILLISECONDS
from tests.web.making import DOG, NEWS, make_assistant
from tests.web.serving import PATIENCE_SECONDS, Running, running
from tests.web.test_web_api_stream import QUESTION, WaitingReader, assistant_with

from shutten.settings import Settings
from shutten.web.app import create_app

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request

pytestmark = pytest.mark.browser

OTHER_QUESTION = "R2は5月上旬に公開される予定でしたか"
LAST_WORD = "close_stream"
COMPLETED = "process_completed"


class HeldStream:
    """Passes an app's messages to its page on; those of one kind only when they are let go."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._kind: bytes | None = None
        self._go_on = threading.Event()
        self._held = threading.Event()

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
        async def send_when_let_go(message: Message) -> None:
            if self._kind and self._kind in message.get("body", b""):
                self._held.set()
                await run_in_threadpool(self._go_on.wait, PATIENCE_SECONDS)
            await send(message)

        is_stream = scope["type"] == "http" and scope["path"].endswith("/queue/data")
        await self._app(scope, receive, send_when_let_go if is_stream else send)


@pytest.fixture(scope="module")
def held() -> HeldStream:
    return HeldStream(create_app(make_assistant([NEWS, DOG]), Settings()))


@pytest.fixture(scope="module")
def app(browser: Browser, held: HeldStream) -> Iterator[Running]:  # noqa: ARG001 - without a browser nothing need start
    with running(held) as served:
        yield served


@contextmanager
def opened(browser: Browser, app: Running) -> Iterator[Page]:
    context = browser.new_context(locale="ja-JP")
    page = context.new_page()
    page.set_default_timeout(TIMEOUT_MILLISECONDS)
    page.goto(f"{app.url}/ui/")
    try:
        yield page
    finally:
        context.close()


@pytest.fixture
def page(browser: Browser, app: Running, held: HeldStream) -> Iterator[Page]:
    """A page that has arrived: its stream is closed."""
    with opened(browser, app) as page:
        page.wait_for_selector("#page .library")
        page.wait_for_selector("#chat .welcome")
        page.wait_for_load_state("networkidle")
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
    with opened(browser, app) as page:
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


@pytest.fixture
def waiting(browser: Browser, reader: WaitingReader) -> Iterator[Page]:
    """A page whose first question was sent and waits for its answer."""
    with (
        running(create_app(assistant_with(reader), Settings())) as app,
        opened(browser, app) as page,
    ):
        page.wait_for_selector("#chat .welcome")
        reader.gate.clear()
        send(page, QUESTION)
        page.wait_for_selector("#chat .pending")
        yield page
        reader.gate.set()


class Streams:
    """Counts the ends of a page's streams."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._ended = 0
        for event in ("requestfinished", "requestfailed"):  # the page closes them itself
            page.on(event, self._note)

    def _note(self, request: Request) -> None:
        self._ended += "/queue/data" in request.url

    @contextmanager
    def end(self) -> Iterator[None]:
        """Wait at the end of the block until another stream has ended."""
        before = self._ended
        yield
        end = time.monotonic() + PATIENCE_SECONDS
        while self._ended == before:
            assert time.monotonic() < end, "the stream did not end"
            self._page.wait_for_timeout(20)


def test_what_is_typed_while_an_answer_is_awaited_stays(
    waiting: Page, reader: WaitingReader
) -> None:
    waiting.fill(BOX, OTHER_QUESTION)
    with Streams(waiting).end():
        reader.gate.set()
    assert waiting.input_value(BOX) == OTHER_QUESTION
    assert asked(waiting) == [QUESTION]


def test_what_is_sent_while_an_answer_is_awaited_is_asked_after_it(
    waiting: Page, reader: WaitingReader
) -> None:
    send(waiting, OTHER_QUESTION)
    assert asked(waiting) == [QUESTION]
    reader.gate.set()
    waiting.locator(FINAL).nth(1).wait_for()
    assert asked(waiting) == [QUESTION, OTHER_QUESTION]


@pytest.mark.parametrize("changed", [f"{OTHER_QUESTION}、それとも", ""])
def test_what_was_sent_too_early_and_changed_since_is_not_asked(
    waiting: Page, reader: WaitingReader, changed: str
) -> None:
    send(waiting, OTHER_QUESTION)
    waiting.fill(BOX, changed)
    with waiting.expect_request_finished(lambda request: "/queue/join" in request.url):
        reader.gate.set()
    assert waiting.input_value(BOX) == changed
    ask(waiting, OTHER_QUESTION)
    assert asked(waiting) == [QUESTION, OTHER_QUESTION]
    assert waiting.locator(".toast-body").count() == 0


def test_enter_in_the_empty_box_while_an_answer_is_awaited_does_nothing(
    waiting: Page, reader: WaitingReader
) -> None:
    waiting.locator(BOX).press("Enter")
    with Streams(waiting).end():
        reader.gate.set()
    ask(waiting, OTHER_QUESTION)
    assert asked(waiting) == [QUESTION, OTHER_QUESTION]
    assert waiting.locator(".toast-body").count() == 0


def test_a_new_conversation_takes_back_what_was_sent(waiting: Page, reader: WaitingReader) -> None:
    send(waiting, OTHER_QUESTION)
    with waiting.expect_request_finished(lambda request: "/queue/join" in request.url):
        waiting.click("#fresh")
    waiting.wait_for_selector("#chat .welcome")
    reader.gate.set()
    ask(waiting, QUESTION)
    assert asked(waiting) == [QUESTION]
