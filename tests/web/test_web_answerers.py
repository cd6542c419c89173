"""What answers is chosen in the page: one model in memory, loaded beside everything else."""

from __future__ import annotations

import gc
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import anyio
import pytest
from fastapi.testclient import TestClient
from tests.web.making import NEWS, make_assistant
from tests.web.serving import wait_until
from tests.web.writers import OTHER, QUESTION, SENTENCE, HeldWriter, models, writing_assistant
from tests.writing.making import save_chain

from shutten.drafting import fallback_notice
from shutten.errors import ModelError, UsageError, WriterError
from shutten.known_models import KNOWN_LANGUAGE_MODELS
from shutten.memory import available_memory
from shutten.questions import Question
from shutten.settings import Settings
from shutten.types import Writer, WritingRequest
from shutten.web.answerer_panel import drawn
from shutten.web.answerers import READER, Answerers
from shutten.web.api.desk import Desk
from shutten.web.api.metrics import Metrics
from shutten.web.app import create_app
from shutten.web.library import Asked, Library
from shutten.web.texts import ENGLISH, JAPANESE
from shutten.web.uploads import UploadStore
from shutten.writing import load_writer
from shutten.writing.echo import EchoWriter
from shutten.writing.local import LocalWriter


class Named(EchoWriter):
    """Echoes under a model's name, and counts how many are open."""

    open = 0
    most = 0

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        Named.open += 1
        Named.most = max(Named.most, Named.open)

    def close(self) -> None:
        Named.open -= 1


class Gate:
    """Loads a named echo once it is let; a model called `broken` cannot be loaded."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.asked: list[str] = []

    def load(self, settings: Settings) -> Writer:
        self.asked.append(settings.model)
        self.go_on.wait()
        if settings.model.endswith("broken"):
            raise ModelError("it is broken: choose another")
        return Named(settings.model)


@pytest.fixture
def chains(tmp_path: Path) -> tuple[str, str]:
    """Two whole small models in folders."""
    return (
        str(save_chain(tmp_path / "one", "一つ目")),
        str(save_chain(tmp_path / "two", "二つ目")),
    )


def gated(model: str) -> tuple[Answerers, Gate]:
    gate = Gate()
    Named.open = Named.most = 0
    return Answerers(Settings(model=model), models().embedder, None, load=gate.load), gate


def library_with(answerers: Answerers) -> Library:
    assistant = writing_assistant(EchoWriter())
    return Library(assistant, UploadStore(_no_uploads, lifetime=60), answerers)


def _no_uploads(articles: Any) -> Any:  # noqa: ANN401
    raise AssertionError(articles)


def test_while_a_model_is_loaded_quotations_answer_and_say_so(chains: tuple[str, str]) -> None:
    answerers, gate = gated(chains[0])
    library = library_with(answerers)
    assert [*library.stream(Asked(QUESTION))][-1].answer.model is None
    assert answerers.choose(chains[0]).loading
    meanwhile = [*library.stream(Asked(QUESTION))][-1].answer
    assert (meanwhile.status, meanwhile.notices) == ("quoted", (fallback_notice("loading", "ja"),))
    gate.go_on.set()
    wait_until(lambda: not answerers.state.loading)
    after = [*library.stream(Asked(QUESTION))][-1].answer
    assert (after.status, after.model, after.text) == ("written", chains[0], f"{SENTENCE}[1]")
    answerers.choose(READER)
    assert [*library.stream(Asked(QUESTION))][-1].answer.status == "quoted"


def test_two_choices_never_have_two_models_in_memory_and_the_last_one_counts(
    chains: tuple[str, str],
) -> None:
    first, second = chains
    answerers, gate = gated(first)
    answerers.choose(first)
    wait_until(lambda: gate.asked == [first])
    for name in (READER, first, READER, first):  # while the first is on its way
        answerers.choose(name)
    gate.go_on.set()
    wait_until(lambda: not answerers.state.loading)
    assert (answerers.state.chosen.name, Named.most, Named.open) == (first, 1, 1)
    assert gate.asked == [first, first]  # of five choices, the one under way and the last
    assert second not in [offer.name for offer in answerers.offers()]


def test_a_model_that_cannot_be_loaded_is_told_and_the_reader_answers(tmp_path: Path) -> None:
    broken = str(save_chain(tmp_path / "broken", "壊れた"))
    answerers, gate = gated(broken)
    gate.go_on.set()
    answerers.choose(broken)
    wait_until(lambda: not answerers.state.loading)
    panel = str(drawn(answerers, "ja")["html"])
    assert JAPANESE.answerer_broken.format(name="broken") in panel
    assert str(tmp_path) not in panel.replace(f'data-name="{broken}"', "")
    assert [*library_with(answerers).stream(Asked(QUESTION))][-1].answer.status == "quoted"


def test_too_little_memory_is_told_before_anything_is_given_up(
    chains: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answerers, gate = gated(chains[0])
    gate.go_on.set()
    needed = next(each.memory for each in answerers.offers() if each.name == chains[0])
    assert needed is not None
    assert (available_memory() or needed) >= needed
    monkeypatch.setattr("shutten.web.answerers.available_memory", lambda: needed - 1)
    state = answerers.choose(chains[0])
    assert (state.chosen.name, gate.asked) == (READER, [])
    assert state.problem is not None
    assert (state.problem.needed, state.problem.free) == (needed, needed - 1)
    panel = drawn(answerers, "en")
    assert "close other programs, or choose a smaller model" in str(panel["html"])
    assert panel["said"] == ENGLISH.answerer_quotes


def test_what_could_not_be_loaded_does_not_go_on_where_the_next_is_short_of_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = str(save_chain(tmp_path / "broken", "壊れた"))
    answerers, gate = gated(broken)
    gate.go_on.set()
    answerers.choose(broken)
    wait_until(lambda: not answerers.state.loading)
    monkeypatch.setattr("shutten.web.answerers.available_memory", lambda: 1)
    state = answerers.choose(broken)
    assert state.problem is not None
    assert (state.problem.free, state.problem.kept) == (1, False)
    panel = drawn(answerers, "en")
    assert panel["said"] == ENGLISH.answerer_quotes
    assert f'data-name="{broken}"' in str(panel["html"])


def test_weights_that_cannot_be_read_are_told_and_the_reader_answers(tmp_path: Path) -> None:
    folder = save_chain(tmp_path / "lost", "失われた")

    def load_from_a_broken_disk(settings: Settings) -> Writer | None:
        weights = folder / "model.safetensors"
        weights.unlink()
        weights.mkdir()
        return load_writer(settings)

    answerers = Answerers(
        Settings(model=str(folder)), models().embedder, None, load=load_from_a_broken_disk
    )
    answerers.choose(str(folder))
    wait_until(lambda: not answerers.state.loading)
    panel = str(drawn(answerers, "ja")["html"])
    assert JAPANESE.answerer_broken.format(name="lost") in panel
    assert [*library_with(answerers).stream(Asked(QUESTION))][-1].answer.status == "quoted"


def test_what_is_not_here_shows_its_cost_and_the_command_and_cannot_be_chosen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    answerers, gate = gated("")
    panel = str(drawn(answerers, "en")["html"])
    for name, known in KNOWN_LANGUAGE_MODELS.items():
        assert f"<code>shutten models pull {name}</code>" in panel
        assert known.licence in panel
        with pytest.raises(UsageError, match="models pull"):
            answerers.choose(name)
    assert "about 1.6 GB to download" in panel
    assert panel.count('class="choose"') == 0
    assert gate.asked == []


@pytest.mark.parametrize(
    ("settings", "may"),
    [
        ({}, True),
        ({"host": "::1"}, True),
        ({"host": "0.0.0.0"}, False),  # noqa: S104
        ({"trusted_proxies": "127.0.0.1"}, False),
        ({"allowed_hosts": "qa.example.org"}, False),
        ({"allowed_origins": "https://wiki.example.org"}, False),
        ({"host": "0.0.0.0", "choose_model": True}, True),  # noqa: S104
        ({"choose_model": False}, False),
    ],
)
def test_visitors_choose_where_they_are_at_this_machine_or_a_setting_lets_them(
    settings: dict[str, Any],
    may: bool,  # noqa: FBT001 - a value of the table
) -> None:
    assert Answerers(Settings(**settings), models().embedder, None).may_choose is may


def test_without_the_choice_the_panel_says_what_answers_and_no_more() -> None:
    client = TestClient(create_app(make_assistant([NEWS]), Settings(choose_model=False)))
    shown = client.get("/ui/answerers?lang=ja").json()
    assert (shown["label"], shown["writes"]) == (JAPANESE.answerer_reader_label, False)
    assert JAPANESE.answerer_fixed in shown["html"]
    assert shown["html"].count("<li") == 1
    refused = client.post("/ui/answerers?lang=en", json={"name": ""})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "forbidden")


def test_only_the_page_itself_passes_a_choice_on() -> None:
    client = TestClient(create_app(make_assistant([NEWS]), Settings()))
    elsewhere = {"sec-fetch-site": "same-site"}
    assert client.post("/ui/answerers", json={"name": ""}).status_code == 200
    assert client.post("/ui/answerers", json={"name": ""}, headers=elsewhere).status_code == 403
    assert client.post("/ui/answerers", data={"name": ""}).status_code == 415
    for name in ("nobody/here", "/etc/passwd", 7, None):
        assert client.post("/ui/answerers", json={"name": name}).status_code == 422


def test_programs_get_what_is_chosen_too(chains: tuple[str, str]) -> None:
    app = create_app(writing_assistant(EchoWriter()), Settings(model=chains[0]))
    client = TestClient(app)
    before = client.post("/api/ask", json={"question": QUESTION}).json()
    client.post("/ui/answerers", json={"name": ""})
    after = client.post("/api/ask", json={"question": QUESTION}).json()
    assert (before["status"], before["model"]) == ("written", "echo")
    assert (after["status"], after["model"]) == ("quoted", None)


def test_a_closed_model_lets_what_was_begun_end_and_holds_no_weights(tmp_path: Path) -> None:
    from shutten.writing.loading import load_language_model
    from shutten.writing.prompts import Budget

    model = load_language_model(str(save_chain(tmp_path, "はじめから終わりまで")))
    writer = LocalWriter(model, Budget())
    request = WritingRequest("いつ？", (), "ja")
    pieces = writer.write(request)
    begun = next(pieces)
    closing = threading.Thread(target=writer.close)
    closing.start()
    assert begun + "".join(pieces) == "はじめから終わりまで"
    closing.join()
    assert {each.device.type for each in model.network.parameters()} == {"meta"}
    with pytest.raises(WriterError, match="has made room"):
        list(writer.write(request))


def test_another_sample_is_another_text_and_its_successors_follow_it() -> None:
    samples: list[int] = []

    def change(text: str, sample: int) -> str:
        samples.append(sample)
        return text.replace("1974", "1947") if len(samples) < 3 else text + OTHER

    library = library_with(
        Answerers(Settings(), models().embedder, writing_assistant(EchoWriter(change)).writer)
    )
    answer = [*library.stream(Asked(QUESTION, sample=77))][-1].answer
    assert samples == [77, 78, 79]
    assert answer.text == f"{SENTENCE}[1]{OTHER}[2]"


def test_who_stops_listening_has_ended_the_writing_when_the_stream_is_closed() -> None:
    writer = HeldWriter("青空")
    desk = Desk(writing_assistant(writer), Metrics())

    async def listen() -> int:
        growing = desk.growing(Question("1", QUESTION), None)
        async for answer in growing:
            if answer.claims:
                break
        gc.disable()  # only a stream that is closed ends now
        try:
            await growing.aclose()
            return writer.closed
        finally:
            gc.enable()

    with ThreadPoolExecutor(1) as elsewhere:  # the browser's tests have a loop in this thread
        assert elsewhere.submit(anyio.run, listen).result() == 1
