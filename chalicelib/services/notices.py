"""Tell people what was decided: in working hours unless it is urgent, and each of them once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.errors import NotFound, Unavailable
from chalicelib.domain.opening import calendar_of
from chalicelib.domain.tellings import Matter, Telling, awaits_somebody, tellings, ways_to_tell
from chalicelib.domain.working_time import is_working_time, next_working_instant
from chalicelib.services.digests import Digests, digest_subject
from chalicelib.services.ports.basics import CatalogueSource, Clock
from chalicelib.services.ports.notices import (
    DecisionNotice,
    Deferred,
    DigestNotice,
    Letter,
    Medium,
    Notice,
    NoticeQueue,
    NotSent,
    Send,
    Sender,
    SendLog,
    SendStatus,
    Undeliverable,
)
from chalicelib.services.ports.requests import RequestStore

MOST_RELEASED = 500


class Fate(StrEnum):
    """What became of one message."""

    SENT = "sent"
    ALREADY = "already"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One message as logs may show it: to whom by role, how, and what became of it."""

    to: str
    medium: Medium
    fate: Fate
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notified:
    """What a notice came to; `reached_nobody` says that an emergency waits and its alert was in vain."""

    told: tuple[Told, ...] = ()
    deferred_until: datetime | None = None
    reached_nobody: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Notifying:
    """Derives from a notice who is told what, and sends it."""

    requests: RequestStore
    catalogue: CatalogueSource
    digests: Digests
    senders: Mapping[Medium, Sender]
    sends: SendLog
    deferred: Deferred
    queue: NoticeQueue
    clock: Clock
    base_url: str

    def notify(self, notice: Notice) -> Notified:
        """Tell whoever must know; repeating a notice repeats no message whose fate is known.

        Raises:
            Unavailable: something transient failed after everything else was sent; repeat the notice.
        """
        if isinstance(notice, DigestNotice):
            return self._send_digest(notice)
        return self._tell_decision(notice)

    def release_deferred(self, now: datetime) -> int:
        """Queue the notices that have waited for working hours, so many per call; return how many."""
        if not is_working_time(calendar_of(self.catalogue.current()), now):
            return 0
        due = self.deferred.due(now, limit=MOST_RELEASED)
        if due:
            self.queue.send([notice for _, notice in due])
        for not_before, notice in due:
            self.deferred.remove(notice, not_before)
        return len(due)

    def _tell_decision(self, notice: DecisionNotice) -> Notified:
        try:
            request = self.requests.load(notice.protocol)
        except NotFound:
            return Notified()
        catalogue, now = self.catalogue.current(), self.clock.now()
        found = tellings(request, notice.seq, catalogue, now=now, base_url=self.base_url)
        until = self._defer(notice, found, catalogue, now)
        told = self._tell([
            (_claim(notice, telling, now), telling) for telling in found if telling.is_urgent or not until
        ])  # fmt: skip
        failed = all(one.fate is Fate.FAILED for one in told)
        return Notified(
            told=told,
            deferred_until=until,
            reached_nobody=failed and awaits_somebody(request, notice.seq),
        )

    def _defer(
        self, notice: DecisionNotice, found: tuple[Telling, ...], catalogue: Catalogue, now: datetime
    ) -> datetime | None:
        """Let what is not urgent wait for working hours; None if nothing has to."""
        calendar = calendar_of(catalogue)
        if is_working_time(calendar, now) or all(telling.is_urgent for telling in found):
            return None
        until = next_working_instant(calendar, now)
        self.deferred.put(notice, until)
        return until

    def _send_digest(self, notice: DigestNotice) -> Notified:
        """Send the digest of this very day; one that comes too late is dropped, tomorrow brings another."""
        catalogue, now = self.catalogue.current(), self.clock.now()
        calendar, person = calendar_of(catalogue), catalogue.people.get(notice.person)
        if notice.day != calendar.local_day(now) or not is_working_time(calendar, now) or person is None:
            return Notified()
        ways = ways_to_tell(person)[-1:]
        letter = self.digests.compile(notice.person, notice.day) if ways else None
        if letter is None:
            return Notified()
        ((medium, address),) = ways
        if medium is Medium.SMS:
            letter = Letter(text=letter.subject)
        telling = Telling(
            to=notice.person, medium=medium, matter=Matter.COURTESY, address=address, letter=letter
        )
        claim = Send(
            subject=digest_subject(notice.day), name=notice.person, to=notice.person, medium=medium, at=now
        )
        return Notified(told=self._tell([(claim, telling)]))

    def _tell(self, messages: list[tuple[Send, Telling]]) -> tuple[Told, ...]:
        told: list[Told] = []
        interruption: Unavailable | None = None
        for claim, telling in messages:
            try:
                told.append(self._send(claim, telling))
            except Unavailable as error:
                interruption = error
        if interruption:
            raise interruption
        return tuple(told)

    def _send(self, claim: Send, telling: Telling) -> Told:
        if not self.sends.claim(claim):
            claim = self._known(claim)
            if claim.status is not SendStatus.CLAIMED:
                fate = Fate.FAILED if claim.status is SendStatus.FAILED else Fate.ALREADY
                return _told(telling, fate, claim.reason)
            if not telling.may_be_repeated:
                return _told(telling, Fate.UNKNOWN)
        try:
            provider_id = self.senders[telling.medium].send(telling.address, telling.letter)
        except Undeliverable as error:
            self.sends.mark(replace(claim, status=SendStatus.FAILED, reason=error.reason))
            return _told(telling, Fate.FAILED, error.reason)
        except NotSent:
            self.sends.release(claim)
            raise
        except Unavailable:
            if telling.may_be_repeated:
                raise
            return _told(telling, Fate.UNKNOWN)
        self.sends.mark(replace(claim, status=SendStatus.SENT, provider_id=provider_id))
        return _told(telling, Fate.SENT)

    def _known(self, claim: Send) -> Send:
        """Read the claim that was there before ours."""
        for known in self.sends.of(claim.subject):
            if known.name == claim.name:
                return known
        raise Unavailable  # it was released meanwhile; the next try may have it


def _claim(notice: DecisionNotice, telling: Telling, now: datetime) -> Send:
    name = f"{notice.seq}#{telling.to}#{telling.medium}"
    return Send(subject=notice.protocol, name=name, to=telling.to, medium=telling.medium, at=now)


def _told(telling: Telling, fate: Fate, reason: str | None = None) -> Told:
    return Told(to=telling.to, medium=telling.medium, fate=fate, reason=reason)
