"""The tools that language models call over MCP: the same questions, the same JSON.

`mcp` takes a while to import, so this module is imported only where it is about to be served.
"""

from __future__ import annotations

import logging
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import anyio
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)
from pydantic import BaseModel, TypeAdapter

from shutten import __version__
from shutten.errors import ShuttenError
from shutten.questions import LANGUAGES
from shutten.sentences import detect_language
from shutten.types import Answer, Language
from shutten.web.api.desk import Desk, Groups
from shutten.web.api.metrics import Metrics
from shutten.web.api.problems import RefusedError, as_refused, json_text
from shutten.web.api.requests import asked_in, top_in
from shutten.web.api.shapes import AskBody, Hits, SearchBody
from shutten.web.visitors import visitor_of

if TYPE_CHECKING:
    from shutten.assistant import Assistant

logger = logging.getLogger(__name__)

Arguments = dict[str, Any]

INSTRUCTIONS: Final = (
    "Answers come from the user's own articles. Every claim of an answer names the sentence that "
    "it stands on: pass the quotation and its title on with it. A refused answer means that the "
    "articles do not say; do not fill the gap from elsewhere without saying so."
)

READ_ONLY: Final = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A tool, and what it does with its arguments."""

    tool: Tool
    call: Callable[[Arguments, Groups], Awaitable[dict[str, Any]]]


class Tools:
    """`ask_articles` and `search_articles` over one desk.

    `for_keeper` answers from all articles; else each request does from what its visitor may see.
    """

    def __init__(self, desk: Desk, *, for_keeper: bool = False) -> None:
        self._desk = desk
        self._for_keeper = for_keeper
        offers = (
            Offer(_tool("ask_articles", "Ask the articles", ASK, AskBody, Answer), self._ask),
            Offer(
                _tool("search_articles", "Search the articles", SEARCH, SearchBody, Hits),
                self._search,
            ),
        )
        self._offers = {offer.tool.name: offer for offer in offers}

    def server(self) -> Server[Any]:
        """Return a server of the protocol that offers the tools."""
        return Server(
            "shutten",
            version=__version__,
            title="Shutten (出典)",
            instructions=INSTRUCTIONS,
            on_list_tools=self._listed,
            on_call_tool=self._called,
        )

    async def _listed(
        self,
        context: ServerRequestContext[Any],  # noqa: ARG002 - the protocol's signature
        params: PaginatedRequestParams | None,  # noqa: ARG002
    ) -> ListToolsResult:
        return ListToolsResult(tools=[offer.tool for offer in self._offers.values()])

    async def _called(
        self,
        context: ServerRequestContext[Any],
        params: CallToolRequestParams,
    ) -> CallToolResult:
        offer = self._offers.get(params.name)
        if offer is None:
            raise MCPError(INVALID_PARAMS, f"there is no tool {params.name}")
        arguments = params.arguments or {}
        try:
            groups = None if self._for_keeper else visitor_of(context.request).groups
            return _result(await offer.call(arguments, groups))
        except ShuttenError as error:
            return _refusal(as_refused(error), arguments)
        except Exception:  # told as the tool's failure, not as one of the protocol
            logger.exception("a tool failed")
            return _refusal(RefusedError("internal"), arguments)

    async def _ask(self, arguments: Arguments, groups: Groups) -> dict[str, Any]:
        return await self._desk.ask(asked_in(arguments), groups)

    async def _search(self, arguments: Arguments, groups: Groups) -> dict[str, Any]:
        return await self._desk.search(asked_in(arguments), groups, k=top_in(arguments))


ASK: Final = (
    "Answer a question from the user's articles. Each claim of the answer cites the sentence it "
    "stands on, word for word, with the article's title, address and the sentence's number. "
    "If `refused` is true, the articles do not answer the question."
)
SEARCH: Final = (
    "Find the sentences of the user's articles that are nearest to a question, best first, each "
    "with its article, number and scores. Japanese and English."
)


def _tool(name: str, title: str, description: str, body: type[BaseModel], given: type) -> Tool:
    return Tool(
        name=name,
        title=title,
        description=description,
        input_schema=body.model_json_schema(),
        output_schema=TypeAdapter(given).json_schema(mode="serialization"),
        annotations=READ_ONLY,
    )


def _result(record: dict[str, Any]) -> CallToolResult:
    """Return a JSON object as structure and, for hosts that read text alone, as text."""
    text = json_text(record)
    return CallToolResult(content=[TextContent(text=text)], structured_content=record)


def _refusal(error: RefusedError, arguments: Arguments) -> CallToolResult:
    message = error.message(_language(arguments))
    return CallToolResult(content=[TextContent(text=message)], is_error=True)


def _language(arguments: Arguments) -> Language:
    for language in LANGUAGES:
        if arguments.get("lang") == language:
            return language
    return detect_language(str(arguments.get("question", "")))


def session_manager(desk: Desk, *, max_bytes: int) -> StreamableHTTPSessionManager:
    """Return what answers /mcp. No session is kept, so any replica may answer any request."""
    return StreamableHTTPSessionManager(
        Tools(desk).server(), json_response=True, stateless=True, max_request_body_size=max_bytes
    )


def serve_stdio(assistant: Assistant) -> None:
    """Talk to one host over stdin and stdout until it hangs up.

    Meanwhile whatever else is printed goes to stderr.
    """
    # A thread waits for the next line of stdin, and Python would wait for it: Ctrl-C could not end
    # the command. Nothing is open for writing, so the signal may end it by itself.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    anyio.run(_serve_stdio, Desk(assistant, Metrics()))


async def _serve_stdio(desk: Desk) -> None:
    server = Tools(desk, for_keeper=True).server()
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())
