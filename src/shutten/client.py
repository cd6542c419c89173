"""A client for the web app of another process or machine: the same answers as in this one.

with Client("http://127.0.0.1:7860") as client:
    answer = client.ask("R2はいつ公開されますか")
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from types import TracebackType
from typing import Any, Final, Literal, TypeAlias, TypeVar
from urllib.parse import quote

import httpx
from socksio import SOCKSError

from shutten.errors import ServiceRefusedError, ServiceUnreachableError
from shutten.types import (
    Answer,
    Article,
    ArticleEntry,
    Citation,
    Claim,
    Hit,
    Language,
    Sentence,
    Timings,
    Turn,
)

TIMEOUT_SECONDS: Final = 60.0
EVENT_STREAM: Final = "text/event-stream"

ClaimState = Literal["pending", "supported", "removed"]
Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class HitsEvent:
    """What was found, before it is read."""

    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class ClaimEvent:
    """Where claim `n` stands; a later one with the same `n` replaces it."""

    n: int
    state: ClaimState
    text: str


@dataclass(frozen=True, slots=True)
class DeltaEvent:
    """A further piece of the text of claim `n`."""

    n: int
    text: str


@dataclass(frozen=True, slots=True)
class DoneEvent:
    """The answer, which alone counts."""

    answer: Answer


Event: TypeAlias = HitsEvent | ClaimEvent | DeltaEvent | DoneEvent


class Client:
    """Asks one server. Close it, or use it in a `with` statement.

    `language` is that of what people are told of errors. Every method raises
    ServiceUnreachableError where nothing answers, and ServiceRefusedError where the server says no.
    What is no address at all is unreachable from the start.
    """

    def __init__(
        self,
        address: str = "http://127.0.0.1:7860",
        *,
        key: str | None = None,
        language: Language = "en",
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        headers = httpx.Headers({"Accept-Language": language})
        if key is not None:
            headers["Authorization"] = f"Bearer {key}"
        self._address = address
        self._http = _connections(_parsed_address(address), headers, timeout)

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; the client cannot be used after, and may be closed again."""
        self._http.close()

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        article_ids: Sequence[str] | None = None,
        language: Language | None = None,
        quoting: bool = False,
        suggest: bool = False,
    ) -> Answer:
        """Return the final answer; `quoting` leaves a language model out.

        With `suggest` it carries questions to ask next, and takes longer by the time to find them.
        """
        body = _question(question, history, article_ids, language, quoting=quoting)
        if suggest:
            body["suggest"] = True
        return _answer(self._json("POST", "/api/ask", body))

    def events(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        article_ids: Sequence[str] | None = None,
        language: Language | None = None,
        quoting: bool = False,
    ) -> Generator[Event]:
        """Yield the answer as it grows; DoneEvent is the last. Stop early, and the server does."""
        body = _question(question, history, article_ids, language, quoting=quoting)
        event = None
        try:
            with self._http.stream(
                "POST", "/api/ask", json=body, headers={"Accept": EVENT_STREAM}
            ) as response:
                if not response.is_success:
                    response.read()
                    raise _refused(response)
                for event in _events(_lines(response.iter_bytes()), response.url):
                    yield event
        except (httpx.HTTPError, SOCKSError, UnicodeError) as error:
            raise self._unreachable(error) from error
        if not isinstance(event, DoneEvent):
            message = f"{self._address} broke off its answer: ask again, or check the address"
            raise ServiceUnreachableError(message)

    def search(
        self, question: str, *, k: int = 10, article_ids: Sequence[str] | None = None
    ) -> list[Hit]:
        """Return up to k hits, best first."""
        body = {**_question(question, (), article_ids, None), "top": k}
        return [_record(Hit, hit) for hit in self._json("POST", "/api/search", body)["hits"]]

    def articles(self) -> list[ArticleEntry]:
        """Return all articles in the order in which they first came."""
        listed = self._json("GET", "/api/articles")["articles"]
        return [_record(ArticleEntry, entry) for entry in listed]

    def article(self, article_id: str) -> tuple[Article, list[Sentence]]:
        """Return an article and its sentences, which tile its text."""
        found = self._json("GET", f"/api/articles/{quote(article_id)}")
        sentences = [
            Sentence(each["n"], each["start"], each["end"], each["kind"])
            for each in found["sentences"]
        ]
        return _record(Article, found), sentences

    def _json(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401
        try:
            response = self._http.request(method, path, json=body)
        except (httpx.HTTPError, SOCKSError, UnicodeError) as error:
            raise self._unreachable(error) from error
        if not response.is_success:
            raise _refused(response)
        return _parsed(response)

    def _unreachable(self, error: Exception) -> ServiceUnreachableError:
        reason = str(error) or type(error).__name__
        return ServiceUnreachableError(
            f"{self._address} does not answer ({reason}): start it with `shutten serve`,"
            " or check the address"
        )


def _parsed_address(address: str) -> httpx.URL:
    message = f"{address!r} is no address: write it as in http://127.0.0.1:7860"
    try:
        parsed = httpx.URL(address)
        is_whole = parsed.scheme in ("http", "https") and bool(parsed.host)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise ServiceUnreachableError(message) from error
    if not is_whole:
        raise ServiceUnreachableError(message)
    return parsed


def _connections(url: httpx.URL, headers: httpx.Headers, timeout: float) -> httpx.Client:
    try:
        # It reads all proxies of the environment, also where the server needs none of them.
        return httpx.Client(base_url=url, headers=headers, timeout=timeout)
    except (httpx.InvalidURL, ValueError) as error:
        message = (
            "a proxy that the environment names cannot be used: check HTTP_PROXY, HTTPS_PROXY,"
            " ALL_PROXY and NO_PROXY, or unset them"
        )
        raise ServiceUnreachableError(message) from error


def _question(
    question: str,
    history: Sequence[Turn],
    article_ids: Sequence[str] | None,
    language: Language | None,
    *,
    quoting: bool = False,
) -> dict[str, Any]:
    turns = [{"question": turn.question, "answer": turn.answer} for turn in history]
    ids = None if article_ids is None else list(article_ids)
    body = {"question": question, "history": turns, "article_ids": ids, "lang": language}
    return {**body, "quoting": True} if quoting else body


def _lines(blocks: Iterable[bytes]) -> Iterator[str]:
    """Split what comes at line feeds alone: JSON holds other separators of lines as they are."""
    rest = b""
    for block in blocks:
        *lines, rest = (rest + block).split(b"\n")
        for line in lines:
            yield line.decode().removesuffix("\r")
    yield rest.decode()


def _events(lines: Iterable[str], url: httpx.URL) -> Iterator[Event]:
    """Read server-sent events; raises ServiceRefusedError for one that tells an error."""
    name = ""
    for line in lines:
        field, _, value = line.partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            event = _event(name, _read_json(value, url))
            if event is not None:
                yield event


def _event(name: str, data: Any) -> Event | None:  # noqa: ANN401
    """Return an event, None for one that only a later version knows."""
    if name == "hits":
        return HitsEvent(tuple(_record(Hit, hit) for hit in data))
    if name == "claim":
        return _record(ClaimEvent, data)
    if name == "delta":
        return _record(DeltaEvent, data)
    if name == "done":
        return DoneEvent(_answer(data))
    if name == "error":
        raise ServiceRefusedError(data["error"]["code"], data["error"]["message"])
    return None


def _answer(record: Mapping[str, Any]) -> Answer:
    parts = {
        "claims": tuple(map(_claim, record["claims"])),
        "removed": tuple(map(_claim, record["removed"])),
        "citations": tuple(_record(Citation, each) for each in record["citations"]),
        "hits": tuple(_record(Hit, each) for each in record["hits"]),
        "notices": tuple(record["notices"]),
        "suggestions": tuple(record.get("suggestions", ())),
        "timings_ms": _record(Timings, record["timings_ms"]),
    }
    return _record(Answer, {**record, **parts})


def _claim(record: Mapping[str, Any]) -> Claim:
    return _record(Claim, {**record, "citations": tuple(record["citations"])})


def _record(kind: type[Record], values: Mapping[str, Any]) -> Record:
    """Return a record of what it knows; a later version may send more."""
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]  # they are dataclasses
    return kind(**{name: value for name, value in values.items() if name in known})


def _refused(response: httpx.Response) -> ServiceRefusedError:
    """Return what the server says, or the bare status of one that is no Shutten."""
    try:
        error = response.json()["error"]
        return ServiceRefusedError(str(error["code"]), str(error["message"]))
    except (ValueError, KeyError, TypeError):
        return ServiceRefusedError(str(response.status_code), response.reason_phrase)


def _parsed(response: httpx.Response) -> Any:  # noqa: ANN401
    return _read_json(response.content, response.url)


def _read_json(written: str | bytes, url: httpx.URL) -> Any:  # noqa: ANN401
    try:
        return json.loads(written)
    except ValueError as error:
        message = f"{url} is no Shutten: what it answers is not JSON"
        raise ServiceUnreachableError(message) from error
