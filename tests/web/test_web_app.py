from __future__ import annotations

import os
import signal
import socket
import time
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from tests.nursery import Child, Nursery
from tests.web.making import NEWS, make_assistant
from tests.web.processes import free_port

from shutten.errors import ServeError, SettingsError
from shutten.settings import Settings
from shutten.web.app import address_of, content_security_policy, create_app, known_query, serve


@pytest.fixture(scope="module")
def client() -> TestClient:
    app = create_app(
        make_assistant([NEWS]), Settings(frame_ancestors=("https://wiki.example.org",))
    )
    return TestClient(app, follow_redirects=False)


@pytest.mark.parametrize(
    ("asked", "target"),
    [
        ("/", "/ui/"),
        ("/?page=x", "/ui/"),
        ("/?q=%E3%81%84%E3%81%A4&page=x&lang=ja", "/ui/?q=%E3%81%84%E3%81%A4&lang=ja"),
        ("/?q=%FF", "/ui/?q=%EF%BF%BD"),
        ("/ui", "/ui/"),
        ("/ui/?page=x&q=a", "/ui/?q=a"),
        ("/ui/?view=api", "/ui/"),
        ("/ui/?deep_link=../../x", "/ui/"),
    ],
)
def test_unknown_parameters_are_dropped_on_the_way_to_the_page(
    client: TestClient, asked: str, target: str
) -> None:
    response = client.get(asked)
    assert response.status_code == 307
    assert response.headers["location"] == target


def test_the_page_opens_with_every_parameter_that_it_knows(client: TestClient) -> None:
    response = client.get("/ui/?q=a&lang=ja&article=news.txt&__theme=dark&from=x")
    assert response.status_code == 200


def test_health_names_articles_and_sentences(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok", "articles": 1, "sentences": 4}


def test_health_counts_without_reading_through_the_sentences() -> None:
    assistant, asked = make_assistant([NEWS]), list[str]()
    client = TestClient(create_app(assistant, Settings()))
    client.get("/healthz")  # looks what the groups of who asks may see, and remembers it
    assistant.index._store.database._connection.set_trace_callback(asked.append)
    client.get("/healthz")
    counted = [statement for statement in asked if "count(*)" in statement]
    assert counted == ["SELECT count(*) FROM articles", "SELECT count(*) FROM sentences"]


@pytest.mark.parametrize(
    "path", ["/", "/ui/", "/healthz", "/manifest.json", "/ui/config", "/nowhere", "/ui/?page=x"]
)
def test_every_response_carries_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert "frame-ancestors 'self' https://wiki.example.org" in headers["content-security-policy"]
    assert "connect-src 'self'" in headers["content-security-policy"]
    assert "unsafe-eval" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", ["/manifest.json", "/favicon.ico", "/ui/favicon.ico"])
def test_what_browsers_ask_for_by_themselves_is_there(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/", "/ui", "/ui/", "/healthz"])
def test_head_is_answered_as_get_is_but_for_the_body(client: TestClient, path: str) -> None:
    head, get = client.head(path), client.get(path)
    assert (head.status_code, head.content) == (get.status_code, b"")
    assert client.head(path, follow_redirects=True).status_code == 200
    names = ("location", "content-type", "content-length")
    assert [head.headers.get(each) for each in names] == [get.headers.get(each) for each in names]


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/ui/monitoring"])
def test_pages_for_developers_are_not_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code in (403, 404)


def test_events_are_not_offered_as_an_api(client: TestClient) -> None:
    assert client.get("/ui/gradio_api/info").json()["named_endpoints"] == {}


def test_files_of_the_server_are_not_served(client: TestClient) -> None:
    assert client.get("/ui/gradio_api/file=/etc/hostname").status_code in (403, 404)


@pytest.mark.parametrize("path", ["/healthz", "/ui/config"])
def test_pages_of_other_sites_may_not_read_the_answers(client: TestClient, path: str) -> None:
    for host in ("localhost:7860", "qa.example.org"):
        headers = {"Host": host, "Origin": "https://other.example.org"}
        assert "access-control-allow-origin" not in client.get(path, headers=headers).headers


def test_without_settings_only_the_page_itself_may_frame_it() -> None:
    assert "frame-ancestors 'self'" in content_security_policy(())
    assert content_security_policy(("'none'",)).endswith("frame-ancestors 'none'")


@pytest.mark.parametrize("site", ["https://a.example; script-src *", "a\nb", "", "a,b"])
def test_a_site_that_would_change_the_policy_is_refused(site: str) -> None:
    with pytest.raises(SettingsError, match="frame_ancestors"):
        content_security_policy((site,))


def test_a_query_is_kept_but_for_unknown_names() -> None:
    assert known_query("q=a+b&q=&x=1&lang=en") == "q=a+b&q=&lang=en"


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),  # noqa: S104
        ("::1", "http://[::1]:80"),
    ],
)
def test_the_address_to_open_is_one_that_a_browser_takes(host: str, address: str) -> None:
    assert address_of(host, 80) == address


def test_a_port_in_use_is_one_line_that_names_the_cure() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ServeError, match=rf"port {port} is in use.*--port {port + 1}"):
            serve(make_assistant([NEWS]), Settings(port=port))


def test_a_host_that_is_not_here_is_one_line_that_names_the_cure() -> None:
    with pytest.raises(ServeError, match="--host"):
        serve(make_assistant([NEWS]), Settings(host="192.0.2.1", port=0))


SERVING = """
import sys
from shutten.settings import Settings
from shutten.web.app import serve
from tests.nursery import Child, Nursery
from tests.web.making import NEWS, make_assistant
from tests.web.processes import free_port
serve(make_assistant([NEWS]), Settings(port=int(sys.argv[1])))
print("ended")
"""


def test_control_c_ends_the_server_without_a_traceback(
    tmp_path: Path, heavy_commands: Nursery
) -> None:
    script, out, err = (tmp_path / name for name in ("serving.py", "out.txt", "err.txt"))
    script.write_text(SERVING, encoding="utf-8")
    port = free_port()
    with (
        out.open("w") as output,
        err.open("w") as errors,
        heavy_commands.started(
            str(port),
            cwd=tmp_path,
            environment=os.environ,
            streams=(0, output.fileno(), errors.fileno()),
            script=script,
        ) as process,
    ):
        wait_for_port(port, process)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
    assert out.read_text(encoding="utf-8") == "ended\n"
    assert "Traceback" not in err.read_text(encoding="utf-8")
    assert f"http://127.0.0.1:{port}" in err.read_text(encoding="utf-8")


def wait_for_port(port: int, process: Child) -> None:
    while process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("the server ended before it listened")
