"""Soak the whole line from resolutions to results: `python -m bench.soak [--requests N] [--kills N]`.

Ends with 1 if anybody was not told, was told or asked twice, or if the results do not add up.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from rich.console import Console

from bench.soak.cast import a_city, cast_of, day_after
from bench.soak.checks import judge
from bench.soak.conductor import KILLED_IN, Conductor
from bench.soak.providers import running_providers
from bench.soak.report import show
from bench.soak.stage import stage_of


def soak(requests: int, kills: int, console: Console) -> bool:
    """Run once and print what it came to; tell whether everything holds."""
    day, city = day_after(datetime.now(UTC).date()), a_city()
    cases = cast_of(requests, day)
    console.print(f"{requests:,} requests are stored, all to be resolved on {day}")
    with (
        tempfile.TemporaryDirectory() as place,
        running_providers() as providers,
        stage_of(cases, city, day, providers.url) as stage,
    ):
        directory = Path(place)
        (directory / "plan.json").write_bytes(msgspec.json.encode({"requests": requests, "day": day}))
        conductor = Conductor(
            stage=stage,
            providers=providers,
            directory=directory,
            cases=cases,
            kills=kills,
            say=console.print,
        )
        try:
            evidence = conductor.run(day)
        finally:
            conductor.stop()
        judgement = judge(cases, city, evidence, providers.taken, conductor.killed_at)
        return show(console, cases, evidence, judgement, conductor)


def main() -> None:
    """Soak as the arguments say."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=3, choices=range(len(KILLED_IN) + 1))
    wanted = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the engine must not stay behind
    sys.exit(0 if soak(wanted.requests, wanted.kills, Console()) else 1)


if __name__ == "__main__":
    main()
