"""Claims that are false, and claims that are true in other words: which come through the checks.

    python benchmarks/grounding.py [--split test] [--set FILE] [--show]

Without `--set`, the claims in questions/hallucinations/constructed.jsonl; `--set written.jsonl`
names a larger set there, and a file of the same shape anywhere will do. A set has one claim per
line: `{"id", "language", "source": [sentences], "title", "claim", "kind", "supported"}`, and where
it is divided a `split`. Each sentence of the source becomes a passage with its neighbours.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from measuring import Benchmark, median, parameters_of, parser_for, report_for
from shutten.checking.checker import GroundingChecker
from shutten.embedding import load_embedder
from shutten.types import Hit, Passage

SETS = Path(__file__).resolve().parent / "questions" / "hallucinations"
CLAIMS_AT_ONCE = 5
PASSAGES_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim of the set with what the checker says."""

    row: Mapping[str, Any]
    supported: bool
    codes: tuple[str, ...]

    @property
    def wrong(self) -> bool:
        """Whether the checker says something else than the set."""
        return self.supported is not self.row["supported"]


def passages_of(row: Mapping[str, Any]) -> list[Passage]:
    """Return one passage per sentence of a claim's source."""
    texts, language = [str(text) for text in row["source"]], str(row["language"])
    around = ["", *texts, ""]
    return [
        Passage(
            Hit(str(row["title"]), str(row["title"]), None, n + 2, 0, len(text), text, 0.5),
            before=around[n],
            after=around[n + 2],
            language=language,
        )
        for n, text in enumerate(texts)
    ]


def judge(rows: Sequence[Mapping[str, Any]], checker: GroundingChecker) -> list[Judged]:
    """Check every claim against its own source."""
    judged = []
    for row in rows:
        verdict = checker.check(str(row["claim"]), passages_of(row))
        codes = tuple(problem.code for problem in verdict.problems)
        judged.append(Judged(row, verdict.supported, codes))
    return judged


def table(judged: Sequence[Judged]) -> dict[str, dict[str, Any]]:
    """Return the shares by language and by kind: false claims caught, true ones wrongly caught."""
    groups = {"all": list(judged)}
    for name in ("language", "kind"):
        for value in sorted({str(each.row[name]) for each in judged}):
            groups[value] = [each for each in judged if str(each.row[name]) == value]
    return {name: _shares(group) for name, group in groups.items()}


def _shares(group: Sequence[Judged]) -> dict[str, Any]:
    false = [each for each in group if not each.row["supported"]]
    true = [each for each in group if each.row["supported"]]
    return {
        "false": len(false),
        "caught": sum(not e.supported for e in false) / len(false) if false else None,
        "true": len(true),
        "wrongly caught": sum(not e.supported for e in true) / len(true) if true else None,
    }


def milliseconds(rows: Sequence[Mapping[str, Any]], checker: GroundingChecker) -> float:
    """Return the median time of five claims at once beside eight passages."""
    times = []
    for start in range(0, len(rows) - PASSAGES_AT_ONCE, PASSAGES_AT_ONCE):
        block = rows[start : start + PASSAGES_AT_ONCE]
        passages = [each for row in block for each in passages_of(row)][:PASSAGES_AT_ONCE]
        claims = [str(row["claim"]) for row in block][:CLAIMS_AT_ONCE]
        begun = time.perf_counter()
        checker.check_all(claims, passages)
        times.append((time.perf_counter() - begun) * 1000)
    return median(times[1:])


def main() -> None:
    """Check a set and write the report."""
    parser = parser_for("grounding", __doc__)
    parser.add_argument(
        "--set",
        type=Path,
        default=SETS / "constructed.jsonl",
        metavar="FILE",
        help="a set of claims, anywhere; a bare name is looked for in questions/hallucinations too",
    )
    parser.add_argument("--split", choices=("develop", "test", "all"), default="test")
    parser.add_argument("--show", action="store_true", help="print what goes wrong")
    options = parser.parse_args()
    benchmark = Benchmark("grounding", parameters_of(options))
    chosen_set = options.set if options.set.exists() else SETS / options.set
    lines = chosen_set.read_text(encoding="utf-8").splitlines()
    rows = [row for line in lines if line.strip() and (row := json.loads(line))]
    chosen = [row for row in rows if options.split in ("all", row.get("split", options.split))]
    checker = GroundingChecker(load_embedder())
    judged = judge(chosen, checker)
    for each in judged if options.show else ():
        if each.wrong:
            print(each.row["id"], each.row["supported"], each.row["claim"], *each.codes)
    results: dict[str, dict[str, Any]] = table(judged)
    spent = milliseconds(chosen, checker)
    results["five claims, eight passages"] = {"median ms": spent}
    print(f"five claims beside eight passages: {spent:.0f} ms")
    report = report_for(parser, options, "set", f"grounding-{options.set.stem}")
    benchmark.conclude(f"Claims: {options.set.name}, {options.split}", results, report)


if __name__ == "__main__":
    main()
