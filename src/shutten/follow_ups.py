"""Passages for a follow-up: both forms of the question, and the article that was talked about.

The rewritten form helps to find the article, the words that were typed tell its sentences apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from shutten.conversation import (
    MEANT_TURNS,
    NOUNS,
    asks_of,
    is_refusal,
    own_topic,
    plain_lines,
)
from shutten.grounding import UNSURE, in_front_of, one_line, with_markers_escaped
from shutten.reasons import reason_first
from shutten.retrieval import scored
from shutten.sentences import detect_language
from shutten.tokens import tokenise
from shutten.types import Passage, Reading, Retriever, Turn

DEPTH = 20
"""How many passages each of the searches contributes."""

TOPIC = 0.4
"""What a sentence gains from standing in the article that was talked about, beside two scores from
0 to 1. On the develop dialogues 0.4 finds as many as 0.8, and more than 0.2."""

TOPICS = 2
"""In how many of these articles the sentences are looked for that no search of all would bring."""

LONGEST_ANSWER = 600
"""Characters of the last answer that are looked up."""

TOLD = 0.5
"""The share of an answer's tokens in the nearest sentences below which it was not taken from these
articles. What is quoted from them has nearly all; an answer from elsewhere a fifth."""

NEAREST = 5
"""How many of the nearest sentences are looked at for that."""

LOOKED_BACK = 6
"""How many turns are looked at for the place where the conversation began anew."""

SHOWN, NEXT = 1.0, 0.3
"""What it takes off the logit of a sentence that an earlier answer quotes, and what it adds that
the last answer quotes one of the two before it: a conversation goes on. On the develop dialogues,
each with its article and among all: 223, 214 of 242 and 126, 121 of 142 in the top 3 instead of
219, 212, 124, 119; from 0.6 to 1.5 for the one and from 0 to 0.6 for the other it changes little.
"""

SHORTEST_TITLE = 3
"""Characters of a title that a question can be told to be about."""

_ASIDE = re.compile(r"\s*[（(].*$")

_BEHIND = (1, 2)

_MORE = re.compile(
    r"^(?:その|それ|では|じゃあ?)*[、,]?(?:他|ほか|以外|次)(?:に|は|の)|もっと|\b(?:else|others?|more)\b",
    re.IGNORECASE,
)
"""Such a question is not answered by a sentence that was shown before."""

_WHY = re.compile(
    r"^(?:(?:それ|これ)は|でも|で)?[、,]?(?:なぜ|なんで|何故|どうして)"
    r"(?:(?:です|でしょう|だった|なの|でした|か|の)*$|(?:そう|そのよう|そんな))"
    r"|^(?:and |but |so )?why(?: (?:is|was|did|does)(?: (?:that|this|it))?(?: so| happen)?| so)?$",
    re.IGNORECASE,
)
"""Why? asks for the reason of what was just said."""

Place: TypeAlias = tuple[str, int]
"""Article id and sentence number."""

Order: TypeAlias = Callable[[str, Sequence[Passage]], list[Passage]]
"""From a question and passages, best first, to the same passages in another order."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A follow-up in both forms, and what was said before.

    `before` is the question before it, made to stand alone; `answers` are all remembered answers,
    oldest first, empty for a refusal. `turns` are what was said, as far as it goes on from it.
    `row` is where another row stands than the one quoted last, if the follow-up names it.
    """

    asked: str
    standalone: str
    before: str = ""
    answers: tuple[str, ...] = ()
    turns: tuple[Turn, ...] = ()
    row: Place | None = None

    @property
    def alone(self) -> FollowUp:
        """The question as it was typed, with nothing of what was said before."""
        return FollowUp(self.asked, self.asked)

    @property
    def wants_more(self) -> bool:
        """Whether what was quoted already is no answer to it."""
        return _MORE.search(self.asked) is not None


def retrieve(
    follow_up: FollowUp,
    retriever: Retriever,
    *,
    k: int,
    article_ids: Sequence[str] | None = None,
    order: Order | None = None,
) -> list[Passage]:
    """Return up to k passages, best first, with scores from 0 to 1.

    `order` puts what all searches have found in a better order, asked once with the question that
    stands alone. Where a question asks for more, the sentences that were quoted before come last.
    """
    search = _Search(retriever, article_ids)
    topics = search.topics(follow_up)
    found: dict[Place, Passage] = {}
    scores: dict[Place, float] = {}
    forms = dict.fromkeys((follow_up.standalone, follow_up.asked))
    for question in forms:
        for place, passage in search.both(question, topics).items():
            found.setdefault(place, passage)
            scores[place] = scores.get(place, 0.0) + passage.hit.score * 2 / len(forms)
    quoted = _quoted(found.values(), follow_up.answers) if follow_up.wants_more else set()
    ranked = [
        scored(passage, (scores[place] + TOPIC * topics.get(place[0], 0.0)) / (2 + TOPIC))
        for place, passage in found.items()
    ]
    ranked.sort(key=lambda each: -each.hit.score)
    if order is not None:
        ranked = order(follow_up.standalone, ranked)
    ranked.sort(key=lambda each: each.hit.place in quoted)  # equal ones stay in their order
    return ranked[:k]


def joined(standalone: Sequence[Reading], asked: Sequence[Reading]) -> list[Reading]:
    """Join two readings of the same passages: order by both, words and confidence of the surer."""
    return [
        replace(
            max(pair, key=lambda each: each.confidence),
            relevance=sum(each.relevance for each in pair) / 2,
        )
        for pair in zip(standalone, asked, strict=True)
    ]


def row_first(readings: Sequence[Reading], row: Place | None) -> list[Reading]:
    """Return the readings with a row in front that a follow-up names, if it was read."""
    highest = in_front_of(readings)
    return [
        replace(each, relevance=highest, confidence=max(each.confidence, UNSURE))
        if each.passage.hit.place == row
        else each
        for each in readings
    ]


def in_course(
    readings: Sequence[Reading],
    passages: Sequence[Passage],
    answers: Sequence[str],
    threshold: float,
) -> list[Reading]:
    """Return the readings with what was shown before farther back and what follows it nearer.

    They stay as they are where the foremost one answers now and would not then. `passages` are all
    that were found; `answers` the earlier ones, oldest first.
    """
    shown, last = _quoted(passages, answers), _quoted(passages, answers[-1:])
    following = {(article, number + n) for article, number in last for n in _BEHIND}
    moved = [
        replace(
            each, relevance=each.relevance - SHOWN * (place in shown) + NEXT * (place in following)
        )
        for each in readings
        for place in [each.passage.hit.place]
    ]
    before, after = (
        max(some, key=lambda each: each.relevance, default=None) for some in (readings, moved)
    )
    if before is None or after is None or after.confidence < threshold <= before.confidence:
        return list(readings)
    return moved


def reasoned(
    asked: str, readings: Sequence[Reading], passages: Sequence[Passage], answers: Sequence[str]
) -> list[Reading]:
    """Return the readings of a bare Why? with the reason in front that follows what was quoted.

    「この減少は、412頭を捕獲したことによる。」 shares few words with what it is the reason of: that
    it stands directly behind tells more.
    """
    if not _WHY.search(re.sub(r"[\s。．.？?！!]+$", "", asked)):
        return list(readings)
    following = {(article, number + 1) for article, number in _quoted(passages, answers[-1:])}
    return reason_first(readings, passages, following)


def continued(
    question: str,
    history: Sequence[Turn],
    retriever: Retriever,
    *,
    article_ids: Sequence[str] | None = None,
) -> Sequence[Turn]:
    """Return the last turns, as many as a question can continue; none where it begins anew."""
    asked = [*(turn.question for turn in history), question]
    for count in range(len(history), max(0, len(history) - LOOKED_BACK), -1):
        before = history[max(0, count - MEANT_TURNS) : count]
        if not _continues(asked[count], before, retriever, article_ids):
            return history[count:]
    return history


def _continues(
    question: str,
    history: Sequence[Turn],
    retriever: Retriever,
    article_ids: Sequence[str] | None,
) -> bool:
    """Whether a question can be one about what was said before.

    It is not where the last answer was taken from none of the articles that are asked now, nor
    where the question is about the title of another article, or about a common noun that the
    article of that answer does not have and another one has.
    """
    answers = (turn.answer for turn in reversed(history) if not is_refusal(turn.answer))
    said = plain_lines(next(answers, ""))[:LONGEST_ANSWER]
    nearest = retriever.retrieve(said, k=NEAREST, article_ids=article_ids) if said else ()
    if not nearest:
        return True
    if _told_elsewhere(said, nearest):
        return False
    last = nearest[0].hit.article_id
    told = "\n".join(f"{turn.question}\n{turn.answer}" for turn in history)
    topic = own_topic(question)
    if not topic or topic in told:
        return not _names_article(question, told, last, retriever, article_ids)
    here = retriever.retrieve(topic, k=NEAREST, article_ids=[last])
    if any(topic in read_of(each) for each in here):
        return True
    found = retriever.retrieve(question, k=NEAREST, article_ids=article_ids)
    return not any(topic in read_of(each) for each in found)


def _names_article(
    question: str,
    told: str,
    last: str,
    retriever: Retriever,
    article_ids: Sequence[str] | None,
) -> bool:
    """Whether a question begins with the title of an article that was not talked about yet."""
    opening = re.match(rf"(?:(?:それ)?では|じゃあ?)?[、,]?(?P<noun>{NOUNS})", question)
    if opening is None or len(opening["noun"]) < SHORTEST_TITLE or opening["noun"] in told:
        return False
    found = retriever.retrieve(question, k=NEAREST, article_ids=article_ids)
    titles = {_ASIDE.sub("", each.hit.title) for each in found if each.hit.article_id != last}
    return any(
        len(title) >= SHORTEST_TITLE and title not in told and asks_of(question, title)
        for title in titles
    )


def _told_elsewhere(said: str, nearest: Sequence[Passage]) -> bool:
    """Whether sentences of the same language hold too little of an answer for it to rest on them.

    What a language model writes in another language than the articles have cannot be told.
    """
    language = detect_language(said)
    if any(detect_language(each.hit.text) != language for each in nearest):
        return False
    tokens = set(tokenise(said))
    held = {token for each in nearest for token in tokenise(each.hit.text)}
    return bool(tokens) and len(tokens & held) < TOLD * len(tokens)


def read_of(passage: Passage) -> str:
    """Return title and sentence on two lines: what a follow-up is compared with."""
    return f"{passage.hit.title}\n{passage.hit.text}"


class _Search:
    """Searches of one follow-up among the articles that it is asked of."""

    def __init__(self, retriever: Retriever, article_ids: Sequence[str] | None) -> None:
        self._retriever = retriever
        self._article_ids = article_ids

    def topics(self, follow_up: FollowUp) -> dict[str, float]:
        """Return the articles that were talked about with a weight from 0 to 1, likeliest first."""
        if self._article_ids is not None and len(self._article_ids) == 1:
            return {}
        weights: dict[str, float] = {}
        answer = follow_up.answers[-1] if follow_up.answers else ""
        for passage in self._found(answer[:LONGEST_ANSWER], 1) if answer else ():
            weights[passage.hit.article_id] = 1.0
        asked = self._found(follow_up.before, 5)
        best = max((each.hit.score for each in asked), default=0.0) or 1.0
        for passage in asked:
            article = passage.hit.article_id
            weights[article] = max(weights.get(article, 0.0), passage.hit.score / best)
        return weights

    def both(self, question: str, topics: dict[str, float]) -> dict[Place, Passage]:
        """Return what is found everywhere and what is found in the likeliest articles alone."""
        found = self._found(question, DEPTH)
        for article in list(topics)[:TOPICS]:
            found += self._retriever.retrieve(question, k=DEPTH, article_ids=[article])
        places: dict[Place, Passage] = {}
        for passage in found:
            places.setdefault(passage.hit.place, passage)
        return places

    def _found(self, question: str, k: int) -> list[Passage]:
        return list(self._retriever.retrieve(question, k=k, article_ids=self._article_ids))


def _quoted(passages: Iterable[Passage], answers: Sequence[str]) -> set[Place]:
    """The sentences that stand word for word in an earlier answer."""
    return {
        passage.hit.place
        for passage in passages
        if any(one_line(with_markers_escaped(passage.hit.text)) in answer for answer in answers)
    }
