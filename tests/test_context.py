from __future__ import annotations

import pytest

from shutten.assistant import Assistant
from shutten.context import Context, context_of
from shutten.embedding import HashEmbedder
from shutten.grounding import answer_as_dict
from shutten.index import Index
from shutten.reader import OverlapReader
from shutten.retrieval import HybridRetriever
from shutten.types import Article

SIGNAL = "合図には青い旗を揚げる。"
AUTUMN = f"秋は遅く点く。{SIGNAL}旗は三枚ある。"
SIGNALS = f"# 灯台\n\n## 夏\n\n夏は早く点く。{SIGNAL}\n\n## 秋\n\n{AUTUMN}\n"


def context(text: str, quote: str, number: int = 1) -> Context:
    start = -1
    for _ in range(number):
        start = text.index(quote, start + 1)
    return context_of(text, start, start + len(quote))


@pytest.mark.parametrize(
    ("text", "quote", "opening"),
    [
        ("猫がいる。犬がいる。", "犬がいる。", 1),
        ("猫がいる。猫がねる。", "猫がねる。", 3),
        ("A cat sat. A cat slept.", "A cat slept.", 8),
        ("ababac", "abac", 4),
    ],
)
def test_an_opening_is_as_long_as_it_must_be_to_stand_nowhere_above(
    text: str, quote: str, opening: int
) -> None:
    assert context(text, quote) == Context(opening)
    start = text.index(quote)
    assert text.find(quote[:opening]) == start
    assert text.find(quote[: opening - 1]) < start or opening == 1


def test_the_first_of_two_sentences_needs_no_context() -> None:
    assert context(SIGNALS, SIGNAL).before is None
    assert context(SIGNALS, SIGNAL).opening == 1


def test_the_second_has_what_stands_beside_it_on_its_line() -> None:
    assert context(SIGNALS, SIGNAL, 2) == Context(None, "秋は遅く点く。", "旗は三枚ある。")


def test_context_that_does_not_tell_them_apart_is_left_out() -> None:
    text = "灯は白い。旗を揚げる。\n灯は白い。旗を揚げる。夜は赤い。\n- 旗を揚げる。\n"
    assert context(text, "旗を揚げる。", 2) == Context(None, None, "夜は赤い。")
    assert context(text, "旗を揚げる。", 3) == Context()


def test_context_is_short_and_begins_with_letters() -> None:
    text = f"旗を揚げる。\n- 、{'長い文' * 20}。旗を揚げる。{'次の文' * 20}。"
    found = context(text, "旗を揚げる。", 2)
    assert found.before is not None
    assert found.after is not None
    assert text.count(found.before + "旗を揚げる。" + found.after) == 1
    assert (len(found.before), len(found.after)) == (40, 40)
    assert context("旗。\n- 例、旗。", "旗。", 2).before == "例、"


def test_a_repeated_sentence_is_cited_with_its_context() -> None:
    embedder = HashEmbedder()
    index = Index.in_memory([Article("a", "灯台", SIGNALS)], embedder)
    assistant = Assistant(index, HybridRetriever(index, embedder), OverlapReader(), embedder)
    answer = answer_as_dict(assistant.ask("合図には青い旗を揚げるか"))
    hits = {hit["start"]: hit for hit in answer["hits"] if hit["text"] == SIGNAL}
    first, second = (hits[start] for start in sorted(hits))
    assert (first["opening"], first["before"], first["after"]) == (1, None, None)
    assert (second["opening"], second["before"]) == (None, "秋は遅く点く。")
    assert second["after"] == "旗は三枚ある。"
    cited = answer["citations"][0]
    assert {name: cited[name] for name in ("opening", "before", "after")} == {
        name: hits[cited["start"]][name] for name in ("opening", "before", "after")
    }
