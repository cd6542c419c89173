"""MediaWiki's action API over HTTP: polite, patient, and in our words when it goes wrong."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from typing import Any
from urllib.parse import urljoin

import httpx

from shutten import __version__
from shutten.decoding import printable
from shutten.errors import AddressRefusedError, WikiError
from shutten.outbound import PinnedTransport, Reach
from shutten.retrying import AgainError, seconds_asked

TRIES = 6
SECONDS_TO_RESPOND = 60.0
MAXIMUM_LAG = 5
"""Seconds by which the wiki's replicas may be behind; beyond, the wiki asks us to wait."""
LONGEST_WAIT = 120.0
PAUSE = 0.1
"""Seconds between two requests; there is never more than one at a time."""

_EDIT_URI = re.compile(r"<link[^>]*\brel=[\"']EditURI[\"'][^>]*>", re.IGNORECASE)
_HREF = re.compile(r"\bhref=[\"']([^\"']+)[\"']", re.IGNORECASE)
_WAIT_CODES = ("maxlag", "ratelimited", "readonly")
_DENIED_CODES = ("readapidenied", "permissiondenied", "badtoken")
_SIGNED_OUT_CODE = "assertuserfailed"

Reply = Mapping[str, Any]


class _SignedOutError(WikiError):
    """The wiki does not know any more who asks."""


class MediaWikiApi:
    """One wiki's `api.php`. `sleep` waits between requests and before a request is made again."""

    def __init__(
        self,
        address: str,
        client: httpx.Client,
        *,
        sleep: Callable[[float], None] = time.sleep,
        pause: float = PAUSE,
        tries: int = TRIES,
    ) -> None:
        self._address = address
        self._client = client
        self._sleep = sleep
        self._pause = pause
        self._tries = tries
        self._credentials: tuple[str, str] | None = None

    @property
    def address(self) -> str:
        """Where the wiki's `api.php` is."""
        return self._address

    def sign_in(self, user: str, password: str, *, named: str | None = None) -> None:
        """Sign in for the requests to come, best with a bot's password; raises WikiError.

        `named` is what a person gave, where a page or a redirection led from there to this address:
        the password goes to no other host, and not in the clear where it was to go encrypted. When
        the wiki ends the session, it is begun again.
        """
        if named is not None:
            _check_same_site(named, self._address)
        given = {"lgname": user, "lgpassword": password, "lgtoken": self._login_token()}
        result = self._request("POST", {"action": "login", **given}).get("login", {})
        if result.get("result") != "Success":
            reason = printable(result.get("reason") or result.get("result") or "no reason given")
            message = (
                f"{printable(self._address)} does not let {printable(user)} in ({reason}): make a"
                " password on the wiki's page Special:BotPasswords and set SHUTTEN_WIKI_USER and"
                " SHUTTEN_WIKI_PASSWORD"
            )
            raise WikiError(message)
        self._credentials = user, password

    def _login_token(self) -> str:
        asked = {"action": "query", "meta": "tokens", "type": "login"}
        answer = self._request("GET", asked)
        try:
            return str(answer["query"]["tokens"]["logintoken"])
        except (KeyError, TypeError) as error:
            raise WikiError(_no_api(self._address, "it gives no token to sign in")) from error

    def ask(self, **parameters: object) -> Reply:
        """Make one request, again if need be, and return the answer; raises WikiError."""
        if self._credentials is None:
            return self._request("GET", parameters)
        asserted = {"assert": "user", **parameters}
        try:
            return self._request("GET", asserted)
        except _SignedOutError:
            self.sign_in(*self._credentials)
            return self._request("GET", asserted)

    def _request(self, method: str, parameters: Mapping[str, object]) -> Reply:
        for tries in range(1, self._tries + 1):
            if self._pause:
                self._sleep(self._pause)
            try:
                return self._once(method, parameters)
            except AgainError as again:
                reason = str(again)
                if tries < self._tries:
                    self._sleep(min(again.wait_after(tries), LONGEST_WAIT))
        message = (
            f"{printable(self._address)} did not answer in {self._tries} tries"
            f" ({printable(reason)}): check the network and run the command again; what was read"
            " is kept"
        )
        raise WikiError(message)

    def each(self, **parameters: object) -> Iterator[Reply]:
        """Yield the `query` of an answer and of its continuations."""
        following: Mapping[str, object] = {}
        while True:
            answer = self.ask(action="query", **parameters, **following)
            yield answer.get("query", {})
            if "continue" not in answer:
                return
            following = answer["continue"]

    def _once(self, method: str, parameters: Mapping[str, object]) -> Reply:
        asked = {"format": "json", "formatversion": "2", "maxlag": str(MAXIMUM_LAG)}
        asked |= {name: str(value) for name, value in parameters.items()}
        try:
            if method == "POST":
                # A password goes nowhere but to the address that was named.
                response = self._client.post(self._address, data=asked, follow_redirects=False)
            else:
                response = self._client.get(self._address, params=asked)
        except AddressRefusedError as error:
            raise WikiError(str(error)) from error
        except httpx.TransportError as error:
            raise AgainError(str(error) or type(error).__name__) from error
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            raise WikiError(_unreadable(self._address, error)) from error
        _check_status(response, self._address)
        return _checked(_as_json(response, self._address), response, self._address)


def new_client(reach: Reach, *, timeout: float = SECONDS_TO_RESPOND) -> httpx.Client:
    """Return a client that says who it is and goes no further than it may."""
    agent = f"shutten/{__version__} (sentence search; python-httpx/{httpx.__version__})"
    return httpx.Client(
        transport=PinnedTransport(reach),
        headers={"User-Agent": agent},
        follow_redirects=True,
        timeout=timeout,
    )


def find_api(address: str, client: httpx.Client) -> str:
    """Return the address of the `api.php` of the wiki that a page's address belongs to.

    Raises WikiError where there is no answer, or no MediaWiki.
    """
    if address.endswith("/api.php"):
        return address
    try:
        response = client.get(address)
        response.raise_for_status()
    except AddressRefusedError as error:
        raise WikiError(str(error)) from error
    except httpx.HTTPStatusError as error:
        raise WikiError(_unreadable(address, f"it answers {error.response.status_code}")) from error
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        raise WikiError(_unreadable(address, error)) from error
    link = _EDIT_URI.search(response.text)
    found = _HREF.search(link[0]) if link else None
    if not found:
        message = (
            f"{printable(address)} is not a page of a MediaWiki: name a page of the wiki,"
            " or its api.php"
        )
        raise WikiError(message)
    try:
        return urljoin(str(response.url), unescape(found[1])).split("?")[0]
    except ValueError as error:  # brackets without an IPv6 address between them
        raise WikiError(_unreadable(address, error)) from error


def _check_same_site(named: str, found: str) -> None:
    message = (
        f"{printable(named)} leads to {printable(found)}, and no password is sent to another site"
        f" than the one that was named: if this is the wiki, name {printable(found)} itself"
    )
    try:
        one, other = httpx.URL(named), httpx.URL(found)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise WikiError(message) from error
    is_safer = (one.scheme, other.scheme) == ("http", "https") and other.port is None
    if one.host != other.host or not (
        is_safer or (one.scheme, one.port) == (other.scheme, other.port)
    ):
        raise WikiError(message)


def _unreadable(address: str, reason: str | Exception) -> str:
    said = printable(reason) or type(reason).__name__
    return (
        f"{printable(address)} cannot be read ({said}): check the address and the"
        " network, or name the wiki's api.php"
    )


def _check_status(response: httpx.Response, address: str) -> None:
    status = response.status_code
    if status == httpx.codes.TOO_MANY_REQUESTS or status >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise AgainError(f"it answers {status}", seconds_asked(response))
    if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        raise WikiError(_denied(address, f"it answers {status}"))
    if status != httpx.codes.OK:
        raise WikiError(_no_api(address, f"it answers {status}"))


def _as_json(response: httpx.Response, address: str) -> Reply:
    try:
        answer = response.json()
    except ValueError as error:
        raise WikiError(_no_api(address, "it does not answer with JSON")) from error
    if not isinstance(answer, dict):
        raise WikiError(_no_api(address, "it does not answer with an object"))
    return answer


def _checked(answer: Reply, response: httpx.Response, address: str) -> Reply:
    error = answer.get("error")
    if error is None:
        return answer
    if not isinstance(error, dict):
        raise WikiError(_no_api(address, "its errors have no code"))
    code, info = str(error.get("code", "")), str(error.get("info", ""))
    if code == _SIGNED_OUT_CODE:
        raise _SignedOutError(_denied(address, info or code))
    if code in _WAIT_CODES:
        raise AgainError(f"{code}: {info}", seconds_asked(response))
    if code in _DENIED_CODES:
        raise WikiError(_denied(address, info or code))
    reason = printable(f"{code}: {info}")
    message = f"{printable(address)} refuses the request ({reason}): check what was named"
    raise WikiError(message)


def _denied(address: str, reason: str) -> str:
    return (
        f"{printable(address)} may not be read without signing in ({printable(reason)}): set"
        " SHUTTEN_WIKI_USER and SHUTTEN_WIKI_PASSWORD, or sync an XML dump of the wiki"
    )


def _no_api(address: str, reason: str) -> str:
    return (
        f"{printable(address)} is not the API of a MediaWiki ({reason}): name a page of the wiki,"
        " or its api.php"
    )
