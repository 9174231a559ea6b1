"""Sweep many requests that are due at once: how fast, how often each was decided, and what it uses.

python -m bench.sweep [--memory N] [--engine N]   N due requests in memory and on the embedded engine; 0: not
python -m bench.sweep --instructions              the same, and instructions of a look per client (valgrind)
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Sequence

import msgspec
from rich.console import Console
from rich.table import Table

from bench.calls import Call, Meter, count_calls
from bench.capacity import query_units
from bench.counting import instructions_of
from bench.due import a_due_item
from bench.looks import CLIENTS
from bench.server import always_done
from bench.sweep_in_memory import sweep_in_memory
from bench.sweep_on_engine import SweptOnEngine, sweep_on_engine
from chalicelib.adapters.dynamo.wire import to_wire

IN_MEMORY, ON_ENGINE = 100_000, 5_000
LOOKS_FEW, LOOKS_MANY = 20, 120


def measure_memory(console: Console, due: int) -> None:
    """Print what a sweep in memory came to."""
    console.print(sweep_in_memory(due).table("In memory, one process, one thread"))


def measure_engine(console: Console, due: int) -> None:
    """Print what a sweep on the engine came to, its calls, and the units it uses."""
    measured = sweep_on_engine(due)
    console.print(measured.swept.table("On the embedded engine, six threads"))
    console.print(_calls(measured.calls, due))
    meter = Meter(dict(measured.stored))
    meter.count(measured.calls)
    console.print(_units(meter, due))
    console.print(_alternatives(measured, meter, due))


def measure_instructions(console: Console) -> None:
    """Print how many instructions a look costs, apart from starting up."""
    if shutil.which("valgrind") is None:
        console.print("valgrind is not installed")
        return
    table = Table(
        "a look through", "instructions", "of PynamoDB's", title="Instructions of a look, thousands"
    )
    answers = {"GetItem": msgspec.json.encode({"Item": to_wire(a_due_item())})}
    with always_done(answers) as url:
        counted = {client: _instructions(client, url) for client in CLIENTS}
    for client, instructions in counted.items():
        share = instructions / counted["pynamodb"]
        table.add_row(client, f"{instructions / 1e3:,.0f}", f"{share:.2f}")
    console.print(table)


def _calls(calls: Sequence[Call], due: int) -> Table:
    table = Table("service", "operation", "calls", "per escalation", title="Calls of the sweep")
    for (service, operation), count in sorted(count_calls(calls).items()):
        table.add_row(service, operation, f"{count:,}", f"{count / due:.3f}")
    return table


def _units(meter: Meter, due: int) -> Table:
    table = Table("units", "used by", "per escalation", title="Capacity of the sweep")
    for kind, counted in (("write", meter.written), ("read", meter.read)):
        for name, units in counted.items():
            table.add_row(kind, name, f"{units / due:.3f}")
        table.add_row(kind, "all", f"{sum(counted.values()) / due:.2f}", end_section=True)
    return table


def _alternatives(measured: SweptOnEngine, meter: Meter, due: int) -> Table:
    """Compute what finding and deciding would cost otherwise, of what they cost."""
    found, decided = meter.read["timers"], meter.written.total()
    scanned = query_units(list(measured.stored.values()), is_consistent=False)
    outcomes = meter.written["operations"] + meter.written["requests, the item"]
    table = Table("instead", "units", "times", title="Alternatives, computed")
    table.add_row("a scan for what is due", f"{scanned / due:.2f} read", f"{scanned / found:.1f}")
    table.add_row(
        "decision and outcome in one transaction",
        f"{(decided + outcomes) / due:.2f} write",
        f"{(decided + outcomes) / decided:.1f}",
    )
    return table


def _instructions(client: str, url: str) -> float:
    few, many = (instructions_of("bench.looks", client, str(looks), url) for looks in (LOOKS_FEW, LOOKS_MANY))
    return (many - few) / (LOOKS_MANY - LOOKS_FEW)


def main() -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--memory", type=int, default=IN_MEMORY)
    parser.add_argument("--engine", type=int, default=ON_ENGINE)
    parser.add_argument("--instructions", action="store_true")
    wanted, console = parser.parse_args(), Console()
    if wanted.memory:
        measure_memory(console, wanted.memory)
    if wanted.engine:
        measure_engine(console, wanted.engine)
    if wanted.instructions:
        measure_instructions(console)


if __name__ == "__main__":
    main()
