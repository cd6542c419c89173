"""Questions that name what to choose from, as in: was it built of stone or of steel.

A reader is drawn to what a question has in common with a sentence, and here that is both of the
things named. Asked without them, it finds the one that answers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from shutten.conversation.comparisons import compares
from shutten.conversation.compounds import LONGEST


@dataclass(frozen=True, slots=True)
class Choice:
    """The two things named, and the question without them, in forms to be tried in turn."""

    options: tuple[str, str]
    open_questions: tuple[str, ...]

    def named_in(self, words: str) -> str | None:
        """The one of the two that some words hold, or that holds them; None where not one does."""
        folded = words.casefold()
        named = [each for each in self.options if self.place_of(each, words) >= 0] or [
            each for each in self.options if len(words) > 1 and folded in each.casefold()
        ]
        return named[0] if len(named) == 1 else None

    def only_in(self, sentence: str) -> str | None:
        """The one of the two that a sentence has; None where it has both or neither."""
        found = [each for each in self.options if self.place_of(each, sentence) >= 0]
        return found[0] if len(found) == 1 else None

    def place_of(self, option: str, text: str, start: int = 0) -> int:
        """Where a text has an option from `start` on, -1 where nowhere.

        Not inside of the other one: 楕円形 is no 円形, a female no male.
        """
        folded, named = text.casefold(), option.casefold()
        for other in (each.casefold() for each in self.options):
            if named in other and named != other:
                folded = folded.replace(other, "\0" * len(other))
        return folded.find(named, start)


def choice_in(question: str) -> Choice | None:
    """Return what a question gives to choose from; None where it does not, or compares."""
    if len(question) > LONGEST or compares(question):
        return None
    choice = _choice_ja(question) or _choice_en(question)
    return choice if choice is not None and len(set(choice.options)) == 2 else None  # noqa: PLR2004


# ── Japanese ─────────────────────────────────────────────────────────────────────────────────

_NO_OPTION_JA = r"何|誰|だれ|いつ|いく[らつ]|なぜ|ど[これのんうち]"
_ENDED_JA = r"(?<!ます)(?<!た)(?<!る)(?<!たの)(?<!るの)"
_OPTION_JA = rf"(?![のっらんか])(?:(?!{_NO_OPTION_JA})[^、。？?]){{1,30}}?{_ENDED_JA}"
_NOUN_JA = rf"(?![のっらん])[^、。？?はがをにでと]{{1,20}}{_ENDED_JA}"
_NAME_JA = rf"(?:(?!{_NO_OPTION_JA})[^\W\d_ぁ-ん]){{1,12}}"
_OR_JA = r"(?:[、。？?]?\s*(?:それとも|あるいは|または|もしくは)、?|、)"
_ASKED_JA = (
    r"(?:(?:なの|だったの|なん|だったん)?(?:です|でしょう|でした)(?:か|かね)|だったか|だったの"
    r"|だっけ|なのか|なの|かな|か)"
)
_WHICH_JA = r"(?:どちら|どっち)"
_END_JA = r"(?:(?:を)?(?:教えて|知りたい)[^、]{0,6})?[。？?\s]*$"
_ABOUT_JA = r"^(?P<of>[^、]+(?:(?<!で)は|って|のって))、?(?:主に|最初は|原則として)?"

_LAST_JA = (
    re.compile(
        rf"{_ABOUT_JA}(?P<one>{_OPTION_JA}){_ASKED_JA}?{_OR_JA}"
        rf"(?P<two>{_OPTION_JA}){_ASKED_JA}{_END_JA}"
    ),
    re.compile(
        rf"{_ABOUT_JA}(?P<one>{_OPTION_JA}){_ASKED_JA}?[。？?]\s*(?:それとも|あるいは)、?"
        rf"(?P<two>{_OPTION_JA}){_ASKED_JA}?{_END_JA}"
    ),
    re.compile(
        rf"{_ABOUT_JA}(?P<one>{_OPTION_JA})か、?(?P<two>{_OPTION_JA})か、?{_WHICH_JA}"
        rf"{_ASKED_JA}?(?:です|でした|でしょう)?{_END_JA}"
    ),
    re.compile(
        rf"{_ABOUT_JA}(?P<one>{_OPTION_JA})(?:です|でした|なの|だったの)か?"
        rf"(?P<two>{_OPTION_JA})(?:です|でした|なの|だったの)か?{_END_JA}"
    ),
    re.compile(rf"{_ABOUT_JA}(?P<one>{_NAME_JA})か(?P<two>{_NAME_JA})(?:なの)?か?{_END_JA}"),
    re.compile(
        rf"{_ABOUT_JA}(?P<one>{_OPTION_JA})(?:と(?!し|い|な)|か|{_OR_JA})(?P<two>{_OPTION_JA})"
        rf"(?:の|か、?|では、?|、)?(?:うち、?)?{_WHICH_JA}"
        rf"(?P<noun>の[^、はがを]{{1,4}}?)?(?:が正しい)?{_ASKED_JA}?(?:です|でした|だった)?{_END_JA}"
    ),
)
"""What is chosen from stands at the end: 橋を架けたのは村ですか、それとも国ですか."""
_FIRST_JA = re.compile(
    rf"^(?P<about>(?:.*[はでに、])?)(?P<one>{_NOUN_JA})と"
    rf"(?:(?P<two>{_NOUN_JA})(?:の(?:うち)?|では)|(?P<both>[^、。？?はがをにでとの]{{1,20}})は)"
    rf"、?(?P<rest>{_WHICH_JA}[がをにでとへ][^、]+?){_END_JA}"
)
_COMPARING_JA = re.compile(
    r"より|もっと|先[にか]?|早く|遅く|後に|多く|少なく|[^な]い(?:です|の|ん|でしょう)*か?$"
)
"""No single sentence need tell which of two is the longer one."""


def _choice_ja(question: str) -> Choice | None:
    for pattern in _LAST_JA:
        if found := pattern.match(question):
            topic = re.sub(r"(?:は|って)$", "", found["of"]) + (found.groupdict().get("noun") or "")
            return Choice((found["one"], found["two"]), _forms_ja(topic, found["one"]))
    found = _FIRST_JA.match(question)
    if found is None or _COMPARING_JA.search(found["rest"]):
        return None
    return Choice(
        (found["one"], found["two"] or found["both"]), (f"{found['about']}{found['rest']}",)
    )


_DATED_JA = re.compile(r"\d+(?:年|月|日|世紀)|(?:明治|大正|昭和|平成|令和)")
_COUNTED_JA = re.compile(r"[\d〇一二三四五六七八九十百千万億,.]+(?P<unit>[^\d、。]{1,6})$")


def _forms_ja(topic: str, option: str) -> tuple[str, ...]:
    """The question without the two things, by what kind of thing they are."""
    counted = _COUNTED_JA.match(option)
    if _DATED_JA.search(option):
        return f"{topic}はいつですか", f"{topic}は？"
    if counted is not None:
        return f"{topic}は何{counted['unit']}ですか", f"{topic}は？"
    return f"{topic}は？", f"{topic}は何ですか", f"{topic}はどちらですか"


# ── English ──────────────────────────────────────────────────────────────────────────────────

_SMALL_EN = r"(?:(?:in|at|on|by|for|from|to|with|of|a|an|the) )*"
_OPTIONS_EN = (
    rf"{_SMALL_EN}(?P<one>[^,?]{{1,50}}?),? or {_SMALL_EN}(?!not\b)(?P<two>[^,?]{{1,50}}?)"
)
_WHICH_EN = re.compile(
    rf"^(?P<of>{_SMALL_EN}(?:who|whom|whose|what|which|when|where|how)\b[^,:?]+)[,:?]+ ?"
    rf"{_OPTIONS_EN}\??$",
    re.IGNORECASE,
)
_IT_EN = re.compile(
    rf"^(?:was|is|were) it {_OPTIONS_EN} (?P<who>who|that|which) (?P<rest>[^?]+)\??$",
    re.IGNORECASE,
)
_PLACED_EN = r"in|at|on|by|for|from|to|with|of|during|near"
_DONE_EN = re.compile(
    r"^(?P<aux>was|were|is|are|did|does|do|has|have|had) (?P<left>[^,?]+),? or (?P<right>[^,?]+?)"
    r"(?P<aside> these days| today| now| originally| at first)?\??$",
    re.IGNORECASE,
)
_ASKS_EN = re.compile(r"\b(?:who|what|which|when|where|why|how|not)\b", re.IGNORECASE)
_SECOND_EN = re.compile(
    rf"^(?:(?P<how>{_PLACED_EN}) )?(?:(?:a|an|the) )?(?P<name>.+?)(?: ones?)?$", re.IGNORECASE
)
_COMPARING_EN = re.compile(
    r"\b(?:is|are|was|were|has|have|had) (?:the )?(?:more|less|fewer|\w+er)\b"
    r"|\b(?:more|less|fewer|first|earlier|later|sooner|longer)\b",
    re.IGNORECASE,
)


def _choice_en(question: str) -> Choice | None:
    if found := _WHICH_EN.match(question):
        if _COMPARING_EN.search(found["of"]):
            return None
        return Choice((found["one"], found["two"]), (f"{found['of'].strip()}?",))
    if found := _IT_EN.match(question):
        who = "Who" if found["who"].lower() == "who" else "What"
        who = "When" if re.search(r"\b\d{4}\b", found["one"]) else who
        return Choice((found["one"], found["two"]), (f"{who} {found['rest']}?",))
    return None if _COMPARING_EN.search(question) else _done_en(question)


def _done_en(question: str) -> Choice | None:
    """Such as: was it found in 1900 or in 1901."""
    found = _DONE_EN.match(question)
    second = found and _SECOND_EN.match(found["right"])
    if found is None or second is None or _ASKS_EN.search(found["right"]):
        return None
    first = _first_en(found["left"], second)
    if first is None:
        return None
    how = first["how"] or second["how"] or ""
    asked = f"{found['aux'].lower()} {first['rest']}{found['aside'] or ''}"
    return Choice((first["name"], second["name"]), _forms_en(asked, how, first["name"]))


def _first_en(left: str, second: re.Match[str]) -> re.Match[str] | None:
    """The first thing, by how the second one looks: its preposition, capitals, or length."""
    if second["how"]:
        how, name = f" (?P<how>{second['how']})", r".{1,50}?"
    else:
        how, count = rf"(?: (?P<how>{_PLACED_EN}))?", len(second["name"].split())
        capitals = re.match(r"[A-Z0-9]", second["name"])
        name = (
            r"[A-Z0-9]\S*(?: [A-Z0-9]\S*)*" if capitals else rf"[a-z]\S*(?: \S+){{0,{count - 1}}}"
        )
    return re.match(rf"^(?P<rest>.+?){how}(?: (?:a|an|the))? (?P<name>{name})$", left)


def _forms_en(asked: str, how: str, name: str) -> tuple[str, ...]:
    if re.search(r"\b1?\d{3}\b|\b20\d\d\b", name):
        return (f"When {asked}?",)
    place = (f"Where {asked}?",) if how in ("in", "at", "on", "near") else ()
    return (*place, f"What {asked} {how}".rstrip() + "?", f"Who {asked} {how}".rstrip() + "?")
