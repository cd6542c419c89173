"""Rules for follow-ups in English, over function words and capitals: no analyser, no dictionary.

A question is taken apart at its question words and its auxiliary verb; what follows that verb, up
to a participle or a preposition, is what the question is about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shutten.conversation.japanese_parts import nameable, persons_in
from shutten.conversation.memory import Exchange
from shutten.conversation.sides import are_of_one_generation, kind_of
from shutten.conversation.superlatives import SUPERLATIVE_ALONE

_MARKS = re.compile(r"[\s.?!…]+$")
_CONNECTOR = re.compile(
    r"^(?:(?:and|but|so|then|also|well|ok(?:ay)?|now|conversely),?\s+)+", re.IGNORECASE
)
_WH = (
    r"(?:(?:at |by |for |in )?how"
    r" (?:many|much|long|old|deep|high|tall|far|big|large|wide|fast|often|heavy|exactly)"
    r"|(?:at |in |on |for |from |to |with |by )?(?:what|which|who|whom|whose)"
    r"|(?:from |since |until )?when|(?:from )?where|why|how)"
)
_AUXILIARY = (
    r"(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|shall|should|may|might"
    r"|must)(?:n't)?"
)
_QUESTION = re.compile(
    rf"^(?:(?P<asked>{_WH})\b ?(?P<noun>(?:(?!{_AUXILIARY}\b)[\w'-]+ ){{0,4}}?)??"
    rf")?(?P<verb>{_AUXILIARY})\b ?(?P<rest>.*)$",
    re.IGNORECASE,
)
_ASKED_OF_DOER = re.compile(
    r"^(?P<asked>who|which|what|whose)(?P<noun>(?: [a-z'-]+)*?)"
    r"(?: (?:first|originally|later|also|once|actually|finally))?"
    r" (?!first|later)(?P<verb>[a-z]+(?:ed|s|t|w|d|ght|n|e))\b (?P<rest>.+)$",
    re.IGNORECASE,
)
_ALONE = re.compile(
    rf"^(?P<asked>{_WH}(?: (?:time|year|month|day|date|place|reason|people|else))?(?: exactly)?)"
    r"(?: (?:was|is|did|were|are|does|do) (?:that|this|so|it(?= happen))(?: happen| the case)?"
    r"| not| so| then)?$",
    re.IGNORECASE,
)
_STRANDED = re.compile(
    r"^(?P<asked>where|who|whom|what|when) (?P<to>to|from|with|for|by|about|until)$", re.IGNORECASE
)
"""Where to? With whom it is done is asked of the whole sentence: Where is it sent to?"""
_OF_IT = re.compile(
    r"^(?P<asked>when|where) (?:was|did) (?:it|that|this)(?: happen)?$", re.IGNORECASE
)
_ORDINAL_ONE = re.compile(
    r"the (?:first|second|third|fourth|fifth|other|next|last|former|latter) ones?$", re.IGNORECASE
)
"""The second one is the second of what was asked about."""
_REGARDING = re.compile(r"Regarding [^,]+, ")
_SIDE = re.compile(r"['’]s [a-z]+$")
"""One side of a thing: the tunnel's length."""
_SIDE_ONLY = re.compile(
    r"^(?:(?P<whose>the|his|her|its|their) )?(?P<noun>(?:[a-z-]+ )?(?P<head>[a-z-]+))$",
    re.IGNORECASE,
)
_SIDE_ASKED = re.compile(r"[A-Z][\w.-]*['’]s? (?P<side>[a-z-]+)\b")
_REALLY = re.compile(
    r"^(?:really|is (?:that|this|it) (?:really |so|true|right|correct|certain)(?:true|so)?"
    r"|are you sure|true|seriously|for sure)$",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"^(?:(?:can|could) you )?(?:please )?"
    r"(?:tell me more|(?:give|tell) me (?:more |the )?details?|more(?: details?)?"
    r"|go on|explain(?: (?:that|it|more|further))?|in (?:more )?detail|say more|elaborate)"
    r"(?: (?:about|on) (?:it|that|this|them))?(?:,? please)?$",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"^(?:(?:is|was|are|were) there )?"
    r"(?:anything|any others?|something|what|who|where|which others?|anyone|any other one)"
    r"(?: else)?(?: (?:is|was) there)?$|^(?:any|what) (?:others?|more)(?: ones)?$|^others$",
    re.IGNORECASE,
)
_ELSE = re.compile(r"\b(?:else|others?|more)\b", re.IGNORECASE)
_OTHER_TOPIC = re.compile(
    r"^(?:what about|how about|what of|and what about|same for|as for)\s+(?P<topic>[^,]+?)"
    r"(?:, (?P<question>.+))?$",
    re.IGNORECASE,
)
_RETURNING = re.compile(
    r"^(?:(?:if we |let me |let us |let's |to )?(?:go|come|get|turn)(?:ing)? )?"
    r"(?:back|returning) to (?P<topic>[^,:]{2,60})[,:] (?P<question>.+)$",
    re.IGNORECASE,
)
"""Going back to the founder, how much did he give?"""
_PRONOUN = re.compile(
    r"\b(?:(?P<person>he|him|she)\b|(?P<persons>his|hers?)\b|(?P<people>they|them|theirs?)\b"
    r"|(?P<thing>it|its|itself)\b"
    r"|(?P<place>there\b(?! (?:is|are|was|were|any|be)\b))"
    r"|(?P<of>(?:that|this|those|these) (?!is\b|was\b|article|page|text|file|document)[a-z]+)"
    r"|(?P<that>(?:that|this)(?=$|[?.,]| (?:happen|mean|cause|cost|take)))"
    r"|(?P<the>the (?:company|firm|person|man|woman|country|city|place|group|author|team|event"
    r"|project)(?=$|\W)))",
    re.IGNORECASE,
)
_AFTERWARDS = re.compile(
    r"\b(?:afterwards?|after that|before that|later|then|since then)$", re.IGNORECASE
)
_DETERMINER = re.compile(r"^(?:the|a|an|his|her|its|their|this|that)$", re.IGNORECASE)
_STOP = frozenset(
    re.findall(
        r"\S+",
        "of in on at to for from with by about into over under after before during until since "
        "against between among through as and or but that which who whose when where why than if "
        "because ",
    )
)
_FUNCTION = frozenset(
    re.findall(
        r"\S+",
        "a an the and or but of in on at to for from with by about is are was were be been being "
        "do does did has have had can could will would shall should may might must what which who "
        "whom whose when where why how it its he him his she her they them their there this that "
        "these those i you we me us not no many much more most some any all very so then also "
        "still yet just only ever first last long old deep high big large people kind ",
    )
)
_ADVERBS = frozenset(
    ["still", "today", "now", "again", "already", "ever", "really", "actually", "nowadays"]
)
_DOING = frozenset(["do", "does", "did"])
_PARTICIPLE = re.compile(
    r"^(?:\w+(?:ed|en|ung)|brought|held|found|made|kept|built|born|sold|done|sent|lost|won|led|put"
    r"|set|shot|hit|told|taught|caught|bought|worn|torn|known|drawn|grown|shown|run|cut|like)$",
    re.IGNORECASE,
)
_NAME = re.compile(r"\b[A-Z][\w-]*(?:[ '](?:of |the |de |von |van )?[A-Z][\w.-]*)*")
_AT_NAME = re.compile(
    r"\b(?P<named>(?:of|in|at|on|from|for|against|between) (?:the )?(?:[a-z]+ ){0,2}"
    r"[A-Z][\w-]*(?:[ '](?:(?:of|the|and|de|von|van) )*(?:[ae]l-)?[A-Z0-9][\w.-]*)*)"
)
_DID_SO = re.compile(
    r"^(?P<asked>when|where|why|how) did .+ do (?:that|this|so|it)$", re.IGNORECASE
)
_DEED = re.compile(r"^who (?P<deed>[a-z]+(?:ed|t|w|d|ght|n|e) .+)$", re.IGNORECASE)
_BELONGS_TO = re.compile(
    r"^(?:the |an? )?[a-z -]+? of (?P<owner>.+?)"
    r"(?= (?:from|in|since|until|before|after|at|for) |$)",
    re.IGNORECASE,
)
"""The curator of the herbarium."""
_SPEAKER = frozenset(["i", "you", "we"])
_PERSONAL = _SPEAKER | {"he", "she", "it", "they"}
_OWNED = re.compile(r"(?:its|his|her|their)\b", re.IGNORECASE)
"""Of something that nothing was found for."""
_PARTICLES = frozenset(["up", "down", "out", "off", "away", "back", "over"])
"""Backed up, shut down: they belong to the participle before them."""
_BASE_VERBS = frozenset(
    re.findall(
        r"\S+",
        "run come go get take fall break turn begin start open close stop end move become grow "
        "leave return arrive happen die live work lead build burn sink win lose cost weigh ",
    )
)
_DEFINITE = re.compile(r"\bthe (?:[a-z-]+ )?(?P<noun>[a-z-]+)(?=[?.!]*$| (?!of\b)[a-z]+)")
_WENT_HOW = re.compile(
    r"^(?:wrong|right|well|badly|viral|bankrupt|missing|down|up|out|off|away)\b ?"
    r"(?:(?:with|at|in|on|to|for|from|during) (?=the |[A-Z]))?"
)
"""What went wrong at the plant is asked of the plant."""
_NO_NOUN = re.compile(
    r"(?:you|we|go|gone|went|going|happen(?:ed)?|came|fail(?:ed)?|wrong|right|well|badly|viral|bankrupt"
    r"|missing)\b",
    re.IGNORECASE,
)
_DEFINITE_AT_END = re.compile(r"\b(?P<noun>the [a-z-]+(?: [a-z-]+)?)$")
"""Tell me about the search index."""
_PLACED = re.compile(r"\b(?:at|from|in|on|to|with|by) the [a-z-]+(?: [a-z-]+)?[\s.?!…]*$")
"""What I do at the library is done to something else."""
_ONE_WORD = re.compile(r"[a-z]+")
"""Without an article: the beginning of a noun that was not understood (limited pre-orders)."""
_COMMON_NOUN = re.compile(
    r"(?P<noun>(?: [a-z][\w-]*){1,2}?)(?=[\s.?!…]*$|,| (?:of|in|on|at|to|for|from|with|by)\b)"
)
_WORD = re.compile(r"[\w'-]+")
_PREPOSITION = re.compile(r"^(in|on|at|for|from|to|with|by|during|after|before)\b", re.IGNORECASE)
_JAPANESE = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff]")

_WHO_IS = re.compile(r"^who(?:['’]s| is| was| are| were) (?P<who>[^,]{2,60})$", re.IGNORECASE)
_NAME_ALONE = re.compile(r"[A-Z][\w.'’-]*(?: (?:[A-Z][\w.'’-]*|of|the|de|la|von|van|der|and))*")
_WORDS_OF_NAME = re.compile(
    r"(?!(?:the|an?|in|on|at|behind|responsible|this|that)\b)[\w.-]+(?: [\w.-]+){1,3}"
)
_ASKS_FOR_SOMEBODY = re.compile(
    rf"^who (?:(?:is|was) (?P<holder>the .+)|(?!{_AUXILIARY}\b)(?P<deed>[a-z].+))$", re.IGNORECASE
)
_WHO_IN_JAPANESE = re.compile(r"誰|だれ")
_LONGEST_JAPANESE = 10

LONGEST_NAME = 60
"""Characters of what is put in for a pronoun."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A question taken apart: `asked` is what is wanted, `about` the noun it is asked of."""

    whole: str
    asked: str
    verb: str
    about: str


def rewrite(question: str, earlier: tuple[Exchange, ...]) -> str:
    """Return a question with what it leaves out; the same where it leaves out nothing."""
    unmarked = _MARKS.sub("", question)
    body = _CONNECTOR.sub("", unmarked) or unmarked
    last = parts_of(earlier[-1].question)
    for rule in _RULES:
        written = rule(body, earlier, last)
        if written is not None:
            return _sentence(written)
    if _points_at_nothing(body, earlier, last):
        return question
    if body != unmarked or _AFTERWARDS.search(body) or not stands_alone(body):
        answered = [each for each in earlier if not each.refused]
        return _regarding(body, answered, parts_of(answered[-1].question)) if answered else question
    return question


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{_MARKS.sub('', text[1:])}?"


# ── what a question is made of ───────────────────────────────────────────────────────────────


def parts_of(question: str) -> Parts:
    """Take a question apart."""
    whole = _MARKS.sub("", question)
    about_first = re.match(r"^Regarding ([^,]+), (.+)$", whole)
    if about_first:
        inner = parts_of(about_first[2])
        return Parts(whole, inner.asked, inner.verb, about_first[1])
    found = _QUESTION.match(whole)
    if found is not None:
        asked = f"{found['asked'] or ''} {found['noun'] or ''}".strip()
        return Parts(whole, asked, found["verb"], _about(found["rest"], found["verb"], asked))
    doer = _ASKED_OF_DOER.match(whole)
    if doer is not None:
        rest = _WENT_HOW.sub("", doer["rest"])
        return Parts(whole, f"{doer['asked']}{doer['noun']}", "", _noun(rest.split()))
    return Parts(whole, "", "", "")


def _about(rest: str, verb: str, asked: str) -> str:
    """Return the noun behind the auxiliary verb, without the verb that follows it."""
    words = _noun_words(rest.split())
    if words and words[0].lower() in _PERSONAL:
        return words[0]
    at_end = len(" ".join(words)) == len(rest)
    if verb.lower() in ("is", "are", "was", "were"):
        with_particle = len(words) > 1 and words[-1] in _PARTICLES
        words = words[:-1] if with_particle and _PARTICIPLE.match(words[-2]) else words
        if words and _PARTICIPLE.match(words[-1]):
            words = words[:-1]
    elif len(words) > 1 and not _verb_comes_later(words, rest):
        words = words[:-1] if at_end or not _is_name(words[-1]) else words
        words = words[:-1] if len(words) > 1 and words[-1] in _BASE_VERBS else words
    words = _without_adverbs(words)
    if SUPERLATIVE_ALONE.fullmatch(" ".join(words)):
        words = []
    if not words and asked.lower().startswith(("which ", "what ")):
        return f"the {asked.split(' ', 1)[1]}"
    return " ".join(words)


def _verb_comes_later(words: Sequence[str], rest: str) -> bool:
    """Whether the words up to a preposition are all a noun: the fire | at the bank destroy."""
    behind = rest.split()[len(words) :]
    is_noun = len(words) == 2 and _DETERMINER.match(words[0]) is not None  # noqa: PLR2004
    at_end = behind[-1:] and behind[-1] in _BASE_VERBS and words[-1] not in _BASE_VERBS
    return bool(behind) and (is_noun or bool(at_end and _DETERMINER.match(words[0])))


def _without_adverbs(words: Sequence[str]) -> list[str]:
    """Leave out the words at the end that say when or how something is, and not what."""
    kept = list(words)
    while kept and kept[-1].lower() in _ADVERBS:
        kept.pop()
    return kept


def _noun(words: Sequence[str]) -> str:
    return " ".join(_noun_words(words))


def _noun_words(words: Sequence[str]) -> list[str]:
    kept: list[str] = []
    for number, word in enumerate(words):
        bare = word.strip(",;:")
        if bare.lower() in _STOP and not (bare == "of" and kept and _is_name(kept[-1])):
            break
        if number and _DETERMINER.match(bare):
            break
        kept.append(bare)
        if bare != word:
            break
    return kept[:7]


def _is_name(word: str) -> bool:
    return word[:1].isupper() or word[:1].isdigit()


def subject_of(exchange: Exchange, last: Parts) -> str:
    """Return what an earlier question was about; of one in Japanese, the caller's affair."""
    names = (m for m in _NAME.finditer(exchange.question) if m.start() and m.group() != "I")
    named = next(names, None)
    is_scrap = _OWNED.match(last.about) or (named and _ONE_WORD.fullmatch(last.about))
    is_scrap = is_scrap or _NO_NOUN.match(last.about)
    usable = last.about and len(last.about) <= LONGEST_NAME and not is_scrap
    if usable and last.about.lower() not in _FUNCTION:
        return nameable(_told_apart(last))
    if named is not None:
        return _whole_noun(last, exchange.question, named)
    at_end = _DEFINITE_AT_END.search(last.whole)
    is_where = at_end and last.about.lower() in _SPEAKER and _PLACED.search(exchange.question)
    return at_end["noun"] if at_end and not is_scrap and not is_where else ""


def _told_apart(last: Parts) -> str:
    """What a question is about; of a common noun, with what names it: the keynote at Wikimania."""
    behind = last.whole.partition(last.about)[2]
    found = _AT_NAME.search(behind) if last.about.startswith("the ") else None
    if found is None or _NAME.search(last.about) or _JAPANESE.search(last.about):
        return last.about
    whole = f"{last.about} {found['named']}"
    return whole if len(whole) <= LONGEST_NAME else last.about


def _whole_noun(last: Parts, text: str, name: re.Match[str]) -> str:
    """Return a name with the noun it stands before: the Antikythera mechanism, not Antikythera.

    Only behind "the", and where the noun ends the question or a preposition follows it; behind
    did, the last word of a question is its verb.
    """
    if not re.search(r"\bthe $", text[: name.start()], re.IGNORECASE):
        return name.group()
    behind = _COMMON_NOUN.match(text, name.end())
    noun = _without_adverbs(behind["noun"].split()) if behind else []
    if behind and last.verb.lower() in _DOING and not _WORD.search(text, behind.end()):
        noun = noun[:-1]
    if not noun or any(word in _FUNCTION for word in noun):
        return name.group()
    return " ".join(("the", name.group(), *noun))


def subject_of_question(question: str) -> str:
    """Return what a question in English was about, for one in another language to take up."""
    return subject_of(Exchange(question), parts_of(question))


def begins_anew(question: str, earlier: tuple[Exchange, ...]) -> bool:
    """Whether a question behind "by the way" is about something that it names itself."""
    body = _MARKS.sub("", question)
    if _PRONOUN.search(body):
        return False
    said = " ".join(f"{each.question} {each.answer}" for each in earlier).lower()
    things = (match["noun"].lower() for match in _DEFINITE.finditer(body))
    return stands_alone(body) or any(kind_of(noun) is None and noun not in said for noun in things)


def who_is(question: str, answered: str = "") -> str:
    """Return the name in a question for who somebody is; empty where one for a name is.

    A name in small letters is told by an answer that describes: a chemist.
    """
    found = _WHO_IS.match(_MARKS.sub("", question))
    if found is None or re.search(r"['’]s\b", found["who"]) or _PRONOUN.search(found["who"]):
        return ""
    described = re.match(r"(?:an?|the) [a-z]", answered) is not None
    small = described and _WORDS_OF_NAME.fullmatch(found["who"])
    return found["who"] if small or _NAME_ALONE.fullmatch(found["who"]) else ""


def stands_alone(body: str) -> bool:
    """Whether a question without pronouns names a subject of its own."""
    named = [match for match in _NAME.finditer(body) if match.start()]
    return bool(named) or len(telling_words(body)) >= 3  # noqa: PLR2004


def telling_words(body: str) -> list[str]:
    """Return the words that tell something, in order; of Japanese, none."""
    words = _WORD.findall(body)
    return [word for word in words if word.lower() not in _FUNCTION and word.isascii()]


# ── the rules ────────────────────────────────────────────────────────────────────────────────


def _confirmed(body: str, earlier: Sequence[Exchange], _: Parts) -> str | None:
    """Really? asks the earlier question again."""
    return earlier[-1].question if _REALLY.match(body) else None


def _more(body: str, earlier: Sequence[Exchange], last: Parts) -> str | None:
    """Tell me more."""
    if not _MORE.match(body):
        return None
    subject = _subject(earlier, last)
    return f"What else is said about {subject}" if subject else earlier[-1].question


def _others(body: str, _: Sequence[Exchange], last: Parts) -> str | None:
    """Anything else? asks the earlier question for more."""
    if not _OTHERS.match(body) or not _ELSE.search(body):
        return None
    if not last.asked:
        return f"{last.whole}, and what else"
    first = last.asked.split()[0]
    rest = last.whole[len(first) :]
    return f"{first} else{rest}" if len(last.asked.split()) == 1 else f"{first} other{rest}"


def _asked_otherwise(body: str, _: Sequence[Exchange], last: Parts) -> str | None:
    """Why? When was that?: the earlier question, asked for something else."""
    found = _ALONE.match(body)
    event = _OF_IT.match(body)
    if event and last.asked.lower().startswith("who") and not last.verb:
        return f"{last.whole}, and {event['asked'].lower()}"
    stranded = _STRANDED.match(body)
    if stranded is not None and last.asked and last.verb and last.about:
        return f"{stranded['asked']} {_from_verb(last)} {stranded['to']}"
    if found is None:
        return None
    if last.asked and last.verb and last.about:
        return f"{found['asked']} {_with_object(last)}"
    return f"{last.whole}, and {body[:1].lower()}{body[1:]}"


def _from_verb(last: Parts) -> str:
    """The earlier question without its question word."""
    return last.whole[last.whole.lower().index(last.verb.lower(), len(last.asked)) :]


def _with_object(last: Parts) -> str:
    """The same with the object that was asked for: How many sheets may I borrow? I borrow sheets.

    Only where the person who asks is who does it, so that the word behind is the verb.
    """
    rest = _from_verb(last)
    asked = re.match(r"(?:how many|what|which) (?P<object>.+)$", last.asked, re.IGNORECASE)
    found = re.match(r"(?P<whole>\w+ (?:i|you|we) \w+)\b", rest, re.IGNORECASE)
    if asked is None or found is None or last.about.lower() not in _SPEAKER:
        return rest
    return f"{found['whole']} {asked['object']}{rest[found.end() :]}"


def _other_side(body: str, _: Sequence[Exchange], last: Parts) -> str | None:
    """And the mother? after a question for X's father; and the cause? after one for yes or no."""
    found = _OTHER_TOPIC.match(body)
    asked = _SIDE_ONLY.match(found["topic"] if found and not found["question"] else body)
    kind = kind_of(asked["head"].lower()) if asked else None
    if asked is None or kind is None:
        return None
    owned = _SIDE_ASKED.search(last.whole)
    if owned and kind_of(owned["side"]) == kind:
        pointed_at = (asked["whose"] or "").lower() in ("his", "her")
        if not pointed_at or are_of_one_generation(asked["noun"], owned["side"]):
            return f"{last.whole[: owned.start('side')]}{asked['noun']}{last.whole[owned.end() :]}"
    is_side = kind in ("extent", "circumstance") and (asked["whose"] or "").lower() == "the"
    if not is_side or not last.verb or not last.about or kind_of(last.about.split()[-1]):
        return None
    verb = "was" if last.verb.lower() in ("was", "were", "did", "had") else "is"
    return f"What {verb} the {asked['noun']} of {last.about}"


def _other_topic(body: str, earlier: Sequence[Exchange], last: Parts) -> str | None:
    """What about X? And X?: the earlier question about X."""
    found = _OTHER_TOPIC.match(body)
    if found is not None and found["question"]:
        return _resolved(found["question"], found["topic"])
    topic = found["topic"] if found else body
    if found is None and (_QUESTION.match(body) or re.match(_WH, body, re.IGNORECASE)):
        return None
    if found is None and len(topic.split()) > 6:  # noqa: PLR2004
        return None
    named = pointed(topic, earlier, last) or topic
    if last.about and last.about in named:
        return f"What about {named}"
    if _SIDE.search(named):
        return f"What is {named}"
    return _put_for(topic, named, last) or f"{last.whole}, and {named}"


def _resolved(question: str, topic: str) -> str:
    found = _PRONOUN.search(question)
    return _put_in(question, found, topic) if found else question


def _returned(body: str, earlier: Sequence[Exchange], _: Parts) -> str | None:
    """Going back to X, …: the question about X, of which more may have been said."""
    found = _RETURNING.match(body)
    if found is None:
        return None
    topic = _told_more(found["topic"], earlier)
    written = _resolved(found["question"], topic)
    is_said = written != found["question"] or found["topic"].lower() in written.lower()
    return written if is_said else f"Regarding {topic}, {written[:1].lower()}{written[1:]}"


def _told_more(topic: str, earlier: Sequence[Exchange]) -> str:
    """Return a topic as it was told before: the founder is the founder of the firm in question."""
    office = re.fullmatch(r"the (?P<noun>[a-z]+)", topic)
    if office is None or kind_of(office["noun"]) != "office":
        return topic
    things = _things(earlier)
    subject = next(filter(_NAME.search, things), next(iter(things), ""))
    return f"{topic} of {subject}" if subject else topic


def _did_so(body: str, earlier: Sequence[Exchange], _: Parts) -> str | None:
    """When did she do that? asks for the time of what somebody was asked for who did it."""
    found, told = _DID_SO.match(body), earlier[-1]
    deed = _DEED.match(_MARKS.sub("", told.question))
    if found is None or deed is None or not told.short_answer:
        return None
    return f"{found['asked']} was it that {told.short_answer} {deed['deed']}"


def _put_for(topic: str, named: str, last: Parts) -> str | None:
    """Put another topic in its counterpart's place."""
    preposition = _PREPOSITION.match(topic)
    if preposition:
        old = re.search(rf"\b{preposition[1]}\b .*$", last.whole, re.IGNORECASE)
        return f"{last.whole[: old.start()]}{named}" if old else f"{last.whole} {named}"
    return _put_for_determined(topic, named, last) or _put_for_name(topic, named, last)


def _put_for_determined(topic: str, named: str, last: Parts) -> str | None:
    """Put "the deck" where the earlier question had "the tower"."""
    first = topic.split(maxsplit=1)[0]
    if not _DETERMINER.match(first):
        return None
    regarding = _REGARDING.match(last.whole)
    inner = parts_of(last.whole[regarding.end() :]) if regarding else last
    found = re.search(rf"\b{first}\b", inner.whole, re.IGNORECASE)
    if found is None:
        return None
    words = _until_verb(_noun_words(inner.whole[found.start() :].split()), inner)
    replaced = " ".join(words)
    if _ORDINAL_ONE.match(topic):
        named = f"{named.rpartition(' ')[0]} {words[-1]}"
    if replaced and replaced == inner.about and _AT_NAME.search(named):
        replaced = _told_apart(inner)
    before = regarding.group() if regarding else ""
    return f"{before}{inner.whole.replace(replaced, named, 1)}"


def _put_for_name(topic: str, named: str, last: Parts) -> str | None:
    shape = _shape(topic)
    alike = [
        m.group() for m in _NAME.finditer(last.whole) if m.start() and _shape(m.group()) == shape
    ]
    old_name = alike[0] if alike else last.about
    if not old_name:
        return None
    return re.sub(rf"(?<!\w){re.escape(old_name)}(?!\w)", lambda _: named, last.whole, count=1)


def _until_verb(words: list[str], last: Parts) -> list[str]:
    joined = " ".join(words)
    return last.about.split() if last.about and joined.startswith(last.about) else words


def _shape(name: str) -> str:
    return re.sub(r"[a-z]+", "a", re.sub(r"[A-Z]", "A", re.sub(r"\d", "0", name)))


def pointed(body: str, earlier: Sequence[Exchange], last: Parts) -> str | None:
    """Return the text with its first pronoun's name; None where nothing is to be put in."""
    found = _PRONOUN.search(body)
    if found is None or _refers_inside(body, found):
        return None
    name = _meant(found, earlier, last)
    if not name:
        return None
    return _put_in(body, found, name)


def _put_in(body: str, found: re.Match[str], name: str) -> str:
    """Put a name for a pronoun, and for the same pronoun farther on."""
    kind = found.lastgroup
    owned = found.group().lower() in ("his", "its", "their", "hers", "theirs") or _owns(body, found)
    put = f"{name}'s" if owned else name
    if kind == "place":
        put = f"at {name}"
    whole = f"{body[: found.start()]}{put}{body[found.end() :]}"
    again = re.compile(rf"\b{re.escape(found.group())}\b", re.IGNORECASE)
    return again.sub(put, whole) if kind in ("thing", "person") else whole


def _owns(body: str, found: re.Match[str]) -> bool:
    """Whether `her` stands before a noun."""
    return found.group().lower() == "her" and bool(
        re.match(r" (?!in|on|at|to)[a-z]+", body[found.end() :])
    )


def _refers_inside(body: str, found: re.Match[str]) -> bool:
    """Whether a pronoun's noun stands before it in the same question."""
    before = body[: found.start()]
    words = [word for word in _WORD.findall(before) if word.lower() not in _FUNCTION]
    if found.lastgroup in ("of", "the", "that"):
        return False
    return "," in before or len(words) >= 2 or any(m.start() for m in _NAME.finditer(before))  # noqa: PLR2004


def _meant(found: re.Match[str], earlier: Sequence[Exchange], last: Parts) -> str:
    """What a pronoun stands for, by its group in `_PRONOUN`; empty where that is unsure."""
    kind = found.lastgroup
    if kind in ("person", "persons"):
        return _person(earlier) or _subject(earlier, last)
    short = _entity(earlier[-1], last)
    if kind == "place":
        return short if last.asked.lower().startswith("where") else _subject(earlier, last)
    if kind in ("of", "the"):
        return short or _subject(earlier, last)
    is_chosen = bool(kind == "thing" and short) and _asks_which(last)
    subject = short if is_chosen else _subject(earlier, last)
    if kind == "thing" and _is_somebody(subject, earlier, last):
        return "" if _asks_for_deed(last) else _last_thing(earlier)
    if kind == "people" and last.asked.lower().startswith(("who", "which")):
        return subject if subject.endswith("s") else short or subject
    return subject


def _asks_which(last: Parts) -> bool:
    """Whether one of several was asked for, of which nothing else was said: which is the oldest."""
    which, _, noun = last.asked.lower().partition(" ")
    return which == "which" and last.about.lower() == f"the {noun}"


def _persons_asked_for(earlier: Sequence[Exchange]) -> set[str]:
    """The answers to earlier questions that asked who."""
    return {
        each.short_answer
        for each in earlier
        if each.short_answer and parts_of(each.question).asked.lower().startswith("who")
    }


def _last_thing(earlier: Sequence[Exchange]) -> str:
    """Return what was talked about last that is nobody of those asked for: it is no person."""
    return next(iter(_things(earlier)), "")


def _things(earlier: Sequence[Exchange]) -> list[str]:
    """Return what was talked about and is no person, the last first."""
    persons = _persons_asked_for(earlier)
    asked = [(each, parts_of(each.question)) for each in reversed(earlier)]
    subjects = (_owner_of_role(subject_of(each, last), last) for each, last in asked)
    return [each for each in subjects if each and each not in persons]


def _is_somebody(subject: str, earlier: Sequence[Exchange], last: Parts) -> bool:
    return subject in _persons_asked_for(earlier) or _asks_who_is(last)


def _asks_for_deed(last: Parts) -> bool:
    """Whether what was asked for is what somebody did: nothing names it, and `it` may be that."""
    return last.asked.lower() == "what" and last.verb.lower() not in ("is", "was", "are", "were")


def points_back(question: str) -> bool:
    """Whether a question without its marks has a word for what was said before: it, that, and."""
    found = _PRONOUN.search(question) or _AFTERWARDS.search(question) or _CONNECTOR.match(question)
    return found is not None


def _points_at_nothing(body: str, earlier: Sequence[Exchange], last: Parts) -> bool:
    """Whether `it` can mean nobody of those talked about, and nothing else is known."""
    found = _PRONOUN.search(body)
    if found is None or not found["thing"] or _refers_inside(body, found):
        return False
    return _is_somebody(_subject(earlier, last), earlier, last) and not _meant(found, earlier, last)


def _asks_who_is(last: Parts) -> bool:
    return last.asked.lower() == "who" and last.verb.lower() in ("is", "was", "are", "were")


def _owner_of_role(subject: str, last: Parts) -> str:
    """Return what somebody who is asked for is somebody of: the herbarium, not its curator."""
    if not _asks_who_is(last):
        return subject
    found = _BELONGS_TO.match(last.whole.split(maxsplit=2)[-1])
    return found["owner"] if found else ""


def _person(earlier: Sequence[Exchange]) -> str:
    """Return whom the conversation was about last."""
    for exchange in reversed(earlier):
        asked = parts_of(exchange.question)
        if name := who_is(exchange.question, exchange.description):
            return name
        asks_who = asked.asked.lower().startswith("who") or _WHO_IN_JAPANESE.search(asked.whole)
        who = (_who(exchange) or _described(exchange.question)) if asks_who else ""
        if who:
            return who
        names = [m.group() for m in _NAME.finditer(exchange.question) if m.start()]
        titled = persons_in(exchange.answer) if names and " " not in names[0] else []
        if names:
            return titled[0] if titled else names[0]
    return ""


def _described(question: str) -> str:
    """Return whom a question asks for, in its own words: the person who founded the firm."""
    found = _ASKS_FOR_SOMEBODY.match(_MARKS.sub("", question))
    if found is None or _PRONOUN.search(question):
        return ""
    words = found["holder"] or f"the person who {found['deed']}"
    return words if len(words) <= LONGEST_NAME else ""


def _who(exchange: Exchange) -> str:
    """Return who answered a question; of a Japanese sentence, whoever it names with a title."""
    if not _JAPANESE.search(exchange.answer):
        return exchange.short_answer
    untitled = exchange.short_answer if len(exchange.short_answer) <= _LONGEST_JAPANESE else ""
    return next(iter(persons_in(exchange.answer)), untitled)


def _entity(exchange: Exchange, last: Parts) -> str:
    short = exchange.short_answer
    asks_name = last.asked.lower().startswith(("who", "which", "where", "what"))
    return short if asks_name and 0 < len(short) <= LONGEST_NAME // 2 else ""


def _subject(earlier: Sequence[Exchange], last: Parts) -> str:
    return subject_of(earlier[-1], last)


def _regarding(body: str, earlier: Sequence[Exchange], last: Parts) -> str:
    subject = re.sub(r"^an? ", "the ", _subject(earlier, last))
    is_word = re.match(rf"(?:{_WH}|{_AUXILIARY})\b", body, re.IGNORECASE)
    lower = f"{body[:1].lower()}{body[1:]}" if is_word else body
    return f"Regarding {subject}, {lower}?" if subject else f"{body}?"


_RULES: tuple[Callable[[str, Sequence[Exchange], Parts], str | None], ...] = (
    _confirmed,
    _more,
    _others,
    _returned,
    _did_so,
    _asked_otherwise,
    _other_side,
    _other_topic,
    pointed,
)
