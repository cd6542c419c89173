"""The tables of articles with all of their rows, of which a search finds one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from shutten.cells.values import rank_in
from shutten.errors import UnknownArticleError
from shutten.index import Index
from shutten.readable import readable
from shutten.sentences import trimmed
from shutten.tables import LONGEST_TABLE, Head, Tables, cells_of, is_row
from shutten.terms import folded
from shutten.types import Article, Passage, Sentence

_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_NUMBERING = re.compile(r"^(?:順位|番号|通番|項番|no\.?|#|id|rank|)$")
_RANKING = re.compile(r"^(?:place|position|pos\.?|着順|位)$")
_SUM = re.compile(
    r"(?:合計|総計|小計|計|平均|中央値|総数|(?:sub-?)?total|sum|average|mean|median|all|overall)$"
    r"|(?:全(?=[一-龥])|前[年期回月]|昨年|昨期|目標|参考|総合計)"
    r"|(?:all|overall|last|previous|target|total) "
)


@dataclass(frozen=True)
class Row:
    """A row of a table: its sentence, its text, and where its cells stand in it."""

    sentence: Sentence
    text: str
    cells: tuple[tuple[int, int], ...]

    @cached_property
    def folded(self) -> str:
        """Its text, folded."""
        return folded(self.text)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """What its cells say, folded."""
        return tuple(folded(self[at]).strip() for at in range(len(self.cells)))

    def __getitem__(self, column: int) -> str:
        """The words of a cell, as people read them."""
        first, last = self.cells[column]
        return readable(self.text[first:last])


@dataclass(frozen=True)
class Table:
    """A table of an article, whose rows have as many cells as there are columns.

    `is_whole` where no other row stands in it, but for those that sum up.
    """

    article: Article
    heading: str | None
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    is_whole: bool = True

    @cached_property
    def about(self) -> str:
        """What is said of all of its rows, folded: title and heading."""
        return folded("\n".join([self.article.title, self.heading or ""]))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, folded and without what stands in brackets."""
        return tuple(_BRACKETED.sub("", folded(each)).strip() for each in self.columns)

    @cached_property
    def key(self) -> int:
        """The column that says what a row is of: the first one that does not number them."""
        ranking = (at for at in self.called(_RANKING) if all(map(_may_be_rank, self.cells(at))))
        numbering = [*self.called(_NUMBERING), *ranking]
        return next((at for at in range(len(self.names)) if at not in numbering), 0)

    def called(self, pattern: str | re.Pattern[str]) -> list[int]:
        """The columns whose name has a match."""
        return [at for at, name in enumerate(self.names) if re.search(pattern, name)]

    def cells(self, column: int) -> list[str]:
        """What stands in a column, from above."""
        return [row[column] for row in self.rows]


def tables_of(passages: Sequence[Passage], index: Index, most: int) -> Iterator[Table]:
    """The tables that have a passage as a row, each once, `most` of them."""
    read: dict[str, _Read | None] = {}
    seen: set[tuple[str, int]] = set()
    for hit in (each.hit for each in passages if each.columns):
        if len(seen) == most:
            return
        if hit.article_id not in read:
            read[hit.article_id] = _read(index, hit.article_id)
        known = read[hit.article_id]
        head = known.tables.head_at(hit.start) if known else None
        if known is None or head is None or (hit.article_id, head.rule) in seen:
            continue
        seen.add((hit.article_id, head.rule))
        own = [each for each in known.sentences if known.tables.head_at(each.start) == head]
        rows = tuple(_rows(known.article, own, head.columns))
        yield Table(known.article, hit.heading, head.columns, rows, _are_all(known, own, head))


def _are_all(known: _Read, own: Sequence[Sentence], head: Head) -> bool:
    """Whether all rows below a head are known, and have a cell for each column."""
    texts = (known.article.text[slice(*trimmed(known.article.text, each))] for each in own)
    return len(own) < LONGEST_TABLE - 1 and all(
        is_row(text) and len(cells_of(text)) == len(head.columns) for text in texts
    )


@dataclass(frozen=True, slots=True)
class _Read:
    """An article that is looked through once, however many of its rows were found."""

    article: Article
    sentences: Sequence[Sentence]
    tables: Tables


def _read(index: Index, article_id: str) -> _Read | None:
    try:
        article, sentences = index.article_with_sentences(article_id)
    except UnknownArticleError:  # it has left a moment ago
        return None
    return _Read(article, sentences, Tables(article.text))


def says_something(cell: str) -> bool:
    """Whether a cell has more than marks, such as a dash for what is not known."""
    return re.search(r"[^\W_]", cell) is not None


def _rows(article: Article, sentences: Sequence[Sentence], columns: Sequence[str]) -> Iterator[Row]:
    """The rows of a table but those that sum up."""
    for sentence in sentences:
        start, end = trimmed(article.text, sentence)
        text = article.text[start:end]
        cells = cells_of(text) if is_row(text) else []
        row = Row(sentence, text, tuple(cells))
        if len(cells) == len(columns) and not any(_sums_up(row[at]) for at in (0, 1)):
            yield row


def _may_be_rank(cell: str) -> bool:
    return rank_in(cell) is not None or not says_something(cell)


def _sums_up(cell: str) -> bool:
    return _SUM.match(folded(cell).strip()) is not None
