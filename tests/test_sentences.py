from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shutten.sentences import detect_language, split_sentences, trimmed
from shutten.types import SentenceKind


def pieces(text: str, *, title: str | None = None, markdown: bool = False) -> list[str]:
    sentences = split_sentences(text, title=title, markdown=markdown)
    return [text[slice(*trimmed(text, sentence))] for sentence in sentences]


def kinds(text: str, *, title: str | None = None, markdown: bool = False) -> list[SentenceKind]:
    return [s.kind for s in split_sentences(text, title=title, markdown=markdown)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["市は「来春に開く。準備は進んだ。」と語った。", "費用は公表していない。"],
        ["「もう遅い。」という声が出た。", "「まだ早い。」などの声もある。"],
        ["社長は「問題はない。」とし、調査を断った。", "株価は下がった。"],
        ["「急ごう！」って言われた。", "走った。"],
        ["「静かに。」によって始まる。", "「待て。」には続きがある。"],
        ["「来るか。」かどうかは不明だ。", "「雨。」", "にもかかわらず出た。"],
        ["詳細はhttps://example.org/a?b=1を見る。", "本当?", "はい!"],
        ["**太字**です。", "`code.x`を使う。", "[見本](https://a.b/c)だ。"],
        ["System.Text.Jsonを使う。", "System. Text. Json を使う。"],
        ["「はい。」", "そして席を立った。"],
        ["「いいえ。」", "ところが誰も聞いていない。"],
        ["モーニング娘。の公演が始まった。", "会場は満員だ。"],
        ["昨日、モーニング娘。は東京にいた。", "明日は大阪だ。"],
        ["Yahoo!ニュースで読んだ。", "けいおん!を見た。", "Yahoo! JAPANも見た。"],
        ["本当？", "はい！", "えっ！？", "ああ……。"],
        ["（注。詳しくは後で。）", "本文に入る。"],
        ["彼（三十歳。会社員）は答えた。", "終わり。"],
        ["記録は3.5メートルだ。", "Ver.2.0で直した。"],
        ["温度は３．５度である．", "次に圧力を測る．", "終わり"],
        ["結果を得た。[1]", "次に進む。［2］", "終わり。"],
        ["発表した。（共同）", "続報を待つ。"],
        ["ﾃｽﾄです｡", "終わりです｡"],
        ["😀です。", "𠮷野家へ行く。", "おわり"],
    ],
)
def test_japanese_is_divided_into_exactly_these_sentences(sentences: list[str]) -> None:
    assert pieces("".join(sentences)) == sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["Dr. Lee met Mr. Park at 5 p.m. on Monday.", "They talked."],
        ["It costs $3.5 million, i.e. a lot.", "No. 7 won."],
        ["“Will it rain?” she asked.", "It did."],
        ['"We are done. We go home," he said.', "Nobody moved."],
        ["(See Fig. 3. It is small.)", "The rest is text."],
        ["J. K. Moss wrote it.", "See e.g. the second part."],
        ["They met in Building C.", "It was late.", "The lamp by E. A. Poe stood there."],
        ["it all began here.", "then it went on."],
        ["It rose.[1]", "Then it fell.[2]", "The end"],
    ],
)
def test_english_is_divided_into_exactly_these_sentences(sentences: list[str]) -> None:
    assert pieces(" ".join(sentences)) == sentences


def test_each_paragraph_is_read_in_its_own_language() -> None:
    text = "新型は五月に出る。価格は未定。\n\nDr. Lee agreed. He left.\n"
    assert pieces(text) == ["新型は五月に出る。", "価格は未定。", "Dr. Lee agreed.", "He left."]


def test_wrapped_lines_join_and_a_blank_line_ends() -> None:
    text = (
        "新しい図書館は来年の春に駅の南側で開館\n"
        "する予定で、市は周辺の道路も合わせて整\n"
        "備する。工事の費用は約十億円とされる。\n\n"
        "別の段落\n\n終わり。"
    )
    assert pieces(text) == [
        "新しい図書館は来年の春に駅の南側で開館\nする予定で、市は周辺の道路も合わせて整\n備する。",
        "工事の費用は約十億円とされる。",
        "別の段落",
        "終わり。",
    ]


def test_wrapped_english_lines_join() -> None:
    text = (
        "The council said on Monday that the new\nlibrary would open in May. It thanked Mayor\n"
        "Jane Doe.\n\nNext paragraph"
    )
    assert pieces(text) == [
        "The council said on Monday that the new\nlibrary would open in May.",
        "It thanked Mayor\nJane Doe.",
        "Next paragraph",
    ]


def test_lines_wrapped_by_characters_join_although_their_columns_differ() -> None:
    text = "図書館は2024年4月1日に開\n館し、初日に12,345人が訪\nれたという発表を市がした。"
    assert pieces(text) == [text]


def test_wrapped_lines_of_a_block_quotation_join() -> None:
    text = "> 引用の文の\n> 続きです。\n> 別の文です。"
    assert pieces(text, markdown=True) == ["> 引用の文の\n> 続きです。", "> 別の文です。"]


def test_short_wrapped_lines_join_after_a_particle() -> None:
    assert pieces("昨日、東京で\n会議があった。") == ["昨日、東京で\n会議があった。"]


def test_a_sentence_per_line_is_never_glued() -> None:
    lines = [
        "価格は百円。",
        "発売は五月",
        "「売れる」",
        "担当者は笑った。",
        "在庫は十分ある。",
        "以上",
    ]
    assert pieces("\n".join(lines)) == lines


@pytest.mark.parametrize(
    "lines",
    [
        ["戻り値", "typeが表す型を返す。"],
        ["配列を昇順に並べる", "array を値の昇順に並べる。"],
        ["列ごと", "行ごと", "列ごとを選ぶと合計が出る。"],
        ["市が対策を検討へ", "市は来月から会議を開き、対策を話し合う。"],
        ["型の変換 (基礎)", "型の優先順位", "型の一覧 (付録)"],
    ],
)
def test_a_label_is_not_glued_to_the_prose_below_it(lines: list[str]) -> None:
    assert pieces("\n".join(lines)) == lines


def test_lines_without_any_stop_stay_apart() -> None:
    lines = ["りんご", "みかん", "とても長い名前の付いた果物"]
    assert pieces("\n".join(lines)) == lines


def test_list_lines_are_body_sentences_of_their_own() -> None:
    text = "- りんご\n- みかん。甘い。\n1. 一つ目\n2. 二つ目\n・三つ目\n本文です。"
    assert pieces(text) == [
        "りんご",
        "みかん。",
        "甘い。",
        "一つ目",
        "二つ目",
        "三つ目",
        "本文です。",
    ]
    assert set(kinds(text)) == {"body"}


@pytest.mark.parametrize(
    "heading", ["# 概要", "【背景】", "■開館までの流れ", "第1章 はじめに", "1.2 目的", "Chapter 3"]
)
def test_a_heading_line_is_told_from_the_body(heading: str) -> None:
    text = f"本文の一。\n{heading}\n本文の二。"
    assert pieces(text) == ["本文の一。", heading, "本文の二。"]
    assert kinds(text) == ["body", "heading", "body"]


def test_a_chapter_heading_is_told_even_below_a_line_without_a_stop() -> None:
    assert kinds("■価格：百円\n第1章 はじめに\n本文。") == ["body", "heading", "body"]


@pytest.mark.parametrize("heading", ["沿革", "今後の展望", "Opening hours", "How it works"])
def test_a_few_words_alone_before_prose_are_a_heading(heading: str) -> None:
    assert (
        kinds(f"{heading}\n\n本文の一。\n\n{heading}\n\n本文の二。")
        == [
            "heading",
            "body",
        ]
        * 2
    )


@pytest.mark.parametrize(
    "line", ["市長は辞任", "定員 百名", "料金：無料", "五〇%の3割", "Free entry, daily"]
)
def test_a_line_alone_that_may_answer_is_body(line: str) -> None:
    assert kinds(f"本文の一。\n\n{line}\n\n本文の二。") == ["body"] * 3


def test_a_line_of_a_wrapped_paragraph_is_neither_heading_nor_item() -> None:
    text = (
        "The tower is one of the highest in the land and stands\n"
        "122.1 metres (400.6 ft) over the river. It was built in\n"
        "12. century style by an architect of the old school of\n"
        "Mayor John F. Low."
    )
    assert kinds(text) == ["body", "body"]


@pytest.mark.parametrize(
    "line",
    ["■価格：百円", "第1章は短い。", "【発売日】五月一日", "#1 in the charts", "第3回大会で優勝"],
)
def test_a_line_that_says_something_is_no_heading(line: str) -> None:
    assert kinds(f"本文の一。\n\n{line}\n\n本文の二。") == ["body", "body", "body"]


@pytest.mark.parametrize(
    "source",
    [
        "参照元：通信社",
        "出典: 市の発表",
        "引用元 https://example.org/a",
        "Source: The Post",
        "参考文献：年報",
        "（出典：県）",
        "https://example.org/a",
        "参照元∶AGENCY(通信社)",
    ],
)
def test_a_last_line_that_names_the_source_is_no_body(source: str) -> None:
    assert kinds(f"本文です。\n{source}\n") == ["body", "source"]


@pytest.mark.parametrize("line", ["参考になる点は多い。", "出典は不明だ。", "Sources say so."])
def test_a_last_line_that_only_begins_like_a_source_is_body(line: str) -> None:
    assert kinds(f"本文です。\n{line}\n") == ["body", "body"]


def test_the_title_line_is_sentence_one_and_of_its_own_kind() -> None:
    text = "図書館が開館へ\n\n来春に開く。"
    assert pieces(text, title="図書館が開館へ") == ["図書館が開館へ", "来春に開く。"]
    assert kinds(text, title="図書館が開館へ") == ["title", "body"]
    assert kinds(text) == ["body", "body"]


def test_a_text_that_is_only_its_title_can_still_answer() -> None:
    assert kinds("開館は五月一日", title="開館は五月一日") == ["body"]


def test_markdown_has_its_parts_told_apart() -> None:
    text = (
        "---\ntitle: 題\n---\n# 題\n\n本文です。\n\n小見出し\n----\n\n| 年 | 数 |\n|---|---|\n"
        "| 2024 | 3 |\n\n```python\nx = 1. if y else 2\n\nprint(x)\n```\n\n終わり。\n"
    )
    told = list(
        zip(
            kinds(text, title="題", markdown=True),
            pieces(text, title="題", markdown=True),
            strict=True,
        )
    )
    assert told == [
        ("source", "---"),
        ("source", "title: 題"),
        ("source", "---"),
        ("title", "# 題"),
        ("body", "本文です。"),
        ("heading", "小見出し"),
        ("heading", "----"),
        ("head", "| 年 | 数 |"),
        ("head", "|---|---|"),
        ("body", "| 2024 | 3 |"),
        ("heading", "```python"),
        ("body", "x = 1. if y else 2"),
        ("body", "print(x)"),
        ("heading", "```"),
        ("body", "終わり。"),
    ]


def test_a_sentence_without_a_stop_is_cut_so_that_all_of_it_is_found() -> None:
    text = "長い文、" * 1250
    sentences = split_sentences(text)
    assert max(s.end - s.start for s in sentences) == 600
    assert all(text[s.end - 1] == "、" for s in sentences)


def test_a_long_quotation_is_divided_inside() -> None:
    inside = [f"これは{n}番目の話である。" for n in range(40)]
    assert len(split_sentences("「" + "".join(inside) + "」")) == 40


@pytest.mark.parametrize("text", ["", " ", "\n\r\n", "　"])
def test_white_space_is_no_body(text: str) -> None:
    assert "body" not in kinds(text)
    assert "".join(text[s.start : s.end] for s in split_sentences(text)) == text


FRAGMENTS = st.sampled_from(
    [
        "本文です。",
        "「はい。」と",
        "（注。",
        "）",
        "」",
        "\n",
        "\r\n",
        "\r",
        "\n\n",
        "　",
        "  ",
        "😀",
        "が\u3099",
        "Ｒ２",
        "# 題",
        "- 項目",
        "1. ",
        "■",
        "| a | b |",
        "---",
        "```",
        "===",
        "参照元：",
        "He left. ",
        "Mr. ",
        "e.g. ",
        "“Oh?” ",
        "3.5",
        "。",
        "！？",
        "モーニング娘。",
        "\u2028",
        "\f",
        "長い" * 200,
        "a" * 700,
        "、",
    ]
)


@given(
    text=st.lists(FRAGMENTS | st.text(max_size=8), max_size=30).map("".join), markdown=st.booleans()
)
def test_sentences_tile_the_text(*, text: str, markdown: bool) -> None:
    sentences = split_sentences(text, title=text.strip()[:10], markdown=markdown)
    assert "".join(text[s.start : s.end] for s in sentences) == text
    assert [s.number for s in sentences] == list(range(1, len(sentences) + 1))
    assert all(s.start < s.end for s in sentences)
    assert all(a.end == b.start for a, b in pairwise(sentences))


def test_a_large_text_is_divided_as_a_small_one_is() -> None:
    once = "市は「開く。」と語った。費用は未定。"
    assert len(split_sentences(once * 20_000)) == 40_000


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("これは何？", "ja"),
        ("DeepSeek R2 release は？", "ja"),
        ("What is the meaning of 出典?", "en"),
        ("What do ありがとう and さようなら mean in the end?", "en"),
        ("`a.b` と `is.to` の差", "ja"),
        ("R2", "en"),
        ("中国", "ja"),
        ("", "en"),
    ],
)
def test_the_language_is_told_by_the_script(text: str, language: str) -> None:
    assert detect_language(text) == language
