"""The real wikis' own renderers, where they are installed: text in, HTML out."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
from lxml import html

HERE = Path(__file__).parent
DOKUWIKI = Path("/usr/share/dokuwiki")
DOKUWIKI_SETTINGS = Path("/etc/dokuwiki")
MEDIAWIKI = Path("/usr/share/mediawiki")
REQUIRED = os.environ.get("SHUTTEN_REQUIRE_WIKIS") == "1"
"""Read before the environment is cleaned for the tests."""

DATA_FOLDERS = ("pages", "meta", "cache", "index", "locks", "attic", "media", "media_attic",
                "media_meta", "tmp", "log")  # fmt: skip


@dataclass(frozen=True)
class Renderer:
    """Renders many texts in one process of PHP."""

    command: tuple[str, ...]
    environment: tuple[tuple[str, str], ...] = ()

    def render(self, texts: Sequence[str]) -> list[str]:
        ran = subprocess.run(
            self.command,
            input=json.dumps(texts),
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, **dict(self.environment)},
        )
        assert ran.returncode == 0, ran.stderr or ran.stdout
        return cast("list[str]", json.loads(ran.stdout))


def dokuwiki(folder: Path) -> Renderer:
    """Set up a DokuWiki with its own settings and no pages."""
    _need(DOKUWIKI / "inc" / "init.php", "dokuwiki")
    for name in DATA_FOLDERS:
        (folder / "data" / name).mkdir(parents=True)
    shutil.copytree(DOKUWIKI_SETTINGS, folder / "conf", ignore=shutil.ignore_patterns("*.auth.php"))
    settings = f'<?php\n$conf["savedir"] = "{folder}/data";\n$conf["camelcase"] = 1;\n'
    (folder / "conf" / "local.php").write_text(settings, encoding="utf-8")
    return Renderer(("php", str(HERE / "dokuwiki.php"), str(DOKUWIKI), str(folder)))


def mediawiki(folder: Path) -> Renderer:
    """Set up a MediaWiki with footnotes and parser functions on a database of its own."""
    _need(MEDIAWIKI / "maintenance" / "install.php", "mediawiki")
    place = ("--dbpath", str(folder), "--confpath", str(folder), "--dbname", "wiki")
    site = ("--dbtype", "sqlite", "--scriptpath", "", "--server", "http://localhost")
    more = ("--pass", "a-password-for-tests", "--extensions", "Cite,ParserFunctions")
    install = ("php", str(MEDIAWIKI / "maintenance" / "install.php"))
    ran = subprocess.run(
        (*install, *place, *site, *more, "Wiki", "Admin"), capture_output=True, check=False
    )
    assert ran.returncode == 0, ran.stderr or ran.stdout
    settings = str(folder / "LocalSettings.php")
    command = ("php", str(HERE / "mediawiki.php"), "--conf", settings)
    return Renderer(command, (("MW_INSTALL_PATH", str(MEDIAWIKI)),))


def _need(file: Path, package: str) -> None:
    missing = None if shutil.which("php") else "php is not installed: apt-get install php-cli"
    if missing is None and not file.exists():
        missing = f"there is no {file}: apt-get install {package}"
    if missing and REQUIRED:
        pytest.fail(f"SHUTTEN_REQUIRE_WIKIS=1, but {missing}")
    if missing:
        pytest.skip(missing)


def parsed(page: str) -> Any:  # noqa: ANN401 - lxml has no types
    return html.fragment_fromstring(page, create_parent="div")
