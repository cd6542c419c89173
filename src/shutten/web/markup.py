"""Text to HTML that can only be read, never run, and the links by which the page finds sentences.

Gradio renders what it is given as Markdown and then takes out scripts, but lets forms and images
through. So every text is escaped here first, and a whole message is one line of HTML: to Markdown
that is one block of HTML, inside which it changes nothing.
"""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import quote, unquote

from shutten.readable import Span, bars, hidden_spans

Origin = Literal["index", "own"]
"""Where an article lives: in the index, or among the files of this browser session."""

ORIGINS: Final[dict[str, Origin]] = {"index": "index", "own": "own"}
"""Each by its name, as the page carries it."""

_UNSHOWABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Reference:
    """One article that the page can show, by where it lives and its id there."""

    origin: Origin
    article_id: str
    name: str = field(default="", compare=False)
    """What tells the article from others of its title; empty where none has the same."""

    def __str__(self) -> str:
        return f"{self.origin}:{self.article_id}"

    @property
    def key(self) -> str:
        """The reference in letters that an address and an HTML id can hold."""
        return quote(str(self), safe=":")


def parse_reference(written: str) -> Reference | None:
    """Read what `str(reference)` wrote; None where it is no reference."""
    name, separator, article_id = written.partition(":")
    origin = ORIGINS.get(name)
    return Reference(origin, article_id) if origin and separator else None


def parse_key(key: str) -> Reference | None:
    """Read what `reference.key` wrote; None where it is none."""
    return parse_reference(unquote(key))


def references(written: Sequence[str]) -> tuple[Reference, ...]:
    """Read many references, leaving out what is none."""
    return tuple(each for each in map(parse_reference, written) if each)


def escaped(text: str) -> str:
    """Return text as HTML of one line, character for character.

    What a page cannot show (control characters, halves of surrogate pairs) becomes U+FFFD and a
    carriage return a space, so that offsets into the text hold in the page too.
    """
    shown = _UNSHOWABLE.sub("\ufffd", text.replace("\r", " "))
    return html.escape(shown, quote=True).replace("\n", "&#10;")


def worded(text: str) -> str:
    """Return text as HTML in which Markdown's marking of links, pictures and tables does not show.

    It is still there, so that offsets into the text hold in the page too.
    """
    return _worded(text, 0, len(text))


def celled(row: str) -> str:
    """Return a row of a table as `worded` does, with each of its cells in an element of its own."""
    outer, inner = bars(row)
    if not outer:
        return escaped(row)
    edges = [outer[0], *inner, outer[-1]]
    pieces = [_sign(row[: edges[0][1]])]
    for (_, start), (bar, following) in itertools.pairwise(edges):
        end = max(start, bar)
        pieces += [f'<span class="c">{_worded(row, start, end)}</span>', _sign(row[end:following])]
    return "".join([*pieces, _sign(row[edges[-1][1] :])])


def _sign(text: str) -> str:
    return f'<span class="sign">{escaped(text)}</span>' if text else ""


def marked(text: str, start: int | None, end: int | None) -> str:
    """Return text as `worded` does, with the characters from start to end inside `<mark>`."""
    if start is None or end is None or not 0 <= start < end <= len(text):
        return worded(text)
    before, words, after = (
        _worded(text, *span) for span in ((0, start), (start, end), (end, len(text)))
    )
    return f"{before}<mark>{words}</mark>{after}"


def _worded(text: str, start: int, end: int) -> str:
    pieces, position = [], start
    for (first, last), name in _signs(text):
        if last <= start or first >= end:
            continue
        hidden = escaped(text[max(first, start) : min(last, end)])
        pieces += [
            escaped(text[position : max(first, start)]),
            f'<span class="{name}">{hidden}</span>',
        ]
        position = min(last, end)
    return "".join([*pieces, escaped(text[position:end])])


def _signs(text: str) -> list[tuple[Span, str]]:
    """Return what does not show, in order, and how: nothing is there instead, or a line."""
    hidden = hidden_spans(text)
    outer, inner = bars(text)
    found = [(span, "sign") for span in (*hidden, *outer)]
    found += [(span, "sign cell") for span in inner]
    free = [each for each in found if each[0] in hidden or not _touches(each[0], hidden)]
    return sorted(free)


def _touches(span: Span, others: Sequence[Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


def sentence_link(
    reference: Reference, sentence: int, *, words: tuple[int, int] | None, marker: int | None
) -> str:
    """Return the address of a sentence inside the page, as page.js reads it.

    `words` are the answering words as offsets in the sentence; without a marker the sentence is
    shown as near, not as cited.
    """
    start, end = words or (0, 0)
    return f"#cite/{reference.key}/{sentence}/{start}-{end}/{marker or 0}"


def reading_link(reference: Reference, sentence: int | None = None) -> str:
    """Return the address that opens an article, at a sentence where one is given."""
    return f"#read/{reference.key}/{sentence or 0}"


def dropping_link(reference: Reference) -> str:
    """Return the address that takes an added file away."""
    return f"#drop/{reference.key}"


def asking_link(question: str) -> str:
    """Return the address that asks a question."""
    return f"#ask/{quote(question, safe='')}"
