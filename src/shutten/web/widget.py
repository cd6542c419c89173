"""The script at /widget.js: a button and a panel to ask in, for the pages of other sites."""

from __future__ import annotations

import functools
import gzip
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

PATH: Final = "/widget.js"

SOURCES: Final = Path(__file__).parent / "static" / "widget"

ORDER: Final = (
    "texts.js", "options.js", "pages.js", "sentences.js", "asking.js", "drawing.js", "panel.js",
    "widget.js",
)  # fmt: skip
"""The parts share one scope; a part uses what stands before it."""

CACHED_SECONDS: Final = 600


@dataclass(frozen=True, slots=True)
class Script:
    """The whole script, plain and compressed; `tag` changes when it does."""

    plain: bytes
    compressed: bytes
    tag: str


@functools.cache
def script() -> Script:
    """Return the parts and the style sheet, without its indents, as one script.

    It leaves no names behind.
    """
    sheet = " ".join((SOURCES / "widget.css").read_text(encoding="utf-8").split())
    style = json.dumps(sheet, ensure_ascii=False)
    parts = "\n".join((SOURCES / name).read_text(encoding="utf-8") for name in ORDER)
    plain = f'(() => {{\n"use strict";\nconst STYLE = {style};\n\n{parts}}})();\n'.encode()
    tag = hashlib.sha256(plain).hexdigest()[:20]
    return Script(plain, gzip.compress(plain, mtime=0), f'W/"{tag}"')


def widget_route() -> Route:
    """Return the address of the script; it is the same for everybody, so any page may load it."""
    return Route(PATH, _served, methods=["GET"], include_in_schema=False)


def _served(request: Request) -> Response:
    whole = script()
    headers = {
        "Cache-Control": f"public, max-age={CACHED_SECONDS}",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "ETag": whole.tag,
        "Vary": "Accept-Encoding",
    }
    if whole.tag in map(str.strip, request.headers.get("if-none-match", "").split(",")):
        return Response(status_code=304, headers=headers)
    body = whole.plain
    if "gzip" in request.headers.get("accept-encoding", ""):
        body, headers["Content-Encoding"] = whole.compressed, "gzip"
    return Response(body, headers=headers, media_type="text/javascript")
