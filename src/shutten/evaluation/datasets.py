"""Read evaluation sets: SQuAD-shaped files, question files and topic lists.

Everything wrong with a file is a `DatasetError` of one line that names the cure.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib
import json
import re
import shutil
import subprocess
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeVar

from shutten.errors import DatasetError, UsageError
from shutten.sentences import detect_language
from shutten.types import Article

JSQUAD_SEPARATOR = "[SEP]"
"""Every JSQuAD context starts with `title [SEP] `, and its offsets count from that title."""

ZSTD_WINDOW = 2**27
"""Large sets are packed with `--long=27`; a reader with the default window refuses them."""

NAMED_SETS = {
    "jsquad": "qa/jsquad-valid.json",
    "jaquad-train": "qa/jaquad-train.json.zst",
    "xquad-en": "qa/xquad.en.json",
    "squad2-en": "qa/squad2-cs224n-dev.json",
    "niilc": "qa/niilc-dev.xml",
    "miracl-ja-dev": "unanswerable/topics.miracl-v1.0-ja-dev.tsv",
    "miracl-en-dev": "unanswerable/topics.miracl-v1.0-en-dev.tsv",
    "mrtydi-ja-dev": "unanswerable/topics.mrtydi-v1.1-ja.dev.txt.gz",
    "mrtydi-ja-test": "unanswerable/topics.mrtydi-v1.1-ja.test.txt.gz",
    "mrtydi-en-test": "unanswerable/topics.mrtydi-v1.1-en.test.txt.gz",
}
"""Names of public sets and where they lie under the data folder."""

SAMPLES = "samples"
"""The name of the questions about the sample articles."""

SAMPLE_QUESTIONS = Path("benchmarks") / "questions"

NEWS_QUESTIONS = {
    "wikinews-develop": "wikinews/develop.jsonl",
    "wikinews-test": "wikinews/test.jsonl",
}
"""Questions about Japanese Wikinews articles, which lie under the data folder."""

DIALOGUES = {
    "dialogues-develop": "dialogues/develop.jsonl",
    "dialogues-test": "dialogues/test.jsonl",
    "dialogues-develop-2": "dialogues/develop-2.jsonl",
    "dialogues-test-2": "dialogues/test-2.jsonl",
}
"""Dialogues about the sample articles and the news."""

OWN_QUESTIONS = {**NEWS_QUESTIONS, **DIALOGUES}

NEWS_ARTICLES = "articles/wikinews-ja.jsonl.zst"

LINES_BEFORE_NEWS = 2
"""A news article starts with its headline and an empty line; then each sentence has a line."""

Shape = Literal["squad", "natural", "questions", "topics"]
SHAPES: dict[str, Shape] = {
    ".json": "squad",
    ".json.zst": "squad",
    ".xml": "natural",
    ".jsonl": "questions",
    ".tsv": "topics",
    ".txt": "topics",
    ".gz": "topics",
}

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class AcceptedAnswer:
    """`text` is right; `start` is where it was marked in the paragraph, None if in the title."""

    text: str
    start: int | None


@dataclass(frozen=True, slots=True)
class SquadQuestion:
    """A question on one paragraph; without answers the paragraph does not answer it."""

    id: str
    text: str
    article_id: str
    answers: tuple[AcceptedAnswer, ...]


@dataclass(frozen=True, slots=True)
class SquadSet:
    """Each paragraph is an article, its id "p1", "p2", … in the order of the file."""

    articles: tuple[Article, ...]
    questions: tuple[SquadQuestion, ...]


@dataclass(frozen=True, slots=True)
class ArticleQuestion:
    """A question on an article; `gold_lines` count the lines of its file from 1.

    `gold_sentences` are sentence numbers (from 1) or verbatim quotes. `article` names the file
    that is asked, None where all the given ones are.
    """

    id: str
    text: str
    answers: tuple[str, ...] = ()
    gold_lines: tuple[int, ...] = ()
    gold_sentences: tuple[int | str, ...] = ()
    kind: str = ""
    article: str | None = None
    split: str | None = None
    answerable: bool = True


def locate(dataset: str, data: Path | None) -> tuple[Path, ...]:
    """Return the files of a named set (under `data`) or of a path, in a fixed order."""
    if dataset == SAMPLES:
        return _own_questions("*.jsonl")
    if dataset in OWN_QUESTIONS:
        return _own_questions(OWN_QUESTIONS[dataset])
    path = _named_file(dataset, data) if dataset in NAMED_SETS else Path(dataset)
    if path.is_file():
        return (path,)
    if dataset in NAMED_SETS:
        raise DatasetError(f"{path} is missing: --data must name the folder that holds it")
    known = ", ".join([SAMPLES, *OWN_QUESTIONS, *NAMED_SETS])
    raise DatasetError(f"{dataset} is neither a file nor a known data set; known are {known}")


def _named_file(name: str, data: Path | None) -> Path:
    if data is None:
        raise DatasetError(
            f"{name} is read from a data folder: add --data DIR, where {NAMED_SETS[name]} lies"
        )
    return data / NAMED_SETS[name]


def _own_questions(pattern: str) -> tuple[Path, ...]:
    """Look in the working directory first, then in the source tree this package runs from."""
    source_tree = Path(__file__).resolve().parents[3]
    for root in (Path(), source_tree):
        files = tuple(sorted((root / SAMPLE_QUESTIONS).glob(pattern)))
        if files:
            return files
    raise DatasetError(
        f"no {SAMPLE_QUESTIONS.as_posix()}/{pattern} here: run this in a clone of the project, or "
        "give a question file"
    )


def shape_of(path: Path) -> Shape:
    """Tell from the ending how a file is read."""
    for ending, shape in SHAPES.items():
        if path.name.endswith(ending):
            return shape
    raise DatasetError(
        f"{path}: unknown kind of data set; give .json or .json.zst (SQuAD shape), .xml (NIILC), "
        ".jsonl (questions), or .tsv, .txt, .gz (topics)"
    )


def sha256(paths: Sequence[Path]) -> str:
    """Hash the bytes of the files, one after the other."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def every_nth(items: Sequence[Item], limit: int | None) -> list[Item]:
    """Return at most `limit` items, spread evenly over all, in order."""
    if limit is None or limit >= len(items):
        return list(items)
    if limit < 1:
        raise UsageError(f"--limit must be at least 1, not {limit}")
    return [items[number * len(items) // limit] for number in range(limit)]


# --- SQuAD shape ---------------------------------------------------------------------------


def read_squad(path: Path) -> SquadSet:
    """Read a set in the SQuAD shape; JSQuAD's titles are taken out of the contexts."""
    articles: list[Article] = []
    questions: list[SquadQuestion] = []
    document = _json_object(path)
    try:
        for title, raw in _paragraphs(document):
            article, shift = _article(f"p{len(articles) + 1}", title, str(raw["context"]))
            articles.append(article)
            questions.extend(_squad_question(each, article, shift) for each in raw["qas"])
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise DatasetError(
            f"{path} is not in the SQuAD shape (data, paragraphs, context, qas): {error!r}"
        ) from error
    if not questions:
        raise DatasetError(f"{path} holds no questions: give a set with data[].paragraphs[].qas")
    return SquadSet(tuple(articles), tuple(questions))


def _json_object(path: Path) -> dict[str, Any]:
    try:
        document: dict[str, Any] = json.loads(read_packed(path))
    except (ValueError, OSError) as error:
        raise DatasetError(f"{path} cannot be read as JSON ({error}): check the file") from error
    return document


def _paragraphs(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for group in document["data"]:
        title = str(group.get("title") or "").replace("_", " ")
        for paragraph in group["paragraphs"]:
            yield title, paragraph


def _article(article_id: str, title: str, context: str) -> tuple[Article, int]:
    """Return the paragraph as an article, and how far its offsets lie before the context's."""
    head, separator, body = context.partition(JSQUAD_SEPARATOR)
    text = body.lstrip() if separator else context
    name = head.strip() if separator else title
    article = Article(id=article_id, title=name, text=text, language=detect_language(text))
    return article, len(context) - len(text)


def _squad_question(raw: dict[str, Any], article: Article, shift: int) -> SquadQuestion:
    answers = () if raw.get("is_impossible") else raw["answers"]
    accepted = dict.fromkeys(
        _accepted(str(answer["text"]), int(answer["answer_start"]) - shift, article)
        for answer in answers
    )
    return SquadQuestion(str(raw["id"]), str(raw["question"]), article.id, tuple(accepted))


def _accepted(text: str, start: int, article: Article) -> AcceptedAnswer:
    if start < 0:
        return AcceptedAnswer(text, None)
    found = article.text[start : start + len(text)]
    if found != text:
        raise ValueError(f"answer {text!r} marked where the paragraph has {found!r}")
    return AcceptedAnswer(text, start)


def read_packed(path: Path) -> bytes:
    """Return the bytes of a file, unpacked where its name ends in .zst or .gz."""
    if path.suffix == ".zst":
        return _unpacked_zst(path)
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def _unpacked_zst(path: Path) -> bytes:
    try:
        zstandard: Any = importlib.import_module("zstandard")
    except ImportError:
        return _unpacked_by_program(path)
    unpacker = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW)
    try:
        with path.open("rb") as packed, unpacker.stream_reader(packed) as stream:
            unpacked: bytes = stream.read()
    except zstandard.ZstdError as error:
        raise DatasetError(f"{path} cannot be unpacked ({error}): check the file") from error
    return unpacked


def _unpacked_by_program(path: Path) -> bytes:
    program = shutil.which("zstd")
    if program is None:
        raise DatasetError(f"{path} is packed: install zstd or `pip install zstandard`")
    command = [program, "-dcq", "--long=27", "--", str(path)]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 -- no shell
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip()
        raise DatasetError(f"{path} cannot be unpacked ({reason}): check the file")
    return done.stdout


# --- question files ------------------------------------------------------------------------


def read_questions(path: Path) -> list[ArticleQuestion]:
    """Read a question file: one JSON object per line, blank lines skipped."""
    questions = [
        _article_question(line, f"{path}, line {number}")
        for number, line in enumerate(read_lines(path), start=1)
        if line.strip()
    ]
    if not questions:
        raise DatasetError(f"{path} holds no questions: one JSON object per line is expected")
    return questions


def read_lines(path: Path) -> list[str]:
    """Return the lines of a text file, unpacked where it is packed; raises DatasetError."""
    try:
        return re.split(r"\r\n|\n|\r", read_packed(path).decode("utf-8-sig"))
    except (ValueError, OSError, EOFError) as error:
        raise DatasetError(f"{path} cannot be read ({error}): UTF-8 text is expected") from error


def _article_question(line: str, place: str) -> ArticleQuestion:
    try:
        raw = json.loads(line)
        return _from_object(raw)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DatasetError(
            f"{place}: expected an object with id, question, answers and gold_lines or "
            f"gold_sentences, found {error!r}"
        ) from error


def _from_object(raw: dict[str, Any]) -> ArticleQuestion:
    lines = tuple(int(line) for line in raw.get("gold_lines") or ())
    sentences = tuple(
        mark if isinstance(mark, int) else str(mark) for mark in raw.get("gold_sentences") or ()
    )
    answerable = bool(raw.get("answerable", bool(lines or sentences)))
    if answerable and not (lines or sentences):
        raise ValueError("an answerable question without gold_lines or gold_sentences")
    return ArticleQuestion(
        id=str(raw["id"]),
        text=str(raw["question"]),
        answers=tuple(str(answer) for answer in raw.get("answers") or ()),
        gold_lines=lines if answerable else (),
        gold_sentences=sentences if answerable else (),
        kind=str(raw.get("kind") or ""),
        article=None if raw.get("article") is None else str(raw["article"]),
        split=None if raw.get("split") is None else str(raw["split"]),
        answerable=answerable,
    )


# --- news ----------------------------------------------------------------------------------


def read_news_questions(path: Path) -> list[ArticleQuestion]:
    """Read questions whose gold sentences count the sentences of the news set, from 1."""
    return [
        replace(
            question,
            gold_lines=tuple(int(number) + LINES_BEFORE_NEWS for number in question.gold_sentences),
            gold_sentences=(),
        )
        for question in read_questions(path)
    ]


def read_news(data: Path | None, headlines: Collection[str] | None = None) -> list[Article]:
    """Read the articles with these headlines, or all; a line per sentence, the headline is the id.

    Of several articles with one headline the last counts.
    """
    if data is None or not (data / NEWS_ARTICLES).is_file():
        raise DatasetError(
            f"the news articles are read from a data folder: add --data DIR, where {NEWS_ARTICLES} "
            "lies"
        )
    found: dict[str, Article] = {}
    for line in filter(str.strip, read_packed(data / NEWS_ARTICLES).decode("utf-8").split("\n")):
        raw = json.loads(line)
        headline = str(raw["headline"])
        if headlines is None or headline in headlines:
            text = "\n".join([headline, "", *(str(each) for each in raw["sentences"])])
            found[headline] = Article(headline, headline, text)
    return list(found.values())


# --- topic lists ---------------------------------------------------------------------------


def read_topics(path: Path) -> list[ArticleQuestion]:
    """Read questions that the asked articles do not answer: `id<TAB>question`, or one a line."""
    topics = [
        _topic(line, number)
        for number, line in enumerate(read_lines(path), start=1)
        if line.strip()
    ]
    if not topics:
        raise DatasetError(f"{path} holds no questions: one per line is expected")
    return topics


def _topic(line: str, number: int) -> ArticleQuestion:
    head, tab, rest = line.partition("\t")
    topic_id, question = (head.strip(), rest.strip()) if tab else (str(number), line.strip())
    return ArticleQuestion(id=topic_id, text=question, kind="unanswerable", answerable=False)
