"""Follow-up questions: what was said before, and how a question comes to stand alone.

Anything with the method of `QuestionRewriter` can take the place of the rules.
"""

from __future__ import annotations

from shutten.conversation.memory import REMEMBERED_TURNS
from shutten.conversation.rewriting import RuleRewriter

__all__ = ["REMEMBERED_TURNS", "RuleRewriter"]
