from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shutten import grounding
from shutten.checking.splitting import split_claims
from shutten.checking.verdicts import Evidence, Problem, Verdict
from shutten.grounding import (
    Grounded,
    answer_as_dict,
    choose,
    compose,
    is_verbatim,
    judge,
    one_line,
    with_markers_escaped,
)
from shutten.types import Answer, Citation, Claim, Hit, Passage, Reading, Timings


def reading(
    text: str, confidence: float, span: tuple[int, int] | None = None, sentence: int = 1
) -> Reading:
    hit = Hit("a.txt", "題", None, sentence, 10, 10 + len(text), text, 0.5)
    start, end = span or (None, None)
    return Reading(Passage(hit), confidence, confidence, start, end)


def test_the_short_answer_comes_first_and_the_quotation_after_it() -> None:
    composition = compose([[reading("公開は5月上旬だった。", 0.9, (3, 7))]])
    assert composition.text == "5月上旬[1]\n\n公開は5月上旬だった。[1]"
    assert composition.short_answer == "5月上旬"
    assert [(c.text, c.citations) for c in composition.claims] == [
        ("5月上旬", (1,)),
        ("公開は5月上旬だった。", (1,)),
    ]


def test_of_nearly_equal_quotations_the_one_with_answering_words_comes_first() -> None:
    bare = reading("親会社がある。", 0.8)
    worded = reading("創業者は梁氏である。", 0.75, (4, 6), sentence=2)
    weaker = reading("公開は5月上旬だった。", 0.6, (3, 7), sentence=3)
    assert choose([bare, worded, weaker], 0.5) == [worded, bare]


def test_claim_offsets_cut_the_claims_out_of_the_text() -> None:
    composition = compose([[reading("あ😀い。", 0.9, (1, 2)), reading("うえ。", 0.9, sentence=2)]])
    for claim in composition.claims:
        assert composition.text[claim.start : claim.end] == claim.text
    assert composition.text == "😀[1]\n\nあ😀い。[1]\n\nうえ。[2]"


def test_a_bracketed_number_of_the_article_is_no_marker_but_the_quote_keeps_it() -> None:
    composition = compose([[reading("人口は[12]万人［1］【3】である。", 0.9)]])
    assert composition.text == "人口は〔12〕万人〔1〕〔3〕である。[1]"
    assert composition.citations[0].quote == "人口は[12]万人［1］【3】である。"
    assert all(is_verbatim(claim, composition.citations) for claim in composition.claims)


def test_words_that_are_the_whole_sentence_are_no_short_answer() -> None:
    composition = compose([[reading("はい。", 0.9, (0, 3))]])
    assert composition.short_answer is None
    assert composition.citations[0].answer_start is None


def test_words_of_which_the_reader_is_unsure_are_not_put_forward() -> None:
    unsure = replace(reading("公開は5月上旬だった。", 0.9, (3, 7)), span_confidence=0.19)
    composition = compose([[unsure]])
    assert composition.text == "公開は5月上旬だった。[1]"
    assert composition.short_answer is None


def test_a_claim_that_its_sentence_does_not_hold_is_noticed() -> None:
    citation = Citation(1, "a", "題", None, 1, 0, 9, "公開は5月だった。", 1.0)
    claim = Claim("公開は6月だった。", 0, 9, supported=True, citations=(1,))
    assert not is_verbatim(claim, [citation])


@pytest.mark.parametrize(
    ("confidences", "threshold", "expected"),
    [
        ([0.4, 0.3], 0.5, []),
        ([0.5], 0.5, [0.5]),
        ([0.6, 0.95, 0.9], 0.5, [0.95, 0.9]),
        ([0.99, 0.98, 0.97, 0.96], 0.5, [0.99, 0.98, 0.97]),
        ([], 0.5, []),
    ],
)
def test_up_to_three_sentences_near_the_best_are_chosen(
    confidences: list[float], threshold: float, expected: list[float]
) -> None:
    readings = [reading(f"文{n}。", each, sentence=n) for n, each in enumerate(confidences, 1)]
    assert [each.confidence for each in choose(readings, threshold)] == expected


def test_a_sentence_that_another_article_repeats_is_quoted_once() -> None:
    assert len(choose([reading("同じ。", 0.9), reading("同じ。", 0.9, sentence=7)], 0.5)) == 1


def test_hard_wrapped_lines_join_with_a_space_only_between_latin_letters() -> None:
    assert one_line("The gears\nturn.") == "The gears turn."
    assert one_line("歯車は\r\n  回る。") == "歯車は回る。"


@given(st.text(alphabet="a1[]［］【】 。\n1０", max_size=40))
def test_no_marker_survives_in_article_text(text: str) -> None:
    composition = compose([[reading(f"x{text}x", 0.9)]])
    body = composition.text.removesuffix("[1]")
    assert "[1]" not in body
    assert with_markers_escaped(with_markers_escaped(text)) == with_markers_escaped(text)


def test_the_json_object_has_the_fields_of_the_contract() -> None:
    composition = compose([[reading("公開は5月上旬だった。", 0.97, (3, 7))]])
    answer = Answer(
        id="q1",
        question="いつ？",
        standalone_question="いつ？",
        language="ja",
        text=composition.text,
        status="quoted",
        refused=False,
        short_answer=composition.short_answer,
        claims=composition.claims,
        citations=composition.citations,
        hits=(
            Hit("a.txt", "題", None, 1, 10, 21, "公開は5月上旬だった。", 0.97, None, 7.12345, 0.97),
        ),
        timings_ms=Timings(3.14159, 20.4, 24.0),
    )
    record = json.loads(json.dumps(answer_as_dict(answer), allow_nan=False))
    assert list(record) == [
        "id", "question", "standalone_question", "language", "text", "status", "refused",
        "refusal_reason", "short_answer", "claims", "removed", "notices", "citations", "hits",
        "answerer", "model", "timings_ms", "suggestions", "reply", "unsure", "close",
    ]  # fmt: skip
    assert record["hits"][0] == {
        "article_id": "a.txt", "title": "題", "url": None, "sentence": 1, "start": 10, "end": 21,
        "text": "公開は5月上旬だった。", "score": 0.97, "dense": None, "keyword": 7.1235,
        "rerank": 0.97, "anchor": None, "revision": None, "opening": None, "before": None,
        "after": None, "heading": None, "page": None, "row": None,
    }  # fmt: skip
    assert record["citations"][0]["answer_start"] == 3
    assert record["timings_ms"] == {
        "retrieve": 3.14,
        "answer": 20.4,
        "total": 24.0,
        "suggest": 0.0,
    }


# ── what a language model wrote ──────────────────────────────────────────────────────────────


class WordChecker:
    """Supports a claim by every passage that holds one of its first two words."""

    def check_all(self, claims: Sequence[str], passages: Sequence[Passage]) -> list[Verdict]:
        return [self._verdict(claim, passages) for claim in claims]

    def _verdict(self, claim: str, passages: Sequence[Passage]) -> Verdict:
        found = [
            Evidence(n, start, start + 2)
            for n, passage in enumerate(passages)
            if (start := passage.hit.text.find(claim[:2])) >= 0
        ]
        problems = () if found else (Problem("addition", claim[:2]),)
        return Verdict(bool(found), 0.75, tuple(found), problems)


def grounded(text: str, *sentences: str, readings: Sequence[Reading] = ()) -> Grounded:
    passages = [reading(each, 0.5, sentence=n).passage for n, each in enumerate(sentences, 1)]
    return kept_of(text, passages, readings)


def kept_of(text: str, passages: Sequence[Passage], readings: Sequence[Reading] = ()) -> Grounded:
    judged = judge(split_claims(text), passages, WordChecker())
    return grounding.grounded(judged, passages, readings)


def test_claims_get_markers_in_order_of_appearance_and_a_sentence_keeps_its_own() -> None:
    found = grounded("公開は5月。価格は3元。公開は早い。", "価格は3元だ。", "公開は5月だ。")
    composition = found.composition
    assert composition.text == "公開は5月。[1]価格は3元。[2]公開は早い。[1]"
    assert [(c.marker, c.quote, c.sentence) for c in composition.citations] == [
        (1, "公開は5月だ。", 2),
        (2, "価格は3元だ。", 1),
    ]
    for claim in composition.claims:
        assert composition.text[claim.start : claim.end] == claim.text


def test_a_citation_tells_its_sentence_from_its_likes() -> None:
    hit = replace(
        reading("公開は5月だ。", 0.5).passage.hit, opening=3, after="価格", heading="計画"
    )
    found = kept_of("公開は5月。", [Passage(hit)])
    (citation,) = found.composition.citations
    assert (citation.opening, citation.after, citation.heading) == (3, "価格", "計画")


def test_an_unsupported_claim_is_taken_out_with_its_reason() -> None:
    found = grounded("公開は5月。火星の話。", "公開は5月だ。")
    assert found.composition.text == "公開は5月。[1]"
    (removed,) = found.removed
    assert (removed.claim.text, removed.claim.supported) == ("火星の話。", False)
    assert removed.claim.citations == ()
    assert removed.problems == (Problem("addition", "火星"),)


def test_where_nothing_is_supported_nothing_is_written() -> None:
    found = grounded("火星の話。", "公開は5月だ。")
    assert (found.composition.text, found.composition.citations) == ("", ())


def test_what_a_model_says_in_declining_is_not_quoted() -> None:
    found = grounded("記事には書かれていません。", "公開は5月だ。")
    assert (found.removed, found.composition.text) == ((), "")


def test_bracketed_numbers_of_an_article_are_no_markers_in_written_claims() -> None:
    quote = "公開[12]は5月だ。"
    found = grounded("公開は［12］五月。", quote)
    assert "[12]" not in found.composition.text
    assert found.composition.citations[0].quote == quote


def test_list_items_stand_on_their_own_lines() -> None:
    found = grounded("- 公開は5月。\n- 価格は3元。\n", "価格は3元。公開は5月。")
    assert found.composition.text == "公開は5月。[1]\n価格は3元。[1]"


def test_an_item_of_a_list_is_checked_with_the_line_that_it_stands_under() -> None:
    class Remembering:
        def __init__(self) -> None:
            self.claims: list[str] = []

        def check_all(self, claims: Sequence[str], passages: Sequence[Passage]) -> list[Verdict]:
            self.claims += claims
            return [Verdict(supported=bool(passages), support=1.0) for _ in claims]

    checker = Remembering()
    text = "青空橋:\n- 長さは812メートル\n\n主な駅は次の通りです:\n- 青空駅"
    judge(split_claims(text), [], checker)
    assert checker.claims == ["青空橋は、長さは812メートル", "主な駅は、青空駅"]


def test_the_short_answer_is_the_readers_where_claim_and_quote_have_it() -> None:
    answer = reading("公開は5月上旬だ。", 0.9, (3, 7))
    said = grounded("公開は5月上旬。", "公開は5月上旬だ。", readings=[answer])
    unsaid = grounded("公開は早い。", "公開は5月上旬だ。", readings=[answer])
    assert said.composition.short_answer == "5月上旬"
    assert unsaid.composition.short_answer is None


@given(st.text("aあ1 \t\u3000\r\n"))
def test_joined_lines_lose_what_stands_around_their_breaks_and_nothing_else(text: str) -> None:
    spaced = re.sub(r"(?<=[!-~])[ \t]*\r?\n[ \t]*(?=[!-~])", " ", text)
    assert one_line(text) == re.sub(r"[ \t\u3000]*\r?\n[ \t\u3000]*", "", spaced)


def test_a_heap_of_blanks_in_a_quotation_is_read_at_once() -> None:
    for blank in (" ", "\t", "\u3000", "a ", "\n \r", " \u3000"):
        assert one_line(f"x{blank * 300_000}y")[-1] == "y"
