"""Exports over HTTP: for programs under /api, and for the page itself."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from tests.web.making import DOG, NEWS, make_assistant

from shutten.exporting import Format, export_answer, export_conversation
from shutten.settings import Settings
from shutten.web.app import create_app
from shutten.web.exports import conversation_tools
from shutten.web.texts import JAPANESE

QUESTION = "R2は5月上旬に公開される予定でしたか"
ADDRESSES = ("/api/export", "/ui/export")


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(create_app(make_assistant([NEWS, DOG]), Settings()))


@pytest.fixture(scope="module")
def answers(client: TestClient) -> list[Any]:
    questions = (QUESTION, "犬の名前は何ですか", "量子色力学とは？")
    return [client.post("/api/ask", json={"question": each}).json() for each in questions]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    ("form", "named"),
    [
        ("text", ("text/plain", "shutten.txt")),
        ("markdown", ("text/markdown", "shutten.md")),
        ("html", ("text/html", "shutten.html")),
        ("dokuwiki", ("text/plain", "shutten.dokuwiki.txt")),
        ("mediawiki", ("text/plain", "shutten.mediawiki.txt")),
    ],
)
def test_what_was_answered_can_be_sent_back_for_an_export(
    client: TestClient, answers: list[Any], address: str, form: Format, named: tuple[str, str]
) -> None:
    assistant = make_assistant([NEWS, DOG])
    own = [assistant.ask(answer["question"]) for answer in answers]
    one = client.post(address, json={"format": form, "answer": answers[0]}).json()
    assert one == {
        "format": form,
        "media_type": named[0],
        "file_name": named[1],
        "text": export_answer(own[0], form),
    }
    all_of_them = client.post(address, json={"format": form, "answers": answers}).json()
    assert all_of_them["text"] == export_conversation(own, form)


def test_exports_for_the_page_are_counted_as_questions_are(answers: list[Any]) -> None:
    counting = TestClient(
        create_app(make_assistant([NEWS]), Settings(requests_per_minute=2), page=False)
    )
    body = {"format": "text", "answer": answers[0]}
    statuses = [counting.post("/ui/export", json=body).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


def test_a_part_of_a_page_is_html_without_the_page(client: TestClient, answers: list[Any]) -> None:
    body = {"format": "html", "answer": answers[0], "part": True}
    assert client.post("/api/export", json=body).json()["text"].startswith("<p>R2は5月上旬に")


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"answers": []}, '"format" must be one of text, markdown, html, dokuwiki, mediawiki'),
        ({"format": "pdf", "answers": []}, '"format" must be one of'),
        ({"format": "html"}, '"answers"'),
        ({"format": "html", "answers": [1]}, '"answers": 0'),
        ({"format": "html", "answer": {"id": "1"}}, '"answers": 0.question: Field required'),
        ({"format": "html", "answers": [{}] * 201}, '"answers" must be up to 200 answers'),
    ],
)
def test_what_is_no_answer_is_told(
    client: TestClient, address: str, body: dict[str, Any], told: str
) -> None:
    response = client.post(address, json=body)
    assert response.status_code == 422
    error = response.json()["error"]
    assert error["code"] == "invalid_request"
    assert told in error["message"]


def test_the_page_exports_without_the_key_that_programs_need(answers: list[Any]) -> None:
    settings = Settings(api_keys=(SecretStr("a-key-for-programs"),))
    client = TestClient(create_app(make_assistant([NEWS]), settings))
    body = {"format": "text", "answer": answers[0]}
    assert client.post("/api/export", json=body).status_code == 401
    assert client.post("/ui/export", json=body).status_code == 200


def test_the_page_takes_no_more_than_a_request_may_hold() -> None:
    client = TestClient(create_app(make_assistant([NEWS]), Settings(request_max_megabytes=1)))
    headers = {"Content-Type": "application/json"}
    for content in (b"1" * (1024 * 1024 + 1), iter([b"{}"])):
        response = client.post("/ui/export", content=content, headers=headers)
        assert (response.status_code, response.json()["error"]["code"]) == (413, "too_large")


def test_other_sites_cannot_send_a_form(client: TestClient) -> None:
    for address in ADDRESSES:
        assert client.post(address, data={"format": "html"}).status_code == 415


def test_a_whole_conversation_can_be_copied_and_saved_in_four_formats() -> None:
    page = conversation_tools(JAPANESE)
    assert page.count('class="export copy all as-') == page.count('class="export save all as-') == 4
    assert 'title="DokuWiki でコピー"' in page
    assert 'title="MediaWiki で保存"' in page
