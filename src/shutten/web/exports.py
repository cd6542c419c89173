"""Answers to take along: the controls in the page, and what they and programs are given."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any, Final

import anyio
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shutten.exporting import FILE_KINDS, FORMATS, Format, export_answer, export_conversation
from shutten.exporting.document import NEAREST
from shutten.grounding import answer_as_dict
from shutten.types import Answer
from shutten.web.api.guard import RateLimit, check_length, check_rate
from shutten.web.api.problems import JsonResponse, RefusedError, json_text
from shutten.web.api.requests import answer_in, answers_in, read_record
from shutten.web.api.shapes import Exported
from shutten.web.markup import escaped
from shutten.web.texts import Texts
from shutten.web.visitors import visitor_of

PATH: Final = "/export"
"""Behind the page's own path; programs have the same at /api/export."""

MOST_ANSWERS: Final = 200

NAMES: Final[dict[Format, str]] = {
    "markdown": "Markdown",
    "html": "HTML",
    "dokuwiki": "DokuWiki",
    "mediawiki": "MediaWiki",
}
"""The formats besides plain text, as people know them."""

FILE_NAME: Final = "shutten"


def exported(record: dict[str, Any]) -> Exported:
    """Return what a body asks for; raises RefusedError."""
    form = record.get("format")
    if form not in FORMATS:
        raise _invalid(f'"format" must be one of {", ".join(FORMATS)}')
    given = record.get("answers")
    if isinstance(given, list) and len(given) > MOST_ANSWERS:
        raise _invalid(f'"answers" must be up to {MOST_ANSWERS} answers')
    if "answer" in record:
        text = export_answer(answer_in(record["answer"]), form, part=bool(record.get("part")))
    else:
        text = export_conversation(answers_in(given), form)
    kind = FILE_KINDS[form]
    return Exported(form, kind.media_type, f"{FILE_NAME}{kind.suffix}", text)


def _invalid(detail: str) -> RefusedError:
    return RefusedError("invalid_request", detail=detail)


def export_route(path: str, rate: RateLimit, *, megabytes: int) -> Route:
    """Return the page's own address for exports, which needs no key as the page needs none."""

    async def respond(request: Request) -> Response:
        check_rate(rate, visitor_of(request).counted_as)
        check_length(request, megabytes=megabytes)
        made = await anyio.to_thread.run_sync(exported, await read_record(request))
        return JsonResponse(asdict(made))

    return Route(path + PATH, respond, methods=["POST"], include_in_schema=False)


# ── in the page ──────────────────────────────────────────────────────────────────────────────


def answer_data(answer: Answer) -> str:
    """Return the answer itself, for page.js to send."""
    kept = answer.hits[:NEAREST] if answer.refused else ()
    data = json_text(answer_as_dict(replace(answer, hits=kept, removed=())))
    return f'<pre class="answer-data">{escaped(data)}</pre>'


def answer_tools(texts: Texts, *, judging: str = "") -> str:
    """Return the controls below an answer."""
    choices = "".join(
        _button(f"copy as-{form}", name, texts, label=texts.copy_as.format(format=name))
        for form, name in NAMES.items()
    )
    return (
        f'<div class="tools">{judging}{_button("copy as-text", texts.copy, texts)}'
        f'<details class="formats"><summary>{texts.copy_other}</summary>'
        f'<div class="choices">{choices}</div></details></div>'
    )


def conversation_tools(texts: Texts) -> str:
    """Return the controls that take the whole conversation along."""
    rows = "".join(
        f'<div class="row"><span class="name">{name}</span>'
        + _button(f"copy all as-{form}", texts.export_copy, texts,
                  label=texts.copy_as.format(format=name))
        + _button(f"save all as-{form}", texts.export_save, texts,
                  label=texts.save_as.format(format=name))
        + "</div>"
        for form, name in NAMES.items()
    )  # fmt: skip
    return (
        f'<details class="formats"><summary>{texts.export_conversation}</summary>'
        f'<div class="choices">{rows}</div></details>'
    )


def _button(name: str, words: str, texts: Texts, *, label: str | None = None) -> str:
    title = f' aria-label="{escaped(label)}" title="{escaped(label)}"' if label else ""
    done = texts.copied if name.startswith("copy") else texts.saved
    return (
        f'<button type="button" class="export {name}"{title}><span class="idle">{words}</span>'
        f'<span class="done">{done}</span></button>'
    )
