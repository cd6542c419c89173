from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shutten.exporting.addresses import web_address
from shutten.web.markup import (
    Reference,
    asking_link,
    escaped,
    marked,
    parse_key,
    parse_reference,
    references,
    sentence_link,
)


@given(st.text())
def test_escaped_text_is_one_line_without_markup_and_as_long_as_the_text(text: str) -> None:
    written = escaped(text)
    assert "\n" not in written
    assert "\r" not in written
    assert "<" not in written
    assert len(html.unescape(written)) == len(text)


def test_control_characters_and_half_surrogates_are_shown_as_replacement_characters() -> None:
    assert escaped("a\x00b\ud800c\rd\n") == "a\ufffdb\ufffdc d&#10;"


def test_marked_words_are_inside_a_mark_and_escaped() -> None:
    assert marked("<b>五月</b>", 3, 5) == "&lt;b&gt;<mark>五月</mark>&lt;/b&gt;"


@pytest.mark.parametrize(("start", "end"), [(None, None), (3, 3), (-1, 2), (0, 99)])
def test_words_that_are_not_in_the_text_are_not_marked(start: int | None, end: int | None) -> None:
    assert marked("五月上旬", start, end) == "五月上旬"


@given(st.sampled_from(["index", "own"]), st.text(st.characters(codec="utf-8")))
def test_a_reference_survives_its_key_and_its_written_form(origin: str, article_id: str) -> None:
    reference = parse_reference(f"{origin}:{article_id}")
    assert reference is not None
    assert reference.article_id == article_id
    assert parse_key(reference.key) == reference
    assert not set(reference.key) & set("/ <>\"'&\n")


def test_what_is_no_reference_is_left_out() -> None:
    assert references(["index:a", "other:b", "", "own:"]) == (
        Reference("index", "a"),
        Reference("own", ""),
    )


def test_a_sentence_link_carries_sentence_words_and_marker() -> None:
    reference = Reference("index", "記事/a b.txt")
    link = sentence_link(reference, 4, words=(8, 12), marker=2)
    assert link == "#cite/index:%E8%A8%98%E4%BA%8B%2Fa%20b.txt/4/8-12/2"
    assert sentence_link(reference, 4, words=None, marker=None).endswith("/4/0-0/0")


def test_a_question_in_a_link_is_quoted() -> None:
    assert asking_link('a/"><b>') == "#ask/a%2F%22%3E%3Cb%3E"


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//example.org", None),
        (None, None),
    ],
)
def test_only_web_addresses_are_offered_as_links(url: str | None, address: str | None) -> None:
    assert web_address(url) == address
