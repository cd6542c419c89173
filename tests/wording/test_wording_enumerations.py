"""Several things asked for at once are shown with all that stand in their row."""

from __future__ import annotations

import pytest

from shutten.spans import Question, Span, SpanChooser
from shutten.wording.enumerations import asks_for_several, whole_enumeration


@pytest.mark.parametrize(
    "question",
    [
        "改良を求められた3社を教えて",
        "受賞した3人は誰ですか",
        "選ばれた三人の名前は何ですか",
        "橋が結ぶ島を全部挙げてください",
        "結んでいるのはどことどこ？",
        "休んだのは誰と誰ですか",
        "候補にはどんな案がありましたか",
        "会議の出席者は誰ですか",
        "Which two towns does the line join?",
        "Name the three islands.",
        "What are the parts of the clock?",
        "What kinds of birds nest there?",
        "Which companies were fined?",
    ],
)
def test_a_question_for_several(question: str) -> None:
    assert asks_for_several(question)


@pytest.mark.parametrize(
    "question",
    [
        "橋を架けたのは誰ですか",
        "2人はどこで働いていましたか",
        "建物を全部失ったのはなぜ",
        "原因として何が挙げられますか",
        "ほとんど全ては誰が作りましたか",
        "Who built the bridge?",
        "Which town is larger?",
        "What was the name of the ship?",
    ],
)
def test_a_question_for_one(question: str) -> None:
    assert not asks_for_several(question)


@pytest.mark.parametrize(
    ("text", "chosen", "row"),
    [
        (
            "白波社、青嵐社、星野社の3社に改良を求めた。",
            "星野社の3社",
            "白波社、青嵐社、星野社の3社",
        ),
        ("2016年に白浜と新黒岩を結ぶ線が開いた。", "白浜", "白浜と新黒岩"),
        (
            "受賞したのはアン・リー氏(米)、オラフ・ベル氏(独)、三好翠氏の3人である。",
            "オラフ・ベル氏",
            "アン・リー氏(米)、オラフ・ベル氏(独)、三好翠氏",
        ),
        (
            "無事だったのは、町の職員・大野渚さん（42）、妻の由美さん（39）、青木翠さん（7）の3人。",
            "青木翠さん",
            "町の職員・大野渚さん（42）、妻の由美さん（39）、青木翠さん（7）",
        ),
        (
            "ほかに、南洋汽船、ひまわり商船の2社が船を出す。",
            "南洋汽船",
            "南洋汽船、ひまわり商船",
        ),
        (
            "出席者は汐見千尋、三津谷修、椎葉あおいの3名である。",
            "汐見千尋",
            "汐見千尋、三津谷修、椎葉あおい",
        ),
        ("同日、白浜と黒岩で式が開かれた。", "黒岩", "白浜と黒岩"),
        ("昭和15年（1940年）、白浜や黒岩で試された。", "白浜", "白浜や黒岩"),
        ("当時、黒岩で試された。", "黒岩", "黒岩"),
        (
            "In 1938, when Greta Holm and Paul Aebi climbed it, no rope was used.",
            "Paul Aebi",
            "Greta Holm and Paul Aebi",
        ),
        (
            "The wreck held bronze statues, glassware, jewellery and coins.",
            "coins",
            "held bronze statues, glassware, jewellery and coins",  # the verb is no harm
        ),
        ("They went to Hull and later to Rotterdam.", "Hull", "Hull"),
        ("It was built in Hull.", "Hull", "Hull"),
    ],
)
def test_words_are_widened_to_their_row(text: str, chosen: str, row: str) -> None:
    start = text.index(chosen)
    first, last = whole_enumeration(text, start, start + len(chosen))
    assert text[first:last] == row


def test_the_chooser_shows_the_row_where_several_are_asked_for() -> None:
    text = "2016年に白浜と新黒岩を結ぶ線が開いた。"
    start = text.index("新黒岩")
    spans = [Span(start, start + 3, -0.1)]
    for question, shown in (
        ("結ばれたのはどことどこ？", "白浜と新黒岩"),
        ("どこへ開いた？", "新黒岩"),
    ):
        chosen = SpanChooser({}).choose(Question.of(question), text, spans, "ja")
        assert chosen is not None
        assert text[chosen.start : chosen.end] == shown


@pytest.mark.parametrize("piece", ["〆", "々", "（", "the q, ", ", an x", "、と"])
def test_no_repetition_takes_long_and_none_is_a_row(piece: str) -> None:
    assert whole_enumeration(f"{piece * 300}の", 0, 1) == (0, 1)
