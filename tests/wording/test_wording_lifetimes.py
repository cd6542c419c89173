"""Dates of birth and death behind a name, of which one is asked for."""

from __future__ import annotations

import pytest

from shutten.spans import Question, Span, SpanChooser
from shutten.wording.lifetimes import one_of_lifetime

JAPANESE = "原田しの（はらだ しの、1901年3月4日 - 1980年5月6日）は、日本の陶芸家である。"
ENGLISH = "Edith Moss (4 March 1901 – 6 May 1980) was a potter."
REIGN = "原田王（在位: 1901年 - 1980年）は、王である。"
BOTH_JAPANESE, BOTH_ENGLISH = "1901年3月4日 - 1980年5月6日", "4 March 1901 – 6 May 1980"


@pytest.mark.parametrize(
    ("question", "text", "chosen", "expected"),
    [
        ("原田しのの誕生日は？", JAPANESE, BOTH_JAPANESE, "1901年3月4日"),
        ("原田しのはいつ生まれましたか", JAPANESE, "1980年5月6日", "1901年3月4日"),
        ("原田しのはいつ亡くなりましたか", JAPANESE, BOTH_JAPANESE, "1980年5月6日"),
        ("原田しのは何年に生まれましたか", JAPANESE, "1901年", "1901年"),
        ("原田しのの生没年は？", JAPANESE, BOTH_JAPANESE, BOTH_JAPANESE),
        ("原田しのはどこで生まれましたか", JAPANESE, BOTH_JAPANESE, BOTH_JAPANESE),
        ("When was Edith Moss born?", ENGLISH, BOTH_ENGLISH, "4 March 1901"),
        ("When did Edith Moss die?", ENGLISH, BOTH_ENGLISH, "6 May 1980"),
        ("原田王はいつ生まれましたか", REIGN, "1901年 - 1980年", "1901年 - 1980年"),
    ],
)
def test_the_date_that_is_asked_for(question: str, text: str, chosen: str, expected: str) -> None:
    asked, start = Question.of(question), text.find(chosen)
    first, last = one_of_lifetime(asked.asked, asked.kind, text, start, start + len(chosen))
    assert text[first:last] == expected


def test_the_chosen_words_are_one_of_both_dates() -> None:
    start = JAPANESE.find(BOTH_JAPANESE)
    span = Span(start, start + len(BOTH_JAPANESE), -0.1)
    chosen = SpanChooser({}).choose(Question.of("原田しのの誕生日は？"), JAPANESE, [span], "ja")
    assert chosen is not None
    assert JAPANESE[chosen.start : chosen.end] == "1901年3月4日"
