"""A question about something else in a conversation, which no word announces."""

from __future__ import annotations

from collections.abc import Sequence
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


class MistakenRewriter:
    """Takes every question after the first for one about a canteen."""

    def rewrite(self, question: str, history: Sequence[Turn]) -> str:
        lunch = "DeepSeekの社員食堂でR2の会社の社員が昼に食べる献立は何ですか"
        return lunch if history else question


@pytest.fixture(scope="module")
def mistaken(assistant: Assistant) -> Assistant:
    found, read, embedder = assistant.retriever, assistant.reader, assistant.embedder
    return Assistant(assistant.index, found, read, embedder, rewriter=MistakenRewriter())


BEFORE = "R2はいつ公開される予定でしたか"


@pytest.mark.parametrize(
    "question",
    [
        "ルートの候補にはどんな案がありましたか",
        "海底部の長さは何キロですか",
        "1964年に斜坑の掘削が始まった場所はどこですか",
    ],
)
def test_it_is_answered_as_if_it_were_the_first_one(
    assistant: Assistant, mistaken: Assistant, question: str
) -> None:
    alone = assistant.ask(question)
    first, *_, answer = mistaken.stream(question, history=[told(assistant, BEFORE)])
    assert first.standalone_question != question
    assert not alone.refused
    assert (answer.standalone_question, answer.hits) == (question, alone.hits)
    assert answer.citations == alone.citations


def test_of_two_refusals_the_one_is_shown_that_is_nearer_to_an_answer(
    assistant: Assistant, mistaken: Assistant
) -> None:
    question = "下北半島を経由する東側の案の最大水深は何メートルですか"
    alone = assistant.ask(question)
    answer = mistaken.ask(question, history=[told(assistant, BEFORE)])
    assert alone.refused
    assert (answer.refused, answer.standalone_question) == (True, question)
    assert answer.hits == alone.hits


def test_a_follow_up_that_is_nearer_to_an_answer_stays_one(
    assistant: Assistant, mistaken: Assistant
) -> None:
    answer = mistaken.ask("火星の衛星の直径は何キロですか", history=[told(assistant, BEFORE)])
    assert answer.refused
    assert "社員食堂" in answer.standalone_question


def test_what_points_back_is_not_asked_of_other_articles(assistant: Assistant) -> None:
    before = told(assistant, "How deep did the wreck with the Antikythera mechanism lie?")
    answer = assistant.ask("How many passengers does it carry a day?", history=[before])
    assert all(each.article_id != "seikan-tunnel.md" for each in answer.citations)
