"""Cells by their row and column, the row with the most of something, and which of two has more."""

from __future__ import annotations

from functools import partial

import pytest
from tests.bundled import bundled_assistant
from tests.table_questions import told

from shutten.assistant import Assistant
from shutten.cells.answers import answer_of_tables
from shutten.cells.values import values_of
from shutten.conversation import superlative_in
from shutten.embedding import HashEmbedder
from shutten.index import Index
from shutten.types import Article, Hit, Language, Passage, Reading

MUSEUM = """霧ヶ浜時計博物館

霧ヶ浜時計博物館は2009年に開館した市立の博物館である。

## 入館者

| 年度 | 入館者数 | 企画展 | 担当者 |
|---|---|---|---|
| 2018年度 | 12,340人 | 和時計の世界 | 大野 |
| 2019年度 | 15,870人 | 海の時計 | 佐伯 |
| 2020年度 | 4,210人 | | 大野 |
| 2021年度 | 不明 | 砂時計展 | 浜口 |
| 合計 | 32,420人 | | |

## 収蔵品

| 番号 | 収蔵品 | 製作年 | 高さ | 保管場所 |
|---|---|---|---|---|
| 1 | 百日巻 | 1851年 | 62 cm | 第一収蔵庫 |
| 2 | 霧一号 | 1923年 | 1.2 m | 展示室 |
| 3 | 塔時計 | 1898年 | 3.4 m | 中庭 |
| 4 | 砂の時計 | 1923年 | 3.4 m | 展示室 |
"""
LABORATORY = """Shared instruments of the Tarn Laboratory

| Instrument | Price | Bought | Room | Responsible |
|---|---|---|---|---|
| Confocal microscope | 240,000 euros | 2019-05-02 | 2.14 | Ana Brill |
| Plate reader | 38,500 euros | 2021-11-20 | 2.11 | Joost Kamp |
| Centrifuge | 12,900 euros | 2015-03-14 | 2.11 | Ana Brill |
| Freezer | 9,800 euros | 2022-01-30 | 2.02 | Mia Orr |
"""


VISITORS, CLOCKS, INSTRUMENTS = "| 2018", "| 1 |", "| Confocal"


@pytest.mark.parametrize(
    ("question", "row", "short", "quoted"),
    [
        ("入館者が一番多かったのは何年度ですか", VISITORS, "2019年度", "2019"),
        ("最も入館者数が少ない年度は？", VISITORS, "2020年度", "2020"),
        ("入館者が一番多かった年度の企画展は何ですか", VISITORS, "海の時計", "2019"),
        ("入館者数が最多の年度の担当者は誰ですか", VISITORS, "佐伯", "2019"),
        ("最多の入館者数は何人ですか", VISITORS, "15,870人", "2019"),
        ("大野が担当した年度で入館者が一番多いのはいつですか", VISITORS, "2018年度", "2018"),
        ("一番古い収蔵品はどれ？", CLOCKS, "百日巻", "百日巻"),
        ("どの収蔵品が一番低いですか", CLOCKS, "百日巻", "百日巻"),
        ("一番高さが低い収蔵品はどこにありますか", CLOCKS, "第一収蔵庫", "百日巻"),
        ("展示室で一番高い収蔵品は？", CLOCKS, "砂の時計", "砂の時計"),
        ("一番新しい収蔵品は何ですか", CLOCKS, "霧一号、砂の時計", "霧一号"),
    ],
)
def test_the_row_with_the_most_or_the_least(
    question: str, row: str, short: str, quoted: str
) -> None:
    found = told(question, MUSEUM, row, "ja")
    assert found is not None
    assert found.short == short
    hit, reading = found.readings[0].passage.hit, found.readings[0]
    assert quoted in hit.text
    assert hit.text == MUSEUM[hit.start : hit.end]
    assert hit.text[reading.start : reading.end] in short


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("Which instrument is the most expensive?", "Confocal microscope"),
        ("What is the cheapest instrument?", "Freezer"),
        ("When was the oldest instrument bought?", "2015-03-14"),
        ("Who is responsible for the most expensive instrument?", "Ana Brill"),
        ("Where is the newest instrument?", "2.02"),
        ("Which instrument cost the most?", "Confocal microscope"),
        ("What is the lowest price?", "9,800 euros"),
    ],
)
def test_the_row_with_the_most_in_english(question: str, short: str) -> None:
    found = told(question, LABORATORY, INSTRUMENTS, "en")
    assert found is not None
    assert found.short == short


BRANCHES = """支部 2025年1月

| 順位 | 支部 | 会員 | 増減 | 次の例会 | 内線 |
|---|---|---|---|---|---|
| 1 | 真柄 | 57 | +15 | 11月30日 | 201 |
| 2 | 柚木 | 98 | -12 | 1月10日 | 305 |
| 3 | 小檜山 | 210 | -415 | 2月7日 | 118 |
| 4 | 鳥越 | 124 | +20 | - | 402 |
| - | 全支部 | 489 | -392 | | |
"""


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("会員が一番多い支部はどこですか", "小檜山"),
        ("会員が一番少ない支部の次の例会は？", "11月30日"),
        ("柚木と小檜山ではどちらの会員が多いですか", "小檜山"),
    ],
)
def test_a_row_for_all_others_is_none_of_them(question: str, short: str) -> None:
    found = told(question, BRANCHES, "| 1 |", "ja")
    assert found is not None
    assert found.short == short


@pytest.mark.parametrize(
    "question",
    [
        "会員が一番多かった月は？",
        "会員が一番多かった年は？",
        "会員が減った支部で会員が一番多いのは？",
        "柚木ではない支部で会員が一番少ないのは？",
        "柚木以外で会員が一番少ない支部は？",
        "会員が一番多くない支部は？",
        "順位が最も高い支部は？",
        "内線が一番大きい支部は？",
        "次の例会が一番早い支部は？",  # of two years
        "増減が一番大きい支部は？",
        "柚木と小檜山ではどちらの増減が大きいですか",
        "会員が一番多い支部の会長は誰ですか",
        "設立以来会員が一番多い支部は？",
        "会員の合計が一番多い支部は？",
    ],
)
def test_no_row_comes_first_where_the_question_means_something_else(question: str) -> None:
    assert told(question, BRANCHES, "| 1 |", "ja") is None


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("When was the cheapest instrument bought?", "2022-01-30"),
        ("How much does the newest instrument cost?", "9,800 euros"),
        ("What is the room of the cheapest instrument?", "2.02"),
        ("How many chairs has the cheapest instrument?", None),
        ("Which instrument that is not a freezer is the cheapest?", None),
        ("Which instrument is the heaviest?", None),
        ("Which month had the highest price?", None),
    ],
)
def test_the_cell_that_is_asked_for_and_no_other(question: str, short: str | None) -> None:
    found = told(question, LABORATORY, INSTRUMENTS, "en")
    assert (found.short if found else None) == short


@pytest.mark.parametrize(
    ("question", "text", "row", "language", "short"),
    [
        ("入館者が二番目に多かったのは何年度ですか", MUSEUM, VISITORS, "ja", "2018年度"),
        ("3番目に入館者数が多い年度の企画展は？", MUSEUM, VISITORS, "ja", None),  # an empty cell
        ("２番目に古い収蔵品は？", MUSEUM, CLOCKS, "ja", "塔時計"),
        ("三番目に古い収蔵品は？", MUSEUM, CLOCKS, "ja", "霧一号、砂の時計"),
        ("四番目に古い収蔵品は？", MUSEUM, CLOCKS, "ja", None),  # two share the third place
        ("What is the second most expensive instrument?", LABORATORY, INSTRUMENTS, "en",
         "Plate reader"),
        ("Which is the 3rd oldest instrument?", LABORATORY, INSTRUMENTS, "en", "Plate reader"),
        ("Which is the fifth cheapest instrument?", LABORATORY, INSTRUMENTS, "en", None),
        ("Which is the second to last, the cheapest instrument?", LABORATORY, INSTRUMENTS, "en",
         None),
    ],
)  # fmt: skip
def test_the_row_at_a_place_from_the_top(
    question: str, text: str, row: str, language: Language, short: str | None
) -> None:
    found = told(question, text, row, language)
    assert (found.short if found else None) == short


BRIDGES = """柿生川の橋

| 橋 | 竣工 | 最終点検 |
|---|---|---|
| 上柿橋 | 1931年 | 2021年 |
| 中柿橋 | 1974年 | 2019年 |
| 新栄橋 | 2003年 | 2023年 |
"""


def test_the_only_column_of_dates_tells_how_old_something_is() -> None:
    for question, short in (("一番古い橋は？", "上柿橋"), ("2番目に新しい橋は？", "中柿橋")):
        found = told(question, BRIDGES, "| 上柿橋", "ja")
        assert found is not None
        assert found.short == short
    checked = BRIDGES.replace("竣工", "修理")
    assert told("一番古い橋は？", checked, "| 上柿橋", "ja") is None


def test_what_was_compared_is_told() -> None:
    found = told("入館者が一番多かったのはいつ？", MUSEUM, VISITORS, "ja")
    assert found is not None
    assert found.told == "表の3行を比べると：2019年度（入館者数：15,870人）"
    found = told("入館者が二番目に多かったのはいつ？", MUSEUM, VISITORS, "ja")
    assert found is not None
    assert found.told == "表の3行を比べて2番目：2018年度（入館者数：12,340人）"
    found = told("Which instrument is the most expensive?", LABORATORY, INSTRUMENTS, "en")
    assert found is not None
    assert found.told == "Of 4 rows of the table: Confocal microscope (Price: 240,000 euros)"


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("一番高い山は何ですか", CLOCKS),  # no word of this table
        ("火星で入館者が一番多かったのはいつですか", VISITORS),
        ("入館者が四番目に多かったのは何年度ですか", VISITORS),  # of three
        ("入館者が二番目に多かった年度以外は？", VISITORS),
        ("一番目から2番目に高い収蔵品は？", CLOCKS),
        ("2019年度以降で入館者が一番多いのは何年度ですか", VISITORS),
        ("企画展が一番多かったのは何年度ですか", VISITORS),  # no numbers
        ("一番重い収蔵品はどれですか", CLOCKS),  # no such column
        ("入館者は何人ですか", VISITORS),
    ],
)
def test_nothing_is_ranked_that_the_table_does_not_tell(question: str, row: str) -> None:
    assert told(question, MUSEUM, row, "ja") is None


def test_a_sentence_that_compares_itself_goes_before_a_table() -> None:
    row = MUSEUM.index(VISITORS)
    hit = Hit("a", "霧ヶ浜時計博物館", None, 1, row, row + 5, MUSEUM[row : row + 5], 1.0)
    prose = Hit("b", "b", None, 0, 0, 20, "入館者が最も多かったのは2016年度である。", 1.0)
    readings = [Reading(Passage(prose), 2.0, 0.9), Reading(Passage(hit, columns=("a",)), 1.0, 0.5)]
    index = Index.in_memory([Article("a", "霧ヶ浜時計博物館", MUSEUM)], HashEmbedder())
    passages = [each.passage for each in readings]
    asked = "入館者が一番多かったのはいつ？"
    ask = partial(answer_of_tables, asked, index=index, language="ja", threshold=0.3)
    assert ask(readings, passages) is None
    assert ask(readings[1:], passages[1:]) is not None


@pytest.mark.parametrize(
    ("question", "text", "row", "language", "short"),
    [
        ("2018年度と2019年度ではどちらの入館者が多いですか？", MUSEUM, VISITORS, "ja", "2019年度"),
        ("2019年度より2020年度のほうが入館者が多いですか", MUSEUM, VISITORS, "ja", "いいえ"),
        ("百日巻と塔時計ではどちらが高いですか", MUSEUM, CLOCKS, "ja", "塔時計"),
        ("塔時計と砂の時計ではどちらが高いですか", MUSEUM, CLOCKS, "ja", "同じ"),
        ("百日巻と霧一号はどちらが古い？", MUSEUM, CLOCKS, "ja", "百日巻"),
        ("Which is cheaper, the centrifuge or the freezer?", LABORATORY, INSTRUMENTS, "en",
         "the freezer"),
        ("Is the centrifuge cheaper than the freezer?", LABORATORY, INSTRUMENTS, "en", "no"),
    ],
)  # fmt: skip
def test_which_of_two_rows_has_more(
    question: str, text: str, row: str, language: Language, short: str
) -> None:
    found = told(question, text, row, language)
    assert found is not None
    assert found.short == short
    assert len(found.readings) == 2


@pytest.mark.parametrize(
    "question",
    ["2020年度と2021年度ではどちらの入館者が多いですか？", "月時計と塔時計ではどちらが高いですか"],
)
def test_two_of_which_a_table_does_not_tell_both_are_not_compared(question: str) -> None:
    assert told(question, MUSEUM, VISITORS, "ja") is None


# ── cells ────────────────────────────────────────────────────────────────────────────────────


TASKS = """第14回運営会議 議事録

| 課題 | 担当 | 期限 |
|---|---|---|
| 電導度セルの発注 | 古賀原大地 | 9月17日 |
| 公開サイトの試作 | ラウラ・ベネッティ | 10月10日 |
| 係留索の見積もり | 三津谷修 | 9月30日 |
| 予算案の修正 | 三津谷修 | 10月4日 |
"""
NICKNAMES = """電子顕微鏡室

| 装置 | 愛称 | 学内 | 学外・学術 | 担当者 |
|---|---|---|---|---|
| 透過電子顕微鏡 | ひのき | 6,000円 | 14,000円 | 榎木田亮 |
| 走査電子顕微鏡 | くぬぎ | 1,200円 | 3,000円 | 朝比奈 誠 |
"""


@pytest.mark.parametrize(
    ("question", "text", "short"),
    [
        ("電導度セルの発注の担当は誰ですか", TASKS, "古賀原大地"),
        ("誰が公開サイトの試作をしますか", TASKS, "ラウラ・ベネッティ"),
        ("公開サイトの試作の締め切りはいつですか", TASKS, "10月10日"),
        ("9月30日が期限の課題は何ですか", TASKS, "係留索の見積もり"),
        ("三津谷さんの担当する課題は何ですか", TASKS, "係留索の見積もり、予算案の修正"),
        ("くぬぎの担当者は誰ですか", NICKNAMES, "朝比奈 誠"),
        ("電子顕微鏡室の「ひのき」の学内の料金はいくら？", NICKNAMES, "6,000円"),
        ("ひのきの学外の料金を教えてください", NICKNAMES, "14,000円"),
    ],
)
def test_a_cell_is_looked_up(question: str, text: str, short: str) -> None:
    found = told(question, text, "| 電導" if text is TASKS else "| 透過", "ja")
    assert found is not None
    assert found.short == short
    assert all(reading.passage.hit.text in text for reading in found.readings)


@pytest.mark.parametrize(
    "question",
    [
        "けやきの担当者は誰ですか",  # no row
        "ひのきが停止したのは何日間ですか",  # no column
        "くぬぎの担当者は何歳ですか",
        "なぜひのきの担当者は榎木田亮なのですか",
        "ひのきの担当者は榎木田亮ですか",
        "ひのきはいくらですか",  # two columns
    ],
)
def test_no_cell_is_looked_up_that_the_question_does_not_mean(question: str) -> None:
    assert told(question, NICKNAMES, "| 透過", "ja") is None


STAFF = """職員名簿

| 氏名 | 職 | 担当 | 着任 | 内線 |
|---|---|---|---|---|
| 多々良健吾 | 技師 | 織機の修理 | 1998年7月 | 310 |
| 浦辺かおり | 学芸員 | 藍染め | 2019年4月 | 205 |
| 仁科ゆい | 事務 | 予約の受付 | 2021年6月 | 100 |
"""


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("内線205は誰ですか", "浦辺かおり"),
        ("2021年6月に着任したのは誰ですか", "仁科ゆい"),
        ("藍染めの担当は誰ですか", "浦辺かおり"),
        ("多々良さんの内線は？", "310"),
        ("着任が一番早い職員は誰ですか", "多々良健吾"),
    ],
)
def test_a_person_is_looked_up_by_what_the_row_says(question: str, short: str) -> None:
    found = told(question, STAFF, "| 多々良", "ja")
    assert found is not None
    assert found.short == short


def test_an_instrument_in_english_is_looked_up() -> None:
    found = told("Who is responsible for the plate reader?", LABORATORY, INSTRUMENTS, "en")
    assert found is not None
    assert found.short == "Joost Kamp"


# ── values ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["8,200人", "約1,200人", "-"], [8200.0, 1200.0, None]),
        (["1.2 kg", "300 g"], [1200.0, 300.0]),
        (["2億3,000万円", "¥800"], [230_000_000.0, 800.0]),
        (["−80 ℃", "4 ℃"], [-80.0, 4.0]),
        (["92.5%", "n/a"], [92.5, None]),
    ],
)
def test_numbers_of_one_unit(cells: list[str], values: list[float | None]) -> None:
    found = values_of(cells, dates=False)
    assert found is not None
    assert [each[1][0] if each else None for each in found] == values


@pytest.mark.parametrize(
    "cells",
    [["3〜5", "4"], ["3 kg", "4 m"], ["10:30", "9:00"], ["赤", "3"], ["5人以上", "3人"], ["-", ""]],
)
def test_cells_that_tell_no_numbers_of_one_unit(cells: list[str]) -> None:
    assert values_of(cells, dates=False) is None


def test_dates_as_they_are_written() -> None:
    found = values_of(["2021/4/12", "令和2年11月", "2019", "3 May 2021"], dates=True)
    assert found == [
        ("date", (2021.0, 4.0, 12.0)),
        ("date", (2020.0, 11.0)),
        ("date", (2019.0,)),
        ("date", (2021.0, 5.0, 3.0)),
    ]


# ── questions ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("question", "greatest_noun_and_dates"),
    [
        ("値段が一番高い装置は？", (True, "値段", False)),
        ("一番値段の安い装置は？", (False, "値段", False)),
        ("どれがいちばん古いですか", (False, "", True)),
        ("Which year had the most visitors?", (True, "visitors", False)),
        ("What is the latest release?", (True, "release", True)),
    ],
)
def test_what_is_asked_the_most_of(
    question: str, greatest_noun_and_dates: tuple[bool, str, bool]
) -> None:
    found = superlative_in(question)
    assert found is not None
    assert (found.greatest, found.noun, found.dates) == greatest_noun_and_dates


@pytest.mark.parametrize(
    "question",
    [
        "値段はいくらですか",
        "最近の値段は？",
        "最終日はいつ？",
        "三番目に入った装置は？",
        "上から二番目に高い装置は？",
        "How many visitors came?",
    ],
)
def test_what_asks_for_no_first_row(question: str) -> None:
    assert superlative_in(question) is None


# ── through the answer ───────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def assistant() -> Assistant:
    clocks = Article("m", "霧ヶ浜時計博物館", MUSEUM)
    return bundled_assistant(clocks, Article("l", "Instruments", LABORATORY))


def test_a_question_for_the_most_is_answered_by_the_table(assistant: Assistant) -> None:
    answer = assistant.ask("入館者が一番多かったのは何年度ですか")
    assert answer.short_answer == "2019年度"
    assert answer.notices[0].startswith("表の3行を比べると")
    (citation,) = answer.citations
    assert citation.quote == "| 2019年度 | 15,870人 | 海の時計 | 佐伯 |"


def test_the_words_of_one_row_are_not_the_most_of_something(assistant: Assistant) -> None:
    answer = assistant.ask("Which instrument is the heaviest?")
    assert answer.short_answer is None
