"""Written answers in the page: what is pending, removed, stopped, and the choice to be quoted."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import gradio as gr
import pytest
from fastapi import Request
from fastapi.testclient import TestClient
from tests.web.making import NEWS, make_library
from tests.web.writers import OTHER, QUESTION, SENTENCE, HeldWriter, writing_assistant

from shutten.exporting import FORMATS
from shutten.settings import Settings
from shutten.types import Answer, Claim
from shutten.web.answers import answer_html
from shutten.web.app import create_app
from shutten.web.examples import ExampleQuestions
from shutten.web.exports import exported
from shutten.web.library import Library
from shutten.web.markup import Reference
from shutten.web.page import Page
from shutten.web.stopping import Stops
from shutten.web.texts import ENGLISH, JAPANESE
from shutten.web.uploads import UploadStore
from shutten.writing.echo import EchoWriter

if TYPE_CHECKING:
    from shutten.types import Writer

HOSTILE = "<img src=x onerror=window.ran=1>"


def located(article_id: str) -> Reference:
    return Reference("index", article_id)


def growing(text: str, *pieces: str, status: str = "written") -> Answer:
    """An answer whose text is these claims, the last of which is pending."""
    claims, start = [], 0
    for piece in pieces:
        begin = text.index(piece, start)
        claims.append(Claim(piece, begin, begin + len(piece), supported=True, citations=()))
        start = begin + len(piece)
    claims[-1] = replace(claims[-1], supported=False)
    return Answer("1", "q", "q", "ja", text, status, refused=False, claims=tuple(claims))  # type: ignore[arg-type]


def test_what_is_pending_is_told_apart_from_what_is_checked() -> None:
    answer = growing("橋がある。<b>[1]橋は", "橋がある。", "<b>[1]橋は")
    page = answer_html(answer, JAPANESE, located, key=None)
    assert re.findall(r'<span class="unchecked">(.*?)</span>', page) == ["&lt;b&gt;[1]橋は"]
    assert re.findall(r'<small class="checking">(.*?)</small>', page) == [JAPANESE.checking]
    assert page.index("橋がある。") < page.index("unchecked")
    assert 'aria-busy="true"' in page
    assert JAPANESE.written not in page


def test_a_growing_answer_never_says_that_it_is_checked() -> None:
    for status in ("written", "partial"):
        page = answer_html(growing("橋", "橋", status=status), ENGLISH, located, key=None)
        assert re.findall(r'<p class="badge">(.*?)</p>', page) == [ENGLISH.writing]


def removed_answer(**more: Any) -> Answer:  # noqa: ANN401
    gone = Claim(HOSTILE, 0, 1, supported=False, citations=(), problem=f"{HOSTILE}理由")
    kept = Claim("残る。", 0, 3, supported=True, citations=())
    answer = Answer("1", "q", "q", "ja", "残る。", "partial", refused=False, claims=(kept,))
    return replace(answer, removed=(gone,), **more)


@pytest.mark.parametrize("status", ["partial", "quoted", "refused"])
def test_what_was_removed_can_be_looked_at_with_its_reason(status: str) -> None:
    answer = removed_answer(status=status, refused=status == "refused")
    page = answer_html(answer, JAPANESE, located, key="k")
    details = re.findall(r"<details class=\"removed\">(.*?)</details>", page)
    assert len(details) == 1
    assert html.escape(HOSTILE) in re.findall(r"<del .*?>(.*?)</del>", details[0])
    assert re.findall(r'class="why">(.*?)</span>', details[0]) == [f"{html.escape(HOSTILE)}理由"]
    assert "<img" not in page


def test_what_was_removed_is_only_counted_while_the_answer_grows() -> None:
    page = answer_html(removed_answer(), JAPANESE, located, key=None)
    assert JAPANESE.removed_claims.format(count=1) in page
    assert "<details" not in page


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_removed_is_taken_along(form: str) -> None:
    page = answer_html(removed_answer(), JAPANESE, located, key="k")
    data = html.unescape(re.findall(r'<pre class="answer-data">(.*?)</pre>', page)[0])
    assert "理由" not in exported({"format": form, "answer": json.loads(data)}).text
    assert "残る。" in exported({"format": form, "answer": json.loads(data)}).text


def test_a_stop_reaches_the_answers_of_its_own_page_alone() -> None:
    stops = Stops()
    with stops.watched("mine") as first, stops.watched("mine") as second:
        with stops.watched("other") as other:
            stops.stop("mine")
            assert [each.is_set() for each in (first, second, other)] == [True, True, False]
        stops.stop("nobody")
    with stops.watched("mine") as later:
        assert not later.is_set()


def library_of(writer: Writer) -> Library:
    return Library(writing_assistant(writer), UploadStore(_no_uploads, lifetime=60))


def _no_uploads(articles: Any) -> Any:  # noqa: ANN401
    raise AssertionError(articles)


def page_of(library: Library) -> Page:
    return Page(library, ExampleQuestions(library.assistant), Settings())


def request(query: bytes = b"lang=ja") -> gr.Request:
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": query, "headers": []}
    return gr.Request(request=Request(scope))


def shown(step: tuple[Any, ...]) -> str:
    return str(step[1][-1]["content"])


def test_a_stopped_answer_keeps_what_was_checked_and_says_so() -> None:
    writer = HeldWriter("小さな公園が", lambda text, _: text + OTHER * 3)
    page = page_of(library_of(writer))
    steps = page.ask(QUESTION, [], "", [], "mine", "write", request())
    while "unchecked" not in shown(step := next(steps)):
        pass
    page.stop("mine", request())
    *_, final = [*steps]
    assert writer.closed == 1
    assert re.findall(r'class="unchecked">(.*?)<', shown(step)) == [
        OTHER + "橋の近くには小さな公園が"
    ]
    assert JAPANESE.stopped_notice in shown(final)
    assert "unchecked" not in shown(final)
    assert json.loads(final[2]) == [[QUESTION, f"{SENTENCE}[1]{OTHER}[2]"]]


def test_an_answer_stopped_before_anything_stood_says_only_that() -> None:
    writer = HeldWriter("青空")
    page = page_of(library_of(writer))
    steps = page.ask(QUESTION, [], "", [], "mine", "write", request(b"lang=en"))
    while "unchecked" not in shown(next(steps)):
        pass
    page.stop("mine", request())
    *_, final = [*steps]
    assert writer.closed == 1
    assert ENGLISH.stopped in shown(final)
    assert "青空橋は" not in shown(final)
    assert final[2] == gr.skip()


def test_closing_the_events_ends_the_writing() -> None:
    writer = HeldWriter("青空")
    steps = page_of(library_of(writer)).ask(QUESTION, [], "", [], "mine", "write", request())
    while "unchecked" not in shown(next(steps)):
        pass
    steps.close()  # type: ignore[attr-defined] # Gradio closes generators so
    assert writer.closed == 1


def test_the_choice_is_there_only_where_something_can_write() -> None:
    with_writer = page_of(library_of(EchoWriter())).arrive(request())
    without = page_of(make_library([NEWS])).arrive(request())
    ways = [
        next(u for u in updates if isinstance(u, gr.Radio)) for updates in (with_writer, without)
    ]
    assert [way.visible for way in ways] == [True, False]
    assert ways[0].choices == [("文章で答える", "write"), ("引用で答える", "quote")]


@pytest.mark.parametrize(
    ("asked", "status", "written"), [({}, "written", 1), ({"quoting": True}, "quoted", 0),
                                     ({"quoting": False}, "written", 1)],
)  # fmt: skip
def test_programs_can_ask_to_be_quoted(asked: dict[str, object], status: str, written: int) -> None:
    writer = EchoWriter()
    client = TestClient(create_app(writing_assistant(writer), Settings()))
    answer = client.post("/api/ask", json={"question": QUESTION, **asked}).json()
    assert (answer["status"], writer.closed) == (status, written)


def test_quoting_is_true_or_false() -> None:
    client = TestClient(create_app(writing_assistant(EchoWriter()), Settings()))
    response = client.post("/api/ask", json={"question": QUESTION, "quoting": "yes"})
    assert response.status_code == 422
    assert '"quoting" must be true or false' in response.json()["error"]["message"]
