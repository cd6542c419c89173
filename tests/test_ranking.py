from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shutten.articles import read_articles
from shutten.associations import STRENGTH, Associations, save
from shutten.embedding import load_embedder
from shutten.errors import ModelError
from shutten.index import Index
from shutten.ranking import (
    FEATURES,
    FOLDER,
    Candidate,
    Ranking,
    Rarity,
    bundled_ranking,
    features,
)
from shutten.retrieval import HybridRetriever
from shutten.settings import samples_folder
from shutten.tokens import SoughtTokens, tokenise

TABLE = {"長さ": [("全長", 3.0), ("km", 1.5)], "found": [("came", 2.0)]}
NOTHING = Associations.of_table({})


def test_a_table_comes_back_as_it_was_written(tmp_path: Path) -> None:
    save(TABLE, tmp_path / "table")
    read = Associations.load(tmp_path / "table")
    assert len(read) == 2
    assert read.of("長さ") == [("全長", 3.0), ("km", 1.5)]
    assert read.of("found") == [("came", 2.0)]
    assert read.of("高さ") == []


def test_a_weight_is_kept_to_a_thirty_second_and_below_eight() -> None:
    read = Associations.of_table({"a": [("b", 1.01), ("c", 99.0)]})
    assert read.of("a") == [("c", 255 / STRENGTH), ("b", 32 / STRENGTH)]


def test_a_table_that_is_none_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "table").write_bytes(b"none")
    with pytest.raises(ModelError, match="install Shutten again"):
        Associations.load(tmp_path / "table")


def test_a_model_that_is_none_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="install it again"):
        Ranking.load(tmp_path)
    (tmp_path / "ranking.json").write_text('{"ja": {"weights": []}}', encoding="utf-8")
    with pytest.raises(ModelError, match="install it again"):
        Ranking.load(tmp_path)


def valued(
    question: str, *candidates: Candidate, associations: Associations = NOTHING
) -> list[dict[str, float]]:
    rarity = Rarity({"橋": 4, "長さ": 1}, 10)
    rows = features(question, candidates, rarity, associations)
    return [dict(zip(FEATURES, row.tolist(), strict=True)) for row in rows]


def test_what_a_sentence_shares_with_the_question_is_told_with_and_without_its_neighbours() -> None:
    (row,) = valued(
        "月見橋の長さは",
        Candidate("a", 2, "月見橋", "全部で48メートルある。", "長さを測った。", "橋は木造だ。"),
    )
    assert (
        row["tokens"]
        < row["tokens_before"]
        <= row["tokens_around"]
        == pytest.approx(row["tokens_before"])
    )
    assert row["tokens_after"] == row["tokens"]
    assert (row["first"], row["foreign"], row["cosine"]) == (0.5, 0.0, -2.0)
    assert (row["count"], row["date"], row["reason"]) == (1.0, 0.0, 0.0)
    assert row["length"] == pytest.approx(math.log(13) / 5)


def test_a_token_in_the_place_of_another_counts_where_that_one_is_missing() -> None:
    known = Associations.of_table({"長さ": [("全長", 3.0)]})
    without, with_it, both = valued(
        "橋の長さは",
        Candidate("a", 1, "", "橋は新しい。"),
        Candidate("a", 2, "", "全長は48メートル。"),
        Candidate("a", 3, "", "全長とは長さである。"),
        associations=known,
    )
    assert with_it["associated"] > without["associated"] == both["associated"] == 0.0


def test_cosines_are_told_in_standard_deviations() -> None:
    rows = valued("x", *(Candidate("a", n, "", "y", cosine=c) for n, c in ((1, 0.2), (2, 0.6))))
    assert [round(row["cosine"], 2) for row in rows] == [-1.0, 1.0]
    assert [round(row["article_cosine"], 2) for row in rows] == [1.0, 1.0]


def test_one_candidate_and_none_are_fine() -> None:
    assert bundled_ranking().scores("x", [], Rarity({}, 0)) == []
    (score,) = bundled_ranking().scores("？", [Candidate("a", 1, "", "")], Rarity({}, 0))
    assert 0 <= score <= 1


@given(
    st.text(alphabet="長さ橋は48 mabc、", max_size=12),
    st.text(alphabet="長さ橋48 mabc", max_size=20),
)
def test_scores_are_probabilities_whatever_is_asked(question: str, text: str) -> None:
    candidates = [Candidate("a", 1, "橋", text, cosine=0.3), Candidate("b", 9, "", text, text)]
    scores = bundled_ranking().scores(question, candidates, Rarity({}, 2))
    assert len(scores) == len(candidates)
    assert all(0 <= score <= 1 and np.isfinite(score) for score in scores)


@given(
    st.text(alphabet="長さ橋はをト48 mabcdef、.", max_size=30),
    st.text(alphabet="長さ橋はをト48 mabcdef", max_size=9),
)
def test_sought_tokens_are_those_that_the_tokeniser_finds(text: str, question: str) -> None:
    sought = {token for token in tokenise(question) if len(token) > 1 or not token.isalpha()}
    assert SoughtTokens(sought).held_by(text) == sought & set(tokenise(text))


def test_the_bundled_model_says_what_it_was_fitted_on() -> None:
    known = json.loads((FOLDER / "ranking.json").read_text(encoding="utf-8"))
    assert all(set(known[name]["weights"]) == set(FEATURES) for name in ("ja", "en"))
    assert known["held out"]["JaQuAD"]["R@5 ranked"] > known["held out"]["JaQuAD"]["R@5 fused"]


def test_how_long_brings_the_full_length_before_the_length_of_a_part() -> None:
    embedder = load_embedder("bundled")
    with Index.in_memory(read_articles([samples_folder()]), embedder) as index:
        ranked = HybridRetriever(index, embedder, ranking=bundled_ranking())
        plain = HybridRetriever(index, embedder)
        question = "青函トンネルの長さは？"
        best = [each.hit.text for each in ranked.retrieve(question, k=5)]
        assert any("53.85キロメートル" in text for text in best)
        assert not any(
            "53.85キロメートル" in each.hit.text for each in plain.retrieve(question, k=5)
        )
        found = ranked.retrieve(question, k=10)
        scores = [each.hit.score for each in found]
        assert scores == sorted(scores, reverse=True)
        assert len({each.hit.sentence for each in found}) == 10
        assert ranked.retrieve(question, k=3, article_ids=[]) == []
