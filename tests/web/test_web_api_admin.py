"""Articles put and deleted over HTTP are found, or not, at once; only the token opens the way."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from tests.nursery import Nursery
from tests.web.serving import running

from shutten.assistant import open_assistant
from shutten.filling import ensure_samples
from shutten.index import IndexWriter
from shutten.settings import Settings
from shutten.web.app import create_app

TOKEN = "open-sesame"  # noqa: S105 - a lock of this test alone
AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}
FERRY = {
    "title": "島の連絡船",
    "text": "新しい連絡船は2019年4月に就航した。定員は120人である。",
    "url": "https://wiki.example.org/ferry",
    "revision": "7",
}
PATH = "/api/articles/wiki/連絡船"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(index=tmp_path / "index", embedder="hash", reader="overlap", admin_token=TOKEN)


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    ensure_samples(settings)
    assistant = open_assistant(settings)
    yield TestClient(create_app(assistant, settings, page=False))
    assistant.index.close()


def found(client: TestClient, question: str) -> list[str]:
    body = {"question": question, "top": 1}
    return [hit["text"] for hit in client.post("/api/search", json=body).json()["hits"]]


def put(client: TestClient, article: dict[str, Any], path: str = PATH) -> tuple[int, Any]:
    headers = {**AUTHORIZED, "Content-Type": "application/json"}
    response = client.put(path, content=json.dumps(article), headers=headers)
    return response.status_code, response.json()


def test_an_article_is_found_as_soon_as_it_was_put(client: TestClient) -> None:
    done = {"id": "wiki/連絡船", "change": "added", "sentences_embedded": 2}
    assert put(client, FERRY) == (201, done)
    assert found(client, "連絡船の定員は120人である") == ["定員は120人である。"]
    stored = client.get(PATH).json()
    assert {name: stored[name] for name in FERRY} == FERRY
    assert stored["language"] == "ja"


def test_samples_leave_when_the_first_own_article_comes(client: TestClient) -> None:
    assert len(client.get("/api/articles").json()["articles"]) > 1
    put(client, FERRY)
    listed = client.get("/api/articles").json()["articles"]
    assert [entry["id"] for entry in listed] == ["wiki/連絡船"]


def test_an_article_that_was_changed_is_found_as_it_is_now(client: TestClient) -> None:
    put(client, FERRY)
    changed = {**FERRY, "text": FERRY["text"].replace("120人", "150人")}
    done = {"id": "wiki/連絡船", "change": "updated", "sentences_embedded": 1}
    assert put(client, changed) == (200, done)
    assert found(client, "連絡船の定員は150人である") == ["定員は150人である。"]
    assert put(client, changed)[1]["change"] == "unchanged"


def test_a_deleted_article_is_found_no_more(client: TestClient) -> None:
    put(client, FERRY)
    response = client.delete(PATH, headers=AUTHORIZED)
    assert response.json() == {"id": "wiki/連絡船", "change": "removed", "sentences_embedded": 0}
    assert found(client, "連絡船の定員は120人である") == []
    assert client.get(PATH).json()["error"]["code"] == "unknown_article"
    again = client.delete(PATH, headers=AUTHORIZED)
    assert (again.status_code, again.json()["error"]["code"]) == (404, "unknown_article")


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}])
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_nothing_changes_without_the_token(
    client: TestClient, method: str, headers: dict[str, str]
) -> None:
    before = client.get("/api/articles").json()
    path = f"/api/articles/{before['articles'][0]['id']}"
    response = client.request(method, path, json=FERRY, headers=headers)
    assert (response.status_code, response.json()["error"]["code"]) == (401, "unauthorized")
    assert client.get("/api/articles").json() == before


@pytest.mark.parametrize(
    ("article", "complaint"),
    [
        ({"text": "x"}, 'the body: "title" is missing: an article needs "title" and "text"'),
        ({"title": "x"}, 'the body: "text" is missing: an article needs "title" and "text"'),
        ({"title": "x", "text": " "}, 'the body: "text" is empty: fill it'),
        ({"title": "x", "text": 5}, '"text" is not a string'),
        ({"title": "x", "text": "\ud83d"}, '"text" holds half a character'),
    ],
)
def test_an_article_that_cannot_be_taken_in_says_why(
    client: TestClient, article: dict[str, Any], complaint: str
) -> None:
    status, body = put(client, article)
    assert (status, body["error"]["code"]) == (422, "invalid_article")
    message = body["error"]["message"]
    assert message.startswith("This article cannot be taken in: ")
    assert complaint in message
    assert "line" not in message


def test_articles_put_at_the_same_time_are_all_there(settings: Settings) -> None:
    ensure_samples(settings)
    assistant = open_assistant(settings)
    with (
        running(create_app(assistant, settings)) as served,
        httpx.Client(base_url=served.url, headers=AUTHORIZED, timeout=60) as client,
        ThreadPoolExecutor(4) as pool,
    ):
        paths = [f"/api/articles/{number}" for number in range(8)]
        answers = list(pool.map(lambda path: client.put(path, json=FERRY).status_code, paths))
        listed = client.get("/api/articles").json()["articles"]
    assert answers == [201] * 8
    assert sorted(entry["id"] for entry in listed) == sorted(map(str, range(8)))
    assistant.index.close()


def test_while_another_process_writes_the_caller_is_told_to_wait(
    client: TestClient, settings: Settings
) -> None:
    with IndexWriter.open(settings.index):
        response = client.put(PATH, json=FERRY, headers=AUTHORIZED)
    assert (response.status_code, response.json()["error"]["code"]) == (503, "index_busy")
    assert response.headers["retry-after"] == "1"
    assert put(client, FERRY)[0] == 201


def test_no_command_shows_the_token(settings: Settings, commands: Nursery) -> None:
    ensure_samples(settings)
    environment = {**os.environ, "SHUTTEN_ADMIN_TOKEN": TOKEN, "SHUTTEN_API_KEYS": TOKEN}
    for arguments in (["info"], ["info", "--json"], ["serve", "--port", "-1"]):
        whole = (*arguments, "--index", str(settings.index))
        ran = commands.run(*whole, cwd=settings.index.parent, environment=environment)
        assert ran.stdout + ran.stderr
        assert TOKEN not in ran.stdout + ran.stderr


def test_with_keys_set_the_token_is_enough(settings: Settings) -> None:
    ensure_samples(settings)
    keyed = settings.model_copy(update={"api_keys": Settings(api_keys="k1").api_keys})
    assistant = open_assistant(keyed)
    guarded = TestClient(create_app(assistant, keyed))
    assert guarded.put(PATH, json=FERRY, headers={"Authorization": "Bearer k1"}).status_code == 401
    assert put(guarded, FERRY)[0] == 201
    assistant.index.close()
