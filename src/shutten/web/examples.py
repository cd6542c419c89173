"""Questions to try: only such as the articles at hand answer."""

from __future__ import annotations

import re
import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from shutten.sentences import detect_language
from shutten.types import Answer, ArticleEntry, Language

if TYPE_CHECKING:
    from shutten.assistant import Assistant

SHOWN: Final = 4

TRIED: Final = 12
"""How many questions are tried before the page is shown without more of them."""


REMEMBERED: Final = 16
"""For how many sets of articles, in either language, the questions are remembered."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question, and words that its first quotation holds if the answer is right."""

    question: str
    words: str = ""

    def is_answered_by(self, answer: Answer) -> bool:
        """Whether an answer is one to show people first."""
        return not answer.refused and self.words in answer.citations[0].quote


_NEWS: Final = (
    Example("R2の公開は当初の計画ではいつでしたか", "5月上旬"),
    Example("梁文鋒氏が通信工学を修めた大学はどこですか", "浙江大学"),
    Example("親会社の名前は何ですか", "ハイフライヤー"),
)
_TUNNEL: Final = (
    Example("青函トンネルの全長は何キロメートルですか", "53.85キロメートル"),
    Example("工事で亡くなった人は何人ですか", "34人"),
    Example("洞爺丸が沈没したのはいつですか", "1954年9月26日"),
)
_MECHANISM: Final = (
    Example("How many gears have been identified?", "30 gears"),
    Example("Who led the sponge divers from Symi?", "Dimitrios Kondos"),
    Example("Where are the remains kept?", "National Archaeological Museum"),
)
_NEWS_IN_ENGLISH: Final = Example("When was Liang Wenfeng born?", "1985年")

SAMPLE_EXAMPLES: Final[dict[Language, dict[str, tuple[Example, ...]]]] = {
    "ja": {
        "deepseek-r2.txt": _NEWS,
        "seikan-tunnel.md": _TUNNEL,
        "antikythera-mechanism.md": _MECHANISM[:1],
    },
    "en": {
        "antikythera-mechanism.md": _MECHANISM,
        "deepseek-r2.txt": (_NEWS_IN_ENGLISH, _NEWS[0]),
        "seikan-tunnel.md": _TUNNEL[:1],
    },
}
"""Per language of the page, the questions of each sample article by its id."""

_SHORT_TITLE: Final = re.compile(r"[^。、？！?!:：「」『』()（）—–|/]{2,20}")
_TITLE_QUESTIONS: Final[dict[str, str]] = {
    "ja": "{title}について教えてください",
    "en": "Tell me about {title}",
}
"""They fit persons and things alike: the title does not tell which it is."""


_Tried = tuple[Language, int, tuple[ArticleEntry, ...]]
"""On what questions were tried: the page's language, the commit and the articles in sight."""


class ExampleQuestions:
    """Remembers which questions the index answered, until it changes."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._attempts: dict[_Tried, _Attempt] = {}
        self._lock = threading.Lock()

    def questions(self, language: Language, groups: Collection[str] | None = None) -> list[str]:
        """Return up to SHOWN questions that the articles answer, tried one by one.

        Those in the page's language come first; articles in it are asked before others.
        Only the articles that visitors of these groups may see are asked; None asks all.
        """
        assistant = self._assistant.seen_by(groups)
        sequence = assistant.index.sequence  # before the articles: they may be newer, not older
        entries = assistant.index.articles()
        key = (language, sequence, tuple(entries))
        with self._lock:
            attempt = self._attempts.setdefault(key, _Attempt())
            if len(self._attempts) > REMEMBERED:
                del self._attempts[next(iter(self._attempts))]
        with attempt.lock:  # whoever comes second waits for what the first one tries
            if attempt.found is None:
                candidates = _candidates(entries, language)
                found = islice(_answered(assistant, candidates), SHOWN)
                attempt.found = sorted(found, key=lambda each: detect_language(each) != language)
            return attempt.found


class _Attempt:
    """What is tried once for all who see the same articles; None until it is known."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.found: list[str] | None = None


def _answered(assistant: Assistant, examples: Sequence[Example]) -> Iterator[str]:
    longest = assistant.max_question_characters
    for example in examples:
        if len(example.question) <= longest and example.is_answered_by(
            assistant.ask(example.question, quoting=True)
        ):
            yield example.question


def _candidates(entries: Sequence[ArticleEntry], language: Language) -> list[Example]:
    samples = [entry.id for entry in entries if entry.sample]
    own = [(entry.title, entry.language) for entry in entries if not entry.sample]
    own.sort(key=lambda each: each[1] != language)
    return [*_of_samples(samples, language), *_of_titles(own[:TRIED])][:TRIED]


def _of_samples(ids: Sequence[str], language: Language) -> Iterator[Example]:
    """Yield the questions of the samples that are there, one of each article before the next."""
    known = [examples for key, examples in SAMPLE_EXAMPLES[language].items() if key in ids]
    for place in range(max(map(len, known), default=0)):
        yield from (examples[place] for examples in known if place < len(examples))


def _of_titles(titles: Sequence[tuple[str, str]]) -> Iterator[Example]:
    for title, language in titles:
        plain = title.strip().removeprefix("#").strip()
        if _SHORT_TITLE.fullmatch(plain):
            written = _TITLE_QUESTIONS.get(language, _TITLE_QUESTIONS["en"])
            yield Example(written.format(title=plain), plain)
