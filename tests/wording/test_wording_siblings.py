"""What a sentence tells of another thing than the one that is asked about."""

from __future__ import annotations

import math

import pytest

from shutten.spans import Question, Span, SpanChooser
from shutten.wording.siblings import told_of_others

SETS = "主鍵は事務室の壁に、合鍵は守衛所の金庫に掛けてある。"
MOTORS = "試作したモーターは二つで、前者は焼損し、後者は軸のずれのため廃棄された。"


@pytest.mark.parametrize(
    ("question", "text", "others"),
    [
        ("主鍵はどこにありますか", SETS, ["守衛所の金庫"]),
        ("合鍵はどこにありますか", SETS, ["事務室の壁"]),
        ("東門は何時に開きますか", "西門は午前7時に、東門は午前9時に開く。", ["午前7時"]),
        ("北棟の設計者は", "南棟は長谷部が設計し、北棟は三好が設計した。", ["長谷部"]),
        ("夏季の営業は何時まで", "冬季は16時まで、夏季は18時まで営業する。", ["16時"]),
        ("2号炉の燃料は何ですか", "1号炉では石炭を、2号炉では木くずを燃やす。", ["石炭"]),
        ("成虫は何を食べますか", "幼虫は落ち葉を食べ、成虫は花の蜜を吸う。", ["落ち葉"]),
        ("会員の料金は", "一般は800円、会員は500円である。", ["800円"]),
        ("朝便の行き先は", "朝便は苫前へ向かい、夕便は留萌へ向かう。", ["留萌"]),
        (
            "How long may day tickets be used?",
            "Week tickets are valid for seven days; day tickets are valid until midnight.",
            ["seven days"],
        ),
        (
            "Where is the spare pump?",
            "The main pump stands in the cellar, and the spare pump is kept at Fell Farm.",
            ["the cellar"],
        ),
        (
            "Who cleans the upper hall?",
            "The lower hall is cleaned by pupils, while the upper hall is cleaned by Mr Voss.",
            ["pupils"],
        ),
        (
            "When do evening classes start?",
            "Morning classes start at nine, but evening classes start at half past six.",
            ["nine"],
        ),
    ],
)
def test_the_other_clause_tells_of_another(question: str, text: str, others: list[str]) -> None:
    places = told_of_others(question, text)
    assert [any(words in text[slice(*place)] for place in places) for words in others] == [
        True for _ in others
    ]


@pytest.mark.parametrize(
    ("question", "text", "before", "right", "other"),
    [
        (
            "KD-2が今ないのはなぜ",
            "KD-2株とKD-4株があったが、前者は火事で失われ、後者は雑菌のため捨てられた。",
            "",
            "火事",
            "雑菌",
        ),
        (
            "KD-4はなぜ捨てられた",
            "KD-2株とKD-4株があったが、前者は火事で失われ、後者は雑菌のため捨てられた。",
            "",
            "雑菌",
            "火事",
        ),
        (
            "黒丸の色は",
            "前者は紺、後者は赤である。",
            "模型は「黒丸」と「白波」の二つがある。",
            "紺",
            "赤",
        ),
        (
            "樋口の専門は",
            "樋口と森が招かれ、前者は地質を、後者は植物を教えた。",
            "",
            "地質",
            "植物",
        ),
        ("森の専門は", "樋口と森が招かれ、前者は地質を、後者は植物を教えた。", "", "植物", "地質"),
        (
            "Where did the glass come from?",
            "They bought glass and iron, the former from Venice, the latter from Sweden.",
            "",
            "Venice",
            "Sweden",
        ),
        (
            "Why was Bell dismissed?",
            "The former was promoted, the latter was dismissed for theft.",
            "The owners had hired Crane and Bell.",
            "theft",
            "promoted",
        ),
    ],
)
def test_what_the_former_and_the_latter_are(
    question: str, text: str, before: str, right: str, other: str
) -> None:
    places = told_of_others(question, text, before)
    told = "\n".join(text[slice(*place)] for place in places)
    assert other in told
    assert right not in told


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("鍵はどこにありますか", SETS),  # neither is named
        ("主鍵と合鍵はどこにありますか", SETS),  # both are
        ("橋の工事費はいくらですか", "橋は1962年に完成し、費用は3億円だった。"),
        ("試作品はどうなりましたか", MOTORS),
        ("木の高さは", "この木は樹齢が300年、高さは20メートルある。"),
        ("銭湯の料金は", "銭湯は町の北にあり、開くのは夕方からで、料金は400円である。"),
        ("Who built the mill?", "The mill was built by Tansy, and the dam was added in 1881."),
        ("When did the school close?", "The school moved in 1950, and it was closed in 1972."),
    ],
)
def test_what_may_be_said_of_the_same_thing_stays(question: str, text: str) -> None:
    assert told_of_others(question, text) == ()


@pytest.mark.parametrize(
    ("spans", "shown", "sure"),
    [
        ([("守衛所の金庫", 0.6), ("事務室の壁", 0.1)], "事務室の壁", True),
        ([("守衛所の金庫", 0.6), ("守衛所", 0.1)], "守衛所の金庫", False),
    ],
)
def test_words_come_from_the_clause_of_the_asked_one_or_there_are_none(
    spans: list[tuple[str, float]], shown: str, *, sure: bool
) -> None:
    made = [
        Span(SETS.index(words), SETS.index(words) + len(words), math.log(share))
        for words, share in spans
    ]
    chosen = SpanChooser({}).choose(Question.of("主鍵はどこにありますか"), SETS, made, "ja")
    assert chosen is not None
    assert SETS[chosen.start : chosen.end] == shown
    assert (chosen.confidence > 0) == sure
