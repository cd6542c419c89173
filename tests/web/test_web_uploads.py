from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.web.making import DOG, NEWS, make_assistant

from shutten.assistant import assistant_for_articles
from shutten.types import Article
from shutten.web import uploads as uploads_module
from shutten.web.uploads import (
    FILES_PER_SESSION,
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
    monkeypatch.setattr(uploads_module, "CHARACTERS_IN_ALL", len(DOG.text) * 2)
    tokens = [store.new_token() for _ in range(3)]
    for token in tokens:
        clock.now += 1
        store.add(token, [DOG])
    assert [store.session(token) is not None for token in tokens] == [False, True, True]


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


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02\xff\xfe\x00" * 50])
def test_a_file_without_text_is_an_error_and_deleted(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    with pytest.raises(UploadRefusedError, match="unreadable"):
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


def test_an_upload_takes_its_folder_with_it(tmp_path: Path) -> None:
    path = tmp_path / "hash" / "a.txt"
    path.parent.mkdir()
    path.write_text("text", encoding="utf-8")
    clear_away([path])
    assert list(tmp_path.iterdir()) == []
