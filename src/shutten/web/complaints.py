"""What a visitor is told when something cannot be done, in the language of the page."""

from __future__ import annotations

import html

from shutten.errors import (
    IndexStoreError,
    QuestionError,
    ShuttenError,
    UnknownArticleError,
)
from shutten.web.texts import Texts
from shutten.web.uploads import FILES_PER_SESSION, SENTENCES_IN_ALL, UploadRefusedError


def question_complaint(question: str, texts: Texts, *, maximum: int) -> str | None:
    """Return what is wrong with a question, None where it can be asked."""
    from shutten.questions import clean_question

    cleaned = clean_question(question)
    if not cleaned:
        return texts.error_control if question.strip() else texts.error_empty
    if len(cleaned) > maximum:
        return texts.error_long.format(count=f"{len(cleaned):,}", maximum=f"{maximum:,}")
    return None


def error_text(error: ShuttenError, texts: Texts, *, megabytes: int) -> str:
    """Return what a visitor is told of an error, as HTML in the language of the page."""
    if isinstance(error, UploadRefusedError):
        return _refused_upload(error, texts, megabytes=megabytes)
    if isinstance(error, UnknownArticleError):
        return texts.error_article_gone
    if isinstance(error, QuestionError):
        return texts.error_question
    if isinstance(error, IndexStoreError):
        return texts.error_index
    return texts.error_unexpected


def _unreadable(name: str, texts: Texts) -> str:
    is_pdf = name.lower().endswith(".pdf")
    told = texts.error_pdf_unreadable if is_pdf else texts.error_file_unreadable
    return told.format(name=name)


def _refused_upload(error: UploadRefusedError, texts: Texts, *, megabytes: int) -> str:
    messages = {
        "file_type": texts.error_file_type.format(name=error.name),
        "file_size": texts.error_file_size.format(name=error.name, megabytes=megabytes),
        "empty": texts.error_file_empty.format(name=error.name),
        "unreadable": _unreadable(error.name, texts),
        "too_many": texts.error_file_count.format(count=FILES_PER_SESSION),
        "too_much": texts.error_file_text.format(count=f"{SENTENCES_IN_ALL:,}"),
        "forgotten": texts.forgotten,
    }
    return html.escape(messages.get(error.reason, texts.error_unexpected))
