from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from shutten.embedding import HashEmbedder
from shutten.evaluation import removal, squad
from shutten.evaluation.datasets import AcceptedAnswer, SquadQuestion, SquadSet
from shutten.evaluation.squad import Pool
from shutten.evaluation.subject import Subject, subject_over
from shutten.index import Index
from shutten.loaded_models import Models
from shutten.reader import OverlapReader
from shutten.settings import Settings
from shutten.types import Article, Passage, Reader, Reading

BIWA = Article(
    "p1", "琵琶湖", "琵琶湖は滋賀県にある。湖の面積は約670平方キロメートルである。県の水源である。"
)
FUJI = Article("p2", "富士山", "標高は3776メートルである。山頂は静岡県と山梨県にまたがる。")

AREA = SquadQuestion("q1", "琵琶湖の面積は？", "p1", (AcceptedAnswer("約670平方キロメートル", 16),))
HEIGHT = SquadQuestion("q2", "富士山の標高は？", "p2", (AcceptedAnswer("3776メートル", 3),))
NAME = SquadQuestion("q3", "滋賀県の湖は何という？", "p2", (AcceptedAnswer("富士山", None),))
NOTHING = SquadQuestion("q4", "温泉の泉質は？", "p1", ())


class NumberReader:
    """Finds the first number with its unit; as confident as the plain overlap of words."""

    name = "number"
    threshold = 0.2

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        readings = OverlapReader().read(question, passages)
        return [self._with_number(reading) for reading in readings]

    def _with_number(self, reading: Reading) -> Reading:
        match = re.search(r"約?\d+\w+?メートル", reading.passage.hit.text)
        start, end = match.span() if match else (None, None)
        return Reading(reading.passage, reading.relevance, reading.confidence, start, end)


def subject(reader: Reader) -> Subject:
    models = Models(HashEmbedder(), reader)
    return subject_over([BIWA, FUJI], models, Settings(embedder="hash", reader="overlap"))


def dataset(*questions: SquadQuestion) -> SquadSet:
    return SquadSet((BIWA, FUJI), questions)


@pytest.fixture
def pool() -> Pool:
    return Pool(Index.in_memory([BIWA, FUJI], HashEmbedder()), ["p1", "p2"])


def test_the_pool_holds_every_sentence_with_its_title(pool: Pool) -> None:
    assert len(pool) == 5
    assert [(each.id, each.title) for each in pool][3:] == [
        (("p2", 1), "富士山"),
        (("p2", 2), "富士山"),
    ]
    assert next(each.text for each in pool) == "琵琶湖は滋賀県にある。"


def test_a_hit_is_a_sentence_of_the_right_paragraph_that_holds_an_answer(pool: Pool) -> None:
    prefecture = SquadQuestion("q", "?", "p1", (AcceptedAnswer("県", 7),))
    assert pool.holding(AREA) == {("p1", 2)}
    assert pool.holding(prefecture) == {("p1", 1), ("p1", 3)}
    assert pool.marked(prefecture) == {("p1", 1)}


def test_an_answer_across_two_sentences_makes_both_gold(pool: Pool) -> None:
    across = SquadQuestion("q", "?", "p1", (AcceptedAnswer("ある。湖", 8),))
    assert pool.holding(across) == {("p1", 1), ("p1", 2)}


def test_an_answer_in_the_title_is_gold_only_where_a_sentence_repeats_it(pool: Pool) -> None:
    repeated = SquadQuestion("q", "?", "p1", (AcceptedAnswer("琵琶湖", None),))
    assert pool.holding(repeated) == pool.marked(repeated) == {("p1", 1)}
    assert pool.holding(NAME) == set()


def test_each_ranking_is_measured_and_title_answers_are_counted() -> None:
    asked = (AREA, HEIGHT, NAME, NOTHING)
    findings = squad.measure(dataset(*asked), asked, subject(OverlapReader()))
    assert findings.counts == {
        "questions": 4,
        "sentences": 5,
        "ranked": 2,
        "answer_only_in_title": 1,
        "unanswerable": 1,
        "errors": 0,
    }
    assert list(findings.metrics["retrieval"]) == [
        "bigram BM25 (baseline)",
        "keyword leg",
        "dense leg",
        "fusion",
        "ranking",
        "after the reader",
    ]
    assert findings.metrics["retrieval"]["keyword leg"] == {
        "R@1": 1.0,
        "R@5": 1.0,
        "R@10": 1.0,
        "MRR@10": 1.0,
    }
    assert findings.metrics["retrieval_at_marked_place"]["bigram BM25 (baseline)"]["R@1"] == 1.0
    assert "1 questions whose answer stands only in the title" in findings.notes[0]


def test_reading_goes_through_the_answer_and_beside_it_without_the_threshold() -> None:
    sure = squad.measure(dataset(AREA, HEIGHT), (AREA, HEIGHT), subject(NumberReader()))
    assert sure.metrics["reading"]["as users get it"] == {"EM": 1.0, "F1": 1.0}
    shy = NumberReader()
    shy.threshold = 1.1
    refusing = squad.measure(dataset(AREA, HEIGHT), (AREA, HEIGHT), subject(shy))
    assert refusing.metrics["reading"] == {
        "as users get it": {"EM": 0.0, "F1": 0.0},
        "forced to answer": {"EM": 1.0, "F1": 1.0},
    }
    assert refusing.metrics["refusal"]["answerable_refused"] == 1.0
    assert refusing.metrics["refusal"]["unanswerable_refused"] is None


def test_a_question_is_asked_once_more_with_its_answer_taken_out() -> None:
    asked = (AREA, HEIGHT, NOTHING)
    findings = squad.measure(dataset(*asked), asked, subject(NumberReader()))
    removed = findings.metrics["answer_removed"]
    assert removed == {"questions": 2, "refused": 0.0, "auc": 1.0}
    strict = NumberReader()
    strict.threshold = 0.7
    refusing = squad.measure(dataset(*asked), asked, subject(strict))
    assert refusing.metrics["answer_removed"] == {**removed, "refused": 1.0}


def test_a_paragraph_of_which_nothing_is_left_is_asked_nothing() -> None:
    only = Article("p2", "富士山", "標高は3776メートルである。")
    left = removal.bereft([(HEIGHT, ((0, len(only.text)),))], {"p2": only})
    assert left == []
    nothing = {"questions": 0, "refused": None, "auc": None}
    assert removal.measure(left, [], subject(NumberReader())) == nothing


def test_what_is_left_is_the_paragraph_without_those_sentences() -> None:
    assert removal.without(BIWA, [(11, 33), (0, 11)]) == BIWA.text[33:]
    (left,) = removal.bereft([(AREA, ((11, 33),))], {"p1": BIWA})
    assert left.rest.text == BIWA.text[:11] + BIWA.text[33:]
    assert left.rest.id != BIWA.id


def test_a_question_that_is_an_error_counts_as_wrong_and_not_as_refused() -> None:
    endless = SquadQuestion("q", "長い" * 2000, "p2", HEIGHT.answers)
    findings = squad.measure(dataset(endless), (endless,), subject(NumberReader()))
    assert findings.counts["errors"] == 1
    assert findings.metrics["reading"]["forced to answer"] == {"EM": 0.0, "F1": 0.0}
    assert findings.metrics["refusal"]["answerable_refused"] == 0.0


def test_progress_is_told_after_every_question() -> None:
    told: list[tuple[int, int | None]] = []
    asked = (AREA, HEIGHT)
    squad.measure(
        dataset(*asked),
        asked,
        subject(OverlapReader()),
        lambda done, total: told.append((done, total)),
    )
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
