"""A DokuWiki and a MediaWiki as Debian packages them, each with data of its own in a new folder.

PHP's built-in server shows them on the loopback interface. Pages are written by the programs that
come with the wikis, so that they make the same revisions, changes and deletions as an editor.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from tests.web.processes import PATIENCE_SECONDS, free_port, process, wait_until_up

DOKUWIKI = Path("/usr/share/dokuwiki")
DOKUWIKI_SETTINGS = Path("/etc/dokuwiki")
MEDIAWIKI = Path("/usr/share/mediawiki")
EXTENSIONS = ("dom", "intl", "mbstring", "pdo_sqlite")
"""What the wikis need of PHP beside its command line."""


class Wiki(Protocol):
    """A wiki that runs: where it is, what `shutten sync` is told of it, and its editors' means."""

    @property
    def origin(self) -> str: ...

    @property
    def sync(self) -> Sequence[str]: ...

    def address(self, page: str) -> str: ...

    def write(self, page: str, markup: str) -> None: ...

    def delete(self, page: str) -> None: ...

    def carry_widget(self, script: str) -> None: ...


Start = Callable[[Path], contextlib.AbstractContextManager[Wiki]]


@dataclass(frozen=True)
class DokuWiki:
    """`root` holds its settings (conf), its data and what PHP reads first."""

    root: Path
    origin: str

    @property
    def sync(self) -> Sequence[str]:
        return ("dokuwiki", str(self.root / "data"), "--url", f"{self.origin}/doku.php?id=")

    def address(self, page: str) -> str:
        return f"{self.origin}/doku.php?id={quote(page, safe=':')}"

    def write(self, page: str, markup: str) -> None:
        """Check a page in; an empty one is deleted, as in the edit form."""
        given = self.root / "page.txt"
        given.write_text(markup, encoding="utf-8")
        options = ("commit", "-m", "test", str(given), page)
        _php(*self.first, str(DOKUWIKI / "bin" / "dwpage.php"), *options)

    def delete(self, page: str) -> None:
        self.write(page, "")

    def carry_widget(self, script: str) -> None:
        """Add the line that the README gives for this wiki."""
        element = f'Object.assign(document.createElement("script"), {{src: "{script}"}})'
        line = f"document.head.append({element});"
        (self.root / "conf" / "userscript.js").write_text(line, encoding="utf-8")
        (self.root / "conf" / "local.php").touch()

    @property
    def first(self) -> Sequence[str]:
        return ("-d", f"auto_prepend_file={self.root / 'first.php'}")


@contextlib.contextmanager
def dokuwiki(root: Path) -> Iterator[DokuWiki]:
    """Run an empty DokuWiki over the package's own files."""
    # What the administrator may have set up on this machine stays out.
    own = shutil.ignore_patterns("*.auth.php", "local.php", "*.local.*", "preload.php", "user*")
    shutil.copytree(DOKUWIKI_SETTINGS, root / "conf", ignore=own)
    for folder in ("pages", "meta", "attic", "cache", "index", "locks", "media", "media_meta",
                   "media_attic", "tmp", "log"):  # fmt: skip
        (root / "data" / folder).mkdir(parents=True)
    settings = {"title": "島のウィキ", "lang": "ja", "savedir": str(root / "data")}
    lines = [f"$conf['{name}'] = '{value}';" for name, value in settings.items()]
    switches = [f"$conf['{name}'] = 0;" for name in ("useacl", "updatecheck", "send404")]
    local = "\n".join(["<?php", *lines, *switches, ""])
    (root / "conf" / "local.php").write_text(local, encoding="utf-8")
    constants = dict.fromkeys(("DOKU_CONF", "DOKU_MAIN_CONF"), f"{root / 'conf'}/")
    defined = [f"define('{name}', '{value}');" for name, value in constants.items()]
    (root / "first.php").write_text("\n".join(["<?php", *defined]), encoding="utf-8")
    port = free_port()
    wiki = DokuWiki(root, f"http://localhost:{port}")
    with _shown(DOKUWIKI, port, root, *wiki.first, up="/doku.php"):
        yield wiki


@dataclass(frozen=True)
class MediaWiki:
    """`root` holds its settings and its database."""

    root: Path
    origin: str

    @property
    def sync(self) -> Sequence[str]:
        return ("mediawiki", f"{self.origin}/index.php")

    def address(self, page: str) -> str:
        return f"{self.origin}/index.php/{quote(page.replace(' ', '_'), safe=':')}"

    def write(self, page: str, markup: str) -> None:
        self._maintain("edit", "--user", "Admin", page, given=markup)

    def delete(self, page: str) -> None:
        self._maintain("deleteBatch", "-u", "Admin", given=page)

    def carry_widget(self, script: str) -> None:
        """Write the line that the README gives for this wiki."""
        self.write("MediaWiki:Common.js", f'mw.loader.load("{script}");')

    @property
    def environment(self) -> Mapping[str, str]:
        return {"MW_CONFIG_FILE": str(self.root / "LocalSettings.php")}

    def _maintain(self, program: str, *options: str, given: str) -> None:
        script = MEDIAWIKI / "maintenance" / f"{program}.php"
        _php(str(script), *options, given=given, environment=self.environment)


@contextlib.contextmanager
def mediawiki(root: Path) -> Iterator[MediaWiki]:
    """Install a MediaWiki over the package's own files, and run it."""
    port = free_port()
    wiki = MediaWiki(root, f"http://localhost:{port}")
    options = {
        "--confpath": str(root), "--dbtype": "sqlite", "--dbpath": str(root / "database"),
        "--dbname": "wiki", "--server": wiki.origin, "--scriptpath": "", "--lang": "ja",
        "--pass": secrets.token_urlsafe(), "--skins": "Vector",
    }  # fmt: skip
    given = [part for option in options.items() for part in option]
    install = MEDIAWIKI / "maintenance" / "install.php"
    _php(str(install), *given, "島のウィキ", "Admin", environment=wiki.environment)
    with (root / "LocalSettings.php").open("a", encoding="utf-8") as settings:
        settings.write("wfLoadExtension('Cite');\n$wgJobRunRate = 0;\n")
    with _shown(MEDIAWIKI, port, root, up="/index.php", environment=wiki.environment):
        yield wiki


def missing() -> str | None:
    """Return what these wikis lack on this machine, with the cure; None where all is there."""
    if not shutil.which("php"):
        return "there is no php: apt-get install php-cli"
    loaded = subprocess.run(["php", "-m"], capture_output=True, text=True, check=True).stdout
    lacking = [name for name in EXTENSIONS if name not in loaded.split()]
    if lacking:
        packages = "php-xml php-intl php-mbstring php-sqlite3"
        return f"php has no {', '.join(lacking)}: apt-get install {packages}"
    absent = [place for place in (DOKUWIKI, MEDIAWIKI) if not place.is_dir()]
    return f"there is no {absent[0]}: apt-get install {absent[0].name}" if absent else None


def _php(*arguments: str, given: str = "", environment: Mapping[str, str] | None = None) -> None:
    """Run a program of a wiki to its end; fails with what it said."""
    done = subprocess.run(
        ["php", *arguments],
        input=given,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@contextlib.contextmanager
def _shown(
    pages: Path,
    port: int,
    root: Path,
    *options: str,
    up: str,
    environment: Mapping[str, str] | None = None,
) -> Iterator[None]:
    """Serve a folder of PHP programs until the end of the context."""
    log = root / "server.txt"
    command = ["php", *options, "-S", f"127.0.0.1:{port}", "-t", str(pages)]
    with process(command, log, {**os.environ, **(environment or {})}, cwd=root) as started:
        wait_until_up(f"http://127.0.0.1:{port}{up}", started, log)
        yield
