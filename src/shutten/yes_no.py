"""Whether a sentence says yes or no to a question, by the checks that claims of a model go through.

The question is put as a statement. Borne out by the sentence, the answer is yes; borne out but for
its negation, or once its number or date is the sentence's, it is no; else nobody can tell.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal

from shutten.checking.analysis import Analysis, analyse
from shutten.checking.dates import Moment
from shutten.checking.polarity import negators
from shutten.checking.quantities import Quantity
from shutten.grounding import ClaimsChecker
from shutten.types import Language, Passage

WORDS: dict[Language, dict[bool, str]] = {
    "ja": {True: "はい", False: "いいえ"},
    "en": {True: "Yes", False: "No"},
}

_INTERROGATIVE = re.compile(
    r"何|なに|なん[でのと]|誰|だれ|どなた|ど[このれうんちっ]|どちら|どのくらい|どれくらい|いつ|なぜ|なんで|いくら|いくつ|"
    r"それとも|か、|教えて|理由|について|要約"
)
_NEGATIVE = re.compile(
    r"ません(?:でした)?か?$|な(?:い|かった)(?:の?です|のでしょう|でしょう|の)?か?$"
)
_JAPANESE_END = re.compile(
    r"(?P<body>.+?)(?:(?:の|ん)?(?:でしょう|だろう|ですか)|(?:の|ん)(?:です)?)か?$|(?P<asked>.+)か$"
)
_BE = r"is|are|was|were"
_HAVE = r"has|have|had|can|could|will|would|should|must|may"
_ENGLISH = re.compile(rf"(?P<first>{_BE}|{_HAVE}|do|does|did)\s+(?P<rest>.+)$", re.IGNORECASE)
_BROAD = re.compile(
    r"より|ほど|前にも|以前に?も|ほかに|他に|また|再び|全て|すべて|全部|全員|皆|みんな|いつも|必ず|一度も|"
    r"\b(?:or|than|ever|any\w*|all|every\w*|always|still|yet|only|both|again|before|after|another|other|who\w*|what|when|where|why|how"
    r"|which)\b",
    re.IGNORECASE,
)
"""Questions about more than one sentence says (all of something, anything, the greater of two), and
those that ask for more than yes or no."""
_LIMITING = re.compile(
    r"場合|とき|際に|のみ|だけ|しか|限[りっ]|以外|ただし|しかし|が、|ものの|なら|れば|かつて|初めて|当時|当初|以前|まで|より|ほど|一部|"
    r"\b(?:if|unless|only|except|for|when|while|until|but|however|although|though|once|former(?:ly)?"
    r"|than|some|most|many|few|almost|nearly|said|says|according|may|might|could|would|plan\w*)\b"
)
_TOPIC = re.compile(r"[一-龥々\u30a1-\u30faーa-z0-9]+(?:ども|たち|ら)?(?=[はが])")
_UNSEEN_VERB = re.compile(r"(?:に|で|と|から|まで)?[はがをもにで](?P<verb>[ぁ-ゖ]+)$")
_EXISTS = re.compile(
    r"(?:ある|あり(?:ます|ました)|あった|いる|います|いました|いた|です|でした|だ|だった|である)?"
)
_VERB_ENDING = re.compile(
    r"(?:まし[たて]|ます|[てで](?:い(?:ます|ました|る|た))?|[たるうくぐすつぬぶむ])$"
)
_FIRST_TOPIC = re.compile(r"(?P<topic>[^はが、。]+)[はが]")
_DIGIT = re.compile(r"[0-9]")
LEAST_SAID = 2
"""So many words and figures a statement must have: a single one stands in many a sentence."""
_MOST_PLACES = 8
"""So far into an English question its first verb is tried: where the subject ends is not known."""


def asks_yes_or_no(question: str) -> bool:
    """Whether yes or no would answer a question, as far as its form tells."""
    return bool(statements_of(question))


def statements_of(question: str) -> list[str]:
    """A question as statements, any of which says it; none where it does not ask for yes or no."""
    folded = unicodedata.normalize("NFKC", question).strip()
    asked = folded.rstrip("?。. ")
    if _BROAD.search(asked) or not folded.endswith(("?", "か", "か。")):
        return []
    return list(_english(asked) if asked.isascii() else _japanese(asked))


def _japanese(asked: str) -> Iterator[str]:
    if _INTERROGATIVE.search(asked) or _NEGATIVE.search(asked):
        return
    found = _JAPANESE_END.fullmatch(asked)
    if found:
        yield f"{found['body'] or found['asked']}。"


def _english(asked: str) -> Iterator[str]:
    found = _ENGLISH.fullmatch(asked)
    if not found:
        return
    first, words = found["first"].lower(), found["rest"].split()
    for place in range(1, min(len(words), _MOST_PLACES)):
        yield " ".join([*words[:place], first, *words[place:]]) + "."


def says_yes(
    question: str, passage: Passage, checker: ClaimsChecker, *, language: Language
) -> bool | None:
    """Whether the sentence says yes (True) or no (False) to the question; None: neither."""
    sentence = passage.hit.text
    told, title = analyse(sentence), analyse(passage.hit.title)
    stated = statements_of(question)
    statements = [each for each in stated if _is_said(analyse(each), told, title)]
    if not statements or _is_limited(sentence, question):
        return None
    verdicts = checker.check_all(statements, [passage], language=language)
    if any(verdict.supported for verdict in verdicts):
        return None if negators(told.text) else True
    if any({each.code for each in verdict.problems} == {"negation"} for verdict in verdicts):
        return False
    corrected = [new for each in statements for new in _corrected(each, sentence)]
    proven = checker.check_all(corrected, [passage], language=language)
    return False if any(verdict.supported for verdict in proven) else None


def _is_said(statement: Analysis, sentence: Analysis, title: Analysis) -> bool:
    """Whether each content word of a statement stands in the sentence, its verb among them.

    A Japanese topic may stand in the title alone. What a check lets through beyond that (words of
    the like meaning, a verb in hiragana) may turn a yes into a no: 予約はいりますか, 予約は不要だ.
    """
    known, titled = ({word.key for word in each.words} for each in (sentence, title))
    topic = _FIRST_TOPIC.match(statement.text)
    above = topic.end() if topic else 0
    words = statement.words
    if len(words) + len(_figures(statement)) < LEAST_SAID:
        return False
    if any(word.key not in known | (titled if word.end <= above else set()) for word in words):
        return False
    return bool(words) and _shows_verb(statement.text[words[-1].end :], sentence.text)


def _shows_verb(behind: str, sentence: str) -> bool:
    """Whether the verb of a statement is not hidden in the hiragana behind its last word."""
    unseen = _UNSEEN_VERB.match(behind.rstrip("。. "))
    if unseen is None or _EXISTS.fullmatch(unseen["verb"]):
        return True
    stem = _VERB_ENDING.sub("", unseen["verb"])
    return len(stem) > 1 and stem in sentence


def _is_limited(sentence: str, question: str) -> bool:
    """Whether the sentence says something of some cases, times or things that are not asked of."""
    asked = unicodedata.normalize("NFKC", question).casefold()
    told = unicodedata.normalize("NFKC", sentence).casefold()
    topics = (found.group() for found in _TOPIC.finditer(told))
    return any(found.group() not in asked for found in _LIMITING.finditer(told)) or any(
        topic not in asked for topic in topics
    )


def _corrected(statement: str, sentence: str) -> Iterator[str]:
    """The statement with its one date or number replaced by each one of the sentence."""
    mine, theirs = analyse(statement), analyse(sentence)
    if len(_figures(mine)) != 1:
        return
    kind: Literal["moments", "quantities"] = "moments" if mine.moments else "quantities"
    own = getattr(mine, kind)[0]
    if not _DIGIT.search(mine.text[own.start : own.end]):
        return
    for other in getattr(theirs, kind):
        written = theirs.text[other.start : other.end]
        if _DIGIT.search(written):
            yield mine.text[: own.start] + written + mine.text[own.end :]


def _figures(told: Analysis) -> list[Moment | Quantity]:
    return list(told.moments) or list(told.quantities)
