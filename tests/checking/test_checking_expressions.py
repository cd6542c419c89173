from __future__ import annotations

from datetime import date

import pytest

from shutten.checking.analysis import analyse
from shutten.checking.dates import clock_times, moments
from shutten.checking.folding import fold
from shutten.checking.numerals import english_value, japanese_value
from shutten.checking.polarity import modality, negators, quantifiers
from shutten.checking.quantities import Bound, quantities
from shutten.names import sounds_alike


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1万8千", 18_000), ("三十四", 34), ("百五十万", 1_500_000), ("2億3000万", 230_000_000),
        ("二〇一六", 2016), ("1,435", 1435), ("12.5", 12.5), ("千百", 1100), ("三兆", 3e12),
    ],
)  # fmt: skip
def test_japanese_numbers(written: str, value: float) -> None:
    assert japanese_value(written) == value


@pytest.mark.parametrize(
    ("written", "value"),
    [("two hundred and five", 205), ("twenty-one", 21), ("three million", 3e6), ("nineteen", 19)],
)
def test_english_numbers(written: str, value: float) -> None:
    assert english_value(written) == value


@pytest.mark.parametrize(
    ("text", "value", "unit", "bound"),
    [
        ("全長は53.85キロメートル", 53_850, "m", "exact"),
        ("1,100人を超える死者", 1100, "person", "over"),
        ("従業員のほぼ8割", 80, "%", "about"),
        ("65歳未満の患者", 65, "age", "under"),
        ("３分の１が残る", 100 / 3, "%", "exact"),
        ("第3回の大会", 3, "ordinal", "exact"),
        ("a third of the machine", 100 / 3, "%", "exact"),
        ("more than 40 metres deep", 40, "m", "over"),
        ("an eight-tonne scanner", 8e6, "g", "exact"),
        ("a cost of £2.4 billion", 2.4e9, "pound", "exact"),
        ("at least 28 people", 28, "person", "least"),
        ("30%を切った場合", 30, "%", "under"),
        ("30%まで下がった", 30, "%", "exact"),
        ("300人まで入れる", 300, "person", "most"),
    ],
)
def test_numbers_have_units_and_bounds(text: str, value: float, unit: str, bound: Bound) -> None:
    (found,) = analyse(text).quantities
    assert found.value == pytest.approx(value)
    assert (found.unit, found.bound) == (unit, bound)


@pytest.mark.parametrize(
    "text", ["一部の患者", "一方で", "十分な水", "千葉の海", "数百の星", "R2を公開"]
)
def test_kanji_and_letters_that_are_no_numbers(text: str) -> None:
    assert analyse(text).quantities == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1954年9月26日に沈没した", (1954, 9, 26)),
        ("昭和29年9月26日", (1954, 9, 26)),
        ("令和元年五月", (2019, 5, None)),
        ("opened on 3 June 1974", (1974, 6, 3)),
        ("June 3, 1974", (1974, 6, 3)),
        ("1974-06-03", (1974, 6, 3)),
        ("around 205 BC", (-205, None, None)),
        ("5月上旬に公開", (None, 5, None)),
    ],
)
def test_dates_in_every_writing(text: str, told: tuple[int | None, ...]) -> None:
    (found,) = moments(fold(text).text)
    assert (found.year, found.month, found.day) == told


def test_may_is_a_month_only_where_a_month_can_stand() -> None:
    assert [m.month for m in moments("it may rain in may")] == [5]


@pytest.mark.parametrize(
    ("word", "told"),
    [("昨年", (2024, None)), ("今月", (2025, 3)), ("先月", (2025, 2)), ("next year", (2026, None))],
)
def test_relative_dates_count_from_the_day_of_the_article(
    word: str, told: tuple[int, int | None]
) -> None:
    (found,) = moments(word, published=date(2025, 3, 10))
    assert (found.year, found.month) == told


def test_the_following_year_counts_from_the_year_told_before() -> None:
    assert [m.year for m in moments("1985年に始まり、翌年に終わった")] == [1985, 1986]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("午後11時20分", 1400), ("23時20分", 1400), ("正午", 720), ("8 p.m.", 1200), ("20:00", 1200)],
)
def test_times_of_day(text: str, minutes: int) -> None:
    assert [each.minutes for each in clock_times(text)] == [minutes]


@pytest.mark.parametrize(
    ("one", "two", "alike"),
    [
        ("ディープシーク", "deepseek", True), ("ロンドン", "london", True),
        ("フランス", "italy", False), ("ロンドン", "paris", False), ("レノボ", "lenovo", True),
    ],
)  # fmt: skip
def test_names_across_the_scripts(one: str, two: str, *, alike: bool) -> None:
    assert sounds_alike(one, two) is alike


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("検出されなかった", 1), ("答えていない", 1), ("公開せず、", 1), ("必ず答える", 0),
        ("資金だけでなく人も", 0), ("届け出なければならない", 0), ("it was not found", 1),
        ("not only here", 0), ("no later than may", 0), ("it has never opened", 1),
    ],
)  # fmt: skip
def test_negations(text: str, count: int) -> None:
    assert len([each for each in negators(text) if not each.soft]) == count


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("打ち上げられる予定である", "planned"), ("改善する可能性がある", "possible"),
        ("打ち上げられた", "fact"), ("it plans to build", "planned"), ("it may rise", "possible"),
        ("it opened in may 1902", "fact"),
    ],
)  # fmt: skip
def test_modality(text: str, expected: str) -> None:
    assert modality(text) == expected


def test_words_of_amount_are_told_apart() -> None:
    assert quantifiers("すべての駅") == {"all"}
    assert quantifiers("一部の駅だけ") == {"some", "only"}
    assert quantifiers("it is held every year") == set()


def test_folding_keeps_the_places() -> None:
    folded = fold("Ｒ２は ｶﾞｽ")
    assert folded.text == "r2は ガス"
    assert folded.span(4, 5) == (4, 6)


def test_a_letter_that_begins_the_next_word_is_no_unit() -> None:
    assert [(q.value, q.unit) for q in quantities("from 238 to 327 gears")] == [
        (238.0, ""),
        (327.0, ""),
    ]
