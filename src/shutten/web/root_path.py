"""The app below a path of a site that holds other things too, as at https://wiki.example.org/qa/."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.datastructures import MutableHeaders

from shutten.errors import SettingsError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

OWN: Final = ("/ui", "/api", "/mcp", "/widget.js", "/healthz", "/metrics", "/openapi.json")
"""Addresses of the app: a request for one of them must not be taken for one below the path."""

PAGE: Final = "/ui/"
MANIFEST: Final = '<link rel="manifest" href="/manifest.json" />'
ICON: Final = '<link rel="icon" href="/favicon.ico" type="image/svg+xml" />'
"""What a browser asks for by itself, and would outside the path: the page of Gradio names the one
there, and the other not at all."""


def check_root_path(root_path: str) -> None:
    """Raise SettingsError for a path at which the app itself has addresses."""
    if any(root_path == own or root_path.startswith(f"{own}/") for own in OWN):
        message = f"root_path={root_path}: the app itself has addresses there: choose another"
        raise SettingsError(message)


class UnderRootPath:
    """Tells the app where it is, whether the proxy before it takes the path off or leaves it on.

    A request without the path is taken as one from which it was taken off, so that what asks the
    port itself (a health check) needs no path.
    """

    def __init__(self, app: ASGIApp, *, root_path: str) -> None:
        self._app = app
        self._root_path = root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] in ("http", "websocket"):
            scope = {**scope, **self._placed(scope["path"], scope.get("raw_path"))}
            if scope.get("method") == "GET" and scope["path"] == self._root_path + PAGE:
                send = self._with_own_links(send)
        await self._app(scope, receive, send)

    def _placed(self, path: str, raw: bytes | None) -> dict[str, str | bytes | None]:
        root = self._root_path
        if path == root:
            path, raw = f"{root}/", raw and raw + b"/"
        elif not path.startswith(f"{root}/"):
            path, raw = root + path, raw and root.encode("ascii") + raw
        return {"root_path": root, "path": path, "raw_path": raw}

    def _with_own_links(self, send: Send) -> Send:
        """Return a `send` that holds the page back until it is whole and puts it right."""
        own = (MANIFEST + ICON).replace('href="', f'href="{self._root_path}').encode("ascii")
        begun: list[Message] = []
        pieces: list[bytes] = []

        async def put_right(message: Message) -> None:
            if message["type"] == "http.response.start":
                begun.append(message)
                return
            pieces.append(message.get("body", b""))
            if message.get("more_body"):
                return
            page = b"".join(pieces).replace(MANIFEST.encode("ascii"), own)
            headers = MutableHeaders(raw=list(begun[0]["headers"]))
            headers["Content-Length"] = str(len(page))
            await send({**begun[0], "headers": headers.raw})
            await send({**message, "body": page})

        return put_right
