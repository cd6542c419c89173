"""Which words can be put forward for who and for how many."""

from __future__ import annotations

import pytest

from shutten.spans import Question, Span
from shutten.wording.expressions import asked_kind
from shutten.wording.fitting import Wanted


@pytest.mark.parametrize(
    ("question", "text", "words", "fits"),
    [
        ("株を単離したのは誰ですか", "戸田さんが毛細管洗浄法で単離した。", "毛細管洗浄法", False),
        ("株を単離したのは誰ですか", "戸田さんが毛細管洗浄法で単離した。", "毛細管", False),
        ("株を単離したのは誰ですか", "戸田さんが毛細管洗浄法で単離した。", "戸田さん", True),
        ("軍の大将は誰", "新田義貞率いる軍が城にこもった。", "新田義貞", True),
        ("輪をいくつはめていましたか", "貝製の輪を十一個はめていた。", "貝製", False),
        ("輪をいくつはめていましたか", "貝製の輪を十一個はめていた。", "十一個", True),
        ("派はいくつありますか", "派はふたつある。", "ふたつ", True),
        ("いくつかの川のうち長いのは", "北川が長い。", "北川", True),
        (
            "一日にどれだけ汲めますか",
            "周辺500メートル以内で90リットルまで汲める。",
            "周辺500メートル",
            False,
        ),
        (
            "一日にどれだけ汲めますか",
            "周辺500メートル以内で90リットルまで汲める。",
            "90リットル",
            True,
        ),
        (
            "Who must install it again?",
            "R users must, as `envsave` knows Python only.",
            "envsave",
            False,
        ),
        (
            "Who must install it again?",
            "R users must, as `envsave` knows Python only.",
            "R users",
            True,
        ),
    ],
)
def test_who_and_how_many_are_not_answered_by_things(
    question: str, text: str, words: str, *, fits: bool
) -> None:
    start = text.index(words)
    span = Span(start, start + len(words), 0.0)
    assert Question.of(question).fits(text, span) is fits


@pytest.mark.parametrize(
    ("words", "fits"),
    [
        ("the drum is empty", False),
        ("that the drum is empty", False),
        ("Ana Prado", True),
        ("those who are on the late shift", True),
    ],
)
def test_a_clause_is_no_person(words: str, *, fits: bool) -> None:
    text = f"The lamp shows {words}, says the manual."
    start = text.index(words)
    wanted = Wanted.of("Who comes when the lamp is lit?", "person")
    assert wanted.fits(text, start, start + len(words)) is fits


@pytest.mark.parametrize(
    ("question", "text", "words", "other"),
    [
        ("望遠鏡の価格は？", "望遠鏡は反射式で、500万円を集めた。", "反射式", True),
        ("望遠鏡の価格は？", "望遠鏡は反射式で、500万円を集めた。", "500万円", False),
        ("扉は何色ですか", "扉は樫の板で、緑に塗ってある。", "樫", True),
        ("扉は何色ですか", "扉は樫の板で、緑に塗ってある。", "緑", False),
        ("緩衝液の温度は何度ですか", "緩衝液は20分温める。", "20分", True),
        ("How warm must the buffer be?", "Keep it at 60 °C for 20 minutes.", "20 minutes", True),
        ("How warm must the buffer be?", "Keep it at 60 °C for 20 minutes.", "60 °C", False),
        ("入場はいくらですか", "入場は無料である。", "無料", False),
        ("価格はどちらが高いですか", "価格は白樺より楓が高い。", "楓", False),
        ("How much did the bell cost?", "The bell is of bronze.", "bronze", True),
        ("How much did the bell cost?", "The bell cost ninepence.", "ninepence", False),
        ("How much did the war change him?", "The war changed him deeply.", "deeply", False),
    ],
)
def test_what_something_costs_is_an_amount(
    question: str, text: str, words: str, *, other: bool
) -> None:
    start = text.index(words)
    wanted = Wanted.of(question, asked_kind(question))
    span = text, start, start + len(words)
    assert (wanted.misses(*span), wanted.fits(*span)) == (other, not other)


@pytest.mark.parametrize(("words", "fits"), [("木", False), ("11月28日", True), ("木の床", True)])
def test_the_day_of_the_week_behind_a_date_answers_nothing(words: str, *, fits: bool) -> None:
    text = "次回は11月28日（木）に木の床の部屋で開く。"
    start = text.index(words) if words != "木" else text.index("（木）") + 1
    wanted = Wanted.of("次回の開催場所はどこですか", "place")
    assert wanted.fits(text, start, start + len(words)) is fits


def test_a_date_is_no_place() -> None:
    text = "次回は11月28日（木）に開催する。"
    wanted = Wanted.of("次回の開催場所はどこですか", "place")
    assert wanted.misses(text, 3, text.index("に"))
    assert not wanted.misses("会は第2会議室で開く。", 2, 7)


def test_a_number_is_looked_at_with_the_unit_behind_it() -> None:
    text = "湿った試料の場合は0.7 gとする。"
    start = text.index("0.7")
    wanted = Wanted.of("一度に扱える試料の数は？", "count")
    assert wanted.misses(text, start, start + 3)
    assert not wanted.misses("一回に12本まで扱える。", 3, 5)
