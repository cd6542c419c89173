"""Assistants with the bundled models, over articles in memory."""

from __future__ import annotations

from shutten.assistant import Assistant
from shutten.index import Index
from shutten.loaded_models import load_models
from shutten.retrieval import HybridRetriever
from shutten.settings import Settings
from shutten.types import Article


def bundled_assistant(*articles: Article) -> Assistant:
    """Passages are read as the two legs are fused, without the learned ranking."""
    models = load_models(Settings())
    index = Index.in_memory(articles, models.embedder)
    return Assistant(index, HybridRetriever(index, models.embedder), models.reader, models.embedder)
