"""Which word of a sentence stands for which word of a claim, and how surely."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from shutten.checking.analysis import Analysis
from shutten.checking.words import Word
from shutten.names import sounds_alike
from shutten.types import Embedder, Matrix

EXACT = 1.0
SYNONYM = 0.9
SOUND = 0.85
SHORTEST_COMPOUND = 2
KIN = 0.75
"""Of a kanji compound: every kanji stands in the sentence, though not in this order."""

LIKELY = 0.5
"""From here on a word of a sentence counts as taken by a word of the claim."""
SCATTERED = 0.5
"""Of a kanji of a compound that stands alone somewhere in the text."""
AFFIX = 0.6
"""Of a single kanji that a compound has more than the text: 館 in 新館."""
DOUBTED = 0.4
"""What the nearness of two names counts."""

_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Match:
    """A word of the claim with the best place for it: text number and offsets there.

    `strength` is 1 for the same word, less for a synonym, a sound or a near meaning (a cosine).
    """

    word: Word
    strength: float
    text: int = -1
    start: int = 0
    end: int = 0


class WordVectors:
    """Vectors of single words from an embedder, kept; may be shared by threads."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float32]]] = {}
        self._lock = threading.Lock()

    def learn(self, words: Sequence[str]) -> None:
        """Embed what is not known yet, in one batch."""
        with self._lock:
            new = [word for word in dict.fromkeys(words) if word not in self._known]
            if not new:
                return
            if len(self._known) + len(new) > _KEPT:
                self._known.clear()
                new = list(dict.fromkeys(words))
            rows = self._embedder.embed_documents(new)
            self._known.update(zip(new, rows, strict=True))

    def matrix(self, words: Sequence[str]) -> Matrix:
        """Return one row per word."""
        if not words:
            return np.zeros((0, self._embedder.facts.dimension), dtype=np.float32)
        self.learn(words)
        with self._lock:
            rows = [self._known[word] for word in words]
        return np.stack(rows)


def spelled(analysis: Analysis, word: Word) -> str:
    """The word as it is embedded: English as written, a Japanese verb with its first kana."""
    if word.script == "latin":
        return analysis.text[word.start : word.end]
    return word.key + word.tail[:1] if len(word.key) == 1 else word.key


def align(claim: Analysis, texts: Sequence[Analysis], vectors: WordVectors) -> list[Match]:
    """Return the matches of the claim's content words, in order; texts as evidence, best first.

    A kanji compound that the texts have only in pieces gives a match for each piece.
    """
    by_rule = [match for word in claim.words for match in _in_pieces(claim, word, texts)]
    open_words = [match.word for match in by_rule if match.strength < KIN]
    if not open_words:
        return by_rule
    taken = [match for match in by_rule if match.strength >= SOUND]
    near = _by_vector(claim, open_words, texts, vectors, taken)
    return [
        max(match, near.get(match.word.start, match), key=lambda each: each.strength)
        for match in by_rule
    ]


def _in_pieces(claim: Analysis, word: Word, texts: Sequence[Analysis]) -> list[Match]:
    whole = _by_rule(claim, word, texts)
    if whole.strength >= SOUND or word.script != "kanji" or len(word.key) < SHORTEST_COMPOUND:
        return [whole]
    pieces = list(_cut(word, texts))
    if len(pieces) == 1:
        return [whole]
    return [_piece_match(claim, piece, pieces, texts) for piece in pieces]


def _cut(word: Word, texts: Sequence[Analysis]) -> Iterator[Word]:
    """Cut a compound into the longest pieces that some text has, and what is left between."""
    start = rest = 0
    key = word.key
    while start < len(key):
        length = next(
            (
                n
                for n in range(len(key) - start, 1, -1)
                if _somewhere(key[start : start + n], texts)
            ),
            0,
        )
        if length:
            if rest < start:
                yield _part(word, rest, start)
            yield _part(word, start, start + length)
            rest = start = start + length
        else:
            start += 1
    if rest < len(key):
        yield _part(word, rest, len(key))


def _somewhere(piece: str, texts: Sequence[Analysis]) -> bool:
    return any(piece in text.text for text in texts)


def _part(word: Word, start: int, end: int) -> Word:
    tail = word.tail if end == len(word.key) else ""
    return Word(word.key[start:end], word.start + start, word.start + end, word.script, tail)


def _piece_match(
    claim: Analysis, piece: Word, pieces: Sequence[Word], texts: Sequence[Analysis]
) -> Match:
    match = _by_rule(claim, piece, texts)
    if match.strength >= KIN or len(piece.key) > 1:
        return match
    if _takes_the_place_of_another(piece, pieces, texts):
        return match
    return replace(match, strength=AFFIX)


def _takes_the_place_of_another(
    piece: Word, pieces: Sequence[Word], texts: Sequence[Analysis]
) -> bool:
    """若 in 若葉高校 where the text has 青葉高校: another kanji stands in its place."""
    for other in pieces:
        for text in texts:
            here = text.text.find(other.key) if len(other.key) > 1 else -1
            if here < 0:
                continue
            if other.start == piece.end and _is_han(text.text[max(0, here - 1) : here]):
                return True
            after = text.text[here + len(other.key) : here + len(other.key) + 1]
            if other.end == piece.start and _is_han(after):
                return True
    return False


def _is_han(character: str) -> bool:
    return bool(character) and "\u3400" <= character <= "\u9fff"


def _by_vector(
    claim: Analysis,
    open_words: Sequence[Word],
    texts: Sequence[Analysis],
    vectors: WordVectors,
    taken: Sequence[Match],
) -> dict[int, Match]:
    """The nearest words that stand for no other word of the claim yet."""
    used = {(match.text, match.start) for match in taken}
    places = [
        (n, word)
        for n, text in enumerate(texts)
        for word in text.words
        if (n, word.start) not in used or text.language != claim.language
    ]
    if not places:
        return {}
    mine = [spelled(claim, word) for word in open_words]
    theirs = [spelled(texts[n], word) for n, word in places]
    vectors.learn([*mine, *theirs])
    cosines = vectors.matrix(mine) @ vectors.matrix(theirs).T
    found = {}
    for row, word in enumerate(open_words):
        trusted = [
            float(cosine) * _trust(claim, word, texts[n], other)
            for cosine, (n, other) in zip(cosines[row], places, strict=True)
        ]
        column = max(range(len(trusted)), key=trusted.__getitem__)
        number, other = places[column]
        strength = min(KIN, max(0.0, trusted[column]))
        found[word.start] = Match(word, strength, number, other.start, other.end)
    return found


def _trust(claim: Analysis, word: Word, text: Analysis, other: Word) -> float:
    """Names of a kind have near vectors (福建省, 広東省) and are still not the same."""
    if claim.language != text.language:
        return 1.0
    if word.script == "kanji" and other.script == "kanji":
        differ = word.key != other.key and word.key[-1] == other.key[-1]
        return DOUBTED if differ else 1.0
    if word.script == "latin":
        return DOUBTED if is_capital(claim, word) else 1.0
    return DOUBTED if word.script == other.script == "katakana" else 1.0


def is_capital(text: Analysis, word: Word) -> bool:
    """Whether a Latin word is written with a capital where that is no sentence's first word."""
    first, _ = text.folded.span(word.start, word.end)
    return first > 0 and text.source[first].isupper()


def _by_rule(claim: Analysis, word: Word, texts: Sequence[Analysis]) -> Match:
    best = Match(word, 0.0)
    for number, text in enumerate(texts):
        match = replace(_in_text(claim, word, text), text=number)
        if match.strength > best.strength:
            best = match
        if best.strength >= EXACT:
            break
    return best


def _in_text(claim: Analysis, word: Word, text: Analysis) -> Match:
    exact = _exact(word, text)
    if exact:
        return exact
    synonym = _synonym(claim, word, text)
    if synonym:
        return synonym
    sound = _sound(word, text)
    if sound:
        return sound
    return _pieces(word, text)


def _exact(word: Word, text: Analysis) -> Match | None:
    if word.script == "latin":
        same = next((each for each in text.words if each.key == word.key), None)
        return Match(word, EXACT, start=same.start, end=same.end) if same else None
    if len(word.key) == 1:
        same = next(
            (e for e in text.words if e.key == word.key and e.tail[:1] == word.tail[:1]), None
        ) or next((e for e in text.words if e.key == word.key), None)
        return Match(word, EXACT, start=same.start, end=same.end) if same else None
    here = text.text.find(word.key)
    return Match(word, EXACT, start=here, end=here + len(word.key)) if here >= 0 else None


def _synonym(claim: Analysis, word: Word, text: Analysis) -> Match | None:
    """A word of the same row of the lexicon; of a compound, the row must name all of it."""
    rows = {
        member.row
        for member in claim.synonyms
        if member.start <= word.start and member.end >= word.end
    }
    found = next((member for member in text.synonyms if member.row in rows), None)
    return Match(word, SYNONYM, start=found.start, end=found.end) if found else None


def _sound(word: Word, text: Analysis) -> Match | None:
    wanted = {"katakana": "latin", "latin": "katakana"}.get(word.script)
    for other in text.words:
        if other.script == wanted and sounds_alike(word.key, _written(text, other)):
            return Match(word, SOUND, start=other.start, end=other.end)
    for first, second in text.glosses:
        for here, there in ((first, second), (second, first)):
            if word.key in there:
                start = text.text.find(here)
                return Match(word, SOUND, start=start, end=start + len(here))
    return None


def _written(text: Analysis, word: Word) -> str:
    return text.text[word.start : word.end]


def _pieces(word: Word, text: Analysis) -> Match:
    """Cover a kanji compound by pieces of the sentence: 調査斜坑 by 調査用の斜坑."""
    if word.script == "latin" or len(word.key) < SHORTEST_COMPOUND:
        return Match(word, 0.0)
    covered, place, start = 0.0, -1, 0
    while start < len(word.key):
        length = next(
            (
                n
                for n in range(len(word.key) - start, 0, -1)
                if word.key[start : start + n] in text.text
            ),
            0,
        )
        if length:
            covered += length if length > 1 or word.script == "katakana" else SCATTERED
            place = place if place >= 0 else text.text.find(word.key[start : start + length])
        start += max(1, length)
    share = covered / len(word.key)
    if word.script == "katakana":
        share = share if share == 1.0 and _by_parts(word, text) else 0.0
    return Match(
        word, KIN * share if share < 1 else 0.95, start=max(0, place), end=max(1, place + 1)
    )


def _by_parts(word: Word, text: Analysis) -> bool:
    parts = [part for part in word.key.split("・") if part]
    return len(parts) > 1 and all(part in text.text for part in parts)
