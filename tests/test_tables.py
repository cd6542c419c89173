"""Rows of tables are found and read in words, and quoted as they stand."""

from __future__ import annotations

import html
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.bundled import bundled_assistant

from shutten.articles import article_from_bytes
from shutten.cli.rendering import answer_as_text
from shutten.embedding import HashEmbedder
from shutten.exporting import FORMATS, Format, export_answer
from shutten.index import Index
from shutten.intake import _embedded
from shutten.retrieval import HybridRetriever
from shutten.sentences import split_sentences
from shutten.tables import Tables, Told, cells_of, is_row, rule_of, worded
from shutten.types import Article, Hit, Passage, Reading
from shutten.web.answers import answer_html
from shutten.web.markup import Reference
from shutten.web.texts import JAPANESE

TOWN = """\
# 霧ヶ沢

霧ヶ沢は山あいの町である。

## 人口

| 年 | 人口 | 世帯数 | 備考 |
|---|---:|---:|---|
| 1925年 | 7,812人 | 1,450 | |
| 1955年 | 9,640人 | 1,985 | 最多 |
| 1975年 | 6,103人 | 1,720 | |

町は2005年に編入された。
"""
ROW = "| 1955年 | 9,640人 | 1,985 | 最多 |"
COLUMNS = ("年", "人口", "世帯数", "備考")
IN_WORDS = "年: 1955年、人口: 9,640人、世帯数: 1,985、備考: 最多"


def passage(text: str, columns: tuple[str, ...] = ()) -> Passage:
    hit = Hit("a.md", "霧ヶ沢", None, 3, 0, len(text), text, 1.0)
    return Passage(hit, "前の行", "次の行", columns=columns)


def test_the_cells_of_a_row_are_what_stands_between_its_bars() -> None:
    row = r"| 1925年 |  | a \| b | |"
    assert [row[start:end] for start, end in cells_of(row)] == ["1925年", "", r"a \| b", ""]
    assert cells_of("|x|+|y|") == cells_of("a | b") == []


def test_a_row_has_the_columns_of_the_head_above_its_rule() -> None:
    assert Tables(TOWN).columns_at(TOWN.index(ROW)) == COLUMNS
    assert Tables(TOWN).columns_at(TOWN.index("町は2005年")) == ()
    assert Tables("| a | b |\n| c | d |\n").columns_at(10) == ()


@pytest.mark.parametrize(
    ("row", "columns", "words"),
    [
        (ROW, COLUMNS, "年: 1955年、人口: 9,640人、世帯数: 1,985、備考: 最多"),
        ("| 1925年 | 7,812人 | 1,450 | |", COLUMNS, "年: 1925年、人口: 7,812人、世帯数: 1,450"),
        ("| 2.0 | July |", ("Version", ""), "Version: 2.0; July"),
        ("| 所在地 | 青森県 |", (), "所在地: 青森県"),
        ("| a | b | c |", (), None),
        ("| a | b |", ("x", "y", "z"), None),  # a cell over two columns: which, nobody knows
        ("本文である。", COLUMNS, None),
    ],
)
def test_a_row_in_words_names_its_columns(
    row: str, columns: tuple[str, ...], words: str | None
) -> None:
    told = worded(row, columns)
    assert (told.text if told else None) == words


def test_words_of_one_cell_stand_in_the_row_and_others_nowhere() -> None:
    told = worded(ROW, COLUMNS)
    assert told is not None
    start = told.text.index("9,640人")
    place = told.in_row(start - 4, start + 6)  # with the column's name before them
    assert place is not None
    assert ROW[slice(*place)] == "9,640人"
    assert told.in_row(start, told.text.index("1,985") + 5) is None
    assert told.in_row(0, 1) is None


@given(st.lists(st.text(st.sampled_from("あ年b|\\ 、:"), max_size=6), min_size=2, max_size=5))
def test_every_cell_in_words_is_the_cell_of_the_row(cells: list[str]) -> None:
    row = f"| {' | '.join(cells)} |"
    told = worded(row, [f"c{number}" for number in range(len(cells_of(row)))])
    if not any(row[first:last] for first, last in cells_of(row)):
        assert told is None
        return
    assert told is not None
    for (start, end), (first, last) in told.cells:
        assert told.text[start:end] == row[first:last]
        if start < end:
            assert told.in_row(start, end) == (first, last)


def test_a_passage_is_read_in_words_and_quoted_as_it_stands() -> None:
    row = passage(ROW, COLUMNS)
    told = Told.of(row)
    assert told.passage.hit.text.startswith("年: 1955年、人口: ")
    assert (told.passage.before, told.passage.after) == ("", "")
    start = told.passage.hit.text.index("1,985")
    reading = told.as_quoted(Reading(told.passage, 1.0, 0.9, start, start + 5), "人口は？")
    assert reading.passage is row
    assert ROW[reading.start : reading.end] == "1,985"
    prose = Told.of(passage("本文である。"))
    assert prose.as_quoted(Reading(prose.passage, 1.0, 0.9, 0, 2), "何？").end == 2


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2 高床の区画は、年額4,500円とする。", "高床の区画は、年額4,500円とする。"),
        ("２　事務は農園部が行う。", "事務は農園部が行う。"),
        ("（三） 火を使うこと。", "火を使うこと。"),
        ("②電源を入れる。", "電源を入れる。"),
        ("二　会員は会費を納める。", "会員は会費を納める。"),
        ("3 人の委員が選ばれた。", "3 人の委員が選ばれた。"),
        ("10 月に開かれた。", "10 月に開かれた。"),
        ("2つの案がある。", "2つの案がある。"),
        ("2 Members pay nothing.", "2 Members pay nothing."),
    ],
)
def test_the_number_of_a_paragraph_is_not_read(text: str, read: str) -> None:
    given = passage(text)
    told = Told.of(given)
    assert told.passage.hit.text == read
    reading = told.as_quoted(Reading(told.passage, 1.0, 0.9, 0, 2), "何？")
    assert reading.passage is given
    assert text[reading.start : reading.end] == read[:2]


def test_the_head_of_a_table_is_no_answer_and_no_heading() -> None:
    kinds = {
        TOWN[each.start : each.end].strip(): each.kind
        for each in split_sentences(TOWN, title="霧ヶ沢", markdown=True)
    }
    assert kinds["| 年 | 人口 | 世帯数 | 備考 |"] == "head"
    assert kinds["|---|---:|---:|---|"] == "head"
    assert kinds[ROW] == "body"


def test_a_rule_without_a_table_is_as_before() -> None:
    text = "| a | b |\n\n|---|---|\n\n本文である。\n"
    kinds = [each.kind for each in split_sentences(text, markdown=True)]
    assert "head" not in kinds


def test_a_row_is_embedded_and_found_by_the_names_of_its_columns() -> None:
    article = Article("a.md", "霧ヶ沢", TOWN)
    sentences = {TOWN[s.start : s.end].strip(): s for s in split_sentences(TOWN, markdown=True)}
    assert "世帯数: 1,985" in _embedded(article, sentences[ROW], Tables(TOWN))
    embedder = HashEmbedder()
    index = Index.in_memory([article], embedder)
    found = HybridRetriever(index, embedder).retrieve("1955年の世帯数", k=3)
    assert found[0].hit.text == ROW
    assert found[0].columns == COLUMNS
    assert [hit.heading for hit in (found[0].hit,)] == ["人口"]


@pytest.mark.parametrize(
    ("question", "short", "quote"),
    [
        ("1955年の人口は何人ですか", "9,640人", ROW),
        ("1975年の世帯数はいくつでしたか", "1,720", "| 1975年 | 6,103人 | 1,720 | |"),
    ],
)
def test_a_cell_answers(question: str, short: str, quote: str) -> None:
    assistant = bundled_assistant(Article("a.md", "霧ヶ沢", TOWN))
    answer = assistant.ask(question)
    assert (answer.short_answer, answer.citations[0].quote) == (short, quote)


def test_a_year_that_the_table_has_not_is_refused() -> None:
    assert (
        bundled_assistant(Article("a.md", "霧ヶ沢", TOWN)).ask("1990年の人口は何人ですか").refused
    )


def test_a_table_of_a_web_page_keeps_its_head() -> None:
    page = (
        "<html><head><title>駅</title></head><body><h1>駅</h1><p>駅の一覧である。</p><table>"
        "<tr><th>駅名</th><th>乗車人員</th></tr><tr><td>大浜</td><td>1,120人</td></tr>"
        "<tr><td>奥戸</td><td>388人</td></tr></table></body></html>"
    )
    article = article_from_bytes("station.html", page.encode())
    assert f"| 駅名 | 乗車人員 |\n{rule_of(2)}\n| 大浜 | 1,120人 |" in article.text
    answer = bundled_assistant(article).ask("大浜の乗車人員は？")
    assert answer.short_answer == "1,120人"


def test_a_line_in_bars_is_a_row_and_code_is_none() -> None:
    assert is_row("| a | b |")
    assert not is_row("|x|+|y|")
    assert not is_row("a | b")


PRICES = ("区分", "平日", "休日", "定員")


@pytest.mark.parametrize(
    ("question", "read", "meant"),
    [
        ("大人はいくらですか", "900円", None),
        ("大人は平日いくらですか", "900円", "900円"),
        ("休みの日の大人の料金", "1,200円", "1,200円"),
        ("休日だと大人はいくら", "900円", "1,200円"),
        ("平日と休日で大人はいくらですか", "1,200円", "1,200円"),
        ("大人は何人まで入れますか", "30人", "30人"),
        ("何の区分がありますか", "大人", "大人"),
    ],
)
def test_of_several_columns_that_count_the_same_the_one_that_is_named_answers(
    question: str, read: str, meant: str | None
) -> None:
    row = worded("| 大人 | 900円 | 1,200円 | 30人 |", PRICES)
    assert row is not None
    start = row.text.index(read)
    found = row.meant(question, start, start + len(read))
    assert (row.text[slice(*found)] if found else None) == meant


def test_a_quoted_row_is_shown_under_the_names_of_its_columns() -> None:
    answer = bundled_assistant(Article("a.md", "霧ヶ沢", TOWN)).ask("1955年の人口は何人ですか")
    (citation,) = answer.citations
    assert citation.quote == ROW == TOWN[citation.start : citation.end]
    assert citation.row == IN_WORDS
    assert citation.row[citation.row_start : citation.row_end] == "9,640人"
    assert answer.claims[-1].text == ROW
    assert f"\n\n{IN_WORDS}[1]\n" in answer_as_text(answer)
    assert f"“{IN_WORDS}”" in export_answer(replace(answer, language="en"), "text")
    unanswered = replace(answer, refused=True, status="refused", citations=())
    assert f"\n- {IN_WORDS} (" in answer_as_text(unanswered)
    shown = answer_html(answer, JAPANESE, lambda name: Reference("index", name), key=None)
    assert IN_WORDS.replace("9,640人", "<mark>9,640人</mark>") in shown


@pytest.mark.parametrize("form", FORMATS)
def test_no_export_of_a_quoted_row_has_its_bars(form: Format) -> None:
    answer = bundled_assistant(Article("a.md", "霧ヶ沢", TOWN)).ask("1955年の人口は何人ですか")
    for each in (answer, replace(answer, short_answer=None)):
        text = html.unescape(export_answer(each, form))
        assert "人口: 9,640人" in text
        assert "| 9,640人" not in text


def test_words_of_several_cells_of_a_row_stand_in_its_words_with_what_is_between() -> None:
    told = worded(ROW, COLUMNS)
    assert told is not None
    start, end = ROW.index("955"), ROW.index("640") + 3
    first, last = told.of_row(start, end) or (0, 0)
    assert told.text[first:last] == "955年、人口: 9,640"
    assert told.of_row(0, 1) is None
