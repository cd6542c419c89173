"""Batch lines: ids come back unchanged, a bad line stays in its place."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shutten.cli.batch import BadLine, open_batch, read_batch
from shutten.errors import UsageError
from shutten.questions import Question
from shutten.types import Turn

JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


def one(line: str) -> Question | BadLine:
    (read,) = read_batch([line.encode()], notice=pytest.fail)
    return read


@given(JSON_VALUES)
def test_an_id_comes_back_with_its_value_and_type(identifier: object) -> None:
    line = json.dumps({"id": identifier, "question": "誰が？"})
    read = one(line)
    assert isinstance(read, Question)
    assert json.dumps(read.id) == json.dumps(identifier)


def test_a_plain_line_is_numbered_as_in_the_file_and_blank_lines_are_skipped() -> None:
    lines = [b"\xef\xbb\xbffirst\r\n", b"\n", b"  \t\r\n", "三番目 \n".encode()]
    assert list(read_batch(lines, notice=pytest.fail)) == [
        Question("1", "first"),
        Question("4", "三番目"),
    ]


def test_all_fields_of_a_json_line_are_read() -> None:
    record = {
        "id": 7,
        "question": "いつ？",
        "article_ids": ["a.txt", "b/c.md"],
        "history": [{"question": "R2とは？", "answer": "モデルです。"}],
        "lang": "en",
    }
    assert one(json.dumps(record)) == Question(
        id=7,
        question="いつ？",
        article_ids=("a.txt", "b/c.md"),
        history=(Turn("R2とは？", "モデルです。"),),
        language="en",
    )


def test_null_and_absent_mean_the_same_except_for_the_id() -> None:
    line = '{"id": null, "question": "q", "article_ids": null, "history": null, "lang": null}'
    assert one(line) == Question(None, "q")
    assert one('{"question": "q"}') == Question("1", "q")
    assert one('{"question": "q", "article_ids": []}') == Question("1", "q", article_ids=())


@pytest.mark.parametrize(
    ("line", "identifier", "complaint"),
    [
        ('{"id": 3, "question": 5}', 3, 'line 1: "question" must be a string'),
        ('{"id": [1]}', [1], 'line 1: "question" must be a string'),
        ('{"id": 1.5, "question": "q", "article_ids": "a"}', 1.5, "line 1: "),
        ('{"id": "x", "question": "q", "article_ids": [1]}', "x", "line 1: "),
        ('{"id": "x", "question": "q", "history": [{"question": "q"}]}', "x", 'line 1: "history"'),
        ('{"id": "x", "question": "q", "history": ["q"]}', "x", 'line 1: "history"'),
        ('{"id": "x", "question": "q", "lang": "fr"}', "x", 'line 1: "lang" must be one of ja, en'),
        ('{"id": "x", "question": "q", "lang": {}}', "x", "line 1: "),
        ('{"id": "x", "question":', "1", "line 1 is not JSON (Expecting value)"),
        ('{"id": NaN, "question": "q"}', "1", "line 1 is not JSON (NaN is not a JSON number)"),
        ('{"id": 1e999, "question": "q"}', "1", "line 1 is not JSON (1e999 is not a JSON number)"),
        ('{"id": 1, "question": "q"} more', "1", "line 1 is not JSON (Extra data)"),
        ('{"a":' * 100_000, "1", "line 1 is not JSON"),
    ],
)
def test_a_bad_line_says_why_and_keeps_its_id(
    line: str, identifier: object, complaint: str
) -> None:
    read = one(line)
    assert isinstance(read, BadLine)
    assert read.id == identifier
    assert read.error.startswith(complaint)
    assert "\n" not in read.error


def test_a_line_in_another_encoding_does_not_spoil_the_others() -> None:
    lines = [b"first\n", "質問".encode("cp932") + b"\n", b"third\n"]
    read = list(read_batch(lines, notice=pytest.fail))
    assert read == [
        Question("1", "first"),
        BadLine("2", "line 2 is not UTF-8: save the file as UTF-8"),
        Question("3", "third"),
    ]


@pytest.mark.parametrize("line", ["[1,2]", '["いつ？"]', "[]", ' [{"question": "q"}] '])
def test_a_json_array_is_no_question(line: str) -> None:
    assert one(line) == BadLine(
        "1",
        'line 1 is a JSON array: write an object, as in {"question": "…"}, or the question as it'
        " is",
    )


@pytest.mark.parametrize("line", ["[1]の出典は？", "[速報]とは何ですか", "[1, 2", "[" * 100_000])
def test_a_question_may_begin_with_a_bracket(line: str) -> None:
    assert one(line) == Question("1", line)


def test_a_name_that_means_nothing_is_noticed_once_and_the_question_is_asked() -> None:
    notices: list[str] = []
    lines = [
        b'{"question": "q", "articles": ["a.txt"]}',
        b'{"question": "r", "articles": ["a.txt"], "to\\np": 3}',
    ]
    read = list(read_batch(lines, notice=notices.append))
    assert read == [Question("1", "q"), Question("2", "r")]
    known = (
        "is passed over; known are id, question, article_ids, history, lang, quoting, suggest,"
        " suggested"
    )
    assert notices == [f'line 1: "articles" {known}', f'line 2: "to\\np" {known}']


@given(st.binary())
def test_no_bytes_raise(data: bytes) -> None:
    lines = data.splitlines(keepends=True)
    assert len(list(read_batch(lines, notice=lambda _: None))) <= data.count(b"\n") + len(data)


def test_a_batch_that_is_not_there_is_one_line() -> None:
    with (
        pytest.raises(UsageError, match=r"^--batch absent\.txt cannot be read"),
        open_batch("absent.txt"),
    ):
        pass
