from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shutten.checking.splitting import ClaimSplitter, split_claims, stream_claims


def statements(text: str) -> list[str]:
    return [piece.text for piece in split_claims(text) if piece.kind == "statement"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全長は53.85キロである。深さは240メートルだ。", ["全長は53.85キロである。", "深さは240メートルだ。"]),
        ("彼は「やめた。」と述べた。次の文。", ["彼は「やめた。」と述べた。", "次の文。"]),
        ("「行く。」「来る。」", ["「行く。」", "「来る。」"]),
        ("Dr. Smith paid 3.5 dollars. He left.", ["Dr. Smith paid 3.5 dollars.", "He left."]),
        ("It is in the U.S. Army museum, e.g. in Ohio.", ["It is in the U.S. Army museum, e.g. in Ohio."]),
        ("- 一つ目である。\n- 二つ目\n", ["一つ目である。", "二つ目"]),
        ("1. First.\n2. Second.\n", ["First.", "Second."]),
        ("**太字**の文で、*強調*もある。", ["太字の文で、強調もある。"]),
        ("公開は5月。[1] 価格は3元。【2】", ["公開は5月。", "価格は3元。"]),
        ("It has 30 gears [1][2]. It was found (3).", ["It has 30 gears.", "It was found."]),
        ("リウ氏(26)は述べた。", ["リウ氏(26)は述べた。"]),
        ("<think>まず考える。次に書く。</think>公開は5月。", ["公開は5月。"]),
        ("記事によると、公開は5月だった。", ["公開は5月だった。"]),
        ("According to the passages, the bridge opened in 1974.", ["The bridge opened in 1974."]),
        ("運用担当者によると、年収は150万元である。", ["運用担当者によると、年収は150万元である。"]),
        ("| 全長 | 53.85キロ |\n|---|---|\n", ["全長 53.85キロ"]),
        ("Yahoo!ニュースが報じた。", ["Yahoo!ニュースが報じた。"]),
    ],
)  # fmt: skip
def test_text_becomes_claims(text: str, expected: list[str]) -> None:
    assert statements(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "記事には書かれていません。",
        "提供された文章には価格の情報がありません。",
        "わかりません。",
        "I don't know.",
        "The passages do not mention the price.",
        "The price is not mentioned in the article.",
    ],
)
def test_a_refusal_of_the_model_is_recognised(text: str) -> None:
    assert [piece.kind for piece in split_claims(text)] == ["refusal"]


@pytest.mark.parametrize(
    "text",
    ["会社側は問い合わせに答えていない。", "The lake was not polluted.", "価格は未定である。"],
)
def test_a_negated_statement_is_no_refusal(text: str) -> None:
    assert [piece.kind for piece in split_claims(text)] == ["statement"]


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("It opened in 1890. The bridge is also named after…", ["It opened in 1890."]),
        ("公開は5月だった。価格は三千円…", ["公開は5月だった。"]),
        ("It opened in 1890.…", ["It opened in 1890."]),
        ("「公開は5月だ」…", ["「公開は5月だ」"]),
    ],
)
def test_what_breaks_off_claims_nothing(text: str, claims: list[str]) -> None:
    pieces = split_claims(text)
    assert [piece.text for piece in pieces if piece.kind == "statement"] == claims


def test_an_introduction_goes_with_the_list_under_it() -> None:
    pieces = split_claims(
        "主な数値は次のとおり：\n- 全長は53キロである。\n- 深さは240メートルである。\n"
    )
    assert [(piece.kind, piece.introduction) for piece in pieces] == [
        ("introduction", ""),
        ("statement", "主な数値は次のとおり"),
        ("statement", "主な数値は次のとおり"),
    ]


def test_a_sentence_comes_out_before_the_text_has_ended() -> None:
    splitter = ClaimSplitter()
    assert splitter.feed("公開は5月だった。") == []
    given = splitter.feed("価格は決まっていないが、およそ三千円になる見込みである")
    assert [piece.text for piece in given] == ["公開は5月だった。"]
    assert [piece.text for piece in splitter.finish()] == [
        "価格は決まっていないが、およそ三千円になる見込みである"
    ]


PARTS = (
    "公開は5月だった。", "「本当だ。」と述べた。", "（注。）", "\n", "- ", "1. ", "Dr. Smith left. ", "Acme Ltd. ", "The house stood. ", "3.5", "[1]",
    "【2】", "(3)", "<think>", "</think>", "**", "：\n", "Is it?", "Yes! ", "U.S. ", "」", "「", "。", ".", " ", "| a |",
    "記事には書かれていません。", "It has 30 gears", "\r\n", "…", "、", "と", "\n\n", "## 見出し\n", "<|im_end|>", "<",
)  # fmt: skip


@given(st.lists(st.sampled_from(PARTS), max_size=14), st.lists(st.integers(0, 120), max_size=9))
def test_where_the_pieces_are_cut_makes_no_difference(parts: list[str], cuts: list[int]) -> None:
    text = "".join(parts)
    places = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    pieces = [text[a:b] for a, b in pairwise(places)]
    assert stream_claims(pieces) == split_claims(text)
    assert stream_claims(text) == split_claims(text)


@given(st.lists(st.sampled_from(PARTS), max_size=14))
def test_no_marker_of_the_model_is_left(parts: list[str]) -> None:
    pieces = split_claims(f"堀の深さは5メートルである。\n{''.join(parts)}")
    assert pieces[0].text.startswith("堀の深さは5メートルである。")
    for piece in pieces:
        assert "[1]" not in piece.text
        assert "【2】" not in piece.text
        assert "<think>" not in piece.text
