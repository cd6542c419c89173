"""What is evaluated: the assistant that users get, with the parts it is made of at hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shutten.assistant import Assistant, assemble
from shutten.errors import QuestionError
from shutten.index import Index
from shutten.loaded_models import Models
from shutten.retrieval import HybridRetriever
from shutten.settings import Settings
from shutten.types import Answer, Article, Hit


@dataclass(frozen=True, slots=True)
class Subject:
    """An assistant over articles in memory, and the two legs of its retriever."""

    assistant: Assistant
    legs: HybridRetriever

    @property
    def index(self) -> Index:
        """The index that is asked."""
        return self.assistant.index

    def ask(self, question: str, article_ids: list[str] | None) -> Answer | None:
        """Return the answer that users get, None where they get an error about the question."""
        try:
            return self.assistant.ask(question, article_ids=article_ids)
        except QuestionError:
            return None

    def search(self, question: str, k: int) -> list[Hit]:
        """Return the hits that users get, none where they get an error about the question."""
        try:
            return self.assistant.search(question, k=k)
        except QuestionError:
            return []


def subject_over(articles: Iterable[Article], models: Models, settings: Settings) -> Subject:
    """Hold the articles in memory, asked with the loaded models."""
    index = Index.in_memory(articles, models.embedder)
    limit = settings.max_question_characters
    assistant = assemble(index, models, max_question_characters=limit)
    return Subject(assistant, HybridRetriever(index, models.embedder))


def confidence_of(answer: Answer | None) -> float | None:
    """Return the reader's confidence in its best passage, on which refusal was decided."""
    return answer.hits[0].rerank if answer is not None and answer.hits else None
