"""SQuAD-shaped sets: every leg's ranking over all sentences pooled, and reading a paragraph.

A hit is a sentence of the right paragraph that holds an accepted answer. Questions whose answer
stands only in the title are left out of the rankings and counted: a title is context for the
sentences and is never offered as an answer by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from shutten.evaluation import removal
from shutten.evaluation.baseline import BigramBM25
from shutten.evaluation.datasets import AcceptedAnswer, SquadQuestion, SquadSet
from shutten.evaluation.metrics import (
    Decision,
    character_f1,
    exact_match,
    mean,
    mean_reciprocal_rank,
    rank_of_first,
    recall_at,
    share,
)
from shutten.evaluation.report import Findings, table_of
from shutten.evaluation.subject import Subject, confidence_of
from shutten.index import Index
from shutten.sentences import trimmed
from shutten.types import Answer, Progress, Retriever, Sentence
from shutten.views import Found

DEPTH = 10
"""How far down a ranking is looked at; MRR is cut there as well."""

CUTOFFS = (1, 5, 10)

SentenceId: TypeAlias = tuple[str, int]
"""Article id and sentence number."""


@dataclass(frozen=True, slots=True)
class PooledSentence:
    """A sentence that can be found; offsets and text are without surrounding white space."""

    id: SentenceId
    title: str
    start: int
    end: int
    text: str


class Pool:
    """The sentences of an index, and which of them a question is after."""

    def __init__(self, index: Index, article_ids: Iterable[str]) -> None:
        self._by_article = {each: list(_pooled(index, each)) for each in article_ids}

    def __len__(self) -> int:
        return sum(len(sentences) for sentences in self._by_article.values())

    def __iter__(self) -> Iterator[PooledSentence]:
        for sentences in self._by_article.values():
            yield from sentences

    def holding(self, question: SquadQuestion) -> set[SentenceId]:
        """Return the paragraph's sentences that hold an accepted answer.

        Where no sentence holds one whole, those that it was marked across.
        """
        sentences = self._by_article[question.article_id]
        whole = {
            sentence.id
            for sentence in sentences
            if any(answer.text in sentence.text for answer in question.answers)
        }
        return whole or self.marked(question)

    def spans(
        self, article_id: str, sentences: Collection[SentenceId]
    ) -> tuple[tuple[int, int], ...]:
        """Return where these sentences of an article stand in its text."""
        pooled = self._by_article[article_id]
        return tuple((each.start, each.end) for each in pooled if each.id in sentences)

    def marked(self, question: SquadQuestion) -> set[SentenceId]:
        """Return the sentences at the very place where an answer was marked (stricter)."""
        return {
            sentence.id
            for sentence in self._by_article[question.article_id]
            if any(_is_marked(sentence, answer) for answer in question.answers)
        }


def _pooled(index: Index, article_id: str) -> Iterator[PooledSentence]:
    article = index.article(article_id)
    for sentence in index.sentences(article_id):
        if sentence.kind == "body":
            yield _pooled_sentence(article_id, article.title, article.text, sentence)


def _pooled_sentence(article_id: str, title: str, text: str, sentence: Sentence) -> PooledSentence:
    start, end = trimmed(text, sentence)
    return PooledSentence((article_id, sentence.number), title, start, end, text[start:end])


def _is_marked(sentence: PooledSentence, answer: AcceptedAnswer) -> bool:
    if answer.start is None:
        return answer.text in sentence.text
    return answer.start < sentence.end and sentence.start < answer.start + len(answer.text)


class Rankings:
    """Every way to rank the pool for a question, by name; each gives DEPTH sentences at most."""

    def __init__(self, subject: Subject, pool: Pool) -> None:
        self._subject = subject
        self._ids = [sentence.id for sentence in pool]
        self._baseline = BigramBM25([f"{each.title} {each.text}" for each in pool])

    def of(self, question: str) -> dict[str, list[SentenceId]]:
        """Return the rankings of one question, best sentence first, in a fixed order of legs."""
        legs = self._subject.legs
        return {
            "bigram BM25 (baseline)": self._baseline_ids(question),
            "keyword leg": self._found_ids(legs.keyword(question, DEPTH)),
            "dense leg": self._found_ids(legs.dense(question, DEPTH)),
            "fusion": _retrieved_ids(legs, question),
            "ranking": _retrieved_ids(self._subject.assistant.retriever, question),
            "after the reader": [
                (hit.article_id, hit.sentence) for hit in self._subject.search(question, DEPTH)
            ],
        }

    def _baseline_ids(self, question: str) -> list[SentenceId]:
        return [self._ids[row] for row in self._baseline.search(question, DEPTH)]

    def _found_ids(self, found: Sequence[Found]) -> list[SentenceId]:
        stored = self._subject.index.stored([each.key for each in found])
        return [(sentence.article_id, sentence.number) for sentence in stored]


def _retrieved_ids(retriever: Retriever, question: str) -> list[SentenceId]:
    passages = retriever.retrieve(question, k=DEPTH)
    return [(passage.hit.article_id, passage.hit.sentence) for passage in passages]


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of one question with its paragraph given; `forced` ignores the threshold."""

    question: SquadQuestion
    answer: Answer | None
    forced: str

    @property
    def text(self) -> str:
        """The answering words; "" for a refusal, an error, or an answer without them."""
        return (self.answer.short_answer or "") if self.answer is not None else ""

    @property
    def refused(self) -> bool:
        """An error is no refusal: nobody decided."""
        return self.answer is not None and self.answer.refused

    def decision(self) -> Decision:
        """Return what the trade-off curve is made of."""
        return Decision(bool(self.question.answers), self.refused, confidence_of(self.answer))


def measure(
    dataset: SquadSet,
    questions: Sequence[SquadQuestion],
    subject: Subject,
    progress: Progress | None = None,
) -> Findings:
    """Rank and read for each question; `subject` holds all the paragraphs of the set."""
    pool = Pool(subject.index, [article.id for article in dataset.articles])
    rankings = Rankings(subject, pool)
    golds = [pool.holding(question) for question in questions]
    rests = _bereft(dataset, questions, golds, pool)
    held: dict[str, list[int | None]] = {}
    marked: dict[str, list[int | None]] = {}
    readings: list[Reading] = []
    for done, (question, gold) in enumerate(zip(questions, golds, strict=True), start=1):
        if gold:
            strict = pool.marked(question)
            for leg, ranking in rankings.of(question.text).items():
                held.setdefault(leg, []).append(rank_of_first(ranking, gold))
                marked.setdefault(leg, []).append(rank_of_first(ranking, strict))
        readings.append(_read(question, subject))
        if progress is not None:
            progress(done, len(questions) + len(rests))
    answerable = [each.decision() for each in readings if each.question.answers]
    removed = removal.measure(rests, answerable, subject, _behind(progress, len(questions)))
    return _findings(len(pool), held, marked, readings, removed)


def _bereft(
    dataset: SquadSet,
    questions: Sequence[SquadQuestion],
    golds: Sequence[Collection[SentenceId]],
    pool: Pool,
) -> list[removal.Bereft]:
    taken = [
        (question, pool.spans(question.article_id, gold))
        for question, gold in zip(questions, golds, strict=True)
        if gold
    ]
    return removal.bereft(taken, {each.id: each for each in dataset.articles})


def _behind(progress: Progress | None, before: int) -> Progress | None:
    """Count on from what was done before."""
    if progress is None:
        return None
    return lambda done, total: progress(before + done, None if total is None else before + total)


def _read(question: SquadQuestion, subject: Subject) -> Reading:
    articles = [question.article_id]
    answer = subject.ask(question.text, articles)
    if answer is None:
        return Reading(question, None, forced="")
    # The words of an answer are those of the best passage; a refusal has to be read once more.
    forced = answer.short_answer or _forced(question.text, articles, subject)
    return Reading(question, answer, forced)


def _forced(question: str, articles: list[str], subject: Subject) -> str:
    """Return the words found in the passage the reader likes best, however unsure it is."""
    passages = subject.assistant.retriever.retrieve(question, k=DEPTH, article_ids=articles)
    readings = subject.assistant.lookup.read(question, passages)
    if not readings:
        return ""
    best = max(readings, key=lambda reading: reading.relevance)
    return best.passage.hit.text[best.start : best.end] if best.start is not None else ""


def _findings(
    sentences: int,
    held: Mapping[str, list[int | None]],
    marked: Mapping[str, list[int | None]],
    readings: Sequence[Reading],
    removed: Mapping[str, Any],
) -> Findings:
    answerable = [each for each in readings if each.question.answers]
    unanswerable = [each for each in readings if not each.question.answers]
    ranked = len(next(iter(held.values()), []))
    retrieval = {leg: rank_measures(ranks) for leg, ranks in held.items()}
    strict = {leg: rank_measures(ranks) for leg, ranks in marked.items()}
    reading = _reading_measures(answerable)
    refusal = {
        "answerable_refused": share(sum(each.refused for each in answerable), len(answerable)),
        "unanswerable_refused": share(
            sum(each.refused for each in unanswerable), len(unanswerable)
        ),
    }
    return Findings(
        counts={
            "questions": len(readings),
            "sentences": sentences,
            "ranked": ranked,
            "answer_only_in_title": len(answerable) - ranked,
            "unanswerable": len(unanswerable),
            "errors": sum(each.answer is None for each in readings),
        },
        metrics={
            "retrieval": retrieval,
            "retrieval_at_marked_place": strict,
            "reading": reading,
            "refusal": refusal,
            "answer_removed": removed,
        },
        tables=(
            table_of(f"{sentences} sentences pooled, {ranked} questions", retrieval, "ranking"),
            table_of(f"Paragraph given, {len(answerable)} questions", reading, "reading"),
            table_of("Refused, paragraph given", {"share": refusal}, ""),
            table_of("The sentences that answer taken out", {"": removed}, ""),
        ),
        notes=(
            f"{len(answerable) - ranked} questions whose answer stands only in the title are left "
            "out of the rankings.",
        ),
        ranks=held,
        decisions=tuple(each.decision() for each in readings),
    )


def rank_measures(ranks: Sequence[int | None]) -> dict[str, float | None]:
    """Return recall at each cutoff and the mean reciprocal rank."""
    recall = {f"R@{k}": recall_at(ranks, k) for k in CUTOFFS}
    return {**recall, f"MRR@{DEPTH}": mean_reciprocal_rank(ranks)}


def _reading_measures(readings: Sequence[Reading]) -> dict[str, dict[str, Any]]:
    return {
        "as users get it": _scores([(each.text, each.question) for each in readings]),
        "forced to answer": _scores([(each.forced, each.question) for each in readings]),
    }


def _scores(predictions: Sequence[tuple[str, SquadQuestion]]) -> dict[str, float | None]:
    pairs = [(text, [answer.text for answer in each.answers]) for text, each in predictions]
    return {
        "EM": mean([exact_match(text, accepted) for text, accepted in pairs]),
        "F1": mean([character_f1(text, accepted) for text, accepted in pairs]),
    }
