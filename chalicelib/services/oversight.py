"""Show what the ladder came to: the public late list, escalations, sweeps, and what is stuck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from chalicelib.domain.access import Principal
from chalicelib.domain.calendars import Calendar
from chalicelib.domain.errors import Fault, InvalidInput, NotFound
from chalicelib.domain.levels import EscalationLevel
from chalicelib.domain.protocols import Protocol
from chalicelib.services.changes import Walk, since_faults
from chalicelib.services.ports.basics import CatalogueSource, Clock, Page
from chalicelib.services.ports.operations import AuditTrail, Intervention
from chalicelib.services.ports.oversight import EscalationLine, EscalationLog, LateLine, LateList
from chalicelib.services.ports.timers import Look, LookQueue, Stuck, StuckTimers, SweepLog, SweepReport

MOST_PER_PAGE = 100
MOST_READS = 10
SHOWN_SINCE = timedelta(hours=24)
SETTLES_WITHIN = timedelta(minutes=15)
"""An escalation is dated when it is decided and noted when the stream brings it, normally seconds later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LateRequest:
    """A line of the public late list, and how many calendar days ago it was due."""

    line: LateLine
    days_late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationFilter:
    """Which escalations are wanted; an empty set wants all."""

    levels: frozenset[EscalationLevel] = field(default_factory=frozenset)
    secretariats: frozenset[str] = field(default_factory=frozenset)
    services: frozenset[str] = field(default_factory=frozenset)

    def lets_through(self, line: EscalationLine) -> bool:
        """Tell whether an escalation is wanted."""
        return (
            (not self.levels or line.level in self.levels)
            and (not self.secretariats or line.secretariat in self.secretariats)
            and (not self.services or line.service in self.services)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationsPage:
    """Escalations in order; `next` continues, and after the last page `resume_since` does."""

    items: tuple[EscalationLine, ...]
    next: str | None
    resume_since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Oversight:
    """What operators, the direction and, of the late list, everybody may look at."""

    log: EscalationLog
    late_list: LateList
    sweep_log: SweepLog
    stuck_timers: StuckTimers
    looks: LookQueue
    catalogue: CatalogueSource
    audit: AuditTrail
    clock: Clock

    def late(
        self, *, limit: int = MOST_PER_PAGE, cursor: str | None = None, found: Sequence[Fault] = ()
    ) -> Page[LateRequest]:
        """List the requests that are publicly late, the longest due first.

        One whose date was moved ahead since, or whose service has become confidential, is left out: a
        page may hold fewer than `limit` and still continue.
        """
        _refuse(limit, found)
        catalogue, now = self.catalogue.current(), self.clock.now()
        calendar = Calendar(timezone=catalogue.city.timezone)
        hidden = {code for code, service in catalogue.services.items() if service.confidential}
        page = self.late_list.page(limit=limit, cursor=cursor)
        return Page(
            items=tuple(
                LateRequest(
                    line=line, days_late=(calendar.local_day(now) - calendar.local_day(line.due_at)).days
                )
                for line in page.items
                if line.due_at < now and line.service not in hidden
            ),
            next=page.next,
        )

    def escalations(
        self,
        wanted: EscalationFilter,
        *,
        since: datetime | None = None,
        limit: int = MOST_PER_PAGE,
        cursor: str | None = None,
        found: Sequence[Fault] = (),
    ) -> EscalationsPage:
        """List the wanted escalations from a moment on (the last day, if left out), in order.

        A page may hold fewer than `limit` and still continue where few are wanted. Escalations become
        visible a little after their date, so that who goes on from `resume_since` meets the newest ones
        again, each with the protocol and seq that it had.

        Raises:
            InvalidInput: the moment, the limit or the cursor cannot be used.
        """
        now = self.clock.now()
        _refuse(limit, [*found, *(since_faults(since, now) if since else ())])
        begin = Walk(since=since or now - SHOWN_SINCE, begun_at=now, position=None)
        walk = Walk.parse(cursor, now) if cursor is not None else begin
        lines, position = self._read(wanted, walk, limit)
        return EscalationsPage(
            items=tuple(lines),
            next=replace(walk, position=position).token() if position else None,
            resume_since=walk.begun_at - SETTLES_WITHIN,
        )

    def sweeps(
        self, *, limit: int = MOST_PER_PAGE, cursor: str | None = None, found: Sequence[Fault] = ()
    ) -> Page[SweepReport]:
        """List the sweep runs, the newest first."""
        _refuse(limit, found)
        return self.sweep_log.recent(limit=limit, cursor=cursor)

    def stuck(self) -> list[Stuck]:
        """List the requests that no look could be taken at, the longest stuck first."""
        return self.stuck_timers.all()

    def retry(self, protocol: Protocol, by: Principal) -> None:
        """Look at a stuck request again now; should that not be handed over, the next sweep finds it.

        Raises:
            NotFound: it is not stuck.
            Unavailable: a queue or table did not answer.
        """
        if all(stuck.protocol != protocol for stuck in self.stuck_timers.all()):
            raise NotFound("stuck", protocol)
        self.audit.record(
            Intervention(by=by.name, at=self.clock.now(), action="stuck_retried", subject=protocol, facts={})
        )
        self.stuck_timers.remove(protocol)
        self.looks.send([Look(protocol=protocol)])

    def retry_all(self, by: Principal) -> int:
        """Look again at everything that is stuck, as after a defect was mended; return how many there are."""
        stuck = [one.protocol for one in self.stuck_timers.all()]
        facts = {"requests": len(stuck)}
        self.audit.record(
            Intervention(by=by.name, at=self.clock.now(), action="all_stuck_retried", subject="", facts=facts)
        )
        for protocol in stuck:
            self.stuck_timers.remove(protocol)
        self.looks.send([Look(protocol=protocol) for protocol in stuck])
        return len(stuck)

    def _read(
        self, wanted: EscalationFilter, walk: Walk, limit: int
    ) -> tuple[list[EscalationLine], str | None]:
        """Read on until `limit` wanted lines are found, the log ends, or it was read often enough."""
        lines, position = list[EscalationLine](), walk.position
        for _ in range(MOST_READS):
            page = self.log.since(walk.since, limit=limit - len(lines), cursor=position)
            lines += filter(wanted.lets_through, page.items)
            position = page.next
            if position is None or len(lines) == limit:
                break
        return lines, position


def _refuse(limit: int, found: Sequence[Fault]) -> None:
    faults = list(found)
    if not 1 <= limit <= MOST_PER_PAGE:
        facts = {"least": 1, "most": MOST_PER_PAGE}
        faults.append(Fault(path="limit", reason="out_of_range", facts=facts))
    if faults:
        raise InvalidInput(*faults)
