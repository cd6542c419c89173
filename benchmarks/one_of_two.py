"""What becomes of questions that name two things: to choose from, or to compare.

    python benchmarks/one_of_two.py --data DIR [--split develop]

Each is asked of its own article, as an ordinary question and as what it is; without --data those
about the samples alone. A short answer is right where it names what was accepted, wrong where it
names the other one. Beside them are questions that look alike and are neither.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from compound_questions import outcomes, read_asked, seeing, subject_of
from measuring import Benchmark, Rows, parameters_of, parser_for
from shutten.evaluation.metrics import contains
from shutten.evaluation.subject import Subject
from shutten.lookup import QuestionForms
from shutten.types import Answer

QUESTIONS = Path(__file__).resolve().parent / "questions" / "one-of-two"

ORDINARY = QuestionForms(
    choice=lambda _: None, comparison=lambda _: None, comparing=lambda _: False
)
"""Sees none of two things in a question."""

OUTCOMES = ("right", "wrong", "other words", "no words", "refused")


def outcome_of(asked: dict[str, Any], answer: Answer) -> str:
    """Which of the outcomes an answer is."""
    if answer.refused:
        return "refused"
    short = answer.short_answer
    if not short:
        return "no words"
    if any(contains(short, each) for each in asked["answers"]):
        return "right"
    return "wrong" if any(contains(short, each) for each in asked["wrong"]) else "other words"


def counted(found: Sequence[tuple[dict[str, Any], Answer]]) -> dict[str, Any]:
    """What came of the questions of one kind; of those that cannot be answered apart."""
    told = [(each, answer) for each, answer in found if each["answers"]]
    untold = [(each, answer) for each, answer in found if not each["answers"]]
    ends = Counter(outcome_of(*pair) for pair in told)
    cited = [
        {c.sentence for c in answer.citations} & set(each["gold_sentences"])
        for each, answer in told
    ]
    return {
        "questions": len(told),
        **{name: ends[name] for name in OUTCOMES},
        "gold cited": sum(map(bool, cited)),
        "not told": len(untold),
        "one of the two shown": sum(outcome_of(*pair) == "wrong" for pair in untold),
    }


def by_kind(asked: Sequence[dict[str, Any]], subject: Subject, manner: str) -> Rows:
    """The counts of each kind."""
    found = list(outcomes(asked, subject))
    kinds = dict.fromkeys(each["kind"] for each in asked)
    return {
        f"{kind}, {manner}": counted([pair for pair in found if pair[0]["kind"] == kind])
        for kind in kinds
    }


def main() -> None:
    """Measure both ways in one run."""
    parser = parser_for("one-of-two", __doc__)
    parser.add_argument("--data", type=Path, help="folder with the news articles")
    parser.add_argument("--split", choices=("develop", "test"), default="test")
    options = parser.parse_args()
    benchmark = Benchmark("one of two", parameters_of(options))
    asked = read_asked(QUESTIONS / f"{options.split}.jsonl")
    subject = subject_of(asked, options.data)
    rows = by_kind(asked, subject, "as what it is")
    plain = seeing(subject, ORDINARY)
    rows = {**by_kind(asked, plain, "as ordinary questions"), **rows}
    benchmark.conclude(f"One of two ({options.split})", rows, options.report)


if __name__ == "__main__":
    main()
