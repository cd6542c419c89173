"""An answer as HTML for the conversation, and as plain text for the clipboard."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from shutten.sentences import detect_language
from shutten.types import Answer, Citation, Hit
from shutten.web.markup import Reference, escaped, marked, sentence_link, web_address
from shutten.web.texts import Texts, refusal_text, status_text, texts_for

NEAREST: Final = 3
"""How many sentences a refusal shows."""

_MARKER: Final = re.compile(r"\[(\d+)\]")

Locate = Callable[[str], Reference]
"""From an article's id to the reference that the page can follow."""


def question_html(question: str) -> str:
    """Return what the user asked."""
    return f'<div class="asked">{escaped(question)}</div>'


def pending_html(texts: Texts) -> str:
    """Return what stands in an answer's place until its first words are there."""
    return f'<div class="answer pending" role="status"><span>{texts.searching}</span></div>'


def answer_html(answer: Answer, texts: Texts, locate: Locate, *, key: str | None) -> str:
    """Return an answer as HTML of one line.

    `key` names the finished answer in the page; None while it still grows.
    """
    name = f"answer {answer.status}" + (" final" if key else "")
    identity = f' id="answer-{escaped(key)}"' if key else ""
    body = _refusal(answer, texts, locate) if answer.refused else _body(answer, texts, locate)
    return (
        f'<div class="{name}"{identity}>'
        f'<p class="badge">{status_text(texts, answer.status)}</p>'
        f"{_understood(answer, texts)}{body}{_notices(answer, texts)}"
        f"{_copy(answer, texts) if key else ''}</div>"
    )


def _understood(answer: Answer, texts: Texts) -> str:
    """Return how a follow-up was understood; nothing of a question that stands alone."""
    if not answer.was_rewritten:
        return ""
    standalone = answer.standalone_question
    words = f'<span lang="{detect_language(standalone)}">{escaped(standalone)}</span>'
    return f'<p class="understood">{texts.understood.format(question=words)}</p>'


def copy_text(answer: Answer) -> str:
    """Return the answer with its sources as footnotes: quotation, title, sentence, address."""
    texts = texts_for(answer.language)
    notes = [_footnote(citation, texts) for citation in answer.citations]
    if answer.refused:
        notes = [texts.nearest, *(_near_note(hit, texts) for hit in answer.hits[:NEAREST])]
    written = _written_text(answer)
    return "\n\n".join(part for part in (written, "\n".join(notes)) if part)


def _written_text(answer: Answer) -> str:
    """Return the words of the answer; a quotation is left to the footnotes."""
    if answer.status != "quoted" or not answer.short_answer or not answer.citations:
        return answer.text
    return f"{answer.short_answer}[{answer.citations[0].marker}]"


def _footnote(citation: Citation, texts: Texts) -> str:
    note = texts.footnote.format(
        marker=citation.marker,
        quote=_joined(citation.quote),
        title=citation.title,
        number=citation.sentence,
    )
    return f"{note} {citation.address}" if citation.address else note


def _near_note(hit: Hit, texts: Texts) -> str:
    number = texts.sentence_number.format(number=hit.sentence)
    quotation = texts.quotation.format(quote=_joined(hit.text))
    note = f"- {quotation} ({hit.title}, {number})"
    return f"{note} {hit.address}" if hit.address else note


def _joined(text: str) -> str:
    return " ".join(text.split())


def _body(answer: Answer, texts: Texts, locate: Locate) -> str:
    if answer.status == "quoted":
        return _short(answer, texts, locate) + _quotations(answer, texts, locate)
    written = _written(answer, texts, locate)
    return f"{written}{_sources(answer, texts, locate)}"


def _short(answer: Answer, texts: Texts, locate: Locate) -> str:
    if not answer.short_answer or not answer.citations:
        return ""
    chip = _chip(answer.citations[0], texts, locate)
    return f'<p class="short">{escaped(answer.short_answer)}{chip}</p>'


def _quotations(answer: Answer, texts: Texts, locate: Locate) -> str:
    return "".join(_quotation(citation, texts, locate) for citation in answer.citations)


def _quotation(citation: Citation, texts: Texts, locate: Locate) -> str:
    words = marked(citation.quote, citation.answer_start, citation.answer_end)
    language = detect_language(citation.quote)
    return (
        f'<div class="quotation"><p class="quote" lang="{language}">{words}'
        f"{_chip(citation, texts, locate)}</p>"
        f"{_source_line(citation, texts, locate, language)}</div>"
    )


def _source_line(citation: Citation, texts: Texts, locate: Locate, language: str) -> str:
    number = texts.sentence_number.format(number=citation.sentence)
    address = web_address(citation.address)
    link = (
        f' <a class="original" href="{escaped(address)}" rel="noopener">{texts.original_page}</a>'
        if address
        else ""
    )
    return (
        f'<p class="source"><a class="cite" href="{_link(citation, locate)}">'
        f'<span lang="{language}">{escaped(citation.title)}</span> · {number}</a>{link}</p>'
    )


def _written(answer: Answer, texts: Texts, locate: Locate) -> str:
    """Return the answer's text in paragraphs, its markers as links."""
    citations = {citation.marker: citation for citation in answer.citations}
    paragraphs = [part for part in answer.text.split("\n\n") if part.strip()]
    written = "".join(
        f"<p>{_with_chips(paragraph, citations, texts, locate)}</p>" for paragraph in paragraphs
    )
    return f'<div class="written" lang="{answer.language}">{written}</div>'


def _with_chips(text: str, citations: dict[int, Citation], texts: Texts, locate: Locate) -> str:
    pieces, position = [], 0
    for found in _MARKER.finditer(text):
        citation = citations.get(int(found.group(1)))
        if citation is None:
            continue
        pieces.append(escaped(text[position : found.start()]))
        pieces.append(_chip(citation, texts, locate))
        position = found.end()
    return "".join([*pieces, escaped(text[position:])])


def _sources(answer: Answer, texts: Texts, locate: Locate) -> str:
    quotations = _quotations(answer, texts, locate)
    return f'<div class="sources">{quotations}</div>' if quotations else ""


def _chip(citation: Citation, texts: Texts, locate: Locate) -> str:
    title = texts.go_to_sentence.format(title=citation.title, number=citation.sentence)
    return (
        f'<a class="chip cite" href="{_link(citation, locate)}" title="{escaped(title)}">'
        f"<i>[</i>{citation.marker}<i>]</i></a>"
    )


def _link(citation: Citation, locate: Locate) -> str:
    start, end = citation.answer_start, citation.answer_end
    words = None if start is None or end is None else (start, end)
    reference = locate(citation.article_id)
    return sentence_link(reference, citation.sentence, words=words, marker=citation.marker)


def _refusal(answer: Answer, texts: Texts, locate: Locate) -> str:
    reason = refusal_text(texts, answer.refusal_reason)
    near = _nearest(answer.hits[:NEAREST], texts, locate)
    return (
        f'<p class="plainly">{texts.refused_plainly}</p><p class="reason">{reason}</p>{near}'
        if answer.refusal_reason != "no_articles"
        else f'<p class="plainly">{reason}</p>'
    )


def _nearest(hits: Sequence[Hit], texts: Texts, locate: Locate) -> str:
    if not hits:
        return ""
    rows = "".join(_near_row(hit, texts, locate) for hit in hits)
    return f'<div class="nearest"><p class="nearest-head">{texts.nearest}</p><ul>{rows}</ul></div>'


def _near_row(hit: Hit, texts: Texts, locate: Locate) -> str:
    link = sentence_link(locate(hit.article_id), hit.sentence, words=None, marker=None)
    number = texts.sentence_number.format(number=hit.sentence)
    language = detect_language(hit.text)
    return (
        f'<li><a class="cite" href="{link}"><span lang="{language}">{escaped(hit.text)}</span>'
        f'<span class="from"><span lang="{language}">{escaped(hit.title)}</span> · {number}</span>'
        "</a></li>"
    )


def _notices(answer: Answer, texts: Texts) -> str:
    notices = list(answer.notices)
    if answer.removed:
        notices.append(texts.removed_claims.format(count=len(answer.removed)))
    return "".join(f'<p class="notice">{escaped(notice)}</p>' for notice in notices)


def _copy(answer: Answer, texts: Texts) -> str:
    return (
        f'<p class="tools"><button class="copy"><span class="idle">{texts.copy}</span>'
        f'<span class="done">{texts.copied}</span></button></p>'
        f'<pre class="copy-text">{escaped(copy_text(answer))}</pre>'
    )
