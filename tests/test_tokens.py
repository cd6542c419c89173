from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shutten.tokens import token_set, tokenise


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("東京タワー", ["東", "東京", "京", "京タ", "タワ", "ワー"]),
        ("東京 タワー", ["東", "東京", "京", "タワ", "ワー"]),
        ("R2は5月に公開", ["r2", "は", "5", "月", "月に", "に公", "公", "公開", "開"]),
        ("2024年", ["2024", "年"]),
        ("1,200円と3.5%", ["1200", "円", "円と", "3.5"]),
        ("25,000.50", ["25000.50"]),
        ("1,2,3", ["1", "2", "3"]),
        ("GPT-4", ["gpt", "4"]),
        ("100km", ["100km", "100", "km"]),
        ("3.5km", ["3.5", "km"]),
        ("5G", ["5g"]),
        ("DeepSeek's models", ["deepseek", "deeps*", "models", "model*"]),
        ("", []),
        (" \n\t", []),
        ("、。！？「」", []),
    ],
)
def test_a_text_yields_these_tokens(text: str, tokens: list[str]) -> None:
    assert tokenise(text) == tokens


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ｶﾞﾗｽﾀﾜｰ", "ガラスタワー"),
        ("Ｒ２　ＡＩ", "R2 AI"),
        ("か\u3099", "が"),
        ("Café", "CAFE"),
        ("１，２００円", "1200円"),
        ("葛\U000e0100飾", "葛飾"),
        ("soft\u00adware", "software"),
        ("③", "3"),
    ],
)
def test_writing_variants_fold_to_the_same_tokens(one: str, other: str) -> None:
    assert tokenise(one) == tokenise(other)


@pytest.mark.parametrize("character", ["犬", "ネ", "は", "x", "5"])
def test_a_question_of_one_character_yields_that_character(character: str) -> None:
    assert tokenise(f"{character}？") == [character]


def test_a_single_kanji_finds_longer_words() -> None:
    assert "犬" in tokenise("白い犬が走る")


def test_query_syntax_is_nothing_special() -> None:
    assert tokenise('a:b "x" +y -z (OR) *^2~ \\') == ["a", "b", "x", "y", "z", "or", "2"]


def test_a_middle_dot_separates_words() -> None:
    assert "ドナ" not in tokenise("レオナルド・ナポリ")


@given(st.text())
def test_no_text_makes_a_token_with_a_space_or_an_empty_one(text: str) -> None:
    assert all(token and not any(map(str.isspace, token)) for token in tokenise(text))


@given(st.text(), st.text())
def test_a_space_separates_like_two_texts(left: str, right: str) -> None:
    assert tokenise(f"{left} 。 {right}") == [*tokenise(left), *tokenise(right)]


def test_an_announcement_is_found_when_something_was_announced() -> None:
    assert set(tokenise("announced")) & set(tokenise("the announcement")) == {"annou*"}


def test_a_set_of_tokens_has_each_once() -> None:
    assert tokenise("犬と犬 R2 r2") == ["犬", "犬と", "と犬", "犬", "r2", "r2"]
    assert token_set("犬と犬 R2 r2") == {"犬", "犬と", "と犬", "r2"}
