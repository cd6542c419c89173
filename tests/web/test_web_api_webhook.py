"""A wiki that says that one page has changed has this one read, and nothing else of it."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from tests.web.serving import running
from tests.wiki_server import ServedPage, ServedWiki, serving

from shutten.assistant import open_assistant
from shutten.embedding import HashEmbedder, load_embedder
from shutten.index import Index, IndexWriter
from shutten.outbound import Reach
from shutten.settings import Settings
from shutten.types import Article
from shutten.web.app import create_app
from shutten.wiki.dokuwiki import DokuWikiFolder
from shutten.wiki.folder import MarkdownFolder, find_site
from shutten.wiki.mediawiki_api import MediaWikiApi, new_client
from shutten.wiki.mediawiki_site import MediaWikiSite, Scope
from shutten.wiki.sync import Synchroniser

TOKEN = "open-sesame"  # noqa: S105 - a lock of this test alone
AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        index=tmp_path / "index",
        embedder="hash",
        reader="overlap",
        admin_token=TOKEN,
        trusted_proxies="192.0.2.1",
        groups_header="Remote-Groups",
    )


@pytest.fixture
def synchroniser(settings: Settings) -> Synchroniser:
    return Synchroniser(settings.index, lambda: load_embedder(settings.embedder))


Connect = Callable[[], TestClient]


@pytest.fixture
def connect(settings: Settings) -> Iterator[Connect]:
    opened: list[Index] = []

    def client() -> TestClient:
        assistant = open_assistant(settings)
        opened.append(assistant.index)
        return TestClient(create_app(assistant, settings, page=False))

    yield client
    for index in opened:
        index.close()


def tell(client: TestClient, source: str, page: str, **more: str) -> tuple[int, Any]:
    body = {"source": source, "page": page, **more}
    response = client.post("/api/webhook", json=body, headers=AUTHORIZED)
    return response.status_code, response.json()


def change_of(client: TestClient, source: str, page: str, **more: str) -> tuple[str, list[str]]:
    status, told = tell(client, source, page, **more)
    assert (status, told.get("source", told)) == (200, told["source"])
    return told["change"], told["articles"]


def listed(client: TestClient) -> dict[str, str]:
    articles = client.get("/api/articles").json()["articles"]
    return {each["id"]: each["title"] for each in articles}


def found(client: TestClient, question: str) -> str:
    hits = client.post("/api/search", json={"question": question, "top": 1}).json()["hits"]
    return str(hits[0]["text"]) if hits else ""


# --- DokuWiki ---------------------------------------------------------------------------------


@pytest.fixture
def doku(tmp_path: Path, synchroniser: Synchroniser) -> Path:
    pages = tmp_path / "doku" / "pages"
    (pages / "guide").mkdir(parents=True)
    (pages / "start.txt").write_text("====== 始め ======\n城の高さは10メートルである。\n", "utf-8")
    (pages / "guide" / "%E5%B1%B1.txt").write_text("山の高さは20メートルである。\n", "utf-8")
    source = DokuWikiFolder(pages.parent, url="https://w.example/doku.php", label="d")
    synchroniser.bring_up(source, place=source.place)
    return pages


def test_a_changed_page_of_a_dokuwiki_is_found_as_it_is_now(doku: Path, connect: Connect) -> None:
    client = connect()
    (doku / "start.txt").write_text("====== 始め ======\n城の高さは11メートルである。\n", "utf-8")
    (doku / "guide" / "%E5%B1%B1.txt").write_text("山の高さは21メートルである。\n", "utf-8")
    assert change_of(client, "d", "start") == ("updated", ["d/start"])
    assert found(client, "城の高さは11メートルである") == "城の高さは11メートルである。"
    assert found(client, "山の高さは20メートルである") == "山の高さは20メートルである。"
    assert change_of(client, "d", "start") == ("unchanged", ["d/start"])
    assert change_of(client, "d", "Guide:山") == ("updated", ["d/guide:山"])
    stored = client.get("/api/articles/d/guide:山").json()
    assert stored["url"] == "https://w.example/doku.php?id=guide:%E5%B1%B1"


def test_a_new_a_moved_and_a_deleted_page_of_a_dokuwiki(doku: Path, connect: Connect) -> None:
    client = connect()
    (doku / "guide" / "new.txt").write_text("堀の深さは5メートルである。\n", "utf-8")
    assert change_of(client, "d", "guide:new") == ("added", ["d/guide:new"])
    (doku / "guide" / "new.txt").rename(doku / "moved.txt")
    assert change_of(client, "d", "moved", was="guide:new") == (
        "updated",
        ["d/moved", "d/guide:new"],
    )
    (doku / "moved.txt").unlink()
    assert change_of(client, "d", "moved") == ("removed", ["d/moved"])
    (doku / "start.txt").write_text("", "utf-8")
    assert change_of(client, "d", "start") == ("removed", ["d/start"])
    assert listed(client) == {"d/guide:山": "山"}


@pytest.mark.parametrize(
    "page",
    [
        "nothing", "../../secret", "..:..:secret", ":::", ".", "a/../../../etc/passwd", "\0",
        "山" * 300,
    ],
)  # fmt: skip
def test_a_page_that_is_none_is_unknown(doku: Path, connect: Connect, page: str) -> None:
    (doku.parents[1] / "secret.txt").write_text("秘密である。", "utf-8")
    client = connect()
    before = listed(client)
    status, told = tell(client, "d", page)
    assert (status, told["error"]["code"]) == (404, "unknown_page")
    assert "give the name as the wiki writes it" in told["error"]["message"]
    assert listed(client) == before


def test_a_page_outside_of_what_is_synced_is_left_alone(
    doku: Path, synchroniser: Synchroniser, connect: Connect
) -> None:
    source = DokuWikiFolder(doku.parent, namespaces=["guide"], label="part")
    synchroniser.bring_up(source, place=source.place)
    client = connect()
    assert change_of(client, "part", "start") == ("ignored", [])
    assert change_of(client, "part", "guide:山") == ("unchanged", ["part/guide:山"])


# --- folders ----------------------------------------------------------------------------------


@pytest.fixture
def notes(tmp_path: Path, synchroniser: Synchroniser) -> Path:
    folder = tmp_path / "notes"
    (folder / ".hidden").mkdir(parents=True)
    (folder / "城.md").write_text("# 城\n\n城の高さは10メートルである。\n", "utf-8")
    source = MarkdownFolder(find_site(folder), label="n")
    synchroniser.bring_up(source, place=source.place)
    return folder


def test_a_file_of_a_folder_is_read_by_its_path(notes: Path, connect: Connect) -> None:
    client = connect()
    (notes / "城.md").write_text("# 城\n\n城の高さは12メートルである。\n", "utf-8")
    assert change_of(client, "n", "城.md") == ("updated", ["n/城.md"])
    assert found(client, "城の高さは12メートルである") == "城の高さは12メートルである。"
    (notes / "sub").mkdir()
    (notes / "城.md").rename(notes / "sub" / "城.md")
    moved = change_of(client, "n", "sub/城.md", was="城.md")
    assert moved == ("updated", ["n/sub/城.md", "n/城.md"])
    (notes / "sub" / "城.md").unlink()
    assert change_of(client, "n", "sub/城.md") == ("removed", ["n/sub/城.md"])
    assert listed(client) == {}


@pytest.mark.parametrize(
    "page",
    [
        "../secret.md", "sub/../../secret.md", "{folder}/城.md", ".hidden/a.md", "secret.txt", "城",
        "山" * 300 + ".md",
    ],
)  # fmt: skip
def test_no_file_is_read_that_a_sync_would_not_list(
    notes: Path, connect: Connect, page: str
) -> None:
    (notes.parent / "secret.md").write_text("秘密である。", "utf-8")
    (notes / ".hidden" / "a.md").write_text("秘密である。", "utf-8")
    (notes / "secret.txt").write_text("秘密である。", "utf-8")
    client = connect()
    status, told = tell(client, "n", page.format(folder=notes))
    assert (status, told["error"]["code"]) == (404, "unknown_page")
    assert list(listed(client)) == ["n/城.md"]


def test_a_folder_that_has_gone_is_told_with_the_cure(notes: Path, connect: Connect) -> None:
    client = connect()
    notes.rename(notes.with_name("elsewhere"))
    status, told = tell(client, "n", "城.md")
    assert (status, told["error"]["code"]) == (502, "wiki_unavailable")
    assert "sync the folder from where it is now" in told["error"]["message"]
    assert list(listed(client)) == ["n/城.md"]


# --- MediaWiki --------------------------------------------------------------------------------


@pytest.fixture
def wiki() -> Iterator[ServedWiki]:
    pages = {
        1: ServedPage("城 の 門", "城の高さは10メートルである。[[Category:名所]]", 11),
        2: ServedPage("堀", "堀の深さは5メートルである。", 12),
    }
    with serving(ServedWiki(pages)) as served:
        yield served


def sync_mediawiki(wiki: ServedWiki, synchroniser: Synchroniser, scope: Scope, label: str) -> None:
    with new_client(Reach([wiki.address])) as client:
        api = MediaWikiApi(f"{wiki.address}/api.php", client, pause=0)
        source = MediaWikiSite(api, scope, label=label, typed=f"{wiki.address}/wiki/A?token=t")
        synchroniser.bring_up(source, place=source.place)


@pytest.fixture
def media(wiki: ServedWiki, synchroniser: Synchroniser) -> ServedWiki:
    sync_mediawiki(wiki, synchroniser, Scope(), "m")
    wiki.asked.clear()
    return wiki


def test_a_changed_page_of_a_mediawiki_takes_one_request(
    media: ServedWiki, connect: Connect
) -> None:
    client = connect()
    media.edit(1, "城の高さは13メートルである。")
    media.edit(2, "堀の深さは6メートルである。")
    assert change_of(client, "m", "城_の_門") == ("updated", ["m/1"])
    assert found(client, "城の高さは13メートルである") == "城の高さは13メートルである。"
    assert found(client, "堀の深さは5メートルである") == "堀の深さは5メートルである。"
    (asked,) = media.asked
    assert (asked["titles"], asked["prop"]) == ("城_の_門", "info|revisions")
    assert client.get("/api/articles/m/1").json()["revision"] == "101"


@pytest.mark.parametrize("called", ["石垣", "堀"])
def test_a_renamed_page_keeps_its_article_by_either_name(
    media: ServedWiki, connect: Connect, called: str
) -> None:
    client = connect()
    media.move(2, "石垣")
    media.create(3, "堀", "#REDIRECT [[石垣]]")
    assert change_of(client, "m", called) == ("updated", ["m/2"])
    assert listed(client) == {"m/1": "城 の 門", "m/2": "石垣"}


def test_new_deleted_and_unwanted_pages_of_a_mediawiki(media: ServedWiki, connect: Connect) -> None:
    client = connect()
    media.create(4, "橋", "橋の長さは30メートルである。")
    media.create(5, "利用者:A", "利用者である。", namespace=2)
    assert change_of(client, "m", "橋") == ("added", ["m/4"])
    assert change_of(client, "m", "利用者:A") == ("ignored", [])
    media.delete(4)
    assert change_of(client, "m", "橋") == ("removed", ["m/4"])
    media.edit(2, "#REDIRECT [[城 の 門]]")
    assert change_of(client, "m", "堀") == ("removed", ["m/2"])
    status, told = tell(client, "m", "無い頁")
    assert (status, told["error"]["code"]) == (404, "unknown_page")
    assert list(listed(client)) == ["m/1"]


def test_a_page_comes_and_goes_with_its_category(
    wiki: ServedWiki, synchroniser: Synchroniser, connect: Connect
) -> None:
    sync_mediawiki(wiki, synchroniser, Scope(categories=("名所",)), "c")
    client = connect()
    assert list(listed(client)) == ["c/1"]
    assert change_of(client, "c", "堀") == ("ignored", [])
    wiki.edit(2, "堀の深さは6メートルである。[[Category:名所]]")
    assert change_of(client, "c", "堀") == ("added", ["c/2"])
    wiki.edit(1, "城である。")
    assert change_of(client, "c", "城 の 門") == ("removed", ["c/1"])


def test_a_wiki_that_is_down_is_told_and_nothing_is_lost(
    synchroniser: Synchroniser, connect: Connect
) -> None:
    with serving(ServedWiki({1: ServedPage("城", "城の高さは10メートルである。", 11)})) as wiki:
        sync_mediawiki(wiki, synchroniser, Scope(), "m")
    client = connect()
    status, told = tell(client, "m", "城")
    assert (status, told["error"]["code"]) == (502, "wiki_unavailable")
    assert "check the network" in told["error"]["message"]
    assert list(listed(client)) == ["m/1"]


def test_a_wiki_that_redirects_into_the_private_network_is_not_followed(
    media: ServedWiki, connect: Connect
) -> None:
    client = connect()
    with serving(ServedWiki({})) as other:
        media.faults.append((302, {"Location": f"{other.address}/api.php?x"}, {}))
        status, told = tell(client, "m", "城 の 門")
        assert other.asked == []
    assert (status, told["error"]["code"]) == (502, "wiki_unavailable")
    assert "private network" in told["error"]["message"]


def test_what_is_remembered_holds_no_secret(
    wiki: ServedWiki, synchroniser: Synchroniser, settings: Settings
) -> None:
    with new_client(Reach([wiki.address])) as client:
        secret = wiki.address.replace("http://", "http://user:word@")
        api = MediaWikiApi(f"{secret}/api.php", client, pause=0)
        source = MediaWikiSite(api, Scope(), typed=f"{secret}/wiki/A?token=t0k3n")
        synchroniser.bring_up(source, place=source.place)
    with Index.open(settings.index) as opened:
        (known,) = opened.places()
    assert source.place.typed == f"{wiki.address}/"
    assert "word" not in known.place
    assert "t0k3n" not in known.place


# --- whatever the wiki ------------------------------------------------------------------------


def test_a_page_keeps_the_groups_of_its_wiki(
    doku: Path, synchroniser: Synchroniser, connect: Connect, settings: Settings
) -> None:
    source = DokuWikiFolder(doku.parent, url="https://w.example/doku.php", label="d")
    synchroniser.bring_up(source, place=source.place, groups=["staff"])
    synchroniser.bring_up(source, place=source.place)
    (doku / "new.txt").write_text("堀の深さは5メートルである。\n", "utf-8")
    client = connect()
    assert change_of(client, "d", "new") == ("added", ["d/new"])
    assert listed(client) == {}
    with Index.open(settings.index) as opened:
        assert set(opened.groups().values()) == {("staff",)}
        assert set(opened.groups()) == {"d/start", "d/guide:山", "d/new"}
    synchroniser.bring_up(source, place=source.place, groups=[])
    assert len(listed(client)) == 3


def test_a_page_that_is_read_while_its_wiki_is_closed_is_closed_with_it(
    media: ServedWiki, connect: Connect, settings: Settings
) -> None:
    def close() -> None:
        with IndexWriter.open(settings.index) as writer:
            (known,) = opened.places()
            writer.put_place(replace(known, groups=("staff",)))

    media.edit(1, "城の高さは13メートルである。")
    media.meanwhile = close
    with Index.open(settings.index) as opened:
        assert change_of(connect(), "m", "城 の 門") == ("updated", ["m/1"])
        assert opened.groups() == {"m/1": ("staff",), "m/2": ("staff",)}


@pytest.mark.parametrize("source", ["nobody", "the DokuWiki", ""])
def test_an_unknown_wiki_is_told_with_those_that_are_known(
    doku: Path, connect: Connect, source: str
) -> None:
    status, told = tell(connect(), source or "x", "start")
    assert (status, told["error"]["code"]) == (404, "unknown_source")
    assert "give one of these as \"source\": 'd'" in told["error"]["message"]
    assert "shutten sync" in told["error"]["message"]
    assert doku.is_dir()


def test_a_wiki_without_a_label_is_called_by_its_whole_name(
    doku: Path, synchroniser: Synchroniser, connect: Connect
) -> None:
    folder = doku.parent.rename(doku.parent.with_name("other"))
    source = DokuWikiFolder(folder)
    synchroniser.bring_up(source, place=source.place)
    assert change_of(connect(), source.name, "start") == ("unchanged", ["start"])


def test_a_wiki_that_was_synced_before_places_were_kept_must_be_synced_once_more(
    doku: Path, synchroniser: Synchroniser, connect: Connect
) -> None:
    source = DokuWikiFolder(doku.parent, label="old")
    synchroniser.bring_up(source)
    client = connect()
    assert tell(client, "old", "start")[0] == 404
    synchroniser.bring_up(source, place=source.place)
    assert change_of(client, "old", "start") == ("unchanged", ["old/start"])


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"source": "d"},
        {"page": "start"},
        {"source": "d", "page": 5},
        {"source": "d", "page": " "},
        {"source": "d", "page": "x" * 1001},
        {"source": "d", "page": "half \ud83d"},
        {"source": "d", "page": "start", "was": ["a"]},
    ],
)
def test_a_body_that_names_no_page_says_what_is_missing(
    doku: Path, connect: Connect, body: dict[str, Any]
) -> None:
    headers = {**AUTHORIZED, "Content-Type": "application/json"}
    response = connect().post("/api/webhook", content=json.dumps(body), headers=headers)
    assert response.status_code == 422
    assert '"' in response.json()["error"]["message"]
    assert doku.is_dir()


def test_only_the_token_opens_the_way(doku: Path, settings: Settings) -> None:
    body = {"source": "d", "page": "start"}
    assistant = open_assistant(settings)
    with_token = TestClient(create_app(assistant, settings, page=False))
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        response = with_token.post("/api/webhook", json=body, headers=headers)
        assert (response.status_code, response.json()["error"]["code"]) == (401, "unauthorized")
    without = settings.model_copy(update={"admin_token": None})
    response = TestClient(create_app(assistant, without, page=False)).post(
        "/api/webhook", json=body
    )
    assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")
    assistant.index.close()
    assert doku.is_dir()


def test_pages_told_at_the_same_time_are_all_taken_over(doku: Path, settings: Settings) -> None:
    names = [f"page{number}" for number in range(6)]
    for name in names:
        (doku / f"{name}.txt").write_text(f"{name}の高さは5メートルである。\n", "utf-8")
    assistant = open_assistant(settings)
    with (
        running(create_app(assistant, settings)) as served,
        httpx.Client(base_url=served.url, headers=AUTHORIZED, timeout=60) as client,
        ThreadPoolExecutor(6) as pool,
    ):

        def told(name: str) -> tuple[int, str]:
            response = client.post("/api/webhook", json={"source": "d", "page": name})
            return response.status_code, response.json()["change"]

        assert list(pool.map(told, names)) == [(200, "added")] * 6
        articles = client.get("/api/articles").json()["articles"]
    assert {f"d/{name}" for name in names} <= {each["id"] for each in articles}
    assistant.index.close()


def test_another_writer_is_waited_for(doku: Path, connect: Connect, settings: Settings) -> None:
    (doku / "start.txt").write_text("城の高さは14メートルである。\n", "utf-8")
    client = connect()
    writer = IndexWriter.open(settings.index)
    released = threading.Timer(0.5, writer.close)
    released.start()
    assert change_of(client, "d", "start") == ("updated", ["d/start"])
    released.join()


def test_a_writer_that_does_not_end_is_told_with_when_to_come_back(
    doku: Path, connect: Connect, settings: Settings
) -> None:
    (doku / "start.txt").write_text("城の高さは14メートルである。\n", "utf-8")
    client = connect()
    body = {"source": "d", "page": "start"}
    with IndexWriter.open(settings.index):
        response = client.post("/api/webhook", json=body, headers=AUTHORIZED)
    assert (response.status_code, response.json()["error"]["code"]) == (503, "index_busy")
    assert response.headers["retry-after"] == "1"
    assert change_of(client, "d", "start") == ("updated", ["d/start"])


def test_an_article_of_somebody_else_is_not_taken(
    doku: Path, connect: Connect, settings: Settings
) -> None:
    with IndexWriter.open(settings.index) as writer:
        writer.add([Article("d/new", "別", "別の記事である。")], HashEmbedder(256))
    (doku / "new.txt").write_text("堀の深さは5メートルである。\n", "utf-8")
    status, told = tell(connect(), "d", "new")
    assert (status, told["error"]["code"]) == (422, "invalid_article")
    assert "--name" in told["error"]["message"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_page_that_cannot_be_read_stays_as_it_was(doku: Path, connect: Connect) -> None:
    (doku / "start.txt").chmod(0)
    client = connect()
    assert tell(client, "d", "start")[0] == 422
    assert "d/start" in listed(client)
