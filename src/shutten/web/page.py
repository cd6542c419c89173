"""What happens when a visitor opens the page, asks, follows a citation or adds a file."""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import html
import json
import logging
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import gradio as gr

from shutten.drafting import without_pending
from shutten.errors import ShuttenError, UnknownArticleError
from shutten.settings import Settings
from shutten.types import Article, Language, Turn
from shutten.web.answerer_panel import answerer_menu
from shutten.web.answerers import Answerers
from shutten.web.answers import answer_html, pending_html, question_html, stopped_html
from shutten.web.api.guard import RateLimit
from shutten.web.complaints import error_text, question_complaint
from shutten.web.conversation import (
    SHOWN_MESSAGES,
    Message,
    message,
    read_turns,
    turns_before,
    write_turns,
)
from shutten.web.examples import ExampleQuestions
from shutten.web.exports import conversation_tools
from shutten.web.judging import Circumstances, read_asked_again, script_rating_words
from shutten.web.kept import Kept, KeptAnswer, read_kept
from shutten.web.library import Asked, Library, Located
from shutten.web.markup import Reference, asking_link, escaped, parse_key, references
from shutten.web.next_questions import Place
from shutten.web.sources import Listed, article_page, library_page, names_apart
from shutten.web.stopping import Stops
from shutten.web.texts import Texts, preferred_language, sentences_text, texts_for
from shutten.web.uploads import clear_away, sweep, take_file
from shutten.web.visitors import Visitor, visitor_of

logger = logging.getLogger(__name__)

CHOICES: Final = 1000
"""How many articles the choice offers; more make every page slow to open."""

LEFT_BEHIND_SECONDS: Final = 600
"""Files of uploads that are older than this were left by a page that has gone."""

SEEDS: Final = 2**31 - 100
"""Of as many samples one is drawn when an answer is written again; a few more may follow it."""

WRITE: Final = "write"
QUOTE: Final = "quote"
"""The two ways of answering where there is a language model."""

Update = Any
"""What Gradio takes for a component: a new value, or new properties."""


class ErrorsTold:
    """Tells the visitor of an error that is raised inside, in one line, and ends it there.

    It is the last resort of the page: no visitor sees a traceback, the log does.
    """

    def __init__(self, texts: Texts, *, megabytes: int) -> None:
        self._texts = texts
        self._megabytes = megabytes

    def __enter__(self) -> None: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if not isinstance(error, Exception):  # nothing, or the visitor has gone
            return False
        if isinstance(error, ShuttenError):
            gr.Warning(error_text(error, self._texts, megabytes=self._megabytes))
        else:
            logger.error("an event of the page failed", exc_info=error)
            gr.Warning(self._texts.error_unexpected)
        return True


class Page:
    """What happens on the page's events. Holds nothing of any visitor."""

    def __init__(
        self,
        library: Library,
        examples: ExampleQuestions,
        settings: Settings,
        rate: RateLimit | None = None,
        answerers: Answerers | None = None,
    ) -> None:
        self._library = library
        self._examples = examples
        self._settings = settings
        self._rate = rate or RateLimit(settings.requests_per_minute)
        self._stops = Stops()
        self._answerers = answerers

    def arrive(self, request: gr.Request) -> tuple[Update, ...]:
        """Set up a page that was just opened, in the visitor's language.

        Returns updates of: token, words, masthead, question, send, stop, way, scope, upload,
        export, fresh, forget, hint, page.
        """
        texts = texts_of(request)
        token = self._library.uploads.new_token()
        library = self._seen_by(request)
        listed = library.listed(token)
        wanted = _wanted(request, listed)
        return (
            token,
            script_words(
                texts,
                megabytes=self._settings.upload_max_megabytes,
                owner=_visitor(request).name or "",
            ),
            masthead(texts),
            self._question_box(request, texts),
            gr.Button(value=texts.send),
            gr.Button(value=texts.stop),
            self._way(texts),
            self._scope(listed, texts, wanted),
            gr.UploadButton(label=texts.upload),
            conversation_tools(texts),
            gr.Button(value=texts.new_conversation),
            gr.Button(value=texts.forget_uploads),
            self._hint(texts),
            article_html(library, wanted[0], token, texts)
            if wanted
            else library_page(listed, texts),
        )

    def greet(self, request: gr.Request) -> Update:
        """Return the empty conversation; apart from `arrive`, as trying the examples takes time."""
        texts = texts_of(request)
        questions = self._example_questions(request, texts)
        return gr.Chatbot(label=texts.conversation_label, placeholder=welcome(texts, questions))

    def ask_on_arrival(  # noqa: PLR0917 - Gradio passes its inputs by position
        self,
        question: str,
        messages: list[Message],
        turns: str,
        scope: list[str] | None,
        token: str,
        way: str | None,
        request: gr.Request,
    ) -> Iterator[tuple[Update, ...]]:
        """Ask what the address carried, where it carried anything; yields what `ask` does."""
        if request.query_params.get("q", "").strip():
            yield from self.ask(question, messages, turns, scope, token, way, request)
        else:
            yield _unchanged(4)

    def ask_as_sent(  # noqa: PLR0917 - Gradio passes its inputs by position
        self,
        question: str,
        messages: list[Message],
        turns: str,
        scope: list[str] | None,
        token: str,
        way: str | None,
        sent: str | None,
        request: gr.Request,
    ) -> Iterator[tuple[Update, ...]]:
        """Ask what was sent where the box still begins with it; yields as `ask` does.

        Gradio reads the box after the key was pressed, and what is sent while an answer is written
        waits for its end. By then the box may hold more, typed since, or, where Enter was pressed
        twice, nothing or another question half typed: that was not sent. The field that tells it
        may come into being after the box: until it has been filled, what the box holds is sent.
        """
        held = question or ""
        sent = held if sent is None else sent
        if held.startswith(sent) if sent else not held:
            yield from self.ask(sent, messages, turns, scope, token, way, request)
        else:
            yield _unchanged(4)

    def ask(  # noqa: PLR0917 - Gradio passes its inputs by position
        self,
        question: str,
        messages: list[Message],
        turns: str,
        scope: list[str] | None,
        token: str,
        way: str | None,
        request: gr.Request,
    ) -> Iterator[tuple[Update, ...]]:
        """Answer, step by step; yields updates of: unasked, chat, turns, page.

        The question box is the visitor's, who may be typing the next question: page.js empties it
        once the question stands in the conversation. One that failed comes back by `unasked`.
        """
        texts = texts_of(request)
        complaint = self._complaint(question or "", request, texts)
        if complaint:
            gr.Warning(complaint)
            yield _unchanged(4)
            return
        before = list(messages or ())[-SHOWN_MESSAGES:]
        asked = Asked(
            question.strip(),
            read_turns(turns),
            references(scope or ()),
            token,
            quoting=way == QUOTE,
            page=_page_name(request, token),
        )
        with self._errors_told(texts):
            shown = [*before, message("user", question_html(asked.question, texts))]
            for step in self._steps(self._seen_by(request), asked, shown, texts):
                yield gr.skip(), *step
            return
        yield question, before, gr.skip(), gr.skip()

    def _steps(
        self,
        library: Library,
        asked: Asked,
        shown: list[Message],
        texts: Texts,
        former: list[Message] | None = None,
    ) -> Iterator[tuple[Update, ...]]:
        """Yield updates of: chat, turns, page.

        `former` is the conversation that stays where an answer is stopped with nothing to show.
        """
        yield [*shown, message("assistant", pending_html(texts))], gr.skip(), gr.skip()
        with (
            self._stops.watched(asked.page) as stop,
            contextlib.closing(library.stream(asked)) as steps,
        ):
            for located in steps:
                growing = _growing_html(located, texts)
                yield [*shown, message("assistant", growing)], gr.skip(), gr.skip()
                if stop.is_set():
                    break
        done = _cut_short(located, texts) if stop.is_set() else located
        if former is not None and not done.answer.text and not done.answer.refused:
            if not _shows_stopped(former):
                gr.Info(texts.again_kept, duration=5)
            yield former, gr.skip(), gr.skip()
        else:
            yield self._finished(library, done, asked, shown, texts)

    def _finished(
        self,
        library: Library,
        located: Located,
        asked: Asked,
        shown: list[Message],
        texts: Texts,
    ) -> tuple[Update, ...]:
        answer = located.answer
        if not answer.text and not answer.refused:
            removed = answer.removed
            stopped = stopped_html(answer.question, asked.chosen, texts, removed=removed)
            return [*shown, message("assistant", stopped)], gr.skip(), gr.skip()
        about = Circumstances(
            asked.chosen,
            library.holds_files(asked.token),
            str(library.assistant.index.sequence),
            library.leaves_out(asked.chosen, asked.token),
        )
        located = library.named(located, asked.token)
        key = secrets.token_hex(8)
        place = json.dumps(Place.of(located, asked).as_record(), ensure_ascii=False)
        finished = answer_html(answer, texts, located.reference, key=key, about=about, place=place)
        return (
            [*shown, message("assistant", finished)],
            write_turns([*asked.history, Turn(answer.question, answer.text)]),
            _page_of(library, located, asked.token, texts),
        )

    def restore(
        self,
        written: str,
        messages: list[Message],
        token: str,
        request: gr.Request,
    ) -> tuple[Update, ...]:
        """Put back what the tab has kept.

        Returns updates of: token, chat, turns, scope, page, forget. A question that was quicker
        than this keeps its place.
        """
        kept = read_kept(written)
        if kept is None or messages:
            return _unchanged(6)
        texts = texts_of(request)
        library = self._seen_by(request)
        holds_files = library.holds_files(kept.token)
        if kept.had_files and not holds_files:
            gr.Warning(texts.files_gone)
        listed = library.listed(kept.token)
        own = [each.reference for each in listed if each.reference.origin == "own"]
        names = names_apart({each.reference: each.title for each in listed})
        return (
            kept.token if holds_files else token,
            [
                each
                for answer in kept.answers
                for each in _put_back(_with_breadth(answer, library, kept.token), names, texts)
            ],
            write_turns(read_turns(kept.turns)),
            self._scope(listed, texts, kept.answers[-1].chosen if kept.answers else own),
            _page_put_back(library, kept, listed, texts),
            gr.Button(visible=holds_files),
        )

    def again(
        self,
        written: str,
        messages: list[Message],
        turns: str,
        token: str,
        request: gr.Request,
    ) -> Iterator[tuple[Update, ...]]:
        """Have the last answer written again, by chance; yields updates of: chat, turns, page.

        `written` is what `write_asked_again` wrote under the answer.
        """
        sample = 1 + secrets.randbelow(SEEDS)
        asked = replace(self._asked_again(written, turns, token), sample=sample)
        yield from self._in_place_of_last(asked, list(messages or ()), request)

    @staticmethod
    def widen() -> Update:
        """Return the choice of articles with none chosen, which is to ask all."""
        return gr.Dropdown(value=[])

    def ask_all(  # noqa: PLR0917 - Gradio passes its inputs by position
        self,
        written: str,
        messages: list[Message],
        turns: str,
        token: str,
        way: str | None,
        request: gr.Request,
    ) -> Iterator[tuple[Update, ...]]:
        """Ask the last question of all articles; takes and yields what `again` does."""
        asked = self._asked_again(written, turns, token)
        asked = replace(asked, chosen=(), quoting=way == QUOTE)
        yield from self._in_place_of_last(asked, list(messages or ()), request)

    def _in_place_of_last(
        self, asked: Asked, former: list[Message], request: gr.Request
    ) -> Iterator[tuple[Update, ...]]:
        texts = texts_of(request)
        asked = replace(asked, page=_page_name(request, asked.token))
        complaint = self._complaint(asked.question, request, texts)
        if complaint or len(former) < 2:  # noqa: PLR2004 - a question and its answer
            gr.Warning(complaint or texts.error_unexpected)
            yield _unchanged(3)
            return
        with self._errors_told(texts):
            yield from self._steps(self._seen_by(request), asked, former[:-1], texts, former)
            return
        yield former, gr.skip(), gr.skip()

    @staticmethod
    def _asked_again(written: str, turns: str, token: str) -> Asked:
        question, chosen = read_asked_again(written) or ("", ())
        return Asked(question, turns_before(question, turns), chosen, token)

    def answerer(self, request: gr.Request) -> Update:
        """Return the panel of what answers, closed."""
        if self._answerers is None:
            return gr.skip()
        return answerer_menu(self._answerers, texts_of(request))

    def ways(self, request: gr.Request) -> Update:
        """Return the choice between writing and quoting anew, as what answers has changed."""
        return self._way(texts_of(request))

    def stop(self, token: str, request: gr.Request) -> None:
        """End the answer that is being written for a page; what stands of it is kept."""
        self._stops.stop(_page_name(request, token))

    def open(self, address: str, token: str, request: gr.Request) -> Update:
        """Show the article that page.js asks for (`KEY/SENTENCE`), or the list (`list`)."""
        texts = texts_of(request)
        library = self._seen_by(request)
        if address == "list" or not address:
            return library_page(library.listed(token), texts)
        key, _, sentence = address.rpartition("/")
        reference = parse_key(key)
        with self._errors_told(texts):
            if reference is None:
                raise UnknownArticleError(address)
            return article_html(library, reference, token, texts, focus=_number(sentence))
        return gr.skip()

    def upload(
        self, files: list[str] | None, token: str, request: gr.Request
    ) -> Iterator[tuple[Update, ...]]:
        """Take in files; yields updates of: scope, page, forget, hint.

        What is shown stays until there is something new to show. More files may be sent before
        these have been read: until the last of them has, the hint says so.
        """
        texts = texts_of(request)
        library = self._seen_by(request)
        complaint = self._too_often(request, texts)
        if complaint:
            clear_away([Path(name) for name in files or ()])
            gr.Warning(complaint)
            yield _unchanged(4)
            return
        yield *_unchanged(3), _reading_in(texts)
        shown = _unchanged(3)
        with library.uploads.receiving(token), self._errors_told(texts):
            taken = self._take_all([Path(name) for name in files or ()], texts)
            if taken:
                library.uploads.add(token, taken)
                shown = self._uploaded(library, taken, token, texts)
        is_last = not library.uploads.is_receiving(token)
        yield (*shown, self._hint(texts) if is_last else _reading_in(texts))

    def _take_all(self, paths: Sequence[Path], texts: Texts) -> list[Article]:
        """Read files and delete them; one that cannot be read is told and left out."""
        taken = []
        for path in paths:
            with self._errors_told(texts):
                taken.append(
                    take_file(path, path.name, megabytes=self._settings.upload_max_megabytes)
                )
        clear_away(paths)
        sweep(upload_folder(), older_than=LEFT_BEHIND_SECONDS)
        return taken

    def _uploaded(
        self, library: Library, taken: Sequence[Article], token: str, texts: Texts
    ) -> tuple[Update, ...]:
        listed = library.listed(token)
        own = [each for each in listed if each.reference.origin == "own"]
        counts = {each.reference.article_id: each.sentences for each in own}
        for article in taken:
            sentences = sentences_text(texts, counts.get(article.id, 0))
            said = texts.uploaded.format(name=article.title, sentences=sentences)
            gr.Info(html.escape(said), duration=5)
        newest = Reference("own", taken[-1].id)
        return (
            self._scope(listed, texts, [each.reference for each in own]),
            article_html(library, newest, token, texts),
            gr.Button(visible=True),
        )

    def forget(self, token: str, request: gr.Request) -> tuple[Update, ...]:
        """Drop the session's files; returns updates of: scope, page, forget."""
        texts = texts_of(request)
        self._library.uploads.forget(token)
        listed = self._seen_by(request).listed(token)
        gr.Info(texts.forgotten, duration=5)
        return self._scope(listed, texts, []), library_page(listed, texts), gr.Button(visible=False)

    def drop(
        self, key: str, chosen: list[str] | None, token: str, request: gr.Request
    ) -> tuple[Update, ...]:
        """Drop one of the session's files; returns updates of: scope, page, forget."""
        texts = texts_of(request)
        library = self._seen_by(request)
        reference = parse_key(key)
        with self._errors_told(texts):
            if reference is None or reference.origin != "own":
                raise UnknownArticleError(key)
            title = library.open(reference, token).article.title
            library.uploads.remove(token, reference.article_id)
            gr.Info(html.escape(texts.dropped.format(name=title)), duration=5)
        listed = library.listed(token)
        return (
            self._scope(listed, texts, references(chosen or ())),
            library_page(listed, texts),
            gr.Button(visible=library.holds_files(token)),
        )

    def start_over(self, token: str, request: gr.Request) -> tuple[Update, ...]:
        """Empty the conversation; returns updates of: question, chat, turns, page."""
        listed = self._seen_by(request).listed(token)
        return "", [], "", library_page(listed, texts_of(request))

    def _errors_told(self, texts: Texts) -> ErrorsTold:
        return ErrorsTold(texts, megabytes=self._settings.upload_max_megabytes)

    def _example_questions(self, request: gr.Request, texts: Texts) -> list[str]:
        with self._errors_told(texts):
            return self._examples.questions(language_of(request), _visitor(request).groups)
        return []

    def _seen_by(self, request: gr.Request) -> Library:
        return self._library.seen_by(_visitor(request).groups)

    def _complaint(self, question: str, request: gr.Request, texts: Texts) -> str | None:
        """Return why a question is not asked; one that may be is counted."""
        maximum = self._settings.max_question_characters
        return question_complaint(question, texts, maximum=maximum) or self._too_often(
            request, texts
        )

    def _too_often(self, request: gr.Request, texts: Texts) -> str | None:
        """Count a request, and return what a visitor is told where it is one too many."""
        seconds = self._rate.wait(_visitor(request).counted_as)
        return texts.error_rate.format(seconds=seconds) if seconds else None

    def _scope(self, listed: Sequence[Listed], texts: Texts, chosen: Sequence[Reference]) -> Update:
        choices = [(_choice(each, texts), str(each.reference)) for each in listed[:CHOICES]]
        known = {value for _, value in choices}
        return gr.Dropdown(
            choices=choices,
            value=[str(each) for each in chosen if str(each) in known],
            label=texts.scope_label,
            info=None,
        )

    def _way(self, texts: Texts) -> Update:
        """Return the choice between writing and quoting, where there is one."""
        return gr.Radio(
            choices=[(texts.write, WRITE), (texts.quote, QUOTE)],
            value=WRITE,
            label=texts.way_label,
            visible=self._library.has_writer,
        )

    def _question_box(self, request: gr.Request, texts: Texts) -> Update:
        """Return the box with what the address asks, else with what was typed by now."""
        labels = {"label": texts.question_label, "placeholder": texts.question_placeholder}
        asked = request.query_params.get("q", "")
        return gr.Textbox(value=asked, **labels) if asked.strip() else gr.Textbox(**labels)

    def _hint(self, texts: Texts) -> str:
        settings = self._settings
        return texts.upload_hint.format(
            megabytes=settings.upload_max_megabytes, minutes=settings.upload_minutes
        )


def _unchanged(components: int) -> tuple[Update, ...]:
    """Return what leaves so many components as they are."""
    return (gr.skip(),) * components


def _reading_in(texts: Texts) -> str:
    return f'<p class="reading-in" role="status">{texts.uploading}</p>'


def _growing_html(located: Located, texts: Texts) -> str:
    """Return an answer on its way; before its first word, what is being done."""
    answer = located.answer
    if answer.text:
        return answer_html(answer, texts, located.reference, key=None)
    return pending_html(texts, writing=answer.status != "quoted")


def _put_back(kept: KeptAnswer, names: Mapping[Reference, str], texts: Texts) -> list[Message]:
    """Return the messages of a question and its answer as they stood before a reload."""
    answer, about = kept.answer, kept.about
    if answer is None:
        shown = stopped_html(kept.question, kept.chosen, texts)
    else:
        place = json.dumps(kept.place.as_record(), ensure_ascii=False)
        locate = Located(answer, kept.place.origin, names).reference
        shown = answer_html(answer, texts, locate, key=kept.key, about=about, place=place)
    return [message("user", question_html(kept.question, texts)), message("assistant", shown)]


def _with_breadth(kept: KeptAnswer, library: Library, token: str) -> KeptAnswer:
    """Return an answer with whether more could be asked now."""
    narrowed = library.leaves_out(kept.chosen, token)
    return replace(kept, about=replace(kept.about, narrowed=narrowed))


def _page_put_back(library: Library, kept: Kept, listed: Sequence[Listed], texts: Texts) -> Update:
    """Return the page of the last answer's first source, or the list where that has gone."""
    last = kept.answers[-1] if kept.answers else None
    if last and last.answer and last.answer.citations:
        with contextlib.suppress(ShuttenError):
            located = Located(last.answer, last.place.origin)
            return _page_of(library, located, kept.token, texts)
    return library_page(listed, texts)


def _shows_stopped(messages: Sequence[Message]) -> bool:
    """Whether a conversation ends with an answer that was stopped before anything stood."""
    return bool(messages) and 'class="answer stopped"' in str(messages[-1]["content"])


def _cut_short(located: Located, texts: Texts) -> Located:
    """Return what stands of an answer that was stopped; a refusal stands as it is."""
    answer = located.answer
    if answer.refused:
        return located
    notices = (*answer.notices, texts.stopped_notice)
    return Located(replace(without_pending(answer), notices=notices), located.origin)


def _page_of(library: Library, located: Located, token: str, texts: Texts) -> Update:
    """Return the page of the first source of an answer; page.js marks the sentences."""
    citations = located.answer.citations
    if not citations:
        return gr.skip()
    reference = located.reference(citations[0].article_id)
    return article_html(library, reference, token, texts, focus=citations[0].sentence)


def article_html(
    library: Library, reference: Reference, token: str, texts: Texts, *, focus: int = 1
) -> str:
    """Return an article as the page shows it; raises UnknownArticleError."""
    opened = library.open(reference, token)
    return article_page(opened.article, opened.sentences, reference, texts, focus=focus)


def _page_name(request: gr.Request, token: str) -> str:
    """Return what tells a page that waits for an answer from others.

    Gradio names it from the start; our token comes only when the page has arrived, and a question
    may be faster.
    """
    return request.session_hash or token


def _visitor(request: gr.Request) -> Visitor:
    """Return who asks: Gradio wraps the request that came with the event."""
    return visitor_of(request.request)


def masthead(texts: Texts) -> str:
    """Return the HTML above the conversation, its words in the page's language."""
    return (
        '<div class="masthead"><span class="seal" lang="ja">出典</span>'
        '<h1 class="name">Shutten</h1>'
        f'<span class="tagline">{escaped(texts.tagline)}</span></div>'
    )


def script_words(texts: Texts, *, megabytes: int, owner: str = "") -> str:
    """Return the strings that page.js puts where Gradio offers no place for them.

    `megabytes` is how large an added file may be, `owner` who has signed in: what the tab keeps
    is for nobody else.
    """
    words = {
        "scope": texts.scope_all,
        "asked": texts.question_label,
        "answered": texts.answer_label,
        "following": texts.following,
        "conversation": texts.conversation_label,
        "copied": texts.copied,
        "saved": texts.saved,
        "failed": texts.copy_failed,
        "busy": texts.error_busy,
        "lost": texts.error_connection,
        "some_file": texts.error_some_file,
        "file_type": texts.error_file_type,
        "file_size": texts.error_file_size.replace("{megabytes}", str(megabytes)),
        "language": texts.language_code,
        "sure": texts.sure,
        "chosen": texts.scope_chosen,
        "fold": texts.fold,
        "unfold": texts.unfold,
        "owner": hashlib.sha256(owner.encode()).hexdigest()[:16],
        "judging": script_rating_words(texts),
    }
    return json.dumps(words, ensure_ascii=False)


def welcome(texts: Texts, questions: Sequence[str]) -> str:
    """Return what an empty conversation shows: what this is, and questions to try."""
    links = "".join(
        f'<li><a class="example" href="{asking_link(question)}">{escaped(question)}</a></li>'
        for question in questions
    )
    examples = f'<p class="examples-head">{texts.examples}</p><ul>{links}</ul>' if links else ""
    return (
        f'<div class="welcome"><h2 class="welcome-head">{texts.welcome}</h2>'
        f'<p class="welcome-hint">{texts.welcome_hint}</p>{examples}</div>'
    )


def language_of(request: gr.Request) -> Language:
    """Return the language of a visitor's page."""
    return preferred_language(
        request.query_params.get("lang"), request.headers.get("accept-language")
    )


def texts_of(request: gr.Request) -> Texts:
    """Return the strings in the language of a visitor's page."""
    return texts_for(language_of(request))


def _wanted(request: gr.Request, listed: Sequence[Listed]) -> list[Reference]:
    """Return the article that the address names, if it is there."""
    wanted = Reference("index", request.query_params.get("article", ""))
    return [wanted] if any(each.reference == wanted for each in listed) else []


def _choice(listed: Listed, texts: Texts) -> str:
    names = [texts.own_mark] if listed.reference.origin == "own" else []
    names += [listed.reference.name] if listed.reference.name else []
    if not names:
        return listed.title
    return texts.named.format(title=listed.title, name=texts.answerer_comma.join(names))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1  # noqa: PLR2004


@cache
def upload_folder() -> Path:
    """Return where Gradio puts what it receives: a folder that ends with this process."""
    folder = Path(tempfile.mkdtemp(prefix="shutten-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["GRADIO_TEMP_DIR"] = str(folder)
    return folder
