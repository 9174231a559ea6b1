"""Throw the calamity switch: deadlines stand still and services are raised within half a minute.

The switch is one item beside the catalogue, so that a publication neither needs nor loses it. Every
change is recorded and makes the open requests count their dates anew, a little later than the last
function can still be deciding without it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from chalicelib.domain.calamities import (
    Calamity,
    CalamityDraft,
    calamity_faults,
    declared,
    end_faults,
    last_day_ending_on,
)
from chalicelib.domain.errors import Fault, InvalidInput, NotFound, Unavailable
from chalicelib.domain.opening import calendar_of
from chalicelib.services.commands import MOST_TRIES
from chalicelib.services.ports.basics import CatalogueSource, Clock
from chalicelib.services.ports.calamities import CalamitiesChanged, CalamityStore
from chalicelib.services.ports.operations import AuditTrail, Intervention
from chalicelib.services.ports.timers import JobQueue, RecountJob
from chalicelib.services.refusals import refuse_faulty

RECOUNT_DELAY_SECONDS = 45
"""Running functions see the switch within 30 s; a recount before that would count by the old dates."""

Known = tuple[Calamity, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Switched:
    """The calamity as it stands after a command; a repeated one changed nothing."""

    calamity: Calamity
    repeated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Calamities:
    """The calamities of the city; `published` is the catalogue as its files have it, without them."""

    store: CalamityStore
    published: CatalogueSource
    audit: AuditTrail
    jobs: JobQueue
    clock: Clock

    def list(self) -> Known:
        """List every calamity ever declared, the newest first."""
        known, _ = self.store.read()
        return tuple(sorted(known, key=lambda one: (one.first_day, one.declared_at), reverse=True))

    def declare(self, draft: CalamityDraft, by: str, found: Sequence[Fault] = ()) -> Switched:
        """Declare a calamity; the same declaration again is a repeat, which only counts anew.

        Raises:
            InvalidInput: naming every fault, also a code under which something else was declared.
            Unavailable: others kept changing the list, or it did not answer; repeating is safe.
        """
        catalogue, now, today = self.published.current(), self.clock.now(), self.today()

        def decide(known: Known) -> Calamity:
            before = _named(known, draft.code)
            first_day = before.first_day if before else today
            refuse_faulty(found, calamity_faults(draft, catalogue, first_day))
            new = declared(draft, catalogue, by, now, first_day)
            if before is None:
                return new
            if new.says_the_same_as(before):
                return before
            raise InvalidInput(Fault(path="code", reason="already_declared"))

        return self._switch(draft.code, decide, by, "calamity_declared")

    def end(self, code: str, last_day: date | None, by: str, found: Sequence[Fault] = ()) -> Switched:
        """End a calamity with `last_day`, today if it is left out; its days up to then stay suspended.

        One that has not begun yet is called off.

        Raises:
            NotFound: no calamity has this code.
            InvalidInput: it would end later than declared, which takes an act of its own, or too early.
            Unavailable: as in `declare`.
        """
        now, today = self.clock.now(), self.today()

        def decide(known: Known) -> Calamity:
            before = _named(known, code)
            if before is None:
                raise NotFound("calamity", code)
            last = last_day or (before.last_day if before.ended_at else last_day_ending_on(before, today))
            refuse_faulty(found, end_faults(before, last))
            if before.ended_at and last == before.last_day:
                return before
            return replace(before, last_day=last, ended_at=now)

        return self._switch(code, decide, by, "calamity_ended")

    def today(self) -> date:
        """Tell which day it is in the city."""
        return calendar_of(self.published.current()).local_day(self.clock.now())

    def _switch(self, code: str, decide: Callable[[Known], Calamity], by: str, action: str) -> Switched:
        """Write what is decided on the fresh list, record it, and let the open requests count anew.

        A repeat records and counts anew as well: the first sending may have come no further than the table.
        """
        switched = self._written(code, decide)
        calamity = switched.calamity
        facts = {
            "act": calamity.act,
            "first_day": calamity.first_day.isoformat(),
            "last_day": calamity.last_day.isoformat(),
            "repeated": switched.repeated,
        }
        self.audit.record(Intervention(by=by, at=self.clock.now(), action=action, subject=code, facts=facts))
        # Also organs that exist no more: what they still hold has dates too.
        jobs = [RecountJob(secretariat=one, cause=code) for one in self.published.current().secretariats]
        self.jobs.send(jobs, delay_seconds=RECOUNT_DELAY_SECONDS)
        return switched

    def _written(self, code: str, decide: Callable[[Known], Calamity]) -> Switched:
        for _ in range(MOST_TRIES):
            known, revision = self.store.read()
            decided = decide(known)
            if decided == _named(known, code):
                return Switched(calamity=decided, repeated=True)
            others = tuple(one for one in known if one.code != code)
            try:
                self.store.write((*others, decided), revision)
            except CalamitiesChanged:
                continue
            return Switched(calamity=decided, repeated=False)
        raise Unavailable


def _named(known: Known, code: str) -> Calamity | None:
    return next((one for one in known if one.code == code), None)
