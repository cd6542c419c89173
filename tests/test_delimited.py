from __future__ import annotations

import time
from pathlib import Path

import pytest
from tests.table_questions import told

from shutten.articles import article_from_bytes, read_articles

CSV = '店名,開店年,席数\r\n丸福,1988,24\r\n"長月、本店",2003,40\r\n'
TABLE = (
    "| 店名 | 開店年 | 席数 |\n|---|---|---|\n| 丸福 | 1988 | 24 |\n| 長月、本店 | 2003 | 40 |\n"
)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp932", "euc-jp", "utf-16"])
def test_a_file_of_values_is_a_table_called_by_its_name(encoding: str) -> None:
    article = article_from_bytes("店.csv", CSV.encode(encoding))
    assert (article.title, article.text, article.encoding) == ("店", TABLE, encoding)
    assert article.language == "ja"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.tsv", CSV.replace(",", "\t")),
        ("a.csv", CSV.replace(",", ";")),
        ("a.CSV", CSV.replace(",", "\t")),
        ("a.tsv", CSV),
        ("a.csv", CSV.replace("24", '" 24\r\n"').replace("丸福", '"丸福"')),
        ("a.csv", CSV.replace("\r\n丸", "\r\n,,\r\n\r\n丸")),
    ],
)
def test_delimiters_quotes_and_empty_rows_are_read(name: str, text: str) -> None:
    assert article_from_bytes(name, text.encode()).text == TABLE


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ("品,値\n鍋|釜,1\n皿,\n", "| 品 | 値 |\n|---|---|\n| 鍋\\|釜 | 1 |\n| 皿 |  |\n"),
        (",2018年,2019\n東,1,2\n西,3,4\n", "|  | 2018年 | 2019 |\n|---|---|---|\n| 東 | 1 | 2 |"),
        ("a,2018,2019\nx,1,2\ny,3,4\n", "| a | 2018 | 2019 |\n|---|---|---|\n| x | 1 | 2 |"),
        ("市の店,\n\n店,席\nあ,1\nい,2\n", "市の店\n\n| 店 | 席 |\n|---|---|\n| あ | 1 |"),
        ('a,b\n"say ""hi""",1\ny,2\n', '| a | b |\n|---|---|\n| say "hi" | 1 |\n| y | 2 |\n'),
        ("a,b\n1,2\n3,4\n5,6\n7,8\n9\n", "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |"),
    ],
)
def test_what_stands_in_the_fields_is_kept(text: str, table: str) -> None:
    assert article_from_bytes("a.csv", text.encode()).text.startswith(table)


@pytest.mark.parametrize(
    "text",
    [
        "丸福,1988,24\n長月,2003,40\n白樺,2010,12\n",
        "丸福,1988/4/1\n長月,2003/12/1\n白樺,2010/6/5\n",
        "店名,開店年\n丸福,1988\n",
        "店名\n丸福\n長月\n",
        "名,名\nあ,1\nい,2\n",
        "名,,数\nあ,1,2\nい,2,3\n",
        "雨が降り,川があふれた。\n橋は,流された。\n町は,橋を架けた。\n",
        'a,b\n"x,1\ny,2\n',
        "a,b\n1,2\n3,4\n5\n6\n7\n8\n",
        "a,b\n" + "x" * 200_000 + ",1\ny,2\n",
    ],
)
def test_what_is_no_table_is_read_as_text(text: str) -> None:
    assert article_from_bytes("a.csv", text.encode()).text == text


def test_a_file_of_values_that_ends_otherwise_is_read_as_text() -> None:
    assert article_from_bytes("a.txt", CSV.encode()).text == CSV


def test_files_of_values_in_a_folder_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(CSV, encoding="utf-8", newline="")
    (tmp_path / "b.tsv").write_text(CSV.replace(",", "\t"), encoding="cp932", newline="")
    assert [each.text for each in read_articles([tmp_path])] == [TABLE, TABLE]


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("席数が一番多い店はどれですか", "長月、本店"),
        ("席数が一番少ない店は？", "丸福"),
        ("丸福の席数は？", "24"),
        ("長月、本店の開店年は？", "2003"),
    ],
)
def test_the_rows_of_a_file_of_values_answer(question: str, short: str) -> None:
    text = article_from_bytes("店.csv", CSV.encode()).text
    found = told(question, text, "| 丸福", "ja")
    assert found is not None
    reading = found.readings[0]
    assert reading.passage.hit.text[reading.start : reading.end] == short


def test_a_large_file_of_values_is_read_at_once() -> None:
    began = time.perf_counter()
    for heap in ('"' * 300_000, "a,b\n" * 100_000, ",1" * 200_000, "a,b\n" + '"a""' * 80_000):
        article_from_bytes("a.csv", heap.encode())
    assert time.perf_counter() - began < 20
