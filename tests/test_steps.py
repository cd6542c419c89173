"""Steps that are asked for by their number."""

from __future__ import annotations

import pytest
from tests.bundled import bundled_assistant

from shutten.embedding import HashEmbedder
from shutten.index import Index
from shutten.steps import Step, ordered_lists, step_in, step_readings
from shutten.types import Article, Hit, Passage

PAPER = Article(
    "paper.md",
    "紙すきの方法",
    """# 紙すきの方法

紙すきには三時間かかる。

## 手順

1. 楮の皮をはぐ。傷んだ所は捨てる。
2. 釜で皮を煮る。
3. 木槌で皮をたたく。
4. 板に張って乾かす。

手順2で煮すぎると、紙が弱くなる。
""",
)
TEA = Article(
    "tea.md",
    "Making tea",
    """# Making tea

## What to do

1. Boil the water.
2. Warm the pot.
3. Pour the water over the leaves.

## The year

1. In spring the leaves are picked.
2. In summer they are dried.
""",
)
BREAD = Article("bread.md", "パンの手順", "# パンの手順\n\n1. 粉を量る。\n2. 水を加える。\n")


def items(question: str, *articles: Article) -> list[str] | None:
    with Index.in_memory(articles, HashEmbedder()) as index:
        found = [Passage(Hit(each.id, each.title, None, 1, 0, 1, "", 0.5)) for each in articles]
        readings = step_readings(question, found, index)
    return None if readings is None else [each.passage.hit.text for each in readings]


@pytest.mark.parametrize(
    ("question", "step"),
    [
        ("手順5では何をしますか", Step(5, "手順")),
        ("手順５は？", Step(5, "手順")),
        ("手順5の次は何をしますか", Step(5, "手順", after=True)),
        ("三番目の工程は何ですか", Step(3, "工程")),
        ("紙すきの最後の手順を教えてください", Step(-1, "手順", "紙すき")),
        ("What is step 5?", Step(5, "step")),
        ("What comes after step 3?", Step(3, "step", after=True)),
        ("What do I do in the second step of making tea?", Step(2, "step", "making tea")),
        ("What is the last step?", Step(-1, "step")),
    ],
)
def test_a_step_is_asked_for_by_its_number(question: str, step: Step) -> None:
    assert step_in(question) == step


@pytest.mark.parametrize(
    "question",
    [
        "手順は何ですか",
        "手順5では何分煮ますか",
        "手順2の後であれば何日置けますか",
        "How long does step 5 take?",
        "What is a step?",
        "Who wrote step 5?",
    ],
)
def test_other_questions_ask_for_no_step(question: str) -> None:
    assert step_in(question) is None


def test_the_lists_of_an_article_are_numbered_from_one_on() -> None:
    with Index.in_memory([TEA], HashEmbedder()) as index:
        lists = ordered_lists(TEA, index.sentences("tea.md"))
    assert [(each.heading, len(each.items)) for each in lists] == [
        ("What to do", 3),
        ("The year", 2),
    ]


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("手順1では何をしますか", ["楮の皮をはぐ。", "傷んだ所は捨てる。"]),
        ("手順2の次は？", ["木槌で皮をたたく。"]),
        ("最後の手順は？", ["板に張って乾かす。"]),
        ("紙すきの手順4は何ですか", ["板に張って乾かす。"]),
        ("手順5では何をしますか", []),
        ("手順4の次は？", []),
        ("パンの手順4は何ですか", None),
        ("紙すきには何時間かかりますか", None),
    ],
)
def test_the_item_with_that_number_answers_or_nothing(
    question: str, quoted: list[str] | None
) -> None:
    assert items(question, PAPER) == quoted


def test_of_several_lists_the_one_that_fits_is_taken_and_none_of_two() -> None:
    assert items("What is step 3?", TEA) == ["Pour the water over the leaves."]
    assert items("What is step 2?", TEA) is None
    assert items("手順4は何ですか", PAPER, BREAD) == ["板に張って乾かす。"]
    assert items("手順2は何ですか", PAPER, BREAD) is None
    assert items("パンの手順2は何ですか", PAPER, BREAD) == ["水を加える。"]


def test_a_list_in_the_other_language_answers_where_nothing_else_was_found() -> None:
    assert items("What is step 4?", PAPER) == ["板に張って乾かす。"]
    assert items("What is step 4?", PAPER, TEA) is None


def test_a_step_that_is_told_outside_of_the_list_is_not_refused() -> None:
    longer = Article("p.md", "紙", f"{PAPER.text}\n手順7では紙を切る。\n")
    assert items("手順7は何ですか", longer) is None
    assert items("手順6は何ですか", longer) == []


def test_the_assistant_quotes_the_step_or_refuses() -> None:
    assistant = bundled_assistant(PAPER)
    answer = assistant.ask("手順3では何をしますか")
    assert [each.quote for each in answer.citations] == ["木槌で皮をたたく。"]
    assert assistant.ask("手順9では何をしますか").refused
