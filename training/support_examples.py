"""Claims beside sentences, true and false, to train and to calibrate the support score.

From people: JNLI and JSICK. Made here: sentences of translated articles, news and encyclopaedia as
their own claims, shortened, translated, or falsified in one place.
"""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from data import read_jsonl, read_kyoto, read_lines, read_squad, read_wikinews, split_sentences

HELD_OUT = 10
"""One article in so many, and one sentence of JNLI and JSICK in so many, is not trained on."""

_CONTENT = re.compile(r"[一-鿿々]{2,}|[ァ-ヺー]{3,}|[A-Za-z][a-z]{3,}")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_CLAUSE = re.compile(r"(?<=[、,])\s*")
_ASIDE = re.compile(r"[(（][^()（）]{1,40}[)）]")
_PARTICLE = re.compile(r"([一-鿿々ァ-ヺー]{2,8})(は|が|を|に|から|で|より)")
_FUNCTION = frozenset(
    [
        "that",
        "this",
        "with",
        "from",
        "have",
        "were",
        "been",
        "they",
        "them",
        "their",
        "which",
        "when",
        "where",
        "also",
        "into",
        "such",
        "than",
        "then",
        "these",
        "those",
        "there",
        "about",
        "after",
        "before",
        "because",
        "while",
        "during",
        "between",
        "among",
        "other",
        "many",
        "most",
        "some",
        "more",
        "only",
        "made",
        "used",
        "called",
        "however",
        "being",
        "over",
        "under",
        "would",
        "could",
        "should",
    ]
)
_NEGATIVE_JA = (
    ("された。", "されなかった。"), ("である。", "ではない。"), ("った。", "わなかった。"),
    ("している。", "していない。"), ("した。", "しなかった。"), ("できる。", "できない。"),
    ("であった。", "ではなかった。"), ("がある。", "がない。"), ("られる。", "られない。"),
    ("られた。", "られなかった。"), ("とされる。", "とはされない。"), ("いる。", "いない。"),
)  # fmt: skip
_NEGATIVE_EN = re.compile(r"\b(was|were|is|are|has|have|had|could|can|will)\b(?! not)")


@dataclass(frozen=True, slots=True)
class Example:
    """A claim, its sentence with title and the sentence before; `wrong` are the false characters.

    `wrong` is None where it is not known which part of a false claim is the false one.
    """

    claim: str
    sentence: str
    title: str
    before: str
    supported: bool
    wrong: tuple[int, int] | None
    source: str
    held_out: bool


def all_examples(folder: Path, *, judged: int, made: int, seed: int) -> list[Example]:
    """Return examples, shuffled: `judged` by people, and claims made of `made` sentences."""
    chance = random.Random(seed)
    people = [*jnli(folder / "pairs" / "jnli-valid.jsonl"), *jsick(folder / "pairs" / "jsick.tsv")]
    chance.shuffle(people)
    texts = [*kyoto_texts(folder, made // 2, chance), *ja_texts(folder, made - made // 2, chance)]
    constructed = [example for text in texts for example in made_from(text, chance)]
    examples = [*people[:judged], *constructed]
    chance.shuffle(examples)
    return examples


def jnli(path: Path) -> Iterator[Example]:
    for raw in read_jsonl(path):
        first, second = str(raw["sentence1"]), str(raw["sentence2"])
        yield _judged(second, first, str(raw["label"]), "jnli", _is_held_out(first))


def jsick(path: Path, split: str = "train") -> Iterator[Example]:
    """JSICK in Japanese, in English, and across the two where both labels agree."""
    lines = [line.rstrip("\n").split("\t") for line in read_lines(path)]
    column = {name: place for place, name in enumerate(lines[0])}
    for number, row in enumerate(lines[1:]):
        if row[column["data"]].casefold() != split:
            continue
        ja, en = row[column["entailment_label_Ja"]], row[column["entailment_label_En"]]
        first = {"ja": row[column["sentence_A_Ja"]], "en": row[column["sentence_A_En"]]}
        second = {"ja": row[column["sentence_B_Ja"]], "en": row[column["sentence_B_En"]]}
        held = _is_held_out(first["en"])
        yield _judged(second["ja"], first["ja"], ja, "jsick-ja", held)
        yield _judged(second["en"], first["en"], en, "jsick-en", held)
        if ja == en:
            here, there = ("ja", "en") if number % 2 else ("en", "ja")
            yield _judged(second[here], first[there], ja, "jsick-crossed", held)


def _is_held_out(sentence: str) -> bool:
    return zlib.crc32(sentence.encode()) % HELD_OUT == 0


def _judged(claim: str, sentence: str, label: str, source: str, held: bool) -> Example:  # noqa: FBT001
    return Example(claim, sentence, "", "", label == "entailment", None, source, held)


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence with its surroundings, in one language or both; `strangers` are other words."""

    sentence: str
    translation: str
    title: str
    before: str
    after: str
    strangers: tuple[str, ...]
    foreign_strangers: tuple[str, ...]
    source: str
    held_out: bool


def kyoto_texts(folder: Path, wanted: int, chance: random.Random) -> Iterator[Text]:
    """Sentences of the translated articles, in either language, spread over all articles."""
    articles = list(read_kyoto(folder / "pairs" / "kyoto-wiki.ja-en.docs.jsonl.zst"))
    chance.shuffle(articles)
    given = 0
    for number, article in enumerate(articles):
        pairs = [
            s
            for p in article.paragraphs
            for s in p.sentences
            if 12 <= len(s.ja) <= 120 and 30 <= len(s.en) <= 260
        ]
        if len(pairs) < 4:
            continue
        for place in chance.sample(range(1, len(pairs) - 1), min(4, len(pairs) - 2)):
            english = chance.random() < 0.5
            sides = [(s.en, s.ja) if english else (s.ja, s.en) for s in pairs]
            title = article.title.en if english else article.title.ja
            others = [s for n, s in enumerate(sides) if n != place]
            yield Text(
                sides[place][0], sides[place][1], title, sides[place - 1][0], sides[place + 1][0],
                _words(one for one, _ in others), _words(two for _, two in others),
                "kyoto", number % HELD_OUT == 0,
            )  # fmt: skip
            given += 1
        if given >= wanted:
            return


def ja_texts(folder: Path, wanted: int, chance: random.Random) -> Iterator[Text]:
    """Sentences of Japanese news and of JaQuAD's paragraphs."""
    news = [
        (a.headline, list(a.sentences), "wikinews")
        for a in read_wikinews(folder / "articles" / "wikinews-ja.jsonl.zst")
    ]
    paragraphs = {p.context: p.title for p in read_squad(folder / "qa" / "jaquad-train.json.zst")}
    encyclopaedia = [
        (title, [context[s.start : s.end].strip() for s in split_sentences(context)], "jaquad")
        for context, title in paragraphs.items()
    ]
    texts = [each for each in (*news, *encyclopaedia) if len(each[1]) >= 4]
    chance.shuffle(texts)
    for number, (title, sentences, source) in enumerate(texts[: wanted // 2]):
        for place in chance.sample(range(1, len(sentences) - 1), 2):
            if 15 <= len(sentences[place]) <= 130:
                others = [s for n, s in enumerate(sentences) if n != place]
                yield Text(
                    sentences[place], "", title, sentences[place - 1], sentences[place + 1],
                    _words(others), (), source, number % HELD_OUT == 0,
                )  # fmt: skip


def _words(sentences: Iterator[str] | Sequence[str]) -> tuple[str, ...]:
    found = dict.fromkeys(word for s in sentences for word in _CONTENT.findall(s))
    return tuple(word for word in found if word.casefold() not in _FUNCTION)


def made_from(text: Text, chance: random.Random) -> Iterator[Example]:
    """True and false claims about one sentence, in its own language and in the other."""
    short = shortened(text.sentence, chance)
    yield _made(text, short, supported=True, wrong=None)
    yield from _false(text, short, text.strangers, chance)
    if text.translation:
        there = shortened(text.translation, chance)
        yield _made(text, there, supported=True, wrong=None)
        yield from _false(text, there, text.foreign_strangers, chance)
    if chance.random() < 0.5:
        yield _made(text, text.after, supported=False, wrong=None)


def _made(text: Text, claim: str, *, supported: bool, wrong: tuple[int, int] | None) -> Example:
    return Example(
        claim, text.sentence, text.title, text.before, supported, wrong, text.source, text.held_out
    )


def _false(
    text: Text, claim: str, strangers: Sequence[str], chance: random.Random
) -> Iterator[Example]:
    ways = [exchange_word, add_word, change_number, exchange_roles, negate]
    weights = [5, 2, 1, 1, 1]
    for way in chance.choices(ways, weights, k=1):
        falsified = way(claim, strangers, chance) or exchange_word(claim, strangers, chance)
        if falsified is not None and falsified[0] != claim:
            yield _made(text, falsified[0], supported=False, wrong=falsified[1])


def shortened(sentence: str, chance: random.Random) -> str:
    """Leave out what stands in brackets, and sometimes a clause in front."""
    plain = _ASIDE.sub("", sentence)
    pieces = _CLAUSE.split(plain)
    if len(pieces) > 1 and chance.random() < 0.5:
        rest = plain[len(pieces[0]) :].lstrip(" ")
        if len(rest) >= 12:
            return rest[:1].upper() + rest[1:]
    return plain


Falsified = tuple[str, tuple[int, int] | None] | None


def exchange_word(claim: str, strangers: Sequence[str], chance: random.Random) -> Falsified:
    """Put a word of another sentence in the place of one, of the same script."""
    spots = [m for m in _CONTENT.finditer(claim) if m.group().casefold() not in _FUNCTION]
    chance.shuffle(spots)
    for spot in spots:
        fitting = [w for w in strangers if _alike(w, spot.group()) and w not in claim]
        if fitting:
            word = chance.choice(fitting)
            return claim[: spot.start()] + word + claim[spot.end() :], (
                spot.start(),
                spot.start() + len(word),
            )
    return None


def _alike(one: str, two: str) -> bool:
    return (
        one.isascii() == two.isascii()
        and one[0].isupper() == two[0].isupper()
        and ("ァ" <= one[0] <= "ヺ") == ("ァ" <= two[0] <= "ヺ")
        and (not one.isascii() or one[-2:] == two[-2:] or one[0].isupper())
    )


def add_word(claim: str, strangers: Sequence[str], chance: random.Random) -> Falsified:
    """Put a further noun with の, or an English word, in front of a content word."""
    spots = [m for m in _CONTENT.finditer(claim) if m.group().casefold() not in _FUNCTION]
    fitting = [w for w in strangers if w not in claim]
    if not spots or not fitting:
        return None
    spot, word = chance.choice(spots), chance.choice(fitting)
    added = f"{word} " if claim.isascii() or spot.group().isascii() else f"{word}の"
    return claim[: spot.start()] + added + claim[spot.start() :], (
        spot.start(),
        spot.start() + len(word),
    )


def change_number(claim: str, strangers: Sequence[str], chance: random.Random) -> Falsified:  # noqa: ARG001
    """Write another number of as many digits."""
    spots = list(_NUMBER.finditer(claim))
    if not spots:
        return None
    spot = chance.choice(spots)
    other = "".join(chance.choice("123456789") if c.isdigit() else c for c in spot.group())
    return claim[: spot.start()] + other + claim[spot.end() :], spot.span()


def exchange_roles(claim: str, strangers: Sequence[str], chance: random.Random) -> Falsified:  # noqa: ARG001
    """Let the subject and another part of a Japanese sentence change places."""
    spots = list(_PARTICLE.finditer(claim))
    subjects = [m for m in spots if m[2] in "はが"]
    others = [m for m in spots if m[2] not in "はが"]
    if not subjects or not others:
        return None
    one, two = sorted((chance.choice(subjects), chance.choice(others)), key=lambda m: m.start())
    swapped = (
        claim[: one.start()]
        + two[1]
        + claim[one.end(1) : two.start()]
        + one[1]
        + claim[two.end(1) :]
    )
    return swapped, None


def negate(claim: str, strangers: Sequence[str], chance: random.Random) -> Falsified:  # noqa: ARG001
    """Negate the last predicate of a Japanese sentence, the first auxiliary of an English one."""
    for ending, negative in _NEGATIVE_JA:
        if claim.endswith(ending) and not claim.endswith(("ない。", "なかった。")):
            start = len(claim) - len(ending)
            return claim[:start] + negative, (start, start + len(negative))
    verb = _NEGATIVE_EN.search(claim)
    if verb is None or not claim.isascii():
        return None
    return claim[: verb.end()] + " not" + claim[verb.end() :], (verb.end() + 1, verb.end() + 4)
