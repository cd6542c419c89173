"""How lines of Japanese break in a real browser, and where markers stand."""

from __future__ import annotations

import pytest
from tests.web.asking import ask
from tests.web.watching import OpenPage

pytestmark = pytest.mark.browser

QUESTION = "青函トンネルの全長は何キロメートルですか"

APART = """() => [...document.querySelectorAll('#chat .quote a.chip')].filter((chip) => {
    const walker = document.createTreeWalker(chip.parentElement, NodeFilter.SHOW_TEXT);
    let last = null;
    for (let node = walker.nextNode(); node && !chip.contains(node); node = walker.nextNode()) {
        if (node.data) last = node;
    }
    const range = document.createRange();
    range.setStart(last, last.data.length - 1);
    range.setEnd(last, last.data.length);
    const [stop, marker] = [range.getBoundingClientRect(), chip.getBoundingClientRect()];
    return stop.bottom <= marker.top || marker.left - stop.right > 2;
}).length"""
"""How many markers stand apart from the last sign of their sentence."""

FIRST_OF_LINES = """() => {
    const text = document.querySelector('#page .page-title .t').lastChild;
    const first = [];
    let bottom = -1;
    for (let at = 0; at < text.data.length; at++) {
        const range = document.createRange();
        range.setStart(text, at);
        range.setEnd(text, at + 1);
        const box = range.getBoundingClientRect();
        if (box.top >= bottom - 2) first.push(text.data[at]);
        bottom = Math.max(bottom, box.bottom);
    }
    return first;
}"""


def test_no_line_of_a_title_begins_with_a_sign_that_belongs_to_the_one_before(
    open_page: OpenPage,
) -> None:
    page = open_page("?article=seikan-tunnel.md")
    begins = set()
    for width in range(320, 480, 8):
        page.set_viewport_size({"width": width, "height": 800})
        begins |= set(page.evaluate(FIRST_OF_LINES))
    assert not begins & set("ーッャュョァィゥェォ、。")
    places = ("#chat", "#page", "#composer")
    read = "s => getComputedStyle(document.querySelector(s)).lineBreak"
    assert {page.evaluate(read, place) for place in places} == {"strict"}


def test_a_marker_stays_with_its_sentence_wherever_the_line_ends(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, QUESTION)
    assert page.locator("#chat .quote a.chip").count() >= 1
    for width in range(320, 640, 9):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(APART) == 0, width


def test_the_other_formats_open_where_they_are_seen(open_page: OpenPage) -> None:
    page = open_page(height=560)
    ask(page, "青函トンネルとは何ですか")
    page.locator("#chat details.formats summary").click()
    page.wait_for_function(
        """() => {
            const box = document.querySelector('#chat .formats .choices').getBoundingClientRect();
            const composer = document.querySelector('#composer').getBoundingClientRect();
            return box.height > 0 && box.top >= 0 && box.bottom <= composer.top;
        }"""
    )
