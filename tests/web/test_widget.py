"""How the script for other sites' pages is served, and how large it is."""

from __future__ import annotations

import gzip
import re

import pytest
from fastapi.testclient import TestClient
from tests.web.making import NEWS, make_assistant

from shutten.settings import Settings
from shutten.web.app import create_app
from shutten.web.texts import ENGLISH, JAPANESE, Texts
from shutten.web.widget import ORDER, SOURCES, script

MOST_BYTES = 20_000


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(create_app(make_assistant([NEWS]), Settings()))


def test_any_page_may_load_the_script(client: TestClient) -> None:
    response = client.get("/widget.js", headers={"Origin": "https://wiki.example.org"})
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/javascript; charset=utf-8"
    assert response.headers["cross-origin-resource-policy"] == "cross-origin"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["cache-control"] == "public, max-age=600"
    assert client.head("/widget.js").status_code == 200


def test_a_browser_that_has_it_is_not_sent_it_again(client: TestClient) -> None:
    tag = client.get("/widget.js").headers["etag"]
    again = client.get("/widget.js", headers={"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    assert client.get("/widget.js", headers={"If-None-Match": '"other"'}).status_code == 200


def test_it_is_sent_compressed_only_to_who_can_read_it(client: TestClient) -> None:
    plain = client.get("/widget.js", headers={"Accept-Encoding": "identity"})
    packed = client.get("/widget.js", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["vary"]
    assert plain.content == packed.content == script().plain


def test_it_stays_small() -> None:
    assert gzip.decompress(script().compressed) == script().plain
    assert len(script().compressed) < MOST_BYTES


def test_every_part_is_in_it() -> None:
    assert sorted(ORDER) == sorted(path.name for path in SOURCES.glob("*.js"))


@pytest.mark.parametrize("name", ORDER)
def test_text_never_becomes_markup_or_code(name: str) -> None:
    source = (SOURCES / name).read_text(encoding="utf-8")
    ways = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(")
    assert [way for way in ways if way in source] == []


SAME_AS_ON_THE_PAGE = {
    "examples": "examples", "question": "question_label", "send": "send", "stop": "stop",
    "searching": "searching", "understood": "understood", "written": "written",
    "partial": "partial", "following": "following", "nearest": "nearest",
    "removed": "removed_claims", "sentence": "sentence_number", "useful": "rate_up",
    "useless": "rate_down", "copy": "copy", "copied": "copied", "notCopied": "copy_failed",
    "stopped": "stopped", "close": "rate_close",
}  # fmt: skip
"""Names of the widget's strings, and of the page's that say the same."""


@pytest.mark.parametrize(("language", "texts"), [("ja", JAPANESE), ("en", ENGLISH)])
def test_the_widget_says_what_the_page_says(language: str, texts: Texts) -> None:
    written = (SOURCES / "texts.js").read_text(encoding="utf-8")
    of_language = written.partition(f"  {language}: {{\n")[2].partition("\n  },")[0]
    said = dict(re.findall(r'^    (\w+): "(.*)",$', of_language, re.MULTILINE))
    shown = {name: said[name] for name in SAME_AS_ON_THE_PAGE}
    assert shown == {name: getattr(texts, same) for name, same in SAME_AS_ON_THE_PAGE.items()}
