from __future__ import annotations

import pytest

from shutten.wording.counters import asked_counters, counted_in
from shutten.wording.expressions import asked_kind
from shutten.wording.fitting import Wanted


@pytest.mark.parametrize(
    "question",
    ["県の負担割合は？", "外国人の比率を教えて", "What share of the cost did the town pay?"],
)
def test_a_share_is_asked_for(question: str) -> None:
    assert asked_counters(question) == {"percent"}


@pytest.mark.parametrize("question", ["割合が高いのはどちらですか", "割合を調べたのは誰ですか"])
def test_a_share_that_is_merely_spoken_of_is_not(question: str) -> None:
    assert asked_counters(question) == frozenset()


@pytest.mark.parametrize("words", ["40%", "三分の二", "5分の1", "4割", "10人に1人"])
def test_what_tells_a_share(words: str) -> None:
    assert counted_in(words) <= {"percent"}
    wanted = Wanted.of("国の負担割合は？", asked_kind("国の負担割合は？"))
    assert wanted.fits(words, 0, len(words))


@pytest.mark.parametrize("words", ["67億円", "12人", "国"])
def test_another_number_is_no_share(words: str) -> None:
    wanted = Wanted.of("国の負担割合は？", asked_kind("国の負担割合は？"))
    assert not wanted.fits(words, 0, len(words))


def test_minutes_are_counted_as_before() -> None:
    assert counted_in("徒歩15分") == {"duration"}
