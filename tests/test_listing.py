"""What is quoted of a list with the sentence that leads to it."""

from __future__ import annotations

import pytest
from tests.bundled import bundled_assistant

from shutten.embedding import HashEmbedder
from shutten.index import Index
from shutten.listing import MOST_ITEMS, announces_list, with_list
from shutten.types import Article, Hit, Passage, Reading

TEXT = """灯籠市

灯籠市は毎年八月に開かれる。境内の屋台には次のような品が並ぶ。

- 紙の灯籠。一つ500円である。
- 竹細工
- 地元の柚子羊羹

夜には花火が上がる。
"""
WRAPPED = """灯籠市

境内の屋台には次のような品が並ぶ。

- 紙の灯籠は川に流すもので、
  手で作る。一つ500円である。
- 竹細工

夜には花火が上がる。
"""
NOTES = """Release notes

Before upgrading, the following are needed:

1. Python 3.12
2. a backup of the index

The upgrade takes a minute.
"""


def index_of(text: str) -> Index:
    return Index.in_memory([Article("a", text.partition("\n")[0], text)], HashEmbedder())


def reading_of(index: Index, quote: str, words: str = "") -> Reading:
    article = index.article("a")
    start = article.text.index(quote)
    number = next(each.number for each in index.sentences("a") if each.end > start)
    hit = Hit("a", article.title, None, number, start, start + len(quote), quote, 1.0)
    at = quote.index(words) if words else None
    end = None if at is None else at + len(words)
    return Reading(Passage(hit), 2.0, 0.8, at, end, 0.9 if words else 0.0)


def quotes(readings: list[Reading]) -> list[str]:
    return [each.passage.hit.text for each in readings]


@pytest.mark.parametrize(
    "text",
    [
        "条件は次のとおりである。",
        "以下の三つを守る。",
        "持ち物：",
        "The rules are as follows.",
        "Needed:",
    ],
)
def test_a_list_is_announced(text: str) -> None:
    assert announces_list(text)


@pytest.mark.parametrize(
    "text", ["祭りは夏に開かれる。", "次回は秋である。", "It is held at 10:30."]
)
def test_other_sentences_announce_none(text: str) -> None:
    assert not announces_list(text)


def test_an_item_may_be_written_on_several_lines() -> None:
    index = index_of(WRAPPED)
    first = reading_of(index, "境内の屋台には次のような品が並ぶ。")
    assert quotes(with_list("屋台には何が並びますか", [first], index)) == [
        "境内の屋台には次のような品が並ぶ。",
        "紙の灯籠は川に流すもので、\n  手で作る。",
        "竹細工",
    ]


def test_the_items_below_an_announcement_are_quoted_with_it() -> None:
    index = index_of(TEXT)
    first = reading_of(index, "境内の屋台には次のような品が並ぶ。", "次のような品")
    found = with_list("屋台には何が並びますか", [first], index)
    assert quotes(found) == [
        "境内の屋台には次のような品が並ぶ。", "紙の灯籠。", "竹細工", "地元の柚子羊羹",
    ]  # fmt: skip
    assert [each.start for each in found] == [None] * 4
    assert {each.confidence for each in found} == {0.8}
    text = index.article("a").text
    assert all(text[e.passage.hit.start : e.passage.hit.end] == e.passage.hit.text for e in found)


def test_numbered_items_in_english_too() -> None:
    index = index_of(NOTES)
    first = reading_of(index, "Before upgrading, the following are needed:")
    found = with_list("What is needed before upgrading?", [first], index)
    assert quotes(found)[1:] == ["Python 3.12", "a backup of the index"]


def test_words_of_the_announcement_that_answer_stay_alone() -> None:
    index = index_of(TEXT.replace("次のような品", "12軒で次のような品"))
    first = reading_of(index, "境内の屋台には12軒で次のような品が並ぶ。", "12軒")
    assert with_list("屋台は何軒ですか", [first], index) == [first]


def test_beside_an_item_stand_the_others_where_all_are_asked_for() -> None:
    index = index_of(TEXT)
    first = reading_of(index, "竹細工")
    found = with_list("屋台の品を全て教えてください", [first], index)
    assert quotes(found) == ["紙の灯籠。", "竹細工", "地元の柚子羊羹"]
    assert with_list("竹で作った品は何ですか", [first], index) == [first]


def test_a_sentence_outside_of_lists_stays_alone() -> None:
    index = index_of(TEXT)
    first = reading_of(index, "夜には花火が上がる。")
    assert with_list("夜の催しを全て教えてください", [first], index) == [first]
    both = [first, reading_of(index, "灯籠市は毎年八月に開かれる。")]
    assert with_list("夜の催しを全て教えてください", both, index) == both
    assert with_list("何が上がる？", [], index) == []


def test_of_a_long_list_the_first_items_are_quoted() -> None:
    items = "".join(f"- 品{number}\n" for number in range(30))
    index = index_of(f"市\n\n品は次のとおりである。\n\n{items}")
    first = reading_of(index, "品は次のとおりである。")
    assert len(with_list("品は何ですか", [first], index)) == 1 + MOST_ITEMS


def test_a_question_is_answered_with_the_list() -> None:
    answer = bundled_assistant(Article("a.md", "灯籠市", TEXT)).ask(
        "灯籠市の屋台には何が並びますか"
    )
    assert [each.quote for each in answer.citations][1:] == [
        "紙の灯籠。",
        "竹細工",
        "地元の柚子羊羹",
    ]
    assert answer.short_answer is None
    assert "竹細工[3]" in answer.text
