"""An answer as HTML for the conversation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from shutten.drafting import pending_claim
from shutten.exporting.addresses import web_address
from shutten.exporting.document import MARKER, NEAREST
from shutten.grounding import short_answers
from shutten.sentences import detect_language
from shutten.types import Answer, Citation, Claim, Hit
from shutten.web.exports import answer_data, answer_tools
from shutten.web.judging import (
    Circumstances,
    asking_tools,
    judging_data,
    judging_tools,
    widening_tool,
)
from shutten.web.markup import Reference, escaped, marked, sentence_link, worded
from shutten.web.texts import Texts, refusal_text, status_text

_LINES: Final = 6
_LINE: Final = 70
"""How many lines of a question are shown, and about how many narrow signs a line of it holds."""

_WIDE: Final = 0x1100
"""From here on, signs are mostly as wide as two."""

_HALF_EMPTY: Final = ("。", "」", "』", "）", "、")
"""Signs whose square is empty on the right."""

Locate = Callable[[str], Reference]
"""From an article's id to the reference that the page can follow."""


def question_html(question: str, texts: Texts) -> str:
    """Return what the user asked; a long question is folded, so that its answer is seen."""
    asked = escaped(question)
    if not _is_long(question):
        return f'<div class="asked">{asked}</div>'
    unfold = f'<button type="button" class="unfold">{texts.unfold}</button>'
    return f'<div class="asking"><div class="asked folded">{asked}</div>{unfold}</div>'


def _is_long(question: str) -> bool:
    """Whether a question takes more than the lines that are shown of it."""
    widths = [sum(2 if ord(sign) >= _WIDE else 1 for sign in line) for line in question.split("\n")]
    return sum(1 + width // _LINE for width in widths) > _LINES


def pending_html(texts: Texts, *, writing: bool = False) -> str:
    """Return what stands in an answer's place until its first words are there."""
    name, words = ("pending writing", texts.writing) if writing else ("pending", texts.searching)
    return f'<div class="answer {name}" role="status"><span>{words}</span></div>'


def stopped_html(
    question: str, chosen: Sequence[Reference], texts: Texts, *, removed: Sequence[Claim] = ()
) -> str:
    """Return what stands in the place of an answer that was ended before anything was checked."""
    told = _removed(removed, texts, is_final=True)
    again = asking_tools(question, chosen, texts)
    return f'<div class="answer stopped"><p class="reason">{texts.stopped}</p>{told}{again}</div>'


def answer_html(
    answer: Answer,
    texts: Texts,
    locate: Locate,
    *,
    key: str | None,
    about: Circumstances | None = None,
    place: str | None = None,
) -> str:
    """Return an answer as HTML of one line.

    `key` names the finished answer in the page, and the opinion of it; None while it still grows.
    `place` is where it came from, as JSON for page.js, which puts next questions below it.
    """
    is_written = not key and answer.status in ("written", "partial")
    name = f"answer {answer.status}" + (" final" if key else " writing" if is_written else "")
    name += " unsure" if answer.unsure else ""
    # While it grows it is drawn anew again and again: it is read out once it is whole.
    identity = f' id="answer-{escaped(key)}"' if key else ' aria-busy="true"'
    # Thanks are answered in kind: there is nothing to say of such an answer.
    said = "" if answer.reply == "talk" else _badge(answer, texts, is_written=is_written)
    badge = f'<p class="badge">{said}</p>' if said else ""
    widening = _widening(answer, texts, about)
    body = (
        _refusal(answer, texts, locate, widening)
        if answer.refused
        else _body(answer, texts, locate) + widening
    )
    return (
        f'<div class="{name}"{identity}>'
        f"{badge}"
        f"{_understood(answer, texts)}{body}{_notices(answer)}"
        f"{_removed(answer.removed, texts, is_final=key is not None)}"
        f"{_tools(answer, texts, about) if key else ''}{_place(place)}</div>"
    )


def _badge(answer: Answer, texts: Texts, *, is_written: bool) -> str:
    if is_written:
        return texts.writing
    if answer.unsure:
        return texts.unsure
    if answer.reply == "which_article":
        return texts.which_article
    if answer.close:
        return texts.close
    return status_text(texts, answer.status, answer.refusal_reason)


def _tools(answer: Answer, texts: Texts, about: Circumstances | None) -> str:
    data = judging_data(answer, about or Circumstances()) + answer_data(answer)
    if answer.reply == "talk" and not answer.notices:  # there is nothing to judge or to copy
        return data
    return answer_tools(texts, judging=judging_tools(answer, texts)) + data


def _widening(answer: Answer, texts: Texts, about: Circumstances | None) -> str:
    """Return what offers to ask all articles where the chosen ones do not say, or hardly."""
    asks_back = answer.reply != "answer"
    if about is None or asks_back or not (answer.refused or answer.unsure):
        return ""
    return widening_tool(about, texts)


def _place(place: str | None) -> str:
    return f'<pre class="answer-data answer-place">{escaped(place)}</pre>' if place else ""


def _understood(answer: Answer, texts: Texts) -> str:
    """Return how a follow-up was understood; nothing of a question that stands alone."""
    if not answer.was_rewritten:
        return ""
    standalone = answer.standalone_question
    words = f'<span lang="{detect_language(standalone)}">{escaped(standalone)}</span>'
    return f'<p class="understood">{texts.understood.format(question=words)}</p>'


def _body(answer: Answer, texts: Texts, locate: Locate) -> str:
    if answer.status == "quoted":
        return _short(answer, texts, locate) + _quotations(answer, texts, locate)
    written = _written(answer, texts, locate)
    return f"{written}{_sources(answer, texts, locate)}"


def _short(answer: Answer, texts: Texts, locate: Locate) -> str:
    """Return the words that answer, a line for each of the questions asked at once.

    What follows from several of them has their markers.
    """
    citations = {citation.marker: citation for citation in answer.citations}
    told = [(words, [marker]) for words, marker in short_answers(answer) if marker in citations]
    short = answer.short_answer or ""
    if told and not any(words in short for words, _ in told):
        told = [(short, [marker for _, (marker,) in told])]
    return "".join(
        f'<p class="short">{escaped(words)}'
        f"{''.join(_chip(citations[marker], texts, locate) for marker in markers)}</p>"
        for words, markers in told
    )


def _quotations(answer: Answer, texts: Texts, locate: Locate) -> str:
    return "".join(_quotation(citation, texts, locate) for citation in answer.citations)


def _quotation(citation: Citation, texts: Texts, locate: Locate) -> str:
    words = marked(citation.shown, *citation.shown_words)
    language = detect_language(citation.shown)
    return (
        f'<div class="quotation"><p class="quote" lang="{language}">{words}'
        f"{_chip(citation, texts, locate, behind=citation.shown)}</p>"
        f"{_source_line(citation, texts, locate, language)}</div>"
    )


def _source_line(citation: Citation, texts: Texts, locate: Locate, language: str) -> str:
    place = _where(citation, texts)
    address = web_address(citation.address)
    link = (
        f' <a class="original" href="{escaped(address)}" rel="noopener">{texts.original_page}</a>'
        if address
        else ""
    )
    return (
        f'<p class="source"><a class="cite" href="{_link(citation, locate)}">'
        f'<span lang="{language}">{escaped(_title(citation, texts, locate))}</span>'
        f" · {place}</a>{link}</p>"
    )


def _where(source: Citation | Hit, texts: Texts) -> str:
    """Return where in its article a sentence stands."""
    words = texts.sentence_number if source.page is None else texts.page_and_sentence
    return words.format(page=source.page, number=source.sentence)


def _title(source: Citation | Hit, texts: Texts, locate: Locate) -> str:
    """Return an article's title and section; its name too, where another has the same title."""
    name = locate(source.article_id).name
    title = source.full_title
    return texts.named.format(title=title, name=name) if name else title


def _written(answer: Answer, texts: Texts, locate: Locate) -> str:
    """Return the answer's text in paragraphs, its markers as links; what is pending comes last."""
    citations = {citation.marker: citation for citation in answer.citations}
    pending = pending_claim(answer)
    checked = answer.text[: pending.start] if pending else answer.text
    parts = [part for part in checked.split("\n\n") if part.strip()]
    paragraphs = [_with_chips(part, citations, texts, locate) for part in parts]
    if pending:
        *before, last = paragraphs or [""]
        paragraphs = [*before, last + _pending(pending, texts)]
    written = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f'<div class="written" lang="{answer.language}">{written}</div>'


def _pending(claim: Claim, texts: Texts) -> str:
    return (
        f'<span class="unchecked">{escaped(claim.text)}</span>'
        f'<small class="checking">{texts.checking}</small>'
    )


def _with_chips(text: str, citations: dict[int, Citation], texts: Texts, locate: Locate) -> str:
    pieces, position = [], 0
    for found in MARKER.finditer(text):
        citation = citations.get(int(found.group(1)))
        if citation is None:
            continue
        before = text[position : found.start()]
        pieces.append(worded(before))
        pieces.append(_chip(citation, texts, locate, behind=before))
        position = found.end()
    return "".join([*pieces, worded(text[position:])])


def _sources(answer: Answer, texts: Texts, locate: Locate) -> str:
    quotations = _quotations(answer, texts, locate)
    return f'<div class="sources">{quotations}</div>' if quotations else ""


def _chip(citation: Citation, texts: Texts, locate: Locate, *, behind: str = "") -> str:
    """Return a marker; `behind` is the text before it, whose last sign decides how close it is."""
    name = "chip cite behind-stop" if behind.endswith(_HALF_EMPTY) else "chip cite"
    shown = _title(citation, texts, locate)
    title = texts.go_to_sentence.format(title=shown, number=citation.sentence)
    return (
        f'<a class="{name}" href="{_link(citation, locate)}" title="{escaped(title)}">'
        f"<i>[</i>{citation.marker}<i>]</i></a>"
    )


def _link(citation: Citation, locate: Locate) -> str:
    start, end = citation.answer_start, citation.answer_end
    words = None if start is None or end is None else (start, end)
    reference = locate(citation.article_id)
    return sentence_link(reference, citation.sentence, words=words, marker=citation.marker)


def _refusal(answer: Answer, texts: Texts, locate: Locate, widening: str) -> str:
    if answer.reply != "answer":
        # What is near to the words of the request says nothing of the article that is meant.
        return f'<p class="plainly">{escaped(answer.text)}</p>'
    reason = refusal_text(texts, answer.refusal_reason)
    if answer.close:
        near = _nearest(answer.hits[:NEAREST], texts.perhaps, texts, locate)
        return (
            f'<p class="plainly">{escaped(answer.text)}</p>'
            f'<p class="reason">{texts.close_reason}</p>{widening}{near}'
        )
    was_written = answer.refusal_reason == "unsupported"
    plainly = texts.unconfirmed_plainly if was_written else texts.refused_plainly
    near = _nearest(answer.hits[:NEAREST], texts.nearest, texts, locate)
    return (
        f'<p class="plainly">{plainly}</p><p class="reason">{reason}</p>{widening}{near}'
        if answer.refusal_reason != "no_articles"
        else f'<p class="plainly">{reason}</p>'
    )


def _nearest(hits: Sequence[Hit], heading: str, texts: Texts, locate: Locate) -> str:
    if not hits:
        return ""
    rows = "".join(_near_row(hit, texts, locate) for hit in hits)
    return f'<div class="nearest"><p class="nearest-head">{heading}</p><ul>{rows}</ul></div>'


def _near_row(hit: Hit, texts: Texts, locate: Locate) -> str:
    link = sentence_link(locate(hit.article_id), hit.sentence, words=None, marker=None)
    place = _where(hit, texts)
    language = detect_language(hit.shown)
    return (
        f'<li><a class="cite" href="{link}"><span lang="{language}">{worded(hit.shown)}</span>'
        f'<span class="from"><span lang="{language}">{escaped(_title(hit, texts, locate))}</span>'
        f" · {place}</span>"
        "</a></li>"
    )


def _notices(answer: Answer) -> str:
    return "".join(f'<p class="notice">{escaped(notice)}</p>' for notice in answer.notices)


def _removed(removed: Sequence[Claim], texts: Texts, *, is_final: bool) -> str:
    """Return how many claims were removed, and, once the answer is whole, which and why.

    One that several samples wrote counts once. Drawing a growing answer anew would close what was
    opened.
    """
    if not removed:
        return ""
    removed = _distinct(removed)
    count = texts.removed_claims.format(count=len(removed))
    if not is_final:
        return f'<p class="notice">{count}</p>'
    rows = "".join(_removed_row(claim) for claim in removed)
    return f'<details class="removed"><summary>{count}</summary><ul>{rows}</ul></details>'


def _distinct(claims: Sequence[Claim]) -> list[Claim]:
    """Return the first of those that say the same word for word."""
    found: dict[str, Claim] = {}
    for claim in claims:
        found.setdefault(claim.text.strip(), claim)
    return list(found.values())


def _removed_row(claim: Claim) -> str:
    language = detect_language(claim.text)
    reason = f'<span class="why">{escaped(claim.problem)}</span>' if claim.problem else ""
    return f'<li><del lang="{language}">{escaped(claim.text)}</del>{reason}</li>'
