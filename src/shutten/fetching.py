"""Web addresses to bytes, within limits of time and size."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from shutten.decoding import check_size, printable
from shutten.errors import AddressRefusedError, ArticleError
from shutten.outbound import PinnedTransport, Reach

SECONDS_TO_RESPOND = 20.0
SECONDS_IN_ALL = 60.0
_TYPES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/pdf": ".pdf",
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered: `ending` says what it is, `charset` is the server's word for it."""

    ending: str
    data: bytes
    charset: str | None


def fetch(
    address: str, *, private_hosts: Sequence[str] = (), reach: Reach | None = None
) -> Fetched:
    """Return what an http(s) address answers, redirections followed.

    The address is one that a person has named: its host may be private, that of a redirection
    only if it is among `private_hosts`. `reach` decides in place of both. Raises ArticleError
    where it cannot be reached, answers with an error, is too slow or too large, or is neither a
    page, text, table nor PDF.
    """
    headers = {"User-Agent": "shutten", "Accept": ", ".join(_TYPES)}
    shown = printable(address)
    try:
        with (
            httpx.Client(
                transport=PinnedTransport(reach or Reach([address], private_hosts)),
                follow_redirects=True,
                timeout=SECONDS_TO_RESPOND,
                headers=headers,
            ) as client,
            client.stream("GET", address) as response,
        ):
            response.raise_for_status()
            return _receive(response, shown)
    except AddressRefusedError as error:
        raise ArticleError(str(error)) from error
    except httpx.HTTPStatusError as error:
        message = f"{shown} answered {error.response.status_code}: open it in a browser to check it"
        raise ArticleError(message) from error
    except httpx.TimeoutException as error:
        message = (
            f"{shown} did not answer within {SECONDS_TO_RESPOND:.0f} s: try again, or save the page"
        )
        raise ArticleError(message) from error
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        message = (
            f"{shown} cannot be fetched ({printable(error)}): check the address and the network"
        )
        raise ArticleError(message) from error


def _receive(response: httpx.Response, shown: str) -> Fetched:
    kind = response.headers.get("content-type", "text/html").split(";")[0].strip().lower()
    ending = _TYPES.get(kind)
    if ending is None:
        message = f"{shown} is {printable(kind)}: only HTML pages, plain text, CSV and PDF are read"
        raise ArticleError(message)
    check_size(int(response.headers.get("content-length", 0)), shown)
    return Fetched(ending, _body(response, shown), response.charset_encoding)


def _body(response: httpx.Response, shown: str) -> bytes:
    deadline = time.monotonic() + SECONDS_IN_ALL
    data = bytearray()
    for piece in response.iter_bytes():
        data += piece
        check_size(len(data), shown)
        if time.monotonic() > deadline:
            message = f"{shown} takes longer than {SECONDS_IN_ALL:.0f} s: save the page to a file"
            raise ArticleError(message)
    return bytes(data)
