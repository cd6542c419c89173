from __future__ import annotations

import pytest
from tests.bundled import bundled_assistant

from shutten.assistant import Assistant
from shutten.defining import Definition, asked_about, definition_in
from shutten.types import Article, Hit, Passage, Reading


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("沢光館とは何ですか", "沢光館"),
        ("沢光館とは", "沢光館"),
        ("坂本ふみって誰？", "坂本ふみ"),
        ("「ぬさ」とはどういうものですか", "ぬさ"),
        ("What is the Karl Bridge?", "Karl Bridge"),
        ("what is myki", "myki"),
        ("Who was Ada Palmer?", "Ada Palmer"),
        ("What's a flash flood?", "flash flood"),
    ],
)
def test_what_something_is_is_asked_in_so_many_words(question: str, name: str) -> None:
    assert definition_in(question) == Definition(name)


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("月見橋について教えてください", "月見橋"),
        ("Tell me about the Harrow Valley flood", "Harrow Valley flood"),
    ],
)
def test_where_anything_may_be_told_no_words_of_it_are_shown(question: str, name: str) -> None:
    assert definition_in(question) == Definition(name, is_open=True)
    told = Definition(name, is_open=True).preferred(
        readings("橋", f"{name}は1893年に架けられた橋である。", words="1893年")
    )
    assert [each.start for each in told] == [None]


@pytest.mark.parametrize(
    ("typed", "title", "question"),
    [
        ("月見橋", "月見橋", "月見橋について教えてください"),
        ("月見橋。", "月見橋――川の上の百年", "月見橋について教えてください"),
        ("月見橋", "月見橋（つきみばし）", "月見橋について教えてください"),
        ("harrow mill", "The Harrow Mill: A History", "Tell me about the Harrow Mill"),
        (
            "Harrow Mill: a history",
            "The Harrow Mill: A History",
            "Tell me about the Harrow Mill: A History",
        ),
        ("月見", "月見橋", ""),
        ("橋", "月見橋―橋", ""),
        ("月見橋の長さ", "月見橋", ""),
    ],
)
def test_a_bare_title_asks_about_the_article(typed: str, title: str, question: str) -> None:
    assert asked_about(typed, [passage("橋がある。", 1, title)]) == question


@pytest.mark.parametrize(
    "question",
    [
        "月見橋はいつ完成しましたか",
        "橋の長さは何メートルですか",
        "会長は誰ですか",
        "What is the price of the ticket?",
        "Who was Perkin's professor?",
        "What is it made of?",
    ],
)
def test_a_side_of_something_is_no_definition(question: str) -> None:
    assert definition_in(question) is None


def passage(text: str, number: int, title: str) -> Passage:
    hit = Hit("a", title, None, number, 0, len(text), text, 0.5)
    return Passage(hit, "", "")


TOLD = (
    "坂本ふみは1921年に英国へ渡った。",
    "坂本 ふみ(さかもと ふみ、1887年〈明治20年〉 - 1971年)は、日本の植物学者、教育者。",
    "坂本ふみの父は医師である。",
    "坂本ふみは生涯独身であった。",
)


def readings(title: str, *texts: str, words: str = "") -> list[Reading]:
    return [
        Reading(
            passage(text, number, title),
            start=text.index(words) if words and words in text else None,
            end=text.index(words) + len(words) if words and words in text else None,
            confidence=0.6 - number / 10,
            span_confidence=1.0,
            relevance=-float(number),
        )
        for number, text in enumerate(texts, start=2)
    ]


def best(told: list[Reading]) -> str:
    return max(told, key=lambda each: each.relevance).passage.hit.text


def test_the_first_sentence_that_says_what_it_is_comes_out_best() -> None:
    given = readings("坂本ふみ", *TOLD)
    assert best(Definition("坂本ふみ").preferred(given)) == TOLD[1]
    ahead = Definition("坂本ふみ").ahead([each.passage for each in given])
    assert [each.hit.text for each in ahead] == [TOLD[1], TOLD[3], TOLD[0], TOLD[2]]
    assert Definition("森田千代").preferred(given) == given


@pytest.mark.parametrize(
    ("name", "title", "text", "words", "shown"),
    [
        ("Karl Bridge", "The bridge", "The Karl Bridge is a stone bridge.", "a stone bridge", True),
        ("Karl Bridge", "The bridge", "The Karl Bridge is a stone bridge.", "a stone", False),
        ("Karl tunnel", "柳トンネル―海の下", "柳トンネルは長い。", "柳トンネル", False),
        ("越野紙", "紙", "越野紙とは、楮を原料とする和紙をいう。", "楮", False),
        ("越野紙", "紙", "越野紙とは、楮を原料とする和紙をいう。", "和紙", True),
    ],
)
def test_words_that_are_no_whole_noun_or_the_name_itself_are_not_shown(
    name: str, title: str, text: str, words: str, *, shown: bool
) -> None:
    (told,) = Definition(name).preferred(readings(title, text, words=words))
    assert (told.start is not None) is shown


def test_the_noun_before_a_name_in_quotation_marks_says_what_it_is() -> None:
    text = "1893年に製糸場「沢光館」が開業した。"
    (told,) = Definition("沢光館").preferred(readings("村", text))
    assert text[told.start : told.end] == "製糸場"


VILLAGE = Article(
    "village.md",
    "柳村",
    "# 柳村\n\n柳村は長野県北部にあった村である。1893年に製糸場「沢光館」が開業し、420人が働いた。"
    "沢光館の創業者は、地主の中村伝蔵である。柳村の人口は1950年に2,100人であった。",
)


@pytest.fixture(scope="module")
def assistant() -> Assistant:
    return bundled_assistant(VILLAGE)


@pytest.mark.parametrize(
    ("question", "short", "sentence"),
    [
        ("沢光館とは何ですか", "製糸場", 3),
        ("沢光館の創業者は誰ですか", "中村伝蔵", 4),
        ("柳村について教えて", None, 2),
        ("柳村", None, 2),
    ],
)
def test_what_something_is_is_answered_by_what_defines_it(
    assistant: Assistant, question: str, short: str | None, sentence: int
) -> None:
    answer = assistant.ask(question)
    assert answer.citations[0].sentence == sentence
    assert answer.short_answer == short


def test_what_a_bare_title_is_understood_as_is_told(assistant: Assistant) -> None:
    assert assistant.ask("柳村").standalone_question == "柳村について教えてください"


@pytest.mark.parametrize("piece", ["柳村(", "〈", "とは", "の", "A ", "って何"])
def test_no_repetition_takes_it_long(piece: str) -> None:
    asked = definition_in(piece * 400)
    assert asked is None or asked.name
    given = readings("柳村", f"柳村{piece * 400}")
    assert len(Definition("柳村").preferred(given)) == 1
