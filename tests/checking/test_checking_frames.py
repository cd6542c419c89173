from __future__ import annotations

import pytest

from shutten.checking.analysis import analyse
from shutten.checking.frames import frames_of, logical_roles


def told(text: str) -> list[str]:
    return [frame.text_of(analyse(text)) for frame in frames_of(text)]


def taken_over(text: str) -> list[tuple[list[str], list[str]]]:
    return [([w.key for w in f.subjects], [w.key for w in f.shared]) for f in frames_of(text)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("南岳は標高2841メートル、北岳は標高2790メートルである。", ["南岳は標高2841メートル、", "北岳は標高2790メートルである。"]),
        ("牧場では羊を210頭、山羊を45頭飼っている。", ["牧場では羊を210頭、", "山羊を45頭飼っている。"]),
        ("12日午前4時ごろ、工場で火事があった。", ["12日午前4時ごろ、工場で火事があった。"]),
        ("昨年2位だった原田さんが制した。", ["昨年2位だった", "原田さんが制した。"]),
        ("The farm keeps 210 sheep and 45 goats.", ["the farm keeps 210 sheep", "and 45 goats."]),
        ("It opens at 9 a.m. and closes at noon.", ["it opens at 9 a.m.", "and closes at noon."]),
        ("The city built a bridge over the river.", ["the city built a bridge over the river."]),
    ],
)  # fmt: skip
def test_a_frame_holds_one_statement(text: str, parts: list[str]) -> None:
    assert told(text) == parts


def test_a_verb_behind_and_a_subject_in_front_are_taken_over() -> None:
    assert taken_over("竜門ダムは1962年に、猿谷ダムは1971年に完成した。") == [
        ([], ["完成"]),
        ([], []),
    ]
    assert taken_over("図書館は移転し、来年開く。") == [([], []), (["図書館"], [])]
    assert taken_over("The library moved and opened.")[1] == (["librar"], [])


def test_the_passive_is_turned_round() -> None:
    text = "The minutes were written by the secretary."
    (frame,) = frames_of(text)
    roles = logical_roles(text, frame)
    words = {w.key: roles[w.start] for w in analyse(text).words}
    assert words == {"minut": "object", "writ": "verb", "secretar": "subject"}
