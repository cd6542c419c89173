"""Opening hours by the day, in tables as wikis have them."""

from __future__ import annotations

import pytest
from tests.table_questions import told

from shutten.types import Language

POOL = """竹林市立プールの利用案内

| 曜日 | 営業時間 | 最終受付 |
|---|---|---|
| 月曜日 | 休業 | - |
| 火曜日〜金曜日 | 10:00-21:00 | 20:00 |
| 土曜日 | 9:00-18:00 | 17:00 |
| 日曜日・祝日 | 9:00-17:00（1月は16:00まで） | 16:00 |
"""
DESKS = """市役所の窓口

| 窓口 | 開始 | 終了 |
|---|---|---|
| 戸籍係 | 8:30 | 17:15 |
| 年金係 | 9:00 | 16:00 |
"""
LIBRARY = """Wexcombe Library

| Day | Opens | Closes | Desk |
|---|---|---|---|
| Monday to Thursday | 9:30 | 19:00 | ground floor |
| Friday | 9:30 | 17:00 | ground floor |
| Saturday | 10:00 | 16:00 | first floor |
| Sunday | closed | closed | |
"""
BATH = """山の湯

| 曜日 | 施設 | 時間 |
|---|---|---|
| 平日 | 大浴場 | 10時〜22時 |
| 平日 | サウナ | 12時〜21時 |
| 土日祝 | 大浴場 | 9時〜23時 |
| 土日祝 | サウナ | 10時〜22時 |
"""


@pytest.mark.parametrize(
    ("question", "text", "language", "short"),
    [
        ("プールは土曜日は何時に閉まりますか", POOL, "ja", "18:00"),
        ("プールは土曜日は何時に開きますか", POOL, "ja", "9:00"),
        ("水曜日は何時まで営業していますか", POOL, "ja", "21:00"),
        ("竹林市立プールの日曜日の営業時間は？", POOL, "ja", "9:00-17:00（1月は16:00まで）"),
        ("祝日は何時に閉まりますか", POOL, "ja", "9:00-17:00（1月は16:00まで）"),
        ("月曜日は何時に開きますか", POOL, "ja", "休業"),
        ("戸籍係は何時まで開いていますか", DESKS, "ja", "17:15"),
        ("年金係は何時から？", DESKS, "ja", "9:00"),
        ("サウナは土曜日は何時に閉まりますか", BATH, "ja", "22時"),
        ("火曜日の大浴場は何時からですか", BATH, "ja", "10時"),
        ("When does the library open on Saturday?", LIBRARY, "en", "10:00"),
        ("What time does the library close on Wednesday?", LIBRARY, "en", "19:00"),
        ("When does it open on Sunday?", LIBRARY, "en", "closed"),
    ],
)
def test_the_hours_of_a_day(question: str, text: str, language: Language, short: str) -> None:
    found = told(question, text, text[text.index("|---|") :].splitlines()[1], language)
    assert found is not None
    assert found.short == short
    (reading,) = found.readings
    assert reading.passage.hit.text[reading.start : reading.end].strip() == short


@pytest.mark.parametrize(
    ("question", "text", "language"),
    [
        ("プールは何時に閉まりますか", POOL, "ja"),  # on which day
        ("土曜日の駐車場は何時に閉まりますか", POOL, "ja"),
        ("年末は何時に閉まりますか", POOL, "ja"),
        ("土曜日と日曜日は何時に閉まりますか", POOL, "ja"),
        ("土曜日は何時に閉まりますか", BATH, "ja"),  # two rows
        ("土曜日は何時に閉まりますか", DESKS, "ja"),  # no days
        ("When does the cafe open on Saturday?", LIBRARY, "en"),
        ("When does the library open on Christmas?", LIBRARY, "en"),
        ("When does the library open on holidays?", LIBRARY, "en"),
        ("Who opens the library on Saturday?", LIBRARY, "en"),
    ],
)
def test_no_hours_but_those_that_are_asked_for(
    question: str, text: str, language: Language
) -> None:
    assert told(question, text, text[text.index("|---|") :].splitlines()[1], language) is None
