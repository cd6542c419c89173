"""The client gives the very records that the package gives, from a server of its own process."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest
from tests.nursery import Child, Nursery
from tests.socks_server import proxying

from shutten.assistant import Assistant, open_assistant
from shutten.client import ClaimEvent, Client, DeltaEvent, DoneEvent, HitsEvent
from shutten.errors import ServiceRefusedError, ServiceUnreachableError
from shutten.filling import index_paths
from shutten.settings import Settings
from shutten.types import Answer, Timings, Turn

ROOT = Path(__file__).parents[1]
QUESTION = "連絡船はいつ就航しましたか"
KEY = "a-key"


@dataclass(frozen=True)
class Server:
    """A running web app, and the index that it serves."""

    url: str
    settings: Settings


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, heavy_commands: Nursery) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    articles = folder / "articles" / "島"
    articles.mkdir(parents=True)
    (articles / "連絡船 #1.txt").write_text(
        "島の連絡船\n\n新しい連絡船は2019年4月に就航した。定員は120人である。\n", encoding="utf-8"
    )
    (articles / "lighthouse.txt").write_text(
        "The lighthouse\n\nThe lighthouse of the island was built in 1911.\n", encoding="utf-8"
    )
    settings = Settings(index=folder / "index")
    index_paths([folder / "articles"], settings)
    with _served(settings, heavy_commands) as url:
        yield Server(url, settings)


@contextlib.contextmanager
def _served(settings: Settings, commands: Nursery) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "SHUTTEN_INDEX": str(settings.index),
        "SHUTTEN_API_KEYS": KEY,
    }
    url = f"http://127.0.0.1:{port}"
    with commands.started(
        *("serve", "--port", str(port)),
        cwd=settings.index.parent,
        environment=environment,
        streams=(0, 1, 2),
    ) as process:
        _wait_until_up(url, process)
        yield url
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(TimeoutError):
            process.wait(timeout=15)


def _wait_until_up(url: str, process: Child) -> None:
    while process.poll() is None:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{url}/healthz").is_success:
                return
        time.sleep(0.2)
    pytest.fail("the server ended before it listened")


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    with Client(server.url, key=KEY) as opened:
        yield opened


@pytest.fixture(scope="module")
def assistant(server: Server) -> Iterator[Assistant]:
    opened = open_assistant(server.settings)
    yield opened
    opened.index.close()


def rounded(answer: Answer) -> Answer:
    """What of an answer is the same whenever it is asked, as precise as it is sent."""
    hits = tuple(
        replace(
            hit,
            score=round(hit.score, 4),
            dense=None if hit.dense is None else round(hit.dense, 4),
            keyword=None if hit.keyword is None else round(hit.keyword, 4),
            rerank=None if hit.rerank is None else round(hit.rerank, 4),
        )
        for hit in answer.hits
    )
    return replace(answer, id="", timings_ms=Timings(), hits=hits)


def test_an_answer_is_the_one_that_the_package_gives(client: Client, assistant: Assistant) -> None:
    answer = client.ask(QUESTION)
    assert rounded(answer) == rounded(assistant.ask(QUESTION))
    assert answer.citations[0].quote == "新しい連絡船は2019年4月に就航した。"
    assert answer.timings_ms.total > 0


def test_questions_at_the_same_time_get_their_own_answers(
    client: Client, assistant: Assistant
) -> None:
    questions = [
        QUESTION,
        "連絡船の定員は何人ですか",
        "When was the lighthouse built?",
        "量子色力学とは何ですか",
    ]
    expected = [rounded(assistant.ask(question)) for question in questions]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(client.ask, questions * 5))
    assert list(map(rounded, answers)) == expected * 5
    assert len({answer.text for answer in expected}) == len(questions)


def test_a_question_takes_all_that_it_may_carry(client: Client) -> None:
    answer = client.ask(
        QUESTION,
        history=[Turn("島とは？", "小さな島です。")],
        article_ids=["島/lighthouse.txt"],
        language="en",
    )
    assert client.ask("高さは？", history=[Turn(QUESTION, "")]).was_rewritten
    assert answer.language == "en"
    assert {hit.article_id for hit in answer.hits} == {"島/lighthouse.txt"}


def test_events_grow_into_the_answer(client: Client) -> None:
    first, *middle, last = client.events("「島/連絡船 #1」の記事を要約して")
    assert isinstance(first, HitsEvent)
    assert isinstance(last, DoneEvent)
    texts: dict[int, str] = {}
    states: dict[int, str] = {}
    for event in middle:
        if isinstance(event, DeltaEvent):
            texts[event.n] = texts.get(event.n, "") + event.text
        if isinstance(event, ClaimEvent):
            states[event.n] = event.state
    claims = last.answer.claims
    assert texts == {number: claim.text for number, claim in enumerate(claims, start=1)}
    assert set(states.values()) == {"supported"}
    assert len(claims) == 2


def test_who_stops_listening_can_ask_again(client: Client) -> None:
    events = client.events(QUESTION)
    assert isinstance(next(events), HitsEvent)
    events.close()
    assert client.ask(QUESTION).status == "quoted"


def test_a_search_gives_so_many_hits(client: Client, assistant: Assistant) -> None:
    hits = client.search("定員", k=2)
    assert [hit.text for hit in hits] == [hit.text for hit in assistant.search("定員", k=2)]
    assert client.search("定員", k=1, article_ids=["島/lighthouse.txt"])[0].title == (
        "The lighthouse"
    )


def test_articles_are_listed_and_read(client: Client, assistant: Assistant) -> None:
    assert client.articles() == assistant.index.articles()
    article, sentences = client.article("島/連絡船 #1.txt")
    stored, known = assistant.index.article_with_sentences("島/連絡船 #1.txt")
    assert article == stored
    assert article.encoding == "utf-8"
    assert sentences == known


@pytest.mark.parametrize(
    ("wrong", "code", "message"),
    [
        (lambda client: client.ask(""), "question_empty", "質問を入力してください。"),
        (lambda client: list(client.events(" ")), "question_empty", "質問を入力してください。"),
        (lambda client: client.search("q", k=0), "invalid_request", "リクエストの形が違います："),
        (
            lambda client: client.article("absent"),
            "unknown_article",
            "この記事は索引にありません",
        ),
    ],
)
def test_what_the_server_refuses_is_an_error_with_its_code(
    server: Server, wrong: Callable[[Client], object], code: str, message: str
) -> None:
    with (
        Client(server.url, key=KEY, language="ja") as client,
        pytest.raises(ServiceRefusedError) as caught,
    ):
        wrong(client)
    assert caught.value.code == code
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("key", [None, "another"])
def test_without_the_key_nothing_is_answered(server: Server, key: str | None) -> None:
    with Client(server.url, key=key) as client, pytest.raises(ServiceRefusedError) as caught:
        client.articles()
    assert caught.value.code == "unauthorized"


def test_where_nothing_answers_the_cure_is_named() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    with Client(address) as client:
        for wrong in (client.articles, lambda: list(client.events("q"))):
            with pytest.raises(ServiceUnreachableError, match="start it with `shutten serve`"):
                wrong()


@pytest.mark.parametrize("address", ["http://127.0.0.1:7860v1", "http://[::1", "http://a\tb"])
def test_what_is_no_address_is_told_with_one(address: str) -> None:
    with pytest.raises(ServiceUnreachableError) as caught:
        Client(address)
    assert str(caught.value) == (f"{address!r} is no address: write it as in http://127.0.0.1:7860")


@pytest.mark.parametrize("proxy", ["gopher://127.0.0.1:70", "http://127.0.0.1:port"])
def test_a_proxy_that_cannot_be_used_is_told_with_the_variables(
    monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    with pytest.raises(ServiceUnreachableError, match=r"a proxy .*: check HTTP_PROXY, .* unset"):
        Client()


def test_a_proxy_that_does_not_speak_socks_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    with proxying(b"HTTP/1.1 400 Bad Request\r\n\r\n") as proxy:
        monkeypatch.setenv("ALL_PROXY", proxy.address)
        with Client("http://qa.test") as client:
            for wrong in (client.articles, lambda: list(client.events("q"))):
                with pytest.raises(ServiceUnreachableError, match=r"answer \(Malformed reply\): "):
                    wrong()


def test_the_client_goes_through_a_socks_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with proxying() as proxy:
        monkeypatch.setenv("ALL_PROXY", proxy.address)
        with (
            Client("http://qa.test") as client,
            pytest.raises(ServiceUnreachableError, match="is no Shutten"),
        ):
            client.articles()
    assert proxy.hosts == [b"qa.test"]


class Stranger(BaseHTTPRequestHandler):
    """A server of another kind."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html>")

    def do_POST(self) -> None:
        if self.headers["Accept"] == "text/event-stream":
            self.do_GET()
        else:
            self.send_error(501)

    def log_message(self, *_: object) -> None:
        pass


class Babbler(Stranger):
    """Sends events that hold no JSON."""

    def do_POST(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"event: done\ndata: soon\n\n")


def test_a_server_of_another_kind_is_told_from_ours() -> None:
    with HTTPServer(("127.0.0.1", 0), Stranger) as stranger:
        threading.Thread(target=stranger.serve_forever, daemon=True).start()
        with Client(f"http://127.0.0.1:{stranger.server_port}") as client:
            with pytest.raises(ServiceUnreachableError, match="is no Shutten"):
                client.articles()
            with pytest.raises(ServiceUnreachableError, match="broke off its answer"):
                list(client.events("q"))
            with pytest.raises(ServiceRefusedError) as caught:
                client.ask("q")
        stranger.shutdown()
    assert caught.value.code == "501"


def test_a_question_with_separators_of_lines_and_paragraphs_is_echoed_whole(client: Client) -> None:
    question = "連絡船は\u2028いつ\u0085就航\u2029しましたか"
    *_, last = client.events(question)
    assert isinstance(last, DoneEvent)
    assert last.answer.question == question


def test_an_event_that_is_no_json_is_told_as_a_server_of_another_kind() -> None:
    with HTTPServer(("127.0.0.1", 0), Babbler) as babbler:
        threading.Thread(target=babbler.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{babbler.server_port}"
        with (
            Client(address) as client,
            pytest.raises(ServiceUnreachableError, match=f"{address}.* is no Shutten"),
        ):
            list(client.events("q"))
        babbler.shutdown()
