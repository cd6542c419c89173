from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tests.web.making import DOG, NEWS, make_assistant

from shutten.assistant import Assistant, assistant_for_articles
from shutten.checking.analysis import Analysis
from shutten.checking.checker import GroundingChecker
from shutten.embedding import HashEmbedder
from shutten.types import Article
from shutten.web import uploads as uploads_module
from shutten.web.uploads import (
    BYTES_IN_ALL,
    CHARACTER_BYTES,
    FILES_PER_SESSION,
    SENTENCE_BYTES,
    SENTENCES_IN_ALL,
    UploadRefusedError,
    UploadStore,
    clear_away,
    sweep,
    take_file,
)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(clock: Clock) -> UploadStore:
    assistant = make_assistant([NEWS])
    return UploadStore(
        lambda own: assistant_for_articles(own, like=assistant), lifetime=60, clock=clock
    )


def test_tokens_are_long_and_differ(store: UploadStore) -> None:
    tokens = {store.new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert min(map(len, tokens)) >= 43


def test_a_session_is_gone_after_its_time(store: UploadStore, clock: Clock) -> None:
    token = store.new_token()
    store.add(token, [DOG])
    clock.now = 59.9
    assert store.session(token) is not None
    clock.now = 60.0
    assert store.session(token) is None


def test_another_file_joins_and_starts_the_time_anew(store: UploadStore, clock: Clock) -> None:
    token = store.new_token()
    store.add(token, [DOG])
    clock.now = 30
    store.add(token, [NEWS])
    clock.now = 80
    session = store.session(token)
    assert session is not None
    assert [article.id for article in session.articles] == ["dog.txt", "news.txt"]


def test_a_file_of_the_same_name_replaces_the_one_before(store: UploadStore) -> None:
    token = store.new_token()
    store.add(token, [DOG])
    store.add(token, [Article("dog.txt", "猫", "猫の名前はタマです。")])
    session = store.session(token)
    assert session is not None
    assert [article.title for article in session.articles] == ["猫"]


def test_a_forgotten_session_holds_nothing(store: UploadStore) -> None:
    token = store.new_token()
    store.add(token, [DOG])
    store.forget(token)
    assert store.session(token) is None


def remembered_of(text: str) -> list[str]:
    """What checks of statements still know of a text."""
    gc.collect()
    analyses = (each for each in gc.get_objects() if isinstance(each, Analysis))
    return [each.source for each in analyses if text in each.source]


def _forget(store: UploadStore, clock: Clock) -> None:  # noqa: ARG001
    store.forget("t")


def _remove(store: UploadStore, clock: Clock) -> None:  # noqa: ARG001
    store.remove("t", DOG.id)


def _wait(store: UploadStore, clock: Clock) -> None:
    clock.now += 61
    assert store.session("t") is None


@pytest.mark.parametrize("leave", [_forget, _remove, _wait])
def test_of_a_file_that_is_gone_no_check_remembers_a_sentence(
    store: UploadStore, clock: Clock, leave: Callable[[UploadStore, Clock], None]
) -> None:
    session = store.add("t", [DOG])
    checker = GroundingChecker(HashEmbedder())
    passages = session.assistant.retriever.retrieve("犬の名前", k=3)
    assert checker.check("犬の名前はタマです。", passages).supported is False
    assert remembered_of("ポチ")
    del session, passages
    leave(store, clock)
    assert remembered_of("ポチ") == []


def test_one_file_is_removed_and_the_others_keep_their_time(
    store: UploadStore, clock: Clock
) -> None:
    token = store.new_token()
    store.add(token, [DOG, NEWS])
    clock.now = 30
    store.remove(token, "dog.txt")
    session = store.session(token)
    assert session is not None
    assert [article.id for article in session.articles] == ["news.txt"]
    assert session.expires == 60
    store.remove(token, "absent.txt")
    assert store.session(token) is not None
    store.remove(token, "news.txt")
    assert store.session(token) is None


def test_nothing_is_kept_without_a_token(store: UploadStore) -> None:
    with pytest.raises(UploadRefusedError, match="no_session"):
        store.add("", [DOG])


def test_a_session_takes_only_so_many_files(store: UploadStore) -> None:
    articles = [Article(f"{n}.txt", "題", "文だ。") for n in range(FILES_PER_SESSION + 1)]
    with pytest.raises(UploadRefusedError, match="too_many"):
        store.add(store.new_token(), articles)


def test_the_session_nearest_its_end_makes_room(
    store: UploadStore, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = store.add(store.new_token(), [DOG]).size
    assert size == 3 * SENTENCE_BYTES + len(DOG.text) * CHARACTER_BYTES
    monkeypatch.setattr(uploads_module, "BYTES_IN_ALL", size * 2)
    tokens = [store.new_token() for _ in range(3)]
    for token in tokens:
        clock.now += 1
        store.add(token, [DOG])
    assert [store.session(token) is not None for token in tokens] == [False, True, True]


def refuse_to_assemble(articles: Sequence[Article]) -> Assistant:
    raise AssertionError([article.id for article in articles])


def test_what_would_not_fit_by_itself_is_refused_before_it_is_embedded() -> None:
    store = UploadStore(refuse_to_assemble, lifetime=60)
    many = Article("many.txt", "題", "文だ。\n\n" * (BYTES_IN_ALL // SENTENCE_BYTES))
    long = Article("long.txt", "題", "あ" * (BYTES_IN_ALL // CHARACTER_BYTES + 1))
    for article in (many, long):
        with pytest.raises(UploadRefusedError, match=f"{article.id}: too_much"):
            store.add(store.new_token(), [article])


def test_a_file_that_is_too_much_leaves_what_is_held(
    store: UploadStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, other = store.new_token(), store.new_token()
    most = store.add(token, [DOG]).size + store.add(other, [DOG]).size
    monkeypatch.setattr(uploads_module, "BYTES_IN_ALL", most)
    with pytest.raises(UploadRefusedError, match=r"news\.txt: too_much"):
        store.add(token, [NEWS])
    held = store.session(token)
    assert held is not None
    assert [article.id for article in held.articles] == ["dog.txt"]
    assert store.session(other) is not None


def test_sentences_are_counted_as_the_index_finds_them(
    store: UploadStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "```\n" + "ready. set. go. " * 10_000 + "\n```\n"
    article = Article("a.md", "題", f"{code}犬は走る。猫は寝る。鳥は鳴く。")
    size = store.add(store.new_token(), [article]).size
    monkeypatch.setattr(uploads_module, "BYTES_IN_ALL", size)
    assert store.add(store.new_token(), [article]).size == size
    monkeypatch.setattr(uploads_module, "BYTES_IN_ALL", size - 1)
    with pytest.raises(UploadRefusedError, match=r"a\.md: too_much"):
        store.add(store.new_token(), [article])


MEASURED = """
from pathlib import Path
from tests.web.making import make_assistant, NEWS
from shutten.assistant import Assistant, assistant_for_articles
from shutten.embedding import HashEmbedder
from shutten.index import Index
from shutten.memory import give_back_freed
from shutten.reader import OverlapReader
from shutten.retrieval import HybridRetriever
from shutten.types import Article
from shutten.web.uploads import UploadStore

def resident():
    give_back_freed()
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(each for each in lines if each.startswith("VmRSS")).split()[1]) * 1024

embedder = HashEmbedder(512)
index = Index.in_memory([NEWS], embedder)
like = Assistant(index, HybridRetriever(index, embedder), OverlapReader(), embedder)
store = UploadStore(lambda own: assistant_for_articles(own, like=like), lifetime=60)

def add(first):
    numbers = range(first, first + 8000)
    text = "\\n\\n".join(f"第{n}号の倉庫の鍵は{n * 7}年に{n * 13}番へ移された。" for n in numbers)
    session = store.add(store.new_token(), [Article("a.txt", "倉庫", text)])
    session.assistant.ask("倉庫の鍵はどこですか")
    return session

add(0)
before = resident()
session = add(10000)
print(session.size, resident() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="asks Linux for the memory")
def test_files_take_about_as_much_memory_as_is_counted() -> None:
    root = Path(__file__).parents[2]
    run = subprocess.run(
        [sys.executable, "-c", MEASURED],
        env={"PYTHONPATH": f"{root / 'src'}:{root}"},
        capture_output=True,
        text=True,
        check=True,
    )
    counted, taken = map(int, run.stdout.split())
    assert taken == pytest.approx(counted, rel=0.25)


def test_as_many_sentences_as_people_are_told_fit() -> None:
    for characters in (40, 90):
        taken = SENTENCES_IN_ALL * (SENTENCE_BYTES + characters * CHARACTER_BYTES)
        assert taken == pytest.approx(BYTES_IN_ALL, rel=0.1)


class Interrupted:
    """Assembles, and has something happen while it does so for the first time."""

    def __init__(self) -> None:
        self._like = make_assistant([NEWS])
        self.meanwhile: Callable[[], object] = lambda: None

    def __call__(self, articles: Sequence[Article]) -> Assistant:
        happens, self.meanwhile = self.meanwhile, lambda: None
        happens()
        return assistant_for_articles(articles, like=self._like)


@pytest.mark.parametrize("held", [[], [DOG]])
def test_what_is_forgotten_while_a_file_is_taken_in_stays_forgotten(held: list[Article]) -> None:
    assemble = Interrupted()
    store = UploadStore(assemble, lifetime=60)
    token, other = store.new_token(), store.new_token()
    store.add(other, [DOG])
    if held:
        store.add(token, held)
    assemble.meanwhile = lambda: store.forget(token)
    with pytest.raises(UploadRefusedError, match=r"news\.txt: forgotten"):
        store.add(token, [NEWS])
    assert store.session(token) is None
    assert store.session(other) is not None
    assert [each.id for each in store.add(token, [NEWS]).articles] == ["news.txt"]


def test_of_two_files_that_are_added_at_once_none_is_lost() -> None:
    assemble = Interrupted()
    store = UploadStore(assemble, lifetime=60)
    token = store.new_token()
    assemble.meanwhile = lambda: store.add(token, [DOG])
    added = store.add(token, [NEWS])
    assert [article.id for article in added.articles] == ["dog.txt", "news.txt"]
    assert store.session(token) is added
    assert [entry.id for entry in added.assistant.index.articles()] == ["dog.txt", "news.txt"]


def test_files_whose_time_ends_while_another_is_taken_in_are_gone(clock: Clock) -> None:
    assemble = Interrupted()
    store = UploadStore(assemble, lifetime=60, clock=clock)
    token = store.new_token()
    store.add(token, [DOG])
    assemble.meanwhile = lambda: setattr(clock, "now", 60.0)
    assert [article.id for article in store.add(token, [NEWS]).articles] == ["news.txt"]


def test_a_taken_file_is_deleted(tmp_path: Path) -> None:
    path = tmp_path / "私の記事.txt"
    path.write_text("犬の名前はポチです。", encoding="utf-8")
    article = take_file(path, path.name, megabytes=1)
    assert (article.id, article.text) == ("私の記事.txt", "犬の名前はポチです。")
    assert not path.exists()


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [("a.exe", b"x", "file_type"), ("a.txt", b"x" * (1024 * 1024 + 1), "file_size")],
)
def test_a_file_of_another_kind_or_size_is_refused_and_deleted(
    tmp_path: Path, name: str, data: bytes, reason: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(UploadRefusedError) as caught:
        take_file(path, name, megabytes=1)
    assert caught.value.reason == reason
    assert not path.exists()


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "empty"), (b" \n\t", "empty"), (b"\x00\x01\x02\xff\xfe\x00" * 50, "unreadable")],
)
def test_a_file_without_text_is_an_error_and_deleted(
    tmp_path: Path, data: bytes, reason: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    with pytest.raises(UploadRefusedError, match=reason):
        take_file(path, path.name, megabytes=1)
    assert not path.exists()


def test_a_file_that_is_gone_already_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UploadRefusedError, match="unreadable"):
        take_file(tmp_path / "a.txt", "a.txt", megabytes=1)


def test_what_was_left_behind_is_swept_away(tmp_path: Path) -> None:
    old, new = tmp_path / "x" / "old.txt", tmp_path / "new.txt"
    old.parent.mkdir()
    for path in (old, new):
        path.write_text("text", encoding="utf-8")
    os.utime(old, (0, 0))
    sweep(tmp_path, older_than=600)
    assert (old.exists(), new.exists()) == (False, True)


def test_uploads_that_are_cleared_away_meanwhile_do_not_stop_the_sweep(tmp_path: Path) -> None:
    done = threading.Event()

    def come_and_go() -> None:
        while not done.is_set():
            paths = [tmp_path / f"{n}" / "a.txt" for n in range(20)]
            for path in paths:
                path.parent.mkdir(exist_ok=True)
                path.touch()
            clear_away(paths)

    other = threading.Thread(target=come_and_go)
    other.start()
    try:
        for _ in range(1000):
            sweep(tmp_path, older_than=600)
    finally:
        done.set()
        other.join()
    assert list(tmp_path.iterdir()) == []


def test_an_upload_takes_its_folder_with_it(tmp_path: Path) -> None:
    path = tmp_path / "hash" / "a.txt"
    path.parent.mkdir()
    path.write_text("text", encoding="utf-8")
    clear_away([path])
    assert list(tmp_path.iterdir()) == []
