"""Sentences about another one of the things that are told apart by a number.

What is asked of machine 3, the second factory or the T-50 is not answered by a sentence about
machine 2, the third factory or the T-30, which shares nearly all of its words with the question.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from shutten.checking.numerals import japanese_value
from shutten.wording.counters import COUNTER
from shutten.wording.expressions import MONTHS

_KANJI = "一二三四五六七八九十百"
_NUMBER = rf"(?P<number>\d{{1,4}}|[{_KANJI}]+)"
_DECIMAL = r"(?P<number>\d{1,4}(?:\.\d+)*)(?![\d,.]*\d)"
_CLASSES = (
    "train|room|version|platform|phase|stage|step|chapter|volume|section|article|gate|bus|line"
    "|route|unit|model|type|class|grade|level|building|block|ward|wing|car|carriage|engine"
    "|locomotive|flight|lot|plot|pump|well|tower|lock|plant|factory|reactor|ship|boat|station|site"
    "|zone|district|sector|hut|hall|table|figure|season|episode|test|sample|trial|experiment|group"
    "|team|batch|number"
)
_SERIES = tuple(
    re.compile(pattern)
    for pattern in (
        # 第3回, 第2工場
        rf"第{_NUMBER}(?P<of>[回期号版章巻話条部次代子局弾戦党編項節幕世]|(?!位|作)[一-龥ァ-ヴー]{{2}})"
        r"(?!世界|大戦)",
        # 3号機, 2丁目, 三代目; but not what a name is told by in brackets: 羽左衛門 (15代目)
        rf"(?<![\d.,]){_NUMBER}(?P<of>号[機車館棟室店炉墳艇艦井線橋坑窯]?|番線|番ホーム|番館|丁目|年生|等級"
        r"|[系形型](?![一-龥])|代目(?!\s?[)）])|期生|合目|便|階(?!建))",
        rf"\b(?i:(?P<of>{_CLASSES})s?) {_DECIMAL}",
    )
)
_NAMES = tuple(
    re.compile(pattern)
    for pattern in (
        # ミオ4, T-50, KR200
        rf"(?P<of>[ァ-ヴー]{{2,}}|(?<![A-Za-z])[A-Za-z]{{1,6}})[-‐–]?{_DECIMAL}"
        rf"(?!\s?(?:{COUNTER.pattern}|[%A-Za-z]))",
        # Voyager 2, but not May 2, In 12 or Some 200 people
        rf"\b(?P<of>[A-Z][a-z]+) {_DECIMAL}"
        r"(?! ?(?:%|per ?cent|people\b|[a-z]{3,}s\b|million|thousand|hundred))",
    )
)
_NO_NAMES = frozenset(
    re.findall(
        r"[a-z]+",
        MONTHS.casefold() + " jan feb mar apr jun jul aug sep sept oct nov dec in at by on of the "
        "from to about over some only nearly around until since after before and or with for "
        "between than ad bc under up all her his its their another these those during circa is are "
        "was were how does did aged age",
    )
)
"""Words that may have a capital and stand before a number, and name nothing."""
_ANY = re.compile(rf"(?<![\d.])(?P<number>\d+(?:\.\d+)*|[{_KANJI}]+)")
_COUNTS = re.compile(rf"\s?(?:{COUNTER.pattern})")
_RELATES = re.compile(
    r"ど[れのっ]|どち(?!らですか$)|いくつ|何[回期号版章巻話条部次階代番]|比[べ較]|違[いう]|同[じ時]|より"
    r"|\b(?:which|how many|than|same|differ\w*)\b",
    re.IGNORECASE,
)
"""Which of them is asked, or how they stand to each other. Which one it is of two other things
(「2号機の色は赤ですか、青ですか」, read as 「2号機の色はどちらですか」) is no such question."""


def is_of_another_number(question: str, texts: tuple[str, str, str]) -> bool:
    """Whether a question asks about a thing with a number, and a sentence is about another such.

    The texts are the sentence, what stands before it, and its title. Sentence or title must have
    the word with another number, and none of them may have the number that is asked for. Of the
    sentences that answer 111,446 questions of JaQuAD and our own 14 are such, of the most tempting
    ones for 50,431 near misses 156.
    """
    asked = unicodedata.normalize("NFKC", question)
    numbered = _numbered(asked)
    if not numbered or _RELATES.search(asked):
        return False
    read = [unicodedata.normalize("NFKC", each) for each in texts]
    told = {of for each in (read[0], read[2]) for of, _ in _numbered(each)}
    named = Counter(of for of, _ in numbered)
    return any(
        of in told and named[of] == 1 and not any(_has(each, of, number) for each in read)
        for of, number in numbered
    )


def _numbered(text: str) -> set[tuple[str, str]]:
    """What has a number in a text: the word that it shares with its likes, and the number."""
    found = (each for form in (*_SERIES, *_NAMES) for each in form.finditer(text))
    pairs = ((each["of"].casefold(), _value(each["number"])) for each in found)
    return {(of, number) for of, number in pairs if of not in _NO_NAMES}


def _value(written: str) -> str:
    """A number in digits without noughts before it; what stands behind a point stays as it is."""
    if written[0].isdigit() and not written.isdigit():
        return written.lstrip("0") or "0"
    return str(int(japanese_value(written)))


def _has(text: str, of: str, number: str) -> bool:
    """Whether a text has a number, but for one that counts and the number of another name."""
    named = {
        each.start("number")
        for form in _NAMES
        for each in form.finditer(text)
        if each["of"].casefold() != of
    }
    told = {each.start("number") for form in _SERIES for each in form.finditer(text)}
    return any(
        _value(each["number"]) == number
        and each.start() not in named - told
        and (
            len(number) == len("2008")  # a contest has its year as a number
            or text.startswith(of, each.end())
            or not _COUNTS.match(text, each.end())
        )
        for each in _ANY.finditer(text)
    )
