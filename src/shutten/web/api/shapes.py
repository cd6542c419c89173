"""The shapes of bodies as /openapi.json describes them.

What is answered is described by the very records that it is made from. Questions are read by
`shutten.questions`, as the lines of a batch are; the models here only describe them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import BaseModel, Field

from shutten.exporting import Format
from shutten.feedback import Rating, Reason
from shutten.types import Answer, ArticleEntry, Hit, Language, SentenceKind, Turn
from shutten.web.api.feedback import LONGEST, MOST_ARTICLES, SHORTEST_VOTE
from shutten.web.api.problems import CODES, MESSAGES, STATUS, Code
from shutten.web.api.requests import MOST_HITS
from shutten.wiki.refresh import PageChangeKind

Schema = dict[str, Any]
ChangeKind = Literal["added", "updated", "unchanged", "removed"]

EXAMPLE_QUESTION: Final = "R2はいつ公開される予定でしたか"


class QuestionBody(BaseModel):
    """A question, whatever is wanted to it."""

    question: str = Field(examples=[EXAMPLE_QUESTION])
    history: list[Turn] | None = Field(
        default=None, description="Earlier questions and answers, oldest first."
    )
    article_ids: list[str] | None = Field(
        default=None,
        description="Ask only these articles; leave it out to ask all. An empty list asks none: "
        "the answer is refused as `no_articles`.",
    )
    lang: Language | None = Field(
        default=None, description="Language of the fixed phrases; by default the question's."
    )


class AskBody(QuestionBody):
    """A question to which an answer is wanted."""

    quoting: bool | None = Field(
        default=None,
        description="Whether a quotation is wanted where a language model could write.",
    )
    suggest: bool | None = Field(
        default=None,
        description="Whether up to three questions to ask next are wanted: `suggestions` of the "
        "answer, in a stream the event `suggestions` behind `done`.",
    )
    suggested: list[str] | None = Field(
        default=None, description="Those suggested before: none of them is again."
    )


class SearchBody(QuestionBody):
    """A question to which the nearest sentences are wanted."""

    top: int = Field(default=10, ge=1, le=MOST_HITS, description="How many sentences.")


class ExportBody(BaseModel):
    """Answers to write in another format: one alone, or a conversation with its questions."""

    format: Format
    answer: Answer | None = None
    answers: list[Answer] | None = Field(default=None, description="Instead: a conversation.")
    part: bool = Field(
        default=False, description="Of one answer as HTML, what goes inside another page."
    )


class FeedbackBody(BaseModel):
    """What somebody says of an answer. Of a private one, what was asked is not kept."""

    rating: Rating | None = Field(description="null takes back what `vote` said.")
    reason: Reason | None = None
    answer_id: str | None = Field(default=None, max_length=LONGEST["answer_id"])
    question: str | None = Field(default=None, max_length=LONGEST["question"])
    comment: str | None = Field(default=None, max_length=LONGEST["comment"])
    vote: str | None = Field(
        default=None,
        min_length=SHORTEST_VOTE,
        max_length=LONGEST["vote"],
        description="A random string; another rating with it takes the place of this one.",
    )
    answer: Answer | None = Field(default=None, description="The Answer itself.")
    article_ids: list[str] | None = Field(
        default=None, max_length=MOST_ARTICLES, description="The articles that were asked."
    )
    index_version: str | None = Field(
        default=None, max_length=LONGEST["index_version"], description="By default the present one."
    )
    private: bool | None = None


class ArticleBody(BaseModel):
    """An article as a line of a bulk import holds it; its id stands in the address."""

    title: str = Field(examples=["R2の公開"])
    text: str = Field(
        examples=["会社は新しいモデルを準備している。R2は5月上旬に公開される予定だ。"]
    )
    url: str | None = None
    language: str | None = Field(default=None, description="By default told from the text.")
    revision: str | None = None
    groups: list[str] | None = Field(
        default=None, description="Who may see it; by default everybody."
    )


class PageBody(BaseModel):
    """A page that a wiki has changed, renamed or deleted."""

    source: str = Field(
        examples=["wiki"], description="The name that the wiki was synced with (`--name`)."
    )
    page: str = Field(
        examples=["guide:start"],
        description="Its name or title; in a folder, its path. Of a renamed page, the new one.",
    )
    was: str | None = Field(default=None, description="Its name before it was renamed.")


@dataclass(frozen=True, slots=True)
class Hits:
    """The sentences nearest to a question, best first."""

    id: str
    question: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Exported:
    """A text, and what it is called as a file."""

    format: Format
    media_type: str
    file_name: str
    text: str


@dataclass(frozen=True, slots=True)
class Articles:
    """All articles, in the order in which they first came."""

    articles: tuple[ArticleEntry, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A sentence: `text[start:end]` of its article, in Unicode code points. `n` counts from 1."""

    n: int
    start: int
    end: int
    kind: SentenceKind


@dataclass(frozen=True, slots=True)
class ArticleText:
    """An article with its text; the sentences tile it without a gap."""

    id: str
    title: str
    url: str | None
    language: str
    revision: str | None
    characters: int
    sample: bool
    encoding: str | None
    text: str
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """Whether an opinion was written down; it was counted in any case."""

    kept: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What became of an article; an unchanged one has no sentence embedded again."""

    id: str
    change: ChangeKind
    sentences_embedded: int


@dataclass(frozen=True, slots=True)
class PageChange:
    """What became of a wiki's page; the ids are of the articles that came, changed or went."""

    source: str
    page: str
    change: PageChangeKind
    articles: tuple[str, ...]
    sentences_embedded: int


@dataclass(frozen=True, slots=True)
class Health:
    """How much there is to ask; the counts are missing where the index cannot be read."""

    status: str
    articles: int | None = None
    sentences: int | None = None


@dataclass(frozen=True, slots=True)
class ProblemDetail:
    """`code` is for programs, `message` for people, in the language of who asked."""

    code: Code
    message: str


@dataclass(frozen=True, slots=True)
class Problem:
    """The body of every answer that is an error."""

    error: ProblemDetail


EXAMPLE_HIT: Final = {
    "article_id": "news.txt",
    "title": "R2の公開",
    "url": None,
    "sentence": 3,
    "start": 24,
    "end": 43,
    "text": "R2は5月上旬に公開される予定でした。",
    "score": 0.93,
    "dense": 0.62,
    "keyword": 7.1,
    "rerank": 0.93,
    "anchor": None,
    "revision": None,
    "opening": 3,
    "before": None,
    "after": None,
    "heading": None,
    "page": None,
    "row": None,
}

EXAMPLE_ANSWER: Final = {
    "id": "0f2d7c1e8b9a4c53a1e6f0b7d2c49a10",
    "question": EXAMPLE_QUESTION,
    "standalone_question": EXAMPLE_QUESTION,
    "language": "ja",
    "text": "5月上旬[1]\n\nR2は5月上旬に公開される予定でした。[1]",
    "status": "quoted",
    "refused": False,
    "refusal_reason": None,
    "short_answer": "5月上旬",
    "claims": [
        {"text": "5月上旬", "start": 0, "end": 4, "supported": True, "citations": [1]},
        {
            "text": "R2は5月上旬に公開される予定でした。",
            "start": 9,
            "end": 28,
            "supported": True,
            "citations": [1],
        },
    ],
    "removed": [],
    "notices": [],
    "citations": [
        {
            "marker": 1,
            "article_id": "news.txt",
            "title": "R2の公開",
            "url": None,
            "sentence": 3,
            "start": 24,
            "end": 43,
            "quote": "R2は5月上旬に公開される予定でした。",
            "support": 0.93,
            "answer_start": 3,
            "answer_end": 7,
            "page": None,
            "anchor": None,
            "revision": None,
            "opening": 3,
            "before": None,
            "after": None,
            "heading": None,
            "row": None,
            "row_start": None,
            "row_end": None,
        }
    ],
    "hits": [EXAMPLE_HIT],
    "answerer": "reader",
    "model": None,
    "timings_ms": {"retrieve": 3.1, "answer": 20.4, "total": 23.5, "suggest": 0.0},
    "suggestions": [],
    "reply": "answer",
    "unsure": False,
    "close": False,
}

EXAMPLE_EVENTS: Final = """event: hits
data: [{"article_id":"news.txt", …}]

event: claim
data: {"n":1,"state":"pending","text":""}

event: delta
data: {"n":1,"text":"5月上旬"}

event: claim
data: {"n":1,"state":"supported","text":"5月上旬"}

event: done
data: {"id":"0f2d…","status":"quoted", …}

"""


def accepted(model: type[BaseModel]) -> Schema:
    """Return the description of a JSON body."""
    schema = model.model_json_schema()
    known = schema.pop("$defs", {})
    content = {"application/json": {"schema": _inlined(schema, known)}}
    return {"requestBody": {"required": True, "content": content}}


def _inlined(schema: Any, known: Schema) -> Any:  # noqa: ANN401 - any part of a schema
    """Put every definition in the place that refers to it: outside, its name leads nowhere."""
    if isinstance(schema, dict):
        if "$ref" in schema:
            return _inlined(known[schema["$ref"].rsplit("/", 1)[-1]], known)
        return {name: _inlined(part, known) for name, part in schema.items()}
    return [_inlined(part, known) for part in schema] if isinstance(schema, list) else schema


def answered(model: object, status: int, *problems: int) -> dict[int | str, Schema]:
    """Return the descriptions of what an address answers: a record, or one of these errors."""
    good: Schema = {"model": model, "description": "The answer."}
    if model is Answer:
        good["content"] = {
            "application/json": {"example": EXAMPLE_ANSWER},
            "text/event-stream": {"schema": {"type": "string"}, "example": EXAMPLE_EVENTS},
        }
    if model is Hits:
        example = {"id": "7b…", "question": EXAMPLE_QUESTION, "hits": [EXAMPLE_HIT]}
        good["content"] = {"application/json": {"example": example}}
    return {status: good, **{each: _problem(each) for each in sorted((*problems, 429, 500))}}


def _problem(status: int) -> Schema:
    codes = [code for code in CODES if STATUS[code] == status]
    examples = {
        code: {"value": {"error": {"code": code, "message": MESSAGES["en"][code]}}}
        for code in codes
    }
    return {
        "model": Problem,
        "description": " or ".join(f"`{code}`" for code in codes),
        "content": {"application/json": {"examples": examples}},
    }


HEALTH: Final[dict[int | str, Schema]] = {
    200: {"model": Health, "description": "All is well."},
    503: {"model": Health, "description": "The index cannot be read."},
}
