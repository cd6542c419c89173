"""Question files and topic lists: the right sentence is to be cited, the rest refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, TypeAlias

from shutten.errors import DatasetError
from shutten.evaluation.datasets import ArticleQuestion
from shutten.evaluation.metrics import Decision, contains, share, trade_off
from shutten.evaluation.report import Findings, Table, counted
from shutten.evaluation.subject import Subject, confidence_of
from shutten.index import Index
from shutten.types import Answer, Citation, Progress

CURVE_STEPS = 20
NEEDS_ALL = "list"
"""Of a question of this kind every answer must be named, of others one of the accepted."""


HELD_OUT = "test"
"""Failures of this split are not shown, so that nobody tunes to them by accident."""

COLUMNS = (
    # of the answerable questions: a gold sentence cited first, or at all; the answer named in the
    # short answer, or in the text; quoted with the notice that it may not answer; refused. Of the
    # unanswerable ones: quoted with that notice; refused.
    "",
    "first cited",
    "any cited",
    "in short",
    "in text",
    "unsure",
    "wrongly refused",
    "rightly unsure",
    "rightly refused",
)


@dataclass(frozen=True, slots=True)
class Span:
    """`article.text[start:end]` answers the question."""

    article_id: str
    start: int
    end: int

    def overlaps(self, citation: Citation) -> bool:
        """Whether the citation touches this place."""
        same = citation.article_id == self.article_id
        return same and citation.start < self.end and self.start < citation.end


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one question; `answer` is None where the question was an error."""

    question: ArticleQuestion
    answer: Answer | None
    gold: tuple[Span, ...]

    @property
    def refused(self) -> bool:
        """An error is no refusal: nobody decided."""
        return self.answer is not None and self.answer.refused

    @property
    def unsure(self) -> bool:
        """Whether something is quoted, and the answer says that it may not answer."""
        return self.answer is not None and self.answer.unsure

    @property
    def first_citation(self) -> bool:
        """Whether the first citation is gold."""
        return any(map(self.is_gold, self._citations[:1]))

    @property
    def any_citation(self) -> bool:
        """Whether some citation is gold."""
        return any(map(self.is_gold, self._citations))

    @property
    def in_short_answer(self) -> bool:
        """Whether the short answer names the answer."""
        return self._named(None if self.answer is None else self.answer.short_answer)

    @property
    def in_text(self) -> bool:
        """Whether the answer's text names the answer; a refusal's phrase names nothing."""
        return not self.refused and self._named(None if self.answer is None else self.answer.text)

    @property
    def decision(self) -> Decision:
        """What the trade-off curve is made of."""
        return Decision(self.question.answerable, self.refused, confidence_of(self.answer))

    @property
    def failure(self) -> str | None:
        """Say in words what went wrong, None where nothing did."""
        if self.answer is None:
            return "error"
        if not self.question.answerable:
            return None if self.refused else "answered"
        if self.refused:
            return "refused"
        return None if self.first_citation else "another sentence cited first"

    @property
    def _citations(self) -> tuple[Citation, ...]:
        return () if self.answer is None else self.answer.citations

    def is_gold(self, citation: Citation) -> bool:
        """Whether it touches a gold sentence."""
        return any(span.overlaps(citation) for span in self.gold)

    def _named(self, text: str | None) -> bool:
        named = [contains(text, answer) for answer in self.question.answers]
        return bool(named) and (all if self.question.kind == NEEDS_ALL else any)(named)


Grouping: TypeAlias = Callable[[Outcome], str | None]


def measure(
    questions: Sequence[ArticleQuestion], subject: Subject, progress: Progress | None = None
) -> Findings:
    """Ask every question and count what came of it."""
    outcomes = []
    for done, question in enumerate(questions, start=1):
        outcomes.append(ask(question, subject))
        if progress is not None:
            progress(done, len(questions))
    return _findings(outcomes)


def ask(question: ArticleQuestion, subject: Subject) -> Outcome:
    """Ask the way users do, of the question's own article where it names one."""
    asked = _asked_articles(question, subject.index)
    gold = tuple(_gold_spans(question, asked, subject.index))
    restriction = None if question.article is None else asked
    return Outcome(question, subject.ask(question.text, restriction), gold)


def _asked_articles(question: ArticleQuestion, index: Index) -> list[str]:
    ids = [entry.id for entry in index.articles()]
    if question.article is None:
        return ids
    name = question.article
    named = [each for each in ids if name in (each, Path(each).name, Path(each).stem)]
    if len(named) != 1:
        raise DatasetError(
            f"question {question.id} is about {name}: give exactly one such file with --article"
        )
    return named


def _gold_spans(question: ArticleQuestion, asked: Sequence[str], index: Index) -> Iterator[Span]:
    if question.gold_lines and len(asked) != 1:
        raise DatasetError(
            f"question {question.id} has gold_lines but several articles are asked: "
            'name its file in a field "article"'
        )
    for article_id in asked:
        text = index.article(article_id).text
        lines = _line_spans(text)
        for number in question.gold_lines:
            yield Span(article_id, *_at(lines, number, f"question {question.id}: line"))
        yield from _sentence_spans(question, article_id, text, index)
    _check_quotes(question, [index.article(each).text for each in asked])


def _line_spans(text: str) -> list[tuple[int, int]]:
    ends = [match.end() for match in re.finditer(r"\r\n|\n|\r", text)]
    return list(zip([0, *ends], [*ends, len(text)], strict=True))


def _at(spans: Sequence[tuple[int, int]], number: int, what: str) -> tuple[int, int]:
    if not 1 <= number <= len(spans):
        raise DatasetError(f"{what} {number} is not among {len(spans)}: correct the gold marks")
    return spans[number - 1]


def _sentence_spans(
    question: ArticleQuestion, article_id: str, text: str, index: Index
) -> Iterator[Span]:
    for mark in question.gold_sentences:
        if isinstance(mark, int):
            spans = [(each.start, each.end) for each in index.sentences(article_id)]
            yield Span(article_id, *_at(spans, mark, f"question {question.id}: sentence"))
        else:
            for match in re.finditer(re.escape(mark), text):
                yield Span(article_id, match.start(), match.end())


def _check_quotes(question: ArticleQuestion, texts: Sequence[str]) -> None:
    quotes = [mark for mark in question.gold_sentences if isinstance(mark, str)]
    for quote in quotes:
        if not any(quote in text for text in texts):
            raise DatasetError(
                f"question {question.id}: its gold sentence {quote[:40]!r} does not stand in the "
                "article: quote it word for word"
            )


# --- from outcomes to findings ---------------------------------------------------------------


def _findings(outcomes: Sequence[Outcome]) -> Findings:
    groups = {
        "by_split": _grouped(outcomes, lambda each: each.question.split),
        "by_article": _grouped(outcomes, lambda each: each.question.article),
        "by_kind": _grouped(outcomes, lambda each: each.question.kind),
    }
    decisions = tuple(each.decision for each in outcomes)
    failures = [each for each in outcomes if each.failure]
    listed = [each for each in failures if each.question.split != HELD_OUT]
    return Findings(
        counts={
            "questions": len(outcomes),
            "answerable": sum(each.question.answerable for each in outcomes),
            "unanswerable": sum(not each.question.answerable for each in outcomes),
            "errors": sum(each.answer is None for each in outcomes),
            "failures": len(failures),
            "failures_not_listed": len(failures) - len(listed),
        },
        metrics={
            **_measures(outcomes),
            **{
                grouping: {name: _measures(group) for name, group in members.items()}
                for grouping, members in groups.items()
            },
            "trade_off": [
                [point.threshold, point.answerable_refused, point.unanswerable_refused]
                for point in trade_off(decisions, CURVE_STEPS)
            ],
        },
        tables=tuple(_tables(outcomes, groups)),
        failures=tuple(_failure(each) for each in listed),
        notes=_notes(len(failures) - len(listed)),
        decisions=decisions,
    )


def _notes(not_listed: int) -> tuple[str, ...]:
    if not not_listed:
        return ()
    return (f"{not_listed} failures of the split {HELD_OUT} are counted and not listed.",)


def _grouped(outcomes: Sequence[Outcome], key: Grouping) -> dict[str, list[Outcome]]:
    """Group in order of first appearance; what has no such label is in no group."""
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        label = key(outcome)
        if label:
            groups.setdefault(label, []).append(outcome)
    return groups


def _measures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    answerable = [each for each in outcomes if each.question.answerable]
    unanswerable = [each for each in outcomes if not each.question.answerable]
    counts, kept_back = _answerable_counts(answerable), _kept_back(unanswerable)
    return {
        "answerable": {
            "questions": len(answerable),
            **counts,
            **_shares(counts, len(answerable)),
            "median_characters": _median_characters(answerable),
        },
        "unanswerable": {
            "questions": len(unanswerable),
            **kept_back,
            **_shares(kept_back, len(unanswerable)),
        },
    }


def _answerable_counts(answerable: Sequence[Outcome]) -> dict[str, int]:
    return {
        "first_citation": sum(each.first_citation for each in answerable),
        "any_citation": sum(each.any_citation for each in answerable),
        "in_short_answer": sum(each.in_short_answer for each in answerable),
        "in_text": sum(each.in_text for each in answerable),
        **_kept_back(answerable),
    }


def _kept_back(outcomes: Sequence[Outcome]) -> dict[str, int]:
    return {
        "unsure": sum(each.unsure for each in outcomes),
        "refused": sum(each.refused for each in outcomes),
    }


def _median_characters(outcomes: Sequence[Outcome]) -> float | None:
    """Return how long the text of what is answered is, markers included; None where nothing is."""
    answers = [each.answer for each in outcomes if each.answer is not None and not each.refused]
    return median([len(answer.text) for answer in answers]) if answers else None


def _shares(counts: Mapping[str, int], questions: int) -> dict[str, float | None]:
    return {f"{name}_share": share(count, questions) for name, count in counts.items()}


def _tables(
    outcomes: Sequence[Outcome], groups: Mapping[str, Mapping[str, Sequence[Outcome]]]
) -> Iterator[Table]:
    """Yield a table of everything, then one for each grouping that tells more than that one."""
    yield Table("Questions", COLUMNS, (_row("all", outcomes),))
    for grouping, members in groups.items():
        if len(members) > 1:
            title = grouping.replace("_", " ").capitalize()
            yield Table(title, COLUMNS, tuple(_row(*each) for each in members.items()))


def _row(name: str, outcomes: Sequence[Outcome]) -> tuple[str | None, ...]:
    answerable = [each for each in outcomes if each.question.answerable]
    unanswerable = [each for each in outcomes if not each.question.answerable]
    return (
        name,
        *(counted(count, len(answerable)) for count in _answerable_counts(answerable).values()),
        *(counted(count, len(unanswerable)) for count in _kept_back(unanswerable).values()),
    )


def _failure(outcome: Outcome) -> dict[str, Any]:
    question, answer = outcome.question, outcome.answer
    cited = answer.citations[0].quote if answer is not None and answer.citations else None
    return {
        "id": question.id,
        "question": question.text,
        "kind": question.kind,
        "article": question.article,
        "split": question.split,
        "failure": outcome.failure,
        "expected": list(question.answers),
        "short_answer": None if answer is None else answer.short_answer,
        "first_quote": cited,
        "confidence": outcome.decision.confidence,
    }
