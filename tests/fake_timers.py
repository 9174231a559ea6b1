"""What the sweep needs, in memory: its queues, leases, the log of its runs, and what it set aside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chalicelib.adapters.dynamo.cursors import cursor_of, position_of
from chalicelib.domain.errors import NotFound, Unavailable
from chalicelib.domain.protocols import Protocol
from chalicelib.services.ports.basics import Clock, Page
from chalicelib.services.ports.timers import (
    Look,
    Outcome,
    RecountJob,
    ShardJob,
    ShardPaged,
    Stuck,
    SweepReport,
)


@dataclass(slots=True)
class FakeJobs:
    """The `JobQueue`; `sent` holds each job with its delay in seconds."""

    sent: list[tuple[ShardJob | RecountJob, int]] = field(default_factory=list)
    is_down: bool = False

    @property
    def jobs(self) -> list[ShardJob | RecountJob]:
        """What was sent, without the delays."""
        return [job for job, _ in self.sent]

    def send(self, jobs: Sequence[ShardJob | RecountJob], *, delay_seconds: int = 0) -> None:
        if self.is_down:
            raise Unavailable
        self.sent += [(job, delay_seconds) for job in jobs]


@dataclass(slots=True)
class FakeLooks:
    """The `LookQueue`; `sent` holds each look with its delay in seconds."""

    sent: list[tuple[Look, int]] = field(default_factory=list)
    is_down: bool = False

    @property
    def looks(self) -> list[Look]:
        """What was sent, without the delays."""
        return [look for look, _ in self.sent]

    def send(self, looks: Sequence[Look], *, delay_seconds: int = 0) -> None:
        if self.is_down:
            raise Unavailable
        self.sent += [(look, delay_seconds) for look in looks]


@dataclass(slots=True)
class FakeLeases:
    """The `Leases`; `held` says by whom and until when."""

    clock: Clock
    held: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    is_down: bool = False

    def acquire(self, name: str, owner: str, seconds: int) -> bool:
        self._refuse_if_down()
        now = self.clock.now()
        holder, until = self.held.get(name, (owner, now))
        if holder != owner and until > now:
            return False
        self.held[name] = (owner, now + timedelta(seconds=seconds))
        return True

    def release(self, name: str, owner: str) -> None:
        self._refuse_if_down()
        if name in self.held and self.held[name][0] == owner:
            del self.held[name]

    def _refuse_if_down(self) -> None:
        if self.is_down:
            raise Unavailable


@dataclass(slots=True)
class FakeSweeps:
    """The `SweepLog`; runs sort by their names."""

    begun: dict[str, datetime] = field(default_factory=dict)
    handed: dict[str, set[Protocol]] = field(default_factory=dict)
    shards: dict[str, dict[int, ShardPaged]] = field(default_factory=dict)
    outcomes: dict[str, dict[Protocol, Outcome]] = field(default_factory=dict)
    closed: dict[str, SweepReport] = field(default_factory=dict)
    is_down: bool = False

    def begin(self, run: str, at: datetime) -> None:
        self._refuse_if_down()
        self.begun.setdefault(run, at)

    def handed_out(self, run: str, shard: int, protocols: Sequence[Protocol]) -> None:
        self._refuse_if_down()
        self.handed.setdefault(run, set()).update(protocols)

    def shard_paged(self, run: str, paged: ShardPaged) -> None:
        self._refuse_if_down()
        shards = self.shards.setdefault(run, {})
        if paged.shard not in shards or paged.oldest_at is not None:
            shards[paged.shard] = paged

    def record(self, run: str, protocol: Protocol, outcome: Outcome) -> None:
        self._refuse_if_down()
        outcomes = self.outcomes.setdefault(run, {})
        known = outcomes.get(protocol, Outcome.FAILED)
        if known is Outcome.FAILED or (known is Outcome.ALREADY and outcome is Outcome.ACTED):
            outcomes[protocol] = outcome

    def report(self, run: str) -> SweepReport:
        self._refuse_if_down()
        if run not in self.begun:
            raise NotFound("sweep", run)
        if run in self.closed:
            return self.closed[run]
        shards = self.shards.get(run, {})
        return SweepReport(
            run=run,
            started_at=self.begun[run],
            shards=tuple(shards[shard] for shard in sorted(shards)),
            eligible=len(self.handed.get(run, ())),
            outcomes=dict(Counter(self.outcomes.get(run, {}).values())),
        )

    def open_runs(self) -> list[str]:
        self._refuse_if_down()
        return sorted(self.begun.keys() - self.closed.keys())

    def close(self, report: SweepReport) -> None:
        self._refuse_if_down()
        self.closed[report.run] = report

    def recent(self, *, limit: int, cursor: str | None = None) -> Page[SweepReport]:
        self._refuse_if_down()
        runs = sorted(self.begun, reverse=True)
        if cursor is not None:
            (last,) = position_of(cursor, 1)
            runs = [run for run in runs if run < last]
        page = runs[:limit]
        return Page(
            items=tuple(self.report(run) for run in page),
            next=cursor_of(page[-1]) if len(runs) > limit else None,
        )

    def _refuse_if_down(self) -> None:
        if self.is_down:
            raise Unavailable


@dataclass(slots=True)
class FakeStuck:
    """The `StuckTimers`."""

    aside: dict[Protocol, Stuck] = field(default_factory=dict)
    is_down: bool = False

    def put(self, stuck: Stuck) -> None:
        self._refuse_if_down()
        known = self.aside.get(stuck.protocol, stuck)
        if known.at <= stuck.at:
            self.aside[stuck.protocol] = stuck

    def all(self) -> list[Stuck]:
        self._refuse_if_down()
        return sorted(self.aside.values(), key=lambda stuck: (stuck.at, stuck.protocol))

    def remove(self, protocol: Protocol) -> bool:
        self._refuse_if_down()
        return self.aside.pop(protocol, None) is not None

    def _refuse_if_down(self) -> None:
        if self.is_down:
            raise Unavailable
