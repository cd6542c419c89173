"""Natural questions with their evidence (NIILC), found again among many paragraphs.

NIILC (github.com/mynlp/niilc-qa) holds questions that were not written beside a text, most of them
with the words of Wikipedia that answer. These words are pooled with the paragraphs of JSQuAD, so
that there is something to be mistaken for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from shutten.errors import DatasetError
from shutten.evaluation.metrics import contains, rank_of_first
from shutten.evaluation.report import Findings, table_of
from shutten.evaluation.squad import Pool, PooledSentence, Rankings, SentenceId, rank_measures
from shutten.evaluation.subject import Subject
from shutten.types import Article, Progress

if TYPE_CHECKING:
    from lxml.etree import _Element

NO_ANSWER = "-"
"""What stands in the place of an answer where nobody found one."""


@dataclass(frozen=True, slots=True)
class NaturalQuestion:
    """A question, its accepted answers, and the article that holds its evidence."""

    id: str
    text: str
    answers: tuple[str, ...]
    article_id: str


@dataclass(frozen=True, slots=True)
class NaturalSet:
    """Each piece of evidence is an article; questions with the same evidence share it.

    `without_evidence` counts the questions that name none and are left out.
    """

    articles: tuple[Article, ...]
    questions: tuple[NaturalQuestion, ...]
    without_evidence: int


def read_natural(path: Path) -> NaturalSet:
    """Read an NIILC file (XML); raises DatasetError."""
    articles: dict[tuple[str, str], Article] = {}
    questions = []
    asked = _elements(path)
    for element in asked:
        evidence, title = _said(element, "meta/E.5"), _said(element, "meta/E.3")
        if evidence:
            new = Article(f"n{len(articles) + 1}", title, evidence)
            article = articles.setdefault((title, evidence), new)
            questions.append(_question(element, article.id))
    if not questions:
        raise DatasetError(f"{path} holds no questions with evidence: an NIILC file is expected")
    return NaturalSet(tuple(articles.values()), tuple(questions), len(asked) - len(questions))


def _elements(path: Path) -> list[_Element]:
    from lxml.etree import XMLParser, XMLSyntaxError, parse

    try:
        tree = parse(path, XMLParser(resolve_entities=False, no_network=True))
    except (OSError, XMLSyntaxError) as error:
        raise DatasetError(f"{path} cannot be read as XML ({error}): check the file") from error
    return list(tree.getroot().iterfind("question"))


def _said(element: _Element, name: str) -> str:
    return (element.findtext(name) or "").strip()


def _question(element: _Element, article_id: str) -> NaturalQuestion:
    answers = (str(each.text or "").strip() for each in element.iterfind("answers/answer"))
    accepted = tuple(each for each in answers if each not in ("", NO_ANSWER))
    return NaturalQuestion(str(element.get("id")), _said(element, "text"), accepted, article_id)


class Evidence:
    """The sentences of a pool by what they say, whichever piece of evidence they stand in."""

    def __init__(self, pool: Pool) -> None:
        self._of_article: dict[str, list[PooledSentence]] = {}
        self._alike: dict[tuple[str, str], set[SentenceId]] = {}
        for sentence in pool:
            self._of_article.setdefault(sentence.id[0], []).append(sentence)
            self._alike.setdefault((sentence.title, sentence.text), set()).add(sentence.id)

    def of(self, question: NaturalQuestion) -> set[SentenceId]:
        """Return the sentences of the question's evidence, and their likes under the same title."""
        return self._ids(self._sentences(question))

    def naming(self, question: NaturalQuestion) -> set[SentenceId]:
        """Return those among them that name an accepted answer (stricter); often there is none."""
        return self._ids(
            each
            for each in self._sentences(question)
            if any(contains(each.text, answer) for answer in question.answers)
        )

    def _sentences(self, question: NaturalQuestion) -> Iterator[PooledSentence]:
        yield from self._of_article.get(question.article_id, ())

    def _ids(self, sentences: Iterator[PooledSentence]) -> set[SentenceId]:
        return {key for each in sentences for key in self._alike[each.title, each.text]}


def measure(
    dataset: NaturalSet,
    questions: Sequence[NaturalQuestion],
    distractors: Sequence[Article],
    subject: Subject,
    progress: Progress | None = None,
) -> Findings:
    """Rank the pool for every question; `subject` holds the evidence and the distractors."""
    pool = Pool(subject.index, [each.id for each in (*dataset.articles, *distractors)])
    evidence, rankings = Evidence(pool), Rankings(subject, pool)
    found: dict[str, list[int | None]] = {}
    named: dict[str, list[int | None]] = {}
    for done, question in enumerate(questions, start=1):
        gold, naming = evidence.of(question), evidence.naming(question)
        for leg, ranking in rankings.of(question.text).items():
            found.setdefault(leg, []).append(rank_of_first(ranking, gold))
            if naming:
                named.setdefault(leg, []).append(rank_of_first(ranking, naming))
        if progress is not None:
            progress(done, len(questions))
    return _findings(dataset, len(pool), found, named)


def _findings(
    dataset: NaturalSet,
    sentences: int,
    found: dict[str, list[int | None]],
    named: dict[str, list[int | None]],
) -> Findings:
    ranked = len(next(iter(found.values()), []))
    naming = len(next(iter(named.values()), []))
    retrieval = {leg: rank_measures(ranks) for leg, ranks in found.items()}
    strict = {leg: rank_measures(ranks) for leg, ranks in named.items()}
    return Findings(
        counts={
            "questions": ranked,
            "sentences": sentences,
            "evidence_names_the_answer": naming,
            "without_evidence": dataset.without_evidence,
        },
        metrics={"retrieval": retrieval, "retrieval_of_the_answer": strict},
        tables=(
            table_of(f"{sentences} sentences pooled, {ranked} questions", retrieval, "ranking"),
            table_of(f"Sentences that name the answer, {naming} questions", strict, "ranking"),
        ),
        notes=(f"{dataset.without_evidence} questions without evidence are left out.",),
        ranks=found,
    )
