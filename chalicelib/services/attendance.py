"""Look at one request, decide what is due, save it once, and say what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.domain.attendance import attend
from chalicelib.domain.errors import NotFound, StaleVersion, Unavailable
from chalicelib.domain.levels import EscalationLevel
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.timeline import EntryType
from chalicelib.domain.timers import filed_timer, next_timer
from chalicelib.services.commands import MOST_TRIES
from chalicelib.services.ports.basics import CatalogueSource, Clock
from chalicelib.services.ports.requests import Filed, RequestStore
from chalicelib.services.ports.timers import Look, Outcome, Stuck, StuckTimers, SweepLog


class NothingToDecide(Exception):
    """A timer is due and no rule decides anything: the sweep would find it again for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a look came to: its outcome, and the levels of delay that it recorded."""

    outcome: Outcome
    levels: tuple[EscalationLevel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """Look at requests that sweeps or events point to."""

    requests: RequestStore
    catalogue: CatalogueSource
    log: SweepLog
    stuck: StuckTimers
    clock: Clock

    def look(self, look: Look, *, is_last_try: bool = False) -> Looked:
        """Decide what is due on a request, in one conditional write; repeating it decides nothing twice.

        What fails at the last try is recorded as failed for its run. Where that was no fault of a table that
        did not answer, it is also set aside: sweeps leave it out for a while, or until an operator lets it
        be tried again.

        Raises:
            Unavailable: a table did not answer, or the request kept changing; the queue repeats the look.
            Exception: the request cannot be read or decided.
        """
        try:
            looked = self._decide(look.protocol)
        except Unavailable:
            if is_last_try and look.run is not None:
                self.log.record(look.run, look.protocol, Outcome.FAILED)
            raise
        except Exception as error:
            if is_last_try:
                self._set_aside(look, error)
            raise
        if look.run is not None:
            self.log.record(look.run, look.protocol, looked.outcome)
        return looked

    def _decide(self, protocol: Protocol) -> Looked:
        catalogue = self.catalogue.current()
        for _ in range(MOST_TRIES):
            try:
                filed = self.requests.load_filed(protocol)
            except NotFound:
                return Looked(outcome=Outcome.ALREADY)
            decided = attend(filed.request, catalogue, self.clock.now())
            if decided is filed.request:
                self._refile(filed)
                return Looked(outcome=Outcome.ALREADY)
            try:
                self.requests.save(decided, seen_version=filed.request.version)
            except StaleVersion:
                continue
            return Looked(outcome=Outcome.ACTED, levels=_levels(filed.request, decided))
        raise Unavailable

    def _refile(self, filed: Filed) -> None:
        """File the request under another timer where the calendar changed since it was filed."""
        catalogue, now = self.catalogue.current(), self.clock.now()
        timer = next_timer(filed.request, catalogue)
        if timer is not None and timer <= now:
            raise NothingToDecide
        if filed_timer(filed.request, catalogue) != filed.timer_at:
            self.requests.refile(filed.request)

    def _set_aside(self, look: Look, error: Exception) -> None:
        reason = type(error).__name__
        self.stuck.put(Stuck(protocol=look.protocol, reason=reason, at=self.clock.now()))
        if look.run is not None:
            self.log.record(look.run, look.protocol, Outcome.FAILED)


def _levels(before: ServiceRequest, after: ServiceRequest) -> tuple[EscalationLevel, ...]:
    new = after.timeline[before.version :]
    return tuple(EscalationLevel(one.data["level"]) for one in new if one.type is EntryType.ESCALATED)
