"""Feedback: what is kept comes back, one's own vote is replaced, several processes share a file."""

from __future__ import annotations

import csv
import io
import json
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.nursery import Nursery

from shutten.cli.feedback import COLUMNS, counts, exported
from shutten.errors import FeedbackError
from shutten.feedback import (
    RATINGS,
    REASONS,
    CitedSentence,
    Feedback,
    FeedbackPlace,
    FeedbackStore,
    about,
    feedback_as_dict,
    feedback_place,
    store_of,
)
from shutten.settings import Settings
from shutten.types import Answer, Citation

SOURCE = Path(__file__).parents[1] / "src"
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
MAYBE = st.none() | TEXT
CITED = st.builds(CitedSentence, TEXT, TEXT, MAYBE, MAYBE, st.integers(1, 10**9), TEXT)
OPINIONS = st.builds(
    Feedback,
    rating=st.sampled_from(RATINGS),
    reason=st.none() | st.sampled_from(REASONS),
    comment=MAYBE,
    time=TEXT.filter(bool),
    answer_id=MAYBE,
    question=MAYBE,
    standalone_question=MAYBE,
    answer=MAYBE,
    status=MAYBE,
    citations=st.lists(CITED, max_size=3).map(tuple),
    answerer=MAYBE,
    model=MAYBE,
    index_version=MAYBE,
    article_ids=st.none() | st.lists(TEXT, max_size=3).map(tuple),
)


@pytest.fixture
def store(tmp_path: Path) -> FeedbackStore:
    return FeedbackStore(FeedbackPlace(tmp_path / "kept.sqlite"))


@given(given=st.lists(OPINIONS, max_size=4))
@settings(max_examples=40, deadline=None)
def test_what_is_kept_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, given: list[Feedback]
) -> None:
    store = FeedbackStore(FeedbackPlace(tmp_path_factory.mktemp("store") / "kept.sqlite"))
    for each in given:
        store.keep(each)
    assert store.opinions() == given


def test_half_a_surrogate_pair_becomes_a_mark_and_loses_nothing_else(store: FeedbackStore) -> None:
    store.keep(Feedback("up", comment="a\ud83db\U0001f600\x00c"))
    assert store.opinions()[0].comment == "a\ufffdb\U0001f600\x00c"


def test_a_change_of_mind_takes_the_place_of_ones_own_vote_alone(store: FeedbackStore) -> None:
    store.keep(Feedback("up", vote="mine"))
    store.keep(Feedback("up", vote="another's"))
    store.keep(Feedback("up"))
    store.keep(Feedback("down", "other", "違う", vote="mine"))
    assert [(each.vote, each.rating, each.reason) for each in store.opinions()] == [
        ("mine", "down", "other"), ("another's", "up", None), (None, "up", None),
    ]  # fmt: skip
    store.withdraw("mine")
    assert [each.vote for each in store.opinions()] == ["another's", None]
    assert store.opinions(rating="down") == []
    assert [each.vote for each in store.opinions(last=1)] == [None]


def test_of_a_private_answer_no_word_is_kept(store: FeedbackStore, tmp_path: Path) -> None:
    words = "わたしの秘密の報告書"
    citation = Citation(1, words, words, None, 1, 0, 3, words, 1.0)
    answer = Answer("1", words, words, "ja", words, "quoted", refused=False,
                    citations=(citation,))  # fmt: skip
    store.keep(about(Feedback("down", "other", "読めない", private=True), answer))
    (kept,) = store.opinions()
    assert (kept.rating, kept.reason, kept.comment, kept.status) == (
        "down", "other", "読めない", "quoted",
    )  # fmt: skip
    assert (kept.question, kept.answer, kept.citations, kept.private) == (None, None, (), True)
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert words.encode() not in written


def test_what_is_too_long_of_an_answer_is_cut(store: FeedbackStore) -> None:
    citation = Citation(1, "a", "a", None, 1, 0, 9, "長" * 3000, 1.0)
    answer = Answer("1", "q", "q", "ja", "文" * 30_000, "written", refused=False,
                    citations=(citation,) * 60)  # fmt: skip
    store.keep(about(Feedback("up"), answer))
    (kept,) = store.opinions()
    assert (len(kept.answer or ""), len(kept.citations)) == (20_000, 50)
    assert {len(each.quote) for each in kept.citations} == {2000}


def test_every_text_of_an_answer_is_cut(store: FeedbackStore) -> None:
    long = "長" * 5000
    citation = Citation(1, long, long, long, 1, 0, 9, "q", 1.0, revision=long)
    answer = Answer(long, long, long, "ja", "a", "written", refused=False, citations=(citation,),
                    answerer=long, model=long)  # fmt: skip
    store.keep(about(Feedback("up"), answer))
    (kept,) = store.opinions()
    assert (kept.question, kept.standalone_question) == (long[:2000], long[:2000])
    assert {kept.answer_id, kept.answerer, kept.model} == {long[:1000]}
    assert kept.citations == (
        CitedSentence(long[:1000], long[:1000], long[:1000], long[:1000], 1, "q"),
    )


def test_its_owner_alone_can_read_it_and_nothing_is_made_before_the_first_vote(
    store: FeedbackStore, tmp_path: Path
) -> None:
    assert store.opinions() == []
    assert list(tmp_path.iterdir()) == []
    store.keep(Feedback("up"))
    assert stat.S_IMODE((tmp_path / "kept.sqlite").stat().st_mode) == 0o600


WRITER = """
import sys
from pathlib import Path
from shutten.feedback import Feedback, FeedbackPlace, FeedbackStore
store = FeedbackStore(FeedbackPlace(Path(sys.argv[1]), Path(sys.argv[2])))
for number in range(20):
    store.keep(Feedback("up", comment=f"{sys.argv[3]}-{number}"))
"""


def test_processes_and_threads_that_begin_together_lose_nothing(tmp_path: Path) -> None:
    path, lines = tmp_path / "kept.sqlite", tmp_path / "old.jsonl"
    record = {"time": "2026-01-01T00:00:00+00:00", "rating": "down", "comment": "以前の声"}
    lines.write_text(json.dumps(record) + "\n", encoding="utf-8")
    command = [sys.executable, "-c", WRITER, str(path), str(lines)]
    running = [
        subprocess.Popen([*command, name], env={"PYTHONPATH": str(SOURCE)}) for name in "abc"
    ]
    store = FeedbackStore(FeedbackPlace(path, lines))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: store.keep(Feedback("up", comment=f"t-{n}")), range(20)))
    assert [each.wait() for each in running] == [0, 0, 0]
    kept = [each.comment for each in store.opinions()]
    expected = [f"{name}-{number}" for name in "abct" for number in range(20)]
    assert sorted(filter(None, kept)) == sorted([*expected, "以前の声"])


def test_lines_of_an_earlier_version_are_taken_over_once_and_stay(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "feedback.jsonl"
    first = {"time": "2026-01-01T00:00:00+00:00", "rating": "up", "reason": None,
             "answer_id": "a1", "question": "誰？\n", "comment": None}  # fmt: skip
    path.write_text(json.dumps(first) + "\nnot a line\n", encoding="utf-8")
    before = path.read_bytes()
    settings = Settings(feedback_file=path)
    for _ in range(2):
        (kept,) = FeedbackStore(feedback_place(settings)).opinions()
        assert feedback_as_dict(kept) | first == feedback_as_dict(kept)
    assert path.read_bytes() == before
    assert caplog.text.count("1 lines hold no feedback") == 1
    # A process of the earlier version may still write.
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({**first, "rating": "down"}) + "\n" + '{"half')
    assert [e.rating for e in FeedbackStore(feedback_place(settings)).opinions()] == ["up", "down"]
    assert feedback_place(settings).database == tmp_path / "feedback.jsonl.sqlite"


def test_it_lies_beside_the_index_and_a_rebuilt_index_does_not_take_it_along(
    tmp_path: Path,
) -> None:
    place = feedback_place(Settings(index=tmp_path / "wiki"))
    assert place == FeedbackPlace(tmp_path / "wiki.feedback.sqlite")
    assert store_of(Settings(index=tmp_path / "wiki", keep_feedback=False)) is None


@pytest.mark.parametrize("content", [b"SQLite format 3\0" + b"\1" * 200, b"SQLite format 3\0"])
def test_a_damaged_file_is_one_line_with_the_cure(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "kept.sqlite"
    path.write_bytes(content)
    with pytest.raises(FeedbackError, match="SHUTTEN_FEEDBACK_FILE") as told:
        FeedbackStore(FeedbackPlace(path)).keep(Feedback("up"))
    assert "\n" not in str(told.value)


def test_a_database_of_something_else_is_left_alone(tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE feedback (vote TEXT)")
    connection.close()
    with pytest.raises(FeedbackError, match="something else"):
        FeedbackStore(FeedbackPlace(path)).keep(Feedback("up"))


@pytest.mark.parametrize("name", ["notes.txt", "notes.sqlite", "notes.jsonl"])
def test_a_file_that_holds_no_feedback_is_told_at_once_and_left_alone(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.write_text('買い物のメモ\n{"rating": "five"}\n', encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(FeedbackError, match="something else than feedback") as told:
        store_of(Settings(feedback_file=path))
    assert "SHUTTEN_FEEDBACK_FILE" in str(told.value)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_another_database_is_told_at_once_and_not_a_byte_of_it_changes(tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE books (title TEXT)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(FeedbackError, match="something else than feedback"):
        store_of(Settings(feedback_file=path))
    with pytest.raises(FeedbackError, match="something else than feedback"):
        FeedbackStore(FeedbackPlace(path)).keep(Feedback("up"))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_in_place_of_the_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(FeedbackError, match="cannot be kept or read"):
        store_of(Settings(feedback_file=tmp_path))


def test_csv_holds_everything_and_no_cell_that_a_spreadsheet_computes() -> None:
    cited = CitedSentence("a", "題", None, None, 3, "文。")
    opinion = Feedback("down", "other", "=1+1\n二行目", vote="v" * 16, time="T", citations=(cited,))
    text = "\r\n".join(exported([opinion], "csv"))
    head, row = csv.reader(io.StringIO(text, newline=""))
    assert tuple(head) == COLUMNS
    assert "vote" not in head
    record = dict(zip(head, row, strict=True))
    assert record["comment"] == "'=1+1\n二行目"
    assert json.loads(record["citations"])[0]["quote"] == "文。"
    (line,) = exported([opinion], "jsonl")
    assert json.loads(line)["comment"] == "=1+1\n二行目"


def test_ratings_and_reasons_are_counted() -> None:
    given = [Feedback("up"), Feedback("down", "other"), Feedback("down", "other"), Feedback("down")]
    assert counts(given) == {"total": 4, "up": 1, "down": 3, "reasons": {"other": 2}}


def test_the_command_lists_counts_and_exports(tmp_path: Path, commands: Nursery) -> None:
    store = FeedbackStore(feedback_place(Settings(index=tmp_path / "index")))
    store.keep(
        Feedback("down", "incomplete", "短い", time="2026-01-01T00:00:00+00:00", question="誰？")
    )

    def shutten(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = ("feedback", *arguments, "--index", "index")
        return commands.run(*command, cwd=tmp_path, environment={})

    listed = shutten("list").stdout
    assert listed == "2026-01-01T00:00:00+00:00  -  incomplete  誰？\n    短い\n"
    assert shutten("count").stdout == "1 rating: 0 up, 1 down (incomplete 1)\n"
    assert json.loads(shutten("export").stdout)["question"] == "誰？"
    wrong = shutten("export", "--format", "xml")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr == "shutten: --format xml: choose one of jsonl, csv\n"
