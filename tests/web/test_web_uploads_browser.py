"""Files that are added in the page, in a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.web.watching import OpenPage

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

FILES = "input[type=file]"


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def chosen(page: Page) -> set[str]:
    return set(page.locator("#scope .token > span:first-child").all_text_contents())


def test_a_file_that_is_chosen_while_another_is_read_comes_too(
    open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page()
    lines = "".join(f"観測は{number}回目である。\n\n" for number in range(400))
    page.set_input_files(FILES, written(tmp_path, "long.txt", f"長い記録\n\n{lines}"))
    page.locator("#hint .reading-in").wait_for()
    page.set_input_files(FILES, written(tmp_path, "short.txt", "短い記録\n\n犬は三歳です。"))
    page.locator("#scope .token").nth(1).wait_for()
    page.locator("#hint", has_text=".txt .md .html .pdf").wait_for()
    assert {name.partition(" ")[0] for name in chosen(page)} == {"長い記録", "短い記録"}
