"""The row at a place in an order of merit, and the one before or after another."""

from __future__ import annotations

import pytest
from tests.table_questions import told

from shutten.cells.values import is_in_order_of_time
from shutten.types import Language

CONTEST = """第4回 砂像コンクール

| 順位 | 町 | 作品 | 得点 | 作者 |
|---|---|---|---|---|
| 1位 | 小波 | 鯨の城 | 96点 | 沖みのる |
| 2位 | 磯浦 | 眠る竜 | 90点 | 渡部しの |
| 2位 | 白浜町 | 砂時計 | 90点 | - |
| 4位 | 入江 | 大きな手 | 71点 | 瀬戸航 |
"""
RACE = """The 2019 Harrow Moor fell race

| Place | Runner | Club | Time |
|---|---|---|---|
| 1 | Ivo Tranter | Dale Runners | 41:07 |
| 2 | Petra Lund | Moor Harriers | 42:30 |
| 3 | Callum Reyes | Dale Runners | 43:15 |
"""
FEASTS = """公民館の行事

| 日付 | 行事 | 会場 |
|---|---|---|
| 4月12日 | 花見の会 | 中庭 |
| 7月7日 | 七夕の集い | 大広間 |
| 9月15日 | 敬老会 | 大広間 |
| 1月10日 | かるた会 | |
"""
RELEASES = """Releases of Ferrule

| Version | Released | Name |
|---|---|---|
| 3.1 | 2022-05-02 | Otter |
| 3.0 | 2021-11-20 | Heron |
| 2.4 | 2019-03-14 | Stoat |
"""
SHIPS = """渡島汽船の船

| 番号 | 船名 | 船長 |
|---|---|---|
| 1 | はまなす | 江差大輔 |
| 2 | しおかぜ | 松前ゆり |
| 3 | みさき | 岩内剛 |
"""
STAFF = """職員

| 氏名 | 着任 | 部屋 |
|---|---|---|
| 早乙女圭 | 2012年4月 | 201 |
| 八木沢徹 | 2005年7月 | 110 |
| 小俣千尋 | 2021年4月 | 203 |
"""


@pytest.mark.parametrize(
    ("question", "text", "language", "short"),
    [
        ("砂像コンクールの1位はどこ？", CONTEST, "ja", "小波"),
        ("2位はどこですか", CONTEST, "ja", "磯浦、白浜町"),
        ("４位の作品は何ですか", CONTEST, "ja", "大きな手"),
        ("四位の作者は誰ですか", CONTEST, "ja", "瀬戸航"),
        ("砂像コンクールの4位はどこ？", CONTEST.replace("1位", "優勝"), "ja", "入江"),
        ("入江は何位ですか", CONTEST, "ja", "4位"),
        ("Which runner came third in the Harrow Moor race?", RACE, "en", "Callum Reyes"),
        ("Which club came second?", RACE, "en", "Moor Harriers"),
        ("Who came second?", RACE.replace("| 1 |", "| Winner |"), "en", "Petra Lund"),
        ("Which club came second?", RACE.replace("| 2 |", "| =2 |"), "en", "Moor Harriers"),
        ("Who finished in 3rd place?", RACE, "en", "Callum Reyes"),
    ],
)
def test_the_row_of_a_rank(question: str, text: str, language: Language, short: str) -> None:
    found = told(question, text, text.splitlines()[4], language)
    assert found is not None
    assert found.short == short


@pytest.mark.parametrize(
    ("question", "text", "language"),
    [
        ("3位はどこ？", CONTEST, "ja"),  # two share the second place
        ("2位の作者は誰ですか", CONTEST, "ja"),  # not known of one of them
        ("2位以内はどこ？", CONTEST, "ja"),
        ("5位はどこ？", CONTEST, "ja"),
        ("絵画コンクールの1位はどこ？", CONTEST, "ja"),
        ("1位は誰ですか", CONTEST, "ja"),  # a town or its maker
        ("前回の1位はどこ？", CONTEST, "ja"),
        ("3位の行事は？", FEASTS, "ja"),
        ("Who came fourth?", RACE, "en"),
        ("Who came third from last?", RACE, "en"),
        ("Who came second in the swimming race?", RACE, "en"),
    ],
)
def test_no_row_has_a_rank_that_is_not_told(question: str, text: str, language: Language) -> None:
    assert told(question, text, text.splitlines()[4], language) is None


@pytest.mark.parametrize(
    ("question", "text", "language", "short"),
    [
        ("七夕の集いの次の行事は？", FEASTS, "ja", "敬老会"),
        ("七夕の集いの前は？", FEASTS, "ja", "花見の会"),
        ("敬老会の次の行事は何ですか", FEASTS, "ja", "かるた会"),
        ("花見の会の次の会場は？", FEASTS, "ja", "大広間"),
        ("敬老会の次の会場は？", FEASTS, "ja", None),  # an empty cell
        ("花見の会の前の行事は？", FEASTS, "ja", None),  # the first one
        ("かるた会の次の行事は？", FEASTS, "ja", None),  # the last one
        ("大広間の次の行事は？", FEASTS, "ja", None),  # two rows
        ("雛祭りの次の行事は？", FEASTS, "ja", None),  # no row
        ("しおかぜの次の船は？", SHIPS, "ja", "みさき"),
        ("はまなすの前の船は？", SHIPS, "ja", None),
        ("八木沢徹の次の氏名は？", STAFF, "ja", None),  # in no order
        ("What came after Heron?", RELEASES, "en", "Otter"),
        ("Which version came before 3.0?", RELEASES, "en", "2.4"),
        ("What came after Otter?", RELEASES, "en", None),
    ],
)
def test_the_row_before_and_after(
    question: str, text: str, language: Language, short: str | None
) -> None:
    found = told(question, text, text.splitlines()[4], language)
    assert (found.short if found else None) == short


@pytest.mark.parametrize(
    ("cells", "goes_on"),
    [
        (["2019年", "2020年", "2021年"], True),
        (["2021-11", "2020-05"], False),
        (["10月1日", "12月3日", "2月4日", "3月1日"], True),
        (["10月1日", "2月4日"], None),
        (["2月1日", "10月1日", "2月4日", "3月1日"], None),
        (["2019年", "不明", "2021年"], None),
        (["2019年", "2019年"], None),
        (["2019年"], None),
        (["一", "二"], None),
    ],
)
def test_dates_that_go_on(cells: list[str], *, goes_on: bool | None) -> None:
    assert is_in_order_of_time(cells) is goes_on
