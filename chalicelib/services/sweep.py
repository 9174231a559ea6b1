"""Find what is due and hand it out: a tick per five minutes, a pager per shard, a report per run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from chalicelib.domain.protocols import Protocol
from chalicelib.domain.timers import TIMER_SHARDS
from chalicelib.services.ports.basics import Clock
from chalicelib.services.ports.requests import RequestIndex
from chalicelib.services.ports.timers import (
    REPORT_CLOSES_AFTER,
    DueTimer,
    JobQueue,
    Leases,
    Look,
    LookQueue,
    RecountJob,
    ShardJob,
    ShardPaged,
    StuckTimers,
    SweepLog,
    SweepReport,
    TimerIndex,
)

EVERY = timedelta(minutes=5)
WAITS_AT_MOST = timedelta(minutes=15)
"""How long the oldest due timer may wait before operators hear of it."""
TRIED_AGAIN_AFTER = timedelta(days=1)
PAGE = 250
PAGES_OF_A_RECOUNT = 20
LEASE_SECONDS = 330
"""A little more than the pager may live: a crashed one holds its shard up no longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """Begin a run every five minutes, and close those whose outcomes are in."""

    jobs: JobQueue
    log: SweepLog
    clock: Clock

    def begin(self) -> str:
        """Send one job per shard and return the run's name; within five minutes it is the same one."""
        now = self.clock.now()
        run = _run_at(now)
        self.log.begin(run, now)
        self.jobs.send([ShardJob(run=run, shard=shard) for shard in range(TIMER_SHARDS)])
        return run

    def close_finished(self) -> list[SweepReport]:
        """Close the runs that are complete or an hour old; return them with their final figures."""
        now = self.clock.now()
        closed = []
        for run in self.log.open_runs():
            report = self.log.report(run)
            if report.adds_up or now - report.started_at >= REPORT_CLOSES_AFTER:
                closed.append(replace(report, closed_at=now))
                self.log.close(closed[-1])
        return closed


@dataclass(frozen=True, slots=True, kw_only=True)
class Paged:
    """What a page job came to; `waited` is how long the oldest due timer had waited, None without any."""

    handed_out: int
    waited: timedelta | None = None

    @property
    def is_late(self) -> bool:
        """Tell whether operators should hear of it."""
        return self.waited is not None and self.waited > WAITS_AT_MOST


@dataclass(frozen=True, slots=True, kw_only=True)
class Pager:
    """Page through what is due, or through a secretariat's open requests, and hand out a look at each."""

    timers: TimerIndex
    index: RequestIndex
    looks: LookQueue
    jobs: JobQueue
    leases: Leases
    log: SweepLog
    stuck: StuckTimers
    clock: Clock

    def page(self, job: ShardJob | RecountJob) -> Paged:
        """Do a job; doing it again hands out again what is still due, which is harmless."""
        return self._sweep(job) if isinstance(job, ShardJob) else self._recount(job)

    def _sweep(self, job: ShardJob) -> Paged:
        """Page through a shard to its end, while nobody else does."""
        lease = f"shard#{job.shard}"
        if not self.leases.acquire(lease, job.run, LEASE_SECONDS):
            self.log.shard_paged(job.run, ShardPaged(shard=job.shard, oldest_at=None))
            return Paged(handed_out=0)
        now, oldest, handed_out = self.clock.now(), None, 0
        for due in self._due(job, now):
            oldest = oldest or due[0].at
            self._hand_out(job, [timer.protocol for timer in due])
            handed_out += len(due)
            self.leases.acquire(lease, job.run, LEASE_SECONDS)
        self.log.shard_paged(job.run, ShardPaged(shard=job.shard, oldest_at=oldest))
        self.leases.release(lease, job.run)
        return Paged(handed_out=handed_out, waited=now - oldest if oldest else None)

    def _due(self, job: ShardJob, now: datetime) -> Iterator[list[DueTimer]]:
        """Give the due timers of the shard, page by page, without those that are set aside."""
        set_aside = self._set_aside(now)
        cursor: str | None = None
        while True:
            page = self.timers.due(job.shard, now, limit=PAGE, cursor=cursor)
            if due := [timer for timer in page.items if timer.protocol not in set_aside]:
                yield due
            if (cursor := page.next) is None:
                return

    def _set_aside(self, now: datetime) -> set[Protocol]:
        """Tell which requests are not to be tried now; one that failed a day ago is let go, to be tried."""
        set_aside = set()
        for one in self.stuck.all():
            if now - one.at < TRIED_AGAIN_AFTER:
                set_aside.add(one.protocol)
            else:
                self.stuck.remove(one.protocol)
        return set_aside

    def _hand_out(self, job: ShardJob, protocols: list[Protocol]) -> None:
        """Note what is handed out before it is: the report must not miss what a crash left in the queue."""
        self.log.handed_out(job.run, job.shard, protocols)
        self.looks.send([Look(protocol=protocol, run=job.run) for protocol in protocols])

    def _recount(self, job: RecountJob) -> Paged:
        """Hand out a part of a secretariat's open requests, and a job for the rest."""
        cursor, handed_out = job.cursor, 0
        for _ in range(PAGES_OF_A_RECOUNT):
            page = self.index.desk(job.secretariat, limit=PAGE, cursor=cursor)
            self.looks.send([Look(protocol=protocol) for protocol in page.items])
            handed_out += len(page.items)
            if (cursor := page.next) is None:
                return Paged(handed_out=handed_out)
        self.jobs.send([replace(job, cursor=cursor)])
        return Paged(handed_out=handed_out)


def _run_at(now: datetime) -> str:
    """Name a run by the five minutes it stands for; the schedule begins them on the minute, never early."""
    passed = now.astimezone(UTC).timestamp() // EVERY.total_seconds() * EVERY.total_seconds()
    return datetime.fromtimestamp(passed, UTC).strftime("%Y-%m-%dT%H:%MZ")
