"""How a name is read aloud, where a sentence says so in brackets."""

from __future__ import annotations

import pytest
from tests.bundled import bundled_assistant

from shutten.types import Article

NAORAI = "直衣（なおし）は、平安時代の公家の平服である。"
TOYO = "柿沼トヨ（かきぬま とよ、1889年 - 1967年）は、染織家である。"
ARTICLES = (
    Article("a", "直衣", f"{NAORAI}色は季節で変わる。"),
    Article("b", "柿沼トヨ", f"{TOYO}川俣に生まれた。"),
)


@pytest.mark.parametrize(
    ("question", "short", "quote"),
    [
        ("直衣って何て読むの？", "なおし", NAORAI),
        ("直衣の読み方は？", "なおし", NAORAI),
        ("「柿沼トヨ」はどう読みますか", "かきぬま とよ", TOYO),
    ],
)
def test_how_a_name_is_read(question: str, short: str, quote: str) -> None:
    answer = bundled_assistant(*ARTICLES).ask(question)
    assert answer.short_answer == short
    assert answer.citations[0].quote == quote


def test_a_name_without_kana_is_not_guessed() -> None:
    answer = bundled_assistant(*ARTICLES).ask("平服の読み方は？")
    assert answer.short_answer != "なおし"
