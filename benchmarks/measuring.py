"""What every benchmark does around its numbers: arguments, load, table, JSON report.

The scripts beside this file run alone: `python benchmarks/latency.py --help` (from a clone without
an installed package, put `PYTHONPATH=src` before it).
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import shutten
from shutten.evaluation.environment import is_loaded, load_average, machine
from shutten.evaluation.report import render, table_of, write_json

REPORTS = Path(__file__).resolve().parent / "reports"
SAMPLES = Path(__file__).resolve().parents[1] / "articles"
PACKAGE_ROOT = Path(shutten.__file__).resolve().parents[1]

Rows = Mapping[str, Mapping[str, Any]]


@dataclass
class Benchmark:
    """One run: notes the load when it starts, prints and writes when it ends."""

    name: str
    parameters: Mapping[str, Any]
    load_at_start: list[float] | None = field(default_factory=load_average)

    def __post_init__(self) -> None:
        warn_of_load(self.load_at_start, "start")

    def conclude(
        self, title: str, rows: Rows, report: Path, *, more: Mapping[str, Rows] | None = None
    ) -> None:
        """Print the table to stdout and write the report; `more` are further tables by title."""
        load = load_average()
        warn_of_load(load, "end")
        tables = {title: rows, **(more or {})}
        for heading, table in tables.items():
            print(render(table_of(heading, table)))
        content = {
            "benchmark": self.name,
            "parameters": dict(self.parameters),
            "results": {name: row for table in tables.values() for name, row in table.items()},
            "environment": {
                **machine(),
                "load_at_start": self.load_at_start,
                "load_at_end": load,
                "loaded_at_start": is_loaded(self.load_at_start),
            },
        }
        write_json(report, content)
        print(f"report: {report}", file=sys.stderr)


def warn_of_load(load: list[float] | None, moment: str) -> None:
    """Say aloud that a busy machine makes slow numbers."""
    if load is not None and is_loaded(load):
        print(f"warning: load average {load[0]} at the {moment}", file=sys.stderr)


def parser_for(name: str, description: str | None) -> argparse.ArgumentParser:
    """Return a parser with the option that all benchmarks share."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--report", type=Path, default=REPORTS / f"{name}.json", help="where the JSON report goes"
    )
    return parser


def report_for(
    parser: argparse.ArgumentParser, options: argparse.Namespace, member: str, name: str
) -> Path:
    """Return where the report goes; what is measured on another set has one of its own by default.

    `member` is the option that names the set, `name` the report of the set that was given.
    """
    is_default = options.report == parser.get_default("report")
    is_other = getattr(options, member).name != parser.get_default(member).name
    report: Path = options.report
    return report.with_name(f"{name}.json") if is_default and is_other else report


def parameters_of(options: argparse.Namespace) -> dict[str, Any]:
    """Return the options as the report keeps them, paths of this machine left out."""
    kept = {name: value for name, value in vars(options).items() if name != "report"}
    return {k: v.name if isinstance(v, Path) else v for k, v in kept.items()}


def child_environment(**changes: str) -> dict[str, str]:
    """Return an environment in which a child process finds this same package."""
    others = os.environ.get("PYTHONPATH")
    path = os.pathsep.join([str(PACKAGE_ROOT), *([others] if others else [])])
    return {**os.environ, "PYTHONPATH": path, **changes}


def seconds(action: Callable[[], object]) -> float:
    """Return the wall-clock seconds of a call."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def median(values: Sequence[float]) -> float:
    """Return the median; of nothing, not a number, which a report writes as null."""
    return statistics.median(values) if values else float("nan")


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")
