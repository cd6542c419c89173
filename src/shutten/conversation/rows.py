"""Follow-ups about rows of tables: the next most expensive, the event before, the same of another.

What an answer quotes as a row shows which words of the question named it; what is put in stands in
the conversation, as ever.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from shutten.checking.numerals import ORDINALS
from shutten.conversation.japanese_parts import without_marks
from shutten.conversation.memory import Exchange, exchange
from shutten.conversation.sides import kind_of
from shutten.conversation.superlatives import SHORT_JA, SUPERLATIVE_ALONE, superlative_in
from shutten.sentences import detect_language
from shutten.types import Turn

_THEN_JA = r"^(?:(?:それ)?では|じゃあ?|なら)?[、,\s]*"
_ASKED_JA = r"(?:は|って)?(?P<asked>どこ|どれ|どの\w{1,8}|何|いつ|誰|だれ)?(?:です|でした)?か?$"
_PLACE_JA = re.compile(
    rf"{_THEN_JA}(?:(?P<next>その次)|(?P<place>[\d０-９]{{1,2}}|[二三四五六七八九十])番目)"
    rf"(?:に(?P<stem>[一-龥]さ?)(?:い|かった))?の?{_ASKED_JA}"
)
_MOST_JA = re.compile(r"(?:一番|いちばん|最も|もっとも|[\d０-９一二三四五六七八九十]{1,2}番目に)")
_SHORTENED_JA = re.compile(rf"最(?P<short>[{''.join(SHORT_JA)}])(?:の(?!は))?")
_ORDINAL = "|".join(ORDINALS)
_PLACE_EN = re.compile(
    r"^(?:(?:and|what about|how about|but|then) )*(?:which (?:one )?(?:is|was) )?(?:the )?"
    rf"(?P<place>{_ORDINAL}|next)(?: one| place)?$",
    re.IGNORECASE,
)
_PLACED_EN = re.compile(rf"\bthe (?:{_ORDINAL})[ -](?=[a-z]+)", re.IGNORECASE)
_CAME_EN = re.compile(rf"\b(?P<came>came|finished|placed|was) (?:{_ORDINAL})\b", re.IGNORECASE)
_BESIDE_JA = re.compile(
    rf"{_THEN_JA}(?:その|それの)(?:すぐ|一つ)?(?P<way>前|次)(?:の(?P<noun>[^のはがを、]{{1,10}}))?{_ASKED_JA}"
)
_BESIDE_EN = re.compile(
    r"^(?:(?:and|what about|how about|but|then) )*"
    r"(?:(?:what|which|who)(?: one)? (?:comes|came|is|was) )?(?:the )?"
    r"(?:(?P<way>next|previous|following)(?: one)?"
    r"|(?:one )?(?:right |just )?(?P<side>before|after)(?: (?:it|that|this))?)$",
    re.IGNORECASE,
)
_YEAR_BESIDE = re.compile(
    rf"{_THEN_JA}(?:その)?(?:(?P<before>前年|前の年)|翌年|次の年)度?(?:は|って)?(?:どう|何人)?(?:です|でした)?か?$"
)
_ITS = re.compile(
    r"^(?:(?:and|but|so|then) )*(?P<asked>(?:who|what|when|where|how|which)(?: [a-z]+){1,3}?)"
    r" (?P<it>its|it)\b(?P<rest>[^,]*)$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(?P<year>\d{4})(?=年)")
_OF_DATE = re.compile(
    r"^(?P<date>\d{4}年度?(?:\d{1,2}月)?|\d{1,2}月(?:\d{1,2}日)?)の[^のはがを、]+は"
)
_TOPIC_JA = re.compile(r"^(?P<topic>[^のはがをにでと、\s\d]{2,12})(?:は|って)?$")
_OTHER_EN = re.compile(
    r"^(?:(?:and|what about|how about|but|then|for|of) )+(?P<topic>(?:the |a |an )?[^,?]{2,40}?)"
    r"(?P<own>['’]s?)?$",
    re.IGNORECASE,
)
_ASKS_EN = re.compile(
    r"\b(?:what|which|who|when|where|why|how|is|are|was|were|do|does|did|it|its|he|his|she|her"
    r"|that|this|they|their|in|on|at|by|with|to)\b",
    re.IGNORECASE,
)
_SHORTEST = 2
_BARE_JA = re.compile(
    rf"{_THEN_JA}(?P<topic>[^はがをにで、]*[^\x00-\x7f][^はがをにで、]*|[\w-]{{2,20}}?)"
    r"(?:は|って|だと|なら|の場合(?:は)?)(?:どう|いくら|いつ)?(?:です|でしょう)?か?$"
)
_ASIDE_OF_NAME = re.compile(r"\s*[（(][^（）()]*[)）]$")
_BARE_EN = re.compile(
    r"^(?:(?:and|what about|how about|but|then|for|of|on) )*(?:the |a |an )?"
    r"(?P<topic>[^,?]{2,40}?)$",
    re.IGNORECASE,
)


def about_rows(question: str, earlier: Exchange) -> str:
    """Return a follow-up about a row with what it leaves out; empty where it is none."""
    body = without_marks(question)
    return next(filter(None, (rule(body, earlier) for rule in _RULES)), "")


def quoted_row(answer: str) -> tuple[str, ...]:
    """Return the cells of the row of a table that a text that was shown quotes first, if any."""
    return exchange("", answer).cells


def with_other_row(question: str, before: Turn, row: Sequence[str]) -> str:
    """Return what `of_other_row` does; `before` stands alone, with the text that answered it."""
    return of_other_row(question, exchange(before.question, before.answer), row)


def of_other_row(question: str, earlier: Exchange, row: Sequence[str]) -> str:
    """Return the earlier question with the name of another row: 「日曜は？」 after 土曜日の….

    No word of it tells a row (日曜は？) from a column (定員は？): `row` are the cells of one that
    was found or quoted, and it must have the name where the other one was. Else empty.
    """
    body = without_marks(question)
    found = _BARE_JA.match(body) or _BARE_EN.match(body)
    name = _named_in(earlier)
    if found is None or not name or _cell_named(found["topic"], earlier.cells):
        return ""
    other = _cell_named(found["topic"], row[:1] if name == earlier.cells[0] else row)
    return _exchanged(earlier.question, name, other) if other else ""


def _exchanged(question: str, name: str, other: str) -> str:
    if detect_language(question) == "ja":
        return question.replace(name, other, 1)
    bare = _ASIDE_OF_NAME.sub("", other)
    return _said_as(name).sub(
        lambda found: f"the {bare}" if " " in found[0][:4] else bare, question, count=1
    )


def _cell_named(topic: str, cells: Sequence[str]) -> str:
    """The cell with a name: 日曜日 for 日曜, Child (3 to 15) for child."""
    one = topic.casefold()
    return next((cell for cell in cells if one in _names_of(cell.casefold())), "")


def _names_of(cell: str) -> tuple[str, ...]:
    bare = _ASIDE_OF_NAME.sub("", cell)
    return (cell, bare, bare[:-1]) if len(bare) > _SHORTEST else (cell, bare)


def _of_next_place(body: str, earlier: Exchange) -> str:
    """二番目は？ The next?: the earlier question for the most, asked for another place."""
    most = superlative_in(earlier.question)
    found = _PLACE_JA.match(body)
    if most is None or found is None:
        return ""
    place = str(most.place + 1) if found["next"] else found["place"]
    said = _SHORTENED_JA.sub(lambda each: f"一番{SHORT_JA[each['short']]}い", earlier.question)
    adverb = _MOST_JA.search(said)
    if adverb is None or (found["stem"] and found["stem"] not in said):
        return ""
    return _marked(f"{said[: adverb.start()]}{place}番目に{said[adverb.end() :]}")


def _of_next_place_in_english(body: str, earlier: Exchange) -> str:
    found = _PLACE_EN.match(body)
    most = superlative_in(earlier.question) if found else None
    if found is None:
        return ""
    place = found["place"].lower()
    came = _CAME_EN.search(earlier.question)
    if came and place != "next":
        question = earlier.question
        return f"{question[: came.start()]}{came['came']} {place}{question[came.end() :]}"
    words = list(ORDINALS)
    if most is None or (place == "next" and most.place >= len(words)):
        return ""
    place = words[most.place] if place == "next" else place
    bare = _PLACED_EN.sub("the ", earlier.question)
    form = re.search(rf"\b{SUPERLATIVE_ALONE.pattern}\b", bare, re.IGNORECASE)
    if form is None or not form.group().lower().startswith("the "):
        return ""
    return f"{bare[: form.start()]}the {place} {form.group()[4:]}{bare[form.end() :]}"


def _of_year_beside(body: str, earlier: Exchange) -> str:
    """翌年は？: the earlier question of the year after."""
    found, year = _YEAR_BESIDE.match(body), _YEAR.search(earlier.question)
    if found is None or year is None or len(_YEAR.findall(earlier.question)) > 1:
        return ""
    other = int(year["year"]) + (-1 if found["before"] else 1)
    written = f"{earlier.question[: year.start()]}{other}{earlier.question[year.end() :]}"
    return _marked(written)


def _of_row_beside(body: str, earlier: Exchange) -> str:
    """その前の行事は？ And the one before?: asked of what the row that was quoted is of."""
    name = _name_of_row(earlier)
    found = _BESIDE_JA.match(body)
    if name and found and not found["asked"]:
        noun = f"の{found['noun']}" if found["noun"] else ""
        return f"{name}の{found['way']}{noun}は？"
    beside = _BESIDE_EN.match(body)
    if not name or beside is None:
        return ""
    way = (
        "before" if (beside["way"] or beside["side"]).lower() in ("previous", "before") else "after"
    )
    return f"What comes {way} {name}?"


def _of_other_row(body: str, earlier: Exchange) -> str:
    """And the kiln's?: the earlier question with another name for that of the row."""
    found, name = _OTHER_EN.match(body), _named_in(earlier)
    if found is None or not name or _ASKS_EN.search(found["topic"]):
        return ""
    topic = found["topic"]
    if topic.lower().split()[-1] in earlier.question.lower() or kind_of(topic.split()[-1].lower()):
        return ""
    return _said_as(name).sub(lambda _: topic, earlier.question, count=1)


def _of_same_row(body: str, earlier: Exchange) -> str:
    """Who is its keeper? asks of what the question named, and not of its price."""
    found, name = _ITS.match(body), _named_in(earlier)
    said = _said_as(name).search(earlier.question) if found and name else None
    if found is None or said is None:
        return ""
    owner = f"{said.group()}'s" if found["it"].lower() == "its" else said.group()
    return f"{found['asked'][:1].upper()}{found['asked'][1:]} {owner}{found['rest']}?"


def _of_same_date(body: str, earlier: Exchange) -> str:
    """寄贈品は？ after 2020年の来館者数は？: something else of that year."""
    found, dated = _TOPIC_JA.match(body), _OF_DATE.match(earlier.question)
    if not earlier.cells or found is None or dated is None or found["topic"] in earlier.question:
        return ""
    return f"{dated['date']}の{found['topic']}は？"


def _marked(written: str) -> str:
    return f"{without_marks(written)}？"


def _said_as(name: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:the |a |an )?{re.escape(name)}(?!\w)", re.IGNORECASE)


def _name_of_row(earlier: Exchange) -> str:
    """What to call the row that was quoted: by the question, or by what was asked for."""
    named = _named_in(earlier)
    is_answer = earlier.short_answer in earlier.cells
    return earlier.short_answer if is_answer and (not named or named[:1].isdigit()) else named


def _named_in(earlier: Exchange) -> str:
    """The cell of the quoted row by which the question named it; empty where by none."""
    question = earlier.question.casefold()
    said = (
        cell for cell in earlier.cells if len(cell) >= _SHORTEST and cell.casefold() in question
    )
    return max(said, key=len, default="")


_RULES: tuple[Callable[[str, Exchange], str], ...] = (
    _of_next_place,
    _of_next_place_in_english,
    _of_year_beside,
    _of_row_beside,
    _of_other_row,
    _of_same_row,
    _of_same_date,
)
