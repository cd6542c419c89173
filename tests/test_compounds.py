from __future__ import annotations

from collections.abc import Sequence

import pytest
from tests.bundled import bundled_assistant

from shutten.assistant import Assistant
from shutten.conversation import questions_in
from shutten.conversation.compounds import LONGEST
from shutten.follow_ups import FollowUp
from shutten.grounding import one_line, short_answers, with_markers_escaped
from shutten.lookup import QuestionForms
from shutten.phrases import unanswered_notice
from shutten.types import Answer, Article


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "月見橋を設計したのは誰で、いつ完成しましたか？",
            ("月見橋を設計したのは誰ですか", "月見橋はいつ完成しましたか？"),
        ),
        (
            "月見橋は誰が設計し、いつ完成しましたか",
            ("月見橋は誰が設計しましたか", "いつ完成しましたか"),
        ),
        (
            "坂本さんはどこで生まれ、いつ亡くなりましたか",
            ("坂本さんはどこで生まれましたか", "いつ亡くなりましたか"),
        ),
        (
            "灯台はいつ建てられて、高さは何メートルですか",
            ("灯台はいつ建てられましたか", "高さは何メートルですか"),
        ),
        ("橋の設計者は誰？いつできた？", ("橋の設計者は誰？", "いつできた？")),
        (
            "トンネルはいつ開通しましたか。長さは何kmですか？",
            ("トンネルはいつ開通しましたか。", "長さは何kmですか？"),
        ),
        (
            "坂本さんはいつどこで生まれましたか？",
            ("坂本さんはいつ生まれましたか？", "坂本さんはどこで生まれましたか？"),
        ),
        (
            "会議はいつ、どこで開かれましたか",
            ("会議はいつ開かれましたか", "会議はどこで開かれましたか"),
        ),
        (
            "月見橋の長さと幅と完成年は？",
            ("月見橋の長さは？", "月見橋の幅は？", "月見橋の完成年は？"),
        ),
        (
            "トンネルの全長と海底部分の長さは？",
            ("トンネルの全長は？", "トンネルの海底部分の長さは？"),
        ),
        (
            "橋を設計した会社と、完成した年を教えて",
            ("橋を設計した会社を教えて", "完成した年を教えて"),
        ),
        (
            "中村選手の年俸、背番号、それから前の球団での年俸は？",
            ("中村選手の年俸は？", "中村選手の背番号は？", "中村選手の前の球団での年俸は？"),
        ),
        ("通算の本塁打数を教えて、ついでに打点も", ("通算の本塁打数を教えて", "打点は")),
        (
            "大手橋と柳橋の長さはそれぞれ何メートルですか",
            ("大手橋の長さは何メートルですか", "柳橋の長さは何メートルですか"),
        ),
        (
            "大手橋と柳橋はそれぞれいつ出来ましたか",
            ("大手橋はいつ出来ましたか", "柳橋はいつ出来ましたか"),
        ),
        ("何対何で勝った？勝利投手は？", ("何対何で勝った？", "勝利投手は？")),
        (
            "梁さんは何年にどこで生まれ、大学では何を学びましたか",
            (
                "梁さんは何年に生まれましたか",
                "梁さんはどこで生まれましたか",
                "大学では何を学びましたか",
            ),
        ),
        (
            "賞は誰が、どんな理由で受けましたか",
            ("賞は誰が受けましたか", "賞はどんな理由で受けましたか"),
        ),
        (
            "柳橋はいつ崩れたのですか。また、何人が亡くなり、原因は何でしたか。",
            ("柳橋はいつ崩れたのですか。", "何人が亡くなりましたか", "原因は何でしたか。"),
        ),
        (
            "柳橋は誰が設計し、いつ完成し、費用はいくらで、長さは何メートルですか",
            (
                "柳橋は誰が設計しましたか",
                "いつ完成しましたか",
                "費用はいくらですか",
                "長さは何メートルですか",
            ),
        ),
        (
            "会議はいつ、どこで、誰が開きましたか",
            ("会議はいつ開きましたか", "会議はどこで開きましたか", "会議は誰が開きましたか"),
        ),
        (
            "坂本さんの父と母の名前は？",
            ("坂本さんの父の名前は？", "坂本さんの母の名前は？"),
        ),
        (
            "坂本さんの父親の職業と母親の名前は？",
            ("坂本さんの父親の職業は？", "坂本さんの母親の名前は？"),
        ),
        (
            "ミラ60の口径と価格と発売年は？",
            ("ミラ60の口径は？", "ミラ60の価格は？", "ミラ60の発売年は？"),
        ),
        (
            "館の開館時間は？休館日は？入館料は？",
            ("館の開館時間は？", "休館日は？", "入館料は？"),
        ),
        (
            "Who designed the bridge, when was it finished and how much did it cost?",
            ("Who designed the bridge?", "When was it finished?", "How much did it cost?"),
        ),
        (
            "When, where and by whom was it built?",
            ("When was it built?", "Where was it built?", "By whom was it built?"),
        ),
        (
            "What are the length, width and height of the bridge?",
            (
                "What is the length of the bridge?",
                "What is the width of the bridge?",
                "What is the height of the bridge?",
            ),
        ),
        ("Who noticed the gear wheel and when?", ("Who noticed the gear wheel?", "When?")),
        (
            "Tell me what the case was made of, and also how tall it was.",
            ("What the case was made of?", "How tall it was?"),
        ),
        (
            "Who designed the Karl Bridge and when was it finished?",
            ("Who designed the Karl Bridge?", "When was it finished?"),
        ),
        (
            "How long is the tunnel? When did it open?",
            ("How long is the tunnel?", "When did it open?"),
        ),
        (
            "When and where was Ada Palmer born?",
            ("When was Ada Palmer born?", "Where was Ada Palmer born?"),
        ),
        (
            "What are the length and width of the Karl Bridge?",
            ("What is the length of the Karl Bridge?", "What is the width of the Karl Bridge?"),
        ),
    ],
)
def test_questions_asked_at_once_are_told_apart(question: str, parts: Sequence[str]) -> None:
    assert questions_in(question) == tuple(parts)


@pytest.mark.parametrize(
    "question",
    [
        "月見橋はいつ完成しましたか？",
        "いつからいつまで続きましたか",
        "どこの誰が作ったのですか",
        "トムとジェリーの作者は？",
        "AとBの長さの違いは何ですか",
        "『君の名は。』で監督を務めた人は誰?",
        "『シェイクスピアはどこにいる?』を書いたのは誰ですか。",
        "余剰電力をどう利用したらいいのか、その研究依頼を受けた人は誰ですか?",
        "ロシアは何を手に入れるために、オスマン帝国と戦うなどの政策を進めていたの?",
        "東京うどの栽培で、根株を運搬するのは何月頃なの?",
        "何度も滞在し、城を描いた人は誰ですか。",
        "運用の結果は?成功か、失敗か?",
        "選手は金栗四三と、もう1人は誰ですか?",
        "ノーマンの死後、ポターの担当者は誰でしたか?",
        "スケバン刑事のテレビドラマ、1作目の主演女優は誰でしたか",
        "流会の原因となった戦争の名前は何ですか?",
        "避難の後、島に帰った島民の数は",
        "坂本さんの母と妻は戦争中に何をしましたか",
        "坂本さんの両親の名前は？",
        "先進導坑と本坑、それぞれ貫通した日を教えてください。",
        "Which country colonized the Beagle Channel? Chile or Argentina?",
        "On which horse, and in which year, did he win?",
        "What is the difference between a fox and what people call a raccoon?",
        "What and",
        "",
        "誰が、" * LONGEST,
    ],
)
def test_one_question_stays_one(question: str) -> None:
    assert questions_in(question) == (question,)


BRIDGE = Article(
    "bridge.md",
    "月見橋",
    "# 月見橋\n\n月見橋は高瀬川に架かる木の橋である。設計したのは技師の小野寺栄作である。"
    "完成は1931年4月で、当時の町長が渡り初めをした。長さは48メートルある。",
)
TUNNEL = Article(
    "tunnel.md",
    "The Karl tunnel",
    "# The Karl tunnel\n\nThe Karl tunnel was designed by Ada Palmer. It was opened in May 1907. "
    "The tunnel is 1,240 metres long.",
    language="en",
)


@pytest.fixture(scope="module")
def assistant() -> Assistant:
    return bundled_assistant(BRIDGE, TUNNEL)


def quotes_hold(answer: Answer) -> bool:
    quotes = {each.marker: one_line(with_markers_escaped(each.quote)) for each in answer.citations}
    return all(claim.text in quotes[m] for claim in answer.claims for m in claim.citations)


def test_each_question_gets_its_words_and_its_quotation(assistant: Assistant) -> None:
    answer = assistant.ask("月見橋を設計したのは誰で、いつ完成しましたか？")
    assert answer.short_answer == "小野寺栄作、1931年4月"
    assert short_answers(answer) == [("小野寺栄作", 1), ("1931年4月", 2)]
    assert [each.sentence for each in answer.citations] == [3, 4]
    assert answer.text == (
        "小野寺栄作[1]\n\n1931年4月[2]\n\n設計したのは技師の小野寺栄作である。[1]\n\n"
        "完成は1931年4月で、当時の町長が渡り初めをした。[2]"
    )
    assert quotes_hold(answer)
    assert (answer.status, answer.notices) == ("quoted", ())
    places = [(hit.article_id, hit.sentence) for hit in answer.hits]
    assert len(set(places)) == len(places)


def test_without_the_rule_for_several_questions_there_is_but_one(assistant: Assistant) -> None:
    question = "月見橋を設計したのは誰で、いつ完成しましたか？"
    asked = FollowUp(question, question)
    whole = Assistant(
        assistant.index,
        assistant.retriever,
        assistant.reader,
        assistant.embedder,
        forms=QuestionForms(several=lambda question: (question,)),
    )
    assert whole.lookup.apart(asked) == [asked]
    assert len(assistant.lookup.apart(asked)) == 2


def test_what_is_not_answered_of_it_is_said(assistant: Assistant) -> None:
    answer = assistant.ask("月見橋を設計したのは誰で、大統領は何回訪れましたか？")
    assert answer.short_answer == "小野寺栄作"
    assert unanswered_notice("大統領は何回訪れましたか？", "ja") in answer.notices


def test_of_three_questions_the_third_is_not_lost(assistant: Assistant) -> None:
    answer = assistant.ask("月見橋はいつ完成し、長さは何メートルで、大統領は何回訪れましたか。")
    assert answer.short_answer == "1931年4月、48メートル"
    assert unanswered_notice("大統領は何回訪れましたか。", "ja") in answer.notices


def test_where_nothing_is_answered_it_is_a_refusal(assistant: Assistant) -> None:
    answer = assistant.ask("Who painted the Mona Lisa and how much did it cost?")
    assert (answer.status, answer.claims, answer.notices) == ("refused", (), ())


def test_the_same_words_are_not_told_twice(assistant: Assistant) -> None:
    answer = assistant.ask("月見橋を設計したのは誰ですか。塗ったのは誰ですか。")
    ((words, marker),) = short_answers(answer)
    assert ("小野寺栄作".startswith(words), marker) == (True, 1)
    assert len(answer.claims) == 2


def test_english_questions_are_told_apart_too(assistant: Assistant) -> None:
    answer = assistant.ask("Who designed the Karl tunnel and when was it opened?")
    assert answer.short_answer == "Ada Palmer、May 1907"
    assert [each.sentence for each in answer.citations] == [2, 3]
    assert quotes_hold(answer)
