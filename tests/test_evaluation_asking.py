from __future__ import annotations

from typing import Any

import pytest

from shutten.embedding import HashEmbedder
from shutten.errors import DatasetError
from shutten.evaluation import asking
from shutten.evaluation.datasets import ArticleQuestion
from shutten.evaluation.subject import Subject, subject_over
from shutten.loaded_models import Models
from shutten.reader import OverlapReader
from shutten.settings import Settings
from shutten.types import Article

BIWA = Article(
    "notes/biwa.txt",
    "琵琶湖の話",
    "琵琶湖の話\r\n\r\n琵琶湖は滋賀県にある。\r\n湖の面積は約670平方キロメートルである。\r\n",
)
FUJI = Article("fuji.txt", "富士山の話", "富士山の話\n\n標高は3776メートルである。\n")


class LenientReader(OverlapReader):
    """One that quotes also what it does not think an answer."""

    threshold = 0.1


def subject(*articles: Article, reader: OverlapReader | None = None) -> Subject:
    models = Models(HashEmbedder(), reader or OverlapReader())
    return subject_over(articles, models, Settings(embedder="hash", reader="overlap"))


def question(text: str, **fields: Any) -> ArticleQuestion:  # noqa: ANN401
    return ArticleQuestion(id="q", text=text, **fields)


AREA = question("湖の面積は？", answers=("約６７０平方キロ",), gold_lines=(4,), kind="num")
WRONG_LINE = question("湖の面積は？", answers=("滋賀",), gold_lines=(3,), kind="where")
SILLY = question("quantum chromodynamics", answerable=False, kind="unanswerable")


def test_the_first_citation_is_held_against_the_lines_of_the_file() -> None:
    findings = asking.measure([AREA, WRONG_LINE, SILLY], subject(BIWA))
    assert findings.counts == {
        "questions": 3,
        "answerable": 2,
        "unanswerable": 1,
        "errors": 0,
        "failures": 1,
        "failures_not_listed": 0,
    }
    answerable = findings.metrics["answerable"]
    assert (answerable["questions"], answerable["first_citation"]) == (2, 1)
    assert answerable["first_citation_share"] == 0.5
    assert (answerable["in_text"], answerable["in_short_answer"], answerable["refused"]) == (
        1,
        0,
        0,
    )
    assert findings.metrics["unanswerable"] == {
        "questions": 1,
        "unsure": 0,
        "refused": 1,
        "unsure_share": 0.0,
        "refused_share": 1.0,
    }
    (failure,) = findings.failures
    assert failure["failure"] == "another sentence cited first"
    assert failure["first_quote"] == "湖の面積は約670平方キロメートルである。"


def test_kinds_and_splits_are_measured_apart() -> None:
    asked = [
        question("湖の面積は？", gold_lines=(4,), kind="num", split="test"),
        question("湖の面積は？", gold_lines=(3,), kind="where", split="develop"),
    ]
    metrics = asking.measure(asked, subject(BIWA)).metrics
    assert list(metrics["by_split"]) == ["test", "develop"]
    assert metrics["by_split"]["test"]["answerable"]["first_citation"] == 1
    assert metrics["by_kind"]["where"]["answerable"]["first_citation"] == 0


def test_an_answered_unanswerable_and_a_refused_answerable_are_failures() -> None:
    asked = [
        question("湖の面積は？", answerable=False),
        question("quantum chromodynamics", gold_lines=(4,), answers=("約670",)),
    ]
    findings = asking.measure(asked, subject(BIWA))
    assert [each["failure"] for each in findings.failures] == ["answered", "refused"]
    assert findings.metrics["answerable"]["in_text"] == 0


def test_the_length_of_answers_is_told_and_refusals_have_none() -> None:
    refused = question("quantum chromodynamics", gold_lines=(4,))
    where = question("琵琶湖は何県にありますか？", gold_lines=(3,))
    metrics = asking.measure([AREA, where, refused, SILLY], subject(BIWA)).metrics
    lengths = [len("琵琶湖は滋賀県にある。[1]"), len("湖の面積は約670平方キロメートルである。[1]")]
    assert metrics["answerable"]["median_characters"] == sum(lengths) / 2
    alone = asking.measure([refused, SILLY], subject(BIWA)).metrics
    assert alone["answerable"]["median_characters"] is None


def test_a_quotation_that_may_not_answer_is_counted_as_unsure() -> None:
    asked = [
        question("湖の水が凍るのはなぜですか？", answerable=False),
        question("湖の岸に住む人は何人ですか？", gold_lines=(4,)),
        AREA,
    ]
    metrics = asking.measure(asked, subject(BIWA, reader=LenientReader())).metrics
    near = metrics["unanswerable"]
    assert (near["unsure"], near["refused"], near["unsure_share"]) == (1, 0, 1.0)
    assert (metrics["answerable"]["unsure"], metrics["answerable"]["refused"]) == (1, 0)


def test_an_error_is_a_failure_of_its_own_and_no_refusal() -> None:
    findings = asking.measure([question("長い" * 2000, answerable=False)], subject(BIWA))
    assert findings.failures[0]["failure"] == "error"
    assert findings.metrics["unanswerable"]["refused"] == 0
    assert findings.counts["errors"] == 1


def test_a_question_is_asked_of_the_article_it_names() -> None:
    named = question("標高は？", article="fuji.txt", gold_sentences=("標高は3776メートルである。",))
    elsewhere = question("標高は？", article="biwa.txt", answerable=False)
    findings = asking.measure([named, elsewhere], subject(BIWA, FUJI))
    assert findings.metrics["answerable"]["first_citation"] == 1
    assert findings.metrics["unanswerable"]["refused"] == 1


def test_gold_sentences_may_be_numbers() -> None:
    found = [
        asking.measure([question("標高は？", gold_sentences=(number,))], subject(FUJI)).metrics
        for number in (1, 2)
    ]
    assert [each["answerable"]["first_citation"] for each in found] == [0, 1]


def test_a_list_needs_every_answer_and_others_need_one() -> None:
    fields: dict[str, Any] = {"gold_lines": (4,), "answers": ("約670", "滋賀")}
    asked = [
        question("湖の面積は？", kind="list", **fields),
        question("湖の面積は？", kind="num", **fields),
    ]
    metrics = asking.measure(asked, subject(BIWA)).metrics
    assert metrics["by_kind"]["list"]["answerable"]["in_text"] == 0
    assert metrics["by_kind"]["num"]["answerable"]["in_text"] == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (question("?", gold_lines=(9,)), "line 9 is not among"),
        (question("?", gold_sentences=(99,)), "sentence 99 is not among"),
        (question("?", gold_sentences=("ない文。",)), "does not stand in the article"),
        (question("?", article="none.txt", gold_lines=(1,)), "with --article"),
    ],
)
def test_gold_marks_that_do_not_fit_the_article_are_refused(
    wrong: ArticleQuestion, words: str
) -> None:
    with pytest.raises(DatasetError, match=words):
        asking.measure([wrong], subject(BIWA))


def test_lines_of_several_articles_need_a_file_name() -> None:
    with pytest.raises(DatasetError, match='name its file in a field "article"'):
        asking.measure([question("標高は？", gold_lines=(3,))], subject(BIWA, FUJI))


def test_failures_of_the_test_split_are_counted_and_not_shown() -> None:
    asked = [
        question("湖の面積は？", answerable=False, split=split) for split in ("develop", "test")
    ]
    findings = asking.measure(asked, subject(BIWA))
    assert [each["split"] for each in findings.failures] == ["develop"]
    assert findings.counts["failures_not_listed"] == 1
    assert findings.notes == ("1 failures of the split test are counted and not listed.",)


def test_the_tables_tell_counts() -> None:
    (table, by_kind) = asking.measure([AREA, SILLY], subject(BIWA)).tables
    assert table.rows == (("all", "1/1", "1/1", "0/1", "1/1", "0/1", "0/1", "0/1", "1/1"),)
    assert by_kind.title == "By kind"
    assert by_kind.rows[1] == ("unanswerable", *[None] * 6, "0/1", "1/1")
