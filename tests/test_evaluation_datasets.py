from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from shutten.errors import DatasetError, UsageError
from shutten.evaluation.datasets import (
    AcceptedAnswer,
    ArticleQuestion,
    every_nth,
    locate,
    read_questions,
    read_squad,
    read_topics,
    sha256,
    shape_of,
)

CONTEXT = "琵琶湖 [SEP] 琵琶湖は滋賀県にある。\n面積は約670平方キロメートルである。"


def squad(context: str, *answers: dict[str, Any], **extra: object) -> dict[str, Any]:
    question = {"id": "q1", "question": "琵琶湖の面積は？", "answers": list(answers), **extra}
    paragraph = {"context": context, "qas": [question]}
    return {"data": [{"title": "琵琶湖", "paragraphs": [paragraph]}]}


def written(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def compressed(plain: Path) -> Path:
    zstandard = pytest.importorskip("zstandard", reason="packs the set")
    packed = plain.with_name(plain.name + ".zst")
    packed.write_bytes(zstandard.ZstdCompressor().compress(plain.read_bytes()))
    return packed


def answer(text: str, start: int) -> dict[str, Any]:
    return {"text": text, "answer_start": start}


def test_a_jsquad_title_leaves_the_context_and_the_offsets_shift(tmp_path: Path) -> None:
    start = CONTEXT.index("約670")
    path = written(tmp_path / "set.json", squad(CONTEXT, answer("約670平方キロメートル", start)))
    read = read_squad(path)
    (article,), (question,) = read.articles, read.questions
    assert article.title == "琵琶湖"
    assert article.text == "琵琶湖は滋賀県にある。\n面積は約670平方キロメートルである。"
    assert article.language == "ja"
    (accepted,) = question.answers
    assert accepted.start is not None
    assert article.text[accepted.start :].startswith(accepted.text)
    assert question.article_id == article.id == "p1"


def test_an_answer_marked_in_the_title_has_no_place_in_the_text(tmp_path: Path) -> None:
    path = written(tmp_path / "set.json", squad(CONTEXT, answer("琵琶湖", 0)))
    assert read_squad(path).questions[0].answers == (AcceptedAnswer("琵琶湖", None),)


def test_repeated_answers_are_kept_once(tmp_path: Path) -> None:
    twice = answer("滋賀県", CONTEXT.index("滋賀県"))
    path = written(tmp_path / "set.json", squad(CONTEXT, twice, twice))
    assert len(read_squad(path).questions[0].answers) == 1


def test_a_set_without_the_separator_keeps_its_title_and_offsets(tmp_path: Path) -> None:
    content = squad("Lake Biwa lies in Shiga.", answer("Shiga", 18))
    content["data"][0]["title"] = "Lake_Biwa"
    read = read_squad(written(tmp_path / "set.json", content))
    assert read.articles[0].title == "Lake Biwa"
    assert read.articles[0].language == "en"
    assert read.questions[0].answers == (AcceptedAnswer("Shiga", 18),)


def test_an_impossible_question_has_no_answers(tmp_path: Path) -> None:
    content = squad(CONTEXT, answer("琵琶湖", 0), is_impossible=True)
    assert read_squad(written(tmp_path / "set.json", content)).questions[0].answers == ()


def test_a_packed_set_reads_like_the_plain_one(tmp_path: Path) -> None:
    plain = written(tmp_path / "set.json", squad(CONTEXT, answer("琵琶湖", 0)))
    packed = compressed(plain)
    assert read_squad(packed) == read_squad(plain)


UNPACK_WITHOUT_MODULE = """
import sys
from pathlib import Path
sys.modules["zstandard"] = None
from shutten.errors import DatasetError
from shutten.evaluation.datasets import read_squad
try:
    print(len(read_squad(Path(sys.argv[1])).questions))
except DatasetError as error:
    print(error)
"""


def unpack_without_module(path: Path, search_path: str) -> str:
    source = str(Path(__file__).parents[1] / "src")
    done = subprocess.run(
        [sys.executable, "-c", UNPACK_WITHOUT_MODULE, str(path)],
        env={**os.environ, "PYTHONPATH": source, "PATH": search_path},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_a_packed_set_needs_the_module_or_the_program(tmp_path: Path) -> None:
    plain = written(tmp_path / "set.json", squad(CONTEXT, answer("琵琶湖", 0)))
    packed = compressed(plain)
    missing = unpack_without_module(packed, str(tmp_path))
    assert missing == f"{packed} is packed: install zstd or `pip install zstandard`"


def test_the_program_unpacks_where_the_module_is_missing(tmp_path: Path) -> None:
    program = shutil.which("zstd")
    if program is None:
        pytest.skip("the program zstd is not installed")
    packed = compressed(written(tmp_path / "set.json", squad(CONTEXT, answer("琵琶湖", 0))))
    assert unpack_without_module(packed, str(Path(program).parent)) == "1"


def test_a_broken_archive_is_one_line(tmp_path: Path) -> None:
    packed = tmp_path / "set.json.zst"
    packed.write_bytes(b"no archive")
    with pytest.raises(DatasetError, match="cannot be unpacked") as caught:
        read_squad(packed)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        [],
        {"data": "x"},
        {"data": [{"paragraphs": [{"qas": []}]}]},
        squad(CONTEXT, answer("大阪", 12)),
        {"data": []},
    ],
)
def test_a_json_file_of_another_shape_is_refused_in_one_line(
    tmp_path: Path, content: object
) -> None:
    with pytest.raises(DatasetError) as caught:
        read_squad(written(tmp_path / "set.json", content))
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_json_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "set.json"
    path.write_bytes(b"\xff\xfe{")
    with pytest.raises(DatasetError, match="cannot be read as JSON"):
        read_squad(path)


def test_question_files_are_read_with_their_extra_fields(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    lines = [
        {"id": "a", "question": "どこ？", "gold_lines": [2], "answers": ["滋賀"], "kind": "where"},
        {"id": "b", "question": "誰？", "gold_lines": [], "answers": [], "kind": "x"},
        {
            "id": 3,
            "question": "いつ？",
            "gold_sentences": [2, "湖は古い。"],
            "article": "biwa.txt",
            "split": "test",
            "answers": ["昔"],
        },
    ]
    text = "\n\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    path.write_text("\ufeff" + text, encoding="utf-8")
    first, second, third = read_questions(path)
    assert first == ArticleQuestion(
        "a", "どこ？", answers=("滋賀",), gold_lines=(2,), kind="where", answerable=True
    )
    assert not second.answerable
    assert third.id == "3"
    assert third.gold_sentences == (2, "湖は古い。")
    assert (third.article, third.split, third.answerable) == ("biwa.txt", "test", True)


def test_an_unanswerable_question_may_point_at_what_misleads(tmp_path: Path) -> None:
    raw = {"id": "a", "question": "?", "answerable": False, "gold_sentences": ["近い文。"]}
    (question,) = read_questions(written(tmp_path / "questions.jsonl", raw))
    assert not question.answerable
    assert question.gold_sentences == ()


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"id": "a"}', '{"id": "a", "question": "x", "answerable": true}']
)
def test_a_bad_question_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text("\n" + line, encoding="utf-8")
    with pytest.raises(DatasetError, match=r"questions\.jsonl, line 2: expected an object"):
        read_questions(path)


def test_topics_are_read_with_and_without_ids(tmp_path: Path) -> None:
    path = tmp_path / "topics.tsv"
    path.write_text("7\t富士山はどこ\n\n空は青いか\n", encoding="utf-8")
    topics = read_topics(path)
    assert [(topic.id, topic.text, topic.answerable) for topic in topics] == [
        ("7", "富士山はどこ", False),
        ("3", "空は青いか", False),
    ]


def test_topics_are_read_from_gzip(tmp_path: Path) -> None:
    path = tmp_path / "topics.txt.gz"
    path.write_bytes(gzip.compress("1\t富士山はどこ\n".encode()))
    assert [topic.text for topic in read_topics(path)] == ["富士山はどこ"]


def test_broken_and_empty_topic_files_are_refused(tmp_path: Path) -> None:
    broken = tmp_path / "topics.gz"
    broken.write_bytes(b"no archive")
    with pytest.raises(DatasetError, match="cannot be read"):
        read_topics(broken)
    empty = tmp_path / "topics.txt"
    empty.write_text("\n", encoding="utf-8")
    with pytest.raises(DatasetError, match="holds no questions"):
        read_topics(empty)


def test_named_sets_lie_under_the_data_folder(tmp_path: Path) -> None:
    (tmp_path / "unanswerable").mkdir()
    topics = tmp_path / "unanswerable" / "topics.miracl-v1.0-ja-dev.tsv"
    topics.write_text("1\tx\n", encoding="utf-8")
    assert locate("miracl-ja-dev", tmp_path) == (topics,)
    assert locate(str(topics), None) == (topics,)
    with pytest.raises(DatasetError, match="--data must name the folder"):
        locate("jsquad", tmp_path)
    with pytest.raises(DatasetError, match="add --data DIR"):
        locate("jsquad", None)
    with pytest.raises(DatasetError, match="neither a file nor a known data set"):
        locate("jsqad", tmp_path)


def test_sample_questions_are_found_beside_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "benchmarks" / "questions"
    folder.mkdir(parents=True)
    for name in ("b.jsonl", "a.jsonl"):
        (folder / name).write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert [path.name for path in locate("samples", None)] == ["a.jsonl", "b.jsonl"]


def test_the_ending_tells_the_shape() -> None:
    names = ["a.json", "a.json.zst", "a.jsonl", "a.tsv", "a.txt.gz", "a.txt"]
    assert [shape_of(Path(name)) for name in names] == [
        "squad",
        "squad",
        "questions",
        "topics",
        "topics",
        "topics",
    ]
    with pytest.raises(DatasetError, match="unknown kind of data set"):
        shape_of(Path("a.pdf"))


def test_a_limit_spreads_evenly_and_keeps_the_order() -> None:
    assert every_nth(range(10), 4) == [0, 2, 5, 7]
    assert every_nth(range(3), None) == every_nth(range(3), 9) == [0, 1, 2]
    with pytest.raises(UsageError, match="at least 1"):
        every_nth(range(3), 0)


def test_the_hash_is_that_of_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"abc")
    assert sha256([path]).startswith("ba7816bf8f01cfea")
