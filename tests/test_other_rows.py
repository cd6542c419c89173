"""A bare name after a row of a table: another row of it where there is one, else something else."""

from __future__ import annotations

import pytest

from shutten.assistant import Assistant, assemble
from shutten.conversation import quoted_row, with_other_row
from shutten.embedding import load_embedder
from shutten.index import Index
from shutten.loaded_models import Models
from shutten.reader import load_reader
from shutten.types import Article, Turn

ROW = "520円[1]\n\n| 月見荘 | 本館 | 520円 | 12名 |[1]"
BEFORE = Turn("月見荘の使用料はいくらですか", ROW)
OTHER = ("花見荘", "別館", "640円", "20名")
TABLE = (
    "宿舎の案内\n\n| 宿舎 | 場所 | 使用料 | 定員 |\n|---|---|---|---|\n"
    "| 月見荘 | 本館 | 520円 | 12名 |\n| 花見荘 | 別館 | 640円 | 20名 |\n"
    "| 雪見荘 | 西棟 | 480円 | 8名 |\n\n宿舎の鍵は事務室で受け取る。\n"
)


def test_the_row_that_was_quoted_is_told_from_a_sentence() -> None:
    assert quoted_row(ROW) == ("月見荘", "本館", "520円", "12名")
    assert quoted_row("宿舎の鍵は事務室で受け取る。[1]") == ()


@pytest.mark.parametrize(
    ("question", "row", "whole"),
    [
        ("花見荘は？", OTHER, "花見荘の使用料はいくらですか"),
        ("じゃあ花見荘は", OTHER, "花見荘の使用料はいくらですか"),
        ("花見は？", OTHER, "花見荘の使用料はいくらですか"),
        ("定員は？", OTHER, ""),
        ("別館は？", OTHER, ""),
        ("月見荘は？", OTHER, ""),
        ("花見荘は誰が管理していますか", OTHER, ""),
        ("花見荘は？", (), ""),
    ],
)
def test_a_bare_name_is_that_of_another_row(
    question: str, row: tuple[str, ...], whole: str
) -> None:
    assert with_other_row(question, BEFORE, row) == whole


def test_english_names_keep_an_article() -> None:
    before = Turn("How much is a ticket for an adult?", "£2.50[1]\n\n| Adult | £2.50 |[1]")
    row = ("Child (3 to 15)", "£1.50")
    assert with_other_row("And a child?", before, row) == "How much is a ticket for the Child?"
    assert with_other_row("And why?", before, row) == ""


@pytest.fixture(scope="module")
def assistant() -> Assistant:
    embedder = load_embedder()
    index = Index.in_memory([Article("a.md", "宿舎の案内", TABLE)], embedder)
    models = Models(embedder, load_reader("bundled"))
    return assemble(index, models, max_question_characters=200)


def test_rows_and_columns_are_asked_for_in_turn(assistant: Assistant) -> None:
    history: list[Turn] = []
    told = []
    for question in ("月見荘の使用料はいくらですか", "雪見荘は？", "定員は？", "花見荘は？"):
        answer = assistant.ask(question, history=history)
        told.append((answer.standalone_question, answer.short_answer))
        history.append(Turn(question, answer.text))
    assert told == [
        ("月見荘の使用料はいくらですか", "520円"),
        ("雪見荘の使用料はいくらですか", "480円"),
        ("雪見荘の定員は？", "8名"),
        ("花見荘の定員は？", "20名"),
    ]


DAYS = (
    "展示館の案内\n\n| 曜日 | 開館 | 最終受付 | 解説 |\n|---|---|---|---|\n"
    "| 金曜日 | 10:00–22:00 | 21:15 | 18:30–19:30 |\n| 土曜日 | 9:00–19:00 | 18:15 | 9:30–11:30 |\n"
    "| 日曜日 | 9:00–18:00 | 17:15 | なし |\n\n祝日は日曜日と同じ時間に開く。\n"
)


def test_what_only_names_another_row_is_read_as_the_earlier_question() -> None:
    embedder = load_embedder()
    index = Index.in_memory([Article("b.md", "展示館の案内", DAYS)], embedder)
    models = Models(embedder, load_reader("bundled"))
    days = assemble(index, models, max_question_characters=200)
    asked = "土曜日の最終受付は何時ですか"
    told = days.ask("日曜は？", history=[Turn(asked, days.ask(asked).text)])
    assert told.standalone_question == "日曜日の最終受付は何時ですか"
    assert told.short_answer == "17:15"
