"""What holds for all of the code: imports point downwards, names and sizes keep to the rules."""

from __future__ import annotations

import ast
import inspect
import os
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shutten import errors

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "shutten"

ORDER = (
    "types", "errors", "settings", "hosts", "questions", "client", "remembering",
    "tokens", "abbreviations", "terms", "names", "aliases", "wording", "readable", "tables",
    "memory",
    "faq", "layout", "paragraphs", "references", "sentences",
    "decoding", "documents", "delimited", "outbound", "retrying", "fetching", "bulk", "articles",
    "known_models", "model_files", "partial_files", "downloading", "canary", "embedding", "writing",
    "writer_lock", "database", "context", "store", "views", "dense", "keyword_files", "keyword",
    "disk_views", "intake", "index", "filling", "wiki",
    "calibration", "associations", "ranking", "named_rows", "bilingual", "retrieval", "reranking",
    "checking", "opposites", "numbered", "namesakes", "processor", "whole_numbers",
    "reader_model", "spans", "reader", "crossing",
    "phrases", "grounding", "listing", "steps", "reasons", "summary", "faq_answers",
    "restating", "drafting",
    "exporting",
    "loaded_models", "conversation", "follow_ups", "choosing", "comparing", "defining",
    "pronounced", "cells", "lookup", "assistant",
    "suggesting", "feedback", "evaluation", "web", "cli", "__main__",
)  # fmt: skip
"""A module may import from those before it alone; inside a package its modules are free."""

HEAVY = (
    "torch", "transformers", "sentence_transformers", "gradio", "faiss", "tantivy", "trafilatura",
    "pypdf", "matplotlib", "uvicorn", "fastapi", "mcp",
)  # fmt: skip
LONGEST = 60
USUAL = 10
"""Half of the functions must have fewer lines."""
TEXTS = {".py", ".md", ".toml", ".txt", ".js", ".css", ".json", ".jsonl", ""}


def modules() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def part_of(path: Path) -> str:
    """The entry of ORDER that a file belongs to; "" is the package's own `__init__`."""
    first = path.relative_to(SOURCE).parts[0]
    return "" if first == "__init__.py" else first.removesuffix(".py")


def imported_parts(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "shutten":
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= (
                {node.module.removeprefix("shutten.").split(".")[0]}
                if (node.module.startswith("shutten."))
                else set()
            )
        elif isinstance(node, ast.Import):
            parts = [alias.name.split(".") for alias in node.names]
            names |= {each[1] for each in parts if each[0] == "shutten" and len(each) > 1}
    return {name for name in names if not name.startswith("__") or name == "__main__"}


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.relative_to(SOURCE).as_posix())
def test_imports_point_downwards(path: Path) -> None:
    own = part_of(path)
    allowed = set(ORDER[: ORDER.index(own)]) | {own} if own else set()
    assert imported_parts(path) <= allowed


def test_every_module_has_its_place_in_the_order() -> None:
    found = {part_of(path) for path in modules()} - {""}
    assert found == set(ORDER)


def mapped() -> list[tuple[str, str]]:
    """What each line of the map in CONTRIBUTING.md is about, and what it says of it."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = text.partition("\n## A map of the code\n")[2].partition("\n## ")[0]
    return re.findall(r"^- `(\w+/?)`: (.+(?:\n  .+)*)", section, re.MULTILINE)


def test_the_map_has_a_line_for_every_module_in_their_order() -> None:
    assert [name.removesuffix("/") for name, _ in mapped()] == list(ORDER)


def test_the_map_marks_packages_and_names_only_modules_that_are_there() -> None:
    folders = {name.removesuffix("/"): text for name, text in mapped() if name.endswith("/")}
    assert set(folders) == {name for name in ORDER if (SOURCE / name).is_dir()}
    for name, text in folders.items():
        inside = {path.stem for path in (SOURCE / name).rglob("*") if path.suffix in {"", ".py"}}
        assert set(re.findall(r"`(\w+)/?`", text)) <= inside


def test_nothing_is_called_utils() -> None:
    vague = {"util", "utils", "helper", "helpers", "common", "misc"}
    assert [path.name for path in modules() if path.stem in vague] == []


def function_lines() -> Iterator[tuple[str, int]]:
    """Each function's place and name, with how many lines it has."""
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                yield f"{path.relative_to(SOURCE)}: {node.name}", lines


def test_no_function_is_longer_than_a_screen() -> None:
    assert [each for each in function_lines() if each[1] > LONGEST] == []


def test_most_functions_are_short() -> None:
    assert statistics.median(lines for _, lines in function_lines()) < USUAL


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        path.name
        for path in modules()
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        and path.name != "__init__.py"
    ]
    assert silent == []


def import_in_a_new_process(*names: str) -> list[str]:
    """Return which heavy packages importing these modules brings along."""
    script = (
        "import importlib, sys\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    environment = {"PYTHONPATH": str(ROOT / "src"), "PATH": os.environ["PATH"]}
    ran = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    return [str(name) for name in ast.literal_eval(ran.stdout)]


def test_importing_the_package_and_the_command_brings_nothing_heavy_along() -> None:
    assert import_in_a_new_process("shutten", "shutten.cli") == []


def test_importing_any_module_but_the_network_itself_brings_nothing_heavy_along() -> None:
    heavy = ("__init__", "__main__", "whole_numbers", "reader_model")
    light = [
        ".".join(("shutten", *path.relative_to(SOURCE).with_suffix("").parts))
        for path in modules()
        if path.stem not in heavy and part_of(path) != "web"
    ]
    assert import_in_a_new_process(*light) == []


def error_classes() -> dict[str, type[Exception]]:
    return {
        name: value
        for name, value in inspect.getmembers(errors, inspect.isclass)
        if issubclass(value, Exception)
    }


def test_every_error_grows_from_the_root() -> None:
    strangers = [
        n for n, cls in error_classes().items() if not issubclass(cls, errors.ShuttenError)
    ]
    assert strangers == []


def test_the_error_tree_is_drawn_as_it_is() -> None:
    drawn: dict[str, str | None] = {}
    above: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"([ │├└─]*)([A-Z]\w+Error)\b", line)
        if found:
            depth = len(found[1]) // 4
            above = [*above[:depth], found[2]]
            drawn[found[2]] = above[-2] if depth else None
    real = {
        name: None if cls is errors.ShuttenError else cls.__bases__[0].__name__
        for name, cls in error_classes().items()
    }
    assert drawn == real


def texts() -> Iterator[tuple[str, str]]:
    """All that people wrote in this project, by path."""
    for folder in (".", "src", "tests", "docs", "training", "benchmarks", "articles", ".ci"):
        pattern = "*" if folder == "." else "**/*"
        for path in sorted((ROOT / folder).glob(pattern)):
            if path.is_file() and path.suffix in TEXTS and "models" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8", errors="replace")


def test_nothing_names_the_folder_it_was_written_in() -> None:
    above = f"{ROOT.parent}/"
    assert [name for name, text in texts() if len(above) > 1 and above in text] == []


def test_nothing_is_left_to_be_done_in_a_comment() -> None:
    marks = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|X" + r"XX)\b")
    assert [name for name, text in texts() if marks.search(text)] == []


def test_no_text_points_to_a_numbered_ticket() -> None:
    numbered = re.compile(r"\b(?:issue|ticket|pull request) #?\d", re.IGNORECASE)
    pages = [(name, text) for name, text in texts() if name.endswith((".py", ".md", ".toml"))]
    assert [name for name, text in pages if numbered.search(text)] == []
