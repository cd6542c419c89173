"""Questions that say with a verb what a column is called."""

from __future__ import annotations

import pytest
from tests.table_questions import told

MILLS = (
    "Mills of the valley\n\n"
    "| Mill | Grain | Builder | Price (£) | Bought | Grinding time (min) | Sacks | Water (°C) |\n"
    "|---|---|---|---|---|---|---|---|\n"
    "| Old Tom | rye | Ned Fry | 900 | 1931 | 40 | 12 | 9 |\n"
    "| Rattler | oats | May Orr | 2,150 | 1988 | 25 | 30 | 11 |\n"
    "| Dusty | wheat | Ned Fry | 1,400 | 1967 | 55 | 21 | 14 |\n"
)
CASKS = (
    "味噌蔵の桶\n\n| 桶 | 仕込み費用（円） | 熟成月数 | 置き場の棚 |\n|---|---|---|---|\n"
    "| 松 | 48,000 | 9 | 北 |\n| 竹 | 61,000 | 30 | 東 |\n| 梅 | 39,000 | 18 | 南 |\n"
)


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("What did the Rattler cost?", "2,150"),
        ("Who built Rattler?", "May Orr"),
        ("What grain does Dusty grind?", "wheat"),
        ("How long does Old Tom take to grind?", "40"),
        ("How hot does the water for Dusty get?", "14"),
        ("How many sacks does Old Tom hold?", "12"),
        ("Which mill takes the longest to grind?", "Dusty"),
        ("Which mill was bought first?", "Old Tom"),
        ("Which mill did they buy last?", "Rattler"),
        ("Which mill holds the most sacks?", "Rattler"),
    ],
)
def test_a_verb_says_what_a_column_tells(question: str, short: str) -> None:
    answer = told(question, MILLS, "| Rattler", "en")
    assert answer is not None
    assert answer.short == short


@pytest.mark.parametrize(
    "question",
    [
        "Who repaired Rattler?",
        "What grain does the Comet grind?",
        "How much does Dusty earn?",
        "Which mill was painted first?",
        "Which mill takes the longest to clean?",
        "How fast is Dusty?",
    ],
)
def test_another_verb_is_not_told(question: str) -> None:
    assert told(question, MILLS, "| Rattler", "en") is None


@pytest.mark.parametrize(
    ("question", "short"),
    [("一番費用がかかった桶はどれですか", "竹"), ("一番長く熟成させる桶は？", "竹")],
)
def test_what_is_taken_the_most_of_is_compared(question: str, short: str) -> None:
    answer = told(question, CASKS, "| 松", "ja")
    assert answer is not None
    assert answer.short == short
