"""Find the sentences that a claim rests on, and say whether they bear it out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from shutten.checking.alignment import KIN, SOUND, Match, WordVectors, align
from shutten.checking.analysis import Analysis, analyse
from shutten.checking.case import Case
from shutten.checking.checks import problems_of
from shutten.checking.fragments import states_nothing
from shutten.checking.instructions import is_instruction
from shutten.checking.verdicts import Evidence, Problem, Verdict
from shutten.checking.words import Clause
from shutten.types import Embedder, Passage

MOST_SENTENCES = 3
"""A claim rests on at most so many sentences."""

RELATED = 0.2
"""Below this share of found words and numbers, a sentence has nothing to do with a claim."""

BETTER = 0.2
"""A further sentence is taken for a clause that it covers better by more than this."""

SINGLE = 0.6
"""What a single kanji counts, which is found by chance more easily, when a sentence is added."""

IN_CONTEXT = 0.6
"""What a word found in the title or the sentence before counts when sentences are chosen."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage as analysed: its sentence, and what stands around it."""

    number: int
    sentence: Analysis
    context: tuple[Analysis, ...]
    title: Analysis
    article: str

    @classmethod
    def of(cls, number: int, passage: Passage) -> Candidate:
        """Look at a passage."""
        around = [text for text in (passage.hit.title, passage.before) if text.strip()]
        sound = tuple(analyse(text) for text in around if not is_instruction(text))
        title = analyse(passage.hit.title)
        return cls(number, analyse(passage.hit.text), sound, title, passage.hit.article_id)


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with the matches of the claim's words in it, context behind the sentence."""

    candidate: Candidate
    matches: tuple[Match, ...]
    numbers: tuple[bool, ...]

    def score(self, clause: Clause, claim: Analysis) -> float:
        """The share of a clause's words and numbers that the sentence has."""
        words = [m for m in self.matches if clause.start <= m.word.start < clause.end]
        spots = [
            *(quantity.start for quantity in claim.quantities),
            *(moment.start for moment in claim.moments),
            *(time.start for time in claim.times),
        ]
        found = [
            n
            for n, spot in zip(self.numbers, spots, strict=True)
            if clause.start <= spot < clause.end
        ]
        weights = [m.strength * (1.0 if m.text == 0 else IN_CONTEXT) for m in words]
        total = len(weights) + len(found)
        return (sum(weights) + sum(found)) / total if total else 0.0


def choose_sentences(
    claim: Analysis,
    passages: Sequence[Passage],
    vectors: WordVectors,
    *,
    published: Mapping[str, date],
) -> tuple[Case, tuple[int, ...]] | None:
    """Choose the sentences that share most with a claim; None where no sentence shares enough.

    Returns the case and the numbers of the passages chosen, the best first. Sentences that give
    orders are left out. `published` gives the day of an article by its id; the case has it where
    all the sentences are of one day.
    """
    candidates = [
        Candidate.of(number, passage)
        for number, passage in enumerate(passages)
        if not is_instruction(passage.hit.text)
    ]
    scored = [_scored(claim, each, vectors) for each in candidates]
    whole = Clause(0, len(claim.text))
    if not scored or max(each.score(whole, claim) for each in scored) < RELATED:
        return None
    chosen = _chosen(claim, scored)
    evidence = tuple(each.candidate.sentence for each in chosen)
    context = tuple(
        dict.fromkeys(
            text for each in chosen for text in each.candidate.context if text not in evidence
        )
    )
    matches = tuple(align(claim, (*evidence, *context), vectors))
    numbers = tuple(each.candidate.number for each in chosen)
    titles = tuple(dict.fromkeys(each.candidate.title for each in chosen))
    days = {published.get(each.candidate.article) for each in chosen}
    day = days.pop() if len(days) == 1 else None
    return Case(claim, evidence, context, matches, day, titles), numbers


def _scored(claim: Analysis, candidate: Candidate, vectors: WordVectors) -> Scored:
    texts = (candidate.sentence, *candidate.context)
    sentence = candidate.sentence
    numbers = (
        *(any(q.equals(each) for each in sentence.quantities) for q in claim.quantities),
        *(any(m.is_told_by(each) for each in sentence.moments) for m in claim.moments),
        *(any(t.is_told_by(each) for each in sentence.times) for t in claim.times),
    )
    return Scored(candidate, tuple(align(claim, texts, vectors)), numbers)


def _chosen(claim: Analysis, scored: Sequence[Scored]) -> list[Scored]:
    """The best sentence for the whole claim, the best of each clause, and what is still missing."""
    whole = Clause(0, len(claim.text))
    first = max(scored, key=lambda each: each.score(whole, claim))
    chosen = [first]
    for clause in claim.clauses if len(claim.clauses) > 1 else ():
        best = max(scored, key=lambda each: (each.score(clause, claim), each is first))
        gain = best.score(clause, claim) - max(each.score(clause, claim) for each in chosen)
        if best not in chosen and gain > BETTER:
            chosen.append(best)
    while len(chosen) < MOST_SENTENCES:
        more = _most_helpful(scored, chosen)
        if more is None:
            break
        chosen.append(more)
    return chosen[:MOST_SENTENCES]


def _most_helpful(scored: Sequence[Scored], chosen: Sequence[Scored]) -> Scored | None:
    """The sentence that has most of the words and numbers that the chosen ones lack."""
    known = {m.word.start for each in chosen for m in each.matches if m.strength >= KIN}
    lacking = [
        n for n, _ in enumerate(chosen[0].numbers) if not any(each.numbers[n] for each in chosen)
    ]

    def gain(each: Scored) -> float:
        words = [m for m in each.matches if m.text == 0 and m.strength >= SOUND]
        new = sum(
            1.0 if len(m.word.key) > 1 else SINGLE for m in words if m.word.start not in known
        )
        return new + sum(each.numbers[n] for n in lacking)

    rest = [each for each in scored if each not in chosen]
    best = max(rest, key=gain, default=None)
    return best if best is not None and gain(best) > 0 else None


class GroundingChecker:
    """Exact checks of words, numbers, dates, names and negation; may be shared by threads.

    `support` is the share of the claim's words that its sentences have.
    `published` gives the day of an article by its id, for words like 昨年, where its passages do not
    say it themselves.
    """

    def __init__(
        self,
        embedder: Embedder,
        *,
        published: Mapping[str, date] | None = None,
    ) -> None:
        self._vectors = WordVectors(embedder)
        self._published = published or {}

    def check(self, claim: str, passages: Sequence[Passage]) -> Verdict:
        """Return the verdict on one claim."""
        return self.check_all([claim], passages)[0]

    def check_all(self, claims: Sequence[str], passages: Sequence[Passage]) -> list[Verdict]:
        """Return one verdict per claim, in order."""
        return [
            _plain_verdict(claim, passages)
            or _empty_verdict(claim)
            or self._verdict(self._gather(claim, passages), passages)
            for claim in claims
        ]

    def _gather(self, claim: str, passages: Sequence[Passage]) -> Chosen | None:
        told = {each.hit.article_id: each.published for each in passages if each.published}
        days = {**told, **self._published}
        return choose_sentences(analyse(claim), passages, self._vectors, published=days)

    def _verdict(self, chosen: Chosen | None, passages: Sequence[Passage]) -> Verdict:
        if chosen is None:
            return Verdict(supported=False, support=0.0, problems=(_why_nothing(passages),))
        case, numbers = chosen
        problems = problems_of(case)
        strengths = [match.strength for match in case.matches] or [1.0]
        support = sum(strengths) / len(strengths)
        return Verdict(not problems, support, tuple(evidence_of(case, numbers)), tuple(problems))


Chosen: TypeAlias = tuple[Case, tuple[int, ...]]


def _why_nothing(passages: Sequence[Passage]) -> Problem:
    orders = [is_instruction(passage.hit.text) for passage in passages]
    return Problem("instruction" if orders and all(orders) else "no_sentence")


# ── what needs no check ──────────────────────────────────────────────────────────────────────

_QUOTED = re.compile(r"「([^「」]{4,})」|『([^『』]{4,})』|[\"“]([^\"“”]{6,})[\"”]")
_FRAME = re.compile(
    r"記事|文章|本文|資料|出典|次の|以下の|この|文|言葉|記述|引用|中|書かれ|記され|記載|載|述べ|あり|ある|あっ|"
    r"と|に|は|が|も|の|いう|て|い|る|ます|ました|た|されて|さ|れ|で|す|[、。,.:：\s]|"
    r"\b(?:the|an?|article|text|passage|source|document|it|also|says?|states?|contains?|reads?|sentence|line|words?|quote|that|there|is|are|as|follows|in|following|this)\b",
    re.IGNORECASE,
)


def _plain_verdict(claim: str, passages: Sequence[Passage]) -> Verdict | None:
    """A claim that is a whole sentence of a passage, or shows one in quotation marks.

    What gives orders to the reader is only ever shown in quotation marks.
    """
    for number, passage in enumerate(passages):
        text = passage.hit.text
        if _bare(claim) == _bare(text) and not is_instruction(text):
            return Verdict(supported=True, support=1.0, evidence=(Evidence(number, 0, len(text)),))
    quoted = _QUOTED.search(claim)
    if quoted is None or _FRAME.sub("", claim[: quoted.start()] + claim[quoted.end() :]).strip():
        return None
    words = next(group for group in quoted.groups() if group)
    for number, passage in enumerate(passages):
        start = passage.hit.text.find(words)
        if start >= 0:
            where = Evidence(number, start, start + len(words))
            return Verdict(supported=True, support=1.0, evidence=(where,))
    return None


def _empty_verdict(claim: str) -> Verdict | None:
    """The verdict on what states nothing: no sentence can bear it out."""
    if not states_nothing(analyse(claim)):
        return None
    return Verdict(supported=False, support=0.0, problems=(Problem("fragment"),))


def _bare(text: str) -> str:
    return re.sub(r"[\s。.]+", "", without_note_marks(text))


def without_note_marks(text: str) -> str:
    """Leave out bracketed numbers, which an article and a model use for notes."""
    return re.sub(r"[\[［【〔]\s*\d+\s*[\]］】〕]", "", text)


def evidence_of(case: Case, numbers: Sequence[int]) -> list[Evidence]:
    """Where the claim's words and numbers stand in the sentences, from the first to the last.

    A sentence that adds nothing to a better one is left out; the best one never is.
    """
    found = []
    told: set[int] = set()
    for place, number in enumerate(numbers):
        text = case.evidence[place]
        spans = [(m.start, m.end) for m in case.matches if m.text == place and m.strength >= KIN]
        for mine in case.claim.quantities:
            same = next((q for q in text.quantities if mine.equals(q)), None)
            if same is not None and mine.start not in told:
                told.add(mine.start)
                spans.append((same.start, same.end))
        for date_told in case.claimed_dates():
            moment = next((m for m in case.dates(place) if date_told.is_told_by(m)), None)
            if moment is not None and date_told.start not in told:
                told.add(date_told.start)
                spans.append((moment.start, moment.end))
        if spans:
            start, end = text.folded.span(min(s for s, _ in spans), max(e for _, e in spans))
            found.append(Evidence(number, start, end))
    if not found:
        return [Evidence(numbers[0], 0, len(case.evidence[0].source))]
    return sorted(found, key=lambda each: each.passage)
