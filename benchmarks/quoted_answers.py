"""Whether what is quoted answers the question, judged blind.

    python benchmarks/quoted_answers.py --sheet FILE [--data DIR]    asks, writes what to judge
    python benchmarks/quoted_answers.py --take FILE                  keeps what was judged
    python benchmarks/quoted_answers.py                              counts what was kept

Answerable questions of the test halves are drawn and asked, of the samples and, with --data, of
Japanese Wikinews. A sheet has a question per line with the sentences that its answer cites, and
nothing of which are gold. Whoever judges adds `supports`: the markers of the sentences that answer
the question, wholly or in part, read with the title. What is kept holds numbers of sentences and
none of their words.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from measuring import Benchmark, Rows, parameters_of, parser_for
from shutten.articles import read_articles
from shutten.evaluation.asking import HELD_OUT, Outcome, ask
from shutten.evaluation.datasets import (
    ArticleQuestion,
    read_news,
    read_news_questions,
    read_questions,
)
from shutten.evaluation.subject import subject_over
from shutten.loaded_models import load_models
from shutten.settings import Settings, samples_folder
from written_answers import read_lines, share

QUESTIONS = Path(__file__).resolve().parent / "questions"
JUDGED = Path(__file__).resolve().parent / "judgements" / "quoted-answers.jsonl"


def drawn(questions: Iterable[ArticleQuestion], count: int, seed: int) -> list[ArticleQuestion]:
    """Some of the answerable questions of the test half, in their own order."""
    usable = [each for each in questions if each.answerable and each.split == HELD_OUT]
    chosen = set(random.Random(seed).sample(range(len(usable)), min(count, len(usable))))
    return [each for number, each in enumerate(usable) if number in chosen]


def asked(options: argparse.Namespace) -> Iterator[Outcome]:
    """Questions about the samples, and with --data as many about the news."""
    settings = Settings()
    models = load_models(settings)
    own = [each for path in sorted(QUESTIONS.glob("*.jsonl")) for each in read_questions(path)]
    subject = subject_over(read_articles([samples_folder()]), models, settings)
    half = options.count if options.data is None else options.count // 2
    yield from (ask(each, subject) for each in drawn(own, half, options.seed))
    if options.data is not None:
        news = drawn(read_news_questions(QUESTIONS / "wikinews/test.jsonl"), half, options.seed)
        articles = read_news(options.data, {each.article for each in news if each.article})
        subject = subject_over(articles, models, settings)
        yield from (ask(each, subject) for each in news)


def to_judge(outcome: Outcome) -> dict[str, Any]:
    """What the judge sees."""
    citations = outcome.answer.citations if outcome.answer else ()
    return {
        "id": outcome.question.id,
        "question": outcome.question.text,
        "citations": {
            str(each.marker): {"title": each.full_title, "quote": each.quote} for each in citations
        },
    }


def to_keep(outcome: Outcome) -> dict[str, Any]:
    """What is counted, without the words of the articles."""
    answer = outcome.answer
    citations = answer.citations if answer else ()
    return {
        "id": outcome.question.id,
        "status": answer.status if answer else "error",
        "characters": len(answer.text) if answer else 0,
        "sentences": {str(each.marker): each.sentence for each in citations},
        "gold": [str(each.marker) for each in citations if outcome.is_gold(each)],
    }


def key_of(sheet: Path) -> Path:
    """The file beside a sheet that its judge does not open."""
    return sheet.with_suffix(".key.jsonl")


def write_sheet(options: argparse.Namespace) -> None:
    """Ask; write the sheet, and beside it what the judge is not to see."""
    outcomes = list(asked(options))
    write_lines(options.sheet, map(to_judge, outcomes))
    write_lines(key_of(options.sheet), map(to_keep, outcomes))


def write_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write objects as JSON lines."""
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), "utf-8")


def taken(sheet: Path) -> list[dict[str, Any]]:
    """The key of a judged sheet with what its judge said, in the order of the sheet."""
    key = {row["id"]: row for row in read_lines(key_of(sheet))}
    return [
        {**key[row["id"]], "supports": [str(marker) for marker in row["supports"]]}
        for row in read_lines(sheet)
    ]


def counted(rows: Sequence[Mapping[str, Any]]) -> Rows:
    """The gold sentence is cited; what is cited is gold or was judged to answer."""
    cited = sum(len(row["sentences"]) for row in rows)
    good = sum(len({*row["gold"], *row["supports"]}) for row in rows)
    answered = [row["characters"] for row in rows if row["status"] != "refused"]
    numbers = {
        "questions": len(rows),
        "refused": sum(row["status"] == "refused" for row in rows),
        "gold cited": share(sum(bool(row["gold"]) for row in rows), len(rows)),
        "cited sentences": cited,
        "gold or supporting": share(good, cited),
        "median characters": statistics.median(answered) if answered else None,
    }
    return {"quoted": numbers}


def main() -> None:
    """Write a sheet, take a judged one, or count what was kept."""
    parser = parser_for("quoted-answers", __doc__)
    parser.add_argument("--data", type=Path, help="folder with the data sets, for Wikinews")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sheet", type=Path, help="ask, and write what is to be judged here")
    parser.add_argument("--take", type=Path, help="keep what was judged in this sheet")
    parser.add_argument("--judged", type=Path, default=JUDGED)
    options = parser.parse_args()
    if options.sheet:
        write_sheet(options)
        return
    if options.take:
        write_lines(options.judged, taken(options.take))
    benchmark = Benchmark("quoted-answers", parameters_of(options))
    rows = counted(read_lines(options.judged))
    benchmark.conclude("Quotations, judged", rows, options.report)


if __name__ == "__main__":
    main()
