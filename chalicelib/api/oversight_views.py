"""Shape what watchers over deadlines see: late and stuck requests, escalations, sweeps, integrations."""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.api.presenters import secretariat_named, service_named
from chalicelib.api.views import NamedView
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.protocols import display_protocol
from chalicelib.services.integrations import Integration
from chalicelib.services.oversight import LateRequest
from chalicelib.services.ports.oversight import EscalationLine
from chalicelib.services.ports.timers import Outcome, Stuck, SweepReport


class LateView(msgspec.Struct, frozen=True, kw_only=True):
    """A request that is late beyond excuse; `due_at` is when it should have been done, in calendar days."""

    protocol: str
    protocol_display: str
    service: NamedView
    secretariat: NamedView
    neighbourhood: str | None
    opened_at: datetime
    due_at: datetime
    days_late: int


class LatePage(msgspec.Struct, frozen=True, kw_only=True):
    """Late requests, the longest due first; `next` continues, also where a page has few or none."""

    items: tuple[LateView, ...]
    next: str | None


class EscalationView(msgspec.Struct, frozen=True, kw_only=True):
    """One escalation: to which level, `skipped` ones below it that came with it, and to which posts."""

    at: datetime
    protocol: str
    protocol_display: str
    seq: int
    level: str
    skipped: tuple[str, ...]
    secretariat: NamedView
    unit: str | None
    service: NamedView
    urgency: str
    due_at: datetime
    to: tuple[str, ...]


class EscalationsView(msgspec.Struct, frozen=True, kw_only=True):
    """Escalations in order.

    `next` continues this reading, also where a page has few or none; after its last page, begin the next
    reading at `resume_since`. Readings overlap by some minutes so that nothing is missed: ignore a `seq`
    of a protocol already seen.
    """

    items: tuple[EscalationView, ...]
    next: str | None
    resume_since: datetime


class SweepView(msgspec.Struct, frozen=True, kw_only=True):
    """A sweep run: what was due, what came of it, and whether that adds up; of an open one, so far."""

    run: str
    started_at: datetime
    closed_at: datetime | None
    shards: int
    eligible: int
    acted: int
    already: int
    failed: int
    adds_up: bool
    oldest_due_at: datetime | None


class SweepPage(msgspec.Struct, frozen=True, kw_only=True):
    """Sweep runs, the newest first; `next` continues."""

    items: tuple[SweepView, ...]
    next: str | None


class IntegrationView(msgspec.Struct, frozen=True, kw_only=True):
    """How a secretariat's queue is served: what waits and is in hand, the last poll over HTTP, the alarm."""

    secretariat: NamedView
    waiting: int
    in_flight: int
    polled_at: datetime | None
    idle_since: datetime | None
    alarmed_at: datetime | None


class IntegrationList(msgspec.Struct, frozen=True, kw_only=True):
    """The secretariats in force, in the catalogue's order."""

    items: tuple[IntegrationView, ...]


class StuckView(msgspec.Struct, frozen=True, kw_only=True):
    """A request that no look could be taken at, and why; it is tried again a day later."""

    protocol: str
    protocol_display: str
    reason: str
    at: datetime


class StuckList(msgspec.Struct, frozen=True, kw_only=True):
    """What is stuck, the longest first."""

    items: tuple[StuckView, ...]


class AllRetriedView(msgspec.Struct, frozen=True, kw_only=True):
    """How many stuck requests are looked at again."""

    requests: int


class RetriedView(msgspec.Struct, frozen=True, kw_only=True):
    """The request that is looked at again now."""

    protocol: str


def present_late(late: LateRequest, catalogue: Catalogue, language: str) -> LateView:
    """Present a late request; where it is, by its neighbourhood only."""
    line = late.line
    known = catalogue.neighbourhoods.get(line.neighbourhood or "")
    return LateView(
        protocol=line.protocol,
        protocol_display=display_protocol(line.protocol),
        service=service_named(catalogue, line.service, language),
        secretariat=secretariat_named(catalogue, line.secretariat),
        neighbourhood=known.name if known else line.neighbourhood,
        opened_at=line.opened_at,
        due_at=line.due_at,
        days_late=late.days_late,
    )


def present_escalation(line: EscalationLine, catalogue: Catalogue, language: str) -> EscalationView:
    """Present an escalation; people appear by their posts only."""
    return EscalationView(
        at=line.at,
        protocol=line.protocol,
        protocol_display=display_protocol(line.protocol),
        seq=line.seq,
        level=line.level.value,
        skipped=tuple(level.value for level in line.skipped),
        secretariat=secretariat_named(catalogue, line.secretariat),
        unit=line.unit,
        service=service_named(catalogue, line.service, language),
        urgency=line.urgency,
        due_at=line.due_at,
        to=line.to,
    )


def present_sweep(report: SweepReport) -> SweepView:
    """Present a run with its sums."""
    outcomes = dict(report.outcomes)
    return SweepView(
        run=report.run,
        started_at=report.started_at,
        closed_at=report.closed_at,
        shards=len(report.shards),
        eligible=report.eligible,
        acted=outcomes.get(Outcome.ACTED, 0),
        already=outcomes.get(Outcome.ALREADY, 0),
        failed=outcomes.get(Outcome.FAILED, 0),
        adds_up=report.adds_up,
        oldest_due_at=min((one.oldest_at for one in report.shards if one.oldest_at), default=None),
    )


def present_integration(integration: Integration, catalogue: Catalogue) -> IntegrationView:
    """Present how a secretariat's queue is served."""
    polling = integration.polling
    return IntegrationView(
        secretariat=secretariat_named(catalogue, polling.secretariat),
        waiting=integration.waiting,
        in_flight=integration.in_flight,
        polled_at=polling.polled_at,
        idle_since=polling.idle_since,
        alarmed_at=polling.alarmed_at,
    )


def present_stuck(stuck: Stuck) -> StuckView:
    """Present a request that is stuck."""
    return StuckView(
        protocol=stuck.protocol,
        protocol_display=display_protocol(stuck.protocol),
        reason=stuck.reason,
        at=stuck.at,
    )
