from __future__ import annotations

import json
from pathlib import Path

import pytest

from shutten.errors import ModelError
from shutten.reader import (
    BUNDLED,
    AskedQuestion,
    BertReader,
    Calibration,
    Evidence,
    Observation,
    OverlapReader,
    gather,
    load_reader,
    multiplies_bfloat16,
    sigmoid,
)
from shutten.types import Hit, Passage, Reader

needs_weights = pytest.mark.skipif(
    not (BUNDLED / "model.safetensors").is_file(), reason="the bundled reader is not built"
)


def passage(text: str, title: str = "ニュース", before: str = "") -> Passage:
    return Passage(Hit("a.txt", title, None, 1, 0, len(text), text, 0.5), before=before)


@pytest.fixture(params=["overlap", pytest.param("bundled", marks=needs_weights)], scope="module")
def reader(request: pytest.FixtureRequest) -> Reader:
    return load_reader(str(request.param))


class TestContract:
    def test_one_reading_per_passage_in_order(self, reader: Reader) -> None:
        passages = [passage("梁氏は1985年に生まれた。"), passage("工場は閉鎖された。")]
        readings = reader.read("梁氏はいつ生まれましたか", passages)
        assert [each.passage for each in readings] == passages

    def test_confidence_is_a_probability_and_the_span_lies_in_the_sentence(
        self, reader: Reader
    ) -> None:
        for text in ("梁氏は1985年に生まれた。", "😀", "A", "。", "x" * 3000):
            (each,) = reader.read("梁氏はいつ生まれましたか", [passage(text)])
            assert 0 <= each.confidence <= 1
            if each.start is not None and each.end is not None:
                assert 0 <= each.start < each.end <= len(text)

    def test_the_answering_sentence_is_more_relevant(self, reader: Reader) -> None:
        right, wrong = reader.read(
            "梁氏はいつ生まれましたか",
            [passage("梁氏は1985年に生まれた。"), passage("会社は質問に答えなかった。")],
        )
        assert right.relevance > wrong.relevance
        assert right.confidence > wrong.confidence

    def test_nothing_to_read_gives_nothing(self, reader: Reader) -> None:
        assert reader.read("いつ？", []) == []

    def test_a_passage_reads_the_same_alone_and_among_others(self, reader: Reader) -> None:
        first, other = passage("梁氏は1985年に生まれた。"), passage("会社は答えなかった。" * 9)
        alone = reader.read("いつ生まれたか", [first])[0].confidence
        together = reader.read("いつ生まれたか", [first, other])[0].confidence
        assert alone == pytest.approx(together, abs=0.02)  # bfloat16 where the processor has it


@needs_weights
@pytest.mark.parametrize(
    ("question", "text", "words"),
    [
        ("梁氏はいつ生まれましたか", "梁氏は1985年、広東省の農村に生まれた。", "1985年"),
        ("梁氏はどこで生まれましたか", "梁氏は1985年、広東省の農村に生まれた。", "広東省"),
        (
            "料金を試算したのは誰ですか",
            "バーンスタインの分析担当者が料金を試算した。",
            "バーンスタイン",
        ),
        ("When did the tunnel open?", "The tunnel opened on 13 March 1988.", "1988"),
    ],
)
def test_the_answering_words_hold_the_answer(question: str, text: str, words: str) -> None:
    (reading,) = load_reader("bundled").read(question, [passage(text)])
    assert reading.start is not None
    assert words in text[reading.start : reading.end]


def test_overlap_counts_the_question_tokens_that_a_sentence_holds() -> None:
    (reading,) = OverlapReader().read("gears of bronze", [passage("Bronze gears turn.")])
    assert reading.confidence == pytest.approx(4 / 5)  # gears, gears*, bronze, bronz*; not of


def test_evidence_tells_an_absent_kind_and_another_language() -> None:
    seen = Observation(1.5, -0.5, 0, 1)
    question = "When was he born?"
    evidence = gather(AskedQuestion.of(question), passage("彼は控えめだ。"), seen)
    assert evidence == Evidence(1.5, -0.5, kind_absent=1.0, overlap=0.0, crossed=1.0, dense=0.0)
    assert evidence.features()["answers_crossed"] == 1.5


def test_a_calibration_is_a_logistic_model_of_the_evidence(tmp_path: Path) -> None:
    path = tmp_path / "reader.json"
    weights = {"answers": 2.0, "kind_absent": -1.0}
    path.write_text(
        json.dumps({"weights": weights, "bias": 0.5, "threshold": 0.4, "retrieval": 1}),
        encoding="utf-8",
    )
    calibration = Calibration.load(path)
    assert calibration.logit(Evidence(1.0, -9.0, 1.0, 0.0, 0.0, 0.0)) == pytest.approx(1.5)
    assert calibration.threshold == 0.4


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"weights": 3, "bias": 0}'])
def test_a_broken_calibration_is_one_clear_error(tmp_path: Path, content: str) -> None:
    path = tmp_path / "reader.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match="no reader calibration"):
        Calibration.load(path)


def test_a_folder_without_a_reader_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="there is no reader in"):
        BertReader(tmp_path)


def test_sigmoid_is_safe_at_both_ends() -> None:
    assert sigmoid(-1000) == 0
    assert sigmoid(1000) == 1
    assert sigmoid(0) == 0.5


@pytest.mark.parametrize(("flags", "expected"), [("avx512_bf16", True), ("avx2", False)])
def test_bfloat16_is_used_where_the_processor_multiplies_in_it(
    tmp_path: Path, flags: str, *, expected: bool
) -> None:
    path = tmp_path / "cpuinfo"
    path.write_text(f"flags : fpu {flags}\n", encoding="utf-8")
    assert multiplies_bfloat16(path) is expected
    assert multiplies_bfloat16(tmp_path / "absent") is False
