"""Take the answer out of its paragraph: what is left is on the subject and does not answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shutten.assistant import assistant_for_articles
from shutten.evaluation.datasets import SquadQuestion
from shutten.evaluation.metrics import Decision, area_under_curve, level, share
from shutten.evaluation.subject import Subject, confidence_of
from shutten.retrieval import HybridRetriever
from shutten.types import Answer, Article, Progress


@dataclass(frozen=True, slots=True)
class Bereft:
    """A question, and its paragraph without the sentences that hold an accepted answer."""

    question: SquadQuestion
    rest: Article


def without(article: Article, spans: Iterable[tuple[int, int]]) -> str:
    """Return the article's text without these ranges, which do not overlap."""
    kept, position = "", 0
    for start, end in sorted(spans):
        kept += article.text[position:start]
        position = end
    return kept + article.text[position:]


def bereft(
    questions: Sequence[tuple[SquadQuestion, tuple[tuple[int, int], ...]]],
    articles: Mapping[str, Article],
) -> list[Bereft]:
    """Pair each question with what is left of its paragraph; where nothing is, it is left out.

    Questions whose answers stand in the same sentences share one text and its id.
    """
    left = []
    for question, spans in questions:
        article = articles[question.article_id]
        places = ",".join(str(start) for start, _ in sorted(spans))
        rest = replace(article, id=f"{article.id} without {places}", text=without(article, spans))
        if rest.text.strip():
            left.append(Bereft(question, rest))
    return left


def _decision(answer: Answer | None) -> Decision:
    """Return what the reader made of it; an error is no refusal."""
    refused = answer is not None and answer.refused
    return Decision(answerable=False, refused=refused, confidence=confidence_of(answer))


def measure(
    asked: Sequence[Bereft],
    answerable: Sequence[Decision],
    subject: Subject,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Ask each question of what is left, and compare with the decisions where nothing was taken.

    `auc` is the chance that the reader is surer of a paragraph that answers than of one from which
    the answer was taken.
    """
    if not asked:
        return {"questions": 0, "refused": None, "auc": None}
    rests = {each.rest.id: each.rest for each in asked}
    assistant = assistant_for_articles(rests.values(), like=subject.assistant)
    left = Subject(assistant, HybridRetriever(assistant.index, assistant.embedder))
    decisions = []
    for done, each in enumerate(asked, start=1):
        decisions.append(_decision(left.ask(each.question.text, [each.rest.id])))
        if progress is not None:
            progress(done, len(asked))
    return {
        "questions": len(decisions),
        "refused": share(sum(each.refused for each in decisions), len(decisions)),
        "auc": area_under_curve([*map(level, answerable)], [*map(level, decisions)]),
    }
