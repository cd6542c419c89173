"""Numbered steps: the item of an ordered list that a question asks for by its number.

手順5では何をしますか, “What comes after step 3?” and 最後の手順は are answered by that item; where
the list has none of that number, by nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from shutten.context import hit_at, in_context
from shutten.errors import UnknownArticleError
from shutten.index import Index
from shutten.sentences import begins_line, detect_language, heading_words
from shutten.terms import folded, terms_of
from shutten.types import Article, Passage, Reading, Sentence

KNOWN = 0.9
"""How sure an item is that was asked for by its number."""

FEWEST = 2
"""Items of a list."""

_NOUN = "手順|ステップ|工程"
_DIGITS = r"\d{1,3}|[一二三四五六七八九十]"
_STEP_JA = re.compile(
    r"^(?:(?P<of>.{1,40}?)(?:における|での|の|では|で)、?)??"
    rf"(?:(?P<noun>{_NOUN})の?(?P<number>{_DIGITS})(?:番目?)?"
    rf"|(?:第?(?P<nth>{_DIGITS})(?:番目?|つ目)?|(?P<end>最初|最後))の(?P<kind>{_NOUN}))"
    rf"(?P<next>の(?:次|後|あと)(?:の(?:{_NOUN}))?)?"
    r"(?:の内容|で行うこと)?(?:では|で|には|は|って)?、?(?:何|なに|どんなこと|どのようなこと|どう)?"
    r"[ぁ-ん]{0,12}(?:行[ぁ-ん]{1,8}|教えてください|教えて)?$"
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_STEP_EN = re.compile(
    r"^(?:and |then |so )?(?:what(?:'s| is| was| comes| happens| must be done| is done|"
    r" (?:do|should|must|can) (?:i|we|you|one)(?: have to)? do|(?: (?:do|does))? (?:i|we) do)"
    r"|describe|tell me(?: about)?|explain)(?P<next> (?:right |directly )?after| following)?"
    r"(?: in| at| for| during)?(?: the)?"
    r" (?:(?P<noun>step) (?:number |no\. ?)?(?P<number>\d{1,3})"
    rf"|(?P<nth>{'|'.join(_ORDINALS)}|tenth|last|final|\d{{1,3}}(?:st|nd|rd|th)) (?P<kind>step))"
    r"(?: (?:of|for|in|when|to) (?P<of>.+))?$"
)
_MARK = re.compile(r"\s*(\d{1,3})[.)]\s+(?=\S)")
_KANJI = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Step:
    """A step asked for: `number` from 1, -1 the last; `after` it the next one is meant.

    `noun` is what the question calls it, `of` what it is a step of, empty where it does not say.
    """

    number: int
    noun: str
    of: str = ""
    after: bool = False


@dataclass(frozen=True, slots=True)
class Steps:
    """An ordered list: its items are the sentences of each, and `heading` what stands above it."""

    article: Article
    heading: str
    items: tuple[tuple[Sentence, ...], ...]

    def at(self, step: Step) -> tuple[Sentence, ...]:
        """Return the sentences of the item; none where there is no such item."""
        place = len(self.items) if step.number < 0 else step.number
        place += step.after
        return self.items[place - 1] if 1 <= place <= len(self.items) else ()

    def tells_of(self, step: Step) -> bool:
        """Whether its article speaks of a step of that number, as of one that is in no list."""
        return re.search(rf"{step.noun} ?{step.number + step.after}(?!\d)", self.text) is not None

    @property
    def text(self) -> str:
        """The article as words are looked for in it."""
        return folded(self.article.text)


def step_in(question: str) -> Step | None:
    """Return the step that a whole question asks for; None where it asks for something else."""
    text = re.sub(r"[\s。．.？?！!]+$", "", unicodedata.normalize("NFKC", question).casefold())
    found = _STEP_JA.match(text) or _STEP_EN.match(text)
    if found is None:
        return None
    said = found.groupdict()
    number = _number(said.get("number") or said.get("nth") or said.get("end") or "")
    noun = said["noun"] or said["kind"]
    return Step(number, noun, said["of"] or "", said["next"] is not None)


def _number(said: str) -> int:
    if said in ("last", "final", "最後"):
        return -1
    if digits := re.match(r"\d+", said):
        return int(digits.group())
    known = {"tenth": 10, "最初": 1, **{word: n for n, word in enumerate(_ORDINALS, 1)}}
    return known.get(said) or _KANJI.index(said) + 1


def step_readings(question: str, passages: Sequence[Passage], index: Index) -> list[Reading] | None:
    """Return the item of the one list in the articles found that a question asks for.

    Empty where that list has no such item; None where the question asks for no step, or where no
    list or several have it. Of several articles those in the question's language are meant, unless
    it says of what the step is one.
    """
    step = step_in(question)
    if step is None:
        return None
    ids = dict.fromkeys(each.hit.article_id for each in passages)
    lists = _meant(step, _lists_in(ids, index))
    if not step.of and len(ids) > 1:
        lists = [each for each in lists if detect_language(each.text) == detect_language(question)]
    fitting = [each for each in lists if each.at(step)]
    if len(fitting) == 1:
        return [_reading(fitting[0], each) for each in fitting[0].at(step)]
    is_lacking = len(lists) == 1 and not fitting and not lists[0].tells_of(step)
    return [] if is_lacking else None


def _meant(step: Step, lists: Sequence[Steps]) -> Sequence[Steps]:
    """Leave out lists of what is not named, and those that nothing calls steps, if some stay."""
    words = terms_of(step.of)
    lists = [each for each in lists if all(word.held_by(each.text) for word in words)]
    tests: tuple[Callable[[Steps], bool], ...] = (
        lambda each: step.noun in folded(f"{each.article.title} {each.heading}"),
        lambda each: step.noun in each.text,
    )
    for test in tests:
        lists = [each for each in lists if test(each)] or lists
    return lists


def _lists_in(article_ids: Iterable[str], index: Index) -> list[Steps]:
    lists = []
    for article_id in article_ids:
        try:
            article, sentences = index.article_with_sentences(article_id)
        except UnknownArticleError:  # it has left a moment ago
            continue
        lists += ordered_lists(article, sentences)
    return lists


def ordered_lists(article: Article, sentences: Iterable[Sentence]) -> list[Steps]:
    """Return the lists of an article whose items are numbered from 1 on, in order."""
    lists: list[Steps] = []
    heading, items = "", list[tuple[Sentence, ...]]()
    for each in sentences:
        number = _number_of(article, each)
        if each.kind == "heading" or number == 1:
            lists += _whole(article, heading, items)
            items = []
        if each.kind == "heading":
            heading = heading_words(article.text[each.start : each.end])
        elif number == len(items) + 1:
            items.append((each,))
        elif items and _goes_on(article, items[-1][-1], each):
            items[-1] = (*items[-1], each)
    return [*lists, *_whole(article, heading, items)]


def _number_of(article: Article, sentence: Sentence) -> int:
    """The number that a sentence has as an item of a list; 0 where it has none."""
    mark = _MARK.match(article.text[sentence.start : sentence.end])
    return int(mark[1]) if mark and sentence.kind == "body" else 0


def _goes_on(article: Article, last: Sentence, sentence: Sentence) -> bool:
    """Whether a sentence stands on the line of the last one of an item."""
    return last.number == sentence.number - 1 and not begins_line(article.text, sentence)


def _whole(article: Article, heading: str, items: Sequence[tuple[Sentence, ...]]) -> list[Steps]:
    return [Steps(article, heading, tuple(items))] if len(items) >= FEWEST else []


def _reading(found: Steps, sentence: Sentence) -> Reading:
    hit = in_context(found.article, hit_at(found.article, sentence, found.heading or None))
    return Reading(Passage(hit), relevance=1.0, confidence=KNOWN)
