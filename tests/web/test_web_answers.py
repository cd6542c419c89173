from __future__ import annotations

import html
import json
import re
from dataclasses import replace

import pytest

from shutten.exporting import FORMATS, export_answer
from shutten.phrases import (
    LISTED,
    NOTHING_ASKED,
    THANKED,
    WHICH_ARTICLE,
    refusal_text,
    unsure_notice,
)
from shutten.types import Answer, Citation, Claim, Hit, Language
from shutten.web.answers import answer_html, pending_html, question_html
from shutten.web.exports import exported
from shutten.web.judging import Circumstances
from shutten.web.markup import Origin, Reference
from shutten.web.texts import ENGLISH, JAPANESE, Texts

QUOTE = "当初の計画では公開は5月上旬だったが、<b>早めたい</b>という。"
CITATION = Citation(
    marker=1,
    article_id="news.txt",
    title="R2を急ぐ",
    url="https://example.org/news",
    sentence=5,
    start=10,
    end=10 + len(QUOTE),
    quote=QUOTE,
    support=0.9,
    answer_start=10,
    answer_end=14,
)
HIT = Hit("news.txt", "R2を急ぐ", None, 7, 50, 60, "<b>近い</b>文だ。", 0.2)
QUOTED = Answer(
    id="1",
    question="いつですか",
    standalone_question="いつですか",
    language="ja",
    text=f"5月上旬[1]\n\n{QUOTE}[1]",
    status="quoted",
    refused=False,
    short_answer="5月上旬",
    claims=(
        Claim("5月上旬", 0, 4, supported=True, citations=(1,)),
        Claim(QUOTE, 9, 9 + len(QUOTE), supported=True, citations=(1,)),
    ),
    citations=(CITATION,),
    hits=(HIT,),
)
REFUSED = replace(
    QUOTED,
    text="記事には、この質問の答えは書かれていません。",
    status="refused",
    refused=True,
    refusal_reason="not_answered",
    short_answer=None,
    claims=(),
    citations=(),
)


def located(article_id: str) -> Reference:
    return Reference("index", article_id)


def test_a_quoted_answer_shows_short_answer_quotation_and_source() -> None:
    page = answer_html(QUOTED, JAPANESE, located, key="abc")
    assert re.findall(r'<p class="badge">(.*?)</p>', page) == ["記事からの引用"]
    assert re.findall(r'<p class="short">(.*?)<a', page) == ["5月上旬"]
    assert "公開は<mark>5月上旬</mark>だった" in page
    assert '<span lang="ja">R2を急ぐ</span> · 文5' in page
    assert page.count('href="#cite/index:news.txt/5/10-14/1"') == 3
    assert 'href="https://example.org/news"' in page
    assert 'class="answer quoted final" id="answer-abc"' in page


def test_a_source_whose_title_another_has_is_shown_with_its_name() -> None:
    def apart(article_id: str) -> Reference:
        return Reference("own", article_id, name="kyoto.txt")

    page = answer_html(QUOTED, JAPANESE, apart, key="k")
    assert '<span lang="ja">R2を急ぐ（kyoto.txt）</span> · 文5' in page
    assert 'title="根拠の文を記事で見る：R2を急ぐ（kyoto.txt）、文5"' in page
    near = answer_html(REFUSED, JAPANESE, apart, key="k")
    assert "R2を急ぐ（kyoto.txt）" in near


def test_a_source_is_named_with_its_section() -> None:
    placed = replace(QUOTED, citations=(replace(CITATION, heading="計画<b>"),))
    page = answer_html(placed, JAPANESE, located, key="abc")
    assert '<span lang="ja">R2を急ぐ › 計画&lt;b&gt;</span> · 文5' in page
    paged = answer_html(
        replace(QUOTED, citations=(replace(CITATION, page=3),)), ENGLISH, located, key="abc"
    )
    assert '<span lang="ja">R2を急ぐ</span> · page 3 · sentence 5' in paged
    assert 'href="https://example.org/news#page=3"' in paged
    near = replace(REFUSED, hits=(replace(HIT, heading="計画"),))
    refused = answer_html(near, JAPANESE, located, key="abc")
    assert '<span lang="ja">R2を急ぐ › 計画</span> · 文7' in refused


def test_each_of_several_questions_has_its_words_with_their_own_marker() -> None:
    second = replace(
        CITATION, marker=2, sentence=9, quote="開発したのは梁氏だ。", answer_start=6, answer_end=8
    )
    claims = tuple(
        Claim(words, 0, 1, supported=True, citations=(marker,))
        for words, marker in (("5月上旬", 1), ("梁氏", 2), (QUOTE, 1), (second.quote, 2))
    )
    twice = replace(
        QUOTED, short_answer="5月上旬、梁氏", claims=claims, citations=(CITATION, second)
    )
    page = answer_html(twice, JAPANESE, located, key="abc")
    shown = re.findall(r'<p class="short">(.*?)<a.*?<i>\[</i>(\d)<i>', page)
    assert shown == [("5月上旬", "1"), ("梁氏", "2")]
    assert page.count('class="quotation"') == 2
    assert 'href="#cite/index:news.txt/9/6-8/2"' in page


def test_what_follows_from_two_quotations_has_the_markers_of_both() -> None:
    words, quotes = ("58 m", "74 m"), ("It is 58 m long.", "It has 74 m.")
    text = "58 m[1]\n\n74 m[2]\n\nIt is 58 m long.[1]\n\nIt has 74 m.[2]"
    claims = [
        Claim(each, text.index(each), text.index(each) + len(each), True, (marker,))  # noqa: FBT003
        for pair in (words, quotes)
        for marker, each in enumerate(pair, start=1)
    ]
    citations = [
        replace(CITATION, marker=n, sentence=n, quote=quote, answer_start=None, answer_end=None)
        for n, quote in enumerate(quotes, start=1)
    ]
    compared = replace(
        QUOTED, text=text, short_answer="柳橋", claims=tuple(claims), citations=tuple(citations)
    )
    page = answer_html(compared, JAPANESE, located, key="abc")
    (short,) = re.findall(r'<p class="short">(.*?)</p>', page)
    assert short.startswith("柳橋<a")
    assert [f"index:news.txt/{n}" in short for n in (1, 2)] == [True, True]


def test_thanks_are_answered_without_the_words_of_a_refusal() -> None:
    page = answer_html(
        replace(REFUSED, text=THANKED["ja"], hits=(), reply="talk"), JAPANESE, located, key="abc"
    )
    assert "badge" not in page
    assert f'<p class="plainly">{THANKED["ja"]}</p>' in page
    assert JAPANESE.refused_plainly not in page


def test_what_only_greets_has_nothing_to_judge_or_to_copy() -> None:
    greeted = replace(REFUSED, text=NOTHING_ASKED["ja"], hits=(), reply="talk")
    page = answer_html(greeted, JAPANESE, located, key="abc")
    assert "<button" not in page
    assert page.count("<pre ") == 2  # it is kept over a reload, and in a conversation taken along
    listed = replace(greeted, text=LISTED["ja"], notices=("「R2を急ぐ」",))
    for each in (REFUSED, listed):
        assert "export copy" in answer_html(each, JAPANESE, located, key="abc")


def test_a_quotation_that_may_not_answer_is_marked() -> None:
    unsure = replace(QUOTED, notices=(unsure_notice("ja"),), unsure=True)
    page = answer_html(unsure, JAPANESE, located, key="abc")
    assert re.findall(r'<p class="badge">(.*?)</p>', page) == ["答えかどうか不確かな引用"]
    assert 'class="answer quoted final unsure"' in page
    assert "引用した文が質問に答えているかは確かではありません" in page


def test_markup_in_an_answer_is_shown_as_text_on_one_line() -> None:
    hostile = replace(
        QUOTED,
        short_answer="<script>x</script>",
        notices=("<img src=x>",),
        citations=(replace(CITATION, title='"><script>', url="javascript:alert(1)"),),
    )
    for answer in (hostile, replace(hostile, status="written"), replace(REFUSED, text="<i>\n\n")):
        page = answer_html(answer, ENGLISH, located, key="k")
        assert "\n" not in page
        assert not re.search(
            r"<(script|img|i>|b>)", page.replace("<i>[</i>", "").replace("<i>]</i>", "")
        )
        assert "javascript:" not in re.sub(r"<pre.*?</pre>", "", page)


def test_a_growing_answer_has_no_name_and_cannot_be_copied_yet() -> None:
    page = answer_html(QUOTED, JAPANESE, located, key=None)
    assert "final" not in page
    assert "copy" not in page


def test_a_written_answer_keeps_its_text_with_markers_as_links() -> None:
    written = replace(QUOTED, status="written", text="5月上旬の予定でした。[1] 年は[9]〔2〕不明。")
    page = answer_html(written, JAPANESE, located, key="k")
    assert re.search(
        r'5月上旬の予定でした。<a class="chip cite behind-stop" [^>]*><i>\[</i>1<i>\]</i></a>', page
    )
    assert "年は[9]〔2〕不明。" in page


def test_a_number_in_brackets_that_is_too_long_for_a_marker_stays_as_it_is() -> None:
    written = replace(QUOTED, status="written", text=f"出た[{'1' * 5000}]。")
    assert f"出た[{'1' * 5000}]。" in answer_html(written, JAPANESE, located, key="0")


def test_a_refusal_says_plainly_that_the_articles_do_not_say_and_shows_near_sentences() -> None:
    page = answer_html(REFUSED, ENGLISH, located, key="k")
    assert "The articles do not say." in page
    assert "Nearest sentences (not an answer)" in page
    assert 'href="#cite/index:news.txt/7/0-0/0"' in page
    assert "&lt;b&gt;近い&lt;/b&gt;文だ。" in page


def test_a_refusal_that_is_close_to_an_answer_does_not_say_that_the_articles_do_not_say() -> None:
    close = replace(REFUSED, text="No sentence was found that surely answers.", close=True)
    page = answer_html(close, ENGLISH, located, key="k")
    assert "No sure answer" in page
    assert "No sentence was found that surely answers." in page
    assert "Nearest sentences (one of them may answer)" in page
    for denied in ("The articles do not say.", "not an answer", "Not in the articles"):
        assert denied not in page
    assert "近い文（答えが含まれるかもしれません）" in answer_html(
        close, JAPANESE, located, key="k"
    )


@pytest.mark.parametrize(
    ("origin", "texts", "said"),
    [
        ("own", JAPANESE, "追加したファイルだけに質問しました。"),
        ("index", JAPANESE, "選んだ記事だけに質問しました。"),
        ("own", ENGLISH, "Only the files that you added were asked."),
    ],
)
def test_a_refusal_of_chosen_articles_says_so_and_offers_all(
    origin: Origin, texts: Texts, said: str
) -> None:
    about = Circumstances((Reference(origin, "dog.txt"),), narrowed=True)
    page = answer_html(REFUSED, texts, located, key="abc", about=about)
    button = f'<button type="button" class="widen">{texts.ask_all}</button>'
    assert f'<p class="narrowed">{said} {button}</p>' in page
    assert page.index("narrowed") < page.index(texts.nearest)


@pytest.mark.parametrize(
    ("answer", "about"),
    [(QUOTED, Circumstances(narrowed=True)), (REFUSED, Circumstances()), (REFUSED, None)],
)
def test_nothing_is_said_of_a_choice_where_it_answers_or_leaves_nothing_out(
    answer: Answer, about: Circumstances | None
) -> None:
    assert "narrowed" not in answer_html(answer, JAPANESE, located, key="abc", about=about)


@pytest.mark.parametrize("texts", [JAPANESE, ENGLISH])
def test_of_what_could_not_be_confirmed_nothing_claims_that_the_articles_do_not_say(
    texts: Texts,
) -> None:
    language: Language = "ja" if texts is JAPANESE else "en"
    said = refusal_text("unsupported", language)
    answer = replace(REFUSED, text=said, refusal_reason="unsupported", language=language)
    shown = answer_html(answer, texts, lambda each: Reference("index", each), key="1")
    assert texts.unconfirmed_plainly == said  # the widget, the terminal and exports say this
    for expected in (texts.unconfirmed, texts.unconfirmed_plainly, texts.nearest):
        assert expected in shown
    assert texts.refused_plainly not in shown
    assert texts.refused not in shown
    assert all(said in export_answer(answer, form) for form in FORMATS)


@pytest.mark.parametrize("texts", [JAPANESE, ENGLISH])
def test_where_an_article_is_to_be_named_nothing_claims_that_the_articles_do_not_say(
    texts: Texts,
) -> None:
    language: Language = "ja" if texts is JAPANESE else "en"
    said = WHICH_ARTICLE[language]
    answer = replace(REFUSED, text=said, language=language, reply="which_article")
    shown = answer_html(answer, texts, lambda each: Reference("index", each), key="1")
    assert f'<p class="plainly">{said}</p>' in shown
    assert texts.which_article in shown
    for absent in (texts.refused, texts.refused_plainly, texts.not_answered, texts.nearest):
        assert absent not in shown
    assert all(said in export_answer(answer, form) for form in FORMATS)


def test_without_articles_a_refusal_says_only_that() -> None:
    page = answer_html(
        replace(REFUSED, refusal_reason="no_articles", hits=()), JAPANESE, located, key="k"
    )
    assert JAPANESE.no_articles in page
    assert "nearest" not in page


def test_a_statement_that_several_samples_wrote_is_told_once_and_counted_once() -> None:
    first = Claim("橋は長い。", 0, 5, supported=False, citations=(), problem="数が違います。")
    other = replace(first, text="橋は短い。")
    partial = replace(QUOTED, status="partial", removed=(first, other, first, first))
    shown = answer_html(partial, JAPANESE, located, key="k")
    assert JAPANESE.removed_claims.format(count=2) in shown
    assert re.findall("<del[^>]*>([^<]*)", shown) == ["橋は長い。", "橋は短い。"]


def test_removed_statements_are_told() -> None:
    partial = replace(QUOTED, status="partial", removed=(QUOTED.claims[0],))
    assert "1件の文は示していません" in answer_html(partial, JAPANESE, located, key="k")


def test_a_finished_answer_carries_itself_for_the_export() -> None:
    page = answer_html(QUOTED, JAPANESE, located, key="k")
    data = html.unescape(re.findall(r'<pre class="answer-data">(.*?)</pre>', page)[0])
    assert exported({"format": "text", "answer": json.loads(data)}).text == (
        export_answer(QUOTED, "text")
    )
    assert re.findall(r'<button[^>]* class="export [^"]*as-(\w+)"', page) == [*FORMATS]


def test_the_marking_of_links_in_a_quotation_does_not_show() -> None:
    quote = "前は[赤い](https://example.org/x)靴と![絵](y.png)だ。"
    linked = replace(QUOTED, citations=(replace(CITATION, quote=quote),))
    page = answer_html(linked, JAPANESE, located, key="k")
    shown = re.findall(r'<p class="quote" lang="ja">(.*?)<a', page)[0]
    assert re.sub(r'<span class="sign">.*?</span>|</?mark>', "", shown) == "前は赤い靴と絵だ。"
    assert html.unescape(re.sub(r"<.*?>", "", shown)) == quote
    assert "<img" not in page


def test_questions_are_escaped_and_waiting_is_said() -> None:
    assert question_html("<b>\n", JAPANESE) == '<div class="asked">&lt;b&gt;&#10;</div>'
    assert JAPANESE.searching in pending_html(JAPANESE)


def test_a_follow_up_shows_in_one_line_how_it_was_understood() -> None:
    rewritten = replace(QUOTED, standalone_question="R2の<b>公開</b>はいつですか？")
    page = answer_html(rewritten, JAPANESE, located, key="abc")
    line = re.findall(r'<p class="understood">(.*?)</p>', page)
    assert line == [
        '解釈した質問：<span lang="ja">R2の&lt;b&gt;公開&lt;/b&gt;はいつですか？</span>'
    ]
    assert "Understood as: " in answer_html(rewritten, ENGLISH, located, key=None)
    assert "understood" not in answer_html(QUOTED, JAPANESE, located, key="abc")


@pytest.mark.parametrize(
    ("question", "is_folded"),
    [
        ("橋の長さは？" * 20, False),
        ("橋の長さは？" * 60, True),
        ("a" * 400, False),
        ("a\n" * 8, True),
    ],
)
def test_a_long_question_is_folded(question: str, *, is_folded: bool) -> None:
    assert ("folded" in question_html(question, JAPANESE)) == is_folded
