"""Files that are added in the page, in a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.web.asking import ask
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
    lines = "".join(f"観測は{number}回目である。\n\n" for number in range(2000))  # takes seconds
    page.set_input_files(FILES, written(tmp_path, "long.txt", f"長い記録\n\n{lines}"))
    page.locator("#hint .reading-in").wait_for()
    page.set_input_files(FILES, written(tmp_path, "short.txt", "短い記録\n\n犬は三歳です。"))
    page.locator("#scope .token").nth(1).wait_for()
    page.locator("#hint", has_text=".txt .md .html .csv .tsv .pdf").wait_for()
    assert {name.partition("（")[0] for name in chosen(page)} == {"長い記録", "短い記録"}


def test_one_added_file_can_be_removed_and_no_double_click_does_it(
    open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page()
    page.set_input_files(
        FILES,
        [
            written(tmp_path, "犬.txt", "私の犬\n\n犬は三歳です。"),
            written(tmp_path, "猫.txt", "私の猫\n\n猫は二歳です。"),
        ],
    )
    page.wait_for_selector("#page .page[id^='page/own:']")
    page.wait_for_function("() => !document.querySelector('.toast-body')")  # lies over the list
    page.click("#page .to-library")
    drop = page.locator("#page .library li", has_text="私の犬").locator(".drop")
    drop.dblclick()
    assert drop.get_attribute("data-sure") == "もう一度押すと消えます"
    page.wait_for_timeout(600)
    drop.click()
    page.locator("#page .library li", has_text="私の犬").wait_for(state="detached")
    assert page.locator("#page .library li .drop").count() == 1
    assert {name.partition("（")[0] for name in chosen(page)} == {"私の猫"}


def test_one_click_asks_all_articles_what_the_added_file_does_not_say(
    open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page()
    page.set_input_files(FILES, written(tmp_path, "犬.txt", "私の犬\n\n犬は三歳です。"))
    page.locator("#scope .token").wait_for()
    refused = ask(page, "R2の公開は当初の計画ではいつでしたか")
    assert "追加したファイルだけに質問しました。" in refused.inner_text()
    refused.locator("button.widen").click()
    page.locator("#chat .answer.final:not(.refused)").wait_for()
    assert page.locator("#chat .asked").count() == 1
    assert page.locator("#scope .token").count() == 0


@pytest.mark.parametrize("width", [420, 1280])
def test_many_files_leave_the_question_box_as_low_as_none(
    open_page: OpenPage, tmp_path: Path, width: int
) -> None:
    page = open_page(width=width)
    page.wait_for_function("() => document.querySelector('#hint')?.innerText.includes('.pdf')")
    before = page.locator("#composer").bounding_box()
    names = [f"{number}回目の研究会の長い記録" for number in range(6)]
    paths = [written(tmp_path, f"{name}.txt", f"{name}\n\n犬は走る。") for name in names]
    page.set_input_files(FILES, paths)
    page.locator("#scope .wrap-inner[data-many='対象：6件の記事']").wait_for()
    after = page.locator("#composer").bounding_box()
    assert before is not None
    assert after is not None
    assert after["height"] <= before["height"] + 40
    page.focus("#scope input")
    assert page.locator("#scope .token").first.is_visible()


def test_a_long_question_shows_six_lines_until_somebody_wants_them_all(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "青函トンネルの全長は何キロメートルですか。" * 30)
    asked = page.locator("#chat .asked")
    folded = asked.bounding_box()
    button = page.get_by_role("button", name="質問をすべて表示")
    button.click()
    whole = asked.bounding_box()
    assert folded is not None
    assert whole is not None
    assert folded["height"] < 200 < whole["height"]
    assert page.get_by_role("button", name="質問をたたむ").get_attribute("aria-expanded") == "true"
