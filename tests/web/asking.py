"""Asks in the page as a visitor does."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import FrameLocator, Locator, Page

BOX = "#question textarea"
FINAL = "#chat .answer.final"


def send(page: Page | FrameLocator, question: str) -> None:
    """Type a question and press Enter.

    Nothing need be awaited before: the page asks whatever was sent since the box was there.
    """
    box = page.locator(BOX)
    box.fill(question)
    box.press("Enter")


def ask(page: Page | FrameLocator, question: str) -> Locator:
    """Send a question and return its answer once it is complete."""
    answers = page.locator(FINAL)
    before = answers.count()
    send(page, question)
    answers.nth(before).wait_for()
    return answers.nth(before)
