"""No address, redirection or name leads into a private network, unless somebody has named it."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.nursery import Nursery
from tests.socks_server import proxying
from tests.wiki_server import ServedPage, ServedWiki, serving

from shutten.articles import read_articles
from shutten.errors import AddressRefusedError, ArticleError, WikiError
from shutten.fetching import fetch
from shutten.hosts import Hosts, host_and_port, is_loopback
from shutten.outbound import PinnedTransport, Reach, is_public, resolve_name
from shutten.wiki.mediawiki_api import MediaWikiApi, find_api, new_client

LITERALS = (
    "http://127.0.0.1/",
    "http://127.0.0.1:6379/",
    "http://127.8.8.8/",
    "http://127.1/",
    "http://127.0.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.1/",
    "http://0x7f.0x0.0x0.0x1/",
    "http://017700000001/",
    "http://0/",
    "http://0.0.0.0/",
    "http://0.0.0.0:8000/",
    "http://localhost/",
    "http://LOCALHOST/",
    "http://user:word@127.0.0.1/",
    "http://example.com@127.0.0.1/",
    "http://10.0.0.1/",
    "http://10.255.255.255/",
    "http://167772161/",
    "http://172.16.0.1/",
    "http://172.31.255.254/",
    "http://192.168.0.1/",
    "http://192.168.1/",
    "http://0xc0a80001/",
    "http://169.254.169.254/latest/meta-data/",
    "http://2852039166/",
    "http://0xa9fea9fe/",
    "http://100.64.0.1/",
    "http://192.0.0.1/",
    "http://192.0.2.1/",
    "http://198.18.0.1/",
    "http://224.0.0.1/",
    "http://239.255.255.250:1900/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://[::1]/",
    "http://[::]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[0:0:0:0:0:ffff:10.0.0.1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::127.0.0.1]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[64:ff9b:1::1]/",
    "http://[2002:7f00:1::]/",
    "http://[2002:c0a8:1::1]/",
    "http://[fe80::1]/",
    "http://[fec0::1]/",
    "http://[fc00::1]/",
    "http://[fd12:3456:789a::1]/",
    "http://[ff02::1]/",
    "http://[2001:db8::1]/",
)
OCTAL = ("http://0177.0.0.1/", "http://0177.0.0.01/", "http://0251.0376.0251.0376/")
"""httpx takes these for no address at all."""
SCHEMES = (
    "file:///etc/passwd",
    "ftp://127.0.0.1/",
    "gopher://127.0.0.1:6379/_INFO",
    "dict://127.0.0.1:11211/stat",
    "ldap://127.0.0.1/",
    "data:text/plain,secret",
    "jar:http://127.0.0.1!/",
    "//127.0.0.1:1/",
    "http:///etc/passwd",
    "http://",
)
NAMES = {
    "localhost.": ["127.0.0.1"],
    "private.test": ["10.0.0.7"],
    "loopback.test": ["127.0.0.1"],
    "six.test": ["::1"],
    "mapped.test": ["::ffff:192.168.0.9"],
    "scoped.test": ["fe80::1%eth0"],
    "metadata.test": ["169.254.169.254"],
    "nowhere.test": ["0.0.0.0"],  # noqa: S104 - an address that is refused
    "mixed.test": ["93.184.216.34", "127.0.0.1"],
}
FULL_WIDTH = ("http://①②⑦.⓪.⓪.①/", "http://127。0。0。1/", "http://ⓛocalhost/")
PUBLIC = ("93.184.216.34", "8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "2002:808:808::1")


def named(host: str, port: int) -> Sequence[str]:
    """Answer for the names of this test, and for what is no name as the system does."""
    if host in NAMES:
        return NAMES[host]
    return resolve_name(host, port)


# --- addresses --------------------------------------------------------------------------------


@pytest.mark.parametrize("address", LITERALS)
def test_an_address_of_a_private_network_is_not_connected_to(address: str) -> None:
    with pytest.raises(AddressRefusedError, match="private network") as caught:
        Reach(resolve=named).addresses(httpx.URL(address))
    assert "SHUTTEN_PRIVATE_HOSTS=" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "word" not in str(caught.value)


@pytest.mark.parametrize("address", SCHEMES)
def test_only_the_web_is_fetched(address: str) -> None:
    with pytest.raises(AddressRefusedError, match=r"only http and https|without a host"):
        Reach(resolve=named).addresses(httpx.URL(address))


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_name_that_resolves_to_a_private_address_is_not_connected_to(name: str) -> None:
    for scheme in ("http", "https"):
        with pytest.raises(AddressRefusedError, match="private network"):
            Reach(resolve=named).addresses(httpx.URL(f"{scheme}://{name}/"))


@pytest.mark.parametrize("address", FULL_WIDTH)
def test_letters_that_only_look_like_others_are_no_way_in(address: str) -> None:
    with pytest.raises((AddressRefusedError, httpx.InvalidURL, httpx.ConnectError)):
        Reach(resolve=named).addresses(httpx.URL(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_the_open_internet_is_reached(address: str) -> None:
    reach = Reach(resolve=lambda host, port: [address])  # noqa: ARG005
    assert reach.addresses(httpx.URL("https://example.org/")) == [address]


@given(st.ip_addresses(v=4))
def test_an_address_written_inside_of_another_is_judged_as_itself(inner: IPv4Address) -> None:
    bits = int(inner)
    outer = (0xFFFF << 32 | bits, 0x64FF9B << 96 | bits, 0x2002 << 112 | bits << 80 | 1)
    assert {is_public(IPv6Address(each)) for each in outer} == {is_public(inner)}


@pytest.mark.parametrize(
    ("listed", "host", "port", "included"),
    [
        ((), "a.test", 80, False),
        (("a.test",), "a.test", 8080, True),
        (("A.test",), "a.TEST.", 80, True),
        (("a.test:80",), "a.test", 8080, False),
        (("a.test:80",), "a.test", 80, True),
        (("*.test",), "a.b.test", 80, True),
        (("*.test",), "test", 80, False),
        (("*.test",), "atest", 80, False),
        (("*.test:80",), "a.test", 81, False),
        (("[::1]:80",), "0:0:0:0:0:0:0:1", 80, True),
        (("10.0.0.1",), "010.0.0.1", 80, False),
        (("*",), "anything", 1, True),
    ],
)
def test_a_list_of_hosts_names_them(
    listed: tuple[str, ...], host: str, port: int, *, included: bool
) -> None:
    assert Hosts(listed).include(host, port) is included


@pytest.mark.parametrize(
    ("authority", "parts"),
    [
        ("qa.example.org", ("qa.example.org", None)),
        ("QA.example.org.:8080", ("qa.example.org", 8080)),
        ("[::1]:7860", ("::1", 7860)),
        ("::1", None),
        ("a:b", None),
        ("", None),
        ("a b:1:2", None),
    ],
)
def test_host_and_port_are_taken_apart(authority: str, parts: object) -> None:
    assert host_and_port(authority) == parts


def test_what_means_this_machine_is_known() -> None:
    own = ("localhost", "LOCALHOST.", "a.localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]")
    assert all(map(is_loopback, (*own, "::ffff:127.0.0.1")))
    others = ("localhost.evil.test", "10.0.0.1", "127.0.0.1.evil.test", "evil-localhost", "::2")
    assert not any(map(is_loopback, others))


# --- what a person has named ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "address", "reached"),
    [
        ("http://localhost:8000/page", "http://localhost:8000/other", True),
        ("http://localhost:8000/page", "http://localhost:6379/", False),
        ("http://localhost:8000/page", "http://127.0.0.1:8000/", False),
        ("http://wiki.test/", "https://wiki.test/", True),
        ("http://wiki.test/", "http://wiki.test:8080/", False),
        ("http://wiki.test/", "http://other.test/", False),
        ("http://[::1]:8000/", "http://[0:0::1]:8000/", True),
        ("http://wiki.test./", "http://WIKI.test/", True),
        ("ftp://wiki.test/", "http://wiki.test/", False),
        ("http://[bad", "http://wiki.test/", False),
        ("http://xn--/", "http://wiki.test/", False),
    ],
)
def test_the_host_that_was_typed_may_be_private_at_its_own_port(
    typed: str, address: str, *, reached: bool
) -> None:
    reach = Reach([typed], resolve=lambda host, port: ["10.0.0.7"])  # noqa: ARG005
    try:
        found = reach.addresses(httpx.URL(address))
    except AddressRefusedError:
        found = []
    assert found == (["10.0.0.7"] if reached else [])


def test_a_setting_names_private_hosts() -> None:
    reach = Reach(private_hosts=("*.test", "127.0.0.1:8000"), resolve=named)
    assert reach.addresses(httpx.URL("http://private.test/")) == ["10.0.0.7"]
    assert reach.addresses(httpx.URL("http://127.0.0.1:8000/")) == ["127.0.0.1"]
    with pytest.raises(AddressRefusedError):
        reach.addresses(httpx.URL("http://127.0.0.1:8001/"))


# --- real servers -----------------------------------------------------------------------------


class Served:
    """A server on a loopback address: `/to?url=…` redirects there, the rest is a page.

    With `leads_to` all of it redirects there.
    """

    def __init__(self, host: str, port: int = 0) -> None:
        self.asked: list[tuple[str, str]] = []
        self.leads_to: str | None = None
        served = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                served.asked.append((self.path, self.headers["Host"]))
                parts = urlsplit(self.path)
                named = parse_qs(parts.query).get("url") if parts.path == "/to" else None
                to = named[0] if named else served.leads_to
                self.send_response(302 if to else 200)
                if to:
                    self.send_header("Location", to)
                body = b"" if to else f"<p>A page of {host}.</p>".encode()
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer((host, port), Handler)
        self.port = self.server.server_port
        self.url = f"http://{host}:{self.port}"


@contextmanager
def listening(host: str = "127.0.0.1", port: int = 0) -> Iterator[Served]:
    served = Served(host, port)
    thread = threading.Thread(target=served.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield served
    finally:
        served.server.shutdown()
        thread.join()
        served.server.server_close()


@pytest.fixture
def site() -> Iterator[Served]:
    with listening() as served:
        yield served


@pytest.fixture
def secret() -> Iterator[Served]:
    with listening() as served:
        yield served


def redirecting(site: Served, address: str) -> str:
    return str(httpx.URL(f"{site.url}/to", params={"url": address}))


def test_a_typed_page_of_this_machine_is_read(site: Served) -> None:
    (article,) = read_articles([f"{site.url}/page"])
    assert article.text.strip() == "A page of 127.0.0.1."


@pytest.mark.parametrize("address", [*LITERALS, *OCTAL, *SCHEMES, "http://127.0.0.1:{port}/secret"])
def test_a_redirection_into_the_private_network_is_not_followed(
    site: Served, secret: Served, address: str
) -> None:
    with pytest.raises(ArticleError) as caught:
        fetch(redirecting(site, address.format(port=secret.port)))
    assert "\n" not in str(caught.value)
    assert secret.asked == []
    assert len(site.asked) == 1


def test_a_redirection_within_the_host_that_was_typed_is_followed(site: Served) -> None:
    assert b"A page" in fetch(redirecting(site, f"{site.url}/there")).data
    assert b"A page" in fetch(redirecting(site, "/there")).data


def test_a_redirection_to_a_host_of_the_setting_is_followed(site: Served, secret: Served) -> None:
    address = redirecting(site, f"{secret.url}/page")
    assert b"A page" in fetch(address, private_hosts=[f"127.0.0.1:{secret.port}"]).data


def test_the_command_line_refuses_in_one_line(
    site: Served, secret: Served, tmp_path: Path, commands: Nursery
) -> None:
    address = redirecting(site, f"http://localhost:{secret.port}/")
    environment = {**os.environ, "SHUTTEN_EMBEDDER": "hash"}
    ran = commands.run("index", address, cwd=tmp_path, environment=environment)
    assert (ran.returncode, ran.stdout) == (2, "")
    (line,) = ran.stderr.strip().splitlines()
    assert "leads into a private network" in line
    assert "SHUTTEN_PRIVATE_HOSTS=localhost" in line
    assert secret.asked == []


def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    """A name whose address changes after the check leads nowhere else."""
    answers = iter([["127.0.0.2"], ["127.0.0.3"]])
    with listening("127.0.0.2") as first, listening("127.0.0.3", first.port) as second:
        reach = Reach(
            private_hosts=["rebound.test"],
            resolve=lambda host, port: next(answers),  # noqa: ARG005
        )
        address = f"http://rebound.test:{first.port}/"
        assert fetch(address, reach=reach).data == b"<p>A page of 127.0.0.2.</p>"
        assert second.asked == []
    assert first.asked == [("/", f"rebound.test:{first.port}")]


def test_where_the_first_address_of_a_host_is_silent_the_next_is_asked() -> None:
    with listening("127.0.0.2") as served:
        reach = Reach(
            private_hosts=["two.test"],
            resolve=lambda host, port: ["127.0.0.3", "127.0.0.2"],  # noqa: ARG005
        )
        assert b"127.0.0.2" in fetch(f"http://two.test:{served.port}/", reach=reach).data


def test_a_name_without_an_address_is_told_as_that() -> None:
    def nothing(host: str, port: int) -> Sequence[str]:
        raise OSError(host, port)

    with pytest.raises(ArticleError, match=r"the name gone\.test has no address"):
        fetch("http://gone.test/", reach=Reach(resolve=nothing))


def test_through_a_proxy_names_are_checked_all_the_same(site: Served) -> None:
    def resolve(host: str, port: int) -> Sequence[str]:
        if host == "unknown.test":
            raise OSError
        return named(host, port)

    transport = PinnedTransport(Reach(resolve=resolve), proxies={"http": site.url})
    with httpx.Client(transport=transport) as client:
        assert "A page" in client.get("http://unknown.test/page").text
        for address in ("http://private.test/", "http://0x7f000001/"):
            with pytest.raises(AddressRefusedError):
                client.get(address)
    assert site.asked == [("http://unknown.test/page", "unknown.test")]


def test_a_proxy_may_speak_socks() -> None:
    reach = Reach(resolve=lambda host, port: ["93.184.216.34"])  # noqa: ARG005
    with proxying() as proxy:
        transport = PinnedTransport(reach, proxies={"all": proxy.address})
        with httpx.Client(transport=transport) as client:
            assert client.get("http://page.test/").text == "<p>A page behind a proxy.</p>"
    assert proxy.hosts == [b"page.test"]


def test_a_proxy_without_a_scheme_is_one_of_http(site: Served) -> None:
    reach = Reach(resolve=lambda host, port: ["93.184.216.34"])  # noqa: ARG005
    proxies = {"http": f"127.0.0.1:{site.port}"}
    with httpx.Client(transport=PinnedTransport(reach, proxies=proxies)) as client:
        assert "A page" in client.get("http://page.test/page").text
    assert site.asked == [("http://page.test/page", "page.test")]


@pytest.mark.parametrize("proxy", ["gopher://127.0.0.1:70", "http://127.0.0.1:port"])
def test_a_proxy_that_cannot_be_used_is_told_with_the_variables(
    monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    named = r"a proxy that the environment names cannot be used: check HTTP_PROXY, HTTPS_PROXY, AL"
    with pytest.raises(ArticleError, match=rf"^http://8\.8\.8\.8/ cannot be fetched \({named}"):
        fetch("http://8.8.8.8/")
    waits: list[float] = []
    with new_client(Reach()) as client:
        api = MediaWikiApi("http://8.8.8.8/api.php", client, sleep=waits.append, pause=0)
        with pytest.raises(WikiError, match=named):
            api.ask(action="query")
    assert waits == []


@pytest.mark.parametrize("greeting", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x05\xff"])
def test_a_proxy_that_does_not_let_in_is_one_line(
    monkeypatch: pytest.MonkeyPatch, greeting: bytes
) -> None:
    with proxying(greeting) as proxy:
        monkeypatch.setenv("ALL_PROXY", proxy.address)
        with pytest.raises(
            ArticleError, match=r"^http://8\.8\.8\.8/ cannot be fetched \(.+\): check"
        ):
            fetch("http://8.8.8.8/")


# --- wikis ------------------------------------------------------------------------------------


@pytest.fixture
def wiki() -> Iterator[ServedWiki]:
    with serving(ServedWiki({1: ServedPage("城", "城は古い。", 11)})) as served:
        yield served


def test_the_api_that_a_page_names_is_not_asked_on_another_private_host(
    wiki: ServedWiki, secret: Served
) -> None:
    linked = f"{wiki.address}/wiki/Main"
    with new_client(Reach([linked])) as client:
        assert find_api(linked, client) == f"{wiki.address}/api.php"
        with pytest.raises(WikiError, match="private network"):
            MediaWikiApi(f"{secret.url}/api.php", client, pause=0).ask(action="query")
    assert secret.asked == []


def test_a_wiki_that_redirects_to_another_private_host_is_not_followed(
    site: Served, secret: Served
) -> None:
    site.leads_to = f"{secret.url}/api.php"
    typed = f"{site.url}/wiki"
    with new_client(Reach([typed])) as client:
        with pytest.raises(WikiError, match="private network"):
            find_api(typed, client)
        waits: list[float] = []
        with pytest.raises(WikiError, match="private network"):
            MediaWikiApi(typed, client, sleep=waits.append, pause=0).ask(action="query")
    assert waits == []
    assert secret.asked == []


def test_a_password_is_not_sent_on_to_where_a_wiki_redirects() -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = b'{"query": {"tokens": {"logintoken": "t"}}}'
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(307)
            self.send_header("Location", f"{thief.url}/api.php")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with listening() as thief:
        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}/api.php"
        with (
            new_client(Reach(private_hosts=["127.0.0.1"])) as client,
            pytest.raises(WikiError, match="answers 307"),
        ):
            MediaWikiApi(address, client, pause=0).sign_in("user", "word")
        server.shutdown()
        thread.join()
        server.server_close()
        assert thief.asked == []
