"""Words that are half of an answer, and places that look like one."""

from __future__ import annotations

import math

import pytest

from shutten.spans import Question, Span, SpanChooser
from shutten.wording.expressions import asked_kind
from shutten.wording.ruled_out import is_ruled_out
from shutten.wording.wholes import whole_answer

WELL = "この規則で「貯水槽」とは、雨水をためる設備のうち、容量が2立方メートルを超えるものをいう。"
FROST = "霧氷は冷えた水滴が枝に凍り付いたものをいう。"
QUIET = "この機械に決めたのは、音が静かで、一人でも運べるからである。"
FIRE = "出火の原因は、煙突が詰まり、火の粉が落ちたことである。"
MUDDY = "組合は濁りを心配して反対したが、秋には休むという条件で折れた。"
LED = "騒動を率いたのは、大工の弥平次と、寺にいた了雲の二人である。"
FOUND = "In 1974 the teacher Ellen Marsh and the engineer Piotr Nowak founded a trust."
FOUNDED = "The trust was founded in 1974 by Ellen Marsh and Piotr Nowak."
PLAN = "入口を北に移す、という坂巻の案を住民に示した。"


def widened(question: str, text: str, words: str) -> str:
    start = text.index(words)
    begun, ended = whole_answer(
        question.casefold(), asked_kind(question), text, start, start + len(words)
    )
    return text[begun:ended]


@pytest.mark.parametrize(
    ("question", "text", "half", "whole"),
    [
        ("卵はいくつ産みますか", "雌は40個から70個の卵を産む。", "40個", "40個から70個"),
        ("重さはどれくらいですか", "重さは12kg〜15kgである。", "12kg", "12kg〜15kg"),
        ("入場者は何人ですか", "毎年300人から500人が訪れる。", "300人", "300人から500人"),
        ("How many stay?", "Each room takes 4 to 6 guests.", "4", "4 to 6 guests"),
        ("標高は何メートルですか", "標高は2,950mから2,550mに減った。", "2,950m", "2,950m"),
        ("少なくとも何個産みますか", "雌は40個から70個の卵を産む。", "40個", "40個"),
        ("いつ開きましたか", "店は1950年から1962年まで開いていた。", "1950年", "1950年"),
        (
            "Who bought the clock?",
            "It was bought by the curator Edna Sallow in 1931.",
            "the curator",
            "the curator Edna Sallow",
        ),
        (
            "Who drew the map?",
            "A surveyor Miles van Horn drew it.",
            "A surveyor",
            "A surveyor",
        ),
        ("代わりに払ったのは誰", "土居通夫の斡旋で払われた。", "土居通夫", "土居通夫"),
        ("小屋にいたのは誰", "小屋には助手の北条みつが詰めた。", "助手", "助手"),
        ("What hangs there?", "It hangs by the curator Edna Sallow.", "the curator", "the curator"),
        (
            "この機械に決めたのはなぜ",
            QUIET,
            "一人でも運べるから",
            "音が静かで、一人でも運べるから",
        ),
        ("音はどうですか", QUIET, "一人でも運べるから", "一人でも運べるから"),
        ("この機械に決めたのはなぜ", QUIET, "音が静か", "音が静かで、一人でも運べるから"),
        ("何が落ちたのが出火の原因ですか", FIRE, "火の粉", "火の粉"),
        (
            "出火の原因は何ですか",
            FIRE,
            "火の粉が落ちたこと",
            "煙突が詰まり、火の粉が落ちたこと",
        ),
        (
            "組合が反対したのはなぜ",
            MUDDY,
            "濁りを心配して反対したが、秋には休むという条件",
            "濁りを心配して",
        ),
        ("組合が反対したのはなぜ", MUDDY, "濁りを心配して", "濁りを心配して"),
        ("カラムは何回洗いますか", "70%液500 mLで二回洗う。", "70%液500 mLで二回", "二回"),
        ("一日に何回測りますか", "1日3回測る。", "1日3回", "1日3回"),
        ("何歳でしたか", "20歳7か月で勝った。", "20歳7か月", "20歳7か月"),
        (
            "How long does it take to cool?",
            "It is cooled to minus 10 °C, which takes about four minutes.",
            "minus 10 °C, which takes about four minutes",
            "about four minutes",
        ),
        ("記録をとったのは誰ですか", "出席：黒木（部会長）、真鍋（記録）", "黒木", "真鍋"),
        ("部会長は誰", "出席：黒木（部会長）、真鍋（記録）", "真鍋", "黒木"),
        ("司会は誰", "出席：黒木（部会長）、真鍋（記録）", "真鍋", "真鍋"),
        ("騒動を率いたのは誰", LED, "弥平次", "大工の弥平次と、寺にいた了雲"),
        ("率いた二人のうち大工は誰", LED, "弥平次", "弥平次"),
        ("騒動は何年に起きた", LED, "弥平次", "弥平次"),
        ("作ったのは誰", "作ったのは西村、東野、北沢の三人だ。", "東野", "西村、東野、北沢"),
        (
            "Who founded the trust?",
            FOUND,
            "Piotr Nowak",
            "the teacher Ellen Marsh and the engineer Piotr Nowak",
        ),
        ("Who founded the trust?", FOUNDED, "Ellen Marsh", "Ellen Marsh and Piotr Nowak"),
        (
            "When did it stop grinding wheat?",
            "It ground wheat until 1938 and animal feed until 1956.",
            "1938 and animal feed until 1956",
            "1938",
        ),
        ("When was it shut?", "It was shut in 1938 and 1956.", "1938 and 1956", "1938 and 1956"),
        ("Who set up the trust?", FOUNDED, "Piotr Nowak", "Ellen Marsh and Piotr Nowak"),
        ("Who founded it with Nowak?", FOUNDED, "Ellen Marsh", "Ellen Marsh"),
        ("Which engineer was it?", FOUND, "Piotr Nowak", "Piotr Nowak"),
        ("Who paid for the trust?", FOUND, "Piotr Nowak", "Piotr Nowak"),
        (
            "氷はどんな種類に分けられますか",
            "氷は粗氷、樹氷、雨氷の三つに分かれる。",
            "粗氷",
            "粗氷、樹氷、雨氷",
        ),
        (
            "候補はどこでしたか",
            "候補は岩井、東谷、折立の三か所である。",
            "岩井",
            "岩井、東谷、折立",
        ),
        (
            "施工した会社はどこですか",
            "施工は丸辰建設と南土建の共同企業体である。",
            "丸辰建設",
            "丸辰建設と南土建",
        ),
        ("粗氷のほかは何ですか", "氷は粗氷、樹氷、雨氷の三つに分かれる。", "樹氷", "樹氷"),
        ("氷はいくつに分けられますか", "氷は粗氷、樹氷、雨氷の三つに分かれる。", "三つ", "三つ"),
        ("いちばん近い候補はどこですか", "候補は岩井、東谷、折立の三か所である。", "岩井", "岩井"),
        (
            "氷をどうやって取りますか",
            "布の袋を膨らませて氷を割る装置を使う。",
            "布の袋",
            "布の袋を膨らませて氷を割る装置",
        ),
        ("漏れをどうやって防ぎますか", "粘土を詰めて漏れを防ぐ。", "粘土", "粘土を詰めて"),
        ("管を何で作りますか", "粘土を焼いて管を作る。", "粘土", "粘土"),
        (
            "「貯水槽」とは何ですか",
            WELL,
            "容量が2立方メートルを超えるもの",
            "雨水をためる設備のうち、容量が2立方メートルを超えるもの",
        ),
        ("霧氷とはどういうものですか", FROST, "水滴", "水滴が枝に凍り付いたもの"),
        ("霧氷は何に凍り付きますか", FROST, "枝", "枝"),
    ],
)
def test_half_of_an_answer_is_made_whole(question: str, text: str, half: str, whole: str) -> None:
    assert widened(question, text, half) == whole


CAUSE = "The meter read too low in every flood, which we trace to a bent shaft."
BELL = "The ringer was deaf: this is why the bell has no rope and why the door is red."


@pytest.mark.parametrize(
    ("question", "text", "out", "left"),
    [
        ("Why did the meter read too low?", CAUSE, "every flood", "a bent shaft"),
        ("Why does the bell have no rope?", BELL, "the door is red", "The ringer was deaf"),
        (
            "Why are there no plans?",
            "A fire took the store, which is why no plans survive.",
            "no plans survive",
            "A fire took the store",
        ),
        (
            "Why did the hens die?",
            "Eleven hens died in May, which the vet put down to spoiled grain.",
            "May",
            "spoiled grain",
        ),
        (
            "Why was it late?",
            "The owners blamed the delay of a week on fog.",
            "a week",
            "fog",
        ),
        (
            "Why did the dam leak?",
            "It leaked for years at the north end, a fault attributed to poor clay.",
            "the north end",
            "poor clay",
        ),
        (
            "Why was there no second oar?",
            "Dent asked why the crew had no second oar; Coe answered that it had been stolen.",
            "the crew had no second oar",
            "it had been stolen",
        ),
        ("住民にどんな案を示しましたか", PLAN, "坂巻の案", "入口を北に移す"),
        ("どんな噂がありましたか", "橋が落ちるという噂が流れた。", "という噂", "橋が落ちる"),
        ("「貯水槽」とは何ですか", WELL, "「貯水槽」", "雨水をためる設備"),
        (
            "20パーセントだとどうなりますか",
            "20パーセントに上げると毒性のためにかえって減った。",
            "上げると毒性のために",
            "かえって減った",
        ),
        (
            "温度を下げるとどうなりますか",
            "温度を下げれば流れが遅くなるので管が詰まる。",
            "流れが遅くなるので",
            "管が詰まる",
        ),
    ],
)
def test_what_cannot_answer_is_told_from_what_can(
    question: str, text: str, out: str, left: str
) -> None:
    told = []
    for words in (out, left):
        start = text.index(words)
        place = (start, start + len(words))
        told.append(is_ruled_out(question.casefold(), asked_kind(question), text, "", place))
    assert told == [True, False]


def test_the_chosen_words_are_the_content_and_without_it_there_are_none() -> None:
    asked = Question.of("住民にどんな案を示しましたか")
    for share, shown, sure in ((0.1, "入口を北に移す", True), (None, "坂巻の案", False)):
        likely = [("坂巻の案", 0.6)] + ([("入口を北に移す", share)] if share else [])
        spans = [
            Span(PLAN.index(words), PLAN.index(words) + len(words), math.log(each))
            for words, each in likely
        ]
        chosen = SpanChooser({}).choose(asked, PLAN, spans, "ja")
        assert chosen is not None
        assert PLAN[chosen.start : chosen.end] == shown
        assert (chosen.confidence > 0) is sure
