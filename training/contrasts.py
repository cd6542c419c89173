"""Questions about sentences that hold several things of one kind, one of which is asked for.

As in contrast sets (Gardner et al. 2020, arXiv 2004.02709), most sentences of `contrasts.jsonl`,
all of our own writing, are asked for one and for the other: who designed it and who paid for it,
how long it was meant to take and how long it took. A line holds a `title`, the `sentence`, the one
`before` it, questions with the number of what they ask for (`asked`), and near misses, which
neither sentence answers (`misses`). What can be asked for is marked `{number|kind:text}`.

Names, places, years and numbers are put in anew whenever an example is drawn, so that nothing but
how the sentence is built tells which of them it is.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from data import read_jsonl
from reading_examples import Example, Gold, Split, Text
from written_questions import Written, written_split

CONTRASTS = Path(__file__).with_suffix(".jsonl")

HELD_OUT_FRAMES = 10
"""Every tenth frame is held out."""

PUT_IN_ANEW = 0.75
"""How often a frame is drawn with other names and numbers than it was written with."""

CHOSEN_FROM = 0.1
"""How often a question names two things of the sentence to choose from."""

_SLOT = re.compile(r"\{(\d+)\|(\w+):([^{}]*)\}")

_VALUES: dict[str, list[str]] = {
    name: words.split()
    for name, words in json.loads(
        Path(__file__).with_name("contrast_values.json").read_text(encoding="utf-8")
    ).items()
}
"""Names to put in: of people and places."""

_PLACE_TAIL = re.compile(r"(?:[都道府県市区町村島]|港|駅|地区|地方|郡)$")
_ORG_TAIL = re.compile(
    r"(?:商店|商会|商事|工業|製作所|建設|建築事務所|設計事務所|設計|事務所|組|銀行|大学|高校|研究所|研究室|試験場|協会|"
    r"組合|漁協|農協|新聞|新聞社|書房|出版|社|硝子|鉄工所|造船所|造船|運輸|電機|電気|製薬|病院|博物館|財団|市|町|村|県)$"
)
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20[0-3]\d)(?!\d)")
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Slot:
    """Something that can be asked for, as it was written."""

    number: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Frame:
    """A sentence with slots, as it stands in the file, and the questions about it."""

    language: str
    title: str
    before: str
    sentence: str
    asked: tuple[tuple[str, int], ...]
    misses: tuple[str, ...]

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Frame:
        """Of a line of the file."""
        asked = tuple((str(question), int(number)) for question, number in raw["asked"])
        return cls(
            raw["language"],
            raw["title"],
            raw["before"],
            raw["sentence"],
            asked,
            tuple(raw["misses"]),
        )

    @property
    def slots(self) -> list[Slot]:
        """All of them, those of the sentence before included."""
        found = _SLOT.finditer(self.before + self.sentence)
        return [Slot(int(each[1]), each[2], each[3]) for each in found]


@dataclass(frozen=True, slots=True)
class Filling:
    """What is put into the slots of a frame, by number."""

    texts: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def drawn(cls, frame: Frame, chance: random.Random) -> Filling:
        """Other values of the same kinds; years keep their distances, numbers their order."""
        if chance.random() >= PUT_IN_ANEW:
            return cls()
        said = _SLOT.sub(r"\3", frame.before + frame.sentence + "".join(q for q, _ in frame.asked))
        drawing = _Drawing(frame.language, chance)
        alone = [each for each in frame.slots if said.count(each.text) == 1]
        return cls({each.number: drawing.another(each) for each in alone})

    def put_into(self, text: str) -> tuple[str, dict[int, tuple[int, int]]]:
        """The text with its slots filled, and where each stands."""
        parts: list[str] = []
        places: dict[int, tuple[int, int]] = {}
        length = last = 0
        for found in _SLOT.finditer(text):
            number = int(found[1])
            filled = self.texts.get(number, found[3])
            parts += [text[last : found.start()], filled]
            length += found.start() - last
            places[number] = (length, length + len(filled))
            length, last = length + len(filled), found.end()
        return "".join([*parts, text[last:]]), places


class _Drawing:
    """Draws values for one frame, none of them twice."""

    def __init__(self, language: str, chance: random.Random) -> None:
        self._chance = chance
        self._years = chance.randint(-60, 40)
        self._factor = chance.choice((0.3, 0.6, 0.8, 1.3, 1.7, 2.4, 4.0))
        self._japanese = language == "ja"
        self._taken: set[str] = set()

    def another(self, slot: Slot) -> str:
        """A value in place of a slot's; its own where none can be made."""
        make = {
            "person": self._person,
            "family": self._family,
            "place": self._place,
            "org": self._org,
            "year": self._year,
            "count": self._scaled,
            "money": self._scaled,
            "duration": self._scaled,
            "age": self._aged,
            "date": self._dated,
        }.get(slot.kind)
        made = slot.text if make is None else make(slot.text)
        if made in self._taken:
            made = slot.text
        self._taken.add(made)
        return made

    def _person(self, text: str) -> str:
        if self._japanese:
            return (
                text
                if _has_latin(text)
                else self._one(_VALUES["families"]) + self._one(_VALUES["given"])
            )
        return (
            f"{self._one(_VALUES['first'])} {self._one(_VALUES['last'])}"
            if text.count(" ") == 1
            else text
        )

    def _family(self, text: str) -> str:
        return self._one(
            _VALUES["families"] if self._japanese and not _has_latin(text) else _VALUES["last"]
        )

    def _place(self, text: str) -> str:
        if not self._japanese:
            return self._one(_VALUES["english_places"]) if " " not in text else text
        tail = _PLACE_TAIL.search(text)
        return self._one(_VALUES["places"]) + (tail[0] if tail else "")

    def _org(self, text: str) -> str:
        tail = _ORG_TAIL.search(text)
        if not tail:
            return text
        return self._one(self._chance.choice((_VALUES["families"], _VALUES["places"]))) + tail[0]

    def _year(self, text: str) -> str:
        return _YEAR.sub(lambda found: str(min(2039, int(found[1]) + self._years)), text)

    def _scaled(self, text: str) -> str:
        return _NUMBER.sub(lambda found: _times(found[0], self._factor), text)

    def _aged(self, text: str) -> str:
        step = self._years // 5
        return re.sub(r"\d+", lambda found: str(max(3, int(found[0]) + step)), text)

    def _dated(self, text: str) -> str:
        moved = self._year(text)
        day = (self._years + 60) % 9
        return re.sub(
            r"(?<!\d)\d{1,2}(?=日)",
            lambda found: str((int(found[0]) + day - 1) % 28 + 1),
            moved,
        )

    def _one(self, known: Sequence[str]) -> str:
        return self._chance.choice(known)


def _has_latin(text: str) -> bool:
    return re.search(r"[A-Za-z\u30a1-\u30fa・]", text) is not None


def _times(number: str, factor: float) -> str:
    """A number so many times, written as it was."""
    plain = number.replace(",", "")
    if "." in plain:
        return f"{float(plain) * factor:.{len(plain.split('.')[1])}f}"
    if len(plain) > 1 and plain.startswith("0"):
        return number
    value = max(1, round(int(plain) * factor))
    if len(plain) > 3 and plain.endswith("00"):
        value = round(value, 2 - len(plain))
    return f"{value:,}" if "," in number else str(value)


def examples_of(frame: Frame, chance: random.Random) -> Iterator[Example]:
    """All questions about a frame, its values drawn once for all of them."""
    filling = Filling.drawn(frame, chance)
    (before, _), (sentence, places) = map(filling.put_into, (frame.before, frame.sentence))
    kept = [each for each in (before, sentence) if each]
    text, last = Text.of(frame.title, [kept]), len(kept) - 1
    others = tuple(range(last))
    for question, number in frame.asked:
        if number not in places:
            continue
        (start, end), asked = places[number], question
        rival = _rival(frame, number, chance)
        if rival in places and chance.random() < CHOSEN_FROM:
            two = [sentence[slice(*places[each])] for each in (number, rival)]
            chance.shuffle(two)
            asked = _as_choice(question, two, frame.language, chance)
        yield Example(asked, text, (Gold(last, start, end),), others)
    for question in frame.misses:
        yield Example(question, text, (), (last, *others))


def _rival(frame: Frame, number: int, chance: random.Random) -> int | None:
    """Another slot of the kind, to choose from; None where there is none."""
    kinds = {each.number: each.kind for each in frame.slots}
    alike = [each for each, kind in kinds.items() if each != number and kind == kinds[number]]
    return chance.choice(alike) if alike and kinds[number] != "word" else None


_ENDED = re.compile(r"(?:ですか|でしょうか|でしたか|だったか|か)?[。？?]?$")


def _as_choice(question: str, two: Sequence[str], language: str, chance: random.Random) -> str:
    """The question with two things behind it, one of which is right."""
    one, other = two
    if language == "en":
        return f"{question.rstrip('?. ')}, {one} or {other}?"
    asked = _ENDED.sub("", question)
    how = chance.choice(
        (
            "？{one}ですか、それとも{other}ですか",
            "、{one}と{other}のどちらですか？",
            "？{one}？それとも{other}？",
            "（{one}か{other}か）",
        )
    )
    return asked + how.format(one=one, other=other)


def frames(path: Path = CONTRASTS) -> list[Frame]:
    """All of them, in the order of the file."""
    return [Frame.of(raw) for raw in read_jsonl(path)]


def contrast_articles(seed: int, path: Path = CONTRASTS) -> list[Written]:
    """Each frame as an article of its own, as one seed draws them."""
    chance = random.Random(seed)
    drawn = ((frame, tuple(examples_of(frame, chance))) for frame in frames(path))
    return [
        Written(examples[0].text, frame.language, examples, number % HELD_OUT_FRAMES == 0)
        for number, (frame, examples) in enumerate(drawn, start=1)
    ]


def contrast_split(seed: int, path: Path = CONTRASTS) -> Split:
    """The questions about all frames, as one seed draws them."""
    return written_split(contrast_articles(seed, path))
