"""A MediaWiki in memory that answers its action API over HTTP on 127.0.0.1."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.loopback import served

AT_ONCE = 2
"""How many pages or changes one answer holds, so that every list has continuations."""

Fault = tuple[int, Mapping[str, str], Mapping[str, object]]
"""Status, headers and JSON of an answer that is given in place of the next one."""

Answer = dict[str, Any]


@dataclass
class ServedPage:
    title: str
    text: str
    revision: int
    namespace: int = 0

    @property
    def is_redirect(self) -> bool:
        return self.text.startswith("#REDIRECT")


@dataclass
class ServedWiki:
    """Pages by number, the log of changes, and what was asked."""

    pages: dict[int, ServedPage] = field(default_factory=dict)
    changes: list[Answer] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    address: str = ""
    minutes: int = 0
    revisions: int = 100
    opens_with: str = ""
    """A password: where there is one, only who has signed in with it may read."""
    session: str = "first"
    """What a cookie must hold of who has signed in; another value ends all sessions."""
    meanwhile: Callable[[], object] = bool
    """What happens while an answer is made."""

    # --- what editors do ----------------------------------------------------------------------

    def edit(self, number: int, text: str) -> None:
        page = self.pages[number]
        page.text, page.revision = text, self._next()
        self._log("edit", page.title, number, page.namespace)

    def create(self, number: int, title: str, text: str, *, namespace: int = 0) -> None:
        self.pages[number] = ServedPage(title, text, self._next(), namespace)
        self._log("new", title, number, namespace)

    def move(self, number: int, title: str, *, namespace: int = 0) -> None:
        page = self.pages[number]
        before, was = page.title, page.namespace
        page.title, page.namespace, page.revision = title, namespace, self._next()
        self._log("log", before, number, was, logtype="move", logparams={"target_title": title})

    def delete(self, number: int) -> None:
        page = self.pages.pop(number)
        self._log("log", page.title, 0, page.namespace, logtype="delete", logparams={})

    def _next(self) -> int:
        self.revisions += 1
        return self.revisions

    def _log(self, kind: str, title: str, number: int, namespace: int, **more: object) -> None:
        self.minutes += 30
        change = {"type": kind, "title": title, "pageid": number, "ns": namespace, **more}
        self.changes.append({"timestamp": self.now, **change})

    @property
    def now(self) -> str:
        hours, minutes = divmod(self.minutes, 60)
        return f"2026-01-02T{hours:02}:{minutes:02}:00Z"

    # --- the API ------------------------------------------------------------------------------

    def signed_in(self, given: Mapping[str, str]) -> bool:
        return (given.get("lgpassword"), given.get("lgtoken")) == (self.opens_with, "t+\\")

    def answer(self, asked: Mapping[str, str], cookie: str = "") -> Answer:
        if asked.get("meta") == "tokens":
            return {"query": {"tokens": {"logintoken": "t+\\"}}}
        is_signed_in = f"session={self.session}" in cookie
        if asked.get("assert") == "user" and not is_signed_in:
            info = "You are no longer logged in, so the action could not be completed."
            return {"error": {"code": "assertuserfailed", "info": info}}
        if self.opens_with and not is_signed_in:
            return {"error": {"code": "readapidenied", "info": "You need read permission."}}
        return self._read(asked)

    def _read(self, asked: Mapping[str, str]) -> Answer:
        if asked.get("meta") == "siteinfo":
            return {"query": self._siteinfo()}
        if "curtimestamp" in asked:
            return {"curtimestamp": self.now}
        if asked.get("list") == "recentchanges":
            since = [each for each in self.changes if each["timestamp"] >= asked["rcstart"]]
            some, following = _part(since, asked.get("rccontinue"), "rccontinue")
            return {"query": {"recentchanges": some}, **following}
        if asked.get("prop", "").startswith("info|revisions"):
            return self._glanced(asked)
        if asked.get("prop") == "revisions":
            return self._texts([int(each) for each in asked["pageids"].split("|")], asked)
        return self._infos(asked)

    def _siteinfo(self) -> Answer:
        return {
            "general": {"wikiid": "testwiki", "base": f"{self.address}/wiki/Main_Page"},
            "namespaces": {"6": {"id": 6, "name": "絵", "canonical": "File"}},
            "namespacealiases": [{"id": 6, "alias": "図"}],
        }

    def _infos(self, asked: Mapping[str, str]) -> Answer:
        if "pageids" in asked:
            numbers = [int(each) for each in asked["pageids"].split("|")]
            return {"query": {"pages": [self._info(each) for each in numbers]}}
        if "titles" in asked:
            by_title = {page.title: number for number, page in self.pages.items()}
            titles = asked["titles"].split("|")
            return {"query": {"pages": [self._info(by_title.get(each, 0)) for each in titles]}}
        numbers = [number for number, page in self.pages.items() if _is_in(page, asked)]
        some, following = _part(numbers, asked.get("gapcontinue"), "gapcontinue")
        return {"query": {"pages": [self._info(each) for each in some]}, **following}

    def _glanced(self, asked: Mapping[str, str]) -> Answer:
        """Answer for single pages with everything about them."""
        if "titles" not in asked:
            numbers = [int(each) for each in asked["pageids"].split("|")]
            return {"query": {"pages": [self._whole(each, asked) for each in numbers]}}
        title = asked["titles"].replace("_", " ")
        normalized = [{"from": asked["titles"], "to": title}] if title != asked["titles"] else []
        numbers = [number for number, page in self.pages.items() if page.title == title]
        missing = {"title": title, "missing": True}
        pages = [self._whole(each, asked) for each in numbers] or [missing]
        return {"query": {"pages": pages, **({"normalized": normalized} if normalized else {})}}

    def _whole(self, number: int, asked: Mapping[str, str]) -> Answer:
        info = self._info(number)
        if number in self.pages:
            page = self.pages[number]
            slots = {"main": {"content": page.text}}
            info["revisions"] = [{"revid": page.revision, "slots": slots}]
            chosen = asked.get("clcategories", "").split("|")
            info["categories"] = [{"title": each} for each in chosen if f"[[{each}]]" in page.text]
        return info

    def _info(self, number: int) -> Answer:
        page = self.pages.get(number)
        if page is None:
            return {"pageid": number, "missing": True}
        info = {"pageid": number, "ns": page.namespace, "title": page.title}
        info |= {"lastrevid": page.revision, "contentmodel": "wikitext"}
        return info | ({"redirect": True} if page.is_redirect else {})

    def _texts(self, numbers: Sequence[int], asked: Mapping[str, str]) -> Answer:
        """Name every page in each answer, with the text of some: the rest is to be continued."""
        some, following = _part(numbers, asked.get("rvcontinue"), "rvcontinue")
        pages = []
        for number in numbers:
            info = self._info(number)
            if number in some and number in self.pages:
                page = self.pages[number]
                slots = {"main": {"content": page.text}}
                info["revisions"] = [{"revid": page.revision, "slots": slots}]
            pages.append(info)
        return {"query": {"pages": pages}, **following}


def _is_in(page: ServedPage, asked: Mapping[str, str]) -> bool:
    if asked["generator"] == "categorymembers":
        return f"[[{asked['gcmtitle']}]]" in page.text
    return str(page.namespace) == asked["gapnamespace"] and not page.is_redirect


def _part(items: Sequence[Any], start: str | None, name: str) -> tuple[list[Any], Answer]:
    first = int(start or 0)
    last = first + AT_ONCE
    following = {"continue": {name: str(last), "continue": "-||"}} if last < len(items) else {}
    return list(items[first:last]), following


@contextmanager
def serving(wiki: ServedWiki) -> Iterator[ServedWiki]:
    """Serve a wiki until the end of the block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(wiki))
    wiki.address = f"http://127.0.0.1:{server.server_port}"
    with served(server):
        yield wiki


def _handler(wiki: ServedWiki) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wiki.agents.add(self.headers.get("User-Agent", ""))
            if urlsplit(self.path).path == "/api.php":
                self._answer_api(dict(parse_qsl(urlsplit(self.path).query)))
            elif self.path.startswith("/wiki/"):
                link = '<link rel="EditURI" href="/api.php?action=rsd&amp;x" />'
                self._send(200, "text/html", link.encode(), {})
            else:
                self._send(404, "text/html", b"<p>nothing here</p>", {})

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            given = dict(parse_qsl(self.rfile.read(length).decode()))
            let_in = wiki.signed_in(given)
            answer = {"login": {"result": "Success" if let_in else "Failed", "reason": "Wrong."}}
            cookie = {"Set-Cookie": f"session={wiki.session}"} if let_in else {}
            self._send(200, "application/json", json.dumps(answer).encode(), cookie)

        def _answer_api(self, asked: dict[str, str]) -> None:
            wiki.asked.append(asked)
            wiki.meanwhile()
            status, headers, body = wiki.faults.pop(0) if wiki.faults else (200, {}, None)
            cookie = self.headers.get("Cookie", "")
            answer = wiki.answer(asked, cookie) if body is None else body
            data = json.dumps(answer, ensure_ascii=False).encode()
            self._send(status, "application/json", data, headers)

        def _send(self, status: int, kind: str, data: bytes, headers: Mapping[str, str]) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Type": kind}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Say nothing on stderr."""

    return Handler
