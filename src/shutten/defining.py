"""Which sentence says what something is, for a question that asks no more than that."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from shutten.choosing import with_words, without_words
from shutten.grounding import UNSURE, answering_words, in_front_of
from shutten.sentences import detect_language
from shutten.terms import folded_together
from shutten.types import Hit, Passage, Reading

_WHAT_JA = r"(?:何|なに|誰|だれ|ど(?:んな|ういう)(?:人物?|もの|物|こと|ところ|会社))(?:のこと)?"
_ASKED_JA = re.compile(
    rf"(?P<name>[^はがをに、。？?]{{2,40}}?)(?:とは(?:{_WHAT_JA})?|って{_WHAT_JA}"
    r"|(?P<open>について(?:詳しく|簡単に)?、?(?:教えて|説明して|知りたい)(?:ください|下さい)?))"
    r"(?:です|でしょう|なの|だっけ|か)*+[。？?]?"
)
_NAME_EN = (
    r"(?:[Aa]n? (?P<thing>[a-z][\w-]*(?: [a-z][\w-]*)?)|(?:[Tt]he )?(?P<name>[\w.-]*\w"
    r"|[A-Z0-9][\w.-]*(?: (?:of |the |de |no )?[A-Z0-9][\w-]*)*(?: [a-z-]+)?))"
)
"""A word, or words with capitals and a noun behind them, and not: the price of it."""
_ASKED_EN = re.compile(
    rf"(?:(?i:(?:who|what)(?: (?:is|was|are|were)|'s))|(?P<open>(?i:(?:please )?tell me about)))"
    rf" {_NAME_EN}[?.]?"
)
_ASIDE = r"(?:[(〈][^()〈〉]{0,80}(?:[(〈][^()〈〉]{0,40}[)〉][^()〈〉]{0,80}){0,3}[)〉])?"
"""What stands in brackets behind a name: how it is read, its years, with brackets of their own."""
_SUBTITLE = re.compile(r"(?<=\S)(?:\s*[（(―—–:：|｜〜～]|\s+-\s).*$")
_ARTICLE_EN = re.compile(r"^(?:the|an?)\s+", re.IGNORECASE)
_AFFIX = r"[^のはがをにで、。「」()]{0,6}"
_IS_SOMETHING_JA = re.compile(
    r"(?:である|だ|です|であった|だった|でした|をいう|を指す|[一-龥ァ-ヶー])(?:[（(][^（）()]*[）)])?。?$"
)
_IS_SOMETHING_EN = r"(?:is|was|are|were)(?:an?|the|one)"
_ENDED = re.compile(
    r"[」』]?(?:である|であっ|だ|です|でし|で、|をいう|を指す|[。、.,;]|$"
    r"|\s(?:that|which|who|in|on|at|from|for|by|with|of|near|between|written|built)\b)"
)
"""What stands behind a whole noun, and not behind the beginning of a longer one."""


@dataclass(frozen=True, slots=True)
class Definition:
    """What a question asks for that wants to know what something is; `name` is the thing's.

    `is_open` is True where anything may be told of it: a sentence is, and no words of it are shown.
    """

    name: str
    is_open: bool = False

    def ahead(self, passages: Sequence[Passage]) -> list[Passage]:
        """Return the passages with those in front that say what the thing is."""
        return sorted(passages, key=lambda each: self._rank(each.hit) is None)

    def preferred(self, readings: Sequence[Reading]) -> list[Reading]:
        """Return the readings with the one best that says what the thing is.

        Words cut out of a longer noun are not shown of it, and of no sentence the thing's own name
        in other letters.
        """
        told = [self._without_the_name(each) for each in readings]
        ranks = {n: rank for n, each in enumerate(told) if (rank := self._rank(each.passage.hit))}
        if ranks:
            first = min(ranks, key=lambda number: ranks[number])
            told[first] = replace(
                self._with_whole_words(told[first]),
                relevance=in_front_of(told),
                confidence=max(told[first].confidence, UNSURE),
            )
        return without_words(told) if self.is_open else told

    def _rank(self, hit: Hit) -> tuple[bool, bool, bool, int] | None:
        """The lower, the better a sentence says what the thing is; None where it does not.

        Best is the first sentence that begins with its name under its own title.
        """
        is_subject = self._is_subject(hit.text)
        if not is_subject and self._kind(hit.text) is None:
            return None
        name, titles = (
            folded_together(self.name),
            folded_together(f"{hit.title} {hit.heading or ''}"),
        )
        is_whole_name = re.match(rf"{re.escape(name)}{_ASIDE}と?は", folded_together(hit.text))
        return not is_subject, is_whole_name is None, name not in titles, hit.sentence

    def _is_subject(self, text: str) -> bool:
        """Whether a sentence says that the thing is something, and not what it does."""
        name, folded = re.escape(folded_together(self.name)), folded_together(text)
        if self.name.isascii() and re.match(
            rf"(?:the|an?)?{name}{_ASIDE}{_IS_SOMETHING_EN}", folded
        ):
            return True
        begun = re.match(rf"{_AFFIX}{name}{_AFFIX}{_ASIDE}と?は", folded)
        return begun is not None and _IS_SOMETHING_JA.search(text) is not None

    def _kind(self, text: str) -> re.Match[str] | None:
        """The noun before the name in quotation marks: 製糸場「沢光館」."""
        return re.search(rf"[一-龥ァ-ヶー]{{2,8}}(?=「{re.escape(self.name)}」)", text)

    def _with_whole_words(self, reading: Reading) -> Reading:
        text = reading.passage.hit.text
        kind = None if self._is_subject(text) else self._kind(text)
        if kind is not None:
            return with_words(reading, *kind.span())
        is_whole = reading.end is not None and _ENDED.match(text, reading.end)
        return reading if is_whole else without_words([reading])[0]

    def _without_the_name(self, reading: Reading) -> Reading:
        words = answering_words(reading)
        title = folded_together(reading.passage.hit.title)
        if words is None or words.isascii() == self.name.isascii():
            return reading
        # “What is the capital?” asks for a name: only of one that is named is it not the answer.
        is_named = not self.name.isascii() or self.name[:1].isupper()
        is_the_name = is_named and title.startswith(folded_together(words))
        return without_words([reading])[0] if is_the_name else reading


def definition_in(question: str) -> Definition | None:
    """The definition that a question asks for: Xとは何ですか, Xについて教えて, What is X."""
    found = _ASKED_JA.fullmatch(question)
    if found is not None:
        return Definition(found["name"].strip("「」『』“”"), is_open=found["open"] is not None)
    english = _ASKED_EN.fullmatch(question)
    if english is None:
        return None
    return Definition(english["thing"] or english["name"], is_open=english["open"] is not None)


def asked_about(typed: str, passages: Sequence[Passage]) -> str:
    """Return the question that is meant by the title of an article alone; empty for all else.

    A subtitle, what stands in brackets behind it and the English article may be missing.
    """
    meant = _folded_name(typed.rstrip("。.？?！!"))
    for title in dict.fromkeys(each.hit.title for each in passages):
        for name in (title, _SUBTITLE.sub("", title)):
            if _folded_name(name) == meant:
                return _telling_of(name)
    return ""


def _telling_of(name: str) -> str:
    if detect_language(name) == "ja":
        return f"{name}について教えてください"
    return f"Tell me about {_ARTICLE_EN.sub(lambda found: found[0].lower(), name)}"


def _folded_name(title: str) -> str:
    return folded_together(_ARTICLE_EN.sub("", title))
