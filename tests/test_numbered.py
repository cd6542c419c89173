"""Sentences about another one of the things that are told apart by a number."""

from __future__ import annotations

import pytest

from shutten.numbered import is_of_another_number
from shutten.reader import AskedQuestion
from shutten.types import Hit, Passage


@pytest.mark.parametrize(
    ("question", "texts", "expected"),
    [
        ("第13回の出席者は？", ("出席者は5名である。", "", "第14回運営会議"), True),
        ("第十三回の出席者は？", ("出席者は5名である。", "", "第13回運営会議"), False),
        ("第13回の出席者は？", ("前回の13回は6名だった。", "", "第14回運営会議"), False),
        ("第13回の出席者は？", ("出席者は5名である。", "", "運営会議"), False),
        ("第13回の出席者は？", ("第3号の冊子である。", "", "運営会議"), False),
        ("第1回と第2回ではどちらが長い？", ("第1回は3日続いた。", "", "大会"), False),
        ("第二十一回は？", ("第120回である。", "", "大会"), True),
        ("観測3号機はいつ完成した？", ("観測2号機は5月に完成した。", "", "年報"), True),
        ("観測3号機はいつ完成した？", ("観測三号機は5月に完成した。", "", "年報"), False),
        ("観測3号機はいつ完成した？", ("観測2号機は3月に完成した。", "", "リオン3の年報"), True),
        ("第2工場の面積は？", ("第3工場は広さが4ヘクタールある。", "", "社史"), True),
        ("第2工場の面積は？", ("第3工程は2日かかる。", "", "社史"), False),
        ("リオン5の重さは？", ("重さは800グラムである。", "", "リオン4の取扱説明書"), True),
        ("リオン5の重さは？", ("重さは800グラムである。", "リオン4より軽い。", "説明書"), False),
        ("リオン5の重さは？", ("リオン200グラム入りもある。", "", "説明書"), False),
        ("T-30の容量は？", ("T-45は容量が45リットルある。", "", "容器"), True),
        ("T-05の容量は？", ("T-5は容量が5リットルある。", "", "容器"), False),
        ("T-30はT-45より重い？", ("T-45は2キロある。", "", "容器"), False),
        ("三代目の店主は誰？", ("二代目の店主は原田である。", "", "店"), True),
        ("三代目の店主は誰？", ("父は原田 (二代目)である。", "", "店"), False),
        ("When does train 3 arrive?", ("Train 2 arrives at noon.", "", "Line"), True),
        ("When does train 3 arrive?", ("Train 2 waits for 3 minutes.", "", "Line"), False),
        ("Who built Heron 6?", ("Heron 4 was built by Moss.", "", "Boats"), True),
        ("2号棟の形はどちらですか", ("1号棟は円形である。", "", "遺構"), True),
        ("第3倉庫の扉はどちらですか", ("第2倉庫の扉は鉄製である。", "", "港"), True),
        ("1号棟と2号棟で広いのはどちらですか", ("1号棟は広い。", "", "遺構"), False),
        ("2号棟のどちらの入口が広い？", ("1号棟は東の入口が広い。", "", "遺構"), False),
        ("Who came in May 6?", ("In May 4 people came.", "", "Boats"), False),
        ("What is new in version 2.1?", ("Version 2.0 has a new menu.", "", "Notes"), True),
    ],
)
def test_another_one_of_a_series(
    question: str, texts: tuple[str, str, str], *, expected: bool
) -> None:
    assert is_of_another_number(question, texts) is expected


def test_a_reader_loses_trust_in_another_one_of_a_series() -> None:
    hit = Hit("a", "第14回運営会議", None, 0, 0, 10, "出席者は5名である。", 1.0)
    asked = AskedQuestion.of("第13回の出席者は何名ですか", [Passage(hit)])
    same = AskedQuestion.of("第14回の出席者は何名ですか", [Passage(hit)])
    assert asked.estrangement(Passage(hit), crossed=False) == 4.0
    assert same.estrangement(Passage(hit), crossed=False) == 0.0
