"""Finds questions to ask next that the articles answer with a sentence not shown so far."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from shutten.assistant import Assistant
from shutten.grounding import one_line, with_markers_escaped
from shutten.readable import readable
from shutten.reader import covered
from shutten.sentences import detect_language, trimmed
from shutten.suggesting import english, japanese
from shutten.suggesting.making import Made, Maker, Wanted
from shutten.terms import folded_together
from shutten.tokens import tokenise
from shutten.types import Answer, Article, Language, Sentence, Turn

SHOWN: Final = 3

TRIED: Final = 8
"""How many questions are tried for one answer; each costs what a question costs."""

ALIKE: Final = 2
"""How many of the questions that are shown may ask for the same kind of thing."""

SAME: Final = 0.8
"""From this share of its tokens on, a sentence counts as said and a question as asked."""

HALF: Final = 0.5
"""The least share of a reason or a statement that may stand for it; less is some word of it."""

ARTICLES: Final = 2
"""Of how many cited articles sentences are looked at."""

NEAR: Final = 60
"""How many sentences on either side of a cited one are looked at."""

_MAKERS: Final[dict[Language, Maker]] = {"ja": japanese.made_from, "en": english.made_from}
_TOLD_AT_LENGTH: Final = ("why", "what", "said", "side")
_LESS_TELLING: Final = {"when": 3.0, "what": 2.0, "said": 1.0}
"""By how many sentences farther away a question counts that asks for this."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What was asked and answered: the last answer, the turns before it, and the articles chosen.

    `article_ids` None means that all were asked. `suggested` are the questions that were suggested
    before: who did not ask one does not want to see it again.
    """

    answer: Answer
    history: tuple[Turn, ...] = ()
    article_ids: tuple[str, ...] | None = None
    suggested: tuple[str, ...] = ()

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The conversation up to now."""
        return (*self.history, Turn(self.answer.question, self.answer.text))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question that the sentence answers."""

    question: str
    article_id: str
    sentence: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    made: Made
    article_id: str
    sentence: int
    rank: float

    @property
    def suggestion(self) -> Suggestion:
        """What is shown of it."""
        return Suggestion(self.made.question, self.article_id, self.sentence)

    def is_of(self, found: Sequence[Suggestion]) -> bool:
        """Whether a question of the same sentence was found."""
        place = (self.article_id, self.sentence)
        return any((each.article_id, each.sentence) == place for each in found)


class Suggester:
    """Makes next questions over what one assistant may see. Holds no conversation."""

    def __init__(self, assistant: Assistant, *, most: int = SHOWN) -> None:
        self._assistant = assistant
        self._most = most

    def suggest(self, asked: Answered) -> tuple[Suggestion, ...]:
        """Return up to SHOWN questions, best first; none of a refusal."""
        *_, found = ((), *self.steps(asked))
        return found

    def add_to(self, asked: Answered) -> Answer:
        """Return the answer with its next questions and the time that they took."""
        started = time.perf_counter()
        found = self.suggest(asked)
        took = (time.perf_counter() - started) * 1000
        return with_suggestions(asked.answer, found, milliseconds=took)

    def steps(self, asked: Answered) -> Generator[tuple[Suggestion, ...]]:
        """Try one question after the other; yield what was found so far after each.

        Closing the generator ends the work. Raises UnknownArticleError where a cited article has
        left meanwhile.
        """
        found: tuple[Suggestion, ...] = ()
        kinds: Counter[Wanted] = Counter()
        tried = 0
        for candidate in self._candidates(asked):
            if tried == TRIED or len(found) >= self._most:
                return
            if kinds[candidate.made.wanted] >= ALIKE or candidate.is_of(found):
                continue
            tried += 1
            if self._is_answered(candidate, asked):
                kinds[candidate.made.wanted] += 1
                found = (*found, candidate.suggestion)
            yield found

    def _candidates(self, asked: Answered) -> list[_Candidate]:
        answer = asked.answer
        found = [
            candidate
            for article_id in list(dict.fromkeys(c.article_id for c in answer.citations))[:ARTICLES]
            for candidate in self._of_article(article_id, asked)
        ]
        return sorted(found, key=lambda each: each.rank)

    def _of_article(self, article_id: str, asked: Answered) -> Iterator[_Candidate]:
        article, sentences = self._assistant.index.article_with_sentences(article_id)
        cited = [c.sentence for c in asked.answer.citations if c.article_id == article_id]
        said, longest = _said(asked), self._assistant.max_question_characters
        for sentence in sentences:
            distance = min(_distance(sentence.number, each) for each in cited)
            if sentence.kind != "body" or not 0 < distance <= NEAR:
                continue
            text = _text_of(article, sentence)
            if detect_language(text) != asked.answer.language or said.holds(text):
                continue
            for made in _MAKERS[asked.answer.language](text):
                if len(made.question) <= longest and not said.has_asked(made):
                    rank = distance + _LESS_TELLING.get(made.wanted, 0.0) + len(made.question) / 20
                    yield _Candidate(made, article_id, sentence.number, rank)

    def _is_answered(self, candidate: _Candidate, asked: Answered) -> bool:
        """Ask it as the visitor would, and see whether its own sentence answers."""
        answer = self._assistant.ask(
            candidate.made.question,
            history=asked.turns,
            article_ids=asked.article_ids,
            quoting=True,
        )
        if answer.refused or answer.was_rewritten:
            return False
        first = answer.citations[0]
        if (first.article_id, first.sentence) != (candidate.article_id, candidate.sentence):
            return False
        return _is_told(answer, candidate.made)


def with_suggestions(answer: Answer, found: Sequence[Suggestion], *, milliseconds: float) -> Answer:
    """Return an answer with what can be asked next; `milliseconds` is what that took."""
    timings = replace(answer.timings_ms, suggest=milliseconds)
    questions = tuple(each.question for each in found)
    return replace(answer, suggestions=questions, timings_ms=timings)


def _distance(number: int, cited: int) -> float:
    """How far a sentence is from a cited one; what follows is nearer than what stands before."""
    return number - cited if number >= cited else 1.5 * (cited - number)


def _text_of(article: Article, sentence: Sentence) -> str:
    start, end = trimmed(article.text, sentence)
    return one_line(readable(article.text[start:end]))


@dataclass(frozen=True, slots=True)
class _Said:
    """What the conversation has shown and asked."""

    answers: tuple[str, ...]
    questions: tuple[str, ...]
    suggested: frozenset[str]

    def holds(self, sentence: str) -> bool:
        """Whether a sentence was shown, as it is or in other words."""
        tokens = set(tokenise(with_markers_escaped(sentence)))
        return any(covered(tokens, answer) >= SAME for answer in self.answers)

    def has_asked(self, made: Made) -> bool:
        """Whether a question was asked or suggested before, or its answer given."""
        if folded_together(made.question) in self.suggested:
            return True
        tokens = set(tokenise(made.question))
        if any(covered(tokens, question) >= SAME for question in self.questions):
            return True
        return any(
            folded_together(made.words) in folded_together(answer) for answer in self.answers
        )


def _said(asked: Answered) -> _Said:
    quotes = tuple(citation.quote for citation in asked.answer.citations)
    return _Said(
        (*(turn.answer for turn in asked.turns), *quotes),
        (*(turn.question for turn in asked.turns), asked.answer.standalone_question),
        frozenset(map(folded_together, asked.suggested)),
    )


def _is_told(answer: Answer, made: Made) -> bool:
    """Whether the words that are put forward, if there are any, are the ones asked for."""
    first = answer.citations[0]
    if answer.short_answer is None or first.answer_start is None or first.answer_end is None:
        return True
    one, other = folded_together(answer.short_answer), folded_together(made.words)
    if one not in other and other not in one:
        return False
    if made.wanted in _TOLD_AT_LENGTH and len(one) < HALF * len(other):
        return False
    edges = (first.quote[place - 1 : place + 1] for place in (first.answer_start, first.answer_end))
    return not any(len(edge) == 2 and edge.isascii() and edge.isalpha() for edge in edges)  # noqa: PLR2004 - a letter on either side is the middle of a word
