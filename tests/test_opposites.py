"""Sentences about the opposite of what is asked for, or about another one of a series."""

from __future__ import annotations

import pytest

from shutten.opposites import is_of_another_number, tells_the_opposite
from shutten.reader import AskedQuestion
from shutten.types import Hit, Passage


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("シカが減ったのはなぜですか", "雪が少なくなり、シカが増えた。"),
        ("いつ所長を辞任しましたか", "1921年に所長に就任した。"),
        ("柵の外で見つかったのは何株ですか", "柵の中で57株が確認された。"),
        ("館の内側には何がありますか", "館の外側には池がある。"),
        ("計画に賛成したのは誰ですか", "村長は反対した。"),
        ("When did Edith step down?", "Edith became director in 1921."),
        ("Why did the catch decrease?", "The catch increased after 1990."),
    ],
)
def test_the_opposite(question: str, sentence: str) -> None:
    assert tells_the_opposite(question, sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("シカが減ったのはなぜですか", "増えていたシカは、猟で減った。"),
        ("シカは増えましたか、減りましたか", "シカは増えた。"),
        ("柵の外で見つかったのは何株ですか", "柵の外では1株も見つからなかった。"),
        ("柵の外で見つかったのは何株ですか", "袋の中に種があった。"),
        ("増築したのはいつですか", "客が減った1980年に増築した。"),
        ("When did Edith become director?", "Edith became director in 1921."),
    ],
)
def test_no_opposite(question: str, sentence: str) -> None:
    assert not tells_the_opposite(question, sentence)


@pytest.mark.parametrize(
    ("question", "texts", "expected"),
    [
        ("第13回の出席者は？", ("出席者は5名である。", "", "第14回運営会議"), True),
        ("第十三回の出席者は？", ("出席者は5名である。", "", "第13回運営会議"), False),
        ("第13回の出席者は？", ("前回の13回は6名だった。", "", "第14回運営会議"), False),
        ("第13回の出席者は？", ("出席者は5名である。", "", "運営会議"), False),
        ("第13回の出席者は？", ("第3号の冊子である。", "", "運営会議"), False),
        ("第1回と第2回ではどちらが長い？", ("第1回は3日続いた。", "", "大会"), False),
        ("第二十一回は？", ("第120回である。", "", "大会"), True),
    ],
)
def test_another_one_of_a_series(question: str, texts: tuple[str, ...], *, expected: bool) -> None:
    assert is_of_another_number(question, texts) is expected


def test_a_reader_loses_trust_in_another_one_of_a_series() -> None:
    hit = Hit("a", "第14回運営会議", None, 0, 0, 10, "出席者は5名である。", 1.0)
    asked = AskedQuestion.of("第13回の出席者は何名ですか", [Passage(hit)])
    same = AskedQuestion.of("第14回の出席者は何名ですか", [Passage(hit)])
    assert asked.estrangement(Passage(hit), crossed=False) == 4.0
    assert same.estrangement(Passage(hit), crossed=False) == 0.0
