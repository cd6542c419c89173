"""What people read on the terminal."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from shutten.cli.rendering import (
    answer_as_text,
    entries_as_text,
    facts_as_text,
    harmless,
    hits_as_text,
)
from shutten.types import Answer, ArticleEntry, Citation, Hit

HIT = Hit("n.txt", "R2の公開", None, 4, 20, 34, "R2は5月に\n公開される。", score=0.8123)
CITATION = Citation(1, "n.txt", "R2の公開", "https://example.org/n", 4, 20, 34, "R2は5月に…", 0.97)
ANSWER = Answer(
    id="",
    question="いつ？",
    standalone_question="いつ？",
    language="ja",
    text="5月[1]\n\nR2は5月に公開される。[1]",
    status="quoted",
    refused=False,
    citations=(CITATION,),
    hits=(HIT,),
)


def test_an_answer_is_followed_by_a_footnote_for_each_citation() -> None:
    assert answer_as_text(ANSWER) == (
        "5月[1]\n\nR2は5月に公開される。[1]\n\n[1] R2の公開、文4 https://example.org/n"
    )
    placed = replace(ANSWER, citations=(replace(CITATION, heading="計画"),))
    assert "[1] R2の公開 › 計画、文4" in answer_as_text(placed)
    english = replace(ANSWER, language="en", citations=(replace(CITATION, url=None),))
    assert answer_as_text(english).endswith("\n\n[1] R2の公開, sentence 4")
    paged = replace(ANSWER, citations=(replace(CITATION, url="https://example.org/n.pdf", page=3),))
    assert "[1] R2の公開、3ページ、文4 https://example.org/n.pdf#page=3" in answer_as_text(paged)


def test_a_refusal_shows_the_nearest_sentences_each_on_one_line() -> None:
    refusal = replace(
        ANSWER,
        text="記事には、この質問の答えは書かれていません。",
        status="refused",
        refused=True,
        citations=(),
        hits=(HIT,) * 5,
    )
    line = "- R2は5月に 公開される。 (R2の公開、文4)"
    assert answer_as_text(refusal) == (
        f"記事には、この質問の答えは書かれていません。\n\n近い文:\n{line}\n{line}\n{line}"
    )
    assert answer_as_text(replace(refusal, hits=())) == refusal.text
    close = answer_as_text(replace(refusal, close=True))
    assert "\n\n近い文 (答えが含まれるかもしれません):\n- R2" in close
    english = answer_as_text(replace(refusal, close=True, language="en"))
    assert "\n\nThe nearest sentences (one of them may answer):\n- R2" in english


def test_hits_are_numbered_with_place_and_score() -> None:
    assert hits_as_text([HIT, HIT], "en") == (
        "1. R2は5月に 公開される。\n   R2の公開, sentence 4 (0.812)\n"
        "2. R2は5月に 公開される。\n   R2の公開, sentence 4 (0.812)"
    )


def test_articles_and_facts_are_lines() -> None:
    entry = ArticleEntry("a/b.md", "Two\nlines", None, "en", None, 12, 345, sample=True)
    assert list(entries_as_text([entry])) == ["a/b.md\tTwo lines\t12 sentences (sample)"]
    (line,) = entries_as_text([replace(entry, sentences=1, sample=False)])
    assert line.endswith("\t1 sentence")
    assert list(facts_as_text({"a": 1, "model": {"name": "x"}})) == ["a: 1", "model:", "  name: x"]
    assert list(facts_as_text({"reranker": None})) == ["reranker: none"]


@given(st.text())
def test_nothing_steers_the_terminal(text: str) -> None:
    shown = harmless(text)
    assert not set(shown) & {"\x1b", "\x9b", "\r", "\x07", "\x08", "\x00", "\x7f"}
    assert harmless(shown) == shown


def test_an_escape_sequence_in_an_article_does_not_reach_the_terminal() -> None:
    assert "\x1b" not in answer_as_text(replace(ANSWER, text="red \x1b[31mtext"))


def test_a_follow_up_is_shown_as_it_was_understood() -> None:
    rewritten = replace(ANSWER, standalone_question="R2はいつ公開されますか？")
    assert answer_as_text(rewritten).startswith(
        "(解釈した質問: R2はいつ公開されますか？)\n\n5月[1]"
    )
    assert answer_as_text(replace(rewritten, language="en")).startswith("(Understood as: R2は")
