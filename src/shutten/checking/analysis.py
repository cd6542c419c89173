"""What plain rules see in one text, worked out once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from shutten.checking.dates import ClockTime, Moment, clock_times, moments
from shutten.checking.folding import Folded, fold
from shutten.checking.lexicon import CONTRASTS, SYNONYMS
from shutten.checking.quantities import Quantity, quantities
from shutten.checking.words import STOP_KANJI, Clause, Word, clauses, content_words, stem
from shutten.names import loose_glosses
from shutten.remembering import remembered
from shutten.sentences import detect_language
from shutten.types import Language

_CACHED = 4096


@dataclass(frozen=True, slots=True)
class Member:
    """A word of the lexicon where it was found: its row, its place in the row, its offsets."""

    row: int
    column: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Analysis:
    """A text and what was found in it; all offsets are in `folded.text`."""

    source: str
    folded: Folded
    language: Language
    words: tuple[Word, ...]
    clauses: tuple[Clause, ...]
    quantities: tuple[Quantity, ...]
    moments: tuple[Moment, ...]
    times: tuple[ClockTime, ...]
    synonyms: tuple[Member, ...]
    contrasts: tuple[Member, ...]
    glosses: tuple[tuple[str, str], ...]
    """Names that it puts side by side."""

    @property
    def text(self) -> str:
        """The text as it is compared: offsets of words and clauses are into this one."""
        return self.folded.text


@remembered(maxsize=_CACHED)
def analyse(text: str) -> Analysis:
    """Look at a text once; the last ones are remembered, as a passage is held against claims."""
    folded = fold(text)
    language = detect_language(text)
    dated = tuple(moments(folded.text))
    timed = tuple(clock_times(folded.text))
    taken = [(m.start, m.end) for m in dated] + [(t.start, t.end) for t in timed]
    counted = tuple(quantities(folded.text, taken))
    numbers = [*taken, *((each.start, each.end) for each in counted)]
    words = tuple(_outside(content_words(folded.text), numbers))
    every = content_words(folded.text, function_words=True)
    return Analysis(
        text,
        folded,
        language,
        words,
        tuple(clauses(folded.text, language)),
        counted,
        dated,
        timed,
        tuple(_found(_SYNONYM_INDEX, folded.text, every)),
        tuple(_found(_CONTRAST_INDEX, folded.text, every)),
        tuple(loose_glosses(folded.text)),
    )


def _outside(words: Sequence[Word], numbers: Sequence[tuple[int, int]]) -> Iterator[Word]:
    """Leave out what is part of a number or date; of 頭飼 behind 45, the counter."""
    for word in words:
        if any(start <= word.start and word.end <= end for start, end in numbers):
            continue
        cut = next((end for start, end in numbers if start < word.start < end < word.end), None)
        if cut is None or word.script != "kanji":
            yield word
        elif word.key[cut - word.start :] not in STOP_KANJI:
            yield replace(word, key=word.key[cut - word.start :], start=cut)


@dataclass(frozen=True, slots=True)
class _Index:
    """The lexicon by spelling: Japanese pieces, and English stems."""

    pieces: dict[str, tuple[tuple[int, int], ...]]
    stems: dict[str, tuple[tuple[int, int], ...]]


def _index(rows: Sequence[Sequence[Sequence[str]]]) -> _Index:
    pieces: dict[str, tuple[tuple[int, int], ...]] = {}
    stems: dict[str, tuple[tuple[int, int], ...]] = {}
    for row, columns in enumerate(rows):
        for column, entries in enumerate(columns):
            for entry in entries:
                if entry.isascii():
                    for key in {entry, stem(entry)}:
                        stems[key] = (*stems.get(key, ()), (row, column))
                else:
                    pieces[entry] = (*pieces.get(entry, ()), (row, column))
    return _Index(pieces, stems)


_SYNONYM_INDEX = _index([[row] for row in SYNONYMS])
_CONTRAST_INDEX = _index(CONTRASTS)
_LONGEST = max(map(len, (*_SYNONYM_INDEX.pieces, *_CONTRAST_INDEX.pieces)))


def _found(index: _Index, folded: str, words: Sequence[Word]) -> Iterator[Member]:
    for word in words:
        if word.script == "latin":
            for place in index.stems.get(word.key, ()):
                yield Member(*place, word.start, word.end)
    for start, end in _pieces(index, folded):
        for place in index.pieces[folded[start:end]]:
            yield Member(*place, start, end)


def _pieces(index: _Index, folded: str) -> Iterator[tuple[int, int]]:
    """The longest Japanese entry at each position; a single kanji only where it stands alone."""
    if folded.isascii():
        return
    for start in range(len(folded)):
        for length in range(min(_LONGEST, len(folded) - start), 0, -1):
            piece = folded[start : start + length]
            if piece in index.pieces and (length > 1 or _stands_alone(folded, start)):
                yield start, start + length
                break


def _stands_alone(folded: str, start: int) -> bool:
    around = folded[max(0, start - 1) : start] + folded[start + 1 : start + 2]
    return not any("\u3400" <= each <= "\u9fff" for each in around)
