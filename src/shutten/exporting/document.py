"""What every format writes: blocks of words, links and footnote marks, made from answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from shutten.exporting.addresses import link_address, permanent_address
from shutten.grounding import shown_text
from shutten.readable import readable
from shutten.types import Answer, Citation, Hit, Language

NEAREST: Final = 3
"""How many sentences a refusal shows."""

BlockKind = Literal["question", "paragraph", "caption", "item"]

MARKER: Final = re.compile(r"\[(\d{1,5})\]")
"""Where an answer's text calls a citation; a longer number in brackets is a number."""
_UNSHOWABLE: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Words:
    """Text on one line, to be read as it stands."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A phrase of our own that leads to an address, which is safe in any markup."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote; numbers count from 1 in the order of first appearance."""

    number: int
    parts: tuple[Words | Link, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a footnote is called in the text; one note may be called in several places."""

    note: Note


Inline: TypeAlias = Words | Link | Mark


@dataclass(frozen=True, slots=True)
class Block:
    """What stands on lines of its own."""

    kind: BlockKind
    parts: tuple[Inline, ...]
    language: Language


@dataclass(frozen=True, slots=True)
class Document:
    """A whole export; `notes` are in the order of their numbers."""

    title: str
    language: Language
    blocks: tuple[Block, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Phrases:
    """What stands between the parts of a footnote."""

    conversation: str
    understood: str
    quotation: str
    source: str
    comma: str
    sentence: str
    page: str
    revision: str
    nearest: str
    perhaps: str


PHRASES: Final[dict[Language, Phrases]] = {
    "ja": Phrases(
        conversation="質問と答え",
        understood="解釈した質問：{question}",
        quotation="「{quote}」",
        source="——",
        comma="、",
        sentence="文{number}",
        page="{number}ページ",
        revision="版 {revision}",
        nearest="近い文（答えではありません）",
        perhaps="近い文（答えが含まれるかもしれません）",
    ),
    "en": Phrases(
        conversation="Questions and answers",
        understood="Understood as: {question}",
        quotation="“{quote}”",
        source=" — ",
        comma=", ",
        sentence="sentence {number}",
        page="page {number}",
        revision="revision {revision}",
        nearest="Nearest sentences (not an answer)",
        perhaps="Nearest sentences (one of them may answer)",
    ),
}


def answer_document(answer: Answer) -> Document:
    """Return one answer without its question, which is the title."""
    notebook = _Notebook()
    blocks = tuple(_answer_blocks(answer, notebook))
    return Document(showable_line(answer.question), answer.language, blocks, notebook.notes)


def conversation_document(answers: Sequence[Answer]) -> Document:
    """Return questions and answers in order; the language is the last answer's."""
    notebook = _Notebook()
    blocks = [block for answer in answers for block in _turn_blocks(answer, notebook)]
    language: Language = answers[-1].language if answers else "en"
    return Document(PHRASES[language].conversation, language, tuple(blocks), notebook.notes)


def with_ends(blocks: Sequence[Block]) -> Iterator[tuple[Block, bool]]:
    """Yield the blocks, each with whether it is the last item of its list."""
    following = [*(block.kind for block in blocks[1:]), None]
    for block, after in zip(blocks, following, strict=False):
        yield block, block.kind == "item" and after != "item"


def showable_line(text: str) -> str:
    """Return text without line breaks, repeated spaces and what cannot be shown."""
    return " ".join(_UNSHOWABLE.sub("\ufffd", text).split())


@dataclass
class _Notebook:
    """Gives each cited sentence its one footnote."""

    _known: dict[tuple[object, ...], Note] = field(default_factory=dict)

    @property
    def notes(self) -> tuple[Note, ...]:
        """The footnotes so far, by number."""
        return tuple(self._known.values())

    def mark(self, citation: Citation, language: Language) -> Mark:
        """Return the mark of a citation; the same sentence has the same note again."""
        source = (citation.article_id, citation.url, citation.revision)
        key = (*source, citation.sentence, citation.quote, language)
        if key not in self._known:
            parts = tuple(_source(citation, language))
            self._known[key] = Note(len(self._known) + 1, parts)
        return Mark(self._known[key])


def _turn_blocks(answer: Answer, notebook: _Notebook) -> Iterator[Block]:
    yield Block("question", (Words(showable_line(answer.question)),), answer.language)
    yield from _answer_blocks(answer, notebook)


def _answer_blocks(answer: Answer, notebook: _Notebook) -> Iterator[Block]:
    language = answer.language
    if answer.was_rewritten:
        question = showable_line(answer.standalone_question)
        understood = PHRASES[language].understood.format(question=question)
        yield Block("paragraph", (Words(understood),), language)
    for parts in _paragraphs(answer, notebook):
        yield Block("paragraph", parts, language)
    for notice in filter(None, map(showable_line, answer.notices)):
        yield Block("paragraph", (Words(notice),), language)
    if answer.refused and answer.hits:
        phrases = PHRASES[language]
        heading = phrases.perhaps if answer.close else phrases.nearest
        yield Block("caption", (Words(heading),), language)
        for hit in answer.hits[:NEAREST]:
            yield Block("item", tuple(_source(hit, language)), language)


def _paragraphs(answer: Answer, notebook: _Notebook) -> list[tuple[Inline, ...]]:
    """Return the answer's words with its footnotes; a citation without a marker ends the last."""
    marks = {each.marker: notebook.mark(each, answer.language) for each in answer.citations}
    if answer.status == "quoted" and answer.short_answer:
        # The quotations are the footnotes.
        return [(Words(showable_line(answer.short_answer)), *marks.values())]
    written = [part.strip() for part in re.split(r"\n\s*\n", shown_text(answer)) if part.strip()]
    paragraphs = [tuple(_with_marks(part, marks)) for part in written]
    placed = {part for paragraph in paragraphs for part in paragraph}
    unplaced = tuple(mark for mark in marks.values() if mark not in placed)
    return [*paragraphs[:-1], (*(paragraphs or [()])[-1], *unplaced)]


def _with_marks(text: str, marks: dict[int, Mark]) -> Iterator[Inline]:
    position = 0
    for found in MARKER.finditer(text):
        mark = marks.get(int(found[1]))
        if mark is not None:
            yield from _words(text[position : found.start()])
            yield mark
            position = found.end()
    yield from _words(text[position:])


def _words(text: str) -> Iterable[Words]:
    """Return a piece of running text; a space at its ends is one between words."""
    line = showable_line(readable(text))
    if not line:
        return ()
    before, after = " " * text[0].isspace(), " " * text[-1].isspace()
    return (Words(f"{before}{line}{after}"),)


def _source(source: Citation | Hit, language: Language) -> Iterator[Words | Link]:
    """Yield quotation, title, place and revision; the last two are links where they can be."""
    phrases = PHRASES[language]
    quotation = phrases.quotation.format(quote=showable_line(readable(source.shown)))
    yield Words(f"{quotation}{phrases.source}{showable_line(source.full_title)}")
    if source.page is not None:
        yield Words(phrases.comma + phrases.page.format(number=source.page))
    yield Words(phrases.comma)
    yield _linked(phrases.sentence.format(number=source.sentence), source.address)
    if source.revision:
        label = phrases.revision.format(revision=showable_line(source.revision))
        yield Words(phrases.comma)
        yield _linked(label, permanent_address(source))


def _linked(label: str, url: str | None) -> Words | Link:
    address = link_address(url)
    return Link(label, address) if address else Words(label)
