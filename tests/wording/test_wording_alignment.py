"""Of several things of one kind in a sentence, the one whose clause says what the question says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shutten.wording.alignment import NAMES, alignment

ROLES = "発案したのは平野誠で、種子を集めたのは教え子の鮎川静、費用を出したのは大葉商店だった。"
PAID = (
    "The hall was designed by Ruth Amber, built by Dunmore, and paid for by the heir Colin Strake."
)


def aligned(question: str, text: str, words: str) -> dict[str, float]:
    start = text.index(words)
    return alignment(question, text, start, start + len(words))


@pytest.mark.parametrize(
    ("question", "text", "right", "wrong"),
    [
        ("種子を集めたのは誰ですか", ROLES, "鮎川静", ("平野誠", "大葉商店")),
        ("発案した人は？", ROLES, "平野誠", ("鮎川静", "大葉商店")),
        ("費用は誰が出した", ROLES, "大葉商店", ("平野誠", "鮎川静")),
        ("who designed the hall?", PAID, "Ruth Amber", ("Dunmore", "Colin Strake")),
        ("who paid for it?", PAID, "Colin Strake", ("Dunmore",)),
        ("幅は？", "長さは１２メートル、幅は３メートルである。", "３メートル", ("１２メートル",)),
    ],
)
def test_the_clause_with_the_words_of_the_question_is_ahead(
    question: str, text: str, right: str, wrong: tuple[str, ...]
) -> None:
    found = aligned(question, text, right)
    assert (found["ahead"], found["behind"]) == (1.0, 0.0)
    for words in wrong:
        other = aligned(question, text, words)
        assert (other["ahead"], other["behind"]) == (0.0, 1.0)
        assert other["own clause"] < found["own clause"]


def test_words_of_the_question_tell_more_of_what_is_near() -> None:
    text = "Her builder worked from a model carved by Silas Boyle and a figure cut by Mary Dunne."
    boyle, dunne = (
        aligned("who carved the model?", text, name)["near"]
        for name in ("Silas Boyle", "Mary Dunne")
    )
    assert boyle > 2 * dunne


@pytest.mark.parametrize(
    ("text", "denied", "true"),
    [
        ("原料は三椏と紹介されることがあるが、実際には楮を使う。", "三椏", "楮"),
        ("作ったのは兄ではなく弟である。", "兄", "弟"),
        ("土は潟の底から取る計画だったが、赤土山から運ばれた。", "潟の底", "赤土山"),
        ("橋は2年の予定で始まり、5年を要した。", "2年", "5年"),
        (
            "It was named not after the owner's wife but after the teacher.",
            "owner's wife",
            "teacher",
        ),
        ("Rather than oak, the keel was made of elm.", "oak", "elm"),
        ("The pier had been planned in limestone, but granite was used.", "limestone", "granite"),
    ],
)
def test_what_is_denied_or_was_merely_planned(text: str, denied: str, true: str) -> None:
    assert aligned("何ですか", text, denied)["denied"] == 1.0
    assert aligned("何ですか", text, true)["denied"] == 0.0
    assert aligned("当初の予定は何でしたか", text, denied)["denied asked"] == 1.0


def test_what_is_asked_of_now_stands_late_and_of_then_early() -> None:
    text = "料金は300円だったが、400円になった。"
    assert (
        aligned("現在の料金は？", text, "400円")["late asked"]
        > aligned("現在の料金は？", text, "300円")["late asked"]
        > 0
    )
    assert aligned("最初の料金は？", text, "300円")["early asked"] > 0
    assert aligned("料金は？", text, "300円")["late asked"] == 0


@given(st.text(max_size=60), st.text(min_size=1, max_size=120), st.data())
def test_every_feature_is_from_0_to_1_whatever_is_asked(
    question: str, text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = alignment(question, text, start, end)
    assert tuple(found) == NAMES
    assert all(0 <= value <= 1 for value in found.values())


@pytest.mark.parametrize(
    "question",
    [
        "What is the town known for?", "Who was it named after?", "Who founded the plant?",
        "How many golds did she win?", "Which planet is it?", "名前は何ですか", "地元の人は誰",
        "午後は何時からですか", "今井さんの料金は", "誤差はいくら",
    ],
)  # fmt: skip
def test_words_that_merely_look_like_now_then_or_planned_ask_for_neither(question: str) -> None:
    found = aligned(question, "料金は300円の予定だったが、400円になった。", "300円")
    assert (found["late asked"], found["early asked"], found["denied asked"]) == (0, 0, 0)
