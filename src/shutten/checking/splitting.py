"""The text of a language model, piece by piece, to the claims that it makes.

A claim is handed out as soon as nothing that may follow can change it; where the pieces were cut
makes no difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from shutten.abbreviations import REACH, only_shortens
from shutten.sentences import CJK, LONGEST_QUOTE

PieceKind = Literal["statement", "introduction", "refusal", "phrase"]

AHEAD = 24
"""Characters behind a sentence's end that are seen before it is believed: markers, closers, と."""
_PAIRS = {"「": "」", "『": "』", "（": "）", "(": ")", "“": "”", "《": "》"}
_CLOSING = frozenset(_PAIRS.values())
_STOP = re.compile(r"[。．｡！？!?]+|\.+")
_NUMBERS = r"\s*+(?:\d{1,3}|[a-z]\d{1,2})(?:\s*+[,、，;–-]\s*+\d{1,3})*\s*+"
_NAMED = r"(?:出典|参考|引用|文献|文|文章|記事|注|source|sources|passage|passages|ref|citation|citations|article|sentence)?\s*+[:：]?"
_IN_BRACKETS = rf"[\[［【〔]\s*+\^?{_NAMED}{_NUMBERS}(?:†[^\[\]［］【】〔〕]{{0,24}})?[\]］】〕]"
_IN_ROUND = rf"[(（]\s*+{_NAMED}\s*+\d{{1,2}}(?:\s*+[,、，]\s*+\d{{1,2}})*\s*+[)）]"
_MARKERS = re.compile(rf"(?:\s*+(?:{_IN_BRACKETS}|{_IN_ROUND}))+", re.IGNORECASE)
_BRACKET_MARKER = re.compile(rf"\s*{_IN_BRACKETS}", re.IGNORECASE)
_ROUND_MARKER = re.compile(rf"\s*{_IN_ROUND}(?=\s*(?:[。．.!?！？]|$))", re.IGNORECASE)
_NAMED_MARKER = re.compile(
    r"\s*[(（]\s*(?:出典|参考|引用|文献|source|sources|passage|passages|ref|citation)\s*[:：]?[^()（）]{0,40}[)）]",
    re.IGNORECASE,
)
_SUPERSCRIPT = re.compile(r"(?<=[。．.!?！？])[⁰¹²³⁴-⁹]+")
_CLOSERS = re.compile(r"[」』）)”》\"'’*_`]*")
_CONTINUES = re.compile(r"(?:と|を|が|は|も|に|の|で|や|、|，|って|など|なる|だ|から|まで)")
_LIST = re.compile(r"^\s*(?:[-*+]\s+|[•▪◦・‣●○]\s*|\(?\d{1,2}(?:[.)]\s+|）\s*)|[①-⑳]\s*)(?=\S)")
_NUMBER_LIST = re.compile(r"\s*\(?\d{1,2}[.)]$")
_HEADING = re.compile(r"^\s*#{1,6}\s+")
_RULE = re.compile(r"^\s*(?:[-*_=]{3,}|```\w*|~~~|\|?[\s:|-]+\|[\s:|-]*)\s*$")
_QUOTE_MARK = re.compile(r"^\s*>+\s*")
_EMPHASIS = re.compile(r"(\*{1,3}|_{2,3}|~~|`+)(?=\S)(.+?)(?<=\S)\1")
_STRAY = re.compile(r"\*{2,}|`+|(?<!\w)[*_]|[*_](?!\w)")
_TAG = re.compile(
    r"</?(?:think|thinking|answer|response|reasoning|s|p|br|b|i|em|strong|li|ul|ol)\s*/?>|<\|[^|<>]{1,40}\|>",
    re.IGNORECASE,
)
_OPEN = re.compile(r"<(think|thinking|reasoning)>", re.IGNORECASE)
_PARTIAL_TAG = re.compile(r"<[^<>\n]{0,42}$")

_PREFIX = re.compile(
    r"^(?:(?:(?:提供された|与えられた|上記の|この|その|該当の|参照した)?(?:記事|文章|文書|資料|パッセージ|本文|出典|情報)(?:によると|によれば|では|には|に基づくと|から(?:わかる|分かる)ように)、?"
    r"|(?:according to|based on|as (?:stated|mentioned|described) in|per|in|from) (?:the |these |this )?(?:provided |given |above |retrieved )?(?:passages?|articles?|texts?|documents?|sources?|context|information)(?: provided| above| given)?(?: \d+)?,\s*"
    r"|(?:the|this) (?:passage|article|text|document|source)s?(?: also)? (?:states?|says?|mentions?|notes?|reports?|explains?|indicates?)(?: that)?,?\s+"
    r"|(?:回答|答え|答|結論|要約|answer|short answer|final answer|summary|response|a)\s*[:：]\s*"
    r"|(?:はい|いいえ|ええ|yes|no|sure|certainly|of course)[、,!.。]\s*))+",
    re.IGNORECASE,
)
_REFUSAL = re.compile(
    r"(?:(?:書|記)かれて(?:い|は?お)(?:ない|ません|りません)|(?:記載|言及|記述|説明|情報|答え|手がかり|該当する(?:記述|情報))(?:は|が|も)(?:され(?:ておらず|ていません|ていない)|あり?ません|ない|見つか(?:らない|りません)|含まれて(?:いません|いない))"
    r"|触れ(?:られて|て)い(?:ない|ません)|(?:わか|分か|判)りません|(?:お?答え|回答|判断|確認)(?:することは|は)?(?:でき(?:ない|ません|かねます))|不明です|載って(?:い|お)(?:ない|ません|りません))(?:[。.]|が、?|$)"
    r"|\b(?:i (?:do not|don't|cannot|can't|am unable to|am not able to|could not|couldn't) (?:know|answer|determine|find|say|tell|have)|(?:do|does|did)(?: not|n't) (?:mention|say|state|contain|provide|specify|include|answer|give|tell|address|discuss|describe|indicate)\b"
    r"|(?:is|are|was|were) not (?:mentioned|stated|specified|given|provided|included|available|answered|described|in the (?:passages?|articles?))|no (?:information|mention|answer|details?) (?:is|are|was|about|on|regarding|of|in)|there is no (?:information|mention|answer)"
    r"|cannot be (?:determined|answered|found)|(?:is|are) unknown from|insufficient information|not enough information)",
    re.IGNORECASE,
)
_ABOUT_SOURCE = re.compile(
    r"記事|文章|資料|本文|出典|提供|パッセージ|文書|わかりません|分かりません|お答え|情報|\b(?:passages?|articles?|texts?|documents?|sources?|context|i|information|provided)\b",
    re.IGNORECASE,
)
_PHRASE = re.compile(
    r"^(?:はい|いいえ|ええ|もちろんです?|承知(?:しました|いたしました)|かしこまりました|お答えします|以下に(?:回答|まとめ|説明)(?:します|いたします)|以下の(?:とおり|通り)です|次の(?:とおり|通り)です|以上です|ご質問ありがとうございます|参考になれば幸いです|(?:回答|答え|出典|参考文献)"
    r"|yes|no|sure|certainly|of course|here is the answer|here's the answer|i hope this helps|let me know if you (?:need|have).*|thank you.*|you're welcome|sources?|references?|answer)[。.!！:：]*$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]")
_AFTER_END = re.compile(r"(?<=[.!?。！？」』”\"])\s*…$")


@dataclass(frozen=True, slots=True)
class ClaimPiece:
    """A sentence of a model's text without its markers, emphasis and phrases around it.

    `introduction` is the line with a colon that a list item stands under. Only statements claim
    something; a refusal says that the passages do not tell.
    """

    text: str
    kind: PieceKind = "statement"
    introduction: str = ""
    new_line: bool = False


class ClaimSplitter:
    """Takes text as it comes and hands out claims; one for each text."""

    def __init__(self) -> None:
        self._raw = ""
        self._text = ""
        self._hidden: str | None = None
        self._introduction = ""
        self._new_line = False
        self._line_begins = True

    @property
    def pending(self) -> str:
        """What has come of the next claim; the marks of a model are still in it."""
        return self._text

    def feed(self, piece: str) -> list[ClaimPiece]:
        """Take a piece; return the claims that are complete now, in order."""
        self._raw += piece
        self._text += self._shown(final=False)
        return list(self._complete(final=False))

    def finish(self) -> list[ClaimPiece]:
        """Return what is left when the text has ended."""
        self._text += self._shown(final=True)
        return list(self._complete(final=True))

    def _shown(self, *, final: bool) -> str:
        """Take from the raw text what is certain, without tags and without thinking."""
        shown = ""
        while self._raw:
            if self._hidden is not None:
                close = re.search(rf"</{self._hidden}>", self._raw, re.IGNORECASE)
                if close is None:
                    self._raw = "" if final else self._raw[-(len(self._hidden) + 3) :]
                    break
                self._raw, self._hidden = self._raw[close.end() :], None
                continue
            tag = _TAG.search(self._raw)
            if tag is None:
                break
            opened = _OPEN.fullmatch(tag.group())
            shown += self._raw[: tag.start()] + _gap(tag.group())
            self._raw = self._raw[tag.end() :]
            self._hidden = opened[1] if opened else None
        if self._hidden is not None:
            return shown
        partial = None if final else _PARTIAL_TAG.search(self._raw)
        end = partial.start() if partial else len(self._raw)
        shown, self._raw = shown + self._raw[:end], self._raw[end:]
        return shown

    def _complete(self, *, final: bool) -> Iterator[ClaimPiece]:
        while True:
            end = _first_end(self._text, final=final, list_item=self._line_begins)
            if end is None:
                break
            raw, self._text = self._text[:end], self._text[end:]
            yield from self._piece(raw)

    def _piece(self, raw: str) -> Iterator[ClaimPiece]:
        begins, ends = self._line_begins, raw.endswith(("\n", "\r"))
        self._line_begins = ends
        if not raw.strip():
            if raw.count("\n") > 1 or (begins and ends):
                self._introduction = ""
            self._new_line = self._new_line or ends
            return
        piece = _cleaned(raw, begins=begins, whole_line=ends or not self._text)
        listed = bool(begins and _LIST.match(raw))
        if piece is not None:
            intro = self._introduction if listed else ""
            yield replace(piece, introduction=intro, new_line=self._new_line or (begins and listed))
            if piece.kind == "introduction":
                self._introduction = piece.text
        self._new_line = ends


def _gap(tag: str) -> str:
    return "\n" if re.match(r"</?(?:p|br|li|ul|ol)\b", tag, re.IGNORECASE) else ""


def split_claims(text: str) -> list[ClaimPiece]:
    """Return the claims of a whole text."""
    return stream_claims([text])


def stream_claims(pieces: Iterable[str]) -> list[ClaimPiece]:
    """Return the claims of a text that comes in pieces."""
    splitter = ClaimSplitter()
    found = [claim for piece in pieces for claim in splitter.feed(piece)]
    return [*found, *splitter.finish()]


def _first_end(text: str, *, final: bool, list_item: bool) -> int | None:
    """Where the first sentence or line ends for certain; None where more text is needed."""
    opened: list[tuple[str, int]] = []
    position = 0
    while position < len(text):
        character = text[position]
        if character in "\n\r":
            return _after_newline(text, position, final=final)
        if character in _PAIRS:
            opened.append((_PAIRS[character], position))
        elif character in _CLOSING:
            closed = [n for n, (mark, _) in enumerate(opened) if mark == character]
            if closed:
                del opened[closed[-1] :]
        stop = _STOP.match(text, position)
        if stop is None and not _quoted_end(text, position, opened):
            position += 1
            continue
        after = stop.end() if stop else position + 1
        if len(text) - after < AHEAD and not final and "\n" not in text[after : after + AHEAD]:
            return None
        if any(after - start <= LONGEST_QUOTE for _, start in opened):
            position = after
            continue
        end = _sentence_end(text, position, after, list_item=list_item)
        if end is not None:
            return end
        position = after
    return len(text) if final and text else None


def _after_newline(text: str, position: int, *, final: bool) -> int | None:
    if text[position] == "\r" and position + 1 == len(text) and not final:
        return None
    return position + (2 if text.startswith("\r\n", position) else 1)


def _quoted_end(text: str, position: int, opened: list[tuple[str, int]]) -> bool:
    """A closing bracket right behind a full stop, the last one open."""
    return (
        not opened
        and text[position] in "」』”"
        and text[position - 1 : position] in ("。", "！", "？", ".", "!", "?")
    )


def _sentence_end(text: str, start: int, after: int, *, list_item: bool) -> int | None:
    """The end of a sentence whose stop is `text[start:after]`, markers behind it included."""
    closers = _CLOSERS.match(text, after)
    end = closers.end() if closers else after
    markers = _MARKERS.match(text, end, end + AHEAD)
    end = markers.end() if markers else end
    following = text[end : max(end + 4, after + AHEAD)]
    stop = text[start:after]
    if stop.startswith("."):
        accepted = _ends_at_dot(text, start, following, list_item=list_item)
    else:
        accepted = _ends_at_mark(text, start, after, end, following)
    if not accepted:
        return None
    return end


def _ends_at_mark(text: str, start: int, after: int, end: int, following: str) -> bool:
    if text[after - 1] in "!?" and end == after:
        before = text[start - 1 : start]
        if re.match(r"[A-Za-z0-9]", before) and re.match(r"[^\s\W]", following):
            return False
        if re.match(r"\s+[a-z]", following):
            return False
    behind_quote = end > after or text[start] in "」』”"
    return not (behind_quote and _CONTINUES.match(following)) and not (
        not behind_quote and re.match(r"[、，]", following)
    )


def _ends_at_dot(text: str, start: int, following: str, *, list_item: bool) -> bool:
    head = text[: start + 1]
    if re.match(rf"[{CJK}]", text[start - 1 : start]):
        return not following or bool(re.match(rf"[\s{CJK}「『]", following))
    if following and not following[0].isspace():
        return bool(re.match(rf"[{CJK}「『]", following)) and bool(re.search(r"[a-z]{2}\.$", head))
    if list_item and _NUMBER_LIST.fullmatch(head.rsplit("\n", 1)[-1]):
        return False
    if only_shortens(head[-REACH:], following.lstrip(" \t")):
        return False
    return not re.match(r"\s+[a-z]", following)


# ── one piece ────────────────────────────────────────────────────────────────────────────────


def _cleaned(raw: str, *, begins: bool, whole_line: bool) -> ClaimPiece | None:
    line = raw.strip()
    if _RULE.match(line) or not _WORD.search(line):
        return None
    heading = bool(begins and _HEADING.match(line))
    bold = bool(
        whole_line and begins and re.fullmatch(r"\s*(?:[-*+]\s+)?(\*\*|__)[^*_]+\1[:：]?\s*", line)
    )
    if begins:
        line = _LIST.sub("", _QUOTE_MARK.sub("", _HEADING.sub("", line)))
    text = _plain(line)
    if not _WORD.search(text):
        return None
    if (
        heading
        or (bold and not re.search(r"[。.!?]$", text))
        or (whole_line and text.endswith((":", "：")))
    ):
        return ClaimPiece(text.rstrip(":：").strip(), "introduction")
    return _judged(text)


def _plain(line: str) -> str:
    """Take out emphasis, table bars and the markers that the model made up."""
    text = re.sub(r"\s*\|\s*", " ", line).strip() if line.startswith("|") else line
    previous = None
    while previous != text:
        previous, text = text, _EMPHASIS.sub(r"\2", text)
    text = _STRAY.sub("", text)
    for pattern in (_BRACKET_MARKER, _NAMED_MARKER, _ROUND_MARKER, _SUPERSCRIPT):
        text = pattern.sub("", text)
    return re.sub(r"\s+([.,。、])", r"\1", " ".join(text.split()))


def _judged(text: str) -> ClaimPiece | None:
    text = _AFTER_END.sub("", text)
    if _PHRASE.match(text) or text.endswith("…"):  # what breaks off may say anything
        return ClaimPiece(text, "phrase")
    if _REFUSAL.search(text) and _ABOUT_SOURCE.search(text):
        return ClaimPiece(text, "refusal")
    bare = _PREFIX.sub("", text)
    if bare != text and bare[:1].islower():
        bare = bare[:1].upper() + bare[1:]
    return ClaimPiece(bare) if _WORD.search(bare) else ClaimPiece(text, "phrase")
