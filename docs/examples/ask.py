"""Asks a running Shutten and prints each statement once it is checked, then what it cites.

    python ask.py "青函トンネルはいつ開業しましたか" [http://127.0.0.1:7860]

Python's standard library alone. A key, where one is asked for, is read from SHUTTEN_KEY. Where the
package is installed, `shutten.client` does the same with typed answers.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen


def ask(address: str, question: str) -> Iterator[tuple[str, Any]]:
    """Yield each event's name and value; the last is "done" with the whole answer."""
    headers = {"Content-Type": "application/json", "Accept": "text/event-stream"}
    key = os.environ.get("SHUTTEN_KEY")
    if key:
        headers["Authorization"] = f"Bearer {key}"
    body = json.dumps({"question": question}).encode()
    with urlopen(Request(f"{address}/api/ask", body, headers)) as response:  # noqa: S310
        name = ""
        for line in response:
            field, _, value = line.decode().rstrip("\n").partition(": ")
            if field == "event":
                name = value
            elif field == "data":
                yield name, json.loads(value)


def show(name: str, value: Any) -> None:  # noqa: ANN401 - any JSON
    """Print what an event brings."""
    if name == "claim" and value["state"] == "supported":
        print(value["text"], flush=True)
    elif name == "error":
        sys.exit(f"ask.py: {value['error']['message']}")
    elif name == "done":
        if value["refused"]:
            print(value["text"])
        for each in value["citations"]:
            place = f"{each['title']}, {each['sentence']}"
            address = f" <{each['url']}>" if each["url"] else ""
            print(f"[{each['marker']}] {place}: {each['quote']}{address}")


def refusal(error: HTTPError) -> str:
    """Return what the server says about a request that it refuses."""
    try:
        return str(json.load(error)["error"]["message"])
    except (ValueError, KeyError):
        return f"status {error.code}"  # a proxy before it, for one


def main() -> None:
    """Ask what the command line says."""
    if len(sys.argv) not in (2, 3):
        sys.exit('usage: python ask.py "QUESTION" [ADDRESS]')
    address = sys.argv[2] if len(sys.argv) == 3 else "http://127.0.0.1:7860"  # noqa: PLR2004
    try:
        for name, value in ask(address, sys.argv[1]):
            show(name, value)
    except HTTPError as error:
        sys.exit(f"ask.py: {refusal(error)}")
    except URLError as error:
        sys.exit(f"ask.py: {address} cannot be reached ({error.reason})")


if __name__ == "__main__":
    main()
