from __future__ import annotations

import json
import re

import pytest

from shutten.conversation import RuleRewriter, is_readable
from shutten.evaluation.datasets import locate
from shutten.types import Turn


@pytest.mark.parametrize(
    ("standalone", "typed"),
    [
        ("青い橋は何年ですかについて詳しく教えてください", "もっと詳しく"),
        ("青い橋は何年？について詳しく教えてください", "もっと詳しく"),
        ("橋はどこにありますかについて、長さは？", "長さは？"),
        ("青い橋はいや、駅からのバス？", "いや、駅からのバス"),
        ("青い橋について、そもそもなぜ架けたのですか？", "そもそもなぜ架けたのですか"),
        ("青木の青木さんの本は？", "青木さんの本は？"),
        ("Regarding Anna Weiss should, how many are there?", "And how many are there?"),
        ("Regarding the Ash Line last, which stops?", "Which stops?"),
        ("How much is no, I meant the tower?", "and that?"),
    ],
)
def test_what_rules_paste_badly_is_not_shown(standalone: str, typed: str) -> None:
    assert not is_readable(standalone, typed)


@pytest.mark.parametrize(
    ("standalone", "typed"),
    [
        ("青い橋の長さは？", "長さは？"),
        ("青い橋について、工事で亡くなった人は何人ですか？", "工事で亡くなった人は何人ですか"),
        ("青い橋について詳しく教えてください", "もっと詳しく"),
        ("橋は行方不明の人もいるよね?何人？", "行方不明の人もいるよね?何人？"),
        ("いや、駅からのバス", "いや、駅からのバス"),
        ("Regarding the wreck, when did the ship sink?", "And when did the ship sink?"),
        ("How deep is the tunnel?", "How deep is it?"),
    ],
)
def test_what_reads_as_a_question_is_shown(standalone: str, typed: str) -> None:
    assert is_readable(standalone, typed)


@pytest.mark.parametrize("name", ["dialogues-develop", "dialogues-develop-2"])
def test_no_follow_up_of_the_develop_dialogues_is_shown_with_a_sentence_as_its_subject(
    name: str,
) -> None:
    shown = 0
    for line in locate(name, None)[0].read_text(encoding="utf-8").splitlines():
        turns = [
            Turn(each["question"], each.get("answer") or "") for each in json.loads(line)["turns"]
        ]
        for number in range(1, len(turns)):
            typed = turns[number].question
            written = RuleRewriter().rewrite(typed, turns[:number])
            if written == typed or not is_readable(written, typed):
                continue
            shown += 1
            assert not re.search(r"(?:[？?。]|で(?:す|した)か?|ま(?:す|した)か?)について", written)
            assert re.search(r"[？?](?=.)", written) is None or re.search(r"[？?](?=.)", typed)
            assert re.search(r"(?:は|の|について、)(?:いや|じゃあ|では)、", written) is None
            assert re.search(r"(\S{2,})の\1の", written) is None
    assert shown > 60
