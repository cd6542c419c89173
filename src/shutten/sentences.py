"""Text to sentences with offsets: Wikimedia's `sentencex` proposes, rules for Japanese decide.

The sentences tile the text: joined, they are the text again, to the last character.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

import sentencex

from shutten.abbreviations import REACH, only_shortens
from shutten.faq import answer_mark, is_answered_below
from shutten.layout import CLOSERS
from shutten.paragraphs import Block, read_blocks
from shutten.references import reference_flags
from shutten.tokens import HAN, KANA
from shutten.types import Language, Sentence

LONGEST_SENTENCE = 600
"""Characters; a longer sentence is cut at a comma or a space so that all of it can be found."""
LONGEST_QUOTE = 300
"""Characters; a longer quotation is divided at its own full stops."""
_WINDOW = 2000
_LANGUAGE_SAMPLE = 20_000
_HEADING_MARKS = " \t\r\n\u3000#=*-"

CJK = rf"{HAN}{KANA}\uff66-\uff9f"
"""Kanji and kana of any width, as they stand in a class of a pattern."""
_CJK_LETTER = re.compile(f"[{CJK}]")
_LATIN_LETTER = re.compile(r"[A-Za-z]")
_HIRAGANA_RUN = re.compile(r"[ぁ-ゖ]+")
_ENGLISH_WORD = re.compile(
    r"\b(?:the|of|is|are|was|were|what|who|when|where|why|how|does|did|do|in|to|and|an|for|mean)\b",
    re.IGNORECASE,
)

_PAIRS = dict(zip("」』）)】〕］]〉》”｣", "「『（(【〔［[〈《“｢", strict=True))
_OPENERS = frozenset(_PAIRS.values())
_BRACKET = re.compile("[" + re.escape("".join([*_PAIRS, *_OPENERS])) + "]")
_NOTE = (
    r"(?:\[\d{1,3}\]|［\d{1,3}］|〔\d{1,3}〕|【\d{1,3}】"
    r"|[(（](?!株|有|財|社)[^（）()。、\d]{1,8}[)）])"
)
_STOPS = re.compile(
    r"(?:[。｡！？!?]|(?<=\D)．|．(?=\D|$)|(?<=[" + CJK + r"」』）)])\.(?=\s|$|[" + CJK + r"])"
    r"|(?<=[a-z]{2})\.(?=\s+[" + CJK + r"]))++" + rf"[{CLOSERS}]*{_NOTE}*"
)
_ENGLISH_STOPS = re.compile(r"[.!?][)\]]+(?=\s+[A-Z])")
_SPACES = re.compile(r"\s*")
_LIST_MARK = re.compile(r"\s*(?:[-*+•▪◦・‣]|\d{1,3}[.)])\s+(?=\S)|\s*[・•▪◦‣](?=\S)")
_WORD = re.compile(r"[^\W_]")
_HARD = r"[、\s\u30a1-\u30fa\u3400-\u9fffA-Za-z0-9０-９「『]"
_CONTINUES = re.compile(
    r"[、，・,;；:：～〜…‥ー" + CLOSERS + r"]"
    r"|って|など|なんて|なる(?=[\u3400-\u9fff])|を|とか"
    r"|と(?!ころ|はいえ|もか|もあれ|もに(?!、)|りわけ|りあえ|くに|ても|うとう|きに|きおり|きどき"
    r"|っさ|たん|なりの|にかく|どの|ある日)"
    rf"|[はがにものへや](?={_HARD})"
    r"|に(?!もかか|わか|ぎや|ほん|っぽん|こや|せも)|が(?!っか|らん|んば|んこ)"
    r"|の(?!ち[、に]|んび|ど)|は(?=[なあこそもおす](?!か|れ|ち))|も(?=[あなそ])|へ(?!や)"
    r"|で(?:す(?!が)|した|ある|あり|あっ|は(?:な|あ)|も(?:な|あ)|[のなしい])"
    rf"|で(?={_HARD})|か(?:と|ど|の)|か(?=[。、？?])"
    r"|だ(?:[。、った]|と(?!す)|ろう)|だっ|から|まで|ほど|ばかり|ぐらい|くらい|のみ|より、"
)
_CONTINUES_BARE = re.compile(
    r"[、，・,;；:：～〜…‥ー" + CLOSERS + r"]"
    r"|を|との|という|といっ|と(?=[、\u3400-\u9fff])|[にも](?=[\u3400-\u9fff])"
    r"|[はがのへ](?=[\u30a1-\u30fa\u3400-\u9fff])|は、"
)
_NAMES = re.compile(
    r"(?:モーニング娘。|君の名は。|ずっと真夜中でいいのに。|ゲスの極み乙女。|Yahoo!|Jeopardy!|けいおん!)$"
)
_AFTER_NAME = re.compile(r"\s?[A-Z]|[ぁ-ゖァ-ヺ0-9０-９'’‘、，・（(」』]")
_IN_ADDRESS = re.compile(r"[!-~]")
_EXCLAIMED_NAME = re.compile(r"[A-Za-z][!?]$")
_STOP_BEFORE = re.compile(rf"[。｡！？!?．.](?P<closers>[{CLOSERS}]*)(?:{_NOTE})*$")
_NOTE_AHEAD = re.compile(_NOTE)
_DOT_STOP = re.compile(rf"[{CJK}」』）)]\..?$|(?<![A-Z])[a-z]{{2}}\.[{CJK}「『]$")
_LOWER_WORD = re.compile(r"[a-z]+(?:[\s,.;:'’\-)]|$)")
_BREAKS = (
    re.compile(rf"[。｡！？!?][{CLOSERS}]*|\.\s"),
    re.compile(r"[、，,;；:：・]\s*|\s+"),
)
_ASIDE = re.compile(r"\s*[（(][^（）()。]{1,20}[)）]\s*$")
_JOINERS = re.compile(
    "[\u0300-\u036f\u200d\u3099\u309a\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0100-\U000e01ef]"
)


def split_sentences(
    text: str, *, title: str | None = None, markdown: bool = False
) -> list[Sentence]:
    """Return the sentences of a text, numbered from 1; joined they are the text.

    With a `title`, a first line that says the same is of kind "title", unless it is the whole text.
    Entries of a list of sources are of kind "source" and never an answer, and so is a text of
    white space alone, one sentence.
    """
    if not text.strip():
        return [Sentence(1, 0, len(text), "source")] if text else []
    sentences: list[Sentence] = []
    for block in read_blocks(text, title=title, markdown=markdown):
        ends = _block_ends(text, block) if block.divisible else [block.end]
        for start, end in pairwise([block.start, *ends]):
            sentences.append(Sentence(len(sentences) + 1, start, end, block.kind))
    return _without_questions(text, _without_references(text, sentences))


def _without_references(text: str, sentences: Sequence[Sentence]) -> list[Sentence]:
    """Give the entries of a list of sources their kind, unless they are the whole text."""
    kept: list[Sentence] = []
    for is_body, group in groupby(sentences, key=lambda each: each.kind == "body"):
        row = list(group)
        if not is_body:
            kept += row
            continue
        flags = reference_flags([text[each.start : each.end] for each in row])
        kept += [
            replace(each, kind="source") if flag else each
            for each, flag in zip(row, flags, strict=True)
        ]
    return kept if any(each.kind == "body" for each in kept) else list(sentences)


def _without_questions(text: str, sentences: Sequence[Sentence]) -> list[Sentence]:
    """Give the questions that the next line answers their kind."""
    return [
        replace(each, kind="question")
        if each.kind == "body" and is_answered_below(text, trimmed(text, each)[0])
        else each
        for each in sentences
    ]


def trimmed(text: str, sentence: Sentence) -> tuple[int, int]:
    """Return start and end of a sentence in its text, without white space, list or answer mark."""
    piece = text[sentence.start : sentence.end].rstrip()
    mark = _LIST_MARK.match(piece)
    start = sentence.start + (mark.end() if mark else len(piece) - len(piece.lstrip()))
    return (start + answer_mark(text, start), sentence.start + len(piece))


def has_list_mark(text: str, sentence: Sentence) -> bool:
    """Whether a sentence is the first of an item of a list."""
    return _LIST_MARK.match(text[sentence.start : sentence.end]) is not None


def begins_line(text: str, sentence: Sentence) -> bool:
    """Whether only blanks stand before a sentence on its line."""
    return not text[text.rfind("\n", 0, sentence.start) + 1 : sentence.start].strip()


def heading_words(text: str) -> str:
    """Return the text of a heading without its marks."""
    return text.strip(_HEADING_MARKS)


def detect_language(text: str) -> Language:
    """Return ja where there are kana or kanji, else en; an English sentence may quote a few."""
    sample = text[:_LANGUAGE_SAMPLE]
    japanese = len(_CJK_LETTER.findall(sample))
    if not japanese:
        return "en"
    if japanese >= len(_LATIN_LETTER.findall(sample)):
        return "ja"
    english = len(_ENGLISH_WORD.findall(sample))
    return "en" if english > 1 and english > len(_HIRAGANA_RUN.findall(sample)) else "ja"


def _block_ends(text: str, block: Block) -> list[int]:
    piece = text[block.inner : block.end]
    ends = _without_crumbs(piece, _sentence_ends(piece))
    starts = [0, *ends[:-1]]
    whole = [end for span in zip(starts, ends, strict=True) for end in _cut_long(piece, *span)]
    return [block.inner + end for end in whole]


def _sentence_ends(text: str) -> list[int]:
    """Return where sentences end in one paragraph, the white space after each included."""
    language = detect_language(text)
    accepts = _ends_japanese if language == "ja" else _ends_english
    guarded = _Guard(text)
    ends = []
    reached = 0
    for end in sorted({*_proposed(text, language), *_stops(text, language)}):
        if end <= reached:
            continue
        before = _before_spaces(text, end)
        reached = after = _after_spaces(text, end)
        if after < len(text) and not guarded.covers(before) and accepts(text, before, after):
            ends.append(after)
    return [*ends, len(text)]


def _before_spaces(text: str, position: int) -> int:
    while position and text[position - 1].isspace():
        position -= 1
    return position


def _after_spaces(text: str, position: int) -> int:
    match = _SPACES.match(text, position)
    return match.end() if match else position


def _stops(text: str, language: Language) -> Iterator[int]:
    stops = _STOPS if language == "ja" else _ENGLISH_STOPS
    yield from (match.end() for match in stops.finditer(text))


def _proposed(text: str, language: Language) -> Iterator[int]:
    """Yield sentencex's ends, asked window by window: its time grows with the square of length."""
    start = 0
    while start < len(text):
        window = text[start : start + _WINDOW]
        ends = [
            start + found["end_index"]
            for found in sentencex.get_sentence_boundaries(language, window)
        ]
        last = start + len(window)
        inner = ends if last == len(text) else [end for end in ends if end < last]
        yield from inner
        start = inner[-1] if inner else last


def _ends_japanese(text: str, before: int, after: int) -> bool:
    tail, head = text[max(0, before - 16) : before], text[after : after + 12]
    stop = _STOP_BEFORE.search(tail)
    if (
        not stop
        or (_NOTE_AHEAD.match(head) and after == before)
        or _is_within_name(tail, head, spaced=after > before)
    ):
        return False
    if stop.group("closers"):
        return not _CONTINUES.match(head)
    if tail.endswith(".") and not _DOT_STOP.search(tail + head[:1]):
        return False
    return not _CONTINUES_BARE.match(head)


def _is_within_name(tail: str, head: str, *, spaced: bool) -> bool:
    """Tell whether the stop belongs to a name or a number."""
    if tail.endswith("Yahoo!"):
        return True
    if spaced:
        return False
    if tail[-1] in ".．" and tail[-2:-1].isdigit() and head[:1].isdigit():
        return True
    if tail[-1] in "?!" and _IN_ADDRESS.match(head):
        return True
    if _NAMES.search(tail):
        return _AFTER_NAME.match(head) is not None
    return bool(_EXCLAIMED_NAME.search(tail) and _CJK_LETTER.match(head))


def _ends_english(text: str, before: int, after: int) -> bool:
    tail, head = text[max(0, before - REACH) : before], text[after : after + 24]
    if after == before or only_shortens(tail, head):
        return False
    # Where nothing is written in capitals, small letters tell nothing.
    return not _LOWER_WORD.match(head) or text[:_WINDOW].islower()


class _Guard:
    """The stretches inside matched brackets, where no sentence ends; asked in rising order."""

    def __init__(self, text: str) -> None:
        self._spans = _outer_pairs(text)
        self._next = 0

    def covers(self, position: int) -> bool:
        """Whether an offset lies inside brackets; it must not be less than the one before."""
        while self._next < len(self._spans) and self._spans[self._next][1] < position:
            self._next += 1
        return self._next < len(self._spans) and self._spans[self._next][0] < position


def _outer_pairs(text: str) -> list[tuple[int, int]]:
    opened: list[tuple[str, int]] = []
    pairs: list[tuple[int, int]] = []
    for match in _BRACKET.finditer(text):
        character, here = match.group(), match.start()
        if character in _OPENERS:
            opened = [*opened[-15:], (character, here)]
            continue
        matching = [n for n, (opener, _) in enumerate(opened) if opener == _PAIRS[character]]
        if matching:
            start = opened[matching[-1]][1]
            del opened[matching[-1] :]
            if here - start <= LONGEST_QUOTE:
                while pairs and pairs[-1][0] > start:
                    pairs.pop()
                pairs.append((start, here))
    return pairs


def _without_crumbs(text: str, ends: Sequence[int]) -> list[int]:
    """Join what has no word of its own, or is only an aside, to the sentence before it."""
    kept: list[int] = []
    start = 0
    for end in ends:
        piece = text[start:end]
        if kept and (not _WORD.search(piece) or _ASIDE.match(piece)):
            kept[-1] = end
        else:
            kept.append(end)
        start = end
    return kept


def _cut_long(text: str, start: int, end: int) -> Iterator[int]:
    while end - start > LONGEST_SENTENCE:
        start = _cut_point(text, start)
        yield start
    yield end


def _cut_point(text: str, start: int) -> int:
    limit = start + LONGEST_SENTENCE
    for breaks in _BREAKS:
        points = [
            match.end() for match in breaks.finditer(text, start + LONGEST_SENTENCE // 3, limit)
        ]
        if points:
            return points[-1]
    while limit > start + LONGEST_SENTENCE // 2 and _JOINERS.match(text, limit):
        limit -= 1
    return limit
