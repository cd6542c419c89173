"""Questions for yes or no: the sentence is shown, and no words are put forward."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shutten.assistant import assistant_for_files
from shutten.settings import Settings
from shutten.wording.yes_no import asks_yes_or_no

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("橋は木造ですか？", True),
        ("橋は1999年に開通したのでしょうか", True),
        ("島に病院はありますか", True),
        ("橋は木造ではありませんか", True),
        ("橋はどこにありますか", False),
        ("橋は何メートルですか", False),
        ("橋は木造ですか、石造ですか", False),
        ("入場料を教えてください", False),
        ("白子から取り出すもの", False),
        ("左の耳が悪かったの？", True),
        ("次の日に続けても大丈夫？", True),
        ("子どもは無料？", True),
        ("犬の散歩は禁止？", True),
        ("何歳まで無料？", False),
        ("普段はなんて呼ばれてる？", False),
        ("作品は版画が多い、油絵が多い？", False),
        ("担当者は？", False),
        ("Is the bridge open?", True),
        ("Did Miriam Osei design it?", True),
        ("Is it red or blue?", False),
        ("Who designed the bridge?", False),
        ("Could you tell me why it closed?", False),
    ],
)
def test_a_question_for_yes_or_no_is_told_by_its_form(question: str, expected: bool) -> None:  # noqa: FBT001
    assert asks_yes_or_no(question) is expected


def test_no_words_stand_before_the_sentence(tmp_path: Path) -> None:
    path = tmp_path / "橋.txt"
    sentence = "渡り橋は1974年6月に開通し、川の北岸と南岸を結んでいる。"
    path.write_text(f"渡り橋\n\n{sentence}\n", encoding="utf-8")
    assistant = assistant_for_files([path], Settings())
    asked, answered = (
        assistant.ask(each)
        for each in ("渡り橋は川の北岸と南岸を結びますか", "渡り橋はどこを結びますか")
    )
    assert (asked.status, asked.short_answer, asked.text) == ("quoted", None, f"{sentence}[1]")
    assert (answered.short_answer or "?") in sentence
