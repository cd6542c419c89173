"""A conversation in the terminal: a question a line, each answered with what was said before."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from shutten.cli.console import Answers, say
from shutten.cli.rendering import answer_as_text
from shutten.conversation import REMEMBERED_TURNS
from shutten.errors import UsageError
from shutten.types import Turn

if TYPE_CHECKING:
    from shutten.assistant import Assistant

QUIT = ("/quit", "/exit", "/q")
NEW = "/new"

_COMMAND = re.compile(r"/[a-z]+")
"""What looks like one; a question can begin with a stroke, but not be one word behind it."""


def converse(assistant: Assistant, out: Answers) -> None:
    """Answer line after line until /quit or the end of stdin; /new forgets what was said."""
    history: tuple[Turn, ...] = ()
    for question in _typed():
        if question in QUIT:
            return
        if question == NEW:
            history = ()
            continue
        if _COMMAND.fullmatch(question):
            say(f"shutten: {question} is no command: {NEW} starts anew, {QUIT[0]} ends")
            continue
        try:
            answer = assistant.ask(question, history=history)
        except UsageError as error:
            say(f"shutten: {error}")
            continue
        out.line(f"{answer_as_text(answer)}\n")
        history = (*history, Turn(question, answer.text))[-REMEMBERED_TURNS:]


def _typed() -> Iterator[str]:
    """Yield lines from stdin without blanks around them; on a terminal each after a prompt."""
    prompting = sys.stdin.isatty()
    if prompting:
        say(f"Ask; {NEW} starts anew, {QUIT[0]} or Ctrl-D ends.")
    while True:
        if prompting:
            sys.stderr.write("> ")
            sys.stderr.flush()
        raw = sys.stdin.buffer.readline()
        if not raw:
            if prompting:
                say("")
            return
        line = raw.decode("utf-8", errors="replace").strip()
        if line:
            yield line
