"""From readings to an answer whose every claim carries a checked citation, and to its JSON."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from shutten.checking.splitting import ClaimPiece
from shutten.checking.verdicts import ClaimsChecker, Evidence, Problem, Verdict
from shutten.tables import worded
from shutten.types import (
    Answer,
    Citation,
    Claim,
    Hit,
    Passage,
    Reading,
)

MAXIMUM_CLAIMS = 3
NEAR_THE_BEST = 0.1
"""How far behind the best one, in the order, a further sentence may be that is quoted as well. On
held-out questions of our own such a sentence is right as often as the best one, once in four or
five; farther behind it is right as seldom, and the best one is what answers."""

SURE_OF_WORDS = 0.2
"""The expected overlap from which the answering words are shown. From there on they share more than
half of their characters with the given ones on held-out questions (F1 of 0.55 where it is just
above, see the model card); below, a wrong word too often stands where the eye falls first, and the
sentence alone serves better."""

UNSURE = 0.45
"""The confidence below which a quotation says that it may not answer. Of the quotations for
held-out questions of our own, near misses among them, 0.50 are right where it is from 0.45 to 0.50,
0.44 from 0.40 to 0.45, 0.38 from 0.30 to 0.40."""

CLOSE = 0.1
"""The confidence of the foremost sentence from which a refusal does not say that the articles do
not tell. Of 241 refused questions about held-out articles of our own, 42 of the 109 above it have
the answer among the first three sentences, 10 of the 132 below it."""

_BLANKS = " \t\u3000"
_BRACKETED_NUMBER = re.compile(r"[\[［【]\s*(\d+)\s*[\]］】]")


@dataclass(frozen=True, slots=True)
class Composition:
    """The written part of an answer: text, and the claims and citations that it is made of."""

    text: str
    short_answer: str | None
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]


def with_markers_escaped(text: str) -> str:
    """Write the bracketed numbers of an article as 〔1〕, so that none reads as a marker."""
    return _BRACKETED_NUMBER.sub(r"〔\1〕", text)


def one_line(text: str) -> str:
    """Join hard-wrapped lines: between Latin letters with a space, in Japanese with nothing."""
    joined = re.sub(r"(?<=[!-~])[ \t]*\r?\n[ \t]*(?=[!-~])", " ", text)
    *lines, last = joined.split("\n")
    ended = [line.removesuffix("\r").rstrip(_BLANKS) for line in lines]
    first, *others = [*ended, last]
    return first + "".join(line.lstrip(_BLANKS) for line in others)


def in_front_of(readings: Sequence[Reading]) -> float:
    """Return the relevance with which a reading is quoted before these, and without them."""
    return max((each.relevance for each in readings), default=0.0) + 2 * NEAR_THE_BEST


def choose(readings: Sequence[Reading], threshold: float) -> list[Reading]:
    """Return the readings worth quoting, best first; none where the best one does not answer.

    Of those that are nearly as far in front, the ones whose answering words are known come first.
    """
    ranked = sorted(readings, key=lambda reading: -reading.relevance)
    if not ranked or ranked[0].confidence < threshold:
        return []
    nearly = ranked[0].relevance - NEAR_THE_BEST
    further = [r for r in ranked[1:] if r.relevance >= nearly and r.confidence >= threshold]
    chosen = _different([ranked[0], *further])
    return sorted(chosen, key=lambda each: answering_words(each) is None)[:MAXIMUM_CLAIMS]


def _different(readings: Sequence[Reading]) -> list[Reading]:
    """Leave out a sentence that another article repeats word for word."""
    first: dict[str, Reading] = {}
    for reading in readings:
        first.setdefault(reading.passage.hit.text, reading)
    return list(first.values())


def answering_words(reading: Reading) -> str | None:
    """The words that answer; None where they are unknown, unsure or the whole sentence."""
    if reading.start is None or reading.end is None or reading.span_confidence < SURE_OF_WORDS:
        return None
    words = reading.passage.hit.text[reading.start : reading.end]
    return words if words.strip() and words != reading.passage.hit.text else None


def cite(reading: Reading, marker: int) -> Citation:
    """A citation of the sentence that was read."""
    found = answering_words(reading) is not None
    words = (reading.start, reading.end) if found else (None, None)
    return _citation(reading.passage, marker, reading.confidence, words)


def _citation(
    passage: Passage, marker: int, support: float, words: tuple[int | None, int | None]
) -> Citation:
    """A citation of a sentence, with where the answering words begin and end in it."""
    hit, (start, end) = passage.hit, words
    row = worded(hit.text, passage.columns)
    in_row = row.of_row(start, end) if row and start is not None and end is not None else None
    return Citation(
        marker=marker,
        article_id=hit.article_id,
        title=hit.title,
        url=hit.url,
        sentence=hit.sentence,
        start=hit.start,
        end=hit.end,
        quote=hit.text,
        support=round(support, 4),
        answer_start=start,
        answer_end=end,
        anchor=hit.anchor,
        revision=hit.revision,
        opening=hit.opening,
        before=hit.before,
        after=hit.after,
        heading=hit.heading,
        page=hit.page,
        row=row.text if row else None,
        row_start=in_row[0] if in_row else None,
        row_end=in_row[1] if in_row else None,
    )


def compose(parts: Sequence[Sequence[Reading]]) -> Composition:
    """Write the short answer, then the quotations, each with its marker.

    `parts` holds the chosen readings for each of the questions asked at once, best first, at least
    one for each; a sentence is quoted once. A claim is verbatim but for line breaks and for
    bracketed numbers, so its citation holds by construction; `is_verbatim` states that and the
    caller checks it.
    """
    quoted: dict[tuple[str, int], Reading] = {}
    for reading in (reading for part in parts for reading in part):
        quoted.setdefault(reading.passage.hit.place, reading)
    markers = {place: marker for marker, place in enumerate(quoted, start=1)}
    shorts = {
        short: part[0].passage.hit.place for part in parts if (short := answering_words(part[0]))
    }
    pieces = list(shorts.items())
    pieces += [(reading.passage.hit.text, place) for place, reading in quoted.items()]
    text, claims = _join(
        [(one_line(with_markers_escaped(words)), markers[place]) for words, place in pieces]
    )
    citations = tuple(cite(reading, markers[place]) for place, reading in quoted.items())
    return Composition(text, "、".join(shorts) or None, claims, citations)


def _join(pieces: Sequence[tuple[str, int]]) -> tuple[str, tuple[Claim, ...]]:
    text = ""
    claims: list[Claim] = []
    for words, marker in pieces:
        text += "\n\n" if text else ""
        start = len(text)
        claims.append(Claim(words, start, start + len(words), supported=True, citations=(marker,)))
        text += f"{words}[{marker}]"
    return text, tuple(claims)


def short_answers(answer: Answer) -> list[tuple[str, int]]:
    """Return the answering words of a quoted answer, each with the marker of its quotation.

    There is one for each of the questions asked at once that has such words.
    """
    if answer.short_answer is None:
        return []
    quotes = {each.marker: one_line(with_markers_escaped(each.quote)) for each in answer.citations}
    return [
        (claim.text, marker)
        for claim in answer.claims
        for marker in claim.citations
        if claim.text != quotes.get(marker)
    ]


def shown_text(answer: Answer) -> str:
    """The text of an answer as people are shown it: a quoted row of a table in words."""
    rows = {
        one_line(with_markers_escaped(each.quote)): one_line(with_markers_escaped(each.row))
        for each in answer.citations
        if each.row
    }
    text = answer.text
    for claim in reversed(answer.claims):
        before, words, after = text[: claim.start], text[claim.start : claim.end], text[claim.end :]
        if words == claim.text and words in rows:
            text = f"{before}{rows[words]}{after}"
    return text


def is_verbatim(claim: Claim, citations: Sequence[Citation]) -> bool:
    """Whether a quoted claim stands, word for word, in every sentence that it cites."""
    quotes = {citation.marker: citation.quote for citation in citations}
    return all(
        marker in quotes and claim.text in one_line(with_markers_escaped(quotes[marker]))
        for marker in claim.citations
    )


# ── what a language model wrote ──────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Judged:
    """A statement of a language model, and what the checks say of it."""

    piece: ClaimPiece
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class RemovedClaim:
    """A claim that does not come through, with the reasons."""

    claim: Claim
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Grounded:
    """The written part of an answer, and what was taken out of it.

    `declined` is True where the model itself says that the passages do not tell.
    """

    composition: Composition
    removed: tuple[RemovedClaim, ...] = ()
    declined: bool = False


def judge(
    pieces: Sequence[ClaimPiece],
    passages: Sequence[Passage],
    checker: ClaimsChecker,
) -> list[Judged]:
    """Check the statements among the pieces, all at once.

    Phrases, introductions and refusals of the model claim nothing and are left out.
    An item of a list is checked together with the line that it stands under.
    """
    statements = [piece for piece in pieces if piece.kind == "statement"]
    if not statements:
        return []
    claims = [_in_full(piece) for piece in statements]
    verdicts = checker.check_all(claims, passages)
    return [Judged(*each) for each in zip(statements, verdicts, strict=True)]


_ANNOUNCEMENT = re.compile(
    r"(?:は|について(?:は)?)?、?(?:次|以下|下記)の(?:とおり|通り|よう)(?:です|である|だ|になります)?|(?:次|以下)の"
    r"|\b(?:are |is )?as follows\b|\b(?:the )?following\b|\b(?:here|these|those|this) (?:is|are)\b",
    re.IGNORECASE,
)


def _in_full(piece: ClaimPiece) -> str:
    """A claim with its introduction, where that says more than that a list comes."""
    said = _ANNOUNCEMENT.sub("", piece.introduction).strip(" :：、は")
    if not said or said.casefold() in piece.text.casefold():
        return piece.text
    return f"{said}: {piece.text}" if said.isascii() else f"{said}は、{piece.text}"


def grounded(
    judged: Sequence[Judged],
    passages: Sequence[Passage],
    readings: Sequence[Reading] = (),
    *,
    declined: bool = False,
) -> Grounded:
    """Keep the claims that passages bear out, each with the markers of the sentences it rests on.

    Markers count in order of appearance, and a sentence has one marker. `readings` are what a
    reader made of the passages; the short answer is taken from its words.
    """
    kept = _distinct([each for each in judged if each.verdict.supported])
    removed = tuple(
        RemovedClaim(_unsupported(each.piece), each.verdict.problems)
        for each in judged
        if not each.verdict.supported
    )
    return Grounded(_composed(kept, passages, readings), removed, declined)


def _distinct(judged: Sequence[Judged]) -> list[Judged]:
    """Leave out a claim that the model says a second time."""
    first: dict[str, Judged] = {}
    for each in judged:
        first.setdefault(each.piece.text, each)
    return list(first.values())


def _unsupported(piece: ClaimPiece) -> Claim:
    return Claim(one_line(with_markers_escaped(piece.text)), 0, 0, supported=False, citations=())


def _composed(
    kept: Sequence[Judged],
    passages: Sequence[Passage],
    readings: Sequence[Reading],
) -> Composition:
    text, claims = "", list[Claim]()
    citations: dict[tuple[str, int], Citation] = {}
    for piece, verdict in ((each.piece, each.verdict) for each in kept):
        words = one_line(with_markers_escaped(piece.text))
        text += _before_next(text, words, new_line=piece.new_line)
        start = len(text)
        markers = tuple(_marked(citations, each, passages, verdict) for each in verdict.evidence)
        ordered = tuple(dict.fromkeys(markers))
        claims.append(Claim(words, start, start + len(words), supported=True, citations=ordered))
        text += words + "".join(f"[{marker}]" for marker in ordered)
    found = tuple(citations.values())
    return Composition(text, _short_answer(readings, claims, found), tuple(claims), found)


def _before_next(text: str, words: str, *, new_line: bool) -> str:
    if not text:
        return ""
    if new_line:
        return "\n"
    return " " if words[:1].isascii() else ""


def _marked(
    citations: dict[tuple[str, int], Citation],
    evidence: Evidence,
    passages: Sequence[Passage],
    verdict: Verdict,
) -> int:
    """The marker of a sentence, a new one where it was not cited yet."""
    passage = passages[evidence.passage]
    key = passage.hit.place
    if key not in citations:
        words = (evidence.start, evidence.end)
        citations[key] = _citation(passage, len(citations) + 1, verdict.support, words)
    return citations[key].marker


def _short_answer(
    readings: Sequence[Reading], claims: Sequence[Claim], citations: Sequence[Citation]
) -> str | None:
    """The reader's answering words, where a claim says them and its citation's quote holds them."""
    for reading in sorted(readings, key=lambda each: -each.relevance):
        words = answering_words(reading)
        if (
            words
            and any(words in claim.text for claim in claims)
            and any(words in citation.quote for citation in citations)
        ):
            return words
    return None


# ── JSON ─────────────────────────────────────────────────────────────────────────────────────


def answer_as_dict(answer: Answer) -> dict[str, Any]:
    """Return the answer's JSON object: plain dicts and lists, scores as finite numbers or None."""
    record = asdict(answer)
    record["timings_ms"] = {k: round(v, 2) for k, v in record["timings_ms"].items()}
    record["hits"] = [hit_as_dict(hit) for hit in answer.hits]
    return {key: list(v) if isinstance(v, tuple) else v for key, v in record.items()}


def hit_as_dict(hit: Hit) -> dict[str, Any]:
    """Return a hit's JSON object."""
    scores = ("score", "dense", "keyword", "rerank")
    record = asdict(hit)
    return {
        key: round(value, 4) if key in scores and value is not None else value
        for key, value in record.items()
    }
