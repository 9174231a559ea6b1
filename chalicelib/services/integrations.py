"""Watch whether secretariats fetch their work; one that does not is alarmed once, not per request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from chalicelib.domain.calendars import Calendar
from chalicelib.domain.errors import Unavailable
from chalicelib.services.ports.basics import CatalogueSource, Clock
from chalicelib.services.ports.oversight import Polling, Pollings, QueueDepths

ALARMED_AFTER = timedelta(minutes=30)
NOTED_EVERY = timedelta(minutes=5)
NOTHING = (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Integration:
    """How a secretariat's queue is served, and what waits in it: visible, and in a consumer's hands."""

    polling: Polling
    waiting: int
    in_flight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Integrations:
    """The queues of the secretariats in force, and how each is served."""

    catalogue: CatalogueSource
    pollings: Pollings
    depths: QueueDepths
    clock: Clock

    def check(self, now: datetime) -> list[Polling]:
        """Look at every queue; return those whose work has waited unattended for half an hour, once each.

        A queue that does not answer, or whose line cannot be written, is left to the next check.

        Raises:
            Unavailable: nothing could be read, so nothing was done.
        """
        known, alarmed = self.pollings.all(), list[Polling]()
        for code in self._in_force(now):
            before = known.get(code, Polling(secretariat=code))
            with suppress(Unavailable):
                after = _watched(before, self.depths.waiting(code) or NOTHING, now)
                if after != before:
                    self.pollings.watch(after)
                if after.alarmed_at is not None and before.alarmed_at is None:
                    alarmed.append(after)
        return alarmed

    def show(self) -> list[Integration]:
        """List the secretariats in force with what waits for each; one without a queue waits for nothing."""
        known, shown = self.pollings.all(), list[Integration]()
        for code in self._in_force(self.clock.now()):
            visible, in_flight = self.depths.waiting(code) or NOTHING
            polling = known.get(code, Polling(secretariat=code))
            shown.append(Integration(polling=polling, waiting=visible, in_flight=in_flight))
        return shown

    def _in_force(self, now: datetime) -> Iterator[str]:
        catalogue = self.catalogue.current()
        day = Calendar(timezone=catalogue.city.timezone).local_day(now)
        return (code for code, organ in catalogue.secretariats.items() if organ.in_force(day))


@dataclass(frozen=True, slots=True, kw_only=True)
class Polls:
    """Notes that secretariats poll, each at most once in five minutes in this process."""

    pollings: Pollings
    clock: Clock
    _noted_at: dict[str, datetime] = field(default_factory=dict)

    def polled(self, secretariat: str) -> None:
        """Note a poll; one that cannot be noted is no reason to keep messages from who asks for them."""
        now, noted_at = self.clock.now(), self._noted_at.get(secretariat)
        if noted_at is not None and now - noted_at < NOTED_EVERY:
            return
        with suppress(Unavailable):
            self.pollings.polled(secretariat, now)
            self._noted_at[secretariat] = now


def _watched(polling: Polling, depth: tuple[int, int], now: datetime) -> Polling:
    """Tell since when work waits unattended, and when that was alarmed; whoever polls ends it."""
    visible, in_flight = depth
    if not visible or in_flight:
        return replace(polling, idle_since=None, alarmed_at=None)
    since, polled_at = polling.idle_since, polling.polled_at
    if since is None or (polled_at is not None and polled_at >= since):
        return replace(polling, idle_since=now, alarmed_at=None)
    if polling.alarmed_at is None and now - since >= ALARMED_AFTER:
        return replace(polling, alarmed_at=now)
    return polling
