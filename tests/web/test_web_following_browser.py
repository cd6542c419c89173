"""What the list of messages shows while an answer grows: its beginning, unless one reads above."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.web.asking import ask
from tests.web.watching import OpenPage

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = pytest.mark.browser

QUESTIONS = {
    "ja-JP": (
        "青函トンネルの全長は何キロメートルですか",
        "工事で亡くなった人は何人ですか",
        "R2の公開は当初の計画ではいつでしたか",
    ),
    "en-US": (
        "Who led the sponge divers from Symi?",
        "How many gears have been identified?",
        "Where are the remains kept?",
    ),
}
LATER = [f"後から来る長い質問その{number}は何でしょうか" for number in range(1, 4)]
LIST = "document.querySelector('#chat .panel-wrap')"
OUT_OF_SIGHT = f"""() => {{
    const room = {LIST}.getBoundingClientRect();
    const asked = [...document.querySelectorAll('#chat .asked')].pop().getBoundingClientRect();
    const answer = [...document.querySelectorAll('#chat .answer')].pop().getBoundingClientRect();
    const isLong = answer.bottom - asked.top > room.height - 16;
    return [Math.max(room.top - asked.top, 0),
            isLong ? 0 : Math.max(answer.bottom - room.bottom, 0)].map(Math.round);
}}"""
"""How many pixels of the newest question are above, and of an answer that has room below."""


def scroll_top(page: Page) -> float:
    return float(page.evaluate(f"{LIST}.scrollTop"))


def two_frames(page: Page) -> None:
    page.evaluate(
        "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done())))"
    )


@pytest.mark.parametrize(("locale", "motion"), [("ja-JP", "no-preference"), ("en-US", "reduce")])
def test_every_answer_is_in_view_once_it_has_grown(
    open_page: OpenPage, locale: str, motion: str
) -> None:
    page = open_page(locale=locale, height=900, reduced_motion=motion)
    for question in QUESTIONS[locale]:
        with page.expect_response("**/ui/suggestions"):  # it may have nothing new to suggest
            ask(page, question)
        two_frames(page)
        assert page.evaluate(OUT_OF_SIGHT) == [0, 0]
    assert scroll_top(page) > 0


def hold_suggestions(page: Page) -> list[Route]:
    held: list[Route] = []
    page.route("**/ui/suggestions", lambda route: held.append(route))  # noqa: PLW0108 - playwright marks what it calls
    return held


def let_go(page: Page, held: list[Route]) -> None:
    held[-1].fulfill(json={"suggestions": LATER, "timings_ms": {"suggest": 1.0}})
    page.locator("#chat .following").wait_for()
    two_frames(page)


def ask_all_and_hold_the_last(page: Page) -> list[Route]:
    for question in QUESTIONS["ja-JP"][:-1]:
        ask(page, question).locator(".following").wait_for()
    held = hold_suggestions(page)
    with page.expect_request("**/ui/suggestions"):
        ask(page, QUESTIONS["ja-JP"][-1])
    two_frames(page)
    return held


def test_the_page_tells_what_it_has_suggested_in_this_conversation(open_page: OpenPage) -> None:
    page = open_page(locale="ja-JP", height=900)
    held = hold_suggestions(page)
    for question in QUESTIONS["ja-JP"][:2]:
        with page.expect_request("**/ui/suggestions"):
            ask(page, question)
        let_go(page, held)
        page.locator(".following").wait_for()
    sent = [json.loads(each.request.post_data or "") for each in held]
    assert [each["suggested"] for each in sent] == [[], LATER]


def test_what_comes_late_below_an_answer_is_brought_into_view(open_page: OpenPage) -> None:
    page = open_page(height=900)
    held = ask_all_and_hold_the_last(page)
    before = scroll_top(page)
    let_go(page, held)
    assert page.evaluate(OUT_OF_SIGHT) == [0, 0]
    assert scroll_top(page) > before


def test_a_reader_who_has_scrolled_up_is_not_pulled_down(open_page: OpenPage) -> None:
    page = open_page(height=900)
    held = ask_all_and_hold_the_last(page)
    before = scroll_top(page)
    page.hover("#chat .panel-wrap")
    page.mouse.wheel(0, -120)
    page.wait_for_function(f"before => {LIST}.scrollTop < before", arg=before)
    page.wait_for_timeout(300)
    read = scroll_top(page)
    let_go(page, held)
    assert scroll_top(page) == read


def test_the_next_question_is_followed_again(open_page: OpenPage) -> None:
    page = open_page(height=900)
    held = ask_all_and_hold_the_last(page)
    page.evaluate(f"{LIST}.scrollTo(0, 0)")
    two_frames(page)
    let_go(page, held)
    assert scroll_top(page) == 0
    with page.expect_request("**/ui/suggestions"):
        ask(page, QUESTIONS["ja-JP"][0])
    let_go(page, held)
    assert page.evaluate(OUT_OF_SIGHT) == [0, 0]
