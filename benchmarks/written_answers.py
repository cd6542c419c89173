"""What a language model's answers are worth once the checks have gone over them, judged by people.

    python benchmarks/written_answers.py --sheet FILE    asks, and writes what is to be judged
    python benchmarks/written_answers.py --judged FILE   counts what was judged

A sheet has an answer per line: `question`, `status`, and `claims`, each with the sentences that it
cites and nothing of what the checks made of them. Whoever judges adds to every claim `entailed`
(what it says follows from its sentences taken together) and `irrelevant` (markers of sentences
that do not support it alone and that it does not need), and to every answer `correct` ("right",
"partly", "wrong"). Citation recall is the share of claims that are entailed, citation precision
the share of citations that are not irrelevant, of a claim that is entailed (Gao et al. 2023, ALCE).

The questions are those about the articles in questions/written, or any like them.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from generation import bundled_model
from measuring import Benchmark, Rows, parameters_of, parser_for, report_for
from shutten.assistant import Assistant, assistant_for_files
from shutten.settings import Settings
from shutten.types import Answer

QUESTIONS = Path(__file__).resolve().parent / "questions" / "written"
JUDGED = Path(__file__).resolve().parent / "judgements" / "written-answers.jsonl"
WRITTEN = ("written", "partial")


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a JSON-lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def assistant_with(model: str, folder: Path) -> Assistant:
    """Hold a folder's articles in memory, with a language model to write about them."""
    settings = Settings(answerer="local", model=model)
    return assistant_for_files(sorted((folder / "articles").iterdir()), settings)


def asked(assistant: Assistant, folder: Path) -> Iterator[dict[str, Any]]:
    """Ask every question of its article and yield what is to be judged."""
    for row in read_lines(folder / "questions.jsonl"):
        article = str(folder / "articles" / row["article"])
        answer = assistant.ask(row["question"], article_ids=[article])
        yield {"id": row["id"], "article": row["article"], "kind": row["kind"], **shown(answer)}
        print(row["id"], answer.status, file=sys.stderr, flush=True)


def shown(answer: Answer) -> dict[str, Any]:
    """Return what a reader of the answer sees, without any score."""
    quotes = {each.marker: each.quote for each in answer.citations}
    return {
        "question": answer.question,
        "status": answer.status,
        "claims": [
            {"text": claim.text, "citations": {str(n): quotes[n] for n in claim.citations}}
            for claim in answer.claims
        ],
        "removed": [claim.text for claim in answer.removed],
    }


def citations_of(claim: Mapping[str, Any]) -> tuple[int, int]:
    """Return how many citations a judged claim has, and how many of them are needed or enough."""
    if not claim["entailed"]:
        return len(claim["citations"]), 0
    return len(claim["citations"]), len(claim["citations"]) - len(claim["irrelevant"])


def counted(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the numbers of judged answers."""
    claims = [claim for row in rows for claim in row["claims"]]
    given, good = map(sum, zip(*map(citations_of, claims), strict=True)) if claims else (0, 0)
    return {
        "answers": len(rows),
        "claims": len(claims),
        "not entailed": sum(not claim["entailed"] for claim in claims),
        "citation recall": share(sum(claim["entailed"] for claim in claims), len(claims)),
        "citation precision": share(good, given),
        **{
            correct: share(sum(row["correct"] == correct for row in rows), len(rows))
            for correct in ("right", "partly", "wrong")
        },
    }


def share(some: int, all_of_them: int) -> float | None:
    """Return a share, None of nothing."""
    return some / all_of_them if all_of_them else None


def outcomes(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return how the answers ended: written, quoted instead, refused; and what was removed."""
    ended = list(rows)
    return {
        "questions": len(ended),
        "all written": sum(row["status"] == "written" for row in ended),
        "some removed": sum(row["status"] == "partial" for row in ended),
        "quoted instead": sum(row["status"] == "quoted" for row in ended),
        "refused": sum(row["status"] == "refused" for row in ended),
        "claims removed": sum(len(row["removed"]) for row in ended),
    }


def tables(rows: Sequence[Mapping[str, Any]]) -> tuple[Rows, dict[str, Rows]]:
    """Return the judged written answers, and how all of them ended."""
    judged = [row for row in rows if row["status"] in WRITTEN]
    return {"written": counted(judged)}, {"How the answers ended": {"all": outcomes(rows)}}


def write_sheet(options: argparse.Namespace) -> None:
    """Ask, and write an answer per line as soon as it has come."""
    assistant = assistant_with(options.model or bundled_model(), options.questions)
    with options.sheet.open("w", encoding="utf-8") as sheet:
        for row in asked(assistant, options.questions):
            print(json.dumps(row, ensure_ascii=False), file=sheet, flush=True)


def main() -> None:
    """Write a sheet, or count a judged one."""
    parser = parser_for("written-answers", __doc__)
    parser.add_argument("--model", default=None, help="hub name, folder or .gguf file")
    parser.add_argument("--questions", type=Path, default=QUESTIONS, help="folder")
    parser.add_argument("--sheet", type=Path, help="ask, and write what is to be judged here")
    parser.add_argument("--judged", type=Path, default=JUDGED)
    options = parser.parse_args()
    if options.sheet:
        write_sheet(options)
        return
    benchmark = Benchmark("written-answers", parameters_of(options))
    rows, more = tables(read_lines(options.judged))
    report = report_for(parser, options, "judged", options.judged.stem)
    benchmark.conclude("Written answers, judged", rows, report, more=more)


if __name__ == "__main__":
    main()
