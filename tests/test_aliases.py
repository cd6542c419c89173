"""Tests of names that an article writes otherwise than the question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shutten.aliases import Alias, aliases_in, all_renamed, glosses_of, renamed

GLOSSED = "親会社のハイフライヤー(High-Flyer)がいる。"


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        (GLOSSED, [("ハイフライヤー", "High-Flyer")]),
        ("梁文鋒（Liang Wenfeng）氏である。", [("梁文鋒", "Liang Wenfeng")]),
        ("百度(バイドゥ)などが競った。", [("百度", "バイドゥ")]),
        ("世界保健機関（WHO、本部ジュネーブ）は", [("世界保健機関", "WHO")]),
        ("国際連合(国連)は", [("国際連合", "国連")]),
        ("日本鉄道建設公団（以下「公団」）が", [("日本鉄道建設公団", "公団")]),
        ("The World Health Organization (WHO) said", [("World Health Organization", "WHO")]),
        ("ゴッタルドベーストンネル(約57.1キロメートル)に", []),
        ("ベンジャミン・リウ氏(26)は", []),
        ("高官（当時）は", []),
        ("in the tunnel (see below) and", []),
    ],
)
def test_names_in_brackets_behind_a_name(text: str, pairs: list[tuple[str, str]]) -> None:
    assert list(glosses_of(text)) == pairs


@pytest.mark.parametrize(
    ("question", "text", "alias"),
    [
        ("Who founded High-Flyer?", GLOSSED, Alias("High-Flyer", "ハイフライヤー")),
        ("ハイフライヤーとは何ですか", GLOSSED, Alias("ハイフライヤー", "High-Flyer")),
        ("Did Lenovo adopt it?", "レノボも取り入れた。", Alias("Lenovo", "レノボ")),
        ("エヌビディアのチップは?", "chips made by Nvidia", Alias("エヌビディア", "Nvidia")),
        ("How old is Benjamin Liu?", "ベンジャミン・リウ氏", Alias("Benjamin", "ベンジャミン")),
    ],
)
def test_a_name_of_the_question_is_known_under_another(
    question: str, text: str, alias: Alias
) -> None:
    assert aliases_in(question, [text]) == (alias,)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Who is Benjamin?", "バーンスタインの分析担当者"),
        ("When did it open?", "ウェンという町"),
        ("トンネルの長さは?", "The channel was opened in May."),
        ("High-Flyer(ハイフライヤー)とは?", GLOSSED),
        ("The high-flyers of the year?", "クオンツ型のファンド(QF)である。"),
    ],
)
def test_other_names_are_not_taken_for_it(question: str, text: str) -> None:
    assert aliases_in(question, [text]) == ()


def test_the_question_takes_the_name_that_a_text_has_alone() -> None:
    question = "Who founded High-Flyer?"
    aliases = aliases_in(question, [GLOSSED])
    assert renamed(question, "ハイフライヤーの経営トップ", aliases) == "Who founded ハイフライヤー?"
    assert renamed(question, GLOSSED, aliases) == question
    assert renamed(question, "別の会社である。", aliases) == question
    assert all_renamed(question, aliases) == "Who founded ハイフライヤー?"


@given(st.text(max_size=60), st.lists(st.text(max_size=80), max_size=4))
def test_any_text_may_come(question: str, texts: list[str]) -> None:
    aliases = aliases_in(question, texts)
    for alias in aliases:
        assert any(alias.written.casefold() in text.casefold() for text in texts)
    assert all_renamed(question, ()) == question
