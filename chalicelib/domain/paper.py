"""Take requests that were written on paper during an outage, under protocols allocated before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chalicelib.domain.calendars import Calendar
from chalicelib.domain.errors import Fault
from chalicelib.domain.intake import PaperDraft, time_fault
from chalicelib.domain.protocols import Protocol

LONGEST_ALLOWED_BY = 120
OLDEST_PAPER = timedelta(days=60)
"""What was received longer ago is no outage any more; it is opened like any other request."""
MOST_ALLOCATED = 1_000
FARTHEST_ALLOCATION = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperProtocol:
    """A protocol that may be written on paper from its `day` on: of which batch, who allocated it, when."""

    protocol: Protocol
    batch: str
    day: date
    by: str
    at: datetime


def paper_faults(
    draft: PaperDraft, allocated: PaperProtocol | None, calendar: Calendar, now: datetime
) -> Iterator[Fault]:
    """Name everything but its protocol for which a request on paper cannot be entered now."""
    if fault := time_fault("paper.received_at", draft.received_at, now):
        yield fault
    elif draft.received_at is not None:
        yield from _age_faults(draft.received_at, allocated, calendar, now)
    if not draft.allowed_by.strip():
        yield Fault(path="paper.allowed_by", reason="required")
    elif len(draft.allowed_by) > LONGEST_ALLOWED_BY:
        facts = {"longest": LONGEST_ALLOWED_BY, "length": len(draft.allowed_by)}
        yield Fault(path="paper.allowed_by", reason="too_long", facts=facts)


def _age_faults(
    received_at: datetime, allocated: PaperProtocol | None, calendar: Calendar, now: datetime
) -> Iterator[Fault]:
    if received_at < now - OLDEST_PAPER:
        facts: dict[str, Any] = {"earliest": now - OLDEST_PAPER}
        yield Fault(path="paper.received_at", reason="out_of_range", facts=facts)
    elif allocated is not None and calendar.local_day(received_at) < allocated.day:
        facts = {"earliest": calendar.start_of(allocated.day)}
        yield Fault(path="paper.received_at", reason="out_of_range", facts=facts)


def received_on_paper(draft: PaperDraft, entered_at: datetime) -> datetime:
    """Tell from when such a request counts: from no later than its entry, if a clock was a little fast."""
    return min(draft.received_at.astimezone(UTC), entered_at)


def paper_facts(received_at: datetime, allocated: PaperProtocol) -> dict[str, Any]:
    """Say what the first entry of such a request records: who allowed it is a private text."""
    return {"paper": {"received_at": received_at, "batch": allocated.batch}}


def allocation_faults(count: int, day: date, by: str, today: date) -> Iterator[Fault]:
    """Refuse a batch that is too large, for a day too far off, or of nobody."""
    if not 1 <= count <= MOST_ALLOCATED:
        yield Fault(path="count", reason="out_of_range", facts={"least": 1, "most": MOST_ALLOCATED})
    earliest, latest = today - OLDEST_PAPER, today + FARTHEST_ALLOCATION
    if not earliest <= day <= latest:
        yield Fault(path="day", reason="out_of_range", facts={"earliest": earliest, "latest": latest})
    if not by.strip():
        yield Fault(path="by", reason="required")
