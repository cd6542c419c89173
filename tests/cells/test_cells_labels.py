"""Lines with a label answer questions about what the title of their article names."""

from __future__ import annotations

import pytest

from shutten.cells.labels import line_that_answers
from shutten.embedding import HashEmbedder
from shutten.index import Index
from shutten.types import Article, Hit, Passage, Reading

MINUTES = """# 南岸漁協 第9回理事会 議事録

日時：令和5年2月8日（水）18時〜19時30分
場所：漁協事務所 二階
出席：汐見、多田、Osaka
欠席：蓮見（入院）。
議長：多田
【議事録】汐見

朝市は三月に旧桟橋で開く。第10回は四月に開く。
"""
COURSE = """# 竹細工講座

・日程：毎月第1日曜
・会場：柳瀬公民館
・受講料：一回1,800円
・定員：10名
* **持ち物**: 前掛け、軍手

昨年の作品展は駅前で開かれた。
"""
CLUB = """# Minutes of the Harbour Rowing Club, 7th meeting

Date: 3 May 2023, 7 pm
Venue: the old boathouse
Present: Ann Reed, Joe Marsh
Apologies: Tess Kirby
Chair: Joe Marsh
Minutes by: Ann Reed

The dinner was held at the Swan.
"""
NEXT_MINUTES = MINUTES.replace("第9回理事会", "第8回理事会").replace("漁協事務所 二階", "公民館")


def answered(
    question: str, *texts: str, best: str = "朝市は三月に旧桟橋で開く。", sure: float = 0.9
) -> Reading | None:
    """What is found in articles of which a sentence of the first one seems to answer."""
    articles = [Article(str(n), text.split("\n")[0][2:], text) for n, text in enumerate(texts)]
    index = Index.in_memory(articles, HashEmbedder())
    hits = [
        Hit(each.id, each.title, None, 0, 0, len(best), best, 1.0, heading=None)
        for each in articles
    ]
    readings = [Reading(Passage(hit), 1.0, sure) for hit in hits]
    return line_that_answers(question, readings, [each.passage for each in readings], index)


def words(reading: Reading | None) -> str | None:
    return None if reading is None else reading.passage.hit.text[reading.start : reading.end]


@pytest.mark.parametrize(
    ("question", "text", "value"),
    [
        ("第9回理事会はどこで開かれましたか", MINUTES, "漁協事務所 二階"),
        ("第9回の理事会が開かれた場所はどこですか？", MINUTES, "漁協事務所 二階"),
        ("理事会を欠席したのは誰ですか", MINUTES, "蓮見（入院）"),
        ("2月8日の理事会を休んだ人は？", MINUTES, "蓮見（入院）"),
        ("理事会に出席したのは誰ですか", MINUTES, "汐見、多田、Osaka"),
        ("第9回理事会の議長は誰が務めましたか", MINUTES, "多田"),
        ("理事会の議事録を書いたのは誰？", MINUTES, "汐見"),
        ("第9回理事会はいつ行われましたか", MINUTES, "令和5年2月8日（水）18時〜19時30分"),
        ("理事会は何時から始まりましたか", MINUTES, "18時〜19時30分"),
        ("会議はどこで開かれましたか", MINUTES, "漁協事務所 二階"),
        ("竹細工講座は何人まで参加できますか", COURSE, "10名"),
        ("竹細工講座の受講料はいくらですか", COURSE, "一回1,800円"),
        ("竹細工講座には何を持っていけばいいですか", COURSE, "前掛け、軍手"),
        ("竹細工講座はいつ開かれますか", COURSE, "毎月第1日曜"),
        ("Where was the 7th meeting of the rowing club held?", CLUB, "the old boathouse"),
        ("Who was absent from the meeting of the Harbour Rowing Club?", CLUB, "Tess Kirby"),
        ("Who chaired the rowing club's meeting?", CLUB, "Joe Marsh"),
        ("Who took the minutes of the rowing club?", CLUB, "Ann Reed"),
        ("When did the rowing club meet?", CLUB, "3 May 2023, 7 pm"),
        # what the labels do not tell
        ("第10回理事会はどこで開かれますか", MINUTES, None),
        ("朝市はどこで開かれますか", MINUTES, None),
        ("蓮見が理事会を欠席したのはなぜですか", MINUTES, None),
        ("理事会に出席した来賓は誰ですか", MINUTES, None),
        ("次回の理事会はどこで開かれますか", MINUTES, None),
        ("理事会の場所代はいくらですか", MINUTES, None),
        ("竹細工講座の作品展はどこで開かれましたか", COURSE, None),
        ("竹細工講座の講師は誰ですか", COURSE, None),
        ("竹細工講座の会場はいくらですか", COURSE, None),
        ("Where was the dinner of the rowing club held?", CLUB, None),
        ("Why was Tess Kirby absent from the meeting?", CLUB, None),
    ],
)
def test_a_line_is_told_by_its_label(question: str, text: str, value: str | None) -> None:
    assert words(answered(question, text)) == value


def test_of_two_meetings_the_one_that_is_named_tells() -> None:
    found = answered("第8回理事会の会場はどこですか", MINUTES, NEXT_MINUTES)
    assert words(found) == "公民館"
    found = answered("第8回理事会はどこで開かれましたか", MINUTES, NEXT_MINUTES)
    assert (words(found), found and found.confidence) == ("公民館", 0.45)


def test_two_that_tell_otherwise_tell_nothing() -> None:
    assert answered("理事会はどこで開かれましたか", MINUTES, NEXT_MINUTES) is None


def test_what_names_no_title_is_unsure_among_several_articles() -> None:
    found = answered("会議を欠席したのは誰ですか", MINUTES, COURSE)
    assert (words(found), found and round(found.confidence, 2)) == ("蓮見（入院）", 0.44)


def test_a_sure_sentence_with_the_words_of_the_question_stays() -> None:
    said = "第9回理事会は公民館で開かれた。"
    assert answered("第9回理事会はどこで開かれましたか", MINUTES, best=said) is None
    assert answered("第9回理事会はどこで開かれましたか", MINUTES, best=said, sure=0.2) is not None
