"""Questions made from Japanese sentences: what they ask, and when none is made."""

from __future__ import annotations

import pytest

from shutten.suggesting.japanese import LONGEST, made_from
from shutten.suggesting.making import Made

MADE = [
    (
        "1988年3月13日、トンネルを含む海峡線が開業した。",
        Made("トンネルを含む海峡線が開業したのはいつですか", "when", "1988年3月13日"),
    ),
    (
        "新しい水族館は2011年7月に港の倉庫街で開館した。",
        Made("新しい水族館が港の倉庫街で開館したのはいつですか", "when", "2011年7月"),
    ),
    (
        "港の広場では5月5日に古い帆船の模型の展示が行われた。",
        Made("港の広場で古い帆船の模型の展示が行われたのはいつですか", "when", "5月5日"),
    ),
    (
        "湖畔の本工事に入ったのは1971年である。",
        Made("湖畔の本工事に入ったのはいつですか", "when", "1971年"),
    ),
    (
        "湖底トンネルの長さは23.3キロメートルである。",
        Made("湖底トンネルの長さは何キロメートルですか", "count", "23.3キロメートル"),
    ),
    ("改修費用の総額は約4億円に上った。", Made("改修費用の総額はいくらですか", "count", "約4億円")),
    (
        "島の防災訓練には約300人が参加した。",
        Made("島の防災訓練には何人が参加したのですか", "count", "約300人"),
    ),
    (
        "7日の花火大会は強風のため延期された。",
        Made("7日の花火大会はなぜ延期されたのですか", "why", "強風のため"),
    ),
    (
        "強風のため、港の連絡船が欠航した。",
        Made("港の連絡船はなぜ欠航したのですか", "why", "強風のため"),
    ),
    (
        "水族館の山田花子館長は開館式で「魚の気持ちになって造った」と述べた。",
        Made(
            "水族館の山田花子館長は開館式で何と述べたのですか", "said", "魚の気持ちになって造った"
        ),
    ),
    (
        "水族館の館長は山田花子氏が初代から務めている。",
        Made("水族館の館長は誰が初代から務めているのですか", "who", "山田花子氏"),
    ),
    (
        "全国灯台会議の総会が9月、青森県八戸市で開かれた。",
        Made("全国灯台会議の総会は9月、どこで開かれたのですか", "where", "青森県八戸市"),
    ),
    (
        "水族館は29日、クラゲの大型展示室を公開した。",
        Made("水族館は29日、何を公開したのですか", "what", "クラゲの大型展示室"),
    ),
    (
        "青函トンネルは本州と北海道を結ぶ鉄道トンネルである。",
        Made(
            "青函トンネルはどのような鉄道トンネルですか", "kind", "本州と北海道を結ぶ鉄道トンネル"
        ),
    ),
    (
        "水道管の破裂の原因は地中の塩分による腐食だった。",
        Made("水道管の破裂の原因は何ですか", "side", "地中の塩分による腐食"),
    ),
]


@pytest.mark.parametrize(("sentence", "made"), MADE, ids=[made.question for _, made in MADE])
def test_an_expression_goes_out_and_a_question_word_comes_in(sentence: str, made: Made) -> None:
    assert made in list(made_from(sentence))


def test_what_answers_stands_in_the_sentence() -> None:
    for sentence, made in MADE:
        assert made.words in sentence


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        (
            "読売新聞によると、島の灯台は1921年に完成した。",
            "島の灯台が完成したのはいつですか",
        ),
        (
            "しかし、島の古い灯台(高さ26メートル)は1921年に完成した。",
            "島の古い灯台が完成したのはいつですか",
        ),
        ("島の古い灯台は1921年に完成しました。", "島の古い灯台が完成したのはいつですか"),
        (
            "島の古い灯台は1921年に完成し、戦後に電化された。",
            "島の古い灯台が完成したのはいつですか",
        ),
        ("島の古い灯台は１９２１年に完成した。", "島の古い灯台が完成したのはいつですか"),
    ],
)
def test_openings_asides_and_further_clauses_are_left_out(sentence: str, question: str) -> None:
    assert question in [made.question for made in made_from(sentence)]


@pytest.mark.parametrize(
    "sentence",
    [
        "この灯台は1921年に完成した。",  # which one?
        "彼は1985年に広東省の田舎で生まれた。",
        "同社は5月に新しい工場を開業した。",
        "先進導坑は1983年1月27日に、本坑は1985年3月10日に貫通した。",  # two dates
        "島の灯台は1921年に完成した連絡船の桟橋を照らした。",  # the pier's year
        "島の灯台は140年ぶりに再点灯された。",
        "大阪環状線の整備は1960年代に延期された。",
        "報道機関各社が12月16日に伝えた。",
        "両病院の院長が10月20日に開いた会見で明らかにした。",
        "島の灯台は1921年に完成した",  # no sentence
        "読売新聞、2007年1月7日。",
        "島の灯台は1921年頃に完成したのだろう。",
        "",
        "。",
    ],
)
def test_a_sentence_that_leaves_anything_open_makes_no_question_of_time(sentence: str) -> None:
    assert [made for made in made_from(sentence) if made.wanted == "when"] == []


def test_a_question_is_short_and_made_once() -> None:
    long = f"{'とても' * 30}古い島の灯台は1921年に完成した。"
    assert list(made_from(long)) == []
    for sentence, _ in MADE:
        questions = [made.question for made in made_from(sentence)]
        assert len(questions) == len(set(questions))
        assert questions
        assert max(map(len, questions)) <= LONGEST


def test_hostile_text_ends_quickly() -> None:
    for text in (
        "は" * 199 + "。",
        "「" * 199 + "。",
        "1" * 199 + "。",
        "島の" * 99 + "。",
        "た、" * 99 + "。",
    ):
        assert list(made_from(text)) == []
