"""A question about something else in a conversation, which no word announces."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.bundled import bundled_assistant

from shutten.articles import read_articles
from shutten.assistant import Assistant
from shutten.conversation import may_begin_anew
from shutten.types import Turn

SAMPLES = Path(__file__).parents[1] / "articles"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("ルートの候補にはどんな案がありましたか", True),
        ("近所の住民への説明会が必要なのはいつですか", True),
        ("NR-3がもう残っていないのはなぜ", True),
        ("その最高速度は時速何キロですか", False),
        ("彼が設計した建物の名前は？", False),
        ("では北海道新幹線の最高速度は？", False),
        ("その後の調査の結果は？", False),
        ("高さは？", False),
        ("いつですか", False),
        ("Which two stations does the Hokkaido Shinkansen connect?", True),
        ("How deep did the wreck lie?", True),
        ("How deep did it lie?", False),
        ("And the sleeper trains?", False),
        ("Which stations were opened afterwards?", False),
        ("Why?", False),
    ],
)
def test_a_question_that_points_at_nothing_and_has_words_of_its_own_may_begin_anew(
    question: str, *, expected: bool
) -> None:
    assert may_begin_anew(question) is expected


@pytest.fixture(scope="module")
def assistant() -> Assistant:
    return bundled_assistant(*read_articles([SAMPLES]))


def told(assistant: Assistant, question: str) -> Turn:
    return Turn(question, assistant.ask(question).text)


@pytest.mark.parametrize(
    ("before", "question"),
    [
        (
            "アンティキティラ島の機械はどこで見つかりましたか",
            "ルートの候補にはどんな案がありましたか",
        ),
        ("梁文鋒氏はどこで生まれましたか", "下北半島を通るルートの難点は何でしたか"),
        (
            "Who was the first person to spot the sunken ship?",
            "Which two stations does the Hokkaido Shinkansen connect?",
        ),
        ("How long is the Seikan Tunnel?", "Who first spotted the sunken ship with the bronzes?"),
    ],
)
def test_it_is_answered_as_if_it_were_the_first_one(
    assistant: Assistant, before: str, question: str
) -> None:
    alone = assistant.ask(question)
    answer = assistant.ask(question, history=[told(assistant, before)])
    assert not alone.refused
    assert answer.citations == alone.citations
    assert answer.standalone_question == question


@pytest.mark.parametrize(
    ("before", "question"),
    [
        ("梁文鋒氏はどこで生まれましたか", "青函トンネルの総工費はいくらですか"),
        ("How long is the Seikan Tunnel?", "What did the wreck's ticket office cost?"),
    ],
)
def test_what_no_article_answers_is_refused_as_before(
    assistant: Assistant, before: str, question: str
) -> None:
    assert assistant.ask(question, history=[told(assistant, before)]).refused


def test_what_points_back_is_not_asked_of_other_articles(assistant: Assistant) -> None:
    before = told(assistant, "How deep did the wreck with the Antikythera mechanism lie?")
    answer = assistant.ask("How many passengers does it carry a day?", history=[before])
    assert all(each.article_id != "seikan-tunnel.md" for each in answer.citations)
