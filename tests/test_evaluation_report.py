from __future__ import annotations

import json
import math
import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from shutten.embedding import HashEmbedder
from shutten.errors import DatasetError
from shutten.evaluation.environment import (
    commit,
    fingerprint,
    is_loaded,
    machine,
    processor_name,
    processors,
    settings_facts,
)
from shutten.evaluation.metrics import Decision, trade_off
from shutten.evaluation.plots import (
    ConfidenceBin,
    recall_curves,
    refusal_curves,
    reliability_diagram,
)
from shutten.evaluation.report import Findings, Report, Table, counted, json_ready, table_of
from shutten.reader import OverlapReader
from shutten.settings import Settings

PNG = b"\x89PNG\r\n\x1a\n"


def report_of(**metrics: object) -> Report:
    findings = Findings(
        counts={"questions": 3},
        metrics=metrics,
        tables=(Table("Rankings", ("ranking", "R@1"), (("fusion", 0.81234), ("dense", None))),),
        notes=("2 left out.",),
    )
    return Report(
        dataset={"name": "jsquad"},
        findings=findings,
        configuration={"fingerprint": "0"},
        environment={},
        seconds=1.25,
    )


def test_a_report_never_holds_what_json_cannot(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "report.json"
    report_of(bad=math.nan, worse=[math.inf], good=0.123456, pair=(1, None)).write(path)
    text = path.read_text(encoding="utf-8")
    read = json.loads(text, parse_constant=pytest.fail)
    assert read["metrics"] == {"bad": None, "worse": [None], "good": 0.1235, "pair": [1, None]}
    assert read["counts"] == {"questions": 3}
    assert list(path.parent.iterdir()) == [path]


def test_the_table_shows_shares_counts_and_gaps() -> None:
    lines = report_of().table().splitlines()
    assert lines[0] == "jsquad  (1.2 s)"
    assert [line.split() for line in lines if "fusion" in line] == [["fusion", "0.812"]]
    assert [line.split() for line in lines if "dense" in line] == [["dense", "–"]]
    assert lines[-1] == "2 left out."


def test_an_unwritable_report_is_one_line(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    with pytest.raises(DatasetError, match="give another --report FILE"):
        report_of().write(blocked / "report.json")


def test_rows_share_the_columns_of_the_first() -> None:
    table = table_of("T", {"a": {"x": 1, "y": 2.0}, "b": {"y": 0.5}}, "leg")
    assert table.columns == ("leg", "x", "y")
    assert table.rows == (("a", 1, 2.0), ("b", None, 0.5))


def test_counted_says_nothing_of_nothing() -> None:
    assert counted(13, 16) == "13/16"
    assert counted(0, 0) is None


def test_json_ready_leaves_words_and_counts_alone() -> None:
    assert json_ready({"a": (1, "b", True, None)}) == {"a": [1, "b", True, None]}


def test_the_fingerprint_changes_with_any_fact() -> None:
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})
    assert fingerprint({"a": 1}) != fingerprint({"a": 2})
    assert re.fullmatch(r"[0-9a-f]{16}", fingerprint({}))


def test_the_machine_is_named() -> None:
    facts = machine()
    assert facts["processor"] == processor_name() != ""
    assert facts["processors"] == processors() >= 1
    assert facts["versions"]["numpy"]
    assert facts["commit"] == commit()
    json.dumps(facts, allow_nan=False)


def test_load_counts_against_the_processors() -> None:
    assert is_loaded([float(processors()), 0.0, 0.0])
    assert not is_loaded([0.1 * processors(), 99.0, 99.0])
    assert not is_loaded(None)


def test_plots_are_png_files(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="plots need the extra [plots]")
    recall = recall_curves(tmp_path / "new" / "recall.png", {"fusion": [1, None, 3]}, 10)
    decisions = [Decision(answerable=True, refused=False, confidence=0.7)]
    refusal = refusal_curves(tmp_path / "refusal.png", trade_off(decisions), 0.5)
    bins = [ConfidenceBin(0.1, 0.2, 3), ConfidenceBin(0.9, 0.8, 1_000)]
    reliability = reliability_diagram(tmp_path / "reliability.png", bins)
    drawn = [path.read_bytes()[:8] for path in (recall, refusal, reliability)]
    assert drawn == [PNG, PNG, PNG]


def test_how_the_app_is_served_is_not_in_a_report() -> None:
    embedder, reader = HashEmbedder(), OverlapReader()
    plain = settings_facts(Settings(), embedder.facts, reader)
    served = Settings(
        wiki_user="bot", wiki_password=SecretStr("bot-pass"), requests_per_minute=9, port=1
    )
    assert settings_facts(served, embedder.facts, reader) == plain
    assert settings_facts(Settings(reader="other"), embedder.facts, reader) != plain
