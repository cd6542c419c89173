"""The panel in which one sees what answers, what else could, and what that would cost."""

from __future__ import annotations

from typing import Final

import anyio
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shutten.errors import UsageError
from shutten.memory import shown_size
from shutten.model_files import GGUF
from shutten.types import Language
from shutten.web.answerers import READER, Answerers, Offer, Problem, State
from shutten.web.api.problems import JsonResponse, RefusedError, language_of
from shutten.web.api.requests import read_record
from shutten.web.markup import escaped
from shutten.web.texts import Texts, texts_for

SLOW_MEMORY: Final = 4_000_000_000
"""Bytes of a model of about a billion parameters, with which two cores take minutes."""

PATH: Final = "/answerers"
"""Behind the page's own path."""


def answerer_routes(path: str, answerers: Answerers) -> list[Route]:
    """Return the addresses by which the page shows the panel and passes a choice on."""

    async def show(request: Request) -> Response:
        return JsonResponse(await anyio.to_thread.run_sync(drawn, answerers, language_of(request)))

    async def choose(request: Request) -> Response:
        name = (await read_record(request)).get("name")
        if not answerers.may_choose or not _is_own(request):
            raise RefusedError("forbidden")
        if not isinstance(name, str):
            raise RefusedError("invalid_request", detail='"name" must be a string')
        try:
            await anyio.to_thread.run_sync(answerers.choose, name)
        except UsageError as error:
            raise RefusedError("invalid_request", detail=error) from error
        return await show(request)

    return [
        Route(path + PATH, show, methods=["GET"], include_in_schema=False),
        Route(path + PATH, choose, methods=["POST"], include_in_schema=False),
    ]


def _is_own(request: Request) -> bool:
    """Whether the page itself asks, as browsers say it: a site that may frame it may not choose."""
    return request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")


def drawn(answerers: Answerers, language: Language) -> dict[str, object]:
    """Return the panel as HTML, and in a few words what it says."""
    state, texts = answerers.state, texts_for(language)
    return {
        "label": answerer_label(state, texts),
        "html": panel_html(answerers, language),
        "loading": state.loading,
        "writes": answerers.current is not None,
        "said": _status(state, texts),
    }


def answerer_menu(answerers: Answerers, texts: Texts) -> str:
    """Return the closed panel, which page.js fills when it is opened."""
    label = escaped(answerer_label(answerers.state, texts))
    return (
        f'<details class="formats answerers"><summary>{label}</summary>'
        f'<div class="choices" role="group" aria-label="{texts.answerer_panel}"></div></details>'
    )


def answerer_label(state: State, texts: Texts) -> str:
    """Return what answers, in a few words."""
    if state.chosen.name == READER:
        return texts.answerer_reader_label
    name = short_name(state.chosen)
    if state.loading:
        return texts.answerer_loading_label.format(name=name)
    return texts.answerer_label.format(name=name)


def short_name(offer: Offer) -> str:
    """Return a model's name without its owner."""
    return offer.shown.rsplit("/", maxsplit=1)[-1]


def panel_html(answerers: Answerers, language: Language) -> str:
    """Return what the open panel shows."""
    state, texts = answerers.state, texts_for(language)
    offers = answerers.offers() if answerers.may_choose else [state.chosen]
    rule = texts.answerer_rule if answerers.may_choose else texts.answerer_fixed
    rows = "".join(_row(each, answerers, state, language) for each in offers)
    problem = _problem(state.problem, texts) if state.problem else ""
    return (
        f'<p class="now" tabindex="-1">{escaped(_status(state, texts))}</p>{problem}'
        f'<p class="rule">{rule}</p><ul class="offers">{rows}</ul>'
    )


def _status(state: State, texts: Texts) -> str:
    if state.chosen.name == READER:
        return texts.answerer_quotes
    name = short_name(state.chosen)
    if state.loading:
        return texts.answerer_loading.format(name=name)
    if state.problem is not None and not state.problem.kept:
        return texts.answerer_quotes
    return texts.answerer_writes.format(name=name)


def _problem(problem: Problem, texts: Texts) -> str:
    return f'<p class="problem" role="alert">{escaped(problem_text(problem, texts))}</p>'


def problem_text(problem: Problem, texts: Texts) -> str:
    """Return in one line why a model does not write, and what helps."""
    name = problem.offer.shown
    if problem.needed is not None:
        needed, free = shown_size(problem.needed), shown_size(problem.free)
        return texts.answerer_short_of_memory.format(name=name, needed=needed, free=free)
    if problem.offer.kind == "local" and not problem.offer.installed:
        return texts.answerer_missing.format(name=name)
    return texts.answerer_broken.format(name=name)


def _row(offer: Offer, answerers: Answerers, state: State, language: Language) -> str:
    texts = texts_for(language)
    is_chosen = offer.name == state.chosen.name
    name = "current" if is_chosen else ""
    return (
        f'<li class="offer {name}"><p class="offer-head">'
        f"<strong>{escaped(_name(offer, texts))}</strong>"
        f"{_action(offer, answerers, state, texts)}</p>"
        f'<p class="facts">{escaped(_facts(offer, texts))}</p>'
        f'<p class="note">{escaped(_note(offer, language))}</p>'
        f"{_command(offer, texts)}</li>"
    )


def _name(offer: Offer, texts: Texts) -> str:
    return texts.answerer_reader if offer.kind == "reader" else offer.shown


def _action(offer: Offer, answerers: Answerers, state: State, texts: Texts) -> str:
    """Return the button that chooses, or what there is to say in its place."""
    is_chosen = offer.name == state.chosen.name
    if is_chosen and (state.problem is None or state.problem.kept):
        words = texts.answerer_is_loading if state.loading else texts.answerer_in_use
        return f'<span class="state">{words}</span>'
    if not offer.installed:
        return f'<span class="state">{texts.answerer_not_installed}</span>'
    if not answerers.may_choose:
        return ""
    label = escaped(texts.answerer_use_this.format(name=_name(offer, texts)))
    return (
        f'<button type="button" class="choose" data-name="{escaped(offer.name)}"'
        f' aria-label="{label}">{texts.answerer_use}</button>'
    )


def _facts(offer: Offer, texts: Texts) -> str:
    if offer.kind == "reader":
        return texts.answerer_reader_facts
    if offer.kind == "server":
        return texts.answerer_server_facts
    here = texts.answerer_installed if offer.installed else ""
    facts = [here, offer.licence or "", _languages(offer, texts)]
    if offer.download is not None:
        words = texts.answerer_on_disk if offer.installed else texts.answerer_download
        facts.append(words.format(size=shown_size(offer.download)))
    if offer.memory is not None:
        facts.append(texts.answerer_memory.format(size=shown_size(offer.memory)))
    return " · ".join(filter(None, facts))


def _languages(offer: Offer, texts: Texts) -> str:
    names = {
        "ja": texts.language_ja,
        "en": texts.language_en,
        "many": texts.answerer_many_languages,
    }
    return texts.answerer_comma.join(names.get(each, each) for each in offer.languages)


def _note(offer: Offer, language: Language) -> str:
    texts = texts_for(language)
    if offer.kind == "reader":
        return texts.answerer_reader_note
    if offer.kind == "server":
        return texts.answerer_server_note
    return offer.note(language) or _note_of_unknown(offer, texts)


def _note_of_unknown(offer: Offer, texts: Texts) -> str:
    """Return what can be said of a model of which only the files are known."""
    is_gguf = offer.name.casefold().endswith(GGUF)
    note = texts.answerer_gguf_note if is_gguf else texts.answerer_unknown_note
    is_slow = offer.memory is not None and offer.memory > SLOW_MEMORY
    between = "" if texts.language_code == "ja" else " "
    return f"{note}{between}{texts.answerer_slow_note}" if is_slow else note


def _command(offer: Offer, texts: Texts) -> str:
    """Return the command that downloads a model: the page itself never starts a download."""
    if offer.installed or offer.known is None:
        return ""
    return (
        f'<p class="pull"><code>shutten models pull {escaped(offer.name)}</code>'
        f'<button type="button" class="copy-command" aria-label="{texts.answerer_copy_command}">'
        f'<span class="idle">{texts.export_copy}</span><span class="done">{texts.copied}</span>'
        "</button></p>"
    )
