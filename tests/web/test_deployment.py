"""The app behind a proxy, on a host of its own and below a path: nothing may leave the path."""

from __future__ import annotations

import contextlib
import json
import os
import re
import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from socket import create_connection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send
from tests.nursery import Nursery
from tests.web.asking import ask
from tests.web.conftest import TIMEOUT_MILLISECONDS
from tests.web.fronting import KINDS, ROOT_PATH, SUB_PATHS, Front, Kind, free_ports
from tests.web.hosting import Site, site
from tests.web.making import DOG, NEWS, make_assistant
from tests.web.processes import command
from tests.web.serving import running, wait_until
from tests.web.test_web_api_stream import QUESTION, STREAM, WaitingReader, assistant_with
from tests.web.test_web_mcp import call
from tests.web.watching import Seen, watch

from shutten.errors import SettingsError
from shutten.settings import Settings
from shutten.types import Article
from shutten.web.app import create_app

if TYPE_CHECKING:
    from fastapi import FastAPI
    from playwright.sync_api import Browser, Page, Response

IDS = [kind.name for kind in KINDS]
FAKES = {
    **os.environ,
    "PYTHONPATH": str(Path(__file__).parents[2] / "src"),
    "SHUTTEN_EMBEDDER": "hash",
    "SHUTTEN_READER": "overlap",
}
PROXIES = ("nginx", "nginx-host", "caddy", "caddy-host")
OWN_FILE = "私の猫\n\n猫の名前はミケといいます。猫は窓辺で眠る。\n"


def port_of(url: str) -> int:
    return urlsplit(url).port or 0


def kind_named(name: str) -> Kind:
    (kind,) = (each for each in KINDS if each.name == name)
    return kind


def app_below(root_path: str) -> FastAPI:
    settings = Settings(root_path=root_path, allowed_origins=("http://localhost:*",))
    return create_app(make_assistant([NEWS, DOG]), settings)


@pytest.fixture(scope="module")
def wiki() -> Iterator[Site]:
    with site() as served:
        yield served


@pytest.fixture(scope="module", params=KINDS, ids=IDS)
def front(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Front]:
    kind: Kind = request.param
    folder = tmp_path_factory.mktemp(kind.name)
    with (
        running(app_below(kind.root_path)) as app,
        kind.before(port_of(app.url), folder) as opened,
    ):
        yield opened


class Visit:
    """A browser's page, what it asked for, and which answers were no good."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.seen = Seen()
        self.paths: list[str] = []
        self.failed: list[str] = []
        page.set_default_timeout(TIMEOUT_MILLISECONDS)
        watch(page, self.seen)
        page.on("response", self._note)

    def _note(self, response: Response) -> None:
        self.paths.append(urlsplit(response.url).path)
        if response.status >= 400:
            self.failed.append(response.url)


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    context = browser.new_context(locale="ja-JP", ignore_https_errors=True)
    visit = Visit(context.new_page())
    yield visit
    context.close()
    assert (visit.failed, visit.seen.complaints) == ([], [])


@pytest.mark.browser
def test_the_page_works_behind_a_proxy(visit: Visit, front: Front, tmp_path: Path) -> None:
    page = visit.page
    page.goto(f"{front.app}?lang=ja&page=x")
    page.wait_for_selector("#page .library")
    assert page.url == f"{front.app}/ui/?lang=ja"
    ask(page, QUESTION)
    page.wait_for_selector("#chat .answer.final a.chip")
    page.click("#page .to-library")
    page.wait_for_selector("#page .library")
    page.locator("#chat a.chip").first.click()
    page.wait_for_selector("#page .s.active")
    assert "犬の名前はポチです。" in page.locator("#page .s").all_inner_texts()[1]

    own = tmp_path / "cat.txt"
    own.write_text(OWN_FILE, encoding="utf-8")
    page.set_input_files("input[type=file]", own)
    page.wait_for_selector("#page .page[id^='page/own:']")
    ask(page, "猫の名前はミケといいますか")
    assert "ミケ" in page.locator("#chat .answer.final .quote").last.inner_text()
    assert [path for path in visit.paths if not path.startswith(f"{front.root_path}/")] in (
        [],
        [front.root_path],  # the address as it was typed
    )
    assert "/gradio_api/upload" in " ".join(visit.paths)


@pytest.mark.browser
def test_the_widget_asks_through_the_proxy(visit: Visit, front: Front, wiki: Site) -> None:
    script = f'<script async src="{front.app}/widget.js" data-lang="ja"></script>'
    wiki.put("/page", f"<title>犬</title><h1>犬</h1>{script}")
    page = visit.page
    page.goto(f"{wiki.origin}/page")
    page.get_by_role("button", name="記事に質問").click()
    page.get_by_role("textbox", name="質問").fill(QUESTION)
    page.keyboard.press("Enter")
    answer = page.locator(".answer:not(.growing)")
    answer.wait_for()
    assert "犬の名前はポチです。" in answer.inner_text()
    assert f"{front.root_path}/api/ask" in visit.paths


@pytest.mark.parametrize("path", ["", "/", "/ui", "/ui/?page=x"])
def test_a_redirect_stays_below_the_root_path(front: Front, path: str) -> None:
    with httpx.Client(verify=False, follow_redirects=True) as client:  # noqa: S501
        response = client.get(f"{front.app}{path}")
    assert response.status_code == 200
    assert str(response.url) == f"{front.app}/ui/"
    hosts = {urlsplit(str(each.url)).netloc for each in response.history}
    assert hosts == {urlsplit(front.url).netloc}


def test_programs_ask_below_the_root_path(front: Front) -> None:
    with httpx.Client(base_url=f"{front.app}/", verify=False) as client:  # noqa: S501
        assert client.get("healthz").json()["status"] == "ok"
        assert client.get("api/articles/dog.txt").json()["title"] == "私の犬"
        assert client.post("api/ask", json={"question": QUESTION}).json()["status"] == "quoted"
        described = client.get("openapi.json").json()
        assert described.get("servers", [{"url": ""}]) == [{"url": front.root_path}]
        assert client.get("manifest.json").json()["start_url"] == f"{front.root_path}/ui/"


def test_tools_are_offered_below_the_root_path(front: Front) -> None:
    if front.url.startswith("https:"):
        pytest.skip("the tools' client does not take a certificate that it does not know")
    for mode in ("auto", "legacy"):
        result = call(f"{front.app}/mcp", "ask_articles", {"question": QUESTION}, mode)
        assert result.structured_content is not None
        assert result.structured_content["status"] == "quoted"


@pytest.mark.parametrize("kind", KINDS, ids=IDS)
def test_events_pass_the_proxy_one_by_one_and_who_leaves_ends_the_work(
    kind: Kind, tmp_path: Path
) -> None:
    reader = WaitingReader()
    settings = Settings(root_path=kind.root_path)
    with ExitStack() as stack:
        app = stack.enter_context(running(create_app(assistant_with(reader), settings)))
        stack.callback(reader.gate.set)
        front = stack.enter_context(kind.before(port_of(app.url), tmp_path))
        client = stack.enter_context(httpx.Client(verify=False, timeout=60))  # noqa: S501
        asked = (f"{front.app}/api/ask", {"question": QUESTION}, STREAM)
        with client.stream("POST", asked[0], json=asked[1], headers=STREAM) as stream:
            lines = stream.iter_lines()
            assert next(lines) == "event: hits"  # while the reader still waits
        with client.stream("POST", asked[0], json=asked[1], headers=STREAM) as stream:
            lines = stream.iter_lines()
            assert next(lines) == "event: hits"
            reader.gate.set()
            *_, last = (line for line in lines if line.startswith("data: "))
        assert json.loads(last.removeprefix("data: "))["status"] == "quoted"
        counts = ('{status="abandoned"} 1', '{status="quoted"} 1')
        wait_until(lambda: all(count in httpx.get(f"{app.url}/metrics").text for count in counts))


def test_nginx_speaks_http_2_on_the_host_of_the_app(tmp_path: Path) -> None:
    with (
        running(app_below("")) as app,
        kind_named("nginx-host").before(port_of(app.url), tmp_path) as front,
    ):
        context = ssl.create_default_context(cafile=str(tmp_path / "certificate.pem"))
        context.set_alpn_protocols(["h2", "http/1.1"])
        with (
            create_connection(("127.0.0.1", port_of(front.url))) as raw,
            context.wrap_socket(raw, server_hostname="127.0.0.1") as secured,
        ):
            assert secured.selected_alpn_protocol() == "h2"


@pytest.mark.parametrize("name", PROXIES)
def test_a_body_beyond_all_limits_is_refused_by_the_proxy(name: str, tmp_path: Path) -> None:
    changes = {"400m;": "1m;"} if name.startswith("nginx") else {"400MB": "1MB"}
    kind = replace(kind_named(name), changes=changes)
    with (
        running(Echo()) as echo,
        kind.before(port_of(echo.url), tmp_path) as front,
        httpx.Client(verify=False) as client,  # noqa: S501
    ):
        assert client.post(f"{front.app}/x", content=bytes(500_000)).status_code == 200
        refused = client.post(f"{front.app}/x", content=bytes(2_000_000)).status_code
        assert refused in ((413,) if name.startswith("nginx") else (413, 502))  # Caddy 2.6 says 502


class Echo:
    """Reads a request to its end and answers with the headers that reached it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        headers = [(name.decode(), value.decode()) for name, value in scope["headers"]]
        while (await receive()).get("more_body"):
            pass
        await JSONResponse(headers)(scope, receive, send)


FORGED = {
    "Remote-User": "admin",
    "Remote-Groups": "admins",
    "X-Forwarded-For": "192.0.2.1",
    "X-Forwarded-Proto": "gopher",
    "X-Forwarded-Host": "evil.example",
}


def headers_behind(kind: Kind, folder: Path, **more: Any) -> dict[str, list[str]]:  # noqa: ANN401
    """Return what reaches the app of a request whose client sends forged headers."""
    with (
        running(Echo()) as echo,
        kind.before(port_of(echo.url), folder) as front,
        httpx.Client(verify=False) as client,  # noqa: S501
    ):
        answer = client.get(f"{front.app}/x", headers=FORGED, **more)
        answer.raise_for_status()
        headers: dict[str, list[str]] = {}
        for name, value in answer.json():
            headers.setdefault(name, []).append(value)
        assert headers["host"] == [urlsplit(front.url).netloc]
        assert headers["x-forwarded-proto"] == [urlsplit(front.url).scheme]
    return headers


@pytest.mark.parametrize("name", PROXIES)
def test_what_only_a_proxy_may_say_a_client_cannot_forge(name: str, tmp_path: Path) -> None:
    headers = headers_behind(kind_named(name), tmp_path)
    assert headers["x-forwarded-for"] == ["127.0.0.1"]
    assert set(headers) & {"remote-user", "remote-groups", "x-forwarded-host"} == set()


def test_who_signs_in_at_nginx_is_named_to_the_app_whatever_the_client_says(
    tmp_path: Path,
) -> None:
    passwords = tmp_path / "htpasswd"
    passwords.write_text("花子:{PLAIN}secret\n", encoding="utf-8")
    passwords.chmod(0o644)
    changes = {"#auth_basic": "auth_basic", "/etc/nginx/shutten.htpasswd": str(passwords)}
    kind = replace(kind_named("nginx-host"), changes=changes)
    headers = headers_behind(kind, tmp_path, auth=("花子", "secret"))
    assert headers["remote-user"] == ["花子"]
    with pytest.raises(httpx.HTTPStatusError, match="401"):
        headers_behind(kind, tmp_path, auth=("花子", "wrong"))


def test_the_port_itself_answers_with_and_without_the_root_path() -> None:
    with running(app_below(ROOT_PATH)) as app, httpx.Client(base_url=app.url) as client:
        assert client.get("/healthz").json() == client.get("/qa/healthz").json()
        links = re.findall(r'<link rel="(\w+)" href="(/[^"]*)"', client.get("/qa/ui/").text)
        assert links == [("manifest", "/qa/manifest.json"), ("icon", "/qa/favicon.ico")]
        for path in ("/", "/qa", "/qa/", "/ui", "/qa/ui"):
            assert client.get(path).headers["location"] == "/qa/ui/"
        assert client.get("/qab/healthz").status_code == 404
        assert client.get("/qa/qa/healthz").status_code == 404


@pytest.mark.parametrize("path", ["/ui", "/api/qa", "/mcp", "/widget.js"])
def test_an_address_of_the_app_is_no_root_path(path: str) -> None:
    with pytest.raises(SettingsError, match=f"^root_path={path}: the app itself has addresses"):
        app_below(path)


def test_the_sub_paths_are_those_of_the_files() -> None:
    assert {kind.root_path for kind in SUB_PATHS} == {ROOT_PATH}


@contextlib.contextmanager
def served(folder: Path, port: int, commands: Nursery) -> Iterator[None]:
    """Run the command over the folder's index, with models that load at once."""
    place = ("--index", str(folder / "index"), "--port", str(port), "--root-path", ROOT_PATH)
    log = folder / f"{port}.log"
    with command("serve", *place, nursery=commands, log=log, environment=FAKES, cwd=folder):
        wait_until(lambda: articles_at(port) is not None)
        yield


def write(folder: Path, name: str, article: Article, commands: Nursery) -> None:
    (folder / name).write_text(article.text, encoding="utf-8")
    place = ("--index", str(folder / "index"))
    written = commands.run("index", name, *place, cwd=folder, environment=FAKES)
    assert written.returncode == 0, written.stderr


def articles_at(port: int) -> int | None:
    try:
        health = httpx.get(f"http://127.0.0.1:{port}/qa/healthz", timeout=30).json()
    except httpx.TransportError:
        return None
    return int(health["articles"])


def test_processes_over_one_index_all_see_what_is_written(
    tmp_path: Path, heavy_commands: Nursery
) -> None:
    ports = free_ports(2)
    write(tmp_path, "dog.txt", DOG, heavy_commands)
    with (
        served(tmp_path, ports[0], heavy_commands),
        served(tmp_path, ports[1], heavy_commands),
    ):
        assert [articles_at(port) for port in ports] == [1, 1]
        write(tmp_path, "news.txt", NEWS, heavy_commands)
        assert [articles_at(port) for port in ports] == [2, 2]
        body = {"question": "R2は5月上旬に公開される予定でしたか"}
        for port in ports:
            answer = httpx.post(f"http://127.0.0.1:{port}/qa/api/ask", json=body, timeout=60).json()
            assert answer["citations"][0]["article_id"] == "news.txt"
