"""Bytes to text: UTF-8, UTF-16, CP932, EUC-JP and ISO-2022-JP, told apart without being told.

Nothing is replaced or normalised on the way, so that offsets count in the file as it is.
"""

from __future__ import annotations

import codecs
import re
from unicodedata import category

from shutten.errors import ArticleError

MAX_BYTES = 50_000_000
"""The largest file that is read: a novel has about one million bytes."""

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FROM_OFFICE = "save its text as .txt, .md, .html or .pdf, a sheet as .csv"
_SIGNATURES = (
    (b"%PDF-", "a PDF", "give it a name that ends in .pdf"),
    (b"PK\x03\x04", "a ZIP or Office file", _FROM_OFFICE),
    (b"\xd0\xcf\x11\xe0", "an old Office file", _FROM_OFFICE),
    (b"\x1f\x8b", "a gzip file", "unpack it first"),
)
_WIDE = ("utf-16-le", "utf-16-be")
_WIDE_CHARACTERS = re.compile(
    r"[\t\n\r -~\u00a0-\u017f\u2010-\u2027\u3000-\u30ff\u4e00-\u9fff\uff00-\uff9f]"
)
"""What articles in UTF-16 are made of; bytes read in the wrong order give other characters."""
_ENOUGH_WIDE = 0.95
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_LEGACY = ("cp932", "euc-jp")
_ESCAPED = ("iso2022_jp", "iso2022_jp_ext", "iso2022_jp_2004")
"""ISO-2022-JP, then with half-width katakana, then with more kanji and signs."""
_TO_JAPANESE = re.compile(rb"\x1b\$(?:[@B]|\([DOPQ])|\x1b\(I")
"""The escape sequences that begin Japanese there (RFC 1468 and the sets added since)."""
_COMMON = re.compile(r"[ぁ-ゖァ-ヺー、。「」（）・\u3000Ａ-Ｚａ-ｚ０-９]")
_RARE = re.compile(r"[\uff61-\uff9f\ue000-\uf8ff\u0370-\u04ff\u2500-\u257f]")
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_KANA = re.compile(r"[\u3041-\u30ff\uff66-\uff9f]")
_FULL_KANA = re.compile(r"[\u3041-\u30ff]")
_HALF_KANA = re.compile(r"[\uff61-\uff9f]")
_HANZI = re.compile(r"[\u3400-\u9fff]")
_CHINESE = frozenset(
    "的是了在有和这个为们不也到时会就对以于与及或从将由被并我他你她它请把没过要可后所之而但"
)
"""What Chinese sentences are built with, as it is written in GB18030."""
_ENOUGH_CHINESE = 0.08
_ENOUGH_RARE = 0.15
_SECOND_LEVEL = (b"\x98\x9f", b"\xfc\xfc")
"""The kanji from here on (CP932) are those that are seldom used."""
_ENOUGH_TO_TELL = 50
_SAMPLE_BYTES = 65_536
_STRAY_CONTROLS = 3
_NO_TEXT = frozenset(("Cc", "Cn"))
_SAMPLE_CHARACTERS = 20_000
_MOST_NO_TEXT = 0.1
_HALF = re.compile("[\ud800-\udfff]")


def decode(data: bytes, name: str) -> tuple[str, str]:
    """Return the text of a file without its byte order mark, and the encoding's name in Python.

    Raises ArticleError for a file that is empty, too large, binary, or in another encoding.
    """
    check_size(len(data), name)
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _readable(_decode_as(data, encoding, name), name), encoding
    _refuse_signature(data, name)
    if b"\x00" in data:
        return _decode_wide(data, name)
    if data.isascii() and _TO_JAPANESE.search(data):
        return _decode_escaped(data, name)
    _refuse_binary(data, name)
    text = _try(data, "utf-8")
    if text is not None:
        return _readable(text, name), "utf-8"
    return _decode_legacy(data, name)


def check_size(size: int, name: str) -> None:
    """Raise ArticleError where a file has more bytes than are read."""
    if size > MAX_BYTES:
        message = (
            f"{printable(name)} is too large ({size / 1e6:.0f} MB, at most {MAX_BYTES / 1e6:.0f} MB"
            " are read): divide it into several articles"
        )
        raise ArticleError(message)


def printable(name: object) -> str:
    """Return a name on one line: what cannot be printed is escaped."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in str(name)
    )


def _filled(text: str, name: str) -> str:
    if not text.strip():
        message = f"{printable(name)} is empty: put the article's text into it"
        raise ArticleError(message)
    return text


def _readable(text: str, name: str) -> str:
    refuse_unreadable(text, name)
    return _filled(text, name)


def refuse_unreadable(text: str, name: str) -> None:
    """Raise ArticleError where much of a decoded text is no character that anybody reads."""
    sample = text[:_SAMPLE_CHARACTERS]
    unread = sum(
        character == "\ufffd" or (category(character) in _NO_TEXT and not character.isspace())
        for character in sample
    )
    if unread > max(_STRAY_CONTROLS, len(sample) * _MOST_NO_TEXT):
        raise _binary(name)


def _refuse_signature(data: bytes, name: str) -> None:
    for signature, what, cure in _SIGNATURES:
        if data.startswith(signature):
            message = f"{printable(name)} is {what}, not text: {cure}"
            raise ArticleError(message)


def _refuse_binary(data: bytes, name: str) -> None:
    sample = data[:_SAMPLE_BYTES]
    # One may be what ended files in DOS.
    if len(_CONTROLS.findall(sample)) > max(1, len(sample) / 50):
        raise _binary(name)


def is_plain_text(sample: bytes) -> bool:
    """Whether a file that begins so may be text in UTF-8; stray control characters are no sign."""
    signatures = [signature for signature, *_ in _SIGNATURES]
    if sample.startswith((*signatures, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    return len(_CONTROLS.findall(sample)) <= max(_STRAY_CONTROLS, len(sample) / 50)


def _binary(name: str) -> ArticleError:
    return ArticleError(
        f"{printable(name)} is a binary file: save its text as .txt (UTF-8), .md, .html or .pdf"
    )


def _decode_wide(data: bytes, name: str) -> tuple[str, str]:
    """Read UTF-16 without its mark: Latin letters, spaces and line breaks have NUL as high byte.

    The ideographic space and 一 have it as low byte, so the bytes alone do not tell the order.
    """
    read = [(text, order) for order in _WIDE if (text := _try(data, order)) is not None]
    likely = [pair for pair in read if _is_wide_text(pair[0])]
    if not likely:
        raise _binary(name)
    text, encoding = max(likely, key=lambda pair: _count_of_basic(pair[0]))
    return _filled(text, name), encoding


def _is_wide_text(text: str) -> bool:
    """Tell an article from two bytes at a time of something else, which look like rare kanji."""
    sample = text[:_SAMPLE_BYTES]
    if len(_WIDE_CHARACTERS.findall(sample)) < len(sample) * _ENOUGH_WIDE:
        return False
    latin, kana = _count_of_basic(sample), len(_KANA.findall(sample))
    return latin > len(sample) / 2 or kana > len(sample) / 50


def _count_of_basic(text: str) -> int:
    """Return how many characters are ASCII."""
    return sum(character.isascii() for character in text[:_SAMPLE_BYTES])


def _decode_as(data: bytes, encoding: str, name: str) -> str:
    text = _try(data, encoding)
    if text is None:
        message = f"{printable(name)} begins like {encoding} but is damaged: save it again as UTF-8"
        raise ArticleError(message)
    return text


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _decode_escaped(data: bytes, name: str) -> tuple[str, str]:
    for encoding in _ESCAPED:
        text = _try(data, encoding)
        if text is not None:
            return _filled(text, name), encoding
    message = f"{printable(name)} is ISO-2022-JP with signs that it lacks: save it as UTF-8"
    raise ArticleError(message)


def _decode_legacy(data: bytes, name: str) -> tuple[str, str]:
    read = [(text, encoding) for encoding in _LEGACY if (text := _try(data, encoding)) is not None]
    likely = [pair for pair in read if _is_japanese(pair[0])]
    if not likely:
        message = (
            f"{printable(name)} has an encoding that is not known (not UTF-8, UTF-16, CP932,"
            " EUC-JP or ISO-2022-JP): save it as UTF-8"
        )
        raise ArticleError(message)
    text, encoding = max(likely, key=lambda pair: _plausibility(pair[0]))
    if _is_chinese(data, text, encoding):
        message = f"{printable(name)} seems to be Chinese in GB18030: save it as UTF-8"
        raise ArticleError(message)
    return _readable(text, name), encoding


def _plausibility(text: str) -> float:
    """Return how much a text looks like Japanese: a wrong encoding gives rare signs."""
    sample = text[:_SAMPLE_BYTES]
    return len(_COMMON.findall(sample)) - 2.0 * len(_RARE.findall(sample))


def _is_japanese(text: str) -> bool:
    """Tell Japanese from another language's bytes that happen to decode: it has kana somewhere."""
    foreign = _FOREIGN.findall(text[:_SAMPLE_BYTES])
    kana = sum(1 for character in foreign if _KANA.match(character))
    return len(foreign) < _ENOUGH_TO_TELL or kana > len(foreign) / 50


def _is_chinese(data: bytes, text: str, encoding: str) -> bool:
    """Tell what is rare kanji and half-width katakana as Japanese, and sentences as GB18030."""
    foreign = _FOREIGN.findall(text[:_SAMPLE_BYTES])
    half = [each for each in foreign if _HALF_KANA.match(each)]
    kana = sum(1 for each in foreign if _FULL_KANA.match(each))
    seldom = sum(map(_is_seldom, foreign))
    if encoding == "cp932":
        seldom += len(half) if seldom else 0
    else:  # no byte of GB2312 gives half-width katakana in EUC-JP
        kana += len(half)
    if kana > len(foreign) / 50 or seldom < len(foreign) * _ENOUGH_RARE:
        return False
    chinese = _HANZI.findall((_try(data, "gb18030") or "")[:_SAMPLE_BYTES])
    built = [each for each in chinese if each in _CHINESE]
    return len(set(built)) > 1 and len(built) >= len(chinese) * _ENOUGH_CHINESE


def _is_seldom(character: str) -> bool:
    """Whether a character is of the second level of JIS X 0208, or none of it."""
    if _HALF_KANA.match(character):
        return False
    written = character.encode("cp932", "ignore")
    return not written or _SECOND_LEVEL[0] <= written <= _SECOND_LEVEL[1]


def half_character(text: str) -> str | None:
    """Return the first half of a surrogate pair that stands alone in a text, None: there is none.

    JSON's escapes, names of files and PDF files can hold one; UTF-8, and so the index, cannot.
    """
    found = _HALF.search(text)
    return found.group() if found else None


def whole_characters(text: str) -> str:
    """Put U+FFFD where half of a surrogate pair stands alone."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
