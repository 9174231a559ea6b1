"""Count instructions with valgrind: they repeat where seconds do not."""

from __future__ import annotations

import os
import re
import subprocess
import sys

COUNT = ("valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null")
KEYS = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_SESSION_TOKEN": "c" * 600}
_COUNTED = re.compile(r"I\s+refs:\s+([\d,]+)")


def counted(report: str) -> int:
    """Read the number of instructions from valgrind's report."""
    found = _COUNTED.search(report)
    if found is None:
        raise RuntimeError(report)
    return int(found[1].replace(",", ""))


def instructions_of(module: str, *arguments: str) -> int:
    """Run a module of ours with arguments and count its instructions."""
    run = subprocess.run(  # noqa: S603
        [*COUNT, sys.executable, "-m", module, *arguments],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **KEYS, "PYTHONHASHSEED": "0"},
    )
    return counted(run.stderr)
