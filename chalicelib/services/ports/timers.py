"""Name what the sweep needs: the timers index, its queues, leases, and where its runs are recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol as Port

from chalicelib.domain.protocols import Protocol
from chalicelib.domain.timers import TIMER_SHARDS
from chalicelib.services.ports.basics import Page

REPORT_CLOSES_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueTimer:
    """A request that somebody must look at, and since when."""

    protocol: Protocol
    at: datetime


class TimerIndex(Port):
    """Finds due timers; eventually consistent, and reads nothing that is not due."""

    def due(self, shard: int, until: datetime, *, limit: int, cursor: str | None = None) -> Page[DueTimer]:
        """List the timers of a shard up to `until`, the oldest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardJob:
    """Page through the due timers of one shard for one sweep run."""

    run: str
    shard: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecountJob:
    """Page through a secretariat's open requests, so that each counts its dates anew.

    `cause` names what changed: a catalogue version or the code of a calamity.
    """

    secretariat: str
    cause: str
    cursor: str | None = None


class JobQueue(Port):
    """Takes jobs for the pager."""

    def send(self, jobs: Sequence[ShardJob | RecountJob], *, delay_seconds: int = 0) -> None:
        """Hand jobs over, at least once each; `delay_seconds` is 0 to 900."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Look at one request now; `run` is the sweep run that found it, None for other reasons."""

    protocol: Protocol
    run: str | None = None


class LookQueue(Port):
    """Takes requests to look at; the timers queue."""

    def send(self, looks: Sequence[Look], *, delay_seconds: int = 0) -> None:
        """Hand looks over, at least once each; `delay_seconds` is 0 to 900."""
        ...


class Leases(Port):
    """Lets one worker at a time do something."""

    def acquire(self, name: str, owner: str, seconds: int) -> bool:
        """Take or prolong a lease from now; False while another owner holds it."""
        ...

    def release(self, name: str, owner: str) -> None:
        """Give a lease back; harmless if it is no longer held."""
        ...


class Outcome(StrEnum):
    """What a look at a request came to."""

    ACTED = "acted"
    ALREADY = "already"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardPaged:
    """A shard that was paged to its end, and since when its oldest timer was due; None if none was."""

    shard: int
    oldest_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepReport:
    """One sweep run: `eligible` requests were handed out, `outcomes` says what came of how many."""

    run: str
    started_at: datetime
    shards: tuple[ShardPaged, ...] = ()
    eligible: int = 0
    outcomes: Mapping[Outcome, int] = field(default_factory=dict)
    closed_at: datetime | None = None

    @property
    def recorded(self) -> int:
        """Count the outcomes, of whatever kind."""
        return sum(self.outcomes.values())

    @property
    def adds_up(self) -> bool:
        """Tell whether every shard was paged and every request handed out has an outcome."""
        return len(self.shards) == TIMER_SHARDS and self.eligible == self.recorded


class SweepLog(Port):
    """Keeps what each sweep run found and what came of it, for 30 days."""

    def begin(self, run: str, at: datetime) -> None:
        """Note that a run began; a second time changes nothing."""
        ...

    def handed_out(self, run: str, shard: int, protocols: Sequence[Protocol]) -> None:
        """Note, before it is done, that a page of requests is handed out; each counts once for the run."""
        ...

    def shard_paged(self, run: str, paged: ShardPaged) -> None:
        """Note that a shard was paged to its end; only one that found anything replaces one before."""
        ...

    def record(self, run: str, protocol: Protocol, outcome: Outcome) -> None:
        """Note what came of one request, once: acting outdoes finding it done, which outdoes a failure."""
        ...

    def report(self, run: str) -> SweepReport:
        """Read a run with its shards and its outcomes counted, or raise `NotFound`."""
        ...

    def open_runs(self) -> list[str]:
        """List the runs that are not closed, the oldest first."""
        ...

    def close(self, report: SweepReport) -> None:
        """Keep the final figures of a run."""
        ...

    def recent(self, *, limit: int, cursor: str | None = None) -> Page[SweepReport]:
        """List runs, the newest first; those that are still open with the figures so far."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """A request that could not be looked at, after every retry; it is swept again a day later."""

    protocol: Protocol
    reason: str
    at: datetime


class StuckTimers(Port):
    """Remembers requests whose look failed for good, so that each sweep need not fail on them again."""

    def put(self, stuck: Stuck) -> None:
        """Set a request aside; doing it twice keeps the newer."""
        ...

    def all(self) -> list[Stuck]:
        """List what is set aside, the oldest first."""
        ...

    def remove(self, protocol: Protocol) -> bool:
        """Let sweeps try it again; False if it was not set aside."""
        ...
