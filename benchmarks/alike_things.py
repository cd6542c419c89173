"""What becomes of questions about sentences that hold several things of one kind.

    python benchmarks/alike_things.py [--split develop]

Who designed it and who paid for it stand in one sentence; a ferry and its successor have nearly
one name. The articles were written by somebody who had not seen how they are read, with what tempts
beside what is right; a fifth of the questions are not answered there. All are asked among all of
the articles.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from compound_questions import read_asked
from measuring import Benchmark, Rows, parameters_of, parser_for
from one_of_two import OUTCOMES, outcome_of
from shutten.evaluation.subject import Subject, subject_over
from shutten.loaded_models import load_models
from shutten.settings import Settings
from shutten.types import Answer, Article

QUESTIONS = Path(__file__).resolve().parent / "questions" / "alike"

MISS = "not told"
"""The kind of questions that the articles do not answer."""

Asked: TypeAlias = dict[str, Any]


def articles_of(told: Sequence[Asked]) -> list[Article]:
    """The articles of a file, numbered from 0."""
    return [
        Article(str(number), each["title"], _gap(each).join(each["sentences"]))
        for number, each in enumerate(told)
    ]


def _gap(told: Asked) -> str:
    return "" if told["language"] == "ja" else " "


def questions_of(told: Sequence[Asked]) -> Iterator[Asked]:
    """The questions of all articles, each with its kind and the sentences that answer it."""
    for each in told:
        for asked in each["questions"]:
            yield {
                "kind": MISS if asked["kind"] == "miss" else asked["kind"],
                "question": asked["question"],
                "answers": asked["accept"],
                "wrong": asked["tempting"],
                "gold": {each["sentences"][number - 1].strip() for number in asked["gold"]},
            }


def asked_of(subject: Subject, told: Sequence[Asked]) -> list[tuple[Asked, Answer]]:
    """Each question with its answer."""
    return [(each, subject.assistant.ask(each["question"])) for each in questions_of(told)]


def counted(found: Sequence[tuple[Asked, Answer]]) -> dict[str, Any]:
    """What came of some questions; cited is the sentence that is quoted first."""
    ends = [outcome_of(*pair) for pair in found]
    cited = [
        bool(a.citations) and a.citations[0].quote.strip() in each["gold"] for each, a in found
    ]
    return {
        "questions": len(found),
        "gold cited first": sum(cited),
        **{name: ends.count(name) for name in OUTCOMES},
    }


def by_kind(found: Sequence[tuple[Asked, Answer]]) -> Rows:
    """The counts of each kind, those of all that are answered first."""
    kinds = sorted({each["kind"] for each, _ in found})
    rows = {kind: counted([pair for pair in found if pair[0]["kind"] == kind]) for kind in kinds}
    return {"answered": counted([pair for pair in found if pair[0]["kind"] != MISS]), **rows}


def main() -> None:
    """Ask a set and write the report."""
    parser = parser_for("alike-things", __doc__)
    parser.add_argument("--split", choices=("develop", "test"), default="test")
    options = parser.parse_args()
    benchmark = Benchmark("alike things", parameters_of(options))
    told = read_asked(QUESTIONS / f"{options.split}.jsonl")
    settings = Settings()
    subject = subject_over(articles_of(told), load_models(settings), settings)
    rows = by_kind(asked_of(subject, told))
    benchmark.conclude(f"Things alike ({options.split})", rows, options.report)


if __name__ == "__main__":
    main()
