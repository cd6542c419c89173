"""Run a data set against the assistant that the settings describe."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shutten.articles import read_articles
from shutten.assistant import article_at
from shutten.errors import DatasetError, UsageError
from shutten.evaluation import asking, dialogues, natural, squad
from shutten.evaluation.datasets import (
    DIALOGUES,
    NEWS_QUESTIONS,
    SAMPLES,
    ArticleQuestion,
    Shape,
    every_nth,
    locate,
    read_news,
    read_news_questions,
    read_questions,
    read_squad,
    read_topics,
    sha256,
    shape_of,
)
from shutten.evaluation.environment import load_average, machine, settings_facts
from shutten.evaluation.metrics import trade_off
from shutten.evaluation.plots import recall_curves, refusal_curves, require_matplotlib
from shutten.evaluation.report import Findings, Report
from shutten.evaluation.subject import subject_over
from shutten.loaded_models import Models, load_models
from shutten.settings import Settings, samples_folder
from shutten.types import Article, Progress

DISTRACTORS = "jsquad"
"""The named set whose paragraphs are pooled with the evidence of natural questions."""


@dataclass(frozen=True, slots=True)
class Job:
    """What to measure on."""

    dataset: str
    paths: tuple[Path, ...]
    shape: Shape
    articles: tuple[Path, ...]
    data: Path | None
    limit: int | None


def run(
    dataset: str,
    *,
    articles: Sequence[Path] = (),
    data: Path | None = None,
    settings: Settings,
    report: Path | None = None,
    plots: Path | None = None,
    limit: int | None = None,
    progress: Progress | None = None,
) -> Report:
    """Measure a named set (found under `data`) or a file, and write the report and plots.

    `limit` takes so many questions, spread evenly over the set. Raises DatasetError, UsageError,
    ArticleError, ModelError, and SettingsError where `plots` are asked for without matplotlib.
    """
    if plots is not None:
        require_matplotlib()
    paths = locate(dataset, data)
    job = Job(dataset, paths, _common_shape(paths), tuple(articles), data, limit)
    started, load = time.perf_counter(), load_average()
    models = load_models(settings)
    findings = _measure(job, models, settings, progress)
    result = Report(
        dataset=_dataset_facts(job),
        findings=findings,
        configuration=settings_facts(settings, models.embedder.facts, models.reader),
        environment={**machine(), "load_at_start": load, "load_at_end": load_average()},
        seconds=time.perf_counter() - started,
        plots=_draw(plots, findings, models.reader.threshold),
    )
    if report is not None:
        result.write(report)
    return result


def _dataset_facts(job: Job) -> dict[str, Any]:
    """Tell what was measured on, without the folders of this machine."""
    return {
        "name": Path(job.dataset).name,
        "files": [path.name for path in job.paths],
        "sha256": sha256(job.paths),
        "articles": [path.name for path in job.articles],
        "limit": job.limit,
    }


def _common_shape(paths: Sequence[Path]) -> Shape:
    shapes = {shape_of(path) for path in paths}
    if len(shapes) != 1:
        raise DatasetError(f"{paths[0]} and its neighbours are of different kinds: run them singly")
    return shapes.pop()


def _measure(job: Job, models: Models, settings: Settings, progress: Progress | None) -> Findings:
    if job.shape == "squad":
        return _measure_squad(job, models, settings, progress)
    if job.shape == "natural":
        return _measure_natural(job, models, settings, progress)
    if job.dataset in DIALOGUES:
        return _measure_dialogues(job, models, settings, progress)
    questions = every_nth(_questions(job), job.limit)
    subject = subject_over(_asked_articles(job, questions), models, settings)
    return asking.measure(questions, subject, progress)


def _measure_squad(
    job: Job, models: Models, settings: Settings, progress: Progress | None
) -> Findings:
    if job.articles:
        raise UsageError(f"{job.dataset} brings its own articles: leave --article out")
    dataset = read_squad(job.paths[0])
    subject = subject_over(dataset.articles, models, settings)
    return squad.measure(dataset, every_nth(dataset.questions, job.limit), subject, progress)


def _measure_natural(
    job: Job, models: Models, settings: Settings, progress: Progress | None
) -> Findings:
    if job.articles:
        raise UsageError(f"{job.dataset} brings its own articles: leave --article out")
    dataset = natural.read_natural(job.paths[0])
    distractors = read_squad(locate(DISTRACTORS, job.data)[0]).articles
    subject = subject_over([*dataset.articles, *distractors], models, settings)
    asked = every_nth(dataset.questions, job.limit)
    return natural.measure(dataset, asked, distractors, subject, progress)


def _measure_dialogues(
    job: Job, models: Models, settings: Settings, progress: Progress | None
) -> Findings:
    if job.articles:
        raise UsageError(f"{job.dataset} brings its own articles: leave --article out")
    held = every_nth(dialogues.read_dialogues(job.paths[0]), job.limit)
    articles = [*read_articles([samples_folder()]), *read_news(job.data)]
    subject = subject_over(articles, models, settings)
    listed = asking.HELD_OUT not in job.paths[0].stem
    return dialogues.measure(held, subject, listed=listed, progress=progress)


def _questions(job: Job) -> list[ArticleQuestion]:
    read = read_topics if job.shape == "topics" else read_questions
    if job.dataset in NEWS_QUESTIONS:
        read = read_news_questions
    return [question for path in job.paths for question in read(path)]


def _asked_articles(job: Job, questions: Sequence[ArticleQuestion]) -> list[Article]:
    if job.dataset in NEWS_QUESTIONS:
        return read_news(job.data, {each.article for each in questions if each.article})
    if job.articles:
        return [article_at(path) for path in job.articles]
    if job.shape == "questions" and job.dataset != SAMPLES:
        raise UsageError(f"{job.dataset} asks about an article: add --article FILE")
    return list(read_articles([samples_folder()]))


def _draw(folder: Path | None, findings: Findings, threshold: float) -> tuple[Path, ...]:
    if folder is None:
        return ()
    drawn: list[Path] = []
    if findings.ranks:
        drawn.append(recall_curves(folder / "recall.png", findings.ranks, squad.DEPTH))
    if findings.decisions:
        curve = trade_off(findings.decisions)
        drawn.append(refusal_curves(folder / "refusal.png", curve, threshold))
    return tuple(drawn)
