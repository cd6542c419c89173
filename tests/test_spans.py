"""Which of the likely spans answers."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from shutten.errors import ModelError
from shutten.spans import Question, Span, SpanChooser, distinct, features, overlaps, whole_name


def span(text: str, words: str, log_probability: float = -1.0) -> Span:
    start = text.index(words)
    return Span(start, start + len(words), log_probability)


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        ("脚本はトーマス・ラッフルズが書いた。", "ーマス・ラッフルズ", "トーマス・ラッフルズ"),
        ("ドレスはジェイソン・ウーがデザインした。", "ジェイソン", "ジェイソン・ウー"),
        ("熱源はハワイ・ホットスポットである。", "ハワイ・ホット", "ハワイ・ホットスポット"),
        ("価格は1,200円だった。", "200円", "1,200円"),
        ("【東京＝共同】2011年3月に始まった。", "【東京＝共同】2011年3月", "2011年3月"),
        ("【朝顔】は夏の花である。", "【朝顔】", "【朝顔】"),
        ("“1962年”と刻まれている。", "“1962年", "1962年"),
        ("ドレスはジェイソンがデザインした。", "ジェイソン", "ジェイソン"),
        ("大規模なテーマパークの制作", "テーマパークの制作", "テーマパークの制作"),
        ("The historian Derek J. de Solla Price wrote it.", "Derek J", "Derek J. de Solla Price"),
        ("It was George W. Bush who came.", "George W", "George W. Bush"),
        ("They were short of vitamin C.", "vitamin C", "vitamin C"),
        ("A group at University College London led it.", "University", "University College London"),
        ("The Bank of England lent it.", "Bank", "Bank of England"),
        ("On Monday Freeth left.", "Monday", "Monday"),
        ("In Athens, Greece, it lay.", "Athens", "Athens"),
        ("It was in Athens that Freeth met him.", "Athens", "Athens"),
        ("It was made of iron.", "iron", "iron"),
        ("親会社のハイフライヤー(High-Flyer)がいる。", "High-Flyer)", "High-Flyer"),
        (
            "親会社のハイフライヤー(High-Flyer)がいる。",
            "ヤー(High-Flyer",
            "ハイフライヤー(High-Flyer)",
        ),
        ("映画「最後の晩餐」が完成した。", "「最後の晩餐", "最後の晩餐"),
        ("映画「最後の晩餐」が完成した。", "最後の晩餐」", "最後の晩餐"),
        ("映画「最後の晩餐」が完成した。", "「最後", "最後"),
    ],
)
def test_names_and_numbers_are_whole(text: str, part: str, whole: str) -> None:
    found = span(text, part)
    start, end = whole_name(text, found.start, found.end)
    assert text[start:end] == whole


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        (
            "Motorcycles are not allowed on the bridge.",
            "allowed on the bridge",
            "not allowed on the bridge",
        ),
        ("The gate isn't open at night.", "open at night", "isn't open at night"),
        ("It was not only red but blue.", "red", "red"),
        ("写真撮影は認められていない。", "認められて", "認められていない"),
        ("写真撮影は認められていない。", "認め", "認められていない"),
        ("猫は島に入らなかった。", "島に入", "島に入らなかった"),
        ("何も知らずに帰った。", "何も知ら", "何も知らずに"),
        ("館内は撮影禁止である。", "撮影", "撮影禁止"),
        ("客席は12席しかなかった。", "12席", "12席"),
        ("源蔵は焙煎時間を2分延ばして対応した。", "焙煎時間を2分延ば", "焙煎時間を2分延ばして"),
        ("町は本を集めた。", "本を集", "本を集めた"),
        ("彼は島へ行った。", "島へ行", "島へ行った"),
        ("橋は木で建てられた。", "木で建て", "木で建てられた"),
        ("川に架かる橋である。", "川に架か", "川に架かる"),
        (
            "貨物列車とすれ違うときの安全に配慮した。",
            "貨物列車とすれ違うと",
            "貨物列車とすれ違うとき",
        ),
        ("弟と出会うと喜んだ。", "弟と出会うと", "弟と出会うと"),
        ("収益を運動に寄付した。", "運動に寄付", "運動に寄付"),
        ("人々が駆けつけた。", "人々", "人々"),
        ("これは明らかに長い。", "明らか", "明らか"),
        ("担当は山本12345号だ。", "山本", "山本12345号"),
        ("国道5号を通る。", "5号", "国道5号"),
        ("全長12メートルの橋。", "全長", "全長"),
        ("開店当時の客席は12席だ。", "12", "12席"),
        ("燃料費の値上げが響いた。", "燃料費の値上", "燃料費の値上げ"),
        ("9月付けで退いた。", "9月付", "9月付け"),
        ("燃料費の値上がりによる。", "燃料費の値上", "燃料費の値上がり"),
    ],
)
def test_words_are_whole_and_keep_their_negation(text: str, part: str, whole: str) -> None:
    found = span(text, part)
    start, end = whole_name(text, found.start, found.end)
    assert text[start:end] == whole


@pytest.mark.parametrize(
    ("question", "text", "words", "fits"),
    [
        ("Is the bridge open to motorcycles?", "They are not allowed.", "not", False),
        ("島に猫はいますか", "猫が島にいる。", "が", False),
        ("レシピを考えたのは誰ですか", "源蔵ではなく妹のフミである。", "源蔵", False),
        ("レシピを考えたのは誰ですか", "源蔵ではなく妹のフミである。", "妹のフミ", True),
        ("店には何がありますか", "駐車場はない。", "駐車場", False),
        ("店には何がありませんか", "駐車場はない。", "駐車場", True),
        ("何が認められていますか", "三脚の使用は禁じられている。", "三脚の使用", False),
        ("何が禁止されていますか", "三脚の使用は禁じられている。", "三脚の使用", True),
        ("年に何回島に行きますか", "58%まで回復した。", "58%", False),
        ("年に何回島に行きますか", "3月と8月の2回行く。", "2回", True),
        ("寿命は何年ですか", "58%まで回復した。", "58%", False),
        ("寿命は何年ですか", "36歳の鳥がいた。", "36歳", True),
        ("何年に開店しましたか", "1952年に開いた。", "1952年", True),
        ("何人が来ましたか", "袋は1,000袋ある。", "1,000袋", False),
        ("何人が来ましたか", "およそ三百人が来た。", "三百人", True),
        ("何個売れましたか", "1,000袋売れた。", "1,000袋", True),
        ("何メートルですか", "長さは3キロだ。", "3キロ", True),
        ("How many people came?", "34席ある。", "34席", False),
        ("How many seats are there?", "34席ある。", "34席", True),
        ("How many barns burned?", "31棟が焼け、420人が家を失った。", "420人", False),
        ("How many barns burned?", "31棟が焼け、420人が家を失った。", "31棟", True),
        ("How many lamps are there?", "It cost 23.6 million pounds.", "23.6 million pounds", False),
        ("電話番号は何番ですか", "1,000袋限定だ。", "1,000袋", False),
        ("What is the phone number?", "Call 0134-22-3333.", "0134-22-3333", True),
        ("What is the e-mail address?", "Write to 12 Main Street.", "12 Main Street", False),
        ("どの都市で生まれましたか", "画家は小樽市で生まれた。", "画家", False),
        ("どの都市で生まれましたか", "画家は小樽市で生まれた。", "小樽市", True),
        ("Where was it built?", "The engineer built it in York.", "The engineer", False),
        ("毎分何トンの水が出ましたか", "大きな出水は4回起きた。", "回", False),
        ("毎分何トンの水が出ましたか", "毎分85トンの水が出た。", "85トン", True),
        ("何人が乗っていましたか", "数十人が乗っていた。", "数十人", True),
        ("How many men died?", "Two of the men died.", "the men", False),
        ("How many men died?", "Two of the men died.", "Two", True),
        ("How many bicycles were made?", "Production ended in 1995.", "1995", False),
        ("How many bicycles were made?", "They made 1995 bicycles.", "1995", True),
        ("How many years did it last?", "It lasted from 1990 until 1995.", "1995", False),
        ("How many years did it last?", "It lasted from 1990–1995.", "1990–1995", True),
        ("How long did it take?", "It was finished in May 1988.", "May 1988", False),
        ("How long did it take?", "It took 24 years.", "24 years", True),
        ("建設には何年かかりましたか", "完成は1988年3月13日である。", "1988年3月13日", False),
        ("建設には何年かかりましたか", "昭和39年に始まった。", "昭和39年", False),
        ("建設には何年かかりましたか", "24年を要した。", "24年", True),
        ("時代はどのくらい続きましたか", "約1500年続いた。", "約1500年", True),
        ("何年に開店しましたか", "1952年5月に開いた。", "1952年5月", True),
        ("鎌倉時代より前の何時代に建てられましたか", "平安時代に建てられた。", "平安時代", True),
        ("開業が何度も延びたのはなぜですか", "工期の遅れで延びた。", "工期の遅れ", True),
        ("Why did the ship sink?", "It went down around 70 BC.", "down around 70 BC", False),
        ("Why did the ship sink?", "A storm in May broke it.", "A storm in May", True),
        ("なぜ閉鎖されたのですか", "2020年5月に閉鎖された。", "2020年5月", False),
        ("ビーズの直径は？", "直径0.1 mmのビーズ 0.4 g", "0.4 g", False),
        ("ビーズの直径は？", "直径0.1 mmのビーズ 0.4 g", "0.1 mm", True),
        ("回転数はいくつですか", "毎分2,800回転で4分間砕く。", "4分間", False),
        ("回転数はいくつですか", "毎分2,800回転で4分間砕く。", "分間", False),
        ("回転数はいくつですか", "毎分2,800回転で4分間砕く。", "2,800回転", True),
        ("入館料の値段は？", "大人12人なら無料である。", "無料", True),
        ("何の長さですか", "3時間の会議と2kgの紙", "2kgの紙", True),
        ("増えた原因は何ですか", "雪の減少が主な原因である。", "主な原因", False),
        ("増えた原因は何ですか", "雪の減少が主な原因である。", "雪の減少", True),
    ],
)
def test_what_is_put_forward_as_an_answer(
    question: str, text: str, words: str, *, fits: bool
) -> None:
    assert Question.of(question).fits(text, span(text, words)) is fits


def test_the_best_span_that_fits_is_chosen_and_without_one_there_is_no_confidence() -> None:
    text = "2015年に58%、翌年は62%だった。"
    asked = Question.of("年に何回島に行きますか")
    spans = [span(text, "58%", math.log(0.6)), span(text, "62%", math.log(0.2))]
    none = chooser().choose(asked, text, spans, "ja")
    assert none is not None
    assert (text[none.start : none.end], none.confidence) == ("58%", 0.0)
    text = "2015年に3回、58%だった。"
    spans = [span(text, "58%", math.log(0.6)), span(text, "3回", math.log(0.2))]
    chosen = chooser().choose(asked, text, spans, "ja")
    assert chosen is not None
    assert text[chosen.start : chosen.end] == "3回"
    assert chosen.confidence == pytest.approx(0.2)


def test_spans_that_widen_to_the_same_words_are_one_with_the_better_probability() -> None:
    text = "ドレスはジェイソン・ウーがデザインした。"
    spans = [span(text, "ウー", -0.5), span(text, "ジェイソン", -0.7), span(text, "ドレス", -2.0)]
    assert distinct(text, spans) == [span(text, "ジェイソン・ウー", -0.5), spans[2]]


def test_what_the_question_says_is_told_unless_it_offers_a_choice() -> None:
    text = "人造湖・赤沼温水溜池は女神湖とも呼ばれる。"
    asked = Question.of("人造湖・赤沼温水溜池の別名は何ですか。")
    told = features(asked, text, span(text, "赤沼温水溜池"), 0)
    assert (told["said in the question"], told["shared with the question"]) == (1.0, 1.0)
    new = features(asked, text, span(text, "女神湖"), 1)
    assert (new["said in the question"], new["shared with the question"]) == (0.0, 0.0)
    assert new["rank"] == pytest.approx(math.log(2))
    choice = Question.of("赤沼温水溜池と女神湖のどちらですか。")
    offered = features(choice, text, span(text, "女神湖"), 0)
    assert offered["one of those to choose from"] == 1.0
    assert offered["said in the question"] == offered["shared with the question"] == 0.0


def test_the_unit_and_the_kind_that_are_asked_for() -> None:
    text = "5日間に11か国で934.2mmの雨が降った。"
    asked = Question.of("雨量は何mmでしたか？")
    right, wrong = (features(asked, text, span(text, w), 0) for w in ("934.2mm", "11か国"))
    assert (right["unit inside"], right["unit at the end"]) == (1.0, 1.0)
    assert (wrong["unit inside"], wrong["unit at the end"]) == (0.0, 0.0)
    when = features(Question.of("いつ降りましたか"), text, span(text, "934.2mm"), 0)
    assert (when["a date"], when["date digit"]) == (0.0, 1.0)


def test_the_edges_of_a_span() -> None:
    text = "映画「最後の晩餐」は1498年に描かれた。"
    found = features(Question.of("何が描かれたか"), text, span(text, "最後の晩餐"), 0)
    assert found["in quotes"] == 1.0
    assert found["begins opening|kanji"] == found["ends kanji|closing"] == 1.0
    assert found["の inside"] == 1.0
    broken = features(Question.of("何が描かれたか"), text, span(text, "「最後の晩餐"), 0)
    assert broken["half a bracket"] == 1.0
    last = features(Question.of("何が描かれたか"), text, span(text, "描かれた。"), 0)
    assert last["ends stop|edge"] == 1.0


def chooser(**weights: float) -> SpanChooser:
    return SpanChooser({"ja": {"log_probability": 1.0, **weights}})


def test_the_weights_decide_and_the_confidence_is_the_expected_overlap() -> None:
    text = "列には12人と20名がいた。"
    spans = [span(text, "12人", math.log(0.4)), span(text, "20名", math.log(0.4))]
    asked = Question.of("何名いましたか。")
    plain = chooser().choose(asked, text, spans, "ja")
    assert plain is not None
    assert text[plain.start : plain.end] == "12人"  # equally likely: the network's first
    assert plain.confidence == pytest.approx(0.8 * 0.5)
    weighing = chooser(**{"unit inside": 2.0})
    chosen = weighing.choose(asked, text, spans, "ja")
    assert chosen is not None
    assert text[chosen.start : chosen.end] == "20名"
    assert chosen.confidence == pytest.approx(0.8 / (1 + math.exp(-2)))
    assert weighing.choose(asked, text, spans, "en") == plain  # weights are of a language


def test_many_likely_spans_of_one_clause_stand_against_one_word_elsewhere() -> None:
    text = "貨物列車とはレールの幅が異なるため、3本のレールを敷いた。"
    reasons = ("貨物列車とはレールの幅が異なるため", "レールの幅が異なるため", "レールの幅が異なる")
    spans = [span(text, "3本", math.log(0.3))]
    spans += [span(text, reason, math.log(0.2)) for reason in reasons]
    chosen = chooser().choose(Question.of("なぜですか"), text, spans, "ja")
    assert chosen is not None
    assert text[chosen.start : chosen.end] == reasons[1]
    size = len(reasons[1])
    overlaps = [2 * min(size, len(reason)) / (size + len(reason)) for reason in reasons]
    assert chosen.confidence == pytest.approx(0.2 * sum(overlaps))


def test_both_of_two_names_rather_than_one() -> None:
    text = "新青森と新函館北斗を結ぶ。"
    spans = [span(text, "新青森", math.log(0.45)), span(text, "新青森と新函館北斗", math.log(0.4))]
    chosen = chooser().choose(Question.of("どの駅を結びますか"), text, spans, "ja")
    assert chosen is not None
    assert text[chosen.start : chosen.end] == "新青森と新函館北斗"


def test_missing_words_weigh_more_than_needless_ones() -> None:
    part, whole = Span(0, 3, 0.0), Span(0, 9, 0.0)
    beside = Span(3, 9, 0.0)
    assert overlaps([part, whole, beside]).tolist() == [
        pytest.approx(row) for row in ([1, 0.5, 0], [0.5, 1, 0.8], [0, 0.8, 1])
    ]
    assert overlaps([part, whole], 2.0).tolist() == [
        pytest.approx(row) for row in ([1, 5 * 3 / (4 * 9 + 3)], [5 * 3 / (4 * 3 + 9), 1])
    ]


def test_without_spans_there_are_no_words() -> None:
    assert chooser().choose(Question.of("いつ？"), "", [], "ja") is None
    assert chooser().choose(Question.of("いつ？"), "a b", [Span(1, 2, -1.0)], "ja") is None


def test_weights_are_read_and_damaged_ones_name_the_cure(tmp_path: Path) -> None:
    path = tmp_path / "words.json"
    path.write_text(json.dumps({"weights": {"ja": {"rank": -0.5}}}), encoding="utf-8")
    assert SpanChooser.load(path) == SpanChooser({"ja": {"rank": -0.5}})
    for damaged in ("{", "[]", '{"weights": 3}', '{"weights": {"rank": 1.0}}', "{}"):
        path.write_text(damaged, encoding="utf-8")
        with pytest.raises(ModelError, match="install the model again"):
            SpanChooser.load(path)


@pytest.mark.parametrize(
    ("question", "names", "words"),
    [
        ("洞爺丸の船長は誰ですか", (), "洞爺丸"),
        ("How deep is the Seikan Tunnel?", ("トンネル",), "青函トンネル"),
        ("Who founded High-Flyer?", ("ハイフライヤー",), "ハイフライヤー"),
        ("梁文鋒氏の趣味は何ですか", ("Liang Wenfeng",), "Liang Wenfeng"),
        ("Which investors besides High-Flyer paid?", ("ハイフライヤー",), "ハイフライヤー"),
    ],
)
def test_words_of_the_question_are_no_answer(
    question: str, names: tuple[str, ...], words: str
) -> None:
    assert Question.of(question, names).repeats(words)


@pytest.mark.parametrize(
    ("question", "names", "words"),
    [
        ("How deep is the Seikan Tunnel?", ("トンネル",), "240メートル"),
        ("What is the Japanese name of High-Flyer?", ("ハイフライヤー",), "ハイフライヤー"),
        ("What is High-Flyer?", ("ハイフライヤー",), "ハイフライヤー"),
        ("What does WHO stand for?", ("World Health Organization",), "World Health Organization"),
        ("梁文鋒はアルファベットでどう綴りますか", ("Liang Wenfeng",), "Liang Wenfeng"),
        ("Which tunnel is longer than this Tunnel?", ("トンネル",), "英仏海峡トンネル"),
        ("本坑と作業坑のどちらを列車が通りますか", (), "本坑"),
        ("列車が通るのは本坑ですか、作業坑ですか", (), "本坑"),
        ("清華大学と北京大学のどこですか", (), "清華大学"),
        ("Which is longer, the Nile or the Amazon?", (), "the Nile"),
        ("How many goals did he score in 2012?", (), "2"),
        ("Who was Joanna's sister?", (), "Anna"),
    ],
)
def test_but_to_a_choice_or_where_a_name_is_asked_for_they_are(
    question: str, names: tuple[str, ...], words: str
) -> None:
    assert not Question.of(question, names).repeats(words)


@pytest.mark.parametrize(
    ("question", "text", "words", "expected"),
    [
        ("火元はどこですか", "火の番は奉公人の石井与平が務めた。", "石井与平", True),
        ("火元はどこですか", "火の番は商人の町で務めた。", "町", False),
        ("火元はどこですか", "火の番は商人の石川町で務めた。", "石川町", False),
        ("焼けた書類は何ですか", "負傷者は134人である。", "134人", True),
        ("焼けた家の数は何ですか", "焼けた家は134戸である。", "134戸", False),
        ("新種を発表したのは誰ですか", "種小名の moritae は森に献じた。", "moritae", True),
        ("新種を発表したのは誰ですか", "新種を発表したのは Morita である。", "Morita", False),
        ("多かったのは2人と3人のどちらですか", "3人が多かった。", "3人", False),
        (
            "最も深い場所は海面下何メートルですか",
            "最深部は海面下240メートルである。",
            "240メートル",
            False,
        ),
        ("Who drove the train?", "The train had 40 seats.", "40", False),
        ("Who drove the train?", "列車には40席ある。", "40席", True),
    ],
)
def test_words_that_cannot_be_what_is_asked_for_are_not_shown(
    question: str, text: str, words: str, *, expected: bool
) -> None:
    asked, start = Question.of(question), text.find(words)
    assert asked.wanted.is_of_another_kind(text, start, start + len(words)) is expected
    spans = [Span(start, start + len(words), -0.1), Span(0, 1, -3.0)]
    chosen = SpanChooser({}).choose(asked, text, spans, "ja")
    assert chosen is not None
    assert (chosen.confidence == 0.0) is expected
