"""A MediaWiki over HTTP: what is asked of it, and what becomes of its answers."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest
from tests.wiki_server import Fault, ServedPage, ServedWiki, serving

from shutten.embedding import HashEmbedder
from shutten.errors import WikiError
from shutten.index import Index
from shutten.outbound import Reach
from shutten.wiki.mediawiki_api import TRIES, MediaWikiApi, find_api, new_client
from shutten.wiki.mediawiki_site import MediaWikiSite, Scope
from shutten.wiki.sync import Synchroniser

LAGGED: Fault = (200, {"Retry-After": "7"}, {"error": {"code": "maxlag", "info": "6 s lagged"}})
BUSY: Fault = (429, {"Retry-After": "3"}, {})
BROKEN: Fault = (500, {}, {})


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with new_client(Reach(private_hosts=["127.0.0.1"])) as opened:
        yield opened


@pytest.fixture
def wiki() -> Iterator[ServedWiki]:
    pages = {
        1: ServedPage("城", "== 歴史 ==\n'''城'''は[[絵:a.png|絵だ。]]古い。[[Category:名所]]", 11),
        2: ServedPage("堀", "堀は深い。", 12),
        3: ServedPage("転送", "#REDIRECT [[城]]", 13),
        4: ServedPage("橋", "橋は長い。[[Category:名所]]", 14),
        5: ServedPage("利用者:A", "利用者だ。", 15, namespace=2),
    }
    with serving(ServedWiki(pages)) as served:
        yield served


class Bench:
    """The parts that sync one wiki into one index; `waits` are the seconds that were slept."""

    def __init__(self, wiki: ServedWiki, client: httpx.Client, directory: Path) -> None:
        self.wiki = wiki
        self.client = client
        self.directory = directory
        self.waits: list[float] = []

    def source(self, scope: Scope | None = None) -> MediaWikiSite:
        api = MediaWikiApi(
            f"{self.wiki.address}/api.php", self.client, sleep=self.waits.append, pause=0
        )
        return MediaWikiSite(api, scope or Scope())

    def sync(self, scope: Scope | None = None) -> tuple[int, int, int, int]:
        synchroniser = Synchroniser(self.directory, lambda: HashEmbedder(32))
        report = synchroniser.bring_up(self.source(scope))
        return report.added, report.updated, report.unchanged, report.removed

    def titles(self) -> list[tuple[str, str]]:
        with Index.open(self.directory) as index:
            return sorted((entry.id, entry.title) for entry in index.articles())


@pytest.fixture
def bench(wiki: ServedWiki, client: httpx.Client, tmp_path: Path) -> Bench:
    return Bench(wiki, client, tmp_path / "index")


def test_the_pages_of_the_articles_namespace_are_taken_but_for_redirects(bench: Bench) -> None:
    assert bench.sync() == (3, 0, 0, 0)
    assert bench.titles() == [("testwiki:1", "城"), ("testwiki:2", "堀"), ("testwiki:4", "橋")]
    with Index.open(bench.directory) as index:
        castle = index.article("testwiki:1")
    assert castle.text == "## 歴史\n\n絵だ。\n\n城は古い。"
    assert castle.url == f"{bench.wiki.address}/wiki/%E5%9F%8E"
    assert castle.revision == "11"
    assert castle.origin is not None
    assert castle.origin.anchor_at(0) == "歴史"


def test_namespaces_and_categories_choose_the_pages(bench: Bench) -> None:
    assert bench.sync(Scope(namespaces=(0, 2))) == (4, 0, 0, 0)
    assert bench.sync(Scope(categories=("名所",))) == (0, 0, 2, 2)
    bench.wiki.edit(4, "橋は名所でない。")
    assert bench.sync(Scope(categories=("Category:名所",))) == (0, 0, 1, 1)
    assert bench.titles() == [("testwiki:1", "城")]


def test_the_next_sync_asks_for_changes_alone_and_follows_each_kind(bench: Bench) -> None:
    wiki = bench.wiki
    wiki.create(6, "塔", "塔は高い。")
    wiki.create(7, "門", "門は赤い。")
    assert bench.sync() == (5, 0, 0, 0)
    wiki.minutes += 60
    bench.sync()
    wiki.minutes += 60
    wiki.asked.clear()
    assert bench.sync() == (0, 0, 5, 0)
    assert [each for each in wiki.asked if "generator" in each or "pageids" in each] == []
    wiki.edit(1, "城は新しい。")
    wiki.create(8, "庭", "庭は広い。")
    wiki.delete(2)
    wiki.move(4, "大橋")
    wiki.move(6, "利用者:塔", namespace=2)
    wiki.move(5, "井戸")
    wiki.edit(7, "#REDIRECT [[城]]")
    wiki.asked.clear()
    assert bench.sync() == (2, 2, 0, 3)
    assert bench.titles() == [
        ("testwiki:1", "城"), ("testwiki:4", "大橋"), ("testwiki:5", "井戸"), ("testwiki:8", "庭")
    ]  # fmt: skip
    assert [each for each in wiki.asked if "generator" in each] == []


def test_changes_that_the_wiki_may_have_forgotten_are_not_relied_on(bench: Bench) -> None:
    bench.sync()
    bench.wiki.delete(2)
    bench.wiki.changes.clear()
    source = bench.source()
    visit = source.visit({"testwiki:2": "12 1 堀"}, '{"seen": "2025-11-01T00:00:00Z"}')
    assert [page.id for page in visit.pages] == ["testwiki:1", "testwiki:4"]


def test_each_request_says_who_asks_and_minds_the_lag(bench: Bench) -> None:
    bench.sync()
    (agent,) = bench.wiki.agents
    assert agent.startswith("shutten/")
    assert {each["maxlag"] for each in bench.wiki.asked} == {"5"}


@pytest.mark.parametrize(
    ("faults", "waits"),
    [([LAGGED], [7.0]), ([BUSY, BUSY], [3.0, 3.0]), ([BROKEN, BROKEN, LAGGED], [1.0, 2.0, 7.0])],
    ids=["maxlag", "429", "500"],
)
def test_a_request_is_made_again_after_the_time_that_the_wiki_asks(
    bench: Bench, faults: list[Fault], waits: list[float]
) -> None:
    bench.wiki.faults += faults
    assert bench.sync() == (3, 0, 0, 0)
    assert bench.waits == waits


def test_a_wiki_may_name_the_time_of_day_to_wait_for(bench: Bench) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)
    bench.wiki.faults.append((503, {"Retry-After": later}, {}))
    assert bench.sync() == (3, 0, 0, 0)
    assert 10 < bench.waits[0] <= 20


def test_a_wiki_that_stays_away_is_one_line_and_nothing_is_lost(bench: Bench) -> None:
    bench.sync()
    source = bench.source()
    bench.wiki.edit(1, "城は新しい。")
    bench.wiki.faults += [BROKEN] * TRIES
    synchroniser = Synchroniser(bench.directory, lambda: HashEmbedder(32))
    with pytest.raises(WikiError, match=rf"did not answer in {TRIES} tries \(it answers 500\)"):
        synchroniser.bring_up(source)
    assert len(bench.titles()) == 3
    assert bench.waits == [1.0, 2.0, 4.0, 8.0, 16.0]


@pytest.mark.parametrize(
    ("fault", "complaint"),
    [
        ((200, {}, {"error": {"code": "readapidenied", "info": "sign in"}}), "without signing in"),
        ((403, {}, {}), "without signing in"),
        ((200, {}, {"error": {"code": "badvalue", "info": "no"}}), r"refuses the request \(badv"),
        ((404, {}, {}), "is not the API of a MediaWiki"),
        ((200, {}, {"query": {}}), "does not say what it is"),
    ],
)
def test_what_a_wiki_refuses_is_told_with_the_cure(
    bench: Bench, fault: Fault, complaint: str
) -> None:
    bench.wiki.faults.append(fault)
    with pytest.raises(WikiError, match=complaint):
        bench.source()
    assert bench.waits == []


def test_a_private_wiki_is_read_after_signing_in(bench: Bench) -> None:
    bench.wiki.opens_with = "open sesame"
    with pytest.raises(WikiError, match=r"without signing in.*SHUTTEN_WIKI_USER"):
        bench.sync()
    api = MediaWikiApi(f"{bench.wiki.address}/api.php", bench.client, pause=0)
    with pytest.raises(WikiError, match=r"does not let Bot in \(Wrong\.\): .*BotPasswords"):
        api.sign_in("Bot", "wrong")
    api.sign_in("Bot", "open sesame")
    assert bench.sync() == (3, 0, 0, 0)


def test_a_session_that_the_wiki_has_ended_is_begun_again(bench: Bench) -> None:
    wiki, waits = bench.wiki, bench.waits
    wiki.opens_with = "open sesame"
    api = MediaWikiApi(f"{wiki.address}/api.php", bench.client, sleep=waits.append, pause=0)
    api.sign_in("Bot", "open sesame")
    source = MediaWikiSite(api, Scope())
    synchroniser = Synchroniser(bench.directory, lambda: HashEmbedder(32))
    assert synchroniser.bring_up(source).added == 3
    wiki.edit(1, "城は新しい。")
    wiki.session = "second"
    assert synchroniser.bring_up(source).updated == 1
    wiki.session, wiki.opens_with = "third", "another word"
    with pytest.raises(WikiError, match=r"does not let Bot in \(Wrong\.\)"):
        synchroniser.bring_up(source)
    wiki.opens_with = "open sesame"
    assert synchroniser.bring_up(source).unchanged == 3
    assert waits == []


def test_a_wiki_that_keeps_no_session_is_one_line(bench: Bench) -> None:
    bench.wiki.opens_with = "open sesame"
    api = MediaWikiApi(f"{bench.wiki.address}/api.php", bench.client, pause=0)
    api.sign_in("Bot", "open sesame")
    ended: Fault = (200, {}, {"error": {"code": "assertuserfailed", "info": "Signed out."}})
    bench.wiki.faults += [ended, (200, {}, {"query": {"tokens": {"logintoken": "t+\\"}}}), ended]
    with pytest.raises(WikiError, match=r"without signing in \(Signed out\.\): set SHUTTEN_WIKI_U"):
        api.ask(action="query", meta="siteinfo")


def test_who_has_not_signed_in_does_not_say_so(bench: Bench) -> None:
    bench.sync()
    assert [each for each in bench.wiki.asked if "assert" in each] == []


ADDRESSES = ("http://w.example:port", "http://256.1.1.1", "http://xn--", "http://[::1")


@pytest.mark.parametrize("front", ADDRESSES)
def test_what_is_no_address_is_told_with_the_cure(client: httpx.Client, front: str) -> None:
    address = f"{front}/api.php"
    assert find_api(address, client) == address
    api = MediaWikiApi(address, client, pause=0, tries=1)
    for wrong in (lambda: api.ask(action="query"), lambda: find_api(f"{front}/wiki", client)):
        with pytest.raises(WikiError, match=r"cannot be read \(.+\): check the address and the ne"):
            wrong()


BAD_ANSWERS: list[tuple[Fault, str]] = [
    ((302, {"Location": "/api.php"}, {}), r"cannot be read \(Exceeded maximum allowed redirects"),
    ((302, {"Location": "http://xn--/"}, {}), r"cannot be read \(Malformed A-label"),
    ((200, {"Content-Encoding": "gzip"}, {}), r"cannot be read \(Error -3 while decompressing"),
    ((200, {}, {}), r"does not say what time it is"),
    ((200, {}, {"error": "no"}), r"its errors have no code"),
]


@pytest.mark.parametrize(("fault", "line"), BAD_ANSWERS, ids=[line for _, line in BAD_ANSWERS])
def test_a_bad_answer_is_one_line_and_the_next_visit_is_whole(
    bench: Bench, fault: Fault, line: str
) -> None:
    source = bench.source()
    synchroniser = Synchroniser(bench.directory, lambda: HashEmbedder(32))
    bench.wiki.faults += [fault] * (30 if "redirects" in line else 1)
    with pytest.raises(WikiError, match=line) as caught:
        synchroniser.bring_up(source)
    assert "\n" not in str(caught.value)
    bench.wiki.faults.clear()
    assert synchroniser.bring_up(source).added == 3
    assert bench.waits == []


def test_a_sign_in_without_a_token_is_one_line(bench: Bench) -> None:
    bench.wiki.faults.append((200, {}, {"batchcomplete": True}))
    api = MediaWikiApi(f"{bench.wiki.address}/api.php", bench.client, pause=0)
    with pytest.raises(WikiError, match="it gives no token to sign in"):
        api.sign_in("Bot", "open sesame")


@pytest.mark.parametrize(
    ("named", "found"),
    [
        ("https://wiki.example/wiki/A", "https://evil.example/api.php"),
        ("https://wiki.example/wiki/A", "http://wiki.example/api.php"),
        ("https://wiki.example/wiki/A", "https://wiki.example:8443/api.php"),
        ("https://wiki.example@evil.example/", "https://wiki.example/api.php"),
        ("http://wiki.example/wiki/A", "https://evil.example/api.php"),
    ],
)
def test_a_password_goes_to_no_other_site_than_the_one_that_was_named(
    named: str, found: str
) -> None:
    def answered(asked: httpx.Request) -> httpx.Response:
        pytest.fail(f"{asked.url} was asked")

    with httpx.Client(transport=httpx.MockTransport(answered)) as client:
        api = MediaWikiApi(found, client, pause=0)
        with pytest.raises(WikiError, match=rf"name {found} itself") as caught:
            api.sign_in("bob", "secret", named=named)
    assert "secret" not in str(caught.value)


def test_a_password_goes_to_the_site_that_was_named_also_when_it_is_safer() -> None:
    def answered(asked: httpx.Request) -> httpx.Response:
        is_token = asked.method == "GET"
        token = {"query": {"tokens": {"logintoken": "t"}}}
        return httpx.Response(200, json=token if is_token else {"login": {"result": "Success"}})

    with httpx.Client(transport=httpx.MockTransport(answered)) as client:
        for named in ("http://wiki.example/wiki/A", "https://WIKI.example:443/", None):
            api = MediaWikiApi("https://wiki.example/api.php", client, pause=0)
            api.sign_in("bob", "secret", named=named)


def test_the_api_is_found_from_any_page_of_the_wiki(wiki: ServedWiki, client: httpx.Client) -> None:
    api = f"{wiki.address}/api.php"
    assert find_api(f"{wiki.address}/wiki/Main_Page", client) == api
    assert find_api(api, client) == api
    with pytest.raises(WikiError, match=r"cannot be read \(it answers 404\): check the address"):
        find_api(f"{wiki.address}/nowhere", client)


def test_a_page_that_leads_to_no_address_is_one_line() -> None:
    page = '<link rel="EditURI" href="http://[wiki/api.php?action=rsd" />'
    transport = httpx.MockTransport(lambda _: httpx.Response(200, html=page))
    with (
        httpx.Client(transport=transport) as client,
        pytest.raises(WikiError, match=r"cannot be read \(.+\): check the address"),
    ):
        find_api("http://wiki.example/wiki/A", client)


def test_a_wiki_that_is_not_there_is_named(client: httpx.Client) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/wiki/A"
        with pytest.raises(WikiError, match="check the address and the network"):
            find_api(address, client)
