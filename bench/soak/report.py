"""Show what a run came to."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from bench.soak.cast import Case
from bench.soak.checks import Evidence, Judgement
from bench.soak.conductor import Conductor
from chalicelib.domain.survey_results import ANSWERED, RESOLVED, SENT, UNKNOWN, Tally

MOST_FAULTS = 20
POLLING = frozenset({
    "dynamodb GetRecords", "sqs ReceiveMessage", "sqs DeleteMessageBatch", "sqs GetQueueAttributes",
})  # fmt: skip
"""What Lambda calls for the functions, and here their pollers."""


def show(
    console: Console, cases: Sequence[Case], evidence: Evidence, judgement: Judgement, conductor: Conductor
) -> bool:
    """Print everything that was counted, and tell whether all of it holds."""
    seconds = time.monotonic() - conductor.began
    faults = list(judgement.faults)
    if len(conductor.killed_at) != conductor.kills:
        faults.append(f"{len(conductor.killed_at)} kills instead of {conductor.kills}")
    console.print(_run(cases, judgement, conductor, seconds))
    console.print(_messages(judgement))
    console.print(_results(evidence))
    console.print(_calls(cases, evidence, conductor))
    for fault in faults[:MOST_FAULTS]:
        console.print(fault, style="red")
    console.print(f"{len(faults)} faults" if faults else "everything holds", style="bold")
    return not faults


def _run(cases: Sequence[Case], judgement: Judgement, conductor: Conductor, seconds: float) -> Table:
    providers = conductor.providers
    rows = {
        "requests resolved": f"{len(cases):,}",
        "citizens": f"{len({case.citizen for case in cases if case.citizen.keys}):,}",
        "citizens asked": f"{judgement.citizens_asked:,}",
        "messages taken by the providers": f"{len(providers.taken):,}",
        "turned away while down": f"{providers.turned_away:,}",
        "refused for good": f"{providers.refused:,}",
        "kills": f"{len(conductor.killed_at)}",
        "surveys of unknown fate": f"{judgement.unknown_surveys}",
        "legal notices repeated after a kill": f"{judgement.repeated.total()}",
        "other duplicates": f"{sum('was sent twice' in fault for fault in judgement.faults)}",
        "ticks of the schedule": f"{conductor.ticks:,}",
        "duration": f"{seconds / 60:.1f} min",
        "requests per second": f"{len(cases) / seconds:.1f}",
        "calls of the functions per second": f"{_by_functions(conductor).total() / seconds:.0f}",
        "messages per second": f"{len(providers.taken) / seconds:.1f}",
    }
    table = Table("of one run", "", title="Soak")
    for name, value in rows.items():
        table.add_row(name, value)
    return table


def _messages(judgement: Judgement) -> Table:
    table = Table("kind", "messages", title="Messages by kind")
    for kind, count in judgement.by_kind.most_common():
        table.add_row(kind, f"{count:,}")
    return table


def _results(evidence: Evidence) -> Table:
    table = Table("", "resolved", "sent", "unknown", "not sent, by reason", "answered", title="Results")
    for name, tally in (*sorted(evidence.tallies.items()), ("all", evidence.total)):
        table.add_row(name, *_row(tally))
    return table


def _row(tally: Tally) -> tuple[str, ...]:
    not_sent = ", ".join(f"{count:,} {reason}" for reason, count in sorted(tally.not_sent.items()))
    sums = f"{sum(tally.not_sent.values()):,}: {not_sent}"
    counts = (f"{tally.of(name):,}" for name in (RESOLVED, SENT, UNKNOWN))
    return (*counts, sums, f"{tally.of(ANSWERED):,}")


def _calls(cases: Sequence[Case], evidence: Evidence, conductor: Conductor) -> Table:
    table = Table("", "all", "per request", title="Calls and items")
    by_functions = _by_functions(conductor)
    for name, count in sorted(by_functions.items()):
        if count >= len(cases) / 100:
            table.add_row(name, *_shares(count, cases))
    table.add_row("all calls of the functions", *_shares(by_functions.total(), cases))
    polling = conductor.calls.total() - by_functions.total()
    table.add_row("of those who poll for them", *_shares(polling, cases), end_section=True)
    for suffix, rows in sorted(evidence.rows.items()):
        if rows:
            table.add_row(f"items in {suffix}", *_shares(rows, cases))
    return table


def _by_functions(conductor: Conductor) -> Counter[str]:
    return Counter({name: count for name, count in conductor.calls.items() if name not in POLLING})


def _shares(count: int, cases: Sequence[Case]) -> tuple[str, str]:
    return f"{count:,}", f"{count / len(cases):.2f}"
