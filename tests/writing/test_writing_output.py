"""Thoughts, loops and half characters never reach the reader, wherever the pieces are cut."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from shutten.writing.output import (
    END,
    Detokeniser,
    Pieces,
    Polisher,
    ThoughtFilter,
    is_repeating,
    received,
)


def cut(text: str, places: list[int]) -> list[str]:
    ends = [*sorted(place % (len(text) + 1) for place in places), len(text)]
    return [text[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def filtered(pieces: list[str], *, thinking: bool = False) -> str:
    thoughts = ThoughtFilter(thinking=thinking)
    return "".join([*map(thoughts.feed, pieces), thoughts.end()])


@given(st.lists(st.integers(min_value=0), max_size=8))
def test_thoughts_are_taken_out_wherever_the_pieces_are_cut(places: list[int]) -> None:
    assert filtered(cut("a<think>x < y</think>b <th> c<think>z", places)) == "ab <th> c"


@given(st.lists(st.integers(min_value=0), max_size=8))
def test_a_thought_that_the_prompt_has_begun_is_taken_out(places: list[int]) -> None:
    assert filtered(cut("hm</think>答え", places), thinking=True) == "答え"


def test_what_could_begin_a_tag_is_held_back_until_it_is_clear() -> None:
    thoughts = ThoughtFilter()
    assert [thoughts.feed(piece) for piece in ("a <", "t", "en")] == ["a ", "", "<ten"]


@pytest.mark.parametrize(
    ("text", "repeats"),
    [
        ("青函トンネルは1988年に開業した。青函トンネルは1988年に開業した。", True),
        ("It opened in 1988. It is long. It opened in 1988.", True),
        ("ははははははははははははははははははははははははは", True),
        ("a b c a b c a b c a b c a b c a b c a b c a b c ", True),
        ("はい。はい。", False),
        ("青函トンネルは1988年に開業した。全長は53.85kmである。", False),
        ("10,000,000,000円", False),
        ("", False),
    ],
)
def test_a_text_that_goes_round_in_circles_is_noticed(text: str, repeats: bool) -> None:  # noqa: FBT001
    assert is_repeating(text) is repeats


def test_polishing_ends_at_the_repetition_and_strips_the_beginning() -> None:
    polisher = Polisher()
    given_ = ["\n ", " One is here.", " Two is there.", " One is here.", " More."]
    assert [polisher.feed(piece) for piece in given_] == [
        "", "One is here.", " Two is there.", "", "",
    ]  # fmt: skip
    assert (polisher.finished, polisher.end()) == (True, "")


def byte_tokenizer() -> Tokenizer:
    """Every byte is a token, as where a tokenizer does not know a character."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {character: number for number, character in enumerate(alphabet)}
    tokenizer = Tokenizer(models.BPE(vocabulary, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


@given(st.text(max_size=30).filter(lambda text: "\ufffd" not in text))
def test_a_character_of_several_tokens_comes_whole(text: str) -> None:
    tokenizer = byte_tokenizer()
    detokeniser = Detokeniser(tokenizer.decode)
    pieces = [detokeniser.feed(token) for token in tokenizer.encode(text).ids]
    assert "".join(pieces) == text
    assert not any("\ufffd" in piece for piece in pieces)


def test_japanese_comes_character_by_character() -> None:
    tokenizer = byte_tokenizer()
    detokeniser = Detokeniser(tokenizer.decode)
    pieces = [detokeniser.feed(token) for token in tokenizer.encode("青い🚄").ids]
    assert pieces == ["", "", "青", "", "", "い", "", "", "", "🚄"]


def test_waiting_gives_empty_pieces_and_the_end_ends() -> None:
    pieces = Pieces()
    stream = received(pieces)
    assert next(stream) == ""

    def write() -> None:
        pieces.put("a")
        pieces.put(END)

    threading.Thread(target=write).start()
    assert "".join(stream) == "a"
