"""Question in, cited answer out: the only place where the parts meet."""

from __future__ import annotations

import contextlib
import copy
import logging
import time
from collections.abc import (
    Callable,
    Collection,
    Generator,
    Iterable,
    Iterator,
    Sequence,
)
from dataclasses import replace
from datetime import date
from functools import wraps
from pathlib import Path
from typing import ParamSpec

from shutten.articles import published_on, read_articles
from shutten.cells.answers import answer_of_tables
from shutten.cells.labels import line_that_answers
from shutten.conversation import (
    RuleRewriter,
    asks_how_to_use,
    asks_nothing,
    asks_which_articles,
    is_readable,
    may_begin_anew,
    names_nothing,
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
from shutten.errors import (
    ArticleError,
    ModelError,
    ModelLoadingError,
    QuestionError,
    UnknownArticleError,
    WriterError,
)
from shutten.follow_ups import FollowUp
from shutten.grounding import CLOSE, UNSURE, Grounded, compose, is_verbatim, one_line
from shutten.index import Index, IndexWriter
from shutten.listing import with_list
from shutten.loaded_models import Models, load_models
from shutten.lookup import (
    ALL_FORMS,
    FOUND,
    Lookup,
    QuestionForms,
    Seen,
    asks_one_thing,
    conclusion_of,
    names_of,
    ranked_hits,
    together,
)
from shutten.phrases import (
    NOT_SURELY,
    WHICH_ARTICLE,
    refusal_text,
    titles_notice,
    unanswered_notice,
    unsure_notice,
)
from shutten.questions import clean_question
from shutten.reranking import RerankedRetriever
from shutten.retrieval import HybridRetriever, IndexRetriever
from shutten.sentences import detect_language
from shutten.settings import Settings
from shutten.steps import step_readings
from shutten.summary import (
    asked_length,
    asks_for_summary,
    subject_of,
    summarise,
    which_article,
)
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
    WritingRequest,
)

logger = logging.getLogger(__name__)

HOPELESS = 0.01
"""A language model is not asked where the reader holds it for less likely than this that any
passage answers, as of 0.63 of the held-out questions about something else, and of two of the 4,835
whose answer comes first. Above, the model says itself whether they do: it knows more words than the
reader, and what it writes is checked."""


Asking = ParamSpec("Asking")


def _shown(steps: Callable[Asking, Generator[Answer]]) -> Callable[Asking, Generator[Answer]]:
    """Have answers show their question as it was typed where what it was made into reads badly."""

    @wraps(steps)
    def shown(*args: Asking.args, **kwargs: Asking.kwargs) -> Generator[Answer]:
        with contextlib.closing(steps(*args, **kwargs)) as answers:
            for answer in answers:
                yield _as_shown(answer)

    return shown


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
        forms: QuestionForms = ALL_FORMS,
        max_question_characters: int = 2000,
    ) -> None:
        """`reranker` orders what is found; `forms` tell what is more than an ordinary question."""
        self.index = index
        self.retriever = RerankedRetriever(retriever, reranker) if reranker else retriever
        self.reranker = reranker
        self.reader = reader
        self.embedder = embedder
        self.rewriter = rewriter or RuleRewriter()
        self.forms = forms
        self.writer = writer
        self.max_question_characters = max_question_characters

    @property
    def lookup(self) -> Lookup:
        """What finds passages of this index and has them read."""
        return Lookup(self.retriever, self.reader, self.rewriter, self.forms)

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

    @_shown
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
        spoken = language or _language_of(cleaned, history)
        asked = _unanswered(question, cleaned, spoken, answer_id, self.reader.name)
        follow_up = self.lookup.understood(cleaned, history, article_ids)
        if not quoting:
            follow_up = yield from self._restated(follow_up, asked)
        is_about_nothing = _is_about_nothing(cleaned, follow_up.standalone)
        if is_about_nothing:
            for article_id in article_ids or ():
                self.index.article(article_id)  # one that is not there is an error as ever
        parts = [follow_up] if is_about_nothing else self.lookup.apart(follow_up)
        passages = [] if is_about_nothing else self.lookup.retrieve(parts[0], article_ids)
        retrieved = time.perf_counter()
        timings = Timings(retrieve=_milliseconds(started, retrieved))
        draft = replace(_looking_at(asked, follow_up, passages), timings_ms=timings)
        yield draft
        if is_about_nothing:
            final = self._about_nothing(draft, article_ids)
        elif self._has_nothing_to_ask(article_ids):
            final = _refused(draft, "no_articles")
        elif asks_for_summary(cleaned):
            final = self._summary(draft, article_ids)
        else:
            seen = self.lookup.seen(follow_up, parts, passages, article_ids)
            draft, seen, final = self._looked_up(draft, seen, follow_up, article_ids)
            if self.writer is not None and not quoting:
                final = yield from self._written(draft, seen, final, self.writer, sample)
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
        return self.lookup.search(self._checked(question), k=k, article_ids=article_ids)

    def _restated(self, follow_up: FollowUp, asked: Answer) -> Generator[Answer, None, FollowUp]:
        """Have a language model, if there is one, make a follow-up stand alone.

        Yields the question without an answer while the model writes.
        """
        if self.writer is None or not follow_up.turns or asks_nothing(follow_up.asked):
            return follow_up
        with contextlib.closing(self.writer.restated(follow_up.asked, follow_up.turns)) as steps:
            while True:
                try:
                    next(steps)
                except StopIteration as end:
                    return replace(follow_up, standalone=end.value or follow_up.standalone)
                yield asked

    def _looked_up(
        self,
        draft: Answer,
        seen: list[Seen],
        follow_up: FollowUp,
        article_ids: Sequence[str] | None,
    ) -> tuple[Answer, list[Seen], Answer]:
        """Return draft, what was read and what is quoted of it: for a follow-up, or begun anew.

        Where nothing answers what was taken for a follow-up, but surely the same question as it was
        typed, a new topic has begun that no word announced. Where nothing answers that either, what
        is nearer to an answer tells.
        """
        quoted = self._quoted(draft, seen)
        if not (follow_up.turns and quoted.refused and may_begin_anew(follow_up.asked)):
            return draft, seen, quoted
        alone = follow_up.alone
        parts = self.lookup.apart(alone)
        passages = self.lookup.retrieve(parts[0], article_ids)
        seen_anew = self.lookup.seen(alone, parts, passages, article_ids)
        begun = _looking_at(draft, alone, passages)
        anew = self._quoted(begun, seen_anew)
        return (begun, seen_anew, anew) if _is_nearer(anew, quoted) else (draft, seen, quoted)

    def _written(
        self,
        draft: Answer,
        seen: Sequence[Seen],
        quoted: Answer,
        writer: CheckedWriter,
        sample: int,
    ) -> Generator[Answer, None, Answer]:
        """Yield a written answer as it grows and return it.

        Where the language model fails or nothing of its text is borne out, what is `quoted` answers
        and says so.
        """
        passages, readings = together(seen)
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

    def _quoted(self, draft: Answer, seen: Sequence[Seen]) -> Answer:
        """Return what the reader quotes of what it has read, or a refusal."""
        passages, readings = together(seen)
        ranked = replace(draft, hits=ranked_hits(passages, readings))
        chosen = [
            self._with_items(each, found)
            for each, found in zip(seen, self.lookup.chosen(seen), strict=True)
        ]
        conclusion = conclusion_of(seen, chosen, draft.language)
        if conclusion is None and asks_one_thing(seen):
            by_table = self._told_by_table(ranked, passages, readings)
            if by_table is not None:
                return by_table
            question = draft.standalone_question
            line = line_that_answers(question, readings, passages, self.index)
            chosen = chosen if line is None else [[line]]
        answer = self._finish(ranked, list(filter(None, chosen)), _why_not(readings))
        if answer.refused:
            return _close(answer)
        notices = [
            unanswered_notice(name, answer.language)
            for name, found in zip(names_of(seen), chosen, strict=True)
            if not found
        ]
        if any(found[0].confidence < UNSURE for found in chosen if found):
            answer = replace(answer, unsure=True)
            notices.append(unsure_notice(answer.language))
        if conclusion is not None:
            answer = replace(answer, short_answer=conclusion.short)
            notices.insert(0, conclusion.told)
        return replace(answer, notices=(*answer.notices, *notices))

    def _told_by_table(
        self, draft: Answer, passages: Sequence[Passage], readings: Sequence[Reading]
    ) -> Answer | None:
        """Return what a table tells as a whole; None where none answers."""
        told = answer_of_tables(
            draft.standalone_question,
            readings,
            passages,
            self.index,
            draft.language,
            threshold=max(self.reader.threshold, UNSURE),
        )
        if told is None:
            return None
        answer = self._finish(draft, [told.readings], "not_answered")
        notices = (*answer.notices, *filter(None, [told.told]))
        return replace(answer, short_answer=told.short, notices=notices)

    def _with_items(self, seen: Seen, found: Sequence[Reading]) -> list[Reading]:
        """Return the step that was asked for by its number, or what was chosen with its list."""
        question = seen.question.standalone
        step = step_readings(question, seen.passages, self.index)
        return with_list(question, found, self.index) if step is None else step

    def _about_nothing(self, draft: Answer, article_ids: Sequence[str] | None) -> Answer:
        """Refuse what is about nothing in the articles, and say what to do."""
        is_bare = self._has_nothing_to_ask(article_ids)
        reason: RefusalReason = "no_articles" if is_bare else "not_answered"
        refused = _refused(draft, reason)
        is_talk = asks_nothing(draft.question) or asks_how_to_use(draft.standalone_question)
        if not is_talk or reason == "no_articles":
            return replace(refused, notices=(what_to_do(draft.language),))
        replied = replace(refused, text=reply_to(draft.question, draft.language), reply="talk")
        if not asks_which_articles(draft.question):
            return replied
        return replace(replied, notices=(self._titles(article_ids, draft.language),))

    def _titles(self, article_ids: Sequence[str] | None, language: Language) -> str:
        """Name the articles that are asked, all that the asker may see where none is chosen."""
        titles = self.index.titles()
        asked = titles if article_ids is None else set(article_ids)
        return titles_notice(
            [one_line(title) for id_, title in titles.items() if id_ in asked], language
        )

    def _summary(self, draft: Answer, article_ids: Sequence[str] | None) -> Answer:
        if article_ids is not None and len(article_ids) == 1:
            found: str | None = article_ids[0]
        else:
            question = draft.standalone_question
            hits = self._hits_about(question, article_ids) or draft.hits
            found = which_article(question, self.index, hits, article_ids)
        if found is None and self.index.sentence_count:
            refused = _refused(draft, "not_answered")
            return replace(refused, text=WHICH_ARTICLE[draft.language], reply="which_article")
        most = asked_length(draft.question)
        readings = [] if found is None else summarise(self.index, found, self.embedder, most=most)
        reason = "not_answered" if draft.hits else _why_not(())
        return self._finish(draft, [readings] if readings else [], reason)

    def _hits_about(self, question: str, article_ids: Sequence[str] | None) -> list[Hit]:
        """What is found for the subject of a summary, so that its other words find nothing."""
        subject = subject_of(question)
        retriever = self.lookup.retriever
        found = retriever.retrieve(subject, k=FOUND, article_ids=article_ids) if subject else ()
        return [each.hit for each in found]

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

    def _has_nothing_to_ask(self, article_ids: Sequence[str] | None) -> bool:
        """Whether there is no article, or an empty list says that none is asked."""
        chose_none = article_ids is not None and not article_ids
        return chose_none or not self.index.sentence_count

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


def _looking_at(draft: Answer, follow_up: FollowUp, passages: Sequence[Passage]) -> Answer:
    """The answer with how its question was understood, and what was found for it."""
    hits = tuple(passage.hit for passage in passages)
    return replace(draft, standalone_question=follow_up.standalone, hits=hits)


def _as_shown(answer: Answer) -> Answer:
    """The answer with its question as it was typed where what it was understood as reads badly."""
    if is_readable(answer.standalone_question, answer.question):
        return answer
    return replace(answer, standalone_question=answer.question)


def _is_about_nothing(question: str, standalone: str) -> bool:
    """Whether nothing is looked up for it: it is talk, names nothing, or is about the tool."""
    return asks_nothing(question) or names_nothing(standalone) or asks_how_to_use(standalone)


def _why_not(readings: Sequence[Reading]) -> RefusalReason:
    """Why nothing is quoted, by what was read."""
    return "not_answered" if readings else "no_evidence"


def _is_nearer(anew: Answer, refusal: Answer) -> bool:
    """Whether a question begun anew is answered surely, in its own language, or refused less."""
    if anew.refused:
        best, former = (max((hit.score for hit in x.hits), default=0) for x in (anew, refusal))
        return best > former
    language = detect_language(anew.citations[0].quote)
    return not anew.unsure and language == detect_language(anew.question)


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


def _language_of(asked: str, history: Sequence[Turn]) -> Language:
    """The language of a question; that of the last one with letters, where it has none."""
    said = (asked, *(turn.question for turn in reversed(history)))
    return detect_language(next((each for each in said if any(map(str.isalpha, each))), asked))


def _unanswered(
    question: str, cleaned: str, language: Language, answer_id: str, answerer: str
) -> Answer:
    """Return an answer that says nothing yet."""
    return Answer(
        id=answer_id,
        question=question,
        standalone_question=cleaned,
        language=language,
        text="",
        status="quoted",
        refused=False,
        answerer=answerer,
    )


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
        close=False,
    )


def _close(refused: Answer) -> Answer:
    """Say of a refusal that a sentence may answer, where the foremost falls only a little short."""
    best = refused.hits[0].rerank if refused.hits else None
    if refused.refusal_reason != "not_answered" or best is None or best < CLOSE:
        return refused
    return replace(refused, text=NOT_SURELY[refused.language], close=True)


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
        with IndexWriter.open(settings.index) as writer:
            writer.use(models.embedder)
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
