from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Split
from transformers import AutoModel, AutoTokenizer

from shutten.calibration import Calibration, Evidence, logit, sigmoid
from shutten.errors import ModelError
from shutten.grounding import answering_words
from shutten.reader import (
    BUNDLED,
    CALIBRATION_FILE,
    ESTRANGED,
    ESTRANGED_ACROSS,
    SECOND_FILE,
    AskedQuestion,
    BertReader,
    Observation,
    OverlapReader,
    gather,
    load_network,
    load_reader,
    observed_twice,
    window_of,
)
from shutten.reader_model import (
    Limits,
    Outputs,
    ReaderModel,
    WindowEncoder,
    collate,
    likely_spans,
    load_model,
    unpacked,
    updated,
    weights_file,
)
from shutten.spans import Chosen
from shutten.types import Hit, Passage, Reader

PACK = Path(__file__).parents[1] / "training" / "pack.py"

needs_weights = pytest.mark.skipif(
    not any(BUNDLED.glob("*.safetensors")), reason="the bundled reader is not built"
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


def hit(article: str, sentence: int, text: str, before: str = "") -> Passage:
    return Passage(Hit(article, article, None, sentence, 0, len(text), text, 0.5), before=before)


@pytest.fixture(scope="module")
def encoder() -> WindowEncoder:
    tokenizer = Tokenizer(WordLevel({"<unk>": 0}))
    tokenizer.pre_tokenizer = Split("", "isolated")  # a token per character
    return WindowEncoder(tokenizer)


def asked(question: str) -> AskedQuestion:
    return AskedQuestion.of(question)


class TestWindows:
    def test_a_hit_stands_behind_the_sentence_before_it(self, encoder: WindowEncoder) -> None:
        window = window_of(asked("何？"), hit("a", 5, "五。", "四。"), encoder)
        assert [piece.text for piece in window.pieces] == ["四。", "五。"]
        assert window.places[-1].mark == len(window.ids) - 1

    def test_without_a_sentence_before_it_stands_alone(self, encoder: WindowEncoder) -> None:
        window = window_of(asked("何？"), hit("a", 1, "一。"), encoder)
        assert [piece.text for piece in window.pieces] == ["一。"]

    def test_of_a_long_sentence_before_it_the_end_is_kept(self, encoder: WindowEncoder) -> None:
        window = window_of(asked("何？"), hit("a", 2, "二。", "長" * 100 + "。"), encoder)
        assert len(window.pieces[0].ids) == Limits().context
        assert window.pieces[0].offsets[-1] == (100, 101)

    def test_the_question_has_the_names_of_its_window(self, encoder: WindowEncoder) -> None:
        gloss = hit("a", 1, "ハイフライヤー(High-Flyer)がいる。")
        other = hit("a", 2, "ハイフライヤーは大きい。")
        question = AskedQuestion.of("High-Flyerは?", [gloss, other])
        lengths = [len(window_of(question, each, encoder).ids) for each in (gloss, other)]
        said = len("High-Flyer") - len("ハイフライヤー")
        assert lengths[0] - lengths[1] == len(gloss.hit.text) - len(other.hit.text) + said


def test_places_and_types_of_a_window() -> None:
    tokenizer = Tokenizer(WordLevel({"<unk>": 1, "東": 4, "京": 5, "は": 6}))
    tokenizer.pre_tokenizer = Split("", "isolated")
    marking = WindowEncoder(tokenizer)
    window = marking.window("東は", "京", [marking.sentence("東京"), marking.sentence("は")])
    assert window.ids == [2, 4, 6, 3, 5, 3, 4, 5, 3, 6, 3]
    assert [(place.first, place.mark) for place in window.places] == [(6, 8), (9, 10)]
    assert window.types == [0, 0, 0, 0, 1, 1, 4, 3, 3, 4, 3]
    plain = marking.window("東は", "京", [marking.sentence("東京")], marked=False)
    assert plain.types == [0, 0, 0, 0, 1, 1, 3, 3, 3]


@needs_weights
def test_windows_behind_each_other_give_what_a_padded_batch_gives() -> None:
    encoder, model = load_network(BUNDLED, products="float32")
    sentences = [
        encoder.sentence(text) for text in ("梁氏は1985年に生まれた。", "短い。", "It is.")
    ]
    windows = [encoder.window("いつ？", "梁", sentences[:n]) for n in (3, 1, 2)]
    with torch.inference_mode():
        model.to(torch.float32)  # type: ignore[arg-type]
        padded, apart = model(collate(windows)), model.read(windows)
    for row, (window, alone) in enumerate(zip(windows, apart, strict=True)):
        first, mark = window.places[-1].first, window.places[-1].mark
        assert window.judged() == [0, *range(first, mark + 1)]
        for read, known in ((alone.starts, padded.starts), (alone.ends, padded.ends)):
            spanned = window.judged()[:-1]
            assert torch.allclose(read[spanned], known[row, spanned], atol=1e-4)
        for at in (0, mark):
            assert float(alone.answers[at]) == pytest.approx(
                float(padded.answers[row, at]), abs=1e-4
            )


@needs_weights
def test_an_unpacked_network_is_one_that_transformers_loads(tmp_path: Path) -> None:
    program = [sys.executable, str(PACK), "--unpack", str(BUNDLED), "--to", str(tmp_path)]
    subprocess.run(program, check=True, capture_output=True)
    loaded = AutoModel.from_pretrained(tmp_path, local_files_only=True)
    tokenizer = AutoTokenizer.from_pretrained(tmp_path, local_files_only=True)
    encoder = WindowEncoder(Tokenizer.from_file(str(BUNDLED / "tokenizer.json")))
    batch = collate(
        [encoder.window("いつ？", "梁", [encoder.sentence("梁氏は1985年に生まれた。")])]
    )
    asked = tokenizer("いつ？", add_special_tokens=False)["input_ids"]
    assert batch.ids[0, 1 : len(asked) + 1].tolist() == asked
    network = load_model(ReaderModel, BUNDLED, torch.float32)
    with torch.inference_mode():
        read = loaded(
            input_ids=batch.ids, token_type_ids=batch.types, attention_mask=batch.mask
        ).last_hidden_state
        assert torch.allclose(read, network.hidden(batch), atol=1e-2)


def test_likely_spans_end_behind_their_start_and_are_not_too_long() -> None:
    starts, ends = torch.tensor([0.0, 1.0, 4.0]), torch.tensor([8.0, 0.0, 2.0])
    likely = likely_spans(starts, ends, 16, longest=2)
    found = [(each.first, each.last, each.logit) for each in likely]
    assert found == [(0, 0, 8), (2, 2, 6), (1, 2, 3), (1, 1, 1), (0, 1, 0)]
    assert [each.logit for each in likely_spans(starts, ends, 2)] == [8, 6]


@needs_weights
def test_what_nobody_reads_of_a_window_has_no_logits() -> None:
    encoder, model = load_network(BUNDLED)
    window = encoder.window(
        "いつ？", "梁", [encoder.sentence("雨。"), encoder.sentence("1985年。")]
    )
    with torch.inference_mode():
        (read,) = model.read([window])
    for logits in (read.answers, read.starts, read.ends):
        assert len(logits) == len(window.ids)
        assert logits.isfinite().nonzero().flatten().tolist() == window.judged()


def test_packed_weights_are_whole_numbers_times_the_scale_of_their_row(tmp_path: Path) -> None:
    rows = torch.tensor([[127, -64, 0], [1, 2, -3]], dtype=torch.int8)
    kept = {
        "words": rows,
        "words.scale": torch.tensor([[0.5], [2.0]]),
        "bias": torch.tensor([0.25], dtype=torch.float16),
    }
    state = unpacked(kept)
    assert state["words"].tolist() == [[63.5, -32.0, 0.0], [2.0, 4.0, -6.0]]
    assert state["bias"] is kept["bias"]
    assert set(state) == {"words", "bias"}
    save_file({"bias": kept["bias"]}, tmp_path / "model.safetensors")
    assert weights_file(tmp_path).name == "model.safetensors"
    save_file(kept, tmp_path / "packed.safetensors")
    assert weights_file(tmp_path).name == "packed.safetensors"


@needs_weights
def test_a_reader_reads_the_same_from_plain_weights(tmp_path: Path) -> None:
    for path in (*BUNDLED.glob("*.json"), BUNDLED / SECOND_FILE):
        shutil.copy(path, tmp_path)
    state = unpacked(load_file(weights_file(BUNDLED)))
    save_file(state, tmp_path / "model.safetensors", metadata={"format": "pt"})
    question, said = "梁氏はいつ生まれましたか", [passage("梁氏は1985年に生まれた。")]
    (plain,), (packed,) = (
        BertReader(folder, products="float32").read(question, said)
        for folder in (tmp_path, BUNDLED)
    )
    assert plain == packed


@needs_weights
def test_weights_that_are_cut_off_say_what_to_do(tmp_path: Path) -> None:
    for path in BUNDLED.iterdir():
        shutil.copy(path, tmp_path)
    weights = weights_file(tmp_path)
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(ModelError, match="install it again"):
        BertReader(tmp_path)


@needs_weights
@pytest.mark.parametrize(
    ("question", "answers"),
    [("レディー・ガガはどこで生まれた", False), ("梁氏はどこで生まれた", True)],
)
def test_a_name_that_nothing_read_has_is_not_answered(question: str, *, answers: bool) -> None:
    reader = BertReader(BUNDLED)
    said = passage("1985年に広東省の田舎で生まれ、名門の大学で学んだ。", "梁氏")
    (reading,) = reader.read(question, [said])
    assert (reading.confidence >= reader.threshold) is answers


@needs_weights
def test_the_network_meets_few_lengths_of_rows() -> None:
    encoder, model = load_network(BUNDLED)
    met: set[int] = set()
    layers: Any = model.bert.encoder.layer
    layers[0].intermediate.register_forward_hook(
        lambda _module, arguments, _result: met.add(len(arguments[0]))
    )
    with torch.inference_mode():
        for count in range(1, 40):
            model.read([encoder.window("いつ？", "梁", [encoder.sentence("東" * count)])])
    assert met == {32, 64}


@needs_weights
@pytest.mark.parametrize(
    ("question", "text", "words"),
    [
        ("梁氏はいつ生まれましたか", "梁氏は1985年、広東省の農村に生まれた。", "1985年"),
        ("会議はどこで開かれましたか", "会議は3月5日、大阪市の国際会議場で開かれた。", "大阪市"),
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


@needs_weights
def test_a_sentence_loses_trust_whose_likeliest_words_cannot_be_what_is_asked_for() -> None:
    text = "蔵の番をしていたのは職人の石井与平で、当時19歳であった。"
    reader = load_reader("bundled")
    (where,) = reader.read("蔵の番はどこですか", [passage(text)])
    (who,) = reader.read("蔵の番をしていたのは誰ですか", [passage(text)])
    assert answering_words(where) is None
    assert where.confidence < 0.1
    assert who.confidence > 0.5


def test_overlap_counts_the_question_tokens_that_a_sentence_holds() -> None:
    (reading,) = OverlapReader().read("gears of bronze", [passage("Bronze gears turn.")])
    assert reading.confidence == pytest.approx(4 / 5)  # gears, gears*, bronze, bronz*; not of


def test_evidence_tells_an_absent_kind_and_another_language() -> None:
    seen = Observation(1.5, span=-0.5, margin=2.0, start=0, end=1)
    question = "When was he born?"
    words = Chosen(0, 1, 0.5)
    evidence = gather(AskedQuestion.of(question), passage("彼は控えめだ。"), seen, words)
    assert evidence == Evidence(
        1.5,
        -0.5,
        2.0,
        kind_absent=1.0,
        unfit=1.0,
        overlap=0.0,
        crossed=1.0,
        english=0.0,
        dense=0.0,
    )
    assert evidence.features()["answers_crossed"] == 1.5
    assert evidence.features()["margin_crossed"] == 2.0


@pytest.mark.parametrize(
    ("question", "text", "words", "unfit"),
    [
        ("トンネルはいつ開業しましたか", "海峡線は1988年に開業した。", "1988年", 0),
        ("トンネルはいつ開業しましたか", "海峡線は1988年に開業した。", "海峡線", 1),
        ("How deep is the Seikan Tunnel?", "青函トンネルは海底をくぐる。", "トンネル", 1),
        ("洞爺丸の船長は誰ですか", "洞爺丸は函館港の沖で沈没した。", "洞爺丸", 0),
    ],
)
def test_evidence_tells_words_without_the_number_asked_for(
    question: str, text: str, words: str, unfit: int
) -> None:
    seen = Observation(1.5, span=-0.5, margin=2.0, start=0, end=1)
    chosen = Chosen(text.index(words), text.index(words) + len(words), 0.9)
    asked = AskedQuestion.of(question, [passage(text)])
    assert gather(asked, passage(text), seen, chosen).unfit == unfit


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How deep is the Seikan Tunnel?", "これが青函トンネルである。"),
        ("Who founded High-Flyer?", "親会社のハイフライヤー(High-Flyer)がいる。"),
    ],
)
def test_words_of_the_question_are_not_put_forward_as_its_answer(question: str, text: str) -> None:
    (reading,) = load_reader("bundled").read(question, [passage(text)])
    words = text[reading.start : reading.end]
    form = AskedQuestion.of(question, [passage(text)]).form
    assert form.repeats(words)
    assert answering_words(reading) is None


def test_a_name_is_read_as_the_article_writes_it() -> None:
    text = "その創業者が、ハイフライヤーで富を築いた梁文鋒氏である。"
    gloss = passage("親会社のハイフライヤー(High-Flyer)がいる。")
    reader = load_reader("bundled")
    named = reader.read("High-Flyerの創業者は誰ですか", [gloss, passage(text)])[1]
    plain = reader.read("ハイフライヤーの創業者は誰ですか", [gloss, passage(text)])[1]
    assert named.confidence == pytest.approx(plain.confidence, abs=0.02)
    assert named.confidence > 0.3


@needs_weights
def test_a_calibration_for_another_width_is_one_clear_error(tmp_path: Path) -> None:
    for file in BUNDLED.iterdir():
        (tmp_path / file.name).symlink_to(file)
    content = json.loads((BUNDLED / CALIBRATION_FILE).read_text(encoding="utf-8"))
    content["verdict"]["mark"].append(0.5)
    (tmp_path / CALIBRATION_FILE).unlink()
    (tmp_path / CALIBRATION_FILE).write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ModelError, match="is another reader's"):
        BertReader(tmp_path)


NEWS = [
    passage("公開は5月上旬の予定だったが、会社は日付を明かしていない。"),
    passage("会社は2023年に杭州で設立された。"),
]
ASKED = "R2はいつ公開される予定でしたか"


@needs_weights
def test_the_foremost_passage_is_read_by_both_networks() -> None:
    reader, calibration = BertReader(BUNDLED), Calibration.load(BUNDLED / CALIBRATION_FILE)
    assert calibration.again is not None
    first, other = reader.read(ASKED, NEWS)
    assert first.relevance > other.relevance
    seen = reader.evidence_twice(ASKED, NEWS, 0)
    assert seen.mark is not None
    assert seen.mark.shape == (768,)
    assert first.confidence == pytest.approx(sigmoid(calibration.again.logit(seen)), abs=1e-3)
    once = reader.evidence(ASKED, NEWS)
    assert (once[0].answers_again, once[0].margin_again) == (0.0, 0.0)
    assert seen.answers == pytest.approx(once[0].answers, abs=1e-2)
    assert other.confidence == pytest.approx(sigmoid(calibration.verdict.logit(once[1])))


@needs_weights
def test_a_reader_may_have_one_network(tmp_path: Path) -> None:
    for file in BUNDLED.iterdir():
        if file.name != SECOND_FILE:
            (tmp_path / file.name).symlink_to(file)
    with pytest.raises(ModelError, match="is another reader's"):
        BertReader(tmp_path)
    content = json.loads((BUNDLED / CALIBRATION_FILE).read_text(encoding="utf-8"))
    del content["again"]
    (tmp_path / CALIBRATION_FILE).unlink()
    (tmp_path / CALIBRATION_FILE).write_text(json.dumps(content), encoding="utf-8")
    alone, both = BertReader(tmp_path), BertReader(BUNDLED)
    assert alone.read(ASKED, NEWS)[1] == both.read(ASKED, NEWS)[1]
    assert alone.read(ASKED, NEWS)[0].relevance == both.read(ASKED, NEWS)[0].relevance


def test_two_networks_hold_for_likely_what_a_mean_of_their_logits_does() -> None:
    tokenizer = Tokenizer(WordLevel({"<unk>": 1, "東": 4, "京": 5, "は": 6}))
    tokenizer.pre_tokenizer = Split("", "isolated")
    marking = WindowEncoder(tokenizer)
    window = marking.window("東", "", [marking.sentence("東京は")])  # the sentence at 4, 5 and 6

    def said(answers: float, starts: list[float], ends: list[float], mark: float) -> Outputs:
        logits = [torch.tensor([0.0, -9.0, -9.0, -9.0, *each, -9.0]) for each in (starts, ends)]
        judged = torch.full((8,), answers)
        return Outputs(judged, logits[0], logits[1], torch.tensor([mark, mark]))

    first = said(1.0, [3.0, 2.5, 0.0], [3.0, 2.5, 0.0], 1.0)
    second = said(-2.0, [0.0, 2.5, 0.0], [0.0, 2.5, 0.0], 5.0)
    seen = observed_twice(first, second, window)
    assert (seen.start, seen.end) == (1, 2)
    assert seen.answers == 1.0
    assert seen.margin == 6.0
    assert seen.mark is not None
    assert seen.mark.tolist() == [1.0, 1.0, 5.0, 5.0]
    assert seen.again is not None
    assert (seen.again.answers, seen.again.margin) == (-2.0, 5.0)


def test_an_update_adds_products_to_matrices_and_replaces_the_rest() -> None:
    state = {"a": torch.eye(2), "b": torch.zeros(2), "c": torch.ones(3)}
    update = {
        "a.left": torch.tensor([[2], [0]], dtype=torch.int8),
        "a.left.scale": torch.tensor([[0.5], [1.0]]),
        "a.right": torch.tensor([[3.0, 4.0]]),
        "b": torch.tensor([1.0, 2.0]),
    }
    made = updated(state, update)
    assert made["a"].tolist() == [[4.0, 4.0], [0.0, 1.0]]
    assert made["b"].tolist() == [1.0, 2.0]
    assert made["c"] is state["c"]
    assert state["a"].tolist() == [[1.0, 0.0], [0.0, 1.0]]
    with pytest.raises(ValueError, match="d is no weight"):
        updated(state, {"d": torch.zeros(1)})
    with pytest.raises(ValueError, match="a lacks one of its two factors"):
        updated(state, {"a.right": torch.zeros(1, 2)})


@needs_weights
def test_an_update_of_another_network_is_one_clear_error(tmp_path: Path) -> None:
    save_file({"other": torch.zeros(1)}, tmp_path / "update.safetensors")
    with pytest.raises(ModelError, match="install it again"):
        load_network(BUNDLED, update=tmp_path / "update.safetensors")


@needs_weights
def test_the_verdict_is_not_the_order() -> None:
    text = "公開は5月上旬の予定だったが、会社は日付を明かしていない。"
    reader = BertReader(BUNDLED)
    (seen,) = reader.evidence("R2はいつ公開される予定でしたか", [passage(text)])
    assert seen.mark is not None
    assert seen.mark.shape == (384,)
    (reading,) = reader.read("R2はいつ公開される予定でしたか", [passage(text)])
    calibration = Calibration.load(BUNDLED / CALIBRATION_FILE)
    order = calibration.order.logit(seen) + calibration.retrieval * logit(reading.passage.hit.score)
    assert reading.relevance == pytest.approx(order)


def test_a_folder_without_a_reader_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="there is no reader in"):
        BertReader(tmp_path)


def tensors_by_type(model: torch.nn.Module, dtype: torch.dtype) -> int:
    return sum(part.dtype == dtype for part in (*model.parameters(), *model.buffers()))


@needs_weights
def test_only_weights_kept_as_int8_are_multiplied_so(tmp_path: Path) -> None:
    for path in BUNDLED.glob("*.json"):
        shutil.copy(path, tmp_path)
    state = unpacked(load_file(weights_file(BUNDLED)))
    save_file(state, tmp_path / "model.safetensors", metadata={"format": "pt"})
    _, whole = load_network(BUNDLED, products="int8")
    _, plain = load_network(tmp_path, products="int8")
    layers: Any = whole.bert.encoder.layer
    tables, in_each_layer = 2, 7  # six linear ones, and one that joins three of them
    assert tensors_by_type(whole, torch.int8) == tables + in_each_layer * len(layers)
    assert tensors_by_type(plain, torch.int8) == 0


def of_article(article: str, text: str) -> Passage:
    return Passage(Hit(article, article, None, 1, 0, len(text), text, 0.5))


BRIDGE = of_article("bridge", "The bridge was designed by Miriam Osei and opened in 2016.")
ISLAND = of_article("島", "調査は2008年に山陰大学の教授が始めた。")
CAFE = of_article("cafe", "The cafe was opened by a student of architecture.")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Where did Miriam Osei study?", [0.0, ESTRANGED_ACROSS, ESTRANGED]),
        ("Where did the architect study?", [0.0, 0.0, 0.0]),
        ("Where did Gwen Pritchard study?", [ESTRANGED, 0.0, ESTRANGED]),
    ],
)
def test_an_article_without_the_person_asked_about_is_about_others(
    question: str, expected: list[float]
) -> None:
    passages = [BRIDGE, ISLAND, CAFE]
    asked = AskedQuestion.of(question, passages)
    crossed = [False, True, False]
    assert [
        asked.estrangement(each, crossed=across)
        for each, across in zip(passages, crossed, strict=True)
    ] == expected
