"""An answer as it grows: events in their order, and an end to the work when nobody listens."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from tests.web.making import DOG, NEWS, make_assistant
from tests.web.serving import running, wait_until

from shutten.assistant import Assistant
from shutten.errors import IndexDamagedError
from shutten.reader import OverlapReader
from shutten.settings import Settings
from shutten.types import Answer, Article, Claim, Passage, Reader, Reading, Timings
from shutten.web.api.stream import Telling, written
from shutten.web.app import create_app

STREAM = {"Accept": "text/event-stream"}
QUESTION = "犬の名前はポチですか、犬は三歳ですか"

Event = tuple[str, Any]


def events_of(text: str) -> list[Event]:
    events = []
    for block in text.split("\n\n")[:-1]:
        name, data = block.split("\n")
        events.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return events


def assistant_with(reader: Reader) -> Assistant:
    made = make_assistant([NEWS, DOG])
    return Assistant(made.index, made.retriever, reader, made.embedder)


class WaitingReader(OverlapReader):
    """Reads as its kind does, once the gate is open."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        self.gate.wait()
        return super().read(question, passages)


class BrokenReader(OverlapReader):
    """Fails when it reads."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._error = error

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:  # noqa: ARG002
        raise self._error


def test_events_lead_from_the_hits_to_the_answer() -> None:
    client = TestClient(create_app(make_assistant([NEWS]), Settings()))
    response = client.post("/api/ask", json={"question": "記事を要約して"}, headers=STREAM)
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    events = events_of(response.text)
    (_, hits), *claims, (last, answer) = events
    assert [name for name, _ in events] == ["hits", *["claim", "delta", "claim"] * 2, "done"]
    assert [hit["article_id"] for hit in hits] == ["news.txt"] * 3
    assert (last, answer["status"]) == ("done", "quoted")
    texts = [claim["text"] for claim in answer["claims"]]
    assert claims == [
        event
        for number, text in enumerate(texts, start=1)
        for event in (
            ("claim", {"n": number, "state": "pending", "text": ""}),
            ("delta", {"n": number, "text": text}),
            ("claim", {"n": number, "state": "supported", "text": text}),
        )
    ]


def test_the_last_event_is_the_answer_that_json_gives() -> None:
    client = TestClient(create_app(make_assistant([DOG]), Settings()))
    streamed = client.post("/api/ask", json={"question": QUESTION}, headers=STREAM)
    plain = client.post("/api/ask", json={"question": QUESTION}).json()
    moment = {"id": "", "timings_ms": {}}
    assert {**events_of(streamed.text)[-1][1], **moment} == {**plain, **moment}


def test_a_refusal_has_hits_and_an_end() -> None:
    client = TestClient(create_app(make_assistant([DOG]), Settings()))
    response = client.post("/api/ask", json={"question": "量子色力学とは？"}, headers=STREAM)
    events = events_of(response.text)
    assert [name for name, _ in events] == ["hits", "done"]
    assert events[-1][1]["refused"] is True


def test_a_removed_claim_is_told_as_removed() -> None:
    kept = Claim("残る。", 0, 3, supported=True, citations=(1,))
    gone = Claim("消える。", 0, 4, supported=False, citations=())
    searched = Timings(retrieve=1.0)
    draft = Answer("1", "q", "q", "ja", "", "partial", refused=False, timings_ms=searched)
    telling = Telling()
    assert list(telling.news(draft)) == [("hits", [])]
    assert list(telling.news(replace(draft, claims=(kept,)))) == [
        ("claim", {"n": 1, "state": "pending", "text": ""}),
        ("delta", {"n": 1, "text": "残る。"}),
        ("claim", {"n": 1, "state": "supported", "text": "残る。"}),
    ]
    assert list(telling.news(replace(draft, claims=(kept,), removed=(gone,))))[-1] == (
        "claim",
        {"n": 2, "state": "removed", "text": "消える。"},
    )
    assert list(telling.news(replace(draft, claims=(kept,), removed=(gone,)))) == []


def test_nothing_in_a_text_can_end_an_event() -> None:
    text = "一行目\r\nevent: done\n\ndata: {}\u2028"
    assert events_of(written(("delta", {"n": 1, "text": text})).decode()) == [
        ("delta", {"n": 1, "text": text})
    ]


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (RuntimeError("/secret/path"), "internal", "予期しない問題が起きました。"),
        (IndexDamagedError("/secret/path"), "index_unavailable", "索引を読めません。"),
    ],
)
def test_an_error_on_the_way_ends_the_stream_without_its_inner_words(
    error: Exception, code: str, message: str
) -> None:
    client = TestClient(create_app(assistant_with(BrokenReader(error)), Settings()))
    headers = {**STREAM, "Accept-Language": "ja"}
    response = client.post("/api/ask", json={"question": QUESTION}, headers=headers)
    (_, _), (name, told) = events_of(response.text)
    assert (name, told["error"]["code"]) == ("error", code)
    assert told["error"]["message"].startswith(message)
    assert "secret" not in response.text
    answers = [
        line for line in client.get("/metrics").text.splitlines() if "answers_total{" in line
    ]
    assert answers == ['shutten_answers_total{status="failed"} 1']


def test_an_unexpected_error_is_one_line_with_all_headers() -> None:
    app = create_app(assistant_with(BrokenReader(RuntimeError("/secret"))), Settings())
    response = TestClient(app).post("/api/ask", json={"question": QUESTION})
    assert (response.status_code, response.json()["error"]["code"]) == (500, "internal")
    assert "secret" not in response.text
    assert response.headers["x-content-type-options"] == "nosniff"


def test_who_leaves_ends_the_work_and_keeps_nobody_waiting() -> None:
    reader = WaitingReader()
    with running(create_app(assistant_with(reader), Settings())) as served:
        try:
            body = {"question": QUESTION}
            with httpx.stream("POST", f"{served.url}/api/ask", json=body, headers=STREAM) as stream:
                assert next(stream.iter_lines()) == "event: hits"
                # The answer waits in its thread; everybody else is served meanwhile.
                assert httpx.get(f"{served.url}/healthz").json()["status"] == "ok"
            wait_until(lambda: served.connections == 0)
        finally:
            reader.gate.set()
        counted = 'shutten_answers_total{status="abandoned"} 1'
        wait_until(lambda: counted in httpx.get(f"{served.url}/metrics").text)
        assert httpx.post(f"{served.url}/api/ask", json=body).json()["status"] == "quoted"


def test_questions_at_the_same_time_get_their_own_answers() -> None:
    names = [f"番号{number}の島" for number in range(24)]
    articles = [
        Article(f"{number}.txt", name, f"{name}の灯台は{1900 + number}年に建った。")
        for number, name in enumerate(names)
    ]
    questions = [f"{name}の灯台はいつ建ちましたか" for name in names]
    with (
        running(create_app(make_assistant(articles), Settings())) as served,
        httpx.Client(base_url=served.url, timeout=60) as client,
        ThreadPoolExecutor(8) as pool,
    ):

        def ask(number: int) -> tuple[str, str]:
            body = {"question": questions[number], "article_ids": [f"{number}.txt"]}
            headers = STREAM if number % 2 else {}
            response = client.post("/api/ask", json=body, headers=headers)
            answer = events_of(response.text)[-1][1] if number % 2 else response.json()
            return answer["question"], answer["citations"][0]["quote"]

        answers = list(pool.map(ask, range(24)))
    assert answers == [
        (question, article.text) for question, article in zip(questions, articles, strict=True)
    ]
