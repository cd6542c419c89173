"""A client of the protocol finds two tools, over HTTP and over a pipe, with the same JSON."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from fastapi.testclient import TestClient
from mcp import Client, MCPError, StdioServerParameters
from mcp_types import CallToolResult
from tests.nursery import Nursery
from tests.web.making import DOG, NEWS, make_assistant
from tests.web.serving import Running, running

from shutten.assistant import open_assistant
from shutten.filling import index_paths
from shutten.grounding import answer_as_dict
from shutten.settings import Settings
from shutten.web.app import create_app

ROOT = Path(__file__).parents[2]
QUESTION = "R2は5月上旬に公開される予定でしたか"
MODES = ("auto", "legacy")

Result = TypeVar("Result")
Server = StdioServerParameters | str


def talk(
    server: Server, talking: Callable[[Client], Awaitable[Result]], mode: str = "auto"
) -> Result:
    async def conversation() -> Result:
        async with Client(server, mode=mode) as client:
            return await talking(client)

    # In a thread of its own: the browser tests leave a running loop in this one.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(conversation())).result()


def call(
    server: Server, tool: str, arguments: dict[str, Any], mode: str = "auto"
) -> CallToolResult:
    return talk(server, lambda client: client.call_tool(tool, arguments), mode)


def text_of(result: CallToolResult) -> str:
    (content,) = result.content
    assert content.type == "text"
    return content.text


def timeless(answer: dict[str, Any]) -> dict[str, Any]:
    plain = json.loads(json.dumps(answer))
    return {name: value for name, value in plain.items() if name not in ("id", "timings_ms")}


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    with running(create_app(make_assistant([NEWS, DOG]), Settings())) as server:
        yield server


@pytest.fixture
def address(served: Running) -> str:
    return f"{served.url}/mcp"


@pytest.mark.parametrize("mode", MODES)
def test_two_tools_are_offered_that_change_nothing(address: str, mode: str) -> None:
    listed = talk(address, lambda client: client.list_tools(), mode)
    tools = {tool.name: tool for tool in listed.tools}
    assert set(tools) == {"ask_articles", "search_articles"}
    for tool in tools.values():
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint is True
        assert tool.input_schema["required"] == ["question"]
        assert tool.output_schema is not None
    assert set(tools["ask_articles"].input_schema["properties"]) == {
        "question",
        "history",
        "article_ids",
        "lang",
        "quoting",
        "suggest",
        "suggested",
    }


@pytest.mark.parametrize("mode", MODES)
def test_a_tool_answers_with_the_object_that_http_gives(
    served: Running, address: str, mode: str
) -> None:
    body = {"question": QUESTION, "article_ids": ["news.txt"], "history": []}
    result = call(address, "ask_articles", body, mode)
    assert result.is_error is False
    expected = httpx.post(f"{served.url}/api/ask", json=body).json()
    assert timeless(result.structured_content) == timeless(expected)
    assert timeless(json.loads(text_of(result))) == timeless(expected)


def test_a_search_gives_the_hits_that_http_gives(served: Running, address: str) -> None:
    body = {"question": "犬の名前", "top": 1}
    found = call(address, "search_articles", body).structured_content
    expected = httpx.post(f"{served.url}/api/search", json=body).json()
    assert timeless(found) == timeless(expected)
    assert [hit["article_id"] for hit in found["hits"]] == ["dog.txt"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("ask_articles", {"question": "", "lang": "ja"}, "質問を入力してください。"),
        ("ask_articles", {"question": "Who?", "article_ids": ["absent"]}, "There is no such"),
        ("ask_articles", {}, 'The request is not as expected: "question" must be a string'),
        ("search_articles", {"question": "誰が？", "top": 0}, "リクエストの形が違います："),
    ],
)
def test_a_mistake_is_told_to_the_model(
    address: str, tool: str, arguments: dict[str, Any], said: str, mode: str
) -> None:
    result = call(address, tool, arguments, mode)
    assert (result.is_error, result.structured_content) == (True, None)
    assert text_of(result).startswith(said)


def test_a_tool_that_is_not_there_is_an_error_of_the_protocol(address: str) -> None:
    async def complaint(client: Client) -> str:
        with pytest.raises(MCPError) as caught:
            await client.call_tool("delete_articles", {})
        return caught.value.message

    assert talk(address, complaint) == "there is no tool delete_articles"


INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}


def initialize(url: str, **headers: str) -> int:
    accept = {"Accept": "application/json, text/event-stream"}
    return httpx.post(url, json=INITIALIZE, headers={**accept, **headers}).status_code


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://localhost:6274", 200),
        ("http://127.0.0.1", 200),
        ("https://other.example.org", 403),
        ("http://localhost.other.example.org", 403),
        ("null", 403),
    ],
)
def test_pages_of_other_sites_may_not_call_tools(address: str, origin: str, status: int) -> None:
    assert initialize(address, Origin=origin) == status


def test_a_page_of_an_allowed_site_may_call_tools() -> None:
    settings = Settings(allowed_origins="https://wiki.example.org")
    with running(create_app(make_assistant([NEWS]), settings)) as server:
        assert initialize(f"{server.url}/mcp", Origin="https://wiki.example.org") == 200


@pytest.mark.parametrize("sent", [{"x": 1}, [], "tools/list", {**INITIALIZE, "jsonrpc": "1.0"}])
def test_what_is_no_message_of_the_protocol_is_told_in_one_line(address: str, sent: object) -> None:
    headers = {"Accept": "application/json, text/event-stream"}
    response = httpx.post(address, json=sent, headers=headers)
    assert (response.status_code, response.headers["content-type"]) == (400, "application/json")
    assert response.json() == {
        "jsonrpc": "2.0",
        "id": None,
        "error": {
            "code": -32600,
            "message": (
                "this is no message of JSON-RPC 2.0: send"
                ' {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}'
            ),
        },
    }


def test_the_application_can_be_started_again() -> None:
    app = create_app(make_assistant([NEWS]), Settings())
    for _ in range(2):
        with running(app) as server:
            result = call(f"{server.url}/mcp", "ask_articles", {"question": QUESTION})
            assert result.structured_content["status"] == "quoted"


def test_without_its_lifespan_nothing_waits_for_ever() -> None:
    client = TestClient(create_app(make_assistant([NEWS]), Settings()))
    assert client.post("/mcp", json={}).status_code == 503


FAKES = {"SHUTTEN_EMBEDDER": "hash", "SHUTTEN_READER": "overlap"}


def with_fakes(index: Path) -> Settings:
    return Settings(index=index, embedder="hash", reader="overlap")


@pytest.fixture(scope="module")
def piped(tmp_path_factory: pytest.TempPathFactory) -> StdioServerParameters:
    """The command over an index of one article, with models that load at once."""
    folder = tmp_path_factory.mktemp("piped")
    (folder / "ferry.txt").write_text(
        "島の連絡船\n\n新しい連絡船は2019年4月に就航した。定員は120人である。\n", encoding="utf-8"
    )
    index_paths([folder / "ferry.txt"], with_fakes(folder / "index"))
    return StdioServerParameters(
        command=sys.executable,
        args=["-m", "shutten", "mcp", "--index", str(folder / "index")],
        env={**os.environ, **FAKES, "PYTHONPATH": str(ROOT / "src")},
        cwd=folder,
    )


@pytest.mark.parametrize("mode", MODES)
def test_the_command_gives_the_answers_of_the_package_over_a_pipe(
    piped: StdioServerParameters, mode: str
) -> None:
    question = "連絡船はいつ就航しましたか"

    async def both(client: Client) -> tuple[CallToolResult, CallToolResult]:
        asked = await client.call_tool("ask_articles", {"question": question})
        return asked, await client.call_tool("search_articles", {"question": question, "top": 1})

    asked, searched = talk(piped, both, mode)
    assistant = open_assistant(with_fakes(Path(piped.args[-1])))
    assert timeless(asked.structured_content) == timeless(answer_as_dict(assistant.ask(question)))
    (citation, *_) = asked.structured_content["citations"]
    assert citation["quote"] == "新しい連絡船は2019年4月に就航した。"
    assert [hit["sentence"] for hit in searched.structured_content["hits"]] == [2]
    assistant.index.close()


def test_control_c_ends_the_command(piped: StdioServerParameters) -> None:
    process = subprocess.Popen(
        [piped.command, *piped.args],
        env=piped.env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(json.dumps(INITIALIZE) + "\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["result"]["serverInfo"]["name"] == "shutten"
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == -signal.SIGINT
    finally:
        process.kill()
        process.stdin.close()
        process.stdout.close()


def test_without_an_index_the_command_names_the_cure(tmp_path: Path, commands: Nursery) -> None:
    ran = commands.run("mcp", cwd=tmp_path, environment=os.environ)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == (
        "shutten: there is no index in index: make one with `shutten index PATH`\n"
    )


def test_a_tool_understands_a_follow_up(address: str) -> None:
    history = [{"question": QUESTION, "answer": "5月上旬"}]
    body = {"question": "価格は？", "history": history}
    answer = call(address, "ask_articles", body).structured_content
    assert answer["standalone_question"] == "R2の価格は？"
    assert (
        call(address, "ask_articles", {"question": "価格は？"}).structured_content[
            "standalone_question"
        ]
        == "価格は？"
    )
