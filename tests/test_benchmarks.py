from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.nursery import Nursery
from tests.writing.making import save_chain

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
SOURCE = Path(__file__).parents[1] / "src"


Run = Callable[..., tuple[dict[str, Any], str]]
Printed = Callable[..., str]


def printing(nursery: Nursery, folder: Path) -> Printed:
    """Runs a benchmark with the fakes, in an empty folder; returns its output."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(SOURCE),
        "SHUTTEN_EMBEDDER": "hash",
        "SHUTTEN_READER": "overlap",
    }

    def printed_by(name: str, *options: str) -> str:
        script = BENCHMARKS / name
        done = nursery.run(*options, cwd=folder, environment=environment, script=script)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return printed_by


def reporting(printed_by: Printed, folder: Path) -> Run:
    """Runs a benchmark; returns its report and its output."""

    def run(name: str, *options: str) -> tuple[dict[str, Any], str]:
        report = folder / "report.json"
        output = printed_by(name, "--report", str(report), *options)
        content: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
        return content, output

    return run


@pytest.fixture
def printed_by(commands: Nursery, tmp_path: Path) -> Printed:
    return printing(commands, tmp_path)


@pytest.fixture
def run(printed_by: Printed, tmp_path: Path) -> Run:
    return reporting(printed_by, tmp_path)


def test_latency_is_split_into_retrieving_and_reading(run: Run) -> None:
    options = ("--sentences", "60", "--questions", "4")
    content, output = run("latency.py", *options)
    more = ["5 candidates", "10 candidates", "20 candidates"]
    assert list(content["results"]) == ["one article", *more, "large index"]
    assert [content["results"][name]["candidates"] for name in more] == [5, 10, 20]
    large = content["results"]["large index"]
    assert (large["sentences"], large["questions"]) == (60, 4)
    assert 0 < large["retrieve"] <= large["median ms"]
    assert "large index" in output


def test_a_report_names_machine_load_and_commit(run: Run) -> None:
    options = ("--sentences", "40", "--questions", "4")
    content, _ = run("keyword_peers.py", *options)
    environment = content["environment"]
    assert environment["processor"]
    assert environment["threads"] is None or environment["threads"] >= 1
    assert len(environment["load_at_start"]) == len(environment["load_at_end"]) == 3
    assert {"commit", "date", "versions", "shutten"} <= set(environment)
    assert content["parameters"]["sentences"] == 40


def test_indexing_counts_every_sentence_once(run: Run) -> None:
    options = ("--sentences", "45", "--repeats", "1")
    content, _ = run("indexing.py", *options)
    counts = {name: row["sentences"] for name, row in content["results"].items()}
    assert set(counts.values()) == {45}
    assert "peer: embed + FAISS" in counts


def test_keyword_peers_agree_on_questions_with_one_right_sentence(run: Run) -> None:
    options = ("--sentences", "80", "--questions", "10")
    content, _ = run("keyword_peers.py", *options)
    recall = {name: row["R@1"] for name, row in content["results"].items()}
    assert recall["posting lists"] == recall["every document"] == 1.0
    assert recall["keyword leg"] == 1.0


@pytest.mark.slow
def test_startup_is_timed_beside_the_bare_import(run: Run) -> None:
    options = ("--repeats", "1", "--untimed", "0", "--bare", "import json")
    content, _ = run("startup.py", *options)
    names = list(content["results"])
    assert names[0] == "import json"
    assert content["results"][names[0]]["beyond the bare import"] == 0.0
    assert set(names[1:]) == {"ask --article", "ask, index open", "list", "info", "--help"}


@pytest.mark.slow
def test_an_edited_page_of_a_wiki_is_timed_until_it_is_found(run: Run) -> None:
    options = ("--sentences", "200", "--edits", "3", "--repeats", "2")
    content, output = run("wiki_sync.py", *options)
    rows = content["results"]
    assert rows["first sync"]["sentences"] == 200
    assert {name: row["runs"] for name, row in rows.items()} == {
        "first sync": 1, "nothing new": 2, "nothing new, command": 2, "edit, synced": 3,
        "edit, found": 3,
    }  # fmt: skip
    assert 0 < rows["edit, synced"]["median ms"] < rows["edit, found"]["median ms"]
    assert "A DokuWiki of 10 pages" in output


@pytest.mark.slow
def test_memory_of_the_web_app_is_read_after_start_and_after_questions(run: Run) -> None:
    if not Path("/proc/self/status").is_file():
        pytest.skip("memory is read from /proc")
    options = ("--questions", "2", "--libraries", "json")
    content, _ = run("memory.py", *options)
    assert list(content["results"]) == ["imports alone", "after start", "after 2 questions"]
    assert all(row["highest MB"] >= row["resident MB"] > 0 for row in content["results"].values())


@pytest.mark.slow
def test_a_language_model_is_timed_reading_writing_and_stopping(
    heavy_commands: Nursery, tmp_path: Path
) -> None:
    run = reporting(printing(heavy_commands, tmp_path), tmp_path)
    model = save_chain(tmp_path / "model", "Built.", after=">")
    options = ("--model", str(model), "--repeats", "1")
    content, _ = run("generation.py", *options)
    rows = content["results"]
    lengths = [rows[f"{tokens} tokens"]["prompt tokens"] for tokens in (256, 512, 1024)]
    assert lengths == sorted(lengths)
    assert rows["1024 tokens"]["read tokens/s"] > 0
    assert rows["stopped while writing"]["median ms"] > 0
    assert rows["asked of an article"]["questions"] == 4
    assert rows["asked of an article"]["without the model ms"] > 0
    assert content["parameters"]["model"] == "model"


@pytest.mark.slow
def test_people_ask_at_once_for_written_and_for_quoted_answers(run: Run, tmp_path: Path) -> None:
    model = save_chain(tmp_path / "model", "Built.", after=">")
    options = ("--model", str(model), "--askers", "4", "--rounds", "1")
    content, _ = run("written_askers.py", *options)
    rows = content["results"]
    assert (rows["written"]["answers"], rows["quoted"]["answers"]) == (2, 2)
    assert (rows["written"]["errors"], rows["quoted"]["errors"]) == (0, 0)
    assert rows["written, nobody else"]["done s"] > 0


@pytest.mark.slow
def test_quotations_are_judged_without_seeing_which_are_gold(
    run: Run, printed_by: Printed, tmp_path: Path
) -> None:
    sheet, judged = tmp_path / "sheet.jsonl", tmp_path / "judged.jsonl"
    printed_by("quoted_answers.py", "--sheet", str(sheet), "--count", "6")
    rows = [json.loads(line) for line in sheet.read_text(encoding="utf-8").splitlines()]
    assert len(rows) == 6
    assert all(row.keys() == {"id", "question", "citations"} for row in rows)
    for row in rows:
        row["supports"] = list(row["citations"])[:1]
    sheet.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    options = ("--take", str(sheet), "--judged", str(judged))
    content, _ = run("quoted_answers.py", *options)
    kept = [json.loads(line) for line in judged.read_text(encoding="utf-8").splitlines()]
    cited = sum(len(row["sentences"]) for row in kept)
    firsts = {(row["id"], marker) for row in rows for marker in row["supports"]}
    good = firsts | {(row["id"], marker) for row in kept for marker in row["gold"]}
    found = content["results"]["quoted"]
    assert (found["questions"], found["cited sentences"]) == (6, cited)
    assert found["gold or supporting"] == pytest.approx(len(good) / cited, abs=1e-4)
    gold = sum(bool(row["gold"]) for row in kept)
    assert found["gold cited"] == pytest.approx(gold / 6, abs=1e-4)
    assert not any(quote["quote"] in judged.read_text("utf-8") for quote in citations(rows))


def citations(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [citation for row in rows for citation in row["citations"].values()]


def test_made_up_articles_are_the_same_ones_in_every_process() -> None:
    script = (
        "import hashlib, synthetic\n"
        "texts = ''.join(article.text for article in synthetic.articles(50))\n"
        "print(hashlib.sha256(texts.encode()).hexdigest())"
    )
    environment = {**os.environ, "PYTHONPATH": f"{SOURCE}{os.pathsep}{BENCHMARKS}"}
    prints = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**environment, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(prints) == 1


@pytest.mark.slow
def test_many_askers_at_the_same_time_get_each_their_own_answers(run: Run) -> None:
    if not Path("/proc/self/status").is_file():
        pytest.skip("memory is read from /proc")
    options = ("--askers", "20", "--seconds", "1", "--few", "4", "--few-seconds", "0.5")
    content, output = run("concurrent_askers.py", *options)
    for name in ("4 askers", "20 askers"):
        row = content["results"][name]
        assert row["errors"] == row["somebody else's"] == 0
        assert row["right sentence"] + row["other sentence"] + row["refused"] == row["answers"]
        assert row["right sentence"] > 0
        assert row["fewest of one"] > 0
        assert 0 < row["first event ms"] <= row["done ms"] <= row["done 95 %"]
    assert content["results"]["at the end"]["highest MB"] > 0
    assert "20 askers" in output


def test_an_answer_that_reached_somebody_else_is_seen() -> None:
    script = (
        "from concurrent_askers import outcome_of, own_facts\n"
        "(mine, other, *_), (theirs, *_) = own_facts(2)\n"
        "def outcome(asked, cited, hit, alone=True):\n"
        "    citations = [{'article_id': x.article_id, 'quote': x.sentence} for x in cited]\n"
        "    answer = {'question': asked.question, 'refused': not cited, 'citations': citations,\n"
        "              'hits': [{'article_id': hit.article_id}]}\n"
        "    return outcome_of(answer, mine, alone=alone)\n"
        "print(outcome(mine, [mine], mine), outcome(mine, [other], mine))\n"
        "print(outcome(mine, [], mine))\n"
        "print(outcome(theirs, [mine], mine), outcome(mine, [theirs], mine))\n"
        "print(outcome(mine, [mine], theirs), outcome(theirs, [mine], mine, False))\n"
        "print(outcome(mine, [mine, theirs], theirs, False))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": f"{SOURCE}{os.pathsep}{BENCHMARKS}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.split() == ["right", "other", "refused", *["leaked"] * 4, "right"]


@pytest.mark.slow
def test_questions_asked_at_once_are_measured_whole_and_apart(run: Run) -> None:
    content, _ = run("compound_questions.py", "--split", "develop")
    whole, apart = content["results"]["as one question"], content["results"]["each part by itself"]
    assert whole["questions"] == apart["questions"] > 10
    assert whole["parts"] == apart["parts"] > whole["questions"]
    assert apart["parts answered"] > whole["parts answered"]
    assert whole["sentences cited"] <= 3 * whole["questions"]


@pytest.mark.slow
def test_questions_that_name_two_things_are_measured_both_ways(run: Run) -> None:
    content, _ = run("one_of_two.py", "--split", "develop")
    results = content["results"]
    assert len(results) == 6
    ends = ("right", "wrong", "other words", "no words", "refused")
    assert all(sum(row[each] for each in ends) == row["questions"] for row in results.values())
    plain, chosen = (
        results["choice, as ordinary questions"],
        results["choice, as what it is"],
    )
    assert plain["questions"] == chosen["questions"] > 5
    assert chosen["right"] > plain["right"]
    assert chosen["other words"] == 0


@pytest.mark.slow
def test_questions_about_sentences_with_several_alike_are_counted_by_kind(run: Run) -> None:
    content, _ = run("alike_things.py", "--split", "develop")
    results = content["results"]
    ends = ("right", "wrong", "other words", "no words", "refused")
    assert all(sum(row[each] for each in ends) == row["questions"] for row in results.values())
    assert results["not told"]["gold cited first"] == results["not told"]["right"] == 0
    answered = results.pop("answered")
    del results["not told"]
    assert answered["questions"] == sum(row["questions"] for row in results.values()) > 100
    assert answered["gold cited first"] > answered["questions"] // 3
    assert (
        answered["no words"] + answered["refused"] == answered["questions"]
    )  # the fake knows none
