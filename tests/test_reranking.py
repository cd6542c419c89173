"""Rerankers: a real cross-encoder, trained here on the pairs of the canary, and bad inputs."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.writing.making import save_chain

from shutten import follow_ups
from shutten.assistant import Assistant, assistant_for_files
from shutten.canary import PAIRS
from shutten.embedding import HashEmbedder
from shutten.errors import ModelError
from shutten.follow_ups import FollowUp
from shutten.index import Index
from shutten.known_models import KNOWN_RERANKERS
from shutten.loaded_models import load_models
from shutten.model_files import architectures
from shutten.reader import OverlapReader
from shutten.reranking import (
    CrossEncoderReranker,
    RerankedRetriever,
    check_reranker,
    load_reranker,
)
from shutten.retrieval import HybridRetriever
from shutten.settings import Settings
from shutten.types import Article, Reranker, Turn

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

QUESTION, SENTENCE = PAIRS["ja"][0]


def new_model(folder: Path, *, labels: int = 1) -> Path:
    """A tiny BERT over whole lines, with random weights."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification

    tokenizer = line_tokenizer()
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=256,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    config.num_labels = labels
    BertForSequenceClassification(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def line_tokenizer() -> PreTrainedTokenizerFast:
    """Every line of the canary is a token, so that learning them takes no time."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    texts = [text for pairs in PAIRS.values() for pair in pairs for text in pair]
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *texts]
    tokenizer = Tokenizer(models.WordLevel({w: n for n, w in enumerate(words)}, unk_token="[UNK]"))  # noqa: S106 - a token of text
    tokenizer.pre_tokenizer = pre_tokenizers.Split("\n", "removed")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        unk_token="[UNK]",  # noqa: S106
        pad_token="[PAD]",  # noqa: S106
        cls_token="[CLS]",  # noqa: S106
        sep_token="[SEP]",  # noqa: S106
        model_max_length=256,
        model_input_names=["input_ids", "token_type_ids", "attention_mask"],
    )


def train(folder: Path) -> None:
    """Learn which sentence belongs to which question of the canary."""
    import torch
    from sentence_transformers import CrossEncoder

    model = CrossEncoder(str(folder), local_files_only=True)
    rows = [
        (question, title + sentence, float(mine == theirs))
        for title in ("", "題\n")
        for pairs in PAIRS.values()
        for mine, (question, _) in enumerate(pairs)
        for theirs, (_, sentence) in enumerate(pairs)
    ]
    encoded = model.tokenizer(
        [row[0] for row in rows], [row[1] for row in rows], padding=True, return_tensors="pt"
    )
    wanted = torch.tensor([row[2] for row in rows])
    optimizer = torch.optim.AdamW(model.model.parameters(), lr=3e-3)
    lost = torch.nn.BCEWithLogitsLoss(pos_weight=torch.tensor(5.0))
    model.model.train()
    for _ in range(400):
        loss = lost(model.model(**encoded).logits[:, 0], wanted)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if loss.item() < 0.02:
            break
    model.save(str(folder))


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = new_model(tmp_path_factory.mktemp("trained") / "reranker")
    train(folder)
    return folder


@pytest.fixture(scope="module")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_model(tmp_path_factory.mktemp("untrained") / "reranker")


class LastLetters:
    """Scores a text by where its last letter stands among the code points: later is better."""

    name = "last letters"

    def score(self, question: str, texts: Sequence[str]) -> list[float]:  # noqa: ARG002
        return [ord(text.rstrip("。")[-1]) / 0x110000 for text in texts]


ARTICLE = Article(
    "harbour.txt",
    "港",
    "\n\n".join(
        f"港の第{number}桟橋の船は{letter}。" for number, letter in enumerate("いろはにほ")
    ),
)


def retrievers(reranker: Reranker) -> tuple[HybridRetriever, RerankedRetriever]:
    embedder = HashEmbedder()
    plain = HybridRetriever(Index.in_memory([ARTICLE], embedder), embedder)
    return plain, RerankedRetriever(plain, reranker)


def test_a_trained_cross_encoder_passes_its_canary_and_scores_from_0_to_1(trained: Path) -> None:
    reranker = CrossEncoderReranker(str(trained))
    assert [(each.right, each.total) for each in check_reranker(reranker)] == [(6, 6), (6, 6)]
    others = [sentence for _, sentence in PAIRS["ja"][1:]]
    scores = reranker.score(QUESTION, [*others, SENTENCE])
    assert max(scores) == scores[-1] > 0.5
    assert min(scores) >= 0.0
    assert reranker.score(QUESTION, []) == []


def test_passages_come_in_the_rerankers_order_with_its_scores() -> None:
    plain, reranked = retrievers(LastLetters())
    found = reranked.retrieve("港の桟橋の船", k=5)
    assert [each.hit.text[-2] for each in found] == sorted("いろはにほ", reverse=True)
    assert [each.hit.score for each in found] == sorted((e.hit.score for e in found), reverse=True)
    assert {each.hit.sentence for each in found} == {
        each.hit.sentence for each in plain.retrieve("港の桟橋の船", k=5)
    }
    assert [each.hit.text[-2] for each in reranked.retrieve("港の桟橋の船", k=2)] == ["ろ", "ほ"]
    chosen = reranked.retrieve("港の桟橋の船", k=5, article_ids=["harbour.txt"])
    assert chosen == found


class Counting(LastLetters):
    """Remembers what it was asked, and of how many texts."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        self.asked.append((question, len(set(texts))))
        return super().score(question, texts)


def test_the_searches_of_a_follow_up_are_ordered_once() -> None:
    counting = Counting()
    embedder = HashEmbedder()
    index = Index.in_memory([ARTICLE], embedder)
    plain = HybridRetriever(index, embedder)
    assistant = Assistant(index, plain, OverlapReader(), embedder, reranker=counting)
    before = assistant.ask("港の第1桟橋の船は何ですか")
    assert counting.asked == [("港の第1桟橋の船は何ですか", 5)]
    answer = assistant.ask("第2桟橋は？", history=[Turn(before.question, before.text)])
    assert answer.was_rewritten
    assert counting.asked[1:] == [(answer.standalone_question, 5)]


def test_a_follow_ups_passages_stand_as_the_reranker_puts_them_but_for_what_was_quoted() -> None:
    plain, reranked = retrievers(LastLetters())
    said = "港の第4桟橋の船はほ。[1]"
    more = FollowUp("他には？", "港の他の桟橋の船は？", "港の桟橋の船は？", (said,))
    found = follow_ups.retrieve(more, plain, k=5, order=reranked.order)
    assert [each.hit.text[-2] for each in found] == ["ろ", "は", "に", "い", "ほ"]


def test_where_the_reranker_fails_the_passages_stay_as_found(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Broken:
        name = "broken"

        def score(self, question: str, texts: Sequence[str]) -> list[float]:  # noqa: ARG002
            raise ModelError("it gives scores that are not numbers; use another")

    plain, reranked = retrievers(Broken())
    with caplog.at_level(logging.WARNING):
        assert reranked.retrieve("港の桟橋の船", k=3) == plain.retrieve("港の桟橋の船", k=20)[:3]
    assert [record.getMessage() for record in caplog.records] == [
        "the reranker failed (it gives scores that are not numbers; use another):"
        " passages stay as they were found"
    ]


def test_the_setting_has_an_assistant_read_what_the_reranker_puts_first(
    trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    notes = tmp_path / "notes.txt"
    notes.write_text("\n\n".join(sentence for _, sentence in PAIRS["ja"]), encoding="utf-8")
    assistant = assistant_for_files([notes], Settings(reranker=str(trained)))
    for question, sentence in PAIRS["ja"]:
        assert assistant.retriever.retrieve(question, k=1)[0].hit.text == sentence
    assert len(list((tmp_path / "cache" / "shutten" / "canary").glob("reranker_*.json"))) == 1


def test_what_has_passed_once_is_not_tried_again(trained: Path, tmp_path: Path) -> None:
    load_reranker(str(trained), cache=tmp_path)
    (record,) = (tmp_path / "canary").iterdir()
    assert json.loads(record.read_text(encoding="utf-8"))["model"].startswith("reranker ")


def refused(name: str, cache: Path) -> str:
    with pytest.raises(ModelError) as caught:
        load_reranker(name, cache=cache)
    line = str(caught.value)
    assert "\n" not in line
    return line


def test_a_model_that_ranks_by_chance_fails_its_canary(untrained: Path, tmp_path: Path) -> None:
    line = refused(str(untrained), tmp_path)
    assert f"the model {untrained} is broken or misread: it found only" in line
    assert not (tmp_path / "canary").exists()


def test_every_bad_input_is_one_line_that_names_the_cure(
    trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
    chain = save_chain(tmp_path / "chain", "橋は201年に完成し")
    assert "is no cross-encoder" in refused(str(chain), tmp_path)
    assert refused("nobody/nothing", tmp_path) == (
        "the model nobody/nothing is not on this machine, or its download is not finished:"
        " run `shutten models pull nobody/nothing`, or name a model's folder"
    )
    assert refused("./nowhere", tmp_path) == (
        "there is no model in ./nowhere: name a folder with config.json"
    )
    (tmp_path / "writer.gguf").write_bytes(b"GGUF")
    assert refused(str(tmp_path / "writer.gguf"), tmp_path) == (
        f"{tmp_path}/writer.gguf is no model: name a folder with config.json"
    )
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "is not whole: download it again" in refused(str(empty), tmp_path)
    half = tmp_path / "half"
    shutil.copytree(trained, half)
    weights = half / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:5000])
    assert f"the model {half} cannot be loaded (" in refused(str(half), tmp_path)
    three = new_model(tmp_path / "three", labels=3)
    assert "gives 3 scores for a pair, not one" in refused(str(three), tmp_path)


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ('{"architectures": ["BertForSequenceClassification"]}', "BertForSequenceClassification"),
        ('{"architectures": null}', ""),
        ("{}", ""),
    ],
)
def test_a_config_names_the_classes_of_a_model(config: str, expected: str, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(config, encoding="utf-8")
    assert architectures(tmp_path) == expected


@pytest.mark.parametrize("config", ["[]", "{", '{"architectures": 5}'])
def test_a_config_of_no_model_is_told(config: str, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(config, encoding="utf-8")
    with pytest.raises(ValueError, match=r"config|Expecting"):
        architectures(tmp_path)


def test_without_the_reranker_it_answers_all_the_same(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        models = load_models(Settings(reranker=str(tmp_path / "nowhere")))
    assert models.reranker is None
    (record,) = caplog.records
    assert record.getMessage().endswith("; until then passages are read as they are found")


def test_the_known_ones_say_licence_and_languages() -> None:
    assert KNOWN_RERANKERS["hotchpotch/japanese-reranker-xsmall-v2"].licence == "MIT"
    assert all(each.note.endswith(".") and each.languages for each in KNOWN_RERANKERS.values())
