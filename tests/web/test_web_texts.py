from __future__ import annotations

import string
from dataclasses import asdict

import pytest

from shutten.conversation import REMEMBERED_TURNS
from shutten.errors import (
    IndexDamagedError,
    ModelError,
    QuestionError,
    ShuttenError,
    UnknownArticleError,
)
from shutten.types import Turn
from shutten.web.complaints import error_text, question_complaint
from shutten.web.conversation import read_turns, write_turns
from shutten.web.texts import ENGLISH, JAPANESE, preferred_language, texts_for, translations
from shutten.web.uploads import UploadRefusedError


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_every_string_with_the_same_fields() -> None:
    english, japanese = asdict(ENGLISH), asdict(JAPANESE)
    assert {key: fields(text) for key, text in english.items()} == {
        key: fields(text) for key, text in japanese.items()
    }
    assert all(text.strip() for text in [*english.values(), *japanese.values()])
    assert translations() == {"ja": japanese, "en": english}


@pytest.mark.parametrize(
    ("query", "header", "language"),
    [
        (None, "ja-JP,ja;q=0.9,en;q=0.8", "ja"),
        (None, "en-US,en;q=0.9,ja;q=0.8", "en"),
        (None, "fr-FR,ja;q=0.5,en;q=0.4", "ja"),
        (None, "de", "en"),
        (None, None, "en"),
        (None, "ja;q=broken,en;q=0.1", "en"),
        ("ja", "en-US", "ja"),
        ("en", "ja", "en"),
        ("xx", "ja", "ja"),
    ],
)
def test_the_page_speaks_the_language_that_was_asked_for(
    query: str | None, header: str | None, language: str
) -> None:
    assert preferred_language(query, header) == language


@pytest.mark.parametrize(
    ("question", "complaint"),
    [
        ("", JAPANESE.error_empty),
        (" \n\u3000", JAPANESE.error_empty),
        ("\x00\x07\u200b", JAPANESE.error_control),
        ("長い" * 6, "質問が長すぎます（12文字）。10文字以内にしてください。"),
        ("いつ\x00ですか", None),
    ],
)
def test_a_question_that_cannot_be_asked_gets_one_clear_line(
    question: str, complaint: str | None
) -> None:
    assert question_complaint(question, JAPANESE, maximum=10) == complaint


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (QuestionError("x"), ENGLISH.error_question),
        (UnknownArticleError("x"), ENGLISH.error_article_gone),
        (IndexDamagedError("/secret/path"), ENGLISH.error_index),
        (ModelError("/secret/path"), ENGLISH.error_unexpected),
        (UploadRefusedError("too_many", "a"), "Up to 20 files can be added. Remove some first."),
        (
            UploadRefusedError("too_much", "a"),
            "That is too much text. Added files can hold some 25,000 sentences together. "
            "Remove some first, or choose a shorter file.",
        ),
        (UploadRefusedError("forgotten", "a"), "The added files are gone."),
        (
            UploadRefusedError("file_size", "<b>.txt"),
            "“&lt;b&gt;.txt” is too large. Choose a file of up to 20 MB.",
        ),
    ],
)
def test_an_error_is_told_in_the_language_of_the_page(error: ShuttenError, said: str) -> None:
    assert error_text(error, ENGLISH, megabytes=20) == said


@pytest.mark.parametrize(
    ("error", "said", "unsaid"),
    [
        (UploadRefusedError("empty", "a.txt"), "空のファイル", "PDF"),
        (UploadRefusedError("unreadable", "a.txt"), "文章を取り出せません", "PDF"),
        (UploadRefusedError("unreadable", "A.PDF"), "パスワード付きのPDF", "空の"),
    ],
)
def test_what_is_wrong_with_a_file_fits_its_kind(
    error: UploadRefusedError, said: str, unsaid: str
) -> None:
    told = error_text(error, JAPANESE, megabytes=20)
    assert said in told
    assert unsaid not in told


def test_an_unreadable_file_is_named_without_markup() -> None:
    said = error_text(UploadRefusedError("unreadable", "<img>.pdf"), JAPANESE, megabytes=20)
    assert "「&lt;img&gt;.pdf」" in said


def test_a_conversation_survives_the_page() -> None:
    turns = [Turn(f"質問{n}", '"答え"\n') for n in range(REMEMBERED_TURNS + 3)]
    assert read_turns(write_turns(turns)) == tuple(turns[-REMEMBERED_TURNS:])


@pytest.mark.parametrize(
    "written", ["", "x", "{}", "3", '[["a"]]', '[["a", 1]]', "[null]", "[" * 200_000]
)
def test_what_is_no_conversation_is_an_empty_one(written: str) -> None:
    assert read_turns(written) == ()


def test_texts_are_found_by_language() -> None:
    assert texts_for("ja") is JAPANESE
