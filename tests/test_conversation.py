from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shutten.conversation import (
    MEANT_TURNS,
    REMEMBERED_TURNS,
    RuleRewriter,
    asks_nothing,
    names_nothing,
    opened,
    own_topic,
    reply_to,
)
from shutten.conversation.japanese_parts import NOUN
from shutten.conversation.memory import Exchange, exchange
from shutten.conversation.openers import Opened
from shutten.conversation.rewriting import LONGEST
from shutten.phrases import HELPED, NOTHING_ASKED, REFUSALS
from shutten.types import Language, Turn

BRIDGE = Turn(
    "明石海峡大橋はいつ開通しましたか",
    "1998年4月[1]\n\n明石海峡大橋は1998年4月に開通した。[1]",
)
LENGTH = Turn(
    "青函トンネルの全長は何キロメートルですか", "53.85キロ[1]\n\n全長は53.85キロである。[1]"
)
FOUNDER = Turn(
    "山猫電機の創業者は誰ですか",
    "田中一郎[1]\n\n山猫電機を興したのは田中一郎（たなか・いちろう）氏である。[1]",
)
STRUCK = Turn("工場を閉鎖した会社はどこですか", "青葉製鋼[1]\n\n工場を閉鎖したのは青葉製鋼だ。[1]")
CLOCK = Turn("When did the Strasbourg clock stop?", "1788[1]\n\nThe clock stopped in 1788.[1]")
PAINTER = Turn(
    "Who painted the ceiling?", "Anna Weiss[1]\n\nThe ceiling was painted by Anna Weiss.[1]"
)
FEE = Turn("藍染めの料金はいくらですか", "2,400円[1]\n\n| 藍染め | 2,400円 |[1]")
MOST = Turn("入館者が一番多かったのは何年度ですか", "2018年度[1]\n\n| 2018年度 | 7,015人 |[1]")
VISITORS = Turn("2018年度の入館者は何人ですか", "7,015人[1]\n\n| 2018年度 | 7,015人 |[1]")
CHEAPEST = Turn("Which instrument is the cheapest?", "Freezer[1]\n\n| Freezer | 9,800 euros |[1]")
UNNAMED = Turn("Who founded Wildcat Electric?", "It was founded in 2003 in Osaka by engineers.[1]")
HEAD = Turn("Who is the head of the museum?", REFUSALS["en"]["not_answered"])
SETTER = Turn("山猫電機を設立したのは誰ですか", "山猫電機は2003年に大阪で生まれた会社である。[1]")


def rewrite(question: str, *history: Turn) -> str:
    return RuleRewriter().rewrite(question, history)


@pytest.mark.parametrize(
    ("history", "question", "standalone"),
    [
        (BRIDGE, "なぜ？", "明石海峡大橋はなぜ開通しましたか？"),
        (BRIDGE, "それはどこで？", "明石海峡大橋はどこで開通しましたか？"),
        (LENGTH, "そのうち海底部分は？", "青函トンネルのうち海底部分は何キロメートルですか？"),
        (
            LENGTH,
            "うち、陸の部分はどうですか",
            "青函トンネルのうち陸の部分は何キロメートルですか？",
        ),
        (LENGTH, "うちの学校は？", "青函トンネルのうちの学校は？"),
        (BRIDGE, "そのうち歩道は？", "明石海峡大橋のうち歩道は？"),
        (BRIDGE, "長さは？", "明石海峡大橋の長さは？"),
        (BRIDGE, "では、高さは？", "明石海峡大橋の高さは？"),
        (BRIDGE, "では、R2はいつ公開予定でしたか", "R2はいつ公開予定でしたか？"),
        (BRIDGE, "では、R2の公開予定は？", "R2の公開予定は？"),
        (
            BRIDGE,
            "ところで、工事で亡くなった人は何人ですか",
            "明石海峡大橋について、工事で亡くなった人は何人ですか？",
        ),
        (BRIDGE, "費用はいくらかかりましたか", "明石海峡大橋の費用はいくらかかりましたか？"),
        (BRIDGE, "その高さはどのくらいですか", "明石海峡大橋の高さはどのくらいですか？"),
        (
            BRIDGE,
            "では、瀬戸大橋は？",
            "瀬戸大橋はいつ開通しましたか？",
        ),
        (BRIDGE, "瀬戸大橋は？", "瀬戸大橋はいつ開通しましたか？"),
        (BRIDGE, "他には？", "明石海峡大橋は他にいつ開通しましたか？"),
        (BRIDGE, "本当ですか？", "明石海峡大橋はいつ開通しましたか？"),
        (BRIDGE, "もっと詳しく教えて", "明石海峡大橋について詳しく教えてください"),
        (BRIDGE, "その後どうなりましたか", "明石海峡大橋は、その後どうなりましたか？"),
        (BRIDGE, "誰が設計した？", "明石海峡大橋は誰が設計した？"),
        (FOUNDER, "彼は何をした人ですか", "田中一郎は何をした人ですか？"),
        (FOUNDER, "その人の経歴は？", "田中一郎の経歴は？"),
        (FOUNDER, "どこで生まれましたか", "田中一郎はどこで生まれましたか？"),
        (STRUCK, "同社の社長は？", "青葉製鋼の社長は？"),
        (STRUCK, "なぜですか", "青葉製鋼が工場を閉鎖したのはなぜですか？"),
        (STRUCK, "その理由は？", "工場を閉鎖した理由は？"),
        (CLOCK, "Why?", "Why did the Strasbourg clock stop?"),
        (CLOCK, "And where was it built?", "Where was the Strasbourg clock built?"),
        (CLOCK, "What about the Prague clock?", "When did the Prague clock stop?"),
        (CLOCK, "Its height?", "What about the Strasbourg clock's height?"),
        (CLOCK, "How tall?", "How tall did the Strasbourg clock stop?"),
        (CLOCK, "Really?", "When did the Strasbourg clock stop?"),
        (CLOCK, "Tell me more", "What else is said about the Strasbourg clock?"),
        (PAINTER, "When was she born?", "When was Anna Weiss born?"),
        (PAINTER, "Why?", "Who painted the ceiling, and why?"),
        (PAINTER, "Who else?", "Who else painted the ceiling?"),
        (PAINTER, "What are her other works?", "What are Anna Weiss's other works?"),
        (
            UNNAMED,
            "Where did he study?",
            "Where did the person who founded Wildcat Electric study?",
        ),
        (FEE, "一番高いのは？", "料金が一番高いのは？"),
        (MOST, "では一番少なかったのは？", "入館者が一番少なかったのは何年度ですか？"),
        (VISITORS, "翌年は？", "2019年度の入館者は何人ですか？"),
        (CHEAPEST, "Who is responsible for it?", "Who is responsible for Freezer?"),
        (CHEAPEST, "And the oldest one?", "Which instrument is the oldest one?"),
        (HEAD, "When did she retire?", "When did the head of the museum retire?"),
        (SETTER, "彼はどこの出身ですか", "山猫電機を設立した人はどこの出身ですか？"),
        (PAINTER, "Did anyone help?", "Regarding the ceiling, did anyone help?"),
    ],
)
def test_what_a_follow_up_leaves_out_is_put_in(
    history: Turn, question: str, standalone: str
) -> None:
    assert rewrite(question, history) == standalone


@pytest.mark.parametrize(
    ("history", "question", "standalone"),
    [
        (CLOCK, "なぜ？", "Why did the Strasbourg clock stop?"),
        (CLOCK, "高さは？", "the Strasbourg clockの高さは？"),
        (BRIDGE, "Why?", "明石海峡大橋はなぜ開通しましたか？"),
        (FOUNDER, "Where was he born?", "Where was 田中一郎氏 born?"),
    ],
)
def test_a_follow_up_may_be_in_another_language(
    history: Turn, question: str, standalone: str
) -> None:
    assert rewrite(question, history) == standalone


@pytest.mark.parametrize(
    "question",
    [
        "富士山の高さは何メートルですか",
        "国産ウナギの流通量はどのくらい減りましたか",
        "  スエズ運河はいつ開通しましたか ?",
        "「雪国」の作者は誰ですか",
        "ペンギンは空を飛べますか",
        "What is the capital of Finland?",
        "Who painted the Sistine Chapel?",
        "Which countries signed their treaty in Geneva?",
        "ありがとう",
        "Thanks!",
    ],
)
@pytest.mark.parametrize("history", [BRIDGE, FOUNDER, CLOCK])
def test_a_question_that_stands_alone_comes_back_as_it_is(question: str, history: Turn) -> None:
    assert rewrite(question, history) == question


@pytest.mark.parametrize(
    ("before", "named"),
    [
        ("Tell me about the Antikythera mechanism.", "the Antikythera mechanism"),
        ("What is known of the Antikythera mechanism today?", "the Antikythera mechanism"),
        ("Does the Antikythera mechanism still work?", "the Antikythera mechanism"),
        ("Tell me about Price.", "Price"),
    ],
)
def test_a_name_that_belongs_to_a_noun_is_taken_up_with_it(before: str, named: str) -> None:
    assert rewrite("Where is it kept?", Turn(before, "")) == f"Where is {named} kept?"


@pytest.mark.parametrize(
    ("asked", "answered", "question", "standalone"),
    [
        (
            "港務局の北野事務局長はなぜ退いたのですか",
            "取材によると、サッカー選手の切符を不正に売っていた。",
            "本人は認めていますか",
            "北野事務局長は認めていますか？",
        ),
        (
            "豪雨のとき、青葉市では何ミリの雨が降りましたか",
            "146ミリの雨が降った。",
            "それって過去最高ですか",
            "豪雨のとき、青葉市は過去最高ですか？",
        ),
        (
            "白波賞を受けたのは何という映画ですか",
            "「岬の灯」\n\n「岬の灯」が受賞した。",
            "それはどんな話ですか",
            "岬の灯はどんな話ですか？",
        ),
        (
            "沖合で沈んだシーブリーズ号は、どこへ向かう船でしたか",
            "青葉市へ向かっていた。",
            "犠牲者は何人ですか",
            "シーブリーズ号の犠牲者は何人ですか？",
        ),
        (
            "沖合で火を出した船は、どこへ向かっていましたか",
            "青葉市へ向かっていた。",
            "原因は？",
            "沖合で火を出した船の原因は？",
        ),
        (
            "白鳥橋の長さは何メートルですか",
            "912メートル。",
            "いつ開通しましたか",
            "白鳥橋はいつ開通しましたか？",
        ),
        (
            "What kind of man runs Lumen?",
            "創業者の北野氏は物静かである。",
            "What was his first job?",
            "What was 北野氏's first job?",
        ),
        (
            "Who gave the talk on old lamps at Brightmoss in 2005?",
            "Anna Loft\n\nAnna Loft gave it.",
            "When was it?",
            "Who gave the talk on old lamps at Brightmoss in 2005, and when?",
        ),
        (
            "ありがとう。ところで、清月荘の火災はいつ起きましたか",
            "8月3日。",
            "犠牲者は何人ですか",
            "清月荘の火災の犠牲者は何人ですか？",
        ),
        ("船長の名前は？", "村瀬隆。", "何歳ですか", "船長は何歳ですか？"),
        ("亡くなった人は？", "三人。", "消火はいつ終わりましたか", "消火はいつ終わりましたか"),
        (
            "When did the ferry run aground?",
            "In May.",
            "How many passengers were on it?",
            "How many passengers were on the ferry?",
        ),
        (
            "Who designed the tunnel?",
            "Anna Loft.",
            "What about the bridge's length?",
            "What is the bridge's length?",
        ),
        (
            "When did limited sales for Folda start?",
            "2017\n\nThey started in 2017.",
            "How does it learn?",
            "How does Folda learn?",
        ),
    ],
)
def test_what_is_taken_up_is_what_was_talked_about(
    asked: str, answered: str, question: str, standalone: str
) -> None:
    assert rewrite(question, Turn(asked, answered)) == standalone


@pytest.mark.parametrize(
    "announced",
    [
        "my next question",
        "Now, my next question:",
        "One more question please",
        "I have a question.",
        "次の質問です",
        "では、次の質問に移ります",
        "もう一つ質問があります",
    ],
)
@pytest.mark.parametrize("history", [BRIDGE, CLOCK])
def test_what_only_announces_a_question_stays_as_it_is(history: Turn, announced: str) -> None:
    assert rewrite(announced, history) == announced


def test_without_a_history_nothing_is_changed() -> None:
    assert rewrite("それはいつ？") == "それはいつ？"
    assert rewrite("それはいつ？", Turn(" \x00", "答え")) == "それはいつ？"


REFUSED = Turn("タマの飼い主は誰ですか", REFUSALS["ja"]["not_answered"])


@pytest.mark.parametrize(
    ("history", "question", "standalone"),
    [
        ([REFUSED], "館長は誰ですか", "館長は誰ですか"),
        ([REFUSED], "館長は？", "館長は？"),
        ([BRIDGE, REFUSED], "長さは？", "明石海峡大橋の長さは？"),
        (
            [BRIDGE, REFUSED],
            "費用はいくらかかりましたか",
            "明石海峡大橋の費用はいくらかかりましたか？",
        ),
        ([REFUSED], "それはいつですか", "タマの飼い主はいつですか？"),  # it is pointed at
        ([REFUSED], "理由は何ですか", "タマの飼い主の理由は何ですか？"),  # no thing by itself
        ([REFUSED], "なぜ逃げましたか", "タマの飼い主はなぜ逃げましたか？"),
        (
            [Turn("Who painted the ceiling?", REFUSALS["en"]["not_answered"])],
            "Did anyone help?",
            "Did anyone help?",
        ),
    ],
)
def test_a_refused_question_lends_no_subject_to_one_about_a_thing_of_its_own(
    history: list[Turn], question: str, standalone: str
) -> None:
    assert rewrite(question, *history) == standalone


@pytest.mark.parametrize(
    "before",
    [
        "<img src=x onerror=alert(1)>",
        "<img src=x",
        "<b>は何ですか",
        "https://example.org/aを教えて",
        '{"a": 1}は何ですか',
        "**;=;**は何ですか",
    ],
)
def test_markup_and_signs_are_no_subject(before: str) -> None:
    assert (
        rewrite("新しい工場はどこにありますか", Turn(before, "…")) == "新しい工場はどこにありますか"
    )
    assert rewrite("長さは？", BRIDGE, Turn("<img src=x>", "…")) == "明石海峡大橋の長さは？"


def test_thanks_in_between_leave_the_subject() -> None:
    assert rewrite("長さは？", BRIDGE, Turn("ありがとう", "…")) == "明石海峡大橋の長さは？"
    assert rewrite("助かりました", BRIDGE) == "助かりました"


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("調査は誰が始めましたか", "調査"),
        ("工場はどこにありますか", "工場"),
        ("社長は誰ですか", ""),
        ("費用はいくらかかりましたか", ""),
        ("では、調査は誰が始めましたか", ""),
        ("それは誰が始めましたか", ""),
    ],
)
def test_what_a_question_with_a_verb_is_about(question: str, topic: str) -> None:
    assert own_topic(question) == topic


@pytest.mark.parametrize(
    "said",
    [
        "ありがとうございます！", "どうも", "助かりました", "了解です", "なるほど。ありがとう",
        "こんにちは", "お疲れさまです", "Thanks!", "Thank you very much.", "ok", "Hello!", "x",
        "あ", "ああああああ", 'a:b "', "'; DROP TABLE articles; --", "何ができますか", "Help!",
        "このアプリの使い方を教えてください", "記事の一覧を見せて", "どのような記事がありますか？",
        "List all the articles", "Which documents do you have?",
    ],
)  # fmt: skip
def test_thanks_greetings_and_single_letters_ask_nothing(said: str) -> None:
    assert asks_nothing(said)


@pytest.mark.parametrize(
    "question",
    [
        "それはいつですか", "誰？", "なぜですか", "それについて教えて",
        "もっと詳しく教えてください",
        "それはどこにありますか", "他には？", "When was it?", "Who?", "Who is he?", "How much?",
        "Tell me more",
    ],
)  # fmt: skip
def test_a_pronoun_or_a_question_word_alone_names_nothing(question: str) -> None:
    assert names_nothing(question)


@pytest.mark.parametrize(
    "question",
    [
        "休みは何曜日？", "価格は？", "何を食べていますか", "何人来ましたか", "誰が設計した？",
        "いつから調査していますか", "ありがとうの語源は何ですか", "了解を得たのは誰ですか", "R2",
        "技", "A-1", "使い方の変化は？", "この記事の使い方", "How does it work?", "記事の数は？",
        "こんにちは赤ちゃんの作曲者は誰", "Who built it?", "How many people came?", "理由は？",
        "はい、開店はいつですか", "？？",
    ],
)  # fmt: skip
def test_whatever_else_is_asked_is_looked_up(question: str) -> None:
    assert not asks_nothing(question)
    assert not names_nothing(question)


def test_a_chain_keeps_its_subject() -> None:
    height = Turn("高さは？", "298メートル[1]\n\n主塔の高さは298メートルである。[1]")
    assert rewrite("では、瀬戸大橋は？", BRIDGE, height) == "瀬戸大橋の高さは？"
    assert rewrite("設計者は？", BRIDGE, height) == "明石海峡大橋の設計者は？"
    build = Turn("Where was it built?", "")
    assert rewrite("By whom?", CLOCK, build) == "By whom was the Strasbourg clock built?"


def test_a_new_subject_takes_the_place_of_the_old_one() -> None:
    other = Turn("スエズ運河はいつ開通しましたか", "1869年[1]\n\nスエズ運河は1869年に開通した。[1]")
    assert rewrite("長さは？", BRIDGE, other) == "スエズ運河の長さは？"


def test_only_the_last_turns_count() -> None:
    fillers = [Turn("ありがとう", "")] * REMEMBERED_TURNS
    assert rewrite("彼の経歴は？", FOUNDER, *fillers[1:]) == "田中一郎の経歴は？"
    assert "田中" not in rewrite("彼の経歴は？", FOUNDER, *fillers)
    others = [Turn("倉庫の屋根は何色ですか", "")] * MEANT_TURNS
    assert "田中" not in rewrite("彼の経歴は？", FOUNDER, *others)


def test_a_long_chain_of_follow_ups_keeps_its_subject() -> None:
    sides = ["全長は？", "幅は？", "高さは？", "設計者は？", "費用は？", "色は？", "大きさは？"]
    chain = [Turn(side, "") for side in sides]
    assert len(chain) > MEANT_TURNS
    assert rewrite("開通はいつ？", BRIDGE, *chain) == "明石海峡大橋の開通はいつ？"


def test_a_measure_of_nothing_named_does_not_become_the_subject() -> None:
    assert rewrite("開業したのはいつ？", Turn("全長は何キロですか", "")) == "開業したのはいつ？"
    assert rewrite("子どもは？", Turn("入館料はいくらですか", "")) == "子どもは？"
    assert rewrite("開業はいつ？", BRIDGE, Turn("全長は？", "")) == "明石海峡大橋の開業はいつ？"


def test_what_tells_which_is_meant_does_not_become_the_subject() -> None:
    bus = Turn("いや、港からのバス", "")
    assert rewrite("費用は？", BRIDGE, bus) == "明石海峡大橋の費用は？"
    topics = Turn("読書会の次回の議題は何ですか", "")
    assert rewrite("場所は？", topics) == "読書会の場所は？"
    size = Turn("大きさは？", "")
    assert rewrite("設計者は？", BRIDGE, size) == "明石海峡大橋の設計者は？"


HOMEWORK = Turn("Brownさんの宿題は？", "表を作る[1]\n\nBrownの宿題は表を作ることである。[1]")
FERRY = Turn("渡し船の朝の便は何時ですか", "7時[1]\n\n朝の便は7時に出る。[1]")
PUMPS = Turn("How much does the first pump deliver?", "40 litres[1]\n\nIt delivers 40 litres.[1]")


@pytest.mark.parametrize(
    ("history", "question", "standalone"),
    [
        ([HOMEWORK], "谷口さんは？", "谷口さんの宿題は？"),
        ([HOMEWORK, Turn("谷口さんは？", "")], "大森先生は？", "大森先生の宿題は？"),
        ([HOMEWORK], "お母さんは？", "Brownさんのお母さんは？"),
        ([FERRY], "いや、朝じゃなくて夜", "渡し船の夜の便は何時ですか？"),
        ([BRIDGE], "そうじゃなくて、港からのバス", "明石海峡大橋の港からのバスは？"),
        ([Turn("車はどこに停めますか", "")], "いくら？", "車はいくらですか？"),
        ([Turn("青木の工房はどこですか", "")], "青木さんの本は？", "青木さんの本は？"),
        ([PUMPS], "and the second one?", "How much does the second pump deliver?"),
        (
            [CLOCK, PUMPS],
            "and the second one?",
            "Regarding the Strasbourg clock, how much does the second pump deliver?",
        ),
    ],
)
def test_another_of_its_kind_is_asked_what_the_first_one_was(
    history: list[Turn], question: str, standalone: str
) -> None:
    assert rewrite(question, *history) == standalone


@pytest.mark.parametrize("phrase", [p for each in REFUSALS.values() for p in each.values()])
def test_a_refusal_is_no_answer(phrase: str) -> None:
    assert exchange("誰？", phrase) == Exchange("誰？", refused=True)


@pytest.mark.parametrize(
    ("answer", "short", "whole"),
    [
        ("5月[1]\n\n公開は5月だ。[1]", "5月", "公開は5月だ。"),
        ("「山猫」です。", "", "「山猫」です。"),
        ("**Anna Weiss** [12]", "Anna Weiss", "Anna Weiss"),
        ("# 見出し\n- [名前](https://example.org/a)", "見出し 名前", "見出し 名前"),
        ("『雪国』", "雪国", "『雪国』"),
        ("田中一郎（作家）氏", "田中一郎氏", "田中一郎氏"),
    ],
)
def test_marks_and_markup_are_no_words(answer: str, short: str, whole: str) -> None:
    remembered = exchange("q", answer)
    assert (remembered.short_answer, remembered.answer) == (short, whole)


HOSTILE = st.one_of(
    st.text(max_size=300),
    st.text(alphabet="それのはが、。？「」・アあ亜A1 \n\x00\ud800[](*", max_size=3000),
    st.sampled_from(
        ["", "・" * 5000, "ア" * 5000, "の" * 5000, "a " * 3000, "it " * 2000, "「" * 3000]
    ),
)


@given(HOSTILE, st.lists(st.tuples(HOSTILE, HOSTILE), max_size=8))
def test_an_odd_history_does_no_harm(question: str, turns: list[tuple[str, str]]) -> None:
    written = rewrite(question, *(Turn(*each) for each in turns))
    assert written == question or 0 < len(written) <= LONGEST


@pytest.mark.parametrize(
    "question", ["青霧茶の生産量は？", "青霧茶の蒸し時間は何秒ですか", "ハーロウ橋の長さを教えて"]
)
def test_what_names_something_new_is_not_put_under_what_was_said(question: str) -> None:
    history = [Turn("入館料はいくらですか", "500円です。")]
    assert RuleRewriter().rewrite(question, history) == question


def test_an_english_question_is_not_hung_on_a_japanese_one_without_a_subject() -> None:
    history = [Turn("いくらですか", "500円です。")]
    rewritten = RuleRewriter().rewrite("How long is the bridge in metres?", history)
    assert "いくら" not in rewritten


PRESIDENTS = (
    Turn("山猫電機の3代目の社長は誰ですか", "及川真理子[1]\n\n3代目社長は及川真理子である。[1]"),
    Turn("その次の社長は", "佐々木亮[1]\n\n現在の社長は4代目の佐々木亮である。[1]"),
)
SUCCESSION = (
    Turn("Who created Tidemark?", "Ines Carvalho[1]\n\nIt was created by Ines Carvalho.[1]"),
    Turn("Who succeeded her?", "Priya Raman[1]\n\nShe was succeeded by Priya Raman.[1]"),
)


@pytest.mark.parametrize(
    ("history", "question", "standalone"),
    [
        (PRESIDENTS, "彼の出身は？", "佐々木亮の出身は？"),
        (PRESIDENTS[:1], "彼女の出身は？", "及川真理子の出身は？"),
        (PRESIDENTS[:1], "彼女の出身大学は？", "及川真理子の出身大学は？"),
        (SUCCESSION, "Where was she born?", "Where was Priya Raman born?"),
        (
            (*SUCCESSION, Turn("Why did she leave?", REFUSALS["en"]["not_answered"])),
            "What licence does it use?",
            "What licence does Tidemark use?",
        ),
    ],
)
def test_people_and_things_are_told_apart(
    history: tuple[Turn, ...], question: str, standalone: str
) -> None:
    assert rewrite(question, *history) == standalone


def test_a_word_between_two_questions_is_no_pronoun() -> None:
    question = "月見橋は木造ですか、それとも石造ですか"
    assert rewrite(question, BRIDGE) == question


BRIDGES = (
    Turn("青瀬大橋はいつ開通しましたか", "1995年に開通した。"),
    Turn("青瀬橋はいつ開通しましたか", "1895年に開通した。"),
)


@pytest.mark.parametrize(
    ("question", "standalone"),
    [
        ("ではどちらが長いですか", "青瀬大橋と青瀬橋では、どちらが長いですか"),
        ("どちらが先に完成しましたか？", "青瀬大橋と青瀬橋では、どちらが先に完成しましたか？"),
        ("その二つのうちどちらの幅が広い？", "青瀬大橋と青瀬橋では、どちらの幅が広い？"),
    ],
)
def test_which_of_the_two_last_named_is_meant(question: str, standalone: str) -> None:
    assert rewrite(question, *BRIDGES) == standalone


@pytest.mark.parametrize(
    ("question", "history"),
    [
        ("ではどちらが長いですか", BRIDGES[:1]),
        ("ではどちらが長いですか", (BRIDGES[0], FOUNDER)),
        ("ではどちらの会社が架けましたか", BRIDGES),
    ],
)
def test_two_of_different_kinds_are_not_compared(question: str, history: tuple[Turn, ...]) -> None:
    assert "と青瀬橋では" not in rewrite(question, *history)
    assert "では、どちら" not in rewrite(question, *history)


@pytest.mark.parametrize(
    ("question", "standalone"),
    [
        ("青瀬橋はいつ開通しましたか", "青瀬橋はいつ開通しましたか"),
        ("青瀬橋は？", "青瀬橋はいつ開通しましたか？"),
        ("では、青瀬橋は？", "青瀬橋はいつ開通しましたか？"),
        ("費用は？", "青瀬大橋の費用は？"),
    ],
)
def test_another_thing_of_the_kind_is_no_part_of_the_first(question: str, standalone: str) -> None:
    assert rewrite(question, BRIDGES[0]) == standalone


@pytest.mark.parametrize(
    "said",
    [
        "はいわかりました",
        "なるほどわかりました",
        "はいなるほど",
        "了解わかりました",
        "助かりますよね",
        "ありがとうね",
    ],
)
def test_one_word_of_assent_behind_another_asks_nothing(said: str) -> None:
    assert asks_nothing(said)


REPEATED = (
    "どうもありがとう", "はい了解", "thank you ", "ok ", "それ", "には", "では", "なの", "なん",
    "でしょうか", "ですか", "だった", "のこと", "なぜ", "いくら", "もっと", "詳しく", "ほかは",
    "and ", "it was ", "なるほどですね", "使い方", "教えてください", "記事の", "list of ", "all ",
)  # fmt: skip


@pytest.mark.parametrize("piece", REPEATED)
@pytest.mark.parametrize("before", ["", "それ", "なぜ", "いくら"])
def test_no_repetition_takes_the_rules_long(before: str, piece: str) -> None:
    said = f"{before}{piece * 200}x"
    assert not asks_nothing(said)
    assert not names_nothing(said)
    assert RuleRewriter().rewrite(said, [Turn("青函トンネルの長さは？", "53.85 kmです。")])


@pytest.mark.parametrize("question", ["橋はどこの国に輸出されましたか", "工事はあそこの会社ですか"])
def test_no_word_is_pointed_at_from_inside_another(question: str) -> None:
    assert question.rstrip("か")[-8:] in rewrite(question, BRIDGE)


@pytest.mark.parametrize(
    ("typed", "question", "changes_topic"),
    [
        ("ところで、白鳥橋はいつ完成した？", "白鳥橋はいつ完成した？", True),
        ("話は変わりますが、入館料は？", "入館料は？", True),
        ("別件ですが、入館料は？", "入館料は？", True),
        ("さて、入館料は？", "入館料は？", True),
        ("ちなみに休館日は？", "休館日は？", False),
        ("それと、休館日は？", "休館日は？", False),
        ("あと、休館日は？", "休館日は？", False),
        ("ちなみに、ところで休館日は？", "休館日は？", True),
        ("By the way, where is the ferry?", "Where is the ferry?", True),
        ("Oh, and on another note: who paid?", "Who paid?", True),
        ("Anyway who paid?", "Who paid?", True),
        ("Also, who paid?", "Who paid?", False),
        ("あと3日で何が終わる？", "あと3日で何が終わる？", False),
        ("話が変わったのはなぜ？", "話が変わったのはなぜ？", False),
        ("他の質問が多いのは？", "他の質問が多いのは？", False),
        ("さてはどこ？", "さてはどこ？", False),
        ("Also sprach Zarathustra: who wrote it?", "Also sprach Zarathustra: who wrote it?", False),
        ("Besides the ferry, what sank?", "Besides the ferry, what sank?", False),
        ("いや、そうじゃなくて今回の司会", "今回の司会", False),
        ("違う、駅からのバス", "駅からのバス", False),
        ("いやな思い出は何ですか", "いやな思い出は何ですか", False),
        ("no, I meant star nights", "star nights", False),
        ("I was asking about the tower", "the tower", False),
        ("No one came?", "No one came?", False),
        ("ところで", "ところで", False),
        ("By the way", "By the way", False),
    ],
)
def test_what_opens_a_question_is_taken_off(
    typed: str,
    question: str,
    changes_topic: bool,  # noqa: FBT001
) -> None:
    assert opened(typed) == Opened(question, changes_topic)


@pytest.mark.parametrize(
    ("history", "question", "standalone"),
    [
        (BRIDGE, "ところで、北野サトがなくなったのはいつ？", "北野サトがなくなったのはいつ？"),
        (BRIDGE, "話は変わりますが、風車は誰が建てた？", "風車は誰が建てた？"),
        (BRIDGE, "ちなみに、北野サトがなくなったのはいつ？", "北野サトがなくなったのはいつ？"),
        (BRIDGE, "あと、幅は？", "明石海峡大橋の幅は？"),
        (BRIDGE, "ところで、幅は？", "明石海峡大橋の幅は？"),
        (BRIDGE, "ところで、それはどこにある？", "明石海峡大橋はどこにある？"),
        (CLOCK, "By the way, who runs the ferry?", "Who runs the ferry?"),
        (CLOCK, "By the way, where did Ada Stone live?", "Where did Ada Stone live?"),
        (CLOCK, "By the way, who built it?", "Who built the Strasbourg clock?"),
        (CLOCK, "Also, who built it?", "Who built the Strasbourg clock?"),
        (
            CLOCK,
            "Anyway, what was the cost?",
            "Regarding the Strasbourg clock, what was the cost?",
        ),
    ],
)
def test_who_changes_the_topic_leaves_the_old_one_behind(
    history: Turn, question: str, standalone: str
) -> None:
    assert rewrite(question, history) == standalone


def test_an_opener_of_an_earlier_question_is_no_part_of_its_topic() -> None:
    before = Turn("ところで、白鳥橋はいつ完成しましたか", "1990年。")
    assert rewrite("長さは？", BRIDGE, before) == "白鳥橋の長さは？"
    assert rewrite("ところで、白鳥橋はいつ完成しましたか") == "白鳥橋はいつ完成しましたか"


@pytest.mark.parametrize(
    ("before", "topic"),
    [
        ("赤石谷土砂崩れで何人が亡くなりましたか", "赤石谷土砂崩れ"),
        ("白鷺踊りを始めたのは誰ですか", "白鷺踊り"),
        ("渡り鳥調査に参加したのは何校ですか", "渡り鳥調査"),
        ("空き家の取り壊しで何が出ましたか", "空き家の取り壊し"),
        ("road signで何が変わりましたか", "road sign"),
    ],
)
def test_a_compound_is_taken_up_whole(before: str, topic: str) -> None:
    assert rewrite("費用は？", Turn(before, "答えだ。")) == f"{topic}の費用は？"


@pytest.mark.parametrize(
    ("text", "nouns"),
    [
        ("申し込みは", ["申し込み"]),
        ("打ち上げを延期", ["打ち上げ", "延期"]),
        ("買い物に行く", ["買い物", "行"]),
        ("受け付けの時間", ["受け付け", "時間"]),
        ("乗っ取りが", ["乗っ取り"]),
        ("昨年よりも", ["昨年"]),
        ("二人だけが", ["二人"]),
        ("食べに行った", ["食", "行"]),
        ("高い山が", ["高", "山"]),
        ("市に対し県は", ["市", "対", "県"]),
        ("国および市", ["国", "市"]),
        ("値上げした", ["値上"]),
        ("起き、誰が", ["起", "誰"]),
        ("When was R1 out", ["When", "was", "R1", "out"]),
    ],
)
def test_hiragana_inside_a_noun_is_told_from_an_ending(text: str, nouns: list[str]) -> None:
    assert re.findall(NOUN, text) == nouns


def test_what_was_asked_in_between_is_no_part_of_the_next_topic() -> None:
    hurt = Turn("けが人は？", "5人だった。")
    assert rewrite("費用は？", BRIDGE, hurt) == "明石海峡大橋の費用は？"
    assert rewrite("時期は？", BRIDGE, hurt, Turn("理由は？", "風だった。")) == (
        "明石海峡大橋の時期は？"
    )


POET = "詩人、翻訳家[1]\n\n北野サトは日本の詩人、翻訳家。[1]"
SAILOR = "a sailor[1]\n\nAda Stone was a sailor.[1]"


@pytest.mark.parametrize(
    ("asked", "answered", "question", "standalone"),
    [
        ("北野サトって誰？", POET, "どの町で育ったの？", "北野サトはどの町で育ったの？"),
        ("北野サトとは？", POET, "彼女の代表作は？", "北野サトの代表作は？"),
        ("北野里子は誰ですか", POET, "どの町で育った？", "北野里子はどの町で育った？"),
        ("北野里子は何者ですか", "詩人", "彼女はどの町で育った？", "北野里子はどの町で育った？"),
        ("会長は誰ですか", "北野里子", "どの町で育った？", "北野里子はどの町で育った？"),
        ("会長って誰？", "北野里子", "どの町で育った？", "北野里子はどの町で育った？"),
        ("3位は誰だった？", "北野選手", "彼の記録は？", "北野選手の記録は？"),
        ("Who was Ada Stone?", SAILOR, "When did she drown?", "When did Ada Stone drown?"),
        ("who is ada stone", SAILOR, "When did she drown?", "When did ada stone drown?"),
        (
            "Who was Ada Stone's captain?",
            "Tom Reed[1]\n\nHer captain was Tom Reed.[1]",
            "When did he drown?",
            "When did Tom Reed drown?",
        ),
    ],
)
def test_what_somebody_is_does_not_take_the_place_of_the_name(
    asked: str, answered: str, question: str, standalone: str
) -> None:
    assert rewrite(question, Turn(asked, answered)) == standalone


@pytest.mark.parametrize(
    ("before", "question", "standalone"),
    [
        ("漏電が原因でしたか", "では本当の原因は？", "本当の原因は何ですか？"),
        ("白鳥橋の崩落は風が原因ですか", "直接の原因は？", "白鳥橋の崩落の直接の原因は何ですか？"),
        ("白鳥橋は観光が目的ですか", "じゃあ主な目的は何ですか", "白鳥橋の主な目的は何ですか？"),
        ("白鳥橋は赤いですか", "では、青瀬橋は？", "青瀬橋は赤いですか？"),
        (
            "Was the ferry destroyed by a storm?",
            "And the real cause?",
            "What was the real cause of the ferry?",
        ),
    ],
)
def test_what_is_asked_after_a_question_for_yes_or_no_is_no_part_of_it(
    before: str, question: str, standalone: str
) -> None:
    assert rewrite(question, Turn(before, "いいえ、そうではない。")) == standalone


@pytest.mark.parametrize(
    ("before", "question", "standalone"),
    [
        ("北野サトの兄は誰ですか", "では妹は？", "北野サトの妹は誰ですか？"),
        ("北野サトの兄は誰ですか", "妹さんは？", "北野サトの妹さんは誰ですか？"),
        ("北野サトの母親はどこの出身？", "では父親は？", "北野サトの父親はどこの出身？"),
        ("白鳥橋の設計者は誰ですか", "では施工者は？", "白鳥橋の施工者は誰ですか？"),
        ("白鳥橋の設計者は誰ですか", "では予算は？", "白鳥橋の予算は？"),
        ("白鳥橋の設計者は誰ですか", "では、青瀬橋は？", "青瀬橋の設計者は誰ですか？"),
        ("北野サトはいつ生まれましたか", "では妹は？", "北野サトの妹はいつ生まれましたか？"),
        ("Who was Ada Stone's brother?", "And the sister?", "Who was Ada Stone's sister?"),
        ("Who was Ada Stone's brother?", "And her sister?", "Who was Ada Stone's sister?"),
        ("How old is Harlow Bridge?", "And the weight?", "What is the weight of Harlow Bridge?"),
        ("What was the cost of Lumen?", "And the size?", "What was the size of Lumen?"),
        ("Who is Lumen's founder?", "What about the owner?", "Who is Lumen's owner?"),
    ],
)
def test_another_side_of_the_same_thing_leaves_the_thing(
    before: str, question: str, standalone: str
) -> None:
    assert rewrite(question, Turn(before, "答えだ。")) == standalone


@pytest.mark.parametrize("question", ["🎈🎈はいつ？", "では🎈は？", "What is 🎈?"])
@pytest.mark.parametrize("history", [BRIDGE, CLOCK])
def test_pictures_are_nothing_to_ask_about(question: str, history: Turn) -> None:
    assert rewrite(question, history) == question


@pytest.mark.parametrize(
    ("before", "question", "standalone"),
    [
        ("What went wrong at the mill?", "How long did it take?", "How long did the mill take?"),
        ("What went wrong?", "How long did it take?", "How long did it take?"),
        ("What has gone wrong?", "How long did it take?", "How long did it take?"),
    ],
)
def test_what_went_wrong_is_no_thing(before: str, question: str, standalone: str) -> None:
    assert rewrite(question, Turn(before, "A wheel broke.")) == standalone


@pytest.mark.parametrize(
    "question", ["山開き祭はいつ？", "赤石谷土砂崩れは？", "赤石谷土砂崩れで何人が亡くなった？"]
)
def test_a_feast_or_a_disaster_is_no_part_of_what_was_said(question: str) -> None:
    assert rewrite(question, BRIDGE) == question
    assert rewrite("前夜祭はいつ？", BRIDGE) == "明石海峡大橋の前夜祭はいつ？"


@pytest.mark.parametrize(
    ("before", "question", "standalone"),
    [
        ("白鳥橋は誰が架けた？", "渡り鳥調査の費用は？", "渡り鳥調査の費用は？"),
        ("road sign を立てるには？", "費用は？", "road signの費用は？"),
        ("Tell me about the road sign", "Where is it?", "Where is the road sign?"),
        ("How do I paint the road sign?", "How long is it?", "How long is the road sign?"),
        ("Do you know who drew it?", "Where is it?", "Where is it?"),
        ("What happened at the mill?", "Where is it?", "Where is the mill?"),
    ],
)
def test_what_is_to_be_done_is_no_topic_but_what_it_is_done_to(
    before: str, question: str, standalone: str
) -> None:
    assert rewrite(question, Turn(before, "So and so.")) == standalone


CLERK = Turn("会議で書記を務めたのは誰ですか", "山田花子[1]\n\n書記は山田花子が務めた。[1]")
KEEPER = Turn("観測室の「ひのき」の担当者は誰ですか", "田中一郎[1]\n\n担当は田中一郎である。[1]")
INVITED = Turn("森すずをスウェーデンに招いたのは誰ですか", "ベルグ[1]\n\nベルグが招いた。[1]")
CURATOR = Turn("Who is the curator of the herbarium?", "Ann Weiss[1]\n\nIt is Ann Weiss.[1]")
FOUNDED = Turn("Who founded the Calder Institute?", "Josiah Calder\n\nIt was Josiah Calder.[1]")


@pytest.mark.parametrize(
    ("history", "question", "standalone"),
    [
        ([KEEPER], "それはいつ導入されましたか", "観測室の「ひのき」はいつ導入されましたか？"),
        (
            [KEEPER, Turn("それはいつ導入されましたか", "2019年[1]\n\n2019年である。[1]")],
            "なぜ停止したのですか",
            "観測室の「ひのき」はなぜ停止したのですか？",
        ),
        ([CLERK], "その会議はどこで開かれましたか", "会議はどこで開かれましたか？"),
        (
            [INVITED, Turn("いつ？", "1931年[1]\n\n1931年に招いた。[1]")],
            "そこで何をしましたか",
            "森すずはスウェーデンで何をしましたか？",
        ),
        ([INVITED], "その人の専門は？", "ベルグの専門は？"),
        ([CURATOR], "When was it opened?", "When was the herbarium opened?"),
        ([CURATOR], "What did she study?", "What did Ann Weiss study?"),
        (
            [CURATOR, Turn("What does she permit?", "loans[1]\n\nAnn Weiss permits loans.[1]")],
            "How large may it be?",
            "How large may it be?",
        ),
    ],
)
def test_it_is_nobody_and_there_is_a_place(
    history: list[Turn], question: str, standalone: str
) -> None:
    assert rewrite(question, *history) == standalone


@pytest.mark.parametrize(
    ("history", "question", "standalone"),
    [
        (
            [Turn("森鈴子はいつ学位を得ましたか", "1937年[1]\n\n論文「苔」で学位を得た。[1]")],
            "その題名は？",
            "森鈴子の論文の題名は？",
        ),
        (
            [
                Turn("森鈴子はいつ学位を得ましたか", "1937年[1]\n\n論文「苔」で学位を得た。[1]"),
                Turn("その題名は？", "「苔」[1]"),
            ],
            "賞は受けましたか",
            "森鈴子の賞は受けましたか？",
        ),
        (
            [Turn("沢の柵は何か所ありますか", "12か所[1]\n\n柵は12か所ある。[1]")],
            "高さは？",
            "沢の柵の高さは？",
        ),
        (
            [
                Turn("沢の柵は何か所ありますか", "12か所[1]\n\n柵は12か所ある。[1]"),
                Turn("費用は？", "45万円[1]\n\n45万円である。[1]"),
            ],
            "高さは？",
            "沢の柵の高さは？",
        ),
        (
            [Turn("会議でブイの何が問題になりましたか", "塩分データ[1]")],
            "原因は何でしたか",
            "ブイの原因は何でしたか？",
        ),
        (
            [Turn("会議は誰が休みましたか", "田中一郎[1]\n\n欠席は田中一郎である。[1]")],
            "なぜ？",
            "会議は田中一郎がなぜ休みましたか？",
        ),
    ],
)
def test_a_side_is_one_of_the_thing_that_has_it(
    history: list[Turn], question: str, standalone: str
) -> None:
    assert rewrite(question, *history) == standalone


@pytest.mark.parametrize(
    ("history", "question", "standalone"),
    [
        ([BRIDGE, LENGTH], "大橋の話に戻ると、高さは？", "明石海峡大橋の高さは？"),
        (
            [BRIDGE, LENGTH],
            "大橋に戻りますが、いつ開通しましたか",
            "明石海峡大橋はいつ開通しましたか？",
        ),
        ([BRIDGE, LENGTH], "設計者の話に戻って、それは誰ですか", "設計者は誰ですか？"),
        (
            [
                FOUNDED,
                Turn("When did the warning service begin?", "1955[1]\n\nIt began in 1955.[1]"),
            ],
            "Going back to the founder, how much did he give?",
            "How much did the founder of the Calder Institute give?",
        ),
        ([CLOCK, PAINTER], "Back to the clock: what is its height?", "What is the clock's height?"),
        (
            [CLOCK, PAINTER],
            "Returning to the clock, who repaired the hands?",
            "Regarding the clock, who repaired the hands?",
        ),
    ],
)
def test_an_earlier_topic_is_gone_back_to(
    history: list[Turn], question: str, standalone: str
) -> None:
    assert rewrite(question, *history) == standalone


@pytest.mark.parametrize(
    ("before", "question", "standalone"),
    [
        (
            "How many sheets may I borrow at once from the herbarium?",
            "For how long?",
            "For how long may I borrow sheets at once from the herbarium?",
        ),
        (
            "For how long may I borrow sheets at once from the herbarium?",
            "Can it be extended?",
            "Can it be extended?",
        ),
        ("Can it be extended?", "What about loans?", "Can loans be extended?"),
        (
            "What time did the bombs at the market in Sharm el-Sheikh go off?",
            "and the ones in Naama Bay?",
            "What time did the ones in Naama Bay go off?",
        ),
        (
            "How often is the database backed up?",
            "Where to?",
            "Where is the database backed up to?",
        ),
        (
            "What did the fire at the Calder Institute destroy?",
            "What caused it?",
            "What caused the fire at the Calder Institute?",
        ),
        (
            "How much did the new building on Gull Point cost?",
            "When was it opened?",
            "When was the new building on Gull Point opened?",
        ),
        ("前の版との違いは何ですか", "なぜそう変えたのですか", "前の版はなぜそう変えたのですか？"),
    ],
)
def test_what_is_written_is_a_sentence(before: str, question: str, standalone: str) -> None:
    assert rewrite(question, Turn(before, "")) == standalone


def test_when_somebody_did_that_is_asked_of_the_deed() -> None:
    asked = "When did he do that?"
    told = "When was it that Josiah Calder founded the Calder Institute?"
    assert rewrite(asked, FOUNDED) == told
    dated = Turn(asked, "1887[1]\n\nIt was founded in 1887.[1]")
    assert rewrite("Why?", FOUNDED, dated) == told.replace("When", "Why")
    assert rewrite("Who was its first director?", FOUNDED, dated) == (
        "Who was the Calder Institute's first director?"
    )


# ── follow-ups about rows of tables ──────────────────────────────────────────────────────────

FEAST = Turn("七夕の集いの会場は？", "大広間[1]\n\n| 7月7日 | 七夕の集い | 大広間 |[1]")
DAY = Turn("7月7日の行事は？", "七夕の集い[1]\n\n| 7月7日 | 七夕の集い | 大広間 |[1]")
AFTER = Turn("七夕の集いの次の行事は？", "敬老会[1]\n\n| 9月15日 | 敬老会 | 体育館 |[1]")
DEAREST = Turn("架設費が一番高いのはどの橋ですか", "新栄橋[1]\n\n| 新栄橋 | 12億円 |[1]")
LONGEST_BRIDGE = Turn("一番長い橋は？", "新栄橋[1]\n\n| 新栄橋 | 143 m |[1]")
BUSIEST = Turn("入館者数が最多の年度は？", "2019年度[1]\n\n| 2019年度 | 15,870人 |[1]")
OF_YEAR = Turn("2020年の来館者数は？", "12,050人[1]\n\n| 来館者数 | 12,050人 |[1]")
KEEPER = Turn("Who is the keeper of the planer?", "Edda Moor[1]\n\n| Planer | 4 | Edda Moor |[1]")
LOOKS_AFTER = Turn("Who looks after the planer?", "Edda Moor[1]\n\n| Planer | Edda Moor |[1]")
ROOM = Turn("What is the planer's room?", "4[1]\n\n| Planer | 4 | Edda Moor |[1]")
PRICE = Turn("What is the price of the kiln?", "5,600 pounds[1]\n\n| Kiln | 5,600 pounds |[1]")
MOST_EXPENSIVE = Turn("Which tool is the most expensive?", "Kiln[1]\n\n| Kiln | 5,600 pounds |[1]")
WINNER = Turn("Who came first?", "Ivo Tranter[1]\n\n| 1 | Ivo Tranter | Dale Runners |[1]")


@pytest.mark.parametrize(
    ("before", "question", "standalone"),
    [
        (FEAST, "その前の行事は？", "七夕の集いの前の行事は？"),
        (FEAST, "その次は？", "七夕の集いの次は？"),
        (DAY, "その次は？", "七夕の集いの次は？"),
        (AFTER, "その次は？", "敬老会の次は？"),
        (DEAREST, "二番目は？", "架設費が二番目に高いのはどの橋ですか？"),
        (DEAREST, "その次は？", "架設費が2番目に高いのはどの橋ですか？"),
        (LONGEST_BRIDGE, "その次に長いのは？", "2番目に長い橋は？"),
        (BUSIEST, "では3番目は？", "入館者数が3番目に多い年度は？"),
        (OF_YEAR, "寄贈品は？", "2020年の寄贈品は？"),
        (OF_YEAR, "その前の年は？", "2019年の来館者数は？"),
        (KEEPER, "And the tile cutter?", "Who is the keeper of the tile cutter?"),
        (KEEPER, "And the one before that?", "What comes before Planer?"),
        (LOOKS_AFTER, "What about the kiln?", "Who looks after the kiln?"),
        (ROOM, "And the tile cutter's?", "What is the tile cutter's room?"),
        (ROOM, "And what is its price?", "What is the planer's price?"),
        (PRICE, "And who is its keeper?", "Who is the kiln's keeper?"),
        (MOST_EXPENSIVE, "And the second?", "Which tool is the second most expensive?"),
        (MOST_EXPENSIVE, "The next one?", "Which tool is the second most expensive?"),
        (WINNER, "And second?", "Who came second?"),
    ],
)
def test_a_follow_up_goes_on_from_a_row(before: Turn, question: str, standalone: str) -> None:
    assert rewrite(question, before) == standalone


def test_third_comes_behind_second() -> None:
    written = rewrite(
        "その次は？", LONGEST_BRIDGE, Turn("二番目は？", "中柿橋[1]\n\n| 中柿橋 |[1]")
    )
    assert written == "3番目に長い橋は？"


def test_a_sentence_has_no_row_beside_it() -> None:
    assert rewrite("その次の行事は？", BRIDGE) == "明石海峡大橋の次の行事は？"
    assert exchange(BRIDGE.question, BRIDGE.answer).cells == ()
    assert exchange(FEAST.question, FEAST.answer).cells == ("7月7日", "七夕の集い", "大広間")


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ("あなたは誰ですか？何ができますか", HELPED),
        ("なんで何も答えてくれないの？", HELPED),
        ("この記事を英語に翻訳してください", HELPED),
        ("Hello. What can you do?", HELPED),
        ("Why don't you answer me?", HELPED),
        ("Translate the article into Japanese", HELPED),
        ("全然使えないな", NOTHING_ASKED),
        ("違うよ", NOTHING_ASKED),
        ("それは間違っています", NOTHING_ASKED),
        ("いい天気ですね", NOTHING_ASKED),
        ("今日は何曜日ですか", NOTHING_ASKED),
        ("qwerty", NOTHING_ASKED),
        ("That's not right!", NOTHING_ASKED),
        ("Nice weather today.", NOTHING_ASKED),
        ("What day is it today?", NOTHING_ASKED),
    ],
)
def test_complaints_and_talk_to_the_tool_get_a_fixed_reply(
    said: str, reply: dict[Language, str]
) -> None:
    assert asks_nothing(said)
    assert reply_to(said, "en") == reply["en"]


@pytest.mark.parametrize(
    "said", ["おすすめは？", "何かおすすめはある？", "42", "Any recommendations?"]
)
def test_a_bare_number_and_a_wish_for_anything_name_nothing(said: str) -> None:
    assert names_nothing(said)


@pytest.mark.parametrize(
    "question",
    [
        "使えない橋はどれですか",
        "この記事を翻訳したのは誰ですか",
        "間違っていたのはどの説ですか",
        "いい天気が続いたのはいつ",
        "今日は何日に発表がありますか",
        "おすすめの品種は？",
        "1984",
        "こんにちは。橋はいつできましたか",
        "What was wrong with the pump?",
        "Why can't trains run in winter?",
        "Who translated the article?",
    ],
)
def test_questions_with_words_of_talk_are_questions(question: str) -> None:
    assert not asks_nothing(question)
    assert not names_nothing(question)
