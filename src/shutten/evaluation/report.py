"""What an evaluation found: a JSON object for files, a table for people."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shutten.errors import DatasetError
from shutten.evaluation.metrics import Decision

TABLE_WIDTH = 100
DIGITS = 4


@dataclass(frozen=True, slots=True)
class Table:
    """Rows for people; a cell is a share (0 to 1), a count, a word, or None for "–"."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | float | int | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """What one kind of data set measures, before the facts around it are known."""

    counts: Mapping[str, int]
    metrics: Mapping[str, Any]
    tables: tuple[Table, ...]
    failures: tuple[Mapping[str, Any], ...] = ()
    notes: tuple[str, ...] = ()
    ranks: Mapping[str, Sequence[int | None]] = field(default_factory=dict)
    """For each leg the rank of the first hit of each question; drawn, not written."""
    decisions: tuple[Decision, ...] = ()
    """For each question whether it was refused and should have been; drawn, not written."""


@dataclass(frozen=True, slots=True)
class Report:
    """The findings with everything needed to repeat them."""

    dataset: Mapping[str, Any]
    findings: Findings
    configuration: Mapping[str, Any]
    environment: Mapping[str, Any]
    seconds: float
    plots: tuple[Path, ...] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        """Return a JSON-ready object; a number that is not finite is null."""
        whole = {
            "dataset": self.dataset,
            "counts": self.findings.counts,
            "metrics": self.findings.metrics,
            "failures": self.findings.failures,
            "notes": self.findings.notes,
            "configuration": self.configuration,
            "environment": self.environment,
            "seconds": self.seconds,
            "plots": [path.name for path in self.plots],
        }
        return {name: json_ready(value) for name, value in whole.items()}

    def table(self) -> str:
        """Return the tables and notes as plain text."""
        head = f"{self.dataset['name']}  ({self.seconds:.1f} s)"
        tables = [render(table) for table in self.findings.tables]
        return "\n".join([head, *tables, *self.findings.notes])

    def write(self, path: Path) -> None:
        """Write the report as JSON, whole or not at all."""
        write_json(path, self.as_dict())


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write UTF-8 JSON through a temporary file beside it.

    Raises:
        DatasetError: the file cannot be written.

    """
    temporary = path.with_name(path.name + ".part")
    text = json.dumps(json_ready(content), ensure_ascii=False, indent=2, allow_nan=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(text + "\n", encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        raise DatasetError(
            f"the report {path} cannot be written ({error.strerror}): give another --report FILE"
        ) from error


def json_ready(value: object) -> object:
    """Round floats, turn what is not finite into None, and tuples into lists."""
    if isinstance(value, float):
        return round(value, DIGITS) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(name): json_ready(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [json_ready(each) for each in value]
    return value


def render(table: Table) -> str:
    """Lay a table out as text without colour."""
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table as Grid

    grid = Grid(title=table.title, title_justify="left", box=SIMPLE)
    for number, column in enumerate(table.columns):
        grid.add_column(column, justify="right" if number else "left", no_wrap=number == 0)
    for row in table.rows:
        grid.add_row(*(_cell(cell) for cell in row))
    output = io.StringIO()
    Console(file=output, width=TABLE_WIDTH, color_system=None, markup=False).print(grid)
    return "\n".join(line.rstrip() for line in output.getvalue().splitlines())


def _cell(cell: str | float | None) -> str:
    if cell is None:
        return "–"
    return f"{cell:.3f}" if isinstance(cell, float) else str(cell)


def counted(count: int, total: int) -> str | None:
    """Return "13/16", None where there was nothing to count."""
    return f"{count}/{total}" if total else None


def table_of(title: str, rows: Mapping[str, Mapping[str, Any]], first: str = "") -> Table:
    """Return a table of named rows that share their columns."""
    columns: Sequence[str] = list(next(iter(rows.values()), {}))
    return Table(
        title,
        (first, *columns),
        tuple((name, *(row.get(column) for column in columns)) for name, row in rows.items()),
    )
