"""A page served as a user would start it, and a browser to look at it with."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))  # the tests find each other, however pytest was started

from tests.nursery import Nursery  # noqa: E402
from tests.web.processes import command, free_port, wait_until_up  # noqa: E402
from tests.web.watching import OpenPage, Seen, Served, watch  # noqa: E402

HEADLESS, WHOLE = Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium")
"""The same engine without a browser's own windows takes half the processor time for a page."""

CHROMIUM = Path(os.environ.get("SHUTTEN_CHROMIUM") or (HEADLESS if HEADLESS.exists() else WHOLE))
REQUIRED = os.environ.get("SHUTTEN_REQUIRE_BROWSER") == "1"
WIKIS_REQUIRED = os.environ.get("SHUTTEN_REQUIRE_WIKIS") == "1"
"""Read before the environment is cleaned for the tests."""

TIMEOUT_MILLISECONDS = 60_000

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    missing = _what_is_missing()
    if missing and REQUIRED:
        pytest.fail(f"SHUTTEN_REQUIRE_BROWSER=1, but {missing}")
    if missing:
        pytest.skip(missing)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=CHROMIUM_ARGUMENTS
        )
        yield launched
        launched.close()


def _what_is_missing() -> str | None:
    try:
        import playwright  # noqa: F401
    except ImportError:
        return "playwright is not installed: pip install playwright"
    return (
        None
        if CHROMIUM.exists()
        else f"there is no {CHROMIUM}: apt-get install chromium-headless-shell, or chromium"
    )


@pytest.fixture(scope="session")
def served(
    browser: Browser,  # noqa: ARG001 - without a browser nothing need start
    tmp_path_factory: pytest.TempPathFactory,
    heavy_commands: Nursery,
) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    port, log = free_port(), folder / "stderr.txt"
    script = Path(__file__).parent / "offline_server.py"
    arguments = [str(folder / "index"), str(port), "http://localhost:*"]
    with command(
        *arguments, nursery=heavy_commands, log=log, environment=os.environ, cwd=folder,
        script=script,
    ) as started:  # fmt: skip
        wait_until_up(f"http://127.0.0.1:{port}/healthz", started, log)
        yield Served(f"http://127.0.0.1:{port}", log)


@pytest.fixture
def open_page(browser: Browser, served: Served) -> Iterator[OpenPage]:
    """Opens the page in a browser of its own; nothing it does may reach another machine or fail."""
    seen = Seen()
    contexts: list[BrowserContext] = []

    def open_one(
        query: str = "",
        *,
        locale: str = "ja-JP",
        width: int = 1280,
        height: int = 800,
        **more: Any,  # noqa: ANN401 - playwright's own options
    ) -> Page:
        context = browser.new_context(
            locale=locale, viewport={"width": width, "height": height}, **more
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(TIMEOUT_MILLISECONDS)
        watch(page, seen)
        page.goto(f"{served.url}/{query}")
        page.wait_for_selector("#page .library, #page .page")
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert seen.hosts <= {"127.0.0.1", "localhost"}
    assert seen.complaints == []
