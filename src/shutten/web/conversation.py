"""What a conversation carries from question to question: in the page, not on the server."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from shutten.conversation import REMEMBERED_TURNS
from shutten.questions import parse_json
from shutten.types import Turn

Message = dict[str, Any]
"""One message as `gr.Chatbot` takes it."""

SHOWN_MESSAGES: Final = 80
"""How many messages a conversation shows before its oldest ones leave the page."""


def read_turns(written: str) -> tuple[Turn, ...]:
    """Read the conversation that the page carries; nothing where it is not what was written."""
    return _turns(written)[-REMEMBERED_TURNS:]


def turns_before(question: str, written: str) -> tuple[Turn, ...]:
    """Read the conversation as it stood before this question, where it was the last one."""
    turns = _turns(written)
    asked_last = bool(turns) and turns[-1].question == question
    return (turns[:-1] if asked_last else turns)[-REMEMBERED_TURNS:]


def _turns(written: str) -> tuple[Turn, ...]:
    try:
        pairs = parse_json(written or "[]")
    except ValueError:
        return ()
    if not isinstance(pairs, list):
        return ()
    return tuple(
        Turn(pair[0], pair[1])
        for pair in pairs
        if isinstance(pair, list) and list(map(type, pair)) == [str, str]
    )


def write_turns(turns: Sequence[Turn]) -> str:
    """Write a conversation for the page to carry."""
    return json.dumps([[turn.question, turn.answer] for turn in turns], ensure_ascii=False)


def message(role: str, content: str) -> Message:
    """Return a message of the conversation; `content` is HTML of one line."""
    return {"role": role, "content": content}
