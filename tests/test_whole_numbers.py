from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from shutten.articles import read_articles
from shutten.embedding import load_embedder
from shutten.index import Index
from shutten.processor import Products, multiplies_int7, multiplies_int8
from shutten.reader import BUNDLED, BertReader
from shutten.reader_model import unpacked, weights_file
from shutten.retrieval import HybridRetriever
from shutten.settings import Settings
from shutten.types import Passage, Reading
from shutten.whole_numbers import (
    ReducedLinear,
    Whole,
    WholeEmbedding,
    WholeLinear,
    joined,
    keep_whole,
    reduce_whole,
)

SAMPLES = Path(__file__).parents[1] / "articles"

needs_weights = pytest.mark.skipif(
    not any(BUNDLED.glob("*.safetensors")), reason="the bundled reader is not built"
)

needs_bytes = pytest.mark.skipif(
    not multiplies_int7(),
    reason="the processor multiplies no bytes (AVX2), or oneDNN is absent",
)

QUESTIONS = (
    "R2はいつ公開される予定でしたか",
    "梁文鋒氏はどこで生まれましたか",
    "データ科学者の年収はいくらですか",
    "イタリアがアプリを締め出した理由は？",
    "青函トンネルの長さは何キロですか",
    "本社の電話番号は？",
    "How deep is the Seikan Tunnel?",
    "Who found the Antikythera mechanism?",
    "What was the Antikythera mechanism for?",
)


def whole(rows: list[list[int]], scale: list[float]) -> Whole:
    return Whole(torch.tensor(rows, dtype=torch.int8), torch.tensor(scale)[:, None])


class TestRounding:
    def test_the_largest_value_of_each_row_becomes_127(self) -> None:
        given = Whole.rounded(torch.tensor([[0.5, -1.0, 0.0], [2.54, 1.27, -0.02]]))
        assert given.numbers.tolist() == [[64, -127, 0], [127, 64, -1]]
        assert given.scale.flatten().tolist() == pytest.approx([1 / 127, 0.02])

    def test_a_row_of_zeros_stays_one(self) -> None:
        given = Whole.rounded(torch.zeros(1, 3))
        assert given.numbers.tolist() == [[0, 0, 0]]


class TestLayers:
    def test_a_product_of_whole_numbers_is_exact(self) -> None:
        layer = WholeLinear(whole([[127, 2], [-3, 4]], [0.5, 2.0]), torch.tensor([1.0, -1.0]))
        # 127 · 127 + 127 · 2 = 16383, halved and one more; 127 · (-3 + 4) · 2, one less.
        assert layer(torch.tensor([[127.0, 127.0]])).tolist() == [[8192.5, 253.0]]

    def test_the_largest_sums_do_not_overflow(self) -> None:
        most = torch.full((2, 1536), 127, dtype=torch.int8)
        layer = WholeLinear(Whole(most, torch.ones(2, 1)), torch.zeros(2))
        assert layer(torch.full((64, 1536), 127.0)).unique().tolist() == [127 * 127 * 1536]

    def test_a_row_gives_the_same_alone_and_among_others(self) -> None:
        rows = torch.randn(64, 8, generator=torch.Generator().manual_seed(1))
        layer = WholeLinear(Whole.rounded(torch.eye(8)), torch.zeros(8))
        assert torch.equal(layer(rows)[:1], layer(rows[:1]))

    def test_rows_that_are_spent_give_the_same_and_others_stay_as_they_are(self) -> None:
        rows = torch.randn(64, 8, generator=torch.Generator().manual_seed(1))
        layer, given = WholeLinear(Whole.rounded(torch.eye(8)), torch.zeros(8)), rows.clone()
        kept = layer(given)
        assert torch.equal(given, rows)
        layer.spends = True
        assert torch.equal(layer(given), kept)

    def test_windows_beside_each_other_keep_their_shape(self) -> None:
        layer = WholeLinear(Whole.rounded(torch.ones(5, 8)), torch.zeros(5))
        assert layer(torch.ones(2, 3, 8)).shape == (2, 3, 5)

    def test_a_table_gives_the_rows_that_were_kept(self) -> None:
        table = WholeEmbedding(whole([[1, 2], [3, -4]], [0.5, 2.0]))
        assert table(torch.tensor([[1, 0]])).tolist() == [[[6.0, -8.0], [0.5, 1.0]]]

    def test_joined_layers_give_what_each_gives_and_hold_no_weight_twice(self) -> None:
        rows = torch.randn(4, 8, generator=torch.Generator().manual_seed(2))
        layers = [
            WholeLinear(Whole.rounded(torch.randn(size, 8)), torch.randn(size)) for size in (2, 3)
        ]
        apart = torch.cat([layer(rows) for layer in layers], dim=-1)
        together = joined(layers)
        assert torch.equal(together(rows), apart)
        assert torch.equal(torch.cat([layer(rows) for layer in layers], dim=-1), apart)
        assert layers[0].numbers.data_ptr() == together.numbers.data_ptr()


@needs_bytes
class TestReducedLayers:
    def test_weights_are_halved_and_the_product_is_near(self) -> None:
        layer = ReducedLinear(WholeLinear(whole([[127, 2], [-3, 4]], [0.5, 2.0]), torch.ones(2)))
        # 127 and 2 become 63 and 1, -3 and 4 become -1 and 2, each scale 127/63 as large.
        step = 127 / 63
        assert layer(torch.tensor([[127.0, 127.0]])).flatten().tolist() == pytest.approx(
            [127 * 64 * 0.5 * step + 1, 127 * 1 * 2.0 * step + 1]
        )

    @pytest.mark.parametrize("sign", [1, -1])
    def test_the_largest_sums_do_not_overflow(self, sign: int) -> None:
        most = torch.full((2, 1536), sign * 127, dtype=torch.int8)
        layer = ReducedLinear(WholeLinear(Whole(most, torch.ones(2, 1)), torch.zeros(2)))
        for given in (127.0, -127.0):
            expected = given * sign * 127 * 1536
            assert layer(torch.full((64, 1536), given)).unique().tolist() == pytest.approx(
                [expected]
            )

    def test_a_row_gives_the_same_alone_and_among_others(self) -> None:
        generator = torch.Generator().manual_seed(1)
        rows, matrix = (torch.randn(64, 64, generator=generator) for _ in range(2))
        layer = ReducedLinear(WholeLinear(Whole.rounded(matrix), torch.ones(64)))
        assert torch.equal(layer(rows)[:1], layer(rows[:1]))

    def test_rows_that_are_spent_give_the_same_and_others_stay_as_they_are(self) -> None:
        rows = torch.randn(64, 8, generator=torch.Generator().manual_seed(1))
        layer = ReducedLinear(WholeLinear(Whole.rounded(torch.eye(8)), torch.zeros(8)))
        given, kept = rows.clone(), layer(rows)
        assert torch.equal(given, rows)
        layer.spends = True
        assert torch.equal(layer(given), kept)

    def test_every_layer_of_a_network_is_replaced_and_keeps_its_shape(self) -> None:
        network = nn.Sequential(nn.Linear(8, 5), nn.Sequential(nn.GELU(), nn.Linear(5, 3)))
        keep_whole(network, {"0.weight", "1.1.weight"})
        rows = torch.randn(2, 3, 8, generator=torch.Generator().manual_seed(2))
        before = network(rows)
        reduce_whole(network)
        kinds = [type(part) for part in network.modules() if not list(part.children())]
        assert kinds == [ReducedLinear, nn.GELU, ReducedLinear]
        assert network(rows).shape == before.shape == (2, 3, 3)
        assert torch.allclose(network(rows), before, atol=0.03)


def test_only_what_is_named_is_replaced() -> None:
    network = nn.Sequential(nn.Embedding(4, 2), nn.Linear(2, 3, bias=False), nn.Linear(3, 1))
    for parameter in network.parameters():
        nn.init.constant_(parameter, 0.5)
    keep_whole(network, {"0.weight", "1.weight"})
    assert [type(part) for part in network] == [WholeEmbedding, WholeLinear, nn.Linear]
    assert network[:2](torch.tensor([3])).tolist() == [[0.5, 0.5, 0.5]]


def test_rounding_what_was_rounded_before_changes_nothing(kept: dict[str, Tensor]) -> None:
    name = "bert.encoder.layer.3.intermediate.dense.weight"
    assert torch.equal(Whole.rounded(unpacked(kept)[name]).numbers, kept[name])


@pytest.fixture(scope="module")
def kept() -> dict[str, Tensor]:
    return load_file(weights_file(BUNDLED))


@needs_weights
@pytest.mark.parametrize("part", ["intermediate.dense", "output.dense", "attention.self.query"])
def test_the_bundled_weights_multiply_as_their_float_values_do(
    kept: dict[str, Tensor], part: str
) -> None:
    name = f"bert.encoder.layer.3.{part}"
    weight, bias = unpacked(kept)[f"{name}.weight"], kept[f"{name}.bias"].float()
    layer = WholeLinear(Whole(kept[f"{name}.weight"], kept[f"{name}.weight.scale"]), bias)
    rows = torch.randn(320, weight.shape[1], generator=torch.Generator().manual_seed(3))
    exact = functional.linear(rows, weight, bias)
    assert float((layer(rows) - exact).norm() / exact.norm()) < 0.01


@needs_weights
@needs_bytes
def test_the_bundled_weights_of_seven_bits_multiply_nearly_as_their_float_values_do(
    kept: dict[str, Tensor],
) -> None:
    name = "bert.encoder.layer.3.intermediate.dense"
    weight, bias = unpacked(kept)[f"{name}.weight"], kept[f"{name}.bias"].float()
    numbers = Whole(kept[f"{name}.weight"], kept[f"{name}.weight.scale"].float())
    rows = torch.randn(320, weight.shape[1], generator=torch.Generator().manual_seed(3))
    exact = functional.linear(rows, weight, bias)
    product = ReducedLinear(WholeLinear(numbers, bias))(rows)
    assert 0.005 < float((product - exact).norm() / exact.norm()) < 0.02


@pytest.fixture(scope="module")
def asked() -> list[tuple[str, list[Passage]]]:
    embedder = load_embedder(Settings().embedder)
    retriever = HybridRetriever(Index.in_memory(read_articles([SAMPLES]), embedder), embedder)
    return [(question, retriever.retrieve(question, k=5)) for question in QUESTIONS]


def best(readings: list[Reading]) -> Reading:
    return max(readings, key=lambda reading: reading.relevance)


@needs_weights
@pytest.mark.parametrize("products", ["int8", pytest.param("int7", marks=needs_bytes)])
def test_whole_numbers_read_as_float_numbers_do(
    asked: list[tuple[str, list[Passage]]], products: Products
) -> None:
    exact, rounded = (BertReader(BUNDLED, products=each) for each in ("float32", products))
    # Without instructions for int8 a passage takes a second.
    few = products == "int8" and not multiplies_int8()
    for question, passages in asked[:2] if few else asked:
        wanted, given = (reader.read(question, passages) for reader in (exact, rounded))
        assert best(given).passage == best(wanted).passage
        assert [each.confidence for each in given] == pytest.approx(
            [each.confidence for each in wanted], abs=0.05
        )
