"""Answers that leave the app: as plain text, Markdown, HTML, DokuWiki or MediaWiki text.

Every statement keeps its footnote, and a footnote gives the quoted sentence, the title, the page's
address down to the heading, and the revision that was read. What comes from articles, questions or
models is written so that it reads the same, character for character, where the text is rendered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from shutten.exporting.document import Document, answer_document, conversation_document
from shutten.exporting.dokuwiki import dokuwiki_text
from shutten.exporting.markdown import markdown_text
from shutten.exporting.mediawiki import mediawiki_text
from shutten.exporting.plain import plain_text
from shutten.exporting.webpage import html_fragment, html_page
from shutten.types import Answer

Format = Literal["text", "markdown", "html", "dokuwiki", "mediawiki"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)


@dataclass(frozen=True, slots=True)
class FileKind:
    """What a text is called as a file."""

    media_type: str
    suffix: str


FILE_KINDS: Final[dict[Format, FileKind]] = {
    "text": FileKind("text/plain", ".txt"),
    "markdown": FileKind("text/markdown", ".md"),
    "html": FileKind("text/html", ".html"),
    "dokuwiki": FileKind("text/plain", ".dokuwiki.txt"),
    "mediawiki": FileKind("text/plain", ".mediawiki.txt"),
}

_WRITERS: Final[dict[Format, Callable[[Document], str]]] = {
    "text": plain_text,
    "markdown": markdown_text,
    "html": html_page,
    "dokuwiki": dokuwiki_text,
    "mediawiki": mediawiki_text,
}


def export_answer(answer: Answer, form: Format, *, part: bool = False) -> str:
    """Return one answer without its question; ends with a line break.

    As HTML it is a page that needs nothing else, or with `part` what goes inside another page.
    """
    document = answer_document(answer)
    return html_fragment(document) if part and form == "html" else _WRITERS[form](document)


def export_conversation(answers: Sequence[Answer], form: Format) -> str:
    """Return questions and answers in order, each question a heading; ends with a line break.

    A sentence that several answers cite is one footnote.
    """
    return _WRITERS[form](conversation_document(answers))
