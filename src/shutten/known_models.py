"""Models whose facts we know: what a model needs to be used rightly, in one table.

Numbers and prefixes are those of the models' own cards. A prefix that is wrong or missing costs
quality in silence, so it stands here and in the manifest of every index.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

_RURI_QUERY, _RURI_DOCUMENT = "検索クエリ: ", "検索文書: "
_E5_QUERY, _E5_DOCUMENT = "query: ", "passage: "
_QWEN_QUERY = (
    "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:"
)


@dataclass(frozen=True, slots=True)
class KnownModel:
    """Facts about one embedding model; `parameters` counts millions, None is unknown.

    `languages` are those the model can be relied on for here; "many" stands for a multilingual one.
    """

    name: str
    licence: str
    languages: tuple[str, ...]
    dimension: int
    parameters: int | None
    query_prefix: str = ""
    document_prefix: str = ""
    note: str = ""

    def covers(self, language: str) -> bool:
        """Whether the model is meant for the language (a two-letter code)."""
        return language in self.languages or "many" in self.languages


def _ruri(size: str, dimension: int, parameters: int) -> KnownModel:
    return KnownModel(
        name=f"cl-nagoya/ruri-v3-{size}",
        licence="Apache-2.0",
        languages=("ja", "en"),
        dimension=dimension,
        parameters=parameters,
        query_prefix=_RURI_QUERY,
        document_prefix=_RURI_DOCUMENT,
        note="Strong in Japanese; poor scores were reported under transformers 5: heed the canary.",
    )


def _e5(size: str, dimension: int, parameters: int) -> KnownModel:
    return KnownModel(
        name=f"intfloat/multilingual-e5-{size}",
        licence="MIT",
        languages=("many",),
        dimension=dimension,
        parameters=parameters,
        query_prefix=_E5_QUERY,
        document_prefix=_E5_DOCUMENT,
        note="A safe multilingual choice; useless without its two prefixes.",
    )


def _bekko(size: str, parameters: int) -> KnownModel:
    return KnownModel(
        name=f"hotchpotch/bekko-embedding-v1-{size}",
        licence="MIT",
        languages=("many",),
        dimension=384,
        parameters=parameters,
        query_prefix=_E5_QUERY,
        document_prefix=_E5_DOCUMENT,
        note="Few active parameters, so fast on a processor; vectors can be cut to 256, 128 or 64.",
    )


_MODELS = (
    _ruri("30m", 256, 37),
    _ruri("70m", 384, 70),
    _ruri("130m", 512, 132),
    _ruri("310m", 768, 315),
    _e5("small", 384, 118),
    _e5("base", 768, 278),
    _e5("large", 1024, 560),
    _bekko("a8m", 106),
    _bekko("a25m", 123),
    KnownModel(
        name="ibm-granite/granite-embedding-97m-multilingual-r2",
        licence="Apache-2.0",
        languages=("many",),
        dimension=384,
        parameters=97,
        note="Long inputs, no prefixes.",
    ),
    KnownModel(
        name="ibm-granite/granite-embedding-311m-multilingual-r2",
        licence="Apache-2.0",
        languages=("many",),
        dimension=768,
        parameters=312,
        note="The larger sibling; vectors can be cut.",
    ),
    KnownModel(
        name="BAAI/bge-m3",
        licence="MIT",
        languages=("many",),
        dimension=1024,
        parameters=568,
        note="Strong in many languages, slow on two cores; only its dense vectors are used here.",
    ),
    KnownModel(
        name="Qwen/Qwen3-Embedding-0.6B",
        licence="Apache-2.0",
        languages=("many",),
        dimension=1024,
        parameters=596,
        query_prefix=_QWEN_QUERY,
        note="Questions carry an instruction, documents nothing; wants a graphics card.",
    ),
    KnownModel(
        name="google/embeddinggemma-300m",
        licence="Gemma terms of use",
        languages=("many",),
        dimension=768,
        parameters=308,
        query_prefix="task: search result | query: ",
        document_prefix="title: none | text: ",
        note="Its terms must be accepted before it can be downloaded.",
    ),
    KnownModel(
        name="hotchpotch/static-embedding-japanese",
        licence="MIT",
        languages=("ja",),
        dimension=1024,
        parameters=None,
        note="A table of token vectors: thousands of sentences a second on one core.",
    ),
    KnownModel(
        name="sentence-transformers/all-MiniLM-L6-v2",
        licence="Apache-2.0",
        languages=("en",),
        dimension=384,
        parameters=23,
        note="English only; Japanese questions find little.",
    ),
)

KNOWN_MODELS: dict[str, KnownModel] = {model.name: model for model in _MODELS}


def known_model(name: str) -> KnownModel | None:
    """Return what is known of a model by its hub name, or by a folder that keeps the name's end."""
    if name in KNOWN_MODELS:
        return KNOWN_MODELS[name]
    last = name.rstrip("/").rsplit("/", maxsplit=1)[-1].casefold()
    return next((m for m in _MODELS if m.name.rsplit("/", maxsplit=1)[-1].casefold() == last), None)


# ── bundled models ───────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class BundledModel:
    """Facts about a model that ships with the package; `folder` is its place in `models/`."""

    kind: Literal["embedding", "ranking", "reader"]
    folder: str
    note: str
    licence: str = "CC BY-SA 4.0"
    languages: tuple[str, ...] = ("ja", "en")


BUNDLED_MODELS: tuple[BundledModel, ...] = (
    BundledModel("embedding", "static-embedding", "Finds sentences by meaning, on one core."),
    BundledModel("ranking", "ranking", "Puts what was found into the order in which it is read."),
    BundledModel("reader", "reader", "Says whether a sentence answers, and with which words."),
)


# ── language models ──────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class KnownLanguageModel:
    """Facts about one language model; `parameters` counts millions, two bytes each on disk."""

    name: str
    licence: str
    languages: tuple[str, ...]
    parameters: int
    note: str
    note_ja: str


def _sarashina(size: str, parameters: int, note: str, note_ja: str) -> KnownLanguageModel:
    return KnownLanguageModel(
        name=f"sbintuitions/sarashina2.2-{size}-instruct-v0.1",
        licence="MIT",
        languages=("ja", "en"),
        parameters=parameters,
        note=note,
        note_ja=note_ja,
    )


_LANGUAGE_MODELS = (
    _sarashina(
        "0.5b",
        793,
        "The default: by its card the best of its size in Japanese.",
        "標準のモデル。公開元によれば、この大きさでは日本語が最もよい。",
    ),
    _sarashina(
        "1b",
        1408,
        "Better Japanese; twice the time on two cores.",
        "日本語がさらによい。2コアでは時間が2倍かかる。",
    ),
    _sarashina(
        "3b",
        3360,
        "Best Japanese here; wants a graphics card.",
        "この中で日本語が最もよい。GPUが要る。",
    ),
    KnownLanguageModel(
        name="Qwen/Qwen3-0.6B",
        licence="Apache-2.0",
        languages=("many",),
        parameters=752,
        note="Small and multilingual; its thinking is switched off.",
        note_ja="小さく、多くの言語を書く。思考の出力は切ってある。",
    ),
    KnownLanguageModel(
        name="Qwen/Qwen3-1.7B",
        licence="Apache-2.0",
        languages=("many",),
        parameters=2032,
        note="Multilingual, better; slow on two cores. Its thinking is switched off.",
        note_ja="多くの言語でさらによいが、2コアでは遅い。思考の出力は切ってある。",
    ),
    KnownLanguageModel(
        name="llm-jp/llm-jp-3-1.8b-instruct3",
        licence="Apache-2.0",
        languages=("ja", "en"),
        parameters=1868,
        note="An open Japanese model; takes 4,096 tokens.",
        note_ja="公開された日本語のモデル。読めるのは4,096トークンまで。",
    ),
    KnownLanguageModel(
        name="LiquidAI/LFM2-1.2B-RAG",
        licence="LFM Open License 1.0",
        languages=("many",),
        parameters=1170,
        note="Trained to answer from documents; read its licence before commercial use.",
        note_ja="文書から答えるように作られたモデル。商用の前にライセンスを読むこと。",
    ),
    KnownLanguageModel(
        name="HuggingFaceTB/SmolLM2-135M-Instruct",
        licence="Apache-2.0",
        languages=("en",),
        parameters=135,
        note="For trials only: fast, and wrong on most questions.",
        note_ja="試すためだけのモデル。速いが、ほとんどの質問に誤って答える。",
    ),
)

KNOWN_LANGUAGE_MODELS: dict[str, KnownLanguageModel] = {m.name: m for m in _LANGUAGE_MODELS}


# ── rerankers ────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class KnownReranker:
    """Facts about one cross-encoder; `parameters` counts millions, None is unknown.

    None of them takes a prefix: question and sentence are read as they are.
    """

    name: str
    licence: str
    languages: tuple[str, ...]
    parameters: int | None
    note: str


def _hotchpotch(size: str, parameters: int | None, note: str) -> KnownReranker:
    return KnownReranker(
        name=f"hotchpotch/japanese-reranker-{size}-v2",
        licence="MIT",
        languages=("ja", "en") if size == "xsmall" else ("ja",),
        parameters=parameters,
        note=note,
    )


_RERANKERS = (
    _hotchpotch("xsmall", 37, "The choice for Japanese on two cores, 10 million of it active."),
    _hotchpotch("tiny", None, "Three layers: a third of the time, less sure."),
    _hotchpotch("small", None, "Better by its card; twice the time of xsmall."),
    _hotchpotch("base", None, "The best of its family by its card; wants a graphics card."),
    KnownReranker(
        name="cl-nagoya/ruri-v3-reranker-310m",
        licence="Apache-2.0",
        languages=("ja",),
        parameters=315,
        note="Large; wants a graphics card.",
    ),
    KnownReranker(
        name="cross-encoder/mmarco-mMiniLMv2-L12-H384-v1",
        licence="Apache-2.0",
        languages=("many",),
        parameters=118,
        note="Small and multilingual; in Japanese behind those made for it.",
    ),
    KnownReranker(
        name="BAAI/bge-reranker-v2-m3",
        licence="Apache-2.0",
        languages=("many",),
        parameters=568,
        note="Strong in many languages, far too slow for two cores.",
    ),
)

KNOWN_RERANKERS: dict[str, KnownReranker] = {model.name: model for model in _RERANKERS}
