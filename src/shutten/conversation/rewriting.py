"""Turns a follow-up into a question that stands alone, by rules; no model is asked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from shutten.conversation import english, japanese, japanese_parts
from shutten.conversation.comparisons import comparison_in
from shutten.conversation.japanese_parts import without_marks
from shutten.conversation.memory import (
    LONGEST_QUESTION,
    MEANT_TURNS,
    Exchange,
    asking_turns,
    exchange,
)
from shutten.conversation.openers import opened
from shutten.conversation.rows import about_rows, of_other_row
from shutten.conversation.small_talk import asks_nothing
from shutten.sentences import detect_language
from shutten.types import Language, Turn

LONGEST = 400
"""Characters of a rewritten question; beyond, the question stays as it was asked."""


class RuleRewriter:
    """Puts into a follow-up what it leaves out, from the words of the last turns.

    Every earlier question is made to stand alone first, oldest first, so that a chain of
    follow-ups keeps its subject. A question that stands alone already comes back unchanged, but
    for what opens it (ところで、 by the way).
    """

    def rewrite(self, question: str, history: Sequence[Turn]) -> str:
        """Return the question with what it refers to named, or as it is."""
        earlier: list[Exchange] = []
        for turn in asking_turns(history):
            asked = _without_greeting(turn.question)
            told = exchange("", turn.answer)
            whole = of_other_row(asked, earlier[-1], told.cells) if earlier else ""
            written = whole or _standalone(asked, earlier[-MEANT_TURNS:])
            earlier.append(_described(replace(told, question=written)))
        asked = _without_greeting(question)
        written = _standalone(asked, earlier[-MEANT_TURNS:])
        return question if written == asked else written


def _described(told: Exchange) -> Exchange:
    """Whoever asks who somebody is (Xって誰？ Who is X?) is told no name, but what X is."""
    short = told.short_answer
    if not japanese_parts.who_is(told.question, short) and not english.who_is(told.question, short):
        return told
    return replace(told, short_answer="", description=short)


_PLEASANTRY = re.compile(
    r"^(?:どうも)?(?:ありがとう|有難う|こんにちは|こんばんは|おはよう|はい|いいえ|うん|了解"
    r"|わかりました|分かりました|なるほど)"
    r"|^(?:thanks?|thank you|hello|hi|hey|yes|no|ok(?:ay)?|great|i see|good)\b[^?]{0,20}$",
    re.IGNORECASE,
)
"""What is said in a conversation and asks nothing."""

_ANNOUNCEMENT = re.compile(
    r"^(?:(?:ok(?:ay)?|well|now|and|so|then|here(?: i|')s|this is|let me ask(?: you)?"
    r"|i(?: ha|')ve(?: got)?|(?:can|may) i ask(?: you)?|on to|let(?: u|')s go on to),? )*"
    r"(?:(?:my|the|a|an|another|one more|some) )?(?:(?:next|last|other|further|more|new|final"
    r"|second|third|follow-?up) )?questions?(?:,? please)?[\s.:!?…]*$"
    r"|^(?:では|それでは|じゃあ?)?[、,]?(?:次|別|ほか|他|もう(?:一|ひと)つ|最後)の?(?:質問|問い)"
    r"(?:が?あります|です|に(?:移り|行き)ます|を?(?:し(?:ます|ても(?:いい|よい)ですか)))?[。.!！？?…\s]*$",
    re.IGNORECASE,
)
"""What only says that a question is to come."""

_LEADING = re.compile(r"^(?P<said>[^。！!]{1,40})[。！!]\s*(?P<rest>.+)$", re.DOTALL)
_TURNING = re.compile(r"^(?:ところで|さて|ちなみに|(?:それ)?では|じゃあ?)[、,\s]*")
_ABOUT = re.compile(r"^(?:(?:次|最後)に、)?(?P<topic>.{1,30})(?:について|に関して)(?:です)?$")


def _without_greeting(question: str) -> str:
    """Leave out thanks in front of a question; what it is to be about begins it: Xについて、…."""
    found = _LEADING.match(question)
    if found is None:
        return question
    about = _ABOUT.match(found["said"])
    if about is not None:
        return f"{about['topic']}について、{found['rest']}"
    rest = _TURNING.sub("", found["rest"])
    return rest if rest and _PLEASANTRY.match(found["said"]) else question


_WORD = re.compile(r"[^\W_]")

_BOTH_WAYS = (
    (r"(?:なぜ|どうして|なんで|何故)(?:ですか|なの)?|why(?: is that| not)?", "なぜ？", "Why?"),
    (r"いつ(?:ですか|のこと(?:ですか)?)?|when(?: was that)?", "いつ？", "When?"),
    (r"どこ(?:で|ですか)?|where(?: was that)?", "どこ？", "Where?"),
    (r"(?:誰|だれ)(?:ですか)?|who(?: was that)?", "誰？", "Who?"),
    (r"いくら(?:ですか)?|how much", "いくら？", "How much?"),
    (r"どうやって|どのように|how", "どのように？", "How?"),
    (r"本当(?:ですか|に)?|really", "本当？", "Really?"),
    (r"(?:他|ほか)に(?:は|も)?|anything else", "他には？", "Anything else?"),
    (r"もっと詳しく(?:教えて(?:ください)?)?|tell me more", "もっと詳しく", "Tell me more"),
)
"""A question of one word takes its nouns from the one before, and with them its language."""


def _standalone(typed: str, earlier: Sequence[Exchange]) -> str:
    opener = opened(typed)
    question = opener.question
    if not earlier or len(question) > LONGEST_QUESTION or not _WORD.search(question):
        return question
    if asks_nothing(question) or _PLEASANTRY.match(question) or _ANNOUNCEMENT.match(question):
        return question
    if _names_signs(question):
        return question
    whole = _of_both(question, earlier) or about_rows(question, earlier[-1])
    if whole:
        return whole
    before = detect_language(earlier[-1].question)
    asked = question if _is_japanese(question, before) == (before == "ja") else _in_other(question)
    rules = japanese if _is_japanese(asked, before) else english
    if opener.changes_topic and rules.begins_anew(asked, tuple(earlier)):
        return question
    written = rules.rewrite(asked, tuple(earlier))
    return written if written and len(written) <= LONGEST else question


def _names_signs(question: str) -> bool:
    """Whether a question has pictures where its nouns would be, which nothing can be said of."""
    if not any(unicodedata.category(character) == "So" for character in question):
        return False
    japanese_nouns = (noun for noun in japanese_parts.nouns_of(question) if not noun.isascii())
    return not any(map(_WORD.search, [*japanese_nouns, *english.telling_words(question)]))


_WHICH = re.compile(
    r"^(?:それ)?(?:では|じゃあ?|で)?[、,]?(?:(?:その|この)?(?:二つ|2つ|二人|両者)"
    r"(?:では|だと|の(?:うち|中)?(?:では|で)?|は)?、?)?"
    r"(?P<asked>(?:どちら|どっち)(?:の(?:ほう|方))?[がの].+)$"
)
_TOPIC = re.compile(
    r"^(?:では|じゃあ?)?[、,]?(?P<topic>[^、。？?はがをにで]{2,20}?)(?:は|の|が|って|について)"
)


def _of_both(question: str, earlier: Sequence[Exchange]) -> str:
    """Which of the last two things talked about; empty where they are not two of one kind."""
    found = _WHICH.match(question)
    topics = [t["topic"] for each in earlier if (t := _TOPIC.match(each.question)) is not None]
    latest = list(dict.fromkeys(reversed(topics)))[1::-1]
    if found is None or len(latest) != 2 or latest[0][-1] != latest[1][-1]:  # noqa: PLR2004
        return ""
    written = f"{latest[0]}と{latest[1]}では、{found['asked']}"
    return written if comparison_in(written) is not None else ""


def _in_other(question: str) -> str:
    """Return a question of one word in the other language; any other question as it is."""
    bare = without_marks(question).casefold()
    for pattern, japanese_word, english_word in _BOTH_WAYS:
        if re.fullmatch(pattern, bare):
            return english_word if detect_language(question) == "ja" else japanese_word
    return question


def _is_japanese(question: str, before: Language) -> bool:
    """Whether the rules for Japanese apply; a bare name or number follows the question before."""
    if re.search(r"[a-z]{2}", question) or detect_language(question) == "ja":
        return detect_language(question) == "ja"
    return before == "ja"
