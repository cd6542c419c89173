"""The addresses under /api answer in the shapes that programs build on."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from tests.web.making import DOG, NEWS, make_assistant

from shutten.feedback import FeedbackStore, feedback_place
from shutten.grounding import answer_as_dict
from shutten.settings import Settings
from shutten.types import Article
from shutten.web.api.feedback import read_feedback
from shutten.web.api.metrics import Metrics
from shutten.web.app import create_app

QUESTION = "R2は5月上旬に公開される予定でしたか"
EMOJI = Article(
    "折り/紙 #1?.txt", "折り紙", "折り紙\n\n😀は一文字だ。鶴を折る。", url="https://a.example/"
)


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(create_app(make_assistant([NEWS, DOG, EMOJI]), Settings()))


def without_the_moment(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name not in ("id", "timings_ms")}


def test_an_answer_is_the_object_that_the_command_prints(client: TestClient) -> None:
    response = client.post("/api/ask", json={"question": QUESTION})
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    expected = answer_as_dict(make_assistant([NEWS, DOG, EMOJI]).ask(QUESTION))
    answer = response.json()
    assert without_the_moment(answer) == json.loads(json.dumps(without_the_moment(expected)))
    assert list(answer) == list(expected)
    assert set(answer["timings_ms"]) == {"retrieve", "answer", "total", "suggest"}
    assert answer["citations"][0]["quote"] == "R2は5月上旬に公開される予定でした。"


def test_every_answer_has_an_id_of_its_own(client: TestClient) -> None:
    ids = {client.post("/api/ask", json={"question": QUESTION}).json()["id"] for _ in range(3)}
    assert sorted(map(len, ids)) == [32, 32, 32]


def test_japanese_is_sent_as_it_is(client: TestClient) -> None:
    assert "5月上旬" in client.post("/api/ask", json={"question": QUESTION}).text


def test_a_refusal_is_an_answer_in_the_language_asked_for(client: TestClient) -> None:
    answer = client.post("/api/ask", json={"question": "量子色力学とは？", "lang": "en"}).json()
    assert (answer["status"], answer["refused"], answer["language"]) == ("refused", True, "en")
    assert answer["text"] == "The articles do not answer this question."


def test_only_the_given_articles_are_asked(client: TestClient) -> None:
    body = {"question": QUESTION, "article_ids": ["dog.txt"]}
    hits = client.post("/api/ask", json=body).json()["hits"]
    assert {hit["article_id"] for hit in hits} == {"dog.txt"}


def test_a_history_is_taken_as_in_a_batch(client: TestClient) -> None:
    history = [{"question": "R2とは？", "answer": "モデルです。"}]
    body = {"question": QUESTION, "history": history}
    assert client.post("/api/ask", json=body).json()["status"] == "quoted"
    follow_up = client.post("/api/ask", json={"question": "価格は？", "history": history}).json()
    assert follow_up["standalone_question"] == "R2の価格は？"
    response = client.post("/api/ask", json={"question": QUESTION, "history": [{"question": "q"}]})
    assert response.status_code == 422
    assert '"history" must be a list of' in response.json()["error"]["message"]


def test_half_a_surrogate_pair_in_a_question_comes_back_as_json(client: TestClient) -> None:
    content = b'{"question": "\\ud83d \xe7\x8a\xac\xe3\x81\xaf\xe4\xb8\x89\xe6\xad\xb3"}'
    headers = {"Content-Type": "application/json"}
    response = client.post("/api/ask", content=content, headers=headers)
    assert response.status_code == 200
    assert b'"question":"\\ud83d ' in response.content


def test_a_search_gives_the_best_hits_first(client: TestClient) -> None:
    found = client.post("/api/search", json={"question": "犬は三歳です", "top": 2}).json()
    assert set(found) == {"id", "question", "hits"}
    assert [hit["text"] for hit in found["hits"]] == ["犬は三歳です。", "犬の名前はポチです。"]
    assert found["hits"][0]["score"] > found["hits"][1]["score"]


@pytest.mark.parametrize("top", [0, 101, "3", 2.5, True, None])
def test_a_search_takes_a_sensible_number_alone(client: TestClient, top: object) -> None:
    response = client.post("/api/search", json={"question": "犬", "top": top})
    assert response.status_code == 422
    assert '"top" must be' in response.json()["error"]["message"]


def test_articles_are_listed_as_the_command_lists_them(client: TestClient) -> None:
    listed = client.get("/api/articles").json()["articles"]
    assert [entry["id"] for entry in listed] == [NEWS.id, DOG.id, EMOJI.id]
    assert listed[1] == {
        "id": "dog.txt",
        "title": "私の犬",
        "url": None,
        "language": "ja",
        "revision": None,
        "sentences": 3,
        "characters": 22,
        "sample": False,
        "encoding": None,
    }


def test_an_article_comes_with_the_places_of_its_sentences(client: TestClient) -> None:
    address = "/api/articles/%E6%8A%98%E3%82%8A/%E7%B4%99%20%231%3F.txt"
    article = client.get(address).json()
    assert (article["id"], article["url"]) == (EMOJI.id, "https://a.example/")
    spans = [article["text"][each["start"] : each["end"]] for each in article["sentences"]]
    assert spans == ["折り紙\n\n", "😀は一文字だ。", "鶴を折る。"]
    assert [each["n"] for each in article["sentences"]] == [1, 2, 3]


def code_of(response: Response) -> tuple[int, str]:
    body = response.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message"}
    assert "\n" not in body["error"]["message"]
    return response.status_code, body["error"]["code"]


def test_a_mistyped_name_is_told_and_one_like_none_of_ours_is_passed_over(
    client: TestClient,
) -> None:
    asked = {"question": "鶴を折るのは何ですか"}
    told = client.post("/api/ask", json={**asked, "article_id": ["absent"]}).json()
    assert '"article_id" is unknown: is "article_ids" meant?' in told["error"]["message"]
    others = {"user": "u", "model": "m", "stream": False, "stop": [], "metadata": {}}
    assert client.post("/api/ask", json={**asked, **others}).status_code == 200


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"{", (400, "invalid_json")),
        (b"", (400, "invalid_json")),
        (b"\xff\xfe", (400, "invalid_json")),
        (b'{"question": NaN}', (400, "invalid_json")),
        (b"[" * 100_000, (400, "invalid_json")),
        (b"[]", (422, "invalid_request")),
        (b"{}", (422, "invalid_request")),
        (b'{"question": 5}', (422, "invalid_request")),
        (b'{"question": "q", "article_ids": "a"}', (422, "invalid_request")),
        (b'{"question": "q", "lang": ["ja"]}', (422, "invalid_request")),
        (b'{"question": "q", "article_id": ["a"]}', (422, "invalid_request")),
        (b'{"question": "q", "article\\nIds": ["a"]}', (422, "invalid_request")),
        (b'{"question": " "}', (422, "question_empty")),
        (b'{"question": "' + b"x" * 2001 + b'"}', (422, "question_too_long")),
        (b'{"question": "q", "article_ids": ["absent"]}', (404, "unknown_article")),
    ],
)
@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_what_cannot_be_asked_is_one_line_with_a_code(
    client: TestClient, content: bytes, expected: tuple[int, str], accept: str
) -> None:
    headers = {"Content-Type": "application/json", "Accept": accept}
    assert code_of(client.post("/api/ask", content=content, headers=headers)) == expected


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/api/nothing", (404, "not_found")),
        ("GET", "/nowhere", (404, "not_found")),
        ("GET", "/api/articles/absent", (404, "unknown_article")),
        ("GET", "/api/ask", (405, "method_not_allowed")),
        ("POST", "/api/articles", (405, "method_not_allowed")),
        ("PUT", "/api/articles/dog.txt", (405, "method_not_allowed")),
        ("DELETE", "/api/articles/dog.txt", (405, "method_not_allowed")),
        ("POST", "/api/ask", (415, "unsupported_media_type")),
    ],
)
def test_errors_of_the_framework_have_the_same_shape(
    client: TestClient, method: str, path: str, expected: tuple[int, str]
) -> None:
    assert code_of(client.request(method, path, content=b"{}")) == expected


def test_a_wrong_method_is_told_which_are_right(client: TestClient) -> None:
    assert client.get("/api/ask").headers["allow"] == "POST"


@pytest.mark.parametrize(
    ("body", "headers", "message"),
    [
        ({"question": ""}, {"Accept-Language": "ja"}, "質問を入力してください。"),
        ({"question": ""}, {"Accept-Language": "de"}, "Type a question first."),
        ({"question": "", "lang": "ja"}, {"Accept-Language": "en"}, "質問を入力してください。"),
        ({"question": "", "lang": "en"}, {"Accept-Language": "ja"}, "Type a question first."),
        (
            {"question": "長" * 2001},
            {"Accept-Language": "ja"},
            "質問が長すぎます（2,001文字）。2,000文字以内にしてください。",
        ),
    ],
)
def test_a_person_is_told_in_their_language(
    client: TestClient, body: dict[str, str], headers: dict[str, str], message: str
) -> None:
    said = client.post("/api/ask", json=body, headers=headers).json()["error"]["message"]
    assert said == message


def test_feedback_is_only_counted_where_the_setting_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    client = TestClient(create_app(make_assistant([NEWS]), Settings(keep_feedback=False)))
    body = {"rating": "down", "reason": "incorrect", "comment": "違います"}
    assert client.post("/api/feedback", json=body).json() == {"kept": False}
    assert 'shutten_feedback_total{rating="down"} 1' in client.get("/metrics").text
    assert list(tmp_path.iterdir()) == []


def test_feedback_is_kept_beside_the_index_with_what_it_is_about(tmp_path: Path) -> None:
    settings = Settings(index=tmp_path / "index")
    assistant = make_assistant([NEWS])
    client = TestClient(create_app(assistant, settings))
    answer = client.post("/api/ask", json={"question": QUESTION}).json()
    vote = {"vote": "0123456789abcdef", "answer": answer, "article_ids": ["news.txt"]}
    for rating in ("up", "down"):
        sent = client.post("/api/feedback", json={"rating": rating, **vote, "unknown": 1})
        assert sent.json() == {"kept": True}
    assert client.post("/api/feedback", json={"rating": "up"}).json() == {"kept": True}
    ours, other = FeedbackStore(feedback_place(settings)).opinions()
    assert (ours.rating, ours.question, ours.answer) == ("down", QUESTION, answer["text"])
    assert [each.quote for each in ours.citations] == [c["quote"] for c in answer["citations"]]
    assert (ours.answerer, ours.article_ids) == (answer["answerer"], ("news.txt",))
    assert ours.index_version == str(assistant.index.sequence)
    assert (other.rating, other.question) == ("up", None)
    path = tmp_path / "index.feedback.sqlite"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    withdrawn = client.post("/api/feedback", json={"rating": None, "vote": vote["vote"]})
    assert withdrawn.json() == {"kept": False}
    assert len(FeedbackStore(feedback_place(settings)).opinions()) == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"rating": "perhaps"},
        {"rating": "up", "reason": "because"},
        {"rating": "up", "comment": "x" * 1001},
        {"rating": "up", "answer_id": 7},
        {"rating": None},
        {"rating": "up", "vote": "guessable"},
        {"rating": "up", "answer": {"text": "x"}},
        {"rating": "up", "article_ids": "news.txt"},
        {"rating": "up", "private": "yes"},
    ],
)
def test_feedback_of_another_shape_is_refused(client: TestClient, body: dict[str, object]) -> None:
    assert code_of(client.post("/api/feedback", json=body)) == (422, "invalid_request")


def test_feedback_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    settings = Settings(feedback_file=tmp_path / "absent" / "feedback.jsonl")
    client = TestClient(create_app(make_assistant([NEWS]), settings))
    response = client.post("/api/feedback", json={"rating": "up"})
    assert code_of(response) == (503, "feedback_not_kept")


def test_metrics_tell_every_digit_of_a_large_number() -> None:
    lines = Metrics().text({"sentences": 1_234_567}).splitlines()
    assert lines[-2:] == ["# TYPE shutten_sentences gauge", "shutten_sentences 1234567"]


def test_of_articles_with_long_names_the_beginning_is_kept() -> None:
    opinion = read_feedback({"rating": "up", "article_ids": ["長" * 5000, "b"]})
    assert opinion.article_ids == ("長" * 1000, "b")


def test_metrics_count_without_a_word_of_what_was_asked() -> None:
    client = TestClient(create_app(make_assistant([NEWS, DOG]), Settings()))
    client.post("/api/ask", json={"question": QUESTION})
    client.post("/api/ask", json={"question": "量子色力学とは？"})
    client.post("/api/ask", json={"question": ""})
    client.get("/api/articles/dog.txt")
    client.get("/api/articles/secret-name")
    client.request("BREW", "/api/anything")
    response = client.get("/metrics")
    assert response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = response.text.splitlines()
    assert [line for line in lines if line.startswith("shutten_requests_total")] == [
        'shutten_requests_total{method="GET",path="/api/articles",status="200"} 1',
        'shutten_requests_total{method="GET",path="/api/articles",status="404"} 1',
        'shutten_requests_total{method="POST",path="/api/ask",status="200"} 2',
        'shutten_requests_total{method="POST",path="/api/ask",status="422"} 1',
        'shutten_requests_total{method="other",path="other",status="404"} 1',
    ]
    assert [line for line in lines if line.startswith("shutten_answers_total")] == [
        'shutten_answers_total{status="quoted"} 1',
        'shutten_answers_total{status="refused"} 1',
    ]
    assert "shutten_answer_seconds_count 2" in lines
    assert 'shutten_answer_seconds_bucket{le="+Inf"} 2' in lines
    assert {"shutten_articles 2", "shutten_sentences 7"} <= set(lines)
    assert [word for word in ("R2", "secret", "量子") if word in response.text] == []
