"""Question in, cited answer out: the only place where the parts meet."""

from __future__ import annotations

import copy
import logging
import re
import time
import unicodedata
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import chain, zip_longest
from pathlib import Path

from shutten import follow_ups
from shutten.articles import published_on, read_articles
from shutten.calibration import logit, sigmoid
from shutten.checking.checker import GroundingChecker
from shutten.choosing import read_choice, without_words
from shutten.comparing import (
    Conclusion,
    concluded,
    is_about,
    told_by_comparing,
    with_own_value,
    with_value,
)
from shutten.conversation import (
    REMEMBERED_TURNS,
    Comparison,
    RuleRewriter,
    asks_nothing,
    choice_in,
    compares,
    comparison_in,
    is_refusal,
    names_nothing,
    questions_in,
    reply_to,
    what_to_do,
)
from shutten.drafting import (
    CheckedWriter,
    Draft,
    Fallback,
    Material,
    fallback_notice,
    removed_claim,
    with_pending,
)
from shutten.embedding import load_embedder
from shutten.errors import (
    ArticleError,
    IndexNotFoundError,
    ModelError,
    ModelLoadingError,
    QuestionError,
    UnknownArticleError,
    WriterError,
)
from shutten.follow_ups import FollowUp
from shutten.grounding import (
    UNSURE,
    WHICH_ARTICLE,
    Grounded,
    answering_words,
    choose,
    compose,
    is_verbatim,
    refusal_text,
    unanswered_notice,
    unsure_notice,
)
from shutten.index import Index, IndexReport, IndexWriter
from shutten.ranking import Ranking, bundled_ranking
from shutten.reader import OVERLAP, load_reader
from shutten.reranking import RerankedRetriever, load_reranker
from shutten.retrieval import HybridRetriever, IndexRetriever
from shutten.sentences import detect_language
from shutten.settings import Settings, samples_folder
from shutten.summary import asked_length, asks_for_summary, summarise, which_article
from shutten.types import (
    Answer,
    Article,
    Embedder,
    Hit,
    Language,
    Passage,
    QuestionRewriter,
    Reader,
    Reading,
    RefusalReason,
    Reranker,
    Timings,
    Turn,
    Writer,
    WritingRequest,
)
from shutten.writing import DEFAULT_MODEL, load_writer
from shutten.writing.absent import AbsentWriter
from shutten.yes_no import asks_yes_or_no

logger = logging.getLogger(__name__)

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

HOPELESS = 0.01
"""A language model is not asked where the reader holds it for less likely than this that any
passage answers, as of 0.63 of the held-out questions about something else, and of two of the 4,835
whose answer comes first. Above, the model says itself whether they do: it knows more words than the
reader, and what it writes is checked."""

SHOWN = 10
"""How many hits an answer carries."""

Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Models:
    """The loaded models, shared by every index that they serve.

    `writer` is None where the reader answers alone, `reranker` where passages are read in the
    order of the `ranking`, and that where they are read as the two legs are fused.
    """

    embedder: Embedder
    reader: Reader
    writer: CheckedWriter | None = None
    reranker: Reranker | None = None
    ranking: Ranking | None = None


def load_models(settings: Settings) -> Models:
    """Load the models that the settings name; raises ModelError.

    Where the language model or the reranker cannot be loaded, one line is logged, and it goes
    without.
    """
    models = Models(
        load_embedder(settings.embedder, threads=settings.threads),
        load_reader(settings.reader),
        ranking=None if settings.reader == OVERLAP else bundled_ranking(),
    )
    if settings.reranker:
        models = replace(models, reranker=_load_reranker_or_tell(settings))
    if settings.answerer == "reader":
        return models
    return replace(models, writer=_load_checked_writer(settings, models))


def _load_reranker_or_tell(settings: Settings) -> Reranker | None:
    """Return the reranker; None, and one line is logged, where it cannot be loaded."""
    try:
        return load_reranker(settings.reranker, threads=settings.threads)
    except ModelError as error:
        logger.warning("%s; until then passages are read as they are found", error)
        return None


def _load_checked_writer(settings: Settings, models: Models) -> CheckedWriter | None:
    """Return the writer; of one that cannot be loaded, one line is logged."""
    try:
        writer = load_writer(settings)
    except ModelError as error:
        logger.warning("%s; until then the reader answers", error)
        return stand_in(settings.model or DEFAULT_MODEL, error, models.embedder)
    if writer is None:
        return None
    return checked_writer(writer, models.embedder, seconds=settings.answer_seconds)


def checked_writer(writer: Writer, embedder: Embedder, *, seconds: float) -> CheckedWriter:
    """Return a writer whose claims are checked, with `seconds` for the samples of one answer."""
    return CheckedWriter(writer, GroundingChecker(embedder), seconds=seconds)


def stand_in(name: str, problem: ModelError, embedder: Embedder) -> CheckedWriter:
    """Return what stands in for a language model that is not there, or not yet."""
    checker = GroundingChecker(embedder)
    return CheckedWriter(AbsentWriter(name, problem), checker, seconds=0, problem=problem)


class Assistant:
    """Answers questions about one index. Holds no conversation and may be shared by threads."""

    def __init__(
        self,
        index: Index,
        retriever: IndexRetriever,
        reader: Reader,
        embedder: Embedder,
        *,
        rewriter: QuestionRewriter | None = None,
        writer: CheckedWriter | None = None,
        reranker: Reranker | None = None,
        max_question_characters: int = 2000,
    ) -> None:
        """`reranker` orders what the retriever finds."""
        self.index = index
        self.retriever = RerankedRetriever(retriever, reranker) if reranker else retriever
        self.reranker = reranker
        self.reader = reader
        self.embedder = embedder
        self.rewriter = rewriter or RuleRewriter()
        self.writer = writer
        self.max_question_characters = max_question_characters

    def seen_by(self, groups: Collection[str] | None) -> Assistant:
        """Return an assistant that knows only what visitors of these groups may see (None: all)."""
        return self._with(self.index.seen_by(groups))

    def over(self, index: Index) -> Assistant:
        """Return an assistant with the same models over another index of its embedder."""
        index.check(self.embedder.facts)
        return self._with(index)

    def _with(self, index: Index) -> Assistant:
        other = copy.copy(self)
        other.index = index
        other.retriever = self.retriever.over(index)
        return other

    def written_by(self, writer: CheckedWriter | None) -> Assistant:
        """Return an assistant that has this writer write; None: its reader quotes."""
        other = copy.copy(self)
        other.writer = writer
        return other

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        article_ids: Sequence[str] | None = None,
        language: Language | None = None,
        answer_id: str = "",
        quoting: bool = False,
    ) -> Answer:
        """Return the final answer; `quoting` leaves the language model out.

        Raises QuestionError for an empty or overlong question and UnknownArticleError for an
        article that is not in the index.
        """
        *_, answer = self.stream(
            question,
            history=history,
            article_ids=article_ids,
            language=language,
            answer_id=answer_id,
            quoting=quoting,
        )
        return answer

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        article_ids: Sequence[str] | None = None,
        language: Language | None = None,
        answer_id: str = "",
        quoting: bool = False,
        sample: int = 0,
    ) -> Generator[Answer]:
        """Yield ever longer answers: first the hits, then the claims one by one; the last is final.

        A language model gives its likeliest text; any other `sample` (from 1 on, below 2³¹) is
        drawn by chance. Before the last, a claim that is not supported is one that is still written
        or checked. Closing the generator ends the work. Raises as `ask` does.
        """
        started = time.perf_counter()
        cleaned = self._checked(question)
        follow_up = self._understood(cleaned, history[-REMEMBERED_TURNS:], article_ids)
        unnamed = asks_nothing(cleaned) or names_nothing(follow_up.standalone)
        for article_id in (article_ids or ()) if unnamed else ():
            self.index.article(article_id)  # one that is not there is an error as ever
        first, *further = [follow_up] if unnamed else _apart(follow_up)
        passages = [] if unnamed else self._retrieve(first, article_ids)
        retrieved = time.perf_counter()
        draft = Answer(
            id=answer_id,
            question=question,
            standalone_question=follow_up.standalone,
            language=language or detect_language(cleaned),
            text="",
            status="quoted",
            refused=False,
            hits=tuple(passage.hit for passage in passages),
            answerer=self.reader.name,
            timings_ms=Timings(retrieve=_milliseconds(started, retrieved)),
        )
        yield draft
        if unnamed:
            final = self._unnamed(draft)
        elif asks_for_summary(cleaned):
            final = self._summary(draft, article_ids)
        else:
            seen = self._compared(follow_up, passages, article_ids) or self._seen_for(
                first, passages, further, article_ids
            )
            if self.writer is None or quoting:
                final = self._quoted(draft, seen)
            else:
                final = yield from self._written(draft, seen, self.writer, sample)
        timings = Timings(
            retrieve=draft.timings_ms.retrieve,
            answer=_milliseconds(retrieved, time.perf_counter()),
            total=_milliseconds(started, time.perf_counter()),
        )
        done = replace(final, timings_ms=timings)
        yield from _growing(done) if done.status == "quoted" else (done,)

    def search(
        self, question: str, *, k: int = 10, article_ids: Sequence[str] | None = None
    ) -> list[Hit]:
        """Return up to k hits, best first, the foremost of them ordered by the reader."""
        cleaned = self._checked(question)
        passages = self.retriever.retrieve(cleaned, k=max(k, SEARCHED), article_ids=article_ids)
        return list(searched_hits(passages, self.read(cleaned, passages, most=SEARCHED)))[:k]

    def read(
        self, question: str, passages: Sequence[Passage], *, most: int = READ
    ) -> list[Reading]:
        """Return the reader's view of the foremost passages, `most` of them, in their order."""
        foremost = passages[:most]
        return self.reader.read(question, foremost) if foremost else []

    def _retrieve(self, follow_up: FollowUp, article_ids: Sequence[str] | None) -> list[Passage]:
        """Return passages for a question, for a follow-up those for both of its forms."""
        if not follow_up.before:
            found = self.retriever.retrieve(follow_up.asked, k=SHOWN, article_ids=article_ids)
            return list(found)
        found_by = self.retriever
        return follow_ups.retrieve(
            follow_up,
            self._unordered,
            k=SHOWN,
            article_ids=article_ids,
            order=found_by.order if isinstance(found_by, RerankedRetriever) else None,
        )

    @property
    def _unordered(self) -> IndexRetriever:
        """The retriever without its reranker, where what is found is ordered once or not at all."""
        found_by = self.retriever
        return found_by.unordered if isinstance(found_by, RerankedRetriever) else found_by

    def _understood(
        self, cleaned: str, history: Sequence[Turn], article_ids: Sequence[str] | None
    ) -> FollowUp:
        """Return a question with what stands for it alone, and what was said before."""
        history = [turn for turn in history if not asks_nothing(turn.question)]
        if history:
            history = follow_ups.continued(
                cleaned, history, self._unordered, article_ids=article_ids
            )
        if not history:
            return FollowUp(cleaned, cleaned)
        standalone = self.rewriter.rewrite(cleaned, history)
        answers = tuple("" if is_refusal(turn.answer) else turn.answer for turn in history)
        before = self.rewriter.rewrite(clean_question(history[-1].question), history[:-1])
        return FollowUp(cleaned, standalone, before, answers)

    def _read_for(
        self, question: FollowUp, passages: Sequence[Passage], shown: Sequence[str]
    ) -> list[Reading]:
        """Read the foremost passages; what a question names to choose from is left out of it.

        `shown` are the answers of earlier turns; they tell what a question that does not stand
        alone goes on from.
        """
        readings = self._read_both(question, passages)
        if question.standalone != question.asked:
            readings = follow_ups.in_course(readings, passages, shown, self.reader.threshold)
        choice = choice_in(question.standalone)
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
        most = READ_ON if follow_up.before else READ
        standalone = self.read(follow_up.standalone, passages, most=most)
        if follow_up.standalone == follow_up.asked:
            return standalone
        return follow_ups.joined(standalone, self.read(follow_up.asked, passages, most=most))

    def _seen_for(
        self,
        first: FollowUp,
        passages: Sequence[Passage],
        further: Sequence[FollowUp],
        article_ids: Sequence[str] | None,
    ) -> list[_Seen]:
        """Read for each of the questions asked at once; one may go on from those before it."""
        seen = [_Seen(first, passages, self._read_for(first, passages, first.answers))]
        for part in further:
            told = [Turn(each.question.standalone, self._told(each)) for each in seen]
            standalone = self.rewriter.rewrite(part.asked, told)
            answers = (*part.answers, *(turn.answer for turn in told))
            asked = FollowUp(standalone, standalone, first.standalone, answers)
            found = self._retrieve(asked, article_ids)
            told_apart = replace(asked, asked=part.asked)
            readings = self._read_for(asked, found, part.answers)
            seen.append(_Seen(told_apart, found, readings))
        return seen

    def _compared(
        self,
        follow_up: FollowUp,
        passages: Sequence[Passage],
        article_ids: Sequence[str] | None,
    ) -> list[_Seen]:
        """Read for each of the two things that a question compares; nothing where it compares none.

        Where no conclusion follows from what is told of each, it is what a sentence with both of
        them tells, or else what is surest.
        """
        comparison = comparison_in(follow_up.standalone)
        if comparison is None:
            return []
        parts = [replace(follow_up, asked=q, standalone=q) for q in comparison.questions]
        both = [
            self._seen_of(comparison, number, part, article_ids)
            for number, part in enumerate(parts)
        ]
        if _conclusion(both, self._chosen(both), "ja") is not None:
            return both
        whole = _Seen(follow_up, passages, self._read_both(follow_up, passages))
        best = choose(whole.readings, self.reader.threshold)[:1]
        if best and all(is_about(side, best[0]) for side in comparison.sides):
            return [whole]
        surest = max((self._surest(each) for each in both), default=0.0)
        if surest > self._surest(whole):
            return both
        return [replace(whole, readings=without_words(whole.readings))]

    def _surest(self, seen: _Seen) -> float:
        """The confidence of what would be quoted; 0 where nothing would."""
        chosen = choose(seen.readings, self.reader.threshold)
        return chosen[0].confidence if chosen else 0.0

    def _seen_of(
        self,
        comparison: Comparison,
        number: int,
        part: FollowUp,
        article_ids: Sequence[str] | None,
    ) -> _Seen:
        """Read for one of two things; what is told of another one is left out."""
        side, other = comparison.sides[number], comparison.sides[1 - number]
        passages = self._retrieve(part, article_ids)
        readings = [each for each in self._read_both(part, passages) if is_about(side, each)]
        own = [with_own_value(side, other, each) for each in readings]
        return _Seen(part, passages, [with_value(comparison, each) for each in own], comparison)

    def _chosen(self, seen: Sequence[_Seen]) -> list[list[Reading]]:
        """What is quoted for each of the questions asked at once; nothing where none answers."""
        return _distinct([choose(each.words_aside, self.reader.threshold) for each in seen])

    def _told(self, seen: _Seen) -> str:
        """The text that would answer one of several questions; empty where nothing does."""
        chosen = choose(seen.readings, self.reader.threshold)
        return compose([chosen]).text if chosen else ""

    def _written(
        self, draft: Answer, seen: Sequence[_Seen], writer: CheckedWriter, sample: int
    ) -> Generator[Answer, None, Answer]:
        """Yield a written answer as it grows and return it.

        Where the language model fails or nothing of its text is borne out, the reader's quotation
        answers and says so.
        """
        quoted = self._quoted(draft, seen)
        passages, readings = _together(seen)
        if max((each.confidence for each in readings), default=0.0) < HOPELESS:
            return quoted
        quoted = replace(quoted, model=writer.name)
        material = _material(draft, self._dated(passages), readings, sample)
        ranked = replace(draft, hits=quoted.hits, answerer=writer.name, model=writer.name)
        try:
            for last in writer.drafts(material):
                yield _as_answer(ranked, last)
        except (WriterError, ModelError) as error:
            if isinstance(error, WriterError):  # a missing model was told when it was to be loaded
                logger.warning("%s", error)
            why: Fallback = "loading" if isinstance(error, ModelLoadingError) else "failed"
            return _fallen_back(quoted, why)
        return _as_written(last.grounded, _as_answer(ranked, last), quoted)

    def _dated(self, passages: Sequence[Passage]) -> list[Passage]:
        """Return the passages with the days of their articles, for words like 昨年."""
        ids = {each.hit.article_id for each in passages}
        days = {article_id: self._day_of(article_id) for article_id in ids}
        return [replace(each, published=days[each.hit.article_id]) for each in passages]

    def _day_of(self, article_id: str) -> date | None:
        try:
            return published_on(self.index.article(article_id))
        except UnknownArticleError:  # it has left a moment ago
            return None

    def _quoted(self, draft: Answer, seen: Sequence[_Seen]) -> Answer:
        """Return what the reader quotes of what it has read, or a refusal."""
        passages, readings = _together(seen)
        ranked = replace(draft, hits=ranked_hits(passages, readings))
        chosen = self._chosen(seen)
        answer = self._finish(ranked, list(filter(None, chosen)), self._why_not(readings))
        if answer.refused:
            return answer
        notices = [
            unanswered_notice(name, answer.language)
            for name, found in zip(_names_of(seen), chosen, strict=True)
            if not found
        ]
        if any(max(each.confidence for each in found) < UNSURE for found in chosen if found):
            notices.append(unsure_notice(answer.language))
        conclusion = _conclusion(seen, chosen, answer.language)
        if conclusion is not None:
            answer = replace(answer, short_answer=conclusion.short)
            notices.insert(0, conclusion.told)
        return replace(answer, notices=(*answer.notices, *notices))

    def _unnamed(self, draft: Answer) -> Answer:
        """Refuse what asks nothing or names nothing, and say what to do."""
        reason: RefusalReason = "not_answered" if self.index.sentence_count else "no_articles"
        if asks_nothing(draft.question) and reason == "not_answered":
            return replace(_refused(draft, reason), text=reply_to(draft.question, draft.language))
        return replace(_refused(draft, reason), notices=(what_to_do(draft.language),))

    def _summary(self, draft: Answer, article_ids: Sequence[str] | None) -> Answer:
        if article_ids is not None and len(article_ids) == 1:
            found: str | None = article_ids[0]
        else:
            found = which_article(draft.standalone_question, self.index, draft.hits)
        if found is None and self.index.sentence_count:
            refused = _refused(draft, "not_answered")
            return replace(refused, text=WHICH_ARTICLE[draft.language])
        most = asked_length(draft.question)
        readings = [] if found is None else summarise(self.index, found, self.embedder, most=most)
        reason = "not_answered" if draft.hits else self._why_not(())
        return self._finish(draft, [readings] if readings else [], reason)

    def _finish(
        self, draft: Answer, chosen: Sequence[Sequence[Reading]], reason: RefusalReason
    ) -> Answer:
        """Quote what was chosen, or refuse for the reason given where nothing was."""
        if not chosen:
            return _refused(draft, reason)
        composition = compose(chosen)
        if not all(is_verbatim(claim, composition.citations) for claim in composition.claims):
            logger.error("a quoted claim does not stand in the sentence that it cites")
            return _refused(draft, "unsupported")
        return replace(
            draft,
            text=composition.text,
            short_answer=composition.short_answer,
            claims=composition.claims,
            citations=composition.citations,
        )

    def _why_not(self, readings: Sequence[Reading]) -> RefusalReason:
        if readings:
            return "not_answered"
        return "no_evidence" if self.index.sentence_count else "no_articles"

    def _checked(self, question: str) -> str:
        cleaned = clean_question(question)
        if not cleaned:
            raise QuestionError("the question is empty: type a question about the articles")
        if len(cleaned) > self.max_question_characters:
            raise QuestionError(
                f"the question has {len(cleaned)} characters: "
                f"shorten it to {self.max_question_characters} or fewer"
            )
        return cleaned


_TERMINAL = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
"""A control sequence (ECMA-48, section 5.4)."""


def clean_question(question: str) -> str:
    """Take out control and format characters and lone surrogates; white space becomes one space.

    What colours a terminal's text goes as a whole.
    """
    kept = (
        " " if character.isspace() else character
        for character in _TERMINAL.sub("", question)
        if character.isspace() or unicodedata.category(character) not in ("Cc", "Cf", "Cs")
    )
    return " ".join("".join(kept).split())


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
    """Scores of unread hits, shrunk under the lowest read one, so that the order is the scores'."""
    ceiling = min((hit.score for hit in read), default=1.0)
    return [replace(passage.hit, score=passage.hit.score * ceiling) for passage in passages]


@dataclass(frozen=True, slots=True)
class _Seen:
    """One question, what was found for it, and what the reader made of the foremost of it.

    `comparison` is the one that the question was taken from, None where it was taken from none.
    """

    question: FollowUp
    passages: Sequence[Passage]
    readings: Sequence[Reading]
    comparison: Comparison | None = None

    @property
    def words_aside(self) -> Sequence[Reading]:
        """The readings, without words where words of a sentence are no answer."""
        question = self.question.standalone
        if asks_yes_or_no(question):
            return without_words(self.readings)
        return told_by_comparing(self.readings) if compares(question) else self.readings


def _apart(follow_up: FollowUp) -> list[FollowUp]:
    """Return the questions that are asked at once; the first stands alone."""
    parts = questions_in(follow_up.standalone)
    if len(parts) == 1:
        return [follow_up]
    return [replace(follow_up, asked=part, standalone=part) for part in parts]


def _names_of(seen: Sequence[_Seen]) -> Sequence[str]:
    """What tells the questions that were looked up apart: of two things compared, their names."""
    comparison = seen[0].comparison
    return comparison.sides if comparison else [each.question.asked for each in seen]


def _conclusion(
    seen: Sequence[_Seen], chosen: Sequence[Sequence[Reading]], language: Language
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


def _together(seen: Sequence[_Seen]) -> tuple[list[Passage], list[Reading]]:
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


def _material(
    draft: Answer, passages: Sequence[Passage], readings: Sequence[Reading], sample: int
) -> Material:
    """Show the writer what the reader read, best first; a claim may rest on any passage."""
    best = sorted(readings, key=lambda reading: -reading.relevance)
    request = WritingRequest(
        draft.standalone_question,
        tuple(each.passage for each in best),
        draft.language,
        sample=sample,
    )
    return Material(request, tuple(passages), tuple(readings))


def _as_answer(draft: Answer, written: Draft) -> Answer:
    composition = written.grounded.composition
    removed = tuple(removed_claim(each, draft.language) for each in written.grounded.removed)
    text, claims = with_pending(composition, written.pending)
    return replace(
        draft,
        text=text,
        status="partial" if removed else "written",
        short_answer=composition.short_answer,
        claims=claims,
        removed=removed,
        citations=composition.citations,
    )


def _as_written(grounded: Grounded, written: Answer, quoted: Answer) -> Answer:
    """Return what was written and borne out; else a refusal or the quotation."""
    if grounded.composition.claims:
        return written
    if grounded.declined:
        return _refused(replace(written, removed=()), "not_answered")
    return replace(_fallen_back(quoted, "unsupported"), removed=written.removed)


def _fallen_back(quoted: Answer, why: Fallback) -> Answer:
    """Say with a quotation that a language model was to answer; a refusal says why."""
    if quoted.refused and why == "unsupported":
        return _refused(quoted, "unsupported")
    if quoted.refused and why == "failed":
        return quoted
    return replace(quoted, notices=(*quoted.notices, fallback_notice(why, quoted.language)))


def _refused(draft: Answer, reason: RefusalReason) -> Answer:
    return replace(
        draft,
        text=refusal_text(reason, draft.language),
        status="refused",
        refused=True,
        refusal_reason=reason,
    )


def _growing(answer: Answer) -> Iterator[Answer]:
    """Yield the answer with its first claim, then the first two…; a refusal comes in one piece."""
    for count in range(1, len(answer.claims)):
        shown = answer.claims[:count]
        markers = {marker for claim in shown for marker in claim.citations}
        following = answer.claims[count].start
        yield replace(
            answer,
            text=answer.text[:following].rstrip(),
            claims=shown,
            citations=tuple(each for each in answer.citations if each.marker in markers),
        )
    yield answer


def _milliseconds(start: float, end: float) -> float:
    return (end - start) * 1000


# ── putting the parts together ───────────────────────────────────────────────────────────────


def assemble(index: Index, models: Models, *, max_question_characters: int) -> Assistant:
    """Join an open index and loaded models; raises IndexMismatchError."""
    index.check(models.embedder.facts)
    return Assistant(
        index,
        HybridRetriever(index, models.embedder, ranking=models.ranking),
        models.reader,
        models.embedder,
        writer=models.writer,
        reranker=models.reranker,
        max_question_characters=max_question_characters,
    )


def open_assistant(settings: Settings, *, models: Models | None = None) -> Assistant:
    """Open the index that the settings name, with their models or those that are loaded already.

    An index that holds nothing but the samples is made anew where its model is another one.
    Raises IndexNotFoundError, IndexDamagedError, IndexMismatchError and ModelError.
    """
    index = Index.open(settings.index)
    models = models or load_models(settings)
    if index.facts != models.embedder.facts and index.only_samples:
        index.close()
        logger.warning("the samples were indexed with another model: indexing them again")
        _rebuild(settings, models.embedder)
        index = Index.open(settings.index)
    return assemble(index, models, max_question_characters=settings.max_question_characters)


def assistant_for_files(paths: Sequence[Path | str], settings: Settings) -> Assistant:
    """Hold the given files in memory; no index is read or written.

    The article ids are the paths as given. Raises ArticleError and ModelError.
    """
    articles = [article_at(path) for path in paths]
    models = load_models(settings)
    return assemble(
        Index.in_memory(articles, models.embedder),
        models,
        max_question_characters=settings.max_question_characters,
    )


def article_at(path: Path | str) -> Article:
    """Read one file as an article whose id is the path as given."""
    read = list(read_articles([path]))
    if len(read) != 1:
        raise ArticleError(f"{path}: name a single article file, or index the folder first")
    return replace(read[0], id=str(path))


def assistant_for_articles(articles: Iterable[Article], *, like: Assistant) -> Assistant:
    """Hold articles in memory, with the models of an assistant that is there already."""
    return like.over(Index.in_memory(articles, like.embedder))


def index_paths(
    paths: Sequence[Path | str],
    settings: Settings,
    *,
    groups: Sequence[str] | None = None,
    progress: Progress | None = None,
    on_error: Callable[[ArticleError], None] | None = None,
) -> IndexReport:
    """Add or update articles; `on_error` hears of unreadable files inside folders.

    `groups` may see them, whatever the sources say; None leaves it to these.
    """
    embedder = load_embedder(settings.embedder)
    articles = read_articles(paths, on_error=on_error, private_hosts=settings.private_hosts)
    if groups is not None:
        articles = (replace(each, groups=tuple(groups)) for each in articles)
    with IndexWriter.open(settings.index) as writer:
        return writer.add(articles, embedder, progress=progress)


def rebuild_index(settings: Settings) -> IndexReport:
    """Embed every sentence of the index again with the current model."""
    return _rebuild(settings, load_embedder(settings.embedder))


def _rebuild(settings: Settings, embedder: Embedder) -> IndexReport:
    with IndexWriter.open(settings.index) as writer:
        return writer.rebuild(embedder)


def ensure_samples(settings: Settings, *, embedder: Embedder | None = None) -> bool:
    """Build an index of the sample articles where there is none; say whether one was built."""
    try:
        Index.open(settings.index).close()
    except IndexNotFoundError:
        samples = (replace(article, sample=True) for article in read_articles([samples_folder()]))
        embedder = embedder or load_embedder(settings.embedder)
        with IndexWriter.open(settings.index) as writer:
            writer.add(samples, embedder)
        return True
    return False
