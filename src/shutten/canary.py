"""A canary for embedding models: fixed pairs that any working model ranks first.

A download can be broken in silence (a library misreads a configuration, a prefix is missing, the
weights are not the model's): search then still "works" and finds nothing. Each question here has
one sentence that answers it; the others talk about the same things in other words.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from shutten.errors import ModelError
from shutten.known_models import KnownModel
from shutten.types import Embedder

logger = logging.getLogger(__name__)

PAIRS: dict[str, tuple[tuple[str, str], ...]] = {
    "ja": (
        (
            "富士山の高さはどのくらいですか",
            "日本で最も高いこの山の標高は三千七百七十六メートルである。",
        ),
        ("水は何度で沸騰しますか", "一気圧のもとでは、お湯は百度に達すると沸き立つ。"),
        (
            "誰が電話を発明したのですか",
            "電話機の発明者として知られるのは、スコットランド生まれの科学者ベルだ。",
        ),
        (
            "新幹線はいつ開業しましたか",
            "東京と大阪を結ぶ高速鉄道は、一九六四年十月に運転を始めた。",
        ),
        (
            "犬には何を食べさせてはいけませんか",
            "玉ねぎやチョコレートは飼い犬に与えると中毒を起こす。",
        ),
        ("その会社の社長はなぜ辞めたのですか", "不正な会計の責任を取り、代表取締役は職を退いた。"),
    ),
    "en": (
        (
            "How tall is Mount Everest?",
            "The highest peak on earth rises 8,849 metres above the sea.",
        ),
        ("When does water boil?", "At normal pressure the liquid turns to steam at 100 degrees."),
        (
            "Who invented the telephone?",
            "Alexander Graham Bell patented a device that carried speech.",
        ),
        ("What must dogs not eat?", "Onions and chocolate are poisonous for pets."),
        (
            "Why did the chief executive resign?",
            "The head of the company stepped down over the scandal.",
        ),
        ("Where do penguins live?", "These flightless birds are at home in the Antarctic."),
    ),
}


@dataclass(frozen=True, slots=True)
class CanaryResult:
    """How many questions of a language found their own sentence first."""

    language: str
    right: int
    total: int

    @property
    def passed(self) -> bool:
        """Whether every question did."""
        return self.right == self.total


def try_canary(embedder: Embedder) -> list[CanaryResult]:
    """Ask all questions of each language among the sentences of that language."""
    return [_try_language(embedder, language, pairs) for language, pairs in PAIRS.items()]


def try_pairs(score: Callable[[str, Sequence[str]], Sequence[float]]) -> list[CanaryResult]:
    """Do the same with what scores texts for a question."""
    results = []
    for language, pairs in PAIRS.items():
        sentences = [sentence for _, sentence in pairs]
        scores = [list(score(question, sentences)) for question, _ in pairs]
        right = sum(row.index(max(row)) == number for number, row in enumerate(scores))
        results.append(CanaryResult(language, right, len(pairs)))
    return results


def _try_language(
    embedder: Embedder, language: str, pairs: Sequence[tuple[str, str]]
) -> CanaryResult:
    questions = embedder.embed_queries([question for question, _ in pairs])
    sentences = embedder.embed_documents([sentence for _, sentence in pairs])
    best = (questions @ sentences.T).argmax(axis=1)
    right = sum(int(row == column) for row, column in enumerate(best))
    return CanaryResult(language=language, right=right, total=len(pairs))


def check_canary(embedder: Embedder, known: KnownModel | None = None) -> list[CanaryResult]:
    """Raise ModelError unless the model passes in every language it is known for.

    Of a model nothing is known about, one language is asked for; a language it fails is logged.
    """
    results = try_canary(embedder)
    check_results(embedder.facts.name, results, known.languages if known else None)
    return results


def check_results(
    name: str, results: Sequence[CanaryResult], languages: Sequence[str] | None
) -> None:
    """Raise ModelError unless a model passed in its languages (None: in any); log the others."""
    if languages is None:
        failed = [] if any(result.passed for result in results) else list(results)
    else:
        failed = [r for r in results if not r.passed and {r.language, "many"} & set(languages)]
    if failed:
        raise ModelError(_complaint(name, failed))
    for result in results:
        if not result.passed:
            logger.warning("%s found only %s", name, _count(result))


def _count(result: CanaryResult) -> str:
    return f"{result.right} of {result.total} simple sentences in {result.language}"


def _complaint(name: str, failed: Sequence[CanaryResult]) -> str:
    counts = ", ".join(_count(result) for result in failed)
    return (
        f"the model {name} is broken or misread: it found only {counts}; "
        "download it again, try another version of transformers, or use another model"
    )


@contextmanager
def passed_before(cache: Path, identity: str) -> Iterator[bool]:
    """Say whether a model of this identity has passed before; remember it unless that raises.

    A cache that cannot be read or written costs only the repeated check.
    """
    record = cache / "canary" / f"{_safe(identity)}.json"
    is_known = _is_there(record)
    yield is_known
    if not is_known:
        _write(record, {"model": identity})


def remember_canary(embedder: Embedder, known: KnownModel | None, cache: Path) -> None:
    """Check a model unless this revision has passed before.

    A cache that cannot be read or written costs only the repeated check.
    """
    record = _record_path(cache, embedder)
    if not _is_there(record):
        _write_record(record, embedder, check_canary(embedder, known))


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a cache that may not even be looked into
        return False


def _record_path(cache: Path, embedder: Embedder) -> Path:
    facts = embedder.facts
    return cache / "canary" / f"{_safe(f'{facts.name}@{facts.revision}')}.json"


def _safe(identity: str) -> str:
    return "".join(c if c.isalnum() or c in "-." else "_" for c in identity)[-150:]


def _write_record(path: Path, embedder: Embedder, results: Sequence[CanaryResult]) -> None:
    found = {result.language: f"{result.right} of {result.total}" for result in results}
    _write(path, {"model": embedder.facts.name, "found": found})


def _write(path: Path, record: dict[str, object]) -> None:
    text = json.dumps(record, ensure_ascii=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".tmp")
        temporary.write_text(text + "\n", encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        logger.debug("the canary's outcome is not kept: %s", error)
