"""A process forked from one that has imported everything is what a new one is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.nursery import Nursery

SCRIPTS = {
    "everything it is given": (
        "import os, sys\n"
        "print(sys.argv[1:], sys.stdin.read(), os.getcwd(), os.environ['GIVEN'])\n"
        "print(sys.stdin.isatty(), sys.stdout.isatty(), 'OTHER' in os.environ, __name__)\n"
        "print('説明', file=sys.stderr)\n"
    ),
    "a status": "import sys\nprint('before')\nsys.exit(3)\n",
    "a status of nothing": "import sys\nsys.exit(None)\n",
    "a complaint": "import sys\nsys.exit('one line')\n",
    "what is to run at the end": (
        "import atexit, sys, threading, time\n"
        "atexit.register(print, 'in the end')\n"
        "threading.Thread(target=lambda: (time.sleep(0.05), print('a thread'))).start()\n"
    ),
    "Ctrl-C": "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n",
    "a signal": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n",
    "an unseen reader": "import os, sys\nsys.stdout.write('text')\nos.write(1, b'bytes')\n",
}


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    nursery = Nursery("json")
    yield nursery
    nursery.close()


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_child_gives_what_a_new_process_gives(
    nursery: Nursery, tmp_path: Path, name: str
) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPTS[name], encoding="utf-8")
    environment = {"GIVEN": "値", "PATH": os.environ["PATH"]}
    arguments = ("--one", "二")
    new = subprocess.run(
        [sys.executable, str(script), *arguments],
        cwd=tmp_path,
        env=environment,
        input="typed\n",
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    child = nursery.run(
        *arguments, cwd=tmp_path, environment=environment, stdin=b"typed\n", script=script
    )
    given = (child.returncode, child.stdout, child.stderr.splitlines()[-1:])
    assert given == (new.returncode, new.stdout, new.stderr.splitlines()[-1:])


def test_what_nobody_catches_is_told_and_ends_with_1(nursery: Nursery, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("1 / 0\n", encoding="utf-8")
    child = nursery.run(cwd=tmp_path, environment={}, script=script)
    assert (child.returncode, child.stdout) == (1, "")
    assert child.stderr.splitlines()[-1] == "ZeroDivisionError: division by zero"


def test_nothing_that_a_child_does_reaches_the_next(nursery: Nursery, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import json, os\nprint(getattr(json, 'left', None), os.environ.get('LEFT'))\n"
        "json.left = os.environ['LEFT'] = 'here'\nos.chdir('/')\n",
        encoding="utf-8",
    )
    ran = [nursery.run(cwd=tmp_path, environment={}, script=script) for _ in range(2)]
    assert [each.stdout for each in ran] == ["None None\n"] * 2


def test_children_run_side_by_side_and_none_outlives_its_block(
    nursery: Nursery, tmp_path: Path
) -> None:
    script = tmp_path / "script.py"
    script.write_text("import time\ntime.sleep(600)\n", encoding="utf-8")

    with (
        nursery.started(cwd=tmp_path, environment={}, streams=(0, 1, 2), script=script) as first,
        nursery.started(cwd=tmp_path, environment={}, streams=(0, 1, 2), script=script) as second,
    ):
        assert (first.poll(), second.poll()) == (None, None)
        first.send_signal(signal.SIGTERM)
        assert first.wait() == -signal.SIGTERM
        assert second.poll() is None
        pid = second.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_what_runs_when_the_tests_are_broken_off_ends_with_them(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("import time\ntime.sleep(600)\n", encoding="utf-8")
    broken = Nursery("json")
    with broken.started(cwd=tmp_path, environment={}, streams=(0, 1, 2), script=script) as child:
        broken.close()
        assert child.wait() == -signal.SIGTERM
