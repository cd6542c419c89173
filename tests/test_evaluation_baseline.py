from __future__ import annotations

import itertools
import math
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from shutten.evaluation.baseline import K1, B, BigramBM25, bigrams


def test_bigrams_fold_width_and_case_and_stop_at_white_space() -> None:
    assert bigrams("ＡＩ 東京都 x") == ["ai", "東京", "京都", "x"]
    assert bigrams("") == []


def test_the_document_that_shares_the_rarest_bigrams_comes_first() -> None:
    baseline = BigramBM25(["東京の人口", "大阪の人口", "大阪の水運は川に沿う"])
    assert baseline.search("大阪の水運", 3) == [2, 1]
    assert baseline.search("大阪の水運", 1) == [2]


def test_a_document_that_shares_nothing_is_not_found() -> None:
    assert BigramBM25(["東京", "大阪"]).search("札幌", 5) == []
    assert BigramBM25([]).search("札幌", 5) == []


def naive_scores(documents: list[str], question: str) -> list[float]:
    split = [bigrams(document) for document in documents]
    average = max(1.0, sum(map(len, split)) / len(split))
    scores = []
    for words in split:
        total = 0.0
        for term in bigrams(question):
            holders = sum(term in other for other in split)
            if not holders:
                continue
            rarity = math.log(1 + (len(split) - holders + 0.5) / (holders + 0.5))
            times = Counter(words)[term]
            total += rarity * times * (K1 + 1) / (times + K1 * (1 - B + B * len(words) / average))
        scores.append(total)
    return scores


documents = st.lists(st.text(alphabet="東京大阪ab ", max_size=12), min_size=1, max_size=8)


@given(documents, st.text(alphabet="東京大阪ab ", max_size=8))
def test_the_ranking_is_what_a_naive_bm25_gives(pool: list[str], question: str) -> None:
    scores = naive_scores(pool, question)
    found = BigramBM25(pool).search(question, len(pool))
    assert set(found) == {row for row, score in enumerate(scores) if score > 0}
    ranked = [scores[row] for row in found]
    assert all(left >= right - 1e-9 for left, right in itertools.pairwise(ranked))
