"""Who does what: the subject and the other parts of a clause, by particles and by position."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from shutten.checking.analysis import Analysis
from shutten.checking.words import Word, content_words

Role = Literal["subject", "object", "other", "genitive", "none"]

_PARTICLES: tuple[tuple[str, Role], ...] = (
    ("には", "other"), ("では", "other"), ("とは", "other"), ("からは", "other"), ("へは", "other"),
    ("は", "subject"), ("が", "subject"), ("も", "subject"), ("を", "object"), ("に", "other"),
    ("から", "other"), ("より", "other"), ("で", "other"), ("と", "other"), ("へ", "other"),
    ("の", "genitive"),
)  # fmt: skip
_HONORIFIC = re.compile(
    r"^(?:さん|くん|ちゃん|たち|ら|ども|ども?たち)(?=[はがもをにのとで]|から|より)"
)
_KANA_NOUN = re.compile(r"[ぁ-ゖ]{1,4}?[はがもを]$")
"""Behind a kanji: the rest of a noun or a name in kana, with its particle (しづは, し込みを)."""
_VERB_TAIL = re.compile(
    r"(?:[てでにとのたるすだくんら]|ない|から|まで)[はも]$|[たるいだすんの]が$|のを$|ことを$"
)
_COPULA = re.compile(r"で(?:ある|あっ|あり|す|し|ない|はな|もあ)")
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|will|would|may|might|can|could|does|do|did|must|"
    r"should|built|fell|rose|won|bought|sold|grew|held|made|took|gave|wrote|led|lost|found|began|"
    r"became|came|went|ran|saw|said|told|brought|caught|kept|met|paid|sent|spent|stood|chose|broke|"
    r"drew|flew|knew|sank|beat|cost|cut|lies|lay|sits|stands|runs|needs|uses|owns|sells|sleeps|"
    r"carries|supplies|employs|provides|produces|grows|plans|intends|turns|makes|takes|gives|waits|"
    r"wait|closes|opens|consists|contains|remains|remain|survives|survive|falls|ranges|borrow|"
    r"contain|completes|sat|received|\w{3,}ed|\w+(?<![sui])s(?=\s+(?:a|an|the|its|his|her|their|more|about|to|from|in|on|at|up|\d)))\b"
)
_FRONTED = re.compile(
    r"^\s*(?:in|on|at|since|by|after|before|because|with|from|during|ahead|every|this|last|between|until|according|despite|although|under|for|each|today|however|as|when)\b[^,]{0,60},\s+"
)
_OPENING = re.compile(r"\s*(?:(?:and|but|or|while|whereas)\s+)?")
_CLAUSE_FRONT = re.compile(
    r"\s*(?:because|if|when|although|though|while|as|after|before|until|despite)\b"
)
_PLURAL = re.compile(r"\w{4,}s\s+(?:to|from|in|on|at|up|down|of|for|by)\b")
"""A first word that is rather a noun than a verb: supplies to factories."""
_BEFORE_AUXILIARY = re.compile(r"\s+\w+\s+(?=(?:is|are|was|were|has|have|had)\b)")
_PRONOUN = re.compile(r"^\s*(?:it|he|she|they|this|these|that|those|we|there)\b")


@dataclass(frozen=True, slots=True)
class Part:
    """A content word with its role in the clause."""

    word: Word
    role: Role


def role_of(word: Word) -> Role:
    """The role that a Japanese word's particle gives it."""
    tail = _HONORIFIC.sub("", word.tail)
    if _COPULA.match(tail):
        return "none"
    role: Role = next((role for particle, role in _PARTICLES if tail.startswith(particle)), "none")
    if role == "none" and _KANA_NOUN.match(tail) and not _VERB_TAIL.search(tail):
        return "object" if tail.endswith("を") else "subject"
    return role


def parts(text: Analysis) -> list[Part]:
    """Return the content words of a text with their roles."""
    if text.language == "ja":
        return [Part(word, role_of(word)) for word in text.words]
    bounds = subject_bounds(text)
    return [
        Part(word, "subject" if any(s <= word.start < e for s, e in bounds) else "other")
        for word in text.words
    ]


def subject_bounds(text: Analysis) -> list[tuple[int, int]]:
    """Where the subjects of an English text's clauses stand: in front of the first verb."""
    found = []
    begun: int | None = None
    for clause in text.clauses:
        piece = text.text[clause.start : clause.end]
        fronted = _FRONTED.match(piece)
        begin = fronted.end() if fronted else 0
        verb = _verb(piece, begin)
        start = clause.start + begin
        if verb is None:
            begun = start if begun is None and content_words(piece) else begun
            continue
        if not content_words(piece[begin : verb.start()]) and begun is not None:
            start = begun
        if content_words(text.text[start : clause.start + verb.start()]):
            found.append((start, clause.start + verb.start()))
        begun = None
    return found


def _verb(piece: str, begin: int) -> re.Match[str] | None:
    """The first verb; a participle in front of its noun (a chubby faced boy is …) is none."""
    verb = _VERB.search(piece, begin)
    if verb is not None and verb.group().endswith("ed"):
        later = _BEFORE_AUXILIARY.match(piece, verb.end())
        return _VERB.search(piece, later.end()) if later else verb
    return verb


def finite_verb(piece: str) -> re.Match[str] | None:
    """The first verb of an English part of a sentence, None where there is none."""
    fronted = _FRONTED.match(piece)
    opening = _OPENING.match(piece)
    begin = opening.end() if opening else 0
    if fronted and (_CLAUSE_FRONT.match(piece) or not _VERB.search(fronted.group())):
        begin = fronted.end()
    verb = _verb(piece, begin)
    if verb is not None and verb.start() == begin and _PLURAL.match(piece, begin):
        return _verb(piece, verb.end())
    return verb


def verb_like(text: Analysis, word: Word) -> bool:
    """Whether an English word is written like a verb."""
    written = text.text[word.start : word.end]
    return _VERB.fullmatch(written) is not None


def is_pronoun(text: str) -> bool:
    """Whether an English part begins with what stands for something named before."""
    return _PRONOUN.match(text) is not None
