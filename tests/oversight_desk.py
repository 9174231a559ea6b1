"""Compose what watches over deadlines over fakes, and let requests come to its notice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.levels import EscalationLevel
from chalicelib.domain.people import SYSTEM
from chalicelib.domain.protocols import Protocol, compose_protocol
from chalicelib.domain.requests import Act, ServiceRequest
from chalicelib.domain.timeline import EntryType
from chalicelib.services.integrations import Integrations
from chalicelib.services.oversight import Oversight
from chalicelib.services.ports.oversight import EscalationLine, LateLine
from tests.builders import a_catalogue
from tests.fakes import (
    NOW,
    FakeAudit,
    FakeCatalogue,
    FakeClock,
    FakeEscalationLog,
    FakeLateList,
    FakeLooks,
    FakePollings,
    FakeQueueDepths,
    FakeStuck,
    FakeSweeps,
)


@dataclass(slots=True)
class OversightDesk:
    """Everything that operators look at, ready to be filled."""

    clock: FakeClock = field(default_factory=FakeClock)
    catalogue: FakeCatalogue = field(default_factory=lambda: FakeCatalogue(a_catalogue()))
    log: FakeEscalationLog = field(default_factory=FakeEscalationLog)
    late: FakeLateList = field(default_factory=FakeLateList)
    sweeps: FakeSweeps = field(default_factory=FakeSweeps)
    stuck: FakeStuck = field(default_factory=FakeStuck)
    looks: FakeLooks = field(default_factory=FakeLooks)
    audit: FakeAudit = field(default_factory=FakeAudit)
    pollings: FakePollings = field(default_factory=FakePollings)
    depths: FakeQueueDepths = field(default_factory=FakeQueueDepths)

    @property
    def oversight(self) -> Oversight:
        return Oversight(
            log=self.log,
            late_list=self.late,
            sweep_log=self.sweeps,
            stuck_timers=self.stuck,
            looks=self.looks,
            catalogue=self.catalogue,
            audit=self.audit,
            clock=self.clock,
        )

    @property
    def integrations(self) -> Integrations:
        return Integrations(
            catalogue=self.catalogue, pollings=self.pollings, depths=self.depths, clock=self.clock
        )


def a_protocol(number: int) -> Protocol:
    """Give the protocol of that number on a fixed day."""
    return compose_protocol(NOW.date(), number)


def an_escalation(number: int = 1, *, minutes_ago: int = 0, **changes: Any) -> EscalationLine:
    """Give an escalation of DMLU's to level 1."""
    facts: dict[str, Any] = {
        "at": NOW - timedelta(minutes=minutes_ago),
        "protocol": a_protocol(number),
        "seq": 3,
        "level": EscalationLevel.LEVEL_1,
        "skipped": (EscalationLevel.NOTICE,),
        "secretariat": "DMLU",
        "unit": "dmlu-centro",
        "service": "dumping",
        "urgency": "normal",
        "due_at": NOW - timedelta(days=1),
        "to": ("DMLU/focal_point", "DMLU/head"),
    }
    return EscalationLine(**facts | changes)


def a_late_line(number: int, due_at: datetime, **changes: Any) -> LateLine:
    """Give a line of the late list, due at a moment."""
    facts: dict[str, Any] = {
        "protocol": a_protocol(number),
        "service": "dumping",
        "secretariat": "DMLU",
        "neighbourhood": "centro",
        "opened_at": due_at - timedelta(days=7),
        "due_at": due_at,
    }
    return LateLine(**facts | changes)


def decided(request: ServiceRequest, entry: EntryType, /, **changes: Any) -> ServiceRequest:
    """Let the system take a decision an hour after the last one."""
    return request.with_decision(entry, _an_hour_later(request), changes)


def climbed(
    request: ServiceRequest,
    level: EscalationLevel,
    *,
    skipped: Iterable[EscalationLevel] = (),
    to: Iterable[str] = ("DMLU/head",),
) -> ServiceRequest:
    """Escalate a request an hour after the last decision, beside the levels that stand."""
    changes = {"escalated": (*request.state.escalated, *skipped, level)}
    facts = {"level": level, "skipped": tuple(skipped), "to": tuple(to), "forecast": None}
    return request.with_decision(EntryType.ESCALATED, _an_hour_later(request), changes, facts)


def _an_hour_later(request: ServiceRequest) -> Act:
    return Act(by=SYSTEM, at=request.updated_at + timedelta(hours=1))
