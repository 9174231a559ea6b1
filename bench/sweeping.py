"""Run one sweep by fan-out and count what came of it, whatever keeps the requests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec
from rich.table import Table

from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.timeline import EntryType
from chalicelib.services.attendance import Attendance
from chalicelib.services.ports.timers import Look, LookQueue, SweepReport

DELIVERED_TWICE_EVERY = 20

_looks = msgspec.json.Decoder(Look)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeating:
    """A `LookQueue` that delivers a twentieth of the looks twice, as SQS may."""

    queue: LookQueue

    def send(self, looks: Sequence[Look], *, delay_seconds: int = 0) -> None:
        """Hand looks over, some of them a second time at the end."""
        self.queue.send([*looks, *looks[::DELIVERED_TWICE_EVERY]], delay_seconds=delay_seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What one sweep came to; `escalations` says how many requests were escalated how often."""

    due: int
    stored: int
    seconds: float
    timers_read: int
    looks: int
    escalations: Counter[int]
    report: SweepReport

    @property
    def escalated_once(self) -> int:
        """Count the requests that were escalated exactly once."""
        return self.escalations[1]

    @property
    def escalated_twice(self) -> int:
        """Count the requests that were escalated more than once: none should be."""
        return sum(requests for times, requests in self.escalations.items() if times > 1)

    @property
    def adds_up(self) -> bool:
        """Tell whether the report has every shard, all that was due, and an outcome for each."""
        return self.report.adds_up and self.report.eligible == self.due

    def table(self, title: str) -> Table:
        """Write it for people."""
        outcomes = self.report.outcomes
        table = Table("of one sweep", "", title=title)
        rows = {
            "requests stored": f"{self.stored:,}",
            "due at once": f"{self.due:,}",
            "items read in the timers index": f"{self.timers_read:,}",
            "looks delivered": f"{self.looks:,}",
            "escalated exactly once": f"{self.escalated_once:,}",
            "escalated twice": f"{self.escalated_twice:,}",
            "outcomes": ", ".join(f"{outcomes[one]:,} {one}" for one in sorted(outcomes)),
            "the report adds up": "yes" if self.adds_up else f"no: {self.report}",
            "items per second": f"{self.due / self.seconds:,.0f}",
        }
        for name, value in rows.items():
            table.add_row(name, value)
        return table


def attend_batch(attendance: Attendance, bodies: Iterable[str | bytes]) -> None:
    """Look at a batch of requests, as the attend function gets it."""
    for body in bodies:
        attendance.look(_looks.decode(body))


def count_escalations(requests: Iterable[ServiceRequest]) -> Counter[int]:
    """Count how many requests were escalated how often."""
    return Counter(
        sum(entry.type is EntryType.ESCALATED for entry in request.timeline) for request in requests
    )
