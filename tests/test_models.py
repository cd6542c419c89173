"""What the bundled weights may weigh, and that each has its card."""

from __future__ import annotations

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODELS = ROOT / "src" / "shutten" / "models"
MOST_BYTES = 60_000_000


def test_the_bundled_models_stay_within_sixty_megabytes() -> None:
    files = [path for path in MODELS.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= MOST_BYTES


def test_the_embedding_stays_within_twenty_five_megabytes() -> None:
    files = [path for path in (MODELS / "static-embedding").rglob("*") if path.is_file()]
    assert 0 < sum(path.stat().st_size for path in files) <= 25_000_000


def test_each_model_has_its_card() -> None:
    cards = {path.stem for path in (ROOT / "docs" / "models").glob("*.md")}
    assert cards == {path.name for path in MODELS.iterdir() if path.is_dir()}


def test_the_readers_card_tells_the_bins_that_were_measured() -> None:
    card = (ROOT / "docs" / "models" / "reader.md").read_text(encoding="utf-8")
    table = card.partition("| confidence, mean of the bin |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| ([\d.]+) \| ([\d.]+) \| ([\d,]+) \|$", table, re.MULTILINE)
    told = [(float(sure), float(right), int(n.replace(",", ""))) for sure, right, n in rows]
    measured = json.loads((MODELS / "reader" / "reader.json").read_text("utf-8"))["reliability"]
    shares = [(round(each["confidence"], 2), round(each["answers"], 2)) for each in measured]
    assert [each[:2] for each in told] == shares
    assert [each[2] for each in told] == [each["questions"] for each in measured]


def test_every_picture_is_shown_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    shown = {
        (page.parent / link).resolve()
        for page in pages
        for link in re.findall(r"!\[[^]]*\]\(([^):]+)\)", page.read_text(encoding="utf-8"))
    }
    assert shown == set((ROOT / "docs" / "images").glob("*.png"))
