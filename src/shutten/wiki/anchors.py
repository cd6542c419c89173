"""The HTML ids that wikis and site builders give to headings, Japanese ones included."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count


@dataclass(frozen=True, slots=True)
class AnchorStyle:
    """How a program makes an id of a heading's text, and another one where it is taken.

    `repeated` is asked for the n-th repetition, from 1. Ids whose `folded` forms agree are the same
    to the program.
    """

    slug: Callable[[str], str]
    repeated: Callable[[str, int], str]
    folded: Callable[[str], str] = str


class Anchors:
    """The ids of one page, heading by heading, in the order of the page."""

    def __init__(self, style: AnchorStyle) -> None:
        self._style = style
        self._taken = {""}
        # By slug, the first repetition that may be free: those before it are taken for ever.
        self._repetitions: dict[str, int] = {}

    def next(self, heading: str) -> str:
        """Return the id of the next heading; `heading` is its text without markup."""
        slug = self._style.slug(heading)
        found = next(each for each in self._candidates(slug) if not self._is_taken(each))
        self.take(found)
        return found

    def take(self, anchor: str) -> None:
        """Note an id that the page itself names."""
        self._taken.add(self._style.folded(anchor))

    def _is_taken(self, anchor: str) -> bool:
        return self._style.folded(anchor) in self._taken

    def _candidates(self, slug: str) -> Iterator[str]:
        yield slug
        for number in count(self._repetitions.get(slug, 1)):
            self._repetitions[slug] = number
            yield self._style.repeated(slug, number)


# --- DokuWiki ---------------------------------------------------------------------------------

_SPECIAL_RANGES = (
    "00-19 1a-2f 3a-40 5b-60 7b-bf d7 f7 2c7 2d8-2dd 300-301 303 309 323 384-385 387 5b0-5b9"
    " 5bb-5c3 5f3-5f4 60c 61b 61f 640 64b-652 66a e3f 200c-200f 2013-2015 2017-201a 201c-201e"
    " 2020-2022 2026 2030 2032-2033 2039-203a 2044 20a7 20aa-20ac 2116 2118 2122 2126 2135"
    " 2190-2195 21b5 21d0-21d4 2200 2202-2203 2205-2209 220b 220f 2211-2212 2215 2217 2219-221a"
    " 221d-221e 2220 2227-222b 2234 223c 2245 2248 2260-2261 2264-2265 2282-2284 2286-2287 2295"
    " 2297 22a5 22c5 2310 2320-2321 2329-232a 2469 2500 2502 250c 2510 2514 2518 251c 2524 252c"
    " 2534 253c 2550-256c 2580 2584 2588 258c 2590-2593 25a0 25b2 25bc 25c6 25ca 25cf 25d7 2605"
    " 260e 261b 261e 2660 2663 2665-2666 2701-2704 2706-2709 270c-2727 2729-274b 274d 274f-2752"
    " 2756 2758-275e 2761-2767 277f 2789 2793-2794 2798-27af 27b1-27be 3000-3003 3008-3012"
    " 3014-301b 3036 f6d9-f6db f8d7-f8fe fe7c-fe7d ff01-ff0f ff1a-ff20 ff3b-ff3e ff40 ff5b-ff65"
    " ffe0-ffe6 ffe8-ffee 1d6fc-1d71b"
)
"""Code points that are no letters to DokuWiki; of these `_`, `:`, `.` and `-` stay all the same."""
_ODD_LETTERS = {
    "ä": "ae", "æ": "ae", "đ": "d", "ð": "dh", "ƒ": "f", "ħ": "h", "ı": "i", "ł": "l", "ö": "oe",
    "ø": "o", "ß": "ss", "ŧ": "t", "ü": "ue", "þ": "th", "µ": "u", "ĭ": "ĭ", "ŏ": "ŏ", "÷": "_",
}  # fmt: skip
_ACCENTED = [*map(chr, range(0xDF, 0x180)), *"ƒµơưșțḃḋḟṁṗṡṫẁẃẅỳ"]


def _dokuwiki_letters() -> dict[int, str]:
    """Return what becomes of each character that is not kept."""
    special = {}
    for each in _SPECIAL_RANGES.split():
        first, _, last = each.partition("-")
        special.update(dict.fromkeys(range(int(first, 16), int(last or first, 16) + 1), "_"))
    kept = {ord(character): character for character in ":.-_"}
    accents = {ord(letter): _ODD_LETTERS.get(letter, _base(letter)) for letter in _ACCENTED}
    return {**special, **kept, **accents}


def _base(letter: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFD", letter) if not unicodedata.combining(c))
    return bare if bare.isascii() else letter


_LETTERS = _dokuwiki_letters()


def dokuwiki_id(raw: str) -> str:
    """Return a page name or heading as DokuWiki cleans it with its default settings."""
    text = raw.strip(" \t\n\r\0\v").lower().replace(";", ":").replace("/", "_")
    text = re.sub("_+", "_", text.translate(_LETTERS))
    text = re.sub(":+", ":", text).strip(":._-")
    return re.sub("(?<![:._-])[:._-]+:", ":", re.sub(":[:._-]+", ":", text))


def _dokuwiki_slug(heading: str) -> str:
    name = dokuwiki_id(heading).replace(":", "").replace(".", "")
    return name.lstrip("0123456789_-") or "section" + re.sub("[^0-9]+", "", name)


DOKUWIKI = AnchorStyle(_dokuwiki_slug, lambda slug, number: f"{slug}{number}")


# --- MediaWiki --------------------------------------------------------------------------------


def _mediawiki_slug(heading: str) -> str:
    return re.sub(r"[ \t\n\f\r]", "_", re.sub(r"[ _]+", " ", heading).strip())


def _ascii_lower(text: str) -> str:
    return re.sub("[A-Z]+", lambda match: match.group().lower(), text)


MEDIAWIKI = AnchorStyle(
    _mediawiki_slug, lambda slug, number: f"{slug}_{number + 1}", folded=_ascii_lower
)


# --- site builders for Markdown ---------------------------------------------------------------

_NUMBERED = re.compile(r"(.*)_(\d+)")


def _mkdocs_slug(heading: str) -> str:
    plain = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode()
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain).strip().lower())


def _mkdocs_repeated(slug: str, number: int) -> str:
    numbered = _NUMBERED.fullmatch(slug)
    if numbered:
        return f"{numbered[1]}_{int(numbered[2]) + number}"
    return f"{slug}_{number}"


def _pandoc_slug(heading: str) -> str:
    kept = "".join(c for c in heading if c.isalnum() or c.isspace() or c in "_-.")
    slug = "-".join(kept.split()).lower()
    first = next((place for place, c in enumerate(slug) if c.isalpha()), len(slug))
    return slug[first:] or "section"


def _github_slug(heading: str) -> str:
    kept = (c for c in heading.strip().lower() if c in " -_" or unicodedata.category(c)[0] in "LMN")
    return "".join(kept).replace(" ", "-")


def _obsidian_slug(heading: str) -> str:
    return "+".join(re.sub(r"[#^|\\\[\]]|%%", " ", heading).split())


def _dashed(slug: str, number: int) -> str:
    return f"{slug}-{number}"


MKDOCS = AnchorStyle(_mkdocs_slug, _mkdocs_repeated)
QUARTO = AnchorStyle(_pandoc_slug, _dashed)
GITHUB = AnchorStyle(_github_slug, _dashed)
OBSIDIAN = AnchorStyle(_obsidian_slug, _dashed)
