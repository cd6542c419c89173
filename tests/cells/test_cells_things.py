"""Tables whose columns are the things, and columns that a question names in words of its own."""

from __future__ import annotations

import pytest
from tests.table_questions import told

from shutten.cells.answers import answer_of_tables
from shutten.embedding import HashEmbedder
from shutten.index import Index
from shutten.types import Article, Hit, Language, Passage, Reading

HALLS = """市民会館の比較

| 区分 | 東雲会館 | 西浜会館 |
|---|---|---|
| 管理者 | 市教育委員会 | 西浜商工会 |
| 客席数 | 820席 | 1,140席 |
| 敷地面積（m²） | 5,200 | 3,900 |
| 舞台の奥行（m） | 12.5 | 18 |
| 開館年 | 1974年 | 2003年 |
"""
FINDS = """三ツ石遺跡の調査

| 種別 | 第1次 | 第2次 | 第3次 |
|---|---|---|---|
| 須恵器（点） | 310 | 95 | 47 |
| 鉄釘（本） | 12 | 60 | 8 |
| 木簡（点） | 3 | 0 | 21 |
"""
LOOMS = """The looms of Ashby Mill

| Loom | Price (pounds) | Threads per warp beam | Speed of shuttle (picks) |
|---|---|---|---|
| Harriet | 1,450 | 820 | 190 |
| Old Ben | 380 | 1,260 | 95 |
| Swift | 2,700 | 640 | 240 |
"""


@pytest.mark.parametrize(
    ("question", "text", "row", "language", "short"),
    [
        ("東雲会館の管理者は誰ですか", HALLS, "| 客席数", "ja", "市教育委員会"),
        ("西浜会館の管理者は誰ですか？", HALLS, "| 客席数", "ja", "西浜商工会"),
        ("西浜会館は東雲会館より客席数が多いですか", HALLS, "| 管理者", "ja", "はい"),
        ("西浜は東雲より敷地面積が広いですか", HALLS, "| 管理者", "ja", "いいえ"),
        ("東雲会館と西浜会館、敷地面積が広いのはどちらですか", HALLS, "| 管理者", "ja", "東雲会館"),
        ("第3次調査で木簡は何点見つかりましたか", FINDS, "| 鉄釘", "ja", "21"),
        ("第1次調査で鉄釘は何本見つかった？", FINDS, "| 木簡", "ja", "12"),
        ("第2次で須恵器は何点出土しましたか", FINDS, "| 木簡", "ja", None),
        ("How many threads does the warp beam of Swift have?", LOOMS, "| Old", "en", "640"),
        ("How many threads per warp beam does Harriet have?", LOOMS, "| Old", "en", "820"),
        ("Which loom has the most threads on its warp beam?", LOOMS, "| Swift", "en", "Old Ben"),
        ("Which loom has the fewest threads per warp beam?", LOOMS, "| Old", "en", "Swift"),
        ("Which loom is the most expensive?", LOOMS, "| Old", "en", "Swift"),
        ("What is the speed of the shuttle of Harriet?", LOOMS, "| Old", "en", "190"),
        # what the table does not know
        ("東雲会館の設計者は誰ですか", HALLS, "| 客席数", "ja", None),
        ("南風会館の管理者は誰ですか", HALLS, "| 客席数", "ja", None),
        ("東雲会館の初代の管理者は誰ですか", HALLS, "| 客席数", "ja", None),
        ("西浜会館は南風会館より客席数が多いですか", HALLS, "| 管理者", "ja", None),
        ("第3次調査で銅鏡は何点見つかりましたか", FINDS, "| 鉄釘", "ja", None),
        ("第5次調査で木簡は何点見つかりましたか", FINDS, "| 鉄釘", "ja", None),
        ("How many threads does the warp beam of Nelly have?", LOOMS, "| Old", "en", None),
        ("How many threads does the reed of Swift have?", LOOMS, "| Old", "en", None),
        ("Which loom has the most threads on its weft beam?", LOOMS, "| Old", "en", None),
    ],
)
def test_things_in_columns_and_columns_in_other_words(
    question: str, text: str, row: str, language: Language, short: str | None
) -> None:
    answer = told(question, text, row, language)
    assert (None if answer is None else answer.short) == short


@pytest.mark.parametrize(
    ("sentence", "short"),
    [
        ("Harriet is the most delicate loom of all.", "Swift"),
        ("Old Ben is the least reliable of the three.", "Swift"),
        ("Harriet is the most expensive loom of all.", None),
        ("Harriet has the highest price of all.", None),
    ],
)
def test_only_a_sentence_with_the_most_of_the_same_is_put_before_a_table(
    sentence: str, short: str | None
) -> None:
    text = f"{LOOMS}\n{sentence}\n"
    index = Index.in_memory([Article("a", "The looms of Ashby Mill", text)], HashEmbedder())
    row = "| Swift | 2,700 | 640 | 240 |"
    start, place = text.index(row), text.index(sentence)
    rows = Passage(
        Hit("a", "Looms", None, 0, start, start + len(row), row, 1.0), columns=("a", "b")
    )
    said = Passage(Hit("a", "Looms", None, 9, place, place + len(sentence), sentence, 1.0))
    answer = answer_of_tables(
        "Which loom is the most expensive?",
        [Reading(said, 1.0, 0.6), Reading(rows, 0.0, 0.5)],
        [said, rows],
        index,
        "en",
        threshold=0.3,
    )
    assert (None if answer is None else answer.short) == short
