"""Answers, hits and lists as text for people. Nothing in an article can steer the terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

from shutten.exporting.document import NEAREST, PHRASES
from shutten.grounding import shown_text
from shutten.types import Answer, ArticleEntry, Citation, Hit, Language

_UNDERSTOOD: dict[Language, str] = {
    "ja": "(解釈した質問: {question})",
    "en": "(Understood as: {question})",
}
_NEAREST: dict[Language, str] = {"ja": "近い文:", "en": "The nearest sentences:"}
_PERHAPS: dict[Language, str] = {
    "ja": "近い文 (答えが含まれるかもしれません):",
    "en": "The nearest sentences (one of them may answer):",
}


def harmless(text: str) -> str:
    """Take out control characters, escape sequences among them, but for line breaks and tabs."""
    return "".join(
        character
        for character in text
        if character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cs")
    )


def answer_as_text(answer: Answer) -> str:
    """Return the answer and a footnote per citation, or the refusal and the nearest sentences."""
    lines = [*_understood(answer), shown_text(answer), *_apart(answer.notices)]
    if answer.refused and answer.reply == "answer":
        headings = _PERHAPS if answer.close else _NEAREST
        lines += _nearest(answer.hits[:NEAREST], headings[answer.language], answer.language)
    elif answer.citations:
        lines += ["", *(_footnote(each, answer.language) for each in answer.citations)]
    return harmless("\n".join(lines))


def _understood(answer: Answer) -> list[str]:
    """How a follow-up was understood; nothing of a question that stands alone."""
    if not answer.was_rewritten:
        return []
    return [_UNDERSTOOD[answer.language].format(question=answer.standalone_question), ""]


def _apart(lines: Sequence[str]) -> Sequence[str]:
    """Lines behind an empty one: what is said of an answer is no part of its last quotation."""
    return ["", *lines] if lines else []


def _nearest(hits: Sequence[Hit], heading: str, language: Language) -> list[str]:
    if not hits:
        return []
    return [
        "",
        heading,
        *(f"- {_flat(hit.shown)} ({_place(hit, language)})" for hit in hits),
    ]


def _footnote(citation: Citation, language: Language) -> str:
    address = f" {citation.address}" if citation.address else ""
    return f"[{citation.marker}] {_place(citation, language)}{address}"


def _place(source: Citation | Hit, language: Language) -> str:
    phrases = PHRASES[language]
    page = [] if source.page is None else [phrases.page.format(number=source.page)]
    sentence = phrases.sentence.format(number=source.sentence)
    return phrases.comma.join([source.full_title, *page, sentence])


def hits_as_text(hits: Sequence[Hit], language: Language) -> str:
    """Return numbered hits, best first, each with its place and score."""
    return harmless(
        "\n".join(
            f"{number}. {_flat(hit.shown)}\n   {_place(hit, language)} ({hit.score:.3f})"
            for number, hit in enumerate(hits, start=1)
        )
    )


def counted(sentences: int) -> str:
    """Return how many sentences, in words."""
    return f"{sentences} sentence" if sentences == 1 else f"{sentences} sentences"


def entries_as_text(entries: Iterable[ArticleEntry]) -> Iterator[str]:
    """Yield a line per article: id, title, and how many sentences it has."""
    for entry in entries:
        mark = " (sample)" if entry.sample else ""
        yield harmless(_flat(f"{entry.id}\t{entry.title}\t{counted(entry.sentences)}{mark}"))


def facts_as_text(facts: Mapping[str, object], indent: str = "") -> Iterator[str]:
    """Yield "name: value" lines, the members of a nested object below its name."""
    for name, value in facts.items():
        if isinstance(value, Mapping):
            yield f"{indent}{name}:"
            yield from facts_as_text(value, indent + "  ")
        else:
            yield harmless(f"{indent}{name}: {'none' if value is None else _flat(str(value))}")


def _flat(text: str) -> str:
    return " ".join(text.split("\n"))
