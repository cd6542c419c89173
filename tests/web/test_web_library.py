from __future__ import annotations

import pytest
from tests.web.making import DOG, NEWS, make_library

from shutten.errors import UnknownArticleError
from shutten.types import Answer, Article
from shutten.web.library import Asked, Library
from shutten.web.markup import Reference

DOG_QUESTION = "犬の名前は何ですか"
NEWS_QUESTION = "R2はいつ公開される予定でしたか"


@pytest.fixture
def library() -> Library:
    return make_library([NEWS])


def last(library: Library, asked: Asked) -> tuple[Answer, str]:
    *_, located = library.stream(asked)
    return located.answer, located.origin


def test_the_index_alone_is_asked_by_someone_without_files(library: Library) -> None:
    answer, origin = last(library, Asked(NEWS_QUESTION))
    assert (origin, answer.citations[0].article_id) == ("index", "news.txt")


def test_own_files_answer_before_the_index(library: Library) -> None:
    token = library.uploads.new_token()
    library.uploads.add(token, [DOG])
    answer, origin = last(library, Asked(DOG_QUESTION, token=token))
    assert (origin, answer.citations[0].quote) == ("own", "犬の名前はポチです。")


def test_the_index_answers_what_own_files_do_not(library: Library) -> None:
    token = library.uploads.new_token()
    library.uploads.add(token, [DOG])
    answer, origin = last(library, Asked(NEWS_QUESTION, token=token))
    assert (origin, answer.refused) == ("index", False)


def test_a_choice_of_own_files_leaves_the_index_out(library: Library) -> None:
    token = library.uploads.new_token()
    library.uploads.add(token, [DOG])
    chosen = (Reference("own", "dog.txt"),)
    answer, origin = last(library, Asked(NEWS_QUESTION, chosen=chosen, token=token))
    assert (origin, answer.refused) == ("own", True)


def test_another_session_neither_lists_nor_opens_nor_asks_a_file(library: Library) -> None:
    mine, other = library.uploads.new_token(), library.uploads.new_token()
    library.uploads.add(mine, [DOG])
    assert [each.reference.article_id for each in library.listed(other)] == ["news.txt"]
    assert last(library, Asked(DOG_QUESTION, token=other))[0].refused
    with pytest.raises(UnknownArticleError):
        library.open(Reference("own", "dog.txt"), other)
    with pytest.raises(UnknownArticleError):
        last(library, Asked(DOG_QUESTION, chosen=(Reference("own", "dog.txt"),), token=other))


def test_own_files_are_listed_first_and_open_with_their_sentences(library: Library) -> None:
    token = library.uploads.new_token()
    library.uploads.add(token, [DOG])
    assert [str(each.reference) for each in library.listed(token)] == [
        "own:dog.txt",
        "index:news.txt",
    ]
    opened = library.open(Reference("own", "dog.txt"), token)
    assert opened.article.text == DOG.text
    assert [sentence.kind for sentence in opened.sentences] == ["title", "body", "body"]


def test_articles_of_one_title_are_told_apart_and_others_stay_as_they_are(
    library: Library,
) -> None:
    token = library.uploads.new_token()
    others = [Article(f"{city}.txt", "記録", f"記録\n\n会は{city}で開かれた。") for city in "京奈"]
    library.uploads.add(token, [DOG, *others])
    names = {each.reference.article_id: each.reference.name for each in library.listed(token)}
    assert names == {"dog.txt": "", "京.txt": "京.txt", "奈.txt": "奈.txt", "news.txt": ""}
    *_, located = library.stream(Asked("会はどこで開かれた", token=token))
    assert located.reference("京.txt").name == ""
    assert library.named(located, token).reference("京.txt").name == "京.txt"


def test_files_never_enter_the_index(library: Library) -> None:
    library.uploads.add(library.uploads.new_token(), [DOG])
    assert [entry.id for entry in library.assistant.index.articles()] == ["news.txt"]


def test_where_nothing_answers_one_refusal_comes_last(library: Library) -> None:
    token = library.uploads.new_token()
    library.uploads.add(token, [DOG])
    answer, _ = last(library, Asked("大阪の天気を教えて", token=token))
    assert answer.refused
    assert answer.hits
