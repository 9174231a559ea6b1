"""Check what was written on paper during an outage when it is entered after it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from chalicelib.domain.access import Grant, Principal
from chalicelib.domain.calendars import Calendar
from chalicelib.domain.errors import Fault
from chalicelib.domain.intake import IntakeDraft
from chalicelib.domain.paper import PaperProtocol, paper_faults
from chalicelib.services.ports.paper import PaperProtocols
from chalicelib.services.refusals import read_protocol


def allocated_for(
    protocols: PaperProtocols, draft: IntakeDraft, principal: Principal
) -> PaperProtocol | None:
    """Look up the protocol that a draft of an attendant's has on paper; no other draft costs a read."""
    if draft.paper is None or not principal.has(Grant.ATTENDANT):
        return None
    protocol, faults = read_protocol(draft.paper.protocol, "paper.protocol")
    return None if faults else protocols.find(protocol)


def refused_paper(
    draft: IntakeDraft,
    principal: Principal,
    allocated: PaperProtocol | None,
    calendar: Calendar,
    now: datetime,
) -> Iterator[Fault]:
    """Name everything for which a draft cannot be entered as one that came on paper."""
    if draft.paper is None:
        return
    if not principal.has(Grant.ATTENDANT):
        yield Fault(path="paper", reason="attendants_only")
        return
    _, unreadable = read_protocol(draft.paper.protocol, "paper.protocol")
    if not unreadable and allocated is None:
        yield Fault(path="paper.protocol", reason="not_allocated")
    yield from unreadable
    yield from paper_faults(draft.paper, allocated, calendar, now)
