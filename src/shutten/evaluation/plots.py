"""Pictures of an evaluation (PNG); matplotlib is an extra."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from shutten.errors import SettingsError
from shutten.evaluation.metrics import TradeOff, recall_at

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIZE = (6.4, 4.2)
RESOLUTION = 150


@dataclass(frozen=True, slots=True)
class ConfidenceBin:
    """Answers of like confidence: its mean, the share that is right, how many there are."""

    confidence: float
    right: float
    answers: int


def recall_curves(path: Path, legs: Mapping[str, Sequence[int | None]], depth: int) -> Path:
    """Draw recall@k for k = 1 … depth, one curve per leg; `legs` hold ranks of the first hit."""
    figure, axes = _figure("Recall@k: a sentence that holds the answer is among the best k")
    steps = range(1, depth + 1)
    for name, ranks in legs.items():
        axes.plot(steps, [recall_at(ranks, k) or 0.0 for k in steps], marker="o", label=name)
    axes.set(xlabel="k", ylabel="share of questions", xticks=list(steps), ylim=(None, 1.0))
    return _save(figure, axes, path)


def refusal_curves(path: Path, curve: Sequence[TradeOff], threshold: float) -> Path:
    """Draw both shares of refusal over the threshold, and where the reader's stands."""
    figure, axes = _figure("Refused, over the reader's threshold")
    steps = [point.threshold for point in curve]
    axes.plot(steps, [point.unanswerable_refused for point in curve], label="unanswerable refused")
    axes.plot(steps, [point.answerable_refused for point in curve], label="answerable refused")
    axes.axvline(threshold, color="grey", linestyle="--", label=f"threshold {threshold:.2f}")
    axes.set(xlabel="threshold", ylabel="share of questions", xlim=(0, 1), ylim=(0, 1.02))
    return _save(figure, axes, path)


def reliability_diagram(path: Path, bins: Sequence[ConfidenceBin]) -> Path:
    """Draw the share that is right over the confidence; on the diagonal both are the same."""
    figure, axes = _figure("Answers that are right, over the confidence")
    axes.plot(
        [0, 1], [0, 1], color="grey", linestyle="--", label="confidence = share that is right"
    )
    sure, right = [each.confidence for each in bins], [each.right for each in bins]
    axes.plot(sure, right, marker="o", label="answers, in bins of confidence")
    for each in bins:
        axes.annotate(
            f"{each.answers:,}",
            (each.confidence, each.right),
            xytext=(8, -4),
            textcoords="offset points",
            fontsize=7,
        )
    axes.set(xlabel="confidence", ylabel="share that is right", xlim=(0, 1.03), ylim=(0, 1.03))
    return _save(figure, axes, path)


def require_matplotlib() -> None:
    """Raise before hours of measuring rather than after.

    Raises:
        SettingsError: matplotlib is not installed.

    """
    try:
        import matplotlib as _  # noqa: F401
    except ImportError as error:
        raise SettingsError("--plots needs matplotlib: pip install 'shutten[plots]'") from error


def _figure(title: str) -> tuple[Figure, Axes]:
    """Return a figure without pyplot, which would look for a display and keep every figure."""
    require_matplotlib()
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE, layout="constrained")
    axes = figure.subplots()
    axes.set_title(title, fontsize=10)
    axes.grid(alpha=0.3)
    return figure, axes


def _save(figure: Figure, axes: Axes, path: Path) -> Path:
    axes.legend(loc="best", fontsize=8)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=RESOLUTION)
    return path
