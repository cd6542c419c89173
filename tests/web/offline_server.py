"""Serves the page as a user would start it, in a process that cannot reach another machine.

Run as a script: `offline_server.py INDEX PORT SITES`. Every attempt to reach beyond the
loopback interface is refused and written to standard error as `REACHED OUT: …`.
"""

from __future__ import annotations

import ipaddress
import sys
from pathlib import Path
from typing import Any

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1", "0.0.0.0", "", None)  # noqa: S104


def refuse_other_machines(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        _refuse_unless_loopback(arguments[1][0])
    if event == "socket.getaddrinfo":
        _refuse_unless_loopback(arguments[0])


def _refuse_unless_loopback(host: str | bytes | None) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name in LOOPBACK_NAMES or _is_loopback(str(name)):
        return
    sys.stderr.write(f"REACHED OUT: {name}\n")
    raise ConnectionRefusedError(name)


def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def main(index: str, port: str, sites: str) -> None:
    from shutten.assistant import open_assistant
    from shutten.filling import ensure_samples
    from shutten.settings import Settings
    from shutten.web.app import serve

    settings = Settings(index=Path(index), port=int(port), allowed_origins=sites)
    ensure_samples(settings)
    serve(open_assistant(settings), settings)


if __name__ == "__main__":
    sys.addaudithook(refuse_other_machines)
    main(*sys.argv[1:])
