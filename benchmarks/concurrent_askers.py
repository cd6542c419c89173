"""Many people asking a running web app at the same time, each about an article of their own.

Every asker streams one answer after the other over HTTP, every other question to the own article
alone. Each answer is checked: its question is the asker's, its id was never seen before, what it
cites is the sentence that answers, and where only the own article was asked, all hits and citations
are of it; so an answer, or a part of one, that reached somebody else would be seen. Beside it the
server's memory, minute by minute. The askers run on the same machine. Reads /proc, so Linux alone.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle, groupby
from pathlib import Path
from typing import Any

import httpx

import synthetic
from measuring import Benchmark, Rows, median, parameters_of, parser_for, percentile
from memory import ASK_LIMIT, free_port, memory_of, running, wait_until_healthy
from shutten.embedding import load_embedder
from shutten.index import IndexWriter
from shutten.settings import Settings
from synthetic import SENTENCES_PER_ARTICLE, Fact

MINUTE = 60.0
WARM_UP = 20
"""Questions asked one after the other before anything is measured."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One answer as its asker saw it; times in seconds from sending the question."""

    asker: int
    first_event: float
    done: float
    outcome: str
    answer_id: str = ""


@dataclass
class Crowd:
    """What a number of askers have seen so far."""

    asked: list[Asked] = field(default_factory=list)

    def row(self, askers: int, duration: float) -> dict[str, Any]:
        """Return counts, then milliseconds to the first event and to the whole answer."""
        outcomes = Counter(each.outcome for each in self.asked)
        ids = Counter(each.answer_id for each in self.asked if each.answer_id)
        each_asker = Counter(each.asker for each in self.asked)
        first = [each.first_event * 1000 for each in self.asked if each.answer_id]
        done = [each.done * 1000 for each in self.asked if each.answer_id]
        return {
            "answers": len(done),
            "a second": len(done) / duration,
            "right sentence": outcomes["right"],
            "other sentence": outcomes["other"],
            "refused": outcomes["refused"],
            "somebody else's": outcomes["leaked"] + ids.total() - len(ids),
            "errors": sum(n for name, n in outcomes.items() if name.startswith("error")),
            "fewest of one": min(each_asker.get(number, 0) for number in range(askers)),
            "most of one": max(each_asker.values(), default=0),
            "first event ms": median(first),
            "first event 95 %": percentile(first, 0.95),
            "done ms": median(done),
            "done 95 %": percentile(done, 0.95),
        }


def own_facts(askers: int) -> list[list[Fact]]:
    """Return what each asker's own article says; every name in it is found in no other article."""
    made = synthetic.facts(askers * SENTENCES_PER_ARTICLE)
    return [list(group) for _, group in groupby(made, key=lambda fact: fact.article_id)]


def outcome_of(answer: dict[str, Any], fact: Fact, *, alone: bool) -> str:
    """Say whether an answer is the asker's own, and whether it cites the sentence that answers.

    `alone` says that only the asker's article was asked.
    """
    cited = {(each["article_id"], each["quote"]) for each in answer["citations"]}
    shown = {article for article, _ in cited} | {each["article_id"] for each in answer["hits"]}
    if answer["question"] != fact.question or (alone and shown != {fact.article_id}):
        return "leaked"
    if answer["refused"]:
        return "refused"
    return "right" if (fact.article_id, fact.sentence) in cited else "other"


async def ask(client: httpx.AsyncClient, asker: int, fact: Fact, *, alone: bool) -> Asked:
    """Stream one answer to its end; `alone` asks the asker's article and no other."""
    started = time.perf_counter()
    first = 0.0
    headers = {"Accept": "text/event-stream"}
    body = {"question": fact.question, "article_ids": [fact.article_id] if alone else None}
    name = ""
    try:
        async with client.stream("POST", "/api/ask", json=body, headers=headers) as response:
            response.raise_for_status()
            async for line in response.aiter_lines():
                if line.startswith("event: "):
                    first = first or time.perf_counter() - started
                    name = line.removeprefix("event: ")
                elif name == "done" and line:
                    answer = json.loads(line.removeprefix("data: "))
                    done = time.perf_counter() - started
                    outcome = outcome_of(answer, fact, alone=alone)
                    return Asked(asker, first, done, outcome, answer["id"])
    except httpx.HTTPError as error:
        return Asked(asker, first, time.perf_counter() - started, f"error: {error!r}")
    return Asked(asker, first, time.perf_counter() - started, f"error: ended after {name}")


async def keep_asking(
    client: httpx.AsyncClient, asker: int, facts: Sequence[Fact], until: float, crowd: Crowd
) -> None:
    """Ask about one article again and again until a moment of the clock."""
    for number, fact in enumerate(cycle(facts)):
        if time.monotonic() >= until:
            return
        crowd.asked.append(await ask(client, asker, fact, alone=number % 2 == 0))


async def watch_memory(process_id: int, until: float, rows: dict[str, dict[str, float]]) -> None:
    """Note the server's memory every minute."""
    for minute in range(1, 1 + int((until - time.monotonic()) // MINUTE)):
        await asyncio.sleep(MINUTE)
        rows[f"after {minute} min"] = memory_of(process_id)


async def ask_together(
    address: str, facts: Sequence[Sequence[Fact]], seconds: float, process_id: int
) -> tuple[dict[str, Any], dict[str, dict[str, float]]]:
    """Let one asker per article ask for so long; return what they saw, and the memory meanwhile."""
    crowd, memory = Crowd(), dict[str, dict[str, float]]()
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=address, timeout=ASK_LIMIT, limits=limits) as client:
        started = time.monotonic()
        until = started + seconds
        async with asyncio.TaskGroup() as group:
            group.create_task(watch_memory(process_id, until, memory))
            for asker, own in enumerate(facts):
                group.create_task(keep_asking(client, asker, own, until, crowd))
        duration = time.monotonic() - started
    complain(crowd)
    return crowd.row(len(facts), duration), memory


def complain(crowd: Crowd) -> None:
    """Print what went wrong, each kind once."""
    outcomes = Counter(each.outcome for each in crowd.asked)
    for outcome, count in outcomes.items():
        if outcome.startswith("error") or outcome == "leaked":
            print(f"{count} times {outcome}", file=sys.stderr)


def index_of(folder: Path, facts: Sequence[Sequence[Fact]]) -> Path:
    """Index everybody's article."""
    settings = Settings(index=folder / "index")
    with IndexWriter.open(settings.index) as writer:
        total = sum(map(len, facts))
        writer.add(synthetic.articles(total), load_embedder(settings.embedder))
    return settings.index


def measure(options: argparse.Namespace, folder: Path) -> tuple[Rows, Rows]:
    """Return what the few and the many saw, and the server's memory from start to end."""
    facts = own_facts(max(options.askers, options.few))
    port = free_port()
    place = ("--index", str(index_of(folder, facts)), "--host", "127.0.0.1", "--port", str(port))
    address = f"http://127.0.0.1:{port}"
    rows: dict[str, dict[str, Any]] = {}
    with running((sys.executable, "-m", "shutten", "serve", *place)) as process:
        wait_until_healthy(process, address)
        memory = {"started": memory_of(process.pid)}
        warm_up(address, facts[0])
        crowds = ((options.few, options.few_seconds), (options.askers, options.seconds))
        for askers, seconds in crowds:
            memory[f"before {askers} ask"] = memory_of(process.pid)
            asking = ask_together(address, facts[:askers], seconds, process.pid)
            rows[f"{askers} askers"], meanwhile = asyncio.run(asking)
            memory |= meanwhile
        memory["at the end"] = memory_of(process.pid)
    return rows, memory


def warm_up(address: str, facts: Sequence[Fact]) -> None:
    """Ask some questions one after the other."""
    with httpx.Client(base_url=address, timeout=ASK_LIMIT) as client:
        for fact in facts[:WARM_UP]:
            client.post("/api/ask", json={"question": fact.question}).raise_for_status()


def main() -> None:
    """Let some ask, then many; exit with 1 where an answer was lost or went astray."""
    parser = parser_for("concurrent-askers", __doc__)
    parser.add_argument("--askers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--few", type=int, default=8, help="how many ask before the many")
    parser.add_argument("--few-seconds", type=float, default=30.0)
    options = parser.parse_args()
    benchmark = Benchmark("concurrent-askers", parameters_of(options))
    with tempfile.TemporaryDirectory() as folder:
        rows, memory = measure(options, Path(folder))
    title, more = "Many askers at the same time", {"Memory of the server": memory}
    benchmark.conclude(title, rows, options.report, more=more)
    if any(row.get("errors") or row.get("somebody else's") for row in rows.values()):
        sys.exit(1)


if __name__ == "__main__":
    main()
