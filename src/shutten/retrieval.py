"""Rank the sentences of an index for a question: a dense and a keyword leg, fused."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from shutten.aliases import aliases_in, all_renamed
from shutten.bilingual import in_other_language
from shutten.index import Index
from shutten.named_rows import named_rows
from shutten.ranking import Candidate, Ranking, Rarity
from shutten.sentences import detect_language
from shutten.store import Neighbours, StoredSentence
from shutten.tables import worded
from shutten.tokens import token_set, tokenise
from shutten.types import Embedder, Hit, Language, Passage, Retriever, page_at
from shutten.views import Found


@dataclass(frozen=True, slots=True)
class Fusion:
    """How two legs become one ranking; the defaults were chosen on held-out JaQuAD questions.

    A convex combination of scores (Bruch et al. 2023, arXiv 2210.11934, find it ahead of
    reciprocal rank fusion where scores are at hand). BM25 has no scale of its own and is divided
    by its best score; a cosine has one and stays as it is, so that a question to which nothing is
    near gets low scores from it.
    """

    dense_weight: float = 0.4
    depth: int = 50
    """How many sentences each leg contributes."""


FOREIGN_POWER = 2
"""How steeply the standing of a sentence in another language falls with its cosine. English and
Japanese paragraphs in one index, 400 questions each of the SQuAD half and of JaQuAD: with 1, 0.59
and 0.38 of the first five sentences are in the other language, with 2, 0.10 and 0.06; the right
sentence is among the first five as often as without (0.945, and 0.902 instead of 0.905)."""


NEAR = 0.25
"""The cosine below which the best sentence is not near either: so it is between questions and
sentences of other articles (0.05 to 0.2), while a translation's is mostly above."""


def fuse(
    dense: Sequence[Found],
    keyword: Sequence[Found],
    dense_weight: float,
    *,
    foreign: Collection[int] = (),
) -> list[Found]:
    """Return the sentences of both legs, best first, with scores from 0 to 1.

    What one leg lacks counts 0 there, as does a cosine below 0. Sentences in another language than
    the question's, whose keys are `foreign`, cannot share its words: they stand in the keyword leg
    as near to its best as their cosines are to the best cosine. Else the function words of an
    English question would bring every English sentence before the Japanese one that it asks for.
    """
    cosines = {each.key: max(each.score, 0.0) for each in dense}
    best = max((each.score for each in keyword), default=1.0)
    shares = {each.key: each.score / best for each in keyword}
    nearest = max(cosines.values(), default=0.0)
    for key in cosines.keys() & foreign if nearest else ():
        likeness = min(1.0, nearest / NEAR) * (cosines[key] / nearest) ** FOREIGN_POWER
        shares[key] = max(shares.get(key, 0.0), likeness)
    scores = {
        key: dense_weight * cosines.get(key, 0.0) + (1 - dense_weight) * shares.get(key, 0.0)
        for key in cosines.keys() | shares.keys()
    }
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    return [Found(key, score) for key, score in ranked]


OWN_LANGUAGE = 2
"""So many passages in the question's language are found and read, if there are any."""


class IndexRetriever(Retriever, Protocol):
    """A retriever that can be put over another index."""

    def over(self, index: Index) -> IndexRetriever:
        """Return the same retriever over this index."""
        ...


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question; `language` is that in which it was first asked."""

    question: str
    language: Language
    depth: int
    article_ids: Sequence[str] | None


@dataclass(frozen=True, slots=True)
class _FoundSentences:
    """What was found, and the scores by key: fused, and of each leg."""

    sentences: Mapping[int, StoredSentence]
    scores: Mapping[int, float]
    cosines: Mapping[int, float]
    frequencies: Mapping[int, float]

    def best(self, k: int) -> list[StoredSentence]:
        """Return up to k sentences, best first."""
        order = sorted(self.scores, key=lambda key: (-self.scores[key], key))[:k]
        # Another process may have removed one a moment ago.
        return [self.sentences[key] for key in order if key in self.sentences]

    def hit(self, sentence: StoredSentence) -> Hit:
        """Return a sentence with its scores."""
        key = sentence.key
        return replace(
            hit_of(sentence, self.scores[key]),
            dense=self.cosines.get(key),
            keyword=self.frequencies.get(key),
        )

    def joined(self, other: _FoundSentences) -> _FoundSentences:
        """Return both, each sentence with the better of its scores."""
        return _FoundSentences(
            {**self.sentences, **other.sentences},
            _greater(self.scores, other.scores),
            _greater(self.cosines, other.cosines),
            _greater(self.frequencies, other.frequencies),
        )


def _with_own_language(found: _FoundSentences, k: int, language: Language) -> list[StoredSentence]:
    """Return up to k sentences, best first; behind them the first ones in a language, if none is.

    A question that shares hardly a word with any article is nearest to sentences of the other
    language, by their vectors alone.
    """
    best = found.best(k)
    if k <= OWN_LANGUAGE or any(each.language == language for each in best):
        return best
    own = [each for each in found.best(len(found.scores)) if each.language == language]
    added = own[:OWN_LANGUAGE]
    return [*best[: k - len(added)], *added]


def _with_named_rows(
    asked: _Asked, found: _FoundSentences, best: Sequence[StoredSentence]
) -> list[StoredSentence]:
    """Return the best sentences with rows that the question names in the place of the last ones."""
    if len(best) <= OWN_LANGUAGE:
        return list(best)
    ranked = found.best(len(found.scores))
    rows = named_rows(asked.question, ranked, best, asked.language)
    return [*best[: len(best) - len(rows)], *rows]


def _greater(one: Mapping[int, float], other: Mapping[int, float]) -> dict[int, float]:
    lowest = float("-inf")
    return {key: max(one.get(key, lowest), other.get(key, lowest)) for key in {**one, **other}}


class HybridRetriever:
    """Both legs over one index.

    Where the articles call a name of the question otherwise, it is asked under that name as well.
    """

    def __init__(
        self,
        index: Index,
        embedder: Embedder,
        fusion: Fusion | None = None,
        ranking: Ranking | None = None,
    ) -> None:
        """Without a `ranking`, sentences stay as the legs are fused."""
        self._index = index
        self._embedder = embedder
        self._fusion = fusion or Fusion()
        self._ranking = ranking

    def over(self, index: Index) -> HybridRetriever:
        """Return the same retriever over another index of the same embedder."""
        return HybridRetriever(index, self._embedder, self._fusion, self._ranking)

    def dense(
        self, question: str, k: int, *, article_ids: Sequence[str] | None = None
    ) -> list[Found]:
        """Return up to k sentences by cosine similarity, best first."""
        vector = self._embedder.embed_queries([question])[0]
        return self._index.search_dense(vector, k, article_ids=article_ids)

    def keyword(
        self, question: str, k: int, *, article_ids: Sequence[str] | None = None
    ) -> list[Found]:
        """Return up to k sentences by BM25, best first."""
        return self._index.search_keyword(question, k, article_ids=article_ids)

    def retrieve(
        self, question: str, *, k: int, article_ids: Sequence[str] | None = None
    ) -> list[Passage]:
        """Return up to k passages with the scores of both legs, best first.

        A question without a letter or a digit is near to nothing, whatever its vector says.
        """
        if not tokenise(question):
            return []
        asked = _Asked(question, detect_language(question), max(self._fusion.depth, k), article_ids)
        found = self._found(asked)
        aliases = aliases_in(question, [each.text for each in found.best(k)])
        forms = [question, *([all_renamed(question, aliases)] if aliases else [])]
        if any(each.language != asked.language for each in found.sentences.values()):
            forms = list(dict.fromkeys([*forms, in_other_language(question)]))
        for form in forms[1:]:
            found = found.joined(self._found(replace(asked, question=form)))
        around = self._around(found.sentences if self._ranking else [s.key for s in found.best(k)])
        if self._ranking is not None:
            found = replace(found, scores=self._scored(forms, found, around, self._ranking))
        best = _with_named_rows(asked, found, _with_own_language(found, k, asked.language))
        pages = self._index.pages(sorted({each.article_id for each in best}))
        return [_passage(each, found.hit(each), around, pages) for each in best]

    def _around(self, keys: Iterable[int]) -> _Around:
        listed = list(keys)
        return _Around(self._index.neighbours(listed), self._index.headings(listed))

    def _scored(
        self,
        forms: Sequence[str],
        found: _FoundSentences,
        around: _Around,
        ranking: Ranking,
    ) -> dict[int, float]:
        """Return the score of every sentence: the better one of the question's forms."""
        keys = list(found.sentences)
        candidates = [
            around.candidate(found.sentences[key], found.cosines.get(key)) for key in keys
        ]
        scores: dict[int, float] = {}
        for form in forms:
            rarity = Rarity(*self._index.token_frequencies(token_set(form)))
            rated = zip(keys, ranking.scores(form, candidates, rarity), strict=True)
            scores = _greater(scores, dict(rated))
        return scores

    def _found(self, asked: _Asked) -> _FoundSentences:
        dense = self.dense(asked.question, asked.depth, article_ids=asked.article_ids)
        keyword = self.keyword(asked.question, asked.depth, article_ids=asked.article_ids)
        stored = self._index.stored(list({each.key for each in (*dense, *keyword)}))
        foreign = {each.key for each in stored if each.language != asked.language}
        fused = fuse(dense, keyword, self._fusion.dense_weight, foreign=foreign)
        return _FoundSentences(
            {sentence.key: sentence for sentence in stored},
            _scores(fused),
            _scores(dense),
            _scores(keyword),
        )


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands around sentences, and the heading above, by key."""

    near: Mapping[int, Neighbours]
    headings: Mapping[int, str]

    def beside(self, sentence: StoredSentence) -> tuple[str, str]:
        """The text before a sentence, be it the question that it answers, and behind it."""
        near = self.near.get(sentence.key, Neighbours())
        before = _bodies(near.before) or sentence.question
        return before, _bodies(near.after)

    def candidate(self, sentence: StoredSentence, cosine: float | None) -> Candidate:
        """The sentence as it is ranked; its heading counts as a part of its title."""
        title = f"{self.headings.get(sentence.key, '')} {sentence.title}".strip()
        place = sentence.article_id, sentence.number
        row = worded(sentence.text, sentence.columns)
        if row is not None:
            return Candidate(*place, title, row.text, cosine=cosine)
        text = f"{sentence.question} {sentence.text}".strip()
        return Candidate(*place, title, text, *self.beside(sentence), cosine)


def _passage(
    sentence: StoredSentence,
    hit: Hit,
    around: _Around,
    pages: Mapping[str, Sequence[int]],
) -> Passage:
    before, after = around.beside(sentence)
    page = page_at(pages.get(sentence.article_id, ()), sentence.start)
    placed = replace(hit, heading=around.headings.get(sentence.key), page=page)
    return Passage(
        placed,
        before,
        after,
        sentence.language,
        columns=sentence.columns,
        question=sentence.question,
    )


def _bodies(sentences: Sequence[StoredSentence]) -> str:
    return "".join(each.text for each in sentences if each.kind == "body")


def scored(passage: Passage, score: float) -> Passage:
    """Return the same passage with another score."""
    return replace(passage, hit=replace(passage.hit, score=score))


def left_behind(passages: Sequence[Passage], scores: Sequence[float]) -> list[Passage]:
    """Return passages that were not judged, behind those that got these scores.

    Their own scores are shrunk under the lowest one, so that the order is the scores'.
    """
    ceiling = min(scores, default=1.0)
    return [scored(each, each.hit.score * ceiling) for each in passages]


def hit_of(sentence: StoredSentence, score: float) -> Hit:
    """A stored sentence as a hit without the scores of single legs."""
    row = worded(sentence.text, sentence.columns)
    context = sentence.context
    return Hit(
        article_id=sentence.article_id,
        title=sentence.title,
        url=sentence.url,
        sentence=sentence.number,
        start=sentence.start,
        end=sentence.end,
        text=sentence.text,
        score=score,
        anchor=sentence.anchor,
        revision=sentence.revision,
        opening=context.opening,
        before=context.before,
        after=context.after,
        row=row.text if row else None,
    )


def _scores(found: Sequence[Found]) -> dict[int, float]:
    return {each.key: each.score for each in found}
