"""Count instructions with valgrind: they repeat where seconds do not."""

from __future__ import annotations

import re

COUNT = ("valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null")
_COUNTED = re.compile(r"I\s+refs:\s+([\d,]+)")


def counted(report: str) -> int:
    """Read the number of instructions from valgrind's report."""
    found = _COUNTED.search(report)
    if found is None:
        raise RuntimeError(report)
    return int(found[1].replace(",", ""))
