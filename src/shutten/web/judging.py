"""The controls by which a visitor judges an answer, or has it written again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shutten.questions import parse_json
from shutten.types import Answer
from shutten.web.api.feedback import LONGEST
from shutten.web.api.problems import json_text
from shutten.web.markup import Reference, escaped, references
from shutten.web.texts import Texts


@dataclass(frozen=True, slots=True)
class Circumstances:
    """How an answer came about.

    The articles that were chosen, whether the visitor had added files, the state of the index, and
    whether the choice left out articles that could have been asked.
    """

    chosen: tuple[Reference, ...] = ()
    private: bool = False
    index_version: str = ""
    narrowed: bool = False

    @property
    def article_ids(self) -> list[str] | None:
        """The chosen articles of the index, None where all were asked."""
        chosen = [each.article_id for each in self.chosen if each.origin == "index"]
        return chosen or None


def judging_tools(answer: Answer, texts: Texts) -> str:
    """Return the buttons: written again where a language model was asked, and the two thumbs."""
    again = f'<button type="button" class="again" title="{texts.again_hint}">{texts.again}</button>'
    thumbs = _thumb("up", texts.rate_up) + _thumb("down", texts.rate_down)
    return f'{again if answer.model else ""}<span class="rating">{thumbs}</span>'


def judging_data(answer: Answer, about: Circumstances) -> str:
    """Return what page.js sends with an opinion, and what it keeps to ask the question again.

    It stands beside the answer as text: Gradio takes other attributes away.
    """
    facts = {
        "article_ids": about.article_ids,
        "private": about.private,
        "index_version": about.index_version,
        "again": write_asked_again(answer.question, about.chosen),
    }
    return f'<pre class="answer-about">{escaped(json_text(facts))}</pre>'


def asking_tools(question: str, chosen: Sequence[Reference], texts: Texts) -> str:
    """Return the button that asks a question again which was stopped before its answer stood."""
    facts = {"again": write_asked_again(question, chosen)}
    return (
        f'<div class="tools"><button type="button" class="again">{texts.ask_again}</button></div>'
        f'<pre class="answer-about">{escaped(json_text(facts))}</pre>'
    )


def widening_tool(about: Circumstances, texts: Texts) -> str:
    """Return that only the chosen articles were asked, and the button that asks all of them.

    Nothing where all were asked. An added file is chosen by itself: nobody need know of it.
    """
    if not about.narrowed:
        return ""
    is_own = all(each.origin == "own" for each in about.chosen)
    said = texts.only_own if is_own else texts.only_chosen
    button = f'<button type="button" class="widen">{texts.ask_all}</button>'
    return f'<p class="narrowed">{said} {button}</p>'


def _thumb(rating: str, title: str) -> str:
    return f'<button type="button" class="thumb {rating}" title="{title}"></button>'


def write_asked_again(question: str, chosen: Sequence[Reference]) -> str:
    """Write what is to be asked again, for the page to carry."""
    record = {"question": question, "scope": [str(each) for each in chosen]}
    return json.dumps(record, ensure_ascii=False)


def read_asked_again(written: str) -> tuple[str, tuple[Reference, ...]] | None:
    """Read what `write_asked_again` wrote; None where it is something else."""
    try:
        record: Any = parse_json(written or "null")
    except ValueError:
        return None
    if not isinstance(record, dict) or not isinstance(record.get("question"), str):
        return None
    scope = record.get("scope")
    names = [each for each in scope if isinstance(each, str)] if isinstance(scope, list) else []
    return record["question"], references(names)


def script_rating_words(texts: Texts) -> dict[str, object]:
    """Return the strings of the form that opens under an answer that is judged."""
    return {
        "reasons": {
            "incorrect": texts.reason_unsupported,
            "wrong_source": texts.reason_wrong_passage,
            "incomplete": texts.reason_incomplete,
            "refused": texts.reason_should_answer,
            "other": texts.reason_other,
        },
        "why": texts.rate_why,
        "comment": texts.rate_comment,
        "send_why": texts.rate_send,
        "close": texts.rate_close,
        "thanks": texts.rate_thanks,
        "withdrawn": texts.rate_withdrawn,
        "longest": LONGEST["comment"],
    }
