"""Questions from English sentences: the auxiliary comes forward, one expression goes out.

No word changes its form but for the verbs of a closed list, so that a question is as grammatical as
its sentence. A sentence whose parts cannot be told for sure makes none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from shutten.suggesting.making import Made, Maker

LONGEST, SHORTEST = 90, 16
"""Characters of a question."""
_LONGEST_SENTENCE = 220

_NEEDS_MORE = re.compile(
    r"\b(?:he|she|it|they|him|her|his|hers|them|this|that|these|those|here|there|such"
    r"|other|others|another|we|our|us|I|my|you|your|former|latter|following|same|so"
    r"|however|again|instead|today|yesterday|tomorrow|now|recently|ago|one|ones)\b",
    re.IGNORECASE,
)
"""Words that mean something only beside other sentences, or on the day they were written."""
_ASIDE = re.compile(r"\s*\([^()]*\)|\s*\[\d+\]")
_OPENING = re.compile(
    r"^(?:However|In fact|As a result|In addition|Moreover|Furthermore|For example|Meanwhile"
    r"|Eventually|Originally|Today|Currently|Finally|Initially), "
)

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
_YEAR = r"(?:1\d{3}|20\d{2}|\d{1,4} (?:BC|AD|BCE|CE))"
_DATE = (
    rf"(?:(?:about |around )?{_YEAR}"
    rf"|(?:early |late |mid-)?{_MONTH}(?: {_YEAR}| \d{{1,2}},? {_YEAR})"
    rf"|\d{{1,2}} {_MONTH} {_YEAR}|the (?:early |late |mid-)?(?:1\d|20)\d0s"
    r"|the (?:early |late |mid-)?[a-z]+ century)"
)
_WHEN = rf"(?:in|on|by|during|around) {_DATE}"
_HAS_TIME = re.compile(rf"\b{_YEAR}\b|{_MONTH} \d|century|\b1\d{{2}}0s\b")

_BE = r"(?:was|were|is|are)"
_AUXILIARY = rf"(?:{_BE}|has been|have been|had been|can|could|must|may|will|would)"
_WORD = r"[\w'’\-]+"
_SUBJECT = (
    rf"(?P<subject>(?:[A-Z]|The |A |An ){_WORD}"
    rf"(?: (?!{_BE}\b|has\b|have\b|had\b|and\b|or\b|because\b){_WORD}){{0,7}})"
)
_PLACE = r"(?:the )?[A-Z][\w'’\-]+(?:(?: of| the|,)? [A-Z][\w'’\-]+)*"
_STAYED = (
    r"(?:born|buried|built|held|kept|located|situated|found|discovered|based|founded|published"
    r"|produced|made|signed|raised|displayed|exhibited|stored|educated|established)"
)
_PROFESSION = (
    r"(?:archaeologist|astronomer|historian|physicist|mathematician|engineer|scientist|architect"
    r"|painter|writer|author|poet|composer|diver|chemist|biologist|philosopher|inventor|curator"
    r"|explorer|king|queen|emperor|president|minister|general|admiral|captain|doctor|professor"
    r"|director|designer|economist|geologist|journalist|lawyer|politician|monk|priest|bishop"
    r"|researcher|surgeon|programmer|chairman|founder)"
)
_PERSON = (
    rf"(?:(?:[Tt]he |[Aa]n? )?(?:[\w\-]+ ){{0,3}}?{_PROFESSION}(?: of [a-z]+)? "
    r"|(?:Captain|Doctor|Dr\.?|Professor|President|King|Queen|Emperor|Sir|Pope|Saint) )"
    r"[A-Z][\w\-]+(?: (?:[A-Z]\.|de|von|van|der|la|[A-Z][\w\-]+))*"
)
_BASES = {
    "announced": "announce", "appeared": "appear", "arrived": "arrive", "attacked": "attack",
    "became": "become", "began": "begin", "built": "build", "bought": "buy",
    "captured": "capture", "closed": "close", "came": "come", "completed": "complete",
    "conquered": "conquer", "crossed": "cross", "declared": "declare", "defeated": "defeat",
    "designed": "design", "developed": "develop", "died": "die", "discovered": "discover",
    "drew": "draw", "ended": "end", "entered": "enter", "established": "establish",
    "explored": "explore", "fell": "fall", "fought": "fight", "found": "find", "formed": "form",
    "founded": "found", "gave": "give", "went": "go", "grew": "grow", "introduced": "introduce",
    "invaded": "invade", "invented": "invent", "joined": "join", "landed": "land",
    "launched": "launch", "led": "lead", "left": "leave", "lost": "lose", "made": "make",
    "married": "marry", "met": "meet", "moved": "move", "named": "name", "opened": "open",
    "painted": "paint", "passed": "pass", "played": "play", "proposed": "propose",
    "proved": "prove", "published": "publish", "reached": "reach", "received": "receive",
    "recorded": "record", "released": "release", "resigned": "resign", "returned": "return",
    "rose": "rise", "sailed": "sail", "sold": "sell", "sent": "send", "set": "set",
    "showed": "show", "signed": "sign", "sank": "sink", "started": "start", "struck": "strike",
    "took": "take", "travelled": "travel", "visited": "visit", "won": "win", "worked": "work",
    "wrote": "write",
}  # fmt: skip
"""Past forms whose base is beyond doubt; `found` is both and stands for finding."""
_PAST = rf"(?:{'|'.join(sorted(_BASES))})"

_TWO_PREDICATES = re.compile(
    rf"\b(?:and|but|or|then) (?:\w+ly )?(?:{_AUXILIARY}|has|have|had|did|does|do|{_PAST}"
    rf"|(?:{'|'.join(sorted(set(_BASES.values())))})e?s|[a-z]{{2,}}ed)\b"
)
"""What is asked would be asked of one of them alone."""


def made_from(sentence: str) -> Iterator[Made]:
    """Yield the questions that a sentence answers, the more telling ones first."""
    text = _cleaned(sentence)
    if text is None:
        return
    for maker in _MAKERS:
        for made in maker(text):
            if SHORTEST <= len(made.question) <= LONGEST and _asks_one_thing(made.question):
                yield made


def _asks_one_thing(question: str) -> bool:
    """Whether a question stands by itself, and its words come from one predicate."""
    if _NEEDS_MORE.search(question.split(" ", 2)[-1]):
        return False
    return _TWO_PREDICATES.search(question) is None


def _cleaned(sentence: str) -> str | None:
    text = " ".join(sentence.split())
    if not text.endswith(".") or len(text) > _LONGEST_SENTENCE:
        return None
    text = _OPENING.sub("", _ASIDE.sub("", text[:-1]))
    if re.search(r"[\"“”|*#;:?!]", text):
        return None
    return text[:1].upper() + text[1:]


def _inside(subject: str) -> str:
    """Write a subject as it stands inside a question."""
    first, _, rest = subject.partition(" ")
    return (
        f"{first.lower()} {rest}"
        if first in {"The", "A", "An", "Some", "Many", "Most"}
        else subject
    )


# ── makers ───────────────────────────────────────────────────────────────────────────────────


def _when_it_was(text: str) -> Iterator[Made]:
    """The statue was raised from the sea in 1901."""
    front = re.match(rf"^In (?P<date>{_DATE}),? (?P<told>.+)$", text)
    told, date = (front["told"], front["date"]) if front else (text, "")
    told = told[:1].upper() + told[1:]
    tail = "" if front else rf" (?:in|on|by) (?P<date>{_DATE})"
    found = re.match(rf"^{_SUBJECT} (?P<be>was|were) (?P<rest>[a-z][^,]*?){tail}$", told)
    if found is None or not re.match(
        r"(?:\w+ly )?\w+(?:ed|en|ilt|ung|ade|eld|ound|orn|own|old|ent|ost|un)\b", found["rest"]
    ):
        return
    if _HAS_TIME.search(f"{found['subject']} {found['rest']}"):
        return
    yield Made(
        f"When {found['be']} {_inside(found['subject'])} {found['rest']}?",
        "when",
        date or found["date"],
    )


def _when_it_happened(text: str) -> Iterator[Made]:
    """Price published an article in 1974."""
    front = re.match(rf"^In (?P<date>{_DATE}),? (?P<told>.+)$", text)
    told, date = (front["told"], front["date"]) if front else (text, "")
    told = told[:1].upper() + told[1:]
    tail = "" if front else rf" (?:in|on) (?P<date>{_DATE})"
    found = re.match(rf"^{_SUBJECT} (?P<past>{_PAST})(?P<rest>(?: [^,]*?)?){tail}$", told)
    if (
        found is None
        or _HAS_TIME.search(f"{found['subject']} {found['rest']}")
        or re.search(r"\b(?:and|but|who|which|that) \w+", found["rest"])
    ):
        return
    yield Made(
        f"When did {_inside(found['subject'])} {_BASES[found['past']]}{found['rest']}?",
        "when",
        date or found["date"],
    )


def _where(text: str) -> Iterator[Made]:
    """The remains are kept in the National Museum."""
    found = re.match(
        rf"^{_SUBJECT} (?P<be>{_BE}) (?P<done>{_STAYED}) (?P<words>(?:in|at|on|near) {_PLACE})$",
        text,
    )
    if found is None:
        return
    yield Made(
        f"Where {found['be']} {_inside(found['subject'])} {found['done']}?", "where", found["words"]
    )


def _why(text: str) -> Iterator[Made]:
    """The Moon does not cross the sky evenly because its orbit is an ellipse."""
    found = re.match(
        rf"^{_SUBJECT} (?P<verb>{_BE}|did|does|do|could|can) (?P<rest>[^,]{{3,60}}?),?"
        r" because (?!of\b)(?P<words>.+)$",
        text,
    )
    if found is None:
        return
    subject, rest = _inside(found["subject"]), found["rest"]
    negated = re.match(r"not (.+)", rest)
    order = f"{subject} not {negated[1]}" if negated else f"{subject} {rest}"
    yield Made(f"Why {found['verb']} {order}?", "why", found["words"])


def _who(text: str) -> Iterator[Made]:
    """In May 1902 the archaeologist Valerios Stais noticed a gear wheel."""
    found = re.match(
        rf"^(?:In (?P<date>{_DATE}),? )?(?P<words>{_PERSON}) (?P<rest>(?:(?:first|originally) )?"
        r"(?:is|was|had|[a-z]+ed|[a-z]+(?:t|ght|ook|ew|ote|ade|und))\b [^,]{8,70}?)$",
        text,
    )
    if found is None or re.search(r"\band [a-z]+ed\b", found["rest"]):
        return
    yield Made(f"Who {found['rest']}?", "who", re.sub(r"^[Tt]he ", "", found["words"]))


def _by_whom(text: str) -> Iterator[Made]:
    """The tower was designed by the engineer Gustave Eiffel."""
    found = re.match(
        rf"^{_SUBJECT} (?P<be>was|were) (?P<done>[a-z]+ed|built|made|written|led|found)"
        rf" by (?P<words>{_PERSON})(?: {_WHEN})?$",
        text,
    )
    if found is None:
        return
    yield Made(
        f"Who {found['be']} {_inside(found['subject'])} {found['done']} by?",
        "who",
        re.sub(r"^[Tt]he ", "", found["words"]),
    )


_AMOUNT = (
    r"(?P<number>(?:about |around |over |more than |nearly |almost |at least |some )?"
    r"(?:\d[\d,.]*(?: (?:million|billion|thousand))?|two|three|four|five|six|seven|eight|nine|ten"
    r"|eleven|twelve|twenty|thirty|forty|fifty|hundreds of|thousands of|a dozen))"
)
_COUNTED = r"(?P<noun>(?:(?!and |or |but )[a-z][a-z\-]+ ){0,2}[a-z][a-z\-]*s)"


def _how_many(text: str) -> Iterator[Made]:
    """Today it consists of 82 fragments; 30 gears have been identified."""
    found = re.match(
        rf"^{_AMOUNT} {_COUNTED} (?P<rest>(?:{_BE}|have been|had been) [^,]+)$", text, re.IGNORECASE
    )
    if found:
        yield Made(f"How many {found['noun']} {found['rest']}?", "count", found["number"])
        return
    found = re.match(
        rf"^{_SUBJECT} (?P<verb>has|had|have|contains?|consists? of|includes?|covers?|holds?|needs?"
        rf"|weighs?|lasts?) {_AMOUNT} {_COUNTED}(?P<rest>(?: (?:in|on|of|at|with)\b[^,]*)?)$",
        text,
    )
    if found is None:
        return
    verb, _, particle = found["verb"].partition(" ")
    auxiliary = "did" if verb == "had" else "does" if verb.endswith("s") else "do"
    base = "have" if verb in ("has", "had") else verb.removesuffix("s")
    tail = f" {particle}" if particle else ""
    asked = f"{auxiliary} {_inside(found['subject'])} {base}{tail}{found['rest']}"
    yield Made(
        f"How many {found['noun']} {asked}?",
        "count",
        found["number"],
    )


def _how_large(text: str) -> Iterator[Made]:
    """The tunnel is 53.85 kilometres long."""
    found = re.match(
        rf"^{_SUBJECT} (?P<be>{_BE})"
        r" (?P<words>(?:about |around |over |nearly |almost )?[\d,.]+ [a-z]+)"
        r" (?P<side>long|high|tall|deep|wide|old|thick)$",
        text,
    )
    if found:
        yield Made(
            f"How {found['side']} {found['be']} {_inside(found['subject'])}?",
            "count",
            found["words"],
        )


_MAKERS: tuple[Maker, ...] = (
    _why, _who, _by_whom, _how_many, _how_large, _where, _when_it_was, _when_it_happened,
)  # fmt: skip
