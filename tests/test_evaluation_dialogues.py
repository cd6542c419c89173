from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from shutten.embedding import HashEmbedder
from shutten.errors import DatasetError
from shutten.evaluation.datasets import DIALOGUES, NEWS_ARTICLES, locate, read_news
from shutten.evaluation.dialogues import measure, read_dialogues
from shutten.evaluation.run import run
from shutten.evaluation.subject import Subject, subject_over
from shutten.loaded_models import Models
from shutten.reader import OverlapReader
from shutten.settings import Settings
from shutten.types import Article

BRIDGE = Article(
    "bridge.txt", "橋", "橋\n\n瀬戸大橋は1988年に開通した。\n瀬戸大橋の長さは十三キロだ。\n"
)
LAKE = Article("lake.txt", "湖", "湖\n\n琵琶湖は滋賀県にある。\n琵琶湖の深さは百四メートルだ。\n")
DIALOGUE = {
    "id": "d1",
    "language": "ja",
    "article": "bridge.txt",
    "turns": [
        {"question": "瀬戸大橋はいつ開通しましたか", "gold_sentences": [2]},
        {
            "question": "長さは？",
            "gold_sentences": [3],
            "standalone": "瀬戸大橋の長さはどのくらいですか",
            "kind": "aspect",
        },
        {
            "question": "琵琶湖の深さはどのくらいですか",
            "gold_sentences": [3],
            "kind": "change",
            "article": "lake.txt",
        },
    ],
}


@pytest.fixture
def subject() -> Subject:
    models = Models(HashEmbedder(), OverlapReader())
    return subject_over([BRIDGE, LAKE], models, Settings(embedder="hash", reader="overlap"))


def written(folder: Path, *records: object) -> Path:
    path = folder / "dialogues.jsonl"
    lines = (json.dumps(record, ensure_ascii=False) for record in records)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_every_follow_up_is_asked_in_three_ways_and_two_scopes(
    tmp_path: Path, subject: Subject
) -> None:
    findings = measure(read_dialogues(written(tmp_path, DIALOGUE)), subject, listed=True)
    assert findings.counts == {
        "dialogues": 1,
        "follow_ups": 2,
        "topic_changes": 1,
        "failures": 0,
        "failures_not_listed": 0,
    }
    assert findings.metrics["topic_changes_unchanged"] == 1.0
    for scope in ("article", "all"):
        for way in ("rewritten", "as asked", "written by hand"):
            assert findings.metrics[scope][way]["top_3"] == 1.0
    assert findings.metrics["by_kind"]["aspect"]["rewritten"]["first_citation"] == 1.0
    assert [row[1:3] for row in findings.tables[0].rows[:2]] == [(2, "rewritten"), (2, "as asked")]


def test_what_is_not_found_is_listed_unless_it_is_held_out(
    tmp_path: Path, subject: Subject
) -> None:
    lost = json.loads(json.dumps(DIALOGUE))
    lost["turns"] = [lost["turns"][0], {"question": "量子は？", "gold_sentences": [1]}]
    dialogues = read_dialogues(written(tmp_path, lost))
    listed = measure(dialogues, subject, listed=True)
    assert {(each["id"], each["turn"]) for each in listed.failures} == {("d1", 2)}
    assert listed.failures[0]["standalone_question"] == "瀬戸大橋の量子は？"
    held_out = measure(dialogues, subject, listed=False)
    assert held_out.failures == ()
    assert held_out.counts["failures_not_listed"] == held_out.counts["failures"] == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"turns": [{"question": "q"}]}, "line 1: expected an object with id, language"),
        ({"article": "absent.txt"}, "d1 asks an unknown article: absent.txt"),
        ({"turns": [{"question": "q", "gold_sentences": [9]}]}, "has 3 sentences"),
    ],
)
def test_a_dialogue_that_cannot_be_measured_is_told(
    tmp_path: Path, subject: Subject, change: dict[str, object], said: str
) -> None:
    path = written(tmp_path, {**DIALOGUE, **change})
    with pytest.raises(DatasetError, match=said):
        measure(read_dialogues(path), subject, listed=True)


@pytest.mark.parametrize("name", sorted(DIALOGUES))
def test_own_dialogues_are_many_and_a_sixth_of_them_change_the_topic(name: str) -> None:
    dialogues = read_dialogues(locate(name, None)[0])
    assert len({each.id for each in dialogues}) == len(dialogues) >= 40
    changing = sum(any(turn.kind == "change" for turn in each.turns) for each in dialogues)
    assert changing >= len(dialogues) / 6
    assert {each.language for each in dialogues} == {"ja", "en"}
    assert all(len(each.turns) > 1 for each in dialogues)


def test_a_named_set_wants_the_folder_with_the_news() -> None:
    with pytest.raises(DatasetError, match="add --data DIR"):
        run("dialogues-develop", settings=Settings(embedder="hash", reader="overlap"))


def test_all_the_news_are_read_where_no_headline_is_named(tmp_path: Path) -> None:
    path = tmp_path / NEWS_ARTICLES
    path.parent.mkdir(parents=True)
    packer = shutil.which("zstd")
    if packer is None:
        pytest.skip("there is no zstd to pack the news with")
    records = [{"headline": name, "sentences": ["文。"]} for name in ("甲", "乙", "甲")]
    text = "\n".join(json.dumps(each, ensure_ascii=False) for each in records)
    subprocess.run([packer, "-q", "-o", str(path)], input=text.encode(), check=True)
    assert [article.id for article in read_news(tmp_path)] == ["甲", "乙"]
    assert [article.id for article in read_news(tmp_path, {"乙"})] == ["乙"]
