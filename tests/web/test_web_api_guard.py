"""Who may ask, how much and how often; and that a browser's page of another site may not."""

from __future__ import annotations

import http.client
import json
import re
import socket
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from tests.web.making import NEWS, make_assistant
from tests.web.serving import running

from shutten.settings import Settings
from shutten.web.api.guard import ADDRESSES, RateLimit, holds_key, neighbourhood
from shutten.web.api.origins import Origins
from shutten.web.app import create_app

WIKI = "https://wiki.example.org"
OTHER = "https://other.example.org"
WORD = "open-sesame"
BODY = {"question": "R2は5月上旬に公開される予定でしたか"}


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def client_with(**settings: object) -> TestClient:
    return TestClient(create_app(make_assistant([NEWS]), Settings(**settings)))


# --- origins ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("allowed", "origin", "may"),
    [
        ((), WIKI, False),
        ((), "", False),
        ((WIKI,), WIKI, True),
        ((WIKI,), None, False),
        ((WIKI,), "null", False),
        ((WIKI,), OTHER, False),
        ((WIKI,), "http://wiki.example.org", False),
        ((WIKI,), f"{WIKI}:8443", False),
        ((WIKI,), f"{WIKI}.evil.example", False),
        ((WIKI,), "https://wikixexample.org", False),
        (("https://WIKI.example.org",), WIKI, True),
        (("https://*.example.org",), WIKI, True),
        (("https://*.example.org",), "https://a.b.example.org", True),
        (("https://*.example.org",), "https://example.org", False),
        (("https://*.example.org",), "https://evil.example/.example.org", False),
        (("http://localhost:*",), "http://localhost:8080", True),
        (("http://localhost:*",), "http://localhost", True),
        (("http://localhost:*",), "http://localhost:80.evil.example", False),
        ((WIKI, "http://localhost:1"), "http://localhost:1", True),
    ],
)
def test_an_origin_is_allowed_as_a_whole(
    allowed: tuple[str, ...], origin: str | None, *, may: bool
) -> None:
    assert Origins(allowed).allow(origin) is may


@given(st.text(min_size=1))
def test_nothing_but_the_site_itself_is_allowed(origin: str) -> None:
    assert Origins((WIKI,)).allow(origin) is (origin == WIKI)


def test_a_page_of_an_allowed_site_may_ask_and_frame() -> None:
    client = client_with(allowed_origins=(WIKI,))
    wish = {
        "Origin": WIKI,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    preflight = client.options("/api/ask", headers=wish)
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == WIKI
    assert "access-control-allow-credentials" not in preflight.headers
    response = client.post("/api/ask", json=BODY, headers={"Origin": WIKI})
    assert response.headers["access-control-allow-origin"] == WIKI
    assert response.json()["status"] == "quoted"
    policy = response.headers["content-security-policy"]
    assert policy.endswith(f"frame-ancestors 'self' {WIKI}")


def test_a_page_of_an_allowed_site_may_read_errors_too() -> None:
    client = client_with(allowed_origins=(WIKI,))
    response = client.post("/api/ask", json={}, headers={"Origin": WIKI})
    assert response.status_code == 422
    assert response.headers["access-control-allow-origin"] == WIKI


def test_a_page_of_another_site_may_not_read_an_answer() -> None:
    for client in (client_with(), client_with(allowed_origins=(WIKI,))):
        wish = {"Origin": OTHER, "Access-Control-Request-Method": "POST"}
        for response in (
            client.options("/api/ask", headers=wish),
            client.post("/api/ask", json=BODY, headers={"Origin": OTHER}),
            client.get("/ui/config", headers={"Origin": OTHER, "Host": "qa.example.org"}),
        ):
            assert "access-control-allow-origin" not in response.headers


def test_a_frame_ancestor_may_frame_but_not_ask() -> None:
    client = client_with(frame_ancestors=(WIKI,))
    response = client.post("/api/ask", json=BODY, headers={"Origin": WIKI})
    assert WIKI in response.headers["content-security-policy"]
    assert "access-control-allow-origin" not in response.headers


def test_pages_of_allowed_sites_cannot_change_the_index() -> None:
    client = client_with(allowed_origins=(WIKI,), admin_token=WORD)
    wish = {"Origin": WIKI, "Access-Control-Request-Method": "DELETE"}
    assert client.options("/api/articles/news.txt", headers=wish).status_code == 400
    response = client.delete("/api/articles/news.txt", headers={"Origin": WIKI})
    assert response.status_code == 401


# --- keys -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "holds"),
    [
        ("Bearer first", True),
        ("bearer second", True),
        ("Bearer  first ", True),
        ("Bearer third", False),
        ("Bearer", False),
        ("Bearer ", False),
        ("Basic first", False),
        ("first", False),
        ("Bearer firs\udcff", False),
        (None, False),
    ],
)
def test_a_key_is_held_or_not(header: str | None, *, holds: bool) -> None:
    assert holds_key(header, ("first", "second")) is holds


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Authorization": "Bearer k2"}, 200),
        ({"Origin": WIKI}, 200),
        ({"Origin": OTHER}, 401),
    ],
)
def test_with_keys_set_a_program_needs_one(headers: dict[str, str], status: int) -> None:
    client = client_with(api_keys=("k1", "k2"), allowed_origins=(WIKI,))
    response = client.post("/api/ask", json=BODY, headers={**headers, "Accept-Language": "ja"})
    assert response.status_code == status
    if status == 401:
        assert response.headers["www-authenticate"] == "Bearer"
        assert response.json()["error"]["message"].startswith("正しい鍵が要ります。")


def test_keys_stand_before_every_address_under_api_and_mcp_alone() -> None:
    client = client_with(api_keys=("k1",))
    for path in ("/api/articles", "/api/articles/news.txt", "/api/nothing", "/mcp"):
        assert client.get(path).status_code == 401
    for path in ("/healthz", "/metrics", "/openapi.json", "/ui/"):
        assert client.get(path).status_code == 200


# --- rates ------------------------------------------------------------------------------------


def test_a_minutes_worth_may_come_at_once_and_then_as_time_goes_by() -> None:
    clock = Clock()
    rate = RateLimit(3, clock=clock)
    assert [rate.wait("192.0.2.1") for _ in range(4)] == [0, 0, 0, 20]
    assert rate.wait("192.0.2.2") == 0
    clock.now += 12.5
    assert rate.wait("192.0.2.1") == 8
    clock.now += 7.5
    assert [rate.wait("192.0.2.1") for _ in range(2)] == [0, 20]
    clock.now += 3600
    assert [rate.wait("192.0.2.1") for _ in range(4)] == [0, 0, 0, 20]


def test_no_limit_is_no_limit() -> None:
    rate = RateLimit(0, clock=Clock())
    assert {rate.wait("192.0.2.1") for _ in range(1000)} == {0}


def test_only_so_many_addresses_are_remembered() -> None:
    rate = RateLimit(1, clock=Clock())
    assert [rate.wait("first"), rate.wait("first")] == [0, 60]
    for number in range(ADDRESSES):
        rate.wait(str(number))
    assert rate.wait("first") == 0
    assert rate.wait(str(ADDRESSES - 1)) == 60


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::1", "2001:db8:1:2::"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("testclient", "testclient"),
    ],
)
def test_a_whole_network_counts_as_one(address: str, counted: str) -> None:
    assert neighbourhood(address) == counted


def test_who_asks_too_often_is_told_when_to_come_back() -> None:
    client = client_with(requests_per_minute=2, allowed_origins=(WIKI,))
    headers = {"Accept-Language": "ja", "Origin": WIKI}
    answers = [client.post("/api/ask", json=BODY, headers=headers) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    seconds = int(answers[-1].headers["retry-after"])
    assert 1 <= seconds <= 30
    told = answers[-1].json()["error"]
    assert (told["code"], str(seconds) in told["message"]) == ("too_many_requests", True)
    assert "もう一度お試しください" in told["message"]
    assert answers[-1].headers["access-control-expose-headers"] == "Retry-After"
    assert answers[-1].headers["access-control-allow-origin"] == WIKI
    assert client.get("/healthz").status_code == 200


# --- sizes ------------------------------------------------------------------------------------

TOO_MUCH = b'{"question": "' + b"x" * 1024 * 1024 + b'"}'


def pieces() -> Iterator[bytes]:
    for start in range(0, len(TOO_MUCH), 65536):
        yield TOO_MUCH[start : start + 65536]


@pytest.mark.parametrize("stated", [True, False])
def test_a_body_that_is_too_large_is_refused(*, stated: bool) -> None:
    client = client_with(request_max_megabytes=1)
    headers = {"Content-Type": "application/json", "Accept-Language": "ja"}
    content = TOO_MUCH if stated else pieces()
    response = client.post("/api/ask", content=content, headers=headers)
    assert response.status_code == 413
    assert response.json() == {
        "error": {
            "code": "too_large",
            "message": "リクエストが大きすぎます。1 MB 以内にしてください。",
        }
    }


@pytest.mark.parametrize("megabytes", [2, 12])
def test_a_client_that_sends_before_it_listens_hears_that_its_body_is_too_large(
    megabytes: int,
) -> None:
    app = create_app(make_assistant([NEWS]), Settings(request_max_megabytes=1), page=False)
    body = b'{"question": "' + b"x" * megabytes * 1024 * 1024 + b'"}'
    headers = {"Content-Type": "application/json", "Connection": "close"}  # as urllib sends
    with running(app) as server:
        client = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=60)
        client.request("POST", "/api/ask", body, headers)
        refused = client.getresponse()
        assert refused.status == 413
        assert json.load(refused)["error"]["code"] == "too_large"


def test_a_body_that_is_only_announced_is_refused_without_being_asked_for() -> None:
    app = create_app(make_assistant([NEWS]), Settings(request_max_megabytes=1), page=False)
    with running(app) as server:
        host, port = server.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=60) as client:
            client.sendall(
                b"POST /api/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: 100-continue\r\n"
                b"Content-Type: application/json\r\nContent-Length: 5000000\r\n\r\n"
            )
            assert client.recv(100).startswith(b"HTTP/1.1 413 ")


def test_a_body_of_the_largest_size_is_read() -> None:
    client = client_with(request_max_megabytes=1)
    content = TOO_MUCH[: 1024 * 1024 - 2] + b'"}'
    response = client.post(
        "/api/ask", content=content, headers={"Content-Type": "application/json"}
    )
    assert response.json()["error"]["code"] == "question_too_long"


# --- headers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/ask"),
        ("GET", "/api/articles"),
        ("GET", "/api/nothing"),
        ("GET", "/metrics"),
        ("GET", "/openapi.json"),
    ],
)
def test_every_response_carries_the_security_headers(method: str, path: str) -> None:
    headers = client_with().request(method, path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert re.search(r"default-src 'self'.*frame-ancestors", headers["content-security-policy"])
