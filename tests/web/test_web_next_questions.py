"""Next questions over HTTP: for programs with `suggest`, for the page at an address of its own."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from tests.web.making import make_assistant
from tests.web.serving import running, wait_until
from tests.web.test_web_api_stream import STREAM, events_of

from shutten.assistant import Assistant
from shutten.settings import Settings
from shutten.suggesting import Answered, Suggester
from shutten.types import Article
from shutten.web.app import create_app

HARBOUR = Article(
    "harbour.txt",
    "港の連絡船",
    "港の連絡船\n\n港の連絡船の定員は120人である。港の連絡船は2019年4月に就航した。"
    "港の連絡船の桟橋の長さは85メートルである。",
)
SECRET = Article(
    "secret.txt",
    "倉庫の鍵",
    "倉庫の鍵\n\n倉庫の鍵の番号は合計45個である。倉庫の鍵は2020年5月に交換された。",
    groups=("keepers",),
)
QUESTION = "港の連絡船の定員は何人ですか"
HIDDEN_QUESTION = "倉庫の鍵の番号は何個ですか"
EXPECTED = ["港の連絡船の桟橋の長さは何メートルですか", "港の連絡船が就航したのはいつですか"]
SIGN_IN: dict[str, Any] = {
    "trusted_proxies": "127.0.0.1",
    "groups_header": "Remote-Groups",
    "user_header": "Remote-User",
}


@pytest.fixture(scope="module")
def assistant() -> Assistant:
    return make_assistant([HARBOUR, SECRET])


@pytest.fixture(scope="module")
def client(assistant: Assistant) -> TestClient:
    return TestClient(create_app(assistant, Settings()), client=("127.0.0.1", 1))


def body_of(answer: dict[str, Any], **place: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"answer": answer, "place": {"origin": "index", "chosen": [], **place}, "turns": "[]"}


def test_an_answer_carries_them_where_they_are_wanted(client: TestClient) -> None:
    answer = client.post("/api/ask", json={"question": QUESTION, "suggest": True}).json()
    assert sorted(answer["suggestions"]) == sorted(EXPECTED)
    assert answer["timings_ms"]["suggest"] > 0
    plain = client.post("/api/ask", json={"question": QUESTION}).json()
    assert plain["suggestions"] == []
    assert plain["timings_ms"]["suggest"] == 0
    assert plain["text"] == answer["text"]


def test_in_a_stream_they_come_behind_the_answer(client: TestClient) -> None:
    asked = {"question": QUESTION, "suggest": True}
    events = events_of(client.post("/api/ask", json=asked, headers=STREAM).text)
    names = [name for name, _ in events]
    assert names[-2:] == ["done", "suggestions"]
    assert events[-2][1]["suggestions"] == []
    assert sorted(events[-1][1]["suggestions"]) == sorted(EXPECTED)
    assert events[-1][1]["timings_ms"]["suggest"] > 0
    without = events_of(client.post("/api/ask", json={"question": QUESTION}, headers=STREAM).text)
    assert without[-1][0] == "done"


def test_a_wish_that_is_no_wish_is_refused(client: TestClient) -> None:
    response = client.post("/api/ask", json={"question": QUESTION, "suggest": "yes"})
    assert response.status_code == 422
    assert '"suggest" must be true or false' in response.json()["error"]["message"]


def test_the_page_gets_them_for_its_answer(client: TestClient) -> None:
    answer = client.post("/api/ask", json={"question": QUESTION}).json()
    found = client.post("/ui/suggestions", json=body_of(answer)).json()
    assert sorted(found["suggestions"]) == sorted(EXPECTED)
    assert found["timings_ms"]["suggest"] > 0
    elsewhere = body_of(answer, chosen=["index:secret.txt"])
    assert client.post("/ui/suggestions", json=elsewhere).json()["suggestions"] == []


def test_what_was_said_before_is_not_suggested(client: TestClient) -> None:
    answer = client.post("/api/ask", json={"question": QUESTION}).json()
    body = body_of(answer)
    body["turns"] = f'[["{EXPECTED[1]}", "2019年4月"]]'
    found = client.post("/ui/suggestions", json=body).json()
    assert found["suggestions"] == [EXPECTED[0]]


def test_what_was_suggested_before_is_not_again(client: TestClient) -> None:
    asked = {"question": QUESTION, "suggest": True, "suggested": [EXPECTED[1]]}
    answer = client.post("/api/ask", json=asked).json()
    assert answer["suggestions"] == [EXPECTED[0]]
    body = {**body_of(answer), "suggested": EXPECTED}
    assert client.post("/ui/suggestions", json=body).json()["suggestions"] == []
    wrong = client.post("/api/ask", json={**asked, "suggested": "all"})
    assert '"suggested" must be a list of strings' in wrong.json()["error"]["message"]


def test_what_a_page_makes_up_is_refused_or_finds_nothing(client: TestClient) -> None:
    answer = client.post("/api/ask", json={"question": QUESTION}).json()
    assert client.post("/ui/suggestions", json={"answer": {}}).status_code == 422
    assert client.post("/ui/suggestions", json=[]).status_code == 422
    own = client.post("/ui/suggestions", json=body_of(answer, origin="own"))
    assert own.json()["suggestions"] == []
    answer["citations"][0]["article_id"] = "nowhere"
    assert client.post("/ui/suggestions", json=body_of(answer)).json()["suggestions"] == []


def test_a_page_sends_no_more_than_a_request_may_hold(assistant: Assistant) -> None:
    client = TestClient(create_app(assistant, Settings(request_max_megabytes=1)))
    headers = {"Content-Type": "application/json"}
    for content in (b"1" * (1024 * 1024 + 1), iter([b"{}"])):
        response = client.post("/ui/suggestions", content=content, headers=headers)
        assert (response.status_code, response.json()["error"]["code"]) == (413, "too_large")


def test_nobody_learns_of_articles_that_they_may_not_see(assistant: Assistant) -> None:
    client = TestClient(create_app(assistant, Settings(**SIGN_IN)), client=("127.0.0.1", 1))
    keeper = {"Remote-User": "ada", "Remote-Groups": "keepers"}
    asked = {"question": HIDDEN_QUESTION, "suggest": True}
    seen = client.post("/api/ask", json=asked, headers=keeper).json()
    assert seen["suggestions"] == ["倉庫の鍵が交換されたのはいつですか"]
    hidden = client.post("/api/ask", json=asked).json()
    assert hidden["suggestions"] == []
    body = body_of(seen)
    assert client.post("/ui/suggestions", json=body, headers=keeper).json()["suggestions"]
    assert client.post("/ui/suggestions", json=body).json()["suggestions"] == []


def test_they_can_be_switched_off(assistant: Assistant) -> None:
    client = TestClient(create_app(assistant, Settings(suggestions=0)), client=("127.0.0.1", 1))
    answer = client.post("/api/ask", json={"question": QUESTION, "suggest": True}).json()
    assert answer["suggestions"] == []
    assert client.post("/ui/suggestions", json=body_of(answer)).json()["suggestions"] == []


class CountingAssistant(Assistant):
    """Waits in every question after the first until the gate is open, and counts them."""

    gate = threading.Event()
    asked = 0

    def ask(self, question: str, **more: Any) -> Any:  # noqa: ANN401
        type(self).asked += 1
        self.gate.wait()
        return super().ask(question, **more)


def test_who_leaves_behind_the_answer_ends_the_search_for_them(assistant: Assistant) -> None:
    waiting = CountingAssistant(
        assistant.index, assistant.retriever, assistant.reader, assistant.embedder
    )
    total = len(list(Suggester(assistant).steps(Answered(assistant.ask(QUESTION)))))
    assert total > 1
    with running(create_app(waiting, Settings())) as server, ThreadPoolExecutor() as pool:
        asked = {"question": QUESTION, "suggest": True}

        def leave_after_the_answer() -> None:
            with httpx.stream(
                "POST", f"{server.url}/api/ask", json=asked, headers=STREAM, timeout=60
            ) as response:
                for line in response.iter_lines():
                    if line == "event: done":
                        wait_until(lambda: CountingAssistant.asked == 1)
                        return

        pool.submit(leave_after_the_answer).result()
        CountingAssistant.gate.set()
        wait_until(lambda: server.connections == 0)
        assert CountingAssistant.asked == 1
