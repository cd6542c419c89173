"""An indexing process is killed at any moment: the index holds the old or the new state, whole."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from shutten.embedding import HashEmbedder, document_text
from shutten.errors import IndexNotFoundError
from shutten.index import Index, IndexWriter
from shutten.sentences import trimmed
from shutten.types import Article

SOURCE = Path(__file__).parents[1] / "src"
EMBEDDER = HashEmbedder(32)
KILLS = 60
ARTICLES = 6
SENTENCES = 5

# A process that loads everything once and then forks: each fork makes one change and is killed
# after the given time. It answers with the seconds that a change took which came to its end.
NURSERY = """
import os, signal, sys, time
from pathlib import Path
import faiss, tantivy
from test_crash import STEPS, change
for line in sys.stdin:
    directory, step, seconds = line.rsplit(" ", 2)
    started = time.perf_counter()
    child = os.fork()
    if not child:
        change(Path(directory), int(step))
        os._exit(0)
    while time.perf_counter() - started < float(seconds):
        if os.waitpid(child, os.WNOHANG)[0]:
            print(time.perf_counter() - started, flush=True)
            break
        time.sleep(0.0005)
    else:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        print("killed", flush=True)
"""


def article(name: str, edition: int) -> Article:
    """An article whose every sentence has a word of its own, half of them new in each edition."""
    sentences = [
        f"{name}の第{number}話は{name}{number}x{edition if number % 2 else 0}について語る。"
        for number in range(SENTENCES)
    ]
    return Article(name, f"{name}の話", "".join(sentences))


def pool(edition: int) -> list[Article]:
    return [article(f"art{number}", edition) for number in range(ARTICLES)]


def add_first(writer: IndexWriter) -> None:
    writer.add(pool(0), EMBEDDER)


def edit_and_add(writer: IndexWriter) -> None:
    writer.add([*pool(1)[:4], article("new", 1)], EMBEDDER)


def remove_two(writer: IndexWriter) -> None:
    writer.remove(["art0", "new"])


def embed_again(writer: IndexWriter) -> None:
    writer.rebuild(EMBEDDER)


def back_to_first(writer: IndexWriter) -> None:
    writer.add(pool(0), EMBEDDER)


STEPS = (add_first, edit_and_add, remove_two, embed_again, back_to_first)


@dataclass(frozen=True)
class State:
    """All that an index holds, as far as anyone can see."""

    articles: dict[str, Article] = field(default_factory=dict)

    @classmethod
    def of(cls, index: Index) -> State:
        return cls({entry.id: index.article(entry.id) for entry in index.articles()})


def expected_states() -> list[State]:
    """The states after each step, worked out without an index."""
    states = [State()]
    for change in (pool(0), [*pool(1)[:4], article("new", 1)]):
        states.append(State({**states[-1].articles, **{each.id: each for each in change}}))
    left = {key: each for key, each in states[-1].articles.items() if key not in {"art0", "new"}}
    states += [State(left), State(left)]
    states.append(State({**left, **{each.id: each for each in pool(0)}}))
    return states


STATES = expected_states()


def sentences_of(state: State, index: Index) -> set[tuple[str, str]]:
    return {
        (each.id, each.text[slice(*trimmed(each.text, sentence))])
        for each in state.articles.values()
        for sentence in index.sentences(each.id)
    }


def assert_whole(index: Index, state: State) -> None:
    """Every sentence of the state is found by each leg, and nothing else is."""
    expected = sentences_of(state, index)
    assert sum(entry.sentences for entry in index.articles()) == len(expected)
    assert found_by_dense(index, "x") == expected
    assert found_by_keyword(index, "について語る") == expected
    for article_id, text in sorted(expected)[::3]:
        title = state.articles[article_id].title
        vector = EMBEDDER.embed_queries([document_text(title, text)])[0]
        dense = index.stored([index.search_dense(vector, 1)[0].key])
        keyword = index.stored([index.search_keyword(text, 1)[0].key])
        assert [(each.article_id, each.text) for each in dense + keyword] == [
            (article_id, text)
        ] * 2


def found_by_dense(index: Index, text: str) -> set[tuple[str, str]]:
    found = index.search_dense(EMBEDDER.embed_queries([text])[0], 1000)
    stored = index.stored([each.key for each in found])
    assert len(stored) == len(found)
    return {(each.article_id, each.text) for each in stored}


def found_by_keyword(index: Index, text: str) -> set[tuple[str, str]]:
    found = index.search_keyword(text, 1000)
    stored = index.stored([each.key for each in found])
    assert len(stored) == len(found)
    return {(each.article_id, each.text) for each in stored}


def change(directory: Path, step: int) -> None:
    with IndexWriter.open(directory) as writer:
        STEPS[step](writer)


class Nursery:
    """A process whose children are killed."""

    def __init__(self) -> None:
        path = os.pathsep.join([str(SOURCE), str(Path(__file__).parent)])
        self.process = subprocess.Popen(
            [sys.executable, "-c", NURSERY],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
            text=True,
        )
        assert self.process.stdout is not None
        assert self.process.stdin is not None
        self._output, self._input = self.process.stdout, self.process.stdin

    def seconds_of(self, directory: Path, step: int, *, limit: float) -> float | None:
        """Make a step in a child; None where it was killed at the limit."""
        self._input.write(f"{directory} {step} {limit}\n")
        self._input.flush()
        said = self._output.readline().strip()
        return None if said == "killed" else float(said)

    def close(self) -> None:
        self._input.close()
        self.process.wait()
        self._output.close()


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    nursery = Nursery()
    yield nursery
    nursery.close()


def state_on_disk(directory: Path) -> State:
    """What a reader sees, each sentence by each leg; nothing where there is no index yet."""
    try:
        index = Index.open(directory)
    except IndexNotFoundError:
        return State()
    with index:
        state = State.of(index)
        assert_whole(index, state)
        return state


@pytest.mark.slow
def test_a_process_killed_while_indexing_leaves_the_old_or_the_new_state(
    tmp_path: Path, nursery: Nursery
) -> None:
    chance = random.Random(20)  # noqa: S311 -- moments, not secrets
    bases = [tmp_path / f"before-{step}" for step in range(len(STEPS))]
    durations = []
    for step, base in enumerate(bases):
        work = tmp_path / "whole"
        shutil.copytree(base, work) if step else work.mkdir()
        seconds = nursery.seconds_of(work, step, limit=60.0)
        assert seconds is not None
        durations.append(seconds)
        assert state_on_disk(work) == STATES[step + 1]
        if step + 1 < len(bases):
            shutil.move(work, bases[step + 1])

    outcomes = Counter[str]()
    for number in range(4 * KILLS):
        step = number % len(STEPS)
        work = tmp_path / f"work-{number}"
        shutil.copytree(bases[step], work) if step else work.mkdir()
        limit = chance.uniform(0.0, durations[step])
        if nursery.seconds_of(work, step, limit=limit) is not None:
            continue
        state = state_on_disk(work)
        assert state in (STATES[step], STATES[step + 1])
        outcomes["new" if state == STATES[step + 1] else "old"] += 1
        with IndexWriter.open(work) as writer:
            if state == STATES[step]:
                STEPS[step](writer)
        assert state_on_disk(work) == STATES[step + 1]
        with Index.open(work) as index:
            assert index.info()["views"] == {"dense": "ok", "keyword": "ok"}
        # tantivy takes its lock in the folder a moment after it was opened, at times in between.
        shutil.rmtree(work, ignore_errors=True)
        if outcomes.total() == KILLS:
            break
    assert outcomes.total() == KILLS
    assert set(outcomes) == {"old", "new"}
