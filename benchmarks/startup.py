"""Process start to answer, beside a bare `import sentence_transformers` in the same run.

The commands take turns, so that a busy moment of the machine hits all of them alike; each number
is the median over the turns.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from measuring import (
    SAMPLES,
    Benchmark,
    child_environment,
    median,
    parameters_of,
    parser_for,
    seconds,
)

QUESTION = "R2はいつ公開される予定でしたか"
ARTICLE = SAMPLES / "deepseek-r2.txt"
BARE = "import sentence_transformers"
SHUTTEN = (sys.executable, "-m", "shutten")


def commands(index: Path, bare: str) -> dict[str, tuple[str, ...]]:
    """Return what is timed, by name; the first one is what the others are compared with."""
    place = ("--index", str(index))
    return {
        bare: (sys.executable, "-c", bare),
        "ask --article": (*SHUTTEN, "ask", "--article", str(ARTICLE), QUESTION),
        "ask, index open": (*SHUTTEN, "ask", *place, QUESTION),
        "list": (*SHUTTEN, "list", *place),
        "info": (*SHUTTEN, "info", *place),
        "--help": (*SHUTTEN, "--help"),
    }


def run(command: Sequence[str]) -> None:
    """Run a command to its end; a failure is shown and ends the benchmark."""
    done = subprocess.run(command, env=child_environment(), capture_output=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr.decode(errors='replace')}")


def measure(
    timed_commands: Mapping[str, Sequence[str]], repeats: int, untimed: int
) -> dict[str, list[float]]:
    """Return the seconds of each command in each turn; untimed turns first fill disk caches."""
    timed: dict[str, list[float]] = {name: [] for name in timed_commands}
    for turn in range(untimed + repeats):
        for name, command in timed_commands.items():
            took = seconds(partial(run, command))
            if turn >= untimed:
                timed[name].append(took)
    return timed


def rows(timed: Mapping[str, Sequence[float]]) -> dict[str, dict[str, float]]:
    """Return median seconds, and how much more than the bare import of the same turn."""
    bare = next(iter(timed.values()))
    return {
        name: {
            "seconds": median(values),
            "beyond the bare import": median(
                [value - base for value, base in zip(values, bare, strict=True)]
            ),
            "slowest": max(values),
        }
        for name, values in timed.items()
    }


def main() -> None:
    """Index the samples in a temporary folder and time the commands."""
    parser = parser_for("startup", __doc__)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--bare", default=BARE, help="Python that the commands are compared with")
    parser.add_argument("--untimed", type=int, default=1, help="turns before, to fill disk caches")
    options = parser.parse_args()
    benchmark = Benchmark("startup", parameters_of(options))
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        run((*SHUTTEN, "index", str(SAMPLES), "--index", str(index)))
        timed_commands = commands(index, options.bare)
        timed = measure(timed_commands, options.repeats, options.untimed)
    benchmark.conclude("Process start to end, median seconds", rows(timed), options.report)


if __name__ == "__main__":
    main()
