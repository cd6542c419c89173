"""Follow-up questions: what was said before, and how a question comes to stand alone.

Anything with the method of `QuestionRewriter` can take the place of the rules.
"""

from __future__ import annotations

from shutten.conversation.about_tool import asks_how_to_use, asks_which_articles
from shutten.conversation.choices import Choice, choice_in
from shutten.conversation.comparisons import Comparison, compares, comparison_in
from shutten.conversation.compounds import questions_in
from shutten.conversation.japanese import asks_of, own_topic
from shutten.conversation.japanese_parts import NOUNS
from shutten.conversation.memory import (
    MEANT_TURNS,
    REMEMBERED_TURNS,
    cells_in,
    is_refusal,
    plain_lines,
    recent_turns,
)
from shutten.conversation.openers import opened
from shutten.conversation.rewriting import RuleRewriter
from shutten.conversation.rows import quoted_row, with_other_row
from shutten.conversation.showing import is_readable
from shutten.conversation.small_talk import asks_nothing, names_nothing, reply_to, what_to_do
from shutten.conversation.superlatives import (
    MEASURES,
    PRICE_COLUMN,
    PRICE_IN_ANY_WORD,
    Asked,
    Superlative,
    asked_of,
    asks_for_most,
    superlative_in,
)
from shutten.conversation.wholeness import may_begin_anew

__all__ = [
    "MEANT_TURNS",
    "MEASURES",
    "NOUNS",
    "PRICE_COLUMN",
    "PRICE_IN_ANY_WORD",
    "REMEMBERED_TURNS",
    "Asked",
    "Choice",
    "Comparison",
    "RuleRewriter",
    "Superlative",
    "asked_of",
    "asks_for_most",
    "asks_how_to_use",
    "asks_nothing",
    "asks_of",
    "asks_which_articles",
    "cells_in",
    "choice_in",
    "compares",
    "comparison_in",
    "is_readable",
    "is_refusal",
    "may_begin_anew",
    "names_nothing",
    "opened",
    "own_topic",
    "plain_lines",
    "questions_in",
    "quoted_row",
    "recent_turns",
    "reply_to",
    "superlative_in",
    "what_to_do",
    "with_other_row",
]
