"""Data sets → metrics → a report file.

Four kinds of data sets, told apart by their ending: SQuAD-shaped sets (`.json`, `.json.zst`),
natural questions with their evidence (`.xml`), questions about given articles (`.jsonl`), and lists
of questions that the articles do not answer (`.tsv`, `.txt`, `.gz`).
"""

from __future__ import annotations

from shutten.evaluation.report import Report
from shutten.evaluation.run import run

__all__ = ["Report", "run"]
