"""Next questions over real articles with the bundled models: a new sentence answers each."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from shutten.articles import read_articles
from shutten.assistant import Assistant, assistant_for_articles, assistant_for_files
from shutten.settings import Settings, samples_folder
from shutten.suggesting import SHOWN, Answered, Suggester
from shutten.types import Article, Turn

QUESTION = "青函トンネルは何という海峡の下を通っていますか"
QUESTION_IN_ENGLISH = "How many gears have researchers identified?"
LIGHTHOUSE = Article(
    "lighthouse.txt",
    "岬の灯台",
    "岬の灯台\n\n岬の灯台の高さは26メートルである。岬の灯台は1921年4月に完成した。"
    "岬の灯台の点灯式は強風のため延期された。",
    groups=("keepers",),
)


@pytest.fixture(scope="module")
def assistant() -> Assistant:
    empty = assistant_for_files([], Settings())
    samples = [replace(each, sample=True) for each in read_articles([samples_folder()])]
    return assistant_for_articles([*samples, LIGHTHOUSE], like=empty)


def answered(assistant: Assistant, question: str, *turns: Turn) -> Answered:
    answer = assistant.ask(question, history=turns)
    assert not answer.refused
    return Answered(answer, turns)


@pytest.mark.parametrize("question", [QUESTION, QUESTION_IN_ENGLISH])
def test_each_question_is_answered_by_its_own_sentence_which_was_not_cited(
    assistant: Assistant, question: str
) -> None:
    asked = answered(assistant, question)
    found = Suggester(assistant).suggest(asked)
    assert 0 < len(found) <= SHOWN
    cited = {(each.article_id, each.sentence) for each in asked.answer.citations}
    for each in found:
        answer = assistant.ask(each.question, history=asked.turns)
        assert not answer.refused
        assert not answer.was_rewritten
        assert answer.language == asked.answer.language
        first = answer.citations[0]
        assert (first.article_id, first.sentence) == (each.article_id, each.sentence)
        assert (first.article_id, first.sentence) not in cited
    assert len({(each.article_id, each.sentence) for each in found}) == len(found)


def test_what_was_asked_or_told_before_is_not_suggested_again(assistant: Assistant) -> None:
    asked = answered(assistant, QUESTION)
    turns: tuple[Turn, ...] = ()
    questions: list[str] = []
    while found := Suggester(assistant).suggest(asked):
        assert found[0].question not in questions
        questions.append(found[0].question)
        turns = asked.turns
        asked = answered(assistant, found[0].question, *turns)
    assert len(questions) > 1


def test_a_refusal_has_no_next_questions(assistant: Assistant) -> None:
    answer = assistant.ask("大阪の今日の天気はどうですか")
    assert answer.refused
    assert Suggester(assistant).suggest(Answered(answer)) == ()


def test_no_question_is_made_in_another_language_than_the_one_asked_in(
    assistant: Assistant,
) -> None:
    answer = assistant.ask(QUESTION, language="en")
    assert not answer.refused
    assert Suggester(assistant).suggest(Answered(answer)) == ()


def test_only_the_chosen_articles_answer_them(assistant: Assistant) -> None:
    answer = assistant.ask("岬の灯台の高さは何メートルですか", article_ids=["lighthouse.txt"])
    inside = Suggester(assistant).suggest(Answered(answer, (), ("lighthouse.txt",)))
    assert {each.article_id for each in inside} == {"lighthouse.txt"}
    other = next(e.id for e in assistant.index.articles() if e.id != "lighthouse.txt")
    assert Suggester(assistant).suggest(Answered(answer, (), (other,))) == ()


def test_who_may_not_see_an_article_gets_no_question_from_it(assistant: Assistant) -> None:
    from shutten.errors import UnknownArticleError

    answer = assistant.ask("岬の灯台の高さは何メートルですか")
    assert answer.citations[0].article_id == "lighthouse.txt"
    keeper = Suggester(assistant.seen_by({"keepers"})).suggest(Answered(answer))
    assert keeper
    with pytest.raises(UnknownArticleError):
        Suggester(assistant.seen_by(())).suggest(Answered(answer))


def test_trying_ends_when_nobody_waits(assistant: Assistant) -> None:
    steps = Suggester(assistant).steps(answered(assistant, QUESTION))
    next(steps)
    steps.close()
    assert list(steps) == []


def test_the_time_is_told_and_none_are_found_where_none_are_wanted(assistant: Assistant) -> None:
    asked = answered(assistant, QUESTION)
    added = Suggester(assistant).add_to(asked)
    assert added.timings_ms.suggest > 0
    assert added.timings_ms.total == asked.answer.timings_ms.total
    assert replace(added, suggestions=(), timings_ms=asked.answer.timings_ms) == asked.answer
    assert Suggester(assistant, most=0).suggest(asked) == ()


def test_sample_articles_are_where_the_tests_expect_them() -> None:
    assert {path.name for path in Path(samples_folder()).iterdir()} >= {"seikan-tunnel.md"}


def test_no_question_is_suggested_that_is_longer_than_one_may_be(assistant: Assistant) -> None:
    asked = answered(assistant, QUESTION)
    longest = max(len(each.question) for each in Suggester(assistant).suggest(asked))
    short = assistant.seen_by(None)
    short.max_question_characters = longest - 1
    assert all(len(each.question) < longest for each in Suggester(short).suggest(asked))
    short.max_question_characters = 1
    assert Suggester(short).suggest(asked) == ()
