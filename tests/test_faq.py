"""Questions that an article asks and answers itself: lists of frequent questions."""

from __future__ import annotations

import pytest

from shutten.articles import article_from_bytes
from shutten.assistant import Assistant, assemble
from shutten.embedding import load_embedder
from shutten.faq import REACH, answer_mark, asked_in, is_answered_below, question_above, sought
from shutten.faq_answers import asks_the_same_of_another, is_asked_in
from shutten.index import Index
from shutten.loaded_models import Models
from shutten.reader import load_reader
from shutten.sentences import split_sentences, trimmed
from shutten.tables import Tables
from shutten.types import Hit, Passage

MARKED = (
    "# 図書室の案内\n\n図書室は本館の三階にある。\n\n"
    "Q. 本は何冊まで借りられますか。\nA. 一度に八冊までです。雑誌は数えません。\n\n"
    "Q. 延滞するとどうなりますか。\nA. 返すまで新しい本を借りられません。\n\n"
    "Q. 企業の人も使えますか。\nA. 使えます。ただし年に三千円かかります。\n\n"
    "Q. 何時まで開いていますか。\nA. 平日は10時から17時まで開いています。土曜日は13時までです。\n"
)
HEADED = (
    "# The print shop\n\nThe shop is in the basement.\n\n"
    "## How do I print a poster?\n\nSend a PDF to the counter, and collect it the next day.\n\n"
    "## May I bring my own paper?\n\nYes. It must not be thicker than 300 grams.\n"
)


@pytest.mark.parametrize(
    ("line", "question"),
    [
        ("Q. 上履きは必要ですか。", "上履きは必要ですか。"),
        ("**Q1: 上履きは必要ですか**", "上履きは必要ですか"),
        ("- Ｑ：上履きについて", "上履きについて"),
        ("問3 学外の企業も使えますか", "学外の企業も使えますか"),
        ("## May I bring my own paper?", "May I bring my own paper?"),
        ("料金はいくらですか？", "料金はいくらですか？"),
        ("なぜ減ったのか。", ""),
        ("雨が降った。なぜですか。", ""),
        ("Quality is what we sell.", ""),
        ("A. 全員に必要です。", ""),
        ("| 料金はいくらですか？ | 300円 |", ""),
        ("", ""),
    ],
)
def test_a_line_asks(line: str, question: str) -> None:
    assert asked_in(line) == question


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Q. 何冊ですか。\nA. 八冊です。", "何冊ですか。"),
        ("Q. 何冊ですか。\n\nA. 八冊です。", "何冊ですか。"),
        ("Q. 冊数について\nA. 八冊です。", "冊数について"),
        ("Q. 冊数について\n八冊です。", ""),
        ("何冊ですか？\n\n\n八冊です。", ""),
        ("八冊です。", ""),
        ("何冊ですか？\n## 八冊です", ""),
        ("何冊ですか？\nなぜ八冊ですか？", ""),
        ("何冊ですか？\n| 八冊 | 九冊 |", ""),
    ],
)
def test_the_line_above_is_what_a_line_answers(text: str, question: str) -> None:
    assert question_above(text, len(text) - 1) == question


def test_only_an_answer_loses_its_mark() -> None:
    text = "Q. Who built it?\nA. Smith did.\n\nA. Smith is a builder."
    assert answer_mark(text, text.index("A. Smith did")) == 3
    assert answer_mark(text, text.rindex("A. Smith")) == 0


def test_questions_are_a_kind_of_their_own_and_answers_begin_behind_their_mark() -> None:
    sentences = split_sentences(MARKED, title="図書室の案内")
    kinds = [(each.kind, MARKED[slice(*trimmed(MARKED, each))]) for each in sentences]
    assert ("question", "Q. 延滞するとどうなりますか。") in kinds
    assert ("body", "返すまで新しい本を借りられません。") in kinds
    assert [kind for kind, _ in kinds].count("question") == 4
    assert "".join(MARKED[each.start : each.end] for each in sentences) == MARKED


def test_a_question_that_nothing_answers_stays_text() -> None:
    text = "祭りは五月にある。\n来年もありますか？"
    assert not is_answered_below(text, text.index("来年"))
    assert {each.kind for each in split_sentences(text)} == {"body"}


def test_an_answer_is_looked_for_together_with_its_question() -> None:
    start = MARKED.index("返すまで")
    words = "返すまで新しい本を借りられません。"
    found = sought(MARKED, Tables(MARKED), start, start + len(words))
    assert found == f"延滞するとどうなりますか。\n{words}"
    first = MARKED.index("図書室は")
    assert sought(MARKED, Tables(MARKED), first, first + 4) == "図書室は"


@pytest.fixture(scope="module")
def assistant() -> Assistant:
    embedder = load_embedder()
    articles = [
        article_from_bytes(name, text.encode())
        for name, text in (("library.md", MARKED), ("print.md", HEADED))
    ]
    models = Models(embedder, load_reader("bundled"))
    return assemble(Index.in_memory(articles, embedder), models, max_question_characters=200)


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("本は何冊借りられる？", "一度に八冊までです。"),
        ("本の延滞をしたらどうなる？", "返すまで新しい本を借りられません。"),
        ("How can I print a poster?", "Send a PDF to the counter, and collect it the next day."),
    ],
)
def test_the_answer_is_quoted_and_not_the_question(
    assistant: Assistant, question: str, quoted: str
) -> None:
    answer = assistant.ask(question)
    assert answer.citations[0].quote == quoted
    assert all("Q." not in each.quote for each in answer.citations)


def test_a_yes_comes_with_what_is_said_behind_it(assistant: Assistant) -> None:
    answer = assistant.ask("企業の人も使えますか")
    assert {each.quote for each in answer.citations} == {
        "使えます。",
        "ただし年に三千円かかります。",
    }


def test_no_question_of_the_article_is_in_its_summary(assistant: Assistant) -> None:
    answer = assistant.ask("この記事を要約して", article_ids=["library.md"])
    assert answer.citations
    assert all(each.quote in MARKED and "ますか" not in each.quote for each in answer.citations)


def answering(there: str, text: str = "全員にお願いしています。") -> Passage:
    hit = Hit("a", "体育館", None, 2, 0, len(text), text, 1.0)
    return Passage(hit, before=there, question=there)


@pytest.mark.parametrize(
    ("question", "there", "same"),
    [
        ("上履きは必要ですか", "上履きは必要ですか。", True),
        ("体育館では上履きが必要？", "上履きは必要ですか。", True),
        ("試料を捨ててもよいですか", "試料を郵送してもよいですか", False),
        ("上履きは誰に必要ですか", "上履きは必要ですか。", False),
        ("上履き", "上履きと運動着と飲み物の持ち込みについて", False),
    ],
)
def test_the_question_of_an_article_is_the_one_asked(
    question: str,
    there: str,
    same: bool,  # noqa: FBT001
) -> None:
    assert is_asked_in(question, answering(there)) is same


@pytest.mark.parametrize(
    ("question", "there", "other"),
    [
        ("柔道着は必要ですか", "上履きは必要ですか。", True),
        ("上履きは必要ですか", "上履きは必要ですか。", False),
        ("体育館の上履きは必要ですか", "上履きは必要ですか。", False),
        ("Can I run a Windows program?", "Can I run a notebook?", True),
        ("Can I run a notebook?", "Can I run a notebook?", False),
        ("休みはいつ", "上履きは必要ですか。", False),
    ],
)
def test_the_same_may_be_asked_of_another_thing(
    question: str,
    there: str,
    other: bool,  # noqa: FBT001
) -> None:
    assert asks_the_same_of_another(question, answering(there)) is other


def test_what_is_asked_of_another_thing_is_unsure(assistant: Assistant) -> None:
    answer = assistant.ask("ビデオは何冊まで借りられますか", article_ids=["library.md"])
    assert answer.refused or answer.notices


def test_the_very_question_of_an_article_is_answered_at_once(assistant: Assistant) -> None:
    answer = assistant.ask("How do I print a poster?")
    assert answer.citations[0].quote == "Send a PDF to the counter, and collect it the next day."
    assert (answer.citations[0].support or 0) >= 0.6
    assert not answer.notices


def test_an_answer_does_not_begin_with_what_is_so_on_another_day(assistant: Assistant) -> None:
    answer = assistant.ask("土曜日は何時まで開いていますか")
    assert answer.citations[0].quote == "土曜日は13時までです。"
    assert answer.short_answer == "13時"


@pytest.mark.parametrize("before", ["何冊ですか？\n", f"{'雨が降る。' * 100_000}\n何冊ですか？\n"])
def test_no_more_of_a_long_line_is_looked_at_than_a_question_may_have(before: str) -> None:
    text = before + "八冊です。" * 100_000
    first = len(before)
    assert question_above(text, first) == "何冊ですか？"
    assert question_above(text, first + REACH // 2) == "何冊ですか？"
    assert question_above(text, first + 2 * REACH) == ""
    assert is_answered_below(text, before.index("何冊"))
    assert not is_answered_below(text, first)
