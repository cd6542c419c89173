from __future__ import annotations

import pytest

from shutten.expressions import Kind, asked_kind, holds_kind


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("R2はいつ公開されますか", "date"),
        ("開通したのは何年？", "date"),
        ("工事は何年間続きましたか", "count"),
        ("創業者は誰ですか", "person"),
        ("料金はいくらですか", "money"),
        ("年収は何元ですか", "money"),
        ("何社が導入しましたか", "count"),
        ("深さはどれくらい", "count"),
        ("どこで生まれましたか", "place"),
        ("排除した理由は？", "reason"),
        ("なぜ注目されたのか", "reason"),
        ("どのように運営しましたか", "manner"),
        ("次のモデルの名前は？", "other"),
        ("When did it open?", "date"),
        ("Who built the device?", "person"),
        ("How many gears are there?", "count"),
        ("How much money was spent?", "money"),
        ("Where was it found?", "place"),
        ("Why was it lost?", "reason"),
        ("How does it work?", "manner"),
        ("What is it made of?", "other"),
    ],
)
def test_the_question_word_tells_the_kind(question: str, kind: Kind) -> None:
    assert asked_kind(question) == kind


@pytest.mark.parametrize(
    ("text", "kind", "holds"),
    [
        ("1985年に生まれた。", "date", True),
        ("昭和六十三年に開通した。", "date", True),
        ("公開は５月上旬だった。", "date", True),
        ("物静かな人柄である。", "date", False),
        ("年収は150万元に達する。", "money", True),
        ("料金は公表されていない。", "money", False),
        ("It was found in 1901.", "date", True),
        ("The device is made of bronze.", "date", False),
        ("It has thirty-seven gears or at least 30.", "count", True),
        ("プライバシーの懸念を理由に禁止した。", "reason", True),
        ("何でもよい。", "other", True),
    ],
)
def test_a_sentence_holds_an_expression_of_a_kind(text: str, kind: Kind, *, holds: bool) -> None:
    assert holds_kind(text, kind) is holds
