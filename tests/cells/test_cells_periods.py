"""Tables whose columns are years or months."""

from __future__ import annotations

import pytest
from tests.table_questions import told

from shutten.types import Language

FIGURES = """潮騒美術館の統計

| 項目 | 2018年 | 2019年 | 2020年 | 2021年 |
|---|---|---|---|---|
| 来館者数 | 41,200人 | 45,310人 | 12,050人 | 19,870人 |
| うち外国人の来館者数 | 2,100人 | 2,500人 | 90人 | 不明 |
| 企画展の数 | 4回 | 5回 | 2回 | - |
| 寄贈品 | 12点 | 7点 | 3点 | 21点 |
| 来館者数の順位 | 3位 | 2位 | 5位 | 5位 |
"""
RAIN = """白河原の雨

| 観測点 | 6月 | 7月 | 8月 |
|---|---|---|---|
| 上流 | 210 mm | 340 mm | 120 mm |
| 下流 | 180 mm | 180 mm | 90 mm |
"""
LOANS = """Wexcombe Library

## Loans

| Item | 2020 | 2021 | 2022 |
|---|---|---|---|
| Books | 48,100 | 52,300 | 61,020 |
| Records | 3,400 | 2,900 | 2,150 |
| Maps | 210 | | 340 |
| Total | 51,710 | 55,200 | 63,510 |
"""


@pytest.mark.parametrize(
    ("question", "text", "language", "short"),
    [
        ("来館者数が一番多かったのは何年？", FIGURES, "ja", "2019年"),
        ("来館者数が二番目に多かったのは何年ですか", FIGURES, "ja", "2018年"),
        ("寄贈品が最も少なかったのはいつですか", FIGURES, "ja", "2020年"),
        ("企画展の数が最多の年は？", FIGURES, "ja", "2019年"),
        ("上流の雨が一番多かったのは何月ですか", RAIN, "ja", "7月"),
        ("下流で一番雨が多かったのは何月ですか", RAIN, "ja", "6月、7月"),
        ("Which year had the most books?", LOANS, "en", "2022"),
        ("In which year were the fewest records?", LOANS, "en", "2022"),
        ("来館者数が一番多かったのは何月？", FIGURES, "ja", None),
        ("学芸員が一番多かったのは何年？", FIGURES, "ja", None),
        ("来館者数の順位が一番高かったのは何年？", FIGURES, "ja", None),
        ("来館者数の平均が一番多かったのは何年？", FIGURES, "ja", None),
        ("2019年以降で来館者数が一番多かったのは何年？", FIGURES, "ja", None),
        ("2020年に一番多かったのは何年？", FIGURES, "ja", None),
        ("上流の雨が一番多かったのは何年ですか", RAIN, "ja", None),
        ("Which year had the most globes?", LOANS, "en", None),
    ],
)
def test_the_period_in_which_a_row_has_the_most(
    question: str, text: str, language: Language, short: str | None
) -> None:
    found = told(question, text, text[text.index("|---|") :].splitlines()[1], language)
    assert (found.short if found else None) == short


@pytest.mark.parametrize(
    ("question", "text", "language", "shown"),
    [
        ("来館者数は2018年と2019年でどう変わった？", FIGURES, "ja",
         ("41,200人、45,310人", "2018年：41,200人、2019年：45,310人")),
        ("2018年から2020年で寄贈品はどのように変化しましたか", FIGURES, "ja",
         ("12点、3点", "2018年：12点、2020年：3点")),
        ("上流の雨は6月から8月にかけてどう変わりましたか", RAIN, "ja",
         ("210 mm、120 mm", "6月：210 mm、8月：120 mm")),
        ("How did books change between 2020 and 2022?", LOANS, "en",
         ("48,100, 61,020", "2020: 48,100, 2022: 61,020")),
        ("来館者数は2019年と2023年でどう変わった？", FIGURES, "ja", None),
        ("企画展の数は2020年と2021年でどう変わった？", FIGURES, "ja", None),
        ("職員数は2018年と2019年でどう変わった？", FIGURES, "ja", None),
        ("2018年と2019年はどう変わった？", FIGURES, "ja", None),
        ("来館者数は2018年、2019年、2020年でどう変わった？", FIGURES, "ja", None),
        ("How did maps change from 2020 to 2021?", LOANS, "en", None),
    ],
)  # fmt: skip
def test_a_row_in_two_periods(
    question: str, text: str, language: Language, shown: tuple[str, str] | None
) -> None:
    found = told(question, text, text[text.index("|---|") :].splitlines()[1], language)
    assert ((found.short, found.told) if found else None) == shown


def test_what_was_compared_of_the_columns_is_told() -> None:
    found = told("来館者数が一番多かったのは何年？", FIGURES, "| 来館者数 |", "ja")
    assert found is not None
    assert found.told == "「来館者数」の4列を比べると：2019年（45,310人）"
    assert found.readings[0].start is None
    found = told("Which year had the second most books?", LOANS, "| Books", "en")
    assert found is not None
    assert found.told == "Of 3 columns of Books, number 2: 2021 (52,300)"
