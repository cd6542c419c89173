"""What the browser tests share: the running page, and what a browser was seen to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Page


@dataclass(frozen=True)
class Served:
    """The running page; `log` is where its standard error goes."""

    url: str
    log: Path


@dataclass
class Seen:
    """What a browser did: the hosts it asked, and what it complained of."""

    hosts: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)


OpenPage = Callable[..., "Page"]


def watch(page: Page, seen: Seen) -> None:
    page.on("request", lambda request: seen.hosts.add(urlsplit(request.url).hostname or ""))
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.on(
        "console",
        lambda message: seen.complaints.append(message.text) if message.type == "error" else None,
    )
