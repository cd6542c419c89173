"""Words of the other language for the measure that a question asks for."""

from __future__ import annotations

import pytest
from tests.bundled import bundled_assistant

from shutten.bilingual import in_other_language
from shutten.types import Article

DAM = (
    "黒岩ダムは、北の谷にあるダムである。谷の村は水の底に沈んだ。堤の全長は212メートルである。"
    "工事には九年かかった。ダムの湖では夏に舟遊びができる。湖の名は公募で決まった。"
    "ダムの下には資料館があり、ダムの模型を見ることができる。ダムの監視所は昼夜人がいる。"
)
OTHERS = (
    Article("mill", "Harrow Mill", "Harrow Mill is a water mill. The mill is long out of use."),
    Article(
        "clock", "The hall clock", "The clock is in the hall. How long it has been is unknown."
    ),
)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How long is the dam?", "長さ 全長 延長"),
        ("What is the height of the tower?", "高さ 標高 全高"),
        ("塔の高さは？", "height high tall"),
        ("入館料はいくらですか", "fee admission"),
    ],
)
def test_a_measure_is_said_in_the_other_language_too(question: str, words: str) -> None:
    assert in_other_language(question) == f"{question} {words}"


@pytest.mark.parametrize("question", ["Who built the dam?", "誰が造りましたか", "Belonging?"])
def test_a_question_for_no_measure_stays(question: str) -> None:
    assert in_other_language(question) == question


def test_a_measure_is_found_in_the_other_language() -> None:
    assistant = bundled_assistant(Article("dam", "黒岩ダム", DAM), *OTHERS)
    found = [each.hit.text for each in assistant.retriever.retrieve("What is the length?", k=3)]
    assert "堤の全長は212メートルである。" in found
