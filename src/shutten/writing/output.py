"""What a language model gives, made fit to be read: no thoughts, no loops, no half characters."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Sequence
from queue import Empty, SimpleQueue
from typing import Final

HEARTBEAT = 0.1
"""Seconds without text after which an empty piece gives the caller a place to stop."""

_OPEN, _CLOSE = "<think>", "</think>"
_HALF = "\N{REPLACEMENT CHARACTER}"
_SENTENCE = re.compile(r"[^。．.!?！？\n]+[。．.!?！？\n]+")
_SHORTEST_SENTENCE = 8
_LONGEST_UNIT = 40
_FEWEST_TIMES = 4
_REPEATED_CHARACTERS = 24

CUT = "…"
"""Ends a text that a limit has cut off, so that its last sentence is not taken for a whole one."""

END: Final = None
"""Put behind the last piece of a queue."""

Pieces = SimpleQueue[str | None]


class ThoughtFilter:
    """Takes `<think>…</think>` out of a stream, however the tags are split over its pieces.

    `thinking` says that the prompt itself has opened the tag.
    """

    def __init__(self, *, thinking: bool = False) -> None:
        self._thinking = thinking
        self._held = ""

    def feed(self, piece: str) -> str:
        """Return what can be shown by now."""
        self._held += piece
        shown = []
        while (found := self._next_tag()) is not None:
            place, tag = found
            if not self._thinking:
                shown.append(self._held[:place])
            self._held = self._held[place + len(tag) :]
            self._thinking = tag == _OPEN
        kept = max(_begun(self._held, _OPEN), _begun(self._held, _CLOSE))
        ready, self._held = _split_end(self._held, kept)
        return "".join(shown) + ("" if self._thinking else ready)

    def end(self) -> str:
        """Return what was held back because it could have begun a tag."""
        return "" if self._thinking else self._held

    def _next_tag(self) -> tuple[int, str] | None:
        places = [(self._held.find(tag), tag) for tag in (_OPEN, _CLOSE)]
        return min((each for each in places if each[0] >= 0), default=None)


def _begun(text: str, tag: str) -> int:
    """Return how many characters at the end of the text may be the beginning of the tag."""
    lengths = range(min(len(tag) - 1, len(text)), 0, -1)
    return next((length for length in lengths if tag.startswith(text[-length:])), 0)


def _split_end(text: str, count: int) -> tuple[str, str]:
    return text[: len(text) - count], text[len(text) - count :]


def is_repeating(text: str) -> bool:
    """Tell whether a text goes round in circles: the same sentence again, or the same few letters.

    Small models do that at greedy decoding, and never end.
    """
    sentences = [found.strip() for found in _SENTENCE.findall(text)]
    if sentences and text.rstrip().endswith(sentences[-1]):
        last = sentences[-1]
        if len(last) >= _SHORTEST_SENTENCE and last in sentences[:-1]:
            return True
    for size in range(1, _LONGEST_UNIT + 1):
        times = max(_FEWEST_TIMES, -(-_REPEATED_CHARACTERS // size))
        if text.endswith(text[-size:] * times) and text[-size:].strip():
            return True
    return False


class Polisher:
    """Takes what a model gives and returns what is shown, until `finished` says: enough.

    Thoughts and leading white space are left out; a text that repeats itself is finished.
    """

    def __init__(self, *, thinking: bool = False) -> None:
        self._thoughts = ThoughtFilter(thinking=thinking)
        self._written = ""
        self.finished = False

    @property
    def begun(self) -> bool:
        """Whether anything was shown."""
        return bool(self._written)

    def feed(self, piece: str) -> str:
        """Return what can be shown by now, possibly nothing."""
        return self._shown(self._thoughts.feed(piece))

    def end(self) -> str:
        """Return the rest, when nothing more comes."""
        return self._shown(self._thoughts.end())

    def _shown(self, text: str) -> str:
        text = text if self._written else text.lstrip()
        if self.finished or not text:
            return ""
        self._written += text
        self.finished = is_repeating(self._written)
        return "" if self.finished else text


def received(pieces: Pieces) -> Generator[str]:
    """Yield what another thread puts, until END; an empty piece at every heartbeat without any."""
    while True:
        try:
            piece = pieces.get(timeout=HEARTBEAT)
        except Empty:
            yield ""
            continue
        if piece is END:
            return
        yield piece


class Detokeniser:
    """Tokens to text, one by one: a character whose bytes are spread over tokens comes whole.

    `decode` turns token ids into text. Each piece is the difference between two decodings, as a
    tokenizer may write a token's leading space only behind another one.
    """

    def __init__(self, decode: Callable[[Sequence[int]], str]) -> None:
        self._decode = decode
        self._ids: list[int] = []
        self._start = 0
        self._read = 0

    def feed(self, token: int) -> str:
        """Return the text that the token completes."""
        self._ids.append(token)
        text = self._decode(self._ids[self._start :])
        if text.endswith(_HALF):
            return ""
        before = self._decode(self._ids[self._start : self._read])
        self._start, self._read = self._read, len(self._ids)
        return text[len(before) :]
