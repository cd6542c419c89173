"""What a tab has kept over a reload comes back as it was, and nothing else comes with it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

import gradio as gr
import pytest
from starlette.requests import Request
from tests.web.making import DOG, NEWS, make_library

from shutten.settings import Settings
from shutten.web.examples import ExampleQuestions
from shutten.web.kept import MOST_ANSWERS, read_kept
from shutten.web.library import Library
from shutten.web.page import Page
from shutten.web.texts import JAPANESE

QUESTION = "R2はいつ公開される予定でしたか"
DATA = re.compile(r'<pre class="(answer-data|answer-about|answer-data answer-place)">(.*?)</pre>')


def request() -> gr.Request:
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "query_string": b"lang=ja",
        "headers": [],
    }
    return gr.Request(request=Request(scope))


def page_of(library: Library) -> Page:
    return Page(library, ExampleQuestions(library.assistant), Settings())


def asked(
    page: Page, question: str, token: str = "", *, scope: Sequence[str] = ()
) -> list[dict[str, Any]]:
    *_, (_, messages, _, _) = page.ask(question, [], "", [*scope], token, "write", request())
    return list(messages)


def entry(shown: str) -> dict[str, Any]:
    """What keep.js reads off an answer."""
    data = {name.split()[-1]: html_text(text) for name, text in DATA.findall(shown)}
    return {
        "answer": json.loads(data["answer-data"]),
        "about": json.loads(data["answer-about"]),
        "place": json.loads(data["answer-place"]),
        "key": re.findall(r'id="answer-(\w+)"', shown)[0],
    }


def html_text(escaped: str) -> str:
    from html import unescape

    return unescape(escaped)


def kept(answers: Sequence[object], **more: object) -> str:
    record = {"token": "", "turns": '[["前", "答え"]]', "files": False, "answers": answers}
    return json.dumps({**record, **more}, ensure_ascii=False)


def test_a_conversation_comes_back_as_it_was() -> None:
    page = page_of(make_library([NEWS]))
    before = asked(page, QUESTION)
    written = kept([entry(before[1]["content"])])
    token, messages, turns, _, shown, forget = page.restore(written, [], "new", request())
    assert messages == before
    assert (token, turns, forget.visible) == ("new", '[["前", "答え"]]', False)
    assert 'id="page/index:news.txt"' in shown


def test_what_was_changed_on_the_way_is_text_all_the_same() -> None:
    page = page_of(make_library([NEWS]))
    record = entry(asked(page, QUESTION)[1]["content"])
    evil = "<img src=x onerror=alert(1)>"
    record["answer"] |= {"text": evil, "short_answer": evil, "notices": [evil]}
    record["answer"]["citations"][0] |= {"title": evil, "url": "javascript:alert(1)"}
    record["about"]["again"] = json.dumps({"question": evil, "scope": [evil]})
    _, messages, *_ = page.restore(kept([record]), [], "new", request())
    drawn = "".join(each["content"] for each in messages)
    assert "&lt;img src=x" in drawn
    assert "<img" not in drawn
    assert 'href="javascript' not in drawn


@pytest.mark.parametrize(
    "written",
    [
        "",
        "null",
        "[1]",
        "no JSON",
        "NaN",
        "[" * 200_000,
        json.dumps({"answers": [{"about": {"again": "[" * 200_000}}]}),
        '{"answers": 3}',
        '{"answers": [null, 1, {"about": {}}]}',
    ],
)
def test_what_is_no_conversation_brings_nothing_back(written: str) -> None:
    found = read_kept(written)
    assert found is None or found.answers == ()


def test_an_answer_of_another_shape_or_name_is_left_out() -> None:
    page = page_of(make_library([NEWS]))
    good = entry(asked(page, QUESTION)[1]["content"])
    bad = [{**good, "answer": {"text": 3}}, {**good, "key": '"><b>'}, {**good, "about": None}]
    found = read_kept(kept([*bad, *[good] * (MOST_ANSWERS - 1)]))
    assert found is not None
    assert len(found.answers) == MOST_ANSWERS - 1


def test_a_stopped_question_comes_back_with_its_button() -> None:
    page = page_of(make_library([NEWS]))
    about = {"again": json.dumps({"question": QUESTION, "scope": []})}
    _, messages, *_ = page.restore(kept([{"about": about}]), [], "new", request())
    assert QUESTION in messages[0]["content"]
    assert JAPANESE.ask_again in messages[1]["content"]


def test_a_question_that_was_quicker_is_not_overwritten() -> None:
    page = page_of(make_library([NEWS]))
    before = asked(page, QUESTION)
    written = kept([entry(before[1]["content"])])
    assert page.restore(written, before, "new", request()) == (gr.skip(),) * 6


def test_files_are_asked_further_while_they_are_there() -> None:
    library = make_library([NEWS])
    token = library.uploads.new_token()
    library.uploads.add(token, [DOG])
    restored = page_of(library).restore(kept([], token=token, files=True), [], "new", request())
    assert restored[0] == token
    assert restored[3].value == ["own:dog.txt"]
    assert restored[5].visible


def test_a_refusal_of_added_files_offers_all_articles_after_a_reload_too() -> None:
    library = make_library([NEWS])
    token = library.uploads.new_token()
    library.uploads.add(token, [DOG])
    page = page_of(library)
    before = asked(page, QUESTION, token, scope=["own:dog.txt"])
    assert JAPANESE.only_own in before[1]["content"]
    written = kept([entry(before[1]["content"])], token=token, files=True)
    assert page.restore(written, [], "new", request())[1] == before


def test_files_that_are_gone_are_told() -> None:
    page = page_of(make_library([NEWS]))
    with pytest.warns(UserWarning, match=JAPANESE.files_gone):
        restored = page.restore(kept([], files=True), [], "new", request())
    assert restored[0] == "new"
    assert not restored[5].visible
