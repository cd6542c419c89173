"""Questions for yes or no, and which sentences say it."""

from __future__ import annotations

import pytest

from shutten.assistant import Assistant, assistant_for_files
from shutten.checking.checker import GroundingChecker
from shutten.embedding import load_embedder
from shutten.settings import Settings
from shutten.types import Hit, Passage
from shutten.yes_no import says_yes, statements_of

LENGTH = "青函トンネルの全長は53.85キロメートルである。"
BRIDGE = "The bridge was designed by Miriam Osei and opened in 2016."
SIZE = "The bridge is 412 metres long and 9 metres wide."
WORKS = "工事は1964年に始まり、1988年に終わった。"


@pytest.fixture(scope="module")
def checker() -> GroundingChecker:
    return GroundingChecker(load_embedder("bundled"))


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("橋は木造ですか？", "橋は木造。"),
        ("橋は1999年に開通したのでしょうか", "橋は1999年に開通した。"),
        ("島に病院はありますか", "島に病院はあります。"),
        ("橋はどこにありますか", None),
        ("橋は何メートルですか", None),
        ("橋は木造ではありませんか", None),
        ("橋は木造ですか、石造ですか", None),
        ("橋は塔より高いですか", None),
        ("入場料を教えてください", None),
        ("白子から取り出すもの", None),
        ("Could you tell me why it closed?", None),
        ("Is the bridge open?", "the bridge is open."),
        ("Did Miriam Osei design it?", "Miriam Osei did design it."),
        ("Is it red or blue?", None),
        ("Has anyone crossed it?", None),
        ("Who designed the bridge?", None),
    ],
)
def test_a_question_for_yes_or_no_is_put_as_a_statement(
    question: str, statement: str | None
) -> None:
    statements = statements_of(question)
    assert statements == [] if statement is None else statement in statements


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("青函トンネルの全長は53.85キロメートルですか", LENGTH, True),
        ("青函トンネルの全長は50キロメートルですか", LENGTH, False),
        ("トンネルの幅は50キロメートルですか", LENGTH, None),
        ("青函トンネルは1988年に開業しましたか", "青函トンネルは1988年3月13日に開業した。", True),
        ("工事は1964年に始まりましたか", WORKS, True),
        ("工事は1988年に始まりましたか", WORKS, False),
        ("写真撮影は認められていますか", "写真撮影は認められていない。", False),
        ("猫は島にいますか", "猫は島にいない。", False),
        ("犬は島にいますか", "猫は島にいない。", None),
        ("拝観に予約はいりますか", "拝観に予約などは必要ない。", None),
        ("物語の作者はわかっていますか", "物語の作者は不詳。", None),
        ("Does the company make a profit?", "The company is not yet profitable.", None),
        ("Did Takamori have a wife?", "He had no lawful wife.", None),
        ("Can I smoke on the street?", "The street is a public nonsmoking area.", None),
        ("列車は海底をくぐりますか", "列車は海底をくぐり、島へ向かう。", True),
        ("島に病院はありますか", "島には診療所と病院が一つずつある。", True),
        ("入場は無料ですか", "子どもは入場無料である。", None),
        (
            "トンネルは世界一長いですか",
            "長さでは世界一のトンネルだったが、2016年に首位を譲った。",
            None,
        ),
        ("Was the bridge opened in 2016?", BRIDGE, True),
        ("Was the bridge opened in 2014?", BRIDGE, False),
        ("Did Miriam Osei design the bridge?", BRIDGE, True),
        ("Did John Smith design the bridge?", BRIDGE, None),
        ("Is the bridge 9 metres wide?", SIZE, True),
        ("Is the bridge 9 metres long?", SIZE, False),
        (
            "Are motorcycles allowed on the bridge?",
            "Motorcycles are not allowed on the bridge.",
            False,
        ),
        ("Is entry free?", "Entry is free for children.", None),
    ],
)
def test_yes_and_no_are_said_where_the_sentence_bears_them_out(
    checker: GroundingChecker,
    question: str,
    sentence: str,
    expected: bool | None,  # noqa: FBT001
) -> None:
    passage = Passage(Hit("a", "", None, 1, 0, len(sentence), sentence, 1.0))
    assert says_yes(question, passage, checker, language="ja") is expected


@pytest.mark.parametrize(
    ("question", "title", "sentence", "expected"),
    [
        ("島橋の全長は50メートルですか", "島橋", "全長は53.85メートルである。", False),
        ("島橋の幅は50メートルですか", "島橋", "全長は53.85メートルである。", None),
        ("Does it consist of 100 parts?", "", "Today it consists of 82 parts and 30 gears.", False),
        ("青函トンネルは1988年に開業しましたか", "青函トンネル", "1988年3月13日に開業した。", True),
        ("Is the back of a hakama pleated?", "Hakama (pleated skirt)", "Tie it at the back.", None),
        ("Was there a cup in 1989?", "The cup of 1987", "He won a crystal bowl.", None),
        ("祭りは来年もありますか", "祭り", "誕生50周年を記念して祭りが開かれた。", None),
        ("前にも公募はあったのでしょうか", "公募", "記号の公募がある。", None),
    ],
)
def test_a_title_may_hold_the_topic_alone(
    checker: GroundingChecker,
    question: str,
    title: str,
    sentence: str,
    expected: bool | None,  # noqa: FBT001
) -> None:
    passage = Passage(Hit("a", title, None, 1, 0, len(sentence), sentence, 1.0))
    assert says_yes(question, passage, checker, language="ja") is expected


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    path = tmp_path_factory.mktemp("articles") / "橋.txt"
    path.write_text(
        "渡り橋\n\n渡り橋は2016年に開通した。橋は木造で、長さは30メートルである。"
        "自転車は橋を渡れない。\n",
        encoding="utf-8",
    )
    return assistant_for_files([path], Settings())


@pytest.mark.parametrize(
    ("question", "short", "quote"),
    [
        ("渡り橋は2016年に開通しましたか", "はい", "渡り橋は2016年に開通した。"),
        ("渡り橋は2014年に開通しましたか", "いいえ", "渡り橋は2016年に開通した。"),
        ("渡り橋の橋脚は木造でしたか", None, "橋は木造で、長さは30メートルである。"),
    ],
)
def test_an_answer_begins_with_yes_or_no_and_shows_the_sentence(
    assistant: Assistant, question: str, short: str | None, quote: str
) -> None:
    answer = assistant.ask(question)
    if short is None:
        assert answer.short_answer is None
        assert answer.text.startswith(f"{quote}[1]")
        return
    assert (answer.status, answer.short_answer) == ("quoted", short)
    assert answer.text.startswith(f"{short}[1]\n\n{quote}[1]")
    assert [claim.text for claim in answer.claims][:2] == [short, quote]
    assert (answer.citations[0].quote, answer.citations[0].answer_start) == (quote, None)
