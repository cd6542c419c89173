"""Written answers: a language model writes, and only what the passages bear out comes through."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from shutten.checking.splitting import ClaimPiece, ClaimSplitter
from shutten.checking.verdicts import ClaimsChecker, Problem
from shutten.errors import ModelError
from shutten.grounding import (
    Composition,
    Grounded,
    Judged,
    RemovedClaim,
    grounded,
    judge,
    one_line,
    with_markers_escaped,
)
from shutten.restating import restated
from shutten.types import (
    Answer,
    Claim,
    Closable,
    Language,
    Passage,
    Reading,
    Turn,
    Writer,
    WritingRequest,
)

SAMPLES = 3
"""How many texts are asked for, at most, where nothing of the ones before was borne out."""

FOREMOST = 2
"""On one of so many of the reader's sentences a claim must rest to be to the point, where others of
its text were removed."""

Fallback = Literal["failed", "loading", "unsupported"]
"""Why the reader's quotation answers in place of a language model."""

_NOTICES: dict[Language, dict[Fallback, str]] = {
    "ja": {
        "failed": "言語モデルを使えなかったため、記事からの引用で答えました。",
        "loading": "言語モデルを読み込んでいるあいだは、記事からの引用で答えます。",
        "unsupported": (
            "言語モデルの文には、記事で裏付けられて質問に答えるものがなかったため、"
            "記事からの引用で答えました。"
        ),
    },
    "en": {
        "failed": "The language model could not be used; a quotation answers instead.",
        "loading": "The language model is still being loaded; until then quotations answer.",
        "unsupported": (
            "Nothing that the language model wrote was borne out and to the point;"
            " a quotation answers instead."
        ),
    },
}


def fallback_notice(why: Fallback, language: Language) -> str:
    """Return what is said beside a quotation that answers in a language model's place."""
    return _NOTICES[language][why]


def removed_claim(removed: RemovedClaim, language: Language) -> Claim:
    """Return a removed claim with the first reason, in words."""
    problems = removed.problems
    return replace(removed.claim, problem=problems[0].explain(language) if problems else None)


def with_pending(composition: Composition, pending: str) -> tuple[str, tuple[Claim, ...]]:
    """Return text and claims with what is still written behind them, as a claim not supported."""
    words = one_line(with_markers_escaped(pending)).strip()
    if not words:
        return composition.text, composition.claims
    text = composition.text + (" " if composition.text and words[:1].isascii() else "")
    claim = Claim(words, len(text), len(text) + len(words), supported=False, citations=())
    return text + words, (*composition.claims, claim)


def pending_claim(answer: Answer) -> Claim | None:
    """Return the claim of a growing answer that is still written or checked, if there is one."""
    last = answer.claims[-1] if answer.claims else None
    return None if last is None or last.supported else last


def without_pending(answer: Answer) -> Answer:
    """Return what stands of a growing answer, as where its writing is ended early."""
    pending = pending_claim(answer)
    if pending is None:
        return answer
    kept = answer.text[: pending.start].rstrip()
    return replace(answer, text=kept, claims=answer.claims[:-1])


@dataclass(frozen=True, slots=True)
class Draft:
    """How far a written answer has come. `pending` is what is written and not checked yet."""

    grounded: Grounded
    pending: str = ""


@dataclass(frozen=True, slots=True)
class Material:
    """What may be written about, and what the claims are held against.

    `request` names the foremost passages alone, the reader's best first; a claim may rest on any of
    `passages`. `readings` are what the reader made of them, for the short answer.
    """

    request: WritingRequest
    passages: tuple[Passage, ...]
    readings: tuple[Reading, ...]


class CheckedWriter:
    """A writer whose claims are checked one by one, each as soon as it is complete.

    After `seconds` no further sample is begun. With `foremost`, some claim of every text must rest
    on one of so many of the reader's sentences; without, only where others of it were removed.
    `problem` is what has kept the writer from being loaded; one that has it stands in for it.
    """

    def __init__(
        self,
        writer: Writer,
        checker: ClaimsChecker,
        *,
        seconds: float,
        foremost: int | None = None,
        problem: ModelError | None = None,
    ) -> None:
        self._writer = writer
        self._checker = checker
        self._seconds = seconds
        self._foremost = foremost
        self._restated: tuple[tuple[str, tuple[Turn, ...]] | None, str | None] = (None, None)
        self.problem = problem

    @property
    def name(self) -> str:
        """The language model's name."""
        return self._writer.name

    def close(self) -> None:
        """Give the writer's memory back, as soon as the texts that were begun have ended."""
        if isinstance(self._writer, Closable):
            self._writer.close()

    def restated(self, question: str, turns: Sequence[Turn]) -> Generator[None, None, str | None]:
        """Return a follow-up so that it stands alone, or None, as `restating.restated` does.

        The last one is kept: the same question may be asked of own files, then of the index.
        """
        asked, (known, text) = (question, tuple(turns)), self._restated
        if asked != known:
            text = yield from restated(self._writer, question, turns)
            self._restated = (asked, text)
        return text

    def drafts(self, material: Material) -> Generator[Draft]:
        """Yield what stands after every piece of text; the last one is the answer.

        A text of which nothing is borne out, or only what is beside the point, is followed by
        another sample, without its claims being shown; what was removed from the texts before is
        kept. The first is the sample that the request names, the others follow it. Closing the
        generator ends the writing. Raises WriterError.
        """
        deadline = time.monotonic() + self._seconds
        removed: tuple[Judged, ...] = ()
        for sample in range(SAMPLES):
            attempt = _Attempt(self._checker, material, removed, self._foremost)
            yield from self._attempted(attempt, sample)
            if attempt.is_enough:
                return
            removed = attempt.set_aside()
            if time.monotonic() >= deadline:
                break
        yield _Attempt(self._checker, material, removed, self._foremost).draft()

    def _attempted(self, attempt: _Attempt, sample: int) -> Generator[Draft]:
        splitter = ClaimSplitter()
        first = attempt.material.request
        request = replace(first, sample=first.sample + sample)
        with contextlib.closing(self._writer.write(request)) as text:
            for piece in text:
                attempt.take(splitter.feed(piece))
                yield attempt.draft("" if sample else splitter.pending)
        attempt.take(splitter.finish())
        yield attempt.draft()


class _Attempt:
    """The claims of one text as they are judged, behind those removed from texts before."""

    def __init__(
        self,
        checker: ClaimsChecker,
        material: Material,
        removed: Sequence[Judged],
        foremost: int | None,
    ) -> None:
        self.material = material
        self.judged = tuple(removed)
        self._before = len(removed)
        self._foremost = foremost
        self._checker = checker
        self._declined = False
        self._grounded = self._compose()

    @property
    def is_enough(self) -> bool:
        """Whether something was borne out, or the model itself says that there is no answer.

        What is left of a text of which claims were removed must rest on a sentence that the reader
        puts foremost: a small model, asked for a month, goes on to speak of the trees.
        """
        own = self.judged[self._before :]
        kept = [each for each in own if each.verdict.supported]
        asked = self._foremost is not None or len(kept) < len(own)
        beside = asked and not any(map(self._rests_on_foremost, kept))
        return self._grounded.declined or (bool(kept) and not beside)

    def take(self, pieces: Sequence[ClaimPiece]) -> None:
        """Judge further claims."""
        if not pieces:
            return
        self._declined = self._declined or any(piece.kind == "refusal" for piece in pieces)
        further = judge(pieces, self.material.passages, self._checker)
        self.judged = (*self.judged, *further)
        self._grounded = self._compose()

    def set_aside(self) -> tuple[Judged, ...]:
        """Return the claims with none of them left standing."""
        return tuple(_aside(each) if each.verdict.supported else each for each in self.judged)

    def _rests_on_foremost(self, judged: Judged) -> bool:
        foremost = self.material.request.passages[: self._foremost or FOREMOST]
        hits = [passage.hit for passage in foremost]
        return any(
            self.material.passages[each.passage].hit in hits for each in judged.verdict.evidence
        )

    def draft(self, pending: str = "") -> Draft:
        """Return what stands now."""
        return Draft(self._grounded, pending)

    def _compose(self) -> Grounded:
        return grounded(
            self.judged, self.material.passages, self.material.readings, declined=self._declined
        )


def _aside(judged: Judged) -> Judged:
    verdict = replace(judged.verdict, supported=False, problems=(Problem("aside"),))
    return replace(judged, verdict=verdict)
