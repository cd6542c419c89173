"""How many there are of what a table lists."""

from __future__ import annotations

import pytest
from tests.table_questions import told

from shutten.types import Language

BRIDGES = """柿生川の橋

| 橋 | 完成 | 長さ |
|---|---|---|
| 上柿橋 | 1931年 | 48 m |
| 中柿橋 | 1974年 | 112 m |
| 新栄橋 | 2003年 | 143 m |
| 合計 | | 303 m |
"""
STAFF = """白銀山天文台の職員

| 氏名 | 担当装置 |
|---|---|
| 早乙女圭 | 分光器 |
| 八木沢徹 | 太陽望遠鏡 |
"""
TOOLS = """Tools of the Larkhill workshop

| Tool | Room |
|---|---|
| Planer | 4 |
| Band saw | 7 |
| Kiln | 9 |
"""


@pytest.mark.parametrize(
    ("question", "text", "language", "short", "said"),
    [
        ("柿生川の橋は全部で何本ありますか", BRIDGES, "ja", "3本", "表「橋」の3行を数えました"),
        ("柿生川には橋は何本ある？", BRIDGES, "ja", "3本", "表「橋」の3行を数えました"),
        ("柿生川の橋はいくつありますか", BRIDGES.replace("| 橋 |", "| 橋名 |"), "ja", "3",
         "表「橋名」の3行を数えました"),
        ("白銀山天文台の職員は何人いますか", STAFF, "ja", "2人", "表「氏名」の2行を数えました"),
        ("How many tools are there in the Larkhill workshop?", TOOLS, "en", "3",
         "Counted: 3 rows of the table of Tool"),
        ("How many tools does the Larkhill workshop have?", TOOLS, "en", "3",
         "Counted: 3 rows of the table of Tool"),
    ],
)  # fmt: skip
def test_rows_are_counted_and_said_to_be(
    question: str, text: str, language: Language, short: str, said: str
) -> None:
    found = told(question, text, text.splitlines()[4], language)
    assert found is not None
    assert (found.short, found.told) == (short, said)
    assert found.readings[0].start is None


@pytest.mark.parametrize(
    ("question", "text", "language"),
    [
        ("橋は全部で何本ありますか", BRIDGES, "ja"),  # of which river
        ("柿生川の木橋は全部で何本ありますか", BRIDGES, "ja"),
        ("柿生川のトンネルは全部で何本ありますか", BRIDGES, "ja"),
        ("2003年に柿生川の橋は何本ありましたか", BRIDGES, "ja"),
        ("柿生川の橋は何本壊れましたか", BRIDGES, "ja"),
        ("柿生川の橋は全部で何本ありますか", BRIDGES.replace("の橋", "の主な橋", 1), "ja"),
        ("柿生川の橋は全部で何本ありますか", BRIDGES.replace("新栄橋", "上柿橋"), "ja"),
        ("柿生川の橋は全部で何本ありますか", BRIDGES.replace("| 2003年 |", "|"), "ja"),
        ("柿生川の橋は全部で何本ありますか", BRIDGES.replace("| 1974年 | 112 m |", "| | |"), "ja"),
        (
            "柿生川の橋は全部で何本ありますか",
            BRIDGES + "\n## 支流\n\n| 橋 | 幅 |\n|---|---|\n| 水車橋 | 3 m |\n",
            "ja",
        ),
        ("How many red tools are there in the Larkhill workshop?", TOOLS, "en"),
        ("How many tools were bought in the Larkhill workshop?", TOOLS, "en"),
        ("How many tools are there in the Marsh workshop?", TOOLS, "en"),
    ],
)
def test_nothing_is_counted_where_more_is_asked_or_left_out(
    question: str, text: str, language: Language
) -> None:
    assert told(question, text, text.splitlines()[4], language) is None
