"""Compose what watches over deadlines: sweeps, looks, notices to people, and who oversees them.

Imports late for the same reason as `chalicelib.wiring`, of which it is the third part.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from chalicelib import wiring

if TYPE_CHECKING:
    from chalicelib.adapters.timers_queue import SqsQueue
    from chalicelib.services.attendance import Attendance
    from chalicelib.services.digests import Digests
    from chalicelib.services.followups import Followups
    from chalicelib.services.oversight import Oversight
    from chalicelib.services.oversight_projection import OversightProjection
    from chalicelib.services.ports.notices import NoticeQueue
    from chalicelib.services.ports.oversight import DigestLines, EscalationLog, LateList
    from chalicelib.services.ports.timers import JobQueue, LookQueue, StuckTimers, SweepLog
    from chalicelib.services.sweep import Pager, Sweep
    from chalicelib.services.waiting_notices import WaitingNotices


@cache
def sweep() -> Sweep:
    """Begin and close sweep runs."""
    from chalicelib.services.sweep import Sweep

    return Sweep(jobs=jobs(), log=_sweep_log(), clock=wiring.clock())


@cache
def pager() -> Pager:
    """Page through what is due."""
    wiring.bind_models()
    from chalicelib.adapters.dynamo.leases import DynamoLeases
    from chalicelib.adapters.dynamo.requests import DynamoRequestIndex
    from chalicelib.services.sweep import Pager

    return Pager(
        timers=DynamoRequestIndex(),
        index=wiring.index(),
        looks=looks(),
        jobs=jobs(),
        leases=DynamoLeases(clock=wiring.clock()),
        log=_sweep_log(),
        stuck=_stuck_timers(),
        clock=wiring.clock(),
    )


@cache
def attendance() -> Attendance:
    """Look at requests and decide what is due."""
    from chalicelib.services.attendance import Attendance

    return Attendance(
        requests=wiring.requests(),
        catalogue=wiring.catalogue(),
        log=_sweep_log(),
        stuck=_stuck_timers(),
        clock=wiring.clock(),
    )


@cache
def followups() -> Followups:
    """Let notices and looks follow from decisions."""
    from chalicelib.services.followups import Followups

    return Followups(
        looks=urgent_looks(), notices=notices(), catalogue=wiring.catalogue(), clock=wiring.clock()
    )


@cache
def waiting_notices() -> WaitingNotices:
    """Let notices go whose hour has come."""
    wiring.bind_models()
    from chalicelib.adapters.dynamo.deferred import DynamoDeferred
    from chalicelib.services.waiting_notices import WaitingNotices

    return WaitingNotices(deferred=DynamoDeferred(), queue=notices())


@cache
def digests() -> Digests:
    """Write the digests of a working day."""
    wiring.bind_models()
    from chalicelib.adapters.dynamo.contacts import DynamoContactLog
    from chalicelib.adapters.dynamo.sends import DynamoSendLog
    from chalicelib.services.digests import Digests

    return Digests(
        lines=_digest_lines(),
        index=wiring.index(),
        requests=wiring.sdk_requests(),
        contacts=DynamoContactLog(),
        catalogue=wiring.catalogue(),
        sends=DynamoSendLog(),
        queue=notices(),
        clock=wiring.clock(),
    )


@cache
def oversight() -> Oversight:
    """Show what the ladder came to."""
    wiring.bind_models()
    from chalicelib.adapters.dynamo.interventions import DynamoAuditTrail
    from chalicelib.services.oversight import Oversight

    return Oversight(
        log=_escalations(),
        late_list=_late_list(),
        sweep_log=_sweep_log(),
        stuck_timers=_stuck_timers(),
        looks=looks(),
        catalogue=wiring.catalogue(),
        audit=DynamoAuditTrail(),
        clock=wiring.clock(),
    )


@cache
def oversight_projection() -> OversightProjection:
    """Keep what is looked at in step with the requests."""
    from chalicelib.services.oversight_projection import OversightProjection

    return OversightProjection(
        log=_escalations(), late=_late_list(), digests=_digest_lines(), catalogue=wiring.catalogue()
    )


@cache
def looks() -> LookQueue:
    """Hand requests over to be looked at."""
    from chalicelib.adapters.timers_queue import SqsLooks

    return SqsLooks(queue=_queue("looks"))


@cache
def urgent_looks() -> LookQueue:
    """Hand emergencies over to be looked at before everything else."""
    from chalicelib.adapters.timers_queue import SqsLooks

    return SqsLooks(queue=_queue("urgent-looks"))


@cache
def jobs() -> JobQueue:
    """Hand jobs over to the pager."""
    from chalicelib.adapters.timers_queue import SqsJobs

    return SqsJobs(queue=_queue("jobs"))


@cache
def notices() -> NoticeQueue:
    """Hand over what people must be told."""
    from chalicelib.adapters.timers_queue import SqsNotices

    return SqsNotices(queue=_queue("notices.fifo"))


def _queue(suffix: str) -> SqsQueue:
    from chalicelib.adapters.timers_queue import SqsQueue

    return SqsQueue(client=wiring.sdk_client("sqs"), name=wiring.settings().resource_name(suffix))


@cache
def _sweep_log() -> SweepLog:
    wiring.bind_models()
    from chalicelib.adapters.dynamo.sweeps import DynamoSweeps

    return DynamoSweeps(clock=wiring.clock())


@cache
def _stuck_timers() -> StuckTimers:
    wiring.bind_models()
    from chalicelib.adapters.dynamo.stuck import DynamoStuckTimers

    return DynamoStuckTimers()


@cache
def _escalations() -> EscalationLog:
    wiring.bind_models()
    from chalicelib.adapters.dynamo.escalations import DynamoEscalations

    return DynamoEscalations(clock=wiring.clock())


@cache
def _late_list() -> LateList:
    wiring.bind_models()
    from chalicelib.adapters.dynamo.late_list import DynamoLateList

    return DynamoLateList()


@cache
def _digest_lines() -> DigestLines:
    wiring.bind_models()
    from chalicelib.adapters.dynamo.digest_lines import DynamoDigestLines

    return DynamoDigestLines()
