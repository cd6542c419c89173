"""Who may ask what: hosts, proxies, sign-in, groups, limits; every outlet is held to one rule."""

from __future__ import annotations

import asyncio
import json
import random
import re
import socket
import threading
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from mcp import Client
from tests.web.events import join
from tests.web.making import NEWS, make_assistant
from tests.web.serving import running, wait_until

from shutten.assistant import Assistant
from shutten.errors import SettingsError
from shutten.settings import Settings
from shutten.types import Answer, Article
from shutten.web.app import create_app
from shutten.web.reception import Proxies

PROXY = "192.0.2.10"
WIKI = "https://wiki.example.org"
BODY = {"question": "R2は5月上旬に公開される予定でしたか"}
PROXIED: dict[str, Any] = {"trusted_proxies": f"{PROXY}, 10.0.0.0/8"}
SIGN_IN: dict[str, Any] = {
    **PROXIED,
    "user_header": "Remote-User",
    "groups_header": "Remote-Groups",
}


def client_with(
    *,
    peer: str = PROXY,
    at: str = "192.0.2.1",
    articles: Sequence[Article] = (NEWS,),
    **settings: object,
) -> TestClient:
    """A client at the address `peer` that has reached ours at the address `at`."""
    app = create_app(make_assistant(articles), Settings(**settings))
    return TestClient(app, base_url=f"http://{at}:7860", client=(peer, 1))


def seen_from(client: TestClient, peer: str) -> TestClient:
    """The same application from another address."""
    return TestClient(client.app, base_url=str(client.base_url), client=(peer, 1))


def code_of(response: Any) -> str:  # noqa: ANN401 - of either client
    body = response.json()
    assert list(body) == ["error"]
    assert sorted(body["error"]) == ["code", "message"]
    assert "\n" not in body["error"]["message"]
    return str(body["error"]["code"])


# --- hosts ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def by_default() -> TestClient:
    return client_with()


def status_of(client: TestClient, host: str, at: str, **headers: str) -> int:
    reached = TestClient(client.app, base_url=f"http://{at}:7860", client=("127.0.0.1", 1))
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    response = reached.get("/healthz", headers={"Host": host, **named})
    if response.status_code == 403:
        assert code_of(response) == "host_not_allowed"
        assert "SHUTTEN_ALLOWED_HOSTS" in response.json()["error"]["message"]
        assert response.headers["x-content-type-options"] == "nosniff"
    return response.status_code


@pytest.mark.parametrize(
    ("host", "at", "status"),
    [
        ("localhost:7860", "127.0.0.1", 200),
        ("127.0.0.1:7860", "127.0.0.1", 200),
        ("[::1]:7860", "[::1]", 200),
        ("a.localhost", "127.0.0.1", 200),
        ("evil.example", "127.0.0.1", 403),
        ("evil.example:7860", "[::1]", 403),
        ("localhost.evil.example", "127.0.0.1", 403),
        ("127.0.0.1.evil.example", "127.0.0.1", 403),
        ("192.0.2.1", "127.0.0.1", 403),
        ("intranet", "127.0.0.1", 403),
        ("localhost:x", "127.0.0.1", 403),
        ("evil.example", "192.0.2.1", 200),
        ("192.0.2.1:7860", "192.0.2.1", 200),
    ],
)
def test_on_a_loopback_address_only_names_of_this_machine_are_answered(
    by_default: TestClient, host: str, at: str, status: int
) -> None:
    assert status_of(by_default, host, at) == status
    assert status_of(by_default, host, at, X_Forwarded_Host="localhost") == status


def test_a_setting_names_the_hosts_that_are_answered() -> None:
    client = client_with(allowed_hosts="qa.example.org, *.intra.example:80")
    for host, local, remote in (
        ("qa.example.org", 200, 200),
        ("QA.example.org.:8080", 200, 200),
        ("a.intra.example:80", 200, 200),
        ("a.intra.example:81", 403, 403),
        ("evil.example", 403, 403),
        ("192.0.2.1", 403, 200),
        ("localhost", 200, 200),
    ):
        assert status_of(client, host, "127.0.0.1") == local
        assert status_of(client, host, "192.0.2.1") == remote


def test_behind_a_trusted_proxy_the_host_it_was_asked_for_counts() -> None:
    client = client_with(trusted_proxies="127.0.0.1")
    assert status_of(client, "qa.example.org", "127.0.0.1") == 200
    listed = client_with(trusted_proxies="127.0.0.1", allowed_hosts="qa.example.org")
    own = {"X_Forwarded_Host": "qa.example.org"}
    assert status_of(listed, "127.0.0.1:7860", "127.0.0.1", **own) == 200
    other = {"X_Forwarded_Host": "evil.example"}
    assert status_of(listed, "127.0.0.1:7860", "127.0.0.1", **other) == 403
    assert status_of(listed, "evil.example", "127.0.0.1") == 403


def test_a_probe_without_a_host_is_answered() -> None:
    with running(create_app(make_assistant([NEWS]), Settings())) as server:
        port = int(server.url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as probe:
            probe.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
            assert b" 200 " in probe.recv(100)
        with socket.create_connection(("127.0.0.1", port)) as rebound:
            rebound.sendall(b"GET /api/articles HTTP/1.1\r\nHost: evil.example\r\n\r\n")
            assert b" 403 " in rebound.recv(100)


# --- proxies ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("198.51.100.7", ["203.0.113.9"], "198.51.100.7"),
        (PROXY, [], PROXY),
        (PROXY, ["203.0.113.9"], "203.0.113.9"),
        (PROXY, ["1.2.3.4", "203.0.113.9"], "203.0.113.9"),
        (PROXY, ["203.0.113.9", "10.1.2.3"], "203.0.113.9"),
        (PROXY, ["1.2.3.4", "203.0.113.9", "10.1.2.3"], "203.0.113.9"),
        (PROXY, ["203.0.113.9:4711"], "203.0.113.9"),
        (PROXY, ["[2001:db8::9]:4711"], "2001:db8::9"),
        (PROXY, ["2001:db8::9"], "2001:db8::9"),
        (PROXY, ["203.0.113.9", "unknown"], PROXY),
        (PROXY, ["evil\r\n"], PROXY),
        ("::ffff:10.1.1.1", ["203.0.113.9"], "203.0.113.9"),
        ("testclient", ["203.0.113.9"], "testclient"),
    ],
)
def test_the_client_is_the_last_address_that_no_trusted_proxy_has(
    peer: str, forwarded: list[str], client: str
) -> None:
    assert Proxies((PROXY, "10.0.0.0/8")).client(peer, forwarded) == client


def test_limits_count_the_clients_behind_a_proxy_and_nobody_chooses_an_address() -> None:
    proxied = client_with(requests_per_minute=1, **PROXIED)

    def ask(client: TestClient, forwarded: str) -> int:
        headers = {"X-Forwarded-For": forwarded}
        return client.post("/api/search", json=BODY, headers=headers).status_code

    assert [ask(proxied, "203.0.113.1"), ask(proxied, "203.0.113.2")] == [200, 200]
    assert ask(proxied, "203.0.113.1") == 429
    assert ask(proxied, "9.9.9.9, 203.0.113.1") == 429
    direct = seen_from(proxied, "198.51.100.7")
    assert [ask(direct, "203.0.113.5"), ask(direct, "203.0.113.6")] == [200, 429]


# --- sign-in ----------------------------------------------------------------------------------

STAFF = Article("staff.md", "給与の規則", "給与は毎月25日に支払われる。", groups=("staff",))
ADA = Article("ada.md", "個人の覚え書き", "暗号は四七一一である。", groups=("user:ada",))
OPEN = Article("open.md", "開館の時間", "開館は午前9時である。")


@pytest.fixture(scope="module")
def signed() -> TestClient:
    return client_with(articles=(OPEN, STAFF, ADA), **SIGN_IN)


def ids(client: TestClient, headers: dict[str, str]) -> list[str]:
    listed = client.get("/api/articles", headers=headers).json()["articles"]
    return [each["id"] for each in listed]


@pytest.mark.parametrize(
    ("headers", "seen"),
    [
        ({}, ["open.md"]),
        ({"Remote-User": "bob"}, ["open.md"]),
        ({"Remote-User": "bob", "Remote-Groups": "x, staff ,y"}, ["open.md", "staff.md"]),
        ({"Remote-User": "bob", "Remote-Groups": "Staff"}, ["open.md"]),
        ({"Remote-Groups": "staff"}, ["open.md"]),
        ({"Remote-User": "", "Remote-Groups": "staff"}, ["open.md"]),
        ({"Remote-User": "ada"}, ["open.md", "ada.md"]),
        ({"Remote-User": "bob", "Remote-Groups": "user:ada"}, ["open.md"]),
        ({"Remote-User": "bob", "Remote-Groups": " , "}, ["open.md"]),
    ],
)
def test_a_visitor_sees_the_articles_of_the_groups_that_a_proxy_names(
    signed: TestClient, headers: dict[str, str], seen: list[str]
) -> None:
    assert ids(signed, headers) == seen


@pytest.mark.parametrize("header", ["Remote-User", "remote-groups"])
@pytest.mark.parametrize("path", ["/api/articles", "/healthz", "/metrics", "/ui/", "/widget.js"])
def test_a_sign_in_header_from_elsewhere_is_refused(
    signed: TestClient, header: str, path: str
) -> None:
    stranger = seen_from(signed, "198.51.100.7")
    forged = {header: "staff", "X-Forwarded-For": PROXY}
    response = stranger.get(path, headers=forged)
    assert (response.status_code, code_of(response)) == (403, "sign_in_not_trusted")
    assert "SHUTTEN_TRUSTED_PROXIES" in response.json()["error"]["message"]
    assert ids(stranger, {}) == ["open.md"]


def test_a_header_that_a_client_smuggled_past_the_proxy_is_refused(signed: TestClient) -> None:
    twice = [("Remote-User", "ada"), ("Remote-User", "bob")]
    response = signed.get("/api/articles", headers=twice)
    assert (response.status_code, code_of(response)) == (403, "sign_in_not_trusted")


def test_without_the_settings_the_headers_mean_nothing(by_default: TestClient) -> None:
    headers = {"Remote-User": "ada", "Remote-Groups": "staff"}
    assert by_default.get("/healthz", headers=headers).status_code == 200


def test_a_sign_in_header_without_a_trusted_proxy_is_a_mistake_in_the_settings() -> None:
    with pytest.raises(SettingsError, match="SHUTTEN_TRUSTED_PROXIES"):
        create_app(make_assistant([NEWS]), Settings(user_header="Remote-User"))


# --- every outlet -----------------------------------------------------------------------------

GROUPS = ("staff", "board", "guests")


def crowd(chance: random.Random) -> list[Article]:
    return [
        Article(
            f"a/{number}",
            f"第{number}の記録",
            f"城{number}の高さは{number + 10}メートルである。堀{number}は深い。",
            groups=tuple(sorted(chance.sample(GROUPS, chance.choice((0, 0, 1, 2))))),
        )
        for number in range(8)
    ]


def through_tools(url: str, headers: dict[str, str], ids_asked: list[str] | None) -> set[str]:
    """What the tools let through, and that an unknown id is refused in the same words as any."""

    async def talk() -> set[str]:
        from mcp.client.streamable_http import streamable_http_client

        async with (
            httpx2_client(headers) as http,
            Client(streamable_http_client(f"{url}/mcp", http_client=http)) as client,
        ):
            arguments = {"question": "城の高さは何メートルですか", "top": 50}
            found = await client.call_tool("search_articles", arguments)
            seen = {hit["article_id"] for hit in (found.structured_content or {})["hits"]}
            for article_id in ids_asked or ():
                refused = await client.call_tool(
                    "ask_articles", {**arguments, "article_ids": [article_id]}
                )
                assert refused.is_error
                assert "There is no such article" in str(refused) or "索引にありません" in str(
                    refused
                )
            return seen

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(talk())).result()


def httpx2_client(headers: dict[str, str]) -> Any:  # noqa: ANN401
    import httpx2

    return httpx2.AsyncClient(headers=headers, timeout=60)


@pytest.mark.parametrize("seed", range(3))
def test_no_outlet_tells_of_an_article_that_the_visitor_may_not_see(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - which articles whose, not a secret
    articles = crowd(chance)
    # A real server, as Gradio answers events on a second connection; it trusts this machine.
    settings = Settings(**{**SIGN_IN, "trusted_proxies": "127.0.0.1"})
    app = create_app(make_assistant(articles), settings)
    with running(app) as server, httpx.Client(base_url=server.url, timeout=60) as client:
        for groups in ((), ("staff",), tuple(chance.sample(GROUPS, 2))):
            headers = {"Remote-User": "bob", "Remote-Groups": ",".join(groups)}
            check_outlets(client, server.url, headers, articles, set(groups))


def check_outlets(
    client: httpx.Client,
    url: str,
    headers: dict[str, str],
    articles: Sequence[Article],
    groups: set[str],
) -> None:
    seen = {each.id for each in articles if not each.groups or groups & set(each.groups)}
    hidden = [each for each in articles if each.id not in seen]
    only = make_assistant([each for each in articles if each.id in seen]).index
    counts = {"articles": only.article_count, "sentences": only.sentence_count}

    def get(path: str) -> httpx.Response:
        return client.get(path, headers=headers)

    def post(path: str, **body: object) -> httpx.Response:
        asked = {"question": "城の高さは何メートルですか", **body}
        return client.post(path, json=asked, headers=headers)

    listed = get("/api/articles").json()["articles"]
    assert {each["id"] for each in listed} == seen
    assert "groups" not in str(listed)
    assert get("/healthz").json() == {"status": "ok", **counts}
    gauges = re.findall(r"^shutten_(articles|sentences) (\d+)$", get("/metrics").text, re.MULTILINE)
    assert {name: int(value) for name, value in gauges} == counts
    hits = post("/api/search", top=100).json()["hits"]
    assert {each["article_id"] for each in hits} == seen
    told = [post("/api/ask").text, post("/api/ask", question="要約して").text, get("/ui/").text]
    streaming = {**headers, "Accept": "text/event-stream"}
    told.append(client.post("/api/ask", json=BODY, headers=streaming).text)
    told.append(join(client, "arrive", [], headers))
    told.append(join(client, "greet", [], headers))
    told.append(join(client, "open", ["list", ""], headers))
    question = "城の高さは何メートルですか"
    told.append(join(client, "ask", [question, [], "", [], "", None, question], headers))
    never = unknown(post, get, "a/999")
    for each in hidden:
        assert unknown(post, get, each.id) == never
        assert not any(f"a/{each.id[2:]}" in text or each.title in text for text in told)
    for each in articles:
        if each.id in seen:
            assert get(f"/api/articles/{each.id}").json()["text"] == each.text
            assert each.title in told[4]
    assert through_tools(url, headers, [each.id for each in hidden][:2]) == seen


def unknown(post: Any, get: Any, article_id: str) -> list[tuple[int, str]]:  # noqa: ANN401
    answers = (
        get(f"/api/articles/{article_id}"),
        post("/api/ask", article_ids=[article_id]),
        post("/api/search", article_ids=[article_id]),
    )
    assert [each.status_code for each in answers] == [404] * 3
    return [(each.status_code, each.text) for each in answers]


# --- limits -----------------------------------------------------------------------------------


def test_each_key_and_each_visitor_of_an_allowed_site_has_its_own_limit() -> None:
    client = client_with(
        requests_per_minute=1,
        key_requests_per_minute=2,
        widget_requests_per_minute=3,
        api_keys="k1,k2",
        admin_token="t0",  # noqa: S106 - a lock of this test alone
        allowed_origins=WIKI,
        peer="198.51.100.7",
    )

    def ask(**headers: str) -> int:
        response = client.post("/api/search", json=BODY, headers=headers)
        if response.status_code == 429:
            assert code_of(response) == "too_many_requests"
            assert int(response.headers["retry-after"]) >= 1
        return response.status_code

    assert [ask(Authorization="Bearer k1") for _ in range(3)] == [200, 200, 429]
    assert [ask(Authorization="Bearer k2") for _ in range(3)] == [200, 200, 429]
    assert [ask(Origin=WIKI) for _ in range(4)] == [200, 200, 200, 429]
    assert [ask(Authorization="Bearer guess"), ask(Authorization="Bearer more")] == [401, 429]
    assert [ask(Authorization="Bearer t0") for _ in range(5)] == [200] * 5
    other = seen_from(client, "198.51.100.8")
    assert other.post("/api/search", json=BODY, headers={"Origin": WIKI}).status_code == 200


def test_who_has_signed_in_is_counted_by_name() -> None:
    client = client_with(requests_per_minute=1, **SIGN_IN)

    def ask(user: str) -> int:
        headers = {"Remote-User": user, "X-Forwarded-For": "203.0.113.1"}
        return client.post("/api/search", json=BODY, headers=headers).status_code

    assert [ask("ada"), ask("bob"), ask("ada")] == [200, 200, 429]


def test_the_page_tells_who_asks_too_often_in_their_language() -> None:
    app = create_app(make_assistant([NEWS]), Settings(requests_per_minute=1))
    with running(app) as server, httpx.Client(base_url=server.url, timeout=60) as client:
        headers = {"Accept-Language": "en"}
        data: list[object] = [BODY["question"], [], "", [], "", None, BODY["question"]]
        assert "Too many questions" not in join(client, "ask", data, headers)
        assert "Too many questions. Try again in" in join(client, "ask", data, headers)
        assert "もう一度お試しください" in join(client, "ask", data, {"Accept-Language": "ja"})


# --- refusals in one shape --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("origin", "method"), [("https://evil.example", "POST"), (WIKI, "DELETE"), ("null", "GET")]
)
def test_a_refused_preflight_is_told_in_the_one_shape(origin: str, method: str) -> None:
    client = client_with(allowed_origins=WIKI)
    wish = {"Origin": origin, "Access-Control-Request-Method": method, "Accept-Language": "en"}
    response = client.options("/api/ask", headers=wish)
    assert (response.status_code, code_of(response)) == (400, "preflight_refused")
    assert "SHUTTEN_ALLOWED_ORIGINS" in response.json()["error"]["message"]
    allowed = response.headers.get("access-control-allow-origin")
    assert allowed == (WIKI if origin == WIKI else None)


def pieces(megabytes: int) -> Iterator[bytes]:
    for _ in range(megabytes * 16 + 1):
        yield b"x" * 65536


@pytest.mark.parametrize(
    ("path", "megabytes"),
    [
        ("/api/ask", 1),
        ("/mcp", 1),
        ("/healthz", 1),
        ("/nothing", 1),
        ("/ui/gradio_api/queue/join", 4),
        ("/ui/gradio_api/upload", 20),
    ],
)
def test_a_body_that_is_too_large_is_refused_wherever_it_is_sent(path: str, megabytes: int) -> None:
    kind = "multipart/form-data; boundary=b" if path.endswith("upload") else "application/json"
    with client_with(request_max_megabytes=1, upload_max_megabytes=1) as client:
        for content in (pieces(megabytes), b"x" * (megabytes * 1024 * 1024 + 1)):
            response = client.post(path, content=content, headers={"Content-Type": kind})
            if path in ("/healthz", "/nothing") and response.status_code in (404, 405):
                continue  # refused before a byte of the body was read
            assert (response.status_code, code_of(response)) == (413, "too_large")
            assert f"{megabytes} MB" in response.json()["error"]["message"]


@pytest.mark.parametrize(
    "path", ["/", "/ui/", "/api/articles", "/api/nothing", "/healthz", "/metrics", "/widget.js"]
)
def test_every_answer_has_the_secure_headers_once_and_no_cookie(
    by_default: TestClient, path: str
) -> None:
    headers = by_default.get(path, follow_redirects=False).headers
    for name in (
        "content-security-policy",
        "x-content-type-options",
        "referrer-policy",
        "permissions-policy",
        "cross-origin-opener-policy",
        "cross-origin-resource-policy",
    ):
        assert len(headers.get_list(name)) == 1, name
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert "set-cookie" not in headers
    assert headers["cross-origin-resource-policy"] == (
        "cross-origin" if path == "/widget.js" else "same-origin"
    )
    if path.startswith(("/api", "/healthz", "/metrics")):
        assert headers["cache-control"] == "no-store"


# --- nothing is fetched for a visitor ---------------------------------------------------------


def test_the_page_fetches_no_address_that_a_visitor_names(by_default: TestClient) -> None:
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}/x"
    for path in ("file=", "file=%20", "proxy="):
        response = by_default.get(f"/ui/gradio_api/{path}{address}")
        assert (response.status_code, code_of(response)) == (403, "remote_file")
    for url in ("https://example.org/a.txt", "HTTPS://example.org/a", "file:///etc/passwd"):
        response = by_default.get(f"/ui/gradio_api/file={url}")
        assert (response.status_code, code_of(response)) == (403, "remote_file")
    file = {"path": address, "meta": {"_type": "gradio.FileData"}}
    for data in ([[file], "t"], ["q", [{"role": "user", "content": [{"file": file}]}], "", [], ""]):
        body = {"data": data, "fn_index": 0, "session_hash": "s"}
        hidden = json.dumps(body).replace('"path"', '"\\u0070ath"')
        for content in (json.dumps(body), hidden):
            response = by_default.post("/ui/gradio_api/queue/join", content=content)
            assert (response.status_code, code_of(response)) == (403, "remote_file")
    server.shutdown()
    thread.join()
    server.server_close()
    assert asked == []


# --- a client that has gone -------------------------------------------------------------------


class SlowAssistant(Assistant):
    """Waits between its steps until it is let go on, and tells how far it came."""

    steps: list[str]
    go_on: threading.Event

    def stream(self, question: str, **options: Any) -> Generator[Answer]:  # noqa: ANN401
        answers = super().stream(question, **options)
        self.steps.append("first")
        yield next(answers)
        self.go_on.wait(60)
        self.steps.append("second")
        yield from answers
        self.steps.append("last")


def test_an_answer_whose_client_has_hung_up_is_not_finished() -> None:
    made = make_assistant([NEWS])
    slow = SlowAssistant(made.index, made.retriever, made.reader, made.embedder)
    slow.steps, slow.go_on = [], threading.Event()
    with running(create_app(slow, Settings())) as server:
        port = int(server.url.rpartition(":")[2])
        body = json.dumps(BODY).encode()
        head = (
            f"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", port)) as caller:
            caller.sendall(head.encode() + body)
            wait_until(lambda: slow.steps == ["first"])
        wait_until(lambda: server.connections == 0)
        slow.go_on.set()
        with httpx.Client(base_url=server.url, timeout=60) as client:

            def abandoned() -> bool:
                return 'answers_total{status="abandoned"} 1' in client.get("/metrics").text

            wait_until(abandoned)
        assert "last" not in slow.steps
