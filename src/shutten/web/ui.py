"""The page's components, how they are laid out and connected, and where they are mounted.

Gradio is imported at the top here and in page.py, so only `create_app` imports the two. There is
no `gr.State`: it would keep a connection open for every tab, and a browser allows six. What a
conversation needs travels with the page in hidden fields; what a session uploaded is kept under
an unguessable token that only its tab knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import gradio as gr

from shutten.settings import Settings
from shutten.web.answerers import Answerers
from shutten.web.api.guard import RateLimit
from shutten.web.examples import ExampleQuestions
from shutten.web.exports import conversation_tools
from shutten.web.library import Library
from shutten.web.next_questions import NextQuestions
from shutten.web.page import WRITE, Page, masthead, upload_folder
from shutten.web.sources import page_on_its_way
from shutten.web.texts import texts_for, translations
from shutten.web.uploads import SUFFIXES, UploadStore

if TYPE_CHECKING:
    from fastapi import FastAPI

    from shutten.assistant import Assistant

STATIC: Final = Path(__file__).parent / "static"

ASKED_AT_ONCE: Final = 8
"""How many questions are worked on at the same time; Gradio's own default is one."""

WAITING: Final = 128
"""How many may wait behind them; who comes later is told so and keeps the question."""

TRANSPORT_FACTOR: Final = 4
"""Gradio cuts off uploads of this many times the limit; below, the page can say so in words."""

HIDDEN: Final[dict[str, Any]] = {"visible": "hidden", "show_label": False}
"""Of the fields that travel with the page."""

SYSTEM_FONTS: Final = [
    "Hiragino Sans",
    "Yu Gothic UI",
    "Noto Sans CJK JP",
    "Noto Sans JP",
    "Meiryo",
    "system-ui",
    "sans-serif",
]


def mount_page(
    app: FastAPI,
    assistant: Assistant,
    settings: Settings,
    rate: RateLimit,
    answerers: Answerers,
    *,
    path: str,
) -> None:
    """Build the page and serve it under `path`; `rate` limits how often each visitor may ask."""
    upload_folder()
    from shutten.assistant import assistant_for_articles

    assemble = partial(assistant_for_articles, like=assistant)
    uploads = UploadStore(assemble, lifetime=settings.upload_minutes * 60)
    library = Library(assistant, uploads, answerers)
    page = Page(library, ExampleQuestions(assistant), settings, rate, answerers)
    following = NextQuestions(
        library,
        RateLimit(settings.requests_per_minute),
        megabytes=settings.request_max_megabytes,
        most=settings.suggestions,
    )
    app.router.routes.append(following.route(path))
    gr.mount_gradio_app(
        app,
        build_blocks(page),
        path=path,
        footer_links=[],
        run_history=False,
        allowed_paths=[],
        show_error=False,
        max_file_size=settings.upload_max_megabytes * TRANSPORT_FACTOR * 1024 * 1024,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        i18n=_i18n(),
        mcp_server=False,
        theme=gr.themes.Base(font=SYSTEM_FONTS, font_mono=["ui-monospace", "monospace"]),
        head=_head(),
    )


def _head() -> str:
    """Return style and script; as `css=` Gradio would rewrite the selectors, and not all well."""
    parts = ("page", "controls")
    style = "".join((STATIC / f"{name}.css").read_text(encoding="utf-8") for name in parts)
    scripts = [
        (STATIC / f"{name}.js").read_text(encoding="utf-8") for name in ("stream", *parts, "keep")
    ]
    return f"<style>{style}</style>" + "".join(f"<script>{each}</script>" for each in scripts)


def _i18n() -> gr.I18n:
    words = {
        language: {
            **words,
            "masthead": masthead(texts_for(language)),
            "export_tools": conversation_tools(texts_for(language)),
            "page_pending": page_on_its_way(texts_for(language)),
        }
        for language, words in translations().items()
    }
    return gr.I18n(**words)


def build_blocks(page: Page) -> gr.Blocks:
    """Lay out the page and connect its events."""
    with gr.Blocks(
        title="出典 Shutten", analytics_enabled=False, fill_width=True, fill_height=False
    ) as blocks:
        parts = _lay_out()
        _connect(page, parts, blocks)
    blocks.queue(default_concurrency_limit=ASKED_AT_ONCE, max_size=WAITING, api_open=False)
    return blocks


@dataclass(frozen=True, slots=True)
class Parts:
    """The components of the page that events read or change."""

    masthead: gr.Markdown
    chat: gr.Chatbot
    question: gr.Textbox
    send: gr.Button
    stop: gr.Button
    way: gr.Radio
    scope: gr.Dropdown
    upload: gr.UploadButton
    hint: gr.Markdown
    forget: gr.Button
    export: gr.Markdown
    fresh: gr.Button
    page: gr.Markdown
    token: gr.Textbox
    turns: gr.Textbox
    address: gr.Textbox
    words: gr.Textbox
    open: gr.Button
    drop: gr.Button
    answerer: gr.Markdown
    renew: gr.Button
    again: gr.Button
    again_of: gr.Textbox
    widen: gr.Button
    unasked: gr.Textbox
    sent: gr.Textbox
    kept: gr.Textbox
    restore: gr.Button


def _lay_out() -> Parts:
    i18n = _i18n()
    top = gr.Markdown(i18n("masthead"), elem_id="masthead")
    with gr.Row(elem_id="desk"):
        with gr.Column(elem_id="talk", min_width=300):
            chat = _chatbot(i18n)
            with gr.Column(elem_id="composer"):
                question, send, stop = _question_box(i18n)
                with gr.Row(elem_id="tools"):
                    answerer = gr.Markdown("", elem_id="answerer")
                    way = _ways()
                    scope = _scope(i18n)
                    export = gr.Markdown(i18n("export_tools"), elem_id="export")
                    fresh = gr.Button(i18n("new_conversation"), size="sm", elem_id="fresh")
                with gr.Row(elem_id="footing"):
                    upload = _upload(i18n)
                    hint = gr.Markdown("", elem_id="hint")
                    forget = gr.Button(
                        i18n("forget_uploads"), size="sm", visible=False, elem_id="forget"
                    )
        with gr.Column(elem_id="reading", min_width=300):
            page = gr.Markdown(i18n("page_pending"), elem_id="page", latex_delimiters=[])
    return Parts(
        masthead=top,
        chat=chat,
        question=question,
        send=send,
        stop=stop,
        way=way,
        scope=scope,
        upload=upload,
        hint=hint,
        forget=forget,
        export=export,
        fresh=fresh,
        page=page,
        token=gr.Textbox(elem_id="token", **HIDDEN),
        turns=gr.Textbox(elem_id="turns", **HIDDEN),
        address=gr.Textbox(elem_id="address", **HIDDEN),
        words=gr.Textbox(elem_id="words", **HIDDEN),
        open=gr.Button(elem_id="open", visible="hidden"),
        drop=gr.Button(elem_id="drop", visible="hidden"),
        answerer=answerer,
        renew=gr.Button(elem_id="renew", visible="hidden"),
        again=gr.Button(elem_id="again", visible="hidden"),
        again_of=gr.Textbox(elem_id="again_of", **HIDDEN),
        widen=gr.Button(elem_id="widen", visible="hidden"),
        unasked=gr.Textbox(elem_id="unasked", **HIDDEN),
        sent=gr.Textbox(elem_id="sent", **HIDDEN),
        kept=gr.Textbox(elem_id="kept", **HIDDEN),
        restore=gr.Button(elem_id="restore", visible="hidden"),
    )


def _chatbot(i18n: gr.I18n) -> gr.Chatbot:
    return gr.Chatbot(
        label=i18n("conversation_label"),
        show_label=False,
        container=False,
        elem_id="chat",
        height=None,
        autoscroll=False,
        buttons=[],
        feedback_options=None,
        latex_delimiters=[],
        layout="panel",
        allow_tags=False,
        group_consecutive_messages=False,
    )


def _scope(i18n: gr.I18n) -> gr.Dropdown:
    return gr.Dropdown(
        [],
        multiselect=True,
        label=i18n("scope_label"),
        show_label=False,
        container=False,
        elem_id="scope",
    )


def _upload(i18n: gr.I18n) -> gr.UploadButton:
    return gr.UploadButton(
        i18n("upload"),
        file_types=list(SUFFIXES),
        file_count="multiple",
        size="sm",
        elem_id="upload",
    )


def _ways() -> gr.Radio:
    """Return the choice between writing and quoting; `Page.arrive` fills it where there is one."""
    return gr.Radio(
        [WRITE],
        value=WRITE,
        show_label=False,
        container=False,
        visible=False,
        elem_id="way",
    )


def _question_box(i18n: gr.I18n) -> tuple[gr.Textbox, gr.Button, gr.Button]:
    with gr.Row(elem_id="ask"):
        question = gr.Textbox(
            label=i18n("question_label"),
            placeholder=i18n("question_placeholder"),
            show_label=False,
            container=False,
            lines=1,
            max_lines=6,
            elem_id="question",
        )
        send = gr.Button(i18n("send"), variant="primary", elem_id="send", min_width=60, scale=0)
        stop = gr.Button(i18n("stop"), elem_id="stop", min_width=60, scale=0)
    return question, send, stop


def _connect(page: Page, parts: Parts, blocks: gr.Blocks) -> None:
    quiet = {"show_progress": "hidden", "api_visibility": "private"}
    asking = {
        "inputs": [parts.question, parts.chat, parts.turns, parts.scope, parts.token, parts.way],
        "outputs": [parts.unasked, parts.chat, parts.turns, parts.page],
        **quiet,
    }
    arrival = blocks.load(
        page.arrive,
        None,
        [
            parts.token,
            parts.words,
            parts.masthead,
            parts.question,
            parts.send,
            parts.stop,
            parts.way,
            parts.scope,
            parts.upload,
            parts.export,
            parts.fresh,
            parts.forget,
            parts.hint,
            parts.page,
        ],
        **quiet,
    ).then(page.ask_on_arrival, **asking)
    blocks.load(page.greet, None, parts.chat, **quiet)
    blocks.load(page.answerer, None, parts.answerer, **quiet)
    again = _connect_judging(page, parts, quiet)
    asked = gr.on(
        [parts.question.submit, parts.send.click],
        page.ask_as_sent,
        api_name="ask",
        trigger_mode="always_last",
        **{**asking, "inputs": [*asking["inputs"], parts.sent]},
    )
    _connect_keeping(page, parts, quiet)
    parts.stop.click(page.stop, parts.token, None, queue=False, **quiet)
    parts.open.click(
        page.open,
        [parts.address, parts.token],
        parts.page,
        trigger_mode="always_last",
        **quiet,
    )
    _connect_files(page, parts, quiet)
    parts.fresh.click(
        page.start_over,
        parts.token,
        [parts.question, parts.chat, parts.turns, parts.page],
        cancels=[asked, arrival, *again],
        **quiet,
    )


def _connect_files(page: Page, parts: Parts, quiet: dict[str, Any]) -> None:
    """Connect what adds files for this visit and what forgets them."""
    files = [parts.scope, parts.page, parts.forget]
    parts.upload.upload(
        page.upload,
        [parts.upload, parts.token],
        [*files, parts.hint],
        trigger_mode="multiple",  # else what is chosen while a file is read would be dropped
        **quiet,
    )
    parts.forget.click(page.forget, parts.token, files, **quiet)
    parts.drop.click(page.drop, [parts.address, parts.scope, parts.token], files, **quiet)


def _connect_keeping(page: Page, parts: Parts, quiet: dict[str, Any]) -> None:
    """Connect what keep.js does once the page has been set up: a reload loses nothing."""
    put_back = [parts.token, parts.chat, parts.turns, parts.scope, parts.page, parts.forget]
    parts.restore.click(page.restore, [parts.kept, parts.chat, parts.token], put_back, **quiet)


def _connect_judging(page: Page, parts: Parts, quiet: dict[str, Any]) -> list[Any]:
    """Connect what stands under an answer, and the choice of what answers.

    Returns the events that put another answer into the place of the last one.
    """
    parts.renew.click(page.ways, None, parts.way, **quiet)
    asked = [parts.again_of, parts.chat, parts.turns, parts.token]
    shown = [parts.chat, parts.turns, parts.page]
    again = parts.again.click(page.again, asked, shown, **quiet)
    widened = parts.widen.click(page.widen, None, parts.scope, **quiet)
    return [again, widened.then(page.ask_all, [*asked, parts.way], shown, **quiet)]
