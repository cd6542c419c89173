"""Language models that write answers: in this process, or on a server."""

from __future__ import annotations

from shutten.settings import Settings
from shutten.types import Writer

DEFAULT_MODEL = "sbintuitions/sarashina2.2-0.5b-instruct-v0.1"
"""Japanese and English, MIT, and the best of its size in Japanese by its card."""

__all__ = ["DEFAULT_MODEL", "load_writer"]


def load_writer(settings: Settings) -> Writer | None:
    """Return the writer that the settings name, None where the reader answers by itself.

    A local model is loaded here; a server is first asked when there is something to write. Raises
    ModelError.
    """
    from shutten.writing.prompts import Budget

    budget = Budget(
        settings.prompt_tokens,
        settings.answer_tokens,
        settings.answer_seconds,
    )
    if settings.answerer == "local":
        from shutten.writing.local import load_local

        return load_local(settings.model or DEFAULT_MODEL, budget, threads=settings.threads)
    if settings.answerer == "server":
        from shutten.writing.server import Endpoint, ServerWriter

        endpoint = Endpoint(
            settings.server_url,
            settings.model,
            settings.server_key,
            settings.server_timeout,
            settings.server_tries,
        )
        return ServerWriter(endpoint, budget)
    return None
