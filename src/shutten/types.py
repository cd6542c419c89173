"""The nouns and the protocols that everything else speaks. Imports nothing of its own.

Offsets are Unicode code points. People's numbers (sentences, markers) count from 1.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol, TypeAlias, runtime_checkable
from urllib.parse import quote

import numpy as np
import numpy.typing as npt

Matrix: TypeAlias = npt.NDArray[np.float32]
"""Row vectors of unit length, shape (n, dimension)."""

_IN_FRAGMENT = "!$&'()*+,;=:@/?-._~"

Language = Literal["ja", "en"]
SentenceKind = Literal["title", "heading", "head", "source", "question", "body"]
"""`head` is the head of a table, with the rule below it; the next line answers a `question`."""
Status = Literal["quoted", "written", "partial", "refused"]
RefusalReason = Literal["no_articles", "no_evidence", "not_answered", "unsupported"]
Reply = Literal["answer", "talk", "which_article"]
"""What a text replies: to a question, to what asks nothing of an article, or with the question
which article a summary is to be of."""

Progress: TypeAlias = Callable[[int, int | None], None]
"""Hears how many are done, and of how many (None: nobody knows)."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a wiki page: where its heading begins in the text, and the heading's HTML id."""

    start: int
    anchor: str


@dataclass(frozen=True, slots=True)
class Origin:
    """The wiki that keeps an article, the version that was read, and the sections, in text order.

    Text from a wiki is laid out as in Markdown: headings with #, items with -, rows with |.
    """

    source: str
    version: str
    sections: tuple[Section, ...] = ()

    def anchor_at(self, position: int) -> str | None:
        """Return the anchor of the section that a position lies in, None above the first."""
        number = bisect_right(self.sections, position, key=lambda section: section.start)
        return self.sections[number - 1].anchor if number else None


@dataclass(frozen=True, slots=True)
class Article:
    """One source text. `text` is what offsets count in; the title may or may not be part of it."""

    id: str
    title: str
    text: str
    url: str | None = None
    language: str = "ja"
    revision: str | None = None
    encoding: str | None = None
    """The encoding a file was read with, None where there was no file."""
    sample: bool = False
    origin: Origin | None = None
    """None for an article that no wiki keeps current."""
    groups: tuple[str, ...] = ()
    """Who may see it: visitors of any of these groups; everybody where there is none."""
    place: str | None = field(default=None, compare=False, repr=False)
    """The file that it was read from, a whole path; None where there is none to speak of."""
    pages: tuple[int, ...] = ()
    """Where each page of a PDF file begins in the text; none where a text has no pages."""


def page_at(starts: Sequence[int], position: int) -> int | None:
    """Return the page, from 1, that a position lies on; None in an article without pages."""
    return bisect_right(starts, position) or None


@dataclass(frozen=True, slots=True)
class ArticleEntry:
    """A line of the list of articles; `sentences` counts all of them, titles included."""

    id: str
    title: str
    url: str | None
    language: str
    revision: str | None
    sentences: int
    characters: int
    sample: bool
    encoding: str | None = None
    """The encoding its file was read with, None where there was no file or it has its own."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """`article.text[start:end]`; the sentences of an article tile its text without gap or overlap.

    White space between two sentences belongs to the first of them.
    """

    number: int
    start: int
    end: int
    kind: SentenceKind = "body"


@dataclass(frozen=True, slots=True)
class Hit:
    """A sentence with the scores that brought it up; a score that a leg did not give is None.

    `start`, `end` and `text` leave out surrounding white space and list marks;
    `article.text[start:end] == text`.
    Higher is better for every score.
    `opening`, `before` and `after` tell it from its likes in the article, as `context_of` says.
    `heading` is that of its section, None where there is none; `page` counts from 1.
    `row` is a row of a table in words, each cell behind the name of its column; else None.
    """

    article_id: str
    title: str
    url: str | None
    sentence: int
    start: int
    end: int
    text: str
    score: float
    dense: float | None = None
    keyword: float | None = None
    rerank: float | None = None
    anchor: str | None = None
    revision: str | None = None
    opening: int | None = None
    before: str | None = None
    after: str | None = None
    heading: str | None = None
    page: int | None = None
    row: str | None = None

    @property
    def address(self) -> str | None:
        """The page's address, down to the section or to the page of a PDF file."""
        return _address(self.url, self.anchor, self.page)

    @property
    def full_title(self) -> str:
        """The article's title, with the heading of the section behind it."""
        return _full_title(self.title, self.heading)

    @property
    def shown(self) -> str:
        """The sentence as people are shown it: a row of a table in words."""
        return self.row or self.text

    @property
    def place(self) -> tuple[str, int]:
        """Article id and sentence number: which sentence it is, whatever its scores."""
        return self.article_id, self.sentence


@dataclass(frozen=True, slots=True)
class Passage:
    """What a reader sees: a hit with its neighbours in the article (empty at the ends).

    `published` is the day that the article gives itself, None where it gives none or nobody looked.
    `columns` are the names of the columns where the hit is a row of a table that has a head;
    `question` is what the line above asks, where the hit stands in the line that answers it.
    """

    hit: Hit
    before: str = ""
    after: str = ""
    language: str = "ja"
    published: date | None = None
    columns: tuple[str, ...] = ()
    question: str = ""

    @property
    def heading(self) -> str:
        """The heading of its section, empty where there is none."""
        return self.hit.heading or ""

    @property
    def under(self) -> str:
        """What it stands under: the heading of its section, and the title."""
        return f"{self.heading} {self.hit.title}" if self.heading else self.hit.title


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of one passage.

    `relevance` orders the passages of one question, in log odds. `confidence` is the calibrated
    probability (0 to 1) that the sentence answers. `start`/`end` are the answering words as
    offsets in `passage.hit.text`, None where the reader could not tell them, and `span_confidence`
    the reader's probability (0 to 1) that they are the right ones.
    """

    passage: Passage
    relevance: float
    confidence: float
    start: int | None = None
    end: int | None = None
    span_confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier exchange of a conversation."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class WritingRequest:
    """What is to be written: an answer to the question from these passages, best first.

    Sample 0 is the likeliest text; 1, 2, … are others, drawn by chance,
    each the same whenever it is asked for (below 2³¹).

    Where there are `turns`, what was said before, oldest first, no answer is to be written but the
    question, so that it stands without them.
    """

    question: str
    passages: tuple[Passage, ...]
    language: Language
    sample: int = 0
    turns: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer; `start`/`end` index the answer's text and exclude markers."""

    text: str
    start: int
    end: int
    supported: bool
    citations: tuple[int, ...]
    problem: str | None = None
    """Why a removed claim was removed, in words of the answer's language."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a claim stands: `article.text[start:end] == quote`.

    `answer_start`/`answer_end` are the answering words as offsets within the quote, or None.
    `opening`, `before` and `after` tell it from its likes in the article, as `context_of` says.
    `heading` is that of its section, None where there is none; `page` counts from 1.
    `row` is a quoted row of a table in words, each cell behind the name of its column, with the
    answering words at `row_start`/`row_end`; None for any other sentence.
    """

    marker: int
    article_id: str
    title: str
    url: str | None
    sentence: int
    start: int
    end: int
    quote: str
    support: float
    answer_start: int | None = None
    answer_end: int | None = None
    page: int | None = None
    anchor: str | None = None
    revision: str | None = None
    opening: int | None = None
    before: str | None = None
    after: str | None = None
    heading: str | None = None
    row: str | None = None
    row_start: int | None = None
    row_end: int | None = None

    @property
    def address(self) -> str | None:
        """The page's address, down to the section or to the page of a PDF file."""
        return _address(self.url, self.anchor, self.page)

    @property
    def full_title(self) -> str:
        """The article's title, with the heading of the section behind it."""
        return _full_title(self.title, self.heading)

    @property
    def shown(self) -> str:
        """The quotation as people are shown it: a row of a table in words."""
        return self.row or self.quote

    @property
    def shown_words(self) -> tuple[int | None, int | None]:
        """Where the answering words are in `shown`."""
        if self.row:
            return self.row_start, self.row_end
        return self.answer_start, self.answer_end


def _full_title(title: str, heading: str | None) -> str:
    return f"{title} › {heading}" if heading else title


def _address(url: str | None, anchor: str | None, page: int | None) -> str | None:
    if url is not None and anchor is not None:
        return url + "#" + quote(anchor, safe=_IN_FRAGMENT)
    if url is None or page is None or "#" in url:
        return url
    return f"{url}#page={page}"  # as RFC 8118 says, and browsers do


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds."""

    retrieve: float = 0.0
    answer: float = 0.0
    total: float = 0.0
    suggest: float = 0.0
    """What finding next questions took, after the answer was complete; not part of the total."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer that every outlet gives: command line, web page and Python alike."""

    id: str
    question: str
    standalone_question: str
    language: Language
    text: str
    status: Status
    refused: bool
    refusal_reason: RefusalReason | None = None
    short_answer: str | None = None
    claims: tuple[Claim, ...] = ()
    removed: tuple[Claim, ...] = ()
    notices: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    hits: tuple[Hit, ...] = ()
    answerer: str = "reader"
    model: str | None = None
    """The language model that was asked to write, also where a quotation answers in its place."""
    timings_ms: Timings = field(default_factory=Timings)
    suggestions: tuple[str, ...] = ()
    """Questions to ask next; found only where they were asked for, once the answer is complete."""
    reply: Reply = "answer"
    unsure: bool = False
    """Whether what is quoted may not answer, as a notice then says."""
    close: bool = False
    """Whether a refused question may be answered by one of the nearest sentences all the same."""

    @property
    def was_rewritten(self) -> bool:
        """Whether the question was a follow-up that something had to be put into."""
        return self.standalone_question.split() != self.question.split()


@dataclass(frozen=True, slots=True)
class EmbedderFacts:
    """What an index must remember of the model that made its vectors."""

    name: str
    revision: str
    dimension: int
    query_prefix: str = ""
    document_prefix: str = ""


class Embedder(Protocol):
    """Text to vectors. Rows are float32 of unit length, so an inner product is a cosine."""

    @property
    def facts(self) -> EmbedderFacts:
        """The model's identity, written into an index's manifest."""
        ...

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        """Return one row per question, in order."""
        ...

    def embed_documents(self, texts: Sequence[str]) -> Matrix:
        """Return one row per document text, in order."""
        ...


class Retriever(Protocol):
    """Questions to sentences."""

    def retrieve(
        self, question: str, *, k: int, article_ids: Sequence[str] | None = None
    ) -> list[Passage]:
        """Return up to k passages, best first; `article_ids` restricts before ranking."""
        ...


class QuestionRewriter(Protocol):
    """Makes a follow-up stand alone; rules do it, and a language model can."""

    def rewrite(self, question: str, history: Sequence[Turn]) -> str:
        """Return the question with what it refers to named, or unchanged where nothing is missing.

        `history` holds the last turns, oldest first.
        """
        ...


class Reader(Protocol):
    """Judges passages for a question and finds the answering words."""

    @property
    def name(self) -> str:
        """The model's name and revision."""
        ...

    @property
    def threshold(self) -> float:
        """The confidence below which the best passage does not answer the question."""
        ...

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """Return one reading per passage, in the order of the passages."""
        ...


class Reranker(Protocol):
    """Judges texts for a question, before the reader reads the foremost of them."""

    @property
    def name(self) -> str:
        """The model's name."""
        ...

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return one score per text, from 0 to 1, in their order; raises ModelError."""
        ...


class Writer(Protocol):
    """Writes an answer; what it writes is not to be believed before it is checked."""

    @property
    def name(self) -> str:
        """The language model's name."""
        ...

    def write(self, request: WritingRequest) -> Generator[str]:
        """Yield the text piece by piece; closing the iterator ends the generation.

        An empty piece, every tenth of a second while there is nothing to say, is a place to close
        it. Raises WriterError; a piece that came before it stands alone.
        """
        ...


@runtime_checkable
class Measured(Protocol):
    """A writer that knows how large its model is."""

    @property
    def parameters(self) -> int:
        """How many weights the model has."""
        ...


@runtime_checkable
class Closable(Protocol):
    """Holds what can be given back, such as the memory of a model."""

    def close(self) -> None:
        """Give it back."""
        ...
