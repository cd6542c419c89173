from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shutten.embedding import HashEmbedder
from shutten.index import Index
from shutten.summary import (
    asked_length,
    asks_for_summary,
    choose_sentences,
    leans,
    subject_of,
    summarise,
    which_article,
)
from shutten.types import Article, Hit

RICE = Article(
    "rice.txt",
    "棚田の米",
    "棚田の米\n\n村の棚田で今年も新米の収穫が始まった。収穫は十月の末まで続く。短い。"
    "村は収穫した新米を町の市場に出す。市場では新米の試食会も開かれる。"
    "去年の収穫は雨で遅れた。",
)
TRAM = Article(
    "tram.txt", "路面電車", "路面電車\n\n市は路面電車を延ばす。工事は来年に始まる予定だ。"
)


@pytest.mark.parametrize(
    "question",
    [
        "この記事を要約して",
        "記事を要約してください。",
        "棚田の記事を３行でまとめてください",
        "要約をお願いします",
        "記事の要点を教えて",
        "この記事は何について書かれていますか",
        "この記事の概要は？",
        "Summarize the article.",
        "Please summarise this article",
        "Give me a short summary of the article",
        "What is this article about?",
        "TL;DR",
        "三行でまとめて",
        "島の旅行記を三行で",
        "この内容を3文で教えて",
        "Summarize it in two sentences.",
    ],
)
def test_a_request_for_a_summary_is_known(question: str) -> None:
    assert asks_for_summary(question)


@pytest.mark.parametrize(
    "question",
    [
        "R2の公開予定はいつですか",
        "要約筆記の資格は誰が認定しますか",
        "報告書をまとめたのは誰ですか",
        "事業の概要を発表したのはどの会社ですか",
        "三行半とは何ですか",
        "この詩を三行で書いたのは誰ですか",
        "荷物をまとめて出て行ったのはなぜですか",
        "Who wrote the summary report?",
        "What is the tunnel about 54 km long called?",
    ],
)
def test_a_question_about_a_fact_is_not_one(question: str) -> None:
    assert not asks_for_summary(question)


@pytest.mark.parametrize(
    ("question", "length"),
    [
        ("三行でまとめて", 3),
        ("記事を３文で要約して", 3),
        ("Summarize the article in two sentences.", 2),
        ("Give me a one-sentence summary.", 1),
        ("Summarize it in a single sentence", 1),
        ("十行でまとめて", 5),
        ("この記事を100行でまとめて", 5),
        ("この記事を要約して", None),
        ("2文字の題名の記事を要約して", None),
    ],
)
def test_the_length_of_a_summary_can_be_asked_for(question: str, length: int | None) -> None:
    assert asked_length(question) == length


def test_a_summary_has_as_many_sentences_as_asked_for() -> None:
    with Index.in_memory([RICE], HashEmbedder()) as index:
        sizes = [len(summarise(index, "rice.txt", HashEmbedder(), most=n)) for n in (1, 2, 5)]
    assert sizes == [1, 2, 5]


def test_the_sentences_are_spread_over_the_article() -> None:
    vectors = unit(np.random.default_rng(1).normal(size=(30, 384)).tolist()) + 0.2
    chosen = choose_sentences(unit(vectors.tolist()))
    assert [row * 5 // 30 for row in chosen] == [0, 1, 2, 3, 4]


def test_a_sentence_that_leans_on_the_one_before_gives_way() -> None:
    vectors = unit([[1.0, 0.1], [1.0, 0.1]])
    assert choose_sentences(vectors, most=1) == [0]
    assert choose_sentences(vectors, most=1, favour=[-0.4, 0.0]) == [1]


def test_a_sentence_comes_behind_the_one_it_goes_on_from_or_last_of_all() -> None:
    vectors = unit([[1.0, 0.1, 0.0], [0.2, 1.0, 0.0], [1.0, 0.0, 0.8], [0.5, 0.2, 1.0]])
    assert choose_sentences(vectors, most=2) == [0, 3]
    assert choose_sentences(vectors, most=2, behind=[None, None, None, 2]) == [0, 2]
    assert choose_sentences(vectors, most=3, behind=[None, 0, None, 3]) == [0, 1, 2]
    assert choose_sentences(vectors, most=4, behind=[None, 1, 1, 3]) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    "text",
    [
        "この減少は、3年間に412頭を捕獲したことによる。",
        "結論は出ず、次回に話し合うことになった。",
        "翻訳の予算がないためである。",
        "翻訳の予算が足りないことによる。",
        "昨年の15名より増えた。",
        "同じ16日には停電が起きた。",
        "調べてほしい」と話している。",
        "It was written in 2021.",
        "This kills the eggs of beetles.",
        "The second one was built in 1960.",
        "Yes, but only with permission.",
        "There it was repaired.",
        "目標は3日以内なので、まだ達していない。",
        "A. 受付で借りることはできません。",
        "The shortfall was due to rain.",
    ],
)
def test_what_speaks_of_the_sentence_before_it_does_not_stand_alone(text: str) -> None:
    assert leans(text)


@pytest.mark.parametrize(
    "text",
    [
        "このページは、橋の歴史をまとめたものである。",
        "これまでに12か所の柵が置かれた。",
        "彼岸には祭りが開かれる。",
        "その他の費用は市が出す。",
        "装置は、電源を切ると真空が破れるためである。",
        "塗料を買うならどの会社からですか。",
        "There is no charge for visitors.",
        "Both the bridge and the tower were built in 1960.",
        "Those who come first are served first.",
        "No maker's name has been found.",
        "This article is about a bridge.",
        "Itami is a town.",
        "目標を達成した班は、来年も続ける。",
        "The cause of the fire was a lamp.",
    ],
)
def test_what_names_its_subject_stands_alone(text: str) -> None:
    assert not leans(text)


MINUTES = Article(
    "m.md",
    "橋の会議",
    "# 橋の会議\n\n会議は市役所の会議室で午後に開かれた。\n\n"
    "## 議題\n\n橋の会議は橋の色を話し合った。橋の色は青に決まった。橋の会議は橋の名を話し合った。"
    "予算がないためである。橋の会議は昼に休んだ。\n\n",
)


def test_what_was_decided_comes_before_what_was_talked_about() -> None:
    with Index.in_memory([MINUTES], HashEmbedder()) as index:
        hits = [each.passage.hit for each in summarise(index, "m.md", HashEmbedder(), most=3)]
    texts = [hit.text for hit in hits]
    assert "橋の色は青に決まった。" in texts
    assert "予算がないためである。" not in texts


def quoted(text: str, *, most: int) -> list[str]:
    """The sentences of a summary of a text."""
    with Index.in_memory([Article("m.md", "橋", text)], HashEmbedder()) as index:
        readings = summarise(index, "m.md", HashEmbedder(), most=most)
    return [each.passage.hit.text for each in readings]


QUESTIONS = (
    "Q. 橋は夜も渡れる。",
    "橋の写真は撮れますか。",
    "橋はなぜ青いのだろうか",
    "Is it open?",
)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_is_never_quoted(question: str) -> None:
    text = f"# 橋\n\n橋は町の北の川に架かる。\n\n{question}\n\n橋は2020年に塗り直された。\n"
    assert quoted(text, most=5) == ["橋は町の北の川に架かる。", "橋は2020年に塗り直された。"]


def test_date_and_people_of_a_meeting_give_way_to_what_it_talked_about() -> None:
    text = (
        "# 橋\n\n日時は9月12日、場所は橋の第2会議室であった。\n出席者は橋の係の6名である。\n"
        "前回の議事録は承認された。\n\n橋の係は橋の色を話し合った。\n町は新しい橋の名を募る。\n"
    )
    assert quoted(text, most=2) == ["橋の係は橋の色を話し合った。", "町は新しい橋の名を募る。"]


@pytest.mark.parametrize(
    ("outcome", "other"),
    [
        ("町の火事の死者は九人であった。", "町の祭りの山車は九台であった。"),
        ("町の火事の原因は古い炭であった。", "町の祭りの山車は古い車であった。"),
    ],
)
def test_what_came_of_something_is_preferred(outcome: str, other: str) -> None:
    lead, further = "橋は町の北の川に架かる。", "橋は町の北の川に映る。"
    text = "\n".join(["# 橋", "", lead, outcome, further, other, ""])
    assert quoted(text, most=2) == [lead, outcome]


@pytest.mark.parametrize(
    ("outcome", "other"),
    [
        ("The work was short of the goal.", "The work was seen from the road."),
        ("Some houses were destroyed by it.", "Some houses were painted by then."),
    ],
)
def test_what_came_of_something_is_preferred_in_english(outcome: str, other: str) -> None:
    lead, further = "The bridge crosses the river.", "The bridge mirrors the river."
    text = "\n".join(["# 橋", "", lead, outcome, further, other, ""])
    assert quoted(text, most=2) == [lead, outcome]


def unit(rows: list[list[float]]) -> np.ndarray:
    matrix = np.array(rows, dtype=np.float32)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    return matrix


def test_the_lead_and_what_is_not_said_twice_are_chosen() -> None:
    said_twice = [1.0, 1.0, 0.0]
    vectors = unit([said_twice, [1.0, 0.0, 0.2], [0.0, 1.0, 0.2], said_twice])
    assert choose_sentences(vectors) == [0, 1, 2]
    assert choose_sentences(vectors[::-1]) == [0, 1, 2]


@given(st.integers(1, 40), st.integers(0, 2**16))
def test_three_to_five_different_sentences_in_order(count: int, seed: int) -> None:
    vectors = unit(np.random.default_rng(seed).normal(size=(count, 8)).tolist())
    chosen = choose_sentences(vectors)
    assert chosen == sorted(set(chosen))
    assert min(count, 3) <= len(chosen) <= 5
    assert set(chosen) <= set(range(count))


def test_a_summary_quotes_whole_sentences_of_the_article_in_order() -> None:
    with Index.in_memory([RICE, TRAM], HashEmbedder()) as index:
        readings = summarise(index, "rice.txt", HashEmbedder())
        hits = [reading.passage.hit for reading in readings]
    assert len(hits) == 3
    assert [hit.sentence for hit in hits] == sorted(hit.sentence for hit in hits)
    assert all(RICE.text[hit.start : hit.end] == hit.text for hit in hits)
    assert not {"棚田の米", "短い。"} & {hit.text for hit in hits}


def test_each_sentence_of_a_summary_is_placed_in_its_section() -> None:
    text = "# 橋\n\n市には大きな橋が二つある。\n\n## 柳橋\n\n柳橋は1958年に架けられた鋼の橋である。"
    with Index.in_memory([Article("b.md", "橋", text)], HashEmbedder()) as index:
        hits = [each.passage.hit for each in summarise(index, "b.md", HashEmbedder())]
    assert [(hit.heading, hit.text[:2]) for hit in hits] == [(None, "市に"), ("柳橋", "柳橋")]


@pytest.mark.parametrize(
    ("asked", "article"),
    [
        ("バイオリン", "violin"),
        ("コンピュータ", "computer"),
        ("オーラリー", "orrery"),
        ("チェロ", None),
    ],
)
def test_a_title_is_known_in_another_spelling(asked: str, article: str | None) -> None:
    titles = {
        "violin": "ヴァイオリンの手入れ",
        "computer": "コンピューターの歴史",
        "orrery": "オーラリーの自動人形",
    }
    articles = [Article(id_, title, f"# {title}\n\n町にある。") for id_, title in titles.items()]
    with Index.in_memory(articles, HashEmbedder()) as index:
        assert which_article(f"{asked}の記事を要約して", index, []) == article


def test_the_article_is_the_only_one_or_the_named_one_or_that_of_the_subject() -> None:
    hit = Hit("tram.txt", "路面電車", None, 1, 0, 1, "市", 0.5)
    with Index.in_memory([RICE], HashEmbedder()) as one:
        assert which_article("この記事を要約して", one, []) == "rice.txt"
    with Index.in_memory([RICE, TRAM], HashEmbedder()) as two:
        assert which_article("「棚田の米」を要約して", two, [hit]) == "rice.txt"
        assert which_article("電車の記事を要約して", two, [hit]) == "tram.txt"
        assert which_article("電車の記事を要約して", two, [hit], ["rice.txt"]) == "rice.txt"
        assert which_article("「棚田の米」を要約して", two, [], []) is None
        assert which_article("この記事を要約して", two, [hit]) is None
        assert which_article("Summarize the article in two sentences", two, [hit]) is None
        near, far = replace(hit, dense=0.31), replace(hit, dense=0.12)
        assert which_article("Summarize the tram in two sentences", two, [near]) == "tram.txt"
        assert which_article("Summarize the Seikan article", two, [far, near]) == "tram.txt"
        assert which_article("Summarize the Seikan article", two, [far]) is None
        assert which_article("Summarize the article, please.", two, [hit]) is None


@pytest.mark.parametrize(
    ("question", "titles", "expected"),
    [
        ("Summarise the article about Spain", ["AI", "Portugal"], None),
        ("Summarise the article about AI", ["AI", "Portugal"], "AI"),
        ("Summarise a text about Spain", ["A", "Portugal"], None),
        ("summarise portugal", ["AI", "Portugal"], "Portugal"),
        ("Summarise C++ in two sentences", ["C", "C++"], "C++"),
        ("水素の記事を要約して", ["水", "酸素"], None),
        ("水の記事を要約して", ["水", "酸素"], "水"),
        ("水記事要約して", ["水", "酸素"], "水"),
        ("東京水の記事を要約して", ["水", "酸素"], None),
        ("カップラーメンの記事を要約して", ["ラーメン", "寿司"], None),
        ("ラーメン店の記事を要約して", ["ラーメン", "寿司"], "ラーメン"),
        ("ＡＩの記事を要約して", ["AI", "寿司"], "AI"),
    ],
)
def test_a_title_is_named_by_a_word_of_its_own_only(
    question: str, titles: list[str], expected: str | None
) -> None:
    articles = [Article(title, title, f"{title}である。") for title in titles]
    with Index.in_memory(articles, HashEmbedder()) as index:
        assert which_article(question, index, []) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Summarize the orrery article in two sentences.", "The St Brannoc orrery"),
        ("Summarise the article about turbulence in 3 lines", "Instruments for turbulence"),
        ("Please sum up the moving guide in four sentences", "Guide to moving house"),
        ("Give me a two-sentence summary of the orrery article.", "The St Brannoc orrery"),
        ("Could you summarize the house article in a single sentence?", "Guide to moving house"),
        ("縄井川の記事を二文で要約して", "縄井川水系のダム"),
        ("ダムについて3文でまとめて", "縄井川水系のダム"),
        ("定例会の議事録を一文で要約してください", "第14回定例会 議事録"),
        ("サンショウウオの記事を4行でまとめて", "瀬戸鹿山地の小型サンショウウオ"),
        ("貝塚の報告を五文で要約", "潮見貝塚の発掘報告"),
        ("Summarize the price article in two sentences.", None),
        ("温泉の記事を二文で要約して", None),
    ],
)
def test_an_article_is_found_by_words_of_its_title_whatever_length_is_asked_for(
    question: str, expected: str | None
) -> None:
    titles = [
        "The St Brannoc orrery",
        "Instruments for turbulence",
        "Guide to moving house",
        "縄井川水系のダム",
        "第14回定例会 議事録",
        "瀬戸鹿山地の小型サンショウウオ",
        "潮見貝塚の発掘報告",
        "Rice",
    ]
    articles = [Article(title, title, f"{title}.") for title in titles]
    other = Hit("第14回定例会 議事録", "議事録", None, 1, 0, 1, "見送られた。", 0.5, dense=0.1)
    with Index.in_memory(articles, HashEmbedder()) as index:
        assert which_article(question, index, [other]) == expected


@pytest.mark.parametrize(
    ("subject", "question"),
    [
        ("orrery", "Summarize the orrery article in two sentences."),
        ("ダム", "ダムの記事を3文で要約して"),
        ("", "この記事を要約してください"),
    ],
)
def test_the_subject_of_a_summary_has_none_of_the_words_of_the_request(
    subject: str, question: str
) -> None:
    assert subject_of(question) == subject
