"""English abbreviations: whether the full stop behind one also ends the sentence.

Articles and written answers are split by this one rule, so that a claim ends where the sentence
that it was taken from ends.
"""

from __future__ import annotations

import re

_TITLES = "Mr|Mrs|Ms|Mx|Dr|Prof|St|Mt|Gen|Sen|Rep|Gov|Lt|Col|Capt|Sgt|Rev|Hon"
_REFERRING = r"Fig|Figs|Eq|Vol|pp|cf|vs|approx|ca|e\.g|i\.e"
_LAST_OR_NOT = (
    r"No|Jr|Sr|Inc|Ltd|Co|Corp|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|etc|(?:[A-Z]\.)+[A-Z]"
)
_START = r"(?:^|[\s(“\"'\[])"
_HOUR = re.compile(r"(?:^|[\s\d])[ap]\.m\.$")
_OF_THE_HOUR = re.compile(
    r"(?![A-Z])|(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?s?\b|[A-Z]{0,3}T\b|UTC"
    r"|(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b|(?:[A-Z][a-z]+ ){1,2}Time\b"
    r"|(?:Eastern|Central|Mountain|Pacific|Greenwich)(?=[.,;)]| [a-z]|$)"
)
"""Behind an hour: its day, its zone (Japan Standard Time) or a small letter."""
_INNER = re.compile(rf"{_START}(?:{_TITLES}|{_REFERRING}|al)\.$")
_EITHER = re.compile(rf"{_START}(?:{_LAST_OR_NOT})\.$|[A-Za-z]{{2}}\s[A-Z]\.$")
_INITIAL = re.compile(rf"{_START}[A-Z]\.$")
_LEADING = re.compile(rf"{_START}(?:{_TITLES}|{_REFERRING}|No)\.$|\b[A-Z][a-z]+ [A-Z]\.$")
_OPENING_WORD = re.compile(
    r"(?:It|Its|The|This|That|These|Those|He|She|They|His|Her|Their|There|We|You|Both|Each|Some|Many"
    r"|But|And|However|When|After|Before|While|Since|If|As|At|By|For|From|In|On|An?)\s"
)

REACH = 16
"""So much of the text before a full stop must be seen to know its word."""


def only_shortens(tail: str, head: str) -> bool:
    """Tell whether the full stop that ends `tail` shortens a word and ends no sentence.

    `head` is what comes behind the blanks. Some abbreviations always have something behind them;
    behind the others (Ltd., a.m., U.S., Building C.) a sentence begins where its first word does
    not go on with a name.
    """
    if _HOUR.search(tail):
        return _OF_THE_HOUR.match(head) is not None
    if _EITHER.search(tail):
        return not _OPENING_WORD.match(head)
    return bool(_INNER.search(tail) or _INITIAL.search(tail))


def leads_on(line: str) -> bool:
    """Tell whether a line ends in a title, an initial or a word that refers to what is behind."""
    return _LEADING.search(line) is not None
