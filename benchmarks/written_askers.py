"""People asking one process at the same time, half of them for a written answer, half for a quoted.

One language model writes for all, one answer at a time. Seen by the askers: how long until a first
claim stands checked, until the answer is complete, whether who asked first was served first, and
whether quotations wait for somebody else's writing. `--model` names a model as SHUTTEN_MODEL does;
without it the small one that the tests use.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx

from generation import bundled_model
from measuring import SAMPLES, Benchmark, Rows, median, parameters_of, parser_for
from memory import free_port, running, wait_until_healthy
from shutten.filling import index_paths
from shutten.settings import Settings

ARTICLE = SAMPLES / "antikythera-mechanism.md"
QUESTIONS = (
    "Who was the first to see the mechanism?",
    "What did the Saros dial show?",
    "When did the divers work at the site?",
    "What is the mechanism made of?",
)
APART = 0.2
"""Seconds between two people's first questions, so that there is an order to keep."""
LIMIT = 600.0


@dataclass(frozen=True, slots=True)
class Seen:
    """An answer as its asker saw it; moments are seconds on one clock, `claim` None without one."""

    quoting: bool
    asked: float
    claim: float | None
    done: float
    error: str = ""


async def ask(client: httpx.AsyncClient, question: str, *, quoting: bool) -> Seen:
    """Stream one answer to its end."""
    asked, claim = time.perf_counter(), None
    body = {"question": question, "quoting": quoting}
    name = ""
    try:
        headers = {"Accept": "text/event-stream"}
        async with client.stream("POST", "/api/ask", json=body, headers=headers) as response:
            response.raise_for_status()
            async for line in response.aiter_lines():
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif name == "claim" and claim is None and is_supported(line):
                    claim = time.perf_counter()
                elif name in {"done", "error"} and line:
                    error = line if name == "error" else ""
                    return Seen(quoting, asked, claim, time.perf_counter(), error)
    except httpx.HTTPError as error:
        return Seen(quoting, asked, claim, time.perf_counter(), repr(error))
    return Seen(quoting, asked, claim, time.perf_counter(), f"ended after {name}")


def is_supported(line: str) -> bool:
    """Tell whether an event's data is a claim that has been checked."""
    return line.startswith("data: ") and json.loads(line[6:]).get("state") == "supported"


async def ask_again(client: httpx.AsyncClient, number: int, rounds: int) -> list[Seen]:
    """Ask some questions one after the other; every other person has them quoted."""
    await asyncio.sleep(number * APART)
    questions = [QUESTIONS[(number + turn) % len(QUESTIONS)] for turn in range(rounds)]
    return [await ask(client, each, quoting=number % 2 == 1) for each in questions]


async def ask_together(address: str, askers: int, rounds: int) -> list[list[Seen]]:
    """Return what each person saw."""
    async with httpx.AsyncClient(base_url=address, timeout=LIMIT) as client:
        waiting = [ask_again(client, number, rounds) for number in range(askers)]
        return list(await asyncio.gather(*waiting))


def row(seen: Sequence[Seen]) -> dict[str, Any]:
    """Return counts and seconds of some answers."""
    claims = [each.claim - each.asked for each in seen if each.claim is not None]
    done = [each.done - each.asked for each in seen]
    return {
        "answers": len(seen),
        "errors": sum(bool(each.error) for each in seen),
        "first claim s": median(claims),
        "done s": median(done),
        "longest s": max(done, default=float("nan")),
    }


def overtaken(people: Sequence[Sequence[Seen]]) -> int:
    """Count the written answers that were complete before one that had been asked for earlier."""
    written = sorted(
        (each for seen in people for each in seen if not each.quoting), key=lambda seen: seen.asked
    )
    return sum(earlier.done > later.done for earlier, later in pairwise(written))


def measure(options: argparse.Namespace, folder: Path) -> Rows:
    """Serve the sample article and let people ask, first nobody else, then all at once."""
    settings = Settings(index=folder / "index")
    index_paths([ARTICLE], settings)
    port, model = free_port(), options.model or bundled_model()
    place = ("--index", str(settings.index), "--host", "127.0.0.1", "--port", str(port))
    command = (sys.executable, "-m", "shutten", "serve", *place, "--answerer", "local")
    address = f"http://127.0.0.1:{port}"
    with running((*command, "--model", model)) as process:
        wait_until_healthy(process, address)
        asyncio.run(ask_together(address, 2, 1))
        alone = asyncio.run(ask_together(address, 1, options.rounds))
        people = asyncio.run(ask_together(address, options.askers, options.rounds))
    seen = [each for person in people for each in person]
    complain(seen)
    return {
        "written, nobody else": row(alone[0]),
        "written": {
            **row([each for each in seen if not each.quoting]),
            "overtaken": overtaken(people),
        },
        "quoted": row([each for each in seen if each.quoting]),
    }


def complain(seen: Sequence[Seen]) -> None:
    """Print what went wrong, each kind once."""
    for error in sorted({each.error for each in seen if each.error}):
        print(error, file=sys.stderr)


def main() -> None:
    """Let people ask at the same time; exit with 1 where an answer ended in an error."""
    parser = parser_for("written-askers", __doc__)
    parser.add_argument("--model", default=None, help="hub name, folder or .gguf file")
    parser.add_argument("--askers", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=2, help="questions of each person")
    options = parser.parse_args()
    name = Path(options.model or bundled_model()).name
    benchmark = Benchmark("written-askers", {**parameters_of(options), "model": name})
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(options, Path(folder))
    benchmark.conclude("One process, some have it written, some quoted", rows, options.report)
    if any(each["errors"] for each in rows.values()):
        sys.exit(1)


if __name__ == "__main__":
    main()
