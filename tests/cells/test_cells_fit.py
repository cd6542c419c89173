"""Words of a row that cannot be what is asked for are not put forward."""

from __future__ import annotations

import pytest

from shutten.cells.fit import without_misfits
from shutten.crossing import DOUBTED
from shutten.types import Hit, Passage, Reading

TOOLS = ("Tool", "Room", "Keeper", "Price", "Bought")
SAW = "| Band saw | 4 | Rosa Fenn | 3,900 pounds | 2008 |"
STAFF = ("氏名", "担当装置", "内線", "着任", "人数")
NAME = "| 八木沢徹 | 太陽望遠鏡 | 320 | 2005年7月 | 12 |"
FEASTS = ("日付", "行事", "会場", "開始")
FEAST = "| 7月7日 | 七夕の集い | 大広間 | 10:00 |"

CLINIC, SATURDAY = ("診療日", "午前", "午後", "担当医"), "| 土曜日 | 9:00〜13:00 | 休診 | 倉持 |"
GROUPS, SENIORS = ("Group", "2020", "2021"), "| Seniors | n/a | 120 |"
ERAS, USERS = ("項目", "令和2年", "令和3年"), "| 利用者 | 1,250人 | 1,400人 |"
RANKS, SECOND = ("順位", "チーム", "得点"), "| 2位 | 里山会 | 165点 |"


def shown(question: str, columns: tuple[str, ...], row: str, words: str) -> str | None:
    """The words that are left of a reading, which is unsure where they are not."""
    start = row.index(words)
    hit = Hit("a", "Larkhill" if row.isascii() else "白銀山", None, 0, 0, len(row), row, 1.0)
    passage = Passage(hit, language="en" if row.isascii() else "ja", columns=columns)
    read = Reading(passage, 1.0, 0.9, start, start + len(words))
    (found,) = without_misfits(question, [read])
    assert found.confidence == (0.9 if found.start is not None else DOUBTED)
    return None if found.start is None else row[found.start : found.end]


@pytest.mark.parametrize(
    ("question", "columns", "row", "words"),
    [
        ("How heavy is the band saw?", TOOLS, SAW, "3,900 pounds"),
        ("How long is the band saw?", TOOLS, SAW, "3,900 pounds"),
        ("How old is the band saw?", TOOLS, SAW, "3,900 pounds"),
        ("How many people use the band saw?", TOOLS, SAW, "4"),
        ("Who looks after the band saw?", TOOLS, SAW, "4"),
        ("When was the band saw bought?", TOOLS, SAW, "3,900 pounds"),
        ("What time does the band saw start?", TOOLS, SAW, "2008"),
        ("Who is the keeper of the lathe?", TOOLS, SAW, "Rosa Fenn"),  # another row
        ("大河原進の担当装置は？", STAFF, NAME, "太陽望遠鏡"),  # another row
        ("八木沢徹の装置には何人いますか", STAFF, NAME, "320"),
        ("太陽望遠鏡の担当は誰ですか", STAFF, NAME, "320"),
        ("八木沢徹の内線は？", STAFF, NAME, "太陽望遠鏡"),  # another column
        ("What is the keeper of the band saw?", TOOLS, SAW, "4"),
        ("七夕の集いは何時からですか", FEASTS, FEAST, "7月7日"),
        ("水曜日の午前の診療は？", CLINIC, SATURDAY, "9:00〜13:00"),  # another day
        ("日曜日は何時に閉まりますか", CLINIC, SATURDAY, "9:00〜13:00"),
        ("土曜日の午前の診療は？", CLINIC, SATURDAY, "倉持"),  # another column
        ("食堂は土曜日は何時に閉まりますか", CLINIC, SATURDAY, "9:00〜13:00"),
        ("つばめの担当医は誰ですか", CLINIC, SATURDAY, "倉持"),
        ("How many seniors were there in 2020?", GROUPS, SENIORS, "120"),  # another year
        ("令和3年の利用者は何人ですか", ERAS, USERS, "1,250人"),
        ("How many seniors were there in June?", ("Group", "June", "July"), SENIORS, "120"),
        ("3位はどこですか", RANKS, SECOND, "里山会"),  # another rank
        ("料理大会の2位はどこですか", RANKS, SECOND, "里山会"),
        ("3位はどこですか", RANKS, "| 2位 | 里山会 | 3点 |", "里山会"),  # points are no rank
        ("七夕の集いの次の行事は？", FEASTS, FEAST, "七夕の集い"),
        ("七夕の集いは何時間ですか", FEASTS, FEAST, "10:00"),
    ],
)
def test_words_of_another_kind_or_row_are_no_answer(
    question: str, columns: tuple[str, ...], row: str, words: str
) -> None:
    assert shown(question, columns, row, words) is None


@pytest.mark.parametrize(
    ("question", "columns", "row", "words"),
    [
        ("How much is the band saw?", TOOLS, SAW, "3,900 pounds"),
        ("Who looks after the band saw?", TOOLS, SAW, "Rosa Fenn"),
        ("When was the band saw bought?", TOOLS, SAW, "2008"),
        ("Which tool does Rosa Fenn look after?", TOOLS, SAW, "Band saw"),
        ("八木沢徹の担当装置は？", STAFF, NAME, "太陽望遠鏡"),
        ("太陽望遠鏡の担当は誰ですか", STAFF, NAME, "八木沢徹"),
        ("太陽望遠鏡には何人いますか", STAFF, NAME, "12"),
        ("八木沢徹の内線は何番ですか", STAFF, NAME, "320"),
        ("土曜日の午前の診療は？", CLINIC, SATURDAY, "9:00〜13:00"),
        ("How many seniors were there in 2021?", GROUPS, SENIORS, "120"),
        ("令和3年の利用者は何人ですか", ERAS, USERS, "1,400人"),
        ("2位はどこですか", RANKS, SECOND, "里山会"),
        ("1位はどこですか", RANKS, "| 優勝 | 里山会 | 190点 |", "里山会"),
        ("白銀山の担当装置は？", STAFF, NAME, "太陽望遠鏡"),
        ("七夕の集いは何時からですか", FEASTS, FEAST, "10:00"),
        ("七夕の集いはいつですか", FEASTS, FEAST, "7月7日"),
        ("大広間での行事は何ですか", FEASTS, FEAST, "七夕の集い"),
    ],
)
def test_words_of_the_right_kind_are_kept(
    question: str, columns: tuple[str, ...], row: str, words: str
) -> None:
    assert shown(question, columns, row, words) == words


def test_a_row_in_another_language_and_a_sentence_are_left_alone() -> None:
    assert shown("誰がのこぎりを管理しますか", TOOLS, SAW, "4") == "4"
    assert shown("Who looks after the lathe?", (), SAW, "4") == "4"
