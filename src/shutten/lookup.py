"""What is found for a question, and what the reader makes of the foremost of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, zip_longest

from shutten import follow_ups
from shutten.calibration import logit, sigmoid
from shutten.cells.fit import without_misfits
from shutten.choosing import read_choice, without_words
from shutten.comparing import (
    Conclusion,
    concluded,
    is_about,
    rows_told_by_comparing,
    told_by_comparing,
    with_own_value,
    with_value,
)
from shutten.conversation import (
    MEANT_TURNS,
    Choice,
    Comparison,
    asks_for_most,
    asks_nothing,
    cells_in,
    choice_in,
    compares,
    comparison_in,
    is_refusal,
    opened,
    questions_in,
    quoted_row,
    recent_turns,
    with_other_row,
)
from shutten.defining import asked_about, definition_in
from shutten.faq_answers import with_whole_answer
from shutten.follow_ups import FollowUp, Place
from shutten.grounding import answering_words, choose, compose
from shutten.pronounced import with_pronunciation
from shutten.questions import clean_question
from shutten.reasons import with_reason_behind
from shutten.reranking import RerankedRetriever
from shutten.retrieval import OWN_LANGUAGE, IndexRetriever, left_behind
from shutten.sentences import detect_language
from shutten.types import Hit, Language, Passage, QuestionRewriter, Reader, Reading, Turn
from shutten.wording.yes_no import asks_yes_or_no

READ = 5
"""How many passages the reader sees for an answer. On the develop half of the questions about news,
it puts 44 of 80 right sentences first with five, 43 with eight, and tells near misses apart better
with five."""

READ_ON = 8
"""How many it sees for a follow-up, whose passages two searches bring. On the develop dialogues
the right sentence is among the first three of the article in 0.851 of the cases with five, 0.901
with eight, 0.909 with twelve, and cited first in 0.690, 0.723, 0.731."""

SEARCHED = 15
"""How many it sees for a search, which is looked through further down than an answer. On held-out
JaQuAD questions (10,244 sentences pooled) the right one is among the first five hits in 0.873,
0.907, 0.929 of the cases with 5, 10, 15 passages read."""

LEANING = 0.3
"""How much of the ranking's logit is added to the reader's judgement, which has 0.7 of it, in the
order of a search. Held-out questions asked among 49,202 sentences (180 of JaQuAD, 72 and 188 of our
own about English and Japanese articles): with none of it, 0.3 and 0.8 more 0.85, 0.62, 0.72; 0.84,
0.62, 0.73; 0.83, 0.64, 0.73 have the right sentence first, and 0.94, 0.85, 0.86; 0.94, 0.86, 0.86;
0.94, 0.86, 0.85 among the first five. Questions that were not written beside the text (NIILC) need
it: there the reader alone puts fewer right sentences first than the retrieval."""

LONGEST_NAME = 40
"""Characters of what may be a bare name: of another row of a table, or of an article."""

FOUND = 10
"""How many passages are found for a question."""


@dataclass(frozen=True, slots=True)
class QuestionForms:
    """The rules by which a question is more than an ordinary one: several of them, or one of two.

    A measurement of what they bring leaves some of them out.
    """

    several: Callable[[str], Sequence[str]] = questions_in
    choice: Callable[[str], Choice | None] = choice_in
    comparison: Callable[[str], Comparison | None] = comparison_in
    comparing: Callable[[str], bool] = compares


ALL_FORMS = QuestionForms()


@dataclass(frozen=True, slots=True)
class Seen:
    """One question, what was found for it, and what the reader made of the foremost of it.

    `comparison` is the one that the question was taken from, None where it was taken from none.
    """

    question: FollowUp
    passages: Sequence[Passage]
    readings: Sequence[Reading]
    comparison: Comparison | None = None


@dataclass(frozen=True, slots=True)
class Lookup:
    """Finds passages for questions and has the foremost of them read."""

    retriever: IndexRetriever
    reader: Reader
    rewriter: QuestionRewriter
    forms: QuestionForms = ALL_FORMS

    def understood(
        self, question: str, history: Sequence[Turn], article_ids: Sequence[str] | None
    ) -> FollowUp:
        """Return a question with what stands for it alone, and what was said before."""
        opener = opened(question)
        history = [turn for turn in recent_turns(history) if not asks_nothing(turn.question)]
        if history:
            history = follow_ups.continued(
                opener.question, history, self._unordered, article_ids=article_ids
            )
        if not history:
            asked = self._about_article(opener.question, article_ids) or opener.question
            return FollowUp(asked, asked)
        last = Turn(self._before(history), history[-1].answer)
        standalone, row = self._of_other_row(opener.question, last, article_ids)
        standalone = standalone or self.rewriter.rewrite(question, history)
        if standalone in (question, opener.question):
            standalone = opener.question
            if opener.changes_topic:
                return FollowUp(standalone, standalone, row=row)
        history = history[-MEANT_TURNS:]
        answers = tuple("" if is_refusal(turn.answer) else turn.answer for turn in history)
        return FollowUp(opener.question, standalone, last.question, answers, tuple(history), row)

    def _about_article(self, typed: str, article_ids: Sequence[str] | None) -> str:
        """Return what is meant by the bare title of an article; empty for anything else."""
        if len(typed) > LONGEST_NAME:
            return ""
        found = self._unordered.retrieve(typed, k=FOUND, article_ids=article_ids)
        return asked_about(typed, found)

    def _of_other_row(
        self, asked: str, last: Turn, article_ids: Sequence[str] | None
    ) -> tuple[str, Place | None]:
        """Return the last question of another row of its table, and where that row stands.

        In the last turn the question stands alone.
        """
        if len(asked) > LONGEST_NAME or not quoted_row(last.answer):
            return "", None
        found = self._unordered.retrieve(
            f"{asked} {last.question}", k=FOUND, article_ids=article_ids
        )
        for each in found:
            row = cells_in(each.hit.text) if each.columns else ()
            whole = with_other_row(asked, last, row)
            if whole:
                return whole, each.hit.place
        return "", None

    def _before(self, history: Sequence[Turn]) -> str:
        """Return the last question as it stands alone; a row quoted for it tells what it meant."""
        *earlier, last = history
        asked = clean_question(last.question)
        row = quoted_row(last.answer)
        if earlier and row and quoted_row(earlier[-1].answer):
            told = Turn(self._before(earlier), earlier[-1].answer)
            exchanged = with_other_row(asked, told, row)
            if exchanged:
                return exchanged
        return self.rewriter.rewrite(asked, earlier)

    def apart(self, follow_up: FollowUp) -> list[FollowUp]:
        """Return the questions that are asked at once; the first stands alone."""
        parts = self.forms.several(follow_up.standalone)
        if len(parts) == 1:
            return [follow_up]
        return [replace(follow_up, asked=part, standalone=part) for part in parts]

    def read(
        self, question: str, passages: Sequence[Passage], *, most: int = READ
    ) -> list[Reading]:
        """Return the reader's view of the foremost passages, `most` of them, in their order."""
        foremost = passages[:most]
        return self.reader.read(question, foremost) if foremost else []

    def search(
        self, question: str, *, k: int, article_ids: Sequence[str] | None = None
    ) -> list[Hit]:
        """Return up to k hits, best first, the foremost of them ordered by the reader."""
        passages = self.retriever.retrieve(question, k=max(k, SEARCHED), article_ids=article_ids)
        return list(searched_hits(passages, self.read(question, passages, most=SEARCHED)))[:k]

    def retrieve(self, follow_up: FollowUp, article_ids: Sequence[str] | None) -> list[Passage]:
        """Return passages for a question, for a follow-up those for both of its forms."""
        if not follow_up.before:
            found = self.retriever.retrieve(follow_up.asked, k=FOUND, article_ids=article_ids)
            return list(found)
        found_by = self.retriever
        return follow_ups.retrieve(
            follow_up,
            self._unordered,
            k=FOUND,
            article_ids=article_ids,
            order=found_by.order if isinstance(found_by, RerankedRetriever) else None,
        )

    def seen(
        self,
        whole: FollowUp,
        parts: Sequence[FollowUp],
        passages: Sequence[Passage],
        article_ids: Sequence[str] | None,
    ) -> list[Seen]:
        """Read for a question: for each of the two that it compares, or each of those in it.

        `parts` are those in it, as `apart` has them, and `passages` what was found for the first.
        """
        first, *further = parts
        return self._compared(whole, passages, article_ids) or self._one_by_one(
            first, passages, further, article_ids
        )

    def chosen(self, seen: Sequence[Seen]) -> list[list[Reading]]:
        """What is quoted for each of the questions asked at once; nothing where none answers."""
        return _distinct([choose(self._words_aside(each), self.reader.threshold) for each in seen])

    def _words_aside(self, seen: Seen) -> Sequence[Reading]:
        """The readings, without words where words of a sentence are no answer."""
        question = seen.question.standalone
        if asks_yes_or_no(question):
            return without_words(seen.readings)
        if self.forms.comparing(question):
            told = told_by_comparing(seen.readings)
            return told if seen.comparison else rows_told_by_comparing(told)
        if asks_for_most(question):
            return rows_told_by_comparing(seen.readings)
        return without_misfits(question, seen.readings)

    @property
    def _unordered(self) -> IndexRetriever:
        """The retriever without its reranker, where what is found is ordered once or not at all."""
        found_by = self.retriever
        return found_by.unordered if isinstance(found_by, RerankedRetriever) else found_by

    def _read_for(
        self, question: FollowUp, passages: Sequence[Passage], shown: Sequence[str]
    ) -> list[Reading]:
        """Read the foremost passages; what a question names to choose from is left out of it.

        `shown` are the answers of earlier turns; they tell what a question that does not stand
        alone goes on from.
        """
        definition = definition_in(question.standalone)
        if definition is not None:
            passages = definition.ahead(passages)
        readings = self._read_both(question, passages)
        if definition is not None:
            readings = definition.preferred(readings)
        if question.standalone != question.asked:
            readings = follow_ups.in_course(readings, passages, shown, self.reader.threshold)
            readings = follow_ups.reasoned(question.asked, readings, passages, shown)
            readings = follow_ups.row_first(readings, question.row)
        readings = with_reason_behind(question.standalone, readings, passages)
        readings = with_whole_answer(question.standalone, readings, passages)
        readings = with_pronunciation(question.standalone, readings, passages)
        choice = self.forms.choice(question.standalone)
        if choice is None:
            return readings
        foremost = [each.passage for each in readings]
        return read_choice(
            choice,
            readings,
            partial(self.read, passages=foremost, most=READ_ON),
            self.reader.threshold,
        )

    def _read_both(self, follow_up: FollowUp, passages: Sequence[Passage]) -> list[Reading]:
        """Read the foremost passages; for a follow-up with both of its forms."""
        foremost = _to_read(follow_up.standalone, passages, READ_ON if follow_up.before else READ)
        most = len(foremost)
        standalone = self.read(follow_up.standalone, foremost, most=most)
        # What names another row says nothing else of what is asked of it: 「日曜は？」.
        if follow_up.standalone == follow_up.asked or follow_up.row is not None:
            return standalone
        return follow_ups.joined(standalone, self.read(follow_up.asked, foremost, most=most))

    def _one_by_one(
        self,
        first: FollowUp,
        passages: Sequence[Passage],
        further: Sequence[FollowUp],
        article_ids: Sequence[str] | None,
    ) -> list[Seen]:
        """Read for each of the questions asked at once; one may go on from those before it."""
        seen = [Seen(first, passages, self._read_for(first, passages, first.answers))]
        for part in further:
            told = [Turn(each.question.standalone, self._told(each)) for each in seen]
            standalone = self.rewriter.rewrite(part.asked, told)
            answers = (*part.answers, *(turn.answer for turn in told))
            asked = FollowUp(standalone, standalone, first.standalone, answers)
            found = self.retrieve(asked, article_ids)
            told_apart = replace(asked, asked=part.asked)
            readings = self._read_for(asked, found, part.answers)
            seen.append(Seen(told_apart, found, readings))
        return seen

    def _compared(
        self,
        follow_up: FollowUp,
        passages: Sequence[Passage],
        article_ids: Sequence[str] | None,
    ) -> list[Seen]:
        """Read for each of the two things that a question compares; nothing where it compares none.

        Where no conclusion follows from what is told of each, it is what a sentence with both of
        them tells, or else what is surest.
        """
        comparison = self.forms.comparison(follow_up.standalone)
        if comparison is None:
            return []
        parts = [replace(follow_up, asked=q, standalone=q) for q in comparison.questions]
        both = [
            self._seen_of(comparison, number, part, article_ids)
            for number, part in enumerate(parts)
        ]
        if conclusion_of(both, self.chosen(both), "ja") is not None:
            return both
        whole = Seen(follow_up, passages, self._read_both(follow_up, passages))
        best = choose(whole.readings, self.reader.threshold)[:1]
        if best and all(is_about(side, best[0]) for side in comparison.sides):
            return [whole]
        surest = max((self._surest(each) for each in both), default=0.0)
        if surest > self._surest(whole):
            return both
        return [replace(whole, readings=without_words(whole.readings))]

    def _surest(self, seen: Seen) -> float:
        """The confidence of what would be quoted; 0 where nothing would."""
        chosen = choose(seen.readings, self.reader.threshold)
        return chosen[0].confidence if chosen else 0.0

    def _seen_of(
        self,
        comparison: Comparison,
        number: int,
        part: FollowUp,
        article_ids: Sequence[str] | None,
    ) -> Seen:
        """Read for one of two things; what is told of another one is left out."""
        side, other = comparison.sides[number], comparison.sides[1 - number]
        passages = self.retrieve(part, article_ids)
        readings = [each for each in self._read_both(part, passages) if is_about(side, each)]
        own = [with_own_value(side, other, each) for each in readings]
        return Seen(part, passages, [with_value(comparison, each) for each in own], comparison)

    def _told(self, seen: Seen) -> str:
        """The text that would answer one of several questions; empty where nothing does."""
        chosen = choose(seen.readings, self.reader.threshold)
        return compose([chosen]).text if chosen else ""


def _to_read(question: str, passages: Sequence[Passage], most: int) -> Sequence[Passage]:
    """The foremost passages, and where none is in the question's language, the best that are."""
    language = detect_language(question)
    foremost, rest = passages[:most], passages[most:]
    if any(each.language == language for each in foremost):
        return foremost
    own = [each for each in rest if each.language == language]
    return [*foremost, *own[:OWN_LANGUAGE]]


def names_of(seen: Sequence[Seen]) -> Sequence[str]:
    """What tells the questions that were looked up apart: of two things compared, their names."""
    comparison = seen[0].comparison
    return comparison.sides if comparison else [each.question.asked for each in seen]


def asks_one_thing(seen: Sequence[Seen]) -> bool:
    """Whether one question is asked, be it for which of two."""
    return len(seen) == 1 or seen[0].comparison is not None


def conclusion_of(
    seen: Sequence[Seen], chosen: Sequence[Sequence[Reading]], language: Language
) -> Conclusion | None:
    """What follows from the answers for two things that a question compares."""
    comparison = seen[0].comparison
    if comparison is None:
        return None
    return concluded(comparison, [part[0] for part in chosen if part], language)


def _distinct(parts: Sequence[Sequence[Reading]]) -> list[list[Reading]]:
    """Leave out what is chosen for one question with the same words as for one before it.

    Two things are hardly told by the same words of a sentence, nor by a part of them.
    """
    told: list[Reading] = []
    kept = []
    for chosen in parts:
        left = [each for each in chosen if not any(_says_the_same(each, one) for one in told)]
        told += left[:1]
        kept.append(left)
    return kept


def _says_the_same(one: Reading, other: Reading) -> bool:
    here, there = one.passage.hit, other.passage.hit
    mine, its = answering_words(one), answering_words(other)
    if here.place != there.place:
        return False
    return mine is not None and its is not None and (mine in its or its in mine)


def together(seen: Sequence[Seen]) -> tuple[list[Passage], list[Reading]]:
    """Return each passage and the surest reading of each; the passages that were read come first.

    They stay in their order, the best of each question before the second best.
    """
    ranks = zip_longest(*(each.readings for each in seen))
    read: dict[tuple[str, int], Reading] = {}
    for reading in filter(None, chain.from_iterable(ranks)):
        known = read.setdefault(reading.passage.hit.place, reading)
        if known.confidence < reading.confidence:
            read[reading.passage.hit.place] = reading
    rest = {
        passage.hit.place: passage
        for passage in chain.from_iterable(zip_longest(*(each.passages for each in seen)))
        if passage is not None
    }
    unread = [passage for place, passage in rest.items() if place not in read]
    return [*(each.passage for each in read.values()), *unread], list(read.values())


def ranked_hits(passages: Sequence[Passage], readings: Sequence[Reading]) -> tuple[Hit, ...]:
    """Return the hits in the reader's order, those that it did not read behind them."""
    ranked = sorted(readings, key=lambda reading: -reading.relevance)
    read = [
        replace(reading.passage.hit, rerank=reading.confidence, score=reading.confidence)
        for reading in ranked
    ]
    return (*read, *_below(passages[len(readings) :], read))


def searched_hits(passages: Sequence[Passage], readings: Sequence[Reading]) -> tuple[Hit, ...]:
    """Return the hits in the order of reader and retrieval together, those not read behind them."""
    scored = [
        replace(
            reading.passage.hit,
            rerank=reading.confidence,
            score=sigmoid(reading.relevance + LEANING * logit(reading.passage.hit.score)),
        )
        for reading in readings
    ]
    ranked = sorted(scored, key=lambda hit: -hit.score)
    return (*ranked, *_below(passages[len(readings) :], ranked))


def _below(passages: Sequence[Passage], read: Sequence[Hit]) -> list[Hit]:
    """Return the hits that were not read, behind those that were."""
    return [each.hit for each in left_behind(passages, [hit.score for hit in read])]
