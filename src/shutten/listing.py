"""Lists in articles: what stands below a sentence that announces it, and the items around one.

A sentence like 「屋台には次のような品が並ぶ。」 answers with the lines below it, and an item with
the others of its list where all of them are asked for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from shutten.context import hit_at, in_context
from shutten.errors import UnknownArticleError
from shutten.grounding import answering_words
from shutten.index import Index
from shutten.sentences import begins_line, has_list_mark
from shutten.types import Article, Passage, Reading, Sentence
from shutten.wording.enumerations import asks_for_several

MOST_ITEMS = 10
"""Of a longer list the first ones are quoted."""

_ANNOUNCES = re.compile(
    r"[:：]$|(?:次|以下|下記)(?:の|に[^、。]{0,12}(?:示|挙げ|記|並べ|まとめ))"
    r"|\b(?:as follows|the following|(?:listed|given|shown) below)\b",
    re.IGNORECASE,
)
"""In text of one width."""


def announces_list(text: str) -> bool:
    """Whether a sentence says that a list follows."""
    return _ANNOUNCES.search(unicodedata.normalize("NFKC", text).strip()) is not None


def with_list(question: str, readings: Sequence[Reading], index: Index) -> list[Reading]:
    """Return what is quoted of the foremost sentence's list as well, the readings else as they are.

    Below an announcement whose own words do not answer stand the items; beside an item all others,
    where the question asks for several.
    """
    if not readings:
        return []
    first = readings[0]
    hit, words = first.passage.hit, answering_words(first)
    announced = announces_list(hit.text) and (words is None or announces_list(words))
    if not announced and not asks_for_several(question):
        return list(readings)
    try:
        article, sentences = index.article_with_sentences(hit.article_id)
    except UnknownArticleError:  # it has left a moment ago
        return list(readings)
    if announced:
        below = [each for each in sentences if each.number > hit.sentence]
        own = [each for each in sentences if each.number == hit.sentence]
        shown = [*own, *_items(article, below)[:MOST_ITEMS]]
    else:
        shown = _list_around(article, sentences, hit.sentence)[:MOST_ITEMS]
    return _together(first, article, shown) or list(readings)


def _together(first: Reading, article: Article, shown: Sequence[Sentence]) -> list[Reading]:
    """Return what is shown, its own sentence among it, without words that are the answer.

    Nothing where it would be that sentence alone.
    """
    own = first.passage.hit.sentence
    if {each.number for each in shown} <= {own}:
        return []
    bare = replace(first, start=None, end=None)
    return [bare if each.number == own else _read_as(first, article, each) for each in shown]


def _list_around(article: Article, sentences: Sequence[Sentence], own: int) -> list[Sentence]:
    """The items of the list that a sentence is one of; none where it is no item."""
    items: list[Sentence] = []
    for place, sentence in enumerate(sentences):
        if sentence not in items and _is_item(article, sentence):
            items = _items(article, sentences[place:])
        if sentence.number == own:
            return items if sentence in items else []
    return []


def _items(article: Article, sentences: Sequence[Sentence]) -> list[Sentence]:
    """The items that sentences begin with; a further sentence of an item is left out of it."""
    found: list[Sentence] = []
    for sentence in sentences:
        if _is_item(article, sentence):
            found.append(sentence)
        elif not found or begins_line(article.text, sentence):
            break
    return found


def _is_item(article: Article, sentence: Sentence) -> bool:
    return sentence.kind == "body" and has_list_mark(article.text, sentence)


def _read_as(first: Reading, article: Article, sentence: Sentence) -> Reading:
    """An item as sure as what brought it."""
    hit = in_context(article, hit_at(article, sentence, first.passage.hit.heading))
    return Reading(Passage(hit), relevance=first.relevance, confidence=first.confidence)
