from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path

import gradio as gr
import httpx
import pytest
from fastapi import Request
from fastapi.testclient import TestClient
from tests.web.events import join
from tests.web.making import DOG, NEWS, make_assistant, make_library
from tests.web.serving import running

from shutten.assistant import Assistant
from shutten.errors import IndexDamagedError
from shutten.index import Index
from shutten.settings import Settings
from shutten.types import Answer, Language, Turn
from shutten.web.app import create_app
from shutten.web.conversation import read_turns
from shutten.web.examples import ExampleQuestions
from shutten.web.judging import write_asked_again
from shutten.web.library import Library
from shutten.web.markup import Reference
from shutten.web.page import Page
from shutten.web.texts import JAPANESE


class BrokenAssistant(Assistant):
    """Breaks after the first step, as a fault of ours would."""

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        article_ids: Sequence[str] | None = None,
        language: Language | None = None,
        answer_id: str = "",
        quoting: bool = False,
        sample: int = 0,
    ) -> Generator[Answer]:
        steps = super().stream(
            question,
            history=history,
            article_ids=article_ids,
            language=language,
            answer_id=answer_id,
            quoting=quoting,
            sample=sample,
        )
        yield next(steps)
        raise RuntimeError("/secret/path")


class DamagedIndex(Index):
    """An index whose file was damaged while it was open."""

    @property
    def article_count(self) -> int:
        raise IndexDamagedError("/secret/path is damaged")


def request(query: bytes = b"lang=ja") -> gr.Request:
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": query, "headers": []}
    return gr.Request(request=Request(scope))


def make_page(library: Library) -> Page:
    return Page(library, ExampleQuestions(library.assistant), Settings())


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_fault_of_ours_gives_the_question_back_and_shows_no_traceback() -> None:
    library = make_library([NEWS])
    whole = library.assistant
    library.assistant = BrokenAssistant(whole.index, whole.retriever, whole.reader, whole.embedder)
    earlier = [{"role": "user", "content": "前の質問"}]
    steps = list(make_page(library).ask("R2はいつ", earlier, "", [], "", "write", request()))
    question, messages, *_ = steps[-1]
    assert (question, messages) == ("R2はいつ", earlier)
    assert "secret" not in str(steps)


def test_what_is_told_of_a_fault_is_one_line_in_the_visitors_language() -> None:
    page = make_page(make_library([NEWS]))
    with pytest.warns(UserWarning, match=JAPANESE.error_article_gone):
        page.open("index:nothing.txt/1", "", request())
    with pytest.warns(UserWarning, match=JAPANESE.error_article_gone):
        page.open("own:dog.txt/1", "guessed", request())


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_files_that_can_be_read_are_taken_though_another_cannot(tmp_path: Path) -> None:
    library = make_library([NEWS])
    token = library.uploads.new_token()
    folder = tmp_path / "received"
    folder.mkdir()
    (folder / "dog.txt").write_text(DOG.text, encoding="utf-8")
    (folder / "empty.txt").write_text("", encoding="utf-8")
    files = [str(folder / name) for name in ("empty.txt", "dog.txt")]
    *_, (scope, page, forget, _) = make_page(library).upload(files, token, request())
    assert scope.value == ["own:dog.txt"]
    assert 'id="page/own:dog.txt"' in page
    assert forget.visible
    assert list(tmp_path.iterdir()) == []


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_file_that_cannot_be_read_leaves_what_is_shown(tmp_path: Path) -> None:
    library = make_library([NEWS])
    path = tmp_path / "received" / "bin.pdf"
    path.parent.mkdir()
    path.write_bytes(bytes(range(256)) * 20)
    steps = list(make_page(library).upload([str(path)], library.uploads.new_token(), request()))
    shown = [[each for each in step[:3] if each != gr.skip()] for step in steps]
    assert shown == [[], []]
    assert JAPANESE.uploading in steps[0][3]
    assert steps[1][3].startswith(".txt .md .html .csv .tsv .pdf")


def test_a_conversation_keeps_its_turns_in_the_page() -> None:
    page = make_page(make_library([NEWS]))
    *_, (_, messages, turns, _) = page.ask(
        "R2はいつ公開される予定でしたか", [], '[["前", "答え"]]', None, "", None, request()
    )
    assert [message["role"] for message in messages] == ["user", "assistant"]
    assert turns.startswith('[["前", "答え"], ["R2はいつ公開される予定でしたか", ')


def test_what_the_added_files_refuse_is_asked_of_all_articles_in_its_place() -> None:
    library = make_library([NEWS])
    token = library.uploads.new_token()
    library.uploads.add(token, [DOG])
    page, question = make_page(library), "R2はいつ公開される予定でしたか"
    *_, (_, refused, turns, _) = page.ask(
        question, [], "", ["own:dog.txt"], token, "write", request()
    )
    assert JAPANESE.only_own in refused[-1]["content"]
    again = write_asked_again(question, [Reference("own", "dog.txt")])
    *_, (answered, turns, _) = page.ask_all(again, refused, turns, token, "write", request())
    assert page.widen().value == []
    assert len(answered) == 2
    assert "5月上旬" in answered[-1]["content"]
    assert JAPANESE.only_own not in answered[-1]["content"]
    assert [turn.question for turn in read_turns(turns)] == [question]


def test_a_choice_of_all_that_can_be_asked_leaves_nothing_out() -> None:
    library = make_library([NEWS])
    token = library.uploads.new_token()
    library.uploads.add(token, [DOG])
    own, news = Reference("own", "dog.txt"), Reference("index", "news.txt")
    assert library.leaves_out([own], token)
    assert not library.leaves_out([], token)
    assert not library.leaves_out([own, news], token)


@pytest.mark.parametrize(("sent", "is_asked"), [(None, True), ("R2はいつ", True), ("", False)])
def test_what_the_box_holds_is_asked_where_nothing_could_note_what_was_sent(
    sent: str | None, *, is_asked: bool
) -> None:
    data: list[object] = ["R2はいつ", [], None, [], None, "write", sent]
    app = create_app(make_assistant([NEWS]), Settings())
    with running(app) as server, httpx.Client(base_url=server.url, timeout=60) as client:
        assert ("R2は5月上旬" in join(client, "ask", data)) == is_asked


def test_an_index_that_cannot_be_read_is_told_by_the_health_check() -> None:
    whole = make_assistant([NEWS])
    damaged = DamagedIndex.in_memory([NEWS], whole.embedder)
    app = create_app(Assistant(damaged, whole.retriever, whole.reader, whole.embedder), Settings())
    response = TestClient(app).get("/healthz")
    assert response.status_code == 503
    assert response.json() == {"status": "index cannot be read"}
