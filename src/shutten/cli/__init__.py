"""The command line: `shutten COMMAND …`, or `python -m shutten COMMAND …`.

Only what `--help` needs is imported here; each command imports the parts that it drives.
"""

from __future__ import annotations

import io
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn, TextIO

from typer.exceptions import Abort, TyperException

from shutten.cli.commands import application
from shutten.errors import ShuttenError

__all__ = ["main"]

FAILED = 2
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None, *, index: Path = Path("index")) -> NoReturn:
    """Run one command and leave the process with its exit status.

    `arguments` None takes the process's own. `index` is the folder used where neither an option
    nor a setting names one. Whatever a user can do wrong ends in one line on stderr and status 2.
    """
    _prepare_streams()
    try:
        status = application(arguments, prog_name="shutten", standalone_mode=False, obj=index)
    except ShuttenError as error:
        status = _complain(str(error))
    except TyperException as error:
        status = _complain(_misplaced(error) or _mistyped(error))
    except OSError as error:
        status = _complain(_explain(error))
    except MemoryError:
        status = _complain("not enough memory: index or ask fewer articles at a time")
    except (Abort, KeyboardInterrupt):
        status = INTERRUPTED
    sys.exit(status or 0)


def _prepare_streams() -> None:
    """Write UTF-8 whatever the locale, and send what libraries log to stderr.

    A stream that the caller has closed is opened on nothing first: else the next file to be opened
    would get its number, and what is printed would be written into it.
    """
    sys.stdin = sys.stdin or _opened_on_nothing(0, "r")
    sys.stdout = sys.stdout or _opened_on_nothing(1, "w")
    sys.stderr = sys.stderr or _opened_on_nothing(2, "w")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    logging.basicConfig(level=logging.WARNING, format="shutten: %(message)s", stream=sys.stderr)


def _opened_on_nothing(descriptor: int, mode: str) -> TextIO:
    opened = os.open(os.devnull, os.O_RDWR)
    if opened != descriptor:
        os.dup2(opened, descriptor)
        os.close(opened)
    return io.TextIOWrapper(io.FileIO(descriptor, mode, closefd=False), encoding="utf-8")


def _complain(message: str) -> int:
    one_line = " ".join(message.split())
    sys.stderr.write(f"shutten: {one_line}\n")
    return FAILED


def _mistyped(error: TyperException) -> str:
    return f"{error.format_message().rstrip('.')}; see `shutten --help`"


def _misplaced(error: TyperException) -> str | None:
    """Say where an option belongs that stands before the command that takes it."""
    option, context = getattr(error, "option_name", None), getattr(error, "ctx", None)
    commands = getattr(context and context.command, "commands", {})
    taken = [each for one in commands.values() for each in one.params if option in each.opts]
    if not taken or context is None:
        return None
    value = "" if getattr(taken[0], "is_flag", False) else f" {taken[0].metavar or 'VALUE'}"
    example = f"{context.command_path} COMMAND {option}{value}"
    return f"{option} belongs behind the command: write `{example}`"


def _explain(error: OSError) -> str:
    place = f"{error.filename}: " if error.filename else ""
    return f"{place}{error.strerror or error}; check the disk's space and the permissions"
