"""Takes the screenshots of the README from a page that is running.

python docs/images/take.py http://127.0.0.1:7860
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).parent
CHROMIUM = "/usr/bin/chromium"
SHOTS = {
    "ask-ja.png": ("ja-JP", "R2の公開は当初の計画ではいつでしたか"),
}


def take(browser: Browser, url: str, name: str, locale: str, question: str) -> None:
    """Ask one question and keep the page as a PNG of at most 128 colours."""
    context = browser.new_context(locale=locale, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector("#chat .welcome")
    page.fill("#question textarea", question)
    page.keyboard.press("Enter")
    page.wait_for_selector("#page .s.active")
    page.wait_for_timeout(1500)  # until the panel has come to rest
    page.screenshot(path=HERE / name)
    context.close()
    with Image.open(HERE / name) as shot:
        shot.convert("RGB").quantize(128).save(HERE / name, optimize=True)


def main(url: str) -> None:
    """Take every screenshot."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name, (locale, question) in SHOTS.items():
            take(browser, url, name, locale, question)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
