"""The widget in pages of another site, in a real browser, with the bundled models."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest
from tests.web.conftest import TIMEOUT_MILLISECONDS
from tests.web.hosting import Site, site
from tests.web.serving import Running, running

from shutten.assistant import assistant_for_articles, assistant_for_files
from shutten.settings import Settings
from shutten.types import Article
from shutten.web.app import create_app

if TYPE_CHECKING:
    from fastapi import FastAPI
    from playwright.sync_api import Browser, BrowserContext, Page, Request

    from shutten.assistant import Assistant

pytestmark = pytest.mark.browser

QUESTION = "新しい連絡船はいつ就航しましたか"
SENTENCE = "新しい連絡船は2019年4月に就航した。"
LAMP_QUESTION = "灯台の光はどこまで届きますか"
LAMP_SENTENCE = (
    "岬の先に立つ白い灯台の光は、晴れた夜であれば沖合いおよそ三十二キロメートルまで届き、"
    "霧の深い日にはその半分にも届かないと記録されている。"
)
FERRY = f"島の連絡船\n\n島には港が二つある。{SENTENCE}定員は120人である。"
LAMP = f"岬の灯台\n\n灯台は1921年に建てられた。{LAMP_SENTENCE}高さは26メートルである。"
QUAY_QUESTION = "港の桟橋の長さは何メートルですか"
QUAY = "港の桟橋\n\n港の桟橋の長さは85メートルである。港の桟橋は2003年6月に改修された。"
EVIL_TITLE = "<img src=x onerror=window.ran=1>の山"
EVIL = f"{EVIL_TITLE}\n\n<script>window.ran=1</script>山の標高は845メートルである。"

PAGE = """<title>島の連絡船</title>
<body style="margin:13px;background:#fff;font-family:serif">
<h1>島の連絡船</h1><input id="before"><p>島には港が二つある。<em>新しい</em>連絡船は
<a href="/elsewhere">2019年</a><sup class="reference"><a href="#note-1">[1]</a></sup><b>4月に</b>
就航した。定員は120人である。</p>
<div style="height:3000px"></div><p id="note-1">注</p>"""


def articles(wiki: str) -> list[Article]:
    return [
        Article("ferry", "島の連絡船", FERRY, url=f"{wiki}/wiki/harbour:ferry"),
        Article("lamp", "岬の灯台", LAMP, url=f"{wiki}/wiki/cape:lamp?lang=ja#top"),
        Article("quay", "港の桟橋", QUAY, url=f"{wiki}/wiki/pier:quay"),
        Article(
            "evil", "<img src=x onerror=window.ran=1>の山", EVIL, url="javascript:window.ran=1"
        ),
    ]


@pytest.fixture(scope="module")
def wiki() -> Iterator[Site]:
    with site() as served:
        yield served


@pytest.fixture(scope="module")
def assistant(wiki: Site, browser: Browser) -> Assistant:  # noqa: ARG001 - without a browser nothing need load
    return assistant_for_articles(articles(wiki.origin), like=assistant_for_files([], Settings()))


@pytest.fixture(scope="module")
def app(assistant: Assistant) -> Iterator[Running]:
    settings = Settings(keep_feedback=False, allowed_origins=("http://localhost:*",))
    with running(create_app(assistant, settings)) as served:
        yield served


@dataclass
class Watched:
    """A page with a widget, and all that its browser asked for or complained of."""

    page: Page
    requests: list[Request] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def asked(self, server: str) -> list[str]:
        return [
            f"{each.method} {urlsplit(each.url).path}"
            for each in self.requests
            if each.url.startswith(server)
        ]

    def ask(self, question: str) -> None:
        before = self.page.locator(".answer:not(.growing)").count()
        self.page.get_by_role("textbox", name="質問").fill(question)
        self.page.keyboard.press("Enter")
        self.page.locator(".answer:not(.growing)").nth(before).wait_for()

    def open(self) -> None:
        self.page.get_by_role("button", name="記事に質問").click()
        self.page.get_by_role("dialog").wait_for()


Visit = Callable[..., Watched]


@pytest.fixture
def visit(browser: Browser, app: Running, wiki: Site) -> Iterator[Visit]:
    """Opens a page of the wiki with the widget in it; nothing may reach another machine."""
    contexts: list[BrowserContext] = []
    visits: list[Watched] = []

    def visit_one(
        attributes: str = "",
        *,
        body: str = PAGE,
        path: str = "/wiki/harbour:ferry",
        headers: dict[str, str] | None = None,
        origin: str | None = None,
        server: str = app.url,
        **more: Any,  # noqa: ANN401 - playwright's own options
    ) -> Watched:
        script = f'<script async src="{server}/widget.js" {attributes}></script>'
        wiki.put(path, body + script, headers)
        context = browser.new_context(locale="ja-JP", **more)
        contexts.append(context)
        watched = Watched(context.new_page())
        visits.append(watched)
        watched.page.set_default_timeout(TIMEOUT_MILLISECONDS)
        context.on("request", lambda request: watched.requests.append(request))  # noqa: PLW0108
        watched.page.on("pageerror", lambda error: watched.complaints.append(str(error)))
        watched.page.goto(f"{origin or wiki.origin}{path}")
        watched.page.wait_for_function("() => 'Shutten' in window")
        return watched

    yield visit_one
    for context in contexts:
        context.close()
    hosts = {urlsplit(each.url).hostname for watched in visits for each in watched.requests}
    assert hosts <= {"127.0.0.1", "localhost", None}
    assert [each for watched in visits for each in watched.complaints] == []


def highlighted(page: Page) -> str:
    return str(
        page.evaluate("[...(CSS.highlights.get('shutten') ?? [])].map(range => `${range}`).join()")
    )


def test_nothing_but_the_script_is_asked_for_before_the_first_click(
    visit: Visit, app: Running, wiki: Site
) -> None:
    visited = visit()
    visited.page.wait_for_load_state("networkidle")
    assert visited.asked(app.url) == ["GET /widget.js"]
    assert visited.asked(wiki.origin) == ["GET /wiki/harbour:ferry"]
    visited.open()
    assert visited.asked(app.url) == ["GET /widget.js"]


def test_a_question_is_answered_with_the_sentence_that_answers(visit: Visit, app: Running) -> None:
    visited = visit()
    visited.open()
    visited.ask(QUESTION)
    page = visited.page
    assert page.locator(".badge").inner_text() == "記事からの引用"
    assert page.locator(".text.short").inner_text() == "2019年4月[1]"
    assert page.locator("ol .source blockquote").first.inner_text() == SENTENCE
    assert page.locator("ol .source mark").first.inner_text() == "2019年4月"
    assert page.locator(".where").first.inner_text() == "文3"
    assert page.get_by_role("status").inner_text().startswith("答えが出ました。2019年4月")
    assert "POST /api/ask" in visited.asked(app.url)


UNSURE_QUESTION = "桟橋が造られたのはいつですか"
UNSURE = {
    "ja": ("答えかどうか不確かな引用", "答えが出ました。"),
    "en": ("A quotation that may not answer the question", "Answered. "),
}


@pytest.mark.parametrize("language", UNSURE)
def test_an_answer_that_is_not_sure_says_so_where_it_is_seen_and_heard_first(
    visit: Visit, language: str
) -> None:
    page = visit(f'data-lang="{language}"').page
    page.evaluate("question => Shutten.open({ question })", UNSURE_QUESTION)
    answer = page.locator(".answer.quoted:not(.growing)")
    answer.wait_for()
    badge, begun = UNSURE[language]
    assert answer.get_attribute("class") == "answer quoted unsure"
    assert answer.locator(".badge").inner_text() == badge
    assert page.get_by_role("status").inner_text().startswith(f"{begun}{badge}: ")
    assert answer.locator(".notice").count() == 1
    weight = answer.locator(".short").evaluate("each => getComputedStyle(each).fontWeight")
    assert weight == "500"


def test_the_title_and_the_place_of_a_source_are_two_words_and_a_new_tab_is_told(
    visit: Visit,
) -> None:
    visited = visit()
    visited.open()
    visited.ask(LAMP_QUESTION)
    page = visited.page
    assert page.locator(".place").first.text_content() == "岬の灯台 文3"
    name = page.locator(".marker").first.get_attribute("aria-label") or ""
    assert name == f"出典1：{LAMP_SENTENCE}（新しいタブで開きます）"


GENERATORS = {
    "DokuWiki": ("DokuWiki", "DokuWiki の書式でコピー", "((「"),
    "MediaWiki 1.39.17": ("MediaWiki", "MediaWiki の書式でコピー", "<ref>「"),
}


@pytest.mark.parametrize("generator", GENERATORS)
def test_an_answer_is_copied_as_text_of_the_wiki_that_the_page_is_of(
    visit: Visit, generator: str
) -> None:
    body = f'<meta name="generator" content="{generator}">{PAGE}'
    visited = visit(body=body, permissions=["clipboard-read", "clipboard-write"])
    visited.open()
    visited.ask(QUESTION)
    page = visited.page
    _, name, note = GENERATORS[generator]
    page.get_by_role("button", name=name).click()
    page.get_by_role("button", name="コピーしました").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert f"{note}{SENTENCE}」——島の連絡船、" in copied
    assert "2019年4月" in copied.split(note)[0]
    page.get_by_role("button", name="出典つきでコピー").click()
    page.wait_for_function("async () => (await navigator.clipboard.readText()).includes('[1] 「')")
    assert page.get_by_role("status").inner_text() == "コピーしました"


@pytest.mark.parametrize(
    ("attributes", "names"),
    [
        ("", ["出典つきでコピー"]),
        ('data-wiki="none"', ["出典つきでコピー"]),
        ('data-wiki="dokuwiki"', ["出典つきでコピー", "DokuWiki の書式でコピー"]),
        ('data-wiki="sharepoint"', ["出典つきでコピー"]),
    ],
)
def test_the_wiki_can_be_named(visit: Visit, attributes: str, names: list[str]) -> None:
    visited = visit(attributes)
    visited.open()
    visited.ask(QUESTION)
    assert visited.page.locator(".copy").all_inner_texts() == names


def test_where_the_clipboard_is_closed_the_old_way_copies_or_it_is_told(visit: Visit) -> None:
    visited = visit()
    page = visited.page
    page.evaluate(
        """() => {
            Object.defineProperty(navigator, 'clipboard', { value: undefined });
            window.copied = [];
            document.addEventListener('copy', () => copied.push('copy'));
        }"""
    )
    visited.open()
    visited.ask(QUESTION)
    page.get_by_role("button", name="出典つきでコピー").click()
    page.get_by_role("button", name="コピーしました").wait_for()
    assert page.evaluate("copied") == ["copy"]
    page.evaluate("document.execCommand = () => false")
    page.locator(".copy").click()
    page.locator(".foot .error", has_text="コピーできませんでした。").wait_for()


def test_a_follow_up_is_asked_with_its_history(visit: Visit) -> None:
    visited = visit()
    visited.open()
    visited.ask(QUESTION)
    assert visited.page.locator(".understood").count() == 0
    visited.ask("なぜ？")
    understood = visited.page.locator(".understood")
    assert understood.inner_text() == "解釈した質問：新しい連絡船はなぜ就航しましたか？"


def test_a_citation_of_this_page_highlights_its_sentence_across_markup(visit: Visit) -> None:
    visited = visit()
    page = visited.page
    before = page.locator("body").inner_html()
    page.evaluate("scrollTo(0, 2500)")
    visited.open()
    visited.ask(QUESTION)
    page.locator(".marker").first.click()
    shown = highlighted(page)
    assert "".join(shown.split()).replace("[1]", "") == SENTENCE
    assert page.locator("body").inner_html() == before
    page.wait_for_function("() => scrollY < 200")
    assert page.get_by_role("status").inner_text() == "根拠の文をページの中で示しました。"


def test_a_citation_of_another_page_opens_it_at_the_sentence(visit: Visit, wiki: Site) -> None:
    wiki.put(
        "/wiki/cape:lamp",
        f"<body><div style='height:3000px'></div><p>灯台は1921年に建てられた。{LAMP_SENTENCE}</p>",
    )
    visited = visit()
    visited.open()
    visited.ask(LAMP_QUESTION)
    link = visited.page.locator("a.marker").first
    address = link.get_attribute("href") or ""
    plain, _, directive = address.partition("#top:~:text=")
    assert plain == f"{wiki.origin}/wiki/cape:lamp?lang=ja"
    first, last = map(unquote, directive.split(","))
    assert LAMP_SENTENCE.startswith(first)
    assert LAMP_SENTENCE.endswith(f"{last}。")
    assert min(len(first), len(last)) > 4
    with visited.page.context.expect_page() as opened:
        link.click()
    opened.value.wait_for_function("() => scrollY > 1000")
    assert opened.value.evaluate("opener") is None


FAR = ("記事には、この質問の答えは書かれていません。", "近い文（答えではありません）")
CLOSE = (
    "この質問に確かに答えているといえる文は見つかりませんでした。",
    "近い文（答えが含まれるかもしれません）",
)


@pytest.mark.parametrize(
    ("question", "told"), [("国王の名前は何ですか", FAR), ("大阪の今日の天気はどうですか", CLOSE)]
)
def test_a_refusal_shows_the_nearest_sentences_and_no_source(
    visit: Visit, question: str, told: tuple[str, str]
) -> None:
    visited = visit()
    visited.open()
    visited.ask(question)
    page = visited.page
    text = page.locator(".answer.refused .text").inner_text()
    assert (text, page.locator("h3").inner_text()) == told
    assert 1 <= page.locator("ul .source.near").count() <= 3
    assert page.locator(".marker, ol .source").count() == 0


def test_the_keyboard_opens_asks_and_comes_back_to_where_it_was(visit: Visit) -> None:
    visited = visit()
    page = visited.page
    launcher = page.get_by_role("button", name="記事に質問")
    launcher.focus()
    page.keyboard.press("Control+i")
    dialog = page.get_by_role("dialog", name="記事に質問する")
    dialog.wait_for()
    assert active(page) == "TEXTAREA"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert active(page) == "BUTTON 閉じる"
    page.keyboard.press("Shift+Tab")
    assert active(page) == "BUTTON 質問する"
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    assert active(page) == "BUTTON launcher"
    page.keyboard.press("Meta+i")
    dialog.wait_for()
    page.keyboard.press("Control+i")
    assert not dialog.is_visible()


def active(page: Page) -> str:
    return (
        str(
            page.evaluate(
                """() => {
                const inner = document.activeElement.shadowRoot?.activeElement;
                if (!inner) return document.activeElement.id;
                return [inner.tagName, inner.ariaLabel ?? inner.className].join(" ").trim();
            }"""
            )
        ).removesuffix(" 質問")
        or "nothing"
    )


def test_focus_returns_to_the_page_and_its_editors_keep_their_keys(visit: Visit) -> None:
    visited = visit()
    page = visited.page
    page.focus("#before")
    page.keyboard.press("Control+i")
    assert not page.get_by_role("dialog").is_visible()
    page.evaluate("Shutten.open()")
    assert active(page) == "TEXTAREA"
    page.keyboard.press("Escape")
    assert active(page) == "before"


def test_enter_that_ends_a_conversion_does_not_send(visit: Visit, app: Running) -> None:
    visited = visit()
    visited.open()
    page = visited.page
    session = page.context.new_cdp_session(page)
    text = "いつ"
    session.send("Input.imeSetComposition", {"text": text, "selectionStart": 2, "selectionEnd": 2})
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    session.send("Input.dispatchKeyEvent", {"type": "keyDown", **enter})
    session.send("Input.insertText", {"text": text})
    assert page.locator("textarea").input_value() == text
    assert page.locator(".turn").count() == 0
    page.keyboard.press("Enter")
    page.locator(".answer:not(.growing)").wait_for()
    assert page.locator(".asked").inner_text() == text
    assert visited.asked(app.url).count("POST /api/ask") == 1


def test_it_works_under_a_strict_policy_that_names_the_app(visit: Visit, app: Running) -> None:
    policy = f"default-src 'none'; style-src 'none'; script-src {app.url}; connect-src {app.url}"
    trusted = "; require-trusted-types-for 'script'; trusted-types 'none'"
    visited = visit('data-colour="#c0392b"', headers={"Content-Security-Policy": policy + trusted})
    visited.open()
    visited.ask(QUESTION)
    page = visited.page
    page.locator(".marker").first.click()
    assert "".join(highlighted(page).split()).replace("[1]", "") == SENTENCE
    send = page.get_by_role("button", name="質問する")
    assert send.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(192, 57, 43)"
    assert page.get_by_role("dialog").evaluate("e => getComputedStyle(e).position") == "fixed"


def told(visited: Watched, question: str = QUESTION) -> str:
    visited.page.get_by_role("textbox", name="質問").fill(question)
    visited.page.keyboard.press("Enter")
    error = visited.page.locator(".turn .error")
    error.wait_for()
    assert visited.page.get_by_role("textbox", name="質問").input_value() == question
    return error.inner_text()


def test_a_policy_that_keeps_it_from_asking_is_told(visit: Visit, app: Running) -> None:
    headers = {"Content-Security-Policy": f"default-src 'none'; script-src {app.url}"}
    visited = visit(headers=headers)
    visited.open()
    assert "connect-src" in told(visited)


def test_a_site_that_is_not_allowed_is_told_so(visit: Visit, wiki: Site) -> None:
    visited = visit(origin=wiki.stranger)
    visited.open()
    assert told(visited) == (
        f"このサイト（{wiki.stranger}）からの質問は許可されていません。管理者に知らせてください。"
    )


def test_of_two_sites_the_one_that_is_named_may_ask(
    visit: Visit, wiki: Site, assistant: Assistant
) -> None:
    with site() as other, running(named_only(assistant, wiki.origin)) as strict:
        allowed = visit(server=strict.url)
        allowed.open()
        allowed.ask(QUESTION)
        assert allowed.page.locator(".text.short").inner_text() == "2019年4月[1]"
        script = f'<script async src="{strict.url}/widget.js"></script>'
        other.put("/wiki/harbour:ferry", PAGE + script)
        refused = Watched(allowed.page.context.new_page())
        refused.page.goto(f"{other.origin}/wiki/harbour:ferry")
        refused.page.wait_for_function("() => 'Shutten' in window")
        refused.open()
        assert told(refused) == (
            f"このサイト（{other.origin}）からの質問は許可されていません。"
            "管理者に知らせてください。"
        )
        assert refused.page.locator(".answer").count() == 0


def named_only(assistant: Assistant, origin: str) -> FastAPI:
    return create_app(assistant, Settings(keep_feedback=False, allowed_origins=(origin,)))


NO_STORAGE = """if (window !== top)
    for (const name of ["localStorage", "sessionStorage"])
        Object.defineProperty(window, name, {get() {throw new DOMException("", "SecurityError")}});
"""
"""What frames of other sites find in private windows; not every Chromium refuses it by itself."""


def test_it_works_in_a_frame_of_another_site_that_may_store_nothing(
    visit: Visit, wiki: Site
) -> None:
    wiki.put("/around", f'<iframe src="{wiki.origin}/wiki/harbour:ferry" id="inner" '
                        'width="900" height="640"></iframe>')  # fmt: skip
    visited = visit()
    visited.page.add_init_script(NO_STORAGE)
    visited.page.goto(f"{wiki.stranger}/around")
    frame = visited.page.frame_locator("#inner")
    frame.get_by_role("button", name="記事に質問").click()
    stored = "() => { try { return localStorage.length } catch (error) { return error.name } }"
    assert frame.locator("body").evaluate(stored) == "SecurityError"
    frame.get_by_role("textbox", name="質問").fill(QUESTION)
    frame.get_by_role("textbox", name="質問").press("Enter")
    frame.locator("a.marker").first.click()
    shown = "() => [...CSS.highlights.get('shutten')].map((each) => `${each}`).join()"
    text = frame.locator("body").evaluate(shown)
    assert "".join(text.split()).replace("[1]", "") == SENTENCE
    assert visited.page.context.cookies() == []
    assert visited.complaints == []


def test_without_a_network_the_reader_is_told_and_can_ask_again(visit: Visit) -> None:
    visited = visit()
    visited.open()
    visited.page.context.set_offline(True)
    assert told(visited).startswith("ネットワークにつながっていません。")
    visited.page.context.set_offline(False)
    visited.page.keyboard.press("Enter")
    visited.page.locator(".text.short").wait_for()


def test_too_many_questions_are_told_in_the_language_of_the_widget(
    visit: Visit, assistant: Assistant
) -> None:
    settings = Settings(
        keep_feedback=False, allowed_origins=("http://localhost:*",), requests_per_minute=1
    )
    with running(create_app(assistant, settings)) as limited:
        visited = visit('data-lang="en"', server=limited.url)
        page = visited.page
        page.evaluate(f"Shutten.open({{question: {QUESTION!r}}})")
        page.locator(".text.short").wait_for()
        page.evaluate(f"Shutten.open({{question: {QUESTION!r}}})")
        page.locator(".turn .error").wait_for()
        assert page.locator(".turn .error").inner_text().startswith("Too many requests. Try again")


def test_the_page_around_it_stays_as_it_was(visit: Visit, wiki: Site) -> None:
    state = """() => {
        const style = (e) => [...getComputedStyle(e)].map((n) => n + getComputedStyle(e)[n]).join();
        const { documentElement, body } = document;
        return {
            styles: [documentElement, body, document.querySelector("p")].map(style),
            body: document.body.innerHTML.replace(/<script.*/s, ""),
            sheets: document.styleSheets.length + document.adoptedStyleSheets.length,
            globals: Object.keys(window),
        };
    }"""
    visited = visit()
    with_widget = visited.page.evaluate(state)
    visited.open()
    assert visited.page.evaluate(state) == with_widget
    wiki.put("/plain", PAGE)
    visited.page.goto(f"{wiki.origin}/plain")
    without = visited.page.evaluate(state)
    globals_of = with_widget.pop("globals")
    assert set(globals_of) - set(without.pop("globals")) == {"Shutten"}
    assert {name: str(each).strip() for name, each in with_widget.items()} == {
        name: str(each).strip() for name, each in without.items()
    }


def test_markup_in_titles_texts_and_questions_never_runs(visit: Visit) -> None:
    visited = visit()
    visited.open()
    question = "山の標高は<img src=x onerror=window.ran=1>何メートルですか"
    visited.ask(question)
    page = visited.page
    assert page.locator(".asked").inner_text() == question
    assert page.locator("ol .title").first.inner_text() == EVIL_TITLE
    assert page.locator(".answer img, .answer script, .asked img").count() == 0
    assert page.locator(".answer a").count() == 0
    page.locator(".marker").first.click()
    assert page.evaluate("window.ran") is None
    assert active(page) == "LI source"


def test_events_tell_the_page_what_happens_and_ratings_reach_the_app(
    visit: Visit, app: Running
) -> None:
    visited = visit()
    page = visited.page
    page.evaluate(
        """() => {
            window.told = [];
            for (const name of ["open", "ask", "answer", "source", "feedback"])
                addEventListener(`shutten:${name}`, (event) => told.push([name, event.detail]));
        }"""
    )
    visited.open()
    visited.ask(QUESTION)
    page.locator(".marker").first.click()
    page.get_by_role("button", name="役に立った", exact=True).click()
    page.get_by_text("ありがとうございます。").first.wait_for()
    events = page.evaluate("told")
    assert [name for name, _ in events] == ["open", "ask", "answer", "source", "feedback"]
    details = dict(events)
    assert details["ask"] == {"question": QUESTION}
    assert details["answer"]["answer"]["citations"][0]["quote"] == SENTENCE
    assert details["source"]["where"] == "page"
    assert details["feedback"]["rating"] == "up"
    assert visited.asked(app.url)[-1] == "POST /api/feedback"


@pytest.mark.parametrize(
    ("scope", "path", "asked", "note"),
    [
        ("page", "/wiki/harbour:ferry", ["ferry"], "このページに質問します"),
        ("namespace", "/wiki/cape:other", ["lamp"], "1件の記事に質問します"),
        ("page", "/wiki/cape:other", None, "すべての記事に質問します"),
    ],
)
def test_a_scope_asks_the_articles_of_this_place(
    visit: Visit, scope: str, path: str, asked: list[str] | None, note: str
) -> None:
    visited = visit(f'data-scope="{scope}"', path=path)
    assert [urlsplit(each.url).path for each in visited.requests] == [path, "/widget.js"]
    visited.open()
    visited.ask(QUESTION)
    assert visited.page.locator(".scope").inner_text().endswith(note)
    sent = [each for each in visited.requests if urlsplit(each.url).path == "/api/ask"]
    body: Any = sent[-1].post_data_json
    assert body.get("article_ids") == asked


def test_options_may_stand_in_the_address_of_the_script(visit: Visit, app: Running) -> None:
    visited = visit()
    script = f"{app.url}/widget.js?lang=en&theme=dark&examples=A%7CB&base={app.url}"
    visited.page.evaluate(
        "src => document.head.append(Object.assign(document.createElement('script'), {src}))",
        script,
    )
    visited.page.wait_for_function("() => Shutten.widgets.length === 2")
    visited.page.evaluate("Shutten.widgets[1].open()")
    dialog = visited.page.get_by_role("dialog", name="Ask the articles")
    assert dialog.locator(".example").all_inner_texts() == ["A", "B"]
    assert dialog.evaluate("e => e.parentNode.dataset.theme") == "dark"
    visited.page.evaluate("Shutten.widgets[1].close()")
    visited.page.evaluate("document.activeElement.blur()")
    visited.page.keyboard.press("Control+i")
    visited.page.get_by_role("dialog", name="記事に質問する").wait_for()
    assert not dialog.is_visible()


def test_an_own_button_opens_it_and_gets_the_focus_back(visit: Visit) -> None:
    body = PAGE + '<button id="own">質問</button>'
    visited = visit('data-button="#own"', body=body)
    page = visited.page
    assert page.locator(".launcher").count() == 0
    page.click("#own")
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("Escape")
    assert active(page) == "own"


@pytest.mark.parametrize(
    ("ground", "attributes", "theme"),
    [
        ("#15171b", "", "dark"),
        ("#ffffff", "", "light"),
        ("#15171b", 'data-theme="light"', "light"),
        ("#ffffff", 'data-theme="dark"', "dark"),
    ],
)
def test_light_and_dark_follow_the_page(
    visit: Visit, ground: str, attributes: str, theme: str
) -> None:
    body = PAGE.replace("background:#fff", f"background:{ground}")
    visited = visit(attributes, body=body, color_scheme="dark")
    assert visited.page.locator(".root").get_attribute("data-theme") == theme


def test_a_page_that_turns_dark_takes_the_widget_along(visit: Visit) -> None:
    visited = visit()
    assert visited.page.locator(".root").get_attribute("data-theme") == "light"
    visited.page.evaluate("document.body.style.background = '#111'")
    visited.page.locator(".root[data-theme=dark]").wait_for(state="attached")


def test_on_a_phone_it_fills_the_screen_and_makes_way_for_the_sentence(visit: Visit) -> None:
    visited = visit(viewport={"width": 420, "height": 740})
    visited.open()
    page = visited.page
    dialog = page.get_by_role("dialog")
    assert dialog.bounding_box() == {"x": 0, "y": 0, "width": 420, "height": 740}
    assert dialog.get_attribute("aria-modal") == "true"
    visited.ask(LAMP_QUESTION)
    log = page.locator(".log")
    assert log.evaluate("e => e.scrollWidth - e.clientWidth") == 0
    visited.ask(QUESTION)
    page.locator(".turn:last-child .marker").first.click()
    assert not dialog.is_visible()
    assert "".join(highlighted(page).split()).replace("[1]", "") == SENTENCE


def test_the_same_line_twice_makes_one_widget(visit: Visit, app: Running) -> None:
    again = f'<script async src="{app.url}/widget.js" ></script>'
    visited = visit(body=PAGE + again)
    visited.page.wait_for_load_state("networkidle")
    assert visited.page.locator("shutten-widget").count() == 1


def test_an_answer_can_be_stopped_and_its_question_is_kept(visit: Visit) -> None:
    visited = visit()
    visited.open()
    visited.page.evaluate(
        """() => addEventListener("shutten:ask", () => {
            const { shadowRoot } = document.querySelector("shutten-widget");
            shadowRoot.querySelector("[aria-label='中断']").click();
        }, { once: true })"""
    )
    visited.page.get_by_role("textbox", name="質問").fill(QUESTION)
    visited.page.keyboard.press("Enter")
    stopped = visited.page.locator(".turn .notice")
    assert stopped.inner_text() == "中断しました。"
    assert visited.page.get_by_role("textbox", name="質問").input_value() == QUESTION
    assert visited.page.locator(".error:visible").count() == 0  # it is no alarm
    visited.page.keyboard.press("Enter")
    visited.page.locator(".text.short").wait_for()


def test_an_example_is_asked_and_the_keyboard_stays_in_the_panel(visit: Visit) -> None:
    visited = visit(f'data-examples="高さは？ | {QUESTION}"')
    visited.open()
    page = visited.page
    page.get_by_role("button", name=QUESTION).click()
    page.locator(".text.short").wait_for()
    assert page.locator(".asked").inner_text() == QUESTION
    assert active(page) == "DIV log"
    page.keyboard.press("Escape")
    assert not page.get_by_role("dialog").is_visible()
    assert active(page) == "BUTTON launcher"


def test_a_citation_follows_a_page_that_changes_without_loading(visit: Visit, wiki: Site) -> None:
    wiki.put("/wiki/cape:lamp", f"<body>{LAMP_SENTENCE}</body>")
    visited = visit()
    visited.open()
    page = visited.page
    visited.ask(LAMP_QUESTION)
    page.evaluate("history.pushState(null, '', '/wiki/cape:lamp?lang=ja')")
    page.locator(".marker").first.click()
    assert page.locator(".foot .error").inner_text().startswith("この文は、いまのページの中に")
    page.evaluate("text => document.querySelector('h1').textContent = text", LAMP_SENTENCE)
    page.locator(".marker").first.click()
    assert highlighted(page) == LAMP_SENTENCE
    assert not page.locator(".foot .error").is_visible()
    assert len(page.context.pages) == 1


def test_the_keys_of_the_page_are_left_alone_while_one_types(visit: Visit) -> None:
    visited = visit()
    page = visited.page
    page.evaluate("addEventListener('keydown', (event) => (window.heard = event.key))")
    visited.open()
    page.keyboard.press("s")
    assert page.locator("textarea").input_value() == "s"
    assert page.evaluate("window.heard ?? null") is None


@pytest.mark.parametrize(
    ("colour", "ink"),
    [("#e67e22", "rgb(0, 0, 0)"), ("navy", "rgb(255, 255, 255)"), ("none", "rgb(255, 255, 255)")],
)
def test_the_button_is_readable_on_any_colour(visit: Visit, colour: str, ink: str) -> None:
    visited = visit(f'data-colour="{colour}"')
    launcher = visited.page.locator(".launcher")
    assert launcher.evaluate("e => getComputedStyle(e).color") == ink


def test_questions_to_ask_next_come_behind_the_answer_and_enter_asks_one(visit: Visit) -> None:
    watched = visit()
    watched.open()
    watched.ask(QUAY_QUESTION)
    following = watched.page.locator(".following button")
    following.first.wait_for()
    question = following.first.inner_text()
    assert question == "港の桟橋が改修されたのはいつですか"
    following.first.focus()
    watched.page.keyboard.press("Enter")
    watched.page.locator(".answer:not(.growing)").nth(1).wait_for()
    assert watched.page.locator(".asked").nth(1).inner_text() == question
    assert watched.page.locator(".answer").nth(1).get_attribute("class") == "answer quoted"
    assert watched.page.locator(".answer").first.locator(".following").count() == 0
