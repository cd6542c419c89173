from __future__ import annotations

import pytest

from shutten.wording.expressions import Kind, asked_kind, holds_kind, whole_expression


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
        ("どの都市で開かれますか", "place"),
        ("何県にありますか", "place"),
        ("Which village is nearest?", "place"),
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
        ("In what year was it built?", "date"),
        ("According to the WHO, when was it founded?", "date"),
        ("What's the length of the tunnel?", "count"),
        ("What is the maximum speed?", "count"),
        ("What was the length of the tunnel?", "count"),
        ("At what depth did it lie?", "count"),
        ("How deep is the Seikan Tunnel?", "count"),
        ("What was the price of it?", "money"),
        ("What is it called when two forces act?", "other"),
        ("Tell me where it lies and who found it.", "place"),
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


@pytest.mark.parametrize(
    ("text", "found", "whole"),
    [
        ("It cost 2.4 million pounds.", "4 million pounds", "2.4 million pounds"),
        ("It opened on 3 June 1894.", "3 June", "3 June 1894"),
        ("It opened on 3 June 1894.", "1894", "3 June 1894"),
        ("最大容量は50GBである。", "50G", "50GB"),
        ("会議は5月3日午後2時30分に始まった。", "5月3日午後", "5月3日午後2時30分"),
        ("割合は3.7%だった。", "3.7", "3.7%"),
        ("気温は-12.5度", "12.5度", "-12.5度"),
        ("総額は1億2千万円だ", "1億", "1億2千万"),
        ("参加者は1,974人", "974人", "1,974人"),
        ("長さ５３．８５キロ", "８５キロ", "５３．８５キロ"),
        ("2013年5月に開通", "2013年", "2013年"),
        ("新モデルのR2を公開", "新モデル", "新モデル"),
        ("It is 86 metres long.", "86 metres", "86 metres"),
        ("Its orbit is an ellipse.", "bit is an ellip", "orbit is an ellipse"),
        ("新モデルのDeepSeekを公開", "Seek", "DeepSeek"),
    ],
)
def test_a_span_never_cuts_a_number_or_a_date(text: str, found: str, whole: str) -> None:
    start = text.index(found)
    assert text[slice(*whole_expression(text, start, start + len(found)))] == whole
