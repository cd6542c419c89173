"""A language model on a server with OpenAI's chat interface, such as vLLM, llama.cpp, Ollama.

The request runs in an event loop of its own thread, so that closing the iterator ends it wherever
it is, and with it the connection: servers stop computing when a client has gone.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator, Callable, Generator, Iterable, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, NoReturn

import anyio
import httpx
from anyio.from_thread import start_blocking_portal
from pydantic import SecretStr
from socksio import SOCKSError

from shutten.errors import WriterError
from shutten.outbound import PROXY_CURE, UNUSABLE_PROXY
from shutten.retrying import AgainError, seconds_asked
from shutten.types import WritingRequest
from shutten.writing.output import CUT, END, Pieces, Polisher, received
from shutten.writing.prompts import Budget, PromptBuilder, estimated_tokens

LONGEST_LINE = 1 << 20
"""Bytes of one event; what is longer is no chat."""
LONGEST_WAIT = 30.0
"""Seconds between two tries; a server that asks for more is not asked again."""
SAMPLE_TEMPERATURE, SAMPLE_TOP_P = 0.7, 0.9
_SHOWN_NAMES = 5
_LONGEST_REASON = 200
_AGAIN = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)
_UNKNOWN_FIELD = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY)
_REFUSED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_OPTIONAL = ("chat_template_kwargs", "seed", "top_p", "temperature", "max_tokens")
_RENAMED = {"max_tokens": "max_completion_tokens"}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to ask, for which model, and how patiently.

    `address` ends before `/chat/completions`; without a path it gets `/v1`. An empty `model` is the
    one that the server has. `timeout` is in seconds: for the connection, and between two signs of
    life of an answer.
    """

    address: str
    model: str = ""
    key: SecretStr | None = field(default=None, repr=False)
    timeout: float = 60.0
    tries: int = 4

    @property
    def base(self) -> str:
        """The address to which the interface's paths are added."""
        has_path = bool(self.address.partition("://")[2].partition("/")[2].strip("/"))
        return self.address.rstrip("/") + ("" if has_path else "/v1")


class _UnknownFieldError(Exception):
    """The server does not take a field of the request; the message is its own."""


class ServerWriter:
    """Writes with a model on a server. May be shared by threads; every text has its connection.

    `pause` is called with the seconds to wait before a request is made again.
    """

    def __init__(
        self, endpoint: Endpoint, budget: Budget, *, pause: Callable[[float], Any] = anyio.sleep
    ) -> None:
        self._endpoint = endpoint
        self._budget = budget
        self._pause = pause
        self._prompts = PromptBuilder(budget, estimated_tokens)
        self._model = endpoint.model
        self._left_out: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """The model's name, or the server's address as long as the model is not known."""
        return self._model or self._endpoint.base

    def write(self, request: WritingRequest) -> Generator[str]:
        """Yield the text; while the server is silent, empty pieces.

        Raises WriterError where the server cannot be reached, refuses, breaks off, or is silent for
        longer than its timeout.
        """
        pieces: Pieces = Pieces()
        with start_blocking_portal() as portal:
            future = portal.start_task_soon(self._write, request, pieces)
            future.add_done_callback(lambda _: pieces.put(END))
            try:
                yield from received(pieces)
                future.result()
            finally:
                future.cancel()

    async def _write(self, request: WritingRequest, pieces: Pieces) -> None:
        polisher = Polisher()
        with anyio.move_on_after(self._budget.answer_seconds) as limit:
            async with self._client() as client:
                if not self._model:
                    self._model = await self._only_model(client)
                async with aclosing(self._pieces(client, request)) as given:
                    async for piece in given:
                        pieces.put(polisher.feed(piece))
                        if polisher.finished:
                            break
        pieces.put(polisher.end())
        if limit.cancelled_caught and not polisher.begun:
            reason = f"it wrote nothing within {self._budget.answer_seconds:g} s"
            raise WriterError(self._complaint(reason, "set SHUTTEN_ANSWER_SECONDS higher"))

    def _client(self) -> httpx.AsyncClient:
        key = self._endpoint.key
        given = {"Authorization": f"Bearer {key.get_secret_value()}"} if key else {}
        headers = httpx.Headers(given)
        try:
            # It reads all proxies of the environment, also where the server needs none of them.
            return httpx.AsyncClient(timeout=self._endpoint.timeout, headers=headers)
        except (httpx.InvalidURL, ValueError) as error:
            raise WriterError(self._complaint(UNUSABLE_PROXY, PROXY_CURE)) from error

    # --- asking, again if need be -------------------------------------------------------------

    async def _pieces(
        self, client: httpx.AsyncClient, request: WritingRequest
    ) -> AsyncGenerator[str]:
        """Yield the answer; nothing is asked again once a piece has come."""
        attempt = 0
        while True:
            body = self._body(request)
            try:
                async with aclosing(self._ask(client, body)) as given:
                    async for piece in given:
                        attempt = self._endpoint.tries
                        yield piece
            except _UnknownFieldError as error:
                self._leave_out(str(error), body)
            except AgainError as error:
                attempt += 1
                await self._wait(error, attempt)
            else:
                return

    async def _wait(self, again: AgainError, attempt: int) -> None:
        wanted = again.wait_after(attempt)
        if attempt >= self._endpoint.tries or wanted > LONGEST_WAIT:
            raise WriterError(self._complaint(str(again), _AGAIN_CURE)) from again
        await self._pause(wanted)

    def _body(self, request: WritingRequest) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self._model,
            "messages": self._prompts.messages(request),
            "stream": True,
            "max_tokens": self._budget.answer_tokens,
            "temperature": SAMPLE_TEMPERATURE if request.sample else 0,
            "chat_template_kwargs": {"enable_thinking": False},
        }
        if request.sample:
            body |= {"seed": request.sample, "top_p": SAMPLE_TOP_P}
        for name in self._left_out & body.keys():
            value = body.pop(name)
            if name in _RENAMED and _RENAMED[name] not in self._left_out:
                body[_RENAMED[name]] = value
        return body

    def _leave_out(self, reason: str, body: dict[str, Any]) -> None:
        """Do without the field that the server names, or without the most unusual one."""
        known = [each for each in (*_OPTIONAL, *_RENAMED.values()) if each in body]
        named = next((each for each in known if re.search(rf"\b{each}\b", reason)), None)
        field_ = named or next((each for each in known if each == _OPTIONAL[0]), None)
        if field_ is None:
            raise WriterError(self._complaint(f"it says: {reason}", _REQUEST_CURE))
        self._left_out |= {field_}

    # --- one request --------------------------------------------------------------------------

    async def _ask(self, client: httpx.AsyncClient, body: dict[str, Any]) -> AsyncGenerator[str]:
        begun = False
        try:
            async with client.stream(
                "POST", f"{self._endpoint.base}/chat/completions", json=body
            ) as response:
                if response.status_code != HTTPStatus.OK:
                    await self._refuse(client, response)
                async with aclosing(self._read(response)) as given:
                    async for piece in given:
                        begun = True
                        yield piece
        except httpx.ReadTimeout as error:
            reason = f"it was silent for {self._endpoint.timeout:g} s"
            cure = "look at the server, or set SHUTTEN_SERVER_TIMEOUT higher"
            raise WriterError(self._complaint(reason, cure)) from error
        except (httpx.TransportError, SOCKSError) as error:
            reason = self._clean(str(error) or type(error).__name__)
            if begun:
                message = self._complaint(f"it broke off: {reason}", _AGAIN_CURE)
                raise WriterError(message) from error
            raise AgainError(reason) from error
        except (httpx.InvalidURL, httpx.HTTPError, UnicodeError) as error:
            raise WriterError(self._complaint(self._clean(str(error)), _ADDRESS_CURE)) from error

    async def _read(self, response: httpx.Response) -> AsyncGenerator[str]:
        kind = response.headers.get("content-type", "").partition(";")[0].strip().casefold()
        if kind == "application/json":
            yield self._whole(await self._limited(response))
            return
        if kind != "text/event-stream":
            reason = f"it answers with {self._clean(kind) or 'something'}, not with a stream"
            raise WriterError(self._complaint(reason, _ADDRESS_CURE))
        finished = False
        async for data in self._events(response):
            if data == "[DONE]":
                return
            piece, ends = self._piece(data)
            finished = finished or ends
            yield piece
        if not finished:
            raise WriterError(self._complaint("it broke off its answer", _AGAIN_CURE))

    async def _events(self, response: httpx.Response) -> AsyncGenerator[str]:
        """Yield the data of each event; the interface sends one line for each."""
        rest = b""
        async for block in response.aiter_bytes():
            *lines, rest = (rest + block).split(b"\n")
            for data in _data_in(lines):
                yield data
            if len(rest) > LONGEST_LINE:
                raise WriterError(self._complaint("it sends a line without end", _ADDRESS_CURE))
        for data in _data_in([rest]):  # whose line break some servers leave out
            yield data

    async def _limited(self, response: httpx.Response) -> bytes:
        data = b""
        async for block in response.aiter_bytes():
            data += block
            if len(data) > LONGEST_LINE:
                raise WriterError(self._complaint("it answers without end", _ADDRESS_CURE))
        return data

    # --- what it says -------------------------------------------------------------------------

    def _piece(self, data: str) -> tuple[str, bool]:
        """Return the text of a chunk, and whether it is the last; reasoning is passed over."""
        record = self._object(data)
        choices = record.get("choices")
        if not isinstance(choices, list):
            self._garbage(data)
        if not choices:  # counts of tokens
            return "", False
        choice = choices[0] if isinstance(choices[0], dict) else self._garbage(data)
        text = (choice.get("delta") or {}).get("content") or ""
        if not isinstance(text, str):
            self._garbage(data)
        reason = choice.get("finish_reason")
        return text + (CUT if reason == "length" else ""), reason is not None

    def _whole(self, data: bytes) -> str:
        """Return the answer of a server that does not stream."""
        text = data.decode("utf-8", errors="replace")
        try:
            choice = self._object(text)["choices"][0]
            content = choice["message"]["content"]
        except (KeyError, IndexError, TypeError):
            self._garbage(text)
        if not isinstance(content, str):
            self._garbage(text)
        return content + (CUT if choice.get("finish_reason") == "length" else "")

    def _object(self, data: str) -> dict[str, Any]:
        try:
            record = json.loads(data)
        except ValueError:
            self._garbage(data)
        if not isinstance(record, dict):
            self._garbage(data)
        if record.get("error"):
            reason = self._clean(_error_text(record) or data)
            raise WriterError(self._complaint(f"it says: {reason}", _AGAIN_CURE))
        return record

    def _garbage(self, data: str) -> NoReturn:
        reason = f"it answers with something else than chat: {self._clean(data)[:60]}"
        raise WriterError(self._complaint(reason, _ADDRESS_CURE))

    async def _refuse(self, client: httpx.AsyncClient, response: httpx.Response) -> NoReturn:
        """Say in our words what a status means."""
        status = response.status_code
        text = (await self._limited(response)).decode("utf-8", errors="replace")
        said = self._clean(_error_text(_parsed(text)) or "")
        reason = f"it answers {status}" + (f": {said}" if said else "")
        if status in _AGAIN or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise AgainError(reason, seconds_asked(response))
        if status in _REFUSED:
            raise WriterError(self._complaint(reason, "set SHUTTEN_SERVER_KEY to a key it accepts"))
        if status == HTTPStatus.NOT_FOUND:
            await self._change_model(client, reason)
        if status in _UNKNOWN_FIELD:
            raise _UnknownFieldError(said or reason)
        raise WriterError(self._complaint(reason, _REQUEST_CURE))

    async def _change_model(self, client: httpx.AsyncClient, reason: str) -> NoReturn:
        """Say which models there are; where none was named, ask again for the only one there is.

        A server may be started anew with another model.
        """
        names = await self._served(client)
        shown = ", ".join(names[:_SHOWN_NAMES])
        cure = f"set SHUTTEN_MODEL to one that it has: {shown}" if shown else _ADDRESS_CURE
        complaint = self._complaint(reason, cure)
        if not self._endpoint.model:
            asked, self._model = self._model, names[0] if len(names) == 1 else ""
            if self._model not in ("", asked):
                raise AgainError(reason, 0.0)
        raise WriterError(complaint)

    async def _only_model(self, client: httpx.AsyncClient) -> str:
        names = await self._served(client)
        if len(names) == 1:
            return names[0]
        shown = ", ".join(names[:_SHOWN_NAMES])
        if shown:
            cure = f"set SHUTTEN_MODEL to one of them: {shown}"
            raise WriterError(self._complaint("it has several models", cure))
        reason = "it does not answer, or does not tell its models"
        cure = "start it, check SHUTTEN_SERVER_URL, and set SHUTTEN_MODEL"
        raise WriterError(self._complaint(reason, cure))

    async def _served(self, client: httpx.AsyncClient) -> list[str]:
        """Return the models that the server names, none where it does not."""
        try:
            response = await client.get(f"{self._endpoint.base}/models")
            listed = response.json()["data"]
            return [self._clean(str(each["id"])) for each in listed]
        except (httpx.HTTPError, httpx.InvalidURL, SOCKSError, ValueError, KeyError, TypeError):
            return []

    def _complaint(self, reason: str, cure: str) -> str:
        model = f"{self._model} on " if self._model else ""
        return f"the language model {model}{self._endpoint.base} did not write ({reason}): {cure}"

    def _clean(self, text: str) -> str:
        """Make one short line of what a server says; should it repeat the key, that is left out."""
        key = self._endpoint.key.get_secret_value() if self._endpoint.key else ""
        text = text.replace(key, "…") if key else text
        return " ".join("".join(c if c.isprintable() else " " for c in text).split())[
            :_LONGEST_REASON
        ]


_AGAIN_CURE = "see that the server runs, then ask again"
_ADDRESS_CURE = "check SHUTTEN_SERVER_URL, which must end like …/v1"
_REQUEST_CURE = "check SHUTTEN_MODEL and the server's settings"


def _data_in(lines: Iterable[bytes]) -> Iterator[str]:
    for line in lines:
        if line.startswith(b"data:"):
            yield line[5:].decode("utf-8", errors="replace").strip()


def _parsed(text: str) -> Any:  # noqa: ANN401
    try:
        return json.loads(text)
    except ValueError:
        return None


def _error_text(record: Any) -> str:  # noqa: ANN401
    """Return the message of an error, in any of the shapes that servers use."""
    if not isinstance(record, dict):
        return ""
    error = record.get("error") or record.get("detail") or record.get("message") or ""
    if isinstance(error, dict):
        error = error.get("message") or error.get("code") or json.dumps(error)
    return error if isinstance(error, str) else json.dumps(error, ensure_ascii=False)
