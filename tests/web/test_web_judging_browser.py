"""Written again, judged, and another model chosen: in a real browser, by mouse and keyboard."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.web.asking import ask, send
from tests.web.conftest import TIMEOUT_MILLISECONDS
from tests.web.serving import running, wait_until
from tests.web.test_web_accessibility import grave_findings
from tests.web.writers import FALSE, OTHER, QUESTION, SENTENCE, HeldWriter, writing_assistant
from tests.writing.making import save_chain

from shutten.assistant import assistant_for_articles
from shutten.drafting import fallback_notice
from shutten.feedback import Feedback, FeedbackStore, feedback_place
from shutten.settings import Settings
from shutten.types import Article, Writer
from shutten.web.app import create_app
from shutten.writing.echo import EchoWriter

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@contextmanager
def opened(
    browser: Browser,
    writer: Writer,
    settings: Settings,
    **more: Any,  # noqa: ANN401
) -> Iterator[Page]:
    with running(create_app(writing_assistant(writer), settings)) as server:
        options = {"locale": "ja-JP", "viewport": {"width": 1280, "height": 860}, **more}
        context = browser.new_context(**options)
        page = context.new_page()
        page.set_default_timeout(TIMEOUT_MILLISECONDS)
        page.goto(f"{server.url}/ui/")
        page.wait_for_selector("#answerer summary")
        try:
            yield page
        finally:
            if isinstance(writer, HeldWriter):
                writer.go_on.set()
            context.close()


def kept(settings: Settings) -> list[Feedback]:
    return FeedbackStore(feedback_place(settings)).opinions()


def test_the_last_answer_is_written_again_with_another_text(
    browser: Browser, tmp_path: Path
) -> None:
    seeds: list[int] = []

    def change(text: str, sample: int) -> str:
        seeds.append(sample)
        return text if sample == 0 else FALSE + OTHER

    settings = Settings(index=tmp_path / "index")
    with opened(browser, EchoWriter(change), settings) as page:
        ask(page, QUESTION)
        ask(page, "橋の近くには何がありますか")
        assert [each.is_visible() for each in page.locator("#chat .again").all()] == [False, True]
        page.fill("#question textarea", "まだ聞いていない")
        for count in (1, 2):
            last = page.locator("#chat .answer.final").last.get_attribute("id")
            page.locator("#chat .again").last.focus()
            page.keyboard.press("Enter")
            page.wait_for_function(
                "id => !document.getElementById(id) &&"
                " document.querySelectorAll('#chat .answer.final').length === 2",
                arg=last,
            )
            assert len(set(seeds[2:])) == count
        assert OTHER in page.locator("#chat .answer.final").last.inner_text()
        assert page.locator("#chat .asked").count() == 2
        assert page.input_value("#question textarea") == "まだ聞いていない"
        turns = json.loads(page.input_value("#turns textarea"))
        assert [turn[0] for turn in turns] == [QUESTION, "橋の近くには何がありますか"]


def test_stopped_before_anything_stands_the_former_answer_stays(
    browser: Browser, tmp_path: Path
) -> None:
    writer = HeldWriter("青空", lambda *_: SENTENCE)
    writer.go_on.set()
    with opened(browser, writer, Settings(index=tmp_path / "index")) as page:
        ask(page, QUESTION)
        before = page.locator("#chat .answer.final").last.get_attribute("id")
        writer.go_on.clear()
        page.locator("#chat .again").click()
        page.wait_for_selector("#chat .unchecked")
        page.click("#stop")
        page.get_by_text("前の答えを残しました").first.wait_for()
        page.wait_for_selector(f"#{before}")
        assert SENTENCE in page.locator("#chat .answer.final .written").inner_text()


def test_a_question_that_was_stopped_can_be_asked_again(browser: Browser, tmp_path: Path) -> None:
    writer = HeldWriter("青空", lambda *_: SENTENCE)
    with opened(browser, writer, Settings(index=tmp_path / "index")) as page:
        send(page, QUESTION)
        page.wait_for_selector("#chat .unchecked")
        page.click("#stop")
        page.wait_for_selector("#chat .answer.stopped")
        writer.go_on.set()
        page.get_by_role("button", name="もう一度").click()
        page.wait_for_selector("#chat .answer.final")
        assert SENTENCE in page.locator("#chat .answer.final .written").inner_text()
        assert page.locator("#chat .asked").all_inner_texts() == [QUESTION]
        assert page.locator("#chat .answer.stopped").count() == 0


def test_what_could_only_be_the_same_again_is_not_offered(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, EchoWriter(), Settings(index=tmp_path / "index")) as page:
        page.locator("#way label").last.click()
        ask(page, QUESTION)
        assert page.locator("#chat .again").count() == 0
        assert page.locator("#chat .thumb").count() == 2


def test_a_thumb_and_a_reason_are_kept_and_a_change_of_mind_replaces_them(
    browser: Browser, tmp_path: Path
) -> None:
    settings = Settings(index=tmp_path / "index")
    with opened(browser, EchoWriter(), settings) as page:
        ask(page, QUESTION)
        up, down = page.locator("#chat .thumb.up"), page.locator("#chat .thumb.down")
        up.click()
        page.wait_for_selector("#chat .thanks")
        wait_until(lambda: [each.rating for each in kept(settings)] == ["up"])
        down.focus()
        page.keyboard.press("Space")
        page.wait_for_selector("form.why")
        assert (up.get_attribute("aria-pressed"), down.get_attribute("aria-pressed")) == (
            "false", "true",
        )  # fmt: skip
        page.locator("form.why input").nth(1).focus()
        page.keyboard.press("Space")
        page.fill("form.why textarea", "<b>別の橋</b>の話です")
        assert grave_findings(page) == []
        page.locator("form.why button.send").press("Enter")
        page.wait_for_selector("form.why", state="detached")
        wait_until(lambda: [each.comment for each in kept(settings)] == ["<b>別の橋</b>の話です"])
        (opinion,) = kept(settings)
        assert (opinion.rating, opinion.reason) == ("down", "wrong_source")
        assert (opinion.question, opinion.answer) == (QUESTION, f"{SENTENCE}[1]")
        assert (opinion.answerer, opinion.model, opinion.private) == ("echo", "echo", False)
        assert [each.quote for each in opinion.citations] == [SENTENCE]
        down.click()  # takes it back
        wait_until(lambda: kept(settings) == [])


@pytest.mark.parametrize(("width", "height"), [(1280, 640), (420, 640)])
def test_the_form_for_a_reason_opens_where_it_is_seen_and_takes_the_keyboard(
    browser: Browser, tmp_path: Path, width: int, height: int
) -> None:
    view = {"width": width, "height": height}
    settings = Settings(index=tmp_path / "index")
    with opened(browser, EchoWriter(), settings, viewport=view, reduced_motion="reduce") as page:
        for _ in range(3):
            ask(page, QUESTION)
        page.locator("#chat .answer.final .thumb.down").last.focus()
        page.keyboard.press("Enter")
        page.wait_for_function(
            "() => document.activeElement === document.querySelector('form.why input')"
        )
        uncovered = page.evaluate(
            "() => [...document.querySelectorAll('form.why input, form.why button')].map(each => {"
            " const { left, right, top, bottom } = each.getBoundingClientRect();"
            " const seen = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);"
            " return each === seen || each.contains(seen) || each.closest('label') === seen; })"
        )
        assert uncovered == [True] * 7


def test_a_refusal_can_be_judged_and_what_was_said_outlives_the_next_answer(
    browser: Browser, tmp_path: Path
) -> None:
    settings = Settings(index=tmp_path / "index")
    with opened(browser, EchoWriter(), settings) as page:
        ask(page, "来年の予算はいくらですか")
        page.click("#chat .answer.refused .thumb.down")
        page.fill("form.why textarea", "書きかけ")
        ask(page, QUESTION)
        assert page.input_value("#chat .answer.refused form.why textarea") == "書きかけ"
        page.locator("form.why textarea").press("Escape")
        page.wait_for_selector("form.why", state="detached")
        wait_until(lambda: [each.status for each in kept(settings)] == ["refused"])


def test_of_a_session_with_added_files_only_the_vote_is_kept(
    browser: Browser, tmp_path: Path
) -> None:
    settings = Settings(index=tmp_path / "index")
    file = tmp_path / "secret.txt"
    file.write_text("秘密の報告\n\n社長の名前は山田花子です。", encoding="utf-8")
    with opened(browser, EchoWriter(), settings) as page:
        page.set_input_files("input[type=file]", file)
        page.wait_for_selector("#page .page")
        ask(page, "社長の名前は誰ですか")
        page.click("#chat .thumb.up")
        wait_until(lambda: len(kept(settings)) == 1)
        (opinion,) = kept(settings)
    assert opinion == Feedback(
        "up", vote=opinion.vote, time=opinion.time, private=True, status=opinion.status,
        answerer=opinion.answerer, model=opinion.model, index_version=None,
    )  # fmt: skip
    assert "山田".encode() not in feedback_place(settings).database.read_bytes()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 420)])
def test_a_model_is_chosen_by_keyboard_and_writes_from_then_on(
    browser: Browser, tmp_path: Path, scheme: str, width: int
) -> None:
    model = save_chain(tmp_path / "chain", "水上橋は201年に完成し")
    settings = Settings(index=tmp_path / "index", model=str(model))
    view: dict[str, Any] = {"viewport": {"width": width, "height": 860}, "color_scheme": scheme}
    assistant = writing_assistant(EchoWriter()).written_by(None)
    with running(create_app(assistant, settings)) as server:
        context = browser.new_context(locale="ja-JP", reduced_motion="reduce", **view)
        page = context.new_page()
        page.set_default_timeout(TIMEOUT_MILLISECONDS)
        page.goto(f"{server.url}/ui/")
        page.wait_for_selector("#answerer summary")
        assert page.locator("#way").count() == 0
        page.focus("#answerer summary")
        page.keyboard.press("Enter")
        page.wait_for_selector("#answerer .offer")
        assert grave_findings(page) == []
        box = page.locator("#answerer .choices").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector("#way")  # once it is there, there are two ways to answer
        assert page.locator("#answerer .current strong").inner_text() == "chain"
        page.locator("#answerer summary").press("Escape")
        ask(page, QUESTION)
        notices = page.locator("#chat .answer.quoted .notice").all_inner_texts()
        assert fallback_notice("unsupported", "ja") in notices
        assert page.locator("#chat .again").is_visible()
        context.close()


def test_a_number_shows_its_sentence_to_the_mouse_and_the_keyboard(
    browser: Browser, tmp_path: Path
) -> None:
    writer = EchoWriter(lambda text, _: text + OTHER)
    with opened(browser, writer, Settings(index=tmp_path / "index")) as page:
        ask(page, QUESTION)
        chips = page.locator("#chat .written a.chip")
        chips.nth(0).hover()
        assert page.locator("#peek .peek-quote").inner_text() == SENTENCE
        page.locator("#peek").hover()
        assert page.locator("#peek").is_visible()
        page.locator("#masthead").hover()
        page.wait_for_selector("#peek", state="detached")
        chips.nth(1).focus()
        assert page.locator("#peek .peek-quote").inner_text() == OTHER
        assert chips.nth(1).get_attribute("aria-describedby") == "peek"
        assert grave_findings(page) == []
        page.keyboard.press("Escape")
        page.wait_for_selector("#peek", state="detached")


LONG = "いくつかの文が続く。" * 12


@pytest.mark.parametrize("lines", [2, 3, 4, 5, 6])
def test_after_a_citation_is_followed_the_bar_cuts_no_title(
    browser: Browser, tmp_path: Path, lines: int
) -> None:
    text = f"青空橋\n\n{LONG[: lines * 20]}。{SENTENCE}\n\n{LONG * 8}"
    assistant = assistant_for_articles(
        [Article("bridge", "青空橋", text)], like=writing_assistant(EchoWriter())
    )
    with running(create_app(assistant, Settings(index=tmp_path / "index"))) as server:
        context = browser.new_context(
            locale="ja-JP", viewport={"width": 420, "height": 860}, reduced_motion="reduce"
        )
        page = context.new_page()
        page.set_default_timeout(TIMEOUT_MILLISECONDS)
        page.goto(f"{server.url}/ui/?q={QUESTION}")
        page.wait_for_selector("#chat .answer.final")
        page.locator("#chat a.chip").first.hover()
        peek, chip = (page.locator(each).first.bounding_box() for each in ("#peek", "#chat .chip"))
        assert peek is not None
        assert chip is not None
        assert 0 <= peek["x"] < peek["x"] + peek["width"] <= 420
        assert peek["y"] >= chip["y"] + chip["height"]  # the head of the answer stays in view
        page.locator("#chat a.chip").first.click()
        page.wait_for_selector("#page .s.active:focus")
        title, bar, sentence, room = page.evaluate(
            "() => ['#page .page-title', '#page .page-head', '#page .s.active', '#reading']"
            ".map(name => document.querySelector(name).getBoundingClientRect())"
            ".map(({top, bottom}) => [top, bottom])"
        )
        assert title[0] >= bar[1] or title[1] <= bar[1]
        assert bar[1] <= sentence[0] < sentence[1] <= room[1]
        context.close()


def test_an_answer_can_be_stopped_though_it_was_asked_before_the_page_had_arrived(
    browser: Browser, tmp_path: Path
) -> None:
    writer = HeldWriter("青空", lambda *_: SENTENCE)
    app = create_app(writing_assistant(writer), Settings(index=tmp_path / "index"))
    with running(app) as server:
        context = browser.new_context(locale="ja-JP")
        page = context.new_page()
        page.set_default_timeout(TIMEOUT_MILLISECONDS)
        page.goto(f"{server.url}/ui/")
        page.wait_for_selector("#question textarea")
        send(page, QUESTION)
        page.wait_for_selector("#chat .unchecked")
        page.wait_for_function("() => document.querySelector('#token textarea')?.value")
        page.click("#stop")
        page.wait_for_selector("#chat .answer.stopped")
        assert writer.closed == 1
        writer.go_on.set()
        context.close()
