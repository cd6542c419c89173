"""Across languages a sentence is trusted as far as it is about the same thing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from tests.bundled import bundled_assistant

from shutten.crossing import (
    AHEAD,
    CROSSING_FILE,
    DOUBTED,
    FEATURES,
    Affinity,
    CrossingReader,
    affinities,
    crossing_reader,
)
from shutten.embedding import HashEmbedder, load_embedder
from shutten.errors import ModelError
from shutten.grounding import UNSURE
from shutten.loaded_models import load_models
from shutten.reader import BUNDLED, OverlapReader, load_reader
from shutten.settings import Settings
from shutten.types import Article, Hit, Passage, Reading


@dataclass(frozen=True, slots=True)
class Fixed:
    """A reader that has read already."""

    readings: list[Reading]
    name: str = "fixed"
    threshold: float = 0.5

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:  # noqa: ARG002
        return list(self.readings)


BRIDGE = "設計は東海橋梁設計事務所の工藤敏夫、施工は大和田建設が行った。"
EVEN = Affinity(dict.fromkeys(FEATURES, 0.0), -2.0, 0.5)


def passage(text: str, title: str = "白鷺橋の崩落") -> Passage:
    return Passage(Hit("a", title, None, 1, 0, len(text), text, 0.5))


def test_only_sentences_in_another_language_lose() -> None:
    passages = [passage(BRIDGE), passage("The bridge was designed by Toshio Kudo.")]
    plain = OverlapReader().read("Who designed the bridge?", passages)
    read = CrossingReader(OverlapReader(), HashEmbedder(), EVEN).read(
        "Who designed the bridge?", passages
    )
    assert read[1] == plain[1]
    assert read[0].relevance == pytest.approx(plain[0].relevance - 1.0)
    assert [each.passage for each in read] == passages


def test_articles_in_another_language_alone_lose_nothing() -> None:
    passages = [passage(BRIDGE), passage("建設費は2億円だった。")]
    asked = "Who designed the bridge?"
    crossing = CrossingReader(OverlapReader(), HashEmbedder(), EVEN)
    assert crossing.read(asked, passages) == OverlapReader().read(asked, passages)
    assert crossing.read(asked, []) == []


def test_behind_others_only_what_seems_to_be_of_something_else_is_doubted() -> None:
    assert DOUBTED < UNSURE
    bridges = [passage(BRIDGE)] * AHEAD
    own = passage("It was painted in 1990.")
    asked = "Who designed the bridge?"
    sure = replace(EVEN, bias=-1.0)  # half of it is less than what makes a quotation unsure
    plain = [replace(each, confidence=0.9) for each in OverlapReader().read(asked, [*bridges, own])]
    for affinity, confidence in ((EVEN, DOUBTED), (sure, 0.9)):
        read = CrossingReader(Fixed(plain), HashEmbedder(), affinity).read(asked, [*bridges, own])
        assert [each.confidence for each in read] == [*[confidence] * AHEAD, 0.9]
        assert [each.relevance for each in read] == [each.relevance for each in plain]


@pytest.mark.parametrize(
    ("bias", "sure"), [(-1.0, True), (-1.4, True), (-1.6, False), (-3.0, False)]
)
def test_what_seems_to_be_of_something_else_is_doubted_beside_the_own_language_too(
    bias: float, *, sure: bool
) -> None:
    readings = [
        Reading(passage(BRIDGE), 5.0, 0.98),
        Reading(passage("The bridge was designed by Toshio Kudo."), 1.0, 0.3),
    ]
    affinity = Affinity(dict.fromkeys(FEATURES, 0.0), bias, 0.5)
    reader = CrossingReader(Fixed(readings), HashEmbedder(), affinity)
    read = reader.read("Who designed the bridge?", [each.passage for each in readings])
    assert (read[0].confidence >= UNSURE) is sure
    assert read[1] == readings[1]


@pytest.mark.parametrize(
    ("own", "confidence", "is_ahead"),
    [
        ("The bridge was designed by Toshio Kudo.", 0.6, True),
        ("The bridge was designed by Toshio Kudo.", 0.4, False),  # does not answer
        ("It was painted by Toshio Kudo.", 0.6, False),  # is about something else
    ],
)
def test_what_is_doubted_stands_behind_an_own_sentence_about_what_is_asked(
    own: str, confidence: float, *, is_ahead: bool
) -> None:
    readings = [Reading(passage(BRIDGE), 5.0, 0.98), Reading(passage(own), 1.0, confidence)]
    reader = CrossingReader(Fixed(readings), HashEmbedder(), replace(EVEN, bias=-3.0))
    read = reader.read("Who designed the bridge?", [each.passage for each in readings])
    assert (read[1].relevance > read[0].relevance) is is_ahead
    assert all(each.confidence < UNSURE for each in read) is (is_ahead or confidence < UNSURE)


def test_a_passage_never_gains() -> None:
    sure = replace(EVEN, bias=3.0)
    assert sure.loss(dict.fromkeys(FEATURES, 0.0)) == 0.0
    assert EVEN.loss(dict.fromkeys(FEATURES, 0.0)) == 1.0


def test_the_vectors_tell_what_a_passage_is_about() -> None:
    embedder = load_embedder()
    about, other = affinities(
        "How long is the undersea railway tunnel?",
        [passage("全長は53.85キロである。", "海底の鉄道トンネル"), passage(BRIDGE)],
        embedder,
    )
    assert list(about) == list(FEATURES)
    assert about["title"] > other["title"] + 0.2
    assert about["mean"] > other["mean"]
    assert affinities("?", [], embedder) == []


def test_a_question_or_a_passage_without_words_is_told() -> None:
    (told,) = affinities("?!", [passage("。")], HashEmbedder())
    assert (told["wordless"], told["least"], told["mean"]) == (1.0, 0.0, 0.0)


def test_what_another_article_tells_of_something_else_is_no_answer() -> None:
    cost = "建設費は当時の金額で2億1千万円だった。"
    bridge = Article(
        "b.txt", "白鷺橋の崩落", f"白鷺橋の崩落\n\n白鷺橋は1965年に開通した。{cost}{BRIDGE}"
    )
    database = Article(
        "t.txt",
        "Tidemark",
        "Tidemark\n\nTidemark is a time-series database. Stratus is a hosted service that runs it.",
    )
    assistant = bundled_assistant(bridge, database)
    assert assistant.ask("How much does the Stratus service cost?").refused
    crossed = assistant.ask("Who designed the Shirasagi bridge?", article_ids=["b.txt"])
    assert [each.article_id for each in crossed.citations] == ["b.txt"]


def test_the_bundled_models_read_with_it_and_others_without() -> None:
    assert isinstance(load_models(Settings()).reader, CrossingReader)
    other = load_models(Settings(embedder="hash")).reader
    assert type(other) is type(load_reader("bundled"))
    assert other.threshold == crossing_reader(other, HashEmbedder()).threshold


@pytest.mark.parametrize("content", ["{", "[]", '{"weights": {}}', '{"weights": {"title": "x"}}'])
def test_a_damaged_file_is_one_error(tmp_path: Path, content: str) -> None:
    path = tmp_path / CROSSING_FILE
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match="install it again"):
        Affinity.load(path)
    with pytest.raises(ModelError, match="install it again"):
        Affinity.load(tmp_path / "none.json")


def test_the_bundled_file_has_a_weight_for_every_feature() -> None:
    raw = json.loads((BUNDLED / CROSSING_FILE).read_text(encoding="utf-8"))
    assert tuple(raw["weights"]) == FEATURES
    assert 0 < raw["share"] <= 1
