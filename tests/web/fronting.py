"""What stands before the app where a group runs it: proxies written here, nginx, Caddy."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route
from tests.web.serving import running, wait_until

DEPLOY = Path(__file__).parents[2] / "deploy"
REQUIRED = os.environ.get("SHUTTEN_REQUIRE_PROXIES") == "1"
"""Read before the environment is cleaned for the tests."""

ROOT_PATH = "/qa"
Changes = Mapping[str, str | Path]
HOP_BY_HOP = ("connection", "keep-alive", "transfer-encoding")


@dataclass(frozen=True)
class Front:
    """Where readers reach the app: `url` without the root path, and the root path."""

    url: str
    root_path: str

    @property
    def app(self) -> str:
        return self.url + self.root_path


@dataclass(frozen=True)
class Kind:
    """A way to put something before the app."""

    name: str
    root_path: str
    changes: Mapping[str, str] = field(default_factory=dict)
    """What is put in the place of what in its file of deploy/."""

    @contextlib.contextmanager
    def before(self, port: int, folder: Path) -> Iterator[Front]:
        """Start it before the app on this port; its files go into the folder."""
        start = {
            "stripping": _written,
            "keeping": _written,
            "nginx": _nginx,
            "nginx-host": _nginx_host,
            "caddy": _caddy,
            "caddy-host": _caddy_host,
        }[self.name]
        with start(self, port, folder) as url:
            yield Front(url, self.root_path)


SUB_PATHS = tuple(Kind(name, ROOT_PATH) for name in ("stripping", "keeping", "nginx", "caddy"))
KINDS = (*SUB_PATHS, Kind("nginx-host", ""), Kind("caddy-host", ""))


def free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]


@contextlib.contextmanager
def _written(kind: Kind, port: int, folder: Path) -> Iterator[str]:  # noqa: ARG001
    """A proxy that takes the root path off, or leaves it on, and passes bytes on as they come."""
    client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60)

    async def forward(request: Request) -> StreamingResponse:
        path = request.url.path
        if kind.name == "stripping":
            path = path.removeprefix(kind.root_path) or "/"
        onward = client.build_request(
            request.method,
            httpx.URL(path=path, query=request.url.query.encode()),
            headers=request.headers.raw,
            content=await request.body(),
        )
        answer = await client.send(onward, stream=True)

        async def passed_on() -> AsyncIterator[bytes]:
            try:
                async for piece in answer.aiter_raw():
                    yield piece
            finally:
                await answer.aclose()

        response = StreamingResponse(passed_on(), answer.status_code)
        kept = [each for each in answer.headers.raw if each[0].decode().lower() not in HOP_BY_HOP]
        response.raw_headers = [(name.lower(), value) for name, value in kept]
        return response

    methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"]
    route = Route(f"{kind.root_path}{{path:path}}", forward, methods=methods)
    with running(Starlette(routes=[route])) as proxy:
        yield proxy.url


def _program(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None and REQUIRED:
        pytest.fail(f"SHUTTEN_REQUIRE_PROXIES=1, but {name} is not installed")
    if found is None:
        pytest.skip(f"{name} is not installed: apt-get install {name}")
    return found


@contextlib.contextmanager
def _listening(
    command: list[str],
    address: tuple[str, int],
    folder: Path,
    more: Mapping[str, str] | None = None,
) -> Iterator[None]:
    """Run a server until the block ends."""
    log = folder / "proxy.log"
    environment = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder), **(more or {})}
    with log.open("w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env=environment)

    def is_up() -> bool:
        assert process.poll() is None, log.read_text()
        with contextlib.suppress(OSError):
            socket.create_connection(address, timeout=5).close()
            return True
        return False

    try:
        wait_until(is_up)
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


NGINX = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
{user}
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


@contextlib.contextmanager
def _run_nginx(site: str, port: int, folder: Path) -> Iterator[None]:
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "site.conf").write_text(site)
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, user=user))
    command = [_program("nginx"), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    with _listening([*command, "-e", str(folder / "error.log")], ("127.0.0.1", port), folder):
        yield


def _configuration(name: str, changes: Changes) -> str:
    """Return a file of deploy/ with the names and ports of this machine in place of a server's."""
    text = (DEPLOY / name).read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, str(new))
    return text


SNIPPET = "/etc/nginx/snippets/shutten-proxy.conf"


@contextlib.contextmanager
def _nginx(kind: Kind, port: int, folder: Path) -> Iterator[str]:
    (own,) = free_ports(1)
    changes: Changes = {
        "127.0.0.1:7860": f"127.0.0.1:{port}",
        SNIPPET: DEPLOY / "nginx-proxy.conf",
        **kind.changes,
    }
    (folder / "sub-path.conf").write_text(_configuration("nginx-sub-path.conf", changes))
    site = (
        f"server {{ listen 127.0.0.1:{own}; include {folder}/sub-path.conf;"
        ' location / { return 404 "the wiki"; } }'
    )
    with _run_nginx(site, own, folder):
        yield f"http://127.0.0.1:{own}"


@contextlib.contextmanager
def _nginx_host(kind: Kind, port: int, folder: Path) -> Iterator[str]:
    plain, own = free_ports(2)
    certificate, key = _certificate(folder)
    changes: Changes = {
        "127.0.0.1:7860": f"127.0.0.1:{port}",
        SNIPPET: DEPLOY / "nginx-proxy.conf",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl": f"listen 127.0.0.1:{own} ssl",
        "/etc/ssl/certs/qa.example.org.pem": certificate,
        "/etc/ssl/private/qa.example.org.key": key,
        **kind.changes,
    }
    with _run_nginx(_configuration("nginx.conf", changes), own, folder):
        yield f"https://127.0.0.1:{own}"


def _certificate(folder: Path) -> tuple[Path, Path]:
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = [
        *(_program("openssl"), "req", "-x509", "-newkey", "ec", "-nodes", "-days", "2"),
        *("-pkeyopt", "ec_paramgen_curve:prime256v1", "-subj", "/CN=127.0.0.1"),
        *("-addext", "subjectAltName=IP:127.0.0.1"),
        *("-keyout", str(key), "-out", str(certificate)),
    ]
    subprocess.run(command, check=True, capture_output=True)
    return certificate, key


@contextlib.contextmanager
def _caddy(kind: Kind, port: int, folder: Path) -> Iterator[str]:
    (own,) = free_ports(1)
    changes = {
        "127.0.0.1:7860": f"127.0.0.1:{port}",
        "wiki.example.org {": f"http://127.0.0.1:{own} {{",
        "reverse_proxy 127.0.0.1:8080": 'respond "the wiki" 404',
        **kind.changes,
    }
    with _run_caddy(_configuration("Caddyfile.sub-path", changes), own, folder):
        yield f"http://127.0.0.1:{own}"


@contextlib.contextmanager
def _caddy_host(kind: Kind, port: int, folder: Path) -> Iterator[str]:
    (own,) = free_ports(1)
    environment = {
        "SHUTTEN_SITE": f"http://127.0.0.1:{own}",
        "SHUTTEN_UPSTREAM": f"127.0.0.1:{port}",
    }
    with _run_caddy(_configuration("Caddyfile", kind.changes), own, folder, environment):
        yield f"http://127.0.0.1:{own}"


@contextlib.contextmanager
def _run_caddy(
    sites: str, port: int, folder: Path, environment: Mapping[str, str] | None = None
) -> Iterator[None]:
    (folder / "Caddyfile").write_text(f"{{\n\tadmin off\n\tauto_https off\n}}\n{sites}")
    command = [_program("caddy"), "run", "--config", str(folder / "Caddyfile")]
    address = ("127.0.0.1", port)
    with _listening([*command, "--adapter", "caddyfile"], address, folder, environment):
        yield
