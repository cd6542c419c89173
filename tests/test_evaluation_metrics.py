from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shutten.evaluation.metrics import (
    Decision,
    TradeOff,
    area_under_curve,
    character_f1,
    contains,
    exact_match,
    mean_reciprocal_rank,
    normalise,
    rank_of_first,
    recall_at,
    share,
    trade_off,
)


def test_the_rank_of_the_first_gold_item_counts_from_one() -> None:
    assert rank_of_first(["a", "b", "c"], {"c", "b"}) == 2
    assert rank_of_first(["a", "b"], {"z"}) is None


def test_recall_and_reciprocal_rank_count_misses() -> None:
    ranks = [1, None, 2, 10]
    assert [recall_at(ranks, k) for k in (1, 5, 10)] == [0.25, 0.5, 0.75]
    assert mean_reciprocal_rank(ranks) == pytest.approx((1 + 0 + 0.5 + 0.1) / 4)


def test_the_area_under_the_curve_counts_pairs_and_halves_ties() -> None:
    assert area_under_curve([3.0, 2.0], [1.0, 0.0]) == 1.0
    assert area_under_curve([0.0], [1.0]) == 0.0
    assert area_under_curve([1.0, 2.0], [1.0, 3.0]) == pytest.approx((0.5 + 0 + 1 + 0) / 4)
    assert area_under_curve([], [1.0]) is None
    assert area_under_curve([1.0], []) is None


@given(st.lists(st.integers(0, 5), min_size=1), st.lists(st.integers(0, 5), min_size=1))
def test_the_area_under_the_curve_is_what_a_naive_count_gives(
    higher: list[int], lower: list[int]
) -> None:
    naive = sum((high > low) + (high == low) / 2 for high in higher for low in lower)
    naive /= len(higher) * len(lower)
    assert area_under_curve(higher, lower) == pytest.approx(naive)


def test_a_share_of_nothing_is_none_and_never_a_number() -> None:
    assert share(0, 0) is None
    assert recall_at([], 1) is None
    assert mean_reciprocal_rank([]) is None


def naive_recall(rankings: Sequence[Sequence[int]], golds: Sequence[set[int]], k: int) -> float:
    hits = 0
    for ranking, gold in zip(rankings, golds, strict=True):
        hits += bool(gold & set(ranking[:k]))
    return hits / len(rankings)


@given(
    st.lists(
        st.tuples(st.lists(st.integers(0, 9), unique=True, max_size=8), st.sets(st.integers(0, 9))),
        min_size=1,
    ),
    st.integers(1, 8),
)
def test_recall_is_what_a_naive_count_gives(
    pairs: list[tuple[list[int], set[int]]], k: int
) -> None:
    ranks = [rank_of_first(ranking, gold) for ranking, gold in pairs]
    naive = naive_recall([each[0] for each in pairs], [each[1] for each in pairs], k)
    assert recall_at(ranks, k) == pytest.approx(naive)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("１９８５年。", "1985年"),
        (" 「モナ・リザ」 ", "モナリザ"),
        ("The Nile River", "nileriver"),
        ("ビタミンA", "ビタミンa"),
        ("A", "a"),
        ("an", "an"),
        ("ﾄﾝﾈﾙ", "トンネル"),
        ("コーヒー", "コーヒー"),
    ],
)
def test_normalisation_folds_width_case_and_punctuation_only(text: str, expected: str) -> None:
    assert normalise(text) == expected


def test_exact_match_accepts_any_of_the_answers() -> None:
    assert exact_match("第３章。", ["二章", "第3章"]) == 1.0
    assert exact_match("第3章まで", ["第3章"]) == 0.0
    assert exact_match("", ["第3章"]) == 0.0


def test_character_f1_takes_the_best_answer() -> None:
    assert character_f1("東京都", ["京都", "大阪"]) == pytest.approx(2 * 2 / 5)
    assert character_f1("東京都", ["東京都", "都"]) == 1.0
    assert character_f1("", ["東京"]) == 0.0
    assert character_f1("東京", []) == 0.0


@given(st.text(max_size=20), st.text(max_size=20))
def test_character_f1_is_symmetric_and_within_zero_and_one(left: str, right: str) -> None:
    assert 0 <= character_f1(left, [right]) <= 1
    assert character_f1(left, [right]) == character_f1(right, [left])
    assert character_f1(left, [left]) == 1.0


def test_an_answer_is_found_in_a_text_whatever_its_width() -> None:
    assert contains("年収は１５０万元です。", "150万元")
    assert not contains("年収は80万元です。", "150万元")
    assert not contains(None, "150万元")


def test_the_trade_off_counts_what_lies_below_each_threshold() -> None:
    decisions = [
        Decision(answerable=True, refused=False, confidence=0.9),
        Decision(answerable=True, refused=True, confidence=0.4),
        Decision(answerable=False, refused=True, confidence=None),
        Decision(answerable=False, refused=False, confidence=0.5),
    ]
    assert trade_off(decisions, steps=2) == [
        TradeOff(0.0, answerable_refused=0.0, unanswerable_refused=0.5),
        TradeOff(0.5, answerable_refused=0.5, unanswerable_refused=0.5),
        TradeOff(1.0, answerable_refused=1.0, unanswerable_refused=1.0),
    ]


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1)), max_size=30))
def test_a_higher_threshold_never_refuses_less(pairs: list[tuple[bool, float]]) -> None:
    curve = trade_off(
        [Decision(answerable, refused=False, confidence=c) for answerable, c in pairs]
    )
    shares = [point.answerable_refused for point in curve]
    assert shares == sorted(shares)
