"""What the bundled weights may weigh, and that each has its card."""

from __future__ import annotations

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
