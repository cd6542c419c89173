"""Dialogues: every follow-up is asked with its history, without it, and as a person rewrote it."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from shutten.errors import DatasetError
from shutten.evaluation.datasets import read_lines
from shutten.evaluation.metrics import share
from shutten.evaluation.report import Findings, Table
from shutten.evaluation.subject import Subject
from shutten.types import Answer, Progress, Turn

Way = Literal["rewritten", "as asked", "written by hand"]
Scope = Literal["article", "all"]

WAYS: tuple[Way, ...] = get_args(Way)
SCOPES: tuple[Scope, ...] = get_args(Scope)
TOP = 3
"""A follow-up is found where a gold sentence is among so many hits, after the reader."""

CHANGE = "change"
"""The kind of a question that begins a new topic; it should stay as it is asked."""


@dataclass(frozen=True, slots=True)
class DialogueTurn:
    """A question of a dialogue; `gold` are sentence numbers of the article, from 1.

    `answer` is what is said to have been answered; None: what the assistant answers.
    """

    question: str
    standalone: str
    article: str
    gold: tuple[int, ...]
    kind: str
    answer: str | None


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Turns in order; the first stands alone."""

    id: str
    language: str
    turns: tuple[DialogueTurn, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one way to ask."""

    found: bool
    first: bool
    refused: bool


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One scored question in one scope."""

    dialogue: Dialogue
    number: int
    scope: Scope
    standalone: str
    results: Mapping[Way, Result]

    @property
    def turn(self) -> DialogueTurn:
        """The turn that was asked."""
        return self.dialogue.turns[self.number]

    @property
    def unchanged(self) -> bool:
        """Whether the rewriter left the question as it is."""
        return self.standalone == self.turn.question


def read_dialogues(path: Path) -> list[Dialogue]:
    """Read a file of dialogues, a JSON object a line; raises DatasetError."""
    lines = enumerate(read_lines(path), start=1)
    dialogues = [_dialogue(line, f"{path}, line {n}") for n, line in lines if line.strip()]
    if not dialogues:
        raise DatasetError(f"{path} holds no dialogues: one JSON object per line is expected")
    return dialogues


def _dialogue(line: str, place: str) -> Dialogue:
    try:
        raw = json.loads(line)
        turns = tuple(_turn(each, str(raw["article"])) for each in raw["turns"])
        return Dialogue(str(raw["id"]), str(raw["language"]), turns)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DatasetError(
            f"{place}: expected an object with id, language, article and turns, each with question "
            f"and gold_sentences, found {error!r}"
        ) from error


def _turn(raw: Mapping[str, Any], article: str) -> DialogueTurn:
    question = str(raw["question"])
    return DialogueTurn(
        question=question,
        standalone=str(raw.get("standalone") or question),
        article=str(raw.get("article") or article),
        gold=tuple(int(number) for number in raw["gold_sentences"]),
        kind=str(raw.get("kind") or ""),
        answer=None if raw.get("answer") is None else str(raw["answer"]),
    )


def measure(
    dialogues: Sequence[Dialogue],
    subject: Subject,
    *,
    listed: bool,
    progress: Progress | None = None,
) -> Findings:
    """Hold every dialogue twice: with its article alone, and with all articles.

    `listed` says whether the findings name the follow-ups that were not found.
    """
    _check(dialogues, subject)
    follow_ups: list[FollowUp] = []
    for done, dialogue in enumerate(dialogues, start=1):
        for scope in SCOPES:
            follow_ups += _hold(dialogue, scope, subject)
        if progress is not None:
            progress(done, len(dialogues))
    return _findings(dialogues, follow_ups, subject, listed=listed)


def _check(dialogues: Iterable[Dialogue], subject: Subject) -> None:
    sizes = {entry.id: entry.sentences for entry in subject.index.articles()}
    for dialogue in dialogues:
        for turn in dialogue.turns:
            if turn.article not in sizes:
                raise DatasetError(f"{dialogue.id} asks an unknown article: {turn.article}")
            if not all(1 <= number <= sizes[turn.article] for number in turn.gold):
                raise DatasetError(
                    f"{dialogue.id}: {turn.article} has {sizes[turn.article]} sentences: correct "
                    "gold_sentences"
                )


def _hold(dialogue: Dialogue, scope: Scope, subject: Subject) -> list[FollowUp]:
    history: list[Turn] = []
    scored = []
    for number, turn in enumerate(dialogue.turns):
        asked = [turn.article] if scope == "article" else None
        answer = subject.assistant.ask(turn.question, history=history, article_ids=asked)
        if number:
            alone = {
                way: subject.ask(question, asked)
                for way, question in zip(WAYS[1:], (turn.question, turn.standalone), strict=True)
            }
            given: dict[Way, Answer | None] = {"rewritten": answer, **alone}
            results = {way: _result(each, turn) for way, each in given.items()}
            scored.append(FollowUp(dialogue, number, scope, answer.standalone_question, results))
        history.append(Turn(turn.question, answer.text if turn.answer is None else turn.answer))
    return scored


def _result(answer: Answer | None, turn: DialogueTurn) -> Result:
    if answer is None:
        return Result(found=False, first=False, refused=False)
    gold = {(turn.article, number) for number in turn.gold}
    hits = [(hit.article_id, hit.sentence) for hit in answer.hits[:TOP]]
    cited = [(each.article_id, each.sentence) for each in answer.citations[:1]]
    return Result(
        found=not gold.isdisjoint(hits), first=not gold.isdisjoint(cited), refused=answer.refused
    )


# --- from results to findings ----------------------------------------------------------------


def _findings(
    dialogues: Sequence[Dialogue], follow_ups: Sequence[FollowUp], subject: Subject, *, listed: bool
) -> Findings:
    missed = [each for each in follow_ups if not each.results["rewritten"].found]
    groups = {scope: [each for each in follow_ups if each.scope == scope] for scope in SCOPES}
    rows = [(f"{_SCOPE_NAMES[scope]}", group) for scope, group in groups.items()]
    kinds = _grouped(groups["article"], lambda each: each.turn.kind)
    languages = _grouped(groups["article"], lambda each: each.dialogue.language)
    changes = [each for each in groups["article"] if each.turn.kind == CHANGE]
    return Findings(
        counts={
            "dialogues": len(dialogues),
            "follow_ups": len(groups["article"]),
            "topic_changes": len(changes),
            "failures": len(missed),
            "failures_not_listed": 0 if listed else len(missed),
        },
        metrics={
            **{scope: _measures(group) for scope, group in groups.items()},
            "topic_changes_unchanged": share(sum(e.unchanged for e in changes), len(changes)),
            "by_kind": {name: _measures(group) for name, group in kinds.items()},
            "by_language": {name: _measures(group) for name, group in languages.items()},
            "rewriting_ms": _milliseconds(dialogues, subject),
        },
        tables=(
            _table("Follow-ups", rows),
            _table("By kind, with the article", list(kinds.items())),
            _table("By language, with the article", list(languages.items())),
        ),
        failures=tuple(map(_failure, missed)) if listed else (),
        notes=() if listed else (f"{len(missed)} failures are counted and not listed.",),
    )


_SCOPE_NAMES: dict[Scope, str] = {"article": "with the article", "all": "with all articles"}


def _grouped(
    follow_ups: Iterable[FollowUp], key: Callable[[FollowUp], str]
) -> dict[str, list[FollowUp]]:
    groups: dict[str, list[FollowUp]] = {}
    for each in follow_ups:
        groups.setdefault(key(each) or "none", []).append(each)
    return groups


def _measures(follow_ups: Sequence[FollowUp]) -> dict[str, Any]:
    return {
        "follow_ups": len(follow_ups),
        **{way: _shares([each.results[way] for each in follow_ups]) for way in WAYS},
    }


def _shares(results: Sequence[Result]) -> dict[str, float | None]:
    return {
        "top_3": share(sum(each.found for each in results), len(results)),
        "first_citation": share(sum(each.first for each in results), len(results)),
        "refused": share(sum(each.refused for each in results), len(results)),
    }


def _table(title: str, rows: Sequence[tuple[str, Sequence[FollowUp]]]) -> Table:
    """Return a table with a row for each group and way to ask."""
    columns = ("", "follow-ups", "asked", "top 3", "first cited", "refused")
    written = []
    for name, group in rows:
        for way in WAYS:
            shares = _shares([each.results[way] for each in group]).values()
            written.append((name, len(group), way, *shares))
    return Table(title, columns, tuple(written))


def _milliseconds(dialogues: Sequence[Dialogue], subject: Subject) -> dict[str, float]:
    """Time the rewriter on every follow-up, with the answers that a person would remember."""
    taken = []
    for dialogue in dialogues:
        turns = [Turn(each.question, each.answer or each.standalone) for each in dialogue.turns]
        for number, turn in enumerate(turns[1:], start=1):
            started = time.perf_counter()
            subject.assistant.rewriter.rewrite(turn.question, turns[:number])
            taken.append((time.perf_counter() - started) * 1000)
    return {"median": statistics.median(taken), "largest": max(taken)} if taken else {}


def _failure(follow_up: FollowUp) -> dict[str, Any]:
    return {
        "id": follow_up.dialogue.id,
        "turn": follow_up.number + 1,
        "kind": follow_up.turn.kind,
        "scope": follow_up.scope,
        "question": follow_up.turn.question,
        "standalone_question": follow_up.standalone,
        "found_as_asked": follow_up.results["as asked"].found,
        "found_written_by_hand": follow_up.results["written by hand"].found,
    }
