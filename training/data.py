"""Read the data sets that the training scripts share, each into small frozen records.

Nothing here ships with the product. The sets are read from one folder (`--data`), laid out as
`qa/`, `pairs/`, `articles/` and `text/`; a `.zst` file is read as it lies, without unpacking.
Licences and sources of every set stand in the model cards under `docs/models/`.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zstandard

ZSTD_WINDOW = 2**27
"""The sets were packed with `--long=27`; a reader with the default window refuses them."""

SENTENCE_ENDS = frozenset("。！？!?")
FULL_STOP = re.compile(r"(?:[a-z]{3}|[0-9)\"'])\.(?=\s+[\"'(A-Z])")
"""An English full stop: not after one or two small letters, which leaves "Dr. Smith" whole."""
OPENING = frozenset("「『（(")
CLOSING = frozenset("」』）)")
JSQUAD_SEPARATOR = "[SEP]"
"""Every JSQuAD context starts with `title [SEP] `, and its offsets count from that title."""

WIKINEWS_SOURCES = ("情報源", "以下の報道", "出典")
"""From the first sentence that names one of these on, a Wikinews article lists its sources."""


@dataclass(frozen=True, slots=True)
class Span:
    """`text[start:end]`, in code points."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Answer:
    """`context[start : start + len(text)]` is the answer, as long as the set is right about it."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Question:
    """A question on a paragraph; without answers it cannot be answered from that paragraph."""

    id: str
    text: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of an article in the SQuAD shape, with its questions."""

    title: str
    context: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Translation:
    """A Japanese sentence (or heading, or title) and its English translation; either may be ""."""

    ja: str
    en: str


@dataclass(frozen=True, slots=True)
class ParallelParagraph:
    """The sentences of one paragraph under the heading that stands above it."""

    heading: Translation
    sentences: tuple[Translation, ...]


@dataclass(frozen=True, slots=True)
class ParallelArticle:
    """A Kyoto Wikipedia article with its English translation, sentence by sentence."""

    id: str
    title: Translation
    paragraphs: tuple[ParallelParagraph, ...]


@dataclass(frozen=True, slots=True)
class NewsArticle:
    """A Wikinews article without its list of sources."""

    id: str
    headline: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScoredPair:
    """Two sentences and how alike people found them, 0 (unrelated) to 5 (same meaning)."""

    first: str
    second: str
    score: float


@dataclass(frozen=True, slots=True)
class Document:
    """Running text with its source's name, for tokenizers and neighbouring-sentence pairs."""

    source: str
    title: str
    text: str


def read_text(path: Path) -> str:
    return "".join(read_lines(path))


def read_lines(path: Path) -> Iterator[str]:
    """Yield the lines of a UTF-8 file, with their line ends, unpacking `.zst` on the way."""
    with path.open("rb") as packed:
        stream: Any = packed
        if path.suffix == ".zst":
            stream = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW).stream_reader(packed)
        yield from io.TextIOWrapper(stream, encoding="utf-8")


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in read_lines(path) if line.strip())


def split_sentences(text: str) -> list[Span]:
    """Split at sentence ends that no bracket encloses, and at line ends; blank parts fall away.

    Brackets are counted within a line: one that is never closed must not swallow the rest.
    """
    spans: list[Span] = []
    full_stops = {match.end() - 1 for match in FULL_STOP.finditer(text)}
    start = depth = 0
    for position, character in enumerate(text):
        depth = _depth_after(character, depth)
        ends = character in SENTENCE_ENDS or position in full_stops
        if character == "\n" or (ends and depth == 0):
            spans.append(Span(start, position + 1))
            start = position + 1
    spans.append(Span(start, len(text)))
    return [span for span in spans if text[span.start : span.end].strip()]


def _depth_after(character: str, depth: int) -> int:
    if character == "\n":
        return 0
    return max(0, depth + (character in OPENING) - (character in CLOSING))


def read_squad(path: Path) -> list[Paragraph]:
    """Read a set in the SQuAD shape (JaQuAD, JSQuAD, SQuAD 2.0), titles out of the contexts."""
    articles = json.loads(read_text(path))["data"]
    return [
        _paragraph(str(article["title"]).replace("_", " "), paragraph)
        for article in articles
        for paragraph in article["paragraphs"]
    ]


def _paragraph(title: str, raw: dict[str, Any]) -> Paragraph:
    context = str(raw["context"])
    head, separator, body = context.partition(JSQUAD_SEPARATOR)
    text = body.lstrip() if separator else context
    shift = len(context) - len(text)
    return Paragraph(
        title=head.strip() if separator else title,
        context=text,
        questions=tuple(_question(question, text, shift) for question in raw["qas"]),
    )


def _question(raw: dict[str, Any], context: str, shift: int) -> Question:
    answers = [
        answer
        for given in raw["answers"]
        for answer in _answers(str(given["text"]), int(given["answer_start"]) - shift, context)
    ]
    return Question(str(raw["id"]), str(raw["question"]), tuple(answers))


def _answers(text: str, start: int, context: str) -> Iterator[Answer]:
    """One answer; or, where it was marked in the title (JSQuAD has some), each place it recurs."""
    if start >= 0:
        yield Answer(text, start)
        return
    for match in re.finditer(re.escape(text), context):
        yield Answer(text, match.start())


def read_kyoto(path: Path) -> Iterator[ParallelArticle]:
    for raw in read_jsonl(path):
        title = Translation(str(raw["title_ja"]), str(raw["title_en"] or ""))
        yield ParallelArticle(str(raw["id"]), title, tuple(_parallel_paragraphs(raw["blocks"])))


def _parallel_paragraphs(blocks: Iterable[dict[str, Any]]) -> Iterator[ParallelParagraph]:
    heading = Translation("", "")
    for block in blocks:
        if "h" in block:
            heading = Translation(*(str(text or "") for text in block["h"]))
        sentences = tuple(Translation(str(ja), str(en or "")) for ja, en in block.get("s", []))
        if sentences:
            yield ParallelParagraph(heading, sentences)


def read_wikinews(path: Path) -> Iterator[NewsArticle]:
    for raw in read_jsonl(path):
        yield NewsArticle(
            str(raw["id"]), str(raw["headline"]), tuple(_before_sources(raw["sentences"]))
        )


def _before_sources(sentences: Iterable[str]) -> Iterator[str]:
    for sentence in sentences:
        if any(word in sentence for word in WIKINEWS_SOURCES):
            return
        yield sentence


def read_jsts(path: Path) -> list[ScoredPair]:
    return [
        ScoredPair(str(raw["sentence1"]), str(raw["sentence2"]), float(raw["label"]))
        for raw in read_jsonl(path)
    ]


def read_documents(path: Path) -> Iterator[Document]:
    for raw in read_jsonl(path):
        yield Document(str(raw["source"]), str(raw["title"] or ""), str(raw["text"]))
