"""Name what operators and the people of the ladder look at: escalations, the late list, digests, polls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol as Port

from chalicelib.domain.levels import EscalationLevel
from chalicelib.domain.protocols import Protocol
from chalicelib.services.ports.basics import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationLine:
    """One escalation as operators see it: what, where to, which level; nobody's data."""

    at: datetime
    protocol: Protocol
    seq: int
    level: EscalationLevel
    skipped: tuple[EscalationLevel, ...]
    secretariat: str
    unit: str | None
    service: str
    urgency: str
    due_at: datetime
    to: tuple[str, ...]


class EscalationLog(Port):
    """Keeps escalations in the order in which they happened, for 90 days."""

    def note(self, lines: Sequence[EscalationLine]) -> None:
        """Append lines; noting one twice changes nothing."""
        ...

    def since(self, moment: datetime, *, limit: int, cursor: str | None = None) -> Page[EscalationLine]:
        """List escalations from `moment` on, in order."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LateLine:
    """A request on the public late list: no person, no text, no exact place."""

    protocol: Protocol
    service: str
    secretariat: str
    neighbourhood: str | None
    opened_at: datetime
    due_at: datetime


class LateList(Port):
    """The open requests that reached level 3 and are not confidential."""

    def put(self, line: LateLine) -> None:
        """List a request; a second time changes nothing."""
        ...

    def remove(self, protocol: Protocol) -> None:
        """Take a request off; harmless if it was not on."""
        ...

    def page(self, *, limit: int, cursor: str | None = None) -> Page[LateLine]:
        """List the requests, the longest due first."""
        ...


class DigestLines(Port):
    """Which requests the holder of a post should hear of: `DMLU/head` → protocols."""

    def add(self, post: str, protocol: Protocol) -> None:
        """Let the post hear of a request; a second time changes nothing."""
        ...

    def remove(self, post: str, protocol: Protocol) -> None:
        """Let it no longer; harmless if it did not."""
        ...

    def of(self, post: str) -> list[Protocol]:
        """List what the post should hear of."""
        ...

    def posts(self) -> list[str]:
        """List the posts that should hear of anything."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Polling:
    """How a secretariat's queue is served: when it last polled over HTTP, since when work waits unattended.

    `alarmed_at` is when its integration alarm was raised; None while there is none.
    """

    secretariat: str
    polled_at: datetime | None = None
    idle_since: datetime | None = None
    alarmed_at: datetime | None = None


class Pollings(Port):
    """Keeps how each secretariat's queue is served."""

    def polled(self, secretariat: str, at: datetime) -> None:
        """Note that a secretariat asked for its messages."""
        ...

    def all(self) -> dict[str, Polling]:
        """Read all of them, by secretariat."""
        ...

    def watch(self, polling: Polling) -> None:
        """Keep `idle_since` and `alarmed_at`; `polled_at` is left alone."""
        ...


class QueueDepths(Port):
    """Tells what waits in the secretariats' queues."""

    def waiting(self, secretariat: str) -> tuple[int, int] | None:
        """Return how many messages are visible and how many in flight; None without a queue."""
        ...
