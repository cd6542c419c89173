"""Tests of names that an article writes otherwise than the question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shutten.aliases import (
    ALIKE,
    Alias,
    aliases_in,
    all_renamed,
    glosses_of,
    likeness,
    renamed,
    strangers,
)

GLOSSED = "親会社のハイフライヤー(High-Flyer)がいる。"


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        (GLOSSED, [("ハイフライヤー", "High-Flyer")]),
        ("梁文鋒(Liang Wenfeng)氏である。", [("梁文鋒", "Liang Wenfeng")]),
        ("百度(バイドゥ)などが競った。", [("百度", "バイドゥ")]),
        ("世界保健機関(WHO、本部ジュネーブ)は", [("世界保健機関", "WHO")]),
        ("国際宇宙ステーション〔ISS〕は", [("国際宇宙ステーション", "ISS")]),
        ("アメリカ合衆国(USA)の", [("アメリカ合衆国", "USA")]),
        ("トヨタ自動車(Toyota)は", [("トヨタ", "Toyota")]),
        ("中国の新興AI企業ディープシーク(DeepSeek)が", [("ディープシーク", "DeepSeek")]),
        ("国際連合(国連)は", [("国際連合", "国連")]),
        ("昨年東京電力(東電)は", [("東京電力", "東電")]),
        ("日本鉄道建設公団(以下「公団」)が", [("日本鉄道建設公団", "公団")]),
        ("人工知能(英: artificial intelligence)は", [("人工知能", "artificial intelligence")]),
        ("The World Health Organization (WHO) said", [("World Health Organization", "WHO")]),
        ("ゴッタルドベーストンネル(約57.1キロメートル)に", []),
        ("ベンジャミン・リウ氏(26)は", []),
        ("高官(当時)は", []),
        ("in the tunnel (see below) and", []),
        ("のだ(ISS)", []),
    ],
)
def test_names_in_brackets_behind_a_name(text: str, pairs: list[tuple[str, str]]) -> None:
    assert list(glosses_of(text)) == pairs


@pytest.mark.parametrize(
    ("latin", "katakana"),
    [
        ("DeepSeek", "ディープシーク"),
        ("Nvidia", "エヌビディア"),
        ("Tunnel", "トンネル"),
        ("Berlin", "ベルリン"),
        ("Sony", "ソニー"),
        ("Toyota", "トヨタ"),
        ("Google", "グーグル"),
        ("Benjamin", "ベンジャミン"),
        ("Microsoft", "マイクロソフト"),
    ],
)
def test_names_that_sound_alike(latin: str, katakana: str) -> None:
    assert likeness(latin, katakana) >= ALIKE


@pytest.mark.parametrize(
    ("latin", "katakana"),
    [
        ("Tunnel", "ターミナル"),
        ("Please", "プラス"),
        ("List", "ラスト"),
        ("Berlin", "バーレーン"),
        ("Price", "プロセス"),
        ("Benjamin", "バーンスタイン"),
        ("When", "ウェン"),
        ("", "ー"),
    ],
)
def test_names_that_do_not(latin: str, katakana: str) -> None:
    assert likeness(latin, katakana) < ALIKE


@pytest.mark.parametrize(
    ("question", "text", "alias"),
    [
        ("Who founded High-Flyer?", GLOSSED, Alias("High-Flyer", "ハイフライヤー")),
        ("ハイフライヤーとは何ですか", GLOSSED, Alias("ハイフライヤー", "High-Flyer")),
        ("Did Lenovo adopt it?", "レノボも取り入れた。", Alias("Lenovo", "レノボ")),
        ("なぜNvidiaは?", "エヌビディア製のチップ", Alias("Nvidia", "エヌビディア")),
        ("nvidiaのチップは?", "エヌビディア製のチップ", Alias("nvidia", "エヌビディア")),
        ("エヌビディアのチップは?", "chips made by Nvidia", Alias("エヌビディア", "Nvidia")),
        ("How old is Benjamin Liu?", "ベンジャミン・リウ氏", Alias("Benjamin", "ベンジャミン")),
        ("ＩＳＳの高さは?", "国際宇宙ステーション（ＩＳＳ）", Alias("ISS", "国際宇宙ステーション")),
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
        ("The high-flyers of the year?", GLOSSED),
        ("Who led the plant experiment?", "世界保健機関(WHO)は"),
        ("Tell us about it.", "米国(US)と情報技術(IT)は"),
        ("三百度で溶ける金属は", "百度(バイドゥ)など"),
        ("住宅公団はいつできたか", "日本鉄道建設公団(以下「公団」)が"),
    ],
)
def test_other_words_are_not_taken_for_it(question: str, text: str) -> None:
    assert aliases_in(question, [text]) == ()


def test_the_question_takes_the_name_that_a_text_has_alone() -> None:
    question = "Who founded High-Flyer?"
    aliases = aliases_in(question, [GLOSSED])
    assert renamed(question, "ハイフライヤーの経営トップ", aliases) == "Who founded ハイフライヤー?"
    assert renamed(question, GLOSSED, aliases) == question
    assert renamed(question, "別の会社である。", aliases) == question
    assert all_renamed(question, aliases) == "Who founded ハイフライヤー?"


def test_the_likest_of_several_names_counts() -> None:
    aliases = aliases_in("Where in Berlin?", ["ベルナン駅。ベルリンの駅。"])
    assert all_renamed("Where in Berlin?", aliases) == "Where in ベルリン?"


def test_full_width_names_are_replaced_too() -> None:
    question = "ＩＳＳの高さは？"
    aliases = aliases_in(question, ["国際宇宙ステーション（ＩＳＳ）は低い軌道を回る。"])
    assert all_renamed(question, aliases) == "国際宇宙ステーションの高さは?"
    assert all_renamed("他の質問？", aliases) == "他の質問？"


NAMES = st.sampled_from(
    ["ハイフライヤー", "High-Flyer", "梁文鋒", "WHO", "ソニー", "国連", "Ａ", "", "・"]
)
MARKS = st.sampled_from(
    ["(", ")", "（", "）", "〔", "[", "の", " ", "\n", "、", "「", "」", "以下"]
)


@given(
    st.lists(NAMES | MARKS, max_size=8).map("".join),
    st.lists(st.lists(NAMES | MARKS, max_size=12).map("".join), max_size=4),
)
def test_whatever_is_found_stands_in_a_text_and_takes_a_name_s_place(
    question: str, texts: list[str]
) -> None:
    aliases = aliases_in(question, texts)
    assert len(set(aliases)) == len(aliases)
    for alias in aliases:
        assert any(alias.written in text.replace("（", "(") for text in texts)
        assert all_renamed(question, [alias]) != question
        assert alias.written in all_renamed(question, [alias])


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("レディー・ガガはどこで生まれた", "1985年に広東省の田舎で生まれた。", ("レディー・ガガ",)),
        ("レディー・ガガはどこで生まれた", "ガガはニューヨークで生まれた。", ()),
        ("GNUの創始者は誰？", "創業者は梁文鋒氏である。", ("GNU",)),
        ("GNUの創始者は誰？", "gnuを始めたのはストールマンである。", ()),
        ("DeepSeekの本社はどこ", "ディープシークの本社は杭州にある。", ()),
        ("R2の発売はいつ", "発売は5月である。", ()),
        ("スピードはどのくらい", "時速は140キロである。", ()),
        ("Where was Lady Gaga born?", "He was born in 1985.", ("Lady Gaga",)),
        ("Where was Lady Gaga born?", "Gaga was born in New York.", ()),
        ("Is it used in America?", "It is used in the United States.", ()),
        ("Who is the Prime Minister?", "The prime minister is Ito.", ()),
        ("", "何もない。", ()),
    ],
)
def test_names_that_nothing_read_has(question: str, text: str, expected: tuple[str, ...]) -> None:
    assert strangers(question, [text], aliases_in(question, [text])) == expected
