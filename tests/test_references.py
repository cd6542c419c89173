"""Lists of sources inside a text are no answers; lists of works are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shutten.references import reference_flags
from shutten.sentences import split_sentences

NEWS = (
    "港の古い灯台が8月3日に公開された。",
    "内部の見学は2年ぶりだという。",
    "朝潮新聞『灯台の公開に「列ができた」』。",
    "朝潮新聞社、2009年8月4日10時20分(UTC + 9)。",
    "『灯台2年ぶりに公開』。",
    "湾岸日報、2009年8月3日。",
)


def flagged(*sentences: str) -> list[str]:
    flags = reference_flags(sentences)
    return [each for each, flag in zip(sentences, flags, strict=True) if flag]


def test_titles_with_who_published_them_behind_are_a_list_of_sources() -> None:
    assert flagged(*NEWS) == list(NEWS[2:])


@pytest.mark.parametrize(
    ("title", "published"),
    [
        ("『灯台を公開』。", "湾岸日報、2009年8月3日夕刊。"),
        ("「灯台を公開」。", "「湾岸日報」、2009/8/3。"),
        ("- 『灯台を公開』。", "みなと日報、８月３日。"),
        ("1. [『灯台を公開』](https://example.org/a)。", "湾岸日報、平成21年8月3日付け。"),
        ("｢灯台を公開｣。", "湾岸日報、2009年8月3日（2009年8月5日に閲覧）。"),
        ("< references >『灯台を公開』。", "湾岸日報社、2009年8月3日。"),
        ("岸辺渚『灯台を公開』。", "『湾岸日報』、2009年8月閲覧。"),
        ('"灯台を公開、列ができる"。', '湾岸日報、2009年8月3日"灯台、来年も公開へ"。'),
        ('"Lighthouse opens its doors".', "Bay Tribune, August 3, 2009."),
        ('Nagisa Kishibe and Anna Loft. "The old light".', "The Bay Tribune, 3 August 2009"),
        ("“The old light”", "Bay Tribune, 2009-08-03."),
    ],
)
def test_of_many_forms(title: str, published: str) -> None:
    assert flagged("The first line says something.", title, published) == [title, published]


@pytest.mark.parametrize(
    "entry",
    [
        "湾岸日報「灯台を公開」（2009年8月3日）",
        "『灯台を公開』 — 湾岸新聞 (2009年8月3日)",
        "- 「灯台を公開」、湾岸新聞、2009年8月3日閲覧。",
    ],
)
def test_an_entry_may_be_one_sentence(entry: str) -> None:
    assert flagged(NEWS[0], entry) == [entry]


@pytest.mark.parametrize(
    "sentence",
    [
        "『岬の灯』（2009年8月3日）",
        "湾岸新聞は「灯台を公開」と2009年8月3日に報じた。",
        'The Bay Post ran "Lighthouse opens" on August 3, 2009.',
    ],
)
def test_a_work_or_a_statement_is_none(sentence: str) -> None:
    assert flagged(NEWS[0], sentence) == []


def test_one_without_a_date_goes_with_its_neighbours() -> None:
    assert flagged(NEWS[0], "湾岸日報『灯台を公開』。", "湾岸日報社、。") == []
    assert flagged(NEWS[0], "『灯台を公開』。", "湾岸日報社、。", *NEWS[2:4])[:1] == [
        "『灯台を公開』。"
    ]


def test_the_first_title_may_hang_at_the_end_of_prose() -> None:
    glued = "灯台の一般公開は来年も行われる予定だ湾岸日報『灯台を公開』。"
    assert flagged(glued, "湾岸日報社、2009年8月3日。") == ["湾岸日報社、2009年8月3日。"]


@pytest.mark.parametrize(
    "sentences",
    [
        ("『灯台守の朝』青波書房、1949年", "『岬の手紙』青波書房、1951年"),  # works
        ("『灯台守の朝』（1949年）", "『岬の手紙』（青波書房、1951年）"),
        ("『灯台守の朝』。", "青波書房、1949年。"),
        ("代表作は『灯台守の朝』。", "青波書房、1949年初版。"),
        ("岬、1949年8月3日。", "霧の深い夜だった。"),
        ("「来年も公開する」。", "館長はそう話した。"),
        ("『灯台守の朝』。", "この作品で賞を受けた。"),
        ('He called it "a gift".', "It opened on August 3, 2009."),
        ('"We had to wait," she said.', "The Bay Tribune, in 2009, told the story."),
        ("本館、1933年竣工。", "別館、1931年竣工。"),
    ],
)
def test_what_states_something_or_is_listed_for_itself_stays(sentences: tuple[str, str]) -> None:
    assert flagged("前の文である。", *sentences) == []


def test_their_sentences_are_of_the_kind_source() -> None:
    text = "".join(NEWS)
    kinds = [each.kind for each in split_sentences(text)]
    assert kinds == ["body"] * 2 + ["source"] * 4
    assert [each.kind for each in split_sentences("\n".join(NEWS))] == kinds


def test_a_text_that_is_nothing_else_can_be_asked() -> None:
    kinds = {each.kind for each in split_sentences("".join(NEWS[2:]))}
    assert kinds == {"body"}


@given(st.lists(st.text(alphabet='『』"“”、,。.年年月日19202Aaあ読 (', max_size=90), max_size=6))
def test_one_flag_for_each_sentence_whatever_it_is(sentences: list[str]) -> None:
    assert len(reference_flags(sentences)) == len(sentences)


@pytest.mark.parametrize(
    "sentence",
    ["A" * 58 + '! "B"', "STATES DEPARTMENT OF AGRICULTURE / “Report”", "A. " * 19 + "1 “B”"],
)
def test_a_row_of_capitals_before_a_title_is_looked_through_once(sentence: str) -> None:
    assert flagged(sentence, "Another sentence.") == []
