from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shutten.assistant import Assistant, assemble, assistant_for_articles
from shutten.embedding import HashEmbedder, load_embedder
from shutten.index import Index
from shutten.loaded_models import load_models
from shutten.retrieval import Fusion, HybridRetriever, fuse
from shutten.settings import Settings
from shutten.types import Article
from shutten.views import Found

GEARS = Article(
    "gears.txt",
    "歯車",
    "歯車\n\n歯車は青銅で作られた。\n船は1901年に見つかった。\n潜水士が引き上げた。",
)
TUNNEL = Article(
    "tunnel.txt", "海底トンネル", "海底トンネル\n\n工事は1971年に始まった。\n全長は約54キロである。"
)


@pytest.fixture
def index() -> Iterator[Index]:
    with Index.in_memory([GEARS, TUNNEL], HashEmbedder()) as opened:
        yield opened


def found(scores: dict[int, float]) -> list[Found]:
    return [Found(key, score) for key, score in sorted(scores.items(), key=lambda kv: -kv[1])]


def test_fusion_adds_cosines_and_shares_of_the_best_keyword_score() -> None:
    fused = fuse(found({1: 0.8, 2: 0.4}), found({2: 6.0, 3: 3.0}), 0.25)
    assert [(each.key, round(each.score, 4)) for each in fused] == [
        (2, 0.25 * 0.4 + 0.75),
        (3, 0.375),
        (1, 0.2),
    ]


def test_fusion_of_nothing_is_nothing_and_a_cosine_below_zero_counts_nothing() -> None:
    assert fuse([], [], 0.5) == []
    assert fuse(found({1: -0.2}), [], 0.5) == [Found(1, 0.0)]


@given(
    st.dictionaries(st.integers(1, 20), st.floats(-1, 1), max_size=10),
    st.dictionaries(st.integers(1, 20), st.floats(0.01, 30), max_size=10),
)
def test_fusion_equals_the_naive_sum(dense: dict[int, float], keyword: dict[int, float]) -> None:
    fused = fuse(found(dense), found(keyword), 0.3)
    for each in fused:
        share = keyword.get(each.key, 0) / max(keyword.values()) if keyword else 0.0
        assert each.score == pytest.approx(0.3 * max(dense.get(each.key, 0), 0) + 0.7 * share)
    assert [each.score for each in fused] == sorted((e.score for e in fused), reverse=True)
    assert {each.key for each in fused} == set(dense) | set(keyword)


def test_a_sentence_in_another_language_stands_in_the_keyword_leg_by_its_cosine() -> None:
    dense, keyword = found({1: 0.8, 2: 0.4, 3: 0.2}), found({3: 5.0, 2: 1.0})
    fused = fuse(dense, keyword, 0.5, foreign={1, 2, 9})
    assert [(each.key, round(each.score, 4)) for each in fused] == [
        (1, 0.9),  # the best cosine is the best of the keyword leg too
        (3, 0.6),
        (2, 0.325),  # a quarter for half of the best cosine, more than its fifth of the words
    ]
    far, *_ = fuse(found({1: 0.05}), [], 0.5, foreign={1})
    assert round(far.score, 4) == 0.125  # a fifth of what is near
    assert fuse(found({1: 0.0}), keyword, 0.5, foreign={1})[-1] == Found(1, 0.0)


def test_an_english_question_finds_the_japanese_sentence_among_english_ones() -> None:
    embedder = load_embedder("bundled")
    tunnel = Article("tunnel", "青函トンネル", "青函トンネルは1988年3月13日に開業した。")
    machine = Article("machine", "A device", "The front dial carried the zodiac. The rear did not.")
    index = Index.in_memory([replace(machine, language="en"), tunnel], embedder)
    retriever = HybridRetriever(index, embedder)
    first, *_ = retriever.retrieve("When did the Seikan line open?", k=3)
    assert (first.hit.article_id, first.hit.keyword) == ("tunnel", None)
    named, *_ = retriever.retrieve("When did the Seikan Tunnel open?", k=3)
    assert named.hit.article_id == "tunnel"
    assert named.hit.keyword is not None  # by トンネル, which sounds like it
    assert retriever.retrieve("\U0001f643", k=3) == []


def test_a_name_is_found_where_the_article_calls_it_otherwise() -> None:
    text = (
        "親会社のハイフライヤー(High-Flyer)がいる。\n\n創業者はどの会社にもいる。\n\n"
        "ハイフライヤーの創業者は梁文鋒である。\n\n誰が何を言ったかは伝わらない。"
    )
    index = Index.in_memory([Article("a", "新興企業", text)], HashEmbedder())
    retriever = HybridRetriever(index, HashEmbedder())
    found = retriever.retrieve("High-Flyerの創業者は誰ですか", k=4)
    assert found[0].hit.text == "ハイフライヤーの創業者は梁文鋒である。"
    plain = retriever.retrieve("ハイフライヤーの創業者は誰ですか", k=4)
    assert found[0].hit.score >= plain[0].hit.score


def test_a_passage_carries_both_scores_and_its_neighbours(index: Index) -> None:
    passage = HybridRetriever(index, HashEmbedder()).retrieve("船はいつ見つかったか", k=3)[0]
    assert passage.hit.text == "船は1901年に見つかった。"
    assert GEARS.text[passage.hit.start : passage.hit.end] == passage.hit.text
    assert passage.before == "歯車は青銅で作られた。"
    assert passage.after == "潜水士が引き上げた。"
    assert passage.hit.dense is not None
    assert passage.hit.keyword is not None
    assert 0 < passage.hit.score <= 1


def test_article_ids_restrict_before_ranking(index: Index) -> None:
    retriever = HybridRetriever(index, HashEmbedder())
    found_in = retriever.retrieve("船は1901年に見つかった", k=5, article_ids=["tunnel.txt"])
    assert {passage.hit.article_id for passage in found_in} == {"tunnel.txt"}
    assert len(found_in) == 2


def test_some_passages_are_in_the_language_of_the_question_where_there_are_any() -> None:
    english = [f"The old harbour has lamp number {number}." for number in range(12)]
    articles = [
        Article("en", "Harbour", "Harbour\n\n" + " ".join(english), language="en"),
        Article("ja", "港", "港\n\n灯は十二ある。船が着く。harbourの名は古い。", language="ja"),
    ]
    embedder = HashEmbedder()
    retriever = HybridRetriever(Index.in_memory(articles, embedder), embedder)
    found = retriever.retrieve("harbour lamp numberはいくつ", k=10)
    assert len(found) == 10
    assert [each.language for each in found].count("ja") <= 2
    assert "ja" in {each.language for each in found}
    (one,) = retriever.retrieve("harbour lamp numberはいくつ", k=1)
    assert one.language == "en"


PUMPS = Article(
    "pumps.md",
    "Water of the village",
    "# Water of the village\n\n"
    + " ".join(
        f"How much did the Heron cost, and which pump the most, said {number}."
        for number in range(12)
    )
    + "\n\n| Pump | Price |\n|---|---|\n| Otter | 310 |\n| Heron | 455 |\n",
    language="en",
)


@pytest.mark.parametrize("question", ["How much did the Heron cost?", "Which pump cost the most?"])
def test_a_row_that_a_question_names_is_found_behind_what_shares_more_words(question: str) -> None:
    retriever = HybridRetriever(Index.in_memory([PUMPS], HashEmbedder()), HashEmbedder())
    found = retriever.retrieve(question, k=5)
    assert len(found) == 5
    assert found[-1].columns == ("Pump", "Price")
    assert not any(each.columns for each in found[:-1])


def test_a_row_that_no_question_names_is_not_brought() -> None:
    retriever = HybridRetriever(Index.in_memory([PUMPS], HashEmbedder()), HashEmbedder())
    found = retriever.retrieve("How much did the Badger cost?", k=5)
    assert not any(each.columns for each in found)


def test_titles_are_not_served_as_answers(index: Index) -> None:
    texts = [p.hit.text for p in HybridRetriever(index, HashEmbedder()).retrieve("歯車", k=9)]
    assert "歯車" not in texts
    assert texts[0] == "歯車は青銅で作られた。"


def test_depth_limits_what_each_leg_contributes(index: Index) -> None:
    shallow = HybridRetriever(index, HashEmbedder(), Fusion(depth=1))
    assert len(shallow.retrieve("船は1901年に見つかった", k=1)) == 1


BRIDGES = Article(
    "bridges.md",
    "千瀬川の三橋",
    "# 千瀬川の三橋\n\n三つの橋が残る。\n\n## 大手橋\n\n長さは182メートルある。"
    "設計したのは県の技師の牧野鉄之助である。\n\n## 柳橋\n\n長さは41メートルある。"
    "設計者は宮大工の森本清兵衛と伝わる。\n\n## 中の橋\n\n1958年に架け替えられた。",
)


def test_a_passage_has_the_heading_of_its_section() -> None:
    with Index.in_memory([BRIDGES], HashEmbedder()) as index:
        found = HybridRetriever(index, HashEmbedder()).retrieve("橋の長さは何メートルですか", k=9)
        headings = {each.hit.text: each.heading for each in found}
        assert headings["長さは182メートルある。"] == "大手橋"
        assert headings["設計者は宮大工の森本清兵衛と伝わる。"] == "柳橋"
        assert headings["三つの橋が残る。"] == ""
        under = next(each.under for each in found if each.heading == "柳橋")
        assert under == "柳橋 千瀬川の三橋"


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("柳橋の長さは？", "41メートル"),
        ("大手橋の長さは？", "182メートル"),
        ("柳橋は誰が設計したのですか", "森本清兵衛"),
        ("中の橋を設計したのは誰ですか", None),
        ("中の橋の長さは？", None),
    ],
)
def test_a_section_answers_for_its_own_subject_alone(question: str, words: str | None) -> None:
    assistant = assistant_for_articles([BRIDGES], like=_bundled())
    assert assistant.ask(question).short_answer == words


@lru_cache(maxsize=1)
def _bundled() -> Assistant:
    models = load_models(Settings())
    index = Index.in_memory([], models.embedder)
    return assemble(index, models, max_question_characters=2000)
