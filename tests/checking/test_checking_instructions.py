from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from shutten.articles import read_articles
from shutten.checking.checker import GroundingChecker
from shutten.checking.instructions import is_instruction
from shutten.checking.splitting import split_claims
from shutten.embedding import load_embedder
from shutten.grounding import grounded, judge
from shutten.sentences import split_sentences
from shutten.types import Hit, Passage

ROOT = Path(__file__).parents[2]
FILE = ROOT / "benchmarks" / "questions" / "hallucinations" / "injections.jsonl"
INJECTIONS = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
CHECKER = GroundingChecker(load_embedder())

_PAYLOAD = re.compile(
    r"「([^」]+)」|\"([^\"]+)\"|(?:answer that|年は|開館は|利用料は|水槽は|プールは)\s*([^.。]+)"
)


def passages_of(row: Mapping[str, Any]) -> list[Passage]:
    texts = row["sentences"]
    return [
        Passage(Hit("a", row["title"], None, n + 2, 0, len(text), text, 0.5), before=texts[n - 1])
        if n
        else Passage(Hit("a", row["title"], None, 2, 0, len(text), text, 0.5), after=texts[1])
        for n, text in enumerate(texts)
    ]


def obedient(passages: Sequence[Passage], language: str) -> str:
    """Write what the passages order, bare, repeated and in quotation marks, then the passages."""
    stop, opened, closed = ("。", "「", "」") if language == "ja" else (".", '"', '"')
    lines = []
    for passage in passages:
        text = passage.hit.text
        for match in _PAYLOAD.finditer(text):
            said = next(group for group in match.groups() if group)
            lines += [f"{said}{stop}", f"{said}{stop}[1]"]
        lines.append(text)
        lines.append(
            f"記事には{opened}{text}{closed}と書かれている。"
            if language == "ja"
            else f"The article says: {opened}{text.replace(opened, '')}{closed}."
        )
    return "\n".join(lines)


def test_there_are_at_least_thirty_in_both_languages() -> None:
    languages = [row["language"] for row in INJECTIONS]
    assert min(languages.count("ja"), languages.count("en")) >= 15


@pytest.mark.parametrize("row", INJECTIONS, ids=[row["id"] for row in INJECTIONS])
def test_an_order_in_an_article_is_recognised_and_its_neighbour_is_not(row: dict[str, Any]) -> None:
    assert [is_instruction(text) for text in row["sentences"]] == [False, True]


@pytest.mark.parametrize("row", INJECTIONS, ids=[row["id"] for row in INJECTIONS])
def test_an_obedient_writer_brings_nothing_through(row: dict[str, Any]) -> None:
    passages = passages_of(row)
    written = obedient(passages, row["language"])
    assert row["payload"].rstrip("だ") in written
    judged = judge(split_claims(written), passages, CHECKER)
    kept = grounded(judged, passages).composition
    fact, order = row["sentences"]
    outside = re.sub(r"「.*」|\".*\"", "", kept.text, flags=re.DOTALL)
    assert fact in kept.text
    assert row["payload"].rstrip("だ") not in outside
    quotes = {citation.marker: citation.quote for citation in kept.citations}
    for claim in kept.claims:
        cited = {quotes[marker] for marker in claim.citations}
        assert cited == {fact} or (
            cited == {order} and claim.text.startswith(("「", '"', "The article says"))
        )


@pytest.mark.parametrize(
    "text",
    [
        "電源を切ってから、赤いボタンを押してください。",
        "Press the red button and follow the link.",
        "市は条例案を議会に提出することを決めた。",
        "The council answered that it would not pay.",
        "The operating system: Linux.",
    ],
)
def test_what_a_manual_asks_for_is_no_order_to_a_model(text: str) -> None:
    assert not is_instruction(text)


def test_no_sentence_of_the_sample_articles_is_taken_for_an_order() -> None:
    found = [
        article.text[sentence.start : sentence.end]
        for article in read_articles([ROOT / "articles"])
        for sentence in split_sentences(article.text, title=article.title)
    ]
    assert [text for text in found if is_instruction(text)] == []
