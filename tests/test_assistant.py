from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shutten.assistant import (
    Assistant,
    assistant_for_articles,
    assistant_for_files,
    open_assistant,
)
from shutten.cli.rendering import answer_as_text
from shutten.conversation import REMEMBERED_TURNS
from shutten.conversation.memory import is_refusal
from shutten.embedding import HashEmbedder
from shutten.errors import (
    ArticleError,
    IndexMismatchError,
    IndexNotFoundError,
    QuestionError,
    UnknownArticleError,
)
from shutten.filling import ensure_samples, index_paths
from shutten.grounding import answer_as_dict
from shutten.index import Index
from shutten.lookup import LEANING, READ, READ_ON, searched_hits
from shutten.phrases import (
    HELPED,
    LISTED,
    NOTHING_ASKED,
    THANKED,
    TITLES,
    titles_notice,
    unsure_notice,
)
from shutten.questions import clean_question
from shutten.reader import OverlapReader
from shutten.retrieval import HybridRetriever
from shutten.settings import Settings
from shutten.types import Answer, Article, Passage, Reading, Timings, Turn

GOLDEN = Path(__file__).parent / "golden"

NEWS = Article(
    "news.txt",
    "R2の公開",
    "R2の公開\n\n会社は新しいモデルを準備している。R2は5月上旬に公開される予定でした。価格は未定だ。",
)
GEARS = Article(
    "gears.md",
    "The mechanism",
    "# The mechanism\n\nThe wreck was found in 1901. Divers [1] lifted the bronze gears.",
    language="en",
)


def make(articles: list[Article]) -> Assistant:
    embedder = HashEmbedder()
    index = Index.in_memory(articles, embedder)
    return Assistant(index, HybridRetriever(index, embedder), OverlapReader(), embedder)


@pytest.fixture
def assistant() -> Iterator[Assistant]:
    made = make([NEWS, GEARS])
    yield made
    made.index.close()


def test_an_answer_quotes_the_sentence_and_its_offsets_cut_it_out(assistant: Assistant) -> None:
    answer = assistant.ask("R2はいつ公開される予定でしたか", answer_id="q1")
    assert answer.text == "R2は5月上旬に公開される予定でした。[1]"
    assert (answer.status, answer.refused, answer.language) == ("quoted", False, "ja")
    (citation,) = answer.citations
    assert NEWS.text[citation.start : citation.end] == citation.quote
    assert (citation.article_id, citation.sentence) == ("news.txt", 3)


def test_the_answer_is_the_golden_one(assistant: Assistant) -> None:
    answer = assistant.ask("Who lifted the bronze gears?", answer_id="q1")
    record = answer_as_dict(replace(answer, timings_ms=Timings(1.0, 2.0, 3.0)))
    golden = json.loads((GOLDEN / "answer.json").read_text(encoding="utf-8"))
    assert json.loads(json.dumps(record)) == golden


def test_a_refusal_has_no_claims_but_the_nearest_sentences(assistant: Assistant) -> None:
    answer = assistant.ask("株主総会はどの都市のホテルで開かれますか")
    assert (answer.status, answer.refused, answer.refusal_reason) == (
        "refused", True, "not_answered",
    )  # fmt: skip
    assert (answer.claims, answer.citations, answer.short_answer) == ((), (), None)
    assert answer.text == "記事には、この質問の答えは書かれていません。"
    assert answer.hits


def test_without_articles_the_refusal_says_so() -> None:
    answer = make([]).ask("R2はいつ公開されますか")
    assert (answer.refusal_reason, answer.hits) == ("no_articles", ())


@pytest.mark.parametrize("question", ["R2はいつ公開されますか", "R2の記事を要約して", "ありがとう"])
def test_of_no_article_nothing_is_asked_as_if_there_were_none(
    assistant: Assistant, question: str
) -> None:
    answer = assistant.ask(question, article_ids=[])
    assert (answer.refusal_reason, answer.hits) == ("no_articles", ())
    assert answer.text == "質問できる記事がありません。"
    assert assistant.search(question, article_ids=[]) == []


def test_a_question_of_marks_alone_is_refused_not_crashed(assistant: Assistant) -> None:
    assert assistant.ask("？？").refused


def test_the_language_asked_for_wins(assistant: Assistant) -> None:
    assert assistant.ask("株主総会はどの都市で", language="en").text == (
        "The articles do not answer this question."
    )


def test_each_step_of_the_stream_is_longer_and_the_last_is_the_answer(
    assistant: Assistant,
) -> None:
    steps = list(assistant.stream("The wreck was found in 1901"))
    assert [step.text for step in steps] == sorted((s.text for s in steps), key=len)
    assert steps[0].hits
    assert steps[-1].citations[0].quote == "The wreck was found in 1901."


def test_article_ids_restrict_and_unknown_ones_are_an_error(assistant: Assistant) -> None:
    answer = assistant.ask("R2はいつ公開される予定でしたか", article_ids=["gears.md"])
    assert {hit.article_id for hit in answer.hits} == {"gears.md"}
    with pytest.raises(UnknownArticleError, match=r"nowhere\.txt"):
        assistant.ask("R2はいつ", article_ids=["nowhere.txt"])


@pytest.mark.parametrize("question", ["Summarize the mechanism", "「The mechanism」を要約して"])
def test_only_an_article_that_is_asked_is_summarised(question: str) -> None:
    assistant = make([NEWS, replace(NEWS, id="later.txt"), GEARS])
    whole = assistant.ask(question)
    chosen = assistant.ask(question, article_ids=["news.txt", "later.txt"])
    assert {each.article_id for each in whole.citations} == {"gears.md"}
    assert (chosen.refused, chosen.reply) == (True, "which_article")


@pytest.mark.parametrize("question", ["", "  \n", "\x00\u200b"])
def test_an_empty_question_is_an_error(assistant: Assistant, question: str) -> None:
    with pytest.raises(QuestionError, match="the question is empty"):
        assistant.ask(question)


def test_an_overlong_question_is_an_error_that_names_the_limit(assistant: Assistant) -> None:
    with pytest.raises(QuestionError, match="2001 characters: shorten it to 2000 or fewer"):
        assistant.ask("あ" * 2001)


@pytest.mark.parametrize("question", ['a:b "x" AND (', "*", "-R2", "技", "R2^2~", "\\"])
def test_query_syntax_is_only_text(assistant: Assistant, question: str) -> None:
    assert isinstance(assistant.ask(question), Answer)


def test_search_gives_hits_best_first(assistant: Assistant) -> None:
    hits = assistant.search("R2の公開予定", k=2)
    assert hits[0].text == "R2は5月上旬に公開される予定でした。"
    assert [hit.score for hit in hits] == sorted((h.score for h in hits), reverse=True)
    assert len(hits) == 2


class Late:
    """Likes the passage best that holds a word, and counts what it is given to read."""

    name, threshold = "late", 0.0

    def __init__(self, word: str) -> None:
        self.word = word
        self.given: list[int] = []

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        self.given.append(len(passages))
        likes = [float(self.word in each.hit.text) for each in passages if question]
        return [Reading(p, 10 * like, like) for p, like in zip(passages, likes, strict=True)]


def test_a_search_is_read_deeper_than_an_answer() -> None:
    lines = [f"The lake, a {'lake ' * (9 - number)}of number {number}." for number in range(9)]
    salt = "A lake of salt and of very little else, as people around here have always said."
    text = "\n\n".join(["# Lakes", *lines, salt])
    reader = Late("salt")
    made = make([Article("lakes.md", "Lakes", text, language="en")])
    assistant = Assistant(made.index, made.retriever, reader, made.embedder)
    fused = made.retriever.retrieve("lake", k=10)
    assert next(n for n, passage in enumerate(fused) if "salt" in passage.hit.text) >= READ
    hits = assistant.search("lake", k=3)
    assert "salt" in hits[0].text
    assert [hit.rerank is None for hit in hits] == [False] * 3
    assert not any("salt" in hit.text for hit in assistant.ask("lake").hits[:READ])
    assert reader.given == [len(fused), READ]


def test_a_follow_up_is_read_in_both_forms_and_deeper() -> None:
    lines = [f"The lake, a {'lake ' * (12 - number)}of number {number}." for number in range(12)]
    reader = Late("number 3")
    made = make([Article("lakes.md", "Lakes", "\n\n".join(lines), language="en")])
    assistant = Assistant(made.index, made.retriever, reader, made.embedder)
    history = [Turn("Where is the lake?", f"{lines[0]}[1]")]
    answer = assistant.ask("How deep is it?", history=history)
    assert answer.standalone_question == "How deep is the lake?"
    assert reader.given == [READ_ON, READ_ON]
    assert READ_ON > READ
    assert [hit.rerank is None for hit in answer.hits] == [False] * READ_ON + [True] * 2


def test_a_search_leans_on_the_retrieval_where_the_reader_sees_little_difference() -> None:
    first, second = make([NEWS]).retriever.retrieve("R2の公開予定", k=2)
    assert first.hit.score > second.hit.score + 0.1
    little, much = 1.0, 100.0
    for more, expected in ((little, [first, second]), (much, [second, first])):
        readings = [Reading(first, 0.0, 0.5), Reading(second, more * 0.1 * LEANING, 0.6)]
        hits = searched_hits([first, second], readings)
        assert [hit.sentence for hit in hits] == [each.hit.sentence for each in expected]
        assert 0 < hits[1].score < hits[0].score < 1
        assert {hit.rerank for hit in hits} == {0.5, 0.6}


def test_the_colours_of_a_terminal_are_no_words_of_a_question() -> None:
    assert clean_question("\x1b[1;31m館長\x1b[0mは誰\x1b[K") == "館長は誰"


@given(st.text(max_size=30))
def test_cleaning_a_question_is_stable_and_leaves_no_control_characters(text: str) -> None:
    cleaned = clean_question(text)
    assert clean_question(cleaned) == cleaned
    assert cleaned == cleaned.strip()
    assert "\n" not in cleaned
    assert "\x00" not in cleaned


def settings(folder: Path) -> Settings:
    return Settings(index=folder / "index", embedder="hash", reader="overlap")


def test_files_are_asked_without_an_index(tmp_path: Path) -> None:
    path = tmp_path / "news.txt"
    path.write_text(NEWS.text, encoding="utf-8")
    made = assistant_for_files([path], settings(tmp_path))
    answer = made.ask("R2はいつ公開される予定でしたか")
    assert answer.citations[0].article_id == str(path)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["news.txt"]


def test_a_folder_is_no_article_file(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(NEWS.text, encoding="utf-8")
    with pytest.raises(ArticleError, match="name a single article file"):
        assistant_for_files([tmp_path], settings(tmp_path))


def test_samples_are_built_once_and_leave_with_the_first_own_article(tmp_path: Path) -> None:
    chosen = settings(tmp_path)
    with pytest.raises(IndexNotFoundError):
        open_assistant(chosen)
    assert ensure_samples(chosen)
    assert not ensure_samples(chosen)
    assert open_assistant(chosen).index.only_samples
    (tmp_path / "news.txt").write_text(NEWS.text, encoding="utf-8")
    index_paths([tmp_path / "news.txt"], chosen)
    assert [entry.id for entry in open_assistant(chosen).index.articles()] == ["news.txt"]


def test_another_model_is_a_mismatch_unless_there_are_only_samples(tmp_path: Path) -> None:
    chosen = settings(tmp_path)
    other = chosen.model_copy(update={"embedder": "bundled"})
    ensure_samples(chosen)
    assert open_assistant(other).index.only_samples  # made anew with the other model
    (tmp_path / "news.txt").write_text(NEWS.text, encoding="utf-8")
    index_paths([tmp_path / "news.txt"], chosen)
    with pytest.raises(IndexMismatchError, match="--rebuild"):
        open_assistant(other)


def test_uploads_share_the_models(assistant: Assistant) -> None:
    upload = assistant_for_articles([NEWS], like=assistant)
    assert upload.embedder is assistant.embedder
    assert upload.ask("R2はいつ公開される予定でしたか").citations[0].article_id == "news.txt"


def test_a_summary_quotes_the_article_that_was_chosen(assistant: Assistant) -> None:
    answer = assistant.ask("この記事を要約して", article_ids=["news.txt"])
    assert [claim.text for claim in answer.claims] == [
        "会社は新しいモデルを準備している。",
        "R2は5月上旬に公開される予定でした。",
    ]
    assert [citation.marker for citation in answer.citations] == [1, 2]
    assert answer.short_answer is None
    assert not answer.refused


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (
            "この記事を要約して",
            "どの記事を要約するかを、題名で書くか、記事を一つ選んで指定してください。",
        ),
        (
            "Summarize the article",
            "Name the article to summarise by its title, or choose one article.",
        ),
    ],
)
def test_a_summary_of_an_article_that_nothing_tells_asks_which_one(
    assistant: Assistant, question: str, said: str
) -> None:
    answer = assistant.ask(question)
    assert (answer.refused, answer.refusal_reason) == (True, "not_answered")
    assert (answer.text, answer.reply, answer.notices) == (said, "which_article", ())
    assert answer.citations == ()
    assert answer_as_text(answer) == said
    assert is_refusal(answer.text)


@pytest.mark.parametrize(
    ("question", "notice"),
    [
        ("それはいつですか", "知りたいことを、人や物の名前を挙げて質問してください。"),
        ("When was it?", "Name the person or thing that you ask about."),
    ],
)
def test_what_names_nothing_is_refused_and_told_what_to_do(
    assistant: Assistant, question: str, notice: str
) -> None:
    answer = assistant.ask(question)
    assert (answer.refused, answer.refusal_reason) == (True, "not_answered")
    assert (answer.notices, answer.hits) == ((notice,), ())
    with pytest.raises(UnknownArticleError, match=r"nowhere\.txt"):
        assistant.ask(question, article_ids=["nowhere.txt"])


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("ありがとう！", THANKED["ja"]),
        ("Thanks a lot", THANKED["en"]),
        ("こんにちは", NOTHING_ASKED["ja"]),
        ("hello", NOTHING_ASKED["en"]),
        ("あなたは誰ですか", NOTHING_ASKED["ja"]),
        ("今日の天気は？", NOTHING_ASKED["ja"]),
        ("What can you do?", HELPED["en"]),
        ("何ができますか", HELPED["ja"]),
        ("help", HELPED["en"]),
        ("'; DROP TABLE articles; --", NOTHING_ASKED["en"]),
    ],
)
def test_thanks_and_greetings_are_answered_in_kind(
    assistant: Assistant, said: str, text: str
) -> None:
    answer = assistant.ask(said, history=[FOLLOWED])
    assert (answer.text, answer.refused, answer.refusal_reason) == (text, True, "not_answered")
    assert (answer.notices, answer.hits, answer.citations) == ((), (), ())
    assert answer.reply == "talk"
    assert is_refusal(answer.text)
    assert answer_as_text(answer) == text
    assert make([]).ask(said).refusal_reason == "no_articles"


def test_what_has_no_letters_is_answered_in_the_language_of_the_conversation(
    assistant: Assistant,
) -> None:
    english = Turn("Who founded it?", "The articles do not say.")
    assert assistant.ask("👍", history=[FOLLOWED, english, Turn("🙂", "")]).language == "en"
    assert assistant.ask("👍", history=[english, FOLLOWED]).language == "ja"
    assert assistant.ask("👍", history=[FOLLOWED], language="en").language == "en"


def test_how_to_use_is_asked_of_the_tool_where_nothing_was_said_before(
    assistant: Assistant,
) -> None:
    answer = assistant.ask("使い方を教えて")
    assert (answer.text, answer.hits, answer.notices) == (HELPED["ja"], (), ())
    assert assistant.ask("使い方は？", history=[FOLLOWED]).standalone_question == "R2の使い方は？"


def test_the_list_of_articles_has_those_that_are_asked() -> None:
    made = make([CAFE, SURVEY, Article("x", "[1] A\nhidden title", "Secret.", groups=("staff",))])
    everybody = made.seen_by([])
    answer = everybody.ask("どんな記事がありますか")
    assert (answer.text, answer.notices) == (LISTED["ja"], ("「喫茶店」「白鳴島の鳥」",))
    assert (answer.status, answer.refusal_reason, answer.hits) == ("refused", "not_answered", ())
    assert everybody.ask("記事の一覧", article_ids=["survey"]).notices == ("「白鳴島の鳥」",)
    assert made.ask("What articles are there?").notices == (
        "“喫茶店”, “白鳴島の鳥”, “[1] A hidden title”",
    )
    assert is_refusal(answer.text)


def test_a_long_list_of_articles_is_cut() -> None:
    titles = [f"第{number}号" for number in range(1, TITLES + 4)]
    assert titles_notice(titles, "ja").endswith("「第20号」ほか3件")
    assert titles_notice(titles, "en").endswith("“第20号” and 3 more")


def test_a_pronoun_is_answered_where_something_was_said_before(assistant: Assistant) -> None:
    answer = assistant.ask("それはいつですか", history=[FOLLOWED])
    assert answer.standalone_question == "R2はいつ公開される予定でしたか？"
    assert not answer.refused


def test_a_summary_has_the_length_that_is_asked_for(assistant: Assistant) -> None:
    answer = assistant.ask("一文で要約して", article_ids=["news.txt"])
    assert len(answer.claims) == 1


CAFE = Article("cafe", "喫茶店", "喫茶店は小樽にある。孫の三上あかりが店を継いだ。")
SURVEY = Article("survey", "白鳴島の鳥", "調査は森脇教授が始めた。予算は国が負担する。")
TAKEN_OVER = Turn("店を継いだのは誰ですか", "孫の三上あかりが店を継いだ。[1]")


@pytest.mark.parametrize(
    ("question", "article_ids", "standalone"),
    [
        ("調査は誰が始めましたか", None, "調査は誰が始めましたか"),  # only the other article has it
        ("従業員は何人いますか", None, "店を継いだことについて、従業員は何人いますか？"),
        ("予算は？", None, "店の予算は？"),
        ("予算は？", ["cafe"], "店の予算は？"),
        ("予算は？", ["survey"], "予算は？"),  # the answer before is from none of these
    ],
)
def test_a_conversation_goes_on_only_within_its_articles(
    question: str, article_ids: list[str] | None, standalone: str
) -> None:
    made = make([CAFE, SURVEY])
    answer = made.ask(question, history=[TAKEN_OVER], article_ids=article_ids)
    assert answer.standalone_question == standalone


def test_what_follows_a_new_beginning_is_about_that() -> None:
    begun = Turn("調査は誰が始めましたか", "調査は森脇教授が始めた。[1]")
    answer = make([CAFE, SURVEY]).ask("結果は？", history=[TAKEN_OVER, begun])
    assert answer.standalone_question == "調査の結果は？"


FOLLOWED = Turn("R2はいつ公開される予定でしたか", "R2は5月上旬に公開される予定でした。[1]")


def test_a_follow_up_is_asked_with_what_it_leaves_out(assistant: Assistant) -> None:
    alone = assistant.ask("価格は？")
    answer = assistant.ask("  価格は？", history=[FOLLOWED])
    assert (alone.standalone_question, answer.standalone_question) == ("価格は？", "R2の価格は？")
    assert (answer.question, answer.was_rewritten, alone.was_rewritten) == (
        "  価格は？",
        True,
        False,
    )
    assert answer.hits[0].text == "価格は未定だ。"
    scores = [hit.score for hit in answer.hits]
    assert scores == sorted(scores, reverse=True)
    assert len({(hit.article_id, hit.sentence) for hit in answer.hits}) == len(answer.hits)


def test_a_question_that_stands_alone_is_answered_as_without_a_history(
    assistant: Assistant,
) -> None:
    question = "Who lifted the bronze gears?"
    answers = [assistant.ask(question), assistant.ask(question, history=[FOLLOWED])]
    plain, followed = (answer_as_dict(replace(each, timings_ms=Timings())) for each in answers)
    assert plain == followed


def test_the_language_of_an_answer_is_that_of_the_follow_up(assistant: Assistant) -> None:
    answer = assistant.ask("Why?", history=[FOLLOWED])
    assert answer.standalone_question == "R2はなぜ公開される予定でしたか？"
    assert answer.language == "en"


class Echo:
    """Asks the question before, whatever is asked, and remembers how many turns it was given."""

    def __init__(self) -> None:
        self.given: list[int] = []

    def rewrite(self, question: str, history: Sequence[Turn]) -> str:
        self.given.append(len(history))
        return history[-1].question if history else question


def test_another_rewriter_can_take_the_place_of_the_rules() -> None:
    made = make([NEWS])
    rewriter = Echo()
    assistant = Assistant(made.index, made.retriever, made.reader, made.embedder, rewriter=rewriter)
    answer = assistant.ask("えっ？", history=[FOLLOWED] * 20)
    assert answer.standalone_question == FOLLOWED.question
    assert answer.citations[0].quote == "R2は5月上旬に公開される予定でした。"
    # the question before it, then the follow-up
    assert rewriter.given == [REMEMBERED_TURNS - 1, REMEMBERED_TURNS]


class Pasting:
    """Pastes a whole question in front of another one."""

    def rewrite(self, question: str, history: Sequence[Turn]) -> str:
        return f"{history[-1].question}について、{question}" if history else question


def test_a_follow_up_that_reads_badly_is_searched_for_and_not_shown() -> None:
    made = make([NEWS])
    assistant = Assistant(
        made.index, made.retriever, made.reader, made.embedder, rewriter=Pasting()
    )
    *drafts, last = assistant.stream("えっ？", history=[FOLLOWED])
    assert {each.standalone_question for each in (*drafts, last)} == {"えっ？"}
    assert not last.was_rewritten
    assert last.citations[0].quote == "R2は5月上旬に公開される予定でした。"


def test_what_the_rewritten_question_would_refuse_is_answered_as_it_was_asked() -> None:
    class Stuffing:
        def rewrite(self, question: str, history: Sequence[Turn]) -> str:
            return f"{question} {history[-1].answer}" if history else question

    made = make([NEWS])
    assistant = Assistant(
        made.index, made.retriever, made.reader, made.embedder, rewriter=Stuffing()
    )
    turn = Turn("What is it for?", "quantum chromodynamics lattice gauge theory on many cores")
    answer = assistant.ask("価格は未定だ", history=[turn])
    assert answer.standalone_question.endswith("cores")
    assert (answer.refused, answer.citations[0].quote) == (False, "価格は未定だ。")


class Hesitant:
    """Holds every passage for an answer with the same confidence."""

    name, threshold = "hesitant", 0.1

    def __init__(self, confidence: float) -> None:
        self._confidence = confidence

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:  # noqa: ARG002
        return [Reading(each, each.hit.score, self._confidence) for each in passages]


@pytest.mark.parametrize(
    ("question", "confidence", "notices"),
    [
        ("R2はいつ公開される予定でしたか", 0.25, (unsure_notice("ja"),)),
        ("When was R2 to be released?", 0.44, (unsure_notice("en"),)),
        ("R2はいつ公開される予定でしたか", 0.45, ()),
        ("R2はいつ公開される予定でしたか", 0.05, ()),  # refused
    ],
)
def test_a_quotation_that_may_not_answer_says_so(
    question: str, confidence: float, notices: tuple[str, ...]
) -> None:
    made = make([NEWS])
    reader = Hesitant(confidence)
    answer = Assistant(made.index, made.retriever, reader, made.embedder).ask(question)
    assert answer.notices == notices
    assert answer.unsure == bool(notices)
    assert answer.refused == (confidence < reader.threshold)


def test_what_was_said_is_looked_at_as_far_as_it_can_count() -> None:
    history = [Turn("漢" * 1_000_000, "字" * 1_000_000)]
    answer = make([NEWS]).ask("それはいつですか", history=history)
    assert len(answer.standalone_question) < 1000


@pytest.mark.parametrize("history", [[], [Turn("青い橋の長さは？", "912メートルです。")]])
def test_what_opens_a_question_is_not_searched_for(
    assistant: Assistant, history: list[Turn]
) -> None:
    answer = assistant.ask("ところで、R2はいつ公開される予定でしたか", history=history)
    assert answer.standalone_question == "R2はいつ公開される予定でしたか"
    assert answer.hits[0].text == "R2は5月上旬に公開される予定でした。"


def test_nothing_of_the_old_topic_goes_along_where_it_changes(assistant: Assistant) -> None:
    history = [Turn("When was the wreck found?", "The wreck was found in 1901. [1]")]
    changed = assistant.lookup.understood("By the way, when is R2 coming?", history, None)
    assert (changed.asked, changed.standalone) == ("When is R2 coming?", "When is R2 coming?")
    assert (changed.before, changed.answers, changed.turns) == ("", (), ())
    same = assistant.lookup.understood("By the way, where was it found?", history, None)
    assert (same.asked, same.standalone, len(same.turns)) == (
        "Where was it found?",
        "Where was the wreck found?",
        1,
    )
