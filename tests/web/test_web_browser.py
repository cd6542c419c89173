"""The page in a real browser, with the real assistant and the sample articles."""

from __future__ import annotations

import http.server
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.web.asking import ask, send
from tests.web.conftest import TIMEOUT_MILLISECONDS
from tests.web.watching import OpenPage, Seen, Served, watch

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.browser

QUESTION = "青函トンネルの全長は何キロメートルですか"
ANSWER = "53.85キロメートル"
UNANSWERABLE = "大阪の今日の天気はどうですか"
DOUBLE_CLICK_MILLISECONDS = 600
"""Pressed again sooner, what cannot be undone does not happen."""
READABLE = 4.5
"""The least contrast of text, by the Web Content Accessibility Guidelines (AA)."""


def upload(page: Page, path: Path) -> None:
    page.set_input_files("input[type=file]", path)
    page.wait_for_selector("#page .page[id^='page/own:']")


def wait_until_inside(page: Page, inner: str, outer: str) -> None:
    page.wait_for_function(
        """([inner, outer]) => {
            const a = document.querySelector(inner)?.getBoundingClientRect();
            const b = document.querySelector(outer)?.getBoundingClientRect();
            return a && b && a.top >= Math.max(b.top, 0)
                && a.bottom <= Math.min(b.bottom, innerHeight);
        }""",
        arg=[inner, outer],
    )


def test_a_japanese_question_is_answered_beside_its_highlighted_sentence(
    open_page: OpenPage,
) -> None:
    page = open_page()
    ask(page, QUESTION)
    answer = page.locator("#chat .answer.final")
    assert answer.locator(".badge").inner_text() == "記事からの引用"
    quote = re.sub(r"\[1\]$", "", answer.locator(".quote").first.text_content() or "")
    assert ANSWER in quote
    assert answer.locator(".quote").first.get_attribute("lang") == "ja"
    page.wait_for_selector("#page .s.active")
    assert page.locator("#page .s.active .t").text_content() == quote
    assert page.locator("#page .s.active mark").text_content() == (
        answer.locator(".quote mark").first.text_content()
    )
    wait_until_inside(page, "#page .s.active", "#reading")


def test_a_marker_brings_its_sentence_back_into_view_and_its_article_back_to_the_panel(
    open_page: OpenPage,
) -> None:
    page = open_page()
    ask(page, QUESTION)
    page.wait_for_selector("#page .s.active")
    page.evaluate("document.querySelector('#reading').scrollTo(0, 99999)")
    page.locator("#chat a.chip").first.click()
    wait_until_inside(page, "#page .s.active", "#reading")
    page.click("#page .to-library")
    page.wait_for_selector("#page .library")
    page.locator("#chat a.chip").first.click()
    page.wait_for_selector("#page .s.active mark")
    wait_until_inside(page, "#page .s.active", "#reading")


def test_an_english_browser_gets_an_english_page(open_page: OpenPage) -> None:
    page = open_page(locale="en-US")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("#question textarea").get_attribute("placeholder") == (
        "Ask about the articles"
    )
    assert page.locator("#send").inner_text() == "Ask"
    ask(page, "Who led the sponge divers from Symi?")
    assert page.locator("#chat .badge").inner_text() == "Quoted from the article"
    own = page.locator("#masthead, #composer, #chat .badge, #chat .tools, #page .page-head")
    assert not re.search(r"[\u3041-\u30ff]", " ".join(own.all_inner_texts()))


def test_the_address_can_choose_the_language(open_page: OpenPage) -> None:
    page = open_page("?lang=en&article=seikan-tunnel.md")
    page.wait_for_selector("#page .page")
    page.wait_for_function("() => document.querySelector('#send')?.innerText === 'Ask'")
    assert "青函トンネル" in page.locator("#page .page-title").inner_text()
    assert page.locator("#scope .token").count() == 1


def test_the_keyboard_alone_is_enough(open_page: OpenPage) -> None:
    page = open_page()
    page.wait_for_function("() => document.activeElement?.matches('#question textarea')")
    page.keyboard.type("青函トンネルの全長は")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("何キロメートルですか")
    assert page.input_value("#question textarea") == "青函トンネルの全長は\n何キロメートルですか"
    page.keyboard.press("Enter")
    page.wait_for_selector("#chat .answer.final")
    page.wait_for_selector("#page .s.active")
    assert page.evaluate("document.activeElement?.matches('#question textarea')")
    page.evaluate("document.querySelector('#reading').scrollTo(0, 99999)")
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement?.matches('#chat a.chip')"):
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement?.matches('#page .s.active')")
    wait_until_inside(page, "#page .s.active", "#reading")
    page.keyboard.press("Escape")
    page.wait_for_function("() => document.activeElement?.matches('#chat a.chip')")


def test_enter_that_ends_a_conversion_does_not_send(open_page: OpenPage) -> None:
    page = open_page()
    page.focus("#question textarea")
    session = page.context.new_cdp_session(page)
    session.send(
        "Input.imeSetComposition", {"text": "かいぎ", "selectionStart": 3, "selectionEnd": 3}
    )
    session.send(
        "Input.dispatchKeyEvent",
        {"type": "rawKeyDown", "key": "Process", "code": "Enter", "windowsVirtualKeyCode": 229},
    )
    session.send("Input.insertText", {"text": "会議"})
    assert page.input_value("#question textarea") == "会議"
    assert page.locator("#chat .asked").count() == 0


def test_at_420_pixels_the_article_is_below_and_nothing_is_cut_off(open_page: OpenPage) -> None:
    page = open_page(width=420)
    ask(page, QUESTION)
    page.wait_for_selector("#page .s.active")
    assert page.evaluate("document.documentElement.scrollWidth") == 420
    too_wide = page.evaluate(
        """() => [...document.querySelectorAll('#desk *')].filter(
            e => e.offsetParent && getComputedStyle(e).position !== 'absolute'
                 && e.getBoundingClientRect().right > 421).map(e => e.outerHTML.slice(0, 80))"""
    )
    assert too_wide == []
    assert page.evaluate(
        """() => document.querySelector('#reading').getBoundingClientRect().top
                 >= document.querySelector('#composer').getBoundingClientRect().bottom"""
    )
    page.locator("#chat a.chip").first.click()
    wait_until_inside(page, "#page .s.active", "#reading")
    page.click("#page .to-answer")
    page.wait_for_function("() => document.activeElement?.matches('#chat a.chip')")


CONTRASTS = """(selectors) => {
    const parse = (colour) => {
        const context = document.createElement('canvas').getContext('2d');
        context.fillStyle = colour;
        context.fillRect(0, 0, 1, 1);
        return [...context.getImageData(0, 0, 1, 1).data];
    };
    const clear = (colour) => /, 0\\)$|transparent/.test(colour);
    const behind = (element) => {
        for (let e = element; e; e = e.parentElement) {
            const colour = getComputedStyle(e).backgroundColor;
            if (!clear(colour)) return parse(colour);
        }
        return [255, 255, 255];
    };
    const light = ([r, g, b]) => {
        const [x, y, z] = [r, g, b].map((v) => {
            v /= 255;
            return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    const found = {};
    for (const selector of selectors) {
        const element = document.querySelector(selector);
        if (!element) { found[selector] = 0; continue; }
        const [a, b] = [light(parse(getComputedStyle(element).color)), light(behind(element))];
        found[selector] = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    }
    return found;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_in_light_and_in_dark(open_page: OpenPage, scheme: str) -> None:
    page = open_page(color_scheme=scheme)
    assert page.evaluate("document.body.classList.contains('dark')") == (scheme == "dark")
    page.emulate_media(reduced_motion="reduce")
    facts = page.evaluate(CONTRASTS, ["#page .library-hint", "#page .facts", ".welcome-hint"])
    ask(page, QUESTION)
    page.wait_for_selector("#page .s.active mark")
    selectors = [
        ".masthead .tagline",
        "#chat .asked",
        "#chat .badge",
        "#chat .quote",
        "#chat .source a",
        "#chat a.chip.current",
        "#chat .quote a.chip",
        "#chat .copy",
        "#page .s.active .t",
        "#page .s.active .n",
        "#page .s.active mark",
        "#page .s:not(.active):not(.cited) .t",
        "#page .page-head a",
        "#page .page-head .facts",
        "#send",
        "#fresh",
        "#hint p",
    ]
    contrasts = {**facts, **page.evaluate(CONTRASTS, selectors)}
    assert {name: value for name, value in contrasts.items() if value < READABLE} == {}


def test_a_question_in_the_address_is_asked_on_arrival(open_page: OpenPage) -> None:
    page = open_page(f"?q={QUESTION}")
    page.wait_for_selector("#chat .answer.final")
    assert page.locator("#chat .asked").all_inner_texts() == [QUESTION]
    assert page.input_value("#question textarea") == ""
    page.wait_for_selector("#page .s.active")


def test_a_refusal_says_so_and_shows_near_sentences_that_open(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, UNANSWERABLE)
    answer = page.locator("#chat .answer.refused")
    assert "この質問の答えは、記事の中に見つかりませんでした。" in answer.inner_text()
    assert "近い文（答えではありません）" in answer.inner_text()
    assert answer.locator("a.chip").count() == 0
    near = answer.locator(".nearest a").first
    text = near.locator("span").first.inner_text()
    near.click()
    page.wait_for_selector("#page .s.near")
    assert page.locator("#page .s.near .t").inner_text() == text
    assert page.locator("#page .s.active, #page mark").count() == 0


def test_the_page_is_as_wide_before_the_first_question_as_after_it(open_page: OpenPage) -> None:
    page = open_page()
    left = "document.querySelector('#masthead .seal').getBoundingClientRect().left"
    page.wait_for_selector("#chat .welcome")
    page.evaluate("document.querySelector('.welcome').replaceChildren()")  # nothing to hold it wide
    page.evaluate("document.querySelector('#page .library').replaceChildren()")
    before = page.evaluate(left)
    ask(page, QUESTION)
    assert (before, page.evaluate(left)) == (28, 28)


@pytest.mark.parametrize(
    ("locale", "said"), [("ja-JP", "記事を読み込んでいます"), ("en-GB", "Loading the articles")]
)
def test_until_the_page_has_been_set_up_the_panel_says_that_it_is_on_its_way(
    browser: Browser, served: Served, locale: str, said: str
) -> None:
    held: list[Route] = []
    shown = False

    def hold(route: Route) -> None:
        if shown:
            route.continue_()
        else:
            held.append(route)

    context = browser.new_context(locale=locale)
    page = context.new_page()
    page.route("**/queue/join*", hold)
    page.goto(f"{served.url}/")
    page.locator("#page .page-pending", has_text=said).wait_for()
    shown = True
    for each in held:
        each.continue_()
    page.locator("#page .library").wait_for()
    assert page.locator("#page .page-pending").count() == 0
    context.close()


def test_the_examples_are_questions_that_get_an_answer(open_page: OpenPage) -> None:
    page = open_page()
    example = page.locator("#chat a.example").first
    question = example.inner_text()
    example.click()
    page.wait_for_selector("#chat .answer.final")
    assert page.locator("#chat .asked").inner_text() == question
    assert page.locator("#chat .answer.quoted").count() == 1


def test_a_choice_of_articles_restricts_what_is_asked(open_page: OpenPage) -> None:
    page = open_page("?article=deepseek-r2.txt")
    page.wait_for_selector("#page .page")
    ask(page, QUESTION)
    sources = page.locator("#chat .answer.final a.cite").evaluate_all(
        "links => links.map(link => link.getAttribute('href').split('/')[1])"
    )
    assert set(sources) == {"index:deepseek-r2.txt"}


def test_an_uploaded_file_answers_here_and_nowhere_else(
    open_page: OpenPage, tmp_path: Path
) -> None:
    path = tmp_path / "観測所の記録.txt"
    path.write_text(
        "青葉山観測所の記録\n\n青葉山観測所は1931年6月に開設された。所長は三谷春江である。\n",
        encoding="utf-8",
    )
    mine, other = open_page(), open_page()
    upload(mine, path)
    ask(mine, "青葉山観測所が開設されたのはいつですか")
    assert "1931年6月" in mine.locator("#chat .answer.final .quote").first.inner_text()
    mine.wait_for_selector("#page .s.active")
    ask(other, "青葉山観測所が開設されたのはいつですか")
    assert "青葉山" not in other.locator("#chat .answer.final").inner_text()
    other.reload()
    other.wait_for_selector("#page .library")
    assert "観測所" not in other.locator("#page").inner_text()
    mine.click("#forget")
    assert mine.locator("#forget[data-sure]").count() == 1
    mine.wait_for_timeout(DOUBLE_CLICK_MILLISECONDS)
    mine.click("#forget")
    mine.wait_for_selector("#page .library")
    assert "観測所" not in mine.locator("#page").inner_text()


@pytest.mark.parametrize(
    ("locale", "said"), [("ja-JP", "（題名と見出しを含めて1文）"), ("en-US", "(1 sentence, titles")]
)
def test_one_sentence_that_was_added_is_called_one(
    open_page: OpenPage, tmp_path: Path, locale: str, said: str
) -> None:
    path = tmp_path / "tower.txt"
    path.write_text("The tower is 26 metres high.", encoding="utf-8")
    page = open_page(locale=locale)
    page.set_input_files("input[type=file]", path)
    page.locator(".toast-body", has_text=said).wait_for()


@pytest.mark.parametrize(("locale", "name"), [("ja-JP", "ファイルを追加"), ("en-US", "Add a file")])
def test_what_files_can_be_added_stands_beside_the_button_that_adds_them(
    open_page: OpenPage, locale: str, name: str
) -> None:
    page = open_page(locale=locale)
    page.locator("#hint", has_text=".txt .md .html .csv .tsv .pdf").wait_for()
    button = page.get_by_role("button", name=name).bounding_box()
    hint = page.locator("#hint").bounding_box()
    assert button is not None
    assert hint is not None
    middle = button["y"] + button["height"] / 2
    assert hint["y"] <= middle <= hint["y"] + hint["height"]
    assert 0 <= hint["x"] - (button["x"] + button["width"]) <= 20


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("empty.txt", b"", "「empty.txt」は空のファイルです。"),
        ("bin.pdf", bytes(range(256)) * 20, "「bin.pdf」から文章を取り出せませんでした。"),
        ("large.txt", b"a" * 25_000_000, "「large.txt」は大きすぎます。"),
    ],
)
def test_a_file_that_cannot_be_taken_is_told_in_words_and_leaves_what_is_shown(
    open_page: OpenPage, tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    page = open_page()
    ask(page, QUESTION)
    page.wait_for_selector("#page .s.active mark")
    page.set_input_files("input[type=file]", path)
    toast = page.locator(".toast-body")
    toast.wait_for()
    assert said in toast.inner_text()
    page.locator("#hint", has_text=".txt .md .html .csv .tsv .pdf").wait_for()
    assert page.locator("#page .s.active mark").is_visible()
    assert page.locator("#page .library").count() == 0


def test_a_follow_up_is_understood_until_the_conversation_starts_anew(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, QUESTION)
    ask(page, "海底部分は？")
    understood = page.locator("#chat .understood")
    assert understood.all_inner_texts() == ["解釈した質問：青函トンネルの海底部分は？"]
    page.click("#fresh")
    page.wait_for_selector("#chat .welcome")
    ask(page, "海底部分は？")
    assert understood.count() == 0


def test_a_new_conversation_is_empty(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, QUESTION)
    page.click("#fresh")
    page.wait_for_selector("#chat .welcome")
    page.wait_for_selector("#page .library")
    assert page.locator("#chat .asked, #chat .answer").count() == 0
    assert page.locator("#turns textarea").input_value() == ""


def test_an_answer_is_copied_with_its_sources(open_page: OpenPage) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    ask(page, QUESTION)
    page.click("#chat button.as-text")
    page.wait_for_selector("#chat button.as-text.worked")
    copied = page.evaluate("navigator.clipboard.readText()")
    quote = re.sub(r"\[1\]$", "", page.locator("#chat .quote").first.text_content() or "")
    title = page.locator("#chat .source a span").first.inner_text()
    assert ANSWER in copied
    assert re.search(rf"\[1\] 「{re.escape(quote)}」——{re.escape(title)}、文\d+", copied)
    assert "<" not in copied
    page.wait_for_function(
        "() => document.getElementById('said')?.textContent === 'コピーしました'"
    )


@pytest.mark.parametrize(
    ("form", "pattern"),
    [
        ("markdown", r"53\.85キロメートル\[\^1\].*\n\[\^1\]: 「"),
        ("html", r"<p>53\.85キロメートル<sup>.*<li id=\"shutten-1\">「"),
        ("dokuwiki", r"%%53\.85キロメートル%%\(\("),
        ("mediawiki", r"53\.85キロメートル<ref>「.*</ref>\n\n<references />"),
    ],
)
def test_an_answer_is_copied_in_other_formats(open_page: OpenPage, form: str, pattern: str) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    ask(page, QUESTION)
    page.focus("#chat .formats summary")
    page.keyboard.press("Enter")
    page.click(f"#chat button.as-{form}")
    page.wait_for_selector(f"#chat button.as-{form}.worked")
    assert re.match(pattern, page.evaluate("navigator.clipboard.readText()"), re.DOTALL)
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement?.matches('#chat .formats:not([open]) > summary')")


def test_what_cannot_be_copied_is_told(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, QUESTION)
    page.evaluate(
        """() => {
            navigator.clipboard.write = () => Promise.reject(new Error('refused'));
            document.execCommand = () => false;
        }"""
    )
    page.click("#chat button.as-text")
    page.wait_for_selector("#chat .tools[data-failed^='コピーできませんでした']")


def test_the_conversation_is_saved_and_copied_as_a_whole(open_page: OpenPage) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    assert not page.locator("#export").is_visible()
    ask(page, QUESTION)
    ask(page, UNANSWERABLE)
    page.click("#export summary")
    assert page.get_by_role("button", name="MediaWiki で保存").is_visible()
    with page.expect_download() as started:
        page.click("#export .save.as-markdown")
    assert started.value.suggested_filename == "shutten.md"
    saved = started.value.path().read_text(encoding="utf-8")
    assert saved.startswith(f"# 質問と答え\n\n## {QUESTION}\n\n53.85キロメートル[^1]")
    assert f"## {UNANSWERABLE}\n\n" in saved
    page.click("#export summary.worked")
    page.click("#export .copy.as-dokuwiki")
    page.wait_for_function(
        "() => document.querySelector('#export summary.worked')?.dataset.said === 'コピーしました'"
    )
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"===== {QUESTION} =====\n\n%%53.85キロメートル%%((")


def test_the_menu_of_exports_closes_once_it_is_done_with(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, QUESTION)
    menu = page.locator("#export details[open]")
    page.click("#export summary")
    with page.expect_download():
        page.click("#export .save.as-html")
    page.wait_for_selector("#export details:not([open]) summary.worked")
    assert page.evaluate("document.activeElement?.matches('#export summary')")
    page.click("#export summary")
    page.keyboard.press("Tab")
    assert menu.count() == 1
    page.focus("#question textarea")
    assert menu.count() == 0
    page.evaluate("document.querySelector('#export details').open = true")
    page.keyboard.press("Escape")
    assert menu.count() == 0
    assert page.evaluate("document.activeElement?.matches('#question textarea')")
    page.evaluate("document.querySelector('#export details').open = true")
    ask(page, UNANSWERABLE)
    assert menu.count() == 0


def test_the_panel_of_what_answers_does_not_stay_over_the_question(open_page: OpenPage) -> None:
    page = open_page()
    panel = page.locator("#answerer details[open]")
    page.focus("#answerer summary")
    page.keyboard.press("Enter")
    panel.wait_for()
    page.keyboard.press("Tab")
    assert panel.count() == 0
    page.evaluate("document.querySelector('#answerer details').open = true")
    page.keyboard.press("Escape")
    assert panel.count() == 0


def test_in_a_low_window_the_first_question_too_is_seen_whole(open_page: OpenPage) -> None:
    page = open_page(width=640, height=400)
    page.locator("#question textarea").scroll_into_view_if_needed()
    assert page.evaluate("scrollY") > 50
    send(page, QUESTION)
    wait_until_inside(page, "#chat .asked", "body")


def test_the_way_back_leads_to_the_newest_answer_and_is_there_once_there_is_one(
    open_page: OpenPage,
) -> None:
    page = open_page(width=420, reduced_motion="reduce")
    page.locator("#page .library a").first.click()
    page.wait_for_selector("#page .page")
    assert not page.locator("#page .to-answer").is_visible()
    for question in (QUESTION, UNANSWERABLE):
        ask(page, question)
    page.click("#page .to-library")
    page.locator("#page .library a").first.click()
    page.locator("#page .to-answer").click()
    wait_until_inside(page, "#chat .answer.refused .badge", "body")


def test_the_sign_of_a_heading_is_neither_read_out_nor_copied(open_page: OpenPage) -> None:
    page = open_page()
    page.locator("#page .library a", has_text="青函トンネル").click()
    heading = page.get_by_role("heading", name="建設のきっかけ", exact=True)
    heading.wait_for()
    heading.select_text()
    assert page.evaluate("getSelection().toString()").strip() == "建設のきっかけ"


def test_the_row_below_an_answer_ends_where_its_frame_ends(open_page: OpenPage) -> None:
    page = open_page()
    answer = ask(page, QUESTION)
    row, last = (answer.locator(each).bounding_box() for each in (".tools", ".formats summary"))
    assert row is not None
    assert last is not None
    assert abs(row["x"] + row["width"] - last["x"] - last["width"]) < 1


@pytest.mark.parametrize(
    ("detail", "locale", "said"),
    [
        ("Queue is full. Max size is 128 and size is 128.", "ja-JP", "混み合っています。"),
        ("Queue is full. Max size is 128 and size is 128.", "en-US", "Too many questions are"),
        (None, "ja-JP", "サーバーとの接続が切れました。"),
        (None, "en-US", "The connection to the server was lost."),
    ],
)
def test_what_gradio_says_by_itself_is_said_in_the_language_of_the_page(
    browser: Browser, served: Served, detail: str | None, locale: str, said: str
) -> None:
    context = browser.new_context(locale=locale)
    page = context.new_page()
    page.set_default_timeout(TIMEOUT_MILLISECONDS)
    page.goto(served.url)
    page.wait_for_selector("#chat .welcome")
    if detail is None:
        page.route("**/queue/join*", lambda route: route.abort())
    else:
        page.route(
            "**/queue/join*", lambda route: route.fulfill(status=503, json={"detail": detail})
        )
    send(page, QUESTION)
    page.locator(".toast-message-text", has_text=said).first.wait_for()
    told = page.locator(".toast-message-text").all_inner_texts()
    assert [each for each in told if not each.startswith(said)] == []
    assert page.locator(".toast-body[role='alert']").count() > 0
    context.close()


HOSTILE = """<h1 onclick="window.ran=1">悪い記事</h1>

赤い靴の値段は<img src="/nowhere.png" onerror="window.ran=1">三千円です。
赤い靴の店は<script>window.ran=1</script>神戸にあります。
赤い靴の色は[赤](javascript:window.ran=1)と![絵](http://example.org/x.png)です。
赤い靴の箱は<form action="http://example.org"><input></form>紙です。
"""


def test_markup_in_files_names_and_questions_never_runs(
    open_page: OpenPage, tmp_path: Path
) -> None:
    path = tmp_path / "<img src=x onerror=window.ran=1>.md"
    path.write_text(HOSTILE, encoding="utf-8")
    page = open_page()
    upload(page, path)
    ask(page, '赤い靴の値段は<img src=x onerror="window.ran=1">いくらですか **太字** `code`')
    ask(page, "赤い靴の色は何色ですか [x](javascript:window.ran=1)")
    page.wait_for_selector("#page .page")
    assert page.evaluate("window.ran") is None
    inside = page.locator("#chat, #page")
    assert inside.locator("img, script, form, input, iframe, strong, code").count() == 0
    addresses = inside.locator("a").evaluate_all("links => links.map(a => a.getAttribute('href'))")
    assert [address for address in addresses if not address.startswith("#")] == []
    assert 'onerror="window.ran=1"' in page.locator("#page").inner_text()
    assert "**太字** `code`" in page.locator("#chat .asked").first.inner_text()


def test_questions_that_cannot_be_asked_are_told_and_kept(open_page: OpenPage) -> None:
    page = open_page()
    told = {
        "": "質問を入力してください。",
        "\u0001\u0002": "質問が制御文字だけでできています。",
        "長" * 2001: "質問が長すぎます（2,001文字）。2,000文字以内にしてください。",
    }
    for question, said in told.items():
        page.fill("#question textarea", question)
        page.click("#send")
        page.locator(".toast-body", has_text=said).wait_for()
        assert page.input_value("#question textarea") == question
    assert page.locator("#chat .asked").count() == 0


def test_what_gradio_says_of_a_file_it_does_not_send_is_said_in_japanese(
    open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page()
    picture = tmp_path / "写真.png"
    picture.write_bytes(b"\x89PNG\r\n")
    page.set_input_files("input[type=file]", picture)
    page.locator(".toast-body", has_text="「写真.png」は読めない種類のファイルです。").wait_for()
    assert page.locator(".toast-body", has_text="Invalid").count() == 0


def test_six_tabs_of_one_browser_all_answer(open_page: OpenPage, served: Served) -> None:
    first = open_page()
    tabs = [first, *(first.context.new_page() for _ in range(5))]
    for tab in tabs[1:]:
        tab.goto(served.url)
        tab.wait_for_selector("#page .library")
    for tab in tabs:
        send(tab, QUESTION)
    for tab in tabs:
        tab.wait_for_selector("#chat .answer.final")
        assert ANSWER in tab.locator("#chat .answer.final").inner_text()


@pytest.fixture
def host_page(served: Served) -> Iterator[int]:
    """A page of another site that shows ours in a frame; returns its port."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(
                f'<!doctype html><title>wiki</title><link rel="icon" href="data:,">'
                f'<iframe src="{served.url}/?lang=ja" width="900" height="640"></iframe>'.encode()
            )

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_a_site_that_is_allowed_shows_the_page_in_a_frame_without_storage(
    browser: Browser, host_page: int
) -> None:
    seen = Seen()
    context = browser.new_context(locale="ja-JP")
    page = context.new_page()
    page.set_default_timeout(TIMEOUT_MILLISECONDS)
    watch(page, seen)
    page.goto(f"http://localhost:{host_page}/")
    frame = page.frame_locator("iframe")
    send(frame, QUESTION)
    frame.locator("#chat .answer.final").wait_for()
    frame.locator("#chat a.chip").first.click()
    frame.locator("#page .s.active").wait_for()
    assert context.cookies() == []
    assert seen.hosts <= {"127.0.0.1", "localhost"}
    assert seen.complaints == []
    context.close()


def test_a_site_that_is_not_allowed_cannot_show_the_page(browser: Browser, host_page: int) -> None:
    seen = Seen()
    context = browser.new_context(locale="ja-JP")
    page = context.new_page()
    page.set_default_timeout(TIMEOUT_MILLISECONDS)
    watch(page, seen)
    page.goto(f"http://127.0.0.1:{host_page}/")
    page.wait_for_timeout(500)
    assert page.frame_locator("iframe").locator("#question").count() == 0
    assert any("frame-ancestors" in complaint for complaint in seen.complaints)
    context.close()


def test_the_server_reached_out_to_nobody_and_logged_no_error(served: Served) -> None:
    log = served.log.read_text(encoding="utf-8")
    assert "REACHED OUT" not in log
    assert "Traceback" not in log


def test_questions_to_ask_next_stand_below_the_answer_and_enter_asks_one(
    open_page: OpenPage,
) -> None:
    page = open_page()
    ask(page, QUESTION)
    links = page.locator("#chat .answer.final .following a")
    links.first.wait_for()
    assert 1 <= links.count() <= 3
    assert page.locator("#chat .following-head").inner_text() == "続けて質問"
    question = links.first.inner_text()
    links.first.focus()
    page.keyboard.press("Enter")
    page.locator("#chat .answer.final").nth(1).wait_for()
    assert page.locator("#chat .asked").last.inner_text() == question
    assert "refused" not in (page.locator("#chat .answer.final").last.get_attribute("class") or "")
    assert page.locator("#chat .answer.final").first.locator(".following").count() == 0


def test_a_refusal_has_no_questions_to_ask_next(open_page: OpenPage) -> None:
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    ask(page, UNANSWERABLE)
    assert not [url for url in asked if url.endswith("/ui/suggestions")]
    assert page.locator("#chat .following").count() == 0
