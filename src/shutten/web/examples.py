"""Questions to try: only such as the articles at hand answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from shutten.types import Language

if TYPE_CHECKING:
    from shutten.assistant import Assistant

SHOWN: Final = 4

TRIED: Final = 12
"""How many questions are tried before the page is shown without more of them."""

SAMPLE_QUESTIONS: Final[dict[Language, dict[str, tuple[str, ...]]]] = {
    "ja": {
        "deepseek-r2.txt": (
            "R2はいつ公開される予定でしたか",
            "梁文鋒氏はどこの大学を出ましたか",
        ),
        "seikan-tunnel.md": (
            "青函トンネルの全長は何キロメートルですか",
            "工事で亡くなった人は何人ですか",
        ),
        "antikythera-mechanism.md": ("How many gears have been identified?",),
    },
    "en": {
        "antikythera-mechanism.md": (
            "How many gears have been identified?",
            "Who noticed the gear wheel in May 1902?",
            "How deep was the wreck?",
        ),
        "deepseek-r2.txt": ("When was R2 planned to be released?",),
        "seikan-tunnel.md": ("青函トンネルの全長は何キロメートルですか",),
    },
}
"""Per language of the page, the questions of each sample article by its id."""

_SHORT_TITLE: Final = re.compile(r"[^。、？！?!:：「」『』()（）—–|/]{2,20}")
_TITLE_QUESTIONS: Final[dict[str, str]] = {"ja": "{title}とは何ですか", "en": "What is {title}?"}


class ExampleQuestions:
    """Remembers which questions the index answered, until its articles change."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._found: dict[tuple[Language, tuple[str, ...]], list[str]] = {}

    def questions(self, language: Language) -> list[str]:
        """Return up to SHOWN questions that the articles answer, tried one by one."""
        entries = self._assistant.index.articles()
        ids = tuple(entry.id for entry in entries)
        if (language, ids) not in self._found:
            titles = [
                (entry.id, entry.title, entry.language) for entry in entries if not entry.sample
            ]
            samples = [entry.id for entry in entries if entry.sample]
            candidates = [*_of_samples(samples, language), *_of_titles(titles)]
            self._found = {
                **{key: value for key, value in self._found.items() if key[1] == ids},
                (language, ids): list(self._answered(candidates[:TRIED]))[:SHOWN],
            }
        return self._found[language, ids]

    def _answered(self, questions: Sequence[str]) -> Iterator[str]:
        for question in questions:
            if not self._assistant.ask(question).refused:
                yield question


def _of_samples(ids: Sequence[str], language: Language) -> Iterator[str]:
    """Yield the questions of the samples that are there, one of each article before the next."""
    known = [questions for key, questions in SAMPLE_QUESTIONS[language].items() if key in ids]
    for place in range(max(map(len, known), default=0)):
        yield from (questions[place] for questions in known if place < len(questions))


def _of_titles(titles: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    for _, title, language in titles[:TRIED]:
        plain = title.strip().removeprefix("#").strip()
        if _SHORT_TITLE.fullmatch(plain):
            yield _TITLE_QUESTIONS.get(language, _TITLE_QUESTIONS["en"]).format(title=plain)
