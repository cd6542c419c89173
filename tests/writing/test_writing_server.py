"""A server writes; whatever it does wrong is one line, and closing hangs up."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from pydantic import SecretStr
from tests.socks_server import proxying
from tests.writing.chat_server import ChatServer, Handler, chunk, running
from tests.writing.making import passage, request

from shutten.errors import WriterError
from shutten.settings import Settings
from shutten.types import WritingRequest
from shutten.writing import load_writer
from shutten.writing.prompts import Budget
from shutten.writing.server import Endpoint, ServerWriter

KEY = "sk-open-sesame"


def echo(body: dict[str, Any]) -> Iterator[str]:
    """The last line of the question, character by character."""
    yield from body["messages"][-1]["content"].rsplit("\n", 1)[-1]


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with running(echo) as chat:
        yield chat


class Pauses:
    """Waits for nothing and remembers for how long it should have."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


def writer(chat: ChatServer, **options: Any) -> ServerWriter:  # noqa: ANN401
    endpoint: dict[str, Any] = {"model": "tiny", "timeout": 20.0, **options}
    pauses = endpoint.pop("pause", Pauses())
    budget = endpoint.pop("budget", Budget())
    return ServerWriter(Endpoint(chat.address, **endpoint), budget, pause=pauses)


def written(asked: ServerWriter, what: WritingRequest | None = None) -> str:
    return "".join(asked.write(what or request("いつ？", passage("文。"))))


def complaint(asked: ServerWriter) -> str:
    with pytest.raises(WriterError) as caught:
        written(asked)
    line = str(caught.value)
    assert "\n" not in line
    return line


def test_an_answer_comes_piece_by_piece(server: ChatServer) -> None:
    pieces = [piece for piece in writer(server).write(request("いつ？", passage("文。"))) if piece]
    assert pieces == list("質問: いつ？")
    (asked,) = server.asked
    assert (asked["path"], asked["model"], asked["stream"]) == (
        "/v1/chat/completions",
        "tiny",
        True,
    )
    assert (asked["temperature"], asked["max_tokens"]) == (0, 200)
    assert [message["role"] for message in asked["messages"]] == ["system", "user"]
    assert "authorization" not in server.headers[0]


def test_the_settings_choose_the_server_and_its_key(server: ChatServer) -> None:
    settings = Settings(
        answerer="server", server_url=f"{server.address}/v1/chat/completions", server_key=KEY
    )
    chosen = load_writer(settings)
    assert chosen is not None
    assert "".join(chosen.write(request("誰？"))) == "質問: 誰？"
    assert chosen.name == "tiny"
    assert server.headers[0]["authorization"] == f"Bearer {KEY}"


def test_a_sample_is_seeded(server: ChatServer) -> None:
    written(writer(server), request(sample=3))
    assert (server.asked[0]["seed"], server.asked[0]["temperature"]) == (3, 0.7)


def test_reasoning_counts_of_tokens_and_thoughts_are_passed_over(server: ChatServer) -> None:
    records = [
        chunk("", reasoning_content="hm"),
        {"choices": [{"delta": {"content": None}, "finish_reason": None}]},
        chunk("<thi"),
        chunk("nk>hm</think>1988年。"),
        chunk("", finish="stop"),
        {"choices": [], "usage": {"total_tokens": 3}},
    ]
    server.faults.append(lambda handler: handler.send_events(records))
    assert written(writer(server)) == "1988年。"


def test_a_server_that_does_not_stream_is_read_too(server: ChatServer) -> None:
    whole = {"choices": [{"message": {"role": "assistant", "content": "1988年。"}}]}
    server.faults.append(lambda handler: handler.send_json(200, whole))
    assert written(writer(server)) == "1988年。"


def test_an_answer_that_the_limit_cut_off_says_so(server: ChatServer) -> None:
    records = [chunk("1988年。その後"), chunk("", finish="length")]
    server.faults.append(lambda handler: handler.send_events(records))
    assert written(writer(server)) == "1988年。その後…"
    whole = {"choices": [{"message": {"content": "1988年。その"}, "finish_reason": "length"}]}
    server.faults.append(lambda handler: handler.send_json(200, whole))
    assert written(writer(server)) == "1988年。その…"


def test_a_server_without_sse_comments_and_with_other_line_ends_is_read(server: ChatServer) -> None:
    def reply(handler: Handler) -> None:
        handler.begin_events()
        event = json.dumps(chunk("はい", finish="stop"), ensure_ascii=False).encode()
        handler.wfile.write(b": ping\r\n\r\nevent: message\r\ndata:" + event[:40])
        handler.wfile.flush()
        handler.wfile.write(event[40:] + b"\r\n\r\n")

    server.faults.append(reply)
    assert written(writer(server)) == "はい"


# --- once more -----------------------------------------------------------------------------------


def test_a_busy_server_is_asked_again_after_the_time_it_names(server: ChatServer) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)
    server.faults += [
        lambda handler: handler.send_json(429, {}, Retry_After="7"),
        lambda handler: handler.send_json(503, {}, Retry_After=later),
        lambda handler: handler.send_json(500, {}),
    ]
    pauses = Pauses()
    assert written(writer(server, pause=pauses)) == "質問: いつ？"
    assert pauses.seconds[0] == 7
    assert 10 < pauses.seconds[1] <= 20
    assert pauses.seconds[2] == 4
    assert len(server.asked) == 4


def test_a_server_that_stays_busy_is_one_line(server: ChatServer) -> None:
    error = {"error": {"message": "out of\nmemory"}}
    server.faults += [lambda handler: handler.send_json(500, error)] * 3
    line = complaint(writer(server, tries=3))
    assert "did not write (it answers 500: out of memory): see that the server runs" in line
    assert len(server.asked) == 3


def test_a_server_that_asks_to_wait_for_long_is_not_asked_again(server: ChatServer) -> None:
    server.faults.append(lambda handler: handler.send_json(429, {}, Retry_After="3600"))
    assert "it answers 429" in complaint(writer(server))
    assert len(server.asked) == 1


def test_a_server_that_is_not_there_is_one_line() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        pauses = Pauses()
        asked = ServerWriter(
            Endpoint(f"http://127.0.0.1:{port}/v1", "tiny", tries=3), Budget(), pause=pauses
        )
        assert f"tiny on http://127.0.0.1:{port}/v1 did not write" in complaint(asked)
        assert pauses.seconds == [1, 2]


def test_a_server_at_no_address_is_one_line() -> None:
    for address in ("http://127.0.0.1:8000v1", "http://256.1.1.1/v1", "http://xn--/v1"):
        asked = ServerWriter(Endpoint(address, "tiny"), Budget(), pause=Pauses())
        assert asked.name == "tiny"
        assert complaint(asked).endswith("check SHUTTEN_SERVER_URL, which must end like …/v1")


@pytest.mark.parametrize(
    ("address", "base"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/v1"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000/v1"),
        ("http://127.0.0.1:8000/api/", "http://127.0.0.1:8000/api"),
        ("http://127.0.0.1:8000v1", "http://127.0.0.1:8000v1/v1"),
    ],
)
def test_an_address_without_a_path_gets_the_usual_one(address: str, base: str) -> None:
    assert Endpoint(address).base == base


def test_a_server_on_this_machine_is_asked_whatever_proxy_others_need(
    server: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert written(writer(server)) == "質問: いつ？"


@pytest.mark.parametrize("proxy", ["gopher://127.0.0.1:70", "http://127.0.0.1:port"])
def test_a_proxy_that_cannot_be_used_is_told_with_the_variables(
    server: ChatServer, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    assert "did not write (a proxy that the environment names cannot be used): check HTTP_P" in (
        complaint(writer(server))
    )
    assert server.asked == []


def test_a_proxy_that_does_not_speak_socks_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    with proxying(b"HTTP/1.1 400 Bad Request\r\n\r\n") as proxy:
        monkeypatch.setenv("ALL_PROXY", proxy.address)
        for model, line in (("tiny", "did not write (Malformed reply)"), ("", "does not answer")):
            endpoint = Endpoint("http://model.test/v1", model, tries=1)
            assert line in complaint(ServerWriter(endpoint, Budget(), pause=Pauses()))


def test_nothing_is_asked_again_once_text_has_come(server: ChatServer) -> None:
    def drop(handler: Handler) -> None:
        handler.close_connection = True
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        handler.send_data(json.dumps(chunk("青函")))

    server.faults.append(drop)
    stream = writer(server).write(request())
    came: list[str] = []
    with pytest.raises(WriterError, match=r"it broke off.*: see that the server runs"):
        came.extend(stream)
    assert "".join(came) == "青函"
    assert len(server.asked) == 1


def test_the_last_line_of_an_answer_needs_no_line_break(server: ChatServer) -> None:
    def end_abruptly(handler: Handler) -> None:
        handler.begin_events()
        handler.send_data(json.dumps(chunk("青函")))
        handler.wfile.write(b"data: [DONE]")

    server.faults.append(end_abruptly)
    assert written(writer(server)) == "青函"


def test_an_answer_without_an_end_is_one_line(server: ChatServer) -> None:
    server.faults.append(lambda handler: handler.send_events([chunk("青函")]))
    assert "it broke off its answer" in complaint(writer(server))


@pytest.mark.parametrize("fields", [("chat_template_kwargs",), ("max_tokens", "temperature")])
def test_a_field_that_a_server_does_not_know_is_left_out(
    server: ChatServer, fields: tuple[str, ...]
) -> None:
    server.faults += [
        lambda handler, name=name: handler.send_json(  # type: ignore[misc]
            400, {"error": {"message": f"Unrecognized request argument supplied: {name}"}}
        )
        for name in fields
    ]
    asking = writer(server)
    assert written(asking) == "質問: いつ？"
    assert written(asking) == "質問: いつ？"
    assert [set(fields) & set(asked) for asked in server.asked[-2:]] == [set(), set()]
    assert ("max_completion_tokens" in server.asked[-1]) is ("max_tokens" in fields)


def test_a_request_that_is_refused_for_good_is_one_line(server: ChatServer) -> None:
    error = {"error": {"message": "This model's maximum context length is 512 tokens"}}
    server.faults += [lambda handler: handler.send_json(400, error)] * 2
    line = complaint(writer(server))
    assert (
        "it says: This model's maximum context length is 512 tokens): check SHUTTEN_MODEL" in line
    )


# --- what is wrong with it -----------------------------------------------------------------------


def test_a_model_that_the_server_does_not_have_is_named_with_those_it_has(
    server: ChatServer,
) -> None:
    server.models = ["gamma", "delta"]
    line = complaint(writer(server, model="beta"))
    assert "it answers 404: The model `beta` does not exist.): set SHUTTEN_MODEL to one" in line
    assert line.endswith("gamma, delta")


def test_without_a_name_one_of_several_models_must_be_chosen(server: ChatServer) -> None:
    server.models = ["gamma", "delta"]
    assert complaint(writer(server, model="")).endswith(
        "(it has several models): set SHUTTEN_MODEL to one of them: gamma, delta"
    )


def test_a_server_that_serves_another_model_now_is_asked_for_that_one(server: ChatServer) -> None:
    asking = writer(server, model="")
    assert (written(asking), asking.name) == ("質問: いつ？", "tiny")
    server.models = ["small"]
    assert (written(asking), asking.name) == ("質問: いつ？", "small")
    server.models = ["gamma", "delta"]
    assert "set SHUTTEN_MODEL to one that it has: gamma, delta" in complaint(asking)
    assert "(it has several models)" in complaint(asking)
    server.models = ["delta"]
    assert (written(asking), asking.name) == ("質問: いつ？", "delta")


def test_a_key_is_never_shown(server: ChatServer, caplog: pytest.LogCaptureFixture) -> None:
    error = {"error": {"message": f"Incorrect API key provided: {KEY}"}}
    server.faults.append(lambda handler: handler.send_json(401, error))
    asking = writer(server, key=SecretStr(KEY))
    with caplog.at_level("DEBUG"):
        line = complaint(asking)
    assert line.endswith(
        "(it answers 401: Incorrect API key provided: …): set SHUTTEN_SERVER_KEY "
        "to a key it accepts"
    )
    assert KEY not in line + caplog.text + repr(asking.__dict__)


GARBAGE = [
    (lambda h: h.send_bytes(200, "text/html", b"<html>Hello"), "it answers with text/html, not"),
    (lambda h: h.send_events(["<html>"]), "something else than chat: <html>"),
    (lambda h: h.send_events(["[1]"]), "something else than chat: [1]"),
    (lambda h: h.send_events(['{"choices": 3}']), 'something else than chat: {"choices": 3}'),
    (lambda h: h.send_events(['{"choices": ["a"]}']), "something else than chat"),
    (lambda h: h.send_events([{"choices": [{"delta": {"content": [1]}}]}]), "something else than"),
    (lambda h: h.send_events([{"error": {"message": "GPU lost"}}]), "it says: GPU lost"),
    (lambda h: h.send_events([{"error": "GPU lost"}]), "it says: GPU lost"),
    (lambda h: h.send_json(200, {"choices": []}), "something else than chat"),
    (lambda h: h.send_bytes(200, "application/json", b"{"), "something else than chat: {"),
    (lambda h: h.send_bytes(307, "text/html", b"", Location="/"), "it answers 307"),
    (lambda h: h.send_events(["x" * (3 << 20)]), "it sends a line without end"),
    (lambda h: h.send_bytes(200, "application/json", b" " * (3 << 20)), "it answers without end"),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "line"), GARBAGE, ids=[line for _, line in GARBAGE])
def test_what_is_no_chat_is_one_line(server: ChatServer, fault: Any, line: str) -> None:  # noqa: ANN401
    server.faults.append(fault)
    assert line in complaint(writer(server))


def test_a_server_that_falls_silent_is_one_line(server: ChatServer) -> None:
    over = threading.Event()

    def hang(handler: Handler) -> None:
        handler.begin_events()
        handler.send_data(json.dumps(chunk("青函")))
        over.wait()

    server.faults.append(hang)
    line = complaint(writer(server, timeout=0.3))
    over.set()
    assert "(it was silent for 0.3 s): look at the server, or set SHUTTEN_SERVER_TIMEOUT" in line


def waiting(over: threading.Event) -> None:
    over.wait()


def endless(_: dict[str, Any]) -> Iterator[str]:
    """A new letter after letter, until the client has gone."""
    for number in range(1 << 30):
        yield chr(0x4E00 + number % 20000)


def test_closing_hangs_up() -> None:
    with running(endless) as chat:
        stream = writer(chat).write(request())
        while not next(stream):
            pass
        threads = threading.active_count()
        stream.close()
        assert chat.gone.wait(20)
        assert threading.active_count() < threads


def test_closing_ends_the_wait_for_a_silent_server(server: ChatServer) -> None:
    over = threading.Event()
    server.faults.append(lambda _: waiting(over))
    stream = writer(server, timeout=600.0).write(request())
    assert next(stream) == ""
    stream.close()
    over.set()


def test_what_takes_too_long_ends_with_what_has_come(server: ChatServer) -> None:
    over = threading.Event()

    def slow(handler: Handler) -> None:
        handler.begin_events()
        handler.send_data(json.dumps(chunk("青函。")))
        over.wait()

    server.faults.append(slow)
    assert written(writer(server, budget=Budget(answer_seconds=3))) == "青函。"
    over.set()


def test_what_does_not_begin_in_time_is_one_line(server: ChatServer) -> None:
    over = threading.Event()
    server.faults.append(lambda _: waiting(over))
    line = complaint(writer(server, budget=Budget(answer_seconds=0.3)))
    over.set()
    assert "(it wrote nothing within 0.3 s): set SHUTTEN_ANSWER_SECONDS higher" in line


def test_eight_people_are_answered_at_once(server: ChatServer) -> None:
    asking = writer(server)
    together = threading.Barrier(8)
    answers: list[str] = [""] * 8

    def ask(number: int) -> None:
        together.wait()
        answers[number] = written(asking, request(f"{number}番は？"))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [f"質問: {number}番は？" for number in range(8)]
