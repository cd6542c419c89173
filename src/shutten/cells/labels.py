"""Lines with a label (「場所：人文棟4階」, "Absent: Tom Ridley"), which are rows of two cells.

Their sentence says nothing of the thing that the title names: a question for it is answered by the
line whose label tells what is asked for, where title, heading and label say all of the question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shutten.context import hit_at, in_context
from shutten.errors import UnknownArticleError
from shutten.grounding import UNSURE
from shutten.index import Index
from shutten.sentences import trimmed
from shutten.terms import folded, terms_of
from shutten.types import Article, Passage, Reading, Sentence
from shutten.wording.yes_no import asks_yes_or_no

ARTICLES = 3
"""The lines of so many articles are looked at, those of the foremost passages."""

_LINES = (
    re.compile(
        r"[^\w【「『(（]{0,4}(?P<label>\w[^:：。、「」【】*]{0,18}?)[\s*_]{0,4}[:：](?!//)[\s*_]{0,4}"
        r"(?P<value>[^\s*_].*?)[。\s]*",
        re.DOTALL,
    ),
    re.compile(r"[^\w【]{0,4}【(?P<label>[^】]{1,12})】\s*(?P<value>\S.*?)[。\s]*", re.DOTALL),
)
_HALF = 0.5
_NUMBER = re.compile(r"\d+(?:st|nd|rd|th|[一-龥])?")
"""With what it counts: 第8回 is not of the 8th of a month."""
_POSSESSIVE = re.compile(r"['’]s\b")
_SINGLE = re.compile(r"(?<![一-龥々])[一-龥](?![一-龥々])")
_ASKS_MORE = re.compile(
    r"なぜ|どうして|なんで|理由|原因|以外|何人(?!ま)|何名(?!ま)|次[回の]|前回|昨年|翌年"
    r"|\b(?:why|how many|how come|next|last|other than)\b"
)
"""Asks for what no label tells, or for another one than the article is of."""
_WHO = r"(?:誰|だれ|どなた|[人者]は|メンバーは)"
_HELD = r"(?:開催|開[かい]|行[わなっ]|催|実施|集ま|集合|待ち合わせ|や[りるっ])"
_END = r"[ぁ-ん]*\W*$"
_MEETING = re.compile(
    r"会議|会合|集会|集まり|(?<![一-龥])会(?![一-龥])|当日|本日|今[回度]|\b(?:meeting|event|session)\b"
)
"""What somebody calls the thing that an article is about, whatever its title says."""
_QUESTION_WORDS = re.compile(
    r"何(?:月何日|時|日|曜日?|人|名|円)?|誰|[人者方]は|所は|場所|物|教え|知|言|大体|\b(?:take|took|place|tell|me|pleas)\b"
)
_DIGIT = re.compile(r"[\d〇一二三四五六七八九十百千無半毎]|曜|free|none|day\b")
_CLOCK = re.compile(
    r"(?:午[前後])?\d{1,2}(?:時(?:\d{1,2}分|半)?|[:.]\d\d(?: ?[ap]\.?m\b\.?)?| ?[ap]\.?m\b\.?)"
    r"(?:\s?(?:から|[-~〜～–—]|to)\s?(?:午[前後])?\d{1,2}(?:時(?:\d{1,2}分|半)?|[:.]\d\d)"
    r"(?: ?[ap]\.?m\b\.?)?)?",
    re.IGNORECASE,
)
_BARE = r"(?:誰|だれ|どなた|どこ|どちら|いつ|何(?:時|人|名|曜日|日)?|なに|なん|いくら|どれ|どう)?"
_WH = r"what|who|when|where|how much"
_COPULA = r"(?:(?:です|でし|だ|なん|になり|になっ|教え)[ぁ-ん]*|か)?"


@dataclass(frozen=True, slots=True)
class Sort:
    """What labels of one sort are called, and the folded questions that ask for what they tell.

    `says` are the words of such a question that the label explains, though it does not have them.
    """

    label: re.Pattern[str]
    asks: re.Pattern[str]
    says: re.Pattern[str]
    value: re.Pattern[str] | None = None


def _sort(label: str, asks: str, says: str, value: re.Pattern[str] | None = None) -> Sort:
    return Sort(re.compile(label), re.compile(asks), re.compile(says), value)


_DATE = _sort(
    r"(?:開催|実施)?(?:日時|日程|期日|年月日|日|会期|期間)|dates?|when|date and time",
    rf"(?:いつ|何月何日|何日)(?:に|から|まで|から(?:いつ)?まで)?(?:{_HELD}{_END}|です|でし|だっ)"
    rf"|{_HELD}[ぁ-ん]{{1,6}}(?:の|日)は(?:いつ|何月何日|何日){_END}"
    r"|^when (?:was|is|were|are|did|does|do|will)\b.*\b(?:held|hold|place|meet)\W*$",
    rf"{_HELD}|\b(?:held|hold|meet)\b",
    _DIGIT,
)
_SORTS = (
    _sort(
        r"(?:開催|実施|集合|会議|待ち合わせ)?(?:場所|会場)|開催地|venue|place|location|where"
        r"|meeting (?:place|point)",
        rf"(?:どこ|どちら)(?:で|に|へ){_HELD}{_END}|{_HELD}[ぁ-ん]{{1,6}}(?:の|ところ|所|場所)は(?:どこ|どちら){_END}"
        rf"|(?:場所|会場)は(?:どこ|どちら){_END}"
        r"|^where (?:was|is|were|are|did|does|do|will)\b.*\b(?:held|hold|place|meet)\W*$",
        rf"{_HELD}|会場|\b(?:held|hold|meet)\b",
    ),
    _DATE,
    _sort(
        r"(?:開催|開始|集合)?(?:日時|時間|時刻)|開始|(?:start(?:ing)? )?time|date(?: and time)?",
        rf"何時(?:に|から|の)?(?:始ま|開始|集合|{_HELD}){_END}|何時から(?:です|でし|だっ)|何時集合"
        r"|^(?:what time|when) (?:did|does|do|will)\b.*\b(?:start|begin)\W*$",
        rf"始ま|{_HELD}|\b(?:held|hold|meet|time|start|begin)\b",
        _CLOCK,
    ),
    _sort(
        r"欠席者?|absent(?:ees)?|apologies(?: for absence)?|regrets",
        rf"(?:欠席|休[んみ]|[来出]な|来られな|(?:出席|参加)(?:し|でき)な).*{_WHO}"
        rf"|{_WHO}.*(?:欠席|休[んみ]|[来出]な|来られな|(?:出席|参加)(?:し|でき)な)"
        r"|^who\b.*(?:\babsent|\bmiss(?:ed|ing)\b|(?:\bnot|n't) (?:attend|come|there|present))",
        r"休|来|出|出席|参加|欠席|\b(?:absent|miss\w*|attend|come|present)\b",
    ),
    _sort(
        r"(?:出席|参加)(?:者|メンバー)?|present|attend(?:ees|ance|ing)|in attendance|participants",
        rf"(?:出席|参加|出た|来た|集まった)(?!.*な[いか]).*{_WHO}|{_WHO}.*(?:出席|参加|来)(?!.*な[いか])"
        r"|^who (?:attended|was present|were present|came|took part|was there|were there)\b",
        r"出|来|集|\b(?:attend\w*|present|came|took|part)\b",
    ),
    _sort(
        r"(?:司会|議長|進行|座長|司会進行)(?:者|役)?|chair(?:man|woman|person|ed by)?|moderator",
        rf"(?:司会|議長|進行|座長).*{_WHO}|{_WHO}.*(?:司会|議長|進行|座長)"
        r"|^who (?:chaired|presided|moderated|led|was in the chair|was the chair\w*)\b",
        r"司会|議長|進行|座長|務|役|\b(?:chair\w*|presided|moderated|led|over)\b",
    ),
    _sort(
        r"(?:記録|書記|議事録)(?:者|係|担当|作成)?|minutes(?:(?: taken)? by)?|secretary"
        r"|note[- ]taker|recorded by",
        rf"(?:記録|書記|議事録)を?.*{_WHO}|{_WHO}.*(?:記録|書記|議事録)"
        r"|^who (?:took|wrote|kept|recorded|was taking) (?:the )?(?:minutes|notes)\b",
        r"記録|書記|議事録|取|書[いきか]|作成|係|務|\b(?:took|wrote|kept|recorded|minutes|notes)\b",
    ),
    _sort(
        r"定員|募集人[数員]|capacity|maximum(?: number)?",
        r"何[人名]まで|定員は|\bhow many (?:people|persons|visitors) (?:can|may)\b",
        r"何[人名]|参加|入れ|入場|申し?込|募集|定員|\b(?:people|persons|visitors|join|take|part|attend)\b",
        _DIGIT,
    ),
    _sort(
        r"持ち物|(?:持参|用意|準備)(?:品|する(?:物|もの))|(?:what to )?bring",
        r"何を(?:持|用意|準備|持参).*|\bwhat (?:should|must|do|shall) \w+ (?:bring|take)\b",
        r"持|用意|準備|持参|行|来|\b(?:bring|take)\b",
    ),
    _sort(
        r"(?:休館|定休|休業|休園)日?|closed",
        r"休[みむ館業園].*(?:いつ|何曜|何日)|(?:いつ|何曜日?|何日)[がにはも]?(?:休|閉)",
        r"休[館業園]?|閉|曜日?|\bclosed\b",
        _DIGIT,
    ),
    _sort(
        r"(?:申し?込み?|応募|受付|提出|募集)?(?:締め?切り?|〆切|期限|期日)日?|deadline"
        r"|(?:apply|register) by",
        rf"(?:申し?込|応募|締め?切|提出).*いつ(?:まで)?{_END}|いつまでに?(?:申し?込|応募|提出)",
        r"申し?込|応募|締|切|期限|提出",
        _DIGIT,
    ),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line with a label, folded; `start` and `end` are where its value stands in its text."""

    article: Article
    heading: str | None
    sentence: Sentence
    label: str
    text: str
    start: int
    end: int

    @property
    def value(self) -> str:
        """What the line tells."""
        return self.text[self.start : self.end]


def line_that_answers(
    question: str, readings: Sequence[Reading], passages: Sequence[Passage], index: Index
) -> Reading | None:
    """Return the only line with a label that tells what a question asks for; None without one.

    Not where the best sentence has itself the words of the question. A question that names nothing
    of the title is surely about it only where nothing else was found.
    """
    asked = _POSSESSIVE.sub("", folded(question))
    best = max(readings, key=lambda each: each.relevance, default=None)
    if best is None or _ASKS_MORE.search(asked) or asks_yes_or_no(asked):
        return None
    if _says_itself(asked, best):
        return None
    found = [*(each.passage for each in readings), *passages]
    ids = list(dict.fromkeys(each.hit.article_id for each in found))
    told = [each for some in ids[:ARTICLES] for each in _answering(asked, _lines(index, some))]
    if len({(each[0].article.id, each[0].value) for each in told}) != 1:
        return None
    (line, is_named), *_ = told
    is_sure = is_named or len(ids) == 1
    return _reading(asked, line, readings, UNSURE if is_sure else UNSURE - 0.01)


def _says_itself(asked: str, best: Reading) -> bool:
    terms, text = terms_of(_MEETING.sub(" ", asked)), folded(best.passage.hit.text)
    is_sure = best.confidence >= UNSURE and _in_line(best.passage.hit.text) is None
    return is_sure and bool(terms) and all(each.held_by(text) == 1 for each in terms)


def _in_line(text: str) -> re.Match[str] | None:
    return next((found for each in _LINES if (found := each.fullmatch(text))), None)


def _lines(index: Index, article_id: str) -> list[Line]:
    """The lines of an article that have a label, each with the heading above it."""
    try:
        article, sentences = index.article_with_sentences(article_id)
    except UnknownArticleError:  # it has left a moment ago
        return []
    return list(_labelled(article, sentences))


def _labelled(article: Article, sentences: Sequence[Sentence]) -> Iterator[Line]:
    heading = None
    for each in sentences:
        text = article.text[slice(*trimmed(article.text, each))]
        if each.kind == "heading":
            heading = text
        found = None if each.kind == "heading" else _in_line(text)
        if found:
            label = folded(found["label"]).strip()
            yield Line(article, heading, each, label, text, *found.span("value"))


def _answering(asked: str, lines: Sequence[Line]) -> list[tuple[Line, bool]]:
    """The lines that tell what is asked for, each with whether the question names its title.

    Those that the question calls by their label, where there are any.
    """
    named = [each for each in lines if _is_called(each, asked)]
    for some, sorts in ((named, None), (lines, _SORTS)):
        found = [
            (line, is_named)
            for line in some
            for said in _explained_by(line, asked, sorts)
            if (is_named := _is_about(said, line, lines)) is not None
        ]
        if found:
            return found
    return []


def _is_called(line: Line, asked: str) -> bool:
    """Whether a question asks for a line by its label: 参加費はいくらですか, what is the fee."""
    label = re.escape(line.label)
    found = re.search(rf"{label}(?:(?:は|って)、?{_BARE}{_COPULA}|を教え[ぁ-ん]*)?\W*$", asked)
    if line.label.isascii():
        found = re.search(
            rf"^(?:what|who|when|where|how much) (?:is|was|are|were) the {label}\b", asked
        )
    if found is None or len(line.label) < len("場所"):
        return False
    wants_number = re.search(r"いつ|いくら|何[時人名曜日]|when|how much", asked)
    is_person = re.search(r"誰|だれ|どなた|^who\b", asked)
    has_number = _DIGIT.search(folded(line.value)) is not None
    return not (wants_number and not has_number) and not (is_person and has_number)


def _explained_by(line: Line, asked: str, sorts: Sequence[Sort] | None) -> Iterator[str]:
    """What is left of a question that asks for what a line tells."""
    if sorts is None:
        yield asked.replace(line.label, " ")
        return
    for sort in sorts:
        is_asked_for = sort.label.fullmatch(line.label) and sort.asks.search(asked)
        if is_asked_for and (sort.value is None or sort.value.search(folded(line.value))):
            yield sort.says.sub(" ", asked)


def _is_about(rest: str, line: Line, lines: Sequence[Line]) -> bool | None:
    """Whether what is left of a question names the title, or no title; None for another thing."""
    known = folded(f"{line.article.title}\n{line.heading or ''}\n{line.label}")
    dates = [each.value for each in lines if each.heading == line.heading and _is_date(each)]
    dated = folded("\n".join([known, *dates]))
    rest = _QUESTION_WORDS.sub(" ", _MEETING.sub(" ", rest))
    numbers = _NUMBER.findall(rest)
    terms = [each for each in terms_of(_NUMBER.sub(" ", rest)) if each.script != "number"]
    single = _SINGLE.findall(_NUMBER.sub(" ", rest))
    if not all(re.search(rf"(?<!\d){each}(?!(?<=\d)\d)", dated) for each in numbers):
        return None
    if not all(each.held_by(known) >= _HALF for each in terms) or set(single) - set(known):
        return None
    return bool(numbers or terms or single)


def _is_date(line: Line) -> bool:
    return _DATE.label.fullmatch(line.label) is not None


def _reading(asked: str, line: Line, readings: Sequence[Reading], least: float) -> Reading:
    """A line as a reading whose answering words are its value, or the hour in it."""
    hit = in_context(line.article, hit_at(line.article, line.sentence, line.heading))
    known = (each.confidence for each in readings if each.passage.hit.place == hit.place)
    clock = _CLOCK.search(line.text, line.start) if "何時" in asked else None
    start, end = clock.span() if clock else (line.start, line.end)
    return Reading(Passage(hit), 0.0, max([*known, least]), start, end)
