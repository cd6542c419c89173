"""Claims about single sentences, borne out by them or not.

Of our own writing (`written_claims.jsonl`): a line for each article, with its place in
`written_questions.jsonl`; a claim comes with the number of the sentence it cites, from 1, whether
that sentence bears it out, and what was done to it. And pairs of captions from JSICK's train and
trial part (Yanaka and Mineshima 2022) and JNLI's validation part, where only entailment counts.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from data import read_jsonl, read_lines
from written_questions import Written, is_held_out

WRITTEN_CLAIMS = Path(__file__).with_suffix(".jsonl")


@dataclass(frozen=True, slots=True)
class Claim:
    """What is claimed, and the sentence it cites with what stands around it."""

    text: str
    sentence: str
    title: str
    before: str
    borne_out: bool
    kind: str


@dataclass(frozen=True, slots=True)
class Claims:
    """Those to train on, and those about the held-out articles."""

    train: list[Claim]
    held_out: list[Claim]


def written_claims(articles: Sequence[Written], path: Path = WRITTEN_CLAIMS) -> Claims:
    """Claims about the articles of the written questions, which are given."""
    train: list[Claim] = []
    held: list[Claim] = []
    for raw in read_jsonl(path):
        number = raw["article"]
        part = held if is_held_out(number) else train
        part += [_claim(articles[number - 1], *each) for each in raw["claims"]]
    return Claims(train, held)


def _claim(article: Written, text: str, sentence: int, borne_out: int, kind: str) -> Claim:
    at, whole = sentence - 1, article.text
    return Claim(text, whole.sentences[at], whole.title, whole.before(at), bool(borne_out), kind)


def caption_claims(data: Path) -> Iterator[Claim]:
    """Pairs of captions in which the second one follows from the first, or does not."""
    lines = read_lines(data / "pairs/jsick.tsv")
    for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
        if row["data"] != "test":
            for language in ("Ja", "En"):
                label = row[f"entailment_label_{language}"]
                yield _pair(row[f"sentence_A_{language}"], row[f"sentence_B_{language}"], label)
    for raw in read_jsonl(data / "pairs/jnli-valid.jsonl"):
        yield _pair(raw["sentence1"], raw["sentence2"], raw["label"])


def _pair(sentence: str, text: str, label: str) -> Claim:
    return Claim(text, sentence, "", "", label == "entailment", label)
