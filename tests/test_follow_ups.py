from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from shutten import follow_ups
from shutten.embedding import HashEmbedder
from shutten.follow_ups import FollowUp
from shutten.grounding import UNSURE
from shutten.index import Index
from shutten.retrieval import HybridRetriever
from shutten.types import Article, Passage, Reading, Turn

TUNNEL = Article(
    "tunnel",
    "海峡のトンネル",
    "トンネルの工事は1964年に始まった。理由は沈没だった。費用は6900億円だった。",
)
BRIDGE = Article("bridge", "湾の橋", "橋は1989年に着工した。理由は渋滞だ。費用は1兆円だった。")
SHOWN = "トンネルの工事は1964年に始まった。[1]"


class Recording:
    """Passes searches on and remembers which articles they were restricted to."""

    def __init__(self, retriever: HybridRetriever) -> None:
        self._retriever = retriever
        self.restricted: list[Sequence[str] | None] = []

    def retrieve(
        self, question: str, *, k: int, article_ids: Sequence[str] | None = None
    ) -> list[Passage]:
        self.restricted.append(article_ids)
        return self._retriever.retrieve(question, k=k, article_ids=article_ids)


@pytest.fixture
def retriever() -> Recording:
    embedder = HashEmbedder()
    index = Index.in_memory([TUNNEL, BRIDGE], embedder)
    return Recording(HybridRetriever(index, embedder))


def after(asked: str, standalone: str, *answers: str) -> FollowUp:
    return FollowUp(asked, standalone, "トンネルの工事はいつ始まりましたか", answers)


def texts(passages: Sequence[Passage]) -> list[str]:
    return [passage.hit.text for passage in passages]


def test_a_bare_question_finds_its_sentence_in_the_article_that_was_talked_about(
    retriever: Recording,
) -> None:
    alone = retriever.retrieve("理由は？", k=1)
    assert alone[0].hit.article_id == "bridge"
    found = follow_ups.retrieve(after("理由は？", "工事の理由は？", SHOWN), retriever, k=3)
    assert found[0].hit.text == "理由は沈没だった。"
    scores = [passage.hit.score for passage in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert len({(p.hit.article_id, p.hit.sentence) for p in found}) == len(found) == 3


def test_what_stands_alone_is_looked_for_in_the_article_that_was_talked_about_too(
    retriever: Recording,
) -> None:
    found = follow_ups.retrieve(after("理由は？", "理由は？", SHOWN), retriever, k=3)
    assert found[0].hit.text == "理由は沈没だった。"
    assert 0 < found[0].hit.score <= 1


def test_where_the_last_answer_was_a_refusal_the_question_before_tells_the_article(
    retriever: Recording,
) -> None:
    found = follow_ups.retrieve(after("理由は？", "工事の理由は？", ""), retriever, k=1)
    assert texts(found) == ["理由は沈没だった。"]


def test_a_new_topic_in_the_question_outweighs_the_old_article(retriever: Recording) -> None:
    changed = after("湾の橋の費用は？", "トンネルの湾の橋の費用は？", SHOWN)
    assert follow_ups.retrieve(changed, retriever, k=1)[0].hit.article_id == "bridge"


def test_who_asks_for_more_is_shown_what_was_quoted_last_of_all(retriever: Recording) -> None:
    standalone = "トンネルの工事は他にいつ始まりましたか"
    again = follow_ups.retrieve(after("それは？", standalone, SHOWN), retriever, k=6)
    assert texts(again)[0] == "トンネルの工事は1964年に始まった。"
    more = follow_ups.retrieve(after("他には？", standalone, SHOWN), retriever, k=6)
    assert texts(more)[-1] == "トンネルの工事は1964年に始まった。"
    assert sorted(texts(more)) == sorted(texts(again))


@pytest.mark.parametrize(
    ("asked", "more"),
    [
        ("他には？", True),
        ("ほかに何かありますか", True),
        ("その次に重要なのは？", True),
        ("もっと詳しく", True),
        ("Anything else?", True),
        ("Which other dials?", True),
        ("それはいつ？", False),
        ("他国の反応は？", False),
        ("Where is its mother?", False),
    ],
)
def test_some_questions_ask_for_more(asked: str, more: bool) -> None:  # noqa: FBT001
    assert FollowUp(asked, asked).wants_more is more


def test_only_the_articles_that_are_asked_are_searched(retriever: Recording) -> None:
    follow_up = after("理由は？", "工事の理由は？", SHOWN)
    found = follow_ups.retrieve(follow_up, retriever, k=5, article_ids=["bridge"])
    assert {passage.hit.article_id for passage in found} == {"bridge"}
    assert retriever.restricted == [["bridge"], ["bridge"]]
    retriever.restricted.clear()
    both = ["tunnel", "bridge"]
    follow_ups.retrieve(follow_up, retriever, k=5, article_ids=both)
    inside = [["tunnel"], ["bridge"]]
    assert retriever.restricted == [both, both, both, *inside, both, *inside]


def test_two_readings_are_joined_passage_by_passage(retriever: Recording) -> None:
    first, second = retriever.retrieve("理由は？", k=2)
    rewritten = [Reading(first, 1.0, 0.2, 0, 2), Reading(second, 0.5, 0.9, 1, 3)]
    typed = [Reading(first, 3.0, 0.6, 4, 6), Reading(second, 0.0, 0.1, 5, 7)]
    assert follow_ups.joined(rewritten, typed) == [
        Reading(first, 2.0, 0.6, 4, 6),
        Reading(second, 0.25, 0.9, 1, 3),
    ]


def in_turn(retriever: Recording, *relevances: float, confidence: float = 0.9) -> list[Reading]:
    """Readings of the sentences of the article on the tunnel, in their order."""
    found = retriever.retrieve("工事 理由 費用", k=9, article_ids=["tunnel"])
    ordered = sorted(found, key=lambda each: each.hit.sentence)
    return [
        Reading(passage, relevance, confidence)
        for passage, relevance in zip(ordered, relevances, strict=True)
    ]


def test_what_was_shown_goes_back_and_what_follows_it_comes_forward(retriever: Recording) -> None:
    readings = in_turn(retriever, 2.0, 1.5, 1.9)
    passages = [each.passage for each in readings]
    moved = follow_ups.in_course(readings, passages, [SHOWN], 0.5)
    assert [each.relevance for each in moved] == pytest.approx([1.0, 1.8, 2.2])
    assert [each.confidence for each in moved] == [0.9] * 3
    earlier = follow_ups.in_course(readings, passages, [SHOWN, "別の答え"], 0.5)
    assert [each.relevance for each in earlier] == pytest.approx([1.0, 1.5, 1.9])
    assert follow_ups.in_course(readings, passages, [], 0.5) == readings
    assert follow_ups.in_course([], [], [SHOWN], 0.5) == []


def test_what_was_shown_stays_where_nothing_else_answers(retriever: Recording) -> None:
    first, *others = in_turn(retriever, 2.0, 1.5, 1.9)
    readings = [first, *(replace(each, confidence=0.1) for each in others)]
    passages = [each.passage for each in readings]
    assert follow_ups.in_course(readings, passages, [SHOWN], 0.5) == readings


DEER = Article(
    "deer",
    "鹿の調査",
    "鹿は21頭に減った。この減少は、猟師が412頭を捕ったことによる。植生が戻らないのは土のためである。",
)


def why(question: str, article: Article, shown: str) -> list[tuple[float, float]]:
    """Relevance and confidence of each sentence, that of the second lowest before."""
    embedder = HashEmbedder()
    index = Index.in_memory([article], embedder)
    found = HybridRetriever(index, embedder).retrieve(article.text, k=9)
    ordered = sorted(found, key=lambda each: each.hit.sentence)
    readings = [
        Reading(each, relevance, 0.1)
        for each, relevance in zip(ordered, (1.0, -1.0, 2.0), strict=True)
    ]
    told = follow_ups.reasoned(question, readings, ordered, [shown])
    return [(each.relevance, each.confidence) for each in told]


@pytest.mark.parametrize(
    "question", ["なぜ？", "それはなぜですか", "なぜそう減ったのですか", "Why was that?"]
)
def test_the_reason_behind_what_was_said_answers_a_bare_why(question: str) -> None:
    told = why(question, DEER, "鹿は21頭に減った。[1]")
    assert told[0] == (1.0, 0.1)
    assert told[2] == (2.0, 0.1)
    assert told[1][0] > 2.0
    assert told[1][1] == UNSURE


def test_another_question_and_another_topic_have_no_reason_there() -> None:
    assert why("なぜ植生は戻らないのですか", DEER, "鹿は21頭に減った。[1]")[1] == (-1.0, 0.1)
    assert why("なぜ？", DEER, "この減少は、猟師が412頭を捕ったことによる。[1]")[2] == (2.0, 0.1)
    assert why("なぜ？", DEER, "別の答え。[1]")[1] == (-1.0, 0.1)


FEAST = Article("feast", "月見の宴", "月見の宴は9月に開かれる。会場は城跡である。")


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("湾の橋はいつ着工しましたか", 0),
        ("では、湾の橋の費用はいくらですか", 0),
        ("湾の橋は？", 1),  # asks the earlier question of it
        ("費用はいくらですか", 1),
        ("海峡のトンネルの費用はいくらですか", 1),
        ("月見の宴っていつ？", 0),
    ],
)
def test_a_question_about_the_title_of_another_article_begins_anew(
    question: str, kept: int
) -> None:
    embedder = HashEmbedder()
    index = Index.in_memory([TUNNEL, BRIDGE, FEAST], embedder)
    history = [Turn("海峡のトンネルの工事はいつ始まりましたか", SHOWN)]
    found = follow_ups.continued(question, history, HybridRetriever(index, embedder))
    assert len(found) == kept
